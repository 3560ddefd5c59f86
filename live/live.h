/* live.h -- a figure that the reader moves: its curves as a function of its sliders.
 *
 * live/STEM_NAME.c defines what is declared here, with the code of ref/, and is
 * compiled twice: for this machine, to draw figures/STEM_NAME.gp where the sliders
 * begin, and to WebAssembly, for the page to draw it again wherever they are moved. */
#ifndef LIVE_H
#define LIVE_H

#include "ground/dense.h"

enum { LIVE_SLIDERS = 8, LIVE_ARENA = 1 << 21 }; /* at most; bytes */

/* The positions of a slider: equal steps of its value or of its logarithm; COUNT is the
 * latter, rounded to whole numbers. */
enum live_scale { EVEN, LOGARITHMIC, COUNT };

struct slider {
    const char *name;       /* in words, and its symbol                       */
    double from, to, begin; /* begin is one of the positions, to three digits */
    int steps;              /* between from and to                            */
    enum live_scale scale;
};

/* Ends with a slider that has no name. */
extern const struct slider live_sliders[];

/* The names of the columns of live(), as the script of the figure calls them, with a
 * tab between two. */
extern const char live_columns[];

/* A row for each point.  What is NaN is not drawn, and a gap in a line.  slider: a
 * value for each, between its from and its to.  arena: of LIVE_ARENA bytes. */
mat live(struct arena *arena, vec slider);

#endif
