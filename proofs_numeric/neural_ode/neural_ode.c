/* Chapter "Gradients without storing the path": its claims.
 *
 * Gradients of a loss of the last state come by four roads: the adjoint equation, that
 * of the book; backpropagation through the steps; differences of the loss; and CVODES.
 * Where the adjoint could be wrong, a field with that fault is put in its place. */
#include "neural_ode.h"
#include "ground/claim.h"
#include "invariance.h"
#include "ground/route_ode.h"
#include "neural_ode/route_adjoint.h"
#include "ground/route_lapack.h"

#include <math.h>

static const double TOLERANCE = 1e-12, T = 1;

/* ---- Worlds ---------------------------------------------------------------------- */

/* A field, a start, and the loss L = 1/2 ||z(T) - y||^2. */
struct world {
    struct neural_ode f;
    struct network_field field;
    vec theta;    /* P: the parameters of the field                    */
    vec z_0, y;   /* n                                                 */
    vec a, g;     /* n, P: the gradient by z_0 and theta               */
    double steep; /* no two states separate faster than by e^(steep t) */
};

static struct world *world_make(struct claim *claim, int n, int P)
{
    struct arena *arena = claim_arena(claim);
    struct world *w = (struct world *)(void *)arena_take(arena, sizeof *w / 8 + 1);
    w->theta = arena_vec(arena, P);
    w->z_0 = arena_vec(arena, n);
    w->y = arena_vec(arena, n);
    w->a = arena_vec(arena, n);
    w->g = arena_vec(arena, P);
    return w;
}

/* A tanh network 2 - 5 - 2 on a batch of two; since |tanh'| <= 1, no two states
 * separate faster than by the product of the norms of its weights. */
static struct world *network_world(struct claim *claim, uint64_t replicate)
{
    enum { D = 2, H = 5, ROWS = 2 };
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(2, (int[]){D, H, D}, TANH, STANDARD, true);
    struct world *w = world_make(claim, ROWS * D, mlp_parameters(&net));
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

static struct world *ring_world(struct claim *claim, uint64_t replicate)
{
    struct rng rng = claim_rng(claim, replicate);
    struct world *w = world_make(claim, 3, 3);
    rng_uniforms(&rng, 0.5, 1.5, w->theta);
    rng_uniforms(&rng, 0.5, 1, w->z_0);
    rng_uniforms(&rng, 2, 3, w->y);
    w->f = (struct neural_ode){{3, ring_value, w}, 3, ring_pull};
    w->steep = max_norm(w->theta) + 0.5;
    return w;
}

/* ---- Roads to the gradient ------------------------------------------------------- */

/* The loss, with z(T) by 100 steps of order 5. */
static double loss(struct claim *claim, const struct world *w, vec z_0)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec z = arena_vec(arena, z_0.n);
    double t = 0, sum = 0;
    copy(z_0, z);
    enum ode_status status = ode_fixed(&w->f.ode, &ode_dopri5, &t, T, 100, z, arena);
    for (int i = 0; i < z.n; i++)
        sum += pow(z.at[i] - w->y.at[i], 2) / 2;
    arena->used = mark;
    return status == ODE_DONE ? sum : NAN;
}

/* dL by an entry of z_0 or theta, by central differences of order 4. */
static double slope_of_loss(struct claim *claim, struct world *w, double *entry)
{
    const double h = 2e-3, at = *entry;
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

/* What differences, and the solvers' tolerances, may leave.  Differences err by h^4 /
 * 30 of the fifth derivative, here at most some hundreds: 1e-10.  A solver errs by
 * TOLERANCE in each of at most 100 steps, forward and backward, and e^steep grows both.
 */
static double limit_of(const struct world *w)
{
    return (1e-10 + 200 * TOLERANCE) * exp(2 * w->steep * T);
}

/* The same by the adjoint, of f, which may be w->f with a fault. */
static void by_adjoint(struct claim *claim, struct world *w, struct neural_ode *f)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    int n = w->z_0.n;
    mat path = arena_mat(arena, 2, n), G = arena_mat(arena, 2, n);
    vec times = arena_vec(arena, 2);
    times.at[1] = T;
    copy(w->z_0, row(path, 0));
    enum ode_status status =
        node_path(&w->f, times, TOLERANCE, TOLERANCE, arena, path);
    copy(row(path, 1), row(G, 1));
    axpy(-1, w->y, row(G, 1));
    if (status == ODE_DONE)
        status = node_adjoint_gradient(f, times, path, G, TOLERANCE, TOLERANCE, arena,
                                    w->a, w->g);
    if (status != ODE_DONE)
        fill(NAN, w->a);
    arena->used = mark;
}

/* The largest difference between two gradients. */
static double gap(struct claim *claim, vec x, vec y)
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

/* ---- Faults ---------------------------------------------------------------------- */

enum fault { NO_FAULT, PLUS_SIGN, BY_Z, FROZEN };

/* A field whose pull is wrong. */
struct faulty {
    struct neural_ode f; /* the right one                             */
    enum fault fault;
    vec z_1; /* n: where a frozen field looks, and not at z */
};

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

static struct neural_ode with_fault(struct faulty *x)
{
    return (
        struct neural_ode){{x->f.ode.n, faulty_value, x}, x->f.parameters, faulty_pull};
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
    struct gaps gaps = {gap(claim, a, w->a) / limit_of(w),
                        gap(claim, g, w->g) / limit_of(w)};
    arena->used = mark;
    return gaps;
}

CLAIM(node_adjoint, IDENTITY,
      "Solved backward, the adjoint equation arrives at dL/dz(t_0)")
{
    evidence(claim, "dL/dz_0, a network: gap / limit",
             at_most(gaps_with(claim, network_world(claim, 0), NO_FAULT).a, 1));
    evidence(claim, "a field that depends on t",
             at_most(gaps_with(claim, ring_world(claim, 1), NO_FAULT).a, 1));
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
    control(claim, "the lecture: a' df/dz",
            at_most(gaps_with(claim, ring_world(claim, 1), BY_Z).g, 1));
}

