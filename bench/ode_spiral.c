/* ode_spiral.c -- seconds of a training iteration of a neural ODE: 20 starting points
 * on a spiral, the states at 10 times forward, the mean absolute error, and its
 * gradient by the adjoint, at tolerances 1e-7 and 1e-9.  The same work as
 * peers/ode_spiral.py.  The optimizer's step is outside the clock.  Usage: ode_spiral
 * [repeats] */
#include "bench.h"
#include "neural_ode.h"
#include "ground/rng.h"

#include <math.h>

enum { POINTS = 1000, BATCH = 20, TIMES = 10, HIDDEN = 50, D = 2, ITERATIONS = 20 };

static const double relative = 1e-7, absolute = 1e-9;

/* dz/dt = z^3 A, A = [-0.1, 2; -2, -0.1]. */
static void spiral(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    double x = pow(z.at[0], 3), y = pow(z.at[1], 3);
    dz.at[0] = -0.1 * x - 2 * y;
    dz.at[1] = 2 * x - 0.1 * y;
}

static double time_of(int i) { return 25.0 * i / (POINTS - 1); }

/* The true states at all times: POINTS x D. */
static mat truth_make(struct arena *arena)
{
    struct neural_ode f = {.ode = {D, spiral, NULL}};
    vec times = arena_vec(arena, POINTS);
    mat truth = arena_mat(arena, POINTS, D);
    for (int i = 0; i < POINTS; i++)
        times.at[i] = time_of(i);
    truth.at[0] = 2;
    if (node_path(&f, times, relative, absolute, arena, truth) != ODE_DONE)
        truth.at[0] = NAN;
    return truth;
}

/* From so many starts: row i of target is the batch at times_i. */
static void draw_batch(struct rng *rng, mat truth, mat target)
{
    for (int b = 0; b < BATCH; b++) {
        int start = rng_below(rng, POINTS - TIMES);
        for (int i = 0; i < TIMES; i++)
            copy(row(truth, start + i), (vec){D, row(target, i).at + (size_t)b * D});
    }
}

/* What one repeat leaves. */
struct run {
    double seconds[ITERATIONS];
    double forward, backward; /* evaluations of the field, in the mean */
    double loss;
};

/* Forward, loss, backward.  path, G: TIMES x BATCH D; a, g: the gradient. */
static void iterate(struct neural_ode *f, struct network_field *field, vec times,
                    mat target, struct arena *arena, mat path, mat G, vec a, vec g,
                    struct run *run, int i)
{
    double began = bench_now();
    copy(row(target, 0), row(path, 0));
    field->evaluations = 0;
    enum ode_status status = node_path(f, times, relative, absolute, arena, path);
    run->forward += (double)field->evaluations / ITERATIONS;
    run->loss = status == ODE_DONE ? 0 : NAN;
    int n = TIMES * BATCH * D;
    for (int j = 0; j < n; j++) {
        double gap = path.at[j] - target.at[j];
        run->loss += fabs(gap) / n;
        G.at[j] = (gap > 0 ? 1.0 : gap < 0 ? -1.0 : 0) / n;
    }
    field->evaluations = 0;
    status = node_adjoint_gradient(f, times, path, G, relative, absolute, arena, a, g);
    run->backward += (double)field->evaluations / ITERATIONS;
    run->loss = status == ODE_DONE ? run->loss : NAN;
    run->seconds[i] = bench_now() - began;
}

/* RMSprop as PyTorch has it: alpha 1e-3, decay 0.99, epsilon 1e-8. */
static void rmsprop(vec g, vec square, vec theta)
{
    for (int i = 0; i < g.n; i++) {
        square.at[i] = 0.99 * square.at[i] + 0.01 * g.at[i] * g.at[i];
        theta.at[i] -= 1e-3 * g.at[i] / (sqrt(square.at[i]) + 1e-8);
    }
}

static struct run one_run(struct arena *arena, mat truth)
{
    size_t mark = arena->used;
    struct rng rng = rng_make(0, "ode_spiral", 0);
    struct mlp net = mlp_make(2, (int[]){D, HIDDEN, D}, TANH, STANDARD, true);
    int P = mlp_parameters(&net);
    vec theta = arena_vec(arena, P), g = arena_vec(arena, P);
    vec square = arena_vec(arena, P), a = arena_vec(arena, BATCH * D);
    for (int l = 0; l < 2; l++)
        rng_normals(&rng, 0, 0.1, entries(mlp_weights(&net, theta, l)));
    struct network_field field = node_field_make(arena, &net, theta, 3, BATCH);
    struct neural_ode f = node_network(&field);
    vec times = arena_vec(arena, TIMES);
    for (int i = 0; i < TIMES; i++)
        times.at[i] = time_of(i);
    mat target = arena_mat(arena, TIMES, BATCH * D);
    mat path = arena_mat(arena, TIMES, BATCH * D);
    mat G = arena_mat(arena, TIMES, BATCH * D);
    struct run run = {.loss = 0};
    for (int i = 0; i < ITERATIONS; i++) {
        draw_batch(&rng, truth, target);
        iterate(&f, &field, times, target, arena, path, G, a, g, &run, i);
        rmsprop(g, square, theta);
    }
    arena->used = mark;
    return run;
}

int main(int argc, char **argv)
{
    int repeats = bench_repeats(argc, argv, 5);
    struct arena arena = arena_make(1 << 24);
    mat truth = truth_make(&arena);
    struct run run = one_run(&arena, truth); /* to warm up */
    double seconds[BENCH_REPEATS];
    for (int r = 0; r < repeats; r++) {
        run = one_run(&arena, truth);
        seconds[r] = bench_median(ITERATIONS, run.seconds);
    }
    bench_print_head("ode_spiral");
    printf("\"seconds\": %.7f, "
           "\"evaluations_forward\": %.1f, \"evaluations_backward\": %.1f, "
           "\"final_loss\": %.6f}\n",
           bench_median(repeats, seconds), run.forward, run.backward, run.loss);
    arena_free(&arena);
    return isfinite(run.loss) ? 0 : 1;
}
