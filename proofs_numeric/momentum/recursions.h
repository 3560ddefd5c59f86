/* recursions.h -- what a method that remembers one step is along a curvature a: a
 * linear map of the two numbers that it goes on from, and the roots that decide. */
#ifndef PROOFS_MOMENTUM_RECURSIONS_H
#define PROOFS_MOMENTUM_RECURSIONS_H

#include "ground/claim.h"
#include "momentum.h"

/* How far ahead along v a rule takes its gradient: 0, alpha beta, or beta. */
enum rule { HEAVY_BALL, LOOK_AHEAD, AS_PRINTED };

double reach_of(enum rule rule, double alpha, double beta);

/* A rule with its setting, on the cost 1/2 a w^2. */
struct along {
    enum rule rule;
    double alpha, beta, a;
};

/* (w, v) := the next (w, v), by mom_look_ahead_step. */
void step_along(struct claim *claim, struct along x, double state[2]);

/* From measured steps: what is largest of |z| among the roots of z^2 - trace z + det,
 * of the map that takes (1, 0) and (0, 1) where ref/ takes them. */
double measured_factor(struct claim *claim, struct along x);

/* The curvature between low and high at which this passes 1. */
double measured_edge(struct claim *claim, enum rule rule, double alpha, double beta,
                     double low, double high);

/* The factor on paper: trace 1 + beta - a (alpha + reach), determinant beta - a reach.
 */
double factor_law(struct along x);

double largest_root(double trace, double det);

#endif
