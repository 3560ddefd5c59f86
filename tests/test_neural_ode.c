/* The contract of neural_ode.h: gradients against closed forms, where the equation has
 * one, and the network's field against plain loops and against differences. */
#include "ground/unit.h"
#include "neural_ode.h"

#include <math.h>

/* dz/dt = theta_0 cos(t) z: z(t) = z(s) exp(theta_0 (sin t - sin s)), in each of n
 * entries, with theta_1 for the second. */
struct swing {
    vec theta;
    int calls;
    double earliest, latest; /* of the times it was asked for */
};

static void swing_value(void *context, double t, vec z, vec dz)
{
    struct swing *x = context;
    for (int i = 0; i < z.n; i++)
        dz.at[i] = x->theta.at[i] * cos(t) * z.at[i];
    x->calls++;
    x->earliest = fmin(x->earliest, t);
    x->latest = fmax(x->latest, t);
}

static void swing_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                       vec gtheta)
{
    struct swing *x = context;
    swing_value(context, t, z, dz);
    for (int i = 0; i < z.n; i++) {
        gz.at[i] = x->theta.at[i] * cos(t) * a.at[i];
        gtheta.at[i] = cos(t) * z.at[i] * a.at[i];
    }
}

struct bench {
    struct arena arena;
    struct rng rng;
    struct swing swing;
    struct neural_ode f;
    vec a, g;
};

static struct bench *bench_make(const char *test)
{
    struct arena arena = arena_make(1 << 20);
    struct bench *b = arena_bytes(&arena, sizeof *b);
    *b = (struct bench){.arena = arena, .rng = unit_rng(test)};
    b->swing.theta = arena_vec(&b->arena, 2);
    rng_uniforms(&b->rng, 0.5, 1.5, b->swing.theta);
    b->f = (struct neural_ode){{2, swing_value, &b->swing}, 2, swing_pull};
    b->a = arena_vec(&b->arena, 2);
    b->g = arena_vec(&b->arena, 2);
    return b;
}

static void bench_free(struct bench *b)
{
    struct arena arena = b->arena;
    arena_free(&arena);
}

static mat random_mat(struct bench *b, int rows, int cols)
{
    mat A = arena_mat(&b->arena, rows, cols);
    rng_uniforms(&b->rng, 0.5, 1.5, entries(A));
    return A;
}

/* ---- The adjoint equation -------------------------------------------------------- */

START_TEST(the_parts_of_a_state_are_views)
{
    struct bench *b = bench_make("parts");
    vec x = arena_vec(&b->arena, 6);
    struct adjoint parts = node_adjoint_parts(&b->f, x);
    ck_assert(parts.z.n == 2 && parts.a.n == 2 && parts.g.n == 2);
    ck_assert(parts.z.at == x.at && parts.a.at == x.at + 2 && parts.g.at == x.at + 4);
    ck_assert_stops("x has 5 entries, not 2 x 2 + 2",
                    node_adjoint_parts(&b->f, arena_vec(&b->arena, 5)));
    ck_assert_stops("x has 7 entries",
                    node_adjoint_parts(&b->f, arena_vec(&b->arena, 7)));
    bench_free(b);
}
END_TEST

START_TEST(the_adjoint_field_is_what_it_says)
{
    struct bench *b = bench_make("field");
    struct ode equation = node_adjoint_ode(&b->f);
    ck_assert_int_eq(equation.n, 6);
    mat x = random_mat(b, 1, 6), dx = random_mat(b, 1, 6);
    equation.field(equation.context, 0.3, entries(x), entries(dx));
    for (int i = 0; i < 2; i++) {
        double c = cos(0.3), theta = b->swing.theta.at[i];
        assert_near(dx.at[i], theta * c * x.at[i], 1e-15);
        assert_near(dx.at[2 + i], -theta * c * x.at[2 + i], 1e-15);
        assert_near(dx.at[4 + i], -c * x.at[i] * x.at[2 + i], 1e-15);
    }
    bench_free(b);
}
END_TEST

/* What the solver is asked for, and what it may leave after some hundred steps, as it
 * grows by some factors. */
static const double ASKED = REAL_EPSILON < 1e-11 ? 1e-10 : 8 * REAL_EPSILON;
static const double LEFT = 1e3 * ASKED;

/* At irregular times, forward and backward, against the closed form; and the gradient
 * of L = sum G_ij z_j(t_i), which is sum of G_ij z_j(t_i) / z_j(t_0), and for theta
 * that times (sin t_i - sin t_0). */
