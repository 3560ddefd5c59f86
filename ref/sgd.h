/* sgd.h -- descent that looks at a few examples at a time, and what is expected of it.
 *
 * The cost is a mean over n examples.  A minibatch of B of them, drawn anew for each
 * step, gives a gradient G that is random:
 *
 *     E G = g, the gradient of the mean,    E (G - g)(G - g)' = share S,
 *
 * where S is the covariance of the gradient of one example, and the share is 1 / B if
 * examples may repeat.  On least squares, what is expected of a run follows from these
 * two lines without sampling: E e and E ee' of the error e = w - w_star obey a linear
 * recursion.  [10707-6/5-8, "First order methods on the cheap"; CS229br-5/10, 15] */
#ifndef REF_SGD_H
#define REF_SGD_H

#include "ground/optimizers.h"
#include "ground/rng.h"

/* grad := the gradient at w of the mean of the losses of B of the examples, B > 0.
 * chosen: their numbers, 0, ..., n - 1; one that stands there twice counts twice. */
typedef void sgd_examples(void *examples, const int *chosen, int B, vec w, vec grad);

/* Each of a minibatch is drawn from all n; or no two of it are the same. */
enum sgd_drawing { SGD_INDEPENDENT, SGD_DISTINCT };

/* Where the gradients of a run come from. */
struct sgd_batches {
    sgd_examples *gradient;
    void *examples; /* passed to the gradient        */
    int n, B;       /* how many there are, are drawn */
    enum sgd_drawing drawing;
    int *chosen; /* B: which were drawn last      */
    struct rng rng;
};

struct sgd_batches sgd_batches_make(struct arena *arena, sgd_examples *gradient,
                                    void *examples, int n, int B,
                                    enum sgd_drawing drawing, struct rng rng);
void sgd_gradient(void *batches, vec w, vec grad);
void sgd_run(struct sgd_batches *batches, double alpha, int steps, vec w, vec grad);

double sgd_share(int n, int B, enum sgd_drawing drawing);

/* Least squares: the loss of example i is 1/2 (phi_i'w - t_i)^2. */
struct sgd_regression {
    mat Phi; /* n x d: an example in each row */
    vec t;   /* n: their targets              */
};

void sgd_regression_gradient(void *regression, const int *chosen, int B, vec w,
                             vec grad);

/* A gradient that is disturbed on purpose. */
struct sgd_noise {
    gradient_of *gradient;
    void *cost; /* passed to the gradient                               */
    mat root;   /* n x k: the noise is root z, of covariance root root' */
    vec z;      /* k: standard normal, drawn last                       */
    struct rng rng;
};

void sgd_noisy_gradient(void *noise, vec w, vec grad);

/* What is expected of a run on least squares, of all runs and not of one. */
struct sgd_moments {
    mat Phi;    /* n x d: the examples, a view                         */
    vec r;      /* n: Phi w_star - t, a view; Phi'r = 0                */
    mat H;      /* d x d: Phi'Phi / n                                  */
    vec mean;   /* d: E e                                              */
    mat second; /* d x d: E ee'                                        */
    mat P, Q;   /* d x d, scratch                                      */
    mat R;      /* n x d, scratch                                      */
};

struct sgd_moments sgd_moments_make(struct arena *arena, mat Phi, vec r, vec e);
void sgd_moments_step(double alpha, double share, struct sgd_moments *of);
double sgd_moments_excess(const struct sgd_moments *of);

void sgd_stationary(vec h, mat C, double alpha, mat Sigma);
double sgd_critical_rate(vec h, int B);

#endif
