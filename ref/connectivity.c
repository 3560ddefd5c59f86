#include "connectivity.h"

#include "ground/dense_shape.h"
#include "stationary_point.h"

#include <math.h>

/* ---- What leaves the network as it is -------------------------------------------- */

static void check_hidden(const struct mlp *net, int l)
{
    REQUIRE(l > 0 && l < net->depth, "layer %d of a network of depth %d is not hidden",
            l, net->depth);
}

/* Each of 0, ..., n - 1 is in the order once. */
static void check_order(int n, const int *order, struct arena *scratch)
{
    size_t mark = scratch->used;
    int *seen = arena_ints(scratch, (size_t)n);
    for (int j = 0; j < n; j++) {
        REQUIRE(order[j] >= 0 && order[j] < n, "there is no unit %d of %d", order[j],
                n);
        REQUIRE(seen[order[j]]++ == 0, "unit %d has two places", order[j]);
    }
    scratch->used = mark;
}

/* Unit j of hidden layer l becomes what unit order[j] was, with all of its weights, so
 * that the network computes what it did: rows of W_{l-1}, entries of b_{l-1} and
 * columns of W_l change places.  order: n_l, a permutation.  w: P, overwritten.
 * scratch: P + n_l numbers.  [10707-6/4, "Clearly same loss if we permute neurons"] */
void conn_permute(const struct mlp *net, int l, const int *order, struct arena *scratch,
                  vec w)
{
    check_hidden(net, l);
    check_order(net->width[l], order, scratch);
    size_t mark = scratch->used;
    vec old = arena_vec(scratch, w.n);
    copy(w, old);
    mat in = mlp_weights(net, w, l - 1), old_in = mlp_weights(net, old, l - 1);
    mat out = mlp_weights(net, w, l), old_out = mlp_weights(net, old, l);
    vec bias = mlp_biases(net, w, l - 1), old_bias = mlp_biases(net, old, l - 1);
    for (int j = 0; j < net->width[l]; j++) {
        copy(row(old_in, order[j]), row(in, j));
        if (net->biases)
            bias.at[j] = old_bias.at[order[j]];
        for (int k = 0; k < out.rows; k++)
            row(out, k).at[j] = row(old_out, k).at[order[j]];
    }
    scratch->used = mark;
}

/* Makes what comes into unit j of hidden layer l larger by c, its bias too, and what
 * goes out smaller: the network of ReLU computes what it did, as relu(cz) = c relu(z)
 * for c > 0.  w: P, changed. */
void conn_rescale(const struct mlp *net, int l, int j, double c, vec w)
{
    check_hidden(net, l);
    REQUIRE(j >= 0 && j < net->width[l], "there is no unit %d of %d", j, net->width[l]);
    REQUIRE(isfinite(c) && c > 0, "c must be finite and positive, got %g", c);
    mat out = mlp_weights(net, w, l);
    scale(c, row(mlp_weights(net, w, l - 1), j));
    if (net->biases)
        mlp_biases(net, w, l - 1).at[j] *= c;
    for (int k = 0; k < out.rows; k++)
        row(out, k).at[j] /= c;
}

/* r := F - T at w, J := dF/dw and J_dagger := its pseudo-inverse. */
static enum factor_status look(const struct mlp *net, mat X, mat T, vec w,
                               struct mlp_pass *pass, struct arena *scratch, vec r,
                               mat J, mat J_dagger)
{
    mlp_forward(net, w, X, pass);
    copy(entries(pass->H[net->depth]), r);
    axpy(-1, entries(T), r);
    mlp_jacobian(net, w, pass, scratch, J);
    return sp_pseudo_inverse(J, scratch, J_dagger);
}

