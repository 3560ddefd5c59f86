/* Chapter "Keeping signals alive": its claims.
 *
 * Means over random networks, against products of one factor per layer.  Such a mean is
 * of something skewed, the more so the deeper the network, so most networks here are
 * small, drawn by the thousand, so that the mean is normal as far out as it is judged
 * (a skewness of 3, over 4000 networks, makes a false alarm e^3 times as likely as
 * SHARE); or else one looks at the ratio of two layers, whose law is known exactly. */
#include "initialization.h"
#include "ground/ball.h"
#include "ground/claim.h"

#include <math.h>

/* A network, room for one vector of its parameters and its gradient, and n examples. */
struct world {
    struct mlp net;
    mat X;
    struct mlp_pass pass;
    vec w, grad;
};

static struct world build(struct claim *claim, struct mlp net, int n)
{
    struct arena *arena = claim_arena(claim);
    int count = mlp_parameters(&net);
    return (struct world){net, arena_mat(arena, n, net.width[0]),
                          mlp_pass_make(arena, &net, n), arena_vec(arena, count),
                          arena_vec(arena, count)};
}

/* `depth` layers of weights between layers of equal width. */
static struct mlp tower(int depth, int width, enum activation activation, bool biases)
{
    int widths[MLP_DEPTH + 1];
    for (int l = 0; l <= depth; l++)
        widths[l] = width;
    return mlp_make(depth, widths, activation, STANDARD, biases);
}

/* X := random inputs, each of mean square exactly `square`. */
static void draw_inputs(struct rng *rng, double square, mat X)
{
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < X.rows; i++)
        scale(sqrt(square * X.cols) / norm(row(X, i)), row(X, i));
}

static double mean_square(mat A)
{
    vec x = entries(A);
    return dot(x, x) / x.n;
}

/* ---- One layer --------------------------------------------------------------------
 */

enum { SUMS = 20000, TERMS = 50 };

/* y := draws of sum w_j x_j, with standardized x_j and weights of variance 1 / TERMS
 * about this mean. */
static void draw_sums(struct claim *claim, double mean, vec y)
{
    struct rng rng = claim_rng(claim, 0);
    vec w = arena_vec(claim_arena(claim), TERMS);
    vec x = arena_vec(claim_arena(claim), TERMS);
    for (int i = 0; i < y.n; i++) {
        init_draw(&rng, NORMAL, init_variance(init_lecun(NORMAL), TERMS, 1), w);
        rng_uniforms(&rng, -sqrt(3), sqrt(3), x);
        y.at[i] = 0;
        for (int j = 0; j < TERMS; j++)
            y.at[i] += (w.at[j] + mean) * x.at[j];
    }
}

static void square_all(vec y)
{
    for (int i = 0; i < y.n; i++)
        y.at[i] *= y.at[i];
}

CLAIM(init_sum_variance, STATISTIC,
      "With LeCun's weights and standardized inputs, the sum has mean 0 and variance "
      "sum Var(w) Var(x) = 1")
{
    vec y = arena_vec(claim_arena(claim), SUMS);
    draw_sums(claim, 0, y);
    evidence(claim, "mean of the sum", mean_is(SUMS, y.at, 0));
    square_all(y);
    evidence(claim, "its variance", mean_is(SUMS, y.at, 1));
    /* The slide's root of w_ij^2 is |w_ij|, at its mean square: */
    control(claim, "as printed, the root of one w^2",
            mean_is(SUMS, y.at, sqrt(1.0 / TERMS)));
    draw_sums(claim, 1 / sqrt(TERMS), y);
    square_all(y);
    control(claim, "weights with a mean", mean_is(SUMS, y.at, 1));
}

/* The first hidden layer of many units, on an input of mean square 1. */
static struct world wide_layer(struct claim *claim, double gain)
{
    enum { UNITS = 8000 };
    struct init scheme = init_lecun(NORMAL);
    struct rng rng = claim_rng(claim, 0);
    int widths[] = {TERMS, UNITS, 1};
    struct world x = build(claim, mlp_make(2, widths, TANH, STANDARD, false), 1);
    scheme.gain = gain;
    draw_inputs(&rng, 1, x.X);
    init_weights(&x.net, scheme, &rng, x.w);
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    square_all(entries(x.pass.H[1]));
    return x;
}

CLAIM(init_tanh_variance, STATISTIC,
      "After LeCun's weights tanh(y) has the variance 0.3943, and the slope of tanh is "
      "0.6057 on average: neither is 1")
{
    struct world x = wide_layer(claim, 1), twice = wide_layer(claim, 2);
    vec squares = entries(x.pass.H[1]), slopes = entries(x.pass.slope[0]);
    vec other = entries(twice.pass.H[1]);
    struct init_response at_1 = init_respond(TANH, 1);
    evidence(claim, "variance of tanh(y)", mean_is(squares.n, squares.at, at_1.square));
    evidence(claim, "mean slope", mean_is(slopes.n, slopes.at, at_1.slope));
    control(claim, "as printed: variance 1", mean_is(squares.n, squares.at, 1));
    control(claim, "as printed: slope 1", mean_is(slopes.n, slopes.at, 1));
    control(claim, "weights of twice the variance",
            mean_is(other.n, other.at, at_1.square));
}

/* ---- Constants, in balls ----------------------------------------------------------
 */

enum { BITS = 96 };

struct integrand {
    enum activation activation;
    double inner, outer; /* (outer phi(inner z))^2 */
};

/* value := (outer phi(inner z))^2 exp(-z^2 / 2) / sqrt(2 pi), for complex z. */
static int integrand(acb_ptr value, const acb_t z, void *what, slong order, slong bits)
{
    const struct integrand *f = what;
    acb_t phi, density;
    acb_init(phi), acb_init(density);
    acb_set_d(phi, f->inner);
    acb_mul(phi, phi, z, bits);
    if (f->activation == TANH) {
        acb_tanh(phi, phi, bits);
    } else { /* softplus without its factor: ln(1 + e^(beta z)) / beta */
        acb_set_d(density, SOFTPLUS_BETA);
        acb_mul(phi, phi, density, bits);
        acb_exp(phi, phi, bits);
        acb_add_ui(phi, phi, 1, bits);
        acb_log_analytic(phi, phi, order != 0, bits);
        acb_div(phi, phi, density, bits);
    }
    acb_set_d(density, f->outer);
    acb_mul(phi, phi, density, bits);
    acb_mul(phi, phi, phi, bits);
    acb_mul(density, z, z, bits);
    acb_mul_2exp_si(density, density, -1);
    acb_neg(density, density);
    acb_exp(density, density, bits);
    acb_mul(value, phi, density, bits);
    acb_const_pi(density, bits);
    acb_mul_2exp_si(density, density, 1);
    acb_rsqrt(density, density, bits);
    acb_mul(value, value, density, bits);
    acb_clear(phi), acb_clear(density);
    return 0;
}

/* |E (outer phi(inner z))^2 - value| over z ~ N(0, 1). */
static ball distance(struct balls *in, struct integrand f, double value)
{
    ball sum = ball_integral(in, integrand, &f, -12, 12, 70);
    /* Beyond 12, phi is at most 2 |z|, so there is no more than 4 E z^2 there, 5e-30.
     */
    ball beyond = ball_between(in, 0, 5e-30);
    return ball_abs(ball_plus(ball_add(sum, beyond), -value));
}

