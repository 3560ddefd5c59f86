/* Chapter "Depth as time": its claims.
 *
 * The net under test multiplies matrices.  What it is compared with does not: the field
 * of the differential equation is summed in plain loops and handed to a solver, the
 * derivatives come from complex steps, and the laws of random layers are mixtures of
 * digamma functions. */
#include "residual_networks.h"
#include "ground/claim.h"
#include "ground/ode.h"
#include "ground/route_lapack.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* ---- Nets whose weights are a curve ---------------------------------------------- */

enum { D = 8, EXAMPLES = 4 };

/* The curve theta(s) = cos(s) theta_0 + sin(s) theta_1, and inputs. */
struct curve {
    vec theta_0, theta_1; /* D^2 + D: weights N(0, 0.5 / D), biases N(0, 0.25) */
    mat X;                /* EXAMPLES x D, normal                              */
    enum activation activation;
};

static void draw_layer(struct rng *rng, double gain, vec theta)
{
    rng_normals(rng, 0, gain / sqrt(D), (vec){D * D, theta.at});
    rng_normals(rng, 0, 0.5, (vec){D, theta.at + D * D});
}

static struct curve build_curve(struct claim *claim, uint64_t replicate,
                                enum activation activation)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct curve c = {arena_vec(arena, D * D + D), arena_vec(arena, D * D + D),
                      arena_mat(arena, EXAMPLES, D), activation};
    draw_layer(&rng, sqrt(0.5), c.theta_0);
    draw_layer(&rng, sqrt(0.5), c.theta_1);
    rng_normals(&rng, 0, 1, entries(c.X));
    return c;
}

static struct resnet residual(int depth, int width, enum activation activation,
                              double step)
{
    return (struct resnet){depth, width, activation, true, step};
}

static mat state(const struct resnet_pass *pass, int t)
{
    return resnet_block(pass, pass->H, t);
}

/* w := the curve's layers; returns the run of the net with them. */
static struct resnet_pass run_curve(struct arena *arena, struct curve c,
                                    struct resnet net, vec w)
{
    struct resnet_pass pass = resnet_pass_make(arena, net, c.X.rows);
    resnet_smooth(net, c.theta_0, c.theta_1, w);
    resnet_forward(net, w, c.X, &pass);
    return pass;
}

static double phi(enum activation activation, double z)
{
    return activation == TANH ? tanh(z) : activation == RELU ? fmax(z, 0) : z;
}

/* The field dh/dt = phi(W(t) h + b(t)) on every row of the state, in plain loops. */
static void curve_field(void *context, double t, vec z, vec dz)
{
    const struct curve *c = context;
    double theta[D * D + D];
    for (int k = 0; k < D * D + D; k++)
        theta[k] = cos(t) * c->theta_0.at[k] + sin(t) * c->theta_1.at[k];
    for (int i = 0; i < z.n; i += D)
        for (int j = 0; j < D; j++) {
            double sum = theta[D * D + j];
            for (int k = 0; k < D; k++)
                sum += theta[j * D + k] * z.at[i + k];
            dz.at[i + j] = phi(c->activation, sum);
        }
}

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

static double distance(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (x.at[i] - y.at[i]) * (x.at[i] - y.at[i]);
    return sqrt(sum);
}

/* |h_T - h_0 - sum of epsilon phi(W_t h_t + b_t)|, where the sum runs over t = 0, ...,
 * last, in plain loops from the recorded states. */
static double gap_of_sum(struct arena *arena, struct curve c, struct resnet net,
                         const struct resnet_pass *pass, int last)
{
    vec sum = arena_vec(arena, EXAMPLES * D), branch = arena_vec(arena, sum.n);
    copy(entries(c.X), sum);
    for (int t = 0; t <= last; t++) {
        curve_field(&c, (double)t / net.depth, entries(state(pass, t)), branch);
        axpy(net.step, branch, sum);
    }
    return distance(sum, entries(state(pass, net.depth)));
}

CLAIM(resnet_telescope, IDENTITY,
      "A residual net's output is its input plus what layers 0 to T - 1 add")
{
    enum { T = 20 };
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, 0, TANH);
    struct resnet net = residual(T, D, TANH, 1);
    vec w = arena_vec(arena, resnet_parameters(net));
    struct resnet_pass pass = run_curve(arena, c, net, w);
    /* T + D + 2 roundings of numbers that are at most |h_0| + T in each entry. */
    double size = sqrt(EXAMPLES * D) * (max_norm(entries(c.X)) + T);
    double limit = rounding(T + D + 2, size);
    evidence(claim, "h_T less the sum, t = 0 to T - 1",
             at_most(gap_of_sum(arena, c, net, &pass, T - 1), limit));
    control(claim, "the sum of t = 0 to T",
            at_most(gap_of_sum(arena, c, net, &pass, T), limit));
}

/* ---- Copying --------------------------------------------------------------------- */

