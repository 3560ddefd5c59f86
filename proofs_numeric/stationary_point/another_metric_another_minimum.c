/* "Another metric, another minimum": preconditioned descent. */
#include "known_data.h"

#include "gradient_descent.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

CLAIM(sp_metric, IDENTITY,
      "Preconditioned by P, descent from zero ends at P Phi'(Phi P Phi')^-1 t")
{
    enum { N = 5, D = 12 };
    struct arena *arena = claim_arena(claim);
    struct data d = build_data(claim, N, D, N);
    struct rng rng = claim_rng(claim, 1);
    mat R = arena_mat(arena, D, D), P = arena_mat(arena, D, D);
    vec w = arena_vec(arena, D), limit_w = arena_vec(arena, D), z = arena_vec(arena, D);
    rng_rotation(&rng, arena, R);
    for (int j = 0; j < D; j++) /* L' = the rows of R, scaled, and P = L L' */
        scale(pow(5, -0.5 * j / (D - 1)), row(R, j));
    gram(1, R, P);
    run_preconditioned(d, P, 5 * STEPS, w); /* the slowest factor: 1 - 0.1 / 5 */
    sp_preconditioned_limit(d.Phi, d.t, P, arena, limit_w);
    double limit = drift(d, 5 * STEPS, w, w);
    evidence(claim, "end of 2,000 steps", at_most(distance(w, limit_w), limit));

    /* With w = L z it is the least norm of z: LAPACK's, on the features Phi L. */
    mat Phi_L = arena_mat(arena, N, D);
    gemm(1, AS_IS, d.Phi, TRANSPOSED, R, 0, Phi_L);
    route_min_norm(Phi_L, d.t, z);
    gemtv(1, R, z, 0, limit_w);
    evidence(claim, "the same, to LAPACK's", at_most(distance(w, limit_w), limit));
    fill(0, w);
    gd_run(d.q, 1, 5 * STEPS, w, d.grad);
    control(claim, "plain descent, where P is I", at_most(distance(w, limit_w), limit));
}

enum { FEW = 20, MANY = 40 };

/* FEW examples with MANY features of variances from 3 down to 0.2. */
struct population {
    mat Phi, P;
    vec variance;
    mat Mt; /* FEW x MANY: the transpose of M, for w = M t */
};

/* P := Sigma^-theta, and the map from targets to where descent with P ends. */
static void use_metric(struct claim *claim, struct population *x, double theta)
{
    vec e = arena_vec(claim_arena(claim), FEW);
    for (int j = 0; j < MANY; j++)
        row(x->P, j).at[j] = pow(x->variance.at[j], -theta);
    for (int i = 0; i < FEW; i++) {
        fill(0, e);
        e.at[i] = 1;
        sp_preconditioned_limit(x->Phi, e, x->P, claim_arena(claim), row(x->Mt, i));
    }
}

static struct population draw(struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct population x = {.Phi = arena_mat(arena, FEW, MANY),
                           .P = arena_mat(arena, MANY, MANY),
                           .variance = geometric_spectrum(arena, MANY, 3, 15),
                           .Mt = arena_mat(arena, FEW, MANY)};
    rng_normals(rng, 0, 1, entries(x.Phi));
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < MANY; j++)
            row(x.Phi, i).at[j] *= sqrt(x.variance.at[j]);
    return x;
}

/* What noise of variance 1 adds to the squared error, tr(S M M'), on new examples of
 * the covariance S = Sigma^power: 1 for those of the same population. */
static double from_noise(struct population x, double power)
{
    double sum = 0;
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < MANY; j++)
            sum += pow(x.variance.at[j], power) * pow(row(x.Mt, i).at[j], 2);
    return sum;
}

/* What a true w, normal with the covariance Sigma^power / MANY, adds: the mean of
 * ||(M Phi - I) w||^2 in the norm of Sigma.  No direction is preferred if power is 0.
 */
static double from_truth(struct claim *claim, struct population x, double power)
{
    mat E = arena_mat(claim_arena(claim), MANY, MANY);
    double sum = 0;
    gemm(1, TRANSPOSED, x.Mt, AS_IS, x.Phi, 0, E);
    for (int i = 0; i < MANY; i++)
        for (int j = 0; j < MANY; j++)
            sum += x.variance.at[i] * pow(row(E, i).at[j] - (i == j), 2) *
                   pow(x.variance.at[j], power) / MANY;
    return sum;
}

