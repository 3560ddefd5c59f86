/* "m units at random": what a mean of m independent units misses, exactly. */
#include "barron/networks.h"
#include "ground/ball.h"
#include "ground/certain.h"

#include <math.h>

/* ---- Of cosines ------------------------------------------------------------------ */

enum { DRAWS = 10000 };

/* E e^(-a |x|^2) for x ~ N(0, I / d). */
static double mean_exp(double a, int d) { return pow(1 + 2 * a / d, -d / 2.0); }

/* Of one unit cos omega'x about f = e^(-|x|^2 / 2), in the mean over x: its variance,
 * the square of that, and its fourth central moment, all from
 * E cos j omega'x = e^(-j^2 |x|^2 / 2). */
static double variance(int d) { return (1 + mean_exp(2, d)) / 2 - mean_exp(1, d); }

static double variance_squared(int d)
{
    return 0.25 + 1.5 * mean_exp(2, d) + mean_exp(4, d) / 4 - mean_exp(1, d) -
           mean_exp(3, d);
}

static double fourth_moment(int d)
{
    return 0.375 - 2.5 * mean_exp(2, d) + mean_exp(8, d) / 8 - mean_exp(5, d) +
           3 * mean_exp(3, d);
}

/* The standard error of the mean of m e^2 over the draws, e the error of m units at a
 * point of its own: E e^4 = (fourth + 3 (m - 1) variance^2) / m^3. */
static double standard_error(int d, int m)
{
    double fourth = (fourth_moment(d) + 3 * (m - 1) * variance_squared(d)) / m;
    return sqrt((fourth - variance(d) * variance(d)) / DRAWS);
}

/* The mean of m e^2; of frequencies in pairs omega, -omega if so. */
static double mean_square(struct claim *claim, int d, int m, bool in_pairs)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)(1000 * d + m));
    size_t mark = arena->used;
    mat Omega = arena_mat(arena, m, d), X = arena_mat(arena, 1, d);
    double sum = 0;
    real y;
    for (int i = 0; i < DRAWS; i++) {
        rng_normals(&rng, 0, 1, entries(Omega));
        rng_normals(&rng, 0, sqrt(1.0 / d), entries(X));
        for (int k = 1; k < m && in_pairs; k += 2) {
            fill(0, row(Omega, k));
            axpy(-1, row(Omega, k - 1), row(Omega, k));
        }
        bar_cosines(Omega, X, arena, (vec){1, &y});
        double e = y - exp(-dot(row(X, 0), row(X, 0)) / 2);
        sum += m * e * e;
    }
    arena->used = mark;
    return sum / DRAWS;
}

CLAIM(bar_mean_square, STATISTIC,
      "m independent units miss 1 / m of a variance, exactly")
{
    static const int dimensions[] = {2, 5, 10, 50}, units[] = {16, 8, 4, 1};
    double measured[4];
    for (int i = 0; i < 4; i++) {
        char what[40];
        int d = dimensions[i], m = units[i];
        measured[i] = mean_square(claim, d, m, false);
        snprintf(what, sizeof what, "m E error^2, d = %d, m = %d", d, m);
        evidence(claim, what,
                 estimate_is(measured[i], standard_error(d, m), variance(d)));
    }
    control(claim, "units in pairs that are the same",
            estimate_is(mean_square(claim, 10, 4, true), standard_error(10, 4),
                        variance(10)));
    struct series s =
        series_begin(claim, "dimensions", "d", "law", "measured", "limit", NULL);
    for (int d = 1, i = 0; d <= 100; d++) {
        bool is_measured = i < 4 && d == dimensions[i];
        series_row(&s, (double[]){d, variance(d), is_measured ? measured[i++] : NAN,
                                  pow(1 - exp(-1), 2) / 2});
    }
    series_end(&s);
}

/* ---- In all dimensions at once ---------------------------------------------------
 * With u = 1/d in [0, 1]:  V(u) = (P(4, u) + 1) / 2 - P(2, u),  P(k, u) = (1 + k u)^
 * (-1/2u) = exp(-k/2 L(k u)),  L(y) = ln(1 + y) / y, which is 1 at y = 0. */

/* L, or its slope, for y in [0, 1/4]: sum over n of (-y)^n / (n + 1), which alternates
 * with terms that fall: what is left out is less than the next term. */
static ball log_series(ball y, bool slope)
{
    ball sum = ball_number(y.in, 0), power = ball_number(y.in, 1);
    int mark = y.in->used;
    for (int n = slope; n < 30; n++) {
        ball term =
            ball_div(ball_times(slope ? n : 1, power), ball_number(y.in, n + 1));
        arb_t sign;
        arb_init(sign);
        arb_mul_si(sign, term.at, n % 2 ? -1 : 1, y.in->bits);
        arb_add(sum.at, sum.at, sign, y.in->bits);
        arb_clear(sign);
        ball next = ball_mul(power, y);
        arb_set(power.at, next.at);
        y.in->used = mark;
    }
    ball rest = ball_abs(power);
    arb_add_error(sum.at, rest.at);
    return sum;
}

static ball log_ratio(ball y)
{
    return ball_high(y) < 0.25 ? log_series(y, false)
                               : ball_div(ball_log(ball_plus(y, 1)), y);
}

/* L' = (1 / (1 + y) - L) / y. */
static ball log_ratio_slope(ball y)
{
    if (ball_high(y) < 0.25)
        return log_series(y, true);
    ball one = ball_number(y.in, 1);
    return ball_div(ball_sub(ball_div(one, ball_plus(y, 1)), log_ratio(y)), y);
}

static ball P(int k, ball u)
{
    return ball_exp(ball_times(-k / 2.0, log_ratio(ball_times(k, u))));
}

/* -P', which is P k^2/2 L'(k u). */
static ball P_falls(int k, ball u)
{
    ball slope = ball_times(k * k / 2.0, log_ratio_slope(ball_times(k, u)));
    return ball_mul(P(k, u), slope);
}

static ball V(ball u)
{
    return ball_sub(ball_times(0.5, ball_plus(P(4, u), 1)), P(2, u));
}

/* V' < 0 at u: half of P(4)' is less than P(2)'. */
static enum verdict grows_with_d(void *context, const ball *u)
{
    (void)context;
    return is_less(P_falls(2, u[0]), ball_times(0.5, P_falls(4, u[0])));
}

static enum verdict between(void *ends, const ball *u)
{
    const double *end = ends;
    ball low = ball_number(u[0].in, end[0]), high = ball_number(u[0].in, end[1]);
    ball value = V(u[0]);
    return both(is_less(low, value), is_less(value, high));
}

CLAIM(bar_every_dimension, PROVED, "In every dimension m E error^2 is below 0.1998")
{
    struct balls balls = balls_make(500, 80);
    struct box all = {1, {0}, {1}};
    struct search search = {0};
    double ends[] = {0.1462, 0.1998}, narrow[] = {0.1462, 0.1990};
    evidence(claim, "grows with every real d >= 1",
             certainly(everywhere(&balls, grows_with_d, NULL, all, 40, &search)));
    evidence(claim, "from 0.1462 to 0.1998",
             certainly(everywhere(&balls, between, ends, all, 40, &search)));
    /* (1 - 1/e)^2 / 2, at u = 0 */
    ball limit = V(ball_number(&balls, 0));
    evidence(claim, "its limit", ball_at_least(limit, 0.199788));
    struct search other = {0};
    control(claim, "below 0.1990",
            certainly(everywhere(&balls, between, narrow, all, 40, &other)));
    balls_free(&balls);
}

SECTION(bar_random, &bar_mean_square, &bar_every_dimension);
