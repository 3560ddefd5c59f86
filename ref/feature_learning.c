#include "feature_learning.h"

#include <math.h>

/* ---- The model ------------------------------------------------------------------- */

/* sp_beta(x) = ln(1 + e^(beta x)) / beta, which is max(x, 0) and at most ln 2 / beta
 * more; slope := its derivative, 1 / (1 + e^(-beta x)).  Nothing overflows.
 * [Columbia-13/16, "Feature versus lazy: notation"] */
double feat_soft_plus(double beta, double x, double *slope)
{
    double small = exp(-beta * fabs(x));
    *slope = (x > 0 ? 1 : small) / (1 + small);
    return (x > 0 ? x : 0) + log1p(small) / beta;
}

/* z~_1 = W_0 x / sqrt(d), z_l = sigma(z~_l), z~_{l+1} = m^(-1/2) W_l z_l, and f =
 * m^(-1/2) W_L z_L: so many hidden layers of m units, one output, no biases, and sigma
 * the softplus of activation.h.  To be started with weights from N(0, 1).
 * [Columbia-13/17, "Feature versus lazy: architecture"] */
struct mlp feat_network(int inputs, int hidden, int m)
{
    REQUIRE(hidden >= 1 && hidden < MLP_DEPTH, "hidden must be 1 to %d, got %d",
            MLP_DEPTH - 1, hidden);
    int width[MLP_DEPTH + 1] = {inputs};
    for (int l = 1; l <= hidden; l++)
        width[l] = m;
    width[hidden + 1] = 1;
    return mlp_make(hidden + 1, width, SOFTPLUS, TANGENT, false);
}

/* The network that ends with the pre-activations of hidden layer `layers`, counted from
 * 1, as its outputs.  Its parameters are the first of those of net. */
struct mlp feat_first_layers(const struct mlp *net, int layers)
{
    REQUIRE(layers >= 1 && layers <= net->depth, "%d of %d layers", layers, net->depth);
    struct mlp first = *net;
    first.depth = layers;
    return first;
}

/* F = alpha f, to fit y to the rows of X; lazy_center(&model.on, w_0) makes it F =
 * alpha (f - f(w_0)).  X: n x d, y: n, +1 or -1; both must stay. */
struct feat_model feat_make(struct arena *arena, const struct mlp *net, mat X, vec y,
                            double alpha)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    return (struct feat_model){.on = lazy_make(arena, net, X, y),
                               .alpha = alpha,
                               .beta = FEAT_BETA};
}

/* F := F(w; x_i).  w: P, read; F: n, overwritten. */
void feat_output(struct feat_model *model, vec w, vec F)
{
    lazy_output(&model->on, w, F);
    scale(model->alpha, F);
}

/* grad := the gradient of L at w, 1 / (alpha n) times the sum of l'(F_i) df(x_i)/dw,
 * and F := the outputs there.  Returns alpha^2 L, the mean of l.  w: P, read; F: n and
 * grad: P, overwritten.  [Columbia-13/16, "Feature versus lazy: notation"] */
double feat_gradient(struct feat_model *model, vec w, vec F, vec grad)
{
    struct lazy_problem *on = &model->on;
    vec y = on->y, g = entries(on->residual);
    double sum = 0, slope;
    feat_output(model, w, F);
    for (int i = 0; i < F.n; i++) {
        sum += feat_soft_plus(model->beta, 1 - F.at[i] * y.at[i], &slope);
        g.at[i] = -slope * y.at[i] / (model->alpha * F.n);
    }
    mlp_backward(&on->net, w, on->residual, &on->pass);
    mlp_gradient(&on->net, &on->pass, grad);
    return sum / F.n;
}

/* ---- Its flow -------------------------------------------------------------------- */

/* The flow dw/dt = -grad L from w_0 at t = 0, which is read.  The first step is to move
 * w by a thousandth of its length.  In memory of the arena, 4 P + 2 n numbers. */
