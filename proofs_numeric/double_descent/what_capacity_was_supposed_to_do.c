#include "double_descent.h"
#include "double_descent/worlds.h"
#include "ground/sort.h"

#include <math.h>

static void draw_sorted(struct rng *rng, struct arena *scratch, vec x)
{
    rng_uniforms(rng, 0, 1, x);
    ascend(x, scratch);
}

/* The largest gap, over all thresholds, between the share of a sample below it and the
 * length below it: the statistic of Kolmogorov and Smirnov.  x: ascending. */
static double threshold_gap(vec x)
{
    double gap = 0;
    for (int i = 0; i < x.n; i++)
        gap = worst(gap, fmax((i + 1.0) / x.n - x.at[i], x.at[i] - (double)i / x.n));
    return gap;
}

/* Of a union of intervals, one to the right of each of these points and 1e-9 long in
 * all: the gap between the share of these that it contains, which is 1, and that of as
 * many others.  x: ascending; others: drawn here. */
static double union_gap(struct rng *rng, struct arena *scratch, vec x, vec others)
{
    int inside = 0, k = 0;
    draw_sorted(rng, scratch, others);
    for (int i = 0; i < x.n; i++) {
        while (k + 1 < x.n && x.at[k + 1] <= others.at[i])
            k++;
        double right = others.at[i] - x.at[k];
        inside += 0 <= right && right < 1e-9 / x.n;
    }
    return 1 - (double)inside / x.n;
}

/* x := the same few points over and over, ascending: examples that depend. */
static void repeat_few(struct rng *rng, struct arena *scratch, vec x)
{
    enum { FEW = 8 };
    vec few = {FEW, (real[FEW]){0}};
    draw_sorted(rng, scratch, few);
    for (int i = 0; i < x.n; i++)
        x.at[i] = few.at[FEW * i / x.n];
}

CLAIM(dd_capacity, RATE, "The largest gap over all thresholds falls as m^-1/2")
{
    enum { SIZES = 5, REPLICATES = 40, LEAST = 64 };
    double m[SIZES], gap[SIZES], memorized[SIZES], repeated[SIZES];
    double slopes[REPLICATES], of_unions[REPLICATES], of_few[REPLICATES];
    struct arena *arena = claim_arena(claim);
    for (int r = 0; r < REPLICATES; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        for (int i = 0; i < SIZES; i++) {
            size_t mark = arena->used;
            m[i] = round(LEAST * pow(10, i / 2.0));
            vec x = arena_vec(arena, (int)m[i]), others = arena_vec(arena, x.n);
            draw_sorted(&rng, arena, x);
            gap[i] = threshold_gap(x);
            memorized[i] = union_gap(&rng, arena, x, others);
            repeat_few(&rng, arena, x);
            repeated[i] = threshold_gap(x);
            arena->used = mark;
        }
        slopes[r] = fit_power(SIZES, m, gap).slope;
        of_unions[r] = fit_power(SIZES, m, memorized).slope;
        of_few[r] = fit_power(SIZES, m, repeated).slope;
    }
    /* The law of gap + 1/(6m) is Kolmogorov's, K / sqrt m, but for terms in 1/m^2
     * [Pelz, Good 1976]: so the local slope is -1/2 + E 1/K / (12 sqrt m), and E 1/K is
     * below 2. */
    double bias = 1 / (6 * sqrt(LEAST));
    evidence(claim, "power of m", slopes_near(REPLICATES, slopes, -0.5, bias, 0.25));
    control(claim, "unions of intervals",
            slopes_near(REPLICATES, of_unions, -0.5, bias, 0.25));
    control(claim, "eight examples, over and over",
            slopes_near(REPLICATES, of_few, -0.5, bias, 0.25));
}

/* ---- The hypothesis that looks best ---------------------------------------------- */

enum { FLIPPED = 20 }; /* percent of the labels that are noise */

