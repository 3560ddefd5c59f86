/* "A mean over kinks": what the definition says of the simplest distributions. */
#include "barron/networks.h"

#include <math.h>

/* ---- The square of the norm ------------------------------------------------------ */

enum { NETWORKS = 40, UNITS = 2000, STEPS = 16 };

/* f_m(x) of independent networks, each a mean of 2000 bounded numbers. */
static void sample_values(struct claim *claim, struct bar_law law, vec x,
                          double *values)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    for (int i = 0; i < NETWORKS; i++) {
        struct rng rng = claim_rng(claim, (uint64_t)(100 * law.d + i));
        values[i] = value_at(arena, independent_units(arena, law, UNITS, &rng), x);
        arena->used = mark;
    }
}

/* From one number: the sign of w = +-(1, ..., 1) size, and b. */
static void diagonal_unit(const real *context, vec u, vec w, real *b, real *a)
{
    double place = 2 * u.at[0];
    fill((place < 1 ? 1 : -1) * *context, w);
    *b = place - (place >= 1);
    *a = 1;
}

/* Each sign as likely, b uniform on [0, 1], a = 1.  |w|_2 = 1 if size = d^(-1/2). */
static struct bar_law along_diagonal(int d, const real *size)
{
    return (struct bar_law){d, 1, 1, diagonal_unit, size};
}

/* The largest error of the middles of the axes' cells, at points of the grid. */
static double off_on_grid(struct claim *claim, int d)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    struct bar_units f = middle_units(arena, bar_axes(d), 2 * d * STEPS);
    vec x = arena_vec(arena, d);
    double off = 0;
    for (int i = 0; i < 50; i++) {
        for (int j = 0; j < d; j++)
            x.at[j] = (rng_below(&rng, 2 * STEPS + 1) - STEPS) / (double)STEPS;
        off = worst(off, fabs(value_at(arena, f, x) - dot(x, x) / (4 * d)));
    }
    return off;
}

CLAIM(bar_square, STATISTIC, "b uniform, w as likely as -w: f is nu E (w'x)^2 / 4")
{
    static const int dimensions[] = {2, 3, 7};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    double values[NETWORKS];
    real euclid = 1 / sqrt(7);
    for (int i = 0; i < 3; i++) {
        char what[40];
        int d = dimensions[i];
        vec x = cube_point(arena, &rng, d);
        sample_values(claim, bar_octahedron(d), x, values);
        snprintf(what, sizeof what, "|w|_1 = 1 in %d dimensions", d);
        evidence(claim, what, mean_is(NETWORKS, values, dot(x, x) / (2 * d * (d + 1))));
    }
    /* The sum of 16 d numbers of at most 1 each, over as many. */
    evidence(claim, "along the axes, cells' middles",
             at_most(off_on_grid(claim, 5), rounding(2 * 5 * STEPS, 1)));
    vec corner = arena_vec(arena, 7);
    fill(1, corner);
    sample_values(claim, along_diagonal(7, &euclid), corner, values);
    control(claim, "|w|_2 = 1, at a corner", mean_is(NETWORKS, values, 7.0 / 4));
}

/* ---- What it costs --------------------------------------------------------------- */

/* How much the slope of t -> f(t, ..., t) changes from -1 to 1, over nu, by differences
 * over h at the ends: they are means of slopes, so no change is overstated. */
static double turn(struct arena *arena, struct bar_units f, double h)
{
    int d = f.W.cols;
    size_t mark = arena->used;
    mat X = arena_mat(arena, 4, d);
    vec y = arena_vec(arena, 4);
    double t[] = {-1, -1 + h, 1 - h, 1};
    for (int i = 0; i < 4; i++)
        fill(t[i], row(X, i));
    bar_value(f, X, arena, y);
    double change = (y.at[3] - y.at[2] - y.at[1] + y.at[0]) / h;
    arena->used = mark;
    return fabs(change) / f.nu;
}

/* The most that drawn networks turn, with outer weights of either sign. */
static double most_turned(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double most = 0;
    for (int i = 0; i < 300; i++) {
        struct rng rng = claim_rng(claim, (uint64_t)i);
        int d = 1 + i % 6;
        struct bar_units f = independent_units(arena, bar_octahedron(d), 1 + i, &rng);
        rng_uniforms(&rng, -1, 1, f.a);
        most = worst(most, turn(arena, f, 0.01));
        arena->used = mark;
    }
    return most;
}

CLAIM(bar_cost, BOUND, "The squared norm costs nu = 4d, and cannot be had for less")
{
    struct arena *arena = claim_arena(claim);
    real euclid = 1 / sqrt(6);
    double h = 1.0 / (2 * STEPS);
    /* |x|^2 turns by 4d; a difference over h = 1/32 of sums of numbers of at most 1. */
    double limit = rounding(12 * STEPS, 4 / h);
    struct bar_units axes = middle_units(arena, bar_axes(6), 12 * STEPS);
    evidence(claim, "turn / nu, 300 networks", at_most(most_turned(claim), 1 + limit));
    evidence(claim, "that of |x|^2 for nu = 4d",
             at_least(turn(arena, axes, h), 1 - limit));
    evidence(claim, "which it is, on the grid",
             at_most(off_on_grid(claim, 6), rounding(12 * STEPS, 1)));
    struct bar_units far = middle_units(arena, along_diagonal(6, &euclid), 12 * STEPS);
    control(claim, "turn / nu where |w|_2 = 1",
            at_most(turn(arena, far, h), 1 + limit));
}

SECTION(bar_means, &bar_square, &bar_cost);
