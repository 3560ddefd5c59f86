#include "spread.h"

#include "ground/arena.h"
#include "record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Gathering ------------------------------------------------------------------- */

/* The spread of this finding, a new one if it is the first of its kind.  Runs tell
 * their findings in one order, so that the next is mostly the one behind the last. */
static struct spread *spread_of(struct spreads *all, const char *claim, bool is_control,
                                size_t index)
{
    for (int i = 1; i <= all->count; i++) {
        struct spread *spread = &all->at[(all->last + i) % all->count];
        if (spread->claim == claim && spread->is_control == is_control &&
            spread->index == index) {
            all->last = (int)(spread - all->at);
            return spread;
        }
    }
    REQUIRE(all->count < MOST_SPREADS, "more than %d findings", MOST_SPREADS);
    all->last = all->count++;
    all->at[all->last] =
        (struct spread){.claim = claim, .is_control = is_control, .index = index};
    return &all->at[all->last];
}

static double number_in(const json_t *finding, const char *key)
{
    const json_t *number = json_object_get(finding, key);
    return json_is_number(number) ? json_number_value(number) : NAN;
}

/* Keeps the thinnest margin.  One that is not finite stands as null in JSON: a control
 * that is infinitely far off, or something that failed otherwise. */
static void add_margin(struct spread *spread, double margin, json_int_t seed)
{
    bool first = spread->runs++ == 0;
    if (isnan(margin) && !first)
        return;
    bool thinner =
        spread->is_control ? margin < spread->margin : margin > spread->margin;
    if (first || isnan(spread->margin) || thinner) {
        spread->margin = margin;
        spread->seed = seed;
    }
}

static void add_rank(struct spread *spread, double low, double high)
{
    if (isnan(low) || isnan(high))
        return;
    if (spread->ranks == spread->room) {
        spread->room = 2 * spread->room + 16;
        spread->rank =
            realloc(spread->rank, (size_t)spread->room * sizeof *spread->rank);
        REQUIRE(spread->rank != NULL, "no memory for %d ranks", spread->room);
    }
    spread->rank[spread->ranks][0] = low;
    spread->rank[spread->ranks++][1] = high;
}

static void add_list(struct spreads *all, const char *claim, const json_t *list,
                     bool is_control, json_int_t seed)
{
    size_t i;
    const json_t *finding;
    json_array_foreach (list, i, finding) {
        struct spread *spread = spread_of(all, claim, is_control, i);
        snprintf(spread->what, sizeof spread->what, "%s", text_of(finding, "what"));
        add_margin(spread, number_in(finding, "margin"), seed);
        add_rank(spread, number_in(finding, "rank_low"),
                 number_in(finding, "rank_high"));
    }
}

void add_findings(struct spreads *all, const char *claim, const json_t *record,
                  json_int_t seed)
{
    add_list(all, claim, json_object_get(record, "evidence"), false, seed);
    add_list(all, claim, json_object_get(record, "controls"), true, seed);
}

void free_spreads(struct spreads *all)
{
    for (int i = 0; i < all->count; i++)
        free(all->at[i].rank);
}

/* ---- Judging --------------------------------------------------------------------- */

/* Each test lists an honest finding with at most the probability that a normal number
 * is more than 5 standard errors off. */
static const double STANDARD_ERRORS = 5;
static double chance(void) { return erfc(STANDARD_ERRORS / sqrt(2)); }

/* How far n ranks with that standard deviation may have their mean from a half.  The
 * mean of n uniform numbers has the variance 1 / 12n, and lighter tails than a normal
 * one.  Where the ranks lie closer together, an error shows sooner, by Student's t with
 * n - 1 = v degrees: it is at least z standard errors of a normal number if
 * v log(1 + t^2 / v) (1 - 1 / 2v) = z^2.  [Wallace 1959] */
static double allowance(int n, double deviation)
{
    double uniform = STANDARD_ERRORS / sqrt(12.0 * n), v = n - 1;
    if (n < 2)
        return uniform;
    double t = sqrt(v * expm1(STANDARD_ERRORS * STANDARD_ERRORS / (v - 0.5)));
    return fmin(uniform, t * deviation / sqrt(n));
}

/* The most by which an empirical distribution function of n values lies on one given
 * side of the true one: P(more than d) <= exp(-2 n d^2).  [Massart 1990] */
static double reach(int n) { return sqrt(-log(chance()) / (2 * n)); }

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The largest of F(p) - p, for the empirical distribution function F of p-values. */
static double crowd_at_0(int n, const double *sorted)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, (i + 1.0) / n - sorted[i]);
    return most;
}

static double crowd_at_1(int n, const double *sorted)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, sorted[i] - (double)i / n);
    return most;
}

/* Two-sided p-values of ranks between low and high: the largest that they can be, or
 * the least.  So a bias or an atom is never taken for a fault. */
static void p_values(const struct spread *spread, bool largest, double *p)
{
    for (int i = 0; i < spread->ranks; i++) {
        double low = spread->rank[i][0], high = spread->rank[i][1];
        p[i] = largest ? fmin(1, 2 * fmin(high, 1 - low)) : 2 * fmin(low, 1 - high);
    }
    qsort(p, (size_t)spread->ranks, sizeof *p, by_size);
}

/* The mean of one end of the ranks, and their standard deviation around it, which
 * rounding does not let go below 1e-9. */
static double mean_rank(const struct spread *spread, int end, double *deviation)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < spread->ranks; i++)
        sum += spread->rank[i][end];
    double mean = sum / spread->ranks;
    for (int i = 0; i < spread->ranks; i++)
        squares += pow(spread->rank[i][end] - mean, 2);
    *deviation = fmax(1e-9, sqrt(squares / fmax(1, spread->ranks - 1)));
    return mean;
}

static const char *fault_of(struct spread *spread)
{
    int n = spread->ranks;
    double deviation[2];
    for (int end = 0; end < 2; end++)
        spread->mean_rank[end] = mean_rank(spread, end, &deviation[end]);
    if (spread->mean_rank[1] < 0.5 - allowance(n, deviation[1]))
        return "low";
    if (spread->mean_rank[0] > 0.5 + allowance(n, deviation[0]))
        return "high";
    double *p = calloc((size_t)n, sizeof *p);
    REQUIRE(p != NULL, "no memory for %d p-values", n);
    p_values(spread, true, p);
    bool narrow = crowd_at_0(n, p) > reach(n);
    p_values(spread, false, p);
    bool wide = crowd_at_1(n, p) > reach(n);
    free(p);
    return narrow ? "narrow" : wide ? "wide" : NULL;
}

/* Of a control, nothing is predicted but that it fails. */
void judge_spreads(struct spreads *all)
{
    for (int i = 0; i < all->count; i++) {
        struct spread *spread = &all->at[i];
        if (!spread->is_control && spread->ranks > 0)
            spread->fault = fault_of(spread);
    }
}

bool is_biased(const struct spread *spread)
{
    return spread->fault != NULL && strcmp(spread->fault, "wide") != 0;
}

double thinness(const struct spread *spread)
{
    return spread->margin > 0 ? fabs(log(spread->margin)) : INFINITY;
}
