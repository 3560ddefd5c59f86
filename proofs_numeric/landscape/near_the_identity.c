/* "Near the identity": linear residual networks inside their ball. */
#include "ground/claim.h"
#include "ground/worlds.h"
#include "landscape.h"

#include <math.h>

enum { D = 4, DEPTH = 6, POINTS = 200 };

/* A residual net of linear layers I + A_i, with max ||A_i|| = tau; and a target. */
struct net {
    struct mlp mlp;
    vec w, grad;
    mat R;
    struct arena *arena;
};

static struct net net_make(struct claim *claim, struct rng *rng)
{
    struct net x = {.arena = claim_arena(claim)};
    int width[DEPTH + 1];
    for (int l = 0; l <= DEPTH; l++)
        width[l] = D;
    x.mlp = mlp_make(DEPTH, width, LINEAR, STANDARD, false);
    x.w = arena_vec(x.arena, mlp_parameters(&x.mlp));
    x.grad = arena_vec(x.arena, x.w.n);
    x.R = normal_mat(x.arena, rng, D, D);
    return x;
}

/* w_i := I + A_i, where the singular values of A_i are drawn from [0, tau] and one of
 * them is tau. */
static void draw(struct net *x, struct rng *rng, double tau)
{
    size_t mark = x->arena->used;
    vec s = arena_vec(x->arena, D);
    for (int l = 0; l < DEPTH; l++) {
        rng_uniforms(rng, 0, tau, s);
        s.at[0] = tau;
        mat W = mlp_weights(&x->mlp, x->w, l);
        copy(entries(factored_matrix_make(x->arena, rng, D, D, s).A), entries(W));
        for (int i = 0; i < D; i++)
            row(W, i).at[i] += 1;
    }
    x->arena->used = mark;
}

/* Every layer the same multiple of the identity. */
static void shrink(struct net *x, double c)
{
    fill(0, x->w);
    for (int l = 0; l < DEPTH; l++)
        for (int i = 0; i < D; i++)
            row(mlp_weights(&x->mlp, x->w, l), i).at[i] = c;
}

/* ||grad f||^2 over 4 l (1 - tau)^(2l - 2) f, where f = 2 land_linear_loss: the bound
 * says 1 at least. */
static double over_bound(struct net *x, double tau)
{
    double loss = land_linear_loss(&x->mlp, x->R, x->arena, x->w, x->grad);
    double square = 4 * dot(x->grad, x->grad), f = 2 * loss;
    return square / (4 * DEPTH * pow(1 - tau, 2 * DEPTH - 2) * f);
}

CLAIM(land_residual_ball, BOUND,
      "A linear residual net has no bad stationary point while all ||A_i|| < 1")
{
    struct rng rng = claim_rng(claim, 0);
    struct net x = net_make(claim, &rng);
    double least = INFINITY, off = 0;
    /* A gradient is six products of sums of 4; it is taken over itself. */
    double limit = rounding(2 * DEPTH * D, 1);
    for (int i = 0; i < POINTS; i++) {
        double tau = 0.2 + 0.7 * rng_uniform(&rng);
        draw(&x, &rng, tau);
        least = fmin(least, over_bound(&x, tau));
    }
    for (int i = 1; i < 10; i++) {
        shrink(&x, 1 - 0.1 * i);
        off = worst(off, fabs(over_bound(&x, 0.1 * i) - 1));
    }
    evidence(claim, "squared gradient over its bound", at_least(least, 1));
    evidence(claim, "the same at A_i = -tau I, less 1", at_most(off, limit));
    shrink(&x, 0);
    control(claim, "gradient at A_i = -I, over f", at_least(over_bound(&x, 0.5), 1));
}

SECTION(land_near_identity, &land_residual_ball);
