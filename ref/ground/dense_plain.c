/* dense_plain.c -- dense.h in plain loops: what each name means.  No BLAS. */
#include "ground/dense_shape.h"

#include <math.h>
#include <string.h>

void dense_begin(char **argv) { (void)argv; }

/* Without printf, which needs a system: a page of the book has none. */
void dense_name(int size, char *text)
{
    text[0] = '\0';
    strncat(text, "plain loops", (size_t)size - 1);
}

/* y := x. */
void copy(vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    for (int i = 0; i < x.n; i++)
        y.at[i] = x.at[i];
}

/* x := alpha x; all zeros if alpha is 0, whatever x held. */
void scale(double alpha, vec x)
{
    for (int i = 0; i < x.n; i++)
        x.at[i] = alpha == 0 ? 0 : alpha * x.at[i];
}

/* y := alpha x + y, also where alpha came out as 0 and an x_i is not finite. */
static void add(double alpha, vec x, vec y)
{
    for (int i = 0; i < x.n; i++)
        y.at[i] += alpha * x.at[i];
}

/* y := alpha x + y. */
void axpy(double alpha, vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    if (alpha != 0)
        add(alpha, x, y);
}

/* <x, y>. */
double dot(vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (double)x.at[i] * y.at[i];
    return sum;
}

/* ||x||, also where the squares of its entries overflow or underflow: the largest
 * entry is divided out before squaring. */
double norm(vec x)
{
    double max = max_norm(x), sum = 0;
    if (max == 0 || !isfinite(max))
        return max;
    for (int i = 0; i < x.n; i++)
        sum += (x.at[i] / max) * (x.at[i] / max);
    return max * sqrt(sum);
}

/* y := alpha A x + beta y.  A: m x n, x: n, y: m. */
void gemv(double alpha, mat A, vec x, double beta, vec y)
{
    REQUIRE_PRODUCT(A.rows, A.cols, x, y);
    scale(beta, y);
    for (int i = 0; i < A.rows && alpha != 0; i++)
        y.at[i] += alpha * dot(row(A, i), x);
}

/* y := alpha A'x + beta y.  A: m x n, x: m, y: n. */
void gemtv(double alpha, mat A, vec x, double beta, vec y)
{
    REQUIRE_PRODUCT(A.cols, A.rows, x, y);
    scale(beta, y);
    for (int i = 0; i < A.rows && alpha != 0; i++)
        add(alpha * x.at[i], row(A, i), y);
}

/* A := alpha x y' + A.  A: m x n, x: m, y: n. */
void ger(double alpha, vec x, vec y, mat A)
{
    REQUIRE_PRODUCT(A.rows, A.cols, y, x);
    for (int i = 0; i < A.rows && alpha != 0; i++)
        add(alpha * x.at[i], y, row(A, i));
}

/* C := alpha op(A) op(B) + beta C, with op(A): m x k, op(B): k x n, C: m x n. */
void gemm(double alpha, enum side a, mat A, enum side b, mat B, double beta, mat C)
{
    int m = a == AS_IS ? A.rows : A.cols, k = a == AS_IS ? A.cols : A.rows;
    int l = b == AS_IS ? B.rows : B.cols, n = b == AS_IS ? B.cols : B.rows;
    REQUIRE_MATRIX_PRODUCT(m, k, l, n, C);
    scale(beta, entries(C));
    for (int i = 0; i < m && alpha != 0; i++)
        for (int p = 0; p < k; p++) {
            double A_ip = a == AS_IS ? A.at[i * A.cols + p] : A.at[p * A.cols + i];
            for (int j = 0; j < n; j++) {
                double B_pj = b == AS_IS ? B.at[p * B.cols + j] : B.at[j * B.cols + p];
                C.at[i * C.cols + j] += alpha * A_ip * B_pj;
            }
        }
}

/* The lower triangle of G := alpha op(X) op(X)', with op(X): n x k, G: n x n; what is
 * above it may be overwritten. */
void syrk(double alpha, enum side side, mat X, mat G)
{
    int n = side == AS_IS ? X.rows : X.cols;
    REQUIRE_SHAPE(G, n, n);
    gemm(1.0, side, X, side == AS_IS ? TRANSPOSED : AS_IS, X, 0.0, G);
    scale(alpha, entries(G));
}
