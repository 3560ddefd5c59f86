/* "Two clocks": how long training takes, lazy or not. */
#include "feature_learning/worlds.h"

#include <math.h>

/* Of these the median counts: of one start in a thousand a time grows a hundredfold
 * less or more.  Three of 48 may, on either side. */
enum { REPLICATES = 48 };

/* The times of one run. */
struct times {
    double half; /* the loss is halved               */
    double end;  /* every margin F y has reached 1/2 */
};

static struct times times_at(struct claim *claim, int replicate,
                             struct recipe_of_world of, bool to_the_end)
{
    size_t mark = claim_arena(claim)->used;
    struct world x;
    world_make(claim, replicate, of, &x);
    enum feat_status status = FEAT_ON_TIME;
    while (status == FEAT_ON_TIME && isnan(x.flow.t_half))
        status = feat_step(&x.flow, INFINITY);
    if (to_the_end)
        status = feat_to(&x.flow, INFINITY);
    struct times times = {x.flow.t_half, status == FEAT_FITTED ? x.flow.t : NAN};
    claim_arena(claim)->used = mark;
    return times;
}

/* The powers of rho, between rho and 10 rho, with which the times of the next start
 * grow from which both runs get there.  Once in thousands of starts one does not, in
 * all the gradients that a flow may take: where all units have turned away from an
 * example, nothing teaches it any more. */
static struct times next_powers(struct claim *claim, int *start,
                                struct recipe_of_world of, bool to_the_end)
{
    enum { TRIES = 5 };
    struct recipe_of_world over = of;
    struct times power = {NAN, NAN};
    over.rho *= 10;
    for (int k = 0; k < TRIES && isnan(to_the_end ? power.end : power.half); k++) {
        struct times near = times_at(claim, *start, of, to_the_end);
        struct times far = times_at(claim, *start, over, to_the_end);
        power.half = log10(far.half / near.half);
        power.end = log10(far.end / near.end);
        ++*start;
    }
    return power;
}

struct powers {
    double half[REPLICATES], end[REPLICATES];
};

static struct powers powers_of_rho(struct claim *claim, int depth, int m, double rho,
                                   bool to_the_end)
{
    struct powers p;
    for (int r = 0, start = 0; r < REPLICATES; r++) {
        struct recipe_of_world of = {depth, m, 4, rho, SOFTPLUS};
        struct times power = next_powers(claim, &start, of, to_the_end);
        p.half[r] = power.half;
        p.end[r] = power.end;
    }
    return p;
}

/* For L > 1 the weights reach size lambda after T - C lambda^(1 - L) in units of t_c,
 * since they grow as their L-th power, and the loss is halved at lambda^(L + 1) ~ 1 /
 * rho: so t_half = T rho (1 - c rho^((L - 1) / (L + 1))), and between rho and 10 rho
 * the power is less than 1 by c (10^p - 1) rho^p / ln 10.  c <= 2: the last factor of
 * two in lambda takes less time than all those before it. */
static double clock_bias(int L, double rho)
{
    double p = (L - 1.0) / (L + 1);
    return 2 * (pow(10, p) - 1) * pow(rho, p) / log(10);
}

CLAIM(feat_clock, RATE, "In feature training the loss is halved after a time ~ rho")
{
    struct powers deep = powers_of_rho(claim, 3, 16, 1e-4, false);
    struct powers two = powers_of_rho(claim, 2, 16, 1e-4, false);
    struct powers one = powers_of_rho(claim, 1, 16, 1e-4, false);
    evidence(claim, "L = 3: power of rho",
             median_slope_near(REPLICATES, deep.half, 1, clock_bias(3, 1e-4), 0.5));
    evidence(claim, "L = 2: power of rho",
             median_slope_near(REPLICATES, two.half, 1, clock_bias(2, 1e-4), 0.5));
    control(claim, "L = 1, the same clock",
            median_slope_near(REPLICATES, one.half, 1, clock_bias(3, 1e-4), 0.5));
    struct powers lazy = powers_of_rho(claim, 2, 16, 1e3, false);
    control(claim, "L = 2, rho from 1e3",
            median_slope_near(REPLICATES, lazy.half, 1, clock_bias(2, 1e-4), 0.5));
}

/* In units of 1 / alpha the flow is smooth at 1 / alpha = 0, so a time is T (1 + c /
 * rho + ...): its power is off by c (1 - 1/10) / (rho ln 10).  |c| <= 25. */
static double plateau_bias(double rho) { return 25 * 0.9 / (rho * log(10)); }

CLAIM(feat_plateau, RATE, "Lazy training takes a time that knows nothing of alpha")
{
    struct powers lazy = powers_of_rho(claim, 3, 16, 1e3, true);
    struct powers feature = powers_of_rho(claim, 3, 16, 1e-2, true);
    evidence(claim, "time of half the loss, power",
             median_slope_near(REPLICATES, lazy.half, 0, plateau_bias(1e3), 0.5));
    evidence(claim, "time to all margins 1/2, power",
             median_slope_near(REPLICATES, lazy.end, 0, plateau_bias(1e3), 0.5));
    control(claim, "from rho = 0.01: half the loss",
            median_slope_near(REPLICATES, feature.half, 0, plateau_bias(1e3), 0.5));
    control(claim, "from rho = 0.01: all margins",
            median_slope_near(REPLICATES, feature.end, 0, plateau_bias(1e3), 0.5));
}

SECTION(feat_two_clocks, &feat_clock, &feat_plateau);
