#include "continuous_flows.h"

#include "ground/vector_math.h"
#include "normalizing_flows.h"

/* ---- The field and its trace ----------------------------------------------------- */

static int dimension(const struct cnf *cnf) { return cnf->net.width[0] - 1; }

/* A flow of R^D whose field has so many hidden layers of one width.  probes: see struct
 * cnf.  D, hidden, width, steps >= 1. */
struct cnf cnf_make(int D, int hidden, int width, int steps, int probes)
{
    REQUIRE(D >= 1, "D must be positive, got %d", D);
    REQUIRE(hidden >= 1 && hidden < MLP_DEPTH, "hidden must be 1 to %d, got %d",
            MLP_DEPTH - 1, hidden);
    REQUIRE(steps >= 1, "steps must be positive, got %d", steps);
    REQUIRE(probes >= 0, "probes must not be negative, got %d", probes);
    int widths[MLP_DEPTH + 1] = {SIZE_SUM(D, 1)};
    for (int l = 1; l <= hidden; l++)
        widths[l] = width;
    widths[hidden + 1] = D;
    return (struct cnf){.net = mlp_make(hidden + 1, widths, TANH, STANDARD, true),
                        .steps = steps,
                        .probes = probes};
}

/* w := a random start: weights of variance 1 / n_l, a tenth of that in the last layer,
 * and no biases.  The field is small, and the flow near the identity.  w: P. */
void cnf_draw(const struct cnf *cnf, struct rng *rng, vec w)
{
    fill(0, w);
    for (int l = 0; l < cnf->net.depth; l++) {
        double variance = (l < cnf->net.depth - 1 ? 1 : 0.1) / cnf->net.width[l];
        rng_normals(rng, 0, sqrt(variance), entries(mlp_weights(&cnf->net, w, l)));
    }
}

/* K, how many directions a point has. */
int cnf_directions(const struct cnf *cnf)
{
    return cnf->probes > 0 ? cnf->probes : dimension(cnf);
}

/* V := the axes, so that sum_k v_k v_k' = I; or, with probes, signs over sqrt(K), so
 * that it is I on average.  V: K n x D; rng: not used for the axes, and may be NULL.
 * [Hutchinson 1990] */
void cnf_aim(const struct cnf *cnf, struct rng *rng, mat V)
{
    int K = cnf_directions(cnf), n = V.rows / K;
    REQUIRE(V.rows == K * n && V.cols == dimension(cnf),
            "V is %d x %d, for %d directions in %d dimensions", V.rows, V.cols, K,
            dimension(cnf));
    REQUIRE(cnf->probes == 0 || n == 0 || rng != NULL,
            "%d random directions need a stream", K);
    if (cnf->probes > 0) {
        for (int i = 0; i < V.rows * V.cols; i++)
            V.at[i] = (rng_below(rng, 2) ? 1 : -1) / sqrt(K);
    } else {
        fill(0, entries(V));
        for (int i = 0; i < V.rows; i++)
            row(V, i).at[i / n] = 1;
    }
}

/* Room for n points with K directions each; cnf_forward fills it. */
struct cnf_pass cnf_pass_make(struct arena *arena, const struct cnf *cnf, int n, int K)
{
    struct cnf_pass pass = {.n = n};
    const struct mlp *net = &cnf->net;
    int rows = SIZE_SUM(SIZE_PRODUCT(K, n), n);
    for (int l = 0; l <= net->depth; l++)
        pass.H[l] = arena_room_mat(arena, rows, net->width[l]);
    for (int l = 0; l < net->depth - 1; l++)
        pass.slope[l] = arena_room_mat(arena, n, net->width[l + 1]);
    for (int l = 0; l < net->depth; l++)
        pass.turned[l] = arena_room_mat(arena, net->width[l], net->width[l + 1]);
    return pass;
}

/* H := the inputs, (z, t) in the rows of values and (v, 0) in those of derivatives. */
static void set_inputs(double t, mat Z, mat V, mat H)
{
    for (int i = 0; i < H.rows; i++) {
        bool value = i < Z.rows;
        vec h = row(H, i);
        copy(value ? row(Z, i) : row(V, i - Z.rows), part(h, 0, Z.cols));
        h.at[Z.cols] = value ? t : 0;
    }
}

/* H := tanh of the values, and slope times the derivatives, in place: the chain rule.
 * slope := 1 - tanh^2. */
