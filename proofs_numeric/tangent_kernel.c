/* Chapter "The neural tangent kernel": its claims.
 *
 * First what holds at every width and to rounding: what the linear model is, and that
 * descent on it is descent with a kernel.  Then the limit, whose other route is a
 * quadrature of the expectations that define it.  Then width: slopes over independent
 * networks, each trained on the same few points. */
#include "tangent_kernel.h"
#include "ground/claim.h"
#include "ground/route_lapack.h"

#include <float.h>
#include <math.h>

static const double PI = 3.14159265358979323846;

/* X := random points on the sphere of radius sqrt(d), where every layer of the network
 * has length about 1, and Theta(x, x) = hidden + 1. */
static void draw_inputs(struct rng *rng, mat X)
{
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < X.rows; i++)
        scale(sqrt(X.cols) / norm(row(X, i)), row(X, i));
}

/* A network at a start, with the passes of its n training and its other points. */
struct world {
    struct mlp net;
    vec w0, w, y; /* P, P, n                                          */
    mat X, Z;     /* n x d, training points; m x d, other points      */
    struct mlp_pass at, at_z, now;
};

static struct world build(struct arena *arena, struct mlp net, int n, int others)
{
    int P = mlp_parameters(&net), d = net.width[0];
    return (struct world){net,
                          arena_vec(arena, P),
                          arena_vec(arena, P),
                          arena_vec(arena, n),
                          arena_mat(arena, n, d),
                          arena_mat(arena, others, d),
                          mlp_pass_make(arena, &net, n),
                          mlp_pass_make(arena, &net, others),
                          mlp_pass_make(arena, &net, n)};
}

static void draw(struct rng *rng, struct world *x)
{
    draw_inputs(rng, x->X);
    draw_inputs(rng, x->Z);
    rng_normals(rng, 0, 1, x->y);
    rng_normals(rng, 0, 1, x->w0);
}

/* Runs X through the network and ones back, as mlp_kernel demands. */
static void pass_of(const struct mlp *net, vec w, mat X, struct arena *arena,
                    struct mlp_pass *pass)
{
    size_t mark = arena->used;
    mat ones = arena_mat(arena, X.rows, 1);
    fill(1, entries(ones));
    mlp_forward(net, w, X, pass);
    mlp_backward(net, w, ones, pass);
    arena->used = mark;
}

/* w := w0, with the passes there; returns the kernel of the training points. */
static mat start(struct arena *arena, struct world *x)
{
    mat K = arena_mat(arena, x->X.rows, x->X.rows);
    copy(x->w0, x->w);
    pass_of(&x->net, x->w0, x->X, arena, &x->at);
    pass_of(&x->net, x->w0, x->Z, arena, &x->at_z);
    mlp_kernel(&x->net, &x->at, &x->at, arena, K);
    return K;
}

static double gap(vec a, vec b)
{
    double most = 0;
    for (int i = 0; i < a.n; i++)
        most = worst(most, fabs(a.at[i] - b.at[i]));
    return most;
}

static vec outputs(const struct world *x, const struct mlp_pass *pass)
{
    return entries(pass->H[x->net.depth]);
}

/* ---- Features
 * ------------------------------------------------------------------------ */

/* The largest |K_ij - the speed of f(x_i) at w0 along the gradient of f(x_j) at w|. */
static double gap_of_speeds(struct arena *arena, struct world *x, mat K)
{
    int n = x->X.rows;
    double most = 0;
    mat G = arena_mat(arena, n, 1), speed = arena_mat(arena, n, 1);
    vec grad = arena_vec(arena, x->w0.n);
    for (int j = 0; j < n; j++) {
        fill(0, entries(G));
        G.at[j] = 1;
        mlp_forward(&x->net, x->w, x->X, &x->now);
        mlp_backward(&x->net, x->w, G, &x->now);
        mlp_gradient(&x->net, &x->now, grad);
        mlp_jvp(&x->net, x->w0, grad, (mat){0}, &x->at, arena, speed);
        for (int i = 0; i < n; i++)
            most = worst(most, fabs(speed.at[i] - K.at[i * n + j]));
    }
    return most;
}

