/* The contract of factor.h: what the factors multiply out to, and what they are.
 *
 * LAPACK's limits: a residual is at most 30 n eps times the norm of the matrix, a
 * product of rotations or reflections orthogonal to 30 n eps.  The products here are
 * plain sums.  [LAPACK Working Note 41] */
#include "ground/factor.h"
#include "ground/route_lapack.h"
#include "ground/unit.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>

static const int sizes[] = {0, 1, 2, 3, 5, 10, 50, 100};
enum { SIZES = sizeof sizes / sizeof *sizes };

static double limit(int n, double scale) { return 30 * (n + 1) * REAL_EPSILON * scale; }

static mat new_mat(struct arena *arena, int rows, int cols, double value)
{
    mat A = arena_mat(arena, rows, cols);
    fill(value, entries(A));
    return A;
}

static mat same_mat(struct arena *arena, mat A)
{
    mat B = arena_mat(arena, A.rows, A.cols);
    copy(entries(A), entries(B));
    return B;
}

/* The largest entry of A diag(d) B' - C; d and B may be left out, with at == NULL. */
static double gap(mat A, vec d, mat B, mat C)
{
    double most = 0;
    for (int i = 0; i < C.rows; i++)
        for (int j = 0; j < C.cols; j++) {
            double sum = 0;
            for (int k = 0; k < A.cols; k++)
                sum +=
                    (d.at == NULL ? 1.0 : d.at[k]) * row(A, i).at[k] * row(B, j).at[k];
            double next = fabs(sum - row(C, i).at[j]);
            if (!(next <= most))
                most = next;
        }
    return most;
}

static const vec ones = {0, NULL};

/* The largest entry of A'A - I. */
static double gap_to_orthonormal(struct arena *arena, mat A)
{
    mat At = arena_mat(arena, A.cols, A.rows), I = arena_mat(arena, A.cols, A.cols);
    transpose(A, At);
    for (int i = 0; i < I.rows; i++)
        row(I, i).at[i] = 1;
    return gap(At, ones, At, I);
}

/* ---- Cholesky -------------------------------------------------------------------- */

/* A = Q diag(a) Q' with curvatures from 1 down to 1 / 100. */
static mat definite(struct arena *arena, struct rng *rng, int n)
{
    mat Q = arena_mat(arena, n, n), A = arena_mat(arena, n, n);
    rng_rotation(rng, arena, Q);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
                row(A, i).at[j] +=
                    row(Q, i).at[k] * pow(0.01, (double)k / n) * row(Q, j).at[k];
    return A;
}

