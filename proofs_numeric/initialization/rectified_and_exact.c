/* Rectified, and exact: the recursion of second moments through layers of ReLU.
 *
 * The mean square of a signal is skewed over networks, the more so the deeper and
 * narrower they are, and Student's interval around a mean of skewed values is too
 * short: of N values of skewness g, the two tails beyond its limit t = 6.1 together
 * hold cosh(g t^3 / 3 sqrt(N)) times SHARE.  Here g is 3.2 at most, and N such that
 * this is less than 3. */
#include "networks.h"

#include "ground/arblib.h"

#include <math.h>

/* What may be wrong with a random network. */
enum fault { SOUND, BIAS_WITH_A_MEAN, SHARED_WEIGHTS };

/* Random networks, and the mean square of their inputs. */
struct start {
    struct mlp net;
    struct init_scheme scheme;
    enum fault fault;
    double square;
};

static void draw_network(struct network *x, const struct start *s, struct rng *rng)
{
    draw_inputs(rng, s->square, x->X);
    init_weights(&x->net, s->scheme, rng, x->w);
    for (int l = 0; l < x->net.depth; l++) {
        if (s->fault == BIAS_WITH_A_MEAN)
            fill(sqrt(s->scheme.bias), mlp_biases(&x->net, x->w, l));
        if (s->fault == SHARED_WEIGHTS && l > 0)
            copy(entries(mlp_weights(&x->net, x->w, 0)),
                 entries(mlp_weights(&x->net, x->w, l)));
    }
    mlp_forward(&x->net, x->w, x->X, &x->pass);
}

/* The mean squares of all layers of so many networks, a layer in each row. */
static mat sample_signals(struct claim *claim, struct start s, int replicate, int nets)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct network x = network_make(claim, s.net, 1);
    mat sample = arena_mat(claim_arena(claim), s.net.depth + 1, nets);
    for (int i = 0; i < nets; i++) {
        draw_network(&x, &s, &rng);
        for (int l = 0; l <= s.net.depth; l++)
            row(sample, l).at[i] = mean_square(x.pass.H[l]);
    }
    return sample;
}

enum { NETS = 32000, FEW = 3000 }; /* few are enough for a control */

/* `depth` hidden layers of ReLU, and one output. */
static struct mlp hidden_layers(int depth, int width, bool biases)
{
    struct mlp net = tower(depth + 1, width, RELU, biases);
    net.width[depth + 1] = 1;
    return net;
}

static const struct init_scheme biased = {.gain = 1.8,
                                          .fan = FAN_IN,
                                          .law = UNIFORM,
                                          .bias = 0.3};

CLAIM(init_recursion, STATISTIC,
      "Layers of ReLU with symmetric weights: E F^2 by one factor, at any width")
{
    enum { SMALL = 3, LAYERS = 4 };
    static const int widths[] = {12, 20, 16, 24, 8};
    struct start sound = {.net = mlp_make(LAYERS, widths, RELU, STANDARD, true),
                          .scheme = biased,
                          .square = 2};
    struct start lifted = sound, bent = sound, shared = sound;
    vec q = arena_vec(claim_arena(claim), LAYERS + 1);
    init_moments_forward(&sound.net, biased, sound.square, q);
    mat sample = sample_signals(claim, sound, 0, NETS);
    evidence(claim, "E F^2, hidden layer 1 of 3", layer_is(claim, sample, 1, q.at[1]));
    evidence(claim, "E F^2, hidden layer 3 of 3", layer_is(claim, sample, 3, q.at[3]));
    evidence(claim, "E F^2 of the linear output", layer_is(claim, sample, 4, q.at[4]));
    /* Three units: what is said holds without any width, but is much more skewed. */
    struct start narrow = sound;
    narrow.net = tower(2, SMALL, RELU, true);
    vec of_narrow = arena_vec(claim_arena(claim), 3);
    init_moments_forward(&narrow.net, biased, narrow.square, of_narrow);
    sample = sample_signals(claim, narrow, 1, 2 * NETS);
    evidence(claim, "E F^2, 3 units, the only hidden",
             layer_is(claim, sample, 1, of_narrow.at[1]));
    evidence(claim, "E F^2, 3 units, output",
             layer_is(claim, sample, 2, of_narrow.at[2]));

    lifted.fault = BIAS_WITH_A_MEAN;
    sample = sample_signals(claim, lifted, 2, FEW);
    control(claim, "biases all equal to their size",
            layer_is(claim, sample, 3, q.at[3]));
    bent.net.activation = TANH;
    sample = sample_signals(claim, bent, 3, FEW);
    control(claim, "tanh for ReLU", layer_is(claim, sample, 3, q.at[3]));
    shared.net = tower(LAYERS, SMALL, RELU, true);
    shared.fault = SHARED_WEIGHTS;
    init_moments_forward(&shared.net, biased, shared.square, q);
    sample = sample_signals(claim, shared, 4, 2 * NETS);
    control(claim, "the same weights in each layer",
            layer_is(claim, sample, 3, q.at[3]));
}

