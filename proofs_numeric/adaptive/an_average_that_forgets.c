/* "An average that forgets": RMSProp at a minimum. */
#include "rules.h"

#include <math.h>

enum { WEIGHTS = 3, STEPS = 10000 };

/* J(w) = sum of a_i / 2 w_i^2. */
static const double curvatures[WEIGHTS] = {1e-3, 1, 1e3};

/* From w = 1, so many steps at alpha, or at alpha / sqrt k: | |w_i| / alpha - 1/2 | and
 * |w_i + next w_i| / alpha, the larger and the largest. */
static double gap_to_cycle(struct claim *claim, enum rule_name name, double beta,
                           double alpha, bool falls)
{
    struct rule rule;
    struct optimizer by = rule_begin(&rule, name, claim_arena(claim), WEIGHTS, 0, beta);
    vec w = arena_vec(claim_arena(claim), WEIGHTS);
    vec grad = arena_vec(claim_arena(claim), WEIGHTS);
    double gap = 0, before[WEIGHTS];
    fill(1, w);
    for (int k = 1; k <= STEPS; k++) {
        for (int i = 0; i < WEIGHTS; i++) {
            before[i] = w.at[i];
            grad.at[i] = curvatures[i] * w.at[i];
        }
        by.step(by.rule, falls ? alpha / sqrt(k) : alpha, grad, w);
    }
    for (int i = 0; i < WEIGHTS; i++) {
        gap = worst(gap, fabs(fabs(w.at[i]) / alpha - 0.5));
        gap = worst(gap, fabs(w.at[i] + before[i]) / alpha);
    }
    return gap;
}

/* One step on x^2 / 2 at the rate 1, as a map of y = (|x|, v^2). */
static void step_map(struct claim *claim, double beta, const double *y, double *next)
{
    struct rmsprop rmsprop = rmsprop_make(claim_arena(claim), 1, beta, 0);
    real x = y[0];
    rmsprop.v.at[0] = sqrt(y[1]);
    rmsprop_step(&rmsprop, 1, (vec){1, (real[]){x}}, (vec){1, &x});
    next[0] = fabs(x);
    next[1] = rmsprop.v.at[0] * rmsprop.v.at[0];
}

static const double H = IS_DOUBLE ? 0x1p-16 : 0x1p-8;

/* The trace and the determinant of its derivative at the cycle, (1/2, 1/4): by central
 * differences. */
static void derivative(struct claim *claim, double beta, double *trace, double *det)
{
    double D[2][2];
    for (int j = 0; j < 2; j++) {
        double y[2] = {0.5, 0.25}, ahead[2], behind[2];
        y[j] += H, step_map(claim, beta, y, ahead);
        y[j] -= 2 * H, step_map(claim, beta, y, behind);
        for (int i = 0; i < 2; i++)
            D[i][j] = (ahead[i] - behind[i]) / (2 * H);
    }
    *trace = D[0][0] + D[1][1];
    *det = D[0][0] * D[1][1] - D[0][1] * D[1][0];
}

CLAIM(ada_cycle, IDENTITY, "RMSProp ends in a two-cycle of size alpha / 2")
{
    static const double betas[] = {0.1, 0.5, 0.9, 0.99}, alphas[] = {0.1, 0.01};
    /* At 0.99, w falls to 1e-190 before it grows to the cycle: not within a float. */
    int reach = IS_DOUBLE ? 4 : 3;
    double gap = 0, off = 0;
    for (int i = 0; i < 4; i++) {
        double trace, det;
        for (int j = 0; j < 2 && i < reach; j++)
            gap = worst(gap, gap_to_cycle(claim, RMSPROP, betas[i], alphas[j], false));
        derivative(claim, betas[i], &trace, &det);
        off = worst(off, worst(fabs(trace - (3 * betas[i] - 1)), fabs(det - betas[i])));
    }
    /* An error lives for 1 / (1 - sqrt beta) = 200 steps, of some ten roundings. */
    evidence(claim, "gap to +- alpha / 2, all weights",
             at_most(gap, rounding(2000, 1)));
    /* Third derivatives are below 500 at (1/2, 1/4), and so H^2 / 6 times as much. */
    evidence(claim, "trace less 3b - 1, det less b",
             at_most(off, 500 * H * H / 6 * 4 + rounding(1, 1 / H)));
    control(claim, "a rate that falls",
            at_most(gap_to_cycle(claim, RMSPROP, 0.9, 0.1, true), rounding(2000, 1)));
    control(claim, "AdaGrad",
            at_most(gap_to_cycle(claim, ADAGRAD, 0, 0.1, false), rounding(2000, 1)));
}

SECTION(ada_averages, &ada_cycle);
