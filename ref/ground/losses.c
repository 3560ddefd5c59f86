#include "ground/losses.h"

#include "ground/dense_shape.h"

#include <math.h>

static void check_batch(mat T, mat F, mat G)
{
    REQUIRE(F.rows > 0, "a mean over the examples needs one, F has no rows");
    REQUIRE_SHAPE(T, F.rows, F.cols);
    REQUIRE_SHAPE(G, F.rows, F.cols);
}

/* E = 1/2n ||F - T||^2, G = (F - T) / n.
 * [CSC2541-1/25; IEMS402-14/16, with the square that the slide leaves out] */
double square_loss(mat T, mat F, mat G)
{
    check_batch(T, F, G);
    vec g = entries(G);
    copy(entries(F), g);
    axpy(-1, entries(T), g);
    double E = dot(g, g) / (2.0 * F.rows);
    scale(1.0 / F.rows, g);
    return E;
}

/* E = 1/n sum of ln(1 + exp(-t f)), t = 1 or -1; both tails without overflow, as
 * ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|). */
double logistic_loss(mat T, mat F, mat G)
{
    check_batch(T, F, G);
    double E = 0;
    for (int i = 0; i < F.rows * F.cols; i++) {
        double t = T.at[i], x = -t * F.at[i], small = exp(-fabs(x));
        E += (x < 0 ? 0 : x) + log1p(small);
        G.at[i] = -t * (x < 0 ? small : 1) / (1 + small) / F.rows;
    }
    return E / F.rows;
}

/* p := softmax of f, p_k = exp(f_k) / sum of exp(f); returns ln of that sum.  The
 * largest exponent is taken out, so that nothing overflows.  f: n, read; p: n. */
static double softmax(vec f, vec p)
{
    double most = -INFINITY, sum = 0;
    for (int k = 0; k < f.n; k++)
        if (!(f.at[k] <= most)) /* a NaN becomes the most, and ends in the sum */
            most = f.at[k];
    for (int k = 0; k < f.n; k++) {
        double share = exp(f.at[k] - most);
        p.at[k] = share;
        sum += share;
    }
    scale(1 / sum, p);
    return most + log(sum);
}

/* Cross-entropy: E = 1/n sum over the examples of -<t, ln softmax(f)>, where t holds
 * probabilities, or is 1 at the class and 0 elsewhere; G = (softmax(f) - t) / n. */
double softmax_loss(mat T, mat F, mat G)
{
    check_batch(T, F, G);
    double E = 0;
    for (int i = 0; i < F.rows; i++) {
        vec t = row(T, i), f = row(F, i), g = row(G, i);
        double all = softmax(f, g);
        for (int k = 0; k < f.n; k++)
            E += t.at[k] * (all - f.at[k]);
        axpy(-1, t, g);
    }
    scale(1.0 / F.rows, entries(G));
    return E / F.rows;
}

/* E = ln of the mean of exp(-t f), t = 1 or -1, for one output: its gradient, -t times
 * a softmax, is that of the exponential loss divided by that loss.  F: n x 1.
 * [CS229br-5/7, "Training dynamics"] */
double exponential_loss(mat T, mat F, mat G)
{
    check_batch(T, F, G);
    REQUIRE(F.cols == 1, "one output for an example, F has %d columns", F.cols);
    for (int i = 0; i < F.rows; i++)
        G.at[i] = -T.at[i] * F.at[i];
    double E = softmax(entries(G), entries(G)) - log(F.rows);
    for (int i = 0; i < F.rows; i++)
        G.at[i] *= -T.at[i];
    return E;
}

/* The column of the largest entry, the first if there are several; -1 if one is NaN. */
static int largest(vec f)
{
    int at = 0;
    for (int k = 0; k < f.n; k++) {
        if (isnan(f.at[k]))
            return -1;
        if (f.at[k] > f.at[at])
            at = k;
    }
    return at;
}

/* The share of the examples whose largest output is not where the largest target is, or
 * of those whose one output has not the sign of the target, 0 counting as wrong.  T, F:
 * n x k, read.  NaN if an output is. */
double error_rate(mat T, mat F)
{
    check_batch(T, F, F);
    int wrong = 0;
    for (int i = 0; i < F.rows; i++) {
        vec t = row(T, i), f = row(F, i);
        int answer = largest(f);
        if (answer < 0)
            return NAN;
        wrong += F.cols == 1 ? !(t.at[0] * f.at[0] > 0) : answer != largest(t);
    }
    return (double)wrong / F.rows;
}
