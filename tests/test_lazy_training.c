/* The contract of lazy_training.h, for networks small enough to write out: with one
 * hidden layer of tanh, f(w; x) = c sum over r of a_r tanh(b w_r . x), everything up to
 * the second derivative is a line of algebra. */
#include "ground/route_lapack.h"
#include "ground/unit.h"
#include "lazy_training.h"

#include <float.h>
#include <math.h>

enum { N = 4, D = 3, M = 6, P = M * (D + 1) };

struct bench {
    struct arena arena;
    struct rng rng;
    struct lazy_problem p;
    vec w, grad;
    double b, c; /* the multipliers of the two layers */
};

static vec random_vec(struct bench *bench, int n)
{
    vec x = arena_vec(&bench->arena, n);
    rng_uniforms(&bench->rng, -1, 1, x);
    return x;
}

static struct bench bench_make(const char *test)
{
    struct bench x = {.arena = arena_make(1 << 20), .rng = unit_rng(test)};
    struct mlp net = mlp_make(2, (int[]){D, M, 1}, TANH, TANGENT, false);
    mat X = {N, D, random_vec(&x, N * D).at};
    x.p = lazy_make(&x.arena, &net, X, random_vec(&x, N));
    copy(random_vec(&x, N), x.p.offset);
    x.w = random_vec(&x, P);
    x.grad = random_vec(&x, P);
    x.b = 1 / sqrt(D);
    x.c = 1 / sqrt(M);
    return x;
}

/* b w_r . x_i, and the output i. */
static double before_tanh(struct bench x, vec w, int r, int i)
{
    double z = 0;
    for (int j = 0; j < D; j++)
        z += x.b * w.at[r * D + j] * row(x.p.X, i).at[j];
    return z;
}

static double output(struct bench x, vec w, int i)
{
    double f = -x.p.offset.at[i];
    for (int r = 0; r < M; r++)
        f += x.c * w.at[M * D + r] * tanh(before_tanh(x, w, r, i));
    return f;
}

/* d h_i / d w_k. */
static double slope(struct bench x, vec w, int i, int k)
{
    int r = k < M * D ? k / D : k - M * D;
    double t = tanh(before_tanh(x, w, r, i));
    if (k >= M * D)
        return x.c * t;
    return x.c * w.at[M * D + r] * (1 - t * t) * x.b * row(x.p.X, i).at[k % D];
}

/* d^2 h_i / d w_k d w_l: 0 between two units. */
static double bend(struct bench x, vec w, int i, int k, int l)
{
    int r = k < M * D ? k / D : k - M * D, s = l < M * D ? l / D : l - M * D;
    if (r != s || (k >= M * D && l >= M * D))
        return 0;
    double t = tanh(before_tanh(x, w, r, i)), d = 1 - t * t;
    const real *at = row(x.p.X, i).at;
    if (k >= M * D)
        return x.c * d * x.b * at[l % D];
    if (l >= M * D)
        return x.c * d * x.b * at[k % D];
    return x.c * w.at[M * D + r] * -2 * t * d * x.b * x.b * at[k % D] * at[l % D];
}

/* Sums of at most P products of numbers of order 1, in another order. */
static const double LIMIT = 4 * P * DBL_EPSILON;

/* ---- The problem ----------------------------------------------------------------- */

START_TEST(make_asks_for_one_output_and_a_target_each)
{
    struct bench x = bench_make("lz/make");
    struct mlp two = mlp_make(1, (int[]){D, 2}, TANH, TANGENT, false);
    struct lazy_problem fresh = lazy_make(&x.arena, &x.p.net, x.p.X, x.p.y);
    ck_assert(max_norm(fresh.offset) == 0 && fresh.offset.n == N);
    ck_assert(fresh.residual.rows == N && fresh.residual.cols == 1);
    ck_assert_stops("the network has 2 outputs, not 1",
                    lazy_make(&x.arena, &two, x.p.X, x.p.y));
    ck_assert_stops("X has 4 rows, y has 3 entries",
                    lazy_make(&x.arena, &x.p.net, x.p.X, (vec){3, x.p.y.at}));
    arena_free(&x.arena);
}
END_TEST

START_TEST(output_is_the_network_less_the_offset)
{
    struct bench x = bench_make("lz/output");
    vec h = random_vec(&x, N);
    lazy_output(&x.p, x.w, h);
    for (int i = 0; i < N; i++)
        assert_near(h.at[i], output(x, x.w, i), LIMIT);
    ck_assert_stops("copy", lazy_output(&x.p, x.w, (vec){N - 1, h.at}));
    arena_free(&x.arena);
}
END_TEST

/* Whatever the offset was before; and elsewhere h is not 0. */
START_TEST(centered_is_zero_at_the_start)
{
    struct bench x = bench_make("lz/center");
    vec h = random_vec(&x, N);
    lazy_center(&x.p, x.w);
    lazy_output(&x.p, x.w, h);
    ck_assert(max_norm(h) == 0);
    x.w.at[0] += 1;
    lazy_output(&x.p, x.w, h);
    ck_assert(max_norm(h) > 0);
    arena_free(&x.arena);
}
END_TEST

