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
        double limit = 30 * LONGEST * REAL_EPSILON * 1000 * (norm(t) + norm(w));
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
    real phi[2 * 4] = {2, 0, 0, 0, 1, 3, 0, 0};
    real targets[2] = {4, 11};
    real at[4] = {7, 7, 7, 7};
    struct arena arena = arena_make(dd_fit_scratch(2, 4));
    vec w = {4, at};
    ck_assert_int_eq(fit((mat){2, 4, phi}, (vec){2, targets}, &arena, w), FACTOR_OK);
    ck_assert_double_le(outside(w, 2), 4 * REAL_EPSILON);
    assert_near(at[0], 2, 32 * DBL_EPSILON);
    assert_near(at[1], 3, 32 * DBL_EPSILON);
    ck_assert_uint_eq(arena.used, 0);
    arena_free(&arena);
}

START_TEST(has_the_least_norm)
{
    check_has_the_least_norm(dd_fit);
    check_has_the_least_norm(dd_fit_by_qr);
}
END_TEST

/* What n numbers take of an arena, whose pieces begin at cache lines. */
static size_t piece(int n) { return ((size_t)n * sizeof(real) + 63) / 64 * 64; }

/* The Gram matrix must do by itself where it is well conditioned.  It needs two
 * matrices of the smaller side and a vector for either; QR needs more for one. */
START_TEST(a_good_gram_matrix_needs_no_qr)
{
    static const int shapes[][2] = {{60, 4}, {4, 60}, {300, 70}, {70, 300}};
    struct rng rng = unit_rng("gram");
    struct arena data = arena_make(1 << 20);
    for (int s = 0; s < 4; s++) {
        int N = shapes[s][0], D = shapes[s][1], n = N < D ? N : D;
        struct arena scratch = arena_make(2 * piece(n * n) + piece(N) + piece(D));
        ck_assert_uint_gt(piece(N * D), scratch.size);
        mat Phi = arena_mat(&data, N, D);
        vec t = arena_vec(&data, Phi.rows), w = arena_vec(&data, Phi.cols);
        rng_normals(&rng, 0, 1, entries(Phi));
        for (int i = 0; i < n; i++)
            Phi.at[i * Phi.cols + i] += 60;
        rng_normals(&rng, 0, 1, t);
        ck_assert_int_eq(dd_fit(Phi, t, &scratch, w), FACTOR_OK);
        arena_free(&scratch);
    }
    arena_free(&data);
}
END_TEST

/* Columns (1, 1) and (1, 1 + e), where e is from 1e-4 to 1e-12 in double precision: the
 * Gram matrix cannot be factored, or not be trusted, and the fit must come from
 * elsewhere. */
START_TEST(survives_a_bad_gram_matrix)
{
    static const double powers[] = {0.25, 0.45, 0.575, 0.767};
    struct arena arena = arena_make(dd_fit_scratch(3, 3));
    for (int s = 0; s < 4; s++) {
        real e = pow(REAL_EPSILON, powers[s]), phi[9] = {1, 1, 0, 1, 1 + e, 0, 0, 0, 1};
        real targets[3] = {1, 1 + e, 1}, at[3];
        ck_assert_int_eq(dd_fit((mat){3, 3, phi}, (vec){3, targets}, &arena,
                                (vec){3, at}),
                         FACTOR_OK);
        /* The answer is (0, 1, 1); kappa is 4 / e. */
        double limit = 30 * 3 * REAL_EPSILON * 4 / e;
        ck_assert_double_eq_tol(at[0], 0, limit);
        ck_assert_double_eq_tol(at[1], 1, limit);
        ck_assert_double_eq_tol(at[2], 1, limit);
    }
    arena_free(&arena);
}
END_TEST

/* Features in other units, by a power of 2, have the same weights in other units, to
 * the last bit, however near each other two of them are: on the way there, nothing is
 * judged by how large it is. */
