/* Section "What can go wrong" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

enum { CUTOFF = 7, K = 1 + 2 * CUTOFF, SPIKES = 3 };

/* phi(theta) by plain sines and cosines. */
static void look(double theta, vec phi)
{
    phi.at[0] = 1;
    for (int k = 1; k <= CUTOFF; k++) {
        phi.at[2 * k - 1] = sqrt(2) * cos(k * theta);
        phi.at[2 * k] = sqrt(2) * sin(k * theta);
    }
}

/* A number that F is not below for any measure on the circle.  For every z with
 * |<phi(theta), z>| <= lambda at all theta, F >= <z, y> - ||z||^2 / 2: take for z the
 * residual's negative, shrunk.  A trigonometric polynomial of degree k is at most 1 /
 * cos(pi k / N) times its largest value on N equal steps.  [Ehlich, Zeller 1964] */
static double dual_bound(struct claim *claim, const struct deconvolution *p,
                         vec residual)
{
    enum { GRID = 1 << 13 };
    vec phi = arena_vec(claim_arena(claim), K);
    double most = 0;
    for (int i = 0; i < GRID; i++) {
        look(2 * PI * i / GRID, phi);
        most = worst(most, fabs(dot(phi, residual)));
    }
    double shrink = fmin(1, p->lambda * cos(PI * CUTOFF / GRID) / most);
    return -shrink * dot(residual, p->y) -
           shrink * shrink * dot(residual, residual) / 2;
}

/* Three spikes, of sizes between 1 and 2 and alternating signs, about a third of the
 * circle apart; the angle of the first is returned. */
static double draw_spikes(struct claim *claim, struct deconvolution *p)
{
    struct rng rng = claim_rng(claim, 0);
    struct series s = series_begin(claim, "truth", "angle", "mass", NULL);
    vec phi = arena_vec(claim_arena(claim), K);
    double turn = rng_uniform(&rng), first = 0;
    *p = (struct deconvolution){0.5, arena_vec(claim_arena(claim), K)};
    for (int k = 0; k < SPIKES; k++) {
        double theta = 2 * PI * (turn + (k + 0.2 * rng_uniform(&rng)) / SPIKES);
        double mass = (1 + rng_uniform(&rng)) * (k == 1 ? -1 : 1);
        look(theta, phi);
        axpy(mass, phi, p->y);
        first = k == 0 ? theta : first;
        series_row(&s, (double[]){remainder(theta, 2 * PI), mass});
    }
    series_end(&s);
    return first;
}

/* What a particle is drawn as: its angle, and its length with its sign. */
static void record_way(struct series *s, struct spikes q, mat before)
{
    for (int j = 0; j < q.sign.n; j++) {
        vec v = row(q.V, j), old = row(before, j);
        double angle = atan2(old.at[1], old.at[0]), length = q.sign.at[j] * norm(old);
        series_row(s, (double[]){angle, length,
                                 remainder(atan2(v.at[1], v.at[0]) - angle, 2 * PI),
                                 q.sign.at[j] * norm(v) - length});
    }
    copy(entries(q.V), entries(before));
}

/* Where m particles end that start on that arc around the first spike: F in units of
 * the dual bound.  The first steps of their way are recorded if it has a name. */
static double above_bound(struct claim *claim, int m, double arc, const char *name)
{
    enum { STEPS = 12000, RECORDED = 300, EVERY = 10 };
    const double tau = 2e-3;
    struct arena *arena = claim_arena(claim);
    struct deconvolution p;
    double middle = draw_spikes(claim, &p);
    struct spikes q = spread_spikes(arena, m, middle, arc);
    struct dc_pass pass = mf_spike_pass_make(arena, m, CUTOFF);
    mat before = arena_mat(arena, m, 2);
    copy(entries(q.V), entries(before));
    struct series s = {0};
    if (name)
        s = series_begin(claim, name, "angle", "length", "turn", "growth", NULL);
    for (int k = 1; k <= STEPS; k++) {
        mf_spike_step(&p, tau, &pass, q);
        if (name && k <= RECORDED && k % EVERY == 0)
            record_way(&s, q, before);
    }
    if (name)
        series_end(&s);
    double F = mf_spike_cost(&p, q, &pass);
    return F / dual_bound(claim, &p, pass.residual);
}

CLAIM(mf_certificate, BOUND,
      "A hundred particles around the circle end within 1e-4 of the global minimum")
{
    double ratio = above_bound(claim, 100, 2 * PI, "spikes");
    evidence(claim, "F over the dual bound", at_most(ratio, 1.0001));
    evidence(claim, "which is a bound", at_least(ratio, 1));
    control(claim, "all start within 18 degrees",
            at_most(above_bound(claim, 100, 0.1 * PI, NULL), 1.0001));
    control(claim, "two particles",
            at_most(above_bound(claim, 2, 2 * PI, NULL), 1.0001));
}

SECTION(mf_spikes, &mf_certificate);