/* A walk on the networks that fit n examples: d := d - J^+ J d, the part of d that
 * moves no output at first, then w := w + d, and to undo what moved at second order,
 * some of w := w - J^+ (F(w) - T).  X: n x n_0 and T: n x n_L, read; w: P, one of those
 * networks, moved; d: P.  The status is that of the singular values, and w then where
 * they failed.  scratch: for n n_L <= P, some 6 n n_L P numbers. */
enum factor_status conn_slide(const struct mlp *net, mat X, mat T, int corrections,
                              struct arena *scratch, vec d, vec w)
{
    REQUIRE_SAME_LENGTH(d, w);
    REQUIRE(corrections >= 0, "corrections must not be negative, got %d", corrections);
    REQUIRE_SHAPE(T, X.rows, net->width[net->depth]);
    size_t mark = scratch->used;
    int outputs = entries(T).n;
    struct mlp_pass pass = mlp_pass_make(scratch, net, X.rows);
    vec r = arena_vec(scratch, outputs);
    mat J = arena_mat(scratch, outputs, w.n),
        J_dagger = arena_mat(scratch, w.n, outputs);
    enum factor_status status = look(net, X, T, w, &pass, scratch, r, J, J_dagger);
    if (status == FACTOR_OK) {
        gemv(1, J, d, 0, r);
        gemv(-1, J_dagger, r, 1, d);
        axpy(1, d, w);
    }
    for (int k = 0; k < corrections && status == FACTOR_OK; k++) {
        status = look(net, X, T, w, &pass, scratch, r, J, J_dagger);
        if (status == FACTOR_OK)
            gemv(-1, J_dagger, r, 1, w);
    }
    scratch->used = mark;
    return status;
}

/* ---- Ways from one network to another -------------------------------------------- */

/* w := (1 - t) a + t b, the straight line for t in [0, 1].  a, b: P, read; w: P. */
void conn_line(vec a, vec b, double t, vec w)
{
    copy(a, w);
    scale(1 - t, w);
    axpy(t, b, w);
}

/* w := (1 - t)^2 a + 2 t (1 - t) m + t^2 b: Bezier's curve from a to b, which leaves
 * towards m and arrives from there.  a, m, b: P, read; w: P, overwritten.
 * [Garipov et al. 2018] */
void conn_bezier(vec a, vec m, vec b, double t, vec w)
{
    copy(a, w);
    scale((1 - t) * (1 - t), w);
    axpy(2 * t * (1 - t), m, w);
    axpy(t * t, b, w);
}

/* w := the point t of the polyline whose corner k, a row, is at t = k.  corners: two
 * rows or more, read; 0 <= t <= rows - 1; w: P, overwritten. */
void conn_polyline(mat corners, double t, vec w)
{
    REQUIRE(corners.rows >= 2, "a polyline has two corners, got %d", corners.rows);
    REQUIRE(t >= 0 && t <= corners.rows - 1, "t must be in [0, %d], got %g",
            corners.rows - 1, t);
    int k = t < corners.rows - 1 ? (int)t : corners.rows - 2;
    conn_line(row(corners, k), row(corners, k + 1), t - k, w);
}

/* The curves from a to b, kept as views; gradient and cost as for optimize. */
struct conn_bend conn_bend_make(struct arena *arena, gradient_of *gradient, void *cost,
                                vec a, vec b, struct rng rng)
{
    REQUIRE_SAME_LENGTH(a, b);
    return (struct conn_bend){.gradient = gradient,
                              .cost = cost,
                              .a = a,
                              .b = b,
                              .at = arena_vec(arena, a.n),
                              .rng = rng};
}

/* grad := 2 t (1 - t) times the gradient of the cost at the point t of the curve, for a
 * t that is drawn uniformly: in the mean, the derivative with respect to m of the mean
 * cost along the curve.  It is a gradient_of.  bend: a struct conn_bend; m, grad: P.
 * [10707-6/29, "simple paths of near-same cost"; Garipov et al. 2018] */