CLAIM(init_constants, PROVED,
      "E tanh^2 = 0.394294 and E tanh' = 0.605706 under N(0, 1); LeCun's 1.7159 "
      "tanh(2z/3) has 0.750430; the softplus with 1.404383 has 1")
{
    const struct integrand plain = {TANH, 1, 1}, lecun = {TANH, 2.0 / 3, 1.7159},
                           soft = {SOFTPLUS, 1, SOFTPLUS_A},
                           steeper = {SOFTPLUS, 1, sqrt(2)};
    const double half_digit = 5e-7; /* of the six that are printed */
    struct balls balls = balls_make(100, BITS);
    evidence(claim, "E tanh^2 - 0.394294",
             ball_at_most(distance(&balls, plain, 0.394294), half_digit));
    evidence(claim, "E (1.7159 tanh(2z/3))^2 - 0.750430",
             ball_at_most(distance(&balls, lecun, 0.750430), half_digit));
    /* a = 1.404383 is off by half a digit at most, and the moment by a^2's share. */
    evidence(
        claim, "E softplus^2 - 1, a = 1.404383",
        ball_at_most(distance(&balls, soft, 1), 2 * half_digit / SOFTPLUS_A));

    /* tanh' = 1 - tanh^2, so one constant is 1 less the other. */
    struct init_response at_1 = init_respond(TANH, 1);
    double limit = rounding(576, 1.0 / 30);
    evidence(claim, "ref/: E tanh^2 to the ball",
             ball_at_most(distance(&balls, plain, at_1.square), limit));
    evidence(claim, "ref/: 1 - E tanh' to the ball",
             ball_at_most(distance(&balls, plain, 1 - at_1.slope), limit));
    double of_softplus = init_respond(SOFTPLUS, 1).square;
    evidence(claim, "ref/: softplus to the ball",
             ball_at_most(distance(&balls, soft, of_softplus), limit));
    control(claim, "as printed: tanh has variance 1",
            ball_at_most(distance(&balls, plain, 1), half_digit));
    control(claim, "a = sqrt(2), the factor of ReLU",
            ball_at_most(distance(&balls, steeper, 1), 2 * half_digit / SOFTPLUS_A));
    balls_free(&balls);
}

/* ---- Many layers of tanh ----------------------------------------------------------
 */

enum { FAR = 10000 };

static struct fit fit_depth(vec q, int from)
{
    enum { POINTS = 41 };
    double l[POINTS], square[POINTS];
    for (int i = 0; i < POINTS; i++) {
        int layer = (int)lround(from * pow(10, i / (POINTS - 1.0)));
        l[i] = layer;
        square[i] = q.at[layer];
    }
    return fit_power(POINTS, l, square);
}

/* For the figure: one network of 500 units, and the limit of infinitely many. */
static void record_tanh(struct claim *claim, vec q)
{
    enum { LAYERS = 100, WIDTH = 500 };
    struct rng rng = claim_rng(claim, 1);
    mat h = arena_mat(claim_arena(claim), 1, WIDTH);
    mat next = arena_mat(claim_arena(claim), 1, WIDTH);
    draw_inputs(&rng, 1, h);
    struct series s = series_begin(claim, "tanh", "l", "square", "wide", "law", NULL);
    vec slope = arena_vec(claim_arena(claim), WIDTH);
    mat W = arena_mat(claim_arena(claim), WIDTH, WIDTH);
    for (int l = 1; l <= LAYERS; l++) {
        init_draw(&rng, UNIFORM, 1.0 / WIDTH, entries(W));
        gemm(1, AS_IS, h, TRANSPOSED, W, 0, next);
        activate(TANH, entries(next), slope);
        copy(entries(next), entries(h));
        if (l < 10 || l % 5 == 0)
            series_row(&s, (double[]){l, mean_square(h), q.at[l], 1.0 / (2 * l)});
    }
    series_end(&s);
}

CLAIM(init_tanh_depth, RATE,
      "Through wide layers of tanh with LeCun's weights the variance falls as 1 / 2l")
{
    struct arena *arena = claim_arena(claim);
    vec q = arena_vec(arena, FAR + 1), other = arena_vec(arena, FAR + 1);
    struct init lecun = init_lecun(NORMAL), larger = lecun;
    init_wide(TANH, lecun, 1, q);

    /* E tanh^2 = q - 2 q^2 + 17/3 q^3 - ..., so 1/q grows by 2 - 5/3 q + ...: 1/q_l is
     * 2l - 5/6 ln l + C, |C| < 2.  The slope at l is off by no more than (ln l + 2) /
     * 2l, and so is 2 l q. */
    double half = (log(FAR / 10) + 2) / (2 * FAR / 10);
    evidence(claim, "slope, layers 1,000 to 10,000",
             slope_is(fit_depth(q, FAR / 10), -1, half, 0.5));
    evidence(claim, "|2 l q - 1| at layer 10,000",
             at_most(fabs(2 * FAR * q.at[FAR] - 1), (log(FAR) + 2) / (2 * FAR)));
    larger.gain = 1.05;
    init_wide(TANH, larger, 1, other);
    control(claim, "weights of 5 % more variance",
            slope_is(fit_depth(other, FAR / 10), -1, half, 0.5));
    init_wide(LINEAR, lecun, 1, other);
    control(claim, "a slope that really is 1",
            slope_is(fit_depth(other, FAR / 10), -1, half, 0.5));
    record_tanh(claim, q);
}

/* ---- The schemes ------------------------------------------------------------------
 */

enum { FROM = 60, TO = 200 };

/* The mean of w^2 over a layer from FROM units to TO, drawn by this scheme. */
static double drawn(struct claim *claim, struct init scheme, double *mean)
{
    struct rng rng = claim_rng(claim, 0);
    int widths[] = {FROM, TO};
    struct world x = build(claim, mlp_make(1, widths, LINEAR, STANDARD, false), 1);
    init_weights(&x.net, scheme, &rng, x.w);
    *mean = 0;
    for (int i = 0; i < x.w.n; i++)
        *mean += x.w.at[i] / x.w.n;
    return dot(x.w, x.w) / x.w.n;
}

CLAIM(init_schemes, STATISTIC,
      "LeCun's weights have mean 0 and variance 1 / fan-in, Xavier's 2 / (fan-in + "
      "fan-out), He's 2 / fan-in")
{
    static const char *const names[] = {"LeCun: variance of the weights",
                                        "Xavier: variance of the weights",
                                        "He: variance of the weights"};
    static const double expected[] = {1.0 / FROM, 2.0 / (FROM + TO), 2.0 / FROM};
    const struct init schemes[] = {init_lecun(NORMAL), init_xavier(NORMAL),
                                   init_he(NORMAL)};
    double mean, count = FROM * TO;
    for (int i = 0; i < 3; i++) {
        double square = drawn(claim, schemes[i], &mean), v = expected[i];
        evidence(claim, names[i], estimate_is(square, v * sqrt(2 / count), v));
        evidence(claim, "mean of the weights", estimate_is(mean, sqrt(v / count), 0));
    }
    /* Of a uniform law, w^2 varies by 4/5 of its square. */
    double square = drawn(claim, init_he(UNIFORM), &mean), v = 2.0 / FROM;
    evidence(claim, "He, uniform: variance",
             estimate_is(square, v * sqrt(0.8 / count), v));
    square = drawn(claim, init_lecun(NORMAL), &mean), v = 2.0 / (FROM + TO);
    control(claim, "LeCun's, held against Xavier's",
            estimate_is(square, v * sqrt(2 / count), v));
}

/* Chi-square of draws against a uniform law on +-half, in CELLS equal cells; what lies
 * outside counts to the last cell. */
