/* "What is remembered": the heavy ball, its rate, its price, and a cycle. */
#include "ground/ball.h"
#include "ground/worlds.h"
#include "recursions.h"

#include <math.h>

enum { N = 6 };

/* ---- The velocity -----------------------------------------------------------------
 */

/* The largest gap, over 40 steps from rest or from the velocity v, between the velocity
 * and minus the sum of beta^age times gradient over all gradients so far. */
static double gap_to_sum(struct claim *claim, double v)
{
    enum { STEPS = 40 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec a = geometric_spectrum(arena, N, 1, 100);
    struct solved_quadratic k = solved_quadratic_make(arena, &rng, a);
    vec w = normal_vec(arena, &rng, N);
    mat g = arena_mat(arena, STEPS, N);
    struct momentum momentum = momentum_make(arena, N, 0.9);
    fill(v, momentum.v);
    double gap = 0;
    for (int t = 0; t < STEPS; t++) {
        quadratic_gradient(k.q, w, row(g, t));
        momentum_step(&momentum, 0.5, row(g, t), w);
        for (int i = 0; i < N; i++) {
            double sum = 0;
            for (int s = 0; s <= t; s++)
                sum -= pow(0.9, t - s) * row(g, s).at[i];
            gap = worst(gap, fabs(momentum.v.at[i] - sum));
        }
    }
    return gap;
}

/* The velocity after so many steps along a gradient of 1. */
static double terminal_velocity(struct claim *claim, double beta, int steps)
{
    struct momentum momentum = momentum_make(claim_arena(claim), 1, beta);
    vec one = arena_vec(claim_arena(claim), 1), w = arena_vec(claim_arena(claim), 1);
    fill(1, one);
    for (int k = 0; k < steps; k++)
        momentum_step(&momentum, 1, one, w);
    return momentum.v.at[0];
}

CLAIM(mom_velocity, IDENTITY, "The velocity is a decaying sum of all gradients so far")
{
    /* Gradients of size some sqrt(N), of which ten count. */
    double limit = rounding(40, 10 * 5);
    evidence(claim, "gap to the sum, 40 steps", at_most(gap_to_sum(claim, 0), limit));
    /* 0.9^400 is 5e-19. */
    evidence(claim, "along a gradient of 1, less -10",
             at_most(fabs(terminal_velocity(claim, 0.9, 400) + 10), rounding(10, 10)));
    control(claim, "not from rest", at_most(gap_to_sum(claim, 1), limit));
}

/* ---- Which rates ------------------------------------------------------------------
 */

/* The conditions of Jury at s times the edge: |det| < 1 and 1 -+ trace + det > 0.  Each
 * is linear in alpha a; so what holds at s holds below.  The smallest of the three for
 * all beta of the ball, where `ahead` of alpha beta v is looked ahead. */
static void conditions(ball beta, double s, double ahead, ball of[3])
{
    ball c = ball_times(ahead, beta); /* the edge is 2 (1 + beta) / (1 + 2 c) */
    ball x =
        ball_div(ball_times(2 * s, ball_plus(beta, 1)), ball_plus(ball_times(2, c), 1));
    ball det = ball_sub(beta, ball_mul(x, c));
    of[0] = ball_sub(ball_number(beta.in, 1), ball_abs(det));
    of[1] = x; /* 1 - trace + det */
    of[2] = ball_sub(ball_times(2, ball_plus(beta, 1)),
                     ball_mul(x, ball_plus(ball_times(2, c), 1)));
}

/* One of the conditions, over all beta in [0, 0.999], in 500 pieces. */
static ball over_all(struct balls *in, int which, double s, double ahead)
{
    ball all = ball_number(in, NAN), of[3];
    for (int i = 0; i < 500; i++) {
        int mark = in->used;
        ball beta = ball_between(in, 0.999 * i / 500, 0.999 * (i + 1) / 500);
        conditions(beta, s, ahead, of);
        if (i == 0)
            arb_set(all.at, of[which].at);
        ball_join(all, of[which]);
        in->used = mark;
    }
    return all;
}

/* The largest relative distance of the edges in steps of ref/ from 2 (1 + beta) / (1 +
 * 2 ahead beta), in alpha a. */
static double edges_off(struct claim *claim, enum rule rule, double ahead)
{
    static const double betas[] = {0, 0.5, 0.9, 0.99};
    double off = 0;
    for (int i = 0; i < 4; i++) {
        double beta = betas[i], law = 2 * (1 + beta) / (1 + 2 * ahead * beta);
        double edge = measured_edge(claim, rule, 0.25, beta, 2, 20);
        off = worst(off, fabs(0.25 * edge / law - 1));
    }
    return off;
}

CLAIM(mom_edges, PROVED, "Stable: alpha a < 2 (1 + beta), or (2 + 2 beta)/(1 + 2 beta)")
{
    static const char *const names[2][3] = {{"heavy ball, 1 - |det|, 0.99 edge",
                                             "1 - trace + det", "1 + trace + det"},
                                            {"Nesterov, 1 - |det|, 0.99 edge",
                                             "1 - trace + det", "1 + trace + det"}};
    struct balls balls = balls_make(200, 64);
    for (int ahead = 0; ahead < 2; ahead++)
        for (int i = 0; i < 3; i++)
            evidence(claim, names[ahead][i],
                     ball_at_least(over_all(&balls, i, 0.99, ahead), 5e-4));
    for (int ahead = 0; ahead < 2; ahead++)
        evidence(claim, "1 + trace + det, 1.01 edge",
                 ball_at_most(over_all(&balls, 2, 1.01, ahead), -5e-4));
    /* The factor moves at least as fast as alpha a does there, whose rounding it has.
     */
    double limit = rounding(10, 1);
    evidence(claim, "heavy ball in ref/, off its edge",
             at_most(edges_off(claim, HEAVY_BALL, 0), limit));
    evidence(claim, "Nesterov in ref/, off its edge",
             at_most(edges_off(claim, LOOK_AHEAD, 1), limit));
    control(claim, "Nesterov at 1.5 times the edge",
            ball_at_least(over_all(&balls, 2, 1.5, 1), 5e-4));
    control(claim, "the look-ahead as printed",
            at_most(edges_off(claim, AS_PRINTED, 1), limit));
    balls_free(&balls);
}

/* ---- How fast, and at what price --------------------------------------------------
 */

/* A quadratic with curvatures from 1 down to 1 / kappa, and a heavy ball on it at rest,
 * with an error of 1 along each axis. */
struct fall {
    struct solved_quadratic k;
    struct momentum momentum;
    double alpha;
    vec w, grad, error;
};

static struct fall fall_from_rest(struct claim *claim, double kappa, double beta_off)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)kappa);
    vec a = geometric_spectrum(arena, N, 1, kappa);
    struct mom_setting s = mom_polyak(1 / kappa, 1);
    struct fall x = {.k = solved_quadratic_make(arena, &rng, a),
                     .momentum = momentum_make(arena, N, s.beta * beta_off),
                     .alpha = s.alpha,
                     .w = arena_vec(arena, N),
                     .grad = arena_vec(arena, N),
                     .error = arena_vec(arena, N)};
    fill(1, x.error);
    from_axes(x.k, x.error, x.w);
    return x;
}

