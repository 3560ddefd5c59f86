/* The contract of mean_field.h: each function against its formula in plain loops, and
 * each drift against differences of its cost. */
#include "ground/unit.h"
#include "mean_field.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { M = 5, D = 3, N = 4 };

struct world {
    struct arena arena;
    struct rng rng;
    struct mf_problem p;
    struct particles q, drift, next;
    struct mf_pass pass;
};

static struct world world_make(const char *test, enum activation activation)
{
    struct world x = {.arena = arena_make(1 << 16), .rng = unit_rng(test)};
    struct arena *arena = &x.arena;
    x.p = (struct mf_problem){arena_mat(arena, N, D),
                              arena_vec(arena, N),
                              square_loss,
                              activation,
                              1.5,
                              BOTH_LAYERS};
    x.q = mf_particles_make(arena, M, D);
    x.drift = mf_particles_make(arena, M, D);
    x.next = mf_particles_make(arena, M, D);
    x.pass = mf_pass_make(arena, M, N);
    rng_uniforms(&x.rng, -1, 1, entries(x.p.X));
    rng_uniforms(&x.rng, -1, 1, x.p.t);
    rng_uniforms(&x.rng, -1, 1, x.q.all);
    fill(NAN, x.drift.all);
    return x;
}

/* ---- Particles and losses -------------------------------------------------------- */

START_TEST(particles_are_zero_and_views_of_one_vector)
{
    struct arena arena = arena_make(1 << 12);
    struct particles q = mf_particles_make(&arena, 3, 2);
    ck_assert(q.all.n == 9 && q.eta.n == 3 && q.W.rows == 3 && q.W.cols == 2);
    ck_assert(max_norm(q.all) == 0);
    ck_assert(q.eta.at == q.all.at && q.W.at == q.all.at + 3);
    ck_assert_stops("a mean needs a particle, got m = 0",
                    mf_particles_make(&arena, 0, 2));
    ck_assert_stops("an input, got d = 0", mf_particles_make(&arena, 3, 0));
    struct particles one = mf_particles_make(&arena, 1, 1);
    ck_assert(one.all.n == 2);
    arena_free(&arena);
}
END_TEST

/* ---- Forward, drift, step -------------------------------------------------------- */

static double sigma(enum activation activation, double z)
{
    return activation == TANH ? tanh(z) : fmax(z, 0);
}

static void check_forward(enum activation activation)
{
    struct world x = world_make("mf/forward", activation);
    fill(NAN, x.pass.h);
    mf_forward(&x.p, x.q, &x.pass);
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < M; j++)
            sum += x.q.eta.at[j] * sigma(activation, dot(row(x.q.W, j), row(x.p.X, i)));
        assert_near(x.pass.h.at[i], 1.5 * sum / M, 20 * DBL_EPSILON);
    }
    double F = mf_cost(&x.p, x.q, &x.pass), square = 0;
    for (int i = 0; i < N; i++)
        square += pow(x.pass.h.at[i] - x.p.t.at[i], 2);
    assert_near(F, square / (2 * N), 20 * DBL_EPSILON);
    arena_free(&x.arena);
}

START_TEST(output_is_the_mean_of_the_neurons)
{
    check_forward(TANH);
    check_forward(RELU);
}
END_TEST

/* drift = -m dF/dv, by central differences; 0 for what stays.  Rounding leaves m eps /
 * h of a difference quotient, the third derivatives h^2: alike at this h. */
static void check_drift(enum mobile moves)
{
    struct world x = world_make("mf/drift", TANH);
    const double h = cbrt(REAL_EPSILON);
    x.p.moves = moves;
    mf_cost(&x.p, x.q, &x.pass);
    mf_drift(&x.p, x.q, &x.pass, x.drift);
    for (int k = 0; k < x.q.all.n; k++) {
        double here = x.q.all.at[k];
        x.q.all.at[k] = here + h;
        double above = mf_cost(&x.p, x.q, &x.pass);
        x.q.all.at[k] = here - h;
        double below = mf_cost(&x.p, x.q, &x.pass);
        x.q.all.at[k] = here;
        bool stays = k < M ? moves == INNER_LAYER : moves == OUTPUT_LAYER;
        if (stays)
            ck_assert(x.drift.all.at[k] == 0);
        else
            assert_near(x.drift.all.at[k], -M * (above - below) / (2 * h),
                        (M + 10) * h * h);
    }
    arena_free(&x.arena);
}

