/* The contract of residual_networks.h.  Each function is held against plain loops over
 * complex numbers, with a step of 1e-30 along the imaginary axis for derivatives, and
 * the plain net against the book's network. */
#include "ground/unit.h"
#include "mlp.h"
#include "residual_networks.h"

#include <complex.h>
#include <float.h>
#include <math.h>

enum { T = 4, D = 3, N = 5, LAYER = D * D + D, SETTINGS = 2 * 4 };
static const double STEP = 1e-30;

/* Scratch for one test, which runs in a process of its own. */
static struct arena arena;

/* A random net with a pass full of NaN, which must not matter. */
struct world {
    struct resnet net;
    struct resnet_pass pass;
    vec w, dw, grad;
    mat X, Y, G, V, scratch;
};

static void forget(mat A) { fill(NAN, entries(A)); }

static struct world world_make(struct rng *rng, int setting)
{
    static const enum activation kinds[] = {LINEAR, RELU, TANH, SOFTPLUS};
    struct world s = {.net = {T, D, kinds[setting / 2], setting % 2, 0.7}};
    s.pass = resnet_pass_make(&arena, s.net, N);
    s.w = arena_vec(&arena, resnet_parameters(s.net));
    s.dw = arena_vec(&arena, s.w.n);
    s.grad = arena_vec(&arena, s.w.n);
    mat *const all[] = {&s.X, &s.Y, &s.G, &s.V, &s.scratch};
    for (int i = 0; i < 5; i++) {
        *all[i] = arena_mat(&arena, N, D);
        rng_normals(rng, 0, 1, entries(*all[i]));
    }
    rng_normals(rng, 0, 0.6, s.w);
    rng_normals(rng, 0, 1, s.dw);
    fill(NAN, s.grad);
    forget(s.pass.H), forget(s.pass.slope), forget(s.pass.A), forget(s.pass.Delta);
    forget(s.scratch);
    return s;
}

static void each_setting(const char *test, void (*check)(struct world s))
{
    struct rng rng = unit_rng(test);
    arena = arena_make(1 << 20);
    for (int setting = 0; setting < SETTINGS; setting++) {
        size_t mark = arena.used;
        check(world_make(&rng, setting));
        arena.used = mark;
    }
    arena_free(&arena);
}

static double complex phi(enum activation activation, double complex z)
{
    switch (activation) {
    case RELU:
        return creal(z) > 0 ? z : 0;
    case TANH:
        return (cexp(z) - cexp(-z)) / (cexp(z) + cexp(-z));
    case SOFTPLUS:
        return 1.404383 / 5 * clog(1 + cexp(5 * z));
    default:
        return z;
    }
}

/* Row i of the block that `from` layers have left, on through the rest of the net, with
 * w + i STEP dw and h + i STEP dh. */
static void plain_forward(struct world s, int i, int from, vec dw, vec dh,
                          double complex *h)
{
    for (int j = 0; j < D; j++)
        h[j] = row(resnet_block(&s.pass, s.pass.H, from), i).at[j] +
               I * STEP * (dh.n ? dh.at[j] : 0);
    for (int t = from; t < T; t++) {
        double complex next[D];
        for (int j = 0; j < D; j++) {
            int at = t * LAYER + D * D + j;
            double complex z = s.w.at[at] + I * STEP * (dw.n ? dw.at[at] : 0);
            for (int k = 0; k < D; k++) {
                at = t * LAYER + j * D + k;
                z += (s.w.at[at] + I * STEP * (dw.n ? dw.at[at] : 0)) * h[k];
            }
            next[j] = (s.net.skip ? h[j] : 0) + 0.7 * phi(s.net.activation, z);
        }
        for (int j = 0; j < D; j++)
            h[j] = next[j];
    }
}

/* Sums of T layers of D products, on numbers below 1e3. */
static const double NEAR = 1e3 * 30 * T * D * REAL_EPSILON;
static const vec NOTHING = {0, NULL};

static vec last(struct world s, mat all, int i)
{
    return row(resnet_block(&s.pass, all, T), i);
}

