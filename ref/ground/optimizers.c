#include "ground/optimizers.h"

#include "ground/dense_shape.h"
#include "ground/vector_math.h"

#include <math.h>

/* So many steps, steps >= 0, each by the gradient at the point that it starts from.
 * alpha > 0; w: n, moved; grad: n, left holding the last of them. */
void optimize(gradient_of *gradient, void *cost, struct optimizer by, double alpha,
              int steps, vec w, vec grad)
{
    REQUIRE(steps >= 0, "steps must not be negative, got %d", steps);
    for (int k = 0; k < steps; k++) {
        gradient(cost, w, grad);
        by.step(by.rule, alpha, grad, w);
    }
}

/* ---- The last step remembered ---------------------------------------------------- */

/* At rest, in n variables, in memory of the arena. */
struct momentum momentum_make(struct arena *arena, int n, double beta)
{
    REQUIRE(0 <= beta && beta < 1, "beta must be in [0, 1), got %g", beta);
    return (struct momentum){.v = arena_vec(arena, n), .beta = beta};
}

/* v := beta v - grad, then w := w + alpha v: the heavy ball.  grad: n, read.  w: n,
 * moved. [10707-6/12, "Momentum (Polyak and Nesterov)"; Polyak 1964] */
void momentum_step(struct momentum *momentum, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    scale(momentum->beta, momentum->v);
    axpy(-1.0, grad, momentum->v);
    axpy(alpha, momentum->v, w);
}

static void momentum_rule(void *rule, double alpha, vec grad, vec w)
{
    momentum_step(rule, alpha, grad, w);
}

struct optimizer by_momentum(struct momentum *momentum)
{
    return (struct optimizer){momentum_rule, momentum};
}

/* At rest, in n variables, in memory of the arena. */
struct nesterov nesterov_make(struct arena *arena, int n, double beta)
{
    REQUIRE(0 <= beta && beta < 1, "beta must be in [0, 1), got %g", beta);
    return (struct nesterov){.v = arena_vec(arena, n), .beta = beta};
}

/* v := beta v - grad, then w := w + alpha (beta v - grad): the new velocity is used,
 * and looked ahead along, at once.  So w is where the next gradient is taken, and the
 * heavy ball's place is alpha beta v behind.  grad: n, read.  w: n, moved. [10707-6/12,
 * whose look-ahead lacks the alpha; Nesterov 1983] */
void nesterov_step(struct nesterov *nesterov, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    scale(nesterov->beta, nesterov->v);
    axpy(-1.0, grad, nesterov->v);
    axpy(alpha * nesterov->beta, nesterov->v, w);
    axpy(-alpha, grad, w);
}

static void nesterov_rule(void *rule, double alpha, vec grad, vec w)
{
    nesterov_step(rule, alpha, grad, w);
}

struct optimizer by_nesterov(struct nesterov *nesterov)
{
    return (struct optimizer){nesterov_rule, nesterov};
}

/* ---- A rate for each weight ------------------------------------------------------ */

/* w_i := w_i - alpha sign(grad_i), with sign(0) = 0.  A NaN in grad reaches w.
 * alpha: how far each coordinate moves.  grad: n, read.  w: n, moved.
 * [IEMS402-14/15, the infinity norm: Adam that remembers nothing] */
void sign_step(double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE_SAME_LENGTH(grad, w);
    for (int i = 0; i < w.n; i++) {
        double g = grad.at[i];
        w.at[i] -= alpha * (g > 0 ? 1 : g < 0 ? -1 : g);
    }
}

/* x / size; where nothing has been seen yet both are 0, and so is what comes of it. */
static double relative(double x, double size) { return size == 0 ? 0 : x / size; }

/* root := sqrt((old root)^2 + (new grad)^2), by coordinates, without the squares, which
 * overflow. */
FOR_THE_VECTOR_UNIT static void remember(int n, double old, double new,
                                         const real *restrict grad, real *restrict root)
{
#pragma omp simd
    for (int i = 0; i < n; i++)
        root[i] = hypot(old * root[i], new *grad[i]);
}

