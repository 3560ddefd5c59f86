/* "A layer put back": to where it began, or to where another might have. */
#include "trained.h"

#include <math.h>

enum { R = 24, WIDTH = 64, LAYERS = 3 };

/* How often a trained network is right: as it is, and with one layer as it was at its
 * own start, at another's, or drawn anew. */
struct run {
    double whole, own[LAYERS], others[LAYERS], drawn[LAYERS];
};

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

static struct run run_once(struct claim *claim, struct images images, int replicate)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct task task;
    task_draw(arena, images, 2, WIDTH, &rng, &task);
    vec start = task_start(&task, arena, &rng), others = task_start(&task, arena, &rng);
    vec drawn = task_start(&task, arena, &rng);
    vec w = task_trained(&task, arena, 0.003, 60, start);
    struct run run = {.whole = task_accuracy(&task, arena, w)};
    for (int l = 0; l < LAYERS; l++) {
        run.own[l] = after_reset(&task, arena, l, start, w);
        run.others[l] = after_reset(&task, arena, l, others, w);
        run.drawn[l] = after_reset(&task, arena, l, drawn, w);
    }
    arena->used = mark;
    return run;
}

/* For the figure: means over runs. */
static void record_layers(struct claim *claim, const struct run *runs)
{
    struct series s =
        series_begin(claim, "layers", "layer", "own", "others", "drawn", "whole", NULL);
    for (int l = 0; l < LAYERS; l++) {
        double mean[5] = {l + 1};
        for (int r = 0; r < R; r++) {
            mean[1] += runs[r].own[l] / R, mean[2] += runs[r].others[l] / R;
            mean[3] += runs[r].drawn[l] / R, mean[4] += runs[r].whole / R;
        }
        series_row(&s, mean);
    }
    series_end(&s);
}

CLAIM(conn_put_back, PHENOMENON,
      "To reset a layer to its start costs little, to draw it anew ruins the network")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct run runs[R];
    double own[R] = {0}, over_drawn[R] = {0}, others[R] = {0}, others_over[R] = {0};
    for (int r = 0; r < R; r++) {
        struct run run = runs[r] = run_once(claim, images, r);
        for (int l = 0; l < LAYERS; l++) {
            own[r] += (run.own[l] - run.whole) / LAYERS;
            over_drawn[r] += (run.own[l] - run.drawn[l]) / LAYERS;
            others[r] += (run.others[l] - run.whole) / LAYERS;
            others_over[r] += (run.others[l] - run.drawn[l]) / LAYERS;
        }
    }
    evidence(claim, "accuracy after a reset, less before",
             effect_at_least(R, own, -0.25));
    evidence(claim, "a reset over a new draw", effect_at_least(R, over_drawn, 0.3));
    control(claim, "another's start, less before", effect_at_least(R, others, -0.25));
    control(claim, "another's start over a new draw",
            effect_at_least(R, others_over, 0.3));
    record_layers(claim, runs);
}

SECTION(conn_resets, &conn_put_back);
