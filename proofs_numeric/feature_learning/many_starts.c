/* "Many starts, one function": what the outputs owe to chance. */
#include "feature_learning/worlds.h"

#include <math.h>

enum { STARTS = 4, TEST = 32, GROUPS = 24 };

/* The outputs of networks from STARTS starts, trained on the same examples, on the same
 * new points. */
struct group {
    double F[STARTS][TEST];
    double y[TEST];
};

/* Trains one network from a start of its own.  scaled: to F = alpha (f - f_0), or not
 * at all, to alpha f_0 with alpha = 1. */
static void one_start(struct claim *claim, struct rng *rng, struct recipe_of_world of,
                      mat X, vec y, mat X_test, bool untrained, vec F)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct mlp net = feat_network(CELL_INPUTS, of.depth, of.width);
    vec w_0 = normal_vec(arena, rng, mlp_parameters(&net)), w = w_0;
    double alpha = untrained ? 1 : of.rho / sqrt(of.width);
    struct feat_model test =
        feat_make(arena, &net, X_test, arena_vec(arena, TEST), alpha);
    if (!untrained) {
        struct feat_model model = feat_make(arena, &net, X, y, alpha);
        lazy_center(&model.on, w_0);
        lazy_center(&test.on, w_0);
        struct feat_flow flow = feat_flow_make(arena, &model, w_0);
        feat_to(&flow, INFINITY);
        w = flow.w;
    }
    feat_output(&test, w, F);
    arena->used = mark;
}

static void group_make(struct claim *claim, int replicate, struct recipe_of_world of,
                       bool untrained, struct group *g)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    mat X = arena_mat(arena, of.examples, CELL_INPUTS);
    mat X_test = arena_mat(arena, TEST, CELL_INPUTS);
    vec y = arena_vec(arena, of.examples);
    cell_examples(&rng, X, y);
    cell_examples(&rng, X_test, (vec){TEST, g->y});
    struct rng starts = claim_rng(claim, (uint64_t)(1000 * of.width + replicate));
    for (int s = 0; s < STARTS; s++)
        one_start(claim, &starts, of, X, y, X_test, untrained, (vec){TEST, g->F[s]});
    arena->used = mark;
}

static double mean_output(const struct group *g, int i)
{
    double sum = 0;
    for (int s = 0; s < STARTS; s++)
        sum += g->F[s][i];
    return sum / STARTS;
}

/* The unbiased variance over the starts at point i. */
static double variance(const struct group *g, int i)
{
    double mean = mean_output(g, i), sum = 0;
    for (int s = 0; s < STARTS; s++)
        sum += (g->F[s][i] - mean) * (g->F[s][i] - mean);
    return sum / (STARTS - 1);
}

static double mean_log_variance(const struct group *g)
{
    double sum = 0;
    for (int i = 0; i < TEST; i++)
        sum += log(variance(g, i)) / TEST;
    return sum;
}

static void powers_of_m(struct claim *claim, double rho, bool untrained, double *power)
{
    struct group narrow, wide;
    for (int r = 0; r < GROUPS; r++) {
        group_make(claim, r, (struct recipe_of_world){3, 8, 4, rho, SOFTPLUS},
                   untrained, &narrow);
        group_make(claim, r, (struct recipe_of_world){3, 64, 4, rho, SOFTPLUS},
                   untrained, &wide);
        power[r] = (mean_log_variance(&wide) - mean_log_variance(&narrow)) / log(8);
    }
}

CLAIM(feat_fluctuations, RATE, "The variance of F over the starts falls as 1 / m")
{
    double power[GROUPS];
    powers_of_m(claim, 0.1, false, power);
    evidence(claim, "rho = 0.1: power of m", slopes_are(GROUPS, power, -1, 0.5));
    powers_of_m(claim, 100, false, power);
    evidence(claim, "rho = 100: power of m", slopes_are(GROUPS, power, -1, 0.5));
    powers_of_m(claim, 100, true, power);
    control(claim, "f at the start: power of m", slopes_are(GROUPS, power, -1, 0.5));
}

/* The mean over the starts of the mean (F - y)^2, less that of the mean output, and
 * less (1 - 1/S) of the variance. */
static double off_ensemble(const struct group *g, double share, double *size)
{
    double single = 0, ensemble = 0, spread = 0;
    for (int i = 0; i < TEST; i++) {
        double off = mean_output(g, i) - g->y[i];
        ensemble += off * off / TEST;
        spread += variance(g, i) / TEST;
        for (int s = 0; s < STARTS; s++)
            single += (g->F[s][i] - g->y[i]) * (g->F[s][i] - g->y[i]) / (TEST * STARTS);
    }
    *size = single;
    return fabs(single - ensemble - share * spread) / single;
}

CLAIM(feat_ensemble, IDENTITY,
      "An ensemble of S gains (1 - 1/S) of the variance over the starts, in square")
{
    double share = 1 - 1.0 / STARTS, size;
    for (int k = 0; k < 4; k++) {
        struct group g;
        struct recipe_of_world of = {2, 8 << k, 6, pow(10, k - 1), SOFTPLUS};
        group_make(claim, k, of, false, &g);
        double off = off_ensemble(&g, share, &size);
        evidence(claim, "S = 4, relative", at_most(off, rounding(TEST * STARTS, 1)));
        off = off_ensemble(&g, 1, &size);
        control(claim, "all of the variance", at_most(off, rounding(TEST * STARTS, 1)));
    }
}

SECTION(feat_starts, &feat_fluctuations, &feat_ensemble);
