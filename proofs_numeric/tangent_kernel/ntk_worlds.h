/* ntk_worlds.h -- the worlds of the chapter "The neural tangent kernel": a network at a
 * start, with a few points to train on and a few others. */
#ifndef PROOFS_NTK_WORLDS_H
#define PROOFS_NTK_WORLDS_H

#include "ground/claim.h"
#include "tangent_kernel.h"

/* X := random points on the sphere of radius sqrt(d), where every layer of the network
 * has length about 1, and Theta(x, x) = hidden + 1. */
void draw_inputs(struct rng *rng, mat X);

/* A network at a start, with the passes of its n training and its other points. */
struct learner {
    struct mlp net;
    vec w0, w, y; /* P, P, n                                          */
    mat X, Z;     /* n x d, training points; m x d, other points      */
    struct mlp_pass at, at_z, now;
};

struct learner learner_make(struct arena *arena, struct mlp net, int n, int others);
void learner_draw(struct rng *rng, struct learner *x);

/* w := w0, with the passes there; returns the kernel of the training points. */
mat learner_start(struct arena *arena, struct learner *x);

/* Runs X through the network and ones back, as mlp_kernel demands. */
void pass_of(const struct mlp *net, vec w, mat X, struct arena *arena,
             struct mlp_pass *pass);

/* What the network of a pass puts out. */
vec outputs(const struct learner *x, const struct mlp_pass *pass);

/* The largest |a_i - b_i|. */
double gap(vec a, vec b);

/* The largest eigenvalue of a kernel, and the least, by LAPACK. */
double spectrum(struct arena *arena, mat K, double *least);

#endif
