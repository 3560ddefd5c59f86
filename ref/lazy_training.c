#include "lazy_training.h"

#include "gradient_descent.h"

#include <math.h>

/* ---- The problem ----------------------------------------------------------------- */

/* The problem of fitting y to the rows of X, with no offset.  X: n x d, y: n; both
 * must stay. */
struct lazy_problem lazy_make(struct arena *arena, const struct mlp *net, mat X, vec y)
{
    REQUIRE(net->width[net->depth] == 1, "the network has %d outputs, not 1",
            net->width[net->depth]);
    REQUIRE(X.rows == y.n, "X has %d rows, y has %d entries", X.rows, y.n);
    return (struct lazy_problem){.net = *net,
                                 .X = X,
                                 .y = y,
                                 .offset = arena_vec(arena, y.n),
                                 .residual = arena_mat(arena, y.n, 1),
                                 .pass = mlp_pass_make(arena, net, y.n)};
}

/* Sets the offset to f(w_0; X), so that h(w_0) = 0.  w_0: P, read. */
void lazy_center(struct lazy_problem *p, vec w_0)
{
    mlp_forward(&p->net, w_0, p->X, &p->pass);
    copy(entries(p->pass.H[p->net.depth]), p->offset);
}

/* h := h(w) = f(w; X) - offset.  w: P, read; h: n, overwritten. */
void lazy_output(struct lazy_problem *p, vec w, vec h)
{
    mlp_forward(&p->net, w, p->X, &p->pass);
    copy(entries(p->pass.H[p->net.depth]), h);
    axpy(-1, p->offset, h);
}

/* grad := the gradient of F_alpha at w, Dh(w)'(alpha h(w) - y) / alpha; returns
 * F_alpha(w) = ||alpha h(w) - y||^2 / (2 alpha^2).  w: P, read; grad: P, overwritten.
 * [IEMS402-14/5, "Neural tangent theory"] */
double lazy_gradient(struct lazy_problem *p, double alpha, vec w, vec grad)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    vec r = entries(p->residual);
    lazy_output(p, w, r);
    scale(alpha, r);
    axpy(-1, p->y, r);
    double risk = dot(r, r) / 2;
    mlp_backward(&p->net, w, p->residual, &p->pass);
    mlp_gradient(&p->net, &p->pass, grad);
    scale(1 / alpha, grad);
    return risk / (alpha * alpha);
}

/* A step of gradient descent, w := w - eta grad F_alpha(w).  w: P, moved; grad: P, left
 * with the gradient at the old w.  [IEMS402-14/11] */
void lazy_step(struct lazy_problem *p, double alpha, double eta, vec w, vec grad)
{
    lazy_gradient(p, alpha, w, grad);
    gd_update(eta, grad, w);
}

/* ---- Its linearization ----------------------------------------------------------- */

/* J := Dh(w), a gradient of one output in each row.  w: P, read; J: n x P, overwritten;
 * scratch: n numbers. */
void lazy_jacobian(struct lazy_problem *p, vec w, struct arena *scratch, mat J)
{
    mlp_forward(&p->net, w, p->X, &p->pass);
    mlp_jacobian(&p->net, w, &p->pass, scratch, J);
}

/* The linearization at w_0, in memory of the arena.  [IEMS402-14/5] */
struct lazy_linear lazy_linearize(struct arena *arena, struct lazy_problem *p, vec w_0)
{
    struct lazy_linear line = {arena_vec(arena, p->y.n),
                               arena_mat(arena, p->y.n, w_0.n)};
    lazy_output(p, w_0, line.h_0);
    lazy_jacobian(p, w_0, arena, line.J);
    return line;
}

/* h := h(w_0) + J v.  v: P, read; h: n, overwritten. */
void lazy_linear_output(const struct lazy_linear *line, vec v, vec h)
{
    copy(line->h_0, h);
    gemv(1, line->J, v, 1, h);
}

/* The step of lazy_step where the linearization stands for h:
 * v := v - (eta / alpha) J'(alpha (h_0 + J v) - y).  y: n, read; v: P, moved; h: n,
 * left with alpha h - y at the old v. */
void lazy_linear_step(const struct lazy_linear *line, vec y, double alpha, double eta,
                      vec v, vec h)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    lazy_linear_output(line, v, h);
    scale(alpha, h);
    axpy(-1, y, h);
    gemtv(-eta / alpha, line->J, h, 1, v);
}

/* ---- How fast the differential changes ------------------------------------------- */

/* Runs the pass at w, forward and, as for Dh, back with G = 1, and readies its tangent.
 * w: P, read.  scratch, which is kept: n numbers and an mlp_tangent of n examples. */
static struct mlp_tangent tangent_at(struct lazy_problem *p, vec w,
                                     struct arena *scratch)
{
    struct mlp_tangent tangent = mlp_tangent_make(scratch, &p->net, p->y.n);
    mat ones = arena_mat(scratch, p->y.n, 1);
    fill(1, entries(ones));
    mlp_forward(&p->net, w, p->X, &p->pass);
    mlp_backward(&p->net, w, ones, &p->pass);
    mlp_tangent_at(&p->net, w, &p->pass, &tangent);
    return tangent;
}

/* D := D^2h(w)[u], with H_i u in row i, where the tangent is that at w. */
static void change_along(const struct lazy_problem *p, vec w, vec u,
                         struct mlp_tangent *tangent, mat D)
{
    mlp_tangent_along(&p->net, w, (mat){1, u.n, u.at}, &p->pass, tangent);
    mlp_tangent_rows(&p->net, &p->pass, tangent, D);
}

