/* Chapter "Which minimum it finds": its claims.
 *
 * Most of them look at least squares in data whose singular values and vectors are
 * known because the data was built from them: there the minimizers, and what any method
 * finds along each direction, are sums that can be written down. */
#include "stationary_point.h"
#include "gradient_descent.h"
#include "ground/ball.h"
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>

enum { STEPS = 400 };

/* ---- Data with known singular vectors ---------------------------------------------
 */

/* Phi = sqrt(N) U diag(sqrt a) V', so that A = V diag(a) V' in the first columns of V;
 * along the others it is flat. */
struct data {
    int N, D;
    mat Phi;  /* N x D                                           */
    vec t;    /* N: normal                                       */
    mat U, V; /* N x N and D x D: a singular vector in each row  */
    vec a;    /* the curvatures that are not 0, no more than N, D */
    vec c;    /* as many: the coefficients of Phi^+ t along V    */
    struct quadratic q;
    vec grad; /* D: scratch */
};

/* t := t_new, and what follows from it. */
static void set_targets(struct data *d, vec t_new)
{
    copy(t_new, d->t);
    for (int j = 0; j < d->a.n; j++)
        d->c.at[j] = dot(row(d->U, j), d->t) / sqrt(d->N * d->a.at[j]);
    least_squares(d->Phi, d->t, &d->q);
}

/* N examples with D features, of these curvatures in a random basis, and normal t. */
static struct data build(struct claim *claim, struct rng *rng, int N, int D, vec a)
{
    struct arena *arena = claim_arena(claim);
    struct data d = {.N = N, .D = D, .a = a, .q = quadratic_make(arena, D)};
    vec s = arena_vec(arena, a.n), t = arena_vec(arena, N);
    for (int j = 0; j < a.n; j++)
        s.at[j] = sqrt(N * a.at[j]);
    struct factored_matrix Phi = factored_matrix_make(arena, rng, N, D, s);
    d.Phi = Phi.A, d.U = Phi.U, d.V = Phi.V, d.t = arena_vec(arena, N);
    d.c = arena_vec(arena, a.n), d.grad = arena_vec(arena, D);
    rng_normals(rng, 0, 1, t);
    set_targets(&d, t);
    return d;
}

/* `rank` curvatures from 1 down to 1/10. */
static struct data build_data(struct claim *claim, int N, int D, int rank)
{
    struct rng rng = claim_rng(claim, 0);
    return build(claim, &rng, N, D,
                 geometric_spectrum(claim_arena(claim), rank, 1, 10));
}

/* w := w_0, but with the coefficients c along the directions that are not flat. */
static void nearest_minimizer(struct data d, vec w_0, vec w)
{
    copy(w_0, w);
    for (int j = 0; j < d.a.n; j++)
        axpy(d.c.at[j] - dot(row(d.V, j), w_0), row(d.V, j), w);
}

/* ||x - y|| */
static double apart(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum = hypot(sum, x.at[i] - y.at[i]);
    return sum;
}

/* What rounding may do in a run of alpha a <= 1: each step computes w - alpha (A w + b)
 * to within a multiple of D eps times its terms, and the steps add up. */
static double drift(struct data d, int steps, vec w_0, vec w)
{
    return rounding(d.D * steps, 1 + norm(w_0) + norm(w));
}

/* ---- The minimizers ---------------------------------------------------------------
 */

/* || gradient || where LAPACK finds the smallest one. */
static double least_gradient(struct claim *claim, struct quadratic q)
{
    vec minus_b = arena_vec(claim_arena(claim), q.b.n);
    vec w = arena_vec(claim_arena(claim), q.b.n),
        grad = arena_vec(claim_arena(claim), q.b.n);
    axpy(-1, q.b, minus_b);
    route_min_norm(q.A, minus_b, w);
    quadratic_gradient(q, w, grad);
    return norm(grad);
}

CLAIM(sp_solutions, IDENTITY,
      "A w = -b has a solution for least squares, and many where directions are flat")
{
    struct data d = build_data(claim, 8, 12, 6), full = build_data(claim, 15, 12, 12);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(claim_arena(claim), 12);
    double most = 0, least = INFINITY;
    for (int trial = 0; trial < 20; trial++) {
        nearest_minimizer(d, normal_vec(claim_arena(claim), &rng, 12), w);
        quadratic_gradient(d.q, w, d.grad);
        most = worst(most, norm(d.grad) / (1 + norm(w)));

        vec off = normal_vec(claim_arena(claim), &rng, 12);
        nearest_minimizer(full, off, w);
        axpy(1 / norm(off), off, w);
        quadratic_gradient(full.q, w, full.grad);
        least = fmin(least, norm(full.grad));
    }
    double limit = rounding(12, 1);
    evidence(claim, "gradient, LAPACK's solution",
             at_most(least_gradient(claim, d.q), limit));
    evidence(claim, "gradient, 20 other solutions", at_most(most, limit));
    evidence(claim, "gradient at distance 1, no flats", /* ||A v|| >= a_min ||v|| */
             at_least(least, 0.1 - limit));
    axpy(1, row(d.V, 11), d.q.b);
    control(claim, "b tilts a flat direction",
            at_most(least_gradient(claim, d.q), limit));
}

CLAIM(sp_limit, IDENTITY, "Gradient descent from w_0 ends at w_0 - A^+ (A w_0 + b)")
{
    struct data d = build_data(claim, 8, 12, 6);
    struct rng rng = claim_rng(claim, 1);
    vec w_0 = normal_vec(claim_arena(claim), &rng, 12), w = arena_vec(claim_arena(claim), 12);
    vec end = arena_vec(claim_arena(claim), 12);
    nearest_minimizer(d, w_0, end);
    double limit = drift(d, STEPS, w_0, end); /* what is left, 0.9^400, is less */

    copy(w_0, w);
    gd_run(d.q, 1, STEPS, w, d.grad);
    evidence(claim, "end of 400 steps", at_most(apart(w, end), limit));
    fill(NAN, w); /* which is at its end already */
    sp_gd_limit(d.q, w_0, claim_arena(claim), w);
    evidence(claim, "sp_gd_limit", at_most(apart(w, end), limit));
    sp_tikhonov(0.1, &d.q); /* whatever was flat has now a curvature of 0.1 */
    copy(w_0, w);
    gd_run(d.q, 0.9, STEPS, w, d.grad);
    control(claim, "400 steps, with a penalty of 0.1",
            at_most(apart(w, end), limit));
}

/* Two runs from different starts: how far is the difference of their ends from the flat
 * part of the difference of their starts? */
