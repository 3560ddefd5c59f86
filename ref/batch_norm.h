/* batch_norm.h -- units that are normalized over the batch, and networks of them.
 *
 * A layer of batch norm takes what a linear layer makes of m examples, unit by unit, to
 *
 *     y = gamma z^ + beta,   z^ = (z - mean) / sigma,   sigma^2 = variance + epsilon,
 *
 * with the mean and the variance, over m and not m - 1, of the batch itself.  So an
 * example's output depends on the other examples, and the gradient passes through both.
 * What a batch leaves behind is a pass, as in mlp.h.  The mean and sigma of a pass over
 * all examples are what evaluation takes for those of any batch.
 *
 * A network of these is an mlp with biases, each of which is a beta now, and behind its
 * parameters a gamma for each hidden unit.  [10707-6/17-19, "Batch Normalization";
 * Ioffe, Szegedy 2015] */
#ifndef REF_BATCH_NORM_H
#define REF_BATCH_NORM_H

#include "initialization.h"

struct batch_norm {
    vec gamma, beta; /* n: scale and shift of each unit, which are learned */
    double epsilon;  /* >= 0: beside the variance                          */
};

struct bn_pass {
    vec mean, sigma;   /* n: of the batch, sigma with its epsilon            */
    mat hat;           /* m x n: z^, a unit in each column                   */
    vec dgamma, dbeta; /* n: the derivative by gamma and beta, from backward */
};

struct bn_pass bn_pass_make(struct arena *arena, int m, int n);
void bn_forward(const struct batch_norm *bn, mat Z, struct bn_pass *pass, mat Y);
void bn_backward(const struct batch_norm *bn, mat dY, struct bn_pass *pass, mat dZ);
void bn_evaluate(const struct batch_norm *bn, const struct bn_pass *all, mat Z, mat Y);
void bn_fold(const struct batch_norm *bn, const struct bn_pass *all, mat W, vec b);

struct bn_net {
    struct mlp mlp;  /* with biases                                        */
    bool normalized; /* or, to compare, the plain network with no gammas   */
    double epsilon;
};

struct bn_net_pass {
    struct mlp_pass mlp;
    struct bn_pass unit[MLP_DEPTH]; /* of the hidden layers, where normalized    */
    mat scale[MLP_DEPTH];           /* n x n_{l+1}, or empty: the noise, which   */
    mat shift[MLP_DEPTH];           /* takes y to scale y + shift                */
};

struct bn_net bn_net_make(struct mlp mlp, bool normalized, double epsilon);
int bn_net_parameters(const struct bn_net *net);
struct batch_norm bn_net_layer(const struct bn_net *net, vec w, int l);
void bn_net_draw(const struct bn_net *net, struct init_scheme scheme, struct rng *rng,
                 vec w);
struct bn_net_pass bn_net_pass_make(struct arena *arena, const struct bn_net *net,
                                    int n);
void bn_net_noise(struct rng *rng, struct arena *arena, const struct bn_net *net,
                  double strength, struct bn_net_pass *pass);

void bn_net_forward(const struct bn_net *net, vec w, mat X, struct bn_net_pass *pass);
void bn_net_backward(const struct bn_net *net, vec w, mat G, struct bn_net_pass *pass);
void bn_net_gradient(const struct bn_net *net, const struct bn_net_pass *pass,
                     vec grad);
void bn_net_fold(const struct bn_net *net, vec w, const struct bn_net_pass *all, vec v);

#endif
