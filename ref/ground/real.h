/* real.h -- the precision of what is stored.
 *
 * Vectors and matrices consist of reals: doubles, or, with `make REAL=float`, floats.
 * What is not stored is a double in either case: a scalar that is passed, a sum, the
 * constants below.  So a formula in which one of these takes part is rounded once, when
 * its value is written.  Where reals alone meet, and in BLAS, the arithmetic is theirs. */
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
