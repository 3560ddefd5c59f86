/* dense.h -- vectors and matrices as the book writes them.
 *
 * A vec or a mat is a view: it points at memory that someone else owns, and never
 * frees it.  Matrices are row-major: A_ij is A.at[i * A.cols + j].  Views that are
 * written may not overlap views that are read.  A shape that does not fit is the
 * caller's mistake, and stops the program with the name of the function.
 *
 * What is not a number reaches the result: 0 times a NaN is a NaN.  Only where the
 * alpha or the beta that is passed is 0, the term that it stands before is not there,
 * and what it multiplies is not read, so that it may be anything.
 *
 * The operations on numbers are implemented twice.  dense.c is the only file of ref/
 * that speaks BLAS; dense_plain.c says the same in plain loops, for reading, for the
 * tests, and for a machine without BLAS.  What needs no BLAS is in view.c, for both. */
#ifndef REF_DENSE_H
#define REF_DENSE_H

#include "ground/arena.h"

typedef struct {
    int n; /* entries, >= 0 */
    real *at;
} vec;

typedef struct {
    int rows, cols; /* >= 0, and no more than an int counts in all */
    real *at;       /* rows * cols, row by row                     */
} mat;

enum side { AS_IS, TRANSPOSED };

/* Views; fresh zeros from an arena, and room in it that holds anything. */
vec arena_vec(struct arena *arena, int n);
mat arena_mat(struct arena *arena, int rows, int cols);
mat arena_room_mat(struct arena *arena, int rows, int cols);
vec row(mat A, int i);
mat row_block(mat A, int from, int count);
vec entries(mat A);
mat column(vec x);
vec part(vec x, int from, int count);

/* Vectors: O(n). */
void fill(double value, vec x);
void copy(vec x, vec y);
void scale(double alpha, vec x);
void multiply(vec x, vec y);
void axpy(double alpha, vec x, vec y);
double dot(vec x, vec y);
double norm(vec x);
double max_norm(vec x);

/* Matrix and vector: O(rows cols). */
void gemv(double alpha, mat A, vec x, double beta, vec y);
void gemtv(double alpha, mat A, vec x, double beta, vec y);
void ger(double alpha, vec x, vec y, mat A);

/* Matrix and matrix: O(n^3), at the rate at which the machine really computes. */
void gemm(double alpha, enum side a, mat A, enum side b, mat B, double beta, mat C);
void syrk(double alpha, enum side side, mat X, mat G);
void gram(double alpha, mat X, mat G);
void mirror_lower(mat G);
void transpose(mat A, mat B);

/* For the first line of a main that has much to multiply: if OpenBLAS passes over what
 * this processor can do, the program begins again with the right kernel. */
void dense_begin(char **argv);

/* What multiplies: "OpenBLAS 0.3.21, Haswell kernel" for example, or "plain loops"; in
 * text, of so many bytes. */
void dense_name(int size, char *text);

#endif
