#include "mlp.h"

#include "ground/dense_shape.h"

#include <math.h>

/* A network of these widths; the multipliers are those of the scaling.  width: depth +
 * 1 entries, each at least 1.  [IEMS402-14/4, 14; Columbia-13/16] */
struct mlp mlp_make(int depth, const int *width, enum activation activation,
                    enum scaling scaling, bool biases)
{
    REQUIRE(depth >= 1 && depth <= MLP_DEPTH, "depth must be 1 to %d, got %d",
            MLP_DEPTH, depth);
    struct mlp net = {.depth = depth, .activation = activation, .biases = biases};
    for (int l = 0; l <= depth; l++) {
        REQUIRE(width[l] >= 1, "width[%d] must be positive, got %d", l, width[l]);
        net.width[l] = width[l];
    }
    for (int l = 0; l < depth; l++)
        net.multiplier[l] = scaling == STANDARD ? 1 : 1 / sqrt(width[l]);
    if (scaling == MEAN_FIELD)
        net.multiplier[depth - 1] = 1.0 / width[depth - 1];
    return net;
}

/* How many parameters the first layers have together, so many of them. */
static int parameters_before(const struct mlp *net, int layers)
{
    int parameters = 0;
    for (int l = 0; l < layers; l++) {
        int per_unit = SIZE_SUM(net->width[l], net->biases ? 1 : 0);
        parameters = SIZE_SUM(parameters, SIZE_PRODUCT(net->width[l + 1], per_unit));
    }
    return parameters;
}

/* P, how many parameters all layers have together. */
int mlp_parameters(const struct mlp *net) { return parameters_before(net, net->depth); }

/* W_l, n_{l+1} x n_l: a view into w, of P entries. */
mat mlp_weights(const struct mlp *net, vec w, int l)
{
    REQUIRE(w.n == mlp_parameters(net), "w has %d entries, the network has %d", w.n,
            mlp_parameters(net));
    REQUIRE(l >= 0 && l < net->depth, "layer %d of %d", l, net->depth);
    return (mat){net->width[l + 1], net->width[l], w.at + parameters_before(net, l)};
}

/* b_l, n_{l+1} entries: a view into w, empty if the network has no biases. */
vec mlp_biases(const struct mlp *net, vec w, int l)
{
    mat W = mlp_weights(net, w, l);
    return (vec){net->biases ? W.rows : 0, W.at + (size_t)W.rows * W.cols};
}

/* Room for what n examples leave behind: n (n_1 + ... + n_L) numbers, twice, and again
 * without n_L. */
struct mlp_pass mlp_pass_make(struct arena *arena, const struct mlp *net, int n)
{
    struct mlp_pass pass = {.H = {{0}}};
    for (int l = 0; l < net->depth; l++) {
        pass.H[l + 1] = arena_mat(arena, n, net->width[l + 1]);
        pass.Delta[l] = arena_mat(arena, n, net->width[l + 1]);
        if (l < net->depth - 1)
            pass.slope[l] = arena_mat(arena, n, net->width[l + 1]);
    }
    return pass;
}

/* Z := alpha H W' + 1 b', and no biases where b is empty. */
static void affine(double alpha, mat H, mat W, vec b, mat Z)
{
    for (int i = 0; i < (b.n ? Z.rows : 0); i++)
        copy(b, row(Z, i));
    gemm(alpha, AS_IS, H, TRANSPOSED, W, b.n ? 1 : 0, Z);
}

/* Runs the rows of X through the network: fills H and slope of the pass, and its output
 * is pass->H[L].  w: P, X: n x n_0, read; H[0] is X itself, which must stay. */
void mlp_forward(const struct mlp *net, vec w, mat X, struct mlp_pass *pass)
{
    REQUIRE(X.rows == pass->H[1].rows && X.cols == net->width[0],
            "X is %d x %d, the pass has room for %d x %d", X.rows, X.cols,
            pass->H[1].rows, net->width[0]);
    pass->H[0] = X;
    for (int l = 0; l < net->depth; l++) {
        affine(net->multiplier[l], pass->H[l], mlp_weights(net, w, l),
               mlp_biases(net, w, l), pass->H[l + 1]);
        if (l < net->depth - 1)
            activate(net->activation, entries(pass->H[l + 1]), entries(pass->slope[l]));
    }
}

