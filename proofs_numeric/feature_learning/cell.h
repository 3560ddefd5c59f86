/* cell.h -- one cell of the sweep over (alpha, m, seed): one network, trained once, and
 * all that the figures of Geiger et al. want to know of it.
 *
 * The data: d = 20 normal inputs, of which the label is the sign of the first.  A
 * cell's numbers depend on its name, struct cell, and on nothing else.  Two cells that
 * differ in rho alone have the same examples and the same start: the streams are keyed
 * by (seed, data) and (seed, data, start, m, depth), and never by rho. */
#ifndef PROOFS_CELL_H
#define PROOFS_CELL_H

#include "feature_learning.h"

enum {
    CELL_INPUTS = 20,
    CELL_TEST = 1000, /* test examples                                        */
    CELL_PROBES = 8,  /* of these, the first, whose outputs are in the result */
    CELL_LOOKS = 3    /* times before the end: CELL_TIMES[] of t_c            */
};
extern const double CELL_TIMES[CELL_LOOKS]; /* 0.01, 0.1, 1 */

struct cell {
    uint64_t seed;
    int data, start;  /* which data set, and which start on it: 0..65535 */
    int examples;     /* n                                               */
    int depth, width; /* L hidden layers of m units                      */
    double rho;       /* alpha sqrt(m), which is t_c                     */
};

/* What has changed between the start and a look; relative, in Frobenius' norm. */
struct cell_look {
    double t;            /* of the look: the end, if training ended before    */
    double loss;         /* the mean of l(F, y)                               */
    double output;       /* root mean square of F over the examples           */
    double kernel;       /* ||Theta - Theta_0|| / ||Theta_0||                 */
    double last_weights; /* root mean square change of W_L                    */
    double activations;  /* and of the pre-activations of hidden layer L      */
    double nonlinearity; /* ||F - F_lin|| / ||F||                             */
};

struct cell_result {
    enum feat_status status;           /* FEAT_FITTED where all went well       */
    int evaluations;                   /* gradients                             */
    double t_half;                     /* NaN if the loss was never halved      */
    struct cell_look look[CELL_LOOKS]; /* on the way                            */
    struct cell_look end;              /* when all margins had reached 1/2      */
    double test_error;                 /* share of the test examples, F y <= 0  */
    double test_square;                /* mean of F^2 over the test examples    */
    double probe[CELL_PROBES];         /* F on the first test examples          */
};

/* Trains the cell; looks = false leaves out the looks, whose numbers are then 0.  F:
 * CELL_TEST numbers, the outputs on all test examples, overwritten; or empty.  y: as F,
 * the labels of these.  scratch: left as it was found. */
struct cell_result cell_run(const struct cell *cell, bool looks, struct arena *scratch,
                            vec F, vec y);

/* X := normal numbers, y := the sign of the first in each row, +1 or -1. */
void cell_examples(struct rng *rng, mat X, vec y);

/* The room that cell_run needs, in bytes. */
size_t cell_room(const struct cell *cell);

#endif
