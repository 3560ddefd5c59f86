/* Chapter "Gradient descent on a quadratic": its claims.
 *
 * Most of them run the lecture's algorithm in a bowl whose spectrum, axes and minimum
 * are known because it was built from them, and look at the error in the coordinates of
 * the eigenvectors, where the lecture's law is a formula in one line. */
#include "gradient_descent.h"
#include "ground/claim.h"
#include "ground/images.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>

enum { N = 12, STEPS = 200 };

/* A quadratic, a start, and room to run. */
struct world {
    struct solved_quadratic k;
    vec e_0;   /* N: the first error along each eigenvector, between 1 and 2 in size */
    vec w;     /* N: where the run is  */
    vec grad;  /* N: scratch           */
    vec error; /* N: the error at w    */
};

static struct world build(struct claim *claim, uint64_t replicate, vec a)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct world x = {solved_quadratic_make(arena, &rng, a), arena_vec(arena, a.n),
                      arena_vec(arena, a.n), arena_vec(arena, a.n),
                      arena_vec(arena, a.n)};
    rng_uniforms(&rng, 1, 2, x.e_0);
    for (int j = 0; j < a.n; j++)
        x.e_0.at[j] *= rng_below(&rng, 2) == 0 ? 1 : -1;
    from_axes(x.k, x.e_0, x.w);
    return x;
}

/* N curvatures from `largest` down to largest / kappa. */
static struct world build_bowl(struct claim *claim, double largest, double kappa)
{
    return build(claim, 0, geometric_spectrum(claim_arena(claim), N, largest, kappa));
}

static void restart(struct world *x) { from_axes(x->k, x->e_0, x->w); }

static void advance(struct world *x, double alpha, int steps)
{
    gd_run(x->k.q, alpha, steps, x->w, x->grad);
    to_axes(x->k, x->w, x->error);
}

/* What rounding may do in so many steps.  One step computes w - alpha (A w + b) to
 * within a small multiple of N eps times its largest term, and the steps add up; where
 * errors grow by the factor `growth` over the run, so does what rounding put in on the
 * way. */
static double drift_of_rounding(const struct world *x, double alpha, int steps,
                                double growth)
{
    double size = norm(x->k.w_star) + norm(x->e_0);
    return growth * rounding(x->e_0.n * steps, (1 + alpha * max_norm(x->k.a)) * size);
}

/* The largest difference, over the steps and the eigenvectors, between the error that
 * gd_step leaves and factor(alpha a)^k times the first error. */
static double gap_to_law(struct world *x, double alpha, int steps,
                         double (*factor)(double alpha_a))
{
    double gap = 0;
    restart(x);
    for (int k = 1; k <= steps; k++) {
        advance(x, alpha, 1);
        for (int j = 0; j < x->e_0.n; j++) {
            double law = pow(factor(alpha * x->k.a.at[j]), k) * x->e_0.at[j];
            gap = worst(gap, fabs(x->error.at[j] - law));
        }
    }
    return gap;
}

static double one_minus(double alpha_a) { return 1 - alpha_a; }
static double one_minus_and_a_percent(double alpha_a) { return 1 - 1.01 * alpha_a; }

/* ---- The step and its fixed points ------------------------------------------------
 */

/* The largest |J(w) - 1/2N ||Phi w - t||^2| over some w, relative to the cost; t may be
 * bent first, t := t + bend (Phi w)^2, which leaves nothing linear to fit. */
static double gap_of_model(struct claim *claim, double bend)
{
    enum { EXAMPLES = 40 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Phi = arena_mat(arena, EXAMPLES, N);
    vec t = arena_vec(arena, EXAMPLES), residual = arena_vec(arena, EXAMPLES);
    vec w = arena_vec(arena, N), scratch = arena_vec(arena, N);
    struct quadratic q = quadratic_make(arena, N);
    rng_normals(&rng, 0, 1, entries(Phi));
    rng_normals(&rng, 0, 1, t);
    least_squares(Phi, t, &q);

    double gap = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w);
        double sum = 0;
        for (int i = 0; i < EXAMPLES; i++) {
            double y = 0;
            for (int j = 0; j < N; j++)
                y += Phi.at[i * N + j] * w.at[j];
            sum += pow(y + bend * y * y - t.at[i], 2);
        }
        double mean = sum / (2 * EXAMPLES);
        gap = worst(gap, fabs(quadratic_cost(q, w, scratch) - mean) / mean);
        if (bend == 0)
            gap =
                worst(gap, fabs(least_squares_cost(Phi, t, w, residual) - mean) / mean);
    }
    return gap;
}

CLAIM(gd_model_system, IDENTITY,
      "Least squares is a quadratic: A = Phi'Phi/N, b = -Phi't/N and c = ||t||^2/2N "
      "give the mean of half the squared residuals")
{
    /* Sums of 40 N products; the terms of J cancel from a size that is at most some
     * tens of times the cost, since at a random w the residuals are no smaller than t.
     */
    double limit = rounding(40 * N, 10);
    evidence(claim, "gap between the two costs",
             at_most(gap_of_model(claim, 0), limit));
    control(claim, "a model that is not linear in w",
            at_most(gap_of_model(claim, 0.1), limit));
}

/* How far one step moves the point that has this error. */
static double movement(struct world *x, double alpha, vec error)
{
    from_axes(x->k, error, x->w);
    copy(x->w, x->error);
    gd_step(x->k.q, alpha, x->w, x->grad);
    axpy(-1, x->w, x->error);
    return norm(x->error);
}

/* || gradient || by central differences of the cost.  They are exact on a quadratic, so
 * that a step as wide as the landscape loses nothing to cancellation. */
static double slope_of_cost(struct world *x, vec w)
{
    double sum = 0, h = 1;
    for (int i = 0; i < w.n; i++) {
        double here = w.at[i], above, below;
        w.at[i] = here + h;
        above = quadratic_cost(x->k.q, w, x->grad);
        w.at[i] = here - h;
        below = quadratic_cost(x->k.q, w, x->grad);
        w.at[i] = here;
        sum += pow((above - below) / (2 * h), 2);
    }
    return sqrt(sum);
}

