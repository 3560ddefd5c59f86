/* known_data.h -- least squares in data whose singular values and vectors are known
 * because it was built from them: there the minimizers, and what any method finds along
 * each direction, are sums that can be written down. */
#ifndef PROOFS_KNOWN_DATA_H
#define PROOFS_KNOWN_DATA_H

#include "ground/claim.h"
#include "ground/quadratic.h"
#include "ground/vectors.h"

enum { STEPS = 400 };

/* Phi = sqrt(N) U diag(sqrt a) V', so that A = V diag(a) V' in the first columns of V;
 * along the others it is flat. */
struct data {
    int N, D;
    mat Phi;  /* N x D                                           */
    vec t;    /* N: normal                                       */
    mat U, V; /* N x N and D x D: a singular vector in each row  */
    vec a;    /* the curvatures that are not 0, no more than N, D */
    vec c;    /* as many: the coefficients of Phi^+ t along V    */
    struct quadratic q;
    vec grad; /* D: scratch */
};

void set_targets(struct data *d, vec t_new);
struct data build_data_of(struct claim *claim, struct rng *rng, int N, int D, vec a);
struct data build_data(struct claim *claim, int N, int D, int rank);
void nearest_minimizer(struct data d, vec w_0, vec w);
double drift(struct data d, int steps, vec w_0, vec w);
void run_preconditioned(struct data d, mat P, int steps, vec w);

#endif
