/* The contract of ode.h.  What a method is good for is its order, so orders are what is
 * measured, on equations whose solutions are formulas; where there is no formula,
 * SUNDIALS solves them too. */
#include "ground/ode.h"
#include "ground/route_ode.h"
#include "ground/unit.h"

#include <math.h>
#include <stdlib.h>

/* dz/dt = -sin(t) z: from z(0) = 1, z(t) = exp(cos t - 1).  In both entries, and in the
 * second from 2. */
static void fading(void *calls, double t, vec z, vec dz)
{
    ++*(int *)calls;
    for (int i = 0; i < z.n; i++)
        dz.at[i] = -sin(t) * z.at[i];
}

static double faded(double t) { return exp(cos(t) - 1); }

struct bench {
    struct arena arena;
    struct ode ode;
    vec z;
    int calls;
};

static struct bench *bench_make(int n, void (*field)(void *, double, vec, vec))
{
    struct arena arena = arena_make(1 << 16);
    struct bench *b = arena_bytes(&arena, sizeof *b);
    b->calls = 0;
    b->arena = arena;
    b->ode = (struct ode){n, field, &b->calls};
    b->z = arena_vec(&b->arena, n);
    return b;
}

static void bench_free(struct bench *b)
{
    struct arena arena = b->arena;
    arena_free(&arena);
}

/* A tolerance near the least that means something: rounding adds up to less. */
static const double FINE = IS_DOUBLE ? 1e-10 : 1e-6;

static struct ode_solver solver_at(struct bench *b, double t, double tolerance)
{
    return ode_solver_make(&b->arena, &b->ode, t, b->z, tolerance, tolerance);
}

static void assert_between(double low, double x, double high)
{
    ck_assert_msg(low <= x && x <= high, "%.17g is not between %.17g and %.17g", x, low,
                  high);
}

/* ---- Fixed steps ----------------------------------------------------------------- */

static double error_of(const struct ode_tableau *method, double t, double t_end,
                       int steps)
{
    struct bench *b = bench_make(2, fading);
    b->z.at[0] = faded(t);
    b->z.at[1] = 2 * faded(t);
    ck_assert_int_eq(ode_fixed(&b->ode, method, &t, t_end, steps, b->z, &b->arena),
                     ODE_DONE);
    ck_assert(t == t_end);
    ck_assert_int_eq(b->calls, steps * method->stages);
    double error = fabs(b->z.at[0] - faded(t_end));
    ck_assert(fabs(b->z.at[1] - 2 * b->z.at[0]) <= 1e-14);
    bench_free(b);
    return error;
}

/* The order is in the error's ratio as the step is halved: 2^p, up to a term of the
 * next order, which at such steps moves p by less than 0.3.  Errors are as small as
 * 1e-12, which floats round away. */
START_TEST(each_method_has_its_order_both_ways)
{
    const struct {
        const struct ode_tableau *method;
        double order;
    } all[] = {{&ode_euler, 1}, {&ode_midpoint, 2}, {&ode_rk4, 4}, {&ode_dopri5, 5}};
    for (int i = 0; i < 4; i++)
        for (int way = 0; way < 2; way++) {
            double from = way ? 2.3 : 0.2, to = way ? 0.2 : 2.3;
            int steps = i < 2 ? 256 : 32;
            double order = log2(error_of(all[i].method, from, to, steps) /
                                error_of(all[i].method, from, to, 2 * steps));
            assert_between(all[i].order - 0.3, order, all[i].order + 0.3);
        }
}
END_TEST

/* Butcher's conditions up to order 3, and that c is the sum of the row of a. */
START_TEST(tableaus_are_consistent)
{
    const struct ode_tableau *all[] = {&ode_euler, &ode_midpoint, &ode_rk4,
                                       &ode_dopri5};
    const int stages[] = {1, 2, 4, 7};
    for (int m = 0; m < 4; m++) {
        double sum = 0;
        ck_assert_int_eq(all[m]->stages, stages[m]);
        for (int i = 0; i < all[m]->stages; i++) {
            double c = 0;
            for (int j = 0; j < i; j++)
                c += all[m]->a[i][j];
            ck_assert(fabs(c - all[m]->c[i]) <= 1e-14);
            sum += all[m]->b[i];
        }
        ck_assert(fabs(sum - 1) <= 1e-15);
    }
    for (int j = 0; j < ODE_STAGES - 1; j++)
        ck_assert(ode_dopri5.a[6][j] == ode_dopri5.b[j]);
}
END_TEST

/* z' = z^2 from 1 is 1 / (1 - t). */
static void explosion(void *calls, double t, vec z, vec dz)
{
    (void)t;
    ++*(int *)calls;
    dz.at[0] = z.at[0] * z.at[0];
}

START_TEST(fixed_steps_stop_where_the_state_is_not_finite)
{
    struct bench *b = bench_make(1, explosion);
    b->z.at[0] = 1;
    double t = 0;
    ck_assert_int_eq(ode_fixed(&b->ode, &ode_rk4, &t, 4, 400, b->z, &b->arena),
                     ODE_NOT_FINITE);
    assert_between(1, t, 1.2);
    ck_assert(!isfinite(b->z.at[0]));
    int before = b->calls;
    ck_assert_int_eq(ode_fixed(&b->ode, &ode_rk4, &t, 4, 400, b->z, &b->arena),
                     ODE_NOT_FINITE);
    ck_assert_int_eq(b->calls, before);
    ck_assert_stops("steps must be positive, got 0",
                    ode_fixed(&b->ode, &ode_rk4, &t, 4, 0, b->z, &b->arena));
    ck_assert_stops("cannot go from",
                    ode_fixed(&b->ode, &ode_rk4, &t, INFINITY, 1, b->z, &b->arena));
    bench_free(b);
}
END_TEST

/* ---- Steps that the solver chooses ----------------------------------------------- */