static double gap_to_flat_part(struct claim *claim, struct data d)
{
    struct rng rng = claim_rng(claim, 1);
    vec x = normal_vec(claim_arena(claim), &rng, d.D);
    vec y = normal_vec(claim_arena(claim), &rng, d.D);
    vec flat = arena_vec(claim_arena(claim), d.D);
    for (int j = d.a.n; j < d.D; j++)
        axpy(dot(row(d.V, j), x) - dot(row(d.V, j), y), row(d.V, j), flat);
    gd_run(d.q, 1, STEPS, x, d.grad);
    gd_run(d.q, 1, STEPS, y, d.grad);
    axpy(1, flat, y);
    return apart(x, y);
}

CLAIM(sp_start, IDENTITY,
      "Two runs end apart by the flat part of what they began apart")
{
    struct data d = build_data(claim, 8, 12, 6);
    double limit = rounding(2 * 12 * STEPS, 10);
    evidence(claim, "gap to the flat part", at_most(gap_to_flat_part(claim, d), limit));
    sp_tikhonov(0.3, &d.q);
    scale(0.5, entries(d.q.A)); /* so that a rate of 1 is still below 2 / a_max */
    scale(0.5, d.q.b);
    control(claim, "a penalty, so nothing is flat",
            at_most(gap_to_flat_part(claim, d), limit));
}

/* The largest |<w - w_0, v>| over the flat directions v. */
static double lean(struct data d, vec w_0, vec w)
{
    double most = 0;
    for (int j = d.a.n; j < d.D; j++)
        most = worst(most, fabs(dot(row(d.V, j), w) - dot(row(d.V, j), w_0)));
    return most;
}

/* For the figure: one example in two dimensions, so that the minimizers are a line, and
 * five runs towards it; beside each run, where it started and where it will end. */
static void record_runs(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "runs", "run", "k", "x", "y", "x_end", "y_end", NULL);
    mat Phi = arena_mat(arena, 1, 2);
    vec t = arena_vec(arena, 1), w = arena_vec(arena, 2), end = arena_vec(arena, 2);
    vec grad = arena_vec(arena, 2);
    struct quadratic q = quadratic_make(arena, 2);
    Phi.at[0] = 1, Phi.at[1] = 2, t.at[0] = 4;
    least_squares(Phi, t, &q);
    static const double starts[5][2] = {
        {0, 0}, {-1, 0.5}, {1.2, -0.6}, {3.2, 2.4}, {4.4, 1.8}};
    for (int run = 0; run < 5; run++) {
        w.at[0] = starts[run][0], w.at[1] = starts[run][1];
        sp_gd_limit(q, w, arena, end);
        for (int k = 0; k <= 12; k++) {
            series_row(&s, (double[]){run, k, w.at[0], w.at[1], end.at[0], end.at[1]});
            gd_step(q, 0.06, w, grad);
        }
    }
    series_end(&s);
}

/* How far Pythagoras is off, relative to the hypotenuse, over 20 other minimizers: each
 * is farther from w_0 than w is, by its distance from w. */
static double gap_to_pythagoras(struct claim *claim, struct data d, vec w_0, vec w)
{
    struct rng rng = claim_rng(claim, 2);
    vec other = arena_vec(claim_arena(claim), d.D);
    double gap = 0;
    for (int trial = 0; trial < 20; trial++) {
        nearest_minimizer(d, normal_vec(claim_arena(claim), &rng, d.D), other);
        double there = apart(other, w_0), here = apart(w, w_0);
        double between = apart(other, w);
        gap = worst(gap, fabs(there * there - here * here - between * between) /
                             (there * there));
    }
    return gap;
}

/* Descent on one example at a time, in turn, at the rate 1 over its curvature. */
static void run_examples(struct claim *claim, struct data d, int steps, vec w)
{
    struct quadratic one = quadratic_make(claim_arena(claim), d.D);
    for (int k = 0; k < steps; k++) {
        vec phi = row(d.Phi, k % d.N);
        least_squares(row_block(d.Phi, k % d.N, 1), part(d.t, k % d.N, 1), &one);
        gd_step(one, 1 / dot(phi, phi), w, d.grad);
    }
}

static void run_preconditioned(struct data d, mat P, int steps, vec w)
{
    for (int k = 0; k < steps; k++) {
        quadratic_gradient(d.q, w, d.grad);
        sp_preconditioned_update(1, P, d.grad, w);
    }
}

CLAIM(sp_nearest, IDENTITY,
      "Gradient descent ends at the minimizer nearest to the start")
{
    struct data d = build_data(claim, 8, 12, 6);
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    vec w_0 = normal_vec(arena, &rng, 12), w = arena_vec(arena, 12);
    copy(w_0, w);
    gd_run(d.q, 1, STEPS, w, d.grad);
    double limit = drift(d, STEPS, w_0, w);
    evidence(claim, "lean to a flat direction", at_most(lean(d, w_0, w), limit));
    evidence(claim, "gap to Pythagoras, 20 others",
             at_most(gap_to_pythagoras(claim, d, w_0, w), limit));

    copy(w_0, w);
    run_examples(claim, d, STEPS, w);
    evidence(claim, "lean, one example at a time",
             at_most(lean(d, w_0, w), drift(d, STEPS, w_0, w)));

    mat P = arena_mat(arena, 12, 12);
    for (int i = 0; i < 12; i++)
        row(P, i).at[i] = pow(10, -i / 11.0);
    copy(w_0, w);
    run_preconditioned(d, P, 10 * STEPS, w);
    control(claim, "coordinates at different rates", at_most(lean(d, w_0, w), limit));
    record_runs(claim);
}

static void run_momentum(struct claim *claim, struct data d, vec w)
{
    struct momentum momentum = momentum_make(claim_arena(claim), d.D, 0.5);
    for (int k = 0; k < STEPS; k++) {
        quadratic_gradient(d.q, w, d.grad);
        momentum_step(&momentum, 1, d.grad, w);
    }
}

static void run_adam(struct claim *claim, struct data d, vec w)
{
    struct adam adam = adam_make(claim_arena(claim), d.D, 0.9, 0.99, 1e-8);
    for (int k = 1; k <= STEPS; k++) {
        quadratic_gradient(d.q, w, d.grad);
        adam_step(&adam, 0.1 / sqrt(k), d.grad, w);
    }
}

