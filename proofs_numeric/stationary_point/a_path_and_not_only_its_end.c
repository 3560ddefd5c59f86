/* "A path, and not only its end": early stopping beside ridge. */
#include "known_data.h"

#include "gradient_descent.h"
#include "ground/certain.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* The largest |<v_j, w> - share(a_j) c_j|, after k steps from zero, or, where k is 0,
 * of the ridge solution.  They are run with a rate and a penalty `bent` times as large
 * as those of the shares. */
static double gap_to_filter(struct claim *claim, struct data d, double alpha, int k,
                            double lambda, double bent)
{
    vec w = arena_vec(claim_arena(claim), d.D);
    double gap = 0;
    if (k > 0)
        gd_run(d.q, bent * alpha, k, w, d.grad);
    else
        sp_ridge_fit(d.Phi, d.t, bent * lambda, claim_arena(claim), w);
    for (int j = 0; j < d.D; j++) {
        double a = j < d.a.n ? d.a.at[j] : 0, c = j < d.a.n ? d.c.at[j] : 0;
        double share = k > 0 ? sp_gd_filter(a, alpha, k) : sp_ridge_filter(a, lambda);
        gap = worst(gap, fabs(dot(row(d.V, j), w) - share * c));
    }
    return gap;
}

CLAIM(sp_filters, IDENTITY,
      "k steps keep the share 1 - (1 - alpha a)^k, and ridge keeps a / (a + lambda)")
{
    struct data d = build_data(claim, 8, 12, 6);
    double limit = rounding(12 * 100, 1 + norm(d.c)), gap = 0, gap_ridge = 0;
    static const int steps[] = {1, 2, 7, 30, 100};
    for (int i = 0; i < 5; i++) {
        gap = worst(gap, gap_to_filter(claim, d, 0.9, steps[i], 0, 1));
        gap = worst(gap, gap_to_filter(claim, d, 1.7, steps[i], 0, 1));
        double lambda = 1 / (0.9 * steps[i]);
        gap_ridge = worst(gap_ridge, gap_to_filter(claim, d, 0, 0, lambda, 1));
    }
    evidence(claim, "gap, descent", at_most(gap, limit));
    evidence(claim, "gap, ridge", at_most(gap_ridge, limit));
    control(claim, "a rate 1 % off",
            at_most(gap_to_filter(claim, d, 0.9, 7, 0, 1.01), limit));
    control(claim, "a penalty 1 % off",
            at_most(gap_to_filter(claim, d, 0, 0, 0.1, 1.01), limit));
}

/* (1 - e^-x) (1 + factor / x): the share of flow after time x / a over that of ridge,
 * lambda = factor / time. */
static ball share_ratio(double factor, ball x)
{
    ball flow = ball_neg(ball_expm1(ball_neg(x)));
    ball over_ridge = ball_plus(ball_div(ball_number(x.in, factor), x), 1);
    return ball_mul(flow, over_ridge);
}

/* The same for all x in [1/4, 4], in pieces of 2^-13. */
static ball share_ratios(struct balls *balls, double factor)
{
    ball all = share_ratio(factor, ball_number(balls, 1));
    for (int i = 1 << 11; i < 1 << 15; i++) {
        int mark = balls->used;
        ball piece = ball_between(balls, ldexp(i, -13), ldexp(i + 1, -13));
        ball_join(all, share_ratio(factor, piece));
        balls->used = mark;
    }
    return all;
}

enum { SHARES = 61 };

/* What k steps at the rate 1 find of coefficients 1 at the curvatures x / k. */
static void run_shares(struct claim *claim, const double *x, int k, vec w)
{
    vec grad = arena_vec(claim_arena(claim), SHARES);
    struct quadratic q = quadratic_make(claim_arena(claim), SHARES);
    for (int i = 0; i < SHARES; i++)
        row(q.A, i).at[i] = x[i] / k, q.b.at[i] = -x[i] / k;
    gd_run(q, 1, k, w, grad);
}

