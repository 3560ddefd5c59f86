/* "A margin that is smooth": confidence, the sandwich, the theorem, and its constant.
 */
#include "points.h"

#include "ground/certain.h"
#include "ground/worlds.h"
#include "margin.h"

#include <complex.h>
#include <math.h>

/* The mean logistic loss at c theta. */
static double loss_at(struct claim *claim, mat Z, vec theta, double c)
{
    size_t mark = claim_arena(claim)->used;
    vec m = arena_vec(claim_arena(claim), Z.rows),
        T = arena_vec(claim_arena(claim), m.n);
    vec slope = arena_vec(claim_arena(claim), m.n);
    fill(1, T);
    gemv(c, Z, theta, 0, m);
    double loss = logistic_loss(column(T), column(m), column(slope));
    claim_arena(claim)->used = mark;
    return loss;
}

/* The largest loss(2c) / loss(c), c = 1/2 to 512. */
static double largest_ratio(struct claim *claim, mat Z, vec theta)
{
    double ratio = 0;
    for (double c = 0.5; c < 1000; c *= 2)
        ratio =
            worst(ratio, loss_at(claim, Z, theta, 2 * c) / loss_at(claim, Z, theta, c));
    return ratio;
}

CLAIM(mar_confidence, BOUND,
      "A longer separator loses less and less; with one point wrong, more and more")
{
    struct planted k = planted_points(claim, 0, 0.7);
    vec last = row(k.Z, N - 1);
    double far = 1000, end = loss_at(claim, k.Z, k.e, far);
    double most = exp(-far * GAMMA), least = D * most / N * (1 - most);
    evidence(claim, "loss(2c) / loss(c), at most",
             at_most(largest_ratio(claim, k.Z, k.e), 1));
    evidence(claim, "loss(1000) / e^(-1000 gamma)", at_most(end / most, 1));
    evidence(claim, "the same, of the support's",
             at_least(end / least, 1 - rounding(N, far)));

    /* A label turned: for c = 1000 the others are below e^-300, and the slope is the
     * turned point's confidence over n. */
    scale(-1, last);
    double rise =
        (loss_at(claim, k.Z, k.e, 2 * far) - loss_at(claim, k.Z, k.e, far)) / far;
    double wrong = -dot(last, k.e) / N;
    evidence(claim, "one wrong: slope, less |z'theta|/n",
             at_most(fabs(rise - wrong), rounding(N, 2 * wrong)));
    control(claim, "one wrong: loss(2c) / loss(c)",
            at_most(largest_ratio(claim, k.Z, k.e), 1));

    /* At z'theta = 0, which the slide allows, ln 2 / n is lost however long theta is.
     */
    axpy(-dot(last, k.e), k.e, last);
    control(claim, "one on the plane: loss(1000)",
            at_most(loss_at(claim, k.Z, k.e, far) / most, 1));
}

/* How far the chain -ln(L/n) >= min m >= -ln L is from being kept, at the confidences
 * Z w, n times; the largest of its left and its right link. */
static void links(struct claim *claim, mat Z, vec w, double *left, double *right)
{
    vec a = arena_vec(claim_arena(claim), Z.rows);
    double log_loss = mar_log_loss(Z, w, claim_arena(claim), a);
    double least = mar_least(Z, w);
    *left = least - (log(Z.rows) - log_loss);
    *right = -log_loss - least;
}

CLAIM(mar_sandwich, BOUND,
      "ln(n/L) >= min m = -ln max e^-m >= -ln L: the ends are ln n apart, and attained")
{
    struct arena *arena = claim_arena(claim);
    double left = -INFINITY, right = -INFINITY, middle = 0, l, r;
    double slack = rounding(N * D, 30); /* m up to 30: in e^-m, and its logarithm */
    struct rng rng = claim_rng(claim, 0);
    for (int k = 0; k < 100; k++) {
        mat Z = normal_mat(arena, &rng, N, D);
        vec w = normal_vec(arena, &rng, D);
        double largest = 0;
        links(claim, Z, w, &l, &r);
        left = worst(left, l), right = worst(right, r);
        for (int i = 0; i < N; i++)
            largest = worst(largest, exp(-dot(row(Z, i), w)));
        middle = worst(middle, fabs(mar_least(Z, w) + log(largest)));
    }
    evidence(claim, "min m - ln(n/L), at most", at_most(left, slack));
    evidence(claim, "-ln L - min m, at most", at_most(right, slack));
    evidence(claim, "min m, less -ln max e^-m", at_most(middle, slack));
    mat same = arena_mat(arena, N, D);
    vec w = normal_vec(arena, &rng, D);
    fill(0.1, entries(same));
    links(claim, same, w, &l, &r);
    evidence(claim, "all alike: min m - ln(n/L)", at_least(l, -slack));
    links(claim, row_block(same, 0, 1), w, &l, &r);
    evidence(claim, "one point: -ln L - min m", at_least(r, -slack));
    links(claim, normal_mat(arena, &rng, N, D), w, &l, &r);
    control(claim, "a mean in place of L: right link", at_most(-l, slack));
}

