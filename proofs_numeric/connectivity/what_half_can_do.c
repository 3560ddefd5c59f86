/* "What half can do": paths through networks of which half is dropped. */
#include "trained.h"

#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "initialization.h"

#include <math.h>

/* ---- What dropping costs --------------------------------------------------------- */

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
    double excess = mean_excess(claim, &cost, w, 0);
    double limit = rounding(70 + EXAMPLES * OUTPUTS, 4 * (1 + predicted + excess));
    evidence(claim, "mean excess, to m/2 variances",
             at_most(fabs(excess - predicted), limit));
    excess = mean_excess(claim, &cost, w, 1);
    control(claim, "only halves with the first unit",
            at_most(fabs(excess - predicted), limit));
}

/* ---- The path -------------------------------------------------------------------- */

enum { PARTS = 20, MOST_UNITS = 256 };

/* The corners of the path from a to b, of one hidden layer, through the first half of
 * a's units and the other half of b's: dropped, or fitted to all examples of the cost.
 */
static mat through_halves(struct claim *claim, const struct mlp_cost *cost, bool fit,
                          vec a, vec b)
{
    struct arena *arena = claim_arena(claim);
    const struct mlp *net = cost->net;
    bool kept[2][MOST_UNITS];
    vec half[2] = {arena_vec(arena, a.n), arena_vec(arena, a.n)};
    mat corners = arena_mat(arena, 6, a.n);
    for (int j = 0; j < net->width[1]; j++)
        kept[0][j] = j < net->width[1] / 2, kept[1][j] = !kept[0][j];
    copy(a, half[0]), copy(b, half[1]);
    for (int i = 0; i < 2; i++)
        if (fit)
            conn_refit(net, cost->X, cost->T, kept[i], arena, half[i]);
        else
            conn_drop(net, 1, kept[i], half[i]);
    conn_corners(net, a, half[0], half[1], b, kept[0], corners);
    return corners;
}

static double lost_at(struct claim *claim, struct mlp_cost *cost, mat corners, double t)
{
    size_t mark = claim_arena(claim)->used;
    vec w = arena_vec(claim_arena(claim), corners.cols);
    vec grad = arena_vec(claim_arena(claim), corners.cols);
    conn_polyline(corners, t, w);
    mlp_cost_gradient(cost, w, grad);
    claim_arena(claim)->used = mark;
    return cost->value;
}

/* The most that is lost on a polyline: at its ends, at the corners between, within the
 * segments, and within those alone that lead from odd corners to even ones. */
struct on_path {
    double ends, corners, within, constant;
};

static struct on_path follow(struct claim *claim, struct mlp_cost *cost, mat corners)
{
    struct on_path most = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    int last = PARTS * (corners.rows - 1);
    for (int k = 0; k <= last; k++) {
        double loss = lost_at(claim, cost, corners, (double)k / PARTS);
        double *of = k == 0 || k == last ? &most.ends
                     : k % PARTS == 0    ? &most.corners
                                         : &most.within;
        *of = worst(*of, loss);
        if (k % PARTS != 0 && k / PARTS % 2 == 1)
            most.constant = worst(most.constant, loss);
    }
    return most;
}

CLAIM(conn_dropout, BOUND,
      "A path through halves loses no more than one of its corners")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct arena *arena = claim_arena(claim);
    double most = 0, least = INFINITY, straight = INFINITY;
    for (int r = 0; r < 3; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct task task;
        task_draw(arena, images, 1, (int[]){8, 32, 128}[r], &rng, &task);
        vec a = task_trained(&task, arena, 0.01, 150, task_start(&task, arena, &rng));
        vec b = task_trained(&task, arena, 0.01, 150, task_start(&task, arena, &rng));
        mat corners = through_halves(claim, &task.all, false, a, b);
        struct on_path path = follow(claim, &task.all, corners);
        double bound = worst(path.ends, path.corners);
        most = worst(most, path.within / bound);
        least = smallest(least, path.constant / bound);
        mat line = arena_mat(arena, 2, task.P);
        copy(a, row(line, 0)), copy(b, row(line, 1));
        path = follow(claim, &task.all, line);
        straight = smallest(straight, path.within / path.ends);
        arena->used = mark;
    }
    /* A loss is a mean of TRAIN logarithms of sums, of signals of 128 units. */
    double one = 1 + rounding(128 + TRAIN, 1);
    evidence(claim, "most within segments over corners", at_most(most, one));
    evidence(claim, "which is attained within them", at_least(least, 2 - one));
    control(claim, "straight from end to end", at_most(straight, one));
}

