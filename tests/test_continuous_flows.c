/* The contract of continuous_flows.h.  What the functions mean is for the claims of the
 * chapter; here they are held against mlp.h, which knows Jacobian products but no
 * traces, against each other, and against their own shapes. */
#include "continuous_flows.h"
#include "ground/finding.h"
#include "ground/training.h"
#include "ground/unit.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct world {
    struct arena arena;
    struct rng rng;
    struct cnf cnf;
    vec w;
};

/* A flow with random weights and biases, and multipliers that are not 1. */
static struct world world_make(const char *test, struct cnf cnf)
{
    struct world world = {arena_make((size_t)64 << 20), unit_rng(test), cnf, {0}};
    for (int l = 0; l < cnf.net.depth; l++)
        world.cnf.net.multiplier[l] = 1.1 - 0.3 * l;
    world.w = arena_vec(&world.arena, mlp_parameters(&cnf.net));
    rng_normals(&world.rng, 0, 0.5, world.w);
    return world;
}

static vec zeros(struct world *world, int n) { return arena_vec(&world->arena, n); }

static const vec no_vec = {0, NULL};

static double apart(vec x, vec y)
{
    ck_assert_int_eq(x.n, y.n);
    double most = 0;
    for (int i = 0; i < x.n; i++)
        most = worst(most, fabs(x.at[i] - y.at[i]));
    return most;
}

/* ---- Making -----------------------------------------------------------------------
 */

START_TEST(makes_a_network_of_tanh_units)
{
    struct cnf cnf = cnf_make(3, 2, 7, 5, 4);
    ck_assert_int_eq(cnf.steps, 5);
    ck_assert_int_eq(cnf.probes, 4);
    ck_assert_int_eq(cnf.net.depth, 3);
    ck_assert_int_eq(cnf.net.activation, TANH);
    ck_assert(cnf.net.biases);
    const int width[] = {4, 7, 7, 3};
    for (int l = 0; l <= 3; l++)
        ck_assert_int_eq(cnf.net.width[l], width[l]);
    ck_assert_int_eq(cnf_directions(&cnf), 4);
    cnf.probes = 0;
    ck_assert_int_eq(cnf_directions(&cnf), 3);
    ck_assert_int_eq(cnf_make(1, 1, 1, 1, 0).net.width[0], 2);
    ck_assert_int_eq(cnf_make(1, MLP_DEPTH - 1, 1, 1, 0).net.depth, MLP_DEPTH);
    ck_assert_stops("cnf_make: D must be positive, got 0", cnf_make(0, 1, 1, 1, 3));
    ck_assert_stops("cnf_make: hidden must be 1 to 127, got 0",
                    cnf_make(1, 0, 1, 1, 0));
    ck_assert_stops("cnf_make: hidden must be 1 to 127, got 128",
                    cnf_make(1, MLP_DEPTH, 1, 1, 0));
    ck_assert_stops("cnf_make: steps must be positive, got 0", cnf_make(1, 1, 1, 0, 0));
    ck_assert_stops("cnf_make: probes must not be negative, got -1",
                    cnf_make(1, 1, 1, 1, -1));
}
END_TEST

/* The sum of squares of n normal numbers over their variance, as a chi-square. */
static void assert_variance(mat W, double variance)
{
    vec x = entries(W);
    double root = sqrt(2.0 * x.n), off = dot(x, x) / variance - x.n;
    ck_assert_double_le(fabs(off), 8 * root);
}

START_TEST(draws_a_field_that_is_small)
{
    struct world world = world_make(__func__, cnf_make(5, 2, 100, 1, 0));
    const struct mlp *net = &world.cnf.net;
    cnf_draw(&world.cnf, &world.rng, world.w);
    assert_variance(mlp_weights(net, world.w, 0), 1.0 / 6);
    assert_variance(mlp_weights(net, world.w, 1), 1.0 / 100);
    assert_variance(mlp_weights(net, world.w, 2), 0.1 / 100);
    for (int l = 0; l < 3; l++)
        ck_assert_double_eq(max_norm(mlp_biases(net, world.w, l)), 0);
    arena_free(&world.arena);
}
END_TEST

