#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>

/* So many examples, and features, unless a claim says otherwise. */
enum { N = 40, D = 8 };

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
      "Standardized, every feature has mean 0 and variance 1, over N")
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

enum { MOMENTS = 3 };
static const int moments[MOMENTS] = {1, 10, 100};

/* Predictions after 1, 10 and 100 steps from 0, one after the other, at the rate
 * 1 / trace A, which is always safe. */
static vec predictions(struct claim *claim, mat X, vec t)
{
    struct arena *arena = claim_arena(claim);
    mat Phi = with_one(claim, X);
    struct quadratic q = quadratic_make(arena, Phi.cols);
    vec w = arena_vec(arena, Phi.cols), grad = arena_vec(arena, Phi.cols);
    vec y = arena_vec(arena, MOMENTS * Phi.rows);
    double trace = 0;
    least_squares(Phi, t, &q);
    for (int j = 0; j < q.A.rows; j++)
        trace += row(q.A, j).at[j];
    for (int i = 0; i < MOMENTS; i++) {
        gd_run(q, 1 / trace, moments[i] - (i > 0 ? moments[i - 1] : 0), w, grad);
        gemv(1, Phi, w, 0, part(y, i * Phi.rows, Phi.rows));
    }
    return y;
}

CLAIM(cn_units, IDENTITY,
      "On standardized data gradient descent predicts the same in any units")
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

CLAIM(cn_tables, BOUND, "On the lecture's two tables the contours are long and thin")
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
    /* Three examples; a mean of 1000 is taken from deviations of 1 and more, and 1 - r
     * is some 0.06 at least. */
    double slack = rounding(3, 1000 / fmin(1 - r1, 1 - r2));
    mat good_scales = standardized(claim, scales),
        good_offsets = standardized(claim, offsets);
    double law1 = sqrt((1 + r1) / (1 - r1)), law2 = sqrt((1 + r2) / (1 - r2));
    evidence(claim, "the first standardized, off the law",
             at_most(fabs(aspect(claim, good_scales) / law1 - 1), slack));
    evidence(claim, "the second standardized, off the law",
             at_most(fabs(aspect(claim, good_offsets) / law2 - 1), slack));
    control(claim, "unlike units, standardized",
            at_least(aspect(claim, good_scales), from_units));
    control(claim, "far from 0, standardized",
            at_least(aspect(claim, good_offsets), from_means));
}

/* kappa of the correlations, from pairs of examples: trace R = D, so that the 1 of the
 * constant lies within its spectrum. */
static double kappa_of_correlations(struct claim *claim, mat X)
{
    struct arena *arena = claim_arena(claim);
    mat R = arena_mat(arena, X.cols, X.cols), Q = arena_mat(arena, X.cols, X.cols);
    vec r = arena_vec(arena, X.cols);
    for (int j = 0; j < X.cols; j++)
        for (int l = 0; l < X.cols; l++)
            row(R, j).at[l] =
                covariance_of_pairs(X, j, l) /
                sqrt(covariance_of_pairs(X, j, j) * covariance_of_pairs(X, l, l));
    route_eigen(R, r, Q);
    return kappa(r);
}

CLAIM(cn_correlations, IDENTITY,
      "What standardizing leaves are the correlations, and their kappa")
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
    evidence(claim, "all 0.8: kappa, less the formula",
             at_most(fabs(left - predicted), limit));
    /* Sigma has the condition number 25, and R 25 D at most. */
    vec v = geometric_spectrum(claim_arena(claim), D, 5, 25);
    f = known_features(claim, N, signs(claim, D, 1), correlated(claim, v));
    left = kappa_of(claim, standardized(claim, f.X));
    evidence(claim, "others: kappa, less that of R",
             at_most(fabs(left - kappa_of_correlations(claim, f.X)),
                     rounding(N * N, left * left)));
    control(claim, "whitened instead", at_most(fabs(white - predicted), limit));
}

/* kappa of three features in units such that their deviations are sigma, with the
 * correlations -0.7, -0.9 and 0.7. */
static double kappa_in_units(struct claim *claim, const real *sigma)
{
    static real of_R[] = {1, -0.7, -0.9, -0.7, 1, 0.7, -0.9, 0.7, 1};
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
      "In standard units kappa is at most D + 1 times that in any others")
{
    struct rng rng = claim_rng(claim, 3);
    static const real ones[] = {1, 1, 1}, better[] = {1, 0.5, 1}, bad[] = {1, 100, 1};
    double standard = kappa_in_units(claim, ones), most = 0;
    for (int trial = 0; trial < 40; trial++) {
        real sigma[3];
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

SECTION(units, &cn_standardized, &cn_units, &cn_tables, &cn_correlations,
        &cn_best_units);
