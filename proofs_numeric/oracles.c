/* Chapter "What an optimizer may ask": its claims.
 *
 * Questions are put to a cost whose derivatives are known between bounds because its
 * residuals were chosen, and to quadratics that were built from their spectrum.  The
 * small problems that a step solves (a model, a ball, a multiplier) are solved here a
 * second time by bisection, which knows none of the closed forms of ref/oracles.c. */
#include "oracles.h"
#include "ground/ball.h"
#include "ground/bisect.h"
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { N = 8 };

/* ---- A cost with known derivatives ------------------------------------------------
 */

enum { ROWS = 30, UNKNOWNS = 10 };

/* J(w) = mean of ln cosh(x_i'w - y_i) + ridge ||w||^2 / 2: a robust regression, convex
 * and analytic.  Features are +-1, the first of them always 1.  It counts the questions
 * that it is asked. */
struct robust {
    mat X;
    vec y;
    double ridge;
    vec w; /* a point where each residual lies between 0.3 and 1.3 */
    int values, gradients, products, complex_values;
};

/* At w, with u the residuals: J_ii = mean sech^2 u lies between 0.257 and 0.915 for
 * each i; J_iii = -mean of 2 tanh u sech^2 u x_i is at most 0.77 in size for each i,
 * and at least 0.44 for the first; the fifth derivative is at most 4.1 in size. */
static struct robust build_robust(struct claim *claim, uint64_t replicate)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct robust r = {.X = arena_mat(arena, ROWS, UNKNOWNS),
                       .y = arena_vec(arena, ROWS),
                       .w = arena_vec(arena, UNKNOWNS)};
    rng_normals(&rng, 0, 1 / sqrt(UNKNOWNS), r.w);
    rng_uniforms(&rng, -1.3, -0.3, r.y);
    for (int i = 0; i < ROWS; i++) {
        vec x = row(r.X, i);
        for (int j = 0; j < UNKNOWNS; j++)
            x.at[j] = j == 0 || rng_below(&rng, 2) == 0 ? 1 : -1;
        r.y.at[i] += dot(x, r.w);
    }
    return r;
}

static double robust_value(void *cost, vec w)
{
    struct robust *r = cost;
    double sum = 0;
    r->values++;
    for (int i = 0; i < ROWS; i++)
        sum += log(cosh(dot(row(r->X, i), w) - r->y.at[i]));
    return sum / ROWS + r->ridge / 2 * dot(w, w);
}

static void robust_gradient(void *cost, vec w, vec grad)
{
    struct robust *r = cost;
    r->gradients++;
    copy(w, grad);
    scale(r->ridge, grad);
    for (int i = 0; i < ROWS; i++) {
        vec x = row(r->X, i);
        axpy(tanh(dot(x, w) - r->y.at[i]) / ROWS, x, grad);
    }
}

/* As many operations as the gradient takes: X'(sech^2 u  X v) / m. */
static void robust_curvature(void *cost, vec w, vec v, vec image)
{
    struct robust *r = cost;
    r->products++;
    copy(v, image);
    scale(r->ridge, image);
    for (int i = 0; i < ROWS; i++) {
        vec x = row(r->X, i);
        double c = cosh(dot(x, w) - r->y.at[i]);
        axpy(dot(x, v) / (c * c) / ROWS, x, image);
    }
}

static double complex robust_complex(void *cost, int n, const double complex *w)
{
    struct robust *r = cost;
    double complex sum = 0;
    r->complex_values++;
    for (int i = 0; i < ROWS; i++) {
        double complex u = -r->y.at[i];
        for (int j = 0; j < n; j++)
            u += r->X.at[i * n + j] * w[j];
        sum += clog(ccosh(u));
    }
    return sum / ROWS;
}

/* The same number for real w, but |u| keeps no trace of an imaginary part. */
static double complex robust_with_modulus(void *cost, int n, const double complex *w)
{
    struct robust *r = cost;
    double complex sum = 0;
    for (int i = 0; i < ROWS; i++) {
        double complex u = -r->y.at[i];
        for (int j = 0; j < n; j++)
            u += r->X.at[i * n + j] * w[j];
        sum += clog(ccosh(cabs(u)));
    }
    return sum / ROWS;
}

static struct oracle ask(struct robust *r)
{
    return (struct oracle){r, robust_value, robust_gradient, robust_curvature};
}

CLAIM(or_calls, IDENTITY,
      "A gradient takes n + 1 values by forward differences, 2n by central ones, n "
      "complex ones; a Hessian-vector product one gradient more; a Hessian n "
      "products")
{
    struct arena *arena = claim_arena(claim);
    struct robust r = build_robust(claim, 0);
    struct oracle f = ask(&r);
    vec grad = arena_vec(arena, UNKNOWNS), image = arena_vec(arena, UNKNOWNS);
    mat H = arena_mat(arena, UNKNOWNS, UNKNOWNS);
    or_gradient_forward(f, 1e-8, r.w, grad);
    evidence(claim, "values beyond n + 1, forward",
             at_most(fabs(r.values - (UNKNOWNS + 1.0)), 0));
    r.values = 0;
    or_gradient_central(f, 1e-5, r.w, grad);
    evidence(claim, "values beyond 2n, central",
             at_most(fabs(r.values - 2.0 * UNKNOWNS), 0));
    or_gradient_complex((struct complex_oracle){&r, robust_complex}, 1e-20, r.w, arena,
                     grad);
    evidence(claim, "complex values beyond n",
             at_most(fabs(r.complex_values - (double)UNKNOWNS), 0));
    f.gradient(f.cost, r.w, grad);
    or_curvature_forward(f, 1e-8, r.w, grad, r.w, arena, image);
    evidence(claim, "gradients beyond two, product",
             at_most(fabs(r.gradients - 2.0), 0));
    or_hessian(f, r.w, arena, H);
    evidence(claim, "products beyond n, Hessian",
             at_most(fabs(r.products - (double)UNKNOWNS), 0));
    control(claim, "central, at the price of forward",
            at_most(fabs(r.values - (UNKNOWNS + 1.0)), 0));
}

/* ---- Derivatives from numbers -----------------------------------------------------
 */

enum way { FORWARD, CENTRAL, COMPLEX, PRODUCT, WAYS };
enum { WORLDS = 8 };

/* || answer - exact || for one way of asking, with step h, in one world. */
static double miss(struct arena *arena, struct robust *r, enum way way, double h)
{
    size_t mark = arena->used;
    struct oracle f = ask(r);
    vec answer = arena_vec(arena, UNKNOWNS), exact = arena_vec(arena, UNKNOWNS);
    vec v = arena_vec(arena, UNKNOWNS);
    v.at[0] = 1;
    f.gradient(f.cost, r->w, exact);
    if (way == FORWARD)
        or_gradient_forward(f, h, r->w, answer);
    if (way == CENTRAL)
        or_gradient_central(f, h, r->w, answer);
    if (way == COMPLEX)
        or_gradient_complex((struct complex_oracle){r, robust_complex}, h, r->w, arena,
                         answer);
    if (way == PRODUCT) {
        or_curvature_forward(f, h, r->w, exact, v, arena, answer);
        f.curvature(f.cost, r->w, v, exact);
    }
    axpy(-1, exact, answer);
    arena->used = mark;
    return norm(answer);
}

/* The root mean square, over worlds and coordinates, of the error. */
static double typical_miss(struct claim *claim, enum way way, double h)
{
    size_t mark = claim_arena(claim)->used;
    double sum = 0;
    for (uint64_t replicate = 0; replicate < WORLDS; replicate++) {
        struct robust r = build_robust(claim, replicate);
        sum += pow(miss(claim_arena(claim), &r, way, h), 2);
        claim_arena(claim)->used = mark;
    }
    return sqrt(sum / (WORLDS * UNKNOWNS));
}

/* log-log slope of the typical error over quarter decades from 10^low to 10^high. */
static struct fit truncation(struct claim *claim, enum way way, double low, double high)
{
    enum { MOST = 20 };
    double h[MOST], error[MOST];
    int n = 0;
    for (double exponent = low; exponent < high + 0.1; exponent += 0.25, n++) {
        h[n] = pow(10, exponent);
        error[n] = typical_miss(claim, way, h[n]);
    }
    return fit_power(n, h, error);
}

/* The same in each of so many worlds, where rounding rules and every error is chance.
 */
static void rounding_slopes(struct claim *claim, enum way way, double low, int n,
                            double *slopes)
{
    enum { POINTS = 25 }; /* eighths of a decade */
    size_t mark = claim_arena(claim)->used;
    for (int i = 0; i < n; i++) {
        struct robust r = build_robust(claim, WORLDS + (uint64_t)i);
        double h[POINTS], error[POINTS];
        for (int k = 0; k < POINTS; k++) {
            h[k] = pow(10, low + 0.125 * k);
            error[k] = miss(claim_arena(claim), &r, way, h[k]);
        }
        slopes[i] = fit_power(POINTS, h, error).slope;
        claim_arena(claim)->used = mark;
    }
}

