/* test_mlp.c -- the network against plain loops over complex numbers: a step of 1e-30
 * along the imaginary axis gives derivatives to the last digit, by no chain rule. */
#include "ground/activation.h"
#include "ground/unit.h"
#include "mlp.h"

#include <complex.h>
#include <float.h>
#include <math.h>

/* Scratch for one test, which runs in a process of its own. */
static struct arena arena;

static void each(int count, void (*check)(int setting))
{
    for (int setting = 0; setting < count; setting++) {
        size_t mark = arena.used;
        check(setting);
        arena.used = mark;
    }
}

/* ---- The oracle ---------------------------------------------------------------------
 */

static const double STEP = 1e-30;

/* erf by 2/sqrt(pi) e^-z^2 sum_n (2z^2)^n z / (2n + 1)!!, whose terms have one sign on
 * the real line and cancel nothing there; so many are enough for |z| < 8. */
static double complex erf_series(double complex z)
{
    double complex term = z, sum = z;
    for (int n = 1; n < 300; n++) {
        term *= 2 * z * z / (2 * n + 1);
        sum += term;
    }
    return sum * cexp(-z * z) * 2 / sqrt(4 * atan(1));
}

static double complex phi(enum activation activation, double complex z)
{
    switch (activation) {
    case LINEAR:
        return z;
    case RELU:
        return creal(z) > 0 ? z : 0;
    case TANH:
        return (cexp(z) - cexp(-z)) / (cexp(z) + cexp(-z));
    case ERF:
        return erf_series(z);
    case SOFTPLUS:
        return 1.404383 / 5 * clog(1 + cexp(5 * z));
    }
    return NAN;
}

/* Output k of the network at x + i STEP dx, w + i STEP dw, by the definition. */
static double complex plain_output(const struct mlp *net, vec w, vec dw, vec x, vec dx,
                                   int k)
{
    double complex h[16], z[16];
    int at = 0;
    for (int j = 0; j < x.n; j++)
        h[j] = x.at[j] + I * STEP * (dx.n ? dx.at[j] : 0);
    for (int l = 0; l < net->depth; l++) {
        int in = net->width[l], out = net->width[l + 1];
        for (int i = 0; i < out; i++) {
            z[i] = 0;
            for (int j = 0; j < in; j++, at++)
                z[i] += net->multiplier[l] * (w.at[at] + I * STEP * dw.at[at]) * h[j];
        }
        for (int i = 0; i < out && net->biases; i++, at++)
            z[i] += w.at[at] + I * STEP * dw.at[at];
        for (int i = 0; i < out; i++)
            h[i] = l < net->depth - 1 ? phi(net->activation, z[i]) : z[i];
    }
    ck_assert_int_eq(at, w.n);
    return h[k];
}

/* ---- Networks to test ---------------------------------------------------------------
 */

enum { EXAMPLES = 5, SETTINGS = 2 * 3 * 5 };

/* One of every kind: activation, scaling, with biases or without. */
struct world {
    struct mlp net;
    struct mlp_pass pass;
    vec w, dw;     /* P       */
    mat X, dX, dF; /* n x n_l */
    mat G;
};

static struct world world_make(struct rng *rng, int setting)
{
    const int width[] = {3, 7, 4, 2};
    struct world s = {.net = mlp_make(3, width, (enum activation)(setting % 5),
                                      (enum scaling)(setting / 5 % 3), setting >= 15)};
    int P = mlp_parameters(&s.net);
    s.pass = mlp_pass_make(&arena, &s.net, EXAMPLES);
    s.w = arena_vec(&arena, P);
    s.dw = arena_vec(&arena, P);
    s.X = arena_mat(&arena, EXAMPLES, 3);
    s.dX = arena_mat(&arena, EXAMPLES, 3);
    s.G = arena_mat(&arena, EXAMPLES, 2);
    s.dF = arena_mat(&arena, EXAMPLES, 2);
    rng_normals(rng, 0, 0.5, s.w);
    rng_normals(rng, 0, 1, s.dw);
    rng_normals(rng, 0, 0.5, entries(s.X));
    rng_normals(rng, 0, 1, entries(s.dX));
    rng_normals(rng, 0, 1, entries(s.G));
    for (int l = 0; l < 3; l++) { /* what was there before must not matter */
        fill(NAN, entries(s.pass.H[l + 1]));
        fill(NAN, entries(s.pass.Delta[l]));
        fill(NAN, entries(s.pass.slope[l]));
    }
    mlp_forward(&s.net, s.w, s.X, &s.pass);
    return s;
}