CLAIM(gd_fixed_point, IDENTITY,
      "Gradient descent stays where it is exactly where the gradient vanishes, be it "
      "a minimum, a saddle or a maximum")
{
    struct arena *arena = claim_arena(claim);
    double alpha = 0.7;
    vec a = arena_vec(arena, N);
    for (int j = 0; j < N; j++)
        a.at[j] = (j % 2 == 0 ? 1 : -1) * (1.0 - (double)j / N); /* a saddle */
    struct world x = build(claim, 0, a);
    vec solution = arena_vec(arena, N), minus_b = arena_vec(arena, N);
    vec error = arena_vec(arena, N);
    axpy(-1, x.k.q.b, minus_b);
    route_solve(x.k.q.A, minus_b, solution);
    to_axes(x.k, solution, error);

    /* LAPACK's solution is off by N eps kappa, kappa = N here; a step adds one product.
     */
    double limit = drift_of_rounding(&x, alpha, 2, N);
    evidence(claim, "step from LAPACK's solution",
             at_most(movement(&x, alpha, error), limit));
    double moved = movement(&x, alpha, x.e_0);
    from_axes(x.k, x.e_0, x.w);
    evidence(claim, "step elsewhere, less alpha |grad J|",
             at_most(fabs(moved - alpha * slope_of_cost(&x, x.w)),
                     limit * norm(x.e_0)));
    scale(0.01, error);
    axpy(0.01, x.e_0, error);
    control(claim, "step from a point one percent away",
            at_most(movement(&x, alpha, error), limit));
}

/* The largest distance from the fixed point, over the run, in units of the first. */
static double excursion(struct world *x, double alpha)
{
    double farthest = 0;
    restart(x);
    for (int k = 0; k < STEPS; k++) {
        advance(x, alpha, 1);
        farthest = worst(farthest, norm(x->error) / norm(x->e_0));
    }
    return farthest;
}

CLAIM(gd_stability, BOUND,
      "A fixed point is stable, nothing that starts near it ever leaves, exactly if 0 "
      "<= alpha a <= 2 for every curvature a")
{
    vec a = geometric_spectrum(claim_arena(claim), N, 1, 100);
    a.at[N - 1] = 0;
    struct world valley = build(claim, 0, a);
    double slack = drift_of_rounding(&valley, 1.99, STEPS, 1);
    evidence(claim, "excursion, alpha = 1.99 / a_max",
             at_most(excursion(&valley, 1.99), 1 + slack));

    /* Alone on the floor of the valley, the error neither grows nor shrinks. */
    fill(0, valley.e_0);
    valley.e_0.at[N - 1] = 1;
    evidence(claim, "excursion along the floor, a = 0",
             at_least(excursion(&valley, 1.99), 1 - slack));

    struct world convex = build(claim, 0, a);
    control(claim, "convex, but alpha = 2.1 / a_max",
            at_most(excursion(&convex, 2.1), 1 + slack));
    vec saddle_a = geometric_spectrum(claim_arena(claim), N, 1, 100);
    saddle_a.at[N - 1] = -0.1;
    struct world saddle = build(claim, 1, saddle_a);
    control(claim, "a saddle, one curvature -0.1",
            at_most(excursion(&saddle, 0.5), 1 + slack));
}