START_TEST(cholesky_multiplies_out)
{
    struct rng rng = unit_rng("factor/cholesky");
    struct arena arena = arena_make(1 << 20);
    for (int s = 0; s < SIZES; s++) {
        int n = sizes[s];
        arena.used = 0;
        mat A = definite(&arena, &rng, n), L = new_mat(&arena, n, n, NAN);
        ck_assert_int_eq(cholesky(A, L), FACTOR_OK);
        ck_assert_double_le(gap(L, ones, L, A), limit(n, 1));
        for (int i = 0; i < n; i++) {
            ck_assert_double_gt(row(L, i).at[i], 0);
            for (int j = i + 1; j < n; j++)
                ck_assert_double_eq(row(L, i).at[j], 0);
        }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(cholesky_reads_the_lower_triangle)
{
    real at[] = {4, NAN, 2, 5}, l[4];
    mat L = {2, 2, l};
    ck_assert_int_eq(cholesky((mat){2, 2, at}, L), FACTOR_OK);
    ck_assert_double_eq(l[0], 2);
    ck_assert_double_eq(l[1], 0);
    ck_assert_double_eq(l[2], 1);
    ck_assert_double_eq(l[3], 2);
}
END_TEST

START_TEST(cholesky_refuses_what_is_not_definite)
{
    static const double refused[][4] = {
        {0, 0, 0, 0},        {-1, 0, 0, 1},       {1, 0, 1, 1},        {1, 0, 2, 1},
        {1, 0, 0, 0},        {NAN, 0, 0, 1},      {1, 0, NAN, 1},      {1, 0, 0, NAN},
        {1, 0, 0, INFINITY}, {INFINITY, 0, 0, 1}, {1, 0, INFINITY, 1},
    };
    for (int k = 0; k < (int)(sizeof refused / sizeof *refused); k++) {
        real at[4], l[4];
        for (int i = 0; i < 4; i++)
            at[i] = refused[k][i];
        ck_assert_int_eq(cholesky((mat){2, 2, at}, (mat){2, 2, l}),
                         FACTOR_NOT_POSITIVE);
    }
}
END_TEST

/* L has a diagonal of at least 1 and small entries below, so it is well conditioned;
 * L (L^-1 B) is then B to within the rounding of a product. */
START_TEST(solve_lower_undoes_the_product)
{
    struct rng rng = unit_rng("factor/solve_lower");
    struct arena arena = arena_make(1 << 20);
    for (int s = 0; s < SIZES * 4; s++) {
        int n = sizes[s / 4], m = (int[]){0, 1, 7, 70}[s % 4];
        arena.used = 0;
        mat L = new_mat(&arena, n, n, NAN), X = normal_mat(&arena, &rng, n, m);
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                row(L, i).at[j] =
                    i == j ? 1 + rng_uniform(&rng) : rng_uniform(&rng) / n;
        for (int side = AS_IS; side <= TRANSPOSED; side++) {
            mat B = arena_mat(&arena, n, m);
            for (int i = 0; i < n; i++)
                for (int k = 0; k <= i; k++)
                    axpy(row(L, i).at[k], row(X, side == AS_IS ? k : i),
                         row(B, side == AS_IS ? i : k));
            solve_lower(L, side, B);
            axpy(-1, entries(X), entries(B));
            ck_assert_double_le(max_norm(entries(B)),
                                limit(n, 3 * max_norm(entries(X))));
        }
    }
    arena_free(&arena);
}
END_TEST

/* A^-1 (A X) is X, to what A's condition of 100 makes of the rounding in the product
 * and in the factors.  Only the lower triangle is read. */
START_TEST(solve_positive_undoes_the_product)
{
    struct rng rng = unit_rng("factor/solve_positive");
    struct arena arena = arena_make(1 << 20);
    for (int s = 0; s < SIZES * 4; s++) {
        int n = sizes[s / 4], m = (int[]){0, 1, 7, 70}[s % 4];
        arena.used = 0;
        mat A = definite(&arena, &rng, n), X = normal_mat(&arena, &rng, n, m);
        mat B = arena_mat(&arena, n, m);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++)
                axpy(row(A, i).at[k], row(X, k), row(B, i));
        for (int i = 0; i < n; i++)
            fill(NAN, part(row(A, i), i + 1, n - i - 1));
        mat same = same_mat(&arena, A);
        size_t used = arena.used;
        ck_assert_int_eq(solve_positive(A, &arena, B), FACTOR_OK);
        ck_assert_uint_eq(arena.used, used);
        for (int i = 0; i < n; i++)
            assert_vec(part(row(A, i), 0, i + 1), row(same, i), 0);
        axpy(-1, entries(X), entries(B));
        ck_assert_double_le(norm(entries(B)), limit(n, 100 * norm(entries(X))));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(solve_positive_leaves_what_it_cannot_solve)
{
    static const real refused[][4] = {
        {1, 2, 2, 1}, {0, 0, 0, 1}, {-1, 0, 0, 1}, {1, 0, NAN, 1}, {NAN, 0, 0, 1}};
    struct arena arena = arena_make(1 << 10);
    for (int k = 0; k < 5; k++) {
        mat A = new_mat(&arena, 2, 2, 0), B = new_mat(&arena, 2, 3, 7);
        size_t used = arena.used;
        copy((vec){4, (real *)refused[k]}, entries(A));
        ck_assert_int_eq(solve_positive(A, &arena, B), FACTOR_NOT_POSITIVE);
        assert_entries(entries(B), (double[]){7, 7, 7, 7, 7, 7}, 0);
        ck_assert_uint_eq(arena.used, used);
    }
    arena_free(&arena);
}
END_TEST

/* ---- Householder ----------------------------------------------------------------- */

/* Q, column by column, from apply_q; and R of the same shape as A. */
static mat unpack_q(struct arena *arena, mat QR, vec tau)
{
    mat Qt = arena_mat(arena, QR.rows, QR.rows), Q = arena_mat(arena, QR.rows, QR.rows);
    for (int i = 0; i < QR.rows; i++) {
        row(Qt, i).at[i] = 1;
        apply_q(QR, tau, AS_IS, row(Qt, i));
    }
    transpose(Qt, Q);
    return Q;
}

static mat unpack_r_transposed(struct arena *arena, mat QR)
{
    mat Rt = arena_mat(arena, QR.cols, QR.rows);
    for (int i = 0; i < QR.cols; i++)
        for (int j = i; j < QR.cols; j++)
            row(Rt, j).at[i] = row(QR, i).at[j];
    return Rt;
}

static void assert_qr(struct arena *arena, mat A)
{
    mat QR = same_mat(arena, A);
    vec tau = {A.cols, arena_vec(arena, A.cols + 1).at};
    fill(NAN, tau);
    tau.at[tau.n] = 12345; /* not to be changed */
    householder_qr(QR, tau);
    ck_assert_double_eq(tau.at[tau.n], 12345);
    mat Q = unpack_q(arena, QR, tau), Rt = unpack_r_transposed(arena, QR);
    double size = norm(entries(A));
    ck_assert_double_le(gap_to_orthonormal(arena, Q), limit(A.rows, 1));
    ck_assert_double_le(gap(Q, ones, Rt, A), limit(A.rows, size));

    vec x = arena_vec(arena, A.rows);
    for (int i = 0; i < x.n; i++)
        x.at[i] = 1 + i % 3;
    apply_q(QR, tau, AS_IS, x);
    apply_q(QR, tau, TRANSPOSED, x);
    for (int i = 0; i < x.n; i++)
        ck_assert_double_le(fabs(x.at[i] - 1 - i % 3), limit(A.rows, norm(x)));
}

START_TEST(qr_multiplies_out)
{
    struct rng rng = unit_rng("factor/qr");
    struct arena arena = arena_make(1 << 20);
    for (int i = 0; i < SIZES; i++)
        for (int j = 0; j <= i; j++) {
            arena.used = 0;
            assert_qr(&arena, normal_mat(&arena, &rng, sizes[i], sizes[j]));
        }
    arena_free(&arena);
}
END_TEST

START_TEST(qr_of_special_matrices)
{
    struct rng rng = unit_rng("factor/qr special");
    struct arena arena = arena_make(1 << 20);
    assert_qr(&arena, arena_mat(&arena, 5, 3));
    assert_qr(&arena, new_mat(&arena, 5, 3, 1));
    mat A = normal_mat(&arena, &rng, 6, 4);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 4; j++)
            row(A, i).at[j] *= j < i ? 0 : -1; /* triangular already */
    assert_qr(&arena, A);
    mat B = normal_mat(&arena, &rng, 6, 4);
    scale(VAST, entries(B));
    assert_qr(&arena, B);
    scale(TINY, entries(B));
    scale(TINY, entries(B));
    assert_qr(&arena, B);
    arena_free(&arena);
}
END_TEST

/* A column (1, h) with h small: with the sign of r that cancels, 1 - r has no correct
 * figure left, and the reflection is not one. */
START_TEST(the_reflector_does_not_cancel)
{
    struct arena arena = arena_make(1 << 16);
    for (double h = 1; h > 1e-20; h /= 10)
        for (int sign = -1; sign <= 1; sign += 2) {
            arena.used = 0;
            mat A = arena_mat(&arena, 2, 1);
            A.at[0] = sign, A.at[1] = h;
            mat QR = same_mat(&arena, A);
            vec tau = arena_vec(&arena, 1);
            householder_qr(QR, tau);
            ck_assert_double_eq_tol(QR.at[0], -sign * hypot(1, h), limit(2, 1));
            ck_assert(tau.at[0] == 0 || (1 <= tau.at[0] && tau.at[0] <= 2));
            assert_qr(&arena, A);
        }
    arena_free(&arena);
}
END_TEST

/* As for solve_lower; R' has its own order. */
START_TEST(solve_upper_undoes_the_product)
{
    struct rng rng = unit_rng("factor/solve_upper");
    struct arena arena = arena_make(1 << 20);
    for (int s = 0; s < SIZES * 2; s++) {
        int n = sizes[s / 2], more = s % 2 * 3;
        arena.used = 0;
        mat R = new_mat(&arena, n + more, n, NAN);
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                row(R, i).at[j] =
                    i == j ? 1 + rng_uniform(&rng) : rng_uniform(&rng) / n;
        for (int side = AS_IS; side <= TRANSPOSED; side++) {
            vec x = arena_vec(&arena, n), b = arena_vec(&arena, n + more);
            rng_normals(&rng, 0, 1, x);
            fill(7, b);
            for (int i = 0; i < n; i++)
                b.at[i] = 0;
            for (int i = 0; i < n; i++)
                for (int j = i; j < n; j++)
                    b.at[side == AS_IS ? i : j] +=
                        row(R, i).at[j] * x.at[side == AS_IS ? j : i];
            solve_upper(R, side, b);
            for (int i = 0; i < n; i++)
                ck_assert_double_le(fabs(b.at[i] - x.at[i]), limit(n, 3 * max_norm(x)));
            for (int i = n; i < b.n; i++)
                ck_assert_double_eq(b.at[i], 7);
        }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(a_zero_on_the_diagonal_shows)
{
    real at[] = {1, 1, 0, 0}, b[] = {1, 1};
    solve_upper((mat){2, 2, at}, AS_IS, (vec){2, b});
    ck_assert(!isfinite(b[0]) && !isfinite(b[1]));
}
END_TEST

/* ---- Singular values ------------------------------------------------------------- */

/* Column j of A = U diag(s) V' to its own precision, however short it is. */
static void assert_columns(mat U, vec s, mat V, mat A)
{
    for (int j = 0; j < A.cols; j++) {
        double off = 0, size = 0;
        for (int i = 0; i < A.rows; i++) {
            double sum = -row(A, i).at[j];
            for (int k = 0; k < s.n; k++)
                sum += (double)row(U, i).at[k] * s.at[k] * row(V, j).at[k];
            off = hypot(off, sum);
            size = hypot(size, row(A, i).at[j]);
        }
        ck_assert_double_le(off, limit(A.rows, size) + A.rows * s.n * REAL_TRUE_MIN);
    }
}

/* A = U diag(s) V', s descends, U and V are what they should be.  rank: how many of the
 * columns of U are not zero, or UNKNOWN.  s is returned, in the arena. */
enum { UNKNOWN = -1 };

static vec assert_svd(struct arena *arena, mat A, int rank)
{
    int m = A.rows, n = A.cols;
    mat U = new_mat(arena, m, n, NAN), V = new_mat(arena, n, n, NAN);
    mat old = same_mat(arena, A);
    vec s = arena_vec(arena, n);
    fill(NAN, s);
    size_t used = arena->used;
    ck_assert_int_eq(svd(A, arena, U, s, V), FACTOR_OK);
    ck_assert_uint_eq(arena->used, used);
    for (int j = 0; j < n && rank == UNKNOWN; j++)
        if (s.at[j] == 0 || j == n - 1)
            rank = s.at[j] == 0 ? j : n;
    rank = n > 0 ? rank : 0;
    assert_columns(U, s, V, A);
    ck_assert_double_le(gap_to_orthonormal(arena, V), limit(m, 1));
    for (int j = 1; j < n; j++)
        ck_assert_double_le(s.at[j], s.at[j - 1]);
    for (int j = 0; j < n; j++)
        ck_assert(s.at[j] >= 0 && (s.at[j] > 0) == (j < rank));
    mat kept = arena_mat(arena, m, rank);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            if (j < rank)
                row(kept, i).at[j] = row(U, i).at[j];
            else
                ck_assert_double_eq(row(U, i).at[j], 0);
    ck_assert_double_le(gap_to_orthonormal(arena, kept), limit(m, 1));
    for (int i = 0; i < m * n; i++)
        ck_assert_double_eq(A.at[i], old.at[i]);
    return s;
}

START_TEST(svd_multiplies_out)
{
    struct rng rng = unit_rng("factor/svd");
    struct arena arena = arena_make(1 << 20);
    for (int i = 0; i < SIZES; i++)
        for (int j = 0; j <= i; j++) {
            arena.used = 0;
            assert_svd(&arena, normal_mat(&arena, &rng, sizes[i], sizes[j]), sizes[j]);
        }
    arena_free(&arena);
}
END_TEST

START_TEST(svd_finds_the_values_it_was_given)
{
    static const double given[] = {5, 3, 3, 1e-3, 1e-9};
    struct rng rng = unit_rng("factor/svd given");
    struct arena arena = arena_make(1 << 20);
    mat P = arena_mat(&arena, 8, 8), Q = arena_mat(&arena, 5, 5);
    mat A = arena_mat(&arena, 8, 5);
    rng_rotation(&rng, &arena, P);
    rng_rotation(&rng, &arena, Q);
    for (int k = 0; k < 5; k++)
        for (int i = 0; i < 8; i++)
            axpy(row(P, i).at[k] * given[4 - k], row(Q, k), row(A, i));
    vec s = assert_svd(&arena, A, 5);
    for (int k = 0; k < 5;
         k++) /* a perturbation of A moves them by no more than itself */
        ck_assert_double_le(fabs(s.at[k] - given[k]), limit(8, 5));
    arena_free(&arena);
}
END_TEST

/* Matrices of which nobody thinks when writing a decomposition.  A: m x n, zero. */
typedef void (*make_mat)(struct rng *rng, mat A);

static void make_ones(struct rng *rng, mat A)
{
    fill(rng_below(rng, 3) - 1.5, entries(A));
}

/* A constant, and two factors of so many levels: the columns of each add up to it. */
static void make_one_hot(struct rng *rng, mat A)
{
    int levels = A.cols / 2, others = A.cols - 1 - levels;
    for (int i = 0; i < A.rows && A.cols > 0; i++) {
        row(A, i).at[0] = 1;
        if (levels > 0)
            row(A, i).at[1 + rng_below(rng, levels)] = 1;
        if (others > 0)
            row(A, i).at[1 + levels + rng_below(rng, others)] = 1;
    }
}

/* Sums of so few products of small whole numbers, hence exact. */
static void make_low_rank(struct rng *rng, mat A)
{
    real at[200];
    for (int rank = 1 + rng_below(rng, 3); rank > 0; rank--) {
        vec x = {A.rows, at}, y = {A.cols, at + A.rows};
        for (int i = 0; i < x.n + y.n; i++)
            at[i] = rng_below(rng, 7) - 3;
        ger(1, x, y, A);
    }
}

/* How far apart columns may be, in decades to both sides of 1. */
enum { DECADES = sizeof(real) == sizeof(double) ? 140 : 14 };

/* Columns in units from 1e-140 to 1e140, or so, of which one may be zero. */
static void make_graded(struct rng *rng, mat A)
{
    int none = rng_below(rng, 2 * A.cols + 1);
    for (int j = 0; j < A.cols; j++) {
        double unit = j == none ? 0 : pow(10, DECADES * (2 * rng_uniform(rng) - 1));
        for (int i = 0; i < A.rows; i++)
            row(A, i).at[j] = unit * rng_normal(rng);
    }
}

static void make_denormal(struct rng *rng, mat A)
{
    for (int i = 0; i < A.rows * A.cols; i++)
        A.at[i] = (rng_below(rng, 9) - 4) * REAL_TRUE_MIN;
}

static void make_huge(struct rng *rng, mat A)
{
    rng_normals(rng, 0, 1e-3 * REAL_MAX, entries(A));
}

/* The columns of a unit matrix, each a few times, and all in one unit. */
static void make_repeated(struct rng *rng, mat A)
{
    int most = ilogb(REAL_MAX) - 23;
    double unit = ldexp(1, rng_below(rng, 2 * most) - most);
    for (int j = 0; j < A.cols; j++)
        row(A, rng_below(rng, A.rows)).at[j] = unit;
}

/* The condition number grows as e^3.5n: Hilbert's matrix. */
static void make_hilbert(struct rng *rng, mat A)
{
    (void)rng;
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < A.cols; j++)
            row(A, i).at[j] = 1.0 / (i + j + 1);
}

/* The values are LAPACK's, up to what both may lose of the largest. */
START_TEST(svd_of_matrices_that_nobody_thinks_of)
{
    static const make_mat makes[] = {make_ones,     make_one_hot, make_low_rank,
                                     make_graded,   make_huge,    make_denormal,
                                     make_repeated, make_hilbert};
    enum { KINDS = sizeof makes / sizeof *makes };
    struct rng rng = unit_rng("factor/svd unthought of");
    struct arena arena = arena_make(1 << 20);
    for (int k = 0; k < 40 * KINDS; k++) {
        arena.used = 0;
        int n = rng_below(&rng, k % 3 == 0 ? 50 : 5), m = n + rng_below(&rng, 30);
        mat A = arena_mat(&arena, m, n);
        makes[k % KINDS](&rng, A);
        vec s = assert_svd(&arena, A, UNKNOWN), theirs = arena_vec(&arena, n);
        mat same = same_mat(&arena, A);
        double top = max_norm(s), scale_up = top > 0 && top < 1e-250 ? 1e250 : 1;
        scale(scale_up, entries(same));
        if (n == 0)
            continue;
        route_singular(same, theirs);
        for (int j = 0; j < n; j++)
            ck_assert_double_le(fabs(theirs.at[j] / scale_up - s.at[j]),
                                limit(m, top) + 2 * REAL_TRUE_MIN);
    }
    arena_free(&arena);
}
END_TEST

/* All ones: s = (n, 0, ..., 0) for n x n, at any size; the others are not rounding,
 * they are 0, since the columns are the same to the last bit. */
START_TEST(svd_of_all_ones)
{
    struct arena arena = arena_make(1 << 20);
    for (int n = 1; n <= 100; n += n < 30 ? 1 : 14) {
        arena.used = 0;
        vec s = assert_svd(&arena, new_mat(&arena, n, n, 1), 1);
        ck_assert_double_le(fabs(s.at[0] - n), limit(n, n));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(svd_of_special_matrices)
{
    struct arena arena = arena_make(1 << 20);
    assert_svd(&arena, arena_mat(&arena, 4, 3), 0);
    vec s = assert_svd(&arena, new_mat(&arena, 4, 3, 1), 1);
    ck_assert_double_eq_tol(s.at[0], sqrt(12), limit(4, 4));
    mat I = arena_mat(&arena, 3, 3), flipped = arena_mat(&arena, 2, 2);
    for (int i = 0; i < 3; i++)
        row(I, i).at[i] = 1;
    ck_assert_double_eq(assert_svd(&arena, I, 3).at[2], 1);
    flipped.at[1] = -2, flipped.at[2] = 1; /* the values are sizes: 2 and 1 */
    s = assert_svd(&arena, flipped, 2);
    ck_assert_double_eq(s.at[0], 2);
    ck_assert_double_eq(s.at[1], 1);
    arena_free(&arena);
}
END_TEST

/* Columns a hundred decades apart, or ten of floats, keep their directions, and squares
 * do not overflow. */
START_TEST(svd_of_badly_scaled_columns)
{
    static const double powers[] = {-80, 60, 0, -75, -30};
    struct rng rng = unit_rng("factor/svd scaled");
    struct arena arena = arena_make(1 << 20);
    mat A = normal_mat(&arena, &rng, 7, 5);
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 5; j++)
            row(A, i).at[j] *= pow(10, powers[j] * DECADES / 140);
    assert_svd(&arena, A, 5);
    mat B = normal_mat(&arena, &rng, 7, 5);
    scale(1e-8 * REAL_MAX, entries(B));
    assert_svd(&arena, B, 5);
    mat C = normal_mat(&arena, &rng, 7, 5);
    scale(1e8 * REAL_MIN, entries(C));
    assert_svd(&arena, C, 5);
    arena_free(&arena);
}
END_TEST

START_TEST(svd_refuses_what_is_not_finite)
{
    struct arena arena = arena_make(1 << 12);
    real at[] = {1, 2, 3}, u[3], s[1], v[1];
    for (int k = 0; k < 2; k++) {
        at[2] = k == 0 ? NAN : INFINITY;
        ck_assert_int_eq(svd((mat){3, 1, at}, &arena, (mat){3, 1, u}, (vec){1, s},
                             (mat){1, 1, v}),
                         FACTOR_NO_CONVERGENCE);
        ck_assert_uint_eq(arena.used, 0);
    }
    real most = 0.6 * REAL_MAX, all[] = {most, most, most, most}; /* s_0 = 2 most */
    ck_assert_int_eq(svd((mat){2, 2, all}, &arena, (mat){2, 2, (real[4]){0}},
                         (vec){2, (real[2]){0}}, (mat){2, 2, (real[4]){0}}),
                     FACTOR_NO_CONVERGENCE);
    arena_free(&arena);
}
END_TEST

/* A NaN or an infinity anywhere in what is read. */
START_TEST(what_is_not_finite_shows)
{
    struct rng rng = unit_rng("factor/not finite");
    struct arena arena = arena_make(1 << 18);
    for (int k = 0; k < 200; k++) {
        arena.used = 0;
        int n = 1 + rng_below(&rng, 6), m = n + rng_below(&rng, 4);
        double odd = k % 2 ? NAN : k % 4 ? INFINITY : -INFINITY;
        int i = rng_below(&rng, n), j = rng_below(&rng, i + 1);

        mat D = definite(&arena, &rng, n), L = arena_mat(&arena, n, n);
        ck_assert_int_eq(cholesky(D, L), FACTOR_OK);
        mat B = normal_mat(&arena, &rng, n, 3);
        row(B, i).at[k % 3] = odd;
        solve_lower(L, k % 5 ? AS_IS : TRANSPOSED, B);
        ck_assert(!isfinite(max_norm(entries(B))));
        row(D, i).at[j] = odd;
        ck_assert_int_eq(cholesky(D, L), FACTOR_NOT_POSITIVE);

        mat A = normal_mat(&arena, &rng, m, n);
        vec tau = arena_vec(&arena, n), x = arena_vec(&arena, m);
        row(A, rng_below(&rng, m)).at[rng_below(&rng, n)] = odd;
        householder_qr(A, tau);
        rng_normals(&rng, 0, 1, x);
        apply_q(A, tau, TRANSPOSED, x);
        solve_upper(A, AS_IS, x);
        ck_assert(isnan(max_norm((vec){n, x.at})));
    }
    arena_free(&arena);
}
END_TEST

/* A pivot whose inverse overflows. */
START_TEST(denormal_pivots_divide)
{
    real l[] = {REAL_MIN / 32}, b[] = {1.5 * REAL_MIN / 32};
    solve_lower((mat){1, 1, l}, AS_IS, (mat){1, 1, b});
    ck_assert_double_eq_tol(b[0], 1.5, 1e-13);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(shapes_that_do_not_fit_stop)
{
    struct arena arena = arena_make(1 << 12);
    real at[16] = {1, 0, 0, 1}, other[16];
    mat wide = {2, 3, at}, tall = {3, 2, at}, square = {2, 2, at}, out = {2, 2, other};
    mat tall_out = {3, 2, other};
    vec two = {2, other}, three = {3, other}, one = {1, other};
    ck_assert_stops("cholesky: A must be square, got 2 x 3", cholesky(wide, out));
    ck_assert_stops("cholesky: L must be 2 x 2, got 3 x 2", cholesky(square, tall_out));
    ck_assert_stops("cholesky: L must be 2 x 2, got 2 x 3",
                    cholesky(square, (mat){2, 3, other}));
    ck_assert_stops("solve_lower: L is 2 x 3, B is 2 x 2",
                    solve_lower(wide, AS_IS, out));
    ck_assert_stops("solve_lower: L is 2 x 2, B is 3 x 2",
                    solve_lower(square, AS_IS, tall_out));
    ck_assert_stops("A must be square, got 2 x 3", solve_positive(wide, &arena, out));
    ck_assert_stops("L is 2 x 2, B is 3 x 2", solve_positive(square, &arena, tall_out));
    ck_assert_stops("A must be tall, got 2 x 3", householder_qr(wide, three));
    ck_assert_stops("tau must have 2 entries, got 3", householder_qr(tall, three));
    ck_assert_stops("A must be tall, got 2 x 3", apply_q(wide, three, AS_IS, two));
    ck_assert_stops("tau must have 2 entries, got 1", apply_q(tall, one, AS_IS, three));
    ck_assert_stops("apply_q: x must have 3 entries, got 2",
                    apply_q(tall, two, AS_IS, two));
    ck_assert_stops("solve_upper: QR is 2 x 3, x has 3 entries",
                    solve_upper(wide, AS_IS, three));
    ck_assert_stops("solve_upper: QR is 3 x 2, x has 1 entries",
                    solve_upper(tall, AS_IS, one));
    ck_assert_stops("svd: A must be tall, got 2 x 3",
                    svd(wide, &arena, (mat){2, 3, other}, three, (mat){3, 3, other}));
    ck_assert_stops("svd: U must be 3 x 2, got 2 x 2",
                    svd(tall, &arena, out, two, square));
    ck_assert_stops("svd: U must be 3 x 2, got 3 x 3",
                    svd(tall, &arena, (mat){3, 3, other}, two, square));
    ck_assert_stops("svd: s must have 2 entries, got 1",
                    svd(tall, &arena, tall_out, one, square));
    ck_assert_stops("svd: V must be 2 x 2, got 3 x 2",
                    svd(tall, &arena, tall_out, two, tall));
    ck_assert_stops("svd: V must be 2 x 2, got 2 x 3",
                    svd(tall, &arena, tall_out, two, wide));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("factor", (const TTest *[]){
                                  cholesky_multiplies_out,
                                  cholesky_reads_the_lower_triangle,
                                  cholesky_refuses_what_is_not_definite,
                                  solve_lower_undoes_the_product,
                                  solve_positive_undoes_the_product,
                                  solve_positive_leaves_what_it_cannot_solve,
                                  qr_multiplies_out,
                                  qr_of_special_matrices,
                                  the_reflector_does_not_cancel,
                                  solve_upper_undoes_the_product,
                                  a_zero_on_the_diagonal_shows,
                                  svd_multiplies_out,
                                  svd_finds_the_values_it_was_given,
                                  svd_of_matrices_that_nobody_thinks_of,
                                  svd_of_all_ones,
                                  svd_of_special_matrices,
                                  svd_of_badly_scaled_columns,
                                  svd_refuses_what_is_not_finite,
                                  what_is_not_finite_shows,
                                  denormal_pivots_divide,
                                  shapes_that_do_not_fit_stop,
                                  NULL,
                              });
}
