/* Back through the layers: derivatives of a signal, one by one and on average. */
#include "networks.h"

#include "ground/vectors.h"

#include <math.h>

/* A network whose only output is unit j of its last hidden layer: F_j^(l) itself. */
static void read_unit(struct network *x, int j)
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
static struct network gradient_world(struct claim *claim, uint64_t replicate)
{
    static const int widths[] = {7, BELOW, MIDDLE, TOP, 1};
    struct rng rng = claim_rng(claim, replicate);
    struct network x =
        network_make(claim, mlp_make(4, widths, RELU, STANDARD, true), EXAMPLES);
    struct init_scheme scheme = init_he(NORMAL);
    scheme.bias = 0.2;
    draw_inputs(&rng, 1, x.X);
    init_weights(&x.net, scheme, &rng, x.w);
    return x;
}

static mat jacobian_of_unit(struct claim *claim, struct network *x, int j)
{
    mat J = arena_mat(claim_arena(claim), EXAMPLES, x->w.n);
    read_unit(x, j);
    mlp_forward(&x->net, x->w, x->X, &x->pass);
    mlp_jacobian(&x->net, x->w, &x->pass, claim_arena(claim), J);
    return J;
}

/* The largest gap between backpropagation and the lecture's formula for dF_j / dW_jk
 * and dF_j / dB_(j + shift), the layer below. */
