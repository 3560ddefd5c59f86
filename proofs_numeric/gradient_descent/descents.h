/* descents.h -- the world of the chapter "Gradient descent on a quadratic": a quadratic
 * whose spectrum, axes and minimum are known because it was built from them, and a
 * start.  The error is looked at in the coordinates of the eigenvectors, where the
 * lecture's law is a formula in one line. */
#ifndef PROOFS_DESCENTS_H
#define PROOFS_DESCENTS_H

#include "gradient_descent.h"
#include "ground/claim.h"
#include "ground/worlds.h"

enum { N = 12, STEPS = 200 };

/* A quadratic, a start, and room to run. */
struct descent {
    struct solved_quadratic k;
    vec e_0;   /* n: the first error along each eigenvector, between 1 and 2 in size */
    vec w;     /* n: where the run is                                                */
    vec grad;  /* n: scratch                                                         */
    vec error; /* n: the error at w                                                  */
};

/* The curvatures a in random directions; other draws for another replicate. */
struct descent descent_from(struct claim *claim, uint64_t replicate, vec a);

/* N curvatures from `largest` down to largest / kappa. */
struct descent bowl(struct claim *claim, double largest, double kappa);

/* A bowl from 1 to 1/10 with the curvature `a_last` in the place of the smallest, and
 * along that axis a slope that the curvature does not account for. */
struct descent trough(struct claim *claim, double a_last, double slope);

/* A world whose minimum is the origin and whose least cost is 0, so that small costs
 * are known to full relative precision: curvatures 1, 0.8, 0.5 and 1 / kappa. */
struct descent bowl_at_origin(struct claim *claim, double kappa);

/* Back to the start; so many steps from where it is, and the error there. */
void restart(struct descent *x);
void advance(struct descent *x, double alpha, int steps);

/* The limits of the claims, and what they look at: see descents.c. */
double drift_of_rounding(const struct descent *x, double alpha, int steps,
                         double growth);
double gap_to_law(struct descent *x, double alpha, int steps);
int misfits(struct descent *x, double alpha, int side);
double predicted_cost(const struct descent *x, double alpha, int k);

#endif
