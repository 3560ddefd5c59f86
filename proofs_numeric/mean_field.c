/* Chapter "Networks as measures": its claims.
 *
 * Particles are held against the book's own network, which knows nothing of measures;
 * minima against a dual bound that knows nothing of particles. */
#include "mean_field.h"
#include "ground/claim.h"
#include "mlp.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
enum { INPUTS = 8, D = 3 }; /* the last input is 1, for a bias */

/* A problem, and its particles with room to run. */
struct world {
    struct mf_problem p;
    struct particles q, drift;
    struct mf_pass pass;
};

/* INPUTS normal inputs with a 1 behind, targets sin of the first, a gain of 1. */
static struct mf_problem draw_problem(struct arena *arena, struct rng *rng)
{
    mat X = arena_mat(arena, INPUTS, D);
    vec t = arena_vec(arena, INPUTS);
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < INPUTS; i++) {
        row(X, i).at[D - 1] = 1;
        t.at[i] = sin(2 * row(X, i).at[0]);
    }
    return (struct mf_problem){.X = X,
                               .t = t,
                               .loss = square_loss,
                               .activation = TANH,
                               .gain = 1,
                               .moves = BOTH_LAYERS};
}

static struct world make_room(struct arena *arena, struct mf_problem p, int m)
{
    return (struct world){p, mf_particles_make(arena, m, p.X.cols),
                          mf_particles_make(arena, m, p.X.cols),
                          mf_pass_make(arena, m, p.X.rows)};
}

/* A problem of its own, and m normal particles. */
static struct world build(struct claim *claim, uint64_t replicate, int m)
{
    struct rng rng = claim_rng(claim, replicate);
    struct mf_problem p = draw_problem(claim_arena(claim), &rng);
    struct world x = make_room(claim_arena(claim), p, m);
    rng_normals(&rng, 0, 1, x.q.all);
    return x;
}

static void run(struct world *x, double tau, int steps)
{
    for (int k = 0; k < steps; k++)
        mf_step(&x->p, tau, &x->pass, x->drift, x->q);
}

static void set_particle(struct particles from, int i, struct particles to, int j)
{
    to.eta.at[j] = from.eta.at[i];
    copy(row(from.W, i), row(to.W, j));
}

static double gap(vec x, vec y)
{
    double most = 0;
    for (int i = 0; i < x.n; i++)
        most = worst(most, fabs(x.at[i] - y.at[i]));
    return most;
}

/* ---- A mean over neurons --------------------------------------------------------- */

/* The same neurons as a network of mlp.h, 2 inputs to m to 1, with biases in the first
 * layer.  The multipliers are those of the scaling, but 1 in the first layer. */
struct network {
    struct mlp net;
    struct mlp_pass pass;
    mat X; /* the inputs without the 1 */
    vec w;
};

static struct network as_network(struct arena *arena, const struct world *x,
                                 enum scaling scaling)
{
    int m = x->q.eta.n;
    struct network a = {
        .net = mlp_make(2, (int[]){D - 1, m, 1}, x->p.activation, scaling, true)};
    a.net.multiplier[0] = 1;
    a.w = arena_vec(arena, mlp_parameters(&a.net));
    a.X = arena_mat(arena, INPUTS, D - 1);
    a.pass = mlp_pass_make(arena, &a.net, INPUTS);
    for (int i = 0; i < INPUTS; i++)
        copy((vec){D - 1, row(x->p.X, i).at}, row(a.X, i));
    for (int j = 0; j < m; j++) {
        vec w = row(x->q.W, j);
        copy((vec){D - 1, w.at}, row(mlp_weights(&a.net, a.w, 0), j));
        mlp_biases(&a.net, a.w, 0).at[j] = w.at[D - 1];
        mlp_weights(&a.net, a.w, 1).at[j] = x->q.eta.at[j];
    }
    return a;
}

static double gap_to_network(struct claim *claim, enum scaling scaling)
{
    struct world x = build(claim, 0, 50);
    struct network a = as_network(claim_arena(claim), &x, scaling);
    mf_forward(&x.p, x.q, &x.pass);
    mlp_forward(&a.net, a.w, a.X, &a.pass);
    return gap(x.pass.h, entries(a.pass.H[2]));
}

static double sigma(enum activation activation, double z)
{
    return activation == TANH ? tanh(z) : fmax(z, 0);
}

/* The mean of m neurons eta_j sigma(w_j'x), in plain loops. */
static double gap_to_loops(struct claim *claim, int m, enum activation activation)
{
    struct world x = build(claim, (uint64_t)m, m);
    double most = 0;
    x.p.activation = activation;
    mf_forward(&x.p, x.q, &x.pass);
    for (int i = 0; i < INPUTS; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++) {
            double z = 0;
            for (int k = 0; k < D; k++)
                z += row(x.q.W, j).at[k] * row(x.p.X, i).at[k];
            sum += x.q.eta.at[j] * sigma(activation, z);
        }
        most = worst(most, fabs(x.pass.h.at[i] - sum / m));
    }
    return most;
}

CLAIM(mf_mean, IDENTITY,
      "With 1/m on the last layer, a two-layer network is the mean of its neurons")
{
    /* Sums of 50 products of sizes up to about 5; tanh passes its rounding on. */
    double limit = rounding(50 + D, 5), most = 0;
    for (int m = 1; m <= 50; m += 7) {
        most = worst(most, gap_to_loops(claim, m, TANH));
        most = worst(most, gap_to_loops(claim, m, RELU));
    }
    evidence(claim, "particles against plain sums", at_most(most, limit));
    evidence(claim, "particles against network",
             at_most(gap_to_network(claim, MEAN_FIELD), limit));
    control(claim, "last layer times 1/sqrt m",
            at_most(gap_to_network(claim, TANGENT), limit));
}

/* Fills the world with so many copies of a's particles, and then of b's. */
static void mix(struct particles a, int times_a, struct particles b, int times_b,
                struct particles mixed)
{
    for (int k = 0; k < times_a; k++)
        for (int j = 0; j < a.eta.n; j++)
            set_particle(a, j, mixed, k * a.eta.n + j);
    for (int k = 0; k < times_b; k++)
        for (int j = 0; j < b.eta.n; j++)
            set_particle(b, j, mixed, times_a * a.eta.n + k * b.eta.n + j);
}

