#include "double_descent/worlds.h"
#include "ground/certain.h"

#include <flint/fmpq.h>
#include <math.h>
#include <stdlib.h>

enum { FITS = 500, LEVELS = 3 };
static const double levels[LEVELS] = {0.1, 0.5, 0.9};

/* FITS values fall below a quantile of their law as often as they should.  what: of
 * which values the quantile is. */
static void compare(struct claim *claim, const char *what, int N, double level,
                    const double *sample, double quantile)
{
    char line[64];
    snprintf(line, sizeof line, "N = %d: %s below quantile %g", N, what, level);
    evidence(claim, line, count_fits(below(FITS, sample, quantile), FITS, level));
}

/* FITS values of || Phi^+ noise ||^2, and of what is lost of the signal. */
static void sample_parts(struct claim *claim, int N, double shape, double *noise,
                         double *losses)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)N);
    struct trial x = trial_make(arena, N);
    for (int i = 0; i < FITS; i++) {
        draw_trial(&rng, shape, &x);
        fit_noise(arena, &x);
        noise[i] = dot(x.w_noise, x.w_noise);
        if (losses != NULL) {
            fit_signal(arena, &x);
            losses[i] = lost(&x);
        }
    }
    arena->used = mark;
}

CLAIM(dd_noise_law, STATISTIC,
      "For N >= D the noise costs sigma^2 chi^2_D / chi^2_{N-D+1}")
{
    if (needs_double(claim, "by its rounding, a Phi with N near D may be singular"))
        return;
    static const int examples[] = {D, D + 2, 2 * D};
    double sample[FITS];
    for (int e = 0; e < 3; e++) {
        int N = examples[e];
        sample_parts(claim, N, 1, sample, NULL);
        for (int l = 0; l < LEVELS; l++)
            compare(claim, "errors", N, levels[l], sample,
                    ratio_quantile(D, N - D + 1, levels[l]));
    }
    /* At N = 2D the law has the skewness 0.9, and the mean of 500 values 0.04. */
    evidence(claim, "N = 100: mean of the errors",
             mean_is(FITS, sample, D / (2.0 * D - D - 1)));

    double at_D = ratio_quantile(D, 1, 0.5), at_D_and_2 = ratio_quantile(D, 3, 0.5);
    sample_parts(claim, D + 1, 1, sample, NULL);
    control(claim, "an example more than the law is of",
            count_fits(below(FITS, sample, at_D), FITS, 0.5));
    sample_parts(claim, D + 2, 0.1, sample, NULL);
    control(claim, "features of unequal size",
            count_fits(below(FITS, sample, at_D_and_2), FITS, 0.5));
}

CLAIM(dd_wide_laws, STATISTIC,
      "For N < D noise costs sigma^2 chi^2_N / chi^2_{D-N+1}; a beta share is lost")
{
    if (needs_double(claim, "by its rounding, a Phi with N near D may be singular"))
        return;
    static const int examples[] = {20, 45};
    double losses[FITS], noise[FITS];
    for (int e = 0; e < 2; e++) {
        int N = examples[e];
        sample_parts(claim, N, 1, noise, losses);
        for (int l = 0; l < LEVELS; l++) {
            compare(claim, "losses", N, levels[l], losses,
                    beta_quantile((D - N) / 2.0, N / 2.0, levels[l]));
            compare(claim, "noise", N, levels[l], noise,
                    ratio_quantile(N, D - N + 1, levels[l]));
        }
        /* The beta laws have the skewness -0.2 and 0.96, the means a 22nd of it. */
        evidence(claim, N == 20 ? "N = 20: mean loss" : "N = 45: mean loss",
                 mean_is(FITS, losses, 1 - (double)N / D));
        sample_parts(claim, N + 4, 1, noise, losses);
        double loss = beta_quantile((D - N) / 2.0, N / 2.0, 0.5);
        double error = ratio_quantile(N, D - N + 1, 0.5);
        control(claim, "losses, four examples more",
                count_fits(below(FITS, losses, loss), FITS, 0.5));
        control(claim, "noise, four examples more",
                count_fits(below(FITS, noise, error), FITS, 0.5));
    }
}

/* ---- The peak -------------------------------------------------------------------- */

