/* weighted_nets.h -- networks whose examples have weights. */
#ifndef PROOFS_INFLUENCE_WEIGHTED_NETS_H
#define PROOFS_INFLUENCE_WEIGHTED_NETS_H

#include "ground/claim.h"
#include "influence.h"
#include "mlp.h"

/* Returns sum_i c_i l_i over the examples of a cost; grad := its gradient.  An
 * inf_losses.  cost: a struct mlp_cost, whose loss is asked for one example at a time;
 * c: n, w, grad: P. */
double weighted_losses(void *cost, vec c, vec w, vec grad);

/* Returns ln sum_i c_i exp(-t_i f(w, x_i)) for one output and t_i = 1 or -1; grad :=
 * its gradient.  Its flow has the path of the flow on the sum, and follows it at a pace
 * that does not slow down as the sum vanishes. */
double weighted_logarithm(struct mlp_cost *on, vec c, vec w, vec grad);

/* Forty points of the plane, normal, with the label of the sign of x_1 x_2 + 0.3 z, z
 * normal; a network for them, which is linear or has one or two hidden layers of five
 * units of tanh; and its minimum from a start of its own. */
enum { POINTS = 40, WIDTH = 5 };

struct plane {
    struct mlp net;
    struct mlp_cost cost;  /* logistic                                       */
    struct inf_problem of; /* c_i = 1/n, with decay                          */
    vec w;                 /* P: a minimum, ||dJ/dw|| <= PLANE_TOLERANCE      */
    mat H;                 /* P x P: the second derivatives there            */
    struct rng rng;        /* what the stream goes on with                   */
};

/* 1e-13 in double precision: some hundred times what rounding leaves of a gradient. */
#define PLANE_TOLERANCE (450 * REAL_EPSILON)

/* Draws points and starts, anew where 500 steps do not arrive.  plane: stays where it
 * is, as its cost points at its network. */
void plane_make(struct claim *claim, uint64_t replicate, int hidden, double lambda,
                struct plane *plane);

/* w := the minimum that Newton's steps reach from w, which they move, where the weight
 * of example i is 1 - share of what it was.  NaN where they do not arrive. */
void reweighted(struct claim *claim, struct inf_problem *of, int i, double share,
                vec w);

#endif
