#include "tangent_kernel/ntk_worlds.h"

#include <float.h>
#include <math.h>

static const double PI = 3.14159265358979323846;
enum { DIM = 10, HIDDEN = 3 };

/* How far the Gram matrix of two inputs is off at their pair, in units of ||x|| ||y|| /
 * d, beside ntk_kernel, which is good at every angle. */
static double error_of_gram(struct arena *arena, mat X)
{
    mat Theta = arena_mat(arena, 2, 2);
    vec x = row(X, 0), y = row(X, 1);
    ntk_gram(X, HIDDEN, arena, Theta);
    double error = fabs(Theta.at[1] - ntk_kernel(x, y, HIDDEN));
    return error * DIM / (norm(x) * norm(y));
}

/* A random input, and another at that angle from it. */
static void draw_pair(struct rng *rng, double theta, mat X)
{
    vec x = row(X, 0), y = row(X, 1);
    rng_normals(rng, 0, 1, x);
    rng_normals(rng, 0, 1, y);
    axpy(-dot(x, y) / dot(x, x), x, y);
    scale(sin(theta) * norm(x) / norm(y), y);
    axpy(cos(theta), x, y);
}

CLAIM(ntk_close_points, BOUND,
      "Of close inputs the Gram matrix knows half of the digits")
{
    enum { PAIRS = 100 };
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(claim_arena(claim), 2, DIM);
    double most = 0, sum = HIDDEN * (HIDDEN + 1) / (2 * PI);
    for (int p = 0; p < PAIRS; p++) {
        draw_pair(&rng, 64 * sqrt(REAL_EPSILON) * pow(10, -4.0 * p / PAIRS), X);
        most = worst(most, error_of_gram(claim_arena(claim), X));
    }
    /* A cosine off by delta = (DIM + 4) eps: the angle is off by at most sqrt(2 delta).
     * (1 - cos changes from theta^2/2 by delta.)  k_0 changes by 1/pi of it, and layer
     * l multiplies k_0 with l + 1 shares that are at most 1. */
    double bound = sum * sqrt(2 * (DIM + 4) * REAL_EPSILON);
    /* Below 1 a cosine is a multiple of eps / 2, so the angles of all the cosines are
     * 0, sqrt(eps), and more: from one half-way between these two the nearest is
     * sqrt(eps) / 2 away, however the products were rounded.  The next order of the
     * angle, some eps, and what rounds in a layer take little of that. */
    double half_way = sqrt(REAL_EPSILON) / 2;
    double least = sum * half_way - rounding(HIDDEN, HIDDEN + 1);
    evidence(claim, "error of Theta_12, 100 pairs", at_most(most, bound));
    draw_pair(&rng, half_way, X);
    double close = error_of_gram(claim_arena(claim), X);
    evidence(claim, "half-way between two cosines", at_least(close, least));
    draw_pair(&rng, 1, X);
    double far = error_of_gram(claim_arena(claim), X);
    control(claim, "the same at the angle 1", at_least(far, least));
}

SECTION(ntk_computing_it, &ntk_close_points);