/* The h of least typical error, among quarter decades from 1e-14 to 1. */
static double best_step(struct claim *claim, enum way way)
{
    double best = 1, least = INFINITY;
    for (double exponent = -14; exponent < 0.1; exponent += 0.25) {
        double error = typical_miss(claim, way, pow(10, exponent));
        if (error < least)
            least = error, best = pow(10, exponent);
    }
    return best;
}

/* Each value is a mean of ROWS logarithms below 1, each computed from a sum of UNKNOWNS
 * products: off by no more than this. */
static double rounding_of_value(void) { return rounding(UNKNOWNS, 1); }

/* The root mean square of J_ii and of J_iii, over worlds and coordinates. */
static void typical_derivatives(struct claim *claim, double *second, double *third)
{
    size_t mark = claim_arena(claim)->used;
    double sum_2 = 0, sum_3 = 0;
    for (uint64_t replicate = 0; replicate < WORLDS; replicate++) {
        struct robust r = build_robust(claim, replicate);
        for (int j = 0; j < UNKNOWNS; j++) {
            double two = 0, three = 0;
            for (int i = 0; i < ROWS; i++) {
                double u = dot(row(r.X, i), r.w) - r.y.at[i];
                two += 1 / pow(cosh(u), 2) / ROWS;
                three -= 2 * tanh(u) / pow(cosh(u), 2) * row(r.X, i).at[j] / ROWS;
            }
            sum_2 += two * two;
            sum_3 += three * three;
        }
        claim_arena(claim)->used = mark;
    }
    *second = sqrt(sum_2 / (WORLDS * UNKNOWNS));
    *third = sqrt(sum_3 / (WORLDS * UNKNOWNS));
}

/* For the figure: the typical errors, and what Taylor's next term and a rounding of the
 * value by eps / 2 times its size, which is near 1/3, make of them. */
static void record_differences(struct claim *claim)
{
    double second, third, noise = DBL_EPSILON / 2 / 3;
    typical_derivatives(claim, &second, &third);
    struct series s =
        series_begin(claim, "differences", "h", "forward", "central", "complex",
                     "forward_law", "central_law", "complex_law", NULL);
    for (double exponent = -16; exponent < 0.1; exponent += 0.25) {
        double h = pow(10, exponent), forward = typical_miss(claim, FORWARD, h);
        double central = typical_miss(claim, CENTRAL, h), taylor = h * h / 6 * third;
        series_row(&s,
                   (double[]){h, forward, central, typical_miss(claim, COMPLEX, h),
                              h / 2 * second + noise / h, taylor + noise / h, taylor});
    }
    series_end(&s);
}

CLAIM(or_forward, RATE,
      "Forward differences err by O(h) from truncation and O(eps / h) from "
      "rounding, so the best h is near sqrt(eps) and half of the digits are lost")
{
    /* The next term is smaller by h J_iii / 3 J_ii <= h: 0.0043 in log10 at 0.01. */
    evidence(claim, "power of h, from truncation",
             slope_is(truncation(claim, FORWARD, -5, -2), 1, 0.0043, 1));
    double slopes[20];
    rounding_slopes(claim, FORWARD, -13, 20, slopes);
    evidence(claim, "power of h, from rounding", slopes_are(20, slopes, -1, 0.5));
    double h = sqrt(DBL_EPSILON), best = best_step(claim, FORWARD);
    evidence(claim, "decades from best h to sqrt(eps)",
             at_most(fabs(log10(best / h)), 1));
    double limit = h * 0.915 / 2 + 2 * rounding_of_value() / h;
    evidence(claim, "error at h = sqrt(eps)",
             at_most(typical_miss(claim, FORWARD, h), limit));
    record_differences(claim);
    control(claim, "h = 1e-14", at_most(typical_miss(claim, FORWARD, 1e-14), limit));
    control(claim, "as good as central: slope 2",
            slope_is(truncation(claim, FORWARD, -5, -2), 2, 0.0043, 1));
}

CLAIM(or_central, RATE,
      "Central differences err by O(h^2) and O(eps / h), so the best h is near "
      "cbrt(eps) and a third of the digits is lost")
{
    /* The next term is smaller by h^2 / 20 times sqrt(10) 4.1 / 0.44 at most: 0.0015,
     * or 0.0007 in log10, at 10^-1.5; rounding, 1e-15 / h, is as small at 10^-3.5. */
    evidence(claim, "power of h, from truncation",
             slope_is(truncation(claim, CENTRAL, -3.5, -1.5), 2, 0.002, 1));
    double slopes[20];
    rounding_slopes(claim, CENTRAL, -12, 20, slopes);
    evidence(claim, "power of h, from rounding", slopes_are(20, slopes, -1, 0.5));
    double h = cbrt(DBL_EPSILON), best = best_step(claim, CENTRAL);
    evidence(claim, "decades from best h to cbrt(eps)",
             at_most(fabs(log10(best / h)), 1));
    double limit = h * h * 0.77 / 6 + rounding_of_value() / h;
    evidence(claim, "error at h = cbrt(eps)",
             at_most(typical_miss(claim, CENTRAL, h), limit));
    control(claim, "h = 1e-14", at_most(typical_miss(claim, CENTRAL, 1e-14), limit));
    control(claim, "forward, at the same h",
            slope_is(truncation(claim, FORWARD, -3.5, -1.5), 2, 0.002, 1));
}

CLAIM(or_complex, RATE,
      "The complex step errs by O(h^2) and cancels nothing: as small an h as one "
      "likes gives the gradient to rounding")
{
    struct arena *arena = claim_arena(claim);
    evidence(claim, "power of h, from truncation",
             slope_is(truncation(claim, COMPLEX, -4.5, -1.5), 2, 0.002, 1));
    /* No more operations than in the value, and no division of its rounding by h. */
    double limit = rounding_of_value();
    evidence(claim, "error at h = 1e-14",
             at_most(typical_miss(claim, COMPLEX, 1e-14), limit));
    evidence(claim, "error at h = 1e-100",
             at_most(typical_miss(claim, COMPLEX, 1e-100), limit));
    control(claim, "forward differences at 1e-14",
            at_most(typical_miss(claim, FORWARD, 1e-14), limit));
    struct robust r = build_robust(claim, 0);
    vec exact = arena_vec(arena, UNKNOWNS), answer = arena_vec(arena, UNKNOWNS);
    robust_gradient(&r, r.w, exact);
    or_gradient_complex((struct complex_oracle){&r, robust_with_modulus}, 1e-14, r.w,
                     arena, answer);
    axpy(-1, exact, answer);
    control(claim, "an absolute value in the cost", at_most(norm(answer), limit));
}

CLAIM(or_product, RATE,
      "A Hessian-vector product is one more gradient, to O(h), and n products with "
      "the unit vectors are the Hessian")
{
    struct arena *arena = claim_arena(claim);
    /* Along the first axis the next term is smaller by h |J_ijkk| / 3 |J_ijk|, with
     * fourth derivatives of at most 2 in size: by h 2 sqrt(10) / (3 * 0.44) <= 0.02 at
     * 10^-2.4, which is 0.009 in log10. */
    evidence(claim, "power of h, from truncation",
             slope_is(truncation(claim, PRODUCT, -5.4, -2.4), 1, 0.009, 1));
    vec a = geometric_spectrum(arena, N, 1, 100), values = arena_vec(arena, N);
    struct rng rng = claim_rng(claim, 100);
    struct solved_quadratic k = solved_quadratic_make(arena, &rng, a);
    struct asked_quadratic asked = {k.q, arena_vec(arena, N)};
    mat H = arena_mat(arena, N, N), Q = arena_mat(arena, N, N);
    or_hessian(or_quadratic(&asked), k.w_star, arena, H);
    route_eigen(H, values, Q);
    double gap = 0;
    for (int j = 0; j < N; j++)
        gap = worst(gap, fabs(values.at[N - 1 - j] - a.at[j]));
    evidence(claim, "eigenvalues less those built in",
             at_most(gap, rounding(N * N, 1)));
    control(claim, "as accurate as central: slope 2",
            slope_is(truncation(claim, PRODUCT, -5.4, -2.4), 2, 0.009, 1));
    control(claim, "a product at h = 1e-14",
            at_most(typical_miss(claim, PRODUCT, 1e-14), 1e-6));
}

/* ---- One answer, or two -----------------------------------------------------------
 */

enum { BANDIT = 4, ROUNDS = 40000 };

/* J(w) = sum of w_i^4 / 4.  Its mean over the ball of radius delta has the gradient
 * w_i^3 + 3 w_i delta^2 / (n + 2), since the mean square of a coordinate in the unit
 * ball is 1 / (n + 2). */