START_TEST(aims_along_the_axes_or_at_random)
{
    struct world world = world_make(__func__, cnf_make(3, 1, 2, 1, 0));
    mat V = normal_mat(&world.arena, &world.rng, 3 * 4, 3);
    cnf_aim(&world.cnf, NULL, V);
    for (int i = 0; i < 12; i++)
        for (int k = 0; k < 3; k++)
            ck_assert_double_eq(row(V, i).at[k], i / 4 == k);
    ck_assert_stops("cnf_aim: V is 10 x 3, for 3 directions in 3 dimensions",
                    cnf_aim(&world.cnf, NULL, row_block(V, 0, 10)));
    mat wide = normal_mat(&world.arena, &world.rng, 3, 4);
    ck_assert_stops("cnf_aim: V is 3 x 4, for 3 directions in 3 dimensions",
                    cnf_aim(&world.cnf, NULL, wide));

    world.cnf.probes = 4;
    mat many = normal_mat(&world.arena, &world.rng, 4 * 1000, 3);
    cnf_aim(&world.cnf, &world.rng, many);
    int positive = 0;
    for (int i = 0; i < 12000; i++) {
        ck_assert_double_eq(fabs(many.at[i]), 0.5);
        positive += many.at[i] > 0;
    }
    ck_assert(count_fits(positive, 12000, 0.5).holds);
    cnf_aim(&world.cnf, NULL, row_block(many, 0, 0));
    ck_assert_stops("4 random directions need a stream",
                    cnf_aim(&world.cnf, NULL, row_block(many, 0, 4)));
    arena_free(&world.arena);
}
END_TEST

/* ---- The field --------------------------------------------------------------------
 */

/* The same network through mlp.h, on the inputs (z, t). */
static struct mlp_pass through_mlp(struct world *world, double t, mat Z)
{
    mat X = arena_mat(&world->arena, Z.rows, Z.cols + 1);
    for (int i = 0; i < Z.rows; i++) {
        copy(row(Z, i), (vec){Z.cols, row(X, i).at});
        row(X, i).at[Z.cols] = t;
    }
    struct mlp_pass pass = mlp_pass_make(&world->arena, &world->cnf.net, Z.rows);
    mlp_forward(&world->cnf.net, world->w, X, &pass);
    return pass;
}

START_TEST(field_and_trace_are_those_of_mlp)
{
    static const int hidden[] = {1, 2, 3};
    for (int h = 0; h < 3; h++) {
        struct world world = world_make(__func__, cnf_make(3, hidden[h], 6, 1, 0));
        const struct mlp *net = &world.cnf.net;
        int n = 5, D = 3;
        mat Z = normal_mat(&world.arena, &world.rng, n, D),
            F = normal_mat(&world.arena, &world.rng, n, D);
        mat V = arena_mat(&world.arena, n * D, D);
        vec trace = normal_vec(&world.arena, &world.rng, n), by_rows = zeros(&world, n);
        struct cnf_pass pass = cnf_pass_make(&world.arena, &world.cnf, n, D);
        cnf_aim(&world.cnf, NULL, V);
        cnf_forward(&world.cnf, world.w, 0.7, Z, V, &pass, F, trace);

        struct mlp_pass other = through_mlp(&world, 0.7, Z);
        mat G = arena_mat(&world.arena, n, D), dX = arena_mat(&world.arena, n, D + 1);
        for (int k = 0; k < D; k++) {
            fill(0, entries(G));
            for (int i = 0; i < n; i++)
                row(G, i).at[k] = 1;
            mlp_backward(net, world.w, G, &other);
            mlp_input_gradient(net, world.w, &other, dX);
            for (int i = 0; i < n; i++)
                by_rows.at[i] += row(dX, i).at[k];
        }
        double limit = rounding(4 * 7, 30);
        ck_assert_double_le(apart(entries(F), entries(other.H[net->depth])), limit);
        ck_assert_double_le(apart(trace, by_rows), limit);
        arena_free(&world.arena);
    }
}
END_TEST

/* Two random directions a point: a derivative of the field by mlp_jvp. */
START_TEST(probes_are_jacobian_products)
{
    struct world world = world_make(__func__, cnf_make(3, 2, 6, 1, 2));
    int n = 4, D = 3;
    mat Z = normal_mat(&world.arena, &world.rng, n, D),
        F = arena_mat(&world.arena, n, D);
    mat V = normal_mat(&world.arena, &world.rng, 2 * n, D),
        dF = arena_mat(&world.arena, n, D);
    mat dX = arena_mat(&world.arena, n, D + 1);
    vec trace = zeros(&world, n), by_jvp = zeros(&world, n);
    struct cnf_pass pass = cnf_pass_make(&world.arena, &world.cnf, n, 2);
    cnf_forward(&world.cnf, world.w, 0.2, Z, V, &pass, F, trace);
    struct mlp_pass other = through_mlp(&world, 0.2, Z);
    for (int k = 0; k < 2; k++) {
        fill(0, entries(dX));
        for (int i = 0; i < n; i++)
            copy(row(V, k * n + i), (vec){D, row(dX, i).at});
        mlp_jvp(&world.cnf.net, world.w, zeros(&world, world.w.n), dX, &other,
                &world.arena, dF);
        for (int i = 0; i < n; i++)
            by_jvp.at[i] += dot(row(dF, i), row(V, k * n + i));
    }
    ck_assert_double_le(apart(trace, by_jvp), rounding(4 * 7, 100));
    ck_assert_stops("cnf_forward: 4 points and 4 directions, but the pass has room for "
                    "4 and 8",
                    cnf_forward(&world.cnf, world.w, 0.2, Z, row_block(V, 0, 4), &pass,
                                F, trace));
    ck_assert_stops("cnf_forward: 3 points and 9 directions",
                    cnf_forward(&world.cnf, world.w, 0.2, row_block(Z, 0, 3),
                                normal_mat(&world.arena, &world.rng, 9, 3), &pass, F,
                                trace));
    arena_free(&world.arena);
}
END_TEST