/* How far the net's output moves if so many layers of weights 0 are put behind it. */
static double moved_by_zeros(struct claim *claim, struct resnet net, int more)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    struct resnet deeper = net;
    deeper.depth += more;
    vec w = arena_vec(arena, resnet_parameters(net)),
        longer = arena_vec(arena, resnet_parameters(deeper));
    mat X = arena_mat(arena, EXAMPLES, net.width);
    rng_normals(&rng, 0, 1 / sqrt(net.width), w);
    rng_normals(&rng, 0, 1, entries(X));
    copy(w, (vec){w.n, longer.at});
    struct resnet_pass pass = resnet_pass_make(arena, net, EXAMPLES),
                       beyond = resnet_pass_make(arena, deeper, EXAMPLES);
    resnet_forward(net, w, X, &pass);
    resnet_forward(deeper, longer, X, &beyond);
    return distance(entries(state(&pass, net.depth)),
                    entries(state(&beyond, deeper.depth)));
}

CLAIM(resnet_copy, IDENTITY,
      "Layers of weights 0 leave a residual net's function as it was, bit for bit")
{
    struct resnet net = residual(10, D, TANH, 1), plain = net;
    plain.skip = false;
    evidence(claim, "change by 40 layers of zeros",
             at_most(moved_by_zeros(claim, net, 40), 0));
    control(claim, "the plain net", at_most(moved_by_zeros(claim, plain, 40), 0));
}

/* ---- Euler's method -------------------------------------------------------------- */

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
        resnet_forward(net, w, (mat){1, 2, (double[]){1, 0}}, &pass[i]);
    }
    struct series s =
        series_begin(claim, "circle", "x24", "y24", "x48", "y48", "x192", "y192", NULL);
    for (int t = 0; t <= layers[2]; t++) {
        double values[6] = {NAN, NAN, NAN, NAN, NAN, NAN};
        for (int i = 0; i < 3; i++)
            if (t <= layers[i])
                memcpy(values + 2 * i, state(&pass[i], t).at, 2 * sizeof(double));
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
    const double *theta_0 = c->theta_0.at, *theta_1 = c->theta_1.at;
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

enum { DEPTHS = 6, WORLDS = 24 };

/* What the next term adds, at most, to a slope that is fitted over the decade from T
 * on. For h' = lambda h Euler's error is e^lambda lambda^2 / 2T (1 - r / T + ...) with
 * r = 2/3 lambda + lambda^2 / 4; and r < 7/3, as lambda is |W| < 2 here.  So it is for
 * the derivative by h, and of the term after that. */
static double next_term(double T) { return log10(1 + 7 / (3 * T)); }

/* From `shallow` on over a decade, evenly in the logarithm. */
static int depth_of(int shallow, int i)
{
    return (int)lround(shallow * pow(10, i / (DEPTHS - 1.0)));
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
    const double *theta_0 = e->curve->theta_0.at, *theta_1 = e->curve->theta_1.at;
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

CLAIM(
    resnet_orders, RATE,
    "Euler is off by order 1 / T, midpoint by 2, Runge-Kutta by 4, Dormand-Prince by 5")
{
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
    /* Where h' = lambda h, the next terms of the three are 3/4, 5/6 and 5/7 lambda / T
     * of the leading one, with rounding below both.  Dormand and Prince chose theirs to
     * make the leading term small, by some three times in general: r is 3 times as
     * large for them. */
    evidence(claim, "Euler", slopes_near(WORLDS, euler, -1, next_term(32), 1));
    evidence(claim, "midpoint", slopes_near(WORLDS, midpoint, -2, next_term(20), 1));
    evidence(claim, "Runge-Kutta", slopes_near(WORLDS, runge, -4, next_term(10), 1));
    evidence(claim, "Dormand-Prince",
             slopes_near(WORLDS, prince, -5, next_term(8.0 / 3), 1));
    control(claim, "Runge-Kutta where phi has a kink",
            slopes_near(WORLDS, kinked, -4, next_term(10), 1));
}

/* ---- Derivatives through all layers ---------------------------------------------- */

static const double STEP = 1e-30;

/* J := dh_T / dh_t of the first example, by a step along the imaginary axis for each
 * column, through plain loops.  J: D x D. */
static void jacobian_by_complex_steps(struct curve c, struct resnet net,
                                      const struct resnet_pass *pass, int t, mat J)
{
    for (int column = 0; column < D; column++) {
        double complex h[D], next[D];
        for (int j = 0; j < D; j++)
            h[j] = state(pass, t).at[j] + (j == column ? I * STEP : 0);
        for (int l = t; l < net.depth; l++) {
            double a = cos((double)l / net.depth), b = sin((double)l / net.depth);
            for (int j = 0; j < D; j++) {
                double complex z =
                    a * c.theta_0.at[D * D + j] + b * c.theta_1.at[D * D + j];
                for (int k = 0; k < D; k++)
                    z += (a * c.theta_0.at[j * D + k] + b * c.theta_1.at[j * D + k]) *
                         h[k];
                next[j] = (net.skip ? h[j] : 0) + net.step * ctanh(z);
            }
            for (int j = 0; j < D; j++)
                h[j] = next[j];
        }
        for (int j = 0; j < D; j++)
            row(J, j).at[column] = cimag(h[j]) / STEP;
    }
}

/* A net that runs D copies of one input, so that row j of each block of A can be the
 * gradient of output j. */
static struct resnet_pass run_copies(struct arena *arena, struct resnet net, vec w,
                                     vec x)
{
    struct resnet_pass pass = resnet_pass_make(arena, net, net.width);
    mat X = arena_mat(arena, net.width, net.width);
    for (int i = 0; i < X.rows; i++) {
        copy(x, row(X, i));
        row(resnet_block(&pass, pass.A, net.depth), i).at[i] = 1;
    }
    resnet_forward(net, w, X, &pass);
    resnet_backward(net, w, &pass);
    return pass;
}

/* I + the sum over the layers from t on of their own derivatives, epsilon D W: what the
 * derivative would be if the layers did not see each other's additions. */
static void merely_added(struct resnet net, vec w, const struct resnet_pass *pass,
                         int t, mat J)
{
    fill(0, entries(J));
    for (int j = 0; j < D; j++)
        row(J, j).at[j] = 1;
    for (int l = t; l < net.depth; l++)
        for (int j = 0; j < D; j++)
            axpy(net.step * resnet_block(pass, pass->slope, l).at[j],
                 row(resnet_weights(net, w, l), j), row(J, j));
}

CLAIM(resnet_adjoint, IDENTITY,
      "Backward, too, a residual net only adds, and the sum is the derivative")
{
    enum { T = 30 };
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, 0, TANH);
    struct resnet net = residual(T, D, TANH, 1.0 / T);
    vec w = arena_vec(arena, resnet_parameters(net));
    resnet_smooth(net, c.theta_0, c.theta_1, w);
    struct resnet_pass pass = run_copies(arena, net, w, row(c.X, 0));
    mat J = arena_mat(arena, D, D), sum = arena_mat(arena, D, D);
    double gap = 0, gap_added = 0;
    for (int t = 0; t <= T; t += 10) {
        jacobian_by_complex_steps(c, net, &pass, t, J);
        gap = worst(gap, distance(entries(J), entries(resnet_block(&pass, pass.A, t))));
        merely_added(net, w, &pass, t, sum);
        gap_added = worst(gap_added, distance(entries(J), entries(sum)));
    }
    /* T layers, D sums each, on a product whose factors are at most 1 + |W| / T. */
    double limit = rounding(T + D, sqrt(D) * exp(3));
    evidence(claim, "backward less complex steps", at_most(gap, limit));
    control(claim, "the layers' own slopes, added", at_most(gap_added, limit));
}

/* ---- Neither vanish nor explode -------------------------------------------------- */

enum { WIDE = 12 };

/* The largest and the least singular value of dh_T / dh_0 at a normal input, for layers
 * that are each a rotation: independent ones, or all the same. */
struct stretch {
    double most, least;
};

static struct stretch stretch_of_rotations(struct claim *claim, struct resnet net,
                                           bool tied)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, 0);
    vec w = arena_vec(arena, resnet_parameters(net)), x = arena_vec(arena, net.width);
    rng_normals(&rng, 0, 1, x);
    for (int t = 0; t < net.depth; t++)
        if (t == 0 || !tied)
            rng_rotation(&rng, arena, resnet_weights(net, w, t));
        else
            copy(resnet_layer(net, w, 0), resnet_layer(net, w, t));
    struct resnet_pass pass = run_copies(arena, net, w, x);
    vec s = arena_vec(arena, net.width);
    route_singular(resnet_block(&pass, pass.A, 0), s);
    arena->used = mark;
    return (struct stretch){s.at[0], s.at[net.width - 1]};
}

