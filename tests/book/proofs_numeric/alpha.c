#include "claim.h"

CLAIM(al_rate, IDENTITY,
      "Each of k steps multiplies the error "
      "by exactly 1/2")
{
    evidence(claim, "gap", at_most(0, 1));
}

CLAIM(al_start, IDENTITY, "The first error is one")
{
    evidence(claim, "gap", at_most(0, 1));
}
