/* "The quadratic model": Newton's step, where it goes and what it costs. */
#include "ground/ball.h"
#include "ground/claim.h"
#include "ground/worlds.h"
#include "momentum.h"

#include <math.h>

enum { N = 8 };

/* The distance from w_star after one step of alpha from a normal start. */
static double left_after(struct claim *claim, vec a, double alpha, bool by_cholesky)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct solved_quadratic k = solved_quadratic_make(arena, &rng, a);
    vec w = normal_vec(arena, &rng, N), grad = arena_vec(arena, N);
    quadratic_gradient(k.q, w, grad);
    if (by_cholesky)
        mom_newton_step(k.q.A, grad, alpha, arena, w);
    else
        mom_newton_jump(k.q.A, grad, alpha, arena, w);
    axpy(-1, k.w_star, w);
    return norm(w);
}

CLAIM(mom_newton, IDENTITY, "On a quadratic one Newton step goes to where it is flat")
{
    vec bowl = geometric_spectrum(claim_arena(claim), N, 1, 100);
    vec saddle = geometric_spectrum(claim_arena(claim), N, 1, 100);
    saddle.at[1] *= -1, saddle.at[N - 1] *= -1;
    /* A system of condition 100, with a right side of N sums; w is some sqrt(N). */
    double limit = rounding(4 * N * 100, 4 * sqrt(N));
    evidence(claim, "a bowl, by Cholesky",
             at_most(left_after(claim, bowl, 1, true), limit));
    evidence(claim, "the same, by reflections",
             at_most(left_after(claim, bowl, 1, false), limit));
    evidence(claim, "a saddle, by reflections",
             at_most(left_after(claim, saddle, 1, false), limit));
    double there = left_after(claim, saddle, 1e-300, false);
    evidence(claim, "a saddle, by Cholesky: refused",
             at_most(fabs(left_after(claim, saddle, 1, true) - there), 0));
    control(claim, "damped: eta = 0.9",
            at_most(left_after(claim, bowl, 0.9, true), limit));
    control(claim, "a saddle, damped",
            at_most(left_after(claim, saddle, 0.9, false), limit));
}

/* ---- How fast ---------------------------------------------------------------------
 */

/* J(w) = sum of exp(e_j) - e_j with e = Q'(w - w_star): error := the error, in these
 * coordinates, of one step of alpha from error delta (1 + j/N). */
static void step_on_exponentials(struct claim *claim, struct solved_quadratic k,
                                 double alpha, double delta, vec error)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec w = arena_vec(arena, N), slope = arena_vec(arena, N);
    vec grad = arena_vec(arena, N);
    mat H = arena_mat(arena, N, N);
    for (int j = 0; j < N; j++)
        error.at[j] = delta * (1 + (double)j / N), slope.at[j] = expm1(error.at[j]);
    from_axes(k, error, w);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            grad.at[i] += row(k.Q, i).at[j] * slope.at[j];
            for (int l = 0; l < N; l++)
                row(H, i).at[l] +=
                    row(k.Q, i).at[j] * (1 + slope.at[j]) * row(k.Q, l).at[j];
        }
    mom_newton_step(H, grad, alpha, arena, w);
    to_axes(k, w, error);
    arena->used = mark;
}

/* Over distances from 10^-3 to 10^-1: the fit of what is left, and how far from e -
 * (1 - exp(-e)) it is along any axis. */
static struct fit order_of_newton(struct claim *claim, double alpha, double *gap)
{
    struct rng rng = claim_rng(claim, 0);
    vec ones = arena_vec(claim_arena(claim), N),
        error = arena_vec(claim_arena(claim), N);
    double from[9], left[9];
    fill(1, ones);
    struct solved_quadratic k = solved_quadratic_make(claim_arena(claim), &rng, ones);
    *gap = 0;
    for (int i = 0; i < 9; i++) {
        from[i] = pow(10, -3 + 0.25 * i);
        step_on_exponentials(claim, k, alpha, from[i], error);
        left[i] = norm(error);
        for (int j = 0; j < N; j++) {
            double e = from[i] * (1 + (double)j / N);
            *gap = worst(*gap, fabs(error.at[j] - (e + expm1(-e))));
        }
    }
    return fit_power(9, from, left);
}