START_TEST(drift_is_m_times_the_gradient)
{
    check_drift(BOTH_LAYERS);
    check_drift(OUTPUT_LAYER);
    check_drift(INNER_LAYER);
}
END_TEST

START_TEST(step_goes_along_the_drift)
{
    struct world x = world_make("mf/step", TANH);
    copy(x.q.all, x.next.all);
    double F = mf_cost(&x.p, x.q, &x.pass);
    mf_drift(&x.p, x.q, &x.pass, x.drift);
    axpy(0.3, x.drift.all, x.next.all);
    ck_assert_double_eq(mf_step(&x.p, 0.3, &x.pass, x.drift, x.q), F);
    for (int k = 0; k < x.q.all.n; k++)
        ck_assert_double_eq(x.q.all.at[k], x.next.all.at[k]);
    ck_assert_stops("mf_step", mf_step(&x.p, 0, &x.pass, x.drift, x.q));
    ck_assert_stops("tau must be finite and positive, got -1",
                    mf_step(&x.p, -1, &x.pass, x.drift, x.q));
    ck_assert_stops("got nan", mf_step(&x.p, NAN, &x.pass, x.drift, x.q));
    ck_assert_stops("got inf", mf_step(&x.p, INFINITY, &x.pass, x.drift, x.q));
    arena_free(&x.arena);
}
END_TEST

/* The least may be any of them, also the only one. */
START_TEST(margin_of_any_number_of_examples)
{
    static const int numbers[] = {1, 2, 64, 65, 130};
    struct arena arena = arena_make(1 << 14);
    for (int i = 0; i < 5; i++)
        for (int low = 0; low < numbers[i]; low++) {
            arena.used = 0;
            int n = numbers[i];
            struct mf_problem p = {.X = arena_mat(&arena, n, 1),
                                   .t = arena_vec(&arena, n),
                                   .activation = LINEAR,
                                   .gain = 1};
            struct particles q = mf_particles_make(&arena, 1, 1);
            struct mf_pass pass = mf_pass_make(&arena, 1, n);
            fill(3, entries(p.X));
            fill(1, p.t);
            p.X.at[low] = 2;
            fill(1, q.all);
            ck_assert_double_eq(mf_margin(&p, q, &pass), 2);
        }
    arena_free(&arena);
}
END_TEST

/* Two ReLU neurons, (2, (3, 4)) and (-1, (0, 1)), at (1, 0) and (0, 1): h = (6 / 2, (8
 * - 1) / 2), labels +: the margin is 3 in units of (2 * 5 + 1) / 2. */
START_TEST(margin_is_the_least_output_over_the_size)
{
    real X[] = {1, 0, 0, 1}, y[] = {1, 1}, all[] = {2, -1, 3, 4, 0, 1};
    struct arena arena = arena_make(1 << 12);
    struct mf_problem p = {{2, 2, X}, {2, y}, exponential_loss, RELU, 1, BOTH_LAYERS};
    struct particles q = {{6, all}, {2, all}, {2, 2, all + 2}};
    struct mf_pass pass = mf_pass_make(&arena, 2, 2);
    assert_near(mf_margin(&p, q, &pass), 3 / 5.5, 4 * DBL_EPSILON);
    y[1] = -1;
    assert_near(mf_margin(&p, q, &pass), -3.5 / 5.5, 4 * DBL_EPSILON);
    arena_free(&arena);
}
END_TEST

/* ---- Transport ------------------------------------------------------------------- */

