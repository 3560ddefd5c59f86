/* mlp.c -- claims: derivatives of the network, and what a scaling does to a step. */
#include "mlp.h"
#include "ground/claim.h"

#include <complex.h>
#include <math.h>

enum { EXAMPLES = 6, DEPTH = 4 };

/* A network of 4 layers with biases and a batch that has gone through it. */
struct world {
    struct mlp net;
    struct mlp_pass pass;
    vec w;  /* P                          */
    mat X;  /* EXAMPLES x 5               */
    mat G;  /* EXAMPLES x 2: some dE/dF   */
    vec dw; /* P: a direction, normal     */
};

static struct world world_make(struct claim *claim, int replicate,
                               enum activation activation)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct world s = {
        .net = mlp_make(DEPTH, (int[]){5, 11, 9, 7, 2}, activation, TANGENT, true)};
    int P = mlp_parameters(&s.net);
    s.pass = mlp_pass_make(arena, &s.net, EXAMPLES);
    s.w = arena_vec(arena, P);
    s.dw = arena_vec(arena, P);
    s.X = arena_mat(arena, EXAMPLES, 5);
    s.G = arena_mat(arena, EXAMPLES, 2);
    rng_normals(&rng, 0, 1, s.w);
    rng_normals(&rng, 0, 1, s.dw);
    rng_normals(&rng, 0, 1, entries(s.X));
    rng_normals(&rng, 0, 1, entries(s.G));
    mlp_forward(&s.net, s.w, s.X, &s.pass);
    return s;
}

/* ---- Backpropagation ----------------------------------------------------------------
 */

static double complex activation_at(enum activation activation, double complex z)
{
    switch (activation) {
    case LINEAR:
        return z;
    case RELU:
        return creal(z) > 0 ? z : 0;
    case TANH:
        return ctanh(z);
    case SOFTPLUS:
        return SOFTPLUS_A / SOFTPLUS_BETA * clog(1 + cexp(SOFTPLUS_BETA * z));
    default:
        return NAN;
    }
}

/* sum_ik G_ik F_ik at w + i h dw, summed as the formula stands, number by number. */
static double complex objective(const struct world *s, double h)
{
    double complex sum = 0;
    for (int e = 0; e < EXAMPLES; e++) {
        double complex x[11], z[11];
        for (int j = 0; j < 5; j++)
            x[j] = s->X.at[5 * e + j];
        for (int l = 0, at = 0; l < DEPTH; l++) {
            int in = s->net.width[l], out = s->net.width[l + 1];
            const double *W = s->w.at + at, *V = s->dw.at + at;
            const double *b = W + in * out, *c = V + in * out;
            for (int i = 0; i < out; i++) {
                z[i] = b[i] + I * h * c[i];
                for (int j = 0; j < in; j++)
                    z[i] += (W[i * in + j] + I * h * V[i * in + j]) * x[j] / sqrt(in);
            }
            for (int i = 0; i < out; i++)
                x[i] = l < DEPTH - 1 ? activation_at(s->net.activation, z[i]) : z[i];
            at += (in + 1) * out;
        }
        sum += s->G.at[2 * e] * x[0] + s->G.at[2 * e + 1] * x[1];
    }
    return sum;
}

/* |<grad, dw> - the derivative by a complex step| for the gradient by backpropagation.
 */
static double backpropagation_error(struct claim *claim, struct world *s)
{
    vec grad = arena_vec(claim_arena(claim), s->w.n);
    mlp_backward(&s->net, s->w, s->G, &s->pass);
    mlp_gradient(&s->net, &s->pass, grad);
    return fabs(dot(grad, s->dw) - cimag(objective(s, 1e-30)) / 1e-30);
}

CLAIM(mlp_backpropagation, IDENTITY,
      "One pass back gives the derivative by every parameter at once")
{
    const enum activation kinds[] = {LINEAR, RELU, TANH, SOFTPLUS};
    double error = 0, stale = INFINITY;
    for (int kind = 0; kind < 4; kind++) {
        struct world s = world_make(claim, kind, kinds[kind]);
        error = worst(error, backpropagation_error(claim, &s));
        scale(1.01, s.w);
        stale = fmin(stale, backpropagation_error(claim, &s));
    }
    /* Each of the outputs, and so each of the P parts of the product, comes out of 4
     * layers of sums of 11 terms; the direction's P parts are of order 1. */
    struct world s = world_make(claim, 0, LINEAR);
    double limit = rounding(DEPTH * 11, sqrt(s.w.n) * EXAMPLES);
    evidence(claim, "<grad, v> less a complex step", at_most(error, limit));
    control(claim, "forward at w, backward at 1.01 w", at_most(stale, limit));
}

