#include "feature_learning/worlds.h"

#include <float.h>
#include <math.h>

enum { D = 10, HIDDEN = 3 };

/* A network at a random start, and one example with |x|^2 = d; the velocities are those
 * of training in units of -l' / alpha: the weights move along df/dw. */
struct start {
    struct mlp net;
    mat x; /* 1 x d */
    struct mlp_pass pass;
    vec w, grad;
    struct feat_speed speed;
};

static struct start start_make(struct arena *arena, struct mlp net)
{
    int P = mlp_parameters(&net);
    return (struct start){.net = net,
                          .x = arena_mat(arena, 1, net.width[0]),
                          .pass = mlp_pass_make(arena, &net, 1),
                          .w = arena_vec(arena, P),
                          .grad = arena_vec(arena, P),
                          .speed = feat_speed_make(arena, &net, 1)};
}

static void start_draw(struct rng *rng, struct start *s)
{
    rng_normals(rng, 0, 1, entries(s->x));
    scale(sqrt(D) / norm(entries(s->x)), entries(s->x));
    rng_normals(rng, 0, 1, s->w);
}

static void start_run(struct start *s)
{
    mlp_forward(&s->net, s->w, s->x, &s->pass);
    mlp_backward(&s->net, s->w, (mat){1, 1, (real[]){1}}, &s->pass);
    mlp_gradient(&s->net, &s->pass, s->grad);
    feat_velocities(&s->net, s->w, s->grad, &s->pass, &s->speed);
}

/* ---- The powers of the width ----------------------------------------------------- */

enum { WIDTHS = 3, FIRST = 12, FACTOR = 4, LAST = 192, R = 44 };

/* What is measured of a start, and its power of m. */
enum {
    DF_0, /* entries of df/dW_l, l = 0, ..., 3 */
    DF_1,
    DF_2,
    DF_3,
    PUSH,    /* m^(-1/2) W' z in hidden layer 2          */
    SPEED_1, /* the pre-activations of the hidden layers */
    SPEED_2,
    SPEED_3,
    MEASURES
};

static double mean_square(vec x) { return dot(x, x) / x.n; }

/* Adds a share of the squares to what is measured. */
static void add_squares(struct arena *scratch, double share, struct start *s,
                        double *of)
{
    size_t mark = scratch->used;
    vec pushed = arena_vec(scratch, s->net.width[2]);
    gemv(s->net.multiplier[1], mlp_weights(&s->net, s->grad, 1), row(s->pass.H[1], 0),
         0, pushed);
    of[PUSH] += share * mean_square(pushed);
    for (int l = 0; l <= HIDDEN; l++)
        of[DF_0 + l] += share * mean_square(entries(mlp_weights(&s->net, s->grad, l)));
    for (int l = 0; l < HIDDEN; l++)
        of[SPEED_1 + l] += share * mean_square(entries(s->speed.Z[l]));
    scratch->used = mark;
}

/* Two worlds in which a hypothesis is broken: the entries of the gradient of W_1 in
 * another order; the standard parametrization of the same weights, whose variance is
 * 1 / n_l, with multipliers 1. */
enum hypothesis { SHUFFLED, STANDARD_WEIGHTS };

static void break_it(enum hypothesis broken, struct rng *rng, struct start *s)
{
    vec x = entries(mlp_weights(&s->net, s->grad, 1));
    for (int i = x.n - 1; broken == SHUFFLED && i > 0; i--) {
        int j = rng_below(rng, i + 1);
        double other = x.at[j];
        x.at[j] = x.at[i];
        x.at[i] = other;
    }
    if (broken != STANDARD_WEIGHTS)
        return;
    s->net = mlp_make(HIDDEN + 1, s->net.width, SOFTPLUS, STANDARD, false);
    for (int l = 0; l < s->net.depth; l++)
        scale(1 / sqrt(s->net.width[l]), entries(mlp_weights(&s->net, s->w, l)));
    start_run(s);
}

/* The means over LAST / m starts of all squares.  Of a mean over units the variance is
 * v / m, and so it is v / LAST at every width: what that takes off the mean of the
 * logarithm is the same for all, and the slope is free of it. */
static void measure(struct claim *claim, struct rng *rng, int m, enum hypothesis broken,
                    double of[2][MEASURES])
{
    struct arena *arena = claim_arena(claim);
    for (int i = 0; i < LAST / m; i++) {
        size_t mark = arena->used;
        struct start s = start_make(arena, feat_network(D, HIDDEN, m));
        double share = (double)m / LAST;
        start_draw(rng, &s);
        start_run(&s);
        add_squares(arena, share, &s, of[0]);
        break_it(broken, rng, &s);
        add_squares(arena, share, &s, of[1]);
        arena->used = mark;
    }
}

