/* "Ridge": the penalized cost, and its limit. */
#include "known_data.h"

#include "gradient_descent.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* || the ridge solution for `given` - LAPACK's least squares on the examples and, below
 * them, D more with features sqrt(N lambda) e_j and target 0 ||.  The slide's formula,
 * which lacks the N, is that for given = lambda / N. */
static double gap_of_ridge(struct claim *claim, struct data d, double given,
                           double lambda)
{
    struct arena *arena = claim_arena(claim);
    mat more = arena_mat(arena, d.N + d.D, d.D);
    vec targets = arena_vec(arena, d.N + d.D), best = arena_vec(arena, d.D);
    vec w = arena_vec(arena, d.D);
    copy(entries(d.Phi), entries(row_block(more, 0, d.N)));
    copy(d.t, (vec){d.N, targets.at});
    for (int j = 0; j < d.D; j++)
        row(more, d.N + j).at[j] = sqrt(d.N * lambda);
    route_min_norm(more, targets, best);
    sp_ridge_fit(d.Phi, d.t, given, arena, w);
    return distance(w, best);
}

CLAIM(sp_ridge, IDENTITY,
      "The one minimizer of a ridge cost is (Phi'Phi + N lambda I)^-1 Phi't")
{
    double lambda = 0.05;
    struct data d = build_data(claim, 8, 12, 6);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(claim_arena(claim), 12), best = arena_vec(claim_arena(claim), 12);
    /* Normal equations of condition (1 + lambda) / lambda = 21; ||w|| is a few units.
     */
    double limit = rounding(12 * 21, 10);
    evidence(claim, "gap to LAPACK's",
             at_most(gap_of_ridge(claim, d, lambda, lambda), limit));

    sp_ridge_fit(d.Phi, d.t, lambda, claim_arena(claim), best);
    sp_tikhonov(lambda, &d.q); /* the slowest factor is now 0.95 */
    for (int start = 0; start < 2; start++) {
        copy(normal_vec(claim_arena(claim), &rng, 12), w);
        gd_run(d.q, 0.9, 3 * STEPS, w, d.grad);
        evidence(claim, "end of descent, any start",
                 at_most(distance(w, best), drift(d, 3 * STEPS, w, best)));
    }
    control(claim, "as printed, without the N",
            at_most(gap_of_ridge(claim, d, lambda / 8, lambda), limit));
}

enum { LAMBDAS = 9 };

/* ||w_lambda - Phi^+ t|| for lambda from 0.05 down to 0.0005, where the penalty is
 * lambda/2 ||w - center||^2.  Phi^+ t is LAPACK's.  Rounding moves the distance by some
 * eps / lambda^2 of it, a few percent for the least lambda in single precision. */
static void distances(struct claim *claim, struct data d, vec center, double *lambdas,
                      double *off)
{
    struct arena *arena = claim_arena(claim);
    vec least = arena_vec(arena, d.D), w = arena_vec(arena, d.D);
    route_min_norm(d.Phi, d.t, least);
    for (int i = 0; i < LAMBDAS; i++) {
        lambdas[i] = 0.05 * pow(10, -0.25 * i);
        least_squares(d.Phi, d.t, &d.q);
        sp_tikhonov(lambdas[i], &d.q);
        axpy(-lambdas[i], center, d.q.b);
        sp_minimum(d.q, arena, w);
        off[i] = distance(w, least);
    }
}

CLAIM(sp_ridge_limit, RATE,
      "The ridge solution tends to Phi^+ t, from a distance in proportion to lambda")
{
    struct rng world = claim_rng(claim, 0), rng = claim_rng(claim, 1);
    struct data d = build_data_of(claim, &world, 8, 12,
                                  geometric_spectrum(claim_arena(claim), 6, 1, 2));
    double lambdas[LAMBDAS], off[LAMBDAS], gap = 0;
    vec zero = arena_vec(claim_arena(claim), 12);
    distances(claim, d, zero, lambdas, off);
    /* Along v_j it is c_j lambda / (a_j + lambda): c_j lambda / a_j, but for a factor
     * between 1 and 1.1, as a_j >= 0.5 whatever is drawn; its log10 is at most 0.0414.
     * A bend of that height changes the slope of a line through L = 2 decades by 3/2 of
     * it over L at most: by sum |x| / sum 2x^2 over the points, which is less. */
    double half = 1.5 * 0.0414 / 2;
    evidence(claim, "power of lambda",
             slope_is(fit_power(LAMBDAS, lambdas, off), 1, half, 0.5));
    for (int i = 0; i < LAMBDAS; i++) {
        double sum = 0;
        for (int j = 0; j < d.a.n; j++)
            sum = hypot(sum, d.c.at[j] * lambdas[i] / (d.a.at[j] + lambdas[i]));
        gap = worst(gap, fabs(off[i] / sum - 1));
    }
    /* The condition is 1 / lambda, and the distance lambda of the solution or more. */
    double limit = rounding(12 / 5e-4, 1) / 5e-4;
    evidence(claim, "gap to the law, relative", at_most(gap, limit));
    distances(claim, d, normal_vec(claim_arena(claim), &rng, 12), lambdas, off);
    control(claim, "a penalty around elsewhere",
            slope_is(fit_power(LAMBDAS, lambdas, off), 1, half, 0.5));
}

SECTION(sp_penalties, &sp_ridge, &sp_ridge_limit);
