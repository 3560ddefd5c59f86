#include "scaling.h"

#include "ground/dense_shape.h"
#include "lazy_training.h"

#include <math.h>

/* ---- A rate for each layer --------------------------------------------------------
 */

/* r_l for a network that is to train as base does, of the same depth and other widths.
 * With n_l times `in` as many inputs as there, and n_{l+1} times `out` as many outputs:
 *
 *     by gradient  out / in,     by sign  1 / in,     by spectrum  sqrt(out / in).
 *
 * [IEMS402-14/9; Yang et al. 2022, table 3; Yang, Simon, Bernstein 2023, condition 1]
 */
double scal_rate(enum scal_rule rule, const struct mlp *net, const struct mlp *base,
                 int l)
{
    REQUIRE(net->depth == base->depth, "depth %d, but %d of the base", net->depth,
            base->depth);
    REQUIRE(l >= 0 && l < net->depth, "layer %d of %d", l, net->depth);
    double in = (double)net->width[l] / base->width[l];
    double out = (double)net->width[l + 1] / base->width[l + 1];
    switch (rule) {
    case BY_GRADIENT:
        return out / in;
    case BY_SIGN:
        return 1 / in;
    case BY_SPECTRUM:
        return sqrt(out / in);
    }
    REQUIRE(false, "there is no rule %d", rule);
}

/* The start for these rates: W_l normal of deviation 1 / sqrt(n_l), the standard one,
 * but in the last layer smaller by the root of how much wider it is than that of base.
 * At the widths of base it is the standard start itself.  w: P, overwritten. */
void scal_draw(const struct mlp *net, const struct mlp *base, struct rng *rng, vec w)
{
    int last = net->depth - 1;
    double in = 1 / scal_rate(BY_SIGN, net, base, last);
    lazy_draw(net, STANDARD_START, rng, w);
    scale(1 / sqrt(in), entries(mlp_weights(net, w, last)));
}

/* One step of each layer by its own rule, with the rate r_l alpha.  alpha > 0; grad: P,
 * read; w: P, moved; so is what the rules remember. */
void scal_layers_step(struct scal_layers *layers, double alpha, vec grad, vec w)
{
    const struct mlp *net = layers->net;
    REQUIRE(!net->biases,
            "biases need a rate of their own, and these layers have none");
    for (int l = 0; l < net->depth; l++) {
        struct optimizer by = layers->by[l];
        by.step(by.rule, alpha * layers->rate[l], entries(mlp_weights(net, grad, l)),
                entries(mlp_weights(net, w, l)));
    }
}

static void layers_rule(void *rule, double alpha, vec grad, vec w)
{
    scal_layers_step(rule, alpha, grad, w);
}

struct optimizer scal_by_layers(struct scal_layers *layers)
{
    return (struct optimizer){layers_rule, layers};
}

/* ---- Steepest in a norm -----------------------------------------------------------
 */

/* 1, 0 or -1; NaN of NaN. */
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

/* x := x / ||x||, and 0 stays 0.  The largest entry first: squares overflow. */
static void normalize(vec x)
{
    double most = max_norm(x);
    if (most == 0)
        return;
    for (int i = 0; i < x.n; i++)
        x.at[i] /= most;
    scale(1 / norm(x), x);
}

/* The number of the first entry of largest |x_i|; a NaN counts as the largest. */
static int largest(vec x)
{
    int at = 0;
    for (int i = 1; i < x.n && !isnan(x.at[at]); i++)
        if (!(fabs(x.at[i]) <= fabs(x.at[at])))
            at = i;
    return at;
}

/* D := u v' of the largest singular value of G, or 0 if that is 0.  G is turned to be
 * tall: then u and v are the first columns of U and V, and otherwise of V and U. */
static enum factor_status largest_pair(mat G, struct arena *scratch, mat D)
{
    size_t mark = scratch->used;
    bool wide = G.rows < G.cols;
    int m = wide ? G.cols : G.rows, n = wide ? G.rows : G.cols;
    mat A = arena_mat(scratch, m, n), U = arena_mat(scratch, m, n);
    mat V = arena_mat(scratch, n, n);
    if (wide)
        transpose(G, A);
    else
        copy(entries(G), entries(A));
    enum factor_status status = svd(A, scratch, U, arena_vec(scratch, n), V);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            *(wide ? &row(D, j).at[i] : &row(D, i).at[j]) =
                row(U, i).at[0] * row(V, j).at[0];
    scratch->used = mark;
    return status;
}

