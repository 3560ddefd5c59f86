/* "The best that gradients can do": a worst case, and two methods that attain bounds.
 */
#include "ground/worlds.h"
#include "recursions.h"

#include <math.h>

/* ---- A chain ----------------------------------------------------------------------
 */

enum { N = 101, STEPS = 50 };

/* Nesterov's chain, L/8 (w'Tw - 2 w_1) with L = 4: T has 2 on its diagonal, -1 beside.
 */
static struct quadratic chain(struct claim *claim)
{
    struct quadratic q = quadratic_make(claim_arena(claim), N);
    for (int i = 0; i < N; i++) {
        row(q.A, i).at[i] = 2;
        if (i > 0)
            row(q.A, i).at[i - 1] = row(q.A, i - 1).at[i] = -1;
    }
    q.b.at[0] = -1;
    return q;
}

enum method { DESCENT, NESTEROV, CONJUGATE, NEWTON, METHODS };

struct runner {
    struct quadratic q;
    struct momentum momentum;
    struct mom_conjugate conjugate;
    vec w, grad;
};

static struct runner at_zero(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct runner x = {.q = chain(claim),
                       .w = arena_vec(arena, N),
                       .grad = arena_vec(arena, N)};
    x.momentum = momentum_make(arena, N, 0);
    x.conjugate = mom_conjugate_make(arena, x.q, x.w);
    return x;
}

static void gradient_of_chain(void *cost, vec w, vec grad)
{
    quadratic_gradient(*(struct quadratic *)cost, w, grad);
}

/* Step k = 0, 1, ...; Nesterov's is that for convex costs, beta = k / (k + 3). */
static void take(struct claim *claim, struct runner *x, enum method method, int k)
{
    struct arena *arena = claim_arena(claim);
    double alpha = 0.25;
    quadratic_gradient(x->q, x->w, x->grad);
    if (method == CONJUGATE)
        mom_conjugate_step(&x->conjugate, x->q, x->w);
    else if (method == NEWTON)
        mom_newton_step(x->q.A, x->grad, 1, arena, x->w);
    else {
        x->momentum.beta = method == DESCENT ? 0 : k / (k + 3.0);
        mom_look_ahead_step(gradient_of_chain, &x->q, alpha * x->momentum.beta, alpha,
                            &x->momentum, arena, x->w);
    }
}

/* f - f_star from the sum of squares of neighbours' differences, where w = w_star + e:
 * e'Te / 2 = (e_1^2 + sum of (e_i - e_{i+1})^2 + e_n^2) / 2, which cancels nothing. */
static double excess(vec w)
{
    double before = 0, sum = 0;
    for (int i = 0; i <= N; i++) {
        double e = i == N ? 0 : w.at[i] - (1 - (i + 1.0) / (N + 1));
        sum += (e - before) * (e - before);
        before = e;
    }
    return sum / 2;
}

/* f - f_star after k steps, and the largest entry that k gradients cannot have moved.
 */
static void race(struct claim *claim, enum method method, double *cost, double *beyond)
{
    struct runner x = at_zero(claim);
    *beyond = 0;
    for (int k = 1; k <= STEPS; k++) {
        take(claim, &x, method, k - 1);
        *beyond = worst(*beyond, max_norm(part(x.w, k, N - k)));
        cost[k] = excess(x.w);
    }
}

/* The least f - f_star that k gradients reach: L/8 times 1/(k+1) less 1/(n+1). */
static double least(int k) { return 0.5 / (k + 1) - 0.5 / (N + 1); }

/* Nesterov 2004, theorem 2.1.7, for n = 2k + 1: 3 L ||w_star||^2 / 32 (k + 1)^2. */
static double least_by_theorem(void)
{
    double square = 0;
    for (int i = 1; i <= N; i++)
        square += pow(1 - i / (N + 1.0), 2);
    return 3 * 4 * square / (32 * pow(STEPS + 1, 2));
}

/* The least of f - f_star over what any combination of k gradients may reach, k = 1,
 * ..., 50. */
static double over_least(const double *cost)
{
    double over = INFINITY;
    for (int k = 1; k <= STEPS; k++)
        over = smallest(over, cost[k] / least(k));
    return over;
}

/* For the figure: the race, beside the two bounds. */
static void record_race(struct claim *claim, double cost[][STEPS + 1])
{
    struct series s = series_begin(claim, "chain", "k", "descent", "nesterov",
                                   "conjugate", "least", NULL);
    for (int k = 1; k <= STEPS; k++)
        series_row(&s, (double[]){k, cost[DESCENT][k], cost[NESTEROV][k],
                                  cost[CONJUGATE][k], least(k)});
    series_end(&s);
}

