#include "ground/bdf.h"

vec bdf_view(N_Vector x) { return (vec){(int)NV_LENGTH_S(x), NV_DATA_S(x)}; }

static int field(double t, N_Vector z, N_Vector dz, void *ode)
{
    const struct ode *equation = ode;
    equation->field(equation->context, t, bdf_view(z), bdf_view(dz));
    return 0;
}

struct bdf bdf_begin(struct ode *equation, double t, vec z, double relative,
                     double absolute)
{
    struct bdf p;
    CVODES_SUCCEED(SUNContext_Create(SUN_COMM_NULL, &p.context));
    p.y = N_VMake_Serial(z.n, z.at, p.context);
    p.J = SUNDenseMatrix(z.n, z.n, p.context);
    p.solver = SUNLinSol_Dense(p.y, p.J, p.context);
    p.cvodes = CVodeCreate(CV_BDF, p.context);
    CVODES_SUCCEED(CVodeInit(p.cvodes, field, t, p.y));
    CVODES_SUCCEED(CVodeSStolerances(p.cvodes, relative, absolute));
    CVODES_SUCCEED(CVodeSetUserData(p.cvodes, equation));
    CVODES_SUCCEED(CVodeSetLinearSolver(p.cvodes, p.solver, p.J));
    CVODES_SUCCEED(CVodeSetMaxNumSteps(p.cvodes, 1000000));
    return p;
}

void bdf_end(struct bdf *p)
{
    CVodeFree(&p->cvodes);
    SUNLinSolFree(p->solver);
    SUNMatDestroy(p->J);
    N_VDestroy(p->y);
    SUNContext_Free(&p->context);
}
