# kit.mk -- what a student can do here; see README.md.

# A body that is still to be written leaves arguments and helpers unused.
override CFLAGS += -Wno-unused-parameter -Wno-unused-function -Wno-unused-variable \
    -Wno-unused-but-set-parameter

# Figures whose claims come to such a body are left out of the book.
UNSOLVED := yes

# An index one too far is seen: see redzone.c.
$(CLAIMS): $B/tools/kit/redzone.o
$(CLAIMS): LIBS = $(patsubst %,-Wl$(comma)--wrap=arena_%,make bytes take room ints free) $(PROOF_LIBS)

STUDENT_DOES := COMPILE='$(CC) $(CFLAGS)' lua5.4 tools/kit/student.lua
QUOTED_EX = '$(subst ','\'',$(EX))'# make's own shell has no environment of its own
ifneq ($(and $(EX),$(filter check,$(MAKECMDGOALS))),)
NEEDED := $(or $(shell $(STUDENT_DOES) programs $B $(QUOTED_EX) 2>/dev/null),kit.mk)
RUN = $(STUDENT_DOES) check $B "$$EX"
endif

.PHONY: list next hint progress watch reset submit
list: ## the exercises, what is done, and the points
next: ## the next exercise
hint: ## one more hint: EX=
progress: ## the points, chapter by chapter
watch: ## check again at each save: EX=
reset: ## an exercise as it was given; what you wrote is kept: EX=
submit: ## one archive of your files: submission.tar.gz
list next hint progress watch reset submit:
	@$(STUDENT_DOES) $@ $B "$$EX"
