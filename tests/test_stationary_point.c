/* The contract of stationary_point.h.  What the functions mean is for the claims of the
 * chapter; here each is held against the conditions that define its answer, or against
 * its formula in long double, on all sizes and at the edges. */
#include "gradient_descent.h"
#include "ground/unit.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <float.h>
#include <math.h>

static const int sizes[] = {0, 1, 2, 3, 5, 10};
enum { SIZES = sizeof sizes / sizeof *sizes };

struct world {
    struct arena arena;
    struct rng rng;
};

static struct world world_make(const char *test)
{
    return (struct world){arena_make(1 << 20), unit_rng(test)};
}

/* U V' with orthonormal columns in U: m x rank and V: n x rank, both scaled so that the
 * singular values are 1, 1/2, 1/3, ... */
static mat of_rank(struct world *world, int m, int n, int rank)
{
    mat U = arena_mat(&world->arena, m, m), V = arena_mat(&world->arena, n, n);
    mat B = arena_mat(&world->arena, m, n);
    rng_rotation(&world->rng, &world->arena, U);
    rng_rotation(&world->rng, &world->arena, V);
    for (int k = 0; k < rank; k++)
        for (int i = 0; i < m; i++)
            axpy(row(U, k).at[i] / (k + 1), row(V, k), row(B, i));
    return B;
}

static mat product(struct world *world, mat A, mat B)
{
    mat C = arena_mat(&world->arena, A.rows, B.cols);
    for (int i = 0; i < A.rows; i++)
        for (int k = 0; k < A.cols; k++)
            axpy(row(A, i).at[k], row(B, k), row(C, i));
    return C;
}

static void assert_same(mat A, mat B, double limit)
{
    ck_assert(A.rows == B.rows && A.cols == B.cols);
    for (int i = 0; i < A.rows * A.cols; i++)
        ck_assert_double_le(fabs(A.at[i] - B.at[i]), limit);
}

static void assert_symmetric(mat A, double limit)
{
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < i; j++)
            ck_assert_double_le(fabs(row(A, i).at[j] - row(A, j).at[i]), limit);
}

/* ---- The pseudo-inverse ---------------------------------------------------------- */

typedef enum factor_status inverter(mat, struct arena *, mat);

/* Penrose's four conditions, which have one solution.  The limit: rounding moves B by a
 * multiple of n eps, and B^+ by ||B^+||^2 times that, ||B^+|| <= 10. */
static void assert_inverts(struct world *world, inverter *invert, mat B)
{
    int longer = B.rows > B.cols ? B.rows : B.cols;
    double limit = 30 * (longer + 1) * REAL_EPSILON * 1000;
    mat X = arena_mat(&world->arena, B.cols, B.rows);
    fill(NAN, entries(X));
    size_t used = world->arena.used;
    ck_assert_int_eq(invert(B, &world->arena, X), FACTOR_OK);
    ck_assert_uint_eq(world->arena.used, used);
    mat BX = product(world, B, X), XB = product(world, X, B);
    assert_same(product(world, BX, B), B, limit);
    assert_same(product(world, XB, X), X, 10 * limit);
    assert_symmetric(BX, limit);
    assert_symmetric(XB, limit);
}

START_TEST(the_pseudo_inverse_of_all_shapes_and_ranks)
{
    struct world world = world_make("stationary_point/pinv");
    for (int i = 0; i < SIZES; i++)
        for (int j = 0; j < SIZES; j++) {
            int m = sizes[i], n = sizes[j], most = m < n ? m : n;
            for (int rank = 0; rank <= most; rank++) {
                world.arena.used = 0;
                assert_inverts(&world, sp_pseudo_inverse, of_rank(&world, m, n, rank));
            }
        }
    arena_free(&world.arena);
}
END_TEST

/* More columns than the other tests have, all independent or not. */
START_TEST(the_pseudo_inverse_of_many_columns)
{
    struct world world = world_make("stationary_point/many");
    for (int rank = 5; rank <= 10; rank += 5) {
        world.arena.used = 0;
        assert_inverts(&world, sp_pseudo_inverse, of_rank(&world, 80, 70, rank));
    }
    world.arena.used = 0;
    mat B = of_rank(&world, 70, 80, 0);
    for (int i = 0; i < 70; i++)
        row(B, i).at[i + 10] = 1 + i % 2;
    assert_inverts(&world, sp_pseudo_inverse, B);
    arena_free(&world.arena);
}
END_TEST

