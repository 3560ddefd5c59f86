#include "invariance.h"

#include "ground/dense_shape.h"

#include <math.h>

/* ---- Changes of coordinates -------------------------------------------------------
 */

/* w~ := T(w) = Q'(w - t).  w: n, read.  w_tilde: n, overwritten.
 * [CSC2541-1/29, which prints w^(0) in place of w] */
void inv_to_rotated(struct rigid T, vec w, vec w_tilde)
{
    gemtv(-1.0, T.Q, T.t, 0.0, w_tilde);
    gemtv(1.0, T.Q, w, 1.0, w_tilde);
}

/* w := Q w~ + t, the inverse.  w_tilde: n, read.  w: n, overwritten.  [CSC2541-1/29] */
void inv_from_rotated(struct rigid T, vec w_tilde, vec w)
{
    copy(T.t, w);
    gemv(1.0, T.Q, w_tilde, 1.0, w);
}

/* J~(w~) = J(Q w~ + t) is a quadratic again: A~ = Q'A Q, b~ = Q'(A t + b), c~ = J(t).
 * q: n variables, read; rotated: made for n variables, overwritten.  True of any square
 * Q; with the eigenvectors of A for its columns, A~ is diagonal.  [CSC2541-1/29, 31] */
void inv_quadratic_rotated(struct rigid T, struct quadratic q, struct arena *scratch,
                       struct quadratic *rotated)
{
    int n = q.b.n;
    size_t mark = scratch->used;
    mat AQ = arena_mat(scratch, n, n);
    vec grad = arena_vec(scratch, n);
    gemm(1.0, AS_IS, q.A, AS_IS, T.Q, 0.0, AQ);
    gemm(1.0, TRANSPOSED, T.Q, AS_IS, AQ, 0.0, rotated->A);
    rotated->c = quadratic_cost(q, T.t, grad);
    quadratic_gradient(q, T.t, grad);
    gemtv(1.0, T.Q, grad, 0.0, rotated->b);
    scratch->used = mark;
}

/* ---- Invariant, as gradient descent is --------------------------------------------
 */

/* At rest, in n variables, in memory of the arena. */
struct momentum momentum_make(struct arena *arena, int n, double beta)
{
    REQUIRE(0 <= beta && beta < 1, "beta must be in [0, 1), got %g", beta);
    return (struct momentum){arena_vec(arena, n), beta};
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

/* ---- One coordinate at a time -----------------------------------------------------
 */

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

/* Moves w_j, and no other, to where the cost is least along it: w_j -= (Aw + b)_j /
 * A_jj. w: n, of which entry j is overwritten, or left where it is if A_jj is not
 * positive, so that no place is the lowest. */
enum coordinate_status inv_coordinate_step(struct quadratic q, int j, vec w)
{
    double slope = dot(row(q.A, j), w) + q.b.at[j];
    double curvature = row(q.A, j).at[j];
    if (!(curvature > 0))
        return COORDINATE_NO_MINIMUM;
    w.at[j] -= slope / curvature;
    return COORDINATE_OK;
}

/* Coordinate descent: a step along each coordinate in turn, 0 to n - 1, each from where
 * the last one ended.  On a quadratic it is the method of Gauss and Seidel.  w: n,
 * moved, up to the first coordinate that has no minimum.
 * [CSC2541-1/32, "Without loss of generality"] */
enum coordinate_status inv_coordinate_sweep(struct quadratic q, vec w)
{
    for (int j = 0; j < w.n; j++)
        if (inv_coordinate_step(q, j, w) != COORDINATE_OK)
            return COORDINATE_NO_MINIMUM;
    return COORDINATE_OK;
}

/* x / size; where nothing has been seen yet both are 0, and so is what comes of it. */
static double relative(double x, double size) { return size == 0 ? 0 : x / size; }

/* No gradient seen yet, in n variables, in memory of the arena. */
struct adagrad adagrad_make(struct arena *arena, int n, double epsilon)
{
    REQUIRE(isfinite(epsilon) && epsilon >= 0,
            "epsilon must be finite and not negative, got %g", epsilon);
    return (struct adagrad){arena_vec(arena, n), epsilon};
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
    for (int i = 0; i < w.n; i++) {
        double g = grad.at[i], *root = &adagrad->root.at[i];
        *root = hypot(*root, g);
        w.at[i] -= alpha * relative(g, *root + adagrad->epsilon);
    }
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
    return (struct adam){
        arena_vec(arena, n), arena_vec(arena, n), 0, beta1, beta2, epsilon};
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
    double weight1 = 1 - pow(adam->beta1, adam->steps);
    double root2 = sqrt(1 - pow(adam->beta2, adam->steps));
    double old = sqrt(adam->beta2), new = sqrt(1 - adam->beta2);
    for (int i = 0; i < w.n; i++) {
        double g = grad.at[i], *m = &adam->m.at[i], *v = &adam->v.at[i];
        *m = adam->beta1 * *m + (1 - adam->beta1) * g;
        *v = hypot(old * *v, new *g);
        w.at[i] -= alpha * relative(*m / weight1, *v / root2 + adam->epsilon);
    }
}
