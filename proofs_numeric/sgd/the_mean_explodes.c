/* "The mean explodes, and every run converges": one weight, w := (1 - alpha x^2) w. */
#include "ground/ball.h"
#include "ground/claim.h"
#include "sgd.h"

#include <math.h>

/* ---- The drift of the logarithm ----------------------------------------------------
 * For x ~ N(0, 1), with Dawson's integral F and b = 1 / sqrt(2 alpha),
 *     h(alpha) = E ln |1 - alpha x^2| = ln alpha - gamma - ln 2 + 4 int_0^b F(u) du,
 * so that h' = (1 - 2 b F(b)) / alpha = F'(b) / alpha. */

/* int_0^b F(u) du = sum_k (-2)^k b^(2k+2) / ((2k+1)!! (2k+2)), whose terms alternate
 * and fall once k > b^2: what is left out is less than the next one. */
static ball integral_of_dawson(ball b)
{
    ball sum = ball_number(b.in, 0), square = ball_mul(b, b), power = ball_mul(b, b);
    int mark = b.in->used;
    for (int k = 0; k < 200; k++) {
        ball term = ball_div(power, ball_number(b.in, 2 * k + 2));
        arb_add(sum.at, sum.at, term.at, b.in->bits);
        term = ball_div(ball_times(-2, ball_mul(power, square)),
                        ball_number(b.in, 2 * k + 3));
        arb_set(power.at, term.at);
        b.in->used = mark;
    }
    ball rest = ball_abs(power);
    arb_add_error(sum.at, rest.at);
    return sum;
}

/* h at this double. */
static ball drift(struct balls *in, double alpha)
{
    ball h = ball_number(in, alpha), b = ball_number(in, 0), t = ball_number(in, 0);
    arb_mul_2exp_si(b.at, h.at, 1);
    arb_rsqrt(b.at, b.at, in->bits);
    arb_log(h.at, h.at, in->bits);
    arb_const_euler(t.at, in->bits), arb_sub(h.at, h.at, t.at, in->bits);
    arb_const_log2(t.at, in->bits), arb_sub(h.at, h.at, t.at, in->bits);
    return ball_add(h, ball_times(4, integral_of_dawson(b)));
}

/* F'(b) = 1 - sqrt(pi) b e^(-b^2) erfi(b), of which alpha h' has the sign. */
static ball slope(struct balls *in, double low, double high)
{
    ball b = ball_between(in, low, high), F = ball_number(in, 0),
         t = ball_number(in, 0);
    arb_hypgeom_erfi(F.at, b.at, in->bits);
    arb_sqr(t.at, b.at, in->bits), arb_neg(t.at, t.at), arb_exp(t.at, t.at, in->bits);
    arb_mul(F.at, F.at, t.at, in->bits);
    arb_const_sqrt_pi(t.at, in->bits), arb_mul(F.at, F.at, t.at, in->bits);
    arb_mul(F.at, F.at, b.at, in->bits);
    return ball_plus(ball_neg(F), 1);
}

/* all := an interval that holds it and F' on [low, high], cut in two until each piece
 * has a sign, or 20 times. */
static void join_slopes(ball all, double low, double high, int cuts)
{
    int mark = all.in->used;
    ball here = slope(all.in, low, high);
    double middle = (low + high) / 2;
    if (cuts < 20 && ball_low(here) <= 0 && ball_high(here) >= 0) {
        all.in->used = mark;
        join_slopes(all, low, middle, cuts + 1);
        join_slopes(all, middle, high, cuts + 1);
        return;
    }
    ball_join(all, here);
    all.in->used = mark;
}

static ball slopes(struct balls *in, double low, double high)
{
    ball all = slope(in, low, low);
    join_slopes(all, low, high, 0);
    return all;
}

/* ---- Runs and their mean square ----------------------------------------------------
 */

/* By how much a step multiplies E w^2: on the six examples -sqrt 3, sqrt 3 and four
 * times 0, whose moments are normal as far as it asks for them. */
static double mean_square_growth(struct claim *claim, double alpha)
{
    real Phi[] = {-sqrt(3), sqrt(3), 0, 0, 0, 0}, r[6] = {0}, e[] = {1};
    struct sgd_moments moments = sgd_moments_make(claim_arena(claim), (mat){6, 1, Phi},
                                                  (vec){6, r}, (vec){1, e});
    sgd_moments_step(alpha, 1, &moments);
    return moments.second.at[0];
}

/* An sgd_examples: 1/2 (x w)^2 with an x that nobody has seen before, normal, or
 * uniform with the same mean square. */
struct fresh {
    struct rng rng;
    bool uniform;
};

static void fresh_gradient(void *examples, const int *chosen, int B, vec w, vec grad)
{
    struct fresh *from = examples;
    (void)chosen, (void)B;
    double x = from->uniform ? sqrt(3) * (2 * rng_uniform(&from->rng) - 1)
                             : rng_normal(&from->rng);
    grad.at[0] = x * x * w.at[0];
}

