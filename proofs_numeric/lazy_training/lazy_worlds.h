/* lazy_worlds.h -- the worlds of the chapter "When training is lazy": a small network
 * on a few examples, and a start; and the norms that are measured in them. */
#ifndef PROOFS_LAZY_WORLDS_H
#define PROOFS_LAZY_WORLDS_H

#include "ground/claim.h"
#include "ground/vectors.h"
#include "ground/worlds.h"
#include "lazy_training.h"

/* A network of these layers on n normal examples with normal targets, and a normal
 * start, which is not yet centered. */
struct problem {
    struct lazy_problem p;
    vec w_0, grad;
};
struct problem problem_make(struct claim *claim, struct rng *rng, struct mlp net,
                            int n);

/* The weights of a layer; one hidden layer of tanh between 3 inputs and the output,
 * divided by sqrt(width). */
vec layer(struct problem x, vec w, int l);
struct mlp tanh_net(int width);

/* Twenty units of tanh on 8 examples, centered: h(w_0) = 0.  Shifted, h(w_0) is 0.3 or
 * -0.3, as the target is positive or negative. */
struct problem centered_problem(struct claim *claim, int replicate);
struct problem shifted_problem(struct claim *claim, int replicate);

/* Dh(w), n x P. */
mat differential(struct claim *claim, struct lazy_problem *p, vec w);

/* ||D^2h(w)||, and kappa_h(w), from a random direction. */
double curvature_at(struct claim *claim, struct rng *rng, struct lazy_problem *p, vec w,
                    int iterations);
double kappa_at(struct claim *claim, struct rng *rng, struct lazy_problem *p, vec w,
                int iterations);

vec copy_of(struct arena *arena, vec x);

#endif
