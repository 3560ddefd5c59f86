/* The contract of sgd.h.  What the functions mean is for the claims of the chapter;
 * here each is held against its formula in long double, or against an enumeration of
 * all that could be drawn, on all sizes and at the edges. */
#include "gradient_descent.h"
#include "ground/unit.h"
#include "ground/worlds.h"
#include "sgd.h"

#include <float.h>
#include <math.h>

static const double EPS = DBL_EPSILON;

struct world {
    struct arena arena;
    struct rng rng;
};

static struct world world_make(const char *test)
{
    return (struct world){arena_make(1 << 20), unit_rng(test)};
}

/* Least squares with n examples of d features, all of it normal. */
static struct sgd_regression regression_make(struct world *world, int n, int d)
{
    return (struct sgd_regression){normal_mat(&world->arena, &world->rng, n, d),
                                   normal_vec(&world->arena, &world->rng, n)};
}

/* Remembers what it was asked for; its gradient is the first number that was chosen. */
struct witness {
    int counts[8], calls, repeats;
};

static void ask(void *examples, const int *chosen, int B, vec w, vec grad)
{
    struct witness *seen = examples;
    seen->calls++;
    for (int k = 0; k < B; k++) {
        REQUIRE(0 <= chosen[k] && chosen[k] < 8, "number %d", chosen[k]);
        seen->counts[chosen[k]]++;
        for (int i = 0; i < k; i++)
            seen->repeats += chosen[i] == chosen[k];
    }
    fill(chosen[0], grad);
    REQUIRE(w.n == grad.n, "%d and %d", w.n, grad.n);
}

/* ---- A few examples at a time ---------------------------------------------------- */

/* Of so many calls each example has its share, to within 6 standard deviations of a
 * binomial number; distinct examples never meet, others do as often as they should. */
static void assert_drawn(struct world *world, int n, int B, enum sgd_drawing drawing)
{
    enum { CALLS = 4000 };
    struct witness seen = {0};
    real at[] = {NAN}, w[] = {0};
    int wrong = 0;
    world->arena.used = 0;
    struct sgd_batches from =
        sgd_batches_make(&world->arena, ask, &seen, n, B, drawing, world->rng);
    for (int k = 0; k < CALLS; k++) {
        sgd_gradient(&from, (vec){1, w}, (vec){1, at});
        wrong += at[0] != from.chosen[0];
    }
    world->rng = from.rng;
    double each = (double)CALLS * B / n, pairs = CALLS * B * (B - 1) / 2.0;
    ck_assert(seen.calls == CALLS && wrong == 0);
    for (int i = 0; i < n; i++)
        ck_assert_double_le(fabs(seen.counts[i] - each), 6 * sqrt(each) * (n > 1));
    double meet = drawing == SGD_DISTINCT ? 0 : pairs / n;
    ck_assert_double_le(fabs(seen.repeats - meet), 6 * B * sqrt(meet) * (n > 1));
}

START_TEST(every_example_is_drawn_as_often)
{
    struct world world = world_make("sgd/draws");
    for (int n = 1; n <= 8; n++)
        for (int B = 1; B <= n; B++) {
            assert_drawn(&world, n, B, SGD_DISTINCT);
            assert_drawn(&world, n, B, SGD_INDEPENDENT);
        }
    assert_drawn(&world, 3, 20, SGD_INDEPENDENT);
    arena_free(&world.arena);
}
END_TEST

