/* "Looking ahead": Nesterov's method in three forms, and the one that is printed. */
#include "ground/worlds.h"
#include "recursions.h"

#include <math.h>

enum { N = 6 };

/* ---- Three forms ------------------------------------------------------------------
 */

/* J(w) = sum of 1/2 z_i^2 + ln cosh z_i with z = Xw - s, whose curvature is between
 * that of X'X and twice that. */
struct wavy {
    mat X;
    vec s;
};

static void gradient_of_wavy(void *cost, vec w, vec grad)
{
    struct wavy *J = cost;
    fill(0, grad);
    for (int i = 0; i < J->X.rows; i++) {
        double z = dot(row(J->X, i), w) - J->s.at[i];
        axpy(z + tanh(z), row(J->X, i), grad);
    }
}

/* The same in plain sums. */
static void plain_gradient(struct wavy J, const real *w, double *grad)
{
    for (int j = 0; j < N; j++)
        grad[j] = 0;
    for (int i = 0; i < N; i++) {
        double z = -J.s.at[i];
        for (int j = 0; j < N; j++)
            z += J.X.at[i * N + j] * w[j];
        for (int j = 0; j < N; j++)
            grad[j] += (z + tanh(z)) * J.X.at[i * N + j];
    }
}

/* Nesterov's sequences: y_k = x_k + beta (x_k - x_{k-1}), x_{k+1} = y_k - alpha grad.
 */
static void sequences(struct wavy J, double alpha, double beta, int steps, real *x,
                      real *y)
{
    double grad[N], next;
    for (int k = 0; k < steps; k++) {
        plain_gradient(J, y, grad);
        for (int j = 0; j < N; j++) {
            next = y[j] - alpha * grad[j];
            y[j] = next + beta * (next - x[j]);
            x[j] = next;
        }
    }
}

/* After so many steps from one start: how far the look-ahead step, with its reach times
 * `factor`, is from the x of the sequences, and nesterov_step from their y. */
static void forms_apart(struct claim *claim, double factor, double *of_x, double *of_y)
{
    enum { STEPS = 20 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec singular = geometric_spectrum(arena, N, 1, 3);
    struct wavy J = {factored_matrix_make(arena, &rng, N, N, singular).A,
                     normal_vec(arena, &rng, N)};
    vec w = normal_vec(arena, &rng, N), ahead = arena_vec(arena, N);
    vec x = arena_vec(arena, N), y = arena_vec(arena, N), grad = arena_vec(arena, N);
    copy(w, ahead), copy(w, x), copy(w, y);
    double alpha = 0.4, beta = 0.8;
    struct momentum momentum = momentum_make(arena, N, beta);
    struct nesterov nesterov = nesterov_make(arena, N, beta);
    for (int k = 0; k < STEPS; k++)
        mom_look_ahead_step(gradient_of_wavy, &J, factor * alpha * beta, alpha,
                            &momentum, arena, w);
    optimize(gradient_of_wavy, &J, by_nesterov(&nesterov), alpha, STEPS, ahead, grad);
    sequences(J, alpha, beta, STEPS, x.at, y.at);
    axpy(-1, x, w), axpy(-1, y, ahead);
    *of_x = norm(w), *of_y = norm(ahead);
}

CLAIM(mom_forms, IDENTITY,
      "Nesterov's method in three forms: sequences, look-ahead, rule")
{
    double of_x, of_y, printed, same;
    forms_apart(claim, 1, &of_x, &of_y);
    forms_apart(claim, 1 / 0.4, &printed, &same);
    /* Curvatures are at most 2, and alpha a at most 0.8: a kick of rounding grows by no
     * more than 1 + 2k in k steps, of which there are 20. */
    double limit = rounding(20 * 40 * N, 10);
    evidence(claim, "look-ahead step off the sequence", at_most(of_x, limit));
    evidence(claim, "rule off the points ahead", at_most(of_y, limit));
    control(claim, "reach beta, without the alpha", at_most(printed, limit));
}

/* ---- As printed -------------------------------------------------------------------
 */

/* The largest relative distance, over rates and betas, of the curvature at which steps
 * of ref/ become unstable from (2 + 2 beta) / (alpha + 2 beta). */
static double printed_edges_off(struct claim *claim, enum rule rule)
{
    static const double alphas[] = {1e-4, 1e-2, 0.1, 0.5}, betas[] = {0.5, 0.9};
    double off = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 2; j++) {
            double law = (2 + 2 * betas[j]) / (alphas[i] + 2 * betas[j]);
            double a = measured_edge(claim, rule, alphas[i], betas[j], 0.5, 5e5);
            off = worst(off, fabs(a / law - 1));
        }
    return off;
}

