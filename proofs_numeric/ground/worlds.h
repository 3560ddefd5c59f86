/* worlds.h -- drawn worlds whose answer is known because they were built from it.
 *
 * The products here are plain sums, which share nothing with ref/ground/dense.  A world
 * lies in the arena that it is given. */
#ifndef PROOFS_WORLDS_H
#define PROOFS_WORLDS_H

#include "ground/dense.h"
#include "ground/quadratic.h"
#include "ground/rng.h"

/* Independent standard normal entries. */
vec normal_vec(struct arena *arena, struct rng *rng, int n);
mat normal_mat(struct arena *arena, struct rng *rng, int rows, int cols);

/* a_j = largest / kappa^(j / (n - 1)): from the largest down to largest / kappa. */
vec geometric_spectrum(struct arena *arena, int n, double largest, double kappa);

/* J(w) = 1/2 (w - w_star)' Q diag(a) Q' (w - w_star) + least, multiplied out. */
struct solved_quadratic {
    struct quadratic q;
    vec a;        /* n: the eigenvalues                   */
    mat Q;        /* n x n, an eigenvector in each column */
    vec w_star;   /* n: where the gradient vanishes       */
    double least; /* the cost there                       */
};

/* A quadratic with spectrum a in a Haar-random basis, around a normal w_star. */
struct solved_quadratic solved_quadratic_make(struct arena *arena, struct rng *rng,
                                              vec a);

/* error := Q'(w - w_star), the error in the coordinates of the eigenvectors; and back,
 * w := w_star + Q error. */
void to_axes(struct solved_quadratic k, vec w, vec error);
void from_axes(struct solved_quadratic k, vec error, vec w);

/* A = sum of s_j u_j v_j', whose singular values and vectors are known. */
struct factored_matrix {
    mat A;    /* m x n                                              */
    vec s;    /* its singular values that are not 0; no order       */
    mat U, V; /* m x m and n x n: u_j and v_j are rows j of U and V */
};

/* A with the singular values s, no more of them than m or n, between two rotations that
 * are Haar-random.  One of s may have a minus: then det A has it too, if A is square.
 */
struct factored_matrix factored_matrix_make(struct arena *arena, struct rng *rng, int m,
                                            int n, vec s);

#endif
