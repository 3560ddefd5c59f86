#include "gradient_descent.h"
#include "ground/optimizers.h"
#include "lazy_training/lazy_worlds.h"

#include <math.h>

CLAIM(lazy_relu, IDENTITY, "relu(c x) = c relu(x) for every c > 0")
{
    enum { N = 1000 };
    struct rng rng = claim_rng(claim, 0);
    static const double factors[] = {5, 0.3, -5};
    double gap[4];
    vec slope = arena_vec(claim_arena(claim), N);
    for (int k = 0; k < 4; k++) {
        double c = factors[k % 3];
        enum activation activation = k < 3 ? RELU : TANH;
        vec x = normal_vec(claim_arena(claim), &rng, N),
            cx = copy_of(claim_arena(claim), x);
        scale(c, cx);
        activate(activation, x, slope);
        scale(c, x);
        activate(activation, cx, slope);
        gap[k] = distance(x, cx);
    }
    /* Both multiply the same two numbers, or take 0. */
    evidence(claim, "c = 5, gap over 1000 numbers", at_most(gap[0], 0));
    evidence(claim, "c = 0.3", at_most(gap[1], 0));
    control(claim, "c = -5", at_most(gap[2], 0));
    control(claim, "tanh, c = 5", at_most(gap[3], 0));
}

/* A ReLU network of 12 units on 8 examples, and a start. */
static struct problem relu_world(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    return problem_make(claim, &rng,
                        mlp_make(2, (int[]){3, 12, 1}, RELU, TANGENT, false), 8);
}

/* The gradient of the loss at w. */
static vec gradient_at(struct claim *claim, struct problem x, vec w)
{
    vec grad = arena_vec(claim_arena(claim), w.n);
    lazy_gradient(&x.p, 1, w, grad);
    return grad;
}

/* || x - c y || / || x || */
static double off_ratio(struct claim *claim, vec x, double c, vec y)
{
    vec d = copy_of(claim_arena(claim), x);
    axpy(-c, y, d);
    return norm(d) / norm(x);
}

CLAIM(lazy_rescaled_gradient, IDENTITY,
      "(c W, a / c) is the same function with other gradients")
{
    enum { C = 5 };
    struct problem x = relu_world(claim);
    vec w = copy_of(claim_arena(claim), x.w_0), h = arena_vec(claim_arena(claim), 8),
        same = arena_vec(claim_arena(claim), 8);
    lazy_output(&x.p, x.w_0, same);
    lazy_rescale(&x.p.net, C, w);
    lazy_output(&x.p, w, h);
    vec before = gradient_at(claim, x, x.w_0), after = gradient_at(claim, x, w);
    /* Sums of 3, 12 and 8 products, of terms that are no larger than C times those of
     * the whole by more than cancellation in h - y makes them: a factor 100 of room,
     * which 8 normal targets would all have to meet to 1 %. */
    double limit = rounding(3 + 12 + 8, 100 * C);
    evidence(claim, "outputs, relative gap",
             at_most(off_ratio(claim, h, 1, same), limit));
    evidence(claim, "gradient of W, to 1/5 of it",
             at_most(off_ratio(claim, layer(x, after, 0), 1.0 / C, layer(x, before, 0)),
                     limit));
    evidence(claim, "gradient of a, to 5 times it",
             at_most(off_ratio(claim, layer(x, after, 1), C, layer(x, before, 1)),
                     limit));

    /* As the slide writes it, the 5 stays outside of the weights. */
    x.p.net.multiplier[0] *= C;
    vec inner = gradient_at(claim, x, x.w_0);
    x.p.net.multiplier[0] /= C;
    x.p.net.multiplier[1] *= C;
    vec outer = gradient_at(claim, x, x.w_0);
    control(claim, "as printed: a factor, W",
            at_most(off_ratio(claim, layer(x, outer, 0), 1.0 / C, layer(x, inner, 0)),
                    limit));
    control(claim, "as printed: a factor, a",
            at_most(off_ratio(claim, layer(x, outer, 1), C, layer(x, inner, 1)),
                    limit));
}

