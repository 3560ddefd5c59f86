/* fit_and_diverge.c -- a line through twenty points by gradient descent: with half of
 * the largest rate that converges, and with a rate just beyond it. */
#include <gradient_descent.h>
#include <ground/factor.h>
#include <ground/rng.h>

#include <stdio.h>

enum { N = 20, STEPS = 200 };

/* t = 1 + 2 x and a little noise, as a quadratic cost of w = (1, 2). */
static struct quadratic draw_line(struct arena *arena)
{
    struct rng rng = rng_make(1, "fit_and_diverge", 0);
    struct quadratic q = quadratic_make(arena, 2);
    mat Phi = arena_mat(arena, N, 2);
    vec t = arena_vec(arena, N);
    for (int i = 0; i < N; i++) {
        double x = 2 * rng_uniform(&rng) - 1;
        copy((vec){2, (double[]){1, x}}, row(Phi, i));
        t.at[i] = 1 + 2 * x + 0.1 * rng_normal(&rng);
    }
    least_squares(Phi, t, &q);
    return q;
}

int main(void)
{
    static const double shares[] = {0.5, 1.05};
    struct arena arena = arena_make(1 << 16);
    struct quadratic q = draw_line(&arena);
    vec grad = arena_vec(&arena, 2), a = arena_vec(&arena, 2),
        Aw = arena_vec(&arena, 2);
    mat U = arena_mat(&arena, 2, 2), V = arena_mat(&arena, 2, 2);
    if (svd(q.A, &arena, U, a, V) != FACTOR_OK) {
        fputs("fit_and_diverge: A is not finite\n", stderr);
        return 1;
    }
    for (int k = 0; k < 2; k++) {
        vec w = arena_vec(&arena, 2);
        gd_run(q, shares[k] * 2 / a.at[0], STEPS, w, grad);
        printf("%g of 2 / a_max: w = (%.3g, %.3g), cost %.3g\n", shares[k], w.at[0],
               w.at[1], quadratic_cost(q, w, Aw));
    }
    arena_free(&arena);
}
