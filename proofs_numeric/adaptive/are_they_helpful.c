/* "Are they helpful?": the comparison of the lecture's last slide, at our scale. */
#include "rules.h"

#include "ground/images.h"
#include "ground/losses.h"
#include "initialization.h"
#include "mlp.h"

#include <math.h>

enum { TRAIN = 400, TEST = 800, IMAGES = 3000, BATCH = 40, STEPS = 100 };
enum { REPLICATES = 30, METHODS = 3 };

/* A method of the comparison: its first rate, which falls linearly to 0. */
struct method {
    enum rule_name name; /* DESCENT has a momentum of 0.9 */
    double beta1, beta2, alpha;
};

static const struct method with_momentum = {DESCENT, 0, 0, 0.2};
static const struct method adaptive[METHODS] = {{ADAGRAD, 0, 0, 0.4},
                                                {RMSPROP, 0, 0.99, 0.03},
                                                {ADAM, 0.9, 0.999, 0.06}};

/* What came of a run: its training loss, and the errors on new images, in percent. */
struct outcome {
    double loss, error;
};

/* Images of one replicate, a fresh network, and batches: the same for every method. */
struct task {
    struct mlp net;
    struct images train, test;
    struct rng rng;
};

static struct task task_make(struct claim *claim, struct images all, int replicate)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct images some = images_draw(&rng, claim_arena(claim), all, TRAIN + TEST);
    images_normalize(some, TRAIN, sqrt(some.X.cols));
    return (
        struct task){mlp_make(2, (int[]){some.X.cols, 20, 10}, RELU, STANDARD, true),
                     images_part(some, 0, TRAIN), images_part(some, TRAIN, TEST), rng};
}

static double new_errors(const struct task *task, struct arena *arena, vec w)
{
    struct mlp_pass pass = mlp_pass_make(arena, &task->net, TEST);
    mlp_forward(&task->net, w, task->test.X, &pass);
    return 100 * error_rate(images_one_hot(arena, task->test), pass.H[2]);
}

static struct outcome run(struct task task, struct arena *arena, struct method m)
{
    size_t mark = arena->used;
    struct rule rule;
    int P = mlp_parameters(&task.net);
    struct optimizer by = rule_begin(&rule, m.name, arena, P, m.beta1, m.beta2);
    if (m.name == DESCENT)
        rule.momentum.beta = 0.9;
    vec w = arena_vec(arena, P), grad = arena_vec(arena, P);
    mat T = images_one_hot(arena, task.train);
    init_weights(&task.net, init_he(NORMAL), &task.rng, w);
    struct mlp_batches batches = mlp_batches_make(arena, &task.net, softmax_loss,
                                                  task.train.X, T, BATCH, task.rng);
    for (int k = 0; k < STEPS; k++)
        optimize(mlp_batches_gradient, &batches, by, m.alpha * (1 - (double)k / STEPS),
                 1, w, grad);
    struct mlp_cost all =
        mlp_cost_make(arena, &task.net, softmax_loss, task.train.X, T);
    mlp_cost_gradient(&all, w, grad);
    struct outcome outcome = {all.value, new_errors(&task, arena, w)};
    arena->used = mark;
    return outcome;
}

/* Each sample: how much worse a method is than descent with momentum, subtracted from
 * what it may be. */
struct samples {
    double loss[REPLICATES], error[REPLICATES];
};
static const double LOSS = 0.15, ERROR = 7;

CLAIM(ada_network, PHENOMENON, "On a small network no adaptive method is far behind")
{
    static const char *const texts[METHODS][2] = {
        {"AdaGrad: 0.15 less excess of loss", "7 points less excess of error"},
        {"RMSProp: 0.15 less excess of loss", "7 points less excess of error"},
        {"Adam: 0.15 less excess of loss", "7 points less excess of error"}};
    struct images all = images_first(claim, IMAGES, 4);
    struct samples samples[METHODS + 1];
    struct series s =
        series_begin(claim, "runs", "momentum", "adagrad_loss", "adagrad_error",
                     "rmsprop_loss", "rmsprop_error", "adam_loss", "adam_error", NULL);
    for (int i = 0; i < REPLICATES; i++) {
        size_t mark = claim_arena(claim)->used;
        struct task task = task_make(claim, all, i);
        struct outcome base = run(task, claim_arena(claim), with_momentum);
        double values[1 + 2 * METHODS] = {base.loss};
        for (int m = 0; m <= METHODS; m++) {
            struct method slow = {DESCENT, 0, 0, 0.002};
            struct outcome x =
                run(task, claim_arena(claim), m < METHODS ? adaptive[m] : slow);
            samples[m].loss[i] = LOSS - (x.loss - base.loss);
            samples[m].error[i] = ERROR - (x.error - base.error);
            if (m < METHODS) {
                values[1 + 2 * m] = x.loss - base.loss;
                values[2 + 2 * m] = x.error - base.error;
            }
        }
        series_row(&s, values);
        claim_arena(claim)->used = mark;
    }
    series_end(&s);
    for (int m = 0; m < METHODS; m++) {
        evidence(claim, texts[m][0], effect_at_least(REPLICATES, samples[m].loss, 0));
        evidence(claim, texts[m][1], effect_at_least(REPLICATES, samples[m].error, 0));
    }
    control(claim, "momentum at 0.002: 0.15 less excess",
            effect_at_least(REPLICATES, samples[METHODS].loss, 0));
    control(claim, "and 7 points less excess of error",
            effect_at_least(REPLICATES, samples[METHODS].error, 0));
}

SECTION(ada_networks, &ada_network);
