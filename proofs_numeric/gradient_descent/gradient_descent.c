/* Chapter "Gradient descent on a quadratic": its claims.
 *
 * Most of them run the lecture's algorithm in a bowl whose spectrum, axes and minimum
 * are known because it was built from them, and look at the error in the coordinates of
 * the eigenvectors, where the lecture's law is a formula in one line. */
#include "ground/claim.h"

extern section gd_the_model_system, gd_first_step, gd_one_coordinate,
    gd_all_coordinates, gd_the_cost, gd_how_fast_then, gd_on_real_data,
    gd_where_it_stops;

CHAPTER_OF(gradient_descent, gd_the_model_system, gd_first_step, gd_one_coordinate,
           gd_all_coordinates, gd_the_cost, gd_how_fast_then, gd_on_real_data,
           gd_where_it_stops)
