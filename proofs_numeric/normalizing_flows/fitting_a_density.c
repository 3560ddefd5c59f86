/* Flows that are fitted, by their integrals, samples and gradients. */
#include "flows.h"
#include "ground/vectors.h"

#include <complex.h>
#include <math.h>

struct trained {
    struct training training;
    struct flow flow;
};

static struct trained fit(struct claim *claim, uint64_t replicate, flow_target *target,
                          int layers, int iterations)
{
    struct arena *arena = claim_arena(claim);
    struct flow_problem problem = {.n = 2,
                                   .layers = layers,
                                   .batch = 128,
                                   .target = target};
    struct rng rng = claim_rng(claim, replicate);
    struct trained t;
    t.training = training_make(arena, nf_parameters(2, layers), rng);
    nf_draw(2, &t.training.rng, t.training.theta);
    enum training_status status =
        nf_train(&problem, iterations, 0.05, NULL, NULL, arena, &t.training);
    REQUIRE(status == TRAINING_DONE, "the training ended with status %d", (int)status);
    t.flow = nf_make(2, layers, t.training.theta, arena);
    return t;
}

/* How far from the origin a z_K can be, if its z_0 is no farther than the radius: by
 * the sum of all ||u|| more.  Beyond the radius has e^(-radius^2 / 2) of all z_0. */
static double reach_of(const struct flow *flow, double radius)
{
    double reach = radius;
    for (int k = 0; k < flow->layers; k++)
        reach += norm(flow->layer[k].u);
    return reach;
}

/* What may be integrated: a number from x, log q(x), and log q_0(z_0), z_0 from x. */
typedef double integrand(const real *x, double log_q, double log_q_0);

/* The trapezoidal rule on nine grids of spacing 3h, three shifts each way, which
 * together are one of spacing h.  A grid errs by the frequencies that it takes for the
 * constant, first of all those of 2 pi / 3h.  One of amplitude A errs on three shifted
 * grids by A cos c, A cos(c + 2 pi / 3) and A cos(c + 4 pi / 3), which differ by 3/2 A
 * at least, whatever c is; of two shifts both may err by 0, and by the next frequency
 * alike, where a ridge lies between two lines.  On all together it does not err, but
 * only those of 2 pi / h do.  So where the nine differ by little, their mean errs by
 * less. */
struct integral {
    double part[9];
};

static void add(struct integral *sum, int i, int j, double value)
{
    sum->part[(i % 3 + 3) % 3 * 3 + (j % 3 + 3) % 3] += 9 * value;
}

static double mean_of(struct integral sum)
{
    double mean = 0;
    for (int part = 0; part < 9; part++)
        mean += sum.part[part] / 9;
    return mean;
}

static double doubt_of(struct integral sum)
{
    double most = -INFINITY, least = INFINITY;
    for (int part = 0; part < 9; part++) {
        most = worst(most, sum.part[part]);
        least = smallest(least, sum.part[part]);
    }
    return most - least;
}

/* The integral of f over x, with a spacing of h = reach / (3 third). */
static struct integral integrate(const struct flow *flow, integrand *f, double radius,
                                 int third)
{
    double reach = reach_of(flow, radius), h = reach / (3 * third);
    struct integral sum = {0};
    for (int i = -3 * third; i <= 3 * third; i++)
        for (int j = -3 * third; j <= 3 * third; j++) {
            real x[2] = {i * h, j * h}, at[2] = {x[0], x[1]};
            double log_q = nf_log_density(flow, (vec){2, at});
            double log_q_0 = -(at[0] * at[0] + at[1] * at[1]) / 2 - log(2 * PI);
            add(&sum, i, j, f(x, log_q, log_q_0) * h * h);
        }
    return sum;
}

/* The same on 451 by 451 points; one flow in a hundred has a ridge too narrow for them,
 * and gets four times as many. */