START_TEST(gradient_is_that_of_the_scaled_risk)
{
    static const double alphas[] = {1, 0.5, 8};
    struct bench x = bench_make("lz/gradient");
    for (int a = 0; a < 3; a++) {
        double alpha = alphas[a], risk = 0;
        double got = lazy_gradient(&x.p, alpha, x.w, x.grad);
        for (int i = 0; i < N; i++)
            risk += pow(alpha * output(x, x.w, i) - x.p.y.at[i], 2) / 2;
        assert_near(got, risk / (alpha * alpha), 10 * LIMIT * risk);
        for (int k = 0; k < P; k++) {
            double sum = 0;
            for (int i = 0; i < N; i++)
                sum += slope(x, x.w, i, k) * (alpha * output(x, x.w, i) - x.p.y.at[i]) /
                       alpha;
            assert_near(x.grad.at[k], sum, 10 * LIMIT);
        }
    }
    ck_assert_stops("must be finite and positive, got 0",
                    lazy_gradient(&x.p, 0, x.w, x.grad));
    ck_assert_stops("must be finite and positive, got inf",
                    lazy_gradient(&x.p, INFINITY, x.w, x.grad));
    ck_assert_stops("must be finite and positive, got -1",
                    lazy_gradient(&x.p, -1, x.w, x.grad));
    arena_free(&x.arena);
}
END_TEST

START_TEST(step_goes_against_the_gradient)
{
    struct bench x = bench_make("lz/step");
    vec w = random_vec(&x, P), grad = random_vec(&x, P);
    copy(x.w, w);
    lazy_gradient(&x.p, 3, w, grad);
    lazy_step(&x.p, 3, 0.25, w, x.grad);
    for (int k = 0; k < P; k++) {
        ck_assert(x.grad.at[k] == grad.at[k]);
        assert_near(w.at[k], x.w.at[k] - 0.25 * grad.at[k], LIMIT);
    }
    ck_assert_stops("alpha must be", lazy_step(&x.p, 3, NAN, w, x.grad));
    arena_free(&x.arena);
}
END_TEST

/* ---- Its linearization ----------------------------------------------------------- */

START_TEST(differential_is_the_derivative)
{
    struct bench x = bench_make("lz/differential");
    mat J = {N, P, random_vec(&x, N * P).at};
    size_t mark = x.arena.used;
    lazy_jacobian(&x.p, x.w, &x.arena, J);
    ck_assert(x.arena.used == mark);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < P; k++)
            assert_near(row(J, i).at[k], slope(x, x.w, i, k), LIMIT);
    arena_free(&x.arena);
}
END_TEST

START_TEST(linearization_is_h_and_its_derivative)
{
    struct bench x = bench_make("lz/linearize");
    vec v = random_vec(&x, P), h = random_vec(&x, N);
    struct lazy_linear line = lazy_linearize(&x.arena, &x.p, x.w);
    lazy_linear_output(&line, v, h);
    for (int i = 0; i < N; i++) {
        double sum = output(x, x.w, i);
        for (int k = 0; k < P; k++)
            sum += slope(x, x.w, i, k) * v.at[k];
        assert_near(h.at[i], sum, LIMIT);
    }
    arena_free(&x.arena);
}
END_TEST

START_TEST(linear_step_is_that_of_the_linearization)
{
    struct bench x = bench_make("lz/linear_step");
    enum { ALPHA = 3 };
    vec v = random_vec(&x, P), moved = random_vec(&x, P), h = random_vec(&x, N);
    struct lazy_linear line = lazy_linearize(&x.arena, &x.p, x.w);
    copy(v, moved);
    lazy_linear_step(&line, x.p.y, ALPHA, 0.25, moved, h);
    double residual[N];
    for (int i = 0; i < N; i++) {
        residual[i] = output(x, x.w, i);
        for (int k = 0; k < P; k++)
            residual[i] += slope(x, x.w, i, k) * v.at[k];
        residual[i] = ALPHA * residual[i] - x.p.y.at[i];
        assert_near(h.at[i], residual[i], ALPHA * LIMIT);
    }
    for (int k = 0; k < P; k++) {
        double sum = 0;
        for (int i = 0; i < N; i++)
            sum += slope(x, x.w, i, k) * residual[i];
        assert_near(moved.at[k], v.at[k] - 0.25 / ALPHA * sum, ALPHA * LIMIT);
    }
    ck_assert_stops("must be finite and positive, got 0",
                    lazy_linear_step(&line, x.p.y, 0, 0.25, v, h));
    ck_assert_stops("must be finite and positive, got -2",
                    lazy_linear_step(&line, x.p.y, -2, 0.25, v, h));
    ck_assert_stops("must be finite and positive, got inf",
                    lazy_linear_step(&line, x.p.y, INFINITY, 0.25, v, h));
    arena_free(&x.arena);
}
END_TEST

/* The bench's problem, of n examples: those of the bench again and again. */
static struct lazy_problem repeated(struct bench *x, int n)
{
    mat X = arena_mat(&x->arena, n, D);
    vec y = arena_vec(&x->arena, n);
    for (int i = 0; i < n; i++)
        copy(row(x->p.X, i % N), row(X, i)), y.at[i] = x->p.y.at[i % N] + i;
    struct lazy_problem p = lazy_make(&x->arena, &x->p.net, X, y);
    for (int i = 0; i < n; i++)
        p.offset.at[i] = x->p.offset.at[i % N];
    return p;
}

