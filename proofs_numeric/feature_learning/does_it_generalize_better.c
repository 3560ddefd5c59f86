/* "Does it generalize better?": errors on new examples. */
#include "feature_learning/worlds.h"

#include <math.h>

static double error_of(struct claim *claim, uint64_t seed, int data, int m, double rho)
{
    struct cell cell = {seed, data, 0, 64, 3, m, rho};
    struct cell_result x =
        cell_run(&cell, false, claim_arena(claim), (vec){0}, (vec){0});
    return x.status == FEAT_FITTED ? x.test_error : NAN;
}

static uint64_t claim_seed(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    return rng_bits(&rng);
}

enum { DATA_SETS = 32 };

CLAIM(feat_test_error, PHENOMENON,
      "Where one direction matters, feature training errs less than lazy training")
{
    double better[DATA_SETS], same[DATA_SETS];
    uint64_t seed = claim_seed(claim);
    for (int k = 0; k < DATA_SETS; k++) {
        double feature = error_of(claim, seed, k, 16, 1e-2);
        double lazy = error_of(claim, seed, k, 16, 100);
        better[k] = lazy - feature;
        same[k] = error_of(claim, seed, k, 16, 1e3) - lazy;
    }
    evidence(claim, "error, lazy minus feature",
             effect_at_least(DATA_SETS, better, 0.02));
    control(claim, "both lazy, rho = 1000 and 100",
            effect_at_least(DATA_SETS, same, 0.02));
}

SECTION(feat_generalize, &feat_test_error);
