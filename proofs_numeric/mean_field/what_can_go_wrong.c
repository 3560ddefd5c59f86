/* Section "What can go wrong" of the chapter "Networks as measures". */
#include "clouds.h"
#include "ground/certain.h"

#include <math.h>

enum { CUTOFF = 7, K = 1 + 2 * CUTOFF, SPIKES = 3 };

/* phi(theta) by plain sines and cosines. */
static void look(double theta, vec phi)
{
    phi.at[0] = 1;
    for (int k = 1; k <= CUTOFF; k++) {
        phi.at[2 * k - 1] = sqrt(2) * cos(k * theta);
        phi.at[2 * k] = sqrt(2) * sin(k * theta);
    }
}

/* A number that F is not below for any measure on the circle.  For every z with
 * |<phi(theta), z>| <= lambda at all theta, F >= <z, y> - ||z||^2 / 2: take for z the
 * residual's negative, shrunk.  A trigonometric polynomial of degree k is at most 1 /
 * cos(pi k / N) times its largest value on N equal steps.  [Ehlich, Zeller 1964] */
static double dual_bound(struct claim *claim, const struct deconvolution *p,
                         vec residual)
{
    enum { GRID = 1 << 13 };
    vec phi = arena_vec(claim_arena(claim), K);
    double most = 0;
    for (int i = 0; i < GRID; i++) {
        look(2 * PI * i / GRID, phi);
        most = worst(most, fabs(dot(phi, residual)));
    }
    double shrink = fmin(1, p->lambda * cos(PI * CUTOFF / GRID) / most);
    return -shrink * dot(residual, p->y) -
           shrink * shrink * dot(residual, residual) / 2;
}

/* Three spikes, of sizes between 1 and 2 and alternating signs, about a third of the
 * circle apart; the angle of the first is returned. */
static double draw_spikes(struct claim *claim, struct deconvolution *p)
{
    struct rng rng = claim_rng(claim, 0);
    struct series s = series_begin(claim, "truth", "angle", "mass", NULL);
    vec phi = arena_vec(claim_arena(claim), K);
    double turn = rng_uniform(&rng), first = 0;
    *p = (struct deconvolution){0.5, arena_vec(claim_arena(claim), K)};
    for (int k = 0; k < SPIKES; k++) {
        double theta = 2 * PI * (turn + (k + 0.2 * rng_uniform(&rng)) / SPIKES);
        double mass = (1 + rng_uniform(&rng)) * (k == 1 ? -1 : 1);
        look(theta, phi);
        axpy(mass, phi, p->y);
        first = k == 0 ? theta : first;
        series_row(&s, (double[]){remainder(theta, 2 * PI), mass});
    }
    series_end(&s);
    return first;
}

/* What a particle is drawn as: its angle, and its length with its sign. */
static void record_way(struct series *s, struct spikes q, mat before)
{
    for (int j = 0; j < q.sign.n; j++) {
        vec v = row(q.V, j), old = row(before, j);
        double angle = atan2(old.at[1], old.at[0]), length = q.sign.at[j] * norm(old);
        series_row(s, (double[]){angle, length,
                                 remainder(atan2(v.at[1], v.at[0]) - angle, 2 * PI),
                                 q.sign.at[j] * norm(v) - length});
    }
    copy(entries(q.V), entries(before));
}

/* Where m particles end that start on that arc around the first spike: F in units of
 * the dual bound.  The first steps of their way are recorded if it has a name. */
static double above_bound(struct claim *claim, int m, double arc, const char *name)
{
    enum { STEPS = 12000, RECORDED = 300, EVERY = 10 };
    const double tau = 2e-3;
    struct arena *arena = claim_arena(claim);
    struct deconvolution p;
    double middle = draw_spikes(claim, &p);
    struct spikes q = spread_spikes(arena, m, middle, arc);
    struct dc_pass pass = mf_spike_pass_make(arena, m, CUTOFF);
    mat before = arena_mat(arena, m, 2);
    copy(entries(q.V), entries(before));
    struct series s = {0};
    if (name)
        s = series_begin(claim, name, "angle", "length", "turn", "growth", NULL);
    for (int k = 1; k <= STEPS; k++) {
        mf_spike_step(&p, tau, &pass, q);
        if (name && k <= RECORDED && k % EVERY == 0)
            record_way(&s, q, before);
    }
    if (name)
        series_end(&s);
    double F = mf_spike_cost(&p, q, &pass);
    return F / dual_bound(claim, &p, pass.residual);
}

CLAIM(mf_certificate, BOUND,
      "A hundred particles around the circle end within 1e-4 of the global minimum")
{
    double ratio = above_bound(claim, 100, 2 * PI, "spikes");
    evidence(claim, "F over the dual bound", at_most(ratio, 1.0001));
    evidence(claim, "which is a bound", at_least(ratio, 1));
    control(claim, "all start within 18 degrees",
            at_most(above_bound(claim, 100, 0.1 * PI, NULL), 1.0001));
    control(claim, "two particles",
            at_most(above_bound(claim, 2, 2 * PI, NULL), 1.0001));
}

/* ---- The only measure --------------------------------------------------------------
 * A trigonometric polynomial eta of degree CUTOFF that is the sign of each spike where
 * it stands and less than 1 in size everywhere else proves that no other measure of the
 * same total mass has the same coefficients. */