static struct integral integrate_finely(const struct flow *flow, integrand *f,
                                        double radius)
{
    struct integral sum = integrate(flow, f, radius, 75);
    return doubt_of(sum) > 1e-3 ? integrate(flow, f, radius, 150) : sum;
}

static double density(const real *x, double log_q, double log_q_0)
{
    (void)x, (void)log_q_0;
    return exp(log_q);
}

/* log q_0 + sum log |det| in place of log q_0 - sum log |det|; and neither. */
static double wrong_sign(const real *x, double log_q, double log_q_0)
{
    (void)x;
    return exp(2 * log_q_0 - log_q);
}

static double no_determinant(const real *x, double log_q, double log_q_0)
{
    (void)x, (void)log_q;
    return exp(log_q_0);
}

/* Beyond 6 lie e^-18 of all z_0.  Each layer rounds z, which changes |z|^2 / 2 by up to
 * eps |z|^2, twice eps on average, and its log |det| as much again. */
static struct finding is_one(struct integral sum, int layers)
{
    double rounding = 4 * layers * REAL_EPSILON;
    return at_most(fabs(mean_of(sum) - 1), doubt_of(sum) + exp(-18) + rounding);
}

CLAIM(nf_normalized, IDENTITY,
      "The density of a trained flow integrates to 1 over the plane")
{
    enum { LAYERS = 8 };
    struct trained t = fit(claim, 0, nf_ring, LAYERS, 500);
    evidence(claim, "the integral, less 1",
             is_one(integrate_finely(&t.flow, density, 6), LAYERS));
    control(claim, "determinants with the wrong sign",
            is_one(integrate(&t.flow, wrong_sign, 6, 37), LAYERS));
    control(claim, "determinants left out",
            is_one(integrate(&t.flow, no_determinant, 6, 37), LAYERS));
}

enum { SIDE = 14, CELLS = SIDE * SIDE + 1, SUB = 8, SAMPLES = 20000 };

#define EDGE 3.5 /* the cells fill [-3.5, 3.5]^2; one more is the rest of the plane */

/* The mass of each cell, by the midpoints of SUB x SUB parts of it.  With parts of 1/16
 * the rule is off by about 1/16^2 / 24 of the second derivatives, which for a feature
 * of width 0.1 is 2 % of the cell's mass, far below the deviation of its count. */
static void cell_masses(const struct flow *flow, integrand *f, double *mass)
{
    double h = 2 * EDGE / (SIDE * SUB);
    for (int c = 0; c < CELLS; c++)
        mass[c] = 0;
    for (int i = 0; i < SIDE * SUB; i++)
        for (int j = 0; j < SIDE * SUB; j++) {
            real x[2] = {(i + 0.5) * h - EDGE, (j + 0.5) * h - EDGE},
                 at[2] = {x[0], x[1]};
            double log_q = nf_log_density(flow, (vec){2, at});
            double log_q_0 = -(at[0] * at[0] + at[1] * at[1]) / 2 - log(2 * PI);
            mass[i / SUB * SIDE + j / SUB] += f(x, log_q, log_q_0) * h * h;
        }
}

static struct flow_pass sample(struct claim *claim, const struct flow *flow,
                               struct rng *rng, int count)
{
    struct flow_pass pass = nf_pass_make(flow, count, claim_arena(claim));
    rng_normals(rng, 0, 1, entries(pass.Z[0]));
    nf_forward(flow, &pass);
    return pass;
}

static void count_cells(mat X, double *count)
{
    for (int c = 0; c < CELLS; c++)
        count[c] = 0;
    for (int i = 0; i < X.rows; i++) {
        double a = (row(X, i).at[0] + EDGE) * SIDE / (2 * EDGE);
        double b = (row(X, i).at[1] + EDGE) * SIDE / (2 * EDGE);
        bool inside = a >= 0 && a < SIDE && b >= 0 && b < SIDE;
        count[inside ? (int)a * SIDE + (int)b : CELLS - 1]++;
    }
}

