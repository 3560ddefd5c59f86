#include "tangent_kernel.h"

#include "ground/vector_math.h"

static const double PI = 3.14159265358979323846;

/* ---- The network and its linear model -------------------------------------------- */

/* f(x) = sqrt(2/m) w_L . relu(... sqrt(2/m) W_1 relu(W_0 x / sqrt(d))): d inputs, so
 * many hidden layers of width m, one output, no biases.  With weights from N(0, 1)
 * every layer is as long as x, on average, since a ReLU passes half of a square; this
 * is what the 2 is for.  Without a hidden layer f is linear. [Columbia-13/16, 24] */
struct mlp ntk_network(int inputs, int hidden, int m)
{
    REQUIRE(hidden >= 0 && hidden < MLP_DEPTH, "hidden must be 0 to %d, got %d",
            MLP_DEPTH - 1, hidden);
    int width[MLP_DEPTH + 1] = {inputs};
    for (int l = 1; l <= hidden; l++)
        width[l] = m;
    width[hidden + 1] = 1;
    struct mlp net = mlp_make(hidden + 1, width, RELU, TANGENT, false);
    for (int l = 1; l <= hidden; l++)
        net.multiplier[l] = sqrt(2.0 / m);
    return net;
}

/* F := f(w_0) + (df/dw)(w_0) (w - w_0), the linear model at w.  at: the pass of the
 * inputs after mlp_forward at w_0; w0, w: P; all read.  F: n x n_L, overwritten.
 * scratch: P, and what mlp_jvp takes.  [IEMS402-14/5, "Neural tangent theory"] */
void ntk_model(const struct mlp *net, vec w0, vec w, const struct mlp_pass *at,
               struct arena *scratch, mat F)
{
    size_t mark = scratch->used;
    vec dw = arena_vec(scratch, w0.n);
    copy(w, dw);
    axpy(-1, w0, dw);
    mlp_jvp(net, w0, dw, (mat){0}, at, scratch, F);
    axpy(1, entries(at->H[net->depth]), entries(F));
    scratch->used = mark;
}

/* w -= alpha (dF/dw)' (F - y), where F is what a model predicts and dF/dw is the
 * derivative of the network at w_at, of which `pass` is the pass.  F: overwritten. */
static void descend(const struct mlp *net, vec w_at, mat F, vec y, double alpha,
                    struct mlp_pass *pass, struct arena *scratch, vec w)
{
    REQUIRE(F.cols == 1, "the network has %d outputs", F.cols);
    REQUIRE(isfinite(alpha), "alpha must be finite, got %g", alpha);
    size_t mark = scratch->used;
    vec grad = arena_vec(scratch, w.n);
    axpy(-1, y, entries(F));
    mlp_backward(net, w_at, F, pass);
    mlp_gradient(net, pass, grad);
    axpy(-alpha, grad, w);
    scratch->used = mark;
}

/* One step of gradient descent on R for the linear model: w moves, the features stay.
 * w0: P; y: n; at: as in ntk_model, its Delta is overwritten.  w: P, moved. */
void ntk_step(const struct mlp *net, vec w0, vec y, double alpha, struct mlp_pass *at,
              struct arena *scratch, vec w)
{
    size_t mark = scratch->used;
    mat F = arena_mat(scratch, y.n, net->width[net->depth]);
    ntk_model(net, w0, w, at, scratch, F);
    descend(net, w0, F, y, alpha, at, scratch, w);
    scratch->used = mark;
}

/* One step of gradient descent on R for the network itself: the same, but with the
 * outputs and the features that it has now.  X: n x d; y: n; pass: overwritten, by the
 * forward and backward pass before the step.  w: P, moved. */
void ntk_network_step(const struct mlp *net, mat X, vec y, double alpha,
                      struct mlp_pass *pass, struct arena *scratch, vec w)
{
    size_t mark = scratch->used;
    mat F = arena_mat(scratch, y.n, net->width[net->depth]);
    mlp_forward(net, w, X, pass);
    copy(entries(pass->H[net->depth]), entries(F));
    descend(net, w, F, y, alpha, pass, scratch, w);
    scratch->used = mark;
}

/* ---- The kernel at two points ---------------------------------------------------- */

/* The angle between x and y, in [0, pi], to a few eps wherever it lies: with the unit
 * vectors u, v it is 2 atan2(||u - v||, ||u + v||).  The arc cosine of <u, v> is good
 * only to sqrt(eps) near 0 and near pi.  The angle with 0 is pi / 2.
 * [Kahan 2006, "How futile are mindless assessments of roundoff"] */
double ntk_angle(vec x, vec y)
{
    REQUIRE(x.n == y.n, "x has %d entries, y has %d", x.n, y.n);
    double long_x = norm(x), long_y = norm(y), apart = 0, along = 0;
    if (long_x == 0 || long_y == 0)
        return PI / 2;
    for (int i = 0; i < x.n; i++) { /* 2^500: the square of 1e-300 is not 0 */
        double u = x.at[i] / long_x, v = y.at[i] / long_y;
        apart += 0x1p500 * (u - v) * (0x1p500 * (u - v));
        along += 0x1p500 * (u + v) * (0x1p500 * (u + v));
    }
    return 2 * atan2(sqrt(apart), sqrt(along));
}

