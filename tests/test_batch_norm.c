/* The contract of batch_norm.h.  What the layer does to training is for the claims;
 * here each function is held against its formula in long double, its derivative against
 * dual numbers, and the network without batch norm against mlp.h. */
#include "batch_norm.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static struct arena arena;

/* Examples and units: one of each, none, odd ones, more than any block. */
static const int sizes[][2] = {{1, 1}, {1, 5}, {2, 1},   {2, 3},
                               {3, 7}, {5, 0}, {300, 2}, {7, 130}};
enum { SIZES = sizeof sizes / sizeof *sizes };

struct layer {
    struct batch_norm bn;
    mat Z, dY;
    struct bn_pass pass;
};

static vec drawn_vec(struct rng *rng, int n)
{
    vec x = arena_vec(&arena, n);
    rng_normals(rng, 0.3, 1, x);
    return x;
}

static mat drawn_mat(struct rng *rng, int m, int n)
{
    return (mat){m, n, drawn_vec(rng, m * n).at};
}

static mat nan_mat(int m, int n)
{
    mat A = arena_mat(&arena, m, n);
    fill(NAN, entries(A));
    return A;
}

static struct layer layer_make(const char *test, int m, int n, double epsilon)
{
    struct rng rng = unit_rng(test);
    struct layer x = {.bn = {drawn_vec(&rng, n), drawn_vec(&rng, n), epsilon},
                      .Z = drawn_mat(&rng, m, n),
                      .dY = drawn_mat(&rng, m, n),
                      .pass = bn_pass_make(&arena, m, n)};
    fill(NAN, x.pass.mean), fill(NAN, x.pass.sigma), fill(NAN, entries(x.pass.hat));
    fill(NAN, x.pass.dgamma), fill(NAN, x.pass.dbeta);
    return x;
}

/* A number and its derivative. */
struct dual {
    long double x, d;
};

/* Mean and sigma of unit j, and their derivatives, if entry k of the unit moves. */
static void moments(struct layer x, int j, int k, struct dual *mean, struct dual *sigma)
{
    long double m = x.Z.rows, square = 0, slope = 0;
    *mean = (struct dual){0, 1 / m};
    for (int i = 0; i < x.Z.rows; i++)
        mean->x += row(x.Z, i).at[j] / m;
    for (int i = 0; i < x.Z.rows; i++) {
        long double c = row(x.Z, i).at[j] - mean->x;
        square += c * c / m;
        slope += 2 * c * ((i == k) - 1 / m) / m;
    }
    sigma->x = sqrtl(square + x.bn.epsilon);
    sigma->d = slope / (2 * sigma->x);
}

/* Entry (i, j) of z^ if entry k of unit j moves, and with it these moments. */
static struct dual hat_of(struct layer x, int i, int j, int k, struct dual mean,
                          struct dual sigma)
{
    long double c = row(x.Z, i).at[j] - mean.x;
    return (struct dual){c / sigma.x, ((i == k) - mean.d) / sigma.x -
                                          c * sigma.d / (sigma.x * sigma.x)};
}

/* ---- One layer --------------------------------------------------------------------
 */

static void assert_forward(struct layer x, mat Y, mat Z)
{
    copy(entries(x.Z), entries(Z));
    bn_forward(&x.bn, Z, &x.pass, Y);
    for (int j = 0; j < x.Z.cols; j++) {
        struct dual mean, sigma;
        moments(x, j, 0, &mean, &sigma);
        assert_near(x.pass.mean.at[j], mean.x, 30 * x.Z.rows * DBL_EPSILON);
        assert_near(x.pass.sigma.at[j], sigma.x, 30 * x.Z.rows * DBL_EPSILON);
        for (int i = 0; i < x.Z.rows; i++) {
            long double hat = hat_of(x, i, j, 0, mean, sigma).x;
            double limit =
                30 * (x.Z.rows + 1) * DBL_EPSILON * (double)(1 + 5 / sigma.x);
            assert_near(row(x.pass.hat, i).at[j], hat, limit);
            assert_near(row(Y, i).at[j], x.bn.gamma.at[j] * hat + x.bn.beta.at[j],
                        5 * limit);
        }
    }
}

START_TEST(forward_is_the_formula)
{
    for (int s = 0; s < SIZES; s++)
        for (int e = 0; e < 2; e++) {
            int m = sizes[s][0], n = sizes[s][1];
            if (m == 1 && e == 0)
                continue; /* sigma = 0: another test */
            struct layer x = layer_make("batch_norm/forward", m, n, 0.3 * e);
            mat Z = arena_mat(&arena, m, n);
            assert_forward(x, nan_mat(m, n), Z);
            assert_forward(x, Z, Z);
        }
}
END_TEST

