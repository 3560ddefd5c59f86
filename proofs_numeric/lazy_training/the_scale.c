#include "gradient_descent.h"
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
    struct powers p = powers_of_alpha(claim, centered_problem);
    struct powers q = powers_of_alpha(claim, shifted_problem);
    evidence(claim, "share missed, power of alpha", power_is(&p, MISSED, -1));
    control(claim, "h(w_0) = +-0.3", power_is(&q, MISSED, -1));
}

CLAIM(lazy_features, RATE,
      "The loss falls as the linearized one, and Dh hardly changes")
{
    struct powers p = powers_of_alpha(claim, centered_problem);
    struct powers q = powers_of_alpha(claim, shifted_problem);
    evidence(claim, "loss off the linearized one", power_is(&p, OFF_LAW, -1));
    evidence(claim, "relative change of Dh", power_is(&p, DIFFERENTIAL, -1));
    control(claim, "h(w_0) = +-0.3: loss", power_is(&q, OFF_LAW, -1));
    control(claim, "h(w_0) = +-0.3: Dh", power_is(&q, DIFFERENTIAL, -1));
}

SECTION(lazy_the_scale, &lazy_scale, &lazy_linear_in_w, &lazy_features);