START_TEST(units_do_not_matter)
{
    enum { N = 7, n = 4 };
    struct arena arena = arena_make(1 << 14);
    struct rng rng = unit_rng("double_descent/units");
    mat Phi = arena_mat(&arena, N, n);
    vec t = arena_vec(&arena, N), w = arena_vec(&arena, n),
        other = arena_vec(&arena, n);
    rng_normals(&rng, 0, 1, t);
    for (double e = 1; e > REAL_EPSILON; e /= 2) {
        rng_normals(&rng, 0, 1, entries(Phi));
        for (int i = 0; i < N; i++)
            row(Phi, i).at[1] = row(Phi, i).at[0] + e * row(Phi, i).at[1];
        enum factor_status status = dd_fit(Phi, t, &arena, w);
        for (double unit = 0x1p-20; unit <= 0x1p20; unit *= 0x1p40) {
            scale(unit, entries(Phi));
            ck_assert_int_eq(dd_fit(Phi, t, &arena, other), status);
            scale(1 / unit, entries(Phi));
            scale(unit, other);
            if (status == FACTOR_OK)
                assert_vec(other, w, 0);
        }
    }
    arena_free(&arena);
}
END_TEST

static void check_says_that_features_are_dependent(fitter *fit)
{
    real phi[4] = {1, 0, 0, 0}, targets[2] = {1, 1}, at[2];
    struct arena arena = arena_make(dd_fit_scratch(2, 2));
    ck_assert_int_eq(fit((mat){2, 2, phi}, (vec){2, targets}, &arena, (vec){2, at}),
                     FACTOR_NOT_POSITIVE);
    arena_free(&arena);
}

/* Of n columns of the identity, column k is nearly that before it. */
static void check_says_so_of_neighbours(fitter *fit, int k)
{
    enum { n = 100 };
    struct arena arena = arena_make(1 << 19);
    mat Phi = arena_mat(&arena, n, n);
    vec t = arena_vec(&arena, n), w = arena_vec(&arena, n);
    for (int i = 0; i < n; i++)
        row(Phi, i).at[i] = t.at[i] = 1;
    row(Phi, k - 1).at[k] = 1;
    row(Phi, k).at[k] = 4 * REAL_EPSILON;
    ck_assert_int_eq(fit(Phi, t, &arena, w), FACTOR_NOT_POSITIVE);
    arena_free(&arena);
}

START_TEST(says_that_features_are_dependent)
{
    static fitter *const fits[] = {dd_fit, dd_fit_by_qr};
    for (int i = 0; i < 2; i++) {
        check_says_that_features_are_dependent(fits[i]);
        check_says_so_of_neighbours(fits[i], 50);
        check_says_so_of_neighbours(fits[i], 99);
    }
}
END_TEST

/* An R with 1 on its diagonal and -1 above has e_j = R_j + the sum of 2^(j-1-i) R_i
 * over i < j: no two columns are near each other, but the last is near a sum of all.
 * With a pivot in the place of its last 1, s_n is the sum of 2^(n-1-i) sqrt(i) / pivot
 * for i = 1, ..., n - 1; what the column itself adds is 1e-11 of that, or 1e-4 in
 * single precision, where fewer columns take the pivot to 1.  No term is negative, so
 * rounding is far below the 1 % by which share s_n misses 1. */