/* <A, f> + a times the sum of the traces. */
static double combined(struct world *world, vec w, mat Z, mat V, mat A, double a)
{
    size_t mark = world->arena.used;
    mat F = arena_mat(&world->arena, Z.rows, Z.cols);
    vec trace = zeros(world, Z.rows);
    struct cnf_pass pass =
        cnf_pass_make(&world->arena, &world->cnf, Z.rows, V.rows / Z.rows);
    cnf_forward(&world->cnf, w, 0.4, Z, V, &pass, F, trace);
    double sum = dot(entries(A), entries(F));
    for (int i = 0; i < trace.n; i++)
        sum += a * trace.at[i];
    world->arena.used = mark;
    return sum;
}

/* The step of differences whose error is H^4 times a fifth derivative, and eps / H. */
static const double H = IS_DOUBLE ? 1e-3 : 0.03;

/* The slope of `combined` along x, of parameters or points, by four differences. */
static double slope(struct world *world, vec x, vec dx, mat Z, mat V, mat A, double a)
{
    static const double weight[] = {1.0 / 12, -2.0 / 3, 2.0 / 3, -1.0 / 12};
    static const int at[] = {-2, -1, 1, 2};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        axpy(at[i] * H, dx, x);
        sum += weight[i] / H * combined(world, world->w, Z, V, A, a);
        axpy(-at[i] * H, dx, x);
    }
    return sum;
}

START_TEST(backward_is_the_derivative_of_forward)
{
    for (int way = 0; way < 12; way++) { /* depths 1 to 3, with 0 to 3 directions */
        int hidden = 1 + way % 3, K = way / 3, n = way % 2 ? 4 : 1, D = 3;
        struct world world = world_make(__func__, cnf_make(D, hidden, 6, 1, 2));
        mat Z = normal_mat(&world.arena, &world.rng, n, D),
            V = normal_mat(&world.arena, &world.rng, K * n, D);
        mat A = normal_mat(&world.arena, &world.rng, n, D),
            F = arena_mat(&world.arena, n, D);
        mat dZ = normal_mat(&world.arena, &world.rng, n, D);
        vec trace = zeros(&world, n), grad = zeros(&world, world.w.n);
        struct cnf_pass pass = cnf_pass_make(&world.arena, &world.cnf, n, K);
        double a = 0.6;
        cnf_forward(&world.cnf, world.w, 0.4, Z, V, &pass, F, trace);
        fill(1, grad); /* it is added to */
        size_t mark = world.arena.used;
        cnf_backward(&world.cnf, world.w, V, &pass, A, a, &world.arena, dZ, grad);
        ck_assert_uint_eq(world.arena.used, mark);
        vec u = normal_vec(&world.arena, &world.rng, n * D),
            dw = normal_vec(&world.arena, &world.rng, world.w.n);
        scale(1 / norm(u), u);
        scale(1 / norm(dw), dw);
        double ones = 0;
        for (int i = 0; i < dw.n; i++)
            ones += dw.at[i];
        double limit = 1e4 * pow(H, 4); /* no fifth derivative is larger than 1e4 */
        double along_z = slope(&world, entries(Z), u, Z, V, A, a);
        ck_assert_double_le(fabs(along_z - dot(entries(dZ), u)), limit);
        double along_w = slope(&world, world.w, dw, Z, V, A, a);
        ck_assert_double_le(fabs(along_w - (dot(grad, dw) - ones)), limit);
        arena_free(&world.arena);
    }
}
END_TEST

/* ---- Paths, densities and samples --------------------------------------------------
 */

START_TEST(the_field_of_the_paths)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 1, 0));
    int n = 3;
    vec state = normal_vec(&world.arena, &world.rng, 9),
        dstate = normal_vec(&world.arena, &world.rng, 9);
    mat Z = {n, 2, state.at}, F = arena_mat(&world.arena, n, 2);
    mat V = arena_mat(&world.arena, 2 * n, 2);
    vec trace = zeros(&world, n);
    cnf_aim(&world.cnf, NULL, V);
    struct cnf_pass pass[2] = {cnf_pass_make(&world.arena, &world.cnf, n, 2)};
    struct cnf_paths keep = {&world.cnf, world.w, V, pass, 1},
                     forget = {&world.cnf, world.w, V, pass, 0};
    cnf_forward(&world.cnf, world.w, 0.9, Z, V, pass, F, trace);
    cnf_field(&keep, 0.9, state, dstate);
    ck_assert_ptr_eq(keep.pass, pass + 1);
    ck_assert_double_eq(apart((vec){6, dstate.at}, entries(F)), 0);
    for (int i = 0; i < n; i++)
        ck_assert_double_eq(dstate.at[6 + i], -trace.at[i]);
    cnf_field(&forget, 0.9, state, dstate);
    ck_assert_ptr_eq(forget.pass, pass);
    arena_free(&world.arena);
}
END_TEST

