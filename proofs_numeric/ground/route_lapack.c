#include "ground/route_lapack.h"

#include <float.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

static void *room(int count, size_t size)
{
    void *at = calloc((size_t)(count > 0 ? count : 1), size);
    REQUIRE(at != NULL, "no memory for %d numbers", count);
    return at;
}

/* A copy of the first numbers of a longer array, the rest of which is 0. */
static double *duplicate(const double *at, int count, int longer)
{
    double *twin = room(longer, sizeof *twin);
    memcpy(twin, at, (size_t)count * sizeof *twin);
    return twin;
}

void route_eigen(mat A, vec values, mat Q)
{
    int n = A.rows;
    REQUIRE(A.cols == n && values.n == n && Q.rows == n && Q.cols == n,
            "A is %d x %d, Q is %d x %d, for %d values", n, A.cols, Q.rows, Q.cols,
            values.n);
    memcpy(Q.at, A.at, (size_t)n * (size_t)n * sizeof *Q.at);
    int info = LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'L', n, Q.at, n, values.at);
    REQUIRE(info == 0, "dsyevd returned %d", info);
}

void route_solve(mat A, vec b, vec x)
{
    int n = A.rows;
    REQUIRE(A.cols == n && b.n == n && x.n == n,
            "A is %d x %d, b has %d entries, x has %d", n, A.cols, b.n, x.n);
    double *factors = duplicate(A.at, n * n, n * n);
    int *pivots = room(n, sizeof *pivots);
    memcpy(x.at, b.at, (size_t)n * sizeof *x.at);
    int info = LAPACKE_dgesv(LAPACK_ROW_MAJOR, n, 1, factors, n, pivots, x.at, 1);
    REQUIRE(info == 0, "dgesv returned %d", info);
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
                              longer * DBL_EPSILON, &rank);
    REQUIRE(info == 0, "dgelsd returned %d", info);
    memcpy(x.at, both, (size_t)n * sizeof *x.at);
    free(factors);
    free(singular);
    free(both);
}

void route_singular(mat A, vec s)
{
    int m = A.rows, n = A.cols, shorter = m < n ? m : n;
    REQUIRE(s.n == shorter, "A is %d x %d, s has %d entries", m, n, s.n);
    double *factors = duplicate(A.at, m * n, m * n);
    double *unused = room(shorter, sizeof *unused);
    int info = LAPACKE_dgesvd(LAPACK_ROW_MAJOR, 'N', 'N', m, n, factors, n, s.at, NULL,
                              1, NULL, 1, unused);
    REQUIRE(info == 0, "dgesvd returned %d", info);
    free(factors);
    free(unused);
}