static void check_gradient(int n, const real *at)
{
    struct bench *b = bench_make("path");
    vec times = arena_vec(&b->arena, n);
    for (int i = 0; i < n; i++)
        times.at[i] = at[i];
    mat path = random_mat(b, n, 2), G = random_mat(b, n, 2);
    struct node_steps steps = node_steps_make(&b->arena, &b->f, 1000);
    vec by_steps[2] = {arena_vec(&b->arena, 2), arena_vec(&b->arena, 2)};
    size_t mark = b->arena.used;
    ck_assert_int_eq(node_steps_path(&b->f, times, ASKED, ASKED, &b->arena, path,
                                     &steps),
                     ODE_DONE);
    fill(NAN, by_steps[0]), fill(NAN, by_steps[1]);
    node_steps_gradient(&b->f, &steps, times, G, &b->arena, by_steps[0], by_steps[1]);
    fill(NAN, entries(row_block(path, 1, n - 1)));
    ck_assert_int_eq(node_path(&b->f, times, ASKED, ASKED, &b->arena, path), ODE_DONE);
    int forward = b->swing.calls;
    fill(NAN, b->a), fill(NAN, b->g);
    ck_assert_int_eq(node_adjoint_gradient(&b->f, times, path, G, ASKED, ASKED,
                                           &b->arena, b->a, b->g),
                     ODE_DONE);
    ck_assert(b->swing.calls > forward || at[n - 1] == at[0]);
    ck_assert(b->arena.used == mark);
    for (int j = 0; j < 2; j++) {
        double a = 0, g = 0;
        for (int i = 0; i < n; i++) {
            double way = sin(at[i]) - sin(at[0]);
            double growth = exp(b->swing.theta.at[j] * way);
            assert_near(row(path, i).at[j], row(path, 0).at[j] * growth, LEFT);
            a += row(G, i).at[j] * growth;
            g += row(G, i).at[j] * row(path, 0).at[j] * growth * way;
        }
        assert_near(b->a.at[j], a, LEFT);
        assert_near(b->g.at[j], g, LEFT);
        assert_near(by_steps[0].at[j], a, LEFT);
        assert_near(by_steps[1].at[j], g, LEFT);
    }
    bench_free(b);
}

static real neighbour(real t, double way)
{
    return sizeof t == sizeof(double) ? nextafter(t, way * INFINITY)
                                      : nextafterf((float)t, (float)way * INFINITY);
}

/* The same at drawn times: grids whose points may coincide, be neighbours among the
 * reals, or lie far apart, in either direction. */
START_TEST(times_at_any_distances)
{
    struct rng rng = unit_rng("neural_ode/times");
    for (int draw = 0; draw < 40; draw++) {
        real at[6] = {2 * rng_uniform(&rng)};
        double way = draw % 2 ? 1 : -1;
        int n = 2 + rng_below(&rng, 5);
        for (int i = 1; i < n; i++) {
            real t = at[i - 1];
            for (int k = rng_below(&rng, 6); k > 0; k--)
                t = neighbour(t, way);
            at[i] = rng_below(&rng, 2) ? t : t + way * rng_uniform(&rng);
        }
        check_gradient(n, at);
    }
}
END_TEST

START_TEST(one_time) { check_gradient(1, (real[]){0.4}); }
END_TEST
START_TEST(two_times) { check_gradient(2, (real[]){0.4, 3}); }
END_TEST
START_TEST(irregular_times) { check_gradient(6, (real[]){-1, 0.4, 0.41, 0.9, 0.9, 4}); }
END_TEST
START_TEST(descending_times) { check_gradient(4, (real[]){2, 1.9, 0.3, -0.5}); }
END_TEST

/* The state is put back to the path: from a path that is bent by hand, the gradient is
 * that of the bent one: on the last stretch z starts at the second row. */
START_TEST(the_state_is_put_back_to_the_path)
{
    struct bench *b = bench_make("put back");
    vec times = {3, (real[]){0, 1, 2}};
    mat path = random_mat(b, 3, 2), G = arena_mat(&b->arena, 3, 2);
    row(G, 2).at[0] = 1;
    ck_assert_int_eq(node_adjoint_gradient(&b->f, times, path, G, ASKED, ASKED,
                                           &b->arena, b->a, b->g),
                     ODE_DONE);
    double theta = b->swing.theta.at[0], s1 = sin(1), s2 = sin(2);
    double late = row(path, 2).at[0] * (s2 - s1);
    double early = row(path, 1).at[0] * exp(theta * (s2 - s1)) * s1;
    assert_near(b->g.at[0], late + early, LEFT);
    assert_near(b->g.at[1], 0, 1e-15);
    bench_free(b);
}
END_TEST

