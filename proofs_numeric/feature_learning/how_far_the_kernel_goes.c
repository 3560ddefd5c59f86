/* "How far the kernel goes", and "What collapses". */
#include "feature_learning/worlds.h"

#include <math.h>

/* The relative change of the kernel when training ends; NaN if it does not. */
static double change_at_end(struct claim *claim, int replicate,
                            struct recipe_of_world of)
{
    size_t mark = claim_arena(claim)->used;
    struct world x;
    world_make(claim, replicate, of, &x);
    enum feat_status status = feat_to(&x.flow, INFINITY);
    double change = status == FEAT_FITTED ? kernel_change(claim, &x) : NAN;
    claim_arena(claim)->used = mark;
    return change;
}

/* ln of the change in one world over that in another, for the next start from which
 * training ends in both.  Once in hundreds of starts it does not: where all units have
 * turned away from an example, nothing teaches it any more. */
static double next_ratio(struct claim *claim, int *start, struct recipe_of_world of,
                         struct recipe_of_world over)
{
    enum { TRIES = 5 };
    double ratio = NAN;
    for (int k = 0; k < TRIES && isnan(ratio); k++, ++*start)
        ratio = change_at_end(claim, *start, of) / change_at_end(claim, *start, over);
    return log(ratio);
}

/* ---- The power of alpha -----------------------------------------------------------
 */

enum { MOST = 72 };

/* The power of rho, between rho and 10 rho, in so many replicates, at most MOST. */
static void powers_of_rho(struct claim *claim, struct recipe_of_world of,
                          int replicates, double *power)
{
    struct recipe_of_world far = of;
    far.rho *= 10;
    for (int r = 0, start = 0; r < replicates; r++)
        power[r] = next_ratio(claim, &start, far, of) / log(10);
}

/* The weights end at a size lambda above that of the start, 1 / rho ~ lambda^(L + 1)
 * and Theta ~ lambda^(2 L), each times 1 + O(1 / lambda): so the change times rho^(2 L
 * / (L + 1)) is constant but for a factor 1 + c rho^(1 / (L + 1)), which between rho
 * and 10 rho moves the power by c (10^p - 1) rho^p / ln 10, p = 1 / (L + 1).  |c| <= 2.
 */
static double growth_bias(int L, double rho)
{
    double p = 1.0 / (L + 1);
    return 2 * (pow(10, p) - 1) * pow(rho, p) / log(10);
}

/* The median: one start in a hundred ends elsewhere from rho than from 10 rho, which
 * moves its power by up to a half.  Of 72, ten may on either side. */
static struct finding power_is(struct claim *claim, struct recipe_of_world of, int L,
                               int starts)
{
    double power[MOST];
    powers_of_rho(claim, of, starts, power);
    return median_slope_near(starts, power, -2.0 * L / (L + 1), growth_bias(L, 1e-4),
                             0.25);
}

/* For the figure: eight decades of rho at each depth, and lines of the predicted slopes
 * through the second point and through the last. */
static void record_depths(struct claim *claim)
{
    enum { DECADES = 8, DEPTHS = 3 };
    double rho[DECADES], change[DEPTHS][DECADES];
    for (int k = 0; k < DECADES; k++) {
        rho[k] = pow(10, k - 4);
        for (int L = 1; L <= DEPTHS; L++)
            change[L - 1][k] =
                change_at_end(claim, 0,
                              (struct recipe_of_world){L, 32, 4, rho[k], SOFTPLUS});
    }
    struct series s = series_begin(claim, "depths", "rho", "L1", "L2", "L3", "law1",
                                   "law2", "law3", "lazy1", "lazy2", "lazy3", NULL);
    for (int k = 0; k < DECADES; k++) {
        double line[1 + 3 * DEPTHS] = {rho[k]};
        for (int L = 1; L <= DEPTHS; L++) {
            const double *of = change[L - 1];
            line[L] = of[k];
            line[DEPTHS + L] = of[1] * pow(rho[k] / rho[1], -2.0 * L / (L + 1));
            line[2 * DEPTHS + L] = of[DECADES - 1] * rho[DECADES - 1] / rho[k];
        }
        series_row(&s, line);
    }
    series_end(&s);
}