static const int depths[] = {2, 4, 8, 16, 32, 64, 128};

enum { ALL = sizeof depths / sizeof *depths };

/* By what factor the singular values leave [(1 - 1 / T)^T, (1 + 1 / T)^T], at most, for
 * branches with |W| = 1. */
static double leaves_interval(struct claim *claim, enum activation activation,
                              bool skip, bool scaled, bool tied)
{
    double factor = 0;
    for (int i = 0; i < ALL; i++) {
        int T = depths[i];
        struct resnet net = {T, WIDE, activation, skip, scaled ? 1.0 / T : 1};
        struct stretch s = stretch_of_rotations(claim, net, tied);
        factor = worst(factor, s.most / pow(1 + 1.0 / T, T));
        factor = worst(factor, pow(1 - 1.0 / T, T) / s.least);
    }
    return factor;
}

/* How near linear layers that are all +1 or all -1 come to the ends, as a factor: 1 if
 * they are there. */
static double reaches_ends(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    double gap = 0;
    for (int i = 0; i < ALL; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            int T = depths[i];
            struct resnet net = residual(T, 1, LINEAR, 1.0 / T);
            vec w = arena_vec(arena, resnet_parameters(net)), x = arena_vec(arena, 1);
            for (int t = 0; t < T; t++)
                resnet_weights(net, w, t).at[0] = sign;
            struct resnet_pass pass = run_copies(arena, net, w, x);
            double J = resnet_block(&pass, pass.A, 0).at[0];
            gap = worst(gap, fabs(J / pow(1 + sign * 1.0 / T, T) - 1));
        }
    return 1 - gap;
}

