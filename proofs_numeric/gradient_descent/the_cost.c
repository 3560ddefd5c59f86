/* "The cost": a share for each eigenvector, each with a rate of its own. */
#include "descents.h"

#include <math.h>

static double gap_to_predicted_cost(struct descent *x, double alpha)
{
    double gap = 0;
    restart(x);
    for (int k = 0; k <= STEPS; k++) {
        double cost = quadratic_cost(x->k.q, x->w, x->grad);
        gap = worst(gap, fabs(cost - predicted_cost(x, alpha, k)));
        advance(x, alpha, 1);
    }
    return gap;
}

/* The rounding of the cost: that of w, times the size of w and of A (which is 1). */
static double rounding_of_cost(const struct descent *x, double alpha)
{
    double size = norm(x->k.w_star) + norm(x->e_0);
    return size * drift_of_rounding(x, alpha, STEPS, 1);
}

CLAIM(gd_loss_modes, IDENTITY,
      "The cost is a constant plus a share for each eigenvector")
{
    struct rng rng = claim_rng(claim, 1);
    double gap = 0, gap_tilted = 0;
    struct descent x = trough(claim, 0, 0), tilted = trough(claim, 0, 0.01);
    for (int trial = 0; trial < 20; trial++) {
        rng_normals(&rng, 0, 1, x.e_0);
        restart(&x);
        double cost_tilted = quadratic_cost(tilted.k.q, x.w, x.grad);
        double cost = quadratic_cost(x.k.q, x.w, x.grad);
        double sum = predicted_cost(&x, 1, 0);
        gap = worst(gap, fabs(cost - sum));
        gap_tilted = worst(gap_tilted, fabs(cost_tilted - sum));
    }
    double limit = rounding_of_cost(&x, 1);
    evidence(claim, "cost less the sum of shares", at_most(gap, limit));
    control(claim, "case 2 is there: a = 0, b = 0.01", at_most(gap_tilted, limit));
}

CLAIM(gd_loss_factor, IDENTITY, "Each share is multiplied by (1 - alpha a)^2 a step")
{
    struct descent x = bowl(claim, 1, 100);
    evidence(claim, "gap to the prediction, alpha = 0.9",
             at_most(gap_to_predicted_cost(&x, 0.9), rounding_of_cost(&x, 0.9)));
    evidence(claim, "gap to the prediction, alpha = 1.9",
             at_most(gap_to_predicted_cost(&x, 1.9), rounding_of_cost(&x, 1.9)));
    struct descent steeper = bowl(claim, 1.01, 100);
    steeper.k.a = x.k.a; /* what it is said to be */
    control(claim, "curvatures 1 % larger than said",
            at_most(gap_to_predicted_cost(&steeper, 0.9), rounding_of_cost(&x, 0.9)));
}

/* -ln of the factor by which one step lowers the cost, from a point on the axis of
 * curvature a, or so far off it along another of curvature 10 a. */
static double speed(struct claim *claim, double alpha, double a, double off)
{
    struct arena *arena = claim_arena(claim);
    struct quadratic q = quadratic_make(arena, 2);
    vec w = arena_vec(arena, 2), scratch = arena_vec(arena, 2);
    q.A.at[0] = a, q.A.at[3] = 10 * a;
    w.at[0] = 1, w.at[1] = off;
    double before = quadratic_cost(q, w, scratch);
    gd_step(q, alpha, w, scratch);
    return -log(quadratic_cost(q, w, scratch) / before);
}

CLAIM(gd_speed, BOUND, "-ln (1 - alpha a)^2 exceeds 2 alpha a, by less than its square")
{
    /* -2 ln(1 - x) - 2x = x^2 + 2x^3/3 + 2x^4/4 + ..., term by term at most
     * x^2 + x^3 + x^4 + ... = x^2 / (1 - x).  At x = 0.01 the two are 0.3 % apart. */
    static const double alpha_a[] = {0.01, 0.03, 0.1, 0.3, 0.9};
    double least = INFINITY, most = 0, most_between = 0, a = 0.7;
    for (int i = 0; i < 5; i++) {
        double x = alpha_a[i], bound = x * x / (1 - x);
        double excess = (speed(claim, x / a, a, 0) - 2 * x) / bound;
        least = excess < least ? excess : least;
        most = worst(most, excess);
        most_between = worst(most_between, (speed(claim, x / a, a, 1) - 2 * x) / bound);
    }
    evidence(claim, "excess, of the bound", at_most(most, 1));
    evidence(claim, "the same, at its largest", at_least(most, 0.99));
    evidence(claim, "and at its least", at_least(least, 0));
    control(claim, "between two axes", at_most(most_between, 1));
}

SECTION(gd_the_cost, &gd_loss_modes, &gd_loss_factor, &gd_speed);
