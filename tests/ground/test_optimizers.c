/* The contract of ground/optimizers.h: each rule is held against what its recursion
 * adds up to, a sum or an average of all gradients so far. */
#include "ground/optimizers.h"

#include "ground/finding.h"
#include "ground/route_lapack.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static struct arena arena;

/* LAPACK's limit for so many operations on numbers of that scale. */
static void assert_close(vec x, vec y, double operations, double size)
{
    for (int i = 0; i < x.n; i++)
        assert_near(x.at[i], y.at[i], rounding(operations, size));
}

/* ---- Signs ----------------------------------------------------------------------- */

START_TEST(sign_steps_move_every_coordinate_alike)
{
    arena = arena_make(1 << 12);
    vec w = VEC(1, 1, 1, 1), grad = VEC(REAL_MIN, -5, 0, -0.0);
    sign_step(0.25, grad, w);
    assert_entries(w, (double[]){0.75, 1.25, 1, 1}, 0);
    assert_entries(grad, (double[]){REAL_MIN, -5, 0, -0.0}, 0);
    sign_step(0.25, VEC(NAN, INFINITY, -INFINITY, 0), w);
    ck_assert_double_nan(w.at[0]);
    ck_assert(w.at[1] == 1 && w.at[2] == 1.25 && w.at[3] == 1);
    sign_step(1, (vec){0, NULL}, (vec){0, NULL});
}
END_TEST

/* grad := w, counted. */
static void count_gradient(void *cost, vec w, vec grad)
{
    ++*(int *)cost;
    copy(w, grad);
}

static void halve(void *rule, double alpha, vec grad, vec w)
{
    (void)rule;
    axpy(-alpha / 2, grad, w);
}

/* w := w / 2 a step; the gradient is left where the last step came from. */
START_TEST(as_many_steps_as_were_asked_for)
{
    for (int steps = 0; steps <= 70; steps++) {
        arena = arena_make(1 << 12);
        int calls = 0;
        vec w = VEC(1, -3), grad = VEC(NAN, NAN);
        struct optimizer by = {.step = halve};
        optimize(count_gradient, &calls, by, 1, steps, w, grad);
        double left = ldexp(1, -steps);
        ck_assert_int_eq(calls, steps);
        assert_entries(w, (double[]){left, -3 * left}, 0);
        if (steps > 0)
            assert_entries(grad, (double[]){2 * left, -6 * left}, 0);
        else
            ck_assert(isnan(grad.at[0]) && isnan(grad.at[1]));
        arena_free(&arena);
    }
    int calls = 0;
    ck_assert_stops("optimize: steps must not be negative, got -1",
                    optimize(count_gradient, &calls, (struct optimizer){0}, 1, -1,
                             (vec){0}, (vec){0}));
}
END_TEST

/* ---- Memory of gradients --------------------------------------------------------- */

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
    mat g = random_gradients("optimizers/momentum");
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

/* Where the heavy ball would be that takes each gradient alpha beta v ahead, and ahead
 * of that by alpha beta v again. */
