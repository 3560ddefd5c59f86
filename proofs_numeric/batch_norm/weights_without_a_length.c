/* "Weights without a length": what follows from L(cw) = L(w). */
#include "batch_norm/nets.h"
#include "gradient_descent.h"
#include "ground/ball.h"
#include "ground/optimizers.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <math.h>

/* ---- Scale ------------------------------------------------------------------------
 */

enum { BATCH = 20, HIDDEN = 2 };
static const int WIDTH[] = {5, 8, 7, 3};

struct fit_task {
    struct run run;
    mat X, T;
};

static struct fit_task task_make(struct claim *claim, double epsilon)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct fit_task x = {.X = normal_mat(arena, &rng, BATCH, 5),
                         .T = normal_mat(arena, &rng, BATCH, 3)};
    x.run = run_make(arena, &rng, WIDTH, 3, TANH, true, epsilon, BATCH);
    return x;
}

/* Multiplies the weights of the hidden layers by c_0 and c_1. */
static void scale_hidden(struct fit_task *x, vec w, double c_0, double c_1)
{
    scale(c_0, entries(run_weights(&x->run, w, 0)));
    scale(c_1, entries(run_weights(&x->run, w, 1)));
}

/* How far the loss, and the gradient once it is multiplied by c again, are from what
 * they were before the hidden weights were multiplied by 3 and by 1/5. */
static void scaled(struct fit_task *x, double *of_loss, double *of_gradient)
{
    double loss = run_gradient(&x->run, square_loss, x->X, x->T);
    mat before[HIDDEN + 1];
    real *copies[] = {(real[40]){0}, (real[56]){0}};
    for (int l = 0; l < HIDDEN; l++) {
        mat g = run_weights(&x->run, x->run.grad, l);
        before[l] = (mat){g.rows, g.cols, copies[l]};
        copy(entries(g), entries(before[l]));
    }
    scale_hidden(x, x->run.w, 3, 0.2);
    *of_loss = fabs(run_gradient(&x->run, square_loss, x->X, x->T) - loss);
    scale_hidden(x, x->run.grad, 3, 0.2);
    *of_gradient = 0;
    for (int l = 0; l < HIDDEN; l++) {
        vec g = entries(run_weights(&x->run, x->run.grad, l));
        axpy(-1, entries(before[l]), g);
        *of_gradient = worst(*of_gradient, max_norm(g));
    }
}

/* The largest |<w_j, grad_j>| of a hidden unit, over the product of their norms. */
static double most_radial(struct fit_task *x)
{
    double most = 0;
    run_gradient(&x->run, square_loss, x->X, x->T);
    for (int l = 0; l < HIDDEN; l++) {
        mat W = run_weights(&x->run, x->run.w, l),
            dW = run_weights(&x->run, x->run.grad, l);
        for (int j = 0; j < W.rows; j++)
            most = worst(most, fabs(dot(row(W, j), row(dW, j))) /
                                   (norm(row(W, j)) * norm(row(dW, j))));
    }
    return most;
}

/* How far the outputs of tanh units that are normalized afterwards move, if their
 * weights are tripled. */
static double moved_after_tanh(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    mat X = normal_mat(arena, &rng, BATCH, 5), W = normal_mat(arena, &rng, 8, 5);
    mat H[2];
    struct batch_norm bn = {arena_vec(arena, 8), arena_vec(arena, 8), 0};
    struct bn_pass pass = bn_pass_make(arena, BATCH, 8);
    vec slope = arena_vec(arena, 8 * BATCH);
    fill(1, bn.gamma);
    for (int i = 0; i < 2; i++) {
        H[i] = arena_mat(arena, BATCH, 8);
        gemm(i == 0 ? 1 : 3, AS_IS, X, TRANSPOSED, W, 0, H[i]);
        activate(TANH, entries(H[i]), slope);
        bn_forward(&bn, H[i], &pass, H[i]);
    }
    axpy(-1, entries(H[0]), entries(H[1]));
    return max_norm(entries(H[1]));
}

