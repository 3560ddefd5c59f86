#include "ground/route_lapack.h"
#include "lazy_training/lazy_worlds.h"

#include <math.h>

enum { STEPS = 100 };
static const double ETA = 0.05;

/* residual := (I - eta K)^STEPS (-y), what the kernel says, by LAPACK's eigenvectors.
 */
static void by_modes(struct arena *arena, struct problem *x, vec residual)
{
    int n = x->p.y.n;
    vec a = arena_vec(arena, n), share = arena_vec(arena, n);
    mat ones = arena_mat(arena, n, 1), K = arena_mat(arena, n, n),
        Q = arena_mat(arena, n, n);
    fill(1, entries(ones));
    mlp_forward(&x->p.net, x->w_0, x->p.X, &x->p.pass);
    mlp_backward(&x->p.net, x->w_0, ones, &x->p.pass);
    mlp_kernel(&x->p.net, &x->p.pass, &x->p.pass, arena, K);
    route_eigen(K, a, Q);
    gemtv(-1, Q, x->p.y, 0, share);
    for (int j = 0; j < n; j++)
        share.at[j] *= pow(1 - ETA * a.at[j], STEPS);
    gemv(1, Q, share, 0, residual);
}

CLAIM(lazy_linearized, IDENTITY,
      "On the linearization k steps multiply the residual by (I - eta K)^k")
{
    struct arena *arena = claim_arena(claim);
    struct problem x = centered_problem(claim, 0);
    struct lazy_linear line = lazy_linearize(arena, &x.p, x.w_0);
    vec law = arena_vec(arena, x.p.y.n), r = arena_vec(arena, x.p.y.n);
    double most = 0;
    by_modes(arena, &x, law);
    for (double alpha = 0.1; alpha < 2000; alpha *= 10) {
        vec v = arena_vec(arena, x.w_0.n);
        for (int k = 0; k <= STEPS; k++)
            lazy_linear_step(&line, x.p.y, alpha, ETA, v, r);
        most = worst(most, distance(r, law));
    }
    /* Each step sums P products for each output; eta K is below 2, so nothing grows. */
    double limit = rounding(x.w_0.n * STEPS, norm(x.p.y));
    evidence(claim, "residuals less law, 5 scales", at_most(most, limit));

    vec w = copy_of(arena, x.w_0);
    for (int k = 0; k <= STEPS; k++)
        lazy_step(&x.p, 0.1, ETA, w, x.grad);
    control(claim, "the network itself, alpha = 0.1",
            at_most(distance(entries(x.p.residual), law), limit));
}

SECTION(lazy_two_objectives, &lazy_linearized);
