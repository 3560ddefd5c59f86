/* Chapter "What may be assumed without loss of generality": its claims.
 *
 * Most of them run one optimizer twice: on a cost, and on the same cost in other
 * coordinates, from the corresponding start.  Then they map the second run back, and
 * ask how far it ever is from the first.  The map is w = M w~ + t; for a rigid one M =
 * Q. */
#include "invariance.h"
#include "gradient_descent.h"
#include "ground/claim.h"
#include "ground/images.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#include <complex.h>
#include <math.h>

enum { N = 8, STEPS = 25 };

#define KAPPA 10.0
#define PI    3.14159265358979323846

/* ---- Changes of coordinates -------------------------------------------------------
 */

static mat identity(struct claim *claim)
{
    mat M = arena_mat(claim_arena(claim), N, N);
    for (int i = 0; i < N; i++)
        row(M, i).at[i] = 1;
    return M;
}

/* A random rotation, or one followed by a reflection. */
static mat random_rotation(struct claim *claim, bool reflected)
{
    struct rng rng = claim_rng(claim, 1);
    mat M = identity(claim);
    rng_rotation(&rng, claim_arena(claim), M);
    for (int i = 0; i < N && reflected; i++)
        row(M, i).at[0] *= -1;
    return M;
}

/* The planes of axes 0 and 1, 2 and 3, and so on, each turned by the angle. */
static mat turn(struct claim *claim, double angle)
{
    mat M = identity(claim);
    for (int i = 0; i < N; i += 2) {
        row(M, i).at[i] = row(M, i + 1).at[i + 1] = cos(angle);
        row(M, i + 1).at[i] = sin(angle);
        row(M, i).at[i + 1] = -sin(angle);
    }
    return M;
}

/* The axes in another order, some of them turned round. */
static mat signed_permutation(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 1);
    int order[N];
    mat M = arena_mat(claim_arena(claim), N, N);
    rng_permutation(&rng, N, order);
    for (int i = 0; i < N; i++)
        row(M, i).at[order[i]] = rng_below(&rng, 2) == 0 ? 1 : -1;
    return M;
}

static mat sign_flips(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 1);
    mat M = identity(claim);
    for (int i = 0; i < N; i++)
        row(M, i).at[i] = rng_below(&rng, 2) == 0 ? 1 : -1;
    return M;
}

static mat opposite_order(struct claim *claim)
{
    mat M = arena_mat(claim_arena(claim), N, N);
    for (int i = 0; i < N; i++)
        row(M, i).at[N - 1 - i] = 1;
    return M;
}

static mat scaled(mat M, double by)
{
    scale(by, entries(M));
    return M;
}

/* A unit twice as long on every other axis: M is not rigid any more. */
static mat stretched(mat M)
{
    for (int i = 0; i < M.rows; i++)
        for (int j = 0; j < M.cols; j += 2)
            row(M, i).at[j] *= 2;
    return M;
}

static vec nowhere(struct claim *claim) { return arena_vec(claim_arena(claim), N); }

static vec somewhere(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 2);
    vec t = nowhere(claim);
    rng_normals(&rng, 0, 1, t);
    return t;
}

/* w := M w~ + t, by plain sums. */
static void map_back(mat M, vec t, vec w_tilde, vec w)
{
    for (int i = 0; i < w.n; i++) {
        w.at[i] = t.at[i];
        for (int j = 0; j < w_tilde.n; j++)
            w.at[i] += row(M, i).at[j] * w_tilde.at[j];
    }
}

static double distance(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (x.at[i] - y.at[i]) * (x.at[i] - y.at[i]);
    return sqrt(sum);
}

/* ---- One cost in two systems of coordinates ---------------------------------------
 */

struct twin {
    struct solved_quadratic k; /* the cost, with curvatures from 1 to 1 / KAPPA */
    struct quadratic moved;    /* the same as a function of w~                  */
    mat M;
    vec t;
    vec w_0, w_0_moved; /* the start, and where it lies in the other system */
};

/* The start is where the gradient is (1/2, sqrt(3)/2) r in the plane of axes 0 and 1,
 * with r between 2 and 4 in size and of either sign, and so in each other such plane:
 * it points at 60 degrees, and no entry is smaller than 1 or larger than 4. */
static struct twin build(struct claim *claim, mat M, vec t)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec a = geometric_spectrum(arena, N, 1, KAPPA), grad = arena_vec(arena, N);
    vec error = arena_vec(arena, N), from_t = arena_vec(arena, N);
    struct twin x = {solved_quadratic_make(arena, &rng, a),
                     quadratic_make(arena, N),
                     M,
                     t,
                     arena_vec(arena, N),
                     arena_vec(arena, N)};
    for (int i = 0; i < N; i += 2) {
        double r = (2 + 2 * rng_uniform(&rng)) * (rng_below(&rng, 2) == 0 ? 1 : -1);
        grad.at[i] = r / 2;
        grad.at[i + 1] = r * sqrt(3) / 2;
    }
    for (int j = 0; j < N; j++)
        for (int i = 0; i < N; i++)
            error.at[j] += row(x.k.Q, i).at[j] * grad.at[i] / a.at[j];
    from_axes(x.k, error, x.w_0);
    inv_quadratic_rotated((struct rigid){M, t}, x.k.q, arena, &x.moved);
    copy(x.w_0, from_t);
    axpy(-1, t, from_t);
    route_solve(M, from_t, x.w_0_moved);
    return x;
}

enum method { DESCENT, MOMENTUM, SIGN, COORDINATE, ADAGRAD, ADAM };

struct runner {
    enum method method;
    struct momentum momentum;
    struct adagrad adagrad;
    struct adam adam;
    vec grad;
};

static struct runner runner_make(struct arena *arena, enum method method, int n,
                                 double epsilon)
{
    return (struct runner){method, momentum_make(arena, n, 0.5),
                           adagrad_make(arena, n, epsilon),
                           adam_make(arena, n, 0.9, 0.999, epsilon),
                           arena_vec(arena, n)};
}

static void run_step(struct runner *r, struct quadratic q, double alpha, vec w)
{
    quadratic_gradient(q, w, r->grad);
    switch (r->method) {
    case DESCENT:
        gd_update(alpha, r->grad, w);
        break;
    case MOMENTUM:
        momentum_step(&r->momentum, alpha, r->grad, w);
        break;
    case SIGN:
        sign_step(alpha, r->grad, w);
        break;
    case COORDINATE:
        inv_coordinate_sweep(q, w);
        break;
    case ADAGRAD:
        adagrad_step(&r->adagrad, alpha, r->grad, w);
        break;
    case ADAM:
        adam_step(&r->adam, alpha, r->grad, w);
        break;
    }
}

