#include "ground/activation.h"

#include "ground/vector_math.h"

static const double two_over_root_pi = 1.1283791670955126;

/* Each of these takes z to phi(z) and puts phi'(z) into slope. */
static void linear(int n, real *z, real *slope)
{
    (void)z;
    fill(1, (vec){n, slope});
}

FOR_THE_VECTOR_UNIT static void relu(int n, real *restrict z, real *restrict slope)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        slope[i] = z[i] > 0 ? 1 : z[i] <= 0 ? 0 : z[i]; /* a NaN stays one */
        z[i] = z[i] < 0 ? 0 : z[i];
    }
}

FOR_THE_VECTOR_UNIT static void hyperbolic(int n, real *restrict z,
                                           real *restrict slope)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double t = tanh(z[i]);
        z[i] = t;
        slope[i] = 1 - t * t;
    }
}

FOR_THE_VECTOR_UNIT static void error_function(int n, real *restrict z,
                                               real *restrict slope)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double x = z[i];
        slope[i] = two_over_root_pi * exp(-x * x);
        z[i] = erf(x);
    }
}

/* ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), where nothing overflows; and where e^-x
 * does, the slope is 0. */
FOR_THE_VECTOR_UNIT static void softplus(int n, real *restrict z, real *restrict slope)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double x = SOFTPLUS_BETA * z[i], above = x > 0 ? x : 0;
        slope[i] = SOFTPLUS_A / (1 + exp(-x));
        z[i] = SOFTPLUS_A / SOFTPLUS_BETA * (above + log1p(exp(-fabs(x))));
    }
}

/* z := phi(z), slope := phi'(z), entry by entry, with 0 for the slope of ReLU at 0.
 * z: n; slope: n, overwritten. */
void activate(enum activation activation, vec z, vec slope)
{
    static void (*const all[])(int, real *, real *) = {[LINEAR] = linear,
                                                       [RELU] = relu,
                                                       [TANH] = hyperbolic,
                                                       [ERF] = error_function,
                                                       [SOFTPLUS] = softplus};
    REQUIRE(activation >= LINEAR && activation <= SOFTPLUS, "there is no activation %d",
            (int)activation);
    REQUIRE(slope.n == z.n, "z has %d entries, slope has %d", z.n, slope.n);
    all[activation](z.n, z.at, slope.at);
}

/* Each of these takes z to phi''(z).  That of the piecewise linear ones is 0, the kink
 * of ReLU included. */
FOR_THE_VECTOR_UNIT static void straight(int n, real *z)
{
#pragma omp simd
    for (int i = 0; i < n; i++)
        z[i] = isnan(z[i]) ? z[i] : 0; /* a NaN stays one */
}

/* phi'' = -2 phi phi'. */
FOR_THE_VECTOR_UNIT static void hyperbolic_bend(int n, real *z)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double value = tanh(z[i]);
        z[i] = -2 * value * (1 - value * value);
    }
}

/* phi'' = -2 z phi', and 0 where z is infinite. */
FOR_THE_VECTOR_UNIT static void error_bend(int n, real *z)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double x = z[i], slope = two_over_root_pi * exp(-x * x);
        z[i] = slope == 0 ? 0 : -2 * x * slope;
    }
}

/* phi'' = a beta e^-x / (1 + e^-x)^2 with x = beta z, an even function, in which e^-|x|
 * does not overflow. */
FOR_THE_VECTOR_UNIT static void softplus_bend(int n, real *z)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double tail = exp(-fabs(SOFTPLUS_BETA * z[i]));
        z[i] = SOFTPLUS_A * SOFTPLUS_BETA * tail / ((1 + tail) * (1 + tail));
    }
}

/* z := phi''(z), entry by entry. */
void activation_bend(enum activation activation, vec z)
{
    static void (*const all[])(int, real *) = {[LINEAR] = straight,
                                               [RELU] = straight,
                                               [TANH] = hyperbolic_bend,
                                               [ERF] = error_bend,
                                               [SOFTPLUS] = softplus_bend};
    REQUIRE(activation >= LINEAR && activation <= SOFTPLUS, "there is no activation %d",
            (int)activation);
    all[activation](z.n, z.at);
}
