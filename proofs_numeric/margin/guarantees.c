/* "What a margin guarantees": test errors of separators, leave one out, mistakes. */
#include "points.h"

#include "ground/worlds.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

/* ---- Does the margin help? --------------------------------------------------------
 */

/* The correlations deviate by 0.1 from -0.16 and 0: either is 13 standard errors of so
 * many sets away from the limit halfway, and Student's interval reaches 6.3. */
enum { SETS = 300, POINTS = 60, WIDE = 10, WALK = 900, THIN = 3, KEPT = WALK / THIN };

/* One step of a walk over the unit vectors with all z_i'w > 0, after which each is as
 * likely as any other: along a great circle, w cos t + v sin t, by a uniform t of those
 * where it separates, which is -pi/2 + max phi_i < t < pi/2 + min phi_i with tan phi_i
 * = z_i'v / z_i'w.  m, s: Z w and Z v, kept and overwritten. */
static void walk(struct rng *rng, mat Z, vec w, vec v, vec m, vec s)
{
    double most = -INFINITY, least = INFINITY;
    rng_normals(rng, 0, 1, v);
    axpy(-dot(v, w), w, v);
    scale(1 / norm(v), v);
    gemv(1, Z, v, 0, s);
    for (int i = 0; i < Z.rows; i++) {
        double tangent = s.at[i] / m.at[i];
        most = fmax(most, tangent), least = fmin(least, tangent);
    }
    double from = atan(most) - PI / 2, to = atan(least) + PI / 2;
    double t = from + (to - from) * rng_uniform(rng);
    scale(cos(t), w), scale(cos(t), m);
    axpy(sin(t), v, w), axpy(sin(t), s, m);
}

/* Margins and test errors of KEPT separators, each as likely as any other.  A test is
 * on normal points with the labels of a half-space u: its error is the angle over pi.
 */
struct sample {
    double margin[KEPT], error[KEPT], other[KEPT];
};

static void draw_separators(struct claim *claim, struct rng *rng, mat Z, vec start,
                            vec u, vec u_other, struct sample *x)
{
    struct arena *arena = claim_arena(claim);
    vec w = arena_vec(arena, WIDE), v = arena_vec(arena, WIDE);
    vec m = arena_vec(arena, POINTS), s = arena_vec(arena, POINTS);
    copy(start, w);
    gemv(1, Z, w, 0, m);
    for (int k = -100; k < WALK; k++) {
        walk(rng, Z, w, v, m, s);
        if (k < 0 || k % THIN != 0)
            continue;
        double least = INFINITY;
        for (int i = 0; i < POINTS; i++)
            least = smallest(least, m.at[i]);
        x->margin[k / THIN] = least;
        x->error[k / THIN] = angle(w, u) / PI;
        x->other[k / THIN] = angle(w, u_other) / PI;
    }
}

static double mean_of(const double *x)
{
    double sum = 0;
    for (int k = 0; k < KEPT; k++)
        sum += x[k] / KEPT;
    return sum;
}

static double correlation(const double *x, const double *y)
{
    double x_mean = mean_of(x), y_mean = mean_of(y), xx = 0, yy = 0, xy = 0;
    for (int k = 0; k < KEPT; k++) {
        xx += pow(x[k] - x_mean, 2);
        yy += pow(y[k] - y_mean, 2);
        xy += (x[k] - x_mean) * (y[k] - y_mean);
    }
    return xy / sqrt(xx * yy);
}

CLAIM(mar_helps, STATISTIC,
      "Among all separators of a set, those of larger margin have smaller test errors")
{
    double related[SETS], unrelated[SETS], best[SETS];
    struct arena *arena = claim_arena(claim);
    for (int k = 0; k < SETS; k++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, k);
        struct sample x;
        mat Z = normal_mat(arena, &rng, POINTS, WIDE);
        vec u = normal_vec(arena, &rng, WIDE), other = normal_vec(arena, &rng, WIDE);
        struct separation s = mar_separation_make(arena, POINTS, WIDE);
        for (int i = 0; i < POINTS; i++)
            scale(copysign(1, dot(row(Z, i), u)), row(Z, i));
        mar_solve(Z, arena, &s);
        draw_separators(claim, &rng, Z, s.e, u, other, &x);
        related[k] = -correlation(x.margin, x.error);
        best[k] = mean_of(x.error) - angle(s.e, u) / PI;
        unrelated[k] = -correlation(x.margin, x.other);
        arena->used = mark;
    }
    evidence(claim, "-correlation, margin with error",
             effect_at_least(SETS, related, 0.08));
    evidence(claim, "error sampled, less max margin's", effect_at_least(SETS, best, 0));
    control(claim, "labels of another half-space",
            effect_at_least(SETS, unrelated, 0.08));
}

/* ---- Leave one out ----------------------------------------------------------------
 */

/* All rows but one. */
static mat without(struct arena *arena, mat Z, int left_out)
{
    mat rest = arena_mat(arena, Z.rows - 1, Z.cols);
    for (int i = 0; i < rest.rows; i++)
        copy(row(Z, i < left_out ? i : i + 1), row(rest, i));
    return rest;
}

/* Of the points, how many are wrong if they are left out: by the separator of largest
 * margin of the others, or by the label of the nearest of them. */
