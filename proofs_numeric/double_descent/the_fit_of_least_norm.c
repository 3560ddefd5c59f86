#include "double_descent.h"
#include "double_descent/worlds.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>

static void fit_by_gram(struct arena *arena, mat Phi, vec t, vec w)
{
    REQUIRE(dd_fit_by_gram(Phi, t, arena, w), "the Gram matrix is ill-conditioned");
}

static void fit_by_qr(struct arena *arena, mat Phi, vec t, vec w)
{
    REQUIRE(dd_fit_by_qr(Phi, t, arena, w) == FACTOR_OK, "Phi is singular");
}

/* The solution of the normal equations Phi'Phi w = Phi't, unrefined. */
static void fit_plainly(struct arena *arena, mat Phi, vec t, vec w)
{
    mat G = arena_mat(arena, Phi.cols, Phi.cols);
    vec b = arena_vec(arena, Phi.cols);
    gram(1, Phi, G);
    gemtv(1, Phi, t, 0, b);
    route_solve(G, b, w);
}

typedef void fitter(struct arena *arena, mat Phi, vec t, vec w);

/* ||w - oracle|| relative to the oracle's, where w is the fit. */
static double gap_of(fitter *fit_it, struct arena *arena, mat Phi, vec t)
{
    size_t mark = arena->used;
    vec w = arena_vec(arena, Phi.cols), oracle = arena_vec(arena, Phi.cols);
    route_min_norm(Phi, t, oracle);
    fill(NAN, w);
    fit_it(arena, Phi, t, w);
    axpy(-1, oracle, w);
    double gap = norm(w) / norm(oracle);
    arena->used = mark;
    return gap;
}

static double condition_number(struct arena *arena, mat Phi)
{
    vec s = arena_vec(arena, Phi.rows < Phi.cols ? Phi.rows : Phi.cols);
    route_singular(Phi, s);
    return s.at[0] / s.at[s.n - 1];
}

/* Fewer examples than weights, and more. */
static void of_either_shape(struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    static const int examples[] = {20, 200};
    for (int i = 0; i < 2; i++) {
        struct trial x = trial_make(arena, examples[i]);
        draw_trial(rng, 1, &x);
        double kappa = condition_number(arena, x.Phi);
        /* Where a residual is left, at an angle of some 60 degrees, kappa^2 counts. */
        evidence(claim,
                 examples[i] < D ? "gap to LAPACK, wide Phi"
                                 : "gap to LAPACK, tall Phi",
                 at_most(gap_of(fit_by_gram, arena, x.Phi, x.noise),
                         rounding((examples[i] + D) * kappa * kappa, 1)));
    }
}

CLAIM(dd_min_norm, IDENTITY,
      "The refined Gram matrix gives Phi^+ t as accurately as kappa(Phi) allows")
{
    if (needs_double(claim, "kappa goes up to 1e7"))
        return;
    enum { SIDE = 20 };
    static const double kappas[] = {10, 1e5, 1e7};
    static const char *const squares[] = {"gap to LAPACK, kappa = 10",
                                          "gap to LAPACK, kappa = 1e5",
                                          "gap to LAPACK, kappa = 1e7"};
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    for (int i = 0; i < 3; i++) {
        mat Phi = conditioned(arena, &rng, SIDE, kappas[i]).A;
        vec t = normal_vec(arena, &rng, SIDE);
        /* Either solution moves by kappa times the n eps of its backward error. */
        double limit = rounding(SIDE * kappas[i], 1);
        evidence(claim, squares[i], at_most(gap_of(fit, arena, Phi, t), limit));
        if (i == 0)
            evidence(claim, "by the Gram matrix alone, kappa = 10",
                     at_most(gap_of(fit_by_gram, arena, Phi, t), limit));
        if (i == 2) {
            evidence(claim, "by QR alone, kappa = 1e7",
                     at_most(gap_of(fit_by_qr, arena, Phi, t), limit));
            control(claim, "normal equations, kappa = 1e7",
                    at_most(gap_of(fit_plainly, arena, Phi, t), limit));
        }
    }
    of_either_shape(claim, &rng);
}

SECTION(the_fit_of_least_norm, &dd_min_norm);
