/* "Any separable data": importance weights shift the flow by a constant vector, and so
 * lose its direction. */
#include "ground/planted.h"
#include "ground/route_lapack.h"
#include "influence/weighted_flows.h"

#include <math.h>

enum { WORLDS = 24, EXAMPLES = 20, D = 3 };
static const double GAMMA = 0.3, SPREAD = 0.3, HEAVY = 100;
static const double DEGREE = 0.017453292519943295;
static const double LATE = 1e12;

/* The gradient at what is called a minimum: in units of the decay, where that is what
 * keeps w, at a norm below 100, whose rounding it leaves; and where wrong labels do. */
static const double OF_DECAY = 1e5 * REAL_EPSILON;
static const double FLAT = 500 * REAL_EPSILON;

/* Planted examples; every other one, so also of the support, is of the heavy class. */
struct classes {
    struct planted planted;
    vec c, ones; /* EXAMPLES each: the weights HEAVY and 1; and 1                  */
    vec u;       /* D: z_i'u = ln c_i on the support, by LAPACK                    */
};

static struct classes classes_make(struct claim *claim, uint64_t replicate)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct classes x = {planted_make(arena, &rng, EXAMPLES, D, GAMMA, SPREAD),
                        arena_vec(arena, EXAMPLES), arena_vec(arena, EXAMPLES),
                        arena_vec(arena, D)};
    vec log_c = arena_vec(arena, D);
    fill(1, x.ones);
    for (int i = 0; i < EXAMPLES; i++)
        x.c.at[i] = i % 2 ? 1 : HEAVY;
    for (int i = 0; i < D; i++)
        log_c.at[i] = log(x.c.at[i]);
    route_solve(row_block(x.planted.Z, 0, D), log_c, x.u);
    return x;
}

/* The two flows of a world, with its weights and without. */
struct flows {
    struct flow weighted, plain;
};

static void flows_begin(struct claim *claim, const struct classes *x, double tail,
                        struct flows *flows)
{
    flow_begin(claim, x->planted.Z, x->c, tail, &flows->weighted);
    flow_begin(claim, x->planted.Z, x->ones, tail, &flows->plain);
}

/* ||w_c(t) - w_1(t) - u||. */
static double off_shift(struct flows *flows, vec u, double t)
{
    vec a = flow_to(&flows->weighted, t), b = flow_to(&flows->plain, t);
    double sum = 0;
    for (int j = 0; j < D; j++)
        sum = hypot(sum, a.at[j] - b.at[j] - u.at[j]);
    return sum;
}

/* The angle of w ln t + w_tilde to the same plus u. */
static double angle_law(struct claim *claim, const struct classes *x, double t)
{
    struct arena *arena = claim_arena(claim);
    vec a = arena_vec(arena, D), b = arena_vec(arena, D);
    copy(x->planted.w_tilde, a);
    axpy(log(t), x->planted.w, a);
    copy(a, b);
    axpy(1, x->u, b);
    return angle(a, b);
}

static double flow_angle(struct flows *flows, double t)
{
    vec a = flow_to(&flows->weighted, t), b = flow_to(&flows->plain, t);
    return angle(a, b);
}

/* Of the two flows: the slope of ||w_c - w_1 - u|| in t, from 10^5 to 10^8; and how far
 * their angle at LATE is from its law, in units of what the solver admits. */
struct course {
    double slope, gap;
};

static struct course course_of(struct claim *claim, const struct classes *x,
                               double tail)
{
    double t[4], off[4];
    struct flows flows;
    flows_begin(claim, x, tail, &flows);
    for (int k = 0; k < 4; k++)
        t[k] = pow(10, 5 + k), off[k] = off_shift(&flows, x->u, t[k]);
    double gap = fabs(flow_angle(&flows, LATE) - angle_law(claim, x, LATE));
    double error = flow_error(&flows.weighted) + flow_error(&flows.plain);
    return (struct course){fit_power(4, t, off).slope,
                           gap / (error / norm(flows.plain.solver.z))};
}

/* The angle between the minima with weights and without, under this decay. */
static double decayed_angle(struct claim *claim, const struct classes *x, double lambda,
                            double tolerance)
{
    vec a = arena_vec(claim_arena(claim), D), b = arena_vec(claim_arena(claim), D);
    decayed(claim, x->planted.Z, x->c, lambda, tolerance, a);
    decayed(claim, x->planted.Z, x->ones, lambda, tolerance, b);
    return angle(a, b);
}

/* The same where each example has the other label too, one time in ten: its z_i has the
 * other sign then, and the weight of the other class. */
