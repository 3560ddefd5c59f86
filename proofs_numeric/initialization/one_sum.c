/* One sum: a unit of the first layer, and the constants of its activation. */
#include "networks.h"

#include "ground/ball.h"
#include "ground/vectors.h"

#include <math.h>

/* y := draws of sum w_j x_j over so many terms, with standardized x_j, and weights of
 * variance 1 / terms about this mean. */
static void draw_sums(struct claim *claim, int terms, double mean, vec y)
{
    struct rng rng = claim_rng(claim, (uint64_t)terms);
    vec w = arena_vec(claim_arena(claim), terms);
    vec x = arena_vec(claim_arena(claim), terms);
    for (int i = 0; i < y.n; i++) {
        init_draw(&rng, NORMAL, init_variance(init_lecun(NORMAL), terms, 1), w);
        rng_uniforms(&rng, -sqrt(3), sqrt(3), x);
        y.at[i] = 0;
        for (int j = 0; j < terms; j++)
            y.at[i] += (w.at[j] + mean) * x.at[j];
    }
}

CLAIM(init_sum_variance, STATISTIC,
      "After LeCun's weights a sum of standardized inputs has mean 0 and variance 1")
{
    enum { SUMS = 40000, TERMS = 40, OTHER_TERMS = 20 };
    vec y = arena_vec(claim_arena(claim), SUMS);
    draw_sums(claim, TERMS, 0, y);
    evidence(claim, "mean of the sum",
             mean_is(SUMS, in_double(claim_arena(claim), y), 0));
    /* A square of what is nearly normal has the skewness 2.8, so among 40,000 of them a
     * false alarm is 1.6 times as likely as SHARE. */
    square_all(y);
    evidence(claim, "its variance", mean_is(SUMS, in_double(claim_arena(claim), y), 1));
    draw_sums(claim, TERMS, 1 / sqrt(TERMS), y);
    square_all(y);
    control(claim, "weights with a mean",
            mean_is(SUMS, in_double(claim_arena(claim), y), 1));
    /* The slide's root of w_ij^2 is |w_ij|, at its mean square, with other inputs: */
    draw_sums(claim, OTHER_TERMS, 0, y);
    square_all(y);
    control(claim, "as printed, the root of one w^2",
            mean_is(SUMS, in_double(claim_arena(claim), y), sqrt(1.0 / OTHER_TERMS)));
}

/* The first hidden layer of many units of tanh, on an input of mean square 1. */
static struct network wide_layer(struct claim *claim, int fan_in,
                                 struct init_scheme scheme)
{
    enum { UNITS = 20000 };
    struct rng rng = claim_rng(claim, (uint64_t)fan_in);
    int widths[] = {fan_in, UNITS, 1};
    struct network x =
        network_make(claim, mlp_make(2, widths, TANH, STANDARD, false), 1);
    draw_pass(&x, scheme, &rng);
    square_all(entries(x.pass.H[1]));
    return x;
}

CLAIM(init_tanh_variance, STATISTIC,
      "After a normal sum of variance 1 tanh has variance 0.3943 and mean slope 0.6057")
{
    struct init_scheme lecun = init_lecun(NORMAL), larger = lecun;
    larger.gain = 2;
    struct network x = wide_layer(claim, 50, lecun);
    vec squares = entries(x.pass.H[1]), slopes = entries(x.pass.slope[0]);
    struct init_response at_1 = init_respond(TANH, 1);
    evidence(claim, "variance of tanh(y)",
             mean_is(squares.n, in_double(claim_arena(claim), squares), at_1.square));
    evidence(claim, "mean slope",
             mean_is(slopes.n, in_double(claim_arena(claim), slopes), at_1.slope));

    x = wide_layer(claim, 49, larger);
    squares = entries(x.pass.H[1]);
    control(claim, "weights of twice the variance",
            mean_is(squares.n, in_double(claim_arena(claim), squares), at_1.square));
    x = wide_layer(claim, 1, init_lecun(UNIFORM));
    squares = entries(x.pass.H[1]);
    control(claim, "a uniform sum, of one input",
            mean_is(squares.n, in_double(claim_arena(claim), squares), at_1.square));
    x = wide_layer(claim, 200, lecun);
    squares = entries(x.pass.H[1]), slopes = entries(x.pass.slope[0]);
    control(claim, "as printed: variance 1",
            mean_is(squares.n, in_double(claim_arena(claim), squares), 1));
    control(claim, "as printed: slope 1",
            mean_is(slopes.n, in_double(claim_arena(claim), slopes), 1));
}

/* ---- Constants, in balls --------------------------------------------------------- */

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
static ball gap_of(struct balls *in, struct integrand f, double value)
{
    ball sum = ball_integral(in, integrand, &f, -12, 12, 70);
    /* Beyond 12, phi is at most 2 |z|, so no more than 4 E z^2 is there, 5e-30. */
    ball beyond = ball_between(in, 0, 5e-30);
    return ball_abs(ball_plus(ball_add(sum, beyond), -value));
}

CLAIM(init_constants, PROVED,
      "E tanh^2, E tanh', LeCun's tanh and the softplus: to the last digit printed")
{
    const struct integrand plain = {TANH, .inner = 1, .outer = 1},
                           wider = {TANH, .inner = sqrt(2), .outer = 1},
                           lecun = {TANH, .inner = 2.0 / 3, .outer = 1.7159},
                           soft = {SOFTPLUS, .inner = 1, .outer = SOFTPLUS_A},
                           steeper = {SOFTPLUS, .inner = 1, .outer = sqrt(2)};
    const double half_digit = 5e-7; /* of the six that are printed */
    struct balls balls = balls_make(100, BITS);
    evidence(claim, "E tanh^2 - 0.394294",
             ball_at_most(gap_of(&balls, plain, 0.394294), half_digit));
    evidence(claim, "E (1.7159 tanh(2z/3))^2 - 0.750430",
             ball_at_most(gap_of(&balls, lecun, 0.750430), half_digit));
    /* a = 1.404383 is off by half a digit at most, and the moment by a^2's share. */
    evidence(claim, "E softplus^2 - 1, a = 1.404383",
             ball_at_most(gap_of(&balls, soft, 1), 2 * half_digit / SOFTPLUS_A));

    /* tanh' = 1 - tanh^2, so one constant is 1 less the other. */
    struct init_response at_1 = init_respond(TANH, 1);
    double limit = rounding(576, 1.0 / 30);
    evidence(claim, "ref/: E tanh^2 to the ball",
             ball_at_most(gap_of(&balls, plain, at_1.square), limit));
    evidence(claim, "ref/: 1 - E tanh' to the ball",
             ball_at_most(gap_of(&balls, plain, 1 - at_1.slope), limit));
    double of_softplus = init_respond(SOFTPLUS, 1).square;
    evidence(claim, "ref/: softplus to the ball",
             ball_at_most(gap_of(&balls, soft, of_softplus), limit));
    control(claim, "E tanh^2 at twice the variance",
            ball_at_most(gap_of(&balls, wider, 0.394294), half_digit));
    control(claim, "a = sqrt(2), the factor of ReLU",
            ball_at_most(gap_of(&balls, steeper, 1), 2 * half_digit / SOFTPLUS_A));
    balls_free(&balls);
}

SECTION(init_one_sum, &init_sum_variance, &init_tanh_variance, &init_constants);
