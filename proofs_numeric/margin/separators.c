/* "Which separator?": the certificate, the cone, the multipliers, the bias. */
#include "points.h"

#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "margin.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

/* The solver's e, p and interval against what was planted: the largest difference, in
 * the units in which each is known.  A rounding of the points turns e by that over
 * gamma, and p by at most that over the height of the simplex of supports. */
static double off_planted(struct claim *claim, struct planted k)
{
    struct separation s = mar_separation_make(claim_arena(claim), N, D);
    mar_solve(k.Z, claim_arena(claim), &s);
    double off = worst(fabs(s.low - k.gamma), fabs(s.high - k.gamma));
    return worst(worst(off, GAMMA * distance(s.e, k.e)), 0.1 * distance(s.p, k.p));
}

CLAIM(mar_certificate, IDENTITY,
      "Shares p with ||Z'p|| = min z_i'e prove that e has the largest margin")
{
    /* n products for each of d entries of Z'p, and as many for the planted ones. */
    double limit = rounding(N * D, 1), off = 0, gap = 0, other = INFINITY;
    for (int k = 0; k < 10; k++) {
        struct rng rng = claim_rng(claim, 20 + k);
        struct planted x = planted_points(claim, k, 0.7);
        off = worst(off, off_planted(claim, x));
        mat Z = normal_mat(claim_arena(claim), &rng, N, D);
        vec w = normal_vec(claim_arena(claim), &rng, D);
        struct separation s = mar_separation_make(claim_arena(claim), N, D);
        for (int i = 0; i < N; i++)
            scale(copysign(1, dot(row(Z, i), w)), row(Z, i));
        mar_solve(Z, claim_arena(claim), &s);
        gap = worst(gap, (s.high - s.low) / max_norm(entries(Z)));
        scale(0.5, row(x.Z, N - 1)); /* from 2 gamma or more to inside of the margin */
        axpy(0.9 * GAMMA - dot(row(x.Z, N - 1), x.e), x.e, row(x.Z, N - 1));
        other = smallest(other, off_planted(claim, x));
    }
    evidence(claim, "off what was planted", at_most(off, limit));
    evidence(claim, "||Z'p|| - min z'e, normal points", at_most(gap, limit));
    control(claim, "a point moved inside the margin", at_most(other, limit));
}

/* Sixty normal points in three dimensions: signs by lot are separable with probability
 * 2 (C(59, 0) + C(59, 1) + C(59, 2)) / 2^60 = 3e-15.  [Cover 1965] */
static mat signs_by_lot(struct claim *claim, int replicate)
{
    struct rng rng = claim_rng(claim, replicate);
    return normal_mat(claim_arena(claim), &rng, 60, D);
}

static double hull_distance(struct claim *claim, mat Z, vec p)
{
    vec hull = arena_vec(claim_arena(claim), Z.cols);
    for (int i = 0; i < Z.rows; i++)
        for (int j = 0; j < Z.cols; j++)
            hull.at[j] += p.at[i] * row(Z, i).at[j];
    return norm(hull);
}

/* The shares of the points in the exponential loss after so many steps of descent on
 * its logarithm, which has a minimum where 0 is inside of the hull.  Its curvature is
 * at most the largest ||z||^2, about 15, and near 1 where 60 points weigh alike. */
static double shares_of_descent(struct claim *claim, mat Z)
{
    vec w = arena_vec(claim_arena(claim), Z.cols),
        a = arena_vec(claim_arena(claim), Z.rows);
    for (int step = 0; step < 1000; step++)
        mar_step(exponential_loss, Z, 0.1, claim_arena(claim), w);
    mar_log_loss(Z, w, claim_arena(claim), a);
    return hull_distance(claim, Z, a);
}

CLAIM(mar_gordan, IDENTITY,
      "Where nothing separates there are shares p with Z'p = 0, and only there")
{
    double by_solver = 0, by_descent = 0, limit = rounding(60 * D, 5);
    int told = 0;
    for (int k = 0; k < 10; k++) {
        mat Z = signs_by_lot(claim, k);
        struct separation s = mar_separation_make(claim_arena(claim), 60, D);
        told += mar_solve(Z, claim_arena(claim), &s) == MAR_NOT_SEPARABLE;
        by_solver = worst(by_solver, hull_distance(claim, Z, s.p));
        by_descent = worst(by_descent, shares_of_descent(claim, Z));
    }
    evidence(claim, "told, of 10 sets", at_least(told, 10));
    evidence(claim, "||Z'p|| by the solver", at_most(by_solver, limit));
    evidence(claim, "||Z'a||, descent's softmax", at_most(by_descent, limit));
    struct planted k = planted_points(claim, 10, 0.3);
    struct separation s = mar_separation_make(claim_arena(claim), N, D);
    mar_solve(k.Z, claim_arena(claim), &s);
    control(claim, "separable: ||Z'p||",
            at_most(hull_distance(claim, k.Z, s.p), limit));
    control(claim, "separable: ||Z'a||", at_most(shares_of_descent(claim, k.Z), limit));
}

