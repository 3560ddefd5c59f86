/* "A layer put back": to where it began, or to where another might have. */
#include "trained.h"

#include <math.h>

enum { R = 24, WIDTH = 96, LAYERS = 3 };

/* How often w is right with layer l as it is in `from`. */
static double after_reset(struct task *task, struct arena *scratch, int l, vec from,
                          vec w)
{
    size_t mark = scratch->used;
    vec changed = arena_vec(scratch, w.n);
    copy(w, changed);
    conn_reset(&task->net, l, from, changed);
    double right = task_accuracy(task, scratch, changed);
    scratch->used = mark;
    return right;
}

CLAIM(conn_put_back, PHENOMENON,
      "To reset a layer to its start hardly hurts, to draw it anew ruins the network")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct arena *arena = claim_arena(claim);
    double cost[R] = {0}, gap[R] = {0}, other_cost[R] = {0}, other_gap[R] = {0};
    double layers[LAYERS][3] = {{0}}, right = 0;
    for (int r = 0; r < R; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct task task;
        task_draw(arena, images, 2, WIDTH, &rng, &task);
        vec start = task_start(&task, arena, &rng), w;
        vec other = task_start(&task, arena, &rng),
            fresh = task_start(&task, arena, &rng);
        w = task_trained(&task, arena, 0.003, 60, start);
        double whole = task_accuracy(&task, arena, w);
        right += whole / R;
        for (int l = 0; l < LAYERS; l++) {
            double reset = after_reset(&task, arena, l, start, w);
            double drawn = after_reset(&task, arena, l, fresh, w);
            double theirs = after_reset(&task, arena, l, other, w);
            cost[r] += (whole - reset) / LAYERS, gap[r] += (reset - drawn) / LAYERS;
            other_cost[r] += (whole - theirs) / LAYERS;
            other_gap[r] += (theirs - drawn) / LAYERS;
            layers[l][0] += reset / R, layers[l][1] += drawn / R;
            layers[l][2] += theirs / R;
        }
        arena->used = mark;
    }
    struct series s = series_begin(claim, "layers", "layer", "reset", "drawn", "other",
                                   "whole", NULL);
    for (int l = 0; l < LAYERS; l++)
        series_row(&s,
                   (double[]){l + 1, layers[l][0], layers[l][1], layers[l][2], right});
    series_end(&s);
    for (int r = 0; r < R; r++)
        cost[r] = -cost[r], other_cost[r] = -other_cost[r];
    evidence(claim, "accuracy after a reset, less before",
             effect_at_least(R, cost, -0.2));
    evidence(claim, "a reset over a new draw", effect_at_least(R, gap, 0.3));
    control(claim, "another's start, less before",
            effect_at_least(R, other_cost, -0.2));
    control(claim, "another's start over a new draw",
            effect_at_least(R, other_gap, 0.3));
}

SECTION(conn_resets, &conn_put_back);
