/* bisect.h -- where a function changes its sign, by the method that asks for nothing
 * but the sign. */
#ifndef PROOFS_BISECT_H
#define PROOFS_BISECT_H

/* Halves the way from low, where f is taken to be negative, to high, where it is taken
 * not to be, until they are neighbouring doubles, and returns high.  So f(x) is not
 * negative at the x that is returned, and is at its neighbour, unless x is an end.  low
 * may be the greater one, if f falls.  f: continuous, or monotone; called less than
 * 2200 times, and about 60 if 0 does not lie between.  Stops where f is NaN. */
double bisect(double (*f)(const void *context, double x), const void *context,
              double low, double high);

#endif
