#include "sgd/shoes.h"

#include "ground/images.h"
#include "ground/route_lapack.h"

#include <math.h>

enum { POOL = 4, MOST = 1500 };

/* Phi := the columns of X along the d eigenvectors of X'X of the largest eigenvalues,
 * by plain sums, so scaled that the first has the mean square 1. */
static void principal_components(struct arena *arena, mat X, mat Phi)
{
    int n = X.rows, p = X.cols, d = Phi.cols;
    mat A = arena_mat(arena, p, p), V = arena_mat(arena, p, p);
    vec values = arena_vec(arena, p);
    gram(1.0 / n, X, A);
    route_eigen(A, values, V);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < d; j++)
            for (int k = 0; k < p; k++)
                row(Phi, i).at[j] +=
                    row(X, i).at[k] * row(V, k).at[p - 1 - j] / sqrt(values.at[p - 1]);
}

/* r := Phi w_star - t, and its mean square, halved. */
static void set_residual(struct shoes *of)
{
    of->least = 0;
    for (int i = 0; i < of->n; i++) {
        double y = -of->examples.t.at[i];
        for (int j = 0; j < of->d; j++)
            y += row(of->examples.Phi, i).at[j] * of->w_star.at[j];
        of->r.at[i] = y;
        of->least += y * y / (2 * of->n);
    }
}

struct shoes shoes_make(struct claim *claim, int n, int d)
{
    struct arena *arena = claim_arena(claim);
    struct images all = images_pair(claim, MOST, POOL, SNEAKER, BOOT);
    struct images x = images_part(all, 0, n);
    images_normalize(x, n, 1);
    struct shoes of = {.n = n,
                       .d = d,
                       .examples = {arena_mat(arena, n, d), x.t},
                       .h = arena_vec(arena, d),
                       .w_star = arena_vec(arena, d),
                       .r = arena_vec(arena, n),
                       .start = arena_vec(arena, d)};
    principal_components(arena, x.X, of.examples.Phi);
    for (int j = 0; j < d; j++) {
        double h = 0, b = 0;
        for (int i = 0; i < n; i++) {
            double phi = row(of.examples.Phi, i).at[j];
            h += phi * phi / n, b += phi * of.examples.t.at[i] / n;
        }
        of.h.at[j] = h, of.w_star.at[j] = b / h, of.start.at[j] = -b / h;
    }
    set_residual(&of);
    return of;
}

void shoes_interpolate(struct shoes *of)
{
    for (int i = 0; i < of->n; i++) {
        of->examples.t.at[i] += of->r.at[i];
        of->r.at[i] = 0;
    }
    of->least = 0;
}

double shoes_excess(struct shoes of, vec w)
{
    double sum = 0;
    for (int j = 0; j < of.d; j++)
        sum += of.h.at[j] * pow(w.at[j] - of.w_star.at[j], 2) / 2;
    return sum;
}
