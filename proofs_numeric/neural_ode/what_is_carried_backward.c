/* The adjoint equation, against differences of the loss. */
#include "roads.h"

#include <math.h>

/* The loss, with the states by some 100 steps of order 5. */
static double loss(struct claim *claim, const struct world *w, vec z_0)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec z = arena_vec(arena, z_0.n);
    double t = 0, sum = 0;
    copy(z_0, z);
    enum ode_status status = ODE_DONE;
    for (int j = 1; j <= w->looks && status == ODE_DONE; j++) {
        status = ode_fixed(&w->f.ode, &ode_dopri5, &t, T * j / w->looks, 100 / w->looks,
                           z, arena);
        for (int i = 0; i < z.n; i++)
            sum += pow(z.at[i] - w->y.at[i], 2) / 2;
    }
    arena->used = mark;
    return status == ODE_DONE ? sum : NAN;
}

/* dL by an entry of z_0 or theta, by central differences of order 4. */
static double slope_of_loss(struct claim *claim, struct world *w, real *entry)
{
    const double h = pow(REAL_EPSILON, 0.2), at = *entry;
    double L[5];
    for (int i = -2; i <= 2; i++) {
        *entry = at + i * h;
        L[i + 2] = loss(claim, w, w->z_0);
    }
    *entry = at;
    return (8 * (L[3] - L[1]) - (L[4] - L[0])) / (12 * h);
}

static void by_differences(struct claim *claim, struct world *w, vec a, vec g)
{
    for (int i = 0; i < a.n; i++)
        a.at[i] = slope_of_loss(claim, w, &w->z_0.at[i]);
    for (int i = 0; i < g.n; i++)
        g.at[i] = slope_of_loss(claim, w, &w->theta.at[i]);
}

/* How far the adjoint with this fault lies from differences of the loss, in units of
 * the limit. */
struct gaps {
    double a, g;
};

static struct gaps gaps_with(struct claim *claim, struct world *w, enum fault fault)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec a = arena_vec(arena, w->a.n), g = arena_vec(arena, w->g.n);
    struct faulty x = {w->f, fault, arena_vec(arena, w->a.n)};
    double t = 0;
    copy(w->z_0, x.z_1);
    ode_fixed(&w->f.ode, &ode_dopri5, &t, T, 100, x.z_1, arena);
    struct neural_ode f = with_fault(&x);
    by_adjoint(claim, w, &f);
    by_differences(claim, w, a, g);
    struct gaps gaps = {largest_gap(claim, a, w->a) / gradient_limit(w),
                        largest_gap(claim, g, w->g) / gradient_limit(w)};
    arena->used = mark;
    return gaps;
}

/* A ring whose loss looks at five states on the way. */
static struct world *ring_looked_at(struct claim *claim)
{
    struct world *w = ring_world(claim, 2);
    w->looks = 5;
    return w;
}

CLAIM(node_adjoint, IDENTITY,
      "Solved backward, the adjoint equation arrives at dL/dz(t_0)")
{
    evidence(claim, "dL/dz_0, a network: gap / limit",
             at_most(gaps_with(claim, network_world(claim, 0), NO_FAULT).a, 1));
    evidence(claim, "a field that depends on t",
             at_most(gaps_with(claim, ring_world(claim, 1), NO_FAULT).a, 1));
    evidence(claim, "a loss of five states",
             at_most(gaps_with(claim, ring_looked_at(claim), NO_FAULT).a, 1));
    control(claim, "da/dt = +(df/dz)' a",
            at_most(gaps_with(claim, network_world(claim, 0), PLUS_SIGN).a, 1));
}

CLAIM(node_parameter_gradient, IDENTITY,
      "dL/dtheta is minus the integral from t_1 to t_0 of a' df/dtheta")
{
    evidence(claim, "dL/dtheta, a network: gap / limit",
             at_most(gaps_with(claim, network_world(claim, 0), NO_FAULT).g, 1));
    evidence(claim, "as many states as parameters",
             at_most(gaps_with(claim, ring_world(claim, 1), NO_FAULT).g, 1));
    evidence(claim, "a loss of five states",
             at_most(gaps_with(claim, ring_looked_at(claim), NO_FAULT).g, 1));
    control(claim, "the lecture: a' df/dz",
            at_most(gaps_with(claim, ring_world(claim, 1), BY_Z).g, 1));
}

/* dz/dt = W z, by a network without a hidden layer. */
static struct world *linear_world(struct claim *claim, uint64_t replicate)
{
    enum { D = 3 };
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(1, (int[]){D, D}, LINEAR, STANDARD, false);
    struct world *w = empty_world(claim, D, D * D);
    rng_normals(&rng, 0, 0.4, w->theta);
    rng_uniforms(&rng, -1, 1, w->z_0);
    rng_uniforms(&rng, 1, 2, w->y);
    w->field = node_field_make(claim_arena(claim), &net, w->theta, 1, 1);
    w->f = node_network(&w->field);
    w->steep = norm(w->theta);
    return w;
}