/* The rates at which all are run: 1 / a_max where the rate is one of change.  Where it
 * is a length, it is long enough for signs to change, and else so short that the
 * average of squares in AdaGrad and Adam stays near the first one. */
static double rate_of(enum method method)
{
    return method == ADAGRAD || method == ADAM ? 0.01 : method == SIGN ? 0.3 : 1;
}

/* The largest distance, over the start and so many steps, between the run on q and that
 * on x->moved, mapped back.  The second may have a rate of its own. */
static double apart(struct claim *claim, const struct twin *x, enum method method,
                    double epsilon, double alpha_moved, int steps)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct runner r = runner_make(arena, method, N, epsilon);
    struct runner r_moved = runner_make(arena, method, N, epsilon);
    vec w = arena_vec(arena, N), w_moved = arena_vec(arena, N);
    vec back = arena_vec(arena, N);
    copy(x->w_0, w);
    copy(x->w_0_moved, w_moved);
    map_back(x->M, x->t, w_moved, back);
    double most = distance(back, w);
    for (int k = 0; k < steps; k++) {
        run_step(&r, x->k.q, rate_of(method), w);
        run_step(&r_moved, x->moved, alpha_moved, w_moved);
        map_back(x->M, x->t, w_moved, back);
        most = worst(most, distance(back, w));
    }
    arena->used = mark;
    return most;
}

static double apart_as_usual(struct claim *claim, const struct twin *x,
                             enum method method)
{
    return apart(claim, x, method, 1e-8, rate_of(method), STEPS);
}

/* How much a method may magnify what rounding puts into a run, each disturbance being
 * answered by at most so many times itself.  With alpha <= 2 / a_max descent does not
 * magnify; a sweep does not in the norm of A, which is within sqrt(kappa) of ours.
 * Momentum answers by sums of r_1^i r_2^(k-i), where r_1 r_2 = beta = 1/2 and both are
 * within the unit circle: at most 1 / (1 - sqrt(beta)).  Signs do not answer, unless a
 * gradient is within rounding of 0, which happens once in 1e10 runs.  Adam divides by
 * the root of an average of squares, in which the first, >= 1, weighs at least 0.039;
 * the change of direction with a gradient is, by Cauchy and Schwarz, at most (1 + 1.15)
 * / sqrt(0.039) < 11.  AdaGrad's is at most 1 + sqrt(STEPS) = 6. */
static double magnified(enum method method)
{
    switch (method) {
    case MOMENTUM:
        return 1 / (1 - sqrt(0.5));
    case COORDINATE:
        return sqrt(KAPPA);
    case ADAGRAD:
    case ADAM:
        return pow(1 + 11 * rate_of(method), STEPS);
    default:
        return 1;
    }
}

/* What rounding may put between the two runs: each step, here and there, sums N
 * products of numbers as large as the start, the minimum and the translation. */
static double drift_of_rounding(const struct twin *x, enum method method)
{
    double size = norm(x->k.w_star) + norm(x->w_0) + norm(x->t);
    return magnified(method) * rounding(2 * N * STEPS, size);
}

/* ---- Rigid maps -------------------------------------------------------------------
 */

/* Q'(w - t), or as the slide prints it: of the start, whatever w. */
static void map_to(const struct twin *x, bool as_printed, vec w, vec w_tilde)
{
    inv_to_rotated((struct rigid){x->M, x->t}, as_printed ? x->w_0 : w, w_tilde);
}

/* The largest distance, over ten random points, by which T and back again misses. */
static double round_trip(struct claim *claim, const struct twin *x, bool as_printed)
{
    struct rng rng = claim_rng(claim, 3);
    vec w = nowhere(claim), w_tilde = nowhere(claim), back = nowhere(claim);
    double most = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w);
        map_to(x, as_printed, w, w_tilde);
        inv_from_rotated((struct rigid){x->M, x->t}, w_tilde, back);
        most = worst(most, distance(back, w));
    }
    return most;
}

/* The largest distance, over ten random points, from LAPACK's solution of Q w~ = w - t.
 */
static double gap_to_solution(struct claim *claim, const struct twin *x)
{
    struct rng rng = claim_rng(claim, 3);
    vec w = nowhere(claim), w_tilde = nowhere(claim), solution = nowhere(claim);
    double most = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w);
        map_to(x, false, w, w_tilde);
        axpy(-1, x->t, w);
        route_solve(x->M, w, solution);
        most = worst(most, distance(solution, w_tilde));
    }
    return most;
}

CLAIM(inv_rigid_map, IDENTITY,
      "T(w) = Q'(w - t) is undone by Q w~ + t")
{
    struct twin x = build(claim, random_rotation(claim, true), somewhere(claim));
    struct twin bent = build(claim, stretched(identity(claim)), somewhere(claim));
    double limit = rounding(2 * N, sqrt(N) + norm(x.t) + norm(x.w_0));
    evidence(claim, "T and back, largest miss",
             at_most(round_trip(claim, &x, false), limit));
    evidence(claim, "gap to LAPACK's inverse of Q",
             at_most(gap_to_solution(claim, &x), limit));
    control(claim, "the slide's T, with w^(0)",
            at_most(round_trip(claim, &x, true), limit));
    control(claim, "Q not orthogonal", at_most(round_trip(claim, &bent, false), limit));
}

/* The largest |J~(w~) - J(M w~ + t)| over ten points; or without t. */
static double gap_of_costs(struct claim *claim, const struct twin *x, vec t)
{
    struct rng rng = claim_rng(claim, 3);
    vec w = nowhere(claim), w_tilde = nowhere(claim), scratch = nowhere(claim);
    double most = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w_tilde);
        map_back(x->M, t, w_tilde, w);
        most = worst(most, fabs(quadratic_cost(x->moved, w_tilde, scratch) -
                                quadratic_cost(x->k.q, w, scratch)));
    }
    return most;
}

CLAIM(inv_cost, IDENTITY,
      "In new coordinates w = Q w~ + t a quadratic is one again")
{
    struct twin x = build(claim, random_rotation(claim, true), somewhere(claim));
    struct twin bent = build(claim, stretched(random_rotation(claim, false)), x.t);
    /* Three products of N terms; a point is at most 10 sqrt(N) from t after stretching,
     * ten normals being no larger than 10, and A is no larger than 1. */
    double size = pow(10 * sqrt(N) + norm(x.t) + norm(x.k.w_star), 2);
    double limit = rounding(3 * N, size);
    evidence(claim, "J~(w~) - J(w), largest of ten",
             at_most(gap_of_costs(claim, &x, x.t), limit));
    evidence(claim, "the same, any invertible Q",
             at_most(gap_of_costs(claim, &bent, x.t), limit));
    control(claim, "the translation forgotten",
            at_most(gap_of_costs(claim, &x, nowhere(claim)), limit));
}

