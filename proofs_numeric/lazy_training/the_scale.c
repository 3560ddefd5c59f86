#include "gradient_descent.h"
#include "ground/certain.h"
#include "lazy_training/lazy_worlds.h"

#include <math.h>

enum { STEPS = 100, ALPHAS = 4, REPEATS = 16 };
static const double ETA = 0.05;

/* What descent on F_alpha and on its linearization did, at worst, in STEPS steps. */
enum quantity {
    MOVED,        /* ||w - w_0||                                            */
    APART,        /* ||w - w_bar||                                          */
    OUTPUTS,      /* alpha ||h(w) - h_bar(w_bar)||                          */
    MISSED,       /* ||h(w) - h(w_0) - Dh(w_0) (w - w_0)|| / ||h(w) - h(w_0)|| */
    OFF_LAW,      /* |alpha^2 F_alpha - that of the linearization|          */
    DIFFERENTIAL, /* ||Dh(w) - Dh(w_0)|| / ||Dh(w_0)||, at the end          */
    QUANTITIES
};

static void look(struct problem *x, const struct lazy_linear *line, double alpha, vec w,
                 vec v, struct arena *arena, double *run)
{
    size_t mark = arena->used;
    vec d = arena_vec(arena, w.n), h = arena_vec(arena, x->p.y.n),
        r = arena_vec(arena, x->p.y.n);
    copy(w, d);
    axpy(-1, x->w_0, d);
    run[MOVED] = worst(run[MOVED], norm(d));
    run[APART] = worst(run[APART], distance(d, v));
    lazy_output(&x->p, w, h);
    lazy_linear_output(line, v, r);
    run[OUTPUTS] = worst(run[OUTPUTS], alpha * distance(h, r));
    lazy_linear_output(line, d, r);
    run[MISSED] = worst(run[MISSED], distance(h, r) / distance(h, line->h_0));
    arena->used = mark;
}

static void run_both(struct claim *claim, struct problem x, double alpha, double *run)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct lazy_linear line = lazy_linearize(arena, &x.p, x.w_0);
    vec w = copy_of(arena, x.w_0), v = arena_vec(arena, w.n);
    vec r = arena_vec(arena, x.p.y.n);
    for (int q = 0; q < QUANTITIES; q++)
        run[q] = 0;
    for (int k = 0; k < STEPS; k++) {
        double risk = lazy_gradient(&x.p, alpha, w, x.grad) * alpha * alpha;
        gd_update(ETA, x.grad, w);
        lazy_linear_step(&line, x.p.y, alpha, ETA, v, r);
        run[OFF_LAW] = worst(run[OFF_LAW], fabs(risk - dot(r, r) / 2));
        look(&x, &line, alpha, w, v, arena, run);
    }
    mat J = differential(claim, &x.p, w);
    run[DIFFERENTIAL] = distance(entries(J), entries(line.J)) / norm(entries(line.J));
    arena->used = mark;
}

/* In w = w_0 + v / alpha, descent on F_alpha is a step map that is smooth in v and in
 * 1 / alpha: what is of order alpha^-p is alpha^-p times a series in 1 / alpha.  From
 * alpha = 256 on, BIAS allows its second coefficient to be 25 times the first. */
static const double FROM = 256, BIAS = 0.1;

/* The powers of alpha, from FROM by factors of 4, in replicates of a world. */
struct powers {
    double of[QUANTITIES][REPEATS];
};

static struct powers powers_of_alpha(struct claim *claim,
                                     struct problem (*make)(struct claim *, int))
{
    struct powers powers;
    for (int r = 0; r < REPEATS; r++) {
        size_t mark = claim_arena(claim)->used;
        struct problem x = make(claim, r);
        double alpha[ALPHAS], run[ALPHAS][QUANTITIES], part[ALPHAS];
        for (int i = 0; i < ALPHAS; i++) {
            alpha[i] = FROM * pow(4, i);
            run_both(claim, x, alpha[i], run[i]);
        }
        for (int q = 0; q < QUANTITIES; q++) {
            for (int i = 0; i < ALPHAS; i++)
                part[i] = run[i][q];
            powers.of[q][r] = fit_power(ALPHAS, alpha, part).slope;
        }
        claim_arena(claim)->used = mark;
    }
    return powers;
}

static struct finding power_is(const struct powers *p, enum quantity q,
                               double predicted)
{
    return slopes_near(REPEATS, p->of[q], predicted, BIAS, 1);
}