/* Runs G back through the network: for a number E that depends on the outputs with
 * dE/dF = G, fills Delta_l = dE/dZ_l,
 *     Delta_{L-1} = G,   Delta_{l-1} = c_l Delta_l W_l o phi'(Z_{l-1}).
 * w: P, as in mlp_forward on this pass; G: n x n_L, read. */
void mlp_backward(const struct mlp *net, vec w, mat G, struct mlp_pass *pass)
{
    mat *Delta = pass->Delta;
    copy(entries(G), entries(Delta[net->depth - 1]));
    for (int l = net->depth - 1; l > 0; l--) {
        gemm(net->multiplier[l], AS_IS, Delta[l], AS_IS, mlp_weights(net, w, l), 0,
             Delta[l - 1]);
        multiply(entries(pass->slope[l - 1]), entries(Delta[l - 1]));
    }
}

/* b := the sum of the rows of A. */
static void add_rows(mat A, vec b)
{
    fill(0, b);
    for (int i = 0; i < A.rows; i++)
        axpy(1, row(A, i), b);
}

/* grad := dE/dw, summed over the examples, of the pass that mlp_backward left: the
 * vector-Jacobian product.  dE/dW_l = c_l Delta_l' H_l.  grad: P, overwritten. */
void mlp_gradient(const struct mlp *net, const struct mlp_pass *pass, vec grad)
{
    for (int l = 0; l < net->depth; l++) {
        gemm(net->multiplier[l], TRANSPOSED, pass->Delta[l], AS_IS, pass->H[l], 0,
             mlp_weights(net, grad, l));
        if (net->biases)
            add_rows(pass->Delta[l], mlp_biases(net, grad, l));
    }
}

/* dX := dE/dX = c_0 Delta_0 W_0, of the same pass.  dX: n x n_0, overwritten. */
void mlp_input_gradient(const struct mlp *net, vec w, const struct mlp_pass *pass,
                        mat dX)
{
    gemm(net->multiplier[0], AS_IS, pass->Delta[0], AS_IS, mlp_weights(net, w, 0), 0,
         dX);
}

/* dF := the derivative of the outputs in the direction (dw, dX), the Jacobian-vector
 * product, forward like the network itself:
 *     dZ_l = c_l (dH_l W_l' + H_l dW_l') + 1 db_l',   dH_{l+1} = phi'(Z_l) o dZ_l.
 * w, dw: P; dX: n x n_0, or with no rows if X stays; pass: after mlp_forward; all read.
 * dF: n x n_L, overwritten.  scratch: n (n_1 + ... + n_{L-1}) numbers. */
void mlp_jvp(const struct mlp *net, vec w, vec dw, mat dX, const struct mlp_pass *pass,
             struct arena *scratch, mat dF)
{
    REQUIRE(dX.rows == 0 || dX.rows == pass->H[0].rows, "dX has %d rows, X has %d",
            dX.rows, pass->H[0].rows);
    size_t mark = scratch->used;
    mat dH = dX;
    for (int l = 0; l < net->depth; l++) {
        bool last = l == net->depth - 1;
        double c = net->multiplier[l];
        mat dZ = last ? dF : arena_mat(scratch, dF.rows, net->width[l + 1]);
        affine(c, pass->H[l], mlp_weights(net, dw, l), mlp_biases(net, dw, l), dZ);
        if (dH.rows > 0)
            gemm(c, AS_IS, dH, TRANSPOSED, mlp_weights(net, w, l), 1, dZ);
        if (!last)
            multiply(entries(pass->slope[l]), entries(dZ));
        dH = dZ;
    }
    scratch->used = mark;
}

/* grad := dE/dw of example i alone: dE/dW_l = c_l delta_l h_l', of one row each. */
static void example_gradient(const struct mlp *net, const struct mlp_pass *pass, int i,
                             vec grad)
{
    fill(0, grad);
    for (int l = 0; l < net->depth; l++) {
        vec delta = row(pass->Delta[l], i);
        ger(net->multiplier[l], delta, row(pass->H[l], i), mlp_weights(net, grad, l));
        if (net->biases)
            copy(delta, mlp_biases(net, grad, l));
    }
}

