/* "The best possible": on the line, nu x^2 / 4 and all networks of m units. */
#include "barron/networks.h"

#include <math.h>
#include <stdlib.h>

enum { UNITS = 64 };

/* The least and the largest f_m(x) - nu x^2 / 4 on [-1, 1]. */
struct range {
    double low, high;
};

static int ascending(const void *a, const void *b)
{
    double x = *(const real *)a, y = *(const real *)b;
    return (x > y) - (x < y);
}

/* Between its kinks f_m is straight: what differs most from a parabola does so at the
 * ends, or where the slopes agree. */
static struct range differences(struct arena *arena, struct bar_units f)
{
    struct range r = {0, 0};
    size_t mark = arena->used;
    int m = f.b.n;
    vec ends = arena_vec(arena, m + 2);
    ends.at[0] = -1, ends.at[m + 1] = 1;
    for (int k = 0; k < m; k++)
        ends.at[k + 1] = fmin(1, fmax(-1, f.b.at[k] / f.W.at[k]));
    qsort(ends.at, (size_t)ends.n, sizeof(real), ascending);
    for (int k = 0; k <= m; k++) {
        real x[3] = {ends.at[k], ends.at[k + 1], 0}, y[3];
        if (x[1] - x[0] < sqrt(REAL_EPSILON)) /* its slope is lost to rounding */
            continue;
        bar_value(f, (mat){2, 1, x}, arena, (vec){2, y});
        x[2] = fmin(x[1], fmax(x[0], 2 * (y[1] - y[0]) / (x[1] - x[0]) / f.nu));
        bar_value(f, (mat){3, 1, x}, arena, (vec){3, y});
        for (int p = 0; p < 3; p++) {
            r.low = smallest(r.low, y[p] - f.nu * x[p] * x[p] / 4);
            r.high = worst(r.high, y[p] - f.nu * x[p] * x[p] / 4);
        }
    }
    arena->used = mark;
    return r;
}

/* What remains if the best constant is added. */
static double half_width(struct range r) { return (r.high - r.low) / 2; }

/* m kinks that cut [-1, 1] into equal parts, and turn by nu / (m + 1) each; moved and
 * changed by up to so much of that.  m is even. */
static struct bar_units equal_parts(struct arena *arena, int m, double moved,
                                    struct rng *rng)
{
    struct bar_units f = bar_units_make(arena, m, 1);
    f.nu = 1;
    for (int k = 0; k < m; k++) {
        double r = 2 * rng_uniform(rng) - 1, s = 2 * rng_uniform(rng) - 1;
        double kink = -1 + 2 * (k + 1 + moved * r) / (m + 1);
        f.W.at[k] = copysign(1, kink);
        f.b.at[k] = fabs(kink);
        f.a.at[k] = (1 + moved * s) * m / (m + 1.0);
    }
    return f;
}

/* Of 60 such networks the least error, and the largest, over 1 / 8 (m + 1)^2. */
static struct range moved_networks(struct claim *claim, int m, int units)
{
    struct arena *arena = claim_arena(claim);
    struct range r = {INFINITY, 0};
    double bound = 1 / (8.0 * (m + 1) * (m + 1));
    for (int i = 0; i < 60; i++) {
        struct rng rng = claim_rng(claim, (uint64_t)i);
        size_t mark = arena->used;
        struct bar_units f =
            equal_parts(arena, units, pow(10, -4 * rng_uniform(&rng)), &rng);
        double error = half_width(differences(arena, f)) / bound;
        r.low = smallest(r.low, error), r.high = worst(r.high, error);
        arena->used = mark;
    }
    return r;
}

CLAIM(bar_kinks, BOUND, "On the line m units cannot come closer than nu / 8 (m + 1)^2")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 300);
    int m = UNITS;
    double best = 1 / (8.0 * (m + 1) * (m + 1)), middles = 1 / (4.0 * m * m);
    /* A sum of m numbers of at most 1, over m; then as much again for its slopes. */
    double limit = rounding(2 * m, 1);
    struct bar_units f = middle_units(arena, bar_axes(1), m);
    struct range r = differences(arena, f);
    evidence(claim, "best of 60 networks, over bound",
             at_least(moved_networks(claim, m, m).low, 1 - limit / best));
    struct bar_units parts = equal_parts(arena, m, 0, &rng);
    evidence(claim, "equal parts, less nu / 8 (m + 1)^2",
             at_most(fabs(half_width(differences(arena, parts)) - best), limit));
    evidence(claim, "cells' middles, less nu / 4 m^2",
             at_most(worst(fabs(r.low + middles), r.high), limit));
    control(claim, "with twice as many units",
            at_least(moved_networks(claim, m, 2 * m).low, 1 - limit / best));
    f.nu = 3;
    control(claim, "nu = 3, and a bound without nu",
            at_most(-differences(arena, f).low, middles + limit));
}

SECTION(bar_best, &bar_kinks);