/* The local error is held below the tolerance, and this equation does not amplify it
 * by more than e^2; so the global error is a small multiple of the tolerance.  And it
 * follows it: a tolerance that does nothing would not. */
START_TEST(the_error_follows_the_tolerance)
{
    double last = 1;
    double least = IS_DOUBLE ? 1e-12 : 1e-5;
    for (double tolerance = 1e-3; tolerance >= least; tolerance /= 10) {
        struct bench *b = bench_make(1, fading);
        b->z.at[0] = 1;
        struct ode_solver s = solver_at(b, 0, tolerance);
        ck_assert_int_eq(ode_to(&s, 6), ODE_DONE);
        ck_assert(s.t == 6);
        double error = fabs(s.z.at[0] - faded(6));
        ck_assert_msg(error <= 20 * tolerance, "%g at %g", error, tolerance);
        ck_assert(error >= tolerance / 1e4 && error < last);
        ck_assert_int_eq(s.evaluations, b->calls);
        ck_assert_int_eq(s.evaluations, 2 + 6 * (s.steps + s.rejections));
        last = error;
        bench_free(b);
    }
}
END_TEST

/* Between tolerances so far apart that floats round more than the smaller one allows.
 */
START_TEST(steps_grow_as_the_fifth_root_of_the_tolerance)
{
    int steps[2];
    for (int i = 0; i < 2; i++) {
        struct bench *b = bench_make(1, fading);
        b->z.at[0] = 1;
        struct ode_solver s = solver_at(b, 0, i ? 1e-12 : 1e-7);
        ck_assert_int_eq(ode_to(&s, 40), ODE_DONE);
        steps[i] = s.steps;
        ck_assert(s.rejections <= s.steps / 5);
        bench_free(b);
    }
    assert_between(8, (double)steps[1] / steps[0], 12);
}
END_TEST

START_TEST(there_and_back)
{
    struct bench *b = bench_make(1, fading);
    b->z.at[0] = 1;
    struct ode_solver s = solver_at(b, 0, FINE);
    ck_assert_int_eq(ode_to(&s, -3), ODE_DONE);
    ck_assert(fabs(s.z.at[0] - faded(-3)) <= 100 * FINE);
    ck_assert_int_eq(ode_to(&s, 0), ODE_DONE);
    ck_assert(s.t == 0 && fabs(s.z.at[0] - 1) <= 100 * FINE);
    ck_assert_int_eq(ode_to(&s, 0), ODE_DONE);
    ck_assert_stops("cannot step from 0 to 0", ode_step(&s, 0));
    bench_free(b);
}
END_TEST

/* At both ends of the step it is exact, and between them it errs by h^5, some 1e-10,
 * which is less than floats round. */
START_TEST(the_interpolant_has_order_four)
{
    double x[2], worst_of[2] = {0};
    for (int i = 0; i < 2; i++) {
        struct bench *b = bench_make(1, fading);
        b->z.at[0] = faded(0.5);
        struct ode_solver s = solver_at(b, 0.5, 1);
        s.h = i ? 0.05 : 0.1;
        vec z = arena_vec(&b->arena, 1);
        ck_assert_int_eq(ode_step(&s, INFINITY), ODE_DONE);
        x[i] = s.t - s.t_old;
        int before = b->calls;
        for (int j = 0; j <= 20; j++) {
            double t = j < 20 ? s.t_old + j * x[i] / 20 : s.t;
            ode_dense(&s, t, z);
            worst_of[i] = fmax(worst_of[i], fabs(z.at[0] - faded(t)));
        }
        ck_assert_int_eq(b->calls, before);
        ode_dense(&s, s.t_old, z);
        ck_assert(fabs(z.at[0] - faded(0.5)) <= 1e-15);
        ode_dense(&s, s.t, z);
        ck_assert(z.at[0] == s.z.at[0]);
        ck_assert_stops("is not between", ode_dense(&s, s.t + 1e-9, z));
        ck_assert_stops("is not between", ode_dense(&s, s.t_old - 1e-9, z));
        bench_free(b);
    }
    ck_assert(fabs(x[0] / x[1] - 2) <= 1e-12);
    assert_between(4.7, log2(worst_of[0] / worst_of[1]), 5.3);
}
END_TEST

/* At its ends the interpolant is the start of the step, and its last stage. */
START_TEST(the_interpolant_begins_and_ends_with_the_step)
{
    double b[ODE_STAGES];
    ode_dense_weights(0, b);
    for (int i = 0; i < ODE_STAGES; i++)
        ck_assert(b[i] == 0);
    ode_dense_weights(1, b);
    for (int i = 0; i < ODE_STAGES; i++)
        ck_assert(b[i] == ode_dopri5.b[i]);
}
END_TEST

/* Both ends of the last step belong to it; before the first, there is one time. */
START_TEST(a_step_has_its_ends)
{
    for (int way = -1; way <= 1; way += 2) {
        struct bench *b = bench_make(1, fading);
        b->z.at[0] = 1;
        struct ode_solver s = solver_at(b, 0.5, 1);
        ck_assert(ode_within(&s, 0.5) && !ode_within(&s, 0.5 + 1e-9) &&
                  !ode_within(&s, 0.5 - 1e-9));
        ck_assert_int_eq(ode_to(&s, 0.5 + way * 1e-3), ODE_DONE);
        ck_assert(ode_within(&s, s.t_old) && ode_within(&s, s.t));
        ck_assert(!ode_within(&s, s.t + way * 1e-9));
        ck_assert(!ode_within(&s, s.t_old - way * 1e-9));
        bench_free(b);
    }
}
END_TEST

/* z := the state at time t, by steps that may pass it. */
static void state_at(struct ode_solver *s, double t, vec z)
{
    while (!ode_within(s, t))
        ck_assert_int_eq(ode_step(s, t > s->t ? INFINITY : -INFINITY), ODE_DONE);
    ode_dense(s, t, z);
}

