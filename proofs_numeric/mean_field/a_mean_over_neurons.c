/* Section "A mean over neurons" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

static double gap_to_network(struct claim *claim, enum scaling scaling)
{
    struct cloud x = draw_cloud(claim, 0, 50);
    struct network a = as_network(claim_arena(claim), &x, scaling);
    mf_forward(&x.p, x.q, &x.pass);
    mlp_forward(&a.net, a.w, a.X, &a.pass);
    return gap(x.pass.h, entries(a.pass.H[2]));
}

static double sigma(enum activation activation, double z)
{
    return activation == TANH ? tanh(z) : fmax(z, 0);
}

/* The mean of m neurons eta_j sigma(w_j'x), in plain loops. */
static double gap_to_loops(struct claim *claim, int m, enum activation activation)
{
    struct cloud x = draw_cloud(claim, (uint64_t)m, m);
    double most = 0;
    x.p.activation = activation;
    mf_forward(&x.p, x.q, &x.pass);
    for (int i = 0; i < INPUTS; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++) {
            double z = 0;
            for (int k = 0; k < D; k++)
                z += row(x.q.W, j).at[k] * row(x.p.X, i).at[k];
            sum += x.q.eta.at[j] * sigma(activation, z);
        }
        most = worst(most, fabs(x.pass.h.at[i] - sum / m));
    }
    return most;
}

CLAIM(mf_mean, IDENTITY,
      "With 1/m on the last layer, a two-layer network is the mean of its neurons")
{
    /* Sums of 50 products of sizes up to about 5; tanh passes its rounding on. */
    double limit = rounding(50 + D, 5), most = 0;
    for (int m = 1; m <= 50; m += 7) {
        most = worst(most, gap_to_loops(claim, m, TANH));
        most = worst(most, gap_to_loops(claim, m, RELU));
    }
    evidence(claim, "particles against plain sums", at_most(most, limit));
    evidence(claim, "particles against network",
             at_most(gap_to_network(claim, MEAN_FIELD), limit));
    control(claim, "last layer times 1/sqrt m",
            at_most(gap_to_network(claim, TANGENT), limit));
}

/* How far the h of the particles is from (1 - s) h_a + s h_b. */
static double gap_to_mixture(struct cloud *x, vec h_a, vec h_b, double s)
{
    double most = 0;
    mf_forward(&x->p, x->q, &x->pass);
    for (int i = 0; i < h_a.n; i++) {
        double mixed = (1 - s) * h_a.at[i] + s * h_b.at[i];
        most = worst(most, fabs(x->pass.h.at[i] - mixed));
    }
    return most;
}

CLAIM(mf_linear, IDENTITY,
      "h is linear in the measure: clouds mixed are their networks mixed")
{
    enum { M = 20 };
    struct arena *arena = claim_arena(claim);
    struct cloud a = draw_cloud(claim, 0, M), b = cloud_make(arena, a.p, M);
    struct cloud mixed = cloud_make(arena, a.p, 4 * M),
                 mean = cloud_make(arena, a.p, M);
    struct rng rng = claim_rng(claim, 1);
    rng_normals(&rng, 0, 1, b.q.all);
    mf_forward(&a.p, a.q, &a.pass);
    mf_forward(&b.p, b.q, &b.pass);
    double limit = rounding(4 * M, 5);
    double most = 0;
    for (int k = 0; k <= 4; k++) {
        mix(a.q, 4 - k, b.q, k, mixed.q);
        most = worst(most, gap_to_mixture(&mixed, a.pass.h, b.pass.h, (double)k / 4));
    }
    evidence(claim, "clouds mixed, 0 to 4 parts in 4", at_most(most, limit));
    midpoint(a.q, b.q, mean.q);
    control(claim, "weights mixed, neuron by neuron",
            at_most(gap_to_mixture(&mean, a.pass.h, b.pass.h, 0.5), limit));
}

/* Chi-square of (h - mean)^2 / variance over networks of m neurons max(w'x, 0), w
 * normal, at one x with ||x|| = 1; each neuron stands so many times.  Of one neuron the
 * mean is 1/sqrt(2 pi) and the second moment 1/2.  Neither too large nor too small: the
 * cube root of chi-square over its k degrees of freedom is nearly normal, with mean
 * 1 - 2/9k and variance 2/9k.  [Wilson, Hilferty 1931]  The square of a mean of m has
 * 2 + 2.4/m for its variance, which is 2 here. */
static struct finding spread(struct claim *claim, int m, int times, double gain)
{
    enum { NETWORKS = 400 };
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, 1, 2);
    X.at[0] = 0.6;
    X.at[1] = 0.8;
    struct mf_problem p = {.X = X,
                           .t = arena_vec(arena, 1),
                           .loss = square_loss,
                           .activation = RELU,
                           .gain = gain,
                           .moves = BOTH_LAYERS};
    struct cloud x = cloud_make(arena, p, m);
    struct rng rng = claim_rng(claim, (uint64_t)m);
    double mean = 1 / sqrt(2 * PI), variance = (0.5 - mean * mean) / m, sum = 0;
    const double k = NETWORKS, of_root = 2 / (9 * k);
    fill(1, x.q.eta);
    for (int r = 0; r < NETWORKS; r++) {
        rng_normals(&rng, 0, 1, entries(x.q.W));
        for (int j = m - 1; j > 0 && times > 1; j--)
            copy(row(x.q.W, j / times), row(x.q.W, j));
        mf_forward(&p, x.q, &x.pass);
        sum += pow(x.pass.h.at[0] - gain * mean, 2) / variance;
    }
    return estimate_is(cbrt(sum / k), sqrt(of_root), 1 - of_root);
}

CLAIM(mf_law, STATISTIC,
      "Of m neurons drawn from mu, h has the mean h_mu and a neuron's variance over m")
{
    evidence(claim, "400 of 128 neurons: root of chi-sq.", spread(claim, 128, 1, 1));
    evidence(claim, "400 of 512 neurons: root of chi-sq.", spread(claim, 512, 1, 1));
    control(claim, "every neuron four times", spread(claim, 512, 4, 1));
    control(claim, "the sum over sqrt m", spread(claim, 512, 1, sqrt(512)));
}

SECTION(mf_means, &mf_mean, &mf_linear, &mf_law);