/* ---- A cost that is not a quadratic -----------------------------------------------
 */

enum { EXAMPLES = 4 * N };

/* J(w) = mean of z_i^2 / 2 + ln cosh z_i, where z = X w - s.  X is four rotations, one
 * below the other and sqrt(N) times as large, so that X'X / EXAMPLES = I; the second
 * derivative in z is between 1 and 2, and so are the curvatures of J, everywhere. */
struct smooth {
    mat X;
    vec s;
};

static struct smooth build_smooth(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    struct smooth c = {arena_mat(arena, EXAMPLES, N), arena_vec(arena, EXAMPLES)};
    for (int from = 0; from < EXAMPLES; from += N)
        rng_rotation(&rng, arena, row_block(c.X, from, N));
    scale(sqrt(N), entries(c.X));
    rng_normals(&rng, 0, 1, c.s);
    return c;
}

/* The same cost as a function of w~: z = X (M w~ + t) - s = (XM) w~ - (s - X t). */
static struct smooth smooth_moved(struct claim *claim, struct smooth c, mat M, vec t)
{
    struct arena *arena = claim_arena(claim);
    struct smooth moved = {arena_mat(arena, EXAMPLES, N), arena_vec(arena, EXAMPLES)};
    gemm(1, AS_IS, c.X, AS_IS, M, 0, moved.X);
    copy(c.s, moved.s);
    gemv(-1, c.X, t, 1, moved.s);
    return moved;
}

/* The gradient and, where H is not empty, the Hessian at w. */
static void smooth_derivatives(struct smooth c, vec w, vec grad, mat H)
{
    fill(0, grad);
    fill(0, entries(H));
    for (int i = 0; i < EXAMPLES; i++) {
        vec x = row(c.X, i);
        double z = dot(x, w) - c.s.at[i];
        axpy((z + tanh(z)) / EXAMPLES, x, grad);
        if (H.rows > 0)
            ger((1 + pow(cosh(z), -2)) / EXAMPLES, x, x, H);
    }
}

/* d J(M w~ + t) / d w~_j as Im J(M (w~ + i h e_j) + t) / h, which subtracts nothing:
 * the cost is all it knows of.  [Squire, Trapp 1998] */
static void gradient_by_complex_step(struct smooth c, mat M, vec t, vec w_tilde,
                                     vec grad)
{
    const double h = 1e-30;
    for (int j = 0; j < N; j++) {
        double complex w[N], cost = 0;
        for (int i = 0; i < N; i++) {
            w[i] = t.at[i] + I * h * row(M, i).at[j];
            for (int l = 0; l < N; l++)
                w[i] += row(M, i).at[l] * w_tilde.at[l];
        }
        for (int e = 0; e < EXAMPLES; e++) {
            double complex z = -c.s.at[e];
            for (int i = 0; i < N; i++)
                z += row(c.X, e).at[i] * w[i];
            cost += z * z / 2 + clog(ccosh(z));
        }
        grad.at[j] = cimag(cost) / h / EXAMPLES;
    }
}

/* The distance, at a random point, of grad J~ from M' grad J or from M^-1 grad J. */
static double gap_to_gradient(struct claim *claim, mat M, bool inverse)
{
    struct rng rng = claim_rng(claim, 3);
    struct smooth c = build_smooth(claim);
    vec w = nowhere(claim), w_tilde = nowhere(claim), t = somewhere(claim);
    vec grad = nowhere(claim), grad_tilde = nowhere(claim), mapped = nowhere(claim);
    rng_normals(&rng, 0, 1, w_tilde);
    map_back(M, t, w_tilde, w);
    gradient_by_complex_step(c, M, t, w_tilde, grad_tilde);
    smooth_derivatives(c, w, grad, (mat){0, 0, NULL});
    if (inverse)
        route_solve(M, grad, mapped);
    else
        for (int j = 0; j < N; j++)
            for (int i = 0; i < N; i++)
                mapped.at[j] += row(M, i).at[j] * grad.at[i];
    return distance(mapped, grad_tilde);
}

CLAIM(inv_gradient, IDENTITY,
      "Points transform by M^-1 and gradients by M': for a rotation, the same")
{
    mat Q = random_rotation(claim, true), bent = stretched(identity(claim));
    /* Sums over N, then EXAMPLES; |z| <= sqrt(N) |w| + |s| with normals all below 10.
     */
    double limit = rounding(N * EXAMPLES, 2 * (2 * sqrt(N) * 20 * sqrt(N) + 10));
    evidence(claim, "rotation, gap to the inverse",
             at_most(gap_to_gradient(claim, Q, true), limit));
    evidence(claim, "rotation, gap to the transpose",
             at_most(gap_to_gradient(claim, Q, false), limit));
    evidence(claim, "a stretch, gap to the transpose",
             at_most(gap_to_gradient(claim, bent, false), limit));
    control(claim, "a stretch, gap to the inverse",
            at_most(gap_to_gradient(claim, bent, true), limit));
}

/* ---- Invariant ----------------------------------------------------------------------
 */

/* The largest distance, over the start and the steps of gradient descent, between w~_k
 * and T(w_k). */
static double gap_to_map(struct claim *claim, const struct twin *x, bool as_printed)
{
    vec w = nowhere(claim), w_moved = nowhere(claim), grad = nowhere(claim);
    vec mapped = nowhere(claim);
    copy(x->w_0, w);
    inv_to_rotated((struct rigid){x->M, x->t}, w, w_moved);
    double most = 0;
    for (int k = 0; k < STEPS; k++) {
        gd_step(x->k.q, 1, w, grad);
        gd_step(x->moved, 1, w_moved, grad);
        map_to(x, as_printed, w, mapped);
        most = worst(most, distance(mapped, w_moved));
    }
    return most;
}

CLAIM(inv_rotation, IDENTITY,
      "Gradient descent commutes with rotations, reflections and translations")
{
    vec t = somewhere(claim);
    struct twin turned = build(claim, random_rotation(claim, false), t);
    struct twin mirrored = build(claim, random_rotation(claim, true), t);
    struct twin bent = build(claim, stretched(random_rotation(claim, false)), t);
    double limit = drift_of_rounding(&turned, DESCENT);
    evidence(claim, "w~_k - T(w_k), a rotation",
             at_most(gap_to_map(claim, &turned, false), limit));
    evidence(claim, "the same, with a reflection",
             at_most(gap_to_map(claim, &mirrored, false), limit));
    evidence(claim, "mapped back, from LAPACK's start",
             at_most(apart_as_usual(claim, &mirrored, DESCENT), limit));
    control(claim, "the slide's T, with w^(0)",
            at_most(gap_to_map(claim, &turned, true), limit));
    control(claim, "half of the axes stretched",
            at_most(apart_as_usual(claim, &bent, DESCENT), limit));
    copy(turned.w_0, turned.w_0_moved);
    control(claim, "w~_0 = w_0, not T(w_0)",
            at_most(apart_as_usual(claim, &turned, DESCENT), limit));
}

