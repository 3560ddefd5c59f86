#include "ground/certain.h"
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

/* ---- All angles at once -----------------------------------------------------------
 */

/* k_0 and k_1 of an angle in [0, pi]. */
static ball kernel_0(ball theta)
{
    ball pi = ball_pi(theta.in);
    return ball_div(ball_sub(pi, theta), pi);
}

static ball kernel_1(ball theta)
{
    ball sine = ball_div(ball_sin(theta), ball_pi(theta.in));
    return ball_add(sine, ball_mul(kernel_0(theta), ball_cos(theta)));
}

/* rho = (k_1 - c) / (1 - c)^(3/2), c = cos theta, where theta is not 0. */
static ball pull(ball theta)
{
    ball c = ball_cos(theta), apart = ball_plus(ball_neg(c), 1);
    ball gain = ball_sub(kernel_1(theta), c);
    return ball_div(gain, ball_mul(apart, ball_sqrt(apart)));
}

/* Does rho grow with theta?  Its derivative has the sign of
 *     theta (1 - cos theta) - 3/2 (sin theta - theta cos theta). */
static enum verdict pull_grows(void *context, const ball *theta)
{
    (void)context;
    ball c = ball_cos(theta[0]);
    ball top = ball_sub(ball_sin(theta[0]), ball_mul(theta[0], c));
    ball first = ball_mul(theta[0], ball_plus(ball_neg(c), 1));
    return is_positive(ball_sub(first, ball_times(1.5, top)));
}

/* Is rho at least its limit near 0?  With y = theta^2, sin theta - theta cos theta is
 * at least theta^3 / 3 (1 - y/10), and sin(theta/2) / (theta/2) at most s = 1 - y/24 +
 * y^2/1920: so it is enough that 1 - y/10 >= s^3.  Both are 1 at y = 0; where x is y:
 * does s^3 fall the faster? */
static enum verdict pull_begins(void *context, const ball *x)
{
    (void)context;
    struct balls *in = x->in;
    ball linear = ball_sub(ball_ratio(in, 1, 24), ball_div(x[0], ball_number(in, 960)));
    ball square = ball_div(ball_square(x[0]), ball_number(in, 1920));
    ball s = ball_plus(ball_sub(square, ball_div(x[0], ball_number(in, 24))), 1);
    ball fall = ball_times(3, ball_mul(ball_square(s), linear));
    return is_less(ball_ratio(in, 1, 10), fall);
}

/* Is (k_1 - c) / (1 - c) at least this, as it would be if 1 - c fell geometrically? */
static enum verdict pulls_geometrically(void *context, const ball *theta)
{
    double *share = context;
    ball c = ball_cos(theta[0]), apart = ball_plus(ball_neg(c), 1);
    ball gain = ball_sub(kernel_1(theta[0]), c);
    return is_less(ball_number(c.in, *share), ball_div(gain, apart));
}

static struct finding for_all_angles(struct balls *in, box_statement *statement,
                                     double *context, double from, double to)
{
    struct box box = {.n = 1, .low = {from}, .high = {to}};
    struct search search = {0};
    return certainly(everywhere(in, statement, context, box, 40, &search));
}

/* Where l^2 (1 - c_l) is after so many layers of ref/'s k_1, from that angle. */
static double after_layers(double theta, int layers)
{
    for (int l = 0; l < layers; l++)
        theta = acos(ntk_arc_cosine_1(theta));
    return (double)layers * layers * 2 * pow(sin(theta / 2), 2);
}

CLAIM(ntk_all_meet, PROVED,
      "1 - cos falls below 9 pi^2 / 2 l^2 for every pair of inputs, and no faster")
{
    struct balls balls = balls_make(200, 64);
    ball limit = ball_div(ball_times(2, ball_sqrt(ball_number(&balls, 2))),
                          ball_times(3, ball_pi(&balls)));
    double share = 0.05, most = 0;
    evidence(claim, "rho above its limit, theta <= 1/4",
             for_all_angles(&balls, pull_begins, NULL, 0, 0.0625));
    evidence(claim, "rho grows, 1/4 <= theta <= 3.15",
             for_all_angles(&balls, pull_grows, NULL, 0.25, 3.15));
    evidence(claim, "rho at pi, the largest",
             ball_at_most(pull(ball_pi(&balls)), 0.353554));
    evidence(claim, "rho at 1/1000, over its limit",
             ball_at_most(ball_div(pull(ball_ratio(&balls, 1, 1000)), limit),
                          1.000001));
    for (int i = 1; i <= 31; i++)
        most = worst(most, after_layers(i / 10.0, 1000));
    evidence(claim, "ref/, 1000 layers: l^2 (1 - c_l)", at_most(most, 4.5 * PI * PI));
    evidence(claim, "the same from below", at_least(most, 40));
    control(claim, "a geometric fall, share 1/20",
            for_all_angles(&balls, pulls_geometrically, &share, 0.01, 0.25));
    control(claim, "rho at 1/1000 above 0.3002",
            ball_at_least(pull(ball_ratio(&balls, 1, 1000)), 0.3002));
    balls_free(&balls);
}

