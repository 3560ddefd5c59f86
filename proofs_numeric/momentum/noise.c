/* "Noise": what becomes of gradients that are wrong at random. */
#include "recursions.h"

#include <math.h>

/* S := the sum of M^k S M'^k over all k >= 0, by doubling; 2 x 2, row by row. */
static void sum_of_all(double M[4], double S[4])
{
    for (int doubled = 0; doubled < 60; doubled++) {
        double MS[4], square[4];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) {
                MS[2 * i + j] = M[2 * i] * S[j] + M[2 * i + 1] * S[2 + j];
                square[2 * i + j] = M[2 * i] * M[j] + M[2 * i + 1] * M[2 + j];
            }
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                S[2 * i + j] += MS[2 * i] * M[2 * j] + MS[2 * i + 1] * M[2 * j + 1];
        for (int i = 0; i < 4; i++)
            M[i] = square[i];
    }
}

/* The stationary variance of w along a curvature, for noise of variance 1 in each
 * gradient: from what steps of ref/ make of (1, 0), of (0, 1), and of a gradient of 1.
 */
static double variance(struct claim *claim, double alpha, double beta, double a)
{
    struct along x = {HEAVY_BALL, alpha, beta, a};
    double of_w[2] = {1, 0}, of_v[2] = {0, 1};
    struct momentum momentum = momentum_make(claim_arena(claim), 1, beta);
    vec one = arena_vec(claim_arena(claim), 1), w = arena_vec(claim_arena(claim), 1);
    fill(1, one);
    momentum_step(&momentum, alpha, one, w);
    step_along(claim, x, of_w);
    step_along(claim, x, of_v);
    double kick[2] = {w.at[0], momentum.v.at[0]};
    double M[4] = {of_w[0], of_v[0], of_w[1], of_v[1]};
    double S[4] = {kick[0] * kick[0], kick[0] * kick[1], kick[0] * kick[1],
                   kick[1] * kick[1]};
    sum_of_all(M, S);
    return S[0];
}

static const double betas[] = {0, 0.5, 0.9}, rates[] = {1e-3, 0.1, 1};

/* The largest relative distance from alpha (1 + beta) / ((1 - beta) a (2 (1 + beta) -
 * alpha a)); or, averaged, from (1 - beta) times the variance of descent. */
static double off_law(struct claim *claim, bool averaged)
{
    double off = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            double beta = betas[i], x = rates[j], a = 2, alpha = x / a;
            double law = alpha * (1 + beta) / ((1 - beta) * a * (2 * (1 + beta) - x));
            if (averaged)
                law = (1 - beta) * alpha / (a * (2 - x));
            off = worst(off, fabs(variance(claim, alpha, beta, a) / law - 1));
        }
    return off;
}

CLAIM(mom_noise, IDENTITY, "The variance of the heavy ball under noise, and descent's")
{
    /* Each doubling rounds a sum of positive terms; M's rounding counts 1 / (1 - root)
     * times, some 2000 for the least rate. */
    double limit = rounding(60 * 4 + 4000, 1);
    evidence(claim, "variance off its formula", at_most(off_law(claim, false), limit));
    /* The ratio is 1 - 2 beta x / ((1 - beta) (2 (1 + beta) - x)), less than x / (1 -
     * beta) from 1; here x = 10^-3. */
    double ball = variance(claim, 0.0005, 0.9, 2),
           descent = variance(claim, 0.005, 0, 2);
    evidence(claim, "that of descent at ten times eta",
             at_most(fabs(ball / descent - 1), 0.01));
    control(claim, "an average: divided by 1/(1 - beta)",
            at_most(off_law(claim, true), limit));
    double slow = variance(claim, 0.0005, 0, 2);
    control(claim, "that of descent at the same eta",
            at_most(fabs(ball / slow - 1), 0.01));
}

SECTION(mom_noisy, &mom_noise);