/* D := a matrix with ||D|| <= 1 and <G, D> = ||G||_*, the most that there is; 0 if G
 * is. G: m x n, read; D: m x n, overwritten, without meaning unless FACTOR_OK, which
 * only the last two norms may miss.  m, n >= 1.  scratch: 3 (m + n)^2 numbers.
 * [IEMS402-14/15, "change to different norms"] */
enum factor_status scal_direction(enum scal_norm norm, mat G, struct arena *scratch,
                                  mat D)
{
    REQUIRE(G.rows >= 1 && G.cols >= 1, "G is %d x %d", G.rows, G.cols);
    REQUIRE_SHAPE(D, G.rows, G.cols);
    vec g = entries(G), d = entries(D);
    switch (norm) {
    case ENTRY_SUM:
        fill(0, d);
        d.at[largest(g)] = sign(g.at[largest(g)]);
        return FACTOR_OK;
    case ENTRY_LARGEST:
        for (int i = 0; i < g.n; i++)
            d.at[i] = sign(g.at[i]);
        return FACTOR_OK;
    case FROBENIUS:
        copy(g, d);
        normalize(d);
        return FACTOR_OK;
    case SPECTRAL:
        return muon_direction(G, scratch, D);
    case NUCLEAR:
        return largest_pair(G, scratch, D);
    }
    REQUIRE(false, "there is no norm %d", norm);
}

/* W := W + the minimizer over d of <G, d> + ||d||^2 / (2 alpha), which is -alpha
 * ||G||_* D.  alpha > 0; G: m x n, read; W: m x n, moved, unless the status is not
 * FACTOR_OK. scratch: 4 (m + n)^2 numbers.  [IEMS402-14/15, with the square and the
 * factor] */
enum factor_status scal_steepest_step(enum scal_norm norm, double alpha, mat G,
                                      struct arena *scratch, mat W)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE_SHAPE(W, G.rows, G.cols);
    size_t mark = scratch->used;
    mat D = arena_mat(scratch, G.rows, G.cols);
    enum factor_status status = scal_direction(norm, G, scratch, D);
    if (status == FACTOR_OK)
        axpy(-alpha * dot(entries(G), entries(D)), entries(D), entries(W));
    scratch->used = mark;
    return status;
}

/* ---- Singular values without their vectors ----------------------------------------
 */

/* Newton's iteration for the sign of x, without its division: 1 stays 1, with slope 0.
 * [Higham 2008, "Functions of Matrices", section 8.3] */
struct scal_odd scal_classical(void) { return (struct scal_odd){1.5, -0.5, 0}; }

/* The one that Muon is used with: it is to lift small numbers fast.
 * [IEMS402-14/15; Jordan 2024] */
struct scal_odd scal_muon(void) { return (struct scal_odd){3.4445, -4.7750, 2.0315}; }

/* X := X / ||X||, Frobenius' norm, and then so many times
 *
 *     X := a X + b XX'X + c XX'XX'X,
 *
 * which takes each singular value x to a x + b x^3 + c x^5, and keeps the singular
 * vectors.  The products X'X or XX' are on the shorter side.  X: m x n, overwritten; 0
 * stays 0.  steps >= 0.  scratch: (m + n)^2 numbers. */
void scal_newton_schulz(struct scal_odd p, int steps, struct arena *scratch, mat X)
{
    REQUIRE(steps >= 0, "steps must not be negative, got %d", steps);
    size_t mark = scratch->used;
    bool wide = X.rows < X.cols;
    int k = wide ? X.rows : X.cols;
    mat A = arena_mat(scratch, k, k), B = arena_mat(scratch, k, k);
    mat Y = arena_mat(scratch, X.rows, X.cols);
    normalize(entries(X));
    for (int step = 0; step < steps; step++) {
        copy(entries(X), entries(Y));
        gemm(1, wide ? AS_IS : TRANSPOSED, Y, wide ? TRANSPOSED : AS_IS, Y, 0, A);
        copy(entries(A), entries(B));
        gemm(p.c, AS_IS, A, AS_IS, A, p.b, B);
        gemm(1, AS_IS, wide ? B : Y, AS_IS, wide ? Y : B, p.a, X);
    }
    scratch->used = mark;
}
