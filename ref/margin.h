/* margin.h -- which separator gradient descent finds, of the many that there are.
 *
 * A point here is signed, z_i = y_i x_i, a row of Z: w separates where all z_i'w > 0.
 * Then w / ||w|| keeps the margin min z_i'w / ||w||.  The largest margin is the length
 * of the shortest vector of the points' hull, so that a direction e and shares p, all
 * >= 0 with the sum 1, enclose it between two numbers that anybody can check:
 *     min z_i'e <= largest margin <= ||Z'p||.
 * The losses that fall like e^-m lead descent to that direction, at a rate of 1/ln t.
 * [Columbia-13/2-5; IEMS402-14/19-23] */
#ifndef REF_MARGIN_H
#define REF_MARGIN_H

#include "ground/losses.h"

/* What is proved of the points: a w with all z_i'w > 0; that there is none; or nothing,
 * as where a change of the points by rounding decides. */
enum mar_status { MAR_SEPARABLE, MAR_NOT_SEPARABLE, MAR_CANNOT_TELL };

struct separation {
    vec e;            /* d: a direction, of length 1                                */
    vec p;            /* n: shares >= 0, of sum 1                                   */
    double low, high; /* the largest margin, which is 0 if nothing separates, is at */
                      /* least low and at most high, rounding included              */
};

struct separation mar_separation_make(struct arena *arena, int n, int d);
enum mar_status mar_solve(mat Z, struct arena *scratch, struct separation *s);
enum mar_status mar_certify(mat Z, struct arena *scratch, struct separation *s);

void mar_lift(mat X, vec y, mat Z);
double mar_least(mat Z, vec w);
double mar_margin(mat Z, vec w);
double mar_planar(mat Z, vec w);

double mar_log_loss(mat Z, vec w, struct arena *scratch, vec a);
double mar_smooth(mat Z, vec w, struct arena *scratch);
double mar_bound(int n, double gamma, double t);

/* Gradient flow on the sum of e^-m, in the time tau = ln t. */
struct mar_flow {
    mat Z; /* n x d                    */
    vec l; /* n: t e^-m_i, at the last */
};
void mar_field(void *flow, double tau, vec w, vec dw);

double mar_step(loss_function *loss, mat Z, double alpha, struct arena *scratch, vec w);
int mar_perceptron(mat Z, vec w);
double mar_growth(double u, double degree, vec theta, vec g);

#endif