static struct finding uniform_fits(struct claim *claim, struct init scheme, double half,
                                   double *most)
{
    enum { CELLS = 20, DRAWS = 10000 };
    struct rng rng = claim_rng(claim, scheme.law);
    vec x = arena_vec(claim_arena(claim), DRAWS);
    double observed[CELLS] = {0}, expected[CELLS];
    init_draw(&rng, scheme.law, init_variance(scheme, FROM, TO), x);
    for (int i = 0; i < DRAWS; i++) {
        int cell = (int)((x.at[i] + half) / (2 * half) * CELLS);
        observed[cell < 0 ? 0 : cell >= CELLS ? CELLS - 1 : cell]++;
    }
    for (int i = 0; i < CELLS; i++)
        expected[i] = (double)DRAWS / CELLS;
    *most = max_norm(x);
    return chi_square_fits(chi_square(CELLS, observed, expected), CELLS - 1);
}

CLAIM(init_uniform, STATISTIC,
      "Xavier's weights may be normal, or uniform on +-sqrt(6 / (fan-in + fan-out)): "
      "the variance is the same")
{
    double half = sqrt(6.0 / (FROM + TO)), most;
    double variance = init_variance(init_xavier(UNIFORM), FROM, TO);
    evidence(claim, "sqrt(6/..)^2 / 3 - 2/..",
             at_most(fabs(half * half / 3 - variance), rounding(4, variance)));
    evidence(claim, "uniform draws in 20 equal cells",
             uniform_fits(claim, init_xavier(UNIFORM), half, &most));
    evidence(claim, "largest draw, over the bound",
             at_most(most / half, 1 + rounding(1, 1)));
    control(claim, "normal draws in the same cells",
            uniform_fits(claim, init_xavier(NORMAL), half, &most));
    control(claim, "largest normal draw, over the bound",
            at_most(most / half, 1 + rounding(1, 1)));
}

enum { LAYERS = 1600 };

/* Through a linear layer with Xavier's weights, LAYERS times: ratios of mean squares,
 * of output to input, and of the derivatives by the input to those by the output. */
static void both_ways(struct claim *claim, int from, int to, double *forward,
                      double *backward)
{
    struct rng rng = claim_rng(claim, (uint64_t)from);
    int widths[] = {from, to};
    struct world x = build(claim, mlp_make(1, widths, LINEAR, STANDARD, false), 1);
    mat G = arena_mat(claim_arena(claim), 1, to);
    mat dX = arena_mat(claim_arena(claim), 1, from);
    for (int i = 0; i < LAYERS; i++) {
        init_weights(&x.net, init_xavier(NORMAL), &rng, x.w);
        draw_inputs(&rng, 1, x.X);
        draw_inputs(&rng, 1, G);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        mlp_backward(&x.net, x.w, G, &x.pass);
        mlp_input_gradient(&x.net, x.w, &x.pass, dX);
        forward[i] = mean_square(x.pass.H[1]);
        backward[i] = mean_square(dX);
    }
}

CLAIM(init_transposes, STATISTIC,
      "Xavier's variance keeps a linear signal in size both ways if fan-in = fan-out; "
      "else one way gains what the other loses")
{
    double forward[LAYERS], backward[LAYERS];
    both_ways(claim, 40, 40, forward, backward);
    evidence(claim, "40 to 40: forward", mean_is(LAYERS, forward, 1));
    evidence(claim, "40 to 40: backward", mean_is(LAYERS, backward, 1));
    both_ways(claim, 20, 80, forward, backward);
    evidence(claim, "20 to 80: forward, 2/5", mean_is(LAYERS, forward, 0.4));
    evidence(claim, "20 to 80: backward, 8/5", mean_is(LAYERS, backward, 1.6));
    control(claim, "as printed, 20 to 80: forward", mean_is(LAYERS, forward, 1));
    control(claim, "as printed, 20 to 80: backward", mean_is(LAYERS, backward, 1));
}

/* ---- The recursion ----------------------------------------------------------------
 */

/* What may be wrong with a random network. */
enum fault { SOUND, BIAS_WITH_A_MEAN, SHARED_WEIGHTS };

enum { DRAWS = 5000, NETS = 4000 };

static void draw_network(struct world *x, struct init scheme, enum fault fault,
                         struct rng *rng)
{
    init_weights(&x->net, scheme, rng, x->w);
    for (int l = 0; l < x->net.depth; l++) {
        if (fault == BIAS_WITH_A_MEAN)
            fill(sqrt(scheme.bias), mlp_biases(&x->net, x->w, l));
        if (fault == SHARED_WEIGHTS && l > 0)
            copy(entries(mlp_weights(&x->net, x->w, 0)),
                 entries(mlp_weights(&x->net, x->w, l)));
    }
}

/* sample := mean squares of the units of layer l, of DRAWS networks on an input of mean
 * square `square`. */
static void sample_layer(struct claim *claim, struct mlp net, struct init scheme,
                         enum fault fault, double square, int l, int draws,
                         double *sample)
{
    struct rng rng = claim_rng(claim, (uint64_t)(16 * l) + fault);
    struct world x = build(claim, net, 1);
    for (int i = 0; i < draws; i++) {
        draw_inputs(&rng, square, x.X);
        draw_network(&x, scheme, fault, &rng);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        sample[i] = mean_square(x.pass.H[l]);
    }
}

static const struct init biased = {.gain = 1.8,
                                   .fan = FAN_IN,
                                   .law = UNIFORM,
                                   .bias = 0.3};

CLAIM(init_recursion, STATISTIC,
      "For symmetric weights and biases, E F^2 of a layer is n E W^2 / 2 times that of "
      "the layer below, plus E B^2 / 2: at any width")
{
    static const int widths[] = {24, 32, 28, 36, 30, 10};
    struct arena *arena = claim_arena(claim);
    double *sample = arena_take(arena, 3 * DRAWS);
    struct mlp net = mlp_make(5, widths, RELU, STANDARD, true), tanh_net = net;
    struct mlp shared = tower(5, 3, RELU, true);
    vec q = arena_vec(arena, 6);
    init_moments_forward(&net, biased, 2, q);
    sample_layer(claim, net, biased, SOUND, 2, 1, DRAWS, sample);
    evidence(claim, "E F^2, hidden layer 1 of 4", mean_is(DRAWS, sample, q.at[1]));
    sample_layer(claim, net, biased, SOUND, 2, 4, DRAWS, sample);
    evidence(claim, "E F^2, hidden layer 4 of 4", mean_is(DRAWS, sample, q.at[4]));
    sample_layer(claim, net, biased, SOUND, 2, 5, DRAWS, sample);
    evidence(claim, "E F^2 of the linear output", mean_is(DRAWS, sample, q.at[5]));

    sample_layer(claim, net, biased, BIAS_WITH_A_MEAN, 2, 4, DRAWS, sample);
    control(claim, "biases all equal to their size", mean_is(DRAWS, sample, q.at[4]));
    tanh_net.activation = TANH;
    sample_layer(claim, tanh_net, biased, SOUND, 2, 4, DRAWS, sample);
    control(claim, "tanh for ReLU", mean_is(DRAWS, sample, q.at[4]));
    init_moments_forward(&shared, biased, 2, q);
    sample_layer(claim, shared, biased, SHARED_WEIGHTS, 2, 3, 3 * DRAWS, sample);
    control(claim, "the same weights in each layer",
            mean_is(3 * DRAWS, sample, q.at[3]));
}

/* The largest difference of the solved recursion from the recursion itself, relative,
 * over the hidden layers; `other` is the network that is solved for. */
