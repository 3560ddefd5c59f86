/* feature_learning.h -- training that is lazy or not, by the choice of one number.
 *
 * A network f of L hidden layers of m units each is trained as
 *
 *     F(w; x) = alpha (f(w; x) - f(w_0; x)),
 *     L(w) = 1 / (alpha^2 n) sum of l(F(w; x_i), y_i),   l(F, y) = sp_beta(1 - F y),
 *
 * by gradient flow from w_0.  If alpha sqrt(m) is large the weights hardly move; if it
 * is small they must, until the kernel of the tangents is another one.
 * [Columbia-13/16-23; Geiger, Spigler, Jacot, Wyart 2020] */
#ifndef REF_FEATURE_LEARNING_H
#define REF_FEATURE_LEARNING_H

#include "lazy_training.h"

/* ---- The model ------------------------------------------------------------------- */

/* The beta of the soft hinge that is nearly a hinge. */
#define FEAT_BETA 20.0

struct feat_model {
    struct lazy_problem on; /* f, the examples, labels +1 and -1, and f(w_0) on them */
    double alpha;           /* the scale of the outputs                             */
    double beta;            /* of the soft hinge: a caller may reset it             */
};

double feat_soft_plus(double beta, double x, double *slope);
struct mlp feat_network(int inputs, int hidden, int m);
struct mlp feat_first_layers(const struct mlp *net, int layers);
struct feat_model feat_make(struct arena *arena, const struct mlp *net, mat X, vec y,
                            double alpha);
void feat_output(struct feat_model *model, vec w, vec F);
double feat_gradient(struct feat_model *model, vec w, vec F, vec grad);

/* ---- Its flow -------------------------------------------------------------------- */

/* Why a flow came to rest. */
enum feat_status {
    FEAT_ON_TIME,    /* at the time that was asked for                  */
    FEAT_FITTED,     /* every example has a margin F y of at least stop */
    FEAT_TOO_MANY,   /* gradients were evaluated                        */
    FEAT_NOT_FINITE, /* a gradient is 0 or not finite                   */
};

/* The invariant between steps: grad is the gradient at w, F the outputs there. */
struct feat_flow {
    struct feat_model *model;
    double tolerance;   /* how much a step may turn the gradient: a caller may reset */
    double stop;        /* it, and these: the margin at which training ends,         */
    int most;           /* and the most gradients that are evaluated                 */
    double t, dt;       /* now, and the step to try next                             */
    double start, loss; /* the mean of l(F, y) at the start, and now                 */
    double t_half;      /* when it was half of what it was; NaN before               */
    int evaluations;    /* gradients so far                                          */
    vec w, grad, F;     /* P, P, n                                                   */
    vec trial, next, F_at; /* P, P, n: the same at the end of the step being tried */
};

struct feat_flow feat_flow_make(struct arena *arena, struct feat_model *model, vec w_0);
double feat_least_margin(const struct feat_flow *flow);
double feat_turn(vec grad, vec next);
enum feat_status feat_step(struct feat_flow *flow, double t_end);
enum feat_status feat_to(struct feat_flow *flow, double t_end);

/* ---- What has become of the network ---------------------------------------------- */

void feat_kernel(struct feat_model *model, vec w, struct arena *scratch, mat Theta);
double feat_change(vec before, vec after);
double feat_nonlinearity(struct feat_model *model, vec w_0, vec w,
                         struct arena *scratch);

/* ---- What moves first ------------------------------------------------------------ */

/* How fast the layers of n examples move while the weights do. */
struct feat_speed {
    mat Z[MLP_DEPTH]; /* n x n_{l+1}: dZ_l, the pre-activations; the last, dF      */
    mat H[MLP_DEPTH]; /* n x n_l: dH_l, the activations, for 0 < l < depth         */
};

struct feat_speed feat_speed_make(struct arena *arena, const struct mlp *net, int n);
void feat_velocities(const struct mlp *net, vec w, vec dw, const struct mlp_pass *pass,
                     struct feat_speed *speed);

/* Means over the random starts of a network of ReLUs, all of its hidden layers m wide,
 * of the squares of a layer's size and of its tangent kernel: with its activations z in
 * m numbers, q = |z|^2 / m, K = (dz/dw)(dz/dw)' and t = tr K / m. */
struct feat_moments {
    double qq, qt, tt; /* E q^2, E q t, E t^2 */
    double kk;         /* E tr K^2 / m        */
    double zz;         /* E z'K z / m         */
};

struct feat_moments feat_moments_first(int m);
struct feat_moments feat_moments_next(int m, struct feat_moments of);
double feat_gain(int m, struct feat_moments of);

/* ---- Where neurons point, and which layer is ready ------------------------------- */

double feat_alignment(mat W, vec a, mat V);
double feat_cka(mat A, mat B, struct arena *scratch);

#endif
