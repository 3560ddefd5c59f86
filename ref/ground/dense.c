/* dense.c -- dense.h over BLAS.  Each function checks the shapes and calls the routine
 * of its name; what a name means stands in dense_plain.c as a loop. */
#include "ground/dense_shape.h"
#include "ground/vector_math.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The best kernel of OpenBLAS that this processor can run. */
static const char *best_kernel(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return "Haswell";
#endif
    return NULL;
}

/* OpenBLAS chooses its kernel when it is loaded, before main.  A processor that is
 * newer than the library gets that of 2004, which multiplies at a third of the rate;
 * the environment, which is read then too, may say otherwise.  So the program is
 * started once more, unless the user has said what is to be taken. */
void dense_begin(char **argv)
{
    const char *present = openblas_get_corename(), *best = best_kernel();
    bool passed_over =
        strcmp(present, "Prescott") == 0 || strcmp(present, "Generic") == 0;
    if (passed_over && best != NULL && getenv("OPENBLAS_CORETYPE") == NULL &&
        setenv("OPENBLAS_CORETYPE", best, 0) == 0)
        execv("/proc/self/exe", argv); /* where it may not, it goes on slowly */
}

void dense_name(int size, char *text)
{
    char version[16] = "";
    sscanf(openblas_get_config(), "OpenBLAS %15s", version);
    snprintf(text, (size_t)size, "OpenBLAS %s, %s kernel", version,
             openblas_get_corename());
}

/* The routine of a name, for the numbers that are stored. */
#define BLAS(name) _Generic((real)0, double : cblas_d##name, float : cblas_s##name)
#define blas_gemv  BLAS(gemv)
#define blas_ger   BLAS(ger)
#define blas_gemm  BLAS(gemm)
#define blas_syrk  BLAS(syrk)

static CBLAS_TRANSPOSE blas_side(enum side side)
{
    return side == TRANSPOSED ? CblasTrans : CblasNoTrans;
}

/* BLAS refuses a row length of 0, which an empty matrix has. */
static int row_length(mat A) { return A.cols > 0 ? A.cols : 1; }

/* y := x. */
void copy(vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    BLAS(copy)(x.n, x.at, 1, y.at, 1);
}

/* x := alpha x; all zeros if alpha is 0, whatever x held.  OpenBLAS after 0.3.27 would
 * keep its NaNs; and in single precision it takes an alpha that is no number for a 0,
 * here and for the beta of gemv.  [OpenBLAS, issues 4728 and 86] */
void scale(double alpha, vec x)
{
    if (alpha == 0)
        fill(0, x);
    else if (isnan(alpha))
        fill(alpha, x);
    else
        BLAS(scal)(x.n, alpha, x.at, 1);
}

/* y := alpha x + y. */
void axpy(double alpha, vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    BLAS(axpy)(x.n, alpha, x.at, 1, y.at, 1);
}

/* <x, y>. */
double dot(vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    return BLAS(dot)(x.n, x.at, 1, y.at, 1);
}

/* ||x||, also where the squares of its entries overflow or underflow. */
double norm(vec x) { return BLAS(nrm2)(x.n, x.at, 1); }

/* y := alpha A x + beta y.  A: m x n, x: n, y: m. */
void gemv(double alpha, mat A, vec x, double beta, vec y)
{
    REQUIRE_PRODUCT(A.rows, A.cols, x, y);
    if (x.n == 0 || isnan(beta))
        scale(beta, y);
    else
        blas_gemv(CblasRowMajor, CblasNoTrans, A.rows, A.cols, alpha, A.at, A.cols,
                  x.at, 1, beta, y.at, 1);
}

/* y := alpha A'x + beta y.  A: m x n, x: m, y: n. */
void gemtv(double alpha, mat A, vec x, double beta, vec y)
{
    REQUIRE_PRODUCT(A.cols, A.rows, x, y);
    if (x.n == 0 || isnan(beta))
        scale(beta, y);
    else
        blas_gemv(CblasRowMajor, CblasTrans, A.rows, A.cols, alpha, A.at, row_length(A),
                  x.at, 1, beta, y.at, 1);
}

enum { FEW = 8 };

/* A := alpha x y' + A for vectors y of the plane, many rows at once.  at: A's. */
FOR_THE_VECTOR_UNIT static void add_to_plane(double alpha, vec x, vec y,
                                             real *restrict at)
{
    double first = y.at[0], second = y.at[1];
#pragma omp simd
    for (int i = 0; i < x.n; i++) {
        double times = alpha * x.at[i];
        at[2 * i] += times * first;
        at[2 * i + 1] += times * second;
    }
}

/* A := alpha x y' + A.  A: m x n, x: m, y: n.  OpenBLAS adds row by row, by a call for
 * each; where a row has few numbers, the calls would take longer than the sums. */
void ger(double alpha, vec x, vec y, mat A)
{
    REQUIRE_PRODUCT(A.rows, A.cols, y, x);
    if (A.cols == 2 && alpha != 0)
        add_to_plane(alpha, x, y, A.at);
    else if (A.cols <= FEW && alpha != 0)
        for (int i = 0; i < A.rows; i++) {
            real *of_row = A.at + (size_t)i * A.cols;
            double times = alpha * x.at[i];
            for (int j = 0; j < A.cols; j++)
                of_row[j] += times * y.at[j];
        }
    else
        blas_ger(CblasRowMajor, A.rows, A.cols, alpha, x.at, 1, y.at, 1, A.at,
                 row_length(A));
}

/* C := alpha op(A) op(B) + beta C, with op(A): m x k, op(B): k x n, C: m x n.  OpenBLAS
 * 0.3.21 multiplies small matrices by an alpha of 0 too, on processors with AVX-512. */
void gemm(double alpha, enum side a, mat A, enum side b, mat B, double beta, mat C)
{
    int m = a == AS_IS ? A.rows : A.cols, k = a == AS_IS ? A.cols : A.rows;
    int l = b == AS_IS ? B.rows : B.cols, n = b == AS_IS ? B.cols : B.rows;
    REQUIRE_MATRIX_PRODUCT(m, k, l, n, C);
    if (alpha == 0)
        scale(beta, entries(C));
    else
        blas_gemm(CblasRowMajor, blas_side(a), blas_side(b), m, n, k, alpha, A.at,
                  row_length(A), B.at, row_length(B), beta, C.at, row_length(C));
}

/* Whether gemm does so many products at once: on a processor with AVX-512, OpenBLAS
 * does up to a million without first copying the matrices into the order that it likes.
 */
static bool at_once(double products)
{
#ifdef __x86_64__
    return products <= 1e6 && __builtin_cpu_supports("avx512f");
#else
    (void)products;
    return false;
#endif
}

/* The lower triangle of G := alpha op(X) op(X)', with op(X): n x k, G: n x n; what is
 * above it may be overwritten.  Half the work of gemm; but to do all of it at once
 * takes less time. */
void syrk(double alpha, enum side side, mat X, mat G)
{
    int n = side == AS_IS ? X.rows : X.cols, k = side == AS_IS ? X.cols : X.rows;
    REQUIRE_SHAPE(G, n, n);
    if (at_once((double)n * n * k))
        gemm(alpha, side, X, side == AS_IS ? TRANSPOSED : AS_IS, X, 0, G);
    else
        blas_syrk(CblasRowMajor, CblasLower, blas_side(side), n, k, alpha, X.at,
                  row_length(X), 0.0, G.at, row_length(G));
}
