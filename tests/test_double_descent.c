/* The contract of double_descent.h: shapes, limits, bad input, and fits judged by what
 * defines them, a residual orthogonal to the features and weights in their row space.
 */
#include "double_descent.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

enum { LONGEST = 60 };

/* ||Phi'(Phi w - t)||: 0 at a least-squares fit. */
static double slope(struct arena *arena, mat Phi, vec t, vec w)
{
    vec r = arena_vec(arena, t.n), g = arena_vec(arena, w.n);
    for (int i = 0; i < t.n; i++)
        for (int j = 0; j < w.n; j++)
            r.at[i] += Phi.at[i * w.n + j] * w.at[j] - (j == 0 ? t.at[i] : 0);
    for (int i = 0; i < t.n; i++)
        for (int j = 0; j < w.n; j++)
            g.at[j] += Phi.at[i * w.n + j] * r.at[i];
    return norm(g);
}

/* How far w lies outside the row space of Phi, for a wide Phi whose rows are the first
 * axes, stretched: there that is what is left in the other entries. */
static double outside(vec w, int rows) { return norm((vec){w.n - rows, w.at + rows}); }

typedef enum factor_status fitter(mat, vec, struct arena *, vec);

static void check_fits_tall_and_wide(fitter *fit)
{
    static const int shapes[][2] = {{1, 1}, {2, 1},   {1, 2},   {5, 3},
                                    {3, 5}, {10, 10}, {60, 20}, {20, 60}};
    struct rng rng = unit_rng("fits");
    struct arena arena = arena_make(1 << 22);
    for (int s = 0; s < 8; s++) {
        int N = shapes[s][0], columns = shapes[s][1];
        arena.used = 0;
        mat Phi = arena_mat(&arena, N, columns);
        vec t = arena_vec(&arena, N), w = arena_vec(&arena, columns);
        rng_normals(&rng, 0, 1, entries(Phi));
        for (int i = 0; i < N && i < columns; i++)
            Phi.at[i * columns + i] += 20; /* diagonally dominant: kappa is small */
        rng_normals(&rng, 0, 1, t);
        ck_assert_int_eq(fit(Phi, t, &arena, w), FACTOR_OK);
        /* Gradient of the residual: N terms of size at most 30 * 30 * |w|. */
        double limit = 30 * LONGEST * DBL_EPSILON * 1000 * (norm(t) + norm(w));
        ck_assert_double_le(slope(&arena, Phi, t, w), limit);
    }
    arena_free(&arena);
}

START_TEST(fits_tall_and_wide)
{
    check_fits_tall_and_wide(dd_fit);
    check_fits_tall_and_wide(dd_fit_by_qr);
}
END_TEST

static void check_has_the_least_norm(fitter *fit)
{
    double phi[2 * 4] = {2, 0, 0, 0, 1, 3, 0, 0};
    double targets[2] = {4, 11};
    double at[4] = {7, 7, 7, 7};
    struct arena arena = arena_make(dd_fit_scratch(2, 4));
    vec w = {4, at};
    ck_assert_int_eq(fit((mat){2, 4, phi}, (vec){2, targets}, &arena, w), FACTOR_OK);
    ck_assert_double_le(outside(w, 2), 4 * DBL_EPSILON);
    ck_assert_double_eq_tol(at[0], 2, 32 * DBL_EPSILON);
    ck_assert_double_eq_tol(at[1], 3, 32 * DBL_EPSILON);
    ck_assert_uint_eq(arena.used, 0);
    arena_free(&arena);
}

START_TEST(has_the_least_norm)
{
    check_has_the_least_norm(dd_fit);
    check_has_the_least_norm(dd_fit_by_qr);
}
END_TEST

/* diag(1, e) has condition number 1 / e: the Gram matrix cannot be factored, or not be
 * trusted, and the fit must come from elsewhere. */
/* The Gram matrix must do by itself where it is well conditioned.  It needs two
 * matrices of the smaller side and a vector for either, 832 bytes here; QR needs 1920
 * for one. */
