/* "Is the landscape smoother?": Santurkar's theorems, which are identities, and what
 * becomes of them when a whole network is trained. */
#include "batch_norm/nets.h"
#include "gradient_descent.h"
#include "ground/worlds.h"

#include <math.h>

/* ---- One unit on a batch -----------------------------------------------------------
 * A loss of what a unit gives for m examples, L(y) = 1/2 y'Ay - c'y, A symmetric, and
 * y = gamma z^ + beta; g is its gradient with respect to z, d with respect to y. */

enum { BATCH = 12 };

struct unit {
    mat A, z, y, d, g; /* BATCH x BATCH, and columns */
    vec c;
    struct batch_norm bn;
    struct bn_pass pass;
};

/* The standard deviation of z by the textbook. */
static double deviation(const struct unit *x)
{
    double mean = 0, square = 0;
    for (int i = 0; i < BATCH; i++)
        mean += x->z.at[i] / BATCH;
    for (int i = 0; i < BATCH; i++)
        square += (x->z.at[i] - mean) * (x->z.at[i] - mean) / BATCH;
    return sqrt(square);
}

/* The z have this deviation. */
static struct unit unit_make(struct claim *claim, double gamma, double sigma,
                             double epsilon)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat M = normal_mat(arena, &rng, BATCH, BATCH);
    struct unit x = {.A = arena_mat(arena, BATCH, BATCH),
                     .z = normal_mat(arena, &rng, BATCH, 1),
                     .y = arena_mat(arena, BATCH, 1),
                     .d = arena_mat(arena, BATCH, 1),
                     .g = arena_mat(arena, BATCH, 1),
                     .c = normal_vec(arena, &rng, BATCH),
                     .bn = {arena_vec(arena, 1), normal_vec(arena, &rng, 1), epsilon},
                     .pass = bn_pass_make(arena, BATCH, 1)};
    x.bn.gamma.at[0] = gamma;
    scale(sigma / deviation(&x), entries(x.z));
    for (int i = 0; i < BATCH; i++)
        for (int j = 0; j < BATCH; j++)
            row(x.A, i).at[j] = (row(M, i).at[j] + row(M, j).at[i]) / 2;
    bn_forward(&x.bn, x.z, &x.pass, x.y);
    gemv(1, x.A, entries(x.y), 0, entries(x.d));
    axpy(-1, x.c, entries(x.d));
    bn_backward(&x.bn, x.d, &x.pass, x.g);
    return x;
}

/* ||g||^2 over gamma^2 / sigma^2 (||d||^2 - <1, d>^2 / m - <z^, d>^2 / m), less 1. */
static double off_theorem(const struct unit *x)
{
    double sigma = deviation(x), mean = 0, sum = 0, along = 0, gain;
    const real *d = x->d.at;
    for (int i = 0; i < BATCH; i++)
        mean += x->z.at[i] / BATCH;
    for (int i = 0; i < BATCH; i++) {
        sum += d[i];
        along += (x->z.at[i] - mean) / sigma * d[i];
    }
    gain = x->bn.gamma.at[0] / sigma;
    double law =
        dot(entries(x->d), entries(x->d)) - (sum * sum + along * along) / BATCH;
    double measured = dot(entries(x->g), entries(x->g));
    return fabs(measured / (gain * gain * law) - 1);
}

/* d := what is left of d without its parts along 1 and z^; then g, over gamma/sigma. */
static double gain_of_remainder(struct unit *x)
{
    double sigma = deviation(x), before;
    x->bn.gamma.at[0] = sigma;
    bn_backward(&x->bn, x->d, &x->pass, x->d);
    before = norm(entries(x->d));
    x->bn.gamma.at[0] = 3 * sigma;
    bn_backward(&x->bn, x->d, &x->pass, x->g);
    return norm(entries(x->g)) / before;
}

