#include "influence.h"

#include "ground/dense_shape.h"

#include <math.h>
#include <stdbool.h>

/* ---- Weights that are forgotten ------------------------------------------------- */

/* ln(-l'(m)): -m, or -(k + 1) ln(1 + m/k), which tends to it as the tail k grows; NaN
 * where m < -k, and the loss is not defined. */
double inf_log_slope(double tail, double m)
{
    REQUIRE(tail > 0, "tail must be positive, got %g", tail);
    return isinf(tail) ? -m : -(tail + 1) * log1p(m / tail);
}

/* The field of the flow dw/dt = -gradient, in the time tau = ln(1 + t), which makes
 * 10^12 out of 28:
 *     dw/dtau := sum_i c_i exp(tau + ln(-l'(z_i'w))) z_i.
 * For struct ode.  flow: a struct inf_flow; w: d, read; dw: d, overwritten. */
void inf_flow_field(void *flow, double tau, vec w, vec dw)
{
    const struct inf_flow *of = flow;
    REQUIRE(of->c.n == of->Z.rows, "c has %d entries, Z has %d rows", of->c.n,
            of->Z.rows);
    fill(0, dw);
    for (int i = 0; i < of->Z.rows; i++) {
        vec z = row(of->Z, i);
        axpy(of->c.at[i] * exp(tau + inf_log_slope(of->tail, dot(z, w))), z, dw);
    }
}

/* ---- Ridge, with one example left out ------------------------------------------- */

/* Fits w to all examples as sp_ridge_fit does, and keeps what tells of one example.
 * Phi: N x n, t: N, which stay; lambda > 0.  ridge: in the arena, N n + n + 2 N
 * numbers, and n^2 for scratch.  FACTOR_NOT_POSITIVE where Phi is not finite. */
enum factor_status inf_ridge_fit(mat Phi, vec t, double lambda, struct arena *arena,
                                 struct inf_ridge *ridge)
{
    int N = Phi.rows, n = Phi.cols;
    REQUIRE(isfinite(lambda) && lambda > 0, "lambda must be positive, got %g", lambda);
    REQUIRE(t.n == N, "Phi has %d rows, t has %d entries", N, t.n);
    *ridge = (struct inf_ridge){Phi,
                                t,
                                arena_mat(arena, N, n),
                                arena_vec(arena, n),
                                arena_vec(arena, N),
                                arena_vec(arena, N)};
    size_t mark = arena->used;
    mat A = arena_mat(arena, n, n), columns = arena_mat(arena, n, N);
    gram(1, Phi, A);
    for (int j = 0; j < n; j++)
        row(A, j).at[j] += N * lambda;
    transpose(Phi, columns);
    enum factor_status status = solve_positive(A, arena, columns);
    transpose(columns, ridge->pull);
    arena->used = mark;
    gemtv(1, ridge->pull, t, 0, ridge->w);
    copy(t, ridge->r);
    gemv(1, Phi, ridge->w, -1, ridge->r);
    for (int i = 0; i < N; i++)
        ridge->h.at[i] = dot(row(Phi, i), row(ridge->pull, i));
    return status;
}

/* phi_i'w_i - t_i where w_i was fitted without example i: r_i / (1 - h_i). */
double inf_ridge_residual_without(const struct inf_ridge *ridge, int i)
{
    REQUIRE(0 <= i && i < ridge->t.n, "example %d of %d", i, ridge->t.n);
    return ridge->r.at[i] / (1 - ridge->h.at[i]);
}

/* w := the minimum without example i, at the same N and lambda:
 *     w + (Phi'Phi + N lambda I)^-1 phi_i r_i / (1 - h_i).
 * ridge: from inf_ridge_fit; w: n, overwritten.  [Cook 1977] */
void inf_ridge_without(const struct inf_ridge *ridge, int i, vec w)
{
    copy(ridge->w, w);
    axpy(inf_ridge_residual_without(ridge, i), row(ridge->pull, i), w);
}

/* ---- Examples with weights ------------------------------------------------------ */

/* The losses ln(1 + e^-m) at the margins m = z_i'w, an inf_losses.  Either tail without
 * overflow, as ln(1 + e^-m) = max(-m, 0) + ln(1 + e^-|m|).  Z: a mat, n x d, with z_i =
 * t_i x_i in row i; c: n, w: d, read; grad: d, overwritten. */
double inf_logistic(void *Z, vec c, vec w, vec grad)
{
    mat *of = Z;
    REQUIRE(c.n == of->rows, "c has %d entries, Z has %d rows", c.n, of->rows);
    double sum = 0;
    fill(0, grad);
    for (int i = 0; i < c.n; i++) {
        vec z = row(*of, i);
        double m = dot(z, w);
        sum += c.at[i] * (fmax(-m, 0) + log1p(exp(-fabs(m))));
        axpy(-c.at[i] / (1 + exp(m)), z, grad);
    }
    return sum;
}

/* The mean of the losses to begin with: c_i = 1/n.  c: in the arena. */
struct inf_problem inf_problem_make(struct arena *arena, inf_losses *losses,
                                    void *examples, int n, double lambda)
{
    REQUIRE(n > 0, "a mean over the examples needs one, got %d", n);
    REQUIRE(isfinite(lambda) && lambda >= 0,
            "lambda must be finite and not negative, got %g", lambda);
    struct inf_problem problem = {losses, examples, arena_vec(arena, n), lambda, NAN};
    fill(1.0 / n, problem.c);
    return problem;
}

/* grad := dJ/dw at w, which leaves J in the problem.  It is a gradient_of, for optimize
 * and for hessian_product.  problem: a struct inf_problem; w, grad: P. */