static void fall_a_step(struct fall *x)
{
    quadratic_gradient(x->k.q, x->w, x->grad);
    momentum_step(&x->momentum, x->alpha, x->grad, x->w);
    to_axes(x->k, x->w, x->error);
}

/* From paper: (1 + (1 + rho) k) (-rho)^k along the steepest axis, j = 0, (1 + (1 - rho)
 * k) rho^k along the flattest, and between them rho^k (cos k theta + c sin k theta), of
 * the roots rho exp(+- i theta). */
static double error_law(double kappa, int j, double a, int k)
{
    double rho = (sqrt(kappa) - 1) / (sqrt(kappa) + 1);
    double alpha = pow(1 + rho, 2); /* 4 / (1 + kappa^-1/2)^2 */
    if (j == 0)
        return (1 + (1 + rho) * k) * pow(-rho, k);
    if (j == N - 1)
        return (1 + (1 - rho) * k) * pow(rho, k);
    double theta = acos((1 + rho * rho - alpha * a) / (2 * rho));
    double c = ((1 - alpha * a) / rho - cos(theta)) / sin(theta);
    return pow(rho, k) * (cos(k * theta) + c * sin(k * theta));
}

static double gap_to_law(struct claim *claim, double kappa, double beta_off)
{
    struct fall x = fall_from_rest(claim, kappa, beta_off);
    double gap = 0;
    for (int k = 1; k <= 200; k++) {
        fall_a_step(&x);
        for (int j = 0; j < N; j++) {
            double law = error_law(kappa, j, x.k.a.at[j], k);
            gap = worst(gap, fabs(x.error.at[j] - law));
        }
    }
    return gap;
}

