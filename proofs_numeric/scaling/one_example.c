/* "How far a step reaches": what one step on one example does to the next layer. */
#include "ground/worlds.h"
#include "scaling/networks.h"

#include <math.h>

/* ---- Identities ------------------------------------------------------------------ */

enum { INPUTS = 6, OUTPUTS = 3 };

/* A small network on n examples, with the pass of a loss that is linear in the outputs,
 * and the gradient of its mean. */
struct bench {
    struct mlp net;
    vec w, grad;
    struct mlp_pass pass;
};

static struct bench bench_make(struct claim *claim, int n)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)n);
    struct bench x = {
        .net = mlp_make(3, (int[]){INPUTS, 30, 40, OUTPUTS}, RELU, STANDARD, false)};
    mat X = normal_mat(arena, &rng, n, INPUTS), G = normal_mat(arena, &rng, n, OUTPUTS);
    x.w = normal_vec(arena, &rng, mlp_parameters(&x.net));
    x.grad = arena_vec(arena, x.w.n);
    x.pass = mlp_pass_make(arena, &x.net, n);
    mlp_forward(&x.net, x.w, X, &x.pass);
    mlp_backward(&x.net, x.w, G, &x.pass);
    mlp_gradient(&x.net, &x.pass, x.grad);
    return x;
}

/* W := W - eta times the direction that the rule makes of G. */
static void step_layer(struct claim *claim, enum scal_rule rule, double eta, mat G,
                       mat W)
{
    if (rule == BY_GRADIENT)
        axpy(-eta, entries(G), entries(W));
    if (rule == BY_SIGN)
        sign_step(eta, entries(G), entries(W));
    if (rule == BY_SPECTRUM) {
        mat D = arena_mat(claim_arena(claim), G.rows, G.cols);
        REQUIRE(scal_direction(SPECTRAL, G, claim_arena(claim), D) == FACTOR_OK,
                "no D");
        axpy(-eta, entries(D), entries(W));
    }
}

static double power_sum(vec x, int power)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += pow(fabs(x.at[i]), power);
    return sum;
}

/* The largest |(W' - W) h + eta delta' | over the units of layer l and the first
 * example, where delta' is what the law says of a step of length eta. */
static double off_law(struct claim *claim, enum scal_rule rule, int examples, int l)
{
    static const double ETA = 0.5;
    struct bench x = bench_make(claim, examples);
    vec h = row(x.pass.H[l], 0), delta = row(x.pass.Delta[l], 0);
    mat W = mlp_weights(&x.net, x.w, l);
    mat V = arena_mat(claim_arena(claim), W.rows, W.cols);
    copy(entries(W), entries(V));
    step_layer(claim, rule, ETA, mlp_weights(&x.net, x.grad, l), V);
    double length = sqrt(power_sum(h, 2)), most = 0;
    for (int i = 0; i < W.rows; i++) {
        double moved = 0, d = delta.at[i];
        for (int j = 0; j < W.cols; j++)
            moved += (row(V, i).at[j] - row(W, i).at[j]) * h.at[j];
        double law = rule == BY_GRADIENT ? d * length * length
                     : rule == BY_SIGN   ? (d > 0   ? 1
                                            : d < 0 ? -1
                                                    : 0) *
                                             power_sum(h, 1)
                                       : d / sqrt(power_sum(delta, 2)) * length;
        most = worst(most, fabs(moved + ETA * law));
    }
    return most / (1 + max_norm(entries(W)) + length * length * max_norm(delta));
}

CLAIM(scal_one_step, IDENTITY, "One example, one step: how far the next layer moves")
{
    static const char *const names[] = {"by gradient: delta ||h||_2^2",
                                        "by sign: sign(delta) ||h||_1",
                                        "by spectrum: ||h||_2"};
    static const char *const others[] = {"by gradient, of two examples",
                                         "by sign, of two examples",
                                         "by spectrum, of two examples"};
    /* Sums of up to 40 products of weights, as they rounded, with entries of h that are
     * below 100, over the largest weight.  That the second of two examples finds a
     * layer dead, and changes nothing, has a probability of 2^-30. */
    double limit = rounding(40, 100);
    for (int rule = BY_GRADIENT; rule <= BY_SPECTRUM; rule++) {
        double most = 0, two = 0;
        for (int l = 0; l < 3; l++) {
            most = worst(most, off_law(claim, rule, 1, l));
            two = worst(two, off_law(claim, rule, 2, l));
        }
        evidence(claim, names[rule], at_most(most, limit));
        control(claim, others[rule], at_most(two, limit));
    }
}

/* ---- Their powers of the width -----------------------------------------------------
 */