/* Output times cost nothing: the steps are the same however many are asked for. */
START_TEST(output_times_do_not_restart)
{
    int evaluations[2];
    for (int many = 0; many < 2; many++) {
        struct bench *b = bench_make(1, fading);
        b->z.at[0] = 1;
        struct ode_solver s = solver_at(b, 0, FINE);
        vec z = arena_vec(&b->arena, 1);
        for (int i = 1; i <= (many ? 1000 : 1); i++) {
            double t = many ? -i * 0.006 : -6;
            state_at(&s, t, z);
            ck_assert(fabs(z.at[0] - faded(t)) <= 100 * FINE);
        }
        evaluations[many] = s.evaluations;
        bench_free(b);
    }
    ck_assert_int_eq(evaluations[0], evaluations[1]);
}
END_TEST

/* Landing on times costs steps, but the size survives them. */
START_TEST(the_size_of_the_step_is_carried_across_times)
{
    struct bench *b = bench_make(1, fading);
    b->z.at[0] = 1;
    struct ode_solver s = solver_at(b, 0, 1e-6);
    ck_assert_int_eq(ode_to(&s, 3), ODE_DONE);
    double h = s.h;
    int steps = s.steps;
    ck_assert_int_eq(ode_to(&s, 3 + 1e-9), ODE_DONE);
    ck_assert(s.h >= h && s.steps == steps + 1);
    steps = s.evaluations;
    ode_jumped(&s);
    ck_assert_int_eq(ode_to(&s, 3 + 2e-9), ODE_DONE);
    ck_assert(s.h >= h && s.evaluations == steps + 7);
    ck_assert(fabs(s.z.at[0] - faded(3)) <= 1e-5);
    bench_free(b);
}
END_TEST

/* Rather than leave a sliver of a step, the last one is stretched by a percent. */
START_TEST(no_sliver_is_left)
{
    struct bench *b = bench_make(1, fading);
    b->z.at[0] = 1;
    struct ode_solver s = solver_at(b, 0, 1);
    s.h = 0.1;
    ck_assert_int_eq(ode_to(&s, 0.1009), ODE_DONE);
    ck_assert_int_eq(s.steps, 1);
    s.h = 0.1;
    ck_assert_int_eq(ode_to(&s, 0.1009 + 0.1011), ODE_DONE);
    ck_assert_int_eq(s.steps, 3);
    bench_free(b);
}
END_TEST

START_TEST(a_jump_is_seen)
{
    struct bench *b = bench_make(1, fading);
    b->z.at[0] = 1;
    struct ode_solver s = solver_at(b, 0, FINE);
    ck_assert_int_eq(ode_to(&s, 1), ODE_DONE);
    s.z.at[0] *= 3;
    ode_jumped(&s);
    ck_assert_stops("is not between", ode_dense(&s, 0.999, b->z));
    ck_assert_int_eq(ode_to(&s, 2), ODE_DONE);
    ck_assert(fabs(s.z.at[0] - 3 * faded(2)) <= 100 * FINE);
    bench_free(b);
}
END_TEST

/* Far from 0 few numbers are times: here they are 2^-4 apart, and the step is the one
 * from time to time, not what was intended. */
START_TEST(a_step_is_as_long_as_its_times_say)
{
    for (int way = -1; way <= 1; way += 2) {
        struct bench *b = bench_make(1, fading);
        vec z = arena_vec(&b->arena, 1), k[ODE_STAGES], stage = arena_vec(&b->arena, 1);
        for (int i = 0; i < ODE_STAGES; i++)
            k[i] = arena_vec(&b->arena, 1);
        b->z.at[0] = z.at[0] = 1;
        struct ode_solver s = solver_at(b, way * 0x1p48, 1e-2);
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(ode_step(&s, copysign(INFINITY, way)), ODE_DONE);
            ode_step_fixed(&b->ode, &ode_dopri5, s.t_old, s.t - s.t_old, z, k, stage);
            assert_near(s.z.at[0], z.at[0], 1e-14);
        }
        bench_free(b);
    }
}
END_TEST

/* ---- What stops it --------------------------------------------------------------- */

START_TEST(an_explosion_stops_it_where_it_is)
{
    struct bench *b = bench_make(1, explosion);
    b->z.at[0] = 1;
    struct ode_solver s = solver_at(b, 0, 1e-8);
    enum ode_status status = ode_to(&s, 2);
    ck_assert(status == ODE_STEP_TOO_SMALL || status == ODE_NOT_FINITE);
    assert_between(1 - 1e-6, s.t, 1 + 1e-6);
    ck_assert(isfinite(s.z.at[0]) && s.z.at[0] > 1e6);
    bench_free(b);
}
END_TEST

/* A slope that jumps at z = 1, and is no number beyond 2. */
static void wall(void *calls, double t, vec z, vec dz)
{
    (void)t;
    ++*(int *)calls;
    dz.at[0] = z.at[0] < 2 ? 1 : NAN;
}

/* A float would stand still before the wall, at steps that its last figure does not
 * show, while time, a double, went on. */
START_TEST(where_the_field_is_no_number)
{
    struct bench *b = bench_make(1, wall);
    struct ode_solver s = solver_at(b, 0, 1e-8);
    ck_assert_int_eq(ode_to(&s, 1.5), ODE_DONE);
    ck_assert_int_eq(ode_to(&s, 3), ODE_NOT_FINITE);
    assert_between(2 - 1e-12, s.t, 2);
    assert_between(2 - 1e-12, s.z.at[0], 2);
    b->z.at[0] = 5;
    s = solver_at(b, 0, 1e-8);
    ck_assert_int_eq(ode_to(&s, 1), ODE_NOT_FINITE);
    ck_assert(s.t == 0 && s.z.at[0] == 5 && s.evaluations == 1);
    bench_free(b);
}
END_TEST

START_TEST(fixed_steps_tell_the_time_of_the_first_state_that_is_none)
{
    struct bench *b = bench_make(1, wall);
    double t = 0;
    ck_assert_int_eq(ode_fixed(&b->ode, &ode_euler, &t, 5, 10, b->z, &b->arena),
                     ODE_NOT_FINITE);
    ck_assert(t == 2.5 && isnan(b->z.at[0]) && b->calls == 5);
    bench_free(b);
}
END_TEST

