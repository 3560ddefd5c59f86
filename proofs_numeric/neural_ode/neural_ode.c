/* Chapter "Gradients without storing the path": its claims.
 *
 * Gradients of a loss of the last state come by four roads: the adjoint equation, that
 * of the book; backpropagation through the steps; differences of the loss; and CVODES.
 * Where the adjoint could be wrong, a field with that fault is put in its place. */
#include "ground/claim.h"

extern section a_solver, what_is_carried_backward, the_old_road, memory, the_way_back,
    what_can_be_learnt;

CHAPTER_OF(neural_ode, a_solver, what_is_carried_backward, the_old_road, memory,
           the_way_back, what_can_be_learnt)
