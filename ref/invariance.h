/* invariance.h -- changes of coordinates, and optimizers that notice them or do not.
 *
 * A rigid map moves the points, w~ = Q'(w - t), and the cost goes with them,
 * J~(w~) = J(Q w~ + t).  An optimizer is invariant to the map if it makes no difference
 * whether one maps first and then steps, or steps first and then maps.  Of these,
 * momentum is.  The others look at one coordinate at a time, and so notice how the axes
 * lie.  [CSC2541-1/28-32] */
#ifndef REF_INVARIANCE_H
#define REF_INVARIANCE_H

#include "ground/optimizers.h"
#include "ground/quadratic.h"

struct rigid {
    mat Q; /* n x n, orthogonal: the new axes, one in each column */
    vec t; /* n: the old coordinates of the new origin            */
};

void inv_to_rotated(struct rigid T, vec w, vec w_tilde);
void inv_from_rotated(struct rigid T, vec w_tilde, vec w);
void inv_quadratic_rotated(struct rigid T, struct quadratic q, struct arena *scratch,
                           struct quadratic *rotated);

enum coordinate_status {
    COORDINATE_OK,
    COORDINATE_NO_MINIMUM /* the cost has no curvature along it, or a negative one */
};

enum coordinate_status inv_coordinate_step(struct quadratic q, int j, vec w);
enum coordinate_status inv_coordinate_sweep(struct quadratic q, vec w);

#endif
