/* Chapter "More data can hurt": its claims.
 *
 * The lecture's experiment has Gaussian features, and then the errors of the fit have
 * laws that are exact at every size, also at N = D where no mean exists.  So most
 * claims here compare a sample of fits with a distribution function. */
#include "double_descent.h"
#include "ground/bisect.h"
#include "ground/claim.h"
#include "ground/images.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { D = 50, FITS = 500 };

/* One training set of the lecture's experiment, and the fits to it. */
struct trial {
    mat Phi;      /* N x D                                  */
    vec signal;   /* N: Phi w_true                          */
    vec noise;    /* N: standard normal                     */
    vec w_true;   /* D: of norm 1                           */
    vec w_signal; /* D: the fit to the signal alone         */
    vec w_noise;  /* D: the fit to the noise alone          */
};

static struct trial build_trial(struct arena *arena, int N)
{
    return (struct trial){arena_mat(arena, N, D), arena_vec(arena, N),
                          arena_vec(arena, N),    arena_vec(arena, D),
                          arena_vec(arena, D),    arena_vec(arena, D)};
}

/* shape: the deviation of the last feature, 1 in the lecture. */
static void draw_trial(struct rng *rng, double shape, struct trial *x)
{
    rng_normals(rng, 0, 1, x->w_true);
    scale(1 / norm(x->w_true), x->w_true);
    dd_draw(rng, x->w_true, 0, x->Phi, x->signal);
    for (int i = 0; i < x->Phi.rows && shape != 1; i++)
        for (int j = 0; j < D; j++)
            row(x->Phi, i).at[j] *= pow(shape, (double)j / (D - 1));
    gemv(1, x->Phi, x->w_true, 0, x->signal);
    rng_normals(rng, 0, 1, x->noise);
}

static void fit(struct arena *arena, mat Phi, vec t, vec w)
{
    REQUIRE(dd_fit(Phi, t, arena, w) == FACTOR_OK, "Phi is singular");
}

static void fit_signal(struct arena *arena, struct trial *x)
{
    fit(arena, x->Phi, x->signal, x->w_signal);
}

static void fit_noise(struct arena *arena, struct trial *x)
{
    fit(arena, x->Phi, x->noise, x->w_noise);
}

/* || w_signal - w_true ||^2, what is lost of the signal. */
static double lost(const struct trial *x)
{
    double sum = 0;
    for (int j = 0; j < D; j++)
        sum += pow(x->w_signal.at[j] - x->w_true.at[j], 2);
    return sum;
}

static double squared(vec x) { return dot(x, x); }

/* ---- The fit itself -----------------------------------------------------------------
 */

/* n x n, with random singular vectors, and singular values from 1 down to 1 / kappa. */
static mat conditioned(struct arena *arena, struct rng *rng, int n, double kappa)
{
    vec s = geometric_spectrum(arena, n, 1, kappa);
    return factored_matrix_make(arena, rng, n, n, s).A;
}

static void fit_by_qr(struct arena *arena, mat Phi, vec t, vec w)
{
    REQUIRE(dd_fit_by_qr(Phi, t, arena, w) == FACTOR_OK, "Phi is singular");
}

/* The solution of the normal equations Phi'Phi w = Phi't, unrefined. */
static void fit_plainly(struct arena *arena, mat Phi, vec t, vec w)
{
    mat G = arena_mat(arena, Phi.cols, Phi.cols);
    vec b = arena_vec(arena, Phi.cols);
    gram(1, Phi, G);
    gemtv(1, Phi, t, 0, b);
    route_solve(G, b, w);
}

typedef void fitter(struct arena *arena, mat Phi, vec t, vec w);

/* ||w - oracle|| relative to the oracle's, where w is the fit. */
static double gap_of(fitter *fit_it, struct arena *arena, mat Phi, vec t)
{
    size_t mark = arena->used;
    vec w = arena_vec(arena, Phi.cols), oracle = arena_vec(arena, Phi.cols);
    route_min_norm(Phi, t, oracle);
    fill(NAN, w);
    fit_it(arena, Phi, t, w);
    axpy(-1, oracle, w);
    double gap = norm(w) / norm(oracle);
    arena->used = mark;
    return gap;
}

