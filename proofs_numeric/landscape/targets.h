/* targets.h -- a matrix of four known singular values, and linear networks that are to
 * be equal to it. */
#ifndef PROOFS_LANDSCAPE_TARGETS_H
#define PROOFS_LANDSCAPE_TARGETS_H

#include "ground/claim.h"
#include "landscape.h"

enum { OUT = 4, IN = 5, MID = 2, SUBSETS = 1 << OUT };

struct target {
    struct mlp net; /* of width MID between the layers                */
    mat M, U, V;    /* OUT x IN; its singular vectors u_j, v_j by rows */
    vec s;          /* OUT: the singular values                       */
    vec w, grad;    /* the network's weights, at first 0              */
    struct arena *arena;
};

struct target target_make(struct claim *claim, struct rng *rng, int depth,
                          const double *s);

/* grad := the gradient of land_linear_loss at w: a gradient_of. */
void target_gradient(void *target, vec w, vec grad);
double target_loss(struct target *x);

/* A network of two layers at the critical point that keeps these directions, in a
 * hidden basis C, with Z as what idle units do; or of three, with `middle` between the
 * two. */
void target_stand(struct target *x, unsigned kept, mat C, mat Z);
void target_stand_deep(struct target *x, unsigned kept, mat C, mat middle);

/* The basis in which the factors are balanced, U sqrt(s) and sqrt(s) V', if the share
 * is 1: then 1 for an idle unit. */
mat balanced_basis(struct target *x, unsigned kept, double share);

/* How many directions are kept; half the squares of the others. */
int size_of(unsigned kept);
double half_squares_left(const struct target *x, unsigned kept);

#endif