/* A field without an end. */
static void explosion(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    dz.at[0] = z.at[0] * z.at[0];
}
static void explosion_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                           vec gtheta)
{
    explosion(context, t, z, dz);
    gz.at[0] = 2 * z.at[0] * a.at[0];
    fill(0, gtheta);
}

/* A field that is no number beyond 2. */
static void wall(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    dz.at[0] = z.at[0] < 2 ? 1 : NAN;
}
static void wall_pull(void *context, double t, vec z, vec a, vec dz, vec gz, vec gtheta)
{
    (void)a;
    wall(context, t, z, dz);
    fill(0, gz);
    fill(0, gtheta);
}

/* Not even a path that is all right again later makes up for it. */
START_TEST(a_backward_run_that_has_stopped_does_not_go_on)
{
    struct bench *b = bench_make("stopped");
    struct neural_ode f = {{1, wall, NULL}, 0, wall_pull};
    vec times = {3, (real[]){0, 1, 2}}, none = {0, NULL}, a = {1, (real[1]){0}};
    mat path = {3, 1, (real[]){0, 1, 5}}, G = {3, 1, (real[]){0, 0, 1}};
    ck_assert_int_eq(node_adjoint_gradient(&f, times, path, G, 1e-8, 1e-8, &b->arena, a,
                                           none),
                     ODE_NOT_FINITE);
    bench_free(b);
}
END_TEST

START_TEST(what_stops_the_solver_is_told)
{
    struct bench *b = bench_make("stops");
    struct neural_ode f = {{1, explosion, NULL}, 0, explosion_pull};
    vec times = {3, (real[]){0, 2, 3}}, none = {0, NULL}, a = {1, (real[1]){0}};
    mat path = {3, 1, (real[]){1, 0, 7}};
    ck_assert(node_path(&f, times, 1e-8, 1e-8, &b->arena, path) != ODE_DONE);
    ck_assert(path.at[2] == 7);
    /* Backward from -1 at time 2, z = 1 / (1 - t) explodes at time 1: before 0.5, where
     * the path would put it back to 2, and let it go on. */
    vec late = {3, (real[]){0, 0.5, 2}};
    mat back = {3, 1, (real[]){1, 2, -1}}, G = {3, 1, (real[]){0, 0, 1}};
    ck_assert(node_adjoint_gradient(&f, late, back, G, 1e-8, 1e-8, &b->arena, a,
                                    none) != ODE_DONE);
    bench_free(b);
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    struct bench *b = bench_make("shapes");
    vec times = arena_vec(&b->arena, 3);
    mat two = arena_mat(&b->arena, 2, 2), wide = arena_mat(&b->arena, 3, 3),
        right = arena_mat(&b->arena, 3, 2);
    ck_assert_stops("path is 2 x 2, for 3 times and 2 entries",
                    node_path(&b->f, times, 1e-6, 1e-6, &b->arena, two));
    ck_assert_stops("path is 3 x 3",
                    node_path(&b->f, times, 1e-6, 1e-6, &b->arena, wide));
    ck_assert_stops("path is 0 x 2, for 0 times",
                    node_path(&b->f, (vec){0, NULL}, 1e-6, 1e-6, &b->arena,
                              (mat){0, 2, NULL}));
    ck_assert_stops("path is 2 x 2",
                    node_adjoint_gradient(&b->f, times, right, two, 1e-6, 1e-6,
                                          &b->arena, b->a, b->g));
    ck_assert_stops("path is 2 x 2",
                    node_adjoint_gradient(&b->f, times, two, right, 1e-6, 1e-6,
                                          &b->arena, b->a, b->g));
    mat one = row_block(two, 0, 1);
    ck_assert_stops("a path of 1 states has no steps",
                    node_record(&b->f, &ode_rk4, 0, 1, &b->arena, one));
    ck_assert_stops("a path of 1 states has no steps",
                    node_backprop_gradient(&b->f, &ode_rk4, 0, 1, one, &b->arena, b->a,
                                           b->g));
    bench_free(b);
}
END_TEST

/* ---- Backpropagation ------------------------------------------------------------- */

static const struct ode_tableau *const methods[] = {&ode_euler, &ode_midpoint, &ode_rk4,
                                                    &ode_dopri5};

/* Forward and back in time; one step, and more than a block. */
static const struct stretch {
    double from, to;
    int steps;
} stretches[] = {{0.5, 2, 3}, {2, 0.5, 3}, {0.5, 1, 1}, {-1, 1, 70}};
enum { EACH = 4 * sizeof stretches / sizeof *stretches };

