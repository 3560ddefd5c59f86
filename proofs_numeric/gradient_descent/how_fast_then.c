/* "How fast, then?": one rate for all directions, and who is last. */
#include "descents.h"
#include "ground/certain.h"

#include <math.h>

/* The distance after the run, in units of the first. */
static double remaining(struct descent *x, double alpha)
{
    restart(x);
    advance(x, alpha, STEPS);
    return norm(x->error) / norm(x->e_0);
}

CLAIM(gd_stable_range, BOUND, "Gradient descent converges exactly if alpha < 2 / a_max")
{
    struct descent x = bowl(claim, 1, 20);
    /* Every mode shrinks by |1 - alpha a| or faster, and the slowest has at least
     * 1 / (2 sqrt N) of the first error. */
    static const double rates[] = {0.9, 1.5, 1.99};
    for (int i = 0; i < 3; i++) {
        double slowest = fmax(fabs(1 - rates[i]), 1 - rates[i] / 20);
        double law = pow(slowest, STEPS), share = remaining(&x, rates[i]) / law;
        double slack = drift_of_rounding(&x, rates[i], STEPS, 1) / (law * norm(x.e_0));
        evidence(claim, "what is left, of slowest^k", at_most(share, 1 + slack));
        evidence(claim, "the same, from below", at_least(share, 0.5 / sqrt(N)));
    }
    evidence(claim, "growth, alpha = 2.1 / a_max",
             at_least(remaining(&x, 2.1), pow(1.1, STEPS) / (2 * sqrt(N))));
    evidence(claim, "overshoots, alpha = 0.9 / a_max", at_most(misfits(&x, 0.9, 1), 0));

    control(claim, "overshoots, alpha = 1.5 / a_max", at_most(misfits(&x, 1.5, 1), 0));
    control(claim, "what is left, alpha = 2.2 / a_max", at_most(remaining(&x, 2.2), 1));
    struct descent gentle = bowl(claim, 0.9, 20);
    control(claim, "growth, 2.1, but a_max = 0.9",
            at_least(remaining(&gentle, 2.1), pow(1.1, STEPS) / (2 * sqrt(N))));
}

enum { RATES = 20 };

/* Of RATES rates between low and high, in a bowl of that condition number: for how many
 * is this mode the slowest, judged by what is left of each error after 20 steps? */
static int slowest_is(struct claim *claim, int mode, double kappa, double low,
                      double high)
{
    struct rng rng = claim_rng(claim, 1);
    struct descent x = bowl(claim, 1, kappa);
    int count = 0;
    for (int trial = 0; trial < RATES; trial++) {
        int slowest = 0;
        restart(&x);
        advance(&x, low + (high - low) * rng_uniform(&rng), 20);
        for (int j = 0; j < N; j++)
            if (fabs(x.error.at[j] / x.e_0.at[j]) >
                fabs(x.error.at[slowest] / x.e_0.at[slowest]))
                slowest = j;
        count += slowest == mode;
    }
    return count;
}

CLAIM(gd_slowest_mode, IDENTITY,
      "Below 2 / (a_max + a_min) the flattest is the slowest")
{
    enum { STEEPEST = 0, FLATTEST = N - 1 };
    double even = 2 / (1 + 0.1); /* where both ends of the spectrum are as slow */
    evidence(claim, "of 20 rates below: the flattest",
             at_least(slowest_is(claim, FLATTEST, 10, 0.01, 0.99 * even), RATES));
    evidence(claim, "of 20 rates beyond: the steepest",
             at_least(slowest_is(claim, STEEPEST, 10, 1.01 * even, 2), RATES));
    /* The threshold is 3/2 for kappa = 3, and 1.98 for kappa = 100. */
    control(claim, "flattest up to 1.8, but kappa = 3",
            at_least(slowest_is(claim, FLATTEST, 3, 1.52, 0.99 * even), RATES));
    control(claim, "steepest from 1.84, but kappa = 100",
            at_least(slowest_is(claim, STEEPEST, 100, 1.01 * even, 1.96), RATES));
}

typedef double size_of_run(struct descent *x);

static double cost_now(struct descent *x)
{
    return quadratic_cost(x->k.q, x->w, x->grad);
}

static double distance_now(struct descent *x) { return norm(x->w); }

enum { AVERAGED = 20 };

/* -ln of the factor by which a step lowers the cost, or shortens the distance, in the
 * long run: averaged over 20 steps after the first 40 kappa.  Between them the point,
 * which is near the origin by now, is drawn out to a distance of 1, so that no square
 * underflows: with the minimum at the origin, steps are linear. */
static double long_run(struct claim *claim, double kappa, double alpha,
                       size_of_run *size)
{
    struct descent x = bowl_at_origin(claim, kappa);
    advance(&x, alpha, (int)(40 * kappa));
    scale(1 / norm(x.w), x.w);
    double before = size(&x);
    advance(&x, alpha, AVERAGED);
    return log(before / size(&x)) / AVERAGED;
}

