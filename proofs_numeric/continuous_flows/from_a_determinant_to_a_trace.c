/* The determinant of the flow map, and the trace along a path. */
#include "fields.h"
#include "normalizing_flows.h"

#include <complex.h>
#include <math.h>

/* J := the Jacobian at z of the map from time 0 to 1: a complex step along each axis,
 * through the very arithmetic of the map. */
static void plain_map_jacobian(const struct world *world, vec z, int steps, mat J)
{
    for (int k = 0; k < z.n; k++) {
        number state[DIMENSIONS + 1] = {0};
        for (int i = 0; i < z.n; i++)
            state[i] = z.at[i] + (i == k ? 1e-100 * I : 0);
        plain_path(plain_trace(world), 0, 1, steps, state);
        for (int i = 0; i < z.n; i++)
            row(J, i).at[k] = cimag(state[i]) / 1e-100;
    }
}

static const int ladder[LADDER] = {10, 20, 40, 70, 100};

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
            plain_path(plain_trace(world), (double)s / steps, (s + 1.0) / steps, 1,
                       state);
    }
    return sum;
}

/* What is held against log |det|: the integral of the trace, of its negative, or of
 * log |det df/dz|. */
enum integrand { TRACE, FLIPPED, FIELDS_DETERMINANT, INTEGRANDS };

/* gap[k] := the rms over the rows of Z of log |det dz(1)/dz(0)| less integral k. */
static void determinant_gaps(struct world *world, mat Z, int steps, double *gap)
{
    size_t mark = world->arena->used;
    struct cnf cnf = world->cnf;
    cnf.steps = steps;
    mat moved = arena_mat(world->arena, Z.rows, Z.cols);
    mat J = arena_mat(world->arena, Z.cols, Z.cols);
    mat off = arena_mat(world->arena, INTEGRANDS, Z.rows);
    vec minus_trace = arena_vec(world->arena, Z.rows);
    copy(entries(Z), entries(moved));
    cnf_transport(&cnf, world->w, 0, 1, NULL, world->arena, moved, minus_trace);
    for (int i = 0; i < Z.rows; i++) {
        double sign, trace = -minus_trace.at[i];
        long count = 0;
        plain_map_jacobian(world, row(Z, i), steps, J);
        double log_det = log_determinant(J, &sign, &count);
        row(off, TRACE).at[i] = log_det - trace;
        row(off, FLIPPED).at[i] = log_det + trace;
        row(off, FIELDS_DETERMINANT).at[i] =
            log_det - fields_determinant(world, row(Z, i), steps);
    }
    for (int k = 0; k < INTEGRANDS; k++)
        gap[k] = root_mean_square(row(off, k));
    world->arena->used = mark;
}

CLAIM(cnf_instantaneous, RATE,
      "The log-determinant of the flow map is the integral of the trace along the path")
{
    if (needs_double(claim, "its gaps, of order 4, fall below rounding at 100 steps"))
        return;
    double steps[LADDER], slopes[INTEGRANDS][FIELDS];
    for (int i = 0; i < LADDER; i++)
        steps[i] = ladder[i];
    for (int r = 0; r < FIELDS; r++) {
        double gap[LADDER][INTEGRANDS], one[LADDER];
        struct world world =
            field_drawn(claim, (uint64_t)r, cnf_make(3, 1, 12, 1, 0), 1);
        /* Of six points: at a single one the leading term may be near 0. */
        mat Z = field_normals(&world, 6, 3);
        for (int i = 0; i < LADDER; i++)
            determinant_gaps(&world, Z, ladder[i], gap[i]);
        for (int k = 0; k < INTEGRANDS; k++) {
            for (int i = 0; i < LADDER; i++)
                one[i] = gap[i][k];
            slopes[k][r] = fit_power(LADDER, steps, one).slope;
        }
    }
    double bend = bend_of(steps);
    evidence(claim, "order of log |det| - trace",
             slopes_near(FIELDS, slopes[TRACE], -4, bend, 1));
    control(claim, "trace with the other sign",
            slopes_near(FIELDS, slopes[FLIPPED], -4, bend, 1));
    control(claim, "log |det df/dz| in its place",
            slopes_near(FIELDS, slopes[FIELDS_DETERMINANT], -4, bend, 1));
}

/* The least determinant of the map to t = 1 over some points. */
static double least_determinant(struct world *world, int points, int steps)
{
    double least = INFINITY;
    mat J = arena_mat(world->arena, 2, 2), Z = field_normals(world, points, 2);
    for (int i = 0; i < points; i++) {
        double sign;
        long count = 0;
        plain_map_jacobian(world, row(Z, i), steps, J);
        double log_det = log_determinant(J, &sign, &count);
        least = smallest(least, sign * exp(log_det));
    }
    return least;
}

/* The least determinant of z + u tanh(w'z) with w'u = c, in one dimension. */
static double least_of_planar(double c)
{
    double least = INFINITY;
    for (double z = -2; z <= 2; z += 0.25) {
        struct planar layer = {{1, (real[]){c}}, {1, (real[]){1}}, 0};
        least = smallest(least, nf_planar_det(layer, (vec){1, (real[]){z}}));
    }
    return least;
}

CLAIM(cnf_orientation, BOUND,
      "However strong the field, the determinant of the flow map stays positive")
{
    double least = INFINITY;
    for (int strength = 1; strength <= 4; strength++) {
        struct world world =
            field_drawn(claim, (uint64_t)strength, cnf_make(2, 1, 16, 1, 0), strength);
        least = smallest(least, least_determinant(&world, 40, 150));
    }
    evidence(claim, "least determinant, 160 maps", at_least(least, 0));
    control(claim, "planar layers, w'u = -3", at_least(least_of_planar(-3), 0));
}

SECTION(from_a_determinant_to_a_trace, &cnf_instantaneous, &cnf_orientation);
