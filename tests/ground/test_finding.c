/* The contract of finding.h.  What the library takes from Arb is found here by other
 * roads: a continued fraction, closed forms, plain sums in long double. */
#include "ground/finding.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

/* The quantiles are bisected to about 2^-47; their tails are steeper by up to their
 * size squared, 40 for the normal law. */
static const double exact = 1e-12;

static void assert_close(double got, long double expected, double relative)
{
    if (!(fabsl(got - expected) <= relative * fabsl(expected)))
        ck_abort_msg("got %.17g for %.20Lg", got, expected);
}

static void assert_holds(struct finding finding)
{
    ck_assert_msg(finding.holds && !finding.fails, "%.17g %s %.17g does not hold",
                  finding.measured, finding.relation, finding.limit);
}

static void assert_fails(struct finding finding)
{
    ck_assert_msg(finding.fails && !finding.holds, "%.17g %s %.17g does not fail",
                  finding.measured, finding.relation, finding.limit);
}

static void assert_undecided(struct finding finding)
{
    ck_assert_msg(!finding.fails && !finding.holds, "%.17g %s %.17g is decided",
                  finding.measured, finding.relation, finding.limit);
}

/* ---- Comparisons ----------------------------------------------------------------- */

START_TEST(comparisons_include_their_limit)
{
    assert_holds(at_most(1, 1));
    assert_fails(at_most(nextafter(1, 2), 1));
    assert_holds(at_least(1, 1));
    assert_fails(at_least(nextafter(1, 0), 1));
    assert_fails(at_most(INFINITY, DBL_MAX));
    ck_assert_str_eq(at_most(1, 2).relation, "<=");
    ck_assert_str_eq(at_least(1, 2).relation, ">=");
    ck_assert_int_eq(at_least(1, 2).kind, COMPARISON);
    ck_assert_double_eq(at_most(1, 2).measured, 1);
    ck_assert_double_eq(at_most(1, 2).limit, 2);
}
END_TEST

START_TEST(nan_neither_holds_nor_fails)
{
    const double sample[] = {1, NAN, 2};
    const double slopes[] = {1, 1.5, NAN};
    assert_undecided(at_most(NAN, 1));
    assert_undecided(at_most(1, NAN));
    assert_undecided(at_least(NAN, 1));
    assert_undecided(at_least(1, NAN));
    assert_undecided(mean_is(3, sample, 1));
    assert_undecided(mean_is(3, (double[]){1, 2, 3}, NAN));
    assert_undecided(mean_is(2, (double[]){INFINITY, 1}, 1));
    assert_undecided(estimate_is(NAN, 1, 1));
    assert_undecided(estimate_is(1, NAN, 1));
    assert_undecided(effect_at_least(3, sample, 0));
    assert_undecided(chi_square_fits(NAN, 3));
    assert_undecided(slope_is((struct fit){NAN, 0, 1}, 1, 0.1, 0.5));
    assert_undecided(slopes_are(3, slopes, 1, 0.5));
}
END_TEST

START_TEST(an_infinite_interval_holds_nothing)
{
    assert_undecided(estimate_is(1, INFINITY, 1));
    assert_undecided(estimate_is(INFINITY, INFINITY, 1));
    assert_undecided(slope_is((struct fit){1, 0, 1}, 1, INFINITY, 1));
}
END_TEST

/* A margin is below 1 where the finding holds, above where it fails. */
START_TEST(margins_of_comparisons)
{
    ck_assert_double_eq(at_most(1, 4).margin, 0.25);
    ck_assert_double_eq(at_most(4, 1).margin, 4);
    ck_assert_double_eq(at_most(-4, -1).margin, 0.25);
    ck_assert_double_eq(at_most(-1, -4).margin, 4);
    ck_assert_double_eq(at_most(-1, 4).margin, 0);
    ck_assert_double_eq(at_most(0, 0).margin, 0);
    ck_assert_double_eq(at_most(1, 0).margin, INFINITY);
    ck_assert_double_eq(at_most(1, -1).margin, INFINITY);
    ck_assert_double_eq(at_most(0, -1).margin, INFINITY);
    ck_assert_double_eq(at_least(4, 1).margin, 0.25);
    ck_assert_double_eq(at_least(1, 4).margin, 4);
    ck_assert_double_eq(at_least(-4, -1).margin, 4);
    ck_assert_double_eq(at_least(-1, 1).margin, INFINITY);
    ck_assert(isnan(at_most(NAN, 1).margin) && isnan(at_most(1, NAN).margin));
}
END_TEST