START_TEST(far_out_it_is_the_same)
{
    const double units[] = {VAST, TINY, REAL_MAX / 1e8, REAL_MIN * 1e8, REAL_MIN / 256};
    for (int u = 0; u < 5; u++) {
        struct layer x = layer_make("batch_norm/far", 9, 4, 0);
        mat Y = nan_mat(9, 4), far = nan_mat(9, 4);
        bn_forward(&x.bn, x.Z, &x.pass, Y);
        scale(units[u], entries(x.Z));
        bn_forward(&x.bn, x.Z, &x.pass, far);
        /* Denormals of that size lack 8 bits. */
        assert_vec(entries(far), entries(Y), u < 4 ? 1e-12 : 256 * 1e-13);
    }
}
END_TEST

START_TEST(what_does_not_vary_gives_beta)
{
    for (int e = 0; e < 2; e++)
        for (int m = 1; m <= 13; m += 3) {
            struct layer x = layer_make("batch_norm/constant", m, 3, e * 1e-5);
            for (int i = 0; i < m; i++)
                copy(row(x.Z, 0), row(x.Z, i));
            mat Y = nan_mat(m, 3), dZ = nan_mat(m, 3);
            bn_forward(&x.bn, x.Z, &x.pass, Y);
            bn_backward(&x.bn, x.dY, &x.pass, dZ);
            for (int i = 0; i < m; i++) {
                assert_vec(row(Y, i), x.bn.beta, e == 0 ? 0 : 1e-11);
                for (int j = 0; j < 3 && (m == 1 || e == 0); j++)
                    assert_near(row(dZ, i).at[j], 0, m == 1 ? 1e-12 : 0);
            }
        }
}
END_TEST

START_TEST(a_nan_stays_in_its_unit)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int b = 0; b < 3; b++) {
        struct layer x = layer_make("batch_norm/nan", 6, 3, 0.1);
        row(x.Z, 4).at[1] = bad[b];
        mat Y = arena_mat(&arena, 6, 3), dZ = arena_mat(&arena, 6, 3);
        bn_forward(&x.bn, x.Z, &x.pass, Y);
        bn_backward(&x.bn, x.dY, &x.pass, dZ);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 3; j++) {
                ck_assert(isnan(row(Y, i).at[j]) == (j == 1));
                ck_assert(isnan(row(dZ, i).at[j]) == (j == 1));
            }
    }
}
END_TEST

static void assert_backward(struct layer x, mat dY, mat dZ)
{
    copy(entries(x.dY), entries(dY));
    bn_forward(&x.bn, x.Z, &x.pass, arena_mat(&arena, x.Z.rows, x.Z.cols));
    bn_backward(&x.bn, dY, &x.pass, dZ);
    for (int j = 0; j < x.Z.cols; j++) {
        long double dgamma = 0, dbeta = 0;
        struct dual mean, sigma;
        moments(x, j, 0, &mean, &sigma);
        for (int i = 0; i < x.Z.rows; i++) {
            dgamma += row(x.dY, i).at[j] * hat_of(x, i, j, 0, mean, sigma).x;
            dbeta += row(x.dY, i).at[j];
        }
        double limit = rounded(1e-11) / x.pass.sigma.at[j];
        assert_near(x.pass.dgamma.at[j], dgamma, limit);
        assert_near(x.pass.dbeta.at[j], dbeta, limit);
        for (int k = 0; k<x.Z.rows; k += x.Z.rows> 40 ? 13 : 1) { /* to 299 */
            long double dz = 0;
            moments(x, j, k, &mean, &sigma);
            for (int i = 0; i < x.Z.rows; i++)
                dz += row(x.dY, i).at[j] * x.bn.gamma.at[j] *
                      hat_of(x, i, j, k, mean, sigma).d;
            assert_near(row(dZ, k).at[j], dz, limit / x.pass.sigma.at[j]);
        }
    }
}

START_TEST(backward_is_the_derivative)
{
    for (int s = 0; s < SIZES; s++)
        for (int e = 0; e < 2; e++) {
            int m = sizes[s][0], n = sizes[s][1];
            if (m == 1 && e == 0)
                continue;
            struct layer x = layer_make("batch_norm/backward", m, n, 0.3 * e);
            mat dY = arena_mat(&arena, m, n);
            assert_backward(x, dY, nan_mat(m, n));
            assert_backward(x, dY, dY);
        }
}
END_TEST

