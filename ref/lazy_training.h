/* lazy_training.h -- when a network trains as its linearization would.
 *
 * A problem is a map h from the weights of a network to its outputs on n examples, and
 * a risk R(h) = 1/2 ||h - y||^2 of these.  Training descends on
 *
 *     F_alpha(w) = R(alpha h(w)) / alpha^2,   alpha > 0,
 *
 * which is ordinary training where alpha = 1.  The same descent on the linearization
 * h(w_0) + Dh(w_0) (w - w_0) is what lazy training stays close to.  Norms: Euclidean
 * for vectors; Frobenius for Dh, n x P; and the largest change of Dh along a unit
 * vector, sup ||D^2h[u]||, for D^2h.  [IEMS402-14/5-12; Chizat, Oyallon, Bach 2019] */
#ifndef REF_LAZY_TRAINING_H
#define REF_LAZY_TRAINING_H

#include "ground/factor.h"
#include "ground/rng.h"
#include "mlp.h"

/* ---- The problem ----------------------------------------------------------------- */

struct lazy_problem {
    struct mlp net;       /* f, of one output, with P parameters      */
    mat X;                /* n x d: an example in each row            */
    vec y;                /* n: the targets                           */
    vec offset;           /* n: h(w) = f(w; X) - offset               */
    mat residual;         /* n x 1: alpha h - y of the last gradient  */
    struct mlp_pass pass; /* what the last forward pass left behind   */
};

struct lazy_problem lazy_make(struct arena *arena, const struct mlp *net, mat X, vec y);
void lazy_center(struct lazy_problem *p, vec w_0);
void lazy_output(struct lazy_problem *p, vec w, vec h);
double lazy_gradient(struct lazy_problem *p, double alpha, vec w, vec grad);
void lazy_step(struct lazy_problem *p, double alpha, double eta, vec w, vec grad);

/* ---- Its linearization ----------------------------------------------------------- */

/* h(w_0) + J v, where v = w - w_0 is the displacement. */
struct lazy_linear {
    vec h_0; /* n: h(w_0)      */
    mat J;   /* n x P: Dh(w_0) */
};

void lazy_jacobian(struct lazy_problem *p, vec w, struct arena *scratch, mat J);
struct lazy_linear lazy_linearize(struct arena *arena, struct lazy_problem *p, vec w_0);
void lazy_linear_output(const struct lazy_linear *line, vec v, vec h);
void lazy_linear_step(const struct lazy_linear *line, vec y, double alpha, double eta,
                      vec v, vec h);

/* ---- How fast the differential changes ------------------------------------------- */

void lazy_directional(struct lazy_problem *p, vec w, vec u, struct arena *scratch,
                      mat D);
double lazy_curvature(struct lazy_problem *p, vec w, int iterations,
                      struct arena *scratch, vec u);
double lazy_kappa(struct lazy_problem *p, vec w, int iterations, struct arena *scratch,
                  vec u);

/* ---- Where training starts ------------------------------------------------------- */

/* The deviation of the weights of a layer with n inputs: 1 / sqrt(n) in every layer, or
 * 1 / n in the last. */
enum lazy_start { STANDARD_START, MAXIMAL_UPDATE };

void lazy_draw(const struct mlp *net, enum lazy_start start, struct rng *rng, vec w);
void lazy_pair(const struct mlp *net, vec w);
void lazy_rescale(const struct mlp *net, double c, vec w);

#endif
