# Measured Descent.  `make help` lists what there is to make.
#
# Rooms are found by wildcard: a chapter STEM is chapters/STEM.md, ref/STEM.[ch],
# proofs_numeric/STEM.c, tests/test_STEM.c and figures/STEM*; only book.md is edited.
# What every room stands on is in the folder ground/ of a floor.

# What the reader passes in is data: it is taken as it stands, with every $, and reaches
# programs in the environment.  No command is put together from it.
DATA := CHAPTER CLAIM CONTEST COURSE CPU_LIMIT EX FILE GRID LAW LONG LOOPS N PICK PREFIX \
    PYTHON RANKS ROUNDS SEED SEEDS SOLUTIONS STEM STUDENT SUBMISSIONS TITLE
$(foreach name,$(DATA),$(if $(filter command environment,$(firstword $(origin $(name)))), \
    $(eval override export $(name) := $$(value $(name)))))

# What vectors and matrices consist of: double, or float.  See ref/ground/real.h.
REAL ?= double
ifneq ($(filter-out double float,$(REAL))$(word 2,$(REAL)),)
    $(error REAL must be double or float, got "$(REAL)")
endif
# The implementation of dense.h: BLAS where there is one, or else plain loops.
DENSE ?= $(if $(shell pkg-config --exists openblas && echo yes),blas,plain)
B := build$(if $(SANITIZE),/sanitize)$(if $(filter plain,$(DENSE)),/plain)$(if $(filter float,$(REAL)),/float)
comma := ,
# On all cores, unless the caller gave a number, which goes before what stands here.
MAKEFLAGS := -r $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc))
# The same letters, order and decimal point, whatever the reader's language is.
export LC_ALL := C.UTF-8
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---- What there is --------------------------------------------------------------------

# The files of floors: those in their folders and in the folders of these, where a ground
# or the sections of a chapter may lie.  tools/sources.lua says the same to the tools.
floors = $(wildcard $(foreach floor,$1,$(floor)/*.[ch] $(floor)/*/*.[ch]))

FILES := $(call floors,ref proofs_numeric tests tools bench programs live)
SOURCES := $(filter %.c,$(FILES))
OBJECTS := $(SOURCES:%.c=$B/%.o)

# The object of a name, on whichever floor; the objects in which a chapter argues.
named = $(filter %/$1.o,$(OBJECTS))
argued = $(filter $B/proofs_numeric/$1.o $B/proofs_numeric/$1/%.o,$(OBJECTS))

DENSES := $(call named,dense) $(call named,dense_plain)
DENSE_OBJECT := $(call named,$(if $(filter blas,$(DENSE)),dense,dense_plain))
REF := $(filter-out $(DENSES),$(filter $B/ref/%,$(OBJECTS)))