/* Chi-square of the counts.  Cells where fewer than 20 are expected join the rest,
 * whose mass is what the others leave of 1; the others' masses are taken as they are,
 * whether their sum is below 1 or not. */
static struct finding counts_fit(const double *count, const double *mass)
{
    double observed[CELLS], expected[CELLS], counted = 0, left = SAMPLES;
    int cells = 0;
    for (int c = 0; c < CELLS - 1; c++)
        if (mass[c] * SAMPLES >= 20) {
            observed[cells] = count[c];
            expected[cells] = mass[c] * SAMPLES;
            counted += count[c];
            left -= expected[cells++];
        }
    if (left >= 20) {
        observed[cells] = SAMPLES - counted;
        expected[cells++] = left;
    }
    return chi_square_fits(chi_square(cells, observed, expected), cells - 1);
}

CLAIM(nf_histogram, STATISTIC,
      "Samples of a trained flow fall where its density says, cell by cell")
{
    struct trained t = fit(claim, 0, nf_arcs, 8, 500);
    struct rng rng = claim_rng(claim, 1);
    struct flow_pass pass = sample(claim, &t.flow, &rng, SAMPLES);
    double count[CELLS], mass[CELLS], wrong[CELLS], none[CELLS];
    count_cells(pass.Z[8], count);
    cell_masses(&t.flow, density, mass);
    cell_masses(&t.flow, wrong_sign, wrong);
    cell_masses(&t.flow, no_determinant, none);
    evidence(claim, "counts against masses", counts_fit(count, mass));
    control(claim, "determinants with the wrong sign", counts_fit(count, wrong));
    control(claim, "determinants left out", counts_fit(count, none));

    struct series s = series_begin(claim, "samples", "x", "y", NULL);
    for (int i = 0; i < 1500; i++)
        series_row(&s, in_double(claim_arena(claim), row(pass.Z[8], i)));
    series_end(&s);
}

/* log of the integral of exp(-(r - 2)^2 / (2 s^2)) over the plane, s = 0.4: 2 pi times
 * the integral of (r - 2) exp(...), s^2 e^(-2 / s^2), and of 2 exp(...). */
static double log_of_ring(void)
{
    double s = 0.4;
    return log(2 * PI *
               (s * s * exp(-2 / (s * s)) +
                2 * s * sqrt(2 * PI) * erfc(-2 / s / sqrt(2)) / 2));
}

/* log p of the normalized ring. */
static double log_ring(const real *x)
{
    double off = (hypot(x[0], x[1]) - 2) / 0.4;
    return -off * off / 2 - log_of_ring();
}

/* And of N(0, 4 I), which is smooth at the origin too, as quadrature wants it. */
static double log_wide(const real *x)
{
    return -(x[0] * x[0] + x[1] * x[1]) / 8 - log(8 * PI);
}

static double log_ratio(const real *x, double log_q, double log_q_0)
{
    (void)log_q_0;
    return log_q - log_wide(x);
}

static double divergence(const real *x, double log_q, double log_q_0)
{
    return exp(log_q) * log_ratio(x, log_q, log_q_0);
}

/* The same with the log-determinants added to log q_0, or left out. */
static double log_ratio_added(const real *x, double log_q, double log_q_0)
{
    return log_ratio(x, 2 * log_q_0 - log_q, log_q_0);
}

static double log_ratio_without(const real *x, double log_q, double log_q_0)
{
    (void)log_q;
    return log_ratio(x, log_q_0, log_q_0);
}

/* The mean over z_0 of f at z_K, by the trapezoidal rule on z_0, up to the radius, with
 * a spacing of radius / (3 third). */