CLAIM(bn_scale_free, IDENTITY,
      "L(cw) = L(w), its gradient falls by c, and no unit's gradient is along it")
{
    struct fit_task x = task_make(claim, 0), damped = task_make(claim, 0.1);
    double loss, gradient, loss_damped, gradient_damped;
    evidence(claim, "<w_j, grad_j>, of their norms",
             at_most(most_radial(&x), rounding(BATCH * 8, 1)));
    control(claim, "epsilon = 0.1: <w_j, grad_j>",
            at_most(most_radial(&damped), rounding(BATCH * 8, 1)));
    /* Sums of 20 examples and 8 units, of numbers below 20; a gradient is divided by
     * a deviation, which may be a fifth. */
    double limit = rounding(BATCH * 8, 20);
    scaled(&x, &loss, &gradient);
    scaled(&damped, &loss_damped, &gradient_damped);
    evidence(claim, "loss, hidden weights times 3, 1/5", at_most(loss, limit));
    evidence(claim, "gradient times 3, 1/5", at_most(gradient, 5 * limit));
    control(claim, "epsilon = 0.1: loss", at_most(loss_damped, limit));
    control(claim, "epsilon = 0.1: gradient", at_most(gradient_damped, 5 * limit));
    control(claim, "batch norm after a tanh", at_most(moved_after_tanh(claim), limit));
}

/* k steps of descent on the hidden weights alone.  growth: of each hidden layer, the
 * sum of alpha^2 ||grad||^2. */
static void descend_hidden(struct fit_task *x, double alpha, int steps, double *growth)
{
    for (int k = 0; k < steps; k++) {
        run_gradient(&x->run, square_loss, x->X, x->T);
        for (int l = 0; l < HIDDEN; l++) {
            vec W = entries(run_weights(&x->run, x->run.w, l)),
                dW = entries(run_weights(&x->run, x->run.grad, l));
            growth[l] += alpha * alpha * dot(dW, dW);
            gd_update(alpha, dW, W);
        }
    }
}

/* ||w||^2 after 300 steps, less what it was and the growth, of the whole. */
static double off_pythagoras(struct fit_task *x)
{
    double before[HIDDEN], growth[HIDDEN] = {0}, off = 0;
    for (int l = 0; l < HIDDEN; l++)
        before[l] = pow(norm(entries(run_weights(&x->run, x->run.w, l))), 2);
    descend_hidden(x, 0.3, 300, growth);
    for (int l = 0; l < HIDDEN; l++) {
        double after = pow(norm(entries(run_weights(&x->run, x->run.w, l))), 2);
        off = worst(off, fabs(after / (before[l] + growth[l]) - 1));
    }
    return off;
}

/* Two runs of 100 steps, one from twice the weights and at a rate that is `faster`
 * times as large: how far from twice the other does it end? */
static double off_twice(struct claim *claim, double faster)
{
    struct fit_task one = task_make(claim, 0), two = task_make(claim, 0);
    double growth[HIDDEN] = {0};
    scale_hidden(&two, two.run.w, 2, 2);
    descend_hidden(&one, 0.3, 100, growth);
    descend_hidden(&two, 0.3 * faster, 100, growth);
    scale_hidden(&one, one.run.w, 2, 2);
    axpy(-1, one.run.w, two.run.w);
    return max_norm(two.run.w);
}

CLAIM(bn_norm_grows, IDENTITY,
      "Squared norms grow by (rate times gradient)^2; (2w, 4 rate) is the same run")
{
    struct fit_task x = task_make(claim, 0), damped = task_make(claim, 0.1);
    evidence(claim, "||w||^2 after 300 steps, off the sum",
             at_most(off_pythagoras(&x), rounding(300, 1)));
    control(claim, "epsilon = 0.1", at_most(off_pythagoras(&damped), rounding(300, 1)));
    /* Powers of 2 round nothing that was not rounded: the same bits, scaled. */
    evidence(claim, "(2w, 4 rate), off twice (w, rate)",
             at_most(off_twice(claim, 4), 0));
    control(claim, "(2w, rate)", at_most(off_twice(claim, 1), 0));
}

/* ---- Any rate ----------------------------------------------------------------------
 * Linear regression through one unit, y = z^ with z = Xw, or plainly y = z, on targets
 * of mean 0.  With S the features' covariance and c = X't / n,
 *     J(w) = (1 + mean of t^2) / 2 - <c, w> / sqrt(w'Sw):
 * least along s = S^-1 c, by kappa = sqrt(c's) below the first term, with the Hessian
 * (S - cc' / kappa^2) ||s||^2 / kappa / ||w||^2 there. */

enum { POINTS = 40, FEATURES = 5, MOST = 400000 };

struct regression {
    mat X, y, t, G;
    struct batch_norm bn;
    struct bn_pass pass;
    vec w, grad, best; /* best: s / ||s||                                 */
    double least;      /* of J                                            */
    double steep;      /* the largest curvature there, times ||w||^2      */
};

