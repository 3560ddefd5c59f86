/* Section "Sums of a few numbers". */
#include "ground/ball.h"
#include "ground/claim.h"
#include "lottery.h"

#include <math.h>

/* A number that is none of the sums. */
static const double TARGET = 0.3;

/* n numbers, uniform on [-1, 1]; each `times` times, if n is a multiple of that. */
static vec draw_numbers(struct claim *claim, struct rng *rng, int n, int times)
{
    vec x = arena_vec(claim_arena(claim), n);
    rng_uniforms(rng, -1, 1, part(x, 0, n / times));
    for (int k = n / times; k < n; k++)
        x.at[k] = x.at[k - n / times];
    return x;
}

/* How near a subset sum comes to the target; or, of one number each, a single one. */
static double nearest(struct claim *claim, vec x, double target, bool single)
{
    double least = INFINITY;
    for (int k = 0; k < (single ? x.n : 1); k++) {
        vec some = single ? part(x, k, 1) : x;
        double value = lot_nearest_sum(some, target, claim_arena(claim)).value;
        least = smallest(least, fabs(value - target));
    }
    return least;
}

/* In how many of `runs` draws the best single number of n is farther off than s. */
static int count_farther(struct claim *claim, int n, int times, double s, int runs)
{
    int farther = 0;
    for (int r = 0; r < runs; r++) {
        size_t mark = claim_arena(claim)->used;
        struct rng rng = claim_rng(claim, (uint64_t)(1000 * n + r));
        vec x = draw_numbers(claim, &rng, n, times);
        farther += nearest(claim, x, TARGET, true) > s;
        claim_arena(claim)->used = mark;
    }
    return farther;
}

CLAIM(lot_single, STATISTIC,
      "The best of n single weights is off by more than s with probability (1 - s)^n")
{
    enum { RUNS = 1000 };
    static const int n[] = {6, 30, 100};
    for (int i = 0; i < 3; i++) {
        char what[32];
        snprintf(what, sizeof what, "best of %d beyond the median", n[i]);
        double s = 1 - pow(0.5, 1.0 / n[i]);
        evidence(claim, what,
                 count_fits(count_farther(claim, n[i], 1, s, RUNS), RUNS, 0.5));
    }
    /* Fifteen numbers, each of them twice. */
    double s = 1 - pow(0.5, 1.0 / 30);
    control(claim, "each of 15 twice",
            count_fits(count_farther(claim, 30, 2, s, RUNS), RUNS, 0.5));
}

/* ---- One number more ------------------------------------------------------------- */

enum { FEW = 5, ENDS = 2 << FEW };
static const double REACH = 0.01;

/* How much of [-1/2, 1/2] lies within REACH of a sum. */
static double covered(struct lot_sums sums)
{
    double total = 0, to = -0.5;
    for (int k = 0; k < sums.count; k++) {
        double low = fmax(to, sums.at[k].value - REACH);
        double high = fmin(0.5, sums.at[k].value + REACH);
        if (high > low)
            total += high - low, to = high;
    }
    return total;
}

/* The mean of what is covered, over one more number that is uniform on [-bound, bound].
 * As that moves, so do the ends of the intervals that it adds, and what is covered is
 * linear but where two ends meet, or an end and 1/2: trapezoids between these points
 * are exact.  x: its last entry is for the number. */
static double mean_covered(struct arena *arena, vec x, double bound)
{
    size_t mark = arena->used;
    struct lot_sums sums = lot_sums(part(x, 0, x.n - 1), arena);
    int count = 0, ends = 0;
    double end[ENDS + 2], at[(ENDS + 2) * (ENDS + 2) + 2];
    for (int k = 0; k < sums.count; k++)
        for (double side = -REACH; side <= REACH; side += 2 * REACH)
            end[ends++] = sums.at[k].value + side;
    for (int i = 0; i < ends + 2; i++)
        for (int j = 0; j < ends; j++) {
            double edge = i < ends ? end[i] : i == ends ? 0.5 : -0.5;
            if (fabs(edge - end[j]) < bound)
                at[count++] = edge - end[j];
        }
    at[count++] = bound, at[count++] = -bound;
    sort_numbers(count, at);
    double integral = 0, before = 0;
    for (int k = 0; k < count; k++) {
        x.at[x.n - 1] = at[k];
        size_t here = arena->used;
        double now = covered(lot_sums(x, arena));
        arena->used = here;
        integral += k == 0 ? 0 : (before + now) / 2 * (at[k] - at[k - 1]);
        before = now;
    }
    arena->used = mark;
    return integral / (2 * bound);
}