enum { RUNS = 1000, STEPS = 300, LEG = 30, FEW = 50 };

/* log_w: so many, ln |w| / STEPS at the end of each run from 1; returns how many of
 * them end above 1.  A step is linear in w, so each leg of a run begins at 1 again and
 * its logarithm is added: the product of all would not be held in single precision,
 * where one leg in 10^6 even ends at 0, and counts as the least number. */
static int runs(struct claim *claim, double alpha, bool uniform, int count,
                double *log_w)
{
    size_t mark = claim_arena(claim)->used;
    struct fresh from = {claim_rng(claim, (uint64_t)lround(10 * alpha) + uniform),
                         uniform};
    struct sgd_batches one = sgd_batches_make(claim_arena(claim), fresh_gradient, &from,
                                              1, 1, SGD_INDEPENDENT, from.rng);
    int above = 0;
    for (int i = 0; i < count; i++) {
        log_w[i] = 0;
        for (int step = 0; step < STEPS; step += LEG) {
            real w[] = {1}, grad[1];
            sgd_run(&one, alpha, LEG, (vec){1, w}, (vec){1, grad});
            log_w[i] += log(fmax(fabs(w[0]), REAL_TRUE_MIN)) / STEPS;
        }
        above += log_w[i] > 0;
    }
    claim_arena(claim)->used = mark;
    return above;
}

/* For the figure: h, the logarithm of the growth of the mean square, halved, and runs.
 */
static void record(struct claim *claim, struct balls *in)
{
    struct series s =
        series_begin(claim, "drift", "alpha", "typical", "mean", "runs", NULL);
    double log_w[FEW];
    for (int k = 1; k <= 150; k++) {
        int mark = in->used;
        double alpha = 0.02 * k, mean = 0;
        if (k % 15 == 0)
            runs(claim, alpha, false, FEW, log_w);
        for (int i = 0; i < FEW; i++)
            mean += k % 15 == 0 ? log_w[i] / FEW : NAN;
        series_row(&s, (double[]){alpha, ball_low(drift(in, alpha)),
                                  log(mean_square_growth(claim, alpha)) / 2, mean});
        in->used = mark;
    }
    series_end(&s);
}

CLAIM(sgd_mean_explodes, STATISTIC,
      "At the rate 1 the mean square doubles at each step, and every run converges")
{
    double log_w[RUNS];
    struct balls balls = balls_make(100, 128);
    double h = ball_high(drift(&balls, 1));
    evidence(claim, "growth of the mean square, less 2",
             at_most(fabs(mean_square_growth(claim, 1) - 2), rounding(6, 9)));
    /* ln |w| is the sum of STEPS independent terms of mean h = -0.417 and deviation
     * 0.99: it ends 7.3 deviations below 0. */
    int above = runs(claim, 1, false, RUNS, log_w);
    evidence(claim, "runs that end above their start", at_most(above, 0));
    evidence(claim, "ln |w| per step", mean_is(RUNS, log_w, h));
    control(claim, "the same at the rate 3",
            at_most(runs(claim, 3, false, RUNS, log_w), 0));
    runs(claim, 1, true, RUNS, log_w);
    control(claim, "ln |w| per step, uniform inputs", mean_is(RUNS, log_w, h));
    record(claim, &balls);
    balls_free(&balls);
}

CLAIM(sgd_every_run, PROVED,
      "For 2/3 < alpha < 2.42124 the mean square grows, and almost every run converges")
{
    struct balls balls = balls_make(200, 128);
    /* alpha h' has the sign of F'(b), and b = 1 / sqrt(2 alpha) is 5, 0.9275, 0.9205
     * and 0.158 for alpha = 1/50, 0.5812, 0.5901 and 20: there it falls, there it
     * rises. */
    evidence(claim, "slope of h, 0.02 to 0.581",
             ball_at_most(slopes(&balls, 0.9275, 5), 0));
    evidence(claim, "slope of h, 0.591 to 20",
             ball_at_least(slopes(&balls, 0.158, 0.9205), 0));
    evidence(claim, "h(0.02)", ball_at_most(drift(&balls, 0.02), 0));
    /* In between |h'| < 1 / 0.58, and it is 0.01 wide. */
    evidence(claim, "h(0.585) + 0.02",
             ball_at_most(ball_plus(drift(&balls, 0.585), 0.02), 0));
    evidence(claim, "h(2.42124)", ball_at_most(drift(&balls, 2.42124), 0));
    evidence(claim, "h(2.42125)", ball_at_least(drift(&balls, 2.42125), 0));
    evidence(claim, "log growth of E w^2, 0.6667",
             at_least(log(mean_square_growth(claim, 0.6667)), 0));
    control(claim, "h(2.4213)", ball_at_most(drift(&balls, 2.4213), 0));
    control(claim, "log growth of E w^2, 0.6666",
            at_least(log(mean_square_growth(claim, 0.6666)), 0));
    balls_free(&balls);
}

SECTION(sgd_explosions, &sgd_mean_explodes, &sgd_every_run);