/* best, least and steep, by LAPACK. */
static void solve_regression(struct claim *claim, struct regression *x)
{
    struct arena *arena = claim_arena(claim);
    mat S = arena_mat(arena, FEATURES, FEATURES),
        Q = arena_mat(arena, FEATURES, FEATURES);
    vec c = arena_vec(arena, FEATURES), mean = arena_vec(arena, FEATURES),
        a = arena_vec(arena, FEATURES);
    gemtv(1.0 / POINTS, x->X, entries(x->t), 0, c);
    for (int i = 0; i < POINTS; i++)
        axpy(1.0 / POINTS, row(x->X, i), mean);
    gram(1.0 / POINTS, x->X, S);
    ger(-1, mean, mean, S);
    route_solve(S, c, x->best);
    double kappa = sqrt(dot(c, x->best)), size = norm(x->best);
    x->least = 0.5 + 0.5 * dot(entries(x->t), entries(x->t)) / POINTS - kappa;
    ger(-1 / (kappa * kappa), c, c, S);
    route_eigen(S, a, Q);
    x->steep = a.at[FEATURES - 1] * size * size / kappa;
    scale(1 / size, x->best);
}

/* Features of deviations from 1 down to 1/2, targets that they explain in part. */
static struct regression regression_make(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct regression x = {.X = normal_mat(arena, &rng, POINTS, FEATURES),
                           .y = arena_mat(arena, POINTS, 1),
                           .t = normal_mat(arena, &rng, POINTS, 1),
                           .G = arena_mat(arena, POINTS, 1),
                           .pass = bn_pass_make(arena, POINTS, 1),
                           .w = normal_vec(arena, &rng, FEATURES),
                           .grad = arena_vec(arena, FEATURES),
                           .best = arena_vec(arena, FEATURES)};
    x.bn = (struct batch_norm){arena_vec(arena, 1), arena_vec(arena, 1), 0};
    fill(1, x.bn.gamma);
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < FEATURES; j++)
            row(x.X, i).at[j] *= pow(0.5, j / (FEATURES - 1.0));
    gemv(1, x.X, x.w, 0.5, entries(x.t));
    double mean = 0;
    for (int i = 0; i < POINTS; i++)
        mean += x.t.at[i] / POINTS;
    for (int i = 0; i < POINTS; i++)
        x.t.at[i] -= mean;
    solve_regression(claim, &x);
    rng_normals(&rng, 0, 1, x.w);
    scale(1 / norm(x.w), x.w);
    return x;
}

static double regression_gradient(struct regression *x, bool normalized)
{
    gemv(1, x->X, x->w, 0, entries(x->y));
    if (normalized)
        bn_forward(&x->bn, x->y, &x->pass, x->y);
    double loss = square_loss(x->t, x->y, x->G);
    if (normalized)
        bn_backward(&x->bn, x->G, &x->pass, x->G);
    gemtv(1, x->X, entries(x->G), 0, x->grad);
    return loss;
}

/* The rate times the curvature at the minimum of this length: below 2 it attracts. */
static double effective(const struct regression *x, double alpha)
{
    return alpha * x->steep / dot(x->w, x->w);
}

/* J less its least value, once the gradient on the unit sphere is below 1e-8, or what
 * rounding leaves of it, or after so many steps.  s: a series for its course, or NULL.
 */
static double regress(struct regression *x, bool normalized, double alpha, int steps,
                      struct series *s)
{
    int next = 0;
    double length = INFINITY, small = fmax(1e-8, 64 * REAL_EPSILON);
    for (int k = 0; k < steps && length > small; k++) {
        if (s != NULL && k == next) {
            series_row(s, (double[]){alpha, k + 1, effective(x, alpha), 2});
            next = (int)(1.25 * next) + 1;
        }
        regression_gradient(x, normalized);
        length = norm(x->grad) * norm(x->w);
        gd_update(alpha, x->grad, x->w);
    }
    return regression_gradient(x, normalized) - x->least;
}

/* From a little beside the minimum, whose length is such that it repels: far enough for
 * a gradient that is not `small`. */
static double settled(struct claim *claim)
{
    struct regression x = regression_make(claim);
    axpy(IS_DOUBLE ? 1e4 : 100, x.best, x.w);
    scale(sqrt(x.steep / 2.1) / norm(x.w), x.w);
    regress(&x, true, 1, MOST, NULL);
    return effective(&x, 1);
}

