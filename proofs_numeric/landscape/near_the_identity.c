/* "Near the identity": linear residual networks inside their ball. */
#include "ground/claim.h"
#include "ground/worlds.h"
#include "landscape.h"

#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <math.h>

enum { D = 4, DEPTH = 6, POINTS = 200 };

/* A residual net of linear layers I + A_i, with max ||A_i|| = tau; and a target. */
struct net {
    struct mlp mlp;
    vec w, grad;
    mat R;
    struct arena *arena;
};

static struct net net_make(struct claim *claim, struct rng *rng)
{
    struct net x = {.arena = claim_arena(claim)};
    int width[DEPTH + 1];
    for (int l = 0; l <= DEPTH; l++)
        width[l] = D;
    x.mlp = mlp_make(DEPTH, width, LINEAR, STANDARD, false);
    x.w = arena_vec(x.arena, mlp_parameters(&x.mlp));
    x.grad = arena_vec(x.arena, x.w.n);
    x.R = normal_mat(x.arena, rng, D, D);
    return x;
}

/* w_i := I + A_i, where the singular values of A_i are drawn from [0, tau] and one of
 * them is tau. */
static void draw(struct net *x, struct rng *rng, double tau)
{
    size_t mark = x->arena->used;
    vec s = arena_vec(x->arena, D);
    for (int l = 0; l < DEPTH; l++) {
        rng_uniforms(rng, 0, tau, s);
        s.at[0] = tau;
        mat W = mlp_weights(&x->mlp, x->w, l);
        copy(entries(factored_matrix_make(x->arena, rng, D, D, s).A), entries(W));
        for (int i = 0; i < D; i++)
            row(W, i).at[i] += 1;
    }
    x->arena->used = mark;
}

/* Every layer the same multiple of the identity. */
static void shrink(struct net *x, double c)
{
    fill(0, x->w);
    for (int l = 0; l < DEPTH; l++)
        for (int i = 0; i < D; i++)
            row(mlp_weights(&x->mlp, x->w, l), i).at[i] = c;
}

/* ||grad f||^2 over 4 l (1 - tau)^(2l - 2) f, where f = 2 land_linear_loss: the bound
 * says 1 at least. */
static double over_bound(struct net *x, double tau)
{
    double loss = land_linear_loss(&x->mlp, x->R, x->arena, x->w, x->grad);
    double square = 4 * dot(x->grad, x->grad), f = 2 * loss;
    return square / (4 * DEPTH * pow(1 - tau, 2 * DEPTH - 2) * f);
}

CLAIM(land_residual_ball, BOUND,
      "A linear residual net has no bad stationary point while all ||A_i|| < 1")
{
    struct rng rng = claim_rng(claim, 0);
    struct net x = net_make(claim, &rng);
    double least = INFINITY, off = 0;
    /* A gradient is six products of sums of 4; it is taken over itself. */
    double limit = rounding(2 * DEPTH * D, 1);
    for (int i = 0; i < POINTS; i++) {
        double tau = 0.2 + 0.7 * rng_uniform(&rng);
        draw(&x, &rng, tau);
        least = smallest(least, over_bound(&x, tau));
    }
    for (int i = 1; i < 10; i++) {
        shrink(&x, 1 - 0.1 * i);
        off = worst(off, fabs(over_bound(&x, 0.1 * i) - 1));
    }
    evidence(claim, "squared gradient over its bound", at_least(least, 1));
    evidence(claim, "the same at A_i = -tau I, less 1", at_most(off, limit));
    shrink(&x, 0);
    control(claim, "gradient at A_i = -I, over f", at_least(over_bound(&x, 0.5), 1));
}

/* ---- Equality, in rational numbers -----------------------------------------------
 * At A_i = -tau I both sides of the bound are polynomials in tau: E has the degree l,
 * and the layers that stand around it l - 1 together, so that the squares have 4l - 2
 * at most.  Two such polynomials that agree at 4l - 1 points are the same. */

enum { MOST_LAYERS = 8, SIDE = 3 };

/* P := W_{to-1} ... W_from, or I if there are none of them. */
static void exact_product(fmpq_mat_t *W, int from, int to, fmpq_mat_t P)
{
    fmpq_mat_one(P);
    for (int i = from; i < to; i++)
        fmpq_mat_mul(P, W[i], P);
}