/* The largest relative difference, over the hidden layers, of both forms of the
 * recursion for `net` from the recursion for `other`, written out: with Xavier's count,
 * rho is gain n / (n + n'). */
static double gap_to_recursion(struct claim *claim, struct mlp net, struct mlp other)
{
    vec forward = arena_vec(claim_arena(claim), net.depth + 1);
    double gap = 0, q = 2;
    struct init_scheme scheme = biased;
    scheme.fan = FAN_MEAN;
    init_moments_forward(&net, scheme, q, forward);
    for (int l = 0; l < net.depth; l++) {
        gap = worst(gap, fabs(init_moments_solved(&net, scheme, 2, l) / q - 1));
        gap = worst(gap, fabs(forward.at[l] / q - 1));
        double n = other.width[l];
        q = scheme.gain * n / (n + other.width[l + 1]) * q + scheme.bias / 2;
    }
    return gap;
}

CLAIM(init_solved, IDENTITY,
      "The recursion solved: a product of all rho, and half a sum of pi_k E B^2")
{
    enum { DEPTH = 30 };
    struct rng rng = claim_rng(claim, 0);
    int widths[DEPTH + 1], turned[DEPTH + 1];
    for (int l = 0; l <= DEPTH; l++)
        turned[DEPTH - l] = widths[l] = l * l + 1 + rng_below(&rng, 40);
    struct mlp net = mlp_make(DEPTH, widths, RELU, STANDARD, true);
    struct mlp reverse = mlp_make(DEPTH, turned, RELU, STANDARD, true);
    /* Sums of positive terms, each a product of at most DEPTH factors. */
    double limit = rounding(4 * DEPTH, 1);
    evidence(claim, "both forms, to the recursion by hand",
             at_most(gap_to_recursion(claim, net, net), limit));
    control(claim, "factors taken from the wrong end",
            at_most(gap_to_recursion(claim, net, reverse), limit));
}

/* ---- Rates --------------------------------------------------------------------------
 */

/* E ln sum (z_j)_+^2 over n normal z_j, not all negative: given that k are positive,
 * the sum is a chi-square of k degrees of freedom, whose logarithm has the mean
 * psi(k/2) + ln 2. */
static double log_of_rectified(int n)
{
    enum { BITS = 96 };
    arb_t psi;
    arb_init(psi);
    double mean = 0, all = 1 - ldexp(1, -n);
    for (int k = 1; k <= n; k++) {
        double share =
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) * ldexp(1, -n) / all;
        arb_set_d(psi, k / 2.0);
        arb_digamma(psi, psi, BITS);
        mean += share * (arf_get_d(arb_midref(psi), ARF_RND_NEAR) + log(2));
    }
    arb_clear(psi);
    return mean;
}

enum { DEEP = 30, THIN = 12, RUNS = 300 };

/* What DEEP hidden layers of THIN units do to a signal, in RUNS networks. */
struct growth {
    double slopes[RUNS];         /* of ln F^2 against the layer */
    double factors[RUNS * DEEP]; /* F^2 of a layer over that of the one below */
};

static bool is_dead(const struct network *x)
{
    bool dead = false;
    for (int l = 0; l < x->net.depth; l++)
        dead = dead || mean_square(x->pass.H[l]) == 0;
    return dead;
}

/* A network with a layer that is dead, one in 130, is drawn again: its logarithm has no
 * slope. */
