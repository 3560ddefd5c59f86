/* "Where orthogonality comes in": gradients, descent, momentum, Newton. */
#include "twins.h"

#include "gradient_descent.h"
#include "ground/route_lapack.h"

#include <complex.h>
#include <math.h>

/* ---- A cost that is not a quadratic ---------------------------------------------- */

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

/* ---- Invariant ------------------------------------------------------------------- */

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
    struct twin turned = build_twin(claim, random_rotation(claim, false), t);
    struct twin mirrored = build_twin(claim, random_rotation(claim, true), t);
    struct twin bent = build_twin(claim, stretched(random_rotation(claim, false)), t);
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

CLAIM(inv_any_cost, IDENTITY, "The same holds for a cost that is not quadratic")
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
    struct twin x = build_twin(claim, random_rotation(claim, true), somewhere(claim));
    struct twin bent = build_twin(claim, stretched(random_rotation(claim, false)), x.t);
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
        build_twin(claim, scaled(random_rotation(claim, true), s), somewhere(claim));
    struct twin axes = build_twin(claim, scaled(identity(claim), s), x.t);
    double limit = drift_of_rounding(&x, DESCENT);
    double limit_adam = drift_of_rounding(&axes, ADAM);
    evidence(claim, "gradient descent, at alpha / s^2",
             at_most(runs_apart(claim, &x, DESCENT, 0, 1 / (s * s), STEPS), limit));
    evidence(claim, "Adam, at alpha / s",
             at_most(runs_apart(claim, &axes, ADAM, 0, rate_of(ADAM) / s, STEPS),
                     limit_adam));
    control(claim, "gradient descent, at alpha / s",
            at_most(runs_apart(claim, &x, DESCENT, 0, 1 / s, STEPS), limit));
    control(claim, "Adam, at alpha / s^2",
            at_most(runs_apart(claim, &axes, ADAM, 0, rate_of(ADAM) / (s * s), STEPS),
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

CLAIM(inv_newton, IDENTITY, "Newton's method commutes with every invertible affine map")
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

SECTION(inv_orthogonality, &inv_gradient, &inv_rotation, &inv_any_cost, &inv_momentum,
        &inv_units, &inv_newton);
