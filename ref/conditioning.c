#include "conditioning.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* Phi := [X, 1]: the feature that is 1 for every example makes the bias a weight.
 * X: N x D, read.  Phi: N x (D + 1), overwritten.
 * [CSC2541-1/25, "Recap: Linear Regression", homogeneous coordinate] */
void cn_with_constant(mat X, mat Phi)
{
    REQUIRE(Phi.rows == X.rows && Phi.cols == X.cols + 1,
            "Phi must be %d x %d, got %d x %d", X.rows, X.cols + 1, Phi.rows, Phi.cols);
    for (int i = 0; i < X.rows; i++) {
        copy(row(X, i), (vec){X.cols, row(Phi, i).at});
        row(Phi, i).at[X.cols] = 1;
    }
}

/* mu_j := mean of x_j over the N examples.  X: N x D, read, N > 0.  mu: D.
 * [CSC2541-1/46, "Normalization"] */
void cn_means(mat X, vec mu)
{
    REQUIRE(X.rows > 0, "X has no rows, so its mean is not defined");
    fill(0, mu);
    for (int i = 0; i < X.rows; i++)
        axpy(1.0 / X.rows, row(X, i), mu);
}

/* sigma_j := sqrt(mean of (x_j - mu_j)^2), with 1/N; or 0 for a feature that is
 * constant, whose mean is off by up to N eps |mu_j| from rounding.  X: N x D, mu: D,
 * read, N > 0. sigma: D.  [CSC2541-1/46, "Normalization"] */
void cn_deviations(mat X, vec mu, vec sigma)
{
    REQUIRE(X.rows > 0, "X has no rows, so its deviation is not defined");
    REQUIRE(mu.n == X.cols && sigma.n == X.cols,
            "X has %d features, mu has %d entries, sigma has %d", X.cols, mu.n,
            sigma.n);
    fill(0, sigma);
    for (int i = 0; i < X.rows; i++)
        for (int j = 0; j < X.cols; j++) {
            double off = row(X, i).at[j] - mu.at[j];
            sigma.at[j] += off * off / X.rows;
        }
    for (int j = 0; j < X.cols; j++) {
        double noise = X.rows * DBL_EPSILON * fabs(mu.at[j]);
        sigma.at[j] = sqrt(sigma.at[j]) > noise ? sqrt(sigma.at[j]) : 0;
    }
}

/* x := x - mu for each example.  mu: D, read.  X: N x D, moved.
 * [CSC2541-1/51, "Centering, normalizing, whitening"] */
void cn_center(vec mu, mat X)
{
    for (int i = 0; i < X.rows; i++)
        axpy(-1, mu, row(X, i));
}

/* x_j := (x_j - mu_j) / sigma_j for each example; 0 where sigma_j = 0, since a feature
 * that was constant tells nothing.  mu, sigma: D, read, sigma >= 0.  X: N x D,
 * replaced. [CSC2541-1/46, "Normalization"] */
void cn_standardize(vec mu, vec sigma, mat X)
{
    REQUIRE(sigma.n == X.cols, "X has %d features, sigma has %d entries", X.cols,
            sigma.n);
    for (int j = 0; j < X.cols; j++)
        REQUIRE(isfinite(sigma.at[j]) && sigma.at[j] >= 0,
                "sigma_%d must be finite and not negative, got %g", j, sigma.at[j]);
    cn_center(mu, X);
    for (int i = 0; i < X.rows; i++)
        for (int j = 0; j < X.cols; j++)
            row(X, i).at[j] = sigma.at[j] > 0 ? row(X, i).at[j] / sigma.at[j] : 0;
}

/* A map of D features to m, all zero, in memory of the arena. */
struct whitening cn_whitening_make(struct arena *arena, int m, int D)
{
    return (struct whitening){arena_vec(arena, D), arena_mat(arena, m, D)};
}