enum { WIDTHS = 3, LAYERS = 3, REPEATS = 96, SIGNS = 60, FEW = 24, SIDE = 16 };
static const int widths[WIDTHS] = {8, 25, 80}, starts[WIDTHS] = {10, 3, 1};

/* size[l] += share of the root mean square, over units, of what a step of rate 1 / 8
 * adds to layer l of a network of m ReLUs, twice, for x = (1, ..., 1). */
static void coordinates(struct claim *claim, enum scaled_as as, enum scal_rule rule,
                        int m, struct rng *rng, double share, double *size)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct scaled x;
    scaled_make(&x, arena, rng, as, rule, SIDE, 2, m, 16);
    mat X = arena_mat(arena, 1, SIDE), G = {1, 1, (real[]){1}};
    fill(1, entries(X));
    struct mlp_pass pass = mlp_pass_make(arena, &x.net, 1);
    vec w = arena_vec(arena, x.w.n);
    copy(x.w, w);
    mlp_forward(&x.net, w, X, &pass);
    mlp_backward(&x.net, w, G, &pass);
    mlp_gradient(&x.net, &pass, x.grad);
    scal_layers_step(&x.layers, 0.125, x.grad, w);
    axpy(-1, x.w, w);
    for (int l = 0; l < LAYERS; l++) {
        vec moved = arena_vec(arena, x.net.width[l + 1]);
        gemv(1, mlp_weights(&x.net, w, l), row(pass.H[l], 0), 0, moved);
        size[l] += share * norm(moved) / sqrt(moved.n);
    }
    arena->used = mark;
}

/* slopes[l][r]: the power of the width in replicate r, where the narrow networks are
 * the mean of several starts; means[l][i]: the mean at width i. */
struct check {
    int n;
    double slopes[LAYERS][REPEATS], means[LAYERS][WIDTHS];
};

static struct check check_coordinates(struct claim *claim, enum scaled_as as,
                                      enum scal_rule rule, int n)
{
    struct check check = {.n = n};
    double m[WIDTHS], size[LAYERS];
    for (int r = 0; r < n; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        double of_layer[LAYERS][WIDTHS];
        for (int i = 0; i < WIDTHS; i++) {
            for (int l = 0; l < LAYERS; l++)
                size[l] = 0;
            for (int k = 0; k < starts[i]; k++)
                coordinates(claim, as, rule, widths[i], &rng, 1.0 / starts[i], size);
            m[i] = widths[i];
            for (int l = 0; l < LAYERS; l++) {
                of_layer[l][i] = size[l];
                check.means[l][i] += size[l] / n;
            }
        }
        for (int l = 0; l < LAYERS; l++)
            check.slopes[l][r] = fit_power(WIDTHS, m, of_layer[l]).slope;
    }
    return check;
}

/* For the figure: the steps by sign, and through each first point the line of its law.
 */
static void record_check(struct claim *claim, const struct check *standard,
                         const struct check *maximal)
{
    struct series s =
        series_begin(claim, "check", "m", "std_0", "std_1", "std_2", "max_0", "max_1",
                     "max_2", "law_0", "law_1", "law_2", NULL);
    for (int i = 0; i < WIDTHS; i++) {
        double at[10] = {widths[i]};
        for (int l = 0; l < LAYERS; l++) {
            at[1 + l] = standard->means[l][i];
            at[4 + l] = maximal->means[l][i];
            at[7 + l] = standard->means[l][0] *
                        pow((double)widths[i] / widths[0], l == 0 ? 0 : 1);
        }
        series_row(&s, at);
    }
    series_end(&s);
}

/* Sums over m units are their own power of m in the mean, but the root of a mean of m
 * squares is v / 8m low, v their relative variance, 5 for a rectified normal: 0.08 at
 * m = 8 and a tenth of it at m = 80, which turns a line over that decade by 0.03 for
 * each such root, of which there are three at most.  The logarithm of a mean over
 * starts is low too, but alike at all widths: there are as many units in each mean. */
static const double BIAS = 0.09;

static void each_layer(struct claim *claim,
                       void (*forward)(struct claim *, const char *, struct finding),
                       const char *name, struct check check, const double *law)
{
    for (int l = 0; l < LAYERS; l++) {
        char what[40];
        snprintf(what, sizeof what, "%s, layer %d", name, l);
        forward(claim, what, slopes_near(check.n, check.slopes[l], law[l], BIAS, 0.5));
    }
}