/* Of one example as of more than a block: outputs, differential and linearization, row
 * by row, and the gradient, which is their sum; and the examples stay as they are. */
START_TEST(one_example_is_a_problem_and_seventy_are)
{
    static const int sizes[] = {1, 2, 70};
    for (int s = 0; s < 3; s++) {
        struct bench x = bench_make("lz/sizes");
        int n = sizes[s];
        struct lazy_problem p = repeated(&x, n);
        vec h = random_vec(&x, n), sum = arena_vec(&x.arena, P), v = random_vec(&x, P);
        vec y = arena_vec(&x.arena, n), off = arena_vec(&x.arena, n);
        vec w = arena_vec(&x.arena, P), g = random_vec(&x, n);
        copy(p.y, y), copy(p.offset, off), copy(x.w, w);
        double lost = lazy_gradient(&p, 2, x.w, x.grad), risk = 0;
        lazy_output(&p, x.w, h);
        struct lazy_linear line = lazy_linearize(&x.arena, &p, x.w);
        lazy_linear_output(&line, v, g);
        for (int i = 0; i < n; i++) {
            double f = output(x, x.w, i % N), r = 2 * f - y.at[i], to = f;
            risk += r * r / 8;
            assert_near(h.at[i], f, LIMIT);
            for (int k = 0; k < P; k++) {
                double J = slope(x, x.w, i % N, k);
                assert_near(row(line.J, i).at[k], J, LIMIT);
                sum.at[k] += J * r / 2, to += J * v.at[k];
            }
            assert_near(g.at[i], to, LIMIT);
        }
        assert_near(lost / (1 + risk), risk / (1 + risk), n * 10 * LIMIT);
        assert_vec(x.grad, sum, n * n * 10 * LIMIT);
        assert_vec(p.y, y, 0);
        assert_vec(p.offset, off, 0);
        assert_vec(x.w, w, 0);
        arena_free(&x.arena);
    }
}
END_TEST

/* One weight, one example: f = w x, h = w x - offset, and its linearization is itself.
 */
START_TEST(one_weight_is_its_own_linearization)
{
    struct bench x = bench_make("lz/one weight");
    struct mlp net = mlp_make(1, (int[]){1, 1}, LINEAR, STANDARD, false);
    real at[] = {3}, target[] = {1}, w[] = {2}, v[] = {0.5}, h[] = {NAN}, u[] = {5};
    real grad[] = {NAN};
    struct lazy_problem p =
        lazy_make(&x.arena, &net, (mat){1, 1, at}, (vec){1, target});
    p.offset.at[0] = 4; /* h(2) = 2, and 3.5 with the displacement */
    struct lazy_linear line = lazy_linearize(&x.arena, &p, (vec){1, w});
    ck_assert(line.h_0.at[0] == 2 && line.J.at[0] == 3);
    lazy_linear_output(&line, (vec){1, v}, (vec){1, h});
    ck_assert_double_eq(h[0], 3.5);
    lazy_linear_step(&line, p.y, 2, 4, (vec){1, v}, (vec){1, h});
    ck_assert(h[0] == 6 && v[0] == 0.5 - 2 * 3 * 6);
    w[0] = 2.5;
    lazy_step(&p, 2, 4, (vec){1, w}, (vec){1, grad}); /* as the linear one */
    ck_assert(grad[0] == 9 && w[0] == 2.5 - 36);
    size_t used = x.arena.used;
    ck_assert_double_eq(lazy_curvature(&p, (vec){1, w}, 3, &x.arena, (vec){1, u}), 0);
    ck_assert_double_eq(lazy_kappa(&p, (vec){1, w}, 3, &x.arena, (vec){1, u}), 0);
    ck_assert_uint_eq(x.arena.used, used);
    arena_free(&x.arena);
}
END_TEST

/* ---- How fast the differential changes ------------------------------------------- */

/* Sums of a few more of these, times the length of u. */
static double second_limit(double length) { return 4 * LIMIT * length; }

START_TEST(second_is_the_change_of_the_differential)
{
    static const double lengths[] = {1, 1e-6, 1e6, TINY, VAST};
    struct bench x = bench_make("lz/second");
    mat D2 = {N, P, random_vec(&x, N * P).at};
    for (int a = 0; a < 5; a++) {
        vec u = random_vec(&x, P);
        scale(lengths[a] / norm(u), u);
        size_t mark = x.arena.used;
        lazy_directional(&x.p, x.w, u, &x.arena, D2);
        ck_assert(x.arena.used == mark);
        for (int i = 0; i < N; i++)
            for (int k = 0; k < P; k++) {
                double sum = 0;
                for (int l = 0; l < P; l++)
                    sum += bend(x, x.w, i, k, l) * u.at[l];
                assert_near(row(D2, i).at[k] / lengths[a], sum / lengths[a], LIMIT);
            }
    }
    vec zero = arena_vec(&x.arena, P);
    ck_assert_stops("u must have a direction, its norm is 0",
                    lazy_directional(&x.p, x.w, zero, &x.arena, D2));
    ck_assert_stops("u must have a direction, its norm is 0",
                    lazy_curvature(&x.p, x.w, 1, &x.arena, zero));
    zero.at[1] = INFINITY;
    ck_assert_stops("u must have a direction, its norm is inf",
                    lazy_directional(&x.p, x.w, zero, &x.arena, D2));
    zero.at[1] = NAN;
    ck_assert_stops("u must have a direction, its norm is nan",
                    lazy_curvature(&x.p, x.w, 1, &x.arena, zero));
    arena_free(&x.arena);
}
END_TEST

