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
            plain_path(plain_trace(world), (double)s / steps, (s + 1.0) / steps, 1,
                       state);
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
    double result = root_mean_square(gap);
    world->arena->used = mark;
    return result;
}

/* On a ladder of steps, how the gap falls, at two points of each of two fields: in one
 * alone the first term of the gap may happen to be small, and the next one bends it. */
static struct finding gap_falls(struct claim *claim, enum integrand integrand)
{
    double steps[LADDER], slopes[FIELDS];
    for (int r = 0; r < FIELDS; r++) {
        double gap[LADDER] = {0};
        for (int field = 2 * r; field < 2 * r + 2; field++) {
            struct world world =
                field_drawn(claim, (uint64_t)field, cnf_make(3, 1, 12, 1, 0), 1);
            mat Z = field_normals(&world, 2, 3);
            for (int i = 0; i < LADDER; i++) {
                steps[i] = ladder[i];
                gap[i] =
                    hypot(gap[i], determinant_gap(&world, Z, integrand, ladder[i]));
            }
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
    mat J = arena_mat(world->arena, 2, 2), Z = field_normals(world, points, 2);
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
        struct world world =
            field_drawn(claim, (uint64_t)strength, cnf_make(2, 1, 16, 1, 0), strength);
        least = -worst(-least, -least_determinant(&world, 40, 150));
    }
    evidence(claim, "least determinant, 160 maps", at_least(least, 0));
    control(claim, "planar layers, w'u = -3", at_least(least_of_planar(-3), 0));
}

SECTION(from_a_determinant_to_a_trace, &cnf_instantaneous, &cnf_orientation);
