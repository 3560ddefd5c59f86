/* Section "How large may a branch be?" of the chapter "Depth as time". */
#include "curves.h"

#include <math.h>

/* The derivative of ln Gamma, by its asymptotic series from 10 on, which is good to
 * 1e-13 there, and psi(x) = psi(x + 1) - 1 / x below.  x > 0. */
static double digamma(double x)
{
    double below = 0;
    for (; x < 10; x++)
        below += 1 / x;
    double y = 1 / (x * x);
    return log(x) - 1 / (2 * x) -
           y * (1.0 / 12 -
                y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y / 132)))) -
           below;
}

/* E ln of a chi-square of k degrees of freedom. */
static double log_chi_square(double k) { return log(2) + digamma(k / 2); }

/* E ln of the factor by which a plain ReLU layer of n units, with weights
 * N(0, variance / n), lengthens a tangent v, wherever it is: unit by unit the change is
 * 1{z > 0} (a z + b g), of which (a z + b g)^2 does not see the sign of (z, g).  So the
 * squared length is variance / n times a chi-square of Bin(n, 1/2) degrees of freedom.
 */
static double relu_gain(int n, double variance)
{
    double sum = 0;
    for (int k = 1; k <= n; k++)
        sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)) *
               log_chi_square(k);
    return (log(variance / n) + sum) / 2;
}

/* The same for v + epsilon W v with W of N(0, 1 / n): epsilon^2 / n times a chi-square
 * of n degrees of freedom and noncentrality n / epsilon^2, which is a central one of
 * n + 2 J degrees, J of Poisson's law with mean n / (2 epsilon^2). */
static double linear_gain(int n, double epsilon)
{
    double mean = n / (2 * epsilon * epsilon), sum = 0;
    int from = (int)fmax(0, mean - 12 * sqrt(mean)),
        to = (int)(mean + 12 * sqrt(mean) + 40);
    for (int j = from; j <= to; j++)
        sum += exp(j * log(mean) - mean - lgamma(j + 1)) * log_chi_square(n + 2 * j);
    return (log(epsilon * epsilon / n) + sum) / 2;
}

/* The mean over n tangents v, each at a normal input of its own, of the logarithm of
 * the factor by which dh_T / dh_0 stretches v. */
static double log_stretch(struct arena *arena, struct rng *rng, int n,
                          struct resnet net, vec w)
{
    size_t mark = arena->used;
    mat X = arena_mat(arena, n, net.width), V = arena_mat(arena, n, net.width),
        scratch = arena_mat(arena, n, net.width);
    struct resnet_pass pass = resnet_pass_make(arena, net, n);
    double sum = 0;
    rng_normals(rng, 0, 1, entries(X));
    rng_normals(rng, 0, 1, entries(V));
    for (int i = 0; i < n; i++)
        sum -= log(norm(row(V, i)));
    resnet_forward(net, w, X, &pass);
    resnet_push(net, w, &pass, V, scratch);
    for (int i = 0; i < n; i++)
        sum += log(norm(row(V, i)));
    arena->used = mark;
    return sum / n;
}

enum { STEPS = 3, NETS = 150, TANGENTS = 4 };

/* The log-stretches of random nets, each for so many sizes of its branches; NETS of
 * them in a row for each size. */
static void sample_stretch(struct claim *claim, struct resnet net, int sizes,
                           const double *step, bool tied, double (*sample)[NETS])
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec w = arena_vec(arena, resnet_parameters(net));
    for (int r = 0; r < NETS; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        draw_layers(&rng, net, tied, w);
        for (int i = 0; i < sizes; i++) {
            net.step = step[i];
            sample[i][r] = log_stretch(arena, &rng, TANGENTS, net, w);
        }
    }
    arena->used = mark;
}

CLAIM(resnet_three_sizes, STATISTIC,
      "Linear random branches stretch a tangent by about ln(1 + epsilon^2) / 2 a layer")
{
    enum { N = 24, T = 64 };
    const double step[STEPS] = {1, 1 / sqrt(T), 1.0 / T};
    static const char *const what[] = {"1: ln of the stretch",
                                       "T^-1/2: ln of the stretch",
                                       "T^-1: ln of the stretch"};
    struct resnet net = residual(T, N, LINEAR, 1);
    double sample[STEPS][NETS];
    sample_stretch(claim, net, STEPS, step, false, sample);
    for (int i = 0; i < STEPS; i++)
        evidence(claim, what[i], mean_is(NETS, sample[i], T * linear_gain(N, step[i])));
    sample_stretch(claim, net, STEPS, step, true, sample);
    control(claim, "T^-1/2, the same weights in all",
            mean_is(NETS, sample[1], T * linear_gain(N, step[1])));
}

