#include "ground/route_lapack.h"
#include "lazy_training/lazy_worlds.h"

#include <complex.h>
#include <math.h>

enum { ETAS = 5, REPEATS = 16 };

/* The powers of eta in what a step leaves beside F(w_0) - eta ||grad F||^2, and beside
 * two other sentences. */
struct first_step {
    double minus[REPEATS], plus[REPEATS], printed[REPEATS];
};

static void take_steps(struct claim *claim, int replicate, struct first_step *power)
{
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct problem x = problem_make(claim, &rng, tanh_net(40), 8);
    double etas[ETAS], minus[ETAS], plus[ETAS], printed[ETAS];
    for (int k = 0; k < ETAS; k++) {
        etas[k] = pow(10, -5.5 + 0.5 * k);
        vec w = copy_of(claim_arena(claim), x.w_0);
        double before = lazy_gradient(&x.p, 1, w, x.grad), eta = etas[k];
        double first = eta * dot(x.grad, x.grad);
        lazy_step(&x.p, 1, eta, w, x.grad);
        double after = lazy_gradient(&x.p, 1, w, x.grad);
        minus[k] = fabs(after - (before - first));
        plus[k] = fabs(after - (before + first));
        printed[k] = fabs(after - first);
    }
    power->minus[replicate] = fit_power(ETAS, etas, minus).slope;
    power->plus[replicate] = fit_power(ETAS, etas, plus).slope;
    power->printed[replicate] = fit_power(ETAS, etas, printed).slope;
    claim_arena(claim)->used = mark;
}

CLAIM(lazy_first_step, RATE, "A step changes the objective by -eta ||grad F||^2")
{
    if (needs_double(claim, "rounding of F hides the square of a short step"))
        return;
    struct first_step power;
    for (int r = 0; r < REPEATS; r++)
        take_steps(claim, r, &power);
    /* The remainder is eta^2/2 g'Hg, and the next term of the series eta c of that, c
     * of the order of ||H||: here some tens.  The bias allows c to be 1/(10 eta) = 300.
     */
    double bias = 0.1;
    evidence(claim, "what is left, power of eta",
             slopes_near(REPEATS, power.minus, 2, bias, 1));
    control(claim, "as printed: F(w_1) = eta ||.||^2",
            slopes_near(REPEATS, power.printed, 2, bias, 1));
    control(claim, "F(w_0) + eta ||.||^2",
            slopes_near(REPEATS, power.plus, 2, bias, 1));
}

/* Relative changes in a step of this length along the gradient: of h's differential,
 * and of the objective; and what the lecture says of their first order. */
struct changes {
    double of_differential, of_objective;
    double bound;         /* eta ||grad F|| ||D^2h|| / ||Dh|| */
    double kappa, spread; /* kappa_h, and ||Dh|| / least singular value of Dh */
};

