/* flows.h -- planar layers for the chapter "Densities by change of variables", and
 * their Jacobians by another route. */
#ifndef PROOFS_FLOWS_H
#define PROOFS_FLOWS_H

#include "ground/claim.h"
#include "normalizing_flows.h"

#define PI   3.14159265358979323846
#define TINY 1e-30 /* a complex step: nothing is subtracted, so it may be so small */

/* u and w of standard normal entries over n^(1/4), so that w'u ~ N(0, 1). */
struct planar random_layer(struct claim *claim, struct rng *rng, int n);

/* u += s w so that w'u is the given number. */
struct planar with_product(struct planar layer, double wu);

/* J := the Jacobian at z of f_count o ... o f_1, column by column. */
void complex_jacobian(int count, const struct planar *layer, vec z, mat J);

/* det A, the product of LAPACK's pivots, with their signs. */
double lu_determinant(struct arena *arena, mat A);

#endif