/* D^2h of two linear layers is the same at all weights: to the last bit, since they do
 * not enter. */
START_TEST(second_of_linear_units_is_the_same_everywhere)
{
    static const double sizes[] = {VAST, 1e6, TINY};
    struct bench x = bench_make("lz/second_linear");
    x.p.net.activation = LINEAR;
    mat here = {N, P, random_vec(&x, N * P).at},
        there = {N, P, random_vec(&x, N * P).at};
    vec u = random_vec(&x, P), w = arena_vec(&x.arena, P);
    lazy_directional(&x.p, x.w, u, &x.arena, here);
    for (int a = 0; a < 3; a++) {
        vec at_here = arena_vec(&x.arena, P), at_there = arena_vec(&x.arena, P);
        fill(1, at_here), fill(1, at_there);
        copy(x.w, w);
        scale(sizes[a], w);
        lazy_directional(&x.p, w, u, &x.arena, there);
        assert_vec(entries(there), entries(here), 0);
        ck_assert_double_eq(lazy_curvature(&x.p, w, 9, &x.arena, at_there),
                            lazy_curvature(&x.p, x.w, 9, &x.arena, at_here));
    }
    arena_free(&x.arena);
}
END_TEST

/* h = t^3 x has the Hessian t x (1 - I), whose norm is 2 t x: also where its square
 * overflows or vanishes, and where 1 / t does.  There t lacks 7 bits, and D, which is
 * brought up to some 2^-7 only, lacks as many again in its product. */
START_TEST(curvature_of_any_size)
{
    static const double sizes[] = {1, VAST, TINY, REAL_MIN / 128};
    struct bench x = bench_make("lz/sizes of curvature");
    struct mlp net = mlp_make(3, (int[]){1, 1, 1, 1}, LINEAR, STANDARD, false);
    real at[] = {3}, u[3];
    struct lazy_problem p = lazy_make(&x.arena, &net, (mat){1, 1, at}, (vec){1, at});
    for (int a = 0; a < 4; a++) {
        double t = sizes[a], limit = a < 3 ? LIMIT : 128 * 128 * REAL_EPSILON;
        copy((vec){3, (real[]){1, 2, 4}}, (vec){3, u});
        double found =
            lazy_curvature(&p, (vec){3, (real[]){t, t, t}}, 30, &x.arena, (vec){3, u});
        assert_near(found / (6 * t), 1, limit);
        for (int k = 0; k < 3; k++)
            assert_near(u[k], sqrt(1.0 / 3), limit);
    }
    copy((vec){3, (real[]){1, 2, 4}}, (vec){3, u});
    at[0] = VAST;
    double t = VAST;
    ck_assert(!isfinite(
        lazy_curvature(&p, (vec){3, (real[]){t, t, t}}, 3, &x.arena, (vec){3, u})));
    arena_free(&x.arena);
}
END_TEST

/* A NaN in an example is in its row, and in all that is made of it. */
START_TEST(a_nan_reaches_the_curvature)
{
    struct bench x = bench_make("lz/nan");
    mat D2 = {N, P, random_vec(&x, N * P).at};
    vec u = random_vec(&x, P), start = arena_vec(&x.arena, P);
    real *const at[] = {x.w.at, x.w.at + P - 1, x.p.X.at + D, x.p.y.at};
    for (int a = 0; a < 4; a++) {
        double was = *at[a];
        *at[a] = NAN;
        copy(u, start);
        ck_assert(isnan(lazy_kappa(&x.p, x.w, 2, &x.arena, start)));
        copy(u, start);
        ck_assert(a == 3 || isnan(lazy_curvature(&x.p, x.w, 2, &x.arena, start)));
        lazy_directional(&x.p, x.w, u, &x.arena, D2);
        for (int i = 0; i < N; i++)
            ck_assert(!isnan(max_norm(row(D2, i))) == (a == 3 || (a == 2 && i != 1)));
        *at[a] = was;
    }
    arena_free(&x.arena);
}
END_TEST

