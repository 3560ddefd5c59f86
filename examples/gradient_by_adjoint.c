/* gradient_by_adjoint.c -- dz/dt = -theta z from z(0) = 2, and the derivative of
 * L = z(1)^2 / 2 with respect to theta and to z(0), without keeping the path. */
#include <neural_ode.h>

#include <math.h>
#include <stdio.h>

static void field(void *theta, double t, vec z, vec dz)
{
    (void)t;
    dz.at[0] = -*(double *)theta * z.at[0];
}

/* The field at z, and what a covector a becomes when it is pulled back through it. */
static void pull(void *theta, double t, vec z, vec a, vec dz, vec gz, vec gtheta)
{
    field(theta, t, z, dz);
    gz.at[0] = -*(double *)theta * a.at[0];
    gtheta.at[0] = -z.at[0] * a.at[0];
}

int main(void)
{
    double theta = 0.7;
    struct neural_ode f = {{1, field, &theta}, 1, pull};
    struct arena arena = arena_make(1 << 16);
    vec times = {2, (double[]){0, 1}};
    vec a = arena_vec(&arena, 1), g = arena_vec(&arena, 1);
    mat path = arena_mat(&arena, 2, 1), G = arena_mat(&arena, 2, 1);
    path.at[0] = 2;
    enum ode_status there = node_path(&f, times, 1e-10, 1e-10, &arena, path);
    G.at[1] = path.at[1]; /* dL/dz(1) */
    enum ode_status back =
        node_adjoint_gradient(&f, times, path, G, 1e-10, 1e-10, &arena, a, g);
    if (there != ODE_DONE || back != ODE_DONE) {
        fputs("gradient_by_adjoint: the solver gave up\n", stderr);
        return 1;
    }
    double square = 4 * exp(-2 * theta); /* z(1)^2, by the closed form */
    printf("dL/dtheta = %.8f, by the closed form %.8f\n", g.at[0], -square);
    printf("dL/dz(0)  = %.8f, by the closed form %.8f\n", a.at[0], square / 2);
    arena_free(&arena);
}
