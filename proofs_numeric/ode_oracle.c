#include "ode_oracle.h"

#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#define SUCCEED(call) REQUIRE((call) >= 0, "CVODES failed in %s", #call)

static vec view(N_Vector x) { return (vec){(int)NV_LENGTH_S(x), NV_DATA_S(x)}; }

static int field(double t, N_Vector z, N_Vector dz, void *ode)
{
    const struct ode *equation = ode;
    equation->field(equation->context, t, view(z), view(dz));
    return 0;
}

void oracle_ode(const struct ode *ode, double t, double t_end, vec z, double relative,
                double absolute)
{
    SUNContext context;
    SUCCEED(SUNContext_Create(NULL, &context));
    N_Vector y = N_VMake_Serial(z.n, z.at, context);
    SUNMatrix J = SUNDenseMatrix(z.n, z.n, context);
    SUNLinearSolver solver = SUNLinSol_Dense(y, J, context);
    void *cvodes = CVodeCreate(CV_BDF, context);
    struct ode equation = *ode;
    SUCCEED(CVodeInit(cvodes, field, t, y));
    SUCCEED(CVodeSStolerances(cvodes, relative, absolute));
    SUCCEED(CVodeSetUserData(cvodes, &equation));
    SUCCEED(CVodeSetLinearSolver(cvodes, solver, J));
    SUCCEED(CVodeSetMaxNumSteps(cvodes, 1000000));
    SUCCEED(CVodeSetStopTime(cvodes, t_end));
    SUCCEED(CVode(cvodes, t_end, y, &t, CV_NORMAL));
    CVodeFree(&cvodes);
    SUNLinSolFree(solver);
    SUNMatDestroy(J);
    N_VDestroy(y);
    SUNContext_Free(&context);
}

/* What the callbacks of the backward problem need. */
struct backward {
    const struct neural_ode *f;
    vec dz, gz, gtheta;
};

static int backward_field(double t, N_Vector z, N_Vector a, N_Vector da, void *user)
{
    struct backward *b = user;
    b->f->pull(b->f->ode.context, t, view(z), view(a), b->dz, b->gz, b->gtheta);
    for (int i = 0; i < b->gz.n; i++)
        NV_Ith_S(da, i) = -b->gz.at[i];
    return 0;
}

static int backward_integrand(double t, N_Vector z, N_Vector a, N_Vector dg, void *user)
{
    struct backward *b = user;
    b->f->pull(b->f->ode.context, t, view(z), view(a), b->dz, b->gz, b->gtheta);
    for (int i = 0; i < b->gtheta.n; i++)
        NV_Ith_S(dg, i) = -b->gtheta.at[i];
    return 0;
}

void oracle_adjoint(const struct neural_ode *f, double t, double t_end, vec z,
                    double tolerance, vec a, vec g)
{
    struct arena arena = arena_make((2 * f->ode.n + f->parameters + 64) * 16);
    struct backward b = {f, arena_vec(&arena, z.n), arena_vec(&arena, z.n),
                         arena_vec(&arena, f->parameters)};
    struct ode equation = f->ode;
    SUNContext context;
    SUCCEED(SUNContext_Create(NULL, &context));
    N_Vector y = N_VNew_Serial(z.n, context);
    for (int i = 0; i < z.n; i++)
        NV_Ith_S(y, i) = z.at[i];
    N_Vector y_a = N_VMake_Serial(a.n, a.at, context);
    N_Vector y_g = N_VMake_Serial(g.n, g.at, context);
    N_VConst(0, y_g);
    SUNMatrix J = SUNDenseMatrix(z.n, z.n, context),
              J_b = SUNDenseMatrix(z.n, z.n, context);
    SUNLinearSolver solver = SUNLinSol_Dense(y, J, context),
                    solver_b = SUNLinSol_Dense(y_a, J_b, context);
    void *cvodes = CVodeCreate(CV_BDF, context);
    int which, checkpoints;
    double reached;
    SUCCEED(CVodeInit(cvodes, field, t, y));
    SUCCEED(CVodeSStolerances(cvodes, tolerance, tolerance));
    SUCCEED(CVodeSetUserData(cvodes, &equation));
    SUCCEED(CVodeSetLinearSolver(cvodes, solver, J));
    SUCCEED(CVodeSetMaxNumSteps(cvodes, 1000000));
    SUCCEED(CVodeAdjInit(cvodes, 100, CV_HERMITE));
    SUCCEED(CVodeF(cvodes, t_end, y, &reached, CV_NORMAL, &checkpoints));
    SUCCEED(CVodeCreateB(cvodes, CV_BDF, &which));
    SUCCEED(CVodeInitB(cvodes, which, backward_field, t_end, y_a));
    SUCCEED(CVodeSStolerancesB(cvodes, which, tolerance, tolerance));
    SUCCEED(CVodeSetUserDataB(cvodes, which, &b));
    SUCCEED(CVodeSetLinearSolverB(cvodes, which, solver_b, J_b));
    SUCCEED(CVodeSetMaxNumStepsB(cvodes, which, 1000000));
    SUCCEED(CVodeQuadInitB(cvodes, which, backward_integrand, y_g));
    SUCCEED(CVodeQuadSStolerancesB(cvodes, which, tolerance, tolerance));
    SUCCEED(CVodeSetQuadErrConB(cvodes, which, SUNTRUE));
    SUCCEED(CVodeB(cvodes, t, CV_NORMAL));
    SUCCEED(CVodeGetB(cvodes, which, &reached, y_a));
    SUCCEED(CVodeGetQuadB(cvodes, which, &reached, y_g));
    CVodeFree(&cvodes);
    SUNLinSolFree(solver);
    SUNLinSolFree(solver_b);
    SUNMatDestroy(J);
    SUNMatDestroy(J_b);
    N_VDestroy(y);
    N_VDestroy(y_a);
    N_VDestroy(y_g);
    SUNContext_Free(&context);
    arena_free(&arena);
}