void inf_gradient(void *problem, vec w, vec grad)
{
    struct inf_problem *of = problem;
    double lost = of->losses(of->examples, of->c, w, grad);
    of->value = lost + of->lambda / 2 * dot(w, w);
    axpy(of->lambda, w, grad);
}

/* grad := the gradient at w of l_i alone, which is J where c is 1 at i and 0 elsewhere.
 * w, grad: P.  scratch: n numbers. */
void inf_example_gradient(const struct inf_problem *problem, vec w, int i,
                          struct arena *scratch, vec grad)
{
    REQUIRE(0 <= i && i < problem->c.n, "example %d of %d", i, problem->c.n);
    size_t mark = scratch->used;
    vec one = arena_vec(scratch, problem->c.n);
    one.at[i] = 1;
    problem->losses(problem->examples, one, w, grad);
    scratch->used = mark;
}

/* H := the second derivatives of J at w, a product for each weight, and the mean of H
 * and H', which differ by what the differences are wrong by.  w: P; H: P x P,
 * overwritten.  scratch: P^2 + 3 P numbers. */
void inf_hessian(struct inf_problem *problem, vec w, struct arena *scratch, mat H)
{
    size_t mark = scratch->used;
    mat D = arena_mat(scratch, w.n, w.n);
    vec e = arena_vec(scratch, w.n);
    for (int j = 0; j < w.n; j++) {
        e.at[j] = 1;
        hessian_product(inf_gradient, problem, w, e, scratch, row(D, j));
        e.at[j] = 0;
    }
    transpose(D, H);
    axpy(1, entries(D), entries(H));
    scale(0.5, entries(H));
    scratch->used = mark;
}

/* w := w - (H + mu I)^-1 grad, if H + mu I is positive definite. */
static enum factor_status damped_step(mat H, double mu, vec grad, struct arena *scratch,
                                      vec w)
{
    size_t mark = scratch->used;
    mat A = arena_mat(scratch, H.rows, H.cols);
    copy(entries(H), entries(A));
    for (int j = 0; j < w.n; j++)
        row(A, j).at[j] += mu;
    enum factor_status status = mom_newton_step(A, grad, 1, scratch, w);
    scratch->used = mark;
    return status;
}

/* w := w + one damped step of Newton's that makes J no larger, and grad with it.  mu,
 * the damping to begin with, and to go on with: more of it where H + mu I was not
 * definite or J rose, less where all was well, and soon none.  The least is what
 * differences are wrong by: a saddle is left by steps of grad / mu, and some are that
 * flat.  False, and w as it was, if 30 tries did not do. */
static bool step_down(struct inf_problem *problem, double *mu, struct arena *scratch,
                      vec w, vec grad)
{
    size_t mark = scratch->used;
    mat H = arena_mat(scratch, w.n, w.n);
    vec from = arena_vec(scratch, w.n), there = arena_vec(scratch, w.n);
    double old = problem->value, enough = old + 10 * REAL_EPSILON * fabs(old);
    bool down = false;
    inf_hessian(problem, w, scratch, H);
    copy(w, from);
    double least = pow(REAL_EPSILON, 2.0 / 3) * max_norm(entries(H));
    for (int tries = 0; tries < 30 && !down; tries++) {
        if (damped_step(H, *mu, grad, scratch, w) == FACTOR_OK) {
            inf_gradient(problem, w, there);
            down = problem->value <= enough;
            copy(down ? there : from, down ? grad : w);
        }
        *mu = !down ? fmax(least, 4 * *mu) : *mu > least ? *mu / 4 : 0;
    }
    scratch->used = mark;
    return down;
}

/* w := a minimum of J, by Newton's steps from w on, which are damped where the Hessian
 * is not definite or a step would go up.  Ends with INF_OK where ||dJ/dw|| <=
 * tolerance, and with INF_NO_CONVERGENCE where that was not reached: after so many
 * steps, `most`, or because J is no number.  w: P, moved.  scratch: 3 P^2 + 7 P
 * numbers. [Levenberg 1944; Marquardt 1963] */
enum inf_status inf_minimize(struct inf_problem *problem, double tolerance, int most,
                             struct arena *scratch, vec w)
{
    REQUIRE(tolerance > 0, "tolerance must be positive, got %g", tolerance);
    size_t mark = scratch->used;
    vec grad = arena_vec(scratch, w.n);
    double mu = 0;
    inf_gradient(problem, w, grad);
    for (int k = 0; k < most && norm(grad) > tolerance; k++)
        if (!step_down(problem, &mu, scratch, w, grad))
            break;
    bool arrived = norm(grad) <= tolerance;
    scratch->used = mark;
    return arrived ? INF_OK : INF_NO_CONVERGENCE;
}

/* dw := c_i H^-1 grad l_i, by which a minimum w moves for each share of c_i that is
 * taken away: with (1 - s) c_i it is w + s dw + O(s^2), and the guess for s = 1 is that
 * of leaving i out.  w: P, a minimum; H: P x P, the second derivatives of J there, or
 * FACTOR_NOT_POSITIVE if they are not those of a minimum, and then dw is c_i grad l_i;
 * dw: P, overwritten.  scratch: n + P^2 numbers.  [Koh, Liang 2017; IEMS402-14/25] */
enum factor_status inf_influence(const struct inf_problem *problem, vec w, mat H, int i,
                                 struct arena *scratch, vec dw)
{
    inf_example_gradient(problem, w, i, scratch, dw);
    scale(problem->c.at[i], dw);
    return solve_positive(H, scratch, column(dw));
}
