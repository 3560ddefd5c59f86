/* "How fast, if all we know is convexity?": two sharp rates. */
#include "ground/route_lapack.h"
#include "landscapes.h"

#include <math.h>

/* Huber's function with that knee: x^2 / 2 near 0, and a straight line beyond. */
static double huber_value(void *knee, vec w)
{
    double d = *(double *)knee, x = fabs(w.at[0]);
    return x <= d ? x * x / 2 : d * x - d * d / 2;
}

static void huber_gradient(void *knee, vec w, vec grad)
{
    double d = *(double *)knee;
    grad.at[0] = fmin(fmax(w.at[0], -d), d);
}

/* What k steps of alpha from 1 leave of Huber's function whose knee is 1 / (2k + 1). */
static double huber_left(struct claim *claim, int k, double alpha)
{
    double knee = 1.0 / (2 * k + 1);
    vec w = arena_vec(claim_arena(claim), 1), grad = arena_vec(claim_arena(claim), 1);
    struct oracle f = {.cost = &knee, .value = huber_value, .gradient = huber_gradient};
    w.at[0] = 1;
    or_descend(f, alpha, k, w, grad);
    return f.value(f.cost, w);
}

static void cosine_gradient(void *cost, vec w, vec grad)
{
    (void)cost;
    grad.at[0] = sin(w.at[0]);
}

/* A robust regression, its largest curvature, its minimum, and a start. */
struct race {
    struct robust r;
    double L, least, distance;
    vec w, grad;
};

static struct race build_race(struct claim *claim, double ridge)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 50);
    struct race race = {.r = build_robust(claim, 0),
                        .w = arena_vec(arena, UNKNOWNS),
                        .grad = arena_vec(arena, UNKNOWNS)};
    vec values = arena_vec(arena, UNKNOWNS), step = arena_vec(arena, UNKNOWNS);
    mat H = arena_mat(arena, UNKNOWNS, UNKNOWNS),
        Q = arena_mat(arena, UNKNOWNS, UNKNOWNS);
    gram(1.0 / ROWS, race.r.X, H);
    route_eigen(H, values, Q);
    race.r.ridge = ridge;
    race.L = values.at[UNKNOWNS - 1] + ridge;

    vec best = race.w; /* a walk into the neighbourhood, then Newton's method */
    or_descend(ask(&race.r), 1 / race.L, 1000, best, race.grad);
    for (int k = 0; k < 10; k++) {
        robust_gradient(&race.r, best, race.grad);
        or_hessian(ask(&race.r), best, arena, H);
        route_min_norm(H, race.grad, step);
        axpy(-1, step, best);
    }
    race.least = robust_value(&race.r, best);
    rng_normals(&rng, 0, 1, step);
    race.distance = norm(step);
    axpy(1, step, race.w);
    return race;
}

/* The largest share of L r^2 / (4k + 2) that is left of the height after k steps. */
static double share_of_smooth_bound(struct race *race, int steps)
{
    struct oracle f = ask(&race->r);
    double most = 0, square = race->distance * race->distance;
    for (int k = 1; k <= steps; k++) {
        or_descend(f, 1 / race->L, 1, race->w, race->grad);
        double height = f.value(f.cost, race->w) - race->least;
        most = worst(most, height / (race->L * square / (4 * k + 2)));
    }
    return most;
}

/* For the figure: heights in units of L r^2.  Huber's function is another for each k.
 */
static void record_rates(struct claim *claim)
{
    struct race race = build_race(claim, 0);
    struct oracle f = ask(&race.r);
    double unit = race.L * race.distance * race.distance;
    struct series s = series_begin(claim, "rates", "k", "huber", "robust", NULL);
    for (int k = 1; k <= 100; k++) {
        or_descend(f, 1 / race.L, 1, race.w, race.grad);
        double height = f.value(f.cost, race.w) - race.least;
        series_row(&s, (double[]){k, huber_left(claim, k, 1), height / unit});
    }
    series_end(&s);
}

CLAIM(or_smooth_rate, BOUND,
      "If no curvature exceeds L, k steps leave at most L r^2 / (4k + 2)")
{
    static const int steps[] = {1, 10, 100, 1000};
    double least = INFINITY, most = 0;
    for (int i = 0; i < 4; i++) {
        double share = huber_left(claim, steps[i], 1) * (4 * steps[i] + 2);
        least = smallest(least, share);
        most = worst(most, share);
    }
    /* k subtractions of the knee from a number below 1, of which about 1/2 is left,
     * times the knee, of which 1 / (4k + 2) is left. */
    double slack = rounding(1000, 4);
    evidence(claim, "Huber's function, of the bound", at_least(least, 1 - slack));
    evidence(claim, "and not more", at_most(most, 1 + slack));
    struct race race = build_race(claim, 0);
    evidence(claim, "robust regression, of the bound",
             at_most(share_of_smooth_bound(&race, 200), 1));
    record_rates(claim);
    control(claim, "Huber's function, alpha = 1 / 2L",
            at_most(huber_left(claim, 100, 0.5) * (4 * 100 + 2), 1 + slack));

    struct oracle f = {.gradient = cosine_gradient};
    vec w = arena_vec(claim_arena(claim), 1), grad = arena_vec(claim_arena(claim), 1);
    double r = acos(-1) - 1e-3, cosine = 0;
    w.at[0] = r;
    for (int k = 1; k <= 20; k++) {
        or_descend(f, 1, 1, w, grad);
        cosine = worst(cosine, (1 - cos(w.at[0])) * (4 * k + 2) / (r * r));
    }
    control(claim, "not convex: -cos w from its top", at_most(cosine, 1));
}

enum { RUN = 50 };

/* What is left of the height after RUN steps along the axis of least curvature of a
 * quadratic, whose curvatures go from 1 down to mu. */
static double left_on_flattest(struct claim *claim, double mu)
{
    struct bowl x = build_geometric(claim, N, 1 / mu);
    fill(0, x.v);
    move_minimum(&x, x.v);
    x.k.q.c = 0;
    stand_on_axis(&x, N - 1);
    double first = value_at(&x, x.w);
    or_descend(or_quadratic(&x.asked), 1, RUN, x.w, x.grad);
    return value_at(&x, x.w) / first;
}

CLAIM(or_strong_rate, BOUND,
      "If no curvature is below mu, k steps leave at most (1 - mu/L)^2k")
{
    double ridge = 0.1, most = 0;
    struct race race = build_race(claim, ridge);
    struct oracle f = ask(&race.r);
    double first = f.value(f.cost, race.w) - race.least, q = 1 - ridge / race.L;
    for (int k = 1; k <= RUN; k++) {
        or_descend(f, 1 / race.L, 1, race.w, race.grad);
        double height = f.value(f.cost, race.w) - race.least;
        most = worst(most, height / (first * pow(q, 2 * k)));
    }
    evidence(claim, "robust regression with ridge", at_most(most, 1));

    /* Each step rounds by N eps of a w that has become no smaller than 0.9 of itself;
     * what rounding puts on other axes shrinks faster. */
    double slack = rounding(RUN * N * N, 1), law = pow(0.9, 2 * RUN);
    double share = left_on_flattest(claim, 0.1) / law;
    evidence(claim, "axis of least curvature, of it", at_least(share, 1 - slack));
    evidence(claim, "and not more", at_most(share, 1 + slack));
    control(claim, "a least curvature of mu / 1.1",
            at_most(left_on_flattest(claim, 0.1 / 1.1) / law, 1 + slack));
}

SECTION(or_how_fast, &or_smooth_rate, &or_strong_rate);
