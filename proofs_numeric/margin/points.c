#include "points.h"

#include "ground/ode.h"

#include <math.h>

struct planted planted_points(struct claim *claim, int replicate, double spread)
{
    struct rng rng = claim_rng(claim, replicate);
    return planted_make(claim_arena(claim), &rng, N, D, GAMMA, spread);
}

void flow_begins(mat Z, vec w)
{
    fill(0, w);
    for (int i = 0; i < Z.rows; i++)
        axpy(FLOW_BEGINS, row(Z, i), w);
}

void flow_to(struct claim *claim, mat Z, double t, double t_end, vec w, vec l)
{
    size_t mark = claim_arena(claim)->used;
    struct mar_flow flow = {Z, l};
    struct ode ode = {w.n, mar_field, &flow};
    struct ode_solver s = ode_solver_make(claim_arena(claim), &ode, log(t), w,
                                          FLOW_TOLERANCE, FLOW_TOLERANCE);
    REQUIRE(ode_to(&s, log(t_end)) == ODE_DONE, "the flow ended at t = %g", exp(s.t));
    copy(s.z, w);
    for (int i = 0; i < l.n; i++)
        l.at[i] = t_end * exp(-dot(row(Z, i), w));
    claim_arena(claim)->used = mark;
}

double power_loss(mat T, mat F, mat G)
{
    double mean = 0;
    for (int i = 0; i < F.rows; i++) {
        double m = T.at[i] * F.at[i], base = 1 / (1 + fmax(m, 0));
        mean += (m < 0 ? 1 - 2 * m : base * base) / F.rows;
        G.at[i] = -2 * T.at[i] * base * base * base / F.rows;
    }
    for (int i = 0; i < F.rows; i++)
        G.at[i] /= mean;
    return log(mean);
}

void across(vec e, vec x)
{
    double along = 0;
    for (int j = 0; j < x.n; j++)
        along += e.at[j] * x.at[j];
    for (int j = 0; j < x.n; j++)
        x.at[j] -= along * e.at[j];
}

vec descend(struct claim *claim, mat Z, loss_function *loss, double alpha, int steps)
{
    vec w = arena_vec(claim_arena(claim), Z.cols);
    for (int k = 0; k < steps; k++)
        mar_step(loss, Z, alpha, claim_arena(claim), w);
    return w;
}