/* No gradient seen yet, in n variables, in memory of the arena. */
struct adagrad adagrad_make(struct arena *arena, int n, double epsilon)
{
    REQUIRE(isfinite(epsilon) && epsilon >= 0,
            "epsilon must be finite and not negative, got %g", epsilon);
    return (struct adagrad){.root = arena_vec(arena, n), .epsilon = epsilon};
}

/* w_i := w_i - alpha grad_i / (sqrt(sum of grad_i^2 so far, this one too) + epsilon).
 * The root is what is kept, as squares overflow.  grad: n, read.  w: n, moved.  The
 * slide's sum ends a step too early. [10707-6/10, "AdaGrad"; Duchi, Hazan, Singer 2011]
 */
void adagrad_step(struct adagrad *adagrad, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE_SAME_LENGTH(grad, w);
    REQUIRE_SAME_LENGTH(grad, adagrad->root);
    remember(w.n, 1, 1, grad.at, adagrad->root.at);
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * relative(grad.at[i], adagrad->root.at[i] + adagrad->epsilon);
}

static void adagrad_rule(void *rule, double alpha, vec grad, vec w)
{
    adagrad_step(rule, alpha, grad, w);
}

struct optimizer by_adagrad(struct adagrad *adagrad)
{
    return (struct optimizer){adagrad_rule, adagrad};
}

/* No gradient seen yet, in n variables, in memory of the arena. */
struct rmsprop rmsprop_make(struct arena *arena, int n, double beta, double epsilon)
{
    REQUIRE(0 <= beta && beta < 1, "beta must be in [0, 1), got %g", beta);
    REQUIRE(isfinite(epsilon) && epsilon >= 0,
            "epsilon must be finite and not negative, got %g", epsilon);
    return (struct rmsprop){.v = arena_vec(arena, n), .beta = beta, .epsilon = epsilon};
}

/* v^2 := beta v^2 + (1 - beta) grad^2, by coordinates, then w := w - alpha grad / (v +
 * epsilon).  v began at 0 and is not corrected for it, so the first step is 1 / sqrt(1
 * - beta) times alpha long; with correction, it is Adam of beta1 = 0.  grad: n, read.
 * w: n, moved.  [10707-6/11, "RMSProp"; Tieleman, Hinton 2012] */
void rmsprop_step(struct rmsprop *rmsprop, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE_SAME_LENGTH(grad, w);
    REQUIRE_SAME_LENGTH(grad, rmsprop->v);
    double beta = rmsprop->beta;
    remember(w.n, sqrt(beta), sqrt(1 - beta), grad.at, rmsprop->v.at);
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * relative(grad.at[i], rmsprop->v.at[i] + rmsprop->epsilon);
}

static void rmsprop_rule(void *rule, double alpha, vec grad, vec w)
{
    rmsprop_step(rule, alpha, grad, w);
}

struct optimizer by_rmsprop(struct rmsprop *rmsprop)
{
    return (struct optimizer){rmsprop_rule, rmsprop};
}

/* No gradient seen yet, in n variables, in memory of the arena.  The authors' values
 * are beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8. */
struct adam adam_make(struct arena *arena, int n, double beta1, double beta2,
                      double epsilon)
{
    REQUIRE(0 <= beta1 && beta1 < 1, "beta1 must be in [0, 1), got %g", beta1);
    REQUIRE(0 <= beta2 && beta2 < 1, "beta2 must be in [0, 1), got %g", beta2);
    REQUIRE(isfinite(epsilon) && epsilon >= 0,
            "epsilon must be finite and not negative, got %g", epsilon);
    return (struct adam){.m = arena_vec(arena, n),
                         .v = arena_vec(arena, n),
                         .beta1 = beta1,
                         .beta2 = beta2,
                         .epsilon = epsilon};
}

/* m := beta1 m + (1 - beta1) grad, v^2 := beta2 v^2 + (1 - beta2) grad^2, by
 * coordinates; the authors' v is this v^2, but squares overflow.  Both began at 0: over
 * 1 - beta^k they are averages with weights that sum to 1, m^ and v^^2.  Then w := w -
 * alpha m^ / (v^ + epsilon).  grad: n, read.  w: n, moved.
 * [10707-6/13, without correction and epsilon; Kingma, Ba 2015] */
