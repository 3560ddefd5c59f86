/* bdf.h -- an initial value problem in the hands of CVODES: what its users share. */
#ifndef PROOFS_BDF_H
#define PROOFS_BDF_H

#include "ground/cvodes_any.h"
#include "ground/ode.h"

/* Stops with the call that failed. */
#define CVODES_SUCCEED(call) REQUIRE((call) >= 0, "CVODES failed in %s", #call)

/* By backward differentiation, with Newton's iteration on dense matrices. */
struct bdf {
    SUNContext context;
    struct arena arena; /* room for what CVODES and the equation hand each other */
    N_Vector y;         /* the state                                             */
    SUNMatrix J;
    SUNLinearSolver solver;
    void *cvodes;
};

/* The problem from z at t on; z: n, read.  The equation must stay where it is. */
struct bdf bdf_begin(struct ode *equation, double t, vec z, double relative,
                     double absolute);
void bdf_end(struct bdf *p);

/* to := the numbers of a vector of SUNDIALS, which are doubles; and the way back. */
void bdf_read(N_Vector from, vec to);
void bdf_write(vec from, N_Vector to);

#endif