/* The weights halfway between those of a and of b, neuron by neuron. */
static void midpoint(struct particles a, struct particles b, struct particles mean)
{
    copy(a.all, mean.all);
    axpy(1, b.all, mean.all);
    scale(0.5, mean.all);
}

/* How far the h of the particles is from (1 - s) h_a + s h_b. */
static double gap_to_mixture(struct world *x, vec h_a, vec h_b, double s)
{
    double most = 0;
    mf_forward(&x->p, x->q, &x->pass);
    for (int i = 0; i < h_a.n; i++) {
        double mixed = (1 - s) * h_a.at[i] + s * h_b.at[i];
        most = worst(most, fabs(x->pass.h.at[i] - mixed));
    }
    return most;
}

CLAIM(mf_linear, IDENTITY,
      "h is linear in the measure: clouds mixed are their networks mixed")
{
    enum { M = 20 };
    struct arena *arena = claim_arena(claim);
    struct world a = build(claim, 0, M), b = make_room(arena, a.p, M);
    struct world mixed = make_room(arena, a.p, 4 * M), mean = make_room(arena, a.p, M);
    struct rng rng = claim_rng(claim, 1);
    rng_normals(&rng, 0, 1, b.q.all);
    mf_forward(&a.p, a.q, &a.pass);
    mf_forward(&b.p, b.q, &b.pass);
    double limit = rounding(4 * M, 5);
    double most = 0;
    for (int k = 0; k <= 4; k++) {
        mix(a.q, 4 - k, b.q, k, mixed.q);
        most = worst(most, gap_to_mixture(&mixed, a.pass.h, b.pass.h, (double)k / 4));
    }
    evidence(claim, "clouds mixed, 0 to 4 parts in 4", at_most(most, limit));
    midpoint(a.q, b.q, mean.q);
    control(claim, "weights mixed, neuron by neuron",
            at_most(gap_to_mixture(&mean, a.pass.h, b.pass.h, 0.5), limit));
}

/* Half the mean square of x - y. */
static double half_square(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (x.at[i] - y.at[i]) * (x.at[i] - y.at[i]);
    return sum / (2 * x.n);
}

/* F of the particles, over the value that a parabola with F_a and F_b at its ends and
 * the curvature ||h_a - h_b||^2 / n has at s. */
static double above_parabola(struct world *x, struct world *a, struct world *b,
                             double s)
{
    double F_a = mf_cost(&a->p, a->q, &a->pass), F_b = mf_cost(&b->p, b->q, &b->pass);
    double sag = s * (1 - s) * half_square(a->pass.h, b->pass.h);
    return mf_cost(&x->p, x->q, &x->pass) - ((1 - s) * F_a + s * F_b - sag);
}

CLAIM(mf_convex, IDENTITY,
      "F is a parabola along mixtures of clouds; along mixed weights it has hills")
{
    enum { M = 20 };
    struct arena *arena = claim_arena(claim);
    struct world a = build(claim, 0, M), b = make_room(arena, a.p, M);
    struct world mixed = make_room(arena, a.p, 4 * M);
    struct rng rng = claim_rng(claim, 1);
    rng_normals(&rng, 0, 1, b.q.all);
    double limit = rounding(4 * M, 25), most = 0; /* as above; h and t below 5 */
    for (int k = 0; k <= 4; k++) {
        mix(a.q, 4 - k, b.q, k, mixed.q);
        most = worst(most, fabs(above_parabola(&mixed, &a, &b, (double)k / 4)));
    }
    evidence(claim, "F of mixtures, off the parabola", at_most(most, limit));

    struct world mean = make_room(arena, a.p, M);
    midpoint(a.q, b.q, mean.q);
    control(claim, "weights mixed: F off the parabola",
            at_most(fabs(above_parabola(&mean, &a, &b, 0.5)), limit));

    /* t is what the neurons compute, so that F is 0 at both ends; between them stand
     * the means of neighbours. */
    mf_forward(&a.p, a.q, &a.pass);
    copy(a.pass.h, a.p.t);
    struct world turned = make_room(arena, a.p, M);
    for (int j = 0; j < M; j++)
        set_particle(a.q, (j + 1) % M, turned.q, j);
    midpoint(a.q, turned.q, mean.q);
    evidence(claim, "F at either end, of two orders",
             at_most(worst(mf_cost(&a.p, a.q, &a.pass),
                           mf_cost(&a.p, turned.q, &turned.pass)),
                     limit));
    evidence(claim, "F halfway in the weights",
             at_least(mf_cost(&a.p, mean.q, &mean.pass), limit));
}

/* ---- How far a sample is from the law -------------------------------------------- */

/* Chi-square of (h - mean)^2 / variance over networks of m neurons max(w'x, 0), w
 * normal, at one x with ||x|| = 1; each neuron stands so many times.  Of one neuron the
 * mean is 1/sqrt(2 pi) and the second moment 1/2.  Neither too large nor too small: the
 * cube root of chi-square over its k degrees of freedom is nearly normal, with mean
 * 1 - 2/9k and variance 2/9k.  [Wilson, Hilferty 1931]  The square of a mean of m has
 * 2 + 2.4/m for its variance, which is 2 here. */
static struct finding spread(struct claim *claim, int m, int times, double gain)
{
    enum { NETWORKS = 400 };
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, 1, 2);
    X.at[0] = 0.6;
    X.at[1] = 0.8;
    struct mf_problem p = {.X = X,
                           .t = arena_vec(arena, 1),
                           .loss = square_loss,
                           .activation = RELU,
                           .gain = gain,
                           .moves = BOTH_LAYERS};
    struct world x = make_room(arena, p, m);
    struct rng rng = claim_rng(claim, (uint64_t)m);
    double mean = 1 / sqrt(2 * PI), variance = (0.5 - mean * mean) / m, sum = 0;
    const double k = NETWORKS, of_root = 2 / (9 * k);
    fill(1, x.q.eta);
    for (int r = 0; r < NETWORKS; r++) {
        rng_normals(&rng, 0, 1, entries(x.q.W));
        for (int j = m - 1; j > 0 && times > 1; j--)
            copy(row(x.q.W, j / times), row(x.q.W, j));
        mf_forward(&p, x.q, &x.pass);
        sum += pow(x.pass.h.at[0] - gain * mean, 2) / variance;
    }
    return estimate_is(cbrt(sum / k), sqrt(of_root), 1 - of_root);
}

