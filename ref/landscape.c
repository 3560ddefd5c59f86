#include "landscape.h"

#include "ground/dense_shape.h"
#include "stationary_point.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

/* ---- Linear networks ------------------------------------------------------------- */

/* L = 1/2 || W_{L-1} ... W_1 W_0 - M ||^2, and grad := dL/dw: the square loss of a
 * linear network on the inputs e_1, e_2, ..., which are all that white inputs can tell.
 * net: LINEAR and without biases; M: outputs x inputs; w: P, read; grad: P.
 * [10707-6/2, "Why are local minima good?"; Kawaguchi 2016] */
double land_linear_loss(const struct mlp *net, mat M, struct arena *scratch, vec w,
                        vec grad)
{
    REQUIRE(net->activation == LINEAR && !net->biases,
            "the network has an activation, %d, or biases", net->activation);
    REQUIRE_SHAPE(M, net->width[net->depth], net->width[0]);
    size_t mark = scratch->used;
    mat X = arena_mat(scratch, M.cols, M.cols), G = arena_mat(scratch, M.cols, M.rows);
    struct mlp_pass pass = mlp_pass_make(scratch, net, M.cols);
    for (int i = 0; i < X.rows; i++)
        row(X, i).at[i] = 1;
    mlp_forward(net, w, X, &pass);
    transpose(M, G);
    scale(-1, entries(G));
    axpy(1, entries(pass.H[net->depth]), entries(G));
    mlp_backward(net, w, G, &pass);
    mlp_gradient(net, &pass, grad);
    scratch->used = mark;
    return dot(entries(G), entries(G)) / 2;
}

/* How many singular directions a set of bits keeps. */
static int size_of(unsigned kept)
{
    int size = 0;
    for (; kept != 0; kept &= kept - 1)
        size++;
    return size;
}

/* A critical point of 1/2 || W_2 W_1 - M ||^2 for M = sum of s_j u_j v_j': the one that
 * keeps the directions j whose bit is set in `kept`, and no other,
 *     W_2 := [U_kept 0] C,   W_1 := C^-1 [(s v')_kept; Z],   W_2 W_1 = sum over kept,
 * where the p x p matrix C is a basis of the hidden layer, and Z is what hidden units
 * of no effect may do with inputs that M does not see.  U: rows x rows and V: cols x
 * cols have the u_j and v_j as rows; s: rows, no 0; C: p x p, not singular, p at least
 * as many as are kept; Z: p x cols, its last rows matter.  All these are read.  W_2:
 * rows x p; W_1: p x cols; overwritten.  scratch: p (p + cols + 1) numbers.
 * [Baldi, Hornik 1989] */
void land_linear_critical(mat U, vec s, mat V, unsigned kept, mat C, mat Z,
                          struct arena *scratch, mat W_2, mat W_1)
{
    int p = C.rows, unit = 0;
    REQUIRE(size_of(kept) <= p && (s.n >= 32 || kept >> s.n == 0),
            "%#x keeps more than %d hidden units or %d directions hold", kept, p, s.n);
    REQUIRE_SHAPE(C, p, p);
    REQUIRE_SHAPE(W_2, s.n, p);
    REQUIRE_SHAPE(W_1, p, V.rows);
    size_t mark = scratch->used;
    mat R = arena_mat(scratch, p, p), right = arena_mat(scratch, V.rows, p);
    vec tau = arena_vec(scratch, p);
    copy(entries(C), entries(R));
    householder_qr(R, tau);
    copy(entries(Z), entries(W_1));
    fill(0, entries(W_2));
    for (int j = 0; kept != 0; j++, kept >>= 1)
        if (kept & 1) {
            ger(1, row(U, j), row(C, unit), W_2);
            copy(row(V, j), row(W_1, unit));
            scale(s.at[j], row(W_1, unit++));
        }
    transpose(W_1, right);
    for (int i = 0; i < right.rows; i++) {
        apply_q(R, tau, TRANSPOSED, row(right, i));
        solve_upper(R, AS_IS, row(right, i));
    }
    transpose(right, W_1);
    scratch->used = mark;
}

/* The number of independent directions in which the loss falls, to second order, from
 * such a critical point, if the singular values s_0 > s_1 > ... are different: one for
 * each kept direction and larger one that is not kept, which could take its place; and
 * one for each idle hidden unit and direction that is not kept.
 * outputs: how many directions there are, at most 31; hidden: p, fewer than these. */
