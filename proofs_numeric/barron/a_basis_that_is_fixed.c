/* "A basis that is fixed": what no features can do that were chosen beforehand. */
#include "barron/networks.h"

#include <math.h>

enum { D = 3, Q = 10, R = 3, POINTS = Q * Q * Q, SIZES = 6 };

/* The waves with |k|_1 <= 3 on the grid of 10^3 points: N = 62 functions. */
struct waves {
    struct arena *arena;
    mat K, X, F;
};

static struct waves waves_make(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    int pairs = bar_wave_count(D, R);
    struct waves x = {arena, arena_mat(arena, pairs, D), arena_mat(arena, POINTS, D),
                      arena_mat(arena, 2 * pairs, POINTS)};
    bar_wave_numbers(R, x.K);
    bar_grid(Q, x.X);
    bar_waves(x.K, x.X, x.F);
    return x;
}

/* The largest entry of FF' - I, by plain sums. */
static double not_orthonormal(mat F)
{
    double most = 0;
    for (int i = 0; i < F.rows; i++)
        for (int j = 0; j <= i; j++) {
            double sum = -(i == j);
            for (int p = 0; p < F.cols; p++)
                sum += row(F, i).at[p] * row(F, j).at[p];
            most = worst(most, fabs(sum));
        }
    return most;
}

static double mean(vec x)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += x.at[i] / x.n;
    return sum;
}

/* B := the units of f at all of the points, one in each row. */
static void unit_features(struct waves x, struct bar_units f, mat B)
{
    for (int k = 0; k < f.W.rows; k++) {
        struct bar_units one = {1, row_block(f.W, k, 1), part(f.b, k, 1),
                                part(f.a, k, 1)};
        bar_value(one, x.X, x.arena, row(B, k));
    }
}

/* What m drawn units miss of the waves, in the mean. */
static double missed_by_drawn(struct waves x, int m, struct rng *rng)
{
    size_t mark = x.arena->used;
    vec missed = arena_vec(x.arena, x.F.rows);
    mat B = arena_mat(x.arena, m, POINTS);
    unit_features(x, independent_units(x.arena, bar_octahedron(D), m, rng), B);
    bar_missed(B, x.F, x.arena, missed);
    x.arena->used = mark;
    return mean(missed);
}

/* The same of m combinations of the waves themselves. */
static double missed_by_waves(struct waves x, int m, struct rng *rng)
{
    size_t mark = x.arena->used;
    vec missed = arena_vec(x.arena, x.F.rows);
    mat C = arena_mat(x.arena, m, x.F.rows), B = arena_mat(x.arena, m, POINTS);
    rng_normals(rng, 0, 1, entries(C));
    gemm(1, AS_IS, C, AS_IS, x.F, 0, B);
    bar_missed(B, x.F, x.arena, missed);
    x.arena->used = mark;
    return mean(missed);
}

/* The same of m features that are chosen for each wave anew: 1, k'x, and m - 2 units
 * along k.  worst_of: what they miss of the wave that they miss most of. */
static double missed_by_chosen(struct waves x, int m, double *worst_of)
{
    double sum = 0, most = 0;
    for (int i = 0; i < x.K.rows; i++) {
        size_t mark = x.arena->used;
        real missed[2];
        mat B = arena_mat(x.arena, m, POINTS);
        fill(1, row(B, 0));
        gemv(1, x.X, row(x.K, i), 0, row(B, 1));
        if (m > 2)
            unit_features(x, middle_units(x.arena, bar_wave(row(x.K, i)), m - 2),
                          row_block(B, 2, m - 2));
        bar_missed(B, row_block(x.F, 2 * i, 2), x.arena, (vec){2, missed});
        sum += (missed[0] + missed[1]) / x.F.rows;
        most = worst(most, worst(missed[0], missed[1]));
        x.arena->used = mark;
    }
    *worst_of = most;
    return sum;
}

