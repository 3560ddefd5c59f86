#include "initialization.h"

#include "gradient_descent.h"

#include <math.h>

/* LeCun's scheme: variance 1 / fan-in.  [10707-6/27, "Initialization: LeCun"] */
struct init_scheme init_lecun(enum init_law law)
{
    return (struct init_scheme){.gain = 1, .fan = FAN_IN, .law = law};
}

/* Xavier's: variance 2 / (fan-in + fan-out).  [10707-6/28, "Initialization: Xavier"] */
struct init_scheme init_xavier(enum init_law law)
{
    return (struct init_scheme){.gain = 1, .fan = FAN_MEAN, .law = law};
}

/* He's: variance 2 / fan-in.  [Columbia-13/25, the "critical case"] */
struct init_scheme init_he(enum init_law law)
{
    return (struct init_scheme){.gain = 2, .fan = FAN_IN, .law = law};
}

/* The variance of a weight of a layer from fan_in units to fan_out. */
double init_variance(struct init_scheme scheme, int fan_in, int fan_out)
{
    REQUIRE(scheme.gain >= 0 && scheme.bias >= 0,
            "a variance cannot be negative, got gain %g, bias %g", scheme.gain,
            scheme.bias);
    REQUIRE(fan_in >= 1 && fan_out >= 1, "no layer goes from %d units to %d", fan_in,
            fan_out);
    double fan = scheme.fan == FAN_IN    ? fan_in
                 : scheme.fan == FAN_OUT ? fan_out
                                         : (fan_in + (double)fan_out) / 2;
    return scheme.gain / fan;
}

/* x_i := independent draws of mean 0 and this variance: normal, or uniform on +-
 * sqrt(3 variance), since a uniform on +-a has the variance a^2 / 3. */
void init_draw(struct rng *rng, enum init_law law, double variance, vec x)
{
    REQUIRE(variance >= 0, "variance must not be negative, got %g", variance);
    if (law == NORMAL)
        rng_normals(rng, 0, sqrt(variance), x);
    else
        rng_uniforms(rng, -sqrt(3 * variance), sqrt(3 * variance), x);
}

/* The variance of an entry of W_l: that of c_l W_l is what the scheme says. */
static double weight_variance(const struct mlp *net, struct init_scheme scheme, int l)
{
    double c = net->multiplier[l];
    return init_variance(scheme, net->width[l], net->width[l + 1]) / (c * c);
}

/* w := weights and biases of all layers, drawn by the scheme.  w: P, overwritten.
 * [Columbia-13/24, "Random initialization: recursion"] */
void init_weights(const struct mlp *net, struct init_scheme scheme, struct rng *rng,
                  vec w)
{
    for (int l = 0; l < net->depth; l++) {
        init_draw(rng, scheme.law, weight_variance(net, scheme, l),
                  entries(mlp_weights(net, w, l)));
        init_draw(rng, scheme.law, scheme.bias, mlp_biases(net, w, l));
    }
}

/* w := as large as the scheme says, with no chance in it: W_l is a corner of the matrix
 * sqrt(2 v) cos(pi (2i+1) (2j+1) / 4n), which has orthogonal rows and columns, n the
 * larger of its sides, and v the variance; b_l = 0.  w: P, overwritten.
 * [CS229br-5/18, "randomness just for symmetry breaking"] */
void init_cosines(const struct mlp *net, struct init_scheme scheme, vec w)
{
    const double pi = acos(-1.0);
    for (int l = 0; l < net->depth; l++) {
        mat W = mlp_weights(net, w, l);
        int n = W.rows > W.cols ? W.rows : W.cols;
        double size = sqrt(2 * weight_variance(net, scheme, l));
        for (int i = 0; i < W.rows; i++)
            for (int j = 0; j < W.cols; j++)
                row(W, i).at[j] =
                    size * cos(pi * (2 * i + 1) * (2 * j + 1) / (4.0 * n));
        fill(0, mlp_biases(net, w, l));
    }
}

/* w := the units of each hidden layer made equal to its first: equal rows, and equal
 * columns above them.  w: P, read and written. */
void init_copies(const struct mlp *net, vec w)
{
    for (int l = 0; l < net->depth; l++) {
        mat W = mlp_weights(net, w, l);
        vec b = mlp_biases(net, w, l);
        for (int i = 0; i < W.rows; i++) {
            int from = l < net->depth - 1 ? 0 : i;
            if (l > 0)
                fill(row(W, from).at[0], row(W, i));
            else if (from != i)
                copy(row(W, from), row(W, i));
            if (b.n > 0)
                b.at[i] = b.at[from];
        }
    }
}

/* rho_l = n_l v_l / 2, the factor of layer l.  [Columbia-13/25] */
double init_rho(const struct mlp *net, struct init_scheme scheme, int l)
{
    REQUIRE(l >= 0 && l < net->depth, "layer %d of %d", l, net->depth);
    int n = net->width[l];
    return n * init_variance(scheme, n, net->width[l + 1]) / 2;
}

