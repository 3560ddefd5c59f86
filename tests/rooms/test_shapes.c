/* What the contracts say of any shape, at drawn ones: one example, one unit, one layer,
 * two equal sizes of different things, and batches beyond each size of a block.
 *
 * Two independent routes serve for all: a derivative is held against differences of the
 * function that it is of, and a batch against its examples one by one. */
#include "continuous_flows.h"
#include "ground/unit.h"
#include "initialization.h"
#include "lazy_training.h"
#include "mean_field.h"
#include "normalizing_flows.h"
#include "residual_networks.h"

#include <math.h>

static struct arena arena;
static struct rng rng;

static void begin(const char *test)
{
    arena = arena_make((size_t)1 << 26);
    rng = unit_rng(test);
}

static vec normals(int n)
{
    vec x = arena_vec(&arena, n);
    rng_normals(&rng, 0, 1, x);
    return x;
}

static mat normal_mat(int rows, int cols)
{
    return (mat){rows, cols, normals(rows * cols).at};
}

/* Mostly 1, 2 or 3; now and then around 64 and 128. */
static int batch_size(void)
{
    return rng_below(&rng, 4) ? 1 + rng_below(&rng, 3) : 62 + rng_below(&rng, 70);
}

static enum activation smooth(void)
{
    static const enum activation all[] = {LINEAR, TANH, ERF, SOFTPLUS};
    return all[rng_below(&rng, 4)];
}

/* A function of x, by what the context knows, and its slope along dx: differences of
 * fourth order, whose error is h^4 = 1.6e-19 of a fifth derivative, which is 10^11 in
 * some continuous flows, and eps / h = 1e-11 of the function.  From floats there is
 * nothing to be had at such an h, but some 1e-5 at a larger one. */
typedef double function(void *context);

static double slope(function *f, void *context, vec x, vec dx)
{
    static const int at[] = {-2, -1, 1, 2};
    static const double weight[] = {1, -8, 8, -1};
    double h = IS_DOUBLE ? 2e-5 : 2e-2, sum = 0;
    for (int i = 0; i < 4; i++) {
        axpy(at[i] * h, dx, x);
        sum += weight[i] * f(context) / (12 * h);
        axpy(-at[i] * h, dx, x);
    }
    return sum;
}

/* To a millionth of the sizes of gradient and direction, from floats to a thousandth,
 * where the worst of the mutants that this file is for are off by the half of a share
 * in 128. */
static void assert_slope(function *f, void *context, vec x, vec grad)
{
    vec dx = normals(x.n);
    scale(1 / norm(dx), dx);
    double got = dot(grad, dx), by_differences = slope(f, context, x, dx);
    ck_assert_msg(fabs(got - by_differences) <=
                      (IS_DOUBLE ? 1e-6 : 1e-3) * (1 + norm(grad)),
                  "slope %.12g, by differences %.12g", got, by_differences);
}

/* The step of differences of second order, and what may be off: h^2 of a third
 * derivative, which is in the hundreds, and rounding over h, which is less. */
static const double STEP = IS_DOUBLE ? 1e-4 : 4e-3, OFF = 1e3 * STEP * STEP;

/* What sums in two orders may differ by, in units of their size. */
static const double ROUNDED = 100 * REAL_EPSILON;

/* ---- The network ----------------------------------------------------------------- */

struct network {
    struct mlp net;
    struct mlp_pass pass;
    vec w;
    mat X, G;
};

static struct network network_make(int n, int outputs)
{
    int depth = 1 + rng_below(&rng, 3), width[4];
    for (int l = 0; l < depth; l++)
        width[l] = 1 + rng_below(&rng, 4);
    width[depth] = outputs;
    struct network x = {.net = mlp_make(depth, width, smooth(),
                                        (enum scaling)rng_below(&rng, 3),
                                        rng_below(&rng, 2))};
    x.pass = mlp_pass_make(&arena, &x.net, n);
    x.w = normals(mlp_parameters(&x.net));
    x.X = normal_mat(n, width[0]);
    x.G = normal_mat(n, outputs);
    return x;
}

/* <G, F> */
static double network_value(void *context)
{
    struct network *x = context;
    mlp_forward(&x->net, x->w, x->X, &x->pass);
    return dot(entries(x->G), entries(x->pass.H[x->net.depth]));
}