/* For the figure, with the powers of alpha that go through the last points. */
static void record_run(struct claim *claim, struct problem x)
{
    static const double last = 1024;
    double end[QUANTITIES], run[QUANTITIES];
    struct series s = series_begin(claim, "scale", "alpha", "moved", "apart", "outputs",
                                   "moved_law", "apart_law", "outputs_law", NULL);
    run_both(claim, x, last, end);
    for (int i = -2; i <= 20; i++) {
        double alpha = pow(2, 0.5 * i), less = last / alpha;
        run_both(claim, x, alpha, run);
        series_row(&s, (double[]){alpha, run[MOVED], run[APART], run[OUTPUTS],
                                  end[MOVED] * less, end[APART] * less * less,
                                  end[OUTPUTS] * less});
    }
    series_end(&s);
}

CLAIM(lazy_scale, RATE,
      "If h(w_0) = 0, a large scale keeps descent near its linearization")
{
    if (needs_double(claim, "the paths lie alpha^-2 apart, down to 1e-8"))
        return;
    struct powers p = powers_of_alpha(claim, centered_problem);
    struct powers q = powers_of_alpha(claim, shifted_problem);
    evidence(claim, "distance moved, power of alpha", power_is(&p, MOVED, -1));
    evidence(claim, "distance of the two paths", power_is(&p, APART, -2));
    evidence(claim, "distance of outputs, times alpha", power_is(&p, OUTPUTS, -1));
    control(claim, "h(w_0) = +-0.3: distance moved", power_is(&q, MOVED, -1));
    control(claim, "h(w_0) = +-0.3: the two paths", power_is(&q, APART, -2));
    control(claim, "h(w_0) = +-0.3: outputs", power_is(&q, OUTPUTS, -1));
    record_run(claim, centered_problem(claim, 0));
}

CLAIM(lazy_linear_in_w, RATE, "In the lazy regime the output is linear in w - w_0")
{
    if (needs_double(claim, "what is missed is alpha^-2, down to 1e-8"))
        return;
    struct powers p = powers_of_alpha(claim, centered_problem);
    struct powers q = powers_of_alpha(claim, shifted_problem);
    evidence(claim, "share missed, power of alpha", power_is(&p, MISSED, -1));
    control(claim, "h(w_0) = +-0.3", power_is(&q, MISSED, -1));
}

CLAIM(lazy_features, RATE,
      "The loss falls as the linearized one, and Dh hardly changes")
{
    if (needs_double(claim, "alpha h is off by 1 / alpha, and by alpha eps"))
        return;
    struct powers p = powers_of_alpha(claim, centered_problem);
    struct powers q = powers_of_alpha(claim, shifted_problem);
    evidence(claim, "loss off the linearized one", power_is(&p, OFF_LAW, -1));
    evidence(claim, "relative change of Dh", power_is(&p, DIFFERENTIAL, -1));
    control(claim, "h(w_0) = +-0.3: loss", power_is(&q, OFF_LAW, -1));
    control(claim, "h(w_0) = +-0.3: Dh", power_is(&q, DIFFERENTIAL, -1));
}

/* ---- Every scale -------------------------------------------------------------------
 * A chain of two linear units from (1, 1), whose weights stay equal: with w = 1 + e v
 * and e = 1 / alpha, h(w) = w^2 - 1 + shift, and the target 1, a step of eta takes v to
 *
 *     v - eta (1 + e v) (2 v + e v^2 - 1 + shift / e).
 *
 * This is followed at the middle of an interval of e, with its derivative by e all over
 * the interval. */
struct chain_run {
    double eta, shift, moved, apart, outputs; /* what is to bound what: see below */
};

static ball chain_step(const struct chain_run *run, ball e, ball v)
{
    ball ev = ball_mul(e, v);
    ball residual = ball_plus(ball_add(ball_times(2, v), ball_mul(ev, v)), -1);
    if (run->shift != 0)
        residual = ball_add(residual, ball_div(ball_number(e.in, run->shift), e));
    ball move = ball_mul(ball_plus(ev, 1), residual);
    return ball_sub(v, ball_times(run->eta, move));
}

/* The derivative by e of the next v, from that of v, dv. */
static ball chain_slope(const struct chain_run *run, ball e, ball v, ball dv)
{
    ball ev = ball_mul(e, v), square = ball_square(v);
    /* Of the product above: by v 2 - e + 6 ev + 3 (ev)^2 + shift, and by e alone
     * -v + 3 v^2 + 2 e v^3 - shift / e^2. */
    ball by_v = ball_add(ball_times(6, ev), ball_times(3, ball_square(ev)));
    by_v = ball_plus(ball_sub(by_v, e), 2 + run->shift);
    ball by_e = ball_sub(ball_times(3, square), v);
    by_e = ball_add(by_e, ball_times(2, ball_mul(ev, square)));
    if (run->shift != 0)
        by_e = ball_sub(by_e, ball_div(ball_number(e.in, run->shift), ball_square(e)));
    ball stays = ball_plus(ball_times(-run->eta, by_v), 1);
    return ball_sub(ball_mul(dv, stays), ball_times(run->eta, by_e));
}

