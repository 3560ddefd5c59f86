/* "The model system": least squares is a quadratic. */
#include "descents.h"

#include <math.h>

/* The mean of half the squares of y + bend y^2 - t, where y = Phi w. */
static double mean_half_square(mat Phi, vec t, vec w, double bend)
{
    double sum = 0;
    for (int i = 0; i < Phi.rows; i++) {
        double y = 0;
        for (int j = 0; j < Phi.cols; j++)
            y += Phi.at[i * Phi.cols + j] * w.at[j];
        sum += pow(y + bend * y * y - t.at[i], 2);
    }
    return sum / (2 * Phi.rows);
}

/* The largest |J(w) - 1/2N ||Phi w - t||^2| over some w, relative to the cost, for both
 * ways to J; the model may be bent, which leaves nothing that is linear in w. */
static double gap_of_model(struct claim *claim, double bend)
{
    enum { EXAMPLES = 40 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Phi = normal_mat(arena, &rng, EXAMPLES, N);
    vec t = normal_vec(arena, &rng, EXAMPLES), residual = arena_vec(arena, EXAMPLES);
    vec w = arena_vec(arena, N), scratch = arena_vec(arena, N);
    struct quadratic q = quadratic_make(arena, N);
    least_squares(Phi, t, &q);

    double gap = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w);
        /* What is tested comes first: an empty body returns what was there. */
        double from_form = quadratic_cost(q, w, scratch);
        double from_data = least_squares_cost(Phi, t, w, residual);
        double mean = mean_half_square(Phi, t, w, bend);
        gap = worst(gap, fabs(from_form - mean) / mean);
        gap = worst(gap, fabs(from_data - mean) / mean);
    }
    return gap;
}

CLAIM(gd_model_system, IDENTITY, "Least squares is a quadratic")
{
    /* Sums of 40 N products; the terms of J cancel from a size that is at most ten or
     * so times the cost, since at a random w the residuals are no smaller than t. */
    double limit = rounding(40 * N, 10);
    evidence(claim, "gap between the two costs",
             at_most(gap_of_model(claim, 0), limit));
    control(claim, "a model that is not linear in w",
            at_most(gap_of_model(claim, 0.1), limit));
}

SECTION(gd_the_model_system, &gd_model_system);