CLAIM(dd_min_norm, IDENTITY,
      "Phi^+ t, the fit of least norm, comes from the Gram matrix of the smaller "
      "side, refined, to the accuracy that the condition number of Phi allows")
{
    enum { SIDE = 20 };
    static const double kappas[] = {10, 1e5, 1e7};
    static const char *const squares[] = {"gap to LAPACK, kappa = 10",
                                          "gap to LAPACK, kappa = 1e5",
                                          "gap to LAPACK, kappa = 1e7"};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    double gap_plain = 0, limit_plain = 0;
    for (int i = 0; i < 3; i++) {
        mat Phi = conditioned(arena, &rng, SIDE, kappas[i]);
        vec t = arena_vec(arena, SIDE);
        rng_normals(&rng, 0, 1, t);
        /* Either solution moves by kappa times the n eps of its backward error. */
        double limit = rounding(SIDE * kappas[i], 1);
        evidence(claim, squares[i], at_most(gap_of(fit, arena, Phi, t), limit));
        if (i == 2) {
            evidence(claim, "by QR alone, kappa = 1e7",
                     at_most(gap_of(fit_by_qr, arena, Phi, t), limit));
            gap_plain = gap_of(fit_plainly, arena, Phi, t);
            limit_plain = limit;
        }
    }
    static const int examples[] = {20, 200};
    for (int i = 0; i < 2; i++) {
        struct trial x = build_trial(arena, examples[i]);
        draw_trial(&rng, 1, &x);
        /* kappa is below 10 except with probability 1e-9: see dd_singular_values. */
        evidence(claim,
                 examples[i] < D ? "gap to LAPACK, wide Phi"
                                 : "gap to LAPACK, tall Phi",
                 at_most(gap_of(fit, arena, x.Phi, x.noise),
                         rounding(examples[i] * 10 * 10, 1)));
    }
    control(claim, "normal equations, kappa = 1e7", at_most(gap_plain, limit_plain));
}

CLAIM(dd_eigenbasis, IDENTITY,
      "X'X may be taken to be diagonal, if the features are first rotated to its "
      "eigenvectors: the rotated fit gives the same predictions")
{
    enum { N = 60 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct trial x = build_trial(arena, N);
    draw_trial(&rng, 1, &x);
    fit_noise(arena, &x);
    mat G = arena_mat(arena, D, D), Q = arena_mat(arena, D, D);
    mat rotated = arena_mat(arena, N, D);
    vec values = arena_vec(arena, D), w = arena_vec(arena, D);
    vec y = arena_vec(arena, N), y_rotated = arena_vec(arena, N);
    gram(1, x.Phi, G);
    double off_before = 0, off_after = 0;
    route_eigen(G, values, Q);
    gemm(1, AS_IS, x.Phi, AS_IS, Q, 0, rotated);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < i; j++)
            off_before = worst(off_before, fabs(G.at[i * D + j]));
    gram(1, rotated, G);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < i; j++)
            off_after = worst(off_after, fabs(G.at[i * D + j]));
    fit(arena, rotated, x.noise, w);
    gemv(1, x.Phi, x.w_noise, 0, y);
    gemv(1, rotated, w, 0, y_rotated);
    axpy(-1, y, y_rotated);
    double largest_value = values.at[D - 1], kappa = sqrt(largest_value / values.at[0]);
    evidence(claim, "entries off the diagonal, rotated",
             at_most(off_after, rounding(N * D, largest_value)));
    evidence(claim, "change of the predictions",
             at_most(norm(y_rotated), rounding(N * kappa, norm(x.noise))));
    control(claim, "entries off the diagonal, before",
            at_most(off_before, rounding(N * D, largest_value)));
}

/* ---- Exact laws
 * ----------------------------------------------------------------------- */

struct beta_law {
    double a, b, p;
};

static double beyond_quantile(const void *context, double x)
{
    const struct beta_law *law = context;
    return incomplete_beta(law->a, law->b, x) - law->p;
}

/* The p-quantile of the beta law. */
static double beta_quantile(double a, double b, double p)
{
    return bisect(beyond_quantile, &(struct beta_law){a, b, p}, 0, 1);
}

/* The p-quantile of chi^2_m / chi^2_n, independent: x / (1 + x) has the law of
 * beta(m / 2, n / 2). */
static double ratio_quantile(double m, double n, double p)
{
    double x = beta_quantile(m / 2, n / 2, p);
    return x / (1 - x);
}

/* How many of a sample lie below a quantile. */
static int below(int n, const double *sample, double quantile)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += sample[i] < quantile;
    return count;
}

enum { LEVELS = 3 };
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

/* FITS values of || Phi^+ noise ||^2. */
static void sample_noise(struct claim *claim, int N, double shape, double *sample)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)N);
    struct trial x = build_trial(arena, N);
    for (int i = 0; i < FITS; i++) {
        draw_trial(&rng, shape, &x);
        fit_noise(arena, &x);
        sample[i] = squared(x.w_noise);
    }
    arena->used = mark;
}

