/* ode_oracle.h -- initial value problems and their adjoints by SUNDIALS' CVODES, which
 * owes nothing to ref/ode: multistep methods, implicit, with Newton's iteration. */
#ifndef PROOFS_ODE_ORACLE_H
#define PROOFS_ODE_ORACLE_H

#include "neural_ode.h"

/* z := the state at t_end of the equation, from z at t, by backward differentiation of
 * variable order; Jacobians by difference quotients.  For stiff equations too. */
void route_ode(const struct ode *ode, double t, double t_end, vec z, double relative,
                double absolute);

/* The gradient of a loss of the state at t_end: a, dL/dz there, becomes dL/dz at t, and
 * g := dL/dtheta.  z: the state at t, read.  The path is kept at checkpoints, solved
 * again between them and interpolated, so nothing is solved backward but a. */
void route_adjoint(const struct neural_ode *f, double t, double t_end, vec z,
                    double tolerance, vec a, vec g);

#endif
