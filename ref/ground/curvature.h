/* curvature.h -- the Hessian of a cost of which only the gradient is known.
 *
 * A Hessian of n weights has n^2 entries, but what it does to one direction is a
 * difference of two gradients, and costs no more than that. */
#ifndef REF_CURVATURE_H
#define REF_CURVATURE_H

#include "ground/optimizers.h"

void hessian_product(gradient_of *gradient, void *cost, vec w, vec v,
                     struct arena *scratch, vec Hv);
double sharpness(gradient_of *gradient, void *cost, vec w, int products,
                 struct arena *scratch, vec top);

#endif
