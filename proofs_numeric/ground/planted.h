/* planted.h -- separable points whose answers are known because they were built from
 * them: the widest margin, its separator and multipliers, and where descent goes.
 *
 * A point here is signed, z_i = y_i x_i, so that w separates where all z_i'w > 0; an
 * x_i with a label y_i is y_i z_i, for any signs.  In a random frame (e, T), T
 * orthogonal to e, the first d points are the support, z_i = gamma e + s u_i / p_i,
 * with u_i the corners of a regular simplex in T, whose sum is 0.  So sum p_i z_i =
 * gamma e, a point of their hull of length gamma; and z_i'e = gamma is the least of all
 * z_j'e, since the other points lie at 2 gamma to 3 gamma along e.  Either number
 * bounds the widest margin, one from below and one from above.  The longest point of
 * the support has length 1, the others at most. */
#ifndef PROOFS_PLANTED_H
#define PROOFS_PLANTED_H

#include "ground/dense.h"
#include "ground/rng.h"

struct planted {
    mat Z;        /* n x d: a signed point in each row, the support first         */
    double gamma; /* the widest margin, max over ||e|| = 1 of min z_i'e           */
    vec e;        /* d: where it is attained                                      */
    vec w;        /* d: e / gamma, the shortest w with all z_i'w >= 1             */
    vec p;        /* n: shares >= 0 of sum 1, 0 off the support, Z'p = gamma e    */
    vec alpha;    /* n: p / gamma^2, the multipliers: Z'alpha = w                 */
    vec w_tilde;  /* d: on the support z_i'w_tilde = -ln alpha_i                  */
};

/* n points in d dimensions, n >= d >= 2.  0 < gamma <= 1/3.  The p_i are uniform on 1 -
 * spread to 1 + spread, 0 <= spread < 1, before they are scaled to the sum 1. */
struct planted planted_make(struct arena *arena, struct rng *rng, int n, int d,
                            double gamma, double spread);

#endif
