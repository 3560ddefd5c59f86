/* What each of the roads has to keep. */
#include "roads.h"

#include <math.h>

/* A field that notes how full the arena is when it is called. */
struct watched {
    struct neural_ode f;
    struct arena *arena;
    size_t most;
};

static void watched_value(void *context, double t, vec z, vec dz)
{
    struct watched *x = context;
    x->most = x->arena->used > x->most ? x->arena->used : x->most;
    x->f.ode.field(x->f.ode.context, t, z, dz);
}

static void watched_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                         vec gtheta)
{
    struct watched *x = context;
    x->most = x->arena->used > x->most ? x->arena->used : x->most;
    x->f.pull(x->f.ode.context, t, z, a, dz, gz, gtheta);
}

/* What is kept on the way: nothing, a state for each step of a solver, or, by an
 * adjoint that puts z back so often, a state for each of its times. */
enum keeping { KEEPS_NOTHING, KEEPS_STEPS, KEEPS_STATES };

static void there_and_back(struct claim *claim, struct neural_ode *f, struct world *w,
                           enum keeping keeping, int steps)
{
    struct arena *arena = claim_arena(claim);
    vec times = arena_vec(arena, keeping == KEEPS_STATES ? steps + 1 : 0);
    mat path = arena_mat(arena, keeping == KEEPS_NOTHING ? 1 : steps + 1, 3);
    copy(w->z_0, row(path, 0));
    if (keeping == KEEPS_NOTHING)
        by_steps(claim, w, f, &ode_rk4, steps, w->a, w->g);
    if (keeping == KEEPS_STEPS) {
        node_record(f, &ode_rk4, 0, T, arena, path);
        node_backprop_gradient(f, &ode_rk4, 0, T, path, arena, w->a, w->g);
    }
    if (keeping == KEEPS_STATES) {
        for (int i = 0; i <= steps; i++)
            times.at[i] = T * i / steps;
        mat G = arena_mat(arena, steps + 1, 3);
        node_path(f, times, TOLERANCE, TOLERANCE, arena, path);
        node_adjoint_gradient(f, times, path, G, TOLERANCE, TOLERANCE, arena, w->a,
                              w->g);
    }
}

/* The bytes held at most, on the way forward and back: the same for any draw. */
static double bytes_held(struct claim *claim, enum keeping keeping, int steps)
{
    struct arena *arena = claim_arena(claim);
    struct world *w = ring_world(claim, 0);
    size_t mark = arena->used;
    struct watched x = {w->f, arena, 0};
    struct neural_ode f = {{3, watched_value, &x}, 3, watched_pull};
    there_and_back(claim, &f, w, keeping, steps);
    arena->used = mark;
    return (double)(x.most - mark);
}

CLAIM(node_memory, RATE,
      "The adjoint keeps the same for any number of steps; the other way, a state each")
{
    enum { DECADES = 4 };
    double steps[DECADES], kept[DECADES], recorded[DECADES], put_back[DECADES];
    struct series s =
        series_begin(claim, "memory", "steps", "adjoint", "recorded", NULL);
    for (int i = 0; i < DECADES; i++) {
        steps[i] = pow(10, 2 + i);
        kept[i] = bytes_held(claim, KEEPS_NOTHING, (int)steps[i]);
        recorded[i] = bytes_held(claim, KEEPS_STEPS, (int)steps[i]);
        put_back[i] = bytes_held(claim, KEEPS_STATES, (int)steps[i]);
        series_row(&s, (double[]){steps[i], kept[i], recorded[i]});
    }
    series_end(&s);
    /* The adjoint's bytes are the same integer.  Recording keeps three numbers, 24
     * bytes, a step and some 800 beside: at 100 steps a third, which bends the line by
     * less than 0.15. */
    evidence(claim, "adjoint: bytes ~ steps^p",
             slope_is(fit_power(DECADES, steps, kept), 0, 1e-12, 1));
    evidence(claim, "recorded: bytes ~ steps^p",
             slope_is(fit_power(DECADES, steps, recorded), 1, 0.15, 1));
    /* The arena rounds what it gives out to 64 bytes at most. */
    double more = steps[DECADES - 1] - steps[0];
    double each = (recorded[DECADES - 1] - recorded[0]) / more;
    evidence(claim, "recorded: numbers a step, less 3",
             at_most(fabs(each / sizeof(real) - 3), 64 / sizeof(real) / more));
    control(claim, "adjoint, z put back at each step",
            slope_is(fit_power(DECADES, steps, put_back), 0, 1e-12, 1));
}

SECTION(memory, &node_memory);
