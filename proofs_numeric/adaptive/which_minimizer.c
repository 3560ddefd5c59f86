/* "Which minimizer": what the rules find where there are many, and what decay makes of
 * it. */
#include "rules.h"

#include "gradient_descent.h"
#include "ground/route_lapack.h"
#include "ground/vectors.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* Wilson and others' examples: x = (y, 1, 1, and fresh features that no other example
 * has, one for y = 1 and five for y = -1). */
struct wilson {
    int plus, minus; /* how many there are of each         */
    mat X;           /* a row each, those of y = 1 first   */
    vec y;
    struct quadratic q; /* least squares */
};

static struct wilson wilson_make(struct claim *claim, int plus, int minus)
{
    struct arena *arena = claim_arena(claim);
    int n = plus + minus, d = 3 + plus + 5 * minus, fresh = 3;
    struct wilson x = {plus, minus, arena_mat(arena, n, d), arena_vec(arena, n),
                       quadratic_make(arena, d)};
    for (int i = 0; i < n; i++) {
        real *at = row(x.X, i).at;
        at[0] = x.y.at[i] = i < plus ? 1 : -1;
        at[1] = at[2] = 1;
        for (int j = 0; j < (i < plus ? 1 : 5); j++)
            at[fresh++] = 1;
    }
    least_squares(x.X, x.y, &x.q);
    return x;
}

static void wilson_gradient(void *x, vec w, vec grad)
{
    quadratic_gradient(((struct wilson *)x)->q, w, grad);
}

/* So many steps from 0 by the rule, without momentum. */
static vec wilson_run(struct claim *claim, struct wilson *x, enum rule_name name,
                      double alpha, int steps)
{
    struct rule rule;
    vec w = arena_vec(claim_arena(claim), x->X.cols);
    vec grad = arena_vec(claim_arena(claim), x->X.cols);
    struct optimizer by = rule_begin(&rule, name, claim_arena(claim), w.n, 0, 0.999);
    optimize(wilson_gradient, x, by, alpha, steps, w, grad);
    return w;
}

static double largest_residual(const struct wilson *x, vec w)
{
    double largest = 0;
    for (int i = 0; i < x->y.n; i++)
        largest = worst(largest, fabs(dot(row(x->X, i), w) - x->y.at[i]));
    return largest;
}

/* What w says of a new example: its fresh features have weights that never moved. */
static double verdict(vec w, int y) { return w.at[0] * y + w.at[1] + w.at[2]; }

/* y times the verdict of the solution of least norm, X' a with a = p for y = 1 and -m
 * for y = -1: from (3P + 1) p - M m = 1 and (3M + 5) m - P p = 1. */
static double least_norm_margin(const struct wilson *x, int y)
{
    double P = x->plus, M = x->minus, det = (3 * P + 1) * (3 * M + 5) - P * M;
    double p = (4 * M + 5) / det, m = (4 * P + 1) / det;
    return y > 0 ? 3 * P * p - M * m : 3 * M * m - P * p;
}

CLAIM(ada_wilson, IDENTITY,
      "AdaGrad fits the data by calling everything +1; descent does not")
{
    struct wilson x = wilson_make(claim, 12, 8), few = wilson_make(claim, 8, 12);
    vec once = wilson_run(claim, &x, ADAGRAD, 0.25, 1);
    vec slowly = wilson_run(claim, &x, ADAGRAD, 0.05, 5000);
    vec descent = wilson_run(claim, &x, DESCENT, 0.25, 20000);
    vec adam = wilson_run(claim, &x, ADAM, 0.25, 1);
    /* The least curvature is 1/20: so long lives what rounding does. */
    double limit = rounding(20 * x.X.cols, 1);
    evidence(claim, "AdaGrad, one step of 1/4: residual",
             at_most(largest_residual(&x, once), 0));
    evidence(claim, "AdaGrad, steps of 0.05: residual",
             at_most(largest_residual(&x, slowly), limit));
    evidence(claim, "Adam, one step of 1/4: residual",
             at_most(largest_residual(&x, adam), limit));
    double least = INFINITY;
    for (int y = -1; y <= 1; y += 2)
        least = fmin(fmin(least, verdict(adam, y)),
                     fmin(verdict(once, y), verdict(slowly, y)));
    evidence(claim, "their least verdict on what is new", at_least(least, 0.1));
    for (int y = -1; y <= 1; y += 2) {
        double margin = y * verdict(descent, y), law = least_norm_margin(&x, y);
        evidence(claim, y < 0 ? "descent's margin on a new -1" : "and on a new +1",
                 at_most(fabs(margin - law), limit));
        evidence(claim, "by the formula, at least 1/2", at_least(law, 0.5));
    }
    control(claim, "more of -1: residual",
            at_most(largest_residual(&few, wilson_run(claim, &few, ADAGRAD, 0.25, 1)),
                    0));
    control(claim, "a rate of 1/3: residual",
            at_most(largest_residual(&x, wilson_run(claim, &x, ADAGRAD, 1.0 / 3, 1)),
                    0));
    control(claim, "descent's verdict on a new -1",
            at_least(verdict(descent, -1), 0.1));
}

