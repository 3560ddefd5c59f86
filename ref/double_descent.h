/* double_descent.h -- fits without regularization, on either side of N = D.
 *
 * With fewer examples than weights many fits are perfect, and gradient descent from
 * zero ends at the one of least norm; with more there is one best fit.  Both are Phi^+
 * t. [CSC2541-1/44, 54-60, "How does generalization depend on dimensionality?"] */
#ifndef REF_DOUBLE_DESCENT_H
#define REF_DOUBLE_DESCENT_H

#include "ground/dense.h"
#include "ground/factor.h"
#include "ground/rng.h"

#include <stdbool.h>

size_t dd_fit_scratch(int N, int D);
enum factor_status dd_fit(mat Phi, vec t, struct arena *scratch, vec w);
bool dd_fit_by_gram(mat Phi, vec t, struct arena *scratch, vec w);
enum factor_status dd_fit_by_qr(mat Phi, vec t, struct arena *scratch, vec w);

void dd_draw(struct rng *rng, vec w_true, double noise, mat Phi, vec t);
void dd_features(mat X, mat W, mat Phi);
double dd_erm_threshold(vec x, vec labels);

#endif