/* The derivative of sum_ik G_ik F_ik in one direction, by complex steps. */
static double plain_derivative(struct world *s, vec dw, mat dX)
{
    double sum = 0;
    for (int i = 0; i < EXAMPLES; i++)
        for (int k = 0; k < 2; k++)
            sum += s->G.at[2 * i + k] *
                   cimag(plain_output(&s->net, s->w, dw, row(s->X, i),
                                      dX.rows ? row(dX, i) : (vec){0}, k)) /
                   STEP;
    return sum;
}

/* Sums of products of a few numbers near 1. */
static const double CLOSE = 1e-12;

static void forward_is_the_definition_for(int setting)
{
    struct rng rng = unit_rng("forward");
    struct world s = world_make(&rng, setting);
    vec none = arena_vec(&arena, s.w.n);
    for (int i = 0; i < EXAMPLES; i++)
        for (int k = 0; k < 2; k++)
            assert_near(s.pass.H[3].at[2 * i + k],
                        creal(
                            plain_output(&s.net, s.w, none, row(s.X, i), (vec){0}, k)),
                        CLOSE);
    ck_assert_ptr_eq(s.pass.H[0].at, s.X.at);
}

START_TEST(forward_is_the_definition) { each(SETTINGS, forward_is_the_definition_for); }
END_TEST

static void gradient_is_the_derivative_for(int setting)
{
    struct rng rng = unit_rng("gradient");
    struct world s = world_make(&rng, setting);
    vec grad = arena_vec(&arena, s.w.n), one = arena_vec(&arena, s.w.n);
    fill(NAN, grad);
    mlp_backward(&s.net, s.w, s.G, &s.pass);
    mlp_gradient(&s.net, &s.pass, grad);
    for (int j = 0; j < s.w.n; j++) {
        fill(0, one);
        one.at[j] = 1;
        assert_near(grad.at[j], plain_derivative(&s, one, (mat){0}), CLOSE);
    }
}

START_TEST(gradient_is_the_derivative)
{
    each(SETTINGS, gradient_is_the_derivative_for);
}
END_TEST

static void input_gradient_is_the_derivative_for(int setting)
{
    struct rng rng = unit_rng("input gradient");
    struct world s = world_make(&rng, setting);
    vec still = arena_vec(&arena, s.w.n);
    mat grad = arena_mat(&arena, EXAMPLES, 3), one = arena_mat(&arena, EXAMPLES, 3);
    mlp_backward(&s.net, s.w, s.G, &s.pass);
    fill(NAN, entries(grad));
    mlp_input_gradient(&s.net, s.w, &s.pass, grad);
    for (int j = 0; j < EXAMPLES * 3; j++) {
        fill(0, entries(one));
        one.at[j] = 1;
        assert_near(grad.at[j], plain_derivative(&s, still, one), CLOSE);
    }
}

START_TEST(input_gradient_is_the_derivative)
{
    each(SETTINGS, input_gradient_is_the_derivative_for);
}
END_TEST

static void jvp_is_the_derivative_for(int setting)
{
    struct rng rng = unit_rng("jvp");
    struct world s = world_make(&rng, setting);
    size_t before = arena.used;
    mat dX = setting % 2 ? s.dX : (mat){0, 3, NULL};
    fill(NAN, entries(s.dF));
    mlp_jvp(&s.net, s.w, s.dw, dX, &s.pass, &arena, s.dF);
    ck_assert_uint_eq(arena.used, before);
    for (int i = 0; i < EXAMPLES; i++)
        for (int k = 0; k < 2; k++) {
            double complex f = plain_output(&s.net, s.w, s.dw, row(s.X, i),
                                            dX.rows ? row(dX, i) : (vec){0}, k);
            assert_near(s.dF.at[2 * i + k], cimag(f) / STEP, CLOSE);
        }
}

START_TEST(jvp_is_the_derivative) { each(SETTINGS, jvp_is_the_derivative_for); }
END_TEST

