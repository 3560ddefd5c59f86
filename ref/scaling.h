/* scaling.h -- steps that fit the size and the shape of what they move.
 *
 * A network is trained layer by layer, W_l := W_l - alpha r_l D_l, and two things are
 * to be chosen.  The factors r_l decide whether a learning rate alpha that is good for
 * one width is good for another.  The directions D_l decide what a step is steepest in:
 * each norm of matrices has its own, D with ||D|| <= 1 and <G, D> = ||G||_*, the dual
 * norm, where G is the gradient; and Newton-Schulz is how one of these is approximated
 * by products of matrices alone.  Networks here have no biases.  [IEMS402-14/9, 15] */
#ifndef REF_SCALING_H
#define REF_SCALING_H

#include "ground/optimizers.h"
#include "ground/rng.h"
#include "mlp.h"

/* ---- A rate for each layer --------------------------------------------------------
 */

/* What the direction of a step is made of: the gradient, its signs (as for Adam), or
 * its singular vectors (as for Muon). */
enum scal_rule { BY_GRADIENT, BY_SIGN, BY_SPECTRUM };

double scal_rate(enum scal_rule rule, const struct mlp *net, const struct mlp *base,
                 int l);
void scal_draw(const struct mlp *net, const struct mlp *base, struct rng *rng, vec w);

struct scal_layers {
    const struct mlp *net;
    struct optimizer by[MLP_DEPTH]; /* what moves layer l                    */
    double rate[MLP_DEPTH];         /* r_l > 0, which multiplies the rate there */
};

void scal_layers_step(struct scal_layers *layers, double alpha, vec grad, vec w);
struct optimizer scal_by_layers(struct scal_layers *layers);

/* ---- Steepest in a norm -----------------------------------------------------------
 */

/* A norm of matrices, and its dual. */
enum scal_norm {
    ENTRY_SUM,     /* sum of |D_ij|; the largest |G_ij|              */
    ENTRY_LARGEST, /* the largest |D_ij|; sum of |G_ij|              */
    FROBENIUS,     /* root of the sum of D_ij^2; itself              */
    SPECTRAL,      /* the largest singular value; their sum          */
    NUCLEAR        /* the sum of the singular values; the largest    */
};

enum factor_status scal_direction(enum scal_norm norm, mat G, struct arena *scratch,
                                  mat D);
enum factor_status scal_steepest_step(enum scal_norm norm, double alpha, mat G,
                                      struct arena *scratch, mat W);

/* ---- Singular values without their vectors ----------------------------------------
 */

/* The odd polynomial a x + b x^3 + c x^5. */
struct scal_odd {
    double a, b, c;
};

struct scal_odd scal_classical(void);
struct scal_odd scal_muon(void);
void scal_newton_schulz(struct scal_odd p, int steps, struct arena *scratch, mat X);

#endif
