# instructor.mk -- what an instructor can do: here, and as kit.mk in the tree that
# `make exercises` makes.

MANIFEST = $(or $(wildcard exercises.json),$B/exercises/instructor/exercises.json)

# Half of the time that a judgement takes is the linker's; gold takes a fifth of that.
FAST := $(if $(shell command -v ld.gold),-fuse-ld=gold)

# A submission is not judged by its warnings.  Seeds come from SEED=, or from chance where
# nobody says it, and then stay the same for the runs to come.
GRADING = COMPILE='$(CC) $(filter-out -Werror,$(CFLAGS)) -Werror=implicit-function-declaration' \
    OBJECTS='$(PROOF) $(REF) $(DENSE_OBJECT)' LIBS='$(PROOF_LIBS) $(FAST)' \
    FENCE='$(FENCE)' FENCED='$(FENCED)' SECTIONS='$(SECTIONS)' SALT="$$SEED"

# How a submission is compiled so that it asks before it touches memory: see fence.h.  What
# the compiler would put in place of a call that it knows does not ask.
# Where a compiler or a processor cannot do that there is no fence.
FENCE := -fsanitize=kernel-address -fasan-shadow-offset=0x7fff8000 \
    --param asan-instrumentation-with-call-threshold=0 --param asan-stack=1 \
    --param asan-globals=0 -fno-sanitize-address-use-after-scope \
    -mindirect-branch=thunk-extern -fcf-protection=branch -fno-jump-tables \
    -fno-merge-constants -fstack-clash-protection -include kit/fence.h \
    $(addprefix -fno-builtin-,memchr memcmp stpcpy stpncpy strcat strchr strcmp strcspn \
    strncat strncmp strncpy strspn modf frexp remquo)
FENCE := $(if $(SANITIZE),,$(shell $(CC) -Iref -Itools $(FENCE) -x c -c /dev/null -o /dev/null \
    2>/dev/null && echo '$(FENCE)'))

# Copies of the book's functions that ask too, under names of their own, for a submission
# to call; and those that stand in for what cannot ask.
NOT_FENCED := activation arena checkpoint dataset factor require training
COPIED := $(if $(FENCE),$(filter-out $(foreach name,$(NOT_FENCED),%/$(name).o),$(REF)))
COPIES := $(COPIED:$B/ref/%=$B/kit/ref/%)
FENCED := $(if $(FENCE),$(COPIES) $B/tools/kit/fence.o $B/kit/fence_calls.o)

# Where fence.c looks for constants, variables and code.
SECTIONS := $(foreach pair,.text=given_text .rodata=given_ro .data=given_rw \
    .data.rel.local=given_rw .data.rel=given_rw .data.rel.ro.local=given_rel \
    .data.rel.ro=given_rel .bss=given_rw$(comma)alloc$(comma)load$(comma)data$(comma)contents, \
    --rename-section $(pair))

$B/kit/flags: always
	@mkdir -p $(@D)
	@echo '$(FENCE) $(SECTIONS)' >$(NEW) && $(IF_CHANGED)

$B/kit/names: $(COPIED) $B/kit/fence_calls.o
	@mkdir -p $(@D)
	@nm -P --defined-only -g $^ | sed -nE 's/^(fence_)?([a-z]\w*) [a-zA-Z] .*/\2 fence_\2/p' | \
	    sort -u >$(NEW) && $(IF_CHANGED)

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

# What confines a compiler and the programs that it makes.
all: $B/kit/confine $B/tools/kit/lock.o $B/tools/kit/redzone.o $B/tools/kit/pieces.o $(FENCED)
$B/kit/confine: LIBS =
$B/kit/confine: $B/tools/kit/confine.o
	$(LINK)

.PHONY: exercises grade gradescope check-exercises
exercises: ## make trees for students and instructors: PICK="ex_gd_step double_descent", SHEET=sheet.md
	@$(GRADING) lua5.4 tools/exercises.lua $B

grade: all ## points for what students handed in: SUBMISSIONS=folder, SHEET=sheet.md, SEED=
	@exec 9>>$B/grades.lock; flock -n 9 || \
	    { echo "waiting for what another make grade began" >&2; flock -w 60 9; } || \
	    { echo "make grade is at work here already" >&2; exit 2; }; \
	    $(GRADING) lua5.4 tools/kit/grade.lua all $(MANIFEST) $B $B/grades "$$SUBMISSIONS" \
        "$$SHEET"

gradescope: ## an autograder for Gradescope, tried here: build/gradescope/autograder.zip
	@bash tools/kit/gradescope/try.sh $(dir $(MANIFEST)) $B

check-exercises: all ## prove that exercises are sound and graders not fooled: PICK=, SEED=
	@$(GRADING) lua5.4 tools/exercises.lua $B
	@$(GRADING) SALT="$${SEED-1}" lua5.4 tools/kit/check_kit.lua all $(MANIFEST) $B
