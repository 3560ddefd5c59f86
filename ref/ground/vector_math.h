/* vector_math.h -- loops that call libm's functions, run by the vector unit.
 *
 * glibc has a second exp, tanh, acos, ... for 2, 4 or 8 numbers at once, good to 4
 * units in the last place.  The compiler uses them in a loop that is marked `omp simd`,
 * once they are declared so.  Elsewhere the same loops call the functions of <math.h>,
 * number by number.  [glibc manual, "Errors in Math Functions"; libmvec since 2.35] */
#ifndef REF_VECTOR_MATH_H
#define REF_VECTOR_MATH_H

#include <math.h>

#if defined __x86_64__ && defined __GLIBC__ && !defined __clang__
#if __GLIBC_PREREQ(2, 35)
#pragma omp declare simd notinbranch
double acos(double);
#pragma omp declare simd notinbranch
double cos(double);
#pragma omp declare simd notinbranch
double erf(double);
#pragma omp declare simd notinbranch
double exp(double);
#pragma omp declare simd notinbranch
double hypot(double, double);
#pragma omp declare simd notinbranch
double log(double);
#pragma omp declare simd notinbranch
double log1p(double);
#pragma omp declare simd notinbranch
double tanh(double);
#define HAS_VECTOR_MATH 1
#endif
#endif

/* A function so marked is compiled for each kind of vector unit, and the machine's own
 * is taken when the program starts.  Without a choice, the mark says nothing. */
#ifndef HAS_VECTOR_MATH
#define target_clones(...) unused
#endif
#define FOR_THE_VECTOR_UNIT __attribute__((target_clones("avx512f", "avx2", "default")))

/* A loop over a multiple of so many numbers is all vectors, whatever the unit.  What is
 * left over of another is computed otherwise, and its last bits may differ. */
enum {
    VECTOR_LANES =
#ifdef HAS_VECTOR_MATH
        8
#else
        1
#endif
};

#endif
