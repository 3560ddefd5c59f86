/* "Momentum and RMSProp": Adam's steps. */
#include "ground/bisect.h"
#include "rules.h"

#include <math.h>

/* How long the first step is, over alpha, along gradients of five sizes, less what it
 * should be. */
static double gap_of_first_step(struct claim *claim, enum rule_name name, double beta1,
                                double beta2, double length)
{
    enum { SIZES = 5 };
    struct rule rule;
    struct optimizer by =
        rule_begin(&rule, name, claim_arena(claim), SIZES, beta1, beta2);
    vec grad = {SIZES, (real[]){-TINY, 0.01, -1, 100, VAST}};
    vec w = arena_vec(claim_arena(claim), SIZES);
    double gap = 0;
    by.step(by.rule, 0.5, grad, w);
    for (int i = 0; i < SIZES; i++)
        gap = worst(gap, fabs(w.at[i] / -0.5 - copysign(length, grad.at[i])));
    return gap;
}

CLAIM(ada_first_step, IDENTITY,
      "Adam's first step is alpha; without correction, it is another one")
{
    static const double betas[][2] = {{0.9, 0.999}, {0.9, 0.99}, {0, 0.5}, {0.99, 0.9}};
    double corrected = 0, plain = 0;
    for (int i = 0; i < 4; i++) {
        double beta1 = betas[i][0], beta2 = betas[i][1];
        corrected = worst(corrected, gap_of_first_step(claim, ADAM, beta1, beta2, 1));
        plain = worst(plain, gap_of_first_step(claim, AMSGRAD, beta1, beta2,
                                               (1 - beta1) / sqrt(1 - beta2)));
    }
    /* 1 - 0.999 has lost three digits. */
    evidence(claim, "Adam", at_most(corrected, rounding(10, 1e3)));
    evidence(claim, "as printed, which is AMSGrad's",
             at_most(plain, rounding(10, 1e3)));
    control(claim, "as printed, to alpha",
            at_most(gap_of_first_step(claim, AMSGRAD, 0.9, 0.999, 1),
                    rounding(10, 1e3)));
    control(claim, "RMSProp, to alpha",
            at_most(gap_of_first_step(claim, RMSPROP, 0, 0.999, 1), rounding(10, 1e3)));
}

/* The largest |m^| over v^ that k gradients can cause: by Cauchy and Schwarz the root
 * of the sum of p_j^2 / q_j, where p_j and q_j are their weights in the two averages.
 */
static double longest(double beta1, double beta2, int k)
{
    double sum = 0, all1 = 0, all2 = 0;
    for (int age = 0; age < k; age++) {
        all1 += pow(beta1, age), all2 += pow(beta2, age);
        sum += pow(beta1 * beta1 / beta2, age);
    }
    return sqrt(sum * all2) / all1;
}

/* Adam's longest step of k, over alpha, along g_j = growth^(j - k), or 0 where this is
 * so small that squares of roots are rounded to denormal numbers. */
static double longest_run(struct claim *claim, double beta1, double beta2,
                          double growth, int k)
{
    struct adam adam = adam_make(claim_arena(claim), 1, beta1, beta2, 0);
    double most = 0, least = REAL_MIN / REAL_EPSILON;
    for (int j = 1; j <= k; j++) {
        real x = 0, g = pow(growth, j - k);
        adam_step(&adam, 1, (vec){1, (real[]){g < least ? 0 : g}}, (vec){1, &x});
        most = worst(most, fabs(x));
    }
    return most;
}

/* The longest step but the first few along gradients that are zero or normal, and grow
 * a thousandfold now and then, over the longest that there can be. */
static double share_of_longest(struct claim *claim, int replicate)
{
    enum { LAST = 300 };
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct adam adam = adam_make(claim_arena(claim), 1, 0.9, 0.999, 0);
    double most = 0, spikes = rng_uniform(&rng);
    for (int k = 1; k <= LAST; k++) {
        real x = 0, g = rng_uniform(&rng) < 0.5 ? 0 : rng_normal(&rng);
        if (rng_uniform(&rng) < 0.1 * spikes)
            g *= 1000;
        adam_step(&adam, 1, (vec){1, &g}, (vec){1, &x});
        if (k > LAST / 10)
            most = worst(most, fabs(x) / longest(0.9, 0.999, k));
    }
    return most;
}

CLAIM(ada_longest_step, BOUND,
      "No step of Adam is longer than alpha root(sum of p^2 / q)")
{
    enum { LAST = 150 }; /* gradients; the first of them is up to 0.6^-149 = 1e33 */
    static const double settings[][2] = {{0.9, 0.999}, {0.9, 0.99}, {0.5, 0.3}};
    double most = 0, least = INFINITY, forever = 0.1 / sqrt(0.001 * (1 - 0.81 / 0.999));
    for (int i = 0; i < 20; i++)
        most = worst(most, share_of_longest(claim, i));
    evidence(claim, "share of it, 20 drawn runs", at_most(most, 1 + rounding(1e3, 1)));
    for (int i = 0; i < 3; i++) {
        double beta1 = settings[i][0], beta2 = settings[i][1];
        double run = longest_run(claim, beta1, beta2, beta2 / beta1, LAST);
        least = smallest(least, run / longest(beta1, beta2, LAST));
    }
    evidence(claim, "share of it, geometric gradients", at_least(least, 0.999));
    /* After 8000 steps, 0.999^8000 = 3e-4 is still missing, of which a root is taken.
     */
    double growing = longest_run(claim, 0.9, 0.999, 0.999 / 0.9, 8000);
    double spike = longest_run(claim, 0.9, 0.999, 1e300, 8000);
    evidence(claim, "gradients that grow by 1.11",
             at_most(fabs(growing / forever - 1), 3.4e-4));
    evidence(claim, "one spike after 8000 zeros",
             at_most(fabs(spike / sqrt(10) - 1), 3.4e-4));
    control(claim, "beta1^2 > beta2: (0.9, 0.5)",
            at_most(longest_run(claim, 0.9, 0.5, 0.5 / 0.9, 60), forever));
}

