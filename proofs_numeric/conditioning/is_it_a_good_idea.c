#include "conditioning.h"
#include "conditioning/worlds.h"
#include "ground/images.h"
#include "ground/route_lapack.h"

#include <math.h>

enum { IMAGES = 12000, RESAMPLES = 20 };

/* X := each column in an order of its own: the same means and variances, but what went
 * together no longer does. */
static void shuffle_columns(struct claim *claim, struct rng *rng, mat X)
{
    vec old = arena_vec(claim_arena(claim), X.rows);
    static int order[IMAGES];
    for (int j = 0; j < X.cols; j++) {
        rng_permutation(rng, X.rows, order);
        for (int i = 0; i < X.rows; i++)
            old.at[i] = row(X, i).at[j];
        for (int i = 0; i < X.rows; i++)
            row(X, i).at[j] = old.at[order[i]];
    }
}

/* log10 of kappa before a remedy by kappa after it, for each of the resamples. */
struct ladder {
    double centring[RESAMPLES], standardizing[RESAMPLES];
    double again[RESAMPLES], twice[RESAMPLES]; /* the remedies once more */
    double left[RESAMPLES];                    /* log10 kappa, standardized */
    double shuffled[RESAMPLES];                /* and where no pixels go together */
    double beyond; /* the most that the outlier exceeds |mu|^2 + 1, of |Sigma| */
};

static void climb(struct claim *claim, struct rng *rng, mat X, int r, struct ladder *l)
{
    mat C = centred(claim, X), Z = standardized(claim, X);
    vec mu = arena_vec(claim_arena(claim), X.cols);
    vec a = spectrum(claim, with_one(claim, X));
    cn_means(X, mu);
    double beyond = (top(a) - dot(mu, mu) - 1) / top(spectrum(claim, C));
    double of_centred = kappa_of(claim, C), of_standardized = kappa_of(claim, Z);
    l->beyond = worst(l->beyond, beyond);
    l->centring[r] = log10(kappa(a) / of_centred);
    l->standardizing[r] = log10(of_centred / of_standardized);
    l->left[r] = log10(of_standardized);
    l->again[r] = log10(of_centred / kappa_of(claim, centred(claim, C)));
    l->twice[r] = log10(of_standardized / kappa_of(claim, standardized(claim, Z)));
    shuffle_columns(claim, rng, Z);
    l->shuffled[r] = log10(kappa_of(claim, Z));
}

CLAIM(cn_pixels, PHENOMENON,
      "On pixels centring divides kappa by 5, standardizing by 2; hundreds are left")
{
    enum { SOME = 2000 };
    struct arena *arena = claim_arena(claim);
    struct images all = images_first(claim, IMAGES, 4);
    struct ladder l = {.beyond = 0};
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        climb(claim, &rng, images_draw(&rng, arena, all, SOME).X, r, &l);
        arena->used = mark;
    }
    evidence(claim, "log10 kappa raw / centred",
             effect_at_least(RESAMPLES, l.centring, log10(5)));
    evidence(claim, "log10 kappa centred / standardized",
             effect_at_least(RESAMPLES, l.standardizing, log10(2)));
    evidence(claim, "log10 kappa standardized",
             effect_at_least(RESAMPLES, l.left, log10(300)));
    evidence(claim, "outlier less |mu|^2 + 1, of |Sigma|", at_most(l.beyond, 1));
    control(claim, "centred once more", effect_at_least(RESAMPLES, l.again, log10(5)));
    control(claim, "standardized once more",
            effect_at_least(RESAMPLES, l.twice, log10(2)));
    control(claim, "pixels shuffled among images",
            effect_at_least(RESAMPLES, l.shuffled, log10(300)));
}

/* ---- What whitening costs -------------------------------------------------------- */

/* Which share of the label variance that a linear map explains lies along the five
 * principal components of largest variance: component j, of variance s_j, explains
 * (q_j'c)^2 / s_j for c = mean of t x. */
static double share_of_first_five(struct claim *claim, struct images some)
{
    int n = some.X.cols;
    struct arena *arena = claim_arena(claim);
    mat C = centred(claim, some.X), Q = arena_mat(arena, n, n);
    vec s = arena_vec(arena, n), c = arena_vec(arena, n);
    route_eigen(curvature(claim, C), s, Q);
    gemtv(1.0 / C.rows, C, some.t, 0, c);
    double all = 0, first = 0;
    for (int j = 0; j < n; j++) {
        double product = 0;
        for (int i = 0; i < n; i++)
            product += Q.at[i * n + j] * c.at[i];
        double explained = s.at[j] > 1e-9 * top(s) ? product * product / s.at[j] : 0;
        all += explained;
        first += j >= n - 5 ? explained : 0;
    }
    return first / all;
}