START_TEST(margins_of_intervals)
{
    double z = 6.1094102048693;
    assert_close(estimate_is(3, 1, 4).margin, 1 / z, 1e-12);
    assert_close(estimate_is(3, 1, -3 * z).margin, 3 + 3 / z, 1e-12);
    ck_assert_double_eq(mean_is(2, (double[]){2, 2}, 2).margin, 0);
    ck_assert_double_eq(mean_is(2, (double[]){2, 2}, 3).margin, INFINITY);
    ck_assert(isnan(estimate_is(NAN, 1, 1).margin));
    ck_assert(isnan(estimate_is(1, INFINITY, 1).margin));
    assert_close(slope_is((struct fit){2.125, 0, 1}, 2, 0.25, 1).margin, 0.5L, 0);
    assert_close(slope_is((struct fit){2, 0, 1}, 2, 0.25, 0.5).margin, 0.5L, 0);
    assert_close(slope_is((struct fit){2, 0, 1}, 2, 0.25, 0.125).margin, 1, 0);
    assert_close(slope_is((struct fit){2.5, 0, 1}, 2, 0.25, 1).margin, 2, 0);
    assert_close(chi_square_fits(20, 2).margin, -10 / logl(SHARE), 1e-12);
    assert_close(count_fits(10, 10, 0.5).margin, 10 / log2l(2 / SHARE), 1e-12);
}
END_TEST

/* The interval of {-1, 1} is 0 +- t, with t as of Cauchy's law. */
START_TEST(margins_of_effects)
{
    double sample[] = {-1, 1}, t = 1 / tan(acos(-1) * SHARE / 2);
    assert_close(effect_at_least(2, sample, -4 * t).margin, 0.25L, 1e-8);
    assert_close(effect_at_least(2, sample, 4 * t).margin, 4, 1e-8);
    ck_assert_double_eq(effect_at_least(2, sample, t / 2).margin, 1);
    ck_assert_double_eq(effect_at_least(2, sample, -t / 2).margin, 1);
    ck_assert(isnan(effect_at_least(2, (double[]){1, NAN}, 0).margin));
}
END_TEST

START_TEST(rounding_is_lapacks)
{
    double eps = IS_DOUBLE ? 0x1p-52 : 0x1p-23;
    ck_assert_double_eq(rounding(7, 3), 30 * 7 * 3 * eps);
}
END_TEST

/* A maximum in which a NaN stays, wherever it came. */
START_TEST(worst_remembers_nan)
{
    ck_assert_double_eq(worst(1, 2), 2);
    ck_assert_double_eq(worst(2, 1), 2);
    ck_assert_double_eq(worst(-2, -1), -1);
    ck_assert_double_eq(worst(1, INFINITY), INFINITY);
    ck_assert(isnan(worst(NAN, 1)));
    ck_assert(isnan(worst(1, NAN)));
    ck_assert(isnan(worst(NAN, INFINITY)));
    ck_assert(isnan(worst(INFINITY, NAN)));
}
END_TEST

START_TEST(smallest_remembers_nan)
{
    ck_assert_double_eq(smallest(1, 2), 1);
    ck_assert_double_eq(smallest(2, 1), 1);
    ck_assert_double_eq(smallest(-2, -1), -2);
    ck_assert_double_eq(smallest(1, -INFINITY), -INFINITY);
    ck_assert(isnan(smallest(NAN, 1)));
    ck_assert(isnan(smallest(1, NAN)));
    ck_assert(isnan(smallest(NAN, -INFINITY)));
    ck_assert(isnan(smallest(-INFINITY, NAN)));
}
END_TEST

/* ---- Tails and quantiles --------------------------------------------------------- */

/* Mills' ratio of the normal law as Laplace's continued fraction:
 * Q(z) / phi(z) = 1/(z + 1/(z + 2/(z + 3/(z + ...)))). */
static long double normal_tail(long double z)
{
    long double fraction = z;
    for (int k = 200; k > 0; k--)
        fraction = z + k / fraction;
    return expl(-z * z / 2) / sqrtl(2 * acosl(-1)) / fraction;
}

START_TEST(normal_limit_leaves_its_share)
{
    double z = normal_limit();
    assert_close(z, 6.1094102048693L, exact); /* the two-sided 1e-9 quantile */
    assert_close(SHARE, 2 * normal_tail(z), 60 * exact);
}
END_TEST

/* One degree of freedom is Cauchy's law; two have the tail
 * 1 - t / sqrt(2 + t^2), whose inverse is this. */
START_TEST(student_limit_in_closed_form)
{
    const long double p = SHARE;
    assert_close(student_limit(1), 1 / tanl(acosl(-1) * p / 2), exact);
    assert_close(student_limit(2), (1 - p) * sqrtl(2 / (p * (2 - p))), exact);
}
END_TEST

/* With four degrees, and u = t / sqrt(4 + t^2), the tail is (1 - u)^2 (2 + u) / 2. */
START_TEST(student_limit_of_four)
{
    long double t = student_limit(4), u = t / sqrtl(4 + t * t);
    long double one_less_u = 4 / ((4 + t * t) * (1 + u));
    assert_close(SHARE, one_less_u * one_less_u * (2 + u) / 2, 60 * exact);
}
END_TEST