START_TEST(what_is_recorded_are_the_steps_of_the_method)
{
    for (int k = 0; k < EACH; k++) {
        struct stretch x = stretches[k / 4];
        struct bench *b = bench_make("record");
        mat path = random_mat(b, x.steps + 1, 2);
        vec z = arena_vec(&b->arena, 2);
        copy(row(path, 0), z);
        size_t mark = b->arena.used;
        node_record(&b->f, methods[k % 4], x.from, x.to, &b->arena, path);
        ck_assert(b->arena.used == mark);
        for (int i = 0; i < x.steps; i++) {
            double h = (x.to - x.from) / x.steps, t = x.from + i * h;
            ode_fixed(&b->f.ode, methods[k % 4], &t, t + h, 1, z, &b->arena);
            for (int j = 0; j < 2; j++)
                assert_near(row(path, i + 1).at[j], z.at[j], 1e-14 * (i + 1));
        }
        bench_free(b);
    }
}
END_TEST

/* A sum of the last entries after the steps of the method, from z, to be
 * differentiated.
 */
static double reached(struct bench *b, int k, vec start)
{
    size_t mark = b->arena.used;
    struct stretch x = stretches[k / 4];
    vec z = arena_vec(&b->arena, 2);
    copy(start, z);
    ode_fixed(&b->f.ode, methods[k % 4], &x.from, x.to, x.steps, z, &b->arena);
    b->arena.used = mark;
    return z.at[0] + 2 * z.at[1];
}

/* Over h = eps^(1/5), where roundings over h are h^4, as fifth derivatives leave. */
static double slope(struct bench *b, int k, vec start, real *entry)
{
    double at = *entry, h = pow(REAL_EPSILON, 0.2), value[4],
           shift[] = {-2 * h, -h, h, 2 * h};
    for (int i = 0; i < 4; i++) {
        *entry = at + shift[i];
        value[i] = reached(b, k, start);
    }
    *entry = at;
    return (8 * (value[2] - value[1]) - (value[3] - value[0])) / (12 * h);
}

/* However coarse the steps: it is the derivative of what they compute. */
START_TEST(backpropagation_is_the_derivative_of_the_steps)
{
    for (int k = 0; k < EACH; k++) {
        struct stretch x = stretches[k / 4];
        const struct ode_tableau *method = methods[k % 4];
        struct bench *b = bench_make("backprop");
        double limit = 3e3 * pow(REAL_EPSILON, 0.8);
        mat path = random_mat(b, x.steps + 1, 2);
        vec start = row(path, 0);
        node_record(&b->f, method, x.from, x.to, &b->arena, path);
        b->a.at[0] = 1;
        b->a.at[1] = 2;
        rng_uniforms(&b->rng, 1, 2, b->g); /* overwritten */
        size_t mark = b->arena.used;
        node_backprop_gradient(&b->f, method, x.from, x.to, path, &b->arena, b->a,
                               b->g);
        ck_assert(b->arena.used == mark);
        for (int i = 0; i < 2; i++) {
            assert_near(b->a.at[i], slope(b, k, start, &start.at[i]), limit);
            assert_near(b->g.at[i], slope(b, k, start, &b->swing.theta.at[i]), limit);
        }
        bench_free(b);
    }
}
END_TEST

/* ---- Backpropagation through steps that the solver chose ------------------------- */

/* Times between the steps and beyond several, in either direction; and none to go. */
static const struct grid {
    int n;
    real at[6];
} grids[] = {{6, {0.5, 0.6, 0.7, 0.7, 2, 9}},
             {6, {2, 1.9, 1.9, 0.3, -0.5, -7}},
             {2, {0, 9}},
             {3, {0.5, 0.5, 4}},
             {2, {0.5, 0.5}},
             {1, {0.5}}};
enum { GRIDS = sizeof grids / sizeof *grids, ROUGH_STEPS = 50 };

/* So few digits that the derivative of the numbers is not that of the solution. */
static const double ROUGH = 1e-2;

static struct node_steps rough_steps(struct bench *b, vec times, mat path)
{
    struct node_steps steps = node_steps_make(&b->arena, &b->f, ROUGH_STEPS);
    ck_assert_int_eq(node_steps_path(&b->f, times, ROUGH, ROUGH, &b->arena, path,
                                     &steps),
                     ODE_DONE);
    return steps;
}

/* The times between cut no step: the same are taken to the last alone. */
static void check_not_cut(struct bench *b, vec times, mat path,
                          const struct node_steps *steps)
{
    vec ends = {2, (real[]){times.at[0], times.at[times.n - 1]}};
    mat from_end_to_end = arena_mat(&b->arena, 2, 2);
    copy(row(path, 0), row(from_end_to_end, 0));
    struct node_steps whole = rough_steps(b, ends, from_end_to_end);
    ck_assert_int_eq(steps->count, whole.count);
    for (int s = 0; s < whole.count; s++)
        ck_assert(steps->step[s].h == whole.step[s].h);
}

