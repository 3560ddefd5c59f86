/* A hundred sums: the signal in many layers of tanh. */
#include "networks.h"

#include "ground/certain.h"

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

/* ---- The recursion, in balls -------------------------------------------------------
 */

enum moment { SQUARE, SQUARE_BY_Q, SLOPE_SQUARE };

struct mean {
    enum moment moment;
    arb_srcptr root; /* of q */
};

/* value := tanh^2, tanh tanh' z / root, or tanh'^2 at root z, times the normal density,
 * for complex z. */
static int mean_integrand(acb_ptr value, const acb_t z, void *context, slong order,
                          slong bits)
{
    const struct mean *mean = context;
    acb_t tanh_z, slope, density;
    (void)order;
    acb_init(tanh_z), acb_init(slope), acb_init(density);
    acb_mul_arb(tanh_z, z, mean->root, bits);
    acb_tanh(tanh_z, tanh_z, bits);
    acb_mul(slope, tanh_z, tanh_z, bits);
    acb_sub_ui(slope, slope, 1, bits);
    acb_neg(slope, slope);
    acb_mul(value, mean->moment == SLOPE_SQUARE ? slope : tanh_z,
            mean->moment == SQUARE ? tanh_z : slope, bits);
    if (mean->moment == SQUARE_BY_Q) {
        acb_mul(value, value, z, bits);
        acb_div_arb(value, value, mean->root, bits);
    }
    acb_mul(density, z, z, bits);
    acb_mul_2exp_si(density, density, -1);
    acb_neg(density, density);
    acb_exp(density, density, bits);
    acb_mul(value, value, density, bits);
    acb_const_pi(density, bits);
    acb_mul_2exp_si(density, density, 1);
    acb_rsqrt(density, density, bits);
    acb_mul(value, value, density, bits);
    acb_clear(tanh_z), acb_clear(slope), acb_clear(density);
    return 0;
}

/* For every q > 1/1000 in the ball.  Beyond 12 the function is below 1000 |z| times the
 * density, and its integral below 10^-27. */
static ball mean_of(enum moment moment, ball q)
{
    struct mean mean = {moment, ball_sqrt(q).at};
    ball sum = ball_integral(q.in, mean_integrand, &mean, -12, 12, 40);
    return ball_add(sum, ball_between(q.in, -1e-27, 1e-27));
}

/* q after so many layers from 1, with weights of gain / n. */
static ball signal_after(struct balls *in, int layers, double gain)
{
    ball q = ball_number(in, 1);
    for (int l = 0; l < layers; l++) {
        int mark = in->used;
        ball next = mean_of(SQUARE, ball_times(gain, q));
        arb_set(q.at, next.at);
        in->used = mark;
    }
    return q;
}

/* For all q up to `most`: what 1/q gains in a layer, at least and at most.  As q - 2
 * q^2 <= E tanh^2 <= q - 2 q^2 + 17/3 q^3, it is from (2 - 17/3 q) / (1 - 2q + 17/3
 * q^2), which falls on [0, 1/100], to 2 / (1 - 2q), which grows. */
static ball gain_of_inverse(ball most)
{
    struct balls *in = most.in;
    ball cube = ball_mul(ball_ratio(in, 17, 3), most);
    ball linear = ball_plus(ball_times(-2, most), 1);
    ball least =
        ball_div(ball_plus(ball_neg(cube), 2), ball_add(linear, ball_mul(cube, most)));
    ball_join(least, ball_div(ball_number(in, 2), linear));
    return least;
}

/* 2 l q_l for all l >= 60, from q_60: 2 l = 120 + 2k where 1/q = 1/q_60 + k gain, and
 * the quotient is between those of the two parts. */
static ball twice_depth_times(ball q_60)
{
    ball first = ball_times(120, q_60);
    ball_join(first, ball_div(ball_number(q_60.in, 2), gain_of_inverse(q_60)));
    return first;
}

