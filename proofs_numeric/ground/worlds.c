#include "ground/worlds.h"

#include <math.h>

vec normal_vec(struct arena *arena, struct rng *rng, int n)
{
    vec x = arena_vec(arena, n);
    rng_normals(rng, 0, 1, x);
    return x;
}

mat normal_mat(struct arena *arena, struct rng *rng, int rows, int cols)
{
    mat A = arena_mat(arena, rows, cols);
    rng_normals(rng, 0, 1, entries(A));
    return A;
}

vec geometric_spectrum(struct arena *arena, int n, double largest, double kappa)
{
    REQUIRE(n >= 2, "a spectrum with two ends needs two values, got %d", n);
    vec a = arena_vec(arena, n);
    for (int j = 0; j < n; j++)
        a.at[j] = largest * pow(kappa, -(double)j / (n - 1));
    return a;
}

void to_axes(struct solved_quadratic k, vec w, vec error)
{
    for (int j = 0; j < w.n; j++) {
        double sum = 0;
        for (int i = 0; i < w.n; i++)
            sum += k.Q.at[i * w.n + j] * ((double)w.at[i] - k.w_star.at[i]);
        error.at[j] = sum;
    }
}

void from_axes(struct solved_quadratic k, vec error, vec w)
{
    for (int i = 0; i < w.n; i++) {
        double sum = k.w_star.at[i];
        for (int j = 0; j < w.n; j++)
            sum += (double)k.Q.at[i * w.n + j] * error.at[j];
        w.at[i] = sum;
    }
}

/* q := 1/2 w'Aw - (A w_star)'w + 1/2 w_star'A w_star + least. */
static void multiply_out(struct solved_quadratic *k)
{
    int n = k->a.n;
    vec w = k->w_star;
    k->q.c = k->least;
    for (int i = 0; i < n; i++) {
        double b = 0;
        for (int l = 0; l < n; l++) {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += (double)k->Q.at[i * n + j] * k->a.at[j] * k->Q.at[l * n + j];
            real A = k->q.A.at[i * n + l] = sum;
            b -= (double)A * w.at[l];
            k->q.c += 0.5 * w.at[i] * A * w.at[l];
        }
        k->q.b.at[i] = b;
    }
}

struct solved_quadratic solved_quadratic_make(struct arena *arena, struct rng *rng,
                                              vec a)
{
    struct solved_quadratic k = {.q = quadratic_make(arena, a.n),
                                 .a = a,
                                 .Q = arena_mat(arena, a.n, a.n),
                                 .w_star = arena_vec(arena, a.n),
                                 .least = rng_uniform(rng)};
    rng_rotation(rng, arena, k.Q);
    rng_normals(rng, 0, 1, k.w_star);
    multiply_out(&k);
    return k;
}

struct factored_matrix factored_matrix_make(struct arena *arena, struct rng *rng, int m,
                                            int n, vec s)
{
    REQUIRE(s.n <= m && s.n <= n, "%d x %d has no %d singular values", m, n, s.n);
    struct factored_matrix f = {.A = arena_mat(arena, m, n),
                                .s = s,
                                .U = arena_mat(arena, m, m),
                                .V = arena_mat(arena, n, n)};
    rng_rotation(rng, arena, f.U);
    rng_rotation(rng, arena, f.V);
    for (int i = 0; i < m; i++)
        for (int l = 0; l < n; l++) {
            double sum = 0;
            for (int j = 0; j < s.n; j++)
                sum += (double)s.at[j] * f.U.at[j * m + i] * f.V.at[j * n + l];
            f.A.at[i * n + l] = sum;
        }
    return f;
}
