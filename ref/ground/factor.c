#include "ground/factor.h"

#include "ground/dense_shape.h"
#include "ground/vector_math.h"

/* Entries from, ..., until - 1 of row i of A, as a view. */
static vec within(mat A, int i, int from, int until)
{
    return part(row(A, i), from, until - from);
}

/* x := x / by, also where 1 / by overflows. */
static void divide(vec x, double by)
{
    for (int i = 0; i < x.n; i++)
        x.at[i] /= by;
}

/* ---- Cholesky -------------------------------------------------------------------- */

/* Takes from A what column k of L accounts for, A_ij -= L_ik L_jk for k < j <= i.  The
 * column stands in row k above the diagonal, too, where the vector unit runs along. */
FOR_THE_VECTOR_UNIT static void take_column(int k, mat A)
{
    const real *restrict column = row(A, k).at;
    for (int i = k + 1; i < A.rows; i++) {
        real *restrict a = A.at + (size_t)i * A.cols;
        real times = a[k];
#pragma omp simd
        for (int j = k + 1; j <= i; j++)
            a[j] -= times * column[j];
    }
}

/* Column by column: once those before it are taken from A, what is left of column k is
 * L_kk times that of L, and its first entry is the square of L_kk. */
enum factor_status cholesky(mat A, mat L)
{
    int n = A.rows;
    REQUIRE(A.cols == n, "A must be square, got %d x %d", n, A.cols);
    REQUIRE_SHAPE(L, n, n);
    copy(entries(A), entries(L));
    for (int k = 0; k < n; k++) {
        real *l = row(L, k).at;
        if (!(l[k] > 0 && isfinite(l[k])))
            return FACTOR_NOT_POSITIVE;
        l[k] = sqrt(l[k]);
        for (int i = k + 1; i < n; i++)
            l[i] = L.at[(size_t)i * n + k] /= l[k];
        take_column(k, L);
        fill(0, within(L, k, k + 1, n));
    }
    return FACTOR_OK;
}

/* Row i of L^-1 B needs the rows above it; row i of L'^-1 B is taken from them. */
void solve_lower(mat L, enum side side, mat B)
{
    int n = L.rows;
    REQUIRE(L.cols == n && B.rows == n, "L is %d x %d, B is %d x %d", n, L.cols, B.rows,
            B.cols);
    for (int k = 0; k < n; k++) {
        int i = side == AS_IS ? k : n - 1 - k;
        vec l = row(L, i), b = row(B, i);
        for (int j = 0; j < i && side == AS_IS; j++)
            axpy(-l.at[j], row(B, j), b);
        divide(b, l.at[i]);
        for (int j = 0; j < i && side == TRANSPOSED; j++)
            axpy(-l.at[j], b, row(B, j));
    }
}

enum factor_status solve_positive(mat A, struct arena *scratch, mat B)
{
    size_t mark = scratch->used;
    mat L = arena_mat(scratch, A.rows, A.cols);
    enum factor_status status = cholesky(A, L);
    if (status == FACTOR_OK) {
        solve_lower(L, AS_IS, B);
        solve_lower(L, TRANSPOSED, B);
    }
    scratch->used = mark;
    return status;
}

/* ---- Householder ----------------------------------------------------------------- */

/* The reflection H = I - tau vv' that takes column k of A, (a, ...) from row k on, to
 * (r, 0, ...).  Of v = (1, A_k+1,k / (a - r), ...) all but the 1 is left in the column,
 * r on the diagonal, and tau is returned.  r has the other sign than a, so that a - r
 * does not cancel. */
static double reflector(mat A, int k)
{
    real *a = row(A, k).at + k;
    double below = 0;
    for (int i = k + 1; i < A.rows; i++)
        below = hypot(below, row(A, i).at[k]);
    if (below == 0)
        return 0 * *a; /* 0, unless a is not finite */
    double r = -copysign(hypot(*a, below), *a), first = *a - r;
    for (int i = k + 1; i < A.rows; i++)
        row(A, i).at[k] /= first;
    *a = r;
    return -first / r;
}

