#include "ground/finding.h"

#include "ground/arblib.h"
#include "ground/arena.h"
#include "ground/bisect.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The share of its room that a takes, if it is to be at most b: a / b, whose like for
 * numbers that are not positive is 0, b / a or infinite. */
static double used_of(double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    if (a <= 0 && b >= 0)
        return 0;
    if (a > 0 && b > 0)
        return a / b;
    return a < 0 ? b / a : INFINITY;
}

static struct finding compared(double measured, const char *relation, double limit,
                               bool holds, double margin)
{
    struct finding finding = {.kind = COMPARISON,
                              .measured = measured,
                              .limit = limit,
                              .holds = holds,
                              .fails = !holds && !isnan(measured) && !isnan(limit),
                              .low = NAN,
                              .high = NAN,
                              .margin = margin,
                              .rank = {NAN, NAN}};
    snprintf(finding.relation, sizeof finding.relation, "%s", relation);
    return finding;
}

struct finding at_most(double measured, double limit)
{
    return compared(measured, "<=", limit, measured <= limit, used_of(measured, limit));
}

struct finding at_least(double measured, double limit)
{
    return compared(measured, ">=", limit, measured >= limit,
                    used_of(-measured, -limit));
}

double rounding(double n, double scale) { return 30 * n * REAL_EPSILON * scale; }

/* measured +- half. */
static struct finding interval(enum finding_kind kind, double measured, double half,
                               double limit)
{
    return (struct finding){.kind = kind,
                            .measured = measured,
                            .limit = limit,
                            .low = measured - half,
                            .high = measured + half,
                            .margin = NAN,
                            .rank = {NAN, NAN}};
}

/* measured lies within half of predicted. */
static struct finding within(enum finding_kind kind, double measured, double half,
                             double predicted)
{
    double distance = fabs(measured - predicted);
    struct finding finding = interval(kind, measured, half, predicted);
    finding.holds = distance <= half && isfinite(half);
    finding.fails = distance > half;
    if (finding.holds || finding.fails)
        finding.margin = distance == 0 ? 0 : distance / half;
    snprintf(finding.relation, sizeof finding.relation, "within %.2g of", half);
    return finding;
}

/* Tails of the three laws, to full precision, from Arb: each is an incomplete gamma or
 * beta function.  The precision of 128 bits is twice what survives in a double. */
enum { BITS = 128 };

/* P(chi-square with so many degrees of freedom > x) = Q(freedom / 2, x / 2). */
static double chi_square_tail(double x, double freedom)
{
    arb_t half_freedom, half_x, tail;
    arb_init(half_freedom), arb_init(half_x), arb_init(tail);
    arb_set_d(half_freedom, freedom / 2);
    arb_set_d(half_x, x / 2);
    arb_hypgeom_gamma_upper(tail, half_freedom, half_x, 1, BITS);
    double value = arf_get_d(arb_midref(tail), ARF_RND_NEAR);
    arb_clear(half_freedom), arb_clear(half_x), arb_clear(tail);
    return value;
}

double incomplete_beta(double a, double b, double x)
{
    arb_t ball_a, ball_b, ball_x, tail;
    arb_init(ball_a), arb_init(ball_b), arb_init(ball_x), arb_init(tail);
    arb_set_d(ball_a, a);
    arb_set_d(ball_b, b);
    arb_set_d(ball_x, x);
    arb_hypgeom_beta_lower(tail, ball_a, ball_b, ball_x, 1, BITS);
    double value = arf_get_d(arb_midref(tail), ARF_RND_NEAR);
    arb_clear(ball_a), arb_clear(ball_b), arb_clear(ball_x), arb_clear(tail);
    return value;
}

