/* Chapter "Densities by change of variables": its claims.
 *
 * The other routes are: Jacobians by complex steps through maps that are written anew
 * here, and their determinants by LAPACK's LU; integrals over the plane by the
 * trapezoidal rule; and histograms of samples.  The rule converges geometrically where
 * the integrand is smooth and dies out, so its value at spacing h is nearer to the
 * integral than to the value at 2h: their difference is the limit. */
#include "normalizing_flows.h"
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <complex.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PI   3.14159265358979323846
#define TINY 1e-30 /* a complex step: nothing is subtracted, so it may be so small */

/* ---- Layers and their Jacobians -------------------------------------------------- */

/* u and w of standard normal entries over n^(1/4), so that w'u ~ N(0, 1). */
static struct planar random_layer(struct claim *claim, struct rng *rng, int n)
{
    struct arena *arena = claim_arena(claim);
    struct planar layer = {arena_vec(arena, n), arena_vec(arena, n), rng_normal(rng)};
    rng_normals(rng, 0, pow(n, -0.25), layer.u);
    rng_normals(rng, 0, pow(n, -0.25), layer.w);
    return layer;
}

/* u += s w so that w'u is the given number. */
static struct planar with_product(struct planar layer, double wu)
{
    axpy((wu - dot(layer.w, layer.u)) / dot(layer.w, layer.w), layer.w, layer.u);
    return layer;
}

static double complex plain_map(struct planar layer, const double complex *z, int i)
{
    double complex a = layer.b;
    for (int j = 0; j < layer.w.n; j++)
        a += layer.w.at[j] * z[j];
    return z[i] + layer.u.at[i] * ctanh(a);
}

/* J := the Jacobian at z of f_count o ... o f_1, column by column. */
static void complex_jacobian(int count, const struct planar *layer, vec z, mat J)
{
    enum { MOST = 64 };
    double complex from[MOST], to[MOST];
    int n = z.n;
    REQUIRE(n <= MOST, "n is %d", n);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++)
            from[i] = z.at[i] + (i == j ? I * TINY : 0);
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < n; i++)
                to[i] = plain_map(layer[k], from, i);
            memcpy(from, to, sizeof to);
        }
        for (int i = 0; i < n; i++)
            row(J, i).at[j] = cimag(from[i]) / TINY;
    }
}

/* det A, the product of LAPACK's pivots, with their signs.  A: overwritten. */
static double lu_determinant(mat A)
{
    int n = A.rows, *pivots = calloc((size_t)n, sizeof *pivots);
    REQUIRE(pivots != NULL, "no memory for %d pivots", n);
    int info = LAPACKE_dgetrf(LAPACK_ROW_MAJOR, n, n, A.at, n, pivots);
    REQUIRE(info >= 0, "dgetrf returned %d", info);
    double det = 1;
    for (int i = 0; i < n; i++)
        det *= row(A, i).at[i] * (pivots[i] == i + 1 ? 1 : -1);
    free(pivots);
    return det;
}

/* |det J - value|, over what one unit of rounding in J may change of det J: the sum of
 * the squares of adj J = (1 + c s) I - s u w', and of J = I + s u w', as roots. */
static double determinant_gap(struct claim *claim, int count,
                              const struct planar *layer, vec z, double value)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat J = arena_mat(arena, z.n, z.n);
    double adjoint = 0, size = 0;
    for (int k = 0; k < count; k++) {
        double reach = norm(layer[k].u) * norm(layer[k].w);
        adjoint += sqrt(z.n) * (1 + reach) + reach;
        size += sqrt(z.n) + reach;
    }
    complex_jacobian(count, layer, z, J);
    double gap = fabs(lu_determinant(J) - value) / (adjoint * size);
    arena->used = mark;
    return gap;
}

/* f(z) = z + u_1 tanh(w_1'z + b_1) + u_2 tanh(w_2'z + b_2) at z: I + s_1 u_1 w_1' + s_2
 * u_2 w_2', and the product of the two determinants that the lemma gives. */
static double gap_of_two_units(struct claim *claim, const struct planar *layer, vec z)
{
    struct arena *arena = claim_arena(claim);
    mat J = arena_mat(arena, z.n, z.n);
    double product = 1, size = 1;
    for (int i = 0; i < z.n; i++)
        row(J, i).at[i] = 1;
    for (int k = 0; k < 2; k++) {
        double h = tanh(dot(layer[k].w, z) + layer[k].b);
        ger(1 - h * h, layer[k].u, layer[k].w, J);
        product *= nf_planar_det(layer[k], z);
        size *= z.n + norm(layer[k].u) * norm(layer[k].w);
    }
    return fabs(lu_determinant(J) - product) / size;
}

CLAIM(nf_determinant_lemma, IDENTITY,
      "The determinant of a planar layer is 1 + w'u h'(w'z + b)")
{
    static const int sizes[] = {1, 2, 3, 5, 10, 50};
    struct rng rng = claim_rng(claim, 0);
    double gap = 0, two = 0;
    for (int s = 0; s < 6; s++)
        for (int trial = 0; trial < 5; trial++) {
            int n = sizes[s];
            struct planar layer[2] = {random_layer(claim, &rng, n),
                                      random_layer(claim, &rng, n)};
            vec z = arena_vec(claim_arena(claim), n);
            rng_normals(&rng, 0, 1, z);
            double det = nf_planar_det(layer[0], z);
            gap = worst(gap, determinant_gap(claim, 1, layer, z, det) / n);
            if (n > 1)
                two = worst(two, gap_of_two_units(claim, layer, z) / n);
        }
    /* The backward error of LU is n eps ||J||, if its pivots do not grow. */
    evidence(claim, "lemma against LU, over n", at_most(gap, rounding(1, 1)));
    control(claim, "two units at once", at_most(two, rounding(1, 1)));
}

/* ---- The chain ------------------------------------------------------------------- */

enum { CHAIN = 6, CHAIN_N = 5 };

/* What rounding may change of the log-determinant of the chain.  With r = ||u|| ||w||
 * tanh', an error in z grows by at most 1 + r in a layer, and adds 2 ||w|| r / |det|
 * times as much to log |det|; an error in the Jacobian's own entries counts by its
 * condition, at most n (1 + r) (1 + r / |det|). */
static double chain_sensitivity(const struct flow *flow, const struct flow_pass *pass)
{
    double growth = 1, sum = 0;
    for (int k = 0; k < flow->layers; k++) {
        struct planar f = flow->layer[k];
        double slope = pass->slope[k].at[0];
        double size = norm(row(pass->Z[k], 0)) + norm(f.u);
        double r = norm(f.u) * norm(f.w) * slope, det = 1 + dot(f.w, f.u) * slope;
        sum +=
            flow->n * (1 + r) * (1 + r / det) + growth * size * 2 * norm(f.w) * r / det;
        growth *= 1 + r;
    }
    return sum;
}