CLAIM(sp_min_norm, IDENTITY,
      "From the row space it ends at the solution of least norm, -A^+ b = Phi^+ t")
{
    struct arena *arena = claim_arena(claim);
    struct data d = build_data(claim, 5, 12, 5);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(arena, 12), least = arena_vec(arena, 12);
    vec residual = arena_vec(arena, 5), zero = arena_vec(arena, 12);
    mat A_dagger = arena_mat(arena, 12, 12), Phi_dagger = arena_mat(arena, 12, 5);
    route_min_norm(d.Phi, d.t, least);
    double limit = drift(d, STEPS, least, least);

    gd_run(d.q, 1, STEPS, w, d.grad);
    evidence(claim, "end from 0, to LAPACK's", at_most(apart(w, least), limit));
    evidence(claim, "cost there: the data is fitted",
             at_most(least_squares_cost(d.Phi, d.t, w, residual), limit * limit));
    gemtv(1, d.Phi, normal_vec(arena, &rng, 5), 0, w);
    double limit_of_start = drift(d, STEPS, w, least);
    gd_run(d.q, 1, STEPS, w, d.grad);
    evidence(claim, "end from the row space", at_most(apart(w, least), limit_of_start));
    fill(0, w);
    run_momentum(claim, d, w);
    evidence(claim, "end from 0 with momentum", at_most(apart(w, least), limit));
    sp_pseudo_inverse(d.q.A, arena, A_dagger);
    gemv(-1, A_dagger, d.q.b, 0, w);
    evidence(claim, "-A^+ b", at_most(apart(w, least), limit));
    sp_pseudo_inverse(d.Phi, arena, Phi_dagger);
    gemv(1, Phi_dagger, d.t, 0, w);
    evidence(claim, "Phi^+ t", at_most(apart(w, least), limit));

    copy(row(d.V, 11), w); /* of norm 1, and flat */
    gd_run(d.q, 1, STEPS, w, d.grad);
    control(claim, "from outside the row space", at_most(apart(w, least), limit));
    fill(0, w);
    run_adam(claim, d, w);
    control(claim, "Adam from 0: lean", at_most(lean(d, zero, w), limit));
}

/* ---- The pseudo-inverse -----------------------------------------------------------
 */

/* From 1 down to 1 / kappa; a single one is 1. */
static vec singular_values(struct arena *arena, int rank, double kappa)
{
    if (rank > 1)
        return geometric_spectrum(arena, rank, 1, kappa);
    vec one = arena_vec(arena, 1);
    fill(1, one);
    return one;
}

/* B = sum of s_j u_j v_j', s_j from 1 down to 1 / kappa, and B^+ = sum of v_j u_j' / s_j.
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
                row(*B_dagger, j).at[i] += row(f.U, k).at[i] * row(f.V, k).at[j] /
                                           f.s.at[k];
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
    } shapes[] = {{.what = "gap, tall", .m = 12, .n = 5, .rank = 5, .kappa = 10},
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

/* A = sum of d_j q_j r_j', and the sum of q_j r_j' / d_j over the d_j that are not 0, both
 * n x n.  The rows of Q and R are the q_j and r_j. */
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
            at_most(gap_of_inverse(claim, sp_pseudo_inverse, A_dagger, A_dagger), limit));
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
             at_most(gap_of_inverse(claim, sp_pseudo_inverse_normal, B, B_dagger), limit));
    known_inverse(claim, 5, 12, 5, 10, &B, &B_dagger);
    evidence(claim, "gap, independent rows",
             at_most(gap_of_inverse(claim, sp_pseudo_inverse_normal, B, B_dagger), limit));
    /* Either Cholesky refuses, and X stays 0, or it inverts the rounding of a 0. */
    known_inverse(claim, 12, 9, 4, 10, &B, &B_dagger);
    control(claim, "columns that depend on others",
            at_most(gap_of_inverse(claim, sp_pseudo_inverse_normal, B, B_dagger), limit));
}

/* ---- Ridge ------------------------------------------------------------------------
 */

/* || the ridge solution for `given` - LAPACK's least squares on the examples and, below
 * them, D more with features sqrt(N lambda) e_j and target 0 ||.  The slide's formula,
 * which lacks the N, is that for given = lambda / N. */
static double gap_of_ridge(struct claim *claim, struct data d, double given,
                           double lambda)
{
    struct arena *arena = claim_arena(claim);
    mat more = arena_mat(arena, d.N + d.D, d.D);
    vec targets = arena_vec(arena, d.N + d.D), best = arena_vec(arena, d.D);
    vec w = arena_vec(arena, d.D);
    copy(entries(d.Phi), entries(row_block(more, 0, d.N)));
    copy(d.t, (vec){d.N, targets.at});
    for (int j = 0; j < d.D; j++)
        row(more, d.N + j).at[j] = sqrt(d.N * lambda);
    route_min_norm(more, targets, best);
    sp_ridge_fit(d.Phi, d.t, given, arena, w);
    return apart(w, best);
}

CLAIM(sp_ridge, IDENTITY,
      "The one minimizer of a ridge cost is (Phi'Phi + N lambda I)^-1 Phi't")
{
    double lambda = 0.05;
    struct data d = build_data(claim, 8, 12, 6);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(claim_arena(claim), 12), best = arena_vec(claim_arena(claim), 12);
    /* Normal equations of condition (1 + lambda) / lambda = 21; ||w|| is a few units.
     */
    double limit = rounding(12 * 21, 10);
    evidence(claim, "gap to LAPACK's",
             at_most(gap_of_ridge(claim, d, lambda, lambda), limit));

    sp_ridge_fit(d.Phi, d.t, lambda, claim_arena(claim), best);
    sp_tikhonov(lambda, &d.q); /* the slowest factor is now 0.95 */
    for (int start = 0; start < 2; start++) {
        copy(normal_vec(claim_arena(claim), &rng, 12), w);
        gd_run(d.q, 0.9, 3 * STEPS, w, d.grad);
        evidence(claim, "end of descent, any start",
                 at_most(apart(w, best), drift(d, 3 * STEPS, w, best)));
    }
    control(claim, "as printed, without the N",
            at_most(gap_of_ridge(claim, d, lambda / 8, lambda), limit));
}

enum { LAMBDAS = 9 };

/* ||w_lambda - Phi^+ t|| for lambda from 10^-2 down to 10^-4, where the penalty is
 * lambda/2 ||w - center||^2.  Phi^+ t is LAPACK's. */
