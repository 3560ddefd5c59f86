# Measured Descent.  `make help` lists what there is to make.
#
# Rooms are found by wildcard: a chapter STEM is chapters/STEM.md, ref/STEM.[ch],
# proofs_numeric/STEM.c, tests/test_STEM.c and figures/STEM*; only book.md is edited.

# What the reader passes in is data: it is taken as it stands, with every $, and reaches
# programs in the environment.  No command is put together from it.
DATA := CHAPTER CLAIM CONTEST CPU_LIMIT EX FILE LAW LONG N PICK PYTHON ROUNDS SEED SEEDS \
    STUDENT SUBMISSIONS
$(foreach name,$(DATA),$(if $(filter command environment,$(firstword $(origin $(name)))), \
    $(eval override export $(name) := $$(value $(name)))))

# The implementation of dense.h: BLAS where there is one, or else plain loops.
DENSE ?= $(if $(shell pkg-config --exists openblas && echo yes),blas,plain)
B := build$(if $(SANITIZE),/sanitize)$(if $(filter plain,$(DENSE)),/plain)
comma := ,
MAKEFLAGS := $(MAKEFLAGS) -r $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---- Compiling ------------------------------------------------------------------------

ARB := $(if $(wildcard /usr/include/arb.h),-lflint-arb) -lflint

CFLAGS := -std=c17 -O2 -fopenmp-simd -fno-math-errno -g -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror \
    -D_POSIX_C_SOURCE=200809L -Iref -Iproofs_numeric -Itests -Itools \
    $(shell pkg-config --cflags openblas check zlib jansson) \
    $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all)
PROOF_LIBS := $(shell pkg-config --libs check lapacke openblas zlib) $(ARB) \
    -lsundials_cvodes -lsundials_nvecserial -lm

SOURCES := $(wildcard ref/*.c proofs_numeric/*.c tests/*.c tools/*.c bench/*.c programs/*.c)
OBJECTS := $(SOURCES:%.c=$B/%.o)
DENSES := $B/ref/dense.o $B/ref/dense_plain.o
DENSE_OBJECT := $(if $(filter blas,$(DENSE)),$B/ref/dense.o,$B/ref/dense_plain.o)
REF := $(filter-out $(DENSES),$(filter $B/ref/%,$(OBJECTS)))
PROOF := $(addprefix $B/proofs_numeric/,claim.o finding.o oracle.o ode_oracle.o)
RUNNER := $(filter $B/tools/%,$(OBJECTS))

CHAPTERS := $(filter-out $(PROOF),$(filter $B/proofs_numeric/%,$(OBJECTS)))
CLAIMS := $(CHAPTERS:$B/proofs_numeric/%.o=$B/claims/%)
TESTS := $(patsubst $B/tests/%.o,$B/tests/%,$(filter $B/tests/test_%,$(OBJECTS))) \
    $B/tests/test_dense_plain

BENCHES := $(patsubst %.o,%,$(filter $B/bench/%,$(OBJECTS)))
PROGRAMS := $(patsubst %.o,%,$(filter $B/programs/%,$(OBJECTS)))

# Programs whose source is gone must not be run any more.
STALE := $(filter-out $(CLAIMS) $(TESTS) %.o %.d,$(wildcard $B/claims/* $B/tests/test_*))
$(if $(STALE),$(shell rm -f $(STALE)))

CHECKS := $B/check $(CLAIMS) $(TESTS) $B/tests/faulty
all: $(CHECKS)

# What is made has another name until it is whole: a second make in the tree, or a run of
# what was there before, does not meet half of it.
NEW = $(@D)/.$(@F).$$$$
LINK = @$(CC) $(CFLAGS) $^ -o $(NEW)
PUT = && mv $(NEW) $@

$(OBJECTS): $B/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(CFLAGS) -MMD -MP -MF $(NEW).d -MT $@ -c $< -o $(NEW) && \
	    mv $(NEW).d $(@:.o=.d) $(PUT)

$(CLAIMS): $B/claims/%: $B/proofs_numeric/%.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@mkdir -p $(@D)
	@echo '  ld $@'
	$(LINK) $(PROOF_LIBS) $(PUT)

$(filter-out %_plain,$(TESTS)): $B/tests/%: $B/tests/%.o $B/tests/unit.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	$(LINK) $(PROOF_LIBS) $(PUT)

# A chapter whose claims must fail, for tests/test_check.sh.
$B/tests/faulty: $B/tests/faulty.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	$(LINK) $(PROOF_LIBS) $(PUT)

$(BENCHES) $(PROGRAMS): %: %.o $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	$(LINK) $(PROOF_LIBS) $(PUT)

$B/tests/test_nearest: $B/tools/nearest.o

$B/tests/test_dense_plain: $B/tests/test_dense.o $B/tests/unit.o $(REF) $B/ref/dense_plain.o
	@echo '  ld $@'
	$(LINK) $(shell pkg-config --libs check zlib) -lm $(PUT)

$B/check: $(RUNNER) $B/ref/arena.o
	@echo '  ld $@'
	$(LINK) $(shell pkg-config --libs jansson) -lm $(PUT)

-include $(OBJECTS:.o=.d)

# ---- Checking -------------------------------------------------------------------------

CHECK = exec $B/check $B --seed "$${SEED-1}" $${CHAPTER:+--chapter "$$CHAPTER"} \
    $${CLAIM:+--claim "$$CLAIM"} $${LONG:+--long}

# What a student can do in a tree of exercises, or an instructor.
include $(or $(wildcard kit.mk),tools/kit/instructor.mk)

.PHONY: all check soak mutants bench train-flow clean help
check: $(or $(CHECKED),all) ## run the unit tests and every claim: CHAPTER=, CLAIM=, SEED=, LONG=1, SANITIZE=1
	@$(CHECK)

soak: all ## run every claim under SEEDS=n seeds, from SEED on
	@$(CHECK) --soak "$${SEEDS-100}"

mutants: all ## break ref/ on purpose, and count what the checks catch: FILE=, N=, SEED=
	@lua5.4 tools/mutants.lua

bench: $(BENCHES) ## race NumPy, SciPy and PyTorch: CONTEST=, ROUNDS=, PYTHON=
	@lua5.4 tools/bench.lua $B

train-flow: $B/programs/train_flow ## fit a flow, stop it, go on: LAW=gaussians FILE=build/flow N=1000
	@exec $< "$${LAW:-gaussians}" "$${FILE:-$B/flow}" $${N:+"$$N"}

# What the book is made from: the last complete run.  A claim that fails is a red card in
# the book, not the end of it; a run of a part, or one that breaks off, is.  What is asked
# for is looked at also where nothing is to be run.
$B/ledger.json: $(CHECKS) $B/divs | asked
	@$(CHECK) --for-book

.PHONY: asked
.PRECIOUS: $B/ledger.json
asked: $B/check
	@$(CHECK) --for-book --asked

# Of the chapters, a run depends on what their claim divs say and on the concordance: this
# file changes only if they do, so that prose can be edited without running anything.
$B/divs: $(wildcard chapters/*)
	@mkdir -p $(@D)
	@cat chapters/*.tsv chapters/*.md | grep -e '\.claim' -e '	' >$@.new
	@cmp -s $@.new $@ || mv $@.new $@

-include tools/book.mk

clean: ## remove build/
	rm -rf build

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18
