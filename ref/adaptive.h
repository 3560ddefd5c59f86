/* adaptive.h -- where the rules with a rate for each weight are run.
 *
 * The rules are in ground/optimizers.h; here are Beale's function, on which the lecture
 * compares them, and the box to which a weight is kept when the costs come one by one.
 * [10707-6/10-16] */
#ifndef REF_ADAPTIVE_H
#define REF_ADAPTIVE_H

#include "ground/dense.h"

double ada_beale(vec w);
void ada_beale_gradient(void *unused, vec w, vec grad);
void ada_beale_hessian(vec w, mat H);
void ada_project_box(double radius, vec w);

#endif
