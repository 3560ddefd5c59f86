/* The contract of initialization.h: variances by their formulas, starts by their
 * symmetry, moments by sums over all signs, and bad input. */
#include "ground/unit.h"
#include "initialization.h"

#include <float.h>
#include <math.h>

static const int widths[] = {3, 5, 2, 4};
enum { DEPTH = 3 };

static struct mlp net_make(enum activation activation, enum scaling scaling,
                           bool biases)
{
    return mlp_make(DEPTH, widths, activation, scaling, biases);
}

static vec fresh(struct arena *arena, const struct mlp *net)
{
    vec w = arena_vec(arena, mlp_parameters(net));
    fill(NAN, w);
    return w;
}

START_TEST(variances_are_gain_over_fan)
{
    ck_assert_double_eq(init_variance(init_lecun(NORMAL), 8, 24), 1.0 / 8);
    ck_assert_double_eq(init_variance(init_xavier(NORMAL), 8, 24), 1.0 / 16);
    ck_assert_double_eq(init_variance(init_xavier(UNIFORM), 1, 2), 2.0 / 3);
    ck_assert_double_eq(init_variance(init_he(NORMAL), 8, 24), 1.0 / 4);
    struct init_scheme he_out = init_he(UNIFORM);
    he_out.fan = FAN_OUT;
    ck_assert_double_eq(init_variance(he_out, 8, 24), 1.0 / 12);
    struct mlp wide =
        mlp_make(2, (int[]){1 << 14, 1 << 15, 1 << 13}, RELU, STANDARD, false);
    ck_assert_double_eq(init_rho(&wide, he_out, 0), 0.5);
    ck_assert_double_eq(init_rho(&wide, he_out, 1), 4);
    ck_assert_double_eq(init_rho(&wide, init_he(NORMAL), 0), 1);
    ck_assert_double_eq(init_variance((struct init_scheme){.gain = 0}, 1, 1), 0);
    ck_assert(init_lecun(UNIFORM).law == UNIFORM && init_lecun(NORMAL).bias == 0);
    ck_assert(init_xavier(UNIFORM).law == UNIFORM && init_xavier(NORMAL).bias == 0);
    ck_assert(init_he(UNIFORM).law == UNIFORM && init_he(NORMAL).bias == 0);
}
END_TEST

START_TEST(negative_variances_stop)
{
    struct init_scheme scheme = init_he(NORMAL);
    ck_assert_stops("no layer goes from 0 units to 3", init_variance(scheme, 0, 3));
    ck_assert_stops("no layer goes from 3 units to 0", init_variance(scheme, 3, 0));
    scheme.bias = -1;
    ck_assert_stops("got gain 2, bias -1", init_variance(scheme, 3, 3));
    scheme = (struct init_scheme){.gain = -2};
    ck_assert_stops("got gain -2, bias 0", init_variance(scheme, 3, 3));
    struct rng rng = unit_rng("init/bad");
    ck_assert_stops("must not be negative, got -0.5",
                    init_draw(&rng, NORMAL, -0.5, (vec){0}));
    ck_assert_stops("must not be negative, got -1", init_respond(TANH, -1));
}
END_TEST

/* The same stream of numbers, shifted and scaled by hand. */
START_TEST(draws_have_the_size_of_their_law)
{
    real x[40];
    struct rng rng = unit_rng("init/draw"), again = rng;
    init_draw(&rng, NORMAL, 0.49, (vec){40, x});
    for (int i = 0; i < 40; i++)
        assert_near(x[i], 0.7 * rng_normal(&again), 1e-15);
    again = rng;
    init_draw(&rng, UNIFORM, 0.48, (vec){40, x});
    for (int i = 0; i < 40; i++)
        assert_near(x[i], 1.2 * (2 * rng_uniform(&again) - 1), 1e-15);
    init_draw(&rng, NORMAL, 0, (vec){40, x});
    ck_assert_double_eq(max_norm((vec){40, x}), 0);
}
END_TEST

