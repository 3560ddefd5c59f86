/* Section "Train, prune, reset, repeat". */
#include "ground/claim.h"
#include "ground/worlds.h"
#include "initialization.h"
#include "lottery.h"

#include <float.h>
#include <math.h>

enum { IN = 6, WIDE = 9, NARROW = 5, OUT = 3, EXAMPLES = 40, ALONE_STEPS = 20 };

/* Data, and the parameters of a network that is WIDE, of whose hidden units the first
 * NARROW are to stay. */
struct both {
    mat X, T;
    struct mlp wide, narrow;
    vec w, mask, small; /* of the wide one, what stays, and that as a narrow one */
};

/* small := the parameters of w that belong to the first NARROW hidden units. */
static void take_part(const struct both *x, vec w, vec small)
{
    mat V = mlp_weights(&x->narrow, small, 0), W = mlp_weights(&x->wide, w, 0);
    mat V_out = mlp_weights(&x->narrow, small, 1), W_out = mlp_weights(&x->wide, w, 1);
    vec b = mlp_biases(&x->wide, w, 0);
    copy(entries(row_block(W, 0, NARROW)), entries(V));
    copy(part(b, 0, NARROW), mlp_biases(&x->narrow, small, 0));
    for (int k = 0; k < OUT; k++)
        copy(part(row(W_out, k), 0, NARROW), row(V_out, k));
    copy(mlp_biases(&x->wide, w, 1), mlp_biases(&x->narrow, small, 1));
}

static struct both draw_both(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    static const int wide[] = {IN, WIDE, OUT}, narrow[] = {IN, NARROW, OUT};
    struct both x = {.X = normal_mat(arena, &rng, EXAMPLES, IN),
                     .T = normal_mat(arena, &rng, EXAMPLES, OUT),
                     .wide = mlp_make(2, wide, TANH, STANDARD, true),
                     .narrow = mlp_make(2, narrow, TANH, STANDARD, true)};
    x.w = arena_vec(arena, mlp_parameters(&x.wide));
    x.mask = arena_vec(arena, x.w.n);
    x.small = arena_vec(arena, mlp_parameters(&x.narrow));
    struct init_scheme scheme = init_lecun(NORMAL);
    scheme.bias = 1;
    init_weights(&x.wide, scheme, &rng, x.w);
    fill(1, x.mask);
    mat in = mlp_weights(&x.wide, x.mask, 0), out = mlp_weights(&x.wide, x.mask, 1);
    fill(0, entries(row_block(in, NARROW, WIDE - NARROW)));
    for (int k = 0; k < OUT; k++)
        fill(0, part(row(out, k), NARROW, WIDE - NARROW));
    take_part(&x, x.w, x.small);
    return x;
}

/* How far the parameters of the part end from those of the narrow network. */
static double distance_from(const struct both *x, struct arena *arena, vec w)
{
    vec small = arena_vec(arena, x->small.n);
    take_part(x, w, small);
    axpy(-1, x->small, small);
    return max_norm(small);
}

CLAIM(lot_alone, IDENTITY,
      "To train what a mask leaves is to train that small network alone")
{
    struct arena *arena = claim_arena(claim);
    struct both x = draw_both(claim);
    struct mlp_cost wide = mlp_cost_make(arena, &x.wide, square_loss, x.X, x.T),
                    narrow = mlp_cost_make(arena, &x.narrow, square_loss, x.X, x.T);
    struct lot_training how = {mlp_cost_gradient, &wide, 0.01, ALONE_STEPS};
    struct adam adam = adam_make(arena, x.small.n, 0.9, 0.999, 1e-8);
    vec grad = arena_vec(arena, x.small.n), free = arena_vec(arena, x.w.n),
        ones = arena_vec(arena, x.w.n);
    /* Adam divides a gradient by its size, which is least in the first steps, so that
     * an error in it counts 1 / size times, once a step. */
    double least = INFINITY;
    for (int k = 0; k < ALONE_STEPS; k++) {
        mlp_cost_gradient(&narrow, x.small, grad);
        for (int i = 0; i < grad.n && k == 0; i++)
            least = smallest(least, fabs(grad.at[i]));
        adam_step(&adam, how.alpha, grad, x.small);
    }
    double limit = how.alpha * ALONE_STEPS * rounding(EXAMPLES + IN, 1 / least);
    fill(1, ones);
    copy(x.w, free);
    multiply(x.mask, free);
    lot_train(how, ones, arena, free);
    lot_train(how, x.mask, arena, x.w);
    evidence(claim, "off the small one's parameters",
             at_most(distance_from(&x, arena, x.w), limit));
    control(claim, "masked at the start, and then free",
            at_most(distance_from(&x, arena, free), limit));
}

/* ---- Why the smallest ------------------------------------------------------------ */

enum { WEIGHTS = 10, PRUNED = 4, ROWS = 16 };

/* The mean square of what X w loses if only the weights of a mask stay. */
static double lost(mat X, vec w, vec mask)
{
    double sum = 0;
    for (int i = 0; i < X.rows; i++) {
        double change = 0;
        for (int j = 0; j < w.n; j++)
            change += (1 - mask.at[j]) * w.at[j] * row(X, i).at[j];
        sum += change * change / X.rows;
    }
    return sum;
}

/* The least loss over all masks that take PRUNED weights away. */
static double least_lost(struct arena *arena, mat X, vec w)
{
    vec mask = arena_vec(arena, w.n);
    double least = INFINITY;
    for (int set = 0; set < 1 << WEIGHTS; set++) {
        int gone = 0;
        for (int j = 0; j < WEIGHTS; j++) {
            mask.at[j] = !(set >> j & 1);
            gone += set >> j & 1;
        }
        if (gone == PRUNED)
            least = smallest(least, lost(X, w, mask));
    }
    return least;
}

CLAIM(lot_smallest, IDENTITY,
      "On white inputs, pruning the smallest weights changes the outputs least")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Q = arena_mat(arena, ROWS, ROWS), X = arena_mat(arena, ROWS, WEIGHTS);
    vec w = normal_vec(arena, &rng, WEIGHTS), mask = arena_vec(arena, WEIGHTS);
    rng_rotation(&rng, arena, Q);
    for (int i = 0; i < ROWS; i++)
        axpy(sqrt(ROWS), part(row(Q, i), 0, WEIGHTS), row(X, i));
    fill(1, mask);
    lot_prune_smallest(PRUNED, w, arena, mask);
    double excess = fabs(lost(X, w, mask) - least_lost(arena, X, w));
    double limit = rounding(ROWS * WEIGHTS, dot(w, w));
    evidence(claim, "off the least of 210 masks", at_most(excess, limit));
    /* Inputs of the size 1 / w^2: then the smallest weight tells most. */
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < WEIGHTS; j++)
            row(X, i).at[j] /= w.at[j] * w.at[j];
    excess = fabs(lost(X, w, mask) - least_lost(arena, X, w));
    control(claim, "inputs of very different sizes", at_most(excess, limit));
}

SECTION(lot_recipe, &lot_alone, &lot_smallest);
