/* bench/ntk_gram.c -- seconds that the tangent kernel of 2,000 inputs takes.
 *
 *     ntk_gram [repeats]
 *
 * Inputs as a user of Fashion-MNIST would have them, 2,000 x 784, and three hidden
 * layers.  One line of JSON: the median of the repeats, after one that is not counted,
 * and beside it that of the product X X' / d alone, as a symmetric one.  The peer is
 * NumPy's; its keys are seconds_whole, seconds_triangle, seconds_gram_product_only. */
#include "rng.h"
#include "tangent_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N = 2000, D = 784, HIDDEN = 3, MOST = 1000 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(int n, double *sample)
{
    qsort(sample, (size_t)n, sizeof *sample, by_size);
    return (sample[(n - 1) / 2] + sample[n / 2]) / 2;
}

int main(int argc, char **argv)
{
    int repeats = argc > 1 ? atoi(argv[1]) : 5;
    REQUIRE(argc <= 2 && repeats >= 1 && repeats <= MOST,
            "usage: ntk_gram [repeats], 1 to %d of them", MOST);
    struct arena arena = arena_make((size_t)1 << 28);
    struct rng rng = rng_make(1, "ntk_gram", 0);
    mat X = arena_mat(&arena, N, D), Xt = arena_mat(&arena, D, N);
    mat Theta = arena_mat(&arena, N, N), G = arena_mat(&arena, N, N);
    double seconds[MOST], product[MOST];
    rng_normals(&rng, 0, 1, entries(X));
    transpose(X, Xt);
    gram(1.0 / D, Xt, G);
    tangent_gram(X, HIDDEN, &arena, Theta);
    for (int k = 0; k < repeats; k++) {
        double start = now();
        gram(1.0 / D, Xt, G);
        double middle = now();
        tangent_gram(X, HIDDEN, &arena, Theta);
        product[k] = middle - start;
        seconds[k] = now() - middle;
    }
    printf("{\"benchmark\": \"ntk_gram\", \"n\": %d, \"d\": %d, \"hidden\": %d, "
           "\"repeats\": %d, \"seconds\": %.6f, \"seconds_gram_product_only\": %.6f, "
           "\"ntk_00\": %.15g, \"ntk_01\": %.15g}\n",
           N, D, HIDDEN, repeats, median(repeats, seconds), median(repeats, product),
           Theta.at[0], Theta.at[1]);
    arena_free(&arena);
}