/* P(|T| > t) for Student's T. */
static double student_tail(double t, double freedom)
{
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

/* P(T <= t). */
static double student_below(double t, double freedom)
{
    double beyond = isnan(t) ? t : student_tail(fabs(t), freedom) / 2;
    return t > 0 ? 1 - beyond : beyond;
}

static double normal_tail(double z, double unused)
{
    (void)unused;
    return erfc(z / sqrt(2));
}

/* The x at which a tail has fallen to SHARE: doubling, then false position on the
 * logarithm of the tail, where an end that stays counts for half (Illinois), to the
 * last bits; and bisection while the tail at the higher end is too small for a double.
 */
static double quantile(double (*tail)(double x, double freedom), double freedom)
{
    double low = 0, high = 1, at_low = -log(SHARE), at_high;
    while ((at_high = log(tail(high, freedom) / SHARE)) > 0)
        low = high, at_low = at_high, high *= 2;
    for (int side = 0, k = 0; k < 48 && high - low > 1e-15 * high; k++) {
        double share = isinf(at_high) ? 0.5 : at_high / (at_high - at_low);
        double x = high - share * (high - low);
        double at_x = log(tail(x, freedom) / SHARE);
        if (at_x > 0) {
            low = x, at_low = at_x;
            at_high /= side < 0 ? 2 : 1, side = -1;
        } else {
            high = x, at_high = at_x;
            at_low /= side > 0 ? 2 : 1, side = 1;
        }
    }
    return high;
}

double normal_limit(void) { return quantile(normal_tail, 0); }

double student_limit(double freedom)
{
    REQUIRE(freedom >= 1, "freedom must be at least 1, got %g", freedom);
    return quantile(student_tail, freedom);
}

double chi_square_limit(double freedom)
{
    REQUIRE(freedom >= 1, "freedom must be at least 1, got %g", freedom);
    return quantile(chi_square_tail, freedom);
}

static double mean(int n, const double *sample)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += sample[i];
    return sum / n;
}

/* The standard error of the mean of a sample: sqrt(sum (x - mean)^2 / (n (n - 1))). */
static double standard_error(int n, const double *sample)
{
    REQUIRE(n >= 2, "a standard error needs two values, got %d", n);
    double center = mean(n, sample), sum = 0;
    for (int i = 0; i < n; i++)
        sum += (sample[i] - center) * (sample[i] - center);
    return sqrt(sum / n / (n - 1));
}

/* Where a mean lies in Student's law around the prediction, which is off by bias at
 * most. */
static void rank_mean(struct finding *finding, int n, const double *sample, double bias)
{
    double error = standard_error(n, sample), off = finding->measured - finding->limit;
    finding->rank[0] = student_below((off - bias) / error, n - 1);
    finding->rank[1] = student_below((off + bias) / error, n - 1);
}

struct finding mean_is(int n, const double *sample, double predicted)
{
    double half = student_limit(n - 1) * standard_error(n, sample);
    struct finding finding = within(SAMPLE, mean(n, sample), half, predicted);
    rank_mean(&finding, n, sample, 0);
    return finding;
}

struct finding estimate_is(double estimate, double standard_error, double predicted)
{
    double half = normal_limit() * standard_error;
    struct finding finding = within(SAMPLE, estimate, half, predicted);
    double rank = normal_tail((predicted - estimate) / standard_error, 0) / 2;
    finding.rank[0] = finding.rank[1] = rank;
    return finding;
}

/* The margin of an effect: how far its interval clears the limit. */
static double effect_margin(double measured, double half, double limit)
{
    double clear = measured - limit;
    if (fabs(clear) <= half)
        return 1;
    return clear > 0 ? half / clear : -clear / half;
}

/* measured +- half is at least the limit. */
static struct finding clears(double measured, double half, double limit)
{
    struct finding finding = interval(SAMPLE, measured, half, limit);
    finding.holds = finding.low >= limit;
    finding.fails = finding.high < limit;
    finding.margin = effect_margin(measured, half, limit);
    snprintf(finding.relation, sizeof finding.relation, "+- %.2g >=", half);
    return finding;
}

struct finding effect_at_least(int n, const double *sample, double limit)
{
    double half = student_limit(n - 1) * standard_error(n, sample);
    return clears(mean(n, sample), half, limit);
}

