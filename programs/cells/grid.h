/* grid.h -- the cells of a sweep: all combinations of the values on its axes.
 *
 * A grid is a small text, a line for each key, in any order behind the first:
 *
 *     sweep feature            which kind of cell
 *     seed  1                  of all random numbers
 *     m     16 32 64           an axis of the kind and its values, ascending
 *     data  0..7               the same as 0 1 2 3 4 5 6 7
 *     # a comment
 *
 * Every axis of the kind has one line.  Cells are numbered from 0 in the order of the
 * kind's axes, of which the last moves fastest.  A grid is not trusted: what is wrong
 * with it is one line of text. */
#ifndef PROGRAMS_GRID_H
#define PROGRAMS_GRID_H

#include <stdbool.h>
#include <stdint.h>

enum {
    GRID_AXES = 8,
    GRID_VALUES = 1024,   /* on one axis            */
    GRID_CELLS = 1 << 20, /* in all                 */
    GRID_RESULTS = 64,    /* numbers of one cell    */
    SWEEP_MESSAGE = 512
};

struct axis {
    const char *name;
    bool whole;         /* its values are whole numbers */
    double least, most; /* and from here to there       */
};

/* What a cell is.  A cell's results depend on its values and on the seed alone. */
struct cell_kind {
    const char *name;
    int axes, results;
    const struct axis *axis;          /* axes                                        */
    const char *const *result;        /* results: their names                        */
    const double *sample;             /* axes: a cell that takes no time, whose      */
                                      /* results tell one version of the code, or    */
                                      /* machine that rounds as it does, from others */
    double (*cost)(const double *at); /* predicted seconds of a cell          */
    void (*compute)(const double *at, uint64_t seed, double *result);
};

struct grid {
    const struct cell_kind *kind;
    uint64_t seed;
    int count[GRID_AXES]; /* values on each axis */
    double value[GRID_AXES][GRID_VALUES];
    int cells;
};

/* kinds: those there are, NULL at the end.  message: what is wrong in one line without
 * the newline, if the result is false. */
bool grid_read(const char *path, const struct cell_kind *const *kinds,
               struct grid *grid, char message[SWEEP_MESSAGE]);

void grid_cell(const struct grid *grid, int cell, double *at);
int grid_find(const struct grid *grid, const double *at);

/* Numbers for all that a grid says, and for what the code makes of the sample. */
uint64_t grid_hash(const struct grid *grid);
uint64_t grid_code_hash(const struct grid *grid);

#endif