static void distances(struct claim *claim, struct data d, vec center, double *lambdas,
                      double *distance)
{
    struct arena *arena = claim_arena(claim);
    vec least = arena_vec(arena, d.D), w = arena_vec(arena, d.D);
    route_min_norm(d.Phi, d.t, least);
    for (int i = 0; i < LAMBDAS; i++) {
        lambdas[i] = pow(10, -2 - 0.25 * i);
        least_squares(d.Phi, d.t, &d.q);
        sp_tikhonov(lambdas[i], &d.q);
        axpy(-lambdas[i], center, d.q.b);
        sp_minimum(d.q, arena, w);
        distance[i] = apart(w, least);
    }
}

CLAIM(sp_ridge_limit, RATE,
      "The ridge solution tends to Phi^+ t, from a distance in proportion to lambda")
{
    struct data d = build_data(claim, 8, 12, 6);
    struct rng rng = claim_rng(claim, 1);
    double lambdas[LAMBDAS], distance[LAMBDAS], gap = 0;
    vec zero = arena_vec(claim_arena(claim), 12);
    distances(claim, d, zero, lambdas, distance);
    /* Along v_j it is c_j lambda / (a_j + lambda): c_j lambda / a_j, but for a factor
     * between 1 and 1.1, as a_j >= 0.1 whatever is drawn; its log10 is at most 0.0414.
     * A bend of that height changes the slope of a line through L = 2 decades by 3/2 of
     * it over L at most: by sum |x| / sum 2x^2 over the points, which is less. */
    double half = 1.5 * 0.0414 / 2;
    evidence(claim, "power of lambda",
             slope_is(fit_power(LAMBDAS, lambdas, distance), 1, half, 0.5));
    for (int i = 0; i < LAMBDAS; i++) {
        double sum = 0;
        for (int j = 0; j < d.a.n; j++)
            sum = hypot(sum, d.c.at[j] * lambdas[i] / (d.a.at[j] + lambdas[i]));
        gap = worst(gap, fabs(distance[i] / sum - 1));
    }
    /* The condition is 10^4, and the distance 10^-4 of the solution or more. */
    evidence(claim, "gap to the law, relative", at_most(gap, rounding(12e4, 1) / 1e-4));
    distances(claim, d, normal_vec(claim_arena(claim), &rng, 12), lambdas, distance);
    control(claim, "a penalty around elsewhere",
            slope_is(fit_power(LAMBDAS, lambdas, distance), 1, half, 0.5));
}

/* ---- Early stopping ---------------------------------------------------------------
 */

/* The largest |<v_j, w> - share(a_j) c_j|, after k steps from zero, or, where k is 0,
 * of the ridge solution.  They are run with a rate and a penalty `bent` times as large
 * as those of the shares. */
static double gap_to_filter(struct claim *claim, struct data d, double alpha, int k,
                            double lambda, double bent)
{
    vec w = arena_vec(claim_arena(claim), d.D);
    double gap = 0;
    if (k > 0)
        gd_run(d.q, bent * alpha, k, w, d.grad);
    else
        sp_ridge_fit(d.Phi, d.t, bent * lambda, claim_arena(claim), w);
    for (int j = 0; j < d.D; j++) {
        double a = j < d.a.n ? d.a.at[j] : 0, c = j < d.a.n ? d.c.at[j] : 0;
        double share = k > 0 ? sp_gd_filter(a, alpha, k) : sp_ridge_filter(a, lambda);
        gap = worst(gap, fabs(dot(row(d.V, j), w) - share * c));
    }
    return gap;
}

CLAIM(sp_filters, IDENTITY,
      "k steps keep the share 1 - (1 - alpha a)^k, and ridge keeps a / (a + lambda)")
{
    struct data d = build_data(claim, 8, 12, 6);
    double limit = rounding(12 * 100, 1 + norm(d.c)), gap = 0, gap_ridge = 0;
    static const int steps[] = {1, 2, 7, 30, 100};
    for (int i = 0; i < 5; i++) {
        gap = worst(gap, gap_to_filter(claim, d, 0.9, steps[i], 0, 1));
        gap = worst(gap, gap_to_filter(claim, d, 1.7, steps[i], 0, 1));
        double lambda = 1 / (0.9 * steps[i]);
        gap_ridge = worst(gap_ridge, gap_to_filter(claim, d, 0, 0, lambda, 1));
    }
    evidence(claim, "gap, descent", at_most(gap, limit));
    evidence(claim, "gap, ridge", at_most(gap_ridge, limit));
    control(claim, "a rate 1 % off",
            at_most(gap_to_filter(claim, d, 0.9, 7, 0, 1.01), limit));
    control(claim, "a penalty 1 % off",
            at_most(gap_to_filter(claim, d, 0, 0, 0.1, 1.01), limit));
}

/* (1 - e^-x) (1 + factor / x): the share of flow after time x / a over that of ridge,
 * lambda = factor / time. */
static ball share_ratio(double factor, ball x)
{
    ball flow = ball_neg(ball_expm1(ball_neg(x)));
    ball over_ridge = ball_plus(ball_div(ball_number(x.in, factor), x), 1);
    return ball_mul(flow, over_ridge);
}

/* The same for all x in [1/4, 4], in pieces of 2^-13. */
static ball share_ratios(struct balls *balls, double factor)
{
    ball all = share_ratio(factor, ball_number(balls, 1));
    for (int i = 1 << 11; i < 1 << 15; i++) {
        int mark = balls->used;
        ball piece = ball_between(balls, ldexp(i, -13), ldexp(i + 1, -13));
        ball_join(all, share_ratio(factor, piece));
        balls->used = mark;
    }
    return all;
}

enum { SHARES = 61 };

/* What k steps at the rate 1 find of coefficients 1 at the curvatures x / k. */
static void run_shares(struct claim *claim, const double *x, int k, vec w)
{
    vec grad = arena_vec(claim_arena(claim), SHARES);
    struct quadratic q = quadratic_make(claim_arena(claim), SHARES);
    for (int i = 0; i < SHARES; i++)
        row(q.A, i).at[i] = x[i] / k, q.b.at[i] = -x[i] / k;
    gd_run(q, 1, k, w, grad);
}

/* For the figure: shares measured after one step and ten, as far as alpha a <= 1, and
 * those of flow and of ridge. */
