# Fuzzing: libFuzzer makes up files, and fuzz/*.c hand them to all that reads one.  For
# that, ref/ and the runner are built once more, by clang and with its sanitizers.

FUZZERS := $(patsubst fuzz/%.c,$B/fuzz/%,$(wildcard fuzz/*.c))
FUZZED := $(patsubst %.c,$B/fuzz/%.o,$(filter-out ref/ground/dense.c tools/check.c, \
    $(filter ref/% tools/% %/grid.c %/rows.c,$(SOURCES))))
FUZZING := clang $(filter-out -Werror,$(CFLAGS)) -fno-sanitize-recover=all \
    -fsanitize=address,undefined,fuzzer

.PHONY: fuzz
fuzz: $(FUZZERS) ## hand made-up files to all that reads one, for FOR=60 seconds each
	@sh tools/fuzz.sh $B

# Nothing but libFuzzer, to see whether it is there.
$B/fuzz/libfuzzer:
	@mkdir -p $(@D)
	@echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	clang -w -fsanitize=address,undefined,fuzzer -x c - -o $@ 2>/dev/null || \
	{ echo "make fuzz needs clang with libFuzzer; on Debian: ./bootstrap --dev" >&2; \
	exit 1; }

$(FUZZED) $(FUZZERS:$B/%=$B/fuzz/%.o): | $B/fuzz/libfuzzer
$(FUZZED) $(FUZZERS:$B/%=$B/fuzz/%.o): $B/fuzz/%.o: %.c tools/fuzz.mk $B/flags
	@mkdir -p $(@D)
	@echo '  clang $<'
	@$(FUZZING)-no-link -Dpopen=no_popen -MMD -MP -c $< -o $@

# An archive, of which a harness takes what it calls.
$B/fuzz/all.a: $(FUZZED)
	@rm -f $@ && ar rcs $@ $^

$(FUZZERS): $B/fuzz/%: $B/fuzz/fuzz/%.o $B/fuzz/all.a
	@echo '  ld $@'
	@$(FUZZING) -Wl,--wrap=give_up $^ $(shell pkg-config --libs zlib jansson) -lm -o $@

-include $(FUZZED:.o=.d) $(FUZZERS:$B/%=$B/fuzz/%.d)
