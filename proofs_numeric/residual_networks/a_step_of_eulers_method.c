/* Section "A step of Euler's method" of the chapter "Depth as time". */
#include "curves.h"
#include "ground/certain.h"
#include "ground/ode.h"

#include <math.h>

/* h := the state at time 1 of the equation from X, by so many steps of a method. */
static void solve_curve(struct arena *arena, struct curve c,
                        const struct ode_tableau *method, int steps, vec h)
{
    struct ode ode = {c.X.rows * D, curve_field, &c};
    double t = 0;
    copy(entries(c.X), h);
    REQUIRE(ode_fixed(&ode, method, &t, 1, steps, h, arena) == ODE_DONE,
            "stopped at time %g", t);
}

/* The largest difference, over depths, of the net's output and so many steps of a
 * method for the equation on the interval. */
static double gap_to_method(struct claim *claim, const struct ode_tableau *method,
                            double step)
{
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, 0, TANH);
    vec h = arena_vec(arena, EXAMPLES * D);
    double gap = 0;
    for (int T = 1; T <= 50; T += 7) {
        struct resnet net = residual(T, D, TANH, step > 0 ? step : 1.0 / T);
        vec w = arena_vec(arena, resnet_parameters(net));
        struct resnet_pass pass = run_curve(arena, c, net, w);
        solve_curve(arena, c, method, T, h);
        gap = worst(gap, distance(h, entries(state(&pass, T))));
    }
    return gap;
}

/* The states of nets of 24, 48 and 192 linear layers whose weights turn the plane: the
 * equation goes once round the unit circle. */