/* The same for 25 steps on the smooth cost, by gradient descent. */
static double apart_on_smooth(struct claim *claim, mat M)
{
    struct rng rng = claim_rng(claim, 3);
    vec t = somewhere(claim), w = nowhere(claim), w_moved = nowhere(claim);
    vec grad = nowhere(claim), back = nowhere(claim);
    struct smooth c = build_smooth(claim), moved = smooth_moved(claim, c, M, t);
    double most = 0;
    rng_normals(&rng, 0, 1, w_moved);
    map_back(M, t, w_moved, w);
    for (int k = 0; k < STEPS; k++) {
        smooth_derivatives(c, w, grad, (mat){0, 0, NULL});
        gd_update(0.5, grad, w);
        smooth_derivatives(moved, w_moved, grad, (mat){0, 0, NULL});
        gd_update(0.5, grad, w_moved);
        map_back(M, t, w_moved, back);
        most = worst(most, distance(back, w));
    }
    return most;
}

CLAIM(inv_any_cost, IDENTITY,
      "The same holds for a cost that is not quadratic")
{
    /* A step of rate 1/2 contracts by 1/2, the curvatures being 1 to 2, so that all
     * rounding adds up to that of two steps. */
    double size = 2 * (2 * sqrt(N) * 20 * sqrt(N) + 10);
    double limit = 2 * rounding(N * EXAMPLES, size);
    evidence(claim, "distance of the two runs",
             at_most(apart_on_smooth(claim, random_rotation(claim, true)), limit));
    control(claim, "half of the axes stretched",
            at_most(apart_on_smooth(claim, stretched(random_rotation(claim, true))),
                    limit));
}

/* The largest distance, over the steps of momentum, between v and M v~. */
static double gap_of_velocities(struct claim *claim, const struct twin *x)
{
    struct arena *arena = claim_arena(claim);
    struct runner r = runner_make(arena, MOMENTUM, N, 0);
    struct runner r_moved = runner_make(arena, MOMENTUM, N, 0);
    vec w = nowhere(claim), w_moved = nowhere(claim), back = nowhere(claim);
    vec untranslated = nowhere(claim);
    double most = 0;
    copy(x->w_0, w);
    copy(x->w_0_moved, w_moved);
    for (int k = 0; k < STEPS; k++) {
        run_step(&r, x->k.q, rate_of(MOMENTUM), w);
        run_step(&r_moved, x->moved, rate_of(MOMENTUM), w_moved);
        map_back(x->M, untranslated, r_moved.momentum.v, back);
        most = worst(most, distance(back, r.momentum.v));
    }
    return most;
}

CLAIM(inv_momentum, IDENTITY,
      "Momentum commutes with rigid maps, its velocity turned but not translated")
{
    struct twin x = build(claim, random_rotation(claim, true), somewhere(claim));
    struct twin bent = build(claim, stretched(random_rotation(claim, false)), x.t);
    double limit = drift_of_rounding(&x, MOMENTUM);
    evidence(claim, "distance of the two runs",
             at_most(apart_as_usual(claim, &x, MOMENTUM), limit));
    /* At the rate 1, a velocity is the difference of two points. */
    evidence(claim, "v - Q v~", at_most(gap_of_velocities(claim, &x), 2 * limit));
    control(claim, "half of the axes stretched",
            at_most(apart_as_usual(claim, &bent, MOMENTUM), limit));
    control(claim, "the same: v - Q v~",
            at_most(gap_of_velocities(claim, &bent), 2 * limit));
}

CLAIM(inv_units, IDENTITY,
      "With weights in units s times as large, the rate is alpha / s^2, Adam's / s")
{
    double s = 3;
    struct twin x =
        build(claim, scaled(random_rotation(claim, true), s), somewhere(claim));
    struct twin axes = build(claim, scaled(identity(claim), s), x.t);
    double limit = drift_of_rounding(&x, DESCENT);
    double limit_adam = drift_of_rounding(&axes, ADAM);
    evidence(claim, "gradient descent, at alpha / s^2",
             at_most(apart(claim, &x, DESCENT, 0, 1 / (s * s), STEPS), limit));
    evidence(claim, "Adam, at alpha / s",
             at_most(apart(claim, &axes, ADAM, 0, rate_of(ADAM) / s, STEPS),
                     limit_adam));
    control(claim, "gradient descent, at alpha / s",
            at_most(apart(claim, &x, DESCENT, 0, 1 / s, STEPS), limit));
    control(claim, "Adam, at alpha / s^2",
            at_most(apart(claim, &axes, ADAM, 0, rate_of(ADAM) / (s * s), STEPS),
                    limit_adam));
}

/* Six damped Newton steps on the smooth cost in both coordinates, and how far rounding
 * in one of them may have been magnified by the end.  With p = H^-1 grad, a step of
 * half of p changes by at most 1/2 + 0.77/2 max |x_i'p|: H is at least I, its
 * derivative along p at most max |x_i'p| times 0.77, the largest |d sech^2 z / dz|. */
static double newton_apart(struct claim *claim, mat M, bool newton,
                           double *magnified_by)
{
    struct rng rng = claim_rng(claim, 3);
    vec t = somewhere(claim), w = nowhere(claim), w_moved = nowhere(claim);
    vec grad = nowhere(claim), p = nowhere(claim), back = nowhere(claim);
    mat H = identity(claim);
    struct smooth c = build_smooth(claim), moved = smooth_moved(claim, c, M, t);
    double most = 0;
    *magnified_by = 1;
    rng_normals(&rng, 0, 1, w_moved);
    map_back(M, t, w_moved, w);
    for (int k = 0; k < 6; k++) {
        smooth_derivatives(c, w, grad, H);
        route_solve(H, grad, p);
        double reach = sqrt(N) * norm(p);
        *magnified_by *= fmax(1, 0.5 + 0.77 / 2 * reach);
        gd_update(0.5, newton ? p : grad, w);
        smooth_derivatives(moved, w_moved, grad, H);
        route_solve(H, grad, p);
        gd_update(0.5, newton ? p : grad, w_moved);
        map_back(M, t, w_moved, back);
        most = worst(most, distance(back, w));
    }
    return most;
}