struct finding chi_square_fits(double chi_square, double freedom)
{
    struct finding finding = at_most(chi_square, chi_square_limit(freedom));
    finding.kind = SAMPLE;
    if (!isnan(chi_square))
        finding.rank[0] = finding.rank[1] = 1 - chi_square_tail(chi_square, freedom);
    return finding;
}

double chi_square(int cells, const double *observed, const double *expected)
{
    double sum = 0;
    for (int i = 0; i < cells; i++) {
        REQUIRE(expected[i] > 0, "cell %d expects %g", i, expected[i]);
        sum += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
    }
    return sum;
}

/* The smaller of P(X <= hits) and P(X >= hits), for X binomial:
 * P(X >= k) = I_p(k, n - k + 1).  Either tail may take half of SHARE.  Of tails,
 * logarithms are compared. */
struct finding count_fits(int hits, int n, double p)
{
    REQUIRE(0 <= hits && hits <= n, "%d hits of %d trials", hits, n);
    REQUIRE(0 < p && p < 1, "p must lie in (0, 1), got %g", p);
    double above = hits == 0 ? 1 : incomplete_beta(hits, n - hits + 1, p);
    double below = hits == n ? 1 : incomplete_beta(n - hits, hits + 1, 1 - p);
    struct finding finding = at_least(fmin(above, below), SHARE / 2);
    finding.kind = SAMPLE;
    finding.margin = log(finding.measured) / log(finding.limit);
    finding.rank[0] = 1 - above;
    finding.rank[1] = below;
    return finding;
}

/* Trials of which so many hit. */
struct trials {
    int hits, n;
};

/* ln of the probability of so many hits or more, if each has the probability p, over
 * half of SHARE. */
static double more_than_share(const void *trials, double p)
{
    const struct trials *t = trials;
    return log(incomplete_beta(t->hits, t->n - t->hits + 1, p) / (SHARE / 2));
}

/* The least probability of a hit under which so many are no surprise. */
static double least_chance(int hits, int n)
{
    struct trials trials = {hits, n};
    return hits == 0 ? 0 : bisect(more_than_share, &trials, 0, 1);
}

struct finding chance_at_least(int hits, int n, double p)
{
    REQUIRE(0 <= hits && hits <= n, "%d hits of %d trials", hits, n);
    REQUIRE(0 < p && p < 1, "p must lie in (0, 1), got %g", p);
    double share = (double)hits / n;
    double low = least_chance(hits, n), high = 1 - least_chance(n - hits, n);
    struct finding finding = clears(share, share > p ? share - low : high - share, p);
    finding.low = low;
    finding.high = high;
    return finding;
}

struct fit fit_line(int n, const double *x, const double *y)
{
    REQUIRE(n >= 2, "a line needs two points, got %d", n);
    double x0 = mean(n, x), y0 = mean(n, y), xx = 0, xy = 0;
    double lowest = x[0], highest = x[0];
    for (int i = 0; i < n; i++) {
        xx += (x[i] - x0) * (x[i] - x0);
        xy += (x[i] - x0) * (y[i] - y0);
        lowest = fmin(lowest, x[i]);
        highest = fmax(highest, x[i]);
    }
    return (struct fit){xy / xx, y0 - xy / xx * x0, highest - lowest};
}

struct fit fit_power(int n, const double *x, const double *y)
{
    enum { MOST = 256 };
    double log_x[MOST], log_y[MOST];
    REQUIRE(n <= MOST, "at most %d points, got %d", MOST, n);
    for (int i = 0; i < n; i++) {
        REQUIRE(x[i] > 0 && y[i] > 0, "point %d, (%g, %g), has no logarithm", i, x[i],
                y[i]);
        log_x[i] = log10(x[i]);
        log_y[i] = log10(y[i]);
    }
    return fit_line(n, log_x, log_y);
}

