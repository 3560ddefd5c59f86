/* The contract of feature_learning.h, on networks small enough to write out. */
#include "feature_learning.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { N = 5, D = 3, M = 4, P = M * D + M * M + M };

struct bench {
    struct arena arena;
    struct rng rng;
    struct feat_model model; /* two hidden layers of M units, centered at w_0 */
    vec w_0, w;
};

static vec random_vec(struct bench *bench, int n)
{
    vec x = arena_vec(&bench->arena, n);
    rng_normals(&bench->rng, 0, 1, x);
    return x;
}

/* In place, since a flow will point to the model. */
static void bench_make(const char *test, struct bench *x)
{
    *x = (struct bench){.arena = arena_make(1 << 20), .rng = unit_rng(test)};
    struct mlp net = feat_network(D, 2, M);
    mat X = {N, D, random_vec(x, N * D).at};
    vec y = random_vec(x, N);
    for (int i = 0; i < N; i++)
        y.at[i] = copysign(1, y.at[i]);
    x->model = feat_make(&x->arena, &net, X, y, 0.5);
    x->w_0 = random_vec(x, P);
    x->w = random_vec(x, P);
    lazy_center(&x->model.on, x->w_0);
}

static double softplus(double z) { return SOFTPLUS_A / 5 * log1p(exp(5 * z)); }

/* z~_2 of the slide for unit r and row i of X. */
static double second(const struct bench *x, vec w, int i, int r)
{
    double sum = 0;
    for (int k = 0; k < M; k++) {
        double z = 0;
        for (int j = 0; j < D; j++)
            z += w.at[k * D + j] / sqrt(D) * row(x->model.on.X, i).at[j];
        sum += w.at[M * D + r * M + k] * softplus(z) / sqrt(M);
    }
    return sum;
}

static double f(const struct bench *x, vec w, int i)
{
    double sum = 0;
    for (int r = 0; r < M; r++)
        sum += w.at[M * D + M * M + r] * softplus(second(x, w, i, r)) / sqrt(M);
    return sum;
}

static double F(const struct bench *x, vec w, int i)
{
    return x->model.alpha * (f(x, w, i) - f(x, x->w_0, i));
}

/* The same examples over and over, n in all. */
static struct feat_model again(struct bench *x, int n)
{
    mat X = arena_mat(&x->arena, n, D);
    vec y = arena_vec(&x->arena, n);
    for (int i = 0; i < n; i++) {
        copy(row(x->model.on.X, i % N), row(X, i));
        y.at[i] = x->model.on.y.at[i % N];
    }
    struct feat_model model =
        feat_make(&x->arena, &x->model.on.net, X, y, x->model.alpha);
    lazy_center(&model.on, x->w_0);
    return model;
}

/* One example, a few, and more than a block of any kind. */
static const int SIZES[] = {1, N, 70};

/* The mean of l(F, y), in long double. */
static long double mean_loss(const struct bench *x, vec w)
{
    long double sum = 0, beta = x->model.beta;
    for (int i = 0; i < N; i++) {
        long double z = beta * (1 - (long double)F(x, w, i) * x->model.on.y.at[i]);
        sum += (z > 40 ? z : log1pl(expl(z))) / beta / N;
    }
    return sum;
}

/* Sums of at most P products of numbers of order 1, in another order. */
static const double LIMIT = 4 * P * DBL_EPSILON;

/* A unit whose square is beyond the range, and whose cube root is a power of two. */
static const double LARGE = IS_DOUBLE ? 0x1p900 : 0x1p90;

/* ---- The model ------------------------------------------------------------------- */

START_TEST(soft_plus_is_its_formula)
{
    static const double betas[] = {0.5, 5, 20, 1e-3},
                        xs[] = {-3, -0.1, -1e-9, 0, 1e-9, 0.2, 7};
    for (int b = 0; b < 4; b++)
        for (int k = 0; k < 7; k++) {
            double slope, value = feat_soft_plus(betas[b], xs[k], &slope);
            long double e = expl((long double)betas[b] * xs[k]);
            assert_near(value, log1pl(e) / betas[b],
                        8 * DBL_EPSILON * (1 + xs[k] * xs[k] + 1 / betas[b]));
            assert_near(slope, e / (1 + e), 4 * DBL_EPSILON);
        }
}
END_TEST

START_TEST(soft_plus_far_out_is_the_hinge)
{
    double slope;
    ck_assert(feat_soft_plus(20, 1e160, &slope) == 1e160 && slope == 1);
    ck_assert(feat_soft_plus(20, -1e160, &slope) == 0 && slope == 0);
    double tail = feat_soft_plus(20, -30, &slope); /* e^-600 / 20 */
    assert_near(log(20 * tail), -600, 1e-9);
    assert_near(log(slope), -600, 1e-9);
    ck_assert(isnan(feat_soft_plus(20, NAN, &slope)) && isnan(slope));
}
END_TEST

START_TEST(network_is_the_slides)
{
    struct mlp net = feat_network(D, 3, M);
    ck_assert(net.depth == 4 && net.width[0] == D && net.width[4] == 1);
    ck_assert(net.activation == SOFTPLUS && !net.biases);
    assert_near(net.multiplier[0], 1 / sqrtl(D), DBL_EPSILON);
    for (int l = 1; l <= 3; l++) {
        ck_assert(net.width[l] == M);
        assert_near(net.multiplier[l], 0.5, 0);
    }
    ck_assert_stops("hidden must be 1 to 127, got 0", feat_network(D, 0, M));
    ck_assert_stops("hidden must be 1 to 127, got 128", feat_network(D, 128, M));
    ck_assert(feat_network(1, 127, 1).depth == 128);
}
END_TEST

/* Depth is not limited by what a block holds: each hidden layer has its m units. */
START_TEST(networks_of_all_depths)
{
    for (int hidden = 1; hidden < MLP_DEPTH; hidden++) {
        struct mlp net = feat_network(2, hidden, 3);
        ck_assert(net.depth == hidden + 1 && net.width[0] == 2);
        for (int l = 1; l <= hidden; l++)
            ck_assert_int_eq(net.width[l], 3);
        ck_assert_int_eq(net.width[hidden + 1], 1);
    }
}
END_TEST