/* t = z + (z^3 + z) / 4n + (5 z^5 + 16 z^3 + 3 z) / 96 n^2 + O(n^-3), where the last is
 * below 1e4 / n^3 at this z.  [Abramowitz and Stegun 1964, 26.7.5]  The library rounds
 * n / (n + t^2) to a double, which its tail magnifies n times. */
START_TEST(student_limit_tends_to_the_normal_one)
{
    for (double n = 1e4; n <= 1e7; n *= 10) {
        long double z = normal_limit(), z2 = z * z;
        long double t =
            z + z * (z2 + 1) / (4 * n) + z * (5 * z2 * z2 + 16 * z2 + 3) / (96 * n * n);
        assert_close(student_limit(n), t, exact + 1e4 / (n * n * n) + n * DBL_EPSILON);
    }
}
END_TEST

/* An even number of degrees 2m has Poisson's tail, e^(-x/2) sum_{i < m} (x/2)^i
 * / i!. */
START_TEST(chi_square_limit_of_even_degrees)
{
    assert_close(chi_square_limit(2), -2 * logl(SHARE), exact);
    for (int m = 1; m <= 100000; m *= 10) {
        long double half = chi_square_limit(2 * m) / 2, tail = 0;
        for (int i = 0; i < m; i++)
            tail += expl(i * logl(half) - half - lgammal(i + 1));
        assert_close(SHARE, tail, 1e-10);
    }
}
END_TEST

START_TEST(chi_square_limit_of_one_degree)
{
    assert_close(chi_square_limit(1), powl(normal_limit(), 2), 2 * exact);
}
END_TEST

START_TEST(freedom_below_one_stops)
{
    ck_assert_stops("student_limit: freedom must be at least 1, got 0.5",
                    student_limit(0.5));
    ck_assert_stops("student_limit: freedom must be at least 1, got nan",
                    student_limit(fabs(NAN)));
    ck_assert_stops("chi_square_limit: freedom must be at least 1, got 0",
                    chi_square_limit(0));
    ck_assert_stops("chi_square_limit: freedom must be at least 1, got 0",
                    chi_square_fits(1, 0));
}
END_TEST

/* ---- Samples --------------------------------------------------------------------- */

/* {1, 2, 3} has the mean 2 with standard error sqrt(1/3), and two degrees
 * of freedom. */
static const double one_two_three[] = {1, 2, 3};
static double half_width(void)
{
    return (1 - SHARE) * sqrt(2 / (SHARE * (2 - SHARE)) / 3);
}

START_TEST(mean_is_students_interval)
{
    double half = half_width();
    assert_holds(mean_is(3, one_two_three, 2));
    assert_holds(mean_is(3, one_two_three, 2 + half * (1 - 1e-9)));
    assert_fails(mean_is(3, one_two_three, 2 + half * (1 + 1e-9)));
    assert_holds(mean_is(3, one_two_three, 2 - half * (1 - 1e-9)));
    assert_fails(mean_is(3, one_two_three, 2 - half * (1 + 1e-9)));
    ck_assert_int_eq(mean_is(3, one_two_three, 2).kind, SAMPLE);
    ck_assert_double_eq(mean_is(3, one_two_three, 5).measured, 2);
    ck_assert_double_eq(mean_is(3, one_two_three, 5).limit, 5);
}
END_TEST

/* {1, 3} has the mean 2, standard error 1 and one degree of freedom. */
START_TEST(mean_of_two)
{
    double half = 1 / tan(acos(-1) * SHARE / 2);
    const double sample[] = {1, 3};
    assert_holds(mean_is(2, sample, half * (1 - 1e-8)));
    assert_fails(mean_is(2, sample, half * (1 + 1e-8)));
}
END_TEST

START_TEST(a_sample_of_equals_has_no_width)
{
    const double sample[] = {2, 2, 2};
    assert_holds(mean_is(3, sample, 2));
    assert_fails(mean_is(3, sample, nextafter(2, 3)));
}
END_TEST

START_TEST(effects_clear_the_limit_with_their_interval)
{
    double half = half_width();
    assert_holds(effect_at_least(3, one_two_three, 2 - half * (1 + 1e-9)));
    assert_undecided(effect_at_least(3, one_two_three, 2 - half * (1 - 1e-9)));
    assert_undecided(effect_at_least(3, one_two_three, 2));
    assert_undecided(effect_at_least(3, one_two_three, 2 + half * (1 - 1e-9)));
    assert_fails(effect_at_least(3, one_two_three, 2 + half * (1 + 1e-9)));
    ck_assert_double_eq(effect_at_least(3, one_two_three, 0).measured, 2);
    ck_assert_int_eq(effect_at_least(3, one_two_three, 0).kind, SAMPLE);
}
END_TEST

START_TEST(an_effect_without_spread_is_decided)
{
    const double sample[] = {2, 2, 2};
    assert_holds(effect_at_least(3, sample, 2));
    assert_fails(effect_at_least(3, sample, nextafter(2, 3)));
}
END_TEST