/* How the layers are composed, and where the determinants of the other route are
 * taken. */
enum composition { ONE_AFTER_THE_OTHER, SIDE_BY_SIDE, REVERSED };

/* log |det| at z of z + sum_k u_k tanh(w_k'z + b_k): every unit looks at z itself. */
static double log_det_side_by_side(struct claim *claim, const struct flow *flow, vec z)
{
    struct arena *arena = claim_arena(claim);
    mat J = arena_mat(arena, z.n, z.n), one = arena_mat(arena, z.n, z.n);
    for (int k = 0; k < flow->layers; k++) {
        complex_jacobian(1, flow->layer + k, z, one);
        axpy(1, entries(one), entries(J));
    }
    for (int i = 0; i < z.n; i++)
        row(J, i).at[i] -= flow->layers - 1;
    return log(fabs(lu_determinant(J)));
}

/* The same of the map itself, by LU; or of a map of the same layers that is no chain,
 * or another one. */
static double log_det_of(struct claim *claim, const struct flow *flow, vec z,
                         enum composition composition)
{
    if (composition == SIDE_BY_SIDE)
        return log_det_side_by_side(claim, flow, z);
    struct planar layer[CHAIN];
    mat J = arena_mat(claim_arena(claim), z.n, z.n);
    for (int k = 0; k < CHAIN; k++)
        layer[k] = flow->layer[composition == REVERSED ? CHAIN - 1 - k : k];
    complex_jacobian(CHAIN, layer, z, J);
    return log(fabs(lu_determinant(J)));
}

/* How far log q of 20 chains is from log q_0 - log |det|, over what rounding may do. */
static double gap_of_chains(struct claim *claim, enum composition composition)
{
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    double gap = 0;
    for (int trial = 0; trial < 20; trial++) {
        vec theta = arena_vec(arena, nf_parameters(CHAIN_N, CHAIN));
        nf_draw(CHAIN_N, &rng, theta);
        struct flow flow = nf_make(CHAIN_N, CHAIN, theta, arena);
        struct flow_pass pass = nf_pass_make(&flow, 1, arena);
        vec z = row(pass.Z[0], 0);
        rng_normals(&rng, 0, 1, z);
        nf_forward(&flow, &pass);
        double squares = 0;
        for (int i = 0; i < CHAIN_N; i++)
            squares += z.at[i] * z.at[i];
        double log_q_0 = -squares / 2 - CHAIN_N * log(2 * PI) / 2;
        double log_det = log_det_of(claim, &flow, z, composition);
        gap = worst(gap, fabs(pass.log_q.at[0] - log_q_0 + log_det) /
                             chain_sensitivity(&flow, &pass));
    }
    return gap;
}

CLAIM(nf_chain, IDENTITY,
      "The log-density of the last iterate is the first less all log |det|")
{
    double limit = rounding(CHAIN * CHAIN_N, 1);
    evidence(claim, "log q against LU of the chain",
             at_most(gap_of_chains(claim, ONE_AFTER_THE_OTHER), limit));
    control(claim, "all units at z_0, no chain",
            at_most(gap_of_chains(claim, SIDE_BY_SIDE), limit));
    control(claim, "the chain in another order",
            at_most(gap_of_chains(claim, REVERSED), limit));
}

/* ---- The absolute value ---------------------------------------------------------- */

enum { SIGN_N = 4 };

/* log of the density of N(0, AA') at x: -(n log 2 pi + x'(AA')^-1 x) / 2 - log det L
 * with AA' = LL' from LAPACK. */
static double gaussian_log_density(struct claim *claim, mat A, vec x)
{
    struct arena *arena = claim_arena(claim);
    mat S = arena_mat(arena, A.rows, A.rows);
    vec y = arena_vec(arena, A.rows);
    double quadratic = 0, log_det = 0;
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < A.rows; j++)
            for (int k = 0; k < A.rows; k++)
                row(S, i).at[j] += row(A, i).at[k] * row(A, j).at[k];
    route_solve(S, x, y);
    for (int i = 0; i < x.n; i++)
        quadratic += x.at[i] * y.at[i];
    int info = LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', A.rows, S.at, A.rows);
    REQUIRE(info == 0, "dpotrf returned %d", info);
    for (int i = 0; i < A.rows; i++)
        log_det += log(row(S, i).at[i]);
    return -(x.n * log(2 * PI) + quadratic) / 2 - log_det;
}

/* A random A with singular values from 1/2 to 2, so of condition 4, and det A of the
 * given sign: between two rotations, one of the values carries it. */
static mat random_matrix(struct claim *claim, struct rng *rng, double sign)
{
    struct arena *arena = claim_arena(claim);
    vec s = arena_vec(arena, SIGN_N);
    fill(1, s);
    s.at[0] = 2 * sign, s.at[1] = 0.5;
    return factored_matrix_make(arena, rng, SIGN_N, SIGN_N, s).A;
}

/* How far log q_0 - log |det A| is from the log-density of N(0, AA') at Az, over their
 * sizes; or with det |A|, of the entries' absolute values, as the slide prints it. */
static double gap_of_linear_map(struct claim *claim, struct rng *rng, double sign,
                                bool as_printed)
{
    struct arena *arena = claim_arena(claim);
    mat A = random_matrix(claim, rng, sign), LU = arena_mat(arena, SIGN_N, SIGN_N);
    mat Z = arena_mat(arena, 1, SIGN_N);
    vec x = arena_vec(arena, SIGN_N), log_q = arena_vec(arena, 1);
    rng_normals(rng, 0, 1, entries(Z));
    gemv(1, A, row(Z, 0), 0, x);
    nf_base(Z, log_q);
    double truth = gaussian_log_density(claim, A, x);
    for (int i = 0; i < SIGN_N * SIGN_N; i++)
        LU.at[i] = as_printed ? fabs(A.at[i]) : A.at[i];
    double log_det = log(fabs(lu_determinant(LU)));
    return fabs(log_q.at[0] - log_det - truth) /
           (1 + fabs(truth) + dot(row(Z, 0), row(Z, 0)));
}

/* How far log q behind a planar layer with w'u = -3, where w'z + b = 0.3 and so det is
 * negative, is from - log(- det) by LU, in units of what rounding may do. */
