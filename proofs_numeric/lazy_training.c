/* Chapter "When training is lazy": its claims.
 *
 * The networks are small, and started at random.  Lazy training is a statement about
 * limits, so most claims measure the power of alpha, of lambda or of the width with
 * which something vanishes; where nothing rounds, they ask for the very same numbers.
 */
#include "lazy_training.h"
#include "ground/claim.h"
#include "gradient_descent.h"
#include "invariance.h"
#include "ground/route_lapack.h"

#include <float.h>
#include <math.h>

/* ---- Worlds ------------------------------------------------------------------------
 */

static vec normal_vec(struct claim *claim, struct rng *rng, int n)
{
    vec x = arena_vec(claim_arena(claim), n);
    rng_normals(rng, 0, 1, x);
    return x;
}

static mat normal_mat(struct claim *claim, struct rng *rng, int rows, int cols)
{
    mat A = arena_mat(claim_arena(claim), rows, cols);
    rng_normals(rng, 0, 1, entries(A));
    return A;
}

/* A network of these layers on n normal examples with normal targets, and a normal
 * start, which is not yet centered. */
struct world {
    struct lazy p;
    vec w_0, grad;
};

static struct world world_make(struct claim *claim, struct rng *rng, struct mlp net,
                               int n)
{
    mat X = normal_mat(claim, rng, n, net.width[0]);
    vec y = normal_vec(claim, rng, n);
    struct world world = {.p = lazy_make(claim_arena(claim), &net, X, y)};
    world.w_0 = normal_vec(claim, rng, mlp_parameters(&net));
    world.grad = arena_vec(claim_arena(claim), world.w_0.n);
    return world;
}

static vec layer(struct world x, vec w, int l)
{
    return entries(mlp_weights(&x.p.net, w, l));
}

/* One hidden layer of tanh between 3 inputs and the output, divided by sqrt(width). */
static struct mlp tanh_net(int width)
{
    return mlp_make(2, (int[]){3, width, 1}, TANH, TANGENT, false);
}

static vec copy_of(struct claim *claim, vec x)
{
    vec y = arena_vec(claim_arena(claim), x.n);
    copy(x, y);
    return y;
}

static mat differential(struct claim *claim, struct lazy *p, vec w)
{
    mat J = arena_mat(claim_arena(claim), p->y.n, w.n);
    lazy_jacobian(p, w, claim_arena(claim), J);
    return J;
}

/* ||x - y|| */
static double apart(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum = hypot(sum, x.at[i] - y.at[i]);
    return sum;
}

/* ||D^2h(w)||, and kappa_h(w), from a random direction. */
static double curvature_at(struct claim *claim, struct rng *rng, struct lazy *p, vec w,
                           int iterations)
{
    return lazy_curvature(p, w, iterations, claim_arena(claim),
                          normal_vec(claim, rng, w.n));
}

static double kappa_at(struct claim *claim, struct rng *rng, struct lazy *p, vec w,
                       int iterations)
{
    return lazy_kappa(p, w, iterations, claim_arena(claim),
                      normal_vec(claim, rng, w.n));
}

/* ---- One step -----------------------------------------------------------------------
 */

enum { ETAS = 5 };
static const double HALF = 0.1; /* of the slopes; where it is used, why */

CLAIM(
    lazy_first_step, RATE,
    "A step of gradient descent changes the objective by -eta ||grad F||^2, and so by "
    "eta ||grad F||^2 / F of it, up to a term of order eta^2")
{
    struct rng rng = claim_rng(claim, 0);
    struct world x = world_make(claim, &rng, tanh_net(40), 8);
    double etas[ETAS], rest[ETAS], plus[ETAS], printed[ETAS];
    for (int k = 0; k < ETAS; k++) {
        etas[k] = pow(10, -5.5 + 0.5 * k);
        vec w = copy_of(claim, x.w_0);
        double before = lazy_gradient(&x.p, 1, w, x.grad), eta = etas[k];
        double first = eta * dot(x.grad, x.grad);
        lazy_step(&x.p, 1, eta, w, x.grad);
        double after = lazy_gradient(&x.p, 1, w, x.grad);
        rest[k] = fabs(after - (before - first));
        plus[k] = fabs(after - (before + first));
        printed[k] = fabs(after - first);
    }
    /* The remainder is eta^2/2 g'Hg, and the next term of the series eta c of that, c
     * of the order of ||H||: here some tens.  HALF allows c to be 1/(10 eta) = 300. */
    evidence(claim, "what is left, power of eta",
             slope_is(fit_power(ETAS, etas, rest), 2, HALF, 1));
    control(claim, "as printed: F(w_1) = eta ||.||^2",
            slope_is(fit_power(ETAS, etas, printed), 2, HALF, 1));
    control(claim, "F(w_0) + eta ||.||^2",
            slope_is(fit_power(ETAS, etas, plus), 2, HALF, 1));
}

/* Relative changes in a step of this length along the gradient: of h's differential,
 * and of the objective; and what the lecture says of their first order. */
struct changes {
    double of_differential, of_objective;
    double bound;         /* eta ||grad F|| ||D^2h|| / ||Dh|| */
    double kappa, spread; /* kappa_h, and ||Dh|| / least singular value of Dh */
};

