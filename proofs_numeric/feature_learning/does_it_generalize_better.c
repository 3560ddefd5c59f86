/* "Does it generalize better?": errors on new examples. */
#include "feature_learning/worlds.h"

#include <math.h>

static double error_of(struct claim *claim, uint64_t seed, int data, int m, double rho)
{
    struct cell cell = {seed, data, 0, 32, 3, m, rho};
    struct cell_result x =
        cell_run(&cell, false, claim_arena(claim), (vec){0}, (vec){0});
    return x.status == FEAT_FITTED ? x.test_error : NAN;
}

static uint64_t claim_seed(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    return rng_bits(&rng);
}

enum { DATA_SETS = 56, FEW = 20 };

CLAIM(feat_test_error, PHENOMENON,
      "Where one direction matters, feature training errs less than lazy training")
{
    double better[DATA_SETS], same[FEW];
    uint64_t seed = claim_seed(claim);
    for (int k = 0; k < DATA_SETS; k++) {
        double feature = error_of(claim, seed, k, 16, 1e-2);
        double lazy = error_of(claim, seed, k, 16, 1e3);
        better[k] = lazy - feature;
        if (k < FEW)
            same[k] = error_of(claim, seed, k, 16, 1e4) - lazy;
    }
    evidence(claim, "error, lazy minus feature",
             effect_at_least(DATA_SETS, better, 0.01));
    control(claim, "both lazy, rho = 10^4 and 10^3", effect_at_least(FEW, same, 0.01));
}

SECTION(feat_generalize, &feat_test_error);
