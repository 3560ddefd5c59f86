/* "What it was meant for": saturation, the shift of distributions, large rates. */
#include "batch_norm/nets.h"
#include "gradient_descent.h"
#include "ground/optimizers.h"
#include "ground/worlds.h"

#include <math.h>

/* ---- Saturation ---------------------------------------------------------------------
 */

enum { UNITS = 64, ROUNDS = 40 };

/* tanh'(y) = 1 / cosh(y)^2 is below 0.1 where |y| is beyond this. */
static double edge(void) { return acosh(sqrt(10)); }

/* P(|z^| > edge) for one of a batch of B normal values: q = z^ / sqrt(B - 1) has the
 * law of Student with B - 2 degrees of freedom, once it is q sqrt(B - 2) / sqrt(1 -
 * q^2); so q^2 has the beta law (1/2, (B - 2) / 2). */
static double law_of_saturation(int B)
{
    return 1 - incomplete_beta(0.5, (B - 2) / 2.0, edge() * edge() / (B - 1));
}

/* In how many of 40 batches, times 64 units, is the slope of the first example below
 * 0.1?  The rows of W are orthogonal, of length 10: the units are independent normals
 * of deviation 10. */
static int saturated(struct claim *claim, int B, bool normalized, double gamma)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)B);
    mat W = arena_mat(arena, UNITS, UNITS), X = arena_mat(arena, B, UNITS),
        Z = arena_mat(arena, B, UNITS), slope = arena_mat(arena, B, UNITS);
    struct batch_norm bn = {arena_vec(arena, UNITS), arena_vec(arena, UNITS), 0};
    struct bn_pass pass = bn_pass_make(arena, B, UNITS);
    fill(gamma, bn.gamma);
    rng_rotation(&rng, arena, W);
    int count = 0;
    for (int r = 0; r < ROUNDS; r++) {
        rng_normals(&rng, 0, 1, entries(X));
        gemm(10, AS_IS, X, TRANSPOSED, W, 0, Z);
        if (normalized)
            bn_forward(&bn, Z, &pass, Z);
        activate(TANH, entries(Z), entries(slope));
        for (int j = 0; j < UNITS; j++)
            count += slope.at[j] < 0.1;
    }
    return count;
}

CLAIM(bn_saturation, STATISTIC,
      "Of tanh units with weights ten times too large, 7 % are saturated and not 85 %")
{
    double wide = erfc(edge() / sqrt(2));
    /* Student's law with nu degrees is off the normal one by less than 1 / nu. */
    evidence(claim, "law at B = 10^6, off 0.068996",
             at_most(fabs(law_of_saturation(1000000) - 0.068996), 1e-6 + 5e-7));
    evidence(claim, "the normal law, off 0.068996",
             at_most(fabs(wide - 0.068996), 5e-7));
    static const int batches[] = {8, 32, 128};
    for (int i = 0; i < 3; i++) {
        char what[37];
        snprintf(what, sizeof what, "batches of %d: share saturated", batches[i]);
        evidence(claim, what,
                 count_fits(saturated(claim, batches[i], true, 1), ROUNDS * UNITS,
                            law_of_saturation(batches[i])));
    }
    control(claim, "no batch norm",
            count_fits(saturated(claim, 32, false, 1), ROUNDS * UNITS,
                       law_of_saturation(32)));
    control(claim, "gamma = 10",
            count_fits(saturated(claim, 32, true, 10), ROUNDS * UNITS,
                       law_of_saturation(32)));
}

/* ---- Where the distributions go
 * ------------------------------------------------------ */

enum { IMAGES = 50, DEPTH = 5, WIDTH = 16, HIDDEN = DEPTH - 1, STEPS = 20, RUNS = 24 };

/* What enters the activations of a network: of each hidden unit, over the images, mean
 * and deviation; before gamma and beta, the largest mean of all. */
struct inputs {
    double mean[HIDDEN * WIDTH], deviation[HIDDEN * WIDTH], before;
};

static struct run small_net(struct arena *arena, struct rng *rng, bool normalized,
                            int n)
{
    static const int width[] = {PIXELS, WIDTH, WIDTH, WIDTH, WIDTH, CLASSES};
    return run_make(arena, rng, width, DEPTH, RELU, normalized, 1e-5, n);
}

/* y := unit j of layer l over the images of the pass that is there, by its definition;
 * returns the mean of its z^, 0 in a plain network. */
static double input_of(const struct run *run, int l, int j, double *y)
{
    double b = run_biases(run, run->w, l).at[j], hats = 0;
    double gamma =
        run->net.normalized ? bn_net_layer(&run->net, run->w, l).gamma.at[j] : 1;
    vec w = row(run_weights(run, run->w, l), j);
    for (int i = 0; i < run->G.rows; i++) {
        double hat = run->net.normalized ? row(run->pass.unit[l].hat, i).at[j] : 0;
        y[i] = run->net.normalized ? gamma * hat + b
                                   : dot(w, row(run->pass.mlp.H[l], i)) + b;
        if (run->pass.scale[l].rows > 0)
            y[i] = row(run->pass.scale[l], i).at[j] * y[i] +
                   row(run->pass.shift[l], i).at[j];
        hats += hat / run->G.rows;
    }
    return hats;
}