/* Time runs backward as well as forward: the same steps, to the last bit. */
static void implosion(void *calls, double t, vec z, vec dz)
{
    explosion(calls, t, z, dz);
    dz.at[0] = -dz.at[0];
}

START_TEST(backward_is_forward_along_the_opposite_field)
{
    struct bench *b = bench_make(1, explosion), *c = bench_make(1, implosion);
    b->z.at[0] = c->z.at[0] = 3;
    struct ode_solver s = solver_at(b, 0, 1e-6), r = solver_at(c, 0, 1e-6);
    ck_assert_int_eq(ode_to(&s, 0.3), ODE_DONE);
    ck_assert_int_eq(ode_to(&r, -0.3), ODE_DONE);
    ck_assert(s.z.at[0] == r.z.at[0] && s.h == r.h && s.steps == r.steps);
    /* And a field that is odd in t is its own mirror image. */
    struct bench *d = bench_make(1, fading);
    d->z.at[0] = 3;
    s = solver_at(d, 0.7, 1e-6);
    r = solver_at(d, -0.7, 1e-6);
    ck_assert_int_eq(ode_to(&s, 3), ODE_DONE);
    ck_assert_int_eq(ode_to(&r, -3), ODE_DONE);
    ck_assert(s.z.at[0] == r.z.at[0] && s.h == r.h && s.steps == r.steps);
    bench_free(d);
    bench_free(b);
    bench_free(c);
}
END_TEST

/* A slope that changes sign with z has no solution beyond 0. */
static void chatter(void *calls, double t, vec z, vec dz)
{
    ++*(int *)calls;
    dz.at[0] = (z.at[0] > 0 ? -1e9 : 1e9) * (1 + t);
}

START_TEST(steps_that_do_not_end)
{
    struct bench *b = bench_make(1, chatter);
    b->z.at[0] = 1;
    struct ode_solver s = solver_at(b, 3, 1e-14);
    s.most = 500;
    ck_assert(ode_to(&s, 4) != ODE_DONE);
    assert_between(3, s.t, 3.1);
    ck_assert(isfinite(s.z.at[0]));

    struct bench *c = bench_make(1, fading);
    c->z.at[0] = 1;
    s = solver_at(c, 0, FINE);
    s.most = 7;
    ck_assert_int_eq(ode_to(&s, 20), ODE_TOO_MANY_STEPS);
    ck_assert(s.steps + s.rejections == 7);
    ck_assert(fabs(s.z.at[0] - faded(s.t)) <= 100 * FINE);
    s.most = 1000;
    ck_assert_int_eq(ode_to(&s, 20), ODE_DONE);
    ck_assert(fabs(s.z.at[0] - faded(20)) <= 100 * FINE);
    bench_free(b);
    bench_free(c);
}
END_TEST

/* A field that does not move anything: no size to go by. */
static void rest(void *calls, double t, vec z, vec dz)
{
    (void)t, (void)z;
    ++*(int *)calls;
    fill(0, dz);
}

START_TEST(rest_is_found_in_a_few_steps)
{
    struct bench *b = bench_make(3, rest);
    struct ode_solver s = solver_at(b, 0, 1e-10);
    ck_assert_int_eq(ode_to(&s, 1e3), ODE_DONE);
    ck_assert(max_norm(s.z) == 0 && s.steps <= 15 && s.rejections == 0);
    s = solver_at(b, 0, 1e-10);
    ck_assert_int_eq(ode_step(&s, 1e3), ODE_DONE);
    ck_assert_double_eq(s.t, 1e-6); /* nothing to go by; then ten times as far */
    ck_assert_double_eq_tol(s.h / 1e-5, 1, 1e-12);
    bench_free(b);
}
END_TEST

START_TEST(bad_input_stops)
{
    struct bench *b = bench_make(2, fading);
    vec three = arena_vec(&b->arena, 3);
    struct ode none = {0, fading, &b->calls};
    ck_assert_stops("z has 3 entries, the equation has 2",
                    ode_solver_make(&b->arena, &b->ode, 0, three, 1e-6, 1e-6));
    ck_assert_stops("the equation has 0",
                    ode_solver_make(&b->arena, &none, 0, (vec){0, NULL}, 1e-6, 1e-6));
    ck_assert_stops("positive, got 0 and 1",
                    ode_solver_make(&b->arena, &b->ode, 0, b->z, 0, 1));
    ck_assert_stops("positive, got 1 and 0",
                    ode_solver_make(&b->arena, &b->ode, 0, b->z, 1, 0));
    ck_assert_stops("got nan", ode_solver_make(&b->arena, &b->ode, 0, b->z, NAN, 1));
    ck_assert_stops("got inf", solver_at(b, 0, INFINITY));
    ck_assert_stops("got inf and 1",
                    ode_solver_make(&b->arena, &b->ode, 0, b->z, INFINITY, 1));
    ck_assert_stops("got 1 and inf",
                    ode_solver_make(&b->arena, &b->ode, 0, b->z, 1, INFINITY));
    ck_assert_stops("cannot start at time", solver_at(b, INFINITY, 1e-6));
    struct ode_solver s = solver_at(b, 0, 1e-6);
    ck_assert_stops("cannot step from 0 to nan", ode_step(&s, NAN));
    bench_free(b);
}
END_TEST

/* ---- The ends of the range ------------------------------------------------------- */

static void decay(void *calls, double t, vec z, vec dz)
{
    (void)t;
    ++*(int *)calls;
    for (int i = 0; i < z.n; i++)
        dz.at[i] = -z.at[i];
}

/* The number so many doubles after t, or before it. */
static double neighbour(double t, int doubles)
{
    for (int i = 0; i < abs(doubles); i++)
        t = nextafter(t, doubles > 0 ? INFINITY : -INFINITY);
    return t;
}