static void record_stretch(struct claim *claim)
{
    struct series s = series_begin(claim, "stretch", "T", "most", "least", "plain_most",
                                   "plain_least", NULL);
    for (int i = 0; i < ALL; i++) {
        int T = depths[i];
        struct stretch r =
            stretch_of_rotations(claim, residual(T, WIDE, TANH, 1.0 / T), true);
        struct stretch p =
            stretch_of_rotations(claim, (struct resnet){T, WIDE, TANH, false, 1}, true);
        series_row(&s, (double[]){T, r.most, r.least, p.most, p.least});
    }
    series_end(&s);
}

CLAIM(resnet_stretch, BOUND,
      "Slopes at most 1, times 1 / T: singular values from (1 - 1/T)^T to (1 + 1/T)^T")
{
    /* Products of T factors in D + 2 operations each. */
    double limit = 1 + rounding(128 * (WIDE + 2), 1);
    record_stretch(claim);
    evidence(claim, "tanh: past the ends, as a factor",
             at_most(leaves_interval(claim, TANH, true, true, true), limit));
    evidence(claim, "ReLU: past the ends, as a factor",
             at_most(leaves_interval(claim, RELU, true, true, false), limit));
    evidence(claim, "linear: of the way to the ends",
             at_least(reaches_ends(claim), 2 - limit));
    control(claim, "plain tanh net, same weights",
            at_most(leaves_interval(claim, TANH, false, false, true), limit));
    control(claim, "residual ReLU net, not scaled",
            at_most(leaves_interval(claim, RELU, true, false, false), limit));
}

/* The curve's field with D tangents: the state is h and, row by row, V = dh / dh_0. */
static void variation_field(void *context, double t, vec z, vec dz)
{
    const struct curve *c = context;
    double a = cos(t), b = sin(t);
    for (int j = 0; j < D; j++) {
        double W[D], sum = a * c->theta_0.at[D * D + j] + b * c->theta_1.at[D * D + j];
        for (int k = 0; k < D; k++) {
            W[k] = a * c->theta_0.at[j * D + k] + b * c->theta_1.at[j * D + k];
            sum += W[k] * z.at[k];
        }
        dz.at[j] = tanh(sum);
        for (int column = 0; column < D; column++) {
            double push = 0;
            for (int k = 0; k < D; k++)
                push += W[k] * z.at[D + k * D + column];
            dz.at[D + j * D + column] = (1 - dz.at[j] * dz.at[j]) * push;
        }
    }
}

/* J := dh(1) / dh(0) at x, by 200 steps of Runge and Kutta on the equation of
 * variation: their error is below that of Euler's at 320 by many decades. */
static void flow_jacobian(struct arena *arena, struct curve c, vec x, mat J)
{
    vec z = arena_vec(arena, D + D * D);
    struct ode ode = {z.n, variation_field, &c};
    double t = 0;
    copy(x, (vec){D, z.at});
    for (int j = 0; j < D; j++)
        z.at[D + j * D + j] = 1;
    ode_fixed(&ode, &ode_rk4, &t, 1, 200, z, arena);
    copy((vec){D * D, z.at + D}, entries(J));
}

/* The power of the depth with which dh_T / dh_0 comes near J; with rng, if every layer
 * is drawn by itself. */
static struct fit approach_of_jacobian(struct arena *arena, struct curve c, vec x,
                                       mat J, struct rng *rng)
{
    double T[DEPTHS], off[DEPTHS];
    for (int i = 0; i < DEPTHS; i++) {
        size_t mark = arena->used;
        struct resnet net = residual(depth_of(32, i), D, TANH, 1.0 / depth_of(32, i));
        vec w = arena_vec(arena, resnet_parameters(net));
        resnet_smooth(net, c.theta_0, c.theta_1, w);
        for (int t = 0; t < net.depth && rng != NULL; t++)
            draw_layer(rng, 1, resnet_layer(net, w, t));
        struct resnet_pass pass = run_copies(arena, net, w, x);
        T[i] = net.depth;
        off[i] = distance(entries(J), entries(resnet_block(&pass, pass.A, 0)));
        arena->used = mark;
    }
    return fit_power(DEPTHS, T, off);
}

CLAIM(resnet_gradient_limit, RATE,
      "With smooth weights, dh_T / dh_0 tends to the flow's derivative, as 1 / T")
{
    struct arena *arena = claim_arena(claim);
    double smooth[WORLDS], rough[WORLDS];
    for (uint64_t r = 0; r < WORLDS; r++) {
        size_t mark = arena->used;
        struct curve c = build_curve(claim, r, TANH);
        struct rng rng = claim_rng(claim, WORLDS + r);
        mat J = arena_mat(arena, D, D);
        vec x = row(c.X, 0);
        flow_jacobian(arena, c, x, J);
        smooth[r] = approach_of_jacobian(arena, c, x, J, NULL).slope;
        rough[r] = approach_of_jacobian(arena, c, x, J, &rng).slope;
        arena->used = mark;
    }
    evidence(claim, "power of the depth, 32 to 320",
             slopes_near(WORLDS, smooth, -1, next_term(32), 0.5));
    control(claim, "each layer drawn by itself",
            slopes_near(WORLDS, rough, -1, next_term(32), 0.5));
}