/* Two calls draw two minibatches, and another replicate of the stream others. */
START_TEST(the_stream_goes_on)
{
    struct world world = world_make("sgd/stream");
    struct witness seen = {0};
    real at[1], w[] = {0};
    int same = 0;
    struct sgd_batches a =
        sgd_batches_make(&world.arena, ask, &seen, 8, 1, SGD_INDEPENDENT, world.rng);
    struct sgd_batches b = a;
    int other;
    b.chosen = &other;
    rng_bits(&b.rng);
    for (int k = 0; k < 200; k++) {
        int before = a.chosen[0];
        sgd_gradient(&a, (vec){1, w}, (vec){1, at});
        sgd_gradient(&b, (vec){1, w}, (vec){1, at});
        same += before == a.chosen[0];
        ck_assert_int_eq(seen.calls, 2 * k + 2);
    }
    ck_assert_int_le(same, 80); /* 25 +- 5 */
    arena_free(&world.arena);
}
END_TEST

START_TEST(the_share_of_a_minibatch)
{
    for (int n = 1; n <= 40; n++)
        for (int B = 1; B <= n; B++) {
            ck_assert_double_eq(sgd_share(n, B, SGD_INDEPENDENT), 1.0 / B);
            long double share = B == n ? 0 : (long double)(n - B) / (n - 1) / B;
            assert_near(sgd_share(n, B, SGD_DISTINCT), share, 2 * EPS);
        }
    ck_assert_double_eq(sgd_share(1, 1, SGD_DISTINCT), 0);
    ck_assert_double_eq(sgd_share(2, 5, SGD_INDEPENDENT), 0.2);
    ck_assert_double_eq(sgd_share(2000000000, 1, SGD_DISTINCT), 1);
    ck_assert_double_eq(sgd_share(2147483647, 2147483647, SGD_DISTINCT), 0);
    assert_near(sgd_share(2000000001, 1000000001, SGD_DISTINCT), 0.5 / 1000000001.0,
                EPS * 1e-9);
}
END_TEST

START_TEST(the_gradient_of_chosen_examples)
{
    struct world world = world_make("sgd/regression");
    for (int d = 0; d <= 5; d++)
        for (int B = 1; B <= 70; B += B < 7 ? 3 : 63) {
            world.arena.used = 0;
            struct sgd_regression of = regression_make(&world, 6, d);
            vec w = normal_vec(&world.arena, &world.rng, d);
            vec grad = arena_vec(&world.arena, d);
            int chosen[70];
            for (int k = 0; k < B; k++)
                chosen[k] = rng_below(&world.rng, 6);
            fill(NAN, grad);
            sgd_regression_gradient(&of, chosen, B, w, grad);
            for (int j = 0; j < d; j++) {
                long double sum = 0;
                for (int k = 0; k < B; k++) {
                    long double y = -(long double)of.t.at[chosen[k]];
                    for (int i = 0; i < d; i++)
                        y += (long double)row(of.Phi, chosen[k]).at[i] * w.at[i];
                    sum += y * row(of.Phi, chosen[k]).at[j] / B;
                }
                assert_near(grad.at[j], sum, 1000 * EPS);
            }
        }
    arena_free(&world.arena);
}
END_TEST

/* What is no number reaches the result, but only of the examples that are chosen. */
/* A minibatch of seventy from three: the last one is drawn too. */
START_TEST(a_long_minibatch_is_drawn_to_its_end)
{
    struct world world = world_make("sgd/long");
    real Phi[] = {1, 1, 1}, t[] = {0, 0, 0}, w[] = {1}, g[1];
    struct sgd_regression of = {{3, 1, Phi}, {3, t}};
    struct sgd_batches from = sgd_batches_make(&world.arena, sgd_regression_gradient,
                                               &of, 3, 70, SGD_INDEPENDENT, world.rng);
    from.chosen[69] = -1;
    sgd_gradient(&from, (vec){1, w}, (vec){1, g});
    ck_assert(from.chosen[69] >= 0 && from.chosen[69] < 3);
    assert_near(g[0], 1, 100 * EPS);
    arena_free(&world.arena);
}
END_TEST