/* 2 P(u > 0 and v > 0), for normal u, v of unit variance and correlation cos theta:
 * (pi - theta) / pi.  [Cho, Saul 2009, "Kernel methods for deep learning"] */
double ntk_arc_cosine_0(double theta) { return (PI - theta) / PI; }

/* 2 E max(u, 0) max(v, 0) = (sin theta + (pi - theta) cos theta) / pi, of the same. */
double ntk_arc_cosine_1(double theta)
{
    return (sin(theta) + (PI - theta) * cos(theta)) / PI;
}

/* The angle at the next layer, whose cosine is ntk_arc_cosine_1(theta).  Not its arc
 * cosine, but 2 asin of the root of (1 - cosine) / 2, where 1 - cosine does not cancel.
 */
static double next_angle(double theta)
{
    double half = sin(theta / 2);
    double complement = 2 * half * half + (theta * cos(theta) - sin(theta)) / PI;
    return 2 * asin(sqrt(complement / 2));
}

/* Theta(x, y) of ntk_network as m -> infinity, with ||x|| ||y|| / d = 1:
 *     t_0 = cos theta_0,   t_{l+1} = k_1(theta_l) + t_l k_0(theta_l),
 *     cos theta_{l+1} = k_1(theta_l).
 * x, y: d.  To some 10 d eps, also for x and y in almost the same direction. */
double ntk_kernel(vec x, vec y, int hidden)
{
    REQUIRE(hidden >= 0, "hidden must not be negative, got %d", hidden);
    double theta = ntk_angle(x, y), t = cos(theta);
    for (int l = 0; l < hidden; l++) {
        t = ntk_arc_cosine_1(theta) + t * ntk_arc_cosine_0(theta);
        theta = next_angle(theta);
    }
    return norm(x) * norm(y) / x.n * t;
}

/* ---- The kernel at all pairs ----------------------------------------------------- */

/* One hidden layer, for n pairs at once: from their cosines and their t to the next
 * ones.  The cosines are in [-1, 1] and stay there: at 1 - eps/2, the last before 1,
 * k_1 is as much below 1, and the three roundings on the way to it add up to less than
 * would carry it over.  1 / PI is a constant: two divisions by PI would take longer
 * than the arc cosine. */
FOR_THE_VECTOR_UNIT static void next_layer(int n, real *restrict cosine,
                                           real *restrict t)
{
#pragma omp simd
    for (int j = 0; j < n; j++) {
        double c = cosine[j], k0 = 1 - acos(c) * (1 / PI);
        double k1 = sqrt(1 - c * c) * (1 / PI) + c * k0;
        t[j] = k1 + t[j] * k0;
        cosine[j] = k1;
    }
}

/* || x_i || / sqrt(d), row by row. */
static vec lengths(mat X, struct arena *scratch)
{
    vec r = arena_vec(scratch, X.rows);
    for (int i = 0; i < X.rows; i++)
        r.at[i] = norm(row(X, i)) / sqrt(X.cols);
    return r;
}

/* cosine := t := <x, y_j> / d over the lengths r of x and s_j of y_j, in [-1, 1] in
 * spite of rounding.  With a length of 0 it is 1, and of no account. */
FOR_THE_VECTOR_UNIT static void cosines(int n, double r, const real *restrict s,
                                        real *restrict cosine, real *restrict t)
{
#pragma omp simd
    for (int j = 0; j < n; j++) {
        double both = r * s[j], c = cosine[j] / both;
        c = c < 1 ? c : 1;
        t[j] = cosine[j] = c > -1 ? c : -1;
    }
}

/* For those y_j that have the direction of x, to rounding, k_j is what it is at the
 * angle 0.  So equal inputs have the same row in a Gram matrix, to the last digits; by
 * their cosine they would be some sqrt(eps) apart, and two targets for one input no
 * contradiction. */
static void mend_same(vec x, double r, mat Y, vec s, int hidden, vec cosine, vec k)
{
    double none = (x.n + 8.0) * REAL_EPSILON;
    for (int j = 0; j < k.n; j++)
        if (cosine.at[j] > 1 - 1e-6 - none && ntk_angle(x, row(Y, j)) <= none)
            k.at[j] = r * s.at[j] * (hidden + 1);
}

/* k_j := Theta(x, y_j), where k holds the products <x, y_j> / d: all layers one after
 * the other, while the row is in the nearest cache.  r: the length of x; s: those of
 * the y_j.  scratch: 2 numbers for each. */
static void kernels(vec x, double r, mat Y, vec s, int hidden, struct arena *scratch,
                    vec k)
{
    size_t mark = scratch->used;
    vec cosine = {k.n, arena_room(scratch, k.n)}, t = {k.n, arena_room(scratch, k.n)};
    cosines(k.n, r, s.at, k.at, t.at);
    copy(t, cosine);
    for (int l = 0; l < hidden; l++)
        next_layer(k.n, k.at, t.at);
    for (int j = 0; j < k.n; j++)
        k.at[j] = r * s.at[j] * t.at[j];
    mend_same(x, r, Y, s, hidden, cosine, k);
    scratch->used = mark;
}

