/* ode_spiral.c -- a training iteration of a neural ODE: 20 starting points on a spiral,
 * the states at 10 times forward, the mean absolute error, and its gradient back
 * through the steps, at tolerances 1e-7 and 1e-9.  The answer is the gradient, the
 * reference the same at 1e-12 and 1e-13.  Usage: ode_spiral [repeats [FILE]] */
#include "bench.h"
#include "ground/rng.h"
#include "neural_ode.h"

enum { POINTS = 1000, BATCH = 20, TIMES = 10, HIDDEN = 50, D = 2, STEPS = 1000 };

struct problem {
    struct mlp net;
    struct network_field field;
    struct neural_ode f;
    struct node_steps steps;
    vec theta, times;
    mat target, path, G; /* TIMES x BATCH D */
    double relative, absolute;
    vec a, g; /* the gradient, by the starting points and by theta */
    struct arena *arena;
};

/* Forward, loss, backward. */
static void work(void *context)
{
    struct problem *p = context;
    copy(row(p->target, 0), row(p->path, 0));
    bool done = node_steps_path(&p->f, p->times, p->relative, p->absolute, p->arena,
                                p->path, &p->steps) == ODE_DONE;
    int n = TIMES * BATCH * D;
    for (int j = 0; j < n; j++) {
        double gap = p->path.at[j] - p->target.at[j];
        p->G.at[j] = (gap > 0 ? 1.0 : gap < 0 ? -1.0 : 0) / n;
    }
    node_steps_gradient(&p->f, &p->steps, p->times, p->G, p->arena, p->a, p->g);
    if (!done)
        p->g.at[0] = NAN;
}

/* dz/dt = z^3 A, A = [-0.1, 2; -2, -0.1]. */
static void spiral(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    double x = pow(z.at[0], 3), y = pow(z.at[1], 3);
    dz.at[0] = -0.1 * x - 2 * y;
    dz.at[1] = 2 * x - 0.1 * y;
}

/* times_i := the i-th of the times of the spiral. */
static void set_times(vec times)
{
    for (int i = 0; i < times.n; i++)
        times.at[i] = 25.0 * i / (POINTS - 1);
}

/* From so many starts on the spiral: row i of target is the batch at times_i. */
static void draw_target(struct problem *p, struct rng *rng)
{
    struct neural_ode f = {.ode = {D, spiral, NULL}};
    vec times = arena_vec(p->arena, POINTS);
    mat truth = arena_mat(p->arena, POINTS, D);
    set_times(times);
    truth.at[0] = 2;
    if (node_path(&f, times, 1e-7, 1e-9, p->arena, truth) != ODE_DONE)
        truth.at[0] = NAN;
    for (int b = 0; b < BATCH; b++) {
        int start = rng_below(rng, POINTS - TIMES);
        for (int i = 0; i < TIMES; i++)
            copy(row(truth, start + i), part(row(p->target, i), b * D, D));
    }
}

/* p, which stays where it is, with a network as it begins. */
static void problem_make(struct problem *p, struct arena *arena)
{
    struct rng rng = rng_make(0, "ode_spiral", 0);
    p->net = mlp_make(2, (int[]){D, HIDDEN, D}, TANH, STANDARD, true);
    p->arena = arena;
    p->theta = arena_vec(arena, mlp_parameters(&p->net));
    p->g = arena_vec(arena, p->theta.n);
    p->a = arena_vec(arena, BATCH * D);
    p->target = arena_mat(arena, TIMES, BATCH * D);
    p->path = arena_mat(arena, TIMES, BATCH * D);
    p->G = arena_mat(arena, TIMES, BATCH * D);
    p->times = arena_vec(arena, TIMES);
    set_times(p->times);
    draw_target(p, &rng);
    for (int l = 0; l < 2; l++)
        rng_normals(&rng, 0, 0.1, entries(mlp_weights(&p->net, p->theta, l)));
    p->field = node_field_make(arena, &p->net, p->theta, 3, BATCH);
    p->f = node_network(&p->field);
    p->steps = node_steps_make(arena, &p->f, STEPS);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "ode_spiral");
    struct arena arena = arena_make((size_t)1 << 24);
    struct problem p = {.relative = 1e-12, .absolute = 1e-13};
    problem_make(&p, &arena);
    bench_share(&bench, p.theta);
    bench_share(&bench, entries(p.target));
    vec reference = arena_vec(&arena, p.g.n);
    work(&p);
    copy(p.g, reference);
    p.relative = 1e-7, p.absolute = 1e-9;
    int status = bench_race(&bench, work, &p, p.g, reference);
    arena_free(&arena);
    return status;
}