static double gap_to_solved(struct claim *claim, struct mlp net, struct mlp other)
{
    vec q = arena_vec(claim_arena(claim), net.depth + 1);
    double gap = 0;
    struct init scheme = biased;
    scheme.fan = FAN_MEAN;
    init_moments_forward(&net, scheme, 2, q);
    for (int l = 0; l < net.depth; l++)
        gap = worst(gap, fabs(init_moments_solved(&other, scheme, 2, l) / q.at[l] - 1));
    return gap;
}

CLAIM(init_solved, IDENTITY,
      "Solved, E F^2 is the product of all rho times the first moment, plus half the "
      "sum of pi_k E B^2, pi_k the product of the last k factors")
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
    evidence(claim, "recursion against the sum",
             at_most(gap_to_solved(claim, net, net), limit));
    control(claim, "factors taken from the wrong end",
            at_most(gap_to_solved(claim, net, reverse), limit));
}

/* ---- Rates ------------------------------------------------------------------------
 */

/* E ln sum (z_j)_+^2 over n normal z_j, not all negative: given that k are positive,
 * the sum is a chi-square of k degrees of freedom, whose logarithm has the mean
 * psi(k/2) + ln 2. */
static double log_of_rectified(int n)
{
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

enum { DEEP = 30, WIDTH = 40, RUNS = 30 };

/* slopes := of ln of the mean square against the layer, in RUNS networks of DEEP hidden
 * layers, one slope per network. */
static void sample_slopes(struct claim *claim, double gain, double *slopes)
{
    struct rng rng = claim_rng(claim, (uint64_t)(100 * gain));
    struct world x = build(claim, tower(DEEP + 1, WIDTH, RELU, false), 1);
    struct init scheme = init_he(NORMAL);
    scheme.gain = gain;
    for (int r = 0; r < RUNS; r++) {
        double l[DEEP], y[DEEP];
        draw_inputs(&rng, 1, x.X);
        init_weights(&x.net, scheme, &rng, x.w);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        for (int i = 0; i < DEEP; i++) {
            l[i] = i + 1;
            y[i] = log(mean_square(x.pass.H[i + 1]));
        }
        slopes[r] = fit_line(DEEP, l, y).slope;
    }
}

/* For the figure: the mean square of every layer, in some of He's networks. */
static void record_depth(struct claim *claim, double mean_log)
{
    struct rng rng = claim_rng(claim, 9);
    struct world x = build(claim, tower(101, WIDTH, RELU, false), 1);
    struct series s =
        series_begin(claim, "depth", "l", "a", "b", "c", "d", "mean", "typical", NULL);
    double square[4][101];
    for (int r = 0; r < 4; r++) {
        draw_inputs(&rng, 1, x.X);
        init_weights(&x.net, init_he(NORMAL), &rng, x.w);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        for (int l = 0; l <= 100; l++)
            square[r][l] = mean_square(x.pass.H[l]);
    }
    for (int l = 0; l <= 100; l += 2)
        series_row(&s, (double[]){l, square[0][l], square[1][l], square[2][l],
                                  square[3][l], 1, exp(l * mean_log)});
    series_end(&s);
}

CLAIM(init_rates, RATE,
      "Without biases, signals of ReLU layers grow or vanish exponentially with the "
      "depth: E F^2 by rho, and ln F^2 by ln rho - 5/2n or so")
{
    static const double gains[] = {1, 2, 3};
    static const char *const names[] = {"ln F^2 per layer, LeCun, rho = 1/2",
                                        "ln F^2 per layer, He, rho = 1",
                                        "ln F^2 per layer, rho = 3/2"};
    double slopes[RUNS], mean = log_of_rectified(WIDTH);
    for (int i = 0; i < 3; i++) {
        sample_slopes(claim, gains[i], slopes);
        evidence(claim, names[i],
                 slopes_are(RUNS, slopes, mean + log(gains[i] / WIDTH), log(1.5)));
    }
    control(claim, "rho = 3/2, held against rho = 1",
            slopes_are(RUNS, slopes, mean + log(2.0 / WIDTH), log(1.5)));
    record_depth(claim, mean + log(2.0 / WIDTH));
}

CLAIM(init_floor, STATISTIC,
      "With biases and rho < 1, E F^2 does not vanish: it falls to E B^2 / 2(1 - rho), "
      "and its distance from there falls as rho^l")
{
    enum { N = 30, L = 5 };
    struct init scheme = {.gain = 1.4, .fan = FAN_IN, .law = UNIFORM, .bias = 0.6};
    double *sample = arena_take(claim_arena(claim), NETS), rho = scheme.gain / 2;
    double floor = scheme.bias / (2 * (1 - rho)), first = 5;
    struct mlp net = tower(L + 1, N, RELU, true);
    sample_layer(claim, net, scheme, SOUND, first, L, NETS, sample);
    evidence(claim, "E F^2 after 5 layers",
             mean_is(NETS, sample, floor + pow(rho, L) * (first - floor)));
    control(claim, "as printed: a multiple of rho^5",
            mean_is(NETS, sample, pow(rho, L) * first));
    sample_layer(claim, net, scheme, SOUND, first, 3, NETS, sample);
    evidence(claim, "E F^2 after 3 layers",
             mean_is(NETS, sample, floor + pow(rho, 3) * (first - floor)));
}

CLAIM(init_critical_growth, STATISTIC,
      "At the critical variance 2 / n, E F^2 stays without biases, and with them grows "
      "linearly, by E B^2 / 2 per layer")
{
    enum { N = 32, L = 4 };
    struct init scheme = {.gain = 2, .fan = FAN_IN, .law = UNIFORM, .bias = 2};
    double *sample = arena_take(claim_arena(claim), NETS);
    sample_layer(claim, tower(5, N, RELU, false), scheme, SOUND, 1, 4, NETS, sample);
    evidence(claim, "no biases, 4 layers: 1", mean_is(NETS, sample, 1));
    sample_layer(claim, tower(L + 1, N, RELU, true), scheme, SOUND, 1, L, NETS, sample);
    evidence(claim, "with biases, 4 layers: 1 + 4", mean_is(NETS, sample, 5));
    control(claim, "with biases, constant", mean_is(NETS, sample, 1));
}

/* ---- Gradients --------------------------------------------------------------------
 */

/* A network whose only output is unit j of its last hidden layer: F_j^(l) itself. */
static void read_unit(struct world *x, int j)
{
    mat last = mlp_weights(&x->net, x->w, x->net.depth - 1);
    fill(0, entries(last));
    fill(0, mlp_biases(&x->net, x->w, x->net.depth - 1));
    last.at[j] = 1;
}

/* W_row F + B_row over the first `terms` inputs, is it active? */
static double active(mat W, vec b, vec F, int unit, int terms)
{
    double sum = b.at[unit];
    for (int m = 0; m < terms; m++)
        sum += row(W, unit).at[m] * F.at[m];
    return sum >= 0;
}

enum { BELOW = 9, MIDDLE = 5, TOP = 6, EXAMPLES = 10, WORLDS = 8 };

/* A random network of the widths above, its outputs, and the gradient that
 * backpropagation finds for unit j on example i. */
static struct world gradient_world(struct claim *claim, uint64_t replicate)
{
    static const int widths[] = {7, BELOW, MIDDLE, TOP, 1};
    struct rng rng = claim_rng(claim, replicate);
    struct world x = build(claim, mlp_make(4, widths, RELU, STANDARD, true), EXAMPLES);
    struct init scheme = init_he(NORMAL);
    scheme.bias = 0.2;
    draw_inputs(&rng, 1, x.X);
    init_weights(&x.net, scheme, &rng, x.w);
    return x;
}

static mat jacobian_of_unit(struct claim *claim, struct world *x, int j)
{
    mat J = arena_mat(claim_arena(claim), EXAMPLES, x->w.n);
    read_unit(x, j);
    mlp_forward(&x->net, x->w, x->X, &x->pass);
    mlp_jacobian(&x->net, x->w, &x->pass, claim_arena(claim), J);
    return J;
}

/* The largest gap between backpropagation and the lecture's formula for dF_j / dW_jk
 * and dF_j / dB_(j + shift), the layer below. */
static double gap_one_back_in(struct claim *claim, uint64_t world, int shift)
{
    struct world x = gradient_world(claim, world);
    double gap = 0;
    for (int j = 0; j < TOP; j++) {
        mat J = jacobian_of_unit(claim, &x, j);
        mat W = mlp_weights(&x.net, x.w, 2);
        vec b = mlp_biases(&x.net, x.w, 2);
        for (int i = 0; i < EXAMPLES; i++) {
            vec F = row(x.pass.H[2], i);
            double on = active(W, b, F, j, MIDDLE);
            vec dW = row(mlp_weights(&x.net, row(J, i), 2), j);
            vec db = mlp_biases(&x.net, row(J, i), 2);
            for (int k = 0; k < MIDDLE; k++)
                gap = worst(gap, fabs(dW.at[k] - on * F.at[k]));
            gap = worst(gap, fabs(db.at[(j + shift) % TOP] - on));
        }
    }
    return gap;
}

/* In eight networks: a unit may be silent on all examples of one. */
static double gap_one_back(struct claim *claim, int shift)
{
    double gap = 0;
    for (uint64_t world = 0; world < WORLDS; world++)
        gap = worst(gap, gap_one_back_in(claim, world, shift));
    return gap;
}

CLAIM(init_gradient_one, IDENTITY,
      "One layer back, dF_j / dW_jk is F_k where unit j is active, and dF_j / dB_j is "
      "1 there; elsewhere both are 0")
{
    /* Both sides are F_k itself, up to products with 0 and 1. */
    double limit = rounding(MIDDLE, 1);
    evidence(claim, "formula against backpropagation",
             at_most(gap_one_back(claim, 0), limit));
    control(claim, "as printed, dF_j / dB_i, i = j + 1",
            at_most(gap_one_back(claim, 1), limit));
}

/* The same two layers back, the second indicator summed over so many terms. */
static double gap_two_back_in(struct claim *claim, uint64_t world, int terms)
{
    struct world x = gradient_world(claim, world);
    double gap = 0;
    for (int j = 0; j < TOP; j++) {
        mat J = jacobian_of_unit(claim, &x, j);
        mat W = mlp_weights(&x.net, x.w, 2), below = mlp_weights(&x.net, x.w, 1);
        vec b = mlp_biases(&x.net, x.w, 2), b_below = mlp_biases(&x.net, x.w, 1);
        for (int i = 0; i < EXAMPLES; i++)
            for (int k = 0; k < MIDDLE; k++) {
                vec F = row(x.pass.H[1], i);
                double slope = active(W, b, row(x.pass.H[2], i), j, MIDDLE) *
                               row(W, j).at[k] * active(below, b_below, F, k, terms);
                vec dW = row(mlp_weights(&x.net, row(J, i), 1), k);
                for (int m = 0; m < BELOW; m++)
                    gap = worst(gap, fabs(dW.at[m] - slope * F.at[m]));
                double db = mlp_biases(&x.net, row(J, i), 1).at[k];
                gap = worst(gap, fabs(db - slope));
            }
    }
    return gap;
}

static double gap_two_back(struct claim *claim, int terms)
{
    double gap = 0;
    for (uint64_t world = 0; world < WORLDS; world++)
        gap = worst(gap, gap_two_back_in(claim, world, terms));
    return gap;
}

CLAIM(init_gradient_two, IDENTITY,
      "Two layers back the derivative is two indicators times W_jk F_m, and without "
      "F_m for the bias")
{
    /* One product of numbers that are a few units in size. */
    double limit = rounding(MIDDLE, 1);
    evidence(claim, "formula against backpropagation",
             at_most(gap_two_back(claim, BELOW), limit));
    control(claim, "as printed: 5 of the 9 terms",
            at_most(gap_two_back(claim, MIDDLE), limit));
}

/* Squares of derivatives of F_0, the first unit of the third hidden layer, in DRAWS
 * networks: by its weights (means over k), by its bias, and two layers back. */
struct gradients {
    double *one, *one_centred, *two, *two_bias;
    int hits; /* how often dF_0 / dB_0 was 1 */
};

static struct gradients sample_gradients(struct claim *claim, double bias_mean)
{
    static const int widths[] = {6, 12, 10, 4, 1};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, bias_mean > 0);
    struct world x = build(claim, mlp_make(4, widths, RELU, STANDARD, true), 1);
    struct init scheme = init_he(UNIFORM);
    struct gradients g = {arena_take(arena, DRAWS), arena_take(arena, DRAWS),
                          arena_take(arena, DRAWS), arena_take(arena, DRAWS), 0};
    mat one = {1, 1, (double[]){1}};
    scheme.bias = 0.2;
    for (int i = 0; i < DRAWS; i++) {
        draw_inputs(&rng, 1, x.X);
        init_weights(&x.net, scheme, &rng, x.w);
        if (bias_mean > 0)
            fill(bias_mean, mlp_biases(&x.net, x.w, 2));
        read_unit(&x, 0);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        mlp_backward(&x.net, x.w, one, &x.pass);
        mlp_gradient(&x.net, &x.pass, x.grad);
        vec dW = row(mlp_weights(&x.net, x.grad, 2), 0);
        double mean = 0;
        for (int k = 0; k < dW.n; k++)
            mean += dW.at[k] / dW.n;
        g.one[i] = dot(dW, dW) / dW.n;
        g.one_centred[i] = g.one[i] - mean * mean;
        g.hits += mlp_biases(&x.net, x.grad, 2).at[0] == 1;
        g.two[i] = mean_square(mlp_weights(&x.net, x.grad, 1));
        vec db = mlp_biases(&x.net, x.grad, 1);
        g.two_bias[i] = dot(db, db) / db.n;
    }
    return g;
}