static struct changes changes_in_step(struct claim *claim, struct rng *rng,
                                      struct world x, double length)
{
    size_t mark = claim_arena(claim)->used;
    struct changes c;
    vec w = copy_of(claim, x.w_0), s = arena_vec(claim_arena(claim), x.p.y.n);
    mat before = differential(claim, &x.p, w);
    double F_0 = lazy_gradient(&x.p, 1, w, x.grad), slope = norm(x.grad);
    lazy_step(&x.p, 1, length / slope, w, x.grad);
    mat after = differential(claim, &x.p, w);
    double F_1 = lazy_gradient(&x.p, 1, w, x.grad), size = norm(entries(before));
    c.of_differential = apart(entries(after), entries(before)) / size;
    c.of_objective = (F_0 - F_1) / F_0;
    c.bound = length * curvature_at(claim, rng, &x.p, x.w_0, 50) / size;
    c.kappa = kappa_at(claim, rng, &x.p, x.w_0, 50);
    route_singular(before, s);
    c.spread = size / s.at[s.n - 1];
    claim_arena(claim)->used = mark;
    return c;
}

/* A chain of `depth` linear units, h(w) = w_1 ... w_depth, at (t, ..., t), with y = 9:
 * all gradients go along (1, ..., 1), the direction in which Dh changes most. */
static struct world chain(struct claim *claim, struct rng *rng, int depth, double t)
{
    struct world x =
        world_make(claim, rng,
                   mlp_make(depth, (int[]){1, 1, 1, 1}, LINEAR, STANDARD, false), 1);
    x.p.X.at[0] = 1;
    x.p.y.at[0] = 9;
    fill(t, x.w_0);
    return x;
}

enum { DRAWS = 20 };

CLAIM(lazy_derivative, BOUND,
      "To first order in eta, a step changes Dh by at most eta ||grad F|| ||D^2h||, "
      "relative to ||Dh||")
{
    struct rng rng = claim_rng(claim, 0);
    double most = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        struct world x = world_make(claim, &rng, tanh_net(6), 4);
        struct changes c = changes_in_step(claim, &rng, x, 1e-5);
        most = worst(most, c.of_differential / c.bound);
    }
    /* The next order adds length ||D^3h|| / 2 ||D^2h||: 1e-5 times a number for which
     * 100 is much.  For the chain, 1e-5 / 2t at most. */
    double limit = 1 + 1e-3, t = 1;
    struct changes small = changes_in_step(claim, &rng, chain(claim, &rng, 3, t), 1e-5);
    /* Along (1, 1, 1) Dh grows as t^2: by 2 t s + s^2 in steps of s = length / sqrt 3
     * each, (1 + s / 2t) times the first order. */
    struct changes large =
        changes_in_step(claim, &rng, chain(claim, &rng, 3, t), 2 * t * sqrt(3));
    evidence(claim, "change over bound, random networks", at_most(most, limit));
    evidence(claim, "the same, a chain of linear units",
             at_most(small.of_differential / small.bound, limit));
    evidence(claim, "and that one attains it",
             at_least(small.of_differential / small.bound, 2 - limit));
    control(claim, "the chain, a long step",
            at_most(large.of_differential / large.bound, limit));
}

/* Two examples with nearly the same inputs, (1, 0.03) and (1, -0.03), and targets for
 * which the residual is (1, -1): it is almost orthogonal to what h can do. */
static struct world twins(struct claim *claim, struct rng *rng)
{
    struct world x =
        world_make(claim, rng, mlp_make(2, (int[]){2, 10, 1}, LINEAR, TANGENT, false),
                   2);
    copy((vec){4, (double[]){1, 0.03, 1, -0.03}}, entries(x.p.X));
    lazy_output(&x.p, x.w_0, x.p.y);
    x.p.y.at[0] -= 1;
    x.p.y.at[1] += 1;
    return x;
}

CLAIM(lazy_bound, BOUND,
      "In a small step, the relative change of Dh over that of F is at most kappa_h / "
      "2 times ||Dh|| / s, with s the least singular value of Dh; for one example of "
      "a chain of two linear units it is kappa_h / 2")
{
    struct rng rng = claim_rng(claim, 0);
    double most = 0, limit = 1 + 1e-3; /* as above; F's next order is no larger */
    for (int draw = 0; draw < DRAWS; draw++) {
        struct world x = world_make(claim, &rng, tanh_net(6), 4);
        struct changes c = changes_in_step(claim, &rng, x, 1e-5);
        double ratio = c.of_differential / c.of_objective;
        most = worst(most, ratio / (c.kappa / 2 * c.spread));
    }
    struct changes one = changes_in_step(claim, &rng, chain(claim, &rng, 2, 1), 1e-5);
    struct changes two = changes_in_step(claim, &rng, twins(claim, &rng), 1e-5);
    double exact = one.of_differential / one.of_objective / one.kappa;
    double hidden = two.of_differential / two.of_objective / two.kappa;
    evidence(claim, "ratio over bound, random networks", at_most(most, limit));
    evidence(claim, "ratio over kappa / 2, a chain", at_most(2 * exact, limit));
    evidence(claim, "the same, from below", at_least(2 * exact, 2 - limit));
    control(claim, "kappa / 2 alone, twin examples", at_most(2 * hidden, limit));
    control(claim, "as printed, kappa for the chain", at_least(exact, 2 - limit));
}

/* ---- The scale ----------------------------------------------------------------------
 */

enum { STEPS = 100, ALPHAS = 5 };
static const double eta = 0.05;

