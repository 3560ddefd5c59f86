/* initialization.h -- where a network begins, and how large its signals are there.
 *
 * A scheme gives the weights of each layer one variance, a gain over a count of the
 * units that the layer comes from or goes to.  How large a signal is after many layers,
 * forward or backward, then follows from one factor per layer, and so does whether the
 * network can be trained.  [10707-6/27, 28; Columbia-13/24-27] */
#ifndef REF_INITIALIZATION_H
#define REF_INITIALIZATION_H

#include "ground/rng.h"
#include "mlp.h"

/* The count that a gain is divided by: the inputs of the layer, its outputs, or the
 * mean of the two. */
enum init_fan { FAN_IN, FAN_OUT, FAN_MEAN };

enum init_law { NORMAL, UNIFORM };

struct init_scheme {
    double gain;       /* >= 0: the variance of a weight, times the fan */
    enum init_fan fan; /* by which it is divided                        */
    enum init_law law; /* of weights and biases, with mean 0            */
    double bias;       /* >= 0: the variance of a bias                  */
};

struct init_scheme init_lecun(enum init_law law);
struct init_scheme init_xavier(enum init_law law);
struct init_scheme init_he(enum init_law law);
double init_variance(struct init_scheme scheme, int fan_in, int fan_out);

/* Starts: random, and without any chance. */
void init_draw(struct rng *rng, enum init_law law, double variance, vec x);
void init_weights(const struct mlp *net, struct init_scheme scheme, struct rng *rng,
                  vec w);
void init_cosines(const struct mlp *net, struct init_scheme scheme, vec w);
void init_copies(const struct mlp *net, vec w);

/* Second moments of a ReLU network, exact at any width. */
double init_rho(const struct mlp *net, struct init_scheme scheme, int l);
void init_moments_forward(const struct mlp *net, struct init_scheme scheme,
                          double square, vec q);
double init_moments_solved(const struct mlp *net, struct init_scheme scheme,
                           double square, int l);
void init_moments_backward(const struct mlp *net, struct init_scheme scheme,
                           double square, vec d);

/* Second moments of any activation, in the limit of large width. */
struct init_response {
    double square; /* E phi(z)^2   */
    double slope;  /* E phi'(z)    */
    double steep;  /* E phi'(z)^2  */
};
struct init_response init_respond(enum activation activation, double variance);
void init_wide(enum activation activation, struct init_scheme scheme, double square,
               vec q);

/* What an initialization is for. */
double init_step(const struct mlp *net, mat X, mat T, double alpha,
                 struct mlp_pass *pass, vec grad, vec w);

#endif