START_TEST(examples_that_are_not_chosen_are_not_read)
{
    real Phi[] = {1, 2, NAN, 3}, t[] = {1, 1}, w[] = {1, 1}, g[2];
    struct sgd_regression of = {{2, 2, Phi}, {2, t}};
    sgd_regression_gradient(&of, (int[]){0}, 1, (vec){2, w}, (vec){2, g});
    ck_assert(g[0] == 2 && g[1] == 4);
    sgd_regression_gradient(&of, (int[]){0, 1}, 2, (vec){2, w}, (vec){2, g});
    ck_assert(isnan(g[0]) && isnan(g[1]));
    real large[] = {VAST}, one[] = {TINY}, zero[] = {0};
    of = (struct sgd_regression){{1, 1, large}, {1, zero}};
    sgd_regression_gradient(&of, (int[]){0}, 1, (vec){1, one}, (vec){1, g});
    ck_assert_double_eq(g[0], large[0]);
}
END_TEST

/* With all of the examples in each minibatch, it is gradient descent. */
START_TEST(a_run_on_all_examples_is_descent)
{
    struct world world = world_make("sgd/run");
    struct sgd_regression of = regression_make(&world, 9, 4);
    struct quadratic q = quadratic_make(&world.arena, 4);
    vec w = normal_vec(&world.arena, &world.rng, 4), v = arena_vec(&world.arena, 4);
    vec grad = arena_vec(&world.arena, 4), last = arena_vec(&world.arena, 4);
    least_squares(of.Phi, of.t, &q);
    copy(w, v);
    struct sgd_batches all = sgd_batches_make(&world.arena, sgd_regression_gradient,
                                              &of, 9, 9, SGD_DISTINCT, world.rng);
    sgd_run(&all, 0.1, 0, w, grad);
    assert_vec(w, v, 0);
    sgd_run(&all, 0.1, 25, w, grad);
    gd_run(q, 0.1, 25, v, last);
    assert_vec(w, v, 1e5 * EPS);
    assert_vec(grad, last, 1e5 * EPS);
    arena_free(&world.arena);
}
END_TEST

/* A run of k steps is k runs of one, to the bit. */
START_TEST(a_long_run_is_many_short_ones)
{
    struct world world = world_make("sgd/long run");
    struct sgd_regression of = regression_make(&world, 9, 4);
    vec w = normal_vec(&world.arena, &world.rng, 4), v = arena_vec(&world.arena, 4);
    vec grad = arena_vec(&world.arena, 4), last = arena_vec(&world.arena, 4);
    copy(w, v);
    struct sgd_batches a = sgd_batches_make(&world.arena, sgd_regression_gradient, &of,
                                            9, 2, SGD_INDEPENDENT, world.rng);
    struct sgd_batches b = a;
    sgd_run(&a, 0.01, 1000, w, grad);
    for (int k = 0; k < 1000; k++)
        sgd_run(&b, 0.01, 1, v, last);
    assert_vec(w, v, 0);
    assert_vec(grad, last, 0);
    arena_free(&world.arena);
}
END_TEST

static void slope_of_one(void *cost, vec w, vec grad)
{
    (void)cost, (void)w;
    fill(1, grad);
}

/* The noise is root z: with a root of rank 1 it has one direction, and its mean square
 * is the length of that, to 6 standard deviations of a chi-square number. */
START_TEST(the_noise_has_its_covariance)
{
    enum { CALLS = 2000 };
    struct world world = world_make("sgd/noise");
    double square = 0;
    real root[] = {3, -1}, w[] = {0, 0}, g[2];
    struct sgd_noise by = {
        slope_of_one, NULL, {2, 1, root}, arena_vec(&world.arena, 1), world.rng};
    for (int k = 0; k < CALLS; k++) {
        g[0] = g[1] = NAN;
        sgd_noisy_gradient(&by, (vec){2, w}, (vec){2, g});
        assert_near(g[0] - 1, -3 * (g[1] - 1), 100 * EPS);
        square += (g[1] - 1) * (g[1] - 1);
    }
    ck_assert_double_le(fabs(square / CALLS - 1), 6 * sqrt(2.0 / CALLS));
    arena_free(&world.arena);
}
END_TEST

