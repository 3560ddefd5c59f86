/* "The saddle between": what symmetry makes of equal neurons. */
#include "trained.h"

#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>

/* Inputs on a grid in the plane; a network 2-2-1 of tanh without biases, whose weights
 * are w_1, w_2, v_1, v_2 in this order; and targets from such a network. */
enum { SIDE = 9, GRID = SIDE * SIDE, P = 6, SETTLED = 6000, ESCAPE = 2000 };
static const double ALPHA = 0.05, LENGTH = 1.5, AWAY = 0.01;

struct plane {
    struct mlp net, one; /* one: of a single neuron that counts twice */
    struct mlp_cost cost, cost_of_one;
    vec grad, grad_of_one;
};

/* Targets tanh(q_1 x) - tanh(q_2 x), where q_1 and q_2 of this length are at a right
 * angle; or 2 tanh(q_1 x), of two neurons that are equal. */
static void make(struct claim *claim, bool equal, struct plane *p)
{
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, GRID, 2), T = arena_mat(arena, GRID, 1);
    for (int i = 0; i < GRID; i++) {
        double x = i % SIDE * 0.5 - 2, y = i / SIDE * 0.5 - 2;
        double q_1 = LENGTH * (0.8 * x + 0.6 * y), q_2 = LENGTH * (0.8 * y - 0.6 * x);
        row(X, i).at[0] = x, row(X, i).at[1] = y;
        T.at[i] = tanh(q_1) + (equal ? tanh(q_1) : -tanh(q_2));
    }
    p->net = mlp_make(2, (int[]){2, 2, 1}, TANH, STANDARD, false);
    p->one = mlp_make(2, (int[]){2, 1, 1}, TANH, STANDARD, false);
    p->one.multiplier[1] = 2;
    p->cost = mlp_cost_make(arena, &p->net, square_loss, X, T);
    p->cost_of_one = mlp_cost_make(arena, &p->one, square_loss, X, T);
    p->grad = arena_vec(arena, P);
    p->grad_of_one = arena_vec(arena, 3);
}

/* So many steps of descent from w on a network's cost. */
static void descend(struct mlp_cost *cost, struct momentum *by, int steps, vec w,
                    vec grad)
{
    optimize(mlp_cost_gradient, cost, by_momentum(by), ALPHA, steps, w, grad);
}

/* w := two neurons, each the one that is best of all single neurons that count twice:
 * the minimum among the networks whose neurons are equal. */
static void settle(struct claim *claim, struct plane *p, vec w)
{
    vec one = arena_vec(claim_arena(claim), 3);
    one.at[0] = 1, one.at[1] = 0.3, one.at[2] = 0.5;
    struct momentum heavy = momentum_make(claim_arena(claim), 3, 0.98);
    descend(&p->cost_of_one, &heavy, SETTLED, one, p->grad_of_one);
    for (int j = 0; j < 2; j++) {
        w.at[2 * j] = one.at[0], w.at[2 * j + 1] = one.at[1];
        w.at[4 + j] = one.at[2];
    }
}

/* The least eigenvalue of v times the mean of r tanh''(w x) x x', of a neuron at w, by
 * its own loop: r is what the outputs exceed the targets by. */
static double splitting(struct plane *p, vec w)
{
    double S[3] = {0}, v = w.at[4];
    for (int i = 0; i < GRID; i++) {
        vec x = row(p->cost.X, i);
        double t = tanh(w.at[0] * x.at[0] + w.at[1] * x.at[1]);
        double c = v * (2 * v * t - p->cost.T.at[i]) * -2 * t * (1 - t * t) / GRID;
        S[0] += c * x.at[0] * x.at[0];
        S[1] += c * x.at[0] * x.at[1];
        S[2] += c * x.at[1] * x.at[1];
    }
    return (S[0] + S[2]) / 2 - hypot((S[0] - S[2]) / 2, S[1]);
}

CLAIM(conn_equal, IDENTITY, "Neurons that are equal stay equal under descent")
{
    enum { STEPS = 100 };
    struct plane p;
    make(claim, false, &p);
    struct rng rng = claim_rng(claim, 0);
    vec w = arena_vec(claim_arena(claim), P), other = arena_vec(claim_arena(claim), P);
    rng_normals(&rng, 0, 1, w);
    w.at[2] = w.at[0], w.at[3] = w.at[1], w.at[5] = w.at[4];
    copy(w, other);
    other.at[2] += 0.5;
    struct momentum plain = momentum_make(claim_arena(claim), P, 0);
    descend(&p.cost, &plain, STEPS, w, p.grad);
    descend(&p.cost, &plain, STEPS, other, p.grad);
    /* What rounding puts between them may grow by 1 + ALPHA |curvature| a step: by e^5
     * in all, were it 1; the sums have GRID terms. */
    double limit = rounding(GRID, exp(ALPHA * STEPS));
    double apart = hypot(w.at[0] - w.at[2], w.at[1] - w.at[3]);
    evidence(claim, "apart after 100 steps", at_most(apart, limit));
    apart = hypot(other.at[0] - other.at[2], other.at[1] - other.at[3]);
    control(claim, "from a start that is not equal", at_most(apart, limit));
}

