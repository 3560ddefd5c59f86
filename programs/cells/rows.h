/* rows.h -- the results of a sweep as text: a line for each cell, whole or not there.
 *
 * A row has the values of its cell and then its results, with tabs between them, each
 * number with as many digits as lead back to its bits.  The first line of a file of
 * rows says of which grid they are, and by which code:
 *
 *     # sweep feature, grid 0123456789abcdef, code 0123456789abcdef
 *
 * A last line without its end is none: whoever wrote it was killed. */
#ifndef PROGRAMS_ROWS_H
#define PROGRAMS_ROWS_H

#include "cells/grid.h"

#include <stddef.h>

enum { ROW_BYTES = 2048, ROWS_HEADER = 160, ROWS_PATH = 1024 };

/* Rows that were read, or are to be. */
struct rows {
    const struct grid *grid;
    char header[ROWS_HEADER]; /* the first line of each file, with its end    */
    char **line;              /* grid->cells: that of each cell, NULL if none */
    int count;                /* of those that are not NULL                   */
};

struct rows rows_make(const struct grid *grid);
void rows_free(struct rows *rows);
void rows_forget(struct rows *rows);

/* line := the row of a cell, with its end.  Returns its length. */
size_t rows_print(const struct grid *grid, int cell, const double *result,
                  char line[ROW_BYTES]);

/* Adds the rows of a file; one that is not there has none.  False: the file is of
 * another grid or another code, or is no such file, as the message says. */
bool rows_read(struct rows *rows, const char *path, char message[SWEEP_MESSAGE]);

/* Replaces the file by one of all rows, in the order of the cells: it is there as a
 * whole or as it was.  All rows must be there. */
bool rows_write(const struct rows *rows, const char *path, char message[SWEEP_MESSAGE]);

#endif
