# Measured Descent.  `make help` lists what there is to make.
#
# Rooms are found by wildcard: a chapter STEM is chapters/STEM.md, ref/STEM.[ch],
# proofs_numeric/STEM.c, tests/test_STEM.c and figures/STEM*; only book.md is edited.

# The implementation of dense.h: BLAS where there is one, or else plain loops.
DENSE ?= $(if $(shell pkg-config --exists openblas && echo yes),blas,plain)
B := build$(if $(SANITIZE),/sanitize)$(if $(filter plain,$(DENSE)),/plain)
comma := ,
SEED ?= 1
# On all cores, unless the caller gave a number, which goes before what stands here.
MAKEFLAGS := -r $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc))
# The same letters, order and decimal point, whatever the reader's language is.
export LC_ALL := C.UTF-8
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---- Compiling ------------------------------------------------------------------------

# `make CC=clang`, `make CFLAGS="-O3 -march=native"`; and WERROR=1 for who changes the
# code: a reader's build does not stop at what a newer compiler warns of.
has = $(filter /%,$(shell $(CC) -print-file-name=lib$1.so))
BLAS := $(if $(filter blas,$(DENSE)),OpenBLAS $(shell pkg-config --modversion openblas),plain loops)
ARB := $(if $(call has,flint-arb),-lflint-arb) -lflint
SUNDIALS := -lsundials_cvodes -lsundials_nvecserial
ifneq ($(call has,sundials_core),) # of SUNDIALS 7, which Debian builds with MPI
    SUNDIALS += -lsundials_core $(shell pkg-config --libs mpi-c)
    MPI := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags mpi-c))
endif

# Clang has no vector form of tanh and warns that its loop stays one (pass-failed).
override CFLAGS := -std=c17 -g -fopenmp-simd -fno-math-errno $(if $(WERROR),-Werror) \
    -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-pass-failed \
    -D_POSIX_C_SOURCE=200809L -Iref -Iproofs_numeric -Itests -Itools \
    $(shell pkg-config --cflags openblas check zlib jansson) $(MPI) \
    $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all) \
    $(or $(CFLAGS),-O2)
PROOF_LIBS := $(shell pkg-config --libs check lapacke openblas zlib) $(ARB) $(SUNDIALS) -lm

ifeq ($(shell echo __SIZEOF_POINTER__ | $(CC) $(CFLAGS) -E -P - 2>&1),4)
    $(error this needs a 64-bit machine: Random123 multiplies 64 by 64 bits to 128)
endif

# Another compiler or other flags compile everything anew.
COMPILER := $(CC) $(filter-out -Werror,$(CFLAGS))
$B/compiler: $(if $(subst x$(file <$B/compiler)x,,x$(COMPILER)x),always)
	@mkdir -p $(@D)
	@echo '$(COMPILER)' >$@

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

$(OBJECTS): $B/%.o: %.c Makefile $B/compiler
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(CFLAGS) $(if $(filter tools/ledger.c,$<),-DBLAS='"$(BLAS)"') -MMD -MP -c $< -o $@

$(CLAIMS): $B/claims/%: $B/proofs_numeric/%.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@mkdir -p $(@D)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

$(filter-out %_plain,$(TESTS)): $B/tests/%: $B/tests/%.o $B/tests/unit.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

# A chapter whose claims must fail, for tests/test_check.sh.
$B/tests/faulty: $B/tests/faulty.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

$(BENCHES) $(PROGRAMS): %: %.o $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

$B/tests/test_nearest: $B/tools/nearest.o

$B/tests/test_dense_plain: $B/tests/test_dense.o $B/tests/unit.o $(REF) $B/ref/dense_plain.o
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(shell pkg-config --libs check zlib) -lm -o $@

$B/check: $(RUNNER) $B/ref/arena.o
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(shell pkg-config --libs jansson) -lm -o $@

-include $(OBJECTS:.o=.d)

# ---- Checking -------------------------------------------------------------------------

CHECK = $B/check $B --seed '$(SEED)' $(if $(CHAPTER),--chapter '$(CHAPTER)') \
    $(if $(CLAIM),--claim '$(CLAIM)') $(if $(LONG),--long)

# What a student can do in a tree of exercises, or an instructor.
include $(or $(wildcard kit.mk),tools/kit/instructor.mk)

.PHONY: always all check check-platforms soak mutants bench train-flow clean help
check: $(or $(CHECKED),all) ## run the unit tests and every claim: CHAPTER=, CLAIM=, SEED=, LONG=1, SANITIZE=1
	@$(CHECK)

soak: all ## run every claim under SEEDS=n seeds, from SEED on
	@$(CHECK) --soak '$(or $(SEEDS),100)'

mutants: all ## break ref/ on purpose, and count what the checks catch: FILE=, N=, SEED=
	@lua5.4 tools/mutants.lua

bench: $(BENCHES) ## race NumPy, SciPy and PyTorch: CONTEST=, ROUNDS=, PYTHON=
	@lua5.4 tools/bench.lua $B $(ROUNDS)

train-flow: $B/programs/train_flow ## fit a flow, stop it, go on: LAW=gaussians FILE=build/flow N=1000
	@$< '$(or $(LAW),gaussians)' '$(or $(FILE),$B/flow)' $(N)

# What the book is made from: the last complete run.  A claim that fails is a red card in
# the book, not the end of it; a run that breaks off leaves no ledger.
$B/ledger.json: $(CHECKS) $B/divs
	@$(CHECK) || test -s $@
	@touch $@

# Of the chapters, a run depends on what their claim divs say and on the concordance: this
# file changes only if they do, so that prose can be edited without running anything.
$B/divs: $(wildcard chapters/*)
	@mkdir -p $(@D)
	@cat chapters/*.tsv chapters/*.md | grep -e '\.claim' -e '	' >$@.new
	@cmp -s $@.new $@ || mv $@.new $@

-include tools/book.mk tools/fuzz.mk

check-platforms: ## give the README's commands on other systems: SYSTEMS="trixie sid"
	@setpriv --pdeathsig KILL sh tools/platforms.sh

clean: ## remove build/
	rm -rf build

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18
