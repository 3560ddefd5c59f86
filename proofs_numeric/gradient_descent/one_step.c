/* "One step": where it comes to rest, and whether it stays there. */
#include "descents.h"
#include "ground/route_lapack.h"

#include <math.h>

/* How far one step moves the point that has this error. */
static double movement(struct descent *x, double alpha, vec error)
{
    from_axes(x->k, error, x->w);
    copy(x->w, x->error);
    gd_step(x->k.q, alpha, x->w, x->grad);
    axpy(-1, x->w, x->error);
    return norm(x->error);
}

/* By how much the last movement, from w, is not alpha times the gradient, in direction
 * too: by central differences of the cost.  They are exact on a quadratic, so that a
 * step as wide as the landscape loses nothing to cancellation. */
static double off_the_gradient(struct descent *x, double alpha, vec w)
{
    double sum = 0, h = 1;
    for (int i = 0; i < w.n; i++) {
        double here = w.at[i], above, below;
        w.at[i] = here + h;
        above = quadratic_cost(x->k.q, w, x->grad);
        w.at[i] = here - h;
        below = quadratic_cost(x->k.q, w, x->grad);
        w.at[i] = here;
        sum += pow(x->error.at[i] - alpha * (above - below) / (2 * h), 2);
    }
    return sqrt(sum);
}

/* Curvatures from 1 down to 1/N in size; those of even and of odd number have these
 * signs. */
static struct descent stationary(struct claim *claim, uint64_t replicate, int even,
                                 int odd)
{
    vec a = arena_vec(claim_arena(claim), N);
    for (int j = 0; j < N; j++)
        a.at[j] = (j % 2 == 0 ? even : odd) * (1.0 - (double)j / N);
    return descent_from(claim, replicate, a);
}

CLAIM(gd_fixed_point, IDENTITY,
      "Gradient descent rests exactly where the gradient vanishes")
{
    static const struct {
        const char *rests, *moves;
        int even, odd;
    } kinds[] = {{"minimum: step from LAPACK's point",
                  "step elsewhere, less alpha grad", 1, 1},
                 {"saddle: step from LAPACK's point", "the same round a saddle", 1, -1},
                 {"maximum: step from LAPACK's point", "the same round a maximum", -1,
                  -1}};
    struct arena *arena = claim_arena(claim);
    vec solution = arena_vec(arena, N), minus_b = arena_vec(arena, N);
    vec error = arena_vec(arena, N);
    double alpha = 0.7;
    for (int i = 0; i < 3; i++) {
        struct descent x = stationary(claim, (uint64_t)i, kinds[i].even, kinds[i].odd);
        fill(0, minus_b);
        axpy(-1, x.k.q.b, minus_b);
        route_solve(x.k.q.A, minus_b, solution);
        to_axes(x.k, solution, error);
        /* LAPACK's solution is off by N eps kappa, kappa = N here; a step adds one
         * product. */
        double limit = drift_of_rounding(&x, alpha, 2, N);
        evidence(claim, kinds[i].rests, at_most(movement(&x, alpha, error), limit));
        movement(&x, alpha, x.e_0);
        restart(&x);
        evidence(claim, kinds[i].moves,
                 at_most(off_the_gradient(&x, alpha, x.w), limit * norm(x.e_0)));
        scale(0.01, error);
        axpy(0.01, x.e_0, error);
        control(claim, "step from a point one percent away",
                at_most(movement(&x, alpha, error), limit));
    }
}

/* The largest distance from the fixed point, over the run, in units of the first. */
static double excursion(struct descent *x, double alpha)
{
    double farthest = 0;
    restart(x);
    for (int k = 0; k < STEPS; k++) {
        advance(x, alpha, 1);
        farthest = worst(farthest, norm(x->error) / norm(x->e_0));
    }
    return farthest;
}

/* Curvatures from 1 to 1/100, but the last of them another. */
static struct descent valley(struct claim *claim, double a_last)
{
    vec a = geometric_spectrum(claim_arena(claim), N, 1, 100);
    a.at[N - 1] = a_last;
    return descent_from(claim, 1, a);
}