/* For the figure: the first errors of steepest axes, and the law. */
static void record_falls(struct claim *claim)
{
    static const char *const names[] = {"falls100", "falls10000"};
    for (int i = 0; i < 2; i++) {
        double kappa = i == 0 ? 1e2 : 1e4, next = 1;
        struct fall x = fall_from_rest(claim, kappa, 1);
        struct series s = series_begin(claim, names[i], "k", "error", "law", NULL);
        for (int k = 1; k <= (i == 0 ? 100 : 1000); k++) {
            fall_a_step(&x);
            if (k < next)
                continue;
            next = k * 1.1;
            series_row(&s, (double[]){k, fabs(x.error.at[0]),
                                      fabs(error_law(kappa, 0, 1, k))});
        }
        series_end(&s);
    }
}

CLAIM(mom_rate, IDENTITY, "The heavy ball's error is a polynomial in k times rho^k")
{
    static const double kappas[] = {10, 100, 1e4};
    double limits[3];
    for (int i = 0; i < 3; i++) {
        /* A kick of rounding, N eps of a w of some 10, grows as an error does from
         * rest, at most (1 + 2k) rho^k times; the sum over k is at most 3 / (1 -
         * rho)^2. */
        double rho = (sqrt(kappas[i]) - 1) / (sqrt(kappas[i]) + 1);
        limits[i] = rounding(N, 10 * 3 / pow(1 - rho, 2));
        evidence(claim, "gap to the law, 200 steps",
                 at_most(gap_to_law(claim, kappas[i], 1), limits[i]));
    }
    for (int i = 0; i < 2; i++)
        control(claim, i == 0 ? "beta 1 % smaller" : "beta 1 % larger",
                at_most(gap_to_law(claim, kappas[1], i == 0 ? 0.99 : 1.01), limits[1]));
    record_falls(claim);
}

/* (sinh s / s) exp(s tanh s): the peak in units of sqrt(kappa) / e. */
static ball peak_law(ball s)
{
    ball e = ball_expm1(s), e_2 = ball_expm1(ball_times(2, s));
    ball sinh_s = ball_times(0.5, ball_add(e, ball_div(e, ball_plus(e, 1))));
    ball tanh_s = ball_div(e_2, ball_plus(e_2, 2));
    ball power = ball_plus(ball_expm1(ball_mul(s, tanh_s)), 1);
    return ball_mul(ball_div(sinh_s, s), power);
}

/* The largest error along the steepest axis over 4 sqrt(kappa) steps, in units of
 * sqrt(kappa) / e. */
static double measured_peak(struct claim *claim, double kappa, bool look_ahead)
{
    struct mom_setting s =
        look_ahead ? mom_nesterov(1 / kappa, 1) : mom_polyak(1 / kappa, 1);
    struct along x = {look_ahead ? LOOK_AHEAD : HEAVY_BALL, s.alpha, s.beta, 1};
    double state[2] = {1, 0}, most = 1;
    for (int k = 0; k < 4 * sqrt(kappa); k++) {
        step_along(claim, x, state);
        most = worst(most, fabs(state[0]));
    }
    return most / (sqrt(kappa) / exp(1));
}

