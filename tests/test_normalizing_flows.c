/* The contract of normalizing_flows.h: each function against its formula by hand,
 * derivatives against complex steps through plain loops, and inverses where they are
 * hardest. */
#include "ground/unit.h"
#include "ground/worlds.h"
#include "normalizing_flows.h"

#include <complex.h>
#include <float.h>
#include <math.h>

#define PI   3.14159265358979323846
#define STEP 1e-30

static struct arena arena;

/* Within 1000 roundings of that scale, however large or small it is. */
static void assert_rounded(double got, double expected, double scale)
{
    ck_assert_double_le(fabs(got - expected), 1e3 * REAL_EPSILON * scale);
}

/* w'z + b = 1/2 - 1/2 + 1/4 at z = (1, 1/2), and 1 + 1/4 at (2, 0); w'u = -3/2. */
static struct planar by_hand(void)
{
    return (struct planar){VEC(1, 2), VEC(0.5, -1), 0.25};
}

START_TEST(a_layer_is_its_formula)
{
    arena = arena_make(1 << 12);
    struct planar layer = by_hand();
    mat Z = {2, 2, VEC(1, 0.5, 2, 0).at};
    vec h = VEC(NAN, NAN), slope = VEC(NAN, NAN), log_q = VEC(5, -7);
    double a = tanh(0.25), b = tanh(1.25);
    assert_rounded(nf_planar_det(layer, row(Z, 0)), 1 - 1.5 * (1 - a * a), 1);
    assert_rounded(nf_planar_det(layer, row(Z, 1)), 1 - 1.5 * (1 - b * b), 1);
    nf_planar_forward(layer, Z, h, slope, log_q);
    double expected[] = {1 + a, 0.5 + 2 * a, 2 + b, 2 * b};
    for (int i = 0; i < 4; i++)
        assert_rounded(Z.at[i], expected[i], 1);
    assert_rounded(h.at[0], a, 1);
    assert_rounded(h.at[1], b, 1);
    assert_rounded(slope.at[0], 1 - a * a, 1);
    assert_rounded(slope.at[1], 1 - b * b, 1);
    /* The determinant is negative at the first point, positive at the second. */
    assert_rounded(log_q.at[0], 5 - log(-(1 - 1.5 * (1 - a * a))), 10);
    assert_rounded(log_q.at[1], -7 - log(1 - 1.5 * (1 - b * b)), 10);
    arena_free(&arena);
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    arena = arena_make(1 << 16);
    struct planar layer = by_hand();
    mat Z = {1, 2, VEC(1, 2).at}, Z3 = {1, 3, VEC(1, 2, 3).at};
    vec one = VEC(0), two = VEC(0, 0);
    ck_assert_stops("h has 1 entries, log_q has 2",
                    nf_planar_forward(layer, Z, one, VEC(0), two));
    ck_assert_stops("gemv: ", nf_planar_forward(layer, Z, two, two, VEC(0, 0)));
    ck_assert_stops("gemv: ", nf_planar_forward(layer, Z3, one, VEC(0), VEC(0)));
    ck_assert_stops("activate: ", nf_planar_forward(layer, Z, one, two, VEC(0)));
    ck_assert_stops("Z has 1 rows, log_q has 2", nf_base(Z, two));
    ck_assert_stops("Z must be 1 x 2, got 1 x 3", nf_ring(Z3, one, Z3));
    ck_assert_stops("slope must be 1 x 2, got 1 x 3", nf_arcs(Z, one, Z3));
    mat none = {0, 2, one.at};
    nf_planar_forward(layer, none, (vec){0, NULL}, (vec){0, NULL}, (vec){0, NULL});
    arena_free(&arena);
}
END_TEST

/* ---- Inverses ----------------------------------------------------------------------
 */

/* u = c w / ||w||^2 along w = (3/5, 4/5) t, so that w'u = c. */
static struct planar straight(double c, double t, double b)
{
    return (struct planar){VEC(0.6 * c / t, 0.8 * c / t), VEC(0.6 * t, 0.8 * t), b};
}

/* Along w, a + c tanh(a) = w'x + b to rounding of its terms, whatever c >= -1 and x. */
START_TEST(inverses_solve_their_equation)
{
    const double least = 1e8 * REAL_MIN;
    const double cs[] = {-1, -1 + 1e-15, -0.999, -0.5, 0, least, 1, 30, 1e6};
    const double xs[] = {0, least, 1e-8, 1e-4, 0.1, 1, 1.5, 20, 1e3, 1e10};
    arena = arena_make(1 << 20);
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 20; j++) {
            double x = xs[j / 2] * (j % 2 == 0 ? 1 : -1);
            struct planar layer = straight(cs[i], 1, 0);
            vec z = VEC(0.6 * x, 0.8 * x);
            nf_planar_inverse(layer, z);
            double a = 0.6 * z.at[0] + 0.8 * z.at[1], scale = fabs(x) + fabs(cs[i]);
            assert_rounded(a + cs[i] * tanh(a), x, scale * (1 + fabs(cs[i])) / 30);
        }
    /* With w'u = -1 around 0: a - tanh(a) = t has a = (3 t)^(1/3) (1 + O(a^2)). */
    vec z = VEC(1e-9, 0);
    nf_planar_inverse((struct planar){VEC(-1, 0), VEC(1, 0), 0}, z);
    ck_assert_double_eq_tol(norm(z), cbrt(3e-9), 1e-6 * cbrt(3e-9));
    arena_free(&arena);
}
END_TEST

