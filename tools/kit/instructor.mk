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

include tools/kit/fence.mk

# What confines a compiler and the programs that it makes; and all that grading links.
all: $B/kit/confine $B/tools/kit/lock.o $B/tools/kit/redzone.o $B/tools/kit/pieces.o
.PHONY: grader
grader: all $(FENCED)
$B/kit/confine: LIBS =
$B/kit/confine: $B/tools/kit/confine.o
	$(LINK)

.PHONY: exercises grade gradescope check-exercises
exercises: grader ## make trees for students and instructors: PICK="ex_gd_step double_descent", SHEET=sheet.md
	@$(GRADING) lua5.4 tools/exercises.lua $B

grade: grader ## points for what students handed in: SUBMISSIONS=folder, SHEET=sheet.md, SEED=
	@exec 9>>$B/grades.lock; flock -n 9 || \
	    { echo "waiting for what another make grade began" >&2; flock -w 60 9; } || \
	    { echo "make grade is at work here already" >&2; exit 2; }; \
	    $(GRADING) lua5.4 tools/kit/grade.lua all $(MANIFEST) $B $B/grades "$$SUBMISSIONS" \
        "$$SHEET"

gradescope: ## an autograder for Gradescope, tried here: build/gradescope/autograder.zip
	@bash tools/kit/gradescope/try.sh $(dir $(MANIFEST)) $B

check-exercises: grader ## prove that exercises are sound and graders not fooled: PICK=, SEED=
	@$(GRADING) lua5.4 tools/exercises.lua $B
	@$(GRADING) SALT="$${SEED-1}" lua5.4 tools/kit/check_kit.lua all $(MANIFEST) $B