/* n numbers and a tangent, 4 n m; n P more for D; and n for kappa. */
START_TEST(scratch_is_what_the_comments_say)
{
    enum { n = 16, m = 16, d = 7, P_8 = m * (d + 1) };
    struct bench x = bench_make("lz/scratch");
    struct mlp two = mlp_make(2, (int[]){d, m, 1}, TANH, TANGENT, false);
    struct mlp one = mlp_make(1, (int[]){8, 1}, TANH, TANGENT, false);
    const int shapes[][3] = {{d, P_8, n + 4 * n * m}, {8, 8, n}};
    for (int k = 0; k < 2; k++) {
        int inputs = shapes[k][0], count = shapes[k][1], tangent = shapes[k][2];
        mat X = {n, inputs, random_vec(&x, n * inputs).at};
        struct lazy_problem p =
            lazy_make(&x.arena, k ? &one : &two, X, random_vec(&x, n));
        vec w = random_vec(&x, count), u = random_vec(&x, count);
        mat D2 = {n, count, random_vec(&x, n * count).at};
        for (int what = 0; what < 3; what++) {
            int numbers = tangent + (what > 0 ? n * count : 0) + (what > 1 ? n : 0);
            struct arena enough = arena_make(sizeof(real) * numbers);
            if (what == 0)
                lazy_directional(&p, w, u, &enough, D2);
            else if (what == 1)
                lazy_curvature(&p, w, 2, &enough, u);
            else
                lazy_kappa(&p, w, 2, &enough, u);
            ck_assert_uint_eq(enough.used, 0);
            arena_free(&enough);
            rng_uniforms(&x.rng, -1, 1, u);
        }
    }
    arena_free(&x.arena);
}
END_TEST

/* sum H_i H_i. */
static mat squares_of(struct bench x)
{
    mat S = arena_mat(&x.arena, P, P), H = arena_mat(&x.arena, P, P);
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < P * P; k++)
            H.at[k] = bend(x, x.w, i, k / P, k % P);
        gemm(1, AS_IS, H, AS_IS, H, 1, S);
    }
    return S;
}

/* The root of its largest eigenvalue, by LAPACK. */
static double curvature_of(struct bench x, mat Q)
{
    vec values = arena_vec(&x.arena, P);
    route_eigen(squares_of(x), values, Q);
    return sqrt(values.at[P - 1]);
}

/* After k iterations, sin^2 of the angle to the top has shrunk by (next / top)^2k at
 * least; without any gap the value is still low by ln(P / start) / 2k at most.  So 500
 * iterations leave a percent whatever the seed, and less where there is a gap. */
START_TEST(curvature_is_the_largest_change)
{
    struct bench x = bench_make("lz/curvature");
    mat Q = arena_mat(&x.arena, P, P), D2 = arena_mat(&x.arena, N, P);
    double top = curvature_of(x, Q), last = 0;
    for (int iterations = 0; iterations <= 500; iterations += 50) {
        vec u = arena_vec(&x.arena, P);
        for (int k = 0; k < P; k++)
            u.at[k] = 1 + k % 3;
        size_t mark = x.arena.used;
        double found = lazy_curvature(&x.p, x.w, iterations, &x.arena, u);
        ck_assert(x.arena.used == mark);
        ck_assert(found >= last * (1 - rounded(second_limit(10))));
        ck_assert(found <= top + rounded(second_limit(10)));
        lazy_directional(&x.p, x.w, u, &x.arena, D2);
        assert_near(norm(entries(D2)) / norm(u), found, LIMIT);
        last = found;
    }
    assert_near(last, top, 0.01 * top);
    arena_free(&x.arena);
}
END_TEST

/* From where it should end nothing changes: exactly the top, to rounding. */
START_TEST(curvature_stays_at_the_top)
{
    struct bench x = bench_make("lz/top");
    mat Q = arena_mat(&x.arena, P, P);
    double top = curvature_of(x, Q);
    vec u = arena_vec(&x.arena, P);
    for (int k = 0; k < P; k++)
        u.at[k] = row(Q, k).at[P - 1] * 7;
    assert_near(lazy_curvature(&x.p, x.w, 0, &x.arena, u), top, second_limit(10));
    for (int k = 0; k < P; k++)
        ck_assert(u.at[k] == row(Q, k).at[P - 1] * 7);
    assert_near(lazy_curvature(&x.p, x.w, 1, &x.arena, u), top, second_limit(10));
    assert_near(norm(u), 1, LIMIT);
    arena_free(&x.arena);
}
END_TEST

/* The sum has N products H_i d, each off by second_limit of the length of d.  That is
 * no longer than the curvature, and d = H_i u is off as well, by that of 1. */
START_TEST(an_iteration_multiplies_by_the_squares)
{
    struct bench x = bench_make("lz/product");
    vec u = random_vec(&x, P), product = random_vec(&x, P);
    scale(1 / norm(u), u);
    mat Q = {P, P, random_vec(&x, P * P).at};
    gemv(1, squares_of(x), u, 0, product);
    double length = norm(product), off = 2 * N * second_limit(curvature_of(x, Q));
    lazy_curvature(&x.p, x.w, 1, &x.arena, u);
    for (int k = 0; k < P; k++)
        assert_near(u.at[k], product.at[k] / length, 2 * off / length);
    arena_free(&x.arena);
}
END_TEST

