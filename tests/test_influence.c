/* The contract of influence.h.  What the functions mean is for the claims of the
 * chapter; here each is held against its formula in plain sums, against a fit to the
 * other examples, or against the equation that it solves, on all sizes and at the
 * edges. */
#include "ground/unit.h"
#include "ground/worlds.h"
#include "influence.h"
#include "stationary_point.h"

#include <float.h>
#include <math.h>

static const double EPS = DBL_EPSILON;

/* What central differences leave of a second derivative, with the best step. */
static double of_differences(void) { return 100 * pow(REAL_EPSILON, 2.0 / 3); }

/* A gradient so small, or where rounding leaves more, what is safely above that. */
static double reachable(double tolerance)
{
    return fmax(tolerance, 500 * REAL_EPSILON);
}

struct world {
    struct arena arena;
    struct rng rng;
};

static struct world world_make(const char *test)
{
    return (struct world){arena_make(1 << 22), unit_rng(test)};
}

/* ---- Weights that are forgotten -------------------------------------------------- */

START_TEST(slopes_of_all_tails)
{
    static const double tails[] = {1e-3, 0.5, 1, 2, 7.5, 1e6, 1e9, 1e300};
    for (int k = 0; k < 8; k++)
        for (double m = -0.9 * fmin(1, tails[k]); m < 40; m += 0.7) {
            long double law = -(tails[k] + 1.0L) * log1pl(m / (long double)tails[k]);
            assert_near(inf_log_slope(tails[k], m), law,
                        8 * EPS * (1 + fabs((double)law)));
            assert_near(inf_log_slope(INFINITY, m), -m, 0);
        }
    ck_assert(inf_log_slope(INFINITY, -1e160) == 1e160);
    ck_assert(inf_log_slope(2, -2) == INFINITY);
    ck_assert(isnan(inf_log_slope(2, -2.5)));
    ck_assert(isnan(inf_log_slope(2, NAN)) && isnan(inf_log_slope(INFINITY, NAN)));
    ck_assert_stops("tail must be positive, got 0", inf_log_slope(0, 1));
    ck_assert_stops("tail must be positive, got nan", inf_log_slope(NAN, 1));
}
END_TEST

START_TEST(the_field_is_its_sum)
{
    static const double tails[] = {INFINITY, 3};
    struct world world = world_make("influence/field");
    for (int n = 0; n <= 70; n += n < 5 ? 1 : 65)
        for (int d = 1; d <= 4; d++)
            for (int k = 0; k < 2; k++) {
                world.arena.used = 0;
                struct inf_flow of = {normal_mat(&world.arena, &world.rng, n, d),
                                      arena_vec(&world.arena, n), tails[k]};
                vec w = arena_vec(&world.arena, d), dw = arena_vec(&world.arena, d);
                rng_uniforms(&world.rng, 0.1, 5, of.c);
                rng_normals(&world.rng, 0, 0.1, w);
                fill(NAN, dw);
                inf_flow_field(&of, 1.5, w, dw);
                for (int j = 0; j < d; j++) {
                    long double sum = 0, size = 0;
                    for (int i = 0; i < n; i++) {
                        long double m = 0, slope;
                        for (int l = 0; l < d; l++)
                            m += (long double)row(of.Z, i).at[l] * w.at[l];
                        slope = k == 0 ? expl(-m) : powl(1 + m / 3, -4);
                        slope *= of.c.at[i] * expl(1.5L) * row(of.Z, i).at[j];
                        sum += slope, size += fabsl(slope);
                    }
                    assert_near(dw.at[j], sum, 100 * EPS * (double)size);
                }
            }
    struct inf_flow of = {normal_mat(&world.arena, &world.rng, 3, 2),
                          arena_vec(&world.arena, 2), 1};
    vec w = arena_vec(&world.arena, 2), dw = arena_vec(&world.arena, 2);
    ck_assert_stops("c has 2 entries, Z has 3 rows", inf_flow_field(&of, 0, w, dw));
    arena_free(&world.arena);
}
END_TEST

/* exp(tau - m) is finite where exp(tau) is not. */
START_TEST(the_field_is_finite_late)
{
    real z[] = {1}, c[] = {2}, w[] = {VAST}, dw[] = {NAN};
    struct inf_flow of = {{1, 1, z}, {1, c}, INFINITY};
    inf_flow_field(&of, w[0], (vec){1, w}, (vec){1, dw});
    ck_assert_double_eq(dw[0], 2);
    w[0] = NAN;
    inf_flow_field(&of, 1, (vec){1, w}, (vec){1, dw});
    ck_assert(isnan(dw[0]));
}
END_TEST

