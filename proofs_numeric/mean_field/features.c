/* Section "Features" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

/* K := the tangent kernel of the particles, up to a factor. */
static void tangent_kernel_of(struct claim *claim, const struct cloud *x, mat K)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct network a = as_network(arena, x, TANGENT);
    mat ones = arena_mat(arena, INPUTS, 1);
    fill(1, entries(ones));
    mlp_forward(&a.net, a.w, a.X, &a.pass);
    mlp_backward(&a.net, a.w, ones, &a.pass);
    mlp_kernel(&a.net, &a.pass, &a.pass, arena, K);
    arena->used = mark;
}

/* By what fraction the tangent kernel changes as m neurons learn. */
static double kernel_change(struct claim *claim, uint64_t replicate, int m, bool lazy)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct cloud x = draw_cloud(claim, replicate, m);
    mat before = arena_mat(arena, INPUTS, INPUTS),
        after = arena_mat(arena, INPUTS, INPUTS);
    tangent_kernel_of(claim, &x, before);
    run_scaled(&x, lazy, 0.3, 30);
    tangent_kernel_of(claim, &x, after);
    axpy(-1, entries(before), entries(after));
    arena->used = mark;
    return norm(entries(after)) / norm(entries(before));
}

CLAIM(mf_features, RATE,
      "A network of the mean field learns features however wide it is")
{
    enum { WIDTHS = 5, REPLICATES = 48 };
    double m[WIDTHS], slopes[2][REPLICATES];
    struct series s = series_begin(claim, "features", "m", "mean_field", "lazy", NULL);
    double mean[2][WIDTHS] = {{0}};
    for (uint64_t r = 0; r < REPLICATES; r++)
        for (int lazy = 0; lazy < 2; lazy++) {
            double change[WIDTHS];
            for (int i = 0; i < WIDTHS; i++) {
                m[i] = 64 << i;
                change[i] = kernel_change(claim, r, 64 << i, lazy);
                mean[lazy][i] += change[i] / REPLICATES;
            }
            slopes[lazy][r] = fit_power(WIDTHS, m, change).slope;
        }
    for (int i = 0; i < WIDTHS; i++)
        series_row(&s, (double[]){m[i], mean[0][i], mean[1][i]});
    series_end(&s);
    /* A norm of a mean of m independent matrices is larger than that of the expectation
     * by V / 2m, V the relative variance of one.  A neuron's part of the kernel has at
     * most the square of three normal numbers in it, eta and twice w'x, so V < 3^3 - 1.
     */
    double bias = log(1 + 13.0 / 64) / log(m[WIDTHS - 1] / m[0]);
    evidence(claim, "change of the kernel, against m",
             slopes_near(REPLICATES, slopes[0], 0, bias, 0.5));
    control(claim, "h is the sum over sqrt m",
            slopes_near(REPLICATES, slopes[1], 0, bias, 0.5));
}

SECTION(mf_kernels, &mf_features);
