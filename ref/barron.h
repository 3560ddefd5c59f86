/* barron.h -- functions that are means over ridge units, and networks that sample them.
 *
 *     f(x)   = nu E a (w'x - b)_+,   (w, b, a) ~ P,   |w|_1 = 1, 0 <= b <= 1, |a| <= 1
 *     f_m(x) = nu / m sum over k of a_k (w_k'x - b_k)_+
 *
 * P is given as a map of a cube: at a uniform point u of the cube, the unit (w, b, a)
 * has the distribution P.  So m points of the cube make a network, and everything that
 * this chapter asks is how the points should lie.  [Columbia-13/6, "Klusowski-Barron
 * L-infinity approximation"] */
#ifndef REF_BARRON_H
#define REF_BARRON_H

#include "ground/dense.h"
#include "ground/rng.h"

/* f_m: m units on inputs of d numbers. */
struct bar_units {
    double nu;
    mat W;    /* m x d: a w_k in each row */
    vec b, a; /* m                        */
};

/* P and nu.  unit: w, b, a := the unit at the point u of the cube [0, 1]^sides. */
struct bar_law {
    int d, sides;
    double nu;
    void (*unit)(const real *context, vec u, vec w, real *b, real *a);
    const real *context;
};

struct bar_units bar_units_make(struct arena *arena, int m, int d);
void bar_units_at(struct bar_law law, mat U, struct bar_units *f);
void bar_value(struct bar_units f, mat X, struct arena *scratch, vec y);

struct bar_law bar_axes(int d);
struct bar_law bar_octahedron(int d);
struct bar_law bar_wave(vec omega);

void bar_middles(int n, mat U);
void bar_one_per_cell(int n, struct rng *rng, mat U);

double bar_gaussian_nu(int d);
void bar_gaussian_frequency(struct rng *rng, vec omega);
void bar_gaussian_units(struct rng *rng, struct arena *scratch, struct bar_units *f);
void bar_cosines(mat Omega, mat X, struct arena *scratch, vec y);

int bar_wave_count(int d, int r);
void bar_wave_numbers(int r, mat K);
void bar_grid(int q, mat X);
void bar_waves(mat K, mat X, mat F);
void bar_missed(mat B, mat F, struct arena *scratch, vec missed);

#endif
