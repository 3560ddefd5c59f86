/* ode.h -- initial value problems dz/dt = f(t, z), forward and backward in time.
 *
 * The state z is one vector; a batch of states is its rows, which the field takes apart
 * again.  Methods of Runge and Kutta evaluate the field at some stages of a step, k_i,
 * and take z + h sum_i b_i k_i.  With fixed steps, any tableau will do.  The solver
 * chooses its steps itself, by Dormand and Prince's pair of orders 5 and 4, and keeps
 * what it has learnt from one output time to the next.  The invariant between steps: z
 * is the state at t; the last step went from (t_old, z_old) along k[0], ..., k[6], and
 * there is none where t_old is t; k[6] = f(t, z) where slope_known.
 * [Hairer, Norsett, Wanner 1993, "Solving Ordinary Differential Equations I", II.4-6;
 * Columbia-13/9] */
#ifndef REF_ODE_H
#define REF_ODE_H

#include "ground/dense.h"

#include <stdbool.h>

enum { ODE_STAGES = 7 };

struct ode {
    int n;                                                 /* entries of the state */
    void (*field)(void *context, double t, vec z, vec dz); /* dz := f(t, z): n, n  */
    void *context;                                         /* passed to the field  */
};

/* Stage i is at time t + c_i h and z + h sum_{j < i} a_ij k_j. */
struct ode_tableau {
    int stages;
    double c[ODE_STAGES], a[ODE_STAGES][ODE_STAGES - 1], b[ODE_STAGES];
};

extern const struct ode_tableau ode_euler, ode_midpoint, ode_rk4, ode_dopri5;

/* What stops a solver; the time reached stands beside the state. */
enum ode_status { ODE_DONE, ODE_STEP_TOO_SMALL, ODE_NOT_FINITE, ODE_TOO_MANY_STEPS };

struct ode_solver {
    struct ode ode;
    double relative, absolute; /* tolerances of the error of a step, per entry     */
    int most;                  /* attempts in all: a caller may reset it           */
    double t;                  /* now                                              */
    vec z;                     /* n: the state now; after a change, ode_jumped     */
    double h;                  /* size of the step to try next, 0 if not yet known */
    double error;              /* of the last step, in tolerances, for the control */
    double t_old;              /* where the last step began                        */
    vec z_old, trial;          /* n, n                                             */
    vec k[ODE_STAGES];         /* n each                                           */
    bool slope_known;
    int steps, rejections, evaluations; /* counted from the start */
};

void ode_stage(const struct ode_tableau *method, int i, double h, vec z, const vec *k,
               vec stage);
void ode_step_fixed(const struct ode *ode, const struct ode_tableau *method, double t,
                    double h, vec z, vec *k, vec stage);
enum ode_status ode_fixed(const struct ode *ode, const struct ode_tableau *method,
                          double *t, double t_end, int steps, vec z,
                          struct arena *scratch);

struct ode_solver ode_solver_make(struct arena *arena, const struct ode *ode, double t,
                                  vec z, double relative, double absolute);
enum ode_status ode_step(struct ode_solver *s, double t_end);
enum ode_status ode_to(struct ode_solver *s, double t_end);
void ode_jumped(struct ode_solver *s);
bool ode_within(const struct ode_solver *s, double t);
void ode_dense_weights(double theta, double *b);
void ode_dense(const struct ode_solver *s, double t, vec z);

#endif
