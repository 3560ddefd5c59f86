#include "landscape/curvatures.h"

#include "ground/finding.h"
#include "ground/route_lapack.h"

#include <math.h>

/* The central difference of order 6: sum of c_k (g(kh) - g(-kh)) / h. */
void curvatures(struct arena *arena, gradient_of *gradient, void *cost, vec w, double h,
                mat H)
{
    static const double c[] = {0, 3.0 / 4, -3.0 / 20, 1.0 / 60};
    size_t mark = arena->used;
    vec g = arena_vec(arena, w.n);
    mat D = arena_mat(arena, w.n, w.n);
    for (int i = 0; i < w.n; i++) {
        double at = w.at[i];
        for (int k = -3; k <= 3; k++) {
            w.at[i] = at + k * h;
            gradient(cost, w, g);
            axpy((k < 0 ? -c[-k] : c[k]) / h, g, row(D, i));
        }
        w.at[i] = at;
    }
    transpose(D, H);
    axpy(1, entries(D), entries(H));
    scale(0.5, entries(H));
    arena->used = mark;
}

struct spectrum spectrum_of(struct arena *arena, mat H, double edge)
{
    size_t mark = arena->used;
    vec values = arena_vec(arena, H.rows);
    struct spectrum x = {.gap = INFINITY};
    route_eigen(H, values, arena_mat(arena, H.rows, H.rows));
    for (int i = 0; i < values.n; i++) {
        x.negative += values.at[i] < -edge;
        if (fabs(values.at[i]) > edge)
            x.gap = smallest(x.gap, fabs(values.at[i]));
    }
    x.least = values.at[0];
    arena->used = mark;
    return x;
}
