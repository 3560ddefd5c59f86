#include "tangent_kernel/ntk_worlds.h"
#include "ground/route_lapack.h"

#include <math.h>

void draw_inputs(struct rng *rng, mat X)
{
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < X.rows; i++)
        scale(sqrt(X.cols) / norm(row(X, i)), row(X, i));
}

struct learner learner_make(struct arena *arena, struct mlp net, int n, int others)
{
    int P = mlp_parameters(&net), d = net.width[0];
    return (struct learner){.net = net,
                            .w0 = arena_vec(arena, P),
                            .w = arena_vec(arena, P),
                            .y = arena_vec(arena, n),
                            .X = arena_mat(arena, n, d),
                            .Z = arena_mat(arena, others, d),
                            .at = mlp_pass_make(arena, &net, n),
                            .at_z = mlp_pass_make(arena, &net, others),
                            .now = mlp_pass_make(arena, &net, n)};
}

void learner_draw(struct rng *rng, struct learner *x)
{
    draw_inputs(rng, x->X);
    draw_inputs(rng, x->Z);
    rng_normals(rng, 0, 1, x->y);
    rng_normals(rng, 0, 1, x->w0);
}

void pass_of(const struct mlp *net, vec w, mat X, struct arena *arena,
             struct mlp_pass *pass)
{
    size_t mark = arena->used;
    mat ones = arena_mat(arena, X.rows, 1);
    fill(1, entries(ones));
    mlp_forward(net, w, X, pass);
    mlp_backward(net, w, ones, pass);
    arena->used = mark;
}

mat learner_start(struct arena *arena, struct learner *x)
{
    mat K = arena_mat(arena, x->X.rows, x->X.rows);
    copy(x->w0, x->w);
    pass_of(&x->net, x->w0, x->X, arena, &x->at);
    pass_of(&x->net, x->w0, x->Z, arena, &x->at_z);
    mlp_kernel(&x->net, &x->at, &x->at, arena, K);
    return K;
}

double gap(vec a, vec b)
{
    double most = 0;
    for (int i = 0; i < a.n; i++)
        most = worst(most, fabs(a.at[i] - b.at[i]));
    return most;
}

vec outputs(const struct learner *x, const struct mlp_pass *pass)
{
    return entries(pass->H[x->net.depth]);
}

double spectrum(struct arena *arena, mat K, double *least)
{
    size_t mark = arena->used;
    vec values = arena_vec(arena, K.rows);
    route_eigen(K, values, arena_mat(arena, K.rows, K.rows));
    double most = values.at[K.rows - 1];
    *least = values.at[0];
    arena->used = mark;
    return most;
}