/* Statistics of another batch, one of whose units was constant. */
static struct layer trained_layer(const char *test, int n, double epsilon)
{
    struct layer x = layer_make(test, 8, n, epsilon);
    for (int i = 0; i < 8; i++)
        row(x.Z, i).at[n - 1] = 2;
    bn_forward(&x.bn, x.Z, &x.pass, arena_mat(&arena, 8, n));
    return x;
}

static const int units[] = {1, 4, 70};

START_TEST(evaluation_is_the_formula)
{
    for (int k = 0; k < 6; k++)
        for (int m = 0; m <= 3; m++) {
            int n = units[k / 2];
            struct layer x = trained_layer("batch_norm/evaluate", n, 0.2 * (k % 2));
            struct rng rng = unit_rng("batch_norm/evaluate others");
            mat Z = drawn_mat(&rng, m, n), Y = nan_mat(m, n);
            bn_evaluate(&x.bn, &x.pass, Z, Y);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) {
                    long double sigma = x.pass.sigma.at[j];
                    long double hat = row(Z, i).at[j] - (long double)x.pass.mean.at[j];
                    hat = sigma == 0 ? 0 : hat / sigma;
                    assert_near(row(Y, i).at[j],
                                x.bn.gamma.at[j] * hat + x.bn.beta.at[j], 1e-12);
                }
            bn_evaluate(&x.bn, &x.pass, Z, Z);
            assert_vec(entries(Z), entries(Y), 0);
        }
    struct layer x = trained_layer("batch_norm/evaluate", 2, 0);
    real z[2] = {NAN, INFINITY}; /* the second unit was constant */
    bn_evaluate(&x.bn, &x.pass, (mat){1, 2, z}, (mat){1, 2, z});
    ck_assert(isnan(z[0]) && isnan(z[1]));
}
END_TEST

START_TEST(folded_it_is_a_linear_layer)
{
    for (int k = 0; k < 6; k++)
        for (int d = 0; d <= 5; d++) {
            int n = units[k / 2];
            struct layer x = trained_layer("batch_norm/fold", n, 0.2 * (k % 2));
            struct rng rng = unit_rng("batch_norm/fold weights");
            mat W = drawn_mat(&rng, n, d);
            vec b = drawn_vec(&rng, n), input = drawn_vec(&rng, d);
            vec z = arena_vec(&arena, n), y = arena_vec(&arena, n);
            copy(b, z);
            gemv(1, W, input, 1, z);
            bn_evaluate(&x.bn, &x.pass, (mat){1, n, z.at}, (mat){1, n, z.at});
            bn_fold(&x.bn, &x.pass, W, b);
            copy(b, y);
            gemv(1, W, input, 1, y);
            assert_vec(y, z, 1e-12);
        }
}
END_TEST

/* ---- Networks ---------------------------------------------------------------------
 */

static const int widths[] = {4, 6, 5, 3};

static struct bn_net net_of(int depth, enum activation activation, bool normalized)
{
    struct mlp mlp = mlp_make(depth, widths, activation, TANGENT, true);
    return bn_net_make(mlp, normalized, 0.1);
}

static vec parameters_of(struct rng *rng, const struct bn_net *net)
{
    return drawn_vec(rng, bn_net_parameters(net));
}

START_TEST(parameters_lie_behind_those_of_the_mlp)
{
    struct rng rng = unit_rng("batch_norm/parameters");
    for (int depth = 1; depth <= 3; depth++) {
        struct bn_net net = net_of(depth, TANH, true),
                      plain = net_of(depth, TANH, false);
        int P = mlp_parameters(&net.mlp), gammas = depth == 1 ? 0 : depth == 2 ? 6 : 11;
        ck_assert_int_eq(bn_net_parameters(&net), P + gammas);
        ck_assert_int_eq(bn_net_parameters(&plain), P);
        vec w = parameters_of(&rng, &net);
        for (int l = 0, from = P; l < depth - 1; from += widths[++l]) {
            struct batch_norm bn = bn_net_layer(&net, w, l);
            ck_assert_ptr_eq(bn.gamma.at, w.at + from);
            ck_assert_ptr_eq(bn.beta.at, mlp_biases(&net.mlp, part(w, 0, P), l).at);
            ck_assert_int_eq(bn.gamma.n, widths[l + 1]);
            ck_assert_int_eq(bn.beta.n, widths[l + 1]);
            ck_assert_double_eq(bn.epsilon, 0.1);
        }
    }
}
END_TEST

