/* The contract of gradient_descent.h.  That descent does what the chapter says is for
 * its claims; here each function is held against its formula, in long double, or
 * against the others. */
#include "gradient_descent.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

/* A random quadratic in n variables, with a symmetric A, and two vectors. */
struct problem {
    struct arena arena;
    struct rng rng;
    struct quadratic q;
    vec w, grad;
};

static struct problem problem_make(const char *test, int n)
{
    struct problem p = {.arena = arena_make(1 << 16), .rng = unit_rng(test)};
    p.q = quadratic_make(&p.arena, n);
    p.w = arena_vec(&p.arena, n);
    p.grad = arena_vec(&p.arena, n);
    rng_uniforms(&p.rng, -1, 1, entries(p.q.A));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            row(p.q.A, i).at[j] = row(p.q.A, j).at[i];
    rng_uniforms(&p.rng, -1, 1, p.q.b);
    rng_uniforms(&p.rng, -1, 1, p.w);
    rng_uniforms(&p.rng, -1, 1, p.grad);
    return p;
}

/* ---- Descent --------------------------------------------------------------------- */

START_TEST(update_moves_against_the_gradient)
{
    struct problem p = problem_make("gd/update", 10);
    vec old = arena_vec(&p.arena, 10), grad = arena_vec(&p.arena, 10);
    copy(p.w, old);
    copy(p.grad, grad);
    gd_update(0.3, p.grad, p.w);
    for (int i = 0; i < 10; i++) {
        long double moved = old.at[i] - (long double)0.3 * grad.at[i];
        assert_near(p.w.at[i], moved, 2 * DBL_EPSILON);
        ck_assert_double_eq(p.grad.at[i], grad.at[i]);
    }
    gd_update(REAL_TRUE_MIN, p.grad, p.w); /* the smallest that is positive */
    arena_free(&p.arena);
}
END_TEST

/* Whatever the rate, however many variables, and as a rule of a loop too, which
 * remembers nothing of the call before. */
START_TEST(update_is_the_same_for_all_rates_and_sizes)
{
    double large = IS_DOUBLE ? 0x1p900 : 0x1p100;
    double rates[] = {REAL_TRUE_MIN, 1 / large, 0.75, 3, large};
    double units[] = {large, large, 4, 4, 1 / large}; /* exact */
    static const int sizes[] = {0, 1, 2, 65, 300};
    struct optimizer rule = gd_optimizer();
    for (int r = 0; r < 5; r++)
        for (int s = 0; s < 5; s++) {
            int n = sizes[s];
            real w[300], v[300], grad[300], unit = units[r];
            for (int i = 0; i < n; i++)
                w[i] = v[i] = i, grad[i] = unit * (i % 7 - 3);
            gd_update(rates[r], (vec){n, grad}, (vec){n, w});
            rule.step(rule.rule, rates[r], (vec){n, grad}, (vec){n, v});
            for (int i = 0; i < n; i++) {
                ck_assert_double_eq(w[i], (real)(i - rates[r] * unit * (i % 7 - 3)));
                ck_assert_double_eq(v[i], w[i]);
            }
            rule.step(rule.rule, rates[r], (vec){n, grad}, (vec){n, v});
            gd_update(rates[r], (vec){n, grad}, (vec){n, w});
            assert_vec((vec){n, v}, (vec){n, w}, 0);
        }
}
END_TEST

/* Each entry for itself: what is not finite is not hidden, and does not spread. */
START_TEST(a_gradient_that_is_no_number_shows)
{
    for (int bad = 0; bad < 3; bad++) {
        real w[] = {1, 2, 3}, grad[] = {1, 1, 1};
        grad[bad] = bad == 1 ? INFINITY : NAN;
        gd_update(0.5, (vec){3, grad}, (vec){3, w});
        for (int i = 0; i < 3; i++)
            ck_assert(i == bad ? !isfinite(w[i]) : w[i] == i + 0.5);
    }
}
END_TEST