/* ---- Layers and passes ----------------------------------------------------------- */

START_TEST(layers_stand_one_behind_the_other)
{
    real at[2 * 6];
    struct resnet net = {2, 2, TANH, true, 1};
    vec w = {12, at};
    ck_assert_int_eq(resnet_parameters(net), 12);
    for (int t = 0; t < 2; t++) {
        ck_assert(resnet_layer(net, w, t).n == 6 &&
                  resnet_layer(net, w, t).at == at + 6 * t);
        mat W = resnet_weights(net, w, t);
        ck_assert(W.rows == 2 && W.cols == 2 && W.at == at + 6 * t);
        vec b = resnet_biases(net, w, t);
        ck_assert(b.n == 2 && b.at == at + 6 * t + 4);
    }
}
END_TEST

START_TEST(smooth_layers_lie_on_their_curve)
{
    real at[4 * 2], first[] = {3, -5}, second[] = {7, 11};
    struct resnet net = {4, 1, TANH, true, 1};
    vec w = {8, at};
    fill(NAN, w);
    resnet_smooth(net, (vec){2, first}, (vec){2, second}, w);
    ck_assert(at[0] == 3 && at[1] == -5);
    for (int t = 0; t < 4; t++)
        for (int j = 0; j < 2; j++)
            ck_assert_double_eq_tol(at[2 * t + j],
                                    cos(t / 4.0) * first[j] + sin(t / 4.0) * second[j],
                                    rounded(1e-14));
    ck_assert(first[0] == 3 && second[1] == 11);
}
END_TEST

START_TEST(a_pass_has_its_blocks)
{
    arena = arena_make(1 << 12);
    struct resnet net = {3, 4, TANH, true, 1};
    struct resnet_pass pass = resnet_pass_make(&arena, net, 4);
    ck_assert_int_eq(arena.used, (4 * 3 + 2) * 4 * 4 * sizeof(real));
    ck_assert(pass.n == 4 && pass.H.rows == 16 && pass.A.rows == 16);
    ck_assert(pass.slope.rows == 12 && pass.Delta.rows == 12 && pass.H.cols == 4);
    mat block = resnet_block(&pass, pass.H, 3);
    ck_assert(block.rows == 4 && block.cols == 4 && block.at == pass.H.at + 3 * 4 * 4);
    arena_free(&arena);
}
END_TEST

/* ---- Runs ------------------------------------------------------------------------ */

static void check_forward(struct world s)
{
    double complex h[D];
    resnet_forward(s.net, s.w, s.X, &s.pass);
    for (int i = 0; i < N; i++) {
        for (int t = 0; t <= T; t++) { /* from any block one arrives at the last */
            plain_forward(s, i, t, NOTHING, NOTHING, h);
            for (int j = 0; j < D; j++)
                ck_assert_double_eq_tol(last(s, s.pass.H, i).at[j], creal(h[j]), NEAR);
        }
        for (int j = 0; j < D; j++)
            ck_assert_double_eq(row(s.pass.H, i).at[j], row(s.X, i).at[j]);
    }
}

START_TEST(forward_is_its_formula) { each_setting("rn/forward", check_forward); }
END_TEST

static void check_backward(struct world s)
{
    double complex h[D];
    resnet_forward(s.net, s.w, s.X, &s.pass);
    copy(entries(s.G), entries(resnet_block(&s.pass, s.pass.A, T)));
    resnet_backward(s.net, s.w, &s.pass);
    for (int t = 0; t <= T; t++)
        for (int i = 0; i < N; i++)
            for (int k = 0; k < D; k++) {
                real e_k[D] = {0};
                double slope = 0;
                e_k[k] = 1;
                plain_forward(s, i, t, NOTHING, (vec){D, e_k}, h);
                for (int j = 0; j < D; j++)
                    slope += row(s.G, i).at[j] * cimag(h[j]) / STEP;
                double a = row(resnet_block(&s.pass, s.pass.A, t), i).at[k];
                ck_assert_double_eq_tol(a, slope, NEAR);
            }
}