static void activate_all(mat H, mat slope)
{
    int n = slope.rows * slope.cols;
    activate(TANH, part(entries(H), 0, n), entries(slope));
    for (int i = n; i < H.rows * H.cols; i += n)
        multiply(entries(slope), part(entries(H), i, n));
}

/* dZ := f(z, t), and trace := the sum of <v, (df/dz) v> over the directions, for each
 * row z of Z.  Values and derivatives go through the network together, one product a
 * layer; only the biases and the time have no derivative.  The weights are turned
 * around before: OpenBLAS multiplies rows by rows, where they are as few as here, at
 * two thirds of the rate of rows by columns.  w: P; Z: n x D; V: K n x D,
 * or with no rows; pass, dZ: n x D, trace: n, overwritten.  [Columbia-13/14] */
void cnf_forward(const struct cnf *cnf, vec w, double t, mat Z, mat V,
                 struct cnf_pass *pass, mat dZ, vec trace)
{
    const struct mlp *net = &cnf->net;
    mat *H = pass->H, F = H[net->depth];
    REQUIRE(Z.rows == pass->n && Z.rows + V.rows == F.rows,
            "%d points and %d directions, but the pass has room for %d and %d", Z.rows,
            V.rows, pass->n, F.rows - pass->n);
    set_inputs(t, Z, V, H[0]);
    for (int l = 0; l < net->depth; l++) {
        vec b = mlp_biases(net, w, l);
        transpose(mlp_weights(net, w, l), pass->turned[l]);
        gemm(net->multiplier[l], AS_IS, H[l], AS_IS, pass->turned[l], 0, H[l + 1]);
        for (int i = 0; i < Z.rows; i++)
            axpy(1, b, row(H[l + 1], i));
        if (l < net->depth - 1)
            activate_all(H[l + 1], pass->slope[l]);
    }
    copy(entries(row_block(F, 0, Z.rows)), entries(dZ));
    fill(0, trace);
    for (int i = 0; i < V.rows; i++)
        trace.at[i % Z.rows] += dot(row(V, i), row(F, Z.rows + i));
}

/* ---- The same, backward ---------------------------------------------------------- */

/* In one direction, with g = dE/d(phi'(z) dz): dE/dz gets g phi''(z) dz, and dE/d(dz)
 * is g phi'(z).  For tanh, phi'' = -2 tanh phi', so that phi''(z) dz is -2 h dh. */
FOR_THE_VECTOR_UNIT static void through_tanh(int n, const real *restrict h,
                                             const real *restrict dh,
                                             const real *restrict slope,
                                             real *restrict g, real *restrict Delta)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        Delta[i] -= 2 * h[i] * dh[i] * g[i];
        g[i] *= slope[i];
    }
}

/* Delta: dE/dH on entry, of values and derivatives; and by what went into activate_all
 * on exit.  This is where the trace asks for a second derivative. */
static void activate_backward(mat H, mat slope, mat Delta)
{
    int n = slope.rows * slope.cols;
    multiply(entries(slope), part(entries(Delta), 0, n));
    for (int i = n; i < H.rows * H.cols; i += n)
        through_tanh(n, H.at, H.at + i, slope.at, Delta.at + i, Delta.at);
}

/* grad += dE/dw of layer l.  Delta: (1 + K) n x n_{l+1}; the first n rows are values.
 */
static void add_gradient(const struct mlp *net, int l, int n, mat H, mat Delta,
                         vec grad)
{
    gemm(net->multiplier[l], TRANSPOSED, Delta, AS_IS, H, 1, mlp_weights(net, grad, l));
    vec db = mlp_biases(net, grad, l);
    for (int i = 0; i < n; i++)
        axpy(1, row(Delta, i), db);
}

/* For a number E that depends on the f and on the traces of cnf_forward with dE/df = A
 * and dE/dtrace = a, the same for each point: dZ := dE/dz, and grad += dE/dw.
 * A, dZ: n x D; w, grad: P; V and pass: of cnf_forward.  scratch: as many numbers as H
 * has. */