CLAIM(cn_signal, PHENOMENON, "Five principal components of 49 hold half of the signal")
{
    enum { SOME = 500 };
    struct arena *arena = claim_arena(claim);
    struct images all = images_pair(claim, IMAGES, 4, BOOT, SNEAKER);
    double share[RESAMPLES], shuffled[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct images some = images_draw(&rng, arena, all, SOME);
        share[r] = share_of_first_five(claim, some);
        some.t = images_draw(&rng, arena, some, SOME).t;
        shuffled[r] = share_of_first_five(claim, some);
        arena->used = mark;
    }
    evidence(claim, "share of the first five", effect_at_least(RESAMPLES, share, 0.5));
    control(claim, "labels shuffled", effect_at_least(RESAMPLES, shuffled, 0.5));
}

enum remedy { RAW, CENTRED, STANDARDIZED, WHITENED };

/* Examples to learn from and examples to test, both as the first ones suggest. */
struct task {
    struct images train, test;
};

/* The task with features as gradient descent is to see them, and a constant. */
static struct task treat(struct claim *claim, struct task task, enum remedy remedy)
{
    struct arena *arena = claim_arena(claim);
    mat X = twin(claim, task.train.X), Y = twin(claim, task.test.X);
    int n = X.rows <= X.cols ? X.rows : X.cols;
    struct whitening w = cn_whitening_make(arena, n, X.cols);
    vec mu = arena_vec(arena, X.cols), sigma = arena_vec(arena, X.cols);
    enum factor_status status = FACTOR_OK;
    cn_means(task.train.X, mu);
    cn_deviations(task.train.X, mu, sigma);
    if (remedy == CENTRED) {
        cn_center(mu, X);
        cn_center(mu, Y);
    } else if (remedy == STANDARDIZED) {
        cn_standardize(mu, sigma, X);
        cn_standardize(mu, sigma, Y);
    } else if (remedy == WHITENED) {
        status = X.rows <= X.cols ? cn_whitening_svd(X, arena, &w)
                                  : cn_whitening_cholesky(X, arena, &w);
        REQUIRE(status == FACTOR_OK, "the covariance cannot be factored");
        mat white = arena_mat(arena, X.rows, n),
            test_white = arena_mat(arena, Y.rows, n);
        cn_whiten(w, X, white);
        cn_whiten(w, Y, test_white);
        X = white;
        Y = test_white;
    }
    task.train.X = with_one(claim, X);
    task.test.X = with_one(claim, Y);
    return task;
}

static double error_rate(mat X, vec t, vec w, vec y)
{
    int wrong = 0;
    gemv(1, X, w, 0, y);
    for (int i = 0; i < t.n; i++)
        wrong += !(y.at[i] * t.at[i] > 0);
    return (double)wrong / t.n;
}

/* 1 / a_max = N / s_0^2, from the largest singular value of Phi. */
static double safe_rate(struct claim *claim, mat Phi)
{
    int n = Phi.rows < Phi.cols ? Phi.rows : Phi.cols;
    vec s = arena_vec(claim_arena(claim), n);
    route_singular(Phi, s);
    return Phi.rows / (s.at[0] * s.at[0]);
}

/* Error on the test images after so many steps from 0 at alpha = 1 / a_max. */
static void error_path(struct claim *claim, struct task task, int times,
                       const int *steps, double *error)
{
    struct arena *arena = claim_arena(claim);
    int n = task.train.X.cols;
    struct quadratic q = quadratic_make(arena, n);
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n);
    vec y = arena_vec(arena, task.test.t.n);
    least_squares(task.train.X, task.train.t, &q);
    double alpha = safe_rate(claim, task.train.X);
    for (int i = 0; i < times; i++) {
        gd_run(q, alpha, steps[i] - (i > 0 ? steps[i - 1] : 0), w, grad);
        error[i] = error_rate(task.test.X, task.test.t, w, y);
    }
}

enum { TRAIN = 80, TEST = 500, TASKS = 32 };

