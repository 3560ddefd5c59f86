#include "ground/route_lapack.h"
#include "lazy_training/lazy_worlds.h"

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

CLAIM(lazy_derivative, BOUND, "A step changes Dh by at most eta ||grad F|| ||D^2h||")
{
    struct rng rng = claim_rng(claim, 0);
    double most = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        struct problem x = problem_make(claim, &rng, tanh_net(6), 4);
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
    double most = 0, limit = 1 + 1e-3; /* as above; F's next order is no larger */
    for (int draw = 0; draw < DRAWS; draw++) {
        struct problem x = problem_make(claim, &rng, tanh_net(6), 4);
        struct changes c = changes_in_step(claim, &rng, x, 1e-5);
        double ratio = c.of_differential / c.of_objective;
        most = worst(most, ratio / (c.kappa / 2 * c.spread));
    }
    struct changes one = changes_in_step(claim, &rng, chain(claim, &rng, 2, 1), 1e-5);
    struct changes two = changes_in_step(claim, &rng, twins(claim, &rng), 1e-5);
    struct changes many = changes_in_step(claim, &rng, one_example(claim, &rng), 1e-5);
    double spread = many.of_differential / many.of_objective / many.kappa;
    double exact = one.of_differential / one.of_objective / one.kappa;
    double hidden = two.of_differential / two.of_objective / two.kappa;
    evidence(claim, "ratio over bound, random networks", at_most(most, limit));
    evidence(claim, "ratio over kappa / 2, a chain", at_most(2 * exact, limit));
    evidence(claim, "the same, from below", at_least(2 * exact, 2 - limit));
    control(claim, "kappa / 2 alone, twin examples", at_most(2 * hidden, limit));
    control(claim, "the same, 200 units of tanh", at_least(2 * spread, 2 - limit));
}

SECTION(lazy_one_step, &lazy_first_step, &lazy_derivative, &lazy_bound);
