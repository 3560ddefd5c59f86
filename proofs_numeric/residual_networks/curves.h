/* curves.h -- what the claims of the chapter "Depth as time" share: nets whose weights
 * are a curve, the field of their equation in plain loops, and what a fit over depths
 * may be off. */
#ifndef PROOFS_CURVES_H
#define PROOFS_CURVES_H

#include "ground/claim.h"
#include "ground/vectors.h"
#include "residual_networks.h"

enum { D = 8, EXAMPLES = 4 };     /* the width, and how many inputs             */
enum { DEPTHS = 6, WORLDS = 32 }; /* of a fit, and how many fits Student is given */

/* The curve theta(s) = cos(s) theta_0 + sin(s) theta_1, and inputs. */
struct curve {
    vec theta_0, theta_1; /* D^2 + D: weights N(0, 0.5 / D), biases N(0, 0.25) */
    mat X;                /* EXAMPLES x D, normal                              */
    enum activation activation;
};

void draw_layer(struct rng *rng, double gain, vec theta);
struct curve build_curve(struct claim *claim, uint64_t replicate,
                         enum activation activation);
struct resnet residual(int depth, int width, enum activation activation, double step);
mat state(const struct resnet_pass *pass, int t);
struct resnet_pass run_curve(struct arena *arena, struct curve c, struct resnet net,
                             vec w);
void curve_field(void *context, double t, vec z, vec dz);
double next_term(double T);
int depth_of(int shallow, int i);
struct resnet_pass run_outputs(struct arena *arena, struct resnet net, vec w, mat X);
void draw_layers(struct rng *rng, struct resnet net, bool tied, vec w);

#endif