CLAIM(gd_global_optimum, IDENTITY,
      "On least squares, any rate below 2 / a_max ends at the global minimum")
{
    enum { EXAMPLES = 60, UNKNOWNS = 6, LONG_ENOUGH = 2000 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Phi = arena_mat(arena, EXAMPLES, UNKNOWNS);
    mat Q = arena_mat(arena, UNKNOWNS, UNKNOWNS);
    vec t = arena_vec(arena, EXAMPLES), residual = arena_vec(arena, EXAMPLES);
    vec best = arena_vec(arena, UNKNOWNS), w = arena_vec(arena, UNKNOWNS);
    vec a = arena_vec(arena, UNKNOWNS), grad = arena_vec(arena, UNKNOWNS);
    struct quadratic q = quadratic_make(arena, UNKNOWNS);
    rng_normals(&rng, 0, 1, entries(Phi));
    rng_normals(&rng, 0, 1, t);
    least_squares(Phi, t, &q);
    route_eigen(q.A, a, Q);
    route_min_norm(Phi, t, best);
    double a_max = a.at[UNKNOWNS - 1], kappa = a_max / a.at[0];
    double least = least_squares_cost(Phi, t, best, residual);

    /* At the minimum the cost is flat, so an error of the weights counts squared, and
     * what is left is the rounding of the sum. */
    double limit = rounding(EXAMPLES, dot(t, t) / (2 * EXAMPLES));
    double limit_w = rounding(EXAMPLES * kappa, 1 + norm(best));
    static const double rates[] = {0.5, 1.9};
    static const char *const cost_at[] = {"cost above LAPACK's, rate 0.5/a_max",
                                          "cost above LAPACK's, rate 1.9/a_max"};
    for (int i = 0; i < 2; i++) {
        fill(0, w);
        gd_run(q, rates[i] / a_max, LONG_ENOUGH, w, grad);
        evidence(claim, cost_at[i],
                 at_most(fabs(least_squares_cost(Phi, t, w, residual) - least), limit));
        axpy(-1, best, w);
        evidence(claim, "distance to LAPACK's minimizer", at_most(norm(w), limit_w));
    }
    fill(0, w);
    gd_run(q, 2.1 / a_max, LONG_ENOUGH, w, grad);
    control(claim, "alpha = 2.1 / a_max",
            at_most(fabs(least_squares_cost(Phi, t, w, residual) - least), limit));
}

/* ---- One coordinate at a time -----------------------------------------------------
 */

/* The largest difference over the run between the coordinates Q'(w - w_star) and scalar
 * recurrences e := e - alpha a e, one for each column of Q, none seeing the others. */
static double gap_to_scalars(struct world *x, double alpha, mat Q)
{
    double gap = 0, e[N];
    struct solved_quadratic seen = x->k;
    seen.Q = Q;
    restart(x);
    to_axes(seen, x->w, x->error);
    for (int j = 0; j < N; j++)
        e[j] = x->error.at[j];
    for (int k = 0; k < STEPS; k++) {
        gd_step(x->k.q, alpha, x->w, x->grad);
        to_axes(seen, x->w, x->error);
        for (int j = 0; j < N; j++) {
            e[j] -= alpha * (x->k.a.at[j] * e[j]);
            gap = worst(gap, fabs(x->error.at[j] - e[j]));
        }
    }
    return gap;
}

CLAIM(gd_coordinates, IDENTITY,
      "In the coordinates of the eigenvectors each coordinate follows a scalar "
      "recurrence of its own, with fixed point -b_j / a_j")
{
    struct arena *arena = claim_arena(claim);
    struct world x = build_bowl(claim, 1, 100);
    vec values = arena_vec(arena, N), a = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    copy(x.k.a, a);
    route_eigen(x.k.q.A, values, Q);
    copy(values, x.k.a); /* LAPACK's order, to go with LAPACK's vectors */

    /* LAPACK's vectors are as orthogonal, and as diagonalizing, as N eps. */
    double limit = 2 * drift_of_rounding(&x, 0.9, STEPS, 1);
    evidence(claim, "gap to N scalar recurrences",
             at_most(gap_to_scalars(&x, 0.9, Q), limit));
    double apart = 0;
    for (int j = 0; j < N; j++) {
        double b_j = 0, w_j = 0;
        for (int i = 0; i < N; i++) {
            b_j += Q.at[i * N + j] * x.k.q.b.at[i];
            w_j += Q.at[i * N + j] * x.k.w_star.at[i];
        }
        apart = worst(apart, fabs(w_j * values.at[j] + b_j));
    }
    evidence(claim, "a_j w*_j + b_j, largest over j",
             at_most(apart, rounding(N * N, norm(x.k.w_star))));

    struct rng rng = claim_rng(claim, 1);
    rng_rotation(&rng, arena, Q);
    control(claim, "coordinates along other axes",
            at_most(gap_to_scalars(&x, 0.9, Q), limit));
}

CLAIM(gd_rate, IDENTITY,
      "Along each eigenvector of A, k steps multiply the error by exactly (1 - alpha "
      "a)^k")
{
    struct world x = build_bowl(claim, 1, 100);
    double monotone = drift_of_rounding(&x, 0.9, STEPS, 1);
    double oscillating = drift_of_rounding(&x, 1.9, STEPS, 1);
    evidence(claim, "gap to the law, alpha a_max = 0.9",
             at_most(gap_to_law(&x, 0.9, STEPS, one_minus), monotone));
    evidence(claim, "gap to the law, alpha a_max = 1.9",
             at_most(gap_to_law(&x, 1.9, STEPS, one_minus), oscillating));
    control(claim, "a rate 1 % faster",
            at_most(gap_to_law(&x, 0.9, STEPS, one_minus_and_a_percent), monotone));
}

/* How many of the (step, eigenvector) pairs break the pattern: each step shrinks the
 * error, and keeps its sign (side = 1) or turns it (side = -1).  Ten steps leave the
 * fastest error, shrunk by 0.1 a step, a hundred thousand times above rounding. */
static int misfits(struct world *x, double alpha, int side)
{
    int count = 0;
    double before[N];
    restart(x);
    to_axes(x->k, x->w, x->error);
    for (int k = 0; k < 10; k++) {
        for (int j = 0; j < N; j++)
            before[j] = x->error.at[j];
        advance(x, alpha, 1);
        for (int j = 0; j < N; j++)
            count += !(fabs(x->error.at[j]) < fabs(before[j]) &&
                       side * x->error.at[j] * before[j] > 0);
    }
    return count;
}

/* For the figure: errors relative to the first, in one run whose five eigenvectors are
 * the lecture's five cases; and beside each what the law says. */
static void record_modes(struct claim *claim)
{
    static const double alpha_a[] = {0.3, 1, 1.7, 2, 2.3};
    vec a = arena_vec(claim_arena(claim), 5);
    for (int j = 0; j < 5; j++)
        a.at[j] = alpha_a[j];
    struct world x = build(claim, 1, a);
    struct series s =
        series_begin(claim, "modes", "k", "0.3", "1", "1.7", "2", "2.3", "law 0.3",
                     "law 1", "law 1.7", "law 2", "law 2.3", NULL);
    for (int k = 0; k <= 12; k++) {
        double values[11] = {k};
        to_axes(x.k, x.w, x.error);
        for (int j = 0; j < 5; j++) {
            values[1 + j] = x.error.at[j] / x.e_0.at[j];
            values[6 + j] = pow(1 - alpha_a[j], k);
        }
        series_row(&s, values);
        advance(&x, 1, 1);
    }
    series_end(&s);
}

CLAIM(gd_cases, IDENTITY,
      "The error shrinks at every step, on one side if 0 < alpha a < 1 and changing "
      "sides if 1 < alpha a < 2")
{
    struct world below = build_bowl(claim, 0.9, 9);         /* from 0.9 to 0.1 */
    struct world above = build_bowl(claim, 1.9, 1.9 / 1.1); /* from 1.9 to 1.1 */
    evidence(claim, "steps that break monotone decay",
             at_most(misfits(&below, 1, 1), 0));
    evidence(claim, "steps that break oscillating decay",
             at_most(misfits(&above, 1, -1), 0));
    record_modes(claim);
    control(claim, "monotone, though 1 < alpha a < 2",
            at_most(misfits(&above, 1, 1), 0));
    control(claim, "oscillating, though alpha a < 1",
            at_most(misfits(&below, 1, -1), 0));
}

CLAIM(gd_one_step, IDENTITY, "If alpha a = 1 along every eigenvector, one step arrives")
{
    vec a = arena_vec(claim_arena(claim), N);
    fill(0.3, a);
    struct world x = build(claim, 0, a);
    double limit = drift_of_rounding(&x, 1 / 0.3, 1, 1);
    advance(&x, 1 / 0.3, 1);
    evidence(claim, "error after one step", at_most(norm(x.error), limit));
    restart(&x);
    advance(&x, 1.01 / 0.3, 1);
    control(claim, "a rate 1 % larger", at_most(norm(x.error), limit));
}

/* A bowl of curvature 1 in every direction, with integers for w_star and for the start,
 * so that with alpha = 2 every operation is exact. */
static struct world build_exact(struct claim *claim)
{
    vec a = arena_vec(claim_arena(claim), N);
    struct rng rng = claim_rng(claim, 1);
    fill(1, a);
    struct world x = build(claim, 0, a);
    fill(0, entries(x.k.q.A));
    fill(0, entries(x.k.Q));
    for (int j = 0; j < N; j++) {
        x.k.q.A.at[j * N + j] = x.k.Q.at[j * N + j] = 1;
        x.k.w_star.at[j] = rng_below(&rng, 1000);
        x.k.q.b.at[j] = -x.k.w_star.at[j];
        x.e_0.at[j] = 1 + rng_below(&rng, 1000);
    }
    return x;
}

/* The largest difference, over the run, from the point two steps before. */
static double two_steps_apart(struct world *x, double alpha)
{
    double apart = 0, before[N];
    restart(x);
    for (int k = 0; k < STEPS; k++) {
        for (int j = 0; j < N; j++)
            before[j] = x->w.at[j];
        advance(x, alpha, 2);
        for (int j = 0; j < N; j++)
            apart = worst(apart, fabs(x->w.at[j] - before[j]));
    }
    return apart;
}

CLAIM(gd_cycle, IDENTITY,
      "If alpha a = 2 the iterates jump for ever between two points, and converge "
      "only from the fixed point itself")
{
    struct world x = build_exact(claim);
    evidence(claim, "change over two steps, exactly",
             at_most(two_steps_apart(&x, 2), 0));
    advance(&x, 2, 1);
    evidence(claim, "distance kept, of the first",
             at_least(norm(x.error) / norm(x.e_0), 1));
    control(claim, "alpha a = 2 - 1/128",
            at_most(two_steps_apart(&x, 2 - 1.0 / 128), 0));

    fill(0, x.e_0);
    evidence(claim, "change from the fixed point", at_most(two_steps_apart(&x, 2), 0));
}

CLAIM(gd_divergence, IDENTITY,
      "If alpha a > 2, and likewise if a < 0, the error grows exponentially, as |1 - "
      "alpha a|^k")
{
    enum { FEW = 40 };
    struct world steep = build_bowl(claim, 2.3, 100);
    double growth = pow(1.3, FEW);
    double limit = drift_of_rounding(&steep, 1, FEW, growth);
    evidence(claim, "gap to the law, alpha a_max = 2.3",
             at_most(gap_to_law(&steep, 1, FEW, one_minus), limit));
    evidence(claim, "growth of the error in 40 steps",
             at_least(norm(steep.error) / norm(steep.e_0), growth / (2 * sqrt(N))));

    vec a = geometric_spectrum(claim_arena(claim), N, 1, 100);
    a.at[N - 1] = -0.3;
    struct world saddle = build(claim, 1, a);
    limit = drift_of_rounding(&saddle, 1, FEW, growth);
    evidence(claim, "gap to the law, alpha a_min = -0.3",
             at_most(gap_to_law(&saddle, 1, FEW, one_minus), limit));

    struct world bowl = build_bowl(claim, 1.9, 19);
    advance(&bowl, 1, FEW);
    control(claim, "growth, though alpha a_max = 1.9",
            at_least(norm(bowl.error) / norm(bowl.e_0), growth / (2 * sqrt(N))));
}

/* ---- No curvature ------------------------------------------------------------------
 */

/* A bowl with the curvature `a_last` along its last axis, and there a slope that the
 * curvature does not account for. */
static struct world build_trough(struct claim *claim, double a_last, double slope)
{
    vec a = geometric_spectrum(claim_arena(claim), N, 1, 10);
    a.at[N - 1] = a_last;
    struct world x = build(claim, 0, a);
    for (int i = 0; i < N; i++)
        x.k.q.b.at[i] += slope * x.k.Q.at[i * N + N - 1];
    return x;
}

/* The largest difference over the run between the last coordinate and a straight line
 * of that slope a step. */
static double gap_to_line(struct world *x, double alpha, double per_step)
{
    double gap = 0;
    restart(x);
    for (int k = 1; k <= STEPS; k++) {
        advance(x, alpha, 1);
        gap = worst(gap, fabs(x->error.at[N - 1] - x->e_0.at[N - 1] - k * per_step));
    }
    return gap;
}

CLAIM(gd_drift, IDENTITY,
      "If a = 0 and b is not, the coordinate moves by the same -alpha b at every "
      "step, for ever")
{
    double alpha = 0.9, slope = 0.5;
    struct world x = build_trough(claim, 0, slope);
    /* The run reaches STEPS alpha slope = 90 from where it began. */
    double limit = drift_of_rounding(&x, alpha, STEPS, 90);
    evidence(claim, "gap to w_0 - alpha k b",
             at_most(gap_to_line(&x, alpha, -alpha * slope), limit));
    struct world bent = build_trough(claim, 0.01, slope);
    control(claim, "the same with a curvature of 0.01",
            at_most(gap_to_line(&bent, alpha, -alpha * slope), limit));
}

CLAIM(gd_frozen, IDENTITY, "If a = 0 and b = 0, the coordinate never moves")
{
    struct world x = build_trough(claim, 0, 0);
    double limit = drift_of_rounding(&x, 0.9, STEPS, 1);
    evidence(claim, "movement along the flat axis",
             at_most(gap_to_line(&x, 0.9, 0), limit));
    struct world tilted = build_trough(claim, 0, 0.01);
    control(claim, "a slope of 0.01 there",
            at_most(gap_to_line(&tilted, 0.9, 0), limit));
    struct world curved = build_trough(claim, 0.01, 0);
    control(claim, "a curvature of 0.01 there",
            at_most(gap_to_line(&curved, 0.9, 0), limit));
}

/* ---- All coordinates at once -------------------------------------------------------
 */

/* P := P P. */
static void square(mat P)
{
    double product[N * N] = {0};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int l = 0; l < N; l++)
                product[i * N + j] += P.at[i * N + l] * P.at[l * N + j];
    for (int i = 0; i < N * N; i++)
        P.at[i] = product[i];
}

