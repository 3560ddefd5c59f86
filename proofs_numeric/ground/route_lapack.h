/* route_lapack.h -- the other route: LAPACK's decompositions in the notation of
 * dense.h, which owe nothing to ref/ground/factor. */
#ifndef PROOFS_ROUTE_LAPACK_H
#define PROOFS_ROUTE_LAPACK_H

#include "ground/dense.h"

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

#endif