/* How far the shares after 1000 steps lie outside of [flow, flow + x^2 e^-x / 1000]: as
 * e^-x >= (1 - x/k)^k >= e^-x (1 - x^2/k). */
static double gap_to_flow(struct claim *claim)
{
    enum { MANY = 1000 };
    vec w = arena_vec(claim_arena(claim), SHARES);
    double x[SHARES], gap = 0;
    for (int i = 0; i < SHARES; i++)
        x[i] = pow(10, -2 + i / 15.0);
    run_shares(claim, x, MANY, w);
    for (int i = 0; i < SHARES; i++) {
        double over = w.at[i] - sp_flow_filter(x[i], 1);
        gap = worst(gap, worst(-over, over - x[i] * x[i] * exp(-x[i]) / MANY));
    }
    return gap;
}

/* For the figure: shares measured after one step and ten, as far as alpha a <= 1, and
 * those of flow and of ridge. */
static void record_shares(struct claim *claim)
{
    struct series s =
        series_begin(claim, "shares", "x", "one", "ten", "flow", "ridge", NULL);
    vec one = arena_vec(claim_arena(claim), SHARES);
    vec ten = arena_vec(claim_arena(claim), SHARES);
    double x[SHARES];
    for (int i = 0; i < SHARES; i++)
        x[i] = pow(10, -2 + i / 15.0);
    run_shares(claim, x, 1, one);
    run_shares(claim, x, 10, ten);
    for (int i = 0; i < SHARES; i++)
        series_row(&s, (double[]){x[i], x[i] <= 1 ? one.at[i] : NAN,
                                  x[i] <= 10 ? ten.at[i] : NAN, sp_flow_filter(x[i], 1),
                                  sp_ridge_filter(x[i], 1)});
    series_end(&s);
}

CLAIM(sp_flow_constant, PROVED,
      "Gradient flow keeps ridge's share at least, and at most 1.2985 times it")
{
    /* Outside of [1/4, 4] a line of algebra does: the ratio is at most 1 + x, as
     * 1 - e^-x <= x, and at most 1 + 1/x; and at least 1, as e^x >= 1 + x. */
    struct balls balls = balls_make(6000, 64);
    ball ratios = share_ratios(&balls, 1);
    ball peak = share_ratio(1, ball_number(&balls, 1.79328));
    evidence(claim, "30,720 balls, less 1.2984",
             ball_at_most(ball_plus(ratios, -1.2984), 1e-4));
    evidence(claim, "30,720 balls: lower end", ball_at_least(ratios, 1));
    evidence(claim, "x = 1.79328, less 1.2984",
             ball_at_least(ball_plus(peak, -1.2984), 0));
    double gap = 0;
    for (int i = 1 << 5; i < 1 << 9; i++) {
        double x = ldexp(i, -7), ratio = sp_flow_filter(x, 1) / sp_ridge_filter(x, 1);
        gap = worst(gap, ball_distance(share_ratio(1, ball_number(&balls, x)), ratio));
    }
    evidence(claim, "ref/ outside its ball, 480 points", at_most(gap, rounding(1, 1)));
    evidence(claim, "descent in 1000 steps, off flow",
             at_most(gap_to_flow(claim), rounding(1000, 1)));
    control(claim, "lambda = 10 / time",
            ball_at_most(ball_plus(share_ratios(&balls, 10), -1.2984), 1e-4));
    balls_free(&balls);
    record_shares(claim);
}

/* G_k, the largest (1 - (1 - x/k)^k) (1 + 1/x) for 0 < x <= k: by golden sections, as
 * it rises and then falls. */
