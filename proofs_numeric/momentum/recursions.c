#include "recursions.h"

#include "ground/bisect.h"

#include <math.h>

double reach_of(enum rule rule, double alpha, double beta)
{
    return rule == HEAVY_BALL ? 0 : rule == LOOK_AHEAD ? alpha * beta : beta;
}

static void gradient_along(void *a, vec w, vec grad)
{
    grad.at[0] = *(double *)a * w.at[0];
}

void step_along(struct claim *claim, struct along x, double state[2])
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct momentum momentum = momentum_make(arena, 1, x.beta);
    real w = state[0];
    momentum.v.at[0] = state[1];
    mom_look_ahead_step(gradient_along, &x.a, reach_of(x.rule, x.alpha, x.beta),
                        x.alpha, &momentum, arena, (vec){1, &w});
    state[0] = w;
    state[1] = momentum.v.at[0];
    arena->used = mark;
}

double largest_root(double trace, double det)
{
    double under = trace * trace / 4 - det;
    return under < 0 ? sqrt(det) : fabs(trace) / 2 + sqrt(under);
}

double measured_factor(struct claim *claim, struct along x)
{
    double of_w[2] = {1, 0}, of_v[2] = {0, 1};
    step_along(claim, x, of_w);
    step_along(claim, x, of_v);
    return largest_root(of_w[0] + of_v[1], of_w[0] * of_v[1] - of_w[1] * of_v[0]);
}

struct edge_of {
    struct claim *claim;
    struct along x;
};

static double over_the_edge(const void *context, double a)
{
    struct edge_of edge = *(const struct edge_of *)context;
    edge.x.a = a;
    return measured_factor(edge.claim, edge.x) - 1;
}

double measured_edge(struct claim *claim, enum rule rule, double alpha, double beta,
                     double low, double high)
{
    struct edge_of edge = {claim, {rule, alpha, beta, 0}};
    return bisect(over_the_edge, &edge, low, high);
}

double factor_law(struct along x)
{
    double reach = reach_of(x.rule, x.alpha, x.beta);
    return largest_root(1 + x.beta - x.a * (x.alpha + reach), x.beta - x.a * reach);
}
