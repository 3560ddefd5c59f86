/* oracle.h -- the other route: answers that owe nothing to the code under test.
 *
 * LAPACK's decompositions in the notation of dense.h, and quadratics whose answer is
 * known because they were built from it.  The products here are plain sums. */
#ifndef PROOFS_ORACLE_H
#define PROOFS_ORACLE_H

#include "ground/dense.h"
#include "gradient_descent.h"
#include "ground/rng.h"

/* Symmetric A = Q diag(values) Q': values ascending, an eigenvector in each column of
 * Q. A: n x n, read; values: n; Q: n x n.  [LAPACK dsyevd] */
void route_eigen(mat A, vec values, mat Q);

/* x := A^-1 b, for any nonsingular A.  [LAPACK dgesv] */
void route_solve(mat A, vec b, vec x);

/* x := the vector of least norm among those that minimize ||A x - b||.  A: m x n, of
 * any rank: singular values below n eps of the largest count as 0.  [LAPACK dgelsd] */
void route_min_norm(mat A, vec b, vec x);

/* s := the singular values of A, descending.  A: m x n, read; s: the smaller of m, n.
 * [LAPACK dgesvd] */
void route_singular(mat A, vec s);

/* J(w) = 1/2 (w - w_star)' Q diag(a) Q' (w - w_star) + least, multiplied out. */
struct known {
    struct quadratic q;
    vec a;        /* n: the eigenvalues                  */
    mat Q;        /* n x n, an eigenvector in each column */
    vec w_star;   /* n: where the gradient vanishes      */
    double least; /* the cost there                      */
};

/* A quadratic with spectrum a in a Haar-random basis, around a normal w_star. */
struct known known_quadratic(struct arena *arena, struct rng *rng, vec a);

/* a_j = largest / kappa^(j / (n - 1)): from the largest down to largest / kappa. */
vec geometric_spectrum(struct arena *arena, int n, double largest, double kappa);

/* error := Q'(w - w_star), the error in the coordinates of the eigenvectors; and back,
 * w := w_star + Q error. */
void to_error(struct known k, vec w, vec error);
void from_error(struct known k, vec error, vec w);

#endif
