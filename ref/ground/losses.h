/* losses.h -- what is lost on a batch, and its derivative with respect to the outputs.
 *
 * E = loss(T, F, G): F holds the outputs of a model, an example in each row, T, of the
 * same shape, what is asked of them, and G := dE/dF.  One convention for the size of
 * the batch: E is a mean over its n examples, and G is the gradient of that mean.  What
 * is no number reaches E. */
#ifndef REF_LOSSES_H
#define REF_LOSSES_H

#include "ground/dense.h"

typedef double loss_function(mat T, mat F, mat G);

loss_function square_loss, logistic_loss, softmax_loss, exponential_loss;

double error_rate(mat T, mat F);

#endif
