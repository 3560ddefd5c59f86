/* mlp.h -- the book's network: fully connected, of any depth and width, in batches.
 *
 * A network of depth L maps the rows of H_0 = X, n examples of width n_0, to the rows
 * of its output F = Z_{L-1}, layer by layer,
 *
 *     Z_l = c_l H_l W_l' + 1 b_l',   H_{l+1} = phi(Z_l),   l = 0, ..., L - 1,
 *
 * with W_l: n_{l+1} x n_l and no phi after the last.  All its parameters are one vector
 * w: W_0 row by row, b_0, W_1, b_1, ...  What a batch leaves behind, forward and
 * backward, is a pass, which the caller keeps; derivatives of all kinds are read off
 * it.  Every product is one of matrices, over the whole batch. [Columbia-13/24, "Random
 * initialization: recursion"] */
#ifndef REF_MLP_H
#define REF_MLP_H

#include "ground/activation.h"
#include "ground/losses.h"
#include "ground/rng.h"

#include <stdbool.h>

enum { MLP_DEPTH = 128 };

/* What multiplies the weights of a layer, c_l.  Standard: 1, and the width goes into
 * the variance of the weights.  Tangent: 1 / sqrt(n_l), for weights of variance 1. Mean
 * field: the same, but 1 / n_l in the last layer, a mean over its units. */
enum scaling { STANDARD, TANGENT, MEAN_FIELD };

struct mlp {
    int depth;                    /* L, layers of weights, 1..MLP_DEPTH            */
    int width[MLP_DEPTH + 1];     /* n_0, of the inputs, to n_L, of the outputs    */
    double multiplier[MLP_DEPTH]; /* c_l: mlp_make sets them, a caller may reset   */
    enum activation activation;   /* phi, after each layer but the last            */
    bool biases;                  /* or no b_l at all                              */
};

struct mlp_pass {
    mat H[MLP_DEPTH + 1]; /* n x n_l: H[0] = X, and H[L] is the output         */
    mat slope[MLP_DEPTH]; /* n x n_{l+1}: phi'(Z_l), for l < L - 1             */
    mat Delta[MLP_DEPTH]; /* n x n_{l+1}: the derivative by Z_l, from backward */
};

/* How a pass changes, to first order, as the parameters move along a direction, and X
 * and G stay: so dH_0 and dDelta_{L-1} are 0, and have no room here. */
struct mlp_tangent {
    mat bend[MLP_DEPTH];   /* n x n_{l+1}: phi''(Z_l) o dE/dH_{l+1}, for l < L - 1 */
    mat turn[MLP_DEPTH];   /* n x n_{l+1}: bend_l o dZ_l                           */
    mat dH[MLP_DEPTH];     /* n x n_l: the change of H_l, for 0 < l < L            */
    mat dDelta[MLP_DEPTH]; /* n x n_{l+1}: and of Delta_l, for l < L - 1           */
};

/* What a network loses on n examples, as a cost of its parameters. */
struct mlp_cost {
    const struct mlp *net;
    loss_function *loss;
    mat X, T;             /* n x n_0 and n x n_L: the examples, what is asked of each */
    struct mlp_pass pass; /* what the last call left                                  */
    mat G;                /* n x n_L: the derivative of the loss by the outputs there */
    double value;         /* and the loss itself                                      */
};

/* The same, at each call on a minibatch that is drawn anew. */
struct mlp_batches {
    struct mlp_cost batch; /* of B examples, which are copies */
    mat X, T;              /* all of them                     */
    int *chosen;           /* B: which were drawn last        */
    struct rng rng;
};

struct mlp mlp_make(int depth, const int *width, enum activation activation,
                    enum scaling scaling, bool biases);
int mlp_parameters(const struct mlp *net);
mat mlp_weights(const struct mlp *net, vec w, int l);
vec mlp_biases(const struct mlp *net, vec w, int l);
struct mlp_pass mlp_pass_make(struct arena *arena, const struct mlp *net, int n);

void mlp_forward(const struct mlp *net, vec w, mat X, struct mlp_pass *pass);
void mlp_backward(const struct mlp *net, vec w, mat G, struct mlp_pass *pass);
void mlp_gradient(const struct mlp *net, const struct mlp_pass *pass, vec grad);
void mlp_input_gradient(const struct mlp *net, vec w, const struct mlp_pass *pass,
                        mat dX);
void mlp_jvp(const struct mlp *net, vec w, vec dw, mat dX, const struct mlp_pass *pass,
             struct arena *scratch, mat dF);
void mlp_jacobian(const struct mlp *net, vec w, struct mlp_pass *pass,
                  struct arena *scratch, mat J);
void mlp_kernel(const struct mlp *net, const struct mlp_pass *a,
                const struct mlp_pass *b, struct arena *scratch, mat K);

struct mlp_tangent mlp_tangent_make(struct arena *arena, const struct mlp *net, int n);
void mlp_tangent_at(const struct mlp *net, vec w, const struct mlp_pass *pass,
                    struct mlp_tangent *tangent);
void mlp_tangent_along(const struct mlp *net, vec w, mat U, const struct mlp_pass *pass,
                       struct mlp_tangent *tangent);
void mlp_tangent_rows(const struct mlp *net, const struct mlp_pass *pass,
                      const struct mlp_tangent *tangent, mat D);
void mlp_tangent_sum(const struct mlp *net, const struct mlp_pass *pass,
                     const struct mlp_tangent *tangent, vec sum);

struct mlp_cost mlp_cost_make(struct arena *arena, const struct mlp *net,
                              loss_function *loss, mat X, mat T);
void mlp_cost_gradient(void *cost, vec w, vec grad);
struct mlp_batches mlp_batches_make(struct arena *arena, const struct mlp *net,
                                    loss_function *loss, mat X, mat T, int B,
                                    struct rng rng);
void mlp_batches_gradient(void *batches, vec w, vec grad);

#endif