/* J := the derivative of every output of every example by the parameters: row
 * i n_L + k is that of F_ik.  w: P; pass: after mlp_forward, its Delta is overwritten;
 * J: n n_L x P, so for small networks.  scratch: n n_L numbers. */
void mlp_jacobian(const struct mlp *net, vec w, struct mlp_pass *pass,
                  struct arena *scratch, mat J)
{
    size_t mark = scratch->used;
    mat F = pass->H[net->depth], G = arena_mat(scratch, F.rows, F.cols);
    REQUIRE(J.rows == entries(F).n, "J has %d rows, there are %d outputs", J.rows,
            entries(F).n);
    for (int k = 0; k < F.cols; k++) {
        fill(0, entries(G));
        for (int i = 0; i < F.rows; i++)
            row(G, i).at[k] = 1;
        mlp_backward(net, w, G, pass);
        for (int i = 0; i < F.rows; i++)
            example_gradient(net, pass, i, row(J, i * F.cols + k));
    }
    scratch->used = mark;
}

/* K_ij := <df(x_i)/dw, df(y_j)/dw>, the tangent kernel of a network with one output.
 * In layer l a gradient is an outer product, delta h', and the inner product of two of
 * these is a product of inner products, so that no gradient is formed:
 *
 *     K = sum over l of (c_l^2 H_l H_l' + 1, with biases) o Delta_l Delta_l'
 *
 * where the left factors are of the x_i and the right ones of the y_j.  a, b: passes of
 * n and m examples, after mlp_forward and mlp_backward with G = 1; K: n x m,
 * overwritten.  scratch: 2 n m numbers, however many parameters there are.
 * [IEMS402-14/5, "Neural tangent theory"] */
void mlp_kernel(const struct mlp *net, const struct mlp_pass *a,
                const struct mlp_pass *b, struct arena *scratch, mat K)
{
    REQUIRE(net->width[net->depth] == 1, "the network has %d outputs",
            net->width[net->depth]);
    size_t mark = scratch->used;
    mat HH = arena_mat(scratch, K.rows, K.cols),
        DD = arena_mat(scratch, K.rows, K.cols);
    fill(0, entries(K));
    for (int l = 0; l < net->depth; l++) {
        double c = net->multiplier[l];
        fill(net->biases ? 1 : 0, entries(HH));
        gemm(c * c, AS_IS, a->H[l], TRANSPOSED, b->H[l], 1, HH);
        gemm(1, AS_IS, a->Delta[l], TRANSPOSED, b->Delta[l], 0, DD);
        multiply(entries(HH), entries(DD));
        axpy(1, entries(DD), entries(K));
    }
    scratch->used = mark;
}

/* Room for how a pass of n examples changes: n (n_1 + ... + n_{L-1}) numbers, four
 * times. */
struct mlp_tangent mlp_tangent_make(struct arena *arena, const struct mlp *net, int n)
{
    struct mlp_tangent tangent = {.bend = {{0}}};
    for (int l = 0; l < net->depth - 1; l++) {
        tangent.bend[l] = arena_mat(arena, n, net->width[l + 1]);
        tangent.turn[l] = arena_mat(arena, n, net->width[l + 1]);
        tangent.dH[l + 1] = arena_mat(arena, n, net->width[l + 1]);
        tangent.dDelta[l] = arena_mat(arena, n, net->width[l + 1]);
    }
    return tangent;
}

/* Readies the tangent for directions at w, bend_l := phi''(Z_l) o c_{l+1} Delta_{l+1}
 * W_{l+1}; where a layer does not bend, the product, which may overflow, is left out.
 * The pass has kept phi(Z_l), so Z_l is computed again.  w: P; pass: after mlp_forward
 * and mlp_backward; both read. */
void mlp_tangent_at(const struct mlp *net, vec w, const struct mlp_pass *pass,
                    struct mlp_tangent *tangent)
{
    for (int l = 0; l < net->depth - 1; l++) {
        mat bend = tangent->bend[l], from_above = tangent->turn[l];
        affine(net->multiplier[l], pass->H[l], mlp_weights(net, w, l),
               mlp_biases(net, w, l), bend);
        activation_bend(net->activation, entries(bend));
        if (max_norm(entries(bend)) != 0) {
            gemm(net->multiplier[l + 1], AS_IS, pass->Delta[l + 1], AS_IS,
                 mlp_weights(net, w, l + 1), 0, from_above);
            multiply(entries(from_above), entries(bend));
        }
    }
}