/* dz/dt = W z, by a network without a hidden layer. */
static struct world *linear_world(struct claim *claim, uint64_t replicate)
{
    enum { D = 3 };
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(1, (int[]){D, D}, LINEAR, STANDARD, false);
    struct world *w = world_make(claim, D, D * D);
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

/* ---- a(t) on the way ------------------------------------------------------------- */

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

/* ---- Other roads ----------------------------------------------------------------- */

/* a, g by backpropagation through so many steps. */
static void by_backprop(struct claim *claim, struct world *w, struct neural_ode *f,
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

static double worse_of(struct claim *claim, const struct world *w, vec a, vec g)
{
    return worst(gap(claim, a, w->a), gap(claim, g, w->g)) / limit_of(w);
}

/* The gap to backpropagation through 200 steps of order 5, whose error is below 1e-10
 * since (steep / 200)^5 is: steep is 2 at most. */
static double gap_to_backprop(struct claim *claim, enum fault fault)
{
    struct world *w = ring_world(claim, 0);
    vec a = arena_vec(claim_arena(claim), 3), g = arena_vec(claim_arena(claim), 3);
    struct faulty x = {w->f, fault, {0, NULL}};
    struct neural_ode f = with_fault(&x);
    by_adjoint(claim, w, &f);
    by_backprop(claim, w, &w->f, &ode_dopri5, 200, a, g);
    return worse_of(claim, w, a, g);
}

/* And to CVODES, which is asked for 1e-10, and takes some thousands of steps. */
static double gap_to_cvodes(struct claim *claim, enum fault fault)
{
    struct world *w = network_world(claim, 0);
    struct arena *arena = claim_arena(claim);
    vec z = arena_vec(arena, w->a.n), a = arena_vec(arena, w->a.n),
        g = arena_vec(arena, w->g.n);
    struct faulty x = {w->f, fault, {0, NULL}};
    struct neural_ode f = with_fault(&x);
    by_adjoint(claim, w, &f);
    copy(w->z_0, z);
    double t = 0;
    ode_fixed(&w->f.ode, &ode_dopri5, &t, T, 100, z, arena);
    copy(z, a);
    axpy(-1, w->y, a);
    route_adjoint(&w->f, 0, T, w->z_0, 1e-10, a, g);
    return worse_of(claim, w, a, g) / 1000;
}

CLAIM(node_roads, IDENTITY,
      "The adjoint, backpropagation through the steps, and CVODES: the same gradient")
{
    evidence(claim, "backpropagation: gap / limit",
             at_most(gap_to_backprop(claim, NO_FAULT), 1));
    evidence(claim, "CVODES: gap / limit", at_most(gap_to_cvodes(claim, NO_FAULT), 1));
    control(claim, "backpropagation, and a sign",
            at_most(gap_to_backprop(claim, PLUS_SIGN), 1));
    control(claim, "CVODES, and a sign", at_most(gap_to_cvodes(claim, PLUS_SIGN), 1));
}

/* ---- Orders ---------------------------------------------------------------------- */

enum { COUNTS = 5 };

/* a, g by the adjoint equation of f, solved by so many steps forward and back. */
static void by_steps(struct claim *claim, struct world *w, struct neural_ode *f,
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
 * steps of order 5, which rounding alone parts from the truth: as a power of h.  The
 * road: backpropagation, or the adjoint equation, of a ring with this fault. */
struct road {
    const struct ode_tableau *method;
    int order, fewest; /* steps; then twice as many, four times, ... */
    bool backprop;
    enum fault fault;
};

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

/* The errors' next term is of relative size (p + 1) steep h at most, and steep is 2 at
 * most.  A factor 1 + c h, over four doublings from the coarsest h, moves the slope of
 * the fit by c h / 3. */
static struct finding has_its_order(struct claim *claim, struct road road)
{
    enum { RINGS = 16 };
    double slopes[RINGS];
    for (int r = 0; r < RINGS; r++)
        slopes[r] = power_of_h(claim, road, (uint64_t)r);
    double bias = (road.order + 1) * 2.0 * T / road.fewest / 3;
    return slopes_near(RINGS, slopes, road.order, bias, 1);
}

static const struct road euler = {.method = &ode_euler, .order = 1, .fewest = 32},
                         midpoint = {.method = &ode_midpoint, .order = 2, .fewest = 32},
                         classical = {.method = &ode_rk4, .order = 4, .fewest = 16};

static struct road through_steps(struct road road)
{
    road.backprop = true;
    return road;
}

static struct road wrong_by(struct road road, enum fault fault)
{
    road.fault = fault;
    return road;
}

CLAIM(node_chain_rule, RATE,
      "Backpropagation through steps of order p becomes the adjoint equation as h^p")
{
    evidence(claim, "Euler: order", has_its_order(claim, through_steps(euler)));
    evidence(claim, "midpoint: order", has_its_order(claim, through_steps(midpoint)));
    evidence(claim, "Runge and Kutta: order",
             has_its_order(claim, through_steps(classical)));
    control(claim, "the chain rule with a sign",
            has_its_order(claim, wrong_by(through_steps(euler), PLUS_SIGN)));
}

CLAIM(node_solvers, RATE,
      "Solved by steps of order p, the adjoint equation gives a gradient of order p")
{
    evidence(claim, "Euler: order", has_its_order(claim, euler));
    evidence(claim, "midpoint: order", has_its_order(claim, midpoint));
    evidence(claim, "Runge and Kutta: order", has_its_order(claim, classical));
    control(claim, "the lecture: a' df/dz",
            has_its_order(claim, wrong_by(classical, BY_Z)));
}

/* ---- Memory ---------------------------------------------------------------------- */

/* A field that notes how full the arena is when it is called. */
struct watched {
    struct neural_ode f;
    struct arena *arena;
    size_t most;
};

static void watched_value(void *context, double t, vec z, vec dz)
{
    struct watched *x = context;
    x->most = x->arena->used > x->most ? x->arena->used : x->most;
    x->f.ode.field(x->f.ode.context, t, z, dz);
}

static void watched_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                         vec gtheta)
{
    struct watched *x = context;
    x->most = x->arena->used > x->most ? x->arena->used : x->most;
    x->f.pull(x->f.ode.context, t, z, a, dz, gz, gtheta);
}

/* What is kept on the way: nothing, a state for each step of a solver, or, by an
 * adjoint that puts z back so often, a state for each of its times. */
enum keeping { KEEPS_NOTHING, KEEPS_STEPS, KEEPS_STATES };

static void there_and_back(struct claim *claim, struct neural_ode *f, struct world *w,
                           enum keeping keeping, int steps)
{
    struct arena *arena = claim_arena(claim);
    vec times = arena_vec(arena, keeping == KEEPS_STATES ? steps + 1 : 0);
    mat path = arena_mat(arena, keeping == KEEPS_NOTHING ? 1 : steps + 1, 3);
    copy(w->z_0, row(path, 0));
    if (keeping == KEEPS_NOTHING)
        by_steps(claim, w, f, &ode_rk4, steps, w->a, w->g);
    if (keeping == KEEPS_STEPS) {
        node_record(f, &ode_rk4, 0, T, arena, path);
        node_backprop_gradient(f, &ode_rk4, 0, T, path, arena, w->a, w->g);
    }
    if (keeping == KEEPS_STATES) {
        for (int i = 0; i <= steps; i++)
            times.at[i] = T * i / steps;
        mat G = arena_mat(arena, steps + 1, 3);
        node_path(f, times, TOLERANCE, TOLERANCE, arena, path);
        node_adjoint_gradient(f, times, path, G, TOLERANCE, TOLERANCE, arena, w->a,
                              w->g);
    }
}

/* The bytes held at most, on the way forward and back: the same for any draw. */
static double bytes_held(struct claim *claim, enum keeping keeping, int steps)
{
    struct arena *arena = claim_arena(claim);
    struct world *w = ring_world(claim, 0);
    size_t mark = arena->used;
    struct watched x = {w->f, arena, 0};
    struct neural_ode f = {{3, watched_value, &x}, 3, watched_pull};
    there_and_back(claim, &f, w, keeping, steps);
    arena->used = mark;
    return (double)(x.most - mark);
}

CLAIM(node_memory, RATE,
      "The adjoint keeps the same for any number of steps; the other way, a state each")
{
    enum { DECADES = 4 };
    double steps[DECADES], kept[DECADES], recorded[DECADES], put_back[DECADES];
    struct series s =
        series_begin(claim, "memory", "steps", "adjoint", "recorded", NULL);
    for (int i = 0; i < DECADES; i++) {
        steps[i] = pow(10, 2 + i);
        kept[i] = bytes_held(claim, KEEPS_NOTHING, (int)steps[i]);
        recorded[i] = bytes_held(claim, KEEPS_STEPS, (int)steps[i]);
        put_back[i] = bytes_held(claim, KEEPS_STATES, (int)steps[i]);
        series_row(&s, (double[]){steps[i], kept[i], recorded[i]});
    }
    series_end(&s);
    /* The adjoint's bytes are the same integer.  Recording keeps 24 bytes a step and
     * some 800 beside: at 100 steps a third, which bends the line by less than 0.15. */
    evidence(claim, "adjoint: bytes ~ steps^p",
             slope_is(fit_power(DECADES, steps, kept), 0, 1e-12, 1));
    evidence(claim, "recorded: bytes ~ steps^p",
             slope_is(fit_power(DECADES, steps, recorded), 1, 0.15, 1));
    /* The arena rounds what it gives out to 64 bytes at most. */
    double more = steps[DECADES - 1] - steps[0];
    double each = (recorded[DECADES - 1] - recorded[0]) / more;
    evidence(claim, "recorded: bytes a step, less 24",
             at_most(fabs(each - 24), 64 / more));
    control(claim, "adjoint, z put back at each step",
            slope_is(fit_power(DECADES, steps, put_back), 0, 1e-12, 1));
}

/* ---- The way back ---------------------------------------------------------------- */

/* dz/dt = -k z for the first entry, and a turn, dz/dt = k (z_2, -z_1), for two more. */
static void decay(void *k, double t, vec z, vec dz)
{
    (void)t;
    dz.at[0] = -*(double *)k * z.at[0];
}

static void turn(void *k, double t, vec z, vec dz)
{
    (void)t;
    dz.at[0] = *(double *)k * z.at[1];
    dz.at[1] = -*(double *)k * z.at[0];
}

/* Forward in N steps and back again in so many, from 1, where k h = x forward. */
static double round_trip(struct claim *claim, const struct ode_tableau *method, int N,
                         int back, double x)
{
    double k = x * N, t = 0;
    struct ode ode = {1, decay, &k};
    vec z = {1, (double[]){1}};
    ode_fixed(&ode, method, &t, 1, N, z, claim_arena(claim));
    ode_fixed(&ode, method, &t, 0, back, z, claim_arena(claim));
    return z.at[0];
}

/* The largest gap between round trips and the law, in units of the limit.  excess: how
 * many more steps are taken on the way back. */
static double gap_of_round_trips(struct claim *claim, const struct ode_tableau *method,
                                 int excess)
{
    double most = 0;
    for (int N = 4; N <= 16; N *= 2)
        for (double x = 0.25; x <= 1; x *= 2) {
            double z = round_trip(claim, method, N, N + excess, x);
            double law = N * log1p(pow(x, 6) / 72 + pow(x, 8) / 576);
            /* Each step rounds some ten times; forward the error dies away with the
             * state, backward it is amplified with it: relative errors add up. */
            most = worst(most, fabs(log(z) - law) / rounding(20 * N, 1));
        }
    return most;
}

CLAIM(node_round_trip, IDENTITY,
      "N steps of order 4 forward and N back leave (1 + x^6/72 + x^8/576)^N, x = kh")
{
    evidence(claim, "round trips: gap / limit",
             at_most(gap_of_round_trips(claim, &ode_rk4, 0), 1));
    control(claim, "by the midpoint rule",
            at_most(gap_of_round_trips(claim, &ode_midpoint, 0), 1));
    control(claim, "N + 1 steps back",
            at_most(gap_of_round_trips(claim, &ode_rk4, 1), 1));
}

/* What is solved there and back: a contraction, with an absolute tolerance or with none
 * to speak of, or a turn. */
enum journey { CONTRACTION, RELATIVELY, TURN };

/* How far from its start the solver comes back, over a time of 1. */
static double drift_back(struct claim *claim, enum journey journey, double k)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct ode ode = {journey == TURN ? 2 : 1, journey == TURN ? turn : decay, &k};
    vec z = {ode.n, (double[]){1, 0}};
    double absolute = journey == RELATIVELY ? 1e-300 : 1e-10;
    struct ode_solver s = ode_solver_make(arena, &ode, 0, z, 1e-10, absolute);
    bool there = ode_to(&s, 1) == ODE_DONE && ode_to(&s, 0) == ODE_DONE;
    double drift = there ? fabs(s.z.at[0] - 1) : NAN;
    arena->used = mark;
    return drift;
}

/* The drift for k = 4, 7, ..., 37, as a power of e^k. */
static struct fit drift_of(struct claim *claim, enum journey journey, const char *name)
{
    enum { RATES = 12 };
    double growth[RATES], drift[RATES];
    struct series s = series_begin(claim, name, "k", "drift", "law", NULL);
    for (int i = 0; i < RATES; i++) {
        double k = 4 + 3 * i;
        growth[i] = exp(k);
        drift[i] = drift_back(claim, journey, k);
        series_row(&s, (double[]){k, drift[i], 1e-10 * growth[i]});
    }
    series_end(&s);
    return fit_power(RATES, growth, drift);
}

static struct finding nothing_is_left(struct claim *claim, enum journey journey)
{
    double least = INFINITY;
    for (double k = 30; k <= 45; k++)
        least = -worst(-least, -drift_back(claim, journey, k));
    return at_least(least, 1);
}

CLAIM(node_drift, RATE,
      "Backward, a contraction by e^-kT multiplies the absolute error of z by e^kT")
{
    /* An error of the tolerance's size, grown by e^k.  Should its size change by a
     * factor 10, this moves the slope by 3/2 of a decade over the 33 / ln 10 = 14. */
    double half = 1.5 * log(10) / 33;
    evidence(claim, "drift ~ (e^kT)^p",
             slope_is(drift_of(claim, CONTRACTION, "drift"), 1, half, 1));
    evidence(claim, "least drift, kT = 30 to 45",
             nothing_is_left(claim, CONTRACTION));
    control(claim, "a turn, which contracts nothing",
            slope_is(drift_of(claim, TURN, "drift_turn"), 1, half, 1));
    control(claim, "a relative tolerance alone",
            slope_is(drift_of(claim, RELATIVELY, "drift_relative"), 1, half, 1));
    control(claim, "the same, kT = 30 to 45", nothing_is_left(claim, RELATIVELY));
}

/* z_1' = -k z_1, z_2' = theta (1 + z_1), from z_1 = 1: L = z_2(1) has dL/dtheta = 1 +
 * (1 - e^-k) / k. */
struct watching {
    double k, theta;
};

static void watching_value(void *context, double t, vec z, vec dz)
{
    (void)t;
    const struct watching *x = context;
    dz.at[0] = -x->k * z.at[0];
    dz.at[1] = x->theta * (1 + z.at[0]);
}

static void watching_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                          vec gtheta)
{
    const struct watching *x = context;
    watching_value(context, t, z, dz);
    gz.at[0] = -x->k * a.at[0] + x->theta * a.at[1];
    gz.at[1] = 0;
    gtheta.at[0] = (1 + z.at[0]) * a.at[1];
}

