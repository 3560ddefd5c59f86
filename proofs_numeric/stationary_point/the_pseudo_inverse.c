/* "The pseudo-inverse": against sums over known singular vectors, and LAPACK. */
#include "known_data.h"

#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* From 1 down to 1 / kappa; a single one is 1. */
static vec singular_values(struct arena *arena, int rank, double kappa)
{
    if (rank > 1)
        return geometric_spectrum(arena, rank, 1, kappa);
    vec one = arena_vec(arena, 1);
    fill(1, one);
    return one;
}

/* B = sum of s_j u_j v_j', s_j from 1 down to 1 / kappa, and B^+ = sum of v_j u_j' /
 * s_j.
 */
static void known_inverse(struct claim *claim, int m, int n, int rank, double kappa,
                          mat *B, mat *B_dagger)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)(100 * m + n));
    struct factored_matrix f =
        factored_matrix_make(arena, &rng, m, n, singular_values(arena, rank, kappa));
    *B = f.A, *B_dagger = arena_mat(arena, n, m);
    for (int k = 0; k < rank; k++)
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                row(*B_dagger, j).at[i] +=
                    row(f.U, k).at[i] * row(f.V, k).at[j] / f.s.at[k];
}

/* Rounding moves B by a multiple of 12 eps, and its pseudo-inverse, as long as the rank
 * stays, by ||B^+||^2 = kappa^2 times as much, or 100 if kappa is 10; normal equations
 * square the condition number.  [Wedin 1973] */
static const double moves_inverse = 100, moves_normal = 1000;

/* The largest entry of X - Y. */
static double gap_of(mat X, mat Y)
{
    double most = 0;
    for (int i = 0; i < X.rows * X.cols; i++)
        most = worst(most, fabs(X.at[i] - Y.at[i]));
    return most;
}

static double gap_of_inverse(struct claim *claim,
                             enum factor_status (*method)(mat, struct arena *, mat),
                             mat B, mat B_dagger)
{
    mat X = arena_mat(claim_arena(claim), B.cols, B.rows);
    method(B, claim_arena(claim), X);
    return gap_of(X, B_dagger);
}

/* The largest gap between the columns of B^+ and LAPACK's solutions of least norm for
 * the targets e_1, e_2, ... */
static double gap_to_least_norm(struct claim *claim, mat B)
{
    struct arena *arena = claim_arena(claim);
    vec e = arena_vec(arena, B.rows), least = arena_vec(arena, B.cols);
    mat X = arena_mat(arena, B.cols, B.rows);
    double gap = 0;
    sp_pseudo_inverse(B, arena, X);
    for (int i = 0; i < B.rows; i++) {
        fill(0, e);
        e.at[i] = 1;
        route_min_norm(B, e, least);
        for (int j = 0; j < B.cols; j++)
            gap = worst(gap, fabs(row(X, j).at[i] - least.at[j]));
    }
    return gap;
}

CLAIM(sp_pinv, IDENTITY, "B^+ = V S^+ U', and B^+ t is the solution of least norm")
{
    static const struct {
        const char *what;
        int m, n, rank;
        double kappa;
    } shapes[] = {
        {.what = "gap, tall", .m = 12, .n = 5, .rank = 5, .kappa = 10},
        {.what = "gap, wide", .m = 5, .n = 12, .rank = 5, .kappa = 10},
        {.what = "gap, one row", .m = 1, .n = 12, .rank = 1, .kappa = 1},
        {.what = "gap, one column", .m = 12, .n = 1, .rank = 1, .kappa = 1},
        {.what = "gap, condition 1e6", .m = 12, .n = 8, .rank = 4, .kappa = 1e6},
        {.what = "gap, rank 4 of 9", .m = 12, .n = 9, .rank = 4, .kappa = 10}};
    mat B, B_dagger;
    for (int i = 0; i < 6; i++) {
        known_inverse(claim, shapes[i].m, shapes[i].n, shapes[i].rank, shapes[i].kappa,
                      &B, &B_dagger);
        evidence(claim, shapes[i].what,
                 at_most(gap_of_inverse(claim, sp_pseudo_inverse, B, B_dagger),
                         rounding(12, pow(shapes[i].kappa, 2))));
    }
    double limit = rounding(12, moves_inverse);
    evidence(claim, "columns, to LAPACK's least norm",
             at_most(gap_to_least_norm(claim, B), limit));
    B.at[0] += 1e-6; /* a rank of 5, and a singular value of 1e-6 times something */
    control(claim, "0 replaced by about 1e-6",
            at_most(gap_of_inverse(claim, sp_pseudo_inverse, B, B_dagger), limit));
}

/* A = sum of d_j q_j r_j', and the sum of q_j r_j' / d_j over the d_j that are not 0,
 * both n x n.  The rows of Q and R are the q_j and r_j. */
