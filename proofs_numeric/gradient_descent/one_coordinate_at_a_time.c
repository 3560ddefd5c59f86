/* "One coordinate at a time": a scalar recurrence for each eigenvector, and its cases.
 */
#include "descents.h"
#include "ground/route_lapack.h"

#include <math.h>

/* The largest difference over the run between the coordinates Q'(w - w_star) and scalar
 * recurrences e := e - alpha a e, one for each column of Q, none seeing the others. */
static double gap_to_scalars(struct descent *x, double alpha, mat Q)
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

/* How far one step moves the point with the coordinates -b_j / a_j along the columns of
 * Q, where b_j is the entry of Q'b. */
static double moved_from_quotients(struct descent *x, vec a, mat Q)
{
    fill(0, x->w);
    for (int j = 0; j < N; j++) {
        double b_j = 0;
        for (int i = 0; i < N; i++)
            b_j += Q.at[i * N + j] * x->k.q.b.at[i];
        for (int i = 0; i < N; i++)
            x->w.at[i] -= Q.at[i * N + j] * b_j / a.at[j];
    }
    copy(x->w, x->error);
    gd_step(x->k.q, 0.9, x->w, x->grad);
    axpy(-1, x->w, x->error);
    return norm(x->error);
}

CLAIM(gd_coordinates, IDENTITY, "Each coordinate follows a recurrence of its own")
{
    struct arena *arena = claim_arena(claim);
    struct descent x = bowl(claim, 1, 100);
    vec values = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    route_eigen(x.k.q.A, values, Q);
    x.k.a = values; /* LAPACK's order, to go with LAPACK's vectors */

    /* LAPACK's vectors are as orthogonal, and as diagonalizing, as N eps. */
    double limit = 2 * drift_of_rounding(&x, 0.9, STEPS, 1);
    evidence(claim, "gap to N scalar recurrences",
             at_most(gap_to_scalars(&x, 0.9, Q), limit));
    evidence(claim, "step from the point of -b_j / a_j",
             at_most(moved_from_quotients(&x, values, Q), limit));

    struct rng rng = claim_rng(claim, 1);
    rng_rotation(&rng, arena, Q);
    control(claim, "coordinates along other axes",
            at_most(gap_to_scalars(&x, 0.9, Q), limit));
    control(claim, "-b_j / a_j along other axes",
            at_most(moved_from_quotients(&x, values, Q), limit));
}

CLAIM(gd_rate, IDENTITY, "k steps multiply the error by (1 - alpha a)^k")
{
    struct descent x = bowl(claim, 1, 100);
    double monotone = drift_of_rounding(&x, 0.9, STEPS, 1);
    double oscillating = drift_of_rounding(&x, 1.9, STEPS, 1);
    evidence(claim, "gap to the law, alpha a_max = 0.9",
             at_most(gap_to_law(&x, 0.9, STEPS), monotone));
    evidence(claim, "gap to the law, alpha a_max = 1.9",
             at_most(gap_to_law(&x, 1.9, STEPS), oscillating));
    struct descent steeper = bowl(claim, 1.01, 100);
    steeper.k.a = x.k.a; /* what it is said to be */
    control(claim, "curvatures 1 % larger than said",
            at_most(gap_to_law(&steeper, 0.9, STEPS), monotone));
}

/* ---- The cases --------------------------------------------------------------------
 */

/* For the figure: errors relative to the first, in one run whose five eigenvectors are
 * the lecture's five cases; and beside each what the law says. */
