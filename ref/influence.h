/* influence.h -- what the weight of an example does to a fit.
 *
 * A cost is a sum over examples, each with a weight of its own,
 *
 *     J(w) = sum_i c_i l_i(w) + lambda/2 ||w||^2,
 *
 * and the mean is c_i = 1/n.  Where J has a minimum, the minimum depends on each c_i as
 * smoothly as the implicit function theorem says.  Where the examples can be separated
 * and the loss is exponential, there is no minimum, and the direction in which w goes
 * depends on no c_i at all.  [IEMS402-14/24-25] */
#ifndef REF_INFLUENCE_H
#define REF_INFLUENCE_H

#include "ground/curvature.h"
#include "momentum.h"

/* ---- Weights that are forgotten ------------------------------------------------- */

/* Gradient flow on sum_i c_i l(z_i'w), where z_i = t_i x_i, so that z_i'w is the margin
 * of the example. */
struct inf_flow {
    mat Z;       /* n x d: z_i in row i                               */
    vec c;       /* n: the weights, > 0                               */
    double tail; /* k > 0, l(m) = (1 + m/k)^-k; INFINITY: l(m) = e^-m */
};

double inf_log_slope(double tail, double m);
void inf_flow_field(void *flow, double tau, vec w, vec dw);

/* ---- Examples that matter ------------------------------------------------------- */

/* Ridge regression and all that leaves one of its examples out. */
struct inf_ridge {
    mat Phi;  /* N x n: the examples, a view                              */
    vec t;    /* N: their targets, a view                                 */
    mat pull; /* N x n: row i is (Phi'Phi + N lambda I)^-1 phi_i          */
    vec w;    /* n: the minimum                                           */
    vec r;    /* N: the residuals there, phi_i'w - t_i                    */
    vec h;    /* N: the leverages, phi_i'(Phi'Phi + N lambda I)^-1 phi_i  */
};

enum factor_status inf_ridge_fit(mat Phi, vec t, double lambda, struct arena *arena,
                                 struct inf_ridge *ridge);
double inf_ridge_residual_without(const struct inf_ridge *ridge, int i);
void inf_ridge_without(const struct inf_ridge *ridge, int i, vec w);

/* Returns sum_i c_i l_i(w) over the losses of some examples; grad := its gradient with
 * respect to w.  c: a weight for each, >= 0; w: P, read; grad: P, overwritten. */
typedef double inf_losses(void *examples, vec c, vec w, vec grad);

/* J(w) = sum_i c_i l_i(w) + lambda/2 ||w||^2. */
struct inf_problem {
    inf_losses *losses;
    void *examples; /* passed to the losses                      */
    vec c;          /* n: the weights, which a caller may change */
    double lambda;  /* decay, >= 0                               */
    double value;   /* J, where the gradient was asked for last  */
};

/* Was a minimum found? */
enum inf_status {
    INF_OK,
    INF_NO_CONVERGENCE /* no; what was reached is there */
};

double inf_logistic(void *Z, vec c, vec w, vec grad);

struct inf_problem inf_problem_make(struct arena *arena, inf_losses *losses,
                                    void *examples, int n, double lambda);
void inf_gradient(void *problem, vec w, vec grad);
void inf_example_gradient(const struct inf_problem *problem, vec w, int i,
                          struct arena *scratch, vec grad);
void inf_hessian(struct inf_problem *problem, vec w, struct arena *scratch, mat H);
enum inf_status inf_minimize(struct inf_problem *problem, double tolerance, int most,
                             struct arena *scratch, vec w);

enum factor_status inf_influence(const struct inf_problem *problem, vec w, mat H, int i,
                                 struct arena *scratch, vec dw);

#endif