CLAIM(init_gradient_squares, STATISTIC,
      "At the critical variance the squares are E F_k^2 / 2 one layer back and E F_m^2 "
      "/ 2n two back; for the biases exactly 1/2 and 1/2n")
{
    struct gradients g = sample_gradients(claim, 0);
    /* E F^2 is 1, and grows by E B^2 / 2 = 0.1 in each layer. */
    evidence(claim, "by W_jk: half of 1.2", mean_is(DRAWS, g.one, 0.6));
    evidence(claim, "by B_j: active in half of the nets",
             count_fits(g.hits, DRAWS, 0.5));
    evidence(claim, "by W_km, two back: 1.1 / 20", mean_is(DRAWS, g.two, 0.055));
    evidence(claim, "by B_k, two back: 1 / 20", mean_is(DRAWS, g.two_bias, 0.05));
    control(claim, "centred, as a variance should be",
            mean_is(DRAWS, g.one_centred, 0.6));
    struct gradients off = sample_gradients(claim, 0.5);
    control(claim, "biases with a mean: not half", count_fits(off.hits, DRAWS, 0.5));
}

enum { BACK = 6 };

/* sample[l] := mean squares of dF / dW_l, in networks of BACK layers of 32 units. */
static void sample_layer_gradients(struct claim *claim, struct init scheme,
                                   double *sample[BACK])
{
    struct rng rng = claim_rng(claim, (uint64_t)scheme.gain);
    struct mlp net = tower(BACK, 32, RELU, false);
    net.width[BACK] = 1;
    struct world x = build(claim, net, 1);
    mat one = {1, 1, (double[]){1}};
    for (int l = 0; l < BACK; l++)
        sample[l] = arena_take(claim_arena(claim), NETS);
    for (int i = 0; i < NETS; i++) {
        draw_inputs(&rng, 1, x.X);
        init_weights(&x.net, scheme, &rng, x.w);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        mlp_backward(&x.net, x.w, one, &x.pass);
        mlp_gradient(&x.net, &x.pass, x.grad);
        for (int l = 0; l < BACK; l++)
            sample[l][i] = mean_square(mlp_weights(&x.net, x.grad, l));
    }
}

