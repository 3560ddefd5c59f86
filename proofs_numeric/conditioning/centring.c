#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/worlds.h"

#include <math.h>

/* So many examples, and features, unless a claim says otherwise. */
enum { N = 40, D = 8 };

/* How far the spectrum of these features, with the variances 4^(j / (D - 1)) s_min
 * along their axes, is from those and the 1 of the constant, ascending. */
static double gap_to_sigma(struct claim *claim, mat X, double s_min)
{
    double predicted[D + 1];
    int below = 0; /* so many variances lie below 1 */
    for (int j = 0; j < D; j++)
        below += s_min * pow(4, (double)j / (D - 1)) < 1;
    for (int j = 0; j <= D; j++)
        predicted[j] = s_min * pow(4, (double)(j - (j > below)) / (D - 1));
    predicted[below] = 1;
    return gap_to_spectrum(spectrum(claim, with_one(claim, X)), predicted);
}

CLAIM(cn_centred, IDENTITY,
      "Centring leaves A the eigenvalues of Sigma, and the 1 of the constant")
{
    /* The variances lie above 1, on both sides of it, and below. */
    static const double least[] = {2, 0.6, 0.125};
    static const double of_all[] = {8, 4, 8}; /* max(s_max, 1) / min(s_min, 1) */
    vec mu = signs(claim, D, 3);
    double gap = 0, off = 0, raw = 0, bare = 0, limit = 0;
    for (int i = 0; i < 3; i++) {
        vec v = geometric_spectrum(claim_arena(claim), D, 4 * least[i], 4);
        struct features f = known_features(claim, N, mu, correlated(claim, v));
        mat C = centred(claim, f.X);
        gap = worst(gap, gap_to_sigma(claim, C, least[i]));
        off = worst(off, fabs(kappa_of(claim, C) - of_all[i]));
        raw = worst(raw, gap_to_sigma(claim, f.X, least[i]));
        bare = worst(bare, fabs(kappa(spectrum(claim, C)) - of_all[i]));
        /* What is centred had entries of ||mu||^2 on the way. */
        limit = eigenvalue_limit(f.X, dot(mu, mu) + 8);
    }
    evidence(claim, "gap to 1 and the spectrum of Sigma", at_most(gap, limit));
    /* kappa is at most 8, and divides by 1/8 at least. */
    evidence(claim, "kappa, less the prediction", at_most(off, 8 * 9 * limit));
    control(claim, "not centred", at_most(raw, limit));
    control(claim, "kappa, without the constant", at_most(bare, 8 * 9 * limit));
}

CLAIM(cn_centring_helps, BOUND,
      "Centring never makes kappa larger, and divides it by at most lambda^2")
{
    double size[] = {0.01, 1, 5}, never = 0, most = 0, slack = 0;
    vec v = geometric_spectrum(claim_arena(claim), D, 3, 30);
    for (int i = 0; i < 3; i++) {
        vec mu = signs(claim, D, size[i]);
        struct features f = known_features(claim, N, mu, correlated(claim, v));
        double raw = kappa_of(claim, f.X);
        double gain = raw / kappa_of(claim, centred(claim, f.X));
        never = worst(never, 1 / gain);
        most = worst(most, gain / pow(outlier_law(norm(mu)), 2));
        slack = rounding(2 * (N + D), raw);
    }
    evidence(claim, "kappa centred, of kappa raw", at_most(never, 1 + slack));
    evidence(claim, "gain, of the most", at_most(most, 1 + slack));
    vec mu = signs(claim, D, 5);
    struct features white = known_features(claim, N, mu, identity(claim, D));
    double raw = kappa_of(claim, white.X), limit = rounding(2 * (N + D), raw);
    evidence(claim, "the same for Sigma = I",
             at_least(raw / pow(outlier_law(norm(mu)), 2), 1 - limit));
    scale(-1, mu);
    cn_center(mu, white.X);
    control(claim, "the mean doubled, not removed",
            at_most(kappa_of(claim, white.X) / raw, 1 + limit));
}

SECTION(centring, &cn_centred, &cn_centring_helps);
