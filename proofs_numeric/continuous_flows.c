/* Chapter "Flows without determinants": its claims.
 *
 * The other route to most numbers is the same flow in plain loops over complex numbers,
 * point by point: a derivative by anything, weights too, is then the imaginary part of
 * one evaluation, with no difference to be taken. */
#include "continuous_flows.h"
#include "ground/claim.h"
#include "normalizing_flows.h"
#include "ground/route_lapack.h"

#include <complex.h>
#include <float.h>
#include <math.h>

/* ---- The plain route ------------------------------------------------------------- */

enum { WIDEST = 64, DIMENSIONS = 8 };

typedef double complex number;

/* A number, and its derivatives by the D coordinates. */
struct jet {
    number value, by[DIMENSIONS];
};

/* out := W in + b, of jets with D derivatives.  w: W row by row, then b. */
static void plain_layer(int D, int in_width, int out_width, const number *w,
                        const struct jet *in, struct jet *out)
{
    const number *b = w + (size_t)in_width * out_width;
    for (int i = 0; i < out_width; i++) {
        out[i] = (struct jet){.value = b[i]};
        for (int j = 0; j < in_width; j++) {
            out[i].value += w[i * in_width + j] * in[j].value;
            for (int k = 0; k < D; k++)
                out[i].by[k] += w[i * in_width + j] * in[j].by[k];
        }
    }
}

/* f := the field at (z, t), with its Jacobian. */
static void plain_field(const struct cnf *cnf, const number *w, double t,
                        const number *z, struct jet *f)
{
    int D = cnf->net.width[0] - 1;
    struct jet h[WIDEST] = {{0}};
    for (int i = 0; i < D; i++) {
        h[i].value = z[i];
        h[i].by[i] = 1;
    }
    h[D] = (struct jet){.value = t};
    for (int l = 0; l < cnf->net.depth; l++) {
        int in = cnf->net.width[l], out = cnf->net.width[l + 1];
        struct jet next[WIDEST];
        plain_layer(D, in, out, w, h, next);
        w += (size_t)out * (in + 1);
        for (int i = 0; i < out; i++) {
            h[i] = next[i];
            if (l == cnf->net.depth - 1)
                continue;
            h[i].value = ctanh(next[i].value);
            for (int k = 0; k < D; k++)
                h[i].by[k] *= 1 - h[i].value * h[i].value;
        }
    }
    for (int i = 0; i < D; i++)
        f[i] = h[i];
}

/* What is followed: the field of these weights, and <v, (df/dz) v> in place of the
 * trace where there is a probe v. */
struct followed {
    const struct cnf *cnf;
    const number *w;
    const double *probe; /* D, or NULL */
};

/* dstate := (f, -tr) at the state (z, log p). */
static void plain_slope(struct followed x, double t, const number *state,
                        number *dstate)
{
    int D = x.cnf->net.width[0] - 1;
    struct jet f[DIMENSIONS];
    plain_field(x.cnf, x.w, t, state, f);
    dstate[D] = 0;
    for (int i = 0; i < D; i++) {
        dstate[i] = f[i].value;
        if (x.probe == NULL)
            dstate[D] -= f[i].by[i];
        for (int k = 0; k < D && x.probe != NULL; k++)
            dstate[D] -= x.probe[i] * f[i].by[k] * x.probe[k];
    }
}