START_TEST(transport_matches_in_order)
{
    struct arena arena = arena_make(1 << 12);
    real x[] = {5, 1, 3}, y[] = {4, 2, 9}; /* 1 to 2, 3 to 4, 5 to 9 */
    size_t mark = arena.used;
    assert_near(mf_w2_line((vec){3, x}, (vec){3, y}, &arena), sqrtl(6), 1e-15);
    ck_assert(arena.used == mark && x[0] == 5 && y[2] == 9);
    ck_assert_double_eq(mf_w2_line((vec){3, x}, (vec){3, x}, &arena), 0);
    ck_assert_stops("entries", mf_w2_line((vec){3, x}, (vec){2, y}, &arena));
    arena_free(&arena);
}
END_TEST

/* One linear neuron, one input: F = (x w - t)^2 / 2, and the step of JKO ends at (w +
 * tau x t) / (1 + tau x^2). */
START_TEST(jko_on_a_parabola_is_implicit_euler)
{
    struct arena arena = arena_make(1 << 12);
    real X[] = {2}, t[] = {3};
    const double tau = 0.1;
    struct mf_problem p = {{1, 1, X}, {1, t}, square_loss, LINEAR, 1, INNER_LAYER};
    struct particles q = mf_particles_make(&arena, 1, 1),
                     next = mf_particles_make(&arena, 1, 1),
                     drift = mf_particles_make(&arena, 1, 1);
    struct mf_pass pass = mf_pass_make(&arena, 1, 1);
    q.eta.at[0] = 1;
    q.W.at[0] = 0.5;
    mf_jko_step(&p, tau, 60, q, &pass, drift, next); /* 0.4^60 = 1e-24 */
    double end = (0.5 + tau * 6) / (1 + tau * 4);
    assert_near(next.W.at[0], end, 8 * DBL_EPSILON);
    ck_assert(next.eta.at[0] == 1 && q.W.at[0] == 0.5);
    double cost = mf_jko_cost(&p, tau, q, next, &pass, &arena);
    assert_near(cost, pow(2 * end - 3, 2) / 2 + pow(end - 0.5, 2) / (2 * tau),
                16 * DBL_EPSILON);
    mf_jko_step(&p, tau, 0, q, &pass, drift, next);
    ck_assert(next.W.at[0] == 0.5);
    p.moves = BOTH_LAYERS;
    ck_assert_stops("mf_jko_cost: particles must be on a line",
                    mf_jko_cost(&p, tau, q, next, &pass, &arena));
    p.moves = INNER_LAYER;
    ck_assert_stops("tau must be", mf_jko_cost(&p, 0, q, next, &pass, &arena));
    ck_assert_stops("got inf", mf_jko_cost(&p, INFINITY, q, next, &pass, &arena));
    ck_assert_stops("sweeps must not be negative, got -1",
                    mf_jko_step(&p, tau, -1, q, &pass, drift, next));
    ck_assert_stops("got inf", mf_jko_step(&p, INFINITY, 1, q, &pass, drift, next));
    ck_assert_stops("tau must be", mf_jko_step(&p, 0, 1, q, &pass, drift, next));
    arena_free(&arena);
}
END_TEST

