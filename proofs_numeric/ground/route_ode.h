/* route_ode.h -- initial value problems by SUNDIALS' CVODES, which owes nothing to
 * ref/ground/ode: multistep methods, implicit, with Newton's iteration. */
#ifndef PROOFS_ROUTE_ODE_H
#define PROOFS_ROUTE_ODE_H

#include "ground/ode.h"

/* z := the state at t_end of the equation, from z at t, by backward differentiation of
 * variable order; Jacobians by difference quotients.  For stiff equations too. */
void route_ode(const struct ode *ode, double t, double t_end, vec z, double relative,
               double absolute);

#endif
