/* "What half can do": paths through networks of which half is dropped. */
#include "trained.h"

#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "initialization.h"

#include <math.h>

/* ---- What dropping costs ----------------------------------------------------------
 */

/* A network 3-8-2 of ReLU with biases, drawn, and 20 examples. */
enum { WIDTH = 8, EXAMPLES = 20, OUTPUTS = 2 };

/* m/2n times the variance, over m - 1, of what the m units contribute to an output,
 * summed over outputs and examples: by loops of its own. */
static double scatter(const struct mlp *net, vec w, mat X)
{
    mat W = mlp_weights(net, w, 0), V = mlp_weights(net, w, 1);
    double sum = 0;
    for (int i = 0; i < X.rows; i++)
        for (int k = 0; k < V.rows; k++) {
            double c[WIDTH], mean = 0;
            for (int j = 0; j < WIDTH; j++) {
                double z = mlp_biases(net, w, 0).at[j];
                for (int l = 0; l < X.cols; l++)
                    z += row(W, j).at[l] * row(X, i).at[l];
                c[j] = row(V, k).at[j] * (z > 0 ? z : 0);
                mean += c[j] / WIDTH;
            }
            for (int j = 0; j < WIDTH; j++)
                sum += (c[j] - mean) * (c[j] - mean) / (WIDTH - 1);
        }
    return WIDTH * sum / (2 * X.rows);
}

/* The mean, over the halves of the units that keep all of `always`, of what is lost
 * more than by all units. */
static double mean_excess(struct claim *claim, struct mlp_cost *cost, vec w,
                          unsigned always)
{
    struct arena *arena = claim_arena(claim);
    vec half = arena_vec(arena, w.n), grad = arena_vec(arena, w.n);
    mlp_cost_gradient(cost, w, grad);
    double whole = cost->value, sum = 0;
    int halves = 0;
    for (unsigned set = 0; set < 1u << WIDTH; set++) {
        bool kept[WIDTH];
        int units = 0;
        for (int j = 0; j < WIDTH; j++)
            units += kept[j] = set >> j & 1;
        if (units != WIDTH / 2 || (set & always) != always)
            continue;
        copy(w, half);
        conn_drop(cost->net, 1, kept, half);
        mlp_cost_gradient(cost, half, grad);
        sum += cost->value - whole;
        halves++;
    }
    return sum / halves;
}

CLAIM(conn_halves, IDENTITY,
      "What it costs to drop half of the units, over all 70 halves")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = mlp_make(2, (int[]){3, WIDTH, OUTPUTS}, RELU, STANDARD, true);
    mat X = normal_mat(arena, &rng, EXAMPLES, 3);
    mat T = normal_mat(arena, &rng, EXAMPLES, OUTPUTS);
    vec w = normal_vec(arena, &rng, mlp_parameters(&net));
    struct mlp_cost cost = mlp_cost_make(arena, &net, square_loss, X, T);
    double predicted = scatter(&net, w, X);
    /* 70 losses, each a sum over the outputs, of numbers of the size of the largest. */
    double limit = rounding(70 + EXAMPLES * OUTPUTS, 4 * (cost.value + predicted));
    double excess = mean_excess(claim, &cost, w, 0);
    limit = rounding(70 + EXAMPLES * OUTPUTS, 4 * (1 + predicted + excess));
    evidence(claim, "mean excess, to m/2 variances",
             at_most(fabs(excess - predicted), limit));
    excess = mean_excess(claim, &cost, w, 1);
    control(claim, "only halves with the first unit",
            at_most(fabs(excess - predicted), limit));
}

/* ---- The path ---------------------------------------------------------------------
 */

/* What is lost on a polyline: at its corners, at 20 points within each segment, and on
 * those segments alone that lead from odd corners to even ones. */
struct on_path {
    double corners, between, constant;
};

static struct on_path follow(struct claim *claim, struct mlp_cost *cost, mat corners,
                             struct series *s)
{
    enum { PARTS = 20 };
    size_t mark = claim_arena(claim)->used;
    vec w = arena_vec(claim_arena(claim), corners.cols);
    vec grad = arena_vec(claim_arena(claim), corners.cols);
    struct on_path most = {-INFINITY, -INFINITY, -INFINITY};
    for (int k = 0; k <= PARTS * (corners.rows - 1); k++) {
        double t = (double)k / PARTS;
        conn_polyline(corners, t, w);
        mlp_cost_gradient(cost, w, grad);
        double *of = k % PARTS == 0 ? &most.corners : &most.between;
        *of = worst(*of, cost->value);
        if (k % PARTS != 0 && k / PARTS % 2 == 1)
            most.constant = worst(most.constant, cost->value);
        if (s != NULL)
            series_row(s, (double[]){t, cost->value});
    }
    claim_arena(claim)->used = mark;
    return most;
}

/* The first half of the units, or the other one. */
static void halves(int n, bool *first, bool *other)
{
    for (int j = 0; j < n; j++)
        first[j] = j < n / 2, other[j] = j >= n / 2;
}

/* Two trained networks, and the corners of the path between them on which half of the
 * units is dropped. */
static mat dropped_path(struct task *task, struct arena *arena, vec a, vec b)
{
    int n = task->net.width[1];
    bool first[256], other[256];
    mat corners = arena_mat(arena, 6, task->P);
    vec a_half = arena_vec(arena, task->P), b_half = arena_vec(arena, task->P);
    halves(n, first, other);
    copy(a, a_half), copy(b, b_half);
    conn_drop(&task->net, 1, first, a_half);
    conn_drop(&task->net, 1, other, b_half);
    conn_corners(&task->net, a, a_half, b_half, b, first, corners);
    return corners;
}

