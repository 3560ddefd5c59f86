#include "tangent_kernel/ntk_worlds.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

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

CLAIM(ntk_arc_cosine, IDENTITY, "Expectations over ReLUs are the arc-cosine kernels")
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

/* So many random kernels of a pair of inputs: at the pair, and at the first of them. */
enum { DRAWS = 2000 };
struct draws {
    double off[DRAWS], on[DRAWS];
};

static void draw_kernels(struct rng *rng, struct arena *arena, struct mlp net, mat X,
                         struct draws *k)
{
    mat K = arena_mat(arena, 2, 2);
    for (int i = 0; i < DRAWS; i++) {
        random_kernel(rng, arena, &net, 0, X, K);
        k->off[i] = K.at[1];
        k->on[i] = K.at[0];
    }
}

CLAIM(ntk_two_layers, STATISTIC, "With one hidden layer a kernel's mean is its limit")
{
    enum { DIM = 5, NARROW = 16, WIDE = 64 };
    static struct draws k;
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, 2, DIM);
    draw_inputs(&rng, X);
    double theta = ntk_angle(row(X, 0), row(X, 1));
    double law = ntk_arc_cosine_1(theta) + cos(theta) * ntk_arc_cosine_0(theta);
    draw_kernels(&rng, arena, ntk_network(DIM, 1, NARROW), X, &k);
    evidence(claim, "mean of K(x, y), 16 units", mean_is(DRAWS, k.off, law));
    evidence(claim, "mean of K(x, x), 16 units", mean_is(DRAWS, k.on, 2));
    draw_kernels(&rng, arena, ntk_network(DIM, 1, WIDE), X, &k);
    evidence(claim, "mean of K(x, y), 64 units", mean_is(DRAWS, k.off, law));
    evidence(claim, "mean of K(x, x), 64 units", mean_is(DRAWS, k.on, 2));
    struct mlp printed = ntk_network(DIM, 1, WIDE);
    printed.multiplier[1] = 1.0 / WIDE;
    draw_kernels(&rng, arena, printed, X, &k);
    control(claim, "prefactor 1/m, as on the slide", mean_is(DRAWS, k.on, 2));
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

/* How far the kernels of the rows of X are from their expectations, in units of ||x||
 * ||y|| / d. */
struct gaps {
    double gram, cross, pairs, diagonal;
    double last_only; /* of the Gram matrix from the share of the last layer */
    double narrowest; /* the sine of the least angle                         */
};

static void compare(vec x, vec y, int hidden, double gram, double cross, struct gaps *g)
{
    double size = norm(x) * norm(y) / x.n, law = by_expectations(x, y, hidden, false);
    double last = by_expectations(x, y, hidden, true);
    g->gram = worst(g->gram, fabs(gram - law) / size);
    g->cross = worst(g->cross, fabs(cross - law) / size);
    g->pairs = worst(g->pairs, fabs(ntk_kernel(x, y, hidden) - law) / size);
    g->last_only = worst(g->last_only, fabs(gram - last) / size);
    g->narrowest = smallest(g->narrowest, sin(ntk_angle(x, y)));
}

static struct gaps gaps_of(struct arena *arena, mat X, int hidden)
{
    struct gaps g = {.narrowest = 1};
    mat Theta = arena_mat(arena, X.rows, X.rows);
    mat cross = arena_mat(arena, X.rows, X.rows);
    ntk_gram(X, hidden, arena, Theta);
    ntk_cross(X, X, hidden, arena, cross);
    for (int i = 0; i < X.rows; i++) {
        double size = pow(norm(row(X, i)), 2) / X.cols, own = row(Theta, i).at[i];
        g.diagonal = worst(g.diagonal, fabs(own - (hidden + 1) * size) / size);
        for (int j = 0; j < X.rows; j++)
            if (j != i)
                compare(row(X, i), row(X, j), hidden, row(Theta, i).at[j],
                        row(cross, i).at[j], &g);
    }
    return g;
}

