/* The contract of momentum.h: on quadratics whose minimum was put there, each step is
 * held against its formula or against LAPACK. */
#include "momentum.h"

#include "ground/finding.h"
#include "ground/route_lapack.h"
#include "ground/unit.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

static struct arena arena;

static const int sizes[] = {1, 2, 7, 33, 130};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Curvatures from 1 to 4; all sums below are of some n terms of a size of 10 sqrt(n).
 */
static struct solved_quadratic bowl(const char *test, int n)
{
    struct rng rng = unit_rng(test);
    vec a = arena_vec(&arena, n);
    rng_uniforms(&rng, 1, 4, a);
    return solved_quadratic_make(&arena, &rng, a);
}

static vec start(const char *test, int n)
{
    struct rng rng = unit_rng(test);
    return normal_vec(&arena, &rng, n);
}

static void gradient_of_quadratic(void *cost, vec w, vec grad)
{
    quadratic_gradient(*(struct quadratic *)cost, w, grad);
}

/* ---- Newton ---------------------------------------------------------------------- */

START_TEST(newton_goes_to_the_minimum)
{
    arena = arena_make(1 << 22);
    for (int s = 0; s < SIZES; s++) {
        int n = sizes[s];
        struct solved_quadratic k = bowl("momentum/newton", n);
        vec w = start("momentum/from", n), grad = arena_vec(&arena, n);
        vec jumped = arena_vec(&arena, n), half = arena_vec(&arena, n);
        copy(w, jumped), copy(w, half);
        quadratic_gradient(k.q, w, grad);
        size_t used = arena.used;
        ck_assert(mom_newton_step(k.q.A, grad, 1, &arena, w) == FACTOR_OK);
        mom_newton_jump(k.q.A, grad, 1, &arena, jumped);
        mom_newton_jump(k.q.A, grad, 0.5, &arena, half);
        ck_assert(arena.used == used);
        double limit = rounding(4 * n, 10 * sqrt(n));
        assert_vec(w, k.w_star, limit);
        assert_vec(jumped, k.w_star, limit);
        axpy(-2, half, jumped); /* half the way */
        axpy(1, start("momentum/from", n), jumped);
        assert_near(norm(jumped), 0, limit * sqrt(n));
    }
    arena_free(&arena);
}
END_TEST

/* Of alpha 0.25, a quarter of the way; where the model has no minimum, no way. */
START_TEST(newton_refuses_what_has_no_minimum)
{
    arena = arena_make(1 << 14);
    mat saddle = arena_mat(&arena, 2, 2);
    vec w = VEC(3, 5), grad = VEC(3, -5);
    saddle.at[0] = 1, saddle.at[3] = -1;
    size_t used = arena.used;
    ck_assert(mom_newton_step(saddle, grad, 1, &arena, w) == FACTOR_NOT_POSITIVE);
    ck_assert(arena.used == used);
    assert_entries(w, (double[]){3, 5}, 0);
    mom_newton_jump(saddle, grad, 0.25, &arena, w);
    assert_entries(w, (double[]){2.25, 3.75}, rounding(4, 5));
    assert_entries(entries(saddle), (double[]){1, 0, 0, -1}, 0);
    assert_entries(grad, (double[]){3, -5}, 0);
    saddle.at[3] = 1;
    ck_assert(mom_newton_step(saddle, VEC(4, 8), 0.25, &arena, w) == FACTOR_OK);
    assert_entries(w, (double[]){1.25, 1.75}, rounding(4, 5));
    saddle.at[3] = 0;
    ck_assert(mom_newton_step(saddle, grad, 1, &arena, w) == FACTOR_NOT_POSITIVE);
    mom_newton_jump(saddle, grad, 1, &arena, w);
    ck_assert(!isfinite(norm(w)));
    arena_free(&arena);
}
END_TEST

START_TEST(newton_shows_a_nan)
{
    arena = arena_make(1 << 14);
    mat H = arena_mat(&arena, 2, 2);
    H.at[0] = H.at[3] = 1;
    vec w = VEC(1, 1), v = VEC(1, 1);
    ck_assert(mom_newton_step(H, VEC(NAN, 1), 1, &arena, w) == FACTOR_OK);
    mom_newton_jump(H, VEC(NAN, 1), 1, &arena, v);
    ck_assert(isnan(w.at[0]) && isnan(v.at[0]));
    H.at[0] = NAN;
    fill(1, w), fill(1, v);
    ck_assert(mom_newton_step(H, VEC(1, 1), 1, &arena, w) == FACTOR_NOT_POSITIVE);
    mom_newton_jump(H, VEC(1, 1), 1, &arena, v);
    ck_assert(w.at[0] == 1 && isnan(v.at[0]));
    arena_free(&arena);
}
END_TEST