struct powers {
    double as_drawn[MEASURES][R], broken[MEASURES][R];
};

static void collect(struct claim *claim, enum hypothesis broken, struct powers *p)
{
    for (int r = 0; r < R; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        double width[WIDTHS], of[WIDTHS][2][MEASURES] = {{{0}}}, root[2][WIDTHS];
        for (int i = 0, m = FIRST; i < WIDTHS; i++, m *= FACTOR) {
            width[i] = m;
            measure(claim, &rng, m, broken, of[i]);
        }
        for (int k = 0; k < MEASURES; k++) {
            for (int i = 0; i < WIDTHS; i++)
                for (int which = 0; which < 2; which++)
                    root[which][i] = sqrt(of[i][which][k]);
            p->as_drawn[k][r] = fit_power(WIDTHS, width, root[0]).slope;
            p->broken[k][r] = fit_power(WIDTHS, width, root[1]).slope;
        }
    }
}

/* The means of the squares are powers of m times 1 + c / m: for ReLUs they are known
 * (feat_moments), and c is at most 5, in the push.  From m = 12 to 192 that bends a
 * slope by log10(1 + 5/12) / 2 / 1.2 = 0.063 at most; half as much again for softplus.
 */
static const double BIAS = 0.095;

static struct finding power_is(const double *powers, double predicted)
{
    return slopes_near(R, powers, predicted, BIAS, 0.5);
}

CLAIM(feat_entries, RATE, "The wider the network, the smaller each derivative")
{
    struct powers p;
    collect(claim, STANDARD_WEIGHTS, &p);
    evidence(claim, "df/dW_0, power of m", power_is(p.as_drawn[DF_0], -0.5));
    evidence(claim, "df/dW_1", power_is(p.as_drawn[DF_1], -1));
    evidence(claim, "df/dW_2", power_is(p.as_drawn[DF_2], -1));
    evidence(claim, "df/dW_3", power_is(p.as_drawn[DF_3], -0.5));
    control(claim, "standard parametrization, W_1", power_is(p.broken[DF_1], -1));
    control(claim, "standard parametrization, W_3", power_is(p.broken[DF_3], -0.5));
}

CLAIM(feat_pushes, RATE,
      "A push is aligned with what it acts on, and nothing outruns it")
{
    struct powers p;
    collect(claim, SHUFFLED, &p);
    evidence(claim, "m^-1/2 W'z, power of m", power_is(p.as_drawn[PUSH], -0.5));
    evidence(claim, "velocity of z~_1", power_is(p.as_drawn[SPEED_1], -0.5));
    evidence(claim, "velocity of z~_2", power_is(p.as_drawn[SPEED_2], -0.5));
    evidence(claim, "velocity of z~_3", power_is(p.as_drawn[SPEED_3], -0.5));
    control(claim, "entries of W' in another order", power_is(p.broken[PUSH], -0.5));
}

/* ---- Velocities, exactly --------------------------------------------------------- */

/* By how much alpha times the gradient at the start differs between two alphas, for a
 * model that is centered or is not.  The labels are the signs of f at the start: with F
 * = alpha f all examples would be fitted already, if alpha is large. */