/* Three times the log-stretch by the first quarter of the layers less that by all:
 * minus a quarter of the latter, on average, if every layer adds the same to the
 * logarithm. */
static double bend(struct arena *arena, struct rng rng, struct resnet net, vec w)
{
    struct resnet first = net;
    first.depth = net.depth / 4;
    struct rng same = rng;
    vec of_first = {resnet_parameters(first), w.at};
    double quarter = log_stretch(arena, &rng, TANGENTS, first, of_first);
    return 3 * quarter - log_stretch(arena, &same, TANGENTS, net, w);
}

CLAIM(resnet_saturation, PHENOMENON,
      "With tanh, 64 layers add less than three times what 16 do to a tangent's ln")
{
    enum { DRAWN = 100, T = 64, N = 24 };
    struct resnet net = residual(T, N, TANH, 1), straight = residual(T, N, LINEAR, 1);
    vec w = arena_vec(claim_arena(claim), resnet_parameters(net));
    double of_tanh[DRAWN], of_linear[DRAWN];
    for (int r = 0; r < DRAWN; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        draw_layers(&rng, net, false, w);
        of_tanh[r] = bend(claim_arena(claim), rng, net, w);
        of_linear[r] = bend(claim_arena(claim), rng, straight, w);
    }
    evidence(claim, "tanh: 3 ln at 16 less ln at 64",
             effect_at_least(DRAWN, of_tanh, 0));
    control(claim, "linear: 3 ln at 16 less ln at 64",
            effect_at_least(DRAWN, of_linear, 0));
}

/* ln of the stretch by the first T layers of one net, for three variances, and the law.
 */
static void record_walks(struct claim *claim, struct resnet net)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, NETS);
    struct series s = series_begin(claim, "walks", "T", "one", "two", "four", "law_one",
                                   "law_two", "law_four", NULL);
    vec w = arena_vec(arena, resnet_parameters(net));
    int of_layer = w.n / net.depth;
    draw_layers(&rng, net, false, w);
    for (; net.depth > 0; net.depth--) {
        double values[7] = {net.depth};
        for (int i = 0; i < STEPS; i++) {
            struct rng same = claim_rng(claim, NETS + 1);
            net.step = pow(2, 0.5 * i);
            vec first = {net.depth * of_layer, w.at};
            values[1 + i] = log_stretch(arena, &same, 1, net, first);
            values[4 + i] = net.depth * relu_gain(net.width, pow(2, i));
        }
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(resnet_plain_walk, STATISTIC,
      "A plain ReLU net's tangents drift by ln(v / 2) / 2 - 5 / 4n a layer")
{
    enum { N = 48, T = 40 };
    /* A factor after a ReLU is the same as one before it: the step sets the variance.
     * That all units of a layer are off, and the logarithm infinite, has the
     * probability 2^-48 a layer. */
    const double step[STEPS] = {1, sqrt(2), 2};
    static const char *const what[] = {"variance 1: ln of the stretch",
                                       "variance 2: ln of the stretch",
                                       "variance 4: ln of the stretch"};
    double sample[STEPS][NETS];
    struct resnet net = {T, N, RELU, false, 1}, straight = {T, N, LINEAR, false, 1};
    record_walks(claim, net);
    sample_stretch(claim, net, STEPS, step, false, sample);
    for (int i = 0; i < STEPS; i++) {
        double gain = relu_gain(N, step[i] * step[i]);
        evidence(claim, what[i], mean_is(NETS, sample[i], T * gain));
    }
    for (int r = 0; r < NETS; r++)
        sample[1][r] = -sample[1][r];
    evidence(claim, "variance 2: it falls", effect_at_least(NETS, sample[1], 0));
    /* Of variance 1 this net keeps the mean square, as ReLU does of 2. */
    sample_stretch(claim, straight, 1, step, false, sample);
    control(claim, "linear, of variance 1",
            mean_is(NETS, sample[0], T * relu_gain(N, 2)));
}

SECTION(resnet_branches, &resnet_three_sizes, &resnet_saturation, &resnet_plain_walk);