static struct classes with_noise(struct claim *claim, const struct classes *x)
{
    struct arena *arena = claim_arena(claim);
    struct classes y = *x;
    y.planted.Z = arena_mat(arena, 2 * EXAMPLES, D);
    y.c = arena_vec(arena, 2 * EXAMPLES), y.ones = arena_vec(arena, 2 * EXAMPLES);
    for (int i = 0; i < EXAMPLES; i++) {
        int other = EXAMPLES + i;
        axpy(1, row(x->planted.Z, i), row(y.planted.Z, i));
        axpy(-1, row(x->planted.Z, i), row(y.planted.Z, other));
        y.ones.at[i] = 0.9, y.ones.at[other] = 0.1;
        y.c.at[i] = 0.9 * x->c.at[i], y.c.at[other] = 0.1 * HEAVY / x->c.at[i];
    }
    return y;
}

/* For the figure: the first world, in degrees. */
static void record_angles(struct claim *claim)
{
    struct classes x = classes_make(claim, 0);
    struct flows flows, tail;
    struct series s =
        series_begin(claim, "angles", "t", "flow", "law", "tail", "decay", NULL);
    flows_begin(claim, &x, INFINITY, &flows);
    flows_begin(claim, &x, 1, &tail);
    for (double k = 1; k < 12.1; k += 0.5) {
        double t = pow(10, k), law = t < 50 ? NAN : angle_law(claim, &x, t);
        double decay = k > 10 ? NAN : decayed_angle(claim, &x, 1 / t, 1e-12 / t);
        series_row(&s, (double[]){t, flow_angle(&flows, t) / DEGREE, law / DEGREE,
                                  flow_angle(&tail, t) / DEGREE, decay / DEGREE});
    }
    series_end(&s);
}

CLAIM(inf_shift, RATE,
      "Separable: weights shift the flow by a constant, and its angle falls as 1/ln t")
{
    if (needs_double(claim, "what is beside the shift falls from 1e-5 to 1e-8"))
        return;
    /* The rest falls like 1/t, or like (ln t)/t where another point's margin is just
     * twice that of the support: the slope is wrong by 1/ln t then, < 0.1 on average
     * over 10^5 to 10^8. */
    double slopes[WORLDS], bent[WORLDS], gap = 0, other = INFINITY;
    for (int k = 0; k < WORLDS; k++) {
        size_t mark = claim_arena(claim)->used;
        struct classes x = classes_make(claim, k);
        struct course exponential = course_of(claim, &x, INFINITY),
                      power = course_of(claim, &x, 20);
        slopes[k] = exponential.slope, bent[k] = power.slope;
        gap = worst(gap, exponential.gap), other = smallest(other, power.gap);
        claim_arena(claim)->used = mark;
    }
    evidence(claim, "w_c - w_1 - u: slope in t",
             slopes_near(WORLDS, slopes, -1, 0.1, 0.5));
    evidence(claim, "angle at 10^12: gap, of its limit", at_most(gap, 1));
    control(claim, "a tail of 1/m^20: slope", slopes_near(WORLDS, bent, -1, 0.1, 0.5));
    control(claim, "angle: least gap", at_most(other, 1));
    record_angles(claim);
}

CLAIM(inf_kept, PHENOMENON,
      "Decay, a power's tail, wrong labels keep the weights' effect; little decay not")
{
    /* Wrong labels leave 41 degrees, with a deviation of 17: the limit is 16 standard
     * errors of 56 worlds away, and Student's interval reaches 7.4. */
    enum { KEPT = 56 };
    double few[KEPT], tail[KEPT], noisy[KEPT], late[KEPT], little[KEPT];
    for (int k = 0; k < KEPT; k++) {
        size_t mark = claim_arena(claim)->used;
        struct classes x = classes_make(claim, k);
        struct flows exponential, power;
        flows_begin(claim, &x, INFINITY, &exponential);
        flows_begin(claim, &x, 1, &power);
        late[k] = flow_angle(&exponential, LATE) / DEGREE;
        tail[k] = flow_angle(&power, LATE) / DEGREE;
        few[k] = decayed_angle(claim, &x, 1e-2, 1e-2 * OF_DECAY) / DEGREE;
        little[k] = decayed_angle(claim, &x, 1e-10, 1e-10 * OF_DECAY) / DEGREE;
        struct classes y = with_noise(claim, &x);
        noisy[k] = decayed_angle(claim, &y, 1e-10, FLAT) / DEGREE;
        claim_arena(claim)->used = mark;
    }
    evidence(claim, "decay of 0.01: degrees", effect_at_least(KEPT, few, 5));
    evidence(claim, "tail of 1/m at t = 10^12", effect_at_least(KEPT, tail, 5));
    evidence(claim, "a tenth of the labels wrong", effect_at_least(KEPT, noisy, 5));
    control(claim, "exponential loss at t = 10^12", effect_at_least(KEPT, late, 5));
    control(claim, "decay of 10^-10", effect_at_least(KEPT, little, 5));
}

SECTION(inf_any, &inf_shift, &inf_kept);