CLAIM(mf_law, STATISTIC,
      "Of m neurons drawn from mu, h has the mean h_mu and a neuron's variance over m")
{
    evidence(claim, "400 of 128 neurons: root of chi-sq.", spread(claim, 128, 1, 1));
    evidence(claim, "400 of 512 neurons: root of chi-sq.", spread(claim, 512, 1, 1));
    control(claim, "every neuron four times", spread(claim, 512, 4, 1));
    control(claim, "the sum over sqrt m", spread(claim, 512, 1, sqrt(512)));
}

/* ---- Time, and dissipation ------------------------------------------------------- */

/* The largest difference in outputs, over 20 steps, between the flow in steps of tau
 * and gradient descent on the network's weights at the rate alpha. */
static double gap_to_descent(struct claim *claim, double tau, double alpha)
{
    struct world x = build(claim, 0, 30);
    struct network a = as_network(claim_arena(claim), &x, MEAN_FIELD);
    vec grad = arena_vec(claim_arena(claim), a.w.n);
    mat G = arena_mat(claim_arena(claim), INPUTS, 1);
    double most = 0;
    for (int k = 0; k < 20; k++) {
        mlp_forward(&a.net, a.w, a.X, &a.pass);
        for (int i = 0; i < INPUTS; i++)
            G.at[i] = (a.pass.H[2].at[i] - x.p.t.at[i]) / INPUTS;
        mlp_backward(&a.net, a.w, G, &a.pass);
        mlp_gradient(&a.net, &a.pass, grad);
        fill(0, mlp_biases(&a.net, grad, 1)); /* particles have no last bias */
        axpy(-alpha, grad, a.w);
        mf_step(&x.p, tau, &x.pass, x.drift, x.q);
        most = worst(most, gap(x.pass.h, entries(a.pass.H[2])));
    }
    return most;
}

/* The same between m particles in steps of tau and all of them twice, in steps of
 * tau_twice. */
static double gap_to_twice(struct claim *claim, double tau, double tau_twice)
{
    enum { M = 30 };
    struct world x = build(claim, 0, M);
    struct world twice = make_room(claim_arena(claim), x.p, 2 * M);
    mix(x.q, 1, x.q, 1, twice.q);
    double most = 0;
    for (int k = 0; k < 20; k++) {
        mf_step(&x.p, tau, &x.pass, x.drift, x.q);
        mf_step(&twice.p, tau_twice, &twice.pass, twice.drift, twice.q);
        most = worst(most, gap(x.pass.h, twice.pass.h));
    }
    return most;
}

CLAIM(mf_time, IDENTITY,
      "At the rate m tau each neuron follows one field, and h depends on mu alone")
{
    /* 20 steps of sums of 60 products of sizes up to 5.  A step multiplies errors by at
     * most 1 + tau times a curvature of about 10: by e^4 < 100 in all. */
    const double tau = 0.02;
    double limit = rounding(20 * 60, 5 * 100);
    evidence(claim, "flow against descent at m tau",
             at_most(gap_to_descent(claim, tau, 30 * tau), limit));
    evidence(claim, "every neuron twice, same tau",
             at_most(gap_to_twice(claim, tau, tau), limit));
    control(claim, "descent at the rate tau",
            at_most(gap_to_descent(claim, tau, tau), limit));
    control(claim, "twice, at the same rate of descent",
            at_most(gap_to_twice(claim, tau, tau / 2), limit));
}

/* The largest h for which no neuron's kink is crossed on the way from q - 2 h drift to
 * q + 2 h drift, by half. */
static double free_way(const struct world *x)
{
    double h = 1;
    for (int j = 0; j < x->q.eta.n; j++)
        for (int i = 0; i < INPUTS; i++) {
            double z = dot(row(x->q.W, j), row(x->p.X, i));
            double dz = dot(row(x->drift.W, j), row(x->p.X, i));
            h = fmin(h, fabs(z / dz) / 4);
        }
    return h;
}

/* dF/dt along the drift, by five-point differences of F.  Between the kinks of ReLU, F
 * is a polynomial of degree 4 along every line, on which they are exact. */
static double slope_along(struct world *x, double h)
{
    static const double weight[] = {1, -8, 8, -1}, where[] = {-2, -1, 1, 2};
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        axpy(where[k] * h, x->drift.all, x->q.all);
        sum += weight[k] * mf_cost(&x->p, x->q, &x->pass);
        axpy(-where[k] * h, x->drift.all, x->q.all);
    }
    return sum / (12 * h);
}

/* |dF/dt + mean square of the velocities|, in units of what rounding may leave.  Off
 * the flow, each neuron slides down the same slope but at a speed of its own. */
static double gap_of_dissipation(struct claim *claim, uint64_t replicate, bool off)
{
    enum { M = 20 };
    struct world x = build(claim, replicate, M);
    struct rng rng = claim_rng(claim, replicate + 1000);
    x.p.activation = RELU;
    double F = mf_cost(&x.p, x.q, &x.pass);
    mf_drift(&x.p, x.q, &x.pass, x.drift);
    for (int j = 0; j < M && off; j++) {
        double speed = j % 2 + rng_uniform(&rng);
        x.drift.eta.at[j] *= speed;
        scale(speed, row(x.drift.W, j));
    }
    double h = free_way(&x), fall = dot(x.drift.all, x.drift.all) / M;
    /* F is a sum of some M D + INPUTS terms, each rounded, and divided by h; what is
     * above F in it cancels less than 20-fold. */
    double unit = rounding(M * D + INPUTS, 20 * (F + 1) / h + fall);
    return fabs(slope_along(&x, h) + fall) / unit;
}

CLAIM(mf_dissipation, IDENTITY,
      "Along the flow F falls at the mean square of the velocities")
{
    double most = 0;
    for (uint64_t r = 0; r < 10; r++)
        most = worst(most, gap_of_dissipation(claim, r, false));
    evidence(claim, "|dF/dt + mean square|, in limits", at_most(most, 1));
    control(claim, "each neuron at a speed of its own",
            at_most(gap_of_dissipation(claim, 0, true), 1));
}

/* F = ||h - t|| / sqrt n, the slide's, and its gradient (h - t) / (n F). */
static double norm_loss(mat T, mat F, mat G)
{
    double square = 0;
    for (int i = 0; i < F.rows; i++)
        square += pow(F.at[i] - T.at[i], 2);
    for (int i = 0; i < F.rows; i++)
        G.at[i] = (F.at[i] - T.at[i]) / sqrt(square * F.rows);
    return sqrt(square / F.rows);
}