static double most_over_ridge(int k)
{
    double low = 0.1, high = k < 10 ? k : 10, golden = (sqrt(5) - 1) / 2;
    for (int i = 0; i < 100; i++) {
        double x = high - golden * (high - low), y = low + golden * (high - low);
        double at_x = (1 - pow(1 - x / k, k)) * (1 + 1 / x);
        double at_y = (1 - pow(1 - y / k, k)) * (1 + 1 / y);
        *(at_x < at_y ? &low : &high) = at_x < at_y ? x : y;
    }
    return (1 - pow(1 - low / k, k)) * (1 + 1 / low);
}

/* As (1 - x/k)^k >= e^-x (1 - x^2/k), G_k exceeds its limit by the largest x (1 + x)
 * e^-x / k at most, which is less than 0.841 / k; the limit is 1.2984 to four digits.
 */
static void argue_bounds(struct claim *claim)
{
    double growth = 0;
    for (int k = 1; k < 1024; k *= 2)
        growth = worst(growth, most_over_ridge(2 * k) / most_over_ridge(k));
    evidence(claim, "G_1", at_most(fabs(most_over_ridge(1) - 2), 1e-9));
    evidence(claim, "G_10, to three digits",
             at_most(fabs(most_over_ridge(10) - 1.342), 5e-4));
    evidence(claim, "it falls: G_2k / G_k, to 1024", at_most(growth, 1));
    evidence(claim, "G_1024 - 1.2984",
             at_most(fabs(most_over_ridge(1024) - 1.2984), 0.841 / 1024 + 1e-4));
}

/* The same in balls: all curvatures alpha a = u at once, of k steps over ridge with
 * lambda = factor / (alpha k). */
struct stop {
    int k;
    double factor, limit;
};

static ball stop_ratio(const struct stop *s, ball u)
{
    struct balls *in = u.in;
    ball left = ball_plus(ball_neg(u), 1), k = ball_number(in, s->k);
    ball found = ball_plus(ball_neg(ball_power(left, s->k)), 1), per_u = k;
    if (arb_is_positive(u.at))
        per_u = ball_div(found, u);
    else /* it is 1 + left + ... + left^(k - 1) */
        ball_join(per_u, ball_mul(k, ball_power(left, s->k - 1)));
    return ball_add(found, ball_times(s->factor, ball_div(per_u, k)));
}

static enum verdict stays_below(void *context, const ball *u)
{
    const struct stop *s = context;
    return is_less(stop_ratio(s, u[0]), ball_number(u->in, s->limit));
}

static struct finding for_all_curvatures(struct balls *in, struct stop s)
{
    struct box box = {.n = 1, .low = {0}, .high = {1}};
    struct search search = {0};
    return certainly(everywhere(in, stays_below, &s, box, 40, &search));
}

/* How far the ratio of ref/'s shares lies outside of its ball, for k steps where
 * alpha a = i / 64. */
static double stops_outside(struct balls *in, int k)
{
    const struct stop stop = {k, 1, 0};
    double gap = 0;
    for (int i = 1; i <= 64; i++) {
        int mark = in->used;
        double u = i / 64.0,
               ratio = sp_gd_filter(u, 1, k) / sp_ridge_filter(u, 1.0 / k);
        gap = worst(gap, ball_distance(stop_ratio(&stop, ball_number(in, u)), ratio));
        in->used = mark;
    }
    return gap;
}