static bool is_length(double x) { return isfinite(x) && x > 0; }

/* D := D^2h(w)[u], the change of Dh along u: row i is H_i u, with H_i the Hessian of
 * output i.  w: P, read; u: P, read, not 0; D: n x P, overwritten.  scratch: n numbers
 * and an mlp_tangent of n examples. */
void lazy_directional(struct lazy_problem *p, vec w, vec u, struct arena *scratch,
                      mat D)
{
    REQUIRE(is_length(norm(u)), "u must have a direction, its norm is %g", norm(u));
    size_t mark = scratch->used;
    struct mlp_tangent tangent = tangent_at(p, w, scratch);
    change_along(p, w, u, &tangent, D);
    scratch->used = mark;
}

/* x := x over its largest entry, so that what is multiplied by H_i twice does not leave
 * the range of numbers.  What is below REAL_MIN has no reciprocal. */
static void near_one(vec x) { scale(1 / fmax(max_norm(x), REAL_MIN), x); }

/* Returns ||D^2h(w)||, the largest ||D^2h(w)[u]|| over unit vectors u, by power
 * iteration: its square is the largest eigenvalue of sum H_i H_i, and row i of D is
 * H_i u, along which example i goes to be multiplied by H_i again.  Never too large,
 * and never less after more iterations.  w: P, read; u: P, where to start, not 0; left
 * as the direction in which Dh changes most.  scratch: n P + n numbers and an
 * mlp_tangent of n examples. */
double lazy_curvature(struct lazy_problem *p, vec w, int iterations,
                      struct arena *scratch, vec u)
{
    REQUIRE(is_length(norm(u)), "u must have a direction, its norm is %g", norm(u));
    size_t mark = scratch->used;
    struct mlp_tangent tangent = tangent_at(p, w, scratch);
    mat D = arena_room_mat(scratch, p->y.n, w.n);
    change_along(p, w, u, &tangent, D);
    for (int k = 0; k < iterations && is_length(max_norm(entries(D))); k++) {
        near_one(entries(D));
        mlp_tangent_along(&p->net, w, D, &p->pass, &tangent);
        mlp_tangent_sum(&p->net, &p->pass, &tangent, u);
        near_one(u);
        scale(1 / norm(u), u);
        change_along(p, w, u, &tangent, D);
    }
    double change = norm(entries(D)) / norm(u);
    scratch->used = mark;
    return change;
}

/* kappa_h(w) = ||h - y|| ||D^2h|| / ||Dh||^2.  The arguments are those of
 * lazy_curvature, and the scratch is, with n numbers more.  [IEMS402-14/11] */
double lazy_kappa(struct lazy_problem *p, vec w, int iterations, struct arena *scratch,
                  vec u)
{
    size_t mark = scratch->used;
    mat J = arena_mat(scratch, p->y.n, w.n);
    vec h = arena_vec(scratch, p->y.n);
    lazy_output(p, w, h);
    axpy(-1, p->y, h);
    lazy_jacobian(p, w, scratch, J);
    double residual = norm(h), differential = norm(entries(J));
    scratch->used = mark;
    double curvature = lazy_curvature(p, w, iterations, scratch, u);
    return residual / differential * (curvature / differential);
}

/* ---- Where training starts ------------------------------------------------------- */

/* W_l := normal of deviation 1 / sqrt(n_l), and 1 / n_l in the last layer under maximal
 * update; biases := 0.  w: P, overwritten.  [IEMS402-14/8, 9] */
void lazy_draw(const struct mlp *net, enum lazy_start start, struct rng *rng, vec w)
{
    for (int l = 0; l < net->depth; l++) {
        double deviation = 1 / sqrt(net->width[l]);
        if (start == MAXIMAL_UPDATE && l == net->depth - 1)
            deviation *= deviation;
        rng_normals(rng, 0, deviation, entries(mlp_weights(net, w, l)));
        fill(0, mlp_biases(net, w, l));
    }
}

/* Makes the second half of the hidden units a copy of the first, with the opposite
 * weight to the output: f(w; x) = 0 for every x.  For one hidden layer of even width,
 * without biases.  w: P, of which the second half of both layers is overwritten. */
void lazy_pair(const struct mlp *net, vec w)
{
    REQUIRE(net->depth == 2 && net->width[1] % 2 == 0 && !net->biases,
            "one hidden layer of even width without biases, got depth %d, width %d",
            net->depth, net->width[1]);
    int half = net->width[1] / 2;
    mat W = mlp_weights(net, w, 0), a = mlp_weights(net, w, 1);
    copy(entries(row_block(W, 0, half)), entries(row_block(W, half, half)));
    for (int k = 0; k < a.rows; k++)
        for (int r = 0; r < half; r++)
            row(a, k).at[half + r] = -row(a, k).at[r];
}

/* W_0 := c W_0, W_1 := W_1 / c, with c > 0: of a ReLU network with one hidden layer and
 * no biases the function stays the same.  w: P, rescaled.  [IEMS402-14/6, 7] */
void lazy_rescale(const struct mlp *net, double c, vec w)
{
    REQUIRE(net->depth == 2 && !net->biases, "two layers without biases, got depth %d",
            net->depth);
    REQUIRE(isfinite(c) && c > 0, "c must be finite and positive, got %g", c);
    vec above = entries(mlp_weights(net, w, 1));
    scale(c, entries(mlp_weights(net, w, 0)));
    for (int k = 0; k < above.n; k++)
        above.at[k] /= c; /* 1 / c may be infinite */
}