/* Blocks are a matter of speed: all points at once, and each alone. */
START_TEST(points_know_nothing_of_each_other)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 3, 0));
    int n = 2 * CNF_BLOCK + 3;
    mat Z = normal_mat(&world.arena, &world.rng, n, 2),
        alone = arena_mat(&world.arena, n, 2), bare = arena_mat(&world.arena, n, 2);
    vec log_p = normal_vec(&world.arena, &world.rng, n), log_p_alone = zeros(&world, n);
    copy(entries(Z), entries(alone));
    copy(entries(Z), entries(bare));
    copy(log_p, log_p_alone);
    struct cnf *cnf = &world.cnf;
    size_t mark = world.arena.used;
    ck_assert_int_eq(cnf_transport(cnf, world.w, 0.1, 0.8, NULL, &world.arena, Z,
                                   log_p),
                     ODE_DONE);
    ck_assert_uint_eq(world.arena.used, mark);
    for (int i = 0; i < n; i++)
        cnf_transport(cnf, world.w, 0.1, 0.8, NULL, &world.arena,
                      row_block(alone, i, 1), (vec){1, &log_p_alone.at[i]});
    cnf_transport(cnf, world.w, 0.1, 0.8, NULL, &world.arena, bare, no_vec);
    double limit = rounding(3 * 4 * 20, 30);
    ck_assert_double_le(apart(entries(Z), entries(alone)), limit);
    ck_assert_double_le(apart(entries(Z), entries(bare)), limit);
    ck_assert_double_le(apart(log_p, log_p_alone), limit);
    mat none = {0, 2, NULL};
    ck_assert_int_eq(cnf_transport(cnf, world.w, 0, 1, NULL, &world.arena, none,
                                   no_vec),
                     ODE_DONE);
    arena_free(&world.arena);
}
END_TEST

/* In a field that is constant in z, every path is a straight line or a known curve. */
START_TEST(a_wind_moves_everything_alike)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 4, 0));
    const struct mlp *net = &world.cnf.net;
    fill(0, entries(mlp_weights(net, world.w, 1)));
    copy((vec){2, (real[]){0.25, -2}}, mlp_biases(net, world.w, 1));
    mat X = arena_mat(&world.arena, 1, 2);
    vec log_p = normal_vec(&world.arena, &world.rng, 1);
    cnf_log_density(&world.cnf, world.w, X, NULL, &world.arena, log_p);
    /* 0 came from (-1/4, 2) */
    double expected = -(0.0625 + 4) / 2 - log(2 * acos(-1.0));
    ck_assert_double_le(fabs(log_p.at[0] - expected), rounding(10, 4));
    mat Z = arena_mat(&world.arena, 1, 2);
    cnf_transport(&world.cnf, world.w, 0, 1, NULL, &world.arena, Z, no_vec);
    ck_assert_double_le(fabs(Z.at[0] - 0.25), rounding(10, 1));
    ck_assert_double_le(fabs(Z.at[1] + 2), rounding(10, 1));
    arena_free(&world.arena);
}
END_TEST

START_TEST(samples_carry_their_density)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 60, 0));
    int n = CNF_BLOCK + 1;
    mat X = arena_mat(&world.arena, n, 2), again = arena_mat(&world.arena, n, 2);
    vec log_p = zeros(&world, n), back = normal_vec(&world.arena, &world.rng, n);
    struct rng rng = world.rng;
    size_t mark = world.arena.used;
    ck_assert_int_eq(cnf_sample(&world.cnf, world.w, &rng, &world.arena, X, log_p),
                     ODE_DONE);
    ck_assert_int_eq(cnf_log_density(&world.cnf, world.w, X, NULL, &world.arena, back),
                     ODE_DONE);
    ck_assert_uint_eq(world.arena.used, mark);
    ck_assert_double_le(apart(log_p, back), 1e-4); /* (1/60)^4 is 8e-8 */
    rng = world.rng;
    cnf_sample(&world.cnf, world.w, &rng, &world.arena, again, no_vec);
    ck_assert_double_le(apart(entries(X), entries(again)), rounding(60 * 4 * 20, 10));
    arena_free(&world.arena);
}
END_TEST

