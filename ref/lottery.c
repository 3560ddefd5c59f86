#include "lottery.h"

#include "ground/dense_shape.h"

#include <math.h>
#include <stdlib.h>

/* ---- Tickets by training --------------------------------------------------------- */

/* grad := mask o the gradient of the cost at w, so that no step by it moves what is not
 * there.  It is a gradient_of.  masked: a struct lot_masked; w, grad: n. */
void lot_masked_gradient(void *masked, vec w, vec grad)
{
    struct lot_masked *of = masked;
    of->gradient(of->cost, w, grad);
    multiply(of->mask, grad);
}

/* Trains what the mask leaves of a network as if it were all: w := mask o w, then
 * Adam's steps, of which the others feel nothing.  mask: n, read.  w: n, moved.
 * [10707-6/30, step 1] */
void lot_train(struct lot_training how, vec mask, struct arena *scratch, vec w)
{
    size_t mark = scratch->used;
    struct lot_masked cost = {how.gradient, how.cost, mask};
    struct adam adam = adam_make(scratch, w.n, 0.9, 0.999, 1e-8);
    vec grad = arena_vec(scratch, w.n);
    multiply(mask, w);
    optimize(lot_masked_gradient, &cost, by_adam(&adam), how.alpha, how.steps, w, grad);
    scratch->used = mark;
}

struct weight {
    double size; /* |w_i|, or infinite if w_i is NaN */
    int i;
};

/* Ascending by size, and of equal ones the first. */
static int by_size(const void *one, const void *other)
{
    const struct weight *a = one, *b = other;
    return a->size < b->size ? -1 : a->size > b->size ? 1 : a->i - b->i;
}

/* Of the weights that the mask leaves, takes the smallest away, so many of them: their
 * mask_i := 0.  What is no number counts as large, and stays.  w: n, read.  mask: n,
 * changed.  [10707-6/30, step 2: "smallest weights"] */
void lot_prune_smallest(int count, vec w, struct arena *scratch, vec mask)
{
    REQUIRE_SAME_LENGTH(w, mask);
    size_t mark = scratch->used;
    struct weight *weights = arena_bytes(scratch, (size_t)w.n * sizeof *weights);
    int left = 0;
    for (int i = 0; i < w.n; i++)
        if (mask.at[i] != 0) {
            double size = isnan(w.at[i]) ? INFINITY : fabs(w.at[i]);
            weights[left++] = (struct weight){size, i};
        }
    REQUIRE(0 <= count && count <= left, "cannot prune %d weights of %d", count, left);
    qsort(weights, (size_t)left, sizeof *weights, by_size);
    for (int k = 0; k < count; k++)
        mask.at[weights[k].i] = 0;
    scratch->used = mark;
}

/* How many of the weights of layer l the mask leaves. */
static int left_in(const struct mlp *net, vec mask, int l)
{
    vec layer = entries(mlp_weights(net, mask, l));
    int left = 0;
    for (int i = 0; i < layer.n; i++)
        left += layer.at[i] != 0;
    return left;
}

/* Prunes the smallest weights of each layer l by itself, the share shares[l] of those
 * that are left, to the nearest whole number; biases stay.  shares: one a layer, in
 * [0, 1].  w: P, read.  mask: P, changed. */
void lot_prune_layers(const struct mlp *net, const real *shares, vec w,
                      struct arena *scratch, vec mask)
{
    for (int l = 0; l < net->depth; l++) {
        REQUIRE(0 <= shares[l] && shares[l] <= 1,
                "shares[%d] must be in [0, 1], got %g", l, shares[l]);
        int count = (int)lround(shares[l] * left_in(net, mask, l));
        lot_prune_smallest(count, entries(mlp_weights(net, w, l)), scratch,
                           entries(mlp_weights(net, mask, l)));
    }
}