/* Each of the 20 steps rounds relative to w; what the steps before did is only where
 * these begin.  Each of the two costs rounds by the size of A, of which the last
 * direction has 1 / kappa.  The logarithm of the quotient is divided by 20 steps and by
 * a rate of at least 1 / kappa. */
static double rounding_of_rate(double kappa)
{
    return rounding(4 * (AVERAGED + 2 * kappa), 1) / (AVERAGED / kappa);
}

CLAIM(gd_condition_number, RATE,
      "With alpha = 1 / a_max the cost falls at about 2/kappa")
{
    enum { KAPPAS = 5 };
    double kappas[KAPPAS], rates[KAPPAS], other[KAPPAS];
    double gap = 0, gap_w = 0, gap_half = 0;
    for (int i = 0; i < KAPPAS; i++) {
        double kappa = kappas[i] = pow(10, 1 + 0.5 * i), law = -2 * log1p(-1 / kappa);
        rates[i] = long_run(claim, kappa, 1, cost_now);
        other[i] = long_run(claim, kappa, 1 / sqrt(kappa), cost_now);
        double iterates = long_run(claim, kappa, 1, distance_now);
        double half = long_run(claim, kappa, 0.5, cost_now);
        double limit = rounding_of_rate(kappa);
        gap = worst(gap, fabs(rates[i] / law - 1) / limit);
        gap_w = worst(gap_w, fabs(2 * iterates / law - 1) / limit);
        gap_half = worst(gap_half, fabs(half / law - 1) / limit);
    }
    evidence(claim, "cost: gap to -2 ln (1 - 1/kappa)", at_most(gap, 1));
    evidence(claim, "iterates: gap to half of that", at_most(gap_w, 1));
    /* -kappa ln(1 - 1/kappa) falls from 1.0536 to 1.0005: log10 of it by 0.0225, which
     * bends the slope of five points over two decades by at most 0.6 of that. */
    double half = 0.6 * 0.0225;
    evidence(claim, "power of kappa in the rate",
             slope_is(fit_power(KAPPAS, kappas, rates), -1, half, 0.5));
    control(claim, "alpha = 1 / 2 a_max: as if 1 / a_max", at_most(gap_half, 1));
    control(claim, "alpha = 1 / kappa^(1/2) a_max: power",
            slope_is(fit_power(KAPPAS, kappas, other), -1, half, 0.5));
}

CLAIM(gd_best_rate, IDENTITY, "The best constant rate is alpha = 2 / (a_max + a_min)")
{
    static const double kappas[] = {10, 100};
    for (int i = 0; i < 2; i++) {
        double kappa = kappas[i], best = 2 / (1 + 1 / kappa);
        double rate = -2 * log((kappa - 1) / (kappa + 1));
        double limit = rounding_of_rate(kappa), lead = 0.01 * rate - limit;
        evidence(claim, "gap to the predicted rate",
                 at_most(fabs(long_run(claim, kappa, best, cost_now) / rate - 1),
                         limit));
        /* -ln(1 - x) is convex and 0 at 0, so 1 % of x takes 1 % off it, or more; on
         * the other side the steepest error is multiplied by nearly 1 % more. */
        evidence(claim, "its lead over a rate 1 % smaller",
                 at_least(rate - long_run(claim, kappa, 0.99 * best, cost_now), lead));
        evidence(claim, "its lead over a rate 1 % larger",
                 at_least(rate - long_run(claim, kappa, 1.01 * best, cost_now), lead));
        control(claim, "the rate of alpha = 1 / a_max",
                at_most(fabs(long_run(claim, kappa, 1, cost_now) / rate - 1), limit));
    }
}

/* Cost over the share of the last eigenvector, less 1. */
static double excess_over_slowest(struct descent *x)
{
    int last = x->e_0.n - 1;
    double share = x->k.a.at[last] / 2 * pow(x->error.at[last], 2);
    return cost_now(x) / share - 1;
}

/* For the figure: the cost, what the spectrum predicts, and the share of the slowest
 * eigenvector, as the lecture draws them in blue and red. */
static void record_costs(struct claim *claim)
{
    struct descent x = bowl_at_origin(claim, 50);
    struct series s =
        series_begin(claim, "cost", "k", "cost", "predicted", "slowest", NULL);
    for (int k = 0; k <= 100; k++) {
        to_axes(x.k, x.w, x.error);
        double share = x.k.a.at[3] / 2 * pow(x.error.at[3], 2);
        series_row(&s, (double[]){k, cost_now(&x), predicted_cost(&x, 0.2, k), share});
        advance(&x, 0.2, 1);
    }
    series_end(&s);
}

/* The largest share, over so many steps, of what q^k leaves of the first excess; the
 * error is left at the end. */
static double excess_of_bound(struct descent *x, double alpha, double q, int steps)
{
    double most = 0;
    restart(x);
    to_axes(x->k, x->w, x->error);
    double first = excess_over_slowest(x);
    for (int k = 1; k <= steps; k++) {
        advance(x, alpha, 1);
        most = worst(most, excess_over_slowest(x) / (first * pow(q, k)));
    }
    return most;
}