/* dZ := c_l H U_l' + 1 u_l', what the layer's own weights and biases do to Z_l when
 * they move by U_l and u_l: a row of U is the direction of all examples, or of one. */
static void by_own_weights(const struct mlp *net, mat U, int l, mat H, mat dZ)
{
    int share = U.rows == 1 ? H.rows : 1;
    for (int i = 0; i < U.rows; i++)
        affine(net->multiplier[l], row_block(H, i * share, share),
               mlp_weights(net, row(U, i), l), mlp_biases(net, row(U, i), l),
               row_block(dZ, i * share, share));
}

/* The same on the way back, dB := c_l Delta U_l. */
static void back_by_own_weights(const struct mlp *net, mat U, int l, mat Delta, mat dB)
{
    int share = U.rows == 1 ? Delta.rows : 1;
    for (int i = 0; i < U.rows; i++)
        gemm(net->multiplier[l], AS_IS, row_block(Delta, i * share, share), AS_IS,
             mlp_weights(net, row(U, i), l), 0, row_block(dB, i * share, share));
}

/* The passes of the network, forward and back, differentiated along U:
 *     dZ_l = c_l (dH_l W_l' + H_l U_l') + 1 u_l',   dH_{l+1} = phi'(Z_l) o dZ_l;
 *     dDelta_{l-1} = c_l (dDelta_l W_l + Delta_l U_l) o phi'(Z_{l-1})
 *                    + bend_{l-1} o dZ_{l-1}.
 * w: P; U: 1 x P, a direction for all examples, or n x P, one for each; pass: as in
 * mlp_tangent_at, which was called before; all read.  [Pearlmutter 1994] */
void mlp_tangent_along(const struct mlp *net, vec w, mat U, const struct mlp_pass *pass,
                       struct mlp_tangent *tangent)
{
    REQUIRE(U.rows == 1 || U.rows == pass->H[0].rows, "U has %d rows, X has %d", U.rows,
            pass->H[0].rows);
    int last = net->depth - 1;
    mat *dH = tangent->dH, *dDelta = tangent->dDelta;
    for (int l = 0; l < last; l++) {
        mat dZ = dH[l + 1];
        by_own_weights(net, U, l, pass->H[l], dZ);
        if (l > 0)
            gemm(net->multiplier[l], AS_IS, dH[l], TRANSPOSED, mlp_weights(net, w, l),
                 1, dZ);
        copy(entries(dZ), entries(tangent->turn[l]));
        multiply(entries(tangent->bend[l]), entries(tangent->turn[l]));
        multiply(entries(pass->slope[l]), entries(dZ));
    }
    for (int l = last; l > 0; l--) {
        back_by_own_weights(net, U, l, pass->Delta[l], dDelta[l - 1]);
        if (l < last)
            gemm(net->multiplier[l], AS_IS, dDelta[l], AS_IS, mlp_weights(net, w, l), 1,
                 dDelta[l - 1]);
        multiply(entries(pass->slope[l - 1]), entries(dDelta[l - 1]));
        axpy(1, entries(tangent->turn[l - 1]), entries(dDelta[l - 1]));
    }
}

/* d := the change of example_gradient, c_l (ddelta_l h_l' + delta_l dh_l'). */
static void example_change(const struct mlp *net, const struct mlp_pass *pass,
                           const struct mlp_tangent *tangent, int i, vec d)
{
    fill(0, d);
    for (int l = 0; l < net->depth; l++) {
        mat W = mlp_weights(net, d, l);
        if (l > 0)
            ger(net->multiplier[l], row(pass->Delta[l], i), row(tangent->dH[l], i), W);
        if (l < net->depth - 1) {
            vec change = row(tangent->dDelta[l], i);
            ger(net->multiplier[l], change, row(pass->H[l], i), W);
            if (net->biases)
                copy(change, mlp_biases(net, d, l));
        }
    }
}