START_TEST(first_layers_end_with_preactivations)
{
    struct bench x;
    bench_make("feat/first", &x);
    struct mlp net = x.model.on.net, two = feat_first_layers(&net, 2);
    vec w = part(x.w, 0, mlp_parameters(&two));
    struct mlp_pass pass = mlp_pass_make(&x.arena, &two, N);
    ck_assert(two.depth == 2 && w.n == M * D + M * M);
    mlp_forward(&two, w, x.model.on.X, &pass);
    for (int i = 0; i < N; i++)
        for (int r = 0; r < M; r++)
            assert_near(row(pass.H[2], i).at[r], second(&x, x.w, i, r), LIMIT);
    struct mlp one = feat_first_layers(&net, 1);
    ck_assert(one.depth == 1 && one.multiplier[0] == net.multiplier[0]);
    ck_assert(mlp_parameters(&net) == P);
    struct mlp all = feat_first_layers(&net, 3);
    ck_assert(mlp_parameters(&all) == P);
    ck_assert_stops("0 of 3 layers", feat_first_layers(&net, 0));
    ck_assert_stops("4 of 3 layers", feat_first_layers(&net, 4));
    arena_free(&x.arena);
}
END_TEST

START_TEST(make_asks_for_a_scale)
{
    struct bench x;
    bench_make("feat/make", &x);
    struct mlp net = x.model.on.net;
    mat X = x.model.on.X;
    vec y = x.model.on.y;
    struct feat_model fresh = feat_make(&x.arena, &net, X, y, 1e-160);
    ck_assert(fresh.alpha == 1e-160 && fresh.beta == 20);
    ck_assert(max_norm(fresh.on.offset) == 0);
    ck_assert_stops("alpha must be finite and positive, got 0",
                    feat_make(&x.arena, &net, X, y, 0));
    ck_assert_stops("got -1", feat_make(&x.arena, &net, X, y, -1));
    ck_assert_stops("got nan", feat_make(&x.arena, &net, X, y, NAN));
    ck_assert_stops("got inf", feat_make(&x.arena, &net, X, y, INFINITY));
    arena_free(&x.arena);
}
END_TEST

START_TEST(output_is_scaled_and_centered)
{
    struct bench x;
    bench_make("feat/output", &x);
    vec out = random_vec(&x, N);
    feat_output(&x.model, x.w, out);
    for (int i = 0; i < N; i++)
        assert_near(out.at[i], F(&x, x.w, i), LIMIT);
    feat_output(&x.model, x.w_0, out);
    ck_assert(max_norm(out) == 0);
    arena_free(&x.arena);
}
END_TEST

/* Central differences: t^2 of the third derivative, which beta = 20 makes large, and
 * rounding over t. */
START_TEST(gradient_is_that_of_the_loss_over_alpha_squared)
{
    static const double alphas[] = {0.5, 1, 4}, betas[] = {20, 5, 20};
    struct bench x;
    bench_make("feat/gradient", &x);
    vec out = random_vec(&x, N), grad = random_vec(&x, P);
    for (int a = 0; a < 3; a++) {
        x.model.alpha = alphas[a];
        x.model.beta = betas[a];
        double loss = feat_gradient(&x.model, x.w, out, grad), t = 1e-5;
        assert_near(loss, mean_loss(&x, x.w), 10 * LIMIT * alphas[a]);
        for (int i = 0; i < N; i++)
            assert_near(out.at[i], F(&x, x.w, i), LIMIT * alphas[a]);
        for (int k = 0; k < P; k++) {
            double at = x.w.at[k];
            double up = x.w.at[k] = at + t; /* as it is rounded */
            long double above = mean_loss(&x, x.w);
            double down = x.w.at[k] = at - t;
            long double below = mean_loss(&x, x.w);
            x.w.at[k] = at;
            assert_near(grad.at[k],
                        (above - below) / (up - down) / (alphas[a] * alphas[a]),
                        1e-6 + rounded(LIMIT));
        }
    }
    arena_free(&x.arena);
}
END_TEST

/* Thirty times the same five examples: the mean is what it was. */
START_TEST(gradient_counts_every_example)
{
    struct bench x;
    bench_make("feat/many", &x);
    struct feat_model many = again(&x, 30 * N);
    vec few = random_vec(&x, P), all = random_vec(&x, P), out = random_vec(&x, 30 * N);
    double loss = feat_gradient(&many, x.w, out, all);
    assert_near(loss, feat_gradient(&x.model, x.w, part(out, 0, N), few), LIMIT);
    assert_vec(all, few, LIMIT);
    arena_free(&x.arena);
}
END_TEST

START_TEST(gradient_of_a_nan_is_one)
{
    struct bench x;
    bench_make("feat/nan", &x);
    vec out = random_vec(&x, N), grad = random_vec(&x, P);
    row(x.model.on.X, N - 1).at[0] = NAN;
    ck_assert(isnan(feat_gradient(&x.model, x.w, out, grad)));
    ck_assert(isnan(out.at[N - 1]) && !isnan(out.at[0]) && isnan(grad.at[0]));
    arena_free(&x.arena);
}
END_TEST

/* ---- Its flow -------------------------------------------------------------------- */

START_TEST(flow_begins_at_rest)
{
    struct bench x;
    bench_make("feat/begin", &x);
    vec out = random_vec(&x, N), grad = random_vec(&x, P);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    double loss = feat_gradient(&x.model, x.w_0, out, grad);
    ck_assert(flow.t == 0 && isnan(flow.t_half) && flow.evaluations == 1);
    ck_assert(flow.loss == loss && flow.start == loss);
    ck_assert(flow.tolerance == 1e-3 && flow.stop == 0.5 && flow.most == 4000);
    assert_vec(flow.w, x.w_0, 0);
    assert_vec(flow.grad, grad, 0);
    assert_vec(flow.F, out, 0);
    assert_near(flow.dt * norm(grad), 1e-3 * norm(x.w_0), 1e-15);
    arena_free(&x.arena);
}
END_TEST

