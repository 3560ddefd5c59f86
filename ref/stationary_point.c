#include "stationary_point.h"

#include "ground/dense_shape.h"

#include <math.h>

/* ---- The pseudo-inverse --------------------------------------------------------- */

/* B^+ = V S^+ U' from the singular values B = U S V', where S^+ inverts those that are
 * not 0.  What is at most m eps of the largest is rounding, and counts as 0.  The
 * largest is divided out, so that S^+ is finite, and by it last of all: what then
 * overflows is an entry of B^+. */
static enum factor_status by_singular_values(mat B, struct arena *scratch, mat B_dagger)
{
    int m = B.rows, n = B.cols;
    mat U = arena_mat(scratch, m, n), V = arena_mat(scratch, n, n);
    vec s = arena_vec(scratch, n);
    enum factor_status status = svd(B, scratch, U, s, V);
    double most = max_norm(s);
    if (status != FACTOR_OK || most == 0) {
        fill(status == FACTOR_OK ? 0 : NAN, entries(B_dagger));
        return status;
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            row(V, i).at[j] *= s.at[j] > m * REAL_EPSILON * most ? most / s.at[j] : 0;
    gemm(1, AS_IS, V, TRANSPOSED, U, 0, B_dagger);
    for (int i = 0; i < n * m; i++)
        B_dagger.at[i] /= most;
    return FACTOR_OK;
}

/* B^+ = (B'B)^-1 B', by Cholesky's L L' = B'B. */
static enum factor_status by_normal_equations(mat B, struct arena *scratch,
                                              mat B_dagger)
{
    mat G = arena_mat(scratch, B.cols, B.cols);
    gram(1, B, G);
    transpose(B, B_dagger);
    return solve_positive(G, scratch, B_dagger);
}

/* A method for tall matrices serves wide ones too, as B^+ is the transpose of B'^+. */
static enum factor_status
whichever_is_tall(enum factor_status (*method)(mat, struct arena *, mat), mat B,
                  struct arena *scratch, mat B_dagger)
{
    if (B.rows >= B.cols)
        return method(B, scratch, B_dagger);
    mat Bt = arena_mat(scratch, B.cols, B.rows);
    mat Bt_dagger = arena_mat(scratch, B.rows, B.cols);
    transpose(B, Bt);
    enum factor_status status = method(Bt, scratch, Bt_dagger);
    transpose(Bt_dagger, B_dagger);
    return status;
}

/* B^+, of any B.  B: m x n, read.  B_dagger: n x m; NaN if B is not finite, which is
 * FACTOR_NO_CONVERGENCE.  [CSC2541-1/38, "Gradient Descent: Stationary Solution"] */
enum factor_status sp_pseudo_inverse(mat B, struct arena *scratch, mat B_dagger)
{
    REQUIRE_SHAPE(B_dagger, B.cols, B.rows);
    size_t mark = scratch->used;
    enum factor_status status =
        whichever_is_tall(by_singular_values, B, scratch, B_dagger);
    scratch->used = mark;
    return status;
}

/* B^+ without singular values: (B'B)^-1 B' where the columns of B are independent, and
 * B'(BB')^-1 where B is wide and its rows are; otherwise FACTOR_NOT_POSITIVE, unless
 * rounding hides it.  Relative errors grow with the square of the condition number.
 * B: m x n, read.  B_dagger: n x m.  [CSC2541-1/38, "(B'B)^-1 is invertible"] */
enum factor_status sp_pseudo_inverse_normal(mat B, struct arena *scratch, mat B_dagger)
{
    REQUIRE_SHAPE(B_dagger, B.cols, B.rows);
    size_t mark = scratch->used;
    enum factor_status status =
        whichever_is_tall(by_normal_equations, B, scratch, B_dagger);
    scratch->used = mark;
    return status;
}

/* Where gradient descent from w_0 ends: w := w_0 - A^+ (A w_0 + b), the projection of
 * w_0 on the minimizers of q.  q: A with no negative eigenvalue, b in its range.  w_0:
 * n, read; w: n, overwritten.  [CSC2541-1/36, "Gradient Descent"] */
enum factor_status sp_gd_limit(struct quadratic q, vec w_0, struct arena *scratch,
                               vec w)
{
    size_t mark = scratch->used;
    mat A_dagger = arena_mat(scratch, q.A.cols, q.A.rows);
    vec grad = arena_vec(scratch, w_0.n);
    enum factor_status status = sp_pseudo_inverse(q.A, scratch, A_dagger);
    quadratic_gradient(q, w_0, grad);
    copy(w_0, w);
    gemv(-1, A_dagger, grad, 1, w);
    scratch->used = mark;
    return status;
}

/* ---- Ridge ---------------------------------------------------------------------- */

/* q := q + lambda/2 ||w||^2, so A := A + lambda I.  lambda >= 0, in units of curvature.
 * [CSC2541-1/44, "Gradient Descent for Linear Regression"] */
void sp_tikhonov(double lambda, struct quadratic *q)
{
    REQUIRE(isfinite(lambda) && lambda >= 0,
            "lambda must be finite and not negative, got %g", lambda);
    for (int i = 0; i < q->A.rows; i++)
        row(q->A, i).at[i] += lambda;
}

/* w := -A^-1 b, the one minimizer of a q whose A is positive definite; w is -b, and the
 * status FACTOR_NOT_POSITIVE, if A is not.  w: n, overwritten. */
enum factor_status sp_minimum(struct quadratic q, struct arena *scratch, vec w)
{
    copy(q.b, w);
    scale(-1, w);
    return solve_positive(q.A, scratch, column(w));
}

/* Ridge regression: w minimizes 1/2N ||Phi w - t||^2 + lambda/2 ||w||^2, so that
 * w := (Phi'Phi + N lambda I)^-1 Phi't.  Phi: N x n, t: N, read; lambda > 0; w: n,
 * overwritten.  [CSC2541-1/44, whose formula lacks the N] */
enum factor_status sp_ridge_fit(mat Phi, vec t, double lambda, struct arena *scratch,
                                vec w)
{
    REQUIRE(lambda > 0, "lambda must be positive, got %g", lambda);
    size_t mark = scratch->used;
    struct quadratic q = quadratic_make(scratch, Phi.cols);
    least_squares(Phi, t, &q);
    sp_tikhonov(lambda, &q);
    enum factor_status status = sp_minimum(q, scratch, w);
    scratch->used = mark;
    return status;
}

/* ---- Filters ----------------------------------------------------------------------
 * Which share of the least-squares coefficient along an eigenvector of curvature a >= 0
 * is there, if one starts at zero?  Written so that small shares are exact too. */

/* In ridge regression: a / (a + lambda), lambda > 0. */
double sp_ridge_filter(double a, double lambda) { return a / (a + lambda); }

/* After so much time of gradient flow, dw/dt = -grad: 1 - exp(-a time). */
double sp_flow_filter(double a, double time) { return -expm1(-a * time); }

/* After k steps of gradient descent: 1 - (1 - alpha a)^k. */
double sp_gd_filter(double a, double alpha, int k)
{
    double alpha_a = alpha * a;
    return alpha_a < 1 ? -expm1(k * log1p(-alpha_a)) : 1 - pow(1 - alpha_a, k);
}

/* ---- Another metric ------------------------------------------------------------- */

/* w := w - alpha P grad.  P: n x n, positive definite: steepest descent where lengths
 * are measured by P^-1.  grad: n, read.  w: n, moved.  [CSC2541-1/12] */
void sp_preconditioned_update(double alpha, mat P, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    gemv(-alpha, P, grad, 1, w);
}

/* Where it ends on least squares, from zero: w := P Phi'(Phi P Phi')^-1 t, of all that
 * fit the data the one of least w'P^-1 w.  Phi: N x n, with independent rows, or else
 * FACTOR_NOT_POSITIVE and no w.  t: N, P: n x n, read; w: n, overwritten. */
enum factor_status sp_preconditioned_limit(mat Phi, vec t, mat P, struct arena *scratch,
                                           vec w)
{
    int N = Phi.rows;
    size_t mark = scratch->used;
    mat PPhi_t = arena_mat(scratch, Phi.cols, N), K = arena_mat(scratch, N, N);
    vec c = arena_vec(scratch, N);
    copy(t, c);
    gemm(1, AS_IS, P, TRANSPOSED, Phi, 0, PPhi_t);
    gemm(1, AS_IS, Phi, AS_IS, PPhi_t, 0, K);
    enum factor_status status = solve_positive(K, scratch, column(c));
    if (status == FACTOR_OK)
        gemv(1, PPhi_t, c, 0, w);
    scratch->used = mark;
    return status;
}