/* So many iterations at once are as many one by one: u holds all that is remembered. */
START_TEST(every_iteration_counts)
{
    struct bench x = bench_make("lz/iterations");
    vec one_by_one = random_vec(&x, P), u = arena_vec(&x.arena, P);
    vec start = arena_vec(&x.arena, P);
    copy(one_by_one, start);
    for (int k = 1; k <= 80; k++) {
        copy(start, u);
        double at_once = lazy_curvature(&x.p, x.w, k, &x.arena, u);
        double found = lazy_curvature(&x.p, x.w, 1, &x.arena, one_by_one);
        ck_assert(found == at_once);
        ck_assert_mem_eq(u.at, one_by_one.at, P * sizeof(real));
    }
    arena_free(&x.arena);
}
END_TEST

/* Of many examples, all idle but the last, the curvature is that of the last alone. */
START_TEST(the_last_of_many_examples_counts)
{
    struct bench x = bench_make("lz/last");
    for (int n = 1; n <= 70; n += n < 60 ? 23 : 1) {
        size_t mark = x.arena.used;
        mat X = arena_mat(&x.arena, n, D);
        copy(row(x.p.X, 0), row(X, n - 1));
        struct lazy_problem all =
            lazy_make(&x.arena, &x.p.net, X, arena_vec(&x.arena, n));
        struct lazy_problem last =
            lazy_make(&x.arena, &x.p.net, (mat){1, D, row(x.p.X, 0).at},
                      arena_vec(&x.arena, 1));
        vec u = random_vec(&x, P), v = arena_vec(&x.arena, P);
        copy(u, v);
        double found = lazy_curvature(&all, x.w, 3, &x.arena, u);
        assert_near(found, lazy_curvature(&last, x.w, 3, &x.arena, v),
                    second_limit(10));
        x.arena.used = mark;
    }
    arena_free(&x.arena);
}
END_TEST

START_TEST(a_linear_model_has_no_curvature)
{
    struct bench x = bench_make("lz/flat");
    struct mlp net = mlp_make(1, (int[]){D, 1}, LINEAR, STANDARD, true);
    struct lazy_problem p = lazy_make(&x.arena, &net, x.p.X, x.p.y);
    vec w = random_vec(&x, D + 1), u = random_vec(&x, D + 1);
    ck_assert(lazy_curvature(&p, w, 10, &x.arena, u) == 0);
    ck_assert(lazy_kappa(&p, w, 10, &x.arena, u) == 0);
    arena_free(&x.arena);
}
END_TEST

/* The output of an example that is 0 depends on no weight. */
START_TEST(an_example_without_curvature_adds_nothing)
{
    struct bench x = bench_make("lz/idle");
    mat Q = arena_mat(&x.arena, P, P);
    fill(0, row(x.p.X, 1));
    double top = curvature_of(x, Q);
    vec u = arena_vec(&x.arena, P);
    for (int k = 0; k < P; k++)
        u.at[k] = row(Q, k).at[P - 1];
    assert_near(lazy_curvature(&x.p, x.w, 1, &x.arena, u), top, second_limit(10));
    arena_free(&x.arena);
}
END_TEST

START_TEST(kappa_is_its_formula)
{
    struct bench x = bench_make("lz/kappa");
    mat Q = arena_mat(&x.arena, P, P);
    double top = curvature_of(x, Q), residual = 0, size = 0;
    vec u = arena_vec(&x.arena, P);
    for (int i = 0; i < N; i++) {
        residual = hypot(residual, output(x, x.w, i) - x.p.y.at[i]);
        for (int k = 0; k < P; k++)
            size += pow(slope(x, x.w, i, k), 2);
    }
    for (int k = 0; k < P; k++)
        u.at[k] = row(Q, k).at[P - 1];
    size_t mark = x.arena.used;
    assert_near(lazy_kappa(&x.p, x.w, 1, &x.arena, u), residual * top / size,
                second_limit(10) * residual / size);
    ck_assert(x.arena.used == mark);
    arena_free(&x.arena);
}
END_TEST

/* ---- Where training starts ------------------------------------------------------- */

START_TEST(drawn_weights_have_the_deviations_of_their_layers)
{
    struct bench x = bench_make("lz/draw");
    struct mlp net = mlp_make(3, (int[]){4, 9, 16, 2}, RELU, STANDARD, true);
    vec w = random_vec(&x, mlp_parameters(&net)), same = random_vec(&x, 16 * 9);
    for (int start = STANDARD_START; start <= MAXIMAL_UPDATE; start++) {
        struct rng rng = unit_rng("lz/draw/weights"), twin = rng;
        const double deviation[] = {1.0 / 2, 1.0 / 3,
                                    start == MAXIMAL_UPDATE ? 1.0 / 16 : 1.0 / 4};
        lazy_draw(&net, (enum lazy_start)start, &rng, w);
        for (int l = 0; l < 3; l++) {
            vec W = entries(mlp_weights(&net, w, l)), expected = {W.n, same.at};
            rng_normals(&twin, 0, deviation[l], expected);
            for (int k = 0; k < W.n; k++)
                assert_near(W.at[k], expected.at[k], LIMIT);
            ck_assert(max_norm(mlp_biases(&net, w, l)) == 0);
        }
    }
    arena_free(&x.arena);
}
END_TEST

