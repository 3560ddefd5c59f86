/* quadratic.h -- the model system of the book:  J(w) = 1/2 w'Aw + b'w + c.
 *
 * Least squares is one (A = Phi'Phi / N), and near a minimum every smooth cost is.
 * [CSC2541-1/25-41] */
#ifndef REF_QUADRATIC_H
#define REF_QUADRATIC_H

#include "ground/dense.h"

struct quadratic {
    mat A;    /* n x n, symmetric: the curvature */
    vec b;    /* n: the slope at the origin      */
    double c; /* the cost at the origin          */
};

struct quadratic quadratic_make(struct arena *arena, int n);
double quadratic_cost(struct quadratic q, vec w, vec Aw);
void quadratic_gradient(struct quadratic q, vec w, vec grad);

void least_squares(mat Phi, vec t, struct quadratic *q);
double least_squares_cost(mat Phi, vec t, vec w, vec residual);

#endif