CLAIM(mom_newton_order, RATE, "Near a minimum, a Newton step squares the error")
{
    /* e - (1 - exp(-e)) = e^2/2 - e^3/6 + ...: with e < 0.2 its local slope is between
     * 2 - 0.2/3 and 2, and so is any mean of local slopes. */
    double gap, of_damped;
    struct fit fit = order_of_newton(claim, 1, &gap);
    evidence(claim, "order in the distance", slope_is(fit, 2, 0.07, 1));
    evidence(claim, "gap to e - (1 - exp(-e))",
             at_most(gap, rounding(6 * N, 3 * sqrt(N))));
    control(claim, "order of a step of eta = 0.9",
            slope_is(order_of_newton(claim, 0.9, &of_damped), 2, 0.07, 1));
}

/* ---- How far ----------------------------------------------------------------------
 */

/* sinh(2x) / 4x: how many times half of its length a Newton step on ln cosh goes. */
static ball overshoot(struct balls *in, double x)
{
    ball e = ball_expm1(ball_number(in, 2 * x));
    ball sinh_2x = ball_times(0.5, ball_add(e, ball_div(e, ball_plus(e, 1))));
    return ball_div(sinh_2x, ball_number(in, 4 * x));
}

/* |x| after so many steps of Newton's method on ln cosh x. */
static double end_on_ln_cosh(struct claim *claim, double start, int steps)
{
    struct arena *arena = claim_arena(claim);
    mat H = arena_mat(arena, 1, 1);
    vec x = arena_vec(arena, 1), grad = arena_vec(arena, 1);
    x.at[0] = start;
    for (int k = 0; k < steps; k++) {
        grad.at[0] = tanh(x.at[0]);
        H.at[0] = 1 / (cosh(x.at[0]) * cosh(x.at[0]));
        mom_newton_step(H, grad, 1, arena, x);
    }
    return fabs(x.at[0]);
}

/* For the figure: the cost, the model at 1.2 and at 0.9, and where its minimum is. */
static void record_models(struct claim *claim)
{
    struct series s =
        series_begin(claim, "models", "x", "cost", "inside", "outside", NULL);
    for (int i = -80; i <= 80; i++) {
        double x = 0.03 * i, at[2];
        for (int j = 0; j < 2; j++) {
            double y = j == 0 ? 0.9 : 1.2, c = cosh(y);
            at[j] = log(c) + tanh(y) * (x - y) + (x - y) * (x - y) / (2 * c * c);
        }
        series_row(&s, (double[]){x, log(cosh(x)), at[0], at[1]});
    }
    series_end(&s);
    s = series_begin(claim, "steps", "start", "cost", "end", "reached", NULL);
    for (int j = 0; j < 2; j++) {
        double y = j == 0 ? 0.9 : 1.2, end = -end_on_ln_cosh(claim, y, 1);
        series_row(&s, (double[]){y, log(cosh(y)), end, log(cosh(end))});
    }
    series_end(&s);
}

CLAIM(mom_newton_basin, PROVED,
      "On ln cosh Newton converges from |x| < 1.0886594924..., and from nowhere else")
{
    /* x goes to x - sinh(2x)/2 = x (1 - 2 overshoot), and overshoot - 1/2 is a power
     * series without a negative coefficient.  So it rises from 1/2, |x| shrinks where
     * it is below 1, and grows by more and more where it is above. */
    double inside = 1.08865949248, outside = 1.08865949249;
    struct balls balls = balls_make(64, 128);
    evidence(claim, "overshoot less 1, at ...248",
             ball_at_most(ball_plus(overshoot(&balls, inside), -1), 0));
    evidence(claim, "overshoot less 1, at ...249",
             ball_at_least(ball_plus(overshoot(&balls, outside), -1), 0));
    /* From 0.01 inside, 3.5 times farther from the edge at each step at first, then
     * |x| < (2/3)|x|^3 (1 + x^2): in 12 steps it is below 10^-100. */
    double reached = end_on_ln_cosh(claim, inside - 0.01, 12);
    evidence(claim, "|x| after 12 steps, from ...-0.01", at_most(reached, 1e-100));
    control(claim, "overshoot less 1, at 1.0887",
            ball_at_most(ball_plus(overshoot(&balls, 1.0887), -1), 0));
    control(claim, "|x| after 12 steps, from ...+0.01",
            at_most(end_on_ln_cosh(claim, outside + 0.01, 12), 1e-100));
    balls_free(&balls);
    record_models(claim);
}