/* What descent on F_alpha and on its linearization did, at worst, in STEPS steps. */
struct run {
    double moved;        /* ||w - w_0||                                            */
    double apart;        /* ||w - w_bar||                                          */
    double outputs;      /* alpha ||h(w) - h_bar(w_bar)||                          */
    double from_line;    /* ||h(w) - h(w_0) - Dh(w_0) (w - w_0)|| / ||h(w) - h(w_0)|| */
    double differential; /* ||Dh(w) - Dh(w_0)|| / ||Dh(w_0)||, at the end        */
    double loss;         /* what is left of alpha^2 F_alpha at the end             */
    double off_law;      /* |alpha^2 F_alpha - that of the linearization|          */
};

static struct run run_both(struct claim *claim, struct world x, double alpha)
{
    size_t mark = claim_arena(claim)->used;
    struct arena *arena = claim_arena(claim);
    struct run run = {0};
    struct lazy_linear line = lazy_linearize(arena, &x.p, x.w_0);
    vec w = copy_of(claim, x.w_0), v = arena_vec(arena, w.n), d = arena_vec(arena, w.n);
    vec h = arena_vec(arena, x.p.y.n), r = arena_vec(arena, x.p.y.n);
    double first = 0;
    for (int k = 0; k < STEPS; k++) {
        double risk = lazy_gradient(&x.p, alpha, w, x.grad) * alpha * alpha;
        gd_update(eta, x.grad, w);
        lazy_linear_step(&line, x.p.y, alpha, eta, v, r);
        run.off_law = worst(run.off_law, fabs(risk - dot(r, r) / 2));
        if (k == 0)
            first = risk;
        run.loss = risk / first;

        copy(w, d);
        axpy(-1, x.w_0, d);
        run.moved = worst(run.moved, norm(d));
        run.apart = worst(run.apart, apart(d, v));
        lazy_output(&x.p, w, h);
        lazy_linear_output(&line, v, r);
        run.outputs = worst(run.outputs, alpha * apart(h, r));
        lazy_linear_output(&line, d, r);
        run.from_line = worst(run.from_line, apart(h, r) / apart(h, line.h_0));
    }
    mat J = differential(claim, &x.p, w);
    run.differential = apart(entries(J), entries(line.J)) / norm(entries(line.J));
    claim_arena(claim)->used = mark;
    return run;
}

/* In w = w_0 + v / alpha, descent on F_alpha is a step map that is smooth in v and in
 * 1 / alpha: what is of order alpha^-p is alpha^-p times a series in 1 / alpha.  From
 * alpha = 256 on, HALF allows its second coefficient to be 25 times the first. */
static const double FROM = 256;

/* The powers of alpha, from FROM by factors of 4, with which the parts of a run change.
 */
struct powers {
    struct fit moved, apart, outputs, from_line, differential, off_law;
};

static struct powers powers_of_alpha(struct claim *claim, struct world x)
{
    double alpha[ALPHAS], part[6][ALPHAS];
    for (int i = 0; i < ALPHAS; i++) {
        alpha[i] = FROM * pow(4, i);
        struct run r = run_both(claim, x, alpha[i]);
        const double parts[] = {r.moved,     r.apart,        r.outputs,
                                r.from_line, r.differential, r.off_law};
        for (int j = 0; j < 6; j++)
            part[j][i] = parts[j];
    }
    struct fit fit[6];
    for (int j = 0; j < 6; j++)
        fit[j] = fit_power(ALPHAS, alpha, part[j]);
    return (struct powers){fit[0], fit[1], fit[2], fit[3], fit[4], fit[5]};
}

static struct world centered_world(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    struct world x = world_make(claim, &rng, tanh_net(40), 8);
    lazy_center(&x.p, x.w_0);
    return x;
}

/* h(w_0) is 0.3 or -0.3, as the target is positive or negative. */
static struct world shifted_world(struct claim *claim)
{
    struct world x = centered_world(claim);
    for (int i = 0; i < x.p.y.n; i++)
        x.p.offset.at[i] -= copysign(0.3, x.p.y.at[i]);
    return x;
}

CLAIM(lazy_linearized, IDENTITY,
      "On the linearization the residual alpha h - y after k steps is (I - eta K)^k "
      "times the first one, for every alpha, with K the tangent kernel")
{
    struct arena *arena = claim_arena(claim);
    struct world x = centered_world(claim);
    int n = x.p.y.n;
    struct lazy_linear line = lazy_linearize(arena, &x.p, x.w_0);
    vec v = arena_vec(arena, x.w_0.n), r = arena_vec(arena, n), a = arena_vec(arena, n);
    vec y_tilde = arena_vec(arena, n), law = arena_vec(arena, n);
    mat ones = arena_mat(arena, n, 1), K = arena_mat(arena, n, n),
        Q = arena_mat(arena, n, n);
    for (int k = 0; k <= STEPS; k++)
        lazy_linear_step(&line, x.p.y, 3, eta, v, r);
    fill(1, entries(ones));
    mlp_forward(&x.p.net, x.w_0, x.p.X, &x.p.pass);
    mlp_backward(&x.p.net, x.w_0, ones, &x.p.pass);
    mlp_kernel(&x.p.net, &x.p.pass, &x.p.pass, arena, K);
    route_eigen(K, a, Q);
    gemtv(-1, Q, x.p.y, 0, y_tilde);
    for (int j = 0; j < n; j++)
        y_tilde.at[j] *= pow(1 - eta * a.at[j], STEPS);
    gemv(1, Q, y_tilde, 0, law);
    /* Each step sums P products for each output; eta K is below 2, so nothing grows. */
    double limit = rounding(x.w_0.n * STEPS, norm(x.p.y));
    evidence(claim, "residual after 100 steps, to law", at_most(apart(r, law), limit));

    vec w = copy_of(claim, x.w_0);
    for (int k = 0; k <= STEPS; k++)
        lazy_step(&x.p, 3, eta, w, x.grad);
    control(claim, "the network itself, alpha = 3",
            at_most(apart(entries(x.p.residual), law), limit));
}

