/* "What makes a minimum": local and global, inside and on the boundary. */
#include "ground/certain.h"
#include "landscapes.h"

#include <math.h>

static const enum measure norms[] = {EUCLIDEAN, LARGEST};

/* A point of C: uniform in the box round it, kept if it is in C; by the membership that
 * the formula of the set gives, not by ref/'s. */
static void random_member(struct rng *rng, struct region C, vec w)
{
    double size;
    do {
        rng_uniforms(rng, -C.radius, C.radius, w);
        size = 0;
        for (int i = 0; i < w.n; i++)
            size = C.measure == EUCLIDEAN ? size + w.at[i] * w.at[i]
                                          : fmax(size, fabs(w.at[i]));
    } while (size > (C.measure == EUCLIDEAN ? C.radius * C.radius : C.radius));
    axpy(1, C.center, w);
}

/* How far, at worst, w is above the lowest of so many points of C; within a part of C,
 * shrunk by `near` towards w, if that is less than 1. */
static double height_over(struct claim *claim, struct bowl *x, struct region C,
                          double near)
{
    struct rng rng = claim_rng(claim, 2);
    vec v = arena_vec(claim_arena(claim), N);
    double height = -INFINITY;
    for (int trial = 0; trial < 500; trial++) {
        random_member(&rng, C, v);
        scale(near, v);
        axpy(1 - near, x->w, v);
        height = worst(height, value_at(x, x->w) - value_at(x, v));
    }
    return height;
}

CLAIM(or_variational, IDENTITY,
      "Over a convex set, a minimum is where no permitted direction leads down")
{
    struct bowl x = build_geometric(claim, N, 10);
    send_minimum(&x, 1.5); /* outside of both sets, whose points are within 1.48 */
    for (int i = 0; i < 2; i++) {
        struct region C = region_of(claim, norms[i]);
        fill(0, x.w);
        minimize_within(&x, C);
        evidence(claim, "largest <grad, w - v> over C",
                 at_most(or_region_gap(C, x.w, x.grad), rounding_within()));
        evidence(claim, "height over 500 points of C",
                 at_most(height_over(claim, &x, C, 1), 0));
        control(claim, "the slide: the gradient is 0",
                at_most(norm(x.grad), rounding_within()));

        /* A tempting shortcut, and right for the box if it ends in the right corner; in
         * the ball it is wrong unless the way out is an eigenvector. */
        if (norms[i] == EUCLIDEAN) {
            copy(x.k.w_star, x.w);
            or_region_project(C, x.w);
            quadratic_gradient(x.k.q, x.w, x.grad);
            control(claim, "free minimum, projected",
                    at_most(or_region_gap(C, x.w, x.grad), rounding_within()));
        }
    }
    send_minimum(&x, 0.4); /* inside of both */
    fill(0, x.w);
    minimize_within(&x, region_of(claim, EUCLIDEAN));
    evidence(claim, "gradient at a minimum inside",
             at_most(norm(x.grad), rounding_within()));
}

/* How far from `end`, at most, ten runs end that begin some tens away. */
static double ends_apart(struct bowl *x, struct region C, struct rng *rng, vec end)
{
    double apart = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(rng, 0, 10, x->w);
        minimize_within(x, C);
        axpy(-1, end, x->w);
        apart = worst(apart, norm(x->w));
    }
    return apart;
}

/* The same with no constraint, from w_star, by gradient descent and by the proximal
 * point method in turn. */
static double free_ends_apart(struct claim *claim, struct bowl *x, struct rng *rng)
{
    double apart = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(rng, 0, 10, x->w);
        if (trial % 2 == 0)
            or_descend(or_quadratic(&x->asked), 1, 400, x->w, x->grad);
        for (int k = 0; k < 40 && trial % 2 == 1; k++)
            or_proximal_step(x->k.q, 100, claim_arena(claim), x->w);
        axpy(-1, x->k.w_star, x->w);
        apart = worst(apart, norm(x->w));
    }
    return apart;
}

CLAIM(or_local_global, IDENTITY,
      "A local minimum of a convex cost over a convex set is a global one")
{
    struct bowl x = build_geometric(claim, N, 10);
    struct rng rng = claim_rng(claim, 1);
    vec end = arena_vec(claim_arena(claim), N);
    send_minimum(&x, 1.5);
    for (int i = 0; i < 2; i++) {
        struct region C = region_of(claim, norms[i]);
        fill(0, x.w);
        minimize_within(&x, C);
        copy(x.w, end);
        evidence(claim, "height over its neighbourhood",
                 at_most(height_over(claim, &x, C, 0.01), 0));
        evidence(claim, "height over the whole set",
                 at_most(height_over(claim, &x, C, 1), 0));
        evidence(claim, "ends of ten starts, apart",
                 at_most(ends_apart(&x, C, &rng, end), rounding_within()));
    }
    evidence(claim, "two algorithms, ten starts, apart",
             at_most(free_ends_apart(claim, &x, &rng), rounding_within()));

    vec a = geometric_spectrum(claim_arena(claim), N, 1, 10);
    a.at[0] = 0; /* convex, but not strongly: a valley */
    struct bowl valley = build_bowl(claim, 0, a);
    control(claim, "convex, with a flat direction",
            at_most(free_ends_apart(claim, &valley, &rng), rounding_within()));
}

