#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/certain.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>
#include <stdbool.h>

/* So many examples, and features, unless a claim says otherwise. */
enum { N = 40, D = 8 };

/* How far the largest eigenvalue exceeds ||mu||^2 + 1, in units of ||Sigma|| = 2, when
 * the constant feature is so large.  Along: mu is an eigenvector for this one. */
static double excess(struct claim *claim, double constant, bool along, double *lower,
                     double *second)
{
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 4), mu = signs(claim, D, 2);
    mat S = correlated(claim, v);
    double length = norm(mu);
    for (int j = 0; j < D && along; j++)
        mu.at[j] = length * S.at[j * D] / sqrt(2);
    struct features f = known_features(claim, N, mu, S);
    mat Phi = with_one(claim, f.X);
    for (int i = 0; i < N; i++)
        row(Phi, i).at[D] = constant;
    vec a = spectrum(claim, Phi);
    double m2 = dot(mu, mu);
    *lower = variance_along(S, mu) / (m2 + 1) / 2;
    *second = a.at[D - 1] / 2;
    return (top(a) - (m2 + 1)) / 2;
}

CLAIM(cn_bracket, BOUND,
      "One outlier, from ||mu||^2 + 1 on; no other eigenvalue exceeds ||Sigma||")
{
    double lower, second, unused, slack = 1 + rounding(N + D, 4 * D + 3);
    double beyond = excess(claim, 1, false, &lower, &second);
    evidence(claim, "excess, of ||Sigma||", at_most(beyond, slack));
    evidence(claim, "lower end, of the excess", at_most(lower / beyond, slack));
    evidence(claim, "second eigenvalue, of ||Sigma||", at_most(second, slack));
    /* There mu'Sigma mu = ||mu||^2 ||Sigma||, and ||mu||^2 = 4 D. */
    evidence(claim, "excess, mu along the top of Sigma",
             at_least(excess(claim, 1, true, &unused, &unused),
                      4.0 * D / (4 * D + 1) / slack));
    control(claim, "a constant of 3 instead of 1",
            at_most(excess(claim, 3, false, &unused, &unused), slack));
}

/* The sine of the angle between the top eigenvector of A and (mu, 1). */
static double sine_to_mean(struct claim *claim, struct features f)
{
    int n = f.mu.n + 1;
    struct arena *arena = claim_arena(claim);
    vec a = arena_vec(arena, n), u = arena_vec(arena, n), v = arena_vec(arena, n);
    mat Q = arena_mat(arena, n, n);
    route_eigen(curvature(claim, with_one(claim, f.X)), a, Q);
    for (int j = 0; j < n; j++) {
        u.at[j] = Q.at[j * n + n - 1];
        v.at[j] = j < n - 1 ? f.mu.at[j] : 1;
    }
    scale(1 / norm(v), v);
    axpy(-dot(u, v), u, v);
    return norm(v);
}

CLAIM(cn_direction, BOUND, "The top eigenvector of A is nearly (mu, 1)")
{
    enum { LARGE = 60 };
    struct arena *arena = claim_arena(claim);
    vec v = geometric_spectrum(arena, LARGE, 2, 4), mu = signs(claim, LARGE, 1);
    double bound = (2 / 2.0) / (LARGE + 1 - 2);
    struct features f = known_features(claim, LARGE + 10, mu, uncorrelated(claim, v));
    evidence(claim, "sine, of the bound", at_most(sine_to_mean(claim, f) / bound, 1));

    /* Half of ||(mu, 1)||^2 = g on the only feature that varies: then A is 2 x 2 and
     * tan 2 theta = x with x = ||Sigma|| / g, so sin theta >= x/2 (1 - x^2/2), and the
     * ratio to the bound x/2 / (1 - x) is more than 1 - 2x. */
    double g = 200;
    vec few = arena_vec(arena, 2), one = arena_vec(arena, 2);
    few.at[0] = sqrt(g / 2), few.at[1] = sqrt(g / 2 - 1), one.at[0] = 2;
    struct features sharp = known_features(claim, N, few, uncorrelated(claim, one));
    evidence(claim, "the same, mean at 45 degrees to it",
             at_least(sine_to_mean(claim, sharp) / (1 / (g - 2)), 1 - 4 / g));

    v.at[0] = 100 * (LARGE + 1);
    struct features wide =
        known_features(claim, LARGE + 10, mu, uncorrelated(claim, v));
    control(claim, "one feature of unbounded variance",
            at_most(sine_to_mean(claim, wide) / bound, 1));
}