static struct integral mean_over(struct claim *claim, const struct flow *flow,
                                 integrand *f, double radius, int third)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double h = radius / (3 * third);
    struct flow_pass pass = nf_pass_make(flow, 6 * third + 1, arena);
    struct integral sum = {0};
    for (int i = -3 * third; i <= 3 * third; i++) {
        for (int j = -3 * third; j <= 3 * third; j++) {
            row(pass.Z[0], j + 3 * third).at[0] = i * h;
            row(pass.Z[0], j + 3 * third).at[1] = j * h;
        }
        nf_forward(flow, &pass);
        for (int j = -3 * third; j <= 3 * third; j++) {
            int at = j + 3 * third;
            double log_q_0 = -(i * i + j * j) * h * h / 2 - log(2 * PI);
            const real *x = row(pass.Z[flow->layers], at).at;
            add(&sum, i, j, exp(log_q_0) * f(x, pass.log_q.at[at], log_q_0) * h * h);
        }
    }
    arena->used = mark;
    return sum;
}

/* The same on 481 by 481 points; one flow in some has a ridge too narrow for them,
 * where it spreads out what lay close together, and gets four times as many. */
static struct integral mean_over_base(struct claim *claim, const struct flow *flow,
                                      integrand *f, double radius)
{
    struct integral sum = mean_over(claim, flow, f, radius, 80);
    bool is_fine = doubt_of(sum) <= 0.01 * fabs(mean_of(sum));
    return is_fine ? sum : mean_over(claim, flow, f, radius, 160);
}

/* beyond: what both integrals leave out at most. */
static struct finding same(struct integral a, struct integral b, double beyond)
{
    return at_most(fabs(mean_of(a) - mean_of(b)), doubt_of(a) + doubt_of(b) + beyond);
}

CLAIM(nf_divergence, IDENTITY,
      "KL(q || p) is a mean over z_0, for which no map need be inverted")
{
    /* Beyond 6 lie e^-18 of all z_0, with |log q - log p| less than 1000. */
    double radius = 6, beyond = 1000 * exp(-18);
    struct trained t = fit(claim, 0, nf_ring, 8, 500);
    struct integral over_x = integrate(&t.flow, divergence, radius, 75);
    evidence(claim, "mean over z_0, integral over x",
             same(mean_over_base(claim, &t.flow, log_ratio, radius), over_x, beyond));
    control(claim, "log-determinants added",
            same(mean_over_base(claim, &t.flow, log_ratio_added, radius), over_x,
                 beyond));
    control(claim, "log-determinants left out",
            same(mean_over_base(claim, &t.flow, log_ratio_without, radius), over_x,
                 beyond));
}

static double determinant(const real *x, double log_q, double log_q_0)
{
    (void)x;
    return exp(log_q_0 - log_q);
}

static double determinant_squared(const real *x, double log_q, double log_q_0)
{
    return pow(determinant(x, log_q, log_q_0), 2);
}

CLAIM(nf_wrong_integrals, IDENTITY,
      "Without determinants q integrates to the mean |det|; added, to that of det^2")
{
    /* Beyond 6 lie e^-18 of all z_0; a determinant is at most a product of 1 + w'u. */
    double radius = 6, most = 1;
    struct trained t = fit(claim, 0, nf_ring, 8, 500);
    for (int k = 0; k < t.flow.layers; k++)
        most *= 1 + fmax(0, dot(t.flow.layer[k].w, t.flow.layer[k].u));
    double beyond = most * most * exp(-radius * radius / 2);
    struct integral turned = integrate(&t.flow, wrong_sign, radius, 50);
    struct integral none = integrate(&t.flow, no_determinant, radius, 50);
    struct integral mean = mean_over_base(claim, &t.flow, determinant, radius);
    struct integral square =
        mean_over_base(claim, &t.flow, determinant_squared, radius);
    evidence(claim, "left out, against the mean |det|", same(none, mean, beyond));
    evidence(claim, "sign turned, against mean det^2", same(turned, square, beyond));
    control(claim, "left out, against 1",
            at_most(fabs(mean_of(none) - 1), doubt_of(none) + beyond));
    control(claim, "sign turned, against mean |det|", same(turned, mean, beyond));
}