/* A first target may be as near as the next double, and what comes after it as far as
 * one likes: z' = -z loses a factor e^-1 from t to t + 1.  Each step may leave an error
 * of a tolerance, relative, and its rounding, and there are fewer than 1000. */
START_TEST(a_first_target_may_be_the_next_double)
{
    struct rng rng = unit_rng("ode/neighbours");
    for (int draw = 0; draw < 400; draw++) {
        struct bench *b = bench_make(1 + rng_below(&rng, 3), decay);
        double t = (rng_below(&rng, 2) ? 1 : -1) * pow(2, rng_below(&rng, 20) - 12);
        t *= rng_below(&rng, 4) ? 1 + rng_uniform(&rng) : 1; /* or a power of two */
        int doubles = (1 + rng_below(&rng, 6)) * (rng_below(&rng, 2) ? 1 : -1);
        double near = neighbour(t, doubles), far = near + (draw % 2 ? 1 : -1);
        fill(3, b->z);
        struct ode_solver s = solver_at(b, t, 1e-9);
        ck_assert_int_eq(ode_step(&s, near), ODE_DONE);
        ck_assert(s.t == near && s.steps == 1);
        ck_assert_int_eq(ode_to(&s, far), ODE_DONE);
        ck_assert_int_lt(s.steps, 1000);
        for (int i = 0; i < s.z.n; i++)
            ck_assert_double_eq_tol(s.z.at[i] / (3 * exp(near - far)), 1,
                                    1000 * (1e-9 + REAL_EPSILON));
        bench_free(b);
    }
}
END_TEST

/* Nor is a later target too near, however short the step was that came before. */
START_TEST(a_later_target_may_be_the_next_double)
{
    struct bench *b = bench_make(1, decay);
    fill(1, b->z);
    struct ode_solver s = solver_at(b, 2, 1e-9);
    ck_assert_int_eq(ode_to(&s, 3), ODE_DONE);
    s.h = 2 * (neighbour(3, 1) - 3);
    ck_assert_int_eq(ode_step(&s, neighbour(3, 2)), ODE_DONE);
    ck_assert(s.t == neighbour(3, 2));
    s.h = neighbour(3, 1) - 3;
    ck_assert_int_eq(ode_step(&s, 4), ODE_STEP_TOO_SMALL);
    bench_free(b);
}
END_TEST

/* At the smallest and the largest numbers, too. */
START_TEST(the_next_double_exists_at_every_scale)
{
    const double all[] = {0, 5e-324, 1e-310, TINY, VAST, 0.9 * REAL_MAX};
    for (int i = 0; i < 6; i++)
        for (int doubles = -1; doubles <= 1; doubles += 2) {
            struct bench *b = bench_make(1, rest);
            double near = neighbour(all[i], doubles);
            struct ode_solver s = solver_at(b, all[i], 1e-9);
            ck_assert_int_eq(ode_to(&s, near), ODE_DONE);
            ck_assert(s.t == near && s.z.at[0] == 0);
            bench_free(b);
        }
}
END_TEST

/* A front at t = 1, so that steps towards it are long and those across it short. */
static void front(void *calls, double t, vec z, vec dz)
{
    (void)z;
    ++*(int *)calls;
    fill(tanh(1000 * (t - 1)), dz);
}

/* No step is taken whose error is above its tolerance, be it the last one or not. */
START_TEST(every_step_keeps_its_tolerance)
{
    struct rng rng = unit_rng("ode/front");
    int last_after_rejection = 0;
    for (int draw = 0; draw < 200; draw++) {
        struct bench *b = bench_make(1 + rng_below(&rng, 3), front);
        double end = 1 + 0.02 * rng_uniform(&rng);
        struct ode_solver s = solver_at(b, 0, 1e-6);
        while (s.t < end) {
            int rejections = s.rejections;
            bool near = end - s.t <= 1.01 * s.h;
            ck_assert_int_eq(ode_step(&s, end), ODE_DONE);
            ck_assert(s.error <= 1);
            last_after_rejection += near && s.rejections > rejections;
        }
        ck_assert(s.t == end);
        bench_free(b);
    }
    ck_assert_int_gt(last_after_rejection, 10);
}
END_TEST

static void huge(void *calls, double t, vec z, vec dz)
{
    (void)t, (void)z;
    ++*(int *)calls;
    fill(1e307, dz);
}

/* A field that does not look at z does not see where z stops being a number. */
START_TEST(a_state_that_is_no_number_is_a_status)
{
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 3; i++) {
        struct bench *b = bench_make(2, front);
        b->z.at[1] = bad[i];
        struct ode_solver s = solver_at(b, 0, 1e-6);
        ck_assert_int_eq(ode_step(&s, 1), ODE_NOT_FINITE);
        ck_assert_int_eq(ode_step(&s, INFINITY), ODE_NOT_FINITE);
        ck_assert(s.t == 0);
        bench_free(b);
    }
}
END_TEST

/* Beyond the largest number there is nothing.  There, too, a float would stand still.
 */
START_TEST(a_state_does_not_leave_the_numbers)
{
    struct bench *b = bench_make(2, huge);
    fill(1e308, b->z);
    struct ode_solver s = solver_at(b, 0, 1e-6);
    ck_assert(ode_to(&s, 9) != ODE_DONE);
    assert_between(7.97, s.t, 7.98);
    ck_assert(isfinite(s.z.at[0]) && isfinite(s.z.at[1]));
    bench_free(b);
}
END_TEST

/* ---- SUNDIALS -------------------------------------------------------------------- */

/* Van der Pol's oscillator, mu = 50: relaxation, so stiff that the step is held down by
 * stability for most of the way. */
static void van_der_pol(void *calls, double t, vec z, vec dz)
{
    (void)t;
    ++*(int *)calls;
    double x = z.at[0], v = z.at[1];
    dz.at[0] = v;
    dz.at[1] = 50 * (1 - x * x) * v - x;
}