static double quartic_sum(void *cost, vec w)
{
    (void)cost;
    double sum = 0;
    for (int i = 0; i < w.n; i++)
        sum += pow(w.at[i], 4) / 4;
    return sum;
}

typedef void estimator(struct oracle f, double delta, vec w, struct rng *rng,
                       struct arena *scratch, vec grad);

/* The first entry of so many estimates at w = (1, ..., 1), times a factor. */
static void estimates(struct claim *claim, estimator *estimate, double delta,
                      double factor, double *sample)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct oracle f = {NULL, quartic_sum, NULL, NULL};
    vec w = arena_vec(arena, BANDIT), grad = arena_vec(arena, BANDIT);
    fill(1, w);
    for (int i = 0; i < ROUNDS; i++) {
        estimate(f, delta, w, &rng, arena, grad);
        sample[i] = factor * grad.at[0];
    }
}

CLAIM(or_bandit, STATISTIC,
      "From one value, or from two, n / delta times the value times the direction "
      "is an unbiased estimate of the gradient of the ball's mean")
{
    static double sample[ROUNDS];
    double delta = 1, smoothed = 1 + 3 * delta * delta / (BANDIT + 2);
    estimates(claim, or_gradient_two_point, delta, 1, sample);
    evidence(claim, "two values: mean of the estimates",
             mean_is(ROUNDS, sample, smoothed));
    estimates(claim, or_gradient_one_point, delta, 1, sample);
    evidence(claim, "one value: mean of the estimates",
             mean_is(ROUNDS, sample, smoothed));
    control(claim, "gradient of J, not of its mean", mean_is(ROUNDS, sample, 1));
    estimates(claim, or_gradient_one_point, delta, 1.0 / BANDIT, sample);
    control(claim, "without the factor n", mean_is(ROUNDS, sample, smoothed));
}

/* The mean of || estimate ||^2 over a few directions, the same for every delta. */
static double mean_square(struct claim *claim, estimator *estimate, double delta)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct oracle f = {NULL, quartic_sum, NULL, NULL};
    vec w = arena_vec(arena, BANDIT), grad = arena_vec(arena, BANDIT);
    double sum = 0;
    fill(1, w);
    for (int i = 0; i < 200; i++) {
        estimate(f, delta, w, &rng, arena, grad);
        sum += dot(grad, grad);
    }
    return sum / 200;
}

CLAIM(or_bandit_price, RATE,
      "The mean square of the one-point estimate grows as delta^-2; that of the "
      "two-point estimate stays below (n G)^2, G being the steepest slope nearby")
{
    enum { RADII = 9 };
    double delta[RADII], one[RADII], two[RADII], most = 0, most_one = 0;
    /* The gradient is no longer than this within 0.1 of (1, ..., 1). */
    double steepest = pow(1.1, 3) * sqrt(BANDIT);
    for (int i = 0; i < RADII; i++) {
        delta[i] = pow(10, -4 + 0.25 * i);
        one[i] = mean_square(claim, or_gradient_one_point, delta[i]);
        two[i] = mean_square(claim, or_gradient_two_point, delta[i]);
        most = worst(most, two[i] / pow(BANDIT * steepest, 2));
        most_one = worst(most_one, one[i] / pow(BANDIT * steepest, 2));
    }
    /* J = 1 at the centre and changes by at most 0.021 in 0.01, J^2 by 0.042: 0.018 in
     * log10, and less than that in the slope of two decades. */
    evidence(claim, "power of delta, one value",
             slope_is(fit_power(RADII, delta, one), -2, 0.018, 1));
    evidence(claim, "two values, of the bound", at_most(most, 1));
    control(claim, "two values: slope -2",
            slope_is(fit_power(RADII, delta, two), -2, 0.018, 1));
    control(claim, "one value, of the bound", at_most(most_one, 1));
}

/* ---- Small steps ------------------------------------------------------------------
 */

/* A quadratic that answers, and room to run. */
struct bowl {
    struct solved_quadratic k;
    struct asked_quadratic asked;
    vec w, grad, v; /* n each */
};

static struct bowl build_bowl(struct claim *claim, uint64_t replicate, vec a)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct bowl x = {.k = solved_quadratic_make(arena, &rng, a),
                     .w = arena_vec(arena, a.n),
                     .grad = arena_vec(arena, a.n),
                     .v = arena_vec(arena, a.n)};
    x.asked = (struct asked_quadratic){x.k.q, arena_vec(arena, a.n)};
    return x;
}

static struct bowl build_geometric(struct claim *claim, int n, double kappa)
{
    return build_bowl(claim, 0, geometric_spectrum(claim_arena(claim), n, 1, kappa));
}

/* The minimum goes to w_star, where the cost stays what it was at the origin. */
static void move_minimum(struct bowl *x, vec w_star)
{
    copy(w_star, x->k.w_star);
    gemv(-1, x->k.q.A, w_star, 0, x->k.q.b);
}

/* A minimum at the given distance from the origin, as far along every eigenvector. */
static void send_minimum(struct bowl *x, double distance)
{
    fill(distance / sqrt(x->w.n), x->v);
    fill(0, x->k.w_star);
    from_axes(x->k, x->v, x->w);
    move_minimum(x, x->w);
}

static double value_at(struct bowl *x, vec w)
{
    return quadratic_cost(x->k.q, w, x->v);
}

/* By how much a step of gradient descent lowers the cost, of what the descent lemma
 * promises, alpha (1 - alpha L / 2) ||g||^2 with L the largest curvature. */
static double share_of_promise(struct bowl *x, double alpha, double L)
{
    double before = value_at(x, x->w);
    gd_step(x->k.q, alpha, x->w, x->grad);
    double promise = alpha * (1 - alpha * L / 2) * dot(x->grad, x->grad);
    return (before - value_at(x, x->w)) / promise;
}

/* A bowl at whose axis of curvature a, and nowhere else, the walk stands. */
static void stand_on_axis(struct bowl *x, int axis)
{
    vec error = x->grad;
    fill(0, error);
    error.at[axis] = 1;
    from_axes(x->k, error, x->w);
}

CLAIM(or_descent_lemma, BOUND,
      "Where no curvature exceeds L, a step lowers the cost by at least alpha (1 - "
      "alpha L / 2) |g|^2: by something, if alpha < 2 / L")
{
    struct bowl x = build_geometric(claim, N, 20);
    struct rng rng = claim_rng(claim, 1);
    static const double rates[] = {0.1, 1, 1.9};
    double least = INFINITY, on_axis = 0, least_flat = INFINITY;
    for (int i = 0; i < 3; i++) {
        for (int trial = 0; trial < 50; trial++) {
            rng_normals(&rng, 0, 1, x.w);
            double share = share_of_promise(&x, rates[i], 1);
            least = share < least ? share : least;
            rng_normals(&rng, 0, 1, x.w);
            share = share_of_promise(&x, rates[i], 0.8);
            least_flat = share < least_flat ? share : least_flat;
        }
        stand_on_axis(&x, 0);
        on_axis = worst(on_axis, fabs(share_of_promise(&x, rates[i], 1) - 1));
        stand_on_axis(&x, 0);
        double share = share_of_promise(&x, rates[i], 0.8);
        least_flat = share < least_flat ? share : least_flat;
    }
    /* A promise of 0.095 of ||g||^2 or more beside values of some tens. */
    double slack = rounding(N * N, 100) / 0.05;
    evidence(claim, "what was kept of the promise", at_least(least, 1 - slack));
    evidence(claim, "exactly kept where curvature is L", at_most(on_axis, slack));
    control(claim, "L below the largest curvature", at_least(least_flat, 1 - slack));

    stand_on_axis(&x, 0);
    double before = value_at(&x, x.w);
    gd_step(x.k.q, 2.1, x.w, x.grad);
    control(claim, "alpha = 2.1 / L lowers the cost",
            at_least(before - value_at(&x, x.w), 0));
}

/* Drops of the cost in single steps from the point with all errors `size`, with a
 * gradient that has normal noise of deviation 1 in each entry. */
static void noisy_drops(struct claim *claim, struct bowl *x, double alpha, double size,
                        int n, double *drops)
{
    struct rng rng = claim_rng(claim, 1);
    vec error = arena_vec(claim_arena(claim), x->w.n);
    for (int i = 0; i < n; i++) {
        fill(size, error);
        from_axes(x->k, error, x->w);
        double before = value_at(x, x->w);
        quadratic_gradient(x->k.q, x->w, x->grad);
        rng_normals(&rng, 0, 1, error);
        axpy(1, error, x->grad);
        gd_update(alpha, x->grad, x->w);
        drops[i] = before - value_at(x, x->w);
    }
}

