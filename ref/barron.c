#include "barron.h"

#include "ground/factor.h"

#include <math.h>

static const double PI = 3.141592653589793;

/* m units on inputs of d numbers, all 0. */
struct bar_units bar_units_make(struct arena *arena, int m, int d)
{
    REQUIRE(m >= 1, "a mean needs a unit, got m = %d", m);
    REQUIRE(d >= 1, "a unit needs an input, got d = %d", d);
    return (struct bar_units){0, arena_mat(arena, m, d), arena_vec(arena, m),
                              arena_vec(arena, m)};
}

/* f := the units at the points of the cube in the rows of U, and nu.  U: m x sides; f:
 * m units, overwritten.  [Columbia-13/6] */
void bar_units_at(struct bar_law law, mat U, struct bar_units *f)
{
    REQUIRE(U.rows == f->W.rows && U.cols == law.sides && f->W.cols == law.d,
            "%d x %d points for %d x %d weights; a point has %d numbers, a unit %d",
            U.rows, U.cols, f->W.rows, f->W.cols, law.sides, law.d);
    for (int i = 0; i < U.rows * U.cols; i++)
        REQUIRE(0 <= U.at[i] && U.at[i] <= 1, "%g is outside of the cube", U.at[i]);
    f->nu = law.nu;
    for (int k = 0; k < U.rows; k++)
        law.unit(law.context, row(U, k), row(f->W, k), &f->b.at[k], &f->a.at[k]);
}

/* y := f_m at the n points in the rows of X, nu / m sum over k of a_k (w_k'x - b_k)_+.
 * X: n x d; y: n, overwritten.  scratch: n m numbers.  [Columbia-13/6] */
void bar_value(struct bar_units f, mat X, struct arena *scratch, vec y)
{
    size_t mark = scratch->used;
    mat S = arena_mat(scratch, X.rows, f.W.rows);
    gemm(1, AS_IS, X, TRANSPOSED, f.W, 0, S);
    for (int i = 0; i < S.rows; i++) {
        vec s = row(S, i);
        axpy(-1, f.b, s);
        for (int k = 0; k < s.n; k++)
            if (s.at[k] < 0)
                s.at[k] = 0;
    }
    gemv(f.nu / f.W.rows, S, f.a, 0, y);
    scratch->used = mark;
}

/* ---- Distributions of units ------------------------------------------------------ */

/* From one number: which of the 2d half axes, and how far out the kink. */
static void axis_unit(const real *context, vec u, vec w, real *b, real *a)
{
    (void)context;
    double place = 2 * w.n * u.at[0];
    int axis = (int)fmin(place, 2 * w.n - 1);
    fill(0, w);
    w.at[axis / 2] = axis % 2 == 0 ? 1 : -1;
    *b = place - axis;
    *a = 1;
}

/* w uniform on +-e_1, ..., +-e_d, b uniform on [0, 1], a = 1, nu = 1:
 * f(x) = |x|^2 / 4d. */
struct bar_law bar_axes(int d)
{
    REQUIRE(d >= 1, "a unit needs an input, got d = %d", d);
    return (struct bar_law){d, 1, 1, axis_unit, NULL};
}

/* 1, 0, -1, 0, ... at t = 0, 1, 2, 3, ..., straight in between: t >= 0. */
static double triangle(double t) { return fabs(fmod(t, 4) - 2) - 1; }

/* The last of d numbers is b.  The others make w: each but the last of them gives one
 * coordinate its size and its sign, s = 2u - 1, as a share of what |w|_1 = 1 leaves;
 * the last one walks around the square of the remaining two coordinates. */
static void octahedron_unit(const real *context, vec u, vec w, real *b, real *a)
{
    (void)context;
    int d = w.n;
    double rest = 1;
    for (int j = 0; j < d - 2; j++) {
        double s = 2 * u.at[j] - 1;
        double size = rest * (1 - pow(1 - fabs(s), 1.0 / (d - 1 - j)));
        w.at[j] = copysign(size, s);
        rest -= size;
    }
    w.at[d - 2] = rest * triangle(4 * u.at[d - 2]);
    w.at[d - 1] = rest * triangle(4 * u.at[d - 2] + 3);
    *b = u.at[d - 1];
    *a = 1;
}

/* w uniform on |w|_1 = 1, b uniform on [0, 1], a = 1, nu = 1: f(x) = |x|^2 / 2d(d + 1).
 */
struct bar_law bar_octahedron(int d)
{
    REQUIRE(d >= 1, "a unit needs an input, got d = %d", d);
    if (d == 1)
        return bar_axes(1);
    return (struct bar_law){d, d, 1, octahedron_unit, NULL};
}

/* From one number: the sign of w = +-omega / |omega|_1, and how far out the kink. */
static void wave_unit(const real *omega, vec u, vec w, real *b, real *a)
{
    double size = 0, place = 2 * u.at[0];
    int minus = place >= 1;
    for (int j = 0; j < w.n; j++)
        size += fabs(omega[j]);
    for (int j = 0; j < w.n; j++)
        w.at[j] = (minus ? -omega[j] : omega[j]) / size;
    *b = place - minus;
    *a = -cos(size * *b);
}