static void assert_interval(struct finding finding, double low, double high)
{
    assert_close(finding.low, low, 1e-9);
    assert_close(finding.high, high, 1e-9);
}

START_TEST(intervals_are_kept)
{
    double half = half_width(), normal = 6.1094102048693 * 0.5;
    assert_interval(mean_is(3, one_two_three, 5), 2 - half, 2 + half);
    assert_interval(effect_at_least(3, one_two_three, 5), 2 - half, 2 + half);
    assert_interval(estimate_is(3, 0.5, 1), 3 - normal, 3 + normal);
    assert_interval(slope_is((struct fit){2, 0, 1}, 7, 0.25, 1), 1.75, 2.25);
    assert_interval(slopes_near(3, one_two_three, 5, 3, 1), -1 - half, 5 + half);
    ck_assert(isnan(at_most(1, 2).low) && isnan(at_most(1, 2).high));
    ck_assert(isnan(count_fits(1, 2, 0.5).low));
}
END_TEST

START_TEST(estimates_have_the_normal_interval)
{
    double half = 6.1094102048693 * 0.5;
    assert_holds(estimate_is(3, 0.5, 3 + half * (1 - 1e-9)));
    assert_fails(estimate_is(3, 0.5, 3 + half * (1 + 1e-9)));
    assert_holds(estimate_is(3, 0.5, 3 - half * (1 - 1e-9)));
    assert_fails(estimate_is(3, 0.5, 3 - half * (1 + 1e-9)));
    ck_assert_int_eq(estimate_is(3, 0.5, 3).kind, SAMPLE);
}
END_TEST

START_TEST(one_value_has_no_standard_error)
{
    ck_assert_stops("got ", mean_is(1, one_two_three, 1));
    ck_assert_stops("got ", effect_at_least(1, one_two_three, 1));
    ck_assert_stops("got ", slopes_are(1, one_two_three, 1, 1));
}
END_TEST

/* Does mean_is alarm as rarely as it promises, once in 1/SHARE samples of the predicted
 * law?  Too rarely to wait for, so only the samples near the brink are drawn.  Of three
 * normal numbers with mean 0, the mean is Z / sqrt(3) and the sum of squares around it
 * 2E, Z normal and E exponential: T^2 = Z^2 / E, and the alarm is E < Z^2 / limit^2.
 * Below 2 SHARE Z^2, E is uniform to one part in 1e-8; so if E is drawn from there, and
 * Z with its density times Z^2 (as the length of three normal numbers), exactly half of
 * the samples must alarm. */
static struct finding finding_near_the_brink(struct rng *rng)
{
    real drawn[3];
    double at[3], angle;
    rng_normals(rng, 0, 1, (vec){3, drawn});
    double Z = norm((vec){3, drawn}), E = 2 * SHARE * Z * Z * rng_uniform(rng);
    angle = 2 * acos(-1) * rng_uniform(rng);
    for (int i = 0; i < 3; i++)
        at[i] = Z / sqrt(3) + sqrt(4 * E / 3) * cos(angle + 2 * acos(-1) * i / 3);
    return mean_is(3, at, 0);
}

START_TEST(mean_is_alarms_as_often_as_it_says)
{
    enum { SAMPLES = 400 };
    struct rng rng = unit_rng("finding/coverage");
    int alarms = 0;
    for (int i = 0; i < SAMPLES; i++)
        alarms += finding_near_the_brink(&rng).fails;
    assert_holds(count_fits(alarms, SAMPLES, 0.5));
}
END_TEST

/* ---- Ranks ----------------------------------------------------------------------- */

static void assert_rank(struct finding finding, long double low, long double high)
{
    assert_close(finding.rank[0], low, 1e-12);
    assert_close(finding.rank[1], high, 1e-12);
}

/* Student's law of two degrees: F(t) = (1 + t / sqrt(2 + t^2)) / 2. */
static long double student_of_two(long double t)
{
    return (1 + t / sqrtl(2 + t * t)) / 2;
}

START_TEST(ranks_are_the_predicted_law)
{
    long double root3 = sqrtl(3);
    assert_rank(mean_is(3, one_two_three, 1), student_of_two(root3),
                student_of_two(root3));
    assert_rank(mean_is(3, one_two_three, 4), student_of_two(-2 * root3),
                student_of_two(-2 * root3));
    assert_rank(slopes_near(3, one_two_three, 3, 0.5, 1), student_of_two(-1.5L * root3),
                student_of_two(-0.5L * root3));
    assert_rank(estimate_is(3, 0.5, 5), normal_tail(4), normal_tail(4));
    assert_rank(estimate_is(5, 0.5, 3), 1 - normal_tail(4), 1 - normal_tail(4));
    assert_rank(chi_square_fits(3, 2), 1 - expl(-1.5L), 1 - expl(-1.5L));
    assert_rank(count_fits(2, 3, 0.5), 0.5L, 0.875L);
    assert_rank(count_fits(0, 3, 0.5), 0, 0.125L);
    assert_rank(count_fits(3, 3, 0.5), 0.875L, 1);
}
END_TEST