CLAIM(inv_newton, IDENTITY,
      "Newton's method commutes with every invertible affine map")
{
    /* M = Q diag(1, ..., 1/4) Q_2: far from rigid, but not from invertible. */
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 4);
    mat Q = random_rotation(claim, true), Q_2 = identity(claim), M = identity(claim);
    double kappa = 4;
    vec stretch = geometric_spectrum(arena, N, 1, kappa);
    rng_rotation(&rng, arena, Q_2);
    for (int i = 0; i < N; i++)
        scale(stretch.at[i], row(Q_2, i));
    gemm(1, AS_IS, Q, AS_IS, Q_2, 0, M);

    double magnified_by, of_descent;
    double gap = newton_apart(claim, M, true, &magnified_by);
    /* M'HM has a condition number of at most 2 kappa^2, and M may lengthen what is
     * wrong with its solution kappa times, relative to a right one. */
    double size = sqrt(N) * 20 * sqrt(N);
    double limit =
        magnified_by * rounding(6 * (N + EXAMPLES), 2 * pow(kappa, 3) * size);
    evidence(claim, "Newton, distance of the runs", at_most(gap, limit));
    control(claim, "gradient descent, the same map",
            at_most(newton_apart(claim, M, false, &of_descent), limit));
}

/* ---- Not invariant ------------------------------------------------------------------
 */

CLAIM(inv_translation, IDENTITY,
      "Sign and coordinate descent, AdaGrad and Adam commute with translations")
{
    static const struct {
        enum method method;
        const char *what, *turned;
    } methods[] = {{SIGN, "sign descent, distance of runs",
                    "sign descent, turned by 30 degrees"},
                   {COORDINATE, "coordinate descent", "coordinate descent, turned"},
                   {ADAGRAD, "AdaGrad", "AdaGrad, turned"},
                   {ADAM, "Adam", "Adam, turned"}};
    struct twin x = build(claim, identity(claim), somewhere(claim));
    struct twin turned = build(claim, turn(claim, PI / 6), x.t);
    for (int i = 0; i < 4; i++) {
        enum method method = methods[i].method;
        evidence(claim, methods[i].what,
                 at_most(apart_as_usual(claim, &x, method),
                         drift_of_rounding(&x, method)));
        control(claim, methods[i].turned,
                at_most(apart_as_usual(claim, &turned, method),
                        drift_of_rounding(&turned, method)));
    }
}

CLAIM(inv_no_rotation, IDENTITY,
      "Sign descent, AdaGrad and Adam do not commute with rotations")
{
    /* In each plane the gradient points at 60 degrees, seen from the new axes at 30,
     * and all three go along the diagonal between their axes.  AdaGrad and Adam
     * divide the gradient by its own size, and epsilon = 0 keeps them from adding to
     * it. */
    struct twin x = build(claim, turn(claim, PI / 6), somewhere(claim));
    double per_rate = 2 * sqrt(N) * (sqrt(6) - sqrt(2)) / 4;
    static const enum method methods[] = {SIGN, ADAGRAD, ADAM};
    static const char *const names[] = {"sign descent, distance less law", "AdaGrad",
                                        "Adam"};
    double limit = drift_of_rounding(&x, SIGN);
    for (int i = 0; i < 3; i++) {
        double gap = apart(claim, &x, methods[i], 0, rate_of(methods[i]), 1);
        double law = per_rate * rate_of(methods[i]);
        evidence(claim, names[i], at_most(fabs(gap - law), limit));
    }
    struct twin quarter = build(claim, turn(claim, PI / 2), x.t);
    control(claim, "sign descent, a quarter turn",
            at_most(fabs(apart(claim, &quarter, SIGN, 0, rate_of(SIGN), 1) -
                         per_rate * rate_of(SIGN)),
                    limit));
    control(claim, "gradient descent, 30 degrees",
            at_most(fabs(apart(claim, &x, DESCENT, 0, rate_of(DESCENT), 1) -
                         per_rate * rate_of(DESCENT)),
                    limit));
}

CLAIM(inv_signed_permutations, IDENTITY,
      "Sign descent, AdaGrad and Adam commute with signed permutations")
{
    struct twin x = build(claim, signed_permutation(claim), somewhere(claim));
    struct twin flipped = build(claim, sign_flips(claim), x.t);
    struct twin reversed = build(claim, opposite_order(claim), x.t);
    struct twin turned = build(claim, turn(claim, PI / 6), x.t);
    evidence(claim, "sign descent, distance of runs",
             at_most(apart_as_usual(claim, &x, SIGN), drift_of_rounding(&x, SIGN)));
    evidence(claim, "AdaGrad",
             at_most(apart_as_usual(claim, &x, ADAGRAD),
                     drift_of_rounding(&x, ADAGRAD)));
    evidence(claim, "Adam",
             at_most(apart_as_usual(claim, &x, ADAM), drift_of_rounding(&x, ADAM)));
    evidence(claim, "coordinate descent, signs only",
             at_most(apart_as_usual(claim, &flipped, COORDINATE),
                     drift_of_rounding(&flipped, COORDINATE)));
    control(claim, "coordinate descent, backwards",
            at_most(apart_as_usual(claim, &reversed, COORDINATE),
                    drift_of_rounding(&reversed, COORDINATE)));
    control(claim, "Adam, turned by 30 degrees",
            at_most(apart_as_usual(claim, &turned, ADAM),
                    drift_of_rounding(&turned, ADAM)));
}

/* The same cost in another currency: J~ = by * J. */
static struct twin build_scaled(struct claim *claim, double by)
{
    struct twin x = build(claim, identity(claim), nowhere(claim));
    copy(x.w_0, x.w_0_moved);
    copy(entries(x.k.q.A), entries(x.moved.A));
    copy(x.k.q.b, x.moved.b);
    scale(by, entries(x.moved.A));
    scale(by, x.moved.b);
    return x;
}

CLAIM(inv_cost_scale, IDENTITY,
      "With epsilon = 0 AdaGrad and Adam do not notice the scale of the cost")
{
    struct twin x = build_scaled(claim, 1024), odd = build_scaled(claim, 1000);
    static const enum method methods[] = {ADAGRAD, ADAM, SIGN, COORDINATE};
    static const char *const names[][2] = {
        {"AdaGrad, 1024 J, exactly", "AdaGrad, 1000 J"},
        {"Adam, 1024 J, exactly", "Adam, 1000 J"},
        {"sign descent, 1024 J, exactly", "sign descent, 1000 J"},
        {"coordinate descent, 1024 J", "coordinate descent, 1000 J"}};
    for (int i = 0; i < 4; i++) {
        double alpha = rate_of(methods[i]);
        evidence(claim, names[i][0],
                 at_most(apart(claim, &x, methods[i], 0, alpha, STEPS), 0));
        evidence(claim, names[i][1],
                 at_most(apart(claim, &odd, methods[i], 0, alpha, STEPS),
                         drift_of_rounding(&odd, methods[i])));
    }
    for (int i = 0; i < 2; i++)
        control(claim, i == 0 ? "AdaGrad, epsilon = 0.1" : "Adam, epsilon = 0.1",
                at_most(apart(claim, &odd, methods[i], 0.1, rate_of(methods[i]), STEPS),
                        drift_of_rounding(&odd, methods[i])));
    control(claim, "gradient descent",
            at_most(apart(claim, &odd, DESCENT, 0, 1, STEPS),
                    drift_of_rounding(&odd, DESCENT)));
}