static double gap_of_fold(struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct planar layer = with_product(random_layer(claim, rng, SIGN_N), -3);
    mat Z = arena_mat(arena, 1, SIGN_N), J = arena_mat(arena, SIGN_N, SIGN_N);
    vec h = arena_vec(arena, 1), slope = arena_vec(arena, 1);
    vec log_q = arena_vec(arena, 1);
    rng_normals(rng, 0, 1, entries(Z));
    layer.b = 0.3 - dot(layer.w, row(Z, 0));
    complex_jacobian(1, &layer, row(Z, 0), J);
    nf_planar_forward(layer, Z, h, slope, log_q);
    double reach = SIGN_N + norm(layer.u) * norm(layer.w);
    return fabs(log_q.at[0] + log(-lu_determinant(J))) / (reach * reach);
}

CLAIM(nf_absolute_value, IDENTITY,
      "It is log |det J|: also where J turns right hands into left hands")
{
    struct rng rng = claim_rng(claim, 0), other = claim_rng(claim, 1);
    double gap = 0, as_printed = 0, folded = 0;
    for (int trial = 0; trial < 20; trial++) {
        double sign = trial % 2 == 0 ? 1 : -1;
        gap = worst(gap, gap_of_linear_map(claim, &rng, sign, false));
        folded = worst(folded, gap_of_fold(claim, &rng));
        as_printed = worst(as_printed, gap_of_linear_map(claim, &other, sign, true));
    }
    /* The condition of AA' is 16; that of the layer is reach^2 / |det|, |det| > 1. */
    evidence(claim, "a linear map, against N(0, AA')",
             at_most(gap, rounding(SIGN_N, 16)));
    evidence(claim, "a layer of det < 0, against LU",
             at_most(folded, rounding(SIGN_N, 1)));
    control(claim, "det of |entries|, as printed",
            at_most(as_printed, rounding(SIGN_N, 16)));
}

/* ---- When a layer is invertible -------------------------------------------------- */

enum { LINE = 4001, LINE_N = 3 };

#define LINE_REACH 8.0

/* How often w'f(z) falls, where z goes up along w past w'z + b = 0, from -8 to 8. */
static int descents(struct claim *claim, struct planar layer)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat Z = arena_mat(arena, LINE, LINE_N);
    vec h = arena_vec(arena, LINE), slope = arena_vec(arena, LINE);
    vec log_q = arena_vec(arena, LINE), along = arena_vec(arena, LINE);
    double squared = dot(layer.w, layer.w);
    for (int i = 0; i < LINE; i++) {
        double a = LINE_REACH * (2.0 * i / (LINE - 1) - 1);
        for (int j = 0; j < LINE_N; j++)
            row(Z, i).at[j] = layer.w.at[j] * (a - layer.b) / squared;
    }
    nf_planar_forward(layer, Z, h, slope, log_q);
    gemv(1, Z, layer.w, 0, along);
    int count = 0;
    for (int i = 1; i < LINE; i++)
        count += along.at[i] <= along.at[i - 1];
    arena->used = mark;
    return count;
}

/* The distance of the images of two points, over their sizes: z -+ u tanh(delta), with
 * w'z + b = 0.  If w'u = -delta / tanh(delta), w'z + b is +-delta at the two, and both
 * go to z. */
static double collision(struct claim *claim, struct planar layer, double delta)
{
    struct arena *arena = claim_arena(claim);
    double center = -layer.b / dot(layer.w, layer.w), size = norm(layer.u);
    mat Z = arena_mat(arena, 2, LINE_N);
    vec h = arena_vec(arena, 2), slope = arena_vec(arena, 2);
    vec log_q = arena_vec(arena, 2);
    for (int i = 0; i < 2; i++) {
        axpy(center, layer.w, row(Z, i));
        axpy(i == 0 ? tanh(delta) : -tanh(delta), layer.u, row(Z, i));
        size += norm(row(Z, i));
    }
    nf_planar_forward(layer, Z, h, slope, log_q);
    axpy(-1, row(Z, 0), row(Z, 1));
    return norm(row(Z, 1)) / (size * (1 + norm(layer.u) * norm(layer.w)));
}

/* In one dimension, with w = 1 and b = 0: where layers of w'u = -3, -1 and 3 take z. */
static void record_folds(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    vec one = arena_vec(arena, 1), h = arena_vec(arena, 1), slope = arena_vec(arena, 1);
    vec u = arena_vec(arena, 1), log_q = arena_vec(arena, 1);
    struct series s = series_begin(claim, "fold", "z", "folded", "edge", "steep", NULL);
    one.at[0] = 1;
    for (int i = -20; i <= 20; i++) {
        double at[4] = {i / 5.0};
        for (int j = 1; j <= 3; j++) {
            at[j] = at[0];
            u.at[0] = j == 1 ? -3 : j == 2 ? -1 : 3;
            nf_planar_forward((struct planar){u, one, 0}, (mat){1, 1, at + j}, h, slope,
                           log_q);
        }
        series_row(&s, at);
    }
    series_end(&s);
}

CLAIM(nf_invertible, IDENTITY,
      "A planar layer with tanh is one-to-one exactly if w'u >= -1")
{
    static const double products[] = {-1, -0.99, -0.5, 0, 1, 10};
    struct rng rng = claim_rng(claim, 0);
    int falls = 0, falls_beyond = 0;
    double apart = 0, apart_within = 0;
    record_folds(claim);
    for (int trial = 0; trial < 6; trial++) {
        struct planar layer = random_layer(claim, &rng, LINE_N);
        double delta = 0.5 + 2 * rng_uniform(&rng);
        falls += descents(claim, with_product(layer, products[trial]));
        falls_beyond += descents(claim, with_product(layer, -1.01));
        with_product(layer, -delta / tanh(delta));
        apart = worst(apart, collision(claim, layer, delta));
        with_product(layer, 1);
        apart_within = worst(apart_within, collision(claim, layer, delta));
    }
    evidence(claim, "falls along w, w'u >= -1", at_most(falls, 0));
    evidence(claim, "two points, one image, w'u < -1",
             at_most(apart, rounding(LINE_N, 1)));
    control(claim, "falls along w, w'u = -1.01", at_most(falls_beyond, 0));
    control(claim, "two points, one image, w'u = 1",
            at_most(apart_within, rounding(LINE_N, 1)));
}

/* ||f(z) - x|| over the sizes of what is added up in it, where the error of a number a
 * in tanh(a) is that of w'x + b - w'u tanh(a). */
