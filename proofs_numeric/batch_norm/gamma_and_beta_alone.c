/* "Gamma and beta alone": training them, and no weight. */
#include "batch_norm/nets.h"
#include "ground/optimizers.h"

#include <math.h>

enum { TRAIN = 300, TEST = 500, MINIBATCH = 50, WIDTH = 64, DEPTH = 3 };

enum trained { GAMMA_BETA, SOME_WEIGHTS, EVERYTHING };

/* mask := 1 where a parameter is trained, 0 elsewhere.  SOME_WEIGHTS: as many as there
 * are gammas and betas, drawn from all weights. */
static void choose(struct run *run, enum trained what, struct rng *rng, vec mask)
{
    fill(what == EVERYTHING ? 1 : 0, mask);
    for (int l = 0; l < DEPTH - 1 && what == GAMMA_BETA; l++) {
        struct batch_norm bn = bn_net_layer(&run->net, mask, l);
        fill(1, bn.gamma), fill(1, bn.beta);
    }
    for (int left = 4 * WIDTH; left > 0 && what == SOME_WEIGHTS;) {
        int k = rng_below(rng, WIDTH * (PIXELS + WIDTH + CLASSES)), l = 0;
        vec W = entries(run_weights(run, mask, 0));
        for (; k >= W.n; W = entries(run_weights(run, mask, ++l)))
            k -= W.n;
        left -= W.at[k] == 0;
        W.at[k] = 1;
    }
}

/* Share of 500 other images that are classified right, in evaluation mode, after so
 * many steps of momentum at rate 0.3. */
static double tested(struct claim *claim, struct images from, int replicate,
                     enum trained what, int steps)
{
    static const int width[] = {PIXELS, WIDTH, WIDTH, CLASSES};
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct task task = task_draw(&rng, arena, from, TRAIN + TEST, TRAIN);
    struct run run = run_make(arena, &rng, width, DEPTH, RELU, true, 1e-5, MINIBATCH);
    struct momentum momentum = momentum_make(arena, run.w.n, 0.9);
    vec mask = arena_vec(arena, run.w.n),
        v = arena_vec(arena, mlp_parameters(&run.net.mlp));
    choose(&run, what, &rng, mask);
    for (int k = 0; k < steps; k++) {
        int first = k % (TRAIN / MINIBATCH) * MINIBATCH;
        run_gradient(&run, softmax_loss, row_block(task.X, first, MINIBATCH),
                     row_block(task.T, first, MINIBATCH));
        multiply(mask, run.grad);
        momentum_step(&momentum, 0.3, run.grad, run.w);
    }
    struct bn_net_pass all = bn_net_pass_make(arena, &run.net, TRAIN);
    struct mlp_pass test = mlp_pass_make(arena, &run.net.mlp, TEST);
    bn_net_forward(&run.net, run.w, row_block(task.X, 0, TRAIN), &all);
    bn_net_fold(&run.net, run.w, &all, v);
    mlp_forward(&run.net.mlp, v, row_block(task.X, TRAIN, TEST), &test);
    double error = error_rate(row_block(task.T, TRAIN, TEST), test.H[DEPTH]);
    arena->used = mark;
    return 1 - error;
}

CLAIM(bn_gamma_beta, PHENOMENON,
      "Gamma and beta alone, on random weights, classify far above chance")
{
    enum { RUNS = 26 };
    struct images from = some_images(claim);
    double right[RUNS], chance[RUNS];
    for (int r = 0; r < RUNS; r++) {
        right[r] = tested(claim, from, r, GAMMA_BETA, 40) - 0.1;
        chance[r] = tested(claim, from, r, GAMMA_BETA, 0) - 0.1;
    }
    evidence(claim, "share right, less a tenth", effect_at_least(RUNS, right, 0.25));
    control(claim, "before training", effect_at_least(RUNS, chance, 0.25));
}

LONG_CLAIM(bn_gamma_beta_budget, PHENOMENON,
           "As many random weights do as well as gamma and beta, to within a sixteenth")
{
    enum { RUNS = 160 };
    struct images from = some_images(claim);
    double less[RUNS], more[RUNS], all[RUNS];
    for (int r = 0; r < RUNS; r++) {
        double own = tested(claim, from, r, GAMMA_BETA, 100);
        less[r] = own - tested(claim, from, r, SOME_WEIGHTS, 100);
        more[r] = -less[r];
        all[r] = own - tested(claim, from, r, EVERYTHING, 100);
    }
    evidence(claim, "gamma and beta, less weights",
             effect_at_least(RUNS, less, -1 / 16.0));
    evidence(claim, "weights, less gamma and beta",
             effect_at_least(RUNS, more, -1 / 16.0));
    control(claim, "gamma and beta, less all", effect_at_least(RUNS, all, -1 / 16.0));
}

SECTION(bn_gamma_and_beta_alone, &bn_gamma_beta, &bn_gamma_beta_budget);
