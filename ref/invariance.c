#include "invariance.h"

#include "ground/dense_shape.h"

#include <math.h>

/* ---- Changes of coordinates ----------------------------------------------------- */

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

/* ---- One coordinate at a time --------------------------------------------------- */

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
