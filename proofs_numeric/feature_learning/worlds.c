#include "feature_learning/worlds.h"

#include <math.h>

void world_make(struct claim *claim, int replicate, struct recipe_of_world of,
                struct world *x)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct mlp net = feat_network(CELL_INPUTS, of.depth, of.width);
    net.activation = of.activation;
    mat X = arena_mat(arena, of.examples, CELL_INPUTS);
    vec y = arena_vec(arena, of.examples);
    cell_examples(&rng, X, y);
    x->w_0 = normal_vec(arena, &rng, mlp_parameters(&net));
    x->model = feat_make(arena, &net, X, y, of.rho / sqrt(of.width));
    lazy_center(&x->model.on, x->w_0);
    x->flow = feat_flow_make(arena, &x->model, x->w_0);
}

double kernel_change(struct claim *claim, struct world *x)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    int n = x->flow.F.n;
    mat before = arena_mat(arena, n, n), after = arena_mat(arena, n, n);
    feat_kernel(&x->model, x->w_0, arena, before);
    feat_kernel(&x->model, x->flow.w, arena, after);
    double change = feat_change(entries(before), entries(after));
    arena->used = mark;
    return change;
}

double weight_change(const struct world *x) { return feat_change(x->w_0, x->flow.w); }

double rms(vec x) { return norm(x) / sqrt(x.n); }

double rms_apart(vec x, vec y) { return distance(x, y) / sqrt(x.n); }

vec copy_of(struct arena *arena, vec x)
{
    vec y = arena_vec(arena, x.n);
    copy(x, y);
    return y;
}