/* ---- Ridge ------------------------------------------------------------------------
 */

/* Without example i, at the same N lambda: its row and its target are 0. */
START_TEST(ridge_without_one_is_a_fit_to_the_others)
{
    struct world world = world_make("influence/ridge");
    for (int N = 1; N <= 70; N += N < 9 ? 2 : 61)
        for (int n = 1; n <= (N < 70 ? 12 : 3); n += 1 + n / 3) {
            world.arena.used = 0;
            mat Phi = normal_mat(&world.arena, &world.rng, N, n);
            vec t = normal_vec(&world.arena, &world.rng, N);
            vec w = arena_vec(&world.arena, n), other = arena_vec(&world.arena, n);
            struct inf_ridge ridge;
            ck_assert_int_eq(inf_ridge_fit(Phi, t, 0.2, &world.arena, &ridge),
                             FACTOR_OK);
            double limit = 1e4 * EPS * (1 + norm(t));
            sp_ridge_fit(Phi, t, 0.2, &world.arena, w);
            for (int j = 0; j < n; j++)
                assert_near(ridge.w.at[j], w.at[j], limit);
            for (int i = 0; i < N; i++) {
                mat rest = arena_mat(&world.arena, N, n);
                vec targets = arena_vec(&world.arena, N);
                assert_near(ridge.r.at[i], dot(row(Phi, i), ridge.w) - t.at[i], limit);
                ck_assert(0 <= ridge.h.at[i] && ridge.h.at[i] < 1);
                copy(entries(Phi), entries(rest));
                copy(t, targets);
                fill(0, row(rest, i));
                targets.at[i] = 0;
                sp_ridge_fit(rest, targets, 0.2, &world.arena, w);
                fill(NAN, other);
                inf_ridge_without(&ridge, i, other);
                for (int j = 0; j < n; j++)
                    assert_near(other.at[j], w.at[j], limit);
                assert_near(inf_ridge_residual_without(&ridge, i),
                            dot(row(Phi, i), w) - t.at[i], 10 * limit);
            }
        }
    arena_free(&world.arena);
}
END_TEST

