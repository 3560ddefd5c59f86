/* sweep.c -- computes the cells of a grid, on as many processes as MPI starts.
 *
 *     mpirun -n RANKS sweep GRID [--progress]      X.grid makes X.table
 *     sweep --check GRID RANKS                     can it begin, or go on?
 *     sweep --finished GRID                        is the table whole?
 *
 * A run that was stopped, in whatever way, goes on with the same command, and a rank
 * that is killed costs its cell alone, which another computes: cells/handout.h says
 * how. No rank waits for a message from another, since a dead one would send none: of
 * MPI there is taken what starts processes on many machines and numbers them.  That
 * Open MPI lets the others live has to be asked for (tools/sweep.mk); else the death of
 * a rank ends the run.  In MPI_Init and MPI_Finalize ranks do wait for each other, and
 * for a dead one without end, so that both have a time to return in. */
#define _XOPEN_SOURCE 700
#include "cells/feature.h"
#include "cells/handout.h"

#include "ground/dense.h"

#include <mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INIT_SECONDS = 60, FINALIZE_SECONDS = 10, MOST_RANKS = 1 << 20 };

static const struct cell_kind *const kinds[] = {&feature_cells, NULL};

static int complain(const char *message)
{
    fprintf(stderr, "sweep: %s\n", message);
    return EXIT_FAILURE;
}

/* ---- Under MPI ------------------------------------------------------------------- */

/* What the process ends with if MPI does not return. */
static volatile sig_atomic_t ends_with = EXIT_FAILURE;

static void on_alarm(int signal)
{
    (void)signal;
    _exit(ends_with);
}

/* One rank.  What hinders all of them is said by the first. */
static int run(struct sweep sweep)
{
    char message[SWEEP_MESSAGE];
    if (sweep_missing(sweep, message) < 0)
        return sweep.rank == 0 ? complain(message) : EXIT_FAILURE;
    return sweep_run(sweep, message) ? EXIT_SUCCESS : complain(message);
}

/* Where MPI does not come to its start, the table is not whole, and --finished says so.
 */
static int run_with_mpi(int *argc, char ***argv, struct sweep sweep)
{
    signal(SIGALRM, on_alarm);
    alarm(INIT_SECONDS);
    MPI_Init(argc, argv);
    alarm(0);
    MPI_Comm_rank(MPI_COMM_WORLD, &sweep.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &sweep.ranks);
    if (sweep.rank > 0)
        sweep.display = NULL;
    ends_with = run(sweep);
    alarm(FINALIZE_SECONDS);
    MPI_Finalize();
    return ends_with;
}

/* ---- Alone ----------------------------------------------------------------------- */

static int check(struct sweep sweep, const char *ranks)
{
    char message[SWEEP_MESSAGE], *end;
    long count = strtol(ranks, &end, 10);
    if (ranks[strspn(ranks, "0123456789")] != '\0' || count < 1 || count > MOST_RANKS)
        return complain("RANKS must be a whole number from 1 on");
    return sweep_missing(sweep, message) < 0 ? complain(message) : EXIT_SUCCESS;
}

static int finished(struct sweep sweep)
{
    char message[SWEEP_MESSAGE], table[ROWS_PATH];
    int missing = sweep_missing(sweep, message);
    if (missing < 0 || !sweep_name(sweep.path, ".table", table, message))
        return complain(message);
    if (missing > 0) {
        fprintf(stderr, "sweep: %.300s is not whole; the same command goes on\n",
                table);
        return EXIT_FAILURE;
    }
    bool told = printf("%d cells in %s\n", sweep.grid->cells, table) > 0;
    return told && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The ranks run side by side already: BLAS has one thread, which it asks for when it is
 * loaded. */
static void one_thread(char **argv)
{
    const char *threads = getenv("OPENBLAS_NUM_THREADS");
    if ((threads == NULL || strcmp(threads, "1") != 0) &&
        setenv("OPENBLAS_NUM_THREADS", "1", 1) == 0)
        execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
    one_thread(argv);
    dense_begin(argv);
    static struct grid grid;
    char message[SWEEP_MESSAGE];
    bool checks = argc == 4 && strcmp(argv[1], "--check") == 0;
    bool asks = argc == 3 && strcmp(argv[1], "--finished") == 0;
    bool shows = argc == 3 && strcmp(argv[2], "--progress") == 0 && !asks;
    if (!checks && !asks && !shows && (argc != 2 || argv[1][0] == '-'))
        return complain("usage: sweep GRID [--progress], or --check GRID RANKS, or "
                        "--finished GRID"),
               2;
    struct sweep sweep = {.grid = &grid,
                          .path = argv[checks || asks ? 2 : 1],
                          .ranks = 1,
                          .display = shows ? stderr : NULL};
    if (!grid_read(sweep.path, kinds, &grid, message))
        return complain(message);
    return checks ? check(sweep, argv[3])
           : asks ? finished(sweep)
                  : run_with_mpi(&argc, &argv, sweep);
}