enum { STEPS = 700 }; /* of which the printed rule makes 1e26 of 1 */

/* |w| after so many steps along a curvature of 2.2. */
static double left_along(struct claim *claim, enum rule rule)
{
    struct along x = {rule, 0.01, 0.9, 2.2};
    double state[2] = {1, 0};
    for (int k = 0; k < STEPS; k++)
        step_along(claim, x, state);
    return fabs(state[0]);
}

CLAIM(mom_printed, IDENTITY,
      "The printed look-ahead diverges at a > 1 + 1/beta, at any rate")
{
    /* At the edge the root is -1; it moves by at least a tenth of what a moves by. */
    evidence(claim, "printed, edges off the law",
             at_most(printed_edges_off(claim, AS_PRINTED), rounding(10, 10)));
    control(claim, "with the alpha, off that law",
            at_most(printed_edges_off(claim, LOOK_AHEAD), rounding(10, 10)));
    /* Complex roots of modulus rho: from rest at most (1 + 2k) rho^k. */
    double rho = factor_law((struct along){LOOK_AHEAD, 0.01, 0.9, 2.2});
    double most = (1 + 2 * STEPS) * pow(rho, STEPS);
    evidence(claim, "with it, a = 2.2, 700 steps",
             at_most(left_along(claim, LOOK_AHEAD), most));
    control(claim, "as printed, a = 2.2, 700 steps",
            at_most(left_along(claim, AS_PRINTED), most));
}

/* ---- Its rate ---------------------------------------------------------------------
 */

/* The largest gap, over 200 steps from rest with an error of 1 along each axis, from
 * (1 + qk) (1 - q)^k along the flattest and from 0 along the steepest, q = kappa^-1/2;
 * in *most, the largest error along any.  Tuned for a least curvature that is `off`
 * times the true one. */
static double gap_to_law(struct claim *claim, double kappa, double off, double *most)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)kappa);
    struct solved_quadratic k =
        solved_quadratic_make(arena, &rng, geometric_spectrum(arena, N, 1, kappa));
    struct mom_setting by = mom_nesterov(off / kappa, 1);
    vec w = arena_vec(arena, N), error = arena_vec(arena, N),
        grad = arena_vec(arena, N);
    struct nesterov rule = nesterov_make(arena, N, by.beta);
    double q = 1 / sqrt(kappa), gap = 0;
    fill(1, error);
    from_axes(k, error, w);
    for (int step = 1; step <= 200; step++) {
        quadratic_gradient(k.q, w, grad);
        nesterov_step(&rule, by.alpha, grad, w);
        axpy(-by.alpha * by.beta, rule.v, w); /* x is so far behind */
        to_axes(k, w, error);
        axpy(by.alpha * by.beta, rule.v, w);
        double law = (1 + q * step) * pow(1 - q, step);
        gap = worst(gap, fabs(error.at[N - 1] - law));
        gap = worst(gap, fabs(error.at[0]));
        *most = worst(*most, max_norm(error));
    }
    return gap;
}

CLAIM(mom_nesterov_rate, IDENTITY,
      "Nesterov's factor is 1 - kappa^-1/2, and nothing grows")
{
    static const double kappas[] = {10, 100, 1e4};
    double limits[3], most = 0, mistuned = 0;
    for (int i = 0; i < 3; i++) {
        /* As for the heavy ball, with 1 - q for rho. */
        limits[i] = rounding(N, 10 * 3 * kappas[i]);
        evidence(claim, "gap to the law, 200 steps",
                 at_most(gap_to_law(claim, kappas[i], 1, &most), limits[i]));
    }
    /* The first step leaves 1 - 1/kappa along the flattest, the most of all. */
    evidence(claim, "largest error along any axis", at_most(most, 1));
    control(claim, "tuned for twice the least curvature",
            at_most(gap_to_law(claim, kappas[1], 2, &mistuned), limits[1]));
}

SECTION(mom_ahead, &mom_printed, &mom_forms, &mom_nesterov_rate);