START_TEST(what_predicts_no_law_has_no_rank)
{
    ck_assert(isnan(at_most(1, 2).rank[0]) && isnan(at_most(1, 2).rank[1]));
    ck_assert(isnan(effect_at_least(3, one_two_three, 0).rank[0]));
    ck_assert(isnan(slope_is((struct fit){2, 0, 1}, 2, 0.1, 1).rank[0]));
    ck_assert(isnan(mean_is(2, (double[]){2, 2}, 2).rank[0]));
    ck_assert(isnan(mean_is(2, (double[]){2, NAN}, 2).rank[1]));
    ck_assert(isnan(chi_square_fits(NAN, 3).rank[0]));
}
END_TEST

/* ---- Counts ---------------------------------------------------------------------- */

START_TEST(chi_square_is_its_definition)
{
    const double observed[] = {10, 20, 30}, expected[] = {20, 20, 20};
    ck_assert_double_eq(chi_square(3, observed, expected), 10);
    ck_assert_stops("chi_square: cell 1 expects 0",
                    chi_square(2, observed, (double[]){1, 0}));
    ck_assert_stops("chi_square: cell 0 expects -1",
                    chi_square(2, observed, (double[]){-1, 1}));
}
END_TEST

START_TEST(chi_square_fits_below_its_limit)
{
    double limit = -2 * log(SHARE);
    assert_holds(chi_square_fits(limit * (1 - 1e-12), 2));
    assert_fails(chi_square_fits(limit * (1 + 1e-12), 2));
    ck_assert_int_eq(chi_square_fits(1, 2).kind, SAMPLE);
}
END_TEST

/* P(first <= X <= last) for X binomial, term by term. */
static long double binomial_sum(int first, int last, int n, double p)
{
    long double sum = 0;
    for (int k = first; k <= last; k++)
        sum += expl(lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1) + k * logl(p) +
                    (n - k) * log1pl(-(long double)p));
    return sum;
}

START_TEST(count_fits_is_the_smaller_binomial_tail)
{
    static const int trials[] = {1, 2, 3, 10, 100, 1000};
    static const double chances[] = {1e-6, 0.1, 0.5, 0.9, 0.999};
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 5; j++)
            for (int k = 0; k <= 20; k++) {
                int n = trials[i], hits = n * k / 20;
                long double below = binomial_sum(0, hits, n, chances[j]);
                long double above = binomial_sum(hits, n, n, chances[j]);
                struct finding finding = count_fits(hits, n, chances[j]);
                if (fminl(below, above) > DBL_MIN)
                    assert_close(finding.measured, fminl(below, above), 1e-11);
                ck_assert_int_eq(finding.holds, fminl(below, above) >= SHARE / 2);
                ck_assert_int_eq(finding.kind, SAMPLE);
            }
}
END_TEST

/* All of 30 fair coins: 2^-30 is more than SHARE / 2, 2^-31 is less. */
START_TEST(count_fits_on_either_side_of_its_limit)
{
    assert_holds(count_fits(30, 30, 0.5));
    assert_fails(count_fits(31, 31, 0.5));
    assert_holds(count_fits(0, 30, 0.5));
    assert_fails(count_fits(0, 31, 0.5));
}
END_TEST

/* A million trials; the normal law is near enough to tell. */
START_TEST(count_fits_many_trials)
{
    int half = 500000, sigma = 500;
    assert_holds(count_fits(half + 6 * sigma, 2 * half, 0.5));
    assert_holds(count_fits(half - 6 * sigma, 2 * half, 0.5));
    assert_fails(count_fits(half + 25 * sigma / 4, 2 * half, 0.5));
    assert_fails(count_fits(half - 25 * sigma / 4, 2 * half, 0.5));
}
END_TEST

START_TEST(counts_that_cannot_be_stop)
{
    ck_assert_stops("count_fits: -1 hits of 3 trials", count_fits(-1, 3, 0.5));
    ck_assert_stops("count_fits: 4 hits of 3 trials", count_fits(4, 3, 0.5));
    ck_assert_stops("count_fits: p must lie in (0, 1), got 0", count_fits(1, 3, 0));
    ck_assert_stops("count_fits: p must lie in (0, 1), got 1", count_fits(1, 3, 1));
    ck_assert_stops("count_fits: p must lie in (0, 1), got nan",
                    count_fits(1, 3, fabs(NAN)));
}
END_TEST

START_TEST(medians_of_few_and_of_many)
{
    struct rng rng = unit_rng("finding/median");
    double at[201], few[] = {3, -INFINITY, 7, 1};
    for (int i = 0; i < 201; i++)
        at[i] = rng_normal(&rng);
    ck_assert_double_eq(median(1, at), at[0]);
    ck_assert_double_eq(median(3, few), 3);
    ck_assert_double_eq(median(4, few), 2); /* 1 and 3 */
    double middle = median(201, at);
    ck_assert_double_eq(middle, at[100]);
    for (int i = 0; i < 200; i++)
        ck_assert_double_le(at[i], at[i + 1]);
}
END_TEST

