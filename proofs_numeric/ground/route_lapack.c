#include "ground/route_lapack.h"

#include <lapacke.h>
#include <stdlib.h>

static void *room(int count, size_t size)
{
    void *at = calloc((size_t)(count > 0 ? count : 1), size);
    REQUIRE(at != NULL, "no memory for %d numbers", count);
    return at;
}

/* A copy in double precision of the first numbers of a longer array, the rest of which
 * is 0. */
static double *duplicate(const real *at, int count, int longer)
{
    double *twin = room(longer, sizeof *twin);
    for (int i = 0; i < count; i++)
        twin[i] = at[i];
    return twin;
}

/* x := what LAPACK has left in such a copy, which is not needed any more. */
static void take(double *twin, vec x)
{
    for (int i = 0; i < x.n; i++)
        x.at[i] = twin[i];
    free(twin);
}

void route_eigen(mat A, vec values, mat Q)
{
    int n = A.rows;
    REQUIRE(A.cols == n && values.n == n && Q.rows == n && Q.cols == n,
            "A is %d x %d, Q is %d x %d, for %d values", n, A.cols, Q.rows, Q.cols,
            values.n);
    double *vectors = duplicate(A.at, n * n, n * n), *lambda = room(n, sizeof *lambda);
    int info = LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'L', n, vectors, n, lambda);
    REQUIRE(info == 0, "dsyevd returned %d", info);
    take(vectors, entries(Q));
    take(lambda, values);
}

void route_solve(mat A, vec b, vec x)
{
    int n = A.rows;
    REQUIRE(A.cols == n && b.n == n && x.n == n,
            "A is %d x %d, b has %d entries, x has %d", n, A.cols, b.n, x.n);
    double *factors = duplicate(A.at, n * n, n * n), *both = duplicate(b.at, n, n);
    int *pivots = room(n, sizeof *pivots);
    int info = LAPACKE_dgesv(LAPACK_ROW_MAJOR, n, 1, factors, n, pivots, both, 1);
    REQUIRE(info == 0, "dgesv returned %d", info);
    take(both, x);
    free(factors);
    free(pivots);
}

void route_min_norm(mat A, vec b, vec x)
{
    int m = A.rows, n = A.cols, longer = m > n ? m : n, rank;
    REQUIRE(b.n == m && x.n == n, "A is %d x %d, b has %d entries, x has %d", m, n, b.n,
            x.n);
    double *factors = duplicate(A.at, m * n, m * n);
    double *singular = room(longer, sizeof *singular);
    double *both = duplicate(b.at, m, longer); /* b on entry, x on exit */
    int info = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, m, n, 1, factors, n, both, 1, singular,
                              longer * REAL_EPSILON, &rank);
    REQUIRE(info == 0, "dgelsd returned %d", info);
    take(both, x);
    free(factors);
    free(singular);
}

void route_singular(mat A, vec s)
{
    int m = A.rows, n = A.cols, shorter = m < n ? m : n;
    REQUIRE(s.n == shorter, "A is %d x %d, s has %d entries", m, n, s.n);
    double *factors = duplicate(A.at, m * n, m * n);
    double *sigma = room(shorter, sizeof *sigma);
    double *unused = room(shorter, sizeof *unused);
    int info = LAPACKE_dgesvd(LAPACK_ROW_MAJOR, 'N', 'N', m, n, factors, n, sigma, NULL,
                              1, NULL, 1, unused);
    REQUIRE(info == 0, "dgesvd returned %d", info);
    take(sigma, s);
    free(factors);
    free(unused);
}
