/* loops.c -- seconds of the hot loops of the book, each alone, at three sizes, of which
 * each is twice the one before: how fast it is, and how it grows.  There are no peers;
 * what a loop may be compared with are gemm and copy, the last two, which the machine
 * cannot do faster.  Processor time, so that other programs matter less.
 * Usage: loops [repeats] */
#include "bench.h"
#include "continuous_flows.h"
#include "double_descent.h"
#include "lazy_training.h"
#include "mean_field.h"
#include "normalizing_flows.h"
#include "tangent_kernel.h"

enum { SIZES = 3 };
static const double ENOUGH = 0.02; /* seconds of one measurement */

/* The mean of the rounds of `while (goes_on(&watch))`, but for the first, in which
 * pages are touched that are new.  The clock is asked after 1, 2, 4, ... rounds. */
struct watch {
    int rounds;
    double began, seconds;
};

static bool goes_on(struct watch *watch)
{
    int done = watch->rounds++ - 1;
    if (done < 0 || (done & (done - 1)) != 0)
        return true;
    double now = bench_clock(CLOCK_PROCESS_CPUTIME_ID);
    if (done == 0)
        watch->began = now;
    else
        watch->seconds = (now - watch->began) / done;
    return done == 0 || now - watch->began < ENOUGH;
}

static vec normal_vec(struct arena *arena, struct rng *rng, int n)
{
    vec x = arena_vec(arena, n);
    rng_normals(rng, 0, 1, x);
    return x;
}

static mat normal_mat(struct arena *arena, struct rng *rng, int rows, int cols)
{
    return (mat){rows, cols, normal_vec(arena, rng, SIZE_PRODUCT(rows, cols)).at};
}

static double kappa(struct arena *arena, struct rng *rng, int n)
{
    struct mlp net = mlp_make(2, (int[]){5, 50, 1}, TANH, TANGENT, false);
    mat X = normal_mat(arena, rng, n, 5);
    struct lazy_problem p = lazy_make(arena, &net, X, normal_vec(arena, rng, n));
    vec w = normal_vec(arena, rng, 300), start = normal_vec(arena, rng, 300);
    vec u = arena_vec(arena, 300);
    struct watch watch = {0};
    while (goes_on(&watch)) {
        copy(start,
             u); /* or u would go on to vanish in all units but the most curved */
        lazy_kappa(&p, w, 5, arena, u);
    }
    return watch.seconds;
}

static double hutchinson(struct arena *arena, struct rng *rng, int n)
{
    struct cnf cnf = cnf_make(8, 3, 64, 4, 1);
    vec w = arena_vec(arena, mlp_parameters(&cnf.net)), grad = arena_vec(arena, w.n);
    mat X = normal_mat(arena, rng, n, 8);
    cnf_draw(&cnf, rng, w);
    struct watch watch = {0};
    while (goes_on(&watch))
        cnf_likelihood(&cnf, w, X, rng, arena, grad);
    return watch.seconds;
}

static double planar(struct arena *arena, struct rng *rng, int n)
{
    struct flow_problem problem = {2, 16, n, nf_ring};
    vec theta = arena_vec(arena, nf_parameters(2, 16)),
        grad = arena_vec(arena, theta.n);
    nf_draw(2, rng, theta);
    struct watch watch = {0};
    while (goes_on(&watch))
        nf_loss(&problem, 1, theta, rng, arena, grad);
    return watch.seconds;
}

static double mean_field(struct arena *arena, struct rng *rng, int m)
{
    mat X = normal_mat(arena, rng, 100, 10);
    struct mf_problem problem = {X,           normal_vec(arena, rng, 100),
                                 square_loss, TANH,
                                 1,           BOTH_LAYERS};
    struct particles q = mf_particles_make(arena, m, 10),
                     drift = mf_particles_make(arena, m, 10);
    struct mf_pass pass = mf_pass_make(arena, m, 100);
    rng_normals(rng, 0, 1, q.all);
    struct watch watch = {0};
    while (goes_on(&watch))
        mf_step(&problem, 1e-6, &pass, drift, q);
    return watch.seconds;
}

static double spikes(struct arena *arena, struct rng *rng, int m)
{
    struct deconvolution problem = {0.1, normal_vec(arena, rng, 11)};
    struct spikes q = {normal_mat(arena, rng, m, 2), arena_vec(arena, m)};
    struct dc_pass pass = mf_spike_pass_make(arena, m, 5);
    fill(1, q.sign);
    struct watch watch = {0};
    while (goes_on(&watch))
        mf_spike_step(&problem, 1e-6, &pass, q);
    return watch.seconds;
}

