/* curvatures.h -- second derivatives of a loss, from its gradient alone. */
#ifndef PROOFS_LANDSCAPE_CURVATURES_H
#define PROOFS_LANDSCAPE_CURVATURES_H

#include "ground/dense.h"
#include "ground/optimizers.h"

/* H := the second derivatives of a loss at w, by differences of its gradient with steps
 * h, 2h and 3h on either side, 1 to each of the n coordinates.  They are exact where
 * the gradient is a polynomial of degree 6 at most along each of these.  H: n x n. */
void curvatures(struct arena *arena, gradient_of *gradient, void *cost, vec w, double h,
                mat H);

/* How many eigenvalues of H are below -edge; and the least of them, and the least of
 * their sizes that is above the edge. */
struct spectrum {
    int negative;
    double least, gap;
};
struct spectrum spectrum_of(struct arena *arena, mat H, double edge);

#endif
