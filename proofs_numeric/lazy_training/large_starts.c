#include "lazy_training/lazy_worlds.h"

#include <math.h>

/* After 50 steps: the largest difference between descent from lambda w_0 with rate eta,
 * and lambda times descent on F_alpha from w_0 with rate lambda^(2q-2) eta, alpha =
 * lambda^q. */
static double gap_of_flows(struct claim *claim, struct mlp net, int q, double lambda)
{
    struct rng rng = claim_rng(claim, 0);
    struct problem x = problem_make(claim, &rng, net, 6);
    vec w = copy_of(claim_arena(claim), x.w_0), u = copy_of(claim_arena(claim), x.w_0);
    double fast = 0.01 * fmin(1, pow(lambda, 2 * q - 2)),
           slow = fast / pow(lambda, 2 * q - 2);
    scale(lambda, u);
    for (int k = 0; k < 50; k++) {
        lazy_step(&x.p, 1, slow, u, x.grad);
        lazy_step(&x.p, pow(lambda, q), fast, w, x.grad);
    }
    axpy(-lambda, w, u);
    return max_norm(u);
}

CLAIM(lazy_homogeneous, IDENTITY, "Of a homogeneous h, a large start is a large scale")
{
    struct mlp two = mlp_make(2, (int[]){3, 20, 1}, RELU, TANGENT, false);
    struct mlp three = mlp_make(3, (int[]){3, 10, 10, 1}, RELU, TANGENT, false);
    struct mlp biased = mlp_make(2, (int[]){3, 20, 1}, RELU, TANGENT, true);
    /* With powers of 2 for lambda both runs do the same sums, scaled without rounding:
     * they end at the same numbers, to the last bit. */
    double most = 0;
    for (int k = -1; k <= 3; k++) {
        most = worst(most, gap_of_flows(claim, two, 2, pow(2, k)));
        most = worst(most, gap_of_flows(claim, three, 3, pow(2, k)));
    }
    evidence(claim, "ReLU of 2 and 3 layers, 50 steps", at_most(most, 0));
    control(claim, "biases: not homogeneous",
            at_most(gap_of_flows(claim, biased, 2, 2), 0));
    control(claim, "tanh: not homogeneous",
            at_most(gap_of_flows(claim, tanh_net(20), 2, 2), 0));
    control(claim, "the time scaled for q = 3",
            at_most(gap_of_flows(claim, two, 3, 2), 0));
}

/* Linear units, one hidden layer of ten, on the four rows of a rotation.  There D^2h is
 * the same everywhere: ||D^2h[u]||^2 = c^2 sum over units of ||omega||^2 + 4 alpha^2
 * for u = (omega, alpha) of each, which is 4 c^2 at most. */
static struct problem linear_world(struct claim *claim, bool paired)
{
    struct rng rng = claim_rng(claim, 0);
    struct problem x =
        problem_make(claim, &rng,
                     mlp_make(2, (int[]){4, 10, 1}, LINEAR, TANGENT, false), 4);
    rng_rotation(&rng, claim_arena(claim), x.p.X);
    if (paired)
        lazy_pair(&x.p.net, x.w_0);
    return x;
}

/* Its ||D^2h|| / ||Dh||^2 in closed form: with c the product of the multipliers, Dh at
 * (W, a) has the squared norm c^2 (||W||^2 + 4 ||a||^2). */
static double closed_form(struct problem x)
{
    vec W = entries(mlp_weights(&x.p.net, x.w_0, 0)),
        a = entries(mlp_weights(&x.p.net, x.w_0, 1));
    double c = x.p.net.multiplier[0] * x.p.net.multiplier[1];
    return 2 * c / (c * c * (dot(W, W) + 4 * dot(a, a)));
}

/* kappa_h(lambda w_0). */
static double kappa_scaled(struct claim *claim, struct problem x, double lambda)
{
    struct rng rng = claim_rng(claim, 1);
    vec w = copy_of(claim_arena(claim), x.w_0);
    scale(lambda, w);
    return kappa_at(claim, &rng, &x.p, w, 30);
}

/* The norms of Dh and D^2h are of 4 x 50 entries, each of a few operations; power
 * iteration has lost the rest, of which each round leaves a quarter. */
static double limit_of_kappa(void) { return rounding(200, 1); }

/* How far kappa_h(lambda w_0) is off the law for q = 3, for a network of ReLUs with
 * three layers, whose norms are those that were measured at w_0. */
