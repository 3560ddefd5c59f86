#include "lazy_training/lazy_worlds.h"

#include <math.h>

struct problem problem_make(struct claim *claim, struct rng *rng, struct mlp net, int n)
{
    mat X = normal_mat(claim_arena(claim), rng, n, net.width[0]);
    vec y = normal_vec(claim_arena(claim), rng, n);
    struct problem x = {.p = lazy_make(claim_arena(claim), &net, X, y)};
    x.w_0 = normal_vec(claim_arena(claim), rng, mlp_parameters(&net));
    x.grad = arena_vec(claim_arena(claim), x.w_0.n);
    return x;
}

vec layer(struct problem x, vec w, int l)
{
    return entries(mlp_weights(&x.p.net, w, l));
}

struct mlp tanh_net(int width)
{
    return mlp_make(2, (int[]){3, width, 1}, TANH, TANGENT, false);
}

vec copy_of(struct arena *arena, vec x)
{
    vec y = arena_vec(arena, x.n);
    copy(x, y);
    return y;
}

mat differential(struct claim *claim, struct lazy_problem *p, vec w)
{
    mat J = arena_mat(claim_arena(claim), p->y.n, w.n);
    lazy_jacobian(p, w, claim_arena(claim), J);
    return J;
}

double curvature_at(struct claim *claim, struct rng *rng, struct lazy_problem *p, vec w,
                    int iterations)
{
    return lazy_curvature(p, w, iterations, claim_arena(claim),
                          normal_vec(claim_arena(claim), rng, w.n));
}

double kappa_at(struct claim *claim, struct rng *rng, struct lazy_problem *p, vec w,
                int iterations)
{
    return lazy_kappa(p, w, iterations, claim_arena(claim),
                      normal_vec(claim_arena(claim), rng, w.n));
}

struct problem centered_problem(struct claim *claim, int replicate)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct problem x = problem_make(claim, &rng, tanh_net(20), 8);
    lazy_center(&x.p, x.w_0);
    return x;
}

struct problem shifted_problem(struct claim *claim, int replicate)
{
    struct problem x = centered_problem(claim, replicate);
    for (int i = 0; i < x.p.y.n; i++)
        x.p.offset.at[i] -= copysign(0.3, x.p.y.at[i]);
    return x;
}
