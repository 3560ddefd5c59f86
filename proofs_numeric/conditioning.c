/* Chapter "Why features are normalized": its claims.
 *
 * Most of them make features whose mean and covariance are known exactly, because they
 * were built from them; hand the data to the lecture's preprocessing; and ask LAPACK
 * for the spectrum of what least squares makes of the result. */
#include "conditioning.h"
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* ---- Features whose mean and covariance are known -------------------------------- */

struct features {
    mat X;  /* N x D */
    vec mu; /* D: the mean of its rows                 */
    mat S;  /* D x D: their covariance is Sigma = S S' */
};

/* U: N x D, orthonormal columns, all orthogonal to 1: those of a rotation of N - 1
 * dimensions, lifted by the reflection that takes e_1 to 1 / sqrt(N). */
static mat balanced_columns(struct arena *arena, struct rng *rng, int N, int D)
{
    mat R = arena_mat(arena, N - 1, N - 1), U = arena_mat(arena, N, D);
    rng_rotation(rng, arena, R);
    for (int j = 0; j < D; j++) {
        double sum = 0, root = sqrt(N);
        for (int i = 1; i < N; i++)
            sum += U.at[i * D + j] = R.at[(i - 1) * (N - 1) + j];
        for (int i = 0; i < N; i++)
            U.at[i * D + j] += ((i == 0) - 1 / root) * sum / (root - 1);
    }
    return U;
}

/* X := 1 mu' + sqrt(N) U S'. */
static struct features known_features(struct claim *claim, int N, vec mu, mat S)
{
    struct rng rng = claim_rng(claim, 0);
    int D = mu.n;
    mat U = balanced_columns(claim_arena(claim), &rng, N, D);
    struct features f = {arena_mat(claim_arena(claim), N, D), mu, S};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++) {
            double sum = 0;
            for (int l = 0; l < D; l++)
                sum += U.at[i * D + l] * S.at[j * D + l];
            f.X.at[i * D + j] = mu.at[j] + sqrt(N) * sum;
        }
    return f;
}

/* S with the deviations sqrt(v_j) on its diagonal, so Sigma = diag(v). */
static mat uncorrelated(struct claim *claim, vec v)
{
    mat S = arena_mat(claim_arena(claim), v.n, v.n);
    for (int j = 0; j < v.n; j++)
        S.at[j * v.n + j] = sqrt(v.at[j]);
    return S;
}

static mat identity(struct claim *claim, int D)
{
    vec ones = arena_vec(claim_arena(claim), D);
    fill(1, ones);
    return uncorrelated(claim, ones);
}

/* S = Q diag(sqrt(v)) with a random rotation Q, so that Sigma has the eigenvalues v. */
static mat correlated(struct claim *claim, vec v)
{
    struct rng rng = claim_rng(claim, 1);
    mat S = arena_mat(claim_arena(claim), v.n, v.n);
    rng_rotation(&rng, claim_arena(claim), S);
    for (int i = 0; i < v.n * v.n; i++)
        S.at[i] *= sqrt(v.at[i % v.n]);
    return S;
}

/* S = diag(sigma) R^1/2, where all correlations are rho: R = (1 - rho) I + rho 1 1' has
 * the eigenvalue 1 + (D - 1) rho once and 1 - rho otherwise. */
static mat equicorrelated(struct claim *claim, vec sigma, double rho)
{
    int D = sigma.n;
    double low = sqrt(1 - rho), high = sqrt(1 + (D - 1) * rho);
    mat S = arena_mat(claim_arena(claim), D, D);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            S.at[i * D + j] = sigma.at[i] * ((i == j) * low + (high - low) / D);
    return S;
}

/* D entries of size +-size. */
static vec signs(struct claim *claim, int D, double size)
{
    struct rng rng = claim_rng(claim, 2);
    vec mu = arena_vec(claim_arena(claim), D);
    for (int j = 0; j < D; j++)
        mu.at[j] = rng_below(&rng, 2) == 0 ? size : -size;
    return mu;
}

/* mu' Sigma mu = ||S'mu||^2. */
static double variance_along(mat S, vec mu)
{
    double sum = 0;
    for (int l = 0; l < mu.n; l++) {
        double product = 0;
        for (int j = 0; j < mu.n; j++)
            product += S.at[j * mu.n + l] * mu.at[j];
        sum += product * product;
    }
    return sum;
}

/* mu' Sigma^-1 mu = ||S^-1 mu||^2. */
static double precision_along(struct claim *claim, mat S, vec mu)
{
    vec nu = arena_vec(claim_arena(claim), mu.n);
    route_solve(S, mu, nu);
    return dot(nu, nu);
}

static mat with_one(struct claim *claim, mat X)
{
    mat Phi = arena_mat(claim_arena(claim), X.rows, X.cols + 1);
    cn_with_constant(X, Phi);
    return Phi;
}

static mat twin(struct claim *claim, mat X)
{
    mat Y = arena_mat(claim_arena(claim), X.rows, X.cols);
    copy(entries(X), entries(Y));
    return Y;
}

/* The curvature that least squares on these features has. */
static mat curvature(struct claim *claim, mat Phi)
{
    struct quadratic q = quadratic_make(claim_arena(claim), Phi.cols);
    vec t = arena_vec(claim_arena(claim), Phi.rows);
    least_squares(Phi, t, &q);
    return q.A;
}

/* Its eigenvalues, ascending. */
static vec spectrum(struct claim *claim, mat Phi)
{
    struct arena *arena = claim_arena(claim);
    vec a = arena_vec(arena, Phi.cols);
    size_t mark = arena->used;
    route_eigen(curvature(claim, Phi), a, arena_mat(arena, Phi.cols, Phi.cols));
    arena->used = mark;
    return a;
}

static double top(vec a) { return a.at[a.n - 1]; }
static double kappa(vec a) { return top(a) / a.at[0]; }

/* Condition numbers of the features with a constant appended. */
static double kappa_of(struct claim *claim, mat X)
{
    return kappa(spectrum(claim, with_one(claim, X)));
}

/* What an eigenvalue of A may be off: sums of N products, then LAPACK's n eps ||A||. */
static double eigenvalue_limit(mat X, double a_max)
{
    return rounding(X.rows + X.cols, a_max);
}

/* (m^2 + 2 + m sqrt(m^2 + 4)) / 2 = ((m + sqrt(m^2 + 4)) / 2)^2. */
static double outlier_law(double m)
{
    double root = (m + sqrt(m * m + 4)) / 2;
    return root * root;
}

static mat standardized(struct claim *claim, mat X)
{
    vec mu = arena_vec(claim_arena(claim), X.cols);
    vec sigma = arena_vec(claim_arena(claim), X.cols);
    mat Y = twin(claim, X);
    cn_means(X, mu);
    cn_deviations(X, mu, sigma);
    cn_standardize(mu, sigma, Y);
    return Y;
}

static mat centred(struct claim *claim, mat X)
{
    vec mu = arena_vec(claim_arena(claim), X.cols);
    mat Y = twin(claim, X);
    cn_means(X, mu);
    cn_center(mu, Y);
    return Y;
}

static mat whitened(struct claim *claim, mat X)
{
    struct arena *arena = claim_arena(claim);
    struct whitening w = cn_whitening_make(arena, X.cols, X.cols);
    mat Z = arena_mat(arena, X.rows, X.cols);
    enum factor_status status = cn_whitening_cholesky(X, arena, &w);
    REQUIRE(status == FACTOR_OK, "the covariance is singular");
    cn_whiten(w, twin(claim, X), Z);
    return Z;
}

/* ---- The constant feature -------------------------------------------------------- */

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
      "A feature that is 1 for every example makes the bias one of the weights")
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

/* Sigma without its mean: 1 / 2N^2 times the sum over all pairs of examples of
 * (x_ij - x_kj) (x_il - x_kl). */
static double covariance_of_pairs(mat X, int j, int l)
{
    double sum = 0;
    for (int i = 0; i < X.rows; i++)
        for (int k = 0; k < i; k++)
            sum += (X.at[i * X.cols + j] - X.at[k * X.cols + j]) *
                   (X.at[i * X.cols + l] - X.at[k * X.cols + l]);
    return sum / X.rows / X.rows;
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

CLAIM(
    cn_blocks, IDENTITY,
    "With a constant feature, A = [Sigma + mu mu', mu; mu', 1], where mu and Sigma are "
    "the mean and the covariance of the data, with 1/N")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, N, D);
    rng_normals(&rng, 2, 1, entries(X));
    mat A = curvature(claim, with_one(claim, X));
    /* N^2 products of numbers near 2 + 1, on one side, N on the other. */
    double limit = rounding(N * N, max_norm(entries(A)));
    evidence(claim, "gap to the blocks", at_most(gap_to_blocks(A, X, 1), limit));
    control(claim, "a covariance with 1/(N - 1)",
            at_most(gap_to_blocks(A, X, N / (N - 1.0)), limit));
}

/* ---- What each remedy makes of the data ------------------------------------------ */