/* The weights that the mask leaves over all weights, without the biases. */
double lot_share_left(const struct mlp *net, vec mask)
{
    double left = 0, all = 0;
    for (int l = 0; l < net->depth; l++) {
        left += left_in(net, mask, l);
        all += (double)net->width[l] * net->width[l + 1];
    }
    return left / all;
}

/* A round of the recipe: reset what is left to w_0, train it, prune it.  w_0: P, read.
 * mask: P, of ones before the first round, and after each the next ticket.  w: P,
 * overwritten with what the training came to.  [10707-6/30; Frankle, Carbin 2019] */
void lot_round(const struct mlp *net, struct lot_training how, const real *shares,
               vec w_0, struct arena *scratch, vec mask, vec w)
{
    copy(w_0, w);
    lot_train(how, mask, scratch, w);
    lot_prune_layers(net, shares, w, scratch, mask);
}

/* ---- Tickets without training ---------------------------------------------------- */

/* sums := its first count entries, and the same with one member more, x: both lists are
 * in order, and so is what they are merged to.  sums: room for 2 count.  The greatest
 * comes first: so what is still to be read is never above what is written. */
static void merge_moved(int count, double x, uint64_t member, struct lot_sum *sums)
{
    int stays = count - 1, moves = count - 1;
    for (int k = 2 * count - 1; k >= 0; k--) {
        bool move =
            stays < 0 || (moves >= 0 && sums[moves].value + x > sums[stays].value);
        sums[k] = sums[move ? moves-- : stays--];
        if (move)
            sums[k].value += x, sums[k].members |= member;
    }
}

/* All 2^n sums of subsets of x, in ascending order, in 2 2^n doubles of the arena; the
 * empty sum is 0.  x: n <= LOT_MOST_LISTED finite numbers. */
struct lot_sums lot_sums(vec x, struct arena *arena)
{
    REQUIRE(x.n <= LOT_MOST_LISTED, "2^%d sums are too many to be listed", x.n);
    struct lot_sums sums = {1, arena_bytes(arena, sizeof(struct lot_sum) << x.n)};
    sums.at[0] = (struct lot_sum){0, 0};
    for (int k = 0; k < x.n; k++) {
        merge_moved(sums.count, x.at[k], UINT64_C(1) << k, sums.at);
        sums.count *= 2;
    }
    return sums;
}

/* Of the 2^n sums of subsets of x, one that is nearest to the target, to rounding; NaN
 * if a sum could be no finite number.  Each is a sum from one half of x and one from
 * the other.  As the first grows, the best second falls, so 2^(n/2) steps pass over
 * all.  x: n <= LOT_MOST, read.  scratch: some 5 2^(n/2) doubles.
 * [Horowitz, Sahni 1974] */
struct lot_sum lot_nearest_sum(vec x, double target, struct arena *scratch)
{
    REQUIRE(x.n <= LOT_MOST, "2^%d sums are too many", x.n);
    size_t mark = scratch->used;
    struct lot_sum best = {NAN, 0};
    double room = fabs(target);
    for (int k = 0; k < x.n; k++)
        room += fabs(x.at[k]);
    if (!isfinite(room))
        return best;
    struct lot_sums low = lot_sums(part(x, 0, x.n / 2), scratch);
    struct lot_sums high = lot_sums(part(x, x.n / 2, x.n - x.n / 2), scratch);
    for (int i = 0, j = high.count - 1; i < low.count && j >= 0;) {
        double value = low.at[i].value + high.at[j].value;
        uint64_t members = low.at[i].members | high.at[j].members << x.n / 2;
        if (!(fabs(value - target) >= fabs(best.value - target)))
            best = (struct lot_sum){value, members};
        if (value < target)
            i++;
        else
            j--;
    }
    scratch->used = mark;
    return best;
}

/* Of the host's units u / K = from, those whose weight a on that input has the sign
 * hand on |a| x where x has it too, and 0 elsewhere.  Sets the mask of B's row `to` to
 * the subset of them whose |a| b come nearest to the sum wanted, and returns how near.
 * A: K n_in x n_in, B: n_out x K n_in, read. */