static double w2_line(struct arena *arena, struct rng *rng, int m)
{
    vec x = normal_vec(arena, rng, m), y = normal_vec(arena, rng, m);
    struct watch watch = {0};
    while (goes_on(&watch))
        mf_w2_line(x, y, arena);
    return watch.seconds;
}

static double normals(struct arena *arena, struct rng *rng, int n)
{
    vec x = arena_vec(arena, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        rng_normals(rng, 0, 1, x);
    return watch.seconds;
}

static double min_norm(struct arena *arena, struct rng *rng, int D)
{
    int N = 2 * D;
    mat Phi = normal_mat(arena, rng, N, D);
    vec t = normal_vec(arena, rng, N), w = arena_vec(arena, D);
    struct watch watch = {0};
    while (goes_on(&watch))
        dd_fit(Phi, t, arena, w);
    return watch.seconds;
}

static double tangent_kernel(struct arena *arena, struct rng *rng, int n)
{
    mat X = normal_mat(arena, rng, n, 100), Theta = arena_mat(arena, n, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        ntk_gram(X, 3, arena, Theta);
    return watch.seconds;
}

static double transposed(struct arena *arena, struct rng *rng, int n)
{
    mat A = normal_mat(arena, rng, n, n), B = arena_mat(arena, n, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        transpose(A, B);
    return watch.seconds;
}

static double largest(struct arena *arena, struct rng *rng, int n)
{
    vec x = normal_vec(arena, rng, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        x.at[0] = max_norm(x); /* so that it is not left out */
    return watch.seconds;
}

static double filled(struct arena *arena, struct rng *rng, int n)
{
    vec x = normal_vec(arena, rng, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        fill(1, x);
    return watch.seconds;
}

static double product(struct arena *arena, struct rng *rng, int n)
{
    mat A = normal_mat(arena, rng, n, n), B = normal_mat(arena, rng, n, n);
    mat C = arena_mat(arena, n, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        gemm(1, AS_IS, A, AS_IS, B, 0, C);
    return watch.seconds;
}

static double copied(struct arena *arena, struct rng *rng, int n)
{
    vec x = normal_vec(arena, rng, n), y = arena_vec(arena, n);
    struct watch watch = {0};
    while (goes_on(&watch))
        copy(x, y);
    return watch.seconds;
}

static const struct loop {
    const char *name, *what;
    double (*seconds)(struct arena *arena, struct rng *rng, int n);
    int n;           /* the smallest size           */
    double exponent; /* of n, as the loop is written */
} LOOPS[] = {
    {"kappa", "kappa_h of 300 weights on n examples", kappa, 20, 1},
    {"hutchinson", "a flow of R^8 and its gradient, a probe, n points", hutchinson, 128,
     1},
    {"planar", "16 planar layers and back, n points", planar, 1000, 1},
    {"mean_field", "a step of n particles on 100 inputs", mean_field, 1000, 1},
    {"spikes", "a step of n spikes, K = 11", spikes, 1000, 1},
    {"w2_line", "W_2 on a line, n points a side", w2_line, 4000, 1},
    {"normals", "n normal numbers", normals, 4000, 1},
    {"min_norm", "a fit, D = n, N = 2n", min_norm, 50, 3},
    {"ntk_gram", "NTK Gram matrix of n inputs of 100", tangent_kernel, 250, 2},
    {"transpose", "of n x n", transposed, 250, 2},
    {"max_norm", "of n numbers", largest, 4000, 1},
    {"fill", "of n numbers", filled, 4000, 1},
    {"gemm", "of n x n, the rate of the processor", product, 128, 3},
    {"copy", "of n numbers, the rate of the memory", copied, 4000, 1},
};

static double measure(const struct loop *loop, int n, int repeats)
{
    double seconds[BENCH_REPEATS];
    for (int r = 0; r < repeats; r++) {
        struct arena arena = arena_make((size_t)256 << 20);
        struct rng rng = rng_make(0, loop->name, 0);
        seconds[r] = loop->seconds(&arena, &rng, n);
        arena_free(&arena);
    }
    return bench_median(repeats, seconds);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "loops");
    int count = sizeof LOOPS / sizeof *LOOPS;
    bench_print_head(bench.name);
    printf(", \"loops\": [");
    for (int i = 0; i < count; i++) {
        const struct loop *loop = &LOOPS[i];
        printf(
            "%s\n{\"name\": \"%s\", \"what\": \"%s\", \"predicted\": %g, \"sizes\": [",
            i ? "," : "", loop->name, loop->what, loop->exponent);
        for (int s = 0, n = loop->n; s < SIZES; s++, n *= 2)
            printf("%s{\"n\": %d, \"seconds\": %.9f}", s ? ", " : "", n,
                   measure(loop, n, bench.repeats));
        printf("]}");
    }
    printf("\n]}\n");
    return 0;
}