static void record_circle(struct claim *claim)
{
    static const int layers[] = {24, 48, 192};
    struct arena *arena = claim_arena(claim);
    struct resnet_pass pass[3];
    for (int i = 0; i < 3; i++) {
        struct resnet net = residual(layers[i], 2, LINEAR, 1.0 / layers[i]);
        vec w = arena_vec(arena, resnet_parameters(net));
        for (int t = 0; t < net.depth; t++) {
            resnet_weights(net, w, t).at[1] = -8 * atan(1);
            resnet_weights(net, w, t).at[2] = 8 * atan(1);
        }
        pass[i] = resnet_pass_make(arena, net, 1);
        resnet_forward(net, w, (mat){1, 2, (real[]){1, 0}}, &pass[i]);
    }
    struct series s =
        series_begin(claim, "circle", "x24", "y24", "x48", "y48", "x192", "y192", NULL);
    for (int t = 0; t <= layers[2]; t++) {
        double values[6] = {NAN, NAN, NAN, NAN, NAN, NAN};
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 2 && t <= layers[i]; j++)
                values[2 * i + j] = state(&pass[i], t).at[j];
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(resnet_euler, IDENTITY,
      "Branches times 1 / T and weights on a curve are Euler's method in T steps")
{
    /* Both make errors of D eps times their terms, of size 5 or so, in each of T steps
     * of size 1 / T; the flow stretches them by at most e^|W| < e^3. */
    double limit = rounding(D + 4, 5 * exp(3) * sqrt(EXAMPLES * D));
    record_circle(claim);
    evidence(claim, "net less Euler's method",
             at_most(gap_to_method(claim, &ode_euler, 0), limit));
    control(claim, "net less midpoint method",
            at_most(gap_to_method(claim, &ode_midpoint, 0), limit));
    control(claim, "branches as large as on the slide",
            at_most(gap_to_method(claim, &ode_euler, 1), limit));
}

/* dz := the curve's field at z, with the digits of a long double. */
static void long_field(const struct curve *c, long double t, const long double *z,
                       long double *dz)
{
    const real *theta_0 = c->theta_0.at, *theta_1 = c->theta_1.at;
    long double a = cosl(t), b = sinl(t);
    for (int j = 0; j < D; j++) {
        long double sum = a * theta_0[D * D + j] + b * theta_1[D * D + j];
        for (int k = 0; k < D; k++)
            sum += (a * theta_0[j * D + k] + b * theta_1[j * D + k]) * z[k];
        dz[j] = tanhl(sum);
    }
}

/* z := the state at time 1 from x on, by n steps that leap over the point between: from
 * z_{i-1} by twice the field at z_i. */
static void leap(const struct curve *c, vec x, int n, long double z[D])
{
    long double last[D], dz[D], step = 1.0L / n;
    for (int j = 0; j < D; j++)
        last[j] = x.at[j];
    long_field(c, 0, last, dz);
    for (int j = 0; j < D; j++)
        z[j] = last[j] + step * dz[j];
    for (int i = 1; i < n; i++) {
        long_field(c, i * step, z, dz);
        for (int j = 0; j < D; j++) {
            long double next = last[j] + 2 * step * dz[j];
            last[j] = z[j];
            z[j] = next;
        }
    }
}

/* h := the state at time 1 of a smooth field, without the solver of ref/.  The error of
 * even n leaps is a series in n^-2, of which six runs extrapolate away five terms; what
 * is left is of order (96 * 80 * 64 * 48 * 32 * 16)^-2, below 1e-18.  [Gragg 1965] */
static void solve_closely(struct curve c, vec h)
{
    enum { RUNS = 6 };
    for (int i = 0; i < EXAMPLES; i++) {
        long double z[RUNS][D];
        for (int k = 0; k < RUNS; k++) {
            leap(&c, row(c.X, i), 16 * (k + 1), z[k]);
            for (int m = k - 1; m >= 0; m--) {
                long double ratio = (k + 1.0L) / (m + 1), off = ratio * ratio - 1;
                for (int j = 0; j < D; j++)
                    z[m][j] = z[m + 1][j] + (z[m + 1][j] - z[m][j]) / off;
            }
        }
        for (int j = 0; j < D; j++)
            h.at[i * D + j] = (double)z[0][j];
    }
}

/* The power of the depth T, from 32 to 320, with which the net of T layers comes near
 * the equation's state h at time 1; its branches are scaled by 1 / T. */
static struct fit approach(struct arena *arena, struct curve c, vec h)
{
    double T[DEPTHS], off[DEPTHS];
    for (int i = 0; i < DEPTHS; i++) {
        size_t mark = arena->used;
        struct resnet net = residual(depth_of(32, i), D, TANH, 1.0 / depth_of(32, i));
        vec w = arena_vec(arena, resnet_parameters(net));
        struct resnet_pass pass = run_curve(arena, c, net, w);
        T[i] = net.depth;
        off[i] = distance(h, entries(state(&pass, net.depth)));
        arena->used = mark;
    }
    return fit_power(DEPTHS, T, off);
}

/* The curve's field in the lecture's time, T units for T layers: dh/dt = f(h, t / T).
 */
struct slow {
    const struct curve *curve;
    int T;
};

static void slow_field(void *context, double t, vec z, vec dz)
{
    const struct slow *slow = context;
    curve_field((void *)slow->curve, t / slow->T, z, dz);
}

/* The same power for the lecture's own net, with branches of size 1, and the equation
 * that it is a step of: over the time T, from 4 to 40 layers. */
static struct fit approach_unscaled(struct arena *arena, struct curve c)
{
    double T[DEPTHS], off[DEPTHS];
    for (int i = 0; i < DEPTHS; i++) {
        size_t mark = arena->used;
        struct resnet net = residual(depth_of(4, i), D, TANH, 1);
        struct slow slow = {&c, net.depth};
        vec w = arena_vec(arena, resnet_parameters(net)),
            h = arena_vec(arena, EXAMPLES * D);
        struct resnet_pass pass = run_curve(arena, c, net, w);
        struct ode ode = {h.n, slow_field, &slow};
        double t = 0;
        copy(entries(c.X), h);
        ode_fixed(&ode, &ode_rk4, &t, net.depth, 4 * net.depth, h, arena);
        T[i] = net.depth;
        off[i] = distance(h, entries(state(&pass, net.depth)));
        arena->used = mark;
    }
    return fit_power(DEPTHS, T, off);
}

/* The same power if every layer has weights of its own, of mean 0 and independent, and
 * no biases.  The average field is then 0 by symmetry, and the state at time 1 is X. */
static struct fit approach_rough(struct arena *arena, struct rng *rng, struct curve c)
{
    enum { NETS = 8 };
    double T[DEPTHS], off[DEPTHS];
    for (int i = 0; i < DEPTHS; i++) {
        struct resnet net = residual(depth_of(32, i), D, TANH, 1.0 / depth_of(32, i));
        double sum = 0;
        for (int k = 0; k < NETS; k++) {
            size_t mark = arena->used;
            vec w = arena_vec(arena, resnet_parameters(net));
            struct resnet_pass pass = resnet_pass_make(arena, net, EXAMPLES);
            for (int t = 0; t < net.depth; t++)
                rng_normals(rng, 0, 1 / sqrt(D), entries(resnet_weights(net, w, t)));
            resnet_forward(net, w, c.X, &pass);
            sum += pow(distance(entries(c.X), entries(state(&pass, net.depth))), 2);
            arena->used = mark;
        }
        T[i] = net.depth;
        off[i] = sqrt(sum / NETS);
    }
    return fit_power(DEPTHS, T, off);
}

CLAIM(resnet_distance, RATE,
      "With smooth weights and branches times 1 / T, a net nears its equation as 1 / T")
{
    struct arena *arena = claim_arena(claim);
    double smooth[WORLDS], large[WORLDS], rough[WORLDS];
    for (uint64_t r = 0; r < WORLDS; r++) {
        size_t mark = arena->used;
        struct curve c = build_curve(claim, r, TANH);
        struct rng rng = claim_rng(claim, WORLDS + r);
        vec h = arena_vec(arena, EXAMPLES * D);
        solve_closely(c, h);
        smooth[r] = approach(arena, c, h).slope;
        large[r] = approach_unscaled(arena, c).slope;
        rough[r] = approach_rough(arena, &rng, c).slope;
        arena->used = mark;
    }
    evidence(claim, "power of the depth, 32 to 320",
             slopes_near(WORLDS, smooth, -1, next_term(32), 0.5));
    control(claim, "branches as large as on the slide",
            slopes_near(WORLDS, large, -1, next_term(32), 0.5));
    control(claim, "each layer drawn by itself",
            slopes_near(WORLDS, rough, -1, next_term(32), 0.5));
}

/* The curve's field for h, and behind it u' = f_h u + h'' / 2, example by example,
 * where h'' = f_t + f_h h'; without f_t if the context says that the field stands
 * still. */
struct error_field {
    const struct curve *curve;
    bool still;
};

static void leading_error_field(void *context, double t, vec z, vec dz)
{
    const struct error_field *e = context;
    const real *theta_0 = e->curve->theta_0.at, *theta_1 = e->curve->theta_1.at;
    double a = cos(t), b = sin(t), still = e->still ? 0 : 1;
    vec h = {z.n / 2, z.at}, dh = {z.n / 2, dz.at};
    curve_field((void *)e->curve, t, h, dh);
    for (int i = 0; i < h.n; i += D)
        for (int j = 0; j < D; j++) {
            int bias = D * D + j;
            double sum = still * (a * theta_1[bias] - b * theta_0[bias]) / 2;
            for (int k = 0; k < D; k++) {
                double w_0 = theta_0[j * D + k], w_1 = theta_1[j * D + k];
                sum += still * (a * w_1 - b * w_0) * h.at[i + k] / 2;
                sum += (a * w_0 + b * w_1) * (z.at[h.n + i + k] + dh.at[i + k] / 2);
            }
            dz.at[h.n + i + j] = (1 - dh.at[i + j] * dh.at[i + j]) * sum;
        }
}

/* The power of the depth with which T (h(1) - h_T) comes near u(1). */
static struct fit approach_to_constant(struct arena *arena, struct curve c, bool still)
{
    double T[DEPTHS], off[DEPTHS];
    vec z = arena_vec(arena, 2 * EXAMPLES * D), h = {z.n / 2, z.at},
        u = {z.n / 2, z.at + z.n / 2};
    struct error_field e = {&c, still};
    struct ode ode = {z.n, leading_error_field, &e};
    double t = 0;
    copy(entries(c.X), h);
    ode_fixed(&ode, &ode_rk4, &t, 1, 200, z, arena);
    for (int i = 0; i < DEPTHS; i++) {
        struct resnet net = residual(depth_of(32, i), D, TANH, 1.0 / depth_of(32, i));
        vec w = arena_vec(arena, resnet_parameters(net)), gap = arena_vec(arena, h.n);
        struct resnet_pass pass = run_curve(arena, c, net, w);
        T[i] = net.depth;
        axpy(T[i], h, gap);
        axpy(-T[i], entries(state(&pass, net.depth)), gap);
        off[i] = distance(gap, u);
    }
    return fit_power(DEPTHS, T, off);
}

CLAIM(resnet_leading_error, RATE,
      "T times the distance tends to u(1), where u' = f_h u + h'' / 2 and u(0) = 0")
{
    if (needs_double(claim, "320 layers multiply the rounding of a state by 320"))
        return;
    struct arena *arena = claim_arena(claim);
    double moving[WORLDS], still[WORLDS];
    for (uint64_t r = 0; r < WORLDS; r++) {
        size_t mark = arena->used;
        struct curve c = build_curve(claim, r, TANH);
        moving[r] = approach_to_constant(arena, c, false).slope;
        still[r] = approach_to_constant(arena, c, true).slope;
        arena->used = mark;
    }
    evidence(claim, "power of the depth, 32 to 320",
             slopes_near(WORLDS, moving, -1, next_term(32), 0.5));
    control(claim, "h'' as if the field stood still",
            slopes_near(WORLDS, still, -1, next_term(32), 0.5));
}

/* The power of the number of steps, over a decade from `few` on, with which a method
 * comes near the state h at time 1. */
static struct fit order(struct arena *arena, struct curve c, vec h,
                        const struct ode_tableau *method, int few)
{
    double steps[DEPTHS], off[DEPTHS];
    vec z = arena_vec(arena, h.n);
    for (int i = 0; i < DEPTHS; i++) {
        steps[i] = depth_of(few, i);
        solve_curve(arena, c, method, depth_of(few, i), z);
        off[i] = distance(h, z);
    }
    return fit_power(DEPTHS, steps, off);
}

enum { METHODS = 4 };

/* The distances of the methods to the state h at time 1, relative to it. */
static void distances_after(struct arena *arena, struct curve c, vec h, int steps,
                            double off[METHODS])
{
    const struct ode_tableau *const methods[] = {&ode_euler, &ode_midpoint, &ode_rk4,
                                                 &ode_dopri5};
    vec z = arena_vec(arena, h.n);
    for (int m = 0; m < METHODS; m++) {
        solve_curve(arena, c, methods[m], steps, z);
        off[m] = distance(h, z) / norm(h);
    }
}

/* Distance of each method to the state at time 1, over the number of its steps; and the
 * line of its order, 1, 2, 4 or 5, through the distance after 16 steps. */
static void record_orders(struct claim *claim, struct curve c, vec h)
{
    static const int orders[METHODS] = {1, 2, 4, 5};
    struct series s =
        series_begin(claim, "distance", "steps", "euler", "midpoint", "rk4", "dopri5",
                     "law 1", "law 2", "law 4", "law 5", NULL);
    double through[METHODS];
    distances_after(claim_arena(claim), c, h, 16, through);
    for (int steps = 4; steps <= 256; steps *= 2) {
        double row[1 + 2 * METHODS] = {steps};
        distances_after(claim_arena(claim), c, h, steps, row + 1);
        for (int m = 0; m < METHODS; m++)
            row[1 + METHODS + m] = through[m] * pow(16.0 / steps, orders[m]);
        series_row(&s, row);
    }
    series_end(&s);
}

/* The powers of the step for the four methods, and for Runge and Kutta's where phi has
 * a kink, in one world. */
struct orders {
    double euler, midpoint, runge_kutta, dormand_prince, kinked;
};

static struct orders orders_of_world(struct claim *claim, uint64_t replicate)
{
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, replicate, TANH),
                 kinked = build_curve(claim, replicate, RELU);
    vec h = arena_vec(arena, EXAMPLES * D), bent = arena_vec(arena, EXAMPLES * D);
    solve_closely(c, h);
    solve_curve(arena, kinked, &ode_rk4, 4000, bent);
    if (replicate == 0)
        record_orders(claim, c, h);
    return (struct orders){.euler = order(arena, c, h, &ode_euler, 32).slope,
                           .midpoint = order(arena, c, h, &ode_midpoint, 20).slope,
                           .runge_kutta = order(arena, c, h, &ode_rk4, 10).slope,
                           .dormand_prince = order(arena, c, h, &ode_dopri5, 8).slope,
                           .kinked = order(arena, kinked, bent, &ode_rk4, 10).slope};
}