/* The largest difference in the weights, over 50 steps, between descent on the square
 * at the rate tau and descent on the norm, at tau times the norm to that power. */
static double gap_to_norm(struct claim *claim, double power)
{
    const double tau = 0.1;
    struct world x = build(claim, 0, 30), y = make_room(claim_arena(claim), x.p, 30);
    y.p.loss = norm_loss;
    copy(x.q.all, y.q.all);
    double most = 0;
    for (int k = 0; k < 50; k++) {
        double size = mf_cost(&y.p, y.q, &y.pass);
        mf_step(&x.p, tau, &x.pass, x.drift, x.q);
        mf_step(&y.p, tau * pow(size, power), &y.pass, y.drift, y.q);
        most = worst(most, gap(x.q.all, y.q.all));
    }
    return most;
}

CLAIM(mf_square, IDENTITY,
      "Descent on the norm is descent on half its square, by another clock")
{
    /* As in mf_time: 50 steps, over which errors grow e^5-fold or less. */
    double limit = rounding(50 * 30, 5 * 150);
    evidence(claim, "steps of tau times the norm",
             at_most(gap_to_norm(claim, 1), limit));
    control(claim, "steps of tau", at_most(gap_to_norm(claim, 0), limit));
}

/* ---- Transport ------------------------------------------------------------------- */

enum { FEW = 6, ORDERS = 720 };

static double on_a_line(double x, double y) { return fabs(x - y); }
static double on_a_circle(double x, double y) { return fabs(remainder(x - y, 1)); }

/* The least root mean square distance over all 720 ways to match x with y.  Way k is
 * read off its digits: in place i, the digit k mod (FEW - i) says which of the y that
 * are left comes next. */
static double best_match(vec x, vec y, double (*distance)(double x, double y))
{
    double least = INFINITY;
    for (int k = 0; k < ORDERS; k++) {
        double left[FEW], sum = 0;
        memcpy(left, y.at, sizeof left);
        for (int i = 0, digits = k; i < FEW; i++) {
            int pick = digits % (FEW - i);
            digits /= FEW - i;
            sum += pow(distance(x.at[i], left[pick]), 2);
            left[pick] = left[FEW - 1 - i];
        }
        least = fmin(least, sqrt(sum / FEW));
    }
    return least;
}

CLAIM(mf_transport, IDENTITY,
      "On a line, the cheapest transport takes the i-th mass to the i-th")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec x = arena_vec(arena, FEW), y = arena_vec(arena, FEW);
    double most = 0, limit = rounding(FEW, 1);
    for (int trial = 0; trial < 20; trial++) {
        rng_uniforms(&rng, 0, 1, x);
        rng_uniforms(&rng, 0, 1, y);
        most = worst(most, fabs(mf_w2_line(x, y, arena) - best_match(x, y, on_a_line)));
    }
    evidence(claim, "in order, against all 720 ways", at_most(most, limit));
    /* All a quarter of a step to the left, the first around the corner. */
    for (int i = 0; i < FEW; i++) {
        x.at[i] = (i + 0.2 * rng_uniform(&rng)) / FEW;
        y.at[i] = x.at[i] - 0.25 / FEW + (i == 0);
    }
    control(claim, "on a circle",
            at_most(fabs(mf_w2_line(x, y, arena) - best_match(x, y, on_a_circle)),
                    limit));
}

/* m particles on a line: tanh(w x) at INPUTS inputs, every output weight 1. */
static struct world build_line(struct claim *claim, uint64_t replicate, int m)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct mf_problem p = draw_problem(arena, &rng);
    p.X = arena_mat(arena, INPUTS, 1);
    p.moves = INNER_LAYER;
    struct world x = make_room(arena, p, m);
    rng_uniforms(&rng, 0.5, 2, entries(p.X));
    rng_uniforms(&rng, 1, 2, p.t); /* out of reach, so that all move */
    rng_uniforms(&rng, -1, 1, entries(x.q.W));
    fill(1, x.q.eta);
    return x;
}

/* How far, at most, a proximal step ends from q + rate tau drift, for each tau.  The
 * step is that of JKO, or with F replaced by its linear term in mu, F + integral of V
 * d(mu' - mu), in which dF stays what it is at mu. */
static void gaps_to_descent(struct world *x, bool linear, double rate, int n,
                            const double *tau, double *gaps)
{
    enum { SWEEPS = 25 }; /* each divides the error by 1 / tau or so, tau <= 0.03 */
    struct world next = *x, first = *x;
    struct arena room = arena_make(1 << 16);
    next = make_room(&room, x->p, x->q.eta.n);
    first = make_room(&room, x->p, x->q.eta.n);
    mf_cost(&x->p, x->q, &first.pass);
    mf_drift(&x->p, x->q, &first.pass, first.drift);
    for (int k = 0; k < n; k++) {
        if (!linear)
            mf_jko_step(&x->p, tau[k], SWEEPS, x->q, &next.pass, next.drift, next.q);
        copy(x->q.all, linear ? next.q.all : first.q.all);
        for (int sweep = 0; linear && sweep < SWEEPS; sweep++) {
            mf_forward(&x->p, next.q, &next.pass);
            copy(first.pass.dF, next.pass.dF);
            mf_drift(&x->p, next.q, &next.pass, next.drift);
            copy(x->q.all, next.q.all);
            axpy(tau[k], next.drift.all, next.q.all);
        }
        copy(x->q.all, first.q.all);
        axpy(rate * tau[k], first.drift.all, first.q.all);
        gaps[k] = gap(next.q.all, first.q.all);
    }
    arena_free(&room);
}

/* The least of mf_jko_cost at 100 points around, less that at the step's end. */
static double valley(struct claim *claim, struct world *x, double tau)
{
    struct arena *arena = claim_arena(claim);
    struct world next = make_room(arena, x->p, x->q.eta.n);
    vec end = arena_vec(arena, x->q.all.n), by = arena_vec(arena, x->q.eta.n);
    struct rng rng = claim_rng(claim, 1000);
    double least = INFINITY;
    mf_jko_step(&x->p, tau, 25, x->q, &next.pass, next.drift, next.q);
    double there = mf_jko_cost(&x->p, tau, x->q, next.q, &next.pass, arena);
    copy(next.q.all, end);
    for (int trial = 0; trial < 100; trial++) {
        rng_normals(&rng, 0, pow(10, -trial % 5), by);
        copy(end, next.q.all);
        axpy(1, by, entries(next.q.W));
        least = fmin(least, mf_jko_cost(&x->p, tau, x->q, next.q, &next.pass, arena));
    }
    return least - there;
}

