/* mlp.c -- claims: derivatives of the network, and what a scaling does to a step. */
#include "mlp.h"
#include "ground/claim.h"
#include "ground/worlds.h"

#include <complex.h>
#include <math.h>

enum { EXAMPLES = 6, DEPTH = 4, WIDEST = 41 };

/* A network of 4 layers with biases and a batch that has gone through it.  A unit is
 * off at the first example with probability 1/2: no layer of 33 or more ReLUs is off at
 * all of them, which would leave nothing to tell one pass back from another, but once
 * in 1e10. */
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
    struct world s = {.net = mlp_make(DEPTH, (int[]){5, WIDEST, 37, 33, 2}, activation,
                                      TANGENT, true)};
    int P = mlp_parameters(&s.net);
    s.pass = mlp_pass_make(arena, &s.net, EXAMPLES);
    s.w = normal_vec(arena, &rng, P);
    s.dw = normal_vec(arena, &rng, P);
    s.X = normal_mat(arena, &rng, EXAMPLES, 5);
    s.G = normal_mat(arena, &rng, EXAMPLES, 2);
    mlp_forward(&s.net, s.w, s.X, &s.pass);
    return s;
}

/* ---- Backpropagation ------------------------------------------------------------- */

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
        double complex x[WIDEST], z[WIDEST];
        for (int j = 0; j < 5; j++)
            x[j] = s->X.at[5 * e + j];
        for (int l = 0, at = 0; l < DEPTH; l++) {
            int in = s->net.width[l], out = s->net.width[l + 1];
            const real *W = s->w.at + at, *V = s->dw.at + at;
            const real *b = W + in * out, *c = V + in * out;
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
    enum { KINDS = 4 };
    const enum activation kinds[KINDS] = {LINEAR, RELU, TANH, SOFTPLUS};
    double error = 0, stale = INFINITY;
    for (int kind = 0; kind < KINDS; kind++) {
        struct world s = world_make(claim, kind, kinds[kind]);
        error = worst(error, backpropagation_error(claim, &s));
        scale(1.01, s.w);
        stale = smallest(stale, backpropagation_error(claim, &s));
    }
    /* Each of the outputs, and so each of the P parts of the product, comes out of
     * DEPTH layers of sums of WIDEST terms; the direction's P parts are of order 1. */
    struct world s = world_make(claim, 0, LINEAR);
    double limit = rounding(DEPTH * WIDEST, sqrt(s.w.n) * EXAMPLES);
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
      "Forward with a direction, backward with a weighting: a matrix and its transpose")
{
    double error = 0, stale = INFINITY;
    for (int kind = LINEAR; kind <= SOFTPLUS; kind++) {
        struct world s = world_make(claim, kind, (enum activation)kind);
        error = worst(error, transposition_error(claim, &s));
        scale(2, s.w);
        stale = smallest(stale, transposition_error(claim, &s));
    }
    double limit = rounding(DEPTH * WIDEST, EXAMPLES * 2); /* |v| = 1, G of order 1 */
    evidence(claim, "<G, Jv> - <J'G, v>", at_most(error, limit));
    control(claim, "J' of a pass at other weights", at_most(stale, limit));
}

/* ---- The kernel without the Jacobian --------------------------------------------- */

/* K - JJ' at its largest, and the largest entry of K; where `weights_alone` is set, the
 * columns of J that belong to biases are left out. */
static double kernel_error(struct claim *claim, int kind, bool weights_alone,
                           double *size)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, kind);
    struct mlp net =
        mlp_make(3, (int[]){5, 20, 15, 1}, (enum activation)kind, TANGENT, true);
    vec w = normal_vec(arena, &rng, mlp_parameters(&net));
    mat X = normal_mat(arena, &rng, EXAMPLES, 5), ones = arena_mat(arena, EXAMPLES, 1);
    mat J = arena_mat(arena, EXAMPLES, w.n), K = arena_mat(arena, EXAMPLES, EXAMPLES);
    struct mlp_pass pass = mlp_pass_make(arena, &net, EXAMPLES);
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
      "The inner products of all gradients, from two small products a layer")
{
    double error = 0, partial = INFINITY, size = 0;
    for (int kind = LINEAR; kind <= SOFTPLUS; kind++) {
        error = worst(error, kernel_error(claim, kind, false, &size));
        partial = smallest(partial, kernel_error(claim, kind, true, &size));
    }
    /* Sums of at most P = 20 * 6 + 15 * 21 + 16 products, whose partial sums are no
     * larger than the largest entry, by Cauchy and Schwarz. */
    double limit = rounding(20 * 6 + 15 * 21 + 16, size);
    evidence(claim, "K less the products of rows of J", at_most(error, limit));
    control(claim, "the biases left out of J", at_most(partial, limit));
}

/* ---- Homogeneity ----------------------------------------------------------------- */

/* max_i |<df(x_i)/dw, w> - L f(x_i)| for a network without biases. */
static double euler_error(struct claim *claim, enum activation activation)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net =
        mlp_make(DEPTH, (int[]){5, 30, 20, 10, 1}, activation, TANGENT, false);
    vec w = normal_vec(arena, &rng, mlp_parameters(&net));
    mat X = normal_mat(arena, &rng, EXAMPLES, 5), J = arena_mat(arena, EXAMPLES, w.n);
    vec Jw = arena_vec(arena, EXAMPLES);
    struct mlp_pass pass = mlp_pass_make(arena, &net, EXAMPLES);
    mlp_forward(&net, w, X, &pass);
    mlp_jacobian(&net, w, &pass, arena, J);
    gemv(1, J, w, 0, Jw);
    axpy(-DEPTH, entries(pass.H[DEPTH]), Jw);
    return max_norm(Jw);
}