static void record_shares(struct claim *claim)
{
    struct series s =
        series_begin(claim, "shares", "x", "one", "ten", "flow", "ridge", NULL);
    vec one = arena_vec(claim_arena(claim), SHARES);
    vec ten = arena_vec(claim_arena(claim), SHARES);
    double x[SHARES];
    for (int i = 0; i < SHARES; i++)
        x[i] = pow(10, -2 + i / 15.0);
    run_shares(claim, x, 1, one);
    run_shares(claim, x, 10, ten);
    for (int i = 0; i < SHARES; i++)
        series_row(&s, (double[]){x[i], x[i] <= 1 ? one.at[i] : NAN,
                                  x[i] <= 10 ? ten.at[i] : NAN, sp_flow_filter(x[i], 1),
                                  sp_ridge_filter(x[i], 1)});
    series_end(&s);
}

CLAIM(sp_flow_constant, PROVED,
      "Gradient flow keeps ridge's share at least, and at most 1.2985 times it")
{
    /* Outside of [1/4, 4] a line of algebra does: the ratio is at most 1 + x, as
     * 1 - e^-x <= x, and at most 1 + 1/x; and at least 1, as e^x >= 1 + x. */
    struct balls balls = balls_make(6000, 64);
    ball ratios = share_ratios(&balls, 1);
    ball peak = share_ratio(1, ball_number(&balls, 1.79328));
    evidence(claim, "30,720 balls, less 1.2984",
             ball_at_most(ball_plus(ratios, -1.2984), 1e-4));
    evidence(claim, "30,720 balls: lower end", ball_at_least(ratios, 1));
    evidence(claim, "x = 1.79328, less 1.2984",
             ball_at_least(ball_plus(peak, -1.2984), 0));
    double gap = 0;
    for (int i = 1 << 5; i < 1 << 9; i++) {
        double x = ldexp(i, -7), ratio = sp_flow_filter(x, 1) / sp_ridge_filter(x, 1);
        gap = worst(gap,
                    ball_distance(share_ratio(1, ball_number(&balls, x)), ratio));
    }
    evidence(claim, "ref/ outside its ball, 480 points", at_most(gap, rounding(1, 1)));
    control(claim, "lambda = 10 / time",
            ball_at_most(ball_plus(share_ratios(&balls, 10), -1.2984), 1e-4));
    balls_free(&balls);
    record_shares(claim);
}

/* G_k, the largest (1 - (1 - x/k)^k) (1 + 1/x) for 0 < x <= k: by golden sections, as
 * it rises and then falls. */
static double most_over_ridge(int k)
{
    double low = 0.1, high = k < 10 ? k : 10, golden = (sqrt(5) - 1) / 2;
    for (int i = 0; i < 100; i++) {
        double x = high - golden * (high - low), y = low + golden * (high - low);
        double at_x = (1 - pow(1 - x / k, k)) * (1 + 1 / x);
        double at_y = (1 - pow(1 - y / k, k)) * (1 + 1 / y);
        *(at_x < at_y ? &low : &high) = at_x < at_y ? x : y;
    }
    return (1 - pow(1 - low / k, k)) * (1 + 1 / low);
}

/* As (1 - x/k)^k >= e^-x (1 - x^2/k), G_k exceeds its limit by the largest x (1 + x)
 * e^-x / k at most, which is less than 0.841 / k; the limit is 1.2984 to four digits. */
static void argue_bounds(struct claim *claim)
{
    double growth = 0;
    for (int k = 1; k < 1024; k *= 2)
        growth = worst(growth, most_over_ridge(2 * k) / most_over_ridge(k));
    evidence(claim, "G_1", at_most(fabs(most_over_ridge(1) - 2), 1e-9));
    evidence(claim, "G_10, to three digits",
             at_most(fabs(most_over_ridge(10) - 1.342), 5e-4));
    evidence(claim, "it falls: G_2k / G_k, to 1024", at_most(growth, 1));
    evidence(claim, "G_1024 - 1.2984",
             at_most(fabs(most_over_ridge(1024) - 1.2984), 0.841 / 1024 + 1e-4));
}

/* What k steps at the rate alpha found along each v_j, over what ridge with
 * lambda = factor / (alpha k) finds: the largest and the least. */
static void compare_with_ridge(struct claim *claim, struct data d, double alpha, int k,
                               double factor, double *most, double *least)
{
    vec w = arena_vec(claim_arena(claim), d.D),
        ridged = arena_vec(claim_arena(claim), d.D);
    gd_run(d.q, alpha, k, w, d.grad);
    sp_ridge_fit(d.Phi, d.t, factor / (alpha * k), claim_arena(claim), ridged);
    *most = 0, *least = INFINITY;
    for (int j = 0; j < d.a.n; j++) {
        double ratio = dot(row(d.V, j), w) / dot(row(d.V, j), ridged);
        *most = worst(*most, ratio);
        *least = fmin(*least, ratio);
    }
}

CLAIM(sp_early_stopping, BOUND,
      "k steps with alpha a <= 1 keep ridge's share at least, and at most G_k of it")
{
    /* Curvatures from 1 down to 10^-2, and targets of ones in the singular coordinates:
     * of a coefficient 1 / sqrt(N a) at least alpha a k >= 10^-2 is found, so that
     * rounding of 12 k operations counts 100-fold. */
    static const int steps[] = {1, 2, 5, 10, 100};
    struct rng rng = claim_rng(claim, 0);
    struct data d =
        build(claim, &rng, 15, 12, geometric_spectrum(claim_arena(claim), 12, 1, 100));
    vec t = arena_vec(claim_arena(claim), 15);
    for (int j = 0; j < 12; j++)
        axpy(1, row(d.U, j), t);
    set_targets(&d, t);
    double slack = rounding(12 * 100, 100), most, least;
    double highest = 0, lowest = INFINITY;
    for (int i = 0; i < 5; i++) {
        compare_with_ridge(claim, d, 1, steps[i], 1, &most, &least);
        highest = worst(highest, most / most_over_ridge(steps[i]));
        lowest = fmin(lowest, least);
    }
    evidence(claim, "ratio, of G_k", at_most(highest, 1 + slack));
    evidence(claim, "the same: k = 1 takes all of 2", at_least(highest, 1 - slack));
    evidence(claim, "ratio, at its least", at_least(lowest, 1 - slack));
    argue_bounds(claim);
    compare_with_ridge(claim, d, 1, 10, 10, &most, &least);
    control(claim, "lambda = 10 / (alpha k)",
            at_most(most / most_over_ridge(10), 1 + slack));
    compare_with_ridge(claim, d, 1.9, 2, 1, &most, &least);
    control(claim, "alpha a = 1.9", at_least(least, 1 - slack));
}

/* The risk E||w - w_true||^2 of a method that is linear in the targets, w = M t, for
 * t = Phi w_true + noise:  ||(M Phi - I) w_true||^2 + sigma^2 ||M||^2. */
