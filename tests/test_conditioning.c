/* The contract of conditioning.h.  What the maps do to the speed of gradient descent is
 * for the claims; here each is held against its formula, in long double, or against
 * what whitening means: the second moments of the result. */
#include "conditioning.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

static const int sizes[][2] = {{1, 0},  {1, 1},  {2, 3},  {7, 1},
                               {10, 4}, {4, 10}, {300, 3}};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Entries between 1 and 3, so no feature of two examples or more is constant. */
static mat random_features(const char *test, struct arena *arena, int N, int D)
{
    struct rng rng = unit_rng(test);
    mat X = arena_mat(arena, N, D);
    rng_uniforms(&rng, 1, 3, entries(X));
    return X;
}

static mat copy_of(struct arena *arena, mat X)
{
    mat Y = arena_mat(arena, X.rows, X.cols);
    copy(entries(X), entries(Y));
    return Y;
}

static vec nan_vec(struct arena *arena, int n)
{
    vec x = arena_vec(arena, n);
    fill(NAN, x);
    return x;
}

static long double mean_of(mat X, int j)
{
    long double sum = 0;
    for (int i = 0; i < X.rows; i++)
        sum += row(X, i).at[j];
    return sum / X.rows;
}

/* The mean of x_j x_l. */
static long double moment(mat X, int j, int l)
{
    long double sum = 0;
    for (int i = 0; i < X.rows; i++)
        sum += (long double)row(X, i).at[j] * row(X, i).at[l];
    return sum / X.rows;
}

/* ---- The constant, and features one by one --------------------------------------- */

START_TEST(a_constant_is_appended)
{
    struct arena arena = arena_make(1 << 16);
    for (int s = 0; s < SIZES; s++) {
        int N = sizes[s][0], D = sizes[s][1];
        mat X = random_features("cn/constant", &arena, N, D), Y = copy_of(&arena, X);
        mat Phi = {N, D + 1, nan_vec(&arena, N * (D + 1)).at};
        cn_with_constant(X, Phi);
        for (int i = 0; i < N; i++)
            for (int j = 0; j <= D; j++)
                ck_assert_double_eq(row(Phi, i).at[j], j < D ? row(Y, i).at[j] : 1);
    }
    cn_with_constant(arena_mat(&arena, 0, 3), arena_mat(&arena, 0, 4));
    arena_free(&arena);
}
END_TEST

/* N products and sums of terms up to 3 / N, or (3 - 1)^2 / N and a root. */
START_TEST(means_and_deviations_are_those_of_the_formulas)
{
    struct arena arena = arena_make(1 << 16);
    for (int s = 0; s < SIZES; s++) {
        int N = sizes[s][0], D = sizes[s][1];
        mat X = random_features("cn/means", &arena, N, D);
        vec mu = nan_vec(&arena, D), sigma = nan_vec(&arena, D);
        cn_means(X, mu);
        cn_deviations(X, mu, sigma);
        for (int j = 0; j < D; j++) {
            long double mean = mean_of(X, j), square = moment(X, j, j) - mean * mean;
            assert_near(mu.at[j], mean, 6 * N * DBL_EPSILON);
            assert_near(sigma.at[j] * sigma.at[j], square, 24 * N * DBL_EPSILON);
        }
    }
    arena_free(&arena);
}
END_TEST

/* (1, 3): mean 2, deviation 1; (2, 6): 4, 2; all exact. */
START_TEST(two_examples_give_whole_numbers)
{
    real at[] = {1, 2, 5, 3, 6, 5}, mu_at[3], sigma_at[4] = {0, 0, 0, 7};
    mat X = {2, 3, at};
    vec mu = {3, mu_at}, sigma = {3, sigma_at};
    cn_means(X, mu);
    cn_deviations(X, mu, sigma);
    ck_assert(mu_at[0] == 2 && mu_at[1] == 4 && mu_at[2] == 5);
    ck_assert(sigma_at[0] == 1 && sigma_at[1] == 2 && sigma_at[2] == 0);
    ck_assert_double_eq(sigma_at[3], 7); /* not ours */
    cn_standardize(mu, sigma, X);
    for (int j = 0; j < 3; j++) {
        ck_assert_double_eq(at[j], j < 2 ? -1 : 0);
        ck_assert_double_eq(at[3 + j], j < 2 ? 1 : 0);
    }
}
END_TEST