/* ---- The last step remembered ---------------------------------------------------- */

START_TEST(settings_are_their_formulas)
{
    struct mom_setting p = mom_polyak(1, 9), n = mom_nesterov(1, 9);
    ck_assert(p.alpha == 0.25 && p.beta == 0.25);
    ck_assert(n.alpha == 1.0 / 9 && n.beta == 0.5);
    p = mom_polyak(4e-160, 4e-160), n = mom_nesterov(4e160, 4e160);
    assert_near(p.alpha * 4e-160, 1, rounding(4, 1));
    assert_near(n.alpha * 4e160, 1, rounding(4, 1));
    ck_assert(p.beta == 0 && n.beta == 0);
}
END_TEST

/* The gradient is asked for at w + reach v, once, and w moves by alpha v. */
struct asked {
    double at;
    int times;
};

static void gradient_that_counts(void *cost, vec w, vec grad)
{
    struct asked *asked = cost;
    asked->at = w.at[0], asked->times++;
    fill(-2, grad);
}

START_TEST(the_gradient_is_taken_ahead)
{
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 1, 0.5);
    struct asked asked = {0};
    vec w = VEC(10);
    momentum.v.at[0] = 4;
    size_t used = arena.used;
    mom_look_ahead_step(gradient_that_counts, &asked, 0.25, 2, &momentum, &arena, w);
    ck_assert(asked.at == 11 && asked.times == 1 && arena.used == used);
    ck_assert(momentum.v.at[0] == 4 && w.at[0] == 18); /* 2 + 2, 10 + 2 4 */
    mom_look_ahead_step(gradient_that_counts, &asked, 0, 2, &momentum, &arena, w);
    ck_assert(asked.at == 18 && w.at[0] == 26);
    arena_free(&arena);
}
END_TEST

START_TEST(looking_ahead_of_any_length)
{
    arena = arena_make(1 << 22);
    for (int s = 0; s < SIZES; s++) {
        int n = sizes[s];
        struct solved_quadratic k = bowl("momentum/ahead", n);
        struct momentum momentum = momentum_make(&arena, n, 0.5);
        struct nesterov nesterov = nesterov_make(&arena, n, 0.5);
        vec w = start("momentum/from", n), y = arena_vec(&arena, n);
        vec grad = arena_vec(&arena, n);
        copy(w, y);
        for (int step = 0; step < 10; step++) {
            mom_look_ahead_step(gradient_of_quadratic, &k.q, 0.05, 0.1, &momentum,
                                &arena, w);
            quadratic_gradient(k.q, y, grad);
            nesterov_step(&nesterov, 0.1, grad, y);
        }
        axpy(0.05, momentum.v, w);
        assert_vec(w, y, rounding(10 * n, 10 * sqrt(n)));
    }
    arena_free(&arena);
}
END_TEST

/* ---- The best that k gradients can do -------------------------------------------- */

/* T_k, to the right of 1 too. */
static double chebyshev_polynomial(int k, double x)
{
    return fabs(x) <= 1 ? cos(k * acos(x))
                        : (x < 0 && k % 2 ? -1 : 1) * cosh(k * acosh(fabs(x)));
}

START_TEST(chebyshev_leaves_its_polynomial)
{
    arena = arena_make(1 << 22);
    for (int s = 0; s < SIZES; s++) {
        int n = sizes[s];
        struct solved_quadratic k = bowl("momentum/chebyshev", n);
        struct mom_chebyshev c = mom_chebyshev_make(&arena, n, 1, 4);
        vec w = start("momentum/from", n), grad = arena_vec(&arena, n);
        vec first = arena_vec(&arena, n), error = arena_vec(&arena, n);
        to_axes(k, w, first);
        for (int step = 1; step <= 12; step++) {
            quadratic_gradient(k.q, w, grad);
            mom_chebyshev_step(&c, grad, w);
            to_axes(k, w, error);
            ck_assert_int_eq(c.steps, step);
            for (int j = 0; j < n; j++) {
                double left = chebyshev_polynomial(step, (2.5 - k.a.at[j]) / 1.5) /
                              chebyshev_polynomial(step, 2.5 / 1.5);
                assert_near(error.at[j], left * first.at[j],
                            rounding(12 * n, 10 * sqrt(n)));
            }
        }
    }
    arena_free(&arena);
}
END_TEST

