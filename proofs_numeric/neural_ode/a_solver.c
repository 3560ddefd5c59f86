/* What is asked of a solver that chooses its steps. */
#include "roads.h"

#include <math.h>

/* On the spiral, to time 10: the error and the evaluations as powers of the tolerance,
 * from 1e-9 to 1e-12.  The truth is by 40,000 steps of order 5, to rounding. */
static void tolerances(struct claim *claim, struct fit *error, struct fit *evaluations)
{
    enum { ASKED = 10 };
    struct arena *arena = claim_arena(claim);
    struct ode ode = {2, spiral, NULL};
    double asked[ASKED], errs[ASKED], calls[ASKED], t = 0;
    vec truth = {2, (double[]){2, 0}}, start = {2, (double[]){2, 0}};
    ode_fixed(&ode, &ode_dopri5, &t, 10, 40000, truth, arena);
    struct series s =
        series_begin(claim, "tolerance", "asked", "error", "evaluations", NULL);
    for (int i = 0; i < ASKED; i++) {
        asked[i] = pow(10, -9 - i / 3.0);
        struct ode_solver x =
            ode_solver_make(arena, &ode, 0, start, asked[i], asked[i]);
        bool done = ode_to(&x, 10) == ODE_DONE;
        axpy(-1, truth, x.z);
        errs[i] = done ? norm(x.z) : NAN;
        calls[i] = x.evaluations;
        series_row(&s, (double[]){asked[i], errs[i], calls[i]});
    }
    series_end(&s);
    *error = fit_power(ASKED, asked, errs);
    *evaluations = fit_power(ASKED, asked, calls);
}

/* The midpoint rule on the same way, in equal steps: its evaluations as a power of the
 * error that they buy. */
static struct fit price_of_order_2(struct claim *claim)
{
    enum { COUNTED = 6 };
    struct ode ode = {2, spiral, NULL};
    double errs[COUNTED], calls[COUNTED], t = 0;
    vec truth = {2, (double[]){2, 0}};
    ode_fixed(&ode, &ode_dopri5, &t, 10, 40000, truth, claim_arena(claim));
    for (int i = 0; i < COUNTED; i++) {
        vec z = {2, (double[]){2, 0}};
        int steps = 1000 << i;
        t = 0;
        ode_fixed(&ode, &ode_midpoint, &t, 10, steps, z, claim_arena(claim));
        axpy(-1, truth, z);
        errs[i] = norm(z);
        calls[i] = 2.0 * steps;
    }
    return fit_power(COUNTED, errs, calls);
}

CLAIM(node_tolerance, RATE,
      "A solver errs as the tolerance that it is given, and costs as its power -1/5")
{
    /* The estimate is as h^5 and held at the tolerance, so h ~ tol^1/5, and the error
     * of order 5 goes with it.  Five hundred steps and more turn by less than 0.1
     * radian each: next terms of relative size 0.1, that is 0.04 decades at one end of
     * three. */
    struct fit error, evaluations;
    tolerances(claim, &error, &evaluations);
    evidence(claim, "error ~ tolerance^p", slope_is(error, 1, 0.1, 0.25));
    evidence(claim, "evaluations ~ tolerance^p",
             slope_is(evaluations, -0.2, 0.02, 0.03));
    control(claim, "a solver of order 2",
            slope_is(price_of_order_2(claim), -0.2, 0.02, 0.03));
}

SECTION(a_solver, &node_tolerance);
