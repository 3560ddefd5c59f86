#include "double_descent.h"
#include "double_descent/worlds.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>

CLAIM(dd_norm_bound, BOUND,
      "||Phi^+ t|| <= ||t|| / sigma_min, and equal along its singular vector")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct factored_matrix f = conditioned(arena, &rng, D, 1000);
    vec along = row(f.U, D - 1), w = arena_vec(arena, D), t = arena_vec(arena, D);
    /* kappa = 1000: a fit is known to D eps kappa, and so is sigma_min. */
    double slack = rounding(D * 1e3, 1), most = 0;
    for (int trial = 0; trial < 20; trial++) {
        rng_normals(&rng, 0, 1, t);
        fit(arena, f.A, t, w);
        most = worst(most, norm(w) / norm(t) / 1000);
    }
    evidence(claim, "norm, of the bound, random t", at_most(most, 1 + slack));
    fit(arena, f.A, along, w);
    evidence(claim, "the same, t along the vector",
             at_least(norm(w) / 1000, 1 - slack));
    axpy(-dot(t, along), along, t);
    fit(arena, f.A, t, w);
    control(claim, "t orthogonal to that vector",
            at_least(norm(w) / norm(t) / 1000, 1 - slack));
}

/* The largest entry of X'X off its diagonal. */
static double off_diagonal(struct arena *arena, mat X)
{
    size_t mark = arena->used;
    mat G = arena_mat(arena, X.cols, X.cols);
    double off = 0;
    gram(1, X, G);
    for (int i = 0; i < X.cols; i++)
        for (int j = 0; j < i; j++)
            off = worst(off, fabs(row(G, i).at[j]));
    arena->used = mark;
    return off;
}

/* How far what ref/ fits to the features [X; X_new] T predicts for X_new from LAPACK's
 * predictions of the fit to X alone.  T: D x D. */
static double change(struct arena *arena, mat X, vec t, mat X_new, mat T)
{
    mat XT = arena_mat(arena, X.rows, D), X_newT = arena_mat(arena, X_new.rows, D);
    vec w = arena_vec(arena, D), y = arena_vec(arena, X_new.rows);
    gemm(1, AS_IS, X, AS_IS, T, 0, XT);
    gemm(1, AS_IS, X_new, AS_IS, T, 0, X_newT);
    route_min_norm(X, t, w);
    gemv(1, X_new, w, 0, y);
    fit(arena, XT, t, w);
    gemv(-1, X_newT, w, 1, y);
    return norm(y);
}

CLAIM(dd_eigenbasis, IDENTITY,
      "X'X may be taken to be diagonal, once the features are rotated")
{
    static const int examples[] = {60, 20};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X_new = normal_mat(arena, &rng, 30, D), G = arena_mat(arena, D, D);
    mat Q = arena_mat(arena, D, D);
    vec values = arena_vec(arena, D), s = arena_vec(arena, D);
    for (int e = 0; e < 2; e++) {
        int N = examples[e], rank = N < D ? N : D;
        struct trial x = trial_make(arena, N);
        mat rotated = arena_mat(arena, N, D);
        draw_trial(&rng, 1, &x);
        gram(1, x.Phi, G);
        route_eigen(G, values, Q);
        gemm(1, AS_IS, x.Phi, AS_IS, Q, 0, rotated);
        route_singular(x.Phi, (vec){rank, s.at});
        double diagonal = rounding(N * D, values.at[D - 1]);
        /* A fit is known to (N + D) eps kappa^2 at worst; it is multiplied by X_new. */
        double kappa = s.at[0] / s.at[rank - 1];
        double same = rounding((N + D) * kappa * kappa,
                               norm(entries(X_new)) * norm(x.noise) / s.at[rank - 1]);
        evidence(claim,
                 e == 0 ? "N = 60: off the diagonal" : "N = 20: off the diagonal",
                 at_most(off_diagonal(arena, rotated), diagonal));
        evidence(claim, e == 0 ? "N = 60: new predictions" : "N = 20: new predictions",
                 at_most(change(arena, x.Phi, x.noise, X_new, Q), same));
        if (N < D) {
            control(claim, "off the diagonal, not rotated",
                    at_most(off_diagonal(arena, x.Phi), diagonal));
            scale(0.1, row(Q, 0));
            control(claim, "rotated, and a feature shrunk",
                    at_most(change(arena, x.Phi, x.noise, X_new, Q), same));
        }
    }
}

/* ---- How small they get ---------------------------------------------------------- */

/* The least and the largest singular value of an N x cols Gaussian matrix with so large
 * a mean, the last column of which is constant if `intercept`. */
struct range {
    double least, largest;
};

static struct range singular_range(struct rng *rng, struct arena *arena, int N,
                                   int cols, double mean, bool intercept)
{
    size_t mark = arena->used;
    mat X = arena_mat(arena, N, cols);
    vec s = arena_vec(arena, N < cols ? N : cols);
    rng_normals(rng, mean, 1, entries(X));
    for (int i = 0; i < N && intercept; i++)
        row(X, i).at[cols - 1] = 1;
    route_singular(X, s);
    arena->used = mark;
    return (struct range){s.at[s.n - 1], s.at[0]};
}