START_TEST(a_start_has_gammas_of_one)
{
    struct bn_net net = net_of(3, RELU, true);
    int P = mlp_parameters(&net.mlp);
    vec w = arena_vec(&arena, bn_net_parameters(&net)), v = arena_vec(&arena, P);
    fill(NAN, w);
    struct rng rng = unit_rng("batch_norm/start"), same = rng;
    bn_net_draw(&net, init_he(NORMAL), &rng, w);
    init_weights(&net.mlp, init_he(NORMAL), &same, v);
    assert_vec(part(w, 0, P), v, 0);
    for (int k = P; k < w.n; k++)
        ck_assert_double_eq(w.at[k], 1);
}
END_TEST

START_TEST(without_batch_norm_it_is_an_mlp)
{
    struct rng rng = unit_rng("batch_norm/plain");
    for (int depth = 1; depth <= 3; depth++)
        for (int n = 1; n <= 70; n += 23) {
            struct bn_net net = net_of(depth, TANH, false);
            vec w = parameters_of(&rng, &net), grad = arena_vec(&arena, w.n),
                mlp_grad = arena_vec(&arena, w.n), v = arena_vec(&arena, w.n);
            mat X = drawn_mat(&rng, n, 4), G = drawn_mat(&rng, n, widths[depth]);
            struct bn_net_pass pass = bn_net_pass_make(&arena, &net, n);
            struct mlp_pass mlp = mlp_pass_make(&arena, &net.mlp, n);
            fill(NAN, grad), fill(NAN, v);
            bn_net_forward(&net, w, X, &pass);
            bn_net_backward(&net, w, G, &pass);
            bn_net_gradient(&net, &pass, grad);
            mlp_forward(&net.mlp, w, X, &mlp);
            mlp_backward(&net.mlp, w, G, &mlp);
            mlp_gradient(&net.mlp, &mlp, mlp_grad);
            assert_vec(entries(pass.mlp.H[depth]), entries(mlp.H[depth]), 1e-13);
            assert_vec(grad, mlp_grad, 1e-11);
            bn_net_fold(&net, w, &pass, v);
            assert_vec(v, w, 0);
        }
}
END_TEST

/* <G, F(w)>. */
static double weighted(const struct bn_net *net, vec w, mat X, mat G,
                       struct bn_net_pass *pass)
{
    bn_net_forward(net, w, X, pass);
    return dot(entries(pass->mlp.H[net->mlp.depth]), entries(G));
}

/* By central differences in each parameter: h^2 times third derivatives, and eps / h,
 * which is as much. */
static void assert_gradient(struct rng *rng, struct bn_net net, int n, double noise)
{
    int depth = net.mlp.depth;
    vec w = parameters_of(rng, &net), grad = arena_vec(&arena, w.n);
    mat X = drawn_mat(rng, n, 4), G = drawn_mat(rng, n, widths[depth]);
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, n);
    if (noise > 0)
        bn_net_noise(rng, &arena, &net, noise, &pass);
    fill(NAN, grad);
    bn_net_forward(&net, w, X, &pass);
    bn_net_backward(&net, w, G, &pass);
    bn_net_gradient(&net, &pass, grad);
    for (int k = 0; k < w.n; k++) {
        double at = w.at[k], h = cbrt(REAL_EPSILON), up, down;
        w.at[k] = at + h, up = weighted(&net, w, X, G, &pass);
        w.at[k] = at - h, down = weighted(&net, w, X, G, &pass);
        w.at[k] = at;
        assert_near(grad.at[k], (up - down) / (2 * h), 1e3 * h * h * (1 + n));
    }
}

START_TEST(the_gradient_is_the_derivative)
{
    struct rng rng = unit_rng("batch_norm/gradient");
    static const enum activation smooth[] = {LINEAR, TANH, SOFTPLUS};
    for (int a = 0; a < 3; a++)
        for (int depth = 1; depth <= 3; depth++)
            for (int n = 1; n <= 9; n += 4) {
                assert_gradient(&rng, net_of(depth, smooth[a], true), n, 0);
                assert_gradient(&rng, net_of(depth, smooth[a], true), n, 0.3);
                assert_gradient(&rng, net_of(depth, smooth[a], false), n, 0.3);
            }
}
END_TEST