CLAIM(
    lot_coverage, IDENTITY,
    "Where v is reached, one weight more leaves (1 - v)(1 - v/2) unreached on average")
{
    struct arena *arena = claim_arena(claim);
    double gap = 0, gap_narrow = 0;
    for (int n = 0; n <= FEW; n++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)n);
        vec x = arena_vec(arena, n + 1);
        rng_uniforms(&rng, -0.09, 0.09, x); /* so that no sum leaves [-.45, .45] */
        double v = covered(lot_sums(part(x, 0, n), arena));
        double left = (1 - v) * (1 - v / 2);
        gap = worst(gap, fabs(1 - mean_covered(arena, x, 1) - left));
        gap_narrow = worst(gap_narrow, fabs(1 - mean_covered(arena, x, 0.5) - left));
        arena->used = mark;
    }
    /* Some ENDS^2 trapezoids, whose sum of areas is at most 2. */
    double limit = rounding(ENDS * ENDS, 2);
    evidence(claim, "unreached, off (1 - v)(1 - v/2)", at_most(gap, limit));
    control(claim, "one more, uniform on [-1/2, 1/2]", at_most(gap_narrow, limit));
}

/* ---- As near as points at random ------------------------------------------------- */

/* How many of the 2^n sums lie within h of the target: all of them, one by one, in an
 * order in which each differs from the last by one number (Gray's code). */
static int count_within(vec x, double target, double h)
{
    double sum = 0;
    int within = fabs(target) <= h;
    for (uint32_t k = 1; k < UINT32_C(1) << x.n; k++) {
        uint32_t code = k ^ k >> 1, changed = code ^ ((k - 1) ^ (k - 1) >> 1);
        int i = 0;
        while (changed >> i != 1)
            i++;
        sum += code & changed ? x.at[i] : -x.at[i];
        within += fabs(sum - target) <= h;
    }
    return within;
}

/* For `runs` draws of n numbers, each `times` times: the probability that M points at
 * random within h of the target would all be farther from it than the nearest sum. */
static void sample_ranks(struct claim *claim, int n, int times, int runs, double *rank)
{
    const double h = 0.05;
    for (int r = 0; r < runs; r++) {
        size_t mark = claim_arena(claim)->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        vec x = draw_numbers(claim, &rng, n, times);
        double off = nearest(claim, x, TARGET, false);
        rank[r] = off > h ? 0 : pow(1 - off / h, count_within(x, TARGET, h));
        claim_arena(claim)->used = mark;
    }
}

/* How many of the ranks lie in each eighth of [0, 1], against equally many in each. */
static struct finding uniform_ranks(int runs, const double *rank)
{
    enum { CELLS = 8 };
    double observed[CELLS] = {0}, expected[CELLS];
    for (int r = 0; r < runs; r++)
        observed[(int)fmin(CELLS - 1, CELLS * rank[r])]++;
    for (int c = 0; c < CELLS; c++)
        expected[c] = (double)runs / CELLS;
    return chi_square_fits(chi_square(CELLS, observed, expected), CELLS - 1);
}

CLAIM(lot_points, STATISTIC,
      "The nearest of the 2^n sums is as near as the nearest of as many random points")
{
    enum { RUNS = 800, N = 14 };
    double rank[RUNS];
    sample_ranks(claim, N, 1, RUNS, rank);
    evidence(claim, "chi-square of the ranks", uniform_ranks(RUNS, rank));
    sample_ranks(claim, N, 2, RUNS, rank);
    control(claim, "each of 7 numbers twice", uniform_ranks(RUNS, rank));
}

/* ---- Bits per weight ------------------------------------------------------------- */

enum { SIZES = 9 };
static int size_of(int i) { return 8 + 2 * i; }

/* The mean of log2 of the distance, up to a constant: that of -ln of the density of the
 * sums at t, whose 2^n terms have mean and variance n/12, and of t's own place. */
static double law(int n)
{
    return -n + 0.5 * log2(n) + 6 * TARGET * TARGET / (n * log(2));
}

/* The slope of log2 of the distance in n, of numbers each of which is there so many
 * times; mean: at each size is increased by log2 / runs. */
static double bits_per_weight(struct claim *claim, int r, int times, int runs,
                              double *mean)
{
    double n[SIZES], bits[SIZES];
    for (int i = 0; i < SIZES; i++) {
        size_t mark = claim_arena(claim)->used;
        struct rng rng = claim_rng(claim, (uint64_t)(100 * r + i));
        vec x = draw_numbers(claim, &rng, size_of(i), times);
        n[i] = size_of(i);
        bits[i] = log2(nearest(claim, x, TARGET, false));
        mean[i] += bits[i] / runs;
        claim_arena(claim)->used = mark;
    }
    return fit_line(SIZES, n, bits).slope;
}

/* For the figure: the means of log2, as distances; the law with its constant; and the
 * median of the best single number. */
