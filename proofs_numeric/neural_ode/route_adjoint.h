/* route_adjoint.h -- the adjoint of a neural ODE by SUNDIALS' CVODES, which owes
 * nothing to the way back of ref/neural_ode. */
#ifndef PROOFS_ROUTE_ADJOINT_H
#define PROOFS_ROUTE_ADJOINT_H

#include "neural_ode.h"

/* The gradient of a loss of the state at t_end: a, dL/dz there, becomes dL/dz at t, and
 * g := dL/dtheta.  z: the state at t, read.  The path is kept at checkpoints, solved
 * again between them and interpolated, so nothing is solved backward but a. */
void route_adjoint(const struct neural_ode *f, double t, double t_end, vec z,
                   double tolerance, vec a, vec g);

#endif