/* The chance of all n, as of none, is p^n: least where that is half of SHARE. */
START_TEST(chances_have_the_interval_of_clopper_and_pearson)
{
    double least = pow(SHARE / 2, 1.0 / 40);
    assert_interval(chance_at_least(40, 40, 0.5), least, 1);
    assert_interval(chance_at_least(0, 40, 0.5), 0, 1 - least);
    struct finding finding = chance_at_least(37, 50, 0.5);
    assert_close((double)binomial_sum(37, 50, 50, finding.low), SHARE / 2, 1e-9);
    assert_close((double)binomial_sum(0, 37, 50, finding.high), SHARE / 2, 1e-9);
    ck_assert_double_eq(finding.measured, 0.74);
    ck_assert_double_eq(finding.limit, 0.5);
    ck_assert_int_eq(finding.kind, SAMPLE);
    ck_assert(isnan(finding.rank[0]) && isnan(finding.rank[1]));
}
END_TEST

/* Three answers: 2^-30 is more than SHARE / 2, 2^-31 is less. */
START_TEST(chances_clear_the_limit_with_their_interval)
{
    assert_undecided(chance_at_least(30, 30, 0.5));
    assert_holds(chance_at_least(31, 31, 0.5));
    assert_undecided(chance_at_least(0, 30, 0.5));
    assert_fails(chance_at_least(0, 31, 0.5));
    assert_undecided(chance_at_least(50, 100, 0.5));
    double low = chance_at_least(90, 100, 0.5).low;
    double high = chance_at_least(10, 100, 0.5).high;
    assert_holds(chance_at_least(90, 100, low * (1 - 1e-9)));
    assert_undecided(chance_at_least(90, 100, low * (1 + 1e-9)));
    assert_undecided(chance_at_least(10, 100, high * (1 - 1e-9)));
    assert_fails(chance_at_least(10, 100, high * (1 + 1e-9)));
    ck_assert_str_eq(chance_at_least(31, 31, 0.5).relation, "+- 0.5 >=");
    ck_assert_double_eq(chance_at_least(30, 30, 0.5).margin, 1);
    assert_close(chance_at_least(31, 31, 0.25).margin,
                 (1 - powl(SHARE / 2, 1.0L / 31)) / 0.75L, 1e-9);
}
END_TEST

START_TEST(chances_that_cannot_be_stop)
{
    ck_assert_stops("chance_at_least: -1 hits of 3 trials",
                    chance_at_least(-1, 3, 0.5));
    ck_assert_stops("chance_at_least: 4 hits of 3 trials", chance_at_least(4, 3, 0.5));
    ck_assert_stops("chance_at_least: p must lie in (0, 1), got 0",
                    chance_at_least(1, 3, 0));
    ck_assert_stops("chance_at_least: p must lie in (0, 1), got nan",
                    chance_at_least(1, 3, fabs(NAN)));
}
END_TEST

/* ---- Fits ------------------------------------------------------------------------ */

START_TEST(lines_are_found)
{
    const double x[] = {4, 0, 2, 6}, y[] = {-5, 3, -1, -9};
    struct fit fit = fit_line(4, x, y);
    ck_assert_double_eq(fit.slope, -2);
    ck_assert_double_eq(fit.intercept, 3);
    ck_assert_double_eq(fit.span, 6);
}
END_TEST

/* Least squares, where no line goes through; and far from 0, where sums of squares that
 * are not centered would cancel. */
START_TEST(lines_are_fitted_by_least_squares)
{
    const double x[] = {0, 1, 2}, far[] = {1e8, 1e8 + 1, 1e8 + 2}, y[] = {0, 0, 3};
    struct fit fit = fit_line(3, x, y);
    ck_assert_double_eq(fit.slope, 1.5);
    ck_assert_double_eq(fit.intercept, -0.5);
    ck_assert_double_eq(fit_line(3, far, y).slope, 1.5);
    ck_assert(isnan(fit_line(2, (double[]){1, 1}, y).slope));
}
END_TEST

START_TEST(powers_are_found)
{
    double x[20], y[20];
    for (int i = 0; i < 20; i++) {
        x[i] = 1 + i;
        y[i] = 5 / sqrt(x[i] * x[i] * x[i]);
    }
    struct fit fit = fit_power(20, x, y);
    assert_close(fit.slope, -1.5, 1e-14);
    assert_close(fit.intercept, log10l(5), 1e-14);
    assert_close(fit.span, log10l(20), 1e-14);
}
END_TEST

