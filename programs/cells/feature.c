#include "cells/feature.h"

#include "feature_learning/cell.h"

#include <math.h>

enum { LOOK = 7, RESULTS = 5 + (CELL_LOOKS + 1) * LOOK + CELL_PROBES };

enum { RHO, M, DEPTH, EXAMPLES, DATA, START, AXES };

static const struct axis axes[AXES] = {
    [RHO] = {"rho", false, 1e-6, 1e6}, [M] = {"m", true, 1, 4096},
    [DEPTH] = {"L", true, 1, 16},      [EXAMPLES] = {"n", true, 1, 4096},
    [DATA] = {"data", true, 0, 65535}, [START] = {"start", true, 0, 65535}};

/* Behind the underscore, the time in t_c; without one, the end of training. */
#define AT(when)                                                                       \
    "t" when, "loss" when, "output" when, "kernel" when, "last_weights" when,          \
        "activations" when, "nonlinearity" when

static const char *const results[RESULTS] = {"status",    "evaluations", "t_half",
                                             AT("_0.01"), AT("_0.1"),    AT("_1"),
                                             AT(""),      "test_error",  "test_square",
                                             "probe_0",   "probe_1",     "probe_2",
                                             "probe_3",   "probe_4",     "probe_5",
                                             "probe_6",   "probe_7"};

/* Smaller than any cell that is worth a sweep, but of more than one of everything. */
static const double sample[AXES] = {
    [RHO] = 0.1, [M] = 8, [DEPTH] = 3, [EXAMPLES] = 16, [DATA] = 3, [START] = 2};

static struct cell named(const double *at, uint64_t seed)
{
    return (struct cell){.seed = seed,
                         .data = (int)at[DATA],
                         .start = (int)at[START],
                         .examples = (int)at[EXAMPLES],
                         .depth = (int)at[DEPTH],
                         .width = (int)at[M],
                         .rho = at[RHO]};
}

static double *put_look(const struct cell_look *look, double *to)
{
    const double numbers[LOOK] = {
        look->t,           look->loss,         look->output,
        look->kernel,      look->last_weights, look->activations,
        look->nonlinearity};
    for (int i = 0; i < LOOK; i++)
        *to++ = numbers[i];
    return to;
}

static void compute(const double *at, uint64_t seed, double *result)
{
    struct cell cell = named(at, seed);
    struct arena arena = arena_make(cell_room(&cell));
    struct cell_result from = cell_run(&cell, true, &arena, (vec){0}, (vec){0});
    arena_free(&arena);
    *result++ = from.status;
    *result++ = from.evaluations;
    *result++ = from.t_half;
    for (int i = 0; i < CELL_LOOKS; i++)
        result = put_look(&from.look[i], result);
    result = put_look(&from.end, result);
    *result++ = from.test_error;
    *result++ = from.test_square;
    for (int i = 0; i < CELL_PROBES; i++)
        *result++ = from.probe[i];
}

/* Gradients until all examples are fitted: as counted, at each power of ten of rho from
 * 1e-3 to 1e3, for L = 3; between these on a line. */
static double evaluations(double rho)
{
    static const double counted[] = {634, 423, 271, 217, 223, 246, 247};
    enum { LAST = sizeof counted / sizeof *counted - 1 };
    double place = fmin(fmax(log10(rho) + 3, 0), LAST);
    int below = (int)fmin(place, LAST - 1);
    return counted[below] + (place - below) * (counted[below + 1] - counted[below]);
}

/* A gradient is 6 n P operations at 10 to the nanosecond, and n m L activations of 13
 * ns; before and behind them, a kernel is as much as some gradients. */
static double cost(const double *at)
{
    double n = at[EXAMPLES], m = at[M], L = at[DEPTH];
    double P = m * (CELL_INPUTS + (L - 1) * m + 1);
    double gradient = 6 * n * P * 1e-10 + n * m * L * 13e-9;
    return (evaluations(at[RHO]) + 30) * gradient + 1e-3;
}

const struct cell_kind feature_cells = {.name = "feature",
                                        .axes = AXES,
                                        .results = RESULTS,
                                        .axis = axes,
                                        .result = results,
                                        .sample = sample,
                                        .cost = cost,
                                        .compute = compute};