/* dL/dtheta by the adjoint, which passes the middle of the way with the z that it has
 * found there. */
static double without_putting_back(struct claim *claim, struct neural_ode *f, vec end)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct ode equation = node_adjoint_ode(f);
    vec state = arena_vec(arena, equation.n);
    struct adjoint at = node_adjoint_parts(f, state);
    copy(end, at.z);
    at.a.at[1] = 1;
    struct ode_solver s = ode_solver_make(arena, &equation, 1, state, 1e-10, 1e-10);
    bool done = ode_to(&s, 0.5) == ODE_DONE && ode_to(&s, 0) == ODE_DONE;
    double g = done ? node_adjoint_parts(f, s.z).g.at[0] : NAN;
    arena->used = mark;
    return g;
}

/* The relative error of dL/dtheta, where z is put back at so many times, the last of
 * which is the start, or at none of them. */
static double error_with_stops(struct claim *claim, double k, int stops, bool put_back)
{
    struct arena *arena = claim_arena(claim);
    struct watching x = {k, 0.7};
    struct neural_ode f = {{2, watching_value, &x}, 1, watching_pull};
    vec times = arena_vec(arena, stops + 1);
    mat path = arena_mat(arena, stops + 1, 2), G = arena_mat(arena, stops + 1, 2);
    for (int i = 0; i <= stops; i++)
        times.at[i] = (double)i / stops;
    path.at[0] = 1;
    row(G, stops).at[1] = 1;
    vec a = {2, (double[2]){0}}, g = {1, (double[1]){0}};
    enum ode_status status = node_path(&f, times, 1e-10, 1e-10, arena, path);
    if (status == ODE_DONE && put_back)
        status = node_adjoint_gradient(&f, times, path, G, 1e-10, 1e-10, arena, a, g);
    else if (status == ODE_DONE)
        g.at[0] = without_putting_back(claim, &f, row(path, stops));
    double exact = 1 - expm1(-k) / k;
    return status == ODE_DONE ? fabs(g.at[0] - exact) / exact : NAN;
}

