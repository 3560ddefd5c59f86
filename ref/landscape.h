/* landscape.h -- minima, saddles and slopes of the loss of a network, where they can be
 * written down.
 *
 * Linear networks, all of whose critical points are known; two sums of ReLUs under a
 * normal input, whose distance is a sum over angles; the kernel that makes a wide layer
 * descend at a known rate; and slices, the pictures of a loss.
 * [10707-6/2-3, CS229br-5/8, IEMS402-14/3] */
#ifndef REF_LANDSCAPE_H
#define REF_LANDSCAPE_H

#include "ground/rng.h"
#include "tangent_kernel.h"

/* ---- Linear networks ------------------------------------------------------------- */

double land_linear_loss(const struct mlp *net, mat M, struct arena *scratch, vec w,
                        vec grad);
void land_linear_critical(mat U, vec s, mat V, unsigned kept, mat C, mat Z,
                          struct arena *scratch, mat W_2, mat W_1);
int land_linear_index(int outputs, int hidden, unsigned kept);

/* ---- A student and a teacher of ReLUs -------------------------------------------- */

double land_teacher_loss(mat W, mat V, struct arena *scratch, mat dW);
void land_split(mat W, int i, mat wider);
void land_splitting(mat W, mat V, int i, struct arena *scratch, mat S);

/* ---- A minimum for every piecewise linear network -------------------------------- */

enum factor_status land_affine_start(const struct mlp *net, mat X, vec a, double c,
                                     double margin, struct arena *scratch, vec w);

/* ---- Wide networks --------------------------------------------------------------- */

struct mlp land_wide_network(int inputs, int m);
void land_wide_start(const struct mlp *net, struct rng *rng, vec w);
void land_wide_gram(mat X, mat H);
double land_wide_step(const struct mlp *net, mat X, vec y, double eta,
                      struct mlp_pass *pass, struct arena *scratch, vec w);

/* ---- Pictures -------------------------------------------------------------------- */

typedef double land_loss(void *cost, vec w);

void land_like_rows(mat W, mat D);
void land_like_columns(mat W, mat D);
void land_slice(land_loss *loss, void *cost, vec w, vec d, vec e, double reach,
                struct arena *scratch, mat L);
double land_saddle_share(mat L);

#endif