static void sample_growth(struct claim *claim, enum activation activation,
                          struct init_scheme scheme, int replicate,
                          struct growth *growth)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct mlp net = hidden_layers(DEEP, THIN, scheme.bias > 0);
    net.activation = activation;
    struct network x = network_make(claim, net, 1);
    for (int r = 0; r < RUNS; r++) {
        double l[DEEP], y[DEEP];
        do {
            draw_pass(&x, scheme, &rng);
        } while (is_dead(&x));
        for (int i = 0; i < DEEP; i++) {
            double square = mean_square(x.pass.H[i + 1]);
            l[i] = i + 1, y[i] = log(square);
            growth->factors[DEEP * r + i] = square / mean_square(x.pass.H[i]);
        }
        growth->slopes[r] = fit_line(DEEP, l, y).slope;
    }
}

/* For the figure: the mean square of every layer, in some of He's networks. */
static void record_depth(struct claim *claim)
{
    enum { WIDTH = 40 };
    struct rng rng = claim_rng(claim, 9);
    struct network x = network_make(claim, tower(101, WIDTH, RELU, false), 1);
    struct series s =
        series_begin(claim, "depth", "l", "a", "b", "c", "d", "mean", "typical", NULL);
    double square[4][101], mean_log = log_of_rectified(WIDTH) + log(2.0 / WIDTH);
    for (int r = 0; r < 4; r++) {
        draw_pass(&x, init_he(NORMAL), &rng);
        for (int l = 0; l <= 100; l++)
            square[r][l] = mean_square(x.pass.H[l]);
    }
    for (int l = 0; l <= 100; l += 2)
        series_row(&s, (double[]){l, square[0][l], square[1][l], square[2][l],
                                  square[3][l], 1, exp(l * mean_log)});
    series_end(&s);
}

CLAIM(init_rates, RATE,
      "Without biases E F^2 grows or falls by rho per layer, and one network by less")
{
    static const double gains[] = {1, 2, 3};
    static const char *const factors[] = {"LeCun, rho = 1/2: mean factor",
                                          "He, rho = 1: mean factor",
                                          "rho = 3/2: mean factor"};
    struct growth growth;
    struct init_scheme scheme = init_he(NORMAL);
    double mean_log = log_of_rectified(THIN) - log(THIN), alive = 1 - ldexp(1, -THIN);
    /* The factors of networks that live are independent, with a skewness of 1.1. */
    for (int i = 0; i < 3; i++) {
        scheme.gain = gains[i];
        sample_growth(claim, RELU, scheme, i, &growth);
        evidence(claim, factors[i],
                 mean_is(RUNS * DEEP, growth.factors, gains[i] / 2 / alive));
        evidence(claim, "the same: ln F^2 per layer",
                 slopes_are(RUNS, growth.slopes, mean_log + log(gains[i]), 2.5 / THIN));
    }
    scheme.gain = 1;
    sample_growth(claim, LINEAR, scheme, 3, &growth);
    control(claim, "LeCun, linear: mean factor",
            mean_is(RUNS * DEEP, growth.factors, 0.5 / alive));
    scheme.bias = 0.5;
    sample_growth(claim, RELU, scheme, 4, &growth);
    control(claim, "LeCun, with biases: ln F^2 per layer",
            slopes_are(RUNS, growth.slopes, mean_log, 2.5 / THIN));
    scheme.gain = 2.5, scheme.bias = 0;
    sample_growth(claim, RELU, scheme, 5, &growth);
    control(claim, "rho = 5/4, as if it moved by ln rho",
            slopes_are(RUNS, growth.slopes, log(1.25), 2.5 / THIN));
    record_depth(claim);
}

CLAIM(init_floor, STATISTIC,
      "With biases and rho < 1, E F^2 falls or rises to E B^2 / 2(1 - rho), by rho^l")
{
    enum { N = 12, DEEPEST = 5 };
    /* The floor is 1. */
    struct start above = {
        .net = hidden_layers(DEEPEST, N, true),
        .scheme = {.gain = 1, .fan = FAN_IN, .law = UNIFORM, .bias = 1},
        .square = 4};
    struct start below = above, bare = above;
    mat sample = sample_signals(claim, above, 0, NETS);
    evidence(claim, "from 4: 1 + 3/2 after 1 layer", layer_is(claim, sample, 1, 2.5));
    evidence(claim, "from 4: 1 + 3/8 after 3 layers",
             layer_is(claim, sample, 3, 1.375));
    evidence(claim, "from 4: 1 + 3/32 after 5 layers",
             layer_is(claim, sample, 5, 1 + 3.0 / 32));
    below.net = hidden_layers(3, N, true), below.square = 0.2;
    sample = sample_signals(claim, below, 1, NETS);
    evidence(claim, "from 1/5 up: 1 - 1/5 after 2", layer_is(claim, sample, 2, 0.8));

    control(claim, "as printed: 1/5 rho^3 after 3",
            layer_is(claim, sample, 3, 0.2 / 8));
    bare.net = hidden_layers(3, N, false);
    sample = sample_signals(claim, bare, 2, FEW);
    control(claim, "from 4 without biases: 1 + 3/8", layer_is(claim, sample, 3, 1.375));
}

