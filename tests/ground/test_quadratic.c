/* The contract of ground/quadratic.h: each function is held against its formula, in
 * long double, or by another road.  A sum of k products is off by at most k eps times
 * the sum of their sizes, with a factor 2 to spare. */
#include "ground/quadratic.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static const int sizes[] = {0, 1, 2, 3, 10};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* A random problem of N examples in n variables, and a point w. */
struct problem {
    struct arena arena;
    struct rng rng;
    struct quadratic q;
    mat Phi;
    vec t, w, grad, residual;
};

static vec random_vec(struct problem *p, int n)
{
    vec x = arena_vec(&p->arena, n);
    rng_uniforms(&p->rng, -1, 1, x);
    return x;
}

/* q has nothing to do with Phi: b, c and the symmetric matrix A are random too. */
static struct problem problem_make(const char *test, int N, int n)
{
    struct problem p = {.arena = arena_make(1 << 19), .rng = unit_rng(test)};
    p.q = quadratic_make(&p.arena, n);
    rng_uniforms(&p.rng, -1, 1, entries(p.q.A));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            p.q.A.at[i * n + j] = p.q.A.at[j * n + i];
    p.q.b = random_vec(&p, n);
    p.q.c = rng_uniform(&p.rng);
    p.Phi = (mat){N, n, random_vec(&p, N * n).at};
    p.t = random_vec(&p, N);
    p.w = random_vec(&p, n);
    p.grad = random_vec(&p, n);
    p.residual = random_vec(&p, N);
    return p;
}

/* ---- Quadratics ------------------------------------------------------------------ */

START_TEST(a_new_quadratic_is_zero)
{
    struct arena arena = arena_make(1 << 10);
    struct quadratic q = quadratic_make(&arena, 3);
    ck_assert(q.A.rows == 3 && q.A.cols == 3 && q.b.n == 3);
    ck_assert(max_norm(entries(q.A)) == 0 && max_norm(q.b) == 0 && q.c == 0);
    ck_assert(q.b.at >= q.A.at + 9);
    ck_assert_stops("must not be negative, got -1", quadratic_make(&arena, -1));
    arena_free(&arena);
}
END_TEST

/* J(w), term by term; size: the sum of the sizes of the terms. */
static long double cost(struct quadratic q, vec w, long double *size)
{
    long double sum = q.c;
    *size = fabs(q.c);
    for (int i = 0; i < w.n; i++) {
        for (int j = 0; j < w.n; j++) {
            long double term = 0.5L * w.at[i] * row(q.A, i).at[j] * w.at[j];
            sum += term;
            *size += fabsl(term);
        }
        sum += (long double)q.b.at[i] * w.at[i];
        *size += fabsl((long double)q.b.at[i] * w.at[i]);
    }
    return sum;
}

static double cost_limit(struct quadratic q, vec w)
{
    long double size;
    cost(q, w, &size);
    return (double)((2 * w.n + 5) * DBL_EPSILON * size);
}

START_TEST(cost_is_its_formula)
{
    for (int s = 0; s < SIZES; s++) {
        struct problem p = problem_make("quadratic/cost", 0, sizes[s]);
        long double size, expected = cost(p.q, p.w, &size);
        fill(NAN, p.grad);
        assert_near(quadratic_cost(p.q, p.w, p.grad), expected, cost_limit(p.q, p.w));
        arena_free(&p.arena);
    }
}
END_TEST

/* (J(w + e_i) - J(w - e_i)) / 2 is the derivative itself, as J is quadratic. */
START_TEST(gradient_is_the_derivative_of_cost)
{
    for (int s = 0; s < SIZES; s++) {
        struct problem p = problem_make("quadratic/gradient", 0, sizes[s]);
        vec at = arena_vec(&p.arena, p.w.n), scratch = arena_vec(&p.arena, p.w.n);
        fill(NAN, p.grad);
        quadratic_gradient(p.q, p.w, p.grad);
        for (int i = 0; i < p.w.n; i++) {
            copy(p.w, at);
            at.at[i] += 1;
            double above = quadratic_cost(p.q, at, scratch),
                   limit = cost_limit(p.q, at);
            at.at[i] -= 2;
            double below = quadratic_cost(p.q, at, scratch);
            limit += cost_limit(p.q, at);
            assert_near(p.grad.at[i], (above - below) / 2, limit);
        }
        arena_free(&p.arena);
    }
}
END_TEST

/* ---- Least squares --------------------------------------------------------------- */

/* phi'w - t of example i; size: |phi|'|w| + |t|. */
static long double residual(const struct problem *p, vec w, int i, long double *size)
{
    long double sum = -p->t.at[i];
    *size = fabs(p->t.at[i]);
    for (int j = 0; j < w.n; j++) {
        long double term = (long double)row(p->Phi, i).at[j] * w.at[j];
        sum += term;
        *size += fabsl(term);
    }
    return sum;
}