void adam_step(struct adam *adam, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE_SAME_LENGTH(grad, w);
    REQUIRE_SAME_LENGTH(grad, adam->m);
    adam->steps++;
    double beta1 = adam->beta1, beta2 = adam->beta2;
    double weight1 = 1 - pow(beta1, adam->steps);
    double root2 = sqrt(1 - pow(beta2, adam->steps));
    remember(w.n, sqrt(beta2), sqrt(1 - beta2), grad.at, adam->v.at);
    for (int i = 0; i < w.n; i++) {
        real *m = &adam->m.at[i];
        double size = adam->v.at[i] / root2 + adam->epsilon;
        *m = beta1 * *m + (1 - beta1) * grad.at[i];
        w.at[i] -= alpha * relative(*m / weight1, size);
    }
}

static void adam_rule(void *rule, double alpha, vec grad, vec w)
{
    adam_step(rule, alpha, grad, w);
}

struct optimizer by_adam(struct adam *adam)
{
    return (struct optimizer){adam_rule, adam};
}

/* No gradient seen yet, in n variables, in memory of the arena. */
struct amsgrad amsgrad_make(struct arena *arena, int n, double beta1, double beta2,
                            double epsilon)
{
    REQUIRE(0 <= beta1 && beta1 < 1, "beta1 must be in [0, 1), got %g", beta1);
    REQUIRE(0 <= beta2 && beta2 < 1, "beta2 must be in [0, 1), got %g", beta2);
    REQUIRE(isfinite(epsilon) && epsilon >= 0,
            "epsilon must be finite and not negative, got %g", epsilon);
    return (struct amsgrad){.m = arena_vec(arena, n),
                            .v = arena_vec(arena, n),
                            .v_max = arena_vec(arena, n),
                            .beta1 = beta1,
                            .beta2 = beta2,
                            .epsilon = epsilon};
}

/* Adam's m and v, not corrected, and v_max := max(v_max, v); then w := w - alpha m /
 * (v_max + epsilon), by coordinates.  So the rate of a weight never rises.  A NaN in
 * grad stays in v_max.  grad: n, read.  w: n, moved.
 * [10707-6/13, "some modification of updates"; Reddi, Kale, Kumar 2018, algorithm 2] */
void amsgrad_step(struct amsgrad *amsgrad, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE_SAME_LENGTH(grad, w);
    REQUIRE_SAME_LENGTH(grad, amsgrad->m);
    double beta1 = amsgrad->beta1, beta2 = amsgrad->beta2;
    remember(w.n, sqrt(beta2), sqrt(1 - beta2), grad.at, amsgrad->v.at);
    for (int i = 0; i < w.n; i++) {
        real *m = &amsgrad->m.at[i], v = amsgrad->v.at[i];
        real *v_max = &amsgrad->v_max.at[i];
        *m = beta1 * *m + (1 - beta1) * grad.at[i];
        *v_max = v <= *v_max ? *v_max : v;
        w.at[i] -= alpha * relative(*m, *v_max + amsgrad->epsilon);
    }
}

static void amsgrad_rule(void *rule, double alpha, vec grad, vec w)
{
    amsgrad_step(rule, alpha, grad, w);
}

struct optimizer by_amsgrad(struct amsgrad *amsgrad)
{
    return (struct optimizer){amsgrad_rule, amsgrad};
}

/* ---- Two ways to shrink weights -------------------------------------------------- */

/* The penalty's way: grad := grad + lambda w, the gradient of J + lambda/2 ||w||^2
 * where grad was that of J.  lambda >= 0.  w: n, read.  grad: n.  [CSC2541-1/10] */
void penalize_weights(double lambda, vec w, vec grad)
{
    REQUIRE(isfinite(lambda) && lambda >= 0,
            "lambda must be finite and not negative, got %g", lambda);
    axpy(lambda, w, grad);
}

/* The literal way: w := (1 - alpha lambda) w, before or after a step that does not look
 * at w.  alpha > 0, lambda >= 0.  w: n.  [CSC2541-1/10-11] */