CLAIM(mom_peak, PROVED,
      "Along the steepest direction the error first grows sqrt(kappa)/e")
{
    /* With s = artanh kappa^-1/2, sinh s / s is a power series in s^2 with no negative
     * coefficient and 1 in front, and s tanh s rises from 0: so the law is more than 1,
     * and rises with s.  What it is at s bounds it for every larger kappa.  A whole k
     * is at most 1/2 from the peak, and -ln rho is 2s: there the law is (1 + y) exp(-y)
     * of its peak with |y| <= s, more than 1 - y^2. */
    struct balls balls = balls_make(100, 64);
    double at_10 = atanh(sqrt(0.1)), at_100 = atanh(0.1), over = 0, under = 0;
    ball known = peak_law(ball_number(&balls, at_100));
    evidence(claim, "the law for kappa >= 100, less 1",
             ball_at_most(ball_plus(known, -1), 0.02));
    for (int i = 2; i <= 6; i++) {
        double kappa = pow(10, i), s = atanh(1 / sqrt(kappa));
        balls.used = 0;
        ball law = peak_law(ball_number(&balls, s));
        double peak = measured_peak(claim, kappa, false);
        over = worst(over, peak / ball_high(law));
        under = worst(under, (1 - peak / ball_low(law)) / (s * s));
    }
    evidence(claim, "peak in ref/, of the law", at_most(over, 1 + rounding(1000, 1)));
    evidence(claim, "what it lacks, of s^2", at_most(under, 1));
    evidence(claim, "peak in ref/, kappa = 10^4",
             at_least(measured_peak(claim, 1e4, false), 0.98));
    control(claim, "Nesterov's, kappa = 10^4",
            at_least(measured_peak(claim, 1e4, true), 0.98));
    control(claim, "the law for kappa = 10, less 1",
            ball_at_most(ball_plus(peak_law(ball_number(&balls, at_10)), -1), 0.02));
    balls_free(&balls);
}

/* ---- A cycle ----------------------------------------------------------------------
 */

/* The slope 25x, x + 24, 25x - 24 for x < 1, 1 <= x < 2, 2 <= x, which is continuous
 * and rises by 1 at least and by 25 at most; all in units of 1 / unit. */
static double slope_in_pieces(double x, double unit)
{
    return x < unit ? 25 * x : x < 2 * unit ? x + 24 * unit : 25 * x - 24 * unit;
}

static void gradient_in_pieces(void *cost, vec w, vec grad)
{
    (void)cost;
    grad.at[0] = slope_in_pieces(w.at[0], 1);
}

/* In units of 1 / 1225 and in whole numbers: by how much nine times the next three
 * points of Polyak's ball, alpha = 1/9 and beta = 4/9, miss nine times the points. */
static double misses(const double x[3])
{
    double miss = 0;
    for (int i = 0; i < 3; i++) {
        double before = x[i], at = x[(i + 1) % 3], next = x[(i + 2) % 3];
        double moved = 9 * at + 4 * (at - before) - slope_in_pieces(at, 1225);
        miss = worst(miss, fabs(9 * next - moved));
    }
    return miss;
}

/* M := J M for nine times the derivative of a step at the place of a curvature. */
static void derivative(double curvature, double M[4])
{
    double a = 13 - curvature, first = a * M[0] - 4 * M[2], last = a * M[1] - 4 * M[3];
    M[2] = 9 * M[0], M[3] = 9 * M[1], M[0] = first, M[1] = last;
}

static double row_norm(const double M[4], int steps)
{
    double a = fabs(M[0]) + fabs(M[1]), b = fabs(M[2]) + fabs(M[3]);
    return (a > b ? a : b) / pow(9, steps);
}

/* How far the last of 300 points is from the nearest of the cycle's, for a ball with
 * this reach and setting that comes to x from `before`. */
