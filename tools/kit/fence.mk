# fence.mk -- how code is compiled so that it asks before it touches memory: see fence.h.
#
# Where a compiler or a processor cannot do that, there is no fence, and FENCE is empty.
# What the compiler would put in place of a call that it knows does not ask; and the
# lanes of a loop that is marked `omp simd` lie where no variable does.
FENCE := -fsanitize=kernel-address -fasan-shadow-offset=0x7fff8000 \
    --param asan-instrumentation-with-call-threshold=0 --param asan-stack=1 \
    --param asan-globals=0 -fno-sanitize-address-use-after-scope \
    -mindirect-branch=thunk-extern -fcf-protection=branch -fno-jump-tables \
    -fno-merge-constants -fstack-clash-protection -fno-openmp-simd -Wno-unknown-pragmas \
    -include kit/fence.h \
    $(addprefix -fno-builtin-,memchr memcmp stpcpy stpncpy strcat strchr strcmp strcspn \
    strncat strncmp strncpy strspn modf frexp remquo)
FENCE := $(if $(SANITIZE),,$(shell $(CC) -Iref -Itools $(FENCE) -x c -c /dev/null \
    -o /dev/null 2>/dev/null && echo '$(FENCE)'))

# Copies of the book's functions that ask too, under names of their own, for a submission
# to call; and those that stand in for what cannot ask.
NOT_FENCED := activation arena checkpoint dataset factor require sort training
COPIED := $(if $(FENCE),$(filter-out $(foreach name,$(NOT_FENCED),%/$(name).o),$(REF)))
COPIES := $(COPIED:$B/ref/%=$B/kit/ref/%)
FENCED := $(if $(FENCE),$(COPIES) $B/tools/kit/fence.o $B/kit/fence_calls.o)

# Where fence.c looks for constants, variables and code.
SECTIONS := $(foreach pair,.text=given_text .rodata=given_ro .data=given_rw \
    .data.rel.local=given_rw .data.rel=given_rw .data.rel.ro.local=given_rel \
    .data.rel.ro=given_rel \
    .bss=given_rw$(comma)alloc$(comma)load$(comma)data$(comma)contents, \
    --rename-section $(pair))

$B/kit/flags: always
	@mkdir -p $(@D)
	@echo '$(FENCE) $(SECTIONS)' >$(NEW) && $(IF_CHANGED)

# The functions that have another name for who is behind the fence, but for NOT_BEHIND.
$B/kit/names: $(COPIED) $B/kit/fence_calls.o
	@mkdir -p $(@D)
	@nm -P --defined-only -g $^ | \
	    sed -nE 's/^(fence_)?([a-z]\w*) [a-zA-Z] .*/\2 fence_\2/p' | sort -u | \
	    grep -vE '^($(or $(NOT_BEHIND),-)) ' >$(NEW) && $(IF_CHANGED)

$(COPIES): $B/kit/ref/%.o: ref/%.c $B/flags $B/kit/flags $B/kit/names
	@mkdir -p $(@D)
	@echo '  cc $< (asking)'
	@$(CC) $(CFLAGS) -g0 $(FENCE) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $(NEW) && \
	    objcopy $(SECTIONS) --redefine-syms=$B/kit/names $(NEW) && mv $(NEW) $@
-include $(COPIES:.o=.d)

# Its functions may be called by their addresses, as those of the book may.
$B/kit/fence_calls.o: tools/kit/fence_calls.c tools/kit/fence.h $B/flags
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -fcf-protection=branch -c $< -o $(NEW) && \
	    objcopy --rename-section .text=given_text $(NEW) && mv $(NEW) $@