/* A layer of the network, by bn_forward on what stands before it. */
START_TEST(the_network_is_its_layers)
{
    struct rng rng = unit_rng("batch_norm/layers");
    struct bn_net net = net_of(3, RELU, true);
    vec w = parameters_of(&rng, &net), v = part(w, 0, mlp_parameters(&net.mlp));
    mat X = drawn_mat(&rng, 7, 4), H = X;
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, 7);
    bn_net_noise(&rng, &arena, &net, 0.4, &pass);
    bn_net_forward(&net, w, X, &pass);
    for (int l = 0; l < 3; l++) {
        mat Z = arena_mat(&arena, 7, widths[l + 1]),
            slope = arena_mat(&arena, 7, Z.cols);
        gemm(1 / sqrt(widths[l]), AS_IS, H, TRANSPOSED, mlp_weights(&net.mlp, v, l), 0,
             Z);
        if (l == 2) {
            for (int i = 0; i < 7; i++)
                axpy(1, mlp_biases(&net.mlp, v, l), row(Z, i));
        } else {
            struct batch_norm bn = bn_net_layer(&net, w, l);
            struct bn_pass alone = bn_pass_make(&arena, 7, Z.cols);
            bn_forward(&bn, Z, &alone, Z);
            for (int k = 0; k < 7 * Z.cols; k++)
                Z.at[k] = Z.at[k] * pass.scale[l].at[k] + pass.shift[l].at[k];
            activate(RELU, entries(Z), entries(slope));
        }
        assert_vec(entries(pass.mlp.H[l + 1]), entries(Z), 1e-12);
        H = Z;
    }
    ck_assert_ptr_eq(pass.mlp.H[0].at, X.at);
}
END_TEST

START_TEST(noise_is_what_it_says)
{
    enum { N = 4000 };
    struct rng rng = unit_rng("batch_norm/noise");
    struct bn_net net = net_of(3, RELU, true);
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, N);
    double strength = 0.4, last = 0;
    for (int call = 0; call < 3; call++) {
        size_t used = arena.used;
        bn_net_noise(&rng, &arena, &net, strength, &pass);
        ck_assert((arena.used == used) == (call > 0));
        for (int l = 0; l < 2; l++)
            for (int j = 0; j < widths[l + 1]; j++) {
                double by = row(pass.scale[l], 0).at[j], mean = 0, square = 0;
                int others = 0; /* an assertion for each example writes to a file */
                ck_assert(fabs(log(by)) <= strength);
                for (int i = 0; i < N; i++) {
                    double shift = row(pass.shift[l], i).at[j];
                    others += row(pass.scale[l], i).at[j] != by;
                    mean += shift / N, square += shift * shift / N;
                }
                ck_assert_int_eq(others, 0);
                /* A standard error of 0.2 / sqrt(N) = 0.003; eight of them. */
                ck_assert(fabs(mean) <= strength + 0.025);
                assert_near(sqrt(square - mean * mean), strength / 2, 0.02);
            }
        ck_assert(row(pass.scale[1], 0).at[2] != last);
        last = row(pass.scale[1], 0).at[2];
    }
    ck_assert_int_eq(pass.scale[2].rows, 0);
    bn_net_noise(&rng, &arena, &net, 0, &pass);
    int noisy = 0;
    for (int k = 0; k < N * 6; k++)
        noisy += pass.scale[0].at[k] != 1 || pass.shift[0].at[k] != 0;
    ck_assert_int_eq(noisy, 0);
}
END_TEST

/* Of 2000 values, mean 0 and variance 1/3, to within eight standard errors, and both
 * ends of the interval are reached; what else moves them has the deviation 1/16. */
static void assert_uniform(vec x)
{
    double mean = 0, square = 0, low = 1, high = -1;
    for (int j = 0; j < x.n; j++) {
        mean += x.at[j] / x.n, square += x.at[j] * x.at[j] / x.n;
        low = fmin(low, x.at[j]), high = fmax(high, x.at[j]);
    }
    ck_assert(low < -0.9 && high > 0.9);
    assert_near(mean, 0, 8 * sqrt(1 / 3.0 / x.n));
    assert_near(square, 1 / 3.0, 8 * sqrt(4 / 45.0 / x.n) + 1 / 256.0);
}

START_TEST(noise_is_uniform_over_the_units)
{
    enum { N = 64, UNITS = 2000 };
    struct mlp mlp = mlp_make(2, (int[]){1, UNITS, 1}, RELU, STANDARD, true);
    struct bn_net net = bn_net_make(mlp, false, 0);
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, N);
    struct rng rng = unit_rng("batch_norm/uniform");
    vec u = arena_vec(&arena, UNITS), v = arena_vec(&arena, UNITS);
    bn_net_noise(&rng, &arena, &net, 1, &pass);
    for (int j = 0; j < UNITS; j++) {
        u.at[j] = log(pass.scale[0].at[j]);
        for (int i = 0; i < N; i++)
            v.at[j] += row(pass.shift[0], i).at[j] / N;
    }
    assert_uniform(u);
    assert_uniform(v);
}
END_TEST

