/* cnf2d_adaptive.c -- the likelihood of a flow of the plane and its gradient, with the
 * exact trace, by a solver that chooses its steps, tolerance 1e-5, and then back
 * through these.  The reference is the gradient through 64 steps of Runge and Kutta.
 * Usage: cnf2d_adaptive [repeats [FILE]] */
#include "moons.h"
#include "neural_ode.h"

enum { N = MOONS_POINTS, D = 2, STATE = N * (D + 1), STEPS = 64, BLOCK = CNF_BLOCK };

static const double tolerance = 1e-5;

/* The flow as an equation that can be pulled back, block by block, so that what a
 * block leaves is still near the processor when it is used.  Of path and G the first
 * row is at t = 1, the second at t = 0: points, then log-densities. */
struct adaptive {
    struct moons moons;
    mat V; /* the directions of one block */
    struct cnf_pass pass;
    struct neural_ode f;
    struct node_steps steps;
    vec times, a;
    mat path, G;
};

/* The points of a state from number i on, so many as a block has. */
static mat block(vec state, int i) { return (mat){BLOCK, D, state.at + i * D}; }

/* dz/dt = f and d log p/dt = -trace, of the block from point i on. */
static void block_field(struct adaptive *p, double t, int i, vec z, vec dz)
{
    vec trace = part(dz, N * D + i, BLOCK);
    cnf_forward(&p->moons.cnf, p->moons.w, t, block(z, i), p->V, &p->pass, block(dz, i),
                trace);
    scale(-1, trace);
}

static void field(void *context, double t, vec z, vec dz)
{
    for (int i = 0; i < N; i += BLOCK)
        block_field(context, t, i, z, dz);
}

/* a: dL/dz, whose log-densities all have the same. */
static void pull(void *context, double t, vec z, vec a, vec dz, vec gz, vec gtheta)
{
    struct adaptive *p = context;
    fill(0, gz);
    fill(0, gtheta);
    for (int i = 0; i < N; i += BLOCK) {
        block_field(p, t, i, z, dz);
        cnf_backward(&p->moons.cnf, p->moons.w, p->V, &p->pass, block(a, i),
                     -a.at[N * D], &p->moons.arena, block(gz, i), gtheta);
    }
}

/* L is the mean of |z|^2 / 2 + what the log-density has gained, and a constant. */
static void work(void *context)
{
    struct adaptive *p = context;
    vec state = row(p->path, 1), slope = row(p->G, 1);
    copy(entries(p->moons.X), part(row(p->path, 0), 0, N * D));
    bool done = node_steps_path(&p->f, p->times, tolerance, tolerance, &p->moons.arena,
                                p->path, &p->steps) == ODE_DONE;
    copy(part(state, 0, N * D), part(slope, 0, N * D));
    scale(1.0 / N, part(slope, 0, N * D));
    fill(1.0 / N, part(slope, N * D, N));
    node_steps_gradient(&p->f, &p->steps, p->times, p->G, &p->moons.arena, p->a,
                        p->moons.grad);
    if (!done)
        p->moons.grad.at[0] = NAN;
}

/* p, which stays where it is. */
static void problem_make(struct adaptive *p, struct bench *bench)
{
    p->moons = moons_make(bench, STEPS);
    struct arena *arena = &p->moons.arena;
    const struct cnf *cnf = &p->moons.cnf;
    p->V = arena_mat(arena, D * BLOCK, D);
    cnf_aim(cnf, NULL, p->V);
    p->pass = cnf_pass_make(arena, cnf, BLOCK, D);
    p->f = (struct neural_ode){{STATE, field, p}, p->moons.w.n, pull};
    p->steps = node_steps_make(arena, &p->f, STEPS);
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