START_TEST(what_runs_away_is_a_status)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 4, 0));
    fill(1e308, mlp_biases(&world.cnf.net, world.w, 1));
    mat Z = normal_mat(&world.arena, &world.rng, 2 * CNF_BLOCK, 2);
    vec log_p = zeros(&world, Z.rows);
    ck_assert_int_eq(cnf_transport(&world.cnf, world.w, 0, 9, NULL, &world.arena, Z,
                                   no_vec),
                     ODE_NOT_FINITE);
    Z.at[0] = NAN;
    fill(0, world.w);
    ck_assert_int_eq(cnf_log_density(&world.cnf, world.w, Z, NULL, &world.arena, log_p),
                     ODE_NOT_FINITE);
    ck_assert_int_eq(cnf_transport(&world.cnf, world.w, 0, 1, NULL, &world.arena,
                                   row_block(Z, CNF_BLOCK, CNF_BLOCK), no_vec),
                     ODE_DONE);
    arena_free(&world.arena);
}
END_TEST

START_TEST(shapes_that_do_not_fit)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 4, 0));
    mat Z = normal_mat(&world.arena, &world.rng, 4, 3),
        flat = normal_mat(&world.arena, &world.rng, 4, 2);
    vec log_p = zeros(&world, 3), grad = zeros(&world, world.w.n);
    ck_assert_stops("cnf_transport: Z has 3 columns, the flow 2 dimensions",
                    cnf_transport(&world.cnf, world.w, 0, 1, NULL, &world.arena, Z,
                                  no_vec));
    ck_assert_stops("cnf_transport: log_p has 3 entries, Z has 4 rows",
                    cnf_transport(&world.cnf, world.w, 0, 1, NULL, &world.arena, flat,
                                  log_p));
    ck_assert_stops("cnf_likelihood: X has 3 columns, the flow 2 dimensions",
                    cnf_likelihood(&world.cnf, world.w, Z, NULL, &world.arena, grad));
    arena_free(&world.arena);
}
END_TEST

/* ---- The likelihood ----------------------------------------------------------------
 */

START_TEST(likelihood_is_the_mean_of_the_densities)
{
    for (int probes = 0; probes <= 2; probes++) {
        struct world world = world_make(__func__, cnf_make(3, 2, 5, 3, probes));
        int n = CNF_BLOCK + 5;
        mat X = normal_mat(&world.arena, &world.rng, n, 3);
        vec log_p = zeros(&world, n),
            grad = normal_vec(&world.arena, &world.rng, world.w.n);
        struct rng rng = world.rng, same = world.rng;
        size_t mark = world.arena.used;
        double loss = cnf_likelihood(&world.cnf, world.w, X, &rng, &world.arena, grad);
        ck_assert_uint_eq(world.arena.used, mark);
        cnf_log_density(&world.cnf, world.w, X, &same, &world.arena, log_p);
        double mean = 0;
        for (int i = 0; i < n; i++)
            mean += log_p.at[i] / n;
        ck_assert_double_le(fabs(loss + mean), rounding(n + 3 * 4 * 20, 20));
        ck_assert_uint_eq(rng_bits(&rng), rng_bits(&same));
        arena_free(&world.arena);
    }
}
END_TEST

START_TEST(a_step_along_the_gradient_lowers_the_loss)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 3, 0));
    struct cnf_problem problem = {world.cnf, cnf_moons, 50};
    vec grad = normal_vec(&world.arena, &world.rng, world.w.n),
        other = zeros(&world, world.w.n);
    struct rng rng = world.rng, same = world.rng, again = world.rng;
    size_t mark = world.arena.used;
    double before = cnf_loss(&problem, 0, world.w, &rng, &world.arena, grad);
    ck_assert_uint_eq(world.arena.used, mark);
    mat X = arena_mat(&world.arena, 50, 2);
    cnf_moons(&same, X);
    ck_assert_double_eq(cnf_likelihood(&world.cnf, world.w, X, NULL, &world.arena,
                                       other),
                        before);
    ck_assert_double_eq(apart(grad, other), 0);
    double step = 1e-3 / norm(grad), predicted = 1e-3 * norm(grad);
    axpy(-step, grad, world.w);
    double gain = before - cnf_loss(&problem, 0.5, world.w, &again, &world.arena, grad);
    ck_assert_double_le(fabs(gain - predicted), 0.2 * predicted);
    arena_free(&world.arena);
}
END_TEST

static bool until_five(void *context, const struct recipe *recipe,
                       const struct training *training, double loss)
{
    (void)context, (void)recipe, (void)loss;
    return training->iteration < 5;
}

/* Ten iterations at once, and ten that are stopped after five, saved, and resumed from
 * the file by someone else; with probes, so that the stream matters twice. */
