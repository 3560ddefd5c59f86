#include "double_descent.h"
#include "double_descent/worlds.h"
#include "ground/images.h"

#include <math.h>

enum { TRAIN = 100, TEST = 300, PIXELS = 49, RESAMPLES = 60, SHOWN = 15, READ = 4000 };

/* Sneakers against boots, in 7 x 7 blocks of pixels: centred by the training mean and
 * scaled so that a training image has unit mean square norm. */
struct shoes {
    struct images train, test; /* TRAIN and TEST x PIXELS; +1 for sneakers */
};

static struct shoes draw_shoes(struct arena *arena, struct rng *rng, struct images all)
{
    struct images drawn = images_draw(rng, arena, all, TRAIN + TEST);
    images_normalize(drawn, TRAIN, 1);
    return (struct shoes){images_part(drawn, 0, TRAIN),
                          images_part(drawn, TRAIN, TEST)};
}

/* The share of examples whose sign is wrong. */
static double error_rate(struct arena *arena, mat Phi, vec t, vec w)
{
    size_t mark = arena->used;
    vec y = arena_vec(arena, t.n);
    int wrong = 0;
    gemv(1, Phi, w, 0, y);
    for (int i = 0; i < t.n; i++)
        wrong += !(y.at[i] * t.at[i] > 0);
    arena->used = mark;
    return (double)wrong / t.n;
}

struct errors {
    double train, test;
};

/* The errors of the fit of least norm on p random features of the shoes.  With a
 * penalty, of N lambda, it is on p + N features, the last of which tell the images
 * apart and cost sqrt(N lambda) each: then Phi w + sqrt(N lambda) v = t is solved with
 * the least ||w||^2 + ||v||^2, which is ridge regression, at the cost of the smaller
 * side. */
static struct errors fit_features(struct arena *arena, struct rng *rng, struct shoes s,
                                  int p, double penalty)
{
    size_t mark = arena->used;
    int more = penalty > 0 ? TRAIN : 0;
    mat W = arena_mat(arena, PIXELS, p), train = arena_mat(arena, TRAIN, p);
    mat test = arena_mat(arena, TEST, p), both = arena_mat(arena, TRAIN, p + more);
    vec all = arena_vec(arena, p + more), w = {p, all.at};
    rng_normals(rng, 0, 1, entries(W));
    dd_features(s.train.X, W, train);
    dd_features(s.test.X, W, test);
    for (int i = 0; i < TRAIN; i++) {
        copy(row(train, i), (vec){p, row(both, i).at});
        if (more > 0)
            row(both, i).at[p + i] = sqrt(penalty);
    }
    fit(arena, both, s.train.t, all);
    struct errors errors = {error_rate(arena, train, s.train.t, w),
                            error_rate(arena, test, s.test.t, w)};
    arena->used = mark;
    return errors;
}

/* Turns round every label with that probability, in percent. */
static void flip_labels(struct rng *rng, int percent, vec t)
{
    for (int i = 0; i < t.n; i++)
        if (rng_below(rng, 100) < percent)
            t.at[i] = -t.at[i];
}

enum { FEATURE_COUNTS = 9, SMALL = 1, PEAK = 4, MANY = 8 };
static const int feature_counts[FEATURE_COUNTS] = {10,  20,  40,  70,  100,
                                                   140, 200, 400, 1000};

/* Test errors over resamples, for each number of features. */
struct sweep {
    double least_norm[FEATURE_COUNTS][RESAMPLES], ridge[FEATURE_COUNTS][RESAMPLES];
};

static void run_sweep(struct claim *claim, struct sweep *sweep)
{
    struct arena *arena = claim_arena(claim);
    struct images all = images_pair(claim, READ, 4, SNEAKER, BOOT);
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct shoes s = draw_shoes(arena, &rng, all);
        flip_labels(&rng, 10, s.train.t);
        for (int c = 0; c < FEATURE_COUNTS; c++) {
            if (r >= SHOWN && c != SMALL && c != PEAK && c != MANY)
                continue; /* enough for the figure */
            int p = feature_counts[c];
            sweep->least_norm[c][r] = fit_features(arena, &rng, s, p, 0).test;
            sweep->ridge[c][r] = fit_features(arena, &rng, s, p, 1).test;
        }
        arena->used = mark;
    }
}

