#include "points.h"

#include <math.h>

struct planted planted_points(struct claim *claim, int replicate, double spread)
{
    struct rng rng = claim_rng(claim, replicate);
    return planted_make(claim_arena(claim), &rng, N, D, GAMMA, spread);
}

double apart(vec x, vec y)
{
    double sum = 0;
    for (int j = 0; j < x.n; j++)
        sum += pow(x.at[j] - y.at[j], 2);
    return sqrt(sum);
}

/* The chord between the unit vectors is 2 sin(angle / 2), their sum 2 cos(angle / 2).
 */
double angle(vec x, vec y)
{
    double chord = 0, sum = 0;
    for (int j = 0; j < x.n; j++) {
        double a = x.at[j] / norm(x), b = y.at[j] / norm(y);
        chord += pow(a - b, 2);
        sum += pow(a + b, 2);
    }
    return 2 * atan2(sqrt(chord), sqrt(sum));
}