/* alpha ||g||^2 - alpha^2 / 2 (g'Ag + tr A), with ||g||^2 = size^2 sum a_j^2 there. */
static double expected_drop(struct bowl *x, double alpha, double size, double noise)
{
    double drop = 0;
    for (int j = 0; j < x->k.a.n; j++) {
        double a = x->k.a.at[j], g = a * size;
        drop += alpha * g * g - alpha * alpha / 2 * a * (g * g + noise);
    }
    return drop;
}

CLAIM(or_average_decrease, STATISTIC,
      "With a noisy gradient the cost falls on average, by exactly alpha |g|^2 - "
      "alpha^2/2 (g'Ag + tr A S), until the noise term wins")
{
    enum { DRAWS = 4000 };
    static double drops[DRAWS];
    struct bowl x = build_geometric(claim, N, 10);
    noisy_drops(claim, &x, 0.5, 3, DRAWS, drops);
    evidence(claim, "mean drop, far away",
             mean_is(DRAWS, drops, expected_drop(&x, 0.5, 3, 1)));
    evidence(claim, "mean drop, at least", effect_at_least(DRAWS, drops, 0));
    control(claim, "as predicted without the noise",
            mean_is(DRAWS, drops, expected_drop(&x, 0.5, 3, 0)));
    noisy_drops(claim, &x, 0.5, 0.01, DRAWS, drops);
    evidence(claim, "mean drop, near the minimum",
             mean_is(DRAWS, drops, expected_drop(&x, 0.5, 0.01, 1)));
    control(claim, "it falls near the minimum too", effect_at_least(DRAWS, drops, 0));
}

/* ---- What makes a minimum ---------------------------------------------------------
 */

static const enum measure norms[] = {EUCLIDEAN, LARGEST};

/* A ball of radius 1, or a box of half-width 1/2, round the origin. */
static struct region region_of(struct claim *claim, enum measure measure)
{
    vec origin = arena_vec(claim_arena(claim), N);
    return (struct region){measure, origin, measure == EUCLIDEAN ? 1 : 0.5};
}

/* A point of C: uniform in the box round it, kept if it is in C; by the membership that
 * the formula of the set gives, not by ref/'s. */
static void random_member(struct rng *rng, struct region C, vec w)
{
    double size;
    do {
        rng_uniforms(rng, -C.radius, C.radius, w);
        size = 0;
        for (int i = 0; i < w.n; i++)
            size = C.measure == EUCLIDEAN ? size + w.at[i] * w.at[i]
                                          : fmax(size, fabs(w.at[i]));
    } while (size > (C.measure == EUCLIDEAN ? C.radius * C.radius : C.radius));
    axpy(1, C.center, w);
}

/* What the projections and 400 contractions by 0.9 leave: rounding of the last steps.
 */
static double rounding_within(void) { return rounding(10 * N * N, 10); }

static void minimize_within(struct bowl *x, struct region C)
{
    or_descend_within(or_quadratic(&x->asked), C, 1, 400, x->w, x->grad);
    quadratic_gradient(x->k.q, x->w, x->grad);
}

/* How far, at worst, w is above the lowest of so many points of C; within a part of C,
 * shrunk by `near` towards w, if that is less than 1. */
static double height_over(struct claim *claim, struct bowl *x, struct region C,
                          double near)
{
    struct rng rng = claim_rng(claim, 2);
    vec v = arena_vec(claim_arena(claim), N);
    double height = -INFINITY;
    for (int trial = 0; trial < 500; trial++) {
        random_member(&rng, C, v);
        scale(near, v);
        axpy(1 - near, x->w, v);
        height = worst(height, value_at(x, x->w) - value_at(x, v));
    }
    return height;
}

CLAIM(or_variational, IDENTITY,
      "Over a convex set, a point of a convex cost is a minimum exactly if <grad, v "
      "- w> is nowhere negative in the set; on its boundary the gradient does not "
      "vanish")
{
    struct bowl x = build_geometric(claim, N, 10);
    send_minimum(&x, 1.5); /* outside of both sets, whose points are within sqrt(2) */
    for (int i = 0; i < 2; i++) {
        struct region C = region_of(claim, norms[i]);
        fill(0, x.w);
        minimize_within(&x, C);
        evidence(claim, "largest <grad, w - v> over C",
                 at_most(or_region_gap(C, x.w, x.grad), rounding_within()));
        evidence(claim, "height over 500 points of C",
                 at_most(height_over(claim, &x, C, 1), 0));
        control(claim, "the slide: the gradient is 0",
                at_most(norm(x.grad), rounding_within()));

        /* A tempting shortcut, and right for the box if it ends in the right corner; in
         * the ball it is wrong unless the way out is an eigenvector. */
        if (norms[i] == EUCLIDEAN) {
            copy(x.k.w_star, x.w);
            or_region_project(C, x.w);
            quadratic_gradient(x.k.q, x.w, x.grad);
            control(claim, "free minimum, projected",
                    at_most(or_region_gap(C, x.w, x.grad), rounding_within()));
        }
    }
    send_minimum(&x, 0.4); /* inside of both */
    fill(0, x.w);
    minimize_within(&x, region_of(claim, EUCLIDEAN));
    evidence(claim, "gradient at a minimum inside",
             at_most(norm(x.grad), rounding_within()));
}

CLAIM(or_local_global, IDENTITY,
      "A local minimum of a convex cost over a convex set is a global one, and if "
      "strongly convex the only one: every start in every algorithm ends there")
{
    struct bowl x = build_geometric(claim, N, 10);
    struct rng rng = claim_rng(claim, 1);
    vec end = arena_vec(claim_arena(claim), N);
    send_minimum(&x, 1.5);
    for (int i = 0; i < 2; i++) {
        struct region C = region_of(claim, norms[i]);
        double apart = 0;
        fill(0, x.w);
        minimize_within(&x, C);
        copy(x.w, end);
        evidence(claim, "height over its neighbourhood",
                 at_most(height_over(claim, &x, C, 0.01), 0));
        evidence(claim, "height over the whole set",
                 at_most(height_over(claim, &x, C, 1), 0));
        for (int trial = 0; trial < 10; trial++) {
            rng_normals(&rng, 0, 10, x.w);
            minimize_within(&x, C);
            axpy(-1, end, x.w);
            apart = worst(apart, norm(x.w));
        }
        evidence(claim, "ends of ten starts, apart", at_most(apart, rounding_within()));
    }

    double apart = 0; /* with no constraint, two more algorithms */
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 10, x.w);
        if (trial % 2 == 0)
            or_descend(or_quadratic(&x.asked), 1, 400, x.w, x.grad);
        for (int k = 0; k < 40 && trial % 2 == 1; k++)
            or_proximal_step(x.k.q, 100, claim_arena(claim), x.w);
        axpy(-1, x.k.w_star, x.w);
        apart = worst(apart, norm(x.w));
    }
    evidence(claim, "two algorithms, ten starts, apart",
             at_most(apart, rounding_within()));

    vec a = geometric_spectrum(claim_arena(claim), N, 1, 10);
    a.at[0] = 0; /* convex, but not strongly: a valley */
    struct bowl valley = build_bowl(claim, 0, a);
    apart = 0;
    for (int trial = 0; trial < 2; trial++) {
        rng_normals(&rng, 0, 10, valley.w);
        or_descend(or_quadratic(&valley.asked), 1, 400, valley.w, valley.grad);
        axpy(-1, valley.k.w_star, valley.w);
        apart = worst(apart, norm(valley.w));
    }
    control(claim, "convex, with a flat direction", at_most(apart, rounding_within()));
}

/* The tilted quartic w^4 + bend w^2 + w / 5: two valleys for bend = -1, one for 1. */
static double quartic_value(void *bend, vec w)
{
    double x = w.at[0];
    return x * x * (x * x + *(int *)bend) + x / 5;
}

static void quartic_gradient(void *bend, vec w, vec grad)
{
    double x = w.at[0];
    grad.at[0] = 2 * x * (2 * x * x + *(int *)bend) + 0.2;
}

static double end_on_quartic(struct claim *claim, int bend, double start)
{
    vec w = arena_vec(claim_arena(claim), 1), grad = arena_vec(claim_arena(claim), 1);
    struct oracle f = {&bend, quartic_value, quartic_gradient, NULL};
    w.at[0] = start;
    or_descend(f, 0.05, 1000, w, grad);
    return w.at[0];
}

/* How much higher the quartic is at x +- radius than at y +- radius. */
static ball higher(struct balls *in, int bend, double x, double y, double radius)
{
    int five_times[] = {5, 0, 5 * bend, 1, 0}; /* w^4 + bend w^2 + w / 5 */
    ball at_x = ball_between(in, x - radius, x + radius);
    ball at_y = ball_between(in, y - radius, y + radius);
    ball difference = ball_sub(ball_polynomial(4, five_times, at_x),
                               ball_polynomial(4, five_times, at_y));
    return ball_div(difference, ball_number(in, 5));
}

