/* kernel_prediction.c -- what an infinitely wide network of one hidden layer, trained
 * to the end, says between eleven points on a circle, where it was told a function. */
#include <tangent_kernel.h>

#include <math.h>
#include <stdio.h>

enum { N = 11, BETWEEN = 6 };
static const double PI = 3.141592653589793;

static double wanted(double angle) { return cos(angle) + 0.5 * sin(2 * angle); }

/* Points at equal angles, of which the first is given: n x 2. */
static mat circle(struct arena *arena, int n, double first)
{
    mat X = arena_mat(arena, n, 2);
    for (int i = 0; i < n; i++) {
        double angle = first + 2 * PI * i / n;
        copy((vec){2, (double[]){cos(angle), sin(angle)}}, row(X, i));
    }
    return X;
}

int main(void)
{
    struct arena arena = arena_make(1 << 16);
    mat X = circle(&arena, N, 0), Z = circle(&arena, BETWEEN, PI / N);
    mat K = arena_mat(&arena, N, N), across = arena_mat(&arena, BETWEEN, N);
    vec y = arena_vec(&arena, N), a = arena_vec(&arena, N),
        f = arena_vec(&arena, BETWEEN);
    for (int i = 0; i < N; i++)
        y.at[i] = wanted(2 * PI * i / N);
    ntk_gram(X, 1, &arena, K);
    ntk_cross(Z, X, 1, &arena, across);
    if (ntk_regression(K, y, 0, &arena, a) != FACTOR_OK) {
        fputs("kernel_prediction: the kernel is not positive definite\n", stderr);
        return 1;
    }
    gemv(1, across, a, 0, f);
    for (int i = 0; i < BETWEEN; i++) {
        double angle = PI / N + 2 * PI * i / BETWEEN;
        printf("at %.3f: wanted %+.4f, said %+.4f\n", angle, wanted(angle), f.at[i]);
    }
    arena_free(&arena);
}