CLAIM(init_every_depth, PROVED,
      "Layers of tanh: 2 l q_l is within 0.02 of 1 in every layer from the 60th on")
{
    enum { DEEP = 60 };
    struct balls balls = balls_make(1000, 96);
    vec q = arena_vec(claim_arena(claim), DEEP + 1);
    init_wide(TANH, init_lecun(NORMAL), 1, q);
    ball at_10 = signal_after(&balls, 10, 1), at_60 = signal_after(&balls, DEEP, 1);
    evidence(claim, "q_10 - 0.0522001",
             ball_at_most(ball_abs(ball_plus(at_10, -0.0522001)), 5e-8));
    evidence(claim, "q_60 - 0.00849601",
             ball_at_most(ball_abs(ball_plus(at_60, -0.00849601)), 5e-9));
    evidence(claim, "2 l q_l for all l >= 60",
             ball_at_most(twice_depth_times(at_60), 1.02));
    evidence(claim, "the same from below",
             ball_at_least(twice_depth_times(at_60), 0.98));
    double limit = rounding(DEEP * 576, 1.0 / 30);
    evidence(claim, "ref/ outside its ball, layer 10",
             at_most(ball_distance(at_10, q.at[10]), limit));
    evidence(claim, "ref/ outside its ball, layer 60",
             at_most(ball_distance(at_60, q.at[DEEP]), limit));
    ball larger = signal_after(&balls, DEEP, 1.05);
    control(claim, "5 % more variance: 2 l q_l, l = 60",
            ball_at_most(ball_times(2 * DEEP, larger), 1.02));
    ball smaller = signal_after(&balls, DEEP, 0.95);
    control(claim, "5 % less", ball_at_least(ball_times(2 * DEEP, smaller), 0.98));
    balls_free(&balls);
}

/* What stays as it is through a layer of weights of variance 2 / n: q = E tanh^2 of
 * variance 2 q.  value := E tanh^2(sqrt(2q) z) - q. */
static void rest_of_layer(void *context, const ball *q, ball *value, ball *slope)
{
    (void)context;
    ball doubled = ball_times(2, q[0]);
    *value = ball_sub(mean_of(SQUARE, doubled), q[0]);
    if (slope != NULL)
        *slope = ball_plus(ball_times(2, mean_of(SQUARE_BY_Q, doubled)), -1);
}

/* Is the next q larger than this one, with weights of *gain / n; or, if that is
 * negative, smaller with those of -*gain / n? */
static enum verdict signal_grows(void *context, const ball *q)
{
    double gain = *(double *)context;
    ball next = mean_of(SQUARE, ball_times(fabs(gain), q[0]));
    return gain > 0 ? is_less(q[0], next) : is_less(next, q[0]);
}

static struct finding signal_moves(struct balls *in, double gain, double from,
                                   double to)
{
    struct box box = {.n = 1, .low = {from}, .high = {to}};
    struct search search = {0};
    return certainly(everywhere(in, signal_grows, &gain, box, 14, &search));
}

CLAIM(init_two_fates, PROVED,
      "Twice the variance: one positive fixed point, which attracts, and inputs part")
{
    struct balls balls = balls_make(1000, 96);
    ball q = ball_between(&balls, 0.28, 0.34);
    enum verdict one = newton(rest_of_layer, NULL, 6, q);
    ball doubled = ball_times(2, q);
    evidence(claim, "one fixed point in [0.28, 0.34]", certainly(one));
    evidence(claim, "q grows, 0.1 <= q <= 0.28", signal_moves(&balls, 2, 0.1, 0.28));
    evidence(claim, "q falls, 0.34 <= q <= 1", signal_moves(&balls, -2, 0.34, 1));
    evidence(claim, "it is 0.30898238",
             ball_at_most(ball_abs(ball_plus(q, -0.30898238)), 1e-8));
    ball slope = ball_times(2, mean_of(SQUARE_BY_Q, doubled));
    evidence(claim, "slope there - 0.5525: it attracts",
             ball_at_most(ball_abs(ball_plus(slope, -0.5525)), 5e-5));
    evidence(claim, "2 E tanh'^2: inputs part",
             ball_at_least(ball_times(2, mean_of(SLOPE_SQUARE, doubled)), 1.105));
    control(claim, "LeCun's variance: q grows", signal_moves(&balls, 1, 0.1, 0.28));
    ball other = ball_between(&balls, 0.35, 0.45);
    control(claim, "a fixed point in [0.35, 0.45]",
            certainly(newton(rest_of_layer, NULL, 6, other)));
    control(claim, "E tanh'^2 without the 2",
            ball_at_least(mean_of(SLOPE_SQUARE, doubled), 1));
    balls_free(&balls);
}

SECTION(init_hundred_sums, &init_tanh_depth, &init_every_depth, &init_two_fates);
