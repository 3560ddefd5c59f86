/* view.c -- what of dense.h needs no BLAS, and so is common to both implementations. */
#include "ground/dense_shape.h"
#include "ground/vector_math.h"

#include <math.h>

/* n zeros. */
vec arena_vec(struct arena *arena, int n)
{
    REQUIRE(n >= 0, "n must not be negative, got %d", n);
    return (vec){n, arena_take(arena, (size_t)n)};
}

/* A rows x cols matrix of zeros. */
mat arena_mat(struct arena *arena, int rows, int cols)
{
    REQUIRE(rows >= 0 && cols >= 0, "the shape must not be negative, got %d x %d", rows,
            cols);
    return (mat){rows, cols, arena_take(arena, (size_t)SIZE_PRODUCT(rows, cols))};
}

/* The same, but of whatever was there before. */
mat arena_room_mat(struct arena *arena, int rows, int cols)
{
    REQUIRE(rows >= 0 && cols >= 0, "the shape must not be negative, got %d x %d", rows,
            cols);
    return (mat){rows, cols, arena_room(arena, (size_t)SIZE_PRODUCT(rows, cols))};
}

/* Row i of A, as a view: what is written to it is written to A. */
vec row(mat A, int i)
{
    REQUIRE(0 <= i && i < A.rows, "A has %d rows, there is no row %d", A.rows, i);
    return (vec){A.cols, A.at + (size_t)i * (size_t)A.cols};
}

/* Rows from, from + 1, ..., from + count - 1 of A, as a view. */
mat row_block(mat A, int from, int count)
{
    REQUIRE(0 <= from && 0 <= count && count <= A.rows - from,
            "A has %d rows, there are no %d from row %d", A.rows, count, from);
    return (mat){count, A.cols, A.at + (size_t)from * (size_t)A.cols};
}

/* x as a matrix of one column, as a view. */
mat column(vec x) { return (mat){x.n, 1, x.at}; }

/* All of A as one vector, row behind row. */
vec entries(mat A) { return (vec){SIZE_PRODUCT(A.rows, A.cols), A.at}; }

/* Entries from, from + 1, ..., from + count - 1 of x, as a view; none if x is empty, as
 * a vector is that is left out. */
vec part(vec x, int from, int count)
{
    if (x.n == 0)
        return x;
    REQUIRE(0 <= from && 0 <= count && count <= x.n - from,
            "x has %d entries, there are no %d from entry %d", x.n, count, from);
    return (vec){count, x.at + from};
}

/* x_i := value. */
FOR_THE_VECTOR_UNIT void fill(double value, vec x)
{
#pragma omp simd
    for (int i = 0; i < x.n; i++)
        x.at[i] = value;
}

/* y_i := x_i y_i.  x, y: n, apart. */
FOR_THE_VECTOR_UNIT void multiply(vec x, vec y)
{
    REQUIRE_SAME_LENGTH(x, y);
    real *restrict of_y = y.at;
#pragma omp simd
    for (int i = 0; i < y.n; i++)
        of_y[i] *= x.at[i];
}

/* max_i |x_i|; 0 if x is empty, NaN if an entry is.  To leave at the first NaN would
 * keep the loop from the vector unit; so it goes on, and max passes over them. */
FOR_THE_VECTOR_UNIT double max_norm(vec x)
{
    double max = 0;
    int numbers = 0;
#pragma omp simd reduction(max : max) reduction(+ : numbers)
    for (int i = 0; i < x.n; i++) {
        double size = fabs(x.at[i]);
        max = size > max ? size : max;
        numbers += size >= 0;
    }
    return numbers == x.n ? max : NAN;
}

/* B := A'.  A: m x n, B: n x m. */
void transpose(mat A, mat B)
{
    REQUIRE_SHAPE(B, A.cols, A.rows);
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < A.cols; j++)
            B.at[j * B.cols + i] = A.at[i * A.cols + j];
}

enum { STRIP = 32 }; /* rows, of which a line of the cache each is in the nearest one */

/* G_ij := G_ji above the diagonal: G, n x n, becomes symmetric.  The lower triangle is
 * read by strips, down one column after the other: the lines that hold a column hold
 * the next ones, too, and are still there for them. */
void mirror_lower(mat G)
{
    int n = G.rows;
    REQUIRE_SHAPE(G, n, n);
    for (int from = 0; from < n; from += STRIP) {
        int until = n - from < STRIP ? n : from + STRIP;
        for (int j = 0; j < until; j++)
            for (int i = j < from ? from : j + 1; i < until; i++)
                G.at[j * n + i] = G.at[i * n + j];
    }
}

/* G := alpha X'X, symmetric to the last bit.  X: m x n, G: n x n. */
void gram(double alpha, mat X, mat G)
{
    REQUIRE_SHAPE(G, X.cols, X.cols);
    syrk(alpha, TRANSPOSED, X, G);
    mirror_lower(G);
}