START_TEST(networks_of_any_shape)
{
    begin("shapes/mlp");
    for (int draw = 0; draw < 300; draw++, arena.used = 0) {
        int n = batch_size();
        struct network x = network_make(n, 1 + rng_below(&rng, 3));
        vec grad = arena_vec(&arena, x.w.n), dw = normals(x.w.n);
        mat dX = arena_mat(&arena, n, x.X.cols), V = normal_mat(n, x.X.cols);
        mat dF = arena_mat(&arena, n, x.G.cols);
        fill(NAN, grad);
        network_value(&x);
        mlp_backward(&x.net, x.w, x.G, &x.pass);
        mlp_gradient(&x.net, &x.pass, grad);
        mlp_input_gradient(&x.net, x.w, &x.pass, dX);
        mlp_jvp(&x.net, x.w, dw, V, &x.pass, &arena, dF);
        double there = dot(entries(x.G), entries(dF)),
               back = dot(grad, dw) + dot(entries(dX), entries(V));
        ck_assert_double_eq_tol(there, back, ROUNDED * (1 + norm(grad) * norm(dw)));
        assert_slope(network_value, &x, x.w, grad);
        assert_slope(network_value, &x, entries(x.X), entries(dX));
    }
    arena_free(&arena);
}
END_TEST

/* Of one output: the Jacobian's rows are gradients, and the kernel their products. */
START_TEST(jacobians_and_kernels_of_any_shape)
{
    begin("shapes/kernel");
    for (int draw = 0; draw < 200; draw++, arena.used = 0) {
        int n = batch_size();
        struct network x = network_make(n, 1);
        mat J = arena_mat(&arena, n, x.w.n), K = arena_mat(&arena, n, n),
            by_rows = arena_mat(&arena, n, n), one = arena_mat(&arena, n, 1);
        vec grad = arena_vec(&arena, x.w.n);
        fill(1, entries(one));
        network_value(&x);
        mlp_jacobian(&x.net, x.w, &x.pass, &arena, J);
        mlp_backward(&x.net, x.w, one, &x.pass);
        mlp_kernel(&x.net, &x.pass, &x.pass, &arena, K);
        gemm(1, AS_IS, J, TRANSPOSED, J, 0, by_rows);
        axpy(-1, entries(K), entries(by_rows));
        ck_assert_double_le(norm(entries(by_rows)), ROUNDED * (1 + norm(entries(K))));
        gemtv(1, J, entries(x.G), 0, grad);
        assert_slope(network_value, &x, x.w, grad);
    }
    arena_free(&arena);
}
END_TEST

struct lazy_set {
    struct lazy_problem p;
    vec w;
};

static double lazy_value(void *context)
{
    struct lazy_set *x = context;
    vec h = arena_vec(&arena, x->p.y.n);
    lazy_output(&x->p, x->w, h);
    scale(0.7, h);
    axpy(-1, x->p.y, h);
    return dot(h, h) / (2 * 0.7 * 0.7);
}

/* D^2h[u] = (d/dt) Dh(w + t u), also at w = 0. */
START_TEST(lazy_problems_of_any_shape)
{
    begin("shapes/lazy");
    for (int draw = 0; draw < 200; draw++, arena.used = 0) {
        int n = 1 + rng_below(&rng, 3);
        struct network x = network_make(n, 1);
        struct lazy_set set = {lazy_make(&arena, &x.net, x.X, normals(n)), x.w};
        vec grad = arena_vec(&arena, x.w.n), u = normals(x.w.n);
        mat D = arena_mat(&arena, n, x.w.n), up = arena_mat(&arena, n, x.w.n),
            down = arena_mat(&arena, n, x.w.n);
        if (draw % 2)
            lazy_center(&set.p, normals(x.w.n));
        lazy_gradient(&set.p, 0.7, x.w, grad);
        assert_slope(lazy_value, &set, x.w, grad);
        if (draw % 4 < 2)
            fill(0, x.w);
        scale(0.1, u);
        lazy_directional(&set.p, x.w, u, &arena, D);
        axpy(STEP, u, x.w);
        lazy_jacobian(&set.p, x.w, &arena, up);
        axpy(-2 * STEP, u, x.w);
        lazy_jacobian(&set.p, x.w, &arena, down);
        axpy(-1, entries(down), entries(up));
        double size = max_norm(entries(D));
        axpy(-2 * STEP, entries(D),
             entries(up)); /* up to t^3/3 of a third derivative */
        ck_assert_double_le(max_norm(entries(up)), 2e-2 * STEP * OFF * (1 + size));
    }
    arena_free(&arena);
}
END_TEST

