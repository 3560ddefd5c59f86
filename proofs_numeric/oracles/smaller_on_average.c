/* "Smaller, on average": what a step takes off the cost, and what noise puts on. */
#include "landscapes.h"

#include <math.h>

/* By how much a step of gradient descent lowers the cost, of what the descent lemma
 * promises, alpha (1 - alpha L / 2) ||g||^2 with L the largest curvature. */
static double share_of_promise(struct bowl *x, double alpha, double L)
{
    double before = value_at(x, x->w);
    gd_step(x->k.q, alpha, x->w, x->grad);
    double promise = alpha * (1 - alpha * L / 2) * dot(x->grad, x->grad);
    return (before - value_at(x, x->w)) / promise;
}

CLAIM(or_descent_lemma, BOUND,
      "A step lowers the cost by alpha (1 - alpha L / 2) |g|^2, or more")
{
    struct bowl x = build_geometric(claim, N, 20);
    struct rng rng = claim_rng(claim, 1);
    static const double rates[] = {0.1, 1, 1.9};
    double least = INFINITY, on_axis = 0, least_flat = INFINITY;
    for (int i = 0; i < 3; i++) {
        for (int trial = 0; trial < 50; trial++) {
            rng_normals(&rng, 0, 1, x.w);
            double share = share_of_promise(&x, rates[i], 1);
            least = share < least ? share : least;
            rng_normals(&rng, 0, 1, x.w);
            share = share_of_promise(&x, rates[i], 0.8);
            least_flat = share < least_flat ? share : least_flat;
        }
        stand_on_axis(&x, 0);
        on_axis = worst(on_axis, fabs(share_of_promise(&x, rates[i], 1) - 1));
        stand_on_axis(&x, 0);
        double share = share_of_promise(&x, rates[i], 0.8);
        least_flat = share < least_flat ? share : least_flat;
    }
    /* A promise of 0.095 of ||g||^2 or more beside values of some tens. */
    double slack = rounding(N * N, 100) / 0.05;
    evidence(claim, "what was kept of the promise", at_least(least, 1 - slack));
    evidence(claim, "exactly kept where curvature is L", at_most(on_axis, slack));
    control(claim, "L below the largest curvature", at_least(least_flat, 1 - slack));

    stand_on_axis(&x, 0);
    double before = value_at(&x, x.w);
    gd_step(x.k.q, 2.1, x.w, x.grad);
    control(claim, "alpha = 2.1 / L lowers the cost",
            at_least(before - value_at(&x, x.w), 0));
}

enum { DRAWS = 10000 };

#define ALPHA 0.5

/* The noise in entry i of a gradient has this deviation, in some unit. */
static double deviation(int i) { return 0.5 + (double)i / N; }

/* Drops of the cost in single steps from the point with all errors `size`, with normal
 * noise in the gradient, in units of `noise`. */
static void noisy_drops(struct claim *claim, struct bowl *x, double size, double noise,
                        double *drops)
{
    struct rng rng = claim_rng(claim, 1);
    vec error = arena_vec(claim_arena(claim), N);
    for (int i = 0; i < DRAWS; i++) {
        fill(size, error);
        from_axes(x->k, error, x->w);
        double before = value_at(x, x->w);
        quadratic_gradient(x->k.q, x->w, x->grad);
        rng_normals(&rng, 0, noise, error);
        for (int j = 0; j < N; j++)
            x->grad.at[j] += deviation(j) * error.at[j];
        gd_update(ALPHA, x->grad, x->w);
        drops[i] = before - value_at(x, x->w);
    }
}

/* alpha ||g||^2 - alpha^2 / 2 (g'Ag + tr AS), with ||g||^2 = size^2 sum a_j^2 there. */
static double expected_drop(struct bowl *x, double size, double noise)
{
    double drop = 0;
    for (int j = 0; j < N; j++) {
        double a = x->k.a.at[j], g = a * size, s = noise * deviation(j);
        drop += ALPHA * g * g - ALPHA * ALPHA / 2 * a * g * g;
        drop -= ALPHA * ALPHA / 2 * x->k.q.A.at[j * N + j] * s * s;
    }
    return drop;
}

CLAIM(or_average_decrease, STATISTIC,
      "With a noisy gradient the cost falls on average, until the noise wins")
{
    static double drops[DRAWS];
    struct bowl x = build_geometric(claim, N, 10);
    noisy_drops(claim, &x, 3, 1, drops);
    evidence(claim, "mean drop, far away",
             mean_is(DRAWS, drops, expected_drop(&x, 3, 1)));
    evidence(claim, "mean drop, at least", effect_at_least(DRAWS, drops, 0));
    noisy_drops(claim, &x, 3, 2, drops);
    control(claim, "far away, twice the noise",
            mean_is(DRAWS, drops, expected_drop(&x, 3, 1)));

    /* As near as this the noise is longer than the gradient; but not so near that only
     * squares of noise are left, which are skewed. */
    noisy_drops(claim, &x, 0.3, 1, drops);
    evidence(claim, "mean drop, near the minimum",
             mean_is(DRAWS, drops, expected_drop(&x, 0.3, 1)));
    for (int i = 0; i < DRAWS; i++)
        drops[i] *= -1;
    evidence(claim, "mean rise there, at least", effect_at_least(DRAWS, drops, 0));
    noisy_drops(claim, &x, 0.3, 0.2, drops);
    for (int i = 0; i < DRAWS; i++)
        drops[i] *= -1;
    control(claim, "the same with a fifth of the noise",
            effect_at_least(DRAWS, drops, 0));
}

SECTION(or_smaller_on_average, &or_descent_lemma, &or_average_decrease);
