# A sweep: programs/sweep.c under MPI, which nothing else needs.

SWEEP := $B/programs/sweep
SWEEP_PARTS := $(filter $B/programs/cells/%,$(OBJECTS)) \
    $(filter $B/proofs_numeric/feature_learning/cell.o,$(OBJECTS))

# As many ranks as there are cores, or more; root too; and when one is killed, the others
# go on.  Messages of mpirun about that are not ours.
MPIRUN := env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -q \
    --oversubscribe --bind-to none --enable-recovery

.PHONY: sweep
sweep: $(SWEEP) ## the cells of a grid under MPI; goes on where it was stopped: GRID=figures/NAME.grid RANKS=2
	@grid=$${GRID-figures/feature_learning.grid} ranks=$${RANKS-$$(nproc)}; \
	$< --check "$$grid" "$$ranks" && \
	{ $(MPIRUN) -n "$$ranks" $< "$$grid" $$([ -t 2 ] && echo --progress) </dev/null; \
	$< --finished "$$grid"; }

.PHONY: mpi
mpi:
	@command -v mpicc >/dev/null && command -v mpirun >/dev/null || \
	{ echo "make sweep needs MPI; on Debian: ./bootstrap --sweep" >&2; exit 1; }

# Open MPI's compiler is the reader's, with more options.
$(SWEEP) $(SWEEP).o: private override CC := OMPI_CC='$(CC)' mpicc
$(SWEEP) $(SWEEP).o: | mpi
$(SWEEP): LIBS = $(shell pkg-config --libs \
    $(if $(filter blas,$(DENSE)),openblas) zlib) -lm
$(SWEEP): $(SWEEP).o $(SWEEP_PARTS) $(REF) $(DENSE_OBJECT)
	$(LINK)
