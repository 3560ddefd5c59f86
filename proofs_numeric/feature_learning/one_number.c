/* "One network, one number": the model, its objective, and what the number does. */
#include "feature_learning/worlds.h"
#include "ground/certain.h"
#include "mean_field.h"

#include <math.h>
#include <stdlib.h>

/* ---- The soft hinge ---------------------------------------------------------------
 */

/* beta (sp_beta(x) - max(x, 0)) = ln(1 + e^-u) with u = beta |x|, and its slope in u.
 */
static ball above_hinge(ball u)
{
    return ball_log(ball_plus(ball_exp(ball_neg(u)), 1));
}

static enum verdict falls_to_zero(void *context, const ball *u)
{
    (void)context;
    ball one = ball_number(u[0].in, 1);
    ball falls = ball_div(one, ball_plus(ball_exp(u[0]), 1));
    return both(is_positive(falls), is_positive(above_hinge(u[0])));
}

/* How far feat_soft_plus leaves the enclosure of sp_beta, and its slope that of the
 * logistic function, relative to beta x and beta |x|. */
static double soft_plus_outside(struct claim *claim, struct balls *balls, double beta)
{
    struct rng rng = claim_rng(claim, 0);
    double outside = 0, slope;
    for (int k = 0; k < 200; k++) {
        int mark = balls->used;
        double x = pow(10, 4 * rng_uniform(&rng) - 3) * (k % 2 ? 1 : -1);
        double value = feat_soft_plus(beta, x, &slope);
        ball b = ball_number(balls, beta), u = ball_mul(b, ball_number(balls, fabs(x)));
        ball hinge = ball_number(balls, x > 0 ? x : 0);
        ball true_value = ball_add(hinge, ball_div(above_hinge(u), b));
        ball minus = ball_neg(ball_mul(b, ball_number(balls, x)));
        ball logistic = ball_div(ball_number(balls, 1), ball_plus(ball_exp(minus), 1));
        outside = worst(outside, ball_distance(true_value, value) / (1 + fabs(x)));
        outside = worst(outside, ball_distance(logistic, slope));
        balls->used = mark;
    }
    return outside;
}

CLAIM(feat_soft_hinge, PROVED,
      "The soft hinge lies between the hinge and ln 2 / beta above it")
{
    struct balls balls = balls_make(200, 128);
    struct search search = {0};
    struct box box = {1, {0}, {50}};
    double slope, far = feat_soft_plus(5, 0, &slope);
    ball ln2 = above_hinge(ball_number(&balls, 0));
    evidence(claim, "excess falls with beta |x|, is > 0",
             certainly(everywhere(&balls, falls_to_zero, NULL, box, 20, &search)));
    evidence(claim, "beta times it where it begins, >=", ball_at_least(ln2, 0.6931471));
    evidence(claim, "and <=", ball_at_most(ln2, 0.6931472));
    evidence(claim, "beyond beta |x| = 50",
             ball_at_most(above_hinge(ball_number(&balls, 50)), 0x1p-72));
    /* Few operations, each to a unit in the last place of at most 1 + |x| or beta |x|
     * e^(-beta |x|) < 1. */
    for (double beta = 5; beta < 50; beta *= 2)
        evidence(claim, "ref/ outside its enclosure",
                 at_most(soft_plus_outside(claim, &balls, beta), rounding(1, 1)));
    control(claim, "beta = 5: ln 2 / 20 above the hinge", at_most(far, log(2) / 20));
    balls_free(&balls);
}

/* ---- The objective ----------------------------------------------------------------
 */

/* l'(F, y) of the soft hinge with beta = 20, without feat_soft_plus. */
static double hinge_slope(double F, double y)
{
    return -y * 0.5 * (1 + tanh(10 * (1 - F * y)));
}

/* Labels of which the first is wrong, so that its slope is not 0 at any alpha, and that
 * of the largest output is right, so that with alpha its slope goes from 1 to 0. */
static void label_by(vec f, vec y)
{
    int largest = 1;
    for (int i = 1; i < f.n; i++)
        if (fabs(f.at[i]) > fabs(f.at[largest]))
            largest = i;
    y.at[0] = f.at[0] > 0 ? -1 : 1;
    y.at[largest] = f.at[largest] > 0 ? 1 : -1;
}

/* <grad L, v> less 1 / (alpha n) sum of l'(F_i) <df_i, v>, over their size: the
 * gradient goes backward through the network, and <df, v> forward.  of_alpha: the scale
 * that the gradient believes in. */