CLAIM(ntk_features, IDENTITY,
      "The tangent kernel K(x, y) is the speed of f(x) as the weights move along the "
      "gradient of f(y)")
{
    enum { N = 6, DIM = 5, WIDTH = 40, HIDDEN = 2 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct world x = build(arena, ntk_network(DIM, HIDDEN, WIDTH), N, 1);
    draw(&rng, &x);
    mat K = start(arena, &x);
    /* Sums of WIDTH or DIM products, one behind the other through 3 layers. */
    double limit = rounding((HIDDEN + 1) * WIDTH, max_norm(entries(K)));
    evidence(claim, "kernel less speed", at_most(gap_of_speeds(arena, &x, K), limit));
    scale(1.01, x.w);
    control(claim, "gradients at weights 1 % larger",
            at_most(gap_of_speeds(arena, &x, K), limit));
}

CLAIM(ntk_linear_model, IDENTITY,
      "The linearized network is a linear model: its features are the P derivatives of "
      "the output at the start, its weights w - w_0")
{
    enum { N = 6, DIM = 5, WIDTH = 40, HIDDEN = 2 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct world x = build(arena, ntk_network(DIM, HIDDEN, WIDTH), N, 1);
    draw(&rng, &x);
    start(arena, &x);
    int P = mlp_parameters(&x.net);
    mat J = arena_mat(arena, N, P), F = arena_mat(arena, N, 1);
    vec dw = arena_vec(arena, P), linear = arena_vec(arena, N);
    mlp_forward(&x.net, x.w0, x.X, &x.now);
    mlp_jacobian(&x.net, x.w0, &x.now, arena, J);
    rng_normals(&rng, 0, 1, dw);
    axpy(1, dw, x.w);
    copy(outputs(&x, &x.at), linear);
    gemv(1, J, dw, 1, linear);
    ntk_model(&x.net, x.w0, x.w, &x.at, arena, F);
    /* J dw: P products, and || dw || = sqrt(P), || row || = sqrt(K_ii) < 10. */
    double limit = rounding(P, 10 * sqrt(P));
    evidence(claim, "model less features times weights",
             at_most(gap(entries(F), linear), limit));
    mlp_forward(&x.net, x.w, x.X, &x.now);
    control(claim, "the network itself, there",
            at_most(gap(outputs(&x, &x.now), linear), limit));
}

/* residual := the sum over j of q_j (1 - alpha k_j)^steps <q_j, residual>. */
static void by_modes(struct arena *arena, mat K, double alpha, int steps, vec residual)
{
    int n = K.rows;
    vec values = arena_vec(arena, n), old = arena_vec(arena, n);
    mat Q = arena_mat(arena, n, n);
    route_eigen(K, values, Q);
    copy(residual, old);
    fill(0, residual);
    for (int j = 0; j < n; j++) {
        double share = 0, factor = pow(1 - alpha * values.at[j], steps);
        for (int i = 0; i < n; i++)
            share += Q.at[i * n + j] * old.at[i];
        for (int i = 0; i < n; i++)
            residual.at[i] += Q.at[i * n + j] * factor * share;
    }
}

/* The two ends of the spectrum of K. */
static double spectrum(struct arena *arena, mat K, double *least)
{
    size_t mark = arena->used;
    vec values = arena_vec(arena, K.rows);
    route_eigen(K, values, arena_mat(arena, K.rows, K.rows));
    double most = values.at[K.rows - 1];
    *least = values.at[0];
    arena->used = mark;
    return most;
}

CLAIM(ntk_linear_law, IDENTITY,
      "Descent on the linear model's P weights is descent with its kernel: k steps "
      "multiply the n residuals by (I - alpha K)^k")
{
    enum { N = 8, DIM = 5, WIDTH = 60, STEPS = 50 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct world x = build(arena, ntk_network(DIM, 2, WIDTH), N, 1);
    draw(&rng, &x);
    mat K = start(arena, &x), F = arena_mat(arena, N, 1);
    vec law = arena_vec(arena, N), a = arena_vec(arena, N), dual = arena_vec(arena, N);
    double least, alpha = 1 / spectrum(arena, K, &least);
    copy(x.y, law);
    axpy(-1, outputs(&x, &x.at), law);
    ntk_descent(K, law, alpha, STEPS, arena, a);
    copy(law, dual);
    gemv(-1, K, a, 1, dual);
    /* At every step the rounding of the outputs, sums of WIDTH products in three
     * layers; no step enlarges what has come of it. */
    double limit = STEPS * rounding(3 * WIDTH, norm(x.y) + norm(law));
    by_modes(arena, K, alpha, STEPS, law);
    for (int k = 0; k < STEPS; k++)
        ntk_step(&x.net, x.w0, x.y, alpha, &x.at, arena, x.w);
    ntk_model(&x.net, x.w0, x.w, &x.at, arena, F);
    scale(-1, entries(F));
    axpy(1, x.y, entries(F));
    evidence(claim, "residuals, descent in the weights",
             at_most(gap(entries(F), law), limit));
    evidence(claim, "residuals, descent with the kernel",
             at_most(gap(dual, law), limit));

    copy(x.w0, x.w);
    for (int k = 0; k < STEPS; k++)
        ntk_network_step(&x.net, x.X, x.y, alpha, &x.now, arena, x.w);
    mlp_forward(&x.net, x.w, x.X, &x.now);
    copy(outputs(&x, &x.now), entries(F));
    scale(-1, entries(F));
    axpy(1, x.y, entries(F));
    control(claim, "residuals of the network itself",
            at_most(gap(entries(F), law), limit));
}

/* The predictions of f_0 + J dw at the other points, where J dw fits y - f_0 with the
 * least dw, by LAPACK. */
static void least_norm(struct arena *arena, struct world *x, vec dw, vec predicted)
{
    mat J = arena_mat(arena, x->X.rows, x->w0.n),
        Jz = arena_mat(arena, x->Z.rows, x->w0.n);
    vec residual = arena_vec(arena, x->y.n);
    mlp_jacobian(&x->net, x->w0, &x->at, arena, J);
    mlp_jacobian(&x->net, x->w0, &x->at_z, arena, Jz);
    copy(x->y, residual);
    axpy(-1, outputs(x, &x->at), residual);
    route_min_norm(J, residual, dw);
    copy(outputs(x, &x->at_z), predicted);
    gemv(1, Jz, dw, 1, predicted);
}

CLAIM(
    ntk_least_norm, IDENTITY,
    "Descent on the linear model from w_0 ends at the weights nearest to w_0 that fit "
    "the data, and so at kernel regression on y - f_0")
{
    enum { N = 6, OTHERS = 5, DIM = 10, WIDTH = 50 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct world x = build(arena, ntk_network(DIM, 1, WIDTH), N, OTHERS);
    draw(&rng, &x);
    mat K = start(arena, &x), Kz = arena_mat(arena, OTHERS, N);
    int P = mlp_parameters(&x.net);
    mlp_kernel(&x.net, &x.at_z, &x.at, arena, Kz);
    vec dw = arena_vec(arena, P), predicted = arena_vec(arena, OTHERS);
    vec residual = arena_vec(arena, N), a = arena_vec(arena, N);
    vec regression = arena_vec(arena, OTHERS);
    double least, most = spectrum(arena, K, &least), kappa = most / least;
    copy(x.y, residual);
    axpy(-1, outputs(&x, &x.at), residual);
    least_norm(arena, &x, dw, predicted);

    copy(outputs(&x, &x.at_z), regression);
    REQUIRE(ntk_regression(K, residual, 0, arena, a) == FACTOR_OK, "K is singular");
    gemv(1, Kz, a, 1, regression);
    /* K is rounded like sums of P products, and its inverse magnifies by kappa. */
    double limit = rounding(P * kappa, norm(predicted));
    evidence(claim, "prediction, regression less LAPACK",
             at_most(gap(regression, predicted), limit));

    /* e^-40 is below eps: after 40 kappa steps the least mode has arrived. */
    int steps = (int)ceil(40 * kappa);
    double limit_w = rounding(P * kappa, norm(dw));
    for (int k = 0; k < steps; k++)
        ntk_step(&x.net, x.w0, x.y, 1 / most, &x.at, arena, x.w);
    axpy(1, x.w0, dw); /* now the weights at the end, by LAPACK */
    evidence(claim, "weights, descent less LAPACK", at_most(gap(x.w, dw), limit_w));

    rng_normals(&rng, 0, 0.1, x.w);
    axpy(1, x.w0, x.w);
    for (int k = 0; k < steps; k++)
        ntk_step(&x.net, x.w0, x.y, 1 / most, &x.at, arena, x.w);
    control(claim, "the same from a tenth beside w_0", at_most(gap(x.w, dw), limit_w));
}

/* ---- The limit
 * ----------------------------------------------------------------------- */

/* The integral of f(phi, theta) for phi from theta - pi/2 to pi/2: Gauss' rule of five
 * points in 40 pieces, which for sines is exact to rounding. */
static double over_arc(double (*f)(double phi, double theta), double theta)
{
    enum { PIECES = 40, POINTS = 5 };
    static const double node[] = {0, 0.5384693101056831, -0.5384693101056831,
                                  0.9061798459386640, -0.9061798459386640};
    static const double weight[] = {128.0 / 225, 0.4786286704993665, 0.4786286704993665,
                                    0.2369268850561891, 0.2369268850561891};
    double half = (PI - theta) / (2 * PIECES), sum = 0;
    for (int p = 0; p < PIECES; p++)
        for (int i = 0; i < POINTS; i++)
            sum += weight[i] * f(theta - PI / 2 + half * (2 * p + 1 + node[i]), theta);
    return half * sum;
}

static double both_cosines(double phi, double theta)
{
    return cos(phi) * cos(phi - theta);
}

static double one(double phi, double theta)
{
    (void)phi, (void)theta;
    return 1;
}

/* 2 E relu'(u) relu'(v) and 2 E relu(u) relu(v) over the Gaussian plane.  In polar
 * coordinates both units are on in the arc between theta - pi/2 and pi/2; the radius
 * contributes the integral of r e^(-r^2/2), or r^3 e^(-r^2/2): 1, or 2. */
static double mean_slopes(double theta) { return 2 * over_arc(one, theta) / (2 * PI); }
static double mean_product(double theta)
{
    return 2 * 2 * over_arc(both_cosines, theta) / (2 * PI);
}

/* The same two for weights of two random signs, x = (1, 0), y = (cos, sin). */
static void signs(double theta, double *slopes, double *product)
{
    *slopes = *product = 0;
    for (int s = 0; s < 4; s++) {
        double u = s & 1 ? 1 : -1, v = u * cos(theta) + (s & 2 ? 1 : -1) * sin(theta);
        *slopes += u > 0 && v > 0 ? 2.0 / 4 : 0;
        *product += u > 0 && v > 0 ? 2.0 / 4 * u * v : 0;
    }
}

CLAIM(ntk_arc_cosine, IDENTITY,
      "For Gaussian weights, 2 E relu'(w.x) relu'(w.y) = (pi - theta)/pi, and 2 E "
      "relu(w.x) relu(w.y) = (sin theta + (pi - theta) cos theta)/pi for unit x, y")
{
    enum { ANGLES = 60 };
    double slopes = 0, product = 0, other = 0;
    struct series s = series_begin(claim, "arc_cosine", "theta", "slopes", "product",
                                   "slopes_law", "product_law", NULL);
    for (int i = 0; i <= ANGLES; i++) {
        double theta = PI * i / ANGLES, by_signs, unused;
        double k0 = mean_slopes(theta), k1 = mean_product(theta);
        slopes = worst(slopes, fabs(ntk_arc_cosine_0(theta) - k0));
        product = worst(product, fabs(ntk_arc_cosine_1(theta) - k1));
        signs(theta, &unused, &by_signs);
        other = worst(other, fabs(ntk_arc_cosine_1(theta) - by_signs));
        if (i % 4 == 0)
            series_row(&s, (double[]){theta, k0, k1, ntk_arc_cosine_0(theta),
                                      ntk_arc_cosine_1(theta)});
    }
    series_end(&s);
    /* The quadrature is a sum of 200 terms. */
    evidence(claim, "k_0 less quadrature", at_most(slopes, rounding(200, 1)));
    evidence(claim, "k_1 less quadrature", at_most(product, rounding(200, 1)));
    control(claim, "k_1, weights that are random signs",
            at_most(other, rounding(200, 1)));
}

/* Theta by its definition: the covariance of a layer from that of the layer before, by
 * quadrature, and the sum over the layers whose weights move; or with last_only the
 * share of the last one. */
static double by_expectations(vec x, vec y, int hidden, bool last_only)
{
    double xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < x.n; i++) {
        xx += x.at[i] * x.at[i] / x.n;
        yy += y.at[i] * y.at[i] / x.n;
        xy += x.at[i] * y.at[i] / x.n;
    }
    double sigma = xy, theta_sum = xy;
    for (int l = 0; l < hidden; l++) {
        double angle = acos(sigma / sqrt(xx * yy));
        sigma = sqrt(xx * yy) * mean_product(angle);
        theta_sum = sigma + theta_sum * mean_slopes(angle);
    }
    return last_only ? sigma : theta_sum;
}

CLAIM(ntk_recursion, IDENTITY,
      "Layer by layer, Theta becomes Sigma' + Theta Sigma-dot, where Sigma' and "
      "Sigma-dot are the expectations over the layer before; Theta(x, x) is "
      "(hidden + 1) ||x||^2 / d")
{
    enum { N = 12, DIM = 10, HIDDEN = 3 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, N, DIM), Theta = arena_mat(arena, N, N);
    mat cross = arena_mat(arena, N, N);
    rng_normals(&rng, 0, 1, entries(X));
    ntk_gram(X, HIDDEN, arena, Theta);
    ntk_cross(X, X, HIDDEN, arena, cross);
    double of_gram = 0, of_pairs = 0, of_cross = 0, of_diagonal = 0, of_last = 0;
    double narrowest = 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            vec x = row(X, i), y = row(X, j);
            double entry = Theta.at[i * N + j], size = norm(x) * norm(y) / DIM;
            if (i == j) {
                double exact = (HIDDEN + 1) * size;
                of_diagonal = worst(of_diagonal, fabs(entry - exact) / size);
                continue;
            }
            double law = by_expectations(x, y, HIDDEN, false);
            narrowest = fmin(narrowest, sin(ntk_angle(x, y)));
            of_gram = worst(of_gram, fabs(entry - law) / size);
            of_cross = worst(of_cross, fabs(cross.at[i * N + j] - law) / size);
            of_pairs = worst(of_pairs, fabs(ntk_kernel(x, y, HIDDEN) - law) / size);
            of_last = worst(of_last,
                            fabs(entry - by_expectations(x, y, HIDDEN, true)) / size);
        }
    /* The cosine is rounded like a sum of DIM terms, the quadrature like one of 200;
     * the arc cosine divides by the sine, which shrinks by a third a layer, and the
     * share of each layer passes through all that follow. */
    double limit = rounding((DIM + 200) * HIDDEN * HIDDEN, 1 / narrowest);
    evidence(claim, "Gram matrix less quadrature", at_most(of_gram, limit));
    evidence(claim, "Theta(x_i, x_j), as of two sets", at_most(of_cross, limit));
    evidence(claim, "kernel of two points", at_most(of_pairs, limit));
    evidence(claim, "diagonal less (hidden + 1)||x||^2/d",
             at_most(of_diagonal, rounding(DIM, HIDDEN + 1)));
    control(claim, "only the last layer moves", at_most(of_last, limit));
}

CLAIM(ntk_close_points, BOUND,
      "An arc cosine near 1 turns the rounding eps of a cosine into sqrt(eps) of an "
      "angle: for inputs in almost the same direction the Gram matrix is good to half "
      "of the digits, and no better")
{
    enum { DIM = 10, HIDDEN = 3, PAIRS = 100 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, 2, DIM), Theta = arena_mat(arena, 2, 2);
    vec aside = arena_vec(arena, DIM);
    double most = 0;
    for (int p = 0; p < PAIRS; p++) {
        vec x = row(X, 0), y = row(X, 1);
        rng_normals(&rng, 0, 1, x);
        rng_normals(&rng, 0, pow(10, -6 - 4.0 * p / PAIRS), aside);
        copy(x, y);
        axpy(1, aside, y);
        ntk_gram(X, HIDDEN, arena, Theta);
        most = worst(most, fabs(Theta.at[1] - ntk_kernel(x, y, HIDDEN)) * DIM /
                               (norm(x) * norm(y)));
    }
    /* A cosine off by delta = (DIM + 4) eps: the angle is off by at most sqrt(2 delta).
     * (1 - cos changes from theta^2/2 by delta.)  k_0 changes by 1/pi of it, and layer
     * l multiplies k_0 with l + 1 shares that are at most 1. */
    double delta = (DIM + 4) * DBL_EPSILON;
    double bound = sqrt(2 * delta) / PI * HIDDEN * (HIDDEN + 1) / 2;
    evidence(claim, "error of Theta_12", at_most(most, bound));
    evidence(claim, "the error again: it is there", at_least(most, bound / 300));
    control(claim, "a bound of n eps, as elsewhere",
            at_most(most, rounding((DIM + 200) * HIDDEN * HIDDEN, 1)));
}

/* ---- Width
 * --------------------------------------------------------------------------- */

/* K := the kernel of a random network on X. */
static void random_kernel(struct rng *rng, struct arena *arena, const struct mlp *net,
                          int different, mat X, mat K)
{
    size_t mark = arena->used;
    struct mlp_pass pass = mlp_pass_make(arena, net, X.rows);
    vec w = arena_vec(arena, mlp_parameters(net));
    rng_normals(rng, 0, 1, w);
    mat W = mlp_weights(net, w, 0), a = mlp_weights(net, w, 1);
    for (int r = different; r < W.rows && different > 0; r++) {
        copy(row(W, r % different), row(W, r));
        a.at[r] = a.at[r % different];
    }
    pass_of(net, w, X, arena, &pass);
    mlp_kernel(net, &pass, &pass, arena, K);
    arena->used = mark;
}

CLAIM(
    ntk_two_layers, STATISTIC,
    "With one hidden layer, at any width, the mean of the random kernel is its limit: "
    "k_1 + cos(theta) k_0 for inputs of length sqrt(d)")
{
    enum { DRAWS = 2000, DIM = 5, WIDTH = 64 };
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, 2, DIM), K = arena_mat(arena, 2, 2);
    double off[DRAWS], on[DRAWS];
    struct rng rng = claim_rng(claim, 0);
    draw_inputs(&rng, X);
    double theta = ntk_angle(row(X, 0), row(X, 1));
    double law = ntk_arc_cosine_1(theta) + cos(theta) * ntk_arc_cosine_0(theta);
    for (int mean_field = 0; mean_field < 2; mean_field++) {
        struct mlp net = ntk_network(DIM, 1, WIDTH);
        if (mean_field)
            net.multiplier[1] = 1.0 / WIDTH;
        for (int i = 0; i < DRAWS; i++) {
            random_kernel(&rng, arena, &net, 0, X, K);
            off[i] = K.at[1];
            on[i] = K.at[0];
        }
        if (!mean_field) {
            evidence(claim, "mean of K(x, y)", mean_is(DRAWS, off, law));
            evidence(claim, "mean of K(x, x)", mean_is(DRAWS, on, 2));
        }
    }
    control(claim, "prefactor 1/m, as on the slide", mean_is(DRAWS, on, 2));
}

enum { WIDTHS = 5 };

/* The slopes, one for each of so many replicates, of log ||K_m - Theta|| by log m. */
static void slopes_of_kernel(struct claim *claim, int hidden, int first, int different,
                             int replicates, double *slope, const char *table)
{
    enum { N = 10, DIM = 6 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat X = arena_mat(arena, N, DIM), K = arena_mat(arena, N, N);
    mat Theta = arena_mat(arena, N, N);
    double square[WIDTHS] = {0};
    for (int r = 0; r < replicates; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)(1000 * hidden + r));
        double m[WIDTHS], error[WIDTHS];
        draw_inputs(&rng, X);
        ntk_gram(X, hidden, arena, Theta);
        for (int i = 0; i < WIDTHS; i++) {
            m[i] = ldexp(first, (hidden == 1 ? 2 : 1) * i);
            struct mlp net = ntk_network(DIM, hidden, (int)m[i]);
            random_kernel(&rng, arena, &net, different, X, K);
            axpy(-1, entries(Theta), entries(K));
            error[i] = norm(entries(K)) / norm(entries(Theta));
            square[i] += error[i] * error[i] / replicates;
        }
        slope[r] = fit_power(WIDTHS, m, error).slope;
    }
    arena->used = mark;
    if (!table)
        return;
    struct series s = series_begin(claim, table, "m", "error", "law", NULL);
    for (int i = 0; i < WIDTHS; i++) {
        double m = ldexp(first, (hidden == 1 ? 2 : 1) * i);
        series_row(&s,
                   (double[]){m, sqrt(square[i]),
                              sqrt(square[WIDTHS - 1] *
                                   ldexp(first, (hidden == 1 ? 2 : 1) * (WIDTHS - 1)) /
                                   m)});
    }
    series_end(&s);
}