/* The mean squared test error over `draws` true weights without noise, or noises of
 * variance 1 without anything to learn. */
static double sampled(struct claim *claim, struct rng *rng, struct population x,
                      bool noise, int draws)
{
    size_t mark = claim_arena(claim)->used;
    vec t = arena_vec(claim_arena(claim), FEW), w = arena_vec(claim_arena(claim), MANY);
    vec truth = arena_vec(claim_arena(claim), MANY);
    double sum = 0;
    for (int k = 0; k < draws; k++) {
        if (noise) {
            rng_normals(rng, 0, 1, t);
        } else {
            rng_normals(rng, 0, 1 / sqrt(MANY), truth);
            gemv(1, x.Phi, truth, 0, t);
        }
        gemtv(1, x.Mt, t, 0, w);
        for (int j = 0; j < MANY; j++)
            sum += x.variance.at[j] * pow(w.at[j] - truth.at[j], 2) / draws;
    }
    claim_arena(claim)->used = mark;
    return sum;
}

/* For the figure. */
static void record_metrics(struct claim *claim, struct rng *rng, struct population x)
{
    struct series s = series_begin(claim, "metrics", "theta", "noise", "truth",
                                   "noise_sampled", "truth_sampled", NULL);
    for (int i = -10; i <= 20; i++) {
        size_t mark = claim_arena(claim)->used;
        use_metric(claim, &x, i / 10.0);
        double noise = from_noise(x, 1), truth = from_truth(claim, x, 0);
        series_row(&s,
                   (double[]){i / 10.0, noise, truth,
                              i % 5 == 0 ? sampled(claim, rng, x, true, 300) : NAN,
                              i % 5 == 0 ? sampled(claim, rng, x, false, 300) : NAN});
        claim_arena(claim)->used = mark;
    }
    series_end(&s);
}

enum { THETAS = 10, SAMPLES = 5 };
static const double thetas[THETAS] = {-1, -0.5, 0, 0.1, 0.5, 0.9, 1, 1.1, 1.5, 2};

/* What noise adds for the metric Sigma^-1, of what it adds for the others, and what
 * truth adds for I, of the same: the largest over the thetas. */
struct best {
    double noise, truth;
};

/* The new examples and the truth have the covariances Sigma^tested, Sigma^prior. */
static struct best compare_metrics(struct claim *claim, struct population x,
                                   double tested, double prior)
{
    double noise[THETAS], truth[THETAS];
    struct best most = {0, 0};
    for (int i = 0; i < THETAS; i++) {
        size_t mark = claim_arena(claim)->used;
        use_metric(claim, &x, thetas[i]);
        noise[i] = from_noise(x, tested), truth[i] = from_truth(claim, x, prior);
        claim_arena(claim)->used = mark;
    }
    for (int i = 0; i < THETAS; i++) {
        if (thetas[i] != 1)
            most.noise = worst(most.noise, noise[6] / noise[i]);
        if (thetas[i] != 0)
            most.truth = worst(most.truth, truth[2] / truth[i]);
    }
    return most;
}

CLAIM(sp_metric_risk, BOUND,
      "Sigma^-1 is the best metric against noise, and I for truth without direction")
{
    /* Both hold for any sample: M Phi = I on the row space, and Gauss and Markov's, or
     * Bayes', argument gives the best such M. */
    struct rng rng = claim_rng(claim, 0);
    struct population x;
    struct best most = {0, 0};
    for (int sample = 0; sample < SAMPLES; sample++) {
        x = draw(claim, &rng);
        struct best next = compare_metrics(claim, x, 1, 0);
        most.noise = worst(most.noise, next.noise);
        most.truth = worst(most.truth, next.truth);
    }
    evidence(claim, "noise: theta = 1, of any other's", at_most(most.noise, 1));
    evidence(claim, "the same, of 0.9 or 1.1", at_least(most.noise, 0.95));
    evidence(claim, "truth: theta = 0, of any other's", at_most(most.truth, 1));
    evidence(claim, "the same, of 0.1", at_least(most.truth, 0.95));
    struct best elsewhere = compare_metrics(claim, x, -1, -2);
    control(claim, "noise, new examples of Sigma^-1", at_most(elsewhere.noise, 1));
    control(claim, "truth of covariance Sigma^-2", at_most(elsewhere.truth, 1));
    record_metrics(claim, &rng, x);
}

SECTION(sp_metrics, &sp_metric, &sp_metric_risk);
