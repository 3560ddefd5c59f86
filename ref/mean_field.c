#include "mean_field.h"

#include "ground/sort.h"

#include <math.h>

/* m particles with d inner weights each, all zero. */
struct particles mf_particles_make(struct arena *arena, int m, int d)
{
    REQUIRE(m >= 1, "a mean needs a particle, got m = %d", m);
    REQUIRE(d >= 1, "a neuron needs an input, got d = %d", d);
    int numbers = SIZE_SUM(SIZE_PRODUCT(m, d), m);
    vec all = arena_vec(arena, numbers);
    return (
        struct particles){.all = all, .eta = part(all, 0, m), .W = {m, d, all.at + m}};
}

/* Room for a pass of m particles over n inputs: 2 n (m + 1) numbers. */
struct mf_pass mf_pass_make(struct arena *arena, int m, int n)
{
    return (struct mf_pass){.S = arena_mat(arena, m, n),
                            .slope = arena_mat(arena, m, n),
                            .h = arena_vec(arena, n),
                            .dF = arena_vec(arena, n)};
}

/* h := gain / m sum over j of eta_j sigma(X w_j).  q: m particles of the problem's
 * dimension, read; pass: S, slope and h are overwritten.  [IEMS402-14/14, "Mean field
 * theory"] */
void mf_forward(const struct mf_problem *p, struct particles q, struct mf_pass *pass)
{
    gemm(1, AS_IS, q.W, TRANSPOSED, p->X, 0, pass->S);
    activate(p->activation, entries(pass->S), entries(pass->slope));
    gemtv(p->gain / q.eta.n, pass->S, q.eta, 0, pass->h);
}

/* F of the network of these particles.  pass: all of it is overwritten. */
double mf_cost(const struct mf_problem *p, struct particles q, struct mf_pass *pass)
{
    mf_forward(p, q, pass);
    return p->loss(column(p->t), column(pass->h), column(pass->dF));
}

/* drift := -grad V at every particle, where V(v) = <dF, gain Psi(v)> is the first
 * variation of F: what a little mass at v costs.  It is -m dF/dv_j, the gradient that
 * automatic differentiation gives, times m.  q: as in the forward pass; pass: of dF and
 * S read, and slope is used up; drift: m particles, overwritten, 0 for what stays.
 * [IEMS402-14/16, "Gradient descent in weight = gradient flow in Wasserstein space"] */
void mf_drift(const struct mf_problem *p, struct particles q, struct mf_pass *pass,
              struct particles drift)
{
    fill(0, drift.all);
    if (p->moves != INNER_LAYER)
        gemv(-p->gain, pass->S, pass->dF, 0, drift.eta);
    if (p->moves == OUTPUT_LAYER)
        return;
    for (int j = 0; j < q.eta.n; j++) {
        vec of_neuron = row(pass->slope, j);
        for (int i = 0; i < of_neuron.n; i++)
            of_neuron.at[i] *= q.eta.at[j] * pass->dF.at[i];
    }
    gemm(-p->gain, AS_IS, pass->slope, AS_IS, p->X, 0, drift.W);
}

/* One step of gradient descent on the particles at the rate tau m: v_j := v_j + tau
 * drift_j.  Returns F where the step came from.  tau > 0: time.  pass, drift: scratch;
 * q: m particles, moved.  [IEMS402-14/16] */
double mf_step(const struct mf_problem *p, double tau, struct mf_pass *pass,
               struct particles drift, struct particles q)
{
    REQUIRE(isfinite(tau) && tau > 0, "tau must be finite and positive, got %g", tau);
    double F = mf_cost(p, q, pass);
    mf_drift(p, q, pass, drift);
    axpy(tau, drift.all, q.all);
    return F;
}

/* The least y_i h_i in units of the mean of |eta| ||w||: what is left of the margin
 * when scale is taken out.  The problem's t are the labels, +1 or -1; pass:
 * overwritten. [CS229br-5/7; Columbia-13/5] */
double mf_margin(const struct mf_problem *p, struct particles q, struct mf_pass *pass)
{
    mf_forward(p, q, pass);
    double least = INFINITY, size = 0;
    for (int i = 0; i < p->t.n && !isnan(least); i++)
        if (!(p->t.at[i] * pass->h.at[i] >= least))
            least = p->t.at[i] * pass->h.at[i];
    for (int j = 0; j < q.eta.n; j++)
        size += fabs(q.eta.at[j]) * norm(row(q.W, j)) / q.eta.n;
    return least / size;
}

/* ---- Transport on a line --------------------------------------------------------- */

/* W_2 between m equal masses at x and at y on a line: the i-th from the left goes to
 * the i-th from the left, whatever the order they come in.  x, y: m, read.  scratch:
 * 4m numbers. */
double mf_w2_line(vec x, vec y, struct arena *scratch)
{
    size_t mark = scratch->used;
    vec from = arena_vec(scratch, x.n), to = arena_vec(scratch, y.n);
    copy(x, from);
    copy(y, to);
    ascend(from, scratch);
    ascend(to, scratch);
    axpy(-1, from, to);
    scratch->used = mark;
    return norm(to) / sqrt(to.n);
}

/* F(next) + W_2(q, next)^2 / (2 tau), what a step of Jordan, Kinderlehrer and Otto
 * minimizes, for particles on a line: d = 1, and the output weights stay.  pass:
 * overwritten.  scratch: 4m numbers.  [IEMS402-14/16, with the square and 1 / 2 tau] */
