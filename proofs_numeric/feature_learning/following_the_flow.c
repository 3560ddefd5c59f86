/* "Following the flow": Euler's method, whose steps the turning of the gradient sets.
 */
#include "feature_learning/worlds.h"
#include "ground/route_ode.h"

#include <math.h>

enum { REPLICATES = 16, TOLERANCES = 3 };
static const double TOLERANCE[] = {1e-3, 1e-4, 1e-5};

/* Six examples and three units, to be followed for two t_c. */
static struct recipe_of_world small(enum activation activation)
{
    return (struct recipe_of_world){1, 3, 6, 0.5, activation};
}

static void downhill(void *context, double t, vec w, vec dw)
{
    struct world *x = context;
    (void)t;
    feat_gradient(&x->model, w, x->flow.F_at, dw);
    scale(-1, dw);
}

/* ||w - flow(2 t_c)|| / ||flow(2 t_c) - w_0|| for each tolerance, where CVODES knows
 * the flow to 1e-9. */
static void errors_of_flow(struct claim *claim, int replicate, double *error)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct recipe_of_world of = small(SOFTPLUS);
    struct world x;
    world_make(claim, replicate, of, &x);
    vec exact = copy_of(arena, x.w_0);
    struct ode ode = {exact.n, downhill, &x};
    route_ode(&ode, 0, 2 * of.rho, exact, 1e-9, 1e-12);
    for (int k = 0; k < TOLERANCES; k++) {
        x.flow = feat_flow_make(arena, &x.model, x.w_0);
        x.flow.tolerance = TOLERANCE[k];
        x.flow.stop = INFINITY;
        x.flow.most = 100000;
        feat_to(&x.flow, 2 * of.rho);
        error[k] = distance(x.flow.w, exact) / distance(x.w_0, exact);
    }
    arena->used = mark;
}

/* The largest share of two t_c that is not reached within 2000 gradients. */
static double not_reached(struct claim *claim, enum activation activation)
{
    double most = 0;
    for (int r = 0; r < REPLICATES; r++) {
        size_t mark = claim_arena(claim)->used;
        struct recipe_of_world of = small(activation);
        struct world x;
        world_make(claim, r, of, &x);
        x.flow.most = 2000;
        x.flow.stop = INFINITY;
        feat_to(&x.flow, 2 * of.rho);
        most = worst(most, 1 - x.flow.t / (2 * of.rho));
        claim_arena(claim)->used = mark;
    }
    return most;
}

/* A step h turns the gradient by (h |H g| / |g|)^2, so that h ~ tolerance^(1/2), and
 * Euler's error is c h (1 + c' h).  At 1e-3 the gradient turns by an angle of 1/30 to
 * 1/15 per step: |c'| h <= 1/4 allows the second coefficient to be some four times the
 * first, and moves the power by ln(1.25) / ln(100). */
CLAIM(feat_followed, RATE,
      "The error of the flow falls as the root of the tolerance, where it is smooth")
{
    double slopes[REPLICATES], error[TOLERANCES], bias = log(1.25) / log(100);
    for (int r = 0; r < REPLICATES; r++) {
        errors_of_flow(claim, r, error);
        slopes[r] = fit_power(TOLERANCES, TOLERANCE, error).slope;
    }
    evidence(claim, "error, power of the tolerance",
             slopes_near(REPLICATES, slopes, 0.5, bias, 0.5));
    evidence(claim, "softplus: time not reached",
             at_most(not_reached(claim, SOFTPLUS), 0));
    control(claim, "ReLU: time not reached", at_most(not_reached(claim, RELU), 0));
}

SECTION(feat_following, &feat_followed);