/* The derivative of ln sum e^(-z_i'w) in direction j, by a step along the imaginary
 * axis, which cancels nothing. */
static double by_complex_step(mat Z, vec w, int j)
{
    double complex sum = 0;
    for (int i = 0; i < Z.rows; i++) {
        double complex m = 1e-20 * I * row(Z, i).at[j];
        for (int l = 0; l < w.n; l++)
            m += row(Z, i).at[l] * w.at[l];
        sum += cexp(-m);
    }
    return cimag(clog(sum)) / 1e-20;
}

/* The shares of the points in the gradient of the logistic loss, over those in the
 * exponential one, times (1 + e^-least) or divided: the largest of both. */
static double logistic_shares(vec m, vec a, bool corrected)
{
    double sum = 0, most = 0, least = INFINITY;
    for (int i = 0; i < m.n; i++) {
        sum += 1 / (1 + exp(m.at[i]));
        least = smallest(least, m.at[i]);
    }
    double factor = corrected ? 1 + exp(-least) : 1;
    for (int i = 0; i < m.n; i++) {
        double ratio = 1 / (1 + exp(m.at[i])) / sum / a.at[i];
        most = worst(most, worst(ratio, 1 / ratio) / factor);
    }
    return most;
}

CLAIM(mar_shares, IDENTITY,
      "grad ln L = -sum a z, a softmax; logistic shares differ in the head")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Z = normal_mat(arena, &rng, N, D);
    vec w = normal_vec(arena, &rng, D), a = arena_vec(arena, N),
        m = arena_vec(arena, N);
    vec before = arena_vec(arena, D);
    double off = 0, sum = 0, within = 0, limit = rounding(N * D, norm(entries(Z)));
    scale(2, w);
    copy(w, before);
    mar_step(exponential_loss, Z, 1, arena, w); /* w := w - grad */
    for (int j = 0; j < D; j++)
        off = worst(off, fabs(before.at[j] - w.at[j] - by_complex_step(Z, before, j)));
    evidence(claim, "grad ln L, less a complex step's", at_most(off, limit));
    mar_log_loss(Z, before, arena, a);
    for (int i = 0; i < N; i++)
        sum += a.at[i];
    evidence(claim, "the shares' sum, less 1", at_most(fabs(sum - 1), rounding(N, 1)));
    for (double shift = -2; shift < 20; shift += 2) {
        for (int i = 0; i < N; i++)
            m.at[i] = dot(row(Z, i), before) + shift;
        within = worst(within, logistic_shares(m, a, true));
    }
    evidence(claim, "logistic shares / (1 + e^-m)",
             at_most(within, 1 + rounding(N, 1)));
    for (int i = 0; i < N; i++)
        m.at[i] = dot(row(Z, i), before);
    control(claim, "as if the two were the same",
            at_most(logistic_shares(m, a, false), 1 + rounding(N, 1)));
    copy(before, w);
    mar_step(logistic_loss, Z, 1, arena, w);
    off = 0;
    for (int j = 0; j < D; j++)
        off = worst(off, fabs(before.at[j] - w.at[j] - by_complex_step(Z, before, j)));
    control(claim, "grad of the logistic loss", at_most(off, limit));
}

/* Normal points on the right side of a normal w, the longest of length 1. */
static mat separable_points(struct claim *claim, int replicate)
{
    struct rng rng = claim_rng(claim, replicate);
    mat Z = normal_mat(claim_arena(claim), &rng, N, D);
    vec w = normal_vec(claim_arena(claim), &rng, D);
    double longest = 0;
    for (int i = 0; i < N; i++) {
        scale(copysign(1, dot(row(Z, i), w)), row(Z, i));
        longest = worst(longest, norm(row(Z, i)));
    }
    scale(1 / longest, entries(Z));
    return Z;
}

/* The chain of the theorem along the flow, at t = 1e-3, 1e-2, ..., 1e6: by how much a
 * link is broken, at most. */