CLAIM(cn_dimension, RATE,
      "If the entries of mu are +-1, the outlier grows linearly with the dimension")
{
    enum { SIZES = 5 };
    struct arena *arena = claim_arena(claim);
    double size[SIZES], outlier[SIZES], fading[SIZES], second = 0;
    for (int i = 0; i < SIZES; i++) {
        size_t mark = arena->used;
        int n = 16 << i;
        vec v = geometric_spectrum(arena, n, 2, 4);
        mat S = uncorrelated(claim, v);
        struct features f = known_features(claim, n + 2, signs(claim, n, 1), S);
        vec a = spectrum(claim, with_one(claim, f.X));
        size[i] = n;
        outlier[i] = top(a);
        second = worst(second, a.at[n - 1]);
        for (int k = 0; k < f.X.rows; k++)
            for (int j = 0; j < n; j++)
                f.X.at[k * n + j] -= (1 - 1 / sqrt(n)) * f.mu.at[j];
        fading[i] = top(spectrum(claim, with_one(claim, f.X)));
        arena->used = mark;
    }
    /* Whatever is drawn, the outlier is n + c with 1 < c < 3, by the bracket.  The line
     * through ln(n + c) over ln n has the slope 1 + sum of (i - 2) ln(1 + c_i /
     * 2^(4+i)) / (10 ln 2), i < 5, and so, with the worst of the c_i, from 0.940 to
     * 0.986. */
    struct fit grows = fit_power(SIZES, size, outlier);
    struct fit fades = fit_power(SIZES, size, fading);
    evidence(claim, "power of the dimension", slope_is(grows, 1, 0.06, 0.5));
    evidence(claim, "second eigenvalue, of ||Sigma||",
             at_most(second / 2, 1 + rounding(512, 260)));
    control(claim, "a mean of length 1 in any dimension",
            slope_is(fades, 1, 0.06, 0.5));
}

/* For the figure: the ends of the spectrum for Sigma = I, as the mean grows. */
static void record_outlier(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct series s = series_begin(claim, "outlier", "m2", "largest", "smallest", "law",
                                   "inverse", "slide", NULL);
    for (int i = 0; i <= 24; i++) {
        size_t mark = arena->used;
        double m = pow(10, -1 + i / 8.0);
        vec mu = signs(claim, 9, m / 3);
        struct features f = known_features(claim, 12, mu, identity(claim, 9));
        vec a = spectrum(claim, with_one(claim, f.X));
        double law = outlier_law(m);
        series_row(&s, (double[]){m * m, top(a), a.at[0], law, 1 / law, m * m + 1});
        arena->used = mark;
    }
    series_end(&s);
}

/* How far the spectrum for n features with the mean m and these variances is from what
 * it is for Sigma = I, with so large an outlier. */
static double gap_to_law(struct claim *claim, double m, vec v, double outlier)
{
    int n = v.n;
    vec mu = signs(claim, n, m / sqrt(n));
    struct features f = known_features(claim, n + 3, mu, uncorrelated(claim, v));
    double predicted[102];
    REQUIRE(n + 1 <= 102, "there is no room for %d eigenvalues", n + 1);
    predicted[0] = 1 / outlier;
    for (int j = 1; j < n; j++)
        predicted[j] = 1;
    predicted[n] = outlier;
    return gap_to_spectrum(spectrum(claim, with_one(claim, f.X)), predicted);
}

CLAIM(cn_outlier, IDENTITY,
      "For Sigma = I the outlier is (m^2 + 2 + m sqrt(m^2 + 4)) / 2, m = ||mu||")
{
    static const int dimensions[] = {1, 2, 9, 36, 100};
    double gap = 0, limit = 0;
    for (int i = 0; i < 5; i++) {
        vec ones = arena_vec(claim_arena(claim), dimensions[i]);
        fill(1, ones);
        double m = sqrt(ones.n), law = outlier_law(m);
        gap = worst(gap, gap_to_law(claim, m, ones, law));
        /* Sums of n + 3 products, and LAPACK's n + 1: see eigenvalue_limit. */
        limit = rounding(2 * ones.n + 3, law);
    }
    evidence(claim, "gap to the law, all eigenvalues", at_most(gap, limit));
    vec v = arena_vec(claim_arena(claim), 9);
    fill(1, v);
    control(claim, "the slide's m^2 + 1, where m = 1/2",
            at_most(gap_to_law(claim, 0.5, v, 0.25 + 1), limit));
    v.at[0] = 1.01;
    control(claim, "a variance 1 % larger",
            at_most(gap_to_law(claim, 3, v, outlier_law(3)), limit));
    record_outlier(claim);
}