/* Layer by layer, weights before biases, each with its own variance. */
START_TEST(weights_are_drawn_layer_by_layer)
{
    struct arena arena = arena_make(1 << 16);
    struct mlp net = net_make(TANH, STANDARD, true);
    struct init_scheme scheme = init_xavier(UNIFORM);
    vec w = fresh(&arena, &net);
    struct rng rng = unit_rng("init/weights"), again = rng;
    scheme.bias = 0.3;
    init_weights(&net, scheme, &rng, w);
    int at = 0;
    for (int l = 0; l < DEPTH; l++) {
        double half = sqrt(6.0 / (widths[l] + widths[l + 1]));
        for (int i = 0; i < widths[l] * widths[l + 1]; i++)
            assert_near(w.at[at++], half * (2 * rng_uniform(&again) - 1),
                        4 * DBL_EPSILON);
        for (int i = 0; i < widths[l + 1]; i++)
            assert_near(w.at[at++], sqrt(0.9) * (2 * rng_uniform(&again) - 1),
                        4 * DBL_EPSILON);
    }
    ck_assert_int_eq(at, w.n);
    arena_free(&arena);
}
END_TEST

/* A multiplier in front of the weights changes their draws, not the network. */
START_TEST(multipliers_are_made_up_for)
{
    struct arena arena = arena_make(1 << 16);
    struct mlp standard = net_make(ERF, STANDARD, false);
    struct mlp tangent = net_make(ERF, TANGENT, false);
    vec w = fresh(&arena, &standard), v = fresh(&arena, &tangent);
    mat X = arena_mat(&arena, 4, widths[0]);
    struct mlp_pass one = mlp_pass_make(&arena, &standard, 4);
    struct mlp_pass other = mlp_pass_make(&arena, &tangent, 4);
    struct rng rng = unit_rng("init/tangent"), again = rng;
    init_weights(&standard, init_he(NORMAL), &rng, w);
    init_weights(&tangent, init_he(NORMAL), &again, v);
    rng_normals(&rng, 0, 1, entries(X));
    mlp_forward(&standard, w, X, &one);
    mlp_forward(&tangent, v, X, &other);
    for (int i = 0; i < 4 * widths[DEPTH]; i++)
        assert_near(one.H[DEPTH].at[i], other.H[DEPTH].at[i], 1e-14);
    arena_free(&arena);
}
END_TEST

/* The longer side of W is orthogonal: the Gram matrix of the shorter is a multiple of I
 * where W is square, and the mean square is the variance. */
START_TEST(cosines_are_orthogonal_and_of_the_right_size)
{
    enum { N = 7 };
    struct arena arena = arena_make(1 << 16);
    int square[] = {N, N, 3};
    struct mlp net = mlp_make(2, square, TANH, STANDARD, true);
    vec w = fresh(&arena, &net);
    init_cosines(&net, init_he(NORMAL), w);
    mat W = mlp_weights(&net, w, 0), V = mlp_weights(&net, w, 1);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            assert_near(dot(row(W, i), row(W, j)), i == j ? 2 : 0, 1e-14);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            assert_near(dot(row(V, i), row(V, j)), i == j ? 2 : 0, 1e-14);
    ck_assert(W.at[0] > 0 && W.at[1] != W.at[2] && W.at[0] != W.at[N]);
    ck_assert_double_eq(max_norm(mlp_biases(&net, w, 0)), 0);
    ck_assert_double_eq(max_norm(mlp_biases(&net, w, 1)), 0);
    int tall[] = {3, N};
    net = mlp_make(1, tall, TANH, STANDARD, false);
    w = fresh(&arena, &net);
    init_cosines(&net, init_lecun(NORMAL), w);
    W = mlp_weights(&net, w, 0);
    mat Wt = arena_mat(&arena, 3, N);
    transpose(W, Wt);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            assert_near(dot(row(Wt, i), row(Wt, j)), i == j ? N / 3.0 : 0, 1e-14);
    arena_free(&arena);
}
END_TEST