/* ---- Without loss of generality
 * ------------------------------------------------------ */

/* The same cost along LAPACK's eigenvectors: a diagonal A~ and nothing else. */
static struct twin build_diagonal(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    vec values = arena_vec(arena, N);
    mat Q = identity(claim);
    struct twin x = build(claim, identity(claim), nowhere(claim));
    route_eigen(x.k.q.A, values, Q);
    x.M = Q;
    fill(0, entries(x.moved.A));
    for (int j = 0; j < N; j++) {
        row(x.moved.A, j).at[j] = values.at[j];
        x.moved.b.at[j] = x.w_0_moved.at[j] = 0;
        for (int i = 0; i < N; i++) {
            x.moved.b.at[j] += row(Q, i).at[j] * x.k.q.b.at[i];
            x.w_0_moved.at[j] += row(Q, i).at[j] * x.w_0.at[i];
        }
    }
    return x;
}

CLAIM(inv_diagonal, IDENTITY,
      "For descent and momentum A may be taken diagonal; for Adam it may not")
{
    struct twin x = build_diagonal(claim);
    /* LAPACK's A~ is that of a matrix within N eps of A, as if every step rounded more.
     */
    evidence(claim, "descent, diagonal A, turned back",
             at_most(apart_as_usual(claim, &x, DESCENT),
                     2 * drift_of_rounding(&x, DESCENT)));
    evidence(claim, "momentum, diagonal A, turned back",
             at_most(apart_as_usual(claim, &x, MOMENTUM),
                     2 * drift_of_rounding(&x, MOMENTUM)));
    control(claim, "Adam, diagonal A",
            at_most(apart_as_usual(claim, &x, ADAM), 2 * drift_of_rounding(&x, ADAM)));
    control(claim, "coordinate descent, diagonal A",
            at_most(apart_as_usual(claim, &x, COORDINATE),
                    2 * drift_of_rounding(&x, COORDINATE)));
}

/* Curvatures 1 and 1/10 in every plane of two axes, which are turned by the angle. */
static struct twin build_planes(struct claim *claim, double angle)
{
    struct twin x = build(claim, turn(claim, angle), nowhere(claim));
    struct quadratic flat = quadratic_make(claim_arena(claim), N);
    for (int i = 0; i < N; i++)
        row(flat.A, i).at[i] = i % 2 == 0 ? 1 : 0.1;
    axpy(-1, x.k.w_star, flat.b);
    for (int i = 1; i < N; i += 2)
        flat.b.at[i] *= 0.1;
    x.k.q = flat;
    inv_quadratic_rotated((struct rigid){x.M, x.t}, flat, claim_arena(claim), &x.moved);
    return x;
}

/* The largest distance, after each of so many sweeps in the turned coordinates, between
 * the error in a plane and (-A_12 / A_11, 1) times the second error before the sweeps
 * times rho^(k - 1) or rho^k, where rho = A_12^2 / (A_11 A_22). */
static double gap_to_sweeps(struct claim *claim, const struct twin *x, double angle,
                            int sweeps)
{
    vec w = nowhere(claim), first = nowhere(claim), least = nowhere(claim);
    double c = cos(angle), s = sin(angle), gap = 0;
    double A_11 = c * c + 0.1 * s * s, A_22 = s * s + 0.1 * c * c, A_12 = -0.9 * c * s;
    double rho = A_12 * A_12 / (A_11 * A_22);
    route_solve(x->M, x->k.w_star, least);
    copy(x->w_0_moved, w);
    copy(w, first);
    axpy(-1, least, first);
    for (int k = 1; k <= sweeps; k++) {
        inv_coordinate_sweep(x->moved, w);
        for (int i = 0; i < N; i += 2) {
            double e_2 = pow(rho, k - 1) * first.at[i + 1];
            gap = worst(gap, fabs(w.at[i] - least.at[i] + A_12 / A_11 * e_2));
            gap = worst(gap, fabs(w.at[i + 1] - least.at[i + 1] - rho * e_2));
        }
    }
    return gap;
}

CLAIM(inv_sweep, IDENTITY,
      "Each sweep of coordinate descent leaves A_12^2 / (A_11 A_22) of the error")
{
    struct twin straight = build_planes(claim, 0), turned = build_planes(claim, PI / 6);
    double limit = drift_of_rounding(&turned, COORDINATE);
    evidence(claim, "diagonal, error after one sweep",
             at_most(gap_to_sweeps(claim, &straight, 0, 1), limit));
    evidence(claim, "turned by 30 degrees, gap to law",
             at_most(gap_to_sweeps(claim, &turned, PI / 6, STEPS), limit));
    control(claim, "turned, but A taken as diagonal",
            at_most(gap_to_sweeps(claim, &turned, 0, 1), limit));
}

/* ---- Two matrices -------------------------------------------------------------------
 */

/* Symmetric A and B whose eigenvectors differ by an angle in each of n / 2 planes; the
 * eigenvalues of the two are a and b, and none of it shows along the axes. */
struct couple {
    mat A, B;
};

static mat with_axes(struct arena *arena, mat Q, vec a)
{
    mat A = arena_mat(arena, a.n, a.n);
    for (int i = 0; i < a.n; i++)
        for (int l = 0; l < a.n; l++)
            for (int j = 0; j < a.n; j++)
                row(A, i).at[l] += row(Q, i).at[j] * a.at[j] * row(Q, l).at[j];
    return A;
}

static struct couple build_couple(struct claim *claim, vec a, vec b, double angle)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Q = arena_mat(arena, a.n, a.n), R = arena_mat(arena, a.n, a.n);
    rng_rotation(&rng, arena, Q);
    for (int i = 0; i < a.n; i++)
        for (int j = 0; j < a.n; j += 2) {
            double x = row(Q, i).at[j], y = row(Q, i).at[j + 1];
            row(R, i).at[j] = cos(angle) * x + sin(angle) * y;
            row(R, i).at[j + 1] = cos(angle) * y - sin(angle) * x;
        }
    return (struct couple){with_axes(arena, Q, a), with_axes(arena, R, b)};
}