CLAIM(dd_noise_law, STATISTIC,
      "With N >= D examples, the noise puts an error ||w - w_true||^2 into the fit "
      "that is sigma^2 chi^2_D / chi^2_{N-D+1}: its mean is sigma^2 D / (N - D - 1)")
{
    static const int examples[] = {D, D + 2, 2 * D};
    double sample[FITS];
    for (int e = 0; e < 3; e++) {
        int N = examples[e];
        sample_noise(claim, N, 1, sample);
        for (int l = 0; l < LEVELS; l++)
            compare(claim, "errors", N, levels[l], sample,
                    ratio_quantile(D, N - D + 1, levels[l]));
        if (N == D) {
            double x = ratio_quantile(D, N - D + 2, 0.5);
            control(claim, "one degree of freedom more",
                    count_fits(below(FITS, sample, x), FITS, 0.5));
        }
    }
    sample_noise(claim, D + 2, 0.1, sample);
    control(claim, "features of unequal size",
            count_fits(below(FITS, sample, ratio_quantile(D, 3, 0.5)), FITS, 0.5));
}

CLAIM(dd_wide_laws, STATISTIC,
      "With N < D examples, the error from noise is sigma^2 chi^2_N / chi^2_{D-N+1}, "
      "and the fit loses a share of the signal with the law beta((D-N)/2, N/2), 1 - "
      "N/D on average")
{
    static const int examples[] = {20, 45};
    struct arena *arena = claim_arena(claim);
    double losses[FITS], noises[FITS];
    for (int e = 0; e < 2; e++) {
        int N = examples[e];
        struct rng rng = claim_rng(claim, (uint64_t)N);
        struct trial x = build_trial(arena, N);
        for (int i = 0; i < FITS; i++) {
            draw_trial(&rng, 1, &x);
            fit_signal(arena, &x);
            fit_noise(arena, &x);
            losses[i] = lost(&x);
            noises[i] = squared(x.w_noise);
        }
        for (int l = 0; l < LEVELS; l++) {
            double loss = beta_quantile((D - N) / 2.0, N / 2.0, levels[l]);
            double noise = ratio_quantile(N, D - N + 1, levels[l]);
            compare(claim, "losses", N, levels[l], losses, loss);
            compare(claim, "noise", N, levels[l], noises, noise);
        }
        double wrong = beta_quantile((D - N - 4) / 2.0, (N + 4) / 2.0, 0.5);
        control(claim, "the share of four examples more",
                count_fits(below(FITS, losses, wrong), FITS, 0.5));
    }
}

/* ---- The peak
 * --------------------------------------------------------------------------- */

enum { PAIRS = 200 };

/* What is compared across N: the logarithms, since the quantities have no mean at N =
 * D. */
struct outcome {
    double risk[PAIRS], size[PAIRS];
};

static const double SIGMA = 0.5;

/* The lecture's experiment at one N: risk ||w - w_true||^2 and size ||w||^2, as logs;
 * by the minimum-norm fit, or by ridge if lambda > 0. */
static void measure(struct claim *claim, int N, double lambda, struct outcome *out)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)N);
    struct trial x = build_trial(arena, N);
    vec w = arena_vec(arena, D);
    for (int i = 0; i < PAIRS; i++) {
        draw_trial(&rng, 1, &x);
        axpy(SIGMA, x.noise, x.signal); /* the targets */
        if (lambda > 0)
            REQUIRE(sp_ridge_fit(x.Phi, x.signal, lambda, arena, w) == FACTOR_OK, "no ridge");
        else
            fit(arena, x.Phi, x.signal, w);
        out->size[i] = log(squared(w));
        axpy(-1, x.w_true, w);
        out->risk[i] = log(squared(w));
    }
    arena->used = mark;
}

