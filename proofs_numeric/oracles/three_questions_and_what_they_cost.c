/* "Three questions, and what they cost": derivatives from numbers, or from one. */
#include "landscapes.h"

#include <float.h>
#include <math.h>

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

CLAIM(or_calls, IDENTITY, "What a gradient, a product and a Hessian cost, in questions")
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

enum way { FORWARD, CENTRAL, COMPLEX, PRODUCT, MIRRORED };
enum { WORLDS = 8 };

/* The second half of the data becomes the first, with the signs of the residuals at w
 * turned: there each third derivative is the sum of two that cancel. */
static void mirror(struct robust *r)
{
    for (int i = 0, j = ROWS / 2; j < ROWS; i++, j++) {
        copy(row(r->X, i), row(r->X, j));
        r->y.at[j] = 2 * dot(row(r->X, i), r->w) - r->y.at[i];
    }
}

/* || answer - exact || for one way of asking, with step h, in one world; mirrored, if
 * the way says so. */
static double miss(struct arena *arena, struct robust *r, enum way way, double h)
{
    size_t mark = arena->used;
    struct oracle f = ask(r);
    vec answer = arena_vec(arena, UNKNOWNS), exact = arena_vec(arena, UNKNOWNS);
    vec v = arena_vec(arena, UNKNOWNS);
    v.at[0] = 1;
    if (way == MIRRORED)
        mirror(r);
    f.gradient(f.cost, r->w, exact);
    if (way == FORWARD)
        or_gradient_forward(f, h, r->w, answer);
    if (way == CENTRAL)
        or_gradient_central(f, h, r->w, answer);
    if (way == COMPLEX)
        or_gradient_complex((struct complex_oracle){r, robust_complex}, h, r->w, arena,
                            answer);
    if (way == PRODUCT || way == MIRRORED) {
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

/* Steps are stored, and values are not. */
static const char steps_vanish[] = "a step vanishes before a value shows its rounding";

CLAIM(or_forward, RATE, "Forward differences err by O(h) and O(eps / h)")
{
    if (needs_double(claim, steps_vanish))
        return;
    /* Whatever is drawn, the next term is smaller by h J_iii / 3 J_ii <= h: 0.0043 in
     * log10 at 0.01. */
    evidence(claim, "power of h, from truncation",
             slope_is(truncation(claim, FORWARD, -5, -2), 1, 0.0043, 1));
    /* Two values that are a small step apart share some of their roundings, which
     * cancel.  Half of the variance at one end of three decades, and nothing at the
     * other, would turn the line by 0.08. */
    double slopes[20];
    rounding_slopes(claim, FORWARD, -13, 20, slopes);
    evidence(claim, "power of h, from rounding",
             slopes_near(20, slopes, -1, 0.08, 0.5));
    double h = sqrt(DBL_EPSILON), best = best_step(claim, FORWARD);
    evidence(claim, "decades from best h to sqrt(eps)",
             at_most(fabs(log10(best / h)), 1));
    double limit = h * 0.915 / 2 + 2 * rounding_of_value() / h;
    evidence(claim, "error at h = sqrt(eps)",
             at_most(typical_miss(claim, FORWARD, h), limit));
    record_differences(claim);
    control(claim, "h = 1e-14", at_most(typical_miss(claim, FORWARD, 1e-14), limit));
    control(claim, "central, power of h",
            slope_is(truncation(claim, CENTRAL, -3.5, -1.5), 1, 0.0043, 1));
}

CLAIM(or_central, RATE, "Central differences err by O(h^2) and O(eps / h)")
{
    if (needs_double(claim, steps_vanish))
        return;
    /* Whatever is drawn, the next term is smaller by h^2 / 20 times sqrt(10) 4.1 / 0.44
     * at most: 0.0015, or 0.0007 in log10, at 10^-1.5; rounding, 1e-15 / h, is as small
     * at 10^-3.5. */
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

CLAIM(or_complex, RATE, "The complex step errs by O(h^2), and cancels nothing")
{
    struct arena *arena = claim_arena(claim);
    /* The terms are those of the central difference, with another sign, and nothing is
     * divided by h.  In single precision rounding of the gradient, eps / 2, is seen
     * below 0.02: 0.2 %; and the next term at 0.2 is 6 %, or 0.025 in log10 to either
     * side, which moves the slope of a decade by three times as much at most. */
    bool single = !IS_DOUBLE;
    struct fit fit =
        truncation(claim, COMPLEX, single ? -1.7 : -4.5, single ? -0.7 : -1.5);
    evidence(claim, "power of h, from truncation",
             slope_is(fit, 2, single ? 0.08 : 0.002, 1));
    /* No more operations than in the value, and no division of its rounding by h. */
    double limit = rounding_of_value();
    evidence(claim, "error at h = 1e-14",
             at_most(typical_miss(claim, COMPLEX, 1e-14), limit));
    evidence(claim, "error at h = 1e-100",
             at_most(typical_miss(claim, COMPLEX, 1e-100), limit));
    control(claim, "forward, at its best: sqrt(eps)",
            at_most(typical_miss(claim, FORWARD, sqrt(REAL_EPSILON)), limit));
    struct robust r = build_robust(claim, 0);
    vec exact = arena_vec(arena, UNKNOWNS), answer = arena_vec(arena, UNKNOWNS);
    robust_gradient(&r, r.w, exact);
    or_gradient_complex((struct complex_oracle){&r, robust_with_modulus}, 1e-14, r.w,
                        arena, answer);
    axpy(-1, exact, answer);
    control(claim, "an absolute value in the cost", at_most(norm(answer), limit));
}

CLAIM(or_product, RATE, "A Hessian-vector product is one more gradient, to O(h)")
{
    if (needs_double(claim, "gradients that are stored leave no decade of small h"))
        return;
    struct arena *arena = claim_arena(claim);
    /* Along the first axis the next term is smaller by h |J_ijkk| / 3 |J_ijk|, with
     * fourth derivatives of at most 2 in size, whatever is drawn: by h 2 sqrt(10) / (3
     * * 0.44) <= 0.02 at 10^-2.4, which is 0.009 in log10. */
    evidence(claim, "power of h, from truncation",
             slope_is(truncation(claim, PRODUCT, -5.4, -2.4), 1, 0.009, 1));
    vec a = geometric_spectrum(arena, N, 1, 100);
    struct rng rng = claim_rng(claim, 100);
    struct solved_quadratic k = solved_quadratic_make(arena, &rng, a);
    struct asked_quadratic asked = {k.q, arena_vec(arena, N)};
    mat H = arena_mat(arena, N, N);
    or_hessian(or_quadratic(&asked), k.w_star, arena, H);
    axpy(-1, entries(k.q.A), entries(H));
    evidence(claim, "Hessian less the one built in",
             at_most(max_norm(entries(H)), rounding(N, 1)));
    control(claim, "third derivatives that cancel",
            slope_is(truncation(claim, MIRRORED, -3.4, -1.4), 1, 0.009, 1));
    control(claim, "a product at h = 1e-14",
            at_most(typical_miss(claim, PRODUCT, 1e-14), 1e-6));
    mat twice = arena_mat(arena, N, N);
    asked.q.A = twice;
    axpy(2, entries(k.q.A), entries(twice));
    or_hessian(or_quadratic(&asked), k.w_star, arena, H);
    axpy(-1, entries(k.q.A), entries(H));
    control(claim, "a quadratic twice as steep",
            at_most(max_norm(entries(H)), rounding(N, 1)));
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

static const double bandit_w[BANDIT] = {1, -1, 0.5, 0};
static const double along[BANDIT] = {2, -1, 1, 1};

/* The slope at bandit_w, along that vector, of the mean over a ball. */
static double slope_of_mean(double delta)
{
    double slope = 0;
    for (int i = 0; i < BANDIT; i++) {
        double w = bandit_w[i];
        slope += along[i] * (w * w * w + 3 * w * delta * delta / (BANDIT + 2));
    }
    return slope;
}

/* So many estimates of that slope. */
static void estimates(struct claim *claim, estimator *estimate, double delta,
                      double *sample)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct oracle f = {.value = quartic_sum};
    vec w = arena_vec(arena, BANDIT), grad = arena_vec(arena, BANDIT);
    for (int j = 0; j < BANDIT; j++)
        w.at[j] = bandit_w[j];
    for (int i = 0; i < ROUNDS; i++) {
        estimate(f, delta, w, &rng, arena, grad);
        sample[i] = 0;
        for (int j = 0; j < BANDIT; j++)
            sample[i] += along[j] * grad.at[j];
    }
}

CLAIM(or_bandit, STATISTIC,
      "One value or two give, on average, the gradient of the mean over a ball")
{
    static double sample[ROUNDS];
    estimates(claim, or_gradient_two_point, 1, sample);
    evidence(claim, "two values: mean of the estimates",
             mean_is(ROUNDS, sample, slope_of_mean(1)));
    estimates(claim, or_gradient_one_point, 1, sample);
    evidence(claim, "one value: mean of the estimates",
             mean_is(ROUNDS, sample, slope_of_mean(1)));
    estimates(claim, or_gradient_two_point, 2, sample);
    control(claim, "two values, delta = 2: of J itself",
            mean_is(ROUNDS, sample, slope_of_mean(0)));
    estimates(claim, or_gradient_one_point, 2, sample);
    control(claim, "one value, delta = 2: of J itself",
            mean_is(ROUNDS, sample, slope_of_mean(0)));
}

/* The mean of || estimate ||^2 over a few directions, the same for every delta. */
static double mean_square(struct claim *claim, estimator *estimate, double delta)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct oracle f = {.value = quartic_sum};
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
      "The price of one value grows as delta^-2, that of two is bounded")
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
    /* J = 1 at the centre and changes, whatever is drawn, by at most 0.021 in 0.01, J^2
     * by 0.042: 0.018 in log10, and less than that in the slope of two decades. */
    evidence(claim, "power of delta, one value",
             slope_is(fit_power(RADII, delta, one), -2, 0.018, 1));
    evidence(claim, "two values, of the bound", at_most(most, 1));
    control(claim, "two values: slope -2",
            slope_is(fit_power(RADII, delta, two), -2, 0.018, 1));
    control(claim, "one value, of the bound", at_most(most_one, 1));
}

SECTION(or_three_questions, &or_calls, &or_forward, &or_central, &or_complex,
        &or_product, &or_bandit, &or_bandit_price);
