/* Chapter "Steps that scale": its claims, section by section.
 *
 * What a step does to a single example is an identity, and so is what a step is
 * steepest in; the constants of Muon's polynomial are for ball arithmetic.  Only how a
 * whole network trains is measured, on images. */
#include "ground/claim.h"

extern section scal_one_example, scal_best_rates, scal_norms, scal_newton_and_schulz;

CHAPTER_OF(scaling, scal_one_example, scal_best_rates, scal_norms,
           scal_newton_and_schulz)
