/* "Where it stops being true": near a minimum, everything is a quadratic. */
#include "descents.h"
#include "ground/losses.h"
#include "ground/route_lapack.h"

#include <math.h>

enum { EXAMPLES = 40, UNKNOWNS = 4, REPLICATES = 8 };

/* Logistic regression with weight decay: a smooth cost that is not a quadratic.
 * J(w) = mean of ln(1 + exp(-s_i x_i'w)) + 0.05 ||w||^2, labels s_i = +-1. */
struct logistic {
    mat X, S, F, G;   /* examples, their labels, outputs and dJ/dF: EXAMPLES rows */
    vec w_star, grad; /* where the gradient vanishes; scratch                     */
    mat H;            /* the Hessian there                                        */
};

/* grad := dJ/dw at w. */
static void logistic_gradient(struct logistic *l, vec w)
{
    gemv(1, l->X, w, 0, entries(l->F));
    logistic_loss(l->S, l->F, l->G);
    copy(w, l->grad);
    gemtv(1, l->X, entries(l->G), 0.1, l->grad);
}

/* H := the Hessian at w, where the slope of each logistic function is p (1 - p). */
static void logistic_hessian(struct logistic *l, vec w)
{
    fill(0, entries(l->H));
    for (int j = 0; j < UNKNOWNS; j++)
        l->H.at[j * UNKNOWNS + j] = 0.1;
    for (int i = 0; i < EXAMPLES; i++) {
        double p = 1 / (1 + exp(dot(row(l->X, i), w)));
        ger(p * (1 - p) / EXAMPLES, row(l->X, i), row(l->X, i), l->H);
    }
}

/* Labels that a rule gives, with some noise; w_star by Newton's method, which owes
 * nothing to gradient descent. */
static struct logistic logistic_make(struct claim *claim, uint64_t replicate)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct logistic l = {.X = normal_mat(arena, &rng, EXAMPLES, UNKNOWNS),
                         .S = normal_mat(arena, &rng, EXAMPLES, 1),
                         .F = arena_mat(arena, EXAMPLES, 1),
                         .G = arena_mat(arena, EXAMPLES, 1),
                         .w_star = arena_vec(arena, UNKNOWNS),
                         .grad = arena_vec(arena, UNKNOWNS),
                         .H = arena_mat(arena, UNKNOWNS, UNKNOWNS)};
    vec step = arena_vec(arena, UNKNOWNS);
    for (int i = 0; i < EXAMPLES; i++)
        l.S.at[i] = l.S.at[i] + row(l.X, i).at[0] > 0 ? 1 : -1;
    for (int k = 0; k < 20; k++) {
        logistic_gradient(&l, l.w_star);
        logistic_hessian(&l, l.w_star);
        route_solve(l.H, l.grad, step);
        axpy(-1, step, l.w_star);
    }
    logistic_hessian(&l, l.w_star);
    return l;
}

/* From w_star + start, 30 steps of gradient descent on the logistic cost beside 30 on
 * the quadratic round w_star: the squared distance at which they end. */
static double parted(struct arena *arena, struct logistic *l, struct quadratic q,
                     vec start)
{
    vec w = arena_vec(arena, UNKNOWNS), v = arena_vec(arena, UNKNOWNS);
    copy(start, v);
    copy(l->w_star, w);
    axpy(1, start, w);
    for (int k = 0; k < 30; k++) {
        logistic_gradient(l, w);
        gd_update(1, l->grad, w);
        gd_step(q, 1, v, l->grad);
    }
    axpy(-1, l->w_star, w);
    axpy(-1, v, w);
    return dot(w, w);
}

/* The same for the Hessian bent * H, together for the starts at a distance delta either
 * way along each axis. */
static double apart_from_quadratic(struct arena *arena, struct logistic *l, double bent,
                                   double delta)
{
    size_t mark = arena->used;
    struct quadratic q = quadratic_make(arena, UNKNOWNS);
    vec start = arena_vec(arena, UNKNOWNS);
    double sum = 0;
    axpy(bent, entries(l->H), entries(q.A));
    for (int i = 0; i < UNKNOWNS; i++)
        for (int side = -1; side <= 1; side += 2) {
            fill(0, start);
            start.at[i] = side * delta;
            sum += parted(arena, l, q, start);
        }
    arena->used = mark;
    return sqrt(sum);
}

/* In each replicate, the power of the distance at which the runs part. */
static void powers_of_distance(struct claim *claim, double bent, double *powers)
{
    enum { DISTANCES = 7 };
    double delta[DISTANCES], apart[DISTANCES];
    for (int r = 0; r < REPLICATES; r++) {
        struct logistic l = logistic_make(claim, (uint64_t)r);
        for (int i = 0; i < DISTANCES; i++) {
            delta[i] = pow(10, -2.5 - 0.25 * i);
            apart[i] = apart_from_quadratic(claim_arena(claim), &l, bent, delta[i]);
        }
        powers[r] = fit_power(DISTANCES, delta, apart).slope;
    }
}

CLAIM(gd_taylor, RATE, "Near a minimum, descent is that on the Taylor expansion")
{
    if (needs_double(claim, "its runs part by no more than 1e-8 at the nearest"))
        return;
    double powers[REPLICATES];
    /* The difference is c2 delta^2 + c3 delta^3 + ..., and in the sum of squares over
     * both ways the product of the two cancels.  So the next term is smaller by (r
     * delta)^2, r = c3 / c2, at most 1e-5 r^2.  Even at r = 30, where the cost would
     * have stopped being a quadratic at a distance of 1/30, that is 0.009 of the whole,
     * or 0.004 in log10, and bends a line over 1.5 decades by less than that. */
    powers_of_distance(claim, 1, powers);
    evidence(claim, "power of the distance",
             slopes_near(REPLICATES, powers, 2, 0.004, 1));
    powers_of_distance(claim, 1.01, powers);
    control(claim, "a Hessian 1 % too large",
            slopes_near(REPLICATES, powers, 2, 0.004, 1));
}

SECTION(gd_where_it_stops, &gd_taylor);
