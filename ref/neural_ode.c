#include "neural_ode.h"

#include <math.h>

/* ---- The adjoint equation -------------------------------------------------------- */

/* The parts of x, 2 n + P numbers: z, a and g, one behind the other. */
struct adjoint node_adjoint_parts(const struct neural_ode *f, vec x)
{
    int n = f->ode.n;
    REQUIRE(x.n == 2 * n + f->parameters, "x has %d entries, not 2 x %d + %d", x.n, n,
            f->parameters);
    return (struct adjoint){{n, x.at}, {n, x.at + n}, {f->parameters, x.at + 2 * n}};
}

/* dz/dt = f,   da/dt = -(df/dz)' a,   dg/dt = -(df/dtheta)' a.
 * [Columbia-13/10, 11, with the last derivative by theta and not by z] */
static void adjoint_field(void *context, double t, vec x, vec dx)
{
    const struct neural_ode *f = context;
    struct adjoint now = node_adjoint_parts(f, x), slope = node_adjoint_parts(f, dx);
    f->pull(f->ode.context, t, now.z, now.a, slope.z, slope.a, slope.g);
    scale(-1, slope.a);
    scale(-1, slope.g);
}

/* The equation of (z, a, g), whose field pulls back that of f.  From z, a = dL/dz and
 * g = 0 at t_1, solved backward to t_0, it ends at the z that it came from, at dL/dz
 * there, and at dL/dtheta.  f must stay where it is. */
struct ode node_adjoint_ode(struct neural_ode *f)
{
    int both = SIZE_PRODUCT(2, f->ode.n);
    return (struct ode){SIZE_SUM(both, f->parameters), adjoint_field, f};
}

/* ---- Forward, and backward by the adjoint ---------------------------------------- */

static void require_path(const struct neural_ode *f, vec times, mat path)
{
    REQUIRE(times.n >= 1 && path.rows == times.n && path.cols == f->ode.n,
            "the path is %d x %d, for %d times and %d entries", path.rows, path.cols,
            times.n, f->ode.n);
}

/* row(path, i) := the state at times_i, from the state at times_0 in the first row.
 * times: T >= 1, ascending or descending, at any distances; path: T x n; the
 * tolerances are those of ode_solver_make.  Where the solver stops short, the rows
 * from there on are not to be used.  scratch: 10 n numbers.  [Columbia-13/9] */
enum ode_status node_path(const struct neural_ode *f, vec times, double relative,
                          double absolute, struct arena *scratch, mat path)
{
    return node_steps_path(f, times, relative, absolute, scratch, path, NULL);
}

/* The gradient of a loss of all states of a path: with row(G, i) = dL/dz(times_i), the
 * adjoint runs backward, and jumps by that row where it passes; the state, which it
 * carries along, is put back to what the path has there.  path, G: T x n, read.
 * a := dL/dz(times_0): n; g := dL/dtheta: P.  scratch: 11 (2 n + P) numbers, however
 * many steps there are.  [Columbia-13/11] */
enum ode_status node_adjoint_gradient(struct neural_ode *f, vec times, mat path, mat G,
                                      double relative, double absolute,
                                      struct arena *scratch, vec a, vec g)
{
    require_path(f, times, path);
    require_path(f, times, G);
    size_t mark = scratch->used;
    int last = times.n - 1;
    struct ode equation = node_adjoint_ode(f);
    vec x = arena_vec(scratch, equation.n);
    copy(row(path, last), node_adjoint_parts(f, x).z);
    copy(row(G, last), node_adjoint_parts(f, x).a);
    struct ode_solver s =
        ode_solver_make(scratch, &equation, times.at[last], x, relative, absolute);
    enum ode_status status = ODE_DONE;
    for (int i = last - 1; i >= 0 && status == ODE_DONE; i--) {
        status = ode_to(&s, times.at[i]);
        copy(row(path, i), node_adjoint_parts(f, s.z).z);
        axpy(1, row(G, i), node_adjoint_parts(f, s.z).a);
        ode_jumped(&s);
    }
    copy(node_adjoint_parts(f, s.z).a, a);
    copy(node_adjoint_parts(f, s.z).g, g);
    scratch->used = mark;
    return status;
}