/* The largest |mean| or |variance - 1| of a feature. */
static double unlike_standard(mat X)
{
    double gap = 0;
    for (int j = 0; j < X.cols; j++) {
        double sum = 0;
        for (int i = 0; i < X.rows; i++)
            sum += X.at[i * X.cols + j] / X.rows;
        gap = worst(gap, fabs(sum));
        gap = worst(gap, fabs(covariance_of_pairs(X, j, j) - 1));
    }
    return gap;
}

CLAIM(cn_standardized, IDENTITY,
      "Standardizing, by the mean and the variance over N, leaves every feature with "
      "mean "
      "0 and variance 1")
{
    vec v = geometric_spectrum(claim_arena(claim), D, 100, 1e4);
    struct features f =
        known_features(claim, N, signs(claim, D, 3), correlated(claim, v));
    mat X = standardized(claim, f.X);
    /* A mean of 3 is subtracted from deviations of 0.1 and more, of which N^2 products
     * are summed. */
    double limit = rounding(N * N, 3 / 0.1);
    evidence(claim, "means, and variances less 1", at_most(unlike_standard(X), limit));
    scale(sqrt((N - 1.0) / N), entries(X));
    control(claim, "deviations with 1/(N - 1)", at_most(unlike_standard(X), limit));
}

CLAIM(cn_white, IDENTITY,
      "White data give A = I, so kappa = 1, and one step with alpha = 1 arrives")
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

/* The largest difference between the spectrum and predicted values, both ascending. */
static double gap_to_spectrum(vec a, const double *predicted)
{
    double gap = 0;
    for (int j = 0; j < a.n; j++)
        gap = worst(gap, fabs(a.at[j] - predicted[j]));
    return gap;
}

CLAIM(
    cn_centred, IDENTITY,
    "Centring leaves A with the eigenvalues of Sigma, and the 1 of the constant, which "
    "counts too: kappa = max(s_max, 1) / min(s_min, 1)")
{
    vec v = arena_vec(claim_arena(claim), D);
    double predicted[D + 1];
    predicted[0] = 1;
    for (int j = 0; j < D; j++)
        predicted[j + 1] = v.at[j] = 2 * pow(4, (double)j / (D - 1)); /* from 2 to 8 */
    vec mu = signs(claim, D, 3);
    struct features f = known_features(claim, N, mu, uncorrelated(claim, v));
    vec raw = spectrum(claim, with_one(claim, f.X));
    vec a = spectrum(claim, with_one(claim, centred(claim, f.X)));
    /* What is centred had entries of ||mu||^2 on the way. */
    double limit = eigenvalue_limit(f.X, dot(mu, mu) + 8);
    evidence(claim, "gap to 1 and the spectrum of Sigma",
             at_most(gap_to_spectrum(a, predicted), limit));
    evidence(claim, "kappa, less 8 / 1", at_most(fabs(kappa(a) - 8), 8 * limit));
    control(claim, "not centred", at_most(gap_to_spectrum(raw, predicted), limit));
    control(claim, "kappa, less s_max / s_min = 4",
            at_most(fabs(kappa(a) - 4), 8 * limit));
}

/* ---- The outlier ----------------------------------------------------------------- */

/* For the figure: the ends of the spectrum for Sigma = I, as the mean grows. */
static void record_outlier(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct series s = series_begin(claim, "outlier", "m2", "largest", "smallest", "law",
                                   "inverse", "slide", NULL);
    for (int i = 0; i <= 24; i++) {
        size_t mark = arena->used;
        double m = pow(10, -1 + i / 8.0);
        vec mu = signs(claim, 9, m / 3);
        struct features f = known_features(claim, 12, mu, identity(claim, 9));
        vec a = spectrum(claim, with_one(claim, f.X));
        double law = outlier_law(m);
        series_row(&s, (double[]){m * m, top(a), a.at[0], law, 1 / law, m * m + 1});
        arena->used = mark;
    }
    series_end(&s);
}

CLAIM(cn_outlier, IDENTITY,
      "For Sigma = I and ||mu|| = m the largest eigenvalue of A is (m^2 + 2 + m "
      "sqrt(m^2 + "
      "4)) / 2, which is m^2 + 2 - 1/m^2 + ..., the smallest its inverse, the others 1")
{
    static const int dimensions[] = {2, 9, 36, 100};
    double gap = 0, slide = 0, limit = 0;
    for (int i = 0; i < 4; i++) {
        int n = dimensions[i];
        vec mu = signs(claim, n, 1);
        struct features f = known_features(claim, n + 3, mu, identity(claim, n));
        vec a = spectrum(claim, with_one(claim, f.X));
        double law = outlier_law(sqrt(n)), predicted[101];
        predicted[0] = 1 / law;
        for (int j = 1; j < n; j++)
            predicted[j] = 1;
        predicted[n] = law;
        gap = worst(gap, gap_to_spectrum(a, predicted));
        slide = worst(slide, fabs(top(a) - (n + 1)));
        limit = eigenvalue_limit(f.X, law);
    }
    evidence(claim, "gap to the law, all eigenvalues", at_most(gap, limit));
    control(claim, "the slide's m^2 + 1", at_most(slide, limit));
    record_outlier(claim);
}

/* How far the largest eigenvalue exceeds ||mu||^2 + 1, in units of ||Sigma|| = 2, when
 * the constant feature is so large.  Along: mu is an eigenvector for this one. */
static double excess(struct claim *claim, double constant, bool along, double *lower,
                     double *second)
{
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 4), mu = signs(claim, D, 2);
    mat S = correlated(claim, v);
    double length = norm(mu);
    for (int j = 0; j < D && along; j++)
        mu.at[j] = length * S.at[j * D] / sqrt(2);
    struct features f = known_features(claim, N, mu, S);
    mat Phi = with_one(claim, f.X);
    for (int i = 0; i < N; i++)
        row(Phi, i).at[D] = constant;
    vec a = spectrum(claim, Phi);
    double m2 = dot(mu, mu);
    *lower = variance_along(S, mu) / (m2 + 1) / 2;
    *second = a.at[D - 1] / 2;
    return (top(a) - (m2 + 1)) / 2;
}

CLAIM(cn_bracket, BOUND,
      "The outlier lies between ||mu||^2 + 1 + mu'Sigma mu/(||mu||^2 + 1) and ||mu||^2 "
      "+ 1 "
      "+ ||Sigma||, and no other eigenvalue of A exceeds ||Sigma||")
{
    double lower, second, unused, slack = 1 + rounding(N + D, 4 * D + 3);
    double beyond = excess(claim, 1, false, &lower, &second);
    evidence(claim, "excess, of ||Sigma||", at_most(beyond, slack));
    evidence(claim, "lower end, of the excess", at_most(lower / beyond, slack));
    evidence(claim, "second eigenvalue, of ||Sigma||", at_most(second, slack));
    /* There mu'Sigma mu = ||mu||^2 ||Sigma||, and ||mu||^2 = 4 D. */
    evidence(claim, "excess, mu along the top of Sigma",
             at_least(excess(claim, 1, true, &unused, &unused),
                      4.0 * D / (4 * D + 1) / slack));
    control(claim, "a constant of 3 instead of 1",
            at_most(excess(claim, 3, false, &unused, &unused), slack));
}

/* The sine of the angle between the top eigenvector of A and (mu, 1). */
static double sine_to_mean(struct claim *claim, struct features f)
{
    int n = f.mu.n + 1;
    struct arena *arena = claim_arena(claim);
    vec a = arena_vec(arena, n), u = arena_vec(arena, n), v = arena_vec(arena, n);
    mat Q = arena_mat(arena, n, n);
    route_eigen(curvature(claim, with_one(claim, f.X)), a, Q);
    for (int j = 0; j < n; j++) {
        u.at[j] = Q.at[j * n + n - 1];
        v.at[j] = j < n - 1 ? f.mu.at[j] : 1;
    }
    scale(1 / norm(v), v);
    axpy(-dot(u, v), u, v);
    return norm(v);
}

CLAIM(cn_direction, BOUND,
      "The top eigenvector of A is nearly (mu, 1): the sine of the angle is at most "
      "(||Sigma||/2) / (||mu||^2 + 1 - ||Sigma||)")
{
    enum { LARGE = 60 };
    struct arena *arena = claim_arena(claim);
    vec v = geometric_spectrum(arena, LARGE, 2, 4), mu = signs(claim, LARGE, 1);
    double bound = (2 / 2.0) / (LARGE + 1 - 2);
    struct features f = known_features(claim, LARGE + 10, mu, uncorrelated(claim, v));
    evidence(claim, "sine, of the bound", at_most(sine_to_mean(claim, f) / bound, 1));

    /* Half of ||(mu, 1)||^2 = g on the only feature that varies: then A is 2 x 2 and
     * tan 2 theta = x with x = ||Sigma|| / g, so sin theta >= x/2 (1 - x^2/2), and the
     * ratio to the bound x/2 / (1 - x) is more than 1 - 2x. */
    double g = 200;
    vec few = arena_vec(arena, 2), one = arena_vec(arena, 2);
    few.at[0] = sqrt(g / 2), few.at[1] = sqrt(g / 2 - 1), one.at[0] = 2;
    struct features sharp = known_features(claim, N, few, uncorrelated(claim, one));
    evidence(claim, "the same, mean at 45 degrees to it",
             at_least(sine_to_mean(claim, sharp) / (1 / (g - 2)), 1 - 4 / g));

    v.at[0] = 100 * (LARGE + 1);
    struct features wide =
        known_features(claim, LARGE + 10, mu, uncorrelated(claim, v));
    control(claim, "one feature of unbounded variance",
            at_most(sine_to_mean(claim, wide) / bound, 1));
}