/* ---- The edge -------------------------------------------------------------------- */

/* Steps of rate 100 on a / 2 w^2, beside a divisor that stands still. */
struct frozen {
    struct claim *claim;
    bool averages; /* gradients, as AMSGrad does; or adds them up: the heavy ball */
    double beta, divisor;
};

/* One of them, from w and from what is remembered of gradients.  AMSGrad's new root is
 * a w / 32 at most, and so the divisor stays v_max. */
static void frozen_step(const struct frozen *x, double a, double *w, double *memory)
{
    struct arena *arena = claim_arena(x->claim);
    size_t mark = arena->used;
    real x_w = *w;
    vec grad = {1, (real[]){a * *w}}, at = {1, &x_w};
    if (x->averages) {
        struct amsgrad amsgrad = amsgrad_make(arena, 1, x->beta, 0.999, 0);
        amsgrad.m.at[0] = *memory, amsgrad.v_max.at[0] = x->divisor;
        amsgrad_step(&amsgrad, 100, grad, at);
        *memory = amsgrad.m.at[0];
    } else {
        struct momentum momentum = momentum_make(arena, 1, x->beta);
        momentum.v.at[0] = -*memory;
        momentum_step(&momentum, 100 / x->divisor, grad, at);
        *memory = -momentum.v.at[0];
    }
    *w = at.at[0];
    arena->used = mark;
}

/* The matrix of a step, column by column: its larger eigenvalue, less 1. */
static double over_the_edge(const void *context, double a)
{
    double from_w[2] = {1, 0}, from_memory[2] = {0, 1};
    frozen_step(context, a, &from_w[0], &from_w[1]);
    frozen_step(context, a, &from_memory[0], &from_memory[1]);
    double half = (from_w[0] + from_memory[1]) / 2;
    double det = from_w[0] * from_memory[1] - from_w[1] * from_memory[0];
    double square = half * half - det;
    return (square < 0 ? sqrt(det) : fabs(half) + sqrt(square)) - 1;
}

/* The largest relative distance of the edges of alpha a / divisor from the law. */
static double edges_off(struct claim *claim, bool averages)
{
    static const double betas[] = {0, 0.5, 0.9, 0.99}, divisors[] = {0.01, 3};
    double off = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 2; j++) {
            double beta = betas[i], d = divisors[j];
            struct frozen x = {claim, averages, beta, d};
            double edge = bisect(over_the_edge, &x, 1e-3 * d, 20 * d);
            double law = 2 * (1 + beta) / (1 - beta);
            off = worst(off, fabs(100 * edge / d / law - 1));
        }
    return off;
}

/* The largest alpha / root of v, or of v_max, in the steps from 10,000 to 20,000 on
 * w^2 / 2, at alpha = 0.1.  On the way w falls to 1e-150, which no float is; beside a
 * shorter memory, to 1e-21. */
static double most_over_root(struct claim *claim, enum rule_name name)
{
    struct rule rule;
    double beta2 = IS_DOUBLE ? 0.999 : 0.99;
    struct optimizer by = rule_begin(&rule, name, claim_arena(claim), 1, 0.9, beta2);
    double most = 0;
    real w = 1;
    for (int k = 1; k <= 20000; k++) {
        by.step(by.rule, 0.1, (vec){1, (real[]){w}}, (vec){1, &w});
        double root = name == ADAM ? rule.adam.v.at[0] / sqrt(1 - pow(beta2, k))
                                   : rule.amsgrad.v_max.at[0];
        if (k > 10000)
            most = worst(most, 0.1 / root);
    }
    return most;
}

CLAIM(ada_edge, IDENTITY, "Beside a fixed divisor, stable up to 2 (1 + b) / (1 - b)")
{
    /* There an eigenvalue is -1, and moves with alpha a / divisor by as much; the trace
     * is off by a few roundings, over 1 - beta: less than the edge is. */
    evidence(claim, "edges off the law, four beta1",
             at_most(edges_off(claim, true), rounding(10, 1)));
    double most = most_over_root(claim, ADAM);
    evidence(claim, "Adam: largest alpha a / root v", at_least(most, 38));
    evidence(claim, "and less than twice that", at_most(most, 76));
    control(claim, "gradients added up: the heavy ball",
            at_most(edges_off(claim, false), rounding(10, 1)));
    control(claim, "AMSGrad: largest alpha a / v_max",
            at_least(most_over_root(claim, AMSGRAD), 38));
}

SECTION(ada_steps, &ada_first_step, &ada_longest_step, &ada_edge);