START_TEST(backward_is_the_derivative_by_every_state)
{
    each_setting("rn/backward", check_backward);
}
END_TEST

static void check_gradient(struct world s)
{
    double complex h[D];
    vec dw = arena_vec(&arena, s.w.n);
    resnet_forward(s.net, s.w, s.X, &s.pass);
    copy(entries(s.G), entries(resnet_block(&s.pass, s.pass.A, T)));
    resnet_backward(s.net, s.w, &s.pass);
    resnet_gradient(s.net, &s.pass, s.grad);
    for (int k = 0; k < s.w.n; k++) {
        double slope = 0;
        fill(0, dw);
        dw.at[k] = 1;
        for (int i = 0; i < N; i++) {
            plain_forward(s, i, 0, dw, NOTHING, h);
            for (int j = 0; j < D; j++)
                slope += row(s.G, i).at[j] * cimag(h[j]) / STEP;
        }
        ck_assert_double_eq_tol(s.grad.at[k], slope, N * NEAR);
    }
}

START_TEST(gradient_is_the_derivative_by_every_weight)
{
    each_setting("rn/gradient", check_gradient);
}
END_TEST

static void check_push(struct world s)
{
    double complex h[D];
    resnet_forward(s.net, s.w, s.X, &s.pass);
    mat v = arena_mat(&arena, N, D);
    copy(entries(s.V), entries(v));
    resnet_push(s.net, s.w, &s.pass, v, s.scratch);
    for (int i = 0; i < N; i++) {
        plain_forward(s, i, 0, NOTHING, row(s.V, i), h);
        for (int j = 0; j < D; j++)
            ck_assert_double_eq_tol(row(v, i).at[j], cimag(h[j]) / STEP, NEAR);
    }
    copy(entries(s.G), entries(resnet_block(&s.pass, s.pass.A, T)));
    resnet_backward(s.net, s.w, &s.pass);
    ck_assert_double_eq_tol(dot(entries(s.G), entries(v)),
                            dot(entries(resnet_block(&s.pass, s.pass.A, 0)),
                                entries(s.V)),
                            N * D * NEAR);
}

START_TEST(push_is_the_transpose_of_backward) { each_setting("rn/push", check_push); }
END_TEST

/* The plain net is the book's, with a last layer that copies. */
START_TEST(without_skips_it_is_the_plain_network)
{
    struct rng rng = unit_rng("rn/plain");
    arena = arena_make(1 << 16);
    struct world s = world_make(&rng, 4);
    const int width[] = {D, D, D, D, D, D};
    struct mlp plain = mlp_make(T + 1, width, TANH, STANDARD, true);
    vec w = arena_vec(&arena, mlp_parameters(&plain));
    struct mlp_pass pass = mlp_pass_make(&arena, &plain, N);
    ck_assert(!s.net.skip && s.net.activation == TANH);
    s.net.step = 1;
    copy(s.w, (vec){s.w.n, w.at});
    for (int j = 0; j < D; j++)
        row(mlp_weights(&plain, w, T), j).at[j] = 1;
    mlp_forward(&plain, w, s.X, &pass);
    resnet_forward(s.net, s.w, s.X, &s.pass);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++)
            ck_assert_double_eq_tol(last(s, s.pass.H, i).at[j],
                                    row(pass.H[T + 1], i).at[j], NEAR);
    arena_free(&arena);
}
END_TEST

/* ---- Training -------------------------------------------------------------------- */

static void check_cost(struct world s)
{
    resnet_forward(s.net, s.w, s.X, &s.pass);
    double cost = resnet_cost(s.net, s.Y, &s.pass), sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++) {
            double off = last(s, s.pass.H, i).at[j] - row(s.Y, i).at[j];
            sum += off * off / (2 * N);
            ck_assert_double_eq_tol(last(s, s.pass.A, i).at[j], off / N, NEAR);
        }
    ck_assert_double_eq_tol(cost, sum, NEAR * (1 + sum));
}

START_TEST(cost_is_half_the_mean_squared_distance)
{
    each_setting("rn/cost", check_cost);
}
END_TEST