static struct changes changes_in_step(struct claim *claim, struct rng *rng,
                                      struct problem x, double length)
{
    size_t mark = claim_arena(claim)->used;
    struct changes c;
    vec w = copy_of(claim_arena(claim), x.w_0),
        s = arena_vec(claim_arena(claim), x.p.y.n);
    mat before = differential(claim, &x.p, w);
    double F_0 = lazy_gradient(&x.p, 1, w, x.grad), slope = norm(x.grad);
    lazy_step(&x.p, 1, length / slope, w, x.grad);
    mat after = differential(claim, &x.p, w);
    double F_1 = lazy_gradient(&x.p, 1, w, x.grad), size = norm(entries(before));
    c.of_differential = distance(entries(after), entries(before)) / size;
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
static struct problem chain(struct claim *claim, struct rng *rng, int depth, double t)
{
    struct problem x =
        problem_make(claim, rng,
                     mlp_make(depth, (int[]){1, 1, 1, 1}, LINEAR, STANDARD, false), 1);
    x.p.X.at[0] = 1;
    x.p.y.at[0] = 9;
    fill(t, x.w_0);
    return x;
}

enum { DRAWS = 20 };

/* The length of a step that shows the first order.  The next order's share of a change
 * is length ||D^3h|| / 2 ||D^2h||, the length times a number for which 100 is much; for
 * the chains below, length / 2.  That of rounding is 30 eps / length, for which in
 * single precision the step is longer. */
static double short_step(void) { return fmax(1e-5, sqrt(rounding(1, 1) / 100)); }

/* What the two may be together. */
static double share_off(void)
{
    return 100 * short_step() + rounding(1, 1) / short_step();
}

CLAIM(lazy_derivative, BOUND, "A step changes Dh by at most eta ||grad F|| ||D^2h||")
{
    struct rng rng = claim_rng(claim, 0);
    double most = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        struct problem x = problem_make(claim, &rng, tanh_net(6), 4);
        struct changes c = changes_in_step(claim, &rng, x, short_step());
        most = worst(most, c.of_differential / c.bound);
    }
    double limit = 1 + share_off(), t = 1;
    struct changes small =
        changes_in_step(claim, &rng, chain(claim, &rng, 3, t), short_step());
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

/* ---- The second derivative ------------------------------------------------------- */

/* phi(z), and its slope. */
static double complex unit_at(enum activation activation, double complex z,
                              double complex *slope)
{
    bool is_on = creal(z) > 0;
    switch (activation) {
    case RELU:
        *slope = is_on;
        return is_on ? z : 0;
    case TANH:
        *slope = 1 - ctanh(z) * ctanh(z);
        return ctanh(z);
    case SOFTPLUS:
        *slope = SOFTPLUS_A / (1 + cexp(-SOFTPLUS_BETA * z));
        return SOFTPLUS_A / SOFTPLUS_BETA * clog(1 + cexp(SOFTPLUS_BETA * z));
    default:
        *slope = 1;
        return z;
    }
}

enum { DEPTH = 4, WIDEST = 7 };

/* v'Hu for the output on x, number by number: at weights that are moved by 1e-30 i v,
 * its derivative along u is carried forward beside it. */
static double plain_second(const struct mlp *net, vec w, vec u, vec v, vec x)
{
    const double complex step = 1e-30 * I;
    double complex h[WIDEST], dh[WIDEST] = {0}, z[WIDEST], dz[WIDEST];
    for (int j = 0; j < x.n; j++)
        h[j] = x.at[j];
    for (int l = 0, at = 0; l < DEPTH; l++) {
        int in = net->width[l], out = net->width[l + 1], biases = at + in * out;
        for (int i = 0; i < out; i++) {
            z[i] = w.at[biases + i] + step * v.at[biases + i];
            dz[i] = u.at[biases + i];
            for (int j = 0; j < in; j++, at++) {
                double complex W = w.at[at] + step * v.at[at];
                z[i] += W * h[j] / sqrt(in);
                dz[i] += (W * dh[j] + u.at[at] * h[j]) / sqrt(in);
            }
        }
        at += out;
        for (int i = 0; i < out; i++) {
            double complex slope = 1;
            h[i] = l < DEPTH - 1 ? unit_at(net->activation, z[i], &slope) : z[i];
            dh[i] = slope * dz[i];
        }
    }
    return cimag(dh[0]) / 1e-30;
}

/* How far v'H_i u is off, for the worst example, and the sum of v'H_i u_i, with H_i by
 * the passes of x.w_0 that are differentiated at w. */
struct products {
    double rows, sum;
};

static struct products products_off(struct claim *claim, struct rng *rng,
                                    struct problem x, vec w)
{
    struct arena *arena = claim_arena(claim);
    int n = x.p.y.n, P = w.n;
    struct mlp_tangent tangent = mlp_tangent_make(arena, &x.p.net, n);
    vec v = normal_vec(arena, rng, P), sum = normal_vec(arena, rng, P);
    mat U = normal_mat(arena, rng, n, P), D = normal_mat(arena, rng, n, P);
    lazy_gradient(&x.p, 1, x.w_0, x.grad);
    fill(1, entries(x.p.residual));
    mlp_backward(&x.p.net, x.w_0, x.p.residual, &x.p.pass);
    mlp_tangent_at(&x.p.net, w, &x.p.pass, &tangent);
    mlp_tangent_along(&x.p.net, w, row_block(U, 0, 1), &x.p.pass, &tangent);
    mlp_tangent_rows(&x.p.net, &x.p.pass, &tangent, D);
    mlp_tangent_along(&x.p.net, w, U, &x.p.pass, &tangent);
    mlp_tangent_sum(&x.p.net, &x.p.pass, &tangent, sum);
    struct products off = {0, dot(sum, v)};
    for (int i = 0; i < n; i++) {
        vec at = row(x.p.X, i);
        double one = plain_second(&x.p.net, x.w_0, row(U, 0), v, at);
        off.rows = worst(off.rows, fabs(dot(row(D, i), v) - one));
        off.sum -= plain_second(&x.p.net, x.w_0, row(U, i), v, at);
    }
    off.sum = fabs(off.sum);
    return off;
}

CLAIM(lazy_second_derivative, IDENTITY,
      "Both passes, differentiated along u, give the products H_i u")
{
    enum { KINDS = 4, EXAMPLES = 5 };
    const enum activation kinds[KINDS] = {LINEAR, RELU, TANH, SOFTPLUS};
    struct products most = {0, 0}, stale = {INFINITY, INFINITY};
    int P = 0;
    for (int k = 0; k < KINDS; k++) {
        struct rng rng = claim_rng(claim, (uint64_t)k);
        struct mlp net =
            mlp_make(DEPTH, (int[]){3, WIDEST, 6, 5, 1}, kinds[k], TANGENT, true);
        struct problem x = problem_make(claim, &rng, net, EXAMPLES);
        vec other = copy_of(claim_arena(claim), x.w_0);
        scale(1.5, other);
        struct products off = products_off(claim, &rng, x, x.w_0);
        most.rows = worst(most.rows, off.rows), most.sum = worst(most.sum, off.sum);
        P = x.w_0.n;
        if (kinds[k] == RELU) /* whose units may all be off */
            continue;
        off = products_off(claim, &rng, x, other);
        stale.rows = smallest(stale.rows, off.rows);
        stale.sum = smallest(stale.sum, off.sum);
    }
    /* Each of the P parts of a product with v comes out of DEPTH layers of sums of
     * WIDEST terms, forward and back; an example's bends are below 5, each. */
    double limit = rounding(2 * DEPTH * WIDEST, 5 * sqrt(P) * EXAMPLES);
    evidence(claim, "v'H_i u less a complex step", at_most(most.rows, limit));
    evidence(claim, "the sum, u_i for each example", at_most(most.sum, limit));
    control(claim, "from 1.5 w: the rows", at_most(stale.rows, limit));
    control(claim, "the same, the sum", at_most(stale.sum, limit));
}

/* ---- The condition --------------------------------------------------------------- */

/* Two examples with nearly the same inputs, (1, 0.03) and (1, -0.03), and targets for
 * which the residual is (1, -1): it is almost orthogonal to what h can do. */
static struct problem twins(struct claim *claim, struct rng *rng)
{
    struct problem x =
        problem_make(claim, rng, mlp_make(2, (int[]){2, 10, 1}, LINEAR, TANGENT, false),
                     2);
    copy((vec){4, (real[]){1, 0.03, 1, -0.03}}, entries(x.p.X));
    lazy_output(&x.p, x.w_0, x.p.y);
    x.p.y.at[0] -= 1;
    x.p.y.at[1] += 1;
    return x;
}

/* One example of a network of 200 units of tanh: the gradient is spread over all of
 * them, and one unit alone is the most curved.  The residual is 1. */
static struct problem one_example(struct claim *claim, struct rng *rng)
{
    struct problem x = problem_make(claim, rng, tanh_net(200), 1);
    lazy_output(&x.p, x.w_0, x.p.y);
    x.p.y.at[0] -= 1;
    return x;
}

CLAIM(
    lazy_bound, BOUND,
    "The relative change of Dh over that of F is at most kappa_h / 2 times ||Dh|| / s")
{
    struct rng rng = claim_rng(claim, 0);
    double most = 0, limit = 1 + share_off(); /* F's next order is no larger */
    for (int draw = 0; draw < DRAWS; draw++) {
        struct problem x = problem_make(claim, &rng, tanh_net(6), 4);
        struct changes c = changes_in_step(claim, &rng, x, short_step());
        double ratio = c.of_differential / c.of_objective;
        most = worst(most, ratio / (c.kappa / 2 * c.spread));
    }
    double length = short_step();
    struct changes one = changes_in_step(claim, &rng, chain(claim, &rng, 2, 1), length);
    struct changes two = changes_in_step(claim, &rng, twins(claim, &rng), length);
    struct changes many =
        changes_in_step(claim, &rng, one_example(claim, &rng), length);
    double spread = many.of_differential / many.of_objective / many.kappa;
    double exact = one.of_differential / one.of_objective / one.kappa;
    double hidden = two.of_differential / two.of_objective / two.kappa;
    evidence(claim, "ratio over bound, random networks", at_most(most, limit));
    evidence(claim, "ratio over kappa / 2, a chain", at_most(2 * exact, limit));
    evidence(claim, "the same, from below", at_least(2 * exact, 2 - limit));
    control(claim, "kappa / 2 alone, twin examples", at_most(2 * hidden, limit));
    control(claim, "the same, 200 units of tanh", at_least(2 * spread, 2 - limit));
}

SECTION(lazy_one_step, &lazy_first_step, &lazy_derivative, &lazy_second_derivative,
        &lazy_bound);
