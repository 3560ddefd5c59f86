/* Section "Descent, seen from above" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

enum { FEW = 6 };

static double on_a_line(double x, double y) { return fabs(x - y); }

static double on_a_circle(double x, double y) { return fabs(remainder(x - y, 1)); }

/* The least root mean square distance over all n! ways to match x with y, n <= FEW. Way
 * k is read off its digits: in place i, the digit k mod (n - i) says which of the y
 * that are left comes next. */
static double best_match(vec x, vec y, double (*distance)(double x, double y))
{
    double least = INFINITY;
    int n = x.n, orders = 1;
    for (int i = 2; i <= n; i++)
        orders *= i;
    for (int k = 0; k < orders; k++) {
        double left[FEW], sum = 0;
        for (int i = 0; i < n; i++)
            left[i] = y.at[i];
        for (int i = 0, digits = k; i < n; i++) {
            int pick = digits % (n - i);
            digits /= n - i;
            sum += pow(distance(x.at[i], left[pick]), 2);
            left[pick] = left[n - 1 - i];
        }
        least = smallest(least, sqrt(sum / n));
    }
    return least;
}

CLAIM(mf_transport, IDENTITY,
      "On a line, the cheapest transport takes the i-th mass to the i-th")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec x = arena_vec(arena, FEW), y = arena_vec(arena, FEW);
    double most = 0, limit = rounding(FEW, 1);
    for (int trial = 0; trial < 20 * FEW; trial++) {
        vec from = {1 + trial % FEW, x.at}, to = {from.n, y.at};
        rng_uniforms(&rng, 0, 1, from);
        rng_uniforms(&rng, 0, 1, to);
        double in_order = mf_w2_line(from, to, arena); /* before what it is to be */
        most = worst(most, fabs(in_order - best_match(from, to, on_a_line)));
    }
    evidence(claim, "in order, against all n! ways", at_most(most, limit));
    /* All a quarter of a step to the left, the first around the corner. */
    for (int i = 0; i < FEW; i++) {
        x.at[i] = (i + 0.2 * rng_uniform(&rng)) / FEW;
        y.at[i] = x.at[i] - 0.25 / FEW + (i == 0);
    }
    control(claim, "on a circle",
            at_most(fabs(mf_w2_line(x, y, arena) - best_match(x, y, on_a_circle)),
                    limit));
}

/* m particles on a line: tanh(w x) at INPUTS inputs, every output weight 1. */
static struct cloud build_line(struct claim *claim, uint64_t replicate, int m)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct mf_problem p = draw_problem(arena, &rng);
    p.X = arena_mat(arena, INPUTS, 1);
    p.moves = INNER_LAYER;
    struct cloud x = cloud_make(arena, p, m);
    rng_uniforms(&rng, 0.5, 2, entries(p.X));
    rng_uniforms(&rng, 1, 2, p.t); /* out of reach, so that all move */
    rng_uniforms(&rng, -1, 1, entries(x.q.W));
    fill(1, x.q.eta);
    return x;
}

/* How far, at most, a proximal step ends from q + rate tau drift, for each tau.  The
 * step is that of JKO, or with F replaced by its linear term in mu, F + integral of V
 * d(mu' - mu), in which dF stays what it is at mu. */
static void gaps_to_descent(struct cloud *x, bool linear, double rate, int n,
                            const double *tau, double *gaps)
{
    enum { SWEEPS = 25 }; /* each divides the error by 1 / tau or so, tau <= 0.03 */
    struct cloud next = *x, first = *x;
    struct arena room = arena_make(1 << 16);
    next = cloud_make(&room, x->p, x->q.eta.n);
    first = cloud_make(&room, x->p, x->q.eta.n);
    mf_cost(&x->p, x->q, &first.pass);
    mf_drift(&x->p, x->q, &first.pass, first.drift);
    for (int k = 0; k < n; k++) {
        if (!linear)
            mf_jko_step(&x->p, tau[k], SWEEPS, x->q, &next.pass, next.drift, next.q);
        copy(x->q.all, linear ? next.q.all : first.q.all);
        for (int sweep = 0; linear && sweep < SWEEPS; sweep++) {
            mf_forward(&x->p, next.q, &next.pass);
            copy(first.pass.dF, next.pass.dF);
            mf_drift(&x->p, next.q, &next.pass, next.drift);
            copy(x->q.all, next.q.all);
            axpy(tau[k], next.drift.all, next.q.all);
        }
        copy(x->q.all, first.q.all);
        axpy(rate * tau[k], first.drift.all, first.q.all);
        gaps[k] = gap(next.q.all, first.q.all);
    }
    arena_free(&room);
}

/* The least of mf_jko_cost at 100 points around, less that at the step's end.  The
 * nearest are eps^(1/4) away, where the cost is higher by sqrt(eps), and not yet lost
 * in its rounding. */
static double valley(struct claim *claim, struct cloud *x, double tau)
{
    struct arena *arena = claim_arena(claim);
    struct cloud next = cloud_make(arena, x->p, x->q.eta.n);
    vec end = arena_vec(arena, x->q.all.n), by = arena_vec(arena, x->q.eta.n);
    struct rng rng = claim_rng(claim, 1000);
    double least = INFINITY;
    mf_jko_step(&x->p, tau, 25, x->q, &next.pass, next.drift, next.q);
    double there = mf_jko_cost(&x->p, tau, x->q, next.q, &next.pass, arena);
    copy(next.q.all, end);
    for (int trial = 0; trial < 100; trial++) {
        rng_normals(&rng, 0, pow(REAL_EPSILON, trial % 5 / 16.0), by);
        copy(end, next.q.all);
        axpy(1, by, entries(next.q.W));
        least =
            smallest(least, mf_jko_cost(&x->p, tau, x->q, next.q, &next.pass, arena));
    }
    return least - there;
}

