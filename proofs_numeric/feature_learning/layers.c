#include "feature_learning.h"
#include "ground/claim.h"
#include "ground/images.h"
#include "ground/optimizers.h"
#include "initialization.h"

#include <math.h>

/* HIDDEN layers of WIDTH ReLUs learn ten classes from EXAMPLES images by descent with
 * momentum, and are looked at LOOKS times, the last time at the end. */
enum { HIDDEN = 4, WIDTH = 32, EXAMPLES = 60, LOOKS = 21, BETWEEN = 3, R = 40 };

/* How far each layer is from its final self, 1 - CKA, at each look. */
struct approach {
    double left[HIDDEN][LOOKS];
};

static struct approach watch(struct claim *claim, struct images images, int replicate)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct images x = images_draw(&rng, arena, images, EXAMPLES);
    images_normalize(x, EXAMPLES, sqrt(x.X.cols));
    int widths[] = {x.X.cols, WIDTH, WIDTH, WIDTH, WIDTH, DATASET_CLASSES};
    struct mlp net = mlp_make(HIDDEN + 1, widths, RELU, STANDARD, true);
    vec w = arena_vec(arena, mlp_parameters(&net)), grad = arena_vec(arena, w.n);
    init_weights(&net, init_he(NORMAL), &rng, w);
    struct mlp_cost cost =
        mlp_cost_make(arena, &net, softmax_loss, x.X, images_one_hot(arena, x));
    struct momentum momentum = momentum_make(arena, w.n, 0.8);

    mat seen[HIDDEN][LOOKS];
    for (int k = 0; k < LOOKS; k++) {
        mlp_forward(&net, w, x.X, &cost.pass);
        for (int l = 0; l < HIDDEN; l++) {
            seen[l][k] = arena_mat(arena, EXAMPLES, WIDTH);
            copy(entries(cost.pass.H[l + 1]), entries(seen[l][k]));
        }
        optimize(mlp_cost_gradient, &cost, by_momentum(&momentum), 0.1, BETWEEN, w,
                 grad);
    }
    struct approach of;
    for (int l = 0; l < HIDDEN; l++)
        for (int k = 0; k < LOOKS; k++)
            of.left[l][k] = 1 - feat_cka(seen[l][k], seen[l][LOOKS - 1], arena);
    arena->used = mark;
    return of;
}

/* The mean over training of what is left, and of its share of what was left at first.
 */
static double mean_left(const struct approach *of, int l, bool share)
{
    double sum = 0;
    for (int k = 0; k < LOOKS; k++)
        sum += of->left[l][k] / LOOKS;
    return share ? sum / of->left[l][0] : sum;
}

static double log_ratio(const struct approach *of, bool share)
{
    return log(mean_left(of, HIDDEN - 1, share) / mean_left(of, 0, share));
}

/* For the figure: means over the replicates. */
static void record(struct claim *claim, const struct approach *of)
{
    struct series out =
        series_begin(claim, "approach", "step", "left_1", "left_2", "left_3", "left_4",
                     "share_1", "share_2", "share_3", "share_4", NULL);
    for (int k = 0; k < LOOKS; k++) {
        double row[1 + 2 * HIDDEN] = {BETWEEN * k};
        for (int r = 0; r < R; r++)
            for (int l = 0; l < HIDDEN; l++) {
                row[1 + l] += of[r].left[l][k] / R;
                row[1 + HIDDEN + l] += of[r].left[l][k] / of[r].left[l][0] / R;
            }
        series_row(&out, row);
    }
    series_end(&out);
}

CLAIM(feat_lower_first, PHENOMENON,
      "Lower layers are ready first: they have less far to go")
{
    struct images images = images_first(claim, 4000, 4);
    struct approach of[R];
    double mean[R], at_first[R], share[R];
    for (int r = 0; r < R; r++) {
        of[r] = watch(claim, images, r);
        mean[r] = log_ratio(&of[r], false);
        share[r] = log_ratio(&of[r], true);
        at_first[r] = log(of[r].left[HIDDEN - 1][0] / of[r].left[0][0]);
    }
    evidence(claim, "ln of what is left, layer 4 over 1",
             effect_at_least(R, mean, log(2)));
    evidence(claim, "the same, at step 0", effect_at_least(R, at_first, log(2)));
    control(claim, "as a share of that at step 0", effect_at_least(R, share, log(2)));
    record(claim, of);
}

SECTION(feat_layers, &feat_lower_first);