START_TEST(inverses_undo_layers)
{
    arena = arena_make(1 << 20);
    struct rng rng = unit_rng("flows/inverse");
    for (int trial = 0; trial < 100; trial++) {
        struct planar layer = straight(-0.9 + trial / 10.0, 1 + trial % 3, trial % 5);
        vec z = normal_vec(&arena, &rng, 2), h = VEC(0), slope = VEC(0), log_q = VEC(0);
        vec x = VEC(z.at[0], z.at[1]);
        nf_planar_forward(layer, (mat){1, 2, x.at}, h, slope, log_q);
        nf_planar_inverse(layer, x);
        assert_rounded(x.at[0], z.at[0], 30 * (1 + fabs(z.at[0])));
        assert_rounded(x.at[1], z.at[1], 30 * (1 + fabs(z.at[1])));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(no_inverse_is_sought_where_there_is_none)
{
    arena = arena_make(1 << 12);
    vec nan = VEC(NAN, 0), infinite = VEC(0, INFINITY);
    ck_assert_stops("w'u must be at least -1, got -1.5",
                    nf_planar_inverse(by_hand(), VEC(1, 2)));
    ck_assert_stops("w'u must be at least -1, got -1",
                    nf_planar_inverse(straight(-1 - 5e3 * REAL_EPSILON, 1, 0),
                                      VEC(1, 2)));
    ck_assert_stops("w'u must be at least -1, got nan",
                    nf_planar_inverse(straight(NAN, 1, 0), VEC(1, 2)));
    nf_planar_inverse(straight(1, 1, 0), nan); /* ends, with no answer */
    nf_planar_inverse(straight(1, 1, 0), infinite);
    ck_assert(isnan(nan.at[0]));
    arena_free(&arena);
}
END_TEST

/* ---- The constraint ----------------------------------------------------------------
 */

START_TEST(the_constraint_moves_u_along_w_alone)
{
    static const double xs[] = {-1e3, -50, -1, 0, 1, 50, 1e3};
    arena = arena_make(1 << 14);
    for (int i = 0; i < 7; i++) {
        double x = xs[i];
        vec w = VEC(0, 2, 0), v = VEC(5, x / 2, -7), u = VEC(NAN, NAN, NAN);
        nf_planar_constrain(v, w, u);
        double m = (x > 30 ? x : log(1 + exp(x))) - 1;
        ck_assert(u.at[0] == 5 && u.at[2] == -7);
        assert_rounded(2 * u.at[1], m, 1 + fabs(x));
    }
    ck_assert_stops("||w||^2 must be positive, got 0",
                    nf_planar_constrain(VEC(1), VEC(0), VEC(0)));
    arena_free(&arena);
}
END_TEST

/* In any dimension: along the axis n - 1, and nowhere else. */
START_TEST(the_constraint_reaches_the_last_entry)
{
    for (int n = 1; n <= 70; n++) {
        arena = arena_make(1 << 14);
        vec w = arena_vec(&arena, n), v = arena_vec(&arena, n),
            u = arena_vec(&arena, n);
        fill(3, v);
        v.at[n - 1] = -1;
        w.at[n - 1] = 2;
        nf_planar_constrain(v, w, u);
        for (int i = 0; i < n - 1; i++)
            ck_assert(u.at[i] == 3);
        assert_rounded(2 * u.at[n - 1], log(1 + exp(-2)) - 1, 10);
        arena_free(&arena);
    }
}
END_TEST

/* From 1e-3 to 1e3, or at the ends of the range. */
static double drawn_size(struct rng *rng, bool far)
{
    if (far)
        return rng_below(rng, 2) ? VAST : TINY;
    return pow(10, 6 * rng_uniform(rng) - 3);
}

/* Whatever v and w are, w'u is m(w'v) to the rounding of n + 2 operations on u and w,
 * and every layer has an inverse, which is not stopped. */
START_TEST(every_layer_of_a_flow_has_an_inverse)
{
    arena = arena_make(1 << 22);
    struct rng rng = unit_rng("flows/invertible");
    for (int draw = 0; draw < 3000; draw++) {
        int n = 1 + rng_below(&rng, 4);
        double size = drawn_size(&rng, draw % 10 == 0), steep = 40 * rng_uniform(&rng);
        vec theta = normal_vec(&arena, &rng, 2 * n + 1), v = part(theta, 0, n),
            w = part(theta, n, n), z = normal_vec(&arena, &rng, n);
        scale(size, w);
        scale(draw % 10 == 0 ? steep / size : drawn_size(&rng, false), v);
        double along = (steep * steep / norm(w) + norm(v)) * rng_below(&rng, 2);
        for (int j = 0; j < n; j++) /* of which all is taken off again */
            v.at[j] -= along * (w.at[j] / norm(w));
        struct planar layer = nf_make(n, 1, theta, &arena).layer[0];
        double x = dot(w, v), m = fmax(x, 0) + log1p(exp(-fabs(x))) - 1;
        double rounding = (4 * n + 8) * REAL_EPSILON * norm(w) * norm(layer.u);
        ck_assert(fabs(dot(w, layer.u) - m) <= rounding + 4 * REAL_EPSILON * fabs(m));
        scale(1 / norm(w), z);
        nf_planar_inverse(layer, z);
        ck_assert(!isnan(norm(z)));
        arena.used = 0;
    }
    real theta[] = {-REAL_MAX / 1e8, 1, 0, -1e9, 1e9, 0.5}, z = 0.25;
    struct flow flow = nf_make(1, 2, (vec){6, theta}, &arena);
    assert_near(flow.layer[0].u.at[0], -1, 1e-14);
    assert_near(flow.layer[1].u.at[0] * 1e9, -1, 1e-14);
    ck_assert(!isnan(nf_log_density(&flow, (vec){1, &z})));
    arena_free(&arena);
}
END_TEST

/* On a line everything is one number, which bisection finds in a wider format. */
static long double line_density(double v, double w, double b, double x)
{
    long double wv = (long double)v * w, low = (long double)w * x + b - 1e6L,
                high = low + 2e6L;
    long double m = fmaxl(wv, 0) + log1pl(expl(-fabsl(wv))) - 1;
    for (int i = 0; i < 200; i++) {
        long double a = (low + high) / 2;
        *(a + m * tanhl(a) < (long double)w * x + b ? &low : &high) = a;
    }
    long double z = (low - b) / w, h = tanhl(low);
    return -(logl(2 * acosl(-1)) + z * z) / 2 - logl(1 + m * (1 - h * h));
}

/* Half of the layers have w'v from -37 to -2000, where nothing of v is left in u.  With
 * |a| >= 0.3 the determinant is at least 0.08, and z is good to 1 / 0.08 roundings of
 * w x + b, which is below 100, over w. */
START_TEST(densities_on_a_line)
{
    arena = arena_make(1 << 16);
    struct rng rng = unit_rng("flows/line");
    for (int draw = 0; draw < 500; draw++) {
        double w = (0.2 + 5 * rng_uniform(&rng)) * (draw % 2 ? 1 : -1);
        double wv = draw % 4 < 2 ? -37 - 2000 * rng_uniform(&rng) : rng_normal(&rng);
        real theta[] = {wv / w, w, rng_normal(&rng)}, a, x = 0, z;
        struct flow flow = nf_make(1, 1, (vec){3, theta}, &arena);
        do {
            z = x = 3 * rng_normal(&rng);
            nf_planar_inverse(flow.layer[0], (vec){1, &z});
            a = fabs(w * z + theta[2]);
        } while (a < 0.3);
        double expected = (double)line_density(theta[0], theta[1], theta[2], x);
        z = x;
        double log_q = nf_log_density(&flow, (vec){1, &z});
        ck_assert_double_le(fabs(log_q - expected),
                            rounded(1e-10) * (1 + fabs(expected)));
        arena.used = 0;
    }
    arena_free(&arena);
}
END_TEST

/* sum of u_i g_i, over complex numbers. */
static double complex constrained(int n, const double complex *v,
                                  const double complex *w, vec g)
{
    double complex x = 0, squared = 0, sum = 0;
    for (int i = 0; i < n; i++) {
        x += v[i] * w[i];
        squared += w[i] * w[i];
    }
    for (int i = 0; i < n; i++)
        sum += g.at[i] * (v[i] + (clog(1 + cexp(x)) - 1 - x) / squared * w[i]);
    return sum;
}

START_TEST(the_constraint_is_differentiated)
{
    enum { N = 3 };
    arena = arena_make(1 << 16);
    struct rng rng = unit_rng("flows/constraint");
    for (int trial = 0; trial < 20; trial++) {
        vec v = normal_vec(&arena, &rng, N), w = normal_vec(&arena, &rng, N),
            g = normal_vec(&arena, &rng, N);
        vec dv = VEC(NAN, NAN, NAN), dw = VEC(1, 2, 3);
        nf_planar_constrain_backward(v, w, g, dv, dw);
        double scale = 10 * (1 + norm(v)) * (1 + norm(g)) * (1 + norm(v) * norm(w)) /
                       fmin(1, dot(w, w));
        for (int i = 0; i < 2 * N; i++) {
            double complex at[2 * N];
            for (int j = 0; j < N; j++) {
                at[j] = v.at[j];
                at[N + j] = w.at[j];
            }
            at[i] += I * STEP;
            double slope = cimag(constrained(N, at, at + N, g)) / STEP;
            assert_rounded(i < N ? dv.at[i] : dw.at[i - N] - (i - N + 1), slope, scale);
        }
    }
    vec dv = VEC(0), dw = VEC(0); /* where e^x overflows nothing is left to change */
    nf_planar_constrain_backward(VEC(1e3), VEC(1), VEC(1), dv, dw);
    ck_assert(isfinite(dv.at[0]) && isfinite(dw.at[0]) && dv.at[0] == 1);
    fill(0, dw); /* and below: u = -1 / w there, whatever v is */
    nf_planar_constrain_backward(VEC(-1e3), VEC(1), VEC(1), dv, dw);
    ck_assert(dv.at[0] == 0 && dw.at[0] == 1);
    arena_free(&arena);
}
END_TEST

/* ---- Layers backwards ---------------------------------------------------------------
 */

enum { BACK_N = 3, BACK_B = 4, BACK_Z = BACK_N * BACK_B, BACK_ALL = BACK_Z + 7 };

/* sum_i g_i'f(z_i) - weight sum_i log |det|, from z's rows, u, w and b one after
 * another.
 */
static double complex layer_loss(const double complex *at, mat G, double weight)
{
    const double complex *u = at + BACK_Z, *w = u + BACK_N;
    double complex b = w[BACK_N], wu = 0, sum = 0;
    for (int j = 0; j < BACK_N; j++)
        wu += w[j] * u[j];
    for (int i = 0; i < BACK_B; i++) {
        double complex a = b;
        for (int j = 0; j < BACK_N; j++)
            a += w[j] * at[i * BACK_N + j];
        double complex h = ctanh(a);
        for (int j = 0; j < BACK_N; j++)
            sum += row(G, i).at[j] * (at[i * BACK_N + j] + u[j] * h);
        double complex det = 1 + wu * (1 - h * h);
        sum -= weight * clog(creal(det) < 0 ? -det : det);
    }
    return sum;
}

START_TEST(a_layer_is_differentiated)
{
    arena = arena_make(1 << 16);
    struct rng rng = unit_rng("flows/backward");
    for (int trial = 0; trial < 20; trial++) {
        double weight = rng_normal(&rng);
        vec all = normal_vec(&arena, &rng, BACK_ALL);
        mat Z = {BACK_B, BACK_N, all.at}, after = {BACK_B, BACK_N, NULL};
        mat G = {BACK_B, BACK_N, normal_vec(&arena, &rng, BACK_Z).at}, dZ = G;
        struct planar layer = {{BACK_N, all.at + BACK_Z},
                               {BACK_N, all.at + BACK_Z + BACK_N},
                               all.at[BACK_ALL - 1]};
        vec h = arena_vec(&arena, BACK_B), slope = arena_vec(&arena, BACK_B);
        vec log_q = arena_vec(&arena, BACK_B), room = arena_vec(&arena, BACK_B);
        vec found = arena_vec(&arena, BACK_ALL);
        struct planar d = {{BACK_N, found.at + BACK_Z},
                           {BACK_N, found.at + BACK_Z + BACK_N},
                           NAN};
        fill(NAN, found);
        after.at = arena_vec(&arena, BACK_Z).at;
        dZ.at = found.at;
        copy(entries(Z), entries(after));
        copy(entries(G), entries(dZ));
        nf_planar_forward(layer, after, h, slope, log_q);
        nf_planar_backward(layer, Z, h, slope, weight, dZ, room, &d);
        found.at[BACK_ALL - 1] = d.b;
        double least = 1, reach = 1 + norm(layer.u) * norm(layer.w) + norm(layer.u);
        for (int i = 0; i < BACK_B; i++)
            least = fmin(least, fabs(nf_planar_det(layer, row(Z, i))));
        for (int i = 0; i < BACK_ALL; i++) {
            double complex at[BACK_ALL];
            for (int j = 0; j < BACK_ALL; j++)
                at[j] = all.at[j] + (j == i ? I * STEP : 0);
            assert_rounded(found.at[i], cimag(layer_loss(at, G, weight)) / STEP,
                           10 * reach * reach * (1 + fabs(weight)) / (least * least));
        }
    }
    arena_free(&arena);
}
END_TEST

/* ---- Chains ------------------------------------------------------------------------
 */

START_TEST(a_chain_has_three_parts_a_layer)
{
    arena = arena_make(1 << 20);
    ck_assert_int_eq(nf_parameters(1, 1), 3);
    ck_assert_int_eq(nf_parameters(5, FLOW_LAYERS), 11 * FLOW_LAYERS);
    ck_assert_stops("n must be positive, got 0", nf_parameters(0, 1));
    ck_assert_stops("layers must be 1 to 64, got 0", nf_parameters(1, 0));
    ck_assert_stops("layers must be 1 to 64, got 65", nf_parameters(1, 65));
    vec theta = VEC(7, 8, 1, 0, -3, /**/ 9, 10, 0, 2, -4);
    struct flow flow = nf_make(2, 2, theta, &arena);
    ck_assert(flow.n == 2 && flow.layers == 2);
    ck_assert(flow.layer[0].w.at == theta.at + 2 && flow.layer[1].w.at == theta.at + 7);
    ck_assert(flow.layer[0].b == -3 && flow.layer[1].b == -4);
    assert_rounded(flow.layer[0].u.at[0], log(1 + exp(7)) - 1, 10);
    ck_assert_double_eq(flow.layer[0].u.at[1], 8);
    ck_assert_double_eq(flow.layer[1].u.at[0], 9);
    assert_rounded(2 * flow.layer[1].u.at[1], log(1 + exp(20)) - 1, 20);
    ck_assert_stops("theta must have 10 entries, got 9",
                    nf_make(2, 2, (vec){9, theta.at}, &arena));
    arena_free(&arena);
}
END_TEST

/* Mean squares of v, and of w and b, over 64 x 40 and 64 x 41 draws: with relative
 * deviations sqrt(2 / 2560) = 0.028, within 7 of them. */
START_TEST(starts_are_drawn_as_promised)
{
    enum { N = 40, K = FLOW_LAYERS, EACH = 2 * N + 1 };
    arena = arena_make(1 << 20);
    struct rng rng = unit_rng("flows/draw"), again = rng;
    vec theta = arena_vec(&arena, nf_parameters(N, K));
    nf_draw(N, &rng, theta);
    vec same = normal_vec(&arena, &again, theta.n);
    for (int i = 0; i < theta.n; i++)
        ck_assert_double_eq(theta.at[i], same.at[i] * (i % EACH < N ? 0.5 : 1));
    double free = 0, rest = 0;
    for (int i = 0; i < theta.n; i++)
        *(i % EACH < N ? &free : &rest) += theta.at[i] * theta.at[i];
    ck_assert_double_eq_tol(free / (N * K), 0.25, 0.25 * 0.2);
    ck_assert_double_eq_tol(rest / ((N + 1) * K), 1, 0.2);
    arena_free(&arena);
}
END_TEST

START_TEST(the_base_is_the_standard_normal)
{
    arena = arena_make(1 << 12);
    vec log_q = VEC(NAN, NAN);
    nf_base((mat){2, 1, VEC(0, -3).at}, log_q);
    assert_rounded(log_q.at[0], -log(2 * PI) / 2, 1);
    assert_rounded(log_q.at[1], -log(2 * PI) / 2 - 4.5, 10);
    nf_base((mat){1, 4, VEC(1, 2, 3, 4).at}, (vec){1, log_q.at});
    assert_rounded(log_q.at[0], -2 * log(2 * PI) - 15, 20);
    arena_free(&arena);
}
END_TEST

START_TEST(a_chain_is_its_layers_in_order)
{
    enum { N = 3, K = 5, B = 7 };
    arena = arena_make(1 << 20);
    struct rng rng = unit_rng("flows/chain");
    vec theta = arena_vec(&arena, nf_parameters(N, K));
    nf_draw(N, &rng, theta);
    struct flow flow = nf_make(N, K, theta, &arena);
    struct flow_pass pass = nf_pass_make(&flow, B, &arena);
    for (int k = 0; k <= K; k++)
        ck_assert(pass.Z[k].rows == B && pass.Z[k].cols == N);
    rng_normals(&rng, 0, 1, entries(pass.Z[0]));
    fill(NAN, pass.log_q);
    nf_forward(&flow, &pass);
    for (int i = 0; i < B; i++) {
        double z[N], log_q = 0, grows = 1;
        for (int j = 0; j < N; j++) {
            z[j] = row(pass.Z[0], i).at[j];
            log_q -= z[j] * z[j] / 2 + log(2 * PI) / 2;
        }
        for (int k = 0; k < K; k++) {
            struct planar f = flow.layer[k];
            double a = f.b, wu = 0;
            for (int j = 0; j < N; j++) {
                a += f.w.at[j] * z[j];
                wu += f.w.at[j] * f.u.at[j];
            }
            log_q -= log(1 + wu / (cosh(a) * cosh(a)));
            grows *= 1 + norm(f.u) * norm(f.w); /* a rounding, at most */
            for (int j = 0; j < N; j++)
                z[j] += f.u.at[j] * tanh(a);
        }
        for (int j = 0; j < N; j++)
            assert_rounded(row(pass.Z[K], i).at[j], z[j], grows);
        assert_rounded(pass.log_q.at[i], log_q, 1e8);
        vec x = VEC(z[0], z[1], z[2]);
        assert_rounded(nf_log_density(&flow, x), log_q, 1e8);
        for (int j = 0; j < N; j++)
            assert_rounded(x.at[j], row(pass.Z[0], i).at[j], 1e8);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(a_backward_pass_leaves_scratch_as_it_was)
{
    arena = arena_make(1 << 16);
    struct rng rng = unit_rng("flows/scratch");
    vec theta = normal_vec(&arena, &rng, 10), grad = arena_vec(&arena, 10);
    struct flow flow = nf_make(2, 2, theta, &arena);
    struct flow_pass pass = nf_pass_make(&flow, 3, &arena);
    mat dZ = arena_mat(&arena, 3, 2);
    nf_forward(&flow, &pass);
    size_t used = arena.used;
    nf_backward(&flow, theta, &pass, dZ, 1, &arena, grad);
    ck_assert_uint_eq(arena.used, used);
    ck_assert_stops("theta has 10 entries, grad has 9",
                    nf_backward(&flow, theta, &pass, dZ, 1, &arena, (vec){9, grad.at}));
    arena_free(&arena);
}
END_TEST

/* ---- Targets and training ----------------------------------------------------------
 */

/* log p of the ring, and what the arcs add to it. */
static double complex target(const double complex *z, int arcs)
{
    double complex off = (csqrt(z[0] * z[0] + z[1] * z[1]) - 2) / 0.4;
    double complex a = (z[0] - 2) / 0.6, b = (z[0] + 2) / 0.6;
    return -off * off / 2 + (arcs ? clog(cexp(-a * a / 2) + cexp(-b * b / 2)) : 0);
}

START_TEST(targets_are_their_formulas)
{
    arena = arena_make(1 << 16);
    struct rng rng = unit_rng("flows/targets");
    enum { MANY = 150 };
    mat Z = {MANY, 2, normal_vec(&arena, &rng, 2 * MANY).at};
    mat slope = arena_mat(&arena, MANY, 2);
    vec log_p = arena_vec(&arena, MANY);
    scale(2, entries(Z));
    for (int arcs = 0; arcs < 2; arcs++) {
        (arcs ? nf_arcs : nf_ring)(Z, log_p, slope);
        for (int i = 0; i < MANY; i++) {
            double complex z[2] = {row(Z, i).at[0], row(Z, i).at[1]};
            double size = 1 + dot(row(Z, i), row(Z, i)) / 0.16;
            assert_rounded(log_p.at[i], creal(target(z, arcs)), size);
            for (int j = 0; j < 2; j++) {
                z[j] += I * STEP;
                assert_rounded(row(slope, i).at[j], cimag(target(z, arcs)) / STEP,
                               size);
                z[j] = creal(z[j]);
            }
        }
    }
    mat origin = {1, 2, VEC(0, 0).at}, flat = {1, 2, VEC(NAN, NAN).at};
    nf_ring(origin, (vec){1, log_p.at}, flat);
    ck_assert(flat.at[0] == 0 && flat.at[1] == 0);
    assert_rounded(log_p.at[0], -12.5, 10);
    mat far = {1, 2, VEC(1e3, 0).at}; /* where neither exponential is a number */
    nf_arcs(far, (vec){1, log_p.at}, flat);
    ck_assert(isfinite(log_p.at[0]) && isfinite(flat.at[0]));
    arena_free(&arena);
}
END_TEST

/* The loss is the mean of log q - beta log p over the batch, with beta 0.1 at the
 * start, 0.55 at 0.225 of the run, and 1 from 0.45 on. */
START_TEST(the_loss_is_annealed)
{
    enum { N = 2, K = 2, B = 6 };
    static const double done[] = {0, 0.225, 0.45, 0.99}, beta[] = {0.1, 0.55, 1, 1};
    arena = arena_make(1 << 18);
    struct rng rng = unit_rng("flows/loss");
    vec theta = arena_vec(&arena, nf_parameters(N, K)), grad = arena_vec(&arena, 10);
    struct flow_problem problem = {N, K, B, nf_ring};
    nf_draw(N, &rng, theta);
    struct flow flow = nf_make(N, K, theta, &arena);
    struct flow_pass pass = nf_pass_make(&flow, B, &arena);
    vec log_p = arena_vec(&arena, B);
    mat slope = arena_mat(&arena, B, N);
    struct rng again = rng;
    rng_normals(&again, 0, 1, entries(pass.Z[0]));
    nf_forward(&flow, &pass);
    nf_ring(pass.Z[K], log_p, slope);
    for (int i = 0; i < 4; i++) {
        struct rng batch = rng;
        double expected = 0, size = 1;
        size_t used = arena.used;
        for (int j = 0; j < B; j++) {
            expected += (pass.log_q.at[j] - beta[i] * log_p.at[j]) / B;
            size += fabs(pass.log_q.at[j]) + fabs(log_p.at[j]);
        }
        assert_rounded(nf_loss(&problem, done[i], theta, &batch, &arena, grad),
                       expected, size);
        ck_assert_uint_eq(arena.used, used);
        ck_assert_mem_eq(&batch, &again, sizeof batch);
    }
    arena_free(&arena);
}
END_TEST

static bool count(void *context, const struct recipe *recipe,
                  const struct training *training, double loss)
{
    ck_assert(isfinite(loss) && recipe->iterations == 20);
    ck_assert_int_eq(++*(int *)context, training->iteration);
    return true;
}

START_TEST(training_follows_its_recipe)
{
    struct flow_problem problem = {2, 3, 8, nf_arcs};
    struct recipe recipe = nf_recipe(&problem, 20, 0.5);
    ck_assert(recipe.loss == nf_loss && recipe.problem == &problem);
    ck_assert(recipe.iterations == 20 && recipe.alpha == 0.5);
    ck_assert_double_eq(recipe.alpha_last, 0.025);
    arena = arena_make(1 << 20);
    struct training a = training_make(&arena, nf_parameters(2, 3), unit_rng("flows")),
                    b = training_make(&arena, nf_parameters(2, 3), a.rng);
    nf_draw(2, &a.rng, a.theta);
    nf_draw(2, &b.rng, b.theta);
    int seen = 0;
    ck_assert_int_eq(nf_train(&problem, 20, 0.5, count, &seen, &arena, &a),
                     TRAINING_DONE);
    ck_assert_int_eq(seen, 20);
    train(&recipe, NULL, NULL, &arena, &b);
    ck_assert_mem_eq(a.theta.at, b.theta.at, 15 * sizeof(real));
    arena_free(&arena);
}
END_TEST

/* ---- Any unit, any number of layers ---------------------------------------------- */

/* w in units of 1 / c and v in those of c leave w'v, so u(cw, v / c) = u(w, v) / c; of
 * a loss <s g, u>, dv has the unit s, and dw that of s / c^2, which is in range, where
 * c^2 is not. */
START_TEST(the_constraint_is_differentiated_in_any_unit)
{
    arena = arena_make(1 << 14);
    vec v = VEC(2, -1, 3), w = VEC(1, -2, 0.5), g = VEC(0.3, 1, -2);
    vec dv = VEC(NAN, NAN, NAN), dw = VEC(0, 0, 0), far_dv = VEC(NAN, NAN, NAN);
    const int top = ilogb(REAL_MAX) + 1;
    nf_planar_constrain_backward(v, w, g, dv, dw);
    for (int k = -1; k <= 1; k += 2) {
        double c = ldexp(1, k * (top / 2 + 4)), s = ldexp(1, k * top / 5);
        vec far_v = VEC(2 / c, -1 / c, 3 / c), far_w = VEC(c, -2 * c, 0.5 * c);
        vec far_g = VEC(0.3 * s, s, -2 * s), far_dw = VEC(0, 0, 0);
        nf_planar_constrain_backward(far_v, far_w, far_g, far_dv, far_dw);
        for (int i = 0; i < 3; i++) {
            assert_rounded(far_dv.at[i] / s, dv.at[i], 1);
            assert_rounded(far_dw.at[i] * c / s * c, dw.at[i], 1);
        }
    }
    arena_free(&arena);
}
END_TEST

/* v = -x w / ||w||^2 and more across: one time takes 14 digits of it, 6 of a float, and
 * x has up to 300, or 30.  w'u = m(-x), which is -1, to the rounding of u's entries. */
START_TEST(the_constraint_takes_off_all_of_v)
{
    arena = arena_make(1 << 14);
    struct rng rng = unit_rng("flows/long");
    for (int digits = 5; digits <= log10(REAL_MAX) - 8; digits += 5) {
        int n = 2 + digits % 3;
        vec w = normal_vec(&arena, &rng, n), v = normal_vec(&arena, &rng, n);
        vec u = arena_vec(&arena, n);
        axpy(-pow(10, digits) / dot(w, w), w, v);
        double m = log1p(exp(dot(w, v))) - 1;
        nf_planar_constrain(v, w, u);
        ck_assert_double_le(fabs(dot(w, u) - m),
                            (4 * n + 8) * REAL_EPSILON * (1 + norm(w) * norm(u)));
        arena.used = 0;
    }
    arena_free(&arena);
}
END_TEST

/* Layers that move by about 0.3 along w, forth and back, where tanh' is below 0.02: so
 * each rounding stays what it was, and there are some 20 of them in each layer. */
START_TEST(densities_of_chains_of_any_length)
{
    static const int counts[] = {1, 2, 16, 17, 63, FLOW_LAYERS};
    arena = arena_make(1 << 16);
    for (int i = 0; i < 6; i++, arena.used = 0) {
        int K = counts[i];
        vec theta = arena_vec(&arena, nf_parameters(2, K));
        for (int k = 0; k < K; k++) {
            real way = k % 2 ? 1 : -1, layer[] = {0, 0, way, way / 2, 3};
            copy((vec){5, layer}, part(theta, 5 * k, 5));
        }
        struct flow flow = nf_make(2, K, theta, &arena);
        struct flow_pass pass = nf_pass_make(&flow, 1, &arena);
        copy(VEC(0.25, -0.125), entries(pass.Z[0]));
        nf_forward(&flow, &pass);
        vec x = row(pass.Z[K], 0);
        assert_near(nf_log_density(&flow, x), pass.log_q.at[0], 40 * K * DBL_EPSILON);
        assert_entries(x, (double[]){0.25, -0.125}, 40 * K * DBL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

/* (3, 4) where the square of r is 0, and r is not. */
START_TEST(the_ring_has_a_slope_at_its_centre)
{
    arena = arena_make(1 << 12);
    vec log_p = VEC(NAN), slope = VEC(NAN, NAN);
    nf_ring((mat){1, 2, VEC(3 * TINY, 4 * TINY).at}, log_p, (mat){1, 2, slope.at});
    assert_entries(slope, (double[]){2 * 0.6 / 0.16, 2 * 0.8 / 0.16}, 1e-13);
    assert_near(log_p.at[0], -12.5, 1e-13);
    arena_free(&arena);
}
END_TEST

/* log q of one point at the end of the chain, as a function of theta. */
static double log_q_of(int K, vec theta)
{
    size_t mark = arena.used;
    struct flow flow = nf_make(2, K, theta, &arena);
    struct flow_pass pass = nf_pass_make(&flow, 1, &arena);
    copy(VEC(0.25, -0.125), entries(pass.Z[0]));
    nf_forward(&flow, &pass);
    double log_q = pass.log_q.at[0];
    arena.used = mark;
    return log_q;
}

/* Each number of each layer, by differences: h^2 of third derivatives of 10^2 or so,
 * and eps / h, which is h^2, of the 20 K roundings in log q. */
START_TEST(chains_of_any_length_are_differentiated)
{
    static const int counts[] = {1, 2, 16, 17, FLOW_LAYERS};
    arena = arena_make(1 << 18);
    struct rng rng = unit_rng("flows/deep");
    const double h = cbrt(REAL_EPSILON);
    for (int i = 0; i < 5; i++, arena.used = 0) {
        int K = counts[i];
        vec theta = arena_vec(&arena, nf_parameters(2, K));
        vec grad = arena_vec(&arena, theta.n);
        for (int k = 0; k < K; k++) {
            real way = k % 2 ? 1 : -1, layer[] = {0, 0.1, way, way / 2, 2};
            copy((vec){5, layer}, part(theta, 5 * k, 5));
            theta.at[5 * k] = 0.2 * rng_uniform(&rng);
        }
        struct flow flow = nf_make(2, K, theta, &arena);
        struct flow_pass pass = nf_pass_make(&flow, 1, &arena);
        copy(VEC(0.25, -0.125), entries(pass.Z[0]));
        nf_forward(&flow, &pass);
        fill(NAN, grad);
        nf_backward(&flow, theta, &pass, arena_mat(&arena, 1, 2), 1, &arena, grad);
        for (int j = 0; j < theta.n; j++) {
            double here = theta.at[j];
            theta.at[j] = here + h;
            double above = log_q_of(K, theta);
            theta.at[j] = here - h;
            double below = log_q_of(K, theta);
            theta.at[j] = here;
            assert_near(grad.at[j], (above - below) / (2 * h), (100 + 20 * K) * h * h);
        }
    }
    arena_free(&arena);
}
END_TEST

/* At the end of a run, where beta is 1: the mean of log q - log p, of each point that
 * the stream gives. */
START_TEST(the_loss_is_a_mean_over_any_batch)
{
    static const int batches[] = {1, 2, 64, 65, 130};
    arena = arena_make(1 << 20);
    for (int i = 0; i < 5; i++, arena.used = 0) {
        struct rng rng = unit_rng("flows/batch"), again;
        int B = batches[i];
        struct flow_problem problem = {2, 2, B, nf_ring};
        vec theta = normal_vec(&arena, &rng, nf_parameters(2, 2));
        vec grad = arena_vec(&arena, theta.n), log_p = arena_vec(&arena, B);
        again = rng;
        double loss = nf_loss(&problem, 0.999, theta, &rng, &arena, grad), mean = 0;
        struct flow flow = nf_make(2, 2, theta, &arena);
        struct flow_pass pass = nf_pass_make(&flow, B, &arena);
        rng_normals(&again, 0, 1, entries(pass.Z[0]));
        nf_forward(&flow, &pass);
        nf_ring(pass.Z[2], log_p, arena_mat(&arena, B, 2));
        for (int k = 0; k < B; k++)
            mean += (pass.log_q.at[k] - log_p.at[k]) / B;
        assert_rounded(loss, mean, 1 + fabs(mean));
        ck_assert_uint_eq(rng_bits(&rng), rng_bits(&again));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(the_recipe_is_that_of_any_run)
{
    static const int counts[] = {1, 100, 101, 10000};
    struct flow_problem problem = {2, 2, 8, nf_ring};
    for (int i = 0; i < 4; i++) {
        struct recipe r = nf_recipe(&problem, counts[i], 0.5);
        ck_assert(r.loss == nf_loss && r.problem == &problem);
        ck_assert(r.iterations == counts[i] && r.alpha == 0.5 && r.alpha_last == 0.025);
    }
}
END_TEST

int main(void)
{
    return unit_run("normalizing_flows",
                    (const TTest *const[]){a_layer_is_its_formula,
                                           shapes_that_do_not_fit_stop,
                                           inverses_solve_their_equation,
                                           inverses_undo_layers,
                                           no_inverse_is_sought_where_there_is_none,
                                           the_constraint_moves_u_along_w_alone,
                                           the_constraint_reaches_the_last_entry,
                                           every_layer_of_a_flow_has_an_inverse,
                                           densities_on_a_line,
                                           the_constraint_is_differentiated,
                                           a_layer_is_differentiated,
                                           a_chain_has_three_parts_a_layer,
                                           starts_are_drawn_as_promised,
                                           the_base_is_the_standard_normal,
                                           a_chain_is_its_layers_in_order,
                                           a_backward_pass_leaves_scratch_as_it_was,
                                           targets_are_their_formulas,
                                           the_loss_is_annealed,
                                           training_follows_its_recipe,
                                           the_constraint_is_differentiated_in_any_unit,
                                           the_constraint_takes_off_all_of_v,
                                           densities_of_chains_of_any_length,
                                           the_ring_has_a_slope_at_its_centre,
                                           chains_of_any_length_are_differentiated,
                                           the_loss_is_a_mean_over_any_batch,
                                           the_recipe_is_that_of_any_run,
                                           NULL});
}
