/* continuous_flows.h -- a density from a differential equation.
 *
 * Take z(0) from the standard normal law in R^D, and follow dz/dt = f(z, t) to t = 1,
 * where f is a network.  Along each path the log-density changes at the rate
 *
 *     d/dt log p(z(t), t) = -tr df/dz,
 *
 * so that the path through a point, followed back to t = 0, gives the density there.
 * The trace is the sum of <v, (df/dz) v> over directions v: exactly so if the sum of
 * the v v' is I, as for the axes, and on average if it is I on average, as for random
 * signs.  All of it is done for blocks of points at once, and since a point knows
 * nothing of the others, the size of a block changes nothing but the time.
 * [Columbia-13/14, "Continuous normalizing flow"; Chen et al. 2018; Grathwohl et al.
 * 2019] */
#ifndef REF_CONTINUOUS_FLOWS_H
#define REF_CONTINUOUS_FLOWS_H

#include "ground/ode.h"
#include "ground/rng.h"
#include "mlp.h"

struct cnf {
    struct mlp net; /* f: from z and t, D + 1 inputs, to D outputs; of tanh units  */
    int steps;      /* of the method of Runge and Kutta, between the times 0 and 1 */
    int probes;     /* random directions a point, or 0: along the axes, exactly    */
};

enum { CNF_BLOCK = 64 }; /* points that are followed together */

/* What one evaluation leaves behind, of n points with K directions each.  Of every H,
 * the first n rows are values; then come their derivatives along the first direction of
 * each point, along the second, ... */
struct cnf_pass {
    int n;
    mat H[MLP_DEPTH + 1];  /* (1 + K) n x n_l: H[0] is made of z, t and v, H[L] of f */
    mat slope[MLP_DEPTH];  /* n x n_{l+1}: tanh' of layer l, for l < L - 1            */
    mat turned[MLP_DEPTH]; /* n_l x n_{l+1}: the weights of layer l, transposed       */
};

/* The field along paths, as an ode sees it.  The state: n points one after the other,
 * then their n log-densities. */
struct cnf_paths {
    const struct cnf *cnf;
    vec w;                 /* parameters of the network                          */
    mat V;                 /* K n x D: the directions, all first ones, ...       */
    struct cnf_pass *pass; /* where the next evaluation goes                     */
    int stride;            /* 1: each into a pass of its own; 0: all into one    */
};

struct cnf cnf_make(int D, int hidden, int width, int steps, int probes);
void cnf_draw(const struct cnf *cnf, struct rng *rng, vec w);

int cnf_directions(const struct cnf *cnf);
void cnf_aim(const struct cnf *cnf, struct rng *rng, mat V);
struct cnf_pass cnf_pass_make(struct arena *arena, const struct cnf *cnf, int n, int K);
void cnf_forward(const struct cnf *cnf, vec w, double t, mat Z, mat V,
                 struct cnf_pass *pass, mat dZ, vec trace);
void cnf_backward(const struct cnf *cnf, vec w, mat V, const struct cnf_pass *pass,
                  mat A, double a, struct arena *scratch, mat dZ, vec grad);
void cnf_field(void *paths, double t, vec state, vec dstate);

enum ode_status cnf_transport(const struct cnf *cnf, vec w, double t, double t_end,
                              struct rng *rng, struct arena *scratch, mat Z, vec log_p);
enum ode_status cnf_sample(const struct cnf *cnf, vec w, struct rng *rng,
                           struct arena *scratch, mat Z, vec log_p);
enum ode_status cnf_log_density(const struct cnf *cnf, vec w, mat X, struct rng *rng,
                                struct arena *scratch, vec log_p);
double cnf_likelihood(const struct cnf *cnf, vec w, mat X, struct rng *rng,
                      struct arena *scratch, vec grad);

/* Laws in the plane to be learnt: X := a point in each row. */
typedef void cnf_law(struct rng *rng, mat X);
cnf_law cnf_gaussians, cnf_moons, cnf_checkerboard;

struct cnf_problem {
    struct cnf cnf;
    cnf_law *law;
    int batch; /* points from it an iteration */
};

double cnf_loss(const void *problem, double progress, vec w, struct rng *rng,
                struct arena *scratch, vec grad);

#endif
