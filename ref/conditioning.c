#include "conditioning.h"

#include "ground/dense_shape.h"

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

/* The root of the sum of (x_j - mu_j)^2, in whatever units: hypot adds up squares that
 * cannot be held. */
static double far_length(mat X, int j, double mu_j)
{
    double length = 0;
    for (int i = 0; i < X.rows; i++)
        length = hypot(length, row(X, i).at[j] - mu_j);
    return length;
}

/* sigma_j := sqrt(mean of (x_j - mu_j)^2), with 1/N; or 0 for a feature that is
 * constant, whose mean is off by up to N eps |mu_j| from rounding, and by N times the
 * least real where it underflows.  X: N x D, mu: D, read, N > 0.  sigma: D.
 * [CSC2541-1/46, "Normalization"] */
void cn_deviations(mat X, vec mu, vec sigma)
{
    REQUIRE(X.rows > 0, "X has no rows, so its deviation is not defined");
    REQUIRE(mu.n == X.cols && sigma.n == X.cols,
            "X has %d features, mu has %d entries, sigma has %d", X.cols, mu.n,
            sigma.n);
    double N = X.rows;
    fill(0, sigma);
    for (int i = 0; i < X.rows; i++) {
        vec x = row(X, i);
        for (int j = 0; j < X.cols; j++)
            sigma.at[j] += (x.at[j] - mu.at[j]) * (x.at[j] - mu.at[j]);
    }
    for (int j = 0; j < X.cols; j++) {
        double sum = sigma.at[j],
               noise = N * (REAL_EPSILON * fabs(mu.at[j]) + REAL_TRUE_MIN);
        bool held = sum > REAL_MIN / REAL_EPSILON && sum < INFINITY;
        sigma.at[j] = (held ? sqrt(sum) : far_length(X, j, mu.at[j])) / sqrt(N);
        if (sigma.at[j] <= noise && isfinite(noise))
            sigma.at[j] = 0;
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
 * that was constant tells nothing, but NaN if x_j is not finite.  mu, sigma: D, read,
 * sigma >= 0.  X: N x D, replaced. [CSC2541-1/46, "Normalization"] */
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
            if (sigma.at[j] > 0)
                row(X, i).at[j] /= sigma.at[j];
            else
                row(X, i).at[j] *= 0;
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

/* Does each feature vary by more than what the ones before it explain?  L: D x D, from
 * the correlations of N examples.  The pivot L_jj^2 is what is left of 1, a sum of N
 * products, once up to D others are subtracted: it is known to within (N + D) eps. */
static bool pivots_count(mat L, int N)
{
    double noise = (N + L.rows) * REAL_EPSILON;
    for (int j = 0; j < L.rows; j++)
        if (!(row(L, j).at[j] * row(L, j).at[j] > noise))
            return false;
    return true;
}

/* Learns the map with W = L^-1 diag(1 / sigma), where LL' are the correlations of the
 * features and sigma their deviations, so that Sigma = SS' for S = diag(sigma) L.  X:
 * N x D, read.  w: made for m = D, overwritten; left without meaning if Sigma is
 * singular, as it is for N <= D, or not finite.
 * [CSC2541-1/51, "Centering, normalizing, whitening"] */
enum factor_status cn_whitening_cholesky(mat X, struct arena *scratch,
                                         struct whitening *w)
{
    int N = X.rows, D = X.cols;
    mat W = w->W;
    REQUIRE_SHAPE(W, D, D);
    size_t mark = scratch->used;
    mat C = centered(X, scratch, w), L = arena_mat(scratch, D, D);
    vec sigma = arena_vec(scratch, D);
    cn_deviations(X, w->mu, sigma);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++)
            row(C, i).at[j] /= sigma.at[j];
    gram(1.0 / N, C, W);
    enum factor_status status = cholesky(W, L);
    if (status == FACTOR_OK && (N <= D || !pivots_count(L, N)))
        status = FACTOR_NOT_POSITIVE;
    fill(0, entries(W));
    for (int j = 0; j < D; j++)
        row(W, j).at[j] = 1 / sigma.at[j];
    if (status == FACTOR_OK)
        solve_lower(L, AS_IS, W);
    scratch->used = mark;
    return status;
}

/* Learns the map for N <= D, where Sigma is singular: from the centred X' = U diag(s)
 * V' it takes W = sqrt(N) diag(s)^+ U'.  In it s^+ = 0 where s is rounding: at most D
 * eps of the largest, or what remains since the mean is off by up to N eps ||mu||,
 * which all N rows share.  X: N x D, read.  w: made for m = N, overwritten; not finite
 * if 1 / s is not.  [CSC2541-1/51, "Centering, normalizing, whitening", with the
 * pseudo-inverse of S] */
enum factor_status cn_whitening_svd(mat X, struct arena *scratch, struct whitening *w)
{
    int N = X.rows, D = X.cols;
    mat W = w->W;
    REQUIRE(N <= D, "X must have no more rows than columns, got %d x %d", N, D);
    REQUIRE_SHAPE(W, N, D);
    size_t mark = scratch->used;
    mat tall = arena_mat(scratch, D, N), U = arena_mat(scratch, D, N);
    mat V = arena_mat(scratch, N, N);
    vec s = arena_vec(scratch, N);
    transpose(centered(X, scratch, w), tall);
    enum factor_status status = svd(tall, scratch, U, s, V);
    double noise = REAL_EPSILON * (D * s.at[0] + sqrt(N) * N * norm(w->mu));
    transpose(U, W);
    for (int i = 0; i < N; i++)
        scale(s.at[i] > noise ? sqrt(N) / s.at[i] : 0, row(W, i));
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
