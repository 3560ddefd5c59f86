/* finding.h -- a measured number beside what theory says of it.
 *
 * A finding holds, fails, or cannot tell; where it has an interval, the interval
 * decides.  What kind of world was measured says which finding is for it:
 *
 *     nothing was drawn, or a theorem bounds every draw    at_most, at_least, slope_is
 *     a sample of numbers close to normal                  mean_is, slopes_are
 *     the same, where lower-order terms remain             slopes_near
 *     slopes of which a few lie far away                   median_slope_near
 *     an estimate whose standard error theory gives        estimate_is
 *     trials that hit or miss; counts in cells             count_fits, chi_square_fits
 *     the size of an effect over independent runs          effect_at_least
 *     how often there is one: a share of independent runs  chance_at_least
 *
 * One fit to a world that was drawn has no interval, so it is not for slope_is: draw
 * the world n times and take slopes_are.  A skewed sample is not for Student either:
 * take its logarithm if the mean of that is known, or count the values on one side of
 * a quantile that is; count_fits is exact for every law, and with p = 1/2 it is the
 * sign test.  Nor is a sample in which one run in a thousand went elsewhere: take its
 * median, or say of how many runs the sentence is true, with chance_at_least.
 *
 * The book has one budget for false alarms: under any seed, a whole `make check` of
 * sentences that are all true fails with probability at most 1e-6.  A tenth of it is
 * for the unit tests.  Of the rest, each piece of statistical evidence spends SHARE, so
 * there is room for 900; the runner adds up what was spent.  Findings about rounding or
 * bounds spend nothing. */
#ifndef PROOFS_FINDING_H
#define PROOFS_FINDING_H

#include <stdbool.h>

#define FALSE_ALARMS 9e-7
#define SHARE        1e-9

enum finding_kind { COMPARISON, SLOPE, SAMPLE, SAMPLED_SLOPE };

struct finding {
    enum finding_kind kind;
    double measured;
    char relation[32]; /* "<=", ">=", "within H of", or for an effect "+- H >=" */
    double limit;
    bool holds, fails; /* or neither: a NaN, or an interval too wide to tell */
    double low, high;  /* the interval around measured; NaN if there is none */
    double margin;     /* the share of its room that was used: see below */
    double rank[2];    /* of measured in its predicted law: see below */
};

/* margin: measured over limit, the other way round for at_least, or the distance of the
 * prediction in half-widths.  An effect that is H wide and D from its limit has H / D
 * if it holds, D / H if it fails, and 1 otherwise.  So a margin is at most 1 if the
 * finding holds and at least 1 if it fails: 0.9 in evidence, or 1.1 in a control, is
 * thin.  NaN if nothing was measured.
 *
 * rank: the predicted law's distribution function at what was measured, if the finding
 * predicts a law; NaN if not.  Over many seeds it is uniform on (0, 1) if all is as
 * predicted, and a soak looks whether it is.  A law with atoms, or a prediction that is
 * known up to a bias, gives two numbers between which such a uniform one lies. */

/* measured <= limit, measured >= limit.  A NaN neither holds nor fails. */
struct finding at_most(double measured, double limit);
struct finding at_least(double measured, double limit);

/* LAPACK's way: the error that n operations on numbers of that scale may leave by
 * rounding, 30 n eps scale.  [LAPACK Working Note 41; TESTING/, threshold 30] */
double rounding(double n, double scale);

/* A sample of n values has the predicted mean: Student's interval at SHARE.  For values
 * that are close to normal, or so many that their mean is. */
struct finding mean_is(int n, const double *sample, double predicted);

/* An estimate whose standard error is known from theory, and which is close
 * to normal. */
struct finding estimate_is(double estimate, double standard_error, double predicted);

/* The mean of a sample is at least the limit: it holds if Student's interval at SHARE
 * lies above the limit, and fails if it lies below.  For the size of an effect over
 * independent runs; the points of one run are no such sample. */
struct finding effect_at_least(int n, const double *sample, double limit);

/* Each of n independent trials hits with a probability of at least p: the same, by the
 * interval of Clopper and Pearson around hits / n, which is exact for every law. */
struct finding chance_at_least(int hits, int n, double p);

/* A chi-square statistic with so many degrees of freedom is not too large. */
struct finding chi_square_fits(double chi_square, double freedom);
double chi_square(int cells, const double *observed, const double *expected);

/* hits of n independent trials fit the probability p: the exact binomial tails. */
struct finding count_fits(int hits, int n, double p);

/* A straight line through n points by least squares. */
struct fit {
    double slope, intercept;
    double span; /* the largest x less the smallest */
};
struct fit fit_line(int n, const double *x, const double *y);
struct fit fit_power(int n, const double *x,
                     const double *y); /* log10 y against log10 x */

/* A fit has the predicted slope: within half of it, where half is the most that
 * lower-order terms can bend the line, in a world where nothing was drawn, or under any
 * draw; derived where it is used.  The fit must span a decade of a power law, and half
 * be so small that predicted +- neighbour, the slopes it could be mistaken for, stay
 * out of reach. */
struct finding slope_is(struct fit fit, double predicted, double half,
                        double neighbour);

/* The same for slopes fitted to n independent replicates: Student's interval at SHARE
 * around their mean holds the prediction and excludes its neighbours. */
struct finding slopes_are(int n, const double *slopes, double predicted,
                          double neighbour);

/* The same for an exponent that is exact only in the limit: at the sizes of the fit,
 * the next term moves the mean slope by bias at most, derived where it is used, and the
 * interval is wider by so much on either side. */
struct finding slopes_near(int n, const double *slopes, double predicted, double bias,
                           double neighbour);

/* The same for the median of the slopes, whatever their law: as many of n lie below it
 * as coins fall on heads, and so it lies between two of the slopes.  n is at least 31,
 * or no two of them are enough. */
struct finding median_slope_near(int n, const double *slopes, double predicted,
                                 double bias, double neighbour);

/* The larger of two, and the smaller, or NaN if either is: a maximum that forgets a NaN
 * hides it. */
double worst(double so_far, double next);
double smallest(double so_far, double next);

/* x := its n numbers in ascending order.  And the median of a sample, n > 0, which is
 * put into that order. */
void sort_numbers(int n, double *x);
double median(int n, double *sample);

/* I_x(a, b), the distribution function of the beta law, from Arb.  0 <= x <= 1. */
double incomplete_beta(double a, double b, double x);

/* How far 1 - SHARE of the probability reaches, in standard errors. */
double normal_limit(void);
double student_limit(double freedom);
double chi_square_limit(double freedom);

#endif
