#include "batch_norm.h"

#include "conditioning.h"
#include "ground/dense_shape.h"

#include <math.h>

/* ---- One layer ------------------------------------------------------------------ */

/* Room for what a batch of m leaves behind in a layer of n units. */
struct bn_pass bn_pass_make(struct arena *arena, int m, int n)
{
    return (struct bn_pass){.mean = arena_vec(arena, n),
                            .sigma = arena_vec(arena, n),
                            .hat = arena_mat(arena, m, n),
                            .dgamma = arena_vec(arena, n),
                            .dbeta = arena_vec(arena, n)};
}

static void check_layer(const struct batch_norm *bn, const struct bn_pass *pass)
{
    int n = pass->mean.n;
    REQUIRE(bn->gamma.n == n && bn->beta.n == n,
            "the pass has %d units, gamma has %d entries, beta has %d", n, bn->gamma.n,
            bn->beta.n);
    REQUIRE(isfinite(bn->epsilon) && bn->epsilon >= 0,
            "epsilon must be finite and not negative, got %g", bn->epsilon);
}

/* x / sigma; 0 where sigma is, since a unit that was constant tells nothing, but NaN if
 * x is not finite. */
static double in_deviations(double x, double sigma)
{
    return sigma == 0 ? 0 * x : x / sigma;
}

/* Y_ij := gamma_j (Z_ij - mean_j) / sigma_j + beta_j, where the batch's own numbers,
 * which are left in the pass, stand for mean and sigma.  Z: m x n, read; Y: m x n, may
 * be Z.  A batch of one has no deviations: its output is beta.
 * [10707-6/19, "Batch Normalization"] */
void bn_forward(const struct batch_norm *bn, mat Z, struct bn_pass *pass, mat Y)
{
    check_layer(bn, pass);
    REQUIRE_SHAPE(Z, pass->hat.rows, pass->hat.cols);
    REQUIRE_SHAPE(Y, Z.rows, Z.cols);
    cn_means(Z, pass->mean);
    cn_deviations(Z, pass->mean, pass->sigma);
    for (int j = 0; j < Z.cols; j++)
        pass->sigma.at[j] = hypot(pass->sigma.at[j], sqrt(bn->epsilon));
    for (int i = 0; i < Z.rows; i++) {
        vec z = row(Z, i), hat = row(pass->hat, i), y = row(Y, i);
        for (int j = 0; j < Z.cols; j++) {
            hat.at[j] = in_deviations(z.at[j] - pass->mean.at[j], pass->sigma.at[j]);
            y.at[j] = bn->gamma.at[j] * hat.at[j] + bn->beta.at[j];
        }
    }
}

/* Back through the layer, and through its mean and its sigma: for a number E with
 * dE/dY = dY, unit by unit,
 *     dbeta = <1, dy>,   dgamma = <z^, dy>,
 *     dz = gamma / sigma (dy - 1 dbeta / m - z^ dgamma / m).
 * dY: m x n, read; pass: after bn_forward, its dgamma and dbeta are overwritten; dZ:
 * m x n, may be dY.  [10707-6/17, "can be backproped through"] */
void bn_backward(const struct batch_norm *bn, mat dY, struct bn_pass *pass, mat dZ)
{
    check_layer(bn, pass);
    REQUIRE_SHAPE(dY, pass->hat.rows, pass->hat.cols);
    REQUIRE_SHAPE(dZ, dY.rows, dY.cols);
    vec dgamma = pass->dgamma, dbeta = pass->dbeta;
    fill(0, dgamma), fill(0, dbeta);
    for (int i = 0; i < dY.rows; i++) {
        vec dy = row(dY, i), hat = row(pass->hat, i);
        for (int j = 0; j < dY.cols; j++) {
            dbeta.at[j] += dy.at[j];
            dgamma.at[j] += hat.at[j] * dy.at[j];
        }
    }
    for (int i = 0; i < dY.rows; i++) {
        vec dy = row(dY, i), hat = row(pass->hat, i), dz = row(dZ, i);
        for (int j = 0; j < dY.cols; j++) {
            double along = (dbeta.at[j] + hat.at[j] * dgamma.at[j]) / dY.rows;
            dz.at[j] =
                bn->gamma.at[j] * in_deviations(dy.at[j] - along, pass->sigma.at[j]);
        }
    }
}

/* Y_ij := gamma_j (Z_ij - mean_j) / sigma_j + beta_j with the mean and the sigma of all
 * examples, that a pass over them has left: each example for itself, however many there
 * are.  Z: m x n, read; Y: m x n, may be Z.  [10707-6/17, "at test time"] */
void bn_evaluate(const struct batch_norm *bn, const struct bn_pass *all, mat Z, mat Y)
{
    check_layer(bn, all);
    REQUIRE_SHAPE(Z, Z.rows, all->mean.n);
    REQUIRE_SHAPE(Y, Z.rows, Z.cols);
    for (int i = 0; i < Z.rows; i++)
        for (int j = 0; j < Z.cols; j++) {
            double off = row(Z, i).at[j] - all->mean.at[j];
            row(Y, i).at[j] =
                bn->gamma.at[j] * in_deviations(off, all->sigma.at[j]) + bn->beta.at[j];
        }
}

