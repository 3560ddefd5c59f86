#include "influence/weighted_nets.h"

#include "ground/worlds.h"

#include <math.h>

/* One row of a matrix, as a matrix. */
static mat alone(mat A, int i) { return row_block(A, i, 1); }

double weighted_losses(void *cost, vec c, vec w, vec grad)
{
    struct mlp_cost *on = cost;
    mat F = on->pass.H[on->net->depth];
    double sum = 0;
    mlp_forward(on->net, w, on->X, &on->pass);
    for (int i = 0; i < c.n; i++) {
        sum += c.at[i] * on->loss(alone(on->T, i), alone(F, i), alone(on->G, i));
        scale(c.at[i], row(on->G, i));
    }
    mlp_backward(on->net, w, on->G, &on->pass);
    mlp_gradient(on->net, &on->pass, grad);
    return sum;
}

/* A weight is a head start: c e^-m is exp(-(m - ln c)). */
double weighted_logarithm(struct mlp_cost *on, vec c, vec w, vec grad)
{
    mat F = on->pass.H[on->net->depth];
    mlp_forward(on->net, w, on->X, &on->pass);
    for (int i = 0; i < c.n; i++)
        F.at[i] -= on->T.at[i] * log(c.at[i]);
    double value = exponential_loss(on->T, F, on->G) + log(c.n);
    mlp_backward(on->net, w, on->G, &on->pass);
    mlp_gradient(on->net, &on->pass, grad);
    return value;
}

/* Normal weights of variance 1 / fan-in, and no biases to begin with. */
static void start(const struct mlp *net, struct rng *rng, vec w)
{
    fill(0, w);
    for (int l = 0; l < net->depth; l++)
        rng_normals(rng, 0, 1 / sqrt(net->width[l]), entries(mlp_weights(net, w, l)));
}

void plane_make(struct claim *claim, uint64_t replicate, int hidden, double lambda,
                struct plane *plane)
{
    struct arena *arena = claim_arena(claim);
    int width[] = {2, WIDTH, WIDTH, 1};
    width[hidden + 1] = 1;
    plane->rng = claim_rng(claim, replicate);
    plane->net = mlp_make(hidden + 1, width, TANH, STANDARD, true);
    mat X = normal_mat(arena, &plane->rng, POINTS, 2), T = arena_mat(arena, POINTS, 1);
    for (int i = 0; i < POINTS; i++) {
        double noise = 0.3 * rng_normal(&plane->rng);
        T.at[i] = row(X, i).at[0] * row(X, i).at[1] + noise > 0 ? 1 : -1;
    }
    plane->cost = mlp_cost_make(arena, &plane->net, logistic_loss, X, T);
    plane->of = inf_problem_make(arena, weighted_losses, &plane->cost, POINTS, lambda);
    plane->w = arena_vec(arena, mlp_parameters(&plane->net));
    do
        start(&plane->net, &plane->rng, plane->w);
    while (inf_minimize(&plane->of, PLANE_TOLERANCE, 500, arena, plane->w) != INF_OK);
    plane->H = arena_mat(arena, plane->w.n, plane->w.n);
    inf_hessian(&plane->of, plane->w, arena, plane->H);
}

void reweighted(struct claim *claim, struct inf_problem *of, int i, double share, vec w)
{
    double c = of->c.at[i];
    of->c.at[i] = (1 - share) * c;
    if (inf_minimize(of, PLANE_TOLERANCE, 20000, claim_arena(claim), w) != INF_OK)
        fill(NAN, w);
    of->c.at[i] = c;
}
