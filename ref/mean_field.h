/* mean_field.h -- a two-layer network as a measure over its neurons.
 *
 * A neuron is a particle v = (eta, w).  It computes Psi(v), a function of the inputs,
 * and the network is a mean over its m neurons,
 *
 *     Psi(v)(x) = eta sigma(w'x),   h(x) = 1/m sum over j of Psi(v_j)(x).
 *
 * So h depends only on the measure mu with mass 1/m at each v_j, and that linearly:
 * h = integral of Psi d mu.  All that runs here is descent of a cost F(h), seen as a
 * flow of mu.  [IEMS402-14/13-16, "Mean field theory"] */
#ifndef REF_MEAN_FIELD_H
#define REF_MEAN_FIELD_H

#include "ground/activation.h"
#include "ground/losses.h"

/* m particles in 1 + d dimensions.  eta and W are views into all: eta, then W. */
struct particles {
    vec all; /* m (1 + d) */
    vec eta; /* m: the output weights */
    mat W;   /* m x d: the inner ones */
};

enum mobile { BOTH_LAYERS, OUTPUT_LAYER, INNER_LAYER };

/* What is to be learned, and how. */
struct mf_problem {
    mat X;                      /* n x d: the inputs; 1s for a bias */
    vec t;                      /* n: the targets */
    loss_function *loss;        /* F(h), and its gradient */
    enum activation activation; /* sigma */
    double gain;       /* h is multiplied by this: 1, or sqrt m where it is lazy */
    enum mobile moves; /* which weights descend */
};

/* What a pass over the inputs leaves behind. */
struct mf_pass {
    mat S;     /* m x n: sigma(w_j'x_i) */
    mat slope; /* m x n: sigma'(w_j'x_i) */
    vec h;     /* n: the outputs */
    vec dF;    /* n: the gradient of F by h */
};

struct particles mf_particles_make(struct arena *arena, int m, int d);
struct mf_pass mf_pass_make(struct arena *arena, int m, int n);

void mf_forward(const struct mf_problem *p, struct particles q, struct mf_pass *pass);
double mf_cost(const struct mf_problem *p, struct particles q, struct mf_pass *pass);
void mf_drift(const struct mf_problem *p, struct particles q, struct mf_pass *pass,
              struct particles drift);
double mf_step(const struct mf_problem *p, double tau, struct mf_pass *pass,
               struct particles drift, struct particles q);
double mf_margin(const struct mf_problem *p, struct particles q, struct mf_pass *pass);

double mf_w2_line(vec x, vec y, struct arena *scratch);
double mf_jko_cost(const struct mf_problem *p, double tau, struct particles q,
                   struct particles next, struct mf_pass *pass, struct arena *scratch);
void mf_jko_step(const struct mf_problem *p, double tau, int sweeps, struct particles q,
                 struct mf_pass *pass, struct particles drift, struct particles next);

/* Spikes on a circle, seen through a lens that passes only the frequencies up to the
 * cutoff: y in K = 1 + 2 cutoff numbers.  [Chizat, Bach 2018] */
struct deconvolution {
    double lambda; /* the price of mass, > 0 */
    vec y;         /* K: what was seen, K odd */
};

/* Particle j is a vector in the plane: it puts the mass sign_j |v_j|^2 / m where on the
 * circle v_j points to. */
struct spikes {
    mat V;    /* m x 2 */
    vec sign; /* m: +1 or -1 */
};

/* Of each spike: what the lens makes of it, and the derivative by its angle. */
struct dc_pass {
    mat Phi, dPhi; /* m x K */
    vec mass;      /* m: sign |v|^2 / m */
    vec residual;  /* K: what the spikes look like, less y */
    vec eta, deta; /* m: <Phi, residual>, <dPhi, residual> */
};

struct dc_pass mf_spike_pass_make(struct arena *arena, int m, int cutoff);
void mf_spike_features(double cosine, double sine, vec phi, vec dphi);
double mf_spike_cost(const struct deconvolution *p, struct spikes q,
                     struct dc_pass *pass);
double mf_spike_step(const struct deconvolution *p, double tau, struct dc_pass *pass,
                     struct spikes q);

#endif
