/* Chains of layers, and the absolute value of a determinant. */
#include "flows.h"
#include "ground/route_lapack.h"
#include "ground/vectors.h"
#include "ground/worlds.h"

#include <complex.h>
#include <lapacke.h>
#include <math.h>

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
    return log(fabs(lu_determinant(claim_arena(claim), J)));
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
    return log(fabs(lu_determinant(claim_arena(claim), J)));
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
    double *L = in_double(arena, entries(S));
    int info = LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', A.rows, L, A.rows);
    REQUIRE(info == 0, "dpotrf returned %d", info);
    for (int i = 0; i < A.rows; i++)
        log_det += log(L[i * A.rows + i]);
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
    double log_det = log(fabs(lu_determinant(claim_arena(claim), LU)));
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
    return fabs(log_q.at[0] + log(-lu_determinant(claim_arena(claim), J))) /
           (reach * reach);
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

SECTION(conservation_of_probability, &nf_chain, &nf_absolute_value);