/* The mean of N copies of c is off by rounding: that is not a deviation.  What is as
 * small but real, above N eps |c|, is one. */
START_TEST(a_constant_feature_has_no_deviation)
{
    static const int counts[] = {1, 2, 3, 10, 1000, 12345};
    struct arena arena = arena_make(1 << 18);
    for (int s = 0; s < 6; s++) {
        size_t mark = arena.used;
        int N = counts[s];
        mat X = arena_mat(&arena, N, 1);
        vec mu = arena_vec(&arena, 1), sigma = nan_vec(&arena, 1);
        const double constants[] = {0,
                                    0.1,
                                    -0.7,
                                    VAST,
                                    1.0 / 3,
                                    REAL_MIN / 256,
                                    -6000 * REAL_TRUE_MIN,
                                    REAL_TRUE_MIN,
                                    REAL_MAX / 1e8};
        for (int i = 0; i < 9; i++) {
            fill(constants[i], entries(X));
            cn_means(X, mu);
            cn_deviations(X, mu, sigma);
            ck_assert_double_eq(sigma.at[0], 0);
        }
        arena.used = mark;
    }
    arena_free(&arena);
}
END_TEST

/* Deviations of d about a mean of -1, for N = 4: d counts if it exceeds 4 eps. */
START_TEST(the_smallest_deviation_is_n_eps_of_the_mean)
{
    real d = 4 * REAL_EPSILON, mu_at = -1, sigma_at;
    real at[] = {-1 - d, -1 + d, -1 - d, -1 + d};
    real more[] = {-1 - 2 * d, -1 + 2 * d, -1 - 2 * d, -1 + 2 * d};
    vec mu = {1, &mu_at}, sigma = {1, &sigma_at};
    cn_deviations((mat){4, 1, at}, mu, sigma);
    ck_assert_double_eq(sigma_at, 0);
    cn_deviations((mat){4, 1, more}, mu, sigma);
    ck_assert_double_eq(sigma_at, 2 * d);
}
END_TEST

START_TEST(centering_subtracts_from_any_examples)
{
    struct arena arena = arena_make(1 << 16);
    mat X = random_features("cn/center", &arena, 10, 4), Y = copy_of(&arena, X);
    vec mu = arena_vec(&arena, 4);
    for (int j = 0; j < 4; j++)
        mu.at[j] = j - 1.5;
    cn_center(mu, X);
    for (int i = 0; i < 40; i++)
        ck_assert_double_eq(X.at[i], Y.at[i] - mu.at[i % 4]);
    arena_free(&arena);
}
END_TEST

START_TEST(standardizing_divides_and_drops_what_was_constant)
{
    struct arena arena = arena_make(1 << 16);
    mat X = random_features("cn/standardize", &arena, 10, 4), Y = copy_of(&arena, X);
    real mu_at[] = {1, 0.5, -2, 2}, sigma_at[] = {2, REAL_MIN * 1e8, 0, 0.25};
    cn_standardize((vec){4, mu_at}, (vec){4, sigma_at}, X);
    for (int i = 0; i < 40; i++) {
        int j = i % 4;
        double z = j == 2 ? 0 : (Y.at[i] - mu_at[j]) / sigma_at[j];
        ck_assert_double_eq(X.at[i], z);
    }
    arena_free(&arena);
}
END_TEST

