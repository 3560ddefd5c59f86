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

/* phi'(z), written out. */
static double complex phi_slope(enum activation activation, double complex z)
{
    switch (activation) {
    case LINEAR:
        return 1;
    case RELU:
        return creal(z) > 0;
    case TANH:
        return 4 / ((cexp(z) + cexp(-z)) * (cexp(z) + cexp(-z)));
    case ERF:
        return 2 / sqrt(4 * atan(1)) * cexp(-z * z);
    case SOFTPLUS:
        return 1.404383 / (1 + cexp(-5 * z));
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

/* d^2 F_k [u, v] at x: d/dt of output k at w + i STEP v + t u, by the definition. */
static double plain_bend(const struct mlp *net, vec w, vec u, vec v, vec x, int k)
{
    double complex h[16], dh[16] = {0}, z[16], dz[16];
    int at = 0;
    for (int j = 0; j < x.n; j++)
        h[j] = x.at[j];
    for (int l = 0; l < net->depth; l++) {
        int in = net->width[l], out = net->width[l + 1];
        double c = net->multiplier[l];
        for (int i = 0; i < out; i++) {
            z[i] = dz[i] = 0;
            for (int j = 0; j < in; j++, at++) {
                double complex W = w.at[at] + I * STEP * v.at[at];
                z[i] += c * W * h[j];
                dz[i] += c * (W * dh[j] + u.at[at] * h[j]);
            }
        }
        for (int i = 0; i < out && net->biases; i++, at++) {
            z[i] += w.at[at] + I * STEP * v.at[at];
            dz[i] += u.at[at];
        }
        bool last = l == net->depth - 1;
        for (int i = 0; i < out; i++) {
            h[i] = last ? z[i] : phi(net->activation, z[i]);
            dh[i] = last ? dz[i] : phi_slope(net->activation, z[i]) * dz[i];
        }
    }
    return cimag(dh[k]) / STEP;
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

/* ---- Along a direction --------------------------------------------------------------
 */

/* A network on some examples, and a direction for all of them or for each. */
struct course {
    struct mlp net;
    struct mlp_pass pass;
    struct mlp_tangent tangent;
    vec w, sum;
    mat X, G, U, D;
};

/* What was there before must not matter. */
static void spoil(struct course *x)
{
    for (int l = 0; l < x->net.depth; l++) {
        fill(NAN, entries(x->tangent.bend[l]));
        fill(NAN, entries(x->tangent.turn[l]));
        fill(NAN, entries(x->tangent.dH[l]));
        fill(NAN, entries(x->tangent.dDelta[l]));
    }
    fill(NAN, entries(x->D));
    fill(NAN, x->sum);
}

static struct course course_make(struct rng *rng, struct mlp net, int n, int directions)
{
    int P = mlp_parameters(&net);
    struct course x = {.net = net,
                       .pass = mlp_pass_make(&arena, &net, n),
                       .tangent = mlp_tangent_make(&arena, &net, n),
                       .w = arena_vec(&arena, P),
                       .sum = arena_vec(&arena, P),
                       .X = arena_mat(&arena, n, net.width[0]),
                       .G = arena_mat(&arena, n, net.width[net.depth]),
                       .U = arena_mat(&arena, directions, P),
                       .D = arena_mat(&arena, n, P)};
    rng_normals(rng, 0, 0.7, x.w);
    rng_normals(rng, 0, 1, entries(x.X));
    rng_normals(rng, 0, 1, entries(x.G));
    rng_normals(rng, 0, 1, entries(x.U));
    spoil(&x);
    return x;
}

/* All of it, at w along U. */
static void run(struct course *x)
{
    mlp_forward(&x->net, x->w, x->X, &x->pass);
    mlp_backward(&x->net, x->w, x->G, &x->pass);
    mlp_tangent_at(&x->net, x->w, &x->pass, &x->tangent);
    mlp_tangent_along(&x->net, x->w, x->U, &x->pass, &x->tangent);
    mlp_tangent_rows(&x->net, &x->pass, &x->tangent, x->D);
    mlp_tangent_sum(&x->net, &x->pass, &x->tangent, x->sum);
}

/* Row i is H_i u_i, entry by entry, and the sum is that of the rows. */
static void assert_products(struct course *x)
{
    vec one = arena_vec(&arena, x->w.n);
    for (int j = 0; j < x->w.n; j++) {
        double sum = 0, size = 0;
        fill(0, one);
        one.at[j] = 1;
        for (int i = 0; i < x->X.rows; i++) {
            double value = 0;
            for (int k = 0; k < x->G.cols; k++)
                value += row(x->G, i).at[k] *
                         plain_bend(&x->net, x->w, row(x->U, x->U.rows > 1 ? i : 0),
                                    one, row(x->X, i), k);
            assert_near(row(x->D, i).at[j], value, CLOSE * (1 + fabs(value)));
            sum += value, size += fabs(value);
        }
        assert_near(x->sum.at[j], sum, CLOSE * (1 + size));
    }
}

static void products_are_the_second_derivative_for(int setting)
{
    struct rng rng = unit_rng("products");
    struct mlp net = mlp_make(3, (int[]){3, 7, 4, 2}, (enum activation)(setting % 5),
                              (enum scaling)(setting / 5 % 3), setting >= 15);
    struct course x = course_make(&rng, net, EXAMPLES, setting % 2 ? EXAMPLES : 1);
    run(&x);
    assert_products(&x);
}

START_TEST(products_are_the_second_derivative)
{
    each(SETTINGS, products_are_the_second_derivative_for);
}
END_TEST

/* Of one layer to four, of one unit and one input, and of one example. */
START_TEST(products_of_any_shape)
{
    struct rng rng = unit_rng("products of any shape");
    for (int draw = 0; draw < 400; draw++) {
        size_t mark = arena.used;
        int depth = 1 + draw % 4, width[5], n = 1 + rng_below(&rng, 3);
        for (int l = 0; l <= depth; l++)
            width[l] = draw / 4 % 3 ? 1 + rng_below(&rng, 4) : 1;
        struct mlp net = mlp_make(depth, width, (enum activation)(draw / 12 % 5),
                                  (enum scaling)rng_below(&rng, 3), rng_below(&rng, 2));
        struct course x = course_make(&rng, net, n, rng_below(&rng, 2) ? n : 1);
        run(&x);
        assert_products(&x);
        arena.used = mark;
    }
}
END_TEST

/* At 0 a ReLU is off, as its slope says, and its second derivative is 0. */
START_TEST(products_at_the_kink)
{
    struct rng rng = unit_rng("kink");
    struct mlp net = mlp_make(2, (int[]){2, 3, 1}, RELU, STANDARD, true);
    struct course x = course_make(&rng, net, 2, 1);
    fill(0, x.w);
    run(&x);
    ck_assert(max_norm(entries(x.D)) == 0 && max_norm(x.sum) == 0);
}
END_TEST

/* What is only read stays; and the same tangent serves along other directions. */
START_TEST(a_tangent_serves_again)
{
    struct rng rng = unit_rng("tangent again");
    for (int setting = 0; setting < 10; setting++) {
        struct mlp net = mlp_make(3, (int[]){3, 5, 4, 1},
                                  (enum activation)(setting % 5), TANGENT, setting / 5);
        struct course x = course_make(&rng, net, 4, 4);
        run(&x);
        struct unit_watch read =
            WATCH(&arena, x.w, entries(x.X), entries(x.pass.H[1]), entries(x.pass.H[2]),
                  entries(x.pass.H[3]), entries(x.pass.slope[0]),
                  entries(x.pass.slope[1]), entries(x.pass.Delta[0]),
                  entries(x.pass.Delta[1]), entries(x.pass.Delta[2]),
                  entries(x.tangent.bend[0]), entries(x.tangent.bend[1]));
        for (int call = 0; call < 3; call++) {
            rng_normals(&rng, 0, 1, entries(x.U));
            struct unit_watch direction = WATCH(&arena, entries(x.U));
            fill(NAN, entries(x.D));
            fill(NAN, x.sum);
            mlp_tangent_along(&x.net, x.w, x.U, &x.pass, &x.tangent);
            mlp_tangent_rows(&x.net, &x.pass, &x.tangent, x.D);
            mlp_tangent_sum(&x.net, &x.pass, &x.tangent, x.sum);
            assert_unchanged(&direction);
            assert_unchanged(&read);
            assert_products(&x);
        }
    }
}
END_TEST

/* One direction for all is the same for each; 0 leads nowhere; and twice a direction
 * twice as far. */
START_TEST(products_are_linear_in_the_direction)
{
    struct rng rng = unit_rng("linear");
    struct mlp net = mlp_make(3, (int[]){2, 4, 3, 2}, SOFTPLUS, STANDARD, true);
    struct course one = course_make(&rng, net, 3, 1), each_own = one;
    each_own.U = arena_mat(&arena, 3, one.w.n);
    each_own.D = arena_mat(&arena, 3, one.w.n);
    each_own.sum = arena_vec(&arena, one.w.n);
    run(&one);
    for (int i = 0; i < 3; i++)
        copy(row(one.U, 0), row(each_own.U, i)), scale(i, row(each_own.U, i));
    run(&each_own);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < one.w.n; j++)
            assert_near(row(each_own.D, i).at[j], i * row(one.D, i).at[j],
                        CLOSE * (1 + max_norm(entries(one.D))));
    ck_assert(max_norm(row(each_own.D, 0)) == 0);
}
END_TEST

/* Where no unit bends, what comes from above is not asked for and may overflow. */
START_TEST(products_of_large_weights)
{
    static const enum activation all[] = {LINEAR, RELU, TANH, ERF};
    struct rng rng = unit_rng("large weights");
    for (int a = 0; a < 4; a++)
        for (int sign = -1; sign <= 1; sign += 2) {
            struct mlp net = mlp_make(3, (int[]){2, 3, 3, 1}, all[a], STANDARD, false);
            struct course x = course_make(&rng, net, 2, 1);
            double size = sign > 0 ? VAST : TINY;
            run(&x);
            double first = row(x.D, 0).at[0], most = max_norm(entries(x.D));
            for (int l = 1; l < 3; l++)
                scale(size, entries(mlp_weights(&net, x.w, l)));
            run(&x);
            ck_assert(isfinite(max_norm(entries(x.D))) && isfinite(max_norm(x.sum)));
            if (all[a] == LINEAR) /* the first layer's, by the weights of the others */
                assert_near(row(x.D, 0).at[0] / size, first, CLOSE * (1 + most));
        }
}
END_TEST

/* A NaN is in the row of its example, and in the sum, and nowhere else. */
START_TEST(products_of_a_nan)
{
    struct rng rng = unit_rng("nan");
    for (int a = 0; a < 5; a++) {
        struct mlp net =
            mlp_make(3, (int[]){2, 3, 3, 1}, (enum activation)a, STANDARD, true);
        struct course x = course_make(&rng, net, 3, 1);
        mat without = arena_mat(&arena, 3, x.w.n);
        run(&x);
        copy(entries(x.D), entries(without));
        row(x.X, 1).at[0] = NAN;
        run(&x);
        assert_vec(row(x.D, 0), row(without, 0), CLOSE);
        assert_vec(row(x.D, 2), row(without, 2), CLOSE);
        ck_assert(isnan(max_norm(row(x.D, 1))) && isnan(max_norm(x.sum)));
        row(x.X, 1).at[0] = 0;
        for (int l = 0; l < 3; l++) {
            real *at = entries(mlp_weights(&net, x.w, l)).at, was = *at;
            *at = NAN;
            run(&x);
            for (int i = 0; i < 3; i++)
                ck_assert(isnan(max_norm(row(x.D, i))));
            *at = was;
        }
        row(x.U, 0).at[0] = NAN;
        run(&x);
        ck_assert(isnan(max_norm(row(x.D, 0))) && isnan(max_norm(x.sum)));
    }
}
END_TEST

START_TEST(a_tangent_takes_what_its_comment_says)
{
    struct mlp net = mlp_make(3, (int[]){3, 8, 16, 8}, TANH, STANDARD, false);
    size_t before = arena.used;
    struct mlp_tangent tangent = mlp_tangent_make(&arena, &net, 8);
    ck_assert_uint_eq(arena.used - before, sizeof(real) * 8 * 4 * (8 + 16));
    ck_assert_ptr_null(tangent.dH[0].at);
    ck_assert_ptr_null(tangent.dH[3].at);
    ck_assert_ptr_null(tangent.dDelta[2].at);
}
END_TEST

START_TEST(no_examples_along_a_direction)
{
    struct rng rng = unit_rng("none along");
    struct mlp net = mlp_make(3, (int[]){3, 4, 4, 2}, SOFTPLUS, STANDARD, true);
    for (int directions = 0; directions < 2; directions++) {
        struct course x = course_make(&rng, net, 0, directions);
        run(&x);
        ck_assert(max_norm(x.sum) == 0);
    }
}
END_TEST

START_TEST(mistakes_along_a_direction_stop)
{
    struct rng rng = unit_rng("tangent mistakes");
    struct mlp net = mlp_make(2, (int[]){3, 4, 2}, TANH, STANDARD, true);
    struct course x = course_make(&rng, net, 5, 5);
    run(&x);
    ck_assert_stops("U has 2 rows, X has 5",
                    mlp_tangent_along(&net, x.w, row_block(x.U, 0, 2), &x.pass,
                                      &x.tangent));
    ck_assert_stops("U has 0 rows, X has 5",
                    mlp_tangent_along(&net, x.w, row_block(x.U, 0, 0), &x.pass,
                                      &x.tangent));
    ck_assert_stops("w has 25 entries, the network has 26",
                    mlp_tangent_along(&net, x.w, (mat){1, 25, x.U.at}, &x.pass,
                                      &x.tangent));
    ck_assert_stops("D has 4 rows, X has 5",
                    mlp_tangent_rows(&net, &x.pass, &x.tangent, row_block(x.D, 0, 4)));
    ck_assert_stops("w has 25 entries, the network has 26",
                    mlp_tangent_sum(&net, &x.pass, &x.tangent, part(x.sum, 0, 25)));
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

static void activations_bend_for(int setting)
{
    for (int j = -30; j <= 30; j++) {
        real z = 0.1 * j + 1e-3, got = z;
        activation_bend((enum activation)setting, (vec){1, &got});
        double complex moved = phi_slope((enum activation)setting, z + I * STEP);
        assert_near(got, cimag(moved) / STEP, CLOSE);
    }
}

START_TEST(activations_bend) { each(5, activations_bend_for); }
END_TEST

static double bend_at(enum activation activation, double z)
{
    real at = z;
    activation_bend(activation, (vec){1, &at});
    return at;
}

START_TEST(activations_bend_far_out_and_at_the_kink)
{
    static const double far[] = {0, 40, 1e4, VAST, REAL_MAX / 2, INFINITY};
    for (int i = 0; i < 5; i++)
        ck_assert_double_nan(bend_at((enum activation)i, NAN));
    for (int i = 0; i < 6; i++)
        for (int sign = -1; sign <= 1; sign += 2)
            for (int a = LINEAR; a <= ERF; a++)
                ck_assert_double_eq(bend_at((enum activation)a, sign * far[i]), 0);
    assert_near(bend_at(SOFTPLUS, 0), 1.404383 * 5 / 4, 1e-15);
    for (int sign = -1; sign <= 1; sign += 2) {
        double small = bend_at(SOFTPLUS, sign * 16.0); /* a beta e^-80 */
        assert_near(log(small / (1.404383 * 5)), -80, 1e-13);
        for (int i = 2; i < 6; i++)
            ck_assert_double_eq(bend_at(SOFTPLUS, sign * far[i]), 0);
        double odd = bend_at(ERF, sign * 5.0); /* -2 z 2/sqrt(pi) e^-25 */
        assert_near(log(-sign * odd / 20 * sqrt(4 * atan(1))), -25, 1e-12);
    }
}
END_TEST

/* Any number of entries: each as it is alone, and what lies behind them stays. */
static void any_number_bend_for(int setting)
{
    struct rng rng = unit_rng("bends");
    for (int n = 0; n <= 140; n++) {
        size_t mark = arena.used;
        vec z = arena_vec(&arena, n + 1), bend = arena_vec(&arena, n + 1);
        rng_normals(&rng, 0, 2, z);
        copy(z, bend);
        activation_bend((enum activation)setting, part(bend, 0, n));
        for (int i = 0; i < n; i++)
            assert_near(bend.at[i], bend_at((enum activation)setting, z.at[i]), CLOSE);
        ck_assert_double_eq(bend.at[n], z.at[n]);
        arena.used = mark;
    }
}

START_TEST(any_number_bend) { each(5, any_number_bend_for); }
END_TEST

START_TEST(activation_mistakes_stop)
{
    real z[2] = {0}, slope[2] = {0};
    ck_assert_stops("z has 2 entries, slope has 1",
                    activate(RELU, (vec){2, z}, (vec){1, slope}));
    ck_assert_stops("there is no activation 5",
                    activate((enum activation)5, (vec){2, z}, (vec){2, slope}));
    ck_assert_stops("there is no activation 5",
                    activation_bend((enum activation)5, (vec){2, z}));
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
                                  products_are_the_second_derivative,
                                  products_of_any_shape,
                                  products_at_the_kink,
                                  a_tangent_serves_again,
                                  products_are_linear_in_the_direction,
                                  products_of_large_weights,
                                  products_of_a_nan,
                                  a_tangent_takes_what_its_comment_says,
                                  no_examples_along_a_direction,
                                  mistakes_along_a_direction_stop,
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
                                  activations_bend,
                                  activations_bend_far_out_and_at_the_kink,
                                  any_number_bend,
                                  activation_mistakes_stop,
                                  activations_of_any_number,
                                  a_pass_serves_again,
                                  a_jacobian_of_any_number_of_outputs,
                                  NULL};
    return unit_run("mlp", tests);
}