/* The largest difference, at k = 1, 2, 4, ..., 256, between w_k and the closed form,
 * with (I - alpha A)^k by squaring and w_inf = w_0 - A^+ (A w_0 + b) from LAPACK. */
static double gap_to_closed_form(struct claim *claim, struct world *x, double alpha)
{
    struct arena *arena = claim_arena(claim);
    vec w_inf = arena_vec(arena, N), from_w_inf = arena_vec(arena, N);
    mat power = arena_mat(arena, N, N);
    double gap = 0;
    restart(x);
    quadratic_gradient(x->k.q, x->w, x->grad);
    route_min_norm(x->k.q.A, x->grad, from_w_inf);
    copy(x->w, w_inf);
    axpy(-1, from_w_inf, w_inf);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            power.at[i * N + j] = (i == j) - alpha * x->k.q.A.at[i * N + j];
    for (int k = 1, done = 0; k <= 256; k *= 2, square(power)) {
        gd_run(x->k.q, alpha, k - done, x->w, x->grad);
        done = k;
        for (int i = 0; i < N; i++) {
            double law = w_inf.at[i];
            for (int j = 0; j < N; j++)
                law += power.at[i * N + j] * from_w_inf.at[j];
            gap = worst(gap, fabs(x->w.at[i] - law));
        }
    }
    return gap;
}