int land_linear_index(int outputs, int hidden, unsigned kept)
{
    int index = (hidden - size_of(kept)) * (outputs - size_of(kept));
    for (int i = 0; i < outputs; i++)
        for (int j = 0; j < i; j++)
            index += (kept >> i & 1) && !(kept >> j & 1);
    return index;
}

/* ---- A student and a teacher of ReLUs -------------------------------------------- */

/* E relu(w.x) relu(v.x) for x ~ N(0, I) is |w||v| (sin theta + (pi - theta) cos theta)
 * / 2 pi, theta the angle of w and v; returns it, and adds its gradient with respect to
 * w, (|v| sin theta w/|w| + (pi - theta) v) / 2 pi, times sign, to dw; and the same for
 * v to dv, if that is not empty.  [Cho, Saul 2009] */
static double add_pair(double sign, vec w, vec v, vec dw, vec dv)
{
    double long_w = norm(w), long_v = norm(v), theta = ntk_angle(w, v);
    double along = sign * sin(theta) / (2 * PI),
           turn = sign * ntk_arc_cosine_0(theta) / 2;
    axpy(along * long_v / long_w, w, dw);
    axpy(turn, v, dw);
    if (dv.n > 0) {
        axpy(along * long_w / long_v, v, dv);
        axpy(turn, w, dv);
    }
    return long_w * long_v * ntk_arc_cosine_1(theta) / 2;
}

/* 1/2 E (sum_j relu(v_j.x))^2, and dV += its gradient. */
static double half_square(mat V, mat dV)
{
    double sum = 0;
    for (int i = 0; i < V.rows; i++) {
        vec v = row(V, i), dv = row(dV, i);
        sum += pow(norm(v), 2) / 4; /* the pair of v with itself, halved */
        axpy(0.5, v, dv);
        for (int j = 0; j < i; j++)
            sum += add_pair(1, v, row(V, j), dv, row(dV, j));
    }
    return sum;
}

/* F = 1/2 E (sum_i relu(w_i.x) - sum_j relu(v_j.x))^2 for x ~ N(0, I), exactly, and dW
 * := dF/dW.  W: k x d, the student's weights by rows, none of them 0; V: l x d, the
 * teacher's; read.  dW: k x d.  scratch: l d numbers.  [10707-6/2; Safran, Shamir 2018]
 */
double land_teacher_loss(mat W, mat V, struct arena *scratch, mat dW)
{
    REQUIRE(W.cols == V.cols, "the student has %d inputs, the teacher %d", W.cols,
            V.cols);
    REQUIRE_SHAPE(dW, W.rows, W.cols);
    size_t mark = scratch->used;
    double loss = half_square(V, arena_mat(scratch, V.rows, V.cols));
    fill(0, entries(dW));
    loss += half_square(W, dW);
    for (int i = 0; i < W.rows; i++)
        for (int j = 0; j < V.rows; j++)
            loss -= add_pair(-1, row(W, i), row(V, j), row(dW, i), (vec){0});
    scratch->used = mark;
    return loss;
}

/* The same function with one more neuron: neuron i becomes two halves, at i and at the
 * end.  W: k x d, read; wider: (k + 1) x d. */
void land_split(mat W, int i, mat wider)
{
    REQUIRE(i >= 0 && i < W.rows, "neuron %d of %d", i, W.rows);
    REQUIRE_SHAPE(wider, W.rows + 1, W.cols);
    copy(entries(W), entries(row_block(wider, 0, W.rows)));
    scale(0.5, row(wider, i));
    copy(row(wider, i), row(wider, W.rows));
}

/* S += a |u| (I - ww'/|w|^2 + uu'/|u|^2) / pi |w|, for the part of v that is orthogonal
 * to w as u. */
static void add_across(double sign, vec w, vec v, vec u, mat S)
{
    double ww = dot(w, w);
    copy(v, u);
    axpy(-dot(w, v) / ww, w, u);
    double length = norm(u), a = sign * length / (PI * sqrt(ww));
    if (length == 0)
        return;
    for (int l = 0; l < w.n; l++)
        row(S, l).at[l] += a;
    ger(-a / ww, w, w, S);
    ger(a / (length * length), u, u, S);
}