CLAIM(conn_dropout, BOUND,
      "A path through halves loses no more than one of its corners")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct arena *arena = claim_arena(claim);
    double most = 0, least = INFINITY, straight = INFINITY;
    struct series s = series_begin(claim, "path", "t", "loss", NULL);
    for (int r = 0; r < 3; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct task task;
        task_draw(arena, images, 1, (int[]){8, 32, 128}[r], &rng, &task);
        vec a = task_trained(&task, arena, 0.01, 100, task_start(&task, arena, &rng));
        vec b = task_trained(&task, arena, 0.01, 100, task_start(&task, arena, &rng));
        mat corners = dropped_path(&task, arena, a, b);
        struct on_path path = follow(claim, &task.all, corners, r == 2 ? &s : NULL);
        most = worst(most, path.between / path.corners);
        least = fmin(least, path.constant / path.corners);
        mat ends = arena_mat(arena, 2, task.P);
        copy(a, row(ends, 0)), copy(b, row(ends, 1));
        struct on_path line = follow(claim, &task.all, ends, NULL);
        straight = fmin(straight, line.between / line.corners);
        arena->used = mark;
    }
    series_end(&s);
    /* A loss is a mean of TRAIN logarithms of sums, of signals of 128 units. */
    double one = 1 + rounding(128 + TRAIN, 1);
    evidence(claim, "most on the path over corners", at_most(most, one));
    evidence(claim, "which it attains between them", at_least(least, 2 - one));
    control(claim, "straight from end to end", at_most(straight, one));
}

/* ---- Enough units -----------------------------------------------------------------
 */

/* Twelve images with ten outputs, in square loss, two networks of this width that are
 * trained on them, and the path between these on which halves are fitted instead of
 * dropped. */
enum { FEW = 12 };

struct fitted {
    struct on_path path;
    double ends, halves; /* lost at the worse end, at the worst of the other corners */
    double condition;    /* of the features of a half, the larger of two             */
};

/* The outputs of the units that are kept, and 1: largest over least singular value. */
static double condition(struct claim *claim, struct mlp_cost *cost, vec w,
                        const bool *kept)
{
    struct arena *arena = claim_arena(claim);
    int n = cost->net->width[1], cols = n / 2 + 1;
    mat Phi = arena_mat(arena, FEW, cols);
    vec s = arena_vec(arena, FEW < cols ? FEW : cols);
    mlp_forward(cost->net, w, cost->X, &cost->pass);
    for (int i = 0; i < FEW; i++) {
        int to = 0;
        row(Phi, i).at[cols - 1] = 1;
        for (int j = 0; j < n; j++)
            if (kept[j])
                row(Phi, i).at[to++] = row(cost->pass.H[1], i).at[j];
    }
    route_singular(Phi, s);
    return s.at[0] / s.at[s.n - 1];
}

static void train_one(struct arena *arena, struct mlp_cost *cost, struct rng *rng,
                      vec w)
{
    struct adam adam = adam_make(arena, w.n, 0.9, 0.999, 1e-8);
    init_weights(cost->net, init_he(NORMAL), rng, w);
    optimize(mlp_cost_gradient, cost, by_adam(&adam), 0.01, 150, w,
             arena_vec(arena, w.n));
}

static struct fitted fit_halves(struct claim *claim, struct images images, int width)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)width);
    struct images few = images_draw(&rng, arena, images, FEW);
    images_normalize(few, FEW, sqrt(few.X.cols));
    struct mlp net =
        mlp_make(2, (int[]){few.X.cols, width, DATASET_CLASSES}, RELU, STANDARD, true);
    mat T = images_one_hot(arena, few);
    struct mlp_cost cost = mlp_cost_make(arena, &net, square_loss, few.X, T);
    mat corners = arena_mat(arena, 6, mlp_parameters(&net)), w = corners,
        half = corners;
    w = arena_mat(arena, 2, corners.cols), half = arena_mat(arena, 2, corners.cols);
    bool kept[2][256];
    struct fitted found = {.halves = 0};
    halves(width, kept[0], kept[1]);
    for (int i = 0; i < 2; i++) {
        train_one(arena, &cost, &rng, row(w, i));
        copy(row(w, i), row(half, i));
        conn_refit(&net, few.X, T, kept[i], arena, row(half, i));
        double kappa = condition(claim, &cost, row(w, i), kept[i]);
        found.condition = worst(found.condition, kappa);
    }
    conn_corners(&net, row(w, 0), row(half, 0), row(half, 1), row(w, 1), kept[0],
                 corners);
    for (int k = 0; k < 6; k++) {
        mlp_cost_gradient(&cost, row(corners, k), arena_vec(arena, corners.cols));
        double *of = k == 0 || k == 5 ? &found.ends : &found.halves;
        *of = worst(*of, cost.value);
    }
    found.path = follow(claim, &cost, corners, NULL);
    return found;
}

CLAIM(conn_wide, IDENTITY, "Halves that can fit all examples: a path that never rises")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct fitted wide = fit_halves(claim, images, 96);
    /* A fit by singular values of FEW rows leaves residuals of rounding, times their
     * condition, in each of 10 outputs of size 1. */
    double residual = rounding(FEW, wide.condition * sqrt(10));
    evidence(claim, "lost at the four corners of halves",
             at_most(wide.halves, residual * residual));
    evidence(claim, "most on the path over the worse end",
             at_most(worst(wide.path.between, wide.path.corners) / wide.ends, 1));
    struct fitted narrow = fit_halves(claim, images, 16);
    control(claim, "8 units and a bias for 12 examples",
            at_most(narrow.halves, residual * residual));
    control(claim, "the path there",
            at_most(worst(narrow.path.between, narrow.path.corners) / narrow.ends, 1));
}

SECTION(conn_dropping, &conn_halves, &conn_dropout, &conn_wide);
