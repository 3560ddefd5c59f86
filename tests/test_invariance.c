/* The contract of invariance.h.  Maps are compared with coordinates worked out by hand;
 * optimizers with what their recursions add up to, an average of all gradients so far.
 */
#include "invariance.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static struct arena arena;

/* LAPACK's limit for so many operations on numbers of that scale. */
static void assert_close(vec x, vec y, double operations, double size)
{
    for (int i = 0; i < x.n; i++)
        ck_assert_double_le(fabs(x.at[i] - y.at[i]),
                            30 * operations * DBL_EPSILON * size);
}

/* ---- Changes of coordinates -------------------------------------------------------
 */

/* The new axes point along (0, 1) and (-1, 0), the new origin lies at (1, 2): what the
 * old axes see at (4, 6) is 4 along the first and -3 along the second. */
static struct rigid quarter_turn(void)
{
    return (struct rigid){{2, 2, VEC(0, -1, 1, 0).at}, VEC(1, 2)};
}

START_TEST(a_quarter_turn_maps_as_by_hand)
{
    arena = arena_make(1 << 12);
    vec w = VEC(4, 6), w_tilde = VEC(NAN, NAN), back = VEC(NAN, NAN);
    inv_to_rotated(quarter_turn(), w, w_tilde);
    assert_entries(w_tilde, (double[]){4, -3}, 0);
    assert_entries(w, (double[]){4, 6}, 0);
    inv_from_rotated(quarter_turn(), w_tilde, back);
    assert_entries(back, (double[]){4, 6}, 0);
    inv_to_rotated(quarter_turn(), VEC(1, 2), w_tilde);
    assert_entries(w_tilde, (double[]){0, 0}, 0);
}
END_TEST

/* A = (1 2; 2 5), b = (3, -1), c = 7.  After the quarter turn A_11 and A_22 change
 * places and A_12 its sign; the slope at (1, 2) is (8, 11), 11 along the first new axis
 * and -8 along the second; the cost there is 1/2 (1 + 8 + 20) + 3 - 2 + 7. */
START_TEST(a_quadratic_turns_as_by_hand)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(1, 2, 2, 5).at}, VEC(3, -1), 7};
    struct quadratic turned = quadratic_make(&arena, 2);
    fill(NAN, entries(turned.A));
    fill(NAN, turned.b);
    turned.c = NAN;
    struct rigid T = quarter_turn();
    size_t used = arena.used;
    inv_quadratic_rotated(T, q, &arena, &turned);
    ck_assert_uint_eq(arena.used, used);
    assert_entries(entries(turned.A), (double[]){5, -2, -2, 1}, 0);
    assert_entries(turned.b, (double[]){11, -8}, 0);
    ck_assert_double_eq(turned.c, 22.5);
    assert_entries(entries(q.A), (double[]){1, 2, 2, 5}, 0);

    /* Q'AQ also where A is not symmetric, which no curvature is. */
    q.A.at[2] = 3;
    inv_quadratic_rotated(T, q, &arena, &turned);
    assert_entries(entries(turned.A), (double[]){5, -3, -2, 1}, 0);
}
END_TEST

/* J~(w~) = J(Q w~ + t) for any square Q, orthogonal or not, and there and back again
 * for a rotation. */