enum { GRAD_K = 3, GRAD_B = 8, GRAD_N = GRAD_K * 5 };

/* The loss of nf_loss for the ring at beta = 0.55, written anew, point by point, over
 * complex numbers.  logs: 1, or 0 for a loss without log-determinants.  z: points
 * of the plane. */
static double complex complex_loss(const double complex *theta, mat z, double logs)
{
    double complex loss = 0;
    for (int i = 0; i < z.rows; i++) {
        double complex x = row(z, i).at[0], y = row(z, i).at[1];
        double complex log_q = -(x * x + y * y) / 2 - log(2 * PI);
        for (int k = 0; k < GRAD_K; k++) {
            const double complex *v = theta + 5 * k, *w = v + 2;
            double complex wv = v[0] * w[0] + v[1] * w[1];
            double complex r =
                (clog(1 + cexp(wv)) - 1 - wv) / (w[0] * w[0] + w[1] * w[1]);
            double complex u[2] = {v[0] + r * w[0], v[1] + r * w[1]};
            double complex h = ctanh(w[0] * x + w[1] * y + w[2]);
            x += u[0] * h;
            y += u[1] * h;
            double complex det = 1 + (w[0] * u[0] + w[1] * u[1]) * (1 - h * h);
            log_q -= logs * clog(det);
        }
        double complex off = (csqrt(x * x + y * y) - 2) / 0.4;
        loss += (log_q + 0.55 * off * off / 2) / z.rows;
    }
    return loss;
}

/* max over theta of |grad - the derivative by a complex step|, over the largest. */
static double gradient_gap(vec theta, vec grad, mat z, double logs)
{
    double complex at[GRAD_N];
    double gap = 0, size = 1;
    for (int i = 0; i < GRAD_N; i++)
        at[i] = theta.at[i];
    for (int i = 0; i < GRAD_N; i++) {
        at[i] += I * TINY;
        double derivative = cimag(complex_loss(at, z, logs)) / TINY;
        at[i] = theta.at[i];
        gap = worst(gap, fabs(derivative - grad.at[i]));
        size = worst(size, fabs(derivative));
    }
    return gap / size;
}

/* How much a chain of layers may magnify what rounding puts into it, forwards and then
 * backwards, where slopes change at most twice as fast as ||w|| and 1 / det says; and
 * the ring's slope by 1 / 0.4^2 and by 1 / r, of which 10 stands for both. */
static double magnification(const struct flow *flow, const struct flow_pass *pass)
{
    double product = 10;
    for (int k = 0; k < flow->layers; k++) {
        struct planar f = flow->layer[k];
        double least = INFINITY;
        for (int i = 0; i < pass->slope[k].n; i++)
            least = smallest(least, 1 + dot(f.w, f.u) * pass->slope[k].at[i]);
        product *= pow(1 + norm(f.u) * norm(f.w), 2) / fmin(1, least);
    }
    return product;
}

CLAIM(nf_gradient, IDENTITY,
      "The gradient that trains a flow is that of the loss, log-determinants and all")
{
    struct arena *arena = claim_arena(claim);
    struct flow_problem problem = {.n = 2,
                                   .layers = GRAD_K,
                                   .batch = GRAD_B,
                                   .target = nf_ring};
    struct rng rng = claim_rng(claim, 0);
    double gap = 0, without = 0;
    for (int trial = 0; trial < 20; trial++) {
        problem.batch = trial % 2 == 0 ? GRAD_B : 1;
        vec theta = arena_vec(arena, GRAD_N), grad = arena_vec(arena, GRAD_N);
        nf_draw(2, &rng, theta);
        struct rng batch = claim_rng(claim, (uint64_t)trial + 1), again = batch;
        nf_loss(&problem, 0.225, theta, &batch, arena, grad);
        struct flow flow = nf_make(2, GRAD_K, theta, arena);
        struct flow_pass pass = sample(claim, &flow, &again, problem.batch);
        double scale = magnification(&flow, &pass);
        gap = worst(gap, gradient_gap(theta, grad, pass.Z[0], 1) / scale);
        without = worst(without, gradient_gap(theta, grad, pass.Z[0], 0) / scale);
    }
    double limit = rounding(GRAD_B * GRAD_K, 1);
    evidence(claim, "backward pass, complex step", at_most(gap, limit));
    control(claim, "log-determinants left out", at_most(without, limit));
}