/* a := a - b, entry by entry. */
static const double *less(double *a, const double *b)
{
    for (int i = 0; i < PAIRS; i++)
        a[i] -= b[i];
    return a;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(int n, double *sample)
{
    qsort(sample, (size_t)n, sizeof *sample, by_size);
    return (sample[(n - 1) / 2] + sample[n / 2]) / 2;
}

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
        struct trial x = build_trial(arena, N);
        double noise[DRAWN], losses[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            draw_trial(&rng, 1, &x);
            fit_signal(arena, &x);
            fit_noise(arena, &x);
            noise[i] = squared(x.w_noise);
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

CLAIM(dd_peak, STATISTIC,
      "The error of the minimum-norm fit peaks at N = D: with half and with twice as "
      "many examples it is several times smaller")
{
    /* E ln chi^2_n = psi(n/2) + ln 2.  So E ln risk at N = D is ln(1/4) + E ln chi^2_50
     * - E ln chi^2_1 = -1.39 + 3.89 + 1.27 = 3.8, and below 0 at both others. */
    struct outcome half, at, twice;
    measure(claim, D / 2, 0, &half);
    measure(claim, D, 0, &at);
    measure(claim, 2 * D, 0, &twice);
    struct outcome above_half = at, above_twice = at;
    record_parts(claim);
    evidence(claim, "ln risk at N = D, less at D/2",
             effect_at_least(PAIRS, less(above_half.risk, half.risk), log(3)));
    evidence(claim, "ln risk at N = D, less at 2D",
             effect_at_least(PAIRS, less(above_twice.risk, twice.risk), log(3)));

    /* The lambda that is best on average, N lambda = sigma^2 D / ||w_true||^2. */
    double best = SIGMA * SIGMA * D;
    measure(claim, D / 2, best / (D / 2), &half);
    measure(claim, D, best / D, &at);
    control(claim, "the same with the best ridge",
            effect_at_least(PAIRS, less(at.risk, half.risk), log(3)));
}

CLAIM(dd_size, STATISTIC,
      "So does the norm of the weights: where the training set can just be fitted, "
      "the fit needs large weights; with far fewer examples it makes do with small "
      "ones")
{
    struct outcome few, at, many;
    measure(claim, D / 5, 0, &few);
    measure(claim, D, 0, &at);
    measure(claim, 4 * D, 0, &many);
    struct outcome above_few = at, above_many = at;
    evidence(claim, "ln ||w||^2 at N = D, less at D/5",
             effect_at_least(PAIRS, less(above_few.size, few.size), log(3)));
    evidence(claim, "ln ||w||^2 at N = D, less at 4D",
             effect_at_least(PAIRS, less(above_many.size, many.size), log(3)));
    measure(claim, D, SIGMA * SIGMA, &at);
    control(claim, "the same with the best ridge",
            effect_at_least(PAIRS, less(at.size, few.size), log(3)));
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

CLAIM(dd_more_data, STATISTIC,
      "With far more examples than weights the data pin the weights down: the error "
      "is near sigma^2 D / N, and no fit goes astray")
{
    enum { PLENTY = 400 };
    double risk[PAIRS];
    measure_risk(claim, PLENTY, risk);
    evidence(claim, "errors below the law's median",
             count_fits(below(PAIRS, risk, ratio_quantile(D, PLENTY - D + 1, 0.5)),
                        PAIRS, 0.5));
    /* One of 200 exceeds this quantile with probability 2e-10. */
    double limit = ratio_quantile(D, PLENTY - D + 1, 1 - 1e-12);
    evidence(claim, "largest error / sigma^2 of 200 fits",
             at_most(greatest(risk), limit));
    measure_risk(claim, D + 5, risk);
    control(claim, "the same with N = D + 5", at_most(greatest(risk), limit));
}

CLAIM(dd_ridge, STATISTIC,
      "Ridge with N lambda = sigma^2 D / ||w_true||^2 removes the peak: the error "
      "falls with every doubling of the data; with too small a lambda the peak stays")
{
    static const int examples[] = {12, 25, 50, 100, 200};
    double best = SIGMA * SIGMA * D;
    struct outcome before, now;
    measure(claim, examples[0], best / examples[0], &before);
    for (int e = 1; e < 5; e++) {
        measure(claim, examples[e], best / examples[e], &now);
        struct outcome fall = before;
        evidence(claim, "fall of ln risk over a doubling",
                 effect_at_least(PAIRS, less(fall.risk, now.risk), 0));
        before = now;
    }
    measure(claim, 25, 1e-6, &before);
    measure(claim, 50, 1e-6, &now);
    control(claim, "\"any trace\", lambda = 1e-6",
            effect_at_least(PAIRS, less(before.risk, now.risk), 0));
}

/* ---- Singular values
 * ---------------------------------------------------------------------- */

/* The least and the largest singular value of an N x cols Gaussian matrix, the last
 * column of which is constant if `intercept`. */
struct range {
    double least, largest;
};

static struct range singular_range(struct rng *rng, struct arena *arena, int N,
                                   int cols, bool intercept)
{
    size_t mark = arena->used;
    mat X = arena_mat(arena, N, cols);
    int n = N < cols ? N : cols;
    mat G = arena_mat(arena, n, n), Q = arena_mat(arena, n, n);
    vec values = arena_vec(arena, n);
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < N && intercept; i++)
        row(X, i).at[cols - 1] = 1;
    gemm(1, N < cols ? AS_IS : TRANSPOSED, X, N < cols ? TRANSPOSED : AS_IS, X, 0, G);
    route_eigen(G, values, Q);
    arena->used = mark;
    return (struct range){sqrt(fmax(values.at[0], DBL_MIN)), sqrt(values.at[n - 1])};
}

CLAIM(dd_singular_values, BOUND,
      "All singular values of an N x D Gaussian matrix lie between |sqrt N - sqrt D| "
      "- s and sqrt N + sqrt D + s, but for a probability of exp(-s^2/2) on either "
      "side")
{
    /* [Davidson, Szarek 2001, theorem II.13]; a share of 1e-9 for the 100 matrices. */
    struct arena *arena = claim_arena(claim);
    double s = sqrt(2 * log(100 / 1e-9)), most = 0, least = 1;
    struct rng rng = claim_rng(claim, 0);
    for (int i = 0; i < 100; i++) {
        struct range r = singular_range(&rng, arena, 400, D, false);
        most = worst(most, r.largest / (sqrt(400) + sqrt(D) + s));
        least = fmin(least, r.least / (sqrt(400) - sqrt(D) - s));
    }
    evidence(claim, "largest singular value, of the bound", at_most(most, 1));
    /* It concentrates near sqrt N + sqrt D, 27.07 of 34.2; its expectation is within a
     * few D^-1/6 of it. */
    evidence(claim, "the same, from below", at_least(most, 0.7));
    evidence(claim, "least singular value, of the bound", at_least(least, 1));

    /* Rows that are all alike in one direction: mean 1 in every feature. */
    double shifted = 0;
    for (int i = 0; i < 10; i++) {
        mat X = arena_mat(arena, 400, D), G = arena_mat(arena, D, D);
        mat Q = arena_mat(arena, D, D);
        vec values = arena_vec(arena, D);
        rng_normals(&rng, 1, 1, entries(X));
        gram(1, X, G);
        route_eigen(G, values, Q);
        shifted = worst(shifted, sqrt(values.at[D - 1]) / (sqrt(400) + sqrt(D) + s));
    }
    control(claim, "features with mean 1", at_most(shifted, 1));
}

/* Logarithms of the least singular value at one N. */
static void sample_least(struct claim *claim, int N, bool intercept, double *sample)
{
    struct rng rng = claim_rng(claim, (uint64_t)N + 1000 * intercept);
    for (int i = 0; i < PAIRS; i++)
        sample[i] = log(
            singular_range(&rng, claim_arena(claim), N, D / 2 + intercept, intercept)
                .least);
}

/* For the figure: the median of the least singular value, and |sqrt N - sqrt D|. */
static void record_least(struct claim *claim)
{
    enum { DRAWN = 51, SIDE = D / 2 };
    double drawn[DRAWN];
    struct rng rng = claim_rng(claim, 5000);
    struct series s = series_begin(claim, "least", "N", "least", "edge", NULL);
    for (int N = 3; N <= 3 * SIDE; N += N < SIDE - 3 || N > SIDE + 3 ? 4 : 1) {
        for (int i = 0; i < DRAWN; i++)
            drawn[i] = singular_range(&rng, claim_arena(claim), N, SIDE, false).least;
        series_row(&s, (double[]){N, median(DRAWN, drawn), fabs(sqrt(N) - sqrt(SIDE))});
    }
    series_end(&s);
}

CLAIM(dd_least_singular, STATISTIC,
      "The least singular value is least where Phi is square: at N = D, and at N = D "
      "+ 1 if a constant feature is added")
{
    enum { HALF = D / 2 };
    double at[PAIRS], other[PAIRS];
    record_least(claim);
    static const int aside[] = {HALF - 5, HALF + 5};
    for (int i = 0; i < 2; i++) {
        sample_least(claim, aside[i], false, other);
        sample_least(claim, HALF, false, at);
        evidence(claim, "ln of it 5 aside, less at N = D",
                 effect_at_least(PAIRS, less(other, at), log(2)));
    }
    sample_least(claim, HALF, true, other);
    sample_least(claim, HALF + 1, true, at);
    evidence(claim, "with intercept: at D, less at D + 1",
             effect_at_least(PAIRS, less(other, at), 0));
    sample_least(claim, HALF, true, at);
    sample_least(claim, HALF + 1, true, other);
    control(claim, "with intercept, the slide's N = D",
            effect_at_least(PAIRS, less(other, at), 0));
}

CLAIM(dd_norm_bound, BOUND,
      "||Phi^+ t|| is at most ||t|| / sigma_min, and that large only if t lies along "
      "the singular vector of sigma_min")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Phi = conditioned(arena, &rng, D, 1000), G = arena_mat(arena, D, D);
    mat U = arena_mat(arena, D, D);
    vec values = arena_vec(arena, D), w = arena_vec(arena, D);
    vec along = arena_vec(arena, D), t = arena_vec(arena, D);
    gemm(1, AS_IS, Phi, TRANSPOSED, Phi, 0, G);
    route_eigen(G, values, U);
    for (int i = 0; i < D; i++)
        along.at[i] = U.at[i * D];

    /* kappa = 1000: eigenvalues of the Gram matrix are known to D eps kappa^2. */
    double slack = rounding(D * 1e6, 1), most = 0;
    for (int trial = 0; trial < 20; trial++) {
        rng_normals(&rng, 0, 1, t);
        fit(arena, Phi, t, w);
        most = worst(most, norm(w) / norm(t) / 1000);
    }
    evidence(claim, "norm, of the bound, random t", at_most(most, 1 + slack));
    fit(arena, Phi, along, w);
    evidence(claim, "the same, t along the vector",
             at_least(norm(w) / 1000, 1 - slack));
    axpy(-dot(t, along), along, t);
    fit(arena, Phi, t, w);
    control(claim, "t orthogonal to that vector",
            at_least(norm(w) / norm(t) / 1000, 1 - slack));
}

/* ---- What capacity promises
 * -------------------------------------------------------------- */

static void draw_sorted(struct rng *rng, vec x)
{
    rng_uniforms(rng, 0, 1, x);
    qsort(x.at, (size_t)x.n, sizeof *x.at, by_size);
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

CLAIM(dd_capacity, RATE,
      "Over a class of finite capacity (thresholds, of VC dimension 1), the largest "
      "gap between training error and true error falls as m^-1/2")
{
    enum { SIZES = 5, REPLICATES = 40 };
    double m[SIZES], gap[SIZES], slopes[REPLICATES], memorized[REPLICATES];
    struct arena *arena = claim_arena(claim);
    for (int r = 0; r < REPLICATES; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        double gap_of_unions[SIZES];
        for (int i = 0; i < SIZES; i++) {
            size_t mark = arena->used;
            m[i] = round(64 * pow(10, i / 2.0));
            vec x = arena_vec(arena, (int)m[i]);
            draw_sorted(&rng, x);
            gap[i] = threshold_gap(x);
            /* Unions of intervals can cover the sample by a set of length 1e-9. */
            gap_of_unions[i] = 1 - 1e-9;
            arena->used = mark;
        }
        slopes[r] = fit_power(SIZES, m, gap).slope;
        memorized[r] = fit_power(SIZES, m, gap_of_unions).slope;
    }
    evidence(claim, "power of m", slopes_are(REPLICATES, slopes, -0.5, 0.25));
    control(claim, "unions of intervals",
            slopes_are(REPLICATES, memorized, -0.5, 0.25));
}

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

/* True error of the threshold with the fewest training errors, less the least there is.
 */
static double excess_of_erm(vec x, vec labels, double truth, double noise)
{
    double chosen = fmin(fmax(dd_erm_threshold(x, labels), 0), 1);
    return (1 - 2 * noise) * fabs(chosen - truth);
}

CLAIM(dd_empirical_minimizer, BOUND,
      "The hypothesis with the fewest training errors exceeds the best of its class "
      "by at most twice the largest gap between training error and true error")
{
    enum { TRIALS = 200, POINTS = 100 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec x = arena_vec(arena, POINTS), labels = arena_vec(arena, POINTS);
    double noise = FLIPPED / 100.0, most = 0, memorizer = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double truth = 0.3 + 0.4 * rng_uniform(&rng);
        draw_sorted(&rng, x);
        draw_labels(&rng, x, truth, labels);
        double gap = gap_with_noise(x, labels, truth, noise);
        most = worst(most, excess_of_erm(x, labels, truth, noise) / (2 * gap));
        /* Right on every training point and -1 elsewhere: it errs where 1 is right. */
        double excess = (1 - 2 * noise) * (1 - truth);
        memorizer = worst(memorizer, excess / (2 * gap));
    }
    evidence(claim, "excess error, of twice the gap", at_most(most, 1));
    /* One point, at 0.49 and below the truth 0.5: -1 everywhere is the minimizer and
     * errs by 0.5, while the gap is 0.99. */
    vec one = {1, (double[]){0.49}}, label = {1, (double[]){-1}};
    evidence(claim, "the same, a single point",
             at_least(excess_of_erm(one, label, 0.5, 0) /
                          (2 * gap_with_noise(one, label, 0.5, 0)),
                      0.25));
    control(claim, "a class that can memorize", at_most(memorizer, 1));
}

/* ---- Real data
 * --------------------------------------------------------------------------- */

enum { TRAIN = 100, TEST = 300, PIXELS = 49, RESAMPLES = 60, SHOWN = 15, READ = 4000 };

/* Sneakers against boots, in 7 x 7 blocks of pixels: centred by the training mean and
 * scaled so that a training image has unit mean square norm. */
struct shoes {
    struct images train, test; /* TRAIN and TEST x PIXELS; +1 for sneakers */
};

static struct shoes draw_shoes(struct arena *arena, struct rng *rng, struct images all)
{
    struct images drawn = images_draw(rng, arena, all, TRAIN + TEST);
    images_normalize(drawn, TRAIN, 1);
    return (struct shoes){images_part(drawn, 0, TRAIN),
                          images_part(drawn, TRAIN, TEST)};
}

/* The share of examples whose sign is wrong. */
static double error_rate(struct arena *arena, mat Phi, vec t, vec w)
{
    size_t mark = arena->used;
    vec y = arena_vec(arena, t.n);
    int wrong = 0;
    gemv(1, Phi, w, 0, y);
    for (int i = 0; i < t.n; i++)
        wrong += !(y.at[i] * t.at[i] > 0);
    arena->used = mark;
    return (double)wrong / t.n;
}

struct errors {
    double train, test;
};

/* The errors of the fit of least norm on p random features of the shoes.  With a
 * penalty, of N lambda, it is on p + N features, the last of which tell the images
 * apart and cost sqrt(N lambda) each: then Phi w + sqrt(N lambda) v = t is solved with
 * the least
 * ||w||^2 + ||v||^2, which is ridge regression, at the cost of the smaller side. */
static struct errors fit_features(struct arena *arena, struct rng *rng, struct shoes s,
                                  int p, double penalty)
{
    size_t mark = arena->used;
    int more = penalty > 0 ? TRAIN : 0;
    mat W = arena_mat(arena, PIXELS, p), train = arena_mat(arena, TRAIN, p);
    mat test = arena_mat(arena, TEST, p), both = arena_mat(arena, TRAIN, p + more);
    vec all = arena_vec(arena, p + more), w = {p, all.at};
    rng_normals(rng, 0, 1, entries(W));
    dd_features(s.train.X, W, train);
    dd_features(s.test.X, W, test);
    for (int i = 0; i < TRAIN; i++) {
        copy(row(train, i), (vec){p, row(both, i).at});
        if (more > 0)
            row(both, i).at[p + i] = sqrt(penalty);
    }
    fit(arena, both, s.train.t, all);
    struct errors errors = {error_rate(arena, train, s.train.t, w),
                            error_rate(arena, test, s.test.t, w)};
    arena->used = mark;
    return errors;
}

/* Turns round every label with that probability, in percent. */
static void flip_labels(struct rng *rng, int percent, vec t)
{
    for (int i = 0; i < t.n; i++)
        if (rng_below(rng, 100) < percent)
            t.at[i] = -t.at[i];
}

enum { FEATURE_COUNTS = 9, SMALL = 1, PEAK = 4, MANY = 8 };
static const int feature_counts[FEATURE_COUNTS] = {10,  20,  40,  70,  100,
                                                   140, 200, 400, 1000};

/* Test errors over resamples, for each number of features. */
struct sweep {
    double least_norm[FEATURE_COUNTS][RESAMPLES], ridge[FEATURE_COUNTS][RESAMPLES];
};

static void run_sweep(struct claim *claim, struct sweep *sweep)
{
    struct arena *arena = claim_arena(claim);
    struct images all = images_pair(claim, READ, 4, SNEAKER, BOOT);
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct shoes s = draw_shoes(arena, &rng, all);
        flip_labels(&rng, 10, s.train.t);
        for (int c = 0; c < FEATURE_COUNTS; c++) {
            if (r >= SHOWN && c != SMALL && c != PEAK && c != MANY)
                continue; /* enough for the figure */
            int p = feature_counts[c];
            sweep->least_norm[c][r] = fit_features(arena, &rng, s, p, 0).test;
            sweep->ridge[c][r] = fit_features(arena, &rng, s, p, 1).test;
        }
        arena->used = mark;
    }
}

static double average(int n, const double *sample)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += sample[i] / n;
    return sum;
}

