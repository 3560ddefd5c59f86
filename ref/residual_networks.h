/* residual_networks.h -- nets whose layers add to what they receive, and the plain nets
 * that they replaced.
 *
 * A net of T layers, all of width d, carries the rows of H_0 = X, n examples, to those
 * of its output H_T by
 *
 *     H_{t+1} = s H_t + epsilon phi(H_t W_t' + 1 b_t'),   t = 0, ..., T - 1.
 *
 * With s = 1 and epsilon = 1 it is the lecture's residual net, and with epsilon = 1 / T
 * it is Euler's method; with s = 0 and epsilon = 1 it is the plain net.  All parameters
 * are one vector w: W_0 row by row, b_0, W_1, b_1, ...  The invariant of a pass: block
 * t of H, n rows, is the state h_t, and after a backward run block t of A is dE/dh_t.
 * [He, Zhang, Ren, Sun 2016, "Deep residual learning"; Columbia-13/7, "Deep Residual
 * Networks"] */
#ifndef REF_RESIDUAL_NETWORKS_H
#define REF_RESIDUAL_NETWORKS_H

#include "ground/activation.h"

#include <stdbool.h>

struct resnet {
    int depth;                  /* T, at least 1                          */
    int width;                  /* d, of every layer, at least 1          */
    enum activation activation; /* phi                                    */
    bool skip;                  /* s: whether a layer adds to its input   */
    double step;                /* epsilon, what multiplies every branch  */
};

struct resnet_pass {
    int n;     /* examples                                                  */
    mat H;     /* (T + 1) n x d: the states h_0, ..., h_T, block by block   */
    mat slope; /* T n x d: phi'(z_t)                                        */
    mat A;     /* (T + 1) n x d: dE/dh_0, ..., dE/dh_T                      */
    mat Delta; /* T n x d: dE/dz_t                                          */
};

int resnet_parameters(struct resnet net);
vec resnet_layer(struct resnet net, vec w, int t);
mat resnet_weights(struct resnet net, vec w, int t);
vec resnet_biases(struct resnet net, vec w, int t);
void resnet_smooth(struct resnet net, vec theta_0, vec theta_1, vec w);

struct resnet_pass resnet_pass_make(struct arena *arena, struct resnet net, int n);
mat resnet_block(const struct resnet_pass *pass, mat all, int t);

void resnet_forward(struct resnet net, vec w, mat X, struct resnet_pass *pass);
void resnet_backward(struct resnet net, vec w, struct resnet_pass *pass);
void resnet_gradient(struct resnet net, const struct resnet_pass *pass, vec grad);
void resnet_push(struct resnet net, vec w, const struct resnet_pass *pass, mat V,
                 mat scratch);

double resnet_cost(struct resnet net, mat Y, struct resnet_pass *pass);
double resnet_step(struct resnet net, mat X, mat Y, double alpha, vec w,
                   struct resnet_pass *pass, vec grad);

#endif