/* ---- Enough units ---------------------------------------------------------------- */

/* Two networks of one hidden layer, trained in square loss on twelve images. */
enum { FEW = 12 };

struct pair {
    struct mlp net;
    struct mlp_cost cost;
    vec a, b;
};

static void train_pair(struct claim *claim, struct images images, int width,
                       struct pair *p)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)width);
    struct images few = images_draw(&rng, arena, images, FEW);
    images_normalize(few, FEW, sqrt(few.X.cols));
    mat T = images_one_hot(arena, few);
    p->net = mlp_make(2, (int[]){few.X.cols, width, T.cols}, RELU, STANDARD, true);
    p->cost = mlp_cost_make(arena, &p->net, square_loss, few.X, T);
    int P = mlp_parameters(&p->net);
    p->a = arena_vec(arena, P), p->b = arena_vec(arena, P);
    for (int i = 0; i < 2; i++) {
        vec w = i ? p->b : p->a;
        struct adam adam = adam_make(arena, P, 0.9, 0.999, 1e-8);
        init_weights(&p->net, init_he(NORMAL), &rng, w);
        optimize(mlp_cost_gradient, &p->cost, by_adam(&adam), 0.01, 150, w,
                 arena_vec(arena, P));
    }
}

/* Of what half of the units of w say of the examples, and 1: the largest over the least
 * singular value. */
static double condition(struct claim *claim, struct pair *p, int first, vec w)
{
    struct arena *arena = claim_arena(claim);
    int units = p->net.width[1] / 2;
    mat Phi = arena_mat(arena, FEW, units + 1);
    vec s = arena_vec(arena, FEW);
    mlp_forward(&p->net, w, p->cost.X, &p->cost.pass);
    for (int i = 0; i < FEW; i++) {
        fill(1, row(Phi, i));
        for (int j = 0; j < units; j++)
            row(Phi, i).at[j] = row(p->cost.pass.H[1], i).at[first + j];
    }
    route_singular(Phi, s);
    return s.at[0] / s.at[FEW - 1];
}

/* For the figure: what is lost on the paths through halves, dropped and fitted. */
static void record_paths(struct claim *claim, struct pair *p)
{
    struct series s = series_begin(claim, "paths", "t", "dropped", "fitted", NULL);
    mat dropped = through_halves(claim, &p->cost, false, p->a, p->b);
    mat fitted = through_halves(claim, &p->cost, true, p->a, p->b);
    for (int k = 0; k <= 5 * PARTS; k++) {
        double t = (double)k / PARTS;
        series_row(&s, (double[]){t, lost_at(claim, &p->cost, dropped, t),
                                  lost_at(claim, &p->cost, fitted, t)});
    }
    series_end(&s);
}

CLAIM(conn_wide, IDENTITY, "Halves that can fit all examples: a path that never rises")
{
    struct images images = images_first(claim, DRAWN, POOL);
    struct pair wide, narrow;
    train_pair(claim, images, 96, &wide);
    double kappa =
        worst(condition(claim, &wide, 0, wide.a), condition(claim, &wide, 48, wide.b));
    /* A fit by singular values leaves residuals of rounding, times the condition, in
     * each of 10 outputs of size 1. */
    double residual = rounding(FEW, kappa * sqrt(10)), limit = residual * residual;
    mat corners = through_halves(claim, &wide.cost, true, wide.a, wide.b);
    struct on_path path = follow(claim, &wide.cost, corners);
    evidence(claim, "lost at the four corners of halves", at_most(path.corners, limit));
    evidence(claim, "most on the path over the worse end",
             at_most(worst(path.within, path.corners) / path.ends, 1));
    record_paths(claim, &wide);

    train_pair(claim, images, 16, &narrow);
    corners = through_halves(claim, &narrow.cost, true, narrow.a, narrow.b);
    path = follow(claim, &narrow.cost, corners);
    control(claim, "8 units and a bias for 12 examples", at_most(path.corners, limit));
}

SECTION(conn_dropping, &conn_halves, &conn_dropout, &conn_wide);