/* The same for the step that minimizes F + W_2 / (2 tau), without the square, among 41
 * places on the way from q along the drift, to twice as far as descent goes. */
static void gaps_unsquared(struct cloud *x, struct arena *arena, int n,
                           const double *tau, double *gaps)
{
    struct cloud next = cloud_make(arena, x->p, x->q.eta.n);
    mf_cost(&x->p, x->q, &x->pass);
    mf_drift(&x->p, x->q, &x->pass, x->drift);
    for (int k = 0; k < n; k++) {
        double least = INFINITY, best = NAN;
        for (int i = 0; i <= 40; i++) {
            copy(x->q.all, next.q.all);
            axpy(tau[k] * i / 20, x->drift.all, next.q.all);
            double W_2 = mf_w2_line(entries(x->q.W), entries(next.q.W), arena);
            double cost = mf_cost(&x->p, next.q, &next.pass) + W_2 / (2 * tau[k]);
            best = cost < least ? i / 20.0 : best;
            least = smallest(least, cost);
        }
        gaps[k] = tau[k] * fabs(best - 1) * max_norm(x->drift.all);
    }
}

enum { LINES = 16, TIMES = 9 };

/* The powers of tau in one world: of JKO's step, of that of the linear term, of JKO's
 * against descent at the rate tau, and of the step without the square. */
static void powers_of_tau(struct claim *claim, uint64_t replicate, double slopes[4])
{
    enum { M = 12 };
    double tau[TIMES], gaps[4][TIMES];
    struct cloud x = build_line(claim, replicate, M);
    for (int k = 0; k < TIMES; k++)
        tau[k] = 0.03 * pow(10, -k / 4.0);
    gaps_to_descent(&x, false, 1, TIMES, tau, gaps[0]);
    gaps_to_descent(&x, true, 1, TIMES, tau, gaps[1]);
    gaps_to_descent(&x, false, 1.0 / M, TIMES, tau, gaps[2]);
    gaps_unsquared(&x, claim_arena(claim), TIMES, tau, gaps[3]);
    for (int i = 0; i < 4; i++)
        slopes[i] = fit_power(TIMES, tau, gaps[i]).slope;
    if (replicate > 0)
        return;
    struct series s = series_begin(claim, "jko", "tau", "jko", "linear", "slow", NULL);
    for (int k = 0; k < TIMES; k++)
        series_row(&s, (double[]){tau[k], gaps[0][k], gaps[1][k], gaps[2][k]});
    series_end(&s);
}

CLAIM(mf_jko, RATE,
      "To minimize F + W_2^2 / (2 tau) is a gradient step at m tau, up to O(tau^2)")
{
    double jko[LINES], linear[LINES], slow[LINES], unsquared[LINES], uphill = INFINITY;
    for (uint64_t r = 0; r < LINES; r++) {
        double slopes[4];
        powers_of_tau(claim, r, slopes);
        jko[r] = slopes[0];
        linear[r] = slopes[1];
        slow[r] = slopes[2];
        unsquared[r] = slopes[3];
        struct cloud x = build_line(claim, r, 12);
        uphill = smallest(uphill, valley(claim, &x, 0.03));
    }
    /* The next order is smaller by tau times a curvature of about 1, 3 % at the left
     * end of two decades: it bends the slope by lg 1.03 or less. */
    double bias = log10(1.03);
    evidence(claim, "JKO less descent, against tau",
             slopes_near(LINES, jko, 2, bias, 0.5));
    evidence(claim, "linear term in mu, + W_2^2 / 2 tau",
             slopes_near(LINES, linear, 2, bias, 0.5));
    evidence(claim, "cost around its end, above it", at_least(uphill, 0));
    control(claim, "W_2 without its square",
            slopes_near(LINES, unsquared, 2, bias, 0.5));
    control(claim, "descent at the rate tau", slopes_near(LINES, slow, 2, bias, 0.5));
}

/* F = ||h - t|| / sqrt n, the slide's, and its gradient (h - t) / (n F). */
static double norm_loss(mat T, mat F, mat G)
{
    double square = 0;
    for (int i = 0; i < F.rows; i++)
        square += pow(F.at[i] - T.at[i], 2);
    for (int i = 0; i < F.rows; i++)
        G.at[i] = (F.at[i] - T.at[i]) / sqrt(square * F.rows);
    return sqrt(square / F.rows);
}

/* The largest difference in the weights, over 50 steps, between descent on the square
 * at the rate tau and descent on the norm, at tau times the norm to that power. */
static double gap_to_norm(struct claim *claim, double power)
{
    const double tau = 0.1;
    struct cloud x = draw_cloud(claim, 0, 30),
                 y = cloud_make(claim_arena(claim), x.p, 30);
    y.p.loss = norm_loss;
    copy(x.q.all, y.q.all);
    double most = 0;
    for (int k = 0; k < 50; k++) {
        double size = mf_cost(&y.p, y.q, &y.pass);
        mf_step(&x.p, tau, &x.pass, x.drift, x.q);
        mf_step(&y.p, tau * pow(size, power), &y.pass, y.drift, y.q);
        most = worst(most, gap(x.q.all, y.q.all));
    }
    return most;
}

CLAIM(mf_square, IDENTITY,
      "Descent on the norm is descent on half its square, by another clock")
{
    /* As in mf_time: 50 steps, over which errors grow e^5-fold or less. */
    double limit = rounding(50 * 30, 5 * 150);
    evidence(claim, "steps of tau times the norm",
             at_most(gap_to_norm(claim, 1), limit));
    control(claim, "steps of tau", at_most(gap_to_norm(claim, 0), limit));
}

SECTION(mf_descent, &mf_transport, &mf_jko, &mf_square);
