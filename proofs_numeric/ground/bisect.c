#include "ground/bisect.h"

#include "ground/arena.h"

#include <math.h>
#include <stdbool.h>

double bisect(double (*f)(const void *context, double x), const void *context,
              double low, double high)
{
    REQUIRE(isfinite(low) && isfinite(high), "the ends must be finite, got %g and %g",
            low, high);
    for (;;) {
        double middle = low / 2 + high / 2; /* low + high may overflow */
        if (middle == low || middle == high)
            return high;
        double value = f(context, middle);
        REQUIRE(!isnan(value), "the function is NaN at %.17g", middle);
        if (value < 0)
            low = middle;
        else
            high = middle;
    }
}
