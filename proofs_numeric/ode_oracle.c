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