CLAIM(init_gradient_layers, STATISTIC,
      "At the critical variance the mean square of the gradient is the same for every "
      "hidden layer: E F^2 / n of one output")
{
    double *sample[BACK];
    sample_layer_gradients(claim, init_he(UNIFORM), sample);
    evidence(claim, "first layer, five back: 1/32", mean_is(NETS, sample[0], 1.0 / 32));
    evidence(claim, "third layer, three back: 1/32",
             mean_is(NETS, sample[2], 1.0 / 32));
    evidence(claim, "fifth layer, one back: 1/32", mean_is(NETS, sample[4], 1.0 / 32));
    sample_layer_gradients(claim, init_lecun(UNIFORM), sample);
    /* One factor 1/2 for each of the five layers that are not the first. */
    evidence(claim, "LeCun, first layer: 1/1024", mean_is(NETS, sample[0], 1.0 / 1024));
    control(claim, "LeCun, first layer: 1/32", mean_is(NETS, sample[0], 1.0 / 32));
}

/* Mean squares of H_depth-1 forward and of dX backward, of networks whose layers have
 * narrow and wide units in turn. */
static void sample_hourglass(struct claim *claim, struct init scheme, double *forward,
                             double *backward)
{
    static const int widths[] = {16, 64, 16, 64, 16};
    struct rng rng = claim_rng(claim, scheme.fan);
    struct world x = build(claim, mlp_make(4, widths, RELU, STANDARD, false), 1);
    mat G = arena_mat(claim_arena(claim), 1, 16),
        dX = arena_mat(claim_arena(claim), 1, 16);
    for (int i = 0; i < DRAWS; i++) {
        draw_inputs(&rng, 1, x.X);
        draw_inputs(&rng, 1, G);
        init_weights(&x.net, scheme, &rng, x.w);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        mlp_backward(&x.net, x.w, G, &x.pass);
        mlp_input_gradient(&x.net, x.w, &x.pass, dX);
        forward[i] = mean_square(x.pass.H[4]) / 2;
        backward[i] = mean_square(dX) / 2;
    }
}

CLAIM(init_hourglass, STATISTIC,
      "By fan-in or by fan-out, He's variance keeps both directions up to the ratio of "
      "the end widths; twice Xavier's loses 4 n n' / (n + n')^2 per pair of layers")
{
    struct arena *arena = claim_arena(claim);
    double *forward = arena_take(arena, DRAWS), *backward = arena_take(arena, DRAWS);
    struct init scheme = init_he(UNIFORM);
    sample_hourglass(claim, scheme, forward, backward);
    evidence(claim, "fan-in: forward", mean_is(DRAWS, forward, 1));
    evidence(claim, "fan-in: backward", mean_is(DRAWS, backward, 1));
    scheme.fan = FAN_OUT;
    sample_hourglass(claim, scheme, forward, backward);
    evidence(claim, "fan-out: forward", mean_is(DRAWS, forward, 1));
    evidence(claim, "fan-out: backward", mean_is(DRAWS, backward, 1));
    scheme.fan = FAN_MEAN;
    sample_hourglass(claim, scheme, forward, backward);
    /* Two pairs of 4 * 16 * 64 / 80^2 = 0.64. */
    evidence(claim, "twice Xavier: forward", mean_is(DRAWS, forward, 0.64 * 0.64));
    evidence(claim, "twice Xavier: backward", mean_is(DRAWS, backward, 0.64 * 0.64));
    control(claim, "twice Xavier: forward, unchanged", mean_is(DRAWS, forward, 1));
}

/* ---- Fluctuations -----------------------------------------------------------------
 */

/* squares := R^2, R the ratio of the mean squares of layers l and l - 1, of n units
 * each, at the variance that is critical for the activation.  A layer that is dead has
 * no ratio above it, and is drawn again. */
static void sample_ratios(struct claim *claim, enum activation activation, int n, int l,
                          int draws, double *squares)
{
    struct rng rng = claim_rng(claim, (uint64_t)(8 * l) + activation);
    struct mlp net = tower(l + 1, n, activation, false);
    struct init scheme = activation == RELU ? init_he(NORMAL) : init_lecun(NORMAL);
    net.width[l + 1] = 1;
    struct world x = build(claim, net, 1);
    for (int i = 0; i < draws;) {
        draw_inputs(&rng, 1, x.X);
        init_weights(&x.net, scheme, &rng, x.w);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        double below = mean_square(x.pass.H[l - 1]);
        if (below > 0)
            squares[i++] = pow(mean_square(x.pass.H[l]) / below, 2);
    }
}

CLAIM(init_fluctuations, STATISTIC,
      "The mean is stable, the network is not: each layer of n normal units multiplies "
      "E |F|^4 / (E |F|^2)^2 by 1 + 5/n")
{
    enum { UNITS = 10, RATIOS = 16000 };
    double *sample = arena_take(claim_arena(claim), RATIOS);
    sample_ratios(claim, RELU, UNITS, 1, RATIOS, sample);
    evidence(claim, "first layer over the input: 3/2", mean_is(RATIOS, sample, 1.5));
    control(claim, "if it were stable: 1", mean_is(RATIOS, sample, 1));
    sample_ratios(claim, RELU, UNITS, 3, RATIOS, sample);
    evidence(claim, "third layer over the second: 3/2", mean_is(RATIOS, sample, 1.5));
    sample_ratios(claim, LINEAR, UNITS, 1, RATIOS, sample);
    control(claim, "a linear layer: 3/2", mean_is(RATIOS, sample, 1.5));
}

/* ---- Training ---------------------------------------------------------------------
 */

enum { PIXELS = 49, IMAGES = 64 };

/* X := images of 49 pixels, of mean 0 over the images and mean square 1 over all;
 * classes: of each, the number of its class.  Another choice for every replicate. */
static void load_images(struct claim *claim, struct rng *rng, mat X, int *classes)
{
    enum { MOST = 4000 };
    int order[MOST];
    size_t mark = claim_arena(claim)->used;
    struct dataset data = claim_images(claim, MOST);
    rng_permutation(rng, data.n, order);
    dataset_images(data, order, 4, X);
    for (int i = 0; i < X.rows; i++)
        classes[i] = data.labels[order[i]];
    claim_arena(claim)->used = mark;
    for (int j = 0; j < X.cols; j++) {
        double mean = 0;
        for (int i = 0; i < X.rows; i++)
            mean += row(X, i).at[j] / X.rows;
        for (int i = 0; i < X.rows; i++)
            row(X, i).at[j] -= mean;
    }
    scale(1 / sqrt(mean_square(X)), entries(X));
}

/* 1 for what is worn above the waist, or -1. */
static double is_top(int class)
{
    return class == 0 || class == 2 || class == 3 || class == 4 || class == 6 ? 1 : -1;
}

