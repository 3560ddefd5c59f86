/* invariance.h -- changes of coordinates, and optimizers that notice them or do not.
 *
 * A rigid map moves the points, w~ = Q'(w - t), and the cost goes with them,
 * J~(w~) = J(Q w~ + t).  An optimizer is invariant to the map if it makes no difference
 * whether one maps first and then steps, or steps first and then maps.  Of these,
 * momentum is.  The others look at one coordinate at a time, and so notice how the axes
 * lie.  [CSC2541-1/28-32]
 *
 * All but coordinate descent take a step from a gradient alone, whatever the cost; what
 * they remember between two steps is in a struct that starts at rest. */
#ifndef REF_INVARIANCE_H
#define REF_INVARIANCE_H

#include "gradient_descent.h"

struct rigid {
    mat Q; /* n x n, orthogonal: the new axes, one in each column */
    vec t; /* n: the old coordinates of the new origin            */
};

void inv_to_rotated(struct rigid T, vec w, vec w_tilde);
void inv_from_rotated(struct rigid T, vec w_tilde, vec w);
void inv_quadratic_rotated(struct rigid T, struct quadratic q, struct arena *scratch,
                       struct quadratic *rotated);

struct momentum {
    vec v;       /* n: the velocity                                        */
    double beta; /* how much of it a step leaves, 0 <= beta < 1; 0: descent */
};

struct momentum momentum_make(struct arena *arena, int n, double beta);
void momentum_step(struct momentum *momentum, double alpha, vec grad, vec w);

void sign_step(double alpha, vec grad, vec w);

enum coordinate_status {
    COORDINATE_OK,
    COORDINATE_NO_MINIMUM /* the cost has no curvature along it, or a negative one */
};

enum coordinate_status inv_coordinate_step(struct quadratic q, int j, vec w);
enum coordinate_status inv_coordinate_sweep(struct quadratic q, vec w);

struct adagrad {
    vec root;       /* n: of the sum of the squares of all gradients */
    double epsilon; /* >= 0, in units of the gradient: beside its root */
};

struct adagrad adagrad_make(struct arena *arena, int n, double epsilon);
void adagrad_step(struct adagrad *adagrad, double alpha, vec grad, vec w);

struct adam {
    vec m;               /* n: a decaying sum of gradients                     */
    vec v;               /* n: the root of one of their squares                */
    int steps;           /* taken so far                                       */
    double beta1, beta2; /* their decay, 0 <= beta < 1                         */
    double epsilon;      /* >= 0, in units of the gradient                     */
};

struct adam adam_make(struct arena *arena, int n, double beta1, double beta2,
                      double epsilon);
void adam_step(struct adam *adam, double alpha, vec grad, vec w);

#endif