# What argues and is no chapter serves all of them.
STEMS := $(foreach stem,$(patsubst chapters/%.md,%,$(wildcard chapters/*.md)), \
    $(if $(call argued,$(stem)),$(stem)))
PROOF := $(filter-out $(foreach stem,$(STEMS),$(call argued,$(stem))), \
    $(filter $B/proofs_numeric/%,$(OBJECTS)))
RUNNER := $(filter-out $B/tools/kit/%,$(filter $B/tools/%,$(OBJECTS))) \
    $(call named,arena) $(call named,require)

TEST_NAMES := $(filter test_%,$(basename $(notdir $(filter $B/tests/%,$(OBJECTS)))))
UNIT := $(foreach object,$(filter $B/tests/%,$(OBJECTS)), \
    $(if $(filter test_% faulty.o,$(notdir $(object))),,$(object)))

CLAIMS := $(STEMS:%=$B/claims/%)
TESTS := $(TEST_NAMES:%=$B/tests/%) $B/tests/test_dense_plain
BENCHES := $(patsubst %.o,%,$(filter $B/bench/%,$(OBJECTS)))
PROGRAMS := $(filter-out %/session %/sweep $B/programs/cells/%, \
    $(patsubst %.o,%,$(filter $B/programs/%,$(OBJECTS))))

# The figures that move, without their pages: see tools/live.mk.
MOVING := $(patsubst %.o,%,$(filter-out $B/live/page/%,$(filter $B/live/%,$(OBJECTS))))

# The cells of a sweep, which the MPI program and its tests share: see tools/sweep.mk.
CELLS := $(filter $B/programs/cells/%,$(OBJECTS)) \
    $(filter $B/proofs_numeric/feature_learning/cell.o,$(OBJECTS))

# ---- Compiling ------------------------------------------------------------------------

# `make CC=clang`, `make CFLAGS="-O3 -march=native"`; and WERROR=1 for who changes the
# code: a reader's build does not stop at what a newer compiler warns of.
has = $(filter /%,$(shell $(CC) -print-file-name=lib$1.so))
# Without optimization what FLINT has inline asks for GMP.
ARB := $(if $(call has,flint-arb),-lflint-arb) -lflint -lgmp
SUNDIALS := -lsundials_cvodes -lsundials_nvecserial
ifneq ($(call has,sundials_core),) # of SUNDIALS 7, which Debian builds with MPI
    SUNDIALS += -lsundials_core $(shell pkg-config --libs mpi-c)
    MPI := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags mpi-c))
endif

# Clang has no vector form of tanh and warns that its loop stays one (pass-failed).
override CFLAGS := -std=c17 -g -fopenmp-simd -fno-math-errno $(if $(WERROR),-Werror) \
    -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-pass-failed \
    -D_POSIX_C_SOURCE=200809L -Iref -Iproofs_numeric -Itests -Itools -Iprograms -Ilive \
    $(shell pkg-config --cflags openblas check zlib jansson) $(MPI) \
    $(if $(filter float,$(REAL)),-DREAL=float -Wno-conversion) \
    $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all) \
    $(or $(CFLAGS),-O2)
PROOF_LIBS := $(shell pkg-config --libs check lapacke openblas zlib) $(ARB) $(SUNDIALS) -lm

ifeq ($(shell echo __SIZEOF_POINTER__ | $(CC) $(CFLAGS) -E -P - 2>&1),4)
    $(error this needs a 64-bit machine: Random123 multiplies 64 by 64 bits to 128)
endif

include tools/lib.mk
TO_CHECK := $B/check $(LIB_FILES) $(CLAIMS) $(TESTS) $(PROGRAMS) $(MOVING) $B/tests/faulty
all: prune $(TO_CHECK)

# Programs whose source is gone must not be run any more.
.PHONY: prune
prune:
	@rm -f $(filter-out $(CLAIMS) $(TESTS) %.o %.d,$(wildcard $B/claims/* $B/tests/test_*))

# What is made has another name until it is whole: a second make in the tree, or a run of
# what was there before, does not meet half of it.  All that names it is one command.
NEW = $(@D)/.$(@F).$$$$
IF_CHANGED = if cmp -s $(NEW) $@; then rm $(NEW); else mv $(NEW) $@; fi

# The way of compiling: all is compiled anew where it changes, and not for a comment here.
.PHONY: always
$B/flags: always
	@mkdir -p $(@D)
	@echo '$(CC) $(filter-out -Werror,$(CFLAGS))' >$(NEW) && $(IF_CHANGED)

$(OBJECTS): $B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(CFLAGS) -MMD -MP -MF $(NEW).d -MT $@ -c $< -o $(NEW) && \
	    mv $(NEW).d $(@:.o=.d) && mv $(NEW) $@

# Links the objects among the prerequisites.
define LINK
@mkdir -p $(@D)
@echo '  ld $@'
@$(CC) $(CFLAGS) $(filter %.o,$^) $(LIBS) -o $(NEW) && mv $(NEW) $@
endef
LIBS = $(PROOF_LIBS)

# What stands behind $$ is looked up for each program by its own name.
.SECONDEXPANSION:
$(CLAIMS): $B/claims/%: $$(call argued,$$*) $(PROOF) $(REF) $(DENSE_OBJECT)
	$(LINK)

$(TEST_NAMES:%=$B/tests/%): $B/tests/%: $$(call named,$$*) $(UNIT) $(PROOF) $(REF) $(DENSE_OBJECT)
	$(LINK)

$B/tests/test_nearest: $B/tools/nearest.o
$B/tests/test_session $(PROGRAMS): $B/programs/session.o
$B/tests/test_grid $B/tests/test_handout: $(CELLS)

$B/tests/test_dense_plain: LIBS = $(shell pkg-config --libs check zlib) -lm
$B/tests/test_dense_plain: $(call named,test_dense) $(UNIT) $(REF) $(call named,dense_plain)
	$(LINK)

# A chapter whose claims must fail, for tests/test_check.sh.
$B/tests/faulty: $(call named,faulty) $(PROOF) $(REF) $(DENSE_OBJECT)
	$(LINK)

$(BENCHES) $(PROGRAMS): %: %.o $(REF) $(DENSE_OBJECT)
	$(LINK)

# In plain loops, as in the page, so that both add in the same order.
$(MOVING): LIBS = $(shell pkg-config --libs zlib) -lm
$(MOVING): %: %.o $B/live/page/native.o $(REF) $(call named,dense_plain)
	$(LINK)

$B/check: LIBS = $(shell pkg-config --libs jansson) -lm
$B/check: $(RUNNER)
	$(LINK)

-include $(OBJECTS:.o=.d)

# ---- Checking -------------------------------------------------------------------------

RUN = exec $B/check $B --seed "$${SEED-1}" $${CHAPTER:+--chapter "$$CHAPTER"} \
    $${CLAIM:+--claim "$$CLAIM"} $${LONG:+--long}

# What a run of a part is built from: the program of its chapter, and the tests of this if
# all of it is meant; or everything where there is no such chapter or claim.
FIND_CLAIMS = grep -zHoP '\n(LONG_)?CLAIM\(\s*\w+' $(filter proofs_numeric/%,$(SOURCES)) | \
    tr -d '\n' | tr '\0' '\n' | sed -E 's,^proofs_numeric/,,; s,(/[^:]*)?\.c:.*\(\s*,:,'
WHERE := $(if $(CLAIM),$(shell $(FIND_CLAIMS)))
PART := $(or $(firstword $(subst :, ,$(filter %:$(CLAIM),$(WHERE)))),$(CHAPTER))
PART := $(if $(filter 1,$(words $(PART))),$(filter $(STEMS),$(PART)))
NEEDED = $(if $(PART),$B/check $B/claims/$(PART) \
    $(if $(CLAIM),,$(filter $B/tests/test_$(PART),$(TESTS))),all)

# What a student can do in a tree of exercises, or an instructor.
include $(or $(wildcard kit.mk),tools/kit/instructor.mk)

.PHONY: all chapter check check-platforms doctor format lint soak mutants bench bench-peers train-flow clean help
check: $$(NEEDED) $B/divs.tsv ## run the unit tests and every claim: CHAPTER=, CLAIM=, SEED=, LONG=1, SANITIZE=1
	@$(RUN)

soak: all ## run every claim under SEEDS=n seeds, from SEED on; goes on where it stopped
	@$(RUN) --soak "$${SEEDS-100}"

chapter: ## write a room on every floor that passes, to be replaced: STEM=, PREFIX=, TITLE=
	@lua5.4 tools/chapter.lua

doctor: $B/divs.tsv ## is a chapter as it should be?  STEM=, N= mutants of its code
	@lua5.4 tools/doctor.lua $B

# The house style is .clang-format's; ./bootstrap --dev has the program.
C_FILES = $(FILES) $(wildcard examples/*.c)
format: ## give all C code the house style
	@clang-format -i $(C_FILES)

lint: ## is all C code in the house style?
	@clang-format --dry-run -Werror $(C_FILES)

mutants: all ## break ref/ on purpose, and count what the checks catch: FILE=, N=, SEED=, LOOPS=1
	@lua5.4 tools/mutants.lua

bench: $(BENCHES) ## race NumPy, SciPy, PyTorch and JAX; time each hot loop: CONTEST=, ROUNDS=, PYTHON=
	@lua5.4 tools/bench.lua $B

bench-peers: ## install what `make bench` races against, under build/bench/python: PYTHON=
	@sh tools/bench_peers.sh

train-flow: export FLOW_LAW = $(or $(LAW),gaussians)
train-flow: export FLOW_FILE = $(or $(FILE),$B/flow-$(FLOW_LAW))
train-flow: $B/programs/train_flow ## fit a flow, stop it, go on: LAW=gaussians FILE=build/flow-LAW N=1000
	@exec $< "$$FLOW_LAW" "$$FLOW_FILE" $${N:+"$$N"}

# What the book is made from: the last complete run.  A claim that fails is a red card in
# the book, not the end of it; a run of a part, or one that breaks off, is.  What is asked
# for is looked at also where nothing is to be run.
$B/ledger.json: $(TO_CHECK) $B/divs.tsv $(wildcard lectures/*.tsv) | prune asked
	@$(RUN) --for-book

.PHONY: asked
.PRECIOUS: $B/ledger.json
asked: $B/check
	@$(RUN) --for-book --asked

# Of the chapters, a run depends on what their claim divs say and on the lectures: this
# file changes only if the divs do, so that prose can be edited without running anything.
$B/divs.tsv: $(wildcard chapters/*.md tools/claims.lua tools/divs.lua)
	@mkdir -p $(@D)
	@lua5.4 tools/claims.lua >$(NEW) && $(IF_CHANGED)

-include tools/book.mk tools/live.mk tools/check_book.mk tools/print.mk tools/fuzz.mk \
    tools/release.mk tools/sweep.mk

check-platforms: ## give the README's commands on other systems: SYSTEMS="trixie sid"
	@sh tools/platforms.sh

clean: ## remove build/
	rm -rf build

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18
