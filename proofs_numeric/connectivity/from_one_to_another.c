/* "From one to another": straight lines, bent curves, and units that are matched. */
#include "trained.h"

#include "ground/vectors.h"
#include "ground/worlds.h"

#include <math.h>

enum { R = 28, WIDTH = 32, STEPS = 120 };
static const double ALPHA = 0.01;

/* A network from a start of its own. */
static vec trained(struct task *task, struct arena *arena, struct rng *rng)
{
    return task_trained(task, arena, ALPHA, STEPS, task_start(task, arena, rng));
}

/* The middle of a curve from a to b, trained longer than these were. */
static vec bent(struct task *task, struct arena *arena, vec a, vec b, struct rng rng)
{
    vec m = arena_vec(arena, task->P);
    conn_line(a, b, 0.5, m);
    struct conn_bend bend =
        conn_bend_make(arena, mlp_batches_gradient, &task->some, a, b, rng);
    task_descend(task, arena, conn_bend_gradient, &bend, 0.015, 200, m);
    return m;
}

/* For the figure: what is lost at t on the line from a to b, on the one to b with its
 * units matched to those of a, and on the curve by way of m. */
static void record_ways(struct claim *claim, struct task *task, vec a, vec m, vec b)
{
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "ways", "t", "line", "matched", "curve", NULL);
    vec near = arena_vec(arena, task->P), at = arena_vec(arena, task->P);
    copy(b, near);
    conn_match(&task->net, a, 1, arena, near);
    for (int k = 0; k <= 40; k++) {
        double t = k / 40.0, loss[4] = {t};
        conn_line(a, b, t, at);
        loss[1] = task_loss(task, at);
        conn_line(a, near, t, at);
        loss[2] = task_loss(task, at);
        conn_bezier(a, m, b, t, at);
        loss[3] = task_loss(task, at);
        series_row(&s, loss);
    }
    series_end(&s);
}

/* a and b with their units in another order, each in its own. */
static vec shuffled(struct task *task, struct arena *arena, struct rng *rng, vec b)
{
    int order[WIDTH];
    vec other = arena_vec(arena, task->P);
    copy(b, other);
    rng_permutation(rng, WIDTH, order);
    conn_permute(&task->net, 1, order, arena, other);
    return other;
}

/* Of the curve's losses the harmonic mean, since a middle that does not learn, one in
 * some hundreds, adds no more to it than 0; of a logarithm there is no telling. */
CLAIM(conn_bent, PHENOMENON,
      "Straight from one trained network to another there is a barrier; bent, none")
{
    enum { RUNS = 36 };
    struct images images = images_first(claim, DRAWN, POOL);
    struct arena *arena = claim_arena(claim);
    double line[RUNS], curve[RUNS], parted[RUNS], stray[RUNS];
    for (int r = 0; r < RUNS; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct task task;
        task_draw(arena, images, 1, WIDTH, &rng, &task);
        vec a = trained(&task, arena, &rng), b = trained(&task, arena, &rng);
        vec m = bent(&task, arena, a, b, claim_rng(claim, (uint64_t)(RUNS + r)));
        vec c = task_trained(&task, arena, ALPHA, 20, a);
        double ends = task_worse(&task, a, b);
        line[r] = log(task_line(&task, a, b) / ends);
        curve[r] = ends / task_curve(&task, a, m, b);
        parted[r] = log(task_line(&task, a, c) / task_worse(&task, a, c));
        vec other = shuffled(&task, arena, &rng, b);
        stray[r] = ends / task_curve(&task, a, m, other);
        if (r == 0)
            record_ways(claim, &task, a, m, b);
        arena->used = mark;
    }
    evidence(claim, "ln of the most on the line over ends",
             effect_at_least(RUNS, line, log(2)));
    evidence(claim, "ends over the curve", effect_at_least(RUNS, curve, 1 / 1.25));
    control(claim, "to the same network, 20 steps later",
            effect_at_least(RUNS, parted, log(2)));
    control(claim, "by that middle, b's units permuted",
            effect_at_least(RUNS, stray, 1 / 1.25));
}

/* ---- Which unit is which --------------------------------------------------------- */

/* The least distance from a of b with its first units, up to `fixed`, as they are and
 * the others in any order: all orders, one after the other. */