START_TEST(copies_are_copies_of_the_first_unit)
{
    struct arena arena = arena_make(1 << 16);
    struct mlp net = net_make(TANH, STANDARD, true);
    vec w = fresh(&arena, &net), was = fresh(&arena, &net);
    struct rng rng = unit_rng("init/copies");
    rng_normals(&rng, 0, 1, w);
    copy(w, was);
    init_copies(&net, w);
    for (int l = 0; l < DEPTH; l++) {
        mat W = mlp_weights(&net, w, l), old = mlp_weights(&net, was, l);
        for (int i = 0; i < W.rows; i++) {
            int from = l < DEPTH - 1 ? 0 : i;
            for (int j = 0; j < W.cols; j++)
                ck_assert_double_eq(row(W, i).at[j], row(old, from).at[l == 0 ? j : 0]);
            ck_assert_double_eq(mlp_biases(&net, w, l).at[i],
                                mlp_biases(&net, was, l).at[from]);
        }
    }
    arena_free(&arena);
}
END_TEST

/* E H^2 by all 2^9 signs of the nine weights and biases of a tiny network, an exact
 * mean over a symmetric law; each sign is that of a fair coin. */
START_TEST(forward_moments_are_sums_over_all_signs)
{
    enum { COUNT = 9, ALL = 1 << COUNT };
    struct arena arena = arena_make(1 << 16);
    int tiny[] = {2, 2, 1};
    struct mlp net = mlp_make(2, tiny, RELU, STANDARD, true);
    struct init_scheme scheme = {.gain = 1.3, .fan = FAN_MEAN, .bias = 0.36};
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 1);
    vec w = fresh(&arena, &net), q = arena_vec(&arena, 3);
    mat X = arena_mat(&arena, 1, 2);
    X.at[0] = 0.5, X.at[1] = -1.7;
    double sum[3] = {0}, square = dot(entries(X), entries(X)) / 2;
    ck_assert_int_eq(w.n, COUNT);
    for (int signs = 0; signs < ALL; signs++) {
        for (int i = 0; i < COUNT; i++) {
            double v = i < 4 ? 1.3 / 2 : i < 6 ? 0.36 : i < 8 ? 1.3 / 1.5 : 0.36;
            w.at[i] = (signs >> i & 1 ? 1 : -1) * sqrt(v);
        }
        mlp_forward(&net, w, X, &pass);
        sum[1] += dot(entries(pass.H[1]), entries(pass.H[1])) / 2 / ALL;
        sum[2] += dot(entries(pass.H[2]), entries(pass.H[2])) / ALL;
    }
    fill(NAN, q);
    init_moments_forward(&net, scheme, square, q);
    ck_assert_double_eq(q.at[0], square);
    assert_near(q.at[1], sum[1], 1e-14);
    assert_near(q.at[2], sum[2], 1e-14);
    assert_near(init_moments_solved(&net, scheme, square, 1), sum[1], 1e-14);
    ck_assert_double_eq(init_moments_solved(&net, scheme, square, 0), square);
    net.biases = false;
    init_moments_forward(&net, scheme, square, q);
    assert_near(q.at[1], 1.3 * square / 2, 1e-15);
    assert_near(init_moments_solved(&net, scheme, square, 1), 1.3 * square / 2, 1e-15);
    arena_free(&arena);
}
END_TEST

/* The same for derivatives.  Small biases, all of other sizes, keep every sum from 0,
 * where the slope of ReLU is neither of its two. */