/* Takes the layer into the linear one before it: after
 *     W_j := gamma_j / sigma_j W_j,   b_j := gamma_j (b_j - mean_j) / sigma_j + beta_j
 * for each unit j, W x + b is what bn_evaluate made of it.  W: n x d, b: n, replaced.
 */
void bn_fold(const struct batch_norm *bn, const struct bn_pass *all, mat W, vec b)
{
    REQUIRE_SHAPE(W, all->mean.n, W.cols);
    bn_evaluate(bn, all, (mat){1, b.n, b.at}, (mat){1, b.n, b.at});
    for (int j = 0; j < W.rows; j++)
        scale(bn->gamma.at[j] * in_deviations(1, all->sigma.at[j]), row(W, j));
}

/* ---- A network ------------------------------------------------------------------- */

/* The network of these layers; if normalized, each hidden one with its batch norm
 * between the weights and the activation.  [10707-6/18, "Adding a BatchNorm layer"] */
struct bn_net bn_net_make(struct mlp mlp, bool normalized, double epsilon)
{
    REQUIRE(mlp.biases, "a network without biases has no betas");
    REQUIRE(isfinite(epsilon) && epsilon >= 0,
            "epsilon must be finite and not negative, got %g", epsilon);
    return (struct bn_net){.mlp = mlp, .normalized = normalized, .epsilon = epsilon};
}

/* How many gammas the hidden layers before layer l have. */
static int gammas_before(const struct bn_net *net, int l)
{
    int gammas = 0;
    for (int k = 0; k < l && net->normalized; k++)
        gammas = SIZE_SUM(gammas, net->mlp.width[k + 1]);
    return gammas;
}

/* P: the parameters of the mlp, and the gammas. */
int bn_net_parameters(const struct bn_net *net)
{
    return SIZE_SUM(mlp_parameters(&net->mlp), gammas_before(net, net->mlp.depth - 1));
}

/* The first part of w: what the mlp has. */
static vec of_mlp(const struct bn_net *net, vec w)
{
    REQUIRE(w.n == bn_net_parameters(net), "w has %d entries, the network has %d", w.n,
            bn_net_parameters(net));
    return part(w, 0, mlp_parameters(&net->mlp));
}

/* The batch norm of hidden layer l: views into w. */
struct batch_norm bn_net_layer(const struct bn_net *net, vec w, int l)
{
    REQUIRE(net->normalized && l < net->mlp.depth - 1, "layer %d is not normalized", l);
    vec beta = mlp_biases(&net->mlp, of_mlp(net, w), l);
    int from = mlp_parameters(&net->mlp) + gammas_before(net, l);
    return (struct batch_norm){part(w, from, beta.n), beta, net->epsilon};
}

/* w := a start: weights, and betas for biases, by the scheme; gammas 1.  w: P,
 * overwritten. */
void bn_net_draw(const struct bn_net *net, struct init_scheme scheme, struct rng *rng,
                 vec w)
{
    fill(1, w);
    init_weights(&net->mlp, scheme, rng, of_mlp(net, w));
}

/* Room for what n examples leave behind, without noise. */
struct bn_net_pass bn_net_pass_make(struct arena *arena, const struct bn_net *net,
                                    int n)
{
    struct bn_net_pass pass = {.mlp = mlp_pass_make(arena, &net->mlp, n)};
    for (int l = 0; l < net->mlp.depth - 1 && net->normalized; l++)
        pass.unit[l] = bn_pass_make(arena, n, net->mlp.width[l + 1]);
    return pass;
}

/* Noise between each hidden layer, normalized or not, and its activation, drawn anew at
 * each call: unit j of example i is multiplied by e^u_j and moved by v_j + x_ij, with u
 * and v uniform on +-strength and x normal, of deviation strength / 2.  Whatever mean
 * and variance a batch norm has made, at each step it is others now.  pass: its scale
 * and shift are overwritten; if there are none yet, they are made in the arena.
 * [10707-6/23, "non-zero mean, non-standard covariance, changing Gaussian noise";
 * Santurkar, Tsipras, Ilyas, Madry 2018] */
void bn_net_noise(struct rng *rng, struct arena *arena, const struct bn_net *net,
                  double strength, struct bn_net_pass *pass)
{
    REQUIRE(isfinite(strength) && strength >= 0,
            "strength must be finite and not negative, got %g", strength);
    for (int l = 0; l < net->mlp.depth - 1; l++) {
        mat Y = pass->mlp.H[l + 1], *scale = &pass->scale[l], *shift = &pass->shift[l];
        if (scale->rows != Y.rows) {
            *scale = arena_mat(arena, Y.rows, Y.cols);
            *shift = arena_mat(arena, Y.rows, Y.cols);
        }
        rng_normals(rng, 0, strength / 2, entries(*shift));
        for (int j = 0; j < Y.cols; j++) {
            double by = exp(strength * (2 * rng_uniform(rng) - 1));
            double to = strength * (2 * rng_uniform(rng) - 1);
            for (int i = 0; i < Y.rows; i++) {
                row(*scale, i).at[j] = by;
                row(*shift, i).at[j] += to;
            }
        }
    }
}