static double broken_links(struct claim *claim, mat Z)
{
    struct arena *arena = claim_arena(claim);
    vec w = arena_vec(arena, Z.cols), l = arena_vec(arena, Z.rows);
    struct separation s = mar_separation_make(arena, Z.rows, Z.cols);
    double t = FLOW_BEGINS, broken = -INFINITY;
    mar_solve(Z, arena, &s);
    flow_begins(Z, w);
    for (int k = -3; k <= 6; k++) {
        flow_to(claim, Z, t, pow(10, k), w, l);
        t = pow(10, k);
        double margin = mar_margin(Z, w), smooth = mar_smooth(Z, w, arena);
        double by_length = s.high - log(Z.rows) / norm(w);
        broken = worst(broken, worst(margin - s.high, smooth - margin));
        broken = worst(broken, by_length - smooth);
        broken = worst(broken, mar_bound(Z.rows, s.high, t) - by_length);
    }
    return broken;
}

/* n points at the same place of length g: w = ln(1 + n g^2 t) / g. */
static mat all_alike(struct claim *claim, double g)
{
    mat Z = arena_mat(claim_arena(claim), N, D);
    for (int i = 0; i < N; i++)
        row(Z, i).at[0] = g;
    return Z;
}

/* The lecture's: gamma - ln n / (ln t + ln(2 n gamma^2) - ln ln(2 t n e gamma^2)). */
static double printed_bound(int n, double gamma, double t)
{
    double x = 2 * n * gamma * gamma * t;
    return gamma - log(n) / (log(x) - log(1 + log(x)));
}

static void record_bounds(struct claim *claim, mat Z)
{
    struct series s =
        series_begin(claim, "bounds", "t", "smooth", "bound", "printed", NULL);
    vec w = arena_vec(claim_arena(claim), D), l = arena_vec(claim_arena(claim), N);
    double t = FLOW_BEGINS;
    flow_begins(Z, w);
    for (int k = -36; k <= 36; k++) {
        double next = pow(10, k / 12.0), x = 2 * N * next;
        flow_to(claim, Z, t, next, w, l);
        t = next;
        series_row(&s, (double[]){t, mar_smooth(Z, w, claim_arena(claim)),
                                  mar_bound(N, 1, t),
                                  x > exp(-1) ? printed_bound(N, 1, t) : NAN});
    }
    series_end(&s);
}

CLAIM(mar_theorem, BOUND,
      "margin >= smooth >= gamma - ln n/|w| >= gamma - ln n/ln(1 + n gamma^2 t)")
{
    /* The flow is solved to its tolerance, 1e-11, in each of some thousand steps. */
    double broken = -INFINITY, slack = 1e4 * FLOW_TOLERANCE;
    for (int k = 0; k < 5; k++)
        broken = worst(broken, broken_links(claim, separable_points(claim, k)));
    evidence(claim, "a link, broken by", at_most(broken, slack));
    struct arena *arena = claim_arena(claim);
    mat Z = all_alike(claim, 1);
    vec w = arena_vec(arena, D), l = arena_vec(arena, N);
    flow_begins(Z, w);
    flow_to(claim, Z, FLOW_BEGINS, 0.01, w, l);
    double early = mar_smooth(Z, w, arena);
    control(claim, "the slide's, t = 0.01: less smooth",
            at_most(printed_bound(N, 1, 0.01) - early, slack));
    flow_to(claim, Z, 0.01, 1000, w, l);
    double late = mar_smooth(Z, w, arena) - mar_bound(N, 1, 1000);
    evidence(claim, "all alike: smooth - bound", at_most(fabs(late), slack));
    evidence(claim, "the same, which bites", at_least(-late, -slack));
    control(claim, "points of length 3: link broken by",
            at_most(broken_links(claim, all_alike(claim, 3)), slack));
    record_bounds(claim, Z);
}

/* ---- Where the printed theorem is false ------------------------------------------ */

/* y = ln(e x) > 0 with x = 2 n gamma^2 t.  On n equal points of length 1 the smooth
 * margin is 1 - ln n / ln(1 + x/2), and the slide's bound 1 - ln n / (ln x - ln y): it
 * is false where D(y) = y - 1 - ln y - ln(1 + e^(y - 1) / 2) > 0, whatever n > 1. */