void cnf_backward(const struct cnf *cnf, vec w, mat V, const struct cnf_pass *pass,
                  mat A, double a, struct arena *scratch, mat dZ, vec grad)
{
    size_t mark = scratch->used;
    const struct mlp *net = &cnf->net;
    mat Delta = arena_mat(scratch, A.rows + V.rows, A.cols);
    copy(entries(A), entries(row_block(Delta, 0, A.rows)));
    axpy(a, entries(V), entries(row_block(Delta, A.rows, V.rows)));
    for (int l = net->depth - 1; l >= 0; l--) {
        add_gradient(net, l, pass->n, pass->H[l], Delta, grad);
        mat next = arena_room_mat(scratch, Delta.rows, net->width[l]);
        gemm(net->multiplier[l], AS_IS, Delta, AS_IS, mlp_weights(net, w, l), 0, next);
        if (l > 0)
            activate_backward(pass->H[l], pass->slope[l - 1], next);
        Delta = next;
    }
    for (int i = 0; i < dZ.rows; i++)
        copy(part(row(Delta, i), 0, dZ.cols), row(dZ, i));
    scratch->used = mark;
}

/* ---- Paths ----------------------------------------------------------------------- */

/* The right-hand side for ode.h: dz/dt = f and d log p/dt = -trace, at all points.
 * paths: a struct cnf_paths; state, dstate: n (D + 1).  [Columbia-13/14] */
void cnf_field(void *paths, double t, vec state, vec dstate)
{
    struct cnf_paths *p = paths;
    int D = dimension(p->cnf), n = state.n / (D + 1);
    vec trace = {n, dstate.at + n * D};
    cnf_forward(p->cnf, p->w, t, (mat){n, D, state.at}, p->V, p->pass,
                (mat){n, D, dstate.at}, trace);
    scale(-1, trace);
    p->pass += p->stride;
}

/* Directions for n points, n >= 0. */
static mat aim(const struct cnf *cnf, int n, struct rng *rng, struct arena *arena)
{
    int rows = SIZE_PRODUCT(cnf_directions(cnf), n);
    mat V = arena_mat(arena, rows, dimension(cnf));
    cnf_aim(cnf, rng, V);
    return V;
}

/* Follows the paths through the rows of one block.  As cnf_transport. */
static enum ode_status transport(const struct cnf *cnf, vec w, double t, double t_end,
                                 struct rng *rng, struct arena *scratch, mat Z,
                                 vec log_p)
{
    size_t mark = scratch->used;
    mat V = aim(cnf, log_p.n, rng, scratch); /* none where no trace is asked for */
    struct cnf_pass pass = cnf_pass_make(scratch, cnf, Z.rows, V.rows / Z.rows);
    struct cnf_paths paths = {.cnf = cnf, .w = w, .V = V, .pass = &pass, .stride = 0};
    vec state = arena_vec(scratch, SIZE_PRODUCT(Z.rows, Z.cols + 1));
    vec z = part(state, 0, entries(Z).n), l = part(state, z.n, log_p.n);
    struct ode ode = {state.n, cnf_field, &paths};
    copy(entries(Z), z);
    copy(log_p, l);
    enum ode_status status =
        ode_fixed(&ode, &ode_rk4, &t, t_end, cnf->steps, state, scratch);
    copy(z, entries(Z));
    copy(l, log_p);
    scratch->used = mark;
    return status;
}

/* Moves each row of Z along its path, from time t to t_end, and adds to its log_p what
 * that changes.  Z: n x D, n >= 1; log_p: n, or empty: then no trace is taken.  rng:
 * for probes, else NULL.  Where a path leaves all bounds, ODE_NOT_FINITE.
 * [Columbia-13/14] */
enum ode_status cnf_transport(const struct cnf *cnf, vec w, double t, double t_end,
                              struct rng *rng, struct arena *scratch, mat Z, vec log_p)
{
    REQUIRE(Z.cols == dimension(cnf), "Z has %d columns, the flow %d dimensions",
            Z.cols, dimension(cnf));
    REQUIRE(log_p.n == 0 || log_p.n == Z.rows, "log_p has %d entries, Z has %d rows",
            log_p.n, Z.rows);
    enum ode_status status = ODE_DONE;
    for (int i = 0; i < Z.rows && status == ODE_DONE; i += CNF_BLOCK) {
        int n = Z.rows - i < CNF_BLOCK ? Z.rows - i : CNF_BLOCK;
        status = transport(cnf, w, t, t_end, rng, scratch, row_block(Z, i, n),
                           part(log_p, i, n));
    }
    return status;
}

/* ---- A density, and its samples -------------------------------------------------- */

/* Z := a sample in each row, and log_p := the log-density there, or nothing where it is
 * empty.  [Columbia-13/12, "Generative models and ODE"] */