static void jacobian_has_a_row_for_each_output_for(int setting)
{
    struct rng rng = unit_rng("jacobian");
    struct world s = world_make(&rng, setting);
    mat J = arena_mat(&arena, EXAMPLES * 2, s.w.n);
    vec product = arena_vec(&arena, EXAMPLES * 2);
    size_t before = arena.used;
    fill(NAN, entries(J));
    mlp_jacobian(&s.net, s.w, &s.pass, &arena, J);
    ck_assert_uint_eq(arena.used, before);
    gemv(1, J, s.dw, 0, product);
    for (int i = 0; i < EXAMPLES; i++)
        for (int k = 0; k < 2; k++) {
            double complex f =
                plain_output(&s.net, s.w, s.dw, row(s.X, i), (vec){0}, k);
            assert_near(product.at[2 * i + k], cimag(f) / STEP, CLOSE);
        }
}

START_TEST(jacobian_has_a_row_for_each_output)
{
    each(SETTINGS, jacobian_has_a_row_for_each_output_for);
}
END_TEST

/* ---- The tangent kernel -------------------------------------------------------------
 */

/* n inputs, forward and backward with G = 1, and their Jacobian. */
static struct mlp_pass scalar_pass(struct rng *rng, const struct mlp *net, vec w, int n,
                                   mat *J)
{
    struct mlp_pass pass = mlp_pass_make(&arena, net, n);
    mat X = arena_mat(&arena, n, net->width[0]), ones = arena_mat(&arena, n, 1);
    *J = arena_mat(&arena, n, w.n);
    rng_normals(rng, 0, 1, entries(X));
    fill(1, entries(ones));
    mlp_forward(net, w, X, &pass);
    mlp_jacobian(net, w, &pass, &arena, *J);
    mlp_backward(net, w, ones, &pass);
    return pass;
}

static void kernel_is_the_product_of_jacobians_for(int setting)
{
    struct rng rng = unit_rng("kernel");
    struct mlp net = mlp_make(3, (int[]){3, 6, 5, 1}, (enum activation)(setting % 5),
                              (enum scaling)(setting / 5 % 3), setting >= 15);
    vec w = arena_vec(&arena, mlp_parameters(&net));
    mat J, L, K = arena_mat(&arena, 4, 7), JL = arena_mat(&arena, 4, 7);
    rng_normals(&rng, 0, 1, w);
    struct mlp_pass a = scalar_pass(&rng, &net, w, 4, &J);
    struct mlp_pass b = scalar_pass(&rng, &net, w, 7, &L);
    fill(NAN, entries(K));
    mlp_kernel(&net, &a, &b, &arena, K);
    gemm(1, AS_IS, J, TRANSPOSED, L, 0, JL);
    for (int j = 0; j < K.rows * K.cols; j++)
        assert_near(K.at[j], JL.at[j], 1e-13 * (1 + max_norm(entries(JL))));
}

START_TEST(kernel_is_the_product_of_jacobians)
{
    each(SETTINGS, kernel_is_the_product_of_jacobians_for);
}
END_TEST

START_TEST(kernel_needs_no_room_for_the_parameters)
{
    struct rng rng = unit_rng("kernel room");
    struct mlp net = mlp_make(3, (int[]){5, 300, 300, 1}, TANH, TANGENT, true);
    vec w = arena_vec(&arena, mlp_parameters(&net));
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 8);
    mat X = arena_mat(&arena, 8, 5), G = arena_mat(&arena, 8, 1);
    mat K = arena_mat(&arena, 8, 8);
    rng_normals(&rng, 0, 1, w);
    rng_normals(&rng, 0, 1, entries(X));
    fill(1, entries(G));
    mlp_forward(&net, w, X, &pass);
    mlp_backward(&net, w, G, &pass);
    struct arena just_enough = arena_make(2 * 8 * 8 * sizeof(real));
    mlp_kernel(&net, &pass, &pass, &just_enough, K);
    ck_assert_uint_eq(just_enough.used, 0);
    arena_free(&just_enough);
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            assert_near(K.at[8 * i + j], K.at[8 * j + i], 1e-12 * K.at[0]);
}
END_TEST

/* ---- Shapes, layout and mistakes ----------------------------------------------------
 */

