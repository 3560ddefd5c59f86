/* gradient_descent.h -- descent on the model system of Part I, a quadratic, on which
 * all that it does can be said exactly.  [CSC2541-1/25-41] */
#ifndef REF_GRADIENT_DESCENT_H
#define REF_GRADIENT_DESCENT_H

#include "ground/optimizers.h"
#include "ground/quadratic.h"

void gd_update(double alpha, vec grad, vec w);
struct optimizer gd_optimizer(void);
void gd_step(struct quadratic q, double alpha, vec w, vec grad);
void gd_run(struct quadratic q, double alpha, int steps, vec w, vec grad);

#endif