/* The mean over the examples of 1/2 (phi'w - t)^2; size: the same of the sizes. */
static long double mean_cost(const struct problem *p, vec w, long double *size)
{
    long double sum = 0, of_one;
    *size = 0;
    for (int i = 0; i < p->Phi.rows; i++) {
        long double off = residual(p, w, i, &of_one);
        sum += off * off / 2 / p->Phi.rows;
        *size += of_one * of_one / 2 / p->Phi.rows;
    }
    return sum;
}

/* By either road, no product passes through more than N + 2n + 10 roundings. */
static double mean_cost_limit(const struct problem *p, vec w)
{
    long double size;
    mean_cost(p, w, &size);
    return (double)((p->Phi.rows + 2 * w.n + 10) * DBL_EPSILON * size);
}

static void check_least_squares(int N, int n)
{
    struct problem p = problem_make("quadratic/least_squares", N, n);
    long double size, expected = mean_cost(&p, p.w, &size);
    double limit = mean_cost_limit(&p, p.w);

    fill(NAN, p.residual);
    assert_near(least_squares_cost(p.Phi, p.t, p.w, p.residual), expected, limit);
    for (int i = 0; i < N; i++) {
        long double off = residual(&p, p.w, i, &size);
        assert_near(p.residual.at[i], off, (double)((n + 3) * DBL_EPSILON * size));
    }

    fill(NAN, entries(p.q.A));
    fill(NAN, p.q.b);
    p.q.c = NAN;
    least_squares(p.Phi, p.t, &p.q);
    assert_near(quadratic_cost(p.q, p.w, p.grad), expected, limit);
    for (int i = 0; i < n * n; i++)
        ck_assert_double_eq(p.q.A.at[i], p.q.A.at[i % n * n + i / n]);
    arena_free(&p.arena);
}

START_TEST(least_squares_is_its_formula_by_both_roads)
{
    for (int k = SIZES; k < SIZES * SIZES; k++)
        check_least_squares(sizes[k / SIZES], sizes[k % SIZES]);
}
END_TEST

/* A, b and c are not told apart by one value of the cost, but by a gradient at two. */
START_TEST(least_squares_has_the_gradient_of_its_cost)
{
    struct problem p = problem_make("quadratic/normal", 10, 3);
    vec at = arena_vec(&p.arena, 3);
    least_squares(p.Phi, p.t, &p.q);
    for (int twice = 0; twice < 2; twice++) {
        quadratic_gradient(p.q, p.w, p.grad);
        for (int i = 0; i < 3; i++) {
            copy(p.w, at);
            at.at[i] += 1;
            double above = least_squares_cost(p.Phi, p.t, at, p.residual);
            double limit = mean_cost_limit(&p, at);
            at.at[i] -= 2;
            double below = least_squares_cost(p.Phi, p.t, at, p.residual);
            limit += mean_cost_limit(&p, at);
            assert_near(p.grad.at[i], (above - below) / 2, limit);
        }
        fill(0, p.w);
    }
    arena_free(&p.arena);
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    struct problem p = problem_make("quadratic/shapes", 3, 2), none = p;
    vec three = p.residual;
    none.Phi.rows = none.t.n = none.residual.n = 0;
    const char *text = "Phi has no rows, so its mean cost is not defined";
    ck_assert_stops(text, least_squares(none.Phi, none.t, &p.q));
    ck_assert_stops(text, least_squares_cost(none.Phi, none.t, p.w, none.residual));
    ck_assert_stops("entries", quadratic_cost(p.q, three, p.grad));
    ck_assert_stops("entries", quadratic_cost(p.q, p.w, three));
    ck_assert_stops("entries", quadratic_gradient(p.q, three, p.grad));
    ck_assert_stops("entries", quadratic_gradient(p.q, p.w, three));
    ck_assert_stops("entries", least_squares(p.Phi, p.w, &p.q));
    ck_assert_stops("entries", least_squares_cost(p.Phi, p.t, three, p.residual));
    ck_assert_stops("entries", least_squares_cost(p.Phi, p.t, p.w, p.grad));
    struct quadratic larger = quadratic_make(&p.arena, 3);
    ck_assert_stops("G must be 2 x 2, got 3 x 3", least_squares(p.Phi, p.t, &larger));
    arena_free(&p.arena);
}
END_TEST

START_TEST(least_squares_of_many_examples_or_variables)
{
    static const int shapes[][2] = {{64, 1}, {65, 1}, {65, 2}, {130, 3}, {3, 130}};
    for (int k = 0; k < 5; k++)
        check_least_squares(shapes[k][0], shapes[k][1]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_new_quadratic_is_zero,
                                  cost_is_its_formula,
                                  gradient_is_the_derivative_of_cost,
                                  least_squares_is_its_formula_by_both_roads,
                                  least_squares_has_the_gradient_of_its_cost,
                                  shapes_that_do_not_fit_stop,
                                  least_squares_of_many_examples_or_variables,
                                  NULL};
    return unit_run("quadratic", tests);
}