/* The same for the step that minimizes F + W_2 / (2 tau), without the square, among 41
 * places on the way from q along the drift, to twice as far as descent goes. */
static void gaps_unsquared(struct world *x, struct arena *arena, int n,
                           const double *tau, double *gaps)
{
    struct world next = make_room(arena, x->p, x->q.eta.n);
    mf_cost(&x->p, x->q, &x->pass);
    mf_drift(&x->p, x->q, &x->pass, x->drift);
    for (int k = 0; k < n; k++) {
        double least = INFINITY, best = NAN;
        for (int i = 0; i <= 40; i++) {
            copy(x->q.all, next.q.all);
            axpy(tau[k] * i / 20, x->drift.all, next.q.all);
            double W_2 = mf_w2_line(entries(x->q.W), entries(next.q.W), arena);
            double cost = mf_cost(&x->p, next.q, &next.pass) + W_2 / (2 * tau[k]);
            best = cost < least ? i / 20.0 : best;
            least = fmin(least, cost);
        }
        gaps[k] = tau[k] * fabs(best - 1) * max_norm(x->drift.all);
    }
}

enum { LINES = 16, TIMES = 9 };

/* The powers of tau in one world: of JKO's step, of that of the linear term, of JKO's
 * against descent at the rate tau, and of the step without the square. */
static void powers_of_tau(struct claim *claim, uint64_t replicate, double slopes[4])
{
    enum { M = 12 };
    double tau[TIMES], gaps[4][TIMES];
    struct world x = build_line(claim, replicate, M);
    for (int k = 0; k < TIMES; k++)
        tau[k] = 0.03 * pow(10, -k / 4.0);
    gaps_to_descent(&x, false, 1, TIMES, tau, gaps[0]);
    gaps_to_descent(&x, true, 1, TIMES, tau, gaps[1]);
    gaps_to_descent(&x, false, 1.0 / M, TIMES, tau, gaps[2]);
    gaps_unsquared(&x, claim_arena(claim), TIMES, tau, gaps[3]);
    for (int i = 0; i < 4; i++)
        slopes[i] = fit_power(TIMES, tau, gaps[i]).slope;
    if (replicate > 0)
        return;
    struct series s = series_begin(claim, "jko", "tau", "jko", "linear", "slow", NULL);
    for (int k = 0; k < TIMES; k++)
        series_row(&s, (double[]){tau[k], gaps[0][k], gaps[1][k], gaps[2][k]});
    series_end(&s);
}

CLAIM(mf_jko, RATE,
      "To minimize F + W_2^2 / (2 tau) is a gradient step at m tau, up to O(tau^2)")
{
    double jko[LINES], linear[LINES], slow[LINES], unsquared[LINES], uphill = INFINITY;
    for (uint64_t r = 0; r < LINES; r++) {
        double slopes[4];
        powers_of_tau(claim, r, slopes);
        jko[r] = slopes[0];
        linear[r] = slopes[1];
        slow[r] = slopes[2];
        unsquared[r] = slopes[3];
        struct world x = build_line(claim, r, 12);
        uphill = fmin(uphill, valley(claim, &x, 0.03));
    }
    /* The next order is smaller by tau times a curvature of about 1, 3 % at the left
     * end of two decades: it bends the slope by lg 1.03 or less. */
    double bias = log10(1.03);
    evidence(claim, "JKO less descent, against tau",
             slopes_near(LINES, jko, 2, bias, 0.5));
    evidence(claim, "linear term in mu, + W_2^2 / 2 tau",
             slopes_near(LINES, linear, 2, bias, 0.5));
    evidence(claim, "cost around its end, above it", at_least(uphill, 0));
    control(claim, "W_2 without its square",
            slopes_near(LINES, unsquared, 2, bias, 0.5));
    control(claim, "descent at the rate tau", slopes_near(LINES, slow, 2, bias, 0.5));
}

/* ---- Chaos ----------------------------------------------------------------------- */

enum { CLOUD = 1024, SIZES = 5, REPLICATES = 24 };
static const int sizes[SIZES] = {8, 16, 32, 64, 128};

/* How far parts of a cloud drift from the cloud: mean squares, at each size. */
struct apart {
    double x[SIZES];      /* 1/m - 1/CLOUD                              */
    double neuron[SIZES]; /* a neuron's path among m, and in the cloud  */
    double output[SIZES]; /* h of the m, and of the cloud               */
};

static int by_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* In the mean field the gain is 1 and time counts plainly; with lazy, h is the sum over
 * sqrt m, a gain of sqrt m, and time is slower by its square. */
static void run_scaled(struct world *x, bool lazy, double tau, int steps)
{
    int m = x->q.eta.n;
    x->p.gain = lazy ? sqrt(m) : 1;
    run(x, lazy ? tau / m : tau, steps);
    mf_forward(&x->p, x->q, &x->pass);
}

/* The cloud runs as a whole, and then in parts of m neurons each, that do not know of
 * one another.  Each neuron comes in so many copies, one behind the other. */
static struct apart run_apart(struct claim *claim, uint64_t replicate, bool lazy,
                              int copies)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct world start = build(claim, replicate, CLOUD), whole = start;
    struct apart apart = {0};
    for (int j = 0; j < CLOUD; j++)
        if (j % copies > 0)
            set_particle(start.q, j - 1, start.q, j);
    whole.q = mf_particles_make(arena, CLOUD, D);
    copy(start.q.all, whole.q.all);
    run_scaled(&whole, lazy, 0.2, 20);
    for (int s = 0; s < SIZES; s++) {
        int m = sizes[s], parts = CLOUD / m;
        struct world part = make_room(arena, start.p, m);
        for (int k = 0; k < parts; k++) {
            for (int j = 0; j < m; j++)
                set_particle(start.q, k * m + j, part.q, j);
            run_scaled(&part, lazy, 0.2, 20);
            apart.output[s] += 2 * half_square(part.pass.h, whole.pass.h) / parts;
            for (int j = 0; j < m; j++)
                set_particle(whole.q, k * m + j, part.drift, j);
            apart.neuron[s] += 2 * half_square(part.q.all, part.drift.all) / parts;
        }
        apart.x[s] = 1.0 / m - 1.0 / CLOUD;
    }
    arena->used = mark;
    return apart;
}