/* The error as a power of e^k/N, the growth in a stretch: k from 24 to 40, N stops.  An
 * error of the tolerance's size is grown; should it change by a factor 50, or 7, along
 * these 7, or 3.5, decades, that is a slope of 0.25. */
static struct finding grows_by_stretches(struct claim *claim, int stops, bool put_back)
{
    enum { RATES = 9 };
    double growth[RATES], error[RATES];
    for (int i = 0; i < RATES; i++) {
        double k = 24 + 2 * i;
        growth[i] = exp(k / stops);
        error[i] = error_with_stops(claim, k, stops, put_back);
    }
    return slope_is(fit_power(RATES, growth, error), 1, 0.25, 0.5);
}

CLAIM(node_stops, RATE,
      "With z put back at N equal distances of the way, errors grow by e^kT/N only")
{
    evidence(claim, "N = 1: error ~ (e^kT)^p", grows_by_stretches(claim, 1, true));
    evidence(claim, "N = 2: error ~ (e^kT/2)^p", grows_by_stretches(claim, 2, true));
    evidence(claim, "kT = 30, N = 1: relative error",
             at_least(error_with_stops(claim, 30, 1, true), 1));
    /* The tolerance, grown by e^3 in each of ten stretches. */
    evidence(claim, "kT = 30, N = 10",
             at_most(error_with_stops(claim, 30, 10, true), 10 * 1e-10 * exp(3)));
    control(claim, "N = 2, and z not put back", grows_by_stretches(claim, 2, false));
}