/* ---- Backpropagation through the steps ------------------------------------------- */

/* The states of T equal steps from t to t_end, all of them: row 0 of path, T + 1 x n,
 * is where they start, the others are filled.  scratch: (stages + 1) n numbers. */
void node_record(const struct neural_ode *f, const struct ode_tableau *method, double t,
                 double t_end, struct arena *scratch, mat path)
{
    REQUIRE(path.rows >= 2, "a path of %d states has no steps", path.rows);
    size_t mark = scratch->used;
    vec stage = arena_vec(scratch, f->ode.n), k[ODE_STAGES];
    for (int i = 0; i < method->stages; i++)
        k[i] = arena_vec(scratch, f->ode.n);
    double h = (t_end - t) / (path.rows - 1);
    for (int i = 0; i + 1 < path.rows; i++) {
        copy(row(path, i), row(path, i + 1));
        ode_step_fixed(&f->ode, method, t + i * h, h, row(path, i + 1), k, stage);
    }
    scratch->used = mark;
}

/* Room to go back through a step. */
struct tape {
    vec k[ODE_STAGES];  /* n each: the slopes                            */
    vec dk[ODE_STAGES]; /* n each: dL by them, as far as it is known yet */
    vec stage, dstage;  /* n: the state of a stage, and dL by it         */
    vec unused;         /* n                                             */
    vec gtheta;         /* P                                             */
};

static struct tape tape_make(struct arena *arena, const struct neural_ode *f,
                             int stages)
{
    int n = f->ode.n;
    struct tape tape = {.stage = arena_vec(arena, n),
                        .dstage = arena_vec(arena, n),
                        .unused = arena_vec(arena, n),
                        .gtheta = arena_vec(arena, f->parameters)};
    for (int i = 0; i < stages; i++) {
        tape.k[i] = arena_vec(arena, n);
        tape.dk[i] = arena_vec(arena, n);
    }
    return tape;
}

/* The chain rule through z + h sum_j b_j k_j, on which L depends with the derivative
 * q: dk_j += h b_j q.  What z gets is q. */
static void share(double h, int count, const double *b, vec q, vec *dk)
{
    for (int j = 0; j < count; j++)
        if (b[j] != 0)
            axpy(h * b[j], q, dk[j]);
}

/* And through k_i = f(stage i), from the last one down to `first`, where dk_i is what
 * all that uses k_i has left there: (df/dz)' dk_i is shared among the slopes before and
 * a, dL/dz; g += (df/dtheta)' dk_i.  A slope that nothing uses is left out. */
static void backprop_stages(const struct neural_ode *f,
                            const struct ode_tableau *method, double t, double h, vec z,
                            const vec *k, int first, struct tape *tape, vec a, vec g)
{
    for (int i = method->stages - 1; i >= first; i--) {
        if (max_norm(tape->dk[i]) == 0)
            continue;
        ode_stage(method, i, h, z, k, tape->stage);
        f->pull(f->ode.context, t + method->c[i] * h, tape->stage, tape->dk[i],
                tape->unused, tape->dstage, tape->gtheta);
        share(h, i, method->a[i], tape->dstage, tape->dk);
        axpy(1, tape->dstage, a);
        axpy(1, tape->gtheta, g);
    }
}

/* The chain rule through one step from z.  a: n, dL/dz after the step, becomes that
 * before it. */
static void backprop_step(const struct neural_ode *f, const struct ode_tableau *method,
                          double t, double h, vec z, struct tape *tape, vec a, vec g)
{
    copy(z, tape->unused);
    ode_step_fixed(&f->ode, method, t, h, tape->unused, tape->k, tape->stage);
    for (int i = 0; i < method->stages; i++)
        fill(0, tape->dk[i]);
    share(h, method->stages, method->b, a, tape->dk);
    backprop_stages(f, method, t, h, z, tape->k, 0, tape, a, g);
}

