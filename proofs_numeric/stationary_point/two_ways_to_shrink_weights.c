/* "Two ways to shrink weights": a penalty and decay, under descent and under Adam. */
#include "known_data.h"

#include "gradient_descent.h"
#include "ground/optimizers.h"
#include "ground/worlds.h"

#include <math.h>

/* 100 steps on the penalized cost, and 100 of the plain one with decay: how far apart?
 */
static double gap_of_decay(struct claim *claim, struct data d, double penalty,
                           double lambda)
{
    struct rng rng = claim_rng(claim, 1);
    vec x = normal_vec(claim_arena(claim), &rng, d.D),
        y = arena_vec(claim_arena(claim), d.D);
    copy(x, y);
    for (int k = 0; k < 100; k++) {
        quadratic_gradient(d.q, x, d.grad);
        penalize_weights(penalty, x, d.grad);
        gd_update(0.7, d.grad, x);
        quadratic_gradient(d.q, y, d.grad);
        decay_weights(0.7, lambda, y);
        gd_update(0.7, d.grad, y);
    }
    return distance(x, y);
}

CLAIM(sp_decay, IDENTITY, "For gradient descent, a penalty is the same as weight decay")
{
    struct arena *arena = claim_arena(claim);
    struct data d = build_data(claim, 8, 12, 6);
    vec w = arena_vec(arena, 12), best = arena_vec(arena, 12);
    double limit = rounding(12 * 100, 10); /* 12 normals have a norm below 10 */
    evidence(claim, "apart after 100 steps",
             at_most(gap_of_decay(claim, d, 0.3, 0.3), limit));
    for (int k = 0; k < STEPS; k++) { /* 1 - 0.7 * 0.3 = 0.79 is the slowest factor */
        quadratic_gradient(d.q, w, d.grad);
        decay_weights(0.7, 0.3, w);
        gd_update(0.7, d.grad, w);
    }
    nearest_minimizer(d, best, best);
    for (int j = 0; j < d.a.n; j++)
        axpy(-d.c.at[j] * 0.3 / (d.a.at[j] + 0.3), row(d.V, j), best);
    evidence(claim, "end, to the ridge solution",
             at_most(distance(w, best), rounding(12 * STEPS, 10)));
    control(claim, "as printed, (lambda/2) lambda",
            at_most(gap_of_decay(claim, d, 0.3 * 0.3, 0.3), limit));
}

enum { TARGETS = 16, ADAM_STEPS = 20000 };

/* J(w) = sum of a_i/2 (w_i - w*_i)^2, and where a run on it ended. */
struct separate {
    double a[TARGETS], w_star[TARGETS];
    real w[TARGETS];
};

/* Adam from zero with a rate that falls as 0.1 / sqrt(k), with a penalty or with decay
 * of lambda.  w*_i = -3.75, -3.25, ..., 3.75; a_i is 1, or spread around it. */
static struct separate run_separate(struct claim *claim, double spread, double lambda,
                                    bool decoupled)
{
    struct separate x = {0};
    struct adam adam = adam_make(claim_arena(claim), TARGETS, 0.9, 0.99, 1e-8);
    vec grad = arena_vec(claim_arena(claim), TARGETS), w = {TARGETS, x.w};
    for (int i = 0; i < TARGETS; i++) {
        x.a[i] = pow(spread, (double)(i * 5 % TARGETS) / (TARGETS - 1) - 0.5);
        x.w_star[i] = -3.75 + 0.5 * i;
    }
    for (int k = 1; k <= ADAM_STEPS; k++) {
        for (int i = 0; i < TARGETS; i++)
            grad.at[i] = x.a[i] * (w.at[i] - x.w_star[i]);
        if (!decoupled)
            penalize_weights(lambda, w, grad);
        adamw_step(&adam, 0.1 / sqrt(k), decoupled ? lambda : 0, grad, w);
    }
    return x;
}

static double penalized_optimum(const struct separate *x, int i, double lambda)
{
    return x->a[i] * x->w_star[i] / (x->a[i] + lambda);
}

/* The minimizer of the plain cost over the box |w_i| <= 1 / lambda. */
static double box_optimum(const struct separate *x, int i, double lambda)
{
    return fmin(fmax(x->w_star[i], -1 / lambda), 1 / lambda);
}

static double gap_of_adam(struct claim *claim, double spread, double lambda,
                          bool decoupled,
                          double (*optimum)(const struct separate *, int, double))
{
    struct separate x = run_separate(claim, spread, lambda, decoupled);
    double gap = 0;
    for (int i = 0; i < TARGETS; i++)
        gap = worst(gap, fabs(x.w[i] - optimum(&x, i, lambda)));
    return gap;
}

/* m^ is never more than 0.1 / sqrt(0.01 (1 - 0.81 / 0.99)) = 2.35 times the root of v^
 * (ada_longest_step), and remembers 1 / (1 - beta1) = 10 steps: Adam overshoots by 10
 * of its longest steps at most, 0.017 with the last rate.  What the start left is less:
 * the rates add up to 28, and decay takes exp(-28 lambda) of it. */
static double reach_of_adam(void) { return 2.35 * 10 * 0.1 / sqrt(ADAM_STEPS); }

CLAIM(sp_adam_penalty, IDENTITY,
      "Adam on a separable penalized cost ends at its optimum, a w* / (a + lambda)")
{
    evidence(claim, "gap to it, lambda = 1",
             at_most(gap_of_adam(claim, 1, 1, false, penalized_optimum),
                     reach_of_adam()));
    evidence(claim, "gap to it, lambda = 1/2",
             at_most(gap_of_adam(claim, 1, 0.5, false, penalized_optimum),
                     reach_of_adam()));
    evidence(claim, "curvatures from 1/2 to 2",
             at_most(gap_of_adam(claim, 4, 1, false, penalized_optimum),
                     reach_of_adam()));
    control(claim, "literal decay in its place",
            at_most(gap_of_adam(claim, 1, 1, true, penalized_optimum),
                    reach_of_adam()));
}

CLAIM(sp_adamw, IDENTITY,
      "Adam with literal decay ends at the minimum over the box |w_i| <= 1 / lambda")
{
    struct series s = series_begin(claim, "decay", "w_star", "adamw", "penalty", NULL);
    struct separate decayed = run_separate(claim, 1, 1, true);
    struct separate penalized = run_separate(claim, 1, 1, false);
    for (int i = 0; i < TARGETS; i++)
        series_row(&s, (double[]){decayed.w_star[i], decayed.w[i], penalized.w[i]});
    series_end(&s);
    evidence(claim, "gap to it, lambda = 1",
             at_most(gap_of_adam(claim, 1, 1, true, box_optimum), reach_of_adam()));
    evidence(claim, "gap to it, lambda = 1/2",
             at_most(gap_of_adam(claim, 1, 0.5, true, box_optimum), reach_of_adam()));
    evidence(claim, "curvatures from 1/2 to 2",
             at_most(gap_of_adam(claim, 4, 1, true, box_optimum), reach_of_adam()));
    control(claim, "a penalty in its place",
            at_most(gap_of_adam(claim, 1, 1, false, box_optimum), reach_of_adam()));
}

SECTION(sp_shrinking, &sp_decay, &sp_adam_penalty, &sp_adamw);
