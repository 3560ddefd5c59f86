#include "STEM.h"

/* x := (1 - alpha) x.  REPLACE: by the algorithm, as the lecture states it.
 * alpha: in (0, 2).  x: n, overwritten.  [CSC2541-1/1] */
void PREFIX_step(double alpha, vec x)
{
    REQUIRE(alpha > 0 && alpha < 2, "alpha must be in (0, 2), got %g", alpha);
    scale(1 - alpha, x);
}
