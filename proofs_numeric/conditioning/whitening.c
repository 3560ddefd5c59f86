#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/bisect.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>
#include <stdlib.h>

/* So many examples, and features, unless a claim says otherwise. */
enum { N = 40, D = 8 };

/* Z := X Sigma^-1/2, the symmetric root, through LAPACK's eigenvectors.  X: centred. */
static mat whitened_by_symmetric_root(struct claim *claim, mat X, mat Sigma)
{
    int n = X.cols;
    struct arena *arena = claim_arena(claim);
    mat Q = arena_mat(arena, n, n), W = arena_mat(arena, n, n);
    mat Z = arena_mat(arena, X.rows, n);
    vec s = arena_vec(arena, n);
    route_eigen(Sigma, s, Q);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int l = 0; l < n; l++)
                W.at[i * n + j] += Q.at[i * n + l] * Q.at[j * n + l] / sqrt(s.at[l]);
    for (int i = 0; i < X.rows; i++)
        for (int j = 0; j < n; j++)
            for (int l = 0; l < n; l++)
                Z.at[i * n + j] += X.at[i * n + l] * W.at[l * n + j];
    return Z;
}

/* How far the predictions after one step, alpha = 1, are from LAPACK's best ones. */
static double off_after_one_step(struct claim *claim, mat X, vec t, vec best)
{
    struct arena *arena = claim_arena(claim);
    mat Phi = with_one(claim, X);
    struct quadratic q = quadratic_make(arena, Phi.cols);
    vec w = arena_vec(arena, Phi.cols), grad = arena_vec(arena, Phi.cols);
    vec y = arena_vec(arena, Phi.rows);
    least_squares(Phi, t, &q);
    gd_step(q, 1, w, grad);
    gemv(1, Phi, w, 0, y);
    return gap_between(y, best);
}

CLAIM(cn_whitened, IDENTITY, "Whitened by any root of Sigma, data take one step")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 3);
    vec v = geometric_spectrum(arena, D, 2, 100), t = arena_vec(arena, N);
    vec w = arena_vec(arena, D + 1), best = arena_vec(arena, N);
    mat Sigma = arena_mat(arena, D, D), S = correlated(claim, v);
    struct features f = known_features(claim, N, signs(claim, D, 2), S);
    for (int i = 0; i < D * D; i++)
        for (int l = 0; l < D; l++)
            Sigma.at[i] += S.at[i / D * D + l] * S.at[i % D * D + l];
    rng_normals(&rng, 0, 1, t);
    route_min_norm(with_one(claim, f.X), t, w);
    for (int i = 0; i < N; i++) {
        best.at[i] = w.at[D];
        for (int j = 0; j < D; j++)
            best.at[i] += w.at[j] * f.X.at[i * D + j];
    }
    /* Inverting S S' magnifies what rounding did to Sigma, N eps (||mu||^2 +
     * ||Sigma||), by 1 / 0.02 at most. */
    double limit = rounding(N, (4 * D + 2) / 0.02), far = limit * norm(t);
    mat by_cholesky = whitened(claim, f.X);
    mat C = centred(claim, f.X), by_root = whitened_by_symmetric_root(claim, C, Sigma);
    evidence(claim, "kappa - 1", at_most(kappa_of(claim, by_cholesky) - 1, limit));
    evidence(claim, "off after one step, Cholesky",
             at_most(off_after_one_step(claim, by_cholesky, t, best), far));
    evidence(claim, "off after one step, symmetric root",
             at_most(off_after_one_step(claim, by_root, t, best), far));
    control(claim, "kappa - 1, only standardized",
            at_most(kappa_of(claim, standardized(claim, f.X)) - 1, limit));
    control(claim, "off after one step, a Sigma of I",
            at_most(off_after_one_step(claim, C, t, best), far));
}