CLAIM(feat_kernel_change, RATE,
      "Theta changes by ~ (alpha sqrt m)^(-2L/(L+1)), in feature training")
{
    static const char *const what[] = {"", "L = 1: power of rho, -1",
                                       "L = 2: power of rho, -4/3",
                                       "L = 3: power of rho, -3/2"};
    struct recipe_of_world of = {1, 16, 4, 1e-4, SOFTPLUS};
    for (of.depth = 1; of.depth <= 3; of.depth++)
        evidence(claim, what[of.depth], power_is(claim, of, of.depth, 72));
    struct recipe_of_world one = {1, 32, 4, 1e-4, SOFTPLUS},
                           lazy = {3, 16, 4, 1e3, SOFTPLUS};
    control(claim, "L = 1 as if L were 2", power_is(claim, one, 2, 40));
    control(claim, "L = 3, rho from 1e3", power_is(claim, lazy, 3, 40));
    record_depths(claim);
}

/* As 1 / rho -> 0 the change is c / rho (1 + c' / rho): the power is off by c' (1 -
 * 1/10) / (rho ln 10).  |c'| <= 100: laziness begins at 100 at the latest. */
static double lazy_bias(double rho) { return 100 * 0.9 / (rho * log(10)); }

/* The power of m of the change in one hidden layer, between two widths a factor of 8 or
 * 16 apart; at a fixed rho, or at a fixed alpha, that of rho at the first. */
struct widths {
    int narrow, wide, replicates; /* of these at most MOST */
    bool fixed_alpha;
};

static struct finding width_power_is(struct claim *claim, double rho, struct widths m,
                                     double predicted)
{
    double power[MOST], factor = (double)m.wide / m.narrow;
    struct recipe_of_world narrow = {1, m.narrow, 8, rho, SOFTPLUS}, wide = narrow;
    wide.width = m.wide;
    if (m.fixed_alpha)
        wide.rho *= sqrt(factor);
    for (int r = 0, start = 0; r < m.replicates; r++)
        power[r] = next_ratio(claim, &start, wide, narrow) / log(factor);
    return slopes_are(m.replicates, power, predicted, 0.5);
}

/* The median for L = 3, as above; of 56, five may end elsewhere on either side. */
CLAIM(feat_lazy_change, RATE,
      "Lazily Theta changes by ~ 1 / alpha; at a fixed rho, less the wider it is")
{
    enum { STARTS = 56 };
    double power[MOST];
    struct recipe_of_world deep = {3, 16, 8, 1e3, SOFTPLUS};
    powers_of_rho(claim, deep, STARTS, power);
    evidence(claim, "L = 3: power of alpha",
             median_slope_near(STARTS, power, -1, lazy_bias(1e3), 0.3));
    evidence(claim, "L = 1, rho = 1000: power of m",
             width_power_is(claim, 1e3, (struct widths){16, 256, 48, false}, -0.5));
    deep.rho = 1e-2;
    powers_of_rho(claim, deep, STARTS, power);
    control(claim, "L = 3, from rho = 0.01",
            median_slope_near(STARTS, power, -1, lazy_bias(1e3), 0.3));
    control(claim, "L = 1, rho = 0.1: power of m",
            width_power_is(claim, 0.1, (struct widths){24, 192, 28, false}, -0.5));
}

/* ---- The collapse -----------------------------------------------------------------
 */

CLAIM(feat_collapse, RATE,
      "In feature training the kernel's change is a function of alpha sqrt(m)")
{
    evidence(claim, "fixed alpha sqrt(m): power of m",
             width_power_is(claim, 0.1, (struct widths){24, 192, 28, false}, 0));
    control(claim, "fixed alpha: power of m",
            width_power_is(claim, 0.1, (struct widths){24, 192, 28, true}, 0));
}

SECTION(feat_how_far, &feat_kernel_change, &feat_lazy_change, &feat_collapse);
