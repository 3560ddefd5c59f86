/* "Many starts, one function": what the outputs owe to chance. */
#include "feature_learning/worlds.h"

#include <math.h>

enum { STARTS = 4, TEST = 64, GROUPS = 64, FEW = 40, NARROW = 16, WIDE = 160 };

/* The outputs of STARTS trained networks on the same new points. */
struct group {
    real F[STARTS][TEST];
    real y[TEST];
};

/* What chance has still to choose, when a group is given: where each network starts, on
 * the same examples; or the examples, for the same start. */
enum by_chance { THE_START, THE_EXAMPLES };

/* F := the outputs on X_test of a network that was trained on examples from one stream,
 * from a start of another. */
static void train_one(struct claim *claim, struct recipe_of_world of,
                      struct rng *examples, struct rng *start, mat X_test, vec F)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct mlp net = feat_network(CELL_INPUTS, of.depth, of.width);
    mat X = arena_mat(arena, of.examples, CELL_INPUTS);
    vec y = arena_vec(arena, of.examples), none = arena_vec(arena, TEST);
    cell_examples(examples, X, y);
    vec w_0 = normal_vec(arena, start, mlp_parameters(&net));
    double alpha = of.rho / sqrt(of.width);
    struct feat_model model = feat_make(arena, &net, X, y, alpha);
    struct feat_model test = feat_make(arena, &net, X_test, none, alpha);
    lazy_center(&model.on, w_0);
    lazy_center(&test.on, w_0);
    struct feat_flow flow = feat_flow_make(arena, &model, w_0);
    feat_to(&flow, INFINITY);
    feat_output(&test, flow.w, F);
    arena->used = mark;
}

/* Group r has streams r for its test points, and from (width, r) on for the rest. */
static void group_make(struct claim *claim, int r, struct recipe_of_world of,
                       enum by_chance chance, struct group *g)
{
    struct rng test = claim_rng(claim, (uint64_t)r);
    uint64_t own = (uint64_t)(1000 * of.width + r) << 8;
    mat X_test = arena_mat(claim_arena(claim), TEST, CELL_INPUTS);
    cell_examples(&test, X_test, (vec){TEST, g->y});
    for (int s = 0; s < STARTS; s++) {
        struct rng examples = test, start = claim_rng(claim, own);
        struct rng *drawn = chance == THE_START ? &start : &examples;
        *drawn = claim_rng(claim, own + 1 + (uint64_t)s);
        train_one(claim, of, &examples, &start, X_test, (vec){TEST, g->F[s]});
    }
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

/* The power of m in each group, from NARROW to WIDE, one hidden layer. */
static void powers_of_m(struct claim *claim, double rho, enum by_chance chance,
                        int groups, double *power)
{
    struct group narrow, wide;
    for (int r = 0; r < groups; r++) {
        size_t mark = claim_arena(claim)->used;
        struct recipe_of_world of = {1, NARROW, 4, rho, SOFTPLUS};
        group_make(claim, r, of, chance, &narrow);
        of.width = WIDE;
        group_make(claim, r, of, chance, &wide);
        power[r] = (mean_log_variance(&wide) - mean_log_variance(&narrow)) /
                   log((double)WIDE / NARROW);
        claim_arena(claim)->used = mark;
    }
}

/* The median over the groups: in one of some hundreds a narrow network ends far from
 * the others, and doubles the power.  Of 64, eight may. */
CLAIM(feat_fluctuations, RATE, "The variance of F over the starts falls as 1 / m")
{
    double power[GROUPS];
    powers_of_m(claim, 0.1, THE_START, GROUPS, power);
    evidence(claim, "rho = 0.1: power of m",
             median_slope_near(GROUPS, power, -1, 0, 0.5));
    powers_of_m(claim, 0.1, THE_EXAMPLES, FEW, power);
    control(claim, "over the examples instead",
            median_slope_near(FEW, power, -1, 0, 0.5));
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
        group_make(claim, k, of, THE_START, &g);
        double off = off_ensemble(&g, share, &size);
        evidence(claim, "S = 4, relative", at_most(off, rounding(TEST * STARTS, 1)));
        off = off_ensemble(&g, 1, &size);
        control(claim, "all of the variance", at_most(off, rounding(TEST * STARTS, 1)));
    }
}

SECTION(feat_starts, &feat_fluctuations, &feat_ensemble);