CLAIM(ntk_recursion, IDENTITY, "Layer by layer, Theta becomes Sigma' + Theta Sigma-dot")
{
    enum { N = 12, DIM = 10, DEEPEST = 3 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, N, DIM);
    rng_normals(&rng, 0, 1, entries(X));
    struct gaps most = {0}, g = {0};
    for (int hidden = 0; hidden <= DEEPEST; hidden++) {
        g = gaps_of(arena, X, hidden);
        most.gram = worst(most.gram, g.gram);
        most.cross = worst(most.cross, g.cross);
        most.pairs = worst(most.pairs, g.pairs);
        most.diagonal = worst(most.diagonal, g.diagonal);
    }
    /* The cosine is rounded like a sum of DIM terms, the quadrature like one of 200;
     * the arc cosine divides by the sine, which shrinks by a third a layer, and the
     * share of each layer passes through all that follow. */
    double limit = rounding((DIM + 200) * DEEPEST * DEEPEST, 1 / g.narrowest);
    evidence(claim, "Gram matrix less quadrature", at_most(most.gram, limit));
    evidence(claim, "Theta(x_i, x_j), as of two sets", at_most(most.cross, limit));
    evidence(claim, "kernel of two points", at_most(most.pairs, limit));
    evidence(claim, "diagonal less (hidden + 1)||x||^2/d",
             at_most(most.diagonal, rounding(DIM, DEEPEST + 1)));
    control(claim, "only the last layer moves", at_most(g.last_only, limit));
}

enum { WIDTHS = 5, NARROWEST = 16, SHALLOW = 60, DEEP = 100 };

/* The widths: powers of 4 with one hidden layer, of 2 with two. */
static double width_of(int hidden, int i)
{
    return ldexp(NARROWEST, (hidden == 1 ? 2 : 1) * i);
}

/* ||K_m - Theta|| / ||Theta|| in so many replicates, at each width. */
struct kernels {
    int hidden, replicates;
    double error[DEEP][WIDTHS], slope[DEEP];
};

static void errors_of_kernel(struct claim *claim, int different, struct kernels *k)
{
    enum { N = 10, DIM = 6 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat X = arena_mat(arena, N, DIM), K = arena_mat(arena, N, N);
    mat Theta = arena_mat(arena, N, N);
    for (int r = 0; r < k->replicates; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)(1000 * k->hidden + r));
        draw_inputs(&rng, X);
        ntk_gram(X, k->hidden, arena, Theta);
        for (int i = 0; i < WIDTHS; i++) {
            int m = (int)width_of(k->hidden, i);
            struct mlp net = ntk_network(DIM, k->hidden, m);
            random_kernel(&rng, arena, &net, different, X, K);
            axpy(-1, entries(Theta), entries(K));
            k->error[r][i] = norm(entries(K)) / norm(entries(Theta));
        }
    }
    arena->used = mark;
}

/* The power of m in each replicate. */
static const double *slopes_of_kernel(struct kernels *k)
{
    double m[WIDTHS];
    for (int i = 0; i < WIDTHS; i++)
        m[i] = width_of(k->hidden, i);
    for (int r = 0; r < k->replicates; r++)
        k->slope[r] = fit_power(WIDTHS, m, k->error[r]).slope;
    return k->slope;
}

/* For the figure: root mean squares, and the law through the last. */
static void record_kernels(struct claim *claim, const char *table,
                           const struct kernels *k)
{
    double square[WIDTHS] = {0}, last = width_of(k->hidden, WIDTHS - 1);
    for (int i = 0; i < WIDTHS; i++)
        for (int r = 0; r < k->replicates; r++)
            square[i] += k->error[r][i] * k->error[r][i] / k->replicates;
    struct series s = series_begin(claim, table, "m", "error", "law", NULL);
    for (int i = 0; i < WIDTHS; i++) {
        double m = width_of(k->hidden, i), law = sqrt(square[WIDTHS - 1] * last / m);
        series_row(&s, (double[]){m, sqrt(square[i]), law});
    }
    series_end(&s);
}

CLAIM(ntk_width, RATE, "The random kernel tends to its limit at the rate 1/sqrt(m)")
{
    static struct kernels k;
    /* As the sum over units is skewed, and with two hidden layers also biased, the
     * square of the error is that of the law times 1 + c / m: of its logarithm this
     * adds log10(1 + c/16) over 1.2 decades at least, and half of it to the slope. */
    double bias = 0.04; /* c <= 4 */
    k.hidden = 1, k.replicates = SHALLOW;
    errors_of_kernel(claim, 0, &k);
    record_kernels(claim, "width_1", &k);
    evidence(claim, "exponent, one hidden layer",
             slopes_near(SHALLOW, slopes_of_kernel(&k), -0.5, bias, 0.25));
    errors_of_kernel(claim, NARROWEST, &k);
    control(claim, "only 16 different units",
            slopes_near(SHALLOW, slopes_of_kernel(&k), -0.5, bias, 0.25));
    k.hidden = 2, k.replicates = DEEP;
    errors_of_kernel(claim, 0, &k);
    record_kernels(claim, "width_2", &k);
    evidence(claim, "exponent, two hidden layers",
             slopes_near(DEEP, slopes_of_kernel(&k), -0.5, bias, 0.5));
}

SECTION(ntk_in_closed_form, &ntk_arc_cosine, &ntk_two_layers, &ntk_recursion,
        &ntk_width);