CLAIM(cn_dimension, RATE,
      "If the entries of mu stay of order 1, the outlier grows linearly with the "
      "dimension; the other eigenvalues stay below the largest variance")
{
    enum { SIZES = 5 };
    struct arena *arena = claim_arena(claim);
    double size[SIZES], outlier[SIZES], fading[SIZES], second = 0;
    for (int i = 0; i < SIZES; i++) {
        size_t mark = arena->used;
        int n = 16 << i;
        vec v = geometric_spectrum(arena, n, 2, 4);
        mat S = uncorrelated(claim, v);
        struct features f = known_features(claim, n + 2, signs(claim, n, 1), S);
        vec a = spectrum(claim, with_one(claim, f.X));
        size[i] = n;
        outlier[i] = top(a);
        second = worst(second, a.at[n - 1]);
        for (int k = 0; k < f.X.rows; k++)
            for (int j = 0; j < n; j++)
                f.X.at[k * n + j] -= (1 - 1 / sqrt(n)) * f.mu.at[j];
        fading[i] = top(spectrum(claim, with_one(claim, f.X)));
        arena->used = mark;
    }
    /* The outlier is D + c with 1 < c < 3, by the bracket: the local slope D / (D + c)
     * is between 16/19 and 1. */
    evidence(claim, "power of the dimension",
             slope_is(fit_power(SIZES, size, outlier), 1, 3.0 / 19, 0.5));
    evidence(claim, "second eigenvalue, of ||Sigma||",
             at_most(second / 2, 1 + rounding(512, 260)));
    control(claim, "a mean of length 1 in any dimension",
            slope_is(fit_power(SIZES, size, fading), 1, 3.0 / 19, 0.5));
}

/* ---- The other end of the spectrum ----------------------------------------------- */

/* For the figure: where the cost is 1/2, in the plane of a weight and the bias, for one
 * feature of variance 1 and mean m.  Measured: along a ray u, J(u) = 1/2 u'Au, so the
 * radius is 1 / sqrt(2 J(u)).  Law: axes 1 / sqrt(a) with a from the closed form; the
 * long one, for the small eigenvalue, lies across (m, 1). */
static void record_contours(struct claim *claim)
{
    enum { RAYS = 72 };
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "contours", "w0", "b0", "w1", "b1", "w3", "b3", "law_w0",
                     "law_b0", "law_w1", "law_b1", "law_w3", "law_b3", NULL);
    static const double means[] = {0, 1, 3};
    double values[RAYS + 1][12];
    for (int i = 0; i < 3; i++) {
        vec mu = arena_vec(arena, 1), u = arena_vec(arena, 2),
            scratch = arena_vec(arena, 2);
        mu.at[0] = means[i];
        struct features f = known_features(claim, 4, mu, identity(claim, 1));
        struct quadratic q = {curvature(claim, with_one(claim, f.X)),
                              arena_vec(arena, 2), 0};
        double law = outlier_law(means[i]);
        double tilt = 0.5 * atan2(2 * means[i], means[i] * means[i]);
        for (int k = 0; k <= RAYS; k++) {
            double angle = 2 * acos(-1) * k / RAYS;
            double along = cos(angle) / sqrt(law), across = sin(angle) * sqrt(law);
            double *at = values[k] + 2 * i;
            at[6] = along * cos(tilt) - across * sin(tilt);
            at[7] = along * sin(tilt) + across * cos(tilt);
            /* The ray through the point of the law, so that points lie evenly. */
            u.at[0] = at[6], u.at[1] = at[7];
            scale(1 / norm(u), u);
            double radius = 1 / sqrt(2 * quadratic_cost(q, u, scratch));
            at[0] = radius * u.at[0], at[1] = radius * u.at[1];
        }
    }
    for (int k = 0; k <= RAYS; k++)
        series_row(&s, values[k]);
    series_end(&s);
}

static double log_determinant(vec a)
{
    double sum = 0;
    for (int j = 0; j < a.n; j++)
        sum += log(a.at[j]);
    return sum;
}

CLAIM(cn_determinant, IDENTITY,
      "det A = det Sigma, whatever the mean is: what the outlier gains, the small "
      "eigenvalues lose")
{
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 8);
    mat S = correlated(claim, v);
    double gap = 0, limit = 0, bare = 0;
    static const double sizes[] = {0, 1, 4};
    for (int i = 0; i < 3; i++) {
        struct features f = known_features(claim, N, signs(claim, D, sizes[i]), S);
        vec a = spectrum(claim, with_one(claim, f.X));
        gap = worst(gap, fabs(log_determinant(a) - log_determinant(v)));
        bare = worst(bare,
                     fabs(log_determinant(spectrum(claim, f.X)) - log_determinant(v)));
        /* Each eigenvalue is off by a rounding of the largest; the smallest counts
         * most. */
        limit = D * rounding(N + D, kappa(a));
    }
    evidence(claim, "gap of ln det, ||mu||^2 up to 128", at_most(gap, limit));
    control(claim, "no constant feature", at_most(bare, limit));
    record_contours(claim);
}

CLAIM(
    cn_small_eigenvalue, BOUND,
    "The smallest eigenvalue of A is at most 1 / (1 + mu'Sigma^-1 mu), so kappa is at "
    "least (||mu||^2 + 1) (1 + mu'Sigma^-1 mu)")
{
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 8), mu = signs(claim, D, 2);
    mat S = correlated(claim, v);
    struct features f = known_features(claim, N, mu, S);
    vec a = spectrum(claim, with_one(claim, f.X));
    double bound = 1 / (1 + precision_along(claim, S, mu)), m2 = dot(mu, mu);
    double slack = 1 + rounding(N + D, kappa(a));
    evidence(claim, "smallest eigenvalue, of the bound",
             at_most(a.at[0] / bound, slack));
    evidence(claim, "bound on kappa, of kappa",
             at_most((m2 + 1) / bound / kappa(a), slack));
    /* For Sigma = I it is 1 / outlier_law > 1 / (m^2 + 2). */
    struct features white = known_features(claim, N, mu, identity(claim, D));
    evidence(claim, "the same for Sigma = I",
             at_least(spectrum(claim, with_one(claim, white.X)).at[0] * (1 + m2),
                      (m2 + 1) / (m2 + 2) / slack));
    control(claim, "no constant feature",
            at_most(spectrum(claim, f.X).at[0] / bound, slack));
}

CLAIM(
    cn_quadratic, RATE,
    "The condition number grows with the square of ||mu||^2, not in proportion to it; "
    "for Sigma = I it is the square of the outlier")
{
    enum { MEANS = 9 };
    double m2[MEANS], raw[MEANS], bare[MEANS], slide[MEANS], gap = 0;
    for (int i = 0; i < MEANS; i++) {
        m2[i] = pow(10, 2 + 0.25 * i);
        vec mu = signs(claim, D, sqrt(m2[i] / D));
        struct features f = known_features(claim, N, mu, identity(claim, D));
        raw[i] = kappa_of(claim, f.X);
        bare[i] = kappa(spectrum(claim, f.X));
        slide[i] = m2[i] + 1;
        gap = worst(gap, fabs(raw[i] / pow(outlier_law(sqrt(m2[i])), 2) - 1) / raw[i]);
    }
    /* The local slope of 2 ln lambda against ln m^2 is 2 m / sqrt(m^2 + 4), from 1.96.
     */
    evidence(claim, "power of ||mu||^2",
             slope_is(fit_power(MEANS, m2, raw), 2, 0.04, 1));
    evidence(claim, "gap to the outlier squared, by kappa",
             at_most(gap, rounding(N + D, 1)));
    control(claim, "the outlier over a fixed smallest",
            slope_is(fit_power(MEANS, m2, slide), 2, 0.04, 1));
    control(claim, "no constant feature",
            slope_is(fit_power(MEANS, m2, bare), 2, 0.04, 1));
}

CLAIM(cn_centring_helps, BOUND,
      "Centring never makes kappa larger, and divides it by at most the square of the "
      "outlier that Sigma = I would have")
{
    double size[] = {0.01, 1, 5}, never = 0, most = 0, slack = 0;
    vec v = geometric_spectrum(claim_arena(claim), D, 3, 30);
    for (int i = 0; i < 3; i++) {
        vec mu = signs(claim, D, size[i]);
        struct features f = known_features(claim, N, mu, correlated(claim, v));
        double raw = kappa_of(claim, f.X);
        double gain = raw / kappa_of(claim, centred(claim, f.X));
        never = worst(never, 1 / gain);
        most = worst(most, gain / pow(outlier_law(norm(mu)), 2));
        slack = rounding(2 * (N + D), raw);
    }
    evidence(claim, "kappa centred, of kappa raw", at_most(never, 1 + slack));
    evidence(claim, "gain, of the most", at_most(most, 1 + slack));
    vec mu = signs(claim, D, 5);
    struct features white = known_features(claim, N, mu, identity(claim, D));
    double raw = kappa_of(claim, white.X), limit = rounding(2 * (N + D), raw);
    evidence(claim, "the same for Sigma = I",
             at_least(raw / pow(outlier_law(norm(mu)), 2), 1 - limit));
    scale(-1, mu);
    cn_center(mu, white.X);
    control(claim, "the mean doubled, not removed",
            at_most(kappa_of(claim, white.X) / raw, 1 + limit));
}

