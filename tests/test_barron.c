/* The contract of barron.h.  That a network's mean is the function it should be is for
 * the claims of the chapter; here each function is held against its formula in long
 * double, or against what counting gives. */
#include "barron.h"
#include "ground/unit.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double EPS = DBL_EPSILON;

static double l1(vec w)
{
    double sum = 0;
    for (int j = 0; j < w.n; j++)
        sum += fabs(w.at[j]);
    return sum;
}

/* A matrix of NaN with a guard behind it: is the guard as it was? */
static mat guarded(struct arena *arena, int rows, int cols)
{
    vec all = arena_vec(arena, rows * cols + 1);
    fill(NAN, all);
    all.at[rows * cols] = 7;
    return (mat){rows, cols, all.at};
}

static bool is_guarded(mat A) { return A.at[A.rows * A.cols] == 7; }

/* The unit that a distribution makes of one point. */
struct one {
    vec w;
    double b, a, nu;
};

static struct one one_at(struct arena *arena, struct bar_law law, const real *u)
{
    struct bar_units f = bar_units_make(arena, 1, law.d);
    mat U = arena_mat(arena, 1, law.sides);
    for (int j = 0; j < law.sides; j++)
        U.at[j] = u[j];
    fill(NAN, f.b), fill(NAN, f.a);
    f.W = guarded(arena, 1, law.d);
    bar_units_at(law, U, &f);
    ck_assert(is_guarded(f.W));
    return (struct one){row(f.W, 0), f.b.at[0], f.a.at[0], f.nu};
}

/* ---- A network ------------------------------------------------------------------- */

