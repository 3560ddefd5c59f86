/* weighted_flows.h -- flows on separable examples whose classes have weights, and the
 * minima that decay gives them. */
#ifndef PROOFS_INFLUENCE_WEIGHTED_FLOWS_H
#define PROOFS_INFLUENCE_WEIGHTED_FLOWS_H

#include "ground/claim.h"
#include "ground/ode.h"
#include "ground/vectors.h"
#include "influence.h"

#include <math.h>

/* The flow on sum_i c_i l(z_i'w) from w = 0, by Dormand and Prince's steps in ln(1 +
 * t). Its solver works to FLOW_TOLERANCE in each step, and the flow draws neighbours
 * together, so that the error is at most that times the number of steps, in units of 1
 * + ||w||.  It stays where it was made. */
struct flow {
    struct inf_flow of;
    struct ode ode;
    struct ode_solver solver;
};

/* 1e-11 in double precision: so far above rounding that steps are not small for it. */
#define FLOW_TOLERANCE pow(REAL_EPSILON, 0.7)

void flow_begin(struct claim *claim, mat Z, vec c, double tail, struct flow *flow);

/* w at time t, which never falls: a view of the solver's state.  NaN if it failed. */
vec flow_to(struct flow *flow, double t);
double flow_error(const struct flow *flow);

/* w := the minimum of the mean of c_i ln(1 + e^-m_i) with decay, from w on, where the
 * gradient is at most the tolerance; NaN if it was not found. */
void decayed(struct claim *claim, mat Z, vec c, double lambda, double tolerance, vec w);

#endif