START_TEST(costs_and_points_agree_in_both_coordinates)
{
    static const int sizes[] = {0, 1, 2, 5, 10};
    struct rng rng = unit_rng("invariance/maps");
    arena = arena_make(1 << 16);
    for (int s = 0; s < 5; s++) {
        int n = sizes[s];
        struct rigid T = {arena_mat(&arena, n, n), arena_vec(&arena, n)};
        struct quadratic q = quadratic_make(&arena, n),
                         moved = quadratic_make(&arena, n);
        vec w = arena_vec(&arena, n), w_tilde = arena_vec(&arena, n);
        vec back = arena_vec(&arena, n), scratch = arena_vec(&arena, n);
        mat F = arena_mat(&arena, n, n);
        rng_normals(&rng, 0, 1, T.t);
        rng_normals(&rng, 0, 1, w_tilde);
        rng_normals(&rng, 0, 1, q.b);
        rng_normals(&rng, 0, 1, entries(F));
        gram(1, F, q.A);
        q.c = 3;
        rng_normals(&rng, 0, 1, entries(T.Q));
        inv_from_rotated(T, w_tilde, w);
        inv_quadratic_rotated(T, q, &arena, &moved);
        double cost = quadratic_cost(q, w, scratch);
        double size = 1 + max_norm(entries(q.A)) * pow(norm(w) + norm(T.t), 2) +
                      norm(q.b) * (norm(w) + norm(T.t));
        ck_assert_double_le(fabs(quadratic_cost(moved, w_tilde, scratch) - cost),
                            30 * (n + 1) * (n + 1) * (n + 1) * DBL_EPSILON * size);

        rng_rotation(&rng, &arena, T.Q);
        inv_from_rotated(T, w_tilde, w);
        inv_to_rotated(T, w, back);
        assert_close(back, w_tilde, n, norm(w) + norm(T.t));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(maps_refuse_other_shapes)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 3), two = quadratic_make(&arena, 2);
    ck_assert_stops("gemtv: ", inv_to_rotated(quarter_turn(), VEC(1, 2, 3), VEC(0, 0)));
    ck_assert_stops("gemtv: ", inv_to_rotated(quarter_turn(), VEC(1, 2), VEC(0, 0, 0)));
    ck_assert_stops("gemv: ", inv_from_rotated(quarter_turn(), VEC(1, 2, 3), VEC(0, 0)));
    ck_assert_stops("copy: ", inv_from_rotated(quarter_turn(), VEC(1, 2), VEC(0, 0, 0)));
    ck_assert_stops("gemm: ", inv_quadratic_rotated(quarter_turn(), q, &arena, &two));
    ck_assert_stops("gemm: ", inv_quadratic_rotated(quarter_turn(), two, &arena, &q));
}
END_TEST

/* ---- Coordinates one by one -------------------------------------------------------
 */

START_TEST(sign_steps_move_every_coordinate_alike)
{
    arena = arena_make(1 << 12);
    vec w = VEC(1, 1, 1, 1), grad = VEC(1e-300, -5, 0, -0.0);
    sign_step(0.25, grad, w);
    assert_entries(w, (double[]){0.75, 1.25, 1, 1}, 0);
    assert_entries(grad, (double[]){1e-300, -5, 0, -0.0}, 0);
    sign_step(0.25, VEC(NAN, INFINITY, -INFINITY, 0), w);
    ck_assert_double_nan(w.at[0]);
    ck_assert(w.at[1] == 1 && w.at[2] == 1.25 && w.at[3] == 1);
    sign_step(1, (vec){0, NULL}, (vec){0, NULL});
}
END_TEST

/* A = (4 2; 2 2), b = (-8, 2): along the first axis from (5, 1) the least cost is at
 * (8 - 2) / 4, and from there along the second at (-2 - 2 * 1.5) / 2. */
START_TEST(coordinates_go_to_their_least_cost_in_turn)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(4, 2, 2, 2).at}, VEC(-8, 2), 0};
    vec w = VEC(5, 1);
    inv_coordinate_step(q, 0, w);
    assert_entries(w, (double[]){1.5, 1}, 0);
    inv_coordinate_step(q, 1, w);
    assert_entries(w, (double[]){1.5, -2.5}, 0);
    vec swept = VEC(5, 1);
    ck_assert_int_eq(inv_coordinate_sweep(q, swept), COORDINATE_OK);
    assert_entries(swept, (double[]){1.5, -2.5}, 0);
    inv_coordinate_sweep(quadratic_make(&arena, 0), (vec){0, NULL});
}
END_TEST

START_TEST(coordinates_need_curvature)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(1, 0, 0, 0).at}, VEC(1, 1), 0};
    vec w = VEC(0, 0);
    inv_coordinate_step(q, 0, w);
    assert_entries(w, (double[]){-1, 0}, 0);
    static const double none[] = {0, -2, -DBL_MIN, NAN};
    for (int k = 0; k < 4; k++) {
        q.A.at[3] = none[k];
        ck_assert_int_eq(inv_coordinate_step(q, 1, w), COORDINATE_NO_MINIMUM);
        ck_assert_int_eq(inv_coordinate_sweep(q, w), COORDINATE_NO_MINIMUM);
        assert_entries(w, (double[]){-1, 0}, 0);
    }
    q.A.at[3] = DBL_MIN;
    ck_assert_int_eq(inv_coordinate_step(q, 1, w), COORDINATE_OK);
    q.A.at[0] = 0; /* a sweep goes no further */
    double w_1 = w.at[1] = 7;
    ck_assert_int_eq(inv_coordinate_sweep(q, w), COORDINATE_NO_MINIMUM);
    ck_assert_double_eq(w.at[1], w_1);
    ck_assert_stops("row: A has 2 rows, there is no row 2", inv_coordinate_step(q, 2, w));
    ck_assert_stops("row: A has 2 rows, there is no row -1", inv_coordinate_step(q, -1, w));
    ck_assert_stops("dot: ", inv_coordinate_step(q, 0, VEC(1, 2, 3)));
}
END_TEST

