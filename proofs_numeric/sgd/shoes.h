/* shoes.h -- least squares on real images, small enough for all that is expected of SGD
 * on them to be computed: sneakers and boots, in their first principal components. */
#ifndef PROOFS_SGD_SHOES_H
#define PROOFS_SGD_SHOES_H

#include "ground/claim.h"
#include "sgd.h"

/* The first n images of the two classes, centred, in d coordinates along which H is
 * diagonal, and in units in which the largest curvature is 1.  Nothing is drawn. */
struct shoes {
    int n, d;
    struct sgd_regression examples; /* the targets are +1 and -1          */
    vec h;                          /* d: the curvatures, descending       */
    vec w_star;                     /* d: where the mean loss is least     */
    vec r;                          /* n: Phi w_star - t                   */
    vec start;                      /* d: -w_star, the error of w = 0      */
    double least;                   /* the mean loss at w_star             */
};

struct shoes shoes_make(struct claim *claim, int n, int d);

/* The same without noise at the optimum: t := Phi w_star. */
void shoes_interpolate(struct shoes *of);

/* The excess of the mean loss over the least one, 1/2 sum h_j e_j^2, by plain sums. */
double shoes_excess(struct shoes of, vec w);

#endif