/* w.mu := the mean of X.  Returns a copy of X, centred, in memory of the arena. */
static mat centered(mat X, struct arena *arena, struct whitening *w)
{
    mat C = arena_mat(arena, X.rows, X.cols);
    cn_means(X, w->mu);
    copy(entries(X), entries(C));
    cn_center(w->mu, C);
    return C;
}

/* Does each feature vary by more than rounding, and by more than what the ones before
 * it explain?  The pivot L_jj^2 is what is left of sigma_j^2, a sum of N products, once
 * up to D others are subtracted: it is known to within (N + D) eps sigma_j^2. */
static bool pivots_count(mat L, vec sigma, int N)
{
    double noise = (N + L.rows) * DBL_EPSILON;
    for (int j = 0; j < L.rows; j++) {
        double left = row(L, j).at[j] / sigma.at[j];
        if (sigma.at[j] == 0 || left * left <= noise)
            return false;
    }
    return true;
}

/* Learns the map with W = L^-1, where Sigma = LL'.  X: N x D, read.  w: made for m = D,
 * overwritten; left without meaning if Sigma is singular, as it is for N <= D.
 * [CSC2541-1/51, "Centering, normalizing, whitening", S = L] */
enum factor_status cn_whitening_cholesky(mat X, struct arena *scratch, struct whitening *w)
{
    int N = X.rows, D = X.cols;
    REQUIRE(w->W.rows == D && w->W.cols == D, "W must be %d x %d, got %d x %d", D, D,
            w->W.rows, w->W.cols);
    size_t mark = scratch->used;
    mat Sigma = arena_mat(scratch, D, D), L = arena_mat(scratch, D, D);
    vec sigma = arena_vec(scratch, D);
    gram(1.0 / N, centered(X, scratch, w), Sigma);
    cn_deviations(X, w->mu, sigma);
    enum factor_status status = cholesky(Sigma, L);
    if (status == FACTOR_OK && (N <= D || !pivots_count(L, sigma, N)))
        status = FACTOR_NOT_POSITIVE;
    if (status == FACTOR_OK) {
        fill(0, entries(w->W));
        for (int j = 0; j < D; j++)
            row(w->W, j).at[j] = 1;
        solve_lower(L, AS_IS, w->W);
    }
    scratch->used = mark;
    return status;
}

/* Learns the map for N <= D, where Sigma is singular: from the centred X' = U diag(s)
 * V' it takes W = sqrt(N) diag(s)^+ U', in which s^+ = 0 where s is at most D eps of
 * the largest.  X: N x D, read.  w: made for m = N, overwritten. [CSC2541-1/51,
 * "Centering, normalizing, whitening", with the pseudo-inverse of S] */
enum factor_status cn_whitening_svd(mat X, struct arena *scratch, struct whitening *w)
{
    int N = X.rows, D = X.cols;
    REQUIRE(N <= D, "X must have no more rows than columns, got %d x %d", N, D);
    REQUIRE(w->W.rows == N && w->W.cols == D, "W must be %d x %d, got %d x %d", N, D,
            w->W.rows, w->W.cols);
    size_t mark = scratch->used;
    mat tall = arena_mat(scratch, D, N), U = arena_mat(scratch, D, N);
    mat V = arena_mat(scratch, N, N);
    vec s = arena_vec(scratch, N);
    transpose(centered(X, scratch, w), tall);
    enum factor_status status = svd(tall, scratch, U, s, V);
    transpose(U, w->W);
    for (int i = 0; i < N; i++)
        scale(s.at[i] > D * DBL_EPSILON * s.at[0] ? sqrt(N) / s.at[i] : 0,
              row(w->W, i));
    scratch->used = mark;
    return status;
}

/* z := W (x - mu) for each example.  X: N x D, left centred by mu.  Z: N x m.
 * [CSC2541-1/51, "Centering, normalizing, whitening", with the mean subtracted] */
void cn_whiten(struct whitening w, mat X, mat Z)
{
    cn_center(w.mu, X);
    gemm(1, AS_IS, X, TRANSPOSED, w.W, 0, Z);
}