START_TEST(points_that_cannot_be_fitted_stop)
{
    double many[257] = {0};
    ck_assert_stops("fit_line: a line needs two points, got 1",
                    fit_line(1, many, many));
    ck_assert_stops("fit_power: at most 256 points, got 257",
                    fit_power(257, many, many));
    ck_assert_stops("fit_power: point 1, (0, 1), has no logarithm",
                    fit_power(2, (double[]){1, 0}, (double[]){1, 1}));
    ck_assert_stops("fit_power: point 0, (1, -1), has no logarithm",
                    fit_power(2, (double[]){1, 2}, (double[]){-1, 1}));
}
END_TEST

/* Within 1/4 of 2, and more than 1/4 from 2 - d and 2 + d. */
START_TEST(slope_is_excludes_its_neighbours)
{
    struct fit fit = {2.125, 0, 1};
    assert_holds(slope_is(fit, 2, 0.25, 1));
    assert_holds(slope_is(fit, 2, 0.125, 1));
    assert_fails(slope_is(fit, 2, 0.0625, 1));
    assert_fails(slope_is(fit, 2.5, 0.25, 1));
    assert_undecided(slope_is(fit, 2, 0.25, 0.375)); /* 2.375 is within 1/4 */
    assert_holds(slope_is(fit, 2, 0.25, 0.5));
    fit.slope = 1.875;
    assert_undecided(slope_is(fit, 2, 0.25, 0.375)); /* 1.625 is within 1/4 */
    assert_holds(slope_is(fit, 2, 0.25, 0.5));
    ck_assert_int_eq(slope_is(fit, 2, 0.25, 1).kind, SLOPE);
}
END_TEST

START_TEST(a_fit_must_span_a_decade)
{
    struct fit fit = {2, 0, log10(50) - log10(5)};
    assert_holds(slope_is(fit, 2, 0.1, 1));
    fit.span = 0.9;
    ck_assert_stops("slope_is: the fit spans only 0.9 decades",
                    slope_is(fit, 2, 0.1, 1));
}
END_TEST

/* 1 +- 1e-6, three times: the interval of {1, 2, 3}, scaled. */
START_TEST(slopes_are_resolved_by_their_interval)
{
    const double unit = 1e-6, half = half_width() * unit;
    const double slopes[] = {1 - unit, 1, 1 + unit};
    assert_holds(slopes_are(3, slopes, 1 + half * (1 - 1e-6), 3 * half));
    assert_fails(slopes_are(3, slopes, 1 + half * (1 + 1e-6), 3 * half));
    assert_holds(slopes_are(3, slopes, 1, half * (1 + 1e-6)));
    assert_undecided(slopes_are(3, slopes, 1, half * (1 - 1e-6)));
    ck_assert_int_eq(slopes_are(3, slopes, 1, 1).kind, SAMPLED_SLOPE);
}
END_TEST

/* Twice the interval's half-width away, a slope is near within a bias of that. */
START_TEST(slopes_near_are_wider_by_their_bias)
{
    const double unit = 1e-6, half = half_width() * unit;
    const double slopes[] = {1 - unit, 1, 1 + unit};
    assert_holds(slopes_near(3, slopes, 1 + half, half, 5 * half));
    assert_holds(slopes_near(3, slopes, 1 + half * (2 - 1e-6), half, 5 * half));
    assert_fails(slopes_near(3, slopes, 1 + half * (2 + 1e-6), half, 5 * half));
    assert_undecided(slopes_near(3, slopes, 1, half, half * (2 - 1e-6)));
    ck_assert_int_eq(slopes_near(3, slopes, 1, half, 1).kind, SAMPLED_SLOPE);
    ck_assert_stops("slopes_near: bias must not be negative, got -1",
                    slopes_near(3, slopes, 1, -1, 1));
    ck_assert_stops("slopes_near: bias must not be negative, got nan",
                    slopes_near(3, slopes, 1, fabs(NAN), 1));
}
END_TEST

/* 31 slopes from -15 to 15, shuffled: 2^-31 is less than half of SHARE, and 32 times
 * that is more, so that the interval ends at the outermost.  Of 64, one or two of which
 * lie far away, it ends at the ninth from either side. */
START_TEST(a_median_has_the_interval_of_its_signs)
{
    double slopes[64];
    for (int i = 0; i < 31; i++)
        slopes[i] = (i * 7) % 31 - 15;
    struct finding finding = median_slope_near(31, slopes, 0, 0.5, 40);
    ck_assert_double_eq(finding.measured, 0);
    assert_interval(finding, -15.5, 15.5);
    ck_assert_int_eq(finding.kind, SAMPLED_SLOPE);
    ck_assert(binomial_sum(0, 8, 64, 0.5) < SHARE / 2);
    ck_assert(binomial_sum(0, 9, 64, 0.5) > SHARE / 2);
    for (int i = 0; i < 64; i++)
        slopes[i] = (i * 7) % 64;
    slopes[0] = -1e9;
    finding = median_slope_near(64, slopes, 31.5, 0, 100);
    ck_assert_double_eq(finding.measured, 31.5);
    assert_interval(finding, 8, 55);
    slopes[1] += 1e9; /* 7, which is among the first nine */
    assert_interval(median_slope_near(64, slopes, 32, 0, 100), 9, 56);
}
END_TEST