/* ---- Residual nets --------------------------------------------------------------- */

struct residual {
    struct resnet net;
    struct resnet_pass pass; /* another than that of the steps */
    vec w;
    mat X, Y;
};

static double residual_value(void *context)
{
    struct residual *x = context;
    resnet_forward(x->net, x->w, x->X, &x->pass);
    return resnet_cost(x->net, x->Y, &x->pass);
}

/* Three steps with one pass, so that what it remembers would be seen. */
START_TEST(residual_nets_of_any_shape)
{
    begin("shapes/resnet");
    for (int draw = 0; draw < 200; draw++, arena.used = 0) {
        int n = batch_size(), d = 1 + rng_below(&rng, 3);
        struct residual x = {
            .net = {1 + rng_below(&rng, 4), d, smooth(), rng_below(&rng, 2), 0.5}};
        x.pass = resnet_pass_make(&arena, x.net, n);
        x.w = normals(resnet_parameters(x.net));
        scale(0.5, x.w);
        x.X = normal_mat(n, d);
        x.Y = normal_mat(n, d);
        struct resnet_pass pass = resnet_pass_make(&arena, x.net, n);
        vec grad = arena_vec(&arena, x.w.n), before = arena_vec(&arena, x.w.n);
        for (int step = 0; step < 3; step++) {
            double cost = residual_value(&x);
            copy(x.w, before);
            double got = resnet_step(x.net, x.X, x.Y, 0.1, x.w, &pass, grad);
            ck_assert_double_eq_tol(got, cost, rounded(1e-12) * (1 + cost));
            axpy(-1, x.w, before);
            axpy(-0.1, grad, before);
            ck_assert_double_le(norm(before),
                                rounded(1e-13) * (1 + norm(x.w) + norm(grad)));
            axpy(0.1, grad, x.w);
            assert_slope(residual_value, &x, x.w, grad);
            axpy(-0.1, grad, x.w);
        }
    }
    arena_free(&arena);
}
END_TEST

/* ---- Flows ----------------------------------------------------------------------- */

struct chain {
    int n, layers;
    vec theta;
    mat Z, G;
    double weight;
};

/* <G, z_K> + weight times the sum of log q. */
static double chain_value(void *context)
{
    struct chain *x = context;
    size_t mark = arena.used;
    struct flow flow = nf_make(x->n, x->layers, x->theta, &arena);
    struct flow_pass pass = nf_pass_make(&flow, x->Z.rows, &arena);
    copy(entries(x->Z), entries(pass.Z[0]));
    nf_forward(&flow, &pass);
    double sum = dot(entries(x->G), entries(pass.Z[x->layers]));
    for (int i = 0; i < x->Z.rows; i++)
        sum += x->weight * pass.log_q.at[i];
    arena.used = mark;
    return sum;
}

/* Where a layer nearly folds, the step that floats need would reach across. */
START_TEST(chains_of_any_shape)
{
    begin("shapes/chain");
    for (int draw = 0; draw < 200; draw++, arena.used = 0) {
        struct chain x = {.n = 1 + rng_below(&rng, 3),
                          .layers = 1 + rng_below(&rng, 3)};
        int batch = batch_size();
        x.theta = normals(nf_parameters(x.n, x.layers));
        for (int k = 0; k < x.layers; k++) /* away from w = 0 */
            x.theta.at[k * (2 * x.n + 1) + x.n] += 3;
        scale(0.5, x.theta);
        x.Z = normal_mat(batch, x.n);
        x.G = normal_mat(batch, x.n);
        x.weight = rng_normal(&rng);
        vec grad = arena_vec(&arena, x.theta.n);
        mat dZ = arena_mat(&arena, batch, x.n);
        struct flow flow = nf_make(x.n, x.layers, x.theta, &arena);
        struct flow_pass pass = nf_pass_make(&flow, batch, &arena);
        copy(entries(x.Z), entries(pass.Z[0]));
        nf_forward(&flow, &pass);
        copy(entries(x.G), entries(dZ));
        fill(NAN, grad);
        nf_backward(&flow, x.theta, &pass, dZ, x.weight, &arena, grad);
        assert_slope(chain_value, &x, x.theta, grad);
    }
    arena_free(&arena);
}
END_TEST