/* For the figure: the landscape, and where 41 runs from evenly spaced starts end. */
static void record_quartic(struct claim *claim)
{
    int bend = -1;
    vec w = arena_vec(claim_arena(claim), 1);
    struct series s =
        series_begin(claim, "quartic", "start", "cost", "end", "reached", NULL);
    for (int i = -20; i <= 20; i++) {
        double start = 0.055 * i, end = end_on_quartic(claim, bend, start);
        w.at[0] = start;
        double cost = quartic_value(&bend, w);
        w.at[0] = end;
        series_row(&s, (double[]){start, cost, end, quartic_value(&bend, w)});
    }
    series_end(&s);
}

CLAIM(or_stuck, PROVED,
      "Without convexity, gradient descent can end in a local minimum that is not a "
      "global one: on w^4 - w^2 + w/5, from 1, it does")
{
    static const int slope[] = {20, 0, -10, 1}, curvature[] = {60, 0, -10};
    double end = end_on_quartic(claim, -1, 1), radius = 1e-12;
    double other = end_on_quartic(claim, -1, -1);
    struct balls balls = balls_make(100, 128);
    ball left = ball_number(&balls, end - radius);
    ball right = ball_number(&balls, end + radius);
    ball between = ball_between(&balls, end - radius, end + radius);
    evidence(claim, "five times the slope, just left",
             ball_at_most(ball_polynomial(3, slope, left), 0));
    evidence(claim, "and just right",
             ball_at_least(ball_polynomial(3, slope, right), 0));
    evidence(claim, "five times the curvature between",
             ball_at_least(ball_polynomial(2, curvature, between), 0));
    evidence(claim, "height above the end from -1",
             ball_at_least(higher(&balls, -1, end, other, radius), 0.28));
    record_quartic(claim);
    ball convex = higher(&balls, 1, end_on_quartic(claim, 1, 1),
                         end_on_quartic(claim, 1, -1), radius);
    control(claim, "convex: w^4 + w^2 + w/5", ball_at_least(convex, 0.28));
    balls_free(&balls);
}

/* The largest height of a point of C above the least cost, less its gap, and the
 * largest of their ratios. */
static double over_certificate(struct claim *claim, struct bowl *x, struct region C,
                               double least, double *ratio)
{
    struct rng rng = claim_rng(claim, 3);
    double over = -INFINITY;
    *ratio = 0;
    for (int trial = 0; trial < 200; trial++) {
        random_member(&rng, C, x->w);
        quadratic_gradient(x->k.q, x->w, x->grad);
        double gap = or_region_gap(C, x->w, x->grad), height = value_at(x, x->w) - least;
        over = worst(over, (height - gap) / gap);
        *ratio = worst(*ratio, height / gap);
    }
    return over;
}

CLAIM(or_certificate, BOUND,
      "If the cost is convex, no point of C lies lower than J(w) - max <grad, w - "
      "v>: the gap certifies how good w is, though nobody knows the minimum")
{
    double ratio;
    for (int i = 0; i < 2; i++) {
        struct region C = region_of(claim, norms[i]);
        struct bowl x = build_geometric(claim, N, 10);
        send_minimum(&x, 3);
        minimize_within(&x, C);
        double over = over_certificate(claim, &x, C, value_at(&x, x.w), &ratio);
        evidence(claim, "height less gap, of the gap", at_most(over, 0));

        /* Height and gap differ by at most 1/2 (w - v)'A(w - v) <= 4.  With a gradient
         * of at least 0.1 * 2998 all over C, half of all points have a gap of 149 or
         * more. */
        send_minimum(&x, 3000);
        minimize_within(&x, C);
        over = over_certificate(claim, &x, C, value_at(&x, x.w), &ratio);
        evidence(claim, "the same, minimum far away", at_most(over, 0));
        evidence(claim, "height, of the gap", at_least(ratio, 0.97));
    }
    vec a = geometric_spectrum(claim_arena(claim), N, 1, 10);
    a.at[0] = -5; /* a saddle at the origin: no slope there, and lower points */
    struct bowl saddle = build_bowl(claim, 0, a);
    struct region C = region_of(claim, EUCLIDEAN);
    fill(0, saddle.v);
    move_minimum(&saddle, saddle.v);
    stand_on_axis(&saddle, 0);
    double least = value_at(&saddle, saddle.w);
    fill(1e-3, saddle.w);
    quadratic_gradient(saddle.k.q, saddle.w, saddle.grad);
    double gap = or_region_gap(C, saddle.w, saddle.grad);
    control(claim, "not convex: beside a saddle",
            at_most((value_at(&saddle, saddle.w) - least - gap) / gap, 0));
}

/* ---- One step, four readings ------------------------------------------------------
 */

/* The slope intercept + stiffness d of a parabola. */
struct line {
    double intercept, stiffness;
};

static double line(const void *context, double d)
{
    const struct line *slope = context;
    return slope->intercept + slope->stiffness * d;
}

/* <g, d> + stiffness ||d||^2 / 2, to be minimized where ||d|| <= radius. */
struct model {
    vec g;
    double stiffness, radius;
    vec d; /* overwritten */
};

/* d := the minimizer of the model plus mu ||d||^2 / 2 among all d, each entry where its
 * own slope vanishes; by how much it is inside the ball. */
static double inside(const void *context, double mu)
{
    const struct model *model = context;
    double reach = 1e9 * (1 + norm(model->g));
    for (int i = 0; i < model->d.n; i++) {
        struct line slope = {model->g.at[i], model->stiffness + mu};
        model->d.at[i] = bisect(line, &slope, -reach, reach);
    }
    return model->radius - norm(model->d);
}

/* d := the minimizer of <g, d> + stiffness ||d||^2 / 2 where ||d|| <= radius, for a
 * stiffness of at least 0 and g not 0: if it is not inside, by bisection on the
 * multiplier mu of the constraint.  No closed form of a step. */
static void minimize_model(vec g, double stiffness, double radius, vec d)
{
    struct model model = {g, stiffness, radius, d};
    double least = stiffness > 0 ? 0 : 1e-9;
    if (inside(&model, least) < 0)
        inside(&model, bisect(inside, &model, least, 1e9));
}

/* || (to - from) - d || / || d ||. */
static double apart(vec from, vec to, vec d)
{
    double sum = 0;
    for (int i = 0; i < d.n; i++)
        sum += pow(to.at[i] - from.at[i] - d.at[i], 2);
    return sqrt(sum) / norm(d);
}

/* Each route rounds entry by entry, relative to w and to the step; the steps taken here
 * are longer than a hundredth of w. */
static double rounding_of_step(void) { return rounding(N, 100); }

/* A bowl, at a point with all errors 1, and the gradient there, of length 1 at least.
 */
static struct bowl build_slope(struct claim *claim, vec start)
{
    struct bowl x = build_geometric(claim, N, 10);
    fill(1, x.v);
    from_axes(x.k, x.v, start);
    copy(start, x.w);
    quadratic_gradient(x.k.q, x.w, x.grad);
    return x;
}

CLAIM(or_four_readings, IDENTITY,
      "The gradient step is the proximal step of the linear model, its trust-region "
      "step of radius alpha |g|, and a projection on that ball round w")
{
    struct arena *arena = claim_arena(claim);
    vec start = arena_vec(arena, N), d = arena_vec(arena, N),
        step = arena_vec(arena, N);
    struct bowl x = build_slope(claim, start);
    double alpha = 0.3, radius = alpha * norm(x.grad), limit = rounding_of_step();

    minimize_model(x.grad, 1 / alpha, INFINITY, d);
    gd_update(alpha, x.grad, x.w);
    evidence(claim, "gradient step: proximal model",
             at_most(apart(start, x.w, d), limit));
    copy(d, step);

    struct quadratic linear = quadratic_make(arena, N);
    copy(x.grad, linear.b);
    copy(start, x.w);
    or_proximal_step(linear, alpha, arena, x.w);
    evidence(claim, "proximal step: the same", at_most(apart(start, x.w, step), limit));

    minimize_model(x.grad, 0, radius, d);
    copy(start, x.w);
    or_trust_region_step(EUCLIDEAN, radius, x.grad, x.w);
    evidence(claim, "trust-region step: linear model",
             at_most(apart(start, x.w, d), limit));
    evidence(claim, "and the same step", at_most(apart(start, x.w, step), limit));

    minimize_model(x.grad, 1, radius, d); /* nearest in the ball to w - g */
    copy(start, x.w);
    or_projected_step((struct region){EUCLIDEAN, start, radius}, 1, x.grad, x.w);
    evidence(claim, "projected step: nearest point",
             at_most(apart(start, x.w, d), limit));
    evidence(claim, "and the same step", at_most(apart(start, x.w, step), limit));

    copy(start, x.w);
    or_proximal_step(x.k.q, alpha, arena, x.w);
    control(claim, "proximal step of the cost itself",
            at_most(apart(start, x.w, step), limit));
    minimize_model(x.grad, 2 / alpha, INFINITY, step);
    copy(start, x.w);
    gd_update(alpha, x.grad, x.w);
    control(claim, "squared distance without the 1/2",
            at_most(apart(start, x.w, step), limit));
}