START_TEST(training_resumes_without_loss)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 5, 2, 1));
    struct cnf_problem problem = {world.cnf, cnf_checkerboard, 20};
    struct recipe recipe = {cnf_loss, &problem, 10, 0.01, 0};
    struct arena *arena = &world.arena;
    struct training at_once = training_make(arena, world.w.n, world.rng);
    cnf_draw(&world.cnf, &at_once.rng, at_once.theta);
    struct training stopped = training_make(arena, world.w.n, at_once.rng);
    copy(at_once.theta, stopped.theta);
    ck_assert_int_eq(train(&recipe, NULL, NULL, arena, &at_once), TRAINING_DONE);
    ck_assert_int_eq(train(&recipe, until_five, NULL, arena, &stopped),
                     TRAINING_STOPPED);

    char path[] = "/tmp/test_continuous_flows_XXXXXX", message[CHECKPOINT_MESSAGE];
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    ck_assert_int_eq(training_save(path, &stopped, arena, message), CHECKPOINT_OK);
    struct training resumed = training_make(arena, world.w.n, world.rng);
    ck_assert_int_eq(training_load(path, arena, &resumed, message), CHECKPOINT_OK);
    remove(path);
    ck_assert_int_eq(train(&recipe, NULL, NULL, arena, &resumed), TRAINING_DONE);
    for (int i = 0; i < world.w.n; i++)
        ck_assert(resumed.theta.at[i] == at_once.theta.at[i]);
    arena_free(arena);
}
END_TEST

/* ---- The laws ----------------------------------------------------------------------
 */

enum { POINTS = 20000 };

START_TEST(four_clusters)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 1, 1, 0));
    mat X = normal_mat(&world.arena, &world.rng, POINTS, 2);
    cnf_gaussians(&world.rng, X);
    int seen[4] = {0};
    double squares = 0;
    for (int i = 0; i < POINTS; i++) {
        double x = row(X, i).at[0], y = row(X, i).at[1];
        int c = fabs(x) > fabs(y) ? (x > 0) : 2 + (y > 0);
        seen[c]++;
        squares += pow(c < 2 ? fabs(x) - 2 : x, 2) + pow(c < 2 ? y : fabs(y) - 2, 2);
    }
    for (int c = 0; c < 4; c++)
        ck_assert(count_fits(seen[c], POINTS, 0.25).holds);
    double chi = squares / (0.35 * 0.35) - 2 * POINTS;
    ck_assert_double_le(fabs(chi), 8 * sqrt(4.0 * POINTS));
    arena_free(&world.arena);
}
END_TEST

/* The distance to the nearer of the two half circles. */
static double from_arcs(double x, double y)
{
    double least = INFINITY;
    for (int side = -1; side <= 1; side += 2) {
        double u = side * x + 1, v = side * y + 0.5;
        double ends = fmin(hypot(u - 2, v), hypot(u + 2, v));
        least = fmin(least, v > 0 ? fabs(hypot(u, v) - 2) : ends);
    }
    return least;
}

/* Their moments: with c, s the cosine and sine of an even angle in [0, pi], E s = 2/pi,
 * E c = E cs = 0, and E s^2 = E c^2 = 1/2. */
START_TEST(two_moons)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 1, 1, 0));
    mat X = normal_mat(&world.arena, &world.rng, POINTS, 2);
    double xx[POINTS], yy[POINTS], xy[POINTS], pi = acos(-1.0);
    int right = 0;
    cnf_moons(&world.rng, X);
    for (int i = 0; i < POINTS; i++) {
        double x = row(X, i).at[0], y = row(X, i).at[1];
        ck_assert_double_le(from_arcs(x, y), 0.8);
        xx[i] = x * x, yy[i] = y * y, xy[i] = x * y;
        right += x > 0;
    }
    ck_assert(mean_is(POINTS, xx, 3 + 0.01).holds);
    ck_assert(mean_is(POINTS, yy, 2.25 - 4 / pi + 0.01).holds);
    ck_assert(mean_is(POINTS, xy, 0.5 - 4 / pi).holds);
    ck_assert(count_fits(right, POINTS, 0.5).holds);
    double spread = 0;
    for (int i = 0; i < POINTS; i++)
        spread += pow(from_arcs(row(X, i).at[0], row(X, i).at[1]), 2) / POINTS;
    ck_assert_double_le(fabs(spread - 0.01), 0.003);
    arena_free(&world.arena);
}
END_TEST

START_TEST(black_squares)
{
    struct world world = world_make(__func__, cnf_make(2, 1, 1, 1, 0));
    mat X = normal_mat(&world.arena, &world.rng, POINTS, 2);
    cnf_checkerboard(&world.rng, X);
    int seen[16] = {0}, right = 0;
    for (int i = 0; i < POINTS; i++) {
        double x = row(X, i).at[0] / 2 + 2, y = row(X, i).at[1] / 2 + 2;
        if (x == floor(x) || y == floor(y)) /* rounded to an edge */
            continue;
        ck_assert(x > 0 && x < 4 && y > 0 && y < 4);
        ck_assert_int_eq(((int)x + (int)y) % 2, 0);
        seen[4 * (int)x + (int)y]++;
        right += x - floor(x) > 0.5;
    }
    for (int c = 0; c < 16; c++)
        if ((c / 4 + c % 4) % 2 == 0)
            ck_assert(count_fits(seen[c], POINTS, 1.0 / 8).holds);
    ck_assert(count_fits(right, POINTS, 0.5).holds);
    arena_free(&world.arena);
}
END_TEST

