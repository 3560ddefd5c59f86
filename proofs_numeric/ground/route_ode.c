#include "ground/route_ode.h"

#include "ground/cvodes_any.h"

#define SUCCEED(call) REQUIRE((call) >= 0, "CVODES failed in %s", #call)

static vec view(N_Vector x) { return (vec){(int)NV_LENGTH_S(x), NV_DATA_S(x)}; }

static int field(double t, N_Vector z, N_Vector dz, void *ode)
{
    const struct ode *equation = ode;
    equation->field(equation->context, t, view(z), view(dz));
    return 0;
}

/* An initial value problem in the hands of CVODES, by BDF. */
struct problem {
    SUNContext context;
    N_Vector y; /* moved */
    SUNMatrix J;
    SUNLinearSolver solver;
    void *cvodes;
};

/* z: n, moved.  The equation must stay where it is. */
static struct problem begin(struct ode *equation, double t, vec z, double relative,
                            double absolute)
{
    struct problem p;
    SUCCEED(SUNContext_Create(SUN_COMM_NULL, &p.context));
    p.y = N_VMake_Serial(z.n, z.at, p.context);
    p.J = SUNDenseMatrix(z.n, z.n, p.context);
    p.solver = SUNLinSol_Dense(p.y, p.J, p.context);
    p.cvodes = CVodeCreate(CV_BDF, p.context);
    SUCCEED(CVodeInit(p.cvodes, field, t, p.y));
    SUCCEED(CVodeSStolerances(p.cvodes, relative, absolute));
    SUCCEED(CVodeSetUserData(p.cvodes, equation));
    SUCCEED(CVodeSetLinearSolver(p.cvodes, p.solver, p.J));
    SUCCEED(CVodeSetMaxNumSteps(p.cvodes, 1000000));
    return p;
}

static void end(struct problem *p)
{
    CVodeFree(&p->cvodes);
    SUNLinSolFree(p->solver);
    SUNMatDestroy(p->J);
    N_VDestroy(p->y);
    SUNContext_Free(&p->context);
}

void route_ode(const struct ode *ode, double t, double t_end, vec z, double relative,
                double absolute)
{
    struct ode equation = *ode;
    struct problem p = begin(&equation, t, z, relative, absolute);
    SUCCEED(CVodeSetStopTime(p.cvodes, t_end));
    SUCCEED(CVode(p.cvodes, t_end, p.y, &t, CV_NORMAL));
    end(&p);
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

/* The way back, from t_end to t: a is moved, and g gathers the integrand. */
static void go_back(struct problem *p, struct backward *b, double t, double t_end,
                    double tolerance, N_Vector a, N_Vector g)
{
    SUNMatrix J = SUNDenseMatrix(NV_LENGTH_S(a), NV_LENGTH_S(a), p->context);
    SUNLinearSolver solver = SUNLinSol_Dense(a, J, p->context);
    int which;
    double reached;
    SUCCEED(CVodeCreateB(p->cvodes, CV_BDF, &which));
    SUCCEED(CVodeInitB(p->cvodes, which, backward_field, t_end, a));
    SUCCEED(CVodeSStolerancesB(p->cvodes, which, tolerance, tolerance));
    SUCCEED(CVodeSetUserDataB(p->cvodes, which, b));
    SUCCEED(CVodeSetLinearSolverB(p->cvodes, which, solver, J));
    SUCCEED(CVodeSetMaxNumStepsB(p->cvodes, which, 1000000));
    SUCCEED(CVodeQuadInitB(p->cvodes, which, backward_integrand, g));
    SUCCEED(CVodeQuadSStolerancesB(p->cvodes, which, tolerance, tolerance));
    SUCCEED(CVodeSetQuadErrConB(p->cvodes, which, SUNTRUE));
    SUCCEED(CVodeB(p->cvodes, t, CV_NORMAL));
    SUCCEED(CVodeGetB(p->cvodes, which, &reached, a));
    SUCCEED(CVodeGetQuadB(p->cvodes, which, &reached, g));
    SUNLinSolFree(solver);
    SUNMatDestroy(J);
}

void route_adjoint(const struct neural_ode *f, double t, double t_end, vec z,
                    double tolerance, vec a, vec g)
{
    struct arena arena = arena_make((3 * f->ode.n + f->parameters + 64) * 16);
    struct backward b = {f, arena_vec(&arena, z.n), arena_vec(&arena, z.n),
                         arena_vec(&arena, f->parameters)};
    struct ode equation = f->ode;
    vec moved = arena_vec(&arena, z.n);
    copy(z, moved);
    struct problem p = begin(&equation, t, moved, tolerance, tolerance);
    N_Vector y_a = N_VMake_Serial(a.n, a.at, p.context);
    N_Vector y_g = N_VMake_Serial(g.n, g.at, p.context);
    N_VConst(0, y_g);
    int checkpoints;
    double reached;
    SUCCEED(CVodeAdjInit(p.cvodes, 100, CV_HERMITE));
    SUCCEED(CVodeF(p.cvodes, t_end, p.y, &reached, CV_NORMAL, &checkpoints));
    go_back(&p, &b, t, t_end, tolerance, y_a, y_g);
    N_VDestroy(y_a);
    N_VDestroy(y_g);
    end(&p);
    arena_free(&arena);
}
