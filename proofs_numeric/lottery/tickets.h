/* tickets.h -- what the claims of "Tickets" measure: small networks that learn the ten
 * classes of Fashion-MNIST from 500 images of 7 x 7 pixels, and what pruning leaves of
 * them. */
#ifndef PROOFS_TICKETS_H
#define PROOFS_TICKETS_H

#include "ground/images.h"
#include "lottery.h"

enum { SOURCE = 4000, POOL = 4, TRAIN = 500, TEST = 1500, STEPS = 25 };

/* What a round takes of the weights of each layer that are left. */
extern const real SHARES[];

/* One drawing of the lottery. */
struct drawing {
    struct arena *arena;
    size_t mark; /* where what it takes of the arena begins */
    struct mlp net;
    struct mlp_batches batches;
    struct lot_training how; /* STEPS steps on batches of 50          */
    mat X, T;                /* images that are not trained on          */
    struct mlp_pass pass;
    struct rng rng, order; /* what is drawn, and the batches of each run   */
    vec w_0, other;        /* the initial weights, and another draw   */
    vec mask;              /* what the rounds so far have left        */
    vec w;                 /* and what was trained last               */
};

/* In the claim's arena, until its end.  It points into itself, so it must stay where it
 * is. */
void drawing_begin(struct claim *claim, struct images source, int replicate,
                   struct drawing *x);
void drawing_end(struct drawing *x);

/* So many rounds of the recipe more. */
void drawing_prune(struct drawing *x, int rounds);

/* The share of the test images that are classified rightly after so many steps of
 * training, from a start, of what a mask leaves.  The batches are the same each time.
 */
double accuracy(struct drawing *x, vec start, vec mask, int steps);

/* A mask that leaves as many weights in each layer as x's does, in random places. */
vec random_mask(struct drawing *x);

#endif
