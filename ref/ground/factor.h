/* factor.h -- the three factorizations that least squares needs.
 *
 * Cholesky's A = LL' for a positive definite A; Householder's A = QR for a tall A; and
 * the singular values, A = U diag(s) V'.  What a matrix cannot be is returned as a
 * status; a shape that does not fit stops.  What takes n^3 operations runs along rows.
 * [Golub, Van Loan 2013, "Matrix Computations", sections 4.2, 5.2, 8.6] */
#ifndef REF_FACTOR_H
#define REF_FACTOR_H

#include "ground/dense.h"

enum factor_status {
    FACTOR_OK,
    FACTOR_NOT_POSITIVE,  /* a pivot of Cholesky is not positive: A is not definite */
    FACTOR_NO_CONVERGENCE /* no singular values: A, or the largest, is not finite   */
};

/* Lower triangular L, zero above the diagonal, with A = LL'.  A: n x n, of which the
 * lower triangle is read; L: n x n, unfinished where A is not definite. */
enum factor_status cholesky(mat A, mat L);

/* B := L^-1 B, or L'^-1 B if TRANSPOSED.  L: n x n, lower triangular.  B: n x m. */
void solve_lower(mat L, enum side side, mat B);

/* B := A^-1 B for a positive definite A, by Cholesky; B stays as it is if A is not.
 * A: n x n, its lower triangle read; B: n x m.  scratch: n^2 numbers. */
enum factor_status solve_positive(mat A, struct arena *scratch, mat B);

/* A := R in its upper triangle, the reflections of Q below it.  A: m x n, m >= n.
 * tau: n, the weights of the reflections. */
void householder_qr(mat A, vec tau);

/* x := Q x, or Q'x if TRANSPOSED, for the Q that householder_qr left.  x: m. */
void apply_q(mat QR, vec tau, enum side side, vec x);

/* The first n entries of x := R^-1 x, or R'^-1 x, for the R it left.  x: at least n.
 * Not finite where R has a 0 on its diagonal. */
void solve_upper(mat QR, enum side side, vec x);

/* A = U diag(s) V' with s descending.  A: m x n, m >= n, read, any that is finite.  U:
 * m x n, its columns orthonormal (where s > 1e-290 s_0, of floats 1e-30 s_0; zero where
 * s is); s: n; V: n x n, orthogonal; none of them means anything without FACTOR_OK.
 * Where columns of A depend on each other, rounding may leave an s of some eps s_0 in
 * place of a 0. [one-sided Jacobi, Hestenes 1958] */
enum factor_status svd(mat A, struct arena *scratch, mat U, vec s, mat V);

#endif
