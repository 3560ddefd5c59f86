/* worlds.h -- what the claims of the chapter "Why features are normalized" share:
 * features whose mean and covariance are known, what the lecture's preprocessing makes
 * of them, and LAPACK's spectrum of the curvature that results.  All of them lie in the
 * arena of the claim. */
#ifndef PROOFS_CONDITIONING_WORLDS_H
#define PROOFS_CONDITIONING_WORLDS_H

#include "conditioning.h"
#include "ground/claim.h"

/* ---- Features whose mean and covariance are known -------------------------------- */

struct features {
    mat X;  /* N x D */
    vec mu; /* D: the mean of its rows                 */
    mat S;  /* D x D: their covariance is Sigma = S S' */
};

/* N examples with the mean mu and the covariance S S', up to rounding. */
struct features known_features(struct claim *claim, int N, vec mu, mat S);

/* Roots S of a covariance: diag(v); I; one with the eigenvalues v in a random basis;
 * and one with the deviations sigma, where all correlations are rho. */
mat uncorrelated(struct claim *claim, vec v);
mat identity(struct claim *claim, int D);
mat correlated(struct claim *claim, vec v);
mat equicorrelated(struct claim *claim, vec sigma, double rho);

/* A mean: D entries of +-size. */
vec signs(struct claim *claim, int D, double size);

/* mu' Sigma mu and mu' Sigma^-1 mu. */
double variance_along(mat S, vec mu);
double precision_along(struct claim *claim, mat S, vec mu);

/* ---- What is made of them, by ref/ ----------------------------------------------- */

/* A copy; one with a constant feature; and as each remedy leaves the data. */
mat twin(struct claim *claim, mat X);
mat with_one(struct claim *claim, mat X);
mat centred(struct claim *claim, mat X);
mat standardized(struct claim *claim, mat X);
mat whitened(struct claim *claim, mat X);

/* The curvature that least squares on these features has. */
mat curvature(struct claim *claim, mat Phi);

/* ---- And what LAPACK says of that ------------------------------------------------ */

/* The eigenvalues of the curvature, ascending; their largest, and the condition number;
 * and this for the features X with a constant appended. */
vec spectrum(struct claim *claim, mat Phi);
double top(vec a);
double kappa(vec a);
double kappa_of(struct claim *claim, mat X);

/* What an eigenvalue of A may be off: sums of N products, then LAPACK's n eps ||A||. */
double eigenvalue_limit(mat X, double a_max);

/* The largest eigenvalue for Sigma = I and ||mu|| = m. */
double outlier_law(double m);

/* Sigma_jl from pairs of examples, without its mean. */
double covariance_of_pairs(mat X, int j, int l);

/* The largest difference between the spectrum and predicted values, both ascending, and
 * between the entries of two vectors. */
double gap_to_spectrum(vec a, const double *predicted);
double gap_between(vec x, vec y);

#endif