CLAIM(mf_chaos, RATE, "Neurons that start independent stay so but for 1/m")
{
    enum { LAZY = 20, COPIED = 4 };
    double of_h[REPLICATES], of_neuron[REPLICATES], of_lazy[LAZY], of_copied[COPIED];
    struct apart sum = {0};
    for (uint64_t r = 0; r < REPLICATES; r++) {
        struct apart a = run_apart(claim, r, false, 1);
        of_h[r] = fit_power(SIZES, a.x, a.output).slope;
        of_neuron[r] = fit_power(SIZES, a.x, a.neuron).slope;
        for (int s = 0; s < SIZES; s++) {
            sum.output[s] += a.output[s] / REPLICATES;
            sum.neuron[s] += a.neuron[s] / REPLICATES;
        }
    }
    for (uint64_t r = 0; r < LAZY; r++) {
        struct apart a = run_apart(claim, r, true, 1);
        of_lazy[r] = fit_power(SIZES, a.x, a.output).slope;
    }
    for (uint64_t r = 0; r < COPIED; r++) {
        struct apart a = run_apart(claim, r, false, sizes[SIZES - 1]);
        of_copied[r] = fit_power(SIZES, a.x, a.neuron).slope;
    }
    struct series s = series_begin(claim, "chaos", "m", "x", "h", "neuron", NULL);
    for (int i = 0; i < SIZES; i++)
        series_row(&s, (double[]){sizes[i], 1.0 / sizes[i] - 1.0 / CLOUD, sum.output[i],
                                  sum.neuron[i]});
    series_end(&s);
    /* The second order of a deviation in its size, over a time of 4 at |dF| < 1/2, is
     * its square times 2 at most: of relative size 2 / m in the mean square. */
    double bias = log(1 + 2.0 / sizes[0]) / log(sizes[SIZES - 1] / sizes[0]);
    evidence(claim, "h, against 1/m - 1/1024",
             slopes_near(REPLICATES, of_h, 1, bias, 0.5));
    evidence(claim, "a neuron, against 1/m - 1/1024",
             slopes_near(REPLICATES, of_neuron, 1, bias, 0.5));
    control(claim, "h is the sum over sqrt m",
            slopes_near(LAZY, of_lazy, 1, bias, 0.5));
    control(claim, "128 copies of each neuron",
            slopes_near(COPIED, of_copied, 1, bias, 0.5));
}

/* K := the tangent kernel of the particles, up to a factor. */
static void ntk_kernel(struct claim *claim, const struct world *x, mat K)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct network a = as_network(arena, x, TANGENT);
    mat ones = arena_mat(arena, INPUTS, 1);
    fill(1, entries(ones));
    mlp_forward(&a.net, a.w, a.X, &a.pass);
    mlp_backward(&a.net, a.w, ones, &a.pass);
    mlp_kernel(&a.net, &a.pass, &a.pass, arena, K);
    arena->used = mark;
}

/* By what fraction the tangent kernel changes as m neurons learn. */
static double kernel_change(struct claim *claim, uint64_t replicate, int m, bool lazy)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct world x = build(claim, replicate, m);
    mat before = arena_mat(arena, INPUTS, INPUTS),
        after = arena_mat(arena, INPUTS, INPUTS);
    ntk_kernel(claim, &x, before);
    run_scaled(&x, lazy, 0.3, 30);
    ntk_kernel(claim, &x, after);
    axpy(-1, entries(before), entries(after));
    arena->used = mark;
    return norm(entries(after)) / norm(entries(before));
}

CLAIM(mf_features, RATE,
      "A network of the mean field learns features however wide it is")
{
    enum { WIDTHS = 5 };
    double m[WIDTHS], slopes[2][REPLICATES];
    struct series s = series_begin(claim, "features", "m", "mean_field", "lazy", NULL);
    double mean[2][WIDTHS] = {{0}};
    for (uint64_t r = 0; r < REPLICATES; r++)
        for (int lazy = 0; lazy < 2; lazy++) {
            double change[WIDTHS];
            for (int i = 0; i < WIDTHS; i++) {
                m[i] = 64 << i;
                change[i] = kernel_change(claim, r, 64 << i, lazy);
                mean[lazy][i] += change[i] / REPLICATES;
            }
            slopes[lazy][r] = fit_power(WIDTHS, m, change).slope;
        }
    for (int i = 0; i < WIDTHS; i++)
        series_row(&s, (double[]){m[i], mean[0][i], mean[1][i]});
    series_end(&s);
    /* A norm of a mean of m independent matrices is larger than that of the expectation
     * by V / 2m, V the relative variance of one.  A neuron's part of the kernel has at
     * most the square of three normal numbers in it, eta and twice w'x, so V < 3^3 - 1.
     */
    double bias = log(1 + 13.0 / 64) / log(m[WIDTHS - 1] / m[0]);
    evidence(claim, "change of the kernel, against m",
             slopes_near(REPLICATES, slopes[0], 0, bias, 0.5));
    control(claim, "h is the sum over sqrt m",
            slopes_near(REPLICATES, slopes[1], 0, bias, 0.5));
}

/* ---- Spikes on a circle ---------------------------------------------------------- */

enum { CUTOFF = 7, K = 1 + 2 * CUTOFF, SPIKES = 3 };

/* phi(theta) by plain sines and cosines. */
static void look(double theta, vec phi)
{
    phi.at[0] = 1;
    for (int k = 1; k <= CUTOFF; k++) {
        phi.at[2 * k - 1] = sqrt(2) * cos(k * theta);
        phi.at[2 * k] = sqrt(2) * sin(k * theta);
    }
}

/* A number that F is not below for any measure on the circle.  For every z with
 * |<phi(theta), z>| <= lambda at all theta, F >= <z, y> - ||z||^2 / 2: take for z the
 * residual's negative, shrunk.  A trigonometric polynomial of degree k is at most 1 /
 * cos(pi k / N) times its largest value on N equal steps.  [Ehlich, Zeller 1964] */
static double dual_bound(struct claim *claim, const struct deconvolution *p,
                         vec residual)
{
    enum { GRID = 1 << 13 };
    vec phi = arena_vec(claim_arena(claim), K);
    double most = 0;
    for (int i = 0; i < GRID; i++) {
        look(2 * PI * i / GRID, phi);
        most = worst(most, fabs(dot(phi, residual)));
    }
    double shrink = fmin(1, p->lambda * cos(PI * CUTOFF / GRID) / most);
    return -shrink * dot(residual, p->y) -
           shrink * shrink * dot(residual, residual) / 2;
}