/* ---- Units and correlations ------------------------------------------------------ */

/* Predictions after 100 steps from 0, at the rate 1 / trace A, which is always safe. */
static vec predictions(struct claim *claim, mat X, vec t)
{
    struct arena *arena = claim_arena(claim);
    mat Phi = with_one(claim, X);
    struct quadratic q = quadratic_make(arena, Phi.cols);
    vec w = arena_vec(arena, Phi.cols), grad = arena_vec(arena, Phi.cols);
    vec y = arena_vec(arena, Phi.rows);
    double trace = 0;
    least_squares(Phi, t, &q);
    for (int j = 0; j < q.A.rows; j++)
        trace += row(q.A, j).at[j];
    gd_run(q, 1 / trace, 100, w, grad);
    gemv(1, Phi, w, 0, y);
    return y;
}

static double gap_between(vec x, vec y)
{
    double gap = 0;
    for (int i = 0; i < x.n; i++)
        gap = worst(gap, fabs(x.at[i] - y.at[i]));
    return gap;
}

CLAIM(
    cn_units, IDENTITY,
    "Standardizing divides the units out: gradient descent predicts the same, at every "
    "step, whatever units the features are measured in")
{
    struct rng rng = claim_rng(claim, 3);
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 20),
        t = arena_vec(claim_arena(claim), N);
    struct features f =
        known_features(claim, N, signs(claim, D, 2), correlated(claim, v));
    mat binary = twin(claim, f.X), decimal = twin(claim, f.X);
    rng_normals(&rng, 0, 1, t);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++) {
            binary.at[i * D + j] *= ldexp(1, 3 * j - 10);
            decimal.at[i * D + j] *= pow(10, 6.0 * j / (D - 1) - 3);
        }
    vec y = predictions(claim, standardized(claim, f.X), t);
    vec in_binary = predictions(claim, standardized(claim, binary), t);
    vec in_decimal = predictions(claim, standardized(claim, decimal), t);
    /* Powers of 2 pass through without rounding.  Others leave eps of a mean, 2, in
     * units of a deviation, at least 0.3, in each entry; N of them are in a sum. */
    double limit = rounding(100 * N, (2 / 0.3) * norm(t));
    evidence(claim, "change, units of powers of two",
             at_most(gap_between(y, in_binary), 0));
    evidence(claim, "change, units from 1/1000 to 1000",
             at_most(gap_between(y, in_decimal), limit));
    vec once = predictions(claim, centred(claim, f.X), t);
    vec again = predictions(claim, centred(claim, decimal), t);
    control(claim, "only centred", at_most(gap_between(once, again), limit));
}

CLAIM(
    cn_correlations, IDENTITY,
    "What standardizing leaves are the correlations: kappa is that of the correlation "
    "matrix, here (1 + (D - 1) rho) / (1 - rho)")
{
    double rho = 0.8, predicted = (1 + (D - 1) * rho) / (1 - rho);
    vec sigma = geometric_spectrum(claim_arena(claim), D, 30, 1000);
    mat S = equicorrelated(claim, sigma, rho);
    struct features f = known_features(claim, N, signs(claim, D, 1), S);
    /* A mean of 1 is taken from a deviation of 0.03; kappa is off by kappa times that.
     */
    double limit = rounding(N + D, predicted * predicted / 0.03);
    double left = kappa_of(claim, standardized(claim, f.X));
    double white = kappa_of(claim, whitened(claim, f.X));
    evidence(claim, "kappa, less the correlations'",
             at_most(fabs(left - predicted), limit));
    control(claim, "whitened instead", at_most(fabs(white - predicted), limit));
}

/* kappa of three features in units such that their deviations are sigma, with the
 * correlations -0.7, -0.9 and 0.7. */
static double kappa_in_units(struct claim *claim, const double *sigma)
{
    static double of_R[] = {1, -0.7, -0.9, -0.7, 1, 0.7, -0.9, 0.7, 1};
    struct arena *arena = claim_arena(claim);
    mat Q = arena_mat(arena, 3, 3), S = arena_mat(arena, 3, 3);
    vec r = arena_vec(arena, 3);
    route_eigen((mat){3, 3, of_R}, r, Q);
    for (int i = 0; i < 9; i++)
        S.at[i] = sigma[i / 3] * Q.at[i] * sqrt(r.at[i % 3]);
    struct features f = known_features(claim, 12, arena_vec(arena, 3), S);
    return kappa_of(claim, f.X);
}

CLAIM(cn_best_units, BOUND,
      "Standard units need not be the best ones, but with them kappa is at most D + 1 "
      "times what it is with any others")
{
    struct rng rng = claim_rng(claim, 3);
    static const double ones[] = {1, 1, 1}, better[] = {1, 0.5, 1}, bad[] = {1, 100, 1};
    double standard = kappa_in_units(claim, ones), most = 0;
    for (int trial = 0; trial < 40; trial++) {
        double sigma[3];
        rng_uniforms(&rng, -1, 1, (vec){3, sigma});
        for (int j = 0; j < 3; j++)
            sigma[j] = pow(4, sigma[j]);
        most = worst(most, standard / kappa_in_units(claim, sigma));
    }
    evidence(claim, "kappa, of that in other units", at_most(most, 3 + 1));
    /* By the cubic formula they are 25.37 and 20.37. */
    evidence(claim, "the same, where 1, 1/2, 1 is better",
             at_least(standard / kappa_in_units(claim, better), 1.2));
    control(claim, "units that differ by 100, instead",
            at_most(kappa_in_units(claim, bad) / standard, 3 + 1));
}

/* The lecture's two tables, row by row: features of unlike units, and far from 0. */
static const double SCALES[] = {114.8, 0.00323, 338.1, 0.00183, 98.8, 0.00279};
static const double OFFSETS[] = {1003.2, 1005.1, 1001.1, 1008.2, 998.3, 1003.4};

static mat table(struct claim *claim, const double *numbers)
{
    mat X = arena_mat(claim_arena(claim), 3, 2);
    for (int i = 0; i < 6; i++)
        X.at[i] = numbers[i];
    return X;
}

/* How many times as long as they are wide the contours of the cost are: sqrt(kappa), as
 * the ratio of singular values of Phi, for A itself is singular to double precision. */
static double aspect(struct claim *claim, mat X)
{
    mat Phi = with_one(claim, X);
    vec s = arena_vec(claim_arena(claim), Phi.cols);
    route_singular(Phi, s);
    return s.at[0] / s.at[s.n - 1];
}

static double correlation(mat X)
{
    return covariance_of_pairs(X, 0, 1) /
           sqrt(covariance_of_pairs(X, 0, 0) * covariance_of_pairs(X, 1, 1));
}

CLAIM(cn_tables, BOUND,
      "Features in unlike units, and features far from 0, make contours long and thin; "
      "standardized, those of two features are as long as sqrt((1 + |r|) / (1 - |r|))")
{
    mat scales = table(claim, SCALES), offsets = table(claim, OFFSETS);
    /* sqrt kappa is at least the ratio of two columns' lengths, and, for the offsets,
     * at least sqrt of (||mu||^2 + 1) (1 + mu_1^2 / Sigma_11). */
    double s1 = 0, s2 = 0, m1 = 0, m2 = 0;
    for (int i = 0; i < 6; i += 2) {
        s1 += SCALES[i] * SCALES[i], s2 += SCALES[i + 1] * SCALES[i + 1];
        m1 += OFFSETS[i] / 3, m2 += OFFSETS[i + 1] / 3;
    }
    double from_units = sqrt(s1 / s2);
    double from_means = sqrt((m1 * m1 + m2 * m2 + 1) *
                             (1 + m1 * m1 / covariance_of_pairs(offsets, 0, 0)));
    evidence(claim, "length by width, unlike units",
             at_least(aspect(claim, scales), from_units));
    evidence(claim, "length by width, far from 0",
             at_least(aspect(claim, offsets), from_means));
    double r1 = fabs(correlation(scales)), r2 = fabs(correlation(offsets));
    /* Three examples; a mean of 1000 is taken from deviations of 1 and more. */
    double slack = 1 + rounding(3, 1000);
    mat good_scales = standardized(claim, scales),
        good_offsets = standardized(claim, offsets);
    evidence(claim, "the first standardized, of the law",
             at_most(aspect(claim, good_scales) / sqrt((1 + r1) / (1 - r1)), slack));
    evidence(claim, "the second standardized, of the law",
             at_most(aspect(claim, good_offsets) / sqrt((1 + r2) / (1 - r2)), slack));
    control(claim, "unlike units, standardized",
            at_least(aspect(claim, good_scales), from_units));
    control(claim, "far from 0, standardized",
            at_least(aspect(claim, good_offsets), from_means));
}