CLAIM(node_trajectory, IDENTITY,
      "The adjoint needs z(t) on its way, except for a where f is linear in z")
{
    evidence(claim, "z(t) solved again backward",
             at_most(gaps_with(claim, ring_world(claim, 0), NO_FAULT).a, 1));
    evidence(claim, "linear f: a, with z fixed at z(t_1)",
             at_most(gaps_with(claim, linear_world(claim, 1), FROZEN).a, 1));
    control(claim, "z fixed at z(t_1)",
            at_most(gaps_with(claim, ring_world(claim, 0), FROZEN).a, 1));
    control(claim, "linear f: dL/dtheta, with z fixed",
            at_most(gaps_with(claim, linear_world(claim, 1), FROZEN).g, 1));
}

/* (z, v) with dv/dt = df/dz v, a small change of the start carried along: n + n. */
static void change_field(void *context, double t, vec x, vec dx)
{
    (void)t;
    struct world *w = context;
    struct network_field *f = &w->field;
    int n = x.n / 2, d = f->X.cols;
    double memory[256];
    struct arena scratch = {(char *)memory, sizeof memory, 0};
    mat V = {n / d, d, x.at + n}, dV = {n / d, d, dx.at + n};
    vec none = w->g; /* a direction 0 in theta */
    fill(0, none);
    w->f.ode.field(w->f.ode.context, t, (vec){n, x.at}, (vec){n, dx.at});
    mlp_jvp(&f->net, f->theta, none, V, &f->pass, &scratch, dV);
}

/* The most that <a, v> leaves its first value, over ten times, in units of what the
 * tolerance may leave in 100 steps of each solver; the field has this fault. */
static double drift_of_product(struct claim *claim, enum fault fault)
{
    enum { STOPS = 10 };
    struct arena *arena = claim_arena(claim);
    struct world *w = network_world(claim, 0);
    struct rng rng = claim_rng(claim, 1);
    int n = w->z_0.n;
    struct ode change = {2 * n, change_field, w};
    vec x = arena_vec(arena, 2 * n);
    copy(w->z_0, (vec){n, x.at});
    rng_normals(&rng, 0, 1, (vec){n, x.at + n});
    struct ode_solver forward =
        ode_solver_make(arena, &change, 0, x, TOLERANCE, TOLERANCE);
    mat v = arena_mat(arena, STOPS + 1, n);
    for (int i = 0; i <= STOPS; i++) {
        if (i > 0 && ode_to(&forward, T * i / STOPS) != ODE_DONE)
            return NAN;
        copy((vec){n, forward.z.at + n}, row(v, i));
    }

    struct faulty wrong = {w->f, fault, {0, NULL}};
    struct neural_ode f = with_fault(&wrong);
    struct ode equation = node_adjoint_ode(&f);
    vec start = arena_vec(arena, equation.n);
    copy((vec){n, forward.z.at}, node_adjoint_parts(&f, start).z);
    rng_normals(&rng, 0, 1, node_adjoint_parts(&f, start).a);
    struct ode_solver backward =
        ode_solver_make(arena, &equation, T, start, TOLERANCE, TOLERANCE);
    double product = dot(node_adjoint_parts(&f, start).a, row(v, STOPS)), drift = 0;
    for (int i = STOPS - 1; i >= 0; i--) {
        if (ode_to(&backward, T * i / STOPS) != ODE_DONE)
            return NAN;
        double now = dot(node_adjoint_parts(&f, backward.z).a, row(v, i));
        drift = worst(drift, fabs(now - product));
    }
    return drift / (200 * TOLERANCE * exp(w->steep * T)) /
           (1 + norm(row(v, 0)) * norm(node_adjoint_parts(&f, start).a));
}

CLAIM(node_product, IDENTITY,
      "<a, v> is the same number at all times, if the flow carries v along")
{
    evidence(claim, "drift of <a, v> / limit",
             at_most(drift_of_product(claim, NO_FAULT), 1));
    control(claim, "da/dt = +(df/dz)' a",
            at_most(drift_of_product(claim, PLUS_SIGN), 1));
}

CLAIM(node_solvers, RATE,
      "Solved by steps of order p, the adjoint equation gives a gradient of order p")
{
    if (needs_double(claim, "of order 4, errors go down to 1e-10"))
        return;
    evidence(claim, "Euler: order", has_its_order(claim, euler));
    evidence(claim, "midpoint: order", has_its_order(claim, midpoint));
    evidence(claim, "Runge and Kutta: order", has_its_order(claim, classical));
    control(claim, "the lecture: a' df/dz",
            has_its_order(claim, wrong_by(classical, BY_Z)));
}

SECTION(what_is_carried_backward, &node_product, &node_adjoint,
        &node_parameter_gradient, &node_solvers, &node_trajectory);