/* The steps lead from the first time to the last, each on from the one before, and the
 * field is asked for nothing beyond. */
START_TEST(the_steps_lead_from_end_to_end)
{
    for (int k = 0; k < GRIDS; k++) {
        struct bench *b = bench_make("steps");
        vec times = {grids[k].n, (real *)grids[k].at};
        mat path = random_mat(b, times.n, 2), same = arena_mat(&b->arena, times.n, 2);
        vec stage = arena_vec(&b->arena, 2);
        double t = times.at[0], end = times.at[times.n - 1];
        b->swing.earliest = b->swing.latest = t;
        copy(row(path, 0), row(same, 0));
        struct node_steps steps = rough_steps(b, times, path);
        check_not_cut(b, times, path, &steps);
        ck_assert(b->swing.earliest >= fmin(t, end));
        ck_assert(b->swing.latest <= fmax(t, end));
        ck_assert(t == end ? steps.count == 0 : steps.count > (fabs(end - t) > 5));
        for (int s = 0; s < steps.count; s++) {
            assert_near(steps.step[s].t, t, 1e-15);
            t += steps.step[s].h;
            if (s + 1 < steps.count) {
                ode_stage(&ode_dopri5, 6, steps.step[s].h, steps.step[s].z,
                          steps.step[s].k, stage);
                assert_vec(steps.step[s + 1].z, stage, 1e-13);
            }
        }
        assert_near(t, end, 1e-14);
        ck_assert_int_eq(node_path(&b->f, times, ROUGH, ROUGH, &b->arena, same),
                         ODE_DONE);
        assert_vec(entries(same), entries(path), 0);
        bench_free(b);
    }
}
END_TEST

/* sum_ij G_ij z_j(times_i), from z, by these steps and their interpolant. */
static double walked(struct bench *b, const struct node_steps *steps, vec times, mat G,
                     vec start)
{
    size_t mark = b->arena.used;
    vec z = arena_vec(&b->arena, 2), x = arena_vec(&b->arena, 2), k[ODE_STAGES];
    for (int i = 0; i < ODE_STAGES; i++)
        k[i] = arena_vec(&b->arena, 2);
    copy(start, z);
    double sum = 0;
    int next = 0;
    for (; next < times.n && times.at[next] == times.at[0]; next++)
        sum += dot(row(G, next), z);
    for (int s = 0; s < steps->count; s++) {
        struct node_step step = steps->step[s];
        vec from = step.z; /* not as it was kept */
        copy(z, from);
        ode_step_fixed(&b->f.ode, &ode_dopri5, step.t, step.h, z, k, x);
        for (; next < times.n && (times.at[next] - step.t) / step.h <= 1 + 1e-12;
             next++) {
            double c[ODE_STAGES];
            ode_dense_weights((times.at[next] - step.t) / step.h, c);
            copy(from, x);
            for (int i = 0; i < ODE_STAGES; i++)
                axpy(step.h * c[i], k[i], x);
            sum += dot(row(G, next), x);
        }
    }
    b->arena.used = mark;
    ck_assert_int_eq(next, times.n);
    return sum;
}

/* As slope, above. */
static double walked_slope(struct bench *b, const struct node_steps *steps, vec times,
                           mat G, vec start, real *entry)
{
    double at = *entry, h = pow(REAL_EPSILON, 0.2), value[4],
           shift[] = {-2 * h, -h, h, 2 * h};
    for (int i = 0; i < 4; i++) {
        *entry = at + shift[i];
        value[i] = walked(b, steps, times, G, start);
    }
    *entry = at;
    return (8 * (value[2] - value[1]) - (value[3] - value[0])) / (12 * h);
}

/* Each slope but the last is pulled once, and that one where the interpolant uses it:
 * not for the end of the way alone. */
START_TEST(it_is_the_derivative_of_the_steps_as_they_were_taken)
{
    for (int k = 0; k < GRIDS; k++) {
        struct bench *b = bench_make("chosen");
        double limit = 3e4 * pow(REAL_EPSILON, 0.8);
        vec times = {grids[k].n, (real *)grids[k].at};
        mat path = random_mat(b, times.n, 2), G = random_mat(b, times.n, 2);
        struct node_steps steps = rough_steps(b, times, path);
        size_t mark = b->arena.used;
        int before = b->swing.calls, pulls;
        rng_uniforms(&b->rng, 1, 2, b->a), rng_uniforms(&b->rng, 1, 2, b->g);
        node_steps_gradient(&b->f, &steps, times, G, &b->arena, b->a, b->g);
        pulls = b->swing.calls - before;
        ck_assert(b->arena.used == mark);
        ck_assert(pulls == 6 * steps.count || pulls == 6 * steps.count + 1);
        ck_assert(times.n > 2 || pulls == 6 * steps.count);
        for (int i = 0; i < 2; i++) {
            vec start = row(path, 0);
            assert_near(b->a.at[i],
                        walked_slope(b, &steps, times, G, start, &start.at[i]), limit);
            assert_near(b->g.at[i],
                        walked_slope(b, &steps, times, G, start, &b->swing.theta.at[i]),
                        limit);
        }
        bench_free(b);
    }
}
END_TEST