/* ---- Whitening ------------------------------------------------------------------- */

/* Z := X Sigma^-1/2, the symmetric root, through LAPACK's eigenvectors.  X: centred. */
static mat whitened_by_symmetric_root(struct claim *claim, mat X, mat Sigma)
{
    int n = X.cols;
    struct arena *arena = claim_arena(claim);
    mat Q = arena_mat(arena, n, n), W = arena_mat(arena, n, n);
    mat Z = arena_mat(arena, X.rows, n);
    vec s = arena_vec(arena, n);
    route_eigen(Sigma, s, Q);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int l = 0; l < n; l++)
                W.at[i * n + j] += Q.at[i * n + l] * Q.at[j * n + l] / sqrt(s.at[l]);
    for (int i = 0; i < X.rows; i++)
        for (int j = 0; j < n; j++)
            for (int l = 0; l < n; l++)
                Z.at[i * n + j] += X.at[i * n + l] * W.at[l * n + j];
    return Z;
}

/* How far the predictions after one step, alpha = 1, are from LAPACK's best ones. */
static double off_after_one_step(struct claim *claim, mat X, vec t, vec best)
{
    struct arena *arena = claim_arena(claim);
    mat Phi = with_one(claim, X);
    struct quadratic q = quadratic_make(arena, Phi.cols);
    vec w = arena_vec(arena, Phi.cols), grad = arena_vec(arena, Phi.cols);
    vec y = arena_vec(arena, Phi.rows);
    least_squares(Phi, t, &q);
    gd_step(q, 1, w, grad);
    gemv(1, Phi, w, 0, y);
    return gap_between(y, best);
}

CLAIM(
    cn_whitened, IDENTITY,
    "Centred data mapped by S^-1, with S S' = Sigma > 0, are white: kappa = 1 and one "
    "step of gradient descent arrives, whichever root S is")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 3);
    vec v = geometric_spectrum(arena, D, 2, 100), t = arena_vec(arena, N);
    vec w = arena_vec(arena, D + 1), best = arena_vec(arena, N);
    mat Sigma = arena_mat(arena, D, D), S = correlated(claim, v);
    struct features f = known_features(claim, N, signs(claim, D, 2), S);
    for (int i = 0; i < D * D; i++)
        for (int l = 0; l < D; l++)
            Sigma.at[i] += S.at[i / D * D + l] * S.at[i % D * D + l];
    rng_normals(&rng, 0, 1, t);
    route_min_norm(with_one(claim, f.X), t, w);
    for (int i = 0; i < N; i++) {
        best.at[i] = w.at[D];
        for (int j = 0; j < D; j++)
            best.at[i] += w.at[j] * f.X.at[i * D + j];
    }
    /* Inverting S S' magnifies what rounding did to Sigma, N eps (||mu||^2 +
     * ||Sigma||), by 1 / 0.02 at most. */
    double limit = rounding(N, (4 * D + 2) / 0.02), far = limit * norm(t);
    mat by_cholesky = whitened(claim, f.X);
    mat C = centred(claim, f.X), by_root = whitened_by_symmetric_root(claim, C, Sigma);
    evidence(claim, "kappa - 1", at_most(kappa_of(claim, by_cholesky) - 1, limit));
    evidence(claim, "off after one step, Cholesky",
             at_most(off_after_one_step(claim, by_cholesky, t, best), far));
    evidence(claim, "off after one step, symmetric root",
             at_most(off_after_one_step(claim, by_root, t, best), far));
    control(claim, "kappa - 1, only standardized",
            at_most(kappa_of(claim, standardized(claim, f.X)) - 1, limit));
    control(claim, "off after one step, a Sigma of I",
            at_most(off_after_one_step(claim, C, t, best), far));
}

CLAIM(cn_whiten_uncentred, IDENTITY,
      "Mapped by S^-1 without being centred, data have Sigma = I and a mean of squared "
      "length mu'Sigma^-1 mu: kappa is the square of that outlier, and may grow")
{
    struct arena *arena = claim_arena(claim);
    vec v = geometric_spectrum(arena, D, 1, 30), mu = arena_vec(arena, D);
    mat S = correlated(claim, v);
    for (int j = 0; j < D; j++)
        mu.at[j] = 2 * S.at[j * D + D - 1] / sqrt(v.at[D - 1]); /* the least variance */
    struct features f = known_features(claim, N, mu, S);
    struct whitening w = cn_whitening_make(arena, D, D);
    mat Z = arena_mat(arena, N, D);
    enum factor_status status = cn_whitening_cholesky(f.X, arena, &w);
    REQUIRE(status == FACTOR_OK, "the covariance is singular");
    gemm(1, AS_IS, f.X, TRANSPOSED, w.W, 0, Z);
    double measured = kappa_of(claim, Z), raw = kappa_of(claim, f.X);
    double predicted = pow(outlier_law(sqrt(precision_along(claim, S, mu))), 2);
    /* W is off by N eps kappa(Sigma) of itself, and the smallest eigenvalue by kappa.
     */
    double limit = rounding(N + D, 30 + predicted);
    evidence(claim, "kappa by the prediction, less 1",
             at_most(fabs(measured / predicted - 1), limit));
    evidence(claim, "kappa before, of kappa after", at_most(raw / measured, 1));
    double good = kappa_of(claim, whitened(claim, f.X));
    control(claim, "centred first", at_most(fabs(good / predicted - 1), limit));
}

/* ---- The ladder ------------------------------------------------------------------ */

/* Gradient descent from 0 at alpha = 1 / a_max, beside what its spectrum predicts. */
struct run {
    struct quadratic q;
    vec a, error_0; /* the spectrum, and the first error along its eigenvectors */
    vec w, w_star, grad;
    double alpha;
};

static struct run run_begin(struct claim *claim, mat X, vec t)
{
    struct arena *arena = claim_arena(claim);
    mat Phi = with_one(claim, X), Q = arena_mat(arena, Phi.cols, Phi.cols);
    int n = Phi.cols;
    struct run r = {quadratic_make(arena, n),
                    arena_vec(arena, n),
                    arena_vec(arena, n),
                    arena_vec(arena, n),
                    arena_vec(arena, n),
                    arena_vec(arena, n),
                    0};
    least_squares(Phi, t, &r.q);
    route_eigen(r.q.A, r.a, Q);
    route_min_norm(Phi, t, r.w_star);
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++)
            r.error_0.at[j] -= Q.at[i * n + j] * r.w_star.at[i];
    r.alpha = 1 / top(r.a);
    return r;
}

/* The cost above the least, from the weights, and as predicted for step k. */
static double excess_cost(struct run *r)
{
    double sum = 0;
    for (int i = 0; i < r->w.n; i++)
        for (int j = 0; j < r->w.n; j++)
            sum += row(r->q.A, i).at[j] * (r->w.at[i] - r->w_star.at[i]) *
                   (r->w.at[j] - r->w_star.at[j]);
    return sum / 2;
}

static double predicted_excess(const struct run *r, vec a, double k)
{
    double sum = 0;
    for (int j = 0; j < a.n; j++)
        sum +=
            a.at[j] / 2 * pow(1 - a.at[j] / top(a), 2 * k) * pow(r->error_0.at[j], 2);
    return sum;
}

enum { MOST_STEPS = 1 << 20 };

/* The first step at which so small a share of the excess is left: run, and predicted.
 */
static int steps_run(struct run *r, double share)
{
    int k = 0;
    fill(0, r->w);
    double goal = share * excess_cost(r);
    for (; k < MOST_STEPS && !(excess_cost(r) <= goal); k++)
        gd_step(r->q, r->alpha, r->w, r->grad);
    return k;
}

static int steps_predicted(const struct run *r, vec a, double share)
{
    int low = 0, high = MOST_STEPS; /* too early, early enough */
    double goal = share * predicted_excess(r, a, 0);
    while (high - low > 1) {
        int middle = (low + high) / 2;
        *(predicted_excess(r, a, middle) <= goal ? &high : &low) = middle;
    }
    return high;
}

enum { RUNGS = 4 };