/* The cost is E, a step moves w by -alpha dE/dw, and dE/dw is that at the old w. */
static void check_step(struct world s)
{
    vec old = arena_vec(&arena, s.w.n), grad = arena_vec(&arena, s.w.n);
    copy(s.w, old);
    resnet_forward(s.net, s.w, s.X, &s.pass);
    double cost = resnet_cost(s.net, s.Y, &s.pass);
    resnet_backward(s.net, s.w, &s.pass);
    resnet_gradient(s.net, &s.pass, grad);
    ck_assert_double_eq(resnet_step(s.net, s.X, s.Y, 0.3, s.w, &s.pass, s.grad), cost);
    for (int k = 0; k < s.w.n; k++) {
        ck_assert_double_eq(s.grad.at[k], grad.at[k]);
        ck_assert_double_eq_tol(s.w.at[k], old.at[k] - 0.3 * grad.at[k],
                                4 * REAL_EPSILON *
                                    (fabs(old.at[k]) + fabs(grad.at[k])));
    }
}

START_TEST(step_is_gradient_descent_on_the_cost)
{
    each_setting("rn/step", check_step);
}
END_TEST

/* With numbers that are exact: one linear layer, h_1 = h_0 + (2 h_0 + 1) / 2. */
START_TEST(one_linear_layer_by_hand)
{
    real w[] = {2, 1}, x[] = {3}, y[] = {4.5}, grad[2];
    struct resnet net = {1, 1, LINEAR, true, 0.5};
    arena = arena_make(1 << 10);
    struct resnet_pass pass = resnet_pass_make(&arena, net, 1);
    double cost = resnet_step(net, (mat){1, 1, x}, (mat){1, 1, y}, 0.25, (vec){2, w},
                              &pass, (vec){2, grad});
    ck_assert_double_eq(pass.H.at[1], 6.5);
    ck_assert_double_eq(cost, 2);
    ck_assert(grad[0] == 3 && grad[1] == 1); /* (6.5 - 4.5) / 2 times 3 and 1 */
    ck_assert(w[0] == 1.25 && w[1] == 0.75);
    ck_assert_double_eq(pass.A.at[0], 4); /* 2 (1 + 2 / 2) */
    arena_free(&arena);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(nets_that_are_none_stop)
{
    real at[8] = {0};
    struct resnet net = {2, 1, TANH, true, 1}, none = net;
    none.depth = 0;
    ck_assert_stops("depth must be at least 1, got 0", resnet_parameters(none));
    none = net;
    none.width = 0;
    ck_assert_stops("width must be at least 1, got 0", resnet_parameters(none));
    ck_assert_stops("resnet_layer: w has 5 entries, the net has 4",
                    resnet_layer(net, (vec){5, at}, 0));
    ck_assert_stops("resnet_layer: w has 3 entries, the net has 4",
                    resnet_layer(net, (vec){3, at}, 0));
    ck_assert_stops("the layers are 0 to 1, there is no layer 2",
                    resnet_layer(net, (vec){4, at}, 2));
    ck_assert_stops("there is no layer -1", resnet_layer(net, (vec){4, at}, -1));
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    struct rng rng = unit_rng("rn/shapes");
    arena = arena_make(1 << 16);
    struct world s = world_make(&rng, 5);
    mat few = row_block(s.X, 0, N - 1);
    vec three = {3, s.w.at};
    ck_assert_stops("entries", resnet_forward(s.net, s.w, few, &s.pass));
    ck_assert_stops("entries", resnet_forward(s.net, three, s.X, &s.pass));
    ck_assert_stops("entries", resnet_backward(s.net, three, &s.pass));
    ck_assert_stops("entries", resnet_gradient(s.net, &s.pass, three));
    ck_assert_stops("", resnet_push(s.net, s.w, &s.pass, few, s.scratch));
    ck_assert_stops("T must be 5 x 3, got 4 x 3", resnet_cost(s.net, few, &s.pass));
    ck_assert_stops("entries", resnet_smooth(s.net, three, three, s.w));
    ck_assert_stops("alpha must be finite and positive, got 0",
                    resnet_step(s.net, s.X, s.Y, 0, s.w, &s.pass, s.grad));
    arena_free(&arena);
}
END_TEST

/* A pass that was of other examples and weights leaves what a new one does. */
START_TEST(a_pass_serves_again)
{
    arena = arena_make(1 << 20);
    struct rng rng = unit_rng("rn/again");
    for (int n = 1; n <= 2; n++) {
        struct resnet net = {2, D, TANH, true, 0.7};
        struct resnet_pass used = resnet_pass_make(&arena, net, n), new;
        vec w = arena_vec(&arena, resnet_parameters(net));
        vec grad = arena_vec(&arena, w.n), other = arena_vec(&arena, w.n);
        mat X = arena_mat(&arena, n, D), Y = arena_mat(&arena, n, D);
        for (int call = 0; call < 3; call++) {
            rng_normals(&rng, 0, 1, w);
            rng_normals(&rng, 0, 1, entries(X));
            new = resnet_pass_make(&arena, net, n);
            vec w_2 = arena_vec(&arena, w.n);
            copy(w, w_2);
            double E = resnet_step(net, X, Y, 0.5, w_2, &new, other);
            ck_assert_double_eq(resnet_step(net, X, Y, 0.5, w, &used, grad), E);
            assert_vec(grad, other, 0);
            assert_vec(w, w_2, 0);
            assert_vec(entries(used.H), entries(new.H), 0);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Linear layers of width 1 with the weights c_t: each multiplies by f_t = 1 + c_t / 2,
 * so the net by their product, there and back; and dE/dc_t is E's a h / (2 f_t).  A
 * product of 2 T factors. */
static void check_depth(int depth)
{
    struct rng rng = unit_rng("rn/deep");
    struct resnet net = {depth, 1, LINEAR, true, 0.5};
    struct resnet_pass pass = resnet_pass_make(&arena, net, 1);
    vec w = arena_vec(&arena, 2 * depth), grad = arena_vec(&arena, 2 * depth);
    mat X = {1, 1, (real[]){3}}, V = {1, 1, (real[]){5}}, room = {1, 1, &(real){0}};
    double limit = 8 * (depth + 1) * DBL_EPSILON;
    long double product = 1;
    for (int t = 0; t < depth; t++) {
        w.at[2 * t] = 0.2 * rng_uniform(&rng) - 0.1;
        product *= 1 + w.at[2 * t] / 2.0L;
    }
    resnet_forward(net, w, X, &pass);
    pass.A.at[depth] = 7;
    resnet_backward(net, w, &pass);
    resnet_gradient(net, &pass, grad);
    resnet_push(net, w, &pass, V, room);
    assert_near((double)(pass.H.at[depth] / product), 3, 3 * limit);
    assert_near((double)(pass.A.at[0] / product), 7, 7 * limit);
    assert_near((double)(V.at[0] / product), 5, 5 * limit);
    for (int t = 0; t < depth; t++) {
        long double one = 2 * (1 + w.at[2 * t] / 2.0L);
        assert_near((double)(grad.at[2 * t] * one / product), 21, 21 * limit);
        assert_near(grad.at[2 * t + 1], pass.A.at[t + 1] / 2, 0);
    }
}

/* Of tanh each layer has a slope of its own: <G, push V> is <A_0, V>.  Some 8 roundings
 * in each layer, of numbers that stay what they are. */
static void check_transpose(int depth)
{
    struct rng rng = unit_rng("rn/deep transpose");
    struct resnet net = {depth, 2, TANH, true, 1.0 / depth};
    struct resnet_pass pass = resnet_pass_make(&arena, net, 2);
    vec w = arena_vec(&arena, resnet_parameters(net));
    mat X = arena_mat(&arena, 2, 2), V = arena_mat(&arena, 2, 2);
    mat before = arena_mat(&arena, 2, 2), G = resnet_block(&pass, pass.A, depth);
    rng_normals(&rng, 0, 0.5, w);
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1, entries(V));
    rng_normals(&rng, 0, 1, entries(G));
    copy(entries(V), entries(before));
    resnet_forward(net, w, X, &pass);
    resnet_backward(net, w, &pass);
    resnet_push(net, w, &pass, V, arena_mat(&arena, 2, 2));
    mat A = resnet_block(&pass, pass.A, 0);
    double size =
        norm(entries(V)) * norm(entries(G)) + norm(entries(A)) * norm(entries(before));
    assert_near(dot(entries(V), entries(G)), dot(entries(A), entries(before)),
                8 * (depth + 4) * DBL_EPSILON * size);
}

START_TEST(nets_of_any_depth)
{
    static const int depths[] = {1, 2, 64, 65, 130};
    arena = arena_make(1 << 18);
    for (int i = 0; i < 5; i++, arena.used = 0)
        check_depth(depths[i]), check_transpose(depths[i]);
    arena_free(&arena);
}
END_TEST

/* Row i of a batch of n is what example i is alone, forward, backward and pushed; and
 * the gradient is the sum of theirs. */
static void check_batch(int n, int d)
{
    struct rng rng = unit_rng("rn/batch");
    struct resnet net = {2, d, TANH, true, 0.5};
    struct resnet_pass pass = resnet_pass_make(&arena, net, n), one;
    int P = resnet_parameters(net);
    vec w = arena_vec(&arena, P), grad = arena_vec(&arena, P);
    vec sum = arena_vec(&arena, P), of_one = arena_vec(&arena, P);
    mat X = arena_mat(&arena, n, d), V = arena_mat(&arena, n, d);
    mat pushed = arena_mat(&arena, n, d), room = arena_mat(&arena, n, d);
    mat G = resnet_block(&pass, pass.A, 2);
    double limit = 100 * (n + d) * DBL_EPSILON;
    rng_normals(&rng, 0, 1 / sqrt(d), w);
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1, entries(V));
    rng_normals(&rng, 0, 1, entries(G));
    copy(entries(V), entries(pushed));
    resnet_forward(net, w, X, &pass);
    resnet_backward(net, w, &pass);
    resnet_gradient(net, &pass, grad);
    resnet_push(net, w, &pass, pushed, room);
    one = resnet_pass_make(&arena, net, 1);
    for (int i = 0; i < n; i++) {
        copy(row(G, i), row(one.A, 2));
        resnet_forward(net, w, row_block(X, i, 1), &one);
        resnet_backward(net, w, &one);
        resnet_gradient(net, &one, of_one);
        resnet_push(net, w, &one, row_block(V, i, 1), row_block(room, 0, 1));
        axpy(1, of_one, sum);
        for (int t = 0; t <= 2; t++) {
            assert_vec(row(one.H, t), row(resnet_block(&pass, pass.H, t), i), limit);
            assert_vec(row(one.A, t), row(resnet_block(&pass, pass.A, t), i), limit);
        }
        assert_vec(row(V, i), row(pushed, i), limit);
    }
    assert_vec(grad, sum, n * limit);
}

START_TEST(a_batch_is_its_examples)
{
    static const int shapes[][2] = {{1, 1}, {2, 3}, {3, 2}, {130, 7}, {3, 70}};
    arena = arena_make(1 << 20);
    for (int k = 0; k < 5; k++, arena.used = 0)
        check_batch(shapes[k][0], shapes[k][1]);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("residual_networks", (const TTest *[]){
                                             layers_stand_one_behind_the_other,
                                             smooth_layers_lie_on_their_curve,
                                             a_pass_has_its_blocks,
                                             forward_is_its_formula,
                                             backward_is_the_derivative_by_every_state,
                                             gradient_is_the_derivative_by_every_weight,
                                             push_is_the_transpose_of_backward,
                                             without_skips_it_is_the_plain_network,
                                             cost_is_half_the_mean_squared_distance,
                                             step_is_gradient_descent_on_the_cost,
                                             one_linear_layer_by_hand,
                                             nets_that_are_none_stop,
                                             shapes_that_do_not_fit_stop,
                                             a_pass_serves_again,
                                             nets_of_any_depth,
                                             a_batch_is_its_examples,
                                             NULL,
                                         });
}