static double residual(struct claim *claim, struct planar layer, vec x, vec z)
{
    struct arena *arena = claim_arena(claim);
    mat Z = arena_mat(arena, 1, x.n);
    vec h = arena_vec(arena, 1), slope = arena_vec(arena, 1);
    vec log_q = arena_vec(arena, 1);
    double reach = norm(layer.w) * norm(layer.u);
    double size = norm(x) + norm(layer.u) * (1 + reach) *
                                (norm(layer.w) * norm(x) + fabs(layer.b) + reach);
    copy(z, row(Z, 0));
    nf_planar_forward(layer, Z, h, slope, log_q);
    axpy(-1, x, row(Z, 0));
    return norm(row(Z, 0)) / size;
}

/* The inverse that would be right if ||u|| ||w|| < 1:  z := x - u tanh(w'z + b). */
static void fixed_point_inverse(struct planar layer, vec x, vec z)
{
    copy(x, z);
    for (int steps = 0; steps < 200; steps++) {
        double h = tanh(dot(layer.w, z) + layer.b);
        copy(x, z);
        axpy(-h, layer.u, z);
    }
}

CLAIM(nf_inverse, IDENTITY,
      "One equation for one number inverts a planar layer, up to w'u = -1")
{
    static const double products[] = {-1, -1 + 1e-9, -0.9, -0.1, 0, 0.5, 5, 100};
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    double gap = 0, iterated = 0;
    for (int trial = 0; trial < 400; trial++) {
        struct planar layer =
            with_product(random_layer(claim, &rng, LINE_N), products[trial % 8]);
        vec x = arena_vec(arena, LINE_N), z = arena_vec(arena, LINE_N);
        rng_normals(&rng, 0, trial < 8 ? 0 : 2, x);
        copy(x, z);
        nf_planar_inverse(layer, z);
        gap = worst(gap, residual(claim, layer, x, z));

        /* x from w'z + b = 1/2, where the slope of the iteration is -0.79 w'u. */
        rng_normals(&rng, 0, 1, x);
        axpy((0.5 - layer.b - dot(layer.w, x)) / dot(layer.w, layer.w), layer.w, x);
        axpy(tanh(0.5), layer.u, x);
        fixed_point_inverse(layer, x, z);
        iterated = worst(iterated, residual(claim, layer, x, z));
    }
    evidence(claim, "f(inverse(x)) - x", at_most(gap, rounding(LINE_N, 1)));
    control(claim, "iterating z := x - u tanh(w'z + b)",
            at_most(iterated, rounding(LINE_N, 1)));
}

CLAIM(nf_reparametrized, BOUND,
      "From any v and w the reparametrized u has w'u > -1, and every such w'u occurs")
{
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    double lowest = INFINITY, gap = 0, across = 0, free = INFINITY;
    for (int trial = 0; trial < 200; trial++) {
        vec v = arena_vec(arena, LINE_N), u = arena_vec(arena, LINE_N);
        struct planar layer = random_layer(claim, &rng, LINE_N);
        double x = -20 + 40 * trial / 199.0;
        copy(with_product(layer, x).u, v);
        nf_planar_constrain(v, layer.w, u);
        double wu = dot(layer.w, u), reach = norm(layer.w) * (norm(v) + norm(u));
        double m = log1p(exp(x)) - 1;
        lowest = fmin(lowest, (wu + 1) / fmax(1, reach));
        free = fmin(free, (dot(layer.w, v) + 1) / fmax(1, reach));
        gap = worst(gap, fabs(wu - m) / fmax(1, reach));
        axpy(-1, v, u);
        double along = dot(u, layer.w) / dot(layer.w, layer.w);
        axpy(-along, layer.w, u);
        across = worst(across, norm(u) / (norm(v) + fabs(along) * norm(layer.w)));
    }
    double limit = rounding(LINE_N, 1);
    evidence(claim, "least w'u + 1, below 0", at_most(-lowest, limit));
    evidence(claim, "w'u against ln(1 + e^w'v) - 1", at_most(gap, limit));
    evidence(claim, "what changes across w", at_most(across, limit));
    evidence(claim, "-w'u comes near 1", at_least(1 - lowest, 0.999));
    control(claim, "least w'v + 1, below 0", at_most(-free, limit));
}

/* ---- Flows, by hand and trained -------------------------------------------------- */

struct trained {
    struct training training;
    struct flow flow;
};

static struct trained fit(struct claim *claim, uint64_t replicate, flow_target *target,
                          int layers, int iterations)
{
    struct arena *arena = claim_arena(claim);
    struct flow_problem problem = {2, layers, 128, target};
    struct rng rng = claim_rng(claim, replicate);
    struct trained t;
    t.training = training_make(arena, nf_parameters(2, layers), rng);
    nf_draw(2, &t.training.rng, t.training.theta);
    enum training_status status =
        nf_train(&problem, iterations, 0.05, NULL, NULL, arena, &t.training);
    REQUIRE(status == TRAINING_DONE, "the training ended with status %d", (int)status);
    t.flow = nf_make(2, layers, t.training.theta, arena);
    return t;
}

/* How far from the origin a z_K can be, if its z_0 is no farther than the radius: by
 * the sum of all ||u|| more.  Beyond the radius has e^(-radius^2 / 2) of all z_0. */
static double reach_of(const struct flow *flow, double radius)
{
    double reach = radius;
    for (int k = 0; k < flow->layers; k++)
        reach += norm(flow->layer[k].u);
    return reach;
}

/* What may be integrated: a number from x, log q(x), and log q_0(z_0), z_0 from x. */
typedef double integrand(const double *x, double log_q, double log_q_0);

/* The trapezoidal rule on four grids of spacing 2h, which together are one of spacing
 * h. The rule errs by the frequencies that it takes for the constant: on the four grids
 * by those of pi / h and beyond, with signs that differ from grid to grid, on all
 * together by those of 2 pi / h.  So where the four differ by little, their mean errs
 * by less. */
struct integral {
    double part[4];
};

static void add(struct integral *sum, int i, int j, double value)
{
    sum->part[2 * (i & 1) + (j & 1)] += 4 * value;
}

static double mean_of(struct integral sum)
{
    return (sum.part[0] + sum.part[1] + sum.part[2] + sum.part[3]) / 4;
}

static double doubt_of(struct integral sum)
{
    double most = -INFINITY, least = INFINITY;
    for (int part = 0; part < 4; part++) {
        most = fmax(most, sum.part[part]);
        least = fmin(least, sum.part[part]);
    }
    return most - least;
}

