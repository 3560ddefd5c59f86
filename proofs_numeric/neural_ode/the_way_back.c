/* What a state is worth that was computed backward. */
#include "roads.h"

#include <math.h>

/* Forward in N steps and back again in so many, from 1, where k h = x forward. */
static double round_trip(struct claim *claim, const struct ode_tableau *method, int N,
                         int back, double x)
{
    double k = x * N, t = 0;
    struct ode ode = {1, decay, &k};
    vec z = {1, (real[]){1}};
    ode_fixed(&ode, method, &t, 1, N, z, claim_arena(claim));
    ode_fixed(&ode, method, &t, 0, back, z, claim_arena(claim));
    return z.at[0];
}

/* The largest gap between round trips and the law, in units of the limit.  excess: how
 * many more steps are taken on the way back. */
static double gap_of_round_trips(struct claim *claim, const struct ode_tableau *method,
                                 int excess)
{
    double most = 0;
    for (int N = 4; N <= 16; N *= 2)
        for (double x = 0.25; x <= 1; x *= 2) {
            double z = round_trip(claim, method, N, N + excess, x);
            double law = N * log1p(pow(x, 6) / 72 + pow(x, 8) / 576);
            /* Each step rounds some ten times; forward the error dies away with the
             * state, backward it is amplified with it: relative errors add up. */
            most = worst(most, fabs(log(z) - law) / rounding(20 * N, 1));
        }
    return most;
}

CLAIM(node_round_trip, IDENTITY,
      "N steps of order 4 forward and N back leave (1 + x^6/72 + x^8/576)^N, x = kh")
{
    evidence(claim, "round trips: gap / limit",
             at_most(gap_of_round_trips(claim, &ode_rk4, 0), 1));
    control(claim, "by the midpoint rule",
            at_most(gap_of_round_trips(claim, &ode_midpoint, 0), 1));
    control(claim, "N + 1 steps back",
            at_most(gap_of_round_trips(claim, &ode_rk4, 1), 1));
}

/* The tolerance that is grown. */
static const double ASKED = REAL_EPSILON < 1e-11 ? 1e-10 : 8 * REAL_EPSILON;

/* What is solved there and back: a contraction, with an absolute tolerance or with none
 * to speak of, or a turn. */
enum journey { CONTRACTION, RELATIVELY, TURN };

/* How far from its start the solver comes back, over a time of 1. */
static double drift_back(struct claim *claim, enum journey journey, double k)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct ode ode = {journey == TURN ? 2 : 1, journey == TURN ? turn : decay, &k};
    vec z = {ode.n, (real[]){1, 0}};
    double absolute = journey == RELATIVELY ? REAL_MIN : ASKED;
    struct ode_solver s = ode_solver_make(arena, &ode, 0, z, ASKED, absolute);
    bool there = ode_to(&s, 1) == ODE_DONE && ode_to(&s, 0) == ODE_DONE;
    double drift = there ? fabs(s.z.at[0] - 1) : NAN;
    arena->used = mark;
    return drift;
}

/* The drift for k = 4, 7, ..., 37, as a power of e^k. */
static struct fit drift_of(struct claim *claim, enum journey journey, const char *name)
{
    enum { RATES = 12 };
    double growth[RATES], drift[RATES];
    struct series s = series_begin(claim, name, "k", "drift", "law", NULL);
    for (int i = 0; i < RATES; i++) {
        double k = 4 + 3 * i;
        growth[i] = exp(k);
        drift[i] = drift_back(claim, journey, k);
        series_row(&s, (double[]){k, drift[i], ASKED * growth[i]});
    }
    series_end(&s);
    return fit_power(RATES, growth, drift);
}

static struct finding nothing_is_left(struct claim *claim, enum journey journey)
{
    double least = INFINITY;
    for (double k = 30; k <= 45; k++)
        least = smallest(least, drift_back(claim, journey, k));
    return at_least(least, 1);
}

CLAIM(node_drift, RATE,
      "Backward, a contraction by e^-kT multiplies the absolute error of z by e^kT")
{
    /* An error of the tolerance's size, grown by e^k.  Should its size change by a
     * factor 10, this moves the slope by 3/2 of a decade over the 33 / ln 10 = 14. */
    double half = 1.5 * log(10) / 33;
    evidence(claim, "drift ~ (e^kT)^p",
             slope_is(drift_of(claim, CONTRACTION, "drift"), 1, half, 1));
    evidence(claim, "least drift, kT = 30 to 45", nothing_is_left(claim, CONTRACTION));
    control(claim, "a turn, which contracts nothing",
            slope_is(drift_of(claim, TURN, "drift_turn"), 1, half, 1));
    control(claim, "a relative tolerance alone",
            slope_is(drift_of(claim, RELATIVELY, "drift_relative"), 1, half, 1));
    control(claim, "the same, kT = 30 to 45", nothing_is_left(claim, RELATIVELY));
}