START_TEST(one_unit_of_one_example_is_noisy_too)
{
    struct mlp mlp = mlp_make(2, (int[]){1, 1, 1}, RELU, STANDARD, true);
    struct bn_net net = bn_net_make(mlp, true, 0);
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, 1);
    struct rng rng = unit_rng("batch_norm/one");
    bn_net_noise(&rng, &arena, &net, 0.1, &pass);
    ck_assert(fabs(log(pass.scale[0].at[0])) <= 0.1 && pass.shift[0].at[0] != 0);
}
END_TEST

START_TEST(folded_it_is_the_mlp_of_evaluation)
{
    struct rng rng = unit_rng("batch_norm/net fold");
    for (int depth = 1; depth <= 3; depth++) {
        struct bn_net net = net_of(depth, TANH, true);
        int P = mlp_parameters(&net.mlp);
        vec w = parameters_of(&rng, &net), v = arena_vec(&arena, P);
        mat X = drawn_mat(&rng, 11, 4), other = drawn_mat(&rng, 5, 4), H = other;
        struct bn_net_pass all = bn_net_pass_make(&arena, &net, 11);
        struct mlp_pass mlp = mlp_pass_make(&arena, &net.mlp, 5);
        bn_net_forward(&net, w, X, &all);
        fill(NAN, v);
        bn_net_fold(&net, w, &all, v);
        mlp_forward(&net.mlp, v, other, &mlp);
        for (int l = 0; l < depth; l++) {
            mat Z = arena_mat(&arena, 5, widths[l + 1]),
                s = arena_mat(&arena, 5, Z.cols);
            mat W = mlp_weights(&net.mlp, part(w, 0, P), l);
            gemm(1 / sqrt(widths[l]), AS_IS, H, TRANSPOSED, W, 0, Z);
            if (l < depth - 1) {
                struct batch_norm bn = bn_net_layer(&net, w, l);
                bn_evaluate(&bn, &all.unit[l], Z, Z);
                activate(TANH, entries(Z), entries(s));
            } else {
                for (int i = 0; i < 5; i++)
                    axpy(1, mlp_biases(&net.mlp, part(w, 0, P), l), row(Z, i));
            }
            assert_vec(entries(mlp.H[l + 1]), entries(Z), 1e-12);
            H = Z;
        }
    }
}
END_TEST

START_TEST(the_deepest_network)
{
    int ones[MLP_DEPTH + 1];
    for (int l = 0; l <= MLP_DEPTH; l++)
        ones[l] = 1;
    struct mlp mlp = mlp_make(MLP_DEPTH, ones, LINEAR, STANDARD, true);
    struct bn_net net = bn_net_make(mlp, true, 0);
    vec w = arena_vec(&arena, bn_net_parameters(&net));
    ck_assert_int_eq(w.n, 2 * MLP_DEPTH + MLP_DEPTH - 1);
    fill(1, w);
    for (int l = 0; l < MLP_DEPTH; l++)
        fill(0, mlp_biases(&net.mlp, part(w, 0, 2 * MLP_DEPTH), l));
    /* the last layer's sigma is 5: to leave it out of the fold shows */
    mlp_weights(&net.mlp, part(w, 0, 2 * MLP_DEPTH), MLP_DEPTH - 2).at[0] = 5;
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, 2);
    mat X = {2, 1, (real[]){3, 7}};
    bn_net_forward(&net, w, X, &pass);
    assert_entries(entries(pass.mlp.H[MLP_DEPTH]), (double[]){-1, 1}, 1e-12);
    /* Two numbers without mean and deviation are nothing: no gradient gets below the
     * last normalized layer, and there gamma's is z^ of the first example. */
    vec grad = arena_vec(&arena, w.n);
    fill(NAN, grad);
    for (int l = 0; l < MLP_DEPTH - 1; l++)
        fill(NAN, pass.unit[l].dgamma);
    bn_net_backward(&net, w, (mat){2, 1, (real[]){1, 0}}, &pass);
    bn_net_gradient(&net, &pass, grad);
    for (int l = 0; l < MLP_DEPTH - 1; l++)
        assert_near(bn_net_layer(&net, grad, l).gamma.at[0], l < MLP_DEPTH - 2 ? 0 : -1,
                    1e-12);
    vec v = arena_vec(&arena, 2 * MLP_DEPTH);
    struct mlp_pass plain = mlp_pass_make(&arena, &mlp, 2);
    mlp_biases(&net.mlp, part(w, 0, 2 * MLP_DEPTH), MLP_DEPTH - 1).at[0] = 7;
    bn_net_fold(&net, w, &pass, v);
    mlp_forward(&mlp, v, X, &plain);
    assert_entries(entries(plain.H[MLP_DEPTH]), (double[]){6, 8}, 1e-12);
    struct rng rng = unit_rng("batch_norm/deepest");
    bn_net_noise(&rng, &arena, &net, 0.1, &pass);
    ck_assert(pass.scale[MLP_DEPTH - 2].at[1] > 0.9);
}
END_TEST