static void excess(void *context, const ball *y, ball *value, ball *slope)
{
    (void)context;
    ball half = ball_times(0.5, ball_exp(ball_plus(*y, -1))), more = ball_plus(half, 1);
    *value = ball_sub(ball_sub(ball_plus(*y, -1), ball_log(*y)), ball_log(more));
    if (slope)
        *slope = ball_sub(ball_div(ball_number(y->in, 1), more),
                          ball_div(ball_number(y->in, 1), *y));
}

static enum verdict is_false(void *context, const ball *y)
{
    ball value;
    excess(context, y, &value, NULL);
    return is_positive(value);
}

static enum verdict is_true(void *context, const ball *y)
{
    ball value;
    excess(context, y, &value, NULL);
    return is_positive(ball_neg(value));
}

static enum verdict falls(void *context, const ball *y)
{
    ball value, slope;
    excess(context, y, &value, &slope);
    return is_positive(ball_neg(slope));
}

/* How far flow's own smooth margin, at the x where the proof has the slide false and
 * true, contradicts it: -1 if it does not. */
static double flow_decides(struct claim *claim, double x)
{
    mat Z = all_alike(claim, 1);
    vec w = arena_vec(claim_arena(claim), D), l = arena_vec(claim_arena(claim), N);
    flow_begins(Z, w);
    flow_to(claim, Z, FLOW_BEGINS, x / (2 * N), w, l);
    return mar_smooth(Z, w, claim_arena(claim)) - printed_bound(N, 1, x / (2 * N));
}

CLAIM(mar_printed, PROVED,
      "The printed bound is false up to 2 n gamma^2 t = 0.574988..., then true")
{
    /* D' = 1 / (1 + e^(y - 1) / 2) - 1 / y < 1 - 1 / y < 0 for y < 1, so that below
     * 1e-9 D is larger still.  To x = 1e6, y = 15; beyond, D < ln 2 - ln y, as ln(1 +
     * x/2) > ln x - ln 2. */
    struct balls balls = balls_make(400, 128);
    struct search search = {0};
    ball root = ball_between(&balls, 0.05, 0.5);
    evidence(claim, "one root in [0.05, 0.5]",
             certainly(newton(excess, NULL, 12, root)));
    ball x = ball_exp(ball_plus(root, -1));
    evidence(claim, "there x >= 0.57498871357",
             ball_at_least(ball_plus(x, -0.57498871357), 0));
    evidence(claim, "there x <= 0.57498871358",
             ball_at_least(ball_plus(ball_neg(x), 0.57498871358), 0));
    double low = ball_low(root) - 1e-12, high = ball_high(root) + 1e-12;
    struct box before = {1, {1e-9}, {low}}, after = {1, {high}, {15}};
    struct box first = {1, {1e-9}, {0.5}}, early = {1, {1 + log(0.57)}, {15}};
    evidence(claim, "D falls on ]0, 1/2]",
             certainly(everywhere(&balls, falls, NULL, first, 40, &search)));
    evidence(claim, "false before",
             certainly(everywhere(&balls, is_false, NULL, before, 60, &search)));
    evidence(claim, "true after",
             certainly(everywhere(&balls, is_true, NULL, after, 60, &search)));
    evidence(claim, "flow at x = 0.56: smooth - bound",
             at_most(flow_decides(claim, 0.56), -1e-3));
    evidence(claim, "flow at x = 0.59: smooth - bound",
             at_least(flow_decides(claim, 0.59), 1e-3));
    control(claim, "true from x = 0.57 on",
            certainly(everywhere(&balls, is_true, NULL, early, 60, &search)));
    balls_free(&balls);
}

/* ---- Its constant -----------------------------------------------------------------
 */

static double entropy(vec p)
{
    double sum = 0;
    for (int i = 0; i < p.n; i++)
        sum -= p.at[i] > 0 ? p.at[i] * log(p.at[i]) : 0;
    return sum;
}

/* (gamma - smooth margin) |w|, less H(p). */
static double beyond_entropy(struct claim *claim, struct planted k, vec w)
{
    return (k.gamma - mar_smooth(k.Z, w, claim_arena(claim))) * norm(w) - entropy(k.p);
}

/* The same by the identity: gamma (|w| - e'w) + sum p_i ln(p_i / a_i). */
static double by_identity(struct claim *claim, struct planted k, vec w)
{
    vec a = arena_vec(claim_arena(claim), N);
    double divergence = 0, all = 0;
    for (int i = 0; i < N; i++)
        all += a.at[i] = exp(-dot(row(k.Z, i), w));
    for (int i = 0; i < N; i++)
        if (k.p.at[i] > 0)
            divergence += k.p.at[i] * log(k.p.at[i] / (a.at[i] / all));
    return k.gamma * (norm(w) - dot(k.e, w)) + divergence;
}