/* For the figure, with the powers of alpha that go through the last points. */
static void record_run(struct claim *claim, struct world x)
{
    static const double last = 1024;
    struct series s = series_begin(claim, "scale", "alpha", "moved", "apart", "outputs",
                                   "moved_law", "apart_law", "outputs_law", NULL);
    struct run end = run_both(claim, x, last);
    for (int i = -2; i <= 20; i++) {
        double alpha = pow(2, 0.5 * i), less = last / alpha;
        struct run r = run_both(claim, x, alpha);
        series_row(&s, (double[]){alpha, r.moved, r.apart, r.outputs, end.moved * less,
                                  end.apart * less * less, end.outputs * less});
    }
    series_end(&s);
}

CLAIM(lazy_scale, RATE,
      "If h(w_0) = 0, descent on F_alpha moves w by O(1/alpha), stays within "
      "O(1/alpha^2) of the linearized descent, and alpha h within O(1/alpha)")
{
    struct world x = centered_world(claim);
    struct powers p = powers_of_alpha(claim, x);
    struct powers q = powers_of_alpha(claim, shifted_world(claim));
    evidence(claim, "distance moved, power of alpha", slope_is(p.moved, -1, HALF, 1));
    evidence(claim, "distance of the two paths", slope_is(p.apart, -2, HALF, 1));
    evidence(claim, "distance of outputs, times alpha",
             slope_is(p.outputs, -1, HALF, 1));
    control(claim, "h(w_0) = +-0.3: distance moved", slope_is(q.moved, -1, HALF, 1));
    control(claim, "h(w_0) = +-0.3: the two paths", slope_is(q.apart, -2, HALF, 1));
    control(claim, "h(w_0) = +-0.3: outputs", slope_is(q.outputs, -1, HALF, 1));
    record_run(claim, x);
}

CLAIM(lazy_linear_in_w, RATE,
      "In the lazy regime the output is linear in w - w_0: of what alpha (h(w) - "
      "h(w_0)) is, the tangent plane misses a share of O(1/alpha)")
{
    evidence(claim, "share missed, power of alpha",
             slope_is(powers_of_alpha(claim, centered_world(claim)).from_line, -1, HALF,
                      1));
    control(claim, "h(w_0) = +-0.3",
            slope_is(powers_of_alpha(claim, shifted_world(claim)).from_line, -1, HALF,
                     1));
}

CLAIM(lazy_features, RATE,
      "The loss falls along the same curve for every large alpha, that of the "
      "linearization, and Dh changes by O(1/alpha) meanwhile")
{
    struct world x = centered_world(claim);
    struct powers p = powers_of_alpha(claim, x);
    struct powers q = powers_of_alpha(claim, shifted_world(claim));
    evidence(claim, "loss off the linearized one", slope_is(p.off_law, -1, HALF, 1));
    evidence(claim, "relative change of Dh", slope_is(p.differential, -1, HALF, 1));
    control(claim, "h(w_0) = +-0.3: loss", slope_is(q.off_law, -1, HALF, 1));
    control(claim, "h(w_0) = +-0.3: Dh", slope_is(q.differential, -1, HALF, 1));
}

/* ---- Homogeneous networks -----------------------------------------------------------
 */

/* After 50 steps: the largest difference between descent from lambda w_0 with rate eta,
 * and lambda times descent on F_alpha from w_0 with rate lambda^(2q-2) eta, alpha =
 * lambda^q. */