/* For the figure: the four runs, at steps 1, 2, 3, 4, 6, 8, ... */
static void record_ladder(struct claim *claim, struct run *rungs)
{
    struct series s =
        series_begin(claim, "ladder", "k", "raw", "raw_law", "centred", "centred_law",
                     "standardized", "standardized_law", "white", "white_law", NULL);
    int done = 0;
    for (int i = 0; i < RUNGS; i++)
        fill(0, rungs[i].w);
    for (double next = 1; next < 40000; next *= pow(2, 1.0 / 3)) {
        int k = (int)floor(next);
        if (k == done)
            continue;
        double values[1 + 2 * RUNGS] = {k};
        for (int i = 0; i < RUNGS; i++) {
            struct run *r = &rungs[i];
            double first = predicted_excess(r, r->a, 0);
            gd_run(r->q, r->alpha, k - done, r->w, r->grad);
            values[1 + 2 * i] = excess_cost(r) / first;
            values[2 + 2 * i] = predicted_excess(r, r->a, k) / first;
        }
        done = k;
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(cn_ladder, IDENTITY,
      "Convergence is the faster the closer mu is to 0 and Sigma to I: raw, centred, "
      "standardized and white data take the steps that their spectra predict")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 3);
    enum { FEW = 6 };
    vec sigma = geometric_spectrum(arena, FEW, 2, 10), t = arena_vec(arena, N);
    vec mu = arena_vec(arena, FEW);
    fill(2, mu);
    struct features f = known_features(claim, N, mu, equicorrelated(claim, sigma, 0.8));
    rng_normals(&rng, 0, 1, t);
    struct run rungs[RUNGS] = {run_begin(claim, f.X, t),
                               run_begin(claim, centred(claim, f.X), t),
                               run_begin(claim, standardized(claim, f.X), t),
                               run_begin(claim, whitened(claim, f.X), t)};
    static const char *const names[] = {"steps less prediction, raw",
                                        "steps less prediction, centred",
                                        "steps less prediction, standardized"};
    double share = 1e-6;
    for (int i = 0; i < 3; i++) {
        int steps = steps_run(&rungs[i], share);
        /* Where the curve crosses the goal, rounding may decide for the next step. */
        evidence(claim, names[i],
                 at_most(abs(steps - steps_predicted(&rungs[i], rungs[i].a, share)),
                         1));
    }
    evidence(claim, "steps of white data", at_most(steps_run(&rungs[3], share), 1));
    /* All four spectra are known: the ladder's steps are wide under any seed. */
    static const char *const ratios[] = {"kappa raw, by that of centred",
                                         "kappa centred, by standardized",
                                         "kappa standardized, by white"};
    for (int i = 0; i < 3; i++)
        evidence(claim, ratios[i],
                 at_least(kappa(rungs[i].a) / kappa(rungs[i + 1].a), 4));
    int steps = steps_run(&rungs[0], share);
    control(claim, "raw, by the centred spectrum",
            at_most(abs(steps - steps_predicted(&rungs[0], rungs[1].a, share)), 1));
    record_ladder(claim, rungs);
}

/* ---- Hidden units ---------------------------------------------------------------- */

static double logistic(double z) { return 1 / (1 + exp(-z)); }
static double logistic_twice(double z) { return logistic(2 * z); }
static double centred_logistic(double z) { return logistic(z) - 0.5; }
static double centred_logistic_twice(double z) { return logistic(2 * z) - 0.5; }
static double tanh_half(double z) { return tanh(z / 2); }

/* The features of m units without biases on inputs that come in pairs x, -x, so that a
 * logistic unit, sigma(-z) = 1 - sigma(z), has the mean 1/2 exactly, and tanh 0.
 * Weights have variance 1 / inputs. */
enum { PAIRS = 512, INPUTS = 64, UNITS = 32 };

static mat hidden(struct claim *claim, double (*unit)(double))
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, PAIRS, INPUTS), W = arena_mat(arena, UNITS, INPUTS);
    mat Z = arena_mat(arena, PAIRS, UNITS), H = arena_mat(arena, 2 * PAIRS, UNITS);
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1 / sqrt(INPUTS), entries(W));
    gemm(1, AS_IS, X, TRANSPOSED, W, 0, Z);
    for (int i = 0; i < PAIRS * UNITS; i++) {
        H.at[i] = unit(Z.at[i]);
        H.at[PAIRS * UNITS + i] = unit(-Z.at[i]);
    }
    return H;
}

/* 1'T 1 / m for T = H'H / N: the mean square of the sum of the features, over m. */
static double common_part(mat H)
{
    double sum = 0;
    for (int i = 0; i < H.rows; i++) {
        double of_units = 0;
        for (int j = 0; j < H.cols; j++)
            of_units += H.at[i * H.cols + j];
        sum += of_units * of_units / H.rows / H.cols;
    }
    return sum;
}

CLAIM(
    cn_logistic, BOUND,
    "Logistic units give the last layer's Hessian an outlier of m/4 and a little more, "
    "where tanh units, 2 sigma(z) - 1, have none")
{
    vec a = spectrum(claim, hidden(claim, logistic));
    mat H = hidden(claim, tanh_half);
    vec T = spectrum(claim, H), c = spectrum(claim, hidden(claim, centred_logistic));
    /* sigma(z) = (1 + tanh(z/2)) / 2 with features of mean 0: A = (1 1' + T) / 4. */
    double quarter = UNITS / 4.0, slack = 1 + rounding(2 * PAIRS, 1);
    double least = quarter + common_part(H) / 4, most = quarter + top(T) / 4;
    evidence(claim, "outlier, of m/4 + ||T||/4", at_most(top(a) / most, slack));
    evidence(claim, "outlier, of m/4 + 1'T1/4m", at_least(top(a) / least, 2 - slack));
    evidence(claim, "second eigenvalue, of ||T||/4",
             at_most(a.at[UNITS - 2] / (top(T) / 4), slack));
    control(claim, "tanh units", at_least(top(T) / least, 2 - slack));
    control(claim, "centred logistic units", at_least(top(c) / least, 2 - slack));
}

CLAIM(
    cn_tanh, BOUND,
    "The outlier makes the last layer worse conditioned: logistic units sigma(2z) have "
    "kappa between m / t_2 and (m + t_m) / t_1, where t are the eigenvalues of tanh's")
{
    double logistic_kappa = kappa(spectrum(claim, hidden(claim, logistic_twice)));
    vec t = spectrum(claim, hidden(claim, tanh));
    vec c = spectrum(claim, hidden(claim, centred_logistic_twice));
    /* 4A = 1 1' + T, of which the largest eigenvalue is at least m and at most m + t_m,
     * and, by interlacing, the smallest lies between t_1 and t_2. */
    double slack = 1 + rounding(2 * PAIRS, logistic_kappa);
    double least = UNITS / t.at[1], most = (UNITS + top(t)) / t.at[0];
    evidence(claim, "kappa, of (m + t_m) / t_1", at_most(logistic_kappa / most, slack));
    evidence(claim, "kappa, of m / t_2", at_least(logistic_kappa / least, 2 - slack));
    control(claim, "tanh units", at_least(kappa(t) / least, 2 - slack));
    control(claim, "centred logistic units", at_least(kappa(c) / least, 2 - slack));
}

/* A network with one hidden layer, J = mean of 1/2 (v'unit(Wx) - t)^2, on pairs x, -x;
 * p: v, and then W row by row. */
enum { NET_IN = 3, NET_UNITS = 16, NET_PAIRS = 8 };
enum { NET_SIZE = NET_UNITS * (1 + NET_IN) };

struct net {
    double (*unit)(double);
    mat X; /* 2 NET_PAIRS x NET_IN */
    vec t;
};

static double net_cost(struct net net, vec p)
{
    double cost = 0;
    for (int i = 0; i < net.X.rows; i++) {
        double y = 0;
        for (int j = 0; j < NET_UNITS; j++) {
            const double *w = p.at + NET_UNITS + j * NET_IN;
            double z = 0;
            for (int l = 0; l < NET_IN; l++)
                z += w[l] * net.X.at[i * NET_IN + l];
            y += p.at[j] * net.unit(z);
        }
        cost += (y - net.t.at[i]) * (y - net.t.at[i]) / (2 * net.X.rows);
    }
    return cost;
}

enum { STEP_BITS = 10 }; /* differences are taken over h = 2^-10 */

/* The Hessian over all weights by second differences of the cost. */
static void net_hessian(struct net net, vec p, mat H)
{
    double h = ldexp(1, -STEP_BITS);
    for (int i = 0; i < p.n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0, p_i = p.at[i], p_j = p.at[j];
            for (int corner = 0; corner < 4; corner++) {
                double up = corner & 1 ? h : -h, right = corner & 2 ? h : -h;
                p.at[i] += up;
                p.at[j] += right;
                sum += up * right * net_cost(net, p);
                p.at[j] = p_j;
                p.at[i] = p_i;
            }
            H.at[i * p.n + j] = H.at[j * p.n + i] = sum / (4 * h * h * h * h);
        }
}

static double largest_curvature(struct claim *claim, double (*unit)(double),
                                double *cost)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct net net = {unit, arena_mat(arena, 2 * NET_PAIRS, NET_IN),
                      arena_vec(arena, 2 * NET_PAIRS)};
    vec p = arena_vec(arena, NET_SIZE), a = arena_vec(arena, NET_SIZE);
    mat H = arena_mat(arena, NET_SIZE, NET_SIZE),
        Q = arena_mat(arena, NET_SIZE, NET_SIZE);
    rng_uniforms(&rng, -1, 1, entries(net.X));
    for (int i = 0; i < NET_PAIRS * NET_IN; i++)
        net.X.at[NET_PAIRS * NET_IN + i] = -net.X.at[i];
    rng_uniforms(&rng, -1, 1, net.t);
    rng_uniforms(&rng, -1, 1, p);
    scale(0.2, (vec){NET_UNITS, p.at});
    net_hessian(net, p, H);
    route_eigen(H, a, Q);
    *cost = net_cost(net, p);
    return top(a);
}

