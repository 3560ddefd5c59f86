/* real.h -- the precision of what is stored.
 *
 * Vectors and matrices consist of reals: doubles, or, with `make REAL=float`, floats,
 * of which twice as many fit into memory, a register and a second.  What is not stored
 * is a double in either case: a scalar that is passed, a sum, what a formula has
 * between what it reads and what it writes.  So an entry is rounded once, when it is
 * written; only BLAS, which is asked for its speed, adds in the precision of the
 * entries. */
#ifndef REF_REAL_H
#define REF_REAL_H

#include <float.h>

#ifdef SINGLE_PRECISION
typedef float real;
#define REAL_EPSILON  ((double)FLT_EPSILON)
#define REAL_MIN      ((double)FLT_MIN)
#define REAL_TRUE_MIN ((double)FLT_TRUE_MIN)
#define REAL_MAX      ((double)FLT_MAX)
#else
typedef double real;
#define REAL_EPSILON  DBL_EPSILON
#define REAL_MIN      DBL_MIN
#define REAL_TRUE_MIN DBL_TRUE_MIN
#define REAL_MAX      DBL_MAX
#endif

#endif
