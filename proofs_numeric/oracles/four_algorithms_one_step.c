/* "Four algorithms, one step": the small problem that a step solves is solved here a
 * second time by bisection, which knows none of the closed forms of ref/oracles.c. */
#include "ground/bisect.h"
#include "landscapes.h"

#include <math.h>

static const enum measure norms[] = {EUCLIDEAN, LARGEST};

/* The slope intercept + stiffness d of a parabola. */
struct line {
    double intercept, stiffness;
};

static double line(const void *context, double d)
{
    const struct line *slope = context;
    return slope->intercept + slope->stiffness * d;
}

/* <g, d> + stiffness ||d||^2 / 2, to be minimized where ||d|| <= radius. */
struct model {
    vec g;
    double stiffness, radius;
    vec d; /* overwritten */
};

/* d := the minimizer of the model plus mu ||d||^2 / 2 among all d, each entry where its
 * own slope vanishes; by how much it is inside the ball. */
static double inside(const void *context, double mu)
{
    const struct model *model = context;
    double reach = 1e9 * (1 + norm(model->g));
    for (int i = 0; i < model->d.n; i++) {
        struct line slope = {model->g.at[i], model->stiffness + mu};
        model->d.at[i] = bisect(line, &slope, -reach, reach);
    }
    return model->radius - norm(model->d);
}

/* d := the minimizer of <g, d> + stiffness ||d||^2 / 2 where ||d|| <= radius, for a
 * stiffness of at least 0 and g not 0: if it is not inside, by bisection on the
 * multiplier mu of the constraint.  No closed form of a step. */
static void minimize_model(vec g, double stiffness, double radius, vec d)
{
    struct model model = {g, stiffness, radius, d};
    double least = stiffness > 0 ? 0 : 1e-9;
    if (inside(&model, least) < 0)
        inside(&model, bisect(inside, &model, least, 1e9));
}

/* || (to - from) - d || / || d ||. */
static double apart(vec from, vec to, vec d)
{
    double sum = 0;
    for (int i = 0; i < d.n; i++)
        sum += pow(to.at[i] - from.at[i] - d.at[i], 2);
    return sqrt(sum) / norm(d);
}

/* Each route rounds entry by entry, relative to w and to the step; the steps taken here
 * are longer than a hundredth of w. */
static double rounding_of_step(void) { return rounding(N, 100); }

/* A bowl, at a point with all errors 1, and the gradient there, of length 1 at least.
 */
static struct bowl build_slope(struct claim *claim, vec start)
{
    struct bowl x = build_geometric(claim, N, 10);
    fill(1, x.v);
    from_axes(x.k, x.v, start);
    copy(start, x.w);
    quadratic_gradient(x.k.q, x.w, x.grad);
    return x;
}

/* The step from start to x.w is d. */
static void same_step(struct claim *claim, const char *what, vec start,
                      const struct bowl *x, vec d)
{
    evidence(claim, what, at_most(apart(start, x->w, d), rounding_of_step()));
}

/* As the slide prints it, <g, d> + ||d||^2, against a step of alpha = 2. */
static void not_the_printed_model(struct claim *claim, struct bowl *x, vec start)
{
    vec d = arena_vec(claim_arena(claim), N);
    quadratic_gradient(x->k.q, start, x->grad);
    minimize_model(x->grad, 2, INFINITY, d);
    copy(start, x->w);
    gd_update(2, x->grad, x->w);
    control(claim, "the slide's ||d||^2, alpha = 2",
            at_most(apart(start, x->w, d), rounding_of_step()));
}

CLAIM(or_four_readings, IDENTITY,
      "Gradient, proximal, trust-region and projected step are one step")
{
    struct arena *arena = claim_arena(claim);
    vec start = arena_vec(arena, N), d = arena_vec(arena, N),
        step = arena_vec(arena, N);
    struct bowl x = build_slope(claim, start);
    double alpha = 0.3, radius = alpha * norm(x.grad);

    minimize_model(x.grad, 1 / alpha, INFINITY, step);
    gd_update(alpha, x.grad, x.w);
    same_step(claim, "gradient step: proximal model", start, &x, step);

    struct quadratic linear = quadratic_make(arena, N);
    copy(x.grad, linear.b);
    copy(start, x.w);
    or_proximal_step(linear, alpha, arena, x.w);
    same_step(claim, "proximal step: the same", start, &x, step);

    minimize_model(x.grad, 0, radius, d);
    copy(start, x.w);
    or_trust_region_step(EUCLIDEAN, radius, x.grad, x.w);
    same_step(claim, "trust-region step: linear model", start, &x, d);
    same_step(claim, "and the same step", start, &x, step);

    minimize_model(x.grad, 1, radius, d); /* nearest in the ball to w - g */
    copy(start, x.w);
    or_projected_step((struct region){EUCLIDEAN, start, radius}, 1, x.grad, x.w);
    same_step(claim, "projected step: nearest point", start, &x, d);
    same_step(claim, "and the same step", start, &x, step);

    copy(start, x.w);
    or_proximal_step(x.k.q, alpha, arena, x.w);
    control(claim, "proximal step of the cost itself",
            at_most(apart(start, x.w, step), rounding_of_step()));
    not_the_printed_model(claim, &x, start);
}