/* ---- Decay ----------------------------------------------------------------------- */

enum { FEATURES = 12, DECAY_STEPS = 3000 };
static const double ALPHA = 0.01;

/* Where descent preconditioned by diag(1/s) ends from 0, with decay or with a penalty
 * of lambda. */
static vec decayed(struct claim *claim, struct quadratic q, vec s, double lambda,
                   bool decouple)
{
    struct arena *arena = claim_arena(claim);
    vec w = arena_vec(arena, q.b.n), grad = arena_vec(arena, q.b.n);
    mat P = arena_mat(arena, q.b.n, q.b.n);
    for (int i = 0; i < s.n; i++)
        row(P, i).at[i] = 1 / s.at[i];
    for (int k = 0; k < DECAY_STEPS; k++) {
        quadratic_gradient(q, w, grad);
        if (decouple)
            decay_weights(ALPHA, lambda, w);
        else
            penalize_weights(lambda, w, grad);
        sp_preconditioned_update(ALPHA, P, grad, w);
    }
    return w;
}

/* The minimizer of J + lambda/2 sum of s_i^power w_i^2, by LAPACK. */
static vec penalized(struct claim *claim, struct quadratic q, vec s, double lambda,
                     double power)
{
    struct arena *arena = claim_arena(claim);
    mat A = arena_mat(arena, q.A.rows, q.A.cols);
    vec b = arena_vec(arena, q.b.n), w = arena_vec(arena, q.b.n);
    copy(entries(q.A), entries(A));
    axpy(-1, q.b, b);
    for (int i = 0; i < s.n; i++)
        row(A, i).at[i] += lambda * pow(s.at[i], power);
    route_solve(A, b, w);
    return w;
}

CLAIM(ada_decay_metric, IDENTITY,
      "Decay beside a rate for each weight is a penalty in units of these rates")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec a = geometric_spectrum(arena, FEATURES, 1, 10);
    vec s = geometric_spectrum(arena, FEATURES, 1, 4);
    struct solved_quadratic k = solved_quadratic_make(arena, &rng, a);
    /* The slowest mode loses a hundredth per step, so that e^-30 of it is left. */
    double limit = rounding(FEATURES * DECAY_STEPS, 1 + norm(k.w_star));
    evidence(claim, "decay, to the penalty s w^2 / 2",
             at_most(distance(decayed(claim, k.q, s, 1, true),
                              penalized(claim, k.q, s, 1, 1)),
                     limit));
    evidence(claim, "penalty, to the penalty w^2 / 2",
             at_most(distance(decayed(claim, k.q, s, 1, false),
                              penalized(claim, k.q, s, 1, 0)),
                     limit));
    vec ones = arena_vec(arena, FEATURES);
    fill(1, ones);
    control(claim, "one rate for all: decay",
            at_most(distance(decayed(claim, k.q, ones, 1, true),
                             penalized(claim, k.q, s, 1, 1)),
                    limit));
    control(claim, "decay 10 % stronger",
            at_most(distance(decayed(claim, k.q, s, 1.1, true),
                             penalized(claim, k.q, s, 1, 1)),
                    limit));
}

