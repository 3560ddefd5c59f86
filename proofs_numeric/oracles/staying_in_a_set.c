/* "Staying in a set": a penalty in its place, and a set that only answers. */
#include "ground/bisect.h"
#include "ground/route_lapack.h"
#include "landscapes.h"

#include <math.h>

/* r - || w_lambda ||, with w_lambda the ridge solution in the coordinates of the
 * eigenvectors: sum of (b_j / (a_j + lambda))^2.  p: r, then N pairs. */
static double secular(const void *context, double lambda)
{
    const double *p = context;
    double sum = 0;
    for (int j = 0; j < N; j++)
        sum += pow(p[2 + 2 * j] / (p[1 + 2 * j] + lambda), 2);
    return p[0] - sqrt(sum);
}

/* The lambda at which the ridge solution has that length; for r below its length at 0.
 */
static double matching_penalty(struct claim *claim, struct bowl *x, double r)
{
    struct arena *arena = claim_arena(claim);
    vec values = arena_vec(arena, N), b = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    double p[1 + 2 * N] = {r};
    route_eigen(x->k.q.A, values, Q);
    gemtv(1, Q, x->k.q.b, 0, b);
    for (int j = 0; j < N; j++)
        p[1 + 2 * j] = values.at[j], p[2 + 2 * j] = b.at[j];
    return bisect(secular, p, 0, 1000);
}

/* || w - w_lambda ||, with w_lambda = -(A + lambda I)^-1 b by LAPACK. */
static double from_ridge(struct claim *claim, struct bowl *x, double lambda)
{
    struct arena *arena = claim_arena(claim);
    mat shifted = arena_mat(arena, N, N);
    vec minus_b = arena_vec(arena, N), ridge = arena_vec(arena, N);
    copy(entries(x->k.q.A), entries(shifted));
    for (int i = 0; i < N; i++)
        shifted.at[i * N + i] += lambda;
    axpy(-1, x->k.q.b, minus_b);
    route_solve(shifted, minus_b, ridge);
    axpy(-1, x->w, ridge);
    return norm(ridge);
}

CLAIM(or_penalty, IDENTITY, "A minimum in a ball is a ridge solution, for one lambda")
{
    struct bowl x = build_geometric(claim, N, 25);
    struct region C = region_of(claim, EUCLIDEAN);
    fill(0, C.center);
    /* A contraction by 1 - 1/25 keeps the rounding of 25 steps, of N^2 operations each
     * on numbers below 2; LAPACK's solution has no larger condition number. */
    double limit = rounding(25 * N * N, 2);
    send_minimum(&x, 2);
    double lambda = matching_penalty(claim, &x, 1);
    or_descend_within(or_quadratic(&x.asked), C, 1, 1500, x.w, x.grad);
    evidence(claim, "projected descent, from ridge",
             at_most(from_ridge(claim, &x, lambda), limit));
    quadratic_gradient(x.k.q, x.w, x.grad);
    evidence(claim, "lambda less |gradient| / r",
             at_most(fabs(lambda - norm(x.grad)), limit));
    evidence(claim, "r less the length of w", at_most(fabs(norm(x.w) - 1), limit));

    C.radius = 2.5; /* holds the free minimum: no penalty is needed */
    or_descend_within(or_quadratic(&x.asked), C, 1, 1500, x.w, x.grad);
    evidence(claim, "ball too wide to matter: lambda = 0",
             at_most(from_ridge(claim, &x, 0), limit));
    for (int i = 0; i < 2; i++) {
        C.radius = i == 0 ? 0.99 : 1.01;
        or_descend_within(or_quadratic(&x.asked), C, 1, 1500, x.w, x.grad);
        control(claim, i == 0 ? "a ball 1 % smaller" : "a ball 1 % larger",
                at_most(from_ridge(claim, &x, lambda), limit));
    }
}

static double two_wells(double x) { return pow(x, 6) / 12 - pow(x, 4) / 2; }
static double parabola(double x) { return (x - 2) * (x - 2) / 2; }

/* How close to 1 the minimizer of J(x) + lambda x^2 over a grid on [0, 3] comes, for
 * any lambda of a grid on [0, 2]; both have a spacing of 1/200. */
static double closest_to_one(double (*cost)(double))
{
    double closest = INFINITY;
    for (int l = 0; l <= 400; l++) {
        double least = INFINITY, at = 0;
        for (int i = 0; i <= 600; i++) {
            double x = i / 200.0, value = cost(x) + l / 200.0 * x * x;
            if (value < least)
                least = value, at = x;
        }
        closest = smallest(closest, fabs(at - 1));
    }
    return closest;
}