static double per_alpha(struct claim *claim, bool centered, double alpha, double other)
{
    enum { N = 8 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = feat_network(D, HIDDEN, 16);
    mat X = normal_mat(arena, &rng, N, D);
    vec y = arena_vec(arena, N), w = normal_vec(arena, &rng, mlp_parameters(&net)),
        F = arena_vec(arena, N), grad = arena_vec(arena, w.n),
        again = arena_vec(arena, w.n);
    struct feat_model model = feat_make(arena, &net, X, y, alpha);
    feat_output(&model, w, F);
    for (int i = 0; i < N; i++)
        y.at[i] = copysign(1, F.at[i]);
    if (centered)
        lazy_center(&model.on, w);
    feat_gradient(&model, w, F, grad);
    model.alpha = other;
    feat_gradient(&model, w, F, again);
    scale(alpha, grad);
    axpy(-other, again, grad);
    return max_norm(grad) / (other * max_norm(again));
}

CLAIM(feat_per_alpha, IDENTITY, "At the start all weights move as 1 / alpha")
{
    /* With powers of 2 nothing rounds that did not round before. */
    double most = 0;
    for (int k = -10; k <= 10; k++)
        most = worst(most, per_alpha(claim, true, 1, ldexp(1, k)));
    evidence(claim, "alpha grad L, alpha 2^-10 to 2^10", at_most(most, 0));
    /* Else alpha is rounded as it divides, twice. */
    evidence(claim, "alpha = 0.3 beside alpha = 7",
             at_most(per_alpha(claim, true, 0.3, 7), rounding(2, 1)));
    control(claim, "F not 0 at the start",
            at_most(per_alpha(claim, false, 16, 1.0 / 16), rounding(2, 1)));
}

/* The derivative along dw of the pre-activations of layer l, by differences of the
 * fourth order of the network itself: h^4 of what the fifth derivative is. */
static const double STEP = 2e-4;

static mat differences(struct arena *arena, struct start *s, vec dw, int l)
{
    static const double weight[] = {1, -8, 8, -1}, shift[] = {-2, -1, 1, 2};
    struct mlp first = feat_first_layers(&s->net, l + 1);
    struct mlp_pass pass = mlp_pass_make(arena, &first, s->x.rows);
    int P = mlp_parameters(&first);
    vec at = arena_vec(arena, P);
    mat d = arena_mat(arena, s->x.rows, first.width[l + 1]);
    for (int k = 0; k < 4; k++) {
        copy(part(s->w, 0, P), at);
        axpy(shift[k] * STEP, part(dw, 0, P), at);
        mlp_forward(&first, at, s->x, &pass);
        axpy(weight[k] / (12 * STEP), entries(pass.H[l + 1]), entries(d));
    }
    return d;
}

/* The largest error of the velocities of any layer, relative to the layer's. */
static double recursion_off(struct claim *claim, struct start *s)
{
    double most = 0;
    for (int l = 0; l < s->net.depth; l++) {
        mat d = differences(claim_arena(claim), s, s->grad, l);
        most = worst(most, feat_change(entries(d), entries(s->speed.Z[l])));
    }
    return most;
}

/* K d, where K = J J' is the tangent kernel of a layer's pre-activations among
 * themselves, d the derivative of the output by them; or only the diagonal of K. */
static double kernel_off(struct claim *claim, struct start *s, bool diagonal)
{
    double most = 0;
    struct arena *arena = claim_arena(claim);
    for (int l = 1; l < s->net.depth - 1; l++) {
        struct mlp first = feat_first_layers(&s->net, l + 1);
        struct mlp_pass pass = mlp_pass_make(arena, &first, 1);
        int P = mlp_parameters(&first), m = first.width[l + 1];
        vec below = part(s->w, 0, P), along = arena_vec(arena, P);
        vec d = row(s->pass.Delta[l], 0), moved = arena_vec(arena, m);
        mat J = arena_mat(arena, m, P);
        mlp_forward(&first, below, s->x, &pass);
        mlp_jacobian(&first, below, &pass, arena, J);
        gemtv(1, J, d, 0, along);
        gemv(1, J, along, 0, moved);
        for (int i = 0; diagonal && i < m; i++)
            moved.at[i] = dot(row(J, i), row(J, i)) * d.at[i];
        most = worst(most, feat_change(moved, row(s->speed.Z[l], 0)));
    }
    return most;
}

CLAIM(feat_recursion, IDENTITY, "Velocities obey the recursion, with sigma' in it")
{
    struct rng rng = claim_rng(claim, 0);
    struct start s = start_make(claim_arena(claim), feat_network(D, HIDDEN, 20));
    start_draw(&rng, &s);
    start_run(&s);
    /* The values are sums of 20 terms of the size of 1 and are divided by STEP; of the
     * fifth derivative, beta^4 times the fifth power of a velocity of 1 / sqrt(20) at
     * a few units, STEP^4 leaves less. */
    double limit = rounding(20, 1) / STEP;
    evidence(claim, "beside differences, all layers",
             at_most(recursion_off(claim, &s), limit));
    evidence(claim, "and K times the derivative",
             at_most(kernel_off(claim, &s, false), rounding(20 * 20, 1)));
    control(claim, "K of the limit, a diagonal",
            at_most(kernel_off(claim, &s, true), rounding(20 * 20, 1)));
    for (int l = 0; l < HIDDEN; l++)
        fill(1, entries(s.pass.slope[l]));
    feat_velocities(&s.net, s.w, s.grad, &s.pass, &s.speed);
    control(claim, "as printed, without sigma'",
            at_most(recursion_off(claim, &s), limit));
}

/* ---- What the central limit theorem leaves out ----------------------------------- */

/* A network of so many hidden layers of ReLUs sigma(z) = sqrt(2) max(z, 0). */
static struct mlp rectified(enum activation activation, int hidden, int m)
{
    struct mlp net = feat_network(D, hidden, m);
    net.activation = activation;
    for (int l = 1; l < net.depth; l++)
        net.multiplier[l] *= sqrt(2);
    return net;
}

/* |z'|^2 of hidden layer l, and |W_l v|^2 / m where v is the z' of a start. */
static double square_speed(const struct start *s, int l)
{
    double c = s->net.multiplier[l] * sqrt(s->net.width[l]);
    vec dH = row(s->speed.H[l], 0);
    return c * c * dot(dH, dH);
}

static double square_carried(struct arena *scratch, const struct start *s, int l,
                             const struct start *of)
{
    size_t mark = scratch->used;
    vec Wv = arena_vec(scratch, s->net.width[l + 1]);
    gemv(s->net.multiplier[l], mlp_weights(&s->net, s->w, l), row(of->speed.H[l], 0), 0,
         Wv);
    scratch->used = mark;
    return dot(Wv, Wv);
}

/* Softplus' ratios deviate by 0.22 and lie 0.13 within the room of 0.15: that is 13
 * standard errors of so many nets, and Student's interval reaches half as far. */
enum { NETS = 520, NARROW = 32 };

/* Draws net after net, and keeps the last one: t := s, s := a new one. */
static void draw_next(struct claim *claim, int k, struct start *s, struct start *t)
{
    struct rng rng = claim_rng(claim, (uint64_t)k);
    struct start last = *t;
    *t = *s;
    *s = last;
    start_draw(&rng, s);
    start_run(s);
}

/* (|W z'|^2 / m - gain |z'|^2) / E |z'|^2 of each of the nets in layers 1 and 2, whose
 * mean is 0; own: z' of the net itself, other: of the one before it. */
struct gains {
    double own[2][NETS], other[2][NETS];
};

static void collect_gains(struct claim *claim, enum activation activation,
                          struct gains *g)
{
    struct arena *arena = claim_arena(claim);
    struct mlp net = rectified(activation, HIDDEN, NARROW);
    struct start s = start_make(arena, net), t = start_make(arena, net);
    draw_next(claim, NETS, &s, &t);
    for (int k = 0; k < NETS; k++) {
        struct feat_moments of = feat_moments_first(NARROW);
        draw_next(claim, k, &s, &t);
        for (int l = 1; l < HIDDEN; l++) {
            double gain = feat_gain(NARROW, of);
            g->own[l - 1][k] =
                (square_carried(arena, &s, l, &s) - gain * square_speed(&s, l)) / of.kk;
            g->other[l - 1][k] =
                (square_carried(arena, &s, l, &t) - gain * square_speed(&t, l)) / of.kk;
            of = feat_moments_next(NARROW, of);
        }
    }
}

CLAIM(feat_clt, STATISTIC, "W times the velocities is more than the theorem says")
{
    static struct gains g;
    collect_gains(claim, RELU, &g);
    evidence(claim, "|W z'|^2 of layer 1 less its mean", mean_is(NETS, g.own[0], 0));
    evidence(claim, "of layer 2", mean_is(NETS, g.own[1], 0));
    control(claim, "another network's z', layer 1", mean_is(NETS, g.other[0], 0));
    control(claim, "another network's z', layer 2", mean_is(NETS, g.other[1], 0));
    collect_gains(claim, LINEAR, &g);
    control(claim, "linear units, layer 1", mean_is(NETS, g.own[0], 0));
}

/* E sigma'^2 and E sigma'^4 of a softplus whose second moment is 1, over normal z, by
 * the trapezoidal rule. */
static void slopes_of_softplus(double *square, double *fourth)
{
    *square = *fourth = 0;
    for (int i = -1000; i <= 1000; i++) {
        double z = 0.01 * i, share = 0.01 * exp(-z * z / 2) / sqrt(2 * acos(-1));
        double slope = SOFTPLUS_A / (1 + exp(-SOFTPLUS_BETA * z));
        *square += share * slope * slope;
        *fourth += share * pow(slope, 4);
    }
}

/* |W z'|^2 / m |z'|^2 of each of the slide's networks in layers 1 and 2, at m = 64,
 * with its own z' and with that of the network before it. */
static void collect_ratios(struct claim *claim, struct gains *ratio)
{
    struct arena *arena = claim_arena(claim);
    struct mlp net = feat_network(D, HIDDEN, 64);
    struct start s = start_make(arena, net), t = start_make(arena, net);
    draw_next(claim, NETS, &s, &t);
    for (int k = 0; k < NETS; k++) {
        draw_next(claim, k, &s, &t);
        for (int l = 1; l < HIDDEN; l++) {
            ratio->own[l - 1][k] =
                square_carried(arena, &s, l, &s) / square_speed(&s, l);
            ratio->other[l - 1][k] =
                square_carried(arena, &s, l, &t) / square_speed(&t, l);
        }
    }
}

/* The ratios lie above law - 0.15, with a sign of 1; below law + 0.15, with one of -1.
 */
static struct finding near_law(const double *ratio, double sign, double law)
{
    double room[NETS];
    for (int k = 0; k < NETS; k++)
        room[k] = sign * (ratio[k] - law) + 0.15;
    return effect_at_least(NETS, room, 0);
}

CLAIM(feat_softplus, PHENOMENON, "So it is for softplus: 1.50 and 1.41, and not 1")
{
    static struct gains ratio;
    double a, b;
    slopes_of_softplus(&a, &b);
    /* tr K / m and tr K^2 / m tend to a and b in layer 1; in layer 2, with 1 + a in
     * place of q + t on the diagonal, to a (1 + a) and b (1 + a)^2 + a^2 b. */
    double first = 1 + a * a / b, c = (1 + a) * (1 + a),
           second = 1 + c * a * a / (b * (c + a * a));
    collect_ratios(claim, &ratio);
    evidence(claim, "layer 1, above 1.50 - 0.15", near_law(ratio.own[0], 1, first));
    evidence(claim, "layer 1, below 1.50 + 0.15", near_law(ratio.own[0], -1, first));
    evidence(claim, "layer 2, above 1.41 - 0.15", near_law(ratio.own[1], 1, second));
    evidence(claim, "layer 2, below 1.41 + 0.15", near_law(ratio.own[1], -1, second));
    control(claim, "another network's z', layer 1", near_law(ratio.other[0], 1, first));
    control(claim, "another network's z', layer 2",
            near_law(ratio.other[1], 1, second));
}

enum { DEEP = 6, EXPONENTS = 11 };

/* The power of m, from 2^10 to 2^20, of how far the gain in layer l is from a limit. */
static struct fit power_of_gap(int l, double limit)
{
    double width[EXPONENTS], gap[EXPONENTS];
    for (int i = 0; i < EXPONENTS; i++) {
        int m = 1 << (10 + i);
        struct feat_moments of = feat_moments_first(m);
        for (int k = 1; k < l; k++)
            of = feat_moments_next(m, of);
        width[i] = m;
        gap[i] = fabs(feat_gain(m, of) - limit);
    }
    return fit_power(EXPONENTS, width, gap);
}

static double limit_of_gain(int l) { return 1 + 3.0 * l / ((l + 1) * (2 * l + 1)); }

/* For the figure: what FEW networks of DEEP + 1 hidden layers have, with the standard
 * error of the ratio of two means, beside the law. */
enum { DEEP_WIDTH = 64, FEW = 150 };

static void record_gain(struct series *out, int l, const double *carried,
                        const double *speed, double law)
{
    double above = 0, below = 0, square = 0;
    for (int k = 0; k < FEW; k++) {
        above += carried[k];
        below += speed[k];
    }
    for (int k = 0; k < FEW; k++)
        square += pow(carried[k] - above / below * speed[k], 2);
    double ratio = above / below, error = sqrt(square) / below;
    series_row(out, (double[]){l, ratio, ratio - error, ratio + error, law,
                               limit_of_gain(l), 1});
}

static void record_gains(struct claim *claim)
{
    static double carried[DEEP + 1][FEW], speed[DEEP + 1][FEW];
    struct start s =
        start_make(claim_arena(claim), rectified(RELU, DEEP + 1, DEEP_WIDTH));
    for (int k = 0; k < FEW; k++) {
        struct rng rng = claim_rng(claim, (uint64_t)k);
        start_draw(&rng, &s);
        start_run(&s);
        for (int l = 1; l <= DEEP; l++) {
            carried[l][k] = square_carried(claim_arena(claim), &s, l, &s);
            speed[l][k] = square_speed(&s, l);
        }
    }
    struct series out = series_begin(claim, "layers", "layer", "measured", "low",
                                     "high", "law", "limit", "slide", NULL);
    struct feat_moments of = feat_moments_first(DEEP_WIDTH);
    for (int l = 1; l <= DEEP; l++) {
        record_gain(&out, l, carried[l], speed[l], feat_gain(DEEP_WIDTH, of));
        of = feat_moments_next(DEEP_WIDTH, of);
    }
    series_end(&out);
}

CLAIM(feat_gains, RATE, "The square of the factor tends to 1 + 3l / ((l+1)(2l+1))")
{
    static const char *const what[] = {"layer 1: gap to it, power of m", "layer 2",
                                       "layer 8"};
    static const int layer[] = {1, 2, 8};
    /* A moment of layer l is its limit times at most (1 + 5/m)^l: the gap is c / m
     * times 1 + 5 l / m or less.  In layer 8, from m = 2^10 on, this bends a line over
     * three decades by log10(1 + 40/1024) / 3 = 0.006. */
    static const double HALF = 0.01;
    for (int i = 0; i < 3; i++)
        evidence(claim, what[i],
                 slope_is(power_of_gap(layer[i], limit_of_gain(layer[i])), -1, HALF,
                          1));
    control(claim, "layer 1: gap to 1", slope_is(power_of_gap(1, 1), -1, HALF, 1));
    record_gains(claim);
}

/* ---- At t_c ---------------------------------------------------------------------- */

enum { RUNS = 48 };

/* The share of the loss that is there at t_c, or at the end of training if that comes
 * before; and the changes of W_L and of the last pre-activations, as below. */
struct at_t_c {
    double loss[RUNS], last_weights[RUNS], pre_activations[RUNS];
};

static vec pre_activations(struct claim *claim, struct world *x, vec w)
{
    struct mlp *net = &x->model.on.net, below = feat_first_layers(net, net->depth - 1);
    struct mlp_pass pass =
        mlp_pass_make(claim_arena(claim), &below, x->model.on.X.rows);
    mlp_forward(&below, part(w, 0, mlp_parameters(&below)), x->model.on.X, &pass);
    return entries(pass.H[below.depth]);
}

/* ln of the root mean square change from x to y, where more than 1 counts as 1: some
 * runs end a thousandfold larger, which only raises a mean, but widens its interval. */
static double log_change(vec x, vec y) { return log(smallest(rms_apart(x, y), 1)); }

static void run_to_t_c(struct claim *claim, double rho, struct at_t_c *at)
{
    for (int r = 0; r < RUNS; r++) {
        size_t mark = claim_arena(claim)->used;
        struct world x;
        world_make(claim, r, (struct recipe_of_world){HIDDEN, 32, 16, rho, SOFTPLUS},
                   &x);
        feat_to(&x.flow, rho);
        at->loss[r] = x.flow.loss / x.flow.start;
        at->last_weights[r] =
            log_change(entries(mlp_weights(&x.model.on.net, x.w_0, HIDDEN)),
                       entries(mlp_weights(&x.model.on.net, x.flow.w, HIDDEN)));
        at->pre_activations[r] = log_change(pre_activations(claim, &x, x.w_0),
                                            pre_activations(claim, &x, x.flow.w));
        claim_arena(claim)->used = mark;
    }
}

CLAIM(feat_goes_on, PHENOMENON, "At t_c features have changed, and the loss is there")
{
    struct at_t_c early, lazy;
    run_to_t_c(claim, 1e-4, &early);
    run_to_t_c(claim, 100, &lazy);
    evidence(claim, "share of the loss", effect_at_least(RUNS, early.loss, 0.5));
    evidence(claim, "ln of the change of W_L",
             effect_at_least(RUNS, early.last_weights, log(0.04)));
    evidence(claim, "of the pre-activations",
             effect_at_least(RUNS, early.pre_activations, log(0.04)));
    control(claim, "rho = 100: share of the loss",
            effect_at_least(RUNS, lazy.loss, 0.5));
    control(claim, "rho = 100: change of W_L",
            effect_at_least(RUNS, lazy.last_weights, log(0.04)));
    control(claim, "rho = 100: of the pre-activations",
            effect_at_least(RUNS, lazy.pre_activations, log(0.04)));
}

SECTION(feat_heuristics, &feat_entries, &feat_pushes, &feat_per_alpha, &feat_recursion,
        &feat_clt, &feat_softplus, &feat_gains, &feat_goes_on);