CLAIM(gd_closed_form, IDENTITY,
      "Where b lies in the range of A, w_k = w_inf + (I - alpha A)^k (w_0 - w_inf), "
      "also if A is singular")
{
    struct world x = build_trough(claim, 0, 0);
    /* Squaring doubles the relative error each time, so k steps either way cost k N
     * eps; LAPACK's pseudo-inverse costs N eps times kappa, 10 here. */
    double limit = drift_of_rounding(&x, 1.5, 256 + 10, 1);
    evidence(claim, "gap to the closed form",
             at_most(gap_to_closed_form(claim, &x, 1.5), limit));
    struct world tilted = build_trough(claim, 0, 0.01);
    control(claim, "b not in the range of A",
            at_most(gap_to_closed_form(claim, &tilted, 1.5), limit));
}

/* ---- The cost -----------------------------------------------------------------------
 */

/* least + sum of a_j/2 f(alpha a_j)^k e_j^2, the cost that the spectrum predicts where
 * each step multiplies the share of an eigenvector by f. */
static double predicted_cost(const struct world *x, double alpha, int k,
                             double (*factor)(double alpha_a))
{
    double cost = x->k.least;
    for (int j = 0; j < x->e_0.n; j++) {
        double a = x->k.a.at[j], e = x->e_0.at[j];
        cost += a / 2 * pow(factor(alpha * a), k) * e * e;
    }
    return cost;
}

static double one_minus_squared(double alpha_a)
{
    return (1 - alpha_a) * (1 - alpha_a);
}

static double gap_to_predicted_cost(struct world *x, double alpha,
                                    double (*factor)(double alpha_a))
{
    double gap = 0;
    restart(x);
    for (int k = 0; k <= STEPS; k++) {
        double cost = quadratic_cost(x->k.q, x->w, x->grad);
        gap = worst(gap, fabs(cost - predicted_cost(x, alpha, k, factor)));
        advance(x, alpha, 1);
    }
    return gap;
}

/* The rounding of the cost: that of w, times the size of w and of A (which is 1). */
static double rounding_of_cost(const struct world *x, double alpha)
{
    double size = norm(x->k.w_star) + norm(x->e_0);
    return size * drift_of_rounding(x, alpha, STEPS, 1);
}

CLAIM(gd_loss_modes, IDENTITY,
      "The cost is a constant plus the sum of (a_j / 2) (w_j - w*_j)^2 over the "
      "eigenvectors of positive curvature")
{
    struct rng rng = claim_rng(claim, 1);
    double gap = 0, gap_tilted = 0;
    struct world x = build_trough(claim, 0, 0), tilted = build_trough(claim, 0, 0.01);
    for (int trial = 0; trial < 20; trial++) {
        rng_normals(&rng, 0, 1, x.e_0);
        restart(&x);
        double sum = predicted_cost(&x, 1, 0, one_minus);
        gap = worst(gap, fabs(quadratic_cost(x.k.q, x.w, x.grad) - sum));
        gap_tilted =
            worst(gap_tilted, fabs(quadratic_cost(tilted.k.q, x.w, x.grad) - sum));
    }
    double limit = rounding_of_cost(&x, 1);
    evidence(claim, "cost less the sum of shares", at_most(gap, limit));
    control(claim, "case 2 is there: a = 0, b = 0.01", at_most(gap_tilted, limit));
}

CLAIM(gd_loss_factor, IDENTITY,
      "The share of each eigenvector in the cost falls by the factor (1 - alpha a)^2 "
      "at every step")
{
    struct world x = build_bowl(claim, 1, 100);
    evidence(claim, "gap to the prediction, alpha = 0.9",
             at_most(gap_to_predicted_cost(&x, 0.9, one_minus_squared),
                     rounding_of_cost(&x, 0.9)));
    evidence(claim, "gap to the prediction, alpha = 1.9",
             at_most(gap_to_predicted_cost(&x, 1.9, one_minus_squared),
                     rounding_of_cost(&x, 1.9)));
    control(claim, "the factor not squared",
            at_most(gap_to_predicted_cost(&x, 0.9, one_minus),
                    rounding_of_cost(&x, 0.9)));
}

/* -ln of the factor by which one step along an axis of curvature a lowers the cost. */
static double speed(struct claim *claim, double alpha, double a)
{
    struct arena *arena = claim_arena(claim);
    struct quadratic q = quadratic_make(arena, 1);
    vec w = arena_vec(arena, 1), scratch = arena_vec(arena, 1);
    q.A.at[0] = a;
    w.at[0] = 1;
    double before = quadratic_cost(q, w, scratch);
    gd_step(q, alpha, w, scratch);
    return -log(quadratic_cost(q, w, scratch) / before);
}

CLAIM(gd_speed, BOUND,
      "The speed -ln (1 - alpha a)^2 exceeds 2 alpha a by less than (alpha a)^2 / (1 "
      "- alpha a)")
{
    /* -2 ln(1 - x) - 2x = x^2 + 2x^3/3 + 2x^4/4 + ..., term by term at most
     * x^2 + x^3 + x^4 + ... = x^2 / (1 - x).  At x = 0.01 the two are 0.3 % apart. */
    static const double alpha_a[] = {0.01, 0.03, 0.1, 0.3, 0.9};
    double most = 0, control_most = 0, a = 0.7;
    for (int i = 0; i < 5; i++) {
        double x = alpha_a[i], excess = speed(claim, x / a, a) - 2 * x;
        most = worst(most, excess / (x * x / (1 - x)));
        control_most = worst(control_most, (excess + x) / (x * x / (1 - x)));
    }
    evidence(claim, "excess, of the bound", at_most(most, 1));
    evidence(claim, "the same, at its largest", at_least(most, 0.99));
    control(claim, "the speed of the iterates, alpha a", at_most(control_most, 1));
}

