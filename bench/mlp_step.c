/* mlp_step.c -- seconds of a training step: forward, backward, and w := w - alpha grad.
 * A tanh network 100 -> 512 -> 512 -> 512 -> 1 with biases, the mean squared error of
 * 1,000 examples.  The same work as peers/mlp_step.py.  Usage: mlp_step [repeats] */
#include "bench.h"
#include "mlp.h"
#include "ground/rng.h"

#include <math.h>

enum { EXAMPLES = 1000, INPUTS = 100, WIDTH = 512, STEPS = 5 };

/* One step on the mean of (f - y)^2; returns the loss before it. */
static double step(const struct mlp *net, mat X, vec y, struct mlp_pass *pass, mat G,
                   vec grad, vec w)
{
    mlp_forward(net, w, X, pass);
    vec residual = entries(G);
    copy(entries(pass->H[net->depth]), residual);
    axpy(-1, y, residual);
    double loss = dot(residual, residual) / X.rows;
    scale(2.0 / X.rows, residual);
    mlp_backward(net, w, G, pass);
    mlp_gradient(net, pass, grad);
    axpy(-1e-3, grad, w);
    return loss;
}

int main(int argc, char **argv)
{
    int repeats = bench_repeats(argc, argv, 7);
    struct arena arena = arena_make(256 << 20);
    struct rng rng = rng_make(0, "mlp_step", 0);
    struct mlp net =
        mlp_make(4, (int[]){INPUTS, WIDTH, WIDTH, WIDTH, 1}, TANH, STANDARD, true);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, EXAMPLES);
    mat X = arena_mat(&arena, EXAMPLES, INPUTS), G = arena_mat(&arena, EXAMPLES, 1);
    vec y = arena_vec(&arena, EXAMPLES), w = arena_vec(&arena, mlp_parameters(&net));
    vec grad = arena_vec(&arena, w.n);
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1, y);
    for (int l = 0; l < net.depth; l++)
        rng_normals(&rng, 0, 1 / sqrt(net.width[l]), entries(mlp_weights(&net, w, l)));

    double first = step(&net, X, y, &pass, G, grad, w), last = first;
    double seconds[BENCH_REPEATS];
    for (int r = 0; r < repeats; r++) {
        double began = bench_now();
        for (int k = 0; k < STEPS; k++)
            last = step(&net, X, y, &pass, G, grad, w);
        seconds[r] = (bench_now() - began) / STEPS;
    }
    bench_print_head("mlp_step");
    printf("\"seconds\": %.6f, \"first_loss\": %.6f, "
           "\"last_loss\": %.6f}\n",
           bench_median(repeats, seconds), first, last);
    arena_free(&arena);
    return last < first ? 0 : 1;
}