/* Twenty features of scale s_i, all orthogonal, in n = 50 examples; true weights of
 * variance s_i^-prior; noise of deviation sigma. */
enum { SCALES = 20, EXAMPLES = 50 };

static vec scales(struct arena *arena)
{
    return geometric_spectrum(arena, SCALES, 10, 100);
}

/* The mean square error on new examples of a method that keeps the shares f of the
 * coefficients: s^2 ((1 - f)^2 / s^prior + f^2 sigma^2 / (n s^2)). */
static double risk(vec s, vec f, double prior, double sigma)
{
    double sum = 0;
    for (int i = 0; i < s.n; i++) {
        double lack = 1 - f.at[i], noise = f.at[i] * sigma;
        sum += lack * lack * pow(s.at[i], 2 - prior) + noise * noise / EXAMPLES;
    }
    return sum;
}

/* The least risk of any linear method: the posterior variance, if all is normal. */
static double bayes_risk(vec s, double prior, double sigma)
{
    double sum = 0;
    for (int i = 0; i < s.n; i++)
        sum += 1 / (pow(s.at[i], prior - 2) + EXAMPLES / (sigma * sigma));
    return sum;
}

/* The risk after a run with decay or with a penalty, over the least, less 1.  The run
 * is on targets that are the features' own, so that what it finds is the shares. */
static double excess(struct claim *claim, double lambda, bool decouple, double prior,
                     double sigma)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec s = scales(arena);
    struct quadratic q = quadratic_make(arena, SCALES);
    for (int i = 0; i < SCALES; i++) {
        row(q.A, i).at[i] = s.at[i] * s.at[i];
        q.b.at[i] = -s.at[i] * s.at[i];
    }
    vec f = decayed(claim, q, s, lambda, decouple);
    double value = risk(s, f, prior, sigma) / bayes_risk(s, prior, sigma) - 1;
    arena->used = mark;
    return value;
}

/* The best lambda by the formula: decay keeps s / (s + lambda), a penalty
 * s^2 / (s^2 + lambda). */
static double best_lambda(struct claim *claim, bool decouple, double prior,
                          double sigma)
{
    vec s = scales(claim_arena(claim)), f = arena_vec(claim_arena(claim), SCALES);
    double best = 0, least = INFINITY;
    for (double lambda = 0.1; lambda < 100; lambda *= 1.01) {
        for (int i = 0; i < SCALES; i++) {
            double a = decouple ? s.at[i] : s.at[i] * s.at[i];
            f.at[i] = a / (a + lambda);
        }
        double value = risk(s, f, prior, sigma);
        if (value < least)
            best = lambda, least = value;
    }
    return best;
}

CLAIM(ada_decay_risk, IDENTITY,
      "Whether decay or a penalty is better is a statement about the true weights")
{
    /* The prior that a penalty of weights p_i stands for has variances 1 / p_i, and
     * then lambda = sigma^2 / n is best: 2, and 0.5 for the control. */
    double limit = rounding(SCALES * DECAY_STEPS, 1), sigma = 10;
    evidence(claim, "variances 1/s: decay, above Bayes",
             at_most(excess(claim, 2, true, 1, sigma), limit));
    evidence(claim, "variances 1: penalty, above Bayes",
             at_most(excess(claim, 2, false, 0, sigma), limit));
    double penalty = best_lambda(claim, false, 1, sigma);
    double decay = best_lambda(claim, true, 0, sigma);
    evidence(claim, "variances 1/s: best penalty",
             at_least(excess(claim, penalty, false, 1, sigma), 0.04));
    evidence(claim, "variances 1: best decay",
             at_least(excess(claim, decay, true, 0, sigma), 0.04));
    control(claim, "variances s: decay, above Bayes",
            at_most(excess(claim, 2, true, -1, sigma), limit));
    control(claim, "variances 1/s^2: decay, above Bayes",
            at_most(excess(claim, 2, true, 2, sigma), limit));
    control(claim, "variances 1/s: best decay",
            at_least(excess(claim, 0.5, true, 1, 5), 0.04));
}

SECTION(ada_minimizers, &ada_wilson, &ada_decay_metric, &ada_decay_risk);
