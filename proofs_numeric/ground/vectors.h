/* vectors.h -- how far two vectors lie apart, by plain sums, which share nothing with
 * ref/ground/dense. */
#ifndef PROOFS_VECTORS_H
#define PROOFS_VECTORS_H

#include "ground/dense.h"

/* ||x - y||, in any units; and the angle between x and y in radians, small ones too.
 * NaN if either vector has one. */
double distance(vec x, vec y);
double angle(vec x, vec y);

/* The entries of x as doubles, in the arena: for what knows no other numbers. */
double *in_double(struct arena *arena, vec x);

#endif
