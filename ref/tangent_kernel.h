/* tangent_kernel.h -- the kernel that a wide network leaves of itself.
 *
 * To first order in its weights a network is a linear model: its features are the
 * derivatives of the output by the weights, one for each of the P weights, and at the
 * start they are random.  Gradient descent on a linear model knows the features only
 * through their inner products, the tangent kernel.  So there are three machines here
 * that are to do the same: the network in its P weights, the linear model in the same P
 * weights, and the kernel in n numbers, one for each example; and for the last one the
 * limit of infinite width, where the kernel is no longer random, in closed form.
 *
 * All three descend R = 1/2 || f - y ||^2, a sum over the examples: divide alpha by n
 * for the mean.  [IEMS402-14/4-5, Columbia-13/16] */
#ifndef REF_TANGENT_KERNEL_H
#define REF_TANGENT_KERNEL_H

#include "ground/factor.h"
#include "mlp.h"

/* The network, and what it is to first order around w_0. */
struct mlp ntk_network(int inputs, int hidden, int m);
void ntk_model(const struct mlp *net, vec w0, vec w, const struct mlp_pass *at,
               struct arena *scratch, mat F);
void ntk_step(const struct mlp *net, vec w0, vec y, double alpha, struct mlp_pass *at,
              struct arena *scratch, vec w);
void ntk_network_step(const struct mlp *net, mat X, vec y, double alpha,
                      struct mlp_pass *pass, struct arena *scratch, vec w);

/* The kernel of an infinitely wide network of ReLUs. */
double ntk_angle(vec x, vec y);
double ntk_arc_cosine_0(double theta);
double ntk_arc_cosine_1(double theta);
double ntk_kernel(vec x, vec y, int hidden);
void ntk_gram(mat X, int hidden, struct arena *scratch, mat Theta);
void ntk_cross(mat X, mat Y, int hidden, struct arena *scratch, mat Theta);

/* Descent and regression with a kernel, whichever it is. */
void ntk_descent(mat K, vec y, double alpha, int steps, struct arena *scratch, vec a);
enum factor_status ntk_regression(mat K, vec y, double lambda, struct arena *scratch,
                                  vec a);

#endif