/* For the figure: medians of the two parts of the error, measured and by law. */
static void record_parts(struct claim *claim)
{
    enum { DRAWN = 100 };
    static const int at[] = {5, 10, 20, 30, 40, 45, 48, 50, 52, 55, 60, 75, 100, 150};
    struct arena *arena = claim_arena(claim);
    struct series s = series_begin(claim, "parts", "N", "noise", "noise_law", "lost",
                                   "lost_law", NULL);
    for (int e = 0; e < 14; e++) {
        size_t mark = arena->used;
        int N = at[e], least = N < D ? N : D;
        struct rng rng = claim_rng(claim, (uint64_t)(1000 + N));
        struct trial x = trial_make(arena, N);
        double noise[DRAWN], losses[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            draw_trial(&rng, 1, &x);
            fit_signal(arena, &x);
            fit_noise(arena, &x);
            noise[i] = dot(x.w_noise, x.w_noise);
            losses[i] = lost(&x);
        }
        double lost_law = N < D ? beta_quantile((D - N) / 2.0, N / 2.0, 0.5) : 0;
        series_row(&s, (double[]){N, median(DRAWN, noise),
                                  ratio_quantile(least, abs(N - D) + 1, 0.5),
                                  median(DRAWN, losses), lost_law});
        arena->used = mark;
    }
    series_end(&s);
}

/* E ln chi^2_n = psi(n/2) + ln 2.  So E ln risk at N = D is 2 ln SIGMA + E ln chi^2_50
 * - E ln chi^2_1 = -1.39 + 3.89 + 1.27 = 3.8; at D/2 it is below ln(1/2 + 1/4), and at
 * 2D near ln(1/4).  ||w||^2 is below ln(1/5 + 1/15) at D/5 and near ln(1 + 1/12) at 4D.
 * A mean of 200 such logarithms, of deviation 2.2, has the standard error 0.16: so all
 * differences lie at least twelve of these beyond ln 5, where Student's interval asks
 * for six, and that ln chi^2_1 is skewed does not matter. */
CLAIM(dd_peak, STATISTIC,
      "The error peaks at N = D: five times that at N = D/2, and that at N = 2D")
{
    if (needs_double(claim, "by its rounding, a Phi with N near D may be singular"))
        return;
    struct outcome half, at, twice;
    measure(claim, D / 2, 0, &half);
    measure(claim, D, 0, &at);
    measure(claim, 2 * D, 0, &twice);
    record_parts(claim);
    evidence(claim, "ln risk at N = D, less at D/2",
             exceeds(at.risk, half.risk, log(5)));
    evidence(claim, "ln risk at N = D, less at 2D",
             exceeds(at.risk, twice.risk, log(5)));

    measure(claim, D / 2, best_ridge(D / 2), &half);
    measure(claim, D, best_ridge(D), &at);
    control(claim, "the same with the best ridge", exceeds(at.risk, half.risk, log(5)));
}

CLAIM(dd_size, STATISTIC,
      "||w||^2 peaks at N = D too: five times that at N = D/5, and that at N = 4D")
{
    if (needs_double(claim, "by its rounding, a Phi with N near D may be singular"))
        return;
    struct outcome few, at, many;
    measure(claim, D / 5, 0, &few);
    measure(claim, D, 0, &at);
    measure(claim, 4 * D, 0, &many);
    evidence(claim, "ln ||w||^2 at N = D, less at D/5",
             exceeds(at.size, few.size, log(5)));
    evidence(claim, "ln ||w||^2 at N = D, less at 4D",
             exceeds(at.size, many.size, log(5)));

    measure(claim, D, best_ridge(D), &at);
    measure(claim, 4 * D, best_ridge(4 * D), &many);
    control(claim, "less at 4D, with the best ridge",
            exceeds(at.size, many.size, log(5)));
}

/* The risks of the minimum-norm fit at one N, in units of sigma^2. */
static void measure_risk(struct claim *claim, int N, double *risk)
{
    struct outcome out;
    measure(claim, N, 0, &out);
    for (int i = 0; i < PAIRS; i++)
        risk[i] = exp(out.risk[i]) / (SIGMA * SIGMA);
}

static double greatest(const double *sample)
{
    double most = 0;
    for (int i = 0; i < PAIRS; i++)
        most = worst(most, sample[i]);
    return most;
}

/* ||w - w_true|| of a fit to N examples without noise. */
static double off_without_noise(struct claim *claim, int N)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct trial x = trial_make(arena, N);
    draw_trial(&rng, 1, &x);
    fit_signal(arena, &x);
    return sqrt(lost(&x));
}

CLAIM(dd_more_data, STATISTIC,
      "With N = 8D the error is near sigma^2 D / (N - D), and no fit goes astray")
{
    enum { PLENTY = 8 * D };
    double risk[PAIRS], middle = ratio_quantile(D, PLENTY - D + 1, 0.5);
    /* kappa is below 6 but with probability 1e-9: see dd_singular_values, s = 6.5. */
    evidence(claim, "without noise, off w_true",
             at_most(off_without_noise(claim, PLENTY), rounding((PLENTY + D) * 6, 1)));
    measure_risk(claim, PLENTY, risk);
    evidence(claim, "errors below the law's median",
             count_fits(below(PAIRS, risk, middle), PAIRS, 0.5));
    evidence(claim, "the law's median, of D / (N - D)",
             at_most(fabs(middle * (PLENTY - D) / D - 1), 1.0 / D));
    /* One of 200 exceeds this quantile, 3.6 D / (N - D), with probability 2e-10. */
    double limit = ratio_quantile(D, PLENTY - D + 1, 1 - 1e-12);
    evidence(claim, "largest error / sigma^2 of 200 fits",
             at_most(greatest(risk), limit));
    measure_risk(claim, D + 5, risk);
    control(claim, "the same with N = D + 5", at_most(greatest(risk), limit));
}