/* ---- One feature, every mean -------------------------------------------------------
 * A = [[s + q, m], [m, 1]] with q = m^2 has the characteristic polynomial p(x) =
 * (x - s - q)(x - 1) - q.  Times (1 + q)^2, at x = q + 1 + s q / (1 + q), it is
 * - s^2 q; at x = q + 1 + s it is s, without the factor.  Both differences are
 * polynomials of degree 4 at most in q, and 4 in s: if they vanish for q, s = 0, ...,
 * 4 they vanish. */
static long off_lower(long q, long s)
{
    long x = (1 + q) * (1 + q) + s * q; /* times 1 + q */
    return (x - (s + q) * (1 + q)) * (x - (1 + q)) - q * (1 + q) * (1 + q) + s * s * q;
}

static long off_upper(long q, long s)
{
    long x = q + 1 + s;
    return (x - s - q) * (x - 1) - q - s;
}

static long off_slide(long q, long s) /* is p(q + 1) = 0? */
{
    long x = q + 1;
    return (x - s - q) * (x - 1) - q;
}

static long off_square(long q, long s) /* is p(q + 1 + s^2) = s^2? */
{
    long x = q + 1 + s * s;
    return (x - s - q) * (x - 1) - q - s * s;
}

static int not_zero(long difference(long q, long s))
{
    int count = 0;
    for (long q = 0; q <= 4; q++)
        for (long s = 0; s <= 4; s++)
            count += difference(q, s) != 0;
    return count;
}

/* The larger eigenvalue for the mean m and the variance s. */
static ball larger_eigenvalue(ball m, ball s)
{
    ball trace = ball_add(ball_plus(ball_square(m), 1), s);
    ball root = ball_sqrt(ball_sub(ball_square(trace), ball_times(4, s)));
    return ball_times(0.5, ball_add(trace, root));
}

static enum verdict is_below_slide(void *context, const ball *x)
{
    (void)context;
    return is_less(larger_eigenvalue(x[0], x[1]), ball_plus(ball_square(x[0]), 1));
}

/* How far the largest eigenvalue of a matrix of moments lies outside of its ball. */
static double outside_of_ball(struct claim *claim, struct balls *in)
{
    double gap = 0;
    for (int i = 1; i <= 8; i++) {
        int mark = in->used;
        vec mean = arena_vec(claim_arena(claim), 1),
            v = arena_vec(claim_arena(claim), 1);
        mean.at[0] = i / 2.0, v.at[0] = 1 + i / 4.0;
        struct features f = known_features(claim, 4, mean, uncorrelated(claim, v));
        double most = top(spectrum(claim, with_one(claim, f.X)));
        ball law =
            larger_eigenvalue(ball_number(in, i / 2.0), ball_number(in, 1 + i / 4.0));
        gap = worst(gap, ball_distance(law, most));
        in->used = mark;
    }
    return gap;
}

CLAIM(cn_every_mean, PROVED,
      "One feature: the bracket of the outlier for every mean and every variance")
{
    struct balls balls = balls_make(100, 64);
    struct box box = {.n = 2, .low = {0.125, 0.125}, .high = {100, 10}};
    struct search search = {0};
    evidence(claim, "p at the lower end: not - s^2 q", at_most(not_zero(off_lower), 0));
    evidence(claim, "p at the upper end: not s", at_most(not_zero(off_upper), 0));
    ball golden = larger_eigenvalue(ball_number(&balls, 1), ball_number(&balls, 1));
    evidence(claim, "m = s = 1: less 2.618033988749",
             ball_at_most(ball_abs(ball_plus(golden, -2.618033988749)), 1e-12));
    evidence(claim, "spectrum, outside of its ball",
             at_most(outside_of_ball(claim, &balls), rounding(4 + 2, 20)));
    control(claim, "the slide's m^2 + 1: p not 0", at_most(not_zero(off_slide), 0));
    enum verdict slide = everywhere(&balls, is_below_slide, NULL, box, 40, &search);
    control(claim, "the slide's m^2 + 1 as an upper end", certainly(slide));
    control(claim, "upper end with s^2 for s", at_most(not_zero(off_square), 0));
    balls_free(&balls);
}

SECTION(the_outlier, &cn_bracket, &cn_direction, &cn_dimension, &cn_outlier,
        &cn_every_mean);