static double risk(struct claim *claim, struct data d, mat Mt, vec w_true, double sigma)
{
    vec t = arena_vec(claim_arena(claim), d.N), w = arena_vec(claim_arena(claim), d.D);
    gemv(1, d.Phi, w_true, 0, t);
    gemtv(1, Mt, t, 0, w);
    return pow(apart(w, w_true), 2) + pow(sigma * norm(entries(Mt)), 2);
}

/* The rows of M' are what the method makes of the targets e_1, e_2, ...: here k steps
 * from zero at the rate 1, and ridge. */
static void maps(struct claim *claim, struct data d, int k, double lambda, mat *descent,
                 mat *ridged)
{
    struct arena *arena = claim_arena(claim);
    vec e = arena_vec(arena, d.N);
    *descent = arena_mat(arena, d.N, d.D), *ridged = arena_mat(arena, d.N, d.D);
    for (int i = 0; i < d.N; i++) {
        fill(0, e);
        e.at[i] = 1;
        set_targets(&d, e);
        gd_run(d.q, 1, k, row(*descent, i), d.grad);
        sp_ridge_fit(d.Phi, d.t, lambda, arena, row(*ridged, i));
    }
}

/* The largest risk of k steps over that of ridge, for noise from little to much. */
static double risk_ratio(struct claim *claim, struct data d, vec w_true, int k,
                         double lambda)
{
    static const double sigmas[] = {0.1, 1, 10, 100};
    size_t mark = claim_arena(claim)->used;
    mat descent, ridged;
    double most = 0;
    maps(claim, d, k, lambda, &descent, &ridged);
    for (int i = 0; i < 4; i++)
        most = worst(most, risk(claim, d, descent, w_true, sigmas[i]) /
                               risk(claim, d, ridged, w_true, sigmas[i]));
    claim_arena(claim)->used = mark;
    return most;
}

CLAIM(sp_early_risk, BOUND,
      "Stopped after k steps its risk is at most G_k^2 times that of ridge")
{
    enum { N = 12, D = 6 };
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    struct data d = build(claim, &rng, N, D, geometric_spectrum(arena, D, 1, 30));
    vec w_true = normal_vec(claim_arena(claim), &rng, D), zero = arena_vec(arena, D);
    static const int steps[] = {1, 3, 10, 100};
    double most = 0;
    for (int i = 0; i < 4; i++)
        most = worst(most, risk_ratio(claim, d, w_true, steps[i], 1.0 / steps[i]) /
                               pow(most_over_ridge(steps[i]), 2));
    evidence(claim, "risk over ridge's, of G_k^2", at_most(most, 1));

    /* Nothing to learn, and all curvatures where the ratio of flow is largest. */
    vec even = arena_vec(arena, D);
    fill(1.79328 / 500, even);
    struct data tight = build(claim, &rng, N, D, even);
    double ratio = risk_ratio(claim, tight, zero, 500, 1.0 / 500);
    double bound = pow(most_over_ridge(500), 2);
    struct balls balls = balls_make(100, 64);
    ball g = share_ratios(&balls, 1);
    evidence(claim, "flow: g^2 on 30,720 balls", ball_at_most(ball_mul(g, g), 1.6860));
    balls_free(&balls);
    evidence(claim, "pure noise, 500 steps", at_least(ratio, 1.6859));
    evidence(claim, "the same, of G_500^2",
             at_most(ratio / bound, 1 + rounding(500, 6)));
    /* With ten times the penalty ridge keeps less of the noise than flow by up to 9. */
    control(claim, "lambda = 10 / (alpha k), noise",
            at_most(risk_ratio(claim, d, zero, 10, 1) / pow(most_over_ridge(10), 2),
                    1));
}

/* ---- Two ways to shrink weights ---------------------------------------------------
 */

/* 100 steps on the penalized cost, and 100 of the plain one with decay: how far apart?
 */
static double gap_of_decay(struct claim *claim, struct data d, double penalty,
                           double lambda)
{
    struct rng rng = claim_rng(claim, 1);
    vec x = normal_vec(claim_arena(claim), &rng, d.D), y = arena_vec(claim_arena(claim), d.D);
    copy(x, y);
    for (int k = 0; k < 100; k++) {
        quadratic_gradient(d.q, x, d.grad);
        penalize_weights(penalty, x, d.grad);
        gd_update(0.7, d.grad, x);
        quadratic_gradient(d.q, y, d.grad);
        decay_weights(0.7, lambda, y);
        gd_update(0.7, d.grad, y);
    }
    return apart(x, y);
}

CLAIM(sp_decay, IDENTITY,
      "For gradient descent, a penalty is the same as weight decay")
{
    struct arena *arena = claim_arena(claim);
    struct data d = build_data(claim, 8, 12, 6);
    vec w = arena_vec(arena, 12), best = arena_vec(arena, 12);
    double limit = rounding(12 * 100, 10);
    evidence(claim, "apart after 100 steps",
             at_most(gap_of_decay(claim, d, 0.3, 0.3), limit));
    for (int k = 0; k < STEPS; k++) { /* 1 - 0.7 * 0.3 = 0.79 is the slowest factor */
        quadratic_gradient(d.q, w, d.grad);
        decay_weights(0.7, 0.3, w);
        gd_update(0.7, d.grad, w);
    }
    nearest_minimizer(d, best, best);
    for (int j = 0; j < d.a.n; j++)
        axpy(-d.c.at[j] * 0.3 / (d.a.at[j] + 0.3), row(d.V, j), best);
    evidence(claim, "end, to the ridge solution",
             at_most(apart(w, best), rounding(12 * STEPS, 10)));
    control(claim, "as printed, (lambda/2) lambda",
            at_most(gap_of_decay(claim, d, 0.3 * 0.3, 0.3), limit));
}

enum { TARGETS = 16, ADAM_STEPS = 20000 };

/* J(w) = sum of a_i/2 (w_i - w*_i)^2, and where a run on it ended. */
struct separate {
    double a[TARGETS], w_star[TARGETS], w[TARGETS];
};

/* Adam from zero with a rate that falls as 0.1 / sqrt(k), with a penalty or with decay
 * of lambda.  w*_i = -3.75, -3.25, ..., 3.75; a_i is 1, or spread around it. */