static double carve_weight(mat A, mat B, int from, int to, double sign, double wanted,
                           struct arena *scratch, mat mask_B)
{
    size_t mark = scratch->used;
    int K = A.rows / A.cols, n = 0, *unit = arena_ints(scratch, (size_t)K);
    vec product = arena_vec(scratch, K);
    for (int u = from * K; u < (from + 1) * K; u++) {
        double a = row(A, u).at[from];
        if (sign * a <= 0)
            continue;
        product.at[n] = fabs(a) * row(B, to).at[u];
        unit[n++] = u;
    }
    struct lot_sum best = lot_nearest_sum(part(product, 0, n), wanted, scratch);
    for (int k = 0; k < n; k++)
        row(mask_B, to).at[unit[k]] = (double)(best.members >> k & 1);
    scratch->used = mark;
    return fabs(best.value - wanted);
}

/* One layer V of the target from two of the host, A and B: unit u keeps only its weight
 * on input u / K, and of B's weights those stay that add up.  Returns the largest error
 * of a weight. */
static double carve_layer(mat V, mat A, mat B, struct arena *scratch, mat mask_A,
                          mat mask_B)
{
    int K = A.rows / A.cols;
    double most = 0;
    for (int u = 0; u < A.rows; u++)
        row(mask_A, u).at[u / K] = 1;
    for (int to = 0; to < V.rows; to++)
        for (int from = 0; from < V.cols; from++)
            for (double sign = -1; sign <= 1; sign += 2) {
                double wanted = sign * row(V, to).at[from];
                double error =
                    carve_weight(A, B, from, to, sign, wanted, scratch, mask_B);
                if (isnan(error) || error > most)
                    most = error;
            }
    return most;
}

/* Layers of weights and ReLU, and nothing else. */
static bool is_plain(const struct mlp *net)
{
    bool plain = net->activation == RELU && !net->biases;
    for (int l = 0; l < net->depth; l++)
        plain = plain && net->multiplier[l] == 1;
    return plain;
}

/* mask := a part of the host that computes about what the target does, with not one
 * weight of the host changed.  As v x = v relu(x) - v relu(-x), K units of the host
 * that see x alone, about half of them of either sign, are to hand on what sums to v
 * and to -v.  target: of depth L; v: its parameters.  host: of depth 2 L and widths
 * n_0, K n_0, n_1, K n_1, ..., n_L, with any K <= LOT_MOST; w: its parameters.  Both
 * plain ReLU, read.  mask: as long as w, overwritten.  errors: L, overwritten with the
 * largest error of a weight in each layer.
 * [10707-6/31, "strong form"; Malach and others 2020; Pensia and others 2020] */
void lot_carve(const struct mlp *target, vec v, const struct mlp *host, vec w,
               struct arena *scratch, vec mask, vec errors)
{
    REQUIRE(host->depth == 2 * target->depth, "the host has %d layers for %d",
            host->depth, target->depth);
    REQUIRE(errors.n == target->depth, "errors has %d entries for %d layers", errors.n,
            target->depth);
    REQUIRE(is_plain(target) && is_plain(host), "a network is not plain ReLU");
    fill(0, mask);
    for (int l = 0; l < target->depth; l++) {
        mat V = mlp_weights(target, v, l);
        mat A = mlp_weights(host, w, 2 * l), B = mlp_weights(host, w, 2 * l + 1);
        REQUIRE(A.cols == V.cols && A.rows % A.cols == 0 && B.rows == V.rows,
                "%d to %d to %d units of the host for %d to %d", A.cols, A.rows, B.rows,
                V.cols, V.rows);
        errors.at[l] = carve_layer(V, A, B, scratch, mlp_weights(host, mask, 2 * l),
                                   mlp_weights(host, mask, 2 * l + 1));
    }
}