/* Examples, targets and what was learned are as they were, at every depth. */
START_TEST(what_is_read_stays)
{
    struct rng rng = unit_rng("batch_norm/read");
    for (int depth = 1; depth <= 3; depth++) {
        struct bn_net net = net_of(depth, TANH, true);
        vec w = parameters_of(&rng, &net), grad = arena_vec(&arena, w.n);
        vec v = arena_vec(&arena, mlp_parameters(&net.mlp));
        mat X = drawn_mat(&rng, 5, 4), G = drawn_mat(&rng, 5, widths[depth]);
        struct bn_net_pass pass = bn_net_pass_make(&arena, &net, 5);
        struct unit_watch read = WATCH(&arena, w, entries(X), entries(G));
        bn_net_forward(&net, w, X, &pass);
        bn_net_backward(&net, w, G, &pass);
        struct unit_watch left = WATCH(&arena, pass.unit[0].mean, pass.unit[0].sigma,
                                       entries(pass.unit[0].hat), pass.unit[1].mean,
                                       pass.unit[0].dgamma, pass.unit[1].sigma);
        bn_net_gradient(&net, &pass, grad);
        bn_net_fold(&net, w, &pass, v);
        assert_unchanged(&read), assert_unchanged(&left);
        struct layer x = layer_make("batch_norm/read", 5, 3, 0.1);
        mat Y = drawn_mat(&rng, 5, 3), W = drawn_mat(&rng, 3, 2);
        struct unit_watch one =
            WATCH(&arena, entries(x.Z), entries(x.dY), x.bn.gamma, x.bn.beta);
        bn_forward(&x.bn, x.Z, &x.pass, Y);
        bn_backward(&x.bn, x.dY, &x.pass, Y);
        bn_evaluate(&x.bn, &x.pass, x.Z, Y);
        bn_fold(&x.bn, &x.pass, W, drawn_vec(&rng, 3));
        assert_unchanged(&one);
    }
}
END_TEST

/* ---- Mistakes ---------------------------------------------------------------------
 */

START_TEST(mistakes_of_a_layer_stop)
{
    struct layer x = layer_make("batch_norm/mistakes", 4, 3, 0.1);
    mat Y = arena_mat(&arena, 4, 3), short_one = arena_mat(&arena, 3, 3),
        narrow = arena_mat(&arena, 4, 2), none = {0, 3, NULL};
    struct batch_norm bad = x.bn;
    bad.gamma.n = 2;
    ck_assert_stops("the pass has 3 units, gamma has 2 entries, beta has 3",
                    bn_forward(&bad, x.Z, &x.pass, Y));
    bad = x.bn, bad.beta.n = 2;
    ck_assert_stops("the pass has 3 units, gamma has 3 entries, beta has 2",
                    bn_backward(&bad, x.dY, &x.pass, Y));
    ck_assert_stops("the pass has 3 units, gamma has 3 entries, beta has 2",
                    bn_evaluate(&bad, &x.pass, x.Z, Y));
    static const double epsilons[] = {-1e-9, NAN, INFINITY};
    for (int e = 0; e < 3; e++) {
        bad = x.bn, bad.epsilon = epsilons[e];
        ck_assert_stops("epsilon must be finite and not negative, got",
                        bn_forward(&bad, x.Z, &x.pass, Y));
    }
    ck_assert_stops("Z must be 4 x 3, got 3 x 3",
                    bn_forward(&x.bn, short_one, &x.pass, Y));
    ck_assert_stops("Y must be 4 x 3, got 4 x 2",
                    bn_forward(&x.bn, x.Z, &x.pass, narrow));
    struct bn_pass empty = bn_pass_make(&arena, 0, 3);
    ck_assert_stops("X has no rows", bn_forward(&x.bn, none, &empty, none));
    ck_assert_stops("dY must be 4 x 3, got 4 x 2",
                    bn_backward(&x.bn, narrow, &x.pass, Y));
    ck_assert_stops("dZ must be 4 x 3, got 3 x 3",
                    bn_backward(&x.bn, x.dY, &x.pass, short_one));
    ck_assert_stops("Z must be 4 x 3, got 4 x 2",
                    bn_evaluate(&x.bn, &x.pass, narrow, Y));
    ck_assert_stops("Y must be 4 x 3, got 3 x 3",
                    bn_evaluate(&x.bn, &x.pass, x.Z, short_one));
    ck_assert_stops("W must be 3 x 2, got 4 x 2",
                    bn_fold(&x.bn, &x.pass, narrow, x.bn.beta));
    ck_assert_stops("Z must be 1 x 3, got 1 x 2",
                    bn_fold(&x.bn, &x.pass, short_one, (vec){2, x.Z.at}));
}
END_TEST

