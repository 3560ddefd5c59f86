/* "How many minima?": the zeros of the gradient. */
#include "known_data.h"

#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>

/* || gradient || where LAPACK finds the smallest one. */
static double least_gradient(struct claim *claim, struct quadratic q)
{
    vec minus_b = arena_vec(claim_arena(claim), q.b.n);
    vec w = arena_vec(claim_arena(claim), q.b.n),
        grad = arena_vec(claim_arena(claim), q.b.n);
    axpy(-1, q.b, minus_b);
    route_min_norm(q.A, minus_b, w);
    quadratic_gradient(q, w, grad);
    return norm(grad);
}

CLAIM(sp_solutions, IDENTITY,
      "A w = -b has a solution for least squares, and many where directions are flat")
{
    struct data d = build_data(claim, 8, 12, 6), full = build_data(claim, 15, 12, 12);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(claim_arena(claim), 12);
    double most = 0, least = INFINITY;
    for (int trial = 0; trial < 20; trial++) {
        nearest_minimizer(d, normal_vec(claim_arena(claim), &rng, 12), w);
        quadratic_gradient(d.q, w, d.grad);
        most = worst(most, norm(d.grad) / (1 + norm(w)));

        vec off = normal_vec(claim_arena(claim), &rng, 12);
        nearest_minimizer(full, off, w);
        axpy(1 / norm(off), off, w);
        quadratic_gradient(full.q, w, full.grad);
        least = smallest(least, norm(full.grad));
    }
    double limit = rounding(12, 1);
    evidence(claim, "gradient, LAPACK's solution",
             at_most(least_gradient(claim, d.q), limit));
    evidence(claim, "gradient, 20 other solutions", at_most(most, limit));
    evidence(claim, "gradient at distance 1, no flats", /* ||A v|| >= a_min ||v|| */
             at_least(least, 0.1 - limit));
    axpy(1, row(d.V, 11), d.q.b);
    control(claim, "b tilts a flat direction",
            at_most(least_gradient(claim, d.q), limit));
}

SECTION(sp_minima, &sp_solutions);