/* sum += factor ||A||^2. */
static void add_squares(slong factor, fmpq_mat_t A, fmpq_t sum)
{
    fmpq_t t;
    fmpq_init(t);
    for (int i = 0; i < SIDE * SIDE; i++) {
        fmpq *a = fmpq_mat_entry(A, i / SIDE, i % SIDE);
        fmpq_mul(t, a, a);
        fmpq_mul_si(t, t, factor);
        fmpq_add(sum, sum, t);
    }
    fmpq_clear(t);
}

/* Is ||grad f||^2 = 4 l c^(2l - 2) f, exactly, for f = ||W_{l-1} ... W_0 - R||^2? */
static bool exact_equality(fmpq_mat_t *W, int l, fmpq_mat_t R, fmpq_t c)
{
    fmpq_mat_t E, P, Q, G;
    fmpq_t left, right, power;
    fmpq_mat_init(E, SIDE, SIDE), fmpq_mat_init(P, SIDE, SIDE);
    fmpq_mat_init(Q, SIDE, SIDE), fmpq_mat_init(G, SIDE, SIDE);
    fmpq_init(left), fmpq_init(right), fmpq_init(power);
    exact_product(W, 0, l, E);
    fmpq_mat_sub(E, E, R);
    for (int i = 0; i < l; i++) { /* dE/dA_i is P (.) Q: the gradient is 2 P'EQ' */
        exact_product(W, i + 1, l, P), exact_product(W, 0, i, Q);
        fmpq_mat_transpose(P, P), fmpq_mat_transpose(Q, Q);
        fmpq_mat_mul(G, P, E), fmpq_mat_mul(G, G, Q);
        add_squares(4, G, left);
    }
    add_squares(4 * l, E, right);
    fmpq_pow_si(power, c, 2 * l - 2);
    fmpq_mul(right, right, power);
    bool equal = fmpq_equal(left, right);
    fmpq_mat_clear(E), fmpq_mat_clear(P), fmpq_mat_clear(Q), fmpq_mat_clear(G);
    fmpq_clear(left), fmpq_clear(right), fmpq_clear(power);
    return equal;
}

/* At how many of the 4l - 1 points tau = j / 4l the two are not equal; the first layer
 * is at -share tau I. */
static int unequal(int l, const slong share[2])
{
    fmpq_mat_t W[MOST_LAYERS], R;
    fmpq_t c, first;
    int count = 0;
    fmpq_init(c), fmpq_init(first), fmpq_mat_init(R, SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) /* 1, 4, 9, ..., 81 */
        fmpq_set_si(fmpq_mat_entry(R, i / SIDE, i % SIDE), (i + 1) * (i + 1), 1);
    for (int i = 0; i < l; i++)
        fmpq_mat_init(W[i], SIDE, SIDE);
    for (int j = 0; j < 4 * l - 1; j++) {
        fmpq_set_si(c, 4 * l - j, 4 * l);
        fmpq_set_si(first, 4 * l * share[1] - j * share[0], 4 * l * share[1]);
        for (int i = 0; i < l * SIDE; i++)
            fmpq_set(fmpq_mat_entry(W[i / SIDE], i % SIDE, i % SIDE),
                     i < SIDE ? first : c);
        count += !exact_equality(W, l, R, c);
    }
    for (int i = 0; i < l; i++)
        fmpq_mat_clear(W[i]);
    fmpq_clear(c), fmpq_clear(first), fmpq_mat_clear(R);
    return count;
}

CLAIM(land_residual_equality, PROVED,
      "At A_i = -tau I the bound is an equality for every tau, up to eight layers")
{
    int apart = 0, other = 0;
    for (int l = 1; l <= MOST_LAYERS; l++)
        apart += unequal(l, (slong[]){1, 1});
    for (int l = 2; l <= MOST_LAYERS; l++)
        other += unequal(l, (slong[]){1, 2});
    evidence(claim, "points of 136 at which it is none", at_most(apart, 0));
    control(claim, "of 133, one layer half as far", at_most(other, 0));
}

SECTION(land_near_identity, &land_residual_ball, &land_residual_equality);