/* ---- Learning -------------------------------------------------------------------- */

enum { SERIES = 30, SERIES_D = 2 };

/* Noisy observations of dz/dt = W z at irregular times, and what is fitted to them. */
struct observed {
    struct arena *arena;
    struct world *w; /* theta: W */
    vec times;       /* SERIES: where the fit believes that they were made */
    mat data, path, G;
};

/* The times grow sparser, each moved by chance: t = 6 s (1 + 0.3 s) / 1.3. */
static struct observed observe(struct claim *claim, struct rng *rng, double noise)
{
    struct arena *arena = claim_arena(claim);
    struct mlp net = mlp_make(1, (int[]){SERIES_D, SERIES_D}, LINEAR, STANDARD, false);
    struct observed o = {arena,
                         world_make(claim, SERIES_D, SERIES_D * SERIES_D),
                         arena_vec(arena, SERIES),
                         arena_mat(arena, SERIES, SERIES_D),
                         arena_mat(arena, SERIES, SERIES_D),
                         arena_mat(arena, SERIES, SERIES_D)};
    o.w->field = node_field_make(arena, &net, o.w->theta, 1, 1);
    o.w->f = node_network(&o.w->field);
    copy((vec){4, (double[]){-0.1, 1, -1, -0.1}}, o.w->theta);
    for (int i = 1; i < SERIES; i++) {
        double s = (i + 0.8 * (rng_uniform(rng) - 0.5)) / SERIES;
        o.times.at[i] = 6 * s * (1 + 0.3 * s) / 1.3;
    }
    o.data.at[0] = 1;
    /* The truth by the exponential of W: a turn that shrinks. */
    for (int i = 1; i < SERIES; i++) {
        double t = o.times.at[i], r = exp(-0.1 * t);
        row(o.data, i).at[0] = r * cos(t) + noise * rng_normal(rng);
        row(o.data, i).at[1] = -r * sin(t) + noise * rng_normal(rng);
    }
    return o;
}

/* g := the gradient of 1/2 sum ||z(t_i) - data_i||^2 by the entries of W. */
static void gradient_of_fit(struct observed *o, vec g)
{
    copy(row(o->data, 0), row(o->path, 0));
    struct neural_ode *f = &o->w->f;
    if (node_path(f, o->times, 1e-8, 1e-8, o->arena, o->path) != ODE_DONE)
        fill(NAN, entries(o->path));
    copy(entries(o->path), entries(o->G));
    axpy(-1, entries(o->data), entries(o->G));
    if (node_adjoint_gradient(f, o->times, o->path, o->G, 1e-8, 1e-8, o->arena, o->w->a,
                           g) != ODE_DONE)
        fill(NAN, g);
}

/* H := the derivative of that gradient, by central differences. */
static void curvature_of_fit(struct observed *o, mat H)
{
    vec low = arena_vec(o->arena, H.rows);
    for (int i = 0; i < H.rows; i++) {
        double at = o->w->theta.at[i];
        o->w->theta.at[i] = at - 1e-4;
        gradient_of_fit(o, low);
        o->w->theta.at[i] = at + 1e-4;
        gradient_of_fit(o, row(H, i));
        o->w->theta.at[i] = at;
        axpy(-1, low, row(H, i));
        scale(0.5e4, row(H, i));
    }
}

/* Newton's method from the truth, and how far it goes: (W - W_true)' H (W - W_true) /
 * noise^2. */
static double misfit(struct claim *claim, uint64_t replicate, bool equal_times)
{
    enum { P = SERIES_D * SERIES_D };
    const double noise = 0.01;
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct observed o = observe(claim, &rng, noise);
    vec truth = arena_vec(arena, P), g = arena_vec(arena, P),
        step = arena_vec(arena, P);
    mat H = arena_mat(arena, P, P);
    copy(o.w->theta, truth);
    for (int i = 0; i < (equal_times ? SERIES : 0); i++)
        o.times.at[i] = 6.0 * i / SERIES;
    for (int k = 0; k < 3; k++) {
        gradient_of_fit(&o, g);
        curvature_of_fit(&o, H);
        route_solve(H, g, step);
        axpy(-1, step, o.w->theta);
    }
    axpy(-1, o.w->theta, truth);
    gemv(1, H, truth, 0, step);
    double square = dot(truth, step) / (noise * noise);
    arena->used = mark;
    return square;
}

