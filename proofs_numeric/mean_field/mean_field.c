/* Chapter "Networks as measures": its claims.
 *
 * Particles are held against the book's own network, which knows nothing of measures;
 * minima against a dual bound that knows nothing of particles. */
#include "ground/claim.h"

extern section mf_means, mf_convexity, mf_flow, mf_descent, mf_independence, mf_kernels,
    mf_spikes, mf_margins;

CHAPTER_OF(mean_field, mf_means, mf_convexity, mf_flow, mf_descent, mf_independence,
           mf_kernels, mf_spikes, mf_margins)