CLAIM(scal_coordinates, RATE, "Powers of the width, and rates that leave none")
{
    static const double none[LAYERS] = {0, 0, 0};
    struct check standard = check_coordinates(claim, STANDARD_RATES, BY_SIGN, SIGNS),
                 maximal = check_coordinates(claim, MAXIMAL_RATES, BY_SIGN, SIGNS);
    each_layer(claim, evidence, "by sign, standard", standard, (double[]){0, 1, 1});
    each_layer(claim, evidence, "by sign, maximal", maximal, none);
    record_check(claim, &standard, &maximal);
    each_layer(claim, evidence, "by gradient, standard",
               check_coordinates(claim, STANDARD_RATES, BY_GRADIENT, REPEATS),
               (double[]){-0.5, 0.5, 1});
    each_layer(claim, evidence, "by gradient, tangent",
               check_coordinates(claim, TANGENT_RATES, BY_GRADIENT, REPEATS),
               (double[]){-0.5, -0.5, 0});
    each_layer(claim, evidence, "by gradient, maximal",
               check_coordinates(claim, MAXIMAL_RATES, BY_GRADIENT, REPEATS), none);
    struct check swapped = check_coordinates(claim, SWAPPED_RATES, BY_GRADIENT, FEW);
    control(claim, "rates exchanged, layer 0",
            slopes_near(FEW, swapped.slopes[0], 0, BIAS, 0.5));
    control(claim, "rates exchanged, layer 2",
            slopes_near(FEW, swapped.slopes[2], 0, BIAS, 0.5));
}

/* ---- The kernel, at every width
 * ------------------------------------------------------ */

enum { STARTS = 200 };
static const double FAR = 2;

/* By how much the output at y falls per rate, when the network of m ReLUs steps along
 * its gradient at x: the tangent kernel of the two, layer by layer times the rate. */
static double kernel(struct claim *claim, enum scaled_as as, int m, vec x, vec y, int r)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)(1000 * m + r));
    struct scaled at;
    scaled_make(&at, arena, &rng, as, BY_GRADIENT, x.n, 1, m, 8);
    mat X = {1, x.n, x.at}, Y = {1, y.n, y.at}, G = {1, 1, (real[]){1}};
    struct mlp_pass pass = mlp_pass_make(arena, &at.net, 1);
    mlp_forward(&at.net, at.w, X, &pass);
    mlp_backward(&at.net, at.w, G, &pass);
    mlp_gradient(&at.net, &pass, at.grad);
    vec dw = arena_vec(arena, at.w.n);
    scal_layers_step(&at.layers, 1, at.grad, dw);
    real df;
    mlp_forward(&at.net, at.w, Y, &pass);
    mlp_jvp(&at.net, at.w, dw, (mat){0, y.n, NULL}, &pass, arena, (mat){1, 1, &df});
    arena->used = mark;
    return -df;
}

static struct finding kernel_is(struct claim *claim, enum scaled_as as, int m, vec x,
                                vec y, double law)
{
    double sample[STARTS];
    for (int r = 0; r < STARTS; r++)
        sample[r] = kernel(claim, as, m, x, y, r);
    return mean_is(STARTS, sample, law);
}

CLAIM(scal_kernel, STATISTIC, "A step's effect is (m + d)/2 in the mean, or stays")
{
    enum { D = 4 };
    vec x = {D, (real[]){1, 1, 1, 1}}, y = {D, (real[]){1, 1, -1, 1}};
    static const int units[] = {16, 40};
    for (int i = 0; i < 2; i++) {
        char what[40];
        int m = units[i];
        snprintf(what, sizeof what, "standard, m = %d: at x", m);
        evidence(claim, what, kernel_is(claim, STANDARD_RATES, m, x, x, (m + D) / 2.0));
        snprintf(what, sizeof what, "standard, m = %d: at another y", m);
        evidence(claim, what,
                 kernel_is(claim, STANDARD_RATES, m, x, y, mean_kernel(m, x, y)));
        snprintf(what, sizeof what, "maximal, m = %d: at x", m);
        evidence(claim, what, kernel_is(claim, MAXIMAL_RATES, m, x, x, (8 + D) / 2.0));
        snprintf(what, sizeof what, "maximal, m = %d: at another y", m);
        evidence(claim, what,
                 kernel_is(claim, MAXIMAL_RATES, m, x, y, mean_kernel(8, x, y)));
    }
    control(claim, "maximal start, rates exchanged",
            kernel_is(claim, SWAPPED_RATES, 40, x, x, (8 + D) / 2.0));
    vec longer = {D, (real[]){FAR, FAR, FAR, FAR}};
    control(claim, "an x twice as long",
            kernel_is(claim, STANDARD_RATES, 24, longer, longer, (24 + D) / 2.0));
}

SECTION(scal_one_example, &scal_one_step, &scal_coordinates, &scal_kernel);
