#include "clouds.h"

#include <math.h>

/* INPUTS normal inputs with a 1 behind, targets sin of the first, a gain of 1. */
struct mf_problem draw_problem(struct arena *arena, struct rng *rng)
{
    mat X = arena_mat(arena, INPUTS, D);
    vec t = arena_vec(arena, INPUTS);
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < INPUTS; i++) {
        row(X, i).at[D - 1] = 1;
        t.at[i] = sin(2 * row(X, i).at[0]);
    }
    return (struct mf_problem){.X = X,
                               .t = t,
                               .loss = square_loss,
                               .activation = TANH,
                               .gain = 1,
                               .moves = BOTH_LAYERS};
}

struct cloud cloud_make(struct arena *arena, struct mf_problem p, int m)
{
    return (struct cloud){p, mf_particles_make(arena, m, p.X.cols),
                          mf_particles_make(arena, m, p.X.cols),
                          mf_pass_make(arena, m, p.X.rows)};
}

/* A problem of its own, and m normal particles. */
struct cloud draw_cloud(struct claim *claim, uint64_t replicate, int m)
{
    struct rng rng = claim_rng(claim, replicate);
    struct mf_problem p = draw_problem(claim_arena(claim), &rng);
    struct cloud x = cloud_make(claim_arena(claim), p, m);
    rng_normals(&rng, 0, 1, x.q.all);
    return x;
}

void set_particle(struct particles from, int i, struct particles to, int j)
{
    to.eta.at[j] = from.eta.at[i];
    copy(row(from.W, i), row(to.W, j));
}

double gap(vec x, vec y)
{
    double most = 0;
    for (int i = 0; i < x.n; i++)
        most = worst(most, fabs(x.at[i] - y.at[i]));
    return most;
}

struct network as_network(struct arena *arena, const struct cloud *x,
                          enum scaling scaling)
{
    int m = x->q.eta.n;
    struct network a = {
        .net = mlp_make(2, (int[]){D - 1, m, 1}, x->p.activation, scaling, true)};
    a.net.multiplier[0] = 1;
    a.w = arena_vec(arena, mlp_parameters(&a.net));
    a.X = arena_mat(arena, INPUTS, D - 1);
    a.pass = mlp_pass_make(arena, &a.net, INPUTS);
    for (int i = 0; i < INPUTS; i++)
        copy((vec){D - 1, row(x->p.X, i).at}, row(a.X, i));
    for (int j = 0; j < m; j++) {
        vec w = row(x->q.W, j);
        copy((vec){D - 1, w.at}, row(mlp_weights(&a.net, a.w, 0), j));
        mlp_biases(&a.net, a.w, 0).at[j] = w.at[D - 1];
        mlp_weights(&a.net, a.w, 1).at[j] = x->q.eta.at[j];
    }
    return a;
}

/* Fills the world with so many copies of a's particles, and then of b's. */
void mix(struct particles a, int times_a, struct particles b, int times_b,
         struct particles mixed)
{
    for (int k = 0; k < times_a; k++)
        for (int j = 0; j < a.eta.n; j++)
            set_particle(a, j, mixed, k * a.eta.n + j);
    for (int k = 0; k < times_b; k++)
        for (int j = 0; j < b.eta.n; j++)
            set_particle(b, j, mixed, times_a * a.eta.n + k * b.eta.n + j);
}

/* The weights halfway between those of a and of b, neuron by neuron. */
void midpoint(struct particles a, struct particles b, struct particles mean)
{
    copy(a.all, mean.all);
    axpy(1, b.all, mean.all);
    scale(0.5, mean.all);
}

/* Half the mean square of x - y. */
double half_square(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (x.at[i] - y.at[i]) * (x.at[i] - y.at[i]);
    return sum / (2 * x.n);
}

static void run(struct cloud *x, double tau, int steps)
{
    for (int k = 0; k < steps; k++)
        mf_step(&x->p, tau, &x->pass, x->drift, x->q);
}

/* In the mean field the gain is 1 and time counts plainly; with lazy, h is the sum over
 * sqrt m, a gain of sqrt m, and time is slower by its square. */
void run_scaled(struct cloud *x, bool lazy, double tau, int steps)
{
    int m = x->q.eta.n;
    x->p.gain = lazy ? sqrt(m) : 1;
    run(x, lazy ? tau / m : tau, steps);
    mf_forward(&x->p, x->q, &x->pass);
}

/* m particles of length 1, of both signs in turn, evenly over an arc. */
struct spikes spread_spikes(struct arena *arena, int m, double middle, double arc)
{
    struct spikes q = {arena_mat(arena, m, 2), arena_vec(arena, m)};
    for (int j = 0; j < m; j++) {
        double theta = middle + arc * ((j / 2 + 0.5) / (m / 2) - 0.5);
        row(q.V, j).at[0] = cos(theta);
        row(q.V, j).at[1] = sin(theta);
        q.sign.at[j] = j % 2 == 0 ? 1 : -1;
    }
    return q;
}