/* label_i := 1 if x_i > truth, else -1; FLIPPED percent of them turned round. */
static void draw_labels(struct rng *rng, vec x, double truth, vec labels)
{
    for (int i = 0; i < x.n; i++) {
        double label = x.at[i] > truth ? 1 : -1;
        labels.at[i] = rng_below(rng, 100) < FLIPPED ? -label : label;
    }
}

/* The largest | training error - true error | over all thresholds.  The true error of a
 * threshold is the noise, and 1 - 2 noise of its distance from the truth. */
static double gap_with_noise(vec x, vec labels, double truth, double noise)
{
    double gap = 0, errors = 0;
    for (int i = 0; i < x.n; i++)
        errors += labels.at[i] < 0;
    for (int i = 0; i <= x.n; i++) {
        double from = i > 0 ? x.at[i - 1] : 0, to = i < x.n ? x.at[i] : 1;
        double train = errors / x.n;
        double at_from = noise + (1 - 2 * noise) * fabs(from - truth);
        double at_to = noise + (1 - 2 * noise) * fabs(to - truth);
        gap = worst(gap, fmax(fabs(train - at_from), fabs(train - at_to)));
        if (from < truth && truth < to)
            gap = worst(gap, fabs(train - noise));
        errors += i < x.n ? labels.at[i] : 0;
    }
    return gap;
}

/* True error of the threshold with the fewest training errors, less the least there is,
 * in units of twice the gap.  seen: the labels that it is trained on. */
static double excess_of_erm(vec x, vec labels, vec seen, double truth, double noise)
{
    double chosen = fmin(fmax(dd_erm_threshold(x, seen), 0), 1);
    double excess = (1 - 2 * noise) * fabs(chosen - truth);
    return excess / (2 * gap_with_noise(x, labels, truth, noise));
}

/* A sample that is as misleading as it can be, for the truth 1/2 and the noise 2/5:
 * evenly spaced points, two labels in five turned round below 1/2, and above every
 * second one instead, so that all thresholds above look equally good, at 0.45; the best
 * looks 1/20 worse than it is, and the last 1/20 better. */
static void mislead(vec x, vec labels)
{
    int n = x.n;
    for (int i = 0; i < n; i++) {
        x.at[i] = (i + 0.5) / n;
        labels.at[i] = i < n / 2 ? (i % 5 < 2 ? 1 : -1) : (i % 2 == 0 ? -1 : 1);
    }
    labels.at[n - 1] = -1;
}

CLAIM(dd_empirical_minimizer, BOUND,
      "The best-looking threshold is at most two gaps worse than the best")
{
    enum { TRIALS = 200, POINTS = 400, EVEN = 2000 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec x = arena_vec(arena, POINTS), labels = arena_vec(arena, POINTS);
    vec other = arena_vec(arena, POINTS);
    double noise = FLIPPED / 100.0, most = 0, misled = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double truth = 0.3 + 0.4 * rng_uniform(&rng);
        draw_sorted(&rng, arena, x);
        draw_labels(&rng, x, truth, labels);
        most = worst(most, excess_of_erm(x, labels, labels, truth, noise));
        for (int i = 0; i < POINTS; i++)
            other.at[i] = -labels.at[i];
        misled = worst(misled, excess_of_erm(x, labels, other, truth, noise));
    }
    evidence(claim, "excess error, of twice the gap", at_most(most, 1));
    vec even = arena_vec(arena, EVEN), said = arena_vec(arena, EVEN);
    mislead(even, said);
    /* The gap is 1/20 and at most five points more, the excess 1/10. */
    evidence(claim, "the same, a misleading sample",
             at_least(excess_of_erm(even, said, said, 0.5, 0.4),
                      0.1 / (2 * (0.05 + 5.0 / EVEN))));
    control(claim, "the most errors, not the fewest", at_most(misled, 1));
}

SECTION(what_capacity_was_supposed_to_do, &dd_capacity, &dd_empirical_minimizer);