/* f(x) = cos(omega'x) - 1 on [-1, 1]^d, nu = 2 |omega|_1^2.  omega: d, not 0, is read
 * for as long as the law is in use. */
struct bar_law bar_wave(vec omega)
{
    double size = 0;
    for (int j = 0; j < omega.n; j++)
        size += fabs(omega.at[j]);
    REQUIRE(isfinite(size) && size > 0, "|omega|_1 must be positive and finite, got %g",
            size);
    return (struct bar_law){omega.n, 1, 2 * size * size, wave_unit, omega.at};
}

/* ---- How the points lie ---------------------------------------------------------- */

/* u := the corner nearest to 0 of cell k of the cube, which is cut into n^u.n cells, in
 * units of the side of a cell: the digits of k to the base n. */
static void corner(int n, int k, vec u)
{
    for (int j = u.n - 1; j >= 0; j--) {
        u.at[j] = k % n;
        k /= n;
    }
}

static void require_cells(int n, mat U)
{
    int64_t cells = 1;
    REQUIRE(n >= 1, "a side is cut into n >= 1 parts, got %d", n);
    for (int j = 0; j < U.cols && cells <= U.rows; j++)
        cells *= n;
    REQUIRE(cells == U.rows,
            "%d points for the cells of a cube, %d to each of %d sides", U.rows, n,
            U.cols);
}

/* U := the middles of the n^s cells of a cube.  U: n^s x s, overwritten. */
void bar_middles(int n, mat U)
{
    require_cells(n, U);
    for (int k = 0; k < U.rows; k++) {
        vec u = row(U, k);
        corner(n, k, u);
        for (int j = 0; j < u.n; j++)
            u.at[j] = (u.at[j] + 0.5) / n;
    }
}

/* U := a point in each of the n^s cells of a cube, uniform there, independent of the
 * others.  U: n^s x s, overwritten. */
void bar_one_per_cell(int n, struct rng *rng, mat U)
{
    require_cells(n, U);
    for (int k = 0; k < U.rows; k++) {
        vec u = row(U, k);
        corner(n, k, u);
        for (int j = 0; j < u.n; j++)
            u.at[j] = (u.at[j] + rng_uniform(rng)) / n;
    }
}

/* ---- A Gaussian, from its frequencies -------------------------------------------- */

/* nu of e^(-|x|^2 / 2) - 1: 2 E |omega|_1^2 for omega ~ N(0, I), which is
 * 2 (d + d (d - 1) 2 / pi). */
double bar_gaussian_nu(int d)
{
    REQUIRE(d >= 1, "a Gaussian needs an input, got d = %d", d);
    return 2.0 * d * (1 + (d - 1.0) * 2 / PI);
}

/* The root of an exponential number of mean 2, with density t e^(-t^2 / 2). */
static double rayleigh(struct rng *rng) { return sqrt(-2 * log(rng_uniform(rng))); }

/* omega := a frequency with a density in proportion to |omega|_1^2 e^(-|omega|^2 / 2).
 * The square is the sum of |omega_j| |omega_k| over all j and k: choose j and k by the
 * share of that term, then a normal omega in which these two have their factor more.
 * omega: d, overwritten. */
void bar_gaussian_frequency(struct rng *rng, vec omega)
{
    int d = omega.n, j = rng_below(rng, d);
    rng_normals(rng, 0, 1, omega);
    if (rng_uniform(rng) * bar_gaussian_nu(d) < 2 * d) {
        omega.at[j] = copysign(hypot(omega.at[j], rayleigh(rng)), omega.at[j]);
    } else {
        int k = (j + 1 + rng_below(rng, d - 1)) % d;
        omega.at[j] = copysign(rayleigh(rng), omega.at[j]);
        omega.at[k] = copysign(rayleigh(rng), omega.at[k]);
    }
}

/* f := m independent units whose mean is e^(-|x|^2 / 2) - 1 on [-1, 1]^d, and its nu.
 * f: m units, overwritten.  scratch: d numbers. */
void bar_gaussian_units(struct rng *rng, struct arena *scratch, struct bar_units *f)
{
    size_t mark = scratch->used;
    vec omega = arena_vec(scratch, f->W.cols);
    for (int k = 0; k < f->W.rows; k++) {
        real u = rng_uniform(rng);
        bar_gaussian_frequency(rng, omega);
        wave_unit(omega.at, (vec){1, &u}, row(f->W, k), &f->b.at[k], &f->a.at[k]);
    }
    f->nu = bar_gaussian_nu(f->W.cols);
    scratch->used = mark;
}

/* y := 1 / m sum over k of cos(omega_k'x) at the n points in the rows of X.  Omega:
 * m x d; X: n x d; y: n, overwritten.  scratch: n m numbers. */
