#include "flows.h"

#include "ground/vectors.h"

#include <complex.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

struct planar random_layer(struct claim *claim, struct rng *rng, int n)
{
    struct arena *arena = claim_arena(claim);
    struct planar layer = {arena_vec(arena, n), arena_vec(arena, n), rng_normal(rng)};
    rng_normals(rng, 0, pow(n, -0.25), layer.u);
    rng_normals(rng, 0, pow(n, -0.25), layer.w);
    return layer;
}

struct planar with_product(struct planar layer, double wu)
{
    axpy((wu - dot(layer.w, layer.u)) / dot(layer.w, layer.w), layer.w, layer.u);
    return layer;
}

static double complex plain_map(struct planar layer, const double complex *z, int i)
{
    double complex a = layer.b;
    for (int j = 0; j < layer.w.n; j++)
        a += layer.w.at[j] * z[j];
    return z[i] + layer.u.at[i] * ctanh(a);
}

void complex_jacobian(int count, const struct planar *layer, vec z, mat J)
{
    enum { MOST = 64 };
    double complex from[MOST], to[MOST];
    int n = z.n;
    REQUIRE(n <= MOST, "n is %d", n);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++)
            from[i] = z.at[i] + (i == j ? I * TINY : 0);
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < n; i++)
                to[i] = plain_map(layer[k], from, i);
            memcpy(from, to, sizeof to);
        }
        for (int i = 0; i < n; i++)
            row(J, i).at[j] = cimag(from[i]) / TINY;
    }
}

double lu_determinant(struct arena *arena, mat A)
{
    size_t mark = arena->used;
    int n = A.rows, *pivots = arena_ints(arena, (size_t)n);
    double *LU = in_double(arena, entries(A));
    int info = LAPACKE_dgetrf(LAPACK_ROW_MAJOR, n, n, LU, n, pivots);
    REQUIRE(info >= 0, "dgetrf returned %d", info);
    double det = 1;
    for (int i = 0; i < n; i++)
        det *= LU[i * n + i] * (pivots[i] == i + 1 ? 1 : -1);
    arena->used = mark;
    return det;
}