CLAIM(or_printed_projection, IDENTITY,
      "Projecting w - g on the ball of radius eta round w, as printed, moves along "
      "-g by min(eta, |g|): a clipped gradient, which has never heard of C")
{
    vec start = arena_vec(claim_arena(claim), N), d = arena_vec(claim_arena(claim), N);
    struct bowl x = build_slope(claim, start);
    static const double share[] = {0.3, 3};
    for (int i = 0; i < 2; i++) {
        double eta = share[i] * norm(x.grad);
        minimize_model(x.grad, 1, eta, d);
        copy(start, x.w);
        or_projected_step((struct region){EUCLIDEAN, start, eta}, 1, x.grad, x.w);
        evidence(claim,
                 i == 0 ? "eta below |g|: nearest point"
                        : "eta above |g|: nearest point",
                 at_most(apart(start, x.w, d), rounding_of_step()));
        copy(start, d);
        axpy(-1, x.w, d);
        evidence(claim, "its length, less min(eta, |g|)",
                 at_most(fabs(norm(d) - fmin(share[i], 1) * norm(x.grad)),
                         rounding_of_step()));
    }
    /* The projected step proper, onto a ball of radius 0.1 round the origin. */
    fill(0, x.v);
    copy(start, x.w);
    or_projected_step((struct region){EUCLIDEAN, x.v, 0.1}, 1, x.grad, x.w);
    minimize_model(x.grad, 1, norm(x.grad), d);
    control(claim, "the projection is on C", at_most(apart(start, x.w, d), 0.01));
}

CLAIM(or_sign, IDENTITY,
      "In the norm max |d_i|, squared and with 1/(2 alpha), the best step is alpha "
      "times the sum of |g_i| against the sign of every entry")
{
    enum { ENTRIES = 6 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec g = arena_vec(arena, ENTRIES), w = arena_vec(arena, ENTRIES);
    vec euclidean = arena_vec(arena, ENTRIES), origin = arena_vec(arena, ENTRIES);
    vec d = arena_vec(arena, ENTRIES);
    double alpha = 0.3, steepest = 0;
    int best = 0;
    rng_uniforms(&rng, 0.5, 1.5, g);
    for (int i = 0; i < ENTRIES; i++)
        g.at[i] *= rng_below(&rng, 2) == 0 ? 1 : -1;
    /* On a box a linear function is least at a corner: try all 64, then the size. */
    for (int corner = 0; corner < 1 << ENTRIES; corner++) {
        double slope = 0;
        for (int i = 0; i < ENTRIES; i++)
            slope += corner >> i & 1 ? g.at[i] : -g.at[i];
        if (slope < steepest)
            steepest = slope, best = corner;
    }
    double size = bisect(line, &(struct line){steepest, 1 / alpha}, 0, 100);
    for (int i = 0; i < ENTRIES; i++)
        d.at[i] = best >> i & 1 ? size : -size;

    or_steepest_step(LARGEST, alpha, g, w);
    or_steepest_step(EUCLIDEAN, alpha, g, euclidean);
    evidence(claim, "step less the best corner's",
             at_most(apart(origin, w, d), rounding(ENTRIES, 1)));
    control(claim, "the gradient step",
            at_most(apart(origin, euclidean, d), rounding(ENTRIES, 1)));
    fill(0, w);
    or_trust_region_step(LARGEST, alpha, g, w);
    control(claim, "the sign alone, of length alpha",
            at_most(apart(origin, w, d), rounding(ENTRIES, 1)));
}

/* The least of <g, d> / ||d|| over the steepest direction of that norm and a thousand
 * others: what an unsquared lambda ||d|| has to outweigh. */
static double steepest_slope(struct claim *claim, enum measure measure, vec g, vec d)
{
    struct rng rng = claim_rng(claim, 1);
    double least = INFINITY;
    for (int trial = 0; trial <= 1000; trial++) {
        rng_normals(&rng, 0, 1, d);
        for (int i = 0; i < d.n && trial == 0; i++)
            d.at[i] = measure == EUCLIDEAN ? -g.at[i] : g.at[i] > 0 ? -1 : 1;
        double size = 0;
        for (int i = 0; i < d.n; i++)
            size =
                measure == EUCLIDEAN ? hypot(size, d.at[i]) : fmax(size, fabs(d.at[i]));
        double slope = dot(g, d) / size;
        least = slope < least ? slope : least;
    }
    return least;
}

CLAIM(or_unsquared, BOUND,
      "With an unsquared norm, <g, d> + lambda |d| is least at d = 0 if lambda is "
      "at least the dual norm of g, and has no least value if it is less")
{
    vec g = arena_vec(claim_arena(claim), N), d = arena_vec(claim_arena(claim), N);
    struct bowl x = build_slope(claim, d);
    copy(x.grad, g);
    for (int i = 0; i < 2; i++) {
        double dual = or_dual_norm(norms[i], g);
        double slope = steepest_slope(claim, norms[i], g, d);
        evidence(claim, "least (<g, d> + l|d|) / |d|, l large",
                 at_least(1.01 + slope / dual, 0));
        evidence(claim, "the same, l small: no least value",
                 at_most(0.99 + slope / dual, -0.01 + rounding(N, 1)));
        /* Squared, a step of a thousandth in that direction pays at once. */
        control(claim, "squared, l large", at_least(1.01 * 0.001 + slope / dual, 0));
    }
}

/* ---- The proximal point -----------------------------------------------------------
 */

enum { STEPS = 20 };

/* Along an eigenvector of curvature a, what STEPS steps of one algorithm make of an
 * error of 1, for each eigenvector, less the law 1 / (1 + alpha a)^STEPS. */
static double gap_to_proximal_law(struct claim *claim, struct bowl *x, double alpha,
                                  bool proximal)
{
    vec error = x->v;
    double gap = 0;
    fill(1, error);
    from_axes(x->k, error, x->w);
    for (int k = 0; k < STEPS; k++) {
        if (proximal)
            or_proximal_step(x->k.q, alpha, claim_arena(claim), x->w);
        else
            gd_step(x->k.q, alpha, x->w, x->grad);
    }
    to_axes(x->k, x->w, error);
    for (int j = 0; j < error.n; j++)
        gap = worst(gap, fabs(error.at[j] - pow(1 + alpha * x->k.a.at[j], -STEPS)));
    return gap;
}

/* For the figure: by what factor one step of each changes the error, at curvature 1. */
static void record_factors(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct quadratic q = quadratic_make(arena, 1);
    vec w = arena_vec(arena, 1), grad = arena_vec(arena, 1);
    struct series s =
        series_begin(claim, "factors", "alpha", "gradient", "proximal", NULL);
    q.A.at[0] = 1;
    for (double exponent = -2; exponent < 2.01; exponent += 0.125) {
        double alpha = pow(10, exponent);
        w.at[0] = 1;
        gd_step(q, alpha, w, grad);
        double gradient = fabs(w.at[0]);
        w.at[0] = 1;
        or_proximal_step(q, alpha, arena, w);
        series_row(&s, (double[]){alpha, gradient, fabs(w.at[0])});
    }
    series_end(&s);
}

CLAIM(or_proximal, IDENTITY,
      "The proximal point method shrinks each eigendirection by 1 / (1 + alpha a) a "
      "step, and so is stable for every alpha > 0")
{
    struct bowl x =
        build_bowl(claim, 0, geometric_spectrum(claim_arena(claim), N, 3, 300));
    static const double rates[] = {0.1, 1, 10, 1000};
    double size = norm(x.k.w_star) + sqrt(N);
    for (int i = 0; i < 4; i++) {
        /* Each step solves a system whose condition number is this. */
        double kappa = (3 + 1 / rates[i]) / (0.01 + 1 / rates[i]);
        double limit = rounding(N * N * STEPS, kappa * size);
        static const char *const what[] = {"gap to the law, alpha a_max = 0.3",
                                           "gap to the law, alpha a_max = 3",
                                           "gap to the law, alpha a_max = 30",
                                           "gap to the law, alpha a_max = 3000"};
        evidence(claim, what[i],
                 at_most(gap_to_proximal_law(claim, &x, rates[i], true), limit));
        if (rates[i] == 1)
            control(claim, "gradient descent, alpha a_max = 3",
                    at_most(gap_to_proximal_law(claim, &x, 1, false), limit));
    }
    record_factors(claim);
}

/* ---- A constraint, or a penalty ---------------------------------------------------
 */

/* r - || w_lambda ||, with w_lambda the ridge solution in the coordinates of the
 * eigenvectors: sum of (b_j / (a_j + lambda))^2.  p: r, then N pairs. */
static double secular(const void *context, double lambda)
{
    const double *p = context;
    double sum = 0;
    for (int j = 0; j < N; j++)
        sum += pow(p[2 + 2 * j] / (p[1 + 2 * j] + lambda), 2);
    return p[0] - sqrt(sum);
}

/* The lambda at which the ridge solution has that length; for r below its length at 0.
 */
static double matching_penalty(struct claim *claim, struct bowl *x, double r)
{
    struct arena *arena = claim_arena(claim);
    vec values = arena_vec(arena, N), b = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    double p[1 + 2 * N] = {r};
    route_eigen(x->k.q.A, values, Q);
    gemtv(1, Q, x->k.q.b, 0, b);
    for (int j = 0; j < N; j++)
        p[1 + 2 * j] = values.at[j], p[2 + 2 * j] = b.at[j];
    return bisect(secular, p, 0, 1000);
}

/* || w - w_lambda ||, with w_lambda = -(A + lambda I)^-1 b by LAPACK. */
static double from_ridge(struct claim *claim, struct bowl *x, double lambda)
{
    struct arena *arena = claim_arena(claim);
    mat shifted = arena_mat(arena, N, N);
    vec minus_b = arena_vec(arena, N), ridge = arena_vec(arena, N);
    copy(entries(x->k.q.A), entries(shifted));
    for (int i = 0; i < N; i++)
        shifted.at[i * N + i] += lambda;
    axpy(-1, x->k.q.b, minus_b);
    route_solve(shifted, minus_b, ridge);
    axpy(-1, x->w, ridge);
    return norm(ridge);
}

CLAIM(or_penalty, IDENTITY,
      "Where a ball |w| <= r keeps out the free minimum of a convex quadratic, the "
      "minimum in it is the ridge solution for the one lambda whose solution has "
      "length r")
{
    struct bowl x = build_geometric(claim, N, 25);
    struct region C = region_of(claim, EUCLIDEAN);
    /* A contraction by 1 - 1/25 keeps the rounding of 25 steps, of N^2 operations each
     * on numbers below 2; LAPACK's solution has no larger condition number. */
    double limit = rounding(25 * N * N, 2);
    send_minimum(&x, 2);
    double lambda = matching_penalty(claim, &x, 1);
    or_descend_within(or_quadratic(&x.asked), C, 1, 1500, x.w, x.grad);
    evidence(claim, "projected descent, from ridge",
             at_most(from_ridge(claim, &x, lambda), limit));
    quadratic_gradient(x.k.q, x.w, x.grad);
    evidence(claim, "lambda less |gradient| / r",
             at_most(fabs(lambda - norm(x.grad)), limit));
    evidence(claim, "r less the length of w", at_most(fabs(norm(x.w) - 1), limit));
    control(claim, "lambda 1 % too large",
            at_most(from_ridge(claim, &x, 1.01 * lambda), limit));
    control(claim, "lambda 1 % too small",
            at_most(from_ridge(claim, &x, 0.99 * lambda), limit));

    C.radius = 2.5; /* holds the free minimum: no penalty is needed */
    or_descend_within(or_quadratic(&x.asked), C, 1, 1500, x.w, x.grad);
    evidence(claim, "ball too wide to matter: lambda = 0",
             at_most(from_ridge(claim, &x, 0), limit));
}

static double two_wells(double x) { return pow(x, 6) / 12 - pow(x, 4) / 2; }
static double parabola(double x) { return (x - 2) * (x - 2) / 2; }

/* How close to 1 the minimizer of J(x) + lambda x^2 over a grid on [0, 3] comes, for
 * any lambda of a grid on [0, 2]; both have a spacing of 1/200. */
static double closest_to_one(double (*cost)(double))
{
    double closest = INFINITY;
    for (int l = 0; l <= 400; l++) {
        double least = INFINITY, at = 0;
        for (int i = 0; i <= 600; i++) {
            double x = i / 200.0, value = cost(x) + l / 200.0 * x * x;
            if (value < least)
                least = value, at = x;
        }
        closest = fmin(closest, fabs(at - 1));
    }
    return closest;
}

CLAIM(or_no_penalty, BOUND,
      "Without convexity a constraint may have no penalty: x^6/12 - x^4/2 is least "
      "on [-1, 1] at the ends, but with lambda x^2 added never nearer to 1 than "
      "sqrt(3)")
{
    /* In s = x^2 the sum is s (s^2/12 - s/2 + lambda): least at s = 2 + 2 sqrt(1 -
     * lambda)
     * >= 3 while lambda <= 3/4, and at 0 from there on. */
    double closest = closest_to_one(two_wells);
    evidence(claim, "nearest approach to 1",
             at_least(closest, sqrt(3) - 1 - 1.0 / 200));
    evidence(claim, "and it is approached", at_most(closest, sqrt(3) - 1 + 1.0 / 50));
    control(claim, "convex: (x - 2)^2 / 2",
            at_least(closest_to_one(parabola), sqrt(3) - 1 - 1.0 / 200));
}

/* ---- A set known by its answers ---------------------------------------------------
 */

/* ln of the volume of an ellipsoid in units of the unit ball, by LAPACK; and the
 * condition number of P. */
static double log_volume(struct claim *claim, struct ellipsoid E, double *kappa)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec values = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    double sum = 0;
    route_eigen(E.P, values, Q);
    for (int j = 0; j < N; j++)
        sum += log(values.at[j]) / 2;
    *kappa = values.at[N - 1] / values.at[0];
    arena->used = mark;
    return sum;
}