static struct inputs inputs_of(const struct run *run)
{
    struct inputs x = {.before = 0};
    int n = run->G.rows;
    double y[IMAGES];
    for (int l = 0; l < HIDDEN; l++)
        for (int j = 0; j < WIDTH; j++) {
            double sum = 0, squares = 0;
            x.before = worst(x.before, fabs(input_of(run, l, j, y)));
            for (int i = 0; i < n; i++)
                sum += y[i] / n, squares += y[i] * y[i] / n;
            x.mean[l * WIDTH + j] = sum;
            x.deviation[l * WIDTH + j] = sqrt(squares - sum * sum);
        }
    return x;
}

/* Means over the units: how far the mean has moved, in deviations at the start, and how
 * far it is from 0, in deviations now. */
static double drift(const struct inputs *start, const struct inputs *end)
{
    double sum = 0;
    for (int k = 0; k < HIDDEN * WIDTH; k++)
        sum += fabs(end->mean[k] - start->mean[k]) / (start->deviation[k] + 1e-3);
    return sum / (HIDDEN * WIDTH);
}

static double off_centre(const struct inputs *x)
{
    double sum = 0;
    for (int k = 0; k < HIDDEN * WIDTH; k++)
        sum += fabs(x->mean[k]) / (x->deviation[k] + 1e-3);
    return sum / (HIDDEN * WIDTH);
}

static double off_centre_of(const struct run *run)
{
    struct inputs x = inputs_of(run);
    return off_centre(&x);
}

struct shift {
    double drift, off_centre; /* after training           */
    double before;            /* the largest mean of a z^ */
};

/* Twenty steps at rate 0.1 on all images, with noise of that strength. */
static struct shift shifted(struct claim *claim, struct images from, int replicate,
                            bool normalized, double noise)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct task task = task_draw(&rng, arena, from, IMAGES, IMAGES);
    struct run run = small_net(arena, &rng, normalized, IMAGES);
    struct inputs start = {.before = 0}, end;
    for (int k = 0; k <= STEPS; k++) {
        if (noise > 0)
            bn_net_noise(&rng, arena, &run.net, noise, &run.pass);
        run_gradient(&run, softmax_loss, task.X, task.T);
        if (k == 0)
            start = inputs_of(&run);
        if (k < STEPS)
            gd_update(0.1, run.grad, run.w);
    }
    end = inputs_of(&run);
    arena->used = mark;
    return (struct shift){drift(&start, &end), off_centre(&end),
                          worst(start.before, end.before)};
}

CLAIM(bn_covariate_shift, PHENOMENON,
      "What enters the activations drifts, and with batch norm a third as much at most")
{
    struct images from = some_images(claim);
    double less[RUNS], noisy[RUNS], centre[RUNS], with[RUNS], before = 0;
    for (int r = 0; r < RUNS; r++) {
        struct shift plain = shifted(claim, from, r, false, 0),
                     normal = shifted(claim, from, r, true, 0);
        less[r] = log(plain.drift / normal.drift);
        noisy[r] = log(plain.drift / shifted(claim, from, r, true, 1).drift);
        centre[r] = plain.off_centre;
        with[r] = normal.off_centre;
        before = worst(before, normal.before);
    }
    evidence(claim, "without: |mean|, in deviations",
             effect_at_least(RUNS, centre, 0.15));
    evidence(claim, "ln of drift, without to with",
             effect_at_least(RUNS, less, log(3)));
    evidence(claim, "mean of z^, before gamma and beta",
             at_most(before, rounding(IMAGES, 10)));
    control(claim, "with: |mean|, in deviations", effect_at_least(RUNS, with, 0.15));
    control(claim, "ln of drift, without to noisy",
            effect_at_least(RUNS, noisy, log(3)));
}

/* ---- Where the gradients go
 * ---------------------------------------------------------- Santurkar's measure: by
 * how much, of itself, does the gradient of a layer change when the layers below take
 * their step, and it does not?  The mean over a run. */

static void step_below(struct run *run, int layer, double alpha, vec w)
{
    for (int l = 0; l < layer; l++)
        gd_update(alpha, entries(run_weights(run, run->grad, l)),
                  entries(run_weights(run, w, l)));
}

/* Of ten layers of tanh, with hidden weights c times as large: six steps at rate 0.05.
 */