/* The derivative of a loss of the last state of a recorded path, exactly that of the
 * numbers that the method computes.  path: as node_record left it; a: n, dL/dz of
 * the last state, becomes that of the first; g := dL/dtheta: P.
 * scratch: (2 stages + 3) n + P numbers. */
void node_backprop_gradient(const struct neural_ode *f,
                            const struct ode_tableau *method, double t, double t_end,
                            mat path, struct arena *scratch, vec a, vec g)
{
    REQUIRE(path.rows >= 2, "a path of %d states has no steps", path.rows);
    size_t mark = scratch->used;
    struct tape tape = tape_make(scratch, f, method->stages);
    double h = (t_end - t) / (path.rows - 1);
    fill(0, g);
    for (int i = path.rows - 2; i >= 0; i--)
        backprop_step(f, method, t + i * h, h, row(path, i), &tape, a, g);
    scratch->used = mark;
}

/* ---- Backpropagation through steps that the solver chose ------------------------- */

/* Room for so many steps: 7 n numbers each. */
struct node_steps node_steps_make(struct arena *arena, const struct neural_ode *f,
                                  int most)
{
    REQUIRE(most >= 1, "most must be positive, got %d", most);
    struct node_steps steps = {0, most, NULL};
    steps.step = arena_bytes(arena, (size_t)most * sizeof *steps.step);
    for (int s = 0; s < most; s++) {
        steps.step[s].z = arena_vec(arena, f->ode.n);
        for (int i = 0; i < ODE_STAGES - 1; i++)
            steps.step[s].k[i] = arena_vec(arena, f->ode.n);
    }
    return steps;
}

/* The last step of the solver is one more of the steps. */
static void keep_step(const struct ode_solver *s, struct node_steps *steps)
{
    struct node_step *step = &steps->step[steps->count++];
    step->t = s->t_old;
    step->h = s->t - s->t_old;
    copy(s->z_old, step->z);
    for (int i = 0; i < ODE_STAGES - 1; i++)
        copy(s->k[i], step->k[i]);
}

/* Steps towards the end, until t is within the last of them; keeps each. */
static enum ode_status steps_over(struct ode_solver *s, double t, double end,
                                  struct node_steps *steps)
{
    enum ode_status status = ODE_DONE;
    while (status == ODE_DONE && !ode_within(s, t)) {
        status = ode_step(s, end);
        if (status == ODE_DONE && steps != NULL)
            keep_step(s, steps);
    }
    return status;
}

/* As node_path, and keeps the steps: those that were there are forgotten.  If the
 * attempts are more than there is room for, ODE_TOO_MANY_STEPS.  steps: or NULL. */
enum ode_status node_steps_path(const struct neural_ode *f, vec times, double relative,
                                double absolute, struct arena *scratch, mat path,
                                struct node_steps *steps)
{
    require_path(f, times, path);
    size_t mark = scratch->used;
    double end = times.at[times.n - 1];
    REQUIRE(isfinite(end), "cannot go to time %g", end);
    struct ode_solver s = ode_solver_make(scratch, &f->ode, times.at[0], row(path, 0),
                                          relative, absolute);
    if (steps != NULL) {
        s.most = steps->most;
        steps->count = 0;
    }
    enum ode_status status = ODE_DONE;
    for (int i = 1; i < times.n && status == ODE_DONE; i++) {
        status = steps_over(&s, times.at[i], end, steps);
        if (status == ODE_DONE)
            ode_dense(&s, times.at[i], row(path, i));
    }
    scratch->used = mark;
    return status;
}

/* The gradient of a loss of all states of a path, as node_adjoint_gradient has it, but
 * exactly that of the numbers that node_steps_path computed, for the steps as they were
 * taken.  Each row of G goes into the step from which that state was interpolated; and
 * as the last slope of a step is the first of the next, one pull serves both.
 * times, G: T, T x n; all read.  a := dL/dz(times_0): n; g := dL/dtheta: P.
 * scratch: 17 n + P numbers. */
