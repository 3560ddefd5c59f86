#include "residual_networks.h"

#include "gradient_descent.h"
#include "ground/losses.h"

#include <math.h>

/* How many parameters one layer has: d^2 weights and d biases. */
static int of_layer(struct resnet net)
{
    REQUIRE(net.depth >= 1, "depth must be at least 1, got %d", net.depth);
    REQUIRE(net.width >= 1, "width must be at least 1, got %d", net.width);
    return SIZE_PRODUCT(net.width, SIZE_SUM(net.width, 1));
}

/* How many parameters all layers have. */
int resnet_parameters(struct resnet net)
{
    return SIZE_PRODUCT(net.depth, of_layer(net));
}

/* theta_t, the d^2 + d parameters of layer t: a view into w. */
vec resnet_layer(struct resnet net, vec w, int t)
{
    REQUIRE(w.n == resnet_parameters(net), "w has %d entries, the net has %d", w.n,
            resnet_parameters(net));
    REQUIRE(t >= 0 && t < net.depth, "the layers are 0 to %d, there is no layer %d",
            net.depth - 1, t);
    return (vec){of_layer(net), w.at + (size_t)t * of_layer(net)};
}

/* W_t, d x d: a view into w. */
mat resnet_weights(struct resnet net, vec w, int t)
{
    return (mat){net.width, net.width, resnet_layer(net, w, t).at};
}

/* b_t, d entries: a view into w. */
vec resnet_biases(struct resnet net, vec w, int t)
{
    return (vec){net.width, resnet_layer(net, w, t).at + net.width * net.width};
}

/* Weights that are smooth in the layer: theta_t := theta(t / T) for the curve
 * theta(s) = cos(s) theta_0 + sin(s) theta_1.  theta_0, theta_1: d^2 + d, read. */
void resnet_smooth(struct resnet net, vec theta_0, vec theta_1, vec w)
{
    for (int t = 0; t < net.depth; t++) {
        vec theta = resnet_layer(net, w, t);
        double s = (double)t / net.depth;
        copy(theta_0, theta);
        scale(cos(s), theta);
        axpy(sin(s), theta_1, theta);
    }
}

/* Room for what n examples leave behind: (4 T + 2) n d numbers. */
struct resnet_pass resnet_pass_make(struct arena *arena, struct resnet net, int n)
{
    int branches = SIZE_PRODUCT(net.depth, n), states = SIZE_SUM(branches, n);
    return (struct resnet_pass){.n = n,
                                .H = arena_mat(arena, states, net.width),
                                .slope = arena_mat(arena, branches, net.width),
                                .A = arena_mat(arena, states, net.width),
                                .Delta = arena_mat(arena, branches, net.width)};
}

/* Block t of one of the pass's arrays, n x d: that of layer t. */
mat resnet_block(const struct resnet_pass *pass, mat all, int t)
{
    return row_block(all, t * pass->n, pass->n);
}

/* next := s h + epsilon phi(h W' + 1 b'), slope := phi' there.  All n x d. */
static void layer_forward(struct resnet net, mat W, vec b, mat h, mat next, mat slope)
{
    for (int i = 0; i < next.rows; i++)
        copy(b, row(next, i));
    gemm(1, AS_IS, h, TRANSPOSED, W, 1, next);
    activate(net.activation, entries(next), entries(slope));
    scale(net.step, entries(next));
    if (net.skip)
        axpy(1, entries(h), entries(next));
}

/* Runs the rows of X, n x d, through the net: fills H and slope.  w: read.
 * [Columbia-13/7, "Deep Residual Networks", eq. (1)] */
void resnet_forward(struct resnet net, vec w, mat X, struct resnet_pass *pass)
{
    copy(entries(X), entries(resnet_block(pass, pass->H, 0)));
    for (int t = 0; t < net.depth; t++)
        layer_forward(net, resnet_weights(net, w, t), resnet_biases(net, w, t),
                      resnet_block(pass, pass->H, t),
                      resnet_block(pass, pass->H, t + 1),
                      resnet_block(pass, pass->slope, t));
}