/* Row i of D := H_i u_i, with H_i the Hessian of <G_i, F_i> and u_i the direction of
 * example i in mlp_tangent_along.  D: n x P, overwritten; the others read. */
void mlp_tangent_rows(const struct mlp *net, const struct mlp_pass *pass,
                      const struct mlp_tangent *tangent, mat D)
{
    REQUIRE(D.rows == pass->H[0].rows, "D has %d rows, X has %d", D.rows,
            pass->H[0].rows);
    for (int i = 0; i < D.rows; i++)
        example_change(net, pass, tangent, i, row(D, i));
}

/* sum := the sum of these H_i u_i, in which the outer products of all examples are
 * products of matrices: c_l (dDelta_l' H_l + Delta_l' dH_l).  sum: P, overwritten; the
 * others read. */
void mlp_tangent_sum(const struct mlp *net, const struct mlp_pass *pass,
                     const struct mlp_tangent *tangent, vec sum)
{
    fill(0, sum);
    for (int l = 0; l < net->depth; l++) {
        mat W = mlp_weights(net, sum, l);
        if (l > 0)
            gemm(net->multiplier[l], TRANSPOSED, pass->Delta[l], AS_IS, tangent->dH[l],
                 1, W);
        if (l < net->depth - 1) {
            gemm(net->multiplier[l], TRANSPOSED, tangent->dDelta[l], AS_IS, pass->H[l],
                 1, W);
            if (net->biases)
                add_rows(tangent->dDelta[l], mlp_biases(net, sum, l));
        }
    }
}

/* X: n x n_0 and T: n x n_L, kept as views, so read at each call. */
struct mlp_cost mlp_cost_make(struct arena *arena, const struct mlp *net,
                              loss_function *loss, mat X, mat T)
{
    REQUIRE_SHAPE(X, X.rows, net->width[0]);
    REQUIRE_SHAPE(T, X.rows, net->width[net->depth]);
    return (struct mlp_cost){.net = net,
                             .loss = loss,
                             .X = X,
                             .T = T,
                             .pass = mlp_pass_make(arena, net, X.rows),
                             .G = arena_mat(arena, T.rows, T.cols)};
}

/* grad := dE/dw at w, which leaves E in the cost: one pass forward, one back.  It is a
 * gradient_of, for optimize.  cost: a struct mlp_cost; w, grad: P. */
void mlp_cost_gradient(void *cost, vec w, vec grad)
{
    struct mlp_cost *on = cost;
    mlp_forward(on->net, w, on->X, &on->pass);
    on->value = on->loss(on->T, on->pass.H[on->net->depth], on->G);
    mlp_backward(on->net, w, on->G, &on->pass);
    mlp_gradient(on->net, &on->pass, grad);
}

/* Batches of B of the n examples, 1 <= B <= n, no two of a batch the same. */
struct mlp_batches mlp_batches_make(struct arena *arena, const struct mlp *net,
                                    loss_function *loss, mat X, mat T, int B,
                                    struct rng rng)
{
    REQUIRE(1 <= B && B <= X.rows, "a batch of %d from %d examples", B, X.rows);
    REQUIRE_SHAPE(T, X.rows, net->width[net->depth]);
    mat X_batch = arena_mat(arena, B, X.cols), T_batch = arena_mat(arena, B, T.cols);
    return (struct mlp_batches){.batch =
                                    mlp_cost_make(arena, net, loss, X_batch, T_batch),
                                .X = X,
                                .T = T,
                                .chosen = arena_ints(arena, (size_t)B),
                                .rng = rng};
}

/* grad := dE/dw on a batch from the stream, whose mean over all batches is that on all
 * examples.  It is a gradient_of.  batches: a struct mlp_batches; w, grad: P.
 * [10707-6/6, "Minibatches"] */
void mlp_batches_gradient(void *batches, vec w, vec grad)
{
    struct mlp_batches *from = batches;
    int B = from->batch.X.rows;
    rng_choose(&from->rng, from->X.rows, B, from->chosen);
    for (int i = 0; i < B; i++) {
        copy(row(from->X, from->chosen[i]), row(from->batch.X, i));
        copy(row(from->T, from->chosen[i]), row(from->batch.T, i));
    }
    mlp_cost_gradient(&from->batch, w, grad);
}
