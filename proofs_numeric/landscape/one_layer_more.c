/* "One layer more": convex with none, strict saddles with one, flat saddles with two.
 */
#include "landscape/curvatures.h"
#include "landscape/targets.h"

#include <math.h>

static const double SINGULAR[] = {4, 2.5, 2, 0.5};

/* The least eigenvalue at w = 0, in units of the largest singular value; and how much
 * higher the loss is there than at w and -w on average, in units of the gain of w. */
static void at_the_origin(struct target *x, double *least, double *hump)
{
    mat H = arena_mat(x->arena, x->w.n, x->w.n);
    double at_ends = target_loss(x) / 2;
    scale(-1, x->w);
    at_ends += target_loss(x) / 2;
    fill(0, x->w);
    double at_middle = target_loss(x);
    *hump = (at_middle - at_ends) / (half_squares_left(x, 0) - half_squares_left(x, 3));
    curvatures(x->arena, target_gradient, x, x->w, 0.5, H);
    *least = spectrum_of(x->arena, H, 1e-3).least / x->s.at[0];
}

CLAIM(land_not_convex, IDENTITY,
      "One hidden layer makes the loss of a linear net non-convex")
{
    struct rng rng = claim_rng(claim, 0);
    struct target x = target_make(claim, &rng, 2, SINGULAR);
    struct target flat = target_make(claim, &rng, 1, SINGULAR);
    double least, hump, limit = rounding(3 * x.w.n, 32);
    target_stand(&x, 3, balanced_basis(&x, 3, 1), arena_mat(x.arena, MID, IN));
    at_the_origin(&x, &least, &hump);
    evidence(claim, "least curvature at 0, plus s_1", at_most(fabs(least + 1), limit));
    evidence(claim, "height of the middle of two minima",
             at_most(fabs(hump - 1), limit));
    copy(entries(flat.M), flat.w);
    at_the_origin(&flat, &least, &hump);
    control(claim, "no hidden layer: least curvature", at_most(fabs(least + 1), limit));
    control(claim, "no hidden layer: height", at_most(fabs(hump - 1), limit));
}

/* Three layers, with as many directions kept as the middle matrix has units that work;
 * the least eigenvalue, and how far the loss is above the least one. */
static double deep_least(struct target *x, unsigned kept, double idle, double *above)
{
    mat H = arena_mat(x->arena, x->w.n, x->w.n), D = arena_mat(x->arena, MID, MID);
    for (int unit = 0; unit < MID; unit++)
        row(D, unit).at[unit] = unit < size_of(kept) ? 1 : idle;
    target_stand_deep(x, kept, balanced_basis(x, kept, 1), D);
    *above = target_loss(x) - half_squares_left(x, 3);
    curvatures(x->arena, target_gradient, x, x->w, 0.5, H);
    return spectrum_of(x->arena, H, 1e-3).least;
}

/* How much the loss falls if an idle unit takes up the direction j, in all three layers
 * by so much. */
static double gain_of(struct target *x, unsigned kept, int j, double t)
{
    double before = target_loss(x);
    int unit = size_of(kept);
    mat W_3 = mlp_weights(&x->net, x->w, 2), W_1 = mlp_weights(&x->net, x->w, 0);
    for (int i = 0; i < OUT; i++)
        row(W_3, i).at[unit] += t * row(x->U, j).at[i];
    row(mlp_weights(&x->net, x->w, 1), unit).at[unit] += t;
    axpy(t, row(x->V, j), row(W_1, unit));
    return before - target_loss(x);
}

CLAIM(land_flat_saddles, IDENTITY,
      "With two hidden layers some saddles of a linear net have no negative curvature")
{
    struct rng rng = claim_rng(claim, 0);
    struct target x = target_make(claim, &rng, 3, SINGULAR);
    double limit = rounding(3 * x.w.n, 32), above, t = 0.5;
    for (unsigned kept = 0; kept < 2; kept++) {
        double least = deep_least(&x, kept, 0, &above);
        evidence(claim, kept ? "4 kept: -least eigenvalue" : "none kept: the same",
                 at_most(-least, limit));
        evidence(claim, "height above the minimum, less 25/8",
                 at_least(above - 25.0 / 8, -limit));
        /* The direction's loss goes from s^2/2 to (s - t^3)^2/2. */
        double s = x.s.at[kept], law = s * t * t * t - pow(t, 6) / 2;
        evidence(claim, "gain of a move by t, less s t^3 - ..",
                 at_most(fabs(gain_of(&x, kept, (int)kept, t) - law), limit));
    }
    mat H = arena_mat(x.arena, x.w.n, x.w.n);
    fill(0, x.w);
    curvatures(x.arena, target_gradient, &x, x.w, 0.5, H);
    evidence(claim, "largest second derivative at 0", at_most(max_norm(entries(H)), 0));
    control(claim, "idle unit alive in the middle",
            at_most(-deep_least(&x, 1, 1, &above), limit));
    control(claim, "2.5 kept for 4, so that it is a swap",
            at_most(-deep_least(&x, 2, 0, &above), limit));
}

SECTION(land_deeper, &land_not_convex, &land_flat_saddles);
