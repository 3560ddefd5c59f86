/* "Pictures": what a slice shows of a network, and what of its weights. */
#include "ground/images.h"
#include "ground/losses.h"
#include "ground/worlds.h"
#include "initialization.h"
#include "landscape.h"
#include "residual_networks.h"

#include <math.h>

enum { POINTS = 9 };

/* ---- One function, two pictures -------------------------------------------------- */

enum { N = 20, IN = 5, HIDDEN = 8, OUT = 3 };

struct learner {
    struct mlp net;
    struct mlp_pass pass;
    mat X, T, G;
};

static double learner_loss(void *learner, vec w)
{
    struct learner *f = learner;
    mlp_forward(&f->net, w, f->X, &f->pass);
    return square_loss(f->T, f->pass.H[2], f->G);
}

static struct learner learner_make(struct arena *arena, struct rng *rng,
                                   enum activation kind)
{
    struct learner f = {
        .net = mlp_make(2, (int[]){IN, HIDDEN, OUT}, kind, STANDARD, false)};
    f.pass = mlp_pass_make(arena, &f.net, N);
    f.X = normal_mat(arena, rng, N, IN), f.T = normal_mat(arena, rng, N, OUT);
    f.G = arena_mat(arena, N, OUT);
    return f;
}

/* Every hidden unit c times as strong in, and 1 / c out; c from 1/4 to 4. */
static void rescale(const struct mlp *net, struct rng *rng, bool alike, vec w)
{
    double c = exp2(4 * rng_uniform(rng) - 2);
    for (int j = 0; j < HIDDEN; j++) {
        c = alike ? c : exp2(4 * rng_uniform(rng) - 2);
        scale(c, row(mlp_weights(net, w, 0), j));
        for (int k = 0; k < OUT; k++)
            row(mlp_weights(net, w, 1), k).at[j] /= c;
    }
}

enum normalizing { RAW, ROWS, UNITS };

/* A random direction, the same for the same stream, at w. */
static vec direction(struct arena *arena, const struct mlp *net, struct rng rng, vec w,
                     enum normalizing how)
{
    vec d = normal_vec(arena, &rng, w.n);
    if (how == RAW)
        return d;
    land_like_rows(mlp_weights(net, w, 0), mlp_weights(net, d, 0));
    if (how == ROWS)
        land_like_rows(mlp_weights(net, w, 1), mlp_weights(net, d, 1));
    else
        land_like_columns(mlp_weights(net, w, 1), mlp_weights(net, d, 1));
    return d;
}

/* How much a slice changes, relative to its largest loss, if the units are rescaled. */
static double change(struct claim *claim, struct learner *f, enum normalizing how,
                     bool alike)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, 1);
    vec w = normal_vec(arena, &rng, mlp_parameters(&f->net));
    mat L[2];
    for (int which = 0; which < 2; which++) {
        vec d = direction(arena, &f->net, claim_rng(claim, 2), w, how);
        vec e = direction(arena, &f->net, claim_rng(claim, 3), w, how);
        L[which] = arena_mat(arena, POINTS, POINTS);
        land_slice(learner_loss, f, w, d, e, 1, arena, L[which]);
        rescale(&f->net, &rng, alike, w);
    }
    axpy(-1, entries(L[0]), entries(L[1]));
    double moved = max_norm(entries(L[1])) / max_norm(entries(L[0]));
    arena->used = mark;
    return moved;
}

CLAIM(land_slice_units, IDENTITY,
      "A slice shows the function if directions are normalized unit by unit")
{
    struct rng rng = claim_rng(claim, 0);
    struct learner f = learner_make(claim_arena(claim), &rng, RELU);
    /* Sums of 5 and 8 products, of numbers within a factor of 16 of each other. */
    double limit = rounding(IN + HIDDEN, 16);
    evidence(claim, "rows in, columns out",
             at_most(change(claim, &f, UNITS, false), limit));
    evidence(claim, "rows in, rows out, one factor",
             at_most(change(claim, &f, ROWS, true), limit));
    control(claim, "rows in, rows out, factors by unit",
            at_most(change(claim, &f, ROWS, false), limit));
    control(claim, "directions as they are drawn",
            at_most(change(claim, &f, RAW, false), limit));
    f.net.activation = TANH;
    control(claim, "rows in, columns out, tanh",
            at_most(change(claim, &f, UNITS, false), limit));
}

