/* worlds.h -- the worlds of "Lazy or not": a model of some depth and width on examples
 * of which one direction matters, its start, and its flow. */
#ifndef PROOFS_FEATURE_WORLDS_H
#define PROOFS_FEATURE_WORLDS_H

#include "feature_learning/cell.h"
#include "ground/claim.h"
#include "ground/vectors.h"
#include "ground/worlds.h"

/* What a world is made of, besides chance. */
struct recipe_of_world {
    int depth, width, examples; /* L, m, n                       */
    double rho;                 /* alpha sqrt(m), which is t_c   */
    enum activation activation;
};

/* d = CELL_INPUTS, a normal start, and centered. */
struct world {
    struct feat_model model;
    vec w_0;
    struct feat_flow flow;
};

/* A world in the claim's arena, of which the examples and the start are those of the
 * replicate, whatever rho is.  It points into itself: it must stay where it is. */
void world_make(struct claim *claim, int replicate, struct recipe_of_world of,
                struct world *x);

/* ||Theta - Theta_0|| / ||Theta_0|| now; and ||w - w_0|| / ||w_0||. */
double kernel_change(struct claim *claim, struct world *x);
double weight_change(const struct world *x);

/* The root of the mean square of x, and of y - x. */
double rms(vec x);
double rms_apart(vec x, vec y);

vec copy_of(struct arena *arena, vec x);

#endif
