/* twins.h -- one optimizer run twice: on a cost, and on the same cost in other
 * coordinates, from the corresponding start.  Then the second run is mapped back, and
 * one asks how far it ever is from the first.  The map is w = M w~ + t; for a rigid one
 * M = Q. */
#ifndef PROOFS_TWINS_H
#define PROOFS_TWINS_H

#include "ground/claim.h"
#include "ground/vectors.h"
#include "ground/worlds.h"
#include "invariance.h"

enum { N = 8, STEPS = 25 };

#define KAPPA 10.0
#define PI    3.14159265358979323846

struct twin {
    struct solved_quadratic k; /* the cost, with curvatures from 1 to 1 / KAPPA */
    struct quadratic moved;    /* the same as a function of w~                  */
    mat M;
    vec t;
    vec w_0, w_0_moved; /* the start, and where it lies in the other system */
};

enum method { DESCENT, MOMENTUM, SIGN, COORDINATE, ADAGRAD, ADAM };

struct runner {
    enum method method;
    struct momentum momentum;
    struct adagrad adagrad;
    struct adam adam;
    vec grad;
};

mat identity(struct claim *claim);
mat random_rotation(struct claim *claim, bool reflected);
mat turn(struct claim *claim, double angle);
mat signed_permutation(struct claim *claim);
mat sign_flips(struct claim *claim);
mat opposite_order(struct claim *claim);
mat scaled(mat M, double by);
mat stretched(mat M);
vec nowhere(struct claim *claim);
vec somewhere(struct claim *claim);
void map_back(mat M, vec t, vec w_tilde, vec w);
struct twin build_twin(struct claim *claim, mat M, vec t);
struct runner runner_make(struct arena *arena, enum method method, int n,
                          double epsilon);
void run_step(struct runner *r, struct quadratic q, double alpha, vec w);
double rate_of(enum method method);
double runs_apart(struct claim *claim, const struct twin *x, enum method method,
                  double epsilon, double alpha_moved, int steps);
double apart_as_usual(struct claim *claim, const struct twin *x, enum method method);
double drift_of_rounding(const struct twin *x, enum method method);
void map_to(const struct twin *x, bool as_printed, vec w, vec w_tilde);
vec plane_spectrum(struct claim *claim, double high, double low);

#endif