void decay_weights(double alpha, double lambda, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    REQUIRE(isfinite(lambda) && lambda >= 0,
            "lambda must be finite and not negative, got %g", lambda);
    scale(1 - alpha * lambda, w);
}

/* Adam with decoupled weight decay: w := (1 - alpha lambda) w - alpha m^ / (sqrt(v^) +
 * epsilon).  grad: n, read, that of J without penalty at the old w.  w: n, moved.
 * [CSC2541-1/11; Loshchilov, Hutter 2019, algorithm 2] */
void adamw_step(struct adam *adam, double alpha, double lambda, vec grad, vec w)
{
    decay_weights(alpha, lambda, w);
    adam_step(adam, alpha, grad, w);
}

/* ---- A direction for a matrix of weights ----------------------------------------- */

/* At rest, for a matrix of weights of this shape, in memory of the arena. */
struct muon muon_make(struct arena *arena, int rows, int cols, double beta)
{
    REQUIRE(0 <= beta && beta < 1, "beta must be in [0, 1), got %g", beta);
    return (struct muon){.M = arena_mat(arena, rows, cols), .beta = beta};
}

/* O := U V' for a tall G = U S V': all singular values that are not 0, set to 1.  As 0
 * counts what may be rounding in a gradient that was added up, 30 (m + n) eps of the
 * largest, or m + n of the least number that there is. */
static enum factor_status flatten(mat G, struct arena *scratch, mat O)
{
    size_t mark = scratch->used;
    mat U = arena_mat(scratch, G.rows, G.cols), V = arena_mat(scratch, G.cols, G.cols);
    vec s = arena_vec(scratch, G.cols);
    enum factor_status status = svd(G, scratch, U, s, V);
    for (int j = 0; j < G.cols; j++) {
        double noise = fmax(30 * REAL_EPSILON * s.at[0], REAL_TRUE_MIN);
        if (s.at[j] <= (G.rows + (double)G.cols) * noise)
            for (int i = 0; i < G.rows; i++)
                row(U, i).at[j] = 0;
    }
    gemm(1, AS_IS, U, TRANSPOSED, V, 0, O);
    scratch->used = mark;
    return status;
}

/* O := U V' for G = U S V' of any shape, the direction of largest <G, O> among the
 * matrices that make no vector longer.  The directions of singular values that count as
 * 0 are left out.  G: m x n, read; O: m x n, overwritten, without meaning unless
 * FACTOR_OK.  scratch: 2 (m + n)^2 numbers.
 * [IEMS402-14/15; Jordan 2024, who computes it by a polynomial] */
enum factor_status muon_direction(mat G, struct arena *scratch, mat O)
{
    size_t mark = scratch->used;
    enum factor_status status;
    if (G.rows >= G.cols) {
        status = flatten(G, scratch, O);
    } else {
        mat Gt = arena_mat(scratch, G.cols, G.rows);
        mat Ot = arena_mat(scratch, G.cols, G.rows);
        transpose(G, Gt);
        status = flatten(Gt, scratch, Ot);
        transpose(Ot, O);
    }
    scratch->used = mark;
    return status;
}

/* M := beta M + G, then W := W - alpha U V' for M = U S V'.  M is a sum and no average,
 * but that is no matter for its direction; alpha is in other units than that of a rule
 * whose step is as long as a gradient: it is the spectral norm of the step itself.
 * G: m x n, read; W: m x n, moved, unless the status is not FACTOR_OK.
 * scratch: 3 (m + n)^2 numbers. */
enum factor_status muon_step(struct muon *muon, double alpha, mat G,
                             struct arena *scratch, mat W)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    size_t mark = scratch->used;
    mat O = arena_mat(scratch, W.rows, W.cols);
    scale(muon->beta, entries(muon->M));
    axpy(1, entries(G), entries(muon->M));
    enum factor_status status = muon_direction(muon->M, scratch, O);
    if (status == FACTOR_OK)
        axpy(-alpha, entries(O), entries(W));
    scratch->used = mark;
    return status;
}
