/* trained.h -- small classifiers of Fashion-MNIST, trained from starts of their own,
 * and what is lost on the way from one to another. */
#ifndef PROOFS_TRAINED_H
#define PROOFS_TRAINED_H

#include "connectivity.h"
#include "ground/claim.h"
#include "ground/images.h"

enum { DRAWN = 4000, POOL = 4, TRAIN = 200, TEST = 500, BATCH = 50 };

/* One replicate: images to learn from and to be tested on, and a network for them.  It
 * stays where it was made, as the costs point at its network. */
struct task {
    struct mlp net;          /* 49 means of pixels, hidden layers of ReLU, 10 classes */
    int P;                   /* its parameters                                        */
    mat X_test, T_test;      /* TEST of each: images, their classes one hot           */
    struct mlp_cost all;     /* the TRAIN images                                      */
    struct mlp_batches some; /* BATCH of them at a time                               */
    vec grad, at;            /* P: scratch                                            */
};

/* Draws the images, out of those that there are, for a network with so many hidden
 * layers of this width. */
void task_draw(struct arena *arena, struct images images, int hidden, int width,
               struct rng *rng, struct task *task);

/* A start; and where so many steps of Adam lead from there, on batches. */
vec task_start(const struct task *task, struct arena *arena, struct rng *rng);
vec task_trained(struct task *task, struct arena *arena, double alpha, int steps,
                 vec w_0);

/* The same from w, which moves, on another cost. */
void task_descend(struct task *task, struct arena *scratch, gradient_of *gradient,
                  void *cost, double alpha, int steps, vec w);

/* What is lost on the images to learn from; the share of the others that is right. */
double task_loss(struct task *task, vec w);
double task_accuracy(const struct task *task, struct arena *scratch, vec w);

/* The most that is lost at 1/20, ..., 19/20 of the straight line from a to b, or of the
 * curve by way of m; and what is lost at the worse of the ends. */
double task_line(struct task *task, vec a, vec b);
double task_curve(struct task *task, vec a, vec m, vec b);
double task_worse(struct task *task, vec a, vec b);

/* H := the second derivatives of a cost at w, from differences of its gradient at +-h
 * and +-2h along each weight, which are wrong by h^4 / 30 of its fifth ones. */
void differentiate_twice(struct arena *scratch, struct mlp_cost *cost, vec w, double h,
                         mat H);

#endif
