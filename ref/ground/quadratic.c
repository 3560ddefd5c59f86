#include "ground/quadratic.h"

/* A quadratic in n variables, all zero, in memory of the arena. */
struct quadratic quadratic_make(struct arena *arena, int n)
{
    return (struct quadratic){arena_mat(arena, n, n), arena_vec(arena, n), 0};
}

/* J(w) = 1/2 w'Aw + b'w + c.
 * w: n, read.  Aw: n, left holding that.  [CSC2541-1/26, "Recap: Gradient Descent"] */
double quadratic_cost(struct quadratic q, vec w, vec Aw)
{
    gemv(1.0, q.A, w, 0.0, Aw);
    return dot(w, Aw) / 2 + dot(q.b, w) + q.c;
}

/* grad := Aw + b, the gradient of J at w.  w, grad: n.
 * [CSC2541-1/27, "Gradient Descent: Some Observations"] */
void quadratic_gradient(struct quadratic q, vec w, vec grad)
{
    copy(q.b, grad);
    gemv(1.0, q.A, w, 1.0, grad);
}

/* Least squares, 1/2N ||Phi w - t||^2, as a quadratic: A = Phi'Phi / N, b = -Phi't / N,
 * c = ||t||^2 / 2N.  Phi: N x n, t: N, read; q: made for n variables, overwritten.
 * [CSC2541-1/43, "Gradient Descent for Linear Regression"] */
void least_squares(mat Phi, vec t, struct quadratic *q)
{
    REQUIRE(Phi.rows > 0, "Phi has no rows, so its mean cost is not defined");
    double N = Phi.rows;
    gram(1 / N, Phi, q->A);
    gemtv(-1 / N, Phi, t, 0.0, q->b);
    q->c = dot(t, t) / (2 * N);
}

/* The same cost from the data: the mean over the N examples of 1/2 (phi'w - t)^2.
 * Phi: N x n, t: N, w: n, read.  residual: N, left holding Phi w - t.
 * [CSC2541-1/25, "Recap: Linear Regression"] */
double least_squares_cost(mat Phi, vec t, vec w, vec residual)
{
    REQUIRE(Phi.rows > 0, "Phi has no rows, so its mean cost is not defined");
    copy(t, residual);
    gemv(1.0, Phi, w, -1.0, residual);
    return dot(residual, residual) / (2.0 * Phi.rows);
}
