/* clouds.h -- what the claims of the chapter "Networks as measures" share: problems,
 * clouds of particles, and the book's own network of the same neurons. */
#ifndef PROOFS_CLOUDS_H
#define PROOFS_CLOUDS_H

#include "ground/claim.h"
#include "mean_field.h"
#include "mlp.h"

static const double PI = 3.14159265358979323846;
enum { INPUTS = 8, D = 3 }; /* the last input is 1, for a bias */

/* A problem, and its particles with room to run. */
struct cloud {
    struct mf_problem p;
    struct particles q, drift;
    struct mf_pass pass;
};

/* The same neurons as a network of mlp.h, 2 inputs to m to 1, with biases in the first
 * layer.  The multipliers are those of the scaling, but 1 in the first layer. */
struct network {
    struct mlp net;
    struct mlp_pass pass;
    mat X; /* the inputs without the 1 */
    vec w;
};

struct mf_problem draw_problem(struct arena *arena, struct rng *rng);
struct cloud cloud_make(struct arena *arena, struct mf_problem p, int m);
struct cloud draw_cloud(struct claim *claim, uint64_t replicate, int m);
void set_particle(struct particles from, int i, struct particles to, int j);
double gap(vec x, vec y);
struct network as_network(struct arena *arena, const struct cloud *x,
                          enum scaling scaling);
void mix(struct particles a, int times_a, struct particles b, int times_b,
         struct particles mixed);
void midpoint(struct particles a, struct particles b, struct particles mean);
double half_square(vec x, vec y);
void run_scaled(struct cloud *x, bool lazy, double tau, int steps);
struct spikes spread_spikes(struct arena *arena, int m, double middle, double arc);

#endif