START_TEST(backward_moments_are_sums_over_all_signs)
{
    enum { COUNT = 15, ALL = 1 << COUNT };
    struct arena arena = arena_make(1 << 16);
    int tiny[] = {2, 2, 2, 1};
    struct mlp net = mlp_make(3, tiny, RELU, STANDARD, true);
    struct init_scheme scheme = {.gain = 1.5, .fan = FAN_OUT};
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 1);
    vec w = fresh(&arena, &net), d = arena_vec(&arena, 3);
    mat X = arena_mat(&arena, 1, 2), G = arena_mat(&arena, 1, 1);
    X.at[0] = 0.5, X.at[1] = -1.7, G.at[0] = 3;
    double sum[3] = {0};
    ck_assert_int_eq(w.n, COUNT);
    for (int signs = 0; signs < ALL; signs++) {
        for (int i = 0; i < COUNT; i++) {
            bool is_bias = i == 4 || i == 5 || i == 10 || i == 11 || i == 14;
            double size = is_bias ? 1e-3 * i : sqrt(1.5 / (i < 12 ? 2 : 1));
            w.at[i] = (signs >> i & 1 ? 1 : -1) * size;
        }
        mlp_forward(&net, w, X, &pass);
        mlp_backward(&net, w, G, &pass);
        for (int l = 0; l < 3; l++)
            sum[l] += pow(norm(entries(pass.Delta[l])), 2) / tiny[l + 1] / ALL;
    }
    fill(NAN, d);
    init_moments_backward(&net, scheme, 9, d);
    for (int l = 0; l < 3; l++)
        assert_near(d.at[l], sum[l], 1e-11);
    scheme.fan = FAN_IN;
    init_moments_backward(&net, scheme, 9, d);
    assert_near(d.at[1], 9 * 0.75 / 2, 1e-13);
    arena_free(&arena);
}
END_TEST

START_TEST(moments_of_wrong_shape_stop)
{
    real q[8];
    struct mlp net = net_make(RELU, STANDARD, true);
    struct init_scheme he = init_he(NORMAL), xavier = init_xavier(NORMAL);
    ck_assert_stops("q has 3 entries for 3 layers",
                    init_moments_forward(&net, he, 1, (vec){3, q}));
    ck_assert_stops("d has 4 entries for 3 layers",
                    init_moments_backward(&net, he, 1, (vec){4, q}));
    ck_assert_stops("layer 3 of 3", init_rho(&net, he, 3));
    ck_assert_stops("layer -1 of 3", init_rho(&net, he, -1));
    ck_assert_stops("layer 3 is no hidden one of 3",
                    init_moments_solved(&net, he, 1, 3));
    ck_assert_stops("layer -1 is no hidden one", init_moments_solved(&net, he, 1, -1));
    ck_assert_stops("only a fan-in has a limit",
                    init_wide(TANH, xavier, 1, (vec){3, q}));
}
END_TEST

/* Where the integrals are known: lines, ReLU, and erf, for which E erf^2 is 2/pi
 * asin(2v / (1 + 2v)) and E erf' = 2 / sqrt(pi (1 + 2v)), E erf'^2 = 4 / (pi sqrt(1 +
 * 4v)). */
START_TEST(responses_are_known_integrals)
{
    const double pi = acos(-1.0);
    static const double variances[] = {0, 0.01, 1, 4, 20};
    for (int i = 0; i < 5; i++) {
        double v = variances[i];
        struct init_response line = init_respond(LINEAR, v);
        assert_near(line.square, v, 1e-13 * (1 + v));
        assert_near(line.slope, 1, 1e-13);
        assert_near(line.steep, 1, 1e-13);
        struct init_response e = init_respond(ERF, v);
        assert_near(e.square, 2 / pi * asin(2 * v / (1 + 2 * v)), 1e-13);
        assert_near(e.slope, 2 / sqrt(pi * (1 + 2 * v)), 1e-13);
        assert_near(e.steep, 4 / (pi * sqrt(1 + 4 * v)), 1e-13);
        struct init_response r = init_respond(RELU, v);
        assert_near(r.square, v / 2, 1e-13 * (1 + v));
        assert_near(r.slope, v > 0 ? 0.5 : 0, 1e-13);
        assert_near(r.steep, v > 0 ? 0.5 : 0, 1e-13);
    }
}
END_TEST