/* The interval of that half-width holds the prediction, and not its neighbours; if it
 * holds both, that is no reason to reject the prediction either. */
static struct finding resolved(enum finding_kind kind, double slope, double predicted,
                               double half, double neighbour)
{
    struct finding finding = within(kind, slope, half, predicted);
    double nearest =
        fmin(fabs(slope - predicted - neighbour), fabs(slope - predicted + neighbour));
    finding.holds = finding.holds && nearest > half;
    if (!finding.fails && !isnan(finding.margin))
        finding.margin = fmin(1, fmax(finding.margin, half / nearest));
    return finding;
}

struct finding slope_is(struct fit fit, double predicted, double half, double neighbour)
{
    REQUIRE(fit.span >= 1 - 16 * DBL_EPSILON, "the fit spans only %g decades",
            fit.span);
    return resolved(SLOPE, fit.slope, predicted, half, neighbour);
}

struct finding slopes_are(int n, const double *slopes, double predicted,
                          double neighbour)
{
    return slopes_near(n, slopes, predicted, 0, neighbour);
}

struct finding slopes_near(int n, const double *slopes, double predicted, double bias,
                           double neighbour)
{
    REQUIRE(bias >= 0, "bias must not be negative, got %g", bias);
    double half = student_limit(n - 1) * standard_error(n, slopes) + bias;
    struct finding finding =
        resolved(SAMPLED_SLOPE, mean(n, slopes), predicted, half, neighbour);
    rank_mean(&finding, n, slopes, bias);
    return finding;
}

/* P(X <= hits) for X of n fair coins. */
static double coins_below(int hits, int n)
{
    if (hits < 0)
        return 0;
    return hits >= n ? 1 : incomplete_beta(n - hits, hits + 1, 0.5);
}

/* How far the interval of the median of n sorted values reaches: but for SHARE, at
 * least k of them lie below the median of their law, and k above. */
static double median_reach(int n, const double *sorted, double middle)
{
    int k = 0;
    while (coins_below(k, n) <= SHARE / 2)
        k++;
    return fmax(middle - sorted[k - 1], sorted[n - k] - middle);
}

/* Where a median lies: as many values as coins fall on heads are above the prediction,
 * which is off by bias at most. */
static void rank_median(struct finding *finding, int n, const double *sorted,
                        double bias)
{
    int above[2] = {0, 0};
    for (int i = 0; i < n; i++) {
        above[0] += sorted[i] > finding->limit + bias;
        above[1] += sorted[i] > finding->limit - bias;
    }
    finding->rank[0] = coins_below(above[0] - 1, n);
    finding->rank[1] = coins_below(above[1], n);
}

struct finding median_slope_near(int n, const double *slopes, double predicted,
                                 double bias, double neighbour)
{
    enum { LEAST = 31, MOST = 256 };
    double sorted[MOST];
    REQUIRE(LEAST <= n && n <= MOST, "n must be from %d to %d, got %d", LEAST, MOST, n);
    REQUIRE(bias >= 0, "bias must not be negative, got %g", bias);
    if (isnan(mean(n, slopes)))
        return resolved(SAMPLED_SLOPE, NAN, predicted, NAN, neighbour);
    memcpy(sorted, slopes, (size_t)n * sizeof *slopes);
    double middle = median(n, sorted), half = median_reach(n, sorted, middle) + bias;
    struct finding finding =
        resolved(SAMPLED_SLOPE, middle, predicted, half, neighbour);
    rank_median(&finding, n, sorted, bias);
    return finding;
}

double worst(double so_far, double next)
{
    return isnan(so_far) || next <= so_far ? so_far : next;
}

double smallest(double so_far, double next)
{
    return isnan(so_far) || next >= so_far ? so_far : next;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

void sort_numbers(int n, double *x) { qsort(x, (size_t)n, sizeof *x, by_size); }

double median(int n, double *sample)
{
    sort_numbers(n, sample);
    return (sample[(n - 1) / 2] + sample[n / 2]) / 2;
}