static double gap_one_back(struct claim *claim, uint64_t world, int shift)
{
    struct network x = gradient_world(claim, world);
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

/* The largest of the gaps in eight networks: a unit may be silent on all examples of
 * one. */
static double largest_gap(struct claim *claim,
                          double (*gap_in)(struct claim *, uint64_t world, int how),
                          int how)
{
    double gap = 0;
    for (uint64_t world = 0; world < WORLDS; world++)
        gap = worst(gap, gap_in(claim, world, how));
    return gap;
}

CLAIM(init_gradient_one, IDENTITY,
      "One layer back, where unit j is active, dF_j / dW_jk = F_k and dF_j / dB_j = 1")
{
    /* Both sides are F_k itself, up to products with 0 and 1. */
    double limit = rounding(MIDDLE, 1);
    evidence(claim, "formula against backpropagation",
             at_most(largest_gap(claim, gap_one_back, 0), limit));
    control(claim, "as printed, dF_j / dB_i, i = j + 1",
            at_most(largest_gap(claim, gap_one_back, 1), limit));
}

/* The same two layers back, the second indicator summed over so many terms. */
static double gap_two_back(struct claim *claim, uint64_t world, int terms)
{
    struct network x = gradient_world(claim, world);
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

CLAIM(init_gradient_two, IDENTITY,
      "Two layers back the derivative is two indicators times W_jk F_m, or W_jk")
{
    /* One product of numbers that are a few units in size. */
    double limit = rounding(MIDDLE, 1);
    evidence(claim, "formula against backpropagation",
             at_most(largest_gap(claim, gap_two_back, BELOW), limit));
    control(claim, "as printed: 5 of the 9 terms",
            at_most(largest_gap(claim, gap_two_back, MIDDLE), limit));
}

/* ---- Squares ------------------------------------------------------------------------
 */

/* What is squared is skewed, by 3 or less here.  Among so many networks, a false alarm
 * is less than three times as likely as SHARE; few are enough for a control. */
enum { NETS = 20000, FEW = 3000 };

/* Squares of derivatives of F_0, the first unit of the third hidden layer, in so many
 * networks: by its weights (means over k), by its bias, and two layers back. */
struct gradients {
    double *one, *one_centred, *two, *two_bias;
    int hits; /* how often dF_0 / dB_0 was 1 */
};

static struct gradients sample_gradients(struct claim *claim, int replicate,
                                         double bias_mean, int nets)
{
    static const int widths[] = {6, 24, 20, 2, 1};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct network x =
        network_make(claim, mlp_make(4, widths, RELU, STANDARD, true), 1);
    struct init_scheme scheme = init_he(UNIFORM);
    size_t size = (size_t)nets * sizeof(double);
    struct gradients g = {.one = arena_bytes(arena, size),
                          .one_centred = arena_bytes(arena, size),
                          .two = arena_bytes(arena, size),
                          .two_bias = arena_bytes(arena, size)};
    mat one = column((vec){1, (real[]){1}});
    scheme.bias = 0.2;
    for (int i = 0; i < nets; i++) {
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
        g.two_bias[i] = mean_square(column(mlp_biases(&x.net, x.grad, 1)));
    }
    return g;
}

CLAIM(init_gradient_squares, STATISTIC,
      "Critical squares: E F_k^2 / 2 and 1/2 one back, E F_m^2 / 2n and 1/2n two back")
{
    struct gradients g = sample_gradients(claim, 0, 0, NETS);
    /* E F^2 is 1, and grows by E B^2 / 2 = 0.1 in each layer. */
    evidence(claim, "by W_jk: half of 1.2", mean_is(NETS, g.one, 0.6));
    evidence(claim, "by B_j, active in half: p-value", count_fits(g.hits, NETS, 0.5));
    evidence(claim, "by W_km, two back: 1.1 / 40", mean_is(NETS, g.two, 0.0275));
    evidence(claim, "by B_k, two back: 1 / 40", mean_is(NETS, g.two_bias, 0.025));
    struct gradients other = sample_gradients(claim, 1, 0, FEW);
    control(claim, "centred, as a variance should be",
            mean_is(FEW, other.one_centred, 0.6));
    other = sample_gradients(claim, 2, 1.5, FEW);
    control(claim, "biases with a mean: p-value", count_fits(other.hits, FEW, 0.5));
    control(claim, "biases with a mean, by W_jk", mean_is(FEW, other.one, 0.6));
}

/* The mean squares of dF / dW_l of the only output, a layer l in each row, in so many
 * networks. */
static mat sample_layer_gradients(struct claim *claim, struct mlp net,
                                  struct init_scheme scheme, int replicate, int nets)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct network x = network_make(claim, net, 1);
    mat one = column((vec){1, (real[]){1}});
    mat sample = arena_mat(claim_arena(claim), net.depth, nets);
    for (int i = 0; i < nets; i++) {
        draw_pass(&x, scheme, &rng);
        mlp_backward(&x.net, x.w, one, &x.pass);
        mlp_gradient(&x.net, &x.pass, x.grad);
        for (int l = 0; l < net.depth; l++)
            row(sample, l).at[i] = mean_square(mlp_weights(&x.net, x.grad, l));
    }
    return sample;
}

CLAIM(init_gradient_layers, STATISTIC,
      "Critical: the squared gradient is E F^2 / n in every layer but the last")
{
    enum { BACK = 4, WIDTH = 16 };
    const double n = WIDTH;
    struct mlp net = tower(BACK, WIDTH, RELU, false);
    struct init_scheme smaller = init_he(UNIFORM);
    net.width[BACK] = 1;
    mat sample = sample_layer_gradients(claim, net, init_he(UNIFORM), 0, NETS);
    evidence(claim, "first layer, three back: 1/16", layer_is(claim, sample, 0, 1 / n));
    evidence(claim, "second layer, two back: 1/16", layer_is(claim, sample, 1, 1 / n));
    evidence(claim, "third layer, one back: 1/16", layer_is(claim, sample, 2, 1 / n));
    evidence(claim, "the last layer: 1", layer_is(claim, sample, 3, 1));
    /* One factor 1/2 for each of the three layers that are not the first. */
    sample = sample_layer_gradients(claim, net, init_lecun(UNIFORM), 1, NETS);
    evidence(claim, "LeCun, first layer: 1/8 of 1/16",
             layer_is(claim, sample, 0, 1 / n / 8));
    evidence(claim, "LeCun, third layer: 1/8 of 1/16",
             layer_is(claim, sample, 2, 1 / n / 8));
    smaller.gain = 1.5;
    sample = sample_layer_gradients(claim, net, smaller, 2, FEW);
    control(claim, "variance 1.5 / n, first layer: 1/16",
            layer_is(claim, sample, 0, 1 / n));
    control(claim, "variance 1.5 / n, last layer: 1", layer_is(claim, sample, 3, 1));
}

CLAIM(init_gradient_product, STATISTIC,
      "The squared gradient by a weight is E Delta^2 of its layer times E F^2 below")
{
    enum { LAYERS = 3 };
    static const int widths[] = {8, 20, 12, 1};
    struct mlp net = mlp_make(LAYERS, widths, RELU, STANDARD, true), other = net;
    struct init_scheme scheme = {.gain = 1.6,
                                 .fan = FAN_MEAN,
                                 .law = UNIFORM,
                                 .bias = 0.4};
    vec q = arena_vec(claim_arena(claim), LAYERS + 1);
    vec d = arena_vec(claim_arena(claim), LAYERS);
    init_moments_forward(&net, scheme, 1, q);
    init_moments_backward(&net, scheme, 1, d);
    mat sample = sample_layer_gradients(claim, net, scheme, 0, NETS);
    evidence(claim, "first layer", layer_is(claim, sample, 0, d.at[0] * q.at[0]));
    evidence(claim, "second layer", layer_is(claim, sample, 1, d.at[1] * q.at[1]));
    evidence(claim, "last layer", layer_is(claim, sample, 2, d.at[2] * q.at[2]));
    other.activation = TANH;
    sample = sample_layer_gradients(claim, other, scheme, 1, FEW);
    control(claim, "tanh for ReLU, first layer",
            layer_is(claim, sample, 0, d.at[0] * q.at[0]));
    control(claim, "tanh for ReLU, last layer",
            layer_is(claim, sample, 2, d.at[2] * q.at[2]));
}

/* Mean squares of F_4 forward and of dX backward, over 2, of networks whose layers have
 * `narrow` and `wide` units in turn. */
static void sample_hourglass(struct claim *claim, struct init_scheme scheme, int narrow,
                             int wide, int nets, vec forward, vec backward)
{
    const int widths[] = {narrow, wide, narrow, wide, narrow};
    struct rng rng = claim_rng(claim, (uint64_t)(scheme.fan + 3 * narrow));
    struct network x =
        network_make(claim, mlp_make(4, widths, RELU, STANDARD, false), 1);
    mat G = arena_mat(claim_arena(claim), 1, narrow),
        dX = arena_mat(claim_arena(claim), 1, narrow);
    for (int i = 0; i < nets; i++) {
        draw_inputs(&rng, 1, G);
        draw_pass(&x, scheme, &rng);
        mlp_backward(&x.net, x.w, G, &x.pass);
        mlp_input_gradient(&x.net, x.w, &x.pass, dX);
        forward.at[i] = mean_square(x.pass.H[4]) / 2;
        backward.at[i] = mean_square(dX) / 2;
    }
}

CLAIM(init_hourglass, STATISTIC,
      "He's by fan-in or fan-out keeps both directions; twice Xavier's loses in both")
{
    vec forward = arena_vec(claim_arena(claim), NETS);
    vec backward = arena_vec(claim_arena(claim), NETS);
    struct init_scheme scheme = init_he(UNIFORM);
    sample_hourglass(claim, scheme, 12, 36, NETS, forward, backward);
    evidence(claim, "fan-in: forward",
             mean_is(NETS, in_double(claim_arena(claim), forward), 1));
    evidence(claim, "fan-in: backward",
             mean_is(NETS, in_double(claim_arena(claim), backward), 1));
    scheme.fan = FAN_OUT;
    sample_hourglass(claim, scheme, 12, 36, NETS, forward, backward);
    evidence(claim, "fan-out: forward",
             mean_is(NETS, in_double(claim_arena(claim), forward), 1));
    evidence(claim, "fan-out: backward",
             mean_is(NETS, in_double(claim_arena(claim), backward), 1));
    scheme.fan = FAN_MEAN;
    sample_hourglass(claim, scheme, 12, 36, NETS, forward, backward);
    /* Two pairs of 4 * 12 * 36 / 48^2 = 3/4. */
    evidence(claim, "twice Xavier: forward, 9/16",
             mean_is(NETS, in_double(claim_arena(claim), forward), 9.0 / 16));
    evidence(claim, "twice Xavier: backward, 9/16",
             mean_is(NETS, in_double(claim_arena(claim), backward), 9.0 / 16));
    sample_hourglass(claim, scheme, 8, 64, FEW, forward, backward);
    control(claim, "twice Xavier, 8 to 64: forward",
            mean_is(FEW, in_double(claim_arena(claim), forward), 1));
    control(claim, "twice Xavier, 8 to 64: backward",
            mean_is(FEW, in_double(claim_arena(claim), backward), 1));
}

SECTION(init_back, &init_gradient_one, &init_gradient_two, &init_gradient_squares,
        &init_gradient_product, &init_gradient_layers, &init_hourglass);
