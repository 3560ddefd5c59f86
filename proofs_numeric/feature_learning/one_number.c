#include "feature_learning.h"
#include "ground/claim.h"
#include "ground/vectors.h"
#include "ground/worlds.h"
#include "mean_field.h"

#include <float.h>
#include <math.h>

enum { N = 12, D = 4 };

/* E = 1/n sum of sp_20(1 - t f), written for mf_cost and without feat_soft_plus. */
static double hinge_loss(mat T, mat F, mat G)
{
    double E = 0, beta = 20;
    for (int i = 0; i < F.rows; i++) {
        double x = beta * (1 - T.at[i] * F.at[i]);
        E += fmax(x, 0) / beta + log1p(exp(-fabs(x))) / beta;
        G.at[i] = -T.at[i] * 0.5 * (1 + tanh(x / 2)) / F.rows;
    }
    return E / F.rows;
}

/* One hidden layer on random examples, started in pairs, so that f(w_0) = 0. */
struct shallow {
    struct feat_model model;
    vec w;
};

static struct shallow shallow_make(struct claim *claim, struct rng *rng, int m,
                                   double alpha)
{
    struct arena *arena = claim_arena(claim);
    struct mlp net = feat_network(D, 1, m);
    vec y = normal_vec(arena, rng, N);
    for (int i = 0; i < N; i++)
        y.at[i] = copysign(1, y.at[i]);
    struct shallow x = {.model = feat_make(arena, &net, normal_mat(arena, rng, N, D), y,
                                           alpha),
                        .w = normal_vec(arena, rng, mlp_parameters(&net))};
    lazy_pair(&net, x.w);
    return x;
}

/* The same neurons as particles of a mean field, whose inputs have the 1 / sqrt(d). */
static struct particles as_particles(struct arena *arena, const struct shallow *x)
{
    const struct mlp *net = &x->model.on.net;
    struct particles q = mf_particles_make(arena, net->width[1], D);
    copy(entries(mlp_weights(net, x->w, 0)), entries(q.W));
    copy(entries(mlp_weights(net, x->w, 1)), q.eta);
    return q;
}

static struct mf_problem as_mean_field(struct arena *arena, const struct shallow *x,
                                       double c)
{
    struct mf_problem p = {.X = arena_mat(arena, N, D),
                           .t = x->model.on.y,
                           .loss = hinge_loss,
                           .activation = SOFTPLUS,
                           .gain = c,
                           .moves = BOTH_LAYERS};
    copy(entries(x->model.on.X), entries(p.X));
    scale(1 / sqrt(D), entries(p.X));
    return p;
}

/* How far apart 20 steps of descent on L, at the rate eta = c^2 tau, and as many steps
 * tau of the mean field with the outputs c h end, relative to how far the particles
 * moved.  prefactor: what stands before the sum of the network. */
static double off_mean_field(struct claim *claim, int replicate, int m, double c,
                             double alpha, double prefactor)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double tau = 0.05;
    struct shallow x = shallow_make(claim, &rng, m, alpha);
    x.model.on.net.multiplier[1] = prefactor;
    struct mf_problem p = as_mean_field(arena, &x, c);
    struct particles q = as_particles(arena, &x),
                     drift = mf_particles_make(arena, m, D);
    struct mf_pass pass = mf_pass_make(arena, m, N);
    vec grad = arena_vec(arena, x.w.n), F = arena_vec(arena, N);
    vec start = as_particles(arena, &x).all;
    for (int k = 0; k < 20; k++) {
        feat_gradient(&x.model, x.w, F, grad);
        axpy(-tau * c * c, grad, x.w);
        mf_step(&p, tau, &pass, drift, q);
    }
    double off = distance(as_particles(arena, &x).all, q.all) / distance(q.all, start);
    arena->used = mark;
    return off;
}

/* Both routes add up N m products of numbers of order 1 for each output, and a step
 * passes an error on with a factor 1 + tau |H| < 2, |H| of the order of beta / N; what
 * is lost is measured by a movement of at least tau / 10.  20 steps, 2^4 for those in
 * which a hinge bends: 20 16 (N + m) 200 operations. */
static double descent_rounding(int m) { return rounding(20 * 16 * (N + m), 200); }

CLAIM(feat_mean_field, IDENTITY,
      "With alpha = c / sqrt(m), training is a mean field's, in its own time")
{
    static const int widths[] = {2, 6, 16, 50, 128};
    for (int i = 0; i < 5; i++) {
        int m = widths[i];
        double c = pow(2, i - 1.5), root = sqrt(m);
        evidence(claim, "prefactor m^-1/2, alpha = c m^-1/2",
                 at_most(off_mean_field(claim, i, m, c, c / root, 1 / root),
                         descent_rounding(m)));
        control(claim, "prefactor 1/m, the same alpha",
                at_most(off_mean_field(claim, i, m, c, c / root, 1.0 / m),
                        descent_rounding(m)));
    }
}

SECTION(feat_one_number, &feat_mean_field);
