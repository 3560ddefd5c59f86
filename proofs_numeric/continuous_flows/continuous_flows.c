/* Chapter "Flows without determinants": its claims.
 *
 * The other route to most numbers is the same flow in plain loops over complex numbers,
 * point by point: a derivative by anything, weights too, is then the imaginary part of
 * one evaluation, with no difference to be taken. */
#include "ground/claim.h"

extern section from_a_determinant_to_a_trace, total_or_partial,
    the_field_and_its_trace_in_one_pass, what_the_fixed_steps_cost, learning,
    a_trace_from_one_random_direction, what_is_cheap;

CHAPTER_OF(continuous_flows, from_a_determinant_to_a_trace, total_or_partial,
           the_field_and_its_trace_in_one_pass, what_the_fixed_steps_cost, learning,
           a_trace_from_one_random_direction, what_is_cheap)