/* c 1 1' = c sqrt(mn) u v', so its pseudo-inverse is 1 1' / (c m n), whatever the unit
 * c; where 1 / c overflows, so does the inverse, and does not turn into NaN. */
START_TEST(the_pseudo_inverse_of_constants)
{
    static const real units[] = {
        1, -3, TINY, VAST, 1e8 * REAL_MIN, 1e-8 * REAL_MAX, 0.005 * REAL_MIN};
    struct world world = world_make("stationary_point/constant");
    for (int k = 0; k < 140; k++) {
        world.arena.used = 0;
        int m = 1 + rng_below(&world.rng, 30), n = 1 + rng_below(&world.rng, 30);
        double c = units[k % 7], inverse = 1 / c / (m * n);
        mat B = arena_mat(&world.arena, m, n), X = arena_mat(&world.arena, n, m);
        fill(c, entries(B));
        ck_assert_int_eq(sp_pseudo_inverse(B, &world.arena, X), FACTOR_OK);
        for (int i = 0; i < m * n && 1 / fabs(c) <= REAL_MAX; i++)
            ck_assert_double_le(fabs(X.at[i] / inverse - 1), 30 * 60 * REAL_EPSILON);
        for (int i = 0; i < m * n; i++)
            ck_assert(X.at[i] * copysign(1, c) > 0);
    }
    real tiny[] = {0.005 * REAL_MIN, 0, 0, 0.005 * REAL_MIN}, x[4];
    ck_assert_int_eq(sp_pseudo_inverse((mat){2, 2, tiny}, &world.arena, (mat){2, 2, x}),
                     FACTOR_OK);
    ck_assert(x[0] == INFINITY && x[1] == 0 && x[2] == 0 && x[3] == INFINITY);
    arena_free(&world.arena);
}
END_TEST

/* Indicators of the levels of two factors, and a constant, which each of them adds up
 * to: exactly dependent columns; repeated rows; and both sides. */
