/* "The nearest one": projections on the minimizers. */
#include "known_data.h"

#include "gradient_descent.h"
#include "ground/optimizers.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* The largest |<w - w_0, v>| over the flat directions v. */
static double lean(struct data d, vec w_0, vec w)
{
    double most = 0;
    for (int j = d.a.n; j < d.D; j++)
        most = worst(most, fabs(dot(row(d.V, j), w) - dot(row(d.V, j), w_0)));
    return most;
}

/* For the figure: one example in two dimensions, so that the minimizers are a line, and
 * five runs towards it; beside each run, where it started and where it will end. */
static void record_runs(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "runs", "run", "k", "x", "y", "x_end", "y_end", NULL);
    mat Phi = arena_mat(arena, 1, 2);
    vec t = arena_vec(arena, 1), w = arena_vec(arena, 2), end = arena_vec(arena, 2);
    vec grad = arena_vec(arena, 2);
    struct quadratic q = quadratic_make(arena, 2);
    Phi.at[0] = 1, Phi.at[1] = 2, t.at[0] = 4;
    least_squares(Phi, t, &q);
    static const double starts[5][2] = {
        {0, 0}, {-1, 0.5}, {1.2, -0.6}, {3.2, 2.4}, {4.4, 1.8}};
    for (int run = 0; run < 5; run++) {
        w.at[0] = starts[run][0], w.at[1] = starts[run][1];
        sp_gd_limit(q, w, arena, end);
        for (int k = 0; k <= 12; k++) {
            series_row(&s, (double[]){run, k, w.at[0], w.at[1], end.at[0], end.at[1]});
            gd_step(q, 0.06, w, grad);
        }
    }
    series_end(&s);
}

/* How far Pythagoras is off, relative to the hypotenuse, over 20 other minimizers: each
 * is farther from w_0 than w is, by its distance from w. */
static double gap_to_pythagoras(struct claim *claim, struct data d, vec w_0, vec w)
{
    struct rng rng = claim_rng(claim, 2);
    vec other = arena_vec(claim_arena(claim), d.D);
    double gap = 0;
    for (int trial = 0; trial < 20; trial++) {
        nearest_minimizer(d, normal_vec(claim_arena(claim), &rng, d.D), other);
        double there = distance(other, w_0), here = distance(w, w_0);
        double between = distance(other, w);
        gap = worst(gap, fabs(there * there - here * here - between * between) /
                             (there * there));
    }
    return gap;
}

/* Descent on one example at a time, in turn, at the rate 1 over its curvature. */
static void run_examples(struct claim *claim, struct data d, int steps, vec w)
{
    struct quadratic one = quadratic_make(claim_arena(claim), d.D);
    for (int k = 0; k < steps; k++) {
        vec phi = row(d.Phi, k % d.N);
        least_squares(row_block(d.Phi, k % d.N, 1), part(d.t, k % d.N, 1), &one);
        gd_step(one, 1 / dot(phi, phi), w, d.grad);
    }
}

CLAIM(sp_nearest, IDENTITY,
      "Gradient descent ends at the minimizer nearest to the start")
{
    struct data d = build_data(claim, 8, 12, 6);
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    vec w_0 = normal_vec(arena, &rng, 12), w = arena_vec(arena, 12);
    copy(w_0, w);
    gd_run(d.q, 1, STEPS, w, d.grad);
    double limit = drift(d, STEPS, w_0, w);
    evidence(claim, "lean to a flat direction", at_most(lean(d, w_0, w), limit));
    evidence(claim, "gap to Pythagoras, 20 others",
             at_most(gap_to_pythagoras(claim, d, w_0, w), limit));

    copy(w_0, w);
    run_examples(claim, d, STEPS, w);
    evidence(claim, "lean, one example at a time",
             at_most(lean(d, w_0, w), drift(d, STEPS, w_0, w)));

    mat P = arena_mat(arena, 12, 12);
    for (int i = 0; i < 12; i++)
        row(P, i).at[i] = pow(10, -i / 11.0);
    copy(w_0, w);
    run_preconditioned(d, P, 10 * STEPS, w);
    control(claim, "coordinates at different rates", at_most(lean(d, w_0, w), limit));
    record_runs(claim);
}

static void run_momentum(struct claim *claim, struct data d, vec w)
{
    struct momentum momentum = momentum_make(claim_arena(claim), d.D, 0.5);
    for (int k = 0; k < STEPS; k++) {
        quadratic_gradient(d.q, w, d.grad);
        momentum_step(&momentum, 1, d.grad, w);
    }
}

static void run_adam(struct claim *claim, struct data d, vec w)
{
    struct adam adam = adam_make(claim_arena(claim), d.D, 0.9, 0.99, 1e-8);
    for (int k = 1; k <= STEPS; k++) {
        quadratic_gradient(d.q, w, d.grad);
        adam_step(&adam, 0.1 / sqrt(k), d.grad, w);
    }
}

CLAIM(sp_min_norm, IDENTITY,
      "From the row space it ends at the solution of least norm, -A^+ b = Phi^+ t")
{
    struct arena *arena = claim_arena(claim);
    struct data d = build_data(claim, 5, 12, 5);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(arena, 12), least = arena_vec(arena, 12);
    vec residual = arena_vec(arena, 5), zero = arena_vec(arena, 12);
    mat A_dagger = arena_mat(arena, 12, 12), Phi_dagger = arena_mat(arena, 12, 5);
    route_min_norm(d.Phi, d.t, least);
    double limit = drift(d, STEPS, least, least);

    gd_run(d.q, 1, STEPS, w, d.grad);
    evidence(claim, "end from 0, to LAPACK's", at_most(distance(w, least), limit));
    evidence(claim, "cost there: the data is fitted",
             at_most(least_squares_cost(d.Phi, d.t, w, residual), limit * limit));
    gemtv(1, d.Phi, normal_vec(arena, &rng, 5), 0, w);
    double limit_of_start = drift(d, STEPS, w, least);
    gd_run(d.q, 1, STEPS, w, d.grad);
    evidence(claim, "end from the row space",
             at_most(distance(w, least), limit_of_start));
    fill(0, w);
    run_momentum(claim, d, w);
    evidence(claim, "end from 0 with momentum", at_most(distance(w, least), limit));
    sp_pseudo_inverse(d.q.A, arena, A_dagger);
    gemv(-1, A_dagger, d.q.b, 0, w);
    evidence(claim, "-A^+ b", at_most(distance(w, least), limit));
    sp_pseudo_inverse(d.Phi, arena, Phi_dagger);
    gemv(1, Phi_dagger, d.t, 0, w);
    evidence(claim, "Phi^+ t", at_most(distance(w, least), limit));

    copy(row(d.V, 11), w); /* of norm 1, and flat */
    gd_run(d.q, 1, STEPS, w, d.grad);
    control(claim, "from outside the row space", at_most(distance(w, least), limit));
    fill(0, w);
    run_adam(claim, d, w);
    control(claim, "Adam from 0: lean", at_most(lean(d, zero, w), limit));
}

SECTION(sp_projections, &sp_nearest, &sp_min_norm);