/* Nor is it left out. */
START_TEST(what_is_no_number_goes_back_as_such)
{
    struct bench *b = bench_make("nan");
    vec times = {2, (real[]){0.5, 9}};
    mat path = random_mat(b, 2, 2), G = random_mat(b, 2, 2);
    struct node_steps steps = rough_steps(b, times, path);
    row(G, 1).at[0] = NAN;
    node_steps_gradient(&b->f, &steps, times, G, &b->arena, b->a, b->g);
    ck_assert(isnan(b->a.at[0]) && isnan(b->g.at[0]));
    ck_assert(isfinite(b->a.at[1]) && isfinite(b->g.at[1]));
    bench_free(b);
}
END_TEST

/* Where the room is full, or the field ends; and steps are forgotten that were there.
 */
START_TEST(steps_that_are_too_many_are_told)
{
    struct bench *b = bench_make("too many");
    vec times = {2, (real[]){0, 9}}, near = {2, (real[]){0, 1e-3}};
    mat path = random_mat(b, 2, 2);
    struct node_steps few = node_steps_make(&b->arena, &b->f, 2);
    for (int again = 0; again < 2; again++) {
        ck_assert_int_eq(node_steps_path(&b->f, times, ASKED, ASKED, &b->arena, path,
                                         &few),
                         ODE_TOO_MANY_STEPS);
        ck_assert_int_eq(few.count, 2);
    }
    ck_assert_int_eq(node_steps_path(&b->f, near, ROUGH, ROUGH, &b->arena, path, &few),
                     ODE_DONE);
    ck_assert(few.count <= 2 && few.step[0].t == 0);
    struct neural_ode f = {{1, explosion, NULL}, 0, explosion_pull};
    struct node_steps steps = node_steps_make(&b->arena, &f, 1000);
    mat up = {2, 1, (real[]){1, 0}};
    ck_assert(node_steps_path(&f, times, 1e-6, 1e-6, &b->arena, up, &steps) !=
              ODE_DONE);
    ck_assert_stops("must be positive, got 0", node_steps_make(&b->arena, &b->f, 0));
    ck_assert_stops("cannot go to time inf",
                    node_path(&b->f, (vec){2, (real[]){0, INFINITY}}, 1, 1, &b->arena,
                              path));
    for (int i = 0; i < 2; i++) {
        vec wild = {3, (real[]){0, i == 0 ? 2 : NAN, 1}};
        ck_assert_stops("cannot step from 1 to 1",
                        node_path(&b->f, wild, 1, 1, &b->arena, random_mat(b, 3, 2)));
    }
    for (int first = -1; first <= 1; first += 2)
        ck_assert_stops("the steps begin at 0, the times at",
                        node_steps_gradient(&b->f, &few, (vec){2, (real[]){first, 2}},
                                            path, &b->arena, b->a, b->g));
    ck_assert_stops("path is 2 x 2, for 3 times",
                    node_steps_gradient(&b->f, &few, (vec){3, (real[]){0, 1, 2}}, path,
                                        &b->arena, b->a, b->g));
    bench_free(b);
}
END_TEST

/* ---- A network as the field ------------------------------------------------------ */

enum { D = 2, H = 3, ROWS = 3 };

struct net_bench {
    struct bench *b;
    struct network_field field;
    struct neural_ode f;
    vec theta, z, a, dz, gz, gtheta;
};

static struct net_bench net_make(int power)
{
    struct net_bench x = {.b = bench_make("network")};
    struct arena *arena = &x.b->arena;
    struct mlp net = mlp_make(2, (int[]){D, H, D}, TANH, STANDARD, true);
    int P = mlp_parameters(&net);
    x.theta = entries(random_mat(x.b, 1, P));
    x.z = entries(random_mat(x.b, ROWS, D));
    x.a = entries(random_mat(x.b, ROWS, D));
    x.dz = arena_vec(arena, ROWS * D);
    x.gz = arena_vec(arena, ROWS * D);
    x.gtheta = arena_vec(arena, P);
    x.field = node_field_make(arena, &net, x.theta, power, ROWS);
    return x;
}

