/* Backpropagation through the steps, and CVODES, beside the adjoint. */
#include "neural_ode/route_adjoint.h"
#include "roads.h"

static double worse_of(struct claim *claim, const struct world *w, vec a, vec g)
{
    return worst(largest_gap(claim, a, w->a), largest_gap(claim, g, w->g)) /
           gradient_limit(w);
}

/* The gap to backpropagation through 200 steps of order 5, whose error is below 1e-10
 * since (steep / 200)^5 is: steep is 2 at most. */
static double gap_to_backprop(struct claim *claim, enum fault fault)
{
    struct world *w = ring_world(claim, 0);
    vec a = arena_vec(claim_arena(claim), 3), g = arena_vec(claim_arena(claim), 3);
    struct faulty x = {w->f, fault, {0, NULL}};
    struct neural_ode f = with_fault(&x);
    by_adjoint(claim, w, &f);
    by_backprop(claim, w, &w->f, &ode_dopri5, 200, a, g);
    return worse_of(claim, w, a, g);
}

/* The gap to backpropagation through the steps that a solver chose, of a loss that
 * looks at five states.  The steps are of order 5 and their derivative errs as they do.
 */
static double gap_to_chosen_steps(struct claim *claim, enum fault fault)
{
    struct world *w = ring_world(claim, 1);
    vec a = arena_vec(claim_arena(claim), 3), g = arena_vec(claim_arena(claim), 3);
    struct faulty x = {w->f, fault, {0, NULL}};
    struct neural_ode f = with_fault(&x);
    w->looks = 5;
    by_adjoint(claim, w, &w->f);
    by_chosen_steps(claim, w, &f, a, g);
    return worse_of(claim, w, a, g);
}

/* And to CVODES, which is asked for a hundred times as much, 1e-10, and takes some
 * thousands of steps. */
static double gap_to_cvodes(struct claim *claim, enum fault fault)
{
    struct world *w = network_world(claim, 0);
    struct arena *arena = claim_arena(claim);
    vec z = arena_vec(arena, w->a.n), a = arena_vec(arena, w->a.n),
        g = arena_vec(arena, w->g.n);
    struct faulty x = {w->f, fault, {0, NULL}};
    struct neural_ode f = with_fault(&x);
    by_adjoint(claim, w, &f);
    copy(w->z_0, z);
    double t = 0;
    ode_fixed(&w->f.ode, &ode_dopri5, &t, T, 100, z, arena);
    copy(z, a);
    axpy(-1, w->y, a);
    route_adjoint(&w->f, 0, T, w->z_0, 100 * TOLERANCE, a, g);
    return worse_of(claim, w, a, g) / 1000;
}

CLAIM(node_roads, IDENTITY,
      "The adjoint, backpropagation through the steps, and CVODES: the same gradient")
{
    evidence(claim, "backpropagation: gap / limit",
             at_most(gap_to_backprop(claim, NO_FAULT), 1));
    evidence(claim, "through chosen steps: gap / limit",
             at_most(gap_to_chosen_steps(claim, NO_FAULT), 1));
    evidence(claim, "CVODES: gap / limit", at_most(gap_to_cvodes(claim, NO_FAULT), 1));
    control(claim, "backpropagation, and a sign",
            at_most(gap_to_backprop(claim, PLUS_SIGN), 1));
    control(claim, "chosen steps, and a sign",
            at_most(gap_to_chosen_steps(claim, PLUS_SIGN), 1));
    control(claim, "CVODES, and a sign", at_most(gap_to_cvodes(claim, PLUS_SIGN), 1));
}

static struct road through_steps(struct road road)
{
    road.backprop = true;
    return road;
}

CLAIM(node_chain_rule, RATE,
      "Backpropagation through steps of order p becomes the adjoint equation as h^p")
{
    if (needs_double(claim, "of order 4, errors go down to 1e-10"))
        return;
    evidence(claim, "Euler: order", has_its_order(claim, through_steps(euler)));
    evidence(claim, "midpoint: order", has_its_order(claim, through_steps(midpoint)));
    evidence(claim, "Runge and Kutta: order",
             has_its_order(claim, through_steps(classical)));
    control(claim, "the chain rule with a sign",
            has_its_order(claim, wrong_by(through_steps(euler), PLUS_SIGN)));
}

SECTION(the_old_road, &node_chain_rule, &node_roads);