CLAIM(or_no_penalty, BOUND, "Without convexity a constraint may have no penalty")
{
    /* In s = x^2 the sum is s (s^2/12 - s/2 + lambda): least at s = 2 + 2 sqrt(1 -
     * lambda)
     * >= 3 while lambda <= 3/4, and at 0 from there on. */
    double closest = closest_to_one(two_wells);
    evidence(claim, "nearest approach to 1",
             at_least(closest, sqrt(3) - 1 - 1.0 / 200));
    evidence(claim, "and it is approached", at_most(closest, sqrt(3) - 1 + 1.0 / 50));
    control(claim, "convex: (x - 2)^2 / 2",
            at_least(closest_to_one(parabola), sqrt(3) - 1 - 1.0 / 200));
}

/* ---- A set that only answers ------------------------------------------------------
 */

/* ln of the volume of an ellipsoid in units of the unit ball, by LAPACK; and the
 * condition number of P. */
static double log_volume(struct claim *claim, struct ellipsoid E, double *kappa)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    int n = E.center.n;
    vec values = arena_vec(arena, n);
    mat Q = arena_mat(arena, n, n);
    double sum = 0;
    route_eigen(E.P, values, Q);
    for (int j = 0; j < n; j++)
        sum += log(values.at[j]) / 2;
    *kappa = values.at[n - 1] / values.at[0];
    arena->used = mark;
    return sum;
}

/* (w - center)' P^-1 (w - center), which is at most 1 in the ellipsoid. */
static double depth_in(struct claim *claim, struct ellipsoid E, vec w)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec away = arena_vec(arena, N), solution = arena_vec(arena, N);
    copy(w, away);
    axpy(-1, E.center, away);
    route_solve(E.P, away, solution);
    double depth = dot(away, solution);
    arena->used = mark;
    return depth;
}

/* A ball of that radius in n dimensions, round (shift, 0, ..., 0). */
static struct ellipsoid build_ball(struct claim *claim, int n, double radius,
                                   double shift)
{
    struct ellipsoid E = {arena_vec(claim_arena(claim), n),
                          arena_mat(claim_arena(claim), n, n)};
    E.center.at[0] = shift;
    for (int i = 0; i < n; i++)
        E.P.at[i * n + i] = radius * radius;
    return E;
}

/* The largest cost in the box, which is at one of its corners, less the least. */
static double range_in_box(struct bowl *x, struct region C, double least)
{
    double most = -INFINITY;
    for (int corner = 0; corner < 1 << N; corner++) {
        for (int i = 0; i < N; i++)
            x->w.at[i] = C.center.at[i] + (corner >> i & 1 ? C.radius : -C.radius);
        most = worst(most, value_at(x, x->w));
    }
    return most - least;
}

/* The tilted quartic in the first entry, a parabola in the others. */
static void quartic_valley(void *bend, vec w, vec grad)
{
    quartic_gradient(bend, w, grad);
    for (int i = 1; i < w.n; i++)
        grad.at[i] = w.at[i];
}

/* ln of the factor by which a cut changes the volume, in n dimensions. */
static double log_of_cut(double n)
{
    return log(n / (n + 1)) + (n - 1) / 2 * log(n * n / (n * n - 1));
}

/* What became of an ellipsoid. */
struct shrinkage {
    double gap;       /* the largest, of a change of ln volume from log_of_cut(N)    */
    double condition; /* the largest condition number of P                           */
    double deepest;   /* how deep in it the minimum was, at most: 1 on the boundary  */
    double lowest;    /* the least cost at a centre that was in the set              */
    double volume;    /* ln of the last, in units of the unit ball                   */
};

/* So many steps from the ball of radius 2, which holds the box C and its minimum. */
static struct shrinkage shrink(struct claim *claim, struct bowl *x, struct separator C,
                               vec minimum, int cuts)
{
    struct arena *arena = claim_arena(claim);
    struct oracle f = or_quadratic(&x->asked);
    struct ellipsoid E = build_ball(claim, N, 2, 0);
    vec p = arena_vec(arena, N), center = arena_vec(arena, N);
    double kappa;
    struct shrinkage s = {.lowest = INFINITY, .volume = log_volume(claim, E, &kappa)};
    for (int k = 0; k < cuts; k++) {
        copy(E.center, center);
        if (or_ellipsoid_step(f, C, E, x->grad, p))
            s.lowest = smallest(s.lowest, value_at(x, center));
        double before = s.volume;
        s.volume = log_volume(claim, E, &kappa);
        s.gap = worst(s.gap, fabs(s.volume - before - log_of_cut(N)));
        s.condition = worst(s.condition, kappa);
        s.deepest = worst(s.deepest, depth_in(claim, E, minimum));
    }
    return s;
}

