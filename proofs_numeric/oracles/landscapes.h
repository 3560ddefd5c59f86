/* landscapes.h -- the worlds of the chapter "What an optimizer may ask": a cost whose
 * derivatives are known between bounds because its residuals were chosen, quadratics
 * that were built from their spectrum, a ball and a box. */
#ifndef PROOFS_LANDSCAPES_H
#define PROOFS_LANDSCAPES_H

#include "ground/claim.h"
#include "ground/worlds.h"
#include "oracles.h"

/* ---- A cost with known derivatives ------------------------------------------------
 */

enum { ROWS = 30, UNKNOWNS = 10 };

/* J(w) = mean of ln cosh(x_i'w - y_i) + ridge ||w||^2 / 2: a robust regression, convex
 * and analytic.  Features are +-1, the first of them always 1.  It counts the questions
 * that it is asked. */
struct robust {
    mat X;
    vec y;
    double ridge;
    vec w; /* a point where each residual lies between 0.3 and 1.3 */
    int values, gradients, products, complex_values;
};

struct robust build_robust(struct claim *claim, uint64_t replicate);
struct oracle ask(struct robust *r);
double robust_value(void *cost, vec w);
void robust_gradient(void *cost, vec w, vec grad);

/* ---- Quadratics -------------------------------------------------------------------
 */

enum { N = 8 };

/* A quadratic that answers, and room to run. */
struct bowl {
    struct solved_quadratic k;
    struct asked_quadratic asked;
    vec w, grad, v; /* n each */
};

/* The curvatures a in random directions; or n of them from 1 down to 1 / kappa. */
struct bowl build_bowl(struct claim *claim, uint64_t replicate, vec a);
struct bowl build_geometric(struct claim *claim, int n, double kappa);

/* The minimum goes to w_star, where the cost stays what it was at the origin. */
void move_minimum(struct bowl *x, vec w_star);

/* A minimum at the given distance from the origin, as far along every eigenvector. */
void send_minimum(struct bowl *x, double distance);

double value_at(struct bowl *x, vec w);

/* The walk stands on the axis of that curvature, at a distance of 1. */
void stand_on_axis(struct bowl *x, int axis);

/* ---- Sets -------------------------------------------------------------------------
 */

/* A ball of radius 1, or a box of half-width 1/2, round a point beside the origin,
 * which is less than 0.06 away. */
struct region region_of(struct claim *claim, enum measure measure);

/* 400 steps of projected descent; the gradient is left at the end.  And what they and
 * the projections leave of rounding. */
void minimize_within(struct bowl *x, struct region C);
double rounding_within(void);

/* ---- Two valleys ------------------------------------------------------------------
 */

/* The tilted quartic w^4 + bend w^2 + w / 5, bend an int: two valleys for -1, one
 * for 1.
 */
double quartic_value(void *bend, vec w);
void quartic_gradient(void *bend, vec w, vec grad);

#endif
