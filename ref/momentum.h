/* momentum.h -- steps that know more than the last gradient.
 *
 * Newton's step knows the curvature, and pays for it.  The others remember where they
 * came from, which is nearly as good: along a direction of curvature a, a method that
 * remembers one step is a recursion of second order, and its error behaves as the roots
 * of a quadratic do.  [10707-6/9-12] */
#ifndef REF_MOMENTUM_H
#define REF_MOMENTUM_H

#include "ground/factor.h"
#include "ground/optimizers.h"
#include "ground/quadratic.h"

void mom_newton_jump(mat H, vec grad, double alpha, struct arena *scratch, vec w);
enum factor_status mom_newton_step(mat H, vec grad, double alpha, struct arena *scratch,
                                   vec w);

/* A rate, and how much of the velocity a step leaves. */
struct mom_setting {
    double alpha, beta;
};

struct mom_setting mom_polyak(double mu, double L);
struct mom_setting mom_nesterov(double mu, double L);

void mom_look_ahead_step(gradient_of *gradient, void *cost, double reach, double alpha,
                         struct momentum *momentum, struct arena *scratch, vec w);

struct mom_chebyshev {
    vec d;               /* n: the last step                                   */
    double middle, half; /* of the interval in which the curvatures lie        */
    double omega;        /* in the last step; tends to 1 + beta of heavy ball  */
    int steps;           /* taken so far                                       */
};

struct mom_chebyshev mom_chebyshev_make(struct arena *arena, int n, double mu,
                                        double L);
void mom_chebyshev_step(struct mom_chebyshev *chebyshev, vec grad, vec w);

enum mom_status {
    MOM_OK,
    MOM_NOT_POSITIVE /* no curvature along the direction, or a negative one */
};

struct mom_conjugate {
    vec grad; /* n: the gradient at w                       */
    vec d;    /* n: the direction of the next step          */
    vec Ad;   /* n: what the curvature makes of it, scratch */
};

struct mom_conjugate mom_conjugate_make(struct arena *arena, struct quadratic q, vec w);
enum mom_status mom_conjugate_step(struct mom_conjugate *conjugate, struct quadratic q,
                                   vec w);

#endif
