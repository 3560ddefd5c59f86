/* Three schemes, two distributions: what they draw, and what it does to one layer. */
#include "networks.h"

#include <math.h>

enum { FROM = 60, TO = 200 };

/* The mean of w^2 over a layer with this many inputs and outputs, drawn by a scheme. */
static double drawn(struct claim *claim, struct init_scheme scheme, int from, int to,
                    double *mean)
{
    struct rng rng = claim_rng(claim, (uint64_t)from);
    int widths[] = {from, to};
    struct network x =
        network_make(claim, mlp_make(1, widths, LINEAR, STANDARD, false), 1);
    init_weights(&x.net, scheme, &rng, x.w);
    *mean = 0;
    for (int i = 0; i < x.w.n; i++)
        *mean += x.w.at[i] / x.w.n;
    return dot(x.w, x.w) / x.w.n;
}

CLAIM(init_schemes, STATISTIC,
      "The variance of LeCun's weights, of Xavier's, and of He's, and the mean 0")
{
    static const char *const names[] = {"LeCun: variance of the weights",
                                        "Xavier: variance of the weights",
                                        "He: variance of the weights"};
    static const double expected[] = {1.0 / FROM, 2.0 / (FROM + TO), 2.0 / FROM};
    const struct init_scheme schemes[] = {init_lecun(NORMAL), init_xavier(NORMAL),
                                          init_he(NORMAL)};
    double mean, count = FROM * TO;
    for (int i = 0; i < 3; i++) {
        double square = drawn(claim, schemes[i], FROM, TO, &mean), v = expected[i];
        evidence(claim, names[i], estimate_is(square, v * sqrt(2 / count), v));
        evidence(claim, "mean of the weights", estimate_is(mean, sqrt(v / count), 0));
    }
    /* Of a uniform law, w^2 varies by 4/5 of its square. */
    double square = drawn(claim, init_he(UNIFORM), FROM, TO, &mean), v = 2.0 / FROM;
    evidence(claim, "He, uniform: variance",
             estimate_is(square, v * sqrt(0.8 / count), v));
    square = drawn(claim, init_lecun(NORMAL), TO, FROM, &mean), v = 1.0 / FROM;
    control(claim, "LeCun, inputs and outputs exchanged",
            estimate_is(square, v * sqrt(2 / count), v));
    square = drawn(claim, init_he(NORMAL), TO, FROM, &mean), v = 2.0 / FROM;
    control(claim, "He, inputs and outputs exchanged",
            estimate_is(square, v * sqrt(2 / count), v));
}

/* Chi-square of draws against a uniform law on +-half, in CELLS equal cells; what lies
 * outside counts to the last cell. */
static struct finding uniform_fits(struct claim *claim, struct init_scheme scheme,
                                   double half, double *most)
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
      "Xavier's weights, normal or uniform on +-sqrt(6 / (fan-in + fan-out))")
{
    double half = sqrt(6.0 / (FROM + TO)), most;
    double variance = init_variance(init_xavier(UNIFORM), FROM, TO);
    evidence(claim, "sqrt(6/..)^2 / 3 - 2/..",
             at_most(fabs(half * half / 3 - variance), rounding(4, variance)));
    evidence(claim, "uniform draws, 20 cells: chi-square",
             uniform_fits(claim, init_xavier(UNIFORM), half, &most));
    evidence(claim, "largest draw, over the bound",
             at_most(most / half, 1 + rounding(1, 1)));
    control(claim, "normal draws, 20 cells: chi-square",
            uniform_fits(claim, init_xavier(NORMAL), half, &most));
    control(claim, "largest normal draw, over the bound",
            at_most(most / half, 1 + rounding(1, 1)));
}

enum { LAYERS = 6400 };

/* Through a linear layer with Xavier's weights, LAYERS times: ratios of mean squares,
 * of output to input, and of the derivatives by the input to those by the output. */
static void both_ways(struct claim *claim, int from, int to, double *forward,
                      double *backward)
{
    struct rng rng = claim_rng(claim, (uint64_t)from);
    int widths[] = {from, to};
    struct network x =
        network_make(claim, mlp_make(1, widths, LINEAR, STANDARD, false), 1);
    mat G = arena_mat(claim_arena(claim), 1, to);
    mat dX = arena_mat(claim_arena(claim), 1, from);
    for (int i = 0; i < LAYERS; i++) {
        draw_inputs(&rng, 1, G);
        draw_pass(&x, init_xavier(UNIFORM), &rng);
        mlp_backward(&x.net, x.w, G, &x.pass);
        mlp_input_gradient(&x.net, x.w, &x.pass, dX);
        forward[i] = mean_square(x.pass.H[1]);
        backward[i] = mean_square(dX);
    }
}

CLAIM(init_transposes, STATISTIC,
      "Xavier's variance keeps a linear signal both ways only if fan-in = fan-out")
{
    /* Means over 12 units at least, of a skewness below 1.2: among 6400 of them a false
     * alarm is 1.7 times as likely as SHARE. */
    double forward[LAYERS], backward[LAYERS];
    both_ways(claim, 24, 24, forward, backward);
    evidence(claim, "24 to 24: forward", mean_is(LAYERS, forward, 1));
    evidence(claim, "24 to 24: backward", mean_is(LAYERS, backward, 1));
    both_ways(claim, 12, 48, forward, backward);
    evidence(claim, "12 to 48: forward, 2/5", mean_is(LAYERS, forward, 0.4));
    evidence(claim, "12 to 48: backward, 8/5", mean_is(LAYERS, backward, 1.6));
    both_ways(claim, 20, 40, forward, backward);
    control(claim, "as printed, 20 to 40: forward", mean_is(LAYERS, forward, 1));
    control(claim, "as printed, 20 to 40: backward", mean_is(LAYERS, backward, 1));
}

SECTION(init_three_schemes, &init_schemes, &init_uniform, &init_transposes);
