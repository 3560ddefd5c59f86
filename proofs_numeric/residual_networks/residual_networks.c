/* Chapter "Depth as time": its claims.
 *
 * The net under test multiplies matrices.  What it is compared with does not: the field
 * of the differential equation is summed in plain loops and handed to a solver, the
 * derivatives come from complex steps, and the laws of random layers are mixtures of
 * digamma functions. */
#include "ground/claim.h"

extern section resnet_additions, resnet_steps, resnet_gradients, resnet_branches,
    resnet_depths;

CHAPTER_OF(residual_networks, resnet_additions, resnet_steps, resnet_gradients,
           resnet_branches, resnet_depths)