/* The same after a change of coordinates: M'AM and M'BM. */
static struct couple transformed(struct claim *claim, struct couple c, mat M)
{
    struct arena *arena = claim_arena(claim);
    int n = M.rows;
    struct quadratic q = quadratic_make(arena, n), A = quadratic_make(arena, n);
    struct quadratic B = quadratic_make(arena, n);
    struct rigid T = {M, arena_vec(arena, n)};
    q.A = c.A;
    inv_quadratic_rotated(T, q, arena, &A);
    q.A = c.B;
    inv_quadratic_rotated(T, q, arena, &B);
    return (struct couple){A.A, B.A};
}

/* The root of the sum of squares of all that is off the diagonals. */
static double mass(struct couple c)
{
    double sum = 0;
    for (int i = 0; i < c.A.rows; i++)
        for (int j = 0; j < c.A.rows; j++)
            if (i != j)
                sum += pow(row(c.A, i).at[j], 2) + pow(row(c.B, i).at[j], 2);
    return sqrt(sum);
}

/* ||AB - BA|| / sqrt(spread(A)^2 + spread(B)^2), which no rotation takes the mass
 * below. */
static double least_mass_allowed(struct couple c, vec a, vec b)
{
    double sum = 0;
    for (int i = 0; i < a.n; i++)
        for (int l = 0; l < a.n; l++) {
            double entry = 0;
            for (int j = 0; j < a.n; j++)
                entry += row(c.A, i).at[j] * row(c.B, j).at[l] -
                         row(c.B, i).at[j] * row(c.A, j).at[l];
            sum += entry * entry;
        }
    double spread_a = a.at[0] - a.at[a.n - 1], spread_b = b.at[0] - b.at[b.n - 1];
    return sqrt(sum) / hypot(spread_a, spread_b);
}

/* A := J'AJ, where J turns the plane of axes p and q by the angle. */
static void turn_plane(mat A, int p, int q, double angle)
{
    double c = cos(angle), s = sin(angle);
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < A.rows; i++) {
            double *x = side == 0 ? &row(A, i).at[p] : &row(A, p).at[i];
            double *y = side == 0 ? &row(A, i).at[q] : &row(A, q).at[i];
            double x_old = *x;
            *x = c * x_old + s * *y;
            *y = c * *y - s * x_old;
        }
}

/* Jacobi's method for two matrices at once: each plane in turn is turned by the angle
 * that leaves least, of both together, off the diagonals.  Returns the mass at the end.
 * [Bunse-Gerstner, Byers, Mehrmann 1993; Cardoso, Souloumiac 1996] */
static double jacobi(struct couple c)
{
    for (int sweep = 0; sweep < 30; sweep++)
        for (int p = 0; p < c.A.rows; p++)
            for (int q = p + 1; q < c.A.rows; q++) {
                double x = row(c.A, p).at[p] - row(c.A, q).at[q];
                double u = row(c.B, p).at[p] - row(c.B, q).at[q];
                double y = 2 * row(c.A, p).at[q], v = 2 * row(c.B, p).at[q];
                double angle =
                    atan2(2 * (x * y + u * v), x * x - y * y + u * u - v * v) / 4;
                turn_plane(c.A, p, q, angle);
                turn_plane(c.B, p, q, angle);
            }
    return mass(c);
}

/* The largest quotient of the bound and the mass, over random rotations and the one
 * that Jacobi's method ends with. */
static double bound_over_mass(struct claim *claim, struct couple c, double bound)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    mat Q = arena_mat(arena, c.A.rows, c.A.rows);
    double most = 0;
    for (int trial = 0; trial < 50; trial++) {
        size_t mark = arena->used;
        rng_rotation(&rng, arena, Q);
        struct couple turned = transformed(claim, c, Q);
        most = worst(most, bound / mass(turned));
        most = worst(most, bound / jacobi(turned));
        arena->used = mark;
    }
    return most;
}

/* M with M'AM a multiple of I and M'BM diagonal, for a positive definite A, of
 * determinant 1, so that it does not just make everything small. */