START_TEST(the_pseudo_inverse_of_indicators)
{
    struct world world = world_make("stationary_point/indicators");
    for (int k = 0; k < 100; k++) {
        world.arena.used = 0;
        int a = 1 + rng_below(&world.rng, 4), b = 1 + rng_below(&world.rng, 4);
        int m = a + b + 1 + rng_below(&world.rng, 8), n = 1 + a + b;
        mat B = arena_mat(&world.arena, m, n), Bt = arena_mat(&world.arena, n, m);
        for (int i = 0; i < m; i++) {
            vec x = row(B, i);
            x.at[0] = x.at[1 + rng_below(&world.rng, a)] = 1;
            x.at[1 + a + rng_below(&world.rng, b)] = 1;
        }
        transpose(B, Bt);
        assert_inverts(&world, sp_pseudo_inverse, k % 2 ? B : Bt);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(normal_equations_of_all_shapes)
{
    struct world world = world_make("stationary_point/normal");
    for (int i = 0; i < SIZES; i++)
        for (int j = 0; j < SIZES; j++) {
            int m = sizes[i], n = sizes[j];
            world.arena.used = 0;
            assert_inverts(&world, sp_pseudo_inverse_normal,
                           of_rank(&world, m, n, m < n ? m : n));
        }
    arena_free(&world.arena);
}
END_TEST

/* A singular value below 3 eps times the largest is 0, above it is not. */
START_TEST(rounding_counts_as_zero)
{
    struct world world = world_make("stationary_point/cutoff");
    real at[] = {4, 0, 0, 4 * 2.9 * REAL_EPSILON, 0, 0}, x[6];
    mat B = {3, 2, at}, X = {2, 3, x};
    sp_pseudo_inverse(B, &world.arena, X);
    ck_assert_double_eq(x[0], 0.25);
    ck_assert_double_eq(x[4], 0);
    at[3] = 4 * 3.1 * REAL_EPSILON;
    sp_pseudo_inverse(B, &world.arena, X);
    ck_assert_double_eq_tol((double)x[4] * at[3], 1, 4 * REAL_EPSILON);
    arena_free(&world.arena);
}
END_TEST

START_TEST(what_has_no_inverse_is_refused)
{
    struct world world = world_make("stationary_point/refused");
    real at[] = {1, 0, 0, NAN, 0, 0}, x[6] = {7, 7, 7, 7, 7, 7};
    mat B = {3, 2, at}, X = {2, 3, x};
    ck_assert_int_eq(sp_pseudo_inverse(B, &world.arena, X), FACTOR_NO_CONVERGENCE);
    for (int i = 0; i < 6; i++)
        ck_assert(isnan(x[i]));
    at[3] = 0;
    ck_assert_int_eq(sp_pseudo_inverse_normal(B, &world.arena, X), FACTOR_NOT_POSITIVE);
    ck_assert_int_eq(sp_pseudo_inverse_normal((mat){2, 3, at}, &world.arena,
                                              (mat){3, 2, x}),
                     FACTOR_NOT_POSITIVE);
    ck_assert_uint_eq(world.arena.used, 0);
    arena_free(&world.arena);
}
END_TEST

/* The gradient vanishes at the limit, and the way there has no flat part: with
 * A = diag(4, 0.5, 0), the last coordinate stays. */
START_TEST(the_limit_keeps_what_is_flat)
{
    struct world world = world_make("stationary_point/limit");
    real A[9] = {4, 0, 0, 0, 0.5, 0, 0, 0, 0}, b[] = {8, -1, 0};
    real from[] = {1, 1, 5}, to[3] = {NAN, NAN, NAN};
    struct quadratic q = {{3, 3, A}, {3, b}, 1};
    ck_assert_int_eq(sp_gd_limit(q, (vec){3, from}, &world.arena, (vec){3, to}),
                     FACTOR_OK);
    ck_assert_double_eq_tol(to[0], -2, 100 * REAL_EPSILON);
    ck_assert_double_eq_tol(to[1], 2, 100 * REAL_EPSILON);
    ck_assert_double_eq(to[2], 5);
    ck_assert(from[0] == 1 && from[1] == 1 && from[2] == 5 && b[0] == 8);
    ck_assert_uint_eq(world.arena.used, 0);
    A[0] = INFINITY;
    ck_assert_int_eq(sp_gd_limit(q, (vec){3, from}, &world.arena, (vec){3, to}),
                     FACTOR_NO_CONVERGENCE);
    arena_free(&world.arena);
}
END_TEST

/* Where the steps lead, of which the slowest shrinks its error by 1 - 1/25. */
START_TEST(the_limit_is_where_descent_ends)
{
    struct world world = world_make("stationary_point/end");
    for (int n = 0; n <= 5; n++)
        for (int rank = 0; rank <= n; rank++) {
            world.arena.used = 0;
            mat Phi = of_rank(&world, n + 1, n, rank);
            struct quadratic q = quadratic_make(&world.arena, n);
            vec w_0 = normal_vec(&world.arena, &world.rng, n);
            vec w = arena_vec(&world.arena, n), grad = arena_vec(&world.arena, n);
            vec end = normal_vec(&world.arena, &world.rng, n);
            gram(1, Phi, q.A);
            gemtv(1, Phi, normal_vec(&world.arena, &world.rng, n + 1), 0, q.b);
            copy(w_0, w);
            gd_run(q, 1, 1000, w, grad);
            ck_assert_int_eq(sp_gd_limit(q, w_0, &world.arena, end), FACTOR_OK);
            double limit = 30 * 1000 * (n + 1) * DBL_EPSILON;
            for (int i = 0; i < n; i++)
                assert_near(end.at[i], w.at[i], limit * (norm(w) + norm(w_0)));
        }
    arena_free(&world.arena);
}
END_TEST

/* ---- Ridge ----------------------------------------------------------------------- */

START_TEST(tikhonov_adds_to_the_diagonal)
{
    real A[] = {1, 2, 2, 5}, b[] = {3, 4};
    struct quadratic q = {{2, 2, A}, {2, b}, 6};
    sp_tikhonov(0.25, &q);
    ck_assert(A[0] == 1.25 && A[1] == 2 && A[2] == 2 && A[3] == 5.25);
    ck_assert(b[0] == 3 && b[1] == 4 && q.c == 6);
    sp_tikhonov(0, &q);
    ck_assert(A[0] == 1.25 && A[3] == 5.25);
    struct world world = world_make("stationary_point/tikhonov");
    for (int n = 1; n <= 100; n += 99) {
        struct quadratic zero = quadratic_make(&world.arena, n);
        sp_tikhonov(3, &zero);
        ck_assert_double_eq(dot(entries(zero.A), entries(zero.A)), 9 * n);
        for (int i = 0; i < n; i++)
            ck_assert_double_eq(row(zero.A, i).at[i], 3);
    }
    arena_free(&world.arena);
}
END_TEST

/* Where the gradient vanishes; curvatures of Phi'Phi / N + lambda I are 0.1 at least.
 */
START_TEST(ridge_is_where_the_penalized_gradient_vanishes)
{
    struct world world = world_make("stationary_point/ridge");
    for (int s = 0; s < SIZES * SIZES + 2; s++) {
        int N = s < SIZES * SIZES ? sizes[s / SIZES] + 1 : 130;
        int n = s < SIZES * SIZES ? sizes[s % SIZES] : s == SIZES * SIZES ? 3 : 70;
        world.arena.used = 0;
        mat Phi = normal_mat(&world.arena, &world.rng, N, n);
        vec t = normal_vec(&world.arena, &world.rng, N),
            w = normal_vec(&world.arena, &world.rng, n);
        size_t used = world.arena.used;
        ck_assert_int_eq(sp_ridge_fit(Phi, t, 0.1, &world.arena, w), FACTOR_OK);
        ck_assert_uint_eq(world.arena.used, used);
        double size = dot(entries(Phi), entries(Phi)) / N * (1 + norm(w)) + norm(t);
        for (int j = 0; j < n; j++) {
            long double grad = 0.1L * w.at[j];
            for (int i = 0; i < N; i++) {
                long double residual = -t.at[i];
                for (int l = 0; l < n; l++)
                    residual += (long double)row(Phi, i).at[l] * w.at[l];
                grad += row(Phi, i).at[j] * residual / N;
            }
            ck_assert_double_le(fabs((double)grad), 30 * (n + 1) * REAL_EPSILON * size);
        }
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(a_minimum_that_is_none_is_refused)
{
    struct world world = world_make("stationary_point/minimum");
    real A[] = {1, 2, 2, 1}, b[] = {3, 4}, w[] = {NAN, NAN};
    struct quadratic q = {{2, 2, A}, {2, b}, 0};
    ck_assert_int_eq(sp_minimum(q, &world.arena, (vec){2, w}), FACTOR_NOT_POSITIVE);
    ck_assert(w[0] == -3 && w[1] == -4);
    ck_assert_uint_eq(world.arena.used, 0);
    A[1] = A[2] = 0.5;
    ck_assert_int_eq(sp_minimum(q, &world.arena, (vec){2, w}), FACTOR_OK);
    ck_assert_double_eq_tol(w[0], -4 / 3.0, 100 * REAL_EPSILON);
    ck_assert_double_eq_tol(w[1], -10 / 3.0, 100 * REAL_EPSILON);
    ck_assert(b[0] == 3 && b[1] == 4 && A[0] == 1);
    ck_assert_uint_eq(world.arena.used, 0);
    arena_free(&world.arena);
}
END_TEST

/* ---- Filters --------------------------------------------------------------------- */

static void assert_share(double got, long double share)
{
    ck_assert_msg(fabsl(got - share) <= 40 * DBL_EPSILON * fabsl(share),
                  "got %.17g for %.20Lg", got, share);
}

START_TEST(shares_have_all_their_figures)
{
    static const double curvatures[] = {1e-300, 1e-17, 1e-8, 0.01, 0.3, 1, 1.9, 2, 7};
    static const int steps[] = {0, 1, 2, 3, 10};
    for (int i = 0; i < 9; i++) {
        double a = curvatures[i];
        for (int s = 0; s < 5; s++) {
            /* 1 - (1 - y)^k = y (1 + (1 - y) + ... + (1 - y)^(k - 1)). */
            long double sum = 0, power = 1;
            for (int k = 0; k < steps[s]; k++, power *= 1 - 0.5L * a)
                sum += power;
            assert_share(sp_gd_filter(a, 0.5, steps[s]), 0.5L * a * sum);
        }
        assert_share(sp_ridge_filter(a, 0.5), (long double)a / (a + 0.5L));
        assert_share(sp_flow_filter(a, 3), -expm1l(-3 * (long double)a));
    }
    ck_assert_double_eq(sp_gd_filter(0, 1, 5), 0);
    ck_assert_double_eq(sp_gd_filter(2, 0.5, 0), 0);
    ck_assert_double_eq(sp_gd_filter(2, 0.5, 1), 1);
    ck_assert_double_eq(sp_ridge_filter(0, 1), 0);
    ck_assert_double_eq(sp_flow_filter(0, 1), 0);
}
END_TEST

/* ---- Another metric -------------------------------------------------------------- */

START_TEST(a_preconditioned_update_is_its_formula)
{
    real p[] = {2, 1, 1, 4}, g[] = {1, 3}, at[] = {10, 20};
    sp_preconditioned_update(0.5, (mat){2, 2, p}, (vec){2, g}, (vec){2, at});
    ck_assert(at[0] == 7.5 && at[1] == 13.5 && g[0] == 1);
}
END_TEST

/* w = P Phi'c for some c, so P^-1 w is in the row space; and Phi w = t. */
START_TEST(the_preconditioned_limit_fits_in_its_space)
{
    struct world world = world_make("stationary_point/metric");
    for (int N = 0; N <= 4; N++) {
        int D = 6;
        world.arena.used = 0;
        mat Phi = of_rank(&world, N, D, N),
            F = normal_mat(&world.arena, &world.rng, D, D);
        mat P = arena_mat(&world.arena, D, D), R = arena_mat(&world.arena, D, N);
        vec t = normal_vec(&world.arena, &world.rng, N),
            w = normal_vec(&world.arena, &world.rng, D);
        vec c = arena_vec(&world.arena, N);
        gram(1, F, P);
        sp_tikhonov(1, &(struct quadratic){P, w, 0}); /* well conditioned */
        size_t used = world.arena.used;
        ck_assert_int_eq(sp_preconditioned_limit(Phi, t, P, &world.arena, w),
                         FACTOR_OK);
        ck_assert_uint_eq(world.arena.used, used);
        double limit = 1e5 * REAL_EPSILON * (1 + norm(w)) * norm(entries(P));
        for (int i = 0; i < N; i++)
            ck_assert_double_le(fabs(dot(row(Phi, i), w) - t.at[i]), limit);

        /* What is left of z = P^-1 w when the row space is taken out, z - Phi^+ Phi z.
         */
        vec z = arena_vec(&world.arena, D), minus_w = arena_vec(&world.arena, D);
        axpy(-1, w, minus_w);
        sp_minimum((struct quadratic){P, minus_w, 0}, &world.arena, z);
        sp_pseudo_inverse(Phi, &world.arena, R);
        gemv(1, Phi, z, 0, c);
        gemv(-1, R, c, 1, z);
        ck_assert_double_le(norm(z), limit);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(dependent_rows_are_refused)
{
    struct world world = world_make("stationary_point/dependent");
    real phi[] = {1, 0, 1, 0}, p[] = {1, 0, 0, 1}, t[] = {1, 2}, at[] = {7, 8};
    ck_assert_int_eq(sp_preconditioned_limit((mat){2, 2, phi}, (vec){2, t},
                                             (mat){2, 2, p}, &world.arena,
                                             (vec){2, at}),
                     FACTOR_NOT_POSITIVE);
    ck_assert(at[0] == 7 && at[1] == 8 && t[0] == 1 && t[1] == 2);
    ck_assert_uint_eq(world.arena.used, 0);
    arena_free(&world.arena);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(arguments_without_sense_stop)
{
    struct world world = world_make("stationary_point/mistakes");
    real at[9] = {1, 0, 0, 1}, other[9] = {0};
    mat A = {2, 2, at};
    vec two = {2, other}, three = {3, other};
    struct quadratic q = {A, two, 0};
    ck_assert_stops("sp_pseudo_inverse: B_dagger must be 3 x 2, got 2 x 3",
                    sp_pseudo_inverse((mat){2, 3, at}, &world.arena,
                                      (mat){2, 3, other}));
    ck_assert_stops("sp_pseudo_inverse_normal: B_dagger must be 2 x 3, got 3 x 2",
                    sp_pseudo_inverse_normal((mat){3, 2, at}, &world.arena,
                                             (mat){3, 2, other}));
    ck_assert_stops("x has 2 entries, y has 3",
                    sp_gd_limit(q, two, &world.arena, three));
    ck_assert_stops("sp_tikhonov: lambda must be finite and not negative, got -1",
                    sp_tikhonov(-1, &q));
    ck_assert_stops("sp_tikhonov: lambda must be finite and not negative, got nan",
                    sp_tikhonov(NAN, &q));
    ck_assert_stops("sp_tikhonov: lambda must be finite and not negative, got inf",
                    sp_tikhonov(INFINITY, &q));
    ck_assert_stops("x has 2 entries, y has 3", sp_minimum(q, &world.arena, three));
    ck_assert_stops("sp_ridge_fit: lambda must be positive, got 0",
                    sp_ridge_fit(A, two, 0, &world.arena, two));
    ck_assert_stops("sp_ridge_fit: lambda must be positive, got nan",
                    sp_ridge_fit(A, two, NAN, &world.arena, two));
    ck_assert_stops("lambda must be finite and not negative, got inf",
                    sp_ridge_fit(A, two, INFINITY, &world.arena, two));
    arena_free(&world.arena);
}
END_TEST

START_TEST(metrics_without_sense_stop)
{
    struct world world = world_make("stationary_point/metrics");
    real at[9] = {1, 0, 0, 1}, other[9] = {0};
    mat A = {2, 2, at};
    vec two = {2, other}, three = {3, other};
    ck_assert_stops(
        "sp_preconditioned_update: alpha must be finite and positive, got 0",
        sp_preconditioned_update(0, A, two, two));
    ck_assert_stops(
        "sp_preconditioned_update: alpha must be finite and positive, got nan",
        sp_preconditioned_update(NAN, A, two, two));
    ck_assert_stops(
        "sp_preconditioned_update: alpha must be finite and positive, got inf",
        sp_preconditioned_update(INFINITY, A, two, two));
    ck_assert_stops("the matrix is 2 x 2, x has 2 entries, y has 3",
                    sp_preconditioned_update(1, A, two, three));
    ck_assert_stops("x has 3 entries, y has 2",
                    sp_preconditioned_limit(A, three, A, &world.arena, two));
    ck_assert_stops("does not fit", sp_preconditioned_limit(A, two, (mat){3, 3, at},
                                                            &world.arena, two));
    arena_free(&world.arena);
}
END_TEST

/* Twice the same feature, and a penalty that is lost beside it: A is all ones. */
START_TEST(a_penalty_may_be_too_small)
{
    struct world world = world_make("stationary_point/lost");
    real Phi[] = {1, 1, 1, 1, 1, 1}, t[] = {1, 2, 3}, w[] = {NAN, NAN};
    ck_assert_int_eq(sp_ridge_fit((mat){3, 2, Phi}, (vec){3, t}, 1e-30, &world.arena,
                                  (vec){2, w}),
                     FACTOR_NOT_POSITIVE);
    ck_assert_uint_eq(world.arena.used, 0);
    ck_assert_int_eq(sp_ridge_fit((mat){3, 2, Phi}, (vec){3, t}, 1, &world.arena,
                                  (vec){2, w}),
                     FACTOR_OK);
    assert_near(w[0], 2 / 3.0, 100 * DBL_EPSILON);
    assert_near(w[1], 2 / 3.0, 100 * DBL_EPSILON);
    arena_free(&world.arena);
}
END_TEST

int main(void)
{
    return unit_run("stationary_point",
                    (const TTest *[]){
                        the_pseudo_inverse_of_all_shapes_and_ranks,
                        the_pseudo_inverse_of_many_columns,
                        the_pseudo_inverse_of_constants,
                        the_pseudo_inverse_of_indicators,
                        normal_equations_of_all_shapes,
                        rounding_counts_as_zero,
                        what_has_no_inverse_is_refused,
                        the_limit_keeps_what_is_flat,
                        the_limit_is_where_descent_ends,
                        tikhonov_adds_to_the_diagonal,
                        ridge_is_where_the_penalized_gradient_vanishes,
                        a_minimum_that_is_none_is_refused,
                        shares_have_all_their_figures,
                        a_preconditioned_update_is_its_formula,
                        the_preconditioned_limit_fits_in_its_space,
                        dependent_rows_are_refused,
                        arguments_without_sense_stop,
                        metrics_without_sense_stop,
                        a_penalty_may_be_too_small,
                        NULL,
                    });
}