/* Three spikes, of sizes between 1 and 2 and alternating signs, about a third of the
 * circle apart; the angle of the first is returned. */
static double draw_spikes(struct claim *claim, struct deconvolution *p)
{
    struct rng rng = claim_rng(claim, 0);
    struct series s = series_begin(claim, "truth", "angle", "mass", NULL);
    vec phi = arena_vec(claim_arena(claim), K);
    double turn = rng_uniform(&rng), first = 0;
    *p = (struct deconvolution){0.5, arena_vec(claim_arena(claim), K)};
    for (int k = 0; k < SPIKES; k++) {
        double theta = 2 * PI * (turn + (k + 0.2 * rng_uniform(&rng)) / SPIKES);
        double mass = (1 + rng_uniform(&rng)) * (k == 1 ? -1 : 1);
        look(theta, phi);
        axpy(mass, phi, p->y);
        first = k == 0 ? theta : first;
        series_row(&s, (double[]){remainder(theta, 2 * PI), mass});
    }
    series_end(&s);
    return first;
}

/* m particles of length 1, of both signs in turn, evenly over an arc. */
static struct spikes spread_spikes(struct arena *arena, int m, double middle,
                                   double arc)
{
    struct spikes q = {arena_mat(arena, m, 2), arena_vec(arena, m)};
    for (int j = 0; j < m; j++) {
        double theta = middle + arc * ((j / 2 + 0.5) / (m / 2) - 0.5);
        row(q.V, j).at[0] = cos(theta);
        row(q.V, j).at[1] = sin(theta);
        q.sign.at[j] = j % 2 == 0 ? 1 : -1;
    }
    return q;
}

/* What a particle is drawn as: its angle, and its length with its sign. */
static void record_way(struct series *s, struct spikes q, mat before)
{
    for (int j = 0; j < q.sign.n; j++) {
        vec v = row(q.V, j), old = row(before, j);
        double angle = atan2(old.at[1], old.at[0]), length = q.sign.at[j] * norm(old);
        series_row(s, (double[]){angle, length,
                                 remainder(atan2(v.at[1], v.at[0]) - angle, 2 * PI),
                                 q.sign.at[j] * norm(v) - length});
    }
    copy(entries(q.V), entries(before));
}

/* Where m particles end that start on that arc around the first spike: F in units of
 * the dual bound.  The first steps of their way are recorded if it has a name. */
static double above_bound(struct claim *claim, int m, double arc, const char *name)
{
    enum { STEPS = 12000, RECORDED = 300, EVERY = 10 };
    const double tau = 2e-3;
    struct arena *arena = claim_arena(claim);
    struct deconvolution p;
    double middle = draw_spikes(claim, &p);
    struct spikes q = spread_spikes(arena, m, middle, arc);
    struct dc_pass pass = mf_spike_pass_make(arena, m, CUTOFF);
    mat before = arena_mat(arena, m, 2);
    copy(entries(q.V), entries(before));
    struct series s = {0};
    if (name)
        s = series_begin(claim, name, "angle", "length", "turn", "growth", NULL);
    for (int k = 1; k <= STEPS; k++) {
        mf_spike_step(&p, tau, &pass, q);
        if (name && k <= RECORDED && k % EVERY == 0)
            record_way(&s, q, before);
    }
    if (name)
        series_end(&s);
    double F = mf_spike_cost(&p, q, &pass);
    return F / dual_bound(claim, &p, pass.residual);
}

CLAIM(mf_certificate, BOUND,
      "A hundred particles around the circle end within 1e-4 of the global minimum")
{
    double ratio = above_bound(claim, 100, 2 * PI, "spikes");
    evidence(claim, "F over the dual bound", at_most(ratio, 1.0001));
    evidence(claim, "which is a bound", at_least(ratio, 1));
    control(claim, "all start within 18 degrees",
            at_most(above_bound(claim, 100, 0.1 * PI, NULL), 1.0001));
    control(claim, "two particles",
            at_most(above_bound(claim, 2, 2 * PI, NULL), 1.0001));
}

/* ---- The largest margin ---------------------------------------------------------- */

enum { POINTS = 6, NEURONS = 64, MARGIN_STEPS = 30000 };

/* Points about a sixth of the circle apart, labelled + + - + - -. */
static struct mf_problem draw_points(struct claim *claim)
{
    static const double label[POINTS] = {1, 1, -1, 1, -1, -1};
    struct rng rng = claim_rng(claim, 0);
    struct mf_problem p = {.X = arena_mat(claim_arena(claim), POINTS, 2),
                           .t = arena_vec(claim_arena(claim), POINTS),
                           .loss = exponential_loss,
                           .activation = RELU,
                           .gain = 1,
                           .moves = BOTH_LAYERS};
    double turn = rng_uniform(&rng);
    for (int i = 0; i < POINTS; i++) {
        double theta = 2 * PI * (turn + (i + 0.4 * rng_uniform(&rng)) / POINTS);
        row(p.X, i).at[0] = cos(theta);
        row(p.X, i).at[1] = sin(theta);
        p.t.at[i] = label[i];
    }
    return p;
}

/* |sum of alpha_i max(x_i'w, 0)| for w at the angle theta. */
static double of_direction(mat X, vec alpha, double theta)
{
    double sum = 0;
    for (int i = 0; i < X.rows; i++)
        sum += alpha.at[i] *
               fmax(0, cos(theta) * row(X, i).at[0] + sin(theta) * row(X, i).at[1]);
    return fabs(sum);
}

/* The largest of that over all directions, for sum |alpha| = 1 an upper bound of every
 * margin.  Between the directions where some x_i'w changes its sign it is |c'w| with a
 * fixed c, largest at an end or at the angle of c or -c. */