static double end_on_quartic(struct claim *claim, int bend, double start)
{
    vec w = arena_vec(claim_arena(claim), 1), grad = arena_vec(claim_arena(claim), 1);
    struct oracle f = {&bend, quartic_value, quartic_gradient, NULL};
    w.at[0] = start;
    or_descend(f, 0.05, 1000, w, grad);
    return w.at[0];
}

/* Each step takes a tenth of the way to an end of these runs at least, 0.05 times a
 * curvature of 2 or more: ten times what rounding does in a step is left. */
static double rounding_at_end(void) { return rounding(10, 1); }

/* How much higher the quartic is at x +- radius than at y +- radius. */
static ball higher(struct balls *in, int bend, double x, double y, double radius)
{
    int five_times[] = {5, 0, 5 * bend, 1, 0}; /* w^4 + bend w^2 + w / 5 */
    ball at_x = ball_between(in, x - radius, x + radius);
    ball at_y = ball_between(in, y - radius, y + radius);
    ball difference = ball_sub(ball_polynomial(4, five_times, at_x),
                               ball_polynomial(4, five_times, at_y));
    return ball_div(difference, ball_number(in, 5));
}

/* For the figure: the landscape, and where 41 runs from evenly spaced starts end. */
static void record_quartic(struct claim *claim)
{
    int bend = -1;
    vec w = arena_vec(claim_arena(claim), 1);
    struct series s =
        series_begin(claim, "quartic", "start", "cost", "end", "reached", NULL);
    for (int i = -20; i <= 20; i++) {
        double start = 0.055 * i, end = end_on_quartic(claim, bend, start);
        w.at[0] = start;
        double cost = quartic_value(&bend, w);
        w.at[0] = end;
        series_row(&s, (double[]){start, cost, end, quartic_value(&bend, w)});
    }
    series_end(&s);
}

CLAIM(or_stuck, PROVED,
      "Without convexity, descent can end in a minimum that is not global")
{
    static const int slope[] = {20, 0, -10, 1}, curvature[] = {60, 0, -10};
    double end = end_on_quartic(claim, -1, 1), radius = rounding_at_end();
    double other = end_on_quartic(claim, -1, -1);
    struct balls balls = balls_make(100, 128);
    ball left = ball_number(&balls, end - radius);
    ball right = ball_number(&balls, end + radius);
    ball between = ball_between(&balls, end - radius, end + radius);
    evidence(claim, "five times the slope, just left",
             ball_at_most(ball_polynomial(3, slope, left), 0));
    evidence(claim, "and just right",
             ball_at_least(ball_polynomial(3, slope, right), 0));
    evidence(claim, "five times the curvature between",
             ball_at_least(ball_polynomial(2, curvature, between), 0));
    evidence(claim, "height above the end from -1",
             ball_at_least(higher(&balls, -1, end, other, radius), 0.28));
    record_quartic(claim);
    ball convex = higher(&balls, 1, end_on_quartic(claim, 1, 1),
                         end_on_quartic(claim, 1, -1), radius);
    control(claim, "convex: w^4 + w^2 + w/5", ball_at_least(convex, 0.28));
    balls_free(&balls);
}

/* ---- From every start -------------------------------------------------------------
 */

/* A step of rate 1 / part on w^4 + bend w^2 + w/5. */
struct descent {
    int part, bend;
};

static ball step_of(const struct descent *by, ball w)
{
    ball cube = ball_times(4, ball_power(w, 3)), linear = ball_times(2 * by->bend, w);
    ball slope = ball_add(ball_add(cube, linear), ball_ratio(w.in, 1, 5));
    return ball_sub(w, ball_div(slope, ball_number(w.in, by->part)));
}

/* Does a step end in [0.2, 1]? */
static enum verdict comes_in(void *context, const ball *w)
{
    ball next = step_of(context, w[0]);
    return both(is_less(ball_ratio(w->in, 1, 5), next),
                is_less(next, ball_number(w->in, 1)));
}

/* Does the step grow with w?  Its derivative is 1 - (12 w^2 + 2 bend) / part. */
static enum verdict keeps_order(void *context, const ball *w)
{
    const struct descent *by = context;
    ball curvature = ball_plus(ball_times(12, ball_square(w[0])), 2 * by->bend);
    return is_less(curvature, ball_number(w->in, by->part));
}

static enum verdict falls_left(void *context, const ball *w)
{
    return is_less(w[0], step_of(context, w[0]));
}

