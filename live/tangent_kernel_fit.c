/* What is learned of six points on a circle: by a network of one hidden layer, by its
 * linear model, and by the limit kernel, each in as many steps. */
#include "live.h"
#include "tangent_kernel.h"

#include <math.h>

enum { POINTS = 61, EXAMPLES = 6 };

static const double alpha = 0.2, pi = 3.14159265358979323846, last_example = 2.5;

const struct slider live_sliders[] = {{"units m", 2, 200, 20, 60, COUNT},
                                      {"steps k", 0, 400, 200, 80, EVEN},
                                      {"start", 1, 50, 1, 49, EVEN},
                                      {0}};

const char live_columns[] = "angle\tnetwork\tmodel\tkernel\tx\ty";

/* Number i of n equal distances from -last to last. */
static double angle(int i, int n, double last)
{
    return last * (2.0 * i / (n - 1) - 1);
}

/* The points at these angles, of the length sqrt(2) that the kernel asks for. */
static mat circle(struct arena *arena, int n, double last)
{
    mat X = arena_mat(arena, n, 2);
    for (int i = 0; i < n; i++) {
        row(X, i).at[0] = sqrt(2) * cos(angle(i, n, last));
        row(X, i).at[1] = sqrt(2) * sin(angle(i, n, last));
    }
    return X;
}

/* Trains the network to w and its linear model to v, from w0.  To both the targets are
 * y + f_0, so that it is y that f - f_0 has to learn. */
static void train(struct arena *arena, const struct mlp *net, int steps, mat X, vec y,
                  vec w0, vec w, vec v)
{
    struct mlp_pass pass = mlp_pass_make(arena, net, X.rows),
                    start = mlp_pass_make(arena, net, X.rows);
    vec targets = arena_vec(arena, y.n);
    mlp_forward(net, w0, X, &start);
    copy(entries(start.H[net->depth]), targets);
    axpy(1, y, targets);
    copy(w0, w);
    copy(w0, v);
    for (int k = 0; k < steps; k++) {
        ntk_network_step(net, X, targets, alpha, &pass, arena, w);
        ntk_step(net, w0, targets, alpha, &start, arena, v);
    }
}

/* f - f_0 on the grid, of the network in column 1, of its linear model in column 2. */
static void show(struct arena *arena, const struct mlp *net, mat grid, vec w0, vec w,
                 vec v, mat curves)
{
    struct mlp_pass start = mlp_pass_make(arena, net, grid.rows),
                    end = mlp_pass_make(arena, net, grid.rows);
    mat model = arena_mat(arena, grid.rows, 1);
    mlp_forward(net, w0, grid, &start);
    mlp_forward(net, w, grid, &end);
    ntk_model(net, w0, v, &start, arena, model);
    for (int i = 0; i < grid.rows; i++) {
        double f_0 = start.H[net->depth].at[i];
        row(curves, i).at[1] = end.H[net->depth].at[i] - f_0;
        row(curves, i).at[2] = model.at[i] - f_0;
    }
}

/* The same by the limit kernel, in column 3. */
static void regress(struct arena *arena, int steps, mat X, vec y, mat grid, mat curves)
{
    mat Theta = arena_mat(arena, X.rows, X.rows),
        across = arena_mat(arena, grid.rows, X.rows);
    vec a = arena_vec(arena, X.rows);
    ntk_gram(X, 1, arena, Theta);
    ntk_cross(grid, X, 1, arena, across);
    ntk_descent(Theta, y, alpha, steps, arena, a);
    for (int i = 0; i < grid.rows; i++)
        row(curves, i).at[3] = dot(row(across, i), a);
}

mat live(struct arena *arena, vec slider)
{
    struct mlp net = ntk_network(2, 1, (int)slider.at[0]);
    struct rng rng = rng_make((uint64_t)slider.at[2], "live fit", 0);
    int steps = (int)slider.at[1], P = mlp_parameters(&net);
    mat curves = arena_mat(arena, POINTS, 6);
    mat X = circle(arena, EXAMPLES, last_example), grid = circle(arena, POINTS, pi);
    vec y = arena_vec(arena, EXAMPLES), w0 = arena_vec(arena, P);
    vec w = arena_vec(arena, P), v = arena_vec(arena, P);
    fill(NAN, entries(curves));
    for (int i = 0; i < POINTS; i++)
        row(curves, i).at[0] = angle(i, POINTS, pi);
    for (int i = 0; i < EXAMPLES; i++) {
        y.at[i] = i % 2 == 0 ? 1 : -1;
        row(curves, i).at[4] = angle(i, EXAMPLES, last_example);
        row(curves, i).at[5] = y.at[i];
    }
    rng_normals(&rng, 0, 1, w0);
    train(arena, &net, steps, X, y, w0, w, v);
    show(arena, &net, grid, w0, w, v, curves);
    regress(arena, steps, X, y, grid, curves);
    return curves;
}