struct feat_flow feat_flow_make(struct arena *arena, struct feat_model *model, vec w_0)
{
    int P = w_0.n, n = model->on.y.n;
    struct feat_flow flow = {.model = model,
                             .tolerance = 1e-3,
                             .stop = 0.5,
                             .most = 4000,
                             .t_half = NAN,
                             .evaluations = 1,
                             .w = arena_vec(arena, P),
                             .grad = arena_vec(arena, P),
                             .F = arena_vec(arena, n),
                             .trial = arena_vec(arena, P),
                             .next = arena_vec(arena, P),
                             .F_at = arena_vec(arena, n)};
    copy(w_0, flow.w);
    flow.start = flow.loss = feat_gradient(model, flow.w, flow.F, flow.grad);
    flow.dt = 1e-3 * norm(w_0) / norm(flow.grad);
    return flow;
}

/* The least F y of the examples, which is what training must make positive. */
double feat_least_margin(const struct feat_flow *flow)
{
    double least = INFINITY;
    for (int i = 0; i < flow->F.n && !isnan(least); i++) {
        double margin = flow->F.at[i] * flow->model->on.y.at[i];
        if (!(margin >= least)) /* so that a NaN becomes the least */
            least = margin;
    }
    return least;
}

/* How much the gradient has turned over a step, ||g' - g||^2 / (||g|| ||g'||). */
double feat_turn(vec grad, vec next)
{
    double here = norm(grad), there = norm(next), turn = 0;
    for (int i = 0; i < grad.n; i++) {
        double apart = (double)next.at[i] - grad.at[i];
        turn += apart / here * (apart / there); /* in any unit */
    }
    return turn;
}

static void swap(vec *x, vec *y)
{
    vec z = *x;
    *x = *y;
    *y = z;
}

/* Goes on from the end of the step that was tried, at t.  The time at which the loss is
 * halved is interpolated. */
static void accept(struct feat_flow *flow, double t, double loss)
{
    double half = flow->start / 2;
    if (isnan(flow->t_half) && loss <= half)
        flow->t_half =
            flow->t + (t - flow->t) * (flow->loss - half) / (flow->loss - loss);
    flow->t = t;
    flow->loss = loss;
    swap(&flow->w, &flow->trial);
    swap(&flow->grad, &flow->next);
    swap(&flow->F, &flow->F_at);
}

/* One step of Euler's method, w := w - h grad, which turns the gradient by less than
 * four times the tolerance, and not beyond t_end > t.  The turn grows as h^2, which
 * tells the step to try next; where one ends early because of t_end, it tells nothing.
 * [Geiger, Spigler, Jacot, Wyart 2020] */
enum feat_status feat_step(struct feat_flow *flow, double t_end)
{
    for (;;) {
        double h = fmin(flow->dt, t_end - flow->t);
        if (flow->evaluations >= flow->most)
            return FEAT_TOO_MANY;
        copy(flow->w, flow->trial);
        axpy(-h, flow->grad, flow->trial);
        double loss = feat_gradient(flow->model, flow->trial, flow->F_at, flow->next);
        double turn = feat_turn(flow->grad, flow->next);
        flow->evaluations++;
        if (!isfinite(loss) || isnan(turn))
            return FEAT_NOT_FINITE;
        bool cut = h < flow->dt, taken = turn < 4 * flow->tolerance;
        double factor = 0.9 * sqrt(flow->tolerance / turn);
        if (!cut || !taken)
            flow->dt = h * fmin(fmax(factor, 0.3), 1.5);
        if (taken) {
            accept(flow, cut ? t_end : flow->t + h, loss);
            return FEAT_ON_TIME;
        }
    }
}

/* Follows the flow to the time t_end, which may be infinite, or until every example has
 * the margin at which training stops. */
enum feat_status feat_to(struct feat_flow *flow, double t_end)
{
    enum feat_status status = FEAT_ON_TIME;
    while (status == FEAT_ON_TIME && flow->t < t_end) {
        if (feat_least_margin(flow) >= flow->stop)
            return FEAT_FITTED;
        status = feat_step(flow, t_end);
    }
    return status;
}

/* ---- What has become of the network ---------------------------------------------- */

/* Theta := <df(x_i)/dw, df(x_j)/dw>, the tangent kernel of f at w.  w: P, read; Theta:
 * n x n, overwritten; scratch: n + 2 n^2 numbers.  [Columbia-13/16] */