/* ---- What it costs ----------------------------------------------------------------
 */

/* L by Cholesky, element by element, with a count of the multiply-adds. */
static double counted_cholesky(mat A, mat L)
{
    double count = 0;
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j <= i; j++) {
            double sum = row(A, i).at[j];
            for (int l = 0; l < j; l++, count++)
                sum -= row(L, i).at[l] * row(L, j).at[l];
            row(L, i).at[j] = i == j ? sqrt(sum) : sum / row(L, j).at[j];
        }
    return count;
}

static double counted_gradient(mat A, vec w, vec grad)
{
    double count = 0;
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < A.cols; j++, count++)
            grad.at[i] += row(A, i).at[j] * w.at[j];
    return count;
}

/* The multiply-adds of both on an n x n matrix, in *gap how far what they compute is
 * from what ref/ does. */
static void count_both(struct claim *claim, int n, double counts[2], double *gap)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)n);
    struct quadratic q = quadratic_make(arena, n);
    mat X = normal_mat(arena, &rng, 2 * n, n);
    mat L = arena_mat(arena, n, n), known = arena_mat(arena, n, n);
    vec w = normal_vec(arena, &rng, n), grad = arena_vec(arena, n);
    vec grad_known = arena_vec(arena, n);
    gram(1.0 / n, X, q.A);
    counts[0] = counted_cholesky(q.A, known);
    counts[1] = counted_gradient(q.A, w, grad_known);
    cholesky(q.A, L);
    quadratic_gradient(q, w, grad);
    axpy(-1, entries(known), entries(L));
    axpy(-1, grad_known, grad);
    *gap = worst(*gap, worst(max_norm(entries(L)), max_norm(grad)));
    arena->used = mark;
}

CLAIM(mom_newton_cost, RATE, "Cholesky takes (n^3 - n)/6 multiply-adds, a gradient n^2")
{
    static const int sizes[] = {10, 20, 40, 80, 100};
    double n[5], counts[2], of_newton[5], of_gradient[5], off = 0, gap = 0;
    for (int i = 0; i < 5; i++) {
        n[i] = sizes[i];
        count_both(claim, sizes[i], counts, &gap);
        of_newton[i] = counts[0], of_gradient[i] = counts[1];
        off = worst(off, fabs(counts[0] - (n[i] * n[i] - 1) * n[i] / 6));
        off = worst(off, fabs(counts[1] - n[i] * n[i]));
    }
    /* The slope of (n^3 - n)/6 is 3 + 2/(n^2 - 1), at most 3.0203. */
    evidence(claim, "counts off (n^3 - n)/6, n^2", at_most(off, 0));
    evidence(claim, "exponent of Cholesky",
             slope_is(fit_power(5, n, of_newton), 3, 0.021, 1));
    /* Entries of A are at most 10, its condition under 200: (1 - 2^-1/2)^2 of the
     * largest, and what finite n adds to it. */
    evidence(claim, "what they compute, off ref/",
             at_most(gap, rounding(100, 200 * 10)));
    control(claim, "exponent of a gradient",
            slope_is(fit_power(5, n, of_gradient), 3, 0.021, 1));
}

SECTION(mom_model, &mom_newton, &mom_newton_order, &mom_newton_basin, &mom_newton_cost);
