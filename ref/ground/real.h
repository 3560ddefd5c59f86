/* real.h -- the precision of what is stored.
 *
 * Vectors and matrices consist of reals: doubles, or, with `make REAL=float`, floats.
 * What is not stored is a double in either case: a scalar that is passed, a sum, the
 * constants below.  So a formula in which one of these takes part is rounded once, when
 * its value is written.  Where reals alone meet, and in BLAS, the arithmetic is theirs.
 */
#ifndef REF_REAL_H
#define REF_REAL_H

#include <float.h>

#ifndef REAL
#define REAL double /* `make REAL=float` says otherwise */
#endif
typedef REAL real;

#define IS_DOUBLE     (sizeof(real) == sizeof(double))
#define REAL_EPSILON  (IS_DOUBLE ? DBL_EPSILON : (double)FLT_EPSILON)
#define REAL_MIN      (IS_DOUBLE ? DBL_MIN : (double)FLT_MIN)
#define REAL_TRUE_MIN (IS_DOUBLE ? DBL_TRUE_MIN : (double)FLT_TRUE_MIN)
#define REAL_MAX      (IS_DOUBLE ? DBL_MAX : (double)FLT_MAX)

#endif
