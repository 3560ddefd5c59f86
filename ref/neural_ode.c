#include "neural_ode.h"

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
    require_path(f, times, path);
    size_t mark = scratch->used;
    struct ode_solver s = ode_solver_make(scratch, &f->ode, times.at[0], row(path, 0),
                                          relative, absolute);
    enum ode_status status = ODE_DONE;
    for (int i = 1; i < times.n && status == ODE_DONE; i++)
        status = ode_at(&s, times.at[i], row(path, i));
    scratch->used = mark;
    return status;
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
    vec k[ODE_STAGES];      /* n each: the slopes                      */
    vec dstage[ODE_STAGES]; /* n each: dL by the states of the stages  */
    vec stage, dk, unused;  /* n                                       */
    vec gtheta;             /* P                                       */
};

static struct tape tape_make(struct arena *arena, const struct neural_ode *f,
                             int stages)
{
    int n = f->ode.n;
    struct tape tape = {.stage = arena_vec(arena, n),
                        .dk = arena_vec(arena, n),
                        .unused = arena_vec(arena, n),
                        .gtheta = arena_vec(arena, f->parameters)};
    for (int i = 0; i < stages; i++) {
        tape.k[i] = arena_vec(arena, n);
        tape.dstage[i] = arena_vec(arena, n);
    }
    return tape;
}

/* The chain rule through one step from z: with dk_i = dL/dk_i,
 *     dk_i = h b_i a + h sum_{j > i} a_ji dstage_j,   dstage_i = (df/dz)' dk_i,
 * last stage first; then a := a + sum_i dstage_i, and g := g + sum_i (df/dtheta)' dk_i.
 * a: n, dL/dz after the step, becomes that before it. */
static void backprop_step(const struct neural_ode *f, const struct ode_tableau *method,
                          double t, double h, vec z, struct tape *tape, vec a, vec g)
{
    copy(z, tape->unused);
    ode_step_fixed(&f->ode, method, t, h, tape->unused, tape->k, tape->stage);
    for (int i = method->stages - 1; i >= 0; i--) {
        fill(0, tape->dk);
        axpy(h * method->b[i], a, tape->dk);
        for (int j = i + 1; j < method->stages; j++)
            axpy(h * method->a[j][i], tape->dstage[j], tape->dk);
        ode_stage(method, i, h, z, tape->k, tape->stage);
        f->pull(f->ode.context, t + method->c[i] * h, tape->stage, tape->dk,
                tape->unused, tape->dstage[i], tape->gtheta);
        axpy(1, tape->gtheta, g);
    }
    for (int i = 0; i < method->stages; i++)
        axpy(1, tape->dstage[i], a);
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