/* One curvature: the first step arrives, and the next ones stay. */
START_TEST(chebyshev_of_a_single_curvature)
{
    static const double curvatures[] = {TINY, 1, VAST};
    arena = arena_make(1 << 12);
    for (int i = 0; i < 3; i++) {
        double a = curvatures[i];
        struct mom_chebyshev c = mom_chebyshev_make(&arena, 1, a, a);
        vec w = VEC(3);
        for (int step = 0; step < 3; step++) {
            mom_chebyshev_step(&c, VEC(a * w.at[0]), w);
            assert_near(w.at[0], 0, rounding(4, 3));
        }
        ck_assert(c.omega == 1);
    }
    struct mom_chebyshev c =
        mom_chebyshev_make(&arena, 2, 0.6 * REAL_MAX, 0.9 * REAL_MAX);
    ck_assert(isfinite(c.middle) && isfinite(c.half) && norm(c.d) == 0);
    vec w = VEC(1, 1);
    mom_chebyshev_step(&c, VEC(0, NAN), w);
    ck_assert(w.at[0] == 1 && isnan(w.at[1]));
    arena_free(&arena);
}
END_TEST

/* Where one more search along d, from LAPACK's minimum, would not help: after n steps
 * the minimum is reached; before, the cost falls at each. */
START_TEST(conjugate_gradients_arrive)
{
    arena = arena_make(1 << 22);
    for (int s = 0; s < SIZES; s++) {
        int n = sizes[s];
        struct solved_quadratic k = bowl("momentum/conjugate", n);
        vec w = start("momentum/from", n), Aw = arena_vec(&arena, n);
        vec grad = arena_vec(&arena, n), before = arena_vec(&arena, n);
        struct mom_conjugate c = mom_conjugate_make(&arena, k.q, w);
        for (int step = 0; step < n; step++) {
            double cost = quadratic_cost(k.q, w, Aw);
            copy(c.d, before);
            ck_assert(mom_conjugate_step(&c, k.q, w) == MOM_OK);
            ck_assert(quadratic_cost(k.q, w, Aw) <= cost + rounding(n, 20 * n));
            quadratic_gradient(k.q, w, grad);
            double limit = rounding(10 * n, 40 * n);
            assert_vec(c.grad, grad, limit);
            assert_near(dot(grad, before), 0, limit * (1 + norm(before)));
            gemv(1, k.q.A, before, 0, Aw);
            assert_near(dot(c.d, Aw), 0, 4 * limit * (1 + norm(before)));
        }
        assert_vec(w, k.w_star, rounding(10 * n, 40 * n));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(conjugate_gradients_at_the_edges)
{
    arena = arena_make(1 << 14);
    struct quadratic q = quadratic_make(&arena, 2);
    q.A.at[0] = 2, q.A.at[3] = -3;
    vec w = VEC(1, 0);
    struct mom_conjugate c = mom_conjugate_make(&arena, q, w);
    assert_entries(c.grad, (double[]){2, 0}, 0);
    assert_entries(c.d, (double[]){-2, 0}, 0);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_OK); /* arrives at the saddle */
    assert_entries(w, (double[]){0, 0}, 0);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_OK); /* and stays */
    assert_entries(w, (double[]){0, 0}, 0);
    copy(VEC(0, 1), w);
    c = mom_conjugate_make(&arena, q, w);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_NOT_POSITIVE);
    assert_entries(w, (double[]){0, 1}, 0);
    q.A.at[3] = 0, q.b.at[1] = 1; /* a ramp */
    c = mom_conjugate_make(&arena, q, w);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_NOT_POSITIVE);
    q.b.at[0] = NAN;
    c = mom_conjugate_make(&arena, q, w);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_OK && isnan(w.at[0]));
    arena_free(&arena);
}
END_TEST

/* ---- Mistakes -------------------------------------------------------------------- */

