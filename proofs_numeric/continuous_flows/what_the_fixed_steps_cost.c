/* The error of paths by fixed steps, there and back. */
#include "fields.h"
#include "normalizing_flows.h"

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
    errors.forward = root_mean_square(off);
    ode_fixed(&ode, rk, &t, 0, back, state, world->arena);
    axpy(-1, trip.start, z);
    errors.round_trip = root_mean_square(z);
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
    if (needs_double(claim, "at 80 steps of order 4 rounding is larger than the error"))
        return;
    double forward[FIELDS], round_trip[FIELDS], midpoint[FIELDS], uneven[FIELDS];
    struct series s =
        series_begin(claim, "round_trip", "steps", "forward", "round_trip", NULL);
    for (int r = 0; r < FIELDS; r++) {
        struct world world =
            field_drawn(claim, (uint64_t)r, cnf_make(2, 1, 16, 800, 0), 1);
        mat start = field_normals(&world, 30, 2), end = arena_mat(world.arena, 30, 2);
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

SECTION(what_the_fixed_steps_cost, &cnf_round_trip);