CLAIM(cn_whiten_uncentred, IDENTITY,
      "Whitened without being centred, kappa is a squared outlier, and may grow")
{
    struct arena *arena = claim_arena(claim);
    vec v = geometric_spectrum(arena, D, 1, 30), mu = arena_vec(arena, D);
    mat S = correlated(claim, v);
    for (int j = 0; j < D; j++)
        mu.at[j] = 2 * S.at[j * D + D - 1] / sqrt(v.at[D - 1]); /* the least variance */
    struct features f = known_features(claim, N, mu, S);
    struct whitening w = cn_whitening_make(arena, D, D);
    mat Z = arena_mat(arena, N, D);
    enum factor_status status = cn_whitening_cholesky(f.X, arena, &w);
    REQUIRE(status == FACTOR_OK, "the covariance is singular");
    gemm(1, AS_IS, f.X, TRANSPOSED, w.W, 0, Z);
    double measured = kappa_of(claim, Z), raw = kappa_of(claim, f.X);
    double predicted = pow(outlier_law(sqrt(precision_along(claim, S, mu))), 2);
    /* W is off by N eps kappa(Sigma) of itself, and the smallest eigenvalue by kappa.
     */
    double limit = rounding(N + D, 30 + predicted);
    evidence(claim, "kappa by the prediction, less 1",
             at_most(fabs(measured / predicted - 1), limit));
    evidence(claim, "kappa before, of kappa after", at_most(raw / measured, 1));
    double good = kappa_of(claim, whitened(claim, f.X));
    control(claim, "centred first", at_most(fabs(good / predicted - 1), limit));
}

/* ---- The ladder ------------------------------------------------------------------ */

/* Gradient descent from 0 at alpha = 1 / a_max, beside what its spectrum predicts. */
struct run {
    struct quadratic q;
    vec a, error_0; /* the spectrum, and the first error along its eigenvectors */
    vec w, w_star, grad;
    double alpha;
};

static struct run run_begin(struct claim *claim, mat X, vec t)
{
    struct arena *arena = claim_arena(claim);
    mat Phi = with_one(claim, X), Q = arena_mat(arena, Phi.cols, Phi.cols);
    int n = Phi.cols;
    struct run r = {.q = quadratic_make(arena, n),
                    .a = arena_vec(arena, n),
                    .error_0 = arena_vec(arena, n),
                    .w = arena_vec(arena, n),
                    .w_star = arena_vec(arena, n),
                    .grad = arena_vec(arena, n)};
    least_squares(Phi, t, &r.q);
    route_eigen(r.q.A, r.a, Q);
    route_min_norm(Phi, t, r.w_star);
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++)
            r.error_0.at[j] -= Q.at[i * n + j] * r.w_star.at[i];
    r.alpha = 1 / top(r.a);
    return r;
}

/* The cost above the least, from the weights, and as predicted for step k. */
static double excess_cost(struct run *r)
{
    double sum = 0;
    for (int i = 0; i < r->w.n; i++)
        for (int j = 0; j < r->w.n; j++)
            sum += row(r->q.A, i).at[j] * (r->w.at[i] - r->w_star.at[i]) *
                   (r->w.at[j] - r->w_star.at[j]);
    return sum / 2;
}

static double predicted_excess(const struct run *r, double k)
{
    double sum = 0;
    for (int j = 0; j < r->a.n; j++) {
        double a = r->a.at[j], error = r->error_0.at[j];
        sum += a / 2 * pow(1 - a / top(r->a), 2 * k) * error * error;
    }
    return sum;
}

enum { MOST_STEPS = 1 << 20 };

/* The first step at which so small a share of the excess is left: run, and predicted.
 */
static int steps_run(struct run *r, double share)
{
    int k = 0;
    fill(0, r->w);
    double goal = share * excess_cost(r);
    for (; k < MOST_STEPS && !(excess_cost(r) <= goal); k++)
        gd_step(r->q, r->alpha, r->w, r->grad);
    return k;
}

