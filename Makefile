# Measured Descent.  `make help` lists what there is to make.
#
# Rooms are found by wildcard: a chapter STEM is chapters/STEM.md, ref/STEM.[ch],
# proofs_numeric/STEM.c, tests/test_STEM.c and figures/STEM*; only book.md is edited.
# What every room stands on is in the folder ground/ of a floor.

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
    -D_POSIX_C_SOURCE=200809L -Iref -Iproofs_numeric -Itests -Itools -Iprograms \
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

FLOORS := ref proofs_numeric tests
SOURCES := $(wildcard $(FLOORS:%=%/*.c) $(FLOORS:%=%/*/*.c) tools/*.c bench/*.c programs/*.c)
OBJECTS := $(SOURCES:%.c=$B/%.o)
DENSES := $(addprefix $B/ref/ground/,dense.o dense_plain.o)
DENSE_OBJECT := $B/ref/ground/dense$(if $(filter plain,$(DENSE)),_plain).o
REF := $(filter-out $(DENSES),$(filter $B/ref/%,$(OBJECTS)))
PROOF := $(filter $B/proofs_numeric/ground/%,$(OBJECTS))
RUNNER := $(filter $B/tools/%,$(OBJECTS))

CHAPTERS := $(filter-out $(PROOF),$(filter $B/proofs_numeric/%,$(OBJECTS)))
CLAIMS := $(sort $(foreach o,$(CHAPTERS),$B/claims/$(word 1,$(subst /, ,$(o:$B/proofs_numeric/%.o=%)))))
TEST_OBJECTS := $(foreach o,$(filter $B/tests/%,$(OBJECTS)),$(if $(filter test_%,$(notdir $o)),$o))
TESTS := $(patsubst %.o,$B/tests/%,$(notdir $(TEST_OBJECTS))) $B/tests/test_dense_plain

BENCHES := $(patsubst %.o,%,$(filter $B/bench/%,$(OBJECTS)))
PROGRAMS := $(filter-out %/session,$(patsubst %.o,%,$(filter $B/programs/%,$(OBJECTS))))

# Programs whose source is gone must not be run any more.
STALE := $(filter-out $(CLAIMS) $(TESTS) %.o %.d,$(wildcard $B/claims/* $B/tests/test_*))
$(if $(STALE),$(shell rm -f $(STALE)))

CHECKS := $B/check $(CLAIMS) $(TESTS) $(PROGRAMS) $B/tests/faulty
all: $(CHECKS)

$(OBJECTS): $B/%.o: %.c Makefile $B/compiler
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(CFLAGS) $(if $(filter tools/ledger.c,$<),-DBLAS='"$(BLAS)"') -MMD -MP -c $< -o $@

# The objects of a program: of a chapter, one file or a folder of them; of a test, the
# file of its name, on whichever floor of tests/ it is.
.SECONDEXPANSION:
of_chapter = $(filter $B/proofs_numeric/$1.o $B/proofs_numeric/$1/%,$(CHAPTERS))
of_test = $(foreach o,$(TEST_OBJECTS),$(if $(filter $1.o,$(notdir $o)),$o))

$(CLAIMS): $B/claims/%: $$(call of_chapter,$$*) $(PROOF) $(REF) $(DENSE_OBJECT)
	@mkdir -p $(@D)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

$(filter-out %_plain,$(TESTS)): $B/tests/%: $$(call of_test,$$*) $B/tests/ground/unit.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@mkdir -p $(@D)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

# A chapter whose claims must fail, for tests/test_check.sh.
$B/tests/faulty: $B/tests/ground/faulty.o $(PROOF) $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

$(BENCHES) $(PROGRAMS): %: %.o $(REF) $(DENSE_OBJECT)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(PROOF_LIBS) -o $@

$B/tests/test_nearest: $B/tools/nearest.o
$B/tests/test_session $(PROGRAMS): $B/programs/session.o

$B/tests/test_dense_plain: $(addprefix $B/tests/ground/,test_dense.o unit.o) $(REF) $B/ref/ground/dense_plain.o
	@mkdir -p $(@D)
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(shell pkg-config --libs check zlib) -lm -o $@

$B/check: $(RUNNER) $B/ref/ground/arena.o
	@echo '  ld $@'
	@$(CC) $(CFLAGS) $^ $(shell pkg-config --libs jansson) -lm -o $@

-include $(OBJECTS:.o=.d)

# ---- Checking -------------------------------------------------------------------------

CHECK = $B/check $B --seed '$(SEED)' $(if $(CHAPTER),--chapter '$(CHAPTER)') \
    $(if $(CLAIM),--claim '$(CLAIM)') $(if $(LONG),--long)

# What a student can do in a tree of exercises, or an instructor.
include $(or $(wildcard kit.mk),tools/kit/instructor.mk)

.PHONY: always all check check-platforms soak mutants bench train-flow clean help
check: $(or $(CHECKED),all) $B/divs.tsv ## run the unit tests and every claim: CHAPTER=, CLAIM=, SEED=, LONG=1, SANITIZE=1
	@$(CHECK)

soak: all ## run every claim under SEEDS=n seeds, from SEED on; goes on where it stopped
	@$(CHECK) --soak '$(or $(SEEDS),100)'

mutants: all ## break ref/ on purpose, and count what the checks catch: FILE=, N=, SEED=, LOOPS=1
	@lua5.4 tools/mutants.lua

bench: $(BENCHES) ## race NumPy, SciPy and PyTorch: CONTEST=, ROUNDS=, PYTHON=
	@lua5.4 tools/bench.lua $B $(ROUNDS)

# What a reader passes is data: make takes it as it stands, $ and all, and the shell gets
# it from the environment, where it is not read as shell.
$(foreach name,LAW FILE N,$(if $(value $(name)), \
    $(eval override $(name) := $$(value $(name)))$(eval export $(name))))
train-flow: export FLOW_LAW = $(or $(LAW),gaussians)
train-flow: export FLOW_FILE = $(or $(FILE),$B/flow-$(FLOW_LAW))
train-flow: $B/programs/train_flow ## fit a flow, stop it, go on: LAW=gaussians FILE=build/flow-LAW N=1000
	@$< "$$FLOW_LAW" "$$FLOW_FILE" $${N:+"$$N"}

# What the book is made from: the last complete run.  A claim that fails is a red card in
# the book, not the end of it; a run that breaks off leaves no ledger.
$B/ledger.json: $(CHECKS) $B/divs.tsv chapters/concordance.tsv
	@$(CHECK) || test -s $@
	@touch $@

# Of the chapters, a run depends on what their claim divs say and on the concordance: this
# file changes only if the divs do, so that prose can be edited without running anything.
$B/divs.tsv: $(wildcard chapters/*.md tools/claims.lua tools/divs.lua)
	@mkdir -p $(@D)
	@lua5.4 tools/claims.lua >$@.new
	@cmp -s $@.new $@ || mv $@.new $@

-include tools/book.mk tools/fuzz.mk

check-platforms: ## give the README's commands on other systems: SYSTEMS="trixie sid"
	@setpriv --pdeathsig KILL sh tools/platforms.sh

clean: ## remove build/
	rm -rf build

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18