/* ---- What is expected ------------------------------------------------------------ */

/* The moments after one step of SGD, from all minibatches that there are: B = 1 or 2 of
 * n, each as likely as the other, and repeated or not. */
static void enumerate(struct world *world, struct sgd_regression of, double alpha,
                      int B, enum sgd_drawing drawing, vec w_star, vec w_0, vec mean,
                      mat second)
{
    int n = of.Phi.rows, count = 0;
    vec w = arena_vec(&world->arena, w_0.n), grad = arena_vec(&world->arena, w_0.n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < (B == 1 ? 1 : n); j++) {
            if (B == 2 && drawing == SGD_DISTINCT && i == j)
                continue;
            copy(w_0, w);
            sgd_regression_gradient(&of, (int[]){i, j}, B, w, grad);
            gd_update(alpha, grad, w);
            axpy(-1, w_star, w);
            axpy(1, w, mean);
            ger(1, w, w, second);
            count++;
        }
    scale(1.0 / count, mean);
    scale(1.0 / count, entries(second));
}

/* In the normal world of n > d examples, whose least squares are solved by hand: the
 * columns of Phi are made orthogonal to a residual that is drawn. */
static void assert_moments(struct world *world, int n, int d, int B,
                           enum sgd_drawing drawing)
{
    struct arena *arena = &world->arena;
    arena->used = 0;
    struct sgd_regression of = regression_make(world, n, d);
    vec r = normal_vec(arena, &world->rng, n),
        w_star = normal_vec(arena, &world->rng, d);
    vec e = normal_vec(arena, &world->rng, d), w_0 = arena_vec(arena, d);
    vec Phi_r = arena_vec(arena, d), mean = arena_vec(arena, d);
    mat second = arena_mat(arena, d, d);
    gemtv(1, of.Phi, r, 0, Phi_r);
    ger(-1 / dot(r, r), r, Phi_r, of.Phi);
    gemv(1, of.Phi, w_star, 0, of.t);
    axpy(-1, r, of.t);
    copy(w_star, w_0), axpy(1, e, w_0);
    enumerate(world, of, 0.3, B, drawing, w_star, w_0, mean, second);
    struct sgd_moments moments = sgd_moments_make(arena, of.Phi, r, e);
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            ck_assert_double_eq(row(moments.second, i).at[j], e.at[i] * e.at[j]);
    sgd_moments_step(0.3, sgd_share(n, B, drawing), &moments);
    assert_vec(moments.mean, mean, 1e5 * EPS);
    assert_vec(entries(moments.second), entries(second), 1e6 * EPS);
}

START_TEST(the_moments_of_one_step)
{
    struct world world = world_make("sgd/moments");
    for (int d = 1; d <= 4; d++)
        for (int n = 2; n <= 9; n++)
            for (int B = 1; B <= 2; B++) {
                assert_moments(&world, n, d, B, SGD_INDEPENDENT);
                assert_moments(&world, n, d, B, SGD_DISTINCT);
            }
    arena_free(&world.arena);
}
END_TEST

/* Two steps are a mixture: of the points after the first, each goes on as if it were a
 * start.  So the second moment must not be taken for the square of the mean. */
START_TEST(moments_go_on_from_a_cloud)
{
    struct world world = world_make("sgd/cloud");
    int n = 4, d = 2;
    mat Phi = normal_mat(&world.arena, &world.rng, n, d);
    vec zero = arena_vec(&world.arena, n), e = normal_vec(&world.arena, &world.rng, d);
    struct sgd_moments all = sgd_moments_make(&world.arena, Phi, zero, e);
    sgd_moments_step(0.2, 1, &all), sgd_moments_step(0.2, 1, &all);
    double excess = 0;
    for (int i = 0; i < n; i++) {
        vec next = arena_vec(&world.arena, d);
        copy(e, next);
        axpy(-0.2 * dot(row(Phi, i), e), row(Phi, i), next);
        struct sgd_moments one = sgd_moments_make(&world.arena, Phi, zero, next);
        sgd_moments_step(0.2, 1, &one);
        excess += sgd_moments_excess(&one) / n;
    }
    assert_near(sgd_moments_excess(&all), excess, 1e4 * EPS);
    arena_free(&world.arena);
}
END_TEST

