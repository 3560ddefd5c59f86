/* optimizers.h -- everything that steps from a gradient, side by side.
 *
 * X_step(&x, alpha, grad, w) moves w by what it is told of the cost at w, and by
 * nothing else: what a rule remembers from one step to the next is in a struct that
 * starts at rest.  Each is shown and explained in the chapter that asks what it does.
 */
#ifndef REF_OPTIMIZERS_H
#define REF_OPTIMIZERS_H

#include "ground/factor.h"

/* A rule that a loop may be handed without knowing which it is. */
struct optimizer {
    void (*step)(void *rule, double alpha, vec grad, vec w); /* moves w: X_step */
    void *rule;                                              /* X, for that     */
};

/* grad := the gradient of a cost at w. */
typedef void gradient_of(void *cost, vec w, vec grad);

void optimize(gradient_of *gradient, void *cost, struct optimizer by, double alpha,
              int steps, vec w, vec grad);

struct momentum {
    vec v;       /* n: the velocity                                        */
    double beta; /* how much of it a step leaves, 0 <= beta < 1; 0: descent */
};

struct momentum momentum_make(struct arena *arena, int n, double beta);
void momentum_step(struct momentum *momentum, double alpha, vec grad, vec w);
struct optimizer by_momentum(struct momentum *momentum);

struct nesterov {
    vec v;       /* n: the velocity                                        */
    double beta; /* how much of it a step leaves, 0 <= beta < 1; 0: descent */
};

struct nesterov nesterov_make(struct arena *arena, int n, double beta);
void nesterov_step(struct nesterov *nesterov, double alpha, vec grad, vec w);
struct optimizer by_nesterov(struct nesterov *nesterov);

void sign_step(double alpha, vec grad, vec w);

struct adagrad {
    vec root;       /* n: of the sum of the squares of all gradients */
    double epsilon; /* >= 0, in units of the gradient: beside its root */
};

struct adagrad adagrad_make(struct arena *arena, int n, double epsilon);
void adagrad_step(struct adagrad *adagrad, double alpha, vec grad, vec w);
struct optimizer by_adagrad(struct adagrad *adagrad);

struct rmsprop {
    vec v;          /* n: the root of a decaying sum of squares       */
    double beta;    /* their decay, 0 <= beta < 1                     */
    double epsilon; /* >= 0, in units of the gradient: beside the root */
};

struct rmsprop rmsprop_make(struct arena *arena, int n, double beta, double epsilon);
void rmsprop_step(struct rmsprop *rmsprop, double alpha, vec grad, vec w);
struct optimizer by_rmsprop(struct rmsprop *rmsprop);

struct adam {
    vec m;               /* n: a decaying sum of gradients                     */
    vec v;               /* n: the root of one of their squares                */
    int steps;           /* taken so far                                       */
    double beta1, beta2; /* their decay, 0 <= beta < 1                         */
    double epsilon;      /* >= 0, in units of the gradient                     */
};

struct adam adam_make(struct arena *arena, int n, double beta1, double beta2,
                      double epsilon);
void adam_step(struct adam *adam, double alpha, vec grad, vec w);
struct optimizer by_adam(struct adam *adam);
void adamw_step(struct adam *adam, double alpha, double lambda, vec grad, vec w);

struct amsgrad {
    vec m;               /* n: a decaying sum of gradients                     */
    vec v;               /* n: the root of one of their squares                */
    vec v_max;           /* n: the largest that this root has been             */
    double beta1, beta2; /* their decay, 0 <= beta < 1                         */
    double epsilon;      /* >= 0, in units of the gradient                     */
};

struct amsgrad amsgrad_make(struct arena *arena, int n, double beta1, double beta2,
                            double epsilon);
void amsgrad_step(struct amsgrad *amsgrad, double alpha, vec grad, vec w);
struct optimizer by_amsgrad(struct amsgrad *amsgrad);

void penalize_weights(double lambda, vec w, vec grad);
void decay_weights(double alpha, double lambda, vec w);

struct muon {
    mat M;       /* m x n: decaying sum of the gradients     */
    double beta; /* how much of it a step leaves, 0 <= beta < 1 */
};

struct muon muon_make(struct arena *arena, int rows, int cols, double beta);
enum factor_status muon_direction(mat G, struct arena *scratch, mat O);
enum factor_status muon_step(struct muon *muon, double alpha, mat G,
                             struct arena *scratch, mat W);

#endif