/* The integral of f over x, with a spacing of h = reach / (2 half). */
static struct integral integrate(const struct flow *flow, integrand *f, double radius,
                                 int half)
{
    double reach = reach_of(flow, radius), h = reach / (2 * half);
    struct integral sum = {0};
    for (int i = -2 * half; i <= 2 * half; i++)
        for (int j = -2 * half; j <= 2 * half; j++) {
            double x[2] = {i * h, j * h}, at[2] = {x[0], x[1]};
            double log_q = nf_log_density(flow, (vec){2, at});
            double log_q_0 = -(at[0] * at[0] + at[1] * at[1]) / 2 - log(2 * PI);
            add(&sum, i, j, f(x, log_q, log_q_0) * h * h);
        }
    return sum;
}

/* The same on 301 by 301 points; one flow in a hundred has a ridge too narrow for them,
 * and gets four times as many. */
static struct integral integrate_finely(const struct flow *flow, integrand *f,
                                        double radius)
{
    struct integral sum = integrate(flow, f, radius, 75);
    return doubt_of(sum) > 1e-3 ? integrate(flow, f, radius, 150) : sum;
}

static double density(const double *x, double log_q, double log_q_0)
{
    (void)x, (void)log_q_0;
    return exp(log_q);
}

/* log q_0 + sum log |det| in place of log q_0 - sum log |det|; and neither. */
static double wrong_sign(const double *x, double log_q, double log_q_0)
{
    (void)x;
    return exp(2 * log_q_0 - log_q);
}

static double no_determinant(const double *x, double log_q, double log_q_0)
{
    (void)x, (void)log_q;
    return exp(log_q_0);
}

static struct finding is_one(struct integral sum)
{
    return at_most(fabs(mean_of(sum) - 1), doubt_of(sum) + exp(-18));
}

CLAIM(nf_normalized, IDENTITY,
      "The density of a trained flow integrates to 1 over the plane")
{
    struct trained t = fit(claim, 0, nf_ring, 8, 500);
    evidence(claim, "the integral, less 1",
             is_one(integrate_finely(&t.flow, density, 6)));
    control(claim, "determinants with the wrong sign",
            is_one(integrate(&t.flow, wrong_sign, 6, 37)));
    control(claim, "determinants left out",
            is_one(integrate(&t.flow, no_determinant, 6, 37)));
}

/* ---- Samples against the formula ------------------------------------------------- */

enum { SIDE = 14, CELLS = SIDE * SIDE + 1, SUB = 8, SAMPLES = 20000 };

#define EDGE 3.5 /* the cells fill [-3.5, 3.5]^2; one more is the rest of the plane */

/* The mass of each cell, by the midpoints of SUB x SUB parts of it.  With parts of 1/16
 * the rule is off by about 1/16^2 / 24 of the second derivatives, which for a feature
 * of width 0.1 is 2 % of the cell's mass, far below the deviation of its count. */
static void cell_masses(const struct flow *flow, integrand *f, double *mass)
{
    double h = 2 * EDGE / (SIDE * SUB);
    for (int c = 0; c < CELLS; c++)
        mass[c] = 0;
    for (int i = 0; i < SIDE * SUB; i++)
        for (int j = 0; j < SIDE * SUB; j++) {
            double x[2] = {(i + 0.5) * h - EDGE, (j + 0.5) * h - EDGE};
            double at[2] = {x[0], x[1]};
            double log_q = nf_log_density(flow, (vec){2, at});
            double log_q_0 = -(at[0] * at[0] + at[1] * at[1]) / 2 - log(2 * PI);
            mass[i / SUB * SIDE + j / SUB] += f(x, log_q, log_q_0) * h * h;
        }
}

static struct flow_pass sample(struct claim *claim, const struct flow *flow,
                               struct rng *rng, int count)
{
    struct flow_pass pass = nf_pass_make(flow, count, claim_arena(claim));
    rng_normals(rng, 0, 1, entries(pass.Z[0]));
    nf_forward(flow, &pass);
    return pass;
}

static void count_cells(mat X, double *count)
{
    for (int c = 0; c < CELLS; c++)
        count[c] = 0;
    for (int i = 0; i < X.rows; i++) {
        double a = (row(X, i).at[0] + EDGE) * SIDE / (2 * EDGE);
        double b = (row(X, i).at[1] + EDGE) * SIDE / (2 * EDGE);
        bool inside = a >= 0 && a < SIDE && b >= 0 && b < SIDE;
        count[inside ? (int)a * SIDE + (int)b : CELLS - 1]++;
    }
}

/* Chi-square of the counts.  Cells where fewer than 20 are expected join the rest,
 * whose mass is what the others leave of 1; the others' masses are taken as they are,
 * whether their sum is below 1 or not. */
static struct finding counts_fit(const double *count, const double *mass)
{
    double observed[CELLS], expected[CELLS], counted = 0, left = SAMPLES;
    int cells = 0;
    for (int c = 0; c < CELLS - 1; c++)
        if (mass[c] * SAMPLES >= 20) {
            observed[cells] = count[c];
            expected[cells] = mass[c] * SAMPLES;
            counted += count[c];
            left -= expected[cells++];
        }
    if (left >= 20) {
        observed[cells] = SAMPLES - counted;
        expected[cells++] = left;
    }
    return chi_square_fits(chi_square(cells, observed, expected), cells - 1);
}

CLAIM(nf_histogram, STATISTIC,
      "Samples of a trained flow fall where its density says, cell by cell")
{
    struct trained t = fit(claim, 0, nf_arcs, 8, 500);
    struct rng rng = claim_rng(claim, 1);
    struct flow_pass pass = sample(claim, &t.flow, &rng, SAMPLES);
    double count[CELLS], mass[CELLS], wrong[CELLS], none[CELLS];
    count_cells(pass.Z[8], count);
    cell_masses(&t.flow, density, mass);
    cell_masses(&t.flow, wrong_sign, wrong);
    cell_masses(&t.flow, no_determinant, none);
    evidence(claim, "counts against masses", counts_fit(count, mass));
    control(claim, "determinants with the wrong sign", counts_fit(count, wrong));
    control(claim, "determinants left out", counts_fit(count, none));

    struct series s = series_begin(claim, "samples", "x", "y", NULL);
    for (int i = 0; i < 1500; i++)
        series_row(&s, row(pass.Z[8], i).at);
    series_end(&s);
}

/* log of the integral of exp(-(r - 2)^2 / (2 s^2)) over the plane, s = 0.4: 2 pi times
 * the integral of (r - 2) exp(...), s^2 e^(-2 / s^2), and of 2 exp(...). */
static double log_of_ring(void)
{
    double s = 0.4;
    return log(2 * PI *
               (s * s * exp(-2 / (s * s)) +
                2 * s * sqrt(2 * PI) * erfc(-2 / s / sqrt(2)) / 2));
}

