#include "alpha.h"

/* Where all errors start. */
enum { START = 1 };

/* Half of the error.  [TEST-1/2] */
double halve(double error)
{
    return error / 2;
}

/* A quarter of it. */
double halve_twice(double error) { return halve(halve(error)); }