/* ---- Plain and residual ---------------------------------------------------------- */

enum { IMAGES = 20, PIXELS = 16, LAYERS = 12, REPLICATES = 24 };

struct deep {
    struct resnet net;
    struct resnet_pass pass;
    mat X, Y;
};

static double deep_loss(void *deep, vec w)
{
    struct deep *x = deep;
    resnet_forward(x->net, w, x->X, &x->pass);
    return resnet_cost(x->net, x->Y, &x->pass);
}

/* A random net on these images, and a slice through its start, each row of each matrix
 * as far as it is long. */
static void slice_of(struct claim *claim, int replicate, bool skip, mat X, mat Y, mat L)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct deep x = {.net = {LAYERS, PIXELS, RELU, skip, skip ? 1 / sqrt(LAYERS) : 1},
                     .X = X,
                     .Y = Y};
    x.pass = resnet_pass_make(arena, x.net, IMAGES);
    vec w = arena_vec(arena, resnet_parameters(x.net)), d[2];
    for (int t = 0; t < LAYERS; t++)
        rng_normals(&rng, 0, sqrt(2.0 / PIXELS), entries(resnet_weights(x.net, w, t)));
    for (int i = 0; i < 2; i++) {
        d[i] = normal_vec(arena, &rng, w.n);
        for (int t = 0; t < LAYERS; t++) {
            fill(0, resnet_biases(x.net, d[i], t));
            land_like_rows(resnet_weights(x.net, w, t), resnet_weights(x.net, d[i], t));
        }
    }
    land_slice(deep_loss, &x, w, d[0], d[1], 1, arena, L);
    arena->used = mark;
}

/* The table of a picture, in finer steps. */
static void record_slices(struct claim *claim, mat X, mat Y)
{
    enum { FINE = 21 };
    mat plain = arena_mat(claim_arena(claim), FINE, FINE);
    mat residual = arena_mat(claim_arena(claim), FINE, FINE);
    slice_of(claim, 0, false, X, Y, plain);
    slice_of(claim, 0, true, X, Y, residual);
    struct series s =
        series_begin(claim, "slices", "y", "x", "plain", "residual", NULL);
    for (int i = 0; i < FINE; i++)
        for (int j = 0; j < FINE; j++)
            series_row(&s,
                       (double[]){2.0 * i / (FINE - 1) - 1, 2.0 * j / (FINE - 1) - 1,
                                  row(plain, i).at[j], row(residual, i).at[j]});
    series_end(&s);
}

CLAIM(land_skips, PHENOMENON,
      "Around its start, a deep plain net bends down where a residual one does not")
{
    struct arena *arena = claim_arena(claim);
    struct images x = images_first(claim, IMAGES, 7);
    images_normalize(x, IMAGES, sqrt(PIXELS));
    mat Y = arena_mat(arena, IMAGES, PIXELS), plain = arena_mat(arena, POINTS, POINTS);
    mat residual = arena_mat(arena, POINTS, POINTS);
    double gained[REPLICATES], same[REPLICATES];
    for (int i = 0; i < IMAGES; i++)
        row(Y, i).at[x.classes[i]] = 1;
    for (int r = 0; r < REPLICATES; r++) {
        slice_of(claim, r, false, x.X, Y, plain);
        slice_of(claim, r, true, x.X, Y, residual);
        double with_skips = land_saddle_share(residual);
        gained[r] = land_saddle_share(plain) - with_skips;
        slice_of(claim, REPLICATES + r, true, x.X, Y, residual);
        same[r] = land_saddle_share(residual) - with_skips;
    }
    record_slices(claim, x.X, Y);
    evidence(claim, "share bent down, plain less residual",
             effect_at_least(REPLICATES, gained, 0.2));
    control(claim, "residual less residual", effect_at_least(REPLICATES, same, 0.2));
}

SECTION(land_pictures, &land_slice_units, &land_skips);