static double total_misfit(struct claim *claim, bool equal_times)
{
    double sum = 0;
    for (int r = 0; r < 8; r++)
        sum += misfit(claim, r, equal_times);
    return sum;
}

CLAIM(node_irregular, STATISTIC,
      "From data at irregular times the equation is found to within the noise")
{
    evidence(claim, "eight fits of four entries",
             chi_square_fits(total_misfit(claim, false), 8 * 4));
    control(claim, "the times taken for equidistant",
            chi_square_fits(total_misfit(claim, true), 8 * 4));
}

/* The greatest |F(x) + x| over x = -1, -1/2, ..., 1, where F is the flow of this
 * equation, x its first entry and nothing in the second. */
static double miss_of_reflection(struct claim *claim, struct ode flow)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double most = 0;
    for (int i = -2; i <= 2; i++) {
        vec z = {flow.n, (double[2]){i / 2.0}};
        struct ode_solver s = ode_solver_make(arena, &flow, 0, z, 1e-9, 1e-9);
        double end = ode_to(&s, 1) == ODE_DONE ? s.z.at[0] : NAN;
        most = worst(most, fabs(end + i / 2.0));
        arena->used = mark;
    }
    return most;
}

/* The least miss of a hundred random networks, with weights of deviation 1/2 to 8. */
static double least_miss(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = mlp_make(2, (int[]){1, 6, 1}, TANH, STANDARD, true);
    vec theta = arena_vec(arena, mlp_parameters(&net));
    struct network_field field = node_field_make(arena, &net, theta, 1, 1);
    double least = INFINITY;
    for (int trial = 0; trial < 100; trial++) {
        rng_normals(&rng, 0, ldexp(0.5, trial % 5), theta);
        double miss = miss_of_reflection(claim, node_network(&field).ode);
        least = -worst(-least, -miss);
    }
    return least;
}

CLAIM(node_crossing, BOUND,
      "On a line a flow keeps order, and misses x -> -x on [-1, 1] by 1 at least")
{
    double pi = acos(-1), fast = 8;
    struct ode collapse = {1, decay, &fast}, half_turn = {2, turn, &pi};
    /* The ends should change places, and stay in order: one of them misses by 1 at
     * least, less what the solver does to order, some hundred steps of 1e-9. */
    double limit = 1 - 1e-7;
    evidence(claim, "a hundred networks: least miss",
             at_least(least_miss(claim), limit));
    evidence(claim, "a collapse to 0: miss - 1",
             at_most(miss_of_reflection(claim, collapse) - 1, 1e-3));
    control(claim, "in the plane, half a turn",
            at_least(miss_of_reflection(claim, half_turn), limit));
}

enum { BATCH = 8, TIMES = 8, HIDDEN = 16, CURVE = 400 };

/* dz/dt = z^3 A, A = [-0.1, 2; -2, -0.1]. */
static void spiral(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    double x = pow(z.at[0], 3), y = pow(z.at[1], 3);
    dz.at[0] = -0.1 * x - 2 * y;
    dz.at[1] = 2 * x - 0.1 * y;
}

/* What is learnt from, and what learns. */
struct lesson {
    struct arena *arena;
    mat truth;   /* CURVE x 2: the states at equal distances, to time 10 */
    vec times;   /* TIMES                                                */
    mat target;  /* TIMES x BATCH 2: pieces of the truth, side by side   */
    mat path, G; /* TIMES x BATCH 2                                      */
    vec theta, a, g;
    struct network_field field;
    struct neural_ode f;
};

static struct lesson *lesson_make(struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct lesson *x = (struct lesson *)(void *)arena_take(arena, sizeof *x / 8 + 1);
    struct mlp net = mlp_make(2, (int[]){2, HIDDEN, 2}, TANH, STANDARD, true);
    struct ode truth = {2, spiral, NULL};
    x->arena = arena;
    x->truth = arena_mat(arena, CURVE, 2);
    x->times = arena_vec(arena, TIMES);
    x->target = arena_mat(arena, TIMES, BATCH * 2);
    x->path = arena_mat(arena, TIMES, BATCH * 2);
    x->G = arena_mat(arena, TIMES, BATCH * 2);
    x->theta = arena_vec(arena, mlp_parameters(&net));
    x->a = arena_vec(arena, BATCH * 2);
    x->g = arena_vec(arena, x->theta.n);
    x->truth.at[0] = 2;
    for (int i = 1; i < CURVE; i++) {
        double t = 0;
        copy(row(x->truth, i - 1), row(x->truth, i));
        ode_fixed(&truth, &ode_rk4, &t, 10.0 / CURVE, 4, row(x->truth, i), arena);
    }
    for (int i = 0; i < TIMES; i++)
        x->times.at[i] = 10.0 * i / CURVE;
    for (int l = 0; l < 2; l++)
        rng_normals(rng, 0, 0.1, entries(mlp_weights(&net, x->theta, l)));
    x->field = node_field_make(arena, &net, x->theta, 3, BATCH);
    x->f = node_network(&x->field);
    return x;
}

/* The mean absolute error over a batch of pieces, and its gradient. */
static double lesson_loss(struct lesson *x, struct rng *rng)
{
    for (int b = 0; b < BATCH; b++) {
        int start = rng_below(rng, CURVE - TIMES);
        for (int i = 0; i < TIMES; i++)
            copy(row(x->truth, start + i), (vec){2, row(x->target, i).at + 2 * b});
    }
    copy(row(x->target, 0), row(x->path, 0));
    double sum = 0, n = TIMES * BATCH * 2;
    if (node_path(&x->f, x->times, 1e-5, 1e-5, x->arena, x->path) != ODE_DONE)
        return NAN;
    for (int j = 0; j < n; j++) {
        double error = x->path.at[j] - x->target.at[j];
        sum += fabs(error) / n;
        x->G.at[j] = (error > 0 ? 1 : error < 0 ? -1 : 0) / n;
    }
    return node_adjoint_gradient(&x->f, x->times, x->path, x->G, 1e-5, 1e-5, x->arena,
                              x->a, x->g) == ODE_DONE
               ? sum
               : NAN;
}