static mat congruence(struct claim *claim, struct couple c)
{
    struct arena *arena = claim_arena(claim);
    int n = c.A.rows;
    mat Q = arena_mat(arena, n, n), V = arena_mat(arena, n, n),
        M = arena_mat(arena, n, n);
    vec a = arena_vec(arena, n), b = arena_vec(arena, n);
    route_eigen(c.A, a, Q);
    double log_det = 0;
    for (int j = 0; j < n; j++)
        log_det += log(a.at[j]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            row(Q, i).at[j] *= exp(log_det / (2 * n)) / sqrt(a.at[j]);
    route_eigen(transformed(claim, c, Q).B, b, V);
    gemm(1, AS_IS, Q, AS_IS, V, 0, M);
    return M;
}

static vec plane_spectrum(struct claim *claim, double high, double low)
{
    vec a = arena_vec(claim_arena(claim), 2);
    a.at[0] = high;
    a.at[1] = low;
    return a;
}

CLAIM(inv_two_matrices, BOUND,
      "A and B that do not commute are never both diagonal, and by how much not")
{
    vec a = geometric_spectrum(claim_arena(claim), N, 2, 10);
    vec b = geometric_spectrum(claim_arena(claim), N, 3, 30);
    struct couple c = build_couple(claim, a, b, PI / 6);
    double bound = least_mass_allowed(c, a, b);
    evidence(claim, "bound / norm, 50 rotations, Jacobi",
             at_most(bound_over_mass(claim, c, bound), 1));

    /* In a plane, with equal spreads s, the least norm is s sin(angle), and the bound
     * cos(angle) of it: at 0.1, they are half a percent apart. */
    vec high = plane_spectrum(claim, 3, 1), low = plane_spectrum(claim, 1, -1);
    struct couple plane = build_couple(claim, high, low, 0.1);
    double plane_bound = least_mass_allowed(plane, high, low);
    double least = jacobi(plane);
    evidence(claim, "least norm in a plane, less its law",
             at_most(fabs(least - 2 * sin(0.1)), rounding(30 * 8, 6)));
    evidence(claim, "bound / least norm in a plane",
             at_least(plane_bound / least, 0.99));

    struct series s = series_begin(claim, "couple", "degrees", "least", "bound", NULL);
    for (int degrees = 0; degrees <= 45; degrees += 3) {
        struct couple next = build_couple(claim, high, low, degrees * PI / 180);
        double allowed = least_mass_allowed(next, high, low);
        series_row(&s, (double[]){degrees, jacobi(next), allowed});
    }
    series_end(&s);

    struct couple common = build_couple(claim, a, b, 0);
    control(claim, "common axes, AB = BA",
            at_most(bound_over_mass(claim, common, bound), 1));
    control(claim, "M invertible, but no rotation",
            at_most(bound / mass(transformed(claim, c, congruence(claim, c))), 1));
}

CLAIM(inv_commuting, IDENTITY,
      "One rotation makes both A and B diagonal if AB = BA")
{
    struct arena *arena = claim_arena(claim);
    vec a = geometric_spectrum(arena, N, 2, 10),
        b = geometric_spectrum(arena, N, 3, 30);
    vec values = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    struct couple common = build_couple(claim, a, b, 0);
    struct couple tilted = build_couple(claim, a, b, PI / 180);
    /* An eigenvector is known to N eps ||A|| over the distance to the next eigenvalue,
     * and what is wrong with it B multiplies. */
    double next = a.at[N - 2] - a.at[N - 1];
    double limit = rounding(N * N, a.at[0] / next * b.at[0]);
    route_eigen(common.A, values, Q);
    evidence(claim, "norm of what is off both diagonals",
             at_most(mass(transformed(claim, common, Q)), limit));
    route_eigen(tilted.A, values, Q);
    control(claim, "axes that are 1 degree apart",
            at_most(mass(transformed(claim, tilted, Q)), limit));
}

/* ---- Pictures and real data
 * ---------------------------------------------------------- */

/* For the figure: paths in a bowl with axes along the coordinates, and in the same bowl
 * with new axes at 45 degrees, mapped back. */
static void record_paths(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct quadratic q = quadratic_make(arena, 2), turned = quadratic_make(arena, 2);
    struct rigid T = {arena_mat(arena, 2, 2), arena_vec(arena, 2)};
    q.A.at[0] = 0.1, q.A.at[3] = 1;
    T.Q.at[0] = T.Q.at[2] = T.Q.at[3] = sqrt(0.5), T.Q.at[1] = -sqrt(0.5);
    inv_quadratic_rotated(T, q, arena, &turned);
    static const enum method methods[] = {DESCENT, ADAM};
    static const double rates[] = {1.6, 0.25};
    static const char *const names[] = {"path_descent", "path_adam"};
    for (int i = 0; i < 2; i++) {
        struct runner r = runner_make(arena, methods[i], 2, 1e-8);
        struct runner r_turned = runner_make(arena, methods[i], 2, 1e-8);
        vec w = plane_spectrum(claim, -4, 1.2), w_turned = arena_vec(arena, 2);
        vec back = arena_vec(arena, 2);
        inv_to_rotated(T, w, w_turned);
        struct series s =
            series_begin(claim, names[i], "k", "x", "y", "turned_x", "turned_y", NULL);
        for (int k = 0; k <= 40; k++) {
            inv_from_rotated(T, w_turned, back);
            series_row(&s, (double[]){k, w.at[0], w.at[1], back.at[0], back.at[1]});
            run_step(&r, q, rates[i], w);
            run_step(&r_turned, turned, rates[i], w_turned);
        }
        series_end(&s);
    }
}

enum { IMAGES = 500, FEATURES = 49, CURVE = 151 };

/* A training curve: the cost before each step, from w = 0. */
static void train(struct claim *claim, struct quadratic q, enum method method,
                  double alpha, double *costs)
{
    struct arena *arena = claim_arena(claim);
    struct runner r = runner_make(arena, method, FEATURES, 1e-8);
    vec w = arena_vec(arena, FEATURES), scratch = arena_vec(arena, FEATURES);
    for (int k = 0; k < CURVE; k++) {
        costs[k] = quadratic_cost(q, w, scratch);
        run_step(&r, q, alpha, w);
    }
}

struct curves {
    double descent[CURVE], descent_turned[CURVE];
    double adam[CURVE], adam_turned[CURVE];
};

/* The least-squares cost of telling one class of images, each pixel the mean of 4 x 4 of
 * theirs, from the others: in pixels, and turned to the eigenvectors of A. */
static struct curves train_on(struct claim *claim, struct images x, int class)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct quadratic q = quadratic_make(arena, FEATURES);
    struct quadratic turned = quadratic_make(arena, FEATURES);
    struct rigid T = {arena_mat(arena, FEATURES, FEATURES), arena_vec(arena, FEATURES)};
    vec a = arena_vec(arena, FEATURES);
    struct curves c;
    images_signs(x, class);
    least_squares(x.X, x.t, &q);
    route_eigen(q.A, a, T.Q);
    inv_quadratic_rotated(T, q, arena, &turned);
    double alpha = 1 / a.at[FEATURES - 1];
    train(claim, q, DESCENT, alpha, c.descent);
    train(claim, turned, DESCENT, alpha, c.descent_turned);
    train(claim, q, ADAM, 0.01, c.adam);
    train(claim, turned, ADAM, 0.01, c.adam_turned);
    arena->used = mark;
    return c;
}

static double gap_of_curves(const double *x, const double *y)
{
    double gap = 0;
    for (int k = 0; k < CURVE; k++)
        gap = worst(gap, fabs(x[k] - y[k]));
    return gap;
}

/* For the figure. */
static void record_curves(struct claim *claim, const struct curves *c)
{
    struct series s = series_begin(claim, "fashion", "k", "descent", "descent_turned",
                                   "adam", "adam_turned", NULL);
    for (int k = 0; k < CURVE; k++)
        series_row(&s, (double[]){k, c->descent[k], c->descent_turned[k], c->adam[k],
                                  c->adam_turned[k]});
    series_end(&s);
}

CLAIM(inv_fashion, IDENTITY,
      "On images, descent has one training curve in both coordinates; Adam has two")
{
    struct images x = images_first(claim, IMAGES, 4);
    double gap = 0, gap_of_adam = 0, least = INFINITY;
    for (int class = 0; class < DATASET_CLASSES; class++) {
        struct curves c = train_on(claim, x, class);
        gap = worst(gap, gap_of_curves(c.descent, c.descent_turned));
        gap_of_adam = worst(gap_of_adam, gap_of_curves(c.adam, c.adam_turned));
        least = fmin(least, c.adam[CURVE - 1] - c.adam_turned[CURVE - 1]);
        if (class == BAG)
            record_curves(claim, &c);
    }
    record_paths(claim);
    /* A step takes alpha |grad|^2 / 2 or more off a cost that is 1/2 at first, so that
     * after k of them a_max |w|^2 <= k: no term of the cost is larger than k. */
    double limit = rounding(FEATURES * CURVE, CURVE);
    evidence(claim, "descent, gap of the two curves", at_most(gap, limit));
    evidence(claim, "Adam: pixels less eigenvectors, end", at_least(least, 0.01));
    control(claim, "Adam, gap of the two curves", at_most(gap_of_adam, limit));
}

CHAPTER(invariance, &inv_rigid_map, &inv_cost, &inv_gradient, &inv_rotation,
        &inv_any_cost, &inv_momentum, &inv_units, &inv_newton, &inv_translation,
        &inv_no_rotation, &inv_signed_permutations, &inv_cost_scale, &inv_diagonal,
        &inv_sweep, &inv_two_matrices, &inv_commuting, &inv_fashion)