/* A pendulum that is pushed: smooth, and without a formula. */
static void pendulum(void *calls, double t, vec z, vec dz)
{
    ++*(int *)calls;
    dz.at[0] = z.at[1];
    dz.at[1] = -sin(z.at[0]) + 0.3 * cos(t) - 0.1 * z.at[1];
}

static void compare(void (*field)(void *, double, vec, vec), double t_end)
{
    struct bench *b = bench_make(2, field);
    b->z.at[0] = 1.5;
    struct ode_solver s = solver_at(b, 0, FINE);
    ck_assert_int_eq(ode_to(&s, t_end), ODE_DONE);
    route_ode(&b->ode, 0, t_end, b->z, FINE / 10, FINE / 100);
    axpy(-1, s.z, b->z);
    ck_assert_msg(max_norm(b->z) <= 1000 * FINE * (1 + max_norm(s.z)),
                  "they differ by %g", max_norm(b->z));
    bench_free(b);
}

/* Both hold the local error at FINE or below in some hundreds of steps, which may add
 * up.  Van der Pol's flow contracts, but for the jump, whose time errs by as much. */
START_TEST(sundials_agrees_where_it_is_not_stiff) { compare(pendulum, 20); }
END_TEST
START_TEST(sundials_agrees_where_it_is_stiff) { compare(van_der_pol, 30); }
END_TEST

/* After an attempt that failed the step does not grow, however good the next one is:
 * here it has no error at all. */
START_TEST(a_failure_is_remembered_for_one_step)
{
    struct bench *b = bench_make(1, wall);
    struct ode_solver s = solver_at(b, 0, 1e-8);
    ck_assert_int_eq(ode_to(&s, 1.5), ODE_DONE);
    s.h = 1;
    ck_assert_int_eq(ode_step(&s, 9), ODE_DONE);
    ck_assert_int_eq(s.rejections, 1);
    ck_assert_double_eq_tol(s.t, 1.7, 1e-12);
    ck_assert_double_eq_tol(s.h, 0.2, 1e-12);
    bench_free(b);
}
END_TEST

/* A solver that was stopped goes on as if it had not been. */
START_TEST(more_steps_may_be_allowed)
{
    struct bench *b = bench_make(2, fading);
    b->z.at[0] = 1;
    b->z.at[1] = 2;
    struct ode_solver whole = solver_at(b, 0, 100 * FINE);
    struct ode_solver parts = solver_at(b, 0, 100 * FINE);
    ck_assert_int_eq(ode_to(&whole, 9), ODE_DONE);
    for (parts.most = 3; parts.t != 9; parts.most += 3) {
        enum ode_status status = ode_to(&parts, 9);
        ck_assert_int_eq(status, parts.t == 9 ? ODE_DONE : ODE_TOO_MANY_STEPS);
        ck_assert_int_le(parts.steps + parts.rejections, parts.most);
    }
    ck_assert_int_gt(parts.most, 9);
    ck_assert_double_eq(parts.z.at[0], whole.z.at[0]);
    ck_assert_int_eq(parts.steps, whole.steps);
    ck_assert_stops("cannot step from 9 to nan", ode_step(&parts, NAN));
    bench_free(b);
}
END_TEST

/* ---- The control of the step ------------------------------------------------------
 */

/* dz/dt = lambda z in two entries, of which the second is twice the first.  On it, a
 * step of x = lambda h multiplies z by the stability function of the method of order 5,
 * and its error is z times the difference of the two methods', which are known
 * polynomials.  So the solver can be followed step by step without a tableau, if only
 * rounding is less than a thousandth of the tolerance of an error.
 * [Hairer, Wanner 1996, "Solving Ordinary Differential Equations II", IV.2] */
struct linear {
    int calls;
    double lambda;
};

static void linear(void *context, double t, vec z, vec dz)
{
    struct linear *l = context;
    (void)t;
    l->calls++;
    for (int i = 0; i < z.n; i++)
        dz.at[i] = l->lambda * z.at[i];
}

static double grown(double x)
{
    return 1 +
           x * (1 + x * (1.0 / 2 +
                         x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x / 600)))));
}

static double grown_difference(double x)
{
    return pow(x, 5) * (-97 + x * (39 - 5 * x)) / 120000;
}

/* What the solver should know after each step; the first entry stands for both. */
struct expected {
    double t, z, h, error;
    int rejections;
};

static const double TOLERANCE = 1e-6;

static double expected_norm(double x, double z, double y)
{
    double one = x / (TOLERANCE + TOLERANCE * fmax(fabs(z), fabs(y)));
    double two = 2 * x / (TOLERANCE + TOLERANCE * fmax(fabs(2 * z), fabs(2 * y)));
    return sqrt((one * one + two * two) / 2);
}

static double expected_first(double lambda, double z, double way)
{
    double d0 = expected_norm(z, z, z), d1 = expected_norm(lambda * z, z, z);
    double h0 = fmin(fabs(way), 0.01 * d0 / d1);
    double change = lambda * copysign(h0, way) * lambda * z;
    double d2 = expected_norm(change, z, z) / h0;
    return fmin(fabs(way), fmin(100 * h0, pow(0.01 / fmax(d1, d2), 1.0 / 5)));
}

static void expected_step(struct expected *e, double lambda, double way)
{
    for (double most = 10;; most = 1) {
        double x = lambda * copysign(e->h, way), z = e->z * grown(x);
        double error = expected_norm(e->z * grown_difference(x), e->z, z);
        double factor = 0.9 * pow(error, -0.17);
        if (error <= 1) {
            factor *= pow(e->error, 0.04);
            e->t += copysign(e->h, way);
            e->z = z;
            e->error = fmax(error, 1e-4);
            e->h *= fmin(most, fmin(10, fmax(0.2, factor)));
            return;
        }
        e->h *= fmax(0.2, factor);
        e->rejections++;
    }
}

