/* "Steepest in what": the dual norms, the steps, and what two of them have to do with
 * Adam and Muon. */
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "scaling.h"

#include <float.h>
#include <math.h>

enum { NORMS = 5 };

static const char *const names[NORMS] = {"sum of entries", "largest entry", "Frobenius",
                                         "spectral", "nuclear"};
static const enum scal_norm dual[NORMS] = {ENTRY_LARGEST, ENTRY_SUM, FROBENIUS, NUCLEAR,
                                           SPECTRAL};

/* ||A||, by plain sums, or by LAPACK's singular values. */
static double norm_of(struct claim *claim, enum scal_norm norm, mat A)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double sum = 0, most = 0, square = 0;
    vec a = entries(A);
    if (norm == SPECTRAL || norm == NUCLEAR) {
        a = arena_vec(arena, A.rows < A.cols ? A.rows : A.cols);
        route_singular(A, a);
    }
    for (int i = 0; i < a.n; i++) {
        sum += fabs(a.at[i]);
        most = worst(most, fabs(a.at[i]));
        square += a.at[i] * a.at[i];
    }
    arena->used = mark;
    if (norm == FROBENIUS)
        return sqrt(square);
    return norm == ENTRY_SUM || norm == NUCLEAR ? sum : most;
}

static double product(mat A, mat B)
{
    double sum = 0;
    for (int i = 0; i < entries(A).n; i++)
        sum += A.at[i] * B.at[i];
    return sum;
}

/* A gradient of some shape, normal. */
static mat gradient(struct claim *claim, int i)
{
    static const int shapes[][2] = {{6, 4}, {4, 6}, {5, 5}, {1, 7}, {7, 1}};
    struct rng rng = claim_rng(claim, (uint64_t)i);
    return normal_mat(claim_arena(claim), &rng, shapes[i][0], shapes[i][1]);
}

static mat direction(struct claim *claim, enum scal_norm norm, mat G)
{
    mat D = arena_mat(claim_arena(claim), G.rows, G.cols);
    REQUIRE(scal_direction(norm, G, claim_arena(claim), D) == FACTOR_OK,
            "no direction");
    return D;
}

/* ---- Attained, and never exceeded -------------------------------------------------
 */

enum { OTHERS = 500 };

/* <G, R> / (||R|| ||G||_*) - 1, the largest over R near D and farther from it. */
static double best_of_others(struct claim *claim, enum scal_norm norm, mat G)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 100 + (uint64_t)norm);
    mat D = direction(claim, norm, G);
    double best = -1, most = norm_of(claim, dual[norm], G);
    size_t mark = arena->used;
    for (int k = 0; k < OTHERS; k++) {
        mat R = normal_mat(arena, &rng, G.rows, G.cols);
        scale(pow(10, -4 * rng_uniform(&rng)), entries(R));
        axpy(1, entries(D), entries(R));
        best = worst(best, product(G, R) / (norm_of(claim, norm, R) * most) - 1);
        arena->used = mark;
    }
    return best;
}

/* For the figure: the unit ball of a norm in the plane, around it once, and where the
 * gradient is steepest in it. */
static void record_balls(struct claim *claim)
{
    mat G = {1, 2, (real[]){1, 0.45}};
    struct series s =
        series_begin(claim, "balls", "angle", "sum_x", "sum_y", "largest_x",
                     "largest_y", "frobenius_x", "frobenius_y", NULL);
    struct series t = series_begin(claim, "steps", "norm", "x", "y", NULL);
    for (int i = 0; i <= 240; i++) {
        double angle = 2 * acos(-1) * i / 240, at[7] = {angle};
        mat R = {1, 2, (real[]){cos(angle), sin(angle)}};
        for (int norm = ENTRY_SUM; norm <= FROBENIUS; norm++)
            for (int j = 0; j < 2; j++)
                at[1 + 2 * norm + j] = R.at[j] / norm_of(claim, norm, R);
        series_row(&s, at);
    }
    for (int norm = ENTRY_SUM; norm <= FROBENIUS; norm++) {
        mat D = direction(claim, norm, G);
        series_row(&t, (double[]){norm, -D.at[0], -D.at[1]});
    }
    series_end(&s);
    series_end(&t);
}