/* The least z_i'w' over moves of w by that length: towards each -z_i, and in 500 other
 * directions. */
static double least_after_moves(struct claim *claim, mat Z, vec w, double length)
{
    struct rng rng = claim_rng(claim, 1);
    double least = INFINITY;
    for (int k = 0; k < Z.rows + 500; k++) {
        size_t mark = claim_arena(claim)->used;
        vec to = normal_vec(claim_arena(claim), &rng, Z.cols);
        if (k < Z.rows) {
            copy(row(Z, k), to);
            scale(-1, to);
        }
        scale(length / norm(to), to);
        axpy(1, w, to);
        least = smallest(least, mar_least(Z, to));
        claim_arena(claim)->used = mark;
    }
    return least;
}

CLAIM(mar_cone, BOUND,
      "Whatever is nearer to a separator than min z'w/||z|| is one too")
{
    struct planted k = planted_points(claim, 0, 0.7);
    vec w = arena_vec(claim_arena(claim), D);
    double radius = INFINITY;
    copy(k.e, w);
    axpy(0.1, row(k.Z, N - 1), w); /* a separator, and not the best */
    for (int i = 0; i < N; i++)
        radius = smallest(radius, dot(row(k.Z, i), w) / norm(row(k.Z, i)));
    evidence(claim, "0.999 of it away, min z'w",
             at_least(least_after_moves(claim, k.Z, w, 0.999 * radius), 0));
    evidence(claim, "1.001 of it away, min z'w",
             at_most(least_after_moves(claim, k.Z, w, 1.001 * radius), 0));
    control(claim, "twice as far away, min z'w",
            at_least(least_after_moves(claim, k.Z, w, 2 * radius), 0));
}

/* What is left of the stationary Lagrangian, ||2 w + sign sum lambda_i z_i||. */
static double stationary(struct claim *claim, mat Z, vec w, vec lambda, double sign)
{
    vec sum = arena_vec(claim_arena(claim), w.n);
    copy(w, sum);
    scale(2, sum);
    for (int i = 0; i < Z.rows; i++)
        axpy(sign * lambda.at[i], row(Z, i), sum);
    return norm(sum);
}

/* lambda from the equations z_j'w = 1 of the support alone: w = 1/2 sum lambda_i z_i.
 */
static void multipliers_by_lapack(struct claim *claim, mat support, vec lambda)
{
    int d = support.rows;
    vec ones = arena_vec(claim_arena(claim), d);
    mat G = arena_mat(claim_arena(claim), d, d);
    gemm(0.5, AS_IS, support, TRANSPOSED, support, 0, G);
    fill(1, ones);
    route_solve(G, ones, lambda);
}

CLAIM(mar_kkt, IDENTITY,
      "w = e/gamma: 2w = sum lambda z, lambda >= 0, and 0 off the margin")
{
    /* w is 1 / gamma long, and lambda up to 2 / gamma^2; n products each. */
    double limit = rounding(N * D, 2 / (GAMMA * GAMMA) / GAMMA);
    struct arena *arena = claim_arena(claim);
    struct planted k = planted_points(claim, 0, 0.7);
    vec tight = row(k.Z, N - 1), w = arena_vec(arena, D);
    vec lambda = arena_vec(arena, N), alone = arena_vec(arena, D);
    struct separation s = mar_separation_make(arena, N, D);
    mar_solve(k.Z, arena, &s);
    axpy(1 / s.high, s.e, w);
    axpy(2 / (s.high * s.high), s.p, lambda);
    evidence(claim, "||2 w - sum lambda z||",
             at_most(stationary(claim, k.Z, w, lambda, -1), limit));
    double slack = 0, least = 0;
    for (int i = 0; i < N; i++) {
        slack = worst(slack, fabs(lambda.at[i] * (dot(row(k.Z, i), w) - 1)));
        least = smallest(least, lambda.at[i]);
    }
    evidence(claim, "lambda (z'w - 1), at most", at_most(slack, limit));
    evidence(claim, "the least lambda", at_least(least, 0));
    multipliers_by_lapack(claim, row_block(k.Z, 0, D), alone);
    evidence(claim, "lambda, less LAPACK's",
             at_most(distance(part(lambda, 0, D), alone), limit));
    control(claim, "the slide's sign: ||2 w + sum||",
            at_most(stationary(claim, k.Z, w, lambda, 1), limit));

    /* One more point on the margin: the old lambda, 0 for it, is still good. */
    axpy(GAMMA - dot(tight, k.e), k.e, tight);
    mar_certify(k.Z, arena, &s);
    evidence(claim, "one more tight: gap without it", at_most(s.high - s.low, limit));
    axpy(-0.1, k.e, tight);
    mar_certify(k.Z, arena, &s);
    control(claim, "one inside of the margin: gap", at_most(s.high - s.low, limit));
}