CLAIM(bn_lipschitz, IDENTITY,
      "The gradient loses its parts along 1 and z^, and is multiplied by gamma / sigma")
{
    struct unit x = unit_make(claim, 0.7, 2, 0), wide = unit_make(claim, 3, 0.5, 0),
                damped = unit_make(claim, 0.7, 2, 1);
    /* Sums over the batch of numbers that are of one size, once squared. */
    double limit = rounding(2 * BATCH, 4);
    evidence(claim, "gamma < sigma: squared, off theorem",
             at_most(off_theorem(&x), limit));
    evidence(claim, "gamma > sigma: squared, off theorem",
             at_most(off_theorem(&wide), limit));
    evidence(claim, "gamma = 3 sigma, remainder: less 3",
             at_most(fabs(gain_of_remainder(&wide) - 3), limit));
    control(claim, "epsilon = 1", at_most(off_theorem(&damped), limit));
}

/* ---- Curvature along the gradient --------------------------------------------------
 * A number with its first two derivatives along a line: what moves is z + t g. */

struct jet {
    double value, first, second;
};

static struct jet jet_mul(struct jet x, struct jet y)
{
    return (struct jet){x.value * y.value, x.first * y.value + x.value * y.first,
                        x.second * y.value + 2 * x.first * y.first +
                            x.value * y.second};
}

static struct jet jet_add(double c, struct jet x, struct jet y)
{
    return (struct jet){c * x.value + y.value, c * x.first + y.first,
                        c * x.second + y.second};
}

/* x^(-1/2): r' = -x' r^3 / 2, r'' = -x'' r^3 / 2 + 3 x'^2 r^5 / 4. */
static struct jet jet_inverse_root(struct jet x)
{
    double r = 1 / sqrt(x.value), cube = r * r * r;
    return (struct jet){r, -x.first * cube / 2,
                        -x.second * cube / 2 + 0.75 * x.first * x.first * cube * r * r};
}

/* d^2/dt^2 of L at z + t v, at t = 0. */
static double second_derivative(const struct unit *x, vec v)
{
    struct jet z[BATCH], y[BATCH], mean = {0}, square = {x->bn.epsilon, 0, 0},
                                   loss = {0};
    for (int i = 0; i < BATCH; i++) {
        z[i] = (struct jet){x->z.at[i], v.at[i], 0};
        mean = jet_add(1.0 / BATCH, z[i], mean);
    }
    for (int i = 0; i < BATCH; i++) {
        z[i] = jet_add(-1, mean, z[i]);
        square = jet_add(1.0 / BATCH, jet_mul(z[i], z[i]), square);
    }
    for (int i = 0; i < BATCH; i++)
        y[i] = jet_add(x->bn.gamma.at[0], jet_mul(z[i], jet_inverse_root(square)),
                       (struct jet){x->bn.beta.at[0], 0, 0});
    for (int i = 0; i < BATCH; i++) {
        loss = jet_add(-x->c.at[i], y[i], loss);
        for (int j = 0; j < BATCH; j++)
            loss = jet_add(row(x->A, i).at[j] / 2, jet_mul(y[i], y[j]), loss);
    }
    return loss.second;
}

/* gamma^2 / sigma^2 (g'Ag - <z^, d> ||g||^2 / (m gamma)), by the pass. */
static double curvature_law(struct claim *claim, struct unit *x)
{
    vec g = entries(x->g), Ag = arena_vec(claim_arena(claim), BATCH);
    double gamma = x->bn.gamma.at[0], gain = gamma / x->pass.sigma.at[0];
    gemv(1, x->A, g, 0, Ag);
    double along = dot(entries(x->pass.hat), entries(x->d));
    return gain * gain * (dot(g, Ag) - along * dot(g, g) / (BATCH * gamma));
}

/* How far the two are apart, over ||A|| ||g||^2 gamma^2 / sigma^2. */
static double off_curvature(struct claim *claim, struct unit x)
{
    double gain = x.bn.gamma.at[0] / x.pass.sigma.at[0];
    double size = gain * gain * norm(entries(x.A)) * dot(entries(x.g), entries(x.g));
    return fabs(second_derivative(&x, entries(x.g)) - curvature_law(claim, &x)) / size;
}