START_TEST(rates_are_positive_and_finite)
{
    static const struct {
        double alpha;
        const char *text;
    } bad[] = {{0, "alpha must be finite and positive, got 0\n"},
               {-0.5, "alpha must be finite and positive, got -0.5\n"},
               {INFINITY, "alpha must be finite and positive, got inf\n"},
               {NAN, "nan\n"}};
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 1, 0.9);
    struct asked asked = {0};
    mat H = arena_mat(&arena, 1, 1);
    vec grad = VEC(1), w = VEC(0);
    H.at[0] = 1;
    ck_assert(mom_newton_step(H, grad, REAL_MIN, &arena, w) == FACTOR_OK);
    mom_newton_jump(H, grad, REAL_MIN, &arena, w);
    ck_assert(w.at[0] == -2 * REAL_MIN || w.at[0] == -REAL_MIN);
    for (int i = 0; i < 4; i++) {
        double alpha = bad[i].alpha;
        ck_assert_stops(bad[i].text, mom_newton_step(H, grad, alpha, &arena, w));
        ck_assert_stops(bad[i].text, mom_newton_jump(H, grad, alpha, &arena, w));
        ck_assert_stops(bad[i].text,
                        mom_look_ahead_step(gradient_that_counts, &asked, 0, alpha,
                                            &momentum, &arena, w));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(curvatures_are_positive_and_in_order)
{
    static const double bad[][2] = {{0, 1}, {-1, 1}, {2, 1}, {1, INFINITY}, {NAN, 1}};
    char text[99];
    arena = arena_make(1 << 12);
    for (int i = 0; i < 5; i++) {
        double mu = bad[i][0], L = bad[i][1];
        snprintf(text, sizeof text,
                 "curvatures must lie in 0 < mu <= L < infinity, got %g and %g", mu, L);
        ck_assert_stops(text, mom_polyak(mu, L));
        ck_assert_stops(text, mom_nesterov(mu, L));
        ck_assert_stops(text, mom_chebyshev_make(&arena, 1, mu, L));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    arena = arena_make(1 << 14);
    struct quadratic q = quadratic_make(&arena, 2);
    struct momentum momentum = momentum_make(&arena, 2, 0.9);
    struct mom_chebyshev c = mom_chebyshev_make(&arena, 2, 1, 2);
    vec two = VEC(1, 2), three = VEC(1, 2, 3);
    q.A.at[0] = q.A.at[3] = 1;
    struct mom_conjugate conjugate = mom_conjugate_make(&arena, q, two);
    ck_assert_stops("", mom_newton_step(q.A, three, 1, &arena, three));
    ck_assert_stops("entries", mom_newton_step(q.A, two, 1, &arena, three));
    ck_assert_stops("", mom_newton_jump(q.A, three, 1, &arena, three));
    ck_assert_stops("entries", mom_newton_jump(q.A, two, 1, &arena, three));
    ck_assert_stops("entries", mom_look_ahead_step(gradient_of_quadratic, &q, 1, 1,
                                                   &momentum, &arena, three));
    ck_assert_stops("entries", mom_chebyshev_step(&c, three, two));
    ck_assert_stops("entries", mom_chebyshev_step(&c, two, three));
    ck_assert_stops("entries", mom_conjugate_make(&arena, q, three));
    ck_assert_stops("mom_conjugate_step: c->d has 2 entries, w has 3",
                    mom_conjugate_step(&conjugate, q, three));
    arena_free(&arena);
}
END_TEST

/* ---- Any unit, and the ways of a gradient ---------------------------------------- */

/* A unit of the curvature and the gradient divides out, if no square is taken. */
START_TEST(no_curvature_is_too_large_or_too_small)
{
    static const double units[] = {TINY, 1, VAST};
    arena = arena_make(1 << 14);
    for (int k = 0; k < 3; k++) {
        real u = units[k], values[] = {3 * u, u, u, 2 * u};
        mat H = {2, 2, values};
        struct mom_chebyshev c = mom_chebyshev_make(&arena, 2, u, 4 * u);
        vec w = VEC(1, 2), jumped = VEC(1, 2), went = VEC(1, 2);
        mom_newton_jump(H, VEC(5 * u, -5 * u), 1, &arena, jumped);
        ck_assert(mom_newton_step(H, VEC(5 * u, -5 * u), 1, &arena, went) == FACTOR_OK);
        assert_entries(jumped, (double[]){-2, 6}, 1e-14); /* H (3, -4) = (5, -5) */
        assert_entries(went, (double[]){-2, 6}, 1e-14);
        for (int step = 0; step < 3; step++)
            mom_chebyshev_step(&c, VEC(u * w.at[0], 4 * u * w.at[1]), w);
        double left = 1 / chebyshev_polynomial(3, 2.5 / 1.5); /* T_3(1) = 1 */
        assert_entries(w, (double[]){left, -2 * left}, rounding(30, 2));
    }
    arena_free(&arena);
}
END_TEST

/* The place looked at is 2^70 away, where 1 is lost, and the step is from w = 1. */
START_TEST(looking_far_ahead_does_not_move_w)
{
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 1, 0.5);
    struct asked asked = {0};
    vec w = VEC(1);
    momentum.v.at[0] = 0x1p70;
    mom_look_ahead_step(gradient_that_counts, &asked, 1, 0x1p-69, &momentum, &arena, w);
    ck_assert(asked.at == 0x1p70 && w.at[0] == 2);
    arena_free(&arena);
}
END_TEST

/* Curvatures 1 and 100, gradient (1, 1/20): the first step makes it four times longer,
 * and after the second it is gone. */
START_TEST(a_gradient_may_rise_on_the_way)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 2);
    q.A.at[0] = 1;
    q.A.at[3] = 100;
    vec w = VEC(1, 0.0005);
    struct mom_conjugate c = mom_conjugate_make(&arena, q, w);
    double first = norm(c.grad);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_OK);
    ck_assert_double_gt(norm(c.grad), 3 * first);
    ck_assert(mom_conjugate_step(&c, q, w) == MOM_OK);
    assert_entries(w, (double[]){0, 0}, rounding(20, 100));
    arena_free(&arena);
}
END_TEST