/* Follows the solver for 12 steps; then the field becomes so much steeper, and for 12
 * more. */
static void follow(double lambda, double way)
{
    struct arena arena = arena_make(1 << 14);
    struct linear context = {0, lambda};
    struct ode ode = {2, linear, &context};
    vec z = arena_vec(&arena, 2);
    z.at[0] = 1.5;
    z.at[1] = 3;
    struct ode_solver s = ode_solver_make(&arena, &ode, 0, z, TOLERANCE, TOLERANCE);
    struct expected e = {.z = 1.5,
                         .h = expected_first(lambda, 1.5, way),
                         .error = 1e-4};
    for (int step = 1; step <= 24; step++) {
        if (step == 13) {
            context.lambda *= 40;
            ode_jumped(&s);
        }
        ck_assert_int_eq(ode_step(&s, way), ODE_DONE);
        expected_step(&e, context.lambda, way);
        ck_assert_double_eq_tol(s.t / e.t, 1, 1e-6);
        ck_assert_double_eq_tol(s.z.at[0] / e.z, 1, 1e-6);
        ck_assert_double_eq_tol(s.z.at[1] / e.z, 2, 1e-6);
        ck_assert_double_eq_tol(s.h / e.h, 1, 1e-5);
        ck_assert_int_eq(s.steps, step);
        ck_assert_int_eq(s.rejections, e.rejections);
    }
    ck_assert_int_gt(e.rejections, 1);
    arena_free(&arena);
}

START_TEST(every_step_is_as_long_as_the_control_says)
{
    follow(-0.3, 1e6);
    follow(0.3, -1e6);
    follow(-2, -1e6);
    follow(-1e4, 1e6); /* where the first step is a hundred of Euler's */
}
END_TEST

static void steady(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t, (void)z;
    fill(1, dz);
}

/* Where the slope does not change, it is the slope that says how steep the equation is:
 * with d2 = 0, a hundredth of the tolerance at order 5 is (0.01 / d1)^(1/5). */
START_TEST(the_first_step_of_a_steady_slope)
{
    struct arena arena = arena_make(1 << 14);
    struct ode ode = {1, steady, NULL};
    vec z = arena_vec(&arena, 1);
    z.at[0] = 1;
    struct ode_solver s = ode_solver_make(&arena, &ode, 0, z, TOLERANCE, TOLERANCE);
    ck_assert_int_eq(ode_step(&s, 10), ODE_DONE);
    ck_assert_double_eq_tol(s.t / pow(0.01 * 2 * TOLERANCE, 0.2), 1, 1e-12);
    assert_near(s.z.at[0], 1 + s.t, 1e-15);
    arena_free(&arena);
}
END_TEST

/* At t = 1 the next number is eps away, and what is less than half of that is lost: a
 * tenth of 4 eps is, and a tenth of 6 is not. */
START_TEST(a_step_is_too_small_where_a_tenth_of_it_is_lost)
{
    struct arena arena = arena_make(1 << 14);
    struct ode ode = {1, steady, NULL};
    for (int eps = 4; eps <= 6; eps += 2) {
        vec z = arena_vec(&arena, 1);
        struct ode_solver s = ode_solver_make(&arena, &ode, 1, z, TOLERANCE, TOLERANCE);
        s.h = eps * DBL_EPSILON;
        ck_assert_int_eq(ode_step(&s, 10), eps == 4 ? ODE_STEP_TOO_SMALL : ODE_DONE);
        ck_assert(s.t == (eps == 4 ? 1 : 1 + 6 * DBL_EPSILON));
    }
    arena_free(&arena);
}
END_TEST

/* ---- Any number of entries, any number of steps ------------------------------------
 */

/* A state of n equal entries has the error of one, and takes its steps.  Entries may be
 * rounded otherwise by their place: by eps, of doubles 2e-10 tolerances, of an error of
 * 1e-4 at least, where it decides, and the sixth part of that in each of 8 h. */
START_TEST(the_error_is_a_mean_over_the_entries)
{
    static const int counts[] = {1, 2, 4, 65, 130};
    double h[8] = {0}, inside[8] = {0};
    for (int i = 0; i < 5; i++) {
        int n = counts[i];
        struct bench *b = bench_make(n, fading);
        vec z = arena_vec(&b->arena, n);
        fill(1, b->z);
        struct ode_solver s = solver_at(b, 1, 1e-6);
        for (int step = 0; step < 8; step++) {
            ck_assert_int_eq(ode_step(&s, 100), ODE_DONE);
            ode_dense(&s, s.t_old + 0.3 * (s.t - s.t_old), z);
            if (n == 1)
                h[step] = s.h, inside[step] = z.at[0];
            ck_assert_double_eq_tol(s.h / h[step], 1, 1e-5);
            for (int j = 0; j < n; j++)
                ck_assert_double_eq_tol(z.at[j] / inside[step], 1, 1e-5);
        }
        bench_free(b);
    }
}
END_TEST

START_TEST(any_entry_may_be_no_number)
{
    static const int counts[] = {1, 2, 64, 65, 130};
    static const double none[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 5; i++)
        for (int at = 0; at < counts[i]; at++) {
            struct bench *b = bench_make(counts[i], fading);
            double t = 0;
            size_t used = b->arena.used;
            fill(1, b->z);
            ck_assert_int_eq(ode_fixed(&b->ode, &ode_rk4, &t, 1, 3, b->z, &b->arena),
                             ODE_DONE);
            b->z.at[at] = none[at % 3];
            ck_assert_int_eq(ode_fixed(&b->ode, &ode_rk4, &t, 2, 3, b->z, &b->arena),
                             ODE_NOT_FINITE);
            ck_assert_uint_eq(b->arena.used, used);
            struct ode_solver s = solver_at(b, 0, 1e-6);
            ck_assert_int_eq(ode_to(&s, 1), ODE_NOT_FINITE);
            bench_free(b);
        }
}
END_TEST

/* What a step does depends on t, z, h and the last error alone: so after thousands of
 * them a new solver that is told these takes the same. */
