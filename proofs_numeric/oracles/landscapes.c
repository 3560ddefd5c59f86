#include "landscapes.h"

#include <math.h>

/* At w, whatever is drawn, with u the residuals: J_ii = mean sech^2 u lies between
 * 0.257 and 0.915 for each i; J_iii = -mean of 2 tanh u sech^2 u x_i is at most 0.77 in
 * size for each i, and at least 0.44 for the first; the fifth derivative is at most 4.1
 * in size. */
struct robust build_robust(struct claim *claim, uint64_t replicate)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct robust r = {.X = arena_mat(arena, ROWS, UNKNOWNS),
                       .y = arena_vec(arena, ROWS),
                       .w = arena_vec(arena, UNKNOWNS)};
    rng_normals(&rng, 0, 1 / sqrt(UNKNOWNS), r.w);
    rng_uniforms(&rng, -1.3, -0.3, r.y);
    for (int i = 0; i < ROWS; i++) {
        vec x = row(r.X, i);
        for (int j = 0; j < UNKNOWNS; j++)
            x.at[j] = j == 0 || rng_below(&rng, 2) == 0 ? 1 : -1;
        r.y.at[i] += dot(x, r.w);
    }
    return r;
}

double robust_value(void *cost, vec w)
{
    struct robust *r = cost;
    double sum = 0;
    r->values++;
    for (int i = 0; i < ROWS; i++)
        sum += log(cosh(dot(row(r->X, i), w) - r->y.at[i]));
    return sum / ROWS + r->ridge / 2 * dot(w, w);
}

void robust_gradient(void *cost, vec w, vec grad)
{
    struct robust *r = cost;
    r->gradients++;
    copy(w, grad);
    scale(r->ridge, grad);
    for (int i = 0; i < ROWS; i++) {
        vec x = row(r->X, i);
        axpy(tanh(dot(x, w) - r->y.at[i]) / ROWS, x, grad);
    }
}

/* As many operations as the gradient takes: X'(sech^2 u  X v) / m. */
static void robust_curvature(void *cost, vec w, vec v, vec image)
{
    struct robust *r = cost;
    r->products++;
    copy(v, image);
    scale(r->ridge, image);
    for (int i = 0; i < ROWS; i++) {
        vec x = row(r->X, i);
        double c = cosh(dot(x, w) - r->y.at[i]);
        axpy(dot(x, v) / (c * c) / ROWS, x, image);
    }
}

struct oracle ask(struct robust *r)
{
    return (struct oracle){r, robust_value, robust_gradient, robust_curvature};
}

struct bowl build_bowl(struct claim *claim, uint64_t replicate, vec a)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct bowl x = {.k = solved_quadratic_make(arena, &rng, a),
                     .w = arena_vec(arena, a.n),
                     .grad = arena_vec(arena, a.n),
                     .v = arena_vec(arena, a.n)};
    x.asked = (struct asked_quadratic){x.k.q, arena_vec(arena, a.n)};
    return x;
}

struct bowl build_geometric(struct claim *claim, int n, double kappa)
{
    return build_bowl(claim, 0, geometric_spectrum(claim_arena(claim), n, 1, kappa));
}

void move_minimum(struct bowl *x, vec w_star)
{
    copy(w_star, x->k.w_star);
    gemv(-1, x->k.q.A, w_star, 0, x->k.q.b);
}

void send_minimum(struct bowl *x, double distance)
{
    fill(distance / sqrt(x->w.n), x->v);
    fill(0, x->k.w_star);
    from_axes(x->k, x->v, x->w);
    move_minimum(x, x->w);
}

double value_at(struct bowl *x, vec w) { return quadratic_cost(x->k.q, w, x->v); }

void stand_on_axis(struct bowl *x, int axis)
{
    vec error = x->grad;
    fill(0, error);
    error.at[axis] = 1;
    from_axes(x->k, error, x->w);
}

struct region region_of(struct claim *claim, enum measure measure)
{
    vec center = arena_vec(claim_arena(claim), N);
    for (int i = 0; i < N; i++)
        center.at[i] = i % 2 == 0 ? 0.02 : -0.02;
    return (struct region){measure, center, measure == EUCLIDEAN ? 1 : 0.5};
}

/* What the projections and 400 contractions by 0.9 leave: rounding of the last steps.
 */
double rounding_within(void) { return rounding(10 * N * N, 10); }

void minimize_within(struct bowl *x, struct region C)
{
    or_descend_within(or_quadratic(&x->asked), C, 1, 400, x->w, x->grad);
    quadratic_gradient(x->k.q, x->w, x->grad);
}

double quartic_value(void *bend, vec w)
{
    double x = w.at[0];
    return x * x * (x * x + *(int *)bend) + x / 5;
}

void quartic_gradient(void *bend, vec w, vec grad)
{
    double x = w.at[0];
    grad.at[0] = 2 * x * (2 * x * x + *(int *)bend) + 0.2;
}
