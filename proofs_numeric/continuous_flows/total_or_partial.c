/* The rate of log p along a path and at a fixed place. */
#include "fields.h"
#include "normalizing_flows.h"

#include <math.h>

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
    double gap = root_mean_square(slope);
    world->arena->used = mark;
    return gap;
}

CLAIM(cnf_total_derivative, IDENTITY,
      "log p changes at the rate -tr df/dz along the path, not at a fixed place")
{
    struct world world = field_drawn(claim, 0, cnf_make(2, 1, 16, 40, 0), 1);
    mat Z = field_normals(&world, 50, 2), F = arena_mat(world.arena, 50, 2);
    mat still = arena_mat(world.arena, 50, 2), V = arena_mat(world.arena, 100, 2);
    vec trace = arena_vec(world.arena, 50), with_wind = arena_vec(world.arena, 50);
    struct cnf_pass pass = cnf_pass_make(world.arena, &world.cnf, 50, 2);
    double t = 0.6, h = IS_DOUBLE ? 4e-3 : 0.03;
    cnf_aim(&world.cnf, NULL, V);
    cnf_forward(&world.cnf, world.w, t, Z, V, &pass, F, trace);
    difference(&world, t, Z, 0, F, h, with_wind); /* f . grad log p */
    axpy(1, trace, with_wind);

    /* h^4 / 30 times a fifth derivative: of order 100 for numbers that vary over a
     * half. The paths are off by (1/40)^4 times less than 10, the same at each point;
     * and by the rounding, over h, of a number near 5 at each step. */
    double limit = 100 * pow(h, 4) + 10 * pow(1.0 / 40, 4) + rounding(40, 5) / h;
    evidence(claim, "along straight lines with f",
             at_most(rate_gap(&world, t, Z, F, trace, h), limit));
    evidence(claim, "at a place, wind included",
             at_most(rate_gap(&world, t, Z, still, with_wind, h), limit));
    control(claim, "at a place, -tr alone",
            at_most(rate_gap(&world, t, Z, still, trace, h), limit));
}

SECTION(total_or_partial, &cnf_total_derivative);
