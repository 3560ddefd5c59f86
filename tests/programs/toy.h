/* toy.h -- cells of a sweep that take no time, and a folder for their files. */
#ifndef TESTS_TOY_H
#define TESTS_TOY_H

#include "cells/rows.h"
#include "ground/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An axis of numbers and one of whole numbers; two results, of which the second takes
 * all digits, or is no number. */
static const struct axis toy_axes[] = {{"x", false, 1e-3, 1e3}, {"k", true, 0, 99}};
static const char *const toy_results[] = {"sum", "odd"};

/* Called in each cell, if it is not NULL. */
static void (*toy_hook)(const double *at);

static void toy_compute(const double *at, uint64_t seed, double *result)
{
    if (toy_hook != NULL)
        toy_hook(at);
    result[0] = at[0] + at[1] + (double)seed;
    result[1] = at[1] == 5 ? NAN : exp(at[0]) / (at[1] + 3);
}

static double toy_cost(const double *at) { return at[0]; }

static const struct cell_kind toy_kind = {.name = "toy",
                                          .axes = 2,
                                          .results = 2,
                                          .axis = toy_axes,
                                          .result = toy_results,
                                          .sample = (const double[]){1, 2},
                                          .cost = toy_cost,
                                          .compute = toy_compute};
static const struct cell_kind *const toy_kinds[] = {&toy_kind, NULL};

struct toy {
    struct grid grid;
    char folder[40], path[64], table[64], message[SWEEP_MESSAGE];
};

static inline void toy_put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* The grid of this text, or NULL for 3 x 8 cells, in a new folder. */
static inline struct toy *toy_make(const char *text)
{
    struct toy *toy = calloc(1, sizeof *toy);
    strcpy(toy->folder, "build/sweep-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(toy->folder));
    snprintf(toy->path, sizeof toy->path, "%s/a.grid", toy->folder);
    snprintf(toy->table, sizeof toy->table, "%s/a.table", toy->folder);
    toy_put(toy->path, text ? text : "sweep toy\nseed 7\nx 0.1 1 2\nk 0..7\n");
    if (!grid_read(toy->path, toy_kinds, &toy->grid, toy->message))
        ck_abort_msg("%s", toy->message);
    return toy;
}

static inline void toy_free(struct toy *toy)
{
    char command[80];
    snprintf(command, sizeof command, "rm -rf %s", toy->folder);
    ck_assert_int_eq(system(command), 0);
    free(toy);
}

/* What a file holds, at most so much; "" if it is not there. */
static inline char *toy_text(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "r");
    size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    if (file != NULL)
        fclose(file);
    return text;
}

#endif
