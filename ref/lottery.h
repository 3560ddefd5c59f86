/* lottery.h -- small networks inside of large ones, and two ways to find them.
 *
 * A mask has a 1 for each parameter that is there and a 0 for each that is not; the
 * part of a network that it leaves has the parameters mask o w.  The first way trains
 * the large network, and takes away what stayed small: train, prune, reset, repeat.
 * The second does not train at all.  Of n random weights there are 2^n sums, one of
 * which is within 2^-n or so of any number that is asked for.
 * [10707-6/30-31, "Surprises: lottery hypothesis"] */
#ifndef REF_LOTTERY_H
#define REF_LOTTERY_H

#include "ground/optimizers.h"
#include "mlp.h"

#include <stdint.h>

/* ---- Tickets by training --------------------------------------------------------- */

/* A cost of which only the parameters of a mask are moved. */
struct lot_masked {
    gradient_of *gradient;
    void *cost; /* for that         */
    vec mask;   /* as long as w, read */
};
void lot_masked_gradient(void *masked, vec w, vec grad);

/* How to train: so many steps of Adam, from rest. */
struct lot_training {
    gradient_of *gradient;
    void *cost; /* for that */
    double alpha;
    int steps; /* >= 0; with none, the ticket stays as it was drawn */
};
void lot_train(struct lot_training how, vec mask, struct arena *scratch, vec w);

void lot_prune_smallest(int count, vec w, struct arena *scratch, vec mask);
void lot_prune_layers(const struct mlp *net, const real *shares, vec w,
                      struct arena *scratch, vec mask);
double lot_share_left(const struct mlp *net, vec mask);
void lot_round(const struct mlp *net, struct lot_training how, const real *shares,
               vec w_0, struct arena *scratch, vec mask, vec w);

/* ---- Tickets without training ---------------------------------------------------- */

/* How many numbers may be given, to list all of their sums, or to find one sum. */
enum { LOT_MOST_LISTED = 20, LOT_MOST = 2 * LOT_MOST_LISTED };

/* The sum of some of the numbers x_0, x_1, ...: bit k of members says whether x_k is
 * one of them. */
struct lot_sum {
    double value;
    uint64_t members;
};

struct lot_sums {
    int count;          /* 2^n of them         */
    struct lot_sum *at; /* in ascending order  */
};

struct lot_sums lot_sums(vec x, struct arena *arena);
struct lot_sum lot_nearest_sum(vec x, double target, struct arena *scratch);

void lot_carve(const struct mlp *target, vec v, const struct mlp *host, vec w,
               struct arena *scratch, vec mask, vec errors);

#endif