static double margin_bound(mat X, vec alpha)
{
    double ends[2 * POINTS + 1], most = 0, size = 0;
    for (int i = 0; i < POINTS; i++) {
        double theta = atan2(row(X, i).at[1], row(X, i).at[0]);
        ends[2 * i] = remainder(theta + PI / 2, 2 * PI);
        ends[2 * i + 1] = remainder(theta - PI / 2, 2 * PI);
        size += fabs(alpha.at[i]);
    }
    qsort(ends, 2 * POINTS, sizeof *ends, by_first);
    ends[2 * POINTS] = ends[0] + 2 * PI;
    for (int k = 0; k < 2 * POINTS; k++) {
        double middle = (ends[k] + ends[k + 1]) / 2, half = ends[k + 1] - middle;
        double c[2] = {0, 0};
        for (int i = 0; i < POINTS; i++) {
            double x = row(X, i).at[0], y = row(X, i).at[1];
            bool sees = cos(middle) * x + sin(middle) * y > 0;
            c[0] += sees * alpha.at[i] * x;
            c[1] += sees * alpha.at[i] * y;
        }
        double off = remainder(atan2(c[1], c[0]) - middle, PI);
        most = worst(most, of_direction(X, alpha, ends[k]));
        if (fabs(off) <= half)
            most = worst(most, of_direction(X, alpha, middle + off));
    }
    return most / size;
}

/* Steps in which no output moves by more than about one half: then the weights of the
 * examples, averaged over all steps, are nearly the dual solution. */
static void run_margin(struct world *x, vec alpha)
{
    for (int k = 0; k < MARGIN_STEPS; k++) {
        double size = k == 0 ? 0 : max_norm(x->pass.h);
        mf_step(&x->p, fmin(0.1, 0.5 / size), &x->pass, x->drift, x->q);
        axpy(1, x->pass.dF, alpha);
    }
}

/* NEURONS of length sqrt 2 with |eta| = ||w||, of both signs in turn, w evenly over an
 * arc opposite to the first point. */
static struct world spread_neurons(struct claim *claim, double arc, enum mobile moves)
{
    struct world x = make_room(claim_arena(claim), draw_points(claim), NEURONS);
    double theta = atan2(row(x.p.X, 0).at[1], row(x.p.X, 0).at[0]) + PI;
    x.p.moves = moves;
    struct spikes even = spread_spikes(claim_arena(claim), NEURONS, theta, arc);
    copy(entries(even.V), entries(x.q.W));
    copy(even.sign, x.q.eta);
    return x;
}

/* The margin that is reached, in units of its upper bound. */
static double share_of_margin(struct claim *claim, double arc, enum mobile moves)
{
    struct world x = spread_neurons(claim, arc, moves);
    vec alpha = arena_vec(claim_arena(claim), POINTS);
    run_margin(&x, alpha);
    return mf_margin(&x.p, x.q, &x.pass) / margin_bound(x.p.X, alpha);
}

CLAIM(mf_max_margin, BOUND,
      "On the exponential loss, both layers end within a percent of the best margin")
{
    double share = share_of_margin(claim, 2 * PI, BOTH_LAYERS);
    evidence(claim, "margin over its upper bound", at_least(share, 0.99));
    evidence(claim, "which is a bound", at_most(share, 1));
    control(claim, "only the output layer moves",
            at_least(share_of_margin(claim, 2 * PI, OUTPUT_LAYER), 0.99));
    control(claim, "all start within 18 degrees",
            at_least(share_of_margin(claim, 0.1 * PI, BOTH_LAYERS), 0.99));
}

/* What share of |eta| ||w|| lies in so many windows of 10 degrees, each with one sign
 * of eta: the heaviest around any neuron first, and then of what is left. */
static double share_in_windows(struct particles q, int windows)
{
    double left[NEURONS], all = 0, taken = 0;
    for (int j = 0; j < NEURONS; j++)
        all += left[j] = fabs(q.eta.at[j]) * norm(row(q.W, j));
    for (int k = 0; k < windows; k++) {
        double best = -1;
        bool of_best[NEURONS] = {0};
        for (int center = 0; center < NEURONS; center++) {
            double sum = 0;
            bool within[NEURONS];
            vec c = row(q.W, center);
            for (int j = 0; j < NEURONS; j++) {
                double cosine = dot(c, row(q.W, j)) / norm(c) / norm(row(q.W, j));
                within[j] =
                    q.eta.at[j] * q.eta.at[center] > 0 && cosine > cos(5 * PI / 180);
                sum += within[j] * left[j];
            }
            if (sum > best) {
                best = sum;
                memcpy(of_best, within, sizeof within);
            }
        }
        for (int j = 0; j < NEURONS; j++)
            left[j] *= !of_best[j];
        taken += best;
    }
    return taken / all;
}

static void record_neurons(struct claim *claim, const char *name, struct particles q)
{
    struct series s =
        series_begin(claim, name, "plus_x", "plus_y", "minus_x", "minus_y", NULL);
    double most = 0;
    for (int j = 0; j < NEURONS; j++)
        most = worst(most, fabs(q.eta.at[j]) * norm(row(q.W, j)));
    for (int j = 0; j < NEURONS; j++) {
        double x = fabs(q.eta.at[j]) * row(q.W, j).at[0] / most;
        double y = fabs(q.eta.at[j]) * row(q.W, j).at[1] / most;
        bool plus = q.eta.at[j] > 0;
        series_row(&s, (double[]){plus ? x : NAN, plus ? y : NAN, plus ? NAN : x,
                                  plus ? NAN : y});
    }
    series_end(&s);
}

CLAIM(mf_align, BOUND,
      "Neurons turn to a few directions, no more than there are examples")
{
    vec alpha = arena_vec(claim_arena(claim), POINTS);
    struct world x = spread_neurons(claim, 2 * PI, BOTH_LAYERS);
    struct world fixed = spread_neurons(claim, 2 * PI, OUTPUT_LAYER);
    struct series s = series_begin(claim, "points", "x", "y", "label", NULL);
    for (int i = 0; i < POINTS; i++)
        series_row(&s,
                   (double[]){row(x.p.X, i).at[0], row(x.p.X, i).at[1], x.p.t.at[i]});
    series_end(&s);
    control(claim, "where they start", at_least(share_in_windows(x.q, POINTS), 0.9));
    run_margin(&x, alpha);
    record_neurons(claim, "neurons", x.q);
    evidence(claim, "share within 5 degrees of six",
             at_least(share_in_windows(x.q, POINTS), 0.9));
    run_margin(&fixed, alpha);
    record_neurons(claim, "fixed", fixed.q);
    control(claim, "only the output layer moves",
            at_least(share_in_windows(fixed.q, POINTS), 0.9));
}

CHAPTER(mean_field, &mf_mean, &mf_linear, &mf_convex, &mf_law, &mf_time,
        &mf_dissipation, &mf_square, &mf_transport, &mf_jko, &mf_chaos, &mf_features,
        &mf_certificate, &mf_max_margin, &mf_align)