/* tanh at the largest variance that is promised, against a sum sixteen times as fine.
 */
START_TEST(responses_hold_up_to_a_variance_of_50)
{
    double square = 0, slope = 0, h = 1.0 / 512;
    for (int i = -9 * 512; i <= 9 * 512; i++) {
        double share = h * exp(-pow(i * h, 2) / 2) / sqrt(2 * acos(-1.0));
        double y = tanh(sqrt(50) * i * h);
        square += share * y * y;
        slope += share * (1 - y * y);
    }
    struct init_response r = init_respond(TANH, 50);
    assert_near(r.square, square, 1e-13);
    assert_near(r.slope, slope, 1e-13);
}
END_TEST

START_TEST(wide_moments_of_relu_are_the_recursion)
{
    real q[5];
    struct init_scheme scheme = {.gain = 1.4, .fan = FAN_IN, .bias = 0.5};
    init_wide(RELU, scheme, 3, (vec){5, q});
    ck_assert_double_eq(q[0], 3);
    for (int l = 1; l < 5; l++)
        assert_near(q[l], 0.7 * q[l - 1] + 0.25, 1e-12);
    init_wide(RELU, scheme, 3, (vec){0, q});
}
END_TEST

/* One step against central differences of the cost it returns. */
START_TEST(a_step_descends_along_the_gradient_of_its_cost)
{
    enum { N = 5 };
    struct arena arena = arena_make(1 << 16);
    struct mlp net = net_make(TANH, STANDARD, true);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, N);
    vec w = fresh(&arena, &net), grad = fresh(&arena, &net), at = fresh(&arena, &net);
    mat X = arena_mat(&arena, N, widths[0]), T = arena_mat(&arena, N, widths[DEPTH]);
    struct rng rng = unit_rng("init/step");
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1, entries(T));
    init_weights(&net, init_lecun(NORMAL), &rng, w);
    vec start = fresh(&arena, &net);
    copy(w, start);
    double cost = init_step(&net, X, T, 0.25, &pass, grad, w), by_hand = 0;
    mlp_forward(&net, start, X, &pass);
    for (int i = 0; i < N * T.cols; i++)
        by_hand += pow(pass.H[DEPTH].at[i] - T.at[i], 2) / (2 * N);
    assert_near(cost, by_hand, 1e-13);
    for (int i = 0; i < w.n; i++) {
        const double h = cbrt(REAL_EPSILON); /* errs by h^2 and eps / h */
        copy(start, at);
        at.at[i] += h;
        double above = init_step(&net, X, T, 1, &pass, grad, at);
        copy(start, at);
        at.at[i] -= h;
        double below = init_step(&net, X, T, 1, &pass, grad, at);
        ck_assert_double_eq_tol(start.at[i] - w.at[i], 0.25 * (above - below) / (2 * h),
                                100 * h * h);
    }
    mat narrow = {N, T.cols - 1, T.at}, few = {N - 1, T.cols, T.at},
        turned = {T.cols, N, T.at};
    ck_assert_stops("T is 5 x 3, there are 20 outputs of 5",
                    init_step(&net, X, narrow, 1, &pass, grad, w));
    ck_assert_stops("T is 4 x 4, there are 20 outputs of 5",
                    init_step(&net, X, few, 1, &pass, grad, w));
    ck_assert_stops("T is 4 x 5, there are 20 outputs of 5",
                    init_step(&net, X, turned, 1, &pass, grad, w));
    arena_free(&arena);
}
END_TEST

/* Networks of every depth, whose widths are drawn. */
static struct mlp any_net(struct rng *rng, int depth, bool biases)
{
    int width[MLP_DEPTH + 1];
    for (int l = 0; l <= depth; l++)
        width[l] = 1 + rng_below(rng, 6);
    return mlp_make(depth, width, RELU, STANDARD, biases);
}