CLAIM(sp_every_stop, PROVED,
      "Stopped after 10, 100 or 1000 steps or later: 1.3420, 1.3027 or 1.2989 of ridge")
{
    static const struct stop stops[] = {{10, 1, 1.3420},
                                        {100, 1, 1.3027},
                                        {1000, 1, 1.2989}};
    static const double at[] = {0.1744, 0.01788, 0.001793};
    static const char *const bounds[] = {"10 steps, all curvatures: < 1.3420",
                                         "100 steps, all curvatures: < 1.3027",
                                         "1000 steps, all curvatures: < 1.2989"};
    static const char *const reached[] = {"10 steps, alpha a = 0.1744",
                                          "100 steps, alpha a = 0.01788",
                                          "1000 steps, alpha a = 0.001793"};
    struct balls balls = balls_make(200, 64);
    double gap = 0;
    for (int i = 0; i < 3; i++) {
        ball u = ball_number(&balls, at[i]);
        evidence(claim, bounds[i], for_all_curvatures(&balls, stops[i]));
        evidence(claim, reached[i],
                 ball_at_least(stop_ratio(&stops[i], u), stops[i].limit - 1e-4));
        gap = worst(gap, stops_outside(&balls, stops[i].k));
    }
    evidence(claim, "ref/ outside its ball, 192 points",
             at_most(gap, rounding(1000, 1)));
    control(claim, "flow's 1.2985 after 1000 steps",
            for_all_curvatures(&balls, (struct stop){1000, 1, 1.2985}));
    control(claim, "the same, 9 steps for 10",
            for_all_curvatures(&balls, (struct stop){9, 1, 1.3420}));
    control(claim, "lambda = 1.01 / (alpha k)",
            for_all_curvatures(&balls, (struct stop){10, 1.01, 1.3420}));
    balls_free(&balls);
}

/* What k steps at the rate alpha found along each v_j, over what ridge with
 * lambda = factor / (alpha k) finds: the largest and the least. */
static void compare_with_ridge(struct claim *claim, struct data d, double alpha, int k,
                               double factor, double *most, double *least)
{
    vec w = arena_vec(claim_arena(claim), d.D),
        ridged = arena_vec(claim_arena(claim), d.D);
    gd_run(d.q, alpha, k, w, d.grad);
    sp_ridge_fit(d.Phi, d.t, factor / (alpha * k), claim_arena(claim), ridged);
    *most = 0, *least = INFINITY;
    for (int j = 0; j < d.a.n; j++) {
        double ratio = dot(row(d.V, j), w) / dot(row(d.V, j), ridged);
        *most = worst(*most, ratio);
        *least = smallest(*least, ratio);
    }
}

CLAIM(sp_early_stopping, BOUND,
      "k steps with alpha a <= 1 keep ridge's share at least, and at most G_k of it")
{
    /* Curvatures from 1 down to 10^-2, and targets of ones in the singular coordinates:
     * of a coefficient 1 / sqrt(N a) at least alpha a k >= 10^-2 is found, so that
     * rounding of 12 k operations counts 100-fold. */
    static const int steps[] = {1, 2, 5, 10, 100};
    struct rng rng = claim_rng(claim, 0);
    struct data d = build_data_of(claim, &rng, 15, 12,
                                  geometric_spectrum(claim_arena(claim), 12, 1, 100));
    vec t = arena_vec(claim_arena(claim), 15);
    for (int j = 0; j < 12; j++)
        axpy(1, row(d.U, j), t);
    set_targets(&d, t);
    double slack = rounding(12 * 100, 100), most, least;
    double highest = 0, lowest = INFINITY;
    for (int i = 0; i < 5; i++) {
        compare_with_ridge(claim, d, 1, steps[i], 1, &most, &least);
        highest = worst(highest, most / most_over_ridge(steps[i]));
        lowest = smallest(lowest, least);
    }
    evidence(claim, "ratio, of G_k", at_most(highest, 1 + slack));
    evidence(claim, "the same: k = 1 takes all of 2", at_least(highest, 1 - slack));
    evidence(claim, "ratio, at its least", at_least(lowest, 1 - slack));
    argue_bounds(claim);
    compare_with_ridge(claim, d, 1, 10, 10, &most, &least);
    control(claim, "lambda = 10 / (alpha k)",
            at_most(most / most_over_ridge(10), 1 + slack));
    compare_with_ridge(claim, d, 1.9, 2, 1, &most, &least);
    control(claim, "alpha a = 1.9", at_least(least, 1 - slack));
}

/* The risk E||w - w_true||^2 of a method that is linear in the targets, w = M t, for
 * t = Phi w_true + noise:  ||(M Phi - I) w_true||^2 + sigma^2 ||M||^2. */