/* Five times the slope of w^4 - w^2 + w/5, and its derivative. */
static void quartic_slope(void *context, const ball *w, ball *value, ball *slope)
{
    static const int first[] = {20, 0, -10, 1}, second[] = {60, 0, -10};
    (void)context;
    *value = ball_polynomial(3, first, w[0]);
    if (slope != NULL)
        *slope = ball_polynomial(2, second, w[0]);
}

static struct finding from_all(struct balls *in, box_statement *statement,
                               struct descent by, double from, double to)
{
    struct box box = {.n = 1, .low = {from}, .high = {to}};
    struct search search = {0};
    return certainly(everywhere(in, statement, &by, box, 40, &search));
}

CLAIM(or_every_start, PROVED,
      "From every start in [0.2, 2] descent ends in the worse of the two minima")
{
    struct descent by = {20, -1};
    struct balls balls = balls_make(100, 64);
    ball rest = ball_between(&balls, 0.6, 1);
    evidence(claim, "one step from [0.2, 2]: in (0.2, 1)",
             from_all(&balls, comes_in, by, 0.2, 2));
    evidence(claim, "steps keep the order on [0.2, 1]",
             from_all(&balls, keeps_order, by, 0.2, 1));
    evidence(claim, "one point of rest in [0.6, 1]",
             certainly(newton(quartic_slope, NULL, 8, rest)));
    evidence(claim, "none in [0.2, 0.6]: steps go up",
             from_all(&balls, falls_left, by, 0.2, 0.6));
    double off = 0;
    for (int i = 0; i <= 36; i++)
        off =
            worst(off, ball_distance(rest, end_on_quartic(claim, -1, 0.2 + 0.05 * i)));
    evidence(claim, "ref/ off it, from 37 starts", at_most(off, rounding_at_end()));
    control(claim, "one step from [0.05, 2]", from_all(&balls, comes_in, by, 0.05, 2));
    control(claim, "w^4 + w^2 + w/5, convex",
            from_all(&balls, comes_in, (struct descent){20, 1}, 0.2, 2));
    control(claim, "2.5 times the rate: order kept",
            from_all(&balls, keeps_order, (struct descent){8, -1}, 0.2, 1));
    control(claim, "five times the rate: one step",
            from_all(&balls, comes_in, (struct descent){4, -1}, 0.2, 2));
    balls_free(&balls);
}

/* The largest height of a point of C above the least cost, less its gap, and the
 * largest of their ratios. */
static double over_certificate(struct claim *claim, struct bowl *x, struct region C,
                               double least, double *ratio)
{
    struct rng rng = claim_rng(claim, 3);
    double over = -INFINITY;
    *ratio = 0;
    for (int trial = 0; trial < 200; trial++) {
        random_member(&rng, C, x->w);
        quadratic_gradient(x->k.q, x->w, x->grad);
        double gap = or_region_gap(C, x->w, x->grad),
               height = value_at(x, x->w) - least;
        over = worst(over, (height - gap) / gap);
        *ratio = worst(*ratio, height / gap);
    }
    return over;
}

CLAIM(or_certificate, BOUND,
      "The gap certifies how good w is, though nobody knows the minimum")
{
    double ratio;
    for (int i = 0; i < 2; i++) {
        struct region C = region_of(claim, norms[i]);
        struct bowl x = build_geometric(claim, N, 10);
        send_minimum(&x, 3);
        minimize_within(&x, C);
        double over = over_certificate(claim, &x, C, value_at(&x, x.w), &ratio);
        evidence(claim, "height less gap, of the gap", at_most(over, 0));

        /* Height and gap differ by at most 1/2 (w - v)'A(w - v) <= 4.  With a gradient
         * of at least 0.1 * 2998 all over C, half of all points have a gap of 149 or
         * more. */
        send_minimum(&x, 3000);
        minimize_within(&x, C);
        over = over_certificate(claim, &x, C, value_at(&x, x.w), &ratio);
        evidence(claim, "the same, minimum far away", at_most(over, 0));
        evidence(claim, "height, of the gap", at_least(ratio, 0.97));
    }
    vec a = geometric_spectrum(claim_arena(claim), N, 1, 10);
    a.at[0] = -5; /* a saddle at the origin: no slope there, and lower points */
    struct bowl saddle = build_bowl(claim, 0, a);
    struct region C = region_of(claim, EUCLIDEAN);
    fill(0, C.center);
    fill(0, saddle.v);
    move_minimum(&saddle, saddle.v);
    stand_on_axis(&saddle, 0);
    double least = value_at(&saddle, saddle.w);
    fill(1e-3, saddle.w);
    quadratic_gradient(saddle.k.q, saddle.w, saddle.grad);
    double gap = or_region_gap(C, saddle.w, saddle.grad);
    control(claim, "not convex: beside a saddle",
            at_most((value_at(&saddle, saddle.w) - least - gap) / gap, 0));
}

SECTION(or_what_makes_a_minimum, &or_variational, &or_local_global, &or_stuck,
        &or_every_start, &or_certificate);
