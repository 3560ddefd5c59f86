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

/* ---- The power of alpha -----------------------------------------------------------
 */

enum { REPLICATES = 24, MANY = 48 };

/* The power of rho, between rho and 10 rho, in each replicate. */
static void powers_of_rho(struct claim *claim, struct recipe_of_world of, double *power)
{
    for (int r = 0; r < REPLICATES; r++) {
        struct recipe_of_world far = of;
        far.rho *= 10;
        power[r] = log10(change_at_end(claim, r, far) / change_at_end(claim, r, of));
    }
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

static struct finding power_is(struct claim *claim, struct recipe_of_world of, int L)
{
    double power[REPLICATES];
    powers_of_rho(claim, of, power);
    return slopes_near(REPLICATES, power, -2.0 * L / (L + 1), growth_bias(L, 1e-4),
                       0.16);
}

CLAIM(feat_kernel_change, RATE,
      "Theta changes by ~ (alpha sqrt m)^(-2L/(L+1)), in feature training")
{
    static const char *const what[] = {"", "L = 1: power of rho, -1",
                                       "L = 2: power of rho, -4/3",
                                       "L = 3: power of rho, -3/2"};
    struct recipe_of_world of = {1, 32, 4, 1e-4, SOFTPLUS};
    for (of.depth = 1; of.depth <= 3; of.depth++)
        evidence(claim, what[of.depth], power_is(claim, of, of.depth));
    control(claim, "L = 1 for L = 2",
            power_is(claim, (struct recipe_of_world){1, 16, 4, 1e-4, SOFTPLUS}, 2));
    control(claim, "L = 3, rho from 1e3",
            power_is(claim, (struct recipe_of_world){3, 16, 4, 1e3, SOFTPLUS}, 3));
}

/* As 1 / rho -> 0 the change is c / rho (1 + c' / rho): the power is off by c' (1 -
 * 1/10) / (rho ln 10).  |c'| <= 100: laziness begins at 100 at the latest. */
static double lazy_bias(double rho) { return 100 * 0.9 / (rho * log(10)); }

/* The power of m of the change, between two widths, at a fixed rho, or at a fixed alpha
 * and rho at the first of them. */
static void powers_of_m(struct claim *claim, struct recipe_of_world of, int m,
                        bool fixed_alpha, double *power)
{
    for (int r = 0; r < MANY; r++) {
        struct recipe_of_world wide = of;
        wide.width = m;
        if (fixed_alpha)
            wide.rho *= sqrt((double)m / of.width);
        power[r] = log(change_at_end(claim, r, wide) / change_at_end(claim, r, of)) /
                   log((double)m / of.width);
    }
}

CLAIM(feat_lazy_change, RATE,
      "Lazily Theta changes by ~ 1 / alpha; at a fixed rho, less the wider it is")
{
    double power[MANY];
    struct recipe_of_world deep = {3, 16, 8, 1e3, SOFTPLUS};
    powers_of_rho(claim, deep, power);
    evidence(claim, "L = 3: power of alpha",
             slopes_near(REPLICATES, power, -1, lazy_bias(1e3), 0.3));
    struct recipe_of_world shallow = {1, 8, 8, 1e3, SOFTPLUS};
    powers_of_m(claim, shallow, 128, false, power);
    evidence(claim, "L = 1, fixed rho: power of m", slopes_are(MANY, power, -0.5, 0.5));
    deep.rho = 1e-2;
    powers_of_rho(claim, deep, power);
    control(claim, "L = 3, from rho = 0.01",
            slopes_near(REPLICATES, power, -1, lazy_bias(1e3), 0.3));
    shallow.rho = 0.1;
    powers_of_m(claim, shallow, 128, false, power);
    control(claim, "L = 1, rho = 0.1: power of m", slopes_are(MANY, power, -0.5, 0.5));
}

/* ---- The collapse -----------------------------------------------------------------
 */

CLAIM(feat_collapse, RATE,
      "At a fixed alpha sqrt(m) the kernel changes alike, however wide the network is")
{
    double power[MANY];
    struct recipe_of_world one = {1, 8, 8, 0.1, SOFTPLUS},
                           two = {2, 8, 8, 0.1, SOFTPLUS};
    powers_of_m(claim, one, 128, false, power);
    evidence(claim, "L = 1, fixed rho: power of m", slopes_are(MANY, power, 0, 0.5));
    powers_of_m(claim, two, 64, false, power);
    evidence(claim, "L = 2, fixed rho: power of m",
             slopes_are(MANY, power, 0, 2.0 / 3));
    powers_of_m(claim, one, 128, true, power);
    control(claim, "L = 1, fixed alpha", slopes_are(MANY, power, 0, 0.5));
    powers_of_m(claim, two, 64, true, power);
    control(claim, "L = 2, fixed alpha", slopes_are(MANY, power, 0, 2.0 / 3));
}

SECTION(feat_how_far, &feat_kernel_change, &feat_lazy_change, &feat_collapse);