/* Newton's step by Cholesky knows the lower triangle alone. */
START_TEST(newton_reads_the_lower_triangle)
{
    arena = arena_make(1 << 12);
    real values[] = {3, NAN, 1, 2};
    vec w = VEC(1, 2);
    ck_assert(mom_newton_step((mat){2, 2, values}, VEC(5, -5), 1, &arena, w) ==
              FACTOR_OK);
    assert_entries(w, (double[]){-2, 6}, 1e-14); /* H (3, -4) = (5, -5) */
    arena_free(&arena);
}
END_TEST

/* omega = 1 / (1 - q^2 omega / 4) from a step to the next: it falls, by a factor of q^2
 * omega^2 / 4 = beta, to 1 + beta with beta = 1/9 for q = 3/5, and stays there. */
START_TEST(chebyshev_becomes_the_heavy_ball_for_good)
{
    arena = arena_make(1 << 12);
    struct mom_chebyshev c = mom_chebyshev_make(&arena, 1, 1, 4);
    vec w = VEC(1), grad = VEC(0);
    for (int step = 1; step <= 5000; step++) {
        mom_chebyshev_step(&c, grad, w);
        if (step > 30)
            assert_near(c.omega, 1 + 1 / 9.0L, rounding(4, 1));
    }
    arena_free(&arena);
}
END_TEST

/* A small gradient is not none: it is gone after the step, and not before. */
START_TEST(conjugate_gradients_go_all_the_way)
{
    const double starts[] = {1e-5, 1e-13, 1e3 * sqrt(REAL_MIN)}; /* squares remain */
    for (int k = 0; k < 3; k++) {
        arena = arena_make(1 << 12);
        struct quadratic q = quadratic_make(&arena, 1);
        q.A.at[0] = 2;
        vec w = VEC(starts[k]);
        struct mom_conjugate c = mom_conjugate_make(&arena, q, w);
        ck_assert(mom_conjugate_step(&c, q, w) == MOM_OK);
        assert_near(w.at[0], 0, 4 * DBL_EPSILON * starts[k]);
        arena_free(&arena);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {newton_goes_to_the_minimum,
                                  newton_refuses_what_has_no_minimum,
                                  newton_shows_a_nan,
                                  settings_are_their_formulas,
                                  the_gradient_is_taken_ahead,
                                  looking_ahead_of_any_length,
                                  chebyshev_leaves_its_polynomial,
                                  chebyshev_of_a_single_curvature,
                                  conjugate_gradients_arrive,
                                  conjugate_gradients_at_the_edges,
                                  rates_are_positive_and_finite,
                                  curvatures_are_positive_and_in_order,
                                  shapes_that_do_not_fit_stop,
                                  no_curvature_is_too_large_or_too_small,
                                  looking_far_ahead_does_not_move_w,
                                  a_gradient_may_rise_on_the_way,
                                  newton_reads_the_lower_triangle,
                                  chebyshev_becomes_the_heavy_ball_for_good,
                                  conjugate_gradients_go_all_the_way,
                                  NULL};
    return unit_run("momentum", tests);
}