CLAIM(resnet_orders, RATE,
      "Orders: Euler 1, midpoint 2, Runge and Kutta 4, Dormand and Prince 5")
{
    if (needs_double(claim, "a decade of order 5 ends below the rounding of a state"))
        return;
    double euler[WORLDS], midpoint[WORLDS], runge[WORLDS], prince[WORLDS],
        kinked[WORLDS];
    for (uint64_t r = 0; r < WORLDS; r++) {
        size_t mark = claim_arena(claim)->used;
        struct orders o = orders_of_world(claim, r);
        euler[r] = o.euler;
        midpoint[r] = o.midpoint;
        runge[r] = o.runge_kutta;
        prince[r] = o.dormand_prince;
        kinked[r] = o.kinked;
        claim_arena(claim)->used = mark;
    }
    /* Where h' = lambda h, the midpoint's error has r = 3/4 lambda, Runge and Kutta's
     * 5/6 lambda, below Euler's, and Dormand and Prince's 12/7 lambda; with lambda < 2.
     * They chose theirs to make the leading term small, so that in general the next one
     * is larger beside it: r < 7 is allowed, twice as much. */
    evidence(claim, "Euler", slopes_near(WORLDS, euler, -1, next_term(32), 1));
    evidence(claim, "midpoint", slopes_near(WORLDS, midpoint, -2, next_term(20), 1));
    evidence(claim, "Runge-Kutta", slopes_near(WORLDS, runge, -4, next_term(10), 1));
    evidence(claim, "Dormand-Prince",
             slopes_near(WORLDS, prince, -5, next_term(8.0 / 3), 1));
    control(claim, "Runge-Kutta where phi has a kink",
            slopes_near(WORLDS, kinked, -4, next_term(10), 1));
}