/* Sneakers and boots in pixels of 2 x 2, of which one label in five is wrong. */
static struct task sneakers_and_boots(struct claim *claim, struct images all,
                                      int resample)
{
    struct rng rng = claim_rng(claim, (uint64_t)resample);
    struct images drawn = images_draw(&rng, claim_arena(claim), all, TRAIN + TEST);
    for (int i = 0; i < TRAIN; i++)
        if (rng_below(&rng, 5) == 0)
            drawn.t.at[i] *= -1;
    return (struct task){images_part(drawn, 0, TRAIN), images_part(drawn, TRAIN, TEST)};
}

/* The largest distance over the run between the weights and (1 - (1 - alpha)^k) times
 * the solution of least norm, relative to that. */
static double gap_to_line(struct claim *claim, struct task task)
{
    struct arena *arena = claim_arena(claim);
    int n = task.train.X.cols;
    struct quadratic q = quadratic_make(arena, n);
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n), best = arena_vec(arena, n);
    vec off = arena_vec(arena, n);
    double gap = 0, alpha = 0.1 * safe_rate(claim, task.train.X);
    least_squares(task.train.X, task.train.t, &q);
    route_min_norm(task.train.X, task.train.t, best);
    for (int k = 1; k <= 50; k++) {
        gd_step(q, alpha, w, grad);
        copy(w, off);
        axpy(pow(0.9, k) - 1, best, off);
        gap = worst(gap, norm(off) / norm(best));
    }
    return gap;
}

/* The labels of the test become what the first step from 0 says, which leads along
 * Phi't.  Returns the share of them that rounding may decide: of images so near to the
 * boundary, in sines. */
static double believe_first_step(struct claim *claim, struct task task, double near)
{
    double undecided = 0;
    mat Phi = task.train.X, test = task.test.X;
    vec first = arena_vec(claim_arena(claim), Phi.cols);
    for (int i = 0; i < Phi.rows; i++)
        for (int j = 0; j < Phi.cols; j++)
            first.at[j] += row(Phi, i).at[j] * task.train.t.at[i];
    for (int i = 0; i < test.rows; i++) {
        double said = dot(row(test, i), first);
        task.test.t.at[i] = said > 0 ? 1 : -1;
        undecided += fabs(said) <= near * norm(row(test, i)) * norm(first);
    }
    return undecided / test.rows;
}

/* The largest share of the test images that another step than the first sees otherwise,
 * of eight up to the thousandth, less the share of those near the boundary. */
static double changes_of_mind(struct claim *claim, struct task task, double near)
{
    static const int steps[] = {1, 2, 5, 10, 20, 50, 100, 1000};
    double error[8], most = 0, undecided = believe_first_step(claim, task, near);
    error_path(claim, task, 8, steps, error);
    for (int i = 0; i < 8; i++)
        most = worst(most, error[i]);
    return most - undecided;
}

CLAIM(cn_whitened_path, IDENTITY,
      "On white data the path is straight, and the classifier never changes")
{
    struct arena *arena = claim_arena(claim);
    struct images all = images_pair(claim, IMAGES, 2, BOOT, SNEAKER);
    struct task task = sneakers_and_boots(claim, all, 0);
    struct task white = treat(claim, task, WHITENED);
    vec s = arena_vec(arena, TRAIN), best = arena_vec(arena, white.train.X.cols);
    vec residual = arena_vec(arena, TRAIN);
    route_singular(centred(claim, task.train.X), s);
    /* A direction of the data is known to within N eps s_0 / s_j; the last s is that of
     * the mean, which centring took out. */
    double limit = rounding(TRAIN + all.X.cols, s.at[0] / s.at[TRAIN - 2]);
    double gap = gap_to_line(claim, white);
    evidence(claim, "gap to the straight path", at_most(gap, limit));
    /* The first step is a tenth of the path, so that its direction is ten gaps off. */
    evidence(claim, "test images seen otherwise",
             at_most(changes_of_mind(claim, white, 10 * gap), 0));
    route_min_norm(white.train.X, white.train.t, best);
    gemv(1, white.train.X, best, 0, residual);
    axpy(-1, white.train.t, residual);
    evidence(claim, "its end, off the noisy labels",
             at_most(norm(residual), limit * norm(white.train.t)));
    struct task plain = treat(claim, task, CENTRED);
    control(claim, "only centred", at_most(gap_to_line(claim, plain), limit));
    control(claim, "only centred: seen otherwise",
            at_most(changes_of_mind(claim, plain, 10 * gap), 0));
}

/* Images of all classes, 4 x 4 means of blocks.  The label is the sign of a random sum
 * of the six principal components of least variance, each scaled to variance 1. */
