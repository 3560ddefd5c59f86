/* "The sum of all squares": AdaGrad, and what the three rules divide by. */
#include "adaptive.h"
#include "rules.h"

#include <float.h>
#include <math.h>

enum { LAST = 10 };

/* What the rule divides the gradient g_k by in its k-th step, squared: as rules differ
 * in their averages of gradients too, those of beta1 = 0. */
static double divisor(struct claim *claim, enum rule_name name, double beta, int k,
                      const double *g)
{
    struct rule rule;
    struct optimizer by = rule_begin(&rule, name, claim_arena(claim), 1, 0, beta);
    real x = 0;
    for (int j = 0; j < k; j++) {
        vec grad = {1, (real[]){g[j]}};
        x = 0;
        by.step(by.rule, 1, grad, (vec){1, &x});
    }
    return x == 0 ? INFINITY : g[k - 1] / x * (g[k - 1] / x);
}

/* The laws: how much of a g_j^2 of that age is in the divisor of step k. */
typedef double memory_law(double beta, int age, int k);

static double all_alike(double beta, int age, int k)
{
    (void)beta, (void)age, (void)k;
    return 1;
}

static double fading(double beta, int age, int k)
{
    (void)k;
    return (1 - beta) * pow(beta, age);
}

static double average(double beta, int age, int k)
{
    double sum = 0;
    for (int j = 0; j < k; j++)
        sum += pow(beta, j);
    return pow(beta, age) / sum;
}

/* The divisor is linear in each g_j^2; its slope, from g_j and 2 g_j, less the law. The
 * first gradient is so many times as large. */
static double gap_of_memory(struct claim *claim, enum rule_name name, memory_law *law,
                            double first)
{
    struct rng rng = claim_rng(claim, 0);
    double gap = 0, g[LAST], beta = 0.9;
    for (int j = 0; j < LAST; j++)
        g[j] = (0.5 + rng_uniform(&rng)) * (rng_uniform(&rng) < 0.5 ? -1 : 1);
    g[0] *= first;
    for (int k = 2; k <= LAST; k++)
        for (int j = 0; j < k; j++) {
            double before = divisor(claim, name, beta, k, g);
            g[j] *= 2;
            double after = divisor(claim, name, beta, k, g);
            g[j] /= 2;
            double weight = (after - before) / (3 * g[j] * g[j]);
            gap = worst(gap, fabs(weight - law(beta, k - 1 - j, k)));
        }
    return gap;
}

CLAIM(ada_memory, IDENTITY,
      "AdaGrad adds all squares up, RMSProp lets them fade, Adam averages them")
{
    /* The divisor is at most 4 * 9/4 + 9 * 9/4 < 30, off by some ten roundings a step,
     * and over 3 g_j^2 >= 3/4. */
    double limit = rounding(10 * LAST, 30 / 0.75);
    evidence(claim, "AdaGrad: weights less 1",
             at_most(gap_of_memory(claim, ADAGRAD, all_alike, 1), limit));
    evidence(claim, "RMSProp: less (1 - b) b^age",
             at_most(gap_of_memory(claim, RMSPROP, fading, 1), limit));
    evidence(claim, "Adam: less weights that sum to 1",
             at_most(gap_of_memory(claim, ADAM, average, 1), limit));
    control(claim, "AdaGrad as printed",
            at_most(gap_of_memory(claim, PRINTED_ADAGRAD, all_alike, 1), limit));
    /* Where the second gradient is certainly smaller than the first: with gradients
     * that happen to grow, the largest is the last. */
    control(claim, "AMSGrad, which keeps the largest",
            at_most(gap_of_memory(claim, AMSGRAD, fading, 3), limit));
}

/* One step from (x, 0) on Beale's function: how far y has moved, the farthest of four
 * rules or the least far. */
static double first_move_of_y(struct claim *claim, double x, bool farthest)
{
    static const enum rule_name names[] = {ADAGRAD, RMSPROP, ADAM, AMSGRAD};
    double most = 0, least = INFINITY;
    for (int i = 0; i < 4; i++) {
        struct rule rule;
        struct optimizer by =
            rule_begin(&rule, names[i], claim_arena(claim), 2, 0.9, 0.99);
        real at[2] = {x, 0}, grad[2];
        optimize(ada_beale_gradient, NULL, by, 0.01, 1, (vec){2, at}, (vec){2, grad});
        most = worst(most, fabs(at[1]));
        least = smallest(least, fabs(at[1]));
    }
    return farthest ? most : least;
}