/* z_1' = -k z_1, z_2' = theta (1 + z_1), from z_1 = 1: L = z_2(1) has dL/dtheta = 1 +
 * (1 - e^-k) / k. */
struct watching {
    double k, theta;
};

static void watching_value(void *context, double t, vec z, vec dz)
{
    (void)t;
    const struct watching *x = context;
    dz.at[0] = -x->k * z.at[0];
    dz.at[1] = x->theta * (1 + z.at[0]);
}

static void watching_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                          vec gtheta)
{
    const struct watching *x = context;
    watching_value(context, t, z, dz);
    gz.at[0] = -x->k * a.at[0] + x->theta * a.at[1];
    gz.at[1] = 0;
    gtheta.at[0] = (1 + z.at[0]) * a.at[1];
}

/* dL/dtheta by the adjoint, which passes the middle of the way with the z that it has
 * found there. */
static double without_putting_back(struct claim *claim, struct neural_ode *f, vec end)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct ode equation = node_adjoint_ode(f);
    vec state = arena_vec(arena, equation.n);
    struct adjoint at = node_adjoint_parts(f, state);
    copy(end, at.z);
    at.a.at[1] = 1;
    struct ode_solver s = ode_solver_make(arena, &equation, 1, state, ASKED, ASKED);
    bool done = ode_to(&s, 0.5) == ODE_DONE && ode_to(&s, 0) == ODE_DONE;
    double g = done ? node_adjoint_parts(f, s.z).g.at[0] : NAN;
    arena->used = mark;
    return g;
}

/* The relative error of dL/dtheta, where z is put back at so many times, the last of
 * which is the start, or at none of them. */
static double error_with_stops(struct claim *claim, double k, int stops, bool put_back)
{
    struct arena *arena = claim_arena(claim);
    struct watching x = {k, 0.7};
    struct neural_ode f = {{2, watching_value, &x}, 1, watching_pull};
    vec times = arena_vec(arena, stops + 1);
    mat path = arena_mat(arena, stops + 1, 2), G = arena_mat(arena, stops + 1, 2);
    for (int i = 0; i <= stops; i++)
        times.at[i] = (double)i / stops;
    path.at[0] = 1;
    row(G, stops).at[1] = 1;
    vec a = {2, (real[2]){0}}, g = {1, (real[1]){0}};
    enum ode_status status = node_path(&f, times, ASKED, ASKED, arena, path);
    if (status == ODE_DONE && put_back)
        status = node_adjoint_gradient(&f, times, path, G, ASKED, ASKED, arena, a, g);
    else if (status == ODE_DONE)
        g.at[0] = without_putting_back(claim, &f, row(path, stops));
    double exact = 1 - expm1(-k) / k;
    return status == ODE_DONE ? fabs(g.at[0] - exact) / exact : NAN;
}

/* The error as a power of e^k/N, the growth in a stretch: k from 24 to 40, N stops.  An
 * error of the tolerance's size is grown; should it change by a factor 50, or 7, along
 * these 7, or 3.5, decades, that is a slope of 0.25. */
static struct finding grows_by_stretches(struct claim *claim, int stops, bool put_back)
{
    enum { RATES = 9 };
    double growth[RATES], error[RATES];
    for (int i = 0; i < RATES; i++) {
        double k = 24 + 2 * i;
        growth[i] = exp(k / stops);
        error[i] = error_with_stops(claim, k, stops, put_back);
    }
    return slope_is(fit_power(RATES, growth, error), 1, 0.25, 0.5);
}

CLAIM(node_stops, RATE,
      "With z put back at N equal distances of the way, errors grow by e^(kT/N) only")
{
    evidence(claim, "N = 1: error ~ (e^kT)^p", grows_by_stretches(claim, 1, true));
    evidence(claim, "N = 2: error ~ (e^(kT/2))^p", grows_by_stretches(claim, 2, true));
    evidence(claim, "kT = 36, N = 1: relative error",
             at_least(error_with_stops(claim, 36, 1, true), 1));
    /* The tolerance, grown by e^3 in each of twelve stretches. */
    evidence(claim, "kT = 36, N = 12",
             at_most(error_with_stops(claim, 36, 12, true), 12 * ASKED * exp(3)));
    control(claim, "N = 2, and z not put back", grows_by_stretches(claim, 2, false));
}

SECTION(the_way_back, &node_round_trip, &node_drift, &node_stops);