/* Theta = k_1 + cos theta k_0 of one hidden layer, for an angle; or of a network that
 * is linear, 2 cos theta. */
static ball theta_of(ball theta, bool is_linear)
{
    ball c = ball_cos(theta);
    return is_linear ? ball_times(2, c)
                     : ball_add(kernel_1(theta), ball_mul(c, kernel_0(theta)));
}

/* cos theta k_0 for all cosines between -most and most, in pieces. */
static ball first_layer_part(struct balls *in, double most)
{
    enum { PIECES = 64 };
    ball all = ball_number(in, 0);
    for (int i = 0; i < PIECES; i++) {
        int mark = in->used;
        ball c = ball_between(in, most * (2.0 * i / PIECES - 1),
                              most * (2.0 * (i + 1) / PIECES - 1));
        ball_join(all, ball_mul(c, kernel_0(ball_acos(c))));
        in->used = mark;
    }
    return all;
}

enum { FEW = 6 };

/* For six inputs whose cosines are at most that large: is the part of the first layer
 * above shift I?  Then so is Theta, since k_1 is a mean of products. */
static enum verdict is_definite_apart(struct balls *in, double most, double shift)
{
    ball A[FEW * FEW], all = first_layer_part(in, most);
    for (int i = 0; i < FEW * FEW; i++)
        A[i] = i % (FEW + 1) == 0 ? ball_number(in, 1) : all;
    return positive_definite(A, FEW, shift);
}

/* For six inputs on a circle at the angles 0, 1, ..., 5, each up to `loose` beside. */
static enum verdict is_definite_around(struct balls *in, double loose, bool is_linear,
                                       double shift)
{
    ball A[FEW * FEW], turn = ball_times(2, ball_pi(in));
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < FEW; j++) {
            int steps = i > j ? i - j : j - i;
            ball theta = ball_between(in, steps - 2 * loose, steps + 2 * loose);
            if (steps > 3)
                theta = ball_sub(turn, theta);
            A[i * FEW + j] = i == j ? ball_number(in, 2) : theta_of(theta, is_linear);
        }
    return positive_definite(A, FEW, shift);
}

/* How far ref/'s Gram matrix of the six inputs lies outside of its balls. */
static double gram_outside(struct claim *claim, struct balls *in)
{
    mat X = arena_mat(claim_arena(claim), FEW, 2);
    mat Theta = arena_mat(claim_arena(claim), FEW, FEW);
    double gap = 0;
    for (int i = 0; i < FEW; i++)
        row(X, i).at[0] = sqrt(2) * cos(i), row(X, i).at[1] = sqrt(2) * sin(i);
    ntk_gram(X, 1, claim_arena(claim), Theta);
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < i; j++) {
            int mark = in->used;
            ball theta = ball_number(in, i - j);
            if (i - j > 3)
                theta = ball_sub(ball_times(2, ball_pi(in)), theta);
            gap =
                worst(gap, ball_distance(theta_of(theta, false), row(Theta, i).at[j]));
            in->used = mark;
        }
    return gap;
}

CLAIM(ntk_definite, PROVED,
      "Theta is positive definite, however six inputs lie that are not too close")
{
    struct balls balls = balls_make(2000, 64);
    evidence(claim, "six inputs, |cos| <= 0.3: above 0.1",
             certainly(is_definite_apart(&balls, 0.3, 0.1)));
    evidence(claim, "round a circle, +- 0.002: above 0.02",
             certainly(is_definite_around(&balls, 0.002, false, 0.02)));
    evidence(claim, "ref/ outside its balls",
             at_most(gram_outside(claim, &balls), rounding(20, 2)));
    control(claim, "the same in a linear network",
            certainly(is_definite_around(&balls, 0, true, 0.02)));
    control(claim, "round a circle: above 0.1",
            certainly(is_definite_around(&balls, 0.002, false, 0.1)));
    ball A[4];
    for (int i = 0; i < 4; i++)
        A[i] = theta_of(ball_number(&balls, i % 3 == 0 ? 0 : 0x1p-20), false);
    control(claim, "two inputs 2^-20 apart: above 0.02",
            certainly(positive_definite(A, 2, 0.02)));
    balls_free(&balls);
}

SECTION(ntk_in_closed_form, &ntk_arc_cosine, &ntk_two_layers, &ntk_recursion,
        &ntk_width, &ntk_all_meet, &ntk_definite);