static double off_cubic(struct claim *claim, double lambda)
{
    struct rng rng = claim_rng(claim, 2);
    struct mlp net = mlp_make(3, (int[]){3, 6, 6, 1}, RELU, TANGENT, false);
    struct problem x = problem_make(claim, &rng, net, 4);
    vec h = arena_vec(claim_arena(claim), 4);
    lazy_output(&x.p, x.w_0, h);
    double cube = pow(lambda, 3),
           kappa = kappa_scaled(claim, x, 1) / distance(h, x.p.y);
    scale(cube, h);
    double law = distance(h, x.p.y) / cube * kappa;
    return fabs(kappa_scaled(claim, x, lambda) / law - 1);
}

CLAIM(lazy_kappa_scaled, IDENTITY, "The law of kappa_h(lambda w_0) if h is homogeneous")
{
    struct problem x = linear_world(claim, false);
    vec h = arena_vec(claim_arena(claim), 4);
    double most = 0, off = 0;
    for (int k = -3; k <= 3; k++) {
        double lambda = pow(3, k);
        lazy_output(&x.p, x.w_0, h);
        scale(lambda * lambda, h);
        axpy(-1, x.p.y, h);
        double law = norm(h) / (lambda * lambda) * closed_form(x);
        double kappa = kappa_scaled(claim, x, lambda);
        most = worst(most, fabs(kappa / law - 1));
        off = worst(off, fabs(kappa_scaled(claim, x, 1) / law - 1));
    }
    evidence(claim, "q = 2: gap to law", at_most(most, limit_of_kappa()));
    /* With powers of 2 nothing rounds that did not round at w_0, but the residual. */
    double cubic = 0;
    for (int k = -5; k <= 5; k++)
        cubic = worst(cubic, off_cubic(claim, pow(2, k)));
    evidence(claim, "q = 3: gap to law", at_most(cubic, rounding(10, 1)));
    control(claim, "as printed, kappa_h(w_0)", at_most(off, limit_of_kappa()));
}

enum { LAMBDAS = 6 };

static struct fit power_of_lambda(struct claim *claim, struct problem x)
{
    double lambda[LAMBDAS], kappa[LAMBDAS];
    for (int i = 0; i < LAMBDAS; i++) {
        lambda[i] = pow(2, i + 1);
        kappa[i] = kappa_scaled(claim, x, lambda[i]);
    }
    return fit_power(LAMBDAS, lambda, kappa);
}

CLAIM(lazy_large_start, RATE,
      "kappa_h(lambda w_0) falls as lambda^-q only if h(w_0) = 0")
{
    struct problem paired = linear_world(claim, true),
                   generic = linear_world(claim, false);
    vec h = arena_vec(claim_arena(claim), 4);
    lazy_output(&generic.p, generic.w_0, h);
    double last = 512, end = norm(h) * closed_form(generic);
    /* | ||lambda^2 h - y|| / lambda^2 - ||h|| | <= ||y|| / lambda^2 */
    double most = norm(generic.p.y) / (last * last * norm(h)) + limit_of_kappa();
    /* With h(w_0) = 0 it is lambda^-2 times one number, whatever was drawn: only
     * rounding can bend the line.  Twins cancel to 30 eps at most, of which 64^2 times
     * as much are in the last residual; a quarter of that share is in the slope. */
    double bent = rounding(1, 64 * 64) / (4 * norm(paired.p.y));
    evidence(claim, "h(w_0) = 0: power of lambda",
             slope_is(power_of_lambda(claim, paired), -2, bent, 1));
    evidence(claim, "h(w_0) not 0: gap to its limit",
             at_most(fabs(kappa_scaled(claim, generic, last) / end - 1), most));
    control(claim, "h(w_0) not 0: power of lambda",
            slope_is(power_of_lambda(claim, generic), -2, 1e-3, 1));

    struct series s =
        series_begin(claim, "kappa", "lambda", "paired", "generic", "law", "end", NULL);
    for (int i = -4; i <= 8; i++) {
        double lambda = pow(2, 0.5 * i);
        series_row(&s, (double[]){lambda, kappa_scaled(claim, paired, lambda),
                                  kappa_scaled(claim, generic, lambda),
                                  norm(paired.p.y) * closed_form(paired) /
                                      (lambda * lambda),
                                  end});
    }
    series_end(&s);
}

/* ---- Neurons ------------------------------------------------------------------------
 */

/* Three ReLU neurons in the plane teach 40, of which half cancel the others at the
 * start if they are paired, on 16 points of the unit circle. */