START_TEST(a_good_gram_matrix_needs_no_qr)
{
    static const int shapes[][2] = {{60, 4}, {4, 60}};
    struct rng rng = unit_rng("gram");
    struct arena data = arena_make(1 << 16), scratch = arena_make(832);
    for (int s = 0; s < 2; s++) {
        mat Phi = arena_mat(&data, shapes[s][0], shapes[s][1]);
        vec t = arena_vec(&data, Phi.rows), w = arena_vec(&data, Phi.cols);
        rng_normals(&rng, 0, 1, entries(Phi));
        for (int i = 0; i < 4; i++)
            Phi.at[i * Phi.cols + i] += 20;
        rng_normals(&rng, 0, 1, t);
        ck_assert_int_eq(dd_fit(Phi, t, &scratch, w), FACTOR_OK);
    }
    arena_free(&data);
    arena_free(&scratch);
}
END_TEST

START_TEST(survives_a_bad_gram_matrix)
{
    static const double sizes[] = {1e-4, 1e-7, 1e-9, 1e-12};
    struct arena arena = arena_make(dd_fit_scratch(3, 3));
    for (int s = 0; s < 4; s++) {
        double e = sizes[s], phi[9] = {1, 1, 0, 1, 1 + e, 0, 0, 0, 1};
        double targets[3] = {1, 1 + e, 1}, at[3];
        ck_assert_int_eq(dd_fit((mat){3, 3, phi}, (vec){3, targets}, &arena,
                                  (vec){3, at}),
                         FACTOR_OK);
        /* The answer is (0, 1, 1); kappa is 4 / e. */
        double limit = 30 * 3 * DBL_EPSILON * 4 / e;
        ck_assert_double_eq_tol(at[0], 0, limit);
        ck_assert_double_eq_tol(at[1], 1, limit);
        ck_assert_double_eq_tol(at[2], 1, limit);
    }
    arena_free(&arena);
}
END_TEST

static void check_says_that_features_are_dependent(fitter *fit)
{
    double phi[4] = {1, 0, 0, 0}, targets[2] = {1, 1}, at[2];
    struct arena arena = arena_make(dd_fit_scratch(2, 2));
    ck_assert_int_eq(fit((mat){2, 2, phi}, (vec){2, targets}, &arena, (vec){2, at}),
                     FACTOR_NOT_POSITIVE);
    arena_free(&arena);
}

START_TEST(says_that_features_are_dependent)
{
    check_says_that_features_are_dependent(dd_fit);
    check_says_that_features_are_dependent(dd_fit_by_qr);
}
END_TEST

START_TEST(stops_at_shapes_that_do_not_fit)
{
    double phi[6] = {1, 0, 0, 0, 1, 0}, numbers[4] = {0};
    struct arena arena = arena_make(1 << 16);
    mat Phi = {2, 3, phi};
    ck_assert_stops("2 x 3",
                    dd_fit(Phi, (vec){3, numbers}, &arena, (vec){3, numbers}));
    ck_assert_stops("2 x 3",
                    dd_fit(Phi, (vec){2, numbers}, &arena, (vec){2, numbers}));
    ck_assert_stops("dd_fit_by_qr: Phi is 2 x 3, t has 3, w has 3",
                    dd_fit_by_qr(Phi, (vec){3, numbers}, &arena, (vec){3, numbers}));
    ck_assert_stops("dd_fit_by_qr: Phi is 2 x 3, t has 2, w has 4",
                    dd_fit_by_qr(Phi, (vec){2, numbers}, &arena, (vec){4, numbers}));
    arena_free(&arena);
}
END_TEST

static void check_scratch_is_enough_and_not_absurd(fitter *fit)
{
    static const int shapes[][2] = {{1, 1}, {50, 50}, {150, 50}, {10, 300}, {0, 0}};
    for (int s = 0; s < 5; s++) {
        int N = shapes[s][0], columns = shapes[s][1];
        int longer = N > columns ? N : columns;
        size_t scratch = dd_fit_scratch(N, columns);
        ck_assert_uint_ge(scratch, sizeof(double) * 3 * (size_t)(longer * longer));
        ck_assert_uint_le(scratch,
                          sizeof(double) * 3 * (size_t)(longer * longer) + 4096);
        struct arena arena = arena_make(scratch), data = arena_make(1 << 20);
        mat Phi = arena_mat(&data, N, columns);
        for (int i = 0; i < N && i < columns; i++)
            Phi.at[i * columns + i] = 1;
        vec t = arena_vec(&data, N), w = arena_vec(&data, columns);
        if (N > 0)
            ck_assert_int_eq(fit(Phi, t, &arena, w), FACTOR_OK);
        arena_free(&arena);
        arena_free(&data);
    }
}

