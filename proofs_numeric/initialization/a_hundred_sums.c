/* A hundred sums: the signal in many layers of tanh. */
#include "networks.h"

#include <math.h>

enum { FAR = 10000 };

/* The power of l in a signal, over the layers from here to ten times as deep. */
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

/* q := the mean squares of the layers of one network of so many units, from an input of
 * mean square 1.  Its layers are drawn one at a time. */
static void signal_of_network(struct claim *claim, struct init_scheme scheme, int units,
                              uint64_t replicate, vec q)
{
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, replicate);
    int widths[] = {units, units, 1};
    struct network x =
        network_make(claim, mlp_make(2, widths, TANH, STANDARD, false), 1);
    draw_inputs(&rng, 1, x.X);
    q.at[0] = 1;
    for (int l = 1; l < q.n; l++) {
        init_weights(&x.net, scheme, &rng, x.w);
        mlp_forward(&x.net, x.w, x.X, &x.pass);
        q.at[l] = mean_square(x.pass.H[1]);
        copy(entries(x.pass.H[1]), entries(x.X));
    }
    claim_arena(claim)->used = mark;
}

enum { SHALLOW = 2, UNITS = 160, NETS = 32 };

/* slopes := one for each network, over the layers 2 to 20. */
static void sample_slopes(struct claim *claim, double gain, double *slopes)
{
    struct init_scheme scheme = init_lecun(UNIFORM);
    vec q = arena_vec(claim_arena(claim), 10 * SHALLOW + 1);
    scheme.gain = gain;
    for (int r = 0; r < NETS; r++) {
        signal_of_network(claim, scheme, UNITS, 2 + (uint64_t)r, q);
        slopes[r] = fit_depth(q, SHALLOW).slope;
    }
}

/* For the figure: one network of 500 units, and the limit of infinitely many. */
static void record_tanh(struct claim *claim, vec wide)
{
    enum { LAYERS = 100, WIDTH = 500 };
    vec q = arena_vec(claim_arena(claim), LAYERS + 1);
    signal_of_network(claim, init_lecun(UNIFORM), WIDTH, 1, q);
    struct series s = series_begin(claim, "tanh", "l", "square", "wide", "law", NULL);
    for (int l = 1; l <= LAYERS; l++)
        if (l < 10 || l % 5 == 0)
            series_row(&s, (double[]){l, q.at[l], wide.at[l], 1.0 / (2 * l)});
    series_end(&s);
}

CLAIM(init_tanh_depth, RATE,
      "Through wide layers of tanh with LeCun's weights the signal falls as 1 / 2l")
{
    struct arena *arena = claim_arena(claim);
    vec q = arena_vec(arena, FAR + 1), other = arena_vec(arena, FAR / 10 + 1);
    struct init_scheme lecun = init_lecun(NORMAL), larger = lecun;
    double slopes[NETS];
    init_wide(TANH, lecun, 1, q);

    /* E tanh^2 = q - 2 q^2 + 17/3 q^3 - ..., so 1/q grows by 2 - 5/3 q + ...: 1/q_l is
     * 2l - 5/6 ln l + C, |C| < 2.  The slope at l is off by no more than (ln l + 2) /
     * 2l, and so is 2 l q. */
    double half = (log(FAR / 10) + 2) / (2 * FAR / 10);
    double nearer = (log(FAR / 100) + 2) / (2 * FAR / 100);
    evidence(claim, "slope, layers 1,000 to 10,000",
             slope_is(fit_depth(q, FAR / 10), -1, half, 0.5));
    evidence(claim, "|2 l q - 1| at layer 10,000",
             at_most(fabs(2 * FAR * q.at[FAR] - 1), (log(FAR) + 2) / (2 * FAR)));
    /* In n units, ln q is lower by 2l/3n on average: fluctuations multiply 1/q by 1 +
     * 2/n in each layer, in all by 1 + l/n, and half of their variance comes off.  This
     * bends no slope by more than its value at the last layer. */
    double bias = 2.0 * 10 * SHALLOW / (3 * UNITS), wide = fit_depth(q, SHALLOW).slope;
    sample_slopes(claim, 1, slopes);
    evidence(claim, "160 units, 2 to 20: as in the limit",
             slopes_near(NETS, slopes, wide, bias, 0.5));

    larger.gain = 1.05;
    init_wide(TANH, larger, 1, other);
    control(claim, "weights of 5 % more variance",
            slope_is(fit_depth(other, FAR / 100), -1, nearer, 0.5));
    init_wide(LINEAR, lecun, 1, other);
    control(claim, "a slope that really is 1",
            slope_is(fit_depth(other, FAR / 100), -1, nearer, 0.5));
    sample_slopes(claim, 2, slopes);
    control(claim, "160 units, twice the variance",
            slopes_near(NETS, slopes, wide, bias, 0.5));
    record_tanh(claim, q);
}

SECTION(init_hundred_sums, &init_tanh_depth);