CLAIM(bn_curvature, IDENTITY,
      "Along the gradient, the curvature behind a batch norm is its own, less a term")
{
    struct rng rng = claim_rng(claim, 1);
    struct unit x = unit_make(claim, 0.7, 2, 0), wide = unit_make(claim, 3, 0.5, 0),
                damped = unit_make(claim, 0.7, 2, 1), elsewhere = x;
    double limit = rounding(BATCH * BATCH, 4);
    evidence(claim, "gamma < sigma: off the theorem",
             at_most(off_curvature(claim, x), limit));
    evidence(claim, "gamma > sigma: off the theorem",
             at_most(off_curvature(claim, wide), limit));
    control(claim, "epsilon = 1", at_most(off_curvature(claim, damped), limit));
    elsewhere.g = normal_mat(claim_arena(claim), &rng, BATCH, 1);
    control(claim, "along another direction",
            at_most(off_curvature(claim, elsewhere), limit));
}

/* ---- Along a training run ----------------------------------------------------------
 * How much of what the gradient promises does a step deliver?  The mean, over ten steps
 * of descent at rate 0.1, of the decrease of the loss over alpha ||grad||^2. */

enum { IMAGES = 40, RUNS = 64 };
static const double ALPHA = 0.1;

/* c: what the hidden weights are multiplied by at the start. */
static double delivered(struct claim *claim, struct images from, int replicate,
                        bool normalized, double c)
{
    enum { STEPS = 10 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct task task = task_draw(&rng, arena, from, IMAGES, IMAGES);
    struct run run = run_deep(arena, &rng, normalized, c, IMAGES);
    double share = 0, loss = run_gradient(&run, softmax_loss, task.X, task.T);
    for (int k = 0; k < STEPS; k++) {
        double promised = ALPHA * dot(run.grad, run.grad), before = loss;
        gd_update(ALPHA, run.grad, run.w);
        loss = run_gradient(&run, softmax_loss, task.X, task.T);
        share += (before - loss) / promised / STEPS;
    }
    arena->used = mark;
    return share;
}

/* For the figure: means over the first runs, for weights that are larger and larger. */
static void record_shares(struct claim *claim, struct images from, double plain)
{
    enum { SHOWN = 4 };
    struct series s = series_begin(claim, "shares", "c", "normalized", "plain", NULL);
    for (double c = 0.5; c < 17; c *= 2) {
        double mean = 0;
        for (int r = 0; r < SHOWN; r++)
            mean += delivered(claim, from, r, true, c) / SHOWN;
        series_row(&s, (double[]){c, mean, plain});
    }
    series_end(&s);
}

CLAIM(bn_first_order, PHENOMENON,
      "At one rate a step delivers less with batch norm: what decides is ||w||")
{
    struct images from = some_images(claim);
    double lost[RUNS], gained[RUNS], plain = 0;
    int kept = 0;
    for (int r = 0; r < RUNS; r++) {
        double without = delivered(claim, from, r, false, 1);
        lost[r] = without - delivered(claim, from, r, true, 1);
        double large = delivered(claim, from, r, true, 8);
        kept += large >= 0.8;
        gained[r] = without - large;
        plain += without / RUNS;
    }
    evidence(claim, "without, less with batch norm", effect_at_least(RUNS, lost, 0.4));
    /* Counted, since a run in some hundreds has a step that is far too long. */
    evidence(claim, "above 0.8, weights 8 times as large",
             chance_at_least(kept, RUNS, 0.5));
    control(claim, "without, less these", effect_at_least(RUNS, gained, 0.4));
    record_shares(claim, from, plain);
}

SECTION(bn_is_the_landscape_smoother, &bn_lipschitz, &bn_curvature, &bn_first_order);