START_TEST(scalings)
{
    const int width[] = {4, 9, 16, 1};
    struct mlp net = mlp_make(3, width, RELU, STANDARD, false);
    for (int l = 0; l < 3; l++)
        ck_assert_double_eq(net.multiplier[l], 1);
    net = mlp_make(3, width, RELU, TANGENT, false);
    for (int l = 0; l < 3; l++)
        assert_near(net.multiplier[l] * net.multiplier[l] * width[l], 1,
                    4 * DBL_EPSILON);
    ck_assert_double_eq(net.multiplier[3], 0);
    net = mlp_make(3, width, RELU, MEAN_FIELD, false);
    ck_assert_double_eq(net.multiplier[0], 1.0 / 2);
    ck_assert_double_eq(net.multiplier[1], 1.0 / 3);
    ck_assert_double_eq(net.multiplier[2], 1.0 / 16);
    static const double alone[] = {1, 0.25,
                                   1.0 / 16}; /* the first and the last layer */
    for (int k = STANDARD; k <= MEAN_FIELD; k++) {
        net = mlp_make(1, (int[]){16, 3}, RELU, (enum scaling)k, true);
        ck_assert_double_eq(net.multiplier[0], alone[k]);
    }
}
END_TEST

START_TEST(parameters_lie_layer_by_layer)
{
    struct mlp net = mlp_make(2, (int[]){3, 4, 2}, RELU, STANDARD, true);
    ck_assert_int_eq(mlp_parameters(&net), 3 * 4 + 4 + 4 * 2 + 2);
    vec w = arena_vec(&arena, 26);
    ck_assert_ptr_eq(mlp_weights(&net, w, 0).at, w.at);
    ck_assert_ptr_eq(mlp_biases(&net, w, 0).at, w.at + 12);
    ck_assert_int_eq(mlp_biases(&net, w, 0).n, 4);
    ck_assert_ptr_eq(mlp_weights(&net, w, 1).at, w.at + 16);
    ck_assert_int_eq(mlp_weights(&net, w, 1).rows, 2);
    ck_assert_int_eq(mlp_weights(&net, w, 1).cols, 4);
    ck_assert_ptr_eq(mlp_biases(&net, w, 1).at, w.at + 24);
    net = mlp_make(2, (int[]){3, 4, 2}, RELU, STANDARD, false);
    ck_assert_int_eq(mlp_parameters(&net), 20);
    ck_assert_int_eq(mlp_biases(&net, (vec){20, w.at}, 1).n, 0);
}
END_TEST

START_TEST(one_layer_is_linear_whatever_the_activation)
{
    struct rng rng = unit_rng("one layer");
    struct mlp net = mlp_make(1, (int[]){3, 1}, TANH, STANDARD, true);
    vec w = arena_vec(&arena, 4), grad = arena_vec(&arena, 4);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 1);
    mat X = arena_mat(&arena, 1, 3), G = arena_mat(&arena, 1, 1);
    rng_normals(&rng, 0, 3, w);
    rng_normals(&rng, 0, 3, entries(X));
    fill(2, entries(G));
    mlp_forward(&net, w, X, &pass);
    mlp_backward(&net, w, G, &pass);
    mlp_gradient(&net, &pass, grad);
    double f = w.at[0] * X.at[0] + w.at[1] * X.at[1] + w.at[2] * X.at[2] + w.at[3];
    assert_near(pass.H[1].at[0], f, 1e-13);
    ck_assert_stops("X is 1 x 1, the pass has room for 1 x 3",
                    mlp_forward(&net, w, G, &pass));
    for (int j = 0; j < 4; j++)
        ck_assert_double_eq(grad.at[j], j < 3 ? 2 * X.at[j] : 2);
}
END_TEST

START_TEST(deepest_network)
{
    int width[MLP_DEPTH + 1];
    for (int l = 0; l <= MLP_DEPTH; l++)
        width[l] = 1;
    struct mlp net = mlp_make(MLP_DEPTH, width, LINEAR, STANDARD, false);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 1);
    vec w = arena_vec(&arena, MLP_DEPTH), grad = arena_vec(&arena, MLP_DEPTH);
    mat X = arena_mat(&arena, 1, 1);
    fill(-1, w);
    X.at[0] = 3;
    mlp_forward(&net, w, X, &pass);
    ck_assert_double_eq(pass.H[MLP_DEPTH].at[0], 3);
    mlp_backward(&net, w, X, &pass);
    mlp_gradient(&net, &pass, grad);
    for (int l = 0; l < MLP_DEPTH; l++)
        ck_assert_double_eq(grad.at[l], -9);
    net.multiplier[0] = 1.0 / 3; /* what stands behind the widths is none */
    ck_assert_int_eq(mlp_parameters(&net), MLP_DEPTH);
}
END_TEST