/* Kutta's classical method, as every textbook has it.  state: D + 1, moved. */
static void plain_path(struct followed x, double t, double t_end, int steps,
                       number *state)
{
    int n = x.cnf->net.width[0];
    number k[4][DIMENSIONS + 1], y[DIMENSIONS + 1];
    double h = (t_end - t) / steps;
    for (int s = 0; s < steps; s++, t += h) {
        plain_slope(x, t, state, k[0]);
        for (int stage = 1; stage < 4; stage++) {
            double reach = stage < 3 ? h / 2 : h;
            for (int i = 0; i < n; i++)
                y[i] = state[i] + reach * k[stage - 1][i];
            plain_slope(x, t + reach, y, k[stage]);
        }
        for (int i = 0; i < n; i++)
            state[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
    }
}

/* -log p(x) where the log-density gained on the way counts so many times: 1, or 0 in a
 * world without the trace. */
static number plain_loss(struct followed along, vec x, double gained)
{
    number state[DIMENSIONS + 1] = {0}, squared = 0;
    for (int i = 0; i < x.n; i++)
        state[i] = x.at[i];
    plain_path(along, 1, 0, along.cnf->steps, state);
    for (int i = 0; i < x.n; i++)
        squared += state[i] * state[i];
    return (squared + x.n * log(2 * acos(-1.0))) / 2 + gained * state[x.n];
}

/* ---- Fields, and small things ---------------------------------------------------- */

struct world {
    struct arena *arena;
    struct rng rng;
    struct cnf cnf;
    vec w;
    number *plain; /* w again */
};

/* A random field: weights of variance gain^2 / n_l, biases of 1/4.  Its Jacobian is of
 * size gain^hidden or less. */
static struct world world_drawn(struct claim *claim, uint64_t replicate, struct cnf cnf,
                                double gain)
{
    struct world world = {
        claim_arena(claim), claim_rng(claim, replicate), cnf, {0}, NULL};
    int P = mlp_parameters(&cnf.net);
    world.w = arena_vec(world.arena, P);
    for (int l = 0; l < cnf.net.depth; l++) {
        rng_normals(&world.rng, 0, gain / sqrt(cnf.net.width[l]),
                    entries(mlp_weights(&cnf.net, world.w, l)));
        rng_normals(&world.rng, 0, 0.5, mlp_biases(&cnf.net, world.w, l));
    }
    world.plain = (void *)arena_take(world.arena, 2 * (size_t)P);
    for (int i = 0; i < P; i++)
        world.plain[i] = world.w.at[i];
    return world;
}

static struct followed plainly(const struct world *world)
{
    return (struct followed){.cnf = &world->cnf, .w = world->plain};
}

static struct world world_make(struct claim *claim, struct cnf cnf, double gain)
{
    return world_drawn(claim, 0, cnf, gain);
}

static mat normal_mat(struct world *world, int rows, int cols)
{
    mat A = arena_mat(world->arena, rows, cols);
    rng_normals(&world->rng, 0, 1, entries(A));
    return A;
}

static double rms(vec x) { return norm(x) / sqrt(x.n); }

/* Elimination with row exchanges: returns log |det A| and, in *sign, the sign of det A;
 * counts its multiplications and additions as one each where they come in pairs. */
static double log_determinant(mat A, double *sign, long *count)
{
    double log_det = 0;
    *sign = 1;
    for (int k = 0; k < A.cols; k++) {
        int pivot = k;
        for (int i = k + 1; i < A.rows; i++)
            pivot = fabs(row(A, i).at[k]) > fabs(row(A, pivot).at[k]) ? i : pivot;
        for (int j = 0; j < A.cols && pivot != k; j++) {
            double swap = row(A, k).at[j];
            row(A, k).at[j] = row(A, pivot).at[j];
            row(A, pivot).at[j] = swap;
        }
        *sign *= (pivot == k ? 1 : -1) * copysign(1, row(A, k).at[k]);
        log_det += log(fabs(row(A, k).at[k]));
        for (int i = k + 1; i < A.rows; i++) {
            double factor = row(A, i).at[k] / row(A, k).at[k];
            for (int j = k + 1; j < A.cols; j++, ++*count)
                row(A, i).at[j] -= factor * row(A, k).at[j];
        }
    }
    return log_det;
}

/* J := the Jacobian at z of the map from time 0 to 1: a complex step along each axis,
 * through the very arithmetic of the map. */
static void plain_map_jacobian(const struct world *world, vec z, int steps, mat J)
{
    for (int k = 0; k < z.n; k++) {
        number state[DIMENSIONS + 1] = {0};
        for (int i = 0; i < z.n; i++)
            state[i] = z.at[i] + (i == k ? 1e-100 * I : 0);
        plain_path(plainly(world), 0, 1, steps, state);
        for (int i = 0; i < z.n; i++)
            row(J, i).at[k] = cimag(state[i]) / 1e-100;
    }
}

/* ---- The trace along a path ------------------------------------------------------ */

enum { LADDER = 5, FIELDS = 16 };
static const int ladder[LADDER] = {10, 20, 40, 70, 100};

/* How far a relative error of c h, c <= 5, moves the slope of a fit to h = 1 / steps.
 * It is the next term of a numerical path's error; c is some slopes of the field, which
 * are of size 1. */
static double bend_of(const double *steps)
{
    double next[LADDER];
    for (int i = 0; i < LADDER; i++)
        next[i] = 1 + 5 / steps[i];
    return fabs(fit_power(LADDER, steps, next).slope);
}

/* What is held against log |det|: the trace, its negative, or log |det df/dz|. */
enum integrand { TRACE, FLIPPED, FIELDS_DETERMINANT };

/* The integral of log |det df/dz| from 0 to 1 along the path from z, by Simpson's rule
 * over the steps of the path. */
static double fields_determinant(const struct world *world, vec z, int steps)
{
    number state[DIMENSIONS + 1] = {0};
    double sum = 0, sign;
    long count = 0;
    for (int i = 0; i < z.n; i++)
        state[i] = z.at[i];
    mat J = arena_mat(world->arena, z.n, z.n);
    for (int s = 0; s <= steps; s++) {
        struct jet f[DIMENSIONS];
        plain_field(&world->cnf, world->plain, (double)s / steps, state, f);
        for (int i = 0; i < z.n; i++)
            for (int k = 0; k < z.n; k++)
                row(J, i).at[k] = creal(f[i].by[k]);
        double weight = s == 0 || s == steps ? 1 : s % 2 ? 4 : 2;
        sum += weight / (3 * steps) * log_determinant(J, &sign, &count);
        if (s < steps)
            plain_path(plainly(world), (double)s / steps, (s + 1.0) / steps, 1, state);
    }
    return sum;
}

/* The rms over the rows of Z of log |det dz(1)/dz(0)| less the integral, by steps. */
static double determinant_gap(struct world *world, mat Z, enum integrand integrand,
                              int steps)
{
    size_t mark = world->arena->used;
    struct cnf cnf = world->cnf;
    cnf.steps = steps;
    mat moved = arena_mat(world->arena, Z.rows, Z.cols);
    mat J = arena_mat(world->arena, Z.cols, Z.cols);
    vec gap = arena_vec(world->arena, Z.rows);
    copy(entries(Z), entries(moved));
    cnf_transport(&cnf, world->w, 0, 1, NULL, world->arena, moved, gap);
    scale(integrand == TRACE ? 1 : -1, gap); /* it is - the integral of the trace */
    for (int i = 0; i < Z.rows; i++) {
        double sign;
        long count = 0;
        plain_map_jacobian(world, row(Z, i), steps, J);
        if (integrand == FIELDS_DETERMINANT)
            gap.at[i] = -fields_determinant(world, row(Z, i), steps);
        gap.at[i] += log_determinant(J, &sign, &count);
    }
    double result = rms(gap);
    world->arena->used = mark;
    return result;
}

/* On a ladder of steps, how the gap falls, at two points of each of some fields. */
static struct finding gap_falls(struct claim *claim, enum integrand integrand)
{
    double steps[LADDER], gap[LADDER], slopes[FIELDS];
    for (int r = 0; r < FIELDS; r++) {
        struct world world =
            world_drawn(claim, (uint64_t)r, cnf_make(3, 1, 12, 1, 0), 1);
        mat Z = normal_mat(&world, 2, 3);
        for (int i = 0; i < LADDER; i++) {
            steps[i] = ladder[i];
            gap[i] = determinant_gap(&world, Z, integrand, ladder[i]);
        }
        slopes[r] = fit_power(LADDER, steps, gap).slope;
    }
    return slopes_near(FIELDS, slopes, -4, bend_of(steps), 1);
}

CLAIM(cnf_instantaneous, RATE,
      "The log-determinant of the flow map is the integral of the trace along the path")
{
    evidence(claim, "order of log |det| - trace", gap_falls(claim, TRACE));
    control(claim, "trace with the other sign", gap_falls(claim, FLIPPED));
    control(claim, "log |det df/dz| in its place",
            gap_falls(claim, FIELDS_DETERMINANT));
}

/* The least determinant of the map to t = 1 over some points. */
static double least_determinant(struct world *world, int points, int steps)
{
    double least = INFINITY;
    mat J = arena_mat(world->arena, 2, 2), Z = normal_mat(world, points, 2);
    for (int i = 0; i < points; i++) {
        double sign;
        long count = 0;
        plain_map_jacobian(world, row(Z, i), steps, J);
        double log_det = log_determinant(J, &sign, &count);
        least = -worst(-least, -sign * exp(log_det));
    }
    return least;
}

/* The least determinant of z + u tanh(w'z) with w'u = c, in one dimension. */
static double least_of_planar(double c)
{
    double least = INFINITY;
    for (double z = -2; z <= 2; z += 0.25) {
        struct planar layer = {{1, &c}, {1, (double[]){1}}, 0};
        least = fmin(least, nf_planar_det(layer, (vec){1, &z}));
    }
    return least;
}

CLAIM(cnf_orientation, BOUND,
      "However strong the field, the determinant of the flow map stays positive")
{
    double least = INFINITY;
    for (int strength = 1; strength <= 4; strength++) {
        struct world world = world_drawn(claim, (uint64_t)strength,
                                         cnf_make(2, 1, 16, 1, 0), strength);
        least = -worst(-least, -least_determinant(&world, 40, 150));
    }
    evidence(claim, "least determinant, 160 maps", at_least(least, 0));
    control(claim, "planar layers, w'u = -3", at_least(least_of_planar(-3), 0));
}

/* log p at the rows of Z at time t, from the paths back to 0. */
static void log_density_at(struct world *world, double t, mat Z, vec log_p)
{
    size_t mark = world->arena->used;
    mat moved = arena_mat(world->arena, Z.rows, Z.cols);
    vec gained = arena_vec(world->arena, Z.rows);
    copy(entries(Z), entries(moved));
    cnf_transport(&world->cnf, world->w, t, 0, NULL, world->arena, moved, gained);
    nf_base(moved, log_p);
    axpy(-1, gained, log_p);
    world->arena->used = mark;
}

/* slope := the derivative of log p(z + x u, t + x s) by x at 0: five points, whose
 * error is O(h^4). */
static void difference(struct world *world, double t, mat Z, double s, mat U, double h,
                       vec slope)
{
    static const double weight[] = {1.0 / 12, -2.0 / 3, 0, 2.0 / 3, -1.0 / 12};
    vec log_p = arena_vec(world->arena, Z.rows);
    mat moved = arena_mat(world->arena, Z.rows, Z.cols);
    fill(0, slope);
    for (int i = 0; i < 5; i++) {
        double x = (i - 2) * h;
        copy(entries(Z), entries(moved));
        axpy(x, entries(U), entries(moved));
        log_density_at(world, t + s * x, moved, log_p);
        axpy(weight[i] / h, log_p, slope);
    }
}

/* The rms of (d/dx log p) + tr, where one moves along u while time passes. */
static double rate_gap(struct world *world, double t, mat Z, mat U, vec trace, double h)
{
    size_t mark = world->arena->used;
    vec slope = arena_vec(world->arena, Z.rows);
    difference(world, t, Z, 1, U, h, slope);
    axpy(1, trace, slope);
    double gap = rms(slope);
    world->arena->used = mark;
    return gap;
}

CLAIM(cnf_total_derivative, IDENTITY,
      "log p changes at the rate -tr df/dz along the path, not at a fixed place")
{
    struct world world = world_make(claim, cnf_make(2, 1, 16, 40, 0), 1);
    mat Z = normal_mat(&world, 50, 2), F = arena_mat(world.arena, 50, 2);
    mat still = arena_mat(world.arena, 50, 2), V = arena_mat(world.arena, 100, 2);
    vec trace = arena_vec(world.arena, 50), with_wind = arena_vec(world.arena, 50);
    struct cnf_pass pass = cnf_pass_make(world.arena, &world.cnf, 50, 2);
    double t = 0.6, h = 4e-3;
    cnf_aim(&world.cnf, NULL, V);
    cnf_forward(&world.cnf, world.w, t, Z, V, &pass, F, trace);
    difference(&world, t, Z, 0, F, h, with_wind); /* f . grad log p */
    axpy(1, trace, with_wind);

    /* h^4 / 30 times a fifth derivative: of order 100 for numbers that vary over a
     * half. The paths are off by (1/40)^4 times less than 10, the same at each point.
     */
    double limit = 100 * pow(h, 4) + 10 * pow(1.0 / 40, 4);
    evidence(claim, "along straight lines with f",
             at_most(rate_gap(&world, t, Z, F, trace, h), limit));
    evidence(claim, "at a place, wind included",
             at_most(rate_gap(&world, t, Z, still, with_wind, h), limit));
    control(claim, "at a place, -tr alone",
            at_most(rate_gap(&world, t, Z, still, trace, h), limit));
}

/* ---- The gradient of the likelihood ---------------------------------------------- */

/* The derivative of the mean loss at the rows of X along dw, by a complex step; by a
 * probe, or by the trace where it is NULL. */
static double plain_derivative(const struct world *world, const double *probe, mat X,
                               vec dw, double gained)
{
    size_t mark = world->arena->used;
    number *w = (void *)arena_take(world->arena, 2 * (size_t)dw.n), sum = 0;
    for (int i = 0; i < dw.n; i++)
        w[i] = world->w.at[i] + 1e-100 * I * dw.at[i];
    struct followed along = {.cnf = &world->cnf, .w = w, .probe = probe};
    for (int i = 0; i < X.rows; i++)
        sum += plain_loss(along, row(X, i), gained) / X.rows;
    world->arena->used = mark;
    return cimag(sum) / 1e-100;
}

CLAIM(cnf_gradient, IDENTITY,
      "Backward through the steps the gradient is exact, the trace's part included")
{
    struct world world = world_make(claim, cnf_make(3, 2, 10, 5, 0), 1);
    mat X = normal_mat(&world, CNF_BLOCK + 6, 3); /* a block, and part of one */
    vec grad = arena_vec(world.arena, world.w.n), dw = arena_vec(world.arena, grad.n);
    double loss = cnf_likelihood(&world.cnf, world.w, X, NULL, world.arena, grad);
    double plain = 0, most = 0, without = 0;
    for (int i = 0; i < X.rows; i++)
        plain += creal(plain_loss(plainly(&world), row(X, i), 1)) / X.rows;
    for (int trial = 0; trial < 5; trial++) {
        rng_normals(&world.rng, 0, 1 / sqrt(dw.n), dw);
        double slope = dot(grad, dw);
        most = worst(most, fabs(slope - plain_derivative(&world, NULL, X, dw, 1)));
        without =
            worst(without, fabs(slope - plain_derivative(&world, NULL, X, dw, 0)));
    }
    /* 20 evaluations of some 100 operations each, on numbers near 1 */
    double limit = rounding(20 * 100, 1 + fabs(loss) + norm(grad));
    evidence(claim, "likelihood", at_most(fabs(loss - plain), limit));
    evidence(claim, "gradient, along 5 directions", at_most(most, limit));
    control(claim, "trace taken for a constant", at_most(without, limit));
}

/* ---- Hutchinson's estimate ------------------------------------------------------- */

enum { H_D = 6, SIGNS = 64, NODES = 729 };

/* The mean and the variance of <v, A v> over weighted directions v, by cnf_forward: one
 * point, as often as there are directions. */
static void moments(struct world *world, vec z, mat V, vec weight, double *mean,
                    double *variance)
{
    size_t mark = world->arena->used;
    int n = V.rows;
    mat Z = arena_mat(world->arena, n, z.n), F = arena_mat(world->arena, n, z.n);
    vec trace = arena_vec(world->arena, n);
    struct cnf_pass pass = cnf_pass_make(world->arena, &world->cnf, n, 1);
    for (int i = 0; i < n; i++)
        copy(z, row(Z, i));
    cnf_forward(&world->cnf, world->w, 0.3, Z, V, &pass, F, trace);
    *mean = dot(weight, trace);
    *variance = 0;
    for (int i = 0; i < n; i++)
        *variance += weight.at[i] * pow(trace.at[i] - *mean, 2);
    world->arena->used = mark;
}

/* All vectors of signs, each as likely as the others. */
static void all_signs(mat V, vec weight)
{
    for (int i = 0; i < V.rows; i++)
        for (int k = 0; k < V.cols; k++)
            row(V, i).at[k] = i >> k & 1 ? 1 : -1;
    fill(1.0 / V.rows, weight);
}

/* The product of Gauss and Hermite's rule with nodes 0, +-sqrt(3), weights 2/3, 1/6: it
 * has the moments of the normal law up to the fifth in each coordinate, and the
 * variance of <v, A v> asks for the fourth. */
static void normal_nodes(mat V, vec weight)
{
    for (int i = 0; i < V.rows; i++) {
        weight.at[i] = 1;
        for (int k = 0, digits = i; k < V.cols; k++, digits /= 3) {
            row(V, i).at[k] = (digits % 3 - 1) * sqrt(3);
            weight.at[i] *= digits % 3 == 1 ? 2.0 / 3 : 1.0 / 6;
        }
    }
}

/* Of the Jacobian A at z: its trace, the sum of squares of its symmetric part's entries
 * and of its own, and of its diagonal. */
struct squares {
    double trace, symmetric, all, diagonal;
};

static struct squares plain_squares(const struct world *world, vec z)
{
    number at[DIMENSIONS] = {0};
    struct jet f[DIMENSIONS];
    struct squares s = {0};
    for (int i = 0; i < z.n; i++)
        at[i] = z.at[i];
    plain_field(&world->cnf, world->plain, 0.3, at, f);
    for (int i = 0; i < z.n; i++) {
        s.trace += creal(f[i].by[i]);
        s.diagonal += pow(creal(f[i].by[i]), 2);
        for (int k = 0; k < z.n; k++) {
            s.all += pow(creal(f[i].by[k]), 2);
            s.symmetric += pow(creal(f[i].by[k] + f[k].by[i]) / 2, 2);
        }
    }
    return s;
}

CLAIM(cnf_hutchinson, IDENTITY,
      "<v, Av> has the mean tr A, and for signs and for normal v a known variance")
{
    struct world world = world_make(claim, cnf_make(H_D, 1, 16, 1, 1), 1.5);
    vec z = entries(normal_mat(&world, 1, H_D));
    mat signs = arena_mat(world.arena, SIGNS, H_D),
        nodes = arena_mat(world.arena, NODES, H_D);
    vec even = arena_vec(world.arena, SIGNS), weight = arena_vec(world.arena, NODES);
    struct squares s = plain_squares(&world, z);
    double mean_signs, mean_nodes, mean_tied, of_signs, of_nodes, of_tied;
    all_signs(signs, even);
    normal_nodes(nodes, weight);
    moments(&world, z, signs, even, &mean_signs, &of_signs);
    moments(&world, z, nodes, weight, &mean_nodes, &of_nodes);
    for (int i = 0; i < SIGNS; i++)
        row(signs, i).at[H_D - 1] = row(signs, i).at[0];
    moments(&world, z, signs, even, &mean_tied, &of_tied);
    /* a sum of 729 squares of numbers that are sums of 6 * 16 products */
    double limit = rounding(NODES + 6 * 16, 1 + s.all * H_D);
    evidence(claim, "mean, all signs", at_most(fabs(mean_signs - s.trace), limit));
    evidence(claim, "mean, normal", at_most(fabs(mean_nodes - s.trace), limit));
    evidence(claim, "variance, all signs",
             at_most(fabs(of_signs - 2 * (s.symmetric - s.diagonal)), limit));
    evidence(claim, "variance, normal",
             at_most(fabs(of_nodes - 2 * s.symmetric), limit));
    control(claim, "mean, two signs the same",
            at_most(fabs(mean_tied - s.trace), limit));
    control(claim, "variance, two signs the same",
            at_most(fabs(of_tied - 2 * (s.symmetric - s.diagonal)), limit));
    control(claim, "2 |A|^2, not symmetrized",
            at_most(fabs(of_nodes - 2 * s.all), limit));
}

/* In three dimensions a probe of signs is one of four, up to a sign of all, and the
 * estimate of log p one of four numbers: the whole law of it is known. */
enum { P_D = 3, PROBES = 3000, KINDS = 4, PAIRS = KINDS * (KINDS + 1) / 2 };

static const double kinds[KINDS][P_D] = {
    {1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {1, -1, -1}};

/* log p at x by each of the probes, by the plain route. */
static void log_p_of_kinds(const struct world *world, vec x, double *log_p)
{
    for (int c = 0; c < KINDS; c++) {
        struct followed along = plainly(world);
        along.probe = kinds[c];
        log_p[c] = -creal(plain_loss(along, x, 1));
    }
}

/* Which of n values is the nearest to this one; the distance raises *gap. */
static int nearest(double value, int n, const double *values, double *gap)
{
    int found = 0;
    for (int i = 1; i < n; i++)
        found = fabs(values[i] - value) < fabs(values[found] - value) ? i : found;
    *gap = worst(*gap, fabs(values[found] - value));
    return found;
}

/* ref/'s estimates of log p at x, PROBES of them, against the law of the mean of two
 * independent ones of the four: counts in ten cells. */
static struct finding pairs_fit(struct world *world, int probes, vec x,
                                const double *log_p, double *gap)
{
    double value[PAIRS], expected[PAIRS], seen[PAIRS] = {0};
    int pairs = 0;
    for (int c = 0; c < KINDS; c++)
        for (int d = 0; d <= c; d++, pairs++) {
            value[pairs] = (log_p[c] + log_p[d]) / 2;
            expected[pairs] = PROBES * (c == d ? 1.0 : 2.0) / (KINDS * KINDS);
        }
    size_t mark = world->arena->used;
    struct cnf cnf = world->cnf;
    cnf.probes = probes;
    mat X = arena_mat(world->arena, PROBES, P_D);
    vec estimate = arena_vec(world->arena, PROBES);
    for (int i = 0; i < PROBES; i++)
        copy(x, row(X, i));
    cnf_log_density(&cnf, world->w, X, &world->rng, world->arena, estimate);
    for (int i = 0; i < PROBES; i++)
        seen[nearest(estimate.at[i], PAIRS, value, gap)]++;
    world->arena->used = mark;
    return chi_square_fits(chi_square(PAIRS, seen, expected), PAIRS - 1);
}

/* ref/'s gradient by one probe, 400 times, against the derivative along dw by the probe
 * that its loss betrays: the largest gap; seen: how often it was which. */
static double gap_of_gradients(struct world *world, mat x, vec dw, const double *log_p,
                               const double *slope, double *seen)
{
    vec grad = arena_vec(world->arena, dw.n);
    double gap = 0;
    for (int i = 0; i < 400; i++) {
        double loss = cnf_likelihood(&world->cnf, world->w, x, &world->rng,
                                     world->arena, grad);
        int kind = nearest(-loss, KINDS, log_p, &gap);
        gap = worst(gap, fabs(dot(grad, dw) - slope[kind]));
        seen[kind]++;
    }
    return gap;
}

static double mean_of_kinds(const double *x)
{
    double sum = 0;
    for (int c = 0; c < KINDS; c++)
        sum += x[c] / KINDS;
    return sum;
}

CLAIM(cnf_probes, STATISTIC,
      "With probes held along the path log p and its gradient are unbiased; p is not")
{
    struct world world = world_make(claim, cnf_make(P_D, 1, 12, 4, 1), 1.4);
    mat x = normal_mat(&world, 1, P_D);
    vec dw = entries(normal_mat(&world, 1, world.w.n));
    double log_p[KINDS], p[KINDS], slope[KINDS], seen[KINDS] = {0}, gap = 0;
    double exact = -creal(plain_loss(plainly(&world), row(x, 0), 1));
    double exact_slope = plain_derivative(&world, NULL, x, dw, 1), size = norm(dw);
    log_p_of_kinds(&world, row(x, 0), log_p);
    for (int c = 0; c < KINDS; c++) {
        p[c] = exp(log_p[c] - exact);
        slope[c] = plain_derivative(&world, kinds[c], x, dw, 1);
        size += fabs(log_p[c]) + fabs(slope[c]);
    }
    /* 16 evaluations of some 100 operations each */
    double limit = rounding(16 * 100, size);
    evidence(claim, "log p, mean of all probes",
             at_most(fabs(mean_of_kinds(log_p) - exact), limit));
    evidence(claim, "gradient, mean of all probes",
             at_most(fabs(mean_of_kinds(slope) - exact_slope), limit));
    double unequal = gap_of_gradients(&world, x, dw, log_p, slope, seen);
    evidence(claim, "ref/, one probe: gap to its kind", at_most(unequal, limit));
    evidence(claim, "one probe: kinds drawn",
             chi_square_fits(chi_square(KINDS, seen, (double[]){100, 100, 100, 100}),
                             KINDS - 1));
    evidence(claim, "two probes: pairs drawn",
             pairs_fit(&world, 2, row(x, 0), log_p, &gap));
    evidence(claim, "two probes: gap to a pair", at_most(gap, limit));
    control(claim, "one probe, taken for two",
            pairs_fit(&world, 1, row(x, 0), log_p, &gap));
    /* exp is convex: the mean of p is larger by half the variance of log p or more */
    control(claim, "p, mean of all probes", at_most(fabs(mean_of_kinds(p) - 1), limit));
}

/* ---- What they cost -------------------------------------------------------------- */

enum { SIZES = 5, COST_WIDTH = 8 };

/* <v, (df/dz) v> of a field with one hidden layer, in plain loops, given tanh' of its
 * units; counts the pairs of a multiplication and an addition. */
static double counted_product(const struct cnf *cnf, vec w, vec slope, vec v,
                              long *count)
{
    mat in = mlp_weights(&cnf->net, w, 0), out = mlp_weights(&cnf->net, w, 1);
    double sum = 0;
    for (int u = 0; u < slope.n; u++) {
        double forward = 0, back = 0;
        for (int i = 0; i < v.n; i++, ++*count)
            forward += row(in, u).at[i] * v.at[i];
        for (int i = 0; i < v.n; i++, ++*count)
            back += row(out, i).at[u] * v.at[i];
        sum += slope.at[u] * forward * back, ++*count;
    }
    return sum;
}

/* A = I + df/dz, a layer of a residual network, and its log |det| by LAPACK. */
static double lapack_log_determinant(struct arena *arena, mat A)
{
    vec s = arena_vec(arena, A.rows);
    double sum = 0;
    route_singular(A, s);
    for (int i = 0; i < s.n; i++)
        sum += log(s.at[i]);
    return sum;
}

struct cost {
    long probe, axes, determinant; /* pairs of operations               */
    double wrong;                  /* how far values are from ref/, LAPACK */
};

static struct cost count_cost(struct claim *claim, int D, bool check)
{
    struct world world = world_drawn(claim, 0, cnf_make(D, 1, COST_WIDTH, 1, 1), 1);
    struct cnf_pass pass = cnf_pass_make(world.arena, &world.cnf, 1, 1);
    struct arena *arena = world.arena;
    mat z = normal_mat(&world, 1, D), V = arena_mat(arena, 1, D),
        f = arena_mat(arena, 1, D);
    mat A = arena_mat(arena, D, D);
    vec trace = arena_vec(arena, 1), axis = arena_vec(arena, D);
    struct cost cost = {0};
    cnf_aim(&world.cnf, &world.rng, V);
    cnf_forward(&world.cnf, world.w, 0.5, z, V, &pass, f, trace);
    vec slope = row(pass.slope[0], 0);
    double probe = counted_product(&world.cnf, world.w, slope, row(V, 0), &cost.probe);
    cost.wrong = fabs(probe - trace.at[0]);
    for (int k = 0; k < D; k++) {
        axis.at[k] = 1;
        counted_product(&world.cnf, world.w, slope, axis, &cost.axes);
        axis.at[k] = 0;
    }
    mat in = mlp_weights(&world.cnf.net, world.w, 0),
        out = mlp_weights(&world.cnf.net, world.w, 1);
    for (int i = 0; i < D; i++) {
        row(A, i).at[i] = 1;
        for (int u = 0; u < slope.n; u++)
            axpy(row(out, i).at[u] * slope.at[u], (vec){D, row(in, u).at}, row(A, i));
    }
    double sign, by_lapack = check ? lapack_log_determinant(arena, A) : 0;
    double log_det = log_determinant(A, &sign, &cost.determinant);
    cost.wrong = worst(cost.wrong, check ? fabs(log_det - by_lapack) : 0);
    return cost;
}

/* The pairs of operations of one probe, where the field has as many units as there are
 * dimensions. */
static double cost_of_wide_probe(struct claim *claim, int D)
{
    struct world world = world_make(claim, cnf_make(D, 1, D, 1, 1), 1);
    vec slope = arena_vec(world.arena, D), v = arena_vec(world.arena, D);
    long count = 0;
    counted_product(&world.cnf, world.w, slope, v, &count);
    return (double)count;
}

CLAIM(cnf_cost, RATE,
      "A field of O(D): a probe costs O(D), the trace O(D^2), a determinant O(D^3)")
{
    static const int size[SIZES] = {16, 32, 64, 128, 256};
    double D[SIZES], probe[SIZES], axes[SIZES], determinant[SIZES], wide[SIZES];
    double wrong = 0;
    struct series s =
        series_begin(claim, "cost", "D", "probe", "axes", "determinant", "cubic", NULL);
    for (int i = 0; i < SIZES; i++) {
        struct cost cost = count_cost(claim, size[i], size[i] <= 64);
        D[i] = size[i];
        probe[i] = (double)cost.probe;
        axes[i] = (double)cost.axes;
        determinant[i] = (double)cost.determinant;
        wide[i] = cost_of_wide_probe(claim, size[i]);
        wrong = worst(wrong, cost.wrong);
        series_row(&s, (double[]){D[i], probe[i], axes[i], determinant[i],
                                  pow(D[i], 3) / 3});
    }
    series_end(&s);
    /* D^3/3 - D^2/2 + ... = D^3/3 (1 - 3/2D + ...): at 16 the slope is 3 + 3/32.  The
     * others are (2 D + 1) COST_WIDTH and D times that: 1 - 1/32 and 2 - 1/32. */
    evidence(claim, "exponent, one probe",
             slope_is(fit_power(SIZES, D, probe), 1, 1.0 / 32, 0.5));
    evidence(claim, "exponent, all axes",
             slope_is(fit_power(SIZES, D, axes), 2, 1.0 / 32, 0.5));
    evidence(claim, "exponent, determinant",
             slope_is(fit_power(SIZES, D, determinant), 3, 3.0 / 32, 0.5));
    /* 64 eliminations of 64 terms each, on numbers of which the least s is not small */
    evidence(claim, "what was counted, against ref/",
             at_most(wrong, rounding(64 * 64, 10)));
    control(claim, "one probe, a field of O(D^2)",
            slope_is(fit_power(SIZES, D, wide), 1, 1.0 / 32, 0.5));
}

/* ---- The error of the paths ------------------------------------------------------ */

/* Points, where they come from and where they go to in time 1. */
struct trip {
    struct world *world;
    vec start, end;
};

/* The rms error of points moved from 0 to 1 by so many steps of a method; and of those
 * moved on from there back to 0 by so many. */
struct path_errors {
    double forward, round_trip;
};

static struct path_errors path_errors(struct trip trip, const struct ode_tableau *rk,
                                      int steps, int back)
{
    struct world *world = trip.world;
    size_t mark = world->arena->used;
    int n = trip.start.n / 2;
    struct cnf_pass pass = cnf_pass_make(world->arena, &world->cnf, n, 0);
    struct cnf_paths paths = {.cnf = &world->cnf,
                              .w = world->w,
                              .V = {.rows = 0, .cols = 2},
                              .pass = &pass};
    struct ode ode = {3 * n, cnf_field, &paths};
    vec state = arena_vec(world->arena, 3 * n), z = {2 * n, state.at};
    double t = 0;
    struct path_errors errors;
    copy(trip.start, z);
    ode_fixed(&ode, rk, &t, 1, steps, state, world->arena);
    vec off = arena_vec(world->arena, z.n);
    copy(z, off);
    axpy(-1, trip.end, off);
    errors.forward = rms(off);
    ode_fixed(&ode, rk, &t, 0, back, state, world->arena);
    axpy(-1, trip.start, z);
    errors.round_trip = rms(z);
    world->arena->used = mark;
    return errors;
}

/* The powers of the steps in both errors, of the classical method, there and back; in
 * the error of the midpoint rule; and in the round trip if the way back is in half as
 * many steps more. */
struct powers {
    double forward, round_trip, midpoint, uneven;
};

static struct powers powers_of(struct trip trip, struct series *s)
{
    static const int ladder_of_trips[LADDER] = {8, 14, 24, 44, 80};
    double n[LADDER], forward[LADDER], back[LADDER], midpoint[LADDER], uneven[LADDER];
    for (int i = 0; i < LADDER; i++) {
        int steps = ladder_of_trips[i];
        struct path_errors e = path_errors(trip, &ode_rk4, steps, steps);
        n[i] = steps, forward[i] = e.forward, back[i] = e.round_trip;
        midpoint[i] = path_errors(trip, &ode_midpoint, steps, steps).forward;
        uneven[i] = path_errors(trip, &ode_rk4, steps, steps * 3 / 2).round_trip;
        if (s != NULL)
            series_row(s, (double[]){n[i], forward[i], back[i]});
    }
    return (struct powers){.forward = fit_power(LADDER, n, forward).slope,
                           .round_trip = fit_power(LADDER, n, back).slope,
                           .midpoint = fit_power(LADDER, n, midpoint).slope,
                           .uneven = fit_power(LADDER, n, uneven).slope};
}

CLAIM(cnf_round_trip, RATE,
      "Steps of order 4 move samples to O(h^4), and back to their start to O(h^5)")
{
    double forward[FIELDS], round_trip[FIELDS], midpoint[FIELDS], uneven[FIELDS];
    struct series s =
        series_begin(claim, "round_trip", "steps", "forward", "round_trip", NULL);
    for (int r = 0; r < FIELDS; r++) {
        struct world world =
            world_drawn(claim, (uint64_t)r, cnf_make(2, 1, 16, 800, 0), 1);
        mat start = normal_mat(&world, 30, 2), end = arena_mat(world.arena, 30, 2);
        copy(entries(start), entries(end));
        cnf_transport(&world.cnf, world.w, 0, 1, NULL, world.arena, end,
                      (vec){0, NULL});
        struct trip trip = {&world, entries(start), entries(end)};
        struct powers p = powers_of(trip, r == 0 ? &s : NULL);
        forward[r] = p.forward, round_trip[r] = p.round_trip;
        midpoint[r] = p.midpoint, uneven[r] = p.uneven;
    }
    series_end(&s);
    double bias = bend_of((double[]){8, 14, 24, 44, 80});
    evidence(claim, "order of the samples", slopes_near(FIELDS, forward, -4, bias, 1));
    evidence(claim, "order of the round trip",
             slopes_near(FIELDS, round_trip, -5, bias, 1));
    control(claim, "half as many steps more back",
            slopes_near(FIELDS, uneven, -5, bias, 1));
    control(claim, "the midpoint rule", slopes_near(FIELDS, midpoint, -4, bias, 1));
}

/* ---- Density and samples --------------------------------------------------------- */

/* The paths through the rows of X, back to 0: base is the normal log-density there, and
 * gained what the trace adds, so that log p is base - gained. */
static void pull_back(struct world *world, mat X, vec base, vec gained)
{
    size_t mark = world->arena->used;
    mat Z = arena_mat(world->arena, X.rows, 2);
    copy(entries(X), entries(Z));
    fill(0, gained);
    cnf_transport(&world->cnf, world->w, 1, 0, NULL, world->arena, Z, gained);
    nf_base(Z, base);
    world->arena->used = mark;
}

/* X := the middles of side * side squares that cover [-reach, reach]^2. */
static void middles(int side, double reach, mat X)
{
    for (int i = 0; i < X.rows; i++) {
        row(X, i).at[0] = reach * ((2 * (i / side) + 1.0) / side - 1);
        row(X, i).at[1] = reach * ((2 * (i % side) + 1.0) / side - 1);
    }
}

/* No entry of f is larger than this, since no unit of its last layer is larger than 1.
 */
static double largest_speed(const struct world *world)
{
    const struct mlp *net = &world->cnf.net;
    mat W = mlp_weights(net, world->w, net->depth - 1);
    vec b = mlp_biases(net, world->w, net->depth - 1);
    double most = 0;
    for (int i = 0; i < W.rows; i++) {
        double sum = fabs(b.at[i]);
        for (int j = 0; j < W.cols; j++)
            sum += fabs(row(W, i).at[j]);
        most = fmax(most, sum);
    }
    return most;
}

/* How far apart sums over every other middle, in the four ways to choose them, are from
 * the sum over all.  The error of a grid is about exp(-c / spacing) or less, so that
 * over all middles it is at most the square of that. */
static double coarse_gap(vec p, int side, double area)
{
    double sum[4] = {0}, most = 0, all = 0;
    for (int i = 0; i < p.n; i++)
        sum[i / side % 2 * 2 + i % side % 2] += 4 * area * p.at[i];
    for (int c = 0; c < 4; c++)
        all += sum[c] / 4;
    for (int c = 0; c < 4; c++)
        most = fmax(most, fabs(sum[c] - all));
    return most;
}

/* The sum of exp(base - trace * gained) over a grid of this area a point, less 1. */
static double mass_gap(vec base, vec gained, double trace, double area)
{
    double mass = 0;
    for (int i = 0; i < base.n; i++)
        mass += area * exp(base.at[i] - trace * gained.at[i]);
    return fabs(mass - 1);
}

CLAIM(cnf_mass, IDENTITY,
      "The density of the flow integrates to 1: the trace is what keeps the mass")
{
    struct world world = world_make(claim, cnf_make(2, 1, 16, 8, 0), 0.8);
    double reach = largest_speed(&world) + 7, spacing = 0.2, moved = 0;
    int side = 2 * (int)ceil(reach / spacing);
    double area = pow(2 * reach / side, 2);
    mat X = arena_mat(world.arena, side * side, 2);
    vec base = arena_vec(world.arena, X.rows), gained = arena_vec(world.arena, X.rows);
    vec p = arena_vec(world.arena, X.rows), base_2 = arena_vec(world.arena, X.rows),
        gained_2 = arena_vec(world.arena, X.rows);
    middles(side, reach, X);
    pull_back(&world, X, base, gained);
    world.cnf.steps *= 2;
    pull_back(&world, X, base_2, gained_2);
    for (int i = 0; i < X.rows; i++) {
        p.at[i] = exp(base.at[i] - gained.at[i]);
        moved += area * fabs(p.at[i] - exp(base_2.at[i] - gained_2.at[i]));
    }
    /* The error of the steps is 16/15 of what doubling them moves, to leading order.
     * Beyond the reach a path began at 7 deviations or more, on one of 4 sides. */
    double limit = 2 * moved + 2 * pow(coarse_gap(p, side, area), 2) +
                   2 * erfc(7 / sqrt(2)) + rounding(X.rows, 1);
    evidence(claim, "mass, less 1", at_most(mass_gap(base, gained, 1, area), limit));
    control(claim, "trace dropped", at_most(mass_gap(base, gained, 0, area), limit));
    control(claim, "trace with the other sign",
            at_most(mass_gap(base, gained, -1, area), limit));
}

enum { SAMPLES = 12000, CELLS = 12, WITHIN = 6 };

/* A sum of Pearson's statistics, and of the cells that they are over. */
struct pearson {
    double statistic, cells;
};

/* Adds that of samples in CELLS x CELLS cells against the density, summed over WITHIN x
 * WITHIN middles a cell; cells that expect less than 40 are left out, which makes it
 * smaller in law. */
static void compare_cells(struct world *world, mat samples, double trace,
                          struct pearson *sum)
{
    size_t mark = world->arena->used;
    int side = CELLS * WITHIN;
    double reach = 4, area = pow(2 * reach / side, 2);
    mat X = arena_mat(world->arena, side * side, 2);
    vec base = arena_vec(world->arena, X.rows),
        gained = arena_vec(world->arena, X.rows);
    double seen[CELLS * CELLS] = {0}, expected[CELLS * CELLS] = {0};
    middles(side, reach, X);
    pull_back(world, X, base, gained);
    for (int i = 0; i < X.rows; i++)
        expected[i / side / WITHIN * CELLS + i % side / WITHIN] +=
            samples.rows * area * exp(base.at[i] - trace * gained.at[i]);
    for (int i = 0; i < samples.rows; i++) {
        double x = (row(samples, i).at[0] / reach + 1) / 2 * CELLS;
        double y = (row(samples, i).at[1] / reach + 1) / 2 * CELLS;
        if (x >= 0 && x < CELLS && y >= 0 && y < CELLS)
            seen[(int)x * CELLS + (int)y]++;
    }
    int cells = 0;
    for (int c = 0; c < CELLS * CELLS; c++)
        if (expected[c] >= 40) {
            seen[cells] = seen[c];
            expected[cells++] = expected[c];
        }
    sum->statistic += chi_square(cells, seen, expected);
    sum->cells += cells;
    world->arena->used = mark;
}

static struct finding samples_fit(struct pearson sum)
{
    return chi_square_fits(sum.statistic, sum.cells);
}

CLAIM(cnf_samples, STATISTIC,
      "Samples pushed forward are distributed as the density that is pulled back says")
{
    /* One flow may happen to have hardly any trace where its samples are; five do not.
     */
    enum { FLOWS = 5 };
    struct pearson kept = {0}, dropped = {0}, turned = {0};
    for (int flow = 0; flow < FLOWS; flow++) {
        struct world world =
            world_drawn(claim, (uint64_t)flow, cnf_make(2, 1, 16, 8, 0), 1);
        mat samples = arena_mat(world.arena, SAMPLES, 2);
        cnf_sample(&world.cnf, world.w, &world.rng, world.arena, samples,
                   (vec){0, NULL});
        compare_cells(&world, samples, 1, &kept);
        compare_cells(&world, samples, 0, &dropped);
        compare_cells(&world, samples, -1, &turned);
    }
    evidence(claim, "samples in cells", samples_fit(kept));
    control(claim, "trace dropped", samples_fit(dropped));
    control(claim, "trace with the other sign", samples_fit(turned));
}

/* ---- Fitting a density ----------------------------------------------------------- */

/* The logarithms of the densities of cnf_gaussians, of the normal law with the same
 * mean and covariance (0.35^2 + 2 along each axis), and of cnf_checkerboard. */
static double log_gaussians(vec x)
{
    double sum = 0, variance = 0.35 * 0.35;
    for (int corner = 0; corner < 4; corner++) {
        double off[2] = {x.at[0], x.at[1]};
        off[corner / 2] -= corner % 2 ? 2 : -2;
        sum += exp(-(off[0] * off[0] + off[1] * off[1]) / (2 * variance));
    }
    return log(sum / (8 * acos(-1.0) * variance));
}

static double log_one_gaussian(vec x)
{
    double variance = 0.35 * 0.35 + 2;
    return -dot(x, x) / (2 * variance) - log(2 * acos(-1.0) * variance);
}

static double log_checkerboard(vec x)
{
    (void)x;
    return -log(32);
}

static bool record_loss(void *series, const struct recipe *recipe,
                        const struct training *training, double loss)
{
    (void)recipe;
    series_row(series, (double[]){training->iteration, loss});
    return true;
}

/* Adam, for so many iterations, its rate falling linearly to 0, from cnf_draw's start.
 * The losses go into a series, if there is one. */
static void fit(struct world *world, cnf_law *law, int iterations, int batch,
                double alpha, struct series *series)
{
    struct cnf_problem problem = {world->cnf, law, batch};
    struct recipe recipe = {cnf_loss, &problem, iterations, alpha, 0};
    struct training training = training_make(world->arena, world->w.n, world->rng);
    cnf_draw(&world->cnf, &training.rng, training.theta);
    train(&recipe, series != NULL ? record_loss : NULL, series, world->arena,
          &training);
    copy(training.theta, world->w);
    world->rng = training.rng;
}

enum { HELD_OUT = 1000 };

/* The mean of log p - log q over fresh points of the law, p the flow's density by the
 * exact trace and finer steps than it was trained with. */
static double mean_gain(struct world *world, cnf_law *law, double (*log_q)(vec x))
{
    size_t mark = world->arena->used;
    struct cnf fine = world->cnf;
    fine.probes = 0;
    fine.steps *= 2;
    mat X = arena_mat(world->arena, HELD_OUT, 2);
    vec gain = arena_vec(world->arena, HELD_OUT);
    law(&world->rng, X);
    cnf_log_density(&fine, world->w, X, NULL, world->arena, gain);
    double sum = 0;
    for (int i = 0; i < HELD_OUT; i++)
        sum += gain.at[i] - log_q(row(X, i));
    world->arena->used = mark;
    return sum / HELD_OUT;
}

enum { SHOWN = 400, TIMES = 5 };

/* Samples on their way: where each is at the times 0, 1/4, ..., 1. */
static void record_motion(struct claim *claim, struct world *world)
{
    struct cnf cnf = world->cnf;
    mat Z = normal_mat(world, SHOWN, 2), at = arena_mat(world->arena, SHOWN, 2 * TIMES);
    for (int k = 0; k < TIMES; k++) {
        if (k > 0)
            cnf_transport(&cnf, world->w, (k - 1) / 4.0, k / 4.0, NULL, world->arena, Z,
                          (vec){0, NULL});
        for (int i = 0; i < SHOWN; i++)
            copy(row(Z, i), (vec){2, row(at, i).at + 2 * k});
    }
    struct series s = series_begin(claim, "motion", "x0", "y0", "x1", "y1", "x2", "y2",
                                   "x3", "y3", "x4", "y4", NULL);
    for (int i = 0; i < SHOWN; i++)
        series_row(&s, row(at, i).at);
    series_end(&s);
}

CLAIM(cnf_trains, PHENOMENON,
      "200 steps of Adam make a flow of the normal law into four clusters")
{
    enum { RUNS = 16 };
    double on_gaussian[RUNS], on_law[RUNS], before[RUNS];
    struct series s = series_begin(claim, "training", "iteration", "loss", NULL);
    for (int r = 0; r < RUNS; r++) {
        size_t mark = claim_arena(claim)->used;
        struct world world =
            world_drawn(claim, (uint64_t)r, cnf_make(2, 1, 16, 3, 0), 1);
        fit(&world, cnf_gaussians, 200, 64, 0.03, r == 0 ? &s : NULL);
        if (r == 0)
            record_motion(claim, &world);
        on_gaussian[r] = mean_gain(&world, cnf_gaussians, log_one_gaussian);
        on_law[r] = mean_gain(&world, cnf_gaussians, log_gaussians);
        cnf_draw(&world.cnf, &world.rng, world.w);
        before[r] = mean_gain(&world, cnf_gaussians, log_gaussians);
        claim_arena(claim)->used = mark;
    }
    series_end(&s);
    evidence(claim, "nats gained on one Gaussian",
             effect_at_least(RUNS, on_gaussian, 1.2));
    evidence(claim, "nats gained on the law itself",
             effect_at_least(RUNS, on_law, -0.2));
    control(claim, "before training", effect_at_least(RUNS, before, -0.2));
}

/* Over some runs, each from weights of its own: how much better a flow is than log_q,
 * the law's own. */
static struct finding gains(struct claim *claim, struct cnf cnf, cnf_law *law,
                            double (*log_q)(vec x), int iterations, double limit)
{
    enum { RUNS = 16 };
    double gain[RUNS];
    for (int r = 0; r < RUNS; r++) {
        size_t mark = claim_arena(claim)->used;
        struct world world = world_drawn(claim, (uint64_t)r, cnf, 1);
        fit(&world, law, iterations, 128, 0.02, NULL);
        gain[r] = mean_gain(&world, law, log_q);
        claim_arena(claim)->used = mark;
    }
    return effect_at_least(RUNS, gain, limit);
}

LONG_CLAIM(cnf_fits, PHENOMENON,
           "Trained longer, a flow comes near four clusters, and nearer a checkerboard")
{
    struct cnf exact = cnf_make(2, 1, 32, 4, 0), probed = cnf_make(2, 1, 32, 4, 1);
    evidence(claim, "four clusters, exact trace",
             gains(claim, exact, cnf_gaussians, log_gaussians, 600, -0.04));
    evidence(claim, "four clusters, one probe",
             gains(claim, probed, cnf_gaussians, log_gaussians, 600, -0.04));
    evidence(claim, "checkerboard, of log 32",
             gains(claim, exact, cnf_checkerboard, log_checkerboard, 600, -0.35));
    control(claim, "four clusters, 30 iterations",
            gains(claim, exact, cnf_gaussians, log_gaussians, 30, -0.04));
}

CHAPTER(continuous_flows, &cnf_instantaneous, &cnf_orientation, &cnf_total_derivative,
        &cnf_gradient, &cnf_hutchinson, &cnf_probes, &cnf_cost, &cnf_round_trip,
        &cnf_mass, &cnf_samples, &cnf_trains, &cnf_fits)
