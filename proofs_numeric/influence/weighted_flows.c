#include "influence/weighted_flows.h"

#include <math.h>

void flow_begin(struct claim *claim, mat Z, vec c, double tail, struct flow *flow)
{
    struct arena *arena = claim_arena(claim);
    flow->of = (struct inf_flow){Z, c, tail};
    flow->ode = (struct ode){Z.cols, inf_flow_field, &flow->of};
    flow->solver = ode_solver_make(arena, &flow->ode, 0, arena_vec(arena, Z.cols),
                                   FLOW_TOLERANCE, FLOW_TOLERANCE);
}

vec flow_to(struct flow *flow, double t)
{
    if (ode_to(&flow->solver, log1p(t)) != ODE_DONE)
        fill(NAN, flow->solver.z);
    return flow->solver.z;
}

double flow_error(const struct flow *flow)
{
    return FLOW_TOLERANCE * flow->solver.steps * (1 + norm(flow->solver.z));
}

void decayed(struct claim *claim, mat Z, vec c, double lambda, double tolerance, vec w)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct inf_problem of = inf_problem_make(arena, inf_logistic, &Z, Z.rows, lambda);
    for (int i = 0; i < c.n; i++)
        of.c.at[i] *= c.at[i];
    if (inf_minimize(&of, tolerance, 200, arena, w) != INF_OK)
        fill(NAN, w);
    arena->used = mark;
}