void conn_bend_gradient(void *bend, vec m, vec grad)
{
    struct conn_bend *on = bend;
    double t = rng_uniform(&on->rng);
    conn_bezier(on->a, m, on->b, t, on->at);
    on->gradient(on->cost, on->at, grad);
    scale(2 * t * (1 - t), grad);
}

/* ---- Which unit is which --------------------------------------------------------- */

/* Rows are given columns one after the other.  The invariant: no reduced cost
 * C_jk - u_j - v_k is negative, and it is 0 where column k has row j, so that what is
 * matched is so at least cost. */
struct assignment {
    mat C;
    vec u, v;         /* n: the prices of rows and columns                       */
    int *row_of;      /* n: which row has the column, -1 if none                 */
    vec slack;        /* n: the least reduced cost from the rows of the tree     */
    int *from, *tree; /* n: the column before it; whether it belongs to the tree */
};

static double reduced(const struct assignment *s, int j, int k)
{
    return row(s->C, j).at[k] - s->u.at[j] - s->v.at[k];
}

/* Row j joins the tree, by way of the column `by`; returns the column that is nearest
 * to the tree and not in it. */
static int grow(struct assignment *s, int j, int by)
{
    int nearest = -1;
    for (int k = 0; k < s->C.rows; k++) {
        if (s->tree[k])
            continue;
        if (reduced(s, j, k) < s->slack.at[k]) {
            s->slack.at[k] = reduced(s, j, k);
            s->from[k] = by;
        }
        if (nearest < 0 || s->slack.at[k] < s->slack.at[nearest])
            nearest = k;
    }
    return nearest;
}

/* The rows of the tree, of which j is the first, pay delta more, its columns less. */
static void charge(struct assignment *s, int j, double delta)
{
    s->u.at[j] += delta;
    for (int k = 0; k < s->C.rows; k++)
        if (s->tree[k]) {
            s->u.at[s->row_of[k]] += delta;
            s->v.at[k] -= delta;
        } else {
            s->slack.at[k] -= delta;
        }
}

/* Gives row j a column, by the shortest path along reduced costs to one that is free,
 * on which each row passes its column on. */
static void place(struct assignment *s, int j)
{
    int k = -1, last = j;
    fill(INFINITY, s->slack);
    for (int i = 0; i < s->C.rows; i++)
        s->tree[i] = 0;
    do {
        k = grow(s, last, k);
        charge(s, j, s->slack.at[k]);
        s->tree[k] = 1;
        last = s->row_of[k];
    } while (last >= 0);
    for (int before = s->from[k]; before >= 0; k = before, before = s->from[k])
        s->row_of[k] = s->row_of[before];
    s->row_of[k] = j;
}

/* match := the permutation for which the sum of C_{j, match[j]} is least: the Hungarian
 * method, in O(n^3).  C: n x n, read; match: n, overwritten.  False if an entry, or 2n
 * times one, is not finite, and then each is matched with itself.  scratch: 6 n.
 * [Kuhn 1955; with shortest paths: Jonker, Volgenant 1987] */
bool conn_assign(mat C, struct arena *scratch, int *match)
{
    REQUIRE_SHAPE(C, C.rows, C.rows);
    int n = C.rows;
    size_t mark = scratch->used, many = (size_t)n;
    bool finite = 2.0 * n * max_norm(entries(C)) <= REAL_MAX;
    struct assignment s = {.C = C, .u = arena_vec(scratch, n)};
    s.v = arena_vec(scratch, n), s.slack = arena_vec(scratch, n);
    s.row_of = arena_ints(scratch, many), s.from = arena_ints(scratch, many);
    s.tree = arena_ints(scratch, many);
    for (int k = 0; k < n; k++)
        s.row_of[k] = finite ? -1 : k;
    for (int j = 0; j < n && finite; j++)
        place(&s, j);
    for (int k = 0; k < n; k++)
        match[s.row_of[k]] = k;
    scratch->used = mark;
    return finite;
}

