/* "Two examples": where everything has a closed form. */
#include "influence/weighted_flows.h"

#include "ground/bisect.h"

#include <math.h>

static const double HEAVY = 100;

/* z_1, z_2: two rows of length 1 in a random frame, at this cosine of each other; and
 * their weights, HEAVY and 1. */
static mat pair(struct claim *claim, double cosine, vec *c)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Q = arena_mat(arena, 2, 2), Z = arena_mat(arena, 2, 2);
    rng_rotation(&rng, arena, Q);
    copy(row(Q, 0), row(Z, 0));
    axpy(cosine, row(Q, 0), row(Z, 1));
    axpy(sqrt(1 - cosine * cosine), row(Q, 1), row(Z, 1));
    *c = arena_vec(arena, 2);
    c->at[0] = HEAVY, c->at[1] = 1;
    return Z;
}

/* ---- Without end ------------------------------------------------------------------
 */

/* The margin of an example of weight c after the time t, where it is alone: dm/dt = c
 * e^-m, or c (1 + m/k)^-(k + 1). */
static double margin_law(double tail, double c, double t)
{
    return isinf(tail) ? log1p(c * t)
                       : tail * expm1(log1p(c * t * (1 + 2 / tail)) / (tail + 2));
}

/* Over t = 1, 10, ..., 10^12: the largest gap of the margins to this law, in the errors
 * that the solver admits. */
static double gap_to_law(struct claim *claim, double tail, double law, double cosine)
{
    vec c;
    mat Z = pair(claim, cosine, &c);
    struct flow flow;
    double gap = 0;
    flow_begin(claim, Z, c, tail, &flow);
    for (int k = 0; k <= 12; k++) {
        double t = pow(10, k);
        vec w = flow_to(&flow, t);
        for (int i = 0; i < 2; i++) {
            double off = dot(row(Z, i), w) - margin_law(law, c.at[i], t);
            gap = worst(gap, fabs(off) / flow_error(&flow));
        }
    }
    return gap;
}

CLAIM(inf_two_examples, IDENTITY,
      "Two orthogonal examples: margins ln(1 + ct), or powers of t for a power's tail")
{
    evidence(claim, "exponential loss: gap, of its limit",
             at_most(gap_to_law(claim, INFINITY, INFINITY, 0), 1));
    evidence(claim, "tail of 1/m^3", at_most(gap_to_law(claim, 3, 3, 0), 1));
    evidence(claim, "tail of 1/m", at_most(gap_to_law(claim, 1, 1, 0), 1));
    control(claim, "1/m^100 for the exponential",
            at_most(gap_to_law(claim, 100, INFINITY, 0), 1));
    control(claim, "examples at a cosine of 0.1",
            at_most(gap_to_law(claim, INFINITY, INFINITY, 0.1), 1));
}

/* ---- With decay -------------------------------------------------------------------
 */

/* The gradient of c ln(1 + e^-m) / 2 + lambda m^2 / 2 at m, over c / (1 + e^m) / 2. */
static double pull(const void *c_over_lambda, double m)
{
    return 2 * m * (1 + exp(m)) / *(const double *)c_over_lambda - 1;
}

/* 1e-12 in double precision; the margins, up to 23, leave some 23^2 eps by rounding. */
static const double DECAY_TOLERANCE = 5000 * REAL_EPSILON;

/* For lambda = 1/10, 1/100, ..., 10^-10: the ratio of the margins at the minimum, over
 * its least and its largest value by the bounds; and the largest relative gap of the
 * margins to where their gradient vanishes. */
struct decays {
    double low, high, gap;
};

static struct decays decays_of(struct claim *claim, double cosine)
{
    vec c, w = arena_vec(claim_arena(claim), 2);
    mat Z = pair(claim, cosine, &c);
    struct decays x = {INFINITY, 0, 0};
    for (int k = 1; k <= 10; k++) {
        double lambda = pow(10, -k), m[2];
        decayed(claim, Z, c, lambda, DECAY_TOLERANCE * lambda, w);
        for (int i = 0; i < 2; i++) {
            double of = c.at[i] / lambda;
            m[i] = bisect(pull, &of, 0, 100);
            x.gap = worst(x.gap, fabs(dot(row(Z, i), w) / m[i] - 1));
        }
        double ratio = dot(row(Z, 0), w) / dot(row(Z, 1), w), ln_c = log(HEAVY);
        x.low = smallest(x.low, (ratio - 1) / (ln_c / (1 + m[1])));
        x.high = worst(x.high, (ratio - 1) / (ln_c * (1 + exp(-m[1])) / m[1]));
    }
    return x;
}

CLAIM(inf_two_decay, BOUND,
      "With decay the heavier example's margin stays larger, by ln c over the other")
{
    /* A gradient of so many lambda where the curvature is lambda at least: so far is m
     * from its root, which is above 1, as 2 (1 + e) < 1 / lambda. */
    double limit = DECAY_TOLERANCE + rounding(4, 1);
    struct decays x = decays_of(claim, 0), skew = decays_of(claim, -0.8);
    evidence(claim, "margins, to their equation", at_most(x.gap, limit));
    evidence(claim, "excess of their ratio, by its least", at_least(x.low, 1));
    evidence(claim, "excess, by its most", at_most(x.high, 1));
    evidence(claim, "and at least", at_least(x.high, 0.8));
    control(claim, "a cosine of -0.8: equation", at_most(skew.gap, limit));
    control(claim, "excess, by its most", at_most(skew.high, 1));
}

SECTION(inf_two, &inf_two_examples, &inf_two_decay);
