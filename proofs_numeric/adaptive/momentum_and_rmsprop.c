/* "Momentum and RMSProp": Adam's steps. */
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
    vec grad = {SIZES, (double[]){-1e-200, 0.01, -1, 100, 1e200}};
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
    double most = 0;
    for (int j = 1; j <= k; j++) {
        double x = 0, g = pow(growth, j - k);
        adam_step(&adam, 1, (vec){1, (double[]){g < 1e-280 ? 0 : g}}, (vec){1, &x});
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
        double x = 0, g = rng_uniform(&rng) < 0.5 ? 0 : rng_normal(&rng);
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
    static const double settings[][2] = {{0.9, 0.999}, {0.9, 0.99}, {0.5, 0.3}};
    double most = 0, least = INFINITY, forever = 0.1 / sqrt(0.001 * (1 - 0.81 / 0.999));
    for (int i = 0; i < 20; i++)
        most = worst(most, share_of_longest(claim, i));
    evidence(claim, "share of it, 20 drawn runs", at_most(most, 1 + rounding(1e3, 1)));
    for (int i = 0; i < 3; i++) {
        double beta1 = settings[i][0], beta2 = settings[i][1];
        double run = longest_run(claim, beta1, beta2, beta2 / beta1, 400);
        least = fmin(least, run / longest(beta1, beta2, 400));
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

SECTION(ada_steps, &ada_first_step, &ada_longest_step);