CLAIM(scal_dual, IDENTITY, "<G, D> is at most the dual norm, and attains it")
{
    double limit = rounding(100, 1);
    for (int norm = 0; norm < NORMS; norm++) {
        double longest = 0, missed = 0;
        for (int i = 0; i < 5; i++) {
            mat G = gradient(claim, i), D = direction(claim, norm, G);
            longest = worst(longest, norm_of(claim, norm, D) - 1);
            missed = worst(missed, 1 - product(G, D) / norm_of(claim, dual[norm], G));
        }
        char what[40];
        snprintf(what, sizeof what, "%s: ||D|| - 1", names[norm]);
        evidence(claim, what, at_most(longest, limit));
        snprintf(what, sizeof what, "%s: 1 - <G, D> / dual", names[norm]);
        evidence(claim, what, at_most(missed, limit));
        snprintf(what, sizeof what, "%s: 500 others", names[norm]);
        evidence(claim, what,
                 at_most(best_of_others(claim, norm, gradient(claim, 0)), limit));
    }
    mat G = gradient(claim, 0), sharp = direction(claim, SPECTRAL, G);
    control(claim, "spectral D, in Frobenius' norm",
            at_most(norm_of(claim, FROBENIUS, sharp) - 1, limit));
    mat flat = direction(claim, FROBENIUS, G);
    control(claim, "Frobenius' D, for the sum of s",
            at_most(1 - product(G, flat) / norm_of(claim, NUCLEAR, G), limit));
    mat corner = direction(claim, ENTRY_LARGEST, G);
    control(claim, "signs, in the spectral norm",
            at_most(norm_of(claim, SPECTRAL, corner) - 1, limit));
    record_balls(claim);
}

/* ---- The steps --------------------------------------------------------------------
 */

/* <G, d> + ||d||^2 / (2 alpha), in units of alpha ||G||_*^2 / 2. */
static double model(struct claim *claim, enum scal_norm norm, double alpha, mat G,
                    mat d)
{
    double size = norm_of(claim, norm, d), most = norm_of(claim, dual[norm], G);
    return (product(G, d) + size * size / (2 * alpha)) / (alpha * most * most / 2);
}

/* The step itself, from 0. */
static mat steepest(struct claim *claim, enum scal_norm norm, double alpha, mat G)
{
    mat d = arena_mat(claim_arena(claim), G.rows, G.cols);
    REQUIRE(scal_steepest_step(norm, alpha, G, claim_arena(claim), d) == FACTOR_OK,
            "no step");
    return d;
}

CLAIM(scal_steepest, IDENTITY, "The steps attain -alpha/2 ||G||_*^2")
{
    /* Sums of some 40 products, and singular values to some (m + n) eps. */
    double limit = rounding(200, 1), alpha = 0.3;
    for (int norm = 0; norm < NORMS; norm++) {
        double off = 0;
        for (int i = 0; i < 5; i++) {
            mat G = gradient(claim, i);
            off = worst(off, fabs(1 + model(claim, norm, alpha, G,
                                            steepest(claim, norm, alpha, G))));
        }
        evidence(claim, names[norm], at_most(off, limit));
    }
    mat G = gradient(claim, 0), far = steepest(claim, SPECTRAL, 1.1 * alpha, G);
    control(claim, "spectral, a tenth too far",
            at_most(fabs(1 + model(claim, SPECTRAL, alpha, G, far)), limit));
    mat other = steepest(claim, FROBENIUS, alpha, G);
    control(claim, "descent, in the spectral norm",
            at_most(fabs(1 + model(claim, SPECTRAL, alpha, G, other)), limit));
    mat one = direction(claim, SPECTRAL, G);
    scale(-alpha, entries(one));
    control(claim, "Muon's step, without the sum of s",
            at_most(fabs(1 + model(claim, SPECTRAL, alpha, G, one)), limit));
}

/* ---- Adam and Muon ----------------------------------------------------------------
 */

enum { ADAM_STEPS = 40 };

/* How far Adam with these constants and sign descent lie apart, at most, in 40 steps on
 * the same random gradients, in steps; some entries are 0, others of any size. */