/* ---- One example more -------------------------------------------------------------
 * The mean of the error, for ||w_true|| = 1 and the variance s of the noise:
 * 1 - N/D + s N / (D - N - 1) for N < D - 1, and s D / (N - D - 1) for N > D + 1. */
static void mean_error(int N, const fmpq_t s, fmpq_t error)
{
    fmpq_t lost;
    fmpq_init(lost);
    fmpq_set_si(error, N < D ? N : D, (ulong)(abs(N - D) - 1));
    fmpq_mul(error, error, s);
    fmpq_set_si(lost, N < D ? D - N : 0, D);
    fmpq_add(error, error, lost);
    fmpq_clear(lost);
}

/* How many of the examples number from + 1 to `to` lower the error: those that raise
 * it, and those that leave it, do not count. */
static int examples_that_help(int from, int to, const fmpq_t s)
{
    fmpq_t before, after;
    int count = 0;
    fmpq_init(before), fmpq_init(after);
    for (int N = from; N < to; N++) {
        mean_error(N, s, before), mean_error(N + 1, s, after);
        count += fmpq_cmp(after, before) < 0;
    }
    fmpq_clear(before), fmpq_clear(after);
    return count;
}

/* The least N > D + 1 where the error is no larger than at this number of examples. */
static int good_again(int few, const fmpq_t s)
{
    fmpq_t aim, error;
    int N = D + 2;
    fmpq_init(aim), fmpq_init(error);
    mean_error(few, s, aim), mean_error(N, s, error);
    while (fmpq_cmp(error, aim) > 0)
        mean_error(++N, s, error);
    fmpq_clear(aim), fmpq_clear(error);
    return N;
}

/* Does each example from number *context + 1 to D - 2 raise the error, for all s? */
static enum verdict always_hurts(void *context, const ball *s)
{
    enum verdict verdict = CERTAIN;
    for (int N = *(int *)context; N < D - 2; N++) {
        ball last = ball_ratio(s->in, N, D - N - 1);
        ball next = ball_ratio(s->in, N + 1, D - N - 2);
        ball costs = ball_mul(s[0], ball_sub(next, last));
        verdict = both(verdict, is_less(ball_ratio(s->in, 1, D), costs));
    }
    return verdict;
}

static struct finding hurts(struct balls *in, int from, double least)
{
    struct box box = {.n = 1, .low = {least}, .high = {1}};
    struct search search = {0};
    return certainly(everywhere(in, always_hurts, &from, box, 20, &search));
}

CLAIM(dd_every_example, PROVED,
      "D = 50: from 24 examples to 48 each one raises the mean error; 68 repair it")
{
    enum { PLENTY = 10000 };
    struct balls balls = balls_make(2000, 64);
    fmpq_t s, less;
    fmpq_init(s), fmpq_init(less);
    fmpq_set_si(s, 1, 4), fmpq_set_si(less, 1, 100);
    evidence(claim, "of the first 24 examples help",
             at_least(examples_that_help(0, 24, s), 24));
    evidence(claim, "of the next 24 help", at_most(examples_that_help(24, 48, s), 0));
    evidence(claim, "of numbers 53 to 10,000 do not",
             at_most(PLENTY - 52 - examples_that_help(52, PLENTY, s), 0));
    evidence(claim, "as good as 24: not before", at_least(good_again(24, s), 68));
    evidence(claim, "as good as 24: at the latest", at_most(good_again(24, s), 68));
    evidence(claim, "24 to 48, 1/4 <= sigma^2 <= 1", hurts(&balls, 24, 0.25));
    control(claim, "of numbers 24 to 48 help",
            at_most(examples_that_help(23, 48, s), 0));
    control(claim, "of numbers 25 to 48, sigma = 1/10",
            at_most(examples_that_help(24, 48, less), 0));
    control(claim, "24 to 48, 1/5 <= sigma^2 <= 1", hurts(&balls, 24, 0.2));
    fmpq_clear(s), fmpq_clear(less);
    balls_free(&balls);
}

SECTION(the_law_of_the_noise, &dd_noise_law, &dd_wide_laws, &dd_peak, &dd_size,
        &dd_more_data, &dd_every_example);
