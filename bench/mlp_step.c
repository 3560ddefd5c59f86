/* mlp_step.c -- a training step: forward, backward, and w := w - alpha grad.  A tanh
 * network 100 -> 512 -> 512 -> 512 -> 1 with biases, the mean squared error of 1,000
 * examples.  The answer is the gradient.  Usage: mlp_step [repeats [FILE]] */
#include "bench.h"
#include "ground/rng.h"
#include "mlp.h"

enum { EXAMPLES = 1000, INPUTS = 100, WIDTH = 512 };

struct problem {
    struct mlp net;
    mat X, G;
    vec y, w, grad;
    struct mlp_pass pass;
};

/* One step on the mean of (f - y)^2. */
static void work(void *context)
{
    struct problem *p = context;
    mlp_forward(&p->net, p->w, p->X, &p->pass);
    vec residual = entries(p->G);
    copy(entries(p->pass.H[p->net.depth]), residual);
    axpy(-1, p->y, residual);
    scale(2.0 / EXAMPLES, residual);
    mlp_backward(&p->net, p->w, p->G, &p->pass);
    mlp_gradient(&p->net, &p->pass, p->grad);
    axpy(-1e-3, p->grad, p->w);
}

static struct problem problem_make(struct arena *arena)
{
    struct rng rng = rng_make(0, "mlp_step", 0);
    int widths[] = {INPUTS, WIDTH, WIDTH, WIDTH, 1};
    struct problem p = {.net = mlp_make(4, widths, TANH, STANDARD, true)};
    p.pass = mlp_pass_make(arena, &p.net, EXAMPLES);
    p.X = arena_mat(arena, EXAMPLES, INPUTS);
    p.G = arena_mat(arena, EXAMPLES, 1);
    p.y = arena_vec(arena, EXAMPLES);
    p.w = arena_vec(arena, mlp_parameters(&p.net));
    p.grad = arena_vec(arena, p.w.n);
    rng_normals(&rng, 0, 1, entries(p.X));
    rng_normals(&rng, 0, 1, p.y);
    for (int l = 0; l < p.net.depth; l++)
        rng_normals(&rng, 0, 1 / sqrt(p.net.width[l]),
                    entries(mlp_weights(&p.net, p.w, l)));
    return p;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "mlp_step");
    struct arena arena = arena_make((size_t)256 << 20);
    struct problem p = problem_make(&arena);
    bench_share(&bench, entries(p.X));
    bench_share(&bench, p.y);
    bench_share(&bench, p.w);
    int status = bench_race(&bench, work, &p, p.grad, BENCH_NONE);
    arena_free(&arena);
    return status;
}