CLAIM(cn_hidden_hessian, BOUND,
      "Uncentred hidden activations make a large eigenvalue of the Hessian over all "
      "weights: at least the squared length of their mean, m/4 for logistic units")
{
    double cost, unused, quarter = NET_UNITS / 4.0;
    double uncentred = largest_curvature(claim, logistic, &cost);
    /* The block of the output weights is H'H / N, and its cost is a quadratic, on which
     * second differences are exact but for rounding, over h^2; m of them are added. */
    double slack = rounding(NET_UNITS * NET_UNITS, cost) * ldexp(1, 2 * STEP_BITS);
    evidence(claim, "largest eigenvalue, m = 16", at_least(uncentred, quarter - slack));
    control(claim, "the same units, centred",
            at_least(largest_curvature(claim, centred_logistic, &unused),
                     quarter - slack));
}

/* ---- Real images ----------------------------------------------------------------- */

enum { IMAGES = 12000, RESAMPLES = 20 };

/* Images of two classes, or all if they are the same, with blocks of pool x pool pixels
 * averaged; t_i = +-1, plus for the second of the classes. */
struct images {
    mat X;
    vec t;
};

static struct images load_images(struct claim *claim, int one, int other, int pool)
{
    struct arena *arena = claim_arena(claim);
    struct dataset data = claim_images(claim, IMAGES);
    static int chosen[IMAGES];
    int n = one == other ? data.n : dataset_pair(data, one, other, chosen);
    struct images all = {arena_mat(arena, n, 28 / pool * (28 / pool)),
                         arena_vec(arena, n)};
    dataset_images(data, one == other ? NULL : chosen, pool, all.X);
    dataset_signs(data, one == other ? NULL : chosen, other, all.t);
    return all;
}

/* Some of the images, those from first on in this order. */
static struct images select_images(struct claim *claim, struct images all,
                                   const int *order, int first, int n)
{
    struct images some = {arena_mat(claim_arena(claim), n, all.X.cols),
                          arena_vec(claim_arena(claim), n)};
    for (int i = 0; i < n; i++) {
        copy(row(all.X, order[first + i]), row(some.X, i));
        some.t.at[i] = all.t.at[order[first + i]];
    }
    return some;
}

/* X := each column in an order of its own: the same means and variances, but what went
 * together no longer does. */
static void shuffle_columns(struct claim *claim, mat X)
{
    struct rng rng = claim_rng(claim, 100);
    static int order[IMAGES];
    vec old = arena_vec(claim_arena(claim), X.rows);
    for (int j = 0; j < X.cols; j++) {
        rng_permutation(&rng, X.rows, order);
        for (int i = 0; i < X.rows; i++)
            old.at[i] = X.at[i * X.cols + j];
        for (int i = 0; i < X.rows; i++)
            X.at[i * X.cols + j] = old.at[order[i]];
    }
}

CLAIM(cn_pixels, PHENOMENON,
      "On the pixels of Fashion-MNIST centring divides kappa by more than 5 and "
      "standardizing by more than 2 again; the correlations that remain leave hundreds")
{
    enum { SOME = 2000 };
    struct arena *arena = claim_arena(claim);
    struct images all = load_images(claim, 0, 0, 4);
    static int order[IMAGES];
    double centring[RESAMPLES], standardizing[RESAMPLES], left[RESAMPLES], beyond = 0;
    double again[RESAMPLES], twice[RESAMPLES], shuffled[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, r);
        rng_permutation(&rng, all.X.rows, order);
        mat X = select_images(claim, all, order, 0, SOME).X;
        mat C = centred(claim, X), Z = standardized(claim, X);
        vec mu = arena_vec(arena, X.cols), a = spectrum(claim, with_one(claim, X));
        cn_means(X, mu);
        beyond = worst(beyond, (top(a) - dot(mu, mu) - 1) / top(spectrum(claim, C)));
        double of_centred = kappa_of(claim, C), of_standardized = kappa_of(claim, Z);
        centring[r] = log10(kappa(a) / of_centred);
        standardizing[r] = log10(of_centred / of_standardized);
        left[r] = log10(of_standardized);
        again[r] = log10(of_centred / kappa_of(claim, centred(claim, C)));
        twice[r] = log10(of_standardized / kappa_of(claim, standardized(claim, Z)));
        shuffle_columns(claim, Z);
        shuffled[r] = log10(kappa_of(claim, Z));
        arena->used = mark;
    }
    evidence(claim, "log10 kappa raw / centred",
             effect_at_least(RESAMPLES, centring, log10(5)));
    evidence(claim, "log10 kappa centred / standardized",
             effect_at_least(RESAMPLES, standardizing, log10(2)));
    evidence(claim, "log10 kappa standardized",
             effect_at_least(RESAMPLES, left, log10(300)));
    evidence(claim, "outlier less |mu|^2 + 1, of |Sigma|", at_most(beyond, 1));
    control(claim, "centred once more", effect_at_least(RESAMPLES, again, log10(5)));
    control(claim, "standardized once more",
            effect_at_least(RESAMPLES, twice, log10(2)));
    control(claim, "pixels shuffled among images",
            effect_at_least(RESAMPLES, shuffled, log10(300)));
}

/* ---- What whitening costs -------------------------------------------------------- */

/* Which share of the label variance that a linear map explains lies along the five
 * principal components of largest variance: component j, of variance s_j, explains
 * (q_j'c)^2 / s_j for c = mean of t x. */
static double share_of_first_five(struct claim *claim, struct images some)
{
    int n = some.X.cols;
    struct arena *arena = claim_arena(claim);
    mat C = centred(claim, some.X), Q = arena_mat(arena, n, n);
    vec s = arena_vec(arena, n), c = arena_vec(arena, n);
    route_eigen(curvature(claim, C), s, Q);
    gemtv(1.0 / C.rows, C, some.t, 0, c);
    double all = 0, first = 0;
    for (int j = 0; j < n; j++) {
        double product = 0;
        for (int i = 0; i < n; i++)
            product += Q.at[i * n + j] * c.at[i];
        double explained = s.at[j] > 1e-9 * top(s) ? product * product / s.at[j] : 0;
        all += explained;
        first += j >= n - 5 ? explained : 0;
    }
    return first / all;
}

CLAIM(cn_signal, PHENOMENON,
      "The directions of highest variance hold much of the signal: five principal "
      "components of 49 explain half of what all can say about sneakers and boots")
{
    enum { SOME = 500 };
    struct arena *arena = claim_arena(claim);
    struct images all = load_images(claim, 7, 9, 4);
    static int order[IMAGES];
    double share[RESAMPLES], shuffled[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, r);
        rng_permutation(&rng, all.X.rows, order);
        struct images some = select_images(claim, all, order, 0, SOME);
        share[r] = share_of_first_five(claim, some);
        rng_permutation(&rng, SOME, order);
        some.t = select_images(claim, some, order, 0, SOME).t;
        shuffled[r] = share_of_first_five(claim, some);
        arena->used = mark;
    }
    evidence(claim, "share of the first five", effect_at_least(RESAMPLES, share, 0.5));
    control(claim, "labels shuffled", effect_at_least(RESAMPLES, shuffled, 0.5));
}

enum remedy { RAW, CENTRED, STANDARDIZED, WHITENED };

/* Examples to learn from and examples to test, both as the first ones suggest. */
struct task {
    struct images train, test;
};

/* The task with features as gradient descent is to see them, and a constant. */
static struct task treat(struct claim *claim, struct task task, enum remedy remedy)
{
    struct arena *arena = claim_arena(claim);
    mat X = twin(claim, task.train.X), Y = twin(claim, task.test.X);
    int n = X.rows <= X.cols ? X.rows : X.cols;
    struct whitening w = cn_whitening_make(arena, n, X.cols);
    vec mu = arena_vec(arena, X.cols), sigma = arena_vec(arena, X.cols);
    enum factor_status status = FACTOR_OK;
    cn_means(task.train.X, mu);
    cn_deviations(task.train.X, mu, sigma);
    if (remedy == CENTRED) {
        cn_center(mu, X);
        cn_center(mu, Y);
    } else if (remedy == STANDARDIZED) {
        cn_standardize(mu, sigma, X);
        cn_standardize(mu, sigma, Y);
    } else if (remedy == WHITENED) {
        status = X.rows <= X.cols ? cn_whitening_svd(X, arena, &w)
                                  : cn_whitening_cholesky(X, arena, &w);
        REQUIRE(status == FACTOR_OK, "the covariance cannot be factored");
        mat white = arena_mat(arena, X.rows, n),
            test_white = arena_mat(arena, Y.rows, n);
        cn_whiten(w, X, white);
        cn_whiten(w, Y, test_white);
        X = white;
        Y = test_white;
    }
    task.train.X = with_one(claim, X);
    task.test.X = with_one(claim, Y);
    return task;
}

static double error_rate(mat X, vec t, vec w, vec y)
{
    int wrong = 0;
    gemv(1, X, w, 0, y);
    for (int i = 0; i < t.n; i++)
        wrong += !(y.at[i] * t.at[i] > 0);
    return (double)wrong / t.n;
}

