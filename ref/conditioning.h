/* conditioning.h -- features as gradient descent would like to have them.
 *
 * The rows of X are examples, its columns features.  With mean mu, covariance Sigma and
 * a constant feature, least squares has the curvature
 *
 *     A = [ Sigma + mu mu'   mu ]
 *         [ mu'              1  ]
 *
 * so what is done to the data is done to A.  Each of these maps is learned on one set
 * of examples and applied to any, since what is tested later must be treated alike.
 * [CSC2541-1/46-52] */
#ifndef REF_CONDITIONING_H
#define REF_CONDITIONING_H

#include "gradient_descent.h"
#include "ground/factor.h"

/* The map x -> W (x - mu).  The m whitened features of the examples that it was learned
 * on have mean 0 and W Sigma W' = I, except for rows of W that are 0. */
struct whitening {
    vec mu; /* D: the mean of those examples */
    mat W;  /* m x D                         */
};

void cn_with_constant(mat X, mat Phi);

void cn_means(mat X, vec mu);
void cn_deviations(mat X, vec mu, vec sigma);
void cn_center(vec mu, mat X);
void cn_standardize(vec mu, vec sigma, mat X);

struct whitening cn_whitening_make(struct arena *arena, int m, int D);
enum factor_status cn_whitening_cholesky(mat X, struct arena *scratch,
                                         struct whitening *w);
enum factor_status cn_whitening_svd(mat X, struct arena *scratch, struct whitening *w);
void cn_whiten(struct whitening w, mat X, mat Z);

#endif