/* The distance after the run, in units of the first. */
static double remaining(struct world *x, double alpha)
{
    restart(x);
    advance(x, alpha, STEPS);
    return norm(x->error) / norm(x->e_0);
}

CLAIM(gd_stable_range, BOUND,
      "Gradient descent converges for every alpha < 2 / a_max, not only for alpha <= "
      "1 / a_max, and for no larger one")
{
    struct world x = build_bowl(claim, 1, 20);
    /* Every mode shrinks by |1 - alpha a| or faster, and the slowest has at least
     * 1 / (2 sqrt N) of the first error. */
    static const double rates[] = {0.9, 1.5, 1.99};
    for (int i = 0; i < 3; i++) {
        double slowest = fmax(fabs(1 - rates[i]), 1 - rates[i] / 20);
        double law = pow(slowest, STEPS), share = remaining(&x, rates[i]) / law;
        double slack = drift_of_rounding(&x, rates[i], STEPS, 1) / (law * norm(x.e_0));
        evidence(claim, "what is left, of slowest^k", at_most(share, 1 + slack));
        evidence(claim, "the same, from below", at_least(share, 0.5 / sqrt(N)));
    }
    evidence(claim, "growth, alpha = 2.1 / a_max",
             at_least(remaining(&x, 2.1), pow(1.1, STEPS) / (2 * sqrt(N))));
    control(claim, "diverges past the slide's 1 / a_max",
            at_least(remaining(&x, 1.5), 1));
}

/* Of 20 rates between low and high, for how many is the smallest curvature not the
 * slowest, judged by what is left of each error after the run? */
static int other_slowest(struct claim *claim, struct world *x, double low, double high)
{
    struct rng rng = claim_rng(claim, 1);
    int count = 0;
    for (int trial = 0; trial < 20; trial++) {
        int slowest = 0;
        restart(x);
        advance(x, low + (high - low) * rng_uniform(&rng), 20);
        for (int j = 0; j < N; j++)
            if (fabs(x->error.at[j] / x->e_0.at[j]) >
                fabs(x->error.at[slowest] / x->e_0.at[slowest]))
                slowest = j;
        count += slowest != N - 1;
    }
    return count;
}

CLAIM(gd_slowest_mode, IDENTITY,
      "The direction of lowest curvature converges slowest as long as alpha < 2 / "
      "(a_max + a_min); beyond that, the steepest one does")
{
    double even = 2 / (1 + 0.1); /* where both ends of the spectrum are as slow */
    struct world x = build_bowl(claim, 1, 10);
    evidence(claim, "exceptions among 20 rates below",
             at_most(other_slowest(claim, &x, 0.01, 0.99 * even), 0));
    evidence(claim, "exceptions among 20 rates beyond",
             at_least(other_slowest(claim, &x, 1.01 * even, 2), 20));
    control(claim, "the slide's sentence, beyond",
            at_most(other_slowest(claim, &x, 1.01 * even, 2), 0));
}

/* A world whose minimum is the origin and whose least cost is 0, so that small costs
 * are known to full relative precision: curvatures 1, 0.8, 0.5 and 1 / kappa. */
static struct world build_at_origin(struct claim *claim, double kappa)
{
    vec a = arena_vec(claim_arena(claim), 4);
    a.at[0] = 1, a.at[1] = 0.8, a.at[2] = 0.5, a.at[3] = 1 / kappa;
    struct world x = build(claim, 0, a);
    fill(0, x.k.w_star);
    fill(0, x.k.q.b);
    x.k.q.c = x.k.least = 0;
    restart(&x);
    return x;
}

/* -ln of the factor by which a step lowers the cost, in the long run: averaged over 20
 * steps after the first 40 kappa. */
static double cost_rate(struct claim *claim, double kappa, double alpha)
{
    enum { AVERAGED = 20 };
    struct world x = build_at_origin(claim, kappa);
    advance(&x, alpha, (int)(40 * kappa));
    double before = quadratic_cost(x.k.q, x.w, x.grad);
    advance(&x, alpha, AVERAGED);
    return log(before / quadratic_cost(x.k.q, x.w, x.grad)) / AVERAGED;
}

/* Each of the 40 kappa steps rounds relative to w, which shrinks with the error; the
 * logarithm of the quotient is divided by 20 steps and by a rate of at least 2 / kappa.
 */
static double rounding_of_rate(double kappa)
{
    return rounding(4 * 40 * kappa, 1) / (20 * 2 / kappa);
}

CLAIM(gd_condition_number, RATE,
      "With alpha = 1 / a_max the cost falls at the rate -2 ln (1 - 1/kappa), about "
      "2/kappa: twice the rate of the iterates, and inversely as the condition number")
{
    enum { KAPPAS = 5 };
    double kappas[KAPPAS], rates[KAPPAS], gap = 0, gap_to_slide = 0;
    for (int i = 0; i < KAPPAS; i++) {
        kappas[i] = pow(10, 1 + 0.5 * i);
        rates[i] = cost_rate(claim, kappas[i], 1);
        gap = worst(gap, fabs(rates[i] + 2 * log(1 - 1 / kappas[i])) / rates[i]);
        gap_to_slide = worst(gap_to_slide, fabs(rates[i] * kappas[i] - 1));
    }
    double limit = rounding_of_rate(kappas[KAPPAS - 1]);
    evidence(claim, "gap to -2 ln (1 - 1/kappa)", at_most(gap, limit));
    /* -kappa ln(1 - 1/kappa) falls from 1.0536 to 1.0005: log10 of it by 0.0225, which
     * bends the slope of five points over two decades by at most 0.6 of that. */
    evidence(claim, "power of kappa in the rate",
             slope_is(fit_power(KAPPAS, kappas, rates), -1, 0.6 * 0.0225, 0.5));
    control(claim, "the slide's 1/kappa for the cost", at_most(gap_to_slide, limit));
    control(claim, "an inverse square root of kappa",
            slope_is(fit_power(KAPPAS, kappas, rates), -0.5, 0.6 * 0.0225, 0.5));
}

