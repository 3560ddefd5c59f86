#include "momentum.h"

#include "ground/dense_shape.h"

#include <math.h>

/* ---- Newton ---------------------------------------------------------------------- */

/* w := w - alpha H^-1 grad for any invertible H, as the slide has it: with alpha = 1,
 * to the point at which the quadratic model is flat, be it a minimum, a saddle or a
 * maximum; w is not finite if a pivot is 0.  H: n x n, read; grad: n, read.  w: n,
 * moved.  scratch: n^2 + 2 n numbers.  [10707-6/9, "Newton's method"] */
void mom_newton_jump(mat H, vec grad, double alpha, struct arena *scratch, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    size_t mark = scratch->used;
    mat QR = arena_mat(scratch, H.rows, H.cols);
    vec tau = arena_vec(scratch, H.cols), step = arena_vec(scratch, grad.n);
    copy(entries(H), entries(QR));
    copy(grad, step);
    householder_qr(QR, tau);
    apply_q(QR, tau, TRANSPOSED, step);
    solve_upper(QR, AS_IS, step);
    axpy(-alpha, step, w);
    scratch->used = mark;
}

/* The same by Cholesky, down alone: if H is not positive definite, the model has no
 * minimum, w stays, and the status is FACTOR_NOT_POSITIVE.  H: n x n, symmetric, its
 * lower triangle read; grad: n, read.  w: n, moved.  scratch: 2 n^2 + n numbers.
 * [10707-6/9, "Newton's method"] */
enum factor_status mom_newton_step(mat H, vec grad, double alpha, struct arena *scratch,
                                   vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    size_t mark = scratch->used;
    vec step = arena_vec(scratch, grad.n);
    copy(grad, step);
    enum factor_status status = solve_positive(H, scratch, column(step));
    if (status == FACTOR_OK)
        axpy(-alpha, step, w);
    scratch->used = mark;
    return status;
}

/* ---- The last step remembered ---------------------------------------------------- */

static void require_interval(double mu, double L)
{
    REQUIRE(0 < mu && mu <= L && isfinite(L),
            "curvatures must lie in 0 < mu <= L < infinity, got %g and %g", mu, L);
}

/* The heavy ball's best on curvatures from mu to L: alpha = 4 / (sqrt L + sqrt mu)^2,
 * beta = ((sqrt L - sqrt mu) / (sqrt L + sqrt mu))^2.  [10707-6/12; Polyak 1964] */
struct mom_setting mom_polyak(double mu, double L)
{
    require_interval(mu, L);
    double sum = sqrt(L) + sqrt(mu), rho = (sqrt(L) - sqrt(mu)) / sum;
    return (struct mom_setting){.alpha = 4 / (sum * sum), .beta = rho * rho};
}

/* Nesterov's own choice: alpha = 1 / L, beta = (sqrt L - sqrt mu) / (sqrt L + sqrt mu).
 * [10707-6/12; Nesterov 2004, section 2.2.1] */
struct mom_setting mom_nesterov(double mu, double L)
{
    require_interval(mu, L);
    double rho = (sqrt(L) - sqrt(mu)) / (sqrt(L) + sqrt(mu));
    return (struct mom_setting){.alpha = 1 / L, .beta = rho};
}

/* v := beta v - grad(w + reach v), then w := w + alpha v.  reach = 0 is the heavy ball;
 * alpha beta Nesterov's method, which asks where the velocity alone would carry w; and
 * beta what the slide prints.  w: n, moved.  scratch: 2 n numbers.
 * [10707-6/12, "Evaluate gradient at a lookahead point"] */
void mom_look_ahead_step(gradient_of *gradient, void *cost, double reach, double alpha,
                         struct momentum *momentum, struct arena *scratch, vec w)
{
    size_t mark = scratch->used;
    vec ahead = arena_vec(scratch, w.n), grad = arena_vec(scratch, w.n);
    copy(w, ahead);
    axpy(reach, momentum->v, ahead);
    gradient(cost, ahead, grad);
    momentum_step(momentum, alpha, grad, w);
    scratch->used = mark;
}

/* ---- The best that k gradients can do -------------------------------------------- */

/* Before the first step, in n variables, for curvatures from mu to L, in memory of the
 * arena. */
struct mom_chebyshev mom_chebyshev_make(struct arena *arena, int n, double mu, double L)
{
    require_interval(mu, L);
    return (struct mom_chebyshev){.d = arena_vec(arena, n),
                                  .middle = mu / 2 + L / 2,
                                  .half = L / 2 - mu / 2};
}

/* d := (omega - 1) d - omega grad / middle, then w := w + d, where with q = half /
 * middle omega is 1, then 1 / (1 - q^2 / 2), then 1 / (1 - q^2 omega / 4): a heavy ball
 * whose setting changes.  The error along a curvature a is T_k((middle - a) / half) /
 * T_k(middle / half) of the first.  grad: n, read.  w: n, moved.
 * [Golub, Varga 1961] */
void mom_chebyshev_step(struct mom_chebyshev *chebyshev, vec grad, vec w)
{
    struct mom_chebyshev *c = chebyshev;
    double q = c->half / c->middle;
    c->omega = c->steps == 0 ? 1 : 1 / (1 - q * q * c->omega / (c->steps == 1 ? 2 : 4));
    scale(c->omega - 1, c->d);
    axpy(-c->omega / c->middle, grad, c->d);
    axpy(1.0, c->d, w);
    c->steps++;
}

/* Before the first step from w, in memory of the arena.  w: n, read. */
struct mom_conjugate mom_conjugate_make(struct arena *arena, struct quadratic q, vec w)
{
    struct mom_conjugate c = {.grad = arena_vec(arena, w.n),
                              .d = arena_vec(arena, w.n),
                              .Ad = arena_vec(arena, w.n)};
    quadratic_gradient(q, w, c.grad);
    axpy(-1.0, c.grad, c.d);
    return c;
}

/* w := w + s d, to where the cost is least along d; then d := b d - grad with the b
 * that makes d'A d = 0 for the new d and the old.  After k steps w has the least cost
 * that k combined gradients can reach.  Where the gradient is 0, w has arrived, and
 * stays.  The curvature along d must be positive, or else w stays and the status is
 * MOM_NOT_POSITIVE.  w: n, moved, the place that `conjugate` knows.
 * [Hestenes, Stiefel 1952] */
enum mom_status mom_conjugate_step(struct mom_conjugate *conjugate, struct quadratic q,
                                   vec w)
{
    struct mom_conjugate *c = conjugate;
    REQUIRE_SAME_LENGTH(c->d, w);
    double slope = dot(c->grad, c->grad);
    if (slope == 0)
        return MOM_OK;
    gemv(1.0, q.A, c->d, 0.0, c->Ad);
    double curvature = dot(c->d, c->Ad);
    if (curvature <= 0)
        return MOM_NOT_POSITIVE;
    axpy(slope / curvature, c->d, w);
    axpy(slope / curvature, c->Ad, c->grad);
    scale(dot(c->grad, c->grad) / slope, c->d);
    axpy(-1.0, c->grad, c->d);
    return MOM_OK;
}