/* ---- Random layers --------------------------------------------------------------- */

/* The derivative of ln Gamma, by its asymptotic series from 10 on, which is good to
 * 1e-13 there, and psi(x) = psi(x + 1) - 1 / x below.  x > 0. */
static double digamma(double x)
{
    double below = 0;
    for (; x < 10; x++)
        below += 1 / x;
    double y = 1 / (x * x);
    return log(x) - 1 / (2 * x) -
           y * (1.0 / 12 -
                y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y / 132)))) -
           below;
}

/* E ln of a chi-square of k degrees of freedom. */
static double log_chi_square(double k) { return log(2) + digamma(k / 2); }

/* E ln of the factor by which a plain ReLU layer of n units, with weights
 * N(0, variance / n), lengthens a tangent v, wherever it is: unit by unit the change is
 * 1{z > 0} (a z + b g), of which (a z + b g)^2 does not see the sign of (z, g).  So the
 * squared length is variance / n times a chi-square of Bin(n, 1/2) degrees of freedom.
 */
static double relu_gain(int n, double variance)
{
    double sum = 0;
    for (int k = 1; k <= n; k++)
        sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)) *
               log_chi_square(k);
    return (log(variance / n) + sum) / 2;
}

/* The same for v + epsilon W v with W of N(0, 1 / n): epsilon^2 / n times a chi-square
 * of n degrees of freedom and noncentrality n / epsilon^2, which is a central one of
 * n + 2 J degrees, J of Poisson's law with mean n / (2 epsilon^2). */
static double linear_gain(int n, double epsilon)
{
    double mean = n / (2 * epsilon * epsilon), sum = 0;
    int from = (int)fmax(0, mean - 12 * sqrt(mean)),
        to = (int)(mean + 12 * sqrt(mean) + 40);
    for (int j = from; j <= to; j++)
        sum += exp(j * log(mean) - mean - lgamma(j + 1)) * log_chi_square(n + 2 * j);
    return (log(epsilon * epsilon / n) + sum) / 2;
}

/* The mean over n tangents v, each at a normal input of its own, of the logarithm of
 * the factor by which dh_T / dh_0 stretches v. */
static double log_stretch(struct arena *arena, struct rng *rng, int n,
                          struct resnet net, vec w)
{
    size_t mark = arena->used;
    mat X = arena_mat(arena, n, net.width), V = arena_mat(arena, n, net.width),
        scratch = arena_mat(arena, n, net.width);
    struct resnet_pass pass = resnet_pass_make(arena, net, n);
    double sum = 0;
    rng_normals(rng, 0, 1, entries(X));
    rng_normals(rng, 0, 1, entries(V));
    for (int i = 0; i < n; i++)
        sum -= log(norm(row(V, i)));
    resnet_forward(net, w, X, &pass);
    resnet_push(net, w, &pass, V, scratch);
    for (int i = 0; i < n; i++)
        sum += log(norm(row(V, i)));
    arena->used = mark;
    return sum / n;
}

/* w := weights N(0, 1 / width) for each layer, or the first layer's in all of them; the
 * biases stay as they are. */
static void draw_layers(struct rng *rng, struct resnet net, bool tied, vec w)
{
    for (int t = 0; t < net.depth; t++) {
        mat W = resnet_weights(net, w, t);
        if (t == 0 || !tied)
            rng_normals(rng, 0, 1 / sqrt(net.width), entries(W));
        else
            copy(entries(resnet_weights(net, w, 0)), entries(W));
    }
}

enum { STEPS = 3, NETS = 150, TANGENTS = 4 };

/* The log-stretches of random nets, each for so many sizes of its branches; NETS of
 * them in a row for each size. */
static void sample_stretch(struct claim *claim, struct resnet net, int sizes,
                           const double *step, bool tied, double (*sample)[NETS])
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec w = arena_vec(arena, resnet_parameters(net));
    for (int r = 0; r < NETS; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        draw_layers(&rng, net, tied, w);
        for (int i = 0; i < sizes; i++) {
            net.step = step[i];
            sample[i][r] = log_stretch(arena, &rng, TANGENTS, net, w);
        }
    }
    arena->used = mark;
}

/* ln of the stretch by the first T layers of one net, for three variances, and the law.
 */