/* q_l := E H_l^2 of a ReLU network on an input of mean square q_0,
 *     q_{l+1} = rho_l q_l + s / 2,
 * s the variance of a bias, and twice that after the last layer, which is not
 * rectified. q: depth + 1, overwritten.  [Columbia-13/25, "Random initialization:
 * second moments"]
 */
void init_moments_forward(const struct mlp *net, struct init_scheme scheme,
                          double square, vec q)
{
    REQUIRE(q.n == net->depth + 1, "q has %d entries for %d layers", q.n, net->depth);
    double bias = net->biases ? scheme.bias : 0;
    q.at[0] = square;
    for (int l = 0; l < net->depth; l++)
        q.at[l + 1] = init_rho(net, scheme, l) * q.at[l] + bias / 2;
    q.at[net->depth] *= 2;
}

/* The same for one hidden layer l, solved: rho_{l-1} ... rho_0 q_0 + s/2 (pi_0 + ... +
 * pi_{l-1}), where pi_k is the product of the last k factors before l. */
double init_moments_solved(const struct mlp *net, struct init_scheme scheme,
                           double square, int l)
{
    REQUIRE(l >= 0 && l < net->depth, "layer %d is no hidden one of %d", l, net->depth);
    double bias = net->biases ? scheme.bias : 0, pi = 1, sum = 0;
    for (int k = 0; k < l; k++) {
        sum += pi;
        pi *= init_rho(net, scheme, l - 1 - k);
    }
    return pi * square + bias / 2 * sum;
}

/* d_l := E Delta_l^2, per unit, of a ReLU network at whose outputs the mean square of
 * the derivatives is d_{L-1},
 *     d_{l-1} = n_{l+1} v_l / 2  d_l:
 * what rho is forward, with the outputs of the layer in the place of its inputs.
 * d: depth, overwritten.  [Columbia-13/27, "Random initialization: gradient"] */
void init_moments_backward(const struct mlp *net, struct init_scheme scheme,
                           double square, vec d)
{
    REQUIRE(d.n == net->depth, "d has %d entries for %d layers", d.n, net->depth);
    d.at[net->depth - 1] = square;
    for (int l = net->depth - 1; l > 0; l--)
        d.at[l - 1] =
            init_rho(net, scheme, l) * net->width[l + 1] / net->width[l] * d.at[l];
}

/* Means over z ~ N(0, variance), by the sum h phi(z) density(z) over the middles of
 * cells of h = 1/32 deviations, out to 9.  Such a sum errs by no more than rounding for
 * what is smooth, and as there is no node at 0, for ReLU too: on either half-line the
 * integrand is even, and the errors at its end cancel.  tanh has its poles pi/2 off the
 * axis, so this holds up to a variance of 50 or so. */
struct init_response init_respond(enum activation activation, double variance)
{
    REQUIRE(variance >= 0, "variance must not be negative, got %g", variance);
    enum { CELLS = 576, PER_DEVIATION = 32 };
    const double h = 1.0 / PER_DEVIATION, root_two_pi = 2.5066282746310005;
    real value[CELLS], slope[CELLS];
    struct init_response mean = {0};
    for (int i = 0; i < CELLS; i++)
        value[i] = sqrt(variance) * (i + 0.5 - CELLS / 2) * h;
    activate(activation, (vec){CELLS, value}, (vec){CELLS, slope});
    for (int i = 0; i < CELLS; i++) {
        double z = (i + 0.5 - CELLS / 2) * h;
        double share = h * exp(-z * z / 2) / root_two_pi;
        mean.square += share * value[i] * value[i];
        mean.slope += share * slope[i];
        mean.steep += share * slope[i] * slope[i];
    }
    return mean;
}

/* q_{l+1} := E phi(z)^2 over z ~ N(0, gain q_l + s), for layers so wide that each Z is
 * normal, and scaled by their fan-in.  q: q_0 = square and then one entry for each
 * layer, overwritten. */
void init_wide(enum activation activation, struct init_scheme scheme, double square,
               vec q)
{
    REQUIRE(scheme.fan == FAN_IN, "only a fan-in has a limit, got %d", scheme.fan);
    for (int l = 0; l < q.n; l++)
        q.at[l] =
            l == 0 ? square
                   : init_respond(activation, scheme.gain * q.at[l - 1] + scheme.bias)
                         .square;
}

/* w := w - alpha dJ/dw, J = 1/2n ||F - T||^2 over n examples; returns J before the
 * step. X: n x n_0, T: n x n_L, read; pass, grad: P, scratch; w: P, moved. */
double init_step(const struct mlp *net, mat X, mat T, double alpha,
                 struct mlp_pass *pass, vec grad, vec w)
{
    vec error = entries(pass->H[net->depth]);
    mlp_forward(net, w, X, pass);
    REQUIRE(T.rows == X.rows && T.rows * T.cols == error.n,
            "T is %d x %d, there are %d outputs of %d examples", T.rows, T.cols,
            error.n, X.rows);
    axpy(-1, entries(T), error);
    double cost = dot(error, error) / (2.0 * X.rows);
    scale(1.0 / X.rows, error);
    mlp_backward(net, w, pass->H[net->depth], pass);
    mlp_gradient(net, pass, grad);
    gd_update(alpha, grad, w);
    return cost;
}
