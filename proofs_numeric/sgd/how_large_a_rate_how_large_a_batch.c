/* "How large a rate, how large a batch": where the mean square begins to grow. */
#include "ground/route_lapack.h"
#include "sgd/shoes.h"

#include <math.h>

/* By how much a step of SGD multiplies E ||e||^2 when so many have been taken, from E
 * ee' = I and without noise at the optimum. */
static double growth(struct claim *claim, mat Phi, int B, double alpha, int steps)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec zero = arena_vec(arena, Phi.cols), r = arena_vec(arena, Phi.rows);
    struct sgd_moments moments = sgd_moments_make(arena, Phi, r, zero);
    double trace = Phi.cols;
    for (int i = 0; i < Phi.cols; i++)
        row(moments.second, i).at[i] = 1;
    for (int k = 0; k < steps; k++) {
        scale(1 / trace, entries(moments.second));
        sgd_moments_step(alpha, sgd_share(Phi.rows, B, SGD_INDEPENDENT), &moments);
        trace = 0;
        for (int i = 0; i < Phi.cols; i++)
            trace += row(moments.second, i).at[i];
    }
    arena->used = mark;
    return trace;
}

/* ---- Examples that are normal as far as SGD can see --------------------------------
 */

enum { D = 3, EXAMPLES = 216, STEPS = 400 };

/* Each coordinate is -sqrt 3, sqrt 3 or four times 0, times sqrt h_j, in all 6^D
 * combinations.  It has the moments of a normal vector up to the fifth, and E ee' asks
 * for no more than the fourth. */
static mat normal_examples(struct arena *arena, vec h)
{
    mat Phi = arena_mat(arena, EXAMPLES, D);
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0, digits = i; j < D; j++, digits /= 6)
            row(Phi, i).at[j] =
                ((digits % 6 == 1) - (digits % 6 == 0)) * sqrt(3 * h.at[j]);
    return Phi;
}

/* The same variances of coins, -1 or 1 along each axis; or of rare ones, of which 26 in
 * 27 show nothing and the others are so much the larger. */
static mat coins(struct arena *arena, vec h, bool rare)
{
    mat Phi = arena_mat(arena, EXAMPLES, D);
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0; j < D; j++) {
            double size = !rare ? 1 : i % 27 == 0 ? sqrt(27) : 0;
            row(Phi, i).at[j] = (i / 27 >> j & 1 ? -size : size) * sqrt(h.at[j]);
        }
    return Phi;
}

CLAIM(sgd_critical, IDENTITY,
      "On normal examples E ||e||^2 stands still at the critical rate")
{
    struct arena *arena = claim_arena(claim);
    static const int sizes[] = {1, 3, 10, 100};
    double gap = 0, gap_of_coins = INFINITY;
    real spectrum[] = {1, 0.5, 0.2};
    vec h = {D, spectrum};
    mat normal = normal_examples(arena, h), coin = coins(arena, h, false);
    for (int k = 0; k < 4; k++) {
        int B = sizes[k];
        double alpha = sgd_critical_rate(h, B);
        gap = worst(gap, fabs(growth(claim, normal, B, alpha, STEPS) - 1));
        gap_of_coins =
            smallest(gap_of_coins, fabs(growth(claim, coin, B, alpha, STEPS) - 1));
    }
    /* A step is sums over the examples of products of four numbers up to sqrt 3, and of
     * the growth only the last step is seen, from the eigenvector. */
    double limit = rounding(EXAMPLES, 9);
    evidence(claim, "growth at the critical rate - 1", at_most(gap, limit));
    control(claim, "coins in place of normal ones", at_most(gap_of_coins, limit));
    control(claim, "the limit of descent, B = 1",
            at_most(fabs(growth(claim, normal, 1, 2, STEPS) - 1), limit));
}

CLAIM(sgd_ramp, BOUND,
      "The critical rate is 2B / (B + 1 + tr H / h) / h, to a factor 2")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    double low = 0, high = 0, equal = 0;
    for (int trial = 0; trial < 300; trial++) {
        arena->used = 0;
        int d = 1 + rng_below(&rng, 30), B = 1 << rng_below(&rng, 12);
        vec h = arena_vec(arena, d);
        double T = 1, power = 8 * rng_uniform(&rng);
        h.at[0] = 1;
        for (int j = 1; j < d; j++)
            T += h.at[j] = pow(rng_uniform(&rng), power);
        double ramp = 2.0 * B / (B + 1 + T);
        low = worst(low, ramp / sgd_critical_rate(h, B));
        high =
            worst(high, sgd_critical_rate(h, B) / fmin(2.0 * B / (B + 2), 2 * B / T));
        fill(1, h);
        equal =
            worst(equal, fabs(sgd_critical_rate(h, B) * (B + 1 + d) / (2.0 * B) - 1));
    }
    evidence(claim, "bound over the critical rate", at_most(low, 1 + rounding(1, 1)));
    evidence(claim, "that over 2B / max(B + 2, T)", at_most(high, 1 + rounding(1, 1)));
    evidence(claim, "equal curvatures: the bound",
             at_least(1 - equal, 1 - rounding(2, 1)));
    double ramp = 2 / (1 + 1 + 1.7);
    real spectrum[] = {1, 0.5, 0.2};
    vec h = {D, spectrum};
    evidence(claim, "log growth at the bound, B = 1",
             at_most(log(growth(claim, normal_examples(arena, h), 1, ramp, STEPS)), 0));
    control(claim, "the same on rare examples",
            at_most(log(growth(claim, coins(arena, h, true), 1, ramp, STEPS)), 0));
}

