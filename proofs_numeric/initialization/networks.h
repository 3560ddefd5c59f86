/* networks.h -- what the claims of "Keeping signals alive" measure: random networks,
 * and how they learn from a few images. */
#ifndef PROOFS_NETWORKS_H
#define PROOFS_NETWORKS_H

#include "ground/images.h"
#include "initialization.h"

/* A network, room for one vector of its parameters and its gradient, and n examples. */
struct network {
    struct mlp net;
    mat X; /* n x n_0 */
    struct mlp_pass pass;
    vec w, grad;
};

/* In the claim's arena, all 0. */
struct network network_make(struct claim *claim, struct mlp net, int n);

/* `depth` layers of weights between layers of equal width. */
struct mlp tower(int depth, int width, enum activation activation, bool biases);

/* X := random inputs, each of mean square exactly `square`. */
void draw_inputs(struct rng *rng, double square, mat X);

/* Weights and inputs of mean square 1, drawn anew, and a forward pass. */
void draw_pass(struct network *x, struct init_scheme scheme, struct rng *rng);

/* Is the mean of row l, of a sample in each row, so large? */
struct finding layer_is(struct claim *claim, mat sample, int l, double square);

double mean_square(mat A);
void square_all(vec y);

/* ---- Learning from images -------------------------------------------------------- */

enum { SOURCE = 4000, POOL = 4, PIXELS = 49 };

/* n of the images, of mean 0 over these and mean square 1 over all pixels.  t: +1 for
 * what is worn above the waist, and -1. */
struct images draw_images(struct claim *claim, struct rng *rng, struct images source,
                          int n);

/* Descends for so many steps, and returns the least cost on the way. */
double descend(struct network *x, mat T, double alpha, int steps);

/* The cost of the best constant: half the variance of the targets. */
double cost_of_constant(mat T);

#endif
