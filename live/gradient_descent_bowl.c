/* The errors of one run of gradient descent along three axes of a bowl, whose
 * curvatures fall from 1 to 1 / kappa by equal ratios. */
#include "gradient_descent.h"
#include "live.h"

#include <math.h>

enum { MODES = 3, STEPS = 12 };

const struct slider live_sliders[] = {{"learning rate αa₁", 0.1, 2.3, 1.7, 220, EVEN},
                                      {"condition number κ", 1, 1000, 10, 60,
                                       LOGARITHMIC},
                                      {0}};

const char live_columns[] = "k\ta1\tlaw1\ta2\tlaw2\ta3\tlaw3";

/* The minimum is at zero, so that w is the error; the law is (1 - alpha a)^k. */
mat live(struct arena *arena, vec slider)
{
    double alpha = slider.at[0], kappa = slider.at[1];
    struct quadratic q = quadratic_make(arena, MODES);
    vec w = arena_vec(arena, MODES), grad = arena_vec(arena, MODES);
    mat curves = arena_mat(arena, STEPS + 1, 1 + 2 * MODES);
    for (int j = 0; j < MODES; j++)
        row(q.A, j).at[j] = pow(kappa, -j / (MODES - 1.0));
    fill(1, w);
    for (int k = 0; k <= STEPS; k++) {
        real *at = row(curves, k).at;
        at[0] = k;
        for (int j = 0; j < MODES; j++) {
            at[1 + 2 * j] = w.at[j];
            at[2 + 2 * j] = pow(1 - alpha * row(q.A, j).at[j], k);
        }
        gd_step(q, alpha, w, grad);
    }
    return curves;
}