void bar_cosines(mat Omega, mat X, struct arena *scratch, vec y)
{
    size_t mark = scratch->used;
    mat S = arena_mat(scratch, X.rows, Omega.rows);
    gemm(1, AS_IS, X, TRANSPOSED, Omega, 0, S);
    for (int i = 0; i < S.rows; i++) {
        vec s = row(S, i);
        y.at[i] = 0;
        for (int k = 0; k < s.n; k++)
            y.at[i] += cos(s.at[k]) / s.n;
    }
    scratch->used = mark;
}

/* ---- A basis that is fixed ------------------------------------------------------- */

/* How many pairs +-k of integer vectors of d numbers there are with 0 < |k|_1 <= r:
 * half of D(d, r) - 1, with Delannoy's numbers D(d, r) = D(d - 1, r) + D(d, r - 1) +
 * D(d - 1, r - 1), D(0, r) = D(d, 0) = 1.  d >= 1; 1 <= r <= 10.  Stops where D is more
 * than an int counts. */
int bar_wave_count(int d, int r)
{
    enum { MOST = 10 };
    int D[MOST + 1];
    REQUIRE(d >= 1 && 1 <= r && r <= MOST, "|k|_1 is to be from 1 to %d in %d numbers",
            r, d);
    for (int j = 0; j <= r; j++)
        D[j] = 1;
    for (int i = 1; i <= d; i++)
        for (int j = 1, before = 1; j <= r; j++) {
            int above = D[j];
            D[j] = SIZE_SUM(SIZE_SUM(above, before), D[j - 1]);
            before = above;
        }
    return (D[r] - 1) / 2;
}

/* K := one k of each of these pairs, the one whose first number that is not 0 is
 * positive.  K: bar_wave_count x d, overwritten. */
void bar_wave_numbers(int r, mat K)
{
    int d = K.cols, found = 0, side = 2 * r + 1, all = 1;
    REQUIRE(K.rows == bar_wave_count(d, r), "K has %d rows, there are %d pairs", K.rows,
            bar_wave_count(d, r));
    for (int j = 0; j < d; j++)
        all = SIZE_PRODUCT(all, side);
    /* Cell (all - 1) / 2 has the corner (r, ..., r), k = 0; those behind it are the k
     * that come after 0 in the order of a dictionary. */
    for (int cell = all / 2 + 1; found < K.rows; cell++) {
        vec k = row(K, found);
        double size = 0;
        corner(side, cell, k);
        for (int j = 0; j < d; j++) {
            k.at[j] -= r;
            size += fabs(k.at[j]);
        }
        found += size <= r;
    }
}

/* X := the points of [-1, 1)^d whose coordinates are -1 + 2j / q.  X: q^d x d. */
void bar_grid(int q, mat X)
{
    require_cells(q, X);
    for (int i = 0; i < X.rows; i++) {
        vec x = row(X, i);
        corner(q, i, x);
        for (int j = 0; j < x.n; j++)
            x.at[j] = -1 + 2 * x.at[j] / q;
    }
}

/* F := sqrt(2 / n) cos(pi k'x) and sqrt(2 / n) sin(pi k'x) at the n points in the rows
 * of X, for each k in the rows of K.  On the grid of q > 2r points a side the rows of F
 * are orthonormal.  K: N x d; X: n x d; F: 2N x n, overwritten. */
void bar_waves(mat K, mat X, mat F)
{
    REQUIRE(F.rows == 2 * K.rows && F.cols == X.rows,
            "F is %d x %d, for %d pairs of waves at %d points", F.rows, F.cols, K.rows,
            X.rows);
    double size = sqrt(2.0 / X.rows);
    for (int i = 0; i < K.rows; i++)
        for (int p = 0; p < X.rows; p++) {
            double phase = PI * dot(row(K, i), row(X, p));
            row(F, 2 * i).at[p] = size * cos(phase);
            row(F, 2 * i + 1).at[p] = size * sin(phase);
        }
}

/* missed_i := the squared distance of row i of F from the span of the rows of B: the
 * error of the best combination of features.  If the rows of B depend on each other,
 * the distance from some space of as many dimensions that holds them.  B: m x n, m <=
 * n; F: N x n; missed: N, overwritten.  scratch: m (n + 1) + n numbers. */
void bar_missed(mat B, mat F, struct arena *scratch, vec missed)
{
    REQUIRE(B.rows <= B.cols && F.cols == B.cols && missed.n == F.rows,
            "%d features at %d points, %d functions at %d, %d errors", B.rows, B.cols,
            F.rows, F.cols, missed.n);
    size_t mark = scratch->used;
    int m = B.rows, n = B.cols;
    mat QR = arena_mat(scratch, n, m);
    vec tau = arena_vec(scratch, m), x = arena_vec(scratch, n);
    transpose(B, QR);
    householder_qr(QR, tau);
    for (int i = 0; i < F.rows; i++) {
        copy(row(F, i), x);
        apply_q(QR, tau, TRANSPOSED, x);
        vec left = part(x, m, n - m);
        missed.at[i] = dot(left, left);
    }
    scratch->used = mark;
}
