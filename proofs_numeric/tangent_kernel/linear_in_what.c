#include "tangent_kernel/ntk_worlds.h"

#include <math.h>

CLAIM(ntk_linear_model, IDENTITY, "The linearized network is linear in w - w_0")
{
    enum { N = 6, DIM = 5, WIDTH = 40, HIDDEN = 2 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct learner x = learner_make(arena, ntk_network(DIM, HIDDEN, WIDTH), N, 1);
    learner_draw(&rng, &x);
    mat K = learner_start(arena, &x);
    int P = mlp_parameters(&x.net);
    mat J = arena_mat(arena, N, P), F = arena_mat(arena, N, 1);
    vec dw = arena_vec(arena, P), linear = arena_vec(arena, N);
    mlp_forward(&x.net, x.w0, x.X, &x.now);
    mlp_jacobian(&x.net, x.w0, &x.now, arena, J);
    rng_normals(&rng, 0, 1, dw);
    axpy(1, dw, x.w);
    copy(outputs(&x, &x.at), linear);
    gemv(1, J, dw, 1, linear);
    ntk_model(&x.net, x.w0, x.w, &x.at, arena, F);
    /* J dw: P products, the sum of whose sizes is at most || row || || dw ||, and the
     * rows have the lengths sqrt(K_ii). */
    double limit = rounding(P, sqrt(max_norm(entries(K))) * norm(dw));
    evidence(claim, "model less features times weights",
             at_most(gap(entries(F), linear), limit));
    mlp_forward(&x.net, x.w, x.X, &x.now);
    control(claim, "the network itself, there",
            at_most(gap(outputs(&x, &x.now), linear), limit));
}

SECTION(ntk_linear_in_what, &ntk_linear_model);