static double gap_of_flows(struct claim *claim, struct mlp net, int q, double lambda)
{
    struct rng rng = claim_rng(claim, 0);
    struct world x = world_make(claim, &rng, net, 6);
    vec w = copy_of(claim, x.w_0), u = copy_of(claim, x.w_0);
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

CLAIM(lazy_homogeneous, IDENTITY,
      "If h is q-homogeneous, descent from lambda w_0 is lambda times descent on "
      "F_alpha from w_0, alpha = lambda^q, in the time lambda^(2q-2) t")
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
static struct world linear_world(struct claim *claim, bool paired)
{
    struct rng rng = claim_rng(claim, 0);
    struct world x =
        world_make(claim, &rng, mlp_make(2, (int[]){4, 10, 1}, LINEAR, TANGENT, false),
                   4);
    rng_rotation(&rng, claim_arena(claim), x.p.X);
    if (paired)
        lazy_pair(&x.p.net, x.w_0);
    return x;
}

/* Its ||D^2h|| / ||Dh||^2 in closed form: with c the product of the multipliers, Dh at
 * (W, a) has the squared norm c^2 (||W||^2 + 4 ||a||^2). */
static double closed_form(struct world x)
{
    vec W = entries(mlp_weights(&x.p.net, x.w_0, 0)),
        a = entries(mlp_weights(&x.p.net, x.w_0, 1));
    double c = x.p.net.multiplier[0] * x.p.net.multiplier[1];
    return 2 * c / (c * c * (dot(W, W) + 4 * dot(a, a)));
}

/* kappa_h(lambda w_0). */
static double kappa_scaled(struct claim *claim, struct world x, double lambda)
{
    struct rng rng = claim_rng(claim, 1);
    vec w = copy_of(claim, x.w_0);
    scale(lambda, w);
    return kappa_at(claim, &rng, &x.p, w, 30);
}

/* The difference quotient in D^2h divides sums of 10 products by a step of eps^(1/3);
 * power iteration has lost the rest, of which each iteration leaves a quarter. */
static double limit_of_kappa(double lambda)
{
    return rounding(10, 1) / cbrt(DBL_EPSILON) * fmax(1, lambda);
}

CLAIM(lazy_kappa_scaled, IDENTITY,
      "If h is q-homogeneous, kappa_h(lambda w_0) = lambda^-q ||lambda^q h(w_0) - y|| "
      "||D^2h(w_0)|| / ||Dh(w_0)||^2")
{
    struct world x = linear_world(claim, false);
    vec h = arena_vec(claim_arena(claim), 4);
    double most = 0, off = 0;
    for (int k = -3; k <= 3; k++) {
        double lambda = pow(3, k);
        lazy_output(&x.p, x.w_0, h);
        scale(lambda * lambda, h);
        axpy(-1, x.p.y, h);
        double law = norm(h) / (lambda * lambda) * closed_form(x);
        double kappa = kappa_scaled(claim, x, lambda);
        most = worst(most, fabs(kappa / law - 1) / limit_of_kappa(lambda));
        off = worst(off,
                    fabs(kappa_scaled(claim, x, 1) / law - 1) / limit_of_kappa(lambda));
    }
    evidence(claim, "gap to law, of its limit", at_most(most, 1));
    control(claim, "as printed, kappa_h(w_0)", at_most(off, 1));
}

enum { LAMBDAS = 9 };

static struct fit power_of_lambda(struct claim *claim, struct world x)
{
    double lambda[LAMBDAS], kappa[LAMBDAS];
    for (int i = 0; i < LAMBDAS; i++) {
        lambda[i] = pow(2, i + 1);
        kappa[i] = kappa_scaled(claim, x, lambda[i]);
    }
    return fit_power(LAMBDAS, lambda, kappa);
}

CLAIM(lazy_large_start, RATE,
      "If moreover h(w_0) = 0, kappa_h(lambda w_0) falls as lambda^-q; if not, it "
      "tends to ||h|| ||D^2h|| / ||Dh||^2 at w_0")
{
    struct world paired = linear_world(claim, true),
                 generic = linear_world(claim, false);
    vec h = arena_vec(claim_arena(claim), 4);
    lazy_output(&generic.p, generic.w_0, h);
    double last = pow(2, LAMBDAS), end = norm(h) * closed_form(generic);
    /* | ||lambda^2 h - y|| / lambda^2 - ||h|| | <= ||y|| / lambda^2 */
    double most = norm(generic.p.y) / (last * last * norm(h)) + limit_of_kappa(last);
    evidence(claim, "h(w_0) = 0: power of lambda",
             slope_is(power_of_lambda(claim, paired), -2, 1e-3, 1));
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
static struct world planar_world(struct claim *claim, bool paired)
{
    enum { POINTS = 16 };
    struct rng rng = claim_rng(claim, 0);
    struct mlp teacher = mlp_make(2, (int[]){2, 3, 1}, RELU, STANDARD, false);
    struct world x =
        world_make(claim, &rng, mlp_make(2, (int[]){2, 40, 1}, RELU, TANGENT, false),
                   POINTS);
    for (int i = 0; i < POINTS; i++) {
        double angle = 2 * acos(-1) * i / POINTS;
        row(x.p.X, i).at[0] = cos(angle);
        row(x.p.X, i).at[1] = sin(angle);
    }
    struct world taught = world_make(claim, &rng, teacher, POINTS);
    copy(entries(x.p.X), entries(taught.p.X));
    lazy_output(&taught.p, taught.w_0, x.p.y);
    if (paired)
        lazy_pair(&x.p.net, x.w_0);
    return x;
}

enum { STRETCHES = 40 };

/* |a| w of neuron r. */
static void arrow(struct world x, vec w, int r, double *at)
{
    for (int j = 0; j < 2; j++)
        at[j] = fabs(layer(x, w, 1).at[r]) * row(mlp_weights(&x.p.net, w, 0), r).at[j];
}

/* For the figure: the arrow of every neuron, in units of the longest at the end, at the
 * start and after each stretch of so many steps, with a line of NaNs between two. */
static void record_neurons(struct claim *claim, struct world x, const char *name,
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
        unit = fmax(unit, hypot(at[0], at[1]));
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
static struct fit power_of_tau(struct claim *claim, struct world x)
{
    enum { TAUS = 5 };
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
    return fit_power(TAUS, tau, moved);
}

CLAIM(lazy_neurons, RATE,
      "From tau w_0 with h(w_0) = 0 the neurons of a two-layer ReLU network move, "
      "relative to their size, by O(tau^-2) in the time in which the loss falls")
{
    struct world x = planar_world(claim, true);
    /* The next order is tau^-2 of the first, 1/256 at most: HALF allows 25 of it. */
    evidence(claim, "relative move, power of tau",
             slope_is(power_of_tau(claim, x), -2, HALF, 1));
    control(claim, "h(w_0) is not 0",
            slope_is(power_of_tau(claim, planar_world(claim, false)), -2, HALF, 1));
    record_neurons(claim, x, "small", 0.1, 0.1, 10);
    record_neurons(claim, x, "large", 2, 0.025, 20);
}

/* ---- Width --------------------------------------------------------------------------
 */

enum { WIDTHS = 5, REPEATS = 20 };

/* kappa_h at a start with this many hidden units whose outputs cancel in pairs: normal
 * weights, signs for the output. */
static double kappa_of_width(struct claim *claim, struct rng *rng, mat X, vec y,
                             int width, enum scaling scaling)
{
    struct mlp net = mlp_make(2, (int[]){X.cols, width, 1}, TANH, scaling, false);
    struct lazy p = lazy_make(claim_arena(claim), &net, X, y);
    vec w_0 = normal_vec(claim, rng, mlp_parameters(&net)),
        a = entries(mlp_weights(&net, w_0, 1));
    for (int r = 0; r < a.n; r++)
        a.at[r] = copysign(1, a.at[r]);
    lazy_pair(&net, w_0);
    return kappa_at(claim, rng, &p, w_0, 20);
}

/* The power of the width, from 64 to 1024, with which it falls on the same data.  The
 * most curved of m units is more curved if m is larger, but bounded, as tanh' and
 * tanh'' are: that raises the power by less than 0.005, far inside the interval. */
static double power_of_width(struct claim *claim, int replicate, enum scaling scaling)
{
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    mat X = normal_mat(claim, &rng, 3, 2);
    vec y = normal_vec(claim, &rng, 3);
    double width[WIDTHS], kappa[WIDTHS];
    for (int i = 0; i < WIDTHS; i++) {
        width[i] = 64 << i;
        kappa[i] = kappa_of_width(claim, &rng, X, y, 64 << i, scaling);
    }
    claim_arena(claim)->used = mark;
    return fit_power(WIDTHS, width, kappa).slope;
}

CLAIM(lazy_kappa_width, RATE,
      "With outputs divided by the root of the width m, kappa_h falls as m^-1/2; "
      "divided by m, it does not fall")
{
    double tangent[REPEATS], mean_field[REPEATS];
    for (int k = 0; k < REPEATS; k++) {
        tangent[k] = power_of_width(claim, k, TANGENT);
        mean_field[k] = power_of_width(claim, k, MEAN_FIELD);
    }
    evidence(claim, "over sqrt m: power of m", slopes_are(REPEATS, tangent, -0.5, 0.5));
    evidence(claim, "over m: power of m", slopes_are(REPEATS, mean_field, 0, 0.5));
    control(claim, "over m, as if over sqrt m",
            slopes_are(REPEATS, mean_field, -0.5, 0.5));
}

/* ---- The same function, other gradients ---------------------------------------------
 */

CLAIM(lazy_relu, IDENTITY, "relu(c x) = c relu(x) for every c > 0, and only for these")
{
    enum { N = 1000 };
    struct rng rng = claim_rng(claim, 0);
    static const double factors[] = {5, 0.3, -5};
    double gap[4];
    vec slope = arena_vec(claim_arena(claim), N);
    for (int k = 0; k < 4; k++) {
        double c = factors[k % 3];
        enum activation activation = k < 3 ? RELU : TANH;
        vec x = normal_vec(claim, &rng, N), cx = copy_of(claim, x);
        scale(c, cx);
        activate(activation, x, slope);
        scale(c, x);
        activate(activation, cx, slope);
        gap[k] = apart(x, cx);
    }
    /* Both multiply the same two numbers, or take 0. */
    evidence(claim, "c = 5, gap over 1000 numbers", at_most(gap[0], 0));
    evidence(claim, "c = 0.3", at_most(gap[1], 0));
    control(claim, "c = -5", at_most(gap[2], 0));
    control(claim, "tanh, c = 5", at_most(gap[3], 0));
}

/* A ReLU network of 12 units on 8 examples, and a start. */
static struct world relu_world(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    return world_make(claim, &rng, mlp_make(2, (int[]){3, 12, 1}, RELU, TANGENT, false),
                      8);
}

/* The gradient of the loss at w. */
static vec gradient_at(struct claim *claim, struct world x, vec w)
{
    vec grad = arena_vec(claim_arena(claim), w.n);
    lazy_gradient(&x.p, 1, w, grad);
    return grad;
}

/* || x - c y || / || x || */
static double off_ratio(struct claim *claim, vec x, double c, vec y)
{
    vec d = copy_of(claim, x);
    axpy(-c, y, d);
    return norm(d) / norm(x);
}

CLAIM(lazy_rescaled_gradient, IDENTITY,
      "With (c W, a / c) in place of (W, a) a ReLU network is the same function, but "
      "the gradient in the first layer is 1/c, in the second c times what it was")
{
    enum { C = 5 };
    struct world x = relu_world(claim);
    vec w = copy_of(claim, x.w_0), h = arena_vec(claim_arena(claim), 8),
        same = arena_vec(claim_arena(claim), 8);
    lazy_output(&x.p, x.w_0, same);
    lazy_rescale(&x.p.net, C, w);
    lazy_output(&x.p, w, h);
    vec before = gradient_at(claim, x, x.w_0), after = gradient_at(claim, x, w);
    /* Sums of 3, 12 and 8 products, of terms that are no larger than C times those of
     * the whole by more than cancellation in h - y makes them: a factor 100 of room. */
    double limit = rounding(3 + 12 + 8, 100 * C);
    evidence(claim, "outputs, relative gap",
             at_most(off_ratio(claim, h, 1, same), limit));
    evidence(claim, "gradient of W, to 1/5 of it",
             at_most(off_ratio(claim, layer(x, after, 0), 1.0 / C, layer(x, before, 0)),
                     limit));
    evidence(claim, "gradient of a, to 5 times it",
             at_most(off_ratio(claim, layer(x, after, 1), C, layer(x, before, 1)),
                     limit));

    /* As the slide writes it, the 5 stays outside of the weights. */
    x.p.net.multiplier[0] *= C;
    vec inner = gradient_at(claim, x, x.w_0);
    x.p.net.multiplier[0] /= C;
    x.p.net.multiplier[1] *= C;
    vec outer = gradient_at(claim, x, x.w_0);
    control(claim, "as printed: a factor, W",
            at_most(off_ratio(claim, layer(x, outer, 0), 1.0 / C, layer(x, inner, 0)),
                    limit));
    control(claim, "as printed: a factor, a",
            at_most(off_ratio(claim, layer(x, outer, 1), C, layer(x, inner, 1)),
                    limit));
}

enum method { DESCENT, ADAM, MUON };

/* A rate at which descent is stable also where one layer is 4 times too large. */
static const double SLOW = 1.0 / 1024;

/* Runs 40 steps of an optimizer with a rate for each of the two layers.  w: moved. */
static void run_method(struct claim *claim, struct world x, enum method method,
                     double rate_W, double rate_a, vec w)
{
    struct arena *arena = claim_arena(claim);
    const double rate[] = {rate_W, rate_a};
    struct adam adam[2];
    struct muon muon[2];
    for (int l = 0; l < 2; l++) {
        mat W = mlp_weights(&x.p.net, w, l);
        adam[l] = adam_make(arena, entries(W).n, 0.9, 0.99, 0);
        muon[l] = muon_make(arena, W.rows, W.cols, 0.9);
    }
    for (int k = 0; k < 40; k++) {
        lazy_gradient(&x.p, 1, w, x.grad);
        for (int l = 0; l < 2; l++) {
            mat G = mlp_weights(&x.p.net, x.grad, l), W = mlp_weights(&x.p.net, w, l);
            if (method == DESCENT)
                gd_update(rate[l], entries(G), entries(W));
            else if (method == ADAM)
                adam_step(&adam[l], rate[l], entries(G), entries(W));
            else
                muon_step(&muon[l], rate[l], G, arena, W);
        }
    }
}

/* The same function twice, as (W, a) and as (4 W, a / 4), after 40 steps with the rates
 * (eta, eta) and (eta_W, eta_a) eta: the largest difference between the weights, those
 * of the second taken back to the scale of the first.  4 is a power of 2, so that
 * nothing rounds that did not round before. */
static double gap_of_runs(struct claim *claim, enum method method, double eta_W,
                          double eta_a)
{
    enum { C = 4 };
    struct world x = relu_world(claim);
    vec w = copy_of(claim, x.w_0), u = copy_of(claim, x.w_0);
    lazy_rescale(&x.p.net, C, u);
    run_method(claim, x, method, SLOW, SLOW, w);
    run_method(claim, x, method, eta_W * SLOW, eta_a * SLOW, u);
    lazy_rescale(&x.p.net, 1.0 / C, u);
    axpy(-1, w, u);
    return max_norm(u);
}

CLAIM(
    lazy_multiplier, IDENTITY,
    "w_2 relu(5 w_1 x) and 5 w_2 relu(w_1 x) are the same function of (w_1, w_2), and "
    "every optimizer takes the same path on both")
{
    static const char *const names[] = {"descent, gap of the paths", "Adam", "Muon"};
    static const char *const absorbed[] = {"4 within the weights: descent",
                                           "the same, Adam", "the same, Muon"};
    /* With a power of 2 for the 5, both compute the same numbers. */
    for (int k = 0; k < 3; k++) {
        struct world inner = relu_world(claim), outer = relu_world(claim);
        inner.p.net.multiplier[0] *= 4;
        outer.p.net.multiplier[1] *= 4;
        vec w = copy_of(claim, inner.w_0), u = copy_of(claim, inner.w_0);
        run_method(claim, inner, (enum method)k, SLOW, SLOW, w);
        run_method(claim, outer, (enum method)k, SLOW, SLOW, u);
        axpy(-1, w, u);
        evidence(claim, names[k], at_most(max_norm(u), 0));
        control(claim, absorbed[k],
                at_most(gap_of_runs(claim, (enum method)k, 1, 1), 0));
    }
}

CLAIM(lazy_rescaled_descent, IDENTITY,
      "Gradient descent takes (W, a) and (c W, a / c) along the same functions if the "
      "rates of the layers are multiplied by c^2 and 1/c^2, and not with equal rates")
{
    evidence(claim, "rates times 16, 1/16: gap of runs",
             at_most(gap_of_runs(claim, DESCENT, 16, 1.0 / 16), 0));
    control(claim, "the same rates", at_most(gap_of_runs(claim, DESCENT, 1, 1), 0));
    control(claim, "rates times 4, 1/4",
            at_most(gap_of_runs(claim, DESCENT, 4, 1.0 / 4), 0));
}

CLAIM(lazy_rescaled_adam, IDENTITY,
      "Adam with epsilon = 0, and Muon, take both along the same functions if the "
      "rates are multiplied by c and 1/c, and not with equal rates")
{
    evidence(claim, "Adam, rates times 4, 1/4",
             at_most(gap_of_runs(claim, ADAM, 4, 1.0 / 4), 0));
    evidence(claim, "Muon, rates times 4, 1/4",
             at_most(gap_of_runs(claim, MUON, 4, 1.0 / 4), 0));
    control(claim, "Adam, the same rates", at_most(gap_of_runs(claim, ADAM, 1, 1), 0));
    control(claim, "Muon, the same rates", at_most(gap_of_runs(claim, MUON, 1, 1), 0));
    control(claim, "Adam, descent's: times 16, 1/16",
            at_most(gap_of_runs(claim, ADAM, 16, 1.0 / 16), 0));
    control(claim, "Muon, descent's: times 16, 1/16",
            at_most(gap_of_runs(claim, MUON, 16, 1.0 / 16), 0));
}

/* ---- The first layer of a wide network ----------------------------------------------
 */

/* ||df/dW_0|| at a start of one hidden layer of ReLU. */
static double first_gradient(struct claim *claim, struct rng *rng, mat x, int width,
                             enum lazy_start start)
{
    size_t mark = claim_arena(claim)->used;
    struct mlp net = mlp_make(2, (int[]){x.cols, width, 1}, RELU, STANDARD, false);
    vec w = arena_vec(claim_arena(claim), mlp_parameters(&net)),
        grad = arena_vec(claim_arena(claim), w.n);
    struct mlp_pass pass = mlp_pass_make(claim_arena(claim), &net, 1);
    lazy_draw(&net, start, rng, w);
    mlp_forward(&net, w, x, &pass);
    mlp_backward(&net, w, (mat){1, 1, (double[]){1}}, &pass);
    mlp_gradient(&net, &pass, grad);
    double size = norm(entries(mlp_weights(&net, grad, 0)));
    claim_arena(claim)->used = mark;
    return size;
}

/* The powers of the width in ||df/dW_0|| and in the root mean square of its entries,
 * over the widths 256 to 4096. */
struct width_powers {
    double whole[2 * REPEATS], entry[2 * REPEATS];
    double squares[WIDTHS]; /* the mean of ||df/dW_0||^2, for the figure */
};

static struct width_powers width_powers(struct claim *claim, enum lazy_start start)
{
    struct width_powers p = {.squares = {0}};
    for (int k = 0; k < 2 * REPEATS; k++) {
        struct rng rng = claim_rng(claim, (uint64_t)(2 * k + start));
        mat x = normal_mat(claim, &rng, 1, 5);
        double width[WIDTHS], whole[WIDTHS], entry[WIDTHS];
        for (int i = 0; i < WIDTHS; i++) {
            width[i] = 256 << i;
            whole[i] = first_gradient(claim, &rng, x, 256 << i, start);
            entry[i] = whole[i] / sqrt(5 * width[i]);
            p.squares[i] += whole[i] * whole[i] / (2 * REPEATS);
        }
        p.whole[k] = fit_power(WIDTHS, width, whole).slope;
        p.entry[k] = fit_power(WIDTHS, width, entry).slope;
    }
    return p;
}

/* For the figure: root mean squares, and their law.  Of the units half are active, the
 * mean of ||x||^2 is 5, and that of a_r^2 is 1/m or 1/m^2. */
static void record_widths(struct claim *claim, struct width_powers standard,
                          struct width_powers maximal)
{
    struct series s =
        series_begin(claim, "width", "m", "standard", "standard_entry", "maximal",
                     "maximal_entry", "law_0", "law_1", "law_2", NULL);
    for (int i = 0; i < WIDTHS; i++) {
        double m = 256 << i, norm_1 = sqrt(standard.squares[i]),
               norm_2 = sqrt(maximal.squares[i]);
        series_row(&s, (double[]){m, norm_1, norm_1 / sqrt(5 * m), norm_2,
                                  norm_2 / sqrt(5 * m), sqrt(5.0 / 2),
                                  sqrt(5.0 / 2 / m), sqrt(1.0 / 2) / m});
    }
    series_end(&s);
}

CLAIM(lazy_first_layer, RATE,
      "At a standard start the entries of the first layer's gradient shrink with the "
      "width as m^-1/2 and its norm not at all; under maximal update as 1/m and m^-1/2")
{
    enum { N = 2 * REPEATS };
    struct width_powers standard = width_powers(claim, STANDARD_START);
    struct width_powers maximal = width_powers(claim, MAXIMAL_UPDATE);
    evidence(claim, "standard: entries", slopes_are(N, standard.entry, -0.5, 0.5));
    evidence(claim, "standard: norm", slopes_are(N, standard.whole, 0, 0.5));
    evidence(claim, "maximal update: entries", slopes_are(N, maximal.entry, -1, 0.5));
    evidence(claim, "maximal update: norm", slopes_are(N, maximal.whole, -0.5, 0.5));
    control(claim, "standard: norm, as said of entries",
            slopes_are(N, standard.whole, -0.5, 0.5));
    control(claim, "maximal: entries, as if standard",
            slopes_are(N, maximal.entry, -0.5, 0.5));
    record_widths(claim, standard, maximal);
}

CHAPTER(lazy_training, &lazy_first_step, &lazy_derivative, &lazy_bound, &lazy_linearized,
        &lazy_scale, &lazy_linear_in_w, &lazy_features, &lazy_homogeneous, &lazy_kappa_scaled,
        &lazy_large_start, &lazy_neurons, &lazy_kappa_width, &lazy_relu, &lazy_multiplier,
        &lazy_rescaled_gradient, &lazy_rescaled_descent, &lazy_rescaled_adam, &lazy_first_layer)