/* Where the spikes are, their signs, and what eta is made of: with the kernel
 * D(t) = 1 + cos t + ... + cos 7t it is sum_i z_i D(x - x_i) - z_(i+3) D'(x - x_i),
 * which has the least coefficients of all that do as it should at the spikes. */
struct placed {
    ball at[SPIKES], z[2 * SPIKES];
    double sign[SPIKES];
};

/* The d-th derivative of D. */
static ball kernel(ball t, int d)
{
    ball sum = ball_number(t.in, d == 0);
    int mark = t.in->used;
    for (int k = 1; k <= CUTOFF; k++, t.in->used = mark) {
        ball angle = ball_times(k, t);
        ball wave = d % 2 ? ball_sin(angle) : ball_cos(angle);
        double factor = ((d + 1) / 2 % 2 ? -1 : 1) * pow(k, d);
        arb_addmul(sum.at, ball_number(t.in, factor).at, wave.at, t.in->bits);
    }
    return sum;
}

static ball eta(const struct placed *p, ball x, int d)
{
    ball sum = ball_number(x.in, 0);
    for (int i = 0; i < SPIKES; i++) {
        ball t = ball_sub(x, p->at[i]);
        sum = ball_add(sum, ball_mul(p->z[i], kernel(t, d)));
        sum = ball_sub(sum, ball_mul(p->z[SPIKES + i], kernel(t, d + 1)));
    }
    return sum;
}

/* Finds z so that eta is the sign and eta' is 0 at each spike, wherever it is in its
 * ball.  Are these six conditions independent there? */
static enum verdict interpolate(struct placed *p)
{
    enum { N = 2 * SPIKES };
    struct balls *in = p->at[0].in;
    arb_mat_t G, y, z;
    arb_mat_init(G, N, N), arb_mat_init(y, N, 1), arb_mat_init(z, N, 1);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int a = i / SPIKES, b = j / SPIKES; /* how often it is differentiated */
            ball t = i % SPIKES == j % SPIKES
                         ? ball_number(in, 0)
                         : ball_sub(p->at[i % SPIKES], p->at[j % SPIKES]);
            ball value = kernel(t, a + b);
            arb_set(arb_mat_entry(G, i, j), b ? ball_neg(value).at : value.at);
        }
    for (int i = 0; i < SPIKES; i++)
        arb_set_d(arb_mat_entry(y, i, 0), p->sign[i]);
    bool is_regular = arb_mat_solve(z, G, y, in->bits);
    for (int i = 0; i < N; i++) {
        p->z[i] = ball_number(in, 0);
        arb_set(p->z[i].at, arb_mat_entry(z, i, 0));
    }
    arb_mat_clear(G), arb_mat_clear(y), arb_mat_clear(z);
    return is_regular ? CERTAIN : OPEN;
}

/* Is |eta| < 1 on this piece, but at a spike?  Near one it is enough that eta bends
 * towards 0 all over the piece, as eta' = 0 at the spike. */
static enum verdict stays_inside(void *context, const ball *x)
{
    const struct placed *p = context;
    ball one = ball_number(x->in, 1), middle = ball_middle(x[0]);
    for (int i = 0; i < SPIKES; i++)
        if (ball_high(ball_abs(ball_sub(x[0], p->at[i]))) <= 0.125) {
            ball bend = ball_times(-p->sign[i], eta(p, x[0], 2));
            ball size = ball_times(p->sign[i], eta(p, x[0], 0));
            return both(is_positive(bend), is_less(ball_neg(one), size));
        }
    ball change = ball_mul(eta(p, x[0], 1), ball_sub(x[0], middle));
    ball value = ball_add(eta(p, middle, 0), change);
    return is_less(ball_abs(value), one);
}

/* For spikes at 0, and at the others within `loose` of these places. */
static enum verdict is_only_measure(struct balls *in, double second, double third,
                                    double loose)
{
    int mark = in->used;
    struct search search = {0};
    struct box circle = {.n = 1, .low = {-0.5}, .high = {5.8}}; /* more than a turn */
    struct placed p = {.at = {ball_number(in, 0),
                              ball_between(in, second - loose, second + loose),
                              ball_between(in, third - loose, third + loose)},
                       .sign = {1, -1, 1}};
    enum verdict verdict = interpolate(&p);
    if (verdict == CERTAIN)
        verdict = everywhere(in, stays_inside, &p, circle, 16, &search);
    in->used = mark;
    return verdict;
}

/* For all places within 1/100 of 2 and of 17/4, in 25 squares. */
static enum verdict is_only_nearby(struct balls *in)
{
    enum { PARTS = 5 };
    enum verdict all = CERTAIN;
    for (int i = 0; i < PARTS * PARTS && all == CERTAIN; i++)
        all = is_only_measure(in, 2 + 0.004 * (i % PARTS - PARTS / 2),
                              4.25 + 0.004 * (i / PARTS - PARTS / 2), 0.00201);
    return all;
}

CLAIM(mf_only_measure, PROVED,
      "Three spikes: no other measure as small has the same fifteen numbers")
{
    struct balls balls = balls_make(1000, 96);
    evidence(claim, "spikes at 0, 2 and 4.25, all around",
             certainly(is_only_nearby(&balls)));
    control(claim, "opposite spikes, 0.3 apart",
            certainly(is_only_measure(&balls, 0.3, 4.25, 0)));
    control(claim, "opposite spikes, 0.4 apart",
            certainly(is_only_measure(&balls, 2, 2.4, 0)));
    balls_free(&balls);
}

SECTION(mf_spikes, &mf_certificate, &mf_only_measure);
