#include "oracle.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *duplicate(const double *at, int count)
{
    double *twin = malloc((size_t)(count > 0 ? count : 1) * sizeof *twin);
    REQUIRE(twin != NULL, "no memory for %d doubles", count);
    memcpy(twin, at, (size_t)count * sizeof *twin);
    return twin;
}

void oracle_eigen(mat A, vec values, mat Q)
{
    memcpy(Q.at, A.at, (size_t)A.rows * (size_t)A.cols * sizeof *Q.at);
    int info =
        LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'L', A.rows, Q.at, A.rows, values.at);
    REQUIRE(info == 0, "dsyevd returned %d", info);
}

void oracle_solve(mat A, vec b, vec x)
{
    double *factors = duplicate(A.at, A.rows * A.cols);
    int *pivots = malloc((size_t)A.rows * sizeof *pivots);
    memcpy(x.at, b.at, (size_t)b.n * sizeof *x.at);
    int info =
        LAPACKE_dgesv(LAPACK_ROW_MAJOR, A.rows, 1, factors, A.rows, pivots, x.at, 1);
    REQUIRE(info == 0, "dgesv returned %d", info);
    free(factors);
    free(pivots);
}

void oracle_min_norm(mat A, vec b, vec x)
{
    int longer = A.rows > A.cols ? A.rows : A.cols, rank;
    double *factors = duplicate(A.at, A.rows * A.cols);
    double *singular = calloc((size_t)longer, sizeof *singular);
    double *both = calloc((size_t)longer, sizeof *both); /* b on entry, x on exit */
    memcpy(both, b.at, (size_t)b.n * sizeof *both);
    int info = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, A.rows, A.cols, 1, factors, A.cols,
                              both, 1, singular, longer * DBL_EPSILON, &rank);
    REQUIRE(info == 0, "dgelsd returned %d", info);
    memcpy(x.at, both, (size_t)x.n * sizeof *x.at);
    free(factors);
    free(singular);
    free(both);
}

vec geometric_spectrum(struct arena *arena, int n, double largest, double kappa)
{
    vec a = arena_vec(arena, n);
    for (int j = 0; j < n; j++)
        a.at[j] = largest * pow(kappa, -(double)j / (n - 1));
    return a;
}

void to_error(struct known k, vec w, vec error)
{
    for (int j = 0; j < w.n; j++) {
        error.at[j] = 0;
        for (int i = 0; i < w.n; i++)
            error.at[j] += k.Q.at[i * w.n + j] * (w.at[i] - k.w_star.at[i]);
    }
}

void from_error(struct known k, vec error, vec w)
{
    for (int i = 0; i < w.n; i++) {
        w.at[i] = k.w_star.at[i];
        for (int j = 0; j < w.n; j++)
            w.at[i] += k.Q.at[i * w.n + j] * error.at[j];
    }
}

/* q := 1/2 w'Aw - (A w_star)'w + 1/2 w_star'A w_star + least. */
static void multiply_out(struct known *k)
{
    int n = k->a.n;
    double *A = k->q.A.at;
    k->q.c = k->least;
    for (int i = 0; i < n; i++)
        for (int l = 0; l < n; l++) {
            for (int j = 0; j < n; j++)
                A[i * n + l] += k->Q.at[i * n + j] * k->a.at[j] * k->Q.at[l * n + j];
            k->q.b.at[i] -= A[i * n + l] * k->w_star.at[l];
            k->q.c += 0.5 * k->w_star.at[i] * A[i * n + l] * k->w_star.at[l];
        }
}

struct known known_quadratic(struct arena *arena, struct rng *rng, vec a)
{
    struct known k = {quadratic_make(arena, a.n), a, arena_mat(arena, a.n, a.n),
                      arena_vec(arena, a.n), rng_uniform(rng)};
    rng_rotation(rng, arena, k.Q);
    rng_normals(rng, 0, 1, k.w_star);
    multiply_out(&k);
    return k;
}
