/* double_descent.c -- seconds of 6,000 minimum-norm fits: D = 50, N = 5, 10, ..., 150,
 * and 200 training sets of each.  The same work as peers/double_descent.py; the
 * examples are drawn outside the clock.  Usage: double_descent [repeats] */
#include "double_descent.h"
#include "bench.h"

#include <math.h>

enum { D = 50, MOST = 150, STRIDE = 5, SETS = 200 };

/* Fits the sets of one size; returns the mean risk, and adds the seconds of the fits.
 */
static double fits(struct arena *arena, struct rng *rng, vec w_true, int N,
                   double *seconds)
{
    size_t mark = arena->used;
    mat Phi = arena_mat(arena, N, D);
    vec t = arena_vec(arena, N), w = arena_vec(arena, D);
    double risk = 0;
    for (int set = 0; set < SETS; set++) {
        dd_draw(rng, w_true, 0.5, Phi, t);
        double began = bench_now();
        if (dd_fit(Phi, t, arena, w) != FACTOR_OK)
            return NAN;
        *seconds += bench_now() - began;
        axpy(-1, w_true, w);
        risk += (dot(w, w) + 0.25) / SETS;
    }
    arena->used = mark;
    return risk;
}

int main(int argc, char **argv)
{
    int repeats = bench_repeats(argc, argv, 3);
    struct arena arena = arena_make(dd_fit_scratch(MOST, D) + (1 << 20));
    vec w_true = arena_vec(&arena, D);
    w_true.at[0] = 1;
    double seconds[BENCH_REPEATS] = {0}, peak = 0, last = 0;
    for (int r = 0; r < repeats; r++) {
        struct rng rng = rng_make(0, "double_descent", 0);
        for (int N = STRIDE; N <= MOST; N += STRIDE) {
            last = fits(&arena, &rng, w_true, N, &seconds[r]);
            peak = N == D ? last : peak;
        }
    }
    bench_print_head("double_descent");
    printf("\"seconds\": %.6f, "
           "\"risk_at_peak\": %.3f, \"risk_last\": %.4f}\n",
           bench_median(repeats, seconds), peak, last);
    arena_free(&arena);
    return isfinite(peak) ? 0 : 1;
}