/* C_jk := -<weights of unit j in a, weights of unit k in b>, both those that come in,
 * with the bias, and those that go out. */
static void unlikeness(const struct mlp *net, int l, vec a, vec b, mat C)
{
    gemm(-1, AS_IS, mlp_weights(net, a, l - 1), TRANSPOSED, mlp_weights(net, b, l - 1),
         0, C);
    gemm(-1, TRANSPOSED, mlp_weights(net, a, l), AS_IS, mlp_weights(net, b, l), 1, C);
    if (net->biases)
        ger(-1, mlp_biases(net, a, l - 1), mlp_biases(net, b, l - 1), C);
}

/* Gives the units of hidden layer l of b the order in which b is nearest to a; returns
 * whether that moved any, or nothing is finite. */
static bool match_layer(const struct mlp *net, int l, vec a, struct arena *scratch,
                        vec b)
{
    int n = net->width[l];
    size_t mark = scratch->used;
    mat C = arena_mat(scratch, n, n);
    int *order = arena_ints(scratch, (size_t)n);
    unlikeness(net, l, a, b, C);
    bool moved = !conn_assign(C, scratch, order);
    for (int j = 0; j < n; j++)
        moved = moved || order[j] != j;
    conn_permute(net, l, order, scratch, b);
    scratch->used = mark;
    return moved;
}

/* Permutes the hidden units of b, which stays the network that it is, so that ||a - b||
 * falls: layer by layer the best order, the other layers being as they are, in sweeps.
 * With one hidden layer the first sweep finds the least ||a - b|| of all.  True if the
 * last sweep moved nothing.  a: P, read; sweeps >= 1; b: P, overwritten.  scratch:
 * 2 P + n_l^2 + 7 n_l numbers for the widest layer.
 * [Ainsworth, Hayase, Srinivasa 2023] */
bool conn_match(const struct mlp *net, vec a, int sweeps, struct arena *scratch, vec b)
{
    REQUIRE(sweeps >= 1, "sweeps must be positive, got %d", sweeps);
    bool moved = true;
    for (int k = 0; k < sweeps && moved; k++) {
        moved = false;
        for (int l = 1; l < net->depth; l++)
            moved = match_layer(net, l, a, scratch, b) || moved;
    }
    return !moved;
}

/* ---- Networks of which half is dropped ------------------------------------------- */

static int count(int n, const bool *kept)
{
    int units = 0;
    for (int j = 0; j < n; j++)
        units += kept[j];
    REQUIRE(units > 0, "of %d units none is kept", n);
    return units;
}

/* Drops the units of hidden layer l that are not kept: what goes out of them is 0, what
 * goes out of the others is larger by the factor n_l over how many these are, so that
 * over all choices of so many the outputs of the layer are in the mean what they were.
 * kept: n_l; w: P, changed.  [10707-6/29, "dropping out some neurons"] */
void conn_drop(const struct mlp *net, int l, const bool *kept, vec w)
{
    check_hidden(net, l);
    int n = net->width[l];
    double larger = (double)n / count(n, kept);
    mat out = mlp_weights(net, w, l);
    for (int k = 0; k < out.rows; k++)
        for (int j = 0; j < n; j++)
            row(out, k).at[j] = kept[j] ? larger * row(out, k).at[j] : 0;
}

/* Phi := the last hidden layer's units that are kept, times c, and 1 for a bias. */
static void features(const struct mlp *net, mat H, const bool *kept, mat Phi)
{
    double c = net->multiplier[net->depth - 1];
    for (int i = 0; i < H.rows; i++) {
        int to = 0;
        for (int j = 0; j < H.cols; j++)
            if (kept[j])
                row(Phi, i).at[to++] = c * row(H, i).at[j];
        if (net->biases)
            row(Phi, i).at[to] = 1;
    }
}

