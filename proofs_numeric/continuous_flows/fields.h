/* fields.h -- random fields for the chapter "Flows without determinants", and the same
 * flow by another route: plain loops over complex numbers. */
#ifndef PROOFS_FIELDS_H
#define PROOFS_FIELDS_H

#include "continuous_flows.h"
#include "ground/claim.h"

#include <complex.h>

enum { WIDEST = 64, DIMENSIONS = 8 };

typedef double complex number;

/* A number, and its derivatives by the D coordinates. */
struct jet {
    number value, by[DIMENSIONS];
};

/* f := the field at (z, t), with its Jacobian. */
void plain_field(const struct cnf *cnf, const number *w, double t, const number *z,
                 struct jet *f);

/* What is followed: the field of these weights, and <v, (df/dz) v> in place of the
 * trace where there is a probe v. */
struct followed {
    const struct cnf *cnf;
    const number *w;
    const double *probe; /* D, or NULL */
};

/* Kutta's classical method, as every textbook has it.  state: D + 1, moved. */
void plain_path(struct followed x, double t, double t_end, int steps, number *state);

/* -log p(x) where the log-density gained on the way counts so many times: 1, or 0 in a
 * world without the trace. */
number plain_loss(struct followed along, vec x, double gained);

/* A field, and a stream for what is drawn beside it. */
struct world {
    struct arena *arena;
    struct rng rng;
    struct cnf cnf;
    vec w;
    number *plain; /* w again */
};

/* A random field: weights of variance gain^2 / n_l, biases of 1/4.  Its Jacobian is of
 * size gain^hidden or less. */
struct world field_drawn(struct claim *claim, uint64_t replicate, struct cnf cnf,
                         double gain);

/* The world's own weights, and the trace. */
struct followed plain_trace(const struct world *world);

/* Standard normal entries from the world's stream. */
mat field_normals(struct world *world, int rows, int cols);

/* The root of the mean square. */
double root_mean_square(vec x);

/* Elimination with row exchanges: returns log |det A| and, in *sign, the sign of det A;
 * counts its multiplications and additions as one each where they come in pairs. */
double log_determinant(mat A, double *sign, long *count);

/* Numbers of steps; fields that are drawn.  One slope that is off by 1, where a leading
 * term happens to be small, widens Student's interval of 22 by 0.47, and of 16 by 0.83:
 * then it would reach a neighbour. */
enum { LADDER = 5, FIELDS = 22 };

/* How far a relative error of c h, c <= 5, moves the slope of a fit to h = 1 / steps,
 * for LADDER numbers of steps.  It is the next term of a numerical path's error; c is
 * some slopes of the field, which are of size 1. */
double bend_of(const double *steps);

/* The derivative of the mean loss at the rows of X along dw, by a complex step; by a
 * probe, or by the trace where it is NULL. */
double plain_derivative(const struct world *world, const double *probe, mat X, vec dw,
                        double gained);

#endif