/* Rows k, k + 1, ... of A, right of column k, := H of them, as y := v'A, A -= tau v y'.
 * y: as many entries as there are columns to the right, scratch. */
static void reflect_columns(mat A, int k, double tau, vec y)
{
    int n = A.cols;
    copy(within(A, k, k + 1, n), y);
    for (int i = k + 1; i < A.rows; i++)
        axpy(row(A, i).at[k], within(A, i, k + 1, n), y);
    axpy(-tau, y, within(A, k, k + 1, n));
    for (int i = k + 1; i < A.rows; i++)
        axpy(-tau * row(A, i).at[k], y, within(A, i, k + 1, n));
}

static void require_reflections(mat A, vec tau)
{
    REQUIRE(A.rows >= A.cols, "A must be tall, got %d x %d", A.rows, A.cols);
    REQUIRE(tau.n == A.cols, "tau must have %d entries, got %d", A.cols, tau.n);
}

/* The weights that are still to come lend their place to the products. */
void householder_qr(mat A, vec tau)
{
    require_reflections(A, tau);
    for (int k = 0; k < A.cols; k++) {
        tau.at[k] = reflector(A, k);
        reflect_columns(A, k, tau.at[k], (vec){A.cols - k - 1, tau.at + k + 1});
    }
}

/* Q = H_1 H_2 ... H_n, so Q' begins with the first of them and Q with the last. */
void apply_q(mat QR, vec tau, enum side side, vec x)
{
    require_reflections(QR, tau);
    REQUIRE(x.n == QR.rows, "x must have %d entries, got %d", QR.rows, x.n);
    for (int step = 0; step < tau.n; step++) {
        int k = side == TRANSPOSED ? step : tau.n - 1 - step;
        double product = x.at[k];
        for (int i = k + 1; i < x.n; i++)
            product += (double)row(QR, i).at[k] * x.at[i];
        x.at[k] -= tau.at[k] * product;
        for (int i = k + 1; i < x.n; i++)
            x.at[i] -= tau.at[k] * product * row(QR, i).at[k];
    }
}

/* From the last row up, or with R' from the first one down. */
void solve_upper(mat QR, enum side side, vec x)
{
    int n = QR.cols;
    REQUIRE(QR.rows >= n && x.n >= n, "QR is %d x %d, x has %d entries", QR.rows, n,
            x.n);
    for (int k = 0; k < n; k++) {
        int i = side == AS_IS ? n - 1 - k : k;
        vec r = within(QR, i, i + 1, n), rest = {r.n, x.at + i + 1};
        if (side == AS_IS)
            x.at[i] -= dot(r, rest);
        x.at[i] /= row(QR, i).at[i];
        if (side == TRANSPOSED)
            axpy(-x.at[i], r, rest);
    }
}

/* ---- Singular values ------------------------------------------------------------- */

/* The largest entry is brought to 2^480, so that no sum of squares overflows, and rows
 * as much as 290 decades shorter have products that do not underflow; or, where they
 * are floats, to 2^48, for 30 decades. */
enum { TOP = IS_DOUBLE ? 480 : 48 };
static const double SHORT = REAL_MIN / REAL_EPSILON; /* with fewer figures below it */

/* x, y := cx - sy, sx + cy. */
static void rotate(double c, double s, vec x, vec y)
{
    for (int i = 0; i < x.n; i++) {
        double old = x.at[i];
        x.at[i] = c * old - s * y.at[i];
        y.at[i] = s * old + c * y.at[i];
    }
}

/* Rotates rows p and q of X so that they are orthogonal, and with them those of Y, and
 * says whether they were not, up to the rounding of m products and of a rotation.  The
 * tangent t is the smaller root of t^2 + 2 zeta t = 1, so that no angle exceeds 45
 * degrees and the rotations settle.  Where rows depend on each other, what is left of
 * one is rounding, which need not be orthogonal to the others; then each sweep makes it
 * shorter by a factor of some eps, and it counts as 0 once t would underflow. */