CLAIM(bn_any_rate, BOUND,
      "Least squares through batch norm converges at rates from 0.1 to 100")
{
    struct series s =
        series_begin(claim, "rates", "alpha", "k", "effective", "edge", NULL);
    /* J is a sum of 40 numbers below 10, and flat at its minimum. */
    double limit = rounding(POINTS * FEATURES, 10);
    static const struct {
        double alpha;
        const char *loss, *edge;
    } rates[] = {{0.1, "rate 0.1: above least", "rate 0.1: times curvature, of 2"},
                 {1, "rate 1: above least", "rate 1: times curvature, of 2"},
                 {10, "rate 10: above least", "rate 10: times curvature, of 2"},
                 {100, "rate 100: above least", "rate 100: times curvature, of 2"}};
    for (int i = 0; i < 4; i++) {
        struct regression x = regression_make(claim);
        evidence(claim, rates[i].loss,
                 at_most(regress(&x, true, rates[i].alpha, MOST, &s), limit));
        evidence(claim, rates[i].edge, at_most(effective(&x, rates[i].alpha) / 2, 1));
    }
    series_end(&s);
    double end = settled(claim) / 2;
    evidence(claim, "from where it repels: end, of 2", at_least(end, 0.8));
    evidence(claim, "the same, of 2", at_most(end, 1));
    struct regression plain = regression_make(claim);
    control(claim, "no batch norm, rate 10: above least",
            at_most(regress(&plain, false, 10, 10, NULL), limit));
}

/* ---- Decay -------------------------------------------------------------------------
 */

/* One unit on 16 examples, whose outputs are pushed about at random: its gradient is
 * brought to the length 1 / ||w||, as that of any loss L(cw) = L(w) is 1 / ||w|| times
 * a number that does not depend on ||w||.  With decay, until all is as it stays. */
struct wander {
    double fourth; /* ||w||^4 at the end              */
    double cosine; /* between the last two weights    */
};

