#include "ground/ode.h"

#include <math.h>

/* ---- Tableaus -------------------------------------------------------------------- */

const struct ode_tableau ode_euler = {.stages = 1, .b = {1}};

const struct ode_tableau ode_midpoint = {.stages = 2,
                                         .c = {0, 0.5},
                                         .a = {[1] = {0.5}},
                                         .b = {0, 1}};

/* [Kutta 1901; Hairer, Norsett, Wanner 1993, table II.1.2] */
const struct ode_tableau ode_rk4 = {.stages = 4,
                                    .c = {0, 0.5, 0.5, 1},
                                    .a = {[1] = {0.5}, {0, 0.5}, {0, 0, 1}},
                                    .b = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}};

/* The last stage stands where the step ends, so that it is the first of the next.
 * [Dormand, Prince 1980; Hairer, Norsett, Wanner 1993, table II.5.2] */
const struct ode_tableau ode_dopri5 = {
    .stages = 7,
    .c = {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1},
    .a = {{0},
          {1.0 / 5},
          {3.0 / 40, 9.0 / 40},
          {44.0 / 45, -56.0 / 15, 32.0 / 9},
          {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
          {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
          {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}},
    .b = {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0}};

/* What the method of order 5 has more than that of order 4. */
static const double difference[ODE_STAGES] = {71.0 / 57600,      0,
                                              -71.0 / 16695,     71.0 / 1920,
                                              -17253.0 / 339200, 22.0 / 525,
                                              -1.0 / 40};

/* The last term of the interpolant.  [Hairer's DOPRI5, subroutine CDOPRI] */
static const double bend[ODE_STAGES] = {-12715105075.0 / 11282082432,
                                        0,
                                        87487479700.0 / 32700410799,
                                        -10690763975.0 / 1880347072,
                                        701980252875.0 / 199316789632,
                                        -1453857185.0 / 822651844,
                                        69997945.0 / 29380423};

/* ---- Fixed steps ----------------------------------------------------------------- */

/* x := x + h sum of a_j k_j over the first `count` of k. */
static void add_slopes(double h, int count, const double *a, const vec *k, vec x)
{
    for (int j = 0; j < count; j++)
        if (a[j] != 0)
            axpy(h * a[j], k[j], x);
}

/* stage := z + h sum_{j < i} a_ij k_j, where stage i of a step from z evaluates the
 * field.  z, stage: n; k: the slopes of the stages before. */
void ode_stage(const struct ode_tableau *method, int i, double h, vec z, const vec *k,
               vec stage)
{
    copy(z, stage);
    add_slopes(h, i, method->a[i], k, stage);
}

/* k_i := f(t + c_i h, stage). */
static void evaluate_stage(const struct ode *ode, const struct ode_tableau *method,
                           int i, double t, double h, vec z, vec *k, vec stage)
{
    ode_stage(method, i, h, z, k, stage);
    ode->field(ode->context, t + method->c[i] * h, stage, k[i]);
}

/* One step: z := z + h sum_i b_i k_i.  h of either sign; z: n, moved; k: as many
 * vectors as the method has stages, left holding the slopes; stage: n, scratch.
 * [Columbia-13/7, "Continuous approximation": Euler's is a layer of a ResNet] */
void ode_step_fixed(const struct ode *ode, const struct ode_tableau *method, double t,
                    double h, vec z, vec *k, vec stage)
{
    for (int i = 0; i < method->stages; i++)
        evaluate_stage(ode, method, i, t, h, z, k, stage);
    add_slopes(h, method->stages, method->b, k, z);
}

static bool is_finite(vec x)
{
    for (int i = 0; i < x.n; i++)
        if (!isfinite(x.at[i]))
            return false;
    return true;
}

/* So many equal steps from *t to t_end, steps >= 1.  z: n, moved; *t: moved to the time
 * reached, where z is not finite any more if the status is ODE_NOT_FINITE.
 * scratch: (stages + 1) n numbers. */
enum ode_status ode_fixed(const struct ode *ode, const struct ode_tableau *method,
                          double *t, double t_end, int steps, vec z,
                          struct arena *scratch)
{
    REQUIRE(steps >= 1, "steps must be positive, got %d", steps);
    REQUIRE(isfinite(*t) && isfinite(t_end), "cannot go from %g to %g", *t, t_end);
    size_t mark = scratch->used;
    vec stage = arena_vec(scratch, ode->n), k[ODE_STAGES];
    for (int i = 0; i < method->stages; i++)
        k[i] = arena_vec(scratch, ode->n);
    double begin = *t, h = (t_end - begin) / steps;
    for (int i = 0; i < steps && is_finite(z); i++) {
        ode_step_fixed(ode, method, begin + i * h, h, z, k, stage);
        *t = i + 1 < steps ? begin + (i + 1) * h : t_end;
    }
    scratch->used = mark;
    return is_finite(z) ? ODE_DONE : ODE_NOT_FINITE;
}

/* ---- Steps that the solver chooses ----------------------------------------------- */

/* A solver at (t, z), in memory of the arena: 10 n numbers.  z: n, copied.  A step is
 * good where the root mean square of its errors, each in units of absolute + relative
 * |z_i|, is at most 1.  The tolerances are positive. */
struct ode_solver ode_solver_make(struct arena *arena, const struct ode *ode, double t,
                                  vec z, double relative, double absolute)
{
    REQUIRE(ode->n >= 1 && z.n == ode->n, "z has %d entries, the equation has %d", z.n,
            ode->n);
    REQUIRE(relative > 0 && relative < INFINITY && absolute > 0 && absolute < INFINITY,
            "tolerances must be finite and positive, got %g and %g", relative,
            absolute);
    REQUIRE(isfinite(t), "cannot start at time %g", t);
    struct ode_solver s = {.ode = *ode, .relative = relative, .absolute = absolute};
    s.most = 1000000;
    s.t = s.t_old = t;
    s.error = 1e-4;
    s.z = arena_vec(arena, ode->n);
    s.z_old = arena_vec(arena, ode->n);
    s.trial = arena_vec(arena, ode->n);
    for (int i = 0; i < ODE_STAGES; i++)
        s.k[i] = arena_vec(arena, ode->n);
    copy(z, s.z);
    return s;
}

static void swap(vec *x, vec *y)
{
    vec z = *x;
    *x = *y;
    *y = z;
}

/* The root mean square of x, each entry in units of its tolerance, where the state is
 * between z and y. */
static double in_tolerances(const struct ode_solver *s, vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++) {
        double size = fmax(fabs(s->z.at[i]), fabs(y.at[i]));
        double ratio = x.at[i] / (s->absolute + s->relative * size);
        sum += ratio * ratio;
    }
    return sqrt(sum / x.n);
}

/* k[0] := f(t, z), which the last step knows, unless there was none. */
static void first_slope(struct ode_solver *s)
{
    if (s->slope_known) {
        swap(&s->k[0], &s->k[6]);
    } else {
        s->ode.field(s->ode.context, s->t, s->z, s->k[0]);
        s->evaluations++;
    }
    s->slope_known = false;
    s->t_old = s->t;
}

/* The size of the first step: the error of Euler's would be about a hundredth of z, and
 * that of a method of order 5 a hundredth of the tolerance.  Only the step that feels
 * for it is no longer than the way: how steep the equation is, a way does not tell.
 * And it is long enough to change t.  k[0]: the slope at z.
 * [Hairer, Norsett, Wanner 1993, II.4, "Starting step size"] */
static double first_size(struct ode_solver *s, double way)
{
    double d0 = in_tolerances(s, s->z, s->z), d1 = in_tolerances(s, s->k[0], s->z);
    bool usual = d0 >= 1e-5 && d1 >= 1e-5 && isfinite(d0 / d1);
    double h0 = fmin(usual ? 0.01 * d0 / d1 : 1e-6, fabs(way));
    copy(s->z, s->trial);
    axpy(copysign(h0, way), s->k[0], s->trial);
    s->ode.field(s->ode.context, s->t + copysign(h0, way), s->trial, s->k[1]);
    s->evaluations++;
    axpy(-1, s->k[0], s->k[1]);
    double d2 = in_tolerances(s, s->k[1], s->z) / h0, steepest = fmax(d1, d2);
    double h1 = steepest <= 1e-15 ? fmax(1e-6, 1e-3 * h0) : pow(0.01 / steepest, 0.2);
    return fmax(fmin(100 * h0, h1), 16 * DBL_EPSILON * fabs(s->t));
}

/* trial := the state after a step of h, and returns its error in tolerances, infinite
 * where the trial is no number; k[6] is the slope there. */
static double attempt(struct ode_solver *s, double h)
{
    for (int i = 1; i < ODE_STAGES; i++)
        evaluate_stage(&s->ode, &ode_dopri5, i, s->t, h, s->z, s->k, s->trial);
    s->evaluations += ODE_STAGES - 1;
    vec error = s->z_old; /* free since first_slope said that there is no last step */
    fill(0, error);
    add_slopes(h, ODE_STAGES, difference, s->k, error);
    return is_finite(s->trial) ? in_tolerances(s, error, s->trial) : INFINITY;
}

/* By how much the next step should be longer.  An error grows as h^5; the control is
 * proportional and integral, so that it damps: it looks at the last step's error too.
 * [Gustafsson 1991; Hairer's DOPRI5: beta 0.04, safety 0.9, factors 0.2 to 10] */
static double longer(double error, double last_error)
{
    double factor = 0.9 * pow(error, -(0.2 - 0.75 * 0.04)) * pow(last_error, 0.04);
    return fmin(10, fmax(0.2, factor));
}

/* And by how much the next attempt should be shorter: to a fifth at most, which is what
 * fmax takes, too, where the error is no number. */
static double shorter(double error)
{
    return fmax(0.2, 0.9 * pow(error, -(0.2 - 0.75 * 0.04)));
}

/* The trial is the state now. */
static void accept(struct ode_solver *s, double t, double error)
{
    s->error = fmax(error, 1e-4);
    s->t = t;
    swap(&s->z_old, &s->z);
    swap(&s->z, &s->trial);
    s->slope_known = true;
    s->steps++;
}

/* One step towards t_end, which may be infinite, and not beyond.  Where it stops short,
 * t and z are as they were: ODE_STEP_TOO_SMALL if t would not change any more, which is
 * ODE_NOT_FINITE if the state or the field there is no number, and ODE_TOO_MANY_STEPS.
 * A step that lands on t_end is never too small, since it does change t. */
enum ode_status ode_step(struct ode_solver *s, double t_end)
{
    double way = t_end - s->t, error = 0;
    bool after_rejection = false;
    REQUIRE(way != 0 && !isnan(way), "cannot step from %g to %g", s->t, t_end);
    first_slope(s);
    if (!is_finite(s->z) || !is_finite(s->k[0]))
        return ODE_NOT_FINITE;
    if (s->h == 0)
        s->h = first_size(s, way);
    while (s->steps + s->rejections < s->most) {
        bool last = fabs(way) <= 1.01 * s->h;
        if (!last && s->t + 0.1 * s->h == s->t)
            return isfinite(error) ? ODE_STEP_TOO_SMALL : ODE_NOT_FINITE;
        double t = last ? t_end : s->t + copysign(s->h, way), h = fabs(t - s->t);
        error = attempt(s, t - s->t); /* not of s->h, by which t may not change */
        if (error <= 1) {
            double most = after_rejection ? 1 : 10;
            double next = h * fmin(longer(error, s->error), most);
            s->h = last ? fmax(next, s->h) : next;
            accept(s, t, error);
            return ODE_DONE;
        }
        s->h = h * shorter(error);
        s->rejections++;
        after_rejection = true;
    }
    return ODE_TOO_MANY_STEPS;
}

/* Steps until t is t_end, exactly.  Where it stops short, s->t and s->z are what was
 * reached. */
enum ode_status ode_to(struct ode_solver *s, double t_end)
{
    enum ode_status status = ODE_DONE;
    while (s->t != t_end && status == ODE_DONE)
        status = ode_step(s, t_end);
    return status;
}

/* Says that the caller has changed s->z, or the field: the slope is evaluated anew, and
 * the size of the step kept. */
void ode_jumped(struct ode_solver *s)
{
    s->slope_known = false;
    s->t_old = s->t;
}

/* Whether the last step passed over t, so that ode_dense knows the state there. */
bool ode_within(const struct ode_solver *s, double t)
{
    return fmin(s->t_old, s->t) <= t && t <= fmax(s->t_old, s->t);
}

/* The interpolant is a stage like any other: b(theta), ODE_STAGES numbers, are the
 * coefficients with which z_old + h sum_i b_i(theta) k_i is the state, of order 4,
 * where theta from 0 to 1 is the part of the step that is over.  It is Hermite's cubic
 * through both ends and their slopes, and a term that is flat at both,
 *     z_old + theta^2 (3 - 2 theta) (z_new - z_old)
 *         + h theta (1 - theta) ((1 - theta) k_0 - theta k_6)
 *         + h theta^2 (1 - theta)^2 sum_i bend_i k_i.
 * [Shampine 1986; Hairer, Norsett, Wanner 1993, II.6] */
void ode_dense_weights(double theta, double *b)
{
    double rest = 1 - theta, blend = theta * theta * (3 - 2 * theta);
    for (int i = 0; i < ODE_STAGES; i++)
        b[i] = blend * ode_dopri5.b[i] + theta * theta * rest * rest * bend[i];
    b[0] += theta * rest * rest;
    b[6] -= theta * theta * rest;
}

/* z := the state at a time within the last step, without evaluating anything. */
void ode_dense(const struct ode_solver *s, double t, vec z)
{
    REQUIRE(ode_within(s, t), "time %g is not between %g and %g", t, s->t_old, s->t);
    copy(t == s->t ? s->z : s->z_old, z);
    if (t == s->t)
        return;
    double h = s->t - s->t_old, b[ODE_STAGES];
    ode_dense_weights((t - s->t_old) / h, b);
    add_slopes(h, ODE_STAGES, b, s->k, z);
}
