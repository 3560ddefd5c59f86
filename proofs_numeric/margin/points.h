/* points.h -- what the claims of the margin have in common: planted points, and ways to
 * descend on them. */
#ifndef PROOFS_MARGIN_POINTS_H
#define PROOFS_MARGIN_POINTS_H

#include "ground/claim.h"
#include "ground/planted.h"
#include "ground/vectors.h"
#include "margin.h"

/* Twenty points in three dimensions of margin .3, unless a claim says otherwise. */
enum { N = 20, D = 3 };
#define GAMMA 0.3

/* The planted world of that stream, whose shares spread by `spread`. */
struct planted planted_points(struct claim *claim, int replicate, double spread);

/* w := where gradient flow on the sum of e^-m_i is at the time t_end, from w at t, by
 * the solver of ground/ode.h, asked for FLOW_TOLERANCE; l := t e^-m_i there.  The flow
 * from 0 is at t sum z_i up to (n t)^2 / 2, where flow_begins, at t = 1e-9. */
#define FLOW_BEGINS 1e-9
static const double FLOW_TOLERANCE = REAL_EPSILON < 1e-13 ? 1e-11 : 8 * REAL_EPSILON;
void flow_begins(mat Z, vec w);
void flow_to(struct claim *claim, mat Z, double t, double t_end, vec w, vec l);

/* w after so many steps of descent from 0 on that loss of Z w. */
vec descend(struct claim *claim, mat Z, loss_function *loss, double alpha, int steps);

/* A loss that falls as a power: ln of the mean of (1 + m)^-2, with 1 - 2m where m < 0.
 */
loss_function power_loss;

/* The part of x across e, a unit vector, in place. */
void across(vec e, vec x);

#endif
