# Measured Descent.  `make help` lists what there is to make.
#
# Rooms are found by wildcard: a chapter STEM is chapters/STEM.md, ref/STEM.[ch],
# proofs_numeric/STEM.c, tests/test_STEM.c and figures/STEM*; only book.md is edited.

# The implementation of dense.h: BLAS where there is one, or else plain loops.
DENSE ?= $(if $(shell pkg-config --exists openblas && echo yes),blas,plain)
B := build$(if $(SANITIZE),/sanitize)$(if $(filter plain,$(DENSE)),/plain)
comma := ,
SEED ?= 1
MAKEFLAGS := $(MAKEFLAGS) -r $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---- What there is --------------------------------------------------------------------

# The files of floors: those in their folders and in the folders of these, where a ground
# or the sections of a chapter may lie.  tools/sources.lua says the same to the tools.
floors = $(wildcard $(foreach floor,$1,$(floor)/*.[ch] $(floor)/*/*.[ch]))

FILES := $(call floors,ref proofs_numeric tests tools bench programs)
INCLUDES := $(addprefix -I,$(sort $(patsubst %/,%,$(dir $(filter %.h,$(FILES))))))
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
RUNNER := $(filter $B/tools/%,$(OBJECTS)) $(call named,arena)

TEST_NAMES := $(filter test_%,$(basename $(notdir $(filter $B/tests/%,$(OBJECTS)))))
UNIT := $(foreach object,$(filter $B/tests/%,$(OBJECTS)), \
    $(if $(filter test_% faulty.o,$(notdir $(object))),,$(object)))

CLAIMS := $(STEMS:%=$B/claims/%)
TESTS := $(TEST_NAMES:%=$B/tests/%) $B/tests/test_dense_plain
BENCHES := $(patsubst %.o,%,$(filter $B/bench/%,$(OBJECTS)))
PROGRAMS := $(patsubst %.o,%,$(filter $B/programs/%,$(OBJECTS)))

# ---- Compiling ------------------------------------------------------------------------

BLAS := $(if $(filter blas,$(DENSE)),OpenBLAS $(shell pkg-config --modversion openblas),plain loops)
ARB := $(if $(wildcard /usr/include/arb.h),-lflint-arb) -lflint

CFLAGS := -std=c17 -O2 -fopenmp-simd -fno-math-errno -g -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror \
    -D_POSIX_C_SOURCE=200809L $(INCLUDES) \
    $(shell pkg-config --cflags openblas check zlib jansson) \
    $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all)
PROOF_LIBS := $(shell pkg-config --libs check lapacke openblas zlib) $(ARB) \
    -lsundials_cvodes -lsundials_nvecserial -lm

TO_CHECK := $B/check $(CLAIMS) $(TESTS) $B/tests/faulty
all: prune $(TO_CHECK)

# Programs whose source is gone must not be run any more.
.PHONY: prune
prune:
	@rm -f $(filter-out $(CLAIMS) $(TESTS) %.o %.d,$(wildcard $B/claims/* $B/tests/test_*))

# The way of compiling: all is compiled anew where it changes, and not for a comment here.
.PHONY: always
$B/flags: always
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(subst ','\'',$(BLAS))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$B/tools/ledger.o: CFLAGS += -DBLAS='"$(BLAS)"'

$(OBJECTS): $B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

# Links the objects among the prerequisites.
define LINK
@mkdir -p $(@D)
@echo '  ld $@'
@$(CC) $(CFLAGS) $(filter %.o,$^) $(LIBS) -o $@
endef
LIBS = $(PROOF_LIBS)

# What stands behind $$ is looked up for each program by its own name.
.SECONDEXPANSION:
$(CLAIMS): $B/claims/%: $$(call argued,$$*) $(PROOF) $(REF) $(DENSE_OBJECT)
	$(LINK)

$(TEST_NAMES:%=$B/tests/%): $B/tests/%: $$(call named,$$*) $(UNIT) $(PROOF) $(REF) $(DENSE_OBJECT)
	$(LINK)

$B/tests/test_nearest: $B/tools/nearest.o

$B/tests/test_dense_plain: LIBS = $(shell pkg-config --libs check zlib) -lm
$B/tests/test_dense_plain: $(call named,test_dense) $(UNIT) $(REF) $(call named,dense_plain)
	$(LINK)

# A chapter whose claims must fail, for tests/test_check.sh.
$B/tests/faulty: $(call named,faulty) $(PROOF) $(REF) $(DENSE_OBJECT)
	$(LINK)

$(BENCHES) $(PROGRAMS): %: %.o $(REF) $(DENSE_OBJECT)
	$(LINK)

$B/check: LIBS = $(shell pkg-config --libs jansson) -lm
$B/check: $(RUNNER)
	$(LINK)

-include $(OBJECTS:.o=.d)

# ---- Checking -------------------------------------------------------------------------

RUN = $B/check $B --seed '$(SEED)' $(if $(CHAPTER),--chapter '$(CHAPTER)') \
    $(if $(CLAIM),--claim '$(CLAIM)') $(if $(LONG),--long)

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

.PHONY: all chapter check doctor format lint soak mutants bench train-flow clean help
check: $$(NEEDED) $B/divs.tsv ## run the unit tests and every claim: CHAPTER=, CLAIM=, SEED=, LONG=1, SANITIZE=1
	@$(RUN)

soak: all ## run every claim under SEEDS=n seeds, from SEED on
	@$(RUN) --soak '$(or $(SEEDS),100)'

chapter: ## write a room on every floor that passes, to be replaced: STEM=, PREFIX=, TITLE=
	@lua5.4 tools/chapter.lua

doctor: $B/divs.tsv ## is a chapter as it should be?  STEM=
	@lua5.4 tools/doctor.lua $B

# The house style is .clang-format's; ./bootstrap --dev has the program.
C_FILES = $(filter ref/% proofs_numeric/% tests/% tools/% programs/%,$(FILES))
format: ## give all C code the house style
	@clang-format -i $(C_FILES)

lint: ## is all C code in the house style?
	@clang-format --dry-run -Werror $(C_FILES)

mutants: all ## break ref/ on purpose, and count what the checks catch: FILE=, N=, SEED=
	@lua5.4 tools/mutants.lua

bench: $(BENCHES) ## race NumPy, SciPy and PyTorch: CONTEST=, ROUNDS=, PYTHON=
	@lua5.4 tools/bench.lua $B $(ROUNDS)

train-flow: $B/programs/train_flow ## fit a flow, stop it, go on: LAW=gaussians FILE=build/flow N=1000
	@$< '$(or $(LAW),gaussians)' '$(or $(FILE),$B/flow)' $(N)

# What the book is made from: the last complete run.  A claim that fails is a red card in
# the book, not the end of it; a run that breaks off leaves no ledger.
$B/ledger.json: $(TO_CHECK) $B/divs.tsv chapters/concordance.tsv | prune
	@$(RUN) || test -s $@
	@touch $@

# Of the chapters, a run depends on what their claim divs say and on the concordance: this
# file changes only if the divs do, so that prose can be edited without running anything.
$B/divs.tsv: $(wildcard chapters/*.md tools/claims.lua tools/divs.lua)
	@mkdir -p $(@D)
	@lua5.4 tools/claims.lua >$@.new
	@cmp -s $@.new $@ || mv $@.new $@

-include tools/book.mk

clean: ## remove build/
	rm -rf build

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18
