/* roads.h -- the worlds of the chapter "Gradients without storing the path", and
 * the roads to a gradient in them. */
#ifndef PROOFS_ROADS_H
#define PROOFS_ROADS_H

#include "ground/claim.h"
#include "neural_ode.h"

/* Twelve digits, or what a float can be asked for. */
static const double TOLERANCE = REAL_EPSILON < 1e-13 ? 1e-12 : 16 * REAL_EPSILON;
static const double T = 1;

/* A field, a start, and a loss that looks at the state once or more often, at times up
 * to T: L = 1/2 sum_j ||z(j T / looks) - y||^2, j = 1, ..., looks. */
struct world {
    struct neural_ode f;
    struct network_field field;
    vec theta;    /* P: the parameters of the field                    */
    vec z_0, y;   /* n                                                 */
    vec a, g;     /* n, P: the gradient by z_0 and theta               */
    int looks;    /* 1, but where a claim sets it                      */
    double steep; /* no two states separate faster than by e^(steep t) */
};

/* A world with room for n states and P parameters, and nothing in it yet. */
struct world *empty_world(struct claim *claim, int n, int P);

/* A tanh network 2 - 5 - 2 on a batch of two; since |tanh'| <= 1, no two states
 * separate faster than by the product of the norms of its weights. */
struct world *network_world(struct claim *claim, uint64_t replicate);

/* Three states and as many parameters in a ring, and a field that depends on t. */
struct world *ring_world(struct claim *claim, uint64_t replicate);

/* What differences, and the solvers' tolerances, may leave.  Differences over h =
 * eps^(1/5) err by h^4 / 30 of the fifth derivative, here at most some hundreds, and by
 * 100 roundings over h: 300 eps^(4/5), 1e-10.  A solver errs by TOLERANCE in each of at
 * most 100 steps, forward and backward, and e^steep grows both. */
double gradient_limit(const struct world *w);

/* w->a and w->g by the adjoint, of f, which may be w->f with a fault. */
void by_adjoint(struct claim *claim, struct world *w, struct neural_ode *f);

/* The largest difference between two gradients. */
double largest_gap(struct claim *claim, vec x, vec y);

enum fault { NO_FAULT, PLUS_SIGN, BY_Z, FROZEN };

/* A field whose pull is wrong. */
struct faulty {
    struct neural_ode f; /* the right one                             */
    enum fault fault;
    vec z_1; /* n: where a frozen field looks, and not at z */
};

/* The field as the adjoint sees it. */
struct neural_ode with_fault(struct faulty *x);

/* a, g by backpropagation through so many steps. */
void by_backprop(struct claim *claim, struct world *w, struct neural_ode *f,
                 const struct ode_tableau *method, int steps, vec a, vec g);

/* a, g by backpropagation through the steps that the solver chooses for TOLERANCE. */
void by_chosen_steps(struct claim *claim, const struct world *w,
                     const struct neural_ode *f, vec a, vec g);

/* a, g by the adjoint equation of f, solved by so many steps forward and back. */
void by_steps(struct claim *claim, struct world *w, struct neural_ode *f,
              const struct ode_tableau *method, int steps, vec a, vec g);

/* A road to the gradient: backpropagation through the steps of a method, or the adjoint
 * equation solved by them, of a ring with this fault. */
struct road {
    const struct ode_tableau *method;
    int order, fewest; /* steps; then twice as many, four times, ... */
    bool backprop;
    enum fault fault;
};

/* Over sixteen rings, the error of a road is as h to the order of its method.  The next
 * term is of relative size (p + 1) steep h at most, and steep is 2 at most.  A factor
 * 1 + c h, over four doublings from the coarsest h, moves the slope of the fit by
 * c h / 3. */
struct finding has_its_order(struct claim *claim, struct road road);

static const struct road euler = {.method = &ode_euler, .order = 1, .fewest = 32},
                         midpoint = {.method = &ode_midpoint, .order = 2, .fewest = 32},
                         classical = {.method = &ode_rk4, .order = 4, .fewest = 16};

/* The same road with a fault. */
struct road wrong_by(struct road road, enum fault fault);

/* Of one entry, dz/dt = -k z; of two a turn, dz/dt = k (z_2, -z_1). */
void decay(void *k, double t, vec z, vec dz);
void turn(void *k, double t, vec z, vec dz);

/* dz/dt = z^3 A, A = [-0.1, 2; -2, -0.1]. */
void spiral(void *context, double t, vec z, vec dz);

#endif