static struct separate run_separate(struct claim *claim, double spread, double lambda,
                                bool decoupled)
{
    struct separate x = {0};
    struct adam adam = adam_make(claim_arena(claim), TARGETS, 0.9, 0.99, 1e-8);
    vec grad = arena_vec(claim_arena(claim), TARGETS), w = {TARGETS, x.w};
    for (int i = 0; i < TARGETS; i++) {
        x.a[i] = pow(spread, (double)(i * 5 % TARGETS) / (TARGETS - 1) - 0.5);
        x.w_star[i] = -3.75 + 0.5 * i;
    }
    for (int k = 1; k <= ADAM_STEPS; k++) {
        for (int i = 0; i < TARGETS; i++)
            grad.at[i] = x.a[i] * (w.at[i] - x.w_star[i]);
        if (!decoupled)
            penalize_weights(lambda, w, grad);
        adamw_step(&adam, 0.1 / sqrt(k), decoupled ? lambda : 0, grad, w);
    }
    return x;
}

static double penalized_optimum(const struct separate *x, int i, double lambda)
{
    return x->a[i] * x->w_star[i] / (x->a[i] + lambda);
}

/* The minimizer of the plain cost over the box |w_i| <= 1 / lambda. */
static double box_optimum(const struct separate *x, int i, double lambda)
{
    return fmin(fmax(x->w_star[i], -1 / lambda), 1 / lambda);
}

static double gap_of_adam(struct claim *claim, double spread, double lambda,
                          bool decoupled,
                          double (*optimum)(const struct separate *, int, double))
{
    struct separate x = run_separate(claim, spread, lambda, decoupled);
    double gap = 0;
    for (int i = 0; i < TARGETS; i++)
        gap = worst(gap, fabs(x.w[i] - optimum(&x, i, lambda)));
    return gap;
}

/* m^ is never more than (1 - beta1) / sqrt(1 - beta2) = 1 times the root of v^, and
 * remembers 1 / (1 - beta1) = 10 steps: Adam overshoots by 10 of its longest steps at
 * most, 0.007 with the last rate.  [Kingma, Ba 2015, section 2.1]  What the start left
 * is less: the rates add up to 28, and decay takes exp(-28 lambda) of it. */
static double reach_of_adam(void) { return 10 * 0.1 / sqrt(ADAM_STEPS); }

CLAIM(sp_adam_penalty, IDENTITY,
      "Adam on a separable penalized cost ends at its optimum, a w* / (a + lambda)")
{
    evidence(claim, "gap to it, lambda = 1",
             at_most(gap_of_adam(claim, 1, 1, false, penalized_optimum),
                     reach_of_adam()));
    evidence(claim, "gap to it, lambda = 1/2",
             at_most(gap_of_adam(claim, 1, 0.5, false, penalized_optimum),
                     reach_of_adam()));
    evidence(claim, "curvatures from 1/2 to 2",
             at_most(gap_of_adam(claim, 4, 1, false, penalized_optimum),
                     reach_of_adam()));
    control(claim, "literal decay in its place",
            at_most(gap_of_adam(claim, 1, 1, true, penalized_optimum),
                    reach_of_adam()));
}

CLAIM(sp_adamw, IDENTITY,
      "Adam with literal decay ends at the minimum over the box |w_i| <= 1 / lambda")
{
    struct series s = series_begin(claim, "decay", "w_star", "adamw", "penalty", NULL);
    struct separate decayed = run_separate(claim, 1, 1, true);
    struct separate penalized = run_separate(claim, 1, 1, false);
    for (int i = 0; i < TARGETS; i++)
        series_row(&s, (double[]){decayed.w_star[i], decayed.w[i], penalized.w[i]});
    series_end(&s);
    evidence(claim, "gap to it, lambda = 1",
             at_most(gap_of_adam(claim, 1, 1, true, box_optimum), reach_of_adam()));
    evidence(claim, "gap to it, lambda = 1/2",
             at_most(gap_of_adam(claim, 1, 0.5, true, box_optimum), reach_of_adam()));
    evidence(claim, "curvatures from 1/2 to 2",
             at_most(gap_of_adam(claim, 4, 1, true, box_optimum), reach_of_adam()));
    control(claim, "a penalty in its place",
            at_most(gap_of_adam(claim, 1, 1, false, box_optimum), reach_of_adam()));
}

/* ---- Another metric ---------------------------------------------------------------
 */

CLAIM(sp_metric, IDENTITY,
      "Preconditioned by P, descent from zero ends at P Phi'(Phi P Phi')^-1 t")
{
    enum { N = 5, D = 12 };
    struct arena *arena = claim_arena(claim);
    struct data d = build_data(claim, N, D, N);
    struct rng rng = claim_rng(claim, 1);
    mat R = arena_mat(arena, D, D), P = arena_mat(arena, D, D);
    vec w = arena_vec(arena, D), limit_w = arena_vec(arena, D), z = arena_vec(arena, D);
    rng_rotation(&rng, arena, R);
    for (int j = 0; j < D; j++) /* L' = the rows of R, scaled, and P = L L' */
        scale(pow(5, -0.5 * j / (D - 1)), row(R, j));
    gram(1, R, P);
    run_preconditioned(d, P, 5 * STEPS, w); /* the slowest factor: 1 - 0.1 / 5 */
    sp_preconditioned_limit(d.Phi, d.t, P, arena, limit_w);
    double limit = drift(d, 5 * STEPS, w, w);
    evidence(claim, "end of 2,000 steps", at_most(apart(w, limit_w), limit));

    /* With w = L z it is the least norm of z: LAPACK's, on the features Phi L. */
    mat Phi_L = arena_mat(arena, N, D);
    gemm(1, AS_IS, d.Phi, TRANSPOSED, R, 0, Phi_L);
    route_min_norm(Phi_L, d.t, z);
    gemtv(1, R, z, 0, limit_w);
    evidence(claim, "the same, to LAPACK's", at_most(apart(w, limit_w), limit));
    fill(0, w);
    gd_run(d.q, 1, 5 * STEPS, w, d.grad);
    control(claim, "plain descent, where P is I", at_most(apart(w, limit_w), limit));
}

enum { FEW = 20, MANY = 40 };

/* FEW examples with MANY features of variances from 3 down to 0.2. */
struct population {
    mat Phi, P;
    vec variance;
    mat Mt; /* FEW x MANY: the transpose of M, for w = M t */
};

/* P := Sigma^-theta, and the map from targets to where descent with P ends. */
static void use_metric(struct claim *claim, struct population *x, double theta)
{
    vec e = arena_vec(claim_arena(claim), FEW);
    for (int j = 0; j < MANY; j++)
        row(x->P, j).at[j] = pow(x->variance.at[j], -theta);
    for (int i = 0; i < FEW; i++) {
        fill(0, e);
        e.at[i] = 1;
        sp_preconditioned_limit(x->Phi, e, x->P, claim_arena(claim), row(x->Mt, i));
    }
}

