#include "ground/activation.h"

#include "ground/vector_math.h"

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
    const double two_over_root_pi = 1.1283791670955126;
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
