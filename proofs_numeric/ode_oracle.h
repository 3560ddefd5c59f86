/* ode_oracle.h -- initial value problems and their adjoints by SUNDIALS' CVODES, which
 * owes nothing to ref/ode: multistep methods, implicit, with Newton's iteration. */
#ifndef PROOFS_ODE_ORACLE_H
#define PROOFS_ODE_ORACLE_H

#include "ode.h"

/* z := the state at t_end of the equation, from z at t, by backward differentiation of
 * variable order; Jacobians by difference quotients.  For stiff equations too. */
void oracle_ode(const struct ode *ode, double t, double t_end, vec z, double relative,
                double absolute);

#endif
