/* ntk_gram.c -- seconds for the tangent kernel of 2,000 inputs of 784 numbers, at three
 * hidden layers: the limit, all pairs.  The same work as peers/ntk_gram.py, and beside
 * it the symmetric product of matrices alone.  Usage: ntk_gram [repeats] */
#include "bench.h"
#include "ground/rng.h"
#include "tangent_kernel.h"

enum { N = 2000, INPUTS = 784, HIDDEN = 3 };

int main(int argc, char **argv)
{
    int repeats = bench_repeats(argc, argv, 5);
    struct arena arena = arena_make(256 << 20);
    struct rng rng = rng_make(0, "ntk_gram", 0);
    mat X = arena_mat(&arena, N, INPUTS), columns = arena_mat(&arena, INPUTS, N);
    mat Theta = arena_mat(&arena, N, N), G = arena_mat(&arena, N, N);
    rng_normals(&rng, 0, 1, entries(X));
    transpose(X, columns);

    gram(1.0 / INPUTS, columns, G);
    ntk_gram(X, HIDDEN, &arena, Theta);
    double seconds[BENCH_REPEATS], product[BENCH_REPEATS];
    for (int r = 0; r < repeats; r++) {
        double began = bench_now();
        gram(1.0 / INPUTS, columns, G);
        double between = bench_now();
        ntk_gram(X, HIDDEN, &arena, Theta);
        seconds[r] = bench_now() - between;
        product[r] = between - began;
    }
    bench_print_head("ntk_gram");
    printf("\"n\": %d, \"d\": %d, \"hidden\": %d, "
           "\"seconds\": %.6f, \"seconds_gram_product_only\": %.6f, "
           "\"ntk_00\": %.15g, \"ntk_01\": %.15g}\n",
           N, INPUTS, HIDDEN, bench_median(repeats, seconds),
           bench_median(repeats, product), Theta.at[0], Theta.at[1]);
    arena_free(&arena);
    return 0;
}
