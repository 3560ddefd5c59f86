/* Section "The flow" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

/* The largest difference in outputs, over 20 steps, between the flow in steps of tau
 * and gradient descent on the network's weights at the rate alpha. */
static double gap_to_descent(struct claim *claim, double tau, double alpha)
{
    struct cloud x = draw_cloud(claim, 0, 30);
    struct network a = as_network(claim_arena(claim), &x, MEAN_FIELD);
    vec grad = arena_vec(claim_arena(claim), a.w.n);
    mat G = arena_mat(claim_arena(claim), INPUTS, 1);
    double most = 0;
    for (int k = 0; k < 20; k++) {
        mlp_forward(&a.net, a.w, a.X, &a.pass);
        for (int i = 0; i < INPUTS; i++)
            G.at[i] = (a.pass.H[2].at[i] - x.p.t.at[i]) / INPUTS;
        mlp_backward(&a.net, a.w, G, &a.pass);
        mlp_gradient(&a.net, &a.pass, grad);
        fill(0, mlp_biases(&a.net, grad, 1)); /* particles have no last bias */
        axpy(-alpha, grad, a.w);
        mf_step(&x.p, tau, &x.pass, x.drift, x.q);
        most = worst(most, gap(x.pass.h, entries(a.pass.H[2])));
    }
    return most;
}

/* The same between m particles in steps of tau and all of them twice, in steps of
 * tau_twice. */
static double gap_to_twice(struct claim *claim, double tau, double tau_twice)
{
    enum { M = 30 };
    struct cloud x = draw_cloud(claim, 0, M);
    struct cloud twice = cloud_make(claim_arena(claim), x.p, 2 * M);
    mix(x.q, 1, x.q, 1, twice.q);
    double most = 0;
    for (int k = 0; k < 20; k++) {
        mf_step(&x.p, tau, &x.pass, x.drift, x.q);
        mf_step(&twice.p, tau_twice, &twice.pass, twice.drift, twice.q);
        most = worst(most, gap(x.pass.h, twice.pass.h));
    }
    return most;
}

CLAIM(mf_time, IDENTITY,
      "At the rate m tau each neuron follows one field, and h depends on mu alone")
{
    /* 20 steps of sums of 60 products of sizes up to 5.  A step multiplies errors by at
     * most 1 + tau times a curvature of about 10: by e^4 < 100 in all. */
    const double tau = 0.02;
    double limit = rounding(20 * 60, 5 * 100);
    evidence(claim, "flow against descent at m tau",
             at_most(gap_to_descent(claim, tau, 30 * tau), limit));
    evidence(claim, "every neuron twice, same tau",
             at_most(gap_to_twice(claim, tau, tau), limit));
    control(claim, "descent at the rate tau",
            at_most(gap_to_descent(claim, tau, tau), limit));
    control(claim, "twice, at the same rate of descent",
            at_most(gap_to_twice(claim, tau, tau / 2), limit));
}

/* The largest h for which no neuron's kink is crossed on the way from q - 2 h drift to
 * q + 2 h drift, by half. */
static double free_way(const struct cloud *x)
{
    double h = 1;
    for (int j = 0; j < x->q.eta.n; j++)
        for (int i = 0; i < INPUTS; i++) {
            double z = dot(row(x->q.W, j), row(x->p.X, i));
            double dz = dot(row(x->drift.W, j), row(x->p.X, i));
            h = fmin(h, fabs(z / dz) / 4);
        }
    return h;
}

/* dF/dt along the drift, by five-point differences of F.  Between the kinks of ReLU, F
 * is a polynomial of degree 4 along every line, on which they are exact. */
static double slope_along(struct cloud *x, double h)
{
    static const double weight[] = {1, -8, 8, -1}, where[] = {-2, -1, 1, 2};
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        axpy(where[k] * h, x->drift.all, x->q.all);
        sum += weight[k] * mf_cost(&x->p, x->q, &x->pass);
        axpy(-where[k] * h, x->drift.all, x->q.all);
    }
    return sum / (12 * h);
}

/* |dF/dt + mean square of the velocities|, in units of what rounding may leave.  Off
 * the flow, each neuron slides down the same slope but at a speed of its own. */
static double gap_of_dissipation(struct claim *claim, uint64_t replicate, bool off)
{
    enum { M = 20 };
    struct cloud x = draw_cloud(claim, replicate, M);
    struct rng rng = claim_rng(claim, replicate + 1000);
    x.p.activation = RELU;
    double F = mf_cost(&x.p, x.q, &x.pass);
    mf_drift(&x.p, x.q, &x.pass, x.drift);
    for (int j = 0; j < M && off; j++) {
        double speed = j % 2 + rng_uniform(&rng);
        x.drift.eta.at[j] *= speed;
        scale(speed, row(x.drift.W, j));
    }
    double h = free_way(&x), fall = dot(x.drift.all, x.drift.all) / M;
    /* F is a sum of some M D + INPUTS terms, each rounded, and divided by h; what is
     * above F in it cancels less than 20-fold. */
    double unit = rounding(M * D + INPUTS, 20 * (F + 1) / h + fall);
    return fabs(slope_along(&x, h) + fall) / unit;
}

CLAIM(mf_dissipation, IDENTITY,
      "Along the flow F falls at the mean square of the velocities")
{
    double most = 0;
    for (uint64_t r = 0; r < 10; r++)
        most = worst(most, gap_of_dissipation(claim, r, false));
    evidence(claim, "|dF/dt + mean square|, in limits", at_most(most, 1));
    control(claim, "each neuron at a speed of its own",
            at_most(gap_of_dissipation(claim, 0, true), 1));
}

SECTION(mf_flow, &mf_time, &mf_dissipation);
