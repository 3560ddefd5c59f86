#include "roads.h"

#include <math.h>

struct world *empty_world(struct claim *claim, int n, int P)
{
    struct arena *arena = claim_arena(claim);
    struct world *w = arena_bytes(arena, sizeof *w);
    *w = (struct world){.looks = 1};
    w->theta = arena_vec(arena, P);
    w->z_0 = arena_vec(arena, n);
    w->y = arena_vec(arena, n);
    w->a = arena_vec(arena, n);
    w->g = arena_vec(arena, P);
    return w;
}

struct world *network_world(struct claim *claim, uint64_t replicate)
{
    enum { D = 2, H = 5, ROWS = 2 };
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(2, (int[]){D, H, D}, TANH, STANDARD, true);
    struct world *w = empty_world(claim, ROWS * D, mlp_parameters(&net));
    rng_normals(&rng, 0, 0.4, w->theta);
    rng_uniforms(&rng, -1, 1, w->z_0);
    rng_uniforms(&rng, 1, 2, w->y);
    w->field = node_field_make(claim_arena(claim), &net, w->theta, 1, ROWS);
    w->f = node_network(&w->field);
    w->steep = norm(entries(mlp_weights(&net, w->theta, 0))) *
               norm(entries(mlp_weights(&net, w->theta, 1)));
    return w;
}

/* Three states and as many parameters: z_i' = theta_i tanh(z_{i+1}) - z_i / 2 + sin t,
 * with z_3 = z_0. */
static void ring_value(void *context, double t, vec z, vec dz)
{
    const struct world *w = context;
    for (int i = 0; i < 3; i++)
        dz.at[i] = w->theta.at[i] * tanh(z.at[(i + 1) % 3]) - z.at[i] / 2 + sin(t);
}

static void ring_pull(void *context, double t, vec z, vec a, vec dz, vec gz, vec gtheta)
{
    const struct world *w = context;
    ring_value(context, t, z, dz);
    for (int i = 0; i < 3; i++) {
        int next = (i + 1) % 3, before = (i + 2) % 3;
        double slope = 1 - pow(tanh(z.at[i]), 2);
        gz.at[i] = w->theta.at[before] * slope * a.at[before] - a.at[i] / 2;
        gtheta.at[i] = tanh(z.at[next]) * a.at[i];
    }
}

struct world *ring_world(struct claim *claim, uint64_t replicate)
{
    struct rng rng = claim_rng(claim, replicate);
    struct world *w = empty_world(claim, 3, 3);
    rng_uniforms(&rng, 0.5, 1.5, w->theta);
    rng_uniforms(&rng, 0.5, 1, w->z_0);
    rng_uniforms(&rng, 2, 3, w->y);
    w->f = (struct neural_ode){{3, ring_value, w}, 3, ring_pull};
    w->steep = max_norm(w->theta) + 0.5;
    return w;
}

double gradient_limit(const struct world *w)
{
    double of_differences = 300 * pow(REAL_EPSILON, 0.8);
    return w->looks * (of_differences + 200 * TOLERANCE) * exp(2 * w->steep * T);
}

/* The start, and the times at which the loss looks. */
static void set_out(const struct world *w, vec times, mat path)
{
    copy(w->z_0, row(path, 0));
    for (int j = 1; j <= w->looks; j++)
        times.at[j] = T * j / w->looks;
}

/* row(G, j) := dL/dz(j T / looks). */
static void look(const struct world *w, mat path, mat G)
{
    for (int j = 1; j <= w->looks; j++) {
        copy(row(path, j), row(G, j));
        axpy(-1, w->y, row(G, j));
    }
}

void by_adjoint(struct claim *claim, struct world *w, struct neural_ode *f)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    int n = w->z_0.n;
    mat path = arena_mat(arena, w->looks + 1, n);
    mat G = arena_mat(arena, w->looks + 1, n);
    vec times = arena_vec(arena, w->looks + 1);
    set_out(w, times, path);
    enum ode_status status = node_path(&w->f, times, TOLERANCE, TOLERANCE, arena, path);
    look(w, path, G);
    if (status == ODE_DONE)
        status = node_adjoint_gradient(f, times, path, G, TOLERANCE, TOLERANCE, arena,
                                       w->a, w->g);
    if (status != ODE_DONE)
        fill(NAN, w->a);
    arena->used = mark;
}

enum { MOST_STEPS = 1000 };

void by_chosen_steps(struct claim *claim, const struct world *w,
                     const struct neural_ode *f, vec a, vec g)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat path = arena_mat(arena, w->looks + 1, w->z_0.n);
    mat G = arena_mat(arena, w->looks + 1, w->z_0.n);
    vec times = arena_vec(arena, w->looks + 1);
    struct node_steps steps = node_steps_make(arena, f, MOST_STEPS);
    set_out(w, times, path);
    enum ode_status status =
        node_steps_path(f, times, TOLERANCE, TOLERANCE, arena, path, &steps);
    look(w, path, G);
    node_steps_gradient(f, &steps, times, G, arena, a, g);
    if (status != ODE_DONE)
        fill(NAN, a);
    arena->used = mark;
}