static void record_distances(struct claim *claim, const double *mean)
{
    /* d = E / (2 2^n f) with E exponential, whose ln has mean -0.57722, and f at t the
     * normal density of variance n/12 around a mean that is as far off as its own
     * deviation: ln f = -ln(2 pi n/12)/2 - 1/2 on average. */
    double constant = (-0.57722 + 0.5) / log(2) - 1 + 0.5 * log2(acos(-1) / 6);
    struct series s =
        series_begin(claim, "distances", "n", "sum", "law", "single", NULL);
    for (int i = 0; i < SIZES; i++)
        series_row(&s, (double[]){size_of(i), exp2(mean[i]),
                                  exp2(law(size_of(i)) + constant),
                                  1 - pow(0.5, 1.0 / size_of(i))});
    series_end(&s);
}

CLAIM(lot_bits, RATE,
      "Each further weight takes one bit off the distance, less 1 / (2 n ln 2)")
{
    enum { RUNS = 400 };
    double slopes[RUNS], twice[RUNS], mean[SIZES] = {0}, unused[SIZES] = {0};
    double n[SIZES], predicted[SIZES];
    for (int i = 0; i < SIZES; i++)
        n[i] = size_of(i), predicted[i] = law(size_of(i));
    for (int r = 0; r < RUNS; r++) {
        slopes[r] = bits_per_weight(claim, r, 1, RUNS, mean);
        twice[r] = bits_per_weight(claim, RUNS + r, 2, RUNS, unused);
    }
    /* The next term: E ln sum x^2 = ln(n/3) - 0.4/n, half of it, is 0.3 bits at n = 1,
     * 0.025 between 8 and 24: 0.002 a weight. */
    double slope = fit_line(SIZES, n, predicted).slope;
    evidence(claim, "log2 of the distance, per weight",
             slopes_near(RUNS, slopes, slope, 0.002, 0.1));
    control(claim, "each number twice", slopes_near(RUNS, twice, slope, 0.002, 0.1));
    record_distances(claim, mean);
}

/* ---- Every real number between -1/2 and 1/2 -------------------------------------- */

enum { GIVEN = 16 };

/* 2 {sqrt p} - 1 for the first 16 primes, to six decimals. */
static void given_numbers(vec x)
{
    static const int prime[GIVEN] = {2,  3,  5,  7,  11, 13, 17, 19,
                                     23, 29, 31, 37, 41, 43, 47, 53};
    for (int i = 0; i < x.n; i++)
        x.at[i] = round(1e6 * (2 * fmod(sqrt(prime[i]), 1) - 1)) / 1e6;
}

/* The sum of these members, each of which may be off by half a unit of its sixth
 * decimal, and by what a decimal loses as a double. */
static ball sum_of(struct balls *balls, vec x, uint64_t members)
{
    ball sum = ball_number(balls, 0);
    for (int i = 0; i < x.n; i++)
        if (members >> i & 1)
            sum = ball_add(sum,
                           ball_between(balls, x.at[i] - 5.001e-7, x.at[i] + 5.001e-7));
    return sum;
}

/* The widest step of the sums of x from below -1/2 to above 1/2, in ref/'s order. */
static ball widest_step(struct claim *claim, struct balls *balls, vec x)
{
    struct lot_sums sums = lot_sums(x, claim_arena(claim));
    ball widest = ball_number(balls, 0);
    int mark = balls->used;
    for (int k = 1; k < sums.count; k++) {
        if (sums.at[k].value < -0.6 || sums.at[k - 1].value > 0.6)
            continue;
        ball a = sum_of(balls, x, sums.at[k - 1].members);
        ball b = sum_of(balls, x, sums.at[k].members);
        if (ball_high(b) > -0.5 && ball_low(a) < 0.5) {
            ball step = ball_sub(b, a);
            if (ball_high(step) > ball_high(widest))
                arb_set(widest.at, step.at);
        }
        balls->used = mark;
    }
    return widest;
}

CLAIM(lot_every_target, PROVED,
      "Every real number from -1/2 to 1/2 is near a sum of 16 given ones")
{
    struct arena *arena = claim_arena(claim);
    vec x = arena_vec(arena, GIVEN);
    struct balls balls = balls_make(200, 64);
    given_numbers(x);
    struct lot_sums sums = lot_sums(x, arena);
    ball first = sum_of(&balls, x, sums.at[0].members);
    ball last = sum_of(&balls, x, sums.at[sums.count - 1].members);
    evidence(claim, "the least sum", ball_at_most(first, -0.5));
    evidence(claim, "the greatest sum", ball_at_least(last, 0.5));
    evidence(claim, "the widest step between them",
             ball_at_most(widest_step(claim, &balls, x), 8e-4));
    control(claim, "with 14 of them",
            ball_at_most(widest_step(claim, &balls, part(x, 0, GIVEN - 2)), 8e-4));
    balls_free(&balls);
}

SECTION(lot_numbers, &lot_single, &lot_coverage, &lot_points, &lot_bits,
        &lot_every_target);