/* Each sweep multiplies the error, here by -tau x^2 = -0.9. */
START_TEST(each_sweep_of_jko_counts)
{
    struct arena arena = arena_make(1 << 12);
    real X[] = {2}, t[] = {3};
    const double tau = 0.225, end = (0.5 + tau * 6) / 1.9;
    struct mf_problem p = {{1, 1, X}, {1, t}, square_loss, LINEAR, 1, INNER_LAYER};
    struct particles q = mf_particles_make(&arena, 1, 1),
                     next = mf_particles_make(&arena, 1, 1),
                     drift = mf_particles_make(&arena, 1, 1);
    struct mf_pass pass = mf_pass_make(&arena, 1, 1);
    q.eta.at[0] = 1;
    q.W.at[0] = 0.5;
    for (int sweeps = 0; sweeps <= 80; sweeps++) {
        mf_jko_step(&p, tau, sweeps, q, &pass, drift, next);
        /* A sweep rounds by a few eps, of which 1 / (1 - 0.9) times as many are left.
         */
        assert_near(next.W.at[0], end + pow(-0.9, sweeps) * (0.5 - end),
                    100 * DBL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(jko_wants_a_line)
{
    struct world x = world_make("mf/line", TANH);
    x.p.moves = INNER_LAYER;
    ck_assert_stops("these have 3 inner weights",
                    mf_jko_cost(&x.p, 1, x.q, x.next, &x.pass, &x.arena));
    arena_free(&x.arena);
}
END_TEST

/* ---- Spikes ---------------------------------------------------------------------- */

enum { CUTOFF = 3, K = 1 + 2 * CUTOFF };

START_TEST(features_are_cosines_and_sines)
{
    real phi[K], dphi[K];
    for (double theta = -3; theta < 3; theta += 0.7) {
        mf_spike_features(cos(theta), sin(theta), (vec){K, phi}, (vec){K, dphi});
        ck_assert(phi[0] == 1 && dphi[0] == 0);
        for (int k = 1; k <= CUTOFF; k++) {
            double c = sqrt(2) * cos(k * theta), s = sqrt(2) * sin(k * theta);
            assert_near(phi[2 * k - 1], c, 16 * k * DBL_EPSILON);
            assert_near(phi[2 * k], s, 16 * k * DBL_EPSILON);
            assert_near(dphi[2 * k - 1], -k * s, 16 * k * k * DBL_EPSILON);
            assert_near(dphi[2 * k], k * c, 16 * k * k * DBL_EPSILON);
        }
    }
    mf_spike_features(0, 1, (vec){1, phi}, (vec){1, dphi});
    ck_assert(phi[0] == 1 && dphi[0] == 0);
}
END_TEST

struct circle {
    struct arena arena;
    struct deconvolution p;
    struct spikes q;
    struct dc_pass pass;
};

static struct circle circle_make(const char *test, int m)
{
    struct circle x = {.arena = arena_make(1 << 18)};
    struct rng rng = unit_rng(test);
    x.p = (struct deconvolution){0.3, arena_vec(&x.arena, K)};
    x.q = (struct spikes){arena_mat(&x.arena, m, 2), arena_vec(&x.arena, m)};
    x.pass = mf_spike_pass_make(&x.arena, m, CUTOFF);
    rng_uniforms(&rng, -1, 1, x.p.y);
    rng_uniforms(&rng, 0.5, 1, entries(x.q.V));
    for (int j = 0; j < m; j++) {
        x.q.V.at[2 * j] *= j % 3 ? 1 : -1;
        x.q.sign.at[j] = j % 2 ? 1 : -1;
    }
    return x;
}

/* Fewer than the vectors of the processor hold, and more than a block. */
static const int numbers[] = {1, 2, 5, 64, 65, 150};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static void check_cost(int m)
{
    struct circle x = circle_make("mf/spikes", m);
    double off[K], square = 0, mass = 0;
    for (int k = 0; k < K; k++)
        off[k] = -x.p.y.at[k];
    for (int j = 0; j < m; j++) {
        double a = x.q.V.at[2 * j], b = x.q.V.at[2 * j + 1], theta = atan2(b, a);
        double of_spike = x.q.sign.at[j] * (a * a + b * b) / m;
        mass += fabs(of_spike);
        off[0] += of_spike;
        for (int k = 1; k <= CUTOFF; k++) {
            off[2 * k - 1] += of_spike * sqrt(2) * cos(k * theta);
            off[2 * k] += of_spike * sqrt(2) * sin(k * theta);
        }
    }
    for (int k = 0; k < K; k++)
        square += off[k] * off[k];
    assert_near(mf_spike_cost(&x.p, x.q, &x.pass), square / 2 + 0.3 * mass,
                200 * DBL_EPSILON);
    for (int k = 0; k < K; k++)
        assert_near(x.pass.residual.at[k], off[k], 100 * DBL_EPSILON);
    arena_free(&x.arena);
}

START_TEST(cost_of_spikes_is_its_formula)
{
    for (int i = 0; i < NUMBERS; i++)
        check_cost(numbers[i]);
}
END_TEST

static void check_step(int m)
{
    struct circle x = circle_make("mf/spike_step", m);
    mat V = arena_mat(&x.arena, m, 2);
    copy(entries(x.q.V), entries(V));
    const double h = cbrt(REAL_EPSILON); /* as for the drift */
    double F = mf_spike_cost(&x.p, x.q, &x.pass);
    ck_assert_double_eq(mf_spike_step(&x.p, 0.1, &x.pass, x.q), F);
    struct spikes at = {V, x.q.sign};
    for (int k = 0; k < 2 * m; k++) {
        double here = V.at[k];
        V.at[k] = here + h;
        double above = mf_spike_cost(&x.p, at, &x.pass);
        V.at[k] = here - h;
        double below = mf_spike_cost(&x.p, at, &x.pass);
        V.at[k] = here;
        assert_near(x.q.V.at[k], here - 0.1 * m * (above - below) / (2 * h),
                    (m + 10) * h * h);
    }
    arena_free(&x.arena);
}

START_TEST(step_of_spikes_is_m_times_the_gradient)
{
    for (int i = 0; i < NUMBERS; i++)
        check_step(numbers[i]);
}
END_TEST

START_TEST(shapes_and_rates_that_do_not_fit_stop)
{
    struct circle x = circle_make("mf/shapes", M);
    ck_assert_stops("tau must be finite and positive, got 0",
                    mf_spike_step(&x.p, 0, &x.pass, x.q));
    ck_assert_stops("got inf", mf_spike_step(&x.p, INFINITY, &x.pass, x.q));
    ck_assert_stops("cutoff must not be negative, got -1",
                    mf_spike_pass_make(&x.arena, M, -1));
    ck_assert(mf_spike_pass_make(&x.arena, M, 0).residual.n == 1);
    struct deconvolution shorter = x.p;
    shorter.y.n = 5;
    ck_assert_stops("y has 5 entries", mf_spike_cost(&shorter, x.q, &x.pass));
    shorter.y.n = 6;
    x.pass.residual.n = 6;
    ck_assert_stops("y has 6 entries", mf_spike_cost(&shorter, x.q, &x.pass));
    struct world y = world_make("mf/shapes2", RELU);
    struct particles narrow = mf_particles_make(&y.arena, M, D - 1);
    ck_assert_stops("", mf_forward(&y.p, narrow, &y.pass));
    y.p.t.n = N - 1;
    ck_assert_stops("T must be 4 x 1, got 3 x 1", mf_cost(&y.p, y.q, &y.pass));
    arena_free(&x.arena);
    arena_free(&y.arena);
}
END_TEST

/* ---- Any unit, any number -------------------------------------------------------- */

/* 1 to 2, 3 to 4 and 5 to 9: (1 + 1 + 16) / 3, in units whose squares are none. */
START_TEST(transport_in_any_unit_reads_alone)
{
    static const double units[] = {TINY, 1, VAST};
    struct arena arena = arena_make(1 << 12);
    for (int k = 0; k < 3; k++) {
        double u = units[k];
        vec x = VEC(5 * u, 1 * u, 3 * u), y = VEC(4 * u, 2 * u, 9 * u);
        struct unit_watch watched = WATCH(&arena, x, y);
        assert_near(mf_w2_line(x, y, &arena) / u, sqrtl(6), 8 * DBL_EPSILON);
        assert_unchanged(&watched);
    }
    arena_free(&arena);
}
END_TEST

/* Only neuron j is there, and h and the mean size are a share of it: margin gain x. */
START_TEST(the_size_is_a_mean_of_any_number_of_neurons)
{
    static const int counts[] = {1, 2, 64, 65, 130};
    struct arena arena = arena_make(1 << 14);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < counts[i]; j++, arena.used = 0) {
            struct mf_problem p = {.X = arena_mat(&arena, 1, 2),
                                   .t = arena_vec(&arena, 1),
                                   .activation = LINEAR,
                                   .gain = 3};
            struct particles q = mf_particles_make(&arena, counts[i], 2);
            struct mf_pass pass = mf_pass_make(&arena, counts[i], 1);
            p.X.at[0] = p.t.at[0] = 1;
            q.eta.at[j] = -2;
            row(q.W, j).at[0] = -5;
            assert_near(mf_margin(&p, q, &pass), 3, 8 * DBL_EPSILON);
        }
    arena_free(&arena);
}
END_TEST

/* Each frequency turns once more, by some eps: k of them at the k-th. */
START_TEST(features_of_many_frequencies)
{
    enum { MANY = 200 };
    static real phi[1 + 2 * MANY], dphi[1 + 2 * MANY];
    double theta = 0.7;
    fill(NAN, (vec){1 + 2 * MANY, phi});
    fill(NAN, (vec){1 + 2 * MANY, dphi});
    mf_spike_features(cos(theta), sin(theta), (vec){1 + 2 * MANY, phi},
                      (vec){1 + 2 * MANY, dphi});
    for (int k = 1; k <= MANY; k++) {
        double c = sqrt(2) * cos(k * theta), s = sqrt(2) * sin(k * theta);
        assert_near(phi[2 * k - 1], c, 16 * k * DBL_EPSILON);
        assert_near(phi[2 * k], s, 16 * k * DBL_EPSILON);
        assert_near(dphi[2 * k - 1], -k * s, 16.0 * k * k * DBL_EPSILON);
        assert_near(dphi[2 * k], k * c, 16.0 * k * k * DBL_EPSILON);
    }
}
END_TEST

/* (3, 4) in a unit whose square is 0: no mass, and yet where it points to. */
START_TEST(a_spike_without_mass_has_a_direction)
{
    real phi[K], dphi[K], u = TINY;
    struct circle x = circle_make("mf/tiny", 1);
    x.q.V.at[0] = 3 * u;
    x.q.V.at[1] = 4 * u;
    mf_spike_features(0.6, 0.8, (vec){K, phi}, (vec){K, dphi});
    assert_near(mf_spike_cost(&x.p, x.q, &x.pass), dot(x.p.y, x.p.y) / 2,
                8 * K * DBL_EPSILON);
    assert_vec(row(x.pass.Phi, 0), (vec){K, phi}, 16 * K * DBL_EPSILON);
    assert_vec(row(x.pass.dPhi, 0), (vec){K, dphi}, 16 * K * K * DBL_EPSILON);
    double eta = -dot((vec){K, phi}, x.p.y), deta = -dot((vec){K, dphi}, x.p.y);
    double radial = 2 * (x.q.sign.at[0] * eta + 0.3);
    double angular = x.q.sign.at[0] * deta, limit = 100 * K * K * DBL_EPSILON;
    mf_spike_step(&x.p, 0.1, &x.pass, x.q);
    assert_near(x.q.V.at[0] / u, 3 - 0.1 * (radial * 3 - angular * 4), limit);
    assert_near(x.q.V.at[1] / u, 4 - 0.1 * (radial * 4 + angular * 3), limit);
    arena_free(&x.arena);
}
END_TEST

int main(void)
{
    return unit_run("mean_field", (const TTest *[]){
                                      particles_are_zero_and_views_of_one_vector,
                                      output_is_the_mean_of_the_neurons,
                                      drift_is_m_times_the_gradient,
                                      step_goes_along_the_drift,
                                      margin_is_the_least_output_over_the_size,
                                      margin_of_any_number_of_examples,
                                      transport_matches_in_order,
                                      jko_on_a_parabola_is_implicit_euler,
                                      each_sweep_of_jko_counts,
                                      jko_wants_a_line,
                                      features_are_cosines_and_sines,
                                      cost_of_spikes_is_its_formula,
                                      step_of_spikes_is_m_times_the_gradient,
                                      shapes_and_rates_that_do_not_fit_stop,
                                      transport_in_any_unit_reads_alone,
                                      the_size_is_a_mean_of_any_number_of_neurons,
                                      features_of_many_frequencies,
                                      a_spike_without_mass_has_a_direction,
                                      NULL,
                                  });
}
