#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>

/* So many examples, and features, unless a claim says otherwise. */
enum { N = 40, D = 8 };

static double mean_of(vec x)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += x.at[i];
    return sum / x.n;
}

/* Regression on centred features and centred targets has no bias; the bias that the
 * original data need is mean t - w'mu.  w: D + 1, the bias last. */
static void solve_without_constant(struct claim *claim, mat X, vec t, vec w)
{
    vec t_centred = arena_vec(claim_arena(claim), X.rows);
    mat C = arena_mat(claim_arena(claim), X.rows, X.cols);
    w.at[X.cols] = mean_of(t);
    for (int i = 0; i < X.rows; i++)
        t_centred.at[i] = t.at[i] - mean_of(t);
    for (int j = 0; j < X.cols; j++) {
        double mu = 0;
        for (int i = 0; i < X.rows; i++)
            mu += X.at[i * X.cols + j] / X.rows;
        for (int i = 0; i < X.rows; i++)
            C.at[i * X.cols + j] = X.at[i * X.cols + j] - mu;
    }
    route_min_norm(C, t_centred, (vec){X.cols, w.at});
    for (int j = 0; j < X.cols; j++)
        w.at[X.cols] -= w.at[j] * (X.at[j] - C.at[j]);
}

CLAIM(cn_homogeneous, IDENTITY,
      "A feature that is 1 for every example makes the bias a weight")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 3);
    struct features f =
        known_features(claim, N, signs(claim, D, 3), identity(claim, D));
    mat Phi = with_one(claim, f.X);
    vec t = arena_vec(arena, N), w = arena_vec(arena, D + 1),
        v = arena_vec(arena, D + 1);
    vec residual = arena_vec(arena, N);
    rng_normals(&rng, 5, 1, t);
    rng_normals(&rng, 0, 1, w);
    double sum = 0;
    for (int i = 0; i < N; i++) {
        double y = w.at[D];
        for (int j = 0; j < D; j++)
            y += w.at[j] * f.X.at[i * D + j];
        sum += (y - t.at[i]) * (y - t.at[i]) / (2 * N);
    }
    double gap = fabs(least_squares_cost(Phi, t, w, residual) - sum);
    evidence(claim, "gap to the cost with a bias", at_most(gap, rounding(N + D, sum)));

    solve_without_constant(claim, f.X, t, v);
    route_min_norm(Phi, t, w);
    axpy(-1, v, w);
    /* Least squares loses up to kappa(Phi) = outlier_law, that is ||mu||^2 + 2. */
    double limit = rounding(N, (dot(f.mu, f.mu) + 2) * norm(v));
    evidence(claim, "gap to means and centred data", at_most(norm(w), limit));

    fill(0, w);
    route_min_norm(f.X, t, (vec){D, w.at});
    axpy(-1, v, w);
    control(claim, "no constant feature", at_most(norm(w), limit));
}

/* The largest entry of A - [factor Sigma + mu mu', mu; mu', 1]. */
static double gap_to_blocks(mat A, mat X, double factor)
{
    double gap = 0, mu[D + 1];
    for (int j = 0; j <= D; j++) {
        mu[j] = j == D;
        for (int i = 0; i < X.rows && j < D; i++)
            mu[j] += X.at[i * D + j] / X.rows;
    }
    for (int j = 0; j <= D; j++)
        for (int l = 0; l <= D; l++) {
            double Sigma = j < D && l < D ? covariance_of_pairs(X, j, l) : 0;
            double block = factor * Sigma + mu[j] * mu[l];
            gap = worst(gap, fabs(A.at[j * (D + 1) + l] - block));
        }
    return gap;
}

CLAIM(cn_blocks, IDENTITY, "A = [Sigma + mu mu', mu; mu', 1], with Sigma over N")
{
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(claim_arena(claim), N, D);
    rng_normals(&rng, 2, 1, entries(X));
    mat Phi = with_one(claim, X), A = curvature(claim, Phi);
    /* N^2 products of numbers near 2 + 1, on one side, N on the other. */
    double limit = rounding(N * N, max_norm(entries(A)));
    evidence(claim, "gap to the blocks", at_most(gap_to_blocks(A, X, 1), limit));
    control(claim, "a covariance with 1/(N - 1)",
            at_most(gap_to_blocks(A, X, N / (N - 1.0)), limit));
    for (int i = 0; i < N; i++)
        row(Phi, i).at[D] = 1.01;
    control(claim, "a constant 1 % larger",
            at_most(gap_to_blocks(curvature(claim, Phi), X, 1), limit));
}

CLAIM(cn_white, IDENTITY, "White data give A = I, and one step with alpha = 1 arrives")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 3);
    vec t = arena_vec(arena, N), w = arena_vec(arena, D + 1),
        best = arena_vec(arena, D + 1);
    vec grad = arena_vec(arena, D + 1), v = arena_vec(arena, D);
    struct quadratic q = quadratic_make(arena, D + 1);
    rng_normals(&rng, 0, 1, t);
    fill(1, v);
    for (int world = 0; world < 2; world++) {
        v.at[0] = world == 0 ? 1 : 1.01;
        struct features f =
            known_features(claim, N, arena_vec(arena, D), uncorrelated(claim, v));
        mat Phi = with_one(claim, f.X);
        least_squares(Phi, t, &q);
        route_min_norm(Phi, t, best);
        rng_normals(&rng, 3, 1, w);
        double limit = rounding(N, 1 + norm(best) + norm(w));
        gd_step(q, 1, w, grad);
        axpy(-1, best, w);
        if (world == 0) {
            evidence(claim, "kappa - 1",
                     at_most(kappa(spectrum(claim, Phi)) - 1,
                             eigenvalue_limit(f.X, 1)));
            evidence(claim, "error after one step", at_most(norm(w), limit));
        } else
            control(claim, "a variance 1 % larger", at_most(norm(w), limit));
    }
}

SECTION(the_curvature_of_data, &cn_homogeneous, &cn_blocks, &cn_white);