/* Of one layer, and of many, each is drawn. */
START_TEST(every_layer_is_drawn)
{
    for (int depth = 1; depth <= MLP_DEPTH; depth++) {
        struct bench x = bench_make("lz/draw_all");
        int width[MLP_DEPTH + 1];
        for (int l = 0; l <= depth; l++)
            width[l] = 2;
        struct mlp net = mlp_make(depth, width, TANH, STANDARD, true);
        vec w = arena_vec(&x.arena, mlp_parameters(&net));
        fill(NAN, w);
        lazy_draw(&net, STANDARD_START, &x.rng, w);
        for (int l = 0; l < depth; l++) {
            vec W = entries(mlp_weights(&net, w, l));
            for (int k = 0; k < W.n; k++)
                ck_assert(isfinite(W.at[k]) && W.at[k] != 0);
            ck_assert(max_norm(mlp_biases(&net, w, l)) == 0);
        }
        arena_free(&x.arena);
    }
}
END_TEST

START_TEST(paired_units_cancel)
{
    struct bench x = bench_make("lz/pair");
    vec before = random_vec(&x, P), h = random_vec(&x, N);
    copy(x.w, before);
    fill(0, x.p.offset);
    lazy_pair(&x.p.net, x.w);
    mat W = mlp_weights(&x.p.net, x.w, 0), a = mlp_weights(&x.p.net, x.w, 1);
    for (int r = 0; r < M / 2; r++) {
        for (int j = 0; j < D; j++) {
            ck_assert(row(W, r).at[j] == before.at[r * D + j]);
            ck_assert(row(W, M / 2 + r).at[j] == before.at[r * D + j]);
        }
        ck_assert(a.at[r] == before.at[M * D + r] && a.at[M / 2 + r] == -a.at[r]);
    }
    lazy_output(&x.p, x.w, h);
    ck_assert(max_norm(h) <= rounded(LIMIT));
    struct mlp odd = mlp_make(2, (int[]){D, 5, 1}, TANH, TANGENT, false);
    struct mlp deep = mlp_make(3, (int[]){D, 4, 4, 1}, TANH, TANGENT, false);
    struct mlp biased = mlp_make(2, (int[]){D, 4, 1}, TANH, TANGENT, true);
    ck_assert_stops("got depth 2, width 5", lazy_pair(&odd, x.w));
    ck_assert_stops("got depth 3, width 4", lazy_pair(&deep, x.w));
    ck_assert_stops("without biases", lazy_pair(&biased, x.w));
    arena_free(&x.arena);
}
END_TEST

/* Also of two units, and in each of many outputs. */
START_TEST(paired_units_cancel_in_every_output)
{
    for (int half = 1; half <= 70; half += half < 3 ? 1 : 33)
        for (int outputs = 1; outputs <= 70; outputs += outputs < 3 ? 1 : 33) {
            struct bench x = bench_make("lz/pair_all");
            struct mlp net =
                mlp_make(2, (int[]){1, 2 * half, outputs}, TANH, TANGENT, false);
            vec w = random_vec(&x, mlp_parameters(&net));
            lazy_pair(&net, w);
            mat a = mlp_weights(&net, w, 1);
            for (int k = 0; k < outputs; k++)
                for (int r = 0; r < half; r++)
                    ck_assert(row(a, k).at[half + r] == -row(a, k).at[r] &&
                              row(a, k).at[r] != 0);
            arena_free(&x.arena);
        }
}
END_TEST

START_TEST(rescaling_multiplies_one_layer_and_divides_the_other)
{
    struct bench x = bench_make("lz/rescale");
    vec before = random_vec(&x, P);
    copy(x.w, before);
    lazy_rescale(&x.p.net, 4, x.w);
    for (int k = 0; k < P; k++)
        ck_assert(x.w.at[k] == before.at[k] * (k < M * D ? 4 : 0.25));
    struct mlp deep = mlp_make(3, (int[]){D, 4, 4, 1}, TANH, TANGENT, false);
    struct mlp biased = mlp_make(2, (int[]){D, 4, 1}, TANH, TANGENT, true);
    ck_assert_stops("got depth 3", lazy_rescale(&deep, 4, x.w));
    ck_assert_stops("without biases", lazy_rescale(&biased, 4, x.w));
    ck_assert_stops("c must be finite and positive, got 0",
                    lazy_rescale(&x.p.net, 0, x.w));
    ck_assert_stops("c must be finite and positive, got -1",
                    lazy_rescale(&x.p.net, -1, x.w));
    ck_assert_stops("c must be finite and positive, got inf",
                    lazy_rescale(&x.p.net, INFINITY, x.w));
    arena_free(&x.arena);
}
END_TEST