START_TEST(copies_are_made_at_every_depth)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("init/any copies");
    for (int k = 0; k < 8 * 5; k++) {
        arena.used = 0;
        struct mlp net = any_net(&rng, 1 + k / 5, k % 2);
        vec w = fresh(&arena, &net), was = fresh(&arena, &net);
        rng_normals(&rng, 0, 1, w);
        copy(w, was);
        init_copies(&net, w);
        for (int l = 0; l < net.depth; l++) {
            mat W = mlp_weights(&net, w, l), old = mlp_weights(&net, was, l);
            vec b = mlp_biases(&net, w, l), old_b = mlp_biases(&net, was, l);
            for (int i = 0; i < W.rows; i++) {
                int from = l < net.depth - 1 ? 0 : i;
                for (int j = 0; j < W.cols; j++)
                    ck_assert_double_eq(row(W, i).at[j],
                                        row(old, from).at[l == 0 ? j : 0]);
                ck_assert(b.n == 0 || b.at[i] == old_b.at[from]);
            }
        }
    }
    arena_free(&arena);
}
END_TEST

/* The recursions by hand, forward and backward, from depth 1 on, with each fan; the
 * depth is the number of products that may round. */
START_TEST(moments_at_every_depth)
{
    static const enum init_fan fans[] = {FAN_IN, FAN_OUT, FAN_MEAN};
    struct rng rng = unit_rng("init/any moments");
    for (int k = 0; k < 8 * 6; k++) {
        int L = 1 + k / 6;
        struct mlp net = any_net(&rng, L, k % 2);
        struct init_scheme of = {.gain = 1.7, .fan = fans[k % 3], .bias = 0.4};
        real q[9], d[8], bias = k % 2 ? 0.2 : 0;
        init_moments_forward(&net, of, 3, (vec){L + 1, q});
        init_moments_backward(&net, of, 3, (vec){L, d});
        long double forward = 3, backward = 3;
        for (int l = 0; l < L; l++) {
            double in = net.width[l], out = net.width[l + 1];
            double fan = k % 3 == 0 ? in : k % 3 == 1 ? out : (in + out) / 2;
            assert_near(q[l], forward, 8 * L * DBL_EPSILON * (double)forward);
            assert_near(init_moments_solved(&net, of, 3, l), forward,
                        8 * L * DBL_EPSILON * (double)forward);
            forward = (1.7L * in / fan * forward) / 2 + bias;
        }
        assert_near(q[L], 2 * forward, 16 * L * DBL_EPSILON * (double)forward);
        for (int l = L - 1; l >= 0; l--) {
            double in = net.width[l], out = net.width[l + 1];
            double fan = k % 3 == 0 ? in : k % 3 == 1 ? out : (in + out) / 2;
            assert_near(d[l], backward, 8 * L * DBL_EPSILON * (double)backward);
            backward *= 1.7L * out / fan / 2;
        }
    }
}
END_TEST

/* However many layers are asked for. */
START_TEST(wide_moments_go_deep)
{
    real q[300];
    struct init_scheme scheme = {.gain = 1.8, .fan = FAN_IN, .bias = 0.5};
    init_wide(RELU, scheme, 3, (vec){300, q});
    for (int l = 1; l < 300; l++)
        assert_near(q[l], 0.9 * q[l - 1] + 0.25, 1e-12);
}
END_TEST

/* Examples and targets are as they were, and of what was in the pass and in grad
 * nothing is left: for one example and one output as for more than a block. */