START_TEST(mistakes_of_a_network_stop)
{
    struct bn_net net = net_of(3, TANH, true), plain = net_of(3, TANH, false);
    struct mlp none = mlp_make(3, widths, TANH, STANDARD, false);
    int P = bn_net_parameters(&net);
    vec w = arena_vec(&arena, P), v = arena_vec(&arena, P - 11),
        wrong = part(w, 0, P - 1);
    mat X = arena_mat(&arena, 5, 4), G = arena_mat(&arena, 5, 3);
    struct bn_net_pass pass = bn_net_pass_make(&arena, &net, 5);
    struct rng rng = unit_rng("batch_norm/mistakes");
    bn_net_forward(&net, w, X, &pass);
    ck_assert_stops("a network without biases has no betas",
                    bn_net_make(none, true, 0));
    ck_assert_stops("epsilon must be finite and not negative, got -1",
                    bn_net_make(net.mlp, true, -1));
    ck_assert_stops("epsilon must be finite and not negative, got inf",
                    bn_net_make(net.mlp, false, INFINITY));
    ck_assert_stops("layer 2 is not normalized", bn_net_layer(&net, w, 2));
    ck_assert_stops("layer 0 is not normalized", bn_net_layer(&plain, v, 0));
    ck_assert_stops("layer -1 of 3", bn_net_layer(&net, w, -1));
    ck_assert_stops("w has 93 entries, the network has 94",
                    bn_net_forward(&net, wrong, X, &pass));
    ck_assert_stops("w has 93 entries, the network has 94",
                    bn_net_backward(&net, wrong, G, &pass));
    ck_assert_stops("w has 93 entries, the network has 94",
                    bn_net_gradient(&net, &pass, wrong));
    ck_assert_stops("w has 93 entries, the network has 94",
                    bn_net_draw(&net, init_he(NORMAL), &rng, wrong));
    ck_assert_stops("w has 93 entries, the network has 94",
                    bn_net_fold(&net, wrong, &pass, v));
    ck_assert_stops("entries", bn_net_fold(&net, w, &pass, w));
    ck_assert_stops("X must be 5 x 4, got 4 x 5",
                    bn_net_forward(&net, w, (mat){4, 5, X.at}, &pass));
    ck_assert_stops("entries", bn_net_backward(&net, w, X, &pass));
    ck_assert_stops("strength must be finite and not negative, got -0.1",
                    bn_net_noise(&rng, &arena, &net, -0.1, &pass));
    ck_assert_stops("strength must be finite and not negative, got nan",
                    bn_net_noise(&rng, &arena, &net, NAN, &pass));
}
END_TEST

int main(void)
{
    arena = arena_make(1 << 26);
    const TTest *const tests[] = {forward_is_the_formula,
                                  far_out_it_is_the_same,
                                  what_does_not_vary_gives_beta,
                                  a_nan_stays_in_its_unit,
                                  backward_is_the_derivative,
                                  evaluation_is_the_formula,
                                  folded_it_is_a_linear_layer,
                                  parameters_lie_behind_those_of_the_mlp,
                                  a_start_has_gammas_of_one,
                                  without_batch_norm_it_is_an_mlp,
                                  the_gradient_is_the_derivative,
                                  the_network_is_its_layers,
                                  noise_is_what_it_says,
                                  noise_is_uniform_over_the_units,
                                  one_unit_of_one_example_is_noisy_too,
                                  folded_it_is_the_mlp_of_evaluation,
                                  the_deepest_network,
                                  mistakes_of_a_layer_stop,
                                  mistakes_of_a_network_stop,
                                  what_is_read_stays,
                                  NULL};
    return unit_run("batch_norm", tests);
}