/* 1 / a_max = N / s_0^2, from the largest singular value of Phi. */
static double safe_rate(struct claim *claim, mat Phi)
{
    int n = Phi.rows < Phi.cols ? Phi.rows : Phi.cols;
    vec s = arena_vec(claim_arena(claim), n);
    route_singular(Phi, s);
    return Phi.rows / (s.at[0] * s.at[0]);
}

/* Error on the test images after so many steps from 0 at alpha = 1 / a_max. */
static void error_path(struct claim *claim, struct task task, int times,
                       const int *steps, double *error)
{
    struct arena *arena = claim_arena(claim);
    int n = task.train.X.cols;
    struct quadratic q = quadratic_make(arena, n);
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n);
    vec y = arena_vec(arena, task.test.t.n);
    least_squares(task.train.X, task.train.t, &q);
    double alpha = safe_rate(claim, task.train.X);
    for (int i = 0; i < times; i++) {
        gd_run(q, alpha, steps[i] - (i > 0 ? steps[i - 1] : 0), w, grad);
        error[i] = error_rate(task.test.X, task.test.t, w, y);
    }
}

enum { TRAIN = 80, TEST = 500 };

/* Sneakers and boots in pixels of 2 x 2, of which one label in five is wrong. */
static struct task sneakers_and_boots(struct claim *claim, struct images all,
                                      int resample)
{
    struct rng rng = claim_rng(claim, resample);
    static int order[IMAGES];
    rng_permutation(&rng, all.X.rows, order);
    struct task task = {select_images(claim, all, order, 0, TRAIN),
                        select_images(claim, all, order, TRAIN, TEST)};
    for (int i = 0; i < TRAIN; i++)
        if (rng_below(&rng, 5) == 0)
            task.train.t.at[i] *= -1;
    return task;
}

/* The largest distance over the run between the weights and (1 - (1 - alpha)^k) times
 * the solution of least norm, relative to that. */
static double gap_to_line(struct claim *claim, struct task task)
{
    struct arena *arena = claim_arena(claim);
    int n = task.train.X.cols;
    struct quadratic q = quadratic_make(arena, n);
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n), best = arena_vec(arena, n);
    vec off = arena_vec(arena, n);
    double gap = 0, alpha = 0.1 * safe_rate(claim, task.train.X);
    least_squares(task.train.X, task.train.t, &q);
    route_min_norm(task.train.X, task.train.t, best);
    for (int k = 1; k <= 50; k++) {
        gd_step(q, alpha, w, grad);
        copy(w, off);
        axpy(pow(0.9, k) - 1, best, off);
        gap = worst(gap, norm(off) / norm(best));
    }
    return gap;
}

CLAIM(cn_whitened_path, IDENTITY,
      "On whitened data the path of gradient descent is straight: after k steps from 0 "
      "it "
      "is at 1 - (1 - alpha)^k times the solution, so the classifier never changes")
{
    struct arena *arena = claim_arena(claim);
    struct images all = load_images(claim, 7, 9, 2);
    struct task task = sneakers_and_boots(claim, all, 0);
    struct task white = treat(claim, task, WHITENED);
    vec s = arena_vec(arena, TRAIN), best = arena_vec(arena, white.train.X.cols);
    vec residual = arena_vec(arena, TRAIN);
    route_singular(centred(claim, task.train.X), s);
    /* A direction of the data is known to within N eps s_0 / s_j; the last s is that of
     * the mean, which centring took out. */
    double limit = rounding(TRAIN + all.X.cols, s.at[0] / s.at[TRAIN - 2]);
    evidence(claim, "gap to the straight path",
             at_most(gap_to_line(claim, white), limit));
    static const int steps[] = {1, 2, 5, 10, 20, 50, 100, 1000};
    double error[8], change = 0;
    error_path(claim, white, 8, steps, error);
    for (int i = 1; i < 8; i++)
        change = worst(change, fabs(error[i] - error[0]));
    evidence(claim, "change of the test error", at_most(change, 0));
    route_min_norm(white.train.X, white.train.t, best);
    gemv(1, white.train.X, best, 0, residual);
    axpy(-1, white.train.t, residual);
    evidence(claim, "its end, off the noisy labels",
             at_most(norm(residual), limit * norm(white.train.t)));
    control(claim, "only centred",
            at_most(gap_to_line(claim, treat(claim, task, CENTRED)), limit));
}

/* Images of all classes, 4 x 4 means of blocks.  The label is the sign of a random sum
 * of the six principal components of least variance, each scaled to variance 1. */
static struct task signal_in_low_variance(struct claim *claim, struct images all,
                                          int resample)
{
    enum { SOME = 100, LOW = 6, PIXELS = 16 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, RESAMPLES + resample);
    static int order[IMAGES];
    mat C = centred(claim, all.X), Q = arena_mat(arena, PIXELS, PIXELS);
    vec s = arena_vec(arena, PIXELS), u = arena_vec(arena, PIXELS);
    route_eigen(curvature(claim, C), s, Q);
    for (int j = 0; j < LOW; j++) {
        double factor = rng_normal(&rng) / sqrt(s.at[j]);
        for (int i = 0; i < PIXELS; i++)
            u.at[i] += factor * Q.at[i * PIXELS + j];
    }
    rng_permutation(&rng, all.X.rows, order);
    for (int i = 0; i < C.rows; i++)
        all.t.at[i] = dot(row(C, i), u) > 0 ? 1 : -1;
    return (struct task){select_images(claim, all, order, 0, SOME),
                         select_images(claim, all, order, SOME, TEST)};
}

enum { TIMES = 13, AT_TWENTY = 8 };
static const int TIME[TIMES] = {1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100};

/* error[r][i][j]: on resample r, with remedy i, after TIME[j] steps. */
typedef double error_table[RESAMPLES][4][TIMES];

static void measure(struct claim *claim, struct images all,
                    struct task (*draw)(struct claim *, struct images, int),
                    error_table error)
{
    struct arena *arena = claim_arena(claim);
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct task task = draw(claim, all, r);
        for (int i = 0; i < 4; i++)
            error_path(claim, treat(claim, task, i), TIMES, TIME, error[r][i]);
        arena->used = mark;
    }
}

/* By how much the whitened error exceeds another, on the same images. */
static struct finding whitened_is_worse(error_table error, enum remedy than)
{
    double effect[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++)
        effect[r] = error[r][WHITENED][AT_TWENTY] - error[r][than][AT_TWENTY];
    return effect_at_least(RESAMPLES, effect, 0);
}

/* After twenty whitened steps, the share of what was learned from that is not known by
 * heart, wrong labels included; the worst of the resamples. */
static double not_by_heart(struct claim *claim, struct images all)
{
    static const int twenty[] = {20};
    struct arena *arena = claim_arena(claim);
    double most = 0, error;
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct task white = treat(claim, sneakers_and_boots(claim, all, r), WHITENED);
        white.test = white.train;
        error_path(claim, white, 1, twenty, &error);
        most = worst(most, error);
        arena->used = mark;
    }
    return most;
}

static void record_errors(struct claim *claim, error_table error)
{
    struct series s = series_begin(claim, "whitening", "k", "raw", "centred",
                                   "standardized", "white", NULL);
    for (int j = 0; j < TIMES; j++) {
        double values[5] = {TIME[j]};
        for (int i = 0; i < 4; i++)
            for (int r = 0; r < RESAMPLES; r++)
                values[i + 1] += error[r][i][j] / RESAMPLES;
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(cn_whitening_costs, PHENOMENON,
      "Where labels are noisy and examples fewer than pixels, whitening costs "
      "generalization: after twenty steps its test error is higher than that of any "
      "other")
{
    static error_table images, low;
    struct images all = load_images(claim, 7, 9, 2);
    measure(claim, all, sneakers_and_boots, images);
    record_errors(claim, images);
    measure(claim, load_images(claim, 0, 0, 7), signal_in_low_variance, low);
    evidence(claim, "whitened less raw", whitened_is_worse(images, RAW));
    evidence(claim, "whitened less centred", whitened_is_worse(images, CENTRED));
    evidence(claim, "whitened less standardized",
             whitened_is_worse(images, STANDARDIZED));
    evidence(claim, "whitened, wrong on what it saw",
             at_most(not_by_heart(claim, all), 0));
    control(claim, "signal in low variance, raw", whitened_is_worse(low, RAW));
    control(claim, "signal in low variance, standardized",
            whitened_is_worse(low, STANDARDIZED));
}

CHAPTER(conditioning, &cn_homogeneous, &cn_blocks, &cn_standardized, &cn_white,
        &cn_centred, &cn_outlier, &cn_bracket, &cn_direction, &cn_dimension,
        &cn_determinant, &cn_small_eigenvalue, &cn_quadratic, &cn_centring_helps,
        &cn_units, &cn_correlations, &cn_best_units, &cn_tables, &cn_whitened,
        &cn_whiten_uncentred, &cn_ladder, &cn_logistic, &cn_tanh, &cn_hidden_hessian,
        &cn_pixels, &cn_signal, &cn_whitened_path, &cn_whitening_costs)