CLAIM(gd_best_rate, IDENTITY,
      "The best constant rate is alpha = 2 / (a_max + a_min), and lowers the cost by "
      "((kappa - 1) / (kappa + 1))^2 a step")
{
    static const double kappas[] = {10, 100};
    for (int i = 0; i < 2; i++) {
        double kappa = kappas[i], best = 2 / (1 + 1 / kappa);
        double rate = -2 * log((kappa - 1) / (kappa + 1));
        double limit = rounding_of_rate(kappa);
        evidence(claim, "gap to the predicted rate",
                 at_most(fabs(cost_rate(claim, kappa, best) / rate - 1), limit));
        evidence(claim, "its lead over a rate 1 % smaller",
                 at_least(rate - cost_rate(claim, kappa, 0.99 * best), 0.009 * rate));
        evidence(claim, "its lead over a rate 1 % larger",
                 at_least(rate - cost_rate(claim, kappa, 1.01 * best), 0.009 * rate));
        control(claim, "the rate of alpha = 1 / a_max",
                at_most(fabs(cost_rate(claim, kappa, 1) / rate - 1), limit));
    }
}

/* Cost over the share of the last eigenvector, less 1. */
static double excess_over_slowest(struct world *x)
{
    int last = x->e_0.n - 1;
    double share = x->k.a.at[last] / 2 * pow(x->error.at[last], 2);
    return quadratic_cost(x->k.q, x->w, x->grad) / share - 1;
}

/* For the figure: the cost, what the spectrum predicts, and the share of the slowest
 * eigenvector, as the lecture draws them in blue and red. */
static void record_costs(struct claim *claim)
{
    struct world x = build_at_origin(claim, 50);
    struct series s =
        series_begin(claim, "cost", "k", "cost", "predicted", "slowest", NULL);
    for (int k = 0; k <= 100; k++) {
        to_axes(x.k, x.w, x.error);
        double share = x.k.a.at[3] / 2 * pow(x.error.at[3], 2);
        double cost = quadratic_cost(x.k.q, x.w, x.grad);
        double predicted = predicted_cost(&x, 0.2, k, one_minus_squared);
        series_row(&s, (double[]){k, cost, predicted, share});
        advance(&x, 0.2, 1);
    }
    series_end(&s);
}

CLAIM(gd_slowest_dominates, BOUND,
      "In the end the cost is that of the slowest direction alone: their ratio tends "
      "to 1, no slower than ((1 - alpha a_2) / (1 - alpha a_1))^2k")
{
    double kappa = 20, alpha = 1, most = 0;
    struct world x = build_at_origin(claim, kappa);
    double q = pow((1 - 0.5) / (1 - 1 / kappa), 2);
    to_axes(x.k, x.w, x.error);
    double first = excess_over_slowest(&x), last = first;
    for (int k = 1; k <= 20; k++) {
        advance(&x, alpha, 1);
        last = excess_over_slowest(&x);
        most = worst(most, last / (first * pow(q, k)));
    }
    evidence(claim, "excess, of first excess times q^k", at_most(most, 1));
    /* After a step the share of curvature 0.5 is all that is left beside the slowest;
     * it began with at least 0.5 / (0.5 + 4 (0.8 + 1)) of the excess, errors being 1
     * to 2. */
    evidence(claim, "the same, at its largest", at_least(most, 0.5 / 7.7));
    evidence(claim, "share of the slowest, 20 steps", at_least(1 / (1 + last), 0.999));

    record_costs(claim);
    struct world tie = build_at_origin(claim, 2); /* 0.5 twice: neither dominates */
    advance(&tie, alpha, 20);
    control(claim, "two directions equally slow",
            at_least(1 / (1 + excess_over_slowest(&tie)), 0.999));
}

/* ---- Real data
 * ------------------------------------------------------------------------ */

enum { IMAGES = 1000, PIXELS = 28 * 28, FASHION_STEPS = 200 };

/* The pixels of each image, and a constant. */
static mat with_constant(struct arena *arena, mat X)
{
    mat Phi = arena_mat(arena, X.rows, X.cols + 1);
    for (int i = 0; i < X.rows; i++) {
        copy(row(X, i), part(row(Phi, i), 0, X.cols));
        row(Phi, i).at[X.cols] = 1;
    }
    return Phi;
}

/* What k steps take off the cost, from the spectrum and the first gradient: along an
 * eigenvector a share g^2 / 2a of which (1 - alpha a)^2k is left.  Written so that it
 * stays exact where a tends to 0, and the quotient to alpha k g^2. */
static double predicted_decrease(vec a, vec gradient, double alpha, int k, double bend)
{
    double sum = 0;
    for (int j = 0; j < a.n; j++) {
        double curvature = bend * a.at[j], g = gradient.at[j];
        double gone = -expm1(2 * k * log1p(-alpha * curvature));
        sum += g * g * (curvature == 0 ? alpha * k : gone / (2 * curvature));
    }
    return sum;
}

CLAIM(gd_fashion, IDENTITY,
      "On the pixels of Fashion-MNIST the cost of gradient descent follows, step by "
      "step, the curve predicted from the spectrum of A and the first gradient alone")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    int n = PIXELS + 1;
    mat Q = arena_mat(arena, n, n);
    vec a = arena_vec(arena, n), first = arena_vec(arena, n);
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n);
    vec residual = arena_vec(arena, IMAGES);
    struct quadratic q = quadratic_make(arena, n);
    struct images x = images_first(claim, IMAGES, 1);
    images_signs(x, rng_below(&rng, DATASET_CLASSES)); /* one class, or another */
    mat Phi = with_constant(arena, x.X);
    least_squares(Phi, x.t, &q);
    route_eigen(q.A, a, Q);
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++)
            first.at[j] += Q.at[i * n + j] * q.b.at[i];

    /* Short of 1/a_max, where the law's logarithm has its pole. */
    double alpha = 0.9 / a.at[n - 1], gap = 0, gap_bent = 0;
    struct series s = series_begin(claim, "fashion", "k", "cost", "predicted", NULL);
    for (int k = 0; k <= FASHION_STEPS; k++) {
        double cost = least_squares_cost(Phi, x.t, w, residual);
        double law = 0.5 - predicted_decrease(a, first, alpha, k, 1);
        double bent = 0.5 - predicted_decrease(a, first, alpha, k, 0.99);
        gap = worst(gap, fabs(cost - law));
        gap_bent = worst(gap_bent, fabs(cost - bent));
        series_row(&s, (double[]){k, cost, law});
        gd_step(q, alpha, w, grad);
    }
    series_end(&s);
    /* dsyevd's spectrum is that of a matrix within n eps a_max of A, and alpha times
     * that bends the share of each step by n eps of a cost of 1/2. */
    double limit = rounding(n * FASHION_STEPS, 0.5);
    evidence(claim, "gap to the prediction, 200 steps", at_most(gap, limit));
    control(claim, "a spectrum 1 % too small", at_most(gap_bent, limit));
}