/* Drops the units of the last hidden layer that are not kept, and gives the others
 * those output weights of least norm, with biases, for which ||F - T|| is least.
 * X: n x n_0, T: n x n_L, read; kept: n_{L-1}; w: P, its last layer overwritten, if
 * FACTOR_OK.  scratch: a pass and some 4 (n + n_{L-1})^2 numbers.
 * [Nguyen 2019: wide networks have connected sublevel sets] */
enum factor_status conn_refit(const struct mlp *net, mat X, mat T, const bool *kept,
                              struct arena *scratch, vec w)
{
    check_hidden(net, net->depth - 1);
    REQUIRE_SHAPE(T, X.rows, net->width[net->depth]);
    int last = net->depth - 1, n = net->width[last], to = 0;
    int units = count(n, kept), cols = units + (net->biases ? 1 : 0);
    size_t mark = scratch->used;
    struct mlp_pass pass = mlp_pass_make(scratch, net, X.rows);
    mat Phi = arena_mat(scratch, X.rows, cols);
    mat Phi_dagger = arena_mat(scratch, cols, X.rows);
    mat V = arena_mat(scratch, cols, T.cols), out = mlp_weights(net, w, last);
    mlp_forward(net, w, X, &pass);
    features(net, pass.H[last], kept, Phi);
    enum factor_status status = sp_pseudo_inverse(Phi, scratch, Phi_dagger);
    gemm(1, AS_IS, Phi_dagger, AS_IS, T, 0, V);
    if (status == FACTOR_OK) {
        for (int j = 0; j < n; j++, to += kept[j - 1])
            for (int k = 0; k < T.cols; k++)
                row(out, k).at[j] = kept[j] ? row(V, to).at[k] : 0;
        if (net->biases)
            copy(row(V, units), mlp_biases(net, w, last));
    }
    scratch->used = mark;
    return status;
}

/* The corners of a path from a to b for networks with one hidden layer.  a_half has the
 * hidden units of a, of which only those that are kept have weights that go out; b_half
 * has those of b, and only the others have.  In turn a's output weights become those of
 * a_half; the units that are not kept become those of b, which nobody hears; the output
 * weights become b_half's; the kept units become those of b; the output weights become
 * b's.  No two of the five are mixed, so that a loss that is convex in the outputs is,
 * on each segment, constant or convex.  a, a_half, b_half, b: P, read; kept: n_1;
 * corners: 6 x P, overwritten.  [10707-6/29; Kuditipudi et al. 2019] */
void conn_corners(const struct mlp *net, vec a, vec a_half, vec b_half, vec b,
                  const bool *kept, mat corners)
{
    REQUIRE(net->depth == 2, "one hidden layer is meant, the depth is %d", net->depth);
    REQUIRE_SHAPE(corners, 6, a.n);
    vec both = row(corners, 2);
    mat in = mlp_weights(net, both, 0), in_b = mlp_weights(net, b, 0);
    copy(a, row(corners, 0));
    copy(a_half, row(corners, 1));
    copy(a_half, both);
    for (int j = 0; j < net->width[1]; j++)
        if (!kept[j]) {
            copy(row(in_b, j), row(in, j));
            if (net->biases)
                mlp_biases(net, both, 0).at[j] = mlp_biases(net, b, 0).at[j];
        }
    copy(both, row(corners, 3));
    conn_reset(net, 1, b_half, row(corners, 3));
    copy(b_half, row(corners, 4));
    copy(b, row(corners, 5));
}

/* ---- Layers put back ------------------------------------------------------------- */

/* Layer l of w, its weights and biases, becomes what it is in `from`: the network's own
 * start, or another.  from: P, read; w: P.
 * [CS229br-5/18; Zhang, Bengio, Singer 2022] */
void conn_reset(const struct mlp *net, int l, vec from, vec w)
{
    copy(entries(mlp_weights(net, from, l)), entries(mlp_weights(net, w, l)));
    copy(mlp_biases(net, from, l), mlp_biases(net, w, l));
}