/* Without noise in the minibatch they are those of descent; the excess is 1/2 e'He. */
START_TEST(the_moments_of_descent)
{
    real Phi[] = {2, 0, 0, 1}, e[] = {1, -4}, r[] = {0, 0};
    struct world world = world_make("sgd/moments of descent");
    struct sgd_moments of =
        sgd_moments_make(&world.arena, (mat){2, 2, Phi}, (vec){2, r}, (vec){2, e});
    ck_assert_double_eq(sgd_moments_excess(&of), 5);
    for (int k = 0; k < 3; k++)
        sgd_moments_step(0.5, 0, &of);
    double a = 0, b = -4 * pow(0.75, 3);
    assert_entries(of.mean, (double[]){a, b}, 10 * EPS);
    assert_entries(entries(of.second), (double[]){0, 0, 0, b * b}, 100 * EPS);
    /* One example of phi = 3, drawn alone: (1 - 0.1 * 9)^2 2^2. */
    struct sgd_moments single = sgd_moments_make(&world.arena, (mat){1, 1, (real[]){3}},
                                                 (vec){1, r}, (vec){1, (real[]){2}});
    sgd_moments_step(0.1, 1, &single);
    assert_near(single.second.at[0], 0.04, 100 * EPS);
    /* In seventy dimensions with the Hessian I, to half of each. */
    mat root = arena_mat(&world.arena, 70, 70);
    vec far = normal_vec(&world.arena, &world.rng, 70);
    for (int i = 0; i < 70; i++)
        row(root, i).at[i] = sqrt(70);
    struct sgd_moments wide =
        sgd_moments_make(&world.arena, root, arena_vec(&world.arena, 70), far);
    sgd_moments_step(0.5, 0, &wide);
    for (int i = 0; i < 70; i++)
        for (int j = 0; j < 70; j += 69)
            assert_near(row(wide.second, i).at[j], far.at[i] * far.at[j] / 4,
                        1e4 * EPS);
    r[0] = NAN;
    sgd_moments_step(0.5, 1, &of);
    ck_assert(isnan(sgd_moments_excess(&of)));
    arena_free(&world.arena);
}
END_TEST

/* A long run at a rate at which a half that is rounded otherwise than the other one
 * would drift away: M stays symmetric to the bit, and shrinks. */
START_TEST(moments_stay_symmetric)
{
    struct world world = world_make("sgd/symmetric");
    mat columns = normal_mat(&world.arena, &world.rng, 3, 40);
    mat Phi = arena_mat(&world.arena, 40, 3);
    vec r = arena_vec(&world.arena, 40), e = normal_vec(&world.arena, &world.rng, 3);
    for (int j = 0; j < 3; j++) /* H_jj = 1, 1/4, 1/9, whatever is drawn */
        scale(sqrt(40) / ((j + 1) * norm(row(columns, j))), row(columns, j));
    transpose(columns, Phi);
    struct sgd_moments of = sgd_moments_make(&world.arena, Phi, r, e);
    double before = sgd_moments_excess(&of);
    int crooked = 0;
    for (int k = 0; k < 500; k++) {
        sgd_moments_step(1, 1.0 / 40, &of);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < i; j++)
                crooked += row(of.second, i).at[j] != row(of.second, j).at[i];
    }
    ck_assert_int_eq(crooked, 0);
    ck_assert_double_lt(sgd_moments_excess(&of), 1e-6 * before);
    arena_free(&world.arena);
}
END_TEST