/* delta := epsilon a_next o slope, a := s a_next + delta W: from dE/dh_{t+1} to dE/dz_t
 * and dE/dh_t.  All n x d. */
static void layer_backward(struct resnet net, mat W, mat a_next, mat slope, mat delta,
                           mat a)
{
    for (int i = 0; i < delta.rows * delta.cols; i++)
        delta.at[i] = net.step * a_next.at[i] * slope.at[i];
    copy(entries(a_next), entries(a));
    gemm(1, AS_IS, delta, AS_IS, W, net.skip ? 1 : 0, a);
}

/* From dE/dh_T, which the caller has put into the last block of A, back through all
 * layers: fills Delta and the rest of A.  w: as in resnet_forward on this pass. */
void resnet_backward(struct resnet net, vec w, struct resnet_pass *pass)
{
    for (int t = net.depth - 1; t >= 0; t--)
        layer_backward(net, resnet_weights(net, w, t),
                       resnet_block(pass, pass->A, t + 1),
                       resnet_block(pass, pass->slope, t),
                       resnet_block(pass, pass->Delta, t),
                       resnet_block(pass, pass->A, t));
}

/* grad := dE/dw, summed over the examples, of the pass that resnet_backward left:
 * dE/dW_t = Delta_t' H_t, and dE/db_t is the sum of the rows of Delta_t. */
void resnet_gradient(struct resnet net, const struct resnet_pass *pass, vec grad)
{
    for (int t = 0; t < net.depth; t++) {
        mat delta = resnet_block(pass, pass->Delta, t);
        vec b = resnet_biases(net, grad, t);
        gemm(1, TRANSPOSED, delta, AS_IS, resnet_block(pass, pass->H, t), 0,
             resnet_weights(net, grad, t));
        fill(0, b);
        for (int i = 0; i < delta.rows; i++)
            axpy(1, row(delta, i), b);
    }
}

/* V := (dh_T / dh_0) v, for the v in each row of V, at that row's example: a change of
 * the input pushed forward,  v_{t+1} = s v_t + epsilon phi'(z_t) o W_t v_t.
 * pass: after resnet_forward, read.  V: n x d, replaced.  scratch: n x d. */
void resnet_push(struct resnet net, vec w, const struct resnet_pass *pass, mat V,
                 mat scratch)
{
    for (int t = 0; t < net.depth; t++) {
        mat slope = resnet_block(pass, pass->slope, t);
        gemm(1, AS_IS, V, TRANSPOSED, resnet_weights(net, w, t), 0, scratch);
        for (int i = 0; i < V.rows * V.cols; i++)
            V.at[i] = (net.skip ? V.at[i] : 0) + net.step * slope.at[i] * scratch.at[i];
    }
}

/* E = 1/2n ||H_T - Y||^2, the mean over the examples of half the squared distance of
 * the output to its target, after resnet_forward.  Y: n x d, read.  Leaves the
 * derivative dE/dh_T = (H_T - Y) / n in the last block of A, for resnet_backward. */
double resnet_cost(struct resnet net, mat Y, struct resnet_pass *pass)
{
    return square_loss(Y, resnet_block(pass, pass->H, net.depth),
                       resnet_block(pass, pass->A, net.depth));
}

/* One step of gradient descent on E with rate alpha > 0; returns E before it.  X, Y:
 * n x d, read.  w: moved.  pass, grad: overwritten, grad with the gradient at the old
 * w.  [CSC2541-1/7; Columbia-13/7] */
double resnet_step(struct resnet net, mat X, mat Y, double alpha, vec w,
                   struct resnet_pass *pass, vec grad)
{
    resnet_forward(net, w, X, pass);
    double cost = resnet_cost(net, Y, pass);
    resnet_backward(net, w, pass);
    resnet_gradient(net, pass, grad);
    gd_update(alpha, grad, w);
    return cost;
}