/* In STEPS steps: is |v| <= moved, and do v and the outputs 2 v + e v^2 change with e
 * by no more than apart and outputs? */
static enum verdict stays_lazy(void *context, const ball *e)
{
    const struct chain_run *run = context;
    struct balls *in = e->in;
    ball middle = ball_middle(e[0]), away = ball_sub(e[0], middle);
    ball v = ball_number(in, 0), dv = ball_number(in, 0);
    enum verdict verdict = CERTAIN;
    int mark = in->used;
    for (int k = 0; k < STEPS && verdict != REFUTED; k++, in->used = mark) {
        ball all = ball_add(v, ball_mul(dv, away));
        arb_set(dv.at, chain_slope(run, e[0], all, dv).at);
        arb_set(v.at, chain_step(run, middle, v).at);
        all = ball_add(v, ball_mul(dv, away));
        ball output = ball_times(2, ball_mul(dv, ball_plus(ball_mul(e[0], all), 1)));
        output = ball_add(output, ball_square(all));
        verdict = both(verdict, is_less(ball_abs(all), ball_number(in, run->moved)));
        verdict = both(verdict, is_less(ball_abs(dv), ball_number(in, run->apart)));
        verdict =
            both(verdict, is_less(ball_abs(output), ball_number(in, run->outputs)));
    }
    return verdict;
}

static struct finding at_every_scale(struct balls *in, struct chain_run run)
{
    struct box box = {.n = 1, .low = {run.shift != 0 ? 0.01 : 0}, .high = {1}};
    struct search search = {0};
    return certainly(everywhere(in, stays_lazy, &run, box, 16, &search));
}

/* How far dv is from the difference of runs at e +- 2^-20, after ten steps, which is
 * off by a 6 * 2^40th of a third derivative that is below 6. */
static ball slope_off(struct balls *in, double e)
{
    const struct chain_run run = {.eta = 0.1};
    const double h = 0x1p-20;
    ball at = ball_number(in, e), v = ball_number(in, 0), dv = v, left = v, right = v;
    for (int k = 0; k < 10; k++) {
        dv = chain_slope(&run, at, v, dv);
        v = chain_step(&run, at, v);
        left = chain_step(&run, ball_plus(at, -h), left);
        right = chain_step(&run, ball_plus(at, h), right);
    }
    ball difference = ball_times(1 / (2 * h), ball_sub(right, left));
    return ball_abs(ball_sub(dv, difference));
}

/* How far ref/'s v is from its balls in STEPS steps, for three scales. */
static double chain_outside(struct claim *claim, struct balls *in)
{
    const struct chain_run run = {.eta = 0.1};
    int widths[] = {1, 1, 1};
    struct mlp net = mlp_make(2, widths, LINEAR, STANDARD, false);
    real one = 1;
    double gap = 0;
    for (double alpha = 1; alpha < 1000; alpha *= 10) {
        struct lazy_problem p =
            lazy_make(claim_arena(claim), &net, (mat){1, 1, &one}, (vec){1, &one});
        real start[] = {1, 1}, grad[2];
        vec w = {2, start};
        ball v = ball_number(in, 0),
             e = ball_div(ball_number(in, 1), ball_number(in, alpha));
        lazy_center(&p, w);
        for (int k = 0; k < STEPS; k++) {
            lazy_step(&p, alpha, run.eta, w, (vec){2, grad});
            v = chain_step(&run, e, v);
            gap = worst(gap, ball_distance(v, alpha * (w.at[0] - 1)));
        }
    }
    return gap;
}

CLAIM(lazy_every_scale, PROVED,
      "Two linear units are lazy at every alpha >= 1, with constants")
{
    struct balls balls = balls_make(20000, 128);
    struct chain_run run = {0.1, 0, 0.5001, 0.1251, 0.171};
    evidence(claim, "every alpha >= 1, 100 steps", at_every_scale(&balls, run));
    evidence(claim, "derivative, off a difference",
             ball_at_most(ball_add(slope_off(&balls, 0.25), slope_off(&balls, 0.75)),
                          2 * 0x1p-40));
    /* A weight near 1 is rounded by eps, and so v by alpha eps, in each step. */
    evidence(claim, "ref/ outside its balls",
             at_most(chain_outside(claim, &balls), rounding(STEPS * 10, 100)));
    struct chain_run shifted = run, closer = run, longer = run;
    shifted.shift = 0.3, closer.apart = 0.124, longer.eta = 1.2;
    control(claim, "h(w_0) = 0.3, alpha up to 100", at_every_scale(&balls, shifted));
    control(claim, "the two within 0.124 / alpha^2", at_every_scale(&balls, closer));
    control(claim, "steps of 1.2", at_every_scale(&balls, longer));
    balls_free(&balls);
}

SECTION(lazy_the_scale, &lazy_scale, &lazy_linear_in_w, &lazy_features,
        &lazy_every_scale);