/* The last layer may be the only one; c may be so small that 1 / c is infinite. */
START_TEST(starts_of_one_layer_and_of_extreme_scales)
{
    struct bench x = bench_make("lz/extreme");
    struct mlp net = mlp_make(1, (int[]){16, 30}, TANH, STANDARD, true);
    vec w = random_vec(&x, mlp_parameters(&net)), same = random_vec(&x, 16 * 30);
    for (int start = STANDARD_START; start <= MAXIMAL_UPDATE; start++) {
        struct rng twin = x.rng;
        lazy_draw(&net, (enum lazy_start)start, &x.rng, w);
        rng_normals(&twin, 0, start == MAXIMAL_UPDATE ? 1.0 / 16 : 1.0 / 4, same);
        for (int k = 0; k < same.n; k++)
            assert_near(w.at[k], same.at[k], LIMIT);
        ck_assert(max_norm(mlp_biases(&net, w, 0)) == 0);
    }
    vec before = random_vec(&x, P);
    copy(before, x.w);
    int less = IS_DOUBLE ? -1060 : -140, room = IS_DOUBLE ? -300 : -60;
    scale(ldexp(1, room), entries(mlp_weights(&x.p.net, x.w, 1)));
    lazy_rescale(&x.p.net, ldexp(1, less), x.w);
    for (int k = 0; k < P; k++)
        ck_assert(x.w.at[k] ==
                  (real)ldexp(before.at[k], k < M * D ? less : room - less));
    arena_free(&x.arena);
}
END_TEST

/* Weights, directions, examples and targets are as they were, but for what is moved;
 * and what is left behind is what was promised, below and above alpha = 1. */
START_TEST(what_is_read_stays_and_what_is_left_is_promised)
{
    static const double alphas[] = {1e-3, 0.5, 1, 7};
    struct bench x = bench_make("lz/read");
    vec u = random_vec(&x, P), v = random_vec(&x, P), h = random_vec(&x, N);
    mat D2 = {N, P, random_vec(&x, N * P).at};
    struct lazy_linear line = lazy_linearize(&x.arena, &x.p, x.w);
    struct unit_watch read = WATCH(&x.arena, x.w, u, entries(x.p.X), x.p.y, x.p.offset,
                                   line.h_0, entries(line.J));
    lazy_directional(&x.p, x.w, u, &x.arena, D2);
    lazy_jacobian(&x.p, x.w, &x.arena, D2);
    for (int a = 0; a < 4; a++) {
        double alpha = alphas[a];
        lazy_gradient(&x.p, alpha, x.w, x.grad);
        for (int i = 0; i < N; i++)
            assert_near(x.p.residual.at[i], alpha * output(x, x.w, i) - x.p.y.at[i],
                        LIMIT * (1 + alpha));
        vec was = arena_vec(&x.arena, N), moved = arena_vec(&x.arena, P);
        lazy_linear_output(&line, v, was);
        copy(v, moved);
        lazy_linear_step(&line, x.p.y, alpha, 0.1, moved, h);
        for (int i = 0; i < N; i++)
            assert_near(h.at[i], alpha * was.at[i] - x.p.y.at[i], LIMIT * (1 + alpha));
    }
    assert_unchanged(&read);
    vec start = random_vec(&x, P);
    lazy_curvature(&x.p, x.w, 2, &x.arena, start);
    lazy_kappa(&x.p, x.w, 2, &x.arena, start);
    assert_unchanged(&read);
    arena_free(&x.arena);
}
END_TEST

/* Every output's weights, though there are more of them than units. */
START_TEST(rescaling_reaches_every_output)
{
    struct bench x = bench_make("lz/rescale_all");
    struct mlp net = mlp_make(2, (int[]){2, 3, 70}, RELU, STANDARD, false);
    vec w = random_vec(&x, mlp_parameters(&net)), old = arena_vec(&x.arena, w.n);
    copy(w, old);
    lazy_rescale(&net, 4, w);
    for (int k = 0; k < w.n; k++)
        ck_assert_double_eq(w.at[k], old.at[k] * (k < 6 ? 4 : 0.25));
    arena_free(&x.arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {make_asks_for_one_output_and_a_target_each,
                                  output_is_the_network_less_the_offset,
                                  centered_is_zero_at_the_start,
                                  gradient_is_that_of_the_scaled_risk,
                                  step_goes_against_the_gradient,
                                  differential_is_the_derivative,
                                  linearization_is_h_and_its_derivative,
                                  linear_step_is_that_of_the_linearization,
                                  second_is_the_change_of_the_differential,
                                  second_of_linear_units_is_the_same_everywhere,
                                  curvature_of_any_size,
                                  a_nan_reaches_the_curvature,
                                  scratch_is_what_the_comments_say,
                                  curvature_is_the_largest_change,
                                  curvature_stays_at_the_top,
                                  an_iteration_multiplies_by_the_squares,
                                  every_iteration_counts,
                                  the_last_of_many_examples_counts,
                                  a_linear_model_has_no_curvature,
                                  an_example_without_curvature_adds_nothing,
                                  kappa_is_its_formula,
                                  drawn_weights_have_the_deviations_of_their_layers,
                                  every_layer_is_drawn,
                                  paired_units_cancel,
                                  paired_units_cancel_in_every_output,
                                  rescaling_multiplies_one_layer_and_divides_the_other,
                                  one_example_is_a_problem_and_seventy_are,
                                  one_weight_is_its_own_linearization,
                                  starts_of_one_layer_and_of_extreme_scales,
                                  what_is_read_stays_and_what_is_left_is_promised,
                                  rescaling_reaches_every_output,
                                  NULL};
    return unit_run("lazy_training", tests);
}
