/* The heavy ball along the steepest and the flattest axis of a bowl, at the rate that
 * is critical for the steepest, and descent at its best along the flattest. */
#include "live.h"
#include "momentum.h"

#include <math.h>

enum { STEPS = 80, AXES = 2 };

const struct slider live_sliders[] = {{"memory β", 0, 0.99, 0.67, 99, EVEN},
                                      {"condition number κ", 1, 1000, 100, 60,
                                       LOGARITHMIC},
                                      {0}};

const char live_columns[] = "k\tsteep\tlaw1\tflat\tlaw2\tdescent";

/* e_k of e_{k+1} = (1 + beta - s) e_k - beta e_{k-1}, from rest at e_0 = 1, by the
 * roots of z^2 - (1 + beta - s) z + beta: both real, one double, or of the modulus
 * sqrt(beta). */
static double law(double beta, double s, int k)
{
    double middle = (1 + beta - s) / 2, square = middle * middle - beta;
    if (fabs(square) < 1e-12)
        return pow(middle, k) + (k > 0 ? k * (1 - s - middle) * pow(middle, k - 1) : 0);
    if (square < 0) {
        double r = sqrt(beta), theta = acos(middle / r);
        return pow(r, k) *
               (cos(k * theta) + (1 - s - middle) / sqrt(-square) * sin(k * theta));
    }
    double half = sqrt(square), c = (1 - s - middle) / half;
    return ((1 + c) * pow(middle + half, k) + (1 - c) * pow(middle - half, k)) / 2;
}

/* The bowl has the curvatures 1 and 1 / kappa, and its minimum at 0. */
mat live(struct arena *arena, vec slider)
{
    double beta = slider.at[0], flat = 1 / slider.at[1];
    double alpha = (1 + sqrt(beta)) * (1 + sqrt(beta));
    struct quadratic q = quadratic_make(arena, AXES);
    struct momentum ball = momentum_make(arena, AXES, beta);
    vec w = arena_vec(arena, AXES), grad = arena_vec(arena, AXES);
    mat curves = arena_mat(arena, STEPS + 1, 2 + 2 * AXES);
    row(q.A, 0).at[0] = 1;
    row(q.A, 1).at[1] = flat;
    fill(1, w);
    for (int k = 0; k <= STEPS; k++) {
        real *at = row(curves, k).at;
        at[0] = k;
        at[1] = w.at[0];
        at[2] = law(beta, alpha, k);
        at[3] = w.at[1];
        at[4] = law(beta, alpha * flat, k);
        at[5] = pow((1 - flat) / (1 + flat), k);
        quadratic_gradient(q, w, grad);
        momentum_step(&ball, alpha, grad, w);
    }
    return curves;
}