static double from_cycle(struct claim *claim, const double cycle[3], double reach,
                         struct mom_setting by, double x, double before)
{
    struct arena *arena = claim_arena(claim);
    struct momentum momentum = momentum_make(arena, 1, by.beta);
    vec w = arena_vec(arena, 1);
    w.at[0] = x, momentum.v.at[0] = (x - before) / by.alpha;
    for (int k = 0; k < 300; k++)
        mom_look_ahead_step(gradient_in_pieces, NULL, reach, by.alpha, &momentum, arena,
                            w);
    double nearest = INFINITY;
    for (int i = 0; i < 3; i++)
        nearest = smallest(nearest, fabs(w.at[0] - cycle[i] / 1225));
    return w.at[0] == w.at[0] ? nearest : w.at[0];
}

/* For the figure: both from 3.3. */
static void record_cycle(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct mom_setting polyak = mom_polyak(1, 25), nesterov = mom_nesterov(1, 25);
    struct momentum heavy = momentum_make(arena, 1, polyak.beta);
    struct nesterov ahead = nesterov_make(arena, 1, nesterov.beta);
    vec x = arena_vec(arena, 1), y = arena_vec(arena, 1), grad = arena_vec(arena, 1);
    struct series s = series_begin(claim, "cycle", "k", "ball", "nesterov", NULL);
    fill(3.3, x), fill(3.3, y);
    for (int k = 0; k <= 30; k++) {
        series_row(&s, (double[]){k, x.at[0], y.at[0]});
        gradient_in_pieces(NULL, x, grad), momentum_step(&heavy, polyak.alpha, grad, x);
        gradient_in_pieces(NULL, y, grad);
        nesterov_step(&ahead, nesterov.alpha, grad, y);
    }
    series_end(&s);
}

CLAIM(mom_cycle, PROVED, "On a strongly convex cost Polyak's ball can cycle for ever")
{
    static const double cycle[3] = {2592, 792, -2208}, other[3] = {2592, 793, -2208};
    double M[4] = {1, 0, 0, 1}, growth = 1;
    /* All are whole numbers below 2^53, so that nothing here is rounded but the last
     * divisions: the share that twelve steps leave, 0.2235, is exact, and no seed moves
     * it.  The curvature is 25 at all three points; 1225 and 2450 are the kinks, and
     * 142 the distance from them. */
    evidence(claim, "cycle, missed by", at_most(misses(cycle), 0));
    for (int k = 1; k <= 12; k++) {
        derivative(25, M);
        growth = worst(growth, row_norm(M, k));
        if (k == 3) {
            evidence(claim, "729 trace of three steps, + 432",
                     at_most(fabs(M[0] + M[3] + 432), 0));
            evidence(claim, "729^2 determinant, - 46656",
                     at_most(fabs(M[0] * M[3] - M[1] * M[2] - 46656), 0));
        }
    }
    evidence(claim, "twelve steps, times an error", at_most(row_norm(M, 12), 0.25));
    evidence(claim, "142/1225 over growth", at_least(142 / 1225.0 / growth, 0.03));
    struct mom_setting by = mom_polyak(1, 25), nesterov = mom_nesterov(1, 25);
    struct rng rng = claim_rng(claim, 0);
    double off = from_cycle(claim, cycle, 0, by, 3.3, 3.3);
    for (int i = 0; i < 20; i++)
        off = worst(off, from_cycle(claim, cycle, 0, by,
                                    792 / 1225.0 + 0.06 * (rng_uniform(&rng) - 0.5),
                                    2592 / 1225.0 + 0.06 * (rng_uniform(&rng) - 0.5)));
    evidence(claim, "21 runs in ref/, off the cycle", at_most(off, rounding(10, 10)));
    control(claim, "793 for 792, missed by", at_most(misses(other), 0));
    control(claim, "Nesterov's method, off the cycle",
            at_most(from_cycle(claim, cycle, nesterov.alpha * nesterov.beta, nesterov,
                               3.3, 3.3),
                    rounding(10, 10)));
    record_cycle(claim);
}

SECTION(mom_memory, &mom_velocity, &mom_edges, &mom_rate, &mom_peak, &mom_cycle);