/* Trains for so many steps, and returns the least cost on the way. */
static double train(struct world *x, mat T, double alpha, int steps)
{
    double least = INFINITY;
    for (int k = 0; k < steps; k++)
        least =
            fmin(least, init_step(&x->net, x->X, T, alpha, &x->pass, x->grad, x->w));
    return least;
}

/* The cost of the best constant: half the variance of the targets. */
static double cost_of_constant(mat T)
{
    double sum = 0;
    for (int k = 0; k < T.cols; k++) {
        double mean = 0;
        for (int i = 0; i < T.rows; i++)
            mean += row(T, i).at[k] / T.rows;
        for (int i = 0; i < T.rows; i++)
            sum += pow(row(T, i).at[k] - mean, 2);
    }
    return sum / (2 * T.rows);
}

enum { REPEATS = 32, STEPS = 200, FEW_IMAGES = 24 };

static struct world thirty_layers(struct claim *claim, double gain, uint64_t replicate,
                                  mat T)
{
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = tower(30, 32, RELU, false);
    struct init scheme = init_he(NORMAL);
    int classes[FEW_IMAGES];
    net.width[0] = PIXELS, net.width[30] = 1;
    scheme.gain = gain;
    struct world x = build(claim, net, FEW_IMAGES);
    load_images(claim, &rng, x.X, classes);
    for (int i = 0; i < FEW_IMAGES; i++)
        T.at[i] = is_top(classes[i]);
    init_weights(&x.net, scheme, &rng, x.w);
    return x;
}

/* shares := of the variance of the targets, what each run explains at its best; curve:
 * the share that is left after each step, a mean over the runs. */
static void sample_thirty(struct claim *claim, double gain, int runs, double *shares,
                          double *curve)
{
    mat T = arena_mat(claim_arena(claim), FEW_IMAGES, 1);
    size_t mark = claim_arena(claim)->used;
    fill(0, (vec){STEPS, curve});
    for (int r = 0; r < runs; r++) {
        struct world x = thirty_layers(claim, gain, (uint64_t)r, T);
        double constant = cost_of_constant(T), left = 1;
        for (int k = 0; k < STEPS; k++) {
            left = fmin(left, train(&x, T, 0.007, 1) / constant);
            curve[k] += left / runs;
        }
        shares[r] = 1 - left;
        claim_arena(claim)->used = mark;
    }
}

CLAIM(init_thirty_layers, PHENOMENON,
      "Thirty layers of ReLU learn Fashion-MNIST from He's weights, and do not learn "
      "anything from weights smaller by a root of 2")
{
    enum { FEW = 4 };
    double he[REPEATS], lecun[FEW], curve[2][STEPS], most = 0;
    sample_thirty(claim, 2, REPEATS, he, curve[0]);
    sample_thirty(claim, 1, FEW, lecun, curve[1]);
    evidence(claim, "He: share explained", effect_at_least(REPEATS, he, 0.1));
    for (int r = 0; r < FEW; r++)
        most = worst(most, lecun[r]);
    evidence(claim, "LeCun: share explained, at most", at_most(most, 0.01));
    control(claim, "LeCun: share explained", effect_at_least(FEW, lecun, 0.1));
    struct series s = series_begin(claim, "thirty", "k", "he", "lecun", NULL);
    for (int k = 0; k < STEPS; k += 5)
        series_row(&s, (double[]){k, curve[0][k], curve[1][k]});
    series_end(&s);
}

/* How far the last hidden layer moves, relative to its size, until nine tenths of the
 * cost are gone.  Its network begins critical, its outputs multiplied by `outer`, and
 * less what they are at the start. */
static double movement(struct claim *claim, double outer, uint64_t replicate)
{
    enum { LAST = 2, UNITS = 32, MOST = 4000 };
    static const int widths[] = {PIXELS, UNITS, UNITS, 1};
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, replicate);
    struct world x =
        build(claim, mlp_make(3, widths, RELU, STANDARD, false), FEW_IMAGES);
    mat T = arena_mat(claim_arena(claim), FEW_IMAGES, 1);
    vec before = arena_vec(claim_arena(claim), FEW_IMAGES * UNITS);
    int classes[FEW_IMAGES];
    load_images(claim, &rng, x.X, classes);
    init_weights(&x.net, init_he(NORMAL), &rng, x.w);
    x.net.multiplier[LAST] = outer;
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    copy(entries(x.pass.H[LAST]), before);
    for (int i = 0; i < FEW_IMAGES; i++)
        T.at[i] = x.pass.H[LAST + 1].at[i] + is_top(classes[i]);
    /* The curvature grows with the square of the factor, so the rate falls with it. */
    for (int k = 0; k < MOST && train(&x, T, 0.01 / (outer * outer), 1) > 0.05; k++)
        ;
    vec after = entries(x.pass.H[LAST]);
    axpy(-1, before, after);
    claim_arena(claim)->used = mark;
    return norm(after) / norm(before);
}

CLAIM(init_not_lazy, PHENOMENON,
      "Critical is not lazy: from the same critical weights a network with its outputs "
      "multiplied moves its features by less than a tenth as much")
{
    enum { EACH = 10 };
    double times_64[EACH], times_2[EACH];
    for (int r = 0; r < EACH; r++) {
        double plain = movement(claim, 1, (uint64_t)r);
        times_64[r] = log(plain / movement(claim, 64, (uint64_t)r));
        times_2[r] = log(plain / movement(claim, 2, (uint64_t)r));
    }
    evidence(claim, "ln of movement, plain over times 64",
             effect_at_least(EACH, times_64, log(10)));
    control(claim, "ln of movement, plain over times 2",
            effect_at_least(EACH, times_2, log(10)));
}

/* ---- Symmetry ---------------------------------------------------------------------
 */

enum { HIDDEN = 16, SYMMETRIC_STEPS = 5000 };

/* One hidden layer of tanh, for the ten classes. */
static struct world classifier(struct claim *claim, struct rng *rng, mat *T)
{
    int widths[] = {PIXELS, HIDDEN, DATASET_CLASSES}, classes[IMAGES];
    struct world x = build(claim, mlp_make(2, widths, TANH, STANDARD, false), IMAGES);
    *T = arena_mat(claim_arena(claim), IMAGES, DATASET_CLASSES);
    load_images(claim, rng, x.X, classes);
    for (int i = 0; i < IMAGES; i++)
        row(*T, i).at[classes[i]] = 1;
    init_weights(&x.net, init_lecun(NORMAL), rng, x.w);
    return x;
}

/* The largest difference of a hidden unit from the first one, over all its weights. */
static double spread(const struct world *x)
{
    mat W = mlp_weights(&x->net, x->w, 0), V = mlp_weights(&x->net, x->w, 1);
    double most = 0;
    for (int i = 0; i < W.rows; i++) {
        for (int j = 0; j < W.cols; j++)
            most = worst(most, fabs(row(W, i).at[j] - row(W, 0).at[j]));
        for (int k = 0; k < V.rows; k++)
            most = worst(most, fabs(row(V, k).at[i] - row(V, k).at[0]));
    }
    return most;
}

/* Adds this much to one weight of each unit, another one for each. */
static void disturb(struct world *x, double size)
{
    for (int i = 0; i < HIDDEN; i++)
        mlp_weights(&x->net, x->w, 0).at[i * PIXELS + i] += size;
}