/* The loss of a likelihood whose probes are drawn anew from the same stream. */
static double loss_at(struct world *world, mat X, vec grad)
{
    struct rng rng = world->rng;
    return cnf_likelihood(&world->cnf, world->w, X, &rng, &world->arena, grad);
}

/* The whole gradient, along a direction that has all weights in it, for one point and
 * for more than a block, one step and several, one direction and several, one dimension
 * and one unit. */
START_TEST(likelihood_has_the_gradient_of_its_shape)
{
    static const int shapes[][6] = {/* D, hidden, width, steps, probes, points */
                                    {1, 1, 1, 1, 0, 1}, {1, 2, 3, 1, 1, 2},
                                    {2, 1, 5, 2, 0, 1}, {3, 3, 4, 3, 0, 3},
                                    {2, 2, 3, 2, 4, 2}, {4, 1, 6, 1, 3, CNF_BLOCK + 1}};
    for (int s = 0; s < 6; s++) {
        const int *is = shapes[s];
        struct world world =
            world_make(__func__, cnf_make(is[0], is[1], is[2], is[3], is[4]));
        mat X = normal_mat(&world.arena, &world.rng, is[5], is[0]);
        vec dw = normal_vec(&world.arena, &world.rng, world.w.n);
        vec grad = zeros(&world, dw.n), unused = zeros(&world, dw.n);
        scale(1 / norm(dw), dw);
        size_t mark = world.arena.used;
        loss_at(&world, X, grad);
        ck_assert_uint_eq(world.arena.used, mark);
        double sum = 0;
        for (int i = -2; i <= 2; i++) {
            axpy(i * H, dw, world.w);
            sum += (double[]){1, -8, 0, 8, -1}[i + 2] * loss_at(&world, X, unused);
            axpy(-i * H, dw, world.w);
        }
        assert_near(dot(grad, dw), sum / (12 * H), 1e4 * pow(H, 4));
        arena_free(&world.arena);
    }
}
END_TEST

/* One point is carried as in a crowd, with its density and without, and what was taken
 * for it from the arena is back, also where the path has no end. */
START_TEST(one_point_is_a_batch)
{
    for (int D = 1; D <= 3; D++) {
        struct world world = world_make(__func__, cnf_make(D, 1, 4, 3, 0));
        mat X = arena_mat(&world.arena, 1, D), Y = arena_mat(&world.arena, 1, D);
        vec log_p = zeros(&world, 1), back = zeros(&world, 1);
        size_t mark = world.arena.used;
        struct rng rng = world.rng, same = world.rng, start = world.rng;
        cnf_sample(&world.cnf, world.w, &rng, &world.arena, X, log_p);
        cnf_sample(&world.cnf, world.w, &same, &world.arena, Y, no_vec);
        ck_assert_double_le(apart(entries(X), entries(Y)), rounding(3 * 4 * 20, 10));
        rng_normals(&start, 0, 1, entries(Y));
        ck_assert_double_gt(apart(entries(X), entries(Y)), 1e-6);
        X.at[D - 1] = NAN;
        ck_assert_int_eq(cnf_log_density(&world.cnf, world.w, X, NULL, &world.arena,
                                         back),
                         ODE_NOT_FINITE);
        ck_assert_int_eq(cnf_transport(&world.cnf, world.w, 0, 1, NULL, &world.arena, X,
                                       back),
                         ODE_NOT_FINITE);
        ck_assert_uint_eq(world.arena.used, mark);
        arena_free(&world.arena);
    }
}
END_TEST

/* Each law is its own mirror image in either axis, or after half a turn: a point that
 * is drawn alone lies on either side, and so do two rows, whatever the other does. */
START_TEST(rows_are_drawn_one_by_one)
{
    cnf_law *const laws[] = {cnf_gaussians, cnf_moons, cnf_checkerboard};
    for (int law = 0; law < 3; law++) {
        struct world world = world_make(__func__, cnf_make(2, 1, 1, 1, 0));
        mat X = arena_mat(&world.arena, 1, 2), Y = arena_mat(&world.arena, 2, 2);
        int right = 0, above = 0, together = 0;
        for (int i = 0; i < POINTS; i++) {
            laws[law](&world.rng, X);
            right += X.at[0] > 0, above += X.at[1] > 0;
            laws[law](&world.rng, Y);
            together += (row(Y, 0).at[0] > 0) == (row(Y, 1).at[0] > 0);
        }
        ck_assert(count_fits(right, POINTS, 0.5).holds);
        ck_assert(count_fits(above, POINTS, 0.5).holds);
        ck_assert(count_fits(together, POINTS, 0.5).holds);
        arena_free(&world.arena);
    }
}
END_TEST

