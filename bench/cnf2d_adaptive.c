/* cnf2d_adaptive.c -- the likelihood of a flow of the plane and its gradient, with the
 * exact trace, by a solver that chooses its steps, tolerance 1e-5, forward and then
 * backward along the adjoint.  The reference is the gradient through 64 steps of Runge
 * and Kutta.  Usage: cnf2d_adaptive [repeats [FILE]] */
#include "moons.h"
#include "neural_ode.h"

enum { N = MOONS_POINTS, D = 2, STATE = N * (D + 1), STEPS = 64 };

static const double tolerance = 1e-5;

/* The flow as an equation that can be pulled back.  Of path and G the first row is at
 * t = 1, the second at t = 0: points, then log-densities. */
struct adaptive {
    struct moons moons;
    struct cnf_pass pass;
    struct cnf_paths paths;
    struct neural_ode f;
    vec times, a;
    mat path, G;
};

static void field(void *context, double t, vec z, vec dz)
{
    cnf_field(&((struct adaptive *)context)->paths, t, z, dz);
}

/* a: dL/dz, whose log-densities all have the same. */
static void pull(void *context, double t, vec z, vec a, vec dz, vec gz, vec gtheta)
{
    struct adaptive *p = context;
    field(context, t, z, dz);
    fill(0, gz);
    fill(0, gtheta);
    cnf_backward(&p->moons.cnf, p->moons.w, p->paths.V, &p->pass, (mat){N, D, a.at},
                 -a.at[N * D], &p->moons.arena, (mat){N, D, gz.at}, gtheta);
}

/* L is the mean of |z|^2 / 2 + what the log-density has gained, and a constant. */
static void work(void *context)
{
    struct adaptive *p = context;
    vec state = row(p->path, 1), slope = row(p->G, 1);
    copy(entries(p->moons.X), part(row(p->path, 0), 0, N * D));
    bool done = node_path(&p->f, p->times, tolerance, tolerance, &p->moons.arena,
                          p->path) == ODE_DONE;
    copy(part(state, 0, N * D), part(slope, 0, N * D));
    scale(1.0 / N, part(slope, 0, N * D));
    fill(1.0 / N, part(slope, N * D, N));
    done &= node_adjoint_gradient(&p->f, p->times, p->path, p->G, tolerance, tolerance,
                                  &p->moons.arena, p->a, p->moons.grad) == ODE_DONE;
    if (!done)
        p->moons.grad.at[0] = NAN;
}

/* p, which stays where it is. */
static void problem_make(struct adaptive *p, struct bench *bench)
{
    p->moons = moons_make(bench, STEPS);
    struct arena *arena = &p->moons.arena;
    const struct cnf *cnf = &p->moons.cnf;
    mat V = arena_mat(arena, D * N, D);
    cnf_aim(cnf, NULL, V);
    p->pass = cnf_pass_make(arena, cnf, N, D);
    p->paths = (struct cnf_paths){cnf, p->moons.w, V, &p->pass, 0};
    p->f = (struct neural_ode){{STATE, field, p}, p->moons.w.n, pull};
    p->times = arena_vec(arena, 2);
    p->times.at[0] = 1;
    p->a = arena_vec(arena, STATE);
    p->path = arena_mat(arena, 2, STATE);
    p->G = arena_mat(arena, 2, STATE);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "cnf2d_adaptive");
    struct adaptive p;
    problem_make(&p, &bench);
    vec reference = arena_vec(&p.moons.arena, p.moons.w.n);
    cnf_likelihood(&p.moons.cnf, p.moons.w, p.moons.X, NULL, &p.moons.arena, reference);
    int status = bench_race(&bench, work, &p, p.moons.grad, reference);
    arena_free(&p.moons.arena);
    return status;
}