CLAIM(ntk_width, RATE,
      "As the width m grows, the random kernel of a deep network tends to the "
      "recursion's, "
      "at the rate 1/sqrt(m)")
{
    enum { SHALLOW = 60, DEEP = 100 };
    double slope[DEEP];
    slopes_of_kernel(claim, 1, 16, 0, SHALLOW, slope, "width_1");
    evidence(claim, "exponent, one hidden layer",
             slopes_are(SHALLOW, slope, -0.5, 0.25));
    slopes_of_kernel(claim, 2, 16, 0, DEEP, slope, "width_2");
    evidence(claim, "exponent, two hidden layers", slopes_are(DEEP, slope, -0.5, 0.5));
    slopes_of_kernel(claim, 1, 16, 16, SHALLOW, slope, NULL);
    control(claim, "only 16 different units", slopes_are(SHALLOW, slope, -0.5, 0.25));
}

/* ---- Training
 * ------------------------------------------------------------------------ */

/* What a slope is fitted to: networks of the widths first, 2 first, ..., from the same
 * start but for its width. */
struct experiment {
    int first;
    double size; /* the deviation of the targets, y */
    enum activation activation;
    bool positive;   /* the last layer's weights are |N(0, 1)|                     */
    bool mean_field; /* the last multiplier is over m, not sqrt(m), and alpha m-fold */
    bool from_f0;    /* the targets are y + f_0, and f - f_0 is compared           */
};

