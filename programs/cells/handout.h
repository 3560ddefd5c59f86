/* handout.h -- the cells of a grid, shared out among processes that may be killed.
 *
 * Nobody hands the cells out, so that nobody's end can stop the others.  For a grid
 * X.grid there is a folder X.cells, on a file system that all ranks see, and in it
 *
 *     state    a byte for each cell, 1 when its row has been written
 *     rows.K   the rows of the process that has the K-th of these files
 *
 * A process that takes a cell locks its byte of `state`, and the system gives the lock
 * back when the process ends, however it does.  So a byte that can be locked and is 0
 * is a cell that is not done and that nobody is at.  A rank begins with its own cells,
 * every ranks-th in the order of predicted time, the longest first; then it takes over
 * what others have not begun, and last it waits for what they are at: should one of
 * them be killed, its cell is computed by who waits for it.  Who first finds that all
 * is done writes the table, X.table, sorted by cell, and then removes the folder: those
 * who waited for that see that `state` is gone. */
#ifndef PROGRAMS_HANDOUT_H
#define PROGRAMS_HANDOUT_H

#include "cells/rows.h"

#include <stdio.h>

struct sweep {
    const struct grid *grid;
    const char *path; /* of the grid; it ends in .grid                           */
    int rank, ranks;  /* 0 <= rank < ranks                                       */
    FILE *display;    /* a terminal that shows how far all of them are, or NULL  */
};

/* True: the cells are done, all of them, and the table is there.  message: what is
 * wrong in one line without the newline, if not. */
bool sweep_run(struct sweep sweep, char message[SWEEP_MESSAGE]);

/* How many cells are missing from the table; below 0: it, or the folder, is of another
 * sweep, as the message says. */
int sweep_missing(struct sweep sweep, char message[SWEEP_MESSAGE]);

/* name := the path of the grid with this in place of ".grid". */
bool sweep_name(const char *path, const char *ending, char name[ROWS_PATH],
                char message[SWEEP_MESSAGE]);

#endif
