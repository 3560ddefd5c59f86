#include "batch_norm/nets.h"

#include <math.h>

struct run run_make(struct arena *arena, struct rng *rng, const int *width, int depth,
                    enum activation activation, bool normalized, double epsilon, int n)
{
    struct mlp mlp = mlp_make(depth, width, activation, STANDARD, true);
    struct run run = {.net = bn_net_make(mlp, normalized, epsilon)};
    int P = bn_net_parameters(&run.net);
    run.w = arena_vec(arena, P), run.grad = arena_vec(arena, P);
    run.pass = bn_net_pass_make(arena, &run.net, n);
    run.G = arena_mat(arena, n, width[depth]);
    bn_net_draw(&run.net, activation == RELU ? init_he(NORMAL) : init_lecun(NORMAL),
                rng, run.w);
    return run;
}

struct run run_deep(struct arena *arena, struct rng *rng, bool normalized, double c,
                    int n)
{
    static const int width[] = {PIXELS, 16, 16, 16, 16, 16, 16, 16, 16, 16, CLASSES};
    struct run run = run_make(arena, rng, width, DEEP, TANH, normalized, 0, n);
    for (int l = 0; l < DEEP - 1; l++)
        scale(c, entries(run_weights(&run, run.w, l)));
    return run;
}

double run_gradient(struct run *run, loss_function *loss, mat X, mat T)
{
    bn_net_forward(&run->net, run->w, X, &run->pass);
    double value = loss(T, run->pass.mlp.H[run->net.mlp.depth], run->G);
    bn_net_backward(&run->net, run->w, run->G, &run->pass);
    bn_net_gradient(&run->net, &run->pass, run->grad);
    return value;
}

static vec of_mlp(const struct run *run, vec w)
{
    return part(w, 0, mlp_parameters(&run->net.mlp));
}

mat run_weights(const struct run *run, vec w, int l)
{
    return mlp_weights(&run->net.mlp, of_mlp(run, w), l);
}

vec run_biases(const struct run *run, vec w, int l)
{
    return mlp_biases(&run->net.mlp, of_mlp(run, w), l);
}

struct images some_images(struct claim *claim) { return images_first(claim, 2000, 4); }

struct task task_draw(struct rng *rng, struct arena *arena, struct images from, int n,
                      int train)
{
    struct images some = images_draw(rng, arena, from, n);
    images_normalize(some, train, sqrt(PIXELS));
    return (struct task){some.X, images_one_hot(arena, some)};
}
