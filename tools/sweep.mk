# A sweep: programs/sweep.c under MPI, which nothing else needs.

SWEEP := $B/programs/sweep
MPICC ?= mpicc

# Root may; there may be more ranks than cores; when one is killed, the others go on, and
# nobody makes a speech.
# In the environment, where Open MPI 4 and 5 each find the names that they know; and
# without a home Open MPI 5 does not even compile.
MPI_HOME = HOME="$${HOME:-/}"
MPI_ASKED = $(MPI_HOME) OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    OMPI_MCA_orte_enable_recovery=1 PRTE_MCA_prte_enable_recovery=1 \
    OMPI_MCA_orte_execute_quiet=1 PRTE_MCA_prte_execute_quiet=1
MPIRUN = env $(MPI_ASKED) mpirun --map-by :OVERSUBSCRIBE --bind-to none

.PHONY: sweep
sweep: $(SWEEP) ## the cells of a grid under MPI; goes on where it was stopped: GRID=figures/NAME.grid RANKS=2
	@grid=$${GRID-figures/feature_learning.grid} ranks=$${RANKS-$$(nproc)}; \
	$< --check "$$grid" "$$ranks" && \
	{ $(MPIRUN) -n "$$ranks" $< "$$grid" $$([ -t 2 ] && echo --progress) </dev/null; \
	$< --finished "$$grid"; }

.PHONY: sweep-means
sweep-means: ## of the table of a sweep, means that are small enough to keep: GRID=
	@lua5.4 tools/sweep_means.lua "$${GRID-figures/feature_learning.grid}"

.PHONY: mpi
mpi:
	@command -v $(MPICC) >/dev/null && command -v mpirun >/dev/null || \
	{ echo "make sweep needs MPI; on Debian: ./bootstrap --sweep" >&2; exit 1; }

# Open MPI's compiler is the reader's, with more options.
$(SWEEP) $(SWEEP).o: private override CC := $(MPI_HOME) OMPI_CC='$(CC)' $(MPICC)
$(SWEEP) $(SWEEP).o: | mpi
$(SWEEP): LIBS = $(shell pkg-config --libs \
    $(if $(filter blas,$(DENSE)),openblas) zlib) -lm
$(SWEEP): $(SWEEP).o $(CELLS) $(REF) $(DENSE_OBJECT)
	$(LINK)
