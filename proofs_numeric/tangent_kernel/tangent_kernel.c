/* Chapter "The neural tangent kernel": its claims, section by section.
 *
 * First what holds at every width and to rounding: what the linear model is, and that
 * descent on it is descent with a kernel.  Then the limit, whose other route is a
 * quadrature of the expectations that define it.  Then width: slopes over independent
 * networks, each trained on the same few points. */
#include "ground/claim.h"

extern section ntk_linear_in_what, ntk_needs_only_a_kernel, ntk_in_closed_form,
    ntk_computing_it, ntk_stands_still, ntk_without_weights;

CHAPTER_OF(tangent_kernel, ntk_linear_in_what, ntk_needs_only_a_kernel,
           ntk_in_closed_form, ntk_computing_it, ntk_stands_still, ntk_without_weights)