CLAIM(mom_lower_bound, BOUND, "What combines k gradients cannot be lower than a bound")
{
    static const char *const names[] = {"descent, of the least", "Nesterov",
                                        "conjugate"};
    double cost[METHODS][STEPS + 1], beyond, theorem = least_by_theorem();
    /* A step has the rounding of N sums, which 50 steps add up. */
    double little = rounding(STEPS * N, 1);
    for (enum method m = DESCENT; m < NEWTON; m++) {
        race(claim, m, cost[m], &beyond);
        evidence(claim, names[m], at_least(over_least(cost[m]), 1 - little));
        evidence(claim, "an entry beyond k", at_most(beyond, 0));
    }
    double attained = 0;
    for (int k = 1; k <= STEPS; k++)
        attained = worst(attained, fabs(cost[CONJUGATE][k] / least(k) - 1));
    evidence(claim, "conjugate over the least, less 1", at_most(attained, little));
    evidence(claim, "over the theorem, k = 50",
             at_least(cost[CONJUGATE][STEPS] / theorem, 1));
    /* Their ratio is 2 102^2 / (101 203), which is 1.0149. */
    evidence(claim, "conjugate over the theorem, less 1",
             at_most(cost[CONJUGATE][STEPS] / theorem - 1, 0.03));
    race(claim, NEWTON, cost[NEWTON], &beyond);
    control(claim, "Newton, of the least",
            at_least(over_least(cost[NEWTON]), 1 - little));
    control(claim, "an entry beyond k, Newton's", at_most(beyond, 0));
    record_race(claim, cost);
}

/* ---- Chebyshev --------------------------------------------------------------------
 */

enum { AXES = 257, MOST = 60 };

/* Errors after 1, ..., 60 steps from 1 on curvatures from 1 / kappa to 1, of which the
 * largest is left in worst_of: by Chebyshev's method tuned for a least curvature `off`
 * times the true one, or by Polyak's ball. */
static double largest_errors(struct claim *claim, double kappa, double off, bool ball,
                             double *worst_of)
{
    struct arena *arena = claim_arena(claim);
    struct mom_chebyshev c = mom_chebyshev_make(arena, AXES, off / kappa, 1);
    struct mom_setting by = mom_polyak(1 / kappa, 1);
    struct momentum momentum = momentum_make(arena, AXES, by.beta);
    vec w = arena_vec(arena, AXES), grad = arena_vec(arena, AXES);
    fill(1, w);
    for (int k = 1; k <= MOST; k++) {
        for (int j = 0; j < AXES; j++)
            grad.at[j] = (1 / kappa + (1 - 1 / kappa) * j / (AXES - 1)) * w.at[j];
        if (ball)
            momentum_step(&momentum, by.alpha, grad, w);
        else
            mom_chebyshev_step(&c, grad, w);
        worst_of[k] = max_norm(w);
    }
    return c.omega;
}

/* T_k((kappa + 1) / (kappa - 1)) = (rho^-k + rho^k) / 2. */
static double polynomial_outside(double kappa, int k)
{
    double rho = (sqrt(kappa) - 1) / (sqrt(kappa) + 1);
    return (pow(rho, -k) + pow(rho, k)) / 2;
}

/* The largest distance of errors times T_k from 1, or from what the ball has of them:
 * T_k (1 + (1 + rho) k) rho^k. */
static double off_law(struct claim *claim, double kappa, double off, bool ball)
{
    double error[MOST + 1], rho = (sqrt(kappa) - 1) / (sqrt(kappa) + 1), gap = 0;
    largest_errors(claim, kappa, off, ball, error);
    for (int k = 1; k <= MOST; k++) {
        double T = polynomial_outside(kappa, k);
        double law = ball ? T * (1 + (1 + rho) * k) * pow(rho, k) : 1;
        gap = worst(gap, fabs(error[k] * T / law - 1));
    }
    return gap;
}

CLAIM(mom_chebyshev, IDENTITY, "Chebyshev's method has the least largest error, 1/T_k")
{
    static const double kappas[] = {10, 100, 1e4};
    double error[MOST + 1];
    /* Rounding in each of k steps is carried on by polynomials that are up to k times
     * as large as the error itself. */
    double limit = rounding(MOST * MOST, 1);
    for (int i = 0; i < 3; i++) {
        evidence(claim, "largest error times T_k, less 1",
                 at_most(off_law(claim, kappas[i], 1, false), limit));
        evidence(claim, "the ball's, less its own law",
                 at_most(off_law(claim, kappas[i], 1, true), limit));
    }
    /* omega - 1 is T_{k-2} / T_k, and more than rho^2 by at most rho^(2k - 2); rho is
     * 9/11, and k is 60. */
    double omega = largest_errors(claim, 100, 1, false, error);
    evidence(claim, "omega less 1 + Polyak's beta",
             at_most(fabs(omega - 1 - mom_polyak(1, 100).beta), pow(9.0 / 11, 118)));
    control(claim, "an interval that begins 1 % late",
            at_most(off_law(claim, 100, 1.01, false), limit));
}

SECTION(mom_best, &mom_lower_bound, &mom_chebyshev);