START_TEST(step_leaves_the_gradient_where_it_was)
{
    struct problem p = problem_make("gd/step", 10);
    vec w = arena_vec(&p.arena, 10), grad = arena_vec(&p.arena, 10);
    copy(p.w, w);
    quadratic_gradient(p.q, w, grad);
    gd_update(0.3, grad, w);
    gd_step(p.q, 0.3, p.w, p.grad);
    for (int i = 0; i < 10; i++) {
        ck_assert_double_eq(p.w.at[i], w.at[i]);
        ck_assert_double_eq(p.grad.at[i], grad.at[i]);
    }
    arena_free(&p.arena);
}
END_TEST

START_TEST(run_is_so_many_steps)
{
    static const int counts[] = {0, 1, 2, 3, 4, 199, 5000, 70000};
    for (int c = 0; c < 8; c++) {
        struct problem p = problem_make("gd/run", 10);
        vec w = arena_vec(&p.arena, 10), grad = arena_vec(&p.arena, 10);
        copy(p.w, w);
        for (int k = 0; k < counts[c]; k++)
            gd_step(p.q, 1e-4, w, grad); /* J has no minimum */
        gd_run(p.q, 1e-4, counts[c], p.w, p.grad);
        for (int i = 0; i < 10; i++)
            ck_assert_double_eq(p.w.at[i], w.at[i]);
        arena_free(&p.arena);
    }
}
END_TEST

/* In one variable, with numbers that are exact: J = 2 w^2 - 4 w from w = 5, alpha =
 * 1/8, so that the error, first 4, halves at each step. */
START_TEST(one_variable_halves_its_error)
{
    real A[] = {4}, b[] = {-4}, w[] = {5}, grad[1];
    struct quadratic q = {{1, 1, A}, {1, b}, 0};
    ck_assert_double_eq(quadratic_cost(q, (vec){1, w}, (vec){1, grad}), 30);
    gd_run(q, 0.125, 3, (vec){1, w}, (vec){1, grad});
    ck_assert_double_eq(w[0], 1.5);
    ck_assert_double_eq(grad[0], 4);
    ck_assert_double_eq(quadratic_cost(q, (vec){1, w}, (vec){1, grad}), -1.5);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(rates_that_are_not_positive_stop)
{
    struct problem p = problem_make("gd/rates", 2);
    const char *text = "gd_update: alpha must be finite and positive, got";
    ck_assert_stops("gd_update: alpha must be finite and positive, got 0",
                    gd_update(0, p.grad, p.w));
    ck_assert_stops("gd_update: alpha must be finite and positive, got -0.1",
                    gd_update(-0.1, p.grad, p.w));
    ck_assert_stops("positive, got inf", gd_update(INFINITY, p.grad, p.w));
    ck_assert_stops("positive, got nan", gd_update(NAN, p.grad, p.w));
    ck_assert_stops(text, gd_step(p.q, 0, p.w, p.grad));
    ck_assert_stops(text, gd_run(p.q, 0, 1, p.w, p.grad));
    ck_assert_stops("gd_run: steps must not be negative, got -1",
                    gd_run(p.q, 1, -1, p.w, p.grad));
    arena_free(&p.arena);
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    struct problem p = problem_make("gd/shapes", 2);
    vec three = arena_vec(&p.arena, 3);
    ck_assert_stops("entries", gd_update(1, p.grad, three));
    ck_assert_stops("entries", gd_step(p.q, 1, three, p.grad));
    ck_assert_stops("entries", gd_run(p.q, 1, 1, p.w, three));
    arena_free(&p.arena);
}
END_TEST

int main(void)
{
    return unit_run("gradient_descent", (const TTest *[]){
                                            update_moves_against_the_gradient,
                                            step_leaves_the_gradient_where_it_was,
                                            run_is_so_many_steps,
                                            one_variable_halves_its_error,
                                            rates_that_are_not_positive_stop,
                                            shapes_that_do_not_fit_stop,
                                            update_is_the_same_for_all_rates_and_sizes,
                                            a_gradient_that_is_no_number_shows,
                                            NULL,
                                        });
}