CLAIM(or_printed_projection, IDENTITY,
      "The projection as printed clips the gradient, and never heard of C")
{
    vec start = arena_vec(claim_arena(claim), N), d = arena_vec(claim_arena(claim), N);
    struct bowl x = build_slope(claim, start);
    static const double share[] = {0.3, 3};
    for (int i = 0; i < 2; i++) {
        double eta = share[i] * norm(x.grad);
        minimize_model(x.grad, 1, eta, d);
        copy(start, x.w);
        or_projected_step((struct region){EUCLIDEAN, start, eta}, 1, x.grad, x.w);
        evidence(claim,
                 i == 0 ? "eta below |g|: nearest point"
                        : "eta above |g|: nearest point",
                 at_most(apart(start, x.w, d), rounding_of_step()));
        copy(start, d);
        axpy(-1, x.w, d);
        evidence(claim, "its length, less min(eta, |g|)",
                 at_most(fabs(norm(d) - fmin(share[i], 1) * norm(x.grad)),
                         rounding_of_step()));
    }
    /* The projected step proper, onto a ball of radius 0.1 round the origin. */
    fill(0, x.v);
    copy(start, x.w);
    or_projected_step((struct region){EUCLIDEAN, x.v, 0.1}, 1, x.grad, x.w);
    minimize_model(x.grad, 1, norm(x.grad), d);
    control(claim, "the projection is on C",
            at_most(apart(start, x.w, d), rounding_of_step()));
}

/* ---- Another norm -----------------------------------------------------------------
 */