START_TEST(a_step_writes_only_what_it_moves)
{
    static const int shapes[][2] = {{1, 1}, {1, 3}, {4, 1}, {70, 2}};
    struct arena arena = arena_make(1 << 18);
    struct rng rng = unit_rng("init/writes");
    for (int s = 0; s < 4; s++) {
        arena.used = 0;
        int N = shapes[s][0], outputs = shapes[s][1];
        struct mlp net = mlp_make(2, (int[]){2, 3, outputs}, TANH, STANDARD, true);
        struct mlp_pass pass = mlp_pass_make(&arena, &net, N);
        mat X = arena_mat(&arena, N, 2), T = arena_mat(&arena, N, outputs);
        vec w = fresh(&arena, &net), v = fresh(&arena, &net),
            grad = fresh(&arena, &net);
        vec x = arena_vec(&arena, 2 * N), t = arena_vec(&arena, N * outputs);
        rng_normals(&rng, 0, 1, x), rng_normals(&rng, 0, 1, t);
        copy(x, entries(X)), copy(t, entries(T));
        init_weights(&net, init_lecun(NORMAL), &rng, w);
        copy(w, v);
        double cost = init_step(&net, X, T, 0.5, &pass, grad, w);
        assert_vec(entries(X), x, 0);
        assert_vec(entries(T), t, 0);
        fill(NAN, entries(pass.H[2])), fill(NAN, entries(pass.Delta[1]));
        ck_assert_double_eq(init_step(&net, X, T, 0.5, &pass, grad, v), cost);
        assert_vec(v, w, 0);
    }
    arena_free(&arena);
}
END_TEST

/* Each layer by its own fans, the deepest too: weights and cosines, biases as well. */
START_TEST(starts_at_every_depth)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("init/any start");
    double pi = acos(-1.0);
    for (int k = 0; k < 8 * 3; k++) {
        arena.used = 0;
        struct mlp net = any_net(&rng, 1 + k / 3, true);
        struct init_scheme of = {.gain = 1.7, .fan = FAN_MEAN, .bias = 0.25};
        vec w = fresh(&arena, &net), v = fresh(&arena, &net);
        struct rng again = rng;
        init_weights(&net, of, &rng, w);
        init_cosines(&net, of, v);
        for (int l = 0; l < net.depth; l++) {
            mat W = mlp_weights(&net, w, l), C = mlp_weights(&net, v, l);
            int n = W.rows > W.cols ? W.rows : W.cols;
            double size = sqrt(1.7 * 2 / (W.rows + W.cols));
            for (int i = 0; i < W.rows; i++)
                for (int j = 0; j < W.cols; j++) {
                    assert_near(row(W, i).at[j], size * rng_normal(&again), 1e-14);
                    assert_near(row(C, i).at[j],
                                sqrt(2) * size *
                                    cos(pi * (2 * i + 1) * (2 * j + 1) / (4.0 * n)),
                                1e-14);
                }
            for (int i = 0; i < W.rows; i++) {
                assert_near(mlp_biases(&net, w, l).at[i], 0.5 * rng_normal(&again),
                            1e-14);
                ck_assert_double_eq(mlp_biases(&net, v, l).at[i], 0);
            }
        }
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("initialization",
                    (const TTest *[]){
                        variances_are_gain_over_fan,
                        negative_variances_stop,
                        draws_have_the_size_of_their_law,
                        weights_are_drawn_layer_by_layer,
                        multipliers_are_made_up_for,
                        cosines_are_orthogonal_and_of_the_right_size,
                        copies_are_copies_of_the_first_unit,
                        forward_moments_are_sums_over_all_signs,
                        backward_moments_are_sums_over_all_signs,
                        moments_of_wrong_shape_stop,
                        responses_are_known_integrals,
                        responses_hold_up_to_a_variance_of_50,
                        wide_moments_of_relu_are_the_recursion,
                        a_step_descends_along_the_gradient_of_its_cost,
                        copies_are_made_at_every_depth,
                        moments_at_every_depth,
                        wide_moments_go_deep,
                        a_step_writes_only_what_it_moves,
                        starts_at_every_depth,
                        NULL,
                    });
}