static double risk(struct claim *claim, struct data d, mat Mt, vec w_true, double sigma)
{
    vec t = arena_vec(claim_arena(claim), d.N), w = arena_vec(claim_arena(claim), d.D);
    gemv(1, d.Phi, w_true, 0, t);
    gemtv(1, Mt, t, 0, w);
    return pow(distance(w, w_true), 2) + pow(sigma * norm(entries(Mt)), 2);
}

/* The rows of M' are what the method makes of the targets e_1, e_2, ...: here k steps
 * from zero at the rate 1, and ridge. */
static void maps(struct claim *claim, struct data d, int k, double lambda, mat *descent,
                 mat *ridged)
{
    struct arena *arena = claim_arena(claim);
    vec e = arena_vec(arena, d.N);
    *descent = arena_mat(arena, d.N, d.D), *ridged = arena_mat(arena, d.N, d.D);
    for (int i = 0; i < d.N; i++) {
        fill(0, e);
        e.at[i] = 1;
        set_targets(&d, e);
        gd_run(d.q, 1, k, row(*descent, i), d.grad);
        sp_ridge_fit(d.Phi, d.t, lambda, arena, row(*ridged, i));
    }
}

/* The largest risk of k steps over that of ridge, for noise from little to much. */
static double risk_ratio(struct claim *claim, struct data d, vec w_true, int k,
                         double lambda)
{
    static const double sigmas[] = {0.1, 1, 10, 100};
    size_t mark = claim_arena(claim)->used;
    mat descent, ridged;
    double most = 0;
    maps(claim, d, k, lambda, &descent, &ridged);
    for (int i = 0; i < 4; i++)
        most = worst(most, risk(claim, d, descent, w_true, sigmas[i]) /
                               risk(claim, d, ridged, w_true, sigmas[i]));
    claim_arena(claim)->used = mark;
    return most;
}

CLAIM(sp_early_risk, BOUND,
      "Stopped after k steps its risk is at most G_k^2 times that of ridge")
{
    enum { N = 12, D = 6 };
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    struct data d =
        build_data_of(claim, &rng, N, D, geometric_spectrum(arena, D, 1, 30));
    vec w_true = normal_vec(claim_arena(claim), &rng, D), zero = arena_vec(arena, D);
    static const int steps[] = {1, 3, 10, 100};
    double most = 0;
    for (int i = 0; i < 4; i++)
        most = worst(most, risk_ratio(claim, d, w_true, steps[i], 1.0 / steps[i]) /
                               pow(most_over_ridge(steps[i]), 2));
    evidence(claim, "risk over ridge's, of G_k^2", at_most(most, 1));

    /* Nothing to learn, and all curvatures where the ratio of flow is largest. */
    vec even = arena_vec(arena, D);
    fill(1.79328 / 500, even);
    struct data tight = build_data_of(claim, &rng, N, D, even);
    double ratio = risk_ratio(claim, tight, zero, 500, 1.0 / 500);
    double bound = pow(most_over_ridge(500), 2);
    struct balls balls = balls_make(100, 64);
    ball g = share_ratios(&balls, 1);
    evidence(claim, "flow: g^2 on 30,720 balls", ball_at_most(ball_mul(g, g), 1.6860));
    balls_free(&balls);
    evidence(claim, "pure noise, 500 steps", at_least(ratio, 1.6859));
    evidence(claim, "the same, of G_500^2",
             at_most(ratio / bound, 1 + rounding(500, 6)));
    /* With ten times the penalty ridge keeps less of the noise than flow by up to 9. */
    control(claim, "lambda = 10 / (alpha k), noise",
            at_most(risk_ratio(claim, d, zero, 10, 1) / pow(most_over_ridge(10), 2),
                    1));
}

SECTION(sp_paths, &sp_filters, &sp_flow_constant, &sp_early_stopping, &sp_every_stop,
        &sp_early_risk);
