/* STEM.c -- REPLACE: what the claims have in common, and what they are measured on. */
#include "STEM.h"
#include "ground/claim.h"

#include <math.h>

enum { N = 3, STEPS = 10 };
static const double ALPHA = 0.25;

/* The distance, after the steps, between what ref/ computes and the law (1 - law)^k x.
 * REPLACE: by a route that shares no code with ref/. */
static double gap(struct claim *claim, double alpha, double law)
{
    vec x = arena_vec(claim_arena(claim), N), y = arena_vec(claim_arena(claim), N);
    struct rng rng = claim_rng(claim, 0);
    for (int i = 0; i < N; i++)
        x.at[i] = 1 + rng_uniform(&rng);
    copy(x, y);
    for (int k = 0; k < STEPS; k++)
        PREFIX_step(alpha, x);
    axpy(-pow(1 - law, STEPS), y, x);
    return norm(x);
}

/* For the figure: one variable, and beside it what the law says. */
static void record_course(struct claim *claim)
{
    vec x = arena_vec(claim_arena(claim), 1);
    x.at[0] = 1;
    struct series s = series_begin(claim, "course", "k", "x", "law", NULL);
    for (int k = 0; k <= STEPS; k++) {
        series_row(&s, (double[]){k, x.at[0], pow(1 - ALPHA, k)});
        PREFIX_step(ALPHA, x);
    }
    series_end(&s);
}

CLAIM(PREFIX_law, IDENTITY, "Steps multiply by a power of 1 - alpha")
{
    /* Two roundings in each step and a few in pow, of numbers below 2 sqrt(N). */
    double limit = rounding(2 * STEPS, 2 * sqrt(N));
    evidence(claim, "gap to the law", at_most(gap(claim, ALPHA, ALPHA), limit));
    control(claim, "a rate 1 % larger",
            at_most(gap(claim, 1.01 * ALPHA, ALPHA), limit));
    record_course(claim);
}

CHAPTER(STEM, &PREFIX_law)