struct continuous {
    struct cnf cnf;
    struct rng rng;
    vec w;
    mat X;
};

static double continuous_value(void *context)
{
    struct continuous *x = context;
    size_t mark = arena.used;
    struct rng same = x->rng; /* the same probes */
    vec grad = arena_vec(&arena, x->w.n);
    double loss = cnf_likelihood(&x->cnf, x->w, x->X, &same, &arena, grad);
    arena.used = mark;
    return loss;
}

/* And the likelihood is the mean of the densities, in whatever blocks. */
START_TEST(continuous_flows_of_any_shape)
{
    begin("shapes/cnf");
    for (int draw = 0; draw < 60; draw++, arena.used = 0) {
        int D = 1 + rng_below(&rng, 3), n = batch_size(), probes = rng_below(&rng, 4);
        struct continuous x = {.cnf = cnf_make(D, 1 + rng_below(&rng, 2),
                                               1 + rng_below(&rng, 4),
                                               1 + rng_below(&rng, 3), probes),
                               .rng = rng};
        x.w = normals(mlp_parameters(&x.cnf.net));
        x.X = normal_mat(n, D);
        vec grad = arena_vec(&arena, x.w.n), log_p = arena_vec(&arena, n);
        struct rng same = x.rng;
        double loss = cnf_likelihood(&x.cnf, x.w, x.X, &same, &arena, grad), mean = 0;
        same = x.rng;
        ck_assert_int_eq(cnf_log_density(&x.cnf, x.w, x.X, &same, &arena, log_p),
                         ODE_DONE);
        for (int i = 0; i < n; i++)
            mean -= log_p.at[i] / n;
        ck_assert_double_eq_tol(loss, mean, ROUNDED * (1 + fabs(mean)));
        if (IS_DOUBLE) /* a step of floats is too long for some of these flows */
            assert_slope(continuous_value, &x, x.w, grad);
    }
    arena_free(&arena);
}
END_TEST

/* The trace along the axes is the divergence of the field at that time: by differences,
 * so that time has no part in it. */
START_TEST(traces_in_any_dimension)
{
    begin("shapes/trace");
    for (int draw = 0; draw < 100; draw++, arena.used = 0) {
        int D = 1 + rng_below(&rng, 4), n = batch_size();
        struct cnf cnf =
            cnf_make(D, 1 + rng_below(&rng, 2), 1 + rng_below(&rng, 4), 1, 0);
        vec w = normals(mlp_parameters(&cnf.net)), trace = arena_vec(&arena, n),
            none = arena_vec(&arena, n), by_differences = arena_vec(&arena, n);
        mat Z = normal_mat(n, D), F = arena_mat(&arena, n, D),
            V = arena_mat(&arena, D * n, D);
        struct cnf_pass with = cnf_pass_make(&arena, &cnf, n, D),
                        without = cnf_pass_make(&arena, &cnf, n, 0);
        cnf_aim(&cnf, NULL, V);
        cnf_forward(&cnf, w, 0.3, Z, V, &with, F, trace);
        for (int k = 0; k < D; k++)
            for (int up = -1; up <= 1; up += 2) {
                for (int i = 0; i < n; i++)
                    row(Z, i).at[k] += up * STEP;
                cnf_forward(&cnf, w, 0.3, Z, (mat){0, D, NULL}, &without, F, none);
                for (int i = 0; i < n; i++) {
                    by_differences.at[i] += up * row(F, i).at[k] / (2 * STEP);
                    row(Z, i).at[k] -= up * STEP;
                }
            }
        axpy(-1, trace, by_differences);
        ck_assert_double_le(max_norm(by_differences), OFF);
    }
    arena_free(&arena);
}
END_TEST

/* K probes of a point are K draws: of 40 points some have two that differ. */
START_TEST(probes_are_drawn_each)
{
    begin("shapes/probes");
    for (int D = 1; D <= 3; D++)
        for (int K = 2; K <= 5; K++, arena.used = 0) {
            struct cnf cnf = cnf_make(D, 1, 2, 1, K);
            int n = 40;
            mat V = arena_mat(&arena, K * n, D);
            cnf_aim(&cnf, &rng, V);
            for (int k = 1; k < K; k++) {
                int differ = 0;
                for (int i = 0; i < n; i++)
                    for (int j = 0; j < D; j++)
                        differ += row(V, i).at[j] != row(V, k * n + i).at[j];
                ck_assert_int_gt(differ, 0); /* 2^-40 */
                ck_assert_int_lt(differ, n * D);
            }
        }
    struct cnf cnf = cnf_make(2, 1, 2, 1, 3);
    ck_assert_stops("3 random directions need a stream",
                    cnf_aim(&cnf, NULL, arena_mat(&arena, 6, 2)));
    arena_free(&arena);
}
END_TEST

