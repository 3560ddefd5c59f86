/* "Virtually any nonlinearity": a bad minimum in every net of ReLUs with biases. */
#include "ground/claim.h"
#include "ground/losses.h"
#include "ground/optimizers.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "landscape.h"

#include <math.h>

enum { N = 40, D = 3, M = 4, MANY = 200, TRIALS = 200 };
static const double MARGIN = 0.5;

/* Data, the affine fit to it by LAPACK, and a network. */
struct fitted {
    struct mlp net;
    struct mlp_pass pass;
    mat X, T, G;
    vec fit, w, grad; /* D + 1: the slope, and the constant last */
    double fit_loss;  /* 1/2 of the mean square it leaves */
};

/* Targets that are affine in x, but for 3 tanh(2 x_1) x_2; m hidden units. */
static struct fitted fitted_make(struct claim *claim, struct rng *rng, int m)
{
    struct arena *arena = claim_arena(claim);
    struct fitted f = {.net = mlp_make(2, (int[]){D, m, 1}, RELU, STANDARD, true)};
    f.X = normal_mat(arena, rng, N, D), f.T = arena_mat(arena, N, 1);
    f.G = arena_mat(arena, N, 1);
    f.pass = mlp_pass_make(arena, &f.net, N);
    f.w = arena_vec(arena, mlp_parameters(&f.net));
    f.grad = arena_vec(arena, f.w.n);
    f.fit = arena_vec(arena, D + 1);
    mat A = arena_mat(arena, N, D + 1);
    for (int i = 0; i < N; i++) {
        const real *x = row(f.X, i).at;
        f.T.at[i] = 1 + x[0] - x[2] + 3 * tanh(2 * x[1]) * x[2];
        copy(row(f.X, i), part(row(A, i), 0, D));
        row(A, i).at[D] = 1;
    }
    route_min_norm(A, entries(f.T), f.fit);
    vec left = arena_vec(arena, N);
    copy(entries(f.T), left);
    gemv(-1, A, f.fit, 1, left);
    f.fit_loss = dot(left, left) / (2 * N);
    return f;
}

static double loss_at(struct fitted *f, vec w)
{
    mlp_forward(&f->net, w, f->X, &f->pass);
    double loss = square_loss(f->T, f->pass.H[2], f->G);
    mlp_backward(&f->net, w, f->G, &f->pass);
    mlp_gradient(&f->net, &f->pass, f->grad);
    return loss;
}

/* Buries a network whose first weights are drawn. */
static void bury(struct fitted *f, struct claim *claim, struct rng *rng)
{
    rng_normals(rng, 0, 1, entries(mlp_weights(&f->net, f->w, 0)));
    land_affine_start(&f->net, f->X, part(f->fit, 0, D), f->fit.at[D], MARGIN,
                      claim_arena(claim), f->w);
}

/* How far below the fit the lowest of so many points is that are within the ball where
 * no unit can be turned off: a change of w_j and b_j of length r moves w_j.x + b_j by
 * r sqrt(1 + |x|^2) at most. */
static double lowest_nearby(struct fitted *f, struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    double longest = 0, lowest = INFINITY;
    for (int i = 0; i < N; i++)
        longest = worst(longest, hypot(1, norm(row(f->X, i))));
    vec z = arena_vec(arena, f->w.n), at = arena_vec(arena, f->w.n);
    for (int trial = 0; trial < TRIALS; trial++) {
        rng_normals(rng, 0, 1, z);
        copy(f->w, at);
        axpy(MARGIN / longest * rng_uniform(rng) / norm(z), z, at);
        lowest = smallest(lowest, loss_at(f, at) - f->fit_loss);
    }
    return -lowest;
}

/* The least loss that descent reaches from six random starts, in units of the fit's. */
static double best_reached(struct fitted *f, struct claim *claim, struct rng *rng)
{
    double best = INFINITY;
    for (int trial = 0; trial < 6; trial++) {
        struct momentum rule = momentum_make(claim_arena(claim), f->w.n, 0.9);
        rng_normals(rng, 0, 0.7, f->w);
        for (int step = 0; step < 1000; step++) {
            loss_at(f, f->w);
            momentum_step(&rule, 0.02, f->grad, f->w);
        }
        best = smallest(best, loss_at(f, f->w) / f->fit_loss);
    }
    return best;
}

CLAIM(land_buried, IDENTITY,
      "Units that are on for all data: the least-squares fit, and a minimum")
{
    struct rng rng = claim_rng(claim, 0);
    struct fitted f = fitted_make(claim, &rng, M);
    bury(&f, claim, &rng);
    /* Units of size up to 10 are lifted, and taken down again by the constant; the
     * weights of the output may be large where W is nearly singular, and are below 1
     * for 200 units. */
    double size = norm(row(mlp_weights(&f.net, f.w, 1), 0));
    double limit = rounding(M * D + N, 100 * (1 + size * size));
    double wide_limit = rounding(MANY * D + N, 100 * 2);
    evidence(claim, "loss less that of the affine fit",
             at_most(fabs(loss_at(&f, f.w) - f.fit_loss), limit));
    evidence(claim, "gradient", at_most(norm(f.grad), limit));
    evidence(claim, "below the fit, 200 points nearby",
             at_most(lowest_nearby(&f, claim, &rng), limit));
    struct fitted wide = fitted_make(claim, &rng, MANY);
    bury(&wide, claim, &rng);
    evidence(claim, "200 units for 40 examples: the loss",
             at_most(fabs(loss_at(&wide, wide.w) - wide.fit_loss), wide_limit));
    evidence(claim, "200 units: gradient", at_most(norm(wide.grad), wide_limit));
    evidence(claim, "best of 6 runs, in that loss",
             at_most(best_reached(&f, claim, &rng), 0.5));
    f.net.activation = LINEAR;
    control(claim, "the same without a nonlinearity",
            at_most(best_reached(&f, claim, &rng), 0.5));
    f.net.activation = RELU;
    bury(&f, claim, &rng);
    scale(0.1, mlp_biases(&f.net, f.w, 0));
    control(claim, "lifted by a tenth: the same",
            at_most(fabs(loss_at(&f, f.w) - f.fit_loss), limit));
}

SECTION(land_kinks, &land_buried);
