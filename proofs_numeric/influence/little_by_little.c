/* "Little by little": influence is a derivative, for networks too. */
#include "influence/weighted_nets.h"

#include <math.h>

static const double DECAY = 1e-3;

/* The example with the steepest loss at w. */
static int steepest(struct claim *claim, const struct plane *plane)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec grad = arena_vec(arena, plane->w.n);
    double most = 0;
    int at = 0;
    for (int i = 0; i < POINTS; i++) {
        inf_example_gradient(&plane->of, plane->w, i, arena, grad);
        if (norm(grad) > most)
            most = norm(grad), at = i;
    }
    arena->used = mark;
    return at;
}

/* G := the curvature without the second derivatives of the network, lambda I + sum_k
 * c_k l_k'' J_k J_k', where J_k is the gradient of its output. */
static void gauss_newton(struct claim *claim, struct plane *plane, mat G)
{
    struct arena *arena = claim_arena(claim);
    mat J = arena_mat(arena, POINTS, G.rows);
    mlp_forward(&plane->net, plane->w, plane->cost.X, &plane->cost.pass);
    mlp_jacobian(&plane->net, plane->w, &plane->cost.pass, arena, J);
    fill(0, entries(G));
    for (int k = 0; k < POINTS; k++) {
        double f = plane->cost.pass.H[plane->net.depth].at[k];
        ger(plane->of.c.at[k] / (4 * pow(cosh(f / 2), 2)), row(J, k), row(J, k), G);
    }
    for (int j = 0; j < G.rows; j++)
        row(G, j).at[j] += plane->of.lambda;
}

/* ||w(s) - w - s dw|| / ||w(s) - w||, for a share s of example i taken away. */
static double relative_error(struct claim *claim, struct plane *plane, int i, double s,
                             vec dw)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec w = arena_vec(arena, plane->w.n);
    copy(plane->w, w);
    reweighted(claim, &plane->of, i, s, w);
    axpy(-1, plane->w, w);
    double moved = norm(w);
    axpy(-s, dw, w);
    double error = norm(w) / moved;
    arena->used = mark;
    return error;
}

/* The share at which the error a s would reach 1, or 1 if that is less.  A net in a
 * minimum that is nearly flat leaves it for another soon after: there a is some
 * hundreds. */
static double largest_share(struct claim *claim, struct plane *plane, int i, vec dw)
{
    const double s = 1e-5;
    return fmin(1, s / relative_error(claim, plane, i, s, dw));
}

/* The slope of the relative error in s over a decade, up to a hundredth of `largest`.
 */
static double slope_in_share(struct claim *claim, struct plane *plane, int i,
                             double largest, vec dw)
{
    double shares[] = {largest / 1000, largest / 300, largest / 100}, error[3];
    for (int k = 0; k < 3; k++)
        error[k] = relative_error(claim, plane, i, shares[k], dw);
    return fit_power(3, shares, error).slope;
}

/* For the figure: ln of the relative error's course, for the first net of each kind. */
static void record_shares(struct claim *claim)
{
    struct series s = series_begin(claim, "shares", "s", "logistic", "logistic_law",
                                   "hidden", "hidden_law", NULL);
    struct plane plane[2];
    vec dw[2];
    int i[2];
    double first[2];
    for (int hidden = 0; hidden < 2; hidden++) {
        plane_make(claim, 0, hidden, DECAY, &plane[hidden]);
        i[hidden] = steepest(claim, &plane[hidden]);
        dw[hidden] = arena_vec(claim_arena(claim), plane[hidden].w.n);
        inf_influence(&plane[hidden].of, plane[hidden].w, plane[hidden].H, i[hidden],
                      claim_arena(claim), dw[hidden]);
        first[hidden] =
            relative_error(claim, &plane[hidden], i[hidden], 1e-3, dw[hidden]);
    }
    for (double log_s = -3; log_s < 0.1; log_s += 0.25) {
        double e[2], share = fmin(1, pow(10, log_s));
        for (int k = 0; k < 2; k++)
            e[k] = relative_error(claim, &plane[k], i[k], share, dw[k]);
        series_row(&s, (double[]){share, e[0], first[0] * share / 1e-3, e[1],
                                  first[1] * share / 1e-3});
    }
    series_end(&s);
}

CLAIM(inf_derivative, RATE,
      "The relative error of influence is proportional to the share taken away")
{
    if (needs_double(claim, "rounding moves minima by more than influence errs"))
        return;
    /* To second order the error is a s (1 + b s), where b is of the size of a: over s <
     * 1/100, and a s < 1/100, b s is below 0.02, up to b = 2 max(a, 1). */
    enum { NETS = 20 };
    static const char *const names[] = {"logistic regression: slope in s",
                                        "one hidden layer of tanh"};
    struct arena *arena = claim_arena(claim);
    double slopes[NETS], bent[NETS];
    for (int hidden = 0; hidden < 2; hidden++) {
        for (int r = 0; r < NETS; r++) {
            size_t mark = arena->used;
            struct plane plane;
            plane_make(claim, r, hidden, DECAY, &plane);
            int i = steepest(claim, &plane);
            vec dw = arena_vec(arena, plane.w.n);
            inf_influence(&plane.of, plane.w, plane.H, i, arena, dw);
            double largest = largest_share(claim, &plane, i, dw);
            slopes[r] = slope_in_share(claim, &plane, i, largest, dw);
            gauss_newton(claim, &plane, plane.H);
            inf_influence(&plane.of, plane.w, plane.H, i, arena, dw);
            bent[r] = hidden ? slope_in_share(claim, &plane, i, largest, dw) : NAN;
            arena->used = mark;
        }
        evidence(claim, names[hidden], slopes_near(NETS, slopes, 1, 0.02, 0.5));
    }
    control(claim, "curvature of Gauss and Newton",
            slopes_near(NETS, bent, 1, 0.02, 0.5));
    record_shares(claim);
}

SECTION(inf_little_by_little, &inf_derivative);