CLAIM(gd_stability, BOUND,
      "A fixed point is stable if 0 <= alpha a <= 2, and only then")
{
    static const double rates[] = {0.5, 1.99, 2};
    static const char *const stable[] = {"excursion, alpha = 0.5 / a_max",
                                         "excursion, alpha = 1.99 / a_max",
                                         "excursion, alpha = 2 / a_max"};
    struct descent x = valley(claim, 0);
    double slack = drift_of_rounding(&x, 2, STEPS, 1);
    for (int i = 0; i < 3; i++)
        evidence(claim, stable[i], at_most(excursion(&x, rates[i]), 1 + slack));
    /* The growing error, one of N between 1 and 2, is at least 1 / (2 sqrt N) of all.
     */
    evidence(claim, "it leaves, alpha = 2.1 / a_max",
             at_least(excursion(&x, 2.1), pow(1.1, STEPS) / (2 * sqrt(N))));
    struct descent saddle = valley(claim, -0.1);
    evidence(claim, "it leaves a saddle, alpha a = -0.05",
             at_least(excursion(&saddle, 0.5), pow(1.05, STEPS) / (2 * sqrt(N))));

    /* Alone on the floor of the valley, the error neither grows nor shrinks. */
    fill(0, x.e_0);
    x.e_0.at[N - 1] = 1;
    evidence(claim, "excursion along the floor, a = 0",
             at_least(excursion(&x, 1.99), 1 - slack));

    struct descent convex = valley(claim, 0.01);
    control(claim, "stays, alpha = 2.2 / a_max",
            at_most(excursion(&convex, 2.2), 1 + slack));
    saddle = valley(claim, -0.2);
    control(claim, "stays at a saddle, alpha a = -0.1",
            at_most(excursion(&saddle, 0.5), 1 + slack));
    control(claim, "leaves, alpha = 1.9 / a_max",
            at_least(excursion(&convex, 1.9), pow(1.1, STEPS) / (2 * sqrt(N))));
}

/* Least squares with singular values from sqrt m to sqrt m / 2, so that those of A are
 * between 1 and 1/4, or 0 where there are more unknowns than examples. */
struct regression {
    mat Phi;
    vec t, residual, best, w, grad;
    struct quadratic q;
};

static struct regression regression_make(struct claim *claim, uint64_t replicate, int m,
                                         int n)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    vec s = geometric_spectrum(arena, m < n ? m : n, sqrt(m), 2);
    struct regression r = {.Phi = factored_matrix_make(arena, &rng, m, n, s).A,
                           .t = normal_vec(arena, &rng, m),
                           .residual = arena_vec(arena, m),
                           .best = arena_vec(arena, n),
                           .w = arena_vec(arena, n),
                           .grad = arena_vec(arena, n),
                           .q = quadratic_make(arena, n)};
    least_squares(r.Phi, r.t, &r.q);
    route_min_norm(r.Phi, r.t, r.best);
    return r;
}

/* From 0, 400 steps: the cost above LAPACK's, and the distance to its minimizer. */
static double cost_above(struct regression *r, double alpha, double *distance)
{
    double least = least_squares_cost(r->Phi, r->t, r->best, r->residual);
    fill(0, r->w);
    gd_run(r->q, alpha, 400, r->w, r->grad);
    double cost = least_squares_cost(r->Phi, r->t, r->w, r->residual);
    axpy(-1, r->best, r->w);
    *distance = norm(r->w);
    return fabs(cost - least);
}

CLAIM(gd_global_optimum, IDENTITY,
      "On least squares, a rate below 2 / a_max ends at a global minimum")
{
    static const double rates[] = {0.5, 1.9};
    double distance;
    for (int wide = 0; wide < 2; wide++) {
        int m = wide ? 6 : 60, n = wide ? 20 : 6;
        struct regression r = regression_make(claim, (uint64_t)wide, m, n);
        /* At the minimum the cost is flat, so an error of the weights counts squared,
         * and what is left is the rounding of the sum.  1.9 leaves 0.9^400, 5e-19. */
        double limit = rounding(m + n, dot(r.t, r.t) / (2 * m));
        double limit_w = rounding((m + n) * 4, norm(r.t) / sqrt(m) + norm(r.best));
        for (int i = 0; i < 2; i++) {
            double above = cost_above(&r, rates[i], &distance);
            evidence(claim,
                     wide ? "6 x 20: cost above LAPACK's"
                          : "60 x 6: cost above LAPACK's",
                     at_most(above, limit));
            evidence(claim, "distance to LAPACK's minimizer",
                     at_most(distance, limit_w));
        }
        control(claim, "alpha = 2.1 / a_max",
                at_most(cost_above(&r, 2.1, &distance), limit));
    }
}

SECTION(gd_first_step, &gd_fixed_point, &gd_stability, &gd_global_optimum);