/* ---- Measures over neurons ------------------------------------------------------- */

struct measure {
    struct mf_problem p;
    struct particles q;
    struct mf_pass pass;
};

static double measure_value(void *context)
{
    struct measure *x = context;
    return mf_cost(&x->p, x->q, &x->pass);
}

START_TEST(particles_of_any_number)
{
    begin("shapes/particles");
    for (int draw = 0; draw < 300; draw++, arena.used = 0) {
        int n = batch_size(), m = batch_size(), d = 1 + rng_below(&rng, 3);
        struct measure x = {.p = {normal_mat(n, d), normals(n),
                                  draw % 2 ? square_loss : exponential_loss, smooth(),
                                  1.5, BOTH_LAYERS},
                            .q = mf_particles_make(&arena, m, d),
                            .pass = mf_pass_make(&arena, m, n)};
        struct particles drift = mf_particles_make(&arena, m, d);
        for (int i = 0; i < n && draw % 2 == 0; i++)
            x.p.t.at[i] = x.p.t.at[i] > 0 ? 1 : -1;
        rng_normals(&rng, 0, 1, x.q.all);
        measure_value(&x);
        mf_drift(&x.p, x.q, &x.pass, drift);
        scale(-1.0 / m, drift.all);
        assert_slope(measure_value, &x, x.q.all, drift.all);
    }
    arena_free(&arena);
}
END_TEST

/* The least sum of squares over all ways of pairing x with y from i on. */
static double cheapest(vec x, vec y, int i)
{
    double least = i == x.n ? 0 : INFINITY;
    for (int j = i; j < y.n; j++) {
        double at = y.at[j], off = x.at[i] - at;
        y.at[j] = y.at[i];
        y.at[i] = at;
        least = fmin(least, off * off + cheapest(x, y, i + 1));
        y.at[i] = y.at[j];
        y.at[j] = at;
    }
    return least;
}

START_TEST(transport_is_the_cheapest_pairing)
{
    begin("shapes/transport");
    for (int draw = 0; draw < 300; draw++, arena.used = 0) {
        int m = 1 + rng_below(&rng, 5);
        vec x = normals(m), y = normals(m);
        double distance = mf_w2_line(x, y, &arena);
        assert_near(distance, sqrt(cheapest(x, y, 0) / m), 1e-14 * 100);
        x.at[rng_below(&rng, m)] = NAN;
        ck_assert(isnan(mf_w2_line(x, y, &arena)) && isnan(mf_w2_line(y, x, &arena)));
    }
    arena_free(&arena);
}
END_TEST

/* ---- Starts ---------------------------------------------------------------------- */

struct start {
    struct network x;
    mat T;
};

static double start_value(void *context)
{
    struct start *s = context;
    mlp_forward(&s->x.net, s->x.w, s->x.X, &s->x.pass);
    vec F = entries(s->x.pass.H[s->x.net.depth]);
    axpy(-1, entries(s->T), F);
    return dot(F, F) / (2 * s->T.rows);
}

START_TEST(steps_from_a_start_of_any_shape)
{
    begin("shapes/init");
    for (int draw = 0; draw < 200; draw++, arena.used = 0) {
        int n = batch_size(), outputs = 1 + rng_below(&rng, 3);
        struct start s = {.x = network_make(n, outputs), .T = normal_mat(n, outputs)};
        vec grad = arena_vec(&arena, s.x.w.n), moved = arena_vec(&arena, s.x.w.n);
        double before = start_value(&s);
        copy(s.x.w, moved);
        double cost = init_step(&s.x.net, s.x.X, s.T, 0.25, &s.x.pass, grad, moved);
        ck_assert_double_eq_tol(cost, before, rounded(1e-12) * (1 + cost));
        axpy(-1, s.x.w, moved);
        scale(-4, moved);
        assert_slope(start_value, &s, s.x.w, moved);
    }
    arena_free(&arena);
}
END_TEST