CLAIM(mlp_euler, IDENTITY,
      "A ReLU network of L layers without biases is homogeneous: <df/dw, w> = L f")
{
    /* P = 950 products, each at most |w|^2 / n in size and of order 1 in sum. */
    double limit = rounding(950, DEPTH);
    evidence(claim, "<df/dw, w> - L f, ReLU", at_most(euler_error(claim, RELU), limit));
    control(claim, "tanh", at_most(euler_error(claim, TANH), limit));
}

/* ---- Scalings -------------------------------------------------------------------- */

/* A two-layer ReLU network of m units, at an input with |x|^2 = d. */
struct two_layers {
    int m;
    enum scaling scaling;
    bool unscaled; /* a fault: weights of variance 1, and nothing before them */
};

enum { INPUTS = 8, WIDE = 1024, NARROW = 64, RUNS = 200, MANY = 600 };

/* |df/dw|^2: by how much, per unit of learning rate, the output follows its own
 * gradient. */
static double sensitivity(struct arena *arena, struct rng *rng, struct two_layers kind)
{
    size_t mark = arena->used;
    int widths[] = {INPUTS, kind.m, 1};
    struct mlp net = mlp_make(2, widths, RELU, kind.scaling, false);
    vec w = arena_vec(arena, mlp_parameters(&net));
    mat X = arena_mat(arena, 1, INPUTS), one = arena_mat(arena, 1, 1);
    mat K = arena_mat(arena, 1, 1);
    struct mlp_pass pass = mlp_pass_make(arena, &net, 1);
    bool small = kind.scaling == STANDARD && !kind.unscaled;
    fill(1, entries(X));
    fill(1, entries(one));
    for (int l = 0; l < 2; l++)
        rng_normals(rng, 0, small ? 1 / sqrt(net.width[l]) : 1,
                    entries(mlp_weights(&net, w, l)));
    for (int l = 0; kind.unscaled && l < 2; l++)
        net.multiplier[l] = 1;
    mlp_forward(&net, w, X, &pass);
    mlp_backward(&net, w, one, &pass);
    mlp_kernel(&net, &pass, &pass, arena, K);
    arena->used = mark;
    return K.at[0];
}

/* Its expectation: half of all units are on, and E z^2 = E a^2 = 1 up to the scale. */
static double expected_sensitivity(int m, enum scaling scaling)
{
    return scaling == STANDARD ? (m + INPUTS) / 2.0 : scaling == TANGENT ? 1 : 1.0 / m;
}

/* So many networks, against the expectation of a scaling. */
static struct finding moves_as(struct claim *claim, struct two_layers kind, int runs)
{
    double sample[MANY];
    struct rng rng = claim_rng(claim, (uint64_t)(6 * kind.m + 2 * (int)kind.scaling +
                                                 kind.unscaled));
    for (int r = 0; r < runs; r++)
        sample[r] = sensitivity(claim_arena(claim), &rng, kind);
    return mean_is(runs, sample, expected_sensitivity(kind.m, kind.scaling));
}

/* For the figure: the means, and the laws, against the number of units. */
static void record_scalings(struct claim *claim)
{
    struct series s =
        series_begin(claim, "scalings", "m", "standard", "tangent", "meanfield",
                     "lawstandard", "lawtangent", "lawmeanfield", NULL);
    for (int m = 16; m <= WIDE; m *= 2) {
        double line[7] = {m};
        for (int scaling = 0; scaling < 3; scaling++) {
            struct two_layers kind = {.m = m, .scaling = (enum scaling)scaling};
            line[1 + scaling] = moves_as(claim, kind, RUNS).measured;
            line[4 + scaling] = expected_sensitivity(m, kind.scaling);
        }
        series_row(&s, line);
    }
    series_end(&s);
}

CLAIM(mlp_scalings, STATISTIC,
      "A gradient step moves the output by (m + d) / 2, 1 or 1/m, by the scaling")
{
    /* Each value is a mean over the units.  That of 1024 is within some percent of a
     * normal law; that of 64 has a skewness of a half, and among 600 of them a false
     * alarm is less than three times as likely as SHARE. */
    static const char *const names[3][2] = {
        {"standard, 64 units", "standard, 1024 units"},
        {"tangent, 64 units", "tangent, 1024 units"},
        {"mean field, 64 units", "mean field, 1024 units"}};
    for (int scaling = 0; scaling < 3; scaling++) {
        struct two_layers kind = {.m = NARROW, .scaling = (enum scaling)scaling};
        evidence(claim, names[scaling][0], moves_as(claim, kind, MANY));
        kind.m = WIDE;
        evidence(claim, names[scaling][1], moves_as(claim, kind, RUNS));
    }
    /* All of these are one function, up to its scale: 8 m, whatever was asked for. */
    static const char *const unscaled[] = {"standard, with weights of variance 1",
                                           "tangent, without multipliers",
                                           "mean field, without multipliers"};
    for (int scaling = 0; scaling < 3; scaling++) {
        struct two_layers kind = {.m = NARROW,
                                  .scaling = (enum scaling)scaling,
                                  .unscaled = true};
        control(claim, unscaled[scaling], moves_as(claim, kind, RUNS));
    }
    record_scalings(claim);
}

CHAPTER(mlp, &mlp_backpropagation, &mlp_transpose, &mlp_tangent_kernel, &mlp_euler,
        &mlp_scalings)
