#include "gradient_descent.h"

#include <math.h>

/* The update, whatever the cost: w := w - alpha grad.
 * alpha > 0: the learning rate, in units of 1 / curvature.  grad: n.  w: n, moved.
 * [CSC2541-1/26, "Recap: Gradient Descent", eq. (1)] */
void gd_update(double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    axpy(-alpha, grad, w);
}

static void gd_rule(void *nothing, double alpha, vec grad, vec w)
{
    (void)nothing;
    gd_update(alpha, grad, w);
}

/* The update as a rule of a loop: it remembers nothing. */
struct optimizer gd_optimizer(void) { return (struct optimizer){gd_rule, NULL}; }

/* One step on a quadratic, w := w - alpha (Aw + b).  w: n, moved.
 * grad: n, left holding the gradient at the point that w comes from.
 * [CSC2541-1/26, "Recap: Gradient Descent"] */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    gd_update(alpha, grad, w);
}

/* So many steps, steps >= 0.  w: n, moved.  grad: n, scratch. */
void gd_run(struct quadratic q, double alpha, int steps, vec w, vec grad)
{
    REQUIRE(steps >= 0, "steps must not be negative, got %d", steps);
    for (int k = 0; k < steps; k++)
        gd_step(q, alpha, w, grad);
}