static double off_objective(struct claim *claim, int replicate, int m, double alpha,
                            double of_alpha)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct world x;
    struct recipe_of_world of = {1 + replicate % 3, m, 7, of_alpha * sqrt(m), SOFTPLUS};
    world_make(claim, replicate, of, &x);
    struct rng rng = claim_rng(claim, (uint64_t)replicate + 100);
    vec w = copy_of(arena, x.w_0), v = normal_vec(arena, &rng, w.n);
    vec f = arena_vec(arena, 7), grad = arena_vec(arena, w.n);
    axpy(0.1, normal_vec(arena, &rng, w.n), w);
    mat df = arena_mat(arena, 7, 1);
    lazy_output(&x.model.on, w, f);
    label_by(f, x.model.on.y);
    feat_gradient(&x.model, w, f, grad);
    mlp_jvp(&x.model.on.net, w, v, (mat){0}, &x.model.on.pass, arena, df);
    lazy_output(&x.model.on, w, f);
    double sum = 0, size = 0;
    for (int i = 0; i < 7; i++) {
        double slope = hinge_slope(alpha * f.at[i], x.model.on.y.at[i]);
        sum += slope * df.at[i] / (7 * alpha);
        size += fabs(slope * df.at[i]) / (7 * alpha);
    }
    double factor = of_alpha == alpha ? 1 : 1 / (alpha * alpha);
    arena->used = mark;
    return fabs(factor * dot(grad, v) - sum) / size;
}

/* Sums of products through at most four layers of m and of 20 inputs; a soft hinge
 * amplifies the error of F by beta; a sum over the weights may cancel to 1 / sqrt(P) of
 * its terms. */
static double objective_rounding(int m) { return rounding(4 * (m + 20), 20 + 2 * m); }

CLAIM(feat_objective, IDENTITY,
      "The objective is the mean loss over alpha^2, not that of F over alpha^2")
{
    static const int widths[] = {1, 5, 16, 40};
    static const double alphas[] = {0.01, 0.05, 20, 100};
    for (int i = 0; i < 4; i++) {
        int m = widths[i];
        evidence(claim, "<grad, v>, relative",
                 at_most(off_objective(claim, i, m, alphas[i], alphas[i]),
                         objective_rounding(m)));
        control(claim, "with the mean of l(F / alpha^2)",
                at_most(off_objective(claim, i, m, alphas[i], 1 / alphas[i]),
                        objective_rounding(m)));
    }
}

/* The velocity of the outputs at w, by mlp_jvp along -grad, less -(1/n) Theta l' with
 * the kernel from explicit gradients, over the largest of both. */
static double off_kernel(struct claim *claim, int replicate, double rho, bool centered)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct world x;
    enum { N = 9 };
    world_make(claim, replicate, (struct recipe_of_world){2, 12, N, rho, SOFTPLUS}, &x);
    struct lazy_problem *on = &x.model.on;
    mat J = arena_mat(arena, N, x.w_0.n), dF = arena_mat(arena, N, 1);
    if (!centered)
        fill(0, on->offset);
    vec F = arena_vec(arena, N), grad = arena_vec(arena, x.w_0.n);
    feat_gradient(&x.model, x.w_0, F, grad);
    mlp_jvp(&on->net, x.w_0, grad, (mat){0}, &on->pass, arena, dF);
    lazy_jacobian(on, x.w_0, arena, J);
    double off = 0, size = 0;
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++) /* l' at F = 0, where the slide puts it */
            sum -= dot(row(J, i), row(J, j)) * hinge_slope(0, on->y.at[j]) / N;
        off = worst(off, fabs(-x.model.alpha * dF.at[i] - sum));
        size = worst(size, fabs(sum));
    }
    off = worst(off, norm(F) * size) / size;
    arena->used = mark;
    return off;
}

CLAIM(feat_centred, IDENTITY,
      "At the start F = 0, and its velocity -(1/n) Theta l' knows nothing of alpha")
{
    /* Sums over P = 20 12 + 12^2 + 12 weights and 9 examples; the largest sum may be a
     * tenth of the terms in it. */
    double limit = rounding(400 + 9, 10);
    int k = 0;
    for (double rho = 1e-3; rho < 2e3; rho *= 100, k++)
        evidence(claim, "|F| and the velocity, relative",
                 at_most(off_kernel(claim, k, rho, true), limit));
    for (double rho = 1e1; rho < 2e3; rho *= 100)
        control(claim, "F = alpha f", at_most(off_kernel(claim, k, rho, false), limit));
}

/* ---- The architecture -------------------------------------------------------------
 */