/* Puts forward that w is a critical point, that the difference of the neurons is an
 * axis of the Hessian with the curvature that `splitting` says, and returns that. */
static double look_at(struct claim *claim, struct plane *p, vec w)
{
    struct arena *arena = claim_arena(claim);
    mat H = arena_mat(arena, P, P), Q = arena_mat(arena, P, P);
    vec values = arena_vec(arena, P);
    mlp_cost_gradient(&p->cost, w, p->grad);
    /* Descent at this rate shrinks the gradient to rounding, of sums of GRID terms. */
    evidence(claim, "gradient at the symmetric minimum",
             at_most(max_norm(p->grad), rounding(GRID, 4)));
    /* Along one weight the gradient's fifth derivative is below 32 of the products of
     * derivatives of tanh, which are below 64, times v^2 |x|^6 with |x_j| <= 2. */
    double h = 0x1p-12, bound = 32 * 64 * 4 * 64;
    double limit = h * h * h * h / 30 * bound + rounding(GRID, 4) / h;
    differentiate_twice(arena, &p->cost, w, h, H);
    route_eigen(H, values, Q);
    evidence(claim, "least curvature, as predicted",
             at_most(fabs(values.at[0] - splitting(p, w)), P * limit));
    return values.at[0];
}

/* w := where descent ends from the saddle, with the neurons moved AWAY from each other
 * along (1, -2), or towards the other side.  For the figure: what is lost on the way,
 * and what the curvature of the saddle says of it, as a distance d between neurons is
 * one of d / sqrt 2 between networks. */
static void escape(struct claim *claim, struct plane *p, vec saddle, double side, vec w,
                   struct series *s)
{
    struct momentum heavy = momentum_make(claim_arena(claim), P, 0.8);
    double curvature = splitting(p, saddle);
    mlp_cost_gradient(&p->cost, saddle, p->grad);
    double top = p->cost.value;
    copy(saddle, w);
    w.at[0] += side * AWAY, w.at[2] -= side * AWAY;
    w.at[1] -= side * 2 * AWAY, w.at[3] += side * 2 * AWAY;
    double told = 0;
    for (int k = 0; k < ESCAPE; k++) {
        mlp_cost_gradient(&p->cost, w, p->grad);
        double d = hypot(w.at[0] - w.at[2], w.at[1] - w.at[3]);
        if (fabs(d - told) >= 0.04) {
            told = d;
            series_row(s, (double[]){side * d, p->cost.value,
                                     top + curvature * d * d / 4});
        }
        descend(&p->cost, &heavy, 1, w, p->grad);
    }
}

CLAIM(conn_saddle, IDENTITY,
      "Between two copies of a minimum lies a saddle, where neurons are equal")
{
    struct plane p;
    make(claim, false, &p);
    struct arena *arena = claim_arena(claim);
    vec saddle = arena_vec(arena, P), a = arena_vec(arena, P), b = arena_vec(arena, P);
    settle(claim, &p, saddle);
    double least = look_at(claim, &p, saddle);
    evidence(claim, "which is below -0.1", at_most(least, -0.1));

    struct series s = series_begin(claim, "ridge", "apart", "loss", "law", NULL);
    escape(claim, &p, saddle, 1, a, &s);
    escape(claim, &p, saddle, -1, b, &s);
    series_end(&s);
    mlp_cost_gradient(&p.cost, a, p.grad);
    double low = p.cost.value;
    mlp_cost_gradient(&p.cost, saddle, p.grad);
    evidence(claim, "loss below it, over the saddle's",
             at_most(low / p.cost.value, 0.01));
    conn_permute(&p.net, 1, (int[]){1, 0}, arena, b);
    axpy(-1, a, b);
    /* Rounding in ESCAPE steps, which grows as what is AWAY at first does, to 1. */
    evidence(claim, "its two sides end in copies",
             at_most(max_norm(b), rounding(GRID * ESCAPE, 1) / AWAY));

    make(claim, true, &p);
    settle(claim, &p, saddle);
    mat H = arena_mat(arena, P, P), Q = arena_mat(arena, P, P);
    vec values = arena_vec(arena, P);
    differentiate_twice(arena, &p.cost, saddle, 0x1p-12, H);
    route_eigen(H, values, Q);
    control(claim, "targets of two equal neurons", at_most(values.at[0], -0.1));
}

SECTION(conn_saddles, &conn_equal, &conn_saddle);
