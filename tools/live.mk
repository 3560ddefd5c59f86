# Live figures: live/STEM_NAME.c is compiled for this machine, which draws the figure as
# it begins, and for the page, which draws it on.
#
#     $B/live/STEM_NAME         prints the table of its curves, and its sliders
#     $B/live/STEM_NAME.tsv     where the sliders begin, for figures/STEM_NAME.gp
#     $(BOOK)/live/STEM_NAME.js      the module, which a page can load from the disk

LIVES := $(MOVING:$B/live/%=%)

# In a tree of exercises a figure may stop at one that is not solved: it waits for it.
$(MOVING:%=%.tsv): %.tsv: %
	@$< >$(NEW) $(if $(UNSOLVED),2>/dev/null || : >$(NEW)) && mv $(NEW) $@

# ---- For the page ---------------------------------------------------------------------

# All of ref/ that a page can run: it has no files, no BLAS, and its own stop of REQUIRE.
# Of these objects the linker leaves out what no figure calls.
LIVE_REF := $(filter-out %/dense.c %/checkpoint.c %/dataset.c %/require.c, \
    $(filter ref/%,$(SOURCES)))

# clang joins products and sums where the processor can, which this one cannot.
LIVE_FLAGS := -std=c17 -O2 -fno-math-errno -ffp-contract=off -ffunction-sections \
    -fdata-sections -D_POSIX_C_SOURCE=200809L -Iref -Ilive -isystem $B/live/include

# Random123 stops at a processor that it does not know, and multiplies 64 by 64 bits with
# a type that needs a library; so it is told of one that it knows, and to do it in C.
WASM_CC := clang --target=wasm32-wasi $(LIVE_FLAGS) -D__riscv \
    -DR123_USE_MULHILO64_C99=1 -DR123_USE_PHILOX_64BIT=1

# The linker is called by itself: clang would run whatever wasm-opt it finds.  The stack
# comes first in memory, where one that overflows stops and writes over nothing.
WASM_LD := wasm-ld --no-entry --stack-first -z stack-size=65536 --strip-all \
    --export=redraw --export=sliders --export=curves --export=failed
WASM_LIBC := $(wildcard /usr/lib/wasm32-wasi/libc.a)
HAS_WASM := $(and $(WASM_LIBC),$(shell command -v clang),$(shell command -v wasm-ld))

# The other libraries are in /usr/include, where the libc of this machine is too.
$B/live/include/Random123:
	@mkdir -p $(@D) && ln -sfn /usr/include/Random123 $@

# objects FOLDER, COMPILER: how all of it is compiled for another machine.
LIVE_WORLD := $(filter ref/% live/%,$(SOURCES))
define objects
$(LIVE_WORLD:%.c=$B/live/$1/%.o): $B/live/$1/%.o: %.c $B/flags tools/live.mk \
    | $B/live/include/Random123
	@mkdir -p $$(@D)
	@$2 -MMD -MP -MF $$(NEW).d -MT $$@ -c $$< -o $$(NEW) && \
	    mv $$(NEW).d $$(@:.o=.d) && mv $$(NEW) $$@
-include $(LIVE_WORLD:%.c=$B/live/$1/%.d)
endef
$(eval $(call objects,wasm,$(WASM_CC)))

$(LIVES:%=$B/live/wasm/%.wasm): $B/live/wasm/%.wasm: $B/live/wasm/live/%.o \
    $B/live/wasm/live/page/wasm.o $(LIVE_REF:%.c=$B/live/wasm/%.o)
	@$(WASM_LD) $^ $(WASM_LIBC) -o $(NEW) && mv $(NEW) $@

$(LIVES:%=$(BOOK)/live/%.js): $(BOOK)/live/%.js: $B/live/wasm/%.wasm
	@mkdir -p $(@D)
	@{ printf 'live.module("$*", "'; base64 -w0 $<; printf '");\n'; } >$(NEW) && \
	    mv $(NEW) $@

$(BOOK)/live.js: tools/live.js
	@mkdir -p $(@D) && cp $< $@

# ---- The same numbers --------------------------------------------------------------

# wasi-libc has the mathematics of musl, to which a program is linked that must compute
# what the page shows, bit for bit: tests/browser/live.cjs compares them.
TWINS := $(if $(shell command -v musl-gcc),$(LIVES:%=$B/live/musl/%))
$(eval $(call objects,musl,musl-gcc $(LIVE_FLAGS)))

$(TWINS): $B/live/musl/%: $B/live/musl/live/%.o $B/live/musl/live/page/native.o \
    $B/live/musl/ref/ground/require.o $(LIVE_REF:%.c=$B/live/musl/%.o)
	@musl-gcc -static -Wl,--gc-sections $^ -lm -o $(NEW) && mv $(NEW) $@

check-book: $(MOVING) $(TWINS)

# ---- In the book ----------------------------------------------------------------------

# The page of a chapter shows the figures that carry its stem.
live_parts = $(foreach name,$(filter $1_%,$(LIVES)), \
    $B/live/$(name).tsv $(if $(HAS_WASM),$(BOOK)/live/$(name).js))
$(foreach page,$(BOOK_CHAPTERS),$(eval $(page): $(call live_parts,$(basename $(notdir $(page))))))

book: $(if $(HAS_WASM),$(BOOK)/live.js,standing)

.PHONY: standing
standing:
	@echo '  no figure moves: that takes clang, wasm-ld and wasi-libc (./bootstrap)'