CLAIM(ada_unseen, IDENTITY,
      "A weight that has seen no gradient rests, and not at 0 / 0")
{
    struct rule rule;
    struct optimizer by = rule_begin(&rule, ADAGRAD, claim_arena(claim), 2, 0, 0);
    real at[2] = {0, 0}, grad[2];
    vec w = {2, at};
    evidence(claim, "y after a step from (0, 0)",
             at_most(first_move_of_y(claim, 0, true), 0));
    /* At a rate that freezes, AdaGrad converges linearly: what is left is rounding over
     * the least curvature at (3, 1/2), 0.3. */
    optimize(ada_beale_gradient, NULL, by, 0.5, 20000, w, (vec){2, grad});
    evidence(claim, "AdaGrad from (0, 0), to (3, 1/2)",
             at_most(hypot(at[0] - 3, at[1] - 0.5), rounding(10, 10 / 0.3)));
    control(claim, "y from (x, 0) where x is tiny, not 0",
            at_most(first_move_of_y(claim, TINY, false), 0));
}

/* The distance after so many steps along the gradients g growth^k. */
static double distance(struct claim *claim, enum rule_name name, double g, int growth,
                       int steps)
{
    struct rule rule;
    struct optimizer by =
        rule_begin(&rule, name, claim_arena(claim), 1, 0.9, name == ADAM ? 0.999 : 0.9);
    real x = 0;
    for (int k = 1; k <= steps; k++)
        by.step(by.rule, 1, (vec){1, (real[]){g * pow(k, growth)}}, (vec){1, &x});
    return -x;
}

/* The same by the laws: the k-th step is 1 / sqrt k; 1 over the root of RMSProp's sum
 * of weights; 1; and of AMSGrad, what is in its first sum over that root. */
static double step_law(enum rule_name name, int k)
{
    double root = sqrt(-expm1(k * log(0.9)));
    switch (name) {
    case ADAGRAD:
        return 1 / sqrt(k);
    case RMSPROP:
        return 1 / root;
    case AMSGRAD:
        return root;
    default:
        return 1;
    }
}

static double gap_of_distance(struct claim *claim, enum rule_name name, double g,
                              int growth)
{
    static const int steps[] = {1, 2, 10, 100, 1000};
    double gap = 0;
    for (int i = 0; i < 5; i++) {
        double law = 0;
        for (int k = 1; k <= steps[i]; k++)
            law += step_law(name, k);
        double moved = distance(claim, name, g, growth, steps[i]);
        gap = worst(gap, fabs(moved - law) / law);
    }
    return gap;
}

/* For the figure: the length of the k-th step, as run and as predicted. */
static void record_steps(struct claim *claim)
{
    static const enum rule_name names[] = {ADAGRAD, RMSPROP, ADAM};
    struct series s = series_begin(claim, "steps", "k", "adagrad", "rmsprop", "adam",
                                   "adagrad_law", "rmsprop_law", "adam_law", NULL);
    for (double next = 1; next < 1001; next *= 1.2589254117941673) {
        int k = (int)(next + 0.5);
        double values[7] = {k};
        for (int i = 0; i < 3; i++) {
            values[i + 1] = distance(claim, names[i], 1, 0, k) -
                            distance(claim, names[i], 1, 0, k - 1);
            values[i + 4] = step_law(names[i], k);
        }
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(ada_constant, IDENTITY,
      "Along a constant gradient, how far a rule comes does not depend on its size")
{
    const double sizes[] = {TINY, 0.01, 1, 100, VAST};
    static const enum rule_name names[] = {ADAGRAD, RMSPROP, ADAM, AMSGRAD};
    static const char *const texts[] = {"AdaGrad, sum of 1 / sqrt k", "RMSProp",
                                        "Adam, 1 per step", "AMSGrad, no correction"};
    /* A root off by k eps after k steps of hypot, half of that in 1 - 0.999^k by three
     * digits that cancel: relative to the distance, some 1000 eps. */
    double limit = rounding(1000, 1);
    for (int i = 0; i < 4; i++) {
        double gap = 0;
        for (int j = 0; j < 5; j++)
            gap = worst(gap, gap_of_distance(claim, names[i], sizes[j], 0));
        evidence(claim, texts[i], at_most(gap, limit));
    }
    control(claim, "descent at g = 100, as if by Adam",
            at_most(gap_of_distance(claim, DESCENT, 100, 0), limit));
    control(claim, "AdaGrad, gradients that grow as k",
            at_most(gap_of_distance(claim, ADAGRAD, 1, 1), limit));
    record_steps(claim);
}

SECTION(ada_sums, &ada_memory, &ada_unseen, &ada_constant);
