#include "tickets.h"

#include "initialization.h"

#include <math.h>

enum { HIDDEN = 32, PIXELS = 49, BATCH = 50 };

const real SHARES[] = {0.5, 0.3};
static const double ALPHA = 0.012;

void drawing_begin(struct claim *claim, struct images source, int replicate,
                   struct drawing *x)
{
    struct arena *arena = x->arena = claim_arena(claim);
    static const int width[] = {PIXELS, HIDDEN, DATASET_CLASSES};
    x->mark = arena->used;
    x->rng = claim_rng(claim, 2 * (uint64_t)replicate);
    x->order = claim_rng(claim, 2 * (uint64_t)replicate + 1);
    x->net = mlp_make(2, width, RELU, STANDARD, true);
    struct images some = images_draw(&x->rng, arena, source, TRAIN + TEST);
    images_normalize(some, TRAIN, sqrt(PIXELS));
    mat T = images_one_hot(arena, some);
    x->batches =
        mlp_batches_make(arena, &x->net, softmax_loss, row_block(some.X, 0, TRAIN),
                         row_block(T, 0, TRAIN), BATCH, x->order);
    x->how = (struct lot_training){mlp_batches_gradient, &x->batches, ALPHA, STEPS};
    x->X = row_block(some.X, TRAIN, TEST), x->T = row_block(T, TRAIN, TEST);
    x->pass = mlp_pass_make(arena, &x->net, TEST);
    int P = mlp_parameters(&x->net);
    x->w_0 = arena_vec(arena, P), x->other = arena_vec(arena, P);
    x->mask = arena_vec(arena, P), x->w = arena_vec(arena, P);
    init_weights(&x->net, init_he(NORMAL), &x->rng, x->w_0);
    init_weights(&x->net, init_he(NORMAL), &x->rng, x->other);
    fill(1, x->mask);
}

void drawing_end(struct drawing *x) { x->arena->used = x->mark; }

void drawing_prune(struct drawing *x, int rounds)
{
    for (int k = 0; k < rounds; k++)
        lot_round(&x->net, x->how, SHARES, x->w_0, x->arena, x->mask, x->w);
}

double accuracy(struct drawing *x, vec start, vec mask, int steps)
{
    struct lot_training how = x->how;
    how.steps = steps;
    x->batches.rng = x->order;
    copy(start, x->w);
    lot_train(how, mask, x->arena, x->w);
    mlp_forward(&x->net, x->w, x->X, &x->pass);
    return 1 - error_rate(x->T, x->pass.H[x->net.depth]);
}

vec random_mask(struct drawing *x)
{
    vec shuffled = arena_vec(x->arena, x->mask.n);
    fill(1, shuffled);
    for (int l = 0; l < x->net.depth; l++) {
        vec from = entries(mlp_weights(&x->net, x->mask, l));
        vec to = entries(mlp_weights(&x->net, shuffled, l));
        int *order = arena_ints(x->arena, (size_t)from.n);
        rng_permutation(&x->rng, from.n, order);
        for (int i = 0; i < from.n; i++)
            to.at[order[i]] = from.at[i];
    }
    return shuffled;
}