/* ---- Sizes that an int does not count, and what is no number --------------------- */

START_TEST(sizes_beyond_an_int_stop)
{
    begin("shapes/sizes");
    static const int big[][2] = {{46341, 46341}, {70000, 70000}, {2147483647, 1}};
    for (int i = 0; i < 3; i++)
        for (int biases = 0; biases < 2; biases++) {
            int width[] = {big[i][0], big[i][1], 2};
            struct mlp net = mlp_make(2, width, TANH, STANDARD, biases);
            ck_assert_stops("must be 0 to 2147483647, got ", mlp_parameters(&net));
            ck_assert_stops("must be 0 to 2147483647, got ",
                            mlp_weights(&net, (vec){0}, 0));
        }
    struct mlp fits = mlp_make(1, (int[]){46340, 46340}, TANH, STANDARD, true);
    ck_assert_int_eq(mlp_parameters(&fits), 46340 * 46341);
    struct resnet wide = {1, 46341, TANH, true, 1}, deep = {2000000, 40, TANH, true, 1};
    ck_assert_stops("of_layer: ", resnet_parameters(wide));
    ck_assert_stops("resnet_parameters: ", resnet_parameters(deep));
    ck_assert_stops("resnet_pass_make: ", resnet_pass_make(&arena, deep, 2000));
    ck_assert_stops("mf_particles_make: ", mf_particles_make(&arena, 50000, 50000));
    ck_assert_stops("mf_spike_pass_make: ", mf_spike_pass_make(&arena, 1, 1100000000));
    ck_assert_stops("nf_parameters: ", nf_parameters(1100000000, 1));
    ck_assert_stops("nf_parameters: ", nf_parameters(20000000, 64));
    ck_assert_stops("cnf_make: ", cnf_make(2147483647, 1, 1, 1, 0));
    struct cnf cnf = cnf_make(2, 1, 2, 1, 50000);
    ck_assert_stops("cnf_pass_make: ", cnf_pass_make(&arena, &cnf, 50000, 50000));
    double v = init_variance(init_xavier(NORMAL), 2000000000, 1000000000);
    ck_assert_double_eq_tol(v * 1.5e9, 1, 1e-15);
    arena_free(&arena);
}
END_TEST

START_TEST(nan_reaches_what_depends_on_it)
{
    begin("shapes/nan");
    static const enum activation all[] = {RELU, TANH, ERF, SOFTPLUS};
    for (int i = 0; i < 4; i++) {
        vec z = {3, (real[]){1, NAN, -1}}, s = arena_vec(&arena, 3);
        activate(all[i], z, s);
        ck_assert(isnan(z.at[1]) && isnan(s.at[1]));
        ck_assert(isfinite(z.at[0] + z.at[2] + s.at[0] + s.at[2]));
    }
    struct measure x = {.p = {normal_mat(4, 1), normals(4), exponential_loss, RELU, 1,
                              BOTH_LAYERS},
                        .q = mf_particles_make(&arena, 2, 1),
                        .pass = mf_pass_make(&arena, 2, 4)};
    fill(1, x.q.all);
    for (int i = 0; i < 4; i++) {
        mat X = normal_mat(4, 1);
        fill(1, x.p.t);
        x.p.X = X;
        ck_assert(!isnan(mf_margin(&x.p, x.q, &x.pass)));
        X.at[i] = NAN;
        ck_assert(isnan(mf_margin(&x.p, x.q, &x.pass)));
        ck_assert(isnan(measure_value(&x)));
        ck_assert(isnan(x.pass.dF.at[0]));
    }
    ck_assert_stops("got nan", init_respond(TANH, NAN));
    ck_assert_stops("got nan", init_draw(&rng, NORMAL, NAN, x.p.t));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("shapes",
                    (const TTest *const[]){
                        networks_of_any_shape, jacobians_and_kernels_of_any_shape,
                        lazy_problems_of_any_shape, residual_nets_of_any_shape,
                        OF_DOUBLES(chains_of_any_shape), continuous_flows_of_any_shape,
                        traces_in_any_dimension, probes_are_drawn_each,
                        particles_of_any_number, transport_is_the_cheapest_pairing,
                        steps_from_a_start_of_any_shape, sizes_beyond_an_int_stop,
                        nan_reaches_what_depends_on_it, NULL});
}