START_TEST(a_network_starts_at_zero)
{
    struct arena arena = arena_make(1 << 16);
    struct bar_units f = bar_units_make(&arena, 3, 2);
    ck_assert(f.W.rows == 3 && f.W.cols == 2 && f.b.n == 3 && f.a.n == 3 && f.nu == 0);
    assert_entries(entries(f.W), (double[6]){0}, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(the_value_is_the_sum)
{
    struct arena arena = arena_make(1 << 22);
    struct rng rng = unit_rng("barron/value");
    static const int sizes[][3] = {{1, 1, 1}, {1, 7, 3}, {5, 1, 2}, {9, 130, 11}};
    for (int c = 0; c < 4; c++) {
        arena.used = 0;
        int n = sizes[c][0], m = sizes[c][1], d = sizes[c][2];
        struct bar_units f = {1.75, normal_mat(&arena, &rng, m, d),
                              normal_vec(&arena, &rng, m), normal_vec(&arena, &rng, m)};
        mat X = normal_mat(&arena, &rng, n, d);
        vec y = arena_vec(&arena, n);
        fill(NAN, y);
        size_t mark = arena.used;
        bar_value(f, X, &arena, y);
        ck_assert_uint_eq(arena.used, mark);
        for (int i = 0; i < n; i++) {
            long double sum = 0;
            for (int k = 0; k < m; k++) {
                long double s = -(long double)f.b.at[k];
                for (int j = 0; j < d; j++)
                    s += (long double)row(f.W, k).at[j] * row(X, i).at[j];
                sum += s > 0 ? f.a.at[k] * s : 0;
            }
            assert_near(y.at[i], 1.75L * sum / m, 200 * EPS);
        }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_no_number_reaches_the_value)
{
    struct arena arena = arena_make(1 << 12);
    real w[] = {1, -1}, b[] = {0, NAN}, a[] = {1, 1}, x[] = {0.5, VAST, NAN}, y[3];
    struct bar_units f = {1, {1, 1, w}, {1, b}, {1, a}};
    bar_value(f, (mat){3, 1, x}, &arena, (vec){3, y});
    ck_assert(y[0] == 0.5 && y[1] == x[1] && isnan(y[2]));
    f = (struct bar_units){1, {2, 1, w}, {2, b}, {2, a}};
    bar_value(f, (mat){1, 1, x}, &arena, (vec){1, y});
    ck_assert(isnan(y[0]));
    bar_value(f, (mat){0, 1, x}, &arena, (vec){0, y});
    arena_free(&arena);
}
END_TEST

/* ---- Distributions --------------------------------------------------------------- */

START_TEST(the_half_axes)
{
    struct arena arena = arena_make(1 << 16);
    for (int d = 1; d <= 5; d++)
        for (int axis = 0; axis < 2 * d; axis++)
            for (int part = 0; part < 4; part++) {
                double b = part / 4.0;
                real u = (axis + b) / (2 * d);
                struct one unit = one_at(&arena, bar_axes(d), &u);
                assert_near(unit.b, b, 20 * EPS);
                ck_assert(unit.a == 1 && unit.nu == 1 && l1(unit.w) == 1);
                ck_assert(unit.w.at[axis / 2] == (axis % 2 ? -1 : 1) ||
                          unit.b > 1 - 20 * EPS); /* rounded to the axis before */
            }
    real end = 1;
    struct one last = one_at(&arena, bar_axes(3), &end);
    ck_assert(last.w.at[2] == -1 && last.b == 1);
    arena_free(&arena);
}
END_TEST

START_TEST(corners_of_the_octahedron)
{
    struct arena arena = arena_make(1 << 16);
    static const struct {
        real u[2];
        double w[2];
    } plane[] = {
        {{0, 0.3}, {1, 0}},    {{0.125, 1}, {0.5, 0.5}},      {{0.25, 0}, {0, 1}},
        {{0.5, 0.5}, {-1, 0}}, {{0.6875, 0}, {-0.25, -0.75}}, {{1, 0.5}, {1, 0}}};
    for (int i = 0; i < 6; i++) {
        struct one unit = one_at(&arena, bar_octahedron(2), plane[i].u);
        assert_entries(unit.w, plane[i].w, 0);
        ck_assert(unit.b == plane[i].u[1] && unit.a == 1 && unit.nu == 1);
    }
    struct one unit = one_at(&arena, bar_octahedron(3), (real[]){0, 0.125, 0.5});
    assert_entries(unit.w, (double[]){-1, 0, 0}, 0);
    unit = one_at(&arena, bar_octahedron(3), (real[]){0.875, 0.125, 0.5});
    assert_entries(unit.w, (double[]){0.5, 0.25, 0.25}, 2 * EPS);
    unit = one_at(&arena, bar_octahedron(1), (real[]){0.75});
    ck_assert(unit.w.at[0] == -1 && unit.b == 0.5 && unit.nu == 1);
    arena_free(&arena);
}
END_TEST

/* |w_j| is above t with probability (1 - t)^(d-1), and each sign is as likely: to 6
 * standard deviations of a binomial number, for every coordinate. */
START_TEST(directions_are_uniform)
{
    enum { DRAWS = 20000 };
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/octahedron");
    for (int d = 2; d <= 6; d++) {
        struct bar_law law = bar_octahedron(d);
        int large[6] = {0}, plus[6] = {0}, together = 0;
        arena.used = 0;
        mat U = arena_mat(&arena, 1, d);
        struct bar_units f = bar_units_make(&arena, 1, d);
        for (int i = 0; i < DRAWS; i++) {
            rng_uniforms(&rng, 0, 1, entries(U));
            bar_units_at(law, U, &f);
            assert_near(l1(row(f.W, 0)), 1, 10 * EPS);
            for (int j = 0; j < d; j++) {
                large[j] += fabs(f.W.at[j]) > 0.2;
                plus[j] += f.W.at[j] > 0;
            }
            together += f.W.at[0] * f.W.at[d - 1] > 0;
        }
        for (int j = 0; j < d; j++) {
            double p = pow(0.8, d - 1);
            ck_assert_double_le(fabs(large[j] - p * DRAWS), 6 * sqrt(DRAWS * p));
            ck_assert_double_le(fabs(plus[j] - 0.5 * DRAWS), 3 * sqrt(DRAWS));
        }
        ck_assert_double_le(fabs(together - 0.5 * DRAWS), 3 * sqrt(DRAWS));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(the_units_of_a_wave)
{
    struct arena arena = arena_make(1 << 16);
    vec omega = part(VEC(3, -1, 7), 0, 2);
    struct one plus = one_at(&arena, bar_wave(omega), (real[]){0.125});
    struct one minus = one_at(&arena, bar_wave(omega), (real[]){0.875});
    assert_entries(plus.w, (double[]){0.75, -0.25}, 0);
    assert_entries(minus.w, (double[]){-0.75, 0.25}, 0);
    ck_assert(plus.b == 0.25 && minus.b == 0.75 && plus.nu == 32);
    ck_assert(bar_wave(omega).sides == 1 && bar_wave(omega).d == 2);
    ck_assert(bar_axes(3).sides == 1 && bar_octahedron(3).sides == 3);
    assert_near(plus.a, -cosl(1), EPS);
    assert_near(minus.a, -cosl(3), EPS);
    struct one middle = one_at(&arena, bar_wave(omega), (real[]){0.5});
    ck_assert(middle.w.at[0] == -0.75 && middle.b == 0 && middle.a == -1);
    vec tiny = VEC(TINY);
    struct one small = one_at(&arena, bar_wave(tiny), (real[]){0.25});
    ck_assert(small.w.at[0] == 1 && small.a == -1);
    ck_assert(small.nu == 2. * tiny.at[0] * tiny.at[0]);
    arena_free(&arena);
}
END_TEST

/* ---- Points ---------------------------------------------------------------------- */

START_TEST(every_cell_has_its_point)
{
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/cells");
    static const int shapes[][2] = {{1, 1}, {7, 1}, {1, 3}, {4, 2}, {3, 4}, {130, 1}};
    for (int c = 0; c < 6; c++) {
        int n = shapes[c][0], s = shapes[c][1], all = (int)lround(pow(n, s));
        arena.used = 0;
        mat M = guarded(&arena, all, s), U = guarded(&arena, all, s);
        bar_middles(n, M);
        bar_one_per_cell(n, &rng, U);
        ck_assert(is_guarded(M) && is_guarded(U));
        for (int k = 0, rest; k < all; k++) {
            rest = k;
            for (int j = s - 1; j >= 0; j--, rest /= n) {
                assert_near(row(M, k).at[j], (rest % n + 0.5L) / n, EPS);
                assert_near(row(U, k).at[j], row(M, k).at[j], 0.5 / n + EPS);
            }
        }
    }
    arena_free(&arena);
}
END_TEST

/* In their cells the points are uniform and independent: the sums of squares of their
 * distances from the middles, and the products of two of these, to 6 deviations. */
START_TEST(points_are_uniform_in_their_cells)
{
    enum { N = 5, DRAWS = 800 };
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/in cells");
    mat U = arena_mat(&arena, N * N, 2), M = arena_mat(&arena, N * N, 2);
    double square = 0, sides = 0, cells = 0, count = DRAWS * N * N;
    bar_middles(N, M);
    for (int i = 0; i < DRAWS; i++) {
        bar_one_per_cell(N, &rng, U);
        axpy(-1, entries(M), entries(U));
        scale(N, entries(U));
        square += dot(entries(U), entries(U));
        for (int k = 0; k < N * N; k++)
            sides += row(U, k).at[0] * row(U, k).at[1];
        for (int k = 0; k + 1 < N * N; k++)
            cells += row(U, k).at[0] * row(U, k + 1).at[0];
    }
    ck_assert_double_le(fabs(square - count / 6), 6 * sqrt(count / 90));
    ck_assert_double_le(fabs(sides), 6 * sqrt(count) / 12);
    ck_assert_double_le(fabs(cells), 6 * sqrt(count) / 12);
    arena_free(&arena);
}
END_TEST

/* ---- The Gaussian ---------------------------------------------------------------- */

START_TEST(the_price_of_a_gaussian)
{
    for (int d = 1; d <= 50; d++)
        assert_near(bar_gaussian_nu(d), 2.0L * d + 4.0L * d * (d - 1) / acosl(-1),
                    8000 * EPS);
    ck_assert(bar_gaussian_nu(1) == 2);
}
END_TEST

/* Under the density |omega|_1^2 phi the mean of 1 / |omega|_1^2 is 1 over the integral
 * of it, and that of |omega|^2 / |omega|_1^2 is d times as much: to 6 deviations, as
 * estimated. */
START_TEST(frequencies_have_their_density)
{
    enum { DRAWS = 40000 };
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("barron/frequency");
    for (int d = 1; d <= 7; d += d < 3 ? 1 : 4) {
        arena.used = 0;
        vec omega = arena_vec(&arena, d);
        double first = 0, second = 0, squares[2] = {0}, plus = 0;
        for (int i = 0; i < DRAWS; i++) {
            fill(NAN, omega);
            bar_gaussian_frequency(&rng, omega);
            double size = l1(omega), x = fmin(size * size, 9);
            double y = dot(omega, omega) / (size * size);
            first += x / (size * size), second += y, plus += omega.at[d - 1] > 0;
            squares[0] += x * x / pow(size, 4), squares[1] += y * y;
        }
        /* For d = 1, E min(z^2, 9) of a normal z. */
        double nu = bar_gaussian_nu(d) / 2, mean[] = {first / DRAWS, second / DRAWS};
        double error[2];
        for (int i = 0; i < 2; i++)
            error[i] =
                6 * sqrt(fmax(0, squares[i] / DRAWS - mean[i] * mean[i]) / DRAWS);
        ck_assert_double_le(fabs(mean[1] - d / nu), error[1] + 10 * REAL_EPSILON);
        ck_assert_double_le(fabs(plus - 0.5 * DRAWS), 3 * sqrt(DRAWS));
        if (d == 1) {
            double tail = erfc(3 / sqrt(2)), density = exp(-4.5) / sqrt(2 * acos(-1));
            ck_assert_double_le(fabs(mean[0] - (1 + 8 * tail - 6 * density)), error[0]);
        }
    }
    arena_free(&arena);
}
END_TEST

/* The units that are drawn are those of the waves that are drawn. */
START_TEST(units_of_a_gaussian)
{
    enum { M = 300, D = 3 };
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/gaussian"), again = rng;
    struct bar_units f = bar_units_make(&arena, M, D);
    vec omega = arena_vec(&arena, D);
    size_t mark = arena.used;
    bar_gaussian_units(&rng, &arena, &f);
    ck_assert_uint_eq(arena.used, mark);
    ck_assert_double_eq(f.nu, bar_gaussian_nu(D));
    for (int k = 0; k < M; k++) {
        real u = rng_uniform(&again);
        bar_gaussian_frequency(&again, omega);
        arena.used = mark;
        struct one unit = one_at(&arena, bar_wave(omega), &u);
        assert_vec(unit.w, row(f.W, k), 0);
        ck_assert(unit.b == f.b.at[k] && unit.a == f.a.at[k]);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(a_mean_of_cosines)
{
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/cosines");
    static const int sizes[][3] = {{1, 1, 1}, {13, 5, 3}, {1, 4, 2}, {130, 70, 1}};
    for (int c = 0; c < 4; c++) {
        int m = sizes[c][0], n = sizes[c][1], d = sizes[c][2];
        arena.used = 0;
        mat Omega = normal_mat(&arena, &rng, m, d), X = normal_mat(&arena, &rng, n, d);
        vec y = arena_vec(&arena, n);
        fill(NAN, y);
        size_t mark = arena.used;
        bar_cosines(Omega, X, &arena, y);
        ck_assert_uint_eq(arena.used, mark);
        for (int i = 0; i < n; i++) {
            long double sum = 0;
            for (int k = 0; k < m; k++) {
                long double s = 0;
                for (int j = 0; j < d; j++)
                    s += (long double)row(Omega, k).at[j] * row(X, i).at[j];
                sum += cosl(s) / m;
            }
            /* m terms, whose phases are below 100, and exact to 4 d EPS of it */
            assert_near(y.at[i], sum, (m + 1000) * EPS);
        }
    }
    arena_free(&arena);
}
END_TEST

/* A network that is sampled anew keeps nothing of what it was. */
START_TEST(units_are_sampled_anew)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("barron/anew"), again = rng;
    struct bar_units f = bar_units_make(&arena, 3, 2), g = bar_units_make(&arena, 3, 2);
    mat U = guarded(&arena, 3, 1);
    bar_middles(3, U);
    bar_units_at(bar_wave(VEC(3, -1)), U, &f);
    bar_units_at(bar_axes(2), U, &f);
    bar_units_at(bar_axes(2), U, &g);
    for (int round = 0; round < 2; round++) {
        ck_assert_double_eq(f.nu, g.nu);
        assert_vec(entries(f.W), entries(g.W), 0);
        assert_vec(f.b, g.b, 0);
        assert_vec(f.a, g.a, 0);
        fill(NAN, entries(g.W)), fill(NAN, g.b), fill(NAN, g.a), g.nu = NAN;
        bar_gaussian_units(&rng, &arena, &f);
        bar_gaussian_units(&again, &arena, &g);
    }
    ck_assert_double_eq(f.nu, bar_gaussian_nu(2));
    struct one left = one_at(&arena, bar_wave(VEC(-2)), (real[]){0.25});
    ck_assert(left.w.at[0] == -1 && left.b == 0.5 && left.nu == 8);
    arena_free(&arena);
}
END_TEST

/* No two cells have their points in the same place, however many cells there are: of
 * pairs, cells^2 / 2, a share of 4 n EPS comes as near as this, 2e-9 of all runs; of
 * floats, in one run of ten. */
START_TEST(no_two_cells_share_a_point)
{
    static const int shapes[][2] = {{130, 1}, {11, 2}, {5, 3}};
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("barron/no two");
    for (int c = 0; c < 3; c++) {
        int n = shapes[c][0], s = shapes[c][1], all = (int)lround(pow(n, s));
        arena.used = 0;
        mat U = guarded(&arena, all, s), M = guarded(&arena, all, s);
        bar_one_per_cell(n, &rng, U);
        bar_middles(n, M);
        axpy(-1, entries(M), entries(U));
        for (int k = 0; k < all * s; k++)
            for (int l = 0; l < k; l++)
                ck_assert_double_gt(fabs(U.at[k] - U.at[l]), 2 * EPS);
    }
    arena_free(&arena);
}
END_TEST

/* The mean of |omega_j| |omega_k| |omega|_1^2 of a normal omega, from E |x| = s, E x^2
 * = 1, E |x|^3 = 2 s and E x^4 = 3, where s^2 = 2 / pi: by which of the d^2 terms of
 * the square have j or k in them. */
static double fourth_moment(int d, bool same)
{
    double p = 2 / acos(-1.0);
    if (same)
        return 3 + (d - 1) * (1 + 4 * p) + (d - 1) * (d - 2) * p;
    return 2 + 4 * p + 5 * (d - 2) * p + (d - 2) * (d - 3) * p * p;
}

/* The factor |omega|_1^2 is shared among all pairs alike, neighbours or not, and no
 * sign depends on another: to 6 deviations, as estimated. */
START_TEST(every_pair_of_frequencies_has_its_share)
{
    enum { DRAWS = 40000, D = 5 };
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("barron/pairs");
    vec omega = arena_vec(&arena, D);
    double sum[D][D] = {{0}}, square[D][D] = {{0}}, sign[D][D] = {{0}};
    double nearer = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        bar_gaussian_frequency(&rng, omega);
        double more = 0; /* of neighbours than of others, 5 pairs each */
        for (int j = 0; j < D; j++)
            more += fabs(omega.at[j]) *
                    (fabs(omega.at[(j + 1) % D]) - fabs(omega.at[(j + 2) % D]));
        nearer += more, squares += more * more;
        for (int j = 0; j < D; j++)
            for (int k = 0; k <= j; k++) {
                double both = omega.at[j] * omega.at[k];
                sum[j][k] += fabs(both) / DRAWS, sign[j][k] += both / DRAWS;
                square[j][k] += both * both / DRAWS;
            }
    }
    for (int j = 0; j < D; j++)
        for (int k = 0; k <= j; k++) {
            double mean = fourth_moment(D, j == k) / (bar_gaussian_nu(D) / 2);
            double spread = square[j][k] - sum[j][k] * sum[j][k];
            assert_near(sum[j][k], mean, 6 * sqrt(spread / DRAWS));
            if (j != k)
                assert_near(sign[j][k], 0, 6 * sqrt(square[j][k] / DRAWS));
        }
    ck_assert_double_le(fabs(nearer), 6 * sqrt(squares));
    arena_free(&arena);
}
END_TEST

/* ---- Waves ----------------------------------------------------------------------- */

/* Counted one by one: all integer vectors with 0 < |k|_1 <= r, in pairs. */
START_TEST(waves_are_counted)
{
    struct arena arena = arena_make(1 << 22);
    for (int d = 1; d <= 4; d++)
        for (int r = 1; r <= 5; r++) {
            arena.used = 0;
            int all = (int)lround(pow(2 * r + 1, d)), pairs = 0;
            for (int cell = 0; cell < all; cell++) {
                int size = 0;
                for (int j = 0, rest = cell; j < d; j++, rest /= 2 * r + 1)
                    size += abs(rest % (2 * r + 1) - r);
                pairs += 0 < size && size <= r;
            }
            ck_assert_int_eq(2 * bar_wave_count(d, r), pairs);
            mat K = arena_mat(&arena, pairs / 2, d);
            fill(NAN, entries(K));
            bar_wave_numbers(r, K);
            for (int i = 0; i < K.rows; i++) {
                vec k = row(K, i);
                int first = 0;
                while (k.at[first] == 0 && first < d - 1)
                    first++;
                ck_assert(k.at[first] > 0 && l1(k) <= r);
                for (int l = 0; l < i; l++)
                    ck_assert_int_ne(memcmp(k.at, row(K, l).at, d * sizeof *k.at), 0);
            }
        }
    ck_assert_int_eq(bar_wave_count(10, 10), (8097453 - 1) / 2);
    ck_assert_int_eq(bar_wave_count(10, 1), 10);
    ck_assert_int_eq(bar_wave_count(100, 2), 10100);
    arena_free(&arena);
}
END_TEST

START_TEST(the_grid_and_its_waves)
{
    struct arena arena = arena_make(1 << 22);
    static const int shapes[][3] = {
        {1, 1, 3}, {1, 3, 7}, {2, 2, 5}, {3, 2, 6}, {2, 1, 17}};
    for (int c = 0; c < 5; c++) {
        int d = shapes[c][0], r = shapes[c][1], q = shapes[c][2];
        int n = (int)lround(pow(q, d)), N = bar_wave_count(d, r);
        arena.used = 0;
        mat X = guarded(&arena, n, d), K = guarded(&arena, N, d);
        mat F = guarded(&arena, 2 * N, n);
        bar_grid(q, X);
        bar_wave_numbers(r, K);
        bar_waves(K, X, F);
        ck_assert(is_guarded(X) && is_guarded(K) && is_guarded(F));
        for (int i = 0; i < n; i++)
            for (int j = d - 1, rest = i; j >= 0; j--, rest /= q)
                assert_near(row(X, i).at[j], -1 + 2.0L * (rest % q) / q, 2 * EPS);
        for (int i = 0; i < 2 * N; i++)
            for (int l = 0; l <= i; l++)
                assert_near(dot(row(F, i), row(F, l)), i == l, 100 * EPS);
        assert_near(row(F, 0).at[n - 1],
                    sqrtl(2.0L / n) * cosl(acosl(-1) * dot(row(K, 0), row(X, n - 1))),
                    10 * EPS);
    }
    mat one = guarded(&arena, 1, 3);
    bar_grid(1, one);
    assert_entries(entries(one), (double[]){-1, -1, -1}, 0);
    arena_free(&arena);
}
END_TEST

/* Distances from planes that are known: the span of e_1 + e_2 and e_3 scaled. */
START_TEST(what_features_miss)
{
    struct arena arena = arena_make(1 << 16);
    real b[] = {1, 1, 0, 0, 0, 0, -7, 0}, missed[5];
    real f[] = {1, 0, 0, 0, 0, 0, 2, 0, 3, 4, 5, 6, 0, 0, 0, REAL_MIN, 0, 0, 0, NAN};
    size_t mark = arena.used;
    bar_missed((mat){2, 4, b}, (mat){5, 4, f}, &arena, (vec){5, missed});
    ck_assert_uint_eq(arena.used, mark);
    assert_near(missed[0], 0.5L, 10 * EPS);
    assert_near(missed[1], 0, 10 * EPS);
    assert_near(missed[2], 36.5L, 1000 * EPS);
    ck_assert(missed[3] == 0 && isnan(missed[4]));
    bar_missed((mat){0, 4, b}, (mat){1, 4, f}, &arena, (vec){1, missed});
    assert_near(missed[0], 1, 10 * EPS);
    ck_assert_uint_eq(arena.used, mark);
    real all[] = {1, 2, 0, 1};
    bar_missed((mat){2, 2, all}, (mat){1, 2, f + 8}, &arena, (vec){1, missed});
    ck_assert_double_eq(missed[0], 0);
    arena_free(&arena);
}
END_TEST

/* Many functions, and many features that are axes: what is missed is what lies along
 * the others. */
START_TEST(each_of_many_functions_is_missed_by_itself)
{
    enum { M = 70, N = 75, FUNCTIONS = 200 };
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/many");
    mat B = arena_mat(&arena, M, N), F = normal_mat(&arena, &rng, FUNCTIONS, N);
    vec missed = arena_vec(&arena, FUNCTIONS);
    for (int i = 0; i < M; i++)
        row(B, i).at[i + 2] = i + 1;
    fill(NAN, missed);
    bar_missed(B, F, &arena, missed);
    for (int i = 0; i < FUNCTIONS; i++) {
        vec f = row(F, i), first = part(f, 0, 2), last = part(f, M + 2, N - M - 2);
        assert_near(missed.at[i], dot(first, first) + dot(last, last),
                    30 * N * EPS * dot(f, f));
    }
    arena_free(&arena);
}
END_TEST

/* Points, weights and frequencies are as they were, and the scratch is back, for one
 * unit at one point as for many. */
START_TEST(what_is_read_stays)
{
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("barron/read");
    for (int m = 1; m <= 130; m += 129) {
        arena.used = 0;
        struct bar_units f = bar_units_make(&arena, m, 3), g = f;
        mat X = normal_mat(&arena, &rng, m, 3), U = normal_mat(&arena, &rng, m, 1);
        mat F = normal_mat(&arena, &rng, 2 * m, m), B = normal_mat(&arena, &rng, 1, m);
        vec omega = normal_vec(&arena, &rng, 3), y = arena_vec(&arena, m);
        bar_middles(m, U);
        struct unit_watch points = WATCH(&arena, entries(X), entries(U), omega);
        bar_units_at(bar_wave(omega), U, &f);
        for (int k = 0; k < m; k++) { /* each of them */
            struct one unit = one_at(&arena, bar_wave(omega), row(U, k).at);
            assert_vec(unit.w, row(f.W, k), 0);
            ck_assert(unit.b == f.b.at[k] && unit.a == f.a.at[k]);
        }
        bar_waves(X, X, F);
        struct unit_watch more =
            WATCH(&arena, entries(f.W), f.b, f.a, entries(B), entries(F));
        size_t mark = arena.used;
        bar_value(f, X, &arena, y);
        bar_cosines(X, X, &arena, y);
        bar_missed(B, row_block(F, 0, m), &arena, y);
        assert_unchanged(&points), assert_unchanged(&more);
        bar_gaussian_units(&rng, &arena, &g);
        ck_assert_uint_eq(arena.used, mark);
    }
    arena_free(&arena);
}
END_TEST

/* ---- What is refused ------------------------------------------------------------- */

START_TEST(what_cannot_be_is_refused)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("barron/refused");
    real at[16] = {0.5};
    struct bar_units f = bar_units_make(&arena, 4, 2);
    mat U = {4, 2, at}, A = {2, 2, at}, B = {3, 2, at};
    vec two = {2, at};
    ck_assert_stops("got m = 0", bar_units_make(&arena, 0, 2));
    ck_assert_stops("got d = 0", bar_units_make(&arena, 2, 0));
    ck_assert_stops("got d = 0", bar_axes(0));
    ck_assert_stops("got d = 0", bar_octahedron(0));
    ck_assert_stops("got d = 0", bar_gaussian_nu(0));
    ck_assert_stops("positive and finite, got 0", bar_wave((vec){1, at + 1}));
    ck_assert_stops("positive and finite", bar_wave(VEC(INFINITY, 1)));
    ck_assert_stops("positive and finite", bar_wave(VEC(NAN)));
    ck_assert_stops("points for", bar_units_at(bar_octahedron(3), U, &f));
    ck_assert_stops("points for", bar_units_at(bar_axes(2), U, &f));
    ck_assert_stops("2 x 2 points for 4 x 2 weights; a point has 2 numbers, a unit 2",
                    bar_units_at(bar_octahedron(2), A, &f));
    at[7] = 1.5;
    ck_assert_stops("1.5 is outside", bar_units_at(bar_octahedron(2), U, &f));
    at[7] = -0.5;
    ck_assert_stops("-0.5 is outside", bar_units_at(bar_octahedron(2), U, &f));
    at[7] = NAN;
    ck_assert_stops("nan is outside", bar_units_at(bar_octahedron(2), U, &f));
    at[7] = 0, at[0] = 2;
    ck_assert_stops("2 is outside", bar_units_at(bar_octahedron(2), U, &f));
    ck_assert_stops("n >= 1 parts, got 0", bar_middles(0, U));
    ck_assert_stops("4 points for the cells", bar_middles(3, U));
    ck_assert_stops("4 points for the cells", bar_one_per_cell(1, &rng, U));
    ck_assert_stops("4 points for the cells of a cube, 2 to each of 3",
                    bar_middles(2, (mat){4, 3, at}));
    ck_assert_stops("4 points for the cells", bar_grid(100000, U));
    ck_assert_stops("from 1 to 1 in 0 numbers", bar_wave_count(0, 1));
    ck_assert_stops("from 1 to 11 in 1 numbers", bar_wave_count(1, 11));
    ck_assert_stops("from 1 to 0 in 1 numbers", bar_wave_count(1, 0));
    ck_assert_stops("bar_wave_count: SIZE", bar_wave_count(1000, 10));
    ck_assert_stops("K has 2 rows, there are 6", bar_wave_numbers(2, A));
    ck_assert_stops("F is 3 x 2", bar_waves(A, A, B));
    ck_assert_stops("3 features at 2 points", bar_missed(B, A, &arena, two));
    ck_assert_stops("functions at 2", bar_missed(A, A, &arena, (vec){3, at}));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("barron",
                    (const TTest *[]){a_network_starts_at_zero,
                                      the_value_is_the_sum,
                                      what_is_no_number_reaches_the_value,
                                      the_half_axes,
                                      corners_of_the_octahedron,
                                      directions_are_uniform,
                                      the_units_of_a_wave,
                                      every_cell_has_its_point,
                                      points_are_uniform_in_their_cells,
                                      the_price_of_a_gaussian,
                                      frequencies_have_their_density,
                                      units_of_a_gaussian,
                                      a_mean_of_cosines,
                                      waves_are_counted,
                                      the_grid_and_its_waves,
                                      what_features_miss,
                                      what_cannot_be_is_refused,
                                      units_are_sampled_anew,
                                      OF_DOUBLES(no_two_cells_share_a_point),
                                      every_pair_of_frequencies_has_its_share,
                                      each_of_many_functions_is_missed_by_itself,
                                      what_is_read_stays,
                                      NULL});
}
