#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/worlds.h"

#include <math.h>

/* So many examples, and features, unless a claim says otherwise. */
enum { N = 40, D = 8 };

/* For the figure: where the cost is 1/2, in the plane of a weight and the bias, for one
 * feature of variance 1 and mean m.  Measured: along a ray u, J(u) = 1/2 u'Au, so the
 * radius is 1 / sqrt(2 J(u)).  Law: axes 1 / sqrt(a) with a from the closed form; the
 * long one, for the small eigenvalue, lies across (m, 1). */
static void record_contours(struct claim *claim)
{
    enum { RAYS = 72 };
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "contours", "w0", "b0", "w1", "b1", "w3", "b3", "law_w0",
                     "law_b0", "law_w1", "law_b1", "law_w3", "law_b3", NULL);
    static const double means[] = {0, 1, 3};
    double values[RAYS + 1][12];
    for (int i = 0; i < 3; i++) {
        vec mu = arena_vec(arena, 1), u = arena_vec(arena, 2),
            scratch = arena_vec(arena, 2);
        mu.at[0] = means[i];
        struct features f = known_features(claim, 4, mu, identity(claim, 1));
        struct quadratic q = {curvature(claim, with_one(claim, f.X)),
                              arena_vec(arena, 2), 0};
        double law = outlier_law(means[i]);
        double tilt = 0.5 * atan2(2 * means[i], means[i] * means[i]);
        for (int k = 0; k <= RAYS; k++) {
            double angle = 2 * acos(-1) * k / RAYS;
            double along = cos(angle) / sqrt(law), across = sin(angle) * sqrt(law);
            double *at = values[k] + 2 * i;
            at[6] = along * cos(tilt) - across * sin(tilt);
            at[7] = along * sin(tilt) + across * cos(tilt);
            /* The ray through the point of the law, so that points lie evenly. */
            u.at[0] = at[6], u.at[1] = at[7];
            scale(1 / norm(u), u);
            double radius = 1 / sqrt(2 * quadratic_cost(q, u, scratch));
            at[0] = radius * u.at[0], at[1] = radius * u.at[1];
        }
    }
    for (int k = 0; k <= RAYS; k++)
        series_row(&s, values[k]);
    series_end(&s);
}

static double log_determinant(vec a)
{
    double sum = 0;
    for (int j = 0; j < a.n; j++)
        sum += log(a.at[j]);
    return sum;
}

CLAIM(cn_determinant, IDENTITY, "det A = det Sigma, whatever the mean is")
{
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 8);
    mat S = correlated(claim, v);
    double gap = 0, limit = 0, bare = 0;
    static const double sizes[] = {0, 1, 4};
    for (int i = 0; i < 3; i++) {
        struct features f = known_features(claim, N, signs(claim, D, sizes[i]), S);
        vec a = spectrum(claim, with_one(claim, f.X));
        gap = worst(gap, fabs(log_determinant(a) - log_determinant(v)));
        bare = worst(bare,
                     fabs(log_determinant(spectrum(claim, f.X)) - log_determinant(v)));
        /* Each eigenvalue is off by a rounding of the largest; the smallest counts
         * most. */
        limit = D * rounding(N + D, kappa(a));
    }
    evidence(claim, "gap of ln det, ||mu||^2 up to 128", at_most(gap, limit));
    control(claim, "no constant feature", at_most(bare, limit));
    record_contours(claim);
}

CLAIM(cn_small_eigenvalue, BOUND,
      "The smallest eigenvalue of A is at most 1 / (1 + mu'Sigma^-1 mu)")
{
    vec v = geometric_spectrum(claim_arena(claim), D, 2, 8), mu = signs(claim, D, 2);
    mat S = correlated(claim, v);
    struct features f = known_features(claim, N, mu, S);
    vec a = spectrum(claim, with_one(claim, f.X));
    double bound = 1 / (1 + precision_along(claim, S, mu)), m2 = dot(mu, mu);
    double slack = 1 + rounding(N + D, kappa(a));
    evidence(claim, "smallest eigenvalue, of the bound",
             at_most(a.at[0] / bound, slack));
    evidence(claim, "bound on kappa, of kappa",
             at_most((m2 + 1) / bound / kappa(a), slack));
    /* For Sigma = I it is 1 / outlier_law > 1 / (m^2 + 2). */
    struct features white = known_features(claim, N, mu, identity(claim, D));
    evidence(claim, "the same for Sigma = I",
             at_least(spectrum(claim, with_one(claim, white.X)).at[0] * (1 + m2),
                      (m2 + 1) / (m2 + 2) / slack));
    control(claim, "no constant feature",
            at_most(spectrum(claim, f.X).at[0] / bound, slack));
}

CLAIM(cn_quadratic, RATE, "For Sigma = I, kappa grows with the square of ||mu||^2")
{
    enum { MEANS = 9 };
    double m2[MEANS], raw[MEANS], bare[MEANS], gap = 0;
    for (int i = 0; i < MEANS; i++) {
        m2[i] = pow(10, 2 + 0.25 * i);
        vec mu = signs(claim, D, sqrt(m2[i] / D));
        struct features f = known_features(claim, N, mu, identity(claim, D));
        raw[i] = kappa_of(claim, f.X);
        bare[i] = kappa(spectrum(claim, f.X));
        gap = worst(gap, fabs(raw[i] / pow(outlier_law(sqrt(m2[i])), 2) - 1) / raw[i]);
    }
    /* Whatever is drawn, kappa is lambda^2, and the local slope of 2 ln lambda against
     * ln m^2 is 2 m / sqrt(m^2 + 4), from 1.96. */
    evidence(claim, "power of ||mu||^2",
             slope_is(fit_power(MEANS, m2, raw), 2, 0.04, 1));
    evidence(claim, "gap to the outlier squared, by kappa",
             at_most(gap, rounding(N + D, 1)));
    control(claim, "no constant feature",
            slope_is(fit_power(MEANS, m2, bare), 2, 0.04, 1));
}

SECTION(the_other_end, &cn_determinant, &cn_small_eigenvalue, &cn_quadratic);