/* ---- Where it ends, and when it does not ------------------------------------------
 */

/* Sigma = (I - alpha H) Sigma (I - alpha H) + alpha^2 C, entry by entry. */
START_TEST(the_stationary_law_stays)
{
    struct world world = world_make("sgd/stationary");
    for (int d = 0; d <= 70; d += d < 5 ? 1 : 65) {
        vec h = arena_vec(&world.arena, d);
        mat C = normal_mat(&world.arena, &world.rng, d, d);
        mat Sigma = arena_mat(&world.arena, d, d);
        fill(NAN, entries(Sigma));
        rng_uniforms(&world.rng, 0.01, 1, h);
        sgd_stationary(h, C, 1.9, Sigma);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) {
                double S = row(Sigma, i).at[j], c = row(C, i).at[j];
                long double keep = (1 - 1.9L * h.at[i]) * (1 - 1.9L * h.at[j]);
                assert_near(S, keep * S + 1.9L * 1.9L * c, 100 * EPS * (fabs(S) + 4));
            }
    }
    real h[] = {2}, C[] = {NAN}, Sigma[1];
    sgd_stationary((vec){1, h}, (mat){1, 1, C}, 0.5, (mat){1, 1, Sigma});
    ck_assert(isnan(Sigma[0]));
    arena_free(&world.arena);
}
END_TEST

/* For d curvatures of 1 it is 2B / (B + d + 1); in other units it is in other units;
 * and a curvature that is far smaller than another one does not matter. */
START_TEST(the_critical_rate_of_equal_curvatures)
{
    static const real units[] = {1, 3, TINY, VAST, 1e8 * REAL_MIN, 1e-8 * REAL_MAX};
    struct world world = world_make("sgd/critical");
    for (int d = 1; d <= 72; d += d < 12 ? 1 : 60)
        for (int B = 1; B <= 100000; B *= 10)
            for (int k = 0; k < 6; k++) {
                world.arena.used = 0;
                vec h = arena_vec(&world.arena, d);
                fill(units[k], h);
                double law = 2.0 * B / (B + d + 1.0);
                assert_near(units[k] * sgd_critical_rate(h, B), law, 100 * EPS);
            }
    real far[] = {TINY, 1};
    assert_near(sgd_critical_rate((vec){2, far}, 3), 6.0 / 5, 100 * EPS);
    arena_free(&world.arena);
}
END_TEST

/* For two curvatures the sum is 1 at a root of a quadratic, of which it is the smaller
 * one. */
START_TEST(the_critical_rate_of_two_curvatures)
{
    struct world world = world_make("sgd/two");
    for (int k = 0; k < 200; k++) {
        real h[2];
        int B = 1 + rng_below(&world.rng, 50);
        rng_uniforms(&world.rng, 0.01, 1, (vec){2, h});
        long double g = 1 + 1.0L / B, s = (long double)h[0] + h[1];
        long double p = (long double)h[0] * h[1];
        /* x (s (2) - 2 x g p) / B = (2 - x g h_0)(2 - x g h_1) */
        long double a = g * g * p + 2 * g * p / B, b = -(2 * g * s + 2 * s / B), c = 4;
        long double root = 2 * c / (-b + sqrtl(b * b - 4 * a * c));
        assert_near(sgd_critical_rate((vec){2, h}, B), root, 1000 * EPS / h[0]);
    }
    arena_free(&world.arena);
}
END_TEST

/* ---- What is refused --------------------------------------------------------------
 */