static struct problem planar_world(struct claim *claim, bool paired, int replicate)
{
    enum { POINTS = 16 };
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct mlp teacher = mlp_make(2, (int[]){2, 3, 1}, RELU, STANDARD, false);
    struct problem x =
        problem_make(claim, &rng, mlp_make(2, (int[]){2, 40, 1}, RELU, TANGENT, false),
                     POINTS);
    for (int i = 0; i < POINTS; i++) {
        double angle = 2 * acos(-1) * i / POINTS;
        row(x.p.X, i).at[0] = cos(angle);
        row(x.p.X, i).at[1] = sin(angle);
    }
    struct problem taught = problem_make(claim, &rng, teacher, POINTS);
    copy(entries(x.p.X), entries(taught.p.X));
    lazy_output(&taught.p, taught.w_0, x.p.y);
    if (paired)
        lazy_pair(&x.p.net, x.w_0);
    return x;
}

enum { STRETCHES = 40 };

/* |a| w of neuron r. */
static void arrow(struct problem x, vec w, int r, double *at)
{
    for (int j = 0; j < 2; j++)
        at[j] = fabs(layer(x, w, 1).at[r]) * row(mlp_weights(&x.p.net, w, 0), r).at[j];
}

/* For the figure: the arrow of every neuron, in units of the longest at the end, at the
 * start and after each stretch of so many steps, with a line of NaNs between two. */
static void record_neurons(struct claim *claim, struct problem x, const char *name,
                           double tau, double rate, int stretch)
{
    int neurons = x.p.net.width[1];
    mat path = arena_mat(claim_arena(claim), STRETCHES + 1, x.w_0.n);
    copy(x.w_0, row(path, 0));
    scale(tau, row(path, 0));
    for (int k = 1; k <= STRETCHES; k++) {
        copy(row(path, k - 1), row(path, k));
        for (int step = 0; step < stretch; step++)
            lazy_step(&x.p, 1, rate, row(path, k), x.grad);
    }
    double unit = 0, at[2];
    for (int r = 0; r < neurons; r++) {
        arrow(x, row(path, STRETCHES), r, at);
        unit = worst(unit, hypot(at[0], at[1]));
    }
    struct series s = series_begin(claim, name, "k", "x", "y", NULL);
    for (int r = 0; r < neurons; r++) {
        for (int k = 0; k <= STRETCHES; k++) {
            arrow(x, row(path, k), r, at);
            series_row(&s, (double[]){k, at[0] / unit, at[1] / unit});
        }
        series_row(&s, (double[]){NAN, NAN, NAN});
    }
    series_end(&s);
}

/* The power of tau, from 16 to 256, in how far the weights move, relative to where they
 * were, in 200 steps of the same share of the time that the start sets. */
static double power_of_tau(struct claim *claim, bool paired, int replicate)
{
    enum { TAUS = 5 };
    size_t mark = claim_arena(claim)->used;
    struct problem x = planar_world(claim, paired, replicate);
    double tau[TAUS], moved[TAUS];
    vec w = arena_vec(claim_arena(claim), x.w_0.n);
    for (int i = 0; i < TAUS; i++) {
        tau[i] = 16 << i;
        copy(x.w_0, w);
        scale(tau[i], w);
        for (int k = 0; k < 200; k++)
            lazy_step(&x.p, 1, 0.05 / (tau[i] * tau[i]), w, x.grad);
        axpy(-tau[i], x.w_0, w);
        moved[i] = norm(w) / (tau[i] * norm(x.w_0));
    }
    claim_arena(claim)->used = mark;
    return fit_power(TAUS, tau, moved).slope;
}

CLAIM(lazy_neurons, RATE, "From a large start neurons move by a share of order tau^-2")
{
    enum { REPEATS = 16 };
    double paired[REPEATS], generic[REPEATS];
    for (int r = 0; r < REPEATS; r++) {
        paired[r] = power_of_tau(claim, true, r);
        generic[r] = power_of_tau(claim, false, r);
    }
    /* The next order is tau^-2 of the first, 1/256 at most: BIAS allows 25 of it. */
    static const double BIAS = 0.1;
    evidence(claim, "relative move, power of tau",
             slopes_near(REPEATS, paired, -2, BIAS, 1));
    control(claim, "h(w_0) is not 0", slopes_near(REPEATS, generic, -2, BIAS, 1));
    struct problem x = planar_world(claim, true, 0);
    record_neurons(claim, x, "small", 0.1, 0.1, 10);
    record_neurons(claim, x, "large", 2, 0.025, 20);
}

SECTION(lazy_large_starts, &lazy_homogeneous, &lazy_kappa_scaled, &lazy_large_start,
        &lazy_neurons);
