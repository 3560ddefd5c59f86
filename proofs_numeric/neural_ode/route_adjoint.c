#include "neural_ode/route_adjoint.h"

#include "ground/bdf.h"

/* What the callbacks of the backward problem need. */
struct backward {
    const struct neural_ode *f;
    vec z, a; /* where it is asked             */
    vec dz, gz, gtheta;
};

/* out := -x, one of the three that pull leaves in b. */
static int pull_negative(struct backward *b, double t, N_Vector z, N_Vector a, vec x,
                         N_Vector out)
{
    bdf_read(z, b->z);
    bdf_read(a, b->a);
    b->f->pull(b->f->ode.context, t, b->z, b->a, b->dz, b->gz, b->gtheta);
    for (int i = 0; i < x.n; i++)
        NV_Ith_S(out, i) = -x.at[i];
    return 0;
}

static int backward_field(double t, N_Vector z, N_Vector a, N_Vector da, void *user)
{
    struct backward *b = user;
    return pull_negative(b, t, z, a, b->gz, da);
}

static int backward_integrand(double t, N_Vector z, N_Vector a, N_Vector dg, void *user)
{
    struct backward *b = user;
    return pull_negative(b, t, z, a, b->gtheta, dg);
}

/* The way back, from t_end to t: a is moved, and g gathers the integrand. */
static void go_back(struct bdf *p, struct backward *b, double t, double t_end,
                    double tolerance, N_Vector a, N_Vector g)
{
    SUNMatrix J = SUNDenseMatrix(NV_LENGTH_S(a), NV_LENGTH_S(a), p->context);
    SUNLinearSolver solver = SUNLinSol_Dense(a, J, p->context);
    int which;
    double reached;
    CVODES_SUCCEED(CVodeCreateB(p->cvodes, CV_BDF, &which));
    CVODES_SUCCEED(CVodeInitB(p->cvodes, which, backward_field, t_end, a));
    CVODES_SUCCEED(CVodeSStolerancesB(p->cvodes, which, tolerance, tolerance));
    CVODES_SUCCEED(CVodeSetUserDataB(p->cvodes, which, b));
    CVODES_SUCCEED(CVodeSetLinearSolverB(p->cvodes, which, solver, J));
    CVODES_SUCCEED(CVodeSetMaxNumStepsB(p->cvodes, which, 1000000));
    CVODES_SUCCEED(CVodeQuadInitB(p->cvodes, which, backward_integrand, g));
    CVODES_SUCCEED(CVodeQuadSStolerancesB(p->cvodes, which, tolerance, tolerance));
    CVODES_SUCCEED(CVodeSetQuadErrConB(p->cvodes, which, SUNTRUE));
    CVODES_SUCCEED(CVodeB(p->cvodes, t, CV_NORMAL));
    CVODES_SUCCEED(CVodeGetB(p->cvodes, which, &reached, a));
    CVODES_SUCCEED(CVodeGetQuadB(p->cvodes, which, &reached, g));
    SUNLinSolFree(solver);
    SUNMatDestroy(J);
}

void route_adjoint(const struct neural_ode *f, double t, double t_end, vec z,
                   double tolerance, vec a, vec g)
{
    struct arena arena = arena_make((4 * f->ode.n + f->parameters + 96) * 16);
    struct backward b = {f,
                         arena_vec(&arena, z.n),
                         arena_vec(&arena, z.n),
                         arena_vec(&arena, z.n),
                         arena_vec(&arena, z.n),
                         arena_vec(&arena, f->parameters)};
    struct ode equation = f->ode;
    struct bdf p = bdf_begin(&equation, t, z, tolerance, tolerance);
    N_Vector y_a = N_VNew_Serial(a.n, p.context);
    N_Vector y_g = N_VNew_Serial(g.n, p.context);
    bdf_write(a, y_a);
    N_VConst(0, y_g);
    int checkpoints;
    double reached;
    CVODES_SUCCEED(CVodeAdjInit(p.cvodes, 100, CV_HERMITE));
    CVODES_SUCCEED(CVodeF(p.cvodes, t_end, p.y, &reached, CV_NORMAL, &checkpoints));
    go_back(&p, &b, t, t_end, tolerance, y_a, y_g);
    bdf_read(y_a, a);
    bdf_read(y_g, g);
    N_VDestroy(y_a);
    N_VDestroy(y_g);
    bdf_end(&p);
    arena_free(&arena);
}
