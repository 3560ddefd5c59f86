/* "Leaving a saddle": by noise, by an offset, or not at all. */
#include "gradient_descent.h"
#include "ground/claim.h"
#include "sgd.h"

#include <math.h>
#include <stdlib.h>

/* ---- A strict saddle: (x^2 - gamma y^2) / 2 ----------------------------------------
 */

enum { PATHS = 1000, STEPS = 140 };
static const double ALPHA = 0.05, GAMMA = 1, NOISE = 0.01;

static void saddle(void *cost, vec w, vec grad)
{
    (void)cost;
    grad.at[0] = w.at[0];
    grad.at[1] = -GAMMA * w.at[1];
}

/* How many paths from the saddle are beyond 1 along y after STEPS steps with noise of
 * that deviation along x and along y. */
static int escapes(struct claim *claim, double along_x, double along_y)
{
    real root[] = {along_x, 0, 0, along_y}, z[2], w[2], grad[2];
    struct sgd_noise noise = {
        saddle, NULL, {2, 2, root}, {2, z}, claim_rng(claim, along_y > 0)};
    int hits = 0;
    for (int i = 0; i < PATHS; i++) {
        w[0] = w[1] = 0;
        optimize(sgd_noisy_gradient, &noise, gd_optimizer(), ALPHA, STEPS, (vec){2, w},
                 (vec){2, grad});
        hits += fabs(w[1]) > 1;
    }
    return hits;
}

CLAIM(sgd_saddle, STATISTIC, "Noise along the way out leaves a strict saddle, by erfc")
{
    /* y_T = alpha s sum of (1 + alpha gamma)^k z_k: normal, of this variance. */
    double grow = 1 + ALPHA * GAMMA;
    double variance =
        pow(ALPHA * NOISE, 2) * (pow(grow, 2 * STEPS) - 1) / (grow * grow - 1);
    double p = erfc(1 / sqrt(2 * variance));
    evidence(claim, "paths that are out",
             count_fits(escapes(claim, NOISE, NOISE), PATHS, p));
    control(claim, "noise along the other axis only",
            count_fits(escapes(claim, NOISE, 0), PATHS, p));
    real w[] = {0.3, 0}, grad[2];
    optimize(saddle, NULL, gd_optimizer(), ALPHA, 100000, (vec){2, w}, (vec){2, grad});
    evidence(claim, "without noise, from y = 0: |y|", at_most(fabs(w[1]), 0));
}

/* ---- Counting steps ----------------------------------------------------------------
 */

/* How many steps of a rule the cost takes from (0, r), or (r, 0), until that coordinate
 * is beyond 1. */
static int steps_out(gradient_of *gradient, struct optimizer by, double alpha, int axis,
                     double r)
{
    real w[] = {0, 0}, grad[2];
    int steps = 0;
    for (w[axis] = r; fabs(w[axis]) < 1; steps++)
        optimize(gradient, NULL, by, alpha, 1, (vec){2, w}, (vec){2, grad});
    return steps;
}

static void quartic(void *cost, vec w, vec grad)
{
    (void)cost;
    grad.at[0] = -4 * w.at[0] * w.at[0] * w.at[0];
    grad.at[1] = 4 * w.at[1] * w.at[1] * w.at[1];
}

enum { STARTS = 10 };

CLAIM(sgd_saddle_time, RATE, "Descent leaves a strict saddle in a time like log 1/r")
{
    double log_r[STARTS], steps[STARTS], off = 0;
    for (int i = 0; i < STARTS; i++) {
        double r = pow(10, -3 - i);
        int count = steps_out(saddle, gd_optimizer(), ALPHA, 1, r);
        off = worst(off, fabs(count - ceil(-log(r) / log(1 + ALPHA * GAMMA))));
        log_r[i] = log10(r);
        steps[i] = count * log(1 + ALPHA * GAMMA);
    }
    evidence(claim, "steps, off the law rounded up", at_most(off, 0));
    /* y grows by 1 + alpha gamma per step; the count is rounded up by less than 1,
     * which turns a line over 9 decades by 3/2 of that step over 9 at most. */
    double half = 1.5 * log(1 + ALPHA * GAMMA) / 9;
    evidence(claim, "ln growth to leave, per decade",
             slope_is(fit_line(STARTS, log_r, steps), -log(10), half, 0.05));
    for (int i = 0; i < STARTS; i++) {
        double r = 0.3 * pow(10, -0.15 * i);
        log_r[i] = log10(r);
        steps[i] =
            steps_out(quartic, gd_optimizer(), ALPHA, 0, r) * log(1 + ALPHA * GAMMA);
    }
    control(claim, "a saddle that is not strict",
            slope_is(fit_line(STARTS, log_r, steps), -log(10), half, 0.05));
}

