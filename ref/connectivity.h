/* connectivity.h -- how the minima of a network hang together.
 *
 * What may be done to the weights without changing the network: its hidden units may
 * change places, and those of ReLU may trade length between the weights that come in
 * and those that go out.  How one goes from one minimum to another: straight, along a
 * bent curve that is trained, after the units have been matched, or by dropping half of
 * them.  Hidden layer l, 0 < l < L, is what H_l holds: its units have the rows of
 * W_{l-1} as weights that come in, with their entries of b_{l-1}, and the columns of
 * W_l as weights that go out.  [10707-6/4, 29; CS229br-5/18] */
#ifndef REF_CONNECTIVITY_H
#define REF_CONNECTIVITY_H

#include "ground/factor.h"
#include "ground/optimizers.h"
#include "mlp.h"

/* ---- What leaves the network as it is -------------------------------------------- */

void conn_permute(const struct mlp *net, int l, const int *order, struct arena *scratch,
                  vec w);
void conn_rescale(const struct mlp *net, int l, int j, double c, vec w);
enum factor_status conn_slide(const struct mlp *net, mat X, mat T, int corrections,
                              struct arena *scratch, vec d, vec w);

/* ---- Ways from one network to another -------------------------------------------- */

void conn_line(vec a, vec b, double t, vec w);
void conn_bezier(vec a, vec m, vec b, double t, vec w);
void conn_polyline(mat corners, double t, vec w);

/* What is lost on a curve from a to b, as a cost of its middle m: the mean of a cost
 * over t, which is drawn. */
struct conn_bend {
    gradient_of *gradient; /* of the cost of a network */
    void *cost;            /* for that                 */
    vec a, b;              /* P: the ends, which stay  */
    vec at;                /* P: the network last seen */
    struct rng rng;        /* where t comes from       */
};

struct conn_bend conn_bend_make(struct arena *arena, gradient_of *gradient, void *cost,
                                vec a, vec b, struct rng rng);
void conn_bend_gradient(void *bend, vec m, vec grad);

/* ---- Which unit is which --------------------------------------------------------- */

bool conn_assign(mat C, struct arena *scratch, int *match);
bool conn_match(const struct mlp *net, vec a, int sweeps, struct arena *scratch, vec b);

/* ---- Networks of which half is dropped ------------------------------------------- */

void conn_drop(const struct mlp *net, int l, const bool *kept, vec w);
enum factor_status conn_refit(const struct mlp *net, mat X, mat T, const bool *kept,
                              struct arena *scratch, vec w);
void conn_corners(const struct mlp *net, vec a, vec a_half, vec b_half, vec b,
                  const bool *kept, mat corners);

/* ---- Layers put back ------------------------------------------------------------- */

void conn_reset(const struct mlp *net, int l, vec from, vec w);

#endif