static struct wander wander(struct claim *claim, double alpha, double lambda,
                            double epsilon, bool normalized)
{
    enum { NUMBER = 16, INPUTS = 8 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = normal_mat(arena, &rng, NUMBER, INPUTS), y = arena_mat(arena, NUMBER, 1);
    vec w = normal_vec(arena, &rng, INPUTS), old = arena_vec(arena, INPUTS),
        grad = arena_vec(arena, INPUTS);
    struct batch_norm bn = {arena_vec(arena, 1), arena_vec(arena, 1), epsilon};
    struct bn_pass pass = bn_pass_make(arena, NUMBER, 1);
    fill(1, bn.gamma);
    for (int k = 0; k * alpha * lambda < 12; k++) {
        copy(w, old);
        gemv(1, X, w, 0, entries(y));
        bn_forward(&bn, y, &pass, y);
        rng_normals(&rng, 0, 1, entries(y));
        if (normalized)
            bn_backward(&bn, y, &pass, y);
        gemtv(1, X, entries(y), 0, grad);
        scale(1 / (norm(grad) * norm(w)), grad);
        decay_weights(alpha, lambda, w);
        gd_update(alpha, grad, w);
    }
    return (struct wander){pow(norm(w), 4), dot(w, old) / (norm(w) * norm(old))};
}

static double law_of_fourth(double alpha, double lambda)
{
    double x = alpha * lambda;
    return alpha * alpha / (x * (2 - x));
}

CLAIM(bn_equilibrium, IDENTITY,
      "With decay ||w||^4 settles at alpha^2 / (1 - (1 - alpha lambda)^2)")
{
    static const double rates[][2] = {{0.1, 0.5}, {0.5, 0.02}, {2, 0.002}};
    double off = 0, turn = 0;
    struct series s = series_begin(claim, "turn", "x", "angle", "law", NULL);
    for (int i = 0; i < 3; i++) {
        double alpha = rates[i][0], lambda = rates[i][1];
        struct wander end = wander(claim, alpha, lambda, 0, true);
        off = worst(off, fabs(end.fourth / law_of_fourth(alpha, lambda) - 1));
        turn = worst(turn, fabs(end.cosine - (1 - alpha * lambda)));
        series_row(&s, (double[]){alpha * lambda, acos(end.cosine),
                                  acos(1 - alpha * lambda)});
    }
    series_end(&s);
    /* Each step multiplies what is off by 1 - 4 alpha lambda, so that the roundings of
     * the last 250 count; what the start left is e^-48. */
    evidence(claim, "||w||^4, off the law", at_most(off, rounding(250, 1)));
    evidence(claim, "cosine of a turn, off 1 - al. la.",
             at_most(turn, rounding(250, 1)));
    struct wander damped = wander(claim, 0.5, 0.02, 10, true),
                  plain = wander(claim, 0.5, 0.02, 0, false);
    control(claim, "epsilon = 10",
            at_most(fabs(damped.fourth / law_of_fourth(0.5, 0.02) - 1),
                    rounding(250, 1)));
    control(claim, "no batch norm",
            at_most(fabs(plain.fourth / law_of_fourth(0.5, 0.02) - 1),
                    rounding(250, 1)));
}

/* ---- The balance, proved -----------------------------------------------------------
 * u = ||w||^2 / alpha goes to a u + 1/u, a = (1 - x)^2, x = alpha lambda, which is at
 * least 2 sqrt(a): the derivative there is a - s / 4a, where s = 4a / u^2 <= 1. */
static ball slope(ball a, ball s) { return ball_sub(a, ball_div(s, ball_times(4, a))); }

static ball slopes(struct balls *balls, double from, double to)
{
    enum { PIECES = 256, PARTS = 4 };
    ball all = slope(ball_number(balls, from), ball_number(balls, 1));
    for (int i = 0; i < PIECES; i++)
        for (int k = 0; k < PARTS; k++) {
            int mark = balls->used;
            double low = from + (to - from) * i / PIECES,
                   high = i + 1 < PIECES ? from + (to - from) * (i + 1) / PIECES : to;
            ball a = ball_between(balls, low, high);
            ball s = ball_between(balls, (double)k / PARTS, (k + 1.0) / PARTS);
            ball_join(all, slope(a, s));
            balls->used = mark;
        }
    return all;
}

/* (1 - x - cos y) / x^2 at y = sqrt(2x) k, k = 1 + cx, c = 1 / part, for all x in [0,
 * 1/2]: by Taylor's formula for the cosine, 2c + c^2 x - k^4 / 6 and between 0 and
 * x k^6 / 90. */
static ball over_angle(struct balls *balls, int part)
{
    enum { PIECES = 512 };
    ball six = ball_number(balls, 6), ninety = ball_number(balls, 90);
    ball c = ball_div(ball_number(balls, 1), ball_number(balls, part));
    ball twice = ball_times(2, c), zero_to_1 = ball_between(balls, 0, 1);
    ball all = ball_sub(twice, ball_div(ball_number(balls, 1), six)); /* at x = 0 */
    for (int i = 0; i < PIECES; i++) {
        int mark = balls->used;
        ball x = ball_between(balls, 0.5 * i / PIECES, 0.5 * (i + 1) / PIECES);
        ball k = ball_plus(ball_mul(c, x), 1), k2 = ball_mul(k, k),
             k4 = ball_mul(k2, k2), k6 = ball_mul(k4, k2);
        ball rest = ball_div(ball_mul(ball_mul(x, k6), zero_to_1), ninety);
        ball value = ball_add(ball_mul(ball_mul(c, c), x), twice);
        value = ball_sub(value, ball_div(k4, six));
        ball_join(all, ball_add(value, rest));
        balls->used = mark;
    }
    return all;
}

CLAIM(bn_balance, PROVED,
      "Decay has one balance, and a turn between sqrt(2x) and sqrt(2x) (1 + x/10)")
{
    struct balls balls = balls_make(4000, 64);
    ball all = slopes(&balls, 0.25, 0.9999);
    evidence(claim, "derivative, 1/4 <= a <= 0.9999", ball_at_least(all, -0.999));
    evidence(claim, "derivative, upper end", ball_at_most(all, 0.99991));
    evidence(claim, "(1 - x - cos) / x^2 with 1 + x/10",
             ball_at_least(over_angle(&balls, 10), 0));
    double x = 0.05;
    struct wander end = wander(claim, 0.1, 0.5, 0, true);
    double turn = acos(end.cosine) / sqrt(2 * x) - 1;
    evidence(claim, "ref/ at x = 0.05: turn, excess", at_least(turn, 0));
    evidence(claim, "ref/ at x = 0.05: turn, of x/10", at_most(turn / (x / 10), 1));
    control(claim, "with 1 + x/13", ball_at_least(over_angle(&balls, 13), 0));
    control(claim, "derivative at a = 0.15, least u",
            ball_at_least(slope(ball_between(&balls, 0.15, 0.151),
                                ball_number(&balls, 1)),
                          -0.999));
    balls_free(&balls);
}

SECTION(bn_weights_without_a_length, &bn_scale_free, &bn_norm_grows, &bn_any_rate,
        &bn_equilibrium, &bn_balance);