START_TEST(scratch_is_enough_and_not_absurd)
{
    check_scratch_is_enough_and_not_absurd(dd_fit);
    check_scratch_is_enough_and_not_absurd(dd_fit_by_qr);
}
END_TEST

START_TEST(draws_what_it_says)
{
    enum { N = 2000 };
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("draws"), again = rng;
    mat Phi = arena_mat(&arena, N, 2), same = arena_mat(&arena, N, 2);
    vec t = arena_vec(&arena, N), noise = arena_vec(&arena, N);
    vec w = {2, (double[]){3, -4}};
    dd_draw(&rng, w, 0.5, Phi, t);
    rng_normals(&again, 0, 1, entries(same));
    rng_normals(&again, 0, 0.5, noise);
    for (int i = 0; i < N; i++) {
        ck_assert_double_eq(Phi.at[2 * i], same.at[2 * i]);
        double law = 3 * Phi.at[2 * i] - 4 * Phi.at[2 * i + 1] + noise.at[i];
        ck_assert_double_eq_tol(t.at[i], law, 64 * DBL_EPSILON * 10);
    }
    ck_assert_double_gt(norm(noise), 0);
    arena_free(&arena);
}
END_TEST

START_TEST(features_are_a_layer)
{
    double x[2 * 2] = {1, 2, -1, 0.5}, weights[2 * 3] = {1, -1, 0, 0.5, 1, -2},
                 at[2 * 3];
    dd_features((mat){2, 2, x}, (mat){2, 3, weights}, (mat){2, 3, at});
    /* X W = (2, 1, -4; -0.75, 1.5, -1), and sqrt(2/3) times what is positive. */
    double expected[6] = {2, 1, 0, 0, 1.5, 0};
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq_tol(at[i], sqrt(2.0 / 3) * expected[i], 8 * DBL_EPSILON);
    x[0] = NAN;
    dd_features((mat){2, 2, x}, (mat){2, 3, weights}, (mat){2, 3, at});
    ck_assert_double_nan(at[0]);
    ck_assert_stops("gemm", dd_features((mat){2, 2, x}, (mat){3, 3, weights},
                                            (mat){2, 3, at}));
}
END_TEST

/* All thresholds that could be chosen, tried one by one. */
static int training_errors(vec x, vec labels, double threshold)
{
    int errors = 0;
    for (int i = 0; i < x.n; i++)
        errors += (x.at[i] > threshold ? 1 : -1) != labels.at[i];
    return errors;
}

START_TEST(threshold_has_the_fewest_errors)
{
    struct rng rng = unit_rng("threshold");
    for (int trial = 0; trial < 200; trial++) {
        double x[8], labels[8];
        int n = 1 + rng_below(&rng, 8), least = n;
        vec points = {n, x}, signs = {n, labels};
        for (int i = 0; i < n; i++) {
            x[i] = i + 1;
            labels[i] = rng_below(&rng, 2) == 0 ? 1 : -1;
        }
        for (int i = 0; i <= n; i++) {
            int errors = training_errors(points, signs, i + 0.5);
            least = errors < least ? errors : least;
        }
        double chosen = dd_erm_threshold(points, signs);
        ck_assert_int_eq(training_errors(points, signs, chosen), least);
    }
    double x[3] = {1, 2, 4};
    ck_assert_double_eq(dd_erm_threshold((vec){3, x}, (vec){3, (double[]){-1, -1, 1}}), 3);
    ck_assert_double_eq(dd_erm_threshold((vec){3, x}, (vec){3, (double[]){1, 1, 1}}),
                        -INFINITY);
    ck_assert_double_eq(dd_erm_threshold((vec){3, x}, (vec){3, (double[]){-1, -1, -1}}),
                        INFINITY);
    ck_assert_stops("0 points, 0 labels", dd_erm_threshold((vec){0, x}, (vec){0, x}));
    ck_assert_stops("3 points, 2 labels", dd_erm_threshold((vec){3, x}, (vec){2, x}));
}
END_TEST

int main(void)
{
    return unit_run("double_descent", (const TTest *[]){
                                          fits_tall_and_wide,
                                          has_the_least_norm,
                                          a_good_gram_matrix_needs_no_qr,
                                          survives_a_bad_gram_matrix,
                                          says_that_features_are_dependent,
                                          stops_at_shapes_that_do_not_fit,
                                          scratch_is_enough_and_not_absurd,
                                          draws_what_it_says,
                                          features_are_a_layer,
                                          threshold_has_the_fewest_errors,
                                          NULL,
                                      });
}
