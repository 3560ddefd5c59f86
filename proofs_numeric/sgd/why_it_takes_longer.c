/* "Why it takes longer": descent is linear, and SGD is not, where noise is left. */
#include "gradient_descent.h"
#include "ground/worlds.h"
#include "sgd/shoes.h"

#include <math.h>

enum { SAMPLES = 50 };

/* SGD of rate 1/k in step k on 1/2 (c w - t)^2, from 7; the largest gap over the steps
 * to the mean of the t / c that were drawn. */
static double gap_to_mean(struct claim *claim, double c, double constant)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Phi = arena_mat(arena, SAMPLES, 1);
    vec t = normal_vec(arena, &rng, SAMPLES);
    fill(c, entries(Phi));
    struct sgd_regression of = {Phi, t};
    struct sgd_batches from = sgd_batches_make(arena, sgd_regression_gradient, &of,
                                               SAMPLES, 1, SGD_INDEPENDENT, rng);
    double sum = 0, gap = 0;
    real w[] = {7}, grad[1];
    for (int k = 1; k <= SAMPLES; k++) {
        sgd_run(&from, constant > 0 ? constant : 1.0 / k, 1, (vec){1, w},
                (vec){1, grad});
        sum += t.at[from.chosen[0]] / c;
        gap = worst(gap, fabs(w[0] - sum / k));
    }
    return gap;
}

/* The same in expectation, on one feature c and residuals of mean square 1: the largest
 * |E error^2 k - 1| over the steps. */
static double gap_to_law(struct claim *claim, double c)
{
    double gap = 0;
    real Phi[] = {c, c}, r[] = {-1, 1}, e[] = {7};
    struct sgd_moments moments = sgd_moments_make(claim_arena(claim), (mat){2, 1, Phi},
                                                  (vec){2, r}, (vec){1, e});
    for (int k = 1; k <= SAMPLES; k++) {
        sgd_moments_step(1.0 / k, 1, &moments);
        gap = worst(gap, fabs(moments.second.at[0] * k - 1));
    }
    return gap;
}

CLAIM(sgd_average, IDENTITY,
      "At the rate 1/k SGD estimates a mean by the mean of the samples so far")
{
    /* A few operations in each step, on numbers below 9; 49 squared in the law. */
    double limit = rounding(4 * SAMPLES, 9), squared = rounding(4 * SAMPLES, 49);
    evidence(claim, "gap to the mean", at_most(gap_to_mean(claim, 1, 0), limit));
    evidence(claim, "k E error^2 over its variance",
             at_most(gap_to_law(claim, 1), squared));
    control(claim, "a constant rate", at_most(gap_to_mean(claim, 1, 0.2), limit));
    control(claim, "another curvature", at_most(gap_to_mean(claim, 0.7, 0), limit));
    control(claim, "k E error^2 there", at_most(gap_to_law(claim, 0.7), squared));
}

/* ---- The rate of the excess -------------------------------------------------------
 */

enum { IMAGES = 50, COMPONENTS = 3, FROM = 600, POINTS = 8, LONG = 6000, REST = 1000 };

/* From FROM steps to 10.5 times as many, at the rate 2 / (mu (k + k_0)) with k_0 =
 * 4 / mu; time: k + k_0. */
static void falling(struct claim *claim, struct shoes of, double *time, double *excess)
{
    double mu = of.h.at[COMPONENTS - 1], k_0 = 4 / mu;
    struct sgd_moments moments =
        sgd_moments_make(claim_arena(claim), of.examples.Phi, of.r, of.start);
    int next = 0;
    for (int k = 0; next < POINTS; k++) {
        if (k >= FROM * pow(10.5, next / (POINTS - 1.0)) - 0.5) {
            time[next] = k + k_0;
            excess[next++] = sgd_moments_excess(&moments);
        }
        sgd_moments_step(2 / (mu * (k + k_0)), 1, &moments);
    }
}

/* The excess after twice so many steps of the rate 0.2, over that after as many. */
static double stalled(struct claim *claim, struct shoes of, int steps)
{
    struct sgd_moments moments =
        sgd_moments_make(claim_arena(claim), of.examples.Phi, of.r, of.start);
    double before = NAN;
    for (int k = 0; k < 2 * steps; k++) {
        if (k == steps)
            before = sgd_moments_excess(&moments);
        sgd_moments_step(0.2, 1, &moments);
    }
    return sgd_moments_excess(&moments) / before;
}

/* For the figure: descent, SGD at the rates 0.2 and 0.05, and at a falling rate. */
static void record(struct claim *claim, struct shoes of)
{
    static const double rates[] = {0.2, 0.2, 0.05};
    double mu = of.h.at[COMPONENTS - 1], now[4];
    struct sgd_moments m[4];
    for (int i = 0; i < 4; i++)
        m[i] = sgd_moments_make(claim_arena(claim), of.examples.Phi, of.r, of.start);
    struct series s = series_begin(claim, "longer", "k", "descent", "constant", "slow",
                                   "falling", NULL);
    for (int k = 0; k <= LONG; k++) {
        for (int i = 0; i < 4; i++)
            now[i] = sgd_moments_excess(&m[i]);
        if (k < 20 || k % (k < 200 ? 5 : 100) == 0)
            series_row(&s, (double[]){k, now[0] > 1e-9 ? now[0] : NAN, now[1], now[2],
                                      now[3]});
        for (int i = 0; i < 3; i++)
            sgd_moments_step(rates[i], i > 0, &m[i]);
        sgd_moments_step(2 / (mu * (k + 4 / mu)), 1, &m[3]);
    }
    series_end(&s);
}

CLAIM(sgd_longer, RATE,
      "The excess of SGD is like 1/k at falling rates, and stalls at a constant one")
{
    struct shoes of = shoes_make(claim, IMAGES, COMPONENTS);
    double time[POINTS], excess[POINTS];
    falling(claim, of, time, excess);
    /* In a mode of curvature h and noise C the law is C (4/mu^2) / (4h/mu - 1) / time,
     * but for a factor 1 + a: alpha h / 2 < 0.01 from discrete steps, and from the
     * noise that grows with the excess some multiple, less than 4, of excess / least =
     * 0.012, at the first point, and less than a tenth of it at the last.  log10 1.06 =
     * 0.025 at one end turns a line over one decade by 3/2 of that at most. */
    double half = 1.5 * 0.025;
    evidence(claim, "power of k, falling rate",
             slope_is(fit_power(POINTS, time, excess), -1, half, 0.5));
    evidence(claim, "constant rate: excess, later",
             at_most(fabs(stalled(claim, of, REST) - 1), rounding(10 * REST, 1)));
    record(claim, of);

    shoes_interpolate(&of);
    control(claim, "constant rate, nothing to stall",
            at_most(fabs(stalled(claim, of, 100) - 1), rounding(10 * REST, 1)));
    falling(claim, of, time, excess);
    control(claim, "falling rate, no noise left",
            slope_is(fit_power(POINTS, time, excess), -1, half, 0.5));
}

SECTION(sgd_times, &sgd_average, &sgd_longer);
