/* Out along a spiral that contracts, and back by the solver, from where it arrived. */
#include "live.h"

#include "ground/ode.h"

#include <math.h>

enum { POINTS = 400 };

static const double turns = 3; /* radians in a unit of time */

const struct slider live_sliders[] = {{"contraction k", 0, 6, 1.5, 60, EVEN},
                                      {"tolerance", 1e-12, 1e-2, 1e-6, 60, LOGARITHMIC},
                                      {"time T", 1, 8, 4, 70, EVEN},
                                      {0}};

const char live_columns[] = "x\ty\tx_back\ty_back\tx_start\ty_start";

/* dz/dt = -k z, turned. */
static void spiral(void *context, double t, vec z, vec dz)
{
    double k = *(double *)context;
    (void)t;
    dz.at[0] = -k * z.at[0] - turns * z.at[1];
    dz.at[1] = turns * z.at[0] - k * z.at[1];
}

/* The states from t to t_end, one for each step, in two columns; what comes after is no
 * number.  z: moved. */
static void follow(struct arena *arena, double *k, double tolerance, double t,
                   double t_end, vec z, mat curves, int column)
{
    struct ode ode = {2, spiral, k};
    struct ode_solver s = ode_solver_make(arena, &ode, t, z, tolerance, tolerance);
    for (int i = 0; i < POINTS; i++) {
        row(curves, i).at[column] = s.z.at[0];
        row(curves, i).at[column + 1] = s.z.at[1];
        if (s.t == t_end || ode_step(&s, t_end) != ODE_DONE)
            break;
    }
    copy(s.z, z);
}

mat live(struct arena *arena, vec slider)
{
    double k = slider.at[0], tolerance = slider.at[1], T = slider.at[2];
    mat curves = arena_mat(arena, POINTS, 6);
    vec z = arena_vec(arena, 2);
    fill(NAN, entries(curves));
    z.at[0] = 1;
    follow(arena, &k, tolerance, 0, T, z, curves, 0);
    follow(arena, &k, tolerance, T, 0, z, curves, 2);
    row(curves, 0).at[4] = 1;
    row(curves, 0).at[5] = 0;
    return curves;
}
