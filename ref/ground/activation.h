/* activation.h -- the nonlinearities of the book's networks, with their first and
 * second derivatives. */
#ifndef REF_ACTIVATION_H
#define REF_ACTIVATION_H

#include "ground/dense.h"

enum activation { LINEAR, RELU, TANH, ERF, SOFTPLUS };

/* The softplus of the book, (a / beta) ln(1 + e^(beta z)): its second moment under
 * z ~ N(0, 1) is 1.  [Columbia-13/16, "Feature versus lazy: notation"] */
#define SOFTPLUS_BETA 5.0
#define SOFTPLUS_A    1.404383

void activate(enum activation activation, vec z, vec slope);
void activation_bend(enum activation activation, vec z);

#endif
