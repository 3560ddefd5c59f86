/* normalizing_flows.h -- a density from a chain of invertible maps.
 *
 * Take z_0 from the standard normal law in R^n, and let z_k = f_k(z_{k-1}).  If all
 * f_k are invertible, z_K has the density
 *
 *     log q(z_K) = log q_0(z_0) - sum_k log |det dz_k/dz_{k-1}|.
 *
 * Here each f_k is planar, f(z) = z + u tanh(w'z + b): it moves all points along u, by
 * an amount that depends on where they lie along w.  It is invertible exactly if w'u >=
 * -1.  [Columbia-13/13, "Normalizing flow"; Rezende, Mohamed 2015] */
#ifndef REF_NORMALIZING_FLOWS_H
#define REF_NORMALIZING_FLOWS_H

#include "ground/training.h"

enum { FLOW_LAYERS = 64 };

struct planar {
    vec u, w; /* n: where to, and according to what */
    double b;
};

double nf_planar_det(struct planar layer, vec z);
void nf_planar_forward(struct planar layer, mat Z, vec h, vec slope, vec log_q);
void nf_planar_inverse(struct planar layer, vec z);
void nf_planar_backward(struct planar layer, mat Z, vec h, vec slope, double d_log_q,
                        mat dZ, vec scratch, struct planar *d_layer);
void nf_planar_constrain(vec v, vec w, vec u);
void nf_planar_constrain_backward(vec v, vec w, vec du, vec dv, vec dw);

/* theta: of one layer after another v, w and b, where v is free, and u is made from it
 * so that w'u > -1. */
struct flow {
    int n, layers; /* n >= 1; 1 <= layers <= FLOW_LAYERS */
    struct planar layer[FLOW_LAYERS];
};

int nf_parameters(int n, int layers);
void nf_draw(int n, struct rng *rng, vec theta);
struct flow nf_make(int n, int layers, vec theta, struct arena *arena);

/* What a batch of B points leaves behind. */
struct flow_pass {
    mat Z[FLOW_LAYERS + 1];                 /* B x n: before and after each layer */
    vec h[FLOW_LAYERS], slope[FLOW_LAYERS]; /* B: tanh(w'z + b), and 1 - tanh^2   */
    vec log_q;                              /* B: the log-density at Z[layers]    */
};

struct flow_pass nf_pass_make(const struct flow *flow, int batch, struct arena *arena);
void nf_base(mat Z, vec log_q);
void nf_forward(const struct flow *flow, struct flow_pass *pass);
double nf_log_density(const struct flow *flow, vec z);
void nf_backward(const struct flow *flow, vec theta, const struct flow_pass *pass,
                 mat dZ, double d_log_q, struct arena *scratch, vec grad);

/* An unnormalized log-density to be fitted: log_p: B, slope: B x n, its gradient. */
typedef void flow_target(mat Z, vec log_p, mat slope);
void nf_ring(mat Z, vec log_p, mat slope);
void nf_arcs(mat Z, vec log_p, mat slope);

struct flow_problem {
    int n, layers, batch;
    flow_target *target;
};

double nf_loss(const void *problem, double progress, vec theta, struct rng *rng,
               struct arena *scratch, vec grad);
struct recipe nf_recipe(const struct flow_problem *problem, int iterations,
                        double alpha);
enum training_status nf_train(const struct flow_problem *problem, int iterations,
                              double alpha, training_watcher *progress, void *context,
                              struct arena *scratch, struct training *training);

#endif