/* The natural logarithm of how often smaller the loss is after training, where the
 * gradient is followed, or where its entries are in a wrong order. */
static double learnt(struct claim *claim, uint64_t replicate, bool shuffled)
{
    enum { STEPS = 200, LOOKS = 20 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct lesson *x = lesson_make(claim, &rng);
    struct adam adam = adam_make(arena, x->theta.n, 0.9, 0.999, 1e-8);
    vec g = arena_vec(arena, x->g.n);
    double before = 0, after = 0;
    for (int k = 0; k < STEPS; k++) {
        double now = lesson_loss(x, &rng);
        before += k < LOOKS ? now / LOOKS : 0;
        after += k >= STEPS - LOOKS ? now / LOOKS : 0;
        for (int i = 0; i < g.n; i++)
            g.at[i] = x->g.at[shuffled ? (i + g.n / 2) % g.n : i];
        adam_step(&adam, 0.01, g, x->theta);
    }
    arena->used = mark;
    return log(before / after);
}

static struct finding learning(struct claim *claim, bool shuffled)
{
    enum { RUNS = 16 };
    double gain[RUNS];
    for (int r = 0; r < RUNS; r++)
        gain[r] = learnt(claim, r, shuffled);
    return effect_at_least(RUNS, gain, log(2));
}

/* For figures: where the solver steps on the true spiral; and the path of a network
 * that has had 1000 lessons, beside the truth. */
static void record_spiral(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct ode truth = {2, spiral, NULL};
    struct ode_solver s =
        ode_solver_make(arena, &truth, 0, (vec){2, (double[]){2, 0}}, 1e-4, 1e-4);
    struct series steps = series_begin(claim, "steps", "t", "x", NULL);
    while (s.t < 10 && ode_step(&s, 10) == ODE_DONE)
        series_row(&steps, (double[]){s.t, s.z.at[0]});
    series_end(&steps);

    struct rng rng = claim_rng(claim, 100);
    struct lesson *x = lesson_make(claim, &rng);
    struct adam adam = adam_make(arena, x->theta.n, 0.9, 0.999, 1e-8);
    for (int k = 0; k < 1000; k++) {
        lesson_loss(x, &rng);
        adam_step(&adam, k < 700 ? 0.01 : 0.002, x->g, x->theta);
    }
    struct network_field one = node_field_make(arena, &x->field.net, x->theta, 3, 1);
    struct ode learnt_field = node_network(&one).ode;
    double t = 0;
    vec z = {2, (double[]){2, 0}};
    struct series both =
        series_begin(claim, "spiral", "t", "x", "y", "x_learnt", "y_learnt", NULL);
    for (int i = 0;
         i < CURVE - 1 && ode_fixed(&learnt_field, &ode_rk4, &t, t + 10.0 / CURVE, 4, z,
                                    arena) == ODE_DONE;
         i++)
        series_row(&both, (double[]){t, row(x->truth, i + 1).at[0],
                                     row(x->truth, i + 1).at[1], z.at[0], z.at[1]});
    series_end(&both);
}

CLAIM(node_spiral, PHENOMENON,
      "By the adjoint a network halves its error on pieces of a spiral, or does better")
{
    record_spiral(claim);
    evidence(claim, "ln of loss before / after", learning(claim, false));
    control(claim, "the gradient, its entries displaced", learning(claim, true));
}

/* ---- Tolerances ------------------------------------------------------------------ */

/* On the spiral, to time 10: the error and the evaluations as powers of the tolerance,
 * from 1e-9 to 1e-12.  The truth is by 40,000 steps of order 5, to rounding. */
static void tolerances(struct claim *claim, struct fit *error, struct fit *evaluations)
{
    enum { ASKED = 10 };
    struct arena *arena = claim_arena(claim);
    struct ode ode = {2, spiral, NULL};
    double asked[ASKED], errs[ASKED], calls[ASKED], t = 0;
    vec truth = {2, (double[]){2, 0}}, start = {2, (double[]){2, 0}};
    ode_fixed(&ode, &ode_dopri5, &t, 10, 40000, truth, arena);
    struct series s =
        series_begin(claim, "tolerance", "asked", "error", "evaluations", NULL);
    for (int i = 0; i < ASKED; i++) {
        asked[i] = pow(10, -9 - i / 3.0);
        struct ode_solver x =
            ode_solver_make(arena, &ode, 0, start, asked[i], asked[i]);
        bool done = ode_to(&x, 10) == ODE_DONE;
        axpy(-1, truth, x.z);
        errs[i] = done ? norm(x.z) : NAN;
        calls[i] = x.evaluations;
        series_row(&s, (double[]){asked[i], errs[i], calls[i]});
    }
    series_end(&s);
    *error = fit_power(ASKED, asked, errs);
    *evaluations = fit_power(ASKED, asked, calls);
}

/* The midpoint rule on the same way, in equal steps: its evaluations as a power of the
 * error that they buy. */
static struct fit price_of_order_2(struct claim *claim)
{
    enum { COUNTED = 6 };
    struct ode ode = {2, spiral, NULL};
    double errs[COUNTED], calls[COUNTED], t = 0;
    vec truth = {2, (double[]){2, 0}};
    ode_fixed(&ode, &ode_dopri5, &t, 10, 40000, truth, claim_arena(claim));
    for (int i = 0; i < COUNTED; i++) {
        vec z = {2, (double[]){2, 0}};
        int steps = 1000 << i;
        t = 0;
        ode_fixed(&ode, &ode_midpoint, &t, 10, steps, z, claim_arena(claim));
        axpy(-1, truth, z);
        errs[i] = norm(z);
        calls[i] = 2.0 * steps;
    }
    return fit_power(COUNTED, errs, calls);
}

CLAIM(node_tolerance, RATE,
      "A solver errs as the tolerance that it is given, and costs as its power -1/5")
{
    /* The estimate is as h^5 and held at the tolerance, so h ~ tol^1/5, and the error
     * of order 5 goes with it.  Five hundred steps and more turn by less than 0.1
     * radian each: next terms of relative size 0.1, that is 0.04 decades at one end of
     * three. */
    struct fit error, evaluations;
    tolerances(claim, &error, &evaluations);
    evidence(claim, "error ~ tolerance^p", slope_is(error, 1, 0.1, 0.25));
    evidence(claim, "evaluations ~ tolerance^p",
             slope_is(evaluations, -0.2, 0.02, 0.03));
    control(claim, "a solver of order 2",
            slope_is(price_of_order_2(claim), -0.2, 0.02, 0.03));
}

/* ---- Parameters ------------------------------------------------------------------ */

enum { LAYERS = 6, PAIRS = 32, LESSONS = 120 };

/* Layers of a residual network, each of its own weights: a field that is constant in
 * time, piece by piece.  Where the layers are tied there is one piece. */
struct layers {
    struct network_field field; /* its theta is set to the piece's      */
    vec theta;                  /* pieces x the parameters of a network */
    int pieces;
};

static vec piece_of(const struct layers *x, vec all, double t)
{
    int each = all.n / x->pieces, i = (int)(t * x->pieces + 0.5);
    return (vec){each, all.at + (size_t)each * (i < x->pieces ? i : x->pieces - 1)};
}

static void layer_value(void *context, double t, vec z, vec dz)
{
    struct layers *x = context;
    x->field.theta = piece_of(x, x->theta, t);
    struct ode layer = node_network(&x->field).ode;
    layer.field(layer.context, t, z, dz);
}

static void layer_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                       vec gtheta)
{
    struct layers *x = context;
    x->field.theta = piece_of(x, x->theta, t);
    struct neural_ode layer = node_network(&x->field);
    fill(0, gtheta);
    layer.pull(layer.ode.context, t, z, a, dz, gz, piece_of(x, gtheta, t));
}