static void leave_out(struct claim *claim, mat Z, int *by_margin, int *by_nearest)
{
    struct arena *arena = claim_arena(claim);
    *by_margin = *by_nearest = 0;
    for (int i = 0; i < Z.rows; i++) {
        size_t mark = arena->used;
        mat rest = without(arena, Z, i);
        struct separation s = mar_separation_make(arena, rest.rows, Z.cols);
        mar_solve(rest, arena, &s);
        *by_margin += !(dot(row(Z, i), s.e) > 0);
        arena->used = mark;
        /* x_i = y_i z_i: the nearest has label -y_i if z_i is nearer to -z_k. */
        double same = INFINITY, other = INFINITY;
        for (int k = 0; k < Z.rows; k++) {
            double square = dot(row(Z, k), row(Z, k)),
                   cross = dot(row(Z, k), row(Z, i));
            if (k != i && k % 2 == i % 2)
                same = fmin(same, square - 2 * cross);
            if (k != i && k % 2 != i % 2)
                other = fmin(other, square + 2 * cross);
        }
        *by_nearest += other < same;
    }
}

/* Support vectors: the points that have a share. */
static int supports(struct claim *claim, mat Z)
{
    struct separation s = mar_separation_make(claim_arena(claim), Z.rows, Z.cols);
    int count = 0;
    mar_solve(Z, claim_arena(claim), &s);
    for (int i = 0; i < Z.rows; i++)
        count += s.p.at[i] > 0;
    return count;
}

CLAIM(mar_leave_one_out, BOUND,
      "Left out, a point is wrong only if it is a support vector")
{
    enum { TRIALS = 6, MANY = 80 };
    struct arena *arena = claim_arena(claim);
    double most = 0, nearest = 0, support = 0;
    int by_margin, by_nearest;
    for (int k = 0; k < TRIALS; k++) {
        struct rng rng = claim_rng(claim, k);
        mat Z = normal_mat(arena, &rng, MANY, WIDE);
        vec u = normal_vec(arena, &rng, WIDE);
        for (int i = 0; i < MANY; i++)
            scale(copysign(1, dot(row(Z, i), u)), row(Z, i));
        leave_out(claim, Z, &by_margin, &by_nearest);
        int count = supports(claim, Z);
        most = worst(most, (double)by_margin / count);
        nearest += by_nearest, support += count;
    }
    evidence(claim, "mistakes over support vectors", at_most(most, 1));
    /* Each is a little on the wrong side of the sum of the others: e_i less a
     * hundredth of (1, ..., 1). */
    mat obtuse = arena_mat(arena, WIDE, WIDE);
    for (int i = 0; i < WIDE; i++) {
        fill(-1.0 / 100, row(obtuse, i));
        row(obtuse, i).at[i] += 1;
    }
    leave_out(claim, obtuse, &by_margin, &by_nearest);
    evidence(claim, "ten at obtuse angles: the same",
             at_least((double)by_margin / supports(claim, obtuse), 1));
    control(claim, "by the nearest neighbour", at_most(nearest / support, 1));
}

/* ---- Mistakes ----------------------------------------------------------------------
 */

/* Mistakes of the perceptron from 0 in so many passes over the points in a new order,
 * over (R / gamma)^2. */
static double mistakes(struct claim *claim, struct rng *rng, mat Z, double gamma,
                       int passes)
{
    struct arena *arena = claim_arena(claim);
    mat shuffled = arena_mat(arena, Z.rows, Z.cols);
    vec w = arena_vec(arena, Z.cols);
    int *order = arena_ints(arena, Z.rows), count = 0;
    double R = 0;
    for (int k = 0; k < passes; k++) {
        rng_permutation(rng, Z.rows, order);
        for (int i = 0; i < Z.rows; i++) {
            copy(row(Z, order[i]), row(shuffled, i));
            R = worst(R, norm(row(Z, i)));
        }
        count += mar_perceptron(shuffled, w);
    }
    return count / pow(R / gamma, 2);
}

CLAIM(mar_perceptron_mistakes, BOUND,
      "The perceptron makes at most (R / gamma)^2 mistakes, in any order and dimension")
{
    enum { PASSES = 60, MANY = 50 };
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    double most = 0;
    for (int k = 0; k < 5; k++) {
        struct planted x = planted_points(claim, k, 0.7);
        most = worst(most, mistakes(claim, &rng, x.Z, x.gamma, PASSES));
        struct planted wide = planted_make(arena, &rng, 100, 40, GAMMA, 0.7);
        most = worst(most, mistakes(claim, &rng, wide.Z, wide.gamma, PASSES));
    }
    evidence(claim, "mistakes over (R / gamma)^2", at_most(most, 1));
    mat Z = arena_mat(arena, MANY, MANY);
    for (int i = 0; i < MANY; i++)
        row(Z, i).at[i] = 1;
    evidence(claim, "orthogonal points: the same",
             at_least(mistakes(claim, &rng, Z, 1 / sqrt(MANY), 2), 1 - rounding(1, 1)));
    struct planted x = planted_points(claim, 0, 0.7);
    copy(row(x.Z, 0), row(x.Z, N - 1));
    scale(-1, row(x.Z, N - 1));
    control(claim, "a point under both labels",
            at_most(mistakes(claim, &rng, x.Z, x.gamma, 5 * PASSES), 1));
}

SECTION(mar_guarantees, &mar_helps, &mar_leave_one_out, &mar_perceptron_mistakes);