START_TEST(the_control_does_not_tire)
{
    struct bench *b = bench_make(2, fading);
    b->z.at[0] = 1;
    b->z.at[1] = 2;
    struct ode_solver s = solver_at(b, 0, 1e-9);
    size_t mark = b->arena.used;
    for (int step = 0; step < 3000; step++, b->arena.used = mark) {
        copy(s.z, b->z);
        struct ode_solver new = solver_at(b, s.t, 1e-9);
        new.h = s.h;
        new.error = s.error;
        ck_assert_int_eq(ode_step(&s, 1e6), ODE_DONE);
        ck_assert_int_eq(ode_step(&new, 1e6), ODE_DONE);
        ck_assert(new.t == s.t &&new.h == s.h &&new.error == s.error);
        ck_assert(new.z.at[0] == s.z.at[0] && new.z.at[1] == s.z.at[1]);
        ck_assert_int_eq(s.steps, step + 1);
    }
    bench_free(b);
}
END_TEST

/* The state in another unit, and the absolute tolerance with it, and the equation is
 * linear: so every step is the same, to the last bit where the unit is a power of 2. */
START_TEST(each_tolerance_has_its_part)
{
    double t[20] = {0}, h[20] = {0};
    for (int k = 0; k < 3; k++) {
        double u = k == 0 ? 1 : k == 1 ? 0x1p-40 : 0x1p40;
        struct bench *b = bench_make(1, fading);
        b->z.at[0] = u;
        struct ode_solver s =
            ode_solver_make(&b->arena, &b->ode, 0, b->z, 1e-5, 1e-9 * u);
        for (int step = 0; step < 20; step++) {
            ck_assert_int_eq(ode_step(&s, 1e3), ODE_DONE);
            if (k == 0)
                t[step] = s.t, h[step] = s.h;
            ck_assert(s.t == t[step] && s.h == h[step]);
        }
        bench_free(b);
    }
}
END_TEST

START_TEST(what_is_known_is_not_asked)
{
    struct bench *b = bench_make(1, fading);
    vec z = arena_vec(&b->arena, 1);
    b->z.at[0] = 3;
    struct ode_solver s = solver_at(b, 0.5, 1e-6);
    state_at(&s, 0.5, z); /* the start */
    ck_assert_int_eq(ode_to(&s, 0.5), ODE_DONE);
    ck_assert(b->calls == 0 && s.steps == 0 && z.at[0] == 3);
    ck_assert_int_eq(ode_to(&s, 2), ODE_DONE);
    int calls = b->calls;
    state_at(&s, 2, z);
    state_at(&s, s.t_old, z);
    ck_assert(b->calls == calls && s.evaluations == calls);
    bench_free(b);
}
END_TEST

/* Nothing beyond the way: no time before its beginning or behind its end. */
struct fenced {
    int calls;
    double low, high;
};

static void within_the_fence(void *context, double t, vec z, vec dz)
{
    struct fenced *x = context;
    ck_assert_msg(x->low <= t && t <= x->high, "asked at %.17g", t);
    dz.at[0] = 1e-3 * z.at[0];
}

START_TEST(the_field_is_not_asked_beyond_the_end)
{
    static const double ways[] = {1e-9, 1e-3, 0.1, 1, 30};
    struct arena arena = arena_make(1 << 14);
    for (int k = 0; k < 10; k++, arena.used = 0) {
        double end = k % 2 ? -ways[k / 2] : ways[k / 2];
        struct fenced x = {0, fmin(0, end), fmax(0, end)};
        struct ode ode = {1, within_the_fence, &x};
        vec z = {1, (real[]){2}};
        struct ode_solver s = ode_solver_make(&arena, &ode, 0, z, 1e-6, 1e-6);
        ck_assert_int_eq(ode_to(&s, end), ODE_DONE);
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run(
        "ode",
        (const TTest *[]){OF_DOUBLES(each_method_has_its_order_both_ways),
                          tableaus_are_consistent,
                          fixed_steps_stop_where_the_state_is_not_finite,
                          the_error_follows_the_tolerance,
                          OF_DOUBLES(steps_grow_as_the_fifth_root_of_the_tolerance),
                          there_and_back,
                          OF_DOUBLES(the_interpolant_has_order_four),
                          the_interpolant_begins_and_ends_with_the_step,
                          a_step_has_its_ends,
                          output_times_do_not_restart,
                          the_size_of_the_step_is_carried_across_times,
                          a_step_is_as_long_as_its_times_say,
                          no_sliver_is_left,
                          a_jump_is_seen,
                          an_explosion_stops_it_where_it_is,
                          OF_DOUBLES(where_the_field_is_no_number),
                          steps_that_do_not_end,
                          fixed_steps_tell_the_time_of_the_first_state_that_is_none,
                          backward_is_forward_along_the_opposite_field,
                          rest_is_found_in_a_few_steps,
                          bad_input_stops,
                          sundials_agrees_where_it_is_not_stiff,
                          sundials_agrees_where_it_is_stiff,
                          OF_DOUBLES(every_step_is_as_long_as_the_control_says),
                          the_first_step_of_a_steady_slope,
                          a_step_is_too_small_where_a_tenth_of_it_is_lost,
                          more_steps_may_be_allowed,
                          a_failure_is_remembered_for_one_step,
                          a_first_target_may_be_the_next_double,
                          a_later_target_may_be_the_next_double,
                          the_next_double_exists_at_every_scale,
                          every_step_keeps_its_tolerance,
                          a_state_that_is_no_number_is_a_status,
                          OF_DOUBLES(a_state_does_not_leave_the_numbers),
                          OF_DOUBLES(the_error_is_a_mean_over_the_entries),
                          any_entry_may_be_no_number,
                          the_control_does_not_tire,
                          each_tolerance_has_its_part,
                          what_is_known_is_not_asked,
                          the_field_is_not_asked_beyond_the_end,
                          NULL});
}