double mf_jko_cost(const struct mf_problem *p, double tau, struct particles q,
                   struct particles next, struct mf_pass *pass, struct arena *scratch)
{
    REQUIRE(p->moves == INNER_LAYER && q.W.cols == 1,
            "particles must be on a line, these have %d inner weights", q.W.cols);
    REQUIRE(isfinite(tau) && tau > 0, "tau must be finite and positive, got %g", tau);
    double distance = mf_w2_line(entries(q.W), entries(next.W), scratch);
    return mf_cost(p, next, pass) + distance * distance / (2 * tau);
}

/* next := the particles that minimize it: gradient zero says next = q + tau
 * drift(next), a step against the gradient at its own end.  Each sweep puts the last
 * next in on the right, and multiplies the error by tau times the curvature, which must
 * be below 1.  q: read; pass, drift: scratch; next: overwritten. */
void mf_jko_step(const struct mf_problem *p, double tau, int sweeps, struct particles q,
                 struct mf_pass *pass, struct particles drift, struct particles next)
{
    REQUIRE(isfinite(tau) && tau > 0, "tau must be finite and positive, got %g", tau);
    REQUIRE(sweeps >= 0, "sweeps must not be negative, got %d", sweeps);
    copy(q.all, next.all);
    for (int sweep = 0; sweep < sweeps; sweep++) {
        mf_cost(p, next, pass);
        mf_drift(p, next, pass, drift);
        copy(q.all, next.all);
        axpy(tau, drift.all, next.all);
    }
}

/* ---- Spikes on a circle ---------------------------------------------------------- */

/* Room for a pass of m spikes: (2m + 1) K + 3m numbers, K = 1 + 2 cutoff. */
struct dc_pass mf_spike_pass_make(struct arena *arena, int m, int cutoff)
{
    REQUIRE(cutoff >= 0, "cutoff must not be negative, got %d", cutoff);
    int K = SIZE_SUM(SIZE_PRODUCT(2, cutoff), 1);
    return (struct dc_pass){.Phi = arena_mat(arena, m, K),
                            .dPhi = arena_mat(arena, m, K),
                            .mass = arena_vec(arena, m),
                            .residual = arena_vec(arena, K),
                            .eta = arena_vec(arena, m),
                            .deta = arena_vec(arena, m)};
}

/* phi := (1, sqrt 2 cos k theta, sqrt 2 sin k theta, ...), k = 1, ..., cutoff, and
 * dphi := its derivative by theta, from the cosine and sine of theta alone: each k
 * turns the last vector by theta once more.  phi, dphi: 1 + 2 cutoff. */
void mf_spike_features(double cosine, double sine, vec phi, vec dphi)
{
    double c = sqrt(2), s = 0;
    phi.at[0] = 1;
    dphi.at[0] = 0;
    for (int k = 1; 2 * k < phi.n; k++) {
        double turned = c * cosine - s * sine;
        s = s * cosine + c * sine;
        c = turned;
        phi.at[2 * k - 1] = c;
        phi.at[2 * k] = s;
        dphi.at[2 * k - 1] = -k * s;
        dphi.at[2 * k] = k * c;
    }
}

/* F = 1/2 ||sum over j of mass_j phi(theta_j) - y||^2 + lambda sum of |mass_j|.
 * q: m spikes, of which none is 0; pass: Phi, dPhi, mass, residual overwritten.
 * [IEMS402-14/16; Chizat, Bach 2018] */
double mf_spike_cost(const struct deconvolution *p, struct spikes q,
                     struct dc_pass *pass)
{
    REQUIRE(pass->residual.n == p->y.n && p->y.n % 2 == 1,
            "y has %d entries, the pass has room for %d", p->y.n, pass->residual.n);
    double all = 0;
    int m = q.sign.n;
    for (int j = 0; j < m; j++) {
        vec v = row(q.V, j);
        double r = norm(v);
        mf_spike_features(v.at[0] / r, v.at[1] / r, row(pass->Phi, j),
                          row(pass->dPhi, j));
        pass->mass.at[j] = q.sign.at[j] * r * r / m;
        all += r * r / m;
    }
    copy(p->y, pass->residual);
    gemtv(1, pass->Phi, pass->mass, -1, pass->residual);
    return dot(pass->residual, pass->residual) / 2 + p->lambda * all;
}

/* One step of gradient descent on the vectors v_j at the rate tau m, with V(v) =
 * |v|^2 (sign eta(theta) + lambda), eta = <phi, residual>:
 *     v_j := v_j - tau (2 (sign eta + lambda) v_j + sign eta' v_j turned by 90
 * degrees). Returns F where the step came from.  pass: overwritten; q: moved. */
double mf_spike_step(const struct deconvolution *p, double tau, struct dc_pass *pass,
                     struct spikes q)
{
    REQUIRE(isfinite(tau) && tau > 0, "tau must be finite and positive, got %g", tau);
    double F = mf_spike_cost(p, q, pass);
    gemv(1, pass->Phi, pass->residual, 0, pass->eta);
    gemv(1, pass->dPhi, pass->residual, 0, pass->deta);
    for (int j = 0; j < q.sign.n; j++) {
        real *v = row(q.V, j).at;
        double sign = q.sign.at[j];
        double radial = 2 * (sign * pass->eta.at[j] + p->lambda);
        double angular = sign * pass->deta.at[j], x = v[0];
        v[0] -= tau * (radial * x - angular * v[1]);
        v[1] -= tau * (radial * v[1] + angular * x);
    }
    return F;
}