CLAIM(sgd_best_rate, IDENTITY,
      "With d equal curvatures a step leaves (d+1) / (B+d+1) of the excess at best")
{
    struct arena *arena = claim_arena(claim);
    double gap = 0, other = INFINITY, gap_of_coins = INFINITY;
    real spectrum[] = {1, 1, 1};
    mat normal = normal_examples(arena, (vec){D, spectrum});
    mat coin = coins(arena, (vec){D, spectrum}, false);
    for (int B = 1; B <= 1000; B *= 10) {
        double best = B / (B + D + 1.0), left = (D + 1) / (B + D + 1.0);
        gap = worst(gap, fabs(growth(claim, normal, B, best, 3) / left - 1));
        gap_of_coins =
            smallest(gap_of_coins, fabs(growth(claim, coin, B, best, 3) / left - 1));
        for (int side = -1; side <= 1; side += 2)
            other =
                smallest(other,
                         growth(claim, normal, B, best * (1 + 0.01 * side), 3) - left);
    }
    /* The terms are as large as 1, and what is left is down to 0.004. */
    double limit = rounding(EXAMPLES, 9 / 0.004);
    evidence(claim, "what is left, over the law", at_most(gap, limit));
    evidence(claim, "more is left 1 % beside it", at_least(other, 0));
    control(claim, "coins in place of normal ones", at_most(gap_of_coins, limit));
    control(claim, "the best rate of descent, B = 1",
            at_most(growth(claim, normal, 1, 1, 3) / 0.8 - 1, limit));
}

/* ---- Images ------------------------------------------------------------------------
 */

enum { IMAGES = 150, COMPONENTS = 8, PAIRS = COMPONENTS * (COMPONENTS + 1) / 2 };

/* The shoes in units in which all of their curvatures are 1: they are white. */
static mat white_shoes(struct claim *claim)
{
    struct shoes of = shoes_make(claim, IMAGES, COMPONENTS);
    for (int i = 0; i < IMAGES; i++)
        for (int j = 0; j < COMPONENTS; j++)
            row(of.examples.Phi, i).at[j] /= sqrt(of.h.at[j]);
    return of.examples.Phi;
}

/* The largest eigenvalue nu of Q(M) = 1/n sum (phi_i'M phi_i) phi_i phi_i'.  With H = I
 * and c = 1/B, a step maps M to M - 2 alpha M + alpha^2 ((1 - c) M + c Q(M)), where Q
 * is symmetric on symmetric matrices, and the radius is 1 where alpha/2 times 1 - c + c
 * nu is.  LAPACK has nu from the fourth moments, on matrices as vectors of their
 * entries i <= j, those off the diagonal times sqrt 2. */
static double top_of_fourth_moments(struct claim *claim, mat Phi)
{
    struct arena *arena = claim_arena(claim);
    mat Q = arena_mat(arena, PAIRS, PAIRS), V = arena_mat(arena, PAIRS, PAIRS);
    vec x = arena_vec(arena, PAIRS), values = arena_vec(arena, PAIRS);
    for (int i = 0; i < Phi.rows; i++) {
        const real *phi = row(Phi, i).at;
        for (int a = 0, k = 0; a < COMPONENTS; a++)
            for (int b = a; b < COMPONENTS; b++)
                x.at[k++] = (a == b ? 1 : sqrt(2)) * phi[a] * phi[b];
        for (int k = 0; k < PAIRS; k++)
            for (int l = 0; l < PAIRS; l++)
                row(Q, k).at[l] += x.at[k] * x.at[l] / Phi.rows;
    }
    route_eigen(Q, values, V);
    return values.at[PAIRS - 1];
}

/* Where ref's recursion begins to grow, to 1 in 1000, by bisection. */
static double measured_rate(struct claim *claim, mat Phi, int B)
{
    double low = 0, high = 2;
    while (high - low > 1e-3 * high) {
        double middle = (low + high) / 2;
        *(growth(claim, Phi, B, middle, 60) < 1 ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* For the figure; ramp: what the critical rate tends to for small batches. */
static void record(struct claim *claim, mat Phi, double top)
{
    struct series s =
        series_begin(claim, "ramp", "B", "measured", "exact", "ramp", "normal", NULL);
    for (int B = 1; B <= 1024; B *= 2) {
        double exact = 2 / (1 - 1.0 / B + top / B), d = COMPONENTS;
        series_row(&s, (double[]){B, measured_rate(claim, Phi, B), exact,
                                  2 * B / (top - 1), 2 * B / (B + d + 1)});
    }
    series_end(&s);
}

CLAIM(sgd_critical_images, BOUND,
      "On images too the critical rate rises with the batch, up to that of descent")
{
    mat Phi = white_shoes(claim);
    double top = top_of_fourth_moments(claim, Phi), below = -INFINITY, above = INFINITY;
    for (int B = 1; B <= 1024; B *= 4) {
        double exact = 2 / (1 - 1.0 / B + top / B);
        below = worst(below, log(growth(claim, Phi, B, 0.99 * exact, 200)));
        above = smallest(above, log(growth(claim, Phi, B, 1.01 * exact, 200)));
    }
    evidence(claim, "log growth 1 % below, largest", at_most(below, 0));
    evidence(claim, "log growth 1 % above, least", at_least(above, 0));
    control(claim, "the limit of descent, B = 1",
            at_most(log(growth(claim, Phi, 1, 0.99 * 2, 200)), 0));
    record(claim, Phi, top);
}

SECTION(sgd_rates, &sgd_critical, &sgd_ramp, &sgd_best_rate, &sgd_critical_images);