static void record_walks(struct claim *claim, struct resnet net)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, NETS);
    struct series s = series_begin(claim, "walks", "T", "one", "two", "four", "law_one",
                                   "law_two", "law_four", NULL);
    vec w = arena_vec(arena, resnet_parameters(net));
    int of_layer = w.n / net.depth;
    draw_layers(&rng, net, false, w);
    for (; net.depth > 0; net.depth--) {
        double values[7] = {net.depth};
        for (int i = 0; i < STEPS; i++) {
            struct rng same = claim_rng(claim, NETS + 1);
            net.step = pow(2, 0.5 * i);
            vec first = {net.depth * of_layer, w.at};
            values[1 + i] = log_stretch(arena, &same, 1, net, first);
            values[4 + i] = net.depth * relu_gain(net.width, pow(2, i));
        }
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(resnet_plain_walk, STATISTIC,
      "A plain ReLU net's tangents drift by ln(v / 2) / 2 - 5 / 4n a layer")
{
    enum { N = 48, T = 40 };
    /* A factor after a ReLU is the same as one before it: the step sets the variance.
     * That all units of a layer are off, and the logarithm infinite, has the
     * probability 2^-48 a layer. */
    const double step[STEPS] = {1, sqrt(2), 2};
    static const char *const what[] = {"variance 1: ln of the stretch",
                                       "variance 2: ln of the stretch",
                                       "variance 4: ln of the stretch"};
    double sample[STEPS][NETS];
    struct resnet net = {T, N, RELU, false, 1}, straight = {T, N, LINEAR, false, 1};
    record_walks(claim, net);
    sample_stretch(claim, net, STEPS, step, false, sample);
    for (int i = 0; i < STEPS; i++) {
        double gain = relu_gain(N, step[i] * step[i]);
        evidence(claim, what[i], mean_is(NETS, sample[i], T * gain));
    }
    for (int r = 0; r < NETS; r++)
        sample[1][r] = -sample[1][r];
    evidence(claim, "variance 2: it falls", effect_at_least(NETS, sample[1], 0));
    /* Of variance 1 this net keeps the mean square, as ReLU does of 2. */
    sample_stretch(claim, straight, 1, step, false, sample);
    control(claim, "linear, of variance 1",
            mean_is(NETS, sample[0], T * relu_gain(N, 2)));
}

CLAIM(resnet_three_sizes, STATISTIC,
      "Linear random branches stretch a tangent by about ln(1 + epsilon^2) / 2 a layer")
{
    enum { N = 24, T = 64 };
    const double step[STEPS] = {1, 1 / sqrt(T), 1.0 / T};
    static const char *const what[] = {"1: ln of the stretch",
                                       "T^-1/2: ln of the stretch",
                                       "T^-1: ln of the stretch"};
    struct resnet net = residual(T, N, LINEAR, 1);
    double sample[STEPS][NETS];
    sample_stretch(claim, net, STEPS, step, false, sample);
    for (int i = 0; i < STEPS; i++)
        evidence(claim, what[i], mean_is(NETS, sample[i], T * linear_gain(N, step[i])));
    sample_stretch(claim, net, STEPS, step, true, sample);
    control(claim, "T^-1/2, the same weights in all",
            mean_is(NETS, sample[1], T * linear_gain(N, step[1])));
}

/* Three times the log-stretch by the first quarter of the layers less that by all:
 * minus a quarter of the latter, on average, if every layer adds the same to the
 * logarithm. */
static double bend(struct arena *arena, struct rng rng, struct resnet net, vec w)
{
    struct resnet first = net;
    first.depth = net.depth / 4;
    struct rng same = rng;
    vec of_first = {resnet_parameters(first), w.at};
    double quarter = log_stretch(arena, &rng, TANGENTS, first, of_first);
    return 3 * quarter - log_stretch(arena, &same, TANGENTS, net, w);
}

CLAIM(resnet_saturation, PHENOMENON,
      "With tanh, 64 layers add less than three times what 16 do to a tangent's ln")
{
    enum { DRAWN = 100, T = 64, N = 24 };
    struct resnet net = residual(T, N, TANH, 1), straight = residual(T, N, LINEAR, 1);
    vec w = arena_vec(claim_arena(claim), resnet_parameters(net));
    double of_tanh[DRAWN], of_linear[DRAWN];
    for (int r = 0; r < DRAWN; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        draw_layers(&rng, net, false, w);
        of_tanh[r] = bend(claim_arena(claim), rng, net, w);
        of_linear[r] = bend(claim_arena(claim), rng, straight, w);
    }
    evidence(claim, "tanh: 3 ln at 16 less ln at 64",
             effect_at_least(DRAWN, of_tanh, 0));
    control(claim, "linear: 3 ln at 16 less ln at 64",
            effect_at_least(DRAWN, of_linear, 0));
}

/* ---- Training -------------------------------------------------------------------- */

enum { IMAGES = 24, PIXELS = 16, READ = 1000, TRAINING = 40, SANDAL = 5, BAG = 8 };

/* As many sandals as bags, of 4 x 4 pixels, and for a target the axis of the class.
 * The best output that ignores the image is half on either axis: it costs 1/4. */
struct clothes {
    mat X, Y; /* IMAGES x PIXELS */
};

static const double BLIND = 0.25;

static struct clothes draw_clothes(struct claim *claim, struct dataset data,
                                   struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct clothes c = {arena_mat(arena, IMAGES, PIXELS),
                        arena_mat(arena, IMAGES, PIXELS)};
    int pair[READ], order[READ], chosen[IMAGES], taken[2] = {0, 0};
    int n = dataset_pair(data, SANDAL, BAG, pair);
    rng_permutation(rng, n, order);
    for (int i = 0; i < n; i++) {
        int bag = data.labels[pair[order[i]]] == BAG, k = taken[bag];
        if (k == IMAGES / 2)
            continue;
        taken[bag]++;
        chosen[2 * k + bag] = pair[order[i]];
        row(c.Y, 2 * k + bag).at[bag] = 1;
    }
    dataset_images(data, chosen, 7, c.X);
    return c;
}

/* The least cost in TRAINING steps with weights from w on, in units of BLIND; costs, if
 * any, receives that of every step. */
static double train(struct arena *arena, struct resnet net, struct clothes c,
                    double alpha, vec w, double *costs)
{
    size_t mark = arena->used;
    struct resnet_pass pass = resnet_pass_make(arena, net, IMAGES);
    vec v = arena_vec(arena, w.n), grad = arena_vec(arena, w.n);
    copy(w, v);
    double least = INFINITY;
    for (int k = 0; k <= TRAINING; k++) {
        double cost = resnet_step(net, c.X, c.Y, alpha, v, &pass, grad) / BLIND;
        least = fmin(least, cost);
        if (costs != NULL)
            costs[k] = cost;
    }
    arena->used = mark;
    return least;
}

/* The plain tanh net at the best of three rates. */
static double train_plain(struct arena *arena, struct clothes c, int T, vec w)
{
    static const double alpha[] = {0.03, 0.1, 0.3};
    struct resnet net = {T, PIXELS, TANH, false, 1};
    double best = INFINITY;
    for (int i = 0; i < 3; i++)
        best = fmin(best, train(arena, net, c, alpha[i], w, NULL));
    return best;
}

/* The plain ReLU net from layers that copy what they receive, but for a little: pixels
 * are not negative. */
static double train_copier(struct arena *arena, struct clothes c, int T, vec w,
                           double *costs)
{
    struct resnet net = {T, PIXELS, RELU, false, 1};
    size_t mark = arena->used;
    vec v = arena_vec(arena, w.n);
    axpy(0.1 / sqrt(T), w, v);
    for (int t = 0; t < T; t++)
        for (int j = 0; j < PIXELS; j++)
            row(resnet_weights(net, v, t), j).at[j] += 1;
    double cost = train(arena, net, c, 0.003, v, costs);
    arena->used = mark;
    return cost;
}

static double train_residual(struct arena *arena, struct clothes c, int T, vec w,
                             double *costs)
{
    return train(arena, residual(T, PIXELS, TANH, 1.0 / T), c, 0.5 * T, w, costs);
}

static void record_training(struct claim *claim, struct clothes c, int T, vec w)
{
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "training", "step", "residual", "plain", "copier", NULL);
    double costs[3][TRAINING + 1];
    train_residual(arena, c, T, w, costs[0]);
    train(arena, (struct resnet){T, PIXELS, TANH, false, 1}, c, 0.1, w, costs[1]);
    train_copier(arena, c, T, w, costs[2]);
    for (int k = 0; k <= TRAINING; k++)
        series_row(&s, (double[]){k, costs[0][k], costs[1][k], costs[2][k]});
    series_end(&s);
}