START_TEST(a_pass_takes_what_its_comment_says)
{
    struct mlp net = mlp_make(3, (int[]){3, 8, 16, 8}, TANH, STANDARD, false);
    size_t before = arena.used;
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 8);
    ck_assert_uint_eq(arena.used - before,
                      sizeof(real) * 8 * (2 * (8 + 16 + 8) + 8 + 16));
    ck_assert_ptr_null(pass.slope[2].at);
}
END_TEST

START_TEST(no_examples)
{
    struct mlp net = mlp_make(2, (int[]){3, 4, 2}, SOFTPLUS, STANDARD, true);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 0);
    vec w = arena_vec(&arena, 26), grad = arena_vec(&arena, 26);
    fill(NAN, grad);
    mlp_forward(&net, w, (mat){0, 3, NULL}, &pass);
    mlp_backward(&net, w, (mat){0, 2, NULL}, &pass);
    mlp_gradient(&net, &pass, grad);
    for (int j = 0; j < 26; j++)
        ck_assert_double_eq(grad.at[j], 0);
}
END_TEST

START_TEST(mistakes_stop)
{
    int deep[MLP_DEPTH + 2] = {1};
    struct mlp net = mlp_make(2, (int[]){3, 4, 2}, RELU, STANDARD, true);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 5);
    vec w = arena_vec(&arena, 26), short_w = {25, w.at};
    mat X = arena_mat(&arena, 5, 3), F = arena_mat(&arena, 5, 2);
    mat K = arena_mat(&arena, 5, 5), J = arena_mat(&arena, 10, 26);
    ck_assert_stops("depth must be 1 to 128, got 0",
                    mlp_make(0, deep, RELU, STANDARD, false));
    ck_assert_stops("depth must be 1 to 128, got 129",
                    mlp_make(129, deep, RELU, STANDARD, false));
    ck_assert_stops("width[1] must be positive, got 0",
                    mlp_make(2, deep, RELU, STANDARD, false));
    ck_assert_stops("w has 25 entries, the network has 26",
                    mlp_weights(&net, short_w, 0));
    ck_assert_stops("layer 2 of 2", mlp_weights(&net, w, 2));
    ck_assert_stops("layer -1 of 2", mlp_biases(&net, w, -1));
    ck_assert_stops("X is 4 x 3, the pass has room for 5 x 3",
                    mlp_forward(&net, w, row_block(X, 0, 4), &pass));
    ck_assert_stops("X is 5 x 2, the pass has room for 5 x 3",
                    mlp_forward(&net, w, F, &pass));
    mlp_forward(&net, w, X, &pass);
    ck_assert_stops("copy: x has 15 entries, y has 10",
                    mlp_backward(&net, w, X, &pass));
    ck_assert_stops("dX has 2 rows, X has 5",
                    mlp_jvp(&net, w, w, row_block(X, 0, 2), &pass, &arena, F));
    ck_assert_stops("J has 9 rows, there are 10 outputs",
                    mlp_jacobian(&net, w, &pass, &arena, row_block(J, 0, 9)));
    ck_assert_stops("the network has 2 outputs",
                    mlp_kernel(&net, &pass, &pass, &arena, K));
}
END_TEST

/* ---- A cost -------------------------------------------------------------------------
 */

/* A small network and n examples for it, all drawn. */
struct lesson {
    struct mlp net;
    vec w, grad;
    mat X, T;
};

static struct lesson lesson_make(struct rng *rng, int n)
{
    struct lesson x = {.net = mlp_make(2, (int[]){3, 4, 2}, TANH, STANDARD, true)};
    int P = mlp_parameters(&x.net);
    x.w = arena_vec(&arena, P);
    x.grad = arena_vec(&arena, P);
    x.X = arena_mat(&arena, n, 3);
    x.T = arena_mat(&arena, n, 2);
    rng_normals(rng, 0, 1, x.w);
    rng_normals(rng, 0, 1, entries(x.X));
    rng_normals(rng, 0, 1, entries(x.T));
    return x;
}