void feat_kernel(struct feat_model *model, vec w, struct arena *scratch, mat Theta)
{
    struct lazy_problem *on = &model->on;
    size_t mark = scratch->used;
    mat ones = arena_mat(scratch, Theta.rows, 1);
    fill(1, entries(ones));
    mlp_forward(&on->net, w, on->X, &on->pass);
    mlp_backward(&on->net, w, ones, &on->pass);
    mlp_kernel(&on->net, &on->pass, &on->pass, scratch, Theta);
    scratch->used = mark;
}

/* ||after - before|| / ||before||, of kernels, of weights, of pre-activations. */
double feat_change(vec before, vec after)
{
    REQUIRE(before.n == after.n, "before has %d entries, after has %d", before.n,
            after.n);
    double apart = 0;
    for (int i = 0; i < before.n; i++)
        apart = hypot(apart, (double)after.at[i] - before.at[i]);
    return apart / norm(before);
}

/* ||F(w) - F_lin(w)|| / ||F(w)||, where F_lin is F to first order around w_0, where the
 * model is centered.  w_0, w: P, read, and different.  scratch: P + 3 n numbers, and
 * those of mlp_jvp. */
double feat_nonlinearity(struct feat_model *model, vec w_0, vec w,
                         struct arena *scratch)
{
    struct lazy_problem *on = &model->on;
    size_t mark = scratch->used;
    vec dw = arena_vec(scratch, w.n), F = arena_vec(scratch, on->y.n);
    mat line = arena_mat(scratch, F.n, 1);
    copy(w, dw);
    axpy(-1, w_0, dw);
    mlp_forward(&on->net, w_0, on->X, &on->pass);
    mlp_jvp(&on->net, w_0, dw, (mat){0}, &on->pass, scratch, line);
    feat_output(model, w, F);
    scale(model->alpha, entries(line));
    double missed = feat_change(F, entries(line));
    scratch->used = mark;
    return missed;
}

/* ---- What moves first ------------------------------------------------------------ */

/* Room for the velocities of n examples: n (n_1 + ... + n_L) numbers, and again without
 * n_L. */
struct feat_speed feat_speed_make(struct arena *arena, const struct mlp *net, int n)
{
    struct feat_speed speed = {.Z = {{0}}};
    for (int l = 0; l < net->depth; l++) {
        speed.Z[l] = arena_mat(arena, n, net->width[l + 1]);
        if (l > 0)
            speed.H[l] = arena_mat(arena, n, net->width[l]);
    }
    return speed;
}

/* The velocities of all layers, forward like the network, while its weights move with
 * the velocity dw:
 *     dZ_l = c_l (H_l dW_l' + dH_l W_l'),   dH_{l+1} = phi'(Z_l) o dZ_l,   dH_0 = 0.
 * A network without biases.  w, dw: P; pass: after mlp_forward at w; all read.  speed:
 * of as many examples, overwritten.  [Columbia-13/22, with phi' put back] */
void feat_velocities(const struct mlp *net, vec w, vec dw, const struct mlp_pass *pass,
                     struct feat_speed *speed)
{
    REQUIRE(!net->biases, "the network has biases");
    for (int l = 0; l < net->depth; l++) {
        double c = net->multiplier[l];
        gemm(c, AS_IS, pass->H[l], TRANSPOSED, mlp_weights(net, dw, l), 0, speed->Z[l]);
        if (l == 0)
            continue;
        copy(entries(speed->Z[l - 1]), entries(speed->H[l]));
        multiply(entries(pass->slope[l - 1]), entries(speed->H[l]));
        gemm(c, AS_IS, speed->H[l], TRANSPOSED, mlp_weights(net, w, l), 1, speed->Z[l]);
    }
}

/* The moments in the first hidden layer, where sigma(z) = sqrt(2) max(z, 0), |x|^2 = d,
 * and all weights are from N(0, 1): half of the units have z_i = sqrt(2) times a half
 * normal number and K_ii = 2, the others 0 and 0. */
struct feat_moments feat_moments_first(int m)
{
    REQUIRE(m >= 1, "a layer has at least one unit, got m = %d", m);
    double share = 1.0 / m;
    return (struct feat_moments){
        .qq = 1 + 5 * share, .qt = 1 + share, .tt = 1 + share, .kk = 2, .zz = 2};
}

/* And in the hidden layer above one with the moments `of`.  A row a of W / sqrt(m) is
 * normal, and a'z > 0 for half of the rows, whatever the row is up to its sign; the
 * means are those of polynomials in a. */
