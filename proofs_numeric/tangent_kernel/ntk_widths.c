#include "tangent_kernel/ntk_widths.h"

#include <math.h>

const struct experiment relu_wide = {.first = 64, .size = 0.5, .activation = RELU};
const struct experiment relu_mean_field = {.first = 64,
                                           .size = 0.5,
                                           .activation = RELU,
                                           .mean_field = true};
const struct experiment tanh_wide = {.first = 64, .size = 0.2, .activation = TANH};
const struct experiment tanh_mean_field = {.first = 64,
                                           .size = 0.2,
                                           .activation = TANH,
                                           .mean_field = true};

/* Descends on the targets, and beside it with the kernel K for the linear model;
 * returns how far the outputs were apart at worst. */
static double descend_both(struct arena *arena, struct learner *x, mat K, vec target,
                           double alpha, int steps)
{
    size_t mark = arena->used;
    double most = 0;
    vec linear = arena_vec(arena, target.n), r = arena_vec(arena, target.n);
    copy(target, linear); /* the residual of the linear model */
    axpy(-1, outputs(x, &x->at), linear);
    for (int k = 0; k < steps; k++) {
        ntk_network_step(&x->net, x->X, target, alpha, &x->now, arena, x->w);
        copy(target, r); /* the pass is that before the step */
        axpy(-1, outputs(x, &x->now), r);
        axpy(-1, linear, r);
        most = worst(most, norm(r));
        copy(linear, r);
        gemv(-alpha, K, r, 1, linear);
    }
    arena->used = mark;
    return most;
}

/* ||g - expected|| / ||expected||, where g is f at the other points, or f - f_0. */
static double off_limit(struct arena *arena, struct learner *x, bool whole,
                        vec expected)
{
    size_t mark = arena->used;
    vec g = arena_vec(arena, x->Z.rows);
    copy(outputs(x, &x->at_z), g);
    scale(whole ? 0 : -1, g);
    mlp_forward(&x->net, x->w, x->Z, &x->at_z);
    axpy(1, outputs(x, &x->at_z), g);
    axpy(-1, expected, g);
    double off = norm(g) / norm(expected);
    arena->used = mark;
    return off;
}

/* Trains a network on x.y + f_0 for so many steps with the rate alpha, or on x.y. */
static void train(struct arena *arena, struct learner *x, double alpha, int steps,
                  bool whole, vec expected, double *of)
{
    size_t mark = arena->used;
    mat K = learner_start(arena, x), K_end = arena_mat(arena, K.rows, K.cols);
    vec target = arena_vec(arena, x->y.n);
    copy(x->y, target);
    axpy(whole ? 0 : 1, outputs(x, &x->at), target);
    of[PATH] = descend_both(arena, x, K, target, alpha, steps) / norm(x->y);
    pass_of(&x->net, x->w, x->X, arena, &x->now);
    mlp_kernel(&x->net, &x->now, &x->now, arena, K_end);
    axpy(-1, entries(K), entries(K_end));
    of[KERNEL] = norm(entries(K_end)) / norm(entries(K));
    of[LIMIT] = off_limit(arena, x, whole, expected);
    axpy(-1, x->w0, x->w);
    of[MOVED] = norm(x->w);
    of[WEIGHTS] = of[MOVED] / norm(x->w0);
    arena->used = mark;
}

/* A network of that width on the points of `task`, from a start of its own. */
static struct learner contender(struct arena *arena, struct rng *rng,
                                struct experiment e, int m, const struct learner *task)
{
    struct mlp net = ntk_network(task->X.cols, 1, m);
    net.activation = e.activation;
    net.multiplier[1] /= e.mean_field ? sqrt(m) : 1;
    struct learner x = learner_make(arena, net, task->X.rows, task->Z.rows);
    copy(entries(task->X), entries(x.X));
    copy(entries(task->Z), entries(x.Z));
    copy(task->y, x.y);
    rng_normals(rng, 0, 1, x.w0);
    vec last = entries(mlp_weights(&net, x.w0, 1));
    for (int j = 0; j < last.n && e.positive; j++)
        last.at[j] = fabs(last.at[j]);
    return x;
}

/* One replicate. */
static void train_widths(struct arena *arena, struct rng *rng, struct experiment e,
                         double of[WIDTHS][QUANTITIES])
{
    enum { N = 12, OTHERS = 20, DIM = 5, STEPS = 40 };
    size_t mark = arena->used;
    struct learner task = learner_make(arena, ntk_network(DIM, 1, 1), N, OTHERS);
    vec a = arena_vec(arena, N), f = arena_vec(arena, OTHERS);
    mat Theta = arena_mat(arena, N, N), Theta_z = arena_mat(arena, OTHERS, N);
    learner_draw(rng, &task);
    scale(e.size, task.y);
    ntk_gram(task.X, 1, arena, Theta);
    ntk_cross(task.Z, task.X, 1, arena, Theta_z);
    double least, alpha = 0.5 / spectrum(arena, Theta, &least);
    ntk_descent(Theta, task.y, alpha, STEPS, arena, a);
    gemv(1, Theta_z, a, 0, f);
    for (int i = 0; i < WIDTHS; i++) {
        size_t network = arena->used;
        int m = e.first << i;
        struct learner x = contender(arena, rng, e, m, &task);
        train(arena, &x, e.mean_field ? alpha * m : alpha, STEPS, e.whole, f, of[i]);
        arena->used = network;
    }
    arena->used = mark;
}

void collect(struct claim *claim, struct experiment e, int replicates, struct sample *s)
{
    s->e = e;
    s->replicates = replicates;
    for (int r = 0; r < replicates; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        train_widths(claim_arena(claim), &rng, e, s->of[r]);
    }
}

const double *slopes(struct sample *s, enum quantity q)
{
    for (int r = 0; r < s->replicates; r++) {
        double m[WIDTHS], value[WIDTHS];
        for (int i = 0; i < WIDTHS; i++) {
            m[i] = s->e.first << i;
            value[i] = s->of[r][i][q];
        }
        s->slope[r] = fit_power(WIDTHS, m, value).slope;
    }
    return s->slope;
}

const double *falls(struct sample *s, enum quantity q)
{
    slopes(s, q);
    for (int r = 0; r < s->replicates; r++)
        s->slope[r] = -s->slope[r];
    return s->slope;
}

void record(struct claim *claim, const char *table, const struct sample *s,
            enum quantity q, double slope)
{
    double mean[WIDTHS] = {0};
    for (int i = 0; i < WIDTHS; i++) {
        for (int r = 0; r < s->replicates; r++)
            mean[i] += pow(s->of[r][i][q], 2) / s->replicates;
        mean[i] = sqrt(mean[i]);
    }
    struct series t = series_begin(claim, table, "m", "value", "law", NULL);
    for (int i = 0; i < WIDTHS; i++) {
        double law = mean[WIDTHS / 2] * pow(2, slope * (i - WIDTHS / 2));
        series_row(&t, (double[]){s->e.first << i, mean[i], law});
    }
    series_end(&t);
}
