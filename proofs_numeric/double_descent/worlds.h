/* worlds.h -- what the claims of the chapter "More data can hurt" share: the lecture's
 * experiment, the laws of its errors, and samples of fits. */
#ifndef PROOFS_DOUBLE_DESCENT_WORLDS_H
#define PROOFS_DOUBLE_DESCENT_WORLDS_H

#include "ground/claim.h"

enum { D = 50 };

/* ---- The experiment -------------------------------------------------------------- */

/* One training set of the lecture's experiment, and the fits to it. */
struct trial {
    mat Phi;      /* N x D                                  */
    vec signal;   /* N: Phi w_true                          */
    vec noise;    /* N: standard normal                     */
    vec w_true;   /* D: of norm 1                           */
    vec w_signal; /* D: the fit to the signal alone         */
    vec w_noise;  /* D: the fit to the noise alone          */
};

struct trial trial_make(struct arena *arena, int N);

/* shape: the deviation of the last feature, 1 in the lecture; the others lie between,
 * in a geometric sequence. */
void draw_trial(struct rng *rng, double shape, struct trial *x);

/* By dd_fit, which must succeed. */
void fit(struct arena *arena, mat Phi, vec t, vec w);
void fit_signal(struct arena *arena, struct trial *x);
void fit_noise(struct arena *arena, struct trial *x);

/* || w_signal - w_true ||^2, what is lost of the signal. */
double lost(const struct trial *x);

/* n x n, with random singular vectors, and singular values from 1 down to 1 / kappa:
 * those and the left singular vectors are known. */
struct factored_matrix conditioned(struct arena *arena, struct rng *rng, int n,
                                   double kappa);

/* ---- Samples and quantiles ------------------------------------------------------- */

/* The p-quantiles of the beta law, and of chi^2_m / chi^2_n, independent. */
double beta_quantile(double a, double b, double p);
double ratio_quantile(double m, double n, double p);

/* How many of a sample lie below a quantile; and its mean. */
int below(int n, const double *sample, double quantile);
double average(int n, const double *sample);

/* ---- Risk and size --------------------------------------------------------------- */

enum { PAIRS = 200 };

/* What is compared across N: the logarithms, since the quantities have no mean at N =
 * D. */
struct outcome {
    double risk[PAIRS], size[PAIRS];
};

/* The deviation of the noise in these. */
#define SIGMA 0.5

/* The lecture's experiment at one N: risk ||w - w_true||^2 and size ||w||^2, as logs;
 * by the minimum-norm fit, or by ridge if lambda > 0. */
void measure(struct claim *claim, int N, double lambda, struct outcome *out);

/* The lambda that is best on average, N lambda = sigma^2 D / ||w_true||^2. */
double best_ridge(int N);

/* The mean of a - b over the pairs is at least so much. */
struct finding exceeds(const double *a, const double *b, double limit);

#endif