/* ---- Memory of gradients ----------------------------------------------------------
 */

enum { N = 4, STEPS = 20 };

/* What may be remembered of g_0, ..., g_k: sum over j of beta^(k - j) g_j^power. */
static void remembered(mat g, int k, double beta, int power, vec sum)
{
    fill(0, sum);
    for (int j = 0; j <= k; j++)
        for (int i = 0; i < g.cols; i++)
            sum.at[i] += pow(beta, k - j) * pow(row(g, j).at[i], power);
}

static mat random_gradients(const char *test)
{
    struct rng rng = unit_rng(test);
    mat g = arena_mat(&arena, STEPS, N);
    rng_normals(&rng, 0, 1, entries(g));
    return g;
}

START_TEST(velocity_is_a_decaying_sum)
{
    static const double betas[] = {0, 0.5, 0.9};
    arena = arena_make(1 << 16);
    mat g = random_gradients("invariance/momentum");
    for (int b = 0; b < 3; b++) {
        struct momentum momentum = momentum_make(&arena, N, betas[b]);
        vec w = arena_vec(&arena, N), w_known = arena_vec(&arena, N);
        vec sum = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            momentum_step(&momentum, 0.3, row(g, k), w);
            remembered(g, k, betas[b], 1, sum);
            axpy(-0.3, sum, w_known);
            assert_close(w, w_known, STEPS * STEPS, 10);
        }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(adagrad_divides_by_the_root_of_the_sum)
{
    static const double epsilons[] = {0, 0.5};
    arena = arena_make(1 << 16);
    mat g = random_gradients("invariance/adagrad");
    for (int e = 0; e < 2; e++) {
        struct adagrad adagrad = adagrad_make(&arena, N, epsilons[e]);
        vec w = arena_vec(&arena, N), w_known = arena_vec(&arena, N);
        vec sum = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            adagrad_step(&adagrad, 0.3, row(g, k), w);
            remembered(g, k, 1, 2, sum);
            for (int i = 0; i < N; i++)
                w_known.at[i] -=
                    0.3 * row(g, k).at[i] / (sqrt(sum.at[i]) + epsilons[e]);
            assert_close(w, w_known, STEPS * STEPS, 1);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Weighted averages of all gradients so far and of their squares: the weights of the
 * last few steps, added up here, are what 1 - beta^k is in the code.  As many betas as
 * needed to tell one from the other. */
START_TEST(adam_divides_averages)
{
    static const double settings[][3] = {
        {0.9, 0.999, 1e-8}, {0.9, 0.5, 0}, {0, 0.9, 0.5}, {0.5, 0, 0}, {0, 0, 0}};
    arena = arena_make(1 << 16);
    mat g = random_gradients("invariance/adam");
    mat ones = arena_mat(&arena, STEPS, N);
    fill(1, entries(ones));
    for (int s = 0; s < 5; s++) {
        double beta1 = settings[s][0], beta2 = settings[s][1], epsilon = settings[s][2];
        struct adam adam = adam_make(&arena, N, beta1, beta2, epsilon);
        vec w = arena_vec(&arena, N), w_known = arena_vec(&arena, N);
        vec m = arena_vec(&arena, N), v = arena_vec(&arena, N);
        vec weight1 = arena_vec(&arena, N), weight2 = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            adam_step(&adam, 0.3, row(g, k), w);
            remembered(g, k, beta1, 1, m);
            remembered(ones, k, beta1, 1, weight1);
            remembered(g, k, beta2, 2, v);
            remembered(ones, k, beta2, 1, weight2);
            for (int i = 0; i < N; i++)
                w_known.at[i] -= 0.3 * (m.at[i] / weight1.at[i]) /
                                 (sqrt(v.at[i] / weight2.at[i]) + epsilon);
            /* 1 - 0.999^k loses three digits, which the root halves; where nothing is
             * averaged in v, m^ over its root may be some hundreds. */
            assert_close(w, w_known, STEPS * STEPS * 1e3, 1 + norm(w_known));
            ck_assert_int_eq(adam.steps, k + 1);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Adam that remembers nothing is sign descent, and so is the first step of any. */
START_TEST(the_first_step_is_that_of_the_sign)
{
    arena = arena_make(1 << 12);
    vec grad = VEC(1e-100, -2, 0, 1e100), w = VEC(0, 0, 0, 0);
    struct adam adam = adam_make(&arena, 4, 0.9, 0.999, 0);
    struct adagrad adagrad = adagrad_make(&arena, 4, 0);
    adam_step(&adam, 0.5, grad, w);
    assert_close(w, VEC(-0.5, 0.5, 0, -0.5), 1, 1);
    ck_assert_double_eq(w.at[2], 0);
    adagrad_step(&adagrad, 0.5, grad, w);
    assert_close(w, VEC(-1, 1, 0, -1), 1, 1);
    ck_assert_double_eq(w.at[2], 0);
}
END_TEST

/* A gradient in any unit makes the same steps, as the scale of the cost drops out. */
START_TEST(the_unit_of_the_gradient_drops_out)
{
    static const double units[] = {1e-300, 1e-200, 1e160, 1e200, 1e300};
    arena = arena_make(1 << 16);
    mat g = random_gradients("invariance/units");
    for (int u = 0; u < 5; u++) {
        struct adam adam = adam_make(&arena, N, 0.9, 0.999, 0), plain = adam;
        struct adagrad adagrad = adagrad_make(&arena, N, 0), sums = adagrad;
        vec w = arena_vec(&arena, N), v = arena_vec(&arena, N);
        vec same_w = arena_vec(&arena, N), same_v = arena_vec(&arena, N);
        plain.m = arena_vec(&arena, N), plain.v = arena_vec(&arena, N);
        sums.root = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            vec grad = arena_vec(&arena, N);
            axpy(units[u], row(g, k), grad);
            adam_step(&adam, 0.3, grad, w);
            adam_step(&plain, 0.3, row(g, k), same_w);
            adagrad_step(&adagrad, 0.3, grad, v);
            adagrad_step(&sums, 0.3, row(g, k), same_v);
            assert_close(w, same_w, STEPS * STEPS, 10);
            assert_close(v, same_v, STEPS * STEPS, 10);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Thousands of steps along a constant gradient of 1: both averages are 1 at every one,
 * so that Adam moves by alpha, and the root of AdaGrad's sum is sqrt k.  In hypot's
 * rounding, k eps. */
START_TEST(long_runs_along_a_constant_gradient)
{
    enum { LONG = 5000 };
    arena = arena_make(1 << 12);
    struct adam adam = adam_make(&arena, 1, 0.9, 0.999, 0);
    struct adagrad adagrad = adagrad_make(&arena, 1, 0);
    struct momentum momentum = momentum_make(&arena, 1, 0.9);
    vec w = VEC(0), v = VEC(0), u = VEC(0), one = VEC(1);
    double moved = 0, velocity = 0;
    for (int k = 1; k <= LONG; k++) {
        double before = w.at[0], start = u.at[0];
        adam_step(&adam, 1, one, w);
        ck_assert_double_eq_tol(before - w.at[0], 1, 4 * k * DBL_EPSILON * 1e3);
        adagrad_step(&adagrad, 1, one, v);
        moved += 1 / sqrt(k);
        ck_assert_double_eq_tol(v.at[0], -moved, 4 * k * DBL_EPSILON * moved);
        momentum_step(&momentum, 1, one, u);
        velocity = 10 * (1 - pow(0.9, k));
        ck_assert_double_eq_tol(start - u.at[0], velocity, 4 * k * DBL_EPSILON * 1e2);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_lies_behind_the_end_stays)
{
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 2, 0.9);
    struct adagrad adagrad = adagrad_make(&arena, 2, 1);
    struct adam adam = adam_make(&arena, 2, 0.9, 0.999, 1);
    struct quadratic q = quadratic_make(&arena, 2);
    double grad[] = {1, 1, 1}, w[] = {0, 0, 7};
    q.A.at[0] = q.A.at[3] = 1;
    sign_step(1, (vec){2, grad}, (vec){2, w});
    momentum_step(&momentum, 1, (vec){2, grad}, (vec){2, w});
    adagrad_step(&adagrad, 1, (vec){2, grad}, (vec){2, w});
    adam_step(&adam, 1, (vec){2, grad}, (vec){2, w});
    inv_coordinate_sweep(q, (vec){2, w});
    ck_assert(w[0] == 0 && w[1] == 0 && w[2] == 7);
}
END_TEST

/* With an epsilon a coordinate without gradient stays as well; and a NaN shows. */
START_TEST(zeros_stay_and_nans_show)
{
    arena = arena_make(1 << 12);
    vec grad = VEC(0, NAN), w = VEC(3, 3), v = VEC(3, 3);
    struct adam adam = adam_make(&arena, 2, 0.9, 0.999, 1e-8);
    struct adagrad adagrad = adagrad_make(&arena, 2, 1e-8);
    adam_step(&adam, 0.5, grad, w);
    adagrad_step(&adagrad, 0.5, grad, v);
    ck_assert(w.at[0] == 3 && v.at[0] == 3);
    ck_assert(isnan(w.at[1]) && isnan(v.at[1]));
    struct momentum momentum = momentum_make(&arena, 2, 0.5);
    vec u = VEC(3, 3), x = VEC(3, 3);
    momentum_step(&momentum, 1, grad, u);
    sign_step(1, grad, x);
    ck_assert(u.at[0] == 3 && x.at[0] == 3 && isnan(u.at[1]) && isnan(x.at[1]));
    fill(1, grad); /* and goes on showing */
    adam_step(&adam, 0.5, grad, w);
    adagrad_step(&adagrad, 0.5, grad, v);
    ck_assert(isnan(adam.m.at[1]) && isnan(adam.v.at[1]) && isnan(adagrad.root.at[1]));
}
END_TEST

START_TEST(optimizers_start_at_rest)
{
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 2, 0.25);
    struct adagrad adagrad = adagrad_make(&arena, 2, 0.5);
    struct adam adam = adam_make(&arena, 2, 0.25, 0.75, 0.5);
    ck_assert(momentum.v.n == 2 && momentum.beta == 0.25);
    ck_assert(adagrad.root.n == 2 && adagrad.epsilon == 0.5);
    ck_assert(adam.m.n == 2 && adam.v.n == 2 && adam.steps == 0);
    ck_assert(adam.beta1 == 0.25 && adam.beta2 == 0.75 && adam.epsilon == 0.5);
    ck_assert(adam.m.at != adam.v.at);
    ck_assert(norm(momentum.v) + norm(adagrad.root) + norm(adam.m) + norm(adam.v) == 0);
}
END_TEST

/* The ends of what is allowed; what lies beyond is refused by name and value. */
START_TEST(settings_have_limits)
{
    arena = arena_make(1 << 12);
    double under_1 = 1 - DBL_EPSILON / 2;
    momentum_make(&arena, 1, 0), momentum_make(&arena, 1, under_1);
    adam_make(&arena, 1, 0, under_1, 0), adam_make(&arena, 1, under_1, 0, DBL_MAX);
    adagrad_make(&arena, 1, 0), adagrad_make(&arena, 0, DBL_MAX);

    static const struct {
        double beta;
        const char *of_momentum, *of_m, *of_v;
    } betas[] = {
        {-0.25, "momentum_make: beta must be in [0, 1), got -0.25\n",
         "adam_make: beta1 must be in [0, 1), got -0.25\n",
         "adam_make: beta2 must be in [0, 1), got -0.25\n"},
        {1, "got 1\n", "beta1 must be in [0, 1), got 1\n",
         "beta2 must be in [0, 1), got 1\n"},
        {2, "got 2\n", "beta1 must be in [0, 1), got 2\n",
         "beta2 must be in [0, 1), got 2\n"},
        {NAN, "nan\n", "nan\n", "nan\n"},
    };
    for (int i = 0; i < 4; i++) {
        double beta = betas[i].beta;
        ck_assert_stops(betas[i].of_momentum, momentum_make(&arena, 1, beta));
        ck_assert_stops(betas[i].of_m, adam_make(&arena, 1, beta, 0.9, 0));
        ck_assert_stops(betas[i].of_v, adam_make(&arena, 1, 0.9, beta, 0));
    }
    static const struct {
        double epsilon;
        const char *of_adagrad, *of_adam;
    } epsilons[] = {
        {-0.25, "adagrad_make: epsilon must be finite and not negative, got -0.25\n",
         "adam_make: epsilon must be finite and not negative, got -0.25\n"},
        {INFINITY, "got inf\n", "got inf\n"},
        {NAN, "nan\n", "nan\n"},
    };
    for (int i = 0; i < 3; i++) {
        double epsilon = epsilons[i].epsilon;
        ck_assert_stops(epsilons[i].of_adagrad, adagrad_make(&arena, 1, epsilon));
        ck_assert_stops(epsilons[i].of_adam, adam_make(&arena, 1, 0.9, 0.9, epsilon));
    }
}
END_TEST

START_TEST(rates_are_positive_and_finite)
{
    static const struct {
        double alpha;
        const char *text;
    } bad[] = {{0, "step: alpha must be finite and positive, got 0\n"},
               {-0.5, "step: alpha must be finite and positive, got -0.5\n"},
               {INFINITY, "got inf\n"},
               {NAN, "nan\n"}};
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 1, 0.9);
    struct adagrad adagrad = adagrad_make(&arena, 1, 0);
    struct adam adam = adam_make(&arena, 1, 0.9, 0.999, 0);
    vec grad = VEC(1), w = VEC(0);
    sign_step(DBL_MIN, grad, w);
    momentum_step(&momentum, DBL_MIN, grad, w);
    adagrad_step(&adagrad, DBL_MIN, grad, w);
    adam_step(&adam, DBL_MIN, grad, w);
    for (int i = 0; i < 4; i++) {
        double alpha = bad[i].alpha;
        ck_assert_stops(bad[i].text, sign_step(alpha, grad, w));
        ck_assert_stops(bad[i].text, momentum_step(&momentum, alpha, grad, w));
        ck_assert_stops(bad[i].text, adagrad_step(&adagrad, alpha, grad, w));
        ck_assert_stops(bad[i].text, adam_step(&adam, alpha, grad, w));
    }
}
END_TEST

START_TEST(optimizers_refuse_other_lengths)
{
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 2, 0.9);
    struct adagrad adagrad = adagrad_make(&arena, 2, 0);
    struct adam adam = adam_make(&arena, 2, 0.9, 0.999, 0);
    vec two = VEC(1, 2), three = VEC(1, 2, 3);
    ck_assert_stops("sign_step: grad has 2 entries, w has 3", sign_step(1, two, three));
    ck_assert_stops("axpy: ", momentum_step(&momentum, 1, three, two));
    ck_assert_stops("axpy: ", momentum_step(&momentum, 1, two, three));
    ck_assert_stops("adagrad_step: grad has 2 entries, w has 3",
                    adagrad_step(&adagrad, 1, two, three));
    ck_assert_stops("adagrad_step: grad has 3 entries, adagrad->root has 2",
                    adagrad_step(&adagrad, 1, three, three));
    ck_assert_stops("adam_step: grad has 2 entries, w has 3",
                    adam_step(&adam, 1, two, three));
    ck_assert_stops("adam_step: grad has 3 entries, adam->m has 2",
                    adam_step(&adam, 1, three, three));
}
END_TEST

/* More weights than any block: 1 + 1.5 along a constant gradient. */
START_TEST(momentum_of_many_weights)
{
    enum { MANY = 300 };
    arena = arena_make(1 << 14);
    struct momentum momentum = momentum_make(&arena, MANY, 0.5);
    vec w = arena_vec(&arena, MANY), grad = arena_vec(&arena, MANY);
    fill(1, grad);
    momentum_step(&momentum, 1, grad, w);
    momentum_step(&momentum, 1, grad, w);
    for (int i = 0; i < MANY; i++)
        ck_assert_double_eq(w.at[i], -2.5);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_quarter_turn_maps_as_by_hand,
                                  a_quadratic_turns_as_by_hand,
                                  costs_and_points_agree_in_both_coordinates,
                                  maps_refuse_other_shapes,
                                  sign_steps_move_every_coordinate_alike,
                                  coordinates_go_to_their_least_cost_in_turn,
                                  coordinates_need_curvature,
                                  velocity_is_a_decaying_sum,
                                  adagrad_divides_by_the_root_of_the_sum,
                                  adam_divides_averages,
                                  the_first_step_is_that_of_the_sign,
                                  the_unit_of_the_gradient_drops_out,
                                  long_runs_along_a_constant_gradient,
                                  what_lies_behind_the_end_stays,
                                  zeros_stay_and_nans_show,
                                  optimizers_start_at_rest,
                                  settings_have_limits,
                                  rates_are_positive_and_finite,
                                  momentum_of_many_weights,
                                  optimizers_refuse_other_lengths,
                                  NULL};
    return unit_run("invariance", tests);
}