CLAIM(gd_slowest_dominates, BOUND,
      "In the end the cost is that of the slowest direction")
{
    if (needs_double(claim, "what is beside the slowest falls to 1e-9 of it"))
        return;
    static const double rates[] = {1, 0.5};
    double kappa = 20;
    struct descent x = bowl_at_origin(claim, kappa);
    for (int i = 0; i < 2; i++) {
        double alpha = rates[i], q = pow((1 - 0.5 * alpha) / (1 - alpha / kappa), 2);
        double most = excess_of_bound(&x, alpha, q, i == 0 ? 20 : 40);
        evidence(claim, "excess, of first excess times q^k", at_most(most, 1));
        /* In the end curvature 0.5 is all that is left beside the slowest; it began
         * with at least 0.5 / (0.5 + 4 (0.8 + 1)) of the excess, errors being 1 to 2.
         */
        evidence(claim, "the same, at its largest", at_least(most, 0.5 / 7.7));
        /* The first excess is below 4 * 2.3 / 0.05 = 184, and 184 q^k below 1e-6. */
        evidence(claim, "share of the slowest in the end",
                 at_least(1 / (1 + excess_over_slowest(&x)), 1 - 1e-6));
    }
    record_costs(claim);
    struct descent tie = bowl_at_origin(claim, 2); /* 0.5 twice: neither dominates */
    advance(&tie, 1, 20);
    control(claim, "two directions equally slow",
            at_least(1 / (1 + excess_over_slowest(&tie)), 1 - 1e-6));
}

/* ---- Every condition number --------------------------------------------------------
 */

/* ln(1 + x) / x, where x > -1.  By the mean value theorem it is 1 / (1 + y) for some y
 * between 0 and x, which does where x may be 0. */
static ball log_quotient(ball x)
{
    if (arb_is_nonzero(x.at))
        return ball_div(ball_log(ball_plus(x, 1)), x);
    ball between = ball_add(x, ball_number(x.in, 0));
    ball_join(between, ball_number(x.in, 0));
    return ball_div(ball_number(x.in, 1), ball_plus(between, 1));
}

/* With u = 1 / kappa, the speed at the rate share * 2 / (a_max + a_min), over that at
 * 1 / a_max: (ln(1 + u) - ln(1 - u)) / -ln(1 - u) for the best one, share = 1. */
static ball gain_of_best(ball u)
{
    return ball_plus(ball_div(log_quotient(u), log_quotient(ball_neg(u))), 1);
}

/* The same at the rate 3/2 / a_max: ln(1 - 3u/2) / ln(1 - u), for u <= 1/3. */
static ball gain_of_middle(ball u)
{
    ball slower = ball_times(-1.5, u);
    return ball_times(1.5, ball_div(log_quotient(slower), log_quotient(ball_neg(u))));
}

struct gain {
    ball (*of)(ball u);
    double least;
};

static enum verdict gains(void *context, const ball *u)
{
    const struct gain *gain = context;
    return is_less(ball_number(u->in, gain->least), gain->of(u[0]));
}

/* For all kappa >= least, infinity included. */
static struct finding from_kappa_on(struct balls *in, struct gain gain, double least)
{
    struct box box = {.n = 1, .low = {0}, .high = {1 / least}};
    struct search search = {0};
    return certainly(everywhere(in, gains, &gain, box, 40, &search));
}

CLAIM(gd_every_kappa, PROVED,
      "For every kappa the best rate is less than twice as fast, and nearly twice")
{
    struct balls balls = balls_make(100, 64);
    double kappa = 10, best = 2 / (1 + 1 / kappa);
    evidence(claim, "kappa >= 2: gains 1.58",
             from_kappa_on(&balls, (struct gain){gain_of_best, 1.58}, 2));
    evidence(claim, "kappa >= 10: gains 1.9",
             from_kappa_on(&balls, (struct gain){gain_of_best, 1.9}, 10));
    evidence(claim, "kappa >= 100: gains 1.99",
             from_kappa_on(&balls, (struct gain){gain_of_best, 1.99}, 100));
    /* For u > 0, ln(1 + u) < u < -ln(1 - u): so the gain is less than 2. */
    double measured =
        long_run(claim, kappa, best, cost_now) / long_run(claim, kappa, 1, cost_now);
    ball law = gain_of_best(ball_ratio(&balls, 1, 10));
    evidence(claim, "ref/ outside its ball, kappa = 10",
             at_most(ball_distance(law, measured), 4 * rounding_of_rate(kappa)));
    control(claim, "kappa >= 9: gains 1.9",
            from_kappa_on(&balls, (struct gain){gain_of_best, 1.9}, 9));
    control(claim, "the rate 1.5 / a_max: gains 1.9",
            from_kappa_on(&balls, (struct gain){gain_of_middle, 1.9}, 10));
    control(claim, "kappa >= 10: gains 2",
            from_kappa_on(&balls, (struct gain){gain_of_best, 2}, 10));
    balls_free(&balls);
}

SECTION(gd_how_fast_then, &gd_stable_range, &gd_slowest_mode, &gd_condition_number,
        &gd_best_rate, &gd_slowest_dominates, &gd_every_kappa);