/* The slide's formulas, entry by entry.  below: the powers of the width are the
 * slide's, m^(-1/2), or 1 / m. */
static double by_formula(const struct mlp *net, vec w, vec x, double power)
{
    double z[2][64];
    int n = net->width[0];
    for (int j = 0; j < n; j++)
        z[0][j] = x.at[j];
    for (int l = 0; l < net->depth; l++) {
        mat W = mlp_weights(net, w, l);
        double c = l == 0 ? pow(n, -0.5) : pow(n, -power);
        for (int i = 0; i < W.rows; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += c * W.at[i * n + j] * z[l % 2][j];
            z[(l + 1) % 2][i] =
                l == net->depth - 1 ? sum : SOFTPLUS_A / 5 * log(1 + exp(5 * sum));
        }
        n = W.rows;
    }
    return z[net->depth % 2][0];
}

static double off_formula(struct claim *claim, int replicate, int L, int m,
                          double power)
{
    size_t mark = claim_arena(claim)->used;
    struct world x;
    world_make(claim, replicate, (struct recipe_of_world){L, m, 5, 1, SOFTPLUS}, &x);
    struct lazy_problem *on = &x.model.on;
    double off = 0, size = 1;
    for (int i = 0; i < 5; i++) { /* lazy_center has left f(w_0) in the offset */
        double f = by_formula(&on->net, x.w_0, row(on->X, i), power);
        off = worst(off, fabs(f - on->offset.at[i]));
        size = worst(size, fabs(f));
    }
    claim_arena(claim)->used = mark;
    return off / size;
}

CLAIM(feat_architecture, IDENTITY,
      "The network is the slide's: softplus, and m^(-1/2) before every layer")
{
    static const int depths[] = {1, 2, 3, 3, 5}, widths[] = {7, 16, 3, 33, 64};
    for (int k = 0; k < 5; k++) {
        int L = depths[k], m = widths[k];
        /* L + 1 sums of up to m products of numbers of order 1, m in all. */
        double limit = rounding((L + 1) * (m + CELL_INPUTS), sqrt(m));
        evidence(claim, "f by the slide's formulas",
                 at_most(off_formula(claim, k, L, m, 0.5), limit));
        control(claim, "1 / m before every layer",
                at_most(off_formula(claim, k, L, m, 1), limit));
    }
}

/* ---- The number -------------------------------------------------------------------
 */

enum { N = 12, D = 4 };

/* E = 1/n sum of sp_20(1 - t f), written for mf_cost and without feat_soft_plus. */
static double hinge_loss(mat T, mat F, mat G)
{
    double E = 0, beta = 20;
    for (int i = 0; i < F.rows; i++) {
        double x = beta * (1 - T.at[i] * F.at[i]);
        E += fmax(x, 0) / beta + log1p(exp(-fabs(x))) / beta;
        G.at[i] = -T.at[i] * 0.5 * (1 + tanh(x / 2)) / F.rows;
    }
    return E / F.rows;
}

/* One hidden layer on random examples, started in pairs, so that f(w_0) = 0. */
struct shallow {
    struct feat_model model;
    vec w;
};

static struct shallow shallow_make(struct claim *claim, struct rng *rng, int m,
                                   double alpha)
{
    struct arena *arena = claim_arena(claim);
    struct mlp net = feat_network(D, 1, m);
    vec y = normal_vec(arena, rng, N);
    for (int i = 0; i < N; i++)
        y.at[i] = copysign(1, y.at[i]);
    struct shallow x = {.model = feat_make(arena, &net, normal_mat(arena, rng, N, D), y,
                                           alpha),
                        .w = normal_vec(arena, rng, mlp_parameters(&net))};
    lazy_pair(&net, x.w);
    return x;
}

/* The same neurons as particles of a mean field, whose inputs have the 1 / sqrt(d). */
static struct particles as_particles(struct arena *arena, const struct shallow *x)
{
    const struct mlp *net = &x->model.on.net;
    struct particles q = mf_particles_make(arena, net->width[1], D);
    copy(entries(mlp_weights(net, x->w, 0)), entries(q.W));
    copy(entries(mlp_weights(net, x->w, 1)), q.eta);
    return q;
}

static struct mf_problem as_mean_field(struct arena *arena, const struct shallow *x,
                                       double c)
{
    struct mf_problem p = {.X = arena_mat(arena, N, D),
                           .t = x->model.on.y,
                           .loss = hinge_loss,
                           .activation = SOFTPLUS,
                           .gain = c,
                           .moves = BOTH_LAYERS};
    copy(entries(x->model.on.X), entries(p.X));
    scale(1 / sqrt(D), entries(p.X));
    return p;
}