static void record_sweep(struct claim *claim, const struct sweep *sweep)
{
    struct series s = series_begin(claim, "features", "p", "least_norm", "ridge", NULL);
    for (int c = 0; c < FEATURE_COUNTS; c++)
        series_row(&s,
                   (double[]){feature_counts[c], average(SHOWN, sweep->least_norm[c]),
                              average(SHOWN, sweep->ridge[c])});
    series_end(&s);
}

/* Errors a exceed errors b by five percent points, on average over the pairs: what this
 * chapter calls a peak. */
static struct finding exceeds(const double *a, const double *b)
{
    double difference[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++)
        difference[r] = a[r] - b[r];
    return effect_at_least(RESAMPLES, difference, 0.05);
}

CLAIM(dd_random_features, PHENOMENON,
      "On images too, the test error of the minimum-norm fit peaks where there are as "
      "many random features as examples, and falls again beyond; ridge removes the "
      "peak")
{
    struct sweep sweep;
    run_sweep(claim, &sweep);
    record_sweep(claim, &sweep);
    double(*fit)[RESAMPLES] = sweep.least_norm, (*tuned)[RESAMPLES] = sweep.ridge;
    evidence(claim, "error at p = N, less at p = N/5", exceeds(fit[PEAK], fit[SMALL]));
    evidence(claim, "error at p = N, less at p = 10 N", exceeds(fit[PEAK], fit[MANY]));
    evidence(claim, "error at p = N, less with ridge", exceeds(fit[PEAK], tuned[PEAK]));
    control(claim, "ridge: at p = N, less at p = N/5",
            exceeds(tuned[PEAK], tuned[SMALL]));
    control(claim, "ridge: at p = N, less at p = 10 N",
            exceeds(tuned[PEAK], tuned[MANY]));
}