enum ode_status cnf_sample(const struct cnf *cnf, vec w, struct rng *rng,
                           struct arena *scratch, mat Z, vec log_p)
{
    rng_normals(rng, 0, 1, entries(Z));
    if (log_p.n > 0)
        nf_base(Z, log_p);
    return cnf_transport(cnf, w, 0, 1, rng, scratch, Z, log_p);
}

/* log_p_i := the log-density of the flow at row i of X: that of the normal law where
 * the path began, less what was gained on the way back.  X: n x D, read; rng: as above.
 */
enum ode_status cnf_log_density(const struct cnf *cnf, vec w, mat X, struct rng *rng,
                                struct arena *scratch, vec log_p)
{
    size_t mark = scratch->used;
    mat Z = arena_mat(scratch, X.rows, X.cols);
    vec gained = arena_vec(scratch, X.rows);
    copy(entries(X), entries(Z));
    enum ode_status status = cnf_transport(cnf, w, 1, 0, rng, scratch, Z, gained);
    nf_base(Z, log_p);
    axpy(-1, gained, log_p);
    scratch->used = mark;
    return status;
}

/* ---- The likelihood and its gradient --------------------------------------------- */

/* Back through one step, y_i = z + h sum_j a_ij k_j, k_i = f(y_i), z + h sum_i b_i k_i:
 *     dE/dk_i = h b_i dE/dz + h sum_{j > i} a_ji dE/dy_j,
 *     dE/dy_i = (df/dz)' dE/dk_i + ..., from cnf_backward,
 * and in front of the step, dE/dz has gained all dE/dy_i.  pass: the stages; a: dE by
 * each log-density; dZ: n x D, dE/dz, moved; grad: P, added to. */
static void step_backward(const struct cnf_paths *paths, const struct ode_tableau *rk,
                          const struct cnf_pass *pass, double h, double a,
                          struct arena *scratch, mat dZ, vec grad)
{
    size_t mark = scratch->used;
    mat dY[ODE_STAGES], dK = arena_mat(scratch, dZ.rows, dZ.cols);
    for (int i = rk->stages - 1; i >= 0; i--) {
        dY[i] = arena_mat(scratch, dZ.rows, dZ.cols);
        fill(0, entries(dK));
        axpy(h * rk->b[i], entries(dZ), entries(dK));
        for (int j = i + 1; j < rk->stages; j++)
            axpy(h * rk->a[j][i], entries(dY[j]), entries(dK));
        cnf_backward(paths->cnf, paths->w, paths->V, &pass[i], dK, -h * rk->b[i] * a,
                     scratch, dY[i], grad);
    }
    for (int i = 0; i < rk->stages; i++)
        axpy(1, entries(dY[i]), entries(dZ));
    scratch->used = mark;
}

/* A pass for each evaluation of a whole path. */
static struct cnf_pass *tape_make(struct arena *arena, const struct cnf *cnf, int n,
                                  int K)
{
    int count = SIZE_PRODUCT(ode_rk4.stages, cnf->steps);
    struct cnf_pass *tape = arena_bytes(arena, (size_t)count * sizeof *tape);
    for (int i = 0; i < count; i++)
        tape[i] = cnf_pass_make(arena, cnf, n, K);
    return tape;
}

/* state := the points X with log-density 0 at t = 1, followed to t = 0.  The last of
 * the passes is left where paths->pass points. */
static void follow_back(struct cnf_paths *paths, mat X, struct arena *scratch,
                        vec state)
{
    struct ode ode = {state.n, cnf_field, paths};
    vec k[ODE_STAGES], stage = arena_vec(scratch, state.n);
    for (int i = 0; i < ode_rk4.stages; i++)
        k[i] = arena_vec(scratch, state.n);
    fill(0, state);
    copy(entries(X), part(state, 0, entries(X).n));
    int steps = paths->cnf->steps;
    for (int s = 0; s < steps; s++)
        ode_step_fixed(&ode, &ode_rk4, 1 - (double)s / steps, -1.0 / steps, state, k,
                       stage);
}