static const struct experiment lazy = {64, 0.5, RELU, .from_f0 = true};
static const struct experiment mean_field = {64, 0.5, RELU, false, true, true};

struct outcome {
    double moved;   /* ||w - w_0||                                                  */
    double weights; /* of ||w_0||                                                   */
    double kernel;  /* ||K - K_0|| / ||K_0|| at the end                             */
    double path;    /* the largest ||f - linear model|| on the way, of ||y||        */
    double limit;   /* ||f - f_0 - the prediction of Theta|| elsewhere, of the same */
};

/* Trains a network with one hidden layer on x.y + f_0 for so many steps, with the rate
 * alpha; or on x.y itself. */
static struct outcome train(struct arena *arena, struct world *x, double alpha,
                            int steps, bool from_f0, vec expected)
{
    size_t mark = arena->used;
    struct outcome out = {0};
    mat K = start(arena, x), K_end = arena_mat(arena, K.rows, K.cols);
    int n = x->y.n;
    vec f0 = arena_vec(arena, n), target = arena_vec(arena, n);
    vec residual = arena_vec(arena, n), linear = arena_vec(arena, n);
    copy(outputs(x, &x->at), f0);
    copy(x->y, target);
    if (from_f0)
        axpy(1, f0, target);
    copy(target, linear); /* the residual of the linear model */
    axpy(-1, f0, linear);
    for (int k = 0; k < steps; k++) {
        ntk_network_step(&x->net, x->X, target, alpha, &x->now, arena, x->w);
        copy(target, residual);
        axpy(-1, outputs(x, &x->now), residual);
        axpy(-1, linear, residual);
        out.path = worst(out.path, norm(residual) / norm(x->y));
        copy(linear, residual);
        gemv(-alpha, K, residual, 1, linear);
    }
    pass_of(&x->net, x->w, x->X, arena, &x->now);
    mlp_kernel(&x->net, &x->now, &x->now, arena, K_end);
    axpy(-1, entries(K), entries(K_end));
    out.kernel = norm(entries(K_end)) / norm(entries(K));
    vec g = arena_vec(arena, x->Z.rows);
    copy(outputs(x, &x->at_z), g);
    scale(from_f0 ? -1 : 0, g);
    pass_of(&x->net, x->w, x->Z, arena, &x->at_z);
    axpy(1, outputs(x, &x->at_z), g);
    axpy(-1, expected, g);
    out.limit = norm(g) / norm(expected);
    axpy(-1, x->w0, x->w);
    out.moved = norm(x->w);
    out.weights = out.moved / norm(x->w0);
    arena->used = mark;
    return out;
}