/* (w - center)' P^-1 (w - center), which is at most 1 in the ellipsoid. */
static double depth_in(struct claim *claim, struct ellipsoid E, vec w)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec away = arena_vec(arena, N), solution = arena_vec(arena, N);
    copy(w, away);
    axpy(-1, E.center, away);
    route_solve(E.P, away, solution);
    double depth = dot(away, solution);
    arena->used = mark;
    return depth;
}

/* A ball of radius `radius` round (shift, 0, ..., 0). */
static struct ellipsoid build_ball(struct claim *claim, double radius, double shift)
{
    struct ellipsoid E = {arena_vec(claim_arena(claim), N),
                          arena_mat(claim_arena(claim), N, N)};
    E.center.at[0] = shift;
    for (int i = 0; i < N; i++)
        E.P.at[i * N + i] = radius * radius;
    return E;
}

/* The largest cost in the box, which is at one of its corners, less the least. */
static double range_in_box(struct bowl *x, double least)
{
    double most = -INFINITY;
    for (int corner = 0; corner < 1 << N; corner++) {
        for (int i = 0; i < N; i++)
            x->w.at[i] = corner >> i & 1 ? 0.5 : -0.5;
        most = worst(most, value_at(x, x->w));
    }
    return most - least;
}

/* The tilted quartic in the first entry, a parabola in the others. */
static void quartic_valley(void *bend, vec w, vec grad)
{
    quartic_gradient(bend, w, grad);
    for (int i = 1; i < w.n; i++)
        grad.at[i] = w.at[i];
}

CLAIM(or_ellipsoid, IDENTITY,
      "A set known only by a separation oracle suffices: each cut shrinks the "
      "ellipsoid by n/(n+1) (n^2/(n^2-1))^((n-1)/2), and the minimum stays in it")
{
    enum { CUTS = 800 };
    struct arena *arena = claim_arena(claim);
    struct bowl x = build_geometric(claim, N, 10);
    struct region box = region_of(claim, LARGEST);
    struct separator C = or_region_separator(&box);
    struct oracle f = or_quadratic(&x.asked);
    struct ellipsoid E = build_ball(claim, 2, 0);
    vec best = arena_vec(arena, N), p = arena_vec(arena, N),
        center = arena_vec(arena, N);
    send_minimum(&x, 3);
    fill(0, x.w);
    minimize_within(&x, box);
    copy(x.w, best);
    double least = value_at(&x, best), lowest = INFINITY;

    double factor = log(N / (N + 1.0)) + (N - 1) / 2.0 * log(N * N / (N * N - 1.0));
    double kappa, gap = 0, gap_to_bound = 0, deepest = 0, condition = 1;
    double volume = log_volume(claim, E, &kappa);
    for (int k = 0; k < CUTS; k++) {
        copy(E.center, center);
        if (or_ellipsoid_step(f, C, E, x.grad, p))
            lowest = fmin(lowest, value_at(&x, center));
        double before = volume;
        volume = log_volume(claim, E, &kappa);
        gap = worst(gap, fabs(volume - before - factor));
        gap_to_bound = worst(gap_to_bound, fabs(volume - before + 0.5 / (N + 1)));
        condition = worst(condition, kappa);
        deepest = worst(deepest, depth_in(claim, E, best));
    }
    /* Each step rounds P by N eps of its largest eigenvalue, which is kappa times as
     * much of its smallest; the volume sees one step, the depth all of them. */
    double limit = rounding(N * N, condition);
    evidence(claim, "change of ln volume, less the law", at_most(gap, limit));
    evidence(claim, "depth of the minimum", at_most(deepest, 1 + CUTS * limit));
    /* The points v + t (C - v) round the minimum v fill t^N of the volume of C and are
     * no higher than t times the range of the cost.  The box has volume 1, the unit
     * ball pi^4 / 24; so an ellipsoid that has become smaller has cut off one of them.
     */
    double t = exp((volume + log(pow(acos(-1), 4) / 24)) / N);
    evidence(claim, "best centre, of the theorem's height",
             at_most((lowest - least) / (t * range_in_box(&x, least)), 1));
    control(claim, "exp(-1/2(n+1)) as the factor", at_most(gap_to_bound, limit));

    int bend = -1;
    struct oracle wells = {&bend, NULL, quartic_valley, NULL};
    E = build_ball(claim, 2, 0.3);
    fill(0, best);
    best.at[0] = -0.752619;
    for (int k = 0; k < 20; k++)
        or_ellipsoid_step(wells, C, E, x.grad, p);
    control(claim, "not convex: the lower well stays",
            at_most(depth_in(claim, E, best), 1 + limit));
}

