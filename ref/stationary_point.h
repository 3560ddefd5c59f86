/* stationary_point.h -- which minimum gradient descent finds, when there are many.
 *
 * From w_0 it ends at w_0 - A^+ (A w_0 + b), the minimizer next to w_0; from zero, at
 * the one of least norm, -A^+ b.  The same point is the limit of ridge regression as
 * its penalty vanishes.  Another optimizer, or another way to shrink weights, ends
 * elsewhere.  [CSC2541-1/10-12, 36-38, 43-44] */
#ifndef REF_STATIONARY_POINT_H
#define REF_STATIONARY_POINT_H

#include "ground/factor.h"
#include "ground/optimizers.h"
#include "ground/quadratic.h"

enum factor_status sp_pseudo_inverse(mat B, struct arena *scratch, mat B_dagger);
enum factor_status sp_pseudo_inverse_normal(mat B, struct arena *scratch, mat B_dagger);
enum factor_status sp_gd_limit(struct quadratic q, vec w_0, struct arena *scratch,
                               vec w);

void sp_tikhonov(double lambda, struct quadratic *q);
enum factor_status sp_minimum(struct quadratic q, struct arena *scratch, vec w);
enum factor_status sp_ridge_fit(mat Phi, vec t, double lambda, struct arena *scratch,
                                vec w);

double sp_ridge_filter(double a, double lambda);
double sp_flow_filter(double a, double time);
double sp_gd_filter(double a, double alpha, int k);

void sp_preconditioned_update(double alpha, mat P, vec grad, vec w);
enum factor_status sp_preconditioned_limit(mat Phi, vec t, mat P, struct arena *scratch,
                                           vec w);

#endif