void node_steps_gradient(const struct neural_ode *f, const struct node_steps *steps,
                         vec times, mat G, struct arena *scratch, vec a, vec g)
{
    require_path(f, times, G);
    REQUIRE(steps->count == 0 || steps->step[0].t == times.at[0],
            "the steps begin at %g, the times at %g", steps->step[0].t, times.at[0]);
    size_t mark = scratch->used;
    struct tape tape = tape_make(scratch, f, ODE_STAGES);
    vec *dk = tape.dk;
    int i = times.n - 1;
    fill(0, a);
    fill(0, g);
    for (int s = steps->count - 1; s >= 0; s--) {
        struct node_step x = steps->step[s];
        share(x.h, ODE_STAGES, ode_dopri5.b, a, dk);
        for (; (times.at[i] - x.t) / x.h > 0; i--) { /* times_0 is in no step */
            double b[ODE_STAGES];
            ode_dense_weights((times.at[i] - x.t) / x.h, b);
            share(x.h, ODE_STAGES, b, row(G, i), dk);
            axpy(1, row(G, i), a);
        }
        backprop_stages(f, &ode_dopri5, x.t, x.h, x.z, x.k, s > 0, &tape, a, g);
        copy(dk[0], dk[ODE_STAGES - 1]);
        for (int j = 0; j < ODE_STAGES - 1; j++)
            fill(0, dk[j]);
    }
    for (; i >= 0; i--)
        axpy(1, row(G, i), a);
    scratch->used = mark;
}

/* ---- A network as the field ------------------------------------------------------ */

/* The field of a network with as many outputs as inputs, d, for a state of so many
 * rows.  theta: P, stays the caller's.  [Columbia-13/8, 9] */
struct network_field node_field_make(struct arena *arena, const struct mlp *net,
                                     vec theta, int power, int rows)
{
    int d = net->width[0];
    REQUIRE(net->width[net->depth] == d, "the network takes %d numbers to %d", d,
            net->width[net->depth]);
    REQUIRE(theta.n == mlp_parameters(net), "theta has %d entries, the network has %d",
            theta.n, mlp_parameters(net));
    REQUIRE(power >= 1, "the power must be positive, got %d", power);
    return (struct network_field){.net = *net,
                                  .theta = theta,
                                  .power = power,
                                  .X = arena_mat(arena, rows, d),
                                  .pass = mlp_pass_make(arena, net, rows)};
}

/* y := z^power, entry by entry. */
static void raise(int power, vec z, vec y)
{
    copy(z, y);
    for (int p = 1; p < power; p++)
        for (int i = 0; i < z.n; i++)
            y.at[i] *= z.at[i];
}

/* dz := net(z^power), row by row. */
static void network_value(void *context, double t, vec z, vec dz)
{
    (void)t;
    struct network_field *f = context;
    raise(f->power, z, entries(f->X));
    mlp_forward(&f->net, f->theta, f->X, &f->pass);
    copy(entries(f->pass.H[f->net.depth]), dz);
    f->evaluations++;
}

/* The same, and pulled back: a goes through the network from its end, and by
 * d(z^p)/dz = p z^(p-1) to z. */
static void network_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                         vec gtheta)
{
    struct network_field *f = context;
    network_value(f, t, z, dz);
    mat A = {f->X.rows, f->X.cols, a.at}, Gz = {f->X.rows, f->X.cols, gz.at};
    mlp_backward(&f->net, f->theta, A, &f->pass);
    mlp_gradient(&f->net, &f->pass, gtheta);
    mlp_input_gradient(&f->net, f->theta, &f->pass, Gz);
    for (int p = 1; p < f->power; p++)
        for (int i = 0; i < z.n; i++)
            gz.at[i] *= z.at[i];
    scale(f->power, gz);
}

/* The equation of that field, whose state has the rows of a batch one behind the other.
 * field must stay where it is. */
struct neural_ode node_network(struct network_field *field)
{
    int n = entries(field->X).n;
    return (struct neural_ode){{n, network_value, field}, field->theta.n, network_pull};
}
