/* networks.h -- what the claims on Barron functions share: networks whose units are
 * drawn, and points at which they are looked at. */
#ifndef BARRON_NETWORKS_H
#define BARRON_NETWORKS_H

#include "barron.h"
#include "ground/claim.h"

/* Units at m points of the cube that are independent; one in each of the n^sides cells;
 * in their middles. */
struct bar_units independent_units(struct arena *arena, struct bar_law law, int m,
                                   struct rng *rng);
struct bar_units cell_units(struct arena *arena, struct bar_law law, int n,
                            struct rng *rng);
struct bar_units middle_units(struct arena *arena, struct bar_law law, int n);

/* f_m at one point. */
double value_at(struct arena *arena, struct bar_units f, vec x);

/* A point of [-1, 1]^d, uniform. */
vec cube_point(struct arena *arena, struct rng *rng, int d);

/* The points (t_0, ..., t_0), ..., with t = -1, ..., 1 in n equal steps, as rows. */
mat diagonal(struct arena *arena, int n, int d);

#endif
