/* nets.h -- what the claims on batch norm are measured on: batches that are known or
 * drawn, and small networks on Fashion-MNIST. */
#ifndef PROOFS_BATCH_NORM_NETS_H
#define PROOFS_BATCH_NORM_NETS_H

#include "batch_norm.h"
#include "ground/images.h"

/* A network with room for what n examples leave behind, and for its loss on them. */
struct run {
    struct bn_net net;
    vec w, grad; /* P: a start that was drawn, and the gradient there */
    struct bn_net_pass pass;
    mat G;
};

/* depth layers of weights: inputs, then hidden layers of so many units, then outputs.
 * Weights of ReLUs have the variance 2 over the fan-in, others 1 over it. */
struct run run_make(struct arena *arena, struct rng *rng, const int *width, int depth,
                    enum activation activation, bool normalized, double epsilon, int n);

/* Ten layers, nine of them hidden, of 16 tanh units, on images of PIXELS pixels; the
 * hidden weights are c times as large as by the scheme. */
enum { PIXELS = 49, CLASSES = DATASET_CLASSES, DEEP = 10 };
struct run run_deep(struct arena *arena, struct rng *rng, bool normalized, double c,
                    int n);

/* Forward, the loss, back: returns the loss, and leaves its gradient. */
double run_gradient(struct run *run, loss_function *loss, mat X, mat T);

/* W_l, b_l of hidden or last layer l, in w or in grad. */
mat run_weights(const struct run *run, vec w, int l);
vec run_biases(const struct run *run, vec w, int l);

/* Images of 7 x 7 pixels of mean 0 and mean square 1, and their classes one hot: n of
 * those that are given, normalized by the first `train`. */
struct task {
    mat X, T;
};

struct images some_images(struct claim *claim);
struct task task_draw(struct rng *rng, struct arena *arena, struct images from, int n,
                      int train);

#endif