enum method { DESCENT, ADAM, MUON };

/* A rate at which descent is stable also where one layer is 4 times too large. */
static const double SLOW = 1.0 / 1024;

/* Runs 40 steps of an optimizer with a rate for each of the two layers.  w: moved. */
static void run_method(struct claim *claim, struct problem x, enum method method,
                       double rate_W, double rate_a, vec w)
{
    struct arena *arena = claim_arena(claim);
    const double rate[] = {rate_W, rate_a};
    struct adam adam[2];
    struct muon muon[2];
    for (int l = 0; l < 2; l++) {
        mat W = mlp_weights(&x.p.net, w, l);
        adam[l] = adam_make(arena, entries(W).n, 0.9, 0.99, 0);
        muon[l] = muon_make(arena, W.rows, W.cols, 0.9);
    }
    for (int k = 0; k < 40; k++) {
        lazy_gradient(&x.p, 1, w, x.grad);
        for (int l = 0; l < 2; l++) {
            mat G = mlp_weights(&x.p.net, x.grad, l), W = mlp_weights(&x.p.net, w, l);
            if (method == DESCENT)
                gd_update(rate[l], entries(G), entries(W));
            else if (method == ADAM)
                adam_step(&adam[l], rate[l], entries(G), entries(W));
            else
                REQUIRE(muon_step(&muon[l], rate[l], G, arena, W) == FACTOR_OK,
                        "no step");
        }
    }
}

/* The same function twice, as (W, a) and as (4 W, a / 4), after 40 steps with the rates
 * (eta, eta) and (eta_W, eta_a) eta: the largest difference between the weights, those
 * of the second taken back to the scale of the first.  4 is a power of 2, so that
 * nothing rounds that did not round before. */
static double gap_of_runs(struct claim *claim, enum method method, double eta_W,
                          double eta_a)
{
    enum { C = 4 };
    struct problem x = relu_world(claim);
    vec w = copy_of(claim_arena(claim), x.w_0), u = copy_of(claim_arena(claim), x.w_0);
    lazy_rescale(&x.p.net, C, u);
    run_method(claim, x, method, SLOW, SLOW, w);
    run_method(claim, x, method, eta_W * SLOW, eta_a * SLOW, u);
    lazy_rescale(&x.p.net, 1.0 / C, u);
    axpy(-1, w, u);
    return max_norm(u);
}

CLAIM(lazy_multiplier, IDENTITY,
      "A factor before or after relu is the same function, on the same path")
{
    static const char *const names[] = {"descent, gap of the paths", "Adam", "Muon"};
    static const char *const absorbed[] = {"4 within the weights: descent",
                                           "the same, Adam", "the same, Muon"};
    /* With a power of 2 for the 5, both compute the same numbers. */
    for (int k = 0; k < 3; k++) {
        struct problem inner = relu_world(claim), outer = relu_world(claim);
        inner.p.net.multiplier[0] *= 4;
        outer.p.net.multiplier[1] *= 4;
        vec w = copy_of(claim_arena(claim), inner.w_0),
            u = copy_of(claim_arena(claim), inner.w_0);
        run_method(claim, inner, (enum method)k, SLOW, SLOW, w);
        run_method(claim, outer, (enum method)k, SLOW, SLOW, u);
        axpy(-1, w, u);
        evidence(claim, names[k], at_most(max_norm(u), 0));
        control(claim, absorbed[k],
                at_most(gap_of_runs(claim, (enum method)k, 1, 1), 0));
    }
}

enum { UNITS = 12, INPUTS = 3, SHORT = 40 };

/* The other route: SHORT steps of descent with the rate SLOW from (W, a), by plain
 * loops on f(x) = sum over r of a_r relu(w_r . x / sqrt 3) / sqrt 12.  w: moved. */