/* d/ds of the square loss at w + s dw, by the plain complex network. */
static double plain_slope(const struct lesson *x, vec dw)
{
    vec still = arena_vec(&arena, 3);
    double complex loss = 0;
    for (int i = 0; i < x->X.rows; i++)
        for (int k = 0; k < 2; k++) {
            double complex f = plain_output(&x->net, x->w, dw, row(x->X, i), still, k);
            loss += (f - row(x->T, i).at[k]) * (f - row(x->T, i).at[k]);
        }
    return cimag(loss) / STEP / (2 * x->X.rows);
}

START_TEST(the_cost_leaves_its_value_and_gives_its_gradient)
{
    struct rng rng = unit_rng("mlp/cost");
    for (int n = 1; n <= 3; n++) {
        struct lesson x = lesson_make(&rng, n);
        vec dw = arena_vec(&arena, x.w.n);
        rng_normals(&rng, 0, 1, dw);
        fill(NAN, x.grad);
        struct mlp_cost cost = mlp_cost_make(&arena, &x.net, square_loss, x.X, x.T);
        mlp_cost_gradient(&cost, x.w, x.grad);
        assert_near(dot(x.grad, dw), plain_slope(&x, dw), CLOSE);
        mat F = cost.pass.H[2], G = arena_mat(&arena, n, 2);
        ck_assert_double_eq(cost.value, square_loss(x.T, F, G));
    }
}
END_TEST

/* All examples in one batch are the whole cost; otherwise a batch is the rows that it
 * says, and all rows come up. */
START_TEST(a_batch_is_the_rows_that_were_drawn)
{
    enum { N = 5, DRAWS = 200 };
    struct rng rng = unit_rng("mlp/batches");
    struct lesson x = lesson_make(&rng, N);
    vec whole = arena_vec(&arena, x.w.n);
    struct mlp_cost cost = mlp_cost_make(&arena, &x.net, square_loss, x.X, x.T);
    mlp_cost_gradient(&cost, x.w, whole);
    struct mlp_batches all =
        mlp_batches_make(&arena, &x.net, square_loss, x.X, x.T, N, rng);
    mlp_batches_gradient(&all, x.w, x.grad);
    for (int i = 0; i < x.w.n; i++)
        assert_near(x.grad.at[i], whole.at[i], CLOSE);

    struct mlp_batches two =
        mlp_batches_make(&arena, &x.net, square_loss, x.X, x.T, 2, rng);
    int seen[N] = {0};
    for (int d = 0; d < DRAWS; d++) {
        mlp_batches_gradient(&two, x.w, x.grad);
        for (int i = 0; i < 2; i++) {
            seen[two.chosen[i]]++;
            for (int j = 0; j < 3; j++)
                ck_assert_double_eq(row(two.batch.X, i).at[j],
                                    row(x.X, two.chosen[i]).at[j]);
            for (int k = 0; k < 2; k++)
                ck_assert_double_eq(row(two.batch.T, i).at[k],
                                    row(x.T, two.chosen[i]).at[k]);
        }
    }
    for (int i = 0; i < N; i++)
        ck_assert_int_gt(seen[i], 0); /* missed with probability .6^200 */
}
END_TEST

START_TEST(costs_of_other_shapes_stop)
{
    struct rng rng = unit_rng("mlp/cost mistakes");
    struct lesson x = lesson_make(&rng, 3);
    mat wide = arena_mat(&arena, 3, 4), few = arena_mat(&arena, 2, 2);
    ck_assert_stops("X must be 3 x 3, got 3 x 4",
                    mlp_cost_make(&arena, &x.net, square_loss, wide, x.T));
    ck_assert_stops("T must be 3 x 2, got 2 x 2",
                    mlp_cost_make(&arena, &x.net, square_loss, x.X, few));
    ck_assert_stops("a batch of 4 from 3 examples",
                    mlp_batches_make(&arena, &x.net, square_loss, x.X, x.T, 4, rng));
    ck_assert_stops("a batch of 0 from 3 examples",
                    mlp_batches_make(&arena, &x.net, square_loss, x.X, x.T, 0, rng));
    ck_assert_stops("T must be 3 x 2, got 2 x 2",
                    mlp_batches_make(&arena, &x.net, square_loss, x.X, few, 2, rng));
}
END_TEST

/* ---- The activations ----------------------------------------------------------------
 */