/* What remains of it in the end: gamma |w_tilde across e|^2 / 2 |w|. */
static double remainder_in_the_end(struct claim *claim, struct planted k, vec w)
{
    vec t = arena_vec(claim_arena(claim), D);
    copy(k.w_tilde, t);
    across(k.e, t);
    return k.gamma * pow(norm(t), 2) / (2 * norm(w));
}

/* For the figure: gamma - smooth margin and |w|, for three ways to descend. */
static void record_entropy(struct claim *claim, struct planted k)
{
    struct series s =
        series_begin(claim, "gaps", "flow", "flow_gap", "logistic", "logistic_gap",
                     "normalized", "normalized_gap", "law", "theorem", NULL);
    struct arena *arena = claim_arena(claim);
    vec w[3], l = arena_vec(arena, N);
    double t = FLOW_BEGINS;
    int done = 0;
    for (int way = 0; way < 3; way++)
        w[way] = arena_vec(arena, D);
    flow_begins(k.Z, w[0]);
    for (int i = 0; i <= 20; i++) {
        double next = pow(10, 0.5 * i - 1), size[3], gap[3];
        int steps = (int)rint(pow(10, 0.18 * i));
        flow_to(claim, k.Z, t, next, w[0], l);
        for (t = next; done < steps; done++) {
            mar_step(logistic_loss, k.Z, 4, arena, w[1]);
            mar_step(exponential_loss, k.Z, 1, arena, w[2]);
        }
        for (int way = 0; way < 3; way++) {
            gap[way] = k.gamma - mar_smooth(k.Z, w[way], arena);
            size[way] = norm(w[way]);
        }
        series_row(&s, (double[]){size[0], gap[0], size[1], gap[1], size[2], gap[2],
                                  entropy(k.p) / size[2], log(N) / size[2]});
    }
    series_end(&s);
}

CLAIM(mar_entropy, BOUND,
      "(gamma - smooth) |w| tends to the entropy of the multipliers' shares")
{
    struct arena *arena = claim_arena(claim);
    double off = 0, flow = 0, steps = 0, logistic = 0, power = 0, least = 1;
    vec w = arena_vec(arena, D), l = arena_vec(arena, N);
    for (int r = 0; r < 3; r++) {
        struct planted k = planted_points(claim, r, 0.5);
        struct rng rng = claim_rng(claim, 50 + r);
        rng_normals(&rng, 0, 3, w);
        off = worst(off, fabs(beyond_entropy(claim, k, w) - by_identity(claim, k, w)));
        flow_begins(k.Z, w);
        flow_to(claim, k.Z, FLOW_BEGINS, 1e8, w, l);
        double rest = beyond_entropy(claim, k, w);
        flow = worst(flow, fabs(rest - remainder_in_the_end(claim, k, w)));
        vec by_steps = descend(claim, k.Z, exponential_loss, 1, 3000);
        rest = beyond_entropy(claim, k, by_steps);
        steps = worst(steps, fabs(rest - remainder_in_the_end(claim, k, by_steps)));
        vec by_log = descend(claim, k.Z, logistic_loss, 4, 15000);
        rest = beyond_entropy(claim, k, by_log);
        logistic = worst(logistic, fabs(rest - remainder_in_the_end(claim, k, by_log)));
        least = smallest(least, rest / entropy(k.p));
        vec by_power = descend(claim, k.Z, power_loss, 1, 3000);
        rest = beyond_entropy(claim, k, by_power);
        power = worst(power, fabs(rest - remainder_in_the_end(claim, k, by_power)));
    }
    evidence(claim, "any w, less the identity", at_most(off, rounding(N * D, 10)));
    /* Beside what the law leaves out: sums of D, of which gamma |w| = 300 is taken. */
    double limit = 1e-5 + rounding(D, 300);
    evidence(claim, "flow, t = 1e8, less the law", at_most(flow, limit));
    evidence(claim, "3000 normalized, less the law", at_most(steps, limit));
    evidence(claim, "beyond the entropy, at least", at_least(least, 0));
    evidence(claim, "15,000 logistic, less the law", at_most(logistic, 0.01));
    control(claim, "a tail (1 + m)^-2, less the law", at_most(power, 0.01));
    record_entropy(claim, planted_points(claim, 0, 0.5));
}

SECTION(mar_smooth_margins, &mar_confidence, &mar_sandwich, &mar_shares, &mar_theorem,
        &mar_printed, &mar_entropy);