/* S, d x d: along (d, -d) / sqrt(2), which moves the two halves of neuron i apart, the
 * second derivative of F is d'Sd.  To first order the halves' sum stays as it is; to
 * second order it gains where w_i.x is about 0, and what it gains meets the residual r:
 *     S = sqrt(2 / pi) E [ r x x' | w_i.x = 0 ] / |w_i|,
 * a sum over neurons again.  W, V: as above; scratch: d numbers.
 * [Liu, Wu, Wang 2019, "Splitting steepest descent"] */
void land_splitting(mat W, mat V, int i, struct arena *scratch, mat S)
{
    REQUIRE(i >= 0 && i < W.rows, "neuron %d of %d", i, W.rows);
    REQUIRE_SHAPE(S, W.cols, W.cols);
    size_t mark = scratch->used;
    vec u = arena_vec(scratch, W.cols);
    fill(0, entries(S));
    for (int j = 0; j < W.rows; j++)
        if (j != i)
            add_across(1, row(W, i), row(W, j), u, S);
    for (int j = 0; j < V.rows; j++)
        add_across(-1, row(W, i), row(V, j), u, S);
    scratch->used = mark;
}

/* ---- A minimum for every piecewise linear network -------------------------------- */

/* The least w.x over the rows x of X, or NaN if one of them is. */
static double lowest(vec w, mat X)
{
    double least = INFINITY;
    for (int i = 0; i < X.rows && !isnan(least); i++) {
        double z = dot(w, row(X, i));
        least = z >= least ? least : z;
    }
    return least;
}

/* w := the weights of a network d-m-1 of ReLUs that computes a.x + c on all of the
 * examples, because no unit is off on any of them: the biases lift each unit to at
 * least `margin` on every example.  The first layer's weights are kept, and the
 * output's follow from W'v = a.  net: RELU with biases, m >= d; X: n x d; a: d, read;
 * margin >= 0. w: P, whose W_0 is read.  FACTOR_NO_CONVERGENCE if that is not finite.
 * [10707-6/2; Yun, Sra, Jadbabaie 2019, Theorem 1] */
enum factor_status land_affine_start(const struct mlp *net, mat X, vec a, double c,
                                     double margin, struct arena *scratch, vec w)
{
    REQUIRE(net->depth == 2 && net->activation == RELU && net->biases,
            "%d layers of activation %d", net->depth, net->activation);
    REQUIRE(margin >= 0, "the margin is %g", margin);
    mat W = mlp_weights(net, w, 0);
    vec b = mlp_biases(net, w, 0), v = row(mlp_weights(net, w, 1), 0);
    REQUIRE(W.rows >= W.cols, "%d units for %d inputs", W.rows, W.cols);
    size_t mark = scratch->used;
    mat W_dagger = arena_mat(scratch, W.cols, W.rows);
    enum factor_status status = sp_pseudo_inverse(W, scratch, W_dagger);
    gemtv(1, W_dagger, a, 0, v);
    for (int j = 0; j < W.rows; j++)
        b.at[j] = margin - lowest(row(W, j), X);
    mlp_biases(net, w, 1).at[0] = c - dot(v, b);
    scratch->used = mark;
    return status;
}

/* ---- Wide networks --------------------------------------------------------------- */

/* f(x) = sum_r a_r relu(w_r.x) / sqrt(m), which is to be trained in the w_r alone. */
struct mlp land_wide_network(int inputs, int m)
{
    struct mlp net = mlp_make(2, (int[]){inputs, m, 1}, RELU, STANDARD, false);
    net.multiplier[1] = 1 / sqrt(m);
    return net;
}

/* w_r ~ N(0, I), and a_r one of +1 and -1.  w: P, overwritten. */
void land_wide_start(const struct mlp *net, struct rng *rng, vec w)
{
    rng_normals(rng, 0, 1, entries(mlp_weights(net, w, 0)));
    mat a = mlp_weights(net, w, 1);
    for (int r = 0; r < a.cols; r++)
        a.at[r] = rng_bits(rng) >> 63 ? 1 : -1;
}

/* H_ij := E x_i.x_j [w.x_i > 0 and w.x_j > 0] = x_i.x_j (pi - theta_ij) / 2 pi, the
 * kernel of the first layer alone, of infinite width.  X: n x d; H: n x n. */
void land_wide_gram(mat X, mat H)
{
    REQUIRE_SHAPE(H, X.rows, X.rows);
    for (int i = 0; i < X.rows; i++)
        for (int j = 0; j < X.rows; j++)
            row(H, i).at[j] = dot(row(X, i), row(X, j)) *
                              ntk_arc_cosine_0(ntk_angle(row(X, i), row(X, j))) / 2;
}