double largest_gap(struct claim *claim, vec x, vec y)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec difference = arena_vec(arena, x.n);
    copy(x, difference);
    axpy(-1, y, difference);
    double most = 0;
    for (int i = 0; i < x.n; i++)
        most = worst(most, fabs(difference.at[i]));
    arena->used = mark;
    return most;
}

static void faulty_value(void *context, double t, vec z, vec dz)
{
    const struct faulty *x = context;
    x->f.ode.field(x->f.ode.context, t, z, dz);
}

static void faulty_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                        vec gtheta)
{
    const struct faulty *x = context;
    x->f.pull(x->f.ode.context, t, x->fault == FROZEN ? x->z_1 : z, a, dz, gz, gtheta);
    if (x->fault == FROZEN)
        faulty_value(context, t, z, dz);
    if (x->fault == PLUS_SIGN)
        scale(-1, gz);
    if (x->fault == BY_Z)
        copy(gz, gtheta);
}

struct neural_ode with_fault(struct faulty *x)
{
    return (
        struct neural_ode){{x->f.ode.n, faulty_value, x}, x->f.parameters, faulty_pull};
}

void by_backprop(struct claim *claim, struct world *w, struct neural_ode *f,
                 const struct ode_tableau *method, int steps, vec a, vec g)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat path = arena_mat(arena, steps + 1, w->z_0.n);
    copy(w->z_0, row(path, 0));
    node_record(f, method, 0, T, arena, path);
    copy(row(path, steps), a);
    axpy(-1, w->y, a);
    node_backprop_gradient(f, method, 0, T, path, arena, a, g);
    arena->used = mark;
}

enum { COUNTS = 5 };

void by_steps(struct claim *claim, struct world *w, struct neural_ode *f,
              const struct ode_tableau *method, int steps, vec a, vec g)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct ode equation = node_adjoint_ode(f);
    vec state = arena_vec(arena, equation.n);
    struct adjoint at = node_adjoint_parts(f, state);
    double t = 0;
    copy(w->z_0, at.z);
    ode_fixed(&f->ode, method, &t, T, steps, at.z, arena);
    copy(at.z, at.a);
    axpy(-1, w->y, at.a);
    ode_fixed(&equation, method, &t, 0, steps, state, arena);
    copy(at.a, a);
    copy(at.g, g);
    arena->used = mark;
}

/* How far a road with so many steps is from the adjoint equation solved by a thousand
 * steps of order 5, which rounding alone parts from the truth: as a power of h. */
static double power_of_h(struct claim *claim, struct road road, uint64_t replicate)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct world *w = ring_world(claim, replicate);
    vec a = arena_vec(arena, 3), g = arena_vec(arena, 3);
    struct faulty x = {w->f, road.fault, {0, NULL}};
    struct neural_ode f = with_fault(&x);
    double h[COUNTS], error[COUNTS];
    by_steps(claim, w, &w->f, &ode_dopri5, 1000, w->a, w->g);
    for (int i = 0; i < COUNTS; i++) {
        int steps = road.fewest << i;
        if (road.backprop)
            by_backprop(claim, w, &f, road.method, steps, a, g);
        else
            by_steps(claim, w, &f, road.method, steps, a, g);
        h[i] = T / steps;
        axpy(-1, w->a, a);
        axpy(-1, w->g, g);
        error[i] = hypot(norm(a), norm(g));
    }
    arena->used = mark;
    return fit_power(COUNTS, h, error).slope;
}

struct finding has_its_order(struct claim *claim, struct road road)
{
    enum { RINGS = 16 };
    double slopes[RINGS];
    for (int r = 0; r < RINGS; r++)
        slopes[r] = power_of_h(claim, road, (uint64_t)r);
    double bias = (road.order + 1) * 2.0 * T / road.fewest / 3;
    return slopes_near(RINGS, slopes, road.order, bias, 1);
}

struct road wrong_by(struct road road, enum fault fault)
{
    road.fault = fault;
    return road;
}

void decay(void *k, double t, vec z, vec dz)
{
    (void)t;
    dz.at[0] = -*(double *)k * z.at[0];
}

void turn(void *k, double t, vec z, vec dz)
{
    (void)t;
    dz.at[0] = *(double *)k * z.at[1];
    dz.at[1] = -*(double *)k * z.at[0];
}

void spiral(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    double x = pow(z.at[0], 3), y = pow(z.at[1], 3);
    dz.at[0] = -0.1 * x - 2 * y;
    dz.at[1] = 2 * x - 0.1 * y;
}