/* One entry, and by how much it is taken to be more, in double precision. */
struct moved {
    const real *entry;
    double by;
};

static double moved_at(const real *at, struct moved moved)
{
    return at == moved.entry ? *at + moved.by : *at;
}

/* <a, f(z)>, by plain loops. */
static double plain(const struct net_bench *x, int power, struct moved m)
{
    const real *W0 = x->theta.at, *b0 = W0 + H * D, *W1 = b0 + H, *b1 = W1 + D * H;
    double sum = 0;
    for (int r = 0; r < ROWS; r++)
        for (int k = 0; k < D; k++) {
            double out = moved_at(b1 + k, m);
            for (int j = 0; j < H; j++) {
                double in = moved_at(b0 + j, m);
                for (int i = 0; i < D; i++)
                    in += moved_at(W0 + j * D + i, m) *
                          pow(moved_at(x->z.at + r * D + i, m), power);
                out += moved_at(W1 + k * H + j, m) * tanh(in);
            }
            sum += x->a.at[r * D + k] * out;
        }
    return sum;
}

static double plain_slope(const struct net_bench *x, int power, const real *entry)
{
    double h = 1e-3, value[4], shift[] = {-2 * h, -h, h, 2 * h};
    for (int i = 0; i < 4; i++)
        value[i] = plain(x, power, (struct moved){entry, shift[i]});
    return (8 * (value[2] - value[1]) - (value[3] - value[0])) / (12 * h);
}

START_TEST(a_network_is_a_field_and_pulls_back)
{
    for (int power = 1; power <= 7; power++) {
        struct net_bench x = net_make(power);
        /* Differences of order h^4, and roundings of numbers up to some hundred. */
        double limit = (power < 4 ? 1e-8 : 1e-6) + rounded(1e-13);
        struct neural_ode f = node_network(&x.field);
        ck_assert(f.ode.n == ROWS * D && f.parameters == x.theta.n);
        f.ode.field(f.ode.context, 0, x.z, x.dz);
        assert_near(dot(x.a, x.dz), plain(&x, power, (struct moved){0}), 1e-13);
        fill(0, x.dz);
        f.pull(f.ode.context, 0, x.z, x.a, x.dz, x.gz, x.gtheta);
        assert_near(dot(x.a, x.dz), plain(&x, power, (struct moved){0}), 1e-13);
        ck_assert_int_eq(x.field.evaluations, 2);
        for (int i = 0; i < x.z.n; i++)
            assert_near(x.gz.at[i], plain_slope(&x, power, &x.z.at[i]), limit);
        for (int i = 0; i < x.theta.n; i++)
            assert_near(x.gtheta.at[i], plain_slope(&x, power, &x.theta.at[i]), limit);
        bench_free(x.b);
    }
}
END_TEST

START_TEST(networks_that_are_no_field_stop)
{
    struct bench *b = bench_make("no field");
    struct mlp net = mlp_make(1, (int[]){2, 3}, TANH, STANDARD, true),
               good = mlp_make(1, (int[]){2, 2}, TANH, STANDARD, true);
    ck_assert_stops("takes 2 numbers to 3",
                    node_field_make(&b->arena, &net, arena_vec(&b->arena, 9), 1, 1));
    ck_assert_stops("theta has 5 entries, the network has 6",
                    node_field_make(&b->arena, &good, arena_vec(&b->arena, 5), 1, 1));
    ck_assert_stops("must be positive, got 0",
                    node_field_make(&b->arena, &good, arena_vec(&b->arena, 6), 0, 1));
    bench_free(b);
}
END_TEST

/* The last stretch of a run tells as much as one before it: of two times there is no
 * other. */
START_TEST(the_last_stretch_may_stop_too)
{
    struct bench *b = bench_make("last");
    struct neural_ode f = {{1, wall, NULL}, 0, wall_pull};
    vec none = {0, NULL}, a = {1, (real[1]){0}};
    mat path = {3, 1, (real[]){5, 5, 1}}, G = {3, 1, (real[]){0, 0, 1}};
    for (int n = 2; n <= 3; n++) { /* z = 5 is put back at the time before the first */
        vec times = {n, (real[]){0, 1, 2}};
        mat states = row_block(path, 3 - n, n), by = row_block(G, 3 - n, n);
        row(states, n - 1).at[0] = n == 2 ? 5 : 1;
        ck_assert_int_eq(node_adjoint_gradient(&f, times, states, by, 1e-8, 1e-8,
                                               &b->arena, a, none),
                         ODE_NOT_FINITE);
    }
    vec times = {2, (real[]){0, 2}};
    mat ahead = {2, 1, (real[]){1, 7}};
    ck_assert(node_path(&f, times, 1e-8, 1e-8, &b->arena, ahead) != ODE_DONE);
    bench_free(b);
}
END_TEST

