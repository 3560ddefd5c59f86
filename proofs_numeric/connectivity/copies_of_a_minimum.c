/* "Copies of a minimum": what permuting leaves alone, and averaging does not. */
#include "trained.h"

#include "ground/certain.h"
#include "ground/worlds.h"
#include "initialization.h"

#include <math.h>

enum { EXAMPLES = 20 };

/* A network 5-7-6-3 with biases, drawn, and its outputs on normal examples. */
struct drawn {
    struct mlp net;
    mat X;
    struct mlp_pass pass;
    vec w, out; /* the parameters; the outputs as they were */
};

static void draw(struct claim *claim, enum activation activation, struct drawn *d)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    d->net = mlp_make(3, (int[]){5, 7, 6, 3}, activation, STANDARD, true);
    d->X = normal_mat(arena, &rng, EXAMPLES, 5);
    d->pass = mlp_pass_make(arena, &d->net, EXAMPLES);
    d->w = normal_vec(arena, &rng, mlp_parameters(&d->net));
    d->out = arena_vec(arena, EXAMPLES * 3);
    mlp_forward(&d->net, d->w, d->X, &d->pass);
    copy(entries(d->pass.H[3]), d->out);
}

/* By how much the outputs at w are not what they were. */
static double moved(struct drawn *d, vec w)
{
    mlp_forward(&d->net, w, d->X, &d->pass);
    vec now = entries(d->pass.H[3]);
    axpy(-1, d->out, now);
    return max_norm(now);
}

/* The sums of 5, 7 and 6 products, of weights and signals of some units, in another
 * order; what a layer adds is passed on by 6 weights at most, again and again. */
static double reordered(const struct drawn *d)
{
    return rounding(5 + 7 + 6, (1 + max_norm(d->out)) * 7 * 6);
}

/* The units of layer l back to front, none of which stays if they are even in number;
 * of what comes in alone, if `half`. */
static void reverse(struct claim *claim, const struct drawn *d, int l, bool half, vec w)
{
    struct arena *arena = claim_arena(claim);
    vec old = arena_vec(arena, w.n);
    int order[7], n = d->net.width[l];
    copy(w, old);
    for (int j = 0; j < n; j++)
        order[j] = n - 1 - j;
    conn_permute(&d->net, l, order, arena, w);
    if (half)
        conn_reset(&d->net, l, old, w);
}

CLAIM(conn_permutation, IDENTITY,
      "Hidden units may change places, with all their weights")
{
    struct drawn d;
    draw(claim, TANH, &d);
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(arena, d.w.n);
    copy(d.w, w);
    for (int l = 1; l <= 2; l++) {
        int order[7];
        rng_permutation(&rng, d.net.width[l], order);
        conn_permute(&d.net, l, order, arena, w);
    }
    evidence(claim, "outputs, both layers at random",
             at_most(moved(&d, w), reordered(&d)));
    reverse(claim, &d, 1, false, w);
    reverse(claim, &d, 2, false, w);
    evidence(claim, "and both back to front", at_most(moved(&d, w), reordered(&d)));
    axpy(-1, d.w, w);
    evidence(claim, "although the weights have moved",
             at_least(norm(w) / norm(d.w), 0.1));
    for (int l = 1; l <= 2; l++) {
        copy(d.w, w);
        reverse(claim, &d, l, true, w);
        control(claim, l == 1 ? "layer 1, what comes in alone" : "layer 2, the same",
                at_most(moved(&d, w), reordered(&d)));
    }
}

CLAIM(conn_rescaling, IDENTITY,
      "What comes into a unit of ReLU may be c times as much, what goes out 1/c")
{
    struct drawn d;
    draw(claim, RELU, &d);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(claim_arena(claim), d.w.n);
    copy(d.w, w);
    for (int l = 1; l <= 2; l++)
        for (int j = 0; j < d.net.width[l]; j++)
            conn_rescale(&d.net, l, j, exp(2 * rng_uniform(&rng) - 1), w);
    evidence(claim, "outputs, every unit by its own c",
             at_most(moved(&d, w), reordered(&d)));
    axpy(-1, d.w, w);
    evidence(claim, "although the weights have moved",
             at_least(norm(w) / norm(d.w), 0.1));

    draw(claim, TANH, &d);
    copy(d.w, w);
    for (int j = 0; j < 7; j++)
        conn_rescale(&d.net, 1, j, 2, w);
    control(claim, "units of tanh, by 2", at_most(moved(&d, w), reordered(&d)));
    draw(claim, RELU, &d);
    copy(d.w, w);
    for (int j = 0; j < 7; j++)
        conn_rescale(&d.net, 1, j, 2, w);
    conn_reset(&d.net, 1, d.w, w);
    control(claim, "what comes in alone, by 2", at_most(moved(&d, w), reordered(&d)));
}

/* ---- Averages -------------------------------------------------------------------- */

/* ln of what is lost halfway to a random permutation of w, over what is lost at w. */
static double halfway(struct task *task, struct arena *scratch, struct rng *rng, vec w)
{
    size_t mark = scratch->used;
    int *order = arena_ints(scratch, (size_t)task->net.width[1]);
    vec copy_of_w = arena_vec(scratch, w.n), middle = arena_vec(scratch, w.n);
    copy(w, copy_of_w);
    rng_permutation(rng, task->net.width[1], order);
    conn_permute(&task->net, 1, order, scratch, copy_of_w);
    conn_line(w, copy_of_w, 0.5, middle);
    scratch->used = mark;
    return log(task_loss(task, middle) / task_loss(task, w));
}

/* All units as the first one is. */
static void make_equal(const struct mlp *net, vec w)
{
    mat in = mlp_weights(net, w, 0), out = mlp_weights(net, w, 1);
    for (int j = 1; j < in.rows; j++) {
        copy(row(in, 0), row(in, j));
        mlp_biases(net, w, 0).at[j] = mlp_biases(net, w, 0).at[0];
        for (int k = 0; k < out.rows; k++)
            row(out, k).at[j] = row(out, k).at[0];
    }
}

CLAIM(conn_average, PHENOMENON,
      "The average of a trained network and its permuted copy loses twice as much")
{
    enum { R = 30, WIDTH = 32 };
    struct images images = images_first(claim, DRAWN, POOL);
    struct arena *arena = claim_arena(claim);
    double ratio[R], equal[R];
    for (int r = 0; r < R; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct task task;
        task_draw(arena, images, 1, WIDTH, &rng, &task);
        vec w_0 = task_start(&task, arena, &rng);
        vec w = task_trained(&task, arena, 0.01, 120, w_0);
        ratio[r] = halfway(&task, arena, &rng, w);
        make_equal(&task.net, w);
        equal[r] = halfway(&task, arena, &rng, w);
        arena->used = mark;
    }
    evidence(claim, "ln of halfway over either end", effect_at_least(R, ratio, log(2)));
    control(claim, "all units made equal", effect_at_least(R, equal, log(2)));
}

SECTION(conn_copies, &conn_permutation, &conn_average);
SECTION(conn_scales, &conn_rescaling);