/* The change of ln volume by one cut of a ball, along a random direction. */
static double cut_of_ball(struct claim *claim, int n)
{
    struct rng rng = claim_rng(claim, 1);
    double kappa;
    struct ellipsoid E = build_ball(claim, n, 2, 0);
    vec normal = normal_vec(claim_arena(claim), &rng, n);
    double before = log_volume(claim, E, &kappa);
    or_ellipsoid_cut(E, normal, arena_vec(claim_arena(claim), n));
    return log_volume(claim, E, &kappa) - before;
}

/* The largest difference from 1 of the depths at which the half of a ball that a cut
 * leaves touches the ellipsoid round it: at the pole, and at a point of the rim. */
static double off_the_boundary(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 2);
    struct ellipsoid E = build_ball(claim, N, 2, 0.3);
    vec normal = normal_vec(claim_arena(claim), &rng, N);
    vec rim = normal_vec(claim_arena(claim), &rng, N);
    vec pole = arena_vec(claim_arena(claim), N);
    axpy(-dot(normal, rim) / dot(normal, normal), normal, rim);
    scale(2 / norm(rim), rim);
    axpy(1, E.center, rim);
    copy(E.center, pole);
    axpy(-2 / norm(normal), normal, pole);
    or_ellipsoid_cut(E, normal, arena_vec(claim_arena(claim), N));
    return worst(fabs(depth_in(claim, E, pole) - 1), fabs(depth_in(claim, E, rim) - 1));
}

/* How deep in the ellipsoid the lower of two valleys is after 20 steps, of which the
 * first is taken on the hill between them; both lie in the set. */
static double depth_of_lower_valley(struct claim *claim)
{
    struct region box = {LARGEST, arena_vec(claim_arena(claim), N), 1};
    int bend = -1;
    struct oracle wells = {.cost = &bend, .gradient = quartic_valley};
    struct ellipsoid E = build_ball(claim, N, 2, 0.3);
    vec lower = arena_vec(claim_arena(claim), N), p = arena_vec(claim_arena(claim), N);
    vec normal = arena_vec(claim_arena(claim), N);
    lower.at[0] = -0.752619;
    for (int k = 0; k < 20; k++)
        or_ellipsoid_step(wells, or_region_separator(&box), E, normal, p);
    return depth_in(claim, E, lower);
}

CLAIM(or_ellipsoid, IDENTITY,
      "Each cut shrinks the ellipsoid by a known factor, and keeps the minimum")
{
    enum { CUTS = 800 };
    struct bowl x = build_geometric(claim, N, 10);
    struct region box = region_of(claim, LARGEST);
    struct separator C = or_region_separator(&box);
    vec best = arena_vec(claim_arena(claim), N);
    send_minimum(&x, 3);
    fill(0, x.w);
    minimize_within(&x, box);
    copy(x.w, best);
    double least = value_at(&x, best);
    struct shrinkage s = shrink(claim, &x, C, best, CUTS);
    /* Each step rounds P by N eps of its largest eigenvalue, which is kappa times as
     * much of its smallest; the volume sees one step, the depth all of them. */
    double limit = rounding(N * N, s.condition);
    evidence(claim, "change of ln volume, less the law", at_most(s.gap, limit));
    evidence(claim, "depth of the minimum", at_most(s.deepest, 1 + CUTS * limit));
    evidence(claim, "pole and rim of the half: on it",
             at_most(off_the_boundary(claim), rounding(N * N, 2)));
    /* The points v + t (C - v) round the minimum v fill t^N of the volume of C and are
     * no higher than t times the range of the cost.  The box has volume 1, the unit
     * ball pi^4 / 24; so an ellipsoid that has become smaller has cut off one of them.
     */
    double t = exp((s.volume + log(pow(acos(-1), 4) / 24)) / N);
    evidence(claim, "best centre, of the theorem's height",
             at_most((s.lowest - least) / (t * range_in_box(&x, box, least)), 1));
    control(claim, "a dimension fewer",
            at_most(fabs(cut_of_ball(claim, N - 1) - log_of_cut(N)), limit));
    control(claim, "not convex: the lower well stays",
            at_most(depth_of_lower_valley(claim), 1 + limit));
}

SECTION(or_staying_in_a_set, &or_penalty, &or_no_penalty, &or_ellipsoid);