/* How far x is from {x : a'x = -b}: the least move that gets there, by LAPACK. */
static double distance_by_lapack(struct claim *claim, vec a, double b, vec x)
{
    vec to = arena_vec(claim_arena(claim), 1),
        move = arena_vec(claim_arena(claim), a.n);
    to.at[0] = -b - dot(a, x);
    route_min_norm((mat){1, a.n, a.at}, to, move);
    return norm(move);
}

CLAIM(mar_lifted, IDENTITY,
      "gamma(w) is a distance where x has a 1; among the x it is longer")
{
    enum { FEW = 12, PLANE = 2 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = normal_mat(arena, &rng, FEW, PLANE), Z = arena_mat(arena, FEW, PLANE + 1);
    vec w = normal_vec(arena, &rng, PLANE + 1), y = arena_vec(arena, FEW);
    w.at[0] += copysign(1, w.at[0]); /* a bias, so that the two differ */
    for (int i = 0; i < FEW; i++)
        y.at[i] = copysign(1, w.at[0] + dot(part(w, 1, PLANE), row(X, i)));
    mar_lift(X, y, Z);
    double lifted = INFINITY, planar = INFINITY, limit = rounding(FEW, 1 + norm(w));
    for (int i = 0; i < FEW; i++) {
        lifted = smallest(lifted, distance_by_lapack(claim, w, 0, row(Z, i)));
        planar = smallest(planar, distance_by_lapack(claim, part(w, 1, PLANE), w.at[0],
                                                     row(X, i)));
    }
    evidence(claim, "margin, less the distance of (1, x)",
             at_most(fabs(mar_margin(Z, w) - lifted), limit));
    evidence(claim, "planar margin, less that of x",
             at_most(fabs(mar_planar(Z, w) - planar), limit));
    evidence(claim, "their ratio, less |w|/|w_1..|",
             at_most(fabs(planar / lifted - norm(w) / norm(part(w, 1, PLANE))),
                     rounding(FEW, planar / lifted / lifted)));
    control(claim, "margin, less the distance of x",
            at_most(fabs(mar_margin(Z, w) - planar), limit));
}

/* Points of both labels, shifted by c: the direction among the x of the separator of
 * largest lifted margin, and by how much it is turned from (1, 0). */
static double turned(struct claim *claim, int n, const double *points, double c_1,
                     double c_2, double *planar)
{
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, n, 2), Z = arena_mat(arena, n, 3);
    vec y = arena_vec(arena, n);
    struct separation s = mar_separation_make(arena, n, 3);
    for (int i = 0; i < n; i++) {
        row(X, i).at[0] = points[2 * i] + c_1;
        row(X, i).at[1] = points[2 * i + 1] + c_2;
        y.at[i] = points[2 * i] > 0 ? 1 : -1;
    }
    mar_lift(X, y, Z);
    mar_solve(Z, arena, &s);
    *planar = mar_planar(Z, s.e);
    return atan2(s.e.at[2], s.e.at[1]);
}

/* For the figure: shifts along the diagonal. */
static void record_shifts(struct claim *claim)
{
    static const double two[] = {1, 0, -1, 0};
    struct series series =
        series_begin(claim, "shift", "c", "degrees", "law", "planar", "cosine", NULL);
    for (int k = 0; k <= 40; k++) {
        double c = k / 4.0, planar, law = atan(c * c / (1 + c * c));
        double is = -turned(claim, 2, two, c, c, &planar);
        series_row(&series,
                   (double[]){c, is * 180 / PI, law * 180 / PI, planar, cos(law)});
    }
    series_end(&series);
}

CLAIM(mar_shift, IDENTITY,
      "Moving all x by c turns the separator by atan c_1 c_2 / (1 + c_2^2)")
{
    /* e is orthogonal to one difference: rounding of numbers near ||c||, squared. */
    static const double two[] = {1, 0, -1, 0}, three[] = {1, 1, 1, -1, -1, 0};
    static const double shifts[][2] = {{0, 0}, {1, 0.3}, {5, 5}, {-2, 7}, {0, 3}};
    double off = 0, off_margin = 0, limit = rounding(9, 80), planar;
    for (int k = 0; k < 5; k++) {
        double c = shifts[k][0], d = shifts[k][1], law = -atan(c * d / (1 + d * d));
        off = worst(off, fabs(turned(claim, 2, two, c, d, &planar) - law));
        off_margin = worst(off_margin, fabs(planar - cos(law)));
    }
    evidence(claim, "angle, less the law", at_most(off, limit));
    evidence(claim, "planar margin, less its cosine", at_most(off_margin, limit));
    double still = turned(claim, 3, three, 1, 0.3, &planar);
    evidence(claim, "three supports, c = (1, 0.3)", at_most(fabs(still), limit));
    control(claim, "three supports, less the law",
            at_most(fabs(still + atan(0.3 / 1.09)), limit));
    control(claim, "three supports, c = (5, 5)",
            at_most(fabs(turned(claim, 3, three, 5, 5, &planar)), limit));
    record_shifts(claim);
}

SECTION(mar_separators, &mar_certificate, &mar_gordan, &mar_cone, &mar_kkt, &mar_lifted,
        &mar_shift);
