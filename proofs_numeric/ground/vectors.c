#include "ground/vectors.h"

#include <math.h>

double distance(vec x, vec y)
{
    double length = 0;
    for (int i = 0; i < x.n; i++)
        length = hypot(length, (double)x.at[i] - y.at[i]);
    return length;
}

static double length_of(vec x)
{
    double length = 0;
    for (int i = 0; i < x.n; i++)
        length = hypot(length, x.at[i]);
    return length;
}

/* The chord between the unit vectors is 2 sin(angle / 2), their sum 2 cos(angle / 2).
 */
double angle(vec x, vec y)
{
    double chord = 0, sum = 0, x_length = length_of(x), y_length = length_of(y);
    for (int i = 0; i < x.n; i++) {
        double a = x.at[i] / x_length, b = y.at[i] / y_length;
        chord = hypot(chord, a - b);
        sum = hypot(sum, a + b);
    }
    return 2 * atan2(chord, sum);
}

double *in_double(struct arena *arena, vec x)
{
    double *at = arena_bytes(arena, (size_t)x.n * sizeof *at);
    for (int i = 0; i < x.n; i++)
        at[i] = x.at[i];
    return at;
}