static void record_sweep(struct claim *claim, const struct sweep *sweep)
{
    struct series s = series_begin(claim, "features", "p", "least_norm", "ridge", NULL);
    for (int c = 0; c < FEATURE_COUNTS; c++)
        series_row(&s,
                   (double[]){feature_counts[c], average(SHOWN, sweep->least_norm[c]),
                              average(SHOWN, sweep->ridge[c])});
    series_end(&s);
}

/* What this chapter calls a peak: five percentage points. */
#define PEAK_HEIGHT 0.05

/* Errors a exceed errors b by so much, on average over the resamples. */
static struct finding above(const double *a, const double *b, double height)
{
    double difference[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++)
        difference[r] = a[r] - b[r];
    return effect_at_least(RESAMPLES, difference, height);
}

CLAIM(dd_random_features, PHENOMENON,
      "On images the error peaks at as many random features as examples")
{
    if (needs_double(claim,
                     "by its rounding, 100 features of 100 images may be dependent"))
        return;
    struct sweep sweep;
    run_sweep(claim, &sweep);
    record_sweep(claim, &sweep);
    double(*fit)[RESAMPLES] = sweep.least_norm, (*tuned)[RESAMPLES] = sweep.ridge;
    evidence(claim, "error at p = N, less at p = N/5",
             above(fit[PEAK], fit[SMALL], PEAK_HEIGHT));
    evidence(claim, "error at p = N, less at p = 10 N",
             above(fit[PEAK], fit[MANY], PEAK_HEIGHT));
    evidence(claim, "error at p = N, less with ridge",
             above(fit[PEAK], tuned[PEAK], PEAK_HEIGHT));
    evidence(claim, "error at p = 10 N, less with ridge",
             above(fit[MANY], tuned[MANY], 0));
    control(claim, "ridge: at p = N, less at p = N/5",
            above(tuned[PEAK], tuned[SMALL], PEAK_HEIGHT));
    control(claim, "ridge: at p = N, less at p = 10 N",
            above(tuned[PEAK], tuned[MANY], PEAK_HEIGHT));
}

/* The errors of one fit on `p` features, with the training labels as they are or in a
 * random order. */
static struct errors fit_labels(struct claim *claim, struct images all, int replicate,
                                int p, bool shuffled)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct shoes s = draw_shoes(arena, &rng, all);
    if (shuffled) {
        int order[TRAIN];
        vec t = arena_vec(arena, TRAIN);
        copy(s.train.t, t);
        rng_permutation(&rng, TRAIN, order);
        for (int i = 0; i < TRAIN; i++)
            s.train.t.at[i] = t.at[order[i]];
    }
    struct errors errors = fit_features(arena, &rng, s, p, 0);
    arena->used = mark;
    return errors;
}

CLAIM(dd_random_labels, PHENOMENON,
      "What fits shuffled labels without an error generalizes from the true ones")
{
    if (needs_double(claim, "by its rounding, 1000 features may be dependent"))
        return;
    enum { WIDE = 1000, NARROW = 20, DRAWN = 40 };
    struct images all = images_pair(claim, READ, 4, SNEAKER, BOOT);
    double true_error[DRAWN], gain[DRAWN], misses = 0, misses_narrow = 0;
    for (int r = 0; r < DRAWN; r++) {
        struct errors honest = fit_labels(claim, all, r, WIDE, false);
        struct errors random = fit_labels(claim, all, r, WIDE, true);
        misses += honest.train + random.train;
        misses_narrow += fit_labels(claim, all, r, NARROW, true).train;
        true_error[r] = 0.5 - honest.test;
        gain[r] = random.test - honest.test;
    }
    evidence(claim, "training errors, both labels", at_most(misses, 0));
    evidence(claim, "true labels: chance less test error",
             effect_at_least(DRAWN, true_error, 0.2));
    evidence(claim, "test error, shuffled less true", effect_at_least(DRAWN, gain, 0));
    control(claim, "training errors with 20 features", at_most(misses_narrow, 0));
}

SECTION(features_at_random, &dd_random_features, &dd_random_labels);