/* The least KL(q || p) from an isotropic normal q to the ring, over its deviation: with
 * E r = sigma sqrt(pi/2) and E r^2 = 2 sigma^2 it is a quadratic plus -log sigma^2. */
static double divergence_of_normal(void)
{
    double mean = sqrt(PI / 2), squared = 0.4 * 0.4;
    double sigma = (mean + sqrt(mean * mean + 4 * squared)) / 2;
    return -1 - log(2 * PI * sigma * sigma) +
           (2 * sigma * sigma - 4 * sigma * mean + 4) / (2 * squared) + log_of_ring();
}

/* KL(q || p) of a flow that was fitted to the ring in so many iterations, from 2000
 * points. */
static double fitted_divergence(struct claim *claim, uint64_t replicate, int layers,
                                int iterations)
{
    enum { POINTS = 2000 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct trained t = fit(claim, replicate, nf_ring, layers, iterations);
    struct flow_pass pass = sample(claim, &t.flow, &t.training.rng, POINTS);
    double sum = 0;
    for (int i = 0; i < POINTS; i++)
        sum += pass.log_q.at[i] - log_ring(row(pass.Z[layers], i).at);
    arena->used = mark;
    return sum / POINTS;
}

enum { FITTED = 300 };

/* For the figure: six runs of 1, 4 and 16 layers more. */
static void record_more_layers(struct claim *claim, struct series *s, double normal)
{
    for (int i = 0; i < 6; i++)
        for (int layers = 1; layers <= 16; layers *= 4) {
            double kl = fitted_divergence(claim, (uint64_t)i, layers, FITTED);
            series_row(s, (double[]){layers, kl, normal});
        }
}

CLAIM(nf_flexible, PHENOMENON,
      "More maps, a more flexible density: eight planar layers come near a ring")
{
    enum { RUNS = 36 };
    double gain[RUNS], within[RUNS], no_gain[RUNS], without[RUNS];
    double normal = divergence_of_normal();
    struct series s = series_begin(claim, "layers", "layers", "kl", "normal", NULL);
    for (int i = 0; i < RUNS; i++) {
        uint64_t replicate = (uint64_t)i;
        double two = fitted_divergence(claim, replicate, 2, FITTED);
        double eight = fitted_divergence(claim, replicate, 8, FITTED);
        gain[i] = log(two / eight);
        within[i] = log(normal / eight);
        double hardly_fitted = fitted_divergence(claim, replicate, 8, FITTED / 60);
        no_gain[i] = log(two / hardly_fitted);
        without[i] = log(normal / hardly_fitted);
        series_row(&s, (double[]){2, two, normal});
        series_row(&s, (double[]){8, eight, normal});
    }
    record_more_layers(claim, &s, normal);
    series_end(&s);
    evidence(claim, "ln KL, 2 layers over 8", effect_at_least(RUNS, gain, log(1.5)));
    evidence(claim, "ln KL, a normal's over 8 layers'",
             effect_at_least(RUNS, within, log(3)));
    control(claim, "the first, 8 after 5 iterations",
            effect_at_least(RUNS, no_gain, log(1.5)));
    control(claim, "the second, after 5 iterations",
            effect_at_least(RUNS, without, log(3)));
}

SECTION(fitting_a_density, &nf_divergence, &nf_gradient, &nf_normalized,
        &nf_wrong_integrals, &nf_histogram, &nf_flexible);