static void add_to_rows(vec b, mat Z)
{
    for (int i = 0; i < Z.rows; i++)
        axpy(1, b, row(Z, i));
}

/* H_{l+1} := phi(y), y = gamma z^ + beta, or z + beta in a plain network, noise apart;
 * what is there is z. */
static void hidden_forward(const struct bn_net *net, vec w, int l,
                           struct bn_net_pass *pass)
{
    mat H = pass->mlp.H[l + 1];
    if (net->normalized) {
        struct batch_norm bn = bn_net_layer(net, w, l);
        bn_forward(&bn, H, &pass->unit[l], H);
    } else {
        add_to_rows(mlp_biases(&net->mlp, of_mlp(net, w), l), H);
    }
    if (pass->scale[l].rows > 0) {
        multiply(entries(pass->scale[l]), entries(H));
        axpy(1, entries(pass->shift[l]), entries(H));
    }
    activate(net->mlp.activation, entries(H), entries(pass->mlp.slope[l]));
}

/* Runs the rows of X through the network, in the mode of training: fills the pass,
 * whose output is pass->mlp.H[L].  w: P, X: n x n_0, read; H[0] is X itself, which has
 * to stay. */
void bn_net_forward(const struct bn_net *net, vec w, mat X, struct bn_net_pass *pass)
{
    const struct mlp *mlp = &net->mlp;
    mat *H = pass->mlp.H;
    REQUIRE_SHAPE(X, H[1].rows, mlp->width[0]);
    H[0] = X;
    for (int l = 0; l < mlp->depth; l++) {
        gemm(mlp->multiplier[l], AS_IS, H[l], TRANSPOSED,
             mlp_weights(mlp, of_mlp(net, w), l), 0, H[l + 1]);
        if (l < mlp->depth - 1)
            hidden_forward(net, w, l, pass);
    }
    add_to_rows(mlp_biases(mlp, of_mlp(net, w), mlp->depth - 1), H[mlp->depth]);
}

/* Delta_l := dE/dz of hidden layer l, where dE/dH_{l+1} is. */
static void hidden_backward(const struct bn_net *net, vec w, int l,
                            struct bn_net_pass *pass)
{
    mat Delta = pass->mlp.Delta[l];
    multiply(entries(pass->mlp.slope[l]), entries(Delta));
    if (pass->scale[l].rows > 0)
        multiply(entries(pass->scale[l]), entries(Delta));
    if (net->normalized) {
        struct batch_norm bn = bn_net_layer(net, w, l);
        bn_backward(&bn, Delta, &pass->unit[l], Delta);
    }
}

/* Runs G back through the network: for a number E with dE/dF = G, fills Delta_l =
 * dE/dZ_l, and dgamma and dbeta of each layer.  w: P, as in bn_net_forward on this
 * pass; G: n x n_L, read. */
void bn_net_backward(const struct bn_net *net, vec w, mat G, struct bn_net_pass *pass)
{
    const struct mlp *mlp = &net->mlp;
    mat *Delta = pass->mlp.Delta;
    copy(entries(G), entries(Delta[mlp->depth - 1]));
    for (int l = mlp->depth - 1; l > 0; l--) {
        gemm(mlp->multiplier[l], AS_IS, Delta[l], AS_IS,
             mlp_weights(mlp, of_mlp(net, w), l), 0, Delta[l - 1]);
        hidden_backward(net, w, l - 1, pass);
    }
}

/* grad := dE/dw, of the pass that bn_net_backward left.  grad: P, overwritten. */
void bn_net_gradient(const struct bn_net *net, const struct bn_net_pass *pass, vec grad)
{
    mlp_gradient(&net->mlp, &pass->mlp, of_mlp(net, grad));
    for (int l = 0; l < net->mlp.depth - 1 && net->normalized; l++) {
        struct batch_norm d = bn_net_layer(net, grad, l);
        copy(pass->unit[l].dgamma, d.gamma);
        copy(pass->unit[l].dbeta, d.beta);
    }
}

/* v := the parameters of the plain mlp that computes, example by example, what the
 * network does with the mean and the sigma of `all`, the pass that it left on all
 * examples; each batch norm is folded into the weights before it.  w: P, read; v: those
 * of net->mlp, overwritten.  [10707-6/17, "the global mean / stddev is used"] */
void bn_net_fold(const struct bn_net *net, vec w, const struct bn_net_pass *all, vec v)
{
    copy(of_mlp(net, w), v);
    for (int l = 0; l < net->mlp.depth - 1 && net->normalized; l++) {
        struct batch_norm bn = bn_net_layer(net, w, l);
        vec b = mlp_biases(&net->mlp, v, l);
        fill(0, b);
        bn_fold(&bn, &all->unit[l], mlp_weights(&net->mlp, v, l), b);
    }
}
