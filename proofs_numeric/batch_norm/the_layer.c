/* "The layer": what it computes, forward and back. */
#include "batch_norm/nets.h"
#include "ground/worlds.h"

#include <complex.h>
#include <float.h>
#include <math.h>

/* ---- Known batches ---------------------------------------------------------------
 * Unit j of example i is mu_j + s_j u_ij, where column j of u is sqrt(2) times the
 * cosine that goes round j + 1 times: of mean 0 and mean square 1. */

enum { EXAMPLES = 13, UNITS = 5 };

struct batch {
    mat U, Z;
    vec mu, s;
    struct batch_norm bn;
};

static struct batch known_batch(struct claim *claim, int replicate, double epsilon)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct batch x = {.U = arena_mat(arena, EXAMPLES, UNITS),
                      .Z = arena_mat(arena, EXAMPLES, UNITS),
                      .mu = arena_vec(arena, UNITS),
                      .s = arena_vec(arena, UNITS)};
    x.bn = (struct batch_norm){normal_vec(arena, &rng, UNITS),
                               normal_vec(arena, &rng, UNITS), epsilon};
    rng_uniforms(&rng, -10, 10, x.mu);
    rng_uniforms(&rng, 0.5, 2, x.s);
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0; j < UNITS; j++) {
            double angle = 2 * acos(-1.0) * (i + 0.3) * (j + 1) / EXAMPLES;
            row(x.U, i).at[j] = sqrt(2) * cos(angle);
            row(x.Z, i).at[j] = x.mu.at[j] + x.s.at[j] * row(x.U, i).at[j];
        }
    return x;
}

/* A number of size 12 is off by 12 eps once it is written down, and is divided by a
 * deviation of 1/2 at least; gammas below 6. */
static double limit_of_batch(void) { return rounding(EXAMPLES, 6 * 12 / 0.5); }

/* The furthest that Y is from gamma u s / sqrt(s^2 + epsilon) + beta. */
static double gap_to_law(struct batch x, mat Y)
{
    double gap = 0;
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0; j < UNITS; j++) {
            double share = x.s.at[j] / sqrt(x.s.at[j] * x.s.at[j] + x.bn.epsilon);
            double law = x.bn.gamma.at[j] * share * row(x.U, i).at[j] + x.bn.beta.at[j];
            gap = worst(gap, fabs(row(Y, i).at[j] - law));
        }
    return gap;
}

CLAIM(bn_layer, IDENTITY, "Each unit gets mean beta and deviation gamma, epsilon apart")
{
    struct arena *arena = claim_arena(claim);
    struct batch x = known_batch(claim, 0, 0), damped = known_batch(claim, 1, 0.5);
    struct bn_pass pass = bn_pass_make(arena, EXAMPLES, UNITS);
    mat Y = arena_mat(arena, EXAMPLES, UNITS);
    bn_forward(&damped.bn, damped.Z, &pass, Y);
    evidence(claim, "off the law, epsilon = 1/2",
             at_most(gap_to_law(damped, Y), limit_of_batch()));
    bn_forward(&x.bn, x.Z, &pass, Y);
    evidence(claim, "off the law, epsilon = 0",
             at_most(gap_to_law(x, Y), limit_of_batch()));

    /* The same examples, and one more that lies ten deviations out. */
    mat more = arena_mat(arena, EXAMPLES + 1, UNITS), Y_more = more;
    copy(entries(x.Z), entries(row_block(more, 0, EXAMPLES)));
    for (int j = 0; j < UNITS; j++)
        row(more, EXAMPLES).at[j] = x.mu.at[j] + 10 * x.s.at[j];
    struct bn_pass longer = bn_pass_make(arena, EXAMPLES + 1, UNITS);
    bn_forward(&x.bn, more, &longer, Y_more);
    control(claim, "one more example in the batch",
            at_most(gap_to_law(x, Y_more), limit_of_batch()));
    bn_forward(&damped.bn, damped.Z, &pass, Y);
    bn_evaluate(&x.bn, &pass, x.Z, Y);
    control(claim, "with another batch's mean and sigma",
            at_most(gap_to_law(x, Y), limit_of_batch()));
}

CLAIM(bn_undo, IDENTITY, "gamma = sigma and beta = mean give the input back")
{
    struct arena *arena = claim_arena(claim);
    struct batch x = known_batch(claim, 0, 0.5), other = known_batch(claim, 1, 0.5);
    struct bn_pass pass = bn_pass_make(arena, EXAMPLES, UNITS);
    mat Y = arena_mat(arena, EXAMPLES, UNITS);
    for (int j = 0; j < UNITS; j++) {
        x.bn.gamma.at[j] = sqrt(x.s.at[j] * x.s.at[j] + 0.5);
        x.bn.beta.at[j] = x.mu.at[j];
    }
    bn_forward(&x.bn, x.Z, &pass, Y);
    axpy(-1, entries(x.Z), entries(Y));
    evidence(claim, "output less input",
             at_most(max_norm(entries(Y)), limit_of_batch()));
    bn_forward(&x.bn, other.Z, &pass, Y);
    axpy(-1, entries(other.Z), entries(Y));
    control(claim, "another batch, the same parameters",
            at_most(max_norm(entries(Y)), limit_of_batch()));
}