static int orthogonalize(mat X, mat Y, int p, int q)
{
    vec x = row(X, p), y = row(X, q);
    double a = norm(x), b = norm(y), longer = fmax(a, b), product = dot(x, y);
    if (fabs(product) <= (x.n + 4) * REAL_EPSILON * a * b || a * b < SHORT)
        return 0;
    if (fabs(product) < REAL_MIN * longer * longer) {
        fill(0, a < b ? x : y);
        return 1;
    }
    double zeta = (b - a) * (b + a) / (2 * product);
    double t = copysign(1, zeta) / (fabs(zeta) + hypot(1, zeta));
    double c = 1 / hypot(1, t);
    rotate(c, c * t, x, y);
    rotate(c, c * t, row(Y, p), row(Y, q));
    return 1;
}

/* Sweeps over all pairs of rows of X until none needs a rotation.  Six to ten are
 * usual, since near the end each of them squares what is left; where rows depend on
 * each other twenty more, for the 308 decades until rounding is 0. */
static enum factor_status orthogonalize_all(mat X, mat Y)
{
    for (int sweep = 0; sweep < 60; sweep++) {
        int rotations = 0;
        for (int p = 0; p < X.rows; p++)
            for (int q = p + 1; q < X.rows; q++)
                rotations += orthogonalize(X, Y, p, q);
        if (rotations == 0)
            return FACTOR_OK;
    }
    return FACTOR_NO_CONVERGENCE;
}

static void swap(vec x, vec y)
{
    for (int i = 0; i < x.n; i++) {
        double old = x.at[i];
        x.at[i] = y.at[i];
        y.at[i] = old;
    }
}

/* s := the lengths of the rows of X, in descending order, and the rows in that order,
 * and those of Y along. */
static void sort_rows(mat X, mat Y, vec s)
{
    for (int i = 0; i < s.n; i++)
        s.at[i] = norm(row(X, i));
    for (int p = 0; p < s.n; p++)
        for (int q = p + 1; q < s.n; q++)
            if (s.at[q] > s.at[p]) {
                swap(part(s, p, 1), part(s, q, 1));
                swap(row(X, p), row(X, q));
                swap(row(Y, p), row(Y, q));
            }
}

/* V'A' has the rows s_j u_j', where V' is the product of rotations that makes the rows
 * of A' orthogonal. */
enum factor_status svd(mat A, struct arena *scratch, mat U, vec s, mat V)
{
    int m = A.rows, n = A.cols, exponent;
    REQUIRE(m >= n, "A must be tall, got %d x %d", m, n);
    REQUIRE_SHAPE(U, m, n);
    REQUIRE(s.n == n, "s must have %d entries, got %d", n, s.n);
    REQUIRE_SHAPE(V, n, n);
    if (!isfinite(max_norm(entries(A))))
        return FACTOR_NO_CONVERGENCE;
    size_t mark = scratch->used;
    mat X = arena_mat(scratch, n, m), Y = arena_mat(scratch, n, n);
    transpose(A, X);
    frexp(max_norm(entries(A)), &exponent);
    for (int i = 0; i < m * n; i++)
        X.at[i] = ldexp(X.at[i], TOP - exponent);
    for (int i = 0; i < n; i++)
        row(Y, i).at[i] = 1;
    enum factor_status status = orthogonalize_all(X, Y);
    sort_rows(X, Y, s);
    for (int i = 0; i < n; i++) {
        double length = s.at[i];
        s.at[i] = ldexp(length, exponent - TOP);
        if (s.at[i] > 0)
            divide(row(X, i), length);
        else
            fill(0, row(X, i));
    }
    transpose(X, U);
    transpose(Y, V);
    scratch->used = mark;
    return isfinite(max_norm(s)) ? status : FACTOR_NO_CONVERGENCE;
}