static void plain_descent(struct problem x, real *w)
{
    double c = 1 / sqrt(INPUTS), d = 1 / sqrt(UNITS);
    const real *a = w + UNITS * INPUTS;
    for (int k = 0; k < SHORT; k++) {
        double grad[UNITS * (INPUTS + 1)] = {0}, u[UNITS];
        for (int i = 0; i < x.p.y.n; i++) {
            double error = -x.p.y.at[i];
            const real *input = x.p.X.at + i * INPUTS;
            for (int r = 0; r < UNITS; r++) {
                u[r] = 0;
                for (int j = 0; j < INPUTS; j++)
                    u[r] += c * w[r * INPUTS + j] * input[j];
                error += u[r] > 0 ? d * a[r] * u[r] : 0;
            }
            for (int r = 0; r < UNITS; r++) {
                double on = u[r] > 0 ? d * error : 0;
                grad[UNITS * INPUTS + r] += on * u[r];
                for (int j = 0; j < INPUTS; j++)
                    grad[r * INPUTS + j] += on * a[r] * c * input[j];
            }
        }
        for (int p = 0; p < UNITS * (INPUTS + 1); p++)
            w[p] -= SLOW * grad[p];
    }
}

/* || . || of what descent from (C W, a / C) with rates times C^2 and 1/C^2, taken back,
 * is off the plain loops from (W, a). */
static double off_plain(struct claim *claim, double rate_W, double rate_a)
{
    enum { C = 5 };
    struct problem x = relu_world(claim);
    vec w = copy_of(claim_arena(claim), x.w_0), u = copy_of(claim_arena(claim), x.w_0);
    plain_descent(x, w.at);
    lazy_rescale(&x.p.net, C, u);
    run_method(claim, x, DESCENT, rate_W * SLOW, rate_a * SLOW, u);
    lazy_rescale(&x.p.net, 1.0 / C, u);
    axpy(-1, w, u);
    return max_norm(u);
}

CLAIM(lazy_rescaled_descent, IDENTITY,
      "Descent follows a rescaling if the rates are multiplied by c^2, 1/c^2")
{
    evidence(claim, "rates times 16, 1/16: gap of runs",
             at_most(gap_of_runs(claim, DESCENT, 16, 1.0 / 16), 0));
    /* SHORT steps, each of which sums 3, 12 and 8 products of some units' size.  In so
     * short a time, SHORT SLOW, what has come of it grows by a small factor. */
    double limit = rounding(SHORT * (3 + 12 + 8), 10);
    evidence(claim, "c = 5, beside plain loops",
             at_most(off_plain(claim, 25, 1.0 / 25), limit));
    control(claim, "c = 5, the same rates", at_most(off_plain(claim, 1, 1), limit));
    control(claim, "the same rates", at_most(gap_of_runs(claim, DESCENT, 1, 1), 0));
    control(claim, "rates times 4, 1/4",
            at_most(gap_of_runs(claim, DESCENT, 4, 1.0 / 4), 0));
}

CLAIM(lazy_rescaled_adam, IDENTITY,
      "Adam and Muon follow it if the rates are multiplied by c, 1/c")
{
    evidence(claim, "Adam, rates times 4, 1/4",
             at_most(gap_of_runs(claim, ADAM, 4, 1.0 / 4), 0));
    evidence(claim, "Muon, rates times 4, 1/4",
             at_most(gap_of_runs(claim, MUON, 4, 1.0 / 4), 0));
    control(claim, "Adam, the same rates", at_most(gap_of_runs(claim, ADAM, 1, 1), 0));
    control(claim, "Muon, the same rates", at_most(gap_of_runs(claim, MUON, 1, 1), 0));
    control(claim, "Adam, descent's: times 16, 1/16",
            at_most(gap_of_runs(claim, ADAM, 16, 1.0 / 16), 0));
    control(claim, "Muon, descent's: times 16, 1/16",
            at_most(gap_of_runs(claim, MUON, 16, 1.0 / 16), 0));
}

SECTION(lazy_other_gradients, &lazy_relu, &lazy_multiplier, &lazy_rescaled_gradient,
        &lazy_rescaled_descent, &lazy_rescaled_adam);
