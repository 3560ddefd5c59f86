/* dense_shape.h -- the shapes that dense.h demands, for its two implementations.
 * Macros, because the message names the function that was called. */
#ifndef REF_DENSE_SHAPE_H
#define REF_DENSE_SHAPE_H

#include "ground/dense.h"

#define REQUIRE_SAME_LENGTH(x, y)                                                      \
    REQUIRE((x).n == (y).n, #x " has %d entries, " #y " has %d", (x).n, (y).n)

/* y := A x + ..., where A is rows x cols once it is transposed or not. */
#define REQUIRE_PRODUCT(rows, cols, x, y)                                              \
    REQUIRE((cols) == (x).n && (rows) == (y).n,                                        \
            "the matrix is %d x %d, " #x " has %d entries, " #y " has %d", rows, cols, \
            (x).n, (y).n)

/* C := op(A) op(B) + ...; the shapes of op(A) and op(B) are m x k and l x n. */
#define REQUIRE_MATRIX_PRODUCT(m, k, l, n, C)                                          \
    REQUIRE((k) == (l) && (C).rows == (m) && (C).cols == (n),                          \
            "%d x %d times %d x %d does not fit into %d x %d", m, k, l, n, (C).rows,   \
            (C).cols)

#define REQUIRE_SHAPE(A, m, n)                                                         \
    REQUIRE((A).rows == (m) && (A).cols == (n), #A " must be %d x %d, got %d x %d", m, \
            n, (A).rows, (A).cols)

#endif
