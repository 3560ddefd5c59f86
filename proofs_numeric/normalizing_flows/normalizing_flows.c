/* Chapter "Densities by change of variables": its claims.
 *
 * The other routes are: Jacobians by complex steps through maps that are written anew
 * here, and their determinants by LAPACK's LU; integrals over the plane by the
 * trapezoidal rule; and histograms of samples.  The rule converges geometrically where
 * the integrand is smooth and dies out, so its value at spacing h is nearer to the
 * integral than to those at 3h: what these differ by is the limit. */
#include "ground/claim.h"

extern section conservation_of_probability, a_layer_that_moves_along_one_direction,
    when_it_can_be_undone, what_a_chain_can_do, fitting_a_density,
    a_run_that_can_be_stopped;

CHAPTER_OF(normalizing_flows, conservation_of_probability,
           a_layer_that_moves_along_one_direction, when_it_can_be_undone,
           what_a_chain_can_do, fitting_a_density, a_run_that_can_be_stopped)