CLAIM(or_sign, IDENTITY,
      "In the norm max |d_i| the best step is alpha |g|_1 against the signs")
{
    enum { ENTRIES = 6 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec g = arena_vec(arena, ENTRIES), w = arena_vec(arena, ENTRIES);
    vec euclidean = arena_vec(arena, ENTRIES), origin = arena_vec(arena, ENTRIES);
    vec d = arena_vec(arena, ENTRIES);
    double alpha = 0.3, steepest = 0;
    int best = 0;
    rng_uniforms(&rng, 0.5, 1.5, g);
    for (int i = 0; i < ENTRIES; i++)
        g.at[i] *= rng_below(&rng, 2) == 0 ? 1 : -1;
    /* On a box a linear function is least at a corner: try all 64, then the size. */
    for (int corner = 0; corner < 1 << ENTRIES; corner++) {
        double slope = 0;
        for (int i = 0; i < ENTRIES; i++)
            slope += corner >> i & 1 ? g.at[i] : -g.at[i];
        if (slope < steepest)
            steepest = slope, best = corner;
    }
    double size = bisect(line, &(struct line){steepest, 1 / alpha}, 0, 100);
    for (int i = 0; i < ENTRIES; i++)
        d.at[i] = best >> i & 1 ? size : -size;

    or_steepest_step(LARGEST, alpha, g, w);
    or_steepest_step(EUCLIDEAN, alpha, g, euclidean);
    evidence(claim, "step less the best corner's",
             at_most(apart(origin, w, d), rounding(ENTRIES, 1)));
    control(claim, "the gradient step",
            at_most(apart(origin, euclidean, d), rounding(ENTRIES, 1)));
    fill(0, w);
    or_trust_region_step(LARGEST, alpha, g, w);
    control(claim, "the sign alone, of length alpha",
            at_most(apart(origin, w, d), rounding(ENTRIES, 1)));
}

static double size_of(enum measure measure, vec d)
{
    double size = 0;
    for (int i = 0; i < d.n; i++)
        size = measure == EUCLIDEAN ? hypot(size, d.at[i]) : fmax(size, fabs(d.at[i]));
    return size;
}

/* The least of <g, d> / ||d|| over the steepest direction of that norm and a thousand
 * others: what an unsquared lambda ||d|| has to outweigh. */
static double steepest_slope(struct claim *claim, enum measure measure, vec g, vec d)
{
    struct rng rng = claim_rng(claim, 1);
    double least = INFINITY;
    for (int trial = 0; trial <= 1000; trial++) {
        rng_normals(&rng, 0, 1, d);
        for (int i = 0; i < d.n && trial == 0; i++)
            d.at[i] = measure == EUCLIDEAN ? -g.at[i] : g.at[i] > 0 ? -1 : 1;
        double slope = dot(g, d) / size_of(measure, d);
        least = slope < least ? slope : least;
    }
    return least;
}

CLAIM(or_unsquared, BOUND,
      "With an unsquared norm the best step is none, or has no end")
{
    vec g = arena_vec(claim_arena(claim), N), d = arena_vec(claim_arena(claim), N);
    struct bowl x = build_slope(claim, d);
    copy(x.grad, g);
    for (int i = 0; i < 2; i++) {
        double dual = or_dual_norm(norms[i], g), large = 1.01 * dual;
        double slope = steepest_slope(claim, norms[i], g, d);
        evidence(claim, "least (<g, d> + l|d|) / |d|, l large",
                 at_least(1.01 + slope / dual, 0));
        evidence(claim, "the same, l small: no least value",
                 at_most(0.99 + slope / dual, -0.01 + rounding(N, 1)));
        /* Squared, with half of that lambda, there is a step, and it pays. */
        fill(0, d);
        or_steepest_step(norms[i], 1 / large, g, d);
        double size = size_of(norms[i], d);
        double value = dot(g, d) + large / 2 * size * size;
        control(claim, "squared, l large", at_least(value / size / dual, 0));
    }
}

/* ---- The cost itself --------------------------------------------------------------
 */

enum { STEPS = 20 };

/* Along an eigenvector of curvature a, what STEPS steps of one algorithm make of an
 * error of 1, for each eigenvector, less the law 1 / (1 + alpha a)^STEPS. */
static double gap_to_proximal_law(struct claim *claim, struct bowl *x, double alpha,
                                  bool proximal)
{
    vec error = x->v;
    double gap = 0;
    fill(1, error);
    from_axes(x->k, error, x->w);
    for (int k = 0; k < STEPS; k++) {
        if (proximal)
            or_proximal_step(x->k.q, alpha, claim_arena(claim), x->w);
        else
            gd_step(x->k.q, alpha, x->w, x->grad);
    }
    to_axes(x->k, x->w, error);
    for (int j = 0; j < error.n; j++)
        gap = worst(gap, fabs(error.at[j] - pow(1 + alpha * x->k.a.at[j], -STEPS)));
    return gap;
}

/* For the figure: by what factor one step of each changes the error, at curvature 1. */
static void record_factors(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct quadratic q = quadratic_make(arena, 1);
    vec w = arena_vec(arena, 1), grad = arena_vec(arena, 1);
    struct series s =
        series_begin(claim, "factors", "alpha", "gradient", "proximal", NULL);
    q.A.at[0] = 1;
    for (double exponent = -2; exponent < 2.01; exponent += 0.125) {
        double alpha = pow(10, exponent);
        w.at[0] = 1;
        gd_step(q, alpha, w, grad);
        double gradient = fabs(w.at[0]);
        w.at[0] = 1;
        or_proximal_step(q, alpha, arena, w);
        series_row(&s, (double[]){alpha, gradient, fabs(w.at[0])});
    }
    series_end(&s);
}

CLAIM(or_proximal, IDENTITY,
      "The proximal point method divides each error by 1 + alpha a a step")
{
    struct bowl x =
        build_bowl(claim, 0, geometric_spectrum(claim_arena(claim), N, 3, 300));
    static const double rates[] = {0.1, 1, 10, 1000};
    double size = norm(x.k.w_star) + sqrt(N);
    for (int i = 0; i < 4; i++) {
        /* Each step solves a system whose condition number is this. */
        double kappa = (3 + 1 / rates[i]) / (0.01 + 1 / rates[i]);
        double limit = rounding(N * N * STEPS, kappa * size);
        static const char *const what[] = {"gap to the law, alpha a_max = 0.3",
                                           "gap to the law, alpha a_max = 3",
                                           "gap to the law, alpha a_max = 30",
                                           "gap to the law, alpha a_max = 3000"};
        evidence(claim, what[i],
                 at_most(gap_to_proximal_law(claim, &x, rates[i], true), limit));
        if (rates[i] == 1)
            control(claim, "gradient descent, alpha a_max = 3",
                    at_most(gap_to_proximal_law(claim, &x, 1, false), limit));
    }
    record_factors(claim);
}

SECTION(or_four_algorithms, &or_four_readings, &or_printed_projection, &or_sign,
        &or_unsquared, &or_proximal);