/* All of it is meant for any numbers of examples and features, also those of images. */
START_TEST(features_are_mapped_one_by_one_however_many)
{
    static const int shapes[][2] = {{1, 1}, {1, 130}, {2, 65}, {130, 66}, {300, 1}};
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("cn/many");
    for (int s = 0; s < 5; s++) {
        arena.used = 0;
        int N = shapes[s][0], D = shapes[s][1];
        mat X = random_features("cn/many features", &arena, N, D);
        mat Y = copy_of(&arena, X), Z = {N, D, nan_vec(&arena, N * D).at};
        struct whitening w = cn_whitening_make(&arena, D, D);
        vec sigma = arena_vec(&arena, D);
        rng_uniforms(&rng, 1, 3, w.mu);
        rng_uniforms(&rng, 1, 3, sigma);
        for (int j = 0; j < D; j++) /* from right to left, and in units of sigma */
            row(w.W, j).at[D - 1 - j] = 1 / sigma.at[D - 1 - j];
        cn_standardize(w.mu, sigma, X);
        for (int i = 0; i < N * D; i++)
            ck_assert_double_eq(X.at[i], (Y.at[i] - w.mu.at[i % D]) / sigma.at[i % D]);
        cn_whiten(w, Y, Z);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < D; j++)
                assert_near(row(Z, i).at[D - 1 - j], row(X, i).at[j], 8 * DBL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

/* Those of a test set are measured from the mean of the training set: the square is
 * that about the own mean, and the square of the distance of the means; mu stays. */
START_TEST(deviations_are_from_the_mean_that_is_given)
{
    struct arena arena = arena_make(1 << 16);
    for (int s = 0; s < SIZES; s++) {
        int N = sizes[s][0], D = sizes[s][1];
        mat X = random_features("cn/given", &arena, N, D), Y = copy_of(&arena, X);
        vec mu = arena_vec(&arena, D), sigma = nan_vec(&arena, D);
        for (int j = 0; j < D; j++)
            mu.at[j] = j - 1.5;
        cn_deviations(X, mu, sigma);
        for (int j = 0; j < D; j++) {
            long double off = mean_of(Y, j) - (j - 1.5L);
            long double square = moment(Y, j, j) - mean_of(Y, j) * mean_of(Y, j);
            ck_assert_double_eq(mu.at[j], j - 1.5);
            assert_near(sigma.at[j] * sigma.at[j], square + off * off,
                        24 * N * DBL_EPSILON * (1 + (double)(off * off)));
        }
        for (int i = 0; i < N * D; i++)
            ck_assert_double_eq(X.at[i], Y.at[i]);
    }
    arena_free(&arena);
}
END_TEST

/* A mean of numbers that a real holds is one too, though their sum is not. */
START_TEST(the_mean_of_huge_numbers_is_finite)
{
    real at[] = {REAL_MAX, -REAL_MAX, REAL_MAX, -REAL_MAX, REAL_MAX, -REAL_MAX, 1, 1};
    real mu[2];
    cn_means((mat){4, 2, at}, (vec){2, mu});
    assert_near(mu[0], (3 * (long double)REAL_MAX + 1) / 4,
                4 * REAL_EPSILON * REAL_MAX);
    assert_near(mu[1], (1 - 3 * (long double)REAL_MAX) / 4,
                4 * REAL_EPSILON * REAL_MAX);
}
END_TEST

/* Of n examples the last alone is not 0, and its square is no number. */
START_TEST(the_deviation_of_huge_numbers_is_finite)
{
    for (int n = 1; n <= 200; n += 199) {
        real at[200] = {0}, mu = 0, sigma;
        at[n - 1] = REAL_MAX / 2;
        cn_deviations((mat){n, 1, at}, (vec){1, &mu}, (vec){1, &sigma});
        assert_near(sigma / (REAL_MAX / 2), 1 / sqrtl(n), n * DBL_EPSILON);
    }
}
END_TEST

/* ---- Whitening ------------------------------------------------------------------- */

/* Z has mean 0 and Z'Z / N = I, but for the features that rank leaves at 0. */
static void assert_white(mat Z, int rank, double limit)
{
    for (int j = 0; j < Z.cols; j++) {
        assert_near((double)mean_of(Z, j), 0, limit);
        for (int l = 0; l < Z.cols; l++)
            assert_near((double)moment(Z, j, l), j == l && j < rank, limit);
    }
}

START_TEST(cholesky_whitens)
{
    static const int shapes[][2] = {{2, 1},   {3, 2},    {10, 4},
                                    {60, 10}, {150, 70}, {5, 0}};
    struct arena arena = arena_make(1 << 20);
    for (int s = 0; s < 6; s++) {
        int N = shapes[s][0], D = shapes[s][1];
        mat X = random_features("cn/cholesky", &arena, N, D), Y = copy_of(&arena, X);
        for (int i = 0; i < N; i++) /* far from singular under any seed */
            for (int j = 0; j < D; j++)
                row(X, i).at[j] += i % (D + 1) == j ? 20 : 0;
        copy(entries(X), entries(Y));
        mat Z = {N, D, nan_vec(&arena, N * D).at};
        struct whitening w = cn_whitening_make(&arena, D, D);
        fill(NAN, entries(w.W));
        size_t used = arena.used;
        ck_assert_int_eq(cn_whitening_cholesky(X, &arena, &w), FACTOR_OK);
        ck_assert_uint_eq(arena.used, used);
        for (int i = 0; i < N * D; i++)
            ck_assert_double_eq(X.at[i], Y.at[i]);
        for (int i = 0; i < D; i++) {
            assert_near(w.mu.at[i], mean_of(Y, i), 60 * N * DBL_EPSILON);
            ck_assert(row(w.W, i).at[i] > 0);
            for (int j = i + 1; j < D; j++)
                ck_assert_double_eq(row(w.W, i).at[j], 0);
        }
        cn_whiten(w, X, Z);
        /* Variances are near 20^2 / (D + 1) (1 - 1 / (D + 1)), at worst with
         * correlations of -1 / D, of kappa D + 1; the uniforms' change that little. */
        assert_white(Z, D, 30 * N * (D + 1) * (D + 1) * DBL_EPSILON);
        for (int i = 0; i < N * D; i++)
            ck_assert_double_eq(X.at[i], Y.at[i] - w.mu.at[i % D]);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(cholesky_refuses_singular_covariances)
{
    struct arena arena = arena_make(1 << 16);
    struct whitening w = cn_whitening_make(&arena, 3, 3);
    size_t used = arena.used;
    mat few = random_features("cn/few", &arena, 3, 3);
    mat twice = random_features("cn/twice", &arena, 20, 3);
    for (int i = 0; i < 20; i++)
        row(twice, i).at[2] = row(twice, i).at[0] + row(twice, i).at[1] / 3;
    used = arena.used;
    ck_assert_int_eq(cn_whitening_cholesky(few, &arena, &w), FACTOR_NOT_POSITIVE);
    ck_assert_int_eq(cn_whitening_cholesky(twice, &arena, &w), FACTOR_NOT_POSITIVE);
    ck_assert_int_eq(cn_whitening_cholesky(row_block(twice, 0, 4), &arena, &w),
                     FACTOR_NOT_POSITIVE);
    ck_assert_uint_eq(arena.used, used);
    for (int j = 0; j < 3; j++) {
        mat still = random_features("cn/still", &arena, 20, 3);
        for (int i = 0; i < 20; i++)
            row(still, i).at[j] = 0.1;
        ck_assert_int_eq(cn_whitening_cholesky(still, &arena, &w), FACTOR_NOT_POSITIVE);
    }
    arena_free(&arena);
}
END_TEST

/* Uniform features are independent; then the last is half of one of the others, which
 * has to show however many there are. */
START_TEST(the_last_of_many_features_may_depend_on_others)
{
    struct rng rng = unit_rng("cn/last");
    struct arena arena = arena_make(1 << 18);
    for (int k = 0; k < 40; k++) {
        arena.used = 0;
        int D = 3 + rng_below(&rng, 70), N = D + 40, i = rng_below(&rng, D - 1);
        mat X = random_features("cn/last features", &arena, N, D);
        struct whitening w = cn_whitening_make(&arena, D, D);
        ck_assert_int_eq(cn_whitening_cholesky(X, &arena, &w), FACTOR_OK);
        for (int r = 0; r < N; r++)
            row(X, r).at[D - 1] = row(X, r).at[i] * 0.5;
        ck_assert_int_eq(cn_whitening_cholesky(X, &arena, &w), FACTOR_NOT_POSITIVE);
    }
    arena_free(&arena);
}
END_TEST

/* Examples (+-1, +-1 +- d): the second feature is the first but for d, so that Sigma =
 * [1, 1; 1, 1 + d^2] has the pivots 1 and d^2, here without rounding.  They count from
 * (N + D) eps = 66 eps on, in whatever unit. */
START_TEST(a_pivot_made_of_rounding_does_not_count)
{
    enum { N = 64 };
    struct arena arena = arena_make(1 << 14);
    struct whitening w = cn_whitening_make(&arena, 2, 2);
    mat X = arena_mat(&arena, N, 2);
    /* d^2 = 256, 64, 16, 4 eps, or if it is 2^-23, half of that. */
    int counts = IS_DOUBLE ? 22 : 8;
    for (int unit = -20; unit <= 20; unit += 20)
        for (int d_bits = counts; d_bits < counts + 4; d_bits++) {
            for (int i = 0; i < N; i++) {
                double x = i % 4 < 2 ? 1 : -1, d = ldexp(i % 2 ? 1 : -1, -d_bits);
                row(X, i).at[0] = x;
                row(X, i).at[1] = ldexp(x + d, unit);
            }
            ck_assert_int_eq(cn_whitening_cholesky(X, &arena, &w),
                             d_bits == counts ? FACTOR_OK : FACTOR_NOT_POSITIVE);
        }
    arena_free(&arena);
}
END_TEST

START_TEST(one_more_example_than_features_may_do)
{
    real at[] = {0, 0, 3, 0, 0, 3};
    struct arena arena = arena_make(1 << 12);
    struct whitening w = cn_whitening_make(&arena, 2, 2);
    ck_assert_int_eq(cn_whitening_cholesky((mat){3, 2, at}, &arena, &w), FACTOR_OK);
    ck_assert_int_eq(cn_whitening_cholesky((mat){2, 2, at}, &arena, &w),
                     FACTOR_NOT_POSITIVE);
    arena_free(&arena);
}
END_TEST

START_TEST(svd_whitens_what_varies)
{
    static const int shapes[][2] = {{1, 1}, {2, 2}, {3, 5}, {6, 6}, {10, 40}};
    struct arena arena = arena_make(1 << 18);
    for (int s = 0; s < 5; s++) {
        int N = shapes[s][0], D = shapes[s][1];
        mat X = random_features("cn/svd", &arena, N, D), Y;
        for (int i = 0; i < N; i++)
            row(X, i).at[i] += 20;
        Y = copy_of(&arena, X);
        mat Z = {N, N, nan_vec(&arena, N * N).at};
        struct whitening w = cn_whitening_make(&arena, N, D);
        fill(NAN, entries(w.W));
        size_t used = arena.used;
        ck_assert_int_eq(cn_whitening_svd(X, &arena, &w), FACTOR_OK);
        ck_assert_uint_eq(arena.used, used);
        for (int i = 0; i < N * D; i++)
            ck_assert_double_eq(X.at[i], Y.at[i]);
        ck_assert_double_eq(max_norm(row(w.W, N - 1)), 0); /* the mean took one */
        cn_whiten(w, X, Z);
        assert_white(Z, N - 1, 30 * (N + D) * N * DBL_EPSILON);
        for (int i = 1; i < N - 1; i++)
            ck_assert_double_ge(norm(row(w.W, i)), norm(row(w.W, i - 1)));
    }
    arena_free(&arena);
}
END_TEST

/* Examples +-a and +-b e_2: s = (a, b) sqrt 2, the other two 0.  b counts if it is more
 * than D eps of a. */
START_TEST(what_varies_by_rounding_alone_is_left_out)
{
    struct arena arena = arena_make(1 << 14);
    enum { D = 8 };
    struct whitening w = cn_whitening_make(&arena, 4, D);
    mat X = arena_mat(&arena, 4, D);
    for (int more = 0; more < 2; more++) {
        double b = (more ? 2 : 0.5) * D * REAL_EPSILON;
        row(X, 0).at[0] = 1, row(X, 1).at[0] = -1;
        row(X, 2).at[1] = b, row(X, 3).at[1] = -b;
        ck_assert_int_eq(cn_whitening_svd(X, &arena, &w), FACTOR_OK);
        ck_assert_double_eq_tol(norm(row(w.W, 0)), sqrt(2), 30 * REAL_EPSILON);
        ck_assert_double_eq_tol(norm(row(w.W, 1)) * b, more ? sqrt(2) : 0,
                                30 * REAL_EPSILON);
        ck_assert(max_norm(row(w.W, 2)) == 0 && max_norm(row(w.W, 3)) == 0);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(a_matrix_that_is_not_finite_has_no_whitening)
{
    real at[] = {1, NAN, 2, 3, 4, 5, 6, 7, 8};
    struct arena arena = arena_make(1 << 12);
    struct whitening square = cn_whitening_make(&arena, 3, 3);
    size_t used = arena.used;
    ck_assert_int_eq(cn_whitening_svd((mat){3, 3, at}, &arena, &square),
                     FACTOR_NO_CONVERGENCE);
    ck_assert_uint_eq(arena.used, used);
    arena_free(&arena);
}
END_TEST

/* Years, or temperatures in kelvin: N rows round a mean that is many deviations long.
 * The rounding of the mean is no feature: there are N - 1, each of mean 0 and square N,
 * up to the rounding of mu, N eps ||mu||, times ||W_i||; and the last row is 0. */
START_TEST(the_rounding_of_a_large_mean_is_no_feature)
{
    struct rng rng = unit_rng("cn/large mean");
    struct arena arena = arena_make(1 << 16);
    for (int k = 0; k < 60; k++) {
        arena.used = 0;
        int N = 2 + rng_below(&rng, 8), D = N + rng_below(&rng, 12);
        double mean = pow(10, rng_below(&rng, IS_DOUBLE ? 9 : 3));
        mat X = arena_mat(&arena, N, D), Z = arena_mat(&arena, N, N);
        rng_normals(&rng, mean, 1, entries(X));
        struct whitening w = cn_whitening_make(&arena, N, D);
        ck_assert_int_eq(cn_whitening_svd(X, &arena, &w), FACTOR_OK);
        ck_assert(max_norm(row(w.W, N - 1)) == 0);
        cn_whiten(w, X, Z);
        for (int i = 0; i < N - 1; i++) {
            double limit = 30 * N * REAL_EPSILON * norm(w.mu) * norm(row(w.W, i));
            ck_assert_double_gt(norm(row(w.W, i)), 0);
            assert_near((double)mean_of(Z, i), 0, limit);
            assert_near((double)moment(Z, i, i), 1, 4 * limit + 30 * D * REAL_EPSILON);
        }
    }
    arena_free(&arena);
}
END_TEST

/* What is in units of 2^p has deviations 2^p times, and maps 2^-p times, as large; to
 * the rounding of what depends on the condition of a few normal features. */
START_TEST(units_change_nothing_else)
{
    static const int of_double[] = {-900, -530, 530, 1000};
    static const int of_float[] = {-100, -66, 66, 120};
    const int *powers = IS_DOUBLE ? of_double : of_float;
    struct rng rng = unit_rng("cn/units");
    struct arena arena = arena_make(1 << 16);
    for (int k = 0; k < 40; k++) {
        arena.used = 0;
        int tall = k / 4 % 2, D = 1 + rng_below(&rng, 4), N = tall ? 3 * D + 7 : D;
        double unit = ldexp(1, powers[k % 4]);
        mat X = arena_mat(&arena, N, D), Y = arena_mat(&arena, N, D);
        vec mu = arena_vec(&arena, D), sigma = nan_vec(&arena, D);
        vec ours = nan_vec(&arena, D);
        rng_normals(&rng, 1, 1, entries(X));
        axpy(unit, entries(X), entries(Y));
        cn_means(X, mu);
        cn_deviations(X, mu, sigma);
        struct whitening v = cn_whitening_make(&arena, tall ? D : N, D), w = v;
        w.W = arena_mat(&arena, v.W.rows, D);
        enum factor_status (*learn)(mat, struct arena *, struct whitening *) =
            tall ? cn_whitening_cholesky : cn_whitening_svd;
        ck_assert_int_eq(learn(X, &arena, &v), FACTOR_OK);
        ck_assert_int_eq(learn(Y, &arena, &w), FACTOR_OK);
        for (int i = 0; i < w.W.rows * D; i++)
            assert_near(w.W.at[i] * unit, v.W.at[i],
                        rounded(1e-10) * max_norm(entries(v.W)));
        cn_means(Y, mu);
        cn_deviations(Y, mu, ours);
        for (int j = 0; j < D; j++)
            assert_near(ours.at[j] / unit, sigma.at[j], 4 * N * DBL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

/* One entry that is not finite, anywhere. */
START_TEST(what_is_not_finite_shows_or_is_refused)
{
    struct rng rng = unit_rng("cn/not finite");
    struct arena arena = arena_make(1 << 16);
    for (int k = 0; k < 60; k++) {
        arena.used = 0;
        int N = 2 + rng_below(&rng, 6), D = 1 + rng_below(&rng, 6);
        int i = rng_below(&rng, N), j = rng_below(&rng, D);
        double odd = k % 3 == 0 ? INFINITY : k % 3 == 1 ? -INFINITY : NAN;
        mat X = arena_mat(&arena, N, D);
        vec mu = arena_vec(&arena, D), sigma = arena_vec(&arena, D);
        rng_normals(&rng, 0, 1, entries(X));
        cn_means(X, mu);
        cn_deviations(X, mu, sigma);
        sigma.at[j] *= k % 2; /* also where the others were constant */
        row(X, i).at[j] = odd;
        mat Y = copy_of(&arena, X), Z = arena_mat(&arena, N, D);
        cn_standardize(mu, sigma, Y);
        ck_assert(!isfinite(row(Y, i).at[j]) && isfinite(row(Y, (i + 1) % N).at[j]));

        struct whitening w = cn_whitening_make(&arena, D, D);
        ck_assert_int_eq(cn_whitening_cholesky(X, &arena, &w), FACTOR_NOT_POSITIVE);
        w = cn_whitening_make(&arena, D, D);
        cn_whiten(w, copy_of(&arena, X), Z); /* by a map that is all zero */
        ck_assert(isnan(max_norm(row(Z, i))) && max_norm(row(Z, (i + 1) % N)) == 0);
        if (N <= D) {
            w = cn_whitening_make(&arena, N, D);
            ck_assert_int_eq(cn_whitening_svd(X, &arena, &w), FACTOR_NO_CONVERGENCE);
        }

        cn_means(X, mu);
        cn_deviations(X, mu, sigma);
        ck_assert(!isfinite(mu.at[j]) && !isfinite(sigma.at[j]));
        if (k < 3)
            ck_assert_stops("must be finite and not negative",
                            cn_standardize(mu, sigma, X));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(others_are_whitened_by_the_same_map)
{
    real mu_at[] = {1, 2}, W_at[] = {1, 0, 2, 3, 0, -1}, at[] = {2, 4, 1, 2}, z_at[6];
    struct whitening w = {{2, mu_at}, {3, 2, W_at}};
    cn_whiten(w, (mat){2, 2, at}, (mat){2, 3, z_at});
    static const double expected[] = {1, 8, -2, 0, 0, 0};
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq(z_at[i], expected[i]);
}
END_TEST

START_TEST(a_new_whitening_is_zero)
{
    struct arena arena = arena_make(1 << 12);
    struct whitening w = cn_whitening_make(&arena, 3, 5);
    ck_assert(w.mu.n == 5 && w.W.rows == 3 && w.W.cols == 5);
    ck_assert(max_norm(w.mu) == 0 && max_norm(entries(w.W)) == 0);
    arena_free(&arena);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(shapes_that_do_not_fit_stop)
{
    real at[16] = {0};
    struct arena arena = arena_make(1 << 12);
    mat X = {2, 3, at}, none = {0, 3, at};
    vec two = {2, at}, three = {3, at}, four = {4, at};
    struct whitening w = {three, {2, 3, at}}, square = {three, {3, 3, at}};
    struct whitening wide = {three, {3, 2, at}};
    ck_assert_stops("cn_with_constant: Phi must be 2 x 4, got 2 x 3",
                    cn_with_constant(X, (mat){2, 3, at}));
    ck_assert_stops("cn_with_constant: Phi must be 2 x 4, got 3 x 4",
                    cn_with_constant(X, (mat){3, 4, at}));
    ck_assert_stops("cn_means: X has no rows", cn_means(none, three));
    ck_assert_stops("entries", cn_means(X, two));
    ck_assert_stops("cn_deviations: X has no rows", cn_deviations(none, three, three));
    ck_assert_stops("cn_deviations: X has 3 features, mu has 2 entries, sigma has 3",
                    cn_deviations(X, two, three));
    ck_assert_stops("cn_deviations: X has 3 features, mu has 3 entries, sigma has 4",
                    cn_deviations(X, three, four));
    ck_assert_stops("entries", cn_center(two, X));
    ck_assert_stops("cn_standardize: X has 3 features, sigma has 2 entries",
                    cn_standardize(three, two, X));
    ck_assert_stops("entries", cn_standardize(two, three, X));
    ck_assert_stops("cn_whitening_cholesky: W must be 3 x 3, got 2 x 3",
                    cn_whitening_cholesky(X, &arena, &w));
    ck_assert_stops("cn_whitening_cholesky: W must be 3 x 3, got 3 x 2",
                    cn_whitening_cholesky(X, &arena, &wide));
    ck_assert_stops("cn_means: X has no rows",
                    cn_whitening_cholesky(none, &arena, &square));
    ck_assert_stops(
        "cn_whitening_svd: X must have no more rows than columns, got 4 x 3",
        cn_whitening_svd((mat){4, 3, at}, &arena, &w));
    ck_assert_stops("cn_means: X has no rows",
                    cn_whitening_svd(none, &arena,
                                     &(struct whitening){three, {0, 3, at}}));
    ck_assert_stops("cn_whitening_svd: W must be 2 x 3, got 3 x 3",
                    cn_whitening_svd(X, &arena, &square));
    ck_assert_stops("cn_whitening_svd: W must be 2 x 3, got 2 x 2",
                    cn_whitening_svd(X, &arena, &(struct whitening){two, {2, 2, at}}));
    ck_assert_stops("cn_whitening_svd: W must be 2 x 3, got 3 x 2",
                    cn_whitening_svd(X, &arena, &wide));
    ck_assert_stops("does not fit", cn_whiten(w, X, (mat){2, 3, at}));
    arena_free(&arena);
}
END_TEST

START_TEST(deviations_without_sense_stop)
{
    enum { D = 70 };
    const double bad[] = {-1, -REAL_TRUE_MIN, NAN, INFINITY};
    real at[2 * D] = {0}, mu_at[D] = {0};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < D; j += 23) { /* the first and the last as well */
            real sigma_at[D] = {1, 0, 2};
            char message[100];
            sigma_at[j] = bad[i];
            snprintf(message, sizeof message,
                     "cn_standardize: sigma_%d must be finite and not negative, got %g",
                     j, bad[i]);
            ck_assert_stops(message, cn_standardize((vec){D, mu_at}, (vec){D, sigma_at},
                                                    (mat){2, D, at}));
        }
}
END_TEST

int main(void)
{
    return unit_run("conditioning",
                    (const TTest *[]){
                        a_constant_is_appended,
                        means_and_deviations_are_those_of_the_formulas,
                        two_examples_give_whole_numbers,
                        a_constant_feature_has_no_deviation,
                        the_smallest_deviation_is_n_eps_of_the_mean,
                        centering_subtracts_from_any_examples,
                        standardizing_divides_and_drops_what_was_constant,
                        cholesky_whitens,
                        cholesky_refuses_singular_covariances,
                        a_pivot_made_of_rounding_does_not_count,
                        one_more_example_than_features_may_do,
                        svd_whitens_what_varies,
                        what_varies_by_rounding_alone_is_left_out,
                        a_matrix_that_is_not_finite_has_no_whitening,
                        the_rounding_of_a_large_mean_is_no_feature,
                        units_change_nothing_else,
                        what_is_not_finite_shows_or_is_refused,
                        others_are_whitened_by_the_same_map,
                        a_new_whitening_is_zero,
                        shapes_that_do_not_fit_stop,
                        deviations_without_sense_stop,
                        features_are_mapped_one_by_one_however_many,
                        deviations_are_from_the_mean_that_is_given,
                        the_deviation_of_huge_numbers_is_finite,
                        the_mean_of_huge_numbers_is_finite,
                        the_deviation_of_huge_numbers_is_finite,
                        the_last_of_many_features_may_depend_on_others,
                        NULL,
                    });
}