START_TEST(says_so_of_one_that_depends_on_all_others)
{
    enum { n = IS_DOUBLE ? 42 : 14 };
    static const double of_threshold[] = {0.99, 1.01};
    struct arena arena = arena_make(1 << 20);
    double sum = 0;
    for (int i = 1; i < n; i++)
        sum += ldexp(sqrt(i), n - 1 - i);
    for (int k = 0; k < 8; k++) {
        arena.used = 0;
        mat Phi = arena_mat(&arena, n + 1, n), wide = arena_mat(&arena, n, n + 1);
        vec t = arena_vec(&arena, n + 1), w = arena_vec(&arena, n + 1);
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                row(Phi, i).at[j] = i == j ? 1 : -1;
        row(Phi, n - 1).at[n - 1] =
            of_threshold[k % 2] * n * (n + 1) * REAL_EPSILON * sum;
        transpose(Phi, wide);
        fill(1, t);
        fitter *fit = k / 2 % 2 ? dd_fit : dd_fit_by_qr;
        enum factor_status found = k / 4 ? fit(wide, (vec){n, t.at}, &arena, w)
                                         : fit(Phi, t, &arena, (vec){n, w.at});
        ck_assert_int_eq(found, k % 2 ? FACTOR_OK : FACTOR_NOT_POSITIVE);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(stops_at_shapes_that_do_not_fit)
{
    real phi[6] = {1, 0, 0, 0, 1, 0}, numbers[4] = {0};
    struct arena arena = arena_make(1 << 16);
    mat Phi = {2, 3, phi};
    ck_assert_stops("dd_fit_by_gram: Phi is 2 x 3, t has 3, w has 3",
                    dd_fit(Phi, (vec){3, numbers}, &arena, (vec){3, numbers}));
    ck_assert_stops("dd_fit_by_gram: Phi is 2 x 3, t has 2, w has 2",
                    dd_fit(Phi, (vec){2, numbers}, &arena, (vec){2, numbers}));
    ck_assert_stops("dd_fit_by_qr: Phi is 2 x 3, t has 3, w has 3",
                    dd_fit_by_qr(Phi, (vec){3, numbers}, &arena, (vec){3, numbers}));
    ck_assert_stops("dd_fit_by_qr: Phi is 2 x 3, t has 2, w has 4",
                    dd_fit_by_qr(Phi, (vec){2, numbers}, &arena, (vec){4, numbers}));
    arena_free(&arena);
}
END_TEST

/* Phi = P diag(values from 1 to 1 / kappa) Q', so that Phi^+ t = w for t = Phi w. */
static mat conditioned(struct rng *rng, struct arena *arena, int N, int D, double kappa)
{
    int n = N < D ? N : D;
    mat P = arena_mat(arena, N, N), Q = arena_mat(arena, D, D);
    mat Phi = arena_mat(arena, N, D);
    rng_rotation(rng, arena, P);
    rng_rotation(rng, arena, Q);
    for (int k = 0; k < n; k++)
        for (int i = 0; i < N; i++)
            axpy(row(P, i).at[k] * pow(kappa, -(double)k / (n > 1 ? n - 1 : 1)),
                 row(Q, k), row(Phi, i));
    return Phi;
}

/* The error is that of Phi itself, kappa eps and not its square, at every condition
 * number, whichever of the two ways is taken: the window where the Gram matrix can be
 * factored and refined, but not well enough, lies near 1e7; or near 500 in single
 * precision, in which about a third of the decades take Phi as near to being singular.
 */
START_TEST(the_error_is_that_of_phi)
{
    struct rng rng = unit_rng("dd/kappa");
    double of_decades = IS_DOUBLE ? 1 : 0.36;
    struct arena data = arena_make(1 << 20);
    for (int k = 0; k < 390; k++) {
        data.used = 0;
        int N = 2 + rng_below(&rng, 9), D = 2 + rng_below(&rng, 9);
        double decades = k < 240 ? k / 20 : 6 + (k - 240) / 100.0;
        double kappa = pow(10, of_decades * decades);
        double limit = 30 * (N + D) * REAL_EPSILON * kappa;
        mat Phi = conditioned(&rng, &data, N, D, kappa);
        vec w = arena_vec(&data, D), t = arena_vec(&data, N), x = arena_vec(&data, N);
        vec got = arena_vec(&data, D);
        rng_normals(&rng, 0, 1, x);
        gemtv(1, Phi, x, 0, w); /* in the row space */
        gemv(1, Phi, w, 0, t);
        struct arena arena = arena_make(dd_fit_scratch(N, D));
        ck_assert_int_eq(dd_fit(Phi, t, &arena, got), FACTOR_OK);
        axpy(-1, w, got);
        ck_assert_double_le(norm(got), limit * norm(w));
        arena_free(&arena);
    }
    arena_free(&data);
}
END_TEST

/* Columns in units of their own are as independent as before, and only w is in other
 * units. */
START_TEST(units_do_not_make_features_dependent)
{
    struct rng rng = unit_rng("dd/units");
    int most = IS_DOUBLE ? 450 : 50; /* squares are within range */
    struct arena arena = arena_make(1 << 20);
    for (int k = 0; k < 100; k++) {
        arena.used = 0;
        int D = 1 + rng_below(&rng, 6), N = D + rng_below(&rng, 5);
        mat Phi = conditioned(&rng, &arena, N, D, 10);
        vec units = arena_vec(&arena, D), t = arena_vec(&arena, N);
        vec w = arena_vec(&arena, D);
        for (int j = 0; j < D; j++)
            units.at[j] = ldexp(1, rng_below(&rng, 2 * most) - most);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < D; j++) {
                t.at[i] += row(Phi, i).at[j] * (j + 1);
                row(Phi, i).at[j] *= units.at[j];
            }
        fitter *fit = k % 2 ? dd_fit : dd_fit_by_qr;
        ck_assert_int_eq(fit(Phi, t, &arena, w), FACTOR_OK);
        for (int j = 0; j < D; j++)
            assert_near(w.at[j] * units.at[j], j + 1, 1e-10);
    }
    arena_free(&arena);
}
END_TEST

/* Makes the rows of X dependent, n >= 2 of them, in one of the ways in which data do.
 */
static void make_dependent(struct rng *rng, mat X, int way)
{
    int n = X.rows, i = rng_below(rng, n), j = (i + 1 + rng_below(rng, n - 1)) % n;
    vec x = row(X, i), sum = row(X, n - 1);
    if (way == 0) /* all 0 */
        fill(0, x);
    if (way == 1) /* the same twice, in another unit */
        copy(row(X, j), x), scale(1e-9 / 3, x);
    if (way == 2) /* the last is a mean */
        fill(0, sum);
    for (int k = 0; k < n - 1 && way == 2; k++)
        axpy(1.0 / (n - 1), row(X, k), sum);
    for (int k = 0; k < X.cols && way == 3; k++) { /* levels that add up to 1 */
        for (int l = 0; l < n - 1; l++)
            row(X, l).at[k] = 0;
        row(X, rng_below(rng, n - 1)).at[k] = sum.at[k] = 1;
    }
}

START_TEST(dependent_features_are_refused)
{
    struct rng rng = unit_rng("dd/dependent");
    struct arena arena = arena_make(1 << 20);
    for (int k = 0; k < 400; k++) {
        arena.used = 0;
        int n = 2 + rng_below(&rng, k % 8 ? 8 : 40), longer = n + rng_below(&rng, 30);
        mat X = arena_mat(&arena, n, longer), Xt = arena_mat(&arena, longer, n);
        rng_normals(&rng, k % 3, 1, entries(X));
        make_dependent(&rng, X, k % 4);
        transpose(X, Xt);
        mat Phi = k / 4 % 2 ? X : Xt;
        vec t = arena_vec(&arena, Phi.rows), w = arena_vec(&arena, Phi.cols);
        rng_normals(&rng, 0, 1, t);
        fitter *fit = k / 8 % 2 ? dd_fit : dd_fit_by_qr;
        ck_assert_msg(fit(Phi, t, &arena, w) == FACTOR_NOT_POSITIVE,
                      "%d rows of %d dependent in way %d, |w| = %g", n, longer, k % 4,
                      norm(w));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_not_finite_is_refused)
{
    struct rng rng = unit_rng("dd/not finite");
    struct arena arena = arena_make(1 << 20);
    for (int k = 0; k < 200; k++) {
        arena.used = 0;
        int N = 1 + rng_below(&rng, 6), D = 1 + rng_below(&rng, 6);
        mat Phi = conditioned(&rng, &arena, N, D, 3);
        vec t = arena_vec(&arena, N), w = arena_vec(&arena, D);
        vec odd = k % 2 ? entries(Phi) : t;
        odd.at[rng_below(&rng, odd.n)] =
            k % 3 ? k % 3 == 1 ? INFINITY : -INFINITY : NAN;
        fitter *fit = k / 4 % 2 ? dd_fit : dd_fit_by_qr;
        ck_assert_int_eq(fit(Phi, t, &arena, w), FACTOR_NOT_POSITIVE);
    }
    arena_free(&arena);
}
END_TEST

/* Scratch of the size that is asked for, and no more than twice what is needed. */
static void check_scratch_is_enough_and_not_absurd(fitter *fit)
{
    static const int shapes[][2] = {{1, 1},   {50, 50}, {150, 50}, {10, 300}, {9999, 1},
                                    {1, 999}, {0, 0},   {0, 3},    {4, 0},    {7, 9}};
    for (int s = 0; s < 10; s++) {
        int N = shapes[s][0], columns = shapes[s][1];
        size_t scratch = dd_fit_scratch(N, columns);
        size_t entries = 2 * (size_t)(N * columns + N + columns);
        ck_assert_uint_le(scratch, sizeof(real) * entries + 8 * 64);
        struct arena arena = arena_make(scratch), data = arena_make(1 << 20);
        mat Phi = arena_mat(&data, N, columns);
        for (int i = 0; i < N && i < columns; i++)
            Phi.at[i * columns + i] = 1;
        vec t = arena_vec(&data, N), w = arena_vec(&data, columns);
        fill(7, w);
        ck_assert_int_eq(fit(Phi, t, &arena, w), FACTOR_OK);
        ck_assert_double_eq(max_norm(w), 0);
        arena_free(&arena);
        arena_free(&data);
    }
    ck_assert_stops("N * D must be 0 to 2147483647", dd_fit_scratch(65536, 65536));
    ck_assert_stops("N * D must be 0 to 2147483647", dd_fit_scratch(-1, 2));
}

START_TEST(scratch_is_enough_and_not_absurd)
{
    check_scratch_is_enough_and_not_absurd(dd_fit);
    check_scratch_is_enough_and_not_absurd(dd_fit_by_qr);
}
END_TEST

/* Whatever the shape and the way, Phi and t are as they were, w does not depend on what
 * was there, and the scratch is back: also where the features are dependent. */
static void check_only_w_is_written(fitter *fit)
{
    static const int shapes[][2] = {{1, 1}, {1, 4}, {4, 1}, {3, 5}, {5, 3}, {4, 4}};
    struct rng rng = unit_rng("only w");
    struct arena arena = arena_make(1 << 16);
    for (int s = 0; s < 12; s++) {
        int N = shapes[s / 2][0], D = shapes[s / 2][1];
        arena.used = 0;
        mat Phi = arena_mat(&arena, N, D), old = arena_mat(&arena, N, D);
        vec t = arena_vec(&arena, N), was = arena_vec(&arena, N);
        vec w = arena_vec(&arena, D), again = arena_vec(&arena, D);
        rng_normals(&rng, 0, 1, entries(Phi));
        rng_normals(&rng, 0, 1, t);
        if (s % 2 == 1) /* a row of the shorter side is 0 */
            for (int k = 0; k < (N < D ? D : N); k++)
                Phi.at[N < D ? k : k * D] = 0;
        copy(entries(Phi), entries(old)), copy(t, was), fill(NAN, w);
        size_t mark = arena.used;
        enum factor_status status = fit(Phi, t, &arena, w);
        ck_assert_int_eq(status, s % 2 == 1 ? FACTOR_NOT_POSITIVE : FACTOR_OK);
        ck_assert_uint_eq(arena.used, mark);
        assert_vec(entries(Phi), entries(old), 0);
        assert_vec(t, was, 0);
        fit(Phi, t, &arena, again);
        if (status == FACTOR_OK)
            assert_vec(again, w, 0);
    }
    arena_free(&arena);
}

START_TEST(only_w_is_written)
{
    check_only_w_is_written(dd_fit);
    check_only_w_is_written(dd_fit_by_qr);
}
END_TEST

START_TEST(draws_what_it_says)
{
    enum { N = 2000 };
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("draws"), again = rng;
    mat Phi = arena_mat(&arena, N, 2), same = arena_mat(&arena, N, 2);
    vec t = arena_vec(&arena, N), noise = arena_vec(&arena, N);
    vec w = {2, (real[]){3, -4}};
    dd_draw(&rng, w, 0.5, Phi, t);
    rng_normals(&again, 0, 1, entries(same));
    rng_normals(&again, 0, 0.5, noise);
    for (int i = 0; i < N; i++) {
        ck_assert_double_eq(Phi.at[2 * i], same.at[2 * i]);
        double law = 3 * Phi.at[2 * i] - 4 * Phi.at[2 * i + 1] + noise.at[i];
        assert_near(t.at[i], law, 64 * DBL_EPSILON * 10);
    }
    ck_assert_double_gt(norm(noise), 0);
    arena_free(&arena);
}
END_TEST

START_TEST(features_are_a_layer)
{
    real x[2 * 2] = {1, 2, -1, 0.5}, weights[2 * 3] = {1, -1, 0, 0.5, 1, -2}, at[2 * 3];
    dd_features((mat){2, 2, x}, (mat){2, 3, weights}, (mat){2, 3, at});
    /* X W = (2, 1, -4; -0.75, 1.5, -1), and sqrt(2/3) times what is positive. */
    double expected[6] = {2, 1, 0, 0, 1.5, 0};
    for (int i = 0; i < 6; i++)
        assert_near(at[i], sqrt(2.0 / 3) * expected[i], 8 * DBL_EPSILON);
    x[0] = NAN;
    dd_features((mat){2, 2, x}, (mat){2, 3, weights}, (mat){2, 3, at});
    ck_assert_double_nan(at[0]);
    ck_assert_stops("gemm",
                    dd_features((mat){2, 2, x}, (mat){3, 3, weights}, (mat){2, 3, at}));
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

/* Points on a grid, so that many are equal; in units where a sum of two overflows, or
 * next to each other among the reals, or both. */
START_TEST(threshold_has_the_fewest_errors)
{
    static const double units[] = {1, 0.29 * REAL_MAX, REAL_TRUE_MIN, REAL_EPSILON};
    static const double origins[] = {0, 0.1 * REAL_MAX, 0, 1};
    struct rng rng = unit_rng("threshold");
    for (int trial = 0; trial < 2000; trial++) {
        real x[30], labels[30];
        int n = 1 + rng_below(&rng, trial % 2 ? 4 : 30), least = n, last = 0;
        vec points = {n, x}, signs = {n, labels};
        for (int i = 0; i < n; i++) {
            last += rng_below(&rng, 3) == 0 && last < 3;
            x[i] = origins[trial % 4] + last * units[trial % 4];
            labels[i] = rng_below(&rng, 2) == 0 ? 1 : -1;
        }
        for (int i = -1; i < n; i++) {
            int errors = training_errors(points, signs, i < 0 ? -INFINITY : x[i]);
            least = errors < least ? errors : least;
        }
        double chosen = dd_erm_threshold(points, signs);
        ck_assert_int_eq(training_errors(points, signs, chosen), least);
    }
    real x[3] = {1, 2, 4};
    ck_assert_double_eq(dd_erm_threshold((vec){3, x}, (vec){3, (real[]){-1, -1, 1}}),
                        3);
    ck_assert_double_eq(dd_erm_threshold((vec){3, x}, (vec){3, (real[]){1, 1, 1}}),
                        -INFINITY);
    ck_assert_double_eq(dd_erm_threshold((vec){3, x}, (vec){3, (real[]){-1, -1, -1}}),
                        INFINITY);
    ck_assert_stops("0 points, 0 labels", dd_erm_threshold((vec){0, x}, (vec){0, x}));
    ck_assert_stops("3 points, 2 labels", dd_erm_threshold((vec){3, x}, (vec){2, x}));
    real labels[3] = {1, -1, 1}, odd[] = {NAN, INFINITY, -INFINITY, 0};
    for (int k = 0; k < 12; k++) {
        real *of = k % 4 == 3 ? &labels[k / 4] : &x[k / 4], old = *of;
        *of = odd[k % 4];
        ck_assert_stops(k % 4 == 3 ? "a label must be 1 or -1, got 0"
                                   : "x must be finite",
                        dd_erm_threshold((vec){3, x}, (vec){3, labels}));
        *of = old;
    }
    ck_assert_stops("x must be finite and ascend, got 4 before 2",
                    dd_erm_threshold((vec){2, (real[]){4, 2}}, (vec){2, labels}));
}
END_TEST

/* One example, and one unit: t = Phi w exactly, and sqrt 2 of what is positive. */
START_TEST(one_example_and_one_unit)
{
    struct rng rng = unit_rng("one");
    real phi, t, x[] = {3}, W[] = {2}, out;
    dd_draw(&rng, (vec){1, x}, 0, (mat){1, 1, &phi}, (vec){1, &t});
    ck_assert_double_eq(t, 3 * phi);
    dd_features((mat){1, 1, x}, (mat){1, 1, W}, (mat){1, 1, &out});
    assert_near(out, 6 * sqrt(2), 30 * DBL_EPSILON);
}
END_TEST

/* Many examples and many units, and what is read stays. */
START_TEST(many_units_and_many_examples)
{
    struct rng rng = unit_rng("dd/many");
    struct arena arena = arena_make(1 << 20);
    mat X = arena_mat(&arena, 70, 3), W = arena_mat(&arena, 3, 200);
    mat Phi = arena_mat(&arena, 70, 200), drawn = arena_mat(&arena, 70, 3);
    vec w_true = arena_vec(&arena, 3), t = arena_vec(&arena, 70);
    rng_normals(&rng, 0, 1, entries(X)), rng_normals(&rng, 0, 1, entries(W));
    rng_normals(&rng, 0, 1, w_true);
    struct unit_watch read = WATCH(&arena, entries(X), entries(W), w_true);
    dd_features(X, W, Phi);
    dd_draw(&rng, w_true, 0, drawn, t);
    assert_unchanged(&read);
    for (int i = 0; i < 70; i++) {
        assert_near(t.at[i], dot(row(drawn, i), w_true), 1e-14);
        for (int k = 0; k < 200; k++) {
            double z = 0;
            for (int j = 0; j < 3; j++)
                z += row(X, i).at[j] * row(W, j).at[k];
            assert_near(row(Phi, i).at[k], fmax(z, 0) / 10, 1e-14);
        }
    }
    real x[1000], labels[1000];
    for (int cut = 0; cut <= 1000; cut += 125) {
        for (int i = 0; i < 1000; i++)
            x[i] = i, labels[i] = i < cut ? -1 : 1;
        double chosen = dd_erm_threshold((vec){1000, x}, (vec){1000, labels});
        ck_assert_double_eq(chosen, cut == 0      ? -INFINITY
                                    : cut == 1000 ? INFINITY
                                                  : cut - 0.5);
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("double_descent", (const TTest *[]){
                                          fits_tall_and_wide,
                                          has_the_least_norm,
                                          a_good_gram_matrix_needs_no_qr,
                                          survives_a_bad_gram_matrix,
                                          units_do_not_matter,
                                          says_that_features_are_dependent,
                                          says_so_of_one_that_depends_on_all_others,
                                          stops_at_shapes_that_do_not_fit,
                                          the_error_is_that_of_phi,
                                          units_do_not_make_features_dependent,
                                          dependent_features_are_refused,
                                          what_is_not_finite_is_refused,
                                          scratch_is_enough_and_not_absurd,
                                          draws_what_it_says,
                                          features_are_a_layer,
                                          threshold_has_the_fewest_errors,
                                          one_example_and_one_unit,
                                          only_w_is_written,
                                          many_units_and_many_examples,
                                          NULL,
                                      });
}