/* ---- Every start -------------------------------------------------------------------
 * z' = tanh z on a line: sinh z(1) = e sinh z(0), and Euler's error times T tends to
 * 1/2 tanh z(1) ln (tanh z(1) / tanh z(0)). */

/* A number and its derivative with respect to z(0). */
struct dual {
    ball value, slope;
};

/* tanh z(1), and z(1) if it is asked for. */
static struct dual solution(ball z, ball *end)
{
    ball up = ball_exp(z), down = ball_exp(ball_neg(z));
    ball e = ball_exp(ball_number(z.in, 1));
    ball s = ball_times(0.5, ball_mul(e, ball_sub(up, down)));
    ball ds = ball_times(0.5, ball_mul(e, ball_add(up, down)));
    ball root = ball_sqrt(ball_plus(ball_square(s), 1));
    if (end != NULL)
        *end = ball_log(ball_add(s, root));
    return (struct dual){ball_div(s, root), ball_div(ds, root)}; /* slope: of z(1) */
}

static ball slope_of_tanh(ball t) { return ball_plus(ball_neg(ball_square(t)), 1); }

/* T steps of z + tanh(z) / T. */
static struct dual steps_of_euler(ball z, int T)
{
    struct balls *in = z.in;
    struct dual x = {ball_add(z, ball_number(in, 0)), ball_number(in, 1)};
    ball size = ball_ratio(in, 1, T);
    int mark = in->used;
    for (int t = 0; t < T; t++, in->used = mark) {
        ball h = ball_tanh(x.value);
        ball growth = ball_plus(ball_mul(size, slope_of_tanh(h)), 1);
        arb_set(x.slope.at, ball_mul(x.slope, growth).at);
        arb_set(x.value.at, ball_add(x.value, ball_mul(size, h)).at);
    }
    return x;
}

