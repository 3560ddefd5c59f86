/* cnf2d.c -- seconds of the likelihood of a flow of the plane and its gradient, of 512
 * points: exact trace, field of 3 hidden layers of 64.  The same work as
 * peers/cnf2d.py, at a step whose error is within that one's tolerance: the largest
 * difference of a log-density to four times the steps is reported.
 * Usage: cnf2d [repeats] */
#include "bench.h"
#include "continuous_flows.h"

#include <math.h>

enum { POINTS = 512, STEPS = 4 };

int main(int argc, char **argv)
{
    int repeats = bench_repeats(argc, argv, 7);
    struct arena arena = arena_make((size_t)256 << 20);
    struct rng rng = rng_make(0, "cnf2d", 0);
    struct cnf cnf = cnf_make(2, 3, 64, STEPS, 0),
               fine = cnf_make(2, 3, 64, 4 * STEPS, 0);
    vec w = arena_vec(&arena, mlp_parameters(&cnf.net)), grad = arena_vec(&arena, w.n);
    vec log_p = arena_vec(&arena, POINTS), exact = arena_vec(&arena, POINTS);
    mat X = arena_mat(&arena, POINTS, 2);
    for (int l = 0; l < cnf.net.depth; l++) { /* as PyTorch draws them */
        double most = 1 / sqrt(cnf.net.width[l]);
        rng_uniforms(&rng, -most, most, entries(mlp_weights(&cnf.net, w, l)));
        rng_uniforms(&rng, -most, most, mlp_biases(&cnf.net, w, l));
    }
    cnf_moons(&rng, X);
    double loss = cnf_likelihood(&cnf, w, X, NULL, &arena, grad);
    double seconds[BENCH_REPEATS];
    for (int r = 0; r < repeats; r++) {
        double began = bench_now();
        loss = cnf_likelihood(&cnf, w, X, NULL, &arena, grad);
        seconds[r] = bench_now() - began;
    }
    cnf_log_density(&cnf, w, X, NULL, &arena, log_p);
    cnf_log_density(&fine, w, X, NULL, &arena, exact);
    axpy(-1, exact, log_p);
    bench_print_head("cnf2d");
    printf("\"seconds\": %.6f, \"evaluations\": %d, "
           "\"nll\": %.6f, \"largest_error\": %.2e}\n",
           bench_median(repeats, seconds), 4 * STEPS, loss, max_norm(log_p));
    arena_free(&arena);
    return isfinite(loss) ? 0 : 1;
}