/* <G, J v> by mlp_jvp on the weights as they are, less <J'G, v> of the pass. */
static double transposition_error(struct claim *claim, struct world *s)
{
    struct arena *arena = claim_arena(claim);
    mat dF = arena_mat(arena, EXAMPLES, 2);
    vec grad = arena_vec(arena, s->w.n);
    mlp_backward(&s->net, s->w, s->G, &s->pass);
    mlp_gradient(&s->net, &s->pass, grad);
    scale(1 / norm(s->dw), s->dw);
    mlp_forward(&s->net, s->w, s->X, &s->pass);
    mlp_jvp(&s->net, s->w, s->dw, (mat){0}, &s->pass, arena, dF);
    return fabs(dot(entries(s->G), entries(dF)) - dot(grad, s->dw));
}

CLAIM(mlp_transpose, IDENTITY,
      "Forward with a direction and backward with a weighting are one matrix and its "
      "transpose")
{
    double error = 0, stale = INFINITY;
    for (int kind = LINEAR; kind <= SOFTPLUS; kind++) {
        struct world s = world_make(claim, kind, (enum activation)kind);
        error = worst(error, transposition_error(claim, &s));
        scale(1.01, s.w);
        stale = fmin(stale, transposition_error(claim, &s));
    }
    double limit = rounding(DEPTH * 11, EXAMPLES * 2); /* |v| = 1, G of order 1 */
    evidence(claim, "<G, Jv> - <J'G, v>", at_most(error, limit));
    control(claim, "J' of a pass at other weights", at_most(stale, limit));
}

/* ---- The kernel without the Jacobian ------------------------------------------------
 */

/* K - JJ' at its largest, and the largest entry of K; where `weights_alone` is set, the
 * columns of J that belong to biases are left out. */
static double kernel_error(struct claim *claim, int kind, bool weights_alone,
                           double *size)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, kind);
    struct mlp net =
        mlp_make(3, (int[]){5, 20, 15, 1}, (enum activation)kind, TANGENT, true);
    vec w = arena_vec(arena, mlp_parameters(&net));
    mat X = arena_mat(arena, EXAMPLES, 5), ones = arena_mat(arena, EXAMPLES, 1);
    mat J = arena_mat(arena, EXAMPLES, w.n), K = arena_mat(arena, EXAMPLES, EXAMPLES);
    struct mlp_pass pass = mlp_pass_make(arena, &net, EXAMPLES);
    rng_normals(&rng, 0, 1, w);
    rng_normals(&rng, 0, 1, entries(X));
    fill(1, entries(ones));
    mlp_forward(&net, w, X, &pass);
    mlp_jacobian(&net, w, &pass, arena, J);
    for (int i = 0; weights_alone && i < EXAMPLES; i++)
        for (int l = 0; l < net.depth; l++)
            fill(0, mlp_biases(&net, row(J, i), l));
    mlp_backward(&net, w, ones, &pass);
    mlp_kernel(&net, &pass, &pass, arena, K);
    *size = worst(*size, max_norm(entries(K)));
    double error = 0;
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0; j < EXAMPLES; j++) {
            double inner = 0;
            for (int p = 0; p < w.n; p++)
                inner += row(J, i).at[p] * row(J, j).at[p];
            error = worst(error, fabs(K.at[i * EXAMPLES + j] - inner));
        }
    return error;
}

CLAIM(mlp_tangent_kernel, IDENTITY,
      "The inner products of all gradients come from one small product a layer, and no "
      "gradient")
{
    double error = 0, partial = INFINITY, size = 0;
    for (int kind = LINEAR; kind <= SOFTPLUS; kind++) {
        error = worst(error, kernel_error(claim, kind, false, &size));
        partial = fmin(partial, kernel_error(claim, kind, true, &size));
    }
    /* Sums of at most P = 20 * 6 + 15 * 21 + 16 products, whose partial sums are no
     * larger than the largest entry, by Cauchy and Schwarz. */
    double limit = rounding(20 * 6 + 15 * 21 + 16, size);
    evidence(claim, "K less the products of rows of J", at_most(error, limit));
    control(claim, "the biases left out of J", at_most(partial, limit));
}

/* ---- Homogeneity --------------------------------------------------------------------
 */