/* The errors of one fit on `p` features, with the training labels as they are or in a
 * random order. */
static struct errors fit_labels(struct claim *claim, struct images all, int replicate,
                                int p, bool shuffled)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct shoes s = draw_shoes(arena, &rng, all);
    if (shuffled) {
        int order[TRAIN];
        vec t = arena_vec(arena, TRAIN);
        copy(s.train.t, t);
        rng_permutation(&rng, TRAIN, order);
        for (int i = 0; i < TRAIN; i++)
            s.train.t.at[i] = t.at[order[i]];
    }
    struct errors errors = fit_features(arena, &rng, s, p, 0);
    arena->used = mark;
    return errors;
}

CLAIM(dd_random_labels, PHENOMENON,
      "A model that can fit labels drawn at random, without a single error, may all "
      "the same generalize from the true ones: limits on capacity are not necessary")
{
    enum { WIDE = 1000, NARROW = 20, DRAWN = 40 };
    struct images all = images_pair(claim, READ, 4, SNEAKER, BOOT);
    double true_error[DRAWN], gain[DRAWN], misses = 0, misses_narrow = 0;
    for (int r = 0; r < DRAWN; r++) {
        struct errors honest = fit_labels(claim, all, r, WIDE, false);
        struct errors random = fit_labels(claim, all, r, WIDE, true);
        misses += honest.train + random.train;
        misses_narrow += fit_labels(claim, all, r, NARROW, true).train;
        true_error[r] = 0.5 - honest.test;
        gain[r] = random.test - honest.test;
    }
    evidence(claim, "training errors, both labels", at_most(misses, 0));
    evidence(claim, "true labels: chance less test error",
             effect_at_least(DRAWN, true_error, 0.2));
    evidence(claim, "test error, shuffled less true", effect_at_least(DRAWN, gain, 0));
    control(claim, "training errors with 20 features", at_most(misses_narrow, 0));
}

CHAPTER(double_descent, &dd_min_norm, &dd_eigenbasis, &dd_noise_law, &dd_wide_laws,
        &dd_peak, &dd_size, &dd_more_data, &dd_ridge, &dd_singular_values,
        &dd_least_singular, &dd_norm_bound, &dd_capacity, &dd_empirical_minimizer,
        &dd_random_features, &dd_random_labels)