/* ---- Near a minimum, everything is a quadratic --------------------------------------
 */

enum { EXAMPLES = 40, UNKNOWNS = 4 };

/* Logistic regression with weight decay: a smooth cost that is not a quadratic.
 * J(w) = mean of ln(1 + exp(-s_i x_i'w)) + 0.05 ||w||^2, labels s_i = +-1. */
struct logistic {
    mat X;
    vec s;
};

static struct logistic build_logistic(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    struct logistic l = {arena_mat(claim_arena(claim), EXAMPLES, UNKNOWNS),
                         arena_vec(claim_arena(claim), EXAMPLES)};
    rng_normals(&rng, 0, 1, entries(l.X));
    for (int i = 0; i < EXAMPLES; i++)
        l.s.at[i] = rng_below(&rng, 2) == 0 ? 1 : -1;
    return l;
}

/* The gradient and, where H is not empty, the Hessian at w. */
static void logistic_derivatives(struct logistic l, vec w, vec grad, mat H)
{
    for (int j = 0; j < UNKNOWNS; j++)
        grad.at[j] = 0.1 * w.at[j];
    fill(0, entries(H));
    for (int j = 0; j < H.rows; j++)
        H.at[j * UNKNOWNS + j] = 0.1;
    for (int i = 0; i < EXAMPLES; i++) {
        vec x = row(l.X, i);
        double p = 1 / (1 + exp(l.s.at[i] * dot(x, w)));
        axpy(-l.s.at[i] * p / EXAMPLES, x, grad);
        if (H.rows > 0)
            ger(p * (1 - p) / EXAMPLES, x, x, H);
    }
}

/* By Newton's method, which owes nothing to gradient descent. */
static void logistic_optimum(struct arena *arena, struct logistic l, vec w, mat H)
{
    vec grad = arena_vec(arena, UNKNOWNS), step = arena_vec(arena, UNKNOWNS);
    for (int k = 0; k < 20; k++) {
        logistic_derivatives(l, w, grad, H);
        route_solve(H, grad, step);
        axpy(-1, step, w);
    }
    logistic_derivatives(l, w, grad, H);
}

/* From w_star + start, 30 steps of gradient descent on the logistic cost beside 30 on
 * the quadratic with Hessian H: the squared distance at which they end. */
static double parted(struct arena *arena, struct logistic l, vec w_star,
                     struct quadratic q, vec start)
{
    vec w = arena_vec(arena, UNKNOWNS), v = arena_vec(arena, UNKNOWNS);
    vec grad = arena_vec(arena, UNKNOWNS);
    copy(start, v);
    copy(w_star, w);
    axpy(1, start, w);
    for (int k = 0; k < 30; k++) {
        logistic_derivatives(l, w, grad, (mat){0, 0, NULL});
        gd_update(1, grad, w);
        gd_step(q, 1, v, grad);
    }
    axpy(-1, w_star, w);
    axpy(-1, v, w);
    return dot(w, w);
}

/* The same for the Hessian bent * H, together for the starts at a distance delta either
 * way along each axis. */
static double apart_from_quadratic(struct arena *arena, struct logistic l, vec w_star,
                                   mat H, double bent, double delta)
{
    size_t mark = arena->used;
    struct quadratic q = quadratic_make(arena, UNKNOWNS);
    vec start = arena_vec(arena, UNKNOWNS);
    double sum = 0;
    axpy(bent, entries(H), entries(q.A));
    for (int i = 0; i < UNKNOWNS; i++)
        for (int side = -1; side <= 1; side += 2) {
            fill(0, start);
            start.at[i] = side * delta;
            sum += parted(arena, l, w_star, q, start);
        }
    arena->used = mark;
    return sqrt(sum);
}

CLAIM(gd_taylor, RATE,
      "Near a minimum of a smooth cost, gradient descent is that on its second-order "
      "Taylor expansion, up to the square of the distance")
{
    enum { DISTANCES = 7 };
    struct arena *arena = claim_arena(claim);
    struct logistic l = build_logistic(claim);
    vec w_star = arena_vec(arena, UNKNOWNS);
    mat H = arena_mat(arena, UNKNOWNS, UNKNOWNS);
    double delta[DISTANCES], apart[DISTANCES], bent[DISTANCES];
    logistic_optimum(arena, l, w_star, H);
    for (int i = 0; i < DISTANCES; i++) {
        delta[i] = pow(10, -2.5 - 0.25 * i);
        apart[i] = apart_from_quadratic(arena, l, w_star, H, 1, delta[i]);
        bent[i] = apart_from_quadratic(arena, l, w_star, H, 1.01, delta[i]);
    }
    /* The difference is c2 delta^2 + c3 delta^3 + ..., and in the sum of squares over
     * both ways the product of the two cancels.  So the next term is smaller by (r
     * delta)^2, r = c3 / c2, at most 1e-5 r^2, and bends the line by less than 0.1 even
     * if c2 is a hundred times smaller than c3 along every axis at once. */
    evidence(claim, "power of the distance",
             slope_is(fit_power(DISTANCES, delta, apart), 2, 0.1, 1));
    control(claim, "a Hessian 1 % too large",
            slope_is(fit_power(DISTANCES, delta, bent), 2, 0.1, 1));
}

CHAPTER(gradient_descent, &gd_model_system, &gd_fixed_point, &gd_stability,
        &gd_global_optimum, &gd_coordinates, &gd_rate, &gd_cases, &gd_one_step,
        &gd_cycle, &gd_divergence, &gd_drift, &gd_frozen, &gd_closed_form,
        &gd_loss_modes, &gd_loss_factor, &gd_speed, &gd_stable_range, &gd_slowest_mode,
        &gd_condition_number, &gd_best_rate, &gd_slowest_dominates, &gd_fashion,
        &gd_taylor)