/* factor tanh z(1) ln (tanh z(1) / tanh z(0)). */
static struct dual leading_error(ball z, double factor)
{
    struct dual end = solution(z, NULL);
    ball at_0 = ball_tanh(z), at_1 = end.value;
    ball lost = ball_log(ball_div(at_1, at_0));
    ball moves = ball_mul(slope_of_tanh(at_1), end.slope);
    ball through_0 = ball_div(ball_mul(at_1, slope_of_tanh(at_0)), at_0);
    ball slope = ball_sub(ball_mul(moves, ball_plus(lost, 1)), through_0);
    return (struct dual){ball_times(factor, ball_mul(at_1, lost)),
                         ball_times(factor, slope)};
}

/* T (z(1) - h_T) less the leading error: is it between -bound / T and bound / T? */
struct second_order {
    int T;
    double factor, bound;
};

static ball off_leading(const struct second_order *s, ball z, ball *slope)
{
    ball end;
    struct dual exact = solution(z, &end), steps = steps_of_euler(z, s->T);
    struct dual lead = leading_error(z, s->factor);
    *slope = ball_sub(ball_times(s->T, ball_sub(exact.slope, steps.slope)), lead.slope);
    return ball_sub(ball_times(s->T, ball_sub(end, steps.value)), lead.value);
}