/* Returns -sum_i log p(x_i) / N over the rows of one block; grad += its gradient. */
static double block_likelihood(const struct cnf *cnf, vec w, mat X, int N,
                               struct rng *rng, struct arena *scratch, vec grad)
{
    size_t mark = scratch->used;
    mat V = aim(cnf, X.rows, rng, scratch);
    struct cnf_pass *tape = tape_make(scratch, cnf, X.rows, V.rows / X.rows);
    struct cnf_paths paths = {.cnf = cnf, .w = w, .V = V, .pass = tape, .stride = 1};
    vec state = arena_vec(scratch, SIZE_PRODUCT(X.rows, X.cols + 1));
    vec log_p = arena_vec(scratch, X.rows);
    mat Z = {X.rows, X.cols, state.at};
    follow_back(&paths, X, scratch, state);
    nf_base(Z, log_p);
    double sum = 0;
    for (int i = 0; i < X.rows; i++)
        sum += log_p.at[i] - state.at[X.rows * X.cols + i];

    scale(1.0 / N, entries(Z)); /* dE/dz at t = 0, where E = ||z||^2 / (2 N) + ... */
    for (int s = cnf->steps - 1; s >= 0; s--)
        step_backward(&paths, &ode_rk4, tape + s * ode_rk4.stages, -1.0 / cnf->steps,
                      1.0 / N, scratch, Z, grad);
    scratch->used = mark;
    return -sum / N;
}

/* Returns the mean of -log p over the rows of X, in nats, and grad := its gradient.
 * Both are exact, for the paths as the fixed steps take them: nothing is solved again
 * backward, every evaluation is kept.  w, grad: P; X: N x D.  rng: for probes, which
 * stay the same along a path, or NULL.  scratch: for each of 4 steps evaluations what
 * CNF_BLOCK points leave, and P. */
double cnf_likelihood(const struct cnf *cnf, vec w, mat X, struct rng *rng,
                      struct arena *scratch, vec grad)
{
    REQUIRE(X.cols == dimension(cnf), "X has %d columns, the flow %d dimensions",
            X.cols, dimension(cnf));
    double loss = 0;
    fill(0, grad);
    for (int i = 0; i < X.rows; i += CNF_BLOCK) {
        int n = X.rows - i < CNF_BLOCK ? X.rows - i : CNF_BLOCK;
        loss +=
            block_likelihood(cnf, w, row_block(X, i, n), X.rows, rng, scratch, grad);
    }
    return loss;
}

/* ---- What is to be learnt -------------------------------------------------------- */

/* Four normal laws of deviation 0.35 around (+-2, 0) and (0, +-2), equally likely. */
void cnf_gaussians(struct rng *rng, mat X)
{
    rng_normals(rng, 0, 0.35, entries(X));
    for (int i = 0; i < X.rows; i++) {
        int corner = rng_below(rng, 4);
        row(X, i).at[corner / 2] += corner % 2 ? 2 : -2;
    }
}

/* Two half circles of radius 2, one in the other's opening, with noise of deviation
 * 0.1. */
void cnf_moons(struct rng *rng, mat X)
{
    rng_normals(rng, 0, 0.1, entries(X));
    for (int i = 0; i < X.rows; i++) {
        double angle = acos(-1.0) * rng_uniform(rng), side = rng_below(rng, 2) ? 1 : -1;
        row(X, i).at[0] += side * (2 * cos(angle) - 1);
        row(X, i).at[1] += side * (2 * sin(angle) - 0.5);
    }
}

/* Uniform on the eight black squares, of side 2, of a board from -4 to 4. */
void cnf_checkerboard(struct rng *rng, mat X)
{
    for (int i = 0; i < X.rows; i++) {
        int across = rng_below(rng, 4), up = 2 * rng_below(rng, 2) + across % 2;
        row(X, i).at[0] = 2 * (across + rng_uniform(rng)) - 4;
        row(X, i).at[1] = 2 * (up + rng_uniform(rng)) - 4;
    }
}

/* The loss of a fresh batch, and its gradient: maximum likelihood.  problem: a struct
 * cnf_problem; progress: how much of the run is over, not used.
 * [Grathwohl et al. 2019] */
double cnf_loss(const void *problem, double progress, vec w, struct rng *rng,
                struct arena *scratch, vec grad)
{
    const struct cnf_problem *p = problem;
    size_t mark = scratch->used;
    mat X = arena_mat(scratch, p->batch, dimension(&p->cnf));
    (void)progress;
    p->law(rng, X);
    double loss = cnf_likelihood(&p->cnf, w, X, rng, scratch, grad);
    scratch->used = mark;
    return loss;
}
