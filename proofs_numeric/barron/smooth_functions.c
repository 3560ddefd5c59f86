/* "Smooth functions": waves are means over kinks, and so is what is made of waves. */
#include "barron/networks.h"

#include <math.h>

/* ---- One wave -------------------------------------------------------------------- */

enum { CELLS = 1000, D = 4 };

/* The largest error of 1 + f_m against cos omega'x at points of a cube of so many times
 * the side, over its bound.  Along each of w and -w the middles of n cells are a rule
 * of quadrature for g(b) = a(b) (s - b)_+, s = w'x <= 1, |a'| <= L, |a''| <= L^2 with
 * L = |omega|_1: a smooth g costs max |g''| / 24 n^2, |g''| <= L^2 + 2L, and the kink,
 * where the slope changes by 1 at most, 1 / 8 n^2.  Only one of the signs is not 0. */
static double off_the_wave(struct claim *claim, double side)
{
    struct arena *arena = claim_arena(claim);
    double most = 0;
    for (int i = 0; i < 30; i++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)i);
        vec omega = arena_vec(arena, D), x = cube_point(arena, &rng, D);
        double L = 0;
        rng_normals(&rng, 0, 2, omega);
        for (int j = 0; j < D; j++)
            L += fabs(omega.at[j]);
        if (i % 2 == 0) /* a corner, where w'x is 1 */
            for (int j = 0; j < D; j++)
                x.at[j] = copysign(1, omega.at[j]);
        scale(side, x);
        struct bar_units f = middle_units(arena, bar_wave(omega), 2 * CELLS);
        double off = fabs(1 + value_at(arena, f, x) - cos(dot(omega, x)));
        double bound = f.nu / 2 * ((L * L + 2 * L) / 24 + 1.0 / 8) / (CELLS * CELLS);
        most = worst(most, off / bound);
        arena->used = mark;
    }
    return most;
}

CLAIM(bar_wave_units, IDENTITY,
      "On the cube cos omega'x is 1 + f, with nu = 2 |omega|_1^2")
{
    evidence(claim, "error over that of quadrature",
             at_most(off_the_wave(claim, 1), 1));
    control(claim, "in a cube of twice the side", at_most(off_the_wave(claim, 2), 1));
}

/* ---- A Gaussian ------------------------------------------------------------------ */

enum { NETWORKS = 40, UNITS = 1500 };

/* 1 + f_m(x) of independent networks; or of frequencies that are just normal. */
static void sample_values(struct claim *claim, vec x, bool weighted, double *values)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    for (int i = 0; i < NETWORKS; i++) {
        struct rng rng = claim_rng(claim, (uint64_t)(100 * x.n + i));
        struct bar_units f = bar_units_make(arena, UNITS, x.n);
        bar_gaussian_units(&rng, arena, &f);
        vec omega = arena_vec(arena, x.n);
        for (int k = 0; k < UNITS && !weighted; k++) {
            real u = rng_uniform(&rng);
            rng_normals(&rng, 0, 1, omega);
            struct bar_law law = bar_wave(omega);
            law.unit(law.context, (vec){1, &u}, row(f.W, k), &f.b.at[k], &f.a.at[k]);
        }
        values[i] = 1 + value_at(arena, f, x);
        arena->used = mark;
    }
}

CLAIM(bar_gaussian, STATISTIC, "A Gaussian is 1 + f, with nu = 2d (1 + 2 (d - 1) / pi)")
{
    static const int dimensions[] = {1, 2, 5};
    struct arena *arena = claim_arena(claim);
    double values[NETWORKS];
    for (int i = 0; i < 3; i++) {
        char what[40];
        int d = dimensions[i];
        vec x = arena_vec(arena, d);
        fill(0.8, x);
        sample_values(claim, x, true, values);
        snprintf(what, sizeof what, "its value in %d dimensions", d);
        evidence(claim, what, mean_is(NETWORKS, values, exp(-dot(x, x) / 2)));
    }
    vec x = arena_vec(arena, 3);
    fill(0.8, x);
    sample_values(claim, x, false, values);
    control(claim, "normal frequencies, as they are",
            mean_is(NETWORKS, values, exp(-dot(x, x) / 2)));
}

SECTION(bar_prices, &bar_wave_units, &bar_gaussian);