static void spectral_sums(const double *d, mat Q, mat R, mat A, mat A_dagger)
{
    fill(0, entries(A));
    fill(0, entries(A_dagger));
    for (int j = 0; j < Q.rows; j++) {
        ger(d[j], row(Q, j), row(R, j), A);
        ger(d[j] == 0 ? 0 : 1 / d[j], row(Q, j), row(R, j), A_dagger);
    }
}

CLAIM(sp_pinv_spectral, IDENTITY,
      "For symmetric A = Q D Q' it is Q D^+ Q', where eigenvalues are negative too")
{
    enum { N = 8 };
    static const double positive[N] = {2, 1.5, 1, 0.5, 0.25, 0, 0, 0};
    static const double mixed[N] = {2, -1.5, 1, -0.5, 0.25, 0, 0, 0};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    double limit = rounding(N, 16); /* ||A^+||^2 */
    mat Q = arena_mat(arena, N, N), R = arena_mat(arena, N, N);
    mat A = arena_mat(arena, N, N), A_dagger = arena_mat(arena, N, N);
    rng_rotation(&rng, arena, Q);
    rng_rotation(&rng, arena, R);
    spectral_sums(positive, Q, Q, A, A_dagger);
    evidence(claim, "gap to Q D^+ Q'",
             at_most(gap_of_inverse(claim, sp_pseudo_inverse, A, A_dagger), limit));
    control(claim, "as printed, A = Q D^+ Q'",
            at_most(gap_of_inverse(claim, sp_pseudo_inverse, A_dagger, A_dagger),
                    limit));
    spectral_sums(mixed, Q, Q, A, A_dagger);
    evidence(claim, "the same, indefinite",
             at_most(gap_of_inverse(claim, sp_pseudo_inverse, A, A_dagger), limit));
    spectral_sums(mixed, Q, R, A, A_dagger);
    control(claim, "Q D R', not symmetric",
            at_most(gap_of_inverse(claim, sp_pseudo_inverse, A, A_dagger), limit));
}

/* The largest entry of B^+ B - I. */
static double gap_to_identity(struct claim *claim, mat B)
{
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, B.cols, B.rows), I = arena_mat(arena, B.cols, B.cols);
    sp_pseudo_inverse(B, arena, X);
    gemm(1, AS_IS, X, AS_IS, B, 0, I);
    for (int i = 0; i < I.rows; i++)
        row(I, i).at[i] -= 1;
    return max_norm(entries(I));
}

CLAIM(sp_pinv_inverse, IDENTITY,
      "If B is square and invertible, B^+ is B^-1; for a symmetric A too")
{
    enum { N = 10 };
    struct arena *arena = claim_arena(claim);
    vec e = arena_vec(arena, N), column = arena_vec(arena, N);
    mat B, B_dagger, A = arena_mat(arena, N, N), X = arena_mat(arena, N, N);
    double limit = rounding(N, moves_inverse), gap = 0;
    known_inverse(claim, N, N, N, 10, &B, &B_dagger);
    evidence(claim, "B^+ B - I", at_most(gap_to_identity(claim, B), limit));
    gram(1, B, A); /* singular values down to 1/100 */
    evidence(claim, "A^+ A - I, A symmetric",
             at_most(gap_to_identity(claim, A), rounding(N, 100 * moves_inverse)));
    sp_pseudo_inverse(B, arena, X);
    for (int i = 0; i < N; i++) {
        fill(0, e);
        e.at[i] = 1;
        route_solve(B, e, column);
        for (int j = 0; j < N; j++)
            gap = worst(gap, fabs(row(X, j).at[i] - column.at[j]));
    }
    evidence(claim, "gap to LAPACK's inverse", at_most(gap, limit));
    known_inverse(claim, N, N, N - 1, 10, &B, &B_dagger);
    control(claim, "one singular value is 0",
            at_most(gap_to_identity(claim, B), limit));
}

CLAIM(sp_pinv_normal, IDENTITY,
      "It is (B'B)^-1 B' or B'(BB')^-1, if the columns or the rows are independent")
{
    double limit = rounding(12, moves_normal);
    mat B, B_dagger;
    known_inverse(claim, 12, 5, 5, 10, &B, &B_dagger);
    evidence(claim, "gap, independent columns",
             at_most(gap_of_inverse(claim, sp_pseudo_inverse_normal, B, B_dagger),
                     limit));
    known_inverse(claim, 5, 12, 5, 10, &B, &B_dagger);
    evidence(claim, "gap, independent rows",
             at_most(gap_of_inverse(claim, sp_pseudo_inverse_normal, B, B_dagger),
                     limit));
    /* Either Cholesky refuses, and X stays 0, or it inverts the rounding of a 0. */
    known_inverse(claim, 12, 9, 4, 10, &B, &B_dagger);
    control(claim, "columns that depend on others",
            at_most(gap_of_inverse(claim, sp_pseudo_inverse_normal, B, B_dagger),
                    limit));
}

SECTION(sp_inverses, &sp_pinv, &sp_pinv_spectral, &sp_pinv_inverse, &sp_pinv_normal);