/* Trains networks of WIDTHS widths on the same points. */
static void train_widths(struct claim *claim, int replicate, struct experiment e,
                         struct outcome *out)
{
    enum { N = 12, OTHERS = 20, DIM = 5, STEPS = 40 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    mat X = arena_mat(arena, N, DIM), Z = arena_mat(arena, OTHERS, DIM);
    vec y = arena_vec(arena, N), a = arena_vec(arena, N), f = arena_vec(arena, OTHERS);
    mat Theta = arena_mat(arena, N, N), Theta_z = arena_mat(arena, OTHERS, N);
    draw_inputs(&rng, X);
    draw_inputs(&rng, Z);
    rng_normals(&rng, 0, e.size, y);
    ntk_gram(X, 1, arena, Theta);
    ntk_cross(Z, X, 1, arena, Theta_z);
    double least, alpha = 0.5 / spectrum(arena, Theta, &least);
    ntk_descent(Theta, y, alpha, STEPS, arena, a);
    gemv(1, Theta_z, a, 0, f);
    for (int i = 0; i < WIDTHS; i++) {
        int m = e.first << i;
        struct mlp net = ntk_network(DIM, 1, m);
        net.activation = e.activation;
        net.multiplier[1] /= e.mean_field ? sqrt(m) : 1;
        struct world x = build(arena, net, N, OTHERS);
        draw(&rng, &x);
        copy(entries(X), entries(x.X));
        copy(entries(Z), entries(x.Z));
        copy(y, x.y);
        vec last = entries(mlp_weights(&net, x.w0, 1));
        for (int j = 0; j < last.n && e.positive; j++)
            last.at[j] = fabs(last.at[j]);
        out[i] =
            train(arena, &x, e.mean_field ? alpha * m : alpha, STEPS, e.from_f0, f);
    }
    arena->used = mark;
}

/* The outcomes of so many replicates, and the slope by m of one quantity in each. */
enum { REPLICATES = 40 };
struct sample {
    struct outcome of[REPLICATES][WIDTHS];
    double slope[REPLICATES];
};

static void collect(struct claim *claim, struct experiment e, int replicates,
                    struct sample *s)
{
    for (int r = 0; r < replicates; r++)
        train_widths(claim, r, e, s->of[r]);
}

enum quantity { MOVED, WEIGHTS, KERNEL, PATH, LIMIT };

static double quantity(const struct outcome *o, enum quantity q)
{
    return (const double[]){o->moved, o->weights, o->kernel, o->path, o->limit}[q];
}

static const double *slopes(struct sample *s, struct experiment e, int replicates,
                            enum quantity q)
{
    for (int r = 0; r < replicates; r++) {
        double m[WIDTHS], value[WIDTHS];
        for (int i = 0; i < WIDTHS; i++) {
            m[i] = e.first << i;
            value[i] = quantity(&s->of[r][i], q);
        }
        s->slope[r] = fit_power(WIDTHS, m, value).slope;
    }
    return s->slope;
}

/* The root of the mean square of a quantity, width by width, as a power of m.  For
 * figures, if there is a table: with the line of that slope through the middle. */
static struct fit record(struct claim *claim, const char *table, const struct sample *s,
                         struct experiment e, int replicates, enum quantity q,
                         double slope)
{
    double m[WIDTHS], mean[WIDTHS] = {0};
    for (int i = 0; i < WIDTHS; i++) {
        m[i] = e.first << i;
        for (int r = 0; r < replicates; r++)
            mean[i] += pow(quantity(&s->of[r][i], q), 2) / replicates;
        mean[i] = sqrt(mean[i]);
    }
    struct series t = series_begin(claim, table, "m", "value", "law", NULL);
    for (int i = 0; i < WIDTHS; i++)
        series_row(&t, (double[]){m[i], mean[i],
                                  mean[WIDTHS / 2] * pow(2, slope * (i - WIDTHS / 2))});
    series_end(&t);
    return fit_power(WIDTHS, m, mean);
}

CLAIM(ntk_weights_rest, RATE,
      "In training, the weights of a wide network move by a distance that does not "
      "depend "
      "on m, and so by a share of themselves that falls as 1/sqrt(m)")
{
    enum { R = 12 };
    static struct sample s;
    collect(claim, lazy, R, &s);
    evidence(claim, "exponent of ||w - w_0||",
             slopes_are(R, slopes(&s, lazy, R, MOVED), 0, 0.25));
    evidence(claim, "exponent of its share of ||w_0||",
             slopes_are(R, slopes(&s, lazy, R, WEIGHTS), -0.5, 0.25));
    collect(claim, mean_field, R, &s);
    control(claim, "share, mean field scaling",
            slopes_are(R, slopes(&s, mean_field, R, WEIGHTS), -0.5, 0.25));
}

CLAIM(ntk_kernel_rests, RATE,
      "In training, the kernel of a network of ReLUs changes by a share that falls as "
      "1/sqrt(m) if all signs of the last layer agree, and is smaller if they are "
      "random; with tanh it falls as 1/m")
{
    enum { R = REPLICATES, LAST = WIDTHS - 1 };
    static struct sample s;
    double log_ratio[R];
    struct experiment random = {64, 1, RELU, .from_f0 = true}, positive = random;
    struct experiment smooth = {64, 0.2, TANH, .from_f0 = true};
    positive.positive = true;
    /* The next order is relative to the change itself, which is below 0.3 at m = 64: it
     * bends a slope over 1.2 decades by at most log10(1.3) / 1.2 = 0.1.  The standard
     * error of the logarithm of a mean of 40 is below 0.1 at each width, and of the
     * slope below 0.06 / 1.2: twice 0.1 is room for both. */
    double half = 0.2, neighbour = 0.5;
    collect(claim, positive, R, &s);
    struct fit fit = record(claim, "rest_positive", &s, positive, R, KERNEL, -0.5);
    evidence(claim, "exponent, ReLU, equal signs",
             slope_is(fit, -0.5, half, neighbour));
    for (int r = 0; r < R; r++)
        log_ratio[r] = log2(s.of[r][LAST].kernel);
    collect(claim, random, R, &s);
    record(claim, "rest_random", &s, random, R, KERNEL, -0.5);
    for (int r = 0; r < R; r++)
        log_ratio[r] -= log2(s.of[r][LAST].kernel);
    evidence(claim, "log2 of equal over random, m = 1024",
             effect_at_least(R, log_ratio, 0));
    collect(claim, smooth, R, &s);
    fit = record(claim, "rest_smooth", &s, smooth, R, KERNEL, -1);
    evidence(claim, "exponent, tanh", slope_is(fit, -1, half, neighbour));
    collect(claim, mean_field, R / 2, &s);
    fit = record(claim, "rest_mean_field", &s, mean_field, R / 2, KERNEL, 0);
    control(claim, "exponent, mean field scaling",
            slope_is(fit, -0.5, half, neighbour));
}

/* x := -x. */
static const double *minus(int n, const double *x, double *negative)
{
    for (int i = 0; i < n; i++)
        negative[i] = -x[i];
    return negative;
}

CLAIM(ntk_path, STATISTIC,
      "The wider the network, the closer it stays to its linear model, at every step; "
      "but not under mean field scaling")
{
    static struct sample s;
    double fall[REPLICATES];
    struct experiment smooth = {64, 0.2, TANH, .from_f0 = true};
    enum { R = REPLICATES };
    /* The bound on the path is of order 1 / sqrt(m), and of order 1 under mean field
     * scaling: half-way between the two exponents.  Of ReLU only that it falls. */
    double half_way = 0.25;
    collect(claim, smooth, R, &s);
    evidence(claim, "exponent of the fall, tanh",
             effect_at_least(R, minus(R, slopes(&s, smooth, R, PATH), fall), half_way));
    collect(claim, lazy, R, &s);
    evidence(claim, "exponent of the fall, ReLU",
             effect_at_least(R, minus(R, slopes(&s, lazy, R, PATH), fall), 0.05));
    smooth.mean_field = true;
    collect(claim, smooth, R, &s);
    control(claim, "mean field scaling, tanh",
            effect_at_least(R, minus(R, slopes(&s, smooth, R, PATH), fall), half_way));
}

CLAIM(ntk_limit, RATE,
      "What a wide network has learned after k steps of descent, f - f_0, tends to the "
      "prediction of the limit kernel, at the rate 1/sqrt(m)")
{
    static struct sample s;
    enum { R = REPLICATES };
    struct experiment whole = lazy;
    whole.from_f0 = false;
    collect(claim, lazy, R, &s);
    evidence(claim, "exponent of the distance",
             slopes_are(R, slopes(&s, lazy, R, LIMIT), -0.5, 0.5));
    record(claim, "limit", &s, lazy, R, LIMIT, -0.5);
    collect(claim, whole, R, &s);
    control(claim, "f itself, which keeps its start",
            slopes_are(R, slopes(&s, whole, R, LIMIT), -0.5, 0.5));
    record(claim, "limit_whole", &s, whole, R, LIMIT, 0);
}

/* ---- On images
 * ----------------------------------------------------------------------- */

enum { TRAIN = 60, TEST = 200, PIXELS = 49, DEEP_WIDTHS = 5, RESAMPLES = 32 };

/* Sneakers and boots, of 7 x 7 pixels, centred, of mean square 1. */
struct images {
    mat X, Z; /* TRAIN x PIXELS, TEST x PIXELS */
    vec y, t; /* their signs                   */
};

static struct images draw_images(struct rng *rng, struct arena *arena,
                                 struct dataset data, const int *pool, int count)
{
    struct images x = {arena_mat(arena, TRAIN, PIXELS), arena_mat(arena, TEST, PIXELS),
                       arena_vec(arena, TRAIN), arena_vec(arena, TEST)};
    mat both = arena_mat(arena, TRAIN + TEST, PIXELS);
    vec signs_of = arena_vec(arena, TRAIN + TEST);
    int order[4096], chosen[TRAIN + TEST];
    rng_permutation(rng, count, order);
    for (int i = 0; i < TRAIN + TEST; i++)
        chosen[i] = pool[order[i]];
    dataset_images(data, chosen, 4, both);
    dataset_signs(data, chosen, 9, signs_of);
    for (int j = 0; j < PIXELS; j++) {
        double mean = 0;
        for (int i = 0; i < TRAIN; i++)
            mean += both.at[i * PIXELS + j] / TRAIN;
        for (int i = 0; i < TRAIN + TEST; i++)
            both.at[i * PIXELS + j] -= mean;
    }
    scale(sqrt(TRAIN * PIXELS) / norm(entries(row_block(both, 0, TRAIN))),
          entries(both));
    copy(entries(row_block(both, 0, TRAIN)), entries(x.X));
    copy(entries(row_block(both, TRAIN, TEST)), entries(x.Z));
    copy((vec){TRAIN, signs_of.at}, x.y);
    copy((vec){TEST, signs_of.at + TRAIN}, x.t);
    return x;
}

/* The share of the test images that have the other sign than f. */
static double errors(vec f, vec t)
{
    double wrong = 0;
    for (int i = 0; i < t.n; i++)
        wrong += f.at[i] * t.at[i] <= 0;
    return wrong / t.n;
}

/* f := what a network of two hidden layers of width m has learned on the images. */
static void learned(struct rng *rng, struct arena *arena, struct images x, int m,
                    double alpha, int steps, vec f)
{
    size_t mark = arena->used;
    struct mlp net = ntk_network(PIXELS, 2, m);
    struct world world = build(arena, net, TRAIN, TEST);
    rng_normals(rng, 0, 1, world.w0);
    copy(entries(x.X), entries(world.X));
    copy(entries(x.Z), entries(world.Z));
    start(arena, &world);
    copy(x.y, world.y);
    axpy(1, outputs(&world, &world.at), world.y);
    copy(outputs(&world, &world.at_z), f);
    for (int k = 0; k < steps; k++)
        ntk_network_step(&net, world.X, world.y, alpha, &world.now, arena, world.w);
    mlp_forward(&net, world.w, world.Z, &world.at_z);
    scale(-1, f);
    axpy(1, outputs(&world, &world.at_z), f);
    arena->used = mark;
}

CLAIM(
    ntk_fashion, PHENOMENON,
    "On images of Fashion-MNIST a network of two hidden layers comes to predict, as it "
    "grows wider, what the limit kernel predicts")
{
    enum { STEPS = 30 };
    struct arena *arena = claim_arena(claim);
    struct dataset data = claim_images(claim, 20000);
    int *pool = (int *)arena_take(arena, (size_t)data.n);
    int count = dataset_pair(data, 7, 9, pool);
    count = count < 4096 ? count : 4096;
    double distance[DEEP_WIDTHS][RESAMPLES], error[DEEP_WIDTHS + 1] = {0};
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct images x = draw_images(&rng, arena, data, pool, count);
        mat Theta = arena_mat(arena, TRAIN, TRAIN),
            cross = arena_mat(arena, TEST, TRAIN);
        vec a = arena_vec(arena, TRAIN), law = arena_vec(arena, TEST);
        vec f = arena_vec(arena, TEST);
        ntk_gram(x.X, 2, arena, Theta);
        ntk_cross(x.Z, x.X, 2, arena, cross);
        double least, alpha = 0.5 / spectrum(arena, Theta, &least);
        ntk_descent(Theta, x.y, alpha, STEPS, arena, a);
        gemv(1, cross, a, 0, law);
        error[DEEP_WIDTHS] += errors(law, x.t) / RESAMPLES;
        for (int i = 0; i < DEEP_WIDTHS; i++) {
            learned(&rng, arena, x, 8 << i, alpha, STEPS, f);
            error[i] += errors(f, x.t) / RESAMPLES;
            axpy(-1, law, f);
            distance[i][r] = norm(f) / norm(law);
        }
        arena->used = mark;
    }
    struct series s =
        series_begin(claim, "fashion", "m", "distance", "error", "kernel_error", NULL);
    double drop[RESAMPLES], small[RESAMPLES], control_small[RESAMPLES];
    for (int i = 0; i < DEEP_WIDTHS; i++) {
        double mean = 0;
        for (int r = 0; r < RESAMPLES; r++)
            mean += distance[i][r] / RESAMPLES;
        series_row(&s, (double[]){8 << i, mean, error[i], error[DEEP_WIDTHS]});
    }
    series_end(&s);
    for (int r = 0; r < RESAMPLES; r++) {
        drop[r] = log2(distance[0][r] / distance[DEEP_WIDTHS - 1][r]);
        small[r] = 1 - distance[DEEP_WIDTHS - 1][r];
        control_small[r] = 1 - distance[0][r];
    }
    evidence(claim, "halvings from m = 8 to 128", effect_at_least(RESAMPLES, drop, 0));
    evidence(claim, "agreement at m = 128", effect_at_least(RESAMPLES, small, 0.75));
    control(claim, "agreement at m = 8",
            effect_at_least(RESAMPLES, control_small, 0.75));
}

CHAPTER(tangent_kernel, &ntk_features, &ntk_linear_model, &ntk_linear_law,
        &ntk_least_norm, &ntk_arc_cosine, &ntk_recursion, &ntk_close_points,
        &ntk_two_layers, &ntk_width, &ntk_weights_rest, &ntk_kernel_rests, &ntk_path,
        &ntk_limit, &ntk_fashion)
