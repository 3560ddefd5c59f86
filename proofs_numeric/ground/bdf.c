#include "ground/bdf.h"

#include <math.h>

void bdf_read(N_Vector from, vec to)
{
    for (int i = 0; i < to.n; i++)
        to.at[i] = NV_Ith_S(from, i);
}

void bdf_write(vec from, N_Vector to)
{
    for (int i = 0; i < from.n; i++)
        NV_Ith_S(to, i) = from.at[i];
}

/* An equation, and a point and a slope of it. */
struct passed {
    const struct ode *equation;
    vec z, dz;
};

static int field(double t, N_Vector z, N_Vector dz, void *user)
{
    struct passed *p = user;
    bdf_read(z, p->z);
    p->equation->field(p->equation->context, t, p->z, p->dz);
    bdf_write(p->dz, dz);
    return 0;
}

/* J := the Jacobian of the field at y, where it is dy, by differences over steps that a
 * real shows: those that CVODES would take itself are lost in a float. */
static int differences(double t, N_Vector y, N_Vector dy, SUNMatrix J, void *user,
                       N_Vector first, N_Vector second, N_Vector third)
{
    struct passed *p = user;
    (void)first, (void)second, (void)third;
    bdf_read(y, p->z);
    for (int j = 0; j < p->z.n; j++) {
        real at = p->z.at[j];
        p->z.at[j] += sqrt(REAL_EPSILON) * fmax(1, fabs(at));
        double step = (double)p->z.at[j] - at;
        p->equation->field(p->equation->context, t, p->z, p->dz);
        for (int i = 0; i < p->z.n; i++)
            SM_ELEMENT_D(J, i, j) = (p->dz.at[i] - NV_Ith_S(dy, i)) / step;
        p->z.at[j] = at;
    }
    return 0;
}

struct bdf bdf_begin(struct ode *equation, double t, vec z, double relative,
                     double absolute)
{
    struct bdf p = {.arena = arena_make(((size_t)z.n + 64) * 2 * sizeof(real))};
    struct passed *passed = arena_bytes(&p.arena, sizeof *passed);
    *passed =
        (struct passed){equation, arena_vec(&p.arena, z.n), arena_vec(&p.arena, z.n)};
    CVODES_SUCCEED(SUNContext_Create(SUN_COMM_NULL, &p.context));
    p.y = N_VNew_Serial(z.n, p.context);
    bdf_write(z, p.y);
    p.J = SUNDenseMatrix(z.n, z.n, p.context);
    p.solver = SUNLinSol_Dense(p.y, p.J, p.context);
    p.cvodes = CVodeCreate(CV_BDF, p.context);
    CVODES_SUCCEED(CVodeInit(p.cvodes, field, t, p.y));
    CVODES_SUCCEED(CVodeSStolerances(p.cvodes, relative, absolute));
    CVODES_SUCCEED(CVodeSetUserData(p.cvodes, passed));
    CVODES_SUCCEED(CVodeSetLinearSolver(p.cvodes, p.solver, p.J));
    if (!IS_DOUBLE)
        CVODES_SUCCEED(CVodeSetJacFn(p.cvodes, differences));
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
    arena_free(&p->arena);
}