/* Theta_ij := Theta(x_i, y_j) for the rows of X and Y, the limit that tangent_kernel
 * computes pair by pair.  X: n x d, Y: m x d, read; Theta: n x m, overwritten.
 * Theta is off by about sqrt(d eps) where the angle between x_i and y_j is of that
 * order, but not 0, and by d eps elsewhere.  scratch: n + 3m numbers. */
void ntk_cross(mat X, mat Y, int hidden, struct arena *scratch, mat Theta)
{
    REQUIRE(hidden >= 0, "hidden must not be negative, got %d", hidden);
    size_t mark = scratch->used;
    vec r = lengths(X, scratch), s = lengths(Y, scratch);
    gemm(1.0 / X.cols, AS_IS, X, TRANSPOSED, Y, 0, Theta);
    for (int i = 0; i < X.rows; i++)
        kernels(row(X, i), r.at[i], Y, s, hidden, scratch, row(Theta, i));
    scratch->used = mark;
}

/* Theta_ij := Theta(x_i, x_j), symmetric, in half the work: the lower triangle, and its
 * mirror image.  The diagonal is exact, (hidden + 1) ||x_i||^2 / d, and so is what
 * belongs to two equal rows.  X: n x d, read; Theta: n x n, overwritten.  scratch: 3n
 * numbers. */
void ntk_gram(mat X, int hidden, struct arena *scratch, mat Theta)
{
    int n = X.rows;
    REQUIRE(hidden >= 0, "hidden must not be negative, got %d", hidden);
    REQUIRE(Theta.rows == n && Theta.cols == n, "Theta must be %d x %d, got %d x %d", n,
            n, Theta.rows, Theta.cols);
    size_t mark = scratch->used;
    vec r = lengths(X, scratch);
    syrk(1.0 / X.cols, AS_IS, X, Theta);
    for (int i = 0; i < n; i++) {
        double length = r.at[i];
        kernels(row(X, i), length, row_block(X, 0, i), part(r, 0, i), hidden, scratch,
                part(row(Theta, i), 0, i));
        row(Theta, i).at[i] = length * length * (hidden + 1);
    }
    mirror_lower(Theta);
    scratch->used = mark;
}

/* ---- Descent and regression ------------------------------------------------------ */

/* a := the coefficients after so many steps of descent on R from f = 0, for a model of
 * kernel K: a += alpha (y - K a).  The prediction at x is the sum of a_i K(x, x_i).
 * K: n x n, y: n, read; a: n, overwritten.  scratch: n numbers. */
void ntk_descent(mat K, vec y, double alpha, int steps, struct arena *scratch, vec a)
{
    REQUIRE(isfinite(alpha), "alpha must be finite, got %g", alpha);
    size_t mark = scratch->used;
    vec residual = arena_vec(scratch, y.n);
    fill(0, a);
    for (int k = 0; k < steps; k++) {
        copy(y, residual);
        gemv(-1, K, a, 1, residual);
        axpy(alpha, residual, a);
    }
    scratch->used = mark;
}

/* Is a pivot of Cholesky's so small a part of its diagonal that it may be rounding, n
 * eps of that?  A: n x n, L: its factor.  [Higham 2002, theorem 10.7] */
static bool rank_is_in_doubt(mat A, mat L)
{
    for (int i = 0; i < A.rows; i++) {
        double root = row(L, i).at[i], pivot = root * root;
        if (!(pivot > (A.rows + 2) * REAL_EPSILON * row(A, i).at[i]))
            return true;
    }
    return false;
}

/* a := (K + lambda I)^-1 y: kernel regression, where that descent ends if lambda is 0.
 * K: n x n, of which the lower triangle is read; y: n; a: n, and y itself where
 * K + lambda I is not positive definite beyond rounding: so are two equal inputs told,
 * whose targets may differ.  scratch: 2 n^2 numbers. */
enum factor_status ntk_regression(mat K, vec y, double lambda, struct arena *scratch,
                                  vec a)
{
    REQUIRE(isfinite(lambda) && lambda >= 0,
            "lambda must be finite and not negative, got %g", lambda);
    size_t mark = scratch->used;
    mat A = arena_mat(scratch, K.rows, K.cols), L = arena_mat(scratch, K.rows, K.cols);
    copy(entries(K), entries(A));
    for (int i = 0; i < K.rows; i++)
        row(A, i).at[i] += lambda;
    enum factor_status status = cholesky(A, L);
    if (status == FACTOR_OK && rank_is_in_doubt(A, L))
        status = FACTOR_NOT_POSITIVE;
    copy(y, a);
    if (status == FACTOR_OK) {
        solve_lower(L, AS_IS, (mat){a.n, 1, a.at});
        solve_lower(L, TRANSPOSED, (mat){a.n, 1, a.at});
    }
    scratch->used = mark;
    return status;
}
