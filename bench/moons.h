/* moons.h -- what cnf2d and cnf2d_adaptive work on: 512 points of two moons, and a flow
 * of the plane whose field has 3 hidden layers of 64. */
#ifndef BENCH_MOONS_H
#define BENCH_MOONS_H

#include "bench.h"
#include "continuous_flows.h"

enum { MOONS_POINTS = 512 };

struct moons {
    struct cnf cnf;
    vec w, grad;
    mat X;
    struct arena arena;
};

/* A flow of so many steps, with weights as PyTorch draws them, which the peers get. */
static inline struct moons moons_make(struct bench *bench, int steps)
{
    struct moons p = {.cnf = cnf_make(2, 3, 64, steps, 0),
                      .arena = arena_make((size_t)256 << 20)};
    struct rng rng = rng_make(0, "moons", 0);
    const struct mlp *net = &p.cnf.net;
    p.w = arena_vec(&p.arena, mlp_parameters(net));
    p.grad = arena_vec(&p.arena, p.w.n);
    p.X = arena_mat(&p.arena, MOONS_POINTS, 2);
    for (int l = 0; l < net->depth; l++) {
        double most = 1 / sqrt(net->width[l]);
        rng_uniforms(&rng, -most, most, entries(mlp_weights(net, p.w, l)));
        rng_uniforms(&rng, -most, most, mlp_biases(net, p.w, l));
    }
    cnf_moons(&rng, p.X);
    bench_share(bench, p.w);
    bench_share(bench, entries(p.X));
    return p;
}

#endif