static double off_signs(struct claim *claim, double beta1, double beta2, double epsilon)
{
    enum { N = 50 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct adam adam = adam_make(arena, N, beta1, beta2, epsilon);
    vec w = arena_vec(arena, N), v = arena_vec(arena, N), grad = arena_vec(arena, N);
    double most = 0;
    for (int k = 0; k < ADAM_STEPS; k++) {
        for (int i = 0; i < N; i++)
            grad.at[i] = rng_below(&rng, 5) == 0
                             ? 0
                             : rng_normal(&rng) * pow(10, 3 * rng_normal(&rng));
        adam_step(&adam, 0.1, grad, w);
        sign_step(0.1, grad, v);
        for (int i = 0; i < N; i++)
            most = worst(most, fabs(w.at[i] - v.at[i]) / 0.1);
    }
    return most;
}

/* The same of the steepest step in the largest entry, with alpha / sum |g_i|. */
static double off_steepest_signs(struct claim *claim, enum scal_norm norm)
{
    double most = 0;
    for (int i = 0; i < 5; i++) {
        mat G = gradient(claim, i);
        mat d = steepest(claim, norm, 1 / norm_of(claim, dual[norm], G), G);
        mat v = arena_mat(claim_arena(claim), G.rows, G.cols);
        sign_step(1, entries(G), entries(v));
        for (int j = 0; j < entries(d).n; j++)
            most = worst(most, fabs(d.at[j] - v.at[j]));
    }
    return most;
}

CLAIM(scal_adam, IDENTITY, "Adam is sign descent where it remembers nothing")
{
    /* Adam divides by sqrt(g^2), to 4 units in the last place, and both add up. */
    double limit = rounding(5 * ADAM_STEPS, 1);
    evidence(claim, "beta = 0, epsilon = 0: apart",
             at_most(off_signs(claim, 0, 0, 0), limit));
    evidence(claim, "steepest in the largest entry",
             at_most(off_steepest_signs(claim, ENTRY_LARGEST), limit));
    control(claim, "beta1 = 0.9", at_most(off_signs(claim, 0.9, 0, 0), limit));
    control(claim, "beta2 = 0.999", at_most(off_signs(claim, 0, 0.999, 0), limit));
    control(claim, "epsilon = 0.001", at_most(off_signs(claim, 0, 0, 1e-3), limit));
    control(claim, "steepest in Frobenius' norm",
            at_most(off_steepest_signs(claim, FROBENIUS), limit));
}

/* How far two steps of Muon, of length 1, and two of the steepest in the spectral norm,
 * with a rate of 1 / ||G||_*, lie apart: the largest entry. */
static double off_muon(struct claim *claim, double beta)
{
    struct arena *arena = claim_arena(claim);
    double most = 0;
    for (int i = 0; i < 5; i++) {
        mat G = gradient(claim, i), W = arena_mat(arena, G.rows, G.cols),
            V = arena_mat(arena, G.rows, G.cols);
        struct muon muon = muon_make(arena, G.rows, G.cols, beta);
        struct rng rng = claim_rng(claim, 50 + (uint64_t)i);
        for (int k = 0; k < 2; k++) {
            double sum = norm_of(claim, NUCLEAR, G);
            REQUIRE(muon_step(&muon, 1, G, arena, W) == FACTOR_OK, "no step");
            scal_steepest_step(SPECTRAL, 1 / sum, G, arena, V);
            rng_normals(&rng, 0, 1, entries(G));
        }
        axpy(-1, entries(V), entries(W));
        most = worst(most, max_norm(entries(W)));
    }
    return most;
}

/* The same of one step along what Newton and Schulz's iteration makes of G, in the
 * spectral norm. */
static double off_polynomial(struct claim *claim, struct scal_odd p, int steps)
{
    double most = 0;
    for (int i = 0; i < 2; i++) {
        mat G = gradient(claim, i), O = direction(claim, SPECTRAL, G);
        scal_newton_schulz(p, steps, claim_arena(claim), G);
        axpy(-1, entries(G), entries(O));
        most = worst(most, norm_of(claim, SPECTRAL, O));
    }
    return most;
}

CLAIM(scal_muon_limit, IDENTITY,
      "Muon without memory is the spectral step, of length 1")
{
    /* Singular vectors of well separated values, to (m + n) eps over their distance. */
    double limit = rounding(1000, 1);
    evidence(claim, "beta = 0, two steps: apart", at_most(off_muon(claim, 0), limit));
    evidence(claim, "60 classical steps for U V'",
             at_most(off_polynomial(claim, scal_classical(), 60), limit));
    control(claim, "beta = 0.95", at_most(off_muon(claim, 0.95), limit));
    control(claim, "5 steps of Muon's polynomial",
            at_most(off_polynomial(claim, scal_muon(), 5), limit));
}

SECTION(scal_norms, &scal_dual, &scal_steepest, &scal_adam, &scal_muon_limit);