/* max_i |<df(x_i)/dw, w> - L f(x_i)| for a network without biases. */
static double euler_error(struct claim *claim, enum activation activation)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net =
        mlp_make(DEPTH, (int[]){5, 30, 20, 10, 1}, activation, TANGENT, false);
    vec w = arena_vec(arena, mlp_parameters(&net)), Jw = arena_vec(arena, EXAMPLES);
    mat X = arena_mat(arena, EXAMPLES, 5), J = arena_mat(arena, EXAMPLES, w.n);
    struct mlp_pass pass = mlp_pass_make(arena, &net, EXAMPLES);
    rng_normals(&rng, 0, 1, w);
    rng_normals(&rng, 0, 1, entries(X));
    mlp_forward(&net, w, X, &pass);
    mlp_jacobian(&net, w, &pass, arena, J);
    gemv(1, J, w, 0, Jw);
    axpy(-DEPTH, entries(pass.H[DEPTH]), Jw);
    return max_norm(Jw);
}

CLAIM(mlp_euler, IDENTITY,
      "A ReLU network of L layers without biases is homogeneous of degree L in its "
      "parameters: <df/dw, w> = L f")
{
    /* P = 950 products, each at most |w|^2 / n in size and of order 1 in sum. */
    double limit = rounding(950, DEPTH);
    evidence(claim, "<df/dw, w> - L f, ReLU", at_most(euler_error(claim, RELU), limit));
    control(claim, "tanh", at_most(euler_error(claim, TANH), limit));
}

/* ---- Scalings -----------------------------------------------------------------------
 */

/* |df/dw|^2 of a two-layer ReLU network at an input with |x|^2 = d: by how much, per
 * unit of learning rate, the output follows its own gradient. */
static double sensitivity(struct arena *arena, struct rng *rng, int m,
                          enum scaling scaling)
{
    enum { d = 8 };
    size_t mark = arena->used;
    struct mlp net = mlp_make(2, (int[]){d, m, 1}, RELU, scaling, false);
    vec w = arena_vec(arena, mlp_parameters(&net));
    mat X = arena_mat(arena, 1, d), one = arena_mat(arena, 1, 1);
    mat K = arena_mat(arena, 1, 1);
    struct mlp_pass pass = mlp_pass_make(arena, &net, 1);
    fill(1, entries(X));
    fill(1, entries(one));
    for (int l = 0; l < 2; l++)
        rng_normals(rng, 0, scaling == STANDARD ? 1 / sqrt(net.width[l]) : 1,
                    entries(mlp_weights(&net, w, l)));
    mlp_forward(&net, w, X, &pass);
    mlp_backward(&net, w, one, &pass);
    mlp_kernel(&net, &pass, &pass, arena, K);
    arena->used = mark;
    return K.at[0];
}

/* Its expectation: half of all units are on, and E z^2 = E a^2 = 1 up to the scale. */
static double expected_sensitivity(int m, enum scaling scaling)
{
    return scaling == STANDARD ? (m + 8) / 2.0 : scaling == TANGENT ? 1 : 1.0 / m;
}

CLAIM(mlp_scalings, STATISTIC,
      "One gradient step moves the output of a two-layer network by a multiple of m, 1 "
      "or 1/m: standard, tangent, mean field")
{
    enum { RUNS = 200, WIDTHS = 7, FIRST = 16, LAST = 1024 };
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "scalings", "m", "standard", "tangent", "meanfield",
                     "lawstandard", "lawtangent", "lawmeanfield", NULL);
    double sample[3][RUNS];
    for (int m = FIRST; m <= LAST; m *= 2) {
        double line[7] = {m};
        for (int kind = 0; kind < 3; kind++) {
            struct rng rng = claim_rng(claim, (uint64_t)(3 * m + kind));
            for (int r = 0; r < RUNS; r++) {
                sample[kind][r] = sensitivity(arena, &rng, m, (enum scaling)kind);
                line[1 + kind] += sample[kind][r] / RUNS;
            }
            line[4 + kind] = expected_sensitivity(m, (enum scaling)kind);
        }
        series_row(&s, line);
    }
    series_end(&s);
    /* At m = 1024 each value is a mean over the units, within some percent of a normal
     * law, and 200 of them are averaged. */
    const char *names[] = {"standard, 1024 units", "tangent, 1024 units",
                           "mean field, 1024 units"};
    for (int kind = 0; kind < 3; kind++)
        evidence(claim, names[kind],
                 mean_is(RUNS, sample[kind],
                         expected_sensitivity(LAST, (enum scaling)kind)));
    control(claim, "tangent, taken for mean field",
            mean_is(RUNS, sample[TANGENT], expected_sensitivity(LAST, MEAN_FIELD)));
    control(claim, "standard, taken for tangent",
            mean_is(RUNS, sample[STANDARD], expected_sensitivity(LAST, TANGENT)));
}

CHAPTER(mlp, &mlp_backpropagation, &mlp_transpose, &mlp_tangent_kernel, &mlp_euler, &mlp_scalings)