static struct population draw(struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct population x = {arena_mat(arena, FEW, MANY), arena_mat(arena, MANY, MANY),
                           geometric_spectrum(arena, MANY, 3, 15),
                           arena_mat(arena, FEW, MANY)};
    rng_normals(rng, 0, 1, entries(x.Phi));
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < MANY; j++)
            row(x.Phi, i).at[j] *= sqrt(x.variance.at[j]);
    return x;
}

/* What noise of variance 1 adds to the squared error, tr(S M M'), on new examples of the
 * covariance S = Sigma^power: 1 for those of the same population. */
static double from_noise(struct population x, double power)
{
    double sum = 0;
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < MANY; j++)
            sum += pow(x.variance.at[j], power) * pow(row(x.Mt, i).at[j], 2);
    return sum;
}

/* What a true w, normal with the covariance Sigma^power / MANY, adds: the mean of
 * ||(M Phi - I) w||^2 in the norm of Sigma.  No direction is preferred if power is 0. */
static double from_truth(struct claim *claim, struct population x, double power)
{
    mat E = arena_mat(claim_arena(claim), MANY, MANY);
    double sum = 0;
    gemm(1, TRANSPOSED, x.Mt, AS_IS, x.Phi, 0, E);
    for (int i = 0; i < MANY; i++)
        for (int j = 0; j < MANY; j++)
            sum += x.variance.at[i] * pow(row(E, i).at[j] - (i == j), 2) *
                   pow(x.variance.at[j], power) / MANY;
    return sum;
}

/* The mean squared test error over `draws` true weights without noise, or noises of
 * variance 1 without anything to learn. */
static double sampled(struct claim *claim, struct rng *rng, struct population x,
                      bool noise, int draws)
{
    size_t mark = claim_arena(claim)->used;
    vec t = arena_vec(claim_arena(claim), FEW), w = arena_vec(claim_arena(claim), MANY);
    vec truth = arena_vec(claim_arena(claim), MANY);
    double sum = 0;
    for (int k = 0; k < draws; k++) {
        if (noise) {
            rng_normals(rng, 0, 1, t);
        } else {
            rng_normals(rng, 0, 1 / sqrt(MANY), truth);
            gemv(1, x.Phi, truth, 0, t);
        }
        gemtv(1, x.Mt, t, 0, w);
        for (int j = 0; j < MANY; j++)
            sum += x.variance.at[j] * pow(w.at[j] - truth.at[j], 2) / draws;
    }
    claim_arena(claim)->used = mark;
    return sum;
}

/* For the figure. */
static void record_metrics(struct claim *claim, struct rng *rng, struct population x)
{
    struct series s = series_begin(claim, "metrics", "theta", "noise", "truth",
                                   "noise_sampled", "truth_sampled", NULL);
    for (int i = -10; i <= 20; i++) {
        size_t mark = claim_arena(claim)->used;
        use_metric(claim, &x, i / 10.0);
        double noise = from_noise(x, 1), truth = from_truth(claim, x, 0);
        series_row(&s,
                   (double[]){i / 10.0, noise, truth,
                              i % 5 == 0 ? sampled(claim, rng, x, true, 300) : NAN,
                              i % 5 == 0 ? sampled(claim, rng, x, false, 300) : NAN});
        claim_arena(claim)->used = mark;
    }
    series_end(&s);
}

enum { THETAS = 10, SAMPLES = 5 };
static const double thetas[THETAS] = {-1, -0.5, 0, 0.1, 0.5, 0.9, 1, 1.1, 1.5, 2};

/* What noise adds for the metric Sigma^-1, of what it adds for the others, and what
 * truth adds for I, of the same: the largest over the thetas. */
struct best {
    double noise, truth;
};

/* The new examples and the truth have the covariances Sigma^tested, Sigma^prior. */
static struct best compare_metrics(struct claim *claim, struct population x,
                                   double tested, double prior)
{
    double noise[THETAS], truth[THETAS];
    struct best most = {0, 0};
    for (int i = 0; i < THETAS; i++) {
        size_t mark = claim_arena(claim)->used;
        use_metric(claim, &x, thetas[i]);
        noise[i] = from_noise(x, tested), truth[i] = from_truth(claim, x, prior);
        claim_arena(claim)->used = mark;
    }
    for (int i = 0; i < THETAS; i++) {
        if (thetas[i] != 1)
            most.noise = worst(most.noise, noise[6] / noise[i]);
        if (thetas[i] != 0)
            most.truth = worst(most.truth, truth[2] / truth[i]);
    }
    return most;
}

CLAIM(sp_metric_risk, BOUND,
      "Sigma^-1 is the best metric against noise, and I for truth without direction")
{
    /* Both hold for any sample: M Phi = I on the row space, and Gauss and Markov's, or
     * Bayes', argument gives the best such M. */
    struct rng rng = claim_rng(claim, 0);
    struct population x;
    struct best most = {0, 0};
    for (int sample = 0; sample < SAMPLES; sample++) {
        x = draw(claim, &rng);
        struct best next = compare_metrics(claim, x, 1, 0);
        most.noise = worst(most.noise, next.noise);
        most.truth = worst(most.truth, next.truth);
    }
    evidence(claim, "noise: theta = 1, of any other's", at_most(most.noise, 1));
    evidence(claim, "the same, of 0.9 or 1.1", at_least(most.noise, 0.95));
    evidence(claim, "truth: theta = 0, of any other's", at_most(most.truth, 1));
    evidence(claim, "the same, of 0.1", at_least(most.truth, 0.95));
    struct best elsewhere = compare_metrics(claim, x, -1, -2);
    control(claim, "noise, new examples of Sigma^-1", at_most(elsewhere.noise, 1));
    control(claim, "truth of covariance Sigma^-2", at_most(elsewhere.truth, 1));
    record_metrics(claim, &rng, x);
}

CHAPTER(stationary_point, &sp_solutions, &sp_limit, &sp_start, &sp_nearest,
        &sp_min_norm, &sp_pinv, &sp_pinv_spectral, &sp_pinv_inverse, &sp_pinv_normal,
        &sp_ridge, &sp_ridge_limit, &sp_filters, &sp_flow_constant, &sp_early_stopping,
        &sp_early_risk, &sp_decay, &sp_adam_penalty, &sp_adamw, &sp_metric,
        &sp_metric_risk)