CLAIM(bar_fixed_basis, BOUND, "Of N orthonormal functions m features miss 1 - m/N")
{
    static const int sizes[SIZES] = {2, 4, 8, 12, 16, 20};
    struct waves x = waves_make(claim);
    struct series s =
        series_begin(claim, "missed", "m", "bound", "drawn", "chosen", "worst", NULL);
    double least = INFINITY, off = 0, chosen[SIZES], worst_of;
    for (int i = 0; i < SIZES; i++) {
        int m = sizes[i];
        double bound = 1 - m / (double)x.F.rows;
        struct rng rng = claim_rng(claim, (uint64_t)m);
        off = worst(off, fabs(missed_by_waves(x, m, &rng) - bound));
        double drawn = missed_by_drawn(x, m, &rng);
        least = smallest(least, drawn / bound);
        chosen[i] = missed_by_chosen(x, m, &worst_of);
        series_row(&s, (double[]){m, bound, drawn, chosen[i], worst_of});
        chosen[i] /= bound;
    }
    series_end(&s);
    /* Phases of up to 3 pi, in sums over the points. */
    evidence(claim, "entries of FF' - I",
             at_most(not_orthonormal(x.F), rounding(POINTS, 1)));
    evidence(claim, "missed by drawn units, over bound", at_least(least, 1));
    /* 20 reflections of vectors of length 1, and what their span has lost to rounding:
     * the condition of a normal matrix of 20 x 62 is below 100. */
    evidence(claim, "by their own combinations, less it",
             at_most(off, rounding(20, 100)));
    control(claim, "by 16 features along each k", at_least(chosen[4], 1));
}

/* ---- The whole class -------------------------------------------------------------
 * The waves of |k|_1 <= r, scaled to nu = 1 and less their affine part, have the mean
 * square 1 / 8 pi^4 r^4 at least.  m functions, and the d + 1 affine ones, miss the
 * share 1 - (m + d + 1) / N of it for one of the N waves. */

/* The largest of these bounds over r, times 6m: the mean square error of m units that
 * are drawn for the function is at most nu^2 / 6m. */
static double fixed_over_drawn(int d, int m, int most)
{
    double largest = 0, pi = acos(-1);
    for (int r = 1; r <= most; r++) {
        double share = 1 - (m + d + 1) / (2.0 * bar_wave_count(d, r));
        largest = worst(largest, share * 6 * m / (8 * pow(pi * r, 4)));
    }
    return largest;
}

/* The mean square error of m units that are drawn for one wave k, |k|_1 = 2, in d
 * dimensions, times 6m over nu^2: over so many networks and points. */
static double drawn_over_bound(struct claim *claim, int d, int m)
{
    enum { NETWORKS = 20, PLACES = 20 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    vec omega = arena_vec(arena, d), y = arena_vec(arena, PLACES);
    double sum = 0, nu = 1;
    omega.at[0] = acos(-1), omega.at[d - 1] -= acos(-1);
    for (int i = 0; i < NETWORKS; i++) {
        size_t mark = arena->used;
        mat X = arena_mat(arena, PLACES, d);
        struct bar_units f = independent_units(arena, bar_wave(omega), m, &rng);
        rng_uniforms(&rng, -1, 1, entries(X));
        bar_value(f, X, arena, y);
        for (int p = 0; p < PLACES; p++)
            sum += pow(1 + y.at[p] - cos(dot(omega, row(X, p))), 2);
        nu = f.nu;
        arena->used = mark;
    }
    return 6 * m * sum / (NETWORKS * PLACES) / (nu * nu);
}

/* In the plane, the largest that this becomes for any m up to 200. */
static double in_the_plane(void)
{
    double largest = 0;
    for (int m = 1; m <= 200; m++)
        largest = worst(largest, fixed_over_drawn(2, m, 10));
    return largest;
}

CLAIM(bar_width, BOUND, "100 dimensions: 10000 fixed functions miss more than units do")
{
    double ratio = fixed_over_drawn(100, 10000, 3);
    evidence(claim, "fixed over drawn, m = 10000", at_least(ratio, 1));
    evidence(claim, "a wave's units over their bound",
             at_most(drawn_over_bound(claim, 100, 500), 1));
    control(claim, "in 2 dimensions, any m to 200", at_least(in_the_plane(), 1));
}

SECTION(bar_bases, &bar_fixed_basis, &bar_width);