static void record_modes(struct claim *claim)
{
    static const double alpha_a[] = {0.3, 1, 1.7, 2, 2.3};
    vec a = arena_vec(claim_arena(claim), 5);
    for (int j = 0; j < 5; j++)
        a.at[j] = alpha_a[j];
    struct descent x = descent_from(claim, 1, a);
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

CLAIM(gd_cases, IDENTITY, "The error keeps its side if alpha a < 1, changes it if > 1")
{
    struct descent below = bowl(claim, 0.9, 9);         /* from 0.9 to 0.1 */
    struct descent above = bowl(claim, 1.9, 1.9 / 1.1); /* from 1.9 to 1.1 */
    evidence(claim, "steps that break monotone decay",
             at_most(misfits(&below, 1, 1), 0));
    evidence(claim, "steps that break oscillating decay",
             at_most(misfits(&above, 1, -1), 0));
    record_modes(claim);
    control(claim, "monotone, though 1 < alpha a < 2",
            at_most(misfits(&above, 1, 1), 0));
    control(claim, "oscillating, though alpha a < 1",
            at_most(misfits(&below, 1, -1), 0));
    struct descent beyond = bowl(claim, 2.9, 2.9 / 2.1); /* from 2.9 to 2.1 */
    control(claim, "decay, though alpha a > 2", at_most(misfits(&beyond, 1, -1), 0));
}

CLAIM(gd_one_step, IDENTITY, "If alpha a = 1 along every eigenvector, one step arrives")
{
    vec a = arena_vec(claim_arena(claim), N);
    fill(0.3, a);
    struct descent x = descent_from(claim, 0, a);
    double limit = drift_of_rounding(&x, 1 / 0.3, 1, 1);
    advance(&x, 1 / 0.3, 1);
    evidence(claim, "error after one step", at_most(norm(x.error), limit));
    restart(&x);
    advance(&x, 1.01 / 0.3, 1);
    control(claim, "a rate 1 % larger", at_most(norm(x.error), limit));
}

/* A bowl of curvature 1 in every direction, with integers for w_star and for the start,
 * so that with alpha = 2 every operation is exact. */
static struct descent bowl_of_integers(struct claim *claim)
{
    vec a = arena_vec(claim_arena(claim), N);
    struct rng rng = claim_rng(claim, 1);
    fill(1, a);
    struct descent x = descent_from(claim, 0, a);
    fill(0, entries(x.k.q.A));
    fill(0, entries(x.k.Q));
    for (int j = 0; j < N; j++) {
        x.k.q.A.at[j * N + j] = x.k.Q.at[j * N + j] = 1;
        x.k.w_star.at[j] = rng_below(&rng, 1000);
        x.k.q.b.at[j] = -x.k.w_star.at[j];
        x.e_0.at[j] = 1 + rng_below(&rng, 1000);
    }
    restart(&x);
    return x;
}

/* By how much, at most, over 200 round trips, a step does not lead to the mirror image:
 * the largest sum of an error and the next. */
static double off_the_cycle(struct descent *x, double alpha)
{
    double off = 0, before[N];
    restart(x);
    to_axes(x->k, x->w, x->error);
    for (int k = 0; k < 2 * STEPS; k++) {
        for (int j = 0; j < N; j++)
            before[j] = x->error.at[j];
        advance(x, alpha, 1);
        for (int j = 0; j < N; j++)
            off = worst(off, fabs(x->error.at[j] + before[j]));
    }
    return off;
}

CLAIM(gd_cycle, IDENTITY,
      "If alpha a = 2, the iterates jump between two points for ever")
{
    struct descent x = bowl_of_integers(claim);
    evidence(claim, "off the mirror image, exactly", at_most(off_the_cycle(&x, 2), 0));
    evidence(claim, "distance kept, of the first",
             at_least(norm(x.error) / norm(x.e_0), 1));
    control(claim, "alpha a = 2 - 1/128", at_most(off_the_cycle(&x, 2 - 1.0 / 128), 0));

    fill(0, x.e_0);
    restart(&x);
    copy(x.w, x.error);
    gd_run(x.k.q, 2, STEPS, x.w, x.grad);
    axpy(-1, x.w, x.error);
    evidence(claim, "change from the fixed point", at_most(norm(x.error), 0));
}

CLAIM(gd_divergence, IDENTITY,
      "If alpha a > 2, or a < 0, the error grows exponentially")
{
    enum { FEW = 40 };
    struct descent steep = bowl(claim, 2.3, 100);
    double growth = pow(1.3, FEW);
    double limit = drift_of_rounding(&steep, 1, FEW, growth);
    evidence(claim, "gap to the law, alpha a_max = 2.3",
             at_most(gap_to_law(&steep, 1, FEW), limit));
    evidence(claim, "growth of the error in 40 steps",
             at_least(norm(steep.error) / norm(steep.e_0), growth / (2 * sqrt(N))));

    vec a = geometric_spectrum(claim_arena(claim), N, 1, 100);
    a.at[N - 1] = -0.3;
    struct descent saddle = descent_from(claim, 1, a);
    limit = drift_of_rounding(&saddle, 1, FEW, growth);
    evidence(claim, "gap to the law, alpha a_min = -0.3",
             at_most(gap_to_law(&saddle, 1, FEW), limit));

    struct descent gentle = bowl(claim, 1.9, 19);
    advance(&gentle, 1, FEW);
    control(claim, "growth, though alpha a_max = 1.9",
            at_least(norm(gentle.error) / norm(gentle.e_0), growth / (2 * sqrt(N))));
}

/* ---- No curvature -----------------------------------------------------------------
 */

/* The largest difference over the run between the last coordinate and a straight line
 * of that slope a step. */
static double gap_to_line(struct descent *x, double alpha, double per_step)
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
      "If a = 0 and b is not, the coordinate moves by -alpha b a step")
{
    double alpha = 0.9, slope = 0.5;
    struct descent x = trough(claim, 0, slope);
    /* The run reaches STEPS alpha slope = 90 from where it began. */
    double limit = drift_of_rounding(&x, alpha, STEPS, 90);
    evidence(claim, "gap to w_0 - alpha k b",
             at_most(gap_to_line(&x, alpha, -alpha * slope), limit));
    struct descent bent = trough(claim, 0.01, slope);
    control(claim, "the same with a curvature of 0.01",
            at_most(gap_to_line(&bent, alpha, -alpha * slope), limit));
}

CLAIM(gd_frozen, IDENTITY, "If a = 0 and b = 0, the coordinate never moves")
{
    struct descent x = trough(claim, 0, 0);
    double limit = drift_of_rounding(&x, 0.9, STEPS, 1);
    evidence(claim, "movement along the flat axis",
             at_most(gap_to_line(&x, 0.9, 0), limit));
    struct descent tilted = trough(claim, 0, 0.01);
    control(claim, "a slope of 0.01 there",
            at_most(gap_to_line(&tilted, 0.9, 0), limit));
    struct descent curved = trough(claim, 0.01, 0);
    control(claim, "a curvature of 0.01 there",
            at_most(gap_to_line(&curved, 0.9, 0), limit));
}

SECTION(gd_one_coordinate, &gd_coordinates, &gd_rate, &gd_cases, &gd_one_step,
        &gd_cycle, &gd_divergence, &gd_drift, &gd_frozen);