/* The extremes of `count` matrices N x D, by their bounds: below and above 1. */
static struct range of_bounds(struct claim *claim, int N, int count, double mean,
                              double s)
{
    struct rng rng = claim_rng(claim, (uint64_t)N);
    double edge = fabs(sqrt(N) - sqrt(D)), above = 0, below_it = 0;
    for (int i = 0; i < count; i++) {
        struct range r = singular_range(&rng, claim_arena(claim), N, D, mean, false);
        above = worst(above, r.largest / (sqrt(N) + sqrt(D) + s));
        below_it = worst(below_it, fmax(edge - s, 0) / r.least);
    }
    return (struct range){below_it, above};
}

CLAIM(dd_singular_values, BOUND,
      "Gaussian singular values lie in |sqrt N - sqrt D| - s to sqrt N + sqrt D + s")
{
    enum { DRAWN = 50 };
    /* [Davidson, Szarek 2001, theorem II.13]; a share of 1e-9 for all matrices. */
    double s = sqrt(2 * log(2 * 2 * DRAWN / 1e-9));
    struct range tall = of_bounds(claim, 8 * D, DRAWN, 0, s);
    struct range square = of_bounds(claim, D, DRAWN, 0, s);
    evidence(claim, "N = 8D: largest, of the bound", at_most(tall.largest, 1));
    evidence(claim, "N = 8D: bound, of the least", at_most(tall.least, 1));
    evidence(claim, "N = D: largest, of the bound", at_most(square.largest, 1));
    /* Their means are within D^-1/6 = 0.5 of the edges, s = 0, or little more.  By the
     * same theorem one matrix misses by 1.4 with probability 0.38, and so all fifty
     * miss by 2 with 1e-20. */
    double edge = sqrt(8 * D) + sqrt(D), low = sqrt(8 * D) - sqrt(D);
    evidence(claim, "N = 8D: the same, from below",
             at_least(tall.largest, (edge - 2) / (edge + s)));
    evidence(claim, "bound, of the least, from below",
             at_least(tall.least, (low - s) / (low + 2)));
    control(claim, "features with mean 1",
            at_most(of_bounds(claim, 8 * D, 10, 1, s).largest, 1));
}

enum { SIDE = D / 2, DRAWN_LEAST = 500 };

/* Logarithms of the least singular value at one N.  They are skewed, to -1.5 where Phi
 * is square; but 500 of them, of deviation 1.2 at most, have a mean that is known to
 * 0.06, and what is claimed lies some ten of these away from Student's six. */
static void sample_least(struct claim *claim, int N, bool intercept, double *sample)
{
    struct rng rng = claim_rng(claim, (uint64_t)N + 1000 * intercept);
    for (int i = 0; i < DRAWN_LEAST; i++)
        sample[i] = log(
            singular_range(&rng, claim_arena(claim), N, SIDE + intercept, 0, intercept)
                .least);
}

/* By how much the logarithm is larger at one N than at another. */
static struct finding larger(struct claim *claim, int N, int other, bool intercept,
                             double limit)
{
    double a[DRAWN_LEAST], b[DRAWN_LEAST];
    sample_least(claim, N, intercept, a);
    sample_least(claim, other, intercept, b);
    for (int i = 0; i < DRAWN_LEAST; i++)
        a[i] -= b[i];
    return effect_at_least(DRAWN_LEAST, a, limit);
}

/* For the figure: the median of the least singular value, and |sqrt N - sqrt D|. */
static void record_least(struct claim *claim)
{
    enum { DRAWN = 51 };
    double drawn[DRAWN];
    struct rng rng = claim_rng(claim, 5000);
    struct series s = series_begin(claim, "least", "N", "least", "edge", NULL);
    for (int N = 3; N <= 3 * SIDE; N += N < SIDE - 3 || N > SIDE + 3 ? 4 : 1) {
        for (int i = 0; i < DRAWN; i++)
            drawn[i] =
                singular_range(&rng, claim_arena(claim), N, SIDE, 0, false).least;
        series_row(&s, (double[]){N, median(DRAWN, drawn), fabs(sqrt(N) - sqrt(SIDE))});
    }
    series_end(&s);
}

CLAIM(dd_least_singular, STATISTIC,
      "The least singular value is least where Phi is square")
{
    record_least(claim);
    evidence(claim, "ln of it at N = D - 5, less at D",
             larger(claim, SIDE - 5, SIDE, false, log(2)));
    evidence(claim, "ln of it at N = D + 5, less at D",
             larger(claim, SIDE + 5, SIDE, false, log(2)));
    evidence(claim, "with a constant: at D, less at D + 1",
             larger(claim, SIDE, SIDE + 1, true, 0));
    evidence(claim, "with a constant: D + 2, less D + 1",
             larger(claim, SIDE + 2, SIDE + 1, true, 0));
    control(claim, "without one: at D, less at D + 1",
            larger(claim, SIDE, SIDE + 1, false, 0));
}

SECTION(singular_values, &dd_norm_bound, &dd_eigenbasis, &dd_singular_values,
        &dd_least_singular);
