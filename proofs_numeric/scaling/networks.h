/* networks.h -- ReLU networks of one width, in one of two parametrizations, with what
 * moves them. */
#ifndef PROOFS_SCALING_NETWORKS_H
#define PROOFS_SCALING_NETWORKS_H

#include "ground/claim.h"
#include "scaling.h"

/* How a network is scaled with its width: by the standard start alone; by that and
 * rates that fall with the inputs of a layer, which is what the tangent scaling amounts
 * to; by the start and the rates of maximal update; or, for controls, by these with
 * those of the first and the last layer exchanged. */
enum scaled_as { STANDARD_RATES, TANGENT_RATES, MAXIMAL_RATES, SWAPPED_RATES };

struct scaled {
    struct mlp net, base;
    vec w, grad; /* P */
    struct scal_layers layers;
};

/* x := a network from so many inputs through hidden layers of m ReLUs to one output, at
 * its start, the base of which has m_0 ReLUs; moved by the gradient or by its signs.
 * x stays where it is. */
void scaled_make(struct scaled *x, struct arena *arena, struct rng *rng,
                 enum scaled_as as, enum scal_rule rule, int inputs, int hidden, int m,
                 int m_0);

/* Moves the layers by Adam with its authors' constants from here on, at rest. */
void scaled_by_adam(struct scaled *x, struct arena *arena);

/* The tangent kernel of one hidden layer of m ReLUs at a standard start, in the mean,
 * m/2 k_1 |x| |y| / d + 1/2 k_0 x'y with the arc-cosine kernels of the angle.  x, y: d.
 */
double mean_kernel(double m, vec x, vec y);

#endif