START_TEST(what_cannot_be_is_refused)
{
    struct world world = world_make("sgd/refused");
    struct arena *arena = &world.arena;
    real at[] = {1, 1}, g[2];
    mat M = {1, 1, at};
    vec one = {1, at}, two = {2, at}, none = {0, at};
    ck_assert_stops("a minibatch of 0 from 3",
                    sgd_batches_make(arena, ask, NULL, 3, 0, SGD_DISTINCT, world.rng));
    ck_assert_stops("a minibatch of 1 from 0",
                    sgd_batches_make(arena, ask, NULL, 0, 1, SGD_DISTINCT, world.rng));
    ck_assert_stops("4 distinct examples of 3",
                    sgd_batches_make(arena, ask, NULL, 3, 4, SGD_DISTINCT, world.rng));
    ck_assert_stops("a minibatch of 0 from 3", sgd_share(3, 0, SGD_INDEPENDENT));
    ck_assert_stops("a minibatch of 1 from 0", sgd_share(0, 1, SGD_DISTINCT));
    ck_assert_stops("4 distinct examples of 3", sgd_share(3, 4, SGD_DISTINCT));
    ck_assert_stops("Phi has no rows",
                    sgd_moments_make(arena, (mat){0, 1, at}, none, one));
    ck_assert_stops("r has 2", sgd_moments_make(arena, M, two, one));
    ck_assert_stops("Phi is 1 x 2, r has 1 entries, e has 1",
                    sgd_moments_make(arena, (mat){1, 2, at}, one, one));
    ck_assert_stops("e has 2", sgd_moments_make(arena, M, one, two));
    struct sgd_moments of = sgd_moments_make(arena, M, one, one);
    ck_assert_stops("alpha must be finite and positive", sgd_moments_step(0, 1, &of));
    ck_assert_stops("alpha must be finite", sgd_moments_step(INFINITY, 1, &of));
    ck_assert_stops("share must be in [0, 1]", sgd_moments_step(1, -0.1, &of));
    ck_assert_stops("share must be in [0, 1]", sgd_moments_step(1, 1.1, &of));
    ck_assert_stops("share must be in [0, 1]", sgd_moments_step(1, NAN, &of));
    mat S = {1, 1, g};
    ck_assert_stops("C must be 2 x 2", sgd_stationary(two, M, 1, S));
    ck_assert_stops("Sigma must be 1 x 1", sgd_stationary(one, M, 1, (mat){1, 2, g}));
    ck_assert_stops("alpha h_0 must be in (0, 2), got 2", sgd_stationary(one, M, 2, S));
    ck_assert_stops("alpha h_0 must be in (0, 2)", sgd_stationary(one, M, 0, S));
    ck_assert_stops("alpha h_0 must be in (0, 2)", sgd_stationary(one, M, NAN, S));
    ck_assert_stops("0 curvatures", sgd_critical_rate(none, 1));
    ck_assert_stops("minibatches of 0", sgd_critical_rate(one, 0));
    at[0] = 0;
    ck_assert_stops("h_0 must be positive and finite", sgd_critical_rate(one, 1));
    at[0] = 1, at[1] = INFINITY;
    ck_assert_stops("h_1 must be positive and finite, got inf",
                    sgd_critical_rate(two, 1));
    vec many = arena_vec(arena, 70);
    mat wide = arena_mat(arena, 70, 70);
    fill(1, many);
    many.at[69] = -1;
    ck_assert_stops("h_69 must be positive and finite, got -1",
                    sgd_critical_rate(many, 1));
    ck_assert_stops("alpha h_69 must be in (0, 2)",
                    sgd_stationary(many, wide, 1, wide));
    arena_free(arena);
}
END_TEST

/* ---- More of them ---------------------------------------------------------------- */

/* What was drawn is told, so the noise is root z, whatever the shape of the root. */
START_TEST(the_noise_is_its_root_times_what_was_drawn)
{
    struct world world = world_make("sgd/root");
    for (int n = 1; n <= 3; n++)
        for (int k = 1; k <= 3; k++) {
            mat root = normal_mat(&world.arena, &world.rng, n, k);
            vec w = arena_vec(&world.arena, n), g = arena_vec(&world.arena, n);
            struct sgd_noise by = {slope_of_one, NULL, root, arena_vec(&world.arena, k),
                                   world.rng};
            fill(NAN, g);
            sgd_noisy_gradient(&by, w, g);
            for (int i = 0; i < n; i++) {
                long double noise = 1;
                for (int j = 0; j < k; j++)
                    noise += (long double)row(root, i).at[j] * by.z.at[j];
                assert_near(g.at[i], noise, 20 * EPS * (1 + norm(row(root, i)) * 3));
            }
            world.rng = by.rng;
        }
    arena_free(&world.arena);
}
END_TEST