static double changed(struct claim *claim, struct images from, int replicate,
                      bool normalized, int layer, double c)
{
    static const double ALPHA = 0.05;
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct task task = task_draw(&rng, arena, from, IMAGES, IMAGES);
    struct run run = run_deep(arena, &rng, normalized, c, IMAGES);
    vec w = arena_vec(arena, run.w.n), grad = arena_vec(arena, run.w.n);
    double sum = 0;
    for (int k = 0; k < 6; k++) {
        run_gradient(&run, softmax_loss, task.X, task.T);
        copy(run.w, w), copy(run.grad, grad);
        vec old = entries(run_weights(&run, grad, layer)),
            new = entries(run_weights(&run, run.grad, layer));
        step_below(&run, layer, ALPHA, run.w);
        run_gradient(&run, softmax_loss, task.X, task.T);
        axpy(-1, old, new);
        sum += norm(new) / norm(old) / 6;
        copy(w, run.w);
        gd_update(ALPHA, grad, run.w);
    }
    arena->used = mark;
    return sum;
}

CLAIM(bn_gradient_shift, PHENOMENON,
      "A layer's gradient changes twice as much with batch norm as without, or more")
{
    enum { REPEATS = 28 };
    struct images from = some_images(claim);
    double more[REPEATS], large[REPEATS];
    for (int r = 0; r < REPEATS; r++) {
        double plain = changed(claim, from, r, false, 3, 1);
        more[r] = log(changed(claim, from, r, true, 3, 1) / plain);
        large[r] = log(changed(claim, from, r, true, 3, 32) / plain);
    }
    evidence(claim, "ln of change, with to without",
             effect_at_least(REPEATS, more, log(2)));
    evidence(claim, "the first layer: nothing below",
             at_most(changed(claim, from, 0, true, 0, 1), 0));
    control(claim, "the same, weights 32 times as large",
            effect_at_least(REPEATS, large, log(2)));
}

/* ---- Large rates, and noise
 * ---------------------------------------------------------- */

enum { TRAIN = 160, MINIBATCH = 40, LAYERS = 6 };

/* Share of 160 images that are classified right, in the mode of training, after 40
 * steps of momentum at rate 0.5, on four batches in turn.  off: off_centre at first. */
static double trained(struct claim *claim, struct images from, int replicate,
                      bool normalized, double noise, double *off)
{
    static const int width[] = {PIXELS, WIDTH, WIDTH, WIDTH, WIDTH, WIDTH, CLASSES};
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct task task = task_draw(&rng, arena, from, TRAIN, TRAIN);
    struct run run =
        run_make(arena, &rng, width, LAYERS, RELU, normalized, 1e-5, MINIBATCH);
    struct momentum momentum = momentum_make(arena, run.w.n, 0.9);
    for (int k = 0; k < 40; k++) {
        int first = k % (TRAIN / MINIBATCH) * MINIBATCH;
        if (noise > 0)
            bn_net_noise(&rng, arena, &run.net, noise, &run.pass);
        run_gradient(&run, softmax_loss, row_block(task.X, first, MINIBATCH),
                     row_block(task.T, first, MINIBATCH));
        if (k == 0)
            *off = off_centre_of(&run);
        momentum_step(&momentum, 0.5, run.grad, run.w);
    }
    struct bn_net_pass all = bn_net_pass_make(arena, &run.net, TRAIN);
    bn_net_forward(&run.net, run.w, task.X, &all);
    double error = error_rate(task.T, all.mlp.H[LAYERS]);
    arena->used = mark;
    return isnan(error) ? 0.1 : 1 - error; /* diverged: no better than chance */
}

CLAIM(bn_large_rates, PHENOMENON,
      "Batch norm, noisy or not, bears a rate at which a plain network learns nothing")
{
    enum { REPEATS = 24 };
    static const double NOISE = 0.25;
    struct images from = some_images(claim);
    double with[REPEATS], noisy[REPEATS], third[REPEATS], plain[REPEATS], off[REPEATS],
        off_none, off_with[REPEATS];
    for (int r = 0; r < REPEATS; r++) {
        double none = trained(claim, from, r, false, 0, &off_none);
        with[r] = trained(claim, from, r, true, 0, &off_with[r]) - none;
        noisy[r] = trained(claim, from, r, true, NOISE, &off[r]) - none;
        third[r] = noisy[r] - with[r] / 3;
        plain[r] = trained(claim, from, r, false, NOISE, &off_none) - none;
    }
    evidence(claim, "with, less without", effect_at_least(REPEATS, with, 0.2));
    evidence(claim, "noisy batch norm, less without",
             effect_at_least(REPEATS, noisy, 0.2));
    evidence(claim, "noisy gain, less a third of clean",
             effect_at_least(REPEATS, third, 0));
    evidence(claim, "noisy: |mean|, in deviations",
             effect_at_least(REPEATS, off, 0.0625));
    control(claim, "batch norm: |mean|, in deviations",
            effect_at_least(REPEATS, off_with, 0.0625));
    control(claim, "noise without batch norm", effect_at_least(REPEATS, plain, 0.2));
}

SECTION(bn_what_it_was_meant_for, &bn_saturation, &bn_covariate_shift,
        &bn_gradient_shift, &bn_large_rates);