static double nearest(const struct mlp *net, struct arena *scratch, vec a, vec b,
                      int fixed)
{
    int n = net->width[1], order[8];
    if (fixed == n)
        return distance(a, b);
    double least = INFINITY;
    vec other = arena_vec(scratch, b.n);
    for (int j = fixed; j < n; j++) {
        for (int k = 0; k < n; k++)
            order[k] = k == fixed ? j : k == j ? fixed : k;
        copy(b, other);
        conn_permute(net, 1, order, scratch, other);
        least = smallest(least, nearest(net, scratch, a, other, fixed + 1));
    }
    return least;
}

/* A network 4-6-3, and the distance to it of another one, matched. */
static double matched(struct claim *claim, const struct mlp *net, vec a, vec b)
{
    vec near = arena_vec(claim_arena(claim), b.n);
    copy(b, near);
    conn_match(net, a, 1, claim_arena(claim), near);
    return distance(a, near);
}

CLAIM(conn_order, IDENTITY,
      "Matching finds the order of the units in which b is nearest to a")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = mlp_make(2, (int[]){4, 6, 3}, RELU, STANDARD, true);
    int P = mlp_parameters(&net);
    vec a = normal_vec(arena, &rng, P), b = normal_vec(arena, &rng, P);
    double least = nearest(&net, arena, a, b, 0);
    /* Sums of P squares, below 9^2 each, as no normal number is above 8.6. */
    double limit = rounding(P, 18 * sqrt(P));
    evidence(claim, "distance, to the least of 720",
             at_most(fabs(matched(claim, &net, a, b) - least), limit));
    mat C = arena_mat(arena, 6, 6);
    int order[6];
    gemm(-1, AS_IS, mlp_weights(&net, a, 0), TRANSPOSED, mlp_weights(&net, b, 0), 0, C);
    vec near = arena_vec(arena, P);
    copy(b, near);
    conn_assign(C, arena, order);
    conn_permute(&net, 1, order, arena, near);
    conn_reset(&net, 1, b, near);
    control(claim, "by what comes in, and moving that",
            at_most(fabs(distance(a, near) - least), limit));
}

CLAIM(conn_recovered, IDENTITY, "Matching finds a permuted copy, in both hidden layers")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = mlp_make(3, (int[]){49, 32, 24, 10}, RELU, STANDARD, true);
    int order[32];
    vec a = normal_vec(arena, &rng, mlp_parameters(&net));
    vec b = arena_vec(arena, a.n), other = arena_vec(arena, a.n);
    copy(a, b);
    for (int l = 1; l <= 2; l++) {
        rng_permutation(&rng, net.width[l], order);
        conn_permute(&net, l, order, arena, b);
    }
    copy(b, other);
    conn_match(&net, a, 8, arena, b);
    evidence(claim, "distance of the copy, matched", at_most(distance(a, b), 0));
    conn_reset(&net, 1, a, other); /* whose rows and columns are not permuted */
    conn_match(&net, a, 8, arena, other);
    control(claim, "a copy but for one layer", at_most(distance(a, other), 0));
}

/* The mean, over six random orders of b's units, of ln of the most that is lost on the
 * line from a to b. */
static double unmatched(struct task *task, struct arena *scratch, struct rng *rng,
                        vec a, vec b)
{
    enum { ORDERS = 6 };
    double mean = 0;
    for (int k = 0; k < ORDERS; k++)
        mean += log(task_line(task, a, shuffled(task, scratch, rng, b))) / ORDERS;
    return mean;
}

CLAIM(conn_matched, PHENOMENON,
      "With the units matched, the most on the line falls to less than two thirds")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct arena *arena = claim_arena(claim);
    double falls[R], random[R];
    for (int r = 0; r < R; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct task task;
        task_draw(arena, images, 1, WIDTH, &rng, &task);
        vec a = trained(&task, arena, &rng), b = trained(&task, arena, &rng);
        double before = unmatched(&task, arena, &rng, a, b);
        random[r] = before - unmatched(&task, arena, &rng, a, b);
        conn_match(&task.net, a, 1, arena, b);
        falls[r] = before - log(task_line(&task, a, b));
        arena->used = mark;
    }
    evidence(claim, "ln of the most before over after",
             effect_at_least(R, falls, log(1.5)));
    control(claim, "six other random orders", effect_at_least(R, random, log(1.5)));
}

SECTION(conn_ways, &conn_bent);
SECTION(conn_matchings, &conn_order, &conn_recovered, &conn_matched);