START_TEST(a_median_is_resolved_by_its_interval)
{
    double slopes[40];
    for (int i = 0; i < 40; i++)
        slopes[i] = i / 39.0;
    double half = 0.5 - 1 / 39.0; /* P(X <= 1) of 40 coins is less than half of SHARE */
    assert_holds(median_slope_near(40, slopes, 0.5 + half * (1 - 1e-9), 0, 3 * half));
    assert_fails(median_slope_near(40, slopes, 0.5 + half * (1 + 1e-9), 0, 3 * half));
    assert_holds(median_slope_near(40, slopes, 0.5, 0, half * (1 + 1e-9)));
    assert_undecided(median_slope_near(40, slopes, 0.5, 0, half * (1 - 1e-9)));
    assert_holds(median_slope_near(40, slopes, 0.5 - half - 1, 1 + 1e-9, 9));
    assert_fails(median_slope_near(40, slopes, 0.5 - half - 1, 1 - 1e-9, 9));
    slopes[17] = NAN;
    assert_undecided(median_slope_near(40, slopes, 0.5, 0, 1));
}
END_TEST

/* 12 of 32 slopes are above 19.5; with a bias of 1, 11 are, or 13. */
START_TEST(a_median_has_the_rank_of_its_signs)
{
    double slopes[32];
    for (int i = 0; i < 32; i++)
        slopes[i] = i;
    assert_rank(median_slope_near(32, slopes, 19.5, 0, 99),
                binomial_sum(0, 11, 32, 0.5), binomial_sum(0, 12, 32, 0.5));
    assert_rank(median_slope_near(32, slopes, 19.5, 1, 99),
                binomial_sum(0, 10, 32, 0.5), binomial_sum(0, 13, 32, 0.5));
    assert_rank(median_slope_near(32, slopes, 99, 0, 999), 0, powl(2, -32));
    assert_rank(median_slope_near(32, slopes, -1, 0, 999), 1 - powl(2, -32), 1);
}
END_TEST

START_TEST(medians_that_cannot_be_stop)
{
    double slopes[300] = {0};
    ck_assert_stops("median_slope_near: n must be from 31 to 256, got 30",
                    median_slope_near(30, slopes, 0, 0, 1));
    ck_assert_stops("median_slope_near: n must be from 31 to 256, got 257",
                    median_slope_near(257, slopes, 0, 0, 1));
    ck_assert_stops("median_slope_near: bias must not be negative, got -1",
                    median_slope_near(31, slopes, 0, -1, 1));
    assert_holds(median_slope_near(256, slopes, 0, 0, 1));
}
END_TEST

int main(void)
{
    return unit_run("finding", (const TTest *[]){
                                   comparisons_include_their_limit,
                                   nan_neither_holds_nor_fails,
                                   an_infinite_interval_holds_nothing,
                                   margins_of_comparisons,
                                   margins_of_intervals,
                                   margins_of_effects,
                                   rounding_is_lapacks,
                                   worst_remembers_nan,
                                   smallest_remembers_nan,
                                   normal_limit_leaves_its_share,
                                   student_limit_in_closed_form,
                                   student_limit_of_four,
                                   student_limit_tends_to_the_normal_one,
                                   chi_square_limit_of_even_degrees,
                                   chi_square_limit_of_one_degree,
                                   freedom_below_one_stops,
                                   mean_is_students_interval,
                                   mean_of_two,
                                   a_sample_of_equals_has_no_width,
                                   effects_clear_the_limit_with_their_interval,
                                   an_effect_without_spread_is_decided,
                                   intervals_are_kept,
                                   estimates_have_the_normal_interval,
                                   one_value_has_no_standard_error,
                                   mean_is_alarms_as_often_as_it_says,
                                   ranks_are_the_predicted_law,
                                   what_predicts_no_law_has_no_rank,
                                   chi_square_is_its_definition,
                                   chi_square_fits_below_its_limit,
                                   count_fits_is_the_smaller_binomial_tail,
                                   count_fits_on_either_side_of_its_limit,
                                   count_fits_many_trials,
                                   counts_that_cannot_be_stop,
                                   medians_of_few_and_of_many,
                                   chances_have_the_interval_of_clopper_and_pearson,
                                   chances_clear_the_limit_with_their_interval,
                                   chances_that_cannot_be_stop,
                                   a_median_has_the_interval_of_its_signs,
                                   a_median_is_resolved_by_its_interval,
                                   a_median_has_the_rank_of_its_signs,
                                   medians_that_cannot_be_stop,
                                   lines_are_found,
                                   lines_are_fitted_by_least_squares,
                                   powers_are_found,
                                   points_that_cannot_be_fitted_stop,
                                   slope_is_excludes_its_neighbours,
                                   a_fit_must_span_a_decade,
                                   slopes_are_resolved_by_their_interval,
                                   slopes_near_are_wider_by_their_bias,
                                   NULL,
                               });
}
