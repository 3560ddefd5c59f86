/* Chapter "What an optimizer may ask": its claims.
 *
 * Questions are put to a cost whose derivatives are known between bounds because its
 * residuals were chosen, and to quadratics that were built from their spectrum.  The
 * small problems that a step solves (a model, a ball, a multiplier) are solved here a
 * second time by bisection, which knows none of the closed forms of ref/oracles.c. */
#include "ground/claim.h"

extern section or_three_questions, or_smaller_on_average, or_what_makes_a_minimum,
    or_four_algorithms, or_staying_in_a_set, or_how_fast;

CHAPTER_OF(oracles, or_three_questions, or_smaller_on_average, or_what_makes_a_minimum,
           or_four_algorithms, or_staying_in_a_set, or_how_fast)
