/* What fits without regularization lose, against the number of their examples. */
#include "double_descent.h"
#include "live.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS = 25, FITS = 6 };

const struct slider live_sliders[] = {{"noise σ", 0.01, 10, 1, 60, LOGARITHMIC},
                                      {"features D", 4, 24, 16, 20, EVEN},
                                      {0}};

const char live_columns[] = "N\tlaw\tfits";

/* The squared error of the weights that one set of N examples leads to. */
static double one_fit(struct arena *arena, int N, int D, double noise, int fit)
{
    size_t mark = arena->used;
    struct rng rng = rng_make(1, "live risk", (uint64_t)(100 * N + fit));
    vec w_true = arena_vec(arena, D), w = arena_vec(arena, D), t = arena_vec(arena, N);
    mat Phi = arena_mat(arena, N, D);
    rng_normals(&rng, 0, 1, w_true);
    scale(1 / norm(w_true), w_true);
    dd_draw(&rng, w_true, noise, Phi, t);
    enum factor_status status = dd_fit(Phi, t, arena, w);
    axpy(-1, w_true, w);
    double error = status == FACTOR_OK ? dot(w, w) : NAN;
    arena->used = mark;
    return error;
}

/* The mean over all sets: none exists near N = D.  The noise puts in chi^2 over chi^2,
 * and of the signal the share 1 - N/D is lost. */
static double law(int N, int D, double noise)
{
    int apart = abs(N - D);
    double lost = N < D ? 1 - (double)N / D : 0;
    return apart < 2 ? NAN : lost + noise * noise * fmin(N, D) / (apart - 1);
}

mat live(struct arena *arena, vec slider)
{
    double noise = slider.at[0];
    int D = (int)slider.at[1];
    mat curves = arena_mat(arena, POINTS, 3);
    for (int i = 0; i < POINTS; i++) {
        real *at = row(curves, i).at;
        int N = 2 * (i + 1);
        at[0] = N;
        at[1] = law(N, D, noise);
        for (int fit = 0; fit < FITS; fit++)
            at[2] += one_fit(arena, N, D, noise, fit) / FITS;
    }
    return curves;
}