struct feat_moments feat_moments_next(int m, struct feat_moments of)
{
    REQUIRE(m >= 1, "a layer has at least one unit, got m = %d", m);
    double share = 1.0 / m, both = of.qq + 2 * of.qt + of.tt, along = of.qq + of.qt;
    return (struct feat_moments){.qq = (1 + 5 * share) * of.qq,
                                 .qt = (1 + share) * along + 4 * share * share * of.zz,
                                 .tt = (1 + share) * both + 4 * share * share * of.kk,
                                 .kk = 2 * both + (1 + 3 * share) * of.kk,
                                 .zz = 2 * along + (1 + 3 * share) * of.zz};
}

/* E |W dz|^2 / (m E |dz|^2), where dz are the velocities of the layer with the moments
 * `of` as the output is trained, and W the m x m weights above it: 1 if these two were
 * independent, as the central limit theorem has it.  In the limit of large m, 1 +
 * 3 l / ((l + 1)(2 l + 1)) for hidden layer l.  [Columbia-13/22] */
double feat_gain(int m, struct feat_moments of)
{
    REQUIRE(m >= 1, "a layer has at least one unit, got m = %d", m);
    return 1 + 1.0 / m + of.tt / of.kk;
}

/* ---- Where neurons point, and which layer is ready ------------------------------- */

/* The mean cosine between a neuron's w_j and the nearest of the directions, weighted by
 * what the neuron counts for, |a_j| |w_j|.  W: m x d, a neuron in each row; a: m; V:
 * k x d, a direction in each row, of any length but 0.  NaN if no neuron counts for
 * anything. [IEMS402-14/10, "Feature learning and lazy learning"] */
double feat_alignment(mat W, vec a, mat V)
{
    REQUIRE(W.rows == a.n, "W has %d rows, a has %d entries", W.rows, a.n);
    REQUIRE(V.rows >= 1, "there is no direction");
    double along = 0, all = 0;
    for (int j = 0; j < a.n; j++) {
        double most = -INFINITY;
        for (int k = 0; k < V.rows && !isnan(most); k++) {
            double here = dot(row(W, j), row(V, k)) / norm(row(V, k));
            if (!(here <= most))
                most = here;
        }
        along += fabs(a.at[j]) * most;
        all += fabs(a.at[j]) * norm(row(W, j));
    }
    return along / all;
}

/* A copy of A, less the mean of its rows, with the norm 1. */
static mat centered(mat A, struct arena *arena)
{
    mat C = arena_mat(arena, A.rows, A.cols);
    vec mean = arena_vec(arena, A.cols);
    for (int i = 0; i < A.rows; i++)
        axpy(1.0 / A.rows, row(A, i), mean);
    for (int i = 0; i < A.rows; i++) {
        copy(row(A, i), row(C, i));
        axpy(-1, mean, row(C, i));
    }
    scale(1 / norm(entries(C)), entries(C));
    return C;
}

/* ||A'B||^2, the sum of the squares of the inner products between columns. */
static double overlap(mat A, mat B, struct arena *scratch)
{
    mat C = arena_mat(scratch, A.cols, B.cols);
    gemm(1, TRANSPOSED, A, AS_IS, B, 0, C);
    return dot(entries(C), entries(C));
}

/* The likeness of two layers on the same n examples, in [0, 1]: with the columns of A
 * and B less their means,
 *     CKA = ||A'B||^2 / (||A'A|| ||B'B||),
 * in Frobenius' norm, which is the cosine between AA' and BB'.  So a rotation of the
 * units, or a factor, changes nothing.  A: n x p, B: n x q, read; NaN if all rows of
 * one are the same.  scratch: (n + 1)(p + q) + (p + q)^2 numbers at most.
 * [Kornblith et al. 2019; CS229br-5/18] */
double feat_cka(mat A, mat B, struct arena *scratch)
{
    REQUIRE(A.rows == B.rows, "A has %d rows, B has %d", A.rows, B.rows);
    size_t mark = scratch->used;
    A = centered(A, scratch);
    B = centered(B, scratch);
    double alike = overlap(A, B, scratch);
    double own = overlap(A, A, scratch) * overlap(B, B, scratch);
    scratch->used = mark;
    return alike / sqrt(own);
}