/* z, and where a swirl takes it: a turn by 2.5 / (1 + |z|^2), which is a flow. */
static void draw_pairs(struct rng *rng, vec z, vec y)
{
    rng_uniforms(rng, -1.5, 1.5, z);
    for (int i = 0; i < z.n; i += 2) {
        double p = z.at[i], q = z.at[i + 1], turn_by = 2.5 / (1 + p * p + q * q);
        y.at[i] = cos(turn_by) * p - sin(turn_by) * q;
        y.at[i + 1] = sin(turn_by) * p + cos(turn_by) * q;
    }
}

/* The logarithm of the mean squared error on new pairs, of so many pieces of so many
 * hidden units, after LESSONS steps of Adam on PAIRS pairs. */
static double error_of_layers(struct claim *claim, uint64_t replicate, int pieces,
                              int hidden)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(2, (int[]){2, hidden, 2}, TANH, STANDARD, true);
    struct layers x = {.pieces = pieces};
    x.theta = arena_vec(arena, pieces * mlp_parameters(&net));
    x.field = node_field_make(arena, &net, piece_of(&x, x.theta, 0), 1, PAIRS);
    struct neural_ode f = {{2 * PAIRS, layer_value, &x}, x.theta.n, layer_pull};
    vec y = arena_vec(arena, 2 * PAIRS), a = arena_vec(arena, 2 * PAIRS);
    vec g = arena_vec(arena, x.theta.n);
    mat path = arena_mat(arena, LAYERS + 1, 2 * PAIRS);
    struct adam adam = adam_make(arena, x.theta.n, 0.9, 0.999, 1e-8);
    draw_pairs(&rng, row(path, 0), y);
    rng_normals(&rng, 0, 0.5, x.theta);
    for (int k = 0; k <= LESSONS; k++) {
        if (k == LESSONS)
            draw_pairs(&rng, row(path, 0), y);
        node_record(&f, &ode_euler, 0, 1, arena, path);
        copy(row(path, LAYERS), a);
        axpy(-1, y, a);
        if (k == LESSONS)
            break;
        scale(1.0 / PAIRS, a);
        node_backprop_gradient(&f, &ode_euler, 0, 1, path, arena, a, g);
        adam_step(&adam, 0.05 * (1 - (double)k / LESSONS), g, x.theta);
    }
    double error = dot(a, a) / a.n;
    arena->used = mark;
    return log(error);
}

/* ln of the error of layers with weights of their own, over that of tied ones. */
static struct finding tying(struct claim *claim, int hidden)
{
    enum { RUNS = 32 };
    double gain[RUNS];
    for (int r = 0; r < RUNS; r++)
        gain[r] =
            error_of_layers(claim, r, LAYERS, 8) - error_of_layers(claim, r, 1, hidden);
    return effect_at_least(RUNS, gain, -log(5));
}

CLAIM(node_tied, PHENOMENON,
      "Weights shared by six layers: a sixth of them, at most five times the error")
{
    evidence(claim, "ln of error, untied / tied", tying(claim, 8));
    control(claim, "tied, and of one unit", tying(claim, 1));
}

CHAPTER(neural_ode, &node_adjoint, &node_parameter_gradient, &node_trajectory,
        &node_product, &node_roads, &node_chain_rule, &node_solvers, &node_memory,
        &node_round_trip, &node_drift, &node_stops, &node_irregular, &node_crossing,
        &node_spiral, &node_tolerance, &node_tied)