struct goal {
    const struct run *run;
    double excess;
};

static double above_goal(const void *context, double k)
{
    const struct goal *goal = context;
    return predicted_excess(goal->run, k) - goal->excess;
}

static int steps_predicted(const struct run *r, double share)
{
    struct goal goal = {r, share * predicted_excess(r, 0)};
    return (int)ceil(bisect(above_goal, &goal, MOST_STEPS, 0));
}

enum { RUNGS = 4 };

/* For the figure: the four runs, at steps 1, 2, 3, 4, 6, 8, ... */
static void record_ladder(struct claim *claim, struct run *rungs)
{
    struct series s =
        series_begin(claim, "ladder", "k", "raw", "raw_law", "centred", "centred_law",
                     "standardized", "standardized_law", "white", "white_law", NULL);
    int done = 0;
    for (int i = 0; i < RUNGS; i++)
        fill(0, rungs[i].w);
    for (double next = 1; next < 40000; next *= pow(2, 1.0 / 3)) {
        int k = (int)floor(next);
        if (k == done)
            continue;
        double values[1 + 2 * RUNGS] = {k};
        for (int i = 0; i < RUNGS; i++) {
            struct run *r = &rungs[i];
            double first = predicted_excess(r, 0);
            gd_run(r->q, r->alpha, k - done, r->w, r->grad);
            values[1 + 2 * i] = excess_cost(r) / first;
            values[2 + 2 * i] = predicted_excess(r, k) / first;
        }
        done = k;
        series_row(&s, values);
    }
    series_end(&s);
}

/* The four rungs: six features that are uncentred, in unlike units and correlated; and
 * what the remedies leave of that, one after the other. */
static void climb(struct claim *claim, struct run *rungs)
{
    enum { FEW = 6 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 3);
    vec sigma = geometric_spectrum(arena, FEW, 2, 10), t = normal_vec(arena, &rng, N);
    vec mu = arena_vec(arena, FEW);
    fill(2, mu);
    mat X = known_features(claim, N, mu, equicorrelated(claim, sigma, 0.8)).X;
    rungs[0] = run_begin(claim, X, t);
    rungs[1] = run_begin(claim, centred(claim, X), t);
    rungs[2] = run_begin(claim, standardized(claim, X), t);
    rungs[3] = run_begin(claim, whitened(claim, X), t);
}

CLAIM(cn_ladder, IDENTITY,
      "The nearer mu is to 0 and Sigma to I, the faster the descent")
{
    if (needs_double(claim, "at the end a step on raw data is less than its rounding"))
        return;
    static const char *const names[] = {"steps less prediction, raw",
                                        "steps less prediction, centred",
                                        "steps less prediction, standardized"};
    static const char *const ratios[] = {"kappa raw, by that of centred",
                                         "kappa centred, by standardized",
                                         "kappa standardized, by white"};
    double share = 1e-6;
    struct run rungs[RUNGS];
    climb(claim, rungs);
    for (int i = 0; i < 3; i++) {
        int off = steps_run(&rungs[i], share) - steps_predicted(&rungs[i], share);
        /* Where the curve crosses the goal, rounding may decide for the next step. */
        evidence(claim, names[i], at_most(abs(off), 1));
        /* All four spectra are known: the ladder's steps are wide under any seed. */
        evidence(claim, ratios[i],
                 at_least(kappa(rungs[i].a) / kappa(rungs[i + 1].a), 4));
    }
    evidence(claim, "steps of white data", at_most(steps_run(&rungs[3], share), 1));
    record_ladder(claim, rungs);
    rungs[1].alpha *= 0.9;
    int late = steps_run(&rungs[1], share) - steps_predicted(&rungs[1], share);
    control(claim, "a rate 10 % less, centred", at_most(abs(late), 1));
}

SECTION(whitening, &cn_whitened, &cn_whiten_uncentred, &cn_ladder);