static void activations_for(int setting)
{
    real z[] = {-2.5, -1, -0.1, 0.1, 0.7, 2.5};
    vec slope = arena_vec(&arena, 7), h = arena_vec(&arena, 7);
    fill(5, h); /* the seventh is a neighbour's */
    fill(5, slope);
    h.n = slope.n = 6;
    copy((vec){6, z}, h);
    activate((enum activation)setting, h, slope);
    for (int j = 0; j < 6; j++) {
        double complex f = phi((enum activation)setting, z[j] + I * STEP);
        assert_near(h.at[j], creal(f), CLOSE);
        assert_near(slope.at[j], cimag(f) / STEP, CLOSE);
    }
    ck_assert_double_eq(h.at[6], 5);
    ck_assert_double_eq(slope.at[6], 5);
}

START_TEST(activations) { each(5, activations_for); }
END_TEST

/* phi(z) and phi'(z) for one z. */
static void value_at(enum activation activation, double z, double *value, double *slope)
{
    real at = z, steep;
    activate(activation, (vec){1, &at}, (vec){1, &steep});
    *value = at, *slope = steep;
}

START_TEST(activations_far_out)
{
    double value, slope;
    value_at(SOFTPLUS, 1e4, &value, &slope);
    assert_near(value, 1.404383e4, 1e-11);
    assert_near(slope, 1.404383, 1e-15);
    value_at(SOFTPLUS, -1e4, &value, &slope);
    ck_assert_double_eq(value, 0);
    ck_assert_double_eq(slope, 0);
    value_at(SOFTPLUS, -16, &value, &slope); /* (a / beta) e^-80 */
    assert_near(log(value * 5 / 1.404383), -80, 1e-13);
    assert_near(log(slope / 1.404383), -80, 1e-13);
    value_at(TANH, -1e4, &value, &slope);
    ck_assert_double_eq(value, -1);
    ck_assert_double_eq(slope, 0);
    value_at(ERF, 1e4, &value, &slope);
    ck_assert_double_eq(value, 1);
    ck_assert_double_eq(slope, 0);
    value_at(RELU, 0, &value, &slope);
    ck_assert_double_eq(value, 0);
    ck_assert_double_eq(slope, 0);
}
END_TEST

static void a_nan_stays_one_for(int setting)
{
    double value, slope;
    value_at((enum activation)setting, NAN, &value, &slope);
    ck_assert_double_nan(value);
}

START_TEST(a_nan_stays_one) { each(5, a_nan_stays_one_for); }
END_TEST

START_TEST(activation_mistakes_stop)
{
    real z[2] = {0}, slope[2] = {0};
    ck_assert_stops("z has 2 entries, slope has 1",
                    activate(RELU, (vec){2, z}, (vec){1, slope}));
    ck_assert_stops("there is no activation 5",
                    activate((enum activation)5, (vec){2, z}, (vec){2, slope}));
}
END_TEST

/* Any number of entries, whatever slope has held: each as it is alone. */
static void activations_of_any_number_for(int setting)
{
    struct rng rng = unit_rng("activations");
    for (int n = 1; n <= 140; n++) {
        size_t mark = arena.used;
        vec z = arena_vec(&arena, n), h = arena_vec(&arena, n);
        vec slope = arena_vec(&arena, n);
        rng_normals(&rng, 0, 2, z);
        copy(z, h);
        fill(NAN, slope);
        slope.at[0] = 1;
        activate((enum activation)setting, h, slope);
        for (int i = 0; i < n; i++) {
            double value, one = NAN;
            value_at((enum activation)setting, z.at[i], &value, &one);
            assert_near(h.at[i], value, CLOSE);
            assert_near(slope.at[i], one, CLOSE);
        }
        arena.used = mark;
    }
}

START_TEST(activations_of_any_number) { each(5, activations_of_any_number_for); }
END_TEST

/* ---- Once more ------------------------------------------------------------------- */