static void record_depths(struct claim *claim, struct clothes c, int T, vec w)
{
    struct series s = series_begin(claim, "depth", "T", "residual", "plain", NULL);
    for (int depth = 2; depth <= T; depth += (depth + 1) / 2) {
        vec first = {depth * PIXELS * (PIXELS + 1), w.at};
        double r = train_residual(claim_arena(claim), c, depth, first, NULL);
        double p = train_plain(claim_arena(claim), c, depth, first);
        series_row(&s, (double[]){depth, r, p});
    }
    series_end(&s);
}

/* What one draw of images and weights says of 100 layers and of 5, in units of what a
 * blind guess costs; of costs that differ by factors, the logarithm of the ratio. */
struct hundred {
    double residual, copier;   /* plain less it, at 100      */
    double plain;              /* at 100 less at 5           */
    double scaled, not_scaled; /* ln of at 5 over at 100    */
};

static struct hundred train_hundred(struct claim *claim, struct dataset data,
                                    uint64_t draw)
{
    enum { DEEP = 100, SHALLOW = 5 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, draw);
    struct clothes c = draw_clothes(claim, data, &rng);
    vec w = arena_vec(arena, DEEP * PIXELS * (PIXELS + 1));
    vec first = {SHALLOW * PIXELS * (PIXELS + 1), w.at};
    draw_layers(&rng, residual(DEEP, PIXELS, TANH, 1), false, w);
    double deep = train_residual(arena, c, DEEP, w, NULL),
           shallow = train_residual(arena, c, SHALLOW, first, NULL),
           plain = train_plain(arena, c, DEEP, w),
           copier = train_copier(arena, c, DEEP, w, NULL);
    /* Of size 1: at the rate that is the best one for 5 layers. */
    double large = train(arena, residual(DEEP, PIXELS, TANH, 1), c, 0.1, w, NULL),
           few = train(arena, residual(SHALLOW, PIXELS, TANH, 1), c, 0.1, first, NULL);
    if (draw == 0) {
        record_training(claim, c, DEEP, w);
        record_depths(claim, c, DEEP, w);
    }
    return (struct hundred){.residual = plain - deep,
                            .copier = copier - deep,
                            .plain = plain - train_plain(arena, c, SHALLOW, first),
                            .scaled = log(shallow / deep),
                            .not_scaled = log(few / large)};
}

