/* Chapter "More data can hurt": its claims.
 *
 * The lecture's experiment has Gaussian features, and then the errors of the fit have
 * laws that are exact at every size, also at N = D where no mean exists.  So most
 * claims here compare a sample of fits with a distribution function. */
#include "ground/claim.h"

extern section what_capacity_was_supposed_to_do, the_fit_of_least_norm,
    the_law_of_the_noise, singular_values, ridge, features_at_random;

CHAPTER_OF(double_descent, what_capacity_was_supposed_to_do, the_fit_of_least_norm,
           the_law_of_the_noise, singular_values, ridge, features_at_random)
