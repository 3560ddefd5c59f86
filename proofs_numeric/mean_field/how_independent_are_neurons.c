/* Section "How independent are neurons?" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

enum { CLOUD = 1024, SIZES = 5, REPLICATES = 36 };
static const int sizes[SIZES] = {8, 16, 32, 64, 128};

/* How far parts of a cloud drift from the cloud: mean squares, at each size. */
struct apart {
    double x[SIZES];      /* 1/m - 1/CLOUD                              */
    double neuron[SIZES]; /* a neuron's path among m, and in the cloud  */
    double output[SIZES]; /* h of the m, and of the cloud               */
};

/* The cloud runs as a whole, and then in parts of m neurons each, that do not know of
 * one another.  Each neuron comes in so many copies, one behind the other. */
static struct apart run_apart(struct claim *claim, uint64_t replicate, bool lazy,
                              int copies)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct cloud start = draw_cloud(claim, replicate, CLOUD), whole = start;
    struct apart apart = {0};
    for (int j = 0; j < CLOUD; j++)
        if (j % copies > 0)
            set_particle(start.q, j - 1, start.q, j);
    whole.q = mf_particles_make(arena, CLOUD, D);
    copy(start.q.all, whole.q.all);
    run_scaled(&whole, lazy, 0.2, 20);
    for (int s = 0; s < SIZES; s++) {
        int m = sizes[s], parts = CLOUD / m;
        struct cloud part = cloud_make(arena, start.p, m);
        for (int k = 0; k < parts; k++) {
            for (int j = 0; j < m; j++)
                set_particle(start.q, k * m + j, part.q, j);
            run_scaled(&part, lazy, 0.2, 20);
            apart.output[s] += 2 * half_square(part.pass.h, whole.pass.h) / parts;
            for (int j = 0; j < m; j++)
                set_particle(whole.q, k * m + j, part.drift, j);
            apart.neuron[s] += 2 * half_square(part.q.all, part.drift.all) / parts;
        }
        apart.x[s] = 1.0 / m - 1.0 / CLOUD;
    }
    arena->used = mark;
    return apart;
}

CLAIM(mf_chaos, RATE, "Neurons that start independent stay so but for 1/m")
{
    enum { LAZY = 20, COPIED = 4 };
    double of_h[REPLICATES], of_neuron[REPLICATES], of_lazy[LAZY], of_copied[COPIED];
    struct apart sum = {0};
    for (uint64_t r = 0; r < REPLICATES; r++) {
        struct apart a = run_apart(claim, r, false, 1);
        of_h[r] = fit_power(SIZES, a.x, a.output).slope;
        of_neuron[r] = fit_power(SIZES, a.x, a.neuron).slope;
        for (int s = 0; s < SIZES; s++) {
            sum.output[s] += a.output[s] / REPLICATES;
            sum.neuron[s] += a.neuron[s] / REPLICATES;
        }
    }
    for (uint64_t r = 0; r < LAZY; r++) {
        struct apart a = run_apart(claim, r, true, 1);
        of_lazy[r] = fit_power(SIZES, a.x, a.output).slope;
    }
    for (uint64_t r = 0; r < COPIED; r++) {
        struct apart a = run_apart(claim, r, false, sizes[SIZES - 1]);
        of_copied[r] = fit_power(SIZES, a.x, a.neuron).slope;
    }
    struct series s = series_begin(claim, "chaos", "m", "x", "h", "neuron", NULL);
    for (int i = 0; i < SIZES; i++)
        series_row(&s, (double[]){sizes[i], 1.0 / sizes[i] - 1.0 / CLOUD, sum.output[i],
                                  sum.neuron[i]});
    series_end(&s);
    /* The second order of a deviation in its size, over a time of 4 at |dF| < 1/2, is
     * its square times 2 at most: of relative size 2 / m in the mean square. */
    double bias = log(1 + 2.0 / sizes[0]) / log(sizes[SIZES - 1] / sizes[0]);
    evidence(claim, "h, against 1/m - 1/1024",
             slopes_near(REPLICATES, of_h, 1, bias, 0.5));
    evidence(claim, "a neuron, against 1/m - 1/1024",
             slopes_near(REPLICATES, of_neuron, 1, bias, 0.5));
    control(claim, "h is the sum over sqrt m",
            slopes_near(LAZY, of_lazy, 1, bias, 0.5));
    control(claim, "128 copies of each neuron",
            slopes_near(COPIED, of_copied, 1, bias, 0.5));
}

SECTION(mf_independence, &mf_chaos);