static struct task signal_in_low_variance(struct claim *claim, struct images all,
                                          int resample)
{
    enum { SOME = 100, LOW = 6, PIXELS = 16 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)(TASKS + resample));
    mat C = centred(claim, all.X), Q = arena_mat(arena, PIXELS, PIXELS);
    vec s = arena_vec(arena, PIXELS), u = arena_vec(arena, PIXELS);
    route_eigen(curvature(claim, C), s, Q);
    for (int j = 0; j < LOW; j++) {
        double factor = rng_normal(&rng) / sqrt(s.at[j]);
        for (int i = 0; i < PIXELS; i++)
            u.at[i] += factor * Q.at[i * PIXELS + j];
    }
    for (int i = 0; i < C.rows; i++)
        all.t.at[i] = dot(row(C, i), u) > 0 ? 1 : -1;
    struct images drawn = images_draw(&rng, arena, all, SOME + TEST);
    return (struct task){images_part(drawn, 0, SOME), images_part(drawn, SOME, TEST)};
}

enum { TIMES = 13, AT_TWENTY = 8 };
static const int TIME[TIMES] = {1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100};

/* error[r][i][j]: on task r, with remedy i, after TIME[j] steps, for j < times. */
typedef double error_table[TASKS][4][TIMES];

static void measure(struct claim *claim, struct images all,
                    struct task (*draw)(struct claim *, struct images, int), int times,
                    error_table error)
{
    struct arena *arena = claim_arena(claim);
    for (int r = 0; r < TASKS; r++) {
        size_t mark = arena->used;
        struct task task = draw(claim, all, r);
        for (int i = 0; i < 4; i++)
            error_path(claim, treat(claim, task, i), times, TIME, error[r][i]);
        arena->used = mark;
    }
}

/* By how much the whitened error exceeds another, on the same images. */
static struct finding whitened_is_worse(error_table error, enum remedy than)
{
    double effect[TASKS];
    for (int r = 0; r < TASKS; r++)
        effect[r] = error[r][WHITENED][AT_TWENTY] - error[r][than][AT_TWENTY];
    return effect_at_least(TASKS, effect, 0);
}

/* After twenty whitened steps, the share of what was learned from that is not known by
 * heart, wrong labels included; the worst of the tasks. */
static double not_by_heart(struct claim *claim, struct images all)
{
    static const int twenty[] = {20};
    struct arena *arena = claim_arena(claim);
    double most = 0, error;
    for (int r = 0; r < TASKS; r++) {
        size_t mark = arena->used;
        struct task white = treat(claim, sneakers_and_boots(claim, all, r), WHITENED);
        white.test = white.train;
        error_path(claim, white, 1, twenty, &error);
        most = worst(most, error);
        arena->used = mark;
    }
    return most;
}

static void record_errors(struct claim *claim, error_table error)
{
    struct series s = series_begin(claim, "whitening", "k", "raw", "centred",
                                   "standardized", "white", NULL);
    for (int j = 0; j < TIMES; j++) {
        double values[5] = {TIME[j]};
        for (int i = 0; i < 4; i++)
            for (int r = 0; r < TASKS; r++)
                values[i + 1] += error[r][i][j] / TASKS;
        series_row(&s, values);
    }
    series_end(&s);
}

CLAIM(cn_whitening_costs, PHENOMENON,
      "With noisy labels and few examples, whitening costs generalization")
{
    static error_table images, low;
    struct images all = images_pair(claim, IMAGES, 2, BOOT, SNEAKER);
    measure(claim, all, sneakers_and_boots, TIMES, images);
    record_errors(claim, images);
    measure(claim, images_first(claim, IMAGES, 7), signal_in_low_variance,
            AT_TWENTY + 1, low);
    evidence(claim, "whitened less raw", whitened_is_worse(images, RAW));
    evidence(claim, "whitened less centred", whitened_is_worse(images, CENTRED));
    evidence(claim, "whitened less standardized",
             whitened_is_worse(images, STANDARDIZED));
    evidence(claim, "whitened, wrong on what it saw",
             at_most(not_by_heart(claim, all), 0));
    control(claim, "signal in low variance, raw", whitened_is_worse(low, RAW));
    control(claim, "signal in low variance, standardized",
            whitened_is_worse(low, STANDARDIZED));
}

SECTION(is_it_a_good_idea, &cn_pixels, &cn_signal, &cn_whitened_path,
        &cn_whitening_costs);