START_TEST(nesterov_stands_where_the_next_gradient_is_taken)
{
    static const double betas[] = {0, 0.5, 0.9};
    arena = arena_make(1 << 16);
    mat g = random_gradients("optimizers/nesterov");
    for (int b = 0; b < 3; b++) {
        struct nesterov nesterov = nesterov_make(&arena, N, betas[b]);
        vec w = arena_vec(&arena, N), place = arena_vec(&arena, N);
        vec sum = arena_vec(&arena, N), ahead = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            nesterov_step(&nesterov, 0.3, row(g, k), w);
            remembered(g, k, betas[b], 1, sum);
            axpy(-0.3, sum, place);
            copy(place, ahead);
            axpy(-0.3 * betas[b], sum, ahead);
            assert_close(w, ahead, STEPS * STEPS, 10);
            scale(-1, sum);
            assert_close(nesterov.v, sum, STEPS * STEPS, 10);
        }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(adagrad_divides_by_the_root_of_the_sum)
{
    static const double epsilons[] = {0, 0.5};
    arena = arena_make(1 << 16);
    mat g = random_gradients("optimizers/adagrad");
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

/* Each of them is 1e-8 of the sum, and all together a five-hundredth.  The root is
 * rounded once for each: as a float it would stay where it is. */
START_TEST(adagrad_forgets_no_small_gradient)
{
    enum { MANY = 200000 };
    arena = arena_make(1 << 12);
    struct adagrad adagrad = adagrad_make(&arena, 1, 0);
    vec w = VEC(0), small = VEC(1);
    adagrad_step(&adagrad, 1, VEC(1e4), w);
    for (int k = 0; k < MANY; k++)
        adagrad_step(&adagrad, 1, small, w);
    assert_near(adagrad.root.at[0], sqrt(1e8 + MANY), MANY * DBL_EPSILON * 1e4);
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
    mat g = random_gradients("optimizers/adam");
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
    vec grad = VEC(TINY, -2, 0, VAST), w = VEC(0, 0, 0, 0);
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
    static const double units[] = {1e8 * REAL_MIN, TINY, VAST, 1e-8 * REAL_MAX};
    arena = arena_make(1 << 16);
    mat g = random_gradients("optimizers/units");
    for (int u = 0; u < 4; u++) {
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
 * so that Adam moves by alpha, and the root of AdaGrad's sum is sqrt k.  In the
 * rounding of w, its size times eps, and of what is remembered, eps a step as long as
 * it is. */
START_TEST(long_runs_along_a_constant_gradient)
{
    enum { LONG = 20000 };
    arena = arena_make(1 << 12);
    struct adam adam = adam_make(&arena, 1, 0.9, 0.999, 0);
    struct adagrad adagrad = adagrad_make(&arena, 1, 0);
    struct momentum momentum = momentum_make(&arena, 1, 0.9);
    vec w = VEC(0), v = VEC(0), u = VEC(0), one = VEC(1);
    double moved = 0, velocity = 0;
    for (int k = 1; k <= LONG; k++) {
        double before = w.at[0], start = u.at[0];
        adam_step(&adam, 1, one, w);
        ck_assert_double_eq_tol(before - w.at[0], 1, (k + 4e3) * REAL_EPSILON);
        adagrad_step(&adagrad, 1, one, v);
        moved += 1 / sqrt(k);
        ck_assert_double_eq_tol(v.at[0], -moved, 4 * k * REAL_EPSILON * moved);
        momentum_step(&momentum, 1, one, u);
        velocity = 10 * (1 - pow(0.9, k));
        ck_assert_double_eq_tol(start - u.at[0], velocity,
                                (10 * k + 4e2) * REAL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_lies_behind_the_end_stays)
{
    arena = arena_make(1 << 12);
    struct momentum momentum = momentum_make(&arena, 2, 0.9);
    struct nesterov nesterov = nesterov_make(&arena, 2, 0.5);
    struct adagrad adagrad = adagrad_make(&arena, 2, 1);
    struct adam adam = adam_make(&arena, 2, 0.9, 0.999, 1);
    real grad[] = {1, 1, 1}, w[] = {0, 0, 7};
    sign_step(1, (vec){2, grad}, (vec){2, w});
    momentum_step(&momentum, 1, (vec){2, grad}, (vec){2, w});
    nesterov_step(&nesterov, 2, (vec){2, grad}, (vec){2, w});
    adagrad_step(&adagrad, 1, (vec){2, grad}, (vec){2, w});
    adam_step(&adam, 1, (vec){2, grad}, (vec){2, w});
    for (int i = 0; i < 2; i++) /* by 1, 1, 3, 1/2 and 1/2 */
        assert_near(w[i], -6, rounding(10, 6));
    ck_assert(w[2] == 7);
    arena_free(&arena);
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
    struct nesterov nesterov = nesterov_make(&arena, 2, 0.5);
    vec y = VEC(3, 3);
    momentum_step(&momentum, 1, grad, u);
    nesterov_step(&nesterov, 1, grad, y);
    ck_assert(y.at[0] == 3 && isnan(y.at[1]) && isnan(nesterov.v.at[1]));
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
    struct nesterov nesterov = nesterov_make(&arena, 2, 0.75);
    ck_assert(momentum.v.n == 2 && momentum.beta == 0.25);
    ck_assert(nesterov.v.n == 2 && nesterov.beta == 0.75 && norm(nesterov.v) == 0);
    ck_assert(adagrad.root.n == 2 && adagrad.epsilon == 0.5);
    ck_assert(adam.m.n == 2 && adam.v.n == 2 && adam.steps == 0);
    ck_assert(adam.beta1 == 0.25 && adam.beta2 == 0.75 && adam.epsilon == 0.5);
    ck_assert(adam.m.at != adam.v.at);
    ck_assert(norm(momentum.v) + norm(adagrad.root) + norm(adam.m) + norm(adam.v) == 0);
}
END_TEST

/* The ends of what is allowed; what lies beyond is refused by name and value. */
START_TEST(settings_may_go_to_their_ends)
{
    arena = arena_make(1 << 12);
    double under_1 = 1 - DBL_EPSILON / 2;
    momentum_make(&arena, 1, 0), momentum_make(&arena, 1, under_1);
    nesterov_make(&arena, 1, 0), nesterov_make(&arena, 1, under_1);
    adam_make(&arena, 1, 0, under_1, 0), adam_make(&arena, 1, under_1, 0, DBL_MAX);
    adagrad_make(&arena, 1, 0), adagrad_make(&arena, 0, DBL_MAX);
    muon_make(&arena, 1, 1, 0), muon_make(&arena, 1, 1, under_1);
    arena_free(&arena);
}
END_TEST

START_TEST(a_beta_is_less_than_one)
{
    arena = arena_make(1 << 12);
    static const struct {
        double beta;
        const char *of_momentum, *of_nesterov, *of_m, *of_v;
    } betas[] = {
        {-0.25, "momentum_make: beta must be in [0, 1), got -0.25\n",
         "nesterov_make: beta must be in [0, 1), got -0.25\n",
         "adam_make: beta1 must be in [0, 1), got -0.25\n",
         "adam_make: beta2 must be in [0, 1), got -0.25\n"},
        {1, "got 1\n", "got 1\n", "beta1 must be in [0, 1), got 1\n",
         "beta2 must be in [0, 1), got 1\n"},
        {2, "got 2\n", "got 2\n", "beta1 must be in [0, 1), got 2\n",
         "beta2 must be in [0, 1), got 2\n"},
        {NAN, "nan\n", "nan\n", "nan\n", "nan\n"},
    };
    for (int i = 0; i < 4; i++) {
        double beta = betas[i].beta;
        ck_assert_stops(betas[i].of_nesterov, nesterov_make(&arena, 1, beta));
        ck_assert_stops(betas[i].of_momentum, momentum_make(&arena, 1, beta));
        ck_assert_stops(betas[i].of_m, adam_make(&arena, 1, beta, 0.9, 0));
        ck_assert_stops(betas[i].of_v, adam_make(&arena, 1, 0.9, beta, 0));
    }
}
END_TEST

START_TEST(an_epsilon_is_finite_and_not_negative)
{
    arena = arena_make(1 << 12);
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
    struct nesterov nesterov = nesterov_make(&arena, 1, 0.9);
    momentum_step(&momentum, DBL_MIN, grad, w);
    nesterov_step(&nesterov, DBL_MIN, grad, w);
    adagrad_step(&adagrad, DBL_MIN, grad, w);
    adam_step(&adam, DBL_MIN, grad, w);
    for (int i = 0; i < 4; i++) {
        double alpha = bad[i].alpha;
        ck_assert_stops(bad[i].text, sign_step(alpha, grad, w));
        ck_assert_stops(bad[i].text, momentum_step(&momentum, alpha, grad, w));
        ck_assert_stops(bad[i].text, nesterov_step(&nesterov, alpha, grad, w));
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
    struct nesterov nesterov = nesterov_make(&arena, 2, 0.9);
    ck_assert_stops("axpy: ", nesterov_step(&nesterov, 1, three, two));
    ck_assert_stops("axpy: ", nesterov_step(&nesterov, 1, two, three));
    ck_assert_stops("axpy: ", nesterov_step(&nesterov, 1, three, three));
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

/* One weight, and more than the other tests have: without epsilon all of these go one
 * step of alpha along the signs at first. */
START_TEST(every_weight_has_a_first_step)
{
    arena = arena_make(1 << 16);
    for (int n = 1; n <= 300; n += 299) {
        struct adam adam = adam_make(&arena, n, 0.9, 0.999, 0);
        struct adagrad adagrad = adagrad_make(&arena, n, 0);
        vec grad = arena_vec(&arena, n), w = arena_vec(&arena, n);
        for (int i = 0; i < n; i++)
            grad.at[i] = i % 2 == 0 ? i + 1 : -i - 1;
        sign_step(0.25, grad, w);
        adagrad_step(&adagrad, 0.5, grad, w);
        adam_step(&adam, 1, grad, w);
        for (int i = 0; i < n; i++)
            assert_near(w.at[i], i % 2 == 0 ? -1.75 : 1.75, rounding(4, 2));
    }
    arena_free(&arena);
}
END_TEST

/* More weights than any block: 1.5 + 1.75 along a constant gradient. */
START_TEST(nesterov_of_many_weights)
{
    enum { MANY = 300 };
    arena = arena_make(1 << 14);
    struct nesterov nesterov = nesterov_make(&arena, MANY, 0.5);
    vec w = arena_vec(&arena, MANY), grad = arena_vec(&arena, MANY);
    fill(1, grad);
    nesterov_step(&nesterov, 1, grad, w);
    nesterov_step(&nesterov, 1, grad, w);
    for (int i = 0; i < MANY; i++)
        ck_assert(w.at[i] == -3.25 && grad.at[i] == 1);
    arena_free(&arena);
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

/* ---- RMSProp and AMSGrad --------------------------------------------------------- */

static const double of_averages[][3] = {
    {0.9, 0.999, 1e-8}, {0.9, 0.5, 0}, {0, 0.9, 0.5}, {0.5, 0, 0}, {0, 0, 0.25}};
enum { OF_AVERAGES = sizeof of_averages / sizeof *of_averages };

START_TEST(rmsprop_divides_by_the_root_of_a_decaying_sum)
{
    arena = arena_make(1 << 16);
    mat g = random_gradients("optimizers/rmsprop");
    for (int s = 0; s < OF_AVERAGES; s++) {
        double beta = of_averages[s][1], epsilon = of_averages[s][2];
        struct rmsprop rmsprop = rmsprop_make(&arena, N, beta, epsilon);
        vec w = arena_vec(&arena, N), w_known = arena_vec(&arena, N);
        vec v = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            rmsprop_step(&rmsprop, 0.3, row(g, k), w);
            remembered(g, k, beta, 2, v);
            for (int i = 0; i < N; i++)
                w_known.at[i] -=
                    0.3 * row(g, k).at[i] / (sqrt((1 - beta) * v.at[i]) + epsilon);
            assert_close(w, w_known, STEPS * STEPS, 1 + norm(w_known));
        }
    }
    arena_free(&arena);
}
END_TEST

/* The largest of all sums so far is kept beside them; that a square is forgotten, as at
 * beta2 = 0, is where it matters. */
START_TEST(amsgrad_divides_by_the_largest_root)
{
    arena = arena_make(1 << 16);
    mat g = random_gradients("optimizers/amsgrad");
    for (int s = 0; s < OF_AVERAGES; s++) {
        double beta1 = of_averages[s][0], beta2 = of_averages[s][1];
        double epsilon = of_averages[s][2];
        struct amsgrad amsgrad = amsgrad_make(&arena, N, beta1, beta2, epsilon);
        vec w = arena_vec(&arena, N), w_known = arena_vec(&arena, N);
        vec m = arena_vec(&arena, N), v = arena_vec(&arena, N);
        vec most = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            amsgrad_step(&amsgrad, 0.3, row(g, k), w);
            remembered(g, k, beta1, 1, m);
            remembered(g, k, beta2, 2, v);
            for (int i = 0; i < N; i++) {
                most.at[i] = fmax(most.at[i], (1 - beta2) * v.at[i]);
                w_known.at[i] -=
                    0.3 * (1 - beta1) * m.at[i] / (sqrt(most.at[i]) + epsilon);
            }
            assert_close(w, w_known, STEPS * STEPS * 1e2, 1 + norm(w_known));
        }
    }
    arena_free(&arena);
}
END_TEST

/* Thousands of steps along a constant gradient of 1: what has been averaged so far has
 * the weight 1 - beta^k. */
START_TEST(long_runs_without_correction)
{
    enum { LONG = 5000 };
    arena = arena_make(1 << 12);
    struct rmsprop rmsprop = rmsprop_make(&arena, 1, 0.999, 0);
    struct amsgrad amsgrad = amsgrad_make(&arena, 1, 0.9, 0.999, 0);
    vec w = VEC(0), v = VEC(0), one = VEC(1);
    for (int k = 1; k <= LONG; k++) {
        double start = w.at[0], before = v.at[0], root = sqrt(-expm1(k * log(0.999)));
        rmsprop_step(&rmsprop, 1, one, w);
        assert_near(start - w.at[0], 1 / root, rounding(10 * k, 1e3));
        amsgrad_step(&amsgrad, 1, one, v);
        assert_near(before - v.at[0], (1 - pow(0.9, k)) / root, rounding(10 * k, 1e3));
    }
    arena_free(&arena);
}
END_TEST

/* Any unit of the gradient, by a power of two: the same run to the last bit, but where
 * numbers are denormal. */
START_TEST(their_unit_drops_out)
{
    static const double powers[] = {-0.88, -0.6, 0.52, 0.7, 0.98}; /* of the largest */
    arena = arena_make(1 << 16);
    mat g = random_gradients("optimizers/their_units");
    for (int u = 0; u < 5; u++) {
        double unit = ldexp(1, (int)(powers[u] * ilogb(REAL_MAX)));
        struct rmsprop rmsprop = rmsprop_make(&arena, N, 0.9, 0);
        struct rmsprop plain = rmsprop_make(&arena, N, 0.9, 0);
        struct amsgrad amsgrad = amsgrad_make(&arena, N, 0.9, 0.99, 0);
        struct amsgrad bare = amsgrad_make(&arena, N, 0.9, 0.99, 0);
        vec w = arena_vec(&arena, N), v = arena_vec(&arena, N);
        vec same_w = arena_vec(&arena, N), same_v = arena_vec(&arena, N);
        for (int k = 0; k < STEPS; k++) {
            vec grad = arena_vec(&arena, N);
            axpy(unit, row(g, k), grad);
            rmsprop_step(&rmsprop, 0.3, grad, w);
            rmsprop_step(&plain, 0.3, row(g, k), same_w);
            amsgrad_step(&amsgrad, 0.3, grad, v);
            amsgrad_step(&bare, 0.3, row(g, k), same_v);
            assert_close(w, same_w, STEPS, 10);
            assert_close(v, same_v, STEPS, 10);
        }
    }
    arena_free(&arena);
}
END_TEST

/* A weight without gradient stays, with and without an epsilon; a NaN shows, and goes
 * on showing: no later gradient is larger than it. */
START_TEST(their_zeros_stay_and_nans_show)
{
    arena = arena_make(1 << 12);
    for (int e = 0; e < 2; e++) {
        struct rmsprop rmsprop = rmsprop_make(&arena, 2, 0.9, 0.5 * e);
        struct amsgrad amsgrad = amsgrad_make(&arena, 2, 0.9, 0.99, 0.5 * e);
        vec grad = VEC(0, NAN), w = VEC(3, 3), v = VEC(3, 3);
        rmsprop_step(&rmsprop, 0.5, grad, w);
        amsgrad_step(&amsgrad, 0.5, grad, v);
        ck_assert(w.at[0] == 3 && v.at[0] == 3 && isnan(w.at[1]) && isnan(v.at[1]));
        fill(1, grad);
        rmsprop_step(&rmsprop, 0.5, grad, w);
        amsgrad_step(&amsgrad, 0.5, grad, v);
        ck_assert(isnan(rmsprop.v.at[1]) && isnan(amsgrad.m.at[1]));
        ck_assert(isnan(amsgrad.v.at[1]) && isnan(amsgrad.v_max.at[1]));
        ck_assert(w.at[0] < 3 && v.at[0] < 3);
    }
}
END_TEST

START_TEST(they_start_at_rest)
{
    arena = arena_make(1 << 12);
    double under_1 = 1 - DBL_EPSILON / 2;
    struct rmsprop rmsprop = rmsprop_make(&arena, 2, 0.25, 0.5);
    struct amsgrad amsgrad = amsgrad_make(&arena, 2, 0.25, 0.75, 0.5);
    ck_assert(rmsprop.v.n == 2 && rmsprop.beta == 0.25 && rmsprop.epsilon == 0.5);
    ck_assert(amsgrad.m.n == 2 && amsgrad.v.n == 2 && amsgrad.v_max.n == 2);
    ck_assert(amsgrad.beta1 == 0.25 && amsgrad.beta2 == 0.75 && amsgrad.epsilon == 0.5);
    ck_assert(amsgrad.m.at != amsgrad.v.at && amsgrad.v.at != amsgrad.v_max.at);
    ck_assert(norm(rmsprop.v) + norm(amsgrad.m) + norm(amsgrad.v) == 0);
    ck_assert(norm(amsgrad.v_max) == 0);
    rmsprop_make(&arena, 1, 0, 0), rmsprop_make(&arena, 1, under_1, DBL_MAX);
    amsgrad_make(&arena, 1, 0, under_1, 0);
    amsgrad_make(&arena, 1, under_1, 0, DBL_MAX);
    arena_free(&arena);
}
END_TEST

START_TEST(their_settings_are_checked)
{
    static const struct {
        double beta, epsilon;
        const char *beta_text, *epsilon_text;
    } bad[] = {
        {-0.25, -0.25, " must be in [0, 1), got -0.25\n",
         "epsilon must be finite and not negative, got -0.25\n"},
        {1, INFINITY, "got 1\n", "got inf\n"},
        {NAN, NAN, "nan\n", "nan\n"},
    };
    arena = arena_make(1 << 12);
    for (int i = 0; i < 3; i++) {
        double beta = bad[i].beta, epsilon = bad[i].epsilon;
        ck_assert_stops(bad[i].beta_text, rmsprop_make(&arena, 1, beta, 0));
        ck_assert_stops(bad[i].beta_text, amsgrad_make(&arena, 1, beta, 0.9, 0));
        ck_assert_stops(bad[i].beta_text, amsgrad_make(&arena, 1, 0.9, beta, 0));
        ck_assert_stops(bad[i].epsilon_text, rmsprop_make(&arena, 1, 0.9, epsilon));
        ck_assert_stops(bad[i].epsilon_text,
                        amsgrad_make(&arena, 1, 0.9, 0.9, epsilon));
    }
    ck_assert_stops("rmsprop_make: beta", rmsprop_make(&arena, 1, 2, 0));
    ck_assert_stops("amsgrad_make: beta1", amsgrad_make(&arena, 1, 2, 0.9, 0));
    ck_assert_stops("amsgrad_make: beta2", amsgrad_make(&arena, 1, 0.9, 2, 0));
}
END_TEST

START_TEST(their_rates_and_lengths_are_checked)
{
    static const double rates[] = {0, -0.5, INFINITY, NAN};
    arena = arena_make(1 << 12);
    struct rmsprop rmsprop = rmsprop_make(&arena, 2, 0.9, 0);
    struct amsgrad amsgrad = amsgrad_make(&arena, 2, 0.9, 0.999, 0);
    vec two = VEC(1, 2), three = VEC(1, 2, 3);
    rmsprop_step(&rmsprop, DBL_MIN, two, VEC(0, 0));
    amsgrad_step(&amsgrad, DBL_MIN, two, VEC(0, 0));
    for (int i = 0; i < 4; i++) {
        ck_assert_stops("rmsprop_step: alpha must be finite and positive, got ",
                        rmsprop_step(&rmsprop, rates[i], two, VEC(0, 0)));
        ck_assert_stops("amsgrad_step: alpha must be finite and positive, got ",
                        amsgrad_step(&amsgrad, rates[i], two, VEC(0, 0)));
    }
    ck_assert_stops("rmsprop_step: grad has 2 entries, w has 3",
                    rmsprop_step(&rmsprop, 1, two, three));
    ck_assert_stops("rmsprop_step: grad has 3 entries, rmsprop->v has 2",
                    rmsprop_step(&rmsprop, 1, three, three));
    ck_assert_stops("amsgrad_step: grad has 2 entries, w has 3",
                    amsgrad_step(&amsgrad, 1, two, three));
    ck_assert_stops("amsgrad_step: grad has 3 entries, amsgrad->m has 2",
                    amsgrad_step(&amsgrad, 1, three, three));
}
END_TEST

/* Through the loop, which knows neither, on 1/2 w^2: from 1, with betas of 0, both go
 * by signs, in steps of alpha; and so they do for one weight or many. */
static void half_square(void *cost, vec w, vec grad)
{
    (void)cost;
    copy(w, grad);
}

START_TEST(the_loop_follows_them)
{
    arena = arena_make(1 << 16);
    for (int n = 1; n <= 300; n += 299) {
        struct rmsprop rmsprop = rmsprop_make(&arena, n, 0, 0);
        struct amsgrad amsgrad = amsgrad_make(&arena, n, 0, 0, 0);
        vec w = arena_vec(&arena, n), v = arena_vec(&arena, n);
        vec grad = arena_vec(&arena, n);
        fill(1, w), fill(1, v);
        optimize(half_square, NULL, by_rmsprop(&rmsprop), 0.25, 3, w, grad);
        ck_assert(w.at[0] == 0.25 && w.at[n - 1] == 0.25 && grad.at[n - 1] == 0.5);
        optimize(half_square, NULL, by_amsgrad(&amsgrad), 0.5, 3, v, grad);
        ck_assert(v.at[0] == 0.125 && v.at[n - 1] == 0.125);
        ck_assert(rmsprop.v.at[n - 1] == 0.5 && amsgrad.v_max.at[n - 1] == 1);
    }
    arena_free(&arena);
}
END_TEST

/* ---- Two ways to shrink weights -------------------------------------------------- */

START_TEST(penalty_and_decay_are_their_formulas)
{
    real at[] = {2, -3}, g[] = {10, 20};
    vec w = {2, at}, grad = {2, g};
    penalize_weights(0.5, w, grad);
    ck_assert(g[0] == 11 && g[1] == 18.5 && at[0] == 2 && at[1] == -3);
    penalize_weights(0, w, grad);
    ck_assert(g[0] == 11 && g[1] == 18.5);
    decay_weights(0.25, 2, w);
    ck_assert(at[0] == 1 && at[1] == -1.5);
    decay_weights(0.25, 0, w);
    ck_assert(at[0] == 1 && at[1] == -1.5);
}
END_TEST

/* Without memory and epsilon, Adam steps by alpha along each sign. */
START_TEST(adamw_decays_the_old_weights)
{
    arena = arena_make(1 << 12);
    struct adam adam = adam_make(&arena, 2, 0, 0, 0);
    real at[] = {2, -3}, g[] = {10, 0x1p-30};
    adamw_step(&adam, 0.25, 2, (vec){2, g}, (vec){2, at});
    ck_assert_double_eq(at[0], 0.75);
    ck_assert_double_eq(at[1], -1.75);
    ck_assert(g[0] == 10 && g[1] == 0x1p-30 && adam.steps == 1);
    arena_free(&arena);
}
END_TEST

/* One weight, and more than any block of them. */
START_TEST(penalty_and_decay_of_any_length)
{
    arena = arena_make(1 << 14);
    for (int n = 1; n <= 300; n += 299) {
        vec w = arena_vec(&arena, n), grad = arena_vec(&arena, n);
        fill(2, w);
        penalize_weights(0.5, w, grad);
        decay_weights(0.5, 0.5, w);
        for (int i = 0; i < n; i++)
            ck_assert(grad.at[i] == 1 && w.at[i] == 1.5);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(penalties_and_decay_have_limits)
{
    arena = arena_make(1 << 12);
    struct adam adam = adam_make(&arena, 2, 0.9, 0.99, 0);
    vec two = VEC(0, 0), three = VEC(0, 0, 0);
    ck_assert_stops("penalize_weights: lambda must be finite and not negative, got -1",
                    penalize_weights(-1, two, two));
    ck_assert_stops("penalize_weights: lambda must be finite and not negative, got nan",
                    penalize_weights(NAN, two, two));
    ck_assert_stops("penalize_weights: lambda must be finite and not negative, got inf",
                    penalize_weights(INFINITY, two, two));
    ck_assert_stops("x has 2 entries, y has 3", penalize_weights(1, two, three));
    ck_assert_stops("decay_weights: alpha must be finite and positive, got 0",
                    decay_weights(0, 1, two));
    ck_assert_stops("decay_weights: alpha must be finite and positive, got inf",
                    decay_weights(INFINITY, 1, two));
    ck_assert_stops("decay_weights: alpha must be finite and positive, got nan",
                    decay_weights(NAN, 1, two));
    ck_assert_stops("decay_weights: lambda must be finite and not negative, got -1",
                    decay_weights(1, -1, two));
    ck_assert_stops("decay_weights: lambda must be finite and not negative, got inf",
                    decay_weights(1, INFINITY, two));
    ck_assert_stops("decay_weights: lambda must be finite and not negative, got nan",
                    decay_weights(1, NAN, two));
    ck_assert_stops("decay_weights: lambda must be finite and not negative, got -1",
                    adamw_step(&adam, 1, -1, two, two));
    ck_assert_stops("grad has 3 entries, w has 2", adamw_step(&adam, 1, 1, three, two));
    arena_free(&arena);
}
END_TEST

/* ---- A direction for a matrix of weights ----------------------------------------- */

struct world {
    struct arena arena;
    struct rng rng;
};

static struct world world_make(const char *test)
{
    return (struct world){arena_make(1 << 20), unit_rng(test)};
}

static vec uniform_vec(struct world *x, int n)
{
    vec y = arena_vec(&x->arena, n);
    rng_uniforms(&x->rng, -1, 1, y);
    return y;
}

/* Sums of a few dozen products of numbers of order 1, in another order. */
static const double LIMIT = 96 * DBL_EPSILON;

/* O has singular values 1, as many as the rank, and 0; and <G, O> is the sum of those
 * of G, which no other such matrix exceeds. */
static void assert_flattened(struct world *x, mat G, mat O, int rank)
{
    int shorter = G.rows < G.cols ? G.rows : G.cols;
    vec s = arena_vec(&x->arena, shorter), ones = arena_vec(&x->arena, shorter);
    route_singular(G, s);
    route_singular(O, ones);
    double sum = 0, limit = rounding(G.rows + G.cols, 1);
    for (int j = 0; j < shorter; j++) {
        sum += s.at[j];
        assert_near(ones.at[j], j < rank, limit);
    }
    assert_near(dot(entries(G), entries(O)), sum, limit * (1 + sum));
}

START_TEST(direction_flattens_the_singular_values)
{
    static const int shapes[][2] = {{1, 1}, {1, 4}, {4, 1}, {3, 3}, {5, 3}, {3, 5}};
    struct world x = world_make("optimizers/direction");
    for (int k = 0; k < 6; k++) {
        int m = shapes[k][0], n = shapes[k][1];
        mat G = {m, n, uniform_vec(&x, m * n).at},
            O = {m, n, uniform_vec(&x, m * n).at};
        size_t mark = x.arena.used;
        ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
        ck_assert(x.arena.used == mark);
        assert_flattened(&x, G, O, m < n ? m : n);
    }
    arena_free(&x.arena);
}
END_TEST

/* More rows and columns than the other tests have, and of a lower rank than both. */
START_TEST(direction_of_many_weights)
{
    struct world x = world_make("optimizers/many");
    mat G = arena_mat(&x.arena, 72, 66), O = {72, 66, uniform_vec(&x, 72 * 66).at};
    for (int k = 0; k < 5; k++)
        ger(1, uniform_vec(&x, 72), uniform_vec(&x, 66), G);
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    assert_flattened(&x, G, O, 5);
    arena_free(&x.arena);
}
END_TEST

START_TEST(direction_leaves_out_what_is_zero)
{
    struct world x = world_make("optimizers/rank");
    mat G = arena_mat(&x.arena, 5, 4), O = {5, 4, uniform_vec(&x, 20).at};
    mat Gt = arena_mat(&x.arena, 4, 5), Ot = {4, 5, uniform_vec(&x, 20).at};
    for (int k = 0; k < 2; k++)
        ger(1, uniform_vec(&x, 5), uniform_vec(&x, 4), G);
    transpose(G, Gt);
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    ck_assert(muon_direction(Gt, &x.arena, Ot) == FACTOR_OK);
    assert_flattened(&x, G, O, 2);
    assert_flattened(&x, Gt, Ot, 2);
    fill(0, entries(G));
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    ck_assert(max_norm(entries(O)) == 0);
    arena_free(&x.arena);
}
END_TEST

/* The gradient of 3000 examples whose inputs lie in a plane: of rank 2, to what their
 * sum has rounded.  And one so small that its entries have no digits left to round. */
START_TEST(direction_leaves_out_what_may_be_rounding)
{
    struct world x = world_make("optimizers/plane");
    for (int draw = 0; draw < 20; draw++) {
        size_t mark = x.arena.used;
        enum { MANY = 3000 };
        int m = 3 + rng_below(&x.rng, 4), n = 3 + rng_below(&x.rng, 4);
        mat delta = arena_mat(&x.arena, MANY, m),
            in_plane = arena_mat(&x.arena, MANY, 2), plane = arena_mat(&x.arena, 2, n),
            H = arena_mat(&x.arena, MANY, n);
        mat G = arena_mat(&x.arena, m, n), O = arena_mat(&x.arena, m, n);
        rng_normals(&x.rng, 0, 1, entries(delta));
        rng_normals(&x.rng, 0, 1, entries(in_plane));
        rng_normals(&x.rng, 0, 1, entries(plane));
        gemm(1, AS_IS, in_plane, AS_IS, plane, 0, H);
        gemm(1.0 / MANY, TRANSPOSED, delta, AS_IS, H, 0, G);
        ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
        assert_near(dot(entries(O), entries(O)), 2, LIMIT);
        x.arena.used = mark;
    }
    mat G = {3, 2, (real[]){20, 40, 10, 20, 0, 0}}, O = arena_mat(&x.arena, 3, 2);
    for (int i = 0; i < 6; i++)
        G.at[i] *= REAL_TRUE_MIN;
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    double share = dot(entries(O), entries(O));
    ck_assert(fabs(share - 1) <= rounded(LIMIT) || share == 0);
    mat least = {1, 1, (real[]){REAL_TRUE_MIN}};
    O = arena_mat(&x.arena, 1, 1);
    ck_assert(muon_direction(least, &x.arena, O) == FACTOR_OK);
    ck_assert(O.at[0] == 0);
    least.at[0] = 3 * REAL_TRUE_MIN;
    ck_assert(muon_direction(least, &x.arena, O) == FACTOR_OK);
    ck_assert(O.at[0] == 1);
    arena_free(&x.arena);
}
END_TEST

/* Of the largest 1e4 eps are not nothing, and a tenth of one is. */
START_TEST(direction_keeps_what_is_small)
{
    struct world x = world_make("optimizers/small");
    mat G = {2, 2, (real[]){2, 0, 0, -2e4 * REAL_EPSILON}},
        O = arena_mat(&x.arena, 2, 2);
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    assert_near(O.at[0], 1, LIMIT);
    assert_near(O.at[3], -1, LIMIT);
    G.at[3] = 0.2 * REAL_EPSILON;
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    assert_near(O.at[0], 1, LIMIT);
    ck_assert(O.at[3] == 0);
    G.at[0] = 1, G.at[3] = 30 * (2 + 2) * REAL_EPSILON; /* the edge itself is nothing */
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    ck_assert(O.at[3] == 0);
    G.at[3] *= 1.01;
    ck_assert(muon_direction(G, &x.arena, O) == FACTOR_OK);
    assert_near(O.at[3], 1, LIMIT);
    arena_free(&x.arena);
}
END_TEST

START_TEST(muon_remembers_gradients)
{
    struct world x = world_make("optimizers/muon");
    struct muon muon = muon_make(&x.arena, 3, 2, 0.5);
    mat G = {3, 2, uniform_vec(&x, 6).at}, W = {3, 2, uniform_vec(&x, 6).at};
    mat M2 = arena_mat(&x.arena, 3, 2), O = arena_mat(&x.arena, 3, 2),
        before = arena_mat(&x.arena, 3, 2);
    for (int k = 0; k < 3; k++) {
        rng_uniforms(&x.rng, -1, 1, entries(G));
        copy(entries(W), entries(before));
        for (int i = 0; i < 6; i++)
            M2.at[i] = 0.5 * M2.at[i] + G.at[i];
        muon_direction(M2, &x.arena, O);
        size_t mark = x.arena.used;
        ck_assert(muon_step(&muon, 0.25, G, &x.arena, W) == FACTOR_OK);
        ck_assert(x.arena.used == mark);
        for (int i = 0; i < 6; i++) {
            assert_near(muon.M.at[i], M2.at[i], LIMIT);
            assert_near(W.at[i], before.at[i] - 0.25 * O.at[i], LIMIT);
        }
    }
    arena_free(&x.arena);
}
END_TEST

START_TEST(muon_refuses_what_has_no_direction)
{
    struct world x = world_make("optimizers/muon_bad");
    struct muon muon = muon_make(&x.arena, 2, 2, 0);
    mat G = arena_mat(&x.arena, 2, 2), W = arena_mat(&x.arena, 2, 2);
    ck_assert_stops("alpha must be finite and positive, got 0",
                    muon_step(&muon, 0, G, &x.arena, W));
    ck_assert_stops("alpha must be finite and positive, got inf",
                    muon_step(&muon, INFINITY, G, &x.arena, W));
    ck_assert_stops("beta must be in [0, 1), got 1", muon_make(&x.arena, 2, 2, 1));
    ck_assert_stops("beta must be in [0, 1), got -0.5",
                    muon_make(&x.arena, 2, 2, -0.5));
    G.at[1] = NAN;
    ck_assert(muon_step(&muon, 1, G, &x.arena, W) == FACTOR_NO_CONVERGENCE);
    for (int k = 0; k < 4; k++)
        ck_assert(W.at[k] == 0);
    arena_free(&x.arena);
}
END_TEST

/* ---- All rules --------------------------------------------------------------------
 */

/* Through the loop a rule takes the steps that it takes by itself, from w = (1, -2) on
 * 1/2 ||w||^2: its own, and no other's. */
START_TEST(each_rule_is_handed_on_as_itself)
{
    arena = arena_make(1 << 16);
    struct momentum momentum[2];
    struct nesterov nesterov[2];
    struct adagrad adagrad[2];
    struct rmsprop rmsprop[2];
    struct adam adam[2];
    struct amsgrad amsgrad[2];
    vec by_hand[6], handed[6], grad = VEC(0, 0);
    for (int k = 0; k < 2; k++) {
        momentum[k] = momentum_make(&arena, 2, 0.5);
        nesterov[k] = nesterov_make(&arena, 2, 0.5);
        adagrad[k] = adagrad_make(&arena, 2, 0.1);
        rmsprop[k] = rmsprop_make(&arena, 2, 0.5, 0.1);
        adam[k] = adam_make(&arena, 2, 0.5, 0.75, 0.1);
        amsgrad[k] = amsgrad_make(&arena, 2, 0.5, 0.75, 0.1);
    }
    struct optimizer all[] = {by_momentum(momentum), by_nesterov(nesterov),
                              by_adagrad(adagrad),   by_rmsprop(rmsprop),
                              by_adam(adam),         by_amsgrad(amsgrad)};
    for (int i = 0; i < 6; i++) {
        by_hand[i] = VEC(1, -2), handed[i] = VEC(1, -2);
        optimize(half_square, NULL, all[i], 0.125, 5, handed[i], grad);
    }
    for (int step = 0; step < 5; step++) {
        vec g[6];
        for (int i = 0; i < 6; i++) {
            g[i] = VEC(0, 0);
            copy(by_hand[i], g[i]);
        }
        momentum_step(momentum + 1, 0.125, g[0], by_hand[0]);
        nesterov_step(nesterov + 1, 0.125, g[1], by_hand[1]);
        adagrad_step(adagrad + 1, 0.125, g[2], by_hand[2]);
        rmsprop_step(rmsprop + 1, 0.125, g[3], by_hand[3]);
        adam_step(adam + 1, 0.125, g[4], by_hand[4]);
        amsgrad_step(amsgrad + 1, 0.125, g[5], by_hand[5]);
    }
    for (int i = 0; i < 6; i++)
        assert_vec(handed[i], by_hand[i], 0);
    arena_free(&arena);
}
END_TEST

/* The least number that there is, whose root of an average is 0: nothing is divided by
 * that, and a step is at most 1 / sqrt(1 - beta2) long, rounded as such numbers are. */
START_TEST(the_least_gradient_is_no_infinite_step)
{
    arena = arena_make(1 << 16);
    vec grad = VEC(REAL_TRUE_MIN, -REAL_TRUE_MIN);
    struct adagrad adagrad = adagrad_make(&arena, 2, 0);
    struct rmsprop rmsprop = rmsprop_make(&arena, 2, 0.999, 0);
    struct adam adam = adam_make(&arena, 2, 0.9, 0.999, 0);
    struct amsgrad amsgrad = amsgrad_make(&arena, 2, 0.9, 0.999, 0);
    for (int step = 0; step < 20; step++) {
        vec w[] = {VEC(0, 0), VEC(0, 0), VEC(0, 0), VEC(0, 0)};
        adagrad_step(&adagrad, 1, grad, w[0]);
        rmsprop_step(&rmsprop, 1, grad, w[1]);
        adam_step(&adam, 1, grad, w[2]);
        amsgrad_step(&amsgrad, 1, grad, w[3]);
        for (int i = 0; i < 4; i++) {
            ck_assert(fabs(w[i].at[0]) <= 2 / sqrt(1 - 0.999));
            ck_assert(w[i].at[1] == -w[i].at[0]);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Singular values that overflow, though no entry does: there is a direction, and yet
 * the status says that it means nothing.  W stays, whatever its shape. */
START_TEST(muon_stays_where_a_singular_value_overflows)
{
    static const int shapes[][2] = {{2, 2}, {4, 2}, {2, 4}, {1, 4}, {4, 1}};
    struct world x = world_make("optimizers/overflow");
    for (int k = 0; k < 5; k++) {
        int m = shapes[k][0], n = shapes[k][1];
        mat G = arena_mat(&x.arena, m, n), W = arena_mat(&x.arena, m, n);
        mat O = arena_mat(&x.arena, m, n);
        struct muon muon = muon_make(&x.arena, m, n, 0);
        fill(REAL_MAX, entries(G));
        fill(3, entries(W));
        ck_assert(muon_direction(G, &x.arena, O) == FACTOR_NO_CONVERGENCE);
        ck_assert(muon_step(&muon, 1, G, &x.arena, W) == FACTOR_NO_CONVERGENCE);
        for (int i = 0; i < m * n; i++)
            ck_assert(W.at[i] == 3);
    }
    arena_free(&x.arena);
}
END_TEST

/* Betas of 0 remember nothing: the second step is that of its gradient alone.  And next
 * to 1 a first step is 2^15 long, or 2^-15 of that, or, corrected, 1. */
START_TEST(betas_at_both_ends)
{
    struct world x = world_make("optimizers/ends");
    arena = x.arena;
    struct muon muon = muon_make(&x.arena, 1, 2, 0);
    mat W = arena_mat(&x.arena, 1, 2);
    muon_step(&muon, 1, (mat){1, 2, (real[]){1e6, 0}}, &x.arena, W);
    muon_step(&muon, 1, (mat){1, 2, (real[]){0, 3}}, &x.arena, W);
    assert_entries(entries(W), (double[]){-1, -1}, LIMIT);
    double most = 1 - 0x1p-30;
    real w[4] = {0};
    struct rmsprop rmsprop = rmsprop_make(&x.arena, 1, most, 0);
    struct amsgrad amsgrad = amsgrad_make(&x.arena, 1, most, most, 0);
    struct adam adam = adam_make(&x.arena, 1, most, most, 0);
    struct adam forgetful = adam_make(&x.arena, 1, 0, 0, 0);
    vec grad = {1, (real[]){7}}, other = {1, (real[]){-1}};
    rmsprop_step(&rmsprop, 1, grad, (vec){1, w});
    amsgrad_step(&amsgrad, 1, grad, (vec){1, w + 1});
    adam_step(&adam, 1, grad, (vec){1, w + 2});
    adam_step(&forgetful, 1, grad, (vec){1, w + 3});
    adam_step(&forgetful, 0.5, other, (vec){1, w + 3});
    assert_near(w[0], -0x1p15, 0x1p15 * LIMIT);
    assert_near(w[1], -0x1p-15, 0x1p-15 * LIMIT);
    assert_near(w[2], -1, 0x1p30 * LIMIT); /* 1 - beta^1 has so many digits less */
    assert_near(w[3], -0.5, LIMIT);
    arena_free(&x.arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sign_steps_move_every_coordinate_alike,
                                  as_many_steps_as_were_asked_for,
                                  velocity_is_a_decaying_sum,
                                  nesterov_stands_where_the_next_gradient_is_taken,
                                  nesterov_of_many_weights,
                                  adagrad_divides_by_the_root_of_the_sum,
                                  OF_DOUBLES(adagrad_forgets_no_small_gradient),
                                  adam_divides_averages,
                                  the_first_step_is_that_of_the_sign,
                                  the_unit_of_the_gradient_drops_out,
                                  long_runs_along_a_constant_gradient,
                                  what_lies_behind_the_end_stays,
                                  zeros_stay_and_nans_show,
                                  optimizers_start_at_rest,
                                  settings_may_go_to_their_ends,
                                  a_beta_is_less_than_one,
                                  an_epsilon_is_finite_and_not_negative,
                                  rates_are_positive_and_finite,
                                  optimizers_refuse_other_lengths,
                                  momentum_of_many_weights,
                                  every_weight_has_a_first_step,
                                  rmsprop_divides_by_the_root_of_a_decaying_sum,
                                  amsgrad_divides_by_the_largest_root,
                                  long_runs_without_correction,
                                  their_unit_drops_out,
                                  their_zeros_stay_and_nans_show,
                                  they_start_at_rest,
                                  their_settings_are_checked,
                                  their_rates_and_lengths_are_checked,
                                  the_loop_follows_them,
                                  penalty_and_decay_are_their_formulas,
                                  adamw_decays_the_old_weights,
                                  penalty_and_decay_of_any_length,
                                  penalties_and_decay_have_limits,
                                  direction_flattens_the_singular_values,
                                  direction_of_many_weights,
                                  direction_leaves_out_what_is_zero,
                                  direction_leaves_out_what_may_be_rounding,
                                  direction_keeps_what_is_small,
                                  muon_remembers_gradients,
                                  muon_refuses_what_has_no_direction,
                                  each_rule_is_handed_on_as_itself,
                                  the_least_gradient_is_no_infinite_step,
                                  muon_stays_where_a_singular_value_overflows,
                                  betas_at_both_ends,
                                  NULL};
    return unit_run("optimizers", tests);
}