CLAIM(init_critical_growth, STATISTIC,
      "At the variance 2 / n, E F^2 stays, or with biases grows by E B^2 / 2 per layer")
{
    const struct init_scheme scheme = {.gain = 2,
                                       .fan = FAN_IN,
                                       .law = UNIFORM,
                                       .bias = 2};
    struct start bare = {.net = hidden_layers(2, 12, false),
                         .scheme = init_he(UNIFORM),
                         .square = 1};
    struct start with = {.net = hidden_layers(3, 12, true),
                         .scheme = scheme,
                         .square = 1};
    mat sample = sample_signals(claim, bare, 0, NETS);
    evidence(claim, "no biases, 2 layers: 1", layer_is(claim, sample, 2, 1));
    sample = sample_signals(claim, with, 1, NETS);
    evidence(claim, "with biases, 1 layer: 1 + 1", layer_is(claim, sample, 1, 2));
    evidence(claim, "with biases, 3 layers: 1 + 3", layer_is(claim, sample, 3, 4));
    with.scheme.gain = 1.6;
    sample = sample_signals(claim, with, 2, FEW);
    control(claim, "variance 1.6 / n, 3 layers: 1 + 3", layer_is(claim, sample, 3, 4));
    with.scheme = init_he(UNIFORM), with.scheme.bias = 1;
    sample = sample_signals(claim, with, 3, FEW);
    control(claim, "smaller biases, as printed: constant",
            layer_is(claim, sample, 3, 1));
}

/* ---- Lazy ---------------------------------------------------------------------------
 */

/* How far the last hidden layer moves, relative to its size, until nine tenths of the
 * cost are gone; NaN if that takes too long.  Its network begins critical, its outputs
 * multiplied by `outer`, and less what they are at the start. */
static double movement(struct claim *claim, struct images source, double outer,
                       uint64_t replicate)
{
    enum { LAST = 2, UNITS = 32, IMAGES = 24, MOST = 4000 };
    static const int widths[] = {PIXELS, UNITS, UNITS, 1};
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, replicate);
    struct network x =
        network_make(claim, mlp_make(3, widths, RELU, STANDARD, false), IMAGES);
    struct images some = draw_images(claim, &rng, source, IMAGES);
    vec before = arena_vec(claim_arena(claim), IMAGES * UNITS);
    copy(entries(some.X), entries(x.X));
    init_weights(&x.net, init_he(NORMAL), &rng, x.w);
    x.net.multiplier[LAST] = outer;
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    copy(entries(x.pass.H[LAST]), before);
    axpy(1, entries(x.pass.H[LAST + 1]), some.t);
    /* The curvature grows with the square of the factor, so the rate falls with it. */
    int k = 0;
    while (k < MOST && descend(&x, column(some.t), 0.01 / (outer * outer), 1) > 0.05)
        k++;
    vec after = entries(x.pass.H[LAST]);
    axpy(-1, before, after);
    claim_arena(claim)->used = mark;
    return k < MOST ? norm(after) / norm(before) : NAN;
}

CLAIM(init_not_lazy, PHENOMENON,
      "Critical is not lazy: with outputs times 64, features move a tenth as far")
{
    enum { EACH = 10 };
    struct images source = images_first(claim, SOURCE, POOL);
    double times_64[EACH], times_2[EACH];
    for (int r = 0; r < EACH; r++) {
        double plain = movement(claim, source, 1, (uint64_t)r);
        times_64[r] = log(plain / movement(claim, source, 64, (uint64_t)r));
        times_2[r] = log(plain / movement(claim, source, 2, (uint64_t)r));
    }
    evidence(claim, "ln of movement, plain over times 64",
             effect_at_least(EACH, times_64, log(10)));
    control(claim, "ln of movement, plain over times 2",
            effect_at_least(EACH, times_2, log(10)));
}

SECTION(init_rectified, &init_recursion, &init_solved, &init_rates, &init_floor,
        &init_critical_growth, &init_not_lazy);