/* ---- The gradient ----------------------------------------------------------------
 * The network once more, number by number in complex arithmetic. */

static void complex_normalize(const struct run *run, int l, int n, double complex *z,
                              const double complex *w)
{
    int units = run->net.mlp.width[l + 1];
    const real *first = run->w.at;
    const double complex *gamma =
        w + (bn_net_layer(&run->net, run->w, l).gamma.at - first);
    for (int j = 0; j < units; j++) {
        double complex mean = 0, square = 0;
        for (int i = 0; i < n; i++)
            mean += z[i * units + j] / n;
        for (int i = 0; i < n; i++)
            square += (z[i * units + j] - mean) * (z[i * units + j] - mean) / n;
        double complex sigma = csqrt(square + run->net.epsilon);
        for (int i = 0; i < n; i++)
            z[i * units + j] = gamma[j] * (z[i * units + j] - mean) / sigma;
    }
}

/* Sum of G o F at w, complex: H W' + b layer by layer, normalized before b is added. */
static double complex complex_output(const struct run *run, mat X,
                                     const double complex *w)
{
    enum { MOST = 128 };
    double complex h[MOST], z[MOST], sum = 0;
    int n = X.rows, depth = run->net.mlp.depth;
    for (int i = 0; i < n * X.cols; i++)
        h[i] = X.at[i];
    for (int l = 0; l < depth; l++) {
        mat W = run_weights(run, run->w, l);
        const double complex *of_W = w + (W.at - run->w.at),
                             *b = of_W + W.rows * W.cols;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < W.rows; j++) {
                z[i * W.rows + j] = 0;
                for (int k = 0; k < W.cols; k++)
                    z[i * W.rows + j] += h[i * W.cols + k] * of_W[j * W.cols + k];
            }
        if (l < depth - 1)
            complex_normalize(run, l, n, z, w);
        for (int i = 0; i < n * W.rows; i++) {
            z[i] += b[i % W.rows];
            h[i] = l < depth - 1 ? ctanh(z[i]) : z[i];
        }
    }
    for (int i = 0; i < n * run->G.cols; i++)
        sum += run->G.at[i] * h[i];
    return sum;
}

/* Its derivative in the direction dw, by a step of 1e-30 i. */
static double complex_derivative(struct claim *claim, const struct run *run, mat X,
                                 vec dw)
{
    double complex *w =
        (double complex *)(void *)arena_take(claim_arena(claim), 2 * (size_t)dw.n);
    for (int i = 0; i < dw.n; i++)
        w[i] = run->w.at[i] + 1e-30 * I * dw.at[i];
    return cimag(complex_output(run, X, w)) / 1e-30;
}

/* The same with mean and sigma held: the network with its batch norms folded into the
 * weights, which then depend on the weights linearly. */
static double derivative_if_constant(struct claim *claim, struct run *run, mat X,
                                     vec dw)
{
    struct arena *arena = claim_arena(claim);
    const struct mlp *mlp = &run->net.mlp;
    vec v = arena_vec(arena, mlp_parameters(mlp)),
        dv = arena_vec(arena, mlp_parameters(mlp)), moved = arena_vec(arena, dw.n);
    mat dF = arena_mat(arena, X.rows, run->G.cols);
    struct mlp_pass pass = mlp_pass_make(arena, mlp, X.rows);
    copy(run->w, moved);
    axpy(1, dw, moved);
    bn_net_fold(&run->net, moved, &run->pass, dv);
    bn_net_fold(&run->net, run->w, &run->pass, v);
    axpy(-1, v, dv);
    mlp_forward(mlp, v, X, &pass);
    mlp_jvp(mlp, v, dv, (mat){0, X.cols, NULL}, &pass, arena, dF);
    return dot(entries(dF), entries(run->G));
}

CLAIM(bn_gradient, IDENTITY, "The gradient passes through the mean and the variance")
{
    enum { BATCH = 9 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = normal_mat(arena, &rng, BATCH, 4);
    struct run run =
        run_make(arena, &rng, (int[]){4, 6, 5, 3}, 3, TANH, true, 0.1, BATCH);
    rng_normals(&rng, 0, 1, run.w);
    rng_normals(&rng, 0, 1, entries(run.G));
    bn_net_forward(&run.net, run.w, X, &run.pass);
    bn_net_backward(&run.net, run.w, run.G, &run.pass);
    bn_net_gradient(&run.net, &run.pass, run.grad);

    vec dw = normal_vec(arena, &rng, run.w.n);
    double limit = rounding(run.w.n, norm(run.grad) * norm(dw));
    evidence(claim, "all parameters, off complex step",
             at_most(fabs(dot(run.grad, dw) - complex_derivative(claim, &run, X, dw)),
                     limit));
    fill(0, part(dw, 4 * 6, dw.n - 4 * 6)); /* W_0 alone */
    double truth = complex_derivative(claim, &run, X, dw);
    evidence(claim, "first weights, off complex step",
             at_most(fabs(dot(run.grad, dw) - truth), limit));
    control(claim, "mean and sigma held constant",
            at_most(fabs(derivative_if_constant(claim, &run, X, dw) - truth), limit));
}

SECTION(bn_the_layer, &bn_layer, &bn_undo, &bn_gradient);
