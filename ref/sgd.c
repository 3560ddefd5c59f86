#include "sgd.h"

#include "gradient_descent.h"
#include "ground/dense_shape.h"

#include <math.h>

/* ---- A few examples at a time ---------------------------------------------------- */

/* n examples, of which B are drawn for each step; B <= n if they are distinct. */
struct sgd_batches sgd_batches_make(struct arena *arena, sgd_examples *gradient,
                                    void *examples, int n, int B,
                                    enum sgd_drawing drawing, struct rng rng)
{
    REQUIRE(n > 0 && B > 0, "a minibatch of %d from %d examples", B, n);
    REQUIRE(drawing == SGD_INDEPENDENT || B <= n, "%d distinct examples of %d", B, n);
    return (struct sgd_batches){.gradient = gradient,
                                .examples = examples,
                                .n = n,
                                .B = B,
                                .drawing = drawing,
                                .chosen = arena_ints(arena, (size_t)B),
                                .rng = rng};
}

/* grad := the gradient at w of the mean loss of a minibatch, which is drawn.  It is a
 * gradient_of, so that any rule can step from it.  batches: a struct sgd_batches, whose
 * stream goes on.  w: read; grad: as long, overwritten. [10707-6/5-6, "minibatch"] */
void sgd_gradient(void *batches, vec w, vec grad)
{
    struct sgd_batches *from = batches;
    if (from->drawing == SGD_DISTINCT)
        rng_choose(&from->rng, from->n, from->B, from->chosen);
    else
        for (int k = 0; k < from->B; k++)
            from->chosen[k] = rng_below(&from->rng, from->n);
    from->gradient(from->examples, from->chosen, from->B, w, grad);
}

/* Stochastic gradient descent: so many steps w := w - alpha G, steps >= 0, each with a
 * minibatch of its own.  w: moved; grad: as long, left holding the last G.
 * [10707-6/5, "Stochastic gradient descent"] */
void sgd_run(struct sgd_batches *batches, double alpha, int steps, vec w, vec grad)
{
    optimize(sgd_gradient, batches, gd_optimizer(), alpha, steps, w, grad);
}

/* The share of one example's covariance that a minibatch of B of n has: 1 / B; if no
 * two are the same, that times n - B, those left out, over n - 1: so 0 for B = n. */
double sgd_share(int n, int B, enum sgd_drawing drawing)
{
    REQUIRE(n > 0 && B > 0, "a minibatch of %d from %d examples", B, n);
    if (drawing == SGD_INDEPENDENT)
        return 1.0 / B;
    REQUIRE(B <= n, "%d distinct examples of %d", B, n);
    return B == n ? 0 : (double)(n - B) / (n - 1) / B;
}

/* grad := 1/B sum (phi_i'w - t_i) phi_i over the chosen i: an sgd_examples.
 * regression: a struct sgd_regression; w: d, read; grad: d, overwritten. */
void sgd_regression_gradient(void *regression, const int *chosen, int B, vec w,
                             vec grad)
{
    const struct sgd_regression *of = regression;
    fill(0, grad);
    for (int k = 0; k < B; k++) {
        vec phi = row(of->Phi, chosen[k]);
        axpy((dot(phi, w) - of->t.at[chosen[k]]) / B, phi, grad);
    }
}

/* grad := the gradient at w, plus root z with a new normal z.  It is a gradient_of.
 * noise: a struct sgd_noise; w, grad: n.
 * [Jin, Ge, Netrapalli, Kakade, Jordan 2017, who perturb now and then; 10707-6/8] */
void sgd_noisy_gradient(void *noise, vec w, vec grad)
{
    struct sgd_noise *by = noise;
    by->gradient(by->cost, w, grad);
    rng_normals(&by->rng, 0, 1, by->z);
    gemv(1, by->root, by->z, 1, grad);
}

/* ---- What is expected ------------------------------------------------------------ */

/* Runs from one point, the error e = w_0 - w_star.  Phi: n x d, n > 0, and r = Phi
 * w_star - t: n, both kept as views, with Phi'r = 0.  e: d, copied. */
struct sgd_moments sgd_moments_make(struct arena *arena, mat Phi, vec r, vec e)
{
    int n = Phi.rows, d = Phi.cols;
    REQUIRE(n > 0, "Phi has no rows, so its mean cost is not defined");
    REQUIRE(r.n == n && e.n == d, "Phi is %d x %d, r has %d entries, e has %d", n, d,
            r.n, e.n);
    struct sgd_moments of = {.Phi = Phi,
                             .r = r,
                             .H = arena_mat(arena, d, d),
                             .mean = arena_vec(arena, d),
                             .second = arena_mat(arena, d, d),
                             .P = arena_mat(arena, d, d),
                             .Q = arena_mat(arena, d, d),
                             .R = arena_mat(arena, n, d)};
    gram(1.0 / n, Phi, of.H);
    copy(e, of.mean);
    ger(1, e, e, of.second);
    return of;
}

