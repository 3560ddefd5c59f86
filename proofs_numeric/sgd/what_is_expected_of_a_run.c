/* "What is expected of a run": the exact mean loss of SGD, beside that of many runs. */
#include "gradient_descent.h"
#include "ground/vectors.h"
#include "sgd/shoes.h"

#include <math.h>

enum { IMAGES = 200, COMPONENTS = 8, RUNS = 3000, SOME = 2000, FEW = 600, STEPS = 45 };

/* Single examples at a fortieth of 2 / h_0, and minibatches of 50 at four times that.
 */
static const double ALPHA = 0.05, ALPHA_50 = 0.2;

/* A run from w = 0: excess_k for k = 0, ..., STEPS.  If again > 1, each minibatch is
 * used so often before the next one is drawn. */
static void run(struct shoes of, struct sgd_batches *from, double alpha, int again,
                vec w, vec grad, vec excess)
{
    fill(0, w);
    for (int k = 0; k <= STEPS; k++) {
        excess.at[k] = shoes_excess(of, w);
        if (k % again == 0) {
            sgd_run(from, alpha, 1, w, grad);
        } else {
            sgd_regression_gradient(&of.examples, from->chosen, from->B, w, grad);
            gd_update(alpha, grad, w);
        }
    }
}

/* excess: (STEPS + 1) x runs, those of run i in column i. */
static void many_runs(struct claim *claim, struct shoes of, int B, double alpha,
                      int again, mat excess)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec w = arena_vec(arena, of.d), grad = arena_vec(arena, of.d);
    vec of_run = arena_vec(arena, STEPS + 1);
    for (int i = 0; i < excess.cols; i++) {
        struct sgd_batches from =
            sgd_batches_make(arena, sgd_regression_gradient, &of.examples, of.n, B,
                             B == 1 ? SGD_INDEPENDENT : SGD_DISTINCT,
                             claim_rng(claim, i));
        run(of, &from, alpha, again, w, grad, of_run);
        for (int k = 0; k <= STEPS; k++)
            row(excess, k).at[i] = of_run.at[k];
    }
    arena->used = mark;
}

/* curve: STEPS + 1, the expected excess. */
static void expect(struct claim *claim, struct shoes of, double alpha, double share,
                   vec curve)
{
    struct sgd_moments moments =
        sgd_moments_make(claim_arena(claim), of.examples.Phi, of.r, of.start);
    for (int k = 0; k <= STEPS; k++) {
        curve.at[k] = sgd_moments_excess(&moments);
        sgd_moments_step(alpha, share, &moments);
    }
}

/* For the figure: one run, the mean of all, what is expected, and descent. */
static void record(struct claim *claim, struct shoes of, mat excess, vec curve)
{
    vec descent = arena_vec(claim_arena(claim), STEPS + 1);
    expect(claim, of, ALPHA, 0, descent);
    struct series s =
        series_begin(claim, "curve", "k", "one", "mean", "expected", "descent", NULL);
    for (int k = 0; k <= STEPS; k++) {
        double mean = 0;
        for (int i = 0; i < RUNS; i++)
            mean += row(excess, k).at[i] / RUNS;
        series_row(&s, (double[]){k, row(excess, k).at[0], mean, curve.at[k],
                                  descent.at[k]});
    }
    series_end(&s);
}

/* The mean of so many runs is close to normal: the skewness of one, 1.7 or less, is
 * divided by sqrt(RUNS) = 55; and with batches of 50 it is 0.2. */
CLAIM(sgd_curve, STATISTIC, "The mean loss of SGD at each step is that of a recursion")
{
    struct arena *arena = claim_arena(claim);
    struct shoes of = shoes_make(claim, IMAGES, COMPONENTS);
    mat excess = arena_mat(arena, STEPS + 1, RUNS);
    mat of_50 = arena_mat(arena, STEPS + 1, FEW);
    mat of_some = arena_mat(arena, STEPS + 1, SOME);
    vec curve = arena_vec(arena, STEPS + 1);
    many_runs(claim, of, 50, ALPHA_50, 1, of_50);
    expect(claim, of, ALPHA_50, sgd_share(of.n, 50, SGD_DISTINCT), curve);
    for (int k = STEPS / 3; k <= STEPS; k += STEPS / 3)
        evidence(claim, "50 distinct images",
                 mean_is(FEW, in_double(arena, row(of_50, k)), curve.at[k]));
    many_runs(claim, of, 1, ALPHA, 1, excess);
    expect(claim, of, ALPHA, 1, curve);
    for (int k = STEPS / 3; k <= STEPS; k += STEPS / 3)
        evidence(claim, "one image",
                 mean_is(RUNS, in_double(arena, row(excess, k)), curve.at[k]));
    record(claim, of, excess, curve);

    many_runs(claim, of, 1, ALPHA, 2, of_some);
    control(claim, "each image twice in a row",
            mean_is(SOME, in_double(arena, row(of_some, STEPS)), curve.at[STEPS]));
    shoes_interpolate(&of);
    many_runs(claim, of, 1, ALPHA, 1, of_some);
    control(claim, "targets that can be fitted",
            mean_is(SOME, in_double(arena, row(of_some, STEPS)), curve.at[STEPS]));
}

SECTION(sgd_expectations, &sgd_curve);