/* How far apart 20 steps of descent on L, at the rate eta = c^2 tau, and as many steps
 * tau of the mean field with the outputs c h end, relative to how far the particles
 * moved.  prefactor: what stands before the sum of the network. */
static double off_mean_field(struct claim *claim, int replicate, int m, double c,
                             double alpha, double prefactor)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double tau = 0.05;
    struct shallow x = shallow_make(claim, &rng, m, alpha);
    x.model.on.net.multiplier[1] = prefactor;
    struct mf_problem p = as_mean_field(arena, &x, c);
    struct particles q = as_particles(arena, &x),
                     drift = mf_particles_make(arena, m, D);
    struct mf_pass pass = mf_pass_make(arena, m, N);
    vec grad = arena_vec(arena, x.w.n), F = arena_vec(arena, N);
    vec start = as_particles(arena, &x).all;
    for (int k = 0; k < 20; k++) {
        feat_gradient(&x.model, x.w, F, grad);
        axpy(-tau * c * c, grad, x.w);
        mf_step(&p, tau, &pass, drift, q);
    }
    double off = distance(as_particles(arena, &x).all, q.all) / distance(q.all, start);
    arena->used = mark;
    return off;
}

/* Both routes add up N m products of numbers of order 1 for each output, and a step
 * passes an error on with a factor 1 + tau |H| < 2, |H| of the order of beta / N; what
 * is lost is measured by a movement of at least tau / 10.  20 steps, 2^4 for those in
 * which a hinge bends: 20 16 (N + m) 200 operations. */
static double descent_rounding(int m) { return rounding(20 * 16 * (N + m), 200); }

CLAIM(feat_mean_field, IDENTITY,
      "With alpha = c / sqrt(m), training is a mean field's, in its own time")
{
    static const int widths[] = {2, 6, 16, 50, 128};
    for (int i = 0; i < 5; i++) {
        int m = widths[i];
        double c = pow(2, i - 1.5), root = sqrt(m);
        evidence(claim, "prefactor m^-1/2, alpha = c m^-1/2",
                 at_most(off_mean_field(claim, i, m, c, c / root, 1 / root),
                         descent_rounding(m)));
        control(claim, "prefactor 1/m, the same alpha",
                at_most(off_mean_field(claim, i, m, c, c / root, 1.0 / m),
                        descent_rounding(m)));
    }
}

/* Whether forty steps of the flow from lambda w_0, at rho / lambda^(L + 1), end at
 * lambda times the weights that they end at from w_0 at rho, after lambda^(-2L) times
 * the time, and after as many gradients: 0, or how far off in units of the weights. */
static double off_twin(struct claim *claim, int replicate, struct recipe_of_world of,
                       double lambda)
{
    size_t mark = claim_arena(claim)->used;
    struct world a, b;
    double power = pow(lambda, of.depth + 1), slow = pow(lambda, -2 * of.depth);
    world_make(claim, replicate, of, &a);
    of.rho /= power;
    world_make(claim, replicate, of, &b);
    scale(lambda, b.w_0);
    lazy_center(&b.model.on, b.w_0);
    b.flow = feat_flow_make(claim_arena(claim), &b.model, b.w_0);
    for (int k = 0; k < 40; k++) {
        feat_step(&a.flow, INFINITY);
        feat_step(&b.flow, INFINITY);
    }
    scale(lambda, a.flow.w);
    double off = distance(a.flow.w, b.flow.w) / norm(a.flow.w);
    off = worst(off, fabs(a.flow.t * slow / b.flow.t - 1));
    off = worst(off, abs(a.flow.evaluations - b.flow.evaluations));
    claim_arena(claim)->used = mark;
    return off;
}

CLAIM(feat_twins, IDENTITY,
      "Homogeneous networks: a small alpha is a small start, exactly")
{
    static const double lambdas[] = {2, 0.5, 4, 8}; /* powers of two: nothing rounds */
    for (int k = 0; k < 4; k++) {
        struct recipe_of_world of = {1 + k, 4 + 5 * k, 6, 0.125, RELU};
        evidence(claim, "ReLU: weights, time, gradients",
                 at_most(off_twin(claim, k, of, lambdas[k]), 0));
        of.activation = SOFTPLUS;
        control(claim, "softplus", at_most(off_twin(claim, k, of, lambdas[k]), 0));
    }
}

SECTION(feat_one_number, &feat_soft_hinge, &feat_objective, &feat_centred,
        &feat_architecture, &feat_mean_field, &feat_twins);