/* One step of gradient descent on 1/2 || f - y ||^2 in the first layer; returns what
 * the loss was before it.  X: n x d; y: n; pass: overwritten; w: P, moved. [10707-6/3;
 * Du, Zhai, Poczos, Singh 2019] */
double land_wide_step(const struct mlp *net, mat X, vec y, double eta,
                      struct mlp_pass *pass, struct arena *scratch, vec w)
{
    REQUIRE(net->depth == 2 && net->width[2] == 1, "%d layers, %d outputs", net->depth,
            net->width[net->depth]);
    REQUIRE(isfinite(eta) && eta > 0, "eta must be finite and positive, got %g", eta);
    size_t mark = scratch->used;
    vec grad = arena_vec(scratch, w.n);
    mlp_forward(net, w, X, pass);
    mat F = pass->H[2];
    axpy(-1, y, entries(F));
    double loss = dot(entries(F), entries(F)) / 2;
    mlp_backward(net, w, F, pass);
    mlp_gradient(net, pass, grad);
    axpy(-eta, entries(mlp_weights(net, grad, 0)), entries(mlp_weights(net, w, 0)));
    scratch->used = mark;
    return loss;
}

/* ---- Pictures -------------------------------------------------------------------- */

/* Makes each row of D as long as the row of W; a row of zeros stays.  [Li et al. 2018,
 * "Visualizing the loss landscape of neural nets"] */
void land_like_rows(mat W, mat D)
{
    REQUIRE_SHAPE(D, W.rows, W.cols);
    for (int i = 0; i < W.rows; i++) {
        double w = norm(row(W, i)), d = norm(row(D, i));
        for (int j = 0; j < W.cols; j++)
            row(D, i).at[j] = d != 0 ? row(D, i).at[j] / d * w : 0;
    }
}

/* The same for columns. */
void land_like_columns(mat W, mat D)
{
    REQUIRE_SHAPE(D, W.rows, W.cols);
    for (int j = 0; j < W.cols; j++) {
        double w = 0, d = 0;
        for (int i = 0; i < W.rows; i++) {
            w = hypot(w, row(W, i).at[j]);
            d = hypot(d, row(D, i).at[j]);
        }
        for (int i = 0; i < W.rows; i++)
            row(D, i).at[j] = d != 0 ? row(D, i).at[j] / d * w : 0;
    }
}

/* L_ij := loss(w + y_i d + x_j e), for y and x from -reach to reach in even steps.  w,
 * d, e: n, read; L: at least 2 x 2.  scratch: n numbers.  [CS229br-5/8] */
void land_slice(land_loss *loss, void *cost, vec w, vec d, vec e, double reach,
                struct arena *scratch, mat L)
{
    REQUIRE(L.rows >= 2 && L.cols >= 2, "a slice of %d x %d", L.rows, L.cols);
    size_t mark = scratch->used;
    vec at = arena_vec(scratch, w.n);
    for (int i = 0; i < L.rows; i++)
        for (int j = 0; j < L.cols; j++) {
            copy(w, at);
            axpy(reach * (2.0 * i / (L.rows - 1) - 1), d, at);
            axpy(reach * (2.0 * j / (L.cols - 1) - 1), e, at);
            row(L, i).at[j] = loss(cost, at);
        }
    scratch->used = mark;
}

/* The share of the inner points of a slice at which the second differences bend down in
 * some direction: their 2 x 2 matrix has a negative determinant or trace.  L: at least
 * 3 x 3, read. */
double land_saddle_share(mat L)
{
    REQUIRE(L.rows >= 3 && L.cols >= 3, "a slice of %d x %d", L.rows, L.cols);
    int saddles = 0;
    for (int i = 1; i < L.rows - 1; i++)
        for (int j = 1; j < L.cols - 1; j++) {
            vec up = row(L, i - 1), at = row(L, i), down = row(L, i + 1);
            double yy = up.at[j] - 2.0 * at.at[j] + down.at[j];
            double xx = at.at[j - 1] - 2.0 * at.at[j] + at.at[j + 1];
            double xy = (double)up.at[j - 1] - up.at[j + 1];
            xy = (xy - down.at[j - 1] + down.at[j + 1]) / 4;
            saddles += xx * yy < xy * xy || xx + yy < 0;
        }
    return saddles / ((L.rows - 2.0) * (L.cols - 2.0));
}
