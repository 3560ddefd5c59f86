#include "networks.h"

#include "ground/vectors.h"

#include <math.h>

struct network network_make(struct claim *claim, struct mlp net, int n)
{
    struct arena *arena = claim_arena(claim);
    int count = mlp_parameters(&net);
    return (struct network){.net = net,
                            .X = arena_mat(arena, n, net.width[0]),
                            .pass = mlp_pass_make(arena, &net, n),
                            .w = arena_vec(arena, count),
                            .grad = arena_vec(arena, count)};
}

struct mlp tower(int depth, int width, enum activation activation, bool biases)
{
    int widths[MLP_DEPTH + 1];
    for (int l = 0; l <= depth; l++)
        widths[l] = width;
    return mlp_make(depth, widths, activation, STANDARD, biases);
}

void draw_inputs(struct rng *rng, double square, mat X)
{
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < X.rows; i++)
        scale(sqrt(square * X.cols) / norm(row(X, i)), row(X, i));
}

void draw_pass(struct network *x, struct init_scheme scheme, struct rng *rng)
{
    draw_inputs(rng, 1, x->X);
    init_weights(&x->net, scheme, rng, x->w);
    mlp_forward(&x->net, x->w, x->X, &x->pass);
}

struct finding layer_is(struct claim *claim, mat sample, int l, double square)
{
    double *layer = in_double(claim_arena(claim), row(sample, l));
    return mean_is(sample.cols, layer, square);
}

double mean_square(mat A)
{
    vec x = entries(A);
    return dot(x, x) / x.n;
}

void square_all(vec y)
{
    for (int i = 0; i < y.n; i++)
        y.at[i] *= y.at[i];
}

/* ---- Learning from images -------------------------------------------------------- */

static double is_top(int class)
{
    return class == 0 || class == 2 || class == 3 || class == 4 || class == 6 ? 1 : -1;
}

struct images draw_images(struct claim *claim, struct rng *rng, struct images source,
                          int n)
{
    struct images some = images_draw(rng, claim_arena(claim), source, n);
    images_normalize(some, n, sqrt(PIXELS));
    for (int i = 0; i < n; i++)
        some.t.at[i] = is_top(some.classes[i]);
    return some;
}

double descend(struct network *x, mat T, double alpha, int steps)
{
    double least = INFINITY;
    for (int k = 0; k < steps; k++)
        least = smallest(least,
                         init_step(&x->net, x->X, T, alpha, &x->pass, x->grad, x->w));
    return least;
}

double cost_of_constant(mat T)
{
    double sum = 0;
    for (int k = 0; k < T.cols; k++) {
        double mean = 0;
        for (int i = 0; i < T.rows; i++)
            mean += row(T, i).at[k] / T.rows;
        for (int i = 0; i < T.rows; i++)
            sum += pow(row(T, i).at[k] - mean, 2);
    }
    return sum / (2 * T.rows);
}