/* log p of the normalized ring. */
static double log_ring(const double *x)
{
    double off = (hypot(x[0], x[1]) - 2) / 0.4;
    return -off * off / 2 - log_of_ring();
}

/* And of N(0, 4 I), which is smooth at the origin too, as quadrature wants it. */
static double log_wide(const double *x)
{
    return -(x[0] * x[0] + x[1] * x[1]) / 8 - log(8 * PI);
}

static double log_ratio(const double *x, double log_q, double log_q_0)
{
    (void)log_q_0;
    return log_q - log_wide(x);
}

static double divergence(const double *x, double log_q, double log_q_0)
{
    return exp(log_q) * log_ratio(x, log_q, log_q_0);
}

/* The same with the log-determinants added to log q_0, or left out. */
static double log_ratio_added(const double *x, double log_q, double log_q_0)
{
    return log_ratio(x, 2 * log_q_0 - log_q, log_q_0);
}

static double log_ratio_without(const double *x, double log_q, double log_q_0)
{
    (void)log_q;
    return log_ratio(x, log_q_0, log_q_0);
}

/* The mean over z_0 of f at z_K, by the trapezoidal rule on z_0, up to the radius. */
static struct integral mean_over_base(struct claim *claim, const struct flow *flow,
                                      integrand *f, double radius)
{
    enum { HALF = 80 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double h = radius / (2 * HALF);
    struct flow_pass pass = nf_pass_make(flow, 4 * HALF + 1, arena);
    struct integral sum = {0};
    for (int i = -2 * HALF; i <= 2 * HALF; i++) {
        for (int j = -2 * HALF; j <= 2 * HALF; j++) {
            row(pass.Z[0], j + 2 * HALF).at[0] = i * h;
            row(pass.Z[0], j + 2 * HALF).at[1] = j * h;
        }
        nf_forward(flow, &pass);
        for (int j = -2 * HALF; j <= 2 * HALF; j++) {
            int at = j + 2 * HALF;
            double log_q_0 = -(i * i + j * j) * h * h / 2 - log(2 * PI);
            const double *x = row(pass.Z[flow->layers], at).at;
            add(&sum, i, j, exp(log_q_0) * f(x, pass.log_q.at[at], log_q_0) * h * h);
        }
    }
    arena->used = mark;
    return sum;
}

/* beyond: what both integrals leave out at most. */
static struct finding same(struct integral a, struct integral b, double beyond)
{
    return at_most(fabs(mean_of(a) - mean_of(b)), doubt_of(a) + doubt_of(b) + beyond);
}

CLAIM(nf_divergence, IDENTITY,
      "KL(q || p) is a mean over z_0, for which no map need be inverted")
{
    /* Beyond 6 lie e^-18 of all z_0, with |log q - log p| less than 1000. */
    double radius = 6, beyond = 1000 * exp(-18);
    struct trained t = fit(claim, 0, nf_ring, 8, 500);
    struct integral over_x = integrate(&t.flow, divergence, radius, 75);
    evidence(claim, "mean over z_0, integral over x",
             same(mean_over_base(claim, &t.flow, log_ratio, radius), over_x, beyond));
    control(claim, "log-determinants added",
            same(mean_over_base(claim, &t.flow, log_ratio_added, radius), over_x,
                 beyond));
    control(claim, "log-determinants left out",
            same(mean_over_base(claim, &t.flow, log_ratio_without, radius), over_x,
                 beyond));
}

static double determinant(const double *x, double log_q, double log_q_0)
{
    (void)x;
    return exp(log_q_0 - log_q);
}

static double determinant_squared(const double *x, double log_q, double log_q_0)
{
    return pow(determinant(x, log_q, log_q_0), 2);
}

CLAIM(nf_wrong_integrals, IDENTITY,
      "Without determinants q integrates to the mean |det|; added, to that of det^2")
{
    /* Beyond 9 lie e^-40.5 of all z_0; a determinant is at most a product of 1 + w'u.
     */
    double radius = 9, most = 1;
    struct trained t = fit(claim, 0, nf_ring, 8, 500);
    for (int k = 0; k < t.flow.layers; k++)
        most *= 1 + fmax(0, dot(t.flow.layer[k].w, t.flow.layer[k].u));
    double beyond = most * most * exp(-radius * radius / 2);
    struct integral turned = integrate(&t.flow, wrong_sign, radius, 75);
    struct integral none = integrate(&t.flow, no_determinant, radius, 75);
    struct integral mean = mean_over_base(claim, &t.flow, determinant, radius);
    struct integral square =
        mean_over_base(claim, &t.flow, determinant_squared, radius);
    evidence(claim, "left out, against the mean |det|", same(none, mean, beyond));
    evidence(claim, "sign turned, against mean det^2", same(turned, square, beyond));
    struct integral one = {{1, 1, 1, 1}};
    control(claim, "left out, against 1", same(none, one, beyond));
    control(claim, "sign turned, against mean |det|", same(turned, mean, beyond));
}

/* ---- Training -------------------------------------------------------------------- */

enum { GRAD_K = 3, GRAD_B = 8, GRAD_N = GRAD_K * 5 };

/* The loss of nf_loss for the ring at beta = 0.55, written anew, point by point, over
 * complex numbers.  logs: 1, or 0 for a loss without log-determinants.  z: GRAD_B
 * points of the plane. */
static double complex complex_loss(const double complex *theta, mat z, double logs)
{
    double complex loss = 0;
    for (int i = 0; i < z.rows; i++) {
        double complex x = row(z, i).at[0], y = row(z, i).at[1];
        double complex log_q = -(x * x + y * y) / 2 - log(2 * PI);
        for (int k = 0; k < GRAD_K; k++) {
            const double complex *v = theta + 5 * k, *w = v + 2;
            double complex wv = v[0] * w[0] + v[1] * w[1];
            double complex r =
                (clog(1 + cexp(wv)) - 1 - wv) / (w[0] * w[0] + w[1] * w[1]);
            double complex u[2] = {v[0] + r * w[0], v[1] + r * w[1]};
            double complex h = ctanh(w[0] * x + w[1] * y + w[2]);
            x += u[0] * h;
            y += u[1] * h;
            double complex det = 1 + (w[0] * u[0] + w[1] * u[1]) * (1 - h * h);
            log_q -= logs * clog(det);
        }
        double complex off = (csqrt(x * x + y * y) - 2) / 0.4;
        loss += (log_q + 0.55 * off * off / 2) / z.rows;
    }
    return loss;
}

/* max over theta of |grad - the derivative by a complex step|, over the largest. */
static double gradient_gap(vec theta, vec grad, mat z, double logs)
{
    double complex at[GRAD_N];
    double gap = 0, size = 1;
    for (int i = 0; i < GRAD_N; i++)
        at[i] = theta.at[i];
    for (int i = 0; i < GRAD_N; i++) {
        at[i] += I * TINY;
        double derivative = cimag(complex_loss(at, z, logs)) / TINY;
        at[i] = theta.at[i];
        gap = worst(gap, fabs(derivative - grad.at[i]));
        size = fmax(size, fabs(derivative));
    }
    return gap / size;
}

/* How much a chain of layers may magnify what rounding puts into it, forwards and then
 * backwards, where slopes change at most twice as fast as ||w|| and 1 / det says; and
 * the ring's slope by 1 / 0.4^2 and by 1 / r, of which 10 stands for both. */
static double magnification(const struct flow *flow, const struct flow_pass *pass)
{
    double product = 10;
    for (int k = 0; k < flow->layers; k++) {
        struct planar f = flow->layer[k];
        double least = INFINITY;
        for (int i = 0; i < pass->slope[k].n; i++)
            least = fmin(least, 1 + dot(f.w, f.u) * pass->slope[k].at[i]);
        product *= pow(1 + norm(f.u) * norm(f.w), 2) / fmin(1, least);
    }
    return product;
}

CLAIM(nf_gradient, IDENTITY,
      "The gradient that trains a flow is that of the loss, log-determinants and all")
{
    struct arena *arena = claim_arena(claim);
    struct flow_problem problem = {2, GRAD_K, GRAD_B, nf_ring};
    struct rng rng = claim_rng(claim, 0);
    double gap = 0, without = 0;
    for (int trial = 0; trial < 20; trial++) {
        vec theta = arena_vec(arena, GRAD_N), grad = arena_vec(arena, GRAD_N);
        nf_draw(2, &rng, theta);
        struct rng batch = claim_rng(claim, (uint64_t)trial + 1), again = batch;
        nf_loss(&problem, 0.225, theta, &batch, arena, grad);
        struct flow flow = nf_make(2, GRAD_K, theta, arena);
        struct flow_pass pass = sample(claim, &flow, &again, GRAD_B);
        double scale = magnification(&flow, &pass);
        gap = worst(gap, gradient_gap(theta, grad, pass.Z[0], 1) / scale);
        without = worst(without, gradient_gap(theta, grad, pass.Z[0], 0) / scale);
    }
    double limit = rounding(GRAD_B * GRAD_K, 1);
    evidence(claim, "backward pass, complex step", at_most(gap, limit));
    control(claim, "log-determinants left out", at_most(without, limit));
}

/* The least KL(q || p) from an isotropic normal q to the ring, over its deviation: with
 * E r = sigma sqrt(pi/2) and E r^2 = 2 sigma^2 it is a quadratic plus -log sigma^2. */
static double divergence_of_normal(void)
{
    double mean = sqrt(PI / 2), squared = 0.4 * 0.4;
    double sigma = (mean + sqrt(mean * mean + 4 * squared)) / 2;
    return -1 - log(2 * PI * sigma * sigma) +
           (2 * sigma * sigma - 4 * sigma * mean + 4) / (2 * squared) + log_of_ring();
}

/* KL(q || p) of a flow that was fitted to the ring in so many iterations, from 2000
 * points. */
static double fitted_divergence(struct claim *claim, uint64_t replicate, int layers,
                                int iterations)
{
    enum { POINTS = 2000 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct trained t = fit(claim, replicate, nf_ring, layers, iterations);
    struct flow_pass pass = sample(claim, &t.flow, &t.training.rng, POINTS);
    double sum = 0;
    for (int i = 0; i < POINTS; i++)
        sum += pass.log_q.at[i] - log_ring(row(pass.Z[layers], i).at);
    arena->used = mark;
    return sum / POINTS;
}

enum { FITTED = 300 };

/* For the figure: six runs of 1, 4 and 16 layers more. */
static void record_more_layers(struct claim *claim, struct series *s, double normal)
{
    for (int i = 0; i < 6; i++)
        for (int layers = 1; layers <= 16; layers *= 4) {
            double kl = fitted_divergence(claim, (uint64_t)i, layers, FITTED);
            series_row(s, (double[]){layers, kl, normal});
        }
}

CLAIM(nf_flexible, PHENOMENON,
      "More maps, a more flexible density: eight planar layers come near a ring")
{
    enum { RUNS = 32 };
    double gain[RUNS], within[RUNS], no_gain[RUNS], without[RUNS];
    double normal = divergence_of_normal();
    struct series s = series_begin(claim, "layers", "layers", "kl", "normal", NULL);
    for (int i = 0; i < RUNS; i++) {
        uint64_t replicate = (uint64_t)i;
        double two = fitted_divergence(claim, replicate, 2, FITTED);
        double eight = fitted_divergence(claim, replicate, 8, FITTED);
        gain[i] = log(two / eight);
        within[i] = log(normal / eight);
        double hardly_fitted = fitted_divergence(claim, replicate, 8, FITTED / 60);
        no_gain[i] = log(two / hardly_fitted);
        without[i] = log(normal / hardly_fitted);
        series_row(&s, (double[]){2, two, normal});
        series_row(&s, (double[]){8, eight, normal});
    }
    record_more_layers(claim, &s, normal);
    series_end(&s);
    evidence(claim, "ln KL, 2 layers over 8",
             effect_at_least(RUNS, gain, log(2)));
    evidence(claim, "ln KL, a normal's over 8 layers'",
             effect_at_least(RUNS, within, log(3)));
    control(claim, "the first, 8 after 5 iterations",
            effect_at_least(RUNS, no_gain, log(2)));
    control(claim, "the second, after 5 iterations",
            effect_at_least(RUNS, without, log(3)));
}

/* ---- Modes ----------------------------------------------------------------------- */

/* Layers that push apart along the axes, in turn: f(z) = z + push e_j tanh(2 z_j). */
static struct flow flow_by_hand(struct claim *claim, int layers, double push)
{
    struct flow flow = {.n = 2, .layers = layers};
    for (int k = 0; k < layers; k++) {
        struct planar layer = {arena_vec(claim_arena(claim), 2),
                               arena_vec(claim_arena(claim), 2), 0};
        layer.u.at[k % 2] = push;
        layer.w.at[k % 2] = 2;
        flow.layer[k] = layer;
    }
    return flow;
}

enum { MODES = 121 };

/* log q on a grid over [-4, 4]^2. */
static void tabulate(const struct flow *flow, double *log_q)
{
    for (int i = 0; i < MODES * MODES; i++) {
        double at[2] = {8.0 * (i / MODES) / (MODES - 1) - 4,
                        8.0 * (i % MODES) / (MODES - 1) - 4};
        log_q[i] = nf_log_density(flow, (vec){2, at});
    }
}

/* Points of the grid that are higher than their eight neighbours. */
static int modes(const double *q)
{
    int count = 0;
    for (int i = 1; i < MODES - 1; i++)
        for (int j = 1; j < MODES - 1; j++) {
            bool top = true;
            for (int d = 0; d < 9; d++) {
                int there = (i + d / 3 - 1) * MODES + j + d % 3 - 1;
                top = top && (d == 4 || q[there] < q[i * MODES + j]);
            }
            count += top;
        }
    return count;
}

/* Where one and two such layers take points of the normal law, and of a square. */
static void record_modes(struct claim *claim)
{
    enum { POINTS = 1500 };
    struct rng rng = claim_rng(claim, 0);
    struct flow one = flow_by_hand(claim, 1, 2), two = flow_by_hand(claim, 2, 2);
    struct flow_pass from[4];
    for (int i = 0; i < 4; i++) {
        from[i] = nf_pass_make(i % 2 == 0 ? &one : &two, POINTS, claim_arena(claim));
        if (i < 2)
            rng_normals(&rng, 0, 1, entries(from[i].Z[0]));
        else
            rng_uniforms(&rng, -1.5, 1.5, entries(from[i].Z[0]));
        nf_forward(i % 2 == 0 ? &one : &two, &from[i]);
    }
    struct series s = series_begin(claim, "modes", "n1", "n1_y", "n2", "n2_y", "s1",
                                   "s1_y", "s2", "s2_y", NULL);
    for (int i = 0; i < POINTS; i++) {
        double at[8];
        for (int j = 0; j < 8; j++)
            at[j] = row(from[j / 2].Z[1 + j / 2 % 2], i).at[j % 2];
        series_row(&s, at);
    }
    series_end(&s);
}

CLAIM(nf_modes, IDENTITY,
      "Planar layers split one mode into several: one layer into 2, two into 4")
{
    static double log_q[MODES * MODES];
    int wrong = 0, wrong_pulled = 0;
    for (int k = 0; k <= 2; k++) {
        struct flow pushed = flow_by_hand(claim, k, 2);
        struct flow pulled = flow_by_hand(claim, k, -0.45);
        tabulate(&pushed, log_q);
        wrong += abs(modes(log_q) - (1 << k));
        tabulate(&pulled, log_q);
        wrong_pulled += abs(modes(log_q) - (1 << k));
    }
    record_modes(claim);
    evidence(claim, "modes too many or too few", at_most(wrong, 0));
    control(claim, "the same, w'u = -0.9", at_most(wrong_pulled, 0));
}

/* ---- Stopping and resuming ------------------------------------------------------- */

enum { RESUME_K = 4, RESUME_ITERATIONS = 60 };

enum forgotten { NOTHING, MOMENTS, STEPS, STREAM };

static struct training resume_start(struct claim *claim)
{
    struct training t = training_make(claim_arena(claim), nf_parameters(2, RESUME_K),
                                      claim_rng(claim, 0));
    nf_draw(2, &t.rng, t.theta);
    return t;
}

/* Stops the run after so many iterations. */
static bool until(void *context, const struct recipe *recipe,
                  const struct training *training, double loss)
{
    (void)recipe, (void)loss;
    return training->iteration < *(int *)context;
}

/* A run that is stopped, saved, loaded into a new one, and gone on with. */
static struct training resumed(struct claim *claim, const char *path, int stop,
                               enum forgotten forgotten)
{
    static const struct flow_problem problem = {2, RESUME_K, 32, nf_ring};
    char message[CHECKPOINT_MESSAGE];
    struct arena *arena = claim_arena(claim);
    struct training first = resume_start(claim), second = resume_start(claim);
    struct rng stream = second.rng;
    nf_train(&problem, RESUME_ITERATIONS, 0.03, until, &stop, arena, &first);
    enum checkpoint_status status = training_save(path, &first, arena, message);
    REQUIRE(status == CHECKPOINT_OK, "%s", message);
    status = training_load(path, arena, &second, message);
    REQUIRE(status == CHECKPOINT_OK, "%s", message);
    if (forgotten == MOMENTS) {
        fill(0, second.adam.m);
        fill(0, second.adam.v);
    } else if (forgotten == STEPS)
        second.adam.steps = 0;
    else if (forgotten == STREAM)
        second.rng = stream;
    nf_train(&problem, RESUME_ITERATIONS, 0.03, NULL, NULL, arena, &second);
    return second;
}

/* How many of the numbers of two runs differ, in any bit. */
static int differing(const struct training *a, const struct training *b)
{
    int count = 0;
    for (int i = 0; i < a->theta.n; i++)
        count += memcmp(a->theta.at + i, b->theta.at + i, sizeof(double)) != 0;
    return count + (memcmp(&a->rng, &b->rng, sizeof a->rng) != 0) +
           (a->iteration != b->iteration);
}

CLAIM(nf_resume, IDENTITY,
      "A run that was stopped and resumed ends with the bits of one that was not")
{
    static const char *const what[] = {"numbers that differ", "without Adam's averages",
                                       "without the count of Adam's steps",
                                       "with the random stream begun anew"};
    static const struct flow_problem problem = {2, RESUME_K, 32, nf_ring};
    char path[1024];
    snprintf(path, sizeof path, "%s/nf_resume.state", claim_directory(claim));
    struct training whole = resume_start(claim);
    nf_train(&problem, RESUME_ITERATIONS, 0.03, NULL, NULL, claim_arena(claim),
               &whole);
    for (enum forgotten forgotten = NOTHING; forgotten <= STREAM; forgotten++) {
        int count = 0;
        int stride = forgotten == NOTHING ? 1 : 16;
        for (int stop = 1; stop < RESUME_ITERATIONS; stop += stride) {
            struct training t = resumed(claim, path, stop, forgotten);
            count += differing(&whole, &t);
        }
        struct finding finding = at_most(count, 0);
        if (forgotten == NOTHING)
            evidence(claim, what[forgotten], finding);
        else
            control(claim, what[forgotten], finding);
    }
    remove(path);
}

CHAPTER(normalizing_flows, &nf_determinant_lemma, &nf_chain, &nf_absolute_value,
        &nf_invertible, &nf_inverse, &nf_reparametrized, &nf_normalized, &nf_histogram,
        &nf_divergence, &nf_wrong_integrals, &nf_gradient, &nf_flexible, &nf_modes,
        &nf_resume)
