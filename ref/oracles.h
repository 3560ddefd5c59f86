/* oracles.h -- what an optimizer may ask: of the cost, and of the set it is confined
 * to.
 *
 * An algorithm never sees a cost.  It asks: how high is it here, which way does it
 * rise, how does that change along v?  So an oracle is a handful of functions and what
 * they need in order to answer.  What they answer can be exact, or made of numbers, or
 * counted: the algorithm cannot tell.  An oracle that does not take a question has NULL
 * in its place.  [CS229br-5/8-14, IEMS402-14/15] */
#ifndef REF_ORACLES_H
#define REF_ORACLES_H

#include "gradient_descent.h"
#include "ground/rng.h"

#include <complex.h>
#include <stdbool.h>

/* ---- Asking the cost ------------------------------------------------------------ */

struct oracle {
    void *cost;                                             /* handed to each of them */
    double (*value)(void *cost, vec w);                     /* J(w)                   */
    gradient_of *gradient;                                  /* grad := dJ/dw          */
    void (*curvature)(void *cost, vec w, vec v, vec image); /* image := H(w) v        */
};

/* A quadratic, and what it needs in order to answer. */
struct asked_quadratic {
    struct quadratic q; /* of n variables */
    vec scratch;        /* n              */
};

struct oracle or_quadratic(struct asked_quadratic *asked);
void or_hessian(struct oracle f, vec w, struct arena *scratch, mat H);

/* The same formula, in complex numbers: all that the complex step needs. */
struct complex_oracle {
    void *cost;
    double complex (*value)(void *cost, int n, const double complex *w);
};

void or_gradient_forward(struct oracle f, double h, vec w, vec grad);
void or_gradient_central(struct oracle f, double h, vec w, vec grad);
void or_gradient_complex(struct complex_oracle f, double h, vec w,
                         struct arena *scratch, vec grad);
void or_curvature_forward(struct oracle f, double h, vec w, vec grad, vec v,
                          struct arena *scratch, vec image);

void or_gradient_one_point(struct oracle f, double delta, vec w, struct rng *rng,
                           struct arena *scratch, vec grad);
void or_gradient_two_point(struct oracle f, double delta, vec w, struct rng *rng,
                           struct arena *scratch, vec grad);

/* ---- Asking the set ------------------------------------------------------------- */

enum measure { EUCLIDEAN, LARGEST }; /* sqrt(sum w_i^2), or max |w_i| */

/* A set given explicitly, { w : ||w - center|| <= radius }: a ball, or a box. */
struct region {
    enum measure measure;
    vec center;    /* n    */
    double radius; /* >= 0 */
};

double or_dual_norm(enum measure measure, vec g);
void or_region_project(struct region C, vec w);
double or_region_gap(struct region C, vec w, vec grad);

/* A convex set given implicitly.  separate returns true if w belongs to it; if not, it
 * leaves in normal a direction in which w lies beyond all of the set:
 * <normal, v> < <normal, w> for every v of the set. */
struct separator {
    void *set;
    bool (*separate)(void *set, vec w, vec normal);
};

struct separator or_region_separator(struct region *C);

/* { w : (w - center)' P^-1 (w - center) <= 1 }. */
struct ellipsoid {
    vec center; /* n                            */
    mat P;      /* n x n, symmetric, n >= 2     */
};

void or_ellipsoid_cut(struct ellipsoid E, vec normal, vec p);
bool or_ellipsoid_step(struct oracle f, struct separator C, struct ellipsoid E,
                       vec normal, vec p);

/* ---- Steps ---------------------------------------------------------------------- */

void or_trust_region_step(enum measure measure, double radius, vec grad, vec w);
void or_steepest_step(enum measure measure, double alpha, vec grad, vec w);
void or_projected_step(struct region C, double alpha, vec grad, vec w);

enum proximal_status {
    PROXIMAL_OK,
    PROXIMAL_UNBOUNDED /* the cost falls faster than the squared distance rises */
};
enum proximal_status or_proximal_step(struct quadratic q, double alpha,
                                      struct arena *scratch, vec w);

void or_descend(struct oracle f, double alpha, int steps, vec w, vec grad);
void or_descend_within(struct oracle f, struct region C, double alpha, int steps, vec w,
                       vec grad);

#endif