/* Of states and gradients of 1e6 an absolute 0.01 is eight figures, which the relative
 * 1e-10 does not take away; exchanged, two would be left of the path and the gradient.
 * In floats the states are of 1e3, and it is five figures. */
START_TEST(each_tolerance_has_its_part)
{
    struct bench *b = bench_make("tolerances");
    vec times = {3, (real[]){0.4, 1, 3}};
    mat path = random_mat(b, 3, 2), G = arena_mat(&b->arena, 3, 2);
    const double size = REAL_EPSILON < 1e-10 ? 1e6 : 1e3;
    scale(size, entries(path));
    fill(size, row(G, 2));
    ck_assert_int_eq(node_path(&b->f, times, 1e-10, 0.01, &b->arena, path), ODE_DONE);
    ck_assert_int_eq(node_adjoint_gradient(&b->f, times, path, G, 1e-10, 0.01,
                                           &b->arena, b->a, b->g),
                     ODE_DONE);
    for (int j = 0; j < 2; j++) {
        double way = sin(3) - sin(0.4), growth = exp(b->swing.theta.at[j] * way);
        double z = row(path, 0).at[j];
        assert_near(row(path, 2).at[j] / (z * growth), 1, 1 / size);
        assert_near(b->a.at[j] / (size * growth), 1, 1 / size);
        assert_near(b->g.at[j] / (size * z * growth * way), 1, 1 / size);
    }
    bench_free(b);
}
END_TEST

/* Each row of a batch is what it is alone, and the gradient by theta the sum of theirs:
 * of as many rows as one likes, and of either sign. */
static void check_rows(int rows, int power)
{
    struct bench *b = bench_make("rows");
    struct arena *arena = &b->arena;
    struct mlp net = mlp_make(1, (int[]){D, D}, TANH, STANDARD, true);
    vec theta = entries(random_mat(b, 1, mlp_parameters(&net)));
    vec sum = arena_vec(arena, theta.n), of_one = arena_vec(arena, theta.n);
    vec gtheta = arena_vec(arena, theta.n), dz = arena_vec(arena, D);
    vec gz = arena_vec(arena, D);
    mat Z = arena_mat(arena, rows, D), A = random_mat(b, rows, D);
    mat dZ = arena_mat(arena, rows, D), gZ = arena_mat(arena, rows, D);
    rng_uniforms(&b->rng, -1, 1, entries(Z));
    struct network_field all = node_field_make(arena, &net, theta, power, rows);
    struct network_field one = node_field_make(arena, &net, theta, power, 1);
    node_network(&all).pull(&all, 0, entries(Z), entries(A), entries(dZ), entries(gZ),
                            gtheta);
    for (int i = 0; i < rows; i++) {
        node_network(&one).pull(&one, 0, row(Z, i), row(A, i), dz, gz, of_one);
        assert_vec(row(dZ, i), dz, 1e-14);
        assert_vec(row(gZ, i), gz, 1e-14 * power);
        axpy(1, of_one, sum);
    }
    assert_vec(gtheta, sum, 1e-14 * rows);
    bench_free(b);
}

START_TEST(a_batch_of_states_is_its_rows)
{
    static const int counts[] = {1, 2, 33, 65, 130};
    for (int i = 0; i < 10; i++)
        check_rows(counts[i / 2], i % 2 ? 3 : 1);
}
END_TEST

int main(void)
{
    return unit_run(
        "neural_ode",
        (const TTest *[]){the_parts_of_a_state_are_views,
                          the_adjoint_field_is_what_it_says,
                          one_time,
                          times_at_any_distances,
                          two_times,
                          irregular_times,
                          descending_times,
                          the_state_is_put_back_to_the_path,
                          what_stops_the_solver_is_told,
                          a_backward_run_that_has_stopped_does_not_go_on,
                          shapes_that_do_not_fit_stop,
                          what_is_recorded_are_the_steps_of_the_method,
                          backpropagation_is_the_derivative_of_the_steps,
                          the_steps_lead_from_end_to_end,
                          it_is_the_derivative_of_the_steps_as_they_were_taken,
                          what_is_no_number_goes_back_as_such,
                          steps_that_are_too_many_are_told,
                          a_network_is_a_field_and_pulls_back,
                          networks_that_are_no_field_stop,
                          the_last_stretch_may_stop_too,
                          each_tolerance_has_its_part,
                          a_batch_of_states_is_its_rows,
                          NULL});
}