/* Q := E of the square of one example's gradient, g_i g_i' with g_i = (phi_i'e + r_i)
 * phi_i: 1/n sum phi_i phi_i' E (phi_i'e + r_i)^2. */
static void squared_gradient(struct sgd_moments *of)
{
    int n = of->Phi.rows;
    gemm(1, AS_IS, of->Phi, AS_IS, of->second, 0, of->R);
    for (int i = 0; i < n; i++) {
        vec phi = row(of->Phi, i), R_i = row(of->R, i);
        double r = of->r.at[i];
        double square = dot(phi, R_i) + 2 * r * dot(phi, of->mean) + r * r;
        copy(phi, R_i);
        scale(square / n, R_i);
    }
    gemm(1, TRANSPOSED, of->Phi, AS_IS, of->R, 0, of->Q);
}

/* One step of rate alpha with minibatches of this share, in expectation.  With M = E
 * ee',
 *     E e := E e - alpha H E e,
 *     M := M - alpha (HM + MH) + alpha^2 ((1 - share) HMH + share Q).
 * MH is the transpose of HM as long as M is symmetric, and what rounding does to one
 * half is done to the other: else the difference would grow.  alpha > 0; share: of
 * sgd_share, in [0, 1]; of: moved. */
void sgd_moments_step(double alpha, double share, struct sgd_moments *of)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE(0 <= share && share <= 1, "share must be in [0, 1], got %g", share);
    mat H = of->H, M = of->second, P = of->P, Q = of->Q;
    vec He = {of->mean.n, of->R.at};
    squared_gradient(of);
    gemm(1, AS_IS, H, AS_IS, M, 0, P);
    gemm(alpha * alpha * (1 - share), AS_IS, P, AS_IS, H, alpha * alpha * share, Q);
    for (int i = 0; i < M.rows; i++)
        for (int j = 0; j <= i; j++) {
            row(M, i).at[j] +=
                row(Q, i).at[j] - alpha * (row(P, i).at[j] + row(P, j).at[i]);
            row(M, j).at[i] = row(M, i).at[j];
        }
    gemv(1, H, of->mean, 0, He);
    axpy(-alpha, He, of->mean);
}

/* The expected excess of the cost over its least value, E 1/2 e'He = tr(HM) / 2. */
double sgd_moments_excess(const struct sgd_moments *of)
{
    return dot(entries(of->H), entries(of->second)) / 2;
}

/* ---- Where it ends, and when it does not ------------------------------------------
 */

/* The covariance in which w comes to rest on 1/2 sum h_i w_i^2, where each gradient has
 * independent noise of covariance C:
 *     Sigma_ij := alpha C_ij / (h_i + h_j - alpha h_i h_j).
 * h: d, the curvatures; 0 < alpha h_i < 2.  C, Sigma: d x d.  [10707-6/8, "jittery"] */
void sgd_stationary(vec h, mat C, double alpha, mat Sigma)
{
    REQUIRE_SHAPE(C, h.n, h.n);
    REQUIRE_SHAPE(Sigma, h.n, h.n);
    for (int i = 0; i < h.n; i++)
        REQUIRE(alpha * h.at[i] > 0 && alpha * h.at[i] < 2,
                "alpha h_%d must be in (0, 2), got %g", i, alpha * h.at[i]);
    for (int i = 0; i < h.n; i++)
        for (int j = 0; j < h.n; j++) {
            double a = h.at[i], b = h.at[j];
            row(Sigma, i).at[j] = alpha * row(C, i).at[j] / (a + b - alpha * a * b);
        }
}

/* alpha/B sum h_i / (2 - alpha h_i (1 + 1/B)), which is below 1 where SGD is stable. */
static double secular(double alpha, vec h, int B)
{
    double sum = 0;
    for (int i = 0; i < h.n; i++)
        sum += h.at[i] / (2 - alpha * h.at[i] * (1 + 1.0 / B));
    return alpha / B * sum;
}

/* The rate up to which SGD without noise at the optimum does not grow in mean square,
 * where the examples are normal, of a covariance with the eigenvalues h, and always new
 * ones: the alpha at which that sum is 1, by bisection.  h: d > 0, all positive and
 * finite; B > 0. */
double sgd_critical_rate(vec h, int B)
{
    REQUIRE(h.n > 0 && B > 0, "%d curvatures, minibatches of %d", h.n, B);
    for (int i = 0; i < h.n; i++)
        REQUIRE(h.at[i] > 0 && isfinite(h.at[i]),
                "h_%d must be positive and finite, got %g", i, h.at[i]);
    double low = 0, high = 2 / (max_norm(h) * (1 + 1.0 / B));
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        *(secular(middle, h, B) < 1 ? &low : &high) = middle;
    }
}