/* ---- Rates from convexity ---------------------------------------------------------
 */

/* Huber's function with that knee: x^2 / 2 near 0, and a straight line beyond. */
static double huber_value(void *knee, vec w)
{
    double d = *(double *)knee, x = fabs(w.at[0]);
    return x <= d ? x * x / 2 : d * x - d * d / 2;
}

static void huber_gradient(void *knee, vec w, vec grad)
{
    double d = *(double *)knee;
    grad.at[0] = fmin(fmax(w.at[0], -d), d);
}

/* What k steps from 1 leave of Huber's function whose knee is 1 / (2k + 1). */
static double huber_left(struct claim *claim, int k)
{
    double knee = 1.0 / (2 * k + 1);
    vec w = arena_vec(claim_arena(claim), 1), grad = arena_vec(claim_arena(claim), 1);
    struct oracle f = {&knee, huber_value, huber_gradient, NULL};
    w.at[0] = 1;
    or_descend(f, 1, k, w, grad);
    return f.value(f.cost, w);
}

static void cosine_gradient(void *cost, vec w, vec grad)
{
    (void)cost;
    grad.at[0] = sin(w.at[0]);
}

/* A robust regression, its largest curvature, its minimum, and a start. */
struct race {
    struct robust r;
    double L, least, distance;
    vec w, grad;
};

static struct race build_race(struct claim *claim, double ridge)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 50);
    struct race race = {.r = build_robust(claim, 0),
                        .w = arena_vec(arena, UNKNOWNS),
                        .grad = arena_vec(arena, UNKNOWNS)};
    vec values = arena_vec(arena, UNKNOWNS), step = arena_vec(arena, UNKNOWNS);
    mat H = arena_mat(arena, UNKNOWNS, UNKNOWNS),
        Q = arena_mat(arena, UNKNOWNS, UNKNOWNS);
    gram(1.0 / ROWS, race.r.X, H);
    route_eigen(H, values, Q);
    race.r.ridge = ridge;
    race.L = values.at[UNKNOWNS - 1] + ridge;

    vec best = race.w; /* a walk into the neighbourhood, then Newton's method */
    or_descend(ask(&race.r), 1 / race.L, 1000, best, race.grad);
    for (int k = 0; k < 10; k++) {
        robust_gradient(&race.r, best, race.grad);
        or_hessian(ask(&race.r), best, arena, H);
        route_min_norm(H, race.grad, step);
        axpy(-1, step, best);
    }
    race.least = robust_value(&race.r, best);
    rng_normals(&rng, 0, 1, step);
    race.distance = norm(step);
    axpy(1, step, race.w);
    return race;
}

/* The largest share of L r^2 / (4k + 2) that is left of the height after k steps. */
static double share_of_smooth_bound(struct race *race, int steps)
{
    struct oracle f = ask(&race->r);
    double most = 0, square = race->distance * race->distance;
    for (int k = 1; k <= steps; k++) {
        or_descend(f, 1 / race->L, 1, race->w, race->grad);
        double height = f.value(f.cost, race->w) - race->least;
        most = worst(most, height / (race->L * square / (4 * k + 2)));
    }
    return most;
}

/* For the figure: heights in units of L r^2.  Huber's function is another for each k.
 */
static void record_rates(struct claim *claim)
{
    struct race race = build_race(claim, 0);
    struct oracle f = ask(&race.r);
    double unit = race.L * race.distance * race.distance;
    struct series s = series_begin(claim, "rates", "k", "huber", "robust", NULL);
    for (int k = 1; k <= 100; k++) {
        or_descend(f, 1 / race.L, 1, race.w, race.grad);
        double height = f.value(f.cost, race.w) - race.least;
        series_row(&s, (double[]){k, huber_left(claim, k), height / unit});
    }
    series_end(&s);
}

CLAIM(or_smooth_rate, BOUND,
      "Convex, with no curvature above L: with alpha = 1/L, k steps leave at most L "
      "r^2 / (4k + 2), and Huber's function with knee 1/(2k+1) leaves exactly that")
{
    static const int steps[] = {1, 10, 100, 1000};
    double least = INFINITY, most = 0;
    for (int i = 0; i < 4; i++) {
        double share = huber_left(claim, steps[i]) * (4 * steps[i] + 2);
        least = fmin(least, share);
        most = worst(most, share);
    }
    /* k subtractions of the knee from a number below 1, of which about 1/2 is left,
     * times the knee, of which 1 / (4k + 2) is left. */
    double slack = rounding(1000, 4);
    evidence(claim, "Huber's function, of the bound", at_least(least, 1 - slack));
    evidence(claim, "and not more", at_most(most, 1 + slack));
    struct race race = build_race(claim, 0);
    evidence(claim, "robust regression, of the bound",
             at_most(share_of_smooth_bound(&race, 200), 1));
    record_rates(claim);
    control(claim, "Huber's function, of 0.9 times it", at_most(most / 0.9, 1 + slack));

    struct oracle f = {NULL, NULL, cosine_gradient, NULL};
    vec w = arena_vec(claim_arena(claim), 1), grad = arena_vec(claim_arena(claim), 1);
    double r = acos(-1) - 1e-3, cosine = 0;
    w.at[0] = r;
    for (int k = 1; k <= 20; k++) {
        or_descend(f, 1, 1, w, grad);
        cosine = worst(cosine, (1 - cos(w.at[0])) * (4 * k + 2) / (r * r));
    }
    control(claim, "not convex: -cos w from its top", at_most(cosine, 1));
}

CLAIM(or_strong_rate, BOUND,
      "If moreover no curvature is below mu, k steps leave at most (1 - mu/L)^2k of "
      "the height, and exactly that along the axis of least curvature")
{
    enum { RUN = 50 };
    double ridge = 0.1, most = 0;
    struct race race = build_race(claim, ridge);
    struct oracle f = ask(&race.r);
    double first = f.value(f.cost, race.w) - race.least, q = 1 - ridge / race.L;
    for (int k = 1; k <= RUN; k++) {
        or_descend(f, 1 / race.L, 1, race.w, race.grad);
        double height = f.value(f.cost, race.w) - race.least;
        most = worst(most, height / (first * pow(q, 2 * k)));
    }
    evidence(claim, "robust regression with ridge", at_most(most, 1));

    struct bowl x = build_geometric(claim, N, 10); /* mu = 0.1, L = 1 */
    fill(0, x.v);
    move_minimum(&x, x.v);
    x.k.q.c = 0;
    stand_on_axis(&x, N - 1);
    first = value_at(&x, x.w);
    or_descend(or_quadratic(&x.asked), 1, RUN, x.w, x.grad);
    double left = value_at(&x, x.w) / first;
    /* Each step rounds by N eps of a w that has become no smaller than 0.9 of itself;
     * what rounding puts on other axes shrinks faster. */
    double slack = rounding(RUN * N * N, 1);
    evidence(claim, "axis of least curvature, of it",
             at_least(left / pow(0.9, 2 * RUN), 1 - slack));
    evidence(claim, "and not more", at_most(left / pow(0.9, 2 * RUN), 1 + slack));
    control(claim, "1.1 mu in place of mu",
            at_most(left / pow(1 - 0.11, 2 * RUN), 1 + slack));
}

CHAPTER(oracles, &or_calls, &or_forward, &or_central, &or_complex, &or_product,
        &or_bandit, &or_bandit_price, &or_descent_lemma, &or_average_decrease,
        &or_variational, &or_local_global, &or_stuck, &or_certificate,
        &or_four_readings, &or_printed_projection, &or_sign, &or_unsquared,
        &or_proximal, &or_penalty, &or_no_penalty, &or_ellipsoid, &or_smooth_rate,
        &or_strong_rate)
