/* "Twice the batch, twice the rate": the linear scaling rule, and where it ends. */
#include "sgd/shoes.h"

#include <math.h>

enum { IMAGES = 200, COMPONENTS = 8, STEPS = 2560, RULE = 64, LARGEST = 256 };

/* 2 / (ALPHA h_0) = 160: beyond that k, descent itself diverges. */
static const double ALPHA = 1.0 / 80;

/* The expected excess after STEPS / k steps of that rate with batches of k. */
static double excess_at(struct claim *claim, struct shoes of, int k, double alpha)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct sgd_moments moments =
        sgd_moments_make(arena, of.examples.Phi, of.r, of.start);
    for (int step = 0; step < STEPS / k; step++)
        sgd_moments_step(alpha, sgd_share(of.n, k, SGD_INDEPENDENT), &moments);
    arena->used = mark;
    return sgd_moments_excess(&moments);
}

/* The same on two examples of one feature, 1, with targets 1 and -1, from the minimum:
 * their gradients differ by 2 wherever w is, so the noise is additive.  After 2 STEPS /
 * k steps it is at rest to within e^-128. */
static double floor_of_two(struct claim *claim, int k)
{
    real Phi[] = {1, 1}, r[] = {-1, 1}, e[] = {0};
    struct sgd_moments moments = sgd_moments_make(claim_arena(claim), (mat){2, 1, Phi},
                                                  (vec){2, r}, (vec){1, e});
    for (int step = 0; step < 2 * STEPS / k; step++)
        sgd_moments_step(k * ALPHA, 1.0 / k, &moments);
    return sgd_moments_excess(&moments);
}

/* What k makes of the floor of additive noise, (2 - alpha h) / (2 - k alpha h) for h =
 * 1, less 1. */
static double growth(int k) { return (2 - ALPHA) / (2 - k * ALPHA) - 1; }

CLAIM(sgd_scaling, BOUND,
      "k times the batch at k times the rate leaves the loss at equal epochs as it was")
{
    struct shoes of = shoes_make(claim, IMAGES, COMPONENTS);
    double one = excess_at(claim, of, 1, ALPHA), two = floor_of_two(claim, 1);
    double most = 0, gap = 0, least = INFINITY;
    struct series s =
        series_begin(claim, "scaling", "k", "scaled", "law", "unscaled", NULL);
    for (int k = 1; k <= LARGEST; k *= 2) {
        double scaled = excess_at(claim, of, k, k * ALPHA) / one - 1;
        double unscaled = excess_at(claim, of, k, ALPHA) / one - 1;
        bool in_time = k * ALPHA < 2;
        series_row(&s, (double[]){k, 1 + scaled, in_time ? 1 + growth(k) : NAN,
                                  1 + unscaled});
        if (k > 1 && k <= RULE) {
            most = worst(most, fabs(scaled) / growth(k));
            least = smallest(least, unscaled / growth(k));
            double of_two = (floor_of_two(claim, k) / two - 1) / growth(k);
            gap = worst(gap, fabs(of_two - 1));
        }
    }
    series_end(&s);
    evidence(claim, "change on images, over the bound", at_most(most, 1));
    /* Sums of two terms; 1 is taken off again, and 0.006 remains of it. */
    evidence(claim, "additive noise: 1 - that",
             at_most(gap, rounding(2 * STEPS, 1 / growth(2))));
    evidence(claim, "additive noise: that",
             at_least(1 - gap, 1 - rounding(2 * STEPS, 1 / growth(2))));
    control(claim, "at the old rate, least", at_most(least, 1));
    control(claim, "k = 256, beyond 2 / h",
            at_most(excess_at(claim, of, LARGEST, LARGEST * ALPHA) / one - 1,
                    growth(LARGEST / 2)));
}

SECTION(sgd_scalings, &sgd_scaling);