START_TEST(ridge_of_one_number)
{
    double large = IS_DOUBLE ? 1e150 : 1e15;
    double units[] = {1, 1 / large, large};
    struct world world = world_make("influence/one");
    for (int k = 0; k < 3; k++) {
        real u = units[k], phi[] = {3 * u}, t[] = {5}, w[1];
        struct inf_ridge ridge;
        /* (9 + 1) u^2 w = 15 u, a residual of -1/2 and a leverage of 9/10. */
        ck_assert_int_eq(inf_ridge_fit((mat){1, 1, phi}, (vec){1, t}, (double)u * u,
                                       &world.arena, &ridge),
                         FACTOR_OK);
        assert_near(ridge.w.at[0] * u, 1.5, 20 * EPS);
        assert_near(ridge.r.at[0], -0.5, 60 * EPS);
        assert_near(ridge.h.at[0], 0.9, 20 * EPS);
        assert_near(ridge.pull.at[0] * u, 0.3, 20 * EPS);
        assert_near(inf_ridge_residual_without(&ridge, 0), -5, 1000 * EPS);
        inf_ridge_without(&ridge, 0, (vec){1, w});
        assert_near(w[0] * u, 0, 1000 * EPS);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(ridge_refuses)
{
    struct world world = world_make("influence/refuses");
    real phi[] = {1, 2}, t[] = {1, 1};
    struct inf_ridge ridge;
    mat Phi = {2, 1, phi};
    ck_assert_stops("lambda must be positive, got 0",
                    inf_ridge_fit(Phi, (vec){2, t}, 0, &world.arena, &ridge));
    ck_assert_stops("lambda must be positive, got inf",
                    inf_ridge_fit(Phi, (vec){2, t}, INFINITY, &world.arena, &ridge));
    ck_assert_stops("lambda must be positive, got nan",
                    inf_ridge_fit(Phi, (vec){2, t}, NAN, &world.arena, &ridge));
    ck_assert_stops("Phi has 2 rows, t has 1 entries",
                    inf_ridge_fit(Phi, (vec){1, t}, 1, &world.arena, &ridge));
    inf_ridge_fit(Phi, (vec){2, t}, 1, &world.arena, &ridge);
    ck_assert_stops("example 2 of 2", inf_ridge_residual_without(&ridge, 2));
    ck_assert_stops("example -1 of 2", inf_ridge_residual_without(&ridge, -1));
    phi[0] = NAN;
    ck_assert_int_eq(inf_ridge_fit(Phi, (vec){2, t}, 1, &world.arena, &ridge),
                     FACTOR_NOT_POSITIVE);
    arena_free(&world.arena);
}
END_TEST

/* It keeps what it says, and no more. */
START_TEST(ridge_gives_its_scratch_back)
{
    struct world world = world_make("influence/scratch");
    struct inf_ridge ridge;
    mat Phi = normal_mat(&world.arena, &world.rng, 7, 3);
    vec t = normal_vec(&world.arena, &world.rng, 7);
    size_t used = world.arena.used;
    for (int fails = 0; fails < 2; fails++) {
        Phi.at[4] = fails ? NAN : Phi.at[4];
        world.arena.used = used;
        ck_assert_int_eq(inf_ridge_fit(Phi, t, 1, &world.arena, &ridge),
                         fails ? FACTOR_NOT_POSITIVE : FACTOR_OK);
        ck_assert_uint_le(world.arena.used - used,
                          (7 * 3 + 3 + 14) * sizeof(real) + 256);
    }
    arena_free(&world.arena);
}
END_TEST

/* ---- Examples with weights --------------------------------------------------------
 */

enum { EXAMPLES = 6, INPUTS = 3 };

/* The squared distance, halved, of a network's outputs from t: hidden units of tanh, or
 * with none of them a linear model. */
struct net {
    int hidden;
    mat X; /* EXAMPLES x INPUTS */
    vec t;
    vec w; /* hidden x INPUTS, and what multiplies each unit; or INPUTS */
    struct inf_problem of;
};

static double net_losses(void *examples, vec c, vec w, vec grad)
{
    const struct net *net = examples;
    double sum = 0;
    fill(0, grad);
    for (int i = 0; i < EXAMPLES; i++) {
        const real *x = row(net->X, i).at, *a = w.at + net->hidden * INPUTS;
        double f = 0, h[8];
        for (int u = 0; u < net->hidden; u++) {
            double z = 0;
            for (int j = 0; j < INPUTS; j++)
                z += w.at[u * INPUTS + j] * x[j];
            f += a[u] * (h[u] = tanh(z));
        }
        for (int j = 0; j < INPUTS && !net->hidden; j++)
            f += w.at[j] * x[j];
        double off = f - net->t.at[i];
        sum += c.at[i] * off * off / 2;
        off *= c.at[i];
        for (int u = 0; u < net->hidden; u++) {
            grad.at[net->hidden * INPUTS + u] += off * h[u];
            for (int j = 0; j < INPUTS; j++)
                grad.at[u * INPUTS + j] += off * a[u] * (1 - h[u] * h[u]) * x[j];
        }
        for (int j = 0; j < INPUTS && !net->hidden; j++)
            grad.at[j] += off * x[j];
    }
    return sum;
}

static void net_make(struct world *world, int hidden, double lambda, struct net *net)
{
    net->hidden = hidden;
    net->X = normal_mat(&world->arena, &world->rng, EXAMPLES, INPUTS);
    net->t = normal_vec(&world->arena, &world->rng, EXAMPLES);
    net->w =
        normal_vec(&world->arena, &world->rng, hidden ? hidden * (INPUTS + 1) : INPUTS);
    net->of = inf_problem_make(&world->arena, net_losses, net, EXAMPLES, lambda);
}

START_TEST(logistic_losses)
{
    struct world world = world_make("influence/logistic");
    for (int n = 0; n <= 70; n += n < 5 ? 1 : 65)
        for (int d = 1; d <= 3; d++) {
            world.arena.used = 0;
            mat Z = normal_mat(&world.arena, &world.rng, n, d);
            vec c = arena_vec(&world.arena, n), grad = arena_vec(&world.arena, d);
            vec w = normal_vec(&world.arena, &world.rng, d);
            rng_uniforms(&world.rng, 0, 3, c);
            scale(4, w);
            fill(NAN, grad);
            long double sum = 0, size = 0, slope[3] = {0};
            for (int i = 0; i < n; i++) {
                long double m = 0;
                for (int j = 0; j < d; j++)
                    m += (long double)row(Z, i).at[j] * w.at[j];
                sum += c.at[i] * logl(1 + expl(-m));
                size += c.at[i] * (1 + fabsl(m));
                for (int j = 0; j < d; j++)
                    slope[j] -= c.at[i] * row(Z, i).at[j] / (1 + expl(m));
            }
            double limit = 200 * EPS * (double)size;
            assert_near(inf_logistic(&Z, c, w, grad), sum, limit);
            for (int j = 0; j < d; j++)
                assert_near(grad.at[j], slope[j], limit * (1 + max_norm(entries(Z))));
        }
    real z[] = {1, -1}, c[] = {3, 5}, w[] = {VAST}, grad[] = {NAN};
    mat Z = {2, 1, z};
    ck_assert(inf_logistic(&Z, (vec){2, c}, (vec){1, w}, (vec){1, grad}) ==
              5 * (double)w[0]);
    ck_assert_double_eq(grad[0], 5);
    w[0] = 0;
    assert_near(inf_logistic(&Z, (vec){2, c}, (vec){1, w}, (vec){1, grad}), 8 * log(2),
                20 * EPS);
    ck_assert_double_eq(grad[0], 1);
    w[0] = NAN;
    ck_assert(isnan(inf_logistic(&Z, (vec){2, c}, (vec){1, w}, (vec){1, grad})));
    ck_assert(isnan(grad[0]));
    ck_assert_stops("c has 1 entries, Z has 2 rows",
                    inf_logistic(&Z, (vec){1, c}, (vec){1, w}, (vec){1, grad}));
    arena_free(&world.arena);
}
END_TEST

START_TEST(gradients_of_weighted_examples)
{
    struct world world = world_make("influence/gradient");
    for (int hidden = 0; hidden <= 4; hidden += 2) {
        world.arena.used = 0;
        struct net net;
        net_make(&world, hidden, 0.3, &net);
        vec grad = arena_vec(&world.arena, net.w.n),
            g = arena_vec(&world.arena, net.w.n);
        ck_assert(isnan(net.of.value));
        for (int i = 0; i < EXAMPLES; i++)
            ck_assert_double_eq(net.of.c.at[i], (real)(1.0 / EXAMPLES));
        rng_uniforms(&world.rng, 0, 2, net.of.c);
        net.of.c.at[1] = 0;
        fill(NAN, grad);
        inf_gradient(&net.of, net.w, grad);
        double lost = net_losses(&net, net.of.c, net.w, g);
        assert_near(net.of.value, lost + 0.15 * dot(net.w, net.w),
                    100 * EPS * (1 + lost));
        for (int j = 0; j < g.n; j++)
            assert_near(grad.at[j], g.at[j] + 0.3 * net.w.at[j],
                        100 * EPS * (1 + norm(g)));
        for (int i = 0; i < EXAMPLES; i++) {
            size_t used = world.arena.used;
            vec alone = arena_vec(&world.arena, g.n);
            fill(NAN, alone);
            inf_example_gradient(&net.of, net.w, i, &world.arena, alone);
            axpy(-net.of.c.at[i], alone, g);
            world.arena.used = used;
        }
        ck_assert_double_le(max_norm(g), rounded(1e-12));
        ck_assert_double_eq(net.of.lambda, 0.3);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(problems_are_checked)
{
    struct world world = world_make("influence/checked");
    struct net net;
    net_make(&world, 2, 0, &net);
    vec g = arena_vec(&world.arena, net.w.n);
    ck_assert_stops("needs one, got 0",
                    inf_problem_make(&world.arena, net_losses, &net, 0, 1));
    ck_assert_stops("lambda must be finite and not negative, got -1",
                    inf_problem_make(&world.arena, net_losses, &net, EXAMPLES, -1));
    ck_assert_stops("lambda must be finite and not negative, got nan",
                    inf_problem_make(&world.arena, net_losses, &net, EXAMPLES, NAN));
    ck_assert_stops("lambda must be finite and not negative, got inf",
                    inf_problem_make(&world.arena, net_losses, &net, EXAMPLES,
                                     INFINITY));
    ck_assert_stops("example 6 of 6",
                    inf_example_gradient(&net.of, net.w, EXAMPLES, &world.arena, g));
    ck_assert_stops("example -1 of 6", inf_influence(&net.of, net.w, (mat){0, 0, NULL},
                                                     -1, &world.arena, g));
    ck_assert_stops("tolerance must be positive, got 0",
                    inf_minimize(&net.of, 0, 10, &world.arena, net.w));
    arena_free(&world.arena);
}
END_TEST

/* ---- Second derivatives, and a minimum --------------------------------------------
 */

/* Of the linear model: X' diag(c) X + lambda I. */
static mat linear_hessian(struct world *world, const struct net *net)
{
    mat H = arena_mat(&world->arena, INPUTS, INPUTS);
    for (int j = 0; j < INPUTS; j++) {
        for (int i = 0; i < EXAMPLES; i++)
            for (int k = 0; k < INPUTS; k++)
                row(H, j).at[k] +=
                    net->of.c.at[i] * row(net->X, i).at[j] * row(net->X, i).at[k];
        row(H, j).at[j] += net->of.lambda;
    }
    return H;
}

START_TEST(hessians)
{
    struct world world = world_make("influence/hessian");
    struct net net;
    net_make(&world, 0, 0.25, &net);
    rng_uniforms(&world.rng, 0, 2, net.of.c);
    mat H = arena_mat(&world.arena, INPUTS, INPUTS), law = linear_hessian(&world, &net);
    size_t used = world.arena.used;
    fill(NAN, entries(H));
    inf_hessian(&net.of, net.w, &world.arena, H);
    ck_assert_uint_eq(world.arena.used, used);
    for (int k = 0; k < entries(H).n; k++)
        assert_near(H.at[k], law.at[k], of_differences());
    net_make(&world, 3, 0.25, &net);
    int P = net.w.n;
    mat big = arena_mat(&world.arena, P, P);
    vec v = normal_vec(&world.arena, &world.rng, P), Hv = arena_vec(&world.arena, P);
    inf_hessian(&net.of, net.w, &world.arena, big);
    hessian_product(inf_gradient, &net.of, net.w, v, &world.arena, Hv);
    gemv(-1, big, v, 1, Hv);
    ck_assert_double_le(max_norm(Hv),
                        of_differences() * (1 + norm(entries(big))) * norm(v));
    for (int i = 0; i < P; i++)
        for (int j = 0; j < i; j++)
            ck_assert_double_eq(row(big, i).at[j], row(big, j).at[i]);
    arena_free(&world.arena);
}
END_TEST

START_TEST(minima_of_networks)
{
    struct world world = world_make("influence/minimum");
    for (int hidden = 0; hidden <= 4; hidden += 2) {
        world.arena.used = 0;
        struct net net;
        net_make(&world, hidden, 0.01, &net);
        vec grad = arena_vec(&world.arena, net.w.n);
        inf_gradient(&net.of, net.w, grad);
        double before = net.of.value;
        size_t used = world.arena.used;
        double tolerance = reachable(1e-10);
        ck_assert_int_eq(inf_minimize(&net.of, tolerance, 2000, &world.arena, net.w),
                         INF_OK);
        ck_assert_uint_eq(world.arena.used, used);
        inf_gradient(&net.of, net.w, grad);
        ck_assert_double_le(norm(grad), tolerance);
        ck_assert_double_lt(net.of.value, before);
    }
    arena_free(&world.arena);
}
END_TEST

/* A quadratic takes one step, and what the differences are wrong by leaves a second;
 * none is taken where the gradient is small enough, and none where there are none. */
START_TEST(minima_are_found_in_so_many_steps)
{
    struct world world = world_make("influence/steps");
    struct net net;
    net_make(&world, 0, 0.1, &net);
    vec w = net.w, from = arena_vec(&world.arena, w.n),
        grad = arena_vec(&world.arena, w.n);
    copy(w, from);
    ck_assert_int_eq(inf_minimize(&net.of, 1e-3, 0, &world.arena, w),
                     INF_NO_CONVERGENCE);
    ck_assert_int_eq(inf_minimize(&net.of, 1e6, 5, &world.arena, w), INF_OK);
    ck_assert(w.at[0] == from.at[0] && w.at[2] == from.at[2]);
    ck_assert_int_eq(inf_minimize(&net.of, of_differences(), 1, &world.arena, w),
                     INF_OK);
    ck_assert_int_eq(inf_minimize(&net.of, reachable(1e-12), 2, &world.arena, w),
                     INF_OK);
    /* At the minimum, where rounding makes J larger or not. */
    ck_assert_int_eq(inf_minimize(&net.of, 1e-300, 3, &world.arena, w),
                     INF_NO_CONVERGENCE);
    inf_gradient(&net.of, w, grad);
    ck_assert_double_le(norm(grad), reachable(1e-12));
    arena_free(&world.arena);
}
END_TEST

/* ln(1 + e^-3w) + ln(1 + e^w) is convex, and Newton's step from 6 goes far beyond its
 * minimum; undamped, it would run away.  And a NaN is no minimum. */
START_TEST(steps_that_would_go_up_are_damped)
{
    struct world world = world_make("influence/damped");
    real z[] = {3, -1}, w[] = {6}, grad[1];
    mat Z = {2, 1, z};
    struct inf_problem of = inf_problem_make(&world.arena, inf_logistic, &Z, 2, 0);
    double tolerance = reachable(1e-12);
    ck_assert_int_eq(inf_minimize(&of, tolerance, 60, &world.arena, (vec){1, w}),
                     INF_OK);
    inf_gradient(&of, (vec){1, w}, (vec){1, grad});
    ck_assert(fabs(grad[0]) <= tolerance && fabs(w[0]) < 1);
    w[0] = NAN;
    ck_assert_int_eq(inf_minimize(&of, 1e-12, 60, &world.arena, (vec){1, w}),
                     INF_NO_CONVERGENCE);
    w[0] = 6, z[1] = NAN;
    ck_assert_int_eq(inf_minimize(&of, 1e-12, 60, &world.arena, (vec){1, w}),
                     INF_NO_CONVERGENCE);
    ck_assert_double_eq(w[0], 6);
    arena_free(&world.arena);
}
END_TEST

/* The gradient of w^2 / 2, and a value that rises by the step at each call. */
struct riser {
    int calls;
    double step;
    double asked[64]; /* where */
};

static double rising_losses(void *examples, vec c, vec w, vec grad)
{
    struct riser *of = examples;
    (void)c;
    grad.at[0] = of->asked[of->calls] = w.at[0];
    return of->step * of->calls++;
}

/* One call at first, two for the Hessian, which is 1, and thirty tries, with more
 * damping each; and as low as before is low enough. */
START_TEST(thirty_tries_are_made)
{
    struct world world = world_make("influence/tries");
    struct riser riser = {0, 1, {0}};
    real at[] = {1};
    vec w = {1, at};
    struct inf_problem of = inf_problem_make(&world.arena, rising_losses, &riser, 1, 0);
    double tolerance = of_differences();
    ck_assert_int_eq(inf_minimize(&of, tolerance, 9, &world.arena, w),
                     INF_NO_CONVERGENCE);
    ck_assert(riser.calls == 1 + 2 + 30 && at[0] == 1);
    double mu = 0;
    for (int k = 3; k < 33; k++) {
        assert_near(riser.asked[k], 1 - 1 / (1 + mu), tolerance);
        mu = k == 3 ? pow(REAL_EPSILON, 2.0 / 3) : 4 * mu;
    }
    riser = (struct riser){0, 0, {0}};
    ck_assert_int_eq(inf_minimize(&of, tolerance, 9, &world.arena, w), INF_OK);
    ck_assert(riser.calls == 1 + 2 + 1 && fabs(at[0]) <= tolerance);
    arena_free(&world.arena);
}
END_TEST

/* w^2 / 2 + w^4 / 4, on which Newton's step leaves 2 w^3 / (1 + 3 w^2): from 1 it is at
 * 0.5, 0.14, 5e-3, 3e-7 and 8e-20, as long as nothing is damped. */
static double quartic_losses(void *examples, vec c, vec w, vec grad)
{
    double square = w.at[0] * w.at[0];
    (void)examples;
    grad.at[0] = c.at[0] * (1 + square) * w.at[0];
    return c.at[0] * (square / 2 + square * square / 4);
}

START_TEST(the_order_is_two)
{
    struct world world = world_make("influence/order");
    real at[] = {1};
    struct inf_problem of = inf_problem_make(&world.arena, quartic_losses, NULL, 1, 0);
    /* From 5e-3 on, differences are wrong by eps^(2/3) of each step. */
    double tolerance = fmax(1e-12, 1e-3 * REAL_EPSILON);
    ck_assert_int_eq(inf_minimize(&of, tolerance, 5, &world.arena, (vec){1, at}),
                     INF_OK);
    ck_assert_double_le(fabs(at[0]), tolerance);
    arena_free(&world.arena);
}
END_TEST

/* ---- Influence ------------------------------------------------------------------ */

/* H dw = c_i grad l_i, with the Hessian of a linear model. */
START_TEST(influence_solves_its_equation)
{
    struct world world = world_make("influence/influence");
    struct net net;
    net_make(&world, 0, 0.25, &net);
    rng_uniforms(&world.rng, 0.5, 2, net.of.c);
    ck_assert_int_eq(inf_minimize(&net.of, reachable(1e-11), 20, &world.arena, net.w),
                     INF_OK);
    mat H = linear_hessian(&world, &net);
    vec dw = arena_vec(&world.arena, net.w.n), g = arena_vec(&world.arena, net.w.n);
    for (int i = 0; i < EXAMPLES; i++) {
        struct unit_watch read = WATCH(&world.arena, entries(H), net.w, net.of.c);
        size_t used = world.arena.used;
        fill(NAN, dw);
        ck_assert_int_eq(inf_influence(&net.of, net.w, H, i, &world.arena, dw),
                         FACTOR_OK);
        ck_assert_uint_eq(world.arena.used, used);
        assert_unchanged(&read);
        inf_example_gradient(&net.of, net.w, i, &world.arena, g);
        gemv(1, H, dw, -net.of.c.at[i], g);
        ck_assert_double_le(max_norm(g), rounded(1e-12) * (1 + norm(dw)));
    }
    arena_free(&world.arena);
}
END_TEST

/* 1/2 (uv - 1)^2. */
static double product_losses(void *examples, vec c, vec w, vec grad)
{
    (void)examples;
    double off = w.at[0] * w.at[1] - 1;
    grad.at[0] = c.at[0] * off * w.at[1], grad.at[1] = c.at[0] * off * w.at[0];
    return c.at[0] * off * off / 2;
}

/* At (0.1, 0.1) the Hessian is (0.01, -0.98; -0.98, 0.01), that of a saddle. */
START_TEST(influence_knows_a_saddle)
{
    struct world world = world_make("influence/saddle");
    real w[] = {0.1, 0.1}, dw[2], h[4];
    mat H = {2, 2, h};
    struct inf_problem of = inf_problem_make(&world.arena, product_losses, NULL, 1, 0);
    inf_hessian(&of, (vec){2, w}, &world.arena, H);
    assert_near(h[0], 0.01, of_differences());
    assert_near(h[1], -0.98, of_differences());
    ck_assert_int_eq(inf_influence(&of, (vec){2, w}, H, 0, &world.arena, (vec){2, dw}),
                     FACTOR_NOT_POSITIVE);
    assert_near(dw[0], -0.099, 10 * EPS);
    /* From there, the way to a minimum is damped. */
    double tolerance = reachable(1e-10);
    ck_assert_int_eq(inf_minimize(&of, tolerance, 50, &world.arena, (vec){2, w}),
                     INF_OK);
    assert_near(w[0] * w[1], 1, 10 * tolerance);
    arena_free(&world.arena);
}
END_TEST

/* Of a margin that is large the slope is e^-m, to the last digits, as far as there is
 * such a number. */
START_TEST(logistic_slopes_far_out)
{
    for (real m = 1; m < -log(REAL_MIN); m *= 1.4) {
        real z[] = {1}, c[] = {2}, w[] = {m}, grad[] = {NAN};
        mat Z = {1, 1, z};
        double lost = inf_logistic(&Z, (vec){1, c}, (vec){1, w}, (vec){1, grad});
        long double small = expl(-(long double)m);
        assert_near(lost, 2 * log1pl(small), 10 * EPS * (double)small);
        assert_near(grad[0], -2 * small / (1 + small), 10 * EPS * (double)small);
        w[0] = -m;
        lost = inf_logistic(&Z, (vec){1, c}, (vec){1, w}, (vec){1, grad});
        assert_near(lost, 2 * (m + log1pl(small)), 10 * EPS * m);
        assert_near(grad[0], -2 / (1 + small), 10 * EPS);
    }
}
END_TEST

/* One example and one weight, c ln(1 + e^-zw) + lambda/2 w^2, where all can be written
 * out; nothing but w is moved, and the scratch is back. */
START_TEST(one_example_and_one_weight)
{
    struct world world = world_make("influence/single");
    real z[] = {1.5}, w[] = {0.4}, grad[1], h[1], dw[1];
    mat Z = {1, 1, z}, H = {1, 1, h};
    vec at = {1, w}, slope = {1, grad}, move = {1, dw};
    struct inf_problem of = inf_problem_make(&world.arena, inf_logistic, &Z, 1, 0.3);
    ck_assert_double_eq(of.c.at[0], 1);
    of.c.at[0] = 0.7;
    size_t used = world.arena.used;
    double p = 1 / (1 + exp(0.6)); /* what is missing of a sure answer */
    inf_gradient(&of, at, slope);
    assert_near(of.value, 0.7 * log1p(exp(-0.6)) + 0.15 * 0.16, 10 * EPS);
    assert_near(grad[0], -0.7 * 1.5 * p + 0.3 * 0.4, 10 * EPS);
    inf_example_gradient(&of, at, 0, &world.arena, slope);
    assert_near(grad[0], -1.5 * p, 10 * EPS);
    inf_hessian(&of, at, &world.arena, H);
    assert_near(h[0], 0.7 * 1.5 * 1.5 * p * (1 - p) + 0.3, of_differences());
    ck_assert_int_eq(inf_influence(&of, at, H, 0, &world.arena, move), FACTOR_OK);
    assert_near(dw[0] * h[0], -0.7 * 1.5 * p, 10 * EPS);
    h[0] = -1;
    ck_assert_int_eq(inf_influence(&of, at, H, 0, &world.arena, move),
                     FACTOR_NOT_POSITIVE);
    ck_assert(w[0] == (real)0.4 && z[0] == 1.5 && of.c.at[0] == (real)0.7);
    ck_assert_int_eq(inf_minimize(&of, reachable(1e-13), 20, &world.arena, at), INF_OK);
    assert_near(0.3 * w[0] * (1 + exp(1.5 * w[0])), 0.7 * 1.5, 1e-12);
    ck_assert(z[0] == 1.5 && of.c.at[0] == (real)0.7 && of.lambda == 0.3);
    ck_assert_uint_eq(world.arena.used, used);
    arena_free(&world.arena);
}
END_TEST

/* However one arrives, by damped steps too, OK means that the gradient at this w is as
 * small as was asked for, and no convergence that it is not. */
START_TEST(the_status_is_that_of_the_gradient)
{
    struct world world = world_make("influence/status");
    real z[] = {3, -1}, w[1], grad[1];
    mat Z = {2, 1, z};
    struct inf_problem of = inf_problem_make(&world.arena, inf_logistic, &Z, 2, 0);
    int found = 0;
    for (int trial = 0; trial < 2000; trial++) {
        double tolerance = pow(10, -6 * rng_uniform(&world.rng));
        w[0] = 12 * rng_uniform(&world.rng) - 6;
        int most = rng_below(&world.rng, 12);
        enum inf_status status =
            inf_minimize(&of, tolerance, most, &world.arena, (vec){1, w});
        inf_gradient(&of, (vec){1, w}, (vec){1, grad});
        ck_assert_int_eq(status == INF_OK, fabs(grad[0]) <= tolerance);
        found += status == INF_OK;
    }
    ck_assert(found > 500 && found < 2000);
    arena_free(&world.arena);
}
END_TEST

/* What is asked of a fit, about any example and as often as one likes, leaves it. */
START_TEST(ridge_is_only_read)
{
    struct world world = world_make("influence/read");
    struct inf_ridge ridge;
    mat Phi = normal_mat(&world.arena, &world.rng, 5, 3);
    vec t = normal_vec(&world.arena, &world.rng, 5);
    inf_ridge_fit(Phi, t, 0.2, &world.arena, &ridge);
    vec w = arena_vec(&world.arena, 3);
    struct unit_watch read = WATCH(&world.arena, entries(Phi), t, ridge.w, ridge.r,
                                   entries(ridge.pull), ridge.h);
    for (int i = 0; i < 5; i++) {
        inf_ridge_without(&ridge, i, w);
        inf_ridge_residual_without(&ridge, i);
    }
    assert_unchanged(&read);
    arena_free(&world.arena);
}
END_TEST

int main(void)
{
    return unit_run("influence",
                    (const TTest *[]){slopes_of_all_tails,
                                      the_field_is_its_sum,
                                      the_field_is_finite_late,
                                      ridge_without_one_is_a_fit_to_the_others,
                                      ridge_of_one_number,
                                      ridge_refuses,
                                      ridge_gives_its_scratch_back,
                                      gradients_of_weighted_examples,
                                      logistic_losses,
                                      problems_are_checked,
                                      hessians,
                                      minima_of_networks,
                                      minima_are_found_in_so_many_steps,
                                      steps_that_would_go_up_are_damped,
                                      thirty_tries_are_made,
                                      the_order_is_two,
                                      influence_solves_its_equation,
                                      influence_knows_a_saddle,
                                      logistic_slopes_far_out,
                                      one_example_and_one_weight,
                                      the_status_is_that_of_the_gradient,
                                      ridge_is_only_read,
                                      NULL});
}
