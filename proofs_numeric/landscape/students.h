/* students.h -- k neurons that are to learn k orthonormal ones, in doubles and in
 * balls.
 *
 * The symmetric start has k - 1 rows that lean on their own axis and one that points
 * away from all: descent keeps the symmetry, and ends where all but one neuron have
 * found a teacher, and the last one none. */
#ifndef PROOFS_LANDSCAPE_STUDENTS_H
#define PROOFS_LANDSCAPE_STUDENTS_H

#include "ground/certain.h"
#include "ground/claim.h"
#include "ground/optimizers.h"
#include "landscape.h"

enum { STUDENT_INPUTS = 12 };

struct student {
    mat W, V, dW; /* neurons x k, k x k, neurons x k */
    struct arena *arena;
};

/* With W the symmetric start if there are k neurons, or else 0. */
struct student student_make(struct arena *arena, int neurons, int k);

/* W := the symmetric critical point, by descent that is kept symmetric, so that it does
 * not leave a saddle; returns the loss there. */
double student_settle(struct student *x);

/* Descent with momentum, until the gradient is shorter than `small` or the loss lower
 * than `low`, for so many steps at most; returns the loss. */
double student_descend(struct student *x, double small, double low, int steps);

void student_gradient(void *student, vec w, vec grad); /* a gradient_of */

/* The same in balls, for neurons x k unknowns x, row by row: the gradient, and the
 * second derivatives unless NULL is asked for.  shape: two ints, the neurons and k. */
void student_map(void *shape, const ball *x, ball *gradient, ball *second);
ball student_loss(const int *shape, const ball *x);

/* x := balls of that radius about the numbers W + shift. */
void student_box(struct balls *in, mat W, double shift, double radius, ball *x);

#endif