/* The network of width one that x is, if its units are all equal. */
static struct world collapse(struct claim *claim, const struct world *x)
{
    int widths[] = {PIXELS, 1, DATASET_CLASSES};
    struct world one = build(claim, mlp_make(2, widths, TANH, STANDARD, false), IMAGES);
    mat inner = mlp_weights(&one.net, one.w, 0),
        outer = mlp_weights(&one.net, one.w, 1);
    one.net.multiplier[0] = 1 / sqrt(HIDDEN);
    one.net.multiplier[1] = sqrt(HIDDEN);
    copy(row(mlp_weights(&x->net, x->w, 0), 0), row(inner, 0));
    for (int k = 0; k < DATASET_CLASSES; k++)
        outer.at[k] = row(mlp_weights(&x->net, x->w, 1), k).at[0];
    scale(sqrt(HIDDEN), one.w);
    copy(entries(x->X), entries(one.X));
    return one;
}

CLAIM(init_symmetry, IDENTITY,
      "Hidden units that begin equal stay equal: m of them are, for ever, a network of "
      "width one, with the multipliers 1 / sqrt(m) and sqrt(m)")
{
    enum { SHORT = 60 };
    struct rng rng = claim_rng(claim, 0);
    mat T;
    struct world x = classifier(claim, &rng, &T);
    vec start = arena_vec(claim_arena(claim), x.w.n);
    init_copies(&x.net, x.w);
    copy(x.w, start);
    struct world one = collapse(claim, &x);

    train(&x, T, 0.1, SHORT);
    train(&one, T, 0.1, SHORT);
    double apart = spread(&x);
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    mlp_forward(&one.net, one.w, one.X, &one.pass);
    vec gap = entries(x.pass.H[2]);
    axpy(-1, entries(one.pass.H[2]), gap);

    /* A unit moved by 1e-6 shows by how much the run multiplies a difference; rounding
     * puts in some (PIXELS + IMAGES) eps per step. */
    copy(start, x.w);
    disturb(&x, 1e-6);
    double outputs = max_norm(gap);
    train(&x, T, 0.1, SHORT);
    double disturbed = spread(&x), growth = fmax(1, disturbed / 1e-6);
    double limit = rounding((PIXELS + IMAGES) * SHORT, growth);
    evidence(claim, "apart after 60 steps", at_most(apart, limit));
    evidence(claim, "outputs against those of width one", at_most(outputs, limit));
    control(claim, "one weight of each moved by 1e-6", at_most(disturbed, limit));
}

/* The least cost of outputs of rank one, by Eckart and Young: T'T is diagonal, with the
 * counts of the classes, so the best rank one explains the largest class. */
static double best_rank_one(mat T)
{
    double largest_class = 0;
    for (int k = 0; k < T.cols; k++) {
        double count = 0;
        for (int i = 0; i < T.rows; i++)
            count += row(T, i).at[k];
        largest_class = fmax(largest_class, count);
    }
    return (T.rows - largest_class) / (2.0 * T.rows);
}

CLAIM(init_rank_one, BOUND,
      "Equal units put out rank one, which can fit one class at best; a millionth of "
      "asymmetry is enough to leave that bound behind")
{
    struct rng rng = claim_rng(claim, 0);
    mat T;
    struct world x = classifier(claim, &rng, &T);
    init_copies(&x.net, x.w);
    /* As one unit, so that rounding cannot set the copies apart. */
    struct world one = collapse(claim, &x);
    double bound = best_rank_one(T), least = train(&one, T, 0.1, SYMMETRIC_STEPS);
    evidence(claim, "bound over least cost, equal units", at_most(bound / least, 1));
    evidence(claim, "the same: how near it comes", at_least(bound / least, 0.5));
    disturb(&x, 1e-6);
    least = train(&x, T, 0.1, SYMMETRIC_STEPS);
    control(claim, "one weight of each moved by 1e-6", at_most(bound / least, 1));
}

/* The share of the best cost of rank one that training takes away. */
static double beyond_rank_one(struct world *x, mat T)
{
    return 1 - train(x, T, 0.1, 200) / best_rank_one(T);
}

CLAIM(init_cosine_start, PHENOMENON,
      "Chance is needed for nothing but to make units differ: from a start without "
      "any, matrices of cosines, a network learns as from random ones")
{
    enum { EACH = 16 };
    double random[EACH], cosines[EACH], equal[EACH];
    for (int r = 0; r < EACH; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        mat T;
        struct world x = classifier(claim, &rng, &T);
        vec start = arena_vec(claim_arena(claim), x.w.n);
        copy(x.w, start);
        random[r] = beyond_rank_one(&x, T);
        fill(NAN, x.w); /* what was learned from chance */
        init_cosines(&x.net, init_lecun(NORMAL), x.w);
        cosines[r] = beyond_rank_one(&x, T);
        copy(start, x.w);
        init_copies(&x.net, x.w);
        equal[r] = beyond_rank_one(&x, T);
    }
    evidence(claim, "cosines: gain on rank one", effect_at_least(EACH, cosines, 0.3));
    evidence(claim, "random: gain on rank one", effect_at_least(EACH, random, 0.3));
    control(claim, "equal units: gain on rank one", effect_at_least(EACH, equal, 0.3));
}

/* ---- A deep autoencoder -----------------------------------------------------------
 */

/* What a network learns of images when it must put out what it is shown: the share of
 * their variance, after so many steps.  gain: 0 for weights of deviation 0.01. */
static double autoencode(struct claim *claim, int depth, const int *widths, double gain,
                         uint64_t replicate)
{
    size_t mark = claim_arena(claim)->used;
    int classes[FEW_IMAGES];
    struct rng rng = claim_rng(claim, replicate);
    struct world x =
        build(claim, mlp_make(depth, widths, TANH, STANDARD, true), FEW_IMAGES);
    struct init scheme = init_xavier(NORMAL);
    load_images(claim, &rng, x.X, classes);
    scheme.gain = gain;
    if (gain > 0)
        init_weights(&x.net, scheme, &rng, x.w);
    else
        init_draw(&rng, NORMAL, 1e-4, x.w);
    double least = train(&x, x.X, 0.02, 300);
    claim_arena(claim)->used = mark;
    return 1 - least / cost_of_constant(x.X);
}

CLAIM(init_autoencoder, PHENOMENON,
      "A deep autoencoder with small random weights is stuck at the mean image; from "
      "weights of Xavier's variance it leaves it, and a shallow one does so anyway")
{
    enum { EACH = 8 };
    static const int deep[] = {PIXELS, 32, 16, 8, 16, 32, PIXELS},
                     shallow[] = {PIXELS, 8, PIXELS};
    double small[EACH], scaled[EACH], flat[EACH], most = 0;
    for (int r = 0; r < EACH; r++) {
        small[r] = autoencode(claim, 6, deep, 0, (uint64_t)r);
        scaled[r] = autoencode(claim, 6, deep, 1, (uint64_t)r);
        flat[r] = autoencode(claim, 2, shallow, 0, (uint64_t)r);
        most = worst(most, fabs(small[r]));
    }
    evidence(claim, "small: share explained, at most", at_most(most, 1e-3));
    evidence(claim, "Xavier: share explained", effect_at_least(EACH, scaled, 0.1));
    evidence(claim, "small, one hidden layer", effect_at_least(EACH, flat, 0.1));
    control(claim, "small: share explained", effect_at_least(EACH, small, 0.1));
}

CHAPTER(initialization, &init_sum_variance, &init_tanh_variance, &init_constants,
        &init_tanh_depth, &init_schemes, &init_uniform, &init_transposes,
        &init_recursion, &init_solved, &init_rates, &init_floor, &init_critical_growth,
        &init_gradient_one, &init_gradient_two, &init_gradient_squares,
        &init_gradient_layers, &init_hourglass, &init_fluctuations, &init_thirty_layers,
        &init_not_lazy, &init_symmetry, &init_rank_one, &init_cosine_start,
        &init_autoencoder)