static void count(void *counts, const int *chosen, int B, vec w, vec grad)
{
    (void)w, (void)grad;
    for (int k = 0; k < B; k++)
        ((int *)counts)[chosen[k]]++;
}

/* 21000 draws of n: an example that is missed by all of them has a chance of e^-70. */
START_TEST(the_last_of_many_examples_is_drawn_too)
{
    static const int numbers[] = {1, 64, 65, 300};
    struct world world = world_make("sgd/last");
    for (int i = 0; i < 8; i++) {
        int counts[300] = {0}, n = numbers[i / 2], B = n < 7 ? n : 7;
        struct sgd_batches from =
            sgd_batches_make(&world.arena, count, counts, n, B,
                             i % 2 ? SGD_DISTINCT : SGD_INDEPENDENT, world.rng);
        for (int k = 0; k < 21000 / B; k++)
            sgd_gradient(&from, (vec){0}, (vec){0});
        for (int j = 0; j < n; j++)
            ck_assert_int_gt(counts[j], 0);
        world.rng = from.rng;
    }
    arena_free(&world.arena);
}
END_TEST

/* E 1/2 e'He of one e: 1/2n sum of (phi_i'e)^2. */
START_TEST(the_excess_in_any_number_of_dimensions)
{
    static const int shapes[][2] = {{1, 1}, {2, 3}, {3, 2}, {80, 70}, {5, 130}};
    struct world world = world_make("sgd/excess");
    for (int k = 0; k < 5; k++) {
        int n = shapes[k][0], d = shapes[k][1];
        world.arena.used = 0;
        mat Phi = normal_mat(&world.arena, &world.rng, n, d);
        vec r = arena_vec(&world.arena, n), e = normal_vec(&world.arena, &world.rng, d);
        struct sgd_moments of = sgd_moments_make(&world.arena, Phi, r, e);
        long double sum = 0;
        for (int i = 0; i < n; i++) {
            long double product = 0;
            for (int j = 0; j < d; j++)
                product += (long double)row(Phi, i).at[j] * e.at[j];
            sum += product * product / (2 * n);
        }
        double size = dot(entries(Phi), entries(Phi)) * dot(e, e) / n;
        assert_near(sgd_moments_excess(&of), sum, (n + 2 * d + 8) * EPS * size);
    }
    arena_free(&world.arena);
}
END_TEST

int main(void)
{
    return unit_run("sgd", (const TTest *[]){every_example_is_drawn_as_often,
                                             the_stream_goes_on,
                                             the_share_of_a_minibatch,
                                             the_gradient_of_chosen_examples,
                                             a_long_minibatch_is_drawn_to_its_end,
                                             examples_that_are_not_chosen_are_not_read,
                                             a_run_on_all_examples_is_descent,
                                             a_long_run_is_many_short_ones,
                                             the_noise_has_its_covariance,
                                             the_moments_of_one_step,
                                             moments_go_on_from_a_cloud,
                                             the_moments_of_descent,
                                             moments_stay_symmetric,
                                             the_stationary_law_stays,
                                             the_critical_rate_of_equal_curvatures,
                                             the_critical_rate_of_two_curvatures,
                                             what_cannot_be_is_refused,
                                             the_noise_is_its_root_times_what_was_drawn,
                                             the_last_of_many_examples_is_drawn_too,
                                             the_excess_in_any_number_of_dimensions,
                                             NULL});
}