static enum verdict is_leading(void *context, const ball *z)
{
    const struct second_order *s = context;
    ball slope, unused, middle = ball_middle(z[0]);
    off_leading(s, z[0], &slope);
    ball off = ball_add(off_leading(s, middle, &unused),
                        ball_mul(slope, ball_sub(z[0], middle)));
    return is_less(ball_times(s->T, ball_abs(off)), ball_number(off.in, s->bound));
}

static struct finding for_all_starts(struct balls *in, struct second_order s)
{
    struct box box = {.n = 1, .low = {0.1}, .high = {2}};
    struct search search = {0};
    return certainly(everywhere(in, is_leading, &s, box, 30, &search));
}

/* How far the slope of off_leading is from its difference at z +- 2^-30: a 6 * 2^60th
 * of a third derivative, for which 2^10 leaves much room. */
static ball slope_off(struct balls *in, const struct second_order *s, double at)
{
    const double h = 0x1p-30;
    ball slope, unused, z = ball_number(in, at);
    off_leading(s, z, &slope);
    ball right = off_leading(s, ball_plus(z, h), &unused);
    ball left = off_leading(s, ball_plus(z, -h), &unused);
    return ball_abs(ball_sub(ball_times(1 / (2 * h), ball_sub(right, left)), slope));
}

static void tanh_field(void *context, double t, vec z, vec dz)
{
    (void)context, (void)t;
    dz.at[0] = tanh(z.at[0]);
}

/* How far ref/'s 64 steps from 20 starts end outside of their balls. */
static double steps_outside(struct claim *claim, struct balls *in)
{
    struct ode ode = {1, tanh_field, NULL};
    double gap = 0;
    for (int i = 1; i <= 20; i++) {
        int mark = in->used;
        real z[] = {i / 10.0};
        double t = 0;
        struct dual steps = steps_of_euler(ball_number(in, z[0]), 64);
        ode_fixed(&ode, &ode_euler, &t, 1, 64, (vec){1, z}, claim_arena(claim));
        gap = worst(gap, ball_distance(steps.value, z[0]));
        in->used = mark;
    }
    return gap;
}

CLAIM(resnet_every_start, PROVED,
      "h' = tanh h: from every start T layers miss by the leading error, +- 0.15/T^2")
{
    static const int layers[] = {8, 16, 32, 64};
    static const char *const texts[] = {"8 layers, off by 0.15 / 8 at most",
                                        "16 layers, off by 0.15 / 16",
                                        "32 layers, off by 0.15 / 32",
                                        "64 layers, off by 0.15 / 64"};
    struct balls balls = balls_make(1000, 96);
    for (int i = 0; i < 4; i++)
        evidence(claim, texts[i],
                 for_all_starts(&balls, (struct second_order){layers[i], 0.5, 0.15}));
    struct second_order deep = {64, 0.5, 0.15};
    evidence(claim, "slopes, off a difference",
             ball_at_most(ball_add(slope_off(&balls, &deep, 0.25),
                                   slope_off(&balls, &deep, 1.5)),
                          0x1p-50));
    evidence(claim, "ref/ outside its ball, 64 layers",
             at_most(steps_outside(claim, &balls), rounding(64 * 4, 10)));
    control(claim, "64 layers, off by 0.13 / 64",
            for_all_starts(&balls, (struct second_order){64, 0.5, 0.13}));
    control(claim, "without the 1/2",
            for_all_starts(&balls, (struct second_order){64, 1, 0.15}));
    control(claim, "no leading error at all",
            for_all_starts(&balls, (struct second_order){64, 0, 0.15}));
    balls_free(&balls);
}

SECTION(resnet_steps, &resnet_euler, &resnet_distance, &resnet_leading_error,
        &resnet_orders, &resnet_every_start);