START_TEST(least_margin_is_the_least)
{
    struct bench x;
    bench_make("feat/margin", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    real *at = flow.F.at, *y = x.model.on.y.at;
    for (int least = 0; least < N; least++) {
        for (int i = 0; i < N; i++)
            at[i] = y[i] * (i == least ? -0.25 : 1 + i);
        assert_near(feat_least_margin(&flow), -0.25, 0);
    }
    for (int bad = 0; bad < N; bad++) {
        for (int i = 0; i < N; i++)
            at[i] = i == bad ? NAN : y[i];
        ck_assert(isnan(feat_least_margin(&flow)));
    }
    struct feat_model many = again(&x, 70);
    flow = feat_flow_make(&x.arena, &many, x.w_0);
    flow.F.at[69] = -2 * many.on.y.at[69];
    assert_near(feat_least_margin(&flow), -2, 0);
    arena_free(&x.arena);
}
END_TEST

START_TEST(turn_is_relative)
{
    struct arena arena = arena_make(1 << 12);
    assert_near(feat_turn(VEC(3, 4), VEC(3, 4)), 0, 0);
    assert_near(feat_turn(VEC(3, 4), VEC(4, -3)), 2, 4 * DBL_EPSILON);
    assert_near(feat_turn(VEC(1, 0), VEC(4, 0)), 9.0 / 4, 4 * DBL_EPSILON);
    assert_near(feat_turn(VEC(0, 0x1p-40), VEC(0, 0x1p-38)), 9.0 / 4, 4 * DBL_EPSILON);
    ck_assert(isnan(feat_turn(VEC(1, NAN), VEC(1, 0))));
    ck_assert(isnan(feat_turn(VEC(0, 0), VEC(0, 0))));
    for (double unit = 1 / LARGE; unit <= LARGE; unit *= cbrt(LARGE))
        assert_near(feat_turn(VEC(3 * unit, 4 * unit), VEC(4 * unit, -3 * unit)), 2,
                    8 * DBL_EPSILON);
    arena_free(&arena);
}
END_TEST

/* What the flow holds is what feat_gradient says at its w. */
static void assert_consistent(struct bench *x, const struct feat_flow *flow)
{
    size_t mark = x->arena.used;
    vec out = random_vec(x, N), grad = random_vec(x, P);
    double loss = feat_gradient(&x->model, flow->w, out, grad);
    ck_assert(flow->loss == loss);
    assert_vec(flow->grad, grad, 0);
    assert_vec(flow->F, out, 0);
    x->arena.used = mark;
}

/* In the last tenth also at another tolerance. */
START_TEST(step_is_eulers)
{
    struct bench x;
    bench_make("feat/step", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    vec old = random_vec(&x, P), grad = random_vec(&x, P), start = random_vec(&x, P);
    copy(x.w_0, start);
    double first = flow.start;
    for (int k = 0; k < 3300; k++) {
        flow.tolerance = k < 3000 ? 1e-5 : 1e-3;
        double t = flow.t, dt = flow.dt;
        int evaluations = flow.evaluations;
        copy(flow.w, old);
        copy(flow.grad, grad);
        ck_assert(feat_step(&flow, INFINITY) == FEAT_ON_TIME);
        double h = flow.t - t, turn = feat_turn(grad, flow.grad);
        assert_consistent(&x, &flow);
        for (int i = 0; i < P; i++)
            assert_near(flow.w.at[i], old.at[i] - h * grad.at[i], 1e-12);
        ck_assert(turn < 4 * flow.tolerance && h <= dt * (1 + 1e-9));
        if (flow.evaluations == evaluations + 1) {
            double factor = fmin(fmax(0.9 * sqrt(flow.tolerance / turn), 0.3), 1.5);
            assert_near(h, dt, 1e-9 * dt);
            assert_near(flow.dt, dt * factor, 1e-9 * dt);
        }
    }
    assert_vec(x.w_0, start, 0);
    ck_assert(flow.start == first && flow.evaluations > 3300);
    arena_free(&x.arena);
}
END_TEST

START_TEST(step_that_turns_too_much_is_tried_again)
{
    struct bench x;
    bench_make("feat/reject", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    vec before = random_vec(&x, P);
    copy(flow.grad, before);
    flow.dt *= 1e6;
    double dt = flow.dt;
    ck_assert(feat_step(&flow, INFINITY) == FEAT_ON_TIME);
    ck_assert(flow.evaluations > 3 && flow.t < 0.1 * dt);
    /* Each time by at most 0.3, and never by more than 0.45: .9 sqrt(1/4). */
    int tries = flow.evaluations - 2;
    ck_assert(flow.t >= dt * pow(0.3, tries) * 0.999);
    ck_assert(flow.t <= dt * pow(0.45, tries) * 1.001);
    ck_assert(feat_turn(before, flow.grad) < 4e-3);
    assert_consistent(&x, &flow);
    arena_free(&x.arena);
}
END_TEST

START_TEST(step_ends_where_it_is_told)
{
    struct bench x;
    bench_make("feat/cut", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    double dt = flow.dt;
    ck_assert(feat_step(&flow, dt / 7) == FEAT_ON_TIME);
    ck_assert(flow.t == dt / 7 && flow.dt == dt);
    assert_consistent(&x, &flow);
    flow.dt = 1e9; /* cut, and still too long: the step is made shorter from there */
    ck_assert(feat_step(&flow, 1e6) == FEAT_ON_TIME);
    ck_assert(flow.t < 1e6 && flow.dt < 1e6);
    arena_free(&x.arena);
}
END_TEST

/* Also after more than a thousand steps: each lowers the loss, alpha^2 L, to first
 * order by a 1100th of the way at most, and the gradient stays what it is to a
 * thousandth. */
START_TEST(half_of_the_loss_is_interpolated_once)
{
    struct bench x;
    bench_make("feat/half", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    flow.tolerance = 1e-7;
    flow.most = 100000;
    double t = 0, loss = flow.loss;
    while (isnan(flow.t_half)) {
        t = flow.t;
        loss = flow.loss;
        ck_assert(loss > flow.start / 2);
        double slope = pow(x.model.alpha * norm(flow.grad), 2);
        flow.dt = fmin(flow.dt, flow.start / 2 / 1100 / slope);
        ck_assert(feat_step(&flow, INFINITY) == FEAT_ON_TIME);
    }
    ck_assert(flow.evaluations > 1000);
    double share = (loss - flow.start / 2) / (loss - flow.loss);
    ck_assert(flow.loss <= flow.start / 2);
    assert_near(flow.t_half, t + share * (flow.t - t), 1e-12 * flow.t);
    double half = flow.t_half;
    for (int k = 0; k < 5; k++)
        feat_step(&flow, INFINITY);
    ck_assert(flow.t_half == half);
    arena_free(&x.arena);
}
END_TEST

START_TEST(flow_has_a_last_gradient)
{
    struct bench x;
    bench_make("feat/most", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    flow.most = 4;
    ck_assert(feat_to(&flow, INFINITY) == FEAT_TOO_MANY);
    ck_assert(flow.evaluations == 4);
    assert_consistent(&x, &flow);
    flow.most = 5;
    ck_assert(feat_step(&flow, flow.t + 1e-9) == FEAT_ON_TIME);
    ck_assert(feat_step(&flow, INFINITY) == FEAT_TOO_MANY);
    arena_free(&x.arena);
}
END_TEST

START_TEST(flow_without_a_gradient_cannot_go_on)
{
    struct bench x;
    bench_make("feat/flat", &x);
    fill(0, x.model.on.y); /* nothing is asked: the gradient is 0 */
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    ck_assert(feat_step(&flow, 1) == FEAT_NOT_FINITE);
    arena_free(&x.arena);
    bench_make("feat/flat", &x);
    x.w_0.at[0] = NAN;
    flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    ck_assert(feat_to(&flow, 1) == FEAT_NOT_FINITE);
    ck_assert(flow.t == 0 && flow.evaluations == 2);
    arena_free(&x.arena);
}
END_TEST

START_TEST(flow_goes_to_a_time_or_to_the_end)
{
    struct bench x;
    bench_make("feat/to", &x);
    fill(1, x.model.on.y); /* units are positive, so that any start can fit this */
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    ck_assert(feat_to(&flow, 0.01) == FEAT_ON_TIME && flow.t == 0.01);
    ck_assert(feat_to(&flow, 0.005) == FEAT_ON_TIME && flow.t == 0.01);
    ck_assert(feat_to(&flow, INFINITY) == FEAT_FITTED);
    ck_assert(feat_least_margin(&flow) >= 0.5);
    int evaluations = flow.evaluations;
    ck_assert(feat_to(&flow, INFINITY) == FEAT_FITTED);
    ck_assert(flow.evaluations == evaluations);
    flow.stop = 0.75;
    ck_assert(feat_to(&flow, INFINITY) == FEAT_FITTED);
    ck_assert(feat_least_margin(&flow) >= 0.75 && flow.evaluations > evaluations);
    arena_free(&x.arena);
}
END_TEST

/* Whatever the rounding of t + (t_end - t), the flow ends at t_end and not beside it.
 */
START_TEST(flow_arrives_at_any_time)
{
    struct bench x;
    bench_make("feat/arrives", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    flow.stop = INFINITY;
    for (int k = 0; k < 300; k++) {
        double t_end = flow.t + flow.dt * 2 * rng_uniform(&x.rng);
        ck_assert(feat_to(&flow, t_end) == FEAT_ON_TIME);
        ck_assert_double_eq(flow.t, t_end);
    }
    arena_free(&x.arena);
}
END_TEST

/* The first time that the loss is halved, also if it is halved once more. */
START_TEST(half_of_the_loss_is_the_first)
{
    struct bench x;
    bench_make("feat/first half", &x);
    struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
    flow.start = 3 * flow.loss; /* as if it had risen to this */
    flow.t_half = 0.25;
    flow.loss = flow.start;
    ck_assert(feat_step(&flow, INFINITY) == FEAT_ON_TIME);
    ck_assert(flow.loss < flow.start / 2 && flow.t_half == 0.25);
    arena_free(&x.arena);
}
END_TEST

/* A thousandth of the length of w, in whatever units the outputs are: alpha changes the
 * gradient by a factor 1 / alpha, where the margins do not move. */
START_TEST(first_step_is_a_share_of_the_weights)
{
    static const double alphas[] = {1e-9, 1e-3, 1e9};
    for (int k = 0; k < 3; k++) {
        struct bench x;
        bench_make("feat/first", &x);
        x.model.alpha = alphas[k];
        struct feat_flow flow = feat_flow_make(&x.arena, &x.model, x.w_0);
        double moved = flow.dt * norm(flow.grad), wanted = 1e-3 * norm(x.w_0);
        assert_near(moved, wanted, 1e-14 * wanted);
        arena_free(&x.arena);
    }
}
END_TEST

START_TEST(one_weight_per_layer_and_one_example)
{
    struct arena arena = arena_make(1 << 14);
    struct mlp net = feat_network(1, 1, 1);
    struct feat_model model =
        feat_make(&arena, &net, (mat){1, 1, VEC(2).at}, VEC(1), 0.25);
    vec w_0 = VEC(1, 1);
    lazy_center(&model.on, w_0);
    struct feat_flow flow = feat_flow_make(&arena, &model, w_0);
    ck_assert(feat_to(&flow, INFINITY) == FEAT_FITTED);
    double f_0 = softplus(2), f_1 = flow.w.at[1] * softplus(2 * flow.w.at[0]);
    assert_near(flow.F.at[0], 0.25 * (f_1 - f_0), 1e-14);
    arena_free(&arena);
}
END_TEST

/* The same, in closed form, at w = (a, b): f = b s(2 a), df/dw = (2 b s'(2 a), s(2 a)).
 */
START_TEST(one_weight_per_layer_in_closed_form)
{
    struct arena arena = arena_make(1 << 14);
    struct mlp net = feat_network(1, 1, 1);
    struct feat_model model =
        feat_make(&arena, &net, (mat){1, 1, VEC(2).at}, VEC(-1), 0.25);
    vec w_0 = VEC(1, 1), w = VEC(0.5, 3), F = VEC(NAN), grad = VEC(NAN, NAN);
    double s_0 = softplus(2), s_1 = SOFTPLUS_A / (1 + exp(-10)), s = softplus(1),
           f = 3 * s - s_0, df_0 = 6 * SOFTPLUS_A / (1 + exp(-5));
    lazy_center(&model.on, w_0);
    static const double alphas[] = {0.25, 1e-9, 1e7};
    for (int k = 0; k < 3; k++) {
        double alpha = model.alpha = alphas[k], z = 20 * (1 + alpha * f);
        double loss = feat_gradient(&model, w, F, grad), most = fmax(1, alpha);
        assert_near(F.at[0], alpha * f, 1e-15 * most);
        ck_assert_double_le(fabs(loss - (z > 700 ? z : log1p(exp(z))) / 20),
                            rounded(1e-14) * most);
        assert_near(grad.at[0] * alpha, df_0 / (1 + exp(-z)), 1e-13);
        assert_near(grad.at[1] * alpha, s / (1 + exp(-z)), 1e-13);
    }
    mat Theta = {1, 1, VEC(NAN).at};
    feat_kernel(&model, w, &arena, Theta);
    assert_near(Theta.at[0], df_0 * df_0 + s * s, 1e-13);
    double line = 2 * s_1 * (0.5 - 1) + s_0 * (3 - 1);
    assert_near(feat_nonlinearity(&model, w_0, w, &arena), fabs(line / f - 1), 1e-14);
    assert_near(feat_change(VEC(2), VEC(-1)), 1.5, 0);
    arena_free(&arena);
}
END_TEST

/* ---- What has become of the network ---------------------------------------------- */

START_TEST(kernel_is_that_of_the_gradients)
{
    struct bench x;
    bench_make("feat/kernel", &x);
    for (int k = 0; k < 3; k++) {
        int n = SIZES[k];
        struct feat_model model = again(&x, n);
        mat J = {n, P, random_vec(&x, n * P).at},
            Theta = {n, n, random_vec(&x, n * n).at};
        size_t used = x.arena.used;
        feat_kernel(&model, x.w, &x.arena, Theta);
        ck_assert(x.arena.used == used);
        lazy_jacobian(&model.on, x.w, &x.arena, J);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                assert_near(row(Theta, i).at[j], dot(row(J, i), row(J, j)), 10 * LIMIT);
    }
    arena_free(&x.arena);
}
END_TEST

START_TEST(change_is_relative)
{
    struct arena arena = arena_make(1 << 15);
    assert_near(feat_change(VEC(3, 4), VEC(3, 4)), 0, 0);
    assert_near(feat_change(VEC(3, 4), VEC(0, 0)), 1, DBL_EPSILON);
    assert_near(feat_change(VEC(0, 2, 0), VEC(3, 2, 4)), 2.5, 2 * DBL_EPSILON);
    ck_assert(isnan(feat_change(VEC(1, 1), VEC(1, NAN))));
    ck_assert(isnan(feat_change(VEC(0, 0), VEC(0, 0))));
    ck_assert(feat_change(VEC(0, 0), VEC(0, 1)) == INFINITY);
    for (double unit = 1 / LARGE; unit <= LARGE; unit *= cbrt(LARGE))
        assert_near(feat_change(VEC(0, 2 * unit, 0), VEC(3 * unit, 2 * unit, 4 * unit)),
                    2.5, 4 * DBL_EPSILON);
    vec ones = arena_vec(&arena, 1000), one = arena_vec(&arena, 1000);
    for (int i = 999; i >= 0; i--) {
        ones.at[i] = 1;
        one.at[i] = i == 999 ? 3 : 1;
    }
    assert_near(feat_change(ones, one), 2 / sqrt(1000), 1e-14);
    ck_assert_stops("before has 2 entries, after has 1",
                    feat_change(VEC(1, 2), VEC(1)));
    arena_free(&arena);
}
END_TEST

START_TEST(nonlinearity_is_what_the_tangent_misses)
{
    struct bench x;
    bench_make("feat/nonlinear", &x);
    mat J = {N, P, random_vec(&x, N * P).at};
    vec line = random_vec(&x, N), out = random_vec(&x, N), dw = random_vec(&x, P);
    lazy_jacobian(&x.model.on, x.w_0, &x.arena, J);
    copy(x.w, dw);
    axpy(-1, x.w_0, dw);
    gemv(x.model.alpha, J, dw, 0, line);
    feat_output(&x.model, x.w, out);
    size_t used = x.arena.used;
    double got = feat_nonlinearity(&x.model, x.w_0, x.w, &x.arena), size = norm(out);
    ck_assert(x.arena.used == used);
    axpy(-1, out, line);
    assert_near(got, norm(line) / size, 100 * LIMIT);
    /* The output is linear in the last weights. */
    copy(x.w_0, dw);
    axpy(1, random_vec(&x, M), part(dw, P - M, M));
    assert_near(feat_nonlinearity(&x.model, x.w_0, dw, &x.arena), 0, 100 * LIMIT);
    arena_free(&x.arena);
}
END_TEST

/* ---- What moves first ------------------------------------------------------------ */

enum { DEPTH = 4 };

struct motion {
    struct arena arena;
    struct rng rng;
    struct mlp net;
    mat X;
    vec w, dw;
    struct mlp_pass pass;
    struct feat_speed speed;
};

static struct motion motion_make(const char *test, int depth, int n)
{
    struct motion x = {.arena = arena_make(1 << 18), .rng = unit_rng(test)};
    x.net = mlp_make(depth, (int[]){3, 5, 4, 1, 2}, TANH, TANGENT, false);
    x.X = arena_mat(&x.arena, n, 3);
    x.w = arena_vec(&x.arena, mlp_parameters(&x.net));
    x.dw = arena_vec(&x.arena, x.w.n);
    x.pass = mlp_pass_make(&x.arena, &x.net, n);
    x.speed = feat_speed_make(&x.arena, &x.net, n);
    rng_uniforms(&x.rng, -1, 1, entries(x.X));
    rng_uniforms(&x.rng, -1, 1, x.w);
    rng_uniforms(&x.rng, -1, 1, x.dw);
    return x;
}

/* H_l and Z_l at w + t dw in plain loops, in one array: Z_0, ..., Z_{L-1}. */
static void all_layers(struct motion *x, double t, int i, double Z[DEPTH][8])
{
    real H[8] = {0};
    copy(row(x->X, i), (vec){3, H});
    for (int l = 0, at = 0; l < x->net.depth; l++) {
        int below = x->net.width[l], above = x->net.width[l + 1];
        for (int r = 0; r < above; r++) {
            Z[l][r] = 0;
            for (int j = 0; j < below; j++, at++)
                Z[l][r] += (x->w.at[at] + t * x->dw.at[at]) * H[j] / sqrt(below);
        }
        for (int r = 0; r < above; r++)
            H[r] = tanh(Z[l][r]);
    }
}

START_TEST(velocities_are_differences)
{
    static const int rows[] = {1, 2, 65};
    for (int depth = 1; depth <= DEPTH; depth++)
        for (int k = 0; k < 3; k++) {
            struct motion x = motion_make("feat/velocities", depth, rows[k]);
            mlp_forward(&x.net, x.w, x.X, &x.pass);
            for (int l = 0; l < depth; l++) {
                fill(NAN, entries(x.speed.Z[l]));
                fill(NAN, entries(x.speed.H[l]));
            }
            feat_velocities(&x.net, x.w, x.dw, &x.pass, &x.speed);
            double above[DEPTH][8], below[DEPTH][8], here[DEPTH][8];
            for (int i = 0; i < rows[k]; i++) {
                all_layers(&x, 1e-5, i, above);
                all_layers(&x, -1e-5, i, below);
                all_layers(&x, 0, i, here);
                for (int l = 0; l < depth; l++)
                    for (int r = 0; r < x.net.width[l + 1]; r++) {
                        double slope = (above[l][r] - below[l][r]) / 2e-5,
                               bent = 1 - tanh(here[l][r]) * tanh(here[l][r]);
                        assert_near(row(x.speed.Z[l], i).at[r], slope, 1e-8);
                        if (l + 1 < depth)
                            assert_near(row(x.speed.H[l + 1], i).at[r], bent * slope,
                                        1e-8);
                    }
            }
            arena_free(&x.arena);
        }
}
END_TEST

START_TEST(velocities_end_with_that_of_the_output)
{
    struct motion x = motion_make("feat/output", DEPTH, 7);
    mat dF = arena_mat(&x.arena, 7, 2);
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    mlp_jvp(&x.net, x.w, x.dw, (mat){0}, &x.pass, &x.arena, dF);
    feat_velocities(&x.net, x.w, x.dw, &x.pass, &x.speed);
    for (int i = 0; i < 14; i++)
        assert_near(x.speed.Z[DEPTH - 1].at[i], dF.at[i], 20 * DBL_EPSILON);
    ck_assert(x.speed.H[0].at == NULL);
    x.net.biases = true;
    ck_assert_stops("feat_velocities: the network has biases",
                    feat_velocities(&x.net, x.w, x.dw, &x.pass, &x.speed));
    arena_free(&x.arena);
}
END_TEST

/* ---- Moments: two units, by quadrature ------------------------------------------- */

enum { TWO = 2, LAYERS = 3, NODES = 4 };

/* What the moments are means of, for a network of which all normal numbers are nodes of
 * Gauss and Hermite's rule, exact for polynomials of degree 7.  An even polynomial
 * times the indicator of a half space is summed exactly too, if of x and -x exactly one
 * is counted: ties are broken by the first number. */
struct two {
    double z[TWO], K[TWO][TWO];
};

static void node(int k, double *x, double *weight)
{
    double sign = k % 2 ? 1 : -1, root = k < 2 ? -sqrt(6) : sqrt(6);
    *x = sign * sqrt(3 + root);
    *weight *= (3 - root) / 12;
}

static struct two first_of(const double *a)
{
    struct two f = {{0}, {{0}}};
    for (int i = 0; i < TWO; i++) {
        f.z[i] = a[i] > 0 ? sqrt(2) * a[i] : 0;
        f.K[i][i] = a[i] > 0 ? 2 : 0;
    }
    return f;
}

static struct two next_of(struct two f, double a[TWO][TWO])
{
    struct two g;
    double q = (f.z[0] * f.z[0] + f.z[1] * f.z[1]) / TWO, gate[TWO];
    for (int i = 0; i < TWO; i++) {
        double sum = (a[i][0] * f.z[0] + a[i][1] * f.z[1]) / sqrt(TWO);
        bool tie = fabs(sum) < 1e-12, on = tie ? a[i][0] > 0 : sum > 0;
        gate[i] = on ? sqrt(2) : 0;
        g.z[i] = gate[i] * sum;
    }
    for (int i = 0; i < TWO; i++)
        for (int j = 0; j < TWO; j++) {
            double sum = i == j ? q : 0;
            for (int k = 0; k < TWO; k++)
                for (int l = 0; l < TWO; l++)
                    sum += a[i][k] * f.K[k][l] * a[j][l] / TWO;
            g.K[i][j] = gate[i] * gate[j] * sum;
        }
    return g;
}

static void add_moments(struct two f, double weight, struct feat_moments *of)
{
    double q = (f.z[0] * f.z[0] + f.z[1] * f.z[1]) / TWO,
           t = (f.K[0][0] + f.K[1][1]) / TWO;
    of->qq += weight * q * q;
    of->qt += weight * q * t;
    of->tt += weight * t * t;
    for (int i = 0; i < TWO; i++)
        for (int j = 0; j < TWO; j++) {
            of->kk += weight * f.K[i][j] * f.K[i][j] / TWO;
            of->zz += weight * f.z[i] * f.K[i][j] * f.z[j] / TWO;
        }
}

/* The sum over all nodes of the layers from this one on. */
static void sum_over(struct two below, int layer, double weight,
                     struct feat_moments of[LAYERS])
{
    if (layer == LAYERS)
        return;
    int numbers = layer == 0 ? TWO : TWO * TWO, points = 1 << (2 * numbers);
    for (int p = 0; p < points; p++) {
        double a[TWO][TWO], share = weight;
        for (int k = 0; k < numbers; k++)
            node(p >> (2 * k) & (NODES - 1), &a[0][0] + k, &share);
        struct two f = layer == 0 ? first_of(a[0]) : next_of(below, a);
        add_moments(f, share, &of[layer]);
        sum_over(f, layer + 1, share, of);
    }
}

static void assert_moments(struct feat_moments got, struct feat_moments value,
                           double limit)
{
    assert_near(got.qq, value.qq, limit * value.qq);
    assert_near(got.qt, value.qt, limit * value.qt);
    assert_near(got.tt, value.tt, limit * value.tt);
    assert_near(got.kk, value.kk, limit * value.kk);
    assert_near(got.zz, value.zz, limit * value.zz);
}

START_TEST(moments_of_two_units_are_sums)
{
    struct feat_moments of[LAYERS] = {{0}}, next = feat_moments_first(TWO);
    sum_over((struct two){{0}, {{0}}}, 0, 1, of);
    for (int layer = 0; layer < LAYERS; layer++) {
        assert_moments(next, of[layer], 1e-11);
        next = feat_moments_next(TWO, next);
    }
}
END_TEST

START_TEST(moments_of_one_unit_and_of_many)
{
    struct feat_moments one = feat_moments_first(1), many = feat_moments_first(1 << 30);
    assert_moments(one, (struct feat_moments){6, 2, 2, 2, 2}, 0);
    assert_moments(feat_moments_next(1, one), (struct feat_moments){36, 24, 32, 32, 24},
                   0);
    assert_near(feat_gain(1, one), 3, 0);
    assert_moments(many, (struct feat_moments){1, 1, 1, 2, 2}, 1e-8);
    many = feat_moments_next(1 << 30, many);
    assert_moments(many, (struct feat_moments){1, 2, 4, 10, 6}, 1e-7);
    assert_near(feat_gain(1 << 30, many), 1.4, 1e-7);
    /* Multiplied out, with s = 1 / m; at s = 1 and s = 0 they are those above. */
    static const int widths[] = {3, 32, 1000};
    for (int k = 0; k < 3; k++) {
        double s = 1.0 / widths[k], tt = 4 + 12 * s + 16 * s * s, kk = 10 + 22 * s;
        struct feat_moments first = feat_moments_first(widths[k]),
                            next = feat_moments_next(widths[k], first);
        assert_near(feat_gain(widths[k], first), 1.5 * (1 + s), 4 * DBL_EPSILON);
        assert_moments(next,
                       (struct feat_moments){.qq = (1 + 5 * s) * (1 + 5 * s),
                                             .qt = 2 + 8 * s + 14 * s * s,
                                             .tt = tt,
                                             .kk = kk,
                                             .zz = 6 + 18 * s},
                       8 * DBL_EPSILON);
        assert_near(feat_gain(widths[k], next), 1 + s + tt / kk, 8 * DBL_EPSILON);
    }
    ck_assert_stops("feat_moments_first: a layer has at least one unit, got m = 0",
                    feat_moments_first(0));
    ck_assert_stops("feat_moments_next: a layer has at least one unit, got m = 0",
                    feat_moments_next(0, one));
    ck_assert_stops("feat_gain: a layer has at least one unit, got m = -1",
                    feat_gain(-1, one));
}
END_TEST

/* ---- Where neurons point, and which layer is ready ------------------------------- */

START_TEST(alignment_is_a_mean_of_cosines)
{
    struct arena arena = arena_make(1 << 12);
    mat W = {3, 2, (real[]){3, 4, 0, -2, -1, 0}}, V = {2, 2, (real[]){1, 0, 0, 7}};
    vec a = VEC(2, -1, 0.5), none = VEC(0, 0, 0);
    /* 0.8 of 10, to (0, 1); 0 of 2, to (1, 0); 0 of 0.5, to (0, 1). */
    assert_near(feat_alignment(W, a, V), 8 / 12.5, 4 * DBL_EPSILON);
    assert_near(feat_alignment(row_block(W, 0, 1), part(a, 0, 1), row_block(V, 0, 1)),
                0.6, 4 * DBL_EPSILON);
    assert_near(feat_alignment(row_block(W, 1, 1), part(a, 1, 1), row_block(V, 1, 1)),
                -1, 4 * DBL_EPSILON);
    ck_assert(isnan(feat_alignment(W, none, V)));
    mat line = {2, 1, VEC(3, -1).at}, up = {3, 1, VEC(-2, -4, 5).at};
    assert_near(feat_alignment(line, VEC(1, 2), row_block(up, 0, 2)), -0.2,
                4 * DBL_EPSILON);
    assert_near(feat_alignment(line, VEC(1, 2), up), 1, 4 * DBL_EPSILON);
    scale(VAST, entries(W));
    scale(TINY, entries(V));
    assert_near(feat_alignment(W, a, V), 8 / 12.5, 8 * DBL_EPSILON);
    V.at[0] = NAN;
    ck_assert(isnan(feat_alignment(W, a, V)));
    ck_assert_stops("feat_alignment: W has 3 rows, a has 2 entries",
                    feat_alignment(W, part(a, 0, 2), V));
    ck_assert_stops("feat_alignment: there is no direction",
                    feat_alignment(W, a, row_block(V, 0, 0)));
    arena_free(&arena);
}
END_TEST

/* Of many neurons all alike, and of many directions of which only the last is theirs.
 */
START_TEST(alignment_of_many)
{
    struct arena arena = arena_make(1 << 18);
    mat W = arena_mat(&arena, 200, 2), V = arena_mat(&arena, 100, 2);
    vec a = arena_vec(&arena, 200);
    for (int j = 0; j < 200; j++)
        row(W, j).at[j < 150] = 3, a.at[j] = j % 2 ? 1 : -1;
    for (int k = 0; k < 100; k++)
        row(V, k).at[0] = k < 99 ? -1 : 0, row(V, k).at[1] = k == 99;
    /* 150 of (0, 3) along the last one, and 50 of (3, 0) across it */
    assert_near(feat_alignment(W, a, V), 0.75, 1e-14);
    arena_free(&arena);
}
END_TEST

/* sum k_ij l_ij / sqrt(sum k_ij^2 sum l_ij^2) of the inner products of centered rows.
 */
static double cka_of_rows(mat A, mat B)
{
    long double kl = 0, kk = 0, ll = 0;
    const mat both[] = {A, B};
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < A.rows; j++) {
            long double inner[2] = {0, 0};
            for (int which = 0; which < 2; which++)
                for (int c = 0; c < both[which].cols; c++) {
                    long double mean = 0;
                    for (int r = 0; r < A.rows; r++)
                        mean += row(both[which], r).at[c] / (long double)A.rows;
                    inner[which] += (row(both[which], i).at[c] - mean) *
                                    (row(both[which], j).at[c] - mean);
                }
            kl += inner[0] * inner[1];
            kk += inner[0] * inner[0];
            ll += inner[1] * inner[1];
        }
    return (double)(kl / sqrtl(kk * ll));
}

START_TEST(cka_is_the_cosine_of_two_kernels)
{
    static const int shapes[][3] = {{2, 1, 1}, {3, 1, 4}, {7, 5, 2}, {130, 3, 9}};
    for (int k = 0; k < 4; k++) {
        struct arena arena = arena_make(1 << 16);
        struct rng rng = unit_rng("feat/cka");
        mat A = arena_mat(&arena, shapes[k][0], shapes[k][1]),
            B = arena_mat(&arena, shapes[k][0], shapes[k][2]);
        rng_uniforms(&rng, 0, 3, entries(A));
        rng_uniforms(&rng, -1, 4, entries(B));
        double value = cka_of_rows(A, B);
        size_t used = arena.used;
        assert_near(feat_cka(A, B, &arena), value, 1e-13);
        assert_near(feat_cka(B, A, &arena), value, 1e-13);
        assert_near(feat_cka(A, A, &arena), 1, 1e-14);
        scale(VAST, entries(A));
        scale(-TINY, entries(B));
        assert_near(feat_cka(A, B, &arena), value, 1e-13);
        ck_assert(arena.used == used);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(cka_does_not_see_rotations)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("feat/rotation");
    mat A = arena_mat(&arena, 20, 5), Q = arena_mat(&arena, 5, 5),
        B = arena_mat(&arena, 20, 5);
    rng_normals(&rng, 0, 1, entries(A));
    rng_rotation(&rng, &arena, Q);
    gemm(3, AS_IS, A, AS_IS, Q, 0, B);
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < 5; j++)
            row(B, i).at[j] += 7 * j;
    assert_near(feat_cka(A, B, &arena), 1, 1e-13);
    /* Columns that are orthogonal once they are centered have nothing in common. */
    mat C = {4, 1, (real[]){1, 1, 2, 2}}, E = {4, 1, (real[]){5, 6, 5, 6}};
    assert_near(feat_cka(C, E, &arena), 0, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(cka_of_nothing_is_no_number)
{
    struct arena arena = arena_make(1 << 12);
    mat A = {2, 2, (real[]){1, 2, 1, 2}}, B = {2, 1, (real[]){0, 1}};
    ck_assert(isnan(feat_cka(A, B, &arena)));
    ck_assert(isnan(feat_cka(row_block(B, 0, 1), row_block(B, 1, 1), &arena)));
    mat C = {2, 1, (real[]){NAN, 1}};
    ck_assert(isnan(feat_cka(B, C, &arena)));
    ck_assert_stops("feat_cka: A has 2 rows, B has 1",
                    feat_cka(B, row_block(B, 0, 1), &arena));
    arena_free(&arena);
}
END_TEST

/* The model, its examples, and all weights that are measured are as they were. */
START_TEST(what_is_measured_is_only_read)
{
    struct bench x;
    bench_make("feat/read", &x);
    vec out = random_vec(&x, N), grad = random_vec(&x, P), dw = random_vec(&x, P);
    mat Theta = {N, N, random_vec(&x, N * N).at}, A = {N, 2, random_vec(&x, 2 * N).at};
    mat B = {N, D, random_vec(&x, N * D).at}, W = row_block(B, 0, 2);
    struct lazy_problem *on = &x.model.on;
    struct mlp_pass pass = mlp_pass_make(&x.arena, &on->net, N);
    struct feat_speed speed = feat_speed_make(&x.arena, &on->net, N);
    mlp_forward(&on->net, x.w, on->X, &pass);
    struct unit_watch read =
        WATCH(&x.arena, x.w, x.w_0, dw, entries(on->X), on->y, on->offset, entries(A),
              entries(B), entries(pass.H[1]), entries(pass.slope[0]));
    feat_output(&x.model, x.w, out);
    feat_gradient(&x.model, x.w, out, grad);
    feat_kernel(&x.model, x.w, &x.arena, Theta);
    feat_change(x.w_0, x.w), feat_turn(x.w_0, x.w);
    feat_nonlinearity(&x.model, x.w_0, x.w, &x.arena);
    feat_velocities(&on->net, x.w, dw, &pass, &speed);
    feat_alignment(W, part(out, 0, 2), B);
    feat_cka(A, B, &x.arena);
    ck_assert(x.model.alpha == 0.5 && x.model.beta == FEAT_BETA);
    assert_unchanged(&read);
    arena_free(&x.arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {soft_plus_is_its_formula,
                                  soft_plus_far_out_is_the_hinge,
                                  network_is_the_slides,
                                  first_layers_end_with_preactivations,
                                  make_asks_for_a_scale,
                                  output_is_scaled_and_centered,
                                  gradient_is_that_of_the_loss_over_alpha_squared,
                                  gradient_counts_every_example,
                                  gradient_of_a_nan_is_one,
                                  flow_begins_at_rest,
                                  least_margin_is_the_least,
                                  turn_is_relative,
                                  step_is_eulers,
                                  step_that_turns_too_much_is_tried_again,
                                  step_ends_where_it_is_told,
                                  half_of_the_loss_is_interpolated_once,
                                  flow_has_a_last_gradient,
                                  flow_without_a_gradient_cannot_go_on,
                                  flow_goes_to_a_time_or_to_the_end,
                                  one_weight_per_layer_and_one_example,
                                  one_weight_per_layer_in_closed_form,
                                  kernel_is_that_of_the_gradients,
                                  change_is_relative,
                                  nonlinearity_is_what_the_tangent_misses,
                                  velocities_are_differences,
                                  velocities_end_with_that_of_the_output,
                                  moments_of_two_units_are_sums,
                                  moments_of_one_unit_and_of_many,
                                  alignment_is_a_mean_of_cosines,
                                  cka_is_the_cosine_of_two_kernels,
                                  cka_does_not_see_rotations,
                                  cka_of_nothing_is_no_number,
                                  networks_of_all_depths,
                                  flow_arrives_at_any_time,
                                  half_of_the_loss_is_the_first,
                                  first_step_is_a_share_of_the_weights,
                                  what_is_measured_is_only_read,
                                  alignment_of_many,
                                  NULL};
    return unit_run("feature_learning", tests);
}