/* The mean over equal points, however many they are, is what one of them gives. */
START_TEST(the_last_of_many_blocks_counts)
{
    struct world world = world_make(__func__, cnf_make(1, 1, 2, 1, 0));
    vec grad = zeros(&world, world.w.n), of_one = zeros(&world, world.w.n);
    mat X = arena_mat(&world.arena, 70 * CNF_BLOCK, 1);
    fill(0.5, entries(X));
    double one = cnf_likelihood(&world.cnf, world.w, row_block(X, 0, 1), NULL,
                                &world.arena, of_one);
    for (int n = 63 * CNF_BLOCK; n <= X.rows; n += CNF_BLOCK) {
        double all = cnf_likelihood(&world.cnf, world.w, row_block(X, 0, n), NULL,
                                    &world.arena, grad);
        assert_near(all, one, n * DBL_EPSILON * fabs(one));
        for (int k = 0; k < grad.n; k++)
            assert_near(grad.at[k], of_one.at[k], n * DBL_EPSILON * norm(of_one));
    }
    arena_free(&world.arena);
}
END_TEST

/* Weights, points and what is asked for stay as they are; of a stream a loss takes as
 * much as law and likelihood do, and all scratch is back, for one point too. */
START_TEST(what_is_read_stays)
{
    for (int n = 1; n <= 3; n += 2) {
        struct world world = world_make(__func__, cnf_make(2, 2, 4, 2, 2));
        struct cnf_problem problem = {world.cnf, cnf_moons, n};
        struct rng rng = world.rng, same = world.rng;
        mat X = arena_mat(&world.arena, n, 2), F = arena_mat(&world.arena, n, 2);
        mat A = normal_mat(&world.arena, &world.rng, n, 2);
        mat V = normal_mat(&world.arena, &world.rng, 2 * n, 2);
        vec grad = zeros(&world, world.w.n), other = zeros(&world, world.w.n);
        vec log_p = zeros(&world, n);
        struct cnf_pass pass = cnf_pass_make(&world.arena, &world.cnf, n, 2);
        size_t mark = world.arena.used;
        double loss = cnf_loss(&problem, 0, world.w, &rng, &world.arena, grad);
        ck_assert_uint_eq(world.arena.used, mark);
        cnf_moons(&same, X);
        struct unit_watch read =
            WATCH(&world.arena, world.w, entries(X), entries(A), entries(V));
        ck_assert_double_eq(cnf_likelihood(&world.cnf, world.w, X, &same, &world.arena,
                                           other),
                            loss);
        ck_assert_double_eq(apart(grad, other), 0);
        ck_assert_uint_eq(rng_bits(&rng), rng_bits(&same));
        cnf_log_density(&world.cnf, world.w, X, &rng, &world.arena, log_p);
        cnf_forward(&world.cnf, world.w, 0.3, X, V, &pass, F, log_p);
        cnf_backward(&world.cnf, world.w, V, &pass, A, 0.5, &world.arena, F, grad);
        assert_unchanged(&read);
        arena_free(&world.arena);
    }
}
END_TEST

/* The last layer is the small one, however many there are before it. */
START_TEST(draws_a_small_last_layer_at_every_depth)
{
    struct arena arena = arena_make(1 << 22);
    struct rng rng = unit_rng(__func__);
    for (int hidden = 1; hidden < MLP_DEPTH; hidden++) {
        struct cnf cnf = cnf_make(49, hidden, 50, 1, 0);
        arena.used = 0;
        vec w = arena_vec(&arena, mlp_parameters(&cnf.net));
        fill(NAN, w);
        cnf_draw(&cnf, &rng, w);
        for (int l = 0; l <= hidden; l++) {
            vec W = entries(mlp_weights(&cnf.net, w, l));
            double scaled = dot(W, W) / W.n * 50 / (l < hidden ? 1 : 0.1);
            ck_assert_double_le(fabs(scaled - 1), 7 * sqrt(2.0 / W.n));
            ck_assert_double_eq(max_norm(mlp_biases(&cnf.net, w, l)), 0);
        }
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {makes_a_network_of_tanh_units,
                                  draws_a_field_that_is_small,
                                  aims_along_the_axes_or_at_random,
                                  the_last_of_many_blocks_counts,
                                  field_and_trace_are_those_of_mlp,
                                  probes_are_jacobian_products,
                                  backward_is_the_derivative_of_forward,
                                  the_field_of_the_paths,
                                  points_know_nothing_of_each_other,
                                  a_wind_moves_everything_alike,
                                  samples_carry_their_density,
                                  what_runs_away_is_a_status,
                                  shapes_that_do_not_fit,
                                  likelihood_is_the_mean_of_the_densities,
                                  a_step_along_the_gradient_lowers_the_loss,
                                  training_resumes_without_loss,
                                  four_clusters,
                                  two_moons,
                                  black_squares,
                                  likelihood_has_the_gradient_of_its_shape,
                                  one_point_is_a_batch,
                                  rows_are_drawn_one_by_one,
                                  what_is_read_stays,
                                  draws_a_small_last_layer_at_every_depth,
                                  NULL};
    return unit_run("continuous_flows", tests);
}