/* All that is read off a pass, one behind the other. */
static vec all_of(const struct mlp *net, vec w, vec dw, mat X, struct mlp_pass *pass)
{
    int n = X.rows, P = w.n;
    mat one = arena_mat(&arena, n, 1), none = {0, X.cols, NULL};
    vec all = arena_vec(&arena, P + n * X.cols + n + n * n + n * P);
    vec grad = part(all, 0, P);
    mat dX = {n, X.cols, grad.at + P}, dF = {n, 1, dX.at + n * X.cols};
    mat K = {n, n, dF.at + n}, J = {n, P, K.at + n * n};
    fill(NAN, all);
    fill(1, entries(one));
    mlp_forward(net, w, X, pass);
    mlp_backward(net, w, one, pass);
    mlp_gradient(net, pass, grad);
    mlp_input_gradient(net, w, pass, dX);
    mlp_kernel(net, pass, pass, &arena, K);
    mlp_jvp(net, w, dw, none, pass, &arena, dF);
    mlp_jacobian(net, w, pass, &arena, J);
    return all;
}

/* A pass that was of other examples and weights leaves what a new one does. */
START_TEST(a_pass_serves_again)
{
    struct rng rng = unit_rng("again");
    for (int setting = 0; setting < 8; setting++) {
        int n = 1 + setting % 2, depth = 1 + setting / 2 % 2;
        struct mlp net = mlp_make(depth, (int[]){3, depth == 1 ? 1 : 2, 1}, TANH,
                                  MEAN_FIELD, setting / 4);
        struct mlp_pass used = mlp_pass_make(&arena, &net, n);
        vec w = arena_vec(&arena, mlp_parameters(&net));
        vec dw = arena_vec(&arena, w.n);
        for (int call = 0; call < 3; call++) {
            struct mlp_pass new = mlp_pass_make(&arena, &net, n);
            mat X = arena_mat(&arena, n, 3);
            rng_normals(&rng, 0, 1, w);
            rng_normals(&rng, 0, 1, dw);
            rng_normals(&rng, 0, 1, entries(X));
            assert_vec(all_of(&net, w, dw, X, &used), all_of(&net, w, dw, X, &new), 0);
        }
    }
}
END_TEST

/* Of many outputs: grad = J'G, whatever G is. */
START_TEST(a_jacobian_of_any_number_of_outputs)
{
    static const int outputs[] = {1, 2, 7, 70};
    struct rng rng = unit_rng("outputs");
    for (int k = 0; k < 8; k++) {
        size_t mark = arena.used;
        int m = outputs[k / 2];
        struct mlp net = mlp_make(2, (int[]){2, 3, m}, TANH, TANGENT, k % 2);
        int P = mlp_parameters(&net);
        struct mlp_pass pass = mlp_pass_make(&arena, &net, 2);
        vec w = arena_vec(&arena, P), grad = arena_vec(&arena, P);
        vec sum = arena_vec(&arena, P);
        mat X = arena_mat(&arena, 2, 2), G = arena_mat(&arena, 2, m);
        mat J = arena_mat(&arena, 2 * m, P);
        rng_normals(&rng, 0, 1, w);
        rng_normals(&rng, 0, 1, entries(X));
        rng_normals(&rng, 0, 1, entries(G));
        mlp_forward(&net, w, X, &pass);
        mlp_jacobian(&net, w, &pass, &arena, J);
        gemtv(1, J, entries(G), 0, sum);
        mlp_backward(&net, w, G, &pass);
        mlp_gradient(&net, &pass, grad);
        assert_vec(grad, sum, CLOSE * (1 + norm(entries(G)) * norm(entries(X))));
        arena.used = mark;
    }
}
END_TEST

int main(void)
{
    arena = arena_make(1 << 24);
    const TTest *const tests[] = {forward_is_the_definition,
                                  gradient_is_the_derivative,
                                  input_gradient_is_the_derivative,
                                  jvp_is_the_derivative,
                                  jacobian_has_a_row_for_each_output,
                                  kernel_is_the_product_of_jacobians,
                                  kernel_needs_no_room_for_the_parameters,
                                  scalings,
                                  parameters_lie_layer_by_layer,
                                  one_layer_is_linear_whatever_the_activation,
                                  deepest_network,
                                  a_pass_takes_what_its_comment_says,
                                  no_examples,
                                  mistakes_stop,
                                  the_cost_leaves_its_value_and_gives_its_gradient,
                                  a_batch_is_the_rows_that_were_drawn,
                                  costs_of_other_shapes_stop,
                                  activations,
                                  activations_far_out,
                                  a_nan_stays_one,
                                  activation_mistakes_stop,
                                  activations_of_any_number,
                                  a_pass_serves_again,
                                  a_jacobian_of_any_number_of_outputs,
                                  NULL};
    return unit_run("mlp", tests);
}
