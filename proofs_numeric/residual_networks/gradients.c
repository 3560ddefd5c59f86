/* Section "Gradients" of the chapter "Depth as time". */
#include "curves.h"
#include "ground/ode.h"
#include "ground/route_lapack.h"

#include <complex.h>
#include <math.h>

static const double STEP = 1e-30;

/* J := dh_T / dh_t of that example, by a step along the imaginary axis for each
 * column, through plain loops.  J: D x D. */
static void jacobian_by_complex_steps(struct curve c, struct resnet net,
                                      const struct resnet_pass *pass, int t,
                                      int example, mat J)
{
    vec from = row(state(pass, t), example);
    for (int column = 0; column < D; column++) {
        double complex h[D], next[D];
        for (int j = 0; j < D; j++)
            h[j] = from.at[j] + (j == column ? I * STEP : 0);
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

/* I + the sum over the layers from t on of their own derivatives, epsilon D W: what the
 * derivative would be if the layers did not see each other's additions. */
static void merely_added(struct resnet net, vec w, const struct resnet_pass *pass,
                         int t, int example, mat J)
{
    fill(0, entries(J));
    for (int j = 0; j < D; j++)
        row(J, j).at[j] = 1;
    for (int l = t; l < net.depth; l++)
        for (int j = 0; j < D; j++)
            axpy(net.step * row(resnet_block(pass, pass->slope, l), example).at[j],
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
    struct resnet_pass pass = run_outputs(arena, net, w, c.X);
    mat J = arena_mat(arena, D, D), sum = arena_mat(arena, D, D);
    double gap = 0, gap_added = 0;
    for (int t = 0; t <= T; t += 10)
        for (int j = 0; j < D; j++) {
            vec a = row(resnet_block(&pass, pass.A, t), j);
            jacobian_by_complex_steps(c, net, &pass, t, j, J);
            merely_added(net, w, &pass, t, j, sum);
            gap = worst(gap, distance(row(J, j), a));
            gap_added = worst(gap_added, distance(row(J, j), row(sum, j)));
        }
    /* T layers, D sums each, on a product whose factors are at most 1 + |W| / T. */
    double limit = rounding(T + D, exp(3));
    evidence(claim, "backward less complex steps", at_most(gap, limit));
    control(claim, "the layers' own slopes, added", at_most(gap_added, limit));
}

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
    struct resnet_pass pass = run_outputs(arena, net, w, (mat){1, x.n, x.at});
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
            struct resnet_pass pass = run_outputs(arena, net, w, (mat){1, x.n, x.at});
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
        struct resnet_pass pass = run_outputs(arena, net, w, (mat){1, x.n, x.at});
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

SECTION(resnet_gradients, &resnet_adjoint, &resnet_stretch, &resnet_gradient_limit);