CLAIM(resnet_hundred_layers, PHENOMENON,
      "100 residual layers train as 5 do; 100 plain ones are left far behind")
{
    enum { DRAWN = 20 };
    struct dataset data = claim_images(claim, READ);
    double gain[DRAWN], decay[DRAWN], scaled[DRAWN], large[DRAWN], copied[DRAWN];
    for (int r = 0; r < DRAWN; r++) {
        size_t mark = claim_arena(claim)->used;
        struct hundred h = train_hundred(claim, data, (uint64_t)r);
        gain[r] = h.residual;
        decay[r] = h.plain;
        scaled[r] = h.scaled;
        large[r] = h.not_scaled;
        copied[r] = h.copier;
        claim_arena(claim)->used = mark;
    }
    evidence(claim, "plain less residual, at 100", effect_at_least(DRAWN, gain, 0.25));
    evidence(claim, "plain: at 100 less at 5", effect_at_least(DRAWN, decay, 0.25));
    evidence(claim, "residual: ln of 5 over 100",
             effect_at_least(DRAWN, scaled, -log(1.25)));
    control(claim, "branches of size 1: the same ln",
            effect_at_least(DRAWN, large, -log(1.25)));
    control(claim, "plain from copies less residual",
            effect_at_least(DRAWN, copied, 0.25));
}

/* H := the outputs of the net of depth T on the curve after 10 steps at the rate
 * T / 10, on targets that are the inputs in reverse order.  The tangent kernel over the
 * number of examples has eigenvalues of |h|^2 + 1, about 10, or less: descent contracts
 * if the rate is well below 2 T / 10.  At T / 2 some worlds are past that edge, and
 * what training does there to a difference of order 1 / T has no bound of its order. */
static void train_curve(struct arena *arena, struct curve c, struct rng *rng, int T,
                        vec h)
{
    struct resnet net = residual(T, D, TANH, 1.0 / T);
    size_t mark = arena->used;
    vec w = arena_vec(arena, resnet_parameters(net)), grad = arena_vec(arena, w.n);
    mat Y = arena_mat(arena, EXAMPLES, D);
    struct resnet_pass pass = resnet_pass_make(arena, net, EXAMPLES);
    for (int i = 0; i < EXAMPLES; i++)
        copy(row(c.X, EXAMPLES - 1 - i), row(Y, i));
    resnet_smooth(net, c.theta_0, c.theta_1, w);
    for (int t = 0; t < T && rng != NULL; t++)
        draw_layer(rng, 1, resnet_layer(net, w, t));
    for (int k = 0; k <= 10; k++)
        resnet_step(net, c.X, Y, 0.1 * T, w, &pass, grad);
    copy(entries(state(&pass, T)), h);
    arena->used = mark;
}

/* The power of the depth, from 16 on, with which the outputs after training of the nets
 * of T and of 2 T layers come together; with rng, if every layer is drawn by itself. */
static struct fit approach_trained(struct arena *arena, struct curve c, struct rng *rng)
{
    double T[DEPTHS], off[DEPTHS];
    vec h = arena_vec(arena, EXAMPLES * D), deeper = arena_vec(arena, EXAMPLES * D);
    for (int i = 0; i < DEPTHS; i++) {
        T[i] = depth_of(16, i);
        train_curve(arena, c, rng, depth_of(16, i), h);
        train_curve(arena, c, rng, 2 * depth_of(16, i), deeper);
        off[i] = distance(h, deeper);
    }
    return fit_power(DEPTHS, T, off);
}

CLAIM(resnet_training_limit, RATE,
      "At a rate that grows as T, training has a limit: T and 2 T differ as 1 / T")
{
    enum { TRAINED = 16 };
    struct arena *arena = claim_arena(claim);
    double smooth[TRAINED], rough[TRAINED];
    for (uint64_t r = 0; r < TRAINED; r++) {
        size_t mark = arena->used;
        struct curve c = build_curve(claim, r, TANH);
        struct rng rng = claim_rng(claim, TRAINED + r);
        smooth[r] = approach_trained(arena, c, NULL).slope;
        rough[r] = approach_trained(arena, c, &rng).slope;
        arena->used = mark;
    }
    /* c / T (1 - r / T) less the same at 2 T is c / 2T (1 - 3/2 r / T). */
    double bias = next_term(16 / 1.5);
    evidence(claim, "power of the depth, 16 to 160",
             slopes_near(TRAINED, smooth, -1, bias, 0.5));
    control(claim, "each layer drawn by itself",
            slopes_near(TRAINED, rough, -1, bias, 0.5));
}

CHAPTER(residual_networks, &resnet_telescope, &resnet_copy, &resnet_euler,
        &resnet_distance, &resnet_leading_error, &resnet_orders, &resnet_adjoint,
        &resnet_stretch, &resnet_gradient_limit, &resnet_plain_walk,
        &resnet_three_sizes, &resnet_saturation, &resnet_hundred_layers,
        &resnet_training_limit)