/* ---- The slide's saddle: y^4 - x^4 --------------------------------------------------
 */

static const double RATE_4 = 0.01;

/* (1/r^2 - 1) / (8 alpha). */
static double least_steps(double r) { return (1 / (r * r) - 1) / (8 * RATE_4); }

static int descent_steps(double r)
{
    return steps_out(quartic, gd_optimizer(), RATE_4, 0, r);
}

static int adaptive_steps(struct claim *claim, bool adam, double r)
{
    size_t mark = claim_arena(claim)->used;
    struct adagrad a = adagrad_make(claim_arena(claim), 2, 0);
    struct adam b = adam_make(claim_arena(claim), 2, 0.9, 0.999, 0);
    int steps = steps_out(quartic, adam ? by_adam(&b) : by_adagrad(&a), RATE_4, 0, r);
    claim_arena(claim)->used = mark;
    return steps;
}

static int momentum_steps(struct claim *claim, double r)
{
    struct momentum m = momentum_make(claim_arena(claim), 2, 0.9);
    return steps_out(quartic, by_momentum(&m), RATE_4, 0, r);
}

/* For the figure: steps of each rule from r = 0.1 down to 0.01. */
static void record(struct claim *claim)
{
    struct series s = series_begin(claim, "steps", "r", "descent", "law", "momentum",
                                   "tenth", "adagrad", "adam", NULL);
    for (int i = 0; i <= 8; i++) {
        double r = pow(10, -1 - i / 8.0), law = least_steps(r);
        series_row(&s, (double[]){r, descent_steps(r), law, momentum_steps(claim, r),
                                  law / 10, adaptive_steps(claim, false, r),
                                  adaptive_steps(claim, true, r)});
    }
    series_end(&s);
}

CLAIM(sgd_quartic, BOUND,
      "On y^4 - x^4 descent takes (1/r^2 - 1) / 8 alpha steps, and a few more")
{
    if (needs_double(claim, "rounding of 124,995 steps may be worth more than the few"))
        return;
    static const double starts[] = {0.1, 0.05, 0.02, 0.01};
    double least = INFINITY, most = 0;
    for (int i = 0; i < 4; i++) {
        double r = starts[i], steps = descent_steps(r), more = steps - least_steps(r);
        least = smallest(least, steps / least_steps(r));
        most = worst(most, more / (1.6 * log(1 / r) + 1));
    }
    evidence(claim, "steps over the bound", at_least(least, 1));
    /* u = 1/x^2 loses 8 alpha (1 - 3/2 s) or more, s = 4 alpha / u <= 0.04, and so 1.88
     * s u or more: 3/2 of the sum of s is at most 1.5 / 1.88 of the ln of u lost, 2 ln
     * 1/r; and the last step is counted whole. */
    evidence(claim, "the few, over 1.6 ln 1/r + 1", at_most(most, 1));
    /* The velocity is beta / (1 - beta) = 9 steps old, in which x grows by 36 alpha
     * x^2: less than 1 % where x < 0.16, and that is where 1 - (r / 0.16)^2 = 99.6 % of
     * the steps from r = 0.01 are. */
    evidence(claim, "momentum, over a tenth, less 1",
             at_most(fabs(momentum_steps(claim, 0.01) / (0.1 * least_steps(0.01)) - 1),
                     0.02));
    /* Their first step is alpha, or nearly, whatever r: then r is forgotten but for r.
     */
    for (int adam = 0; adam <= 1; adam++)
        evidence(claim,
                 adam ? "Adam: from 1e-9, less from 1e-3"
                      : "AdaGrad: from 1e-9, less from 1e-3",
                 at_most(abs(adaptive_steps(claim, adam, 1e-9) -
                             adaptive_steps(claim, adam, 1e-3)),
                         1));
    control(claim, "a strict saddle: steps / bound",
            at_least(steps_out(saddle, gd_optimizer(), RATE_4, 1, 0.01) /
                         least_steps(0.01),
                     1));
    control(claim, "descent: from 0.02, less from 0.1",
            at_most(descent_steps(0.02) - descent_steps(0.1), 1));
    record(claim);
}

SECTION(sgd_saddles, &sgd_saddle, &sgd_saddle_time, &sgd_quartic);
