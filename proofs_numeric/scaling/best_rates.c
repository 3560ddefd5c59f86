/* "The best rate": how far it drifts with the width, on images. */
#include "ground/images.h"
#include "ground/route_lapack.h"
#include "scaling/networks.h"

#include <math.h>
#include <string.h>

enum { POOL = 7, SIDE = 16, EXAMPLES = 32, BASE = 64 };

/* Sneakers and boots, of 4 x 4 pixels, with mean 0 and mean square length SIDE. */
struct lesson {
    mat X, T; /* n x SIDE, n x 1 */
};

static struct lesson lesson_make(struct claim *claim, struct images shoes,
                                 int replicate)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct images some = images_draw(&rng, claim_arena(claim), shoes, EXAMPLES);
    images_normalize(some, EXAMPLES, sqrt(SIDE));
    return (struct lesson){.X = some.X, .T = column(some.t)};
}

/* K_ij / n of the mean kernel for m ReLUs. */
static mat gram_of(struct claim *claim, struct lesson on, double m)
{
    mat K = arena_mat(claim_arena(claim), EXAMPLES, EXAMPLES);
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0; j < EXAMPLES; j++)
            row(K, i).at[j] = mean_kernel(m, row(on.X, i), row(on.X, j)) / EXAMPLES;
    return K;
}

/* log2 of 2 / lambda, where descent on outputs with that kernel turns unstable. */
static double edge_of(struct claim *claim, struct lesson on, double m)
{
    size_t mark = claim_arena(claim)->used;
    mat Q = arena_mat(claim_arena(claim), EXAMPLES, EXAMPLES);
    vec a = arena_vec(claim_arena(claim), EXAMPLES);
    route_eigen(gram_of(claim, on, m), a, Q);
    claim_arena(claim)->used = mark;
    return log2(2 / a.at[EXAMPLES - 1]);
}

/* What is trained, and how long: by descent, or by Adam. */
struct setting {
    enum scaled_as as;
    int hidden, m, base, steps;
    bool adam;
};

static void start(struct claim *claim, struct setting at, int replicate,
                  struct scaled *x)
{
    struct rng rng = claim_rng(claim, (uint64_t)(10000 * at.m + replicate));
    bool signs = at.adam && at.as != SWAPPED_RATES;
    scaled_make(x, claim_arena(claim), &rng, at.as, signs ? BY_SIGN : BY_GRADIENT, SIDE,
                at.hidden, at.m, at.base);
}

/* The loss after these steps on all examples with the rate 2^log_rate; 1 where that is
 * more, or no number: it begins near 3/4. */
static double loss_after(struct claim *claim, struct lesson on, struct scaled *x,
                         struct setting at, double log_rate)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    vec w = arena_vec(arena, x->w.n);
    struct mlp_cost cost = mlp_cost_make(arena, &x->net, square_loss, on.X, on.T);
    if (at.adam)
        scaled_by_adam(x, arena);
    copy(x->w, w);
    optimize(mlp_cost_gradient, &cost, scal_by_layers(&x->layers), pow(2, log_rate),
             at.steps, w, x->grad);
    mlp_forward(&x->net, w, on.X, &cost.pass);
    double loss = square_loss(on.T, cost.pass.H[x->net.depth], cost.G);
    arena->used = mark;
    return loss < 1 ? loss : 1;
}

/* log2 of the rate with the least loss, between 2^-11 and 2, by golden section, to 0.1;
 * where all is lost, it looks to smaller rates. */
static double best_rate(struct claim *claim, struct lesson on, struct setting by,
                        int replicate)
{
    const double golden = (sqrt(5) - 1) / 2;
    size_t mark = claim_arena(claim)->used;
    struct scaled x;
    start(claim, by, replicate, &x);
    double low = -11, high = 1, at[2] = {high - golden * 12, low + golden * 12},
           loss[2];
    for (int i = 0; i < 2; i++)
        loss[i] = loss_after(claim, on, &x, by, at[i]);
    for (int k = 0; k < 8; k++) {
        int keep = loss[0] <= loss[1] ? 0 : 1, other = 1 - keep;
        *(keep == 0 ? &high : &low) = at[other];
        at[other] = at[keep], loss[other] = loss[keep];
        at[keep] =
            keep == 0 ? high - golden * (high - low) : low + golden * (high - low);
        loss[keep] = loss_after(claim, on, &x, by, at[keep]);
    }
    claim_arena(claim)->used = mark;
    return at[loss[0] <= loss[1] ? 0 : 1];
}

/* ---- A few steps ------------------------------------------------------------------
 */

/* The octaves deviate by 0.4 from 0: the limits of an octave are 17 standard errors of
 * REPEATS away, and Student's interval reaches 7.7. */
enum { REPEATS = 47, FEW = 24, MIDDLE = 8, SIZES = 4, MOST = 96 };
static const int sizes[SIZES] = {64, 128, 256, 512};

static struct setting four_steps(enum scaled_as as, int k)
{
    return (struct setting){as, 1, sizes[k], BASE, 4, false};
}

/* log2 of the best rates of n starts. */
static void best_rates(struct claim *claim, struct images shoes, struct setting by,
                       int n, double *best)
{
    for (int r = 0; r < n; r++) {
        size_t mark = claim_arena(claim)->used;
        struct lesson on = lesson_make(claim, shoes, r);
        best[r] = best_rate(claim, on, by, r);
        claim_arena(claim)->used = mark;
    }
}

/* The same of the edges, with ReLUs of sizes[k]. */
static void edges(struct claim *claim, struct images shoes, int k, double *edge)
{
    for (int r = 0; r < REPEATS; r++) {
        size_t mark = claim_arena(claim)->used;
        edge[r] = edge_of(claim, lesson_make(claim, shoes, r), sizes[k]);
        claim_arena(claim)->used = mark;
    }
}

/* The mean of a - b - c + d is at least -1, an octave. */
static struct finding falls_no_more(int n, const double *a, const double *b,
                                    const double *c, const double *d)
{
    double sample[MOST];
    for (int r = 0; r < n; r++)
        sample[r] = a[r] - b[r] - c[r] + d[r];
    return effect_at_least(n, sample, -1);
}

static double mean_of(int n, const double *x)
{
    double sum = 0;
    for (int r = 0; r < n; r++)
        sum += x[r];
    return sum / n;
}

/* The best rates of all starts at the least and the largest width, and of a few
 * between; at the least, maximal update is the standard parametrization. */
struct drift {
    double standard[SIZES][REPEATS], maximal[SIZES][REPEATS], edge[SIZES][REPEATS];
};

static struct drift drift_of(struct claim *claim, struct images shoes)
{
    struct drift x;
    for (int k = 0; k < SIZES; k++) {
        int n = k == 0 || k == SIZES - 1 ? REPEATS : MIDDLE;
        best_rates(claim, shoes, four_steps(STANDARD_RATES, k), n, x.standard[k]);
        if (k == 0)
            memcpy(x.maximal[k], x.standard[k], sizeof x.maximal[k]);
        else
            best_rates(claim, shoes, four_steps(MAXIMAL_RATES, k), n, x.maximal[k]);
        edges(claim, shoes, k, x.edge[k]);
    }
    struct series s = series_begin(claim, "drift", "m", "standard", "maximal", "edge",
                                   "edge_maximal", NULL);
    for (int k = 0; k < SIZES; k++)
        series_row(&s,
                   (double[]){sizes[k], mean_of(MIDDLE, x.standard[k]),
                              mean_of(MIDDLE, x.maximal[k]), mean_of(MIDDLE, x.edge[k]),
                              mean_of(MIDDLE, x.edge[0])});
    series_end(&s);
    return x;
}

CLAIM(scal_drift, PHENOMENON, "The best rate falls as the edge does, or stays")
{
    enum { LAST = SIZES - 1 };
    struct images shoes = images_pair(claim, 4000, POOL, SNEAKER, BOOT);
    struct drift x = drift_of(claim, shoes);
    const double *first = x.standard[0], *edge = x.edge[0];
    evidence(claim, "standard, less the edge's fall",
             falls_no_more(REPEATS, x.standard[LAST], first, x.edge[LAST], edge));
    evidence(claim, "and no less than the edge",
             falls_no_more(REPEATS, first, x.standard[LAST], edge, x.edge[LAST]));
    evidence(claim, "maximal update: octaves",
             falls_no_more(REPEATS, x.maximal[LAST], x.maximal[0], edge, edge));
    evidence(claim, "and not upward",
             falls_no_more(REPEATS, x.maximal[0], x.maximal[LAST], edge, edge));
    double other[REPEATS];
    best_rates(claim, shoes, four_steps(TANGENT_RATES, LAST), FEW, other);
    control(claim, "rates by inputs, less the edge",
            falls_no_more(FEW, first, other, edge, x.edge[LAST]));
    best_rates(claim, shoes, four_steps(SWAPPED_RATES, LAST), FEW, other);
    control(claim, "rates exchanged", falls_no_more(FEW, other, first, edge, edge));
}

/* ---- A whole run ------------------------------------------------------------------
 */

enum { RUN = 40, RATES = 19, RUNS = 36 };

static struct setting run_of(enum scaled_as as, int m)
{
    return (struct setting){as, 1, m, BASE, RUN, false};
}

static double log_rate(int i) { return -10 + 0.5 * i; }

/* A network at its start, and what the mean kernel says of it: its eigenvalues over n,
 * and the network's own residuals along its eigenvectors. */
struct pupil {
    struct scaled x;
    struct lesson on;
    vec a, r;
    double edge;
};

static void pupil_make(struct claim *claim, struct lesson on, enum scaled_as as, int m,
                       int replicate, struct pupil *p)
{
    struct arena *arena = claim_arena(claim);
    int like = as == STANDARD_RATES ? m : BASE;
    *p = (struct pupil){.on = on,
                        .a = arena_vec(arena, EXAMPLES),
                        .r = arena_vec(arena, EXAMPLES),
                        .edge = edge_of(claim, on, like)};
    start(claim, run_of(as, m), replicate, &p->x);
    p->x.layers.net = &p->x.net;
    struct mlp_cost cost = mlp_cost_make(arena, &p->x.net, square_loss, on.X, on.T);
    mat Q = arena_mat(arena, EXAMPLES, EXAMPLES);
    route_eigen(gram_of(claim, on, like), p->a, Q);
    mlp_cost_gradient(&cost, p->x.w, p->x.grad);
    gemtv(EXAMPLES, Q, entries(cost.G), 0, p->r);
}

/* sum over eigenvalues of (1 - rate a)^(2 RUN) r^2 / 2n: descent with that kernel. */
static double law_of(const struct pupil *p, double log_rate)
{
    double sum = 0;
    for (int j = 0; j < EXAMPLES; j++)
        sum +=
            pow(1 - pow(2, log_rate) * p->a.at[j], 2 * RUN) * p->r.at[j] * p->r.at[j];
    return sum / (2 * EXAMPLES);
}

/* For the figure: both panels, three widths each; 1 at the first rate with which all is
 * lost, and no number beyond it. */
static void record_valleys(struct claim *claim, struct lesson on)
{
    static const int widths[] = {64, 256, 1024};
    struct series s =
        series_begin(claim, "valley", "log_rate", "std_64", "std_64_law", "std_256",
                     "std_256_law", "std_1024", "std_1024_law", "max_64", "max_64_law",
                     "max_256", "max_256_law", "max_1024", "max_1024_law", NULL);
    double at[RATES][13];
    for (int k = 0; k < 6; k++) {
        size_t mark = claim_arena(claim)->used;
        struct pupil p;
        enum scaled_as as = k < 3 ? STANDARD_RATES : MAXIMAL_RATES;
        pupil_make(claim, on, as, widths[k % 3], 0, &p);
        struct setting run = run_of(as, widths[k % 3]);
        double loss = 0, law = 0;
        for (int i = 0; i < RATES; i++) {
            loss = loss < 1 ? loss_after(claim, on, &p.x, run, log_rate(i)) : NAN;
            law = law < 1 ? fmin(law_of(&p, log_rate(i)), 1) : NAN;
            at[i][0] = log_rate(i);
            at[i][1 + 2 * k] = loss;
            at[i][2 + 2 * k] = law;
        }
        claim_arena(claim)->used = mark;
    }
    for (int i = 0; i < RATES; i++)
        series_row(&s, at[i]);
    series_end(&s);
}

/* ln(loss / law) of n starts at half the edge, with 256 ReLUs. */
static void against_the_law(struct claim *claim, struct images shoes, enum scaled_as as,
                            int n, double *sample)
{
    for (int r = 0; r < n; r++) {
        size_t mark = claim_arena(claim)->used;
        struct pupil p;
        pupil_make(claim, lesson_make(claim, shoes, r), as, 256, r, &p);
        double loss = loss_after(claim, p.on, &p.x, run_of(as, 256), p.edge - 1);
        sample[r] = log(loss / law_of(&p, p.edge - 1));
        claim_arena(claim)->used = mark;
    }
}

/* The mean of the sample is at least -ln 5/4, and at most ln 5/4. */
static void within_a_quarter(struct claim *claim, const char *low, const char *high,
                             double *sample)
{
    evidence(claim, low, effect_at_least(RUNS, sample, -log(1.25)));
    for (int r = 0; r < RUNS; r++)
        sample[r] = -sample[r];
    evidence(claim, high, effect_at_least(RUNS, sample, -log(1.25)));
}

CLAIM(scal_valley, PHENOMENON, "The loss after 40 steps, as the mean kernel has it")
{
    double sample[RUNS];
    struct images shoes = images_pair(claim, 4000, POOL, SNEAKER, BOOT);
    against_the_law(claim, shoes, STANDARD_RATES, RUNS, sample);
    within_a_quarter(claim, "standard: ln loss / law", "and from above", sample);
    against_the_law(claim, shoes, MAXIMAL_RATES, RUNS, sample);
    within_a_quarter(claim, "maximal: ln loss / law", "and from above, maximal",
                     sample);
    against_the_law(claim, shoes, SWAPPED_RATES, FEW, sample);
    for (int r = 0; r < FEW; r++)
        sample[r] = -sample[r];
    control(claim, "rates exchanged: - ln loss / law",
            effect_at_least(FEW, sample, -log(1.25)));
    record_valleys(claim, lesson_make(claim, shoes, 0));
}

/* ---- Longer runs ------------------------------------------------------------------
 */

/* Best rates at a narrow width and a wide one, in either parametrization; at the narrow
 * one they are the same. */
struct ends {
    double narrow[MOST], standard[MOST], maximal[MOST];
};

static struct ends ends_of(struct claim *claim, struct setting by, int wide, int n)
{
    struct ends x;
    struct images shoes = images_pair(claim, 4000, POOL, SNEAKER, BOOT);
    by.as = STANDARD_RATES, by.m = by.base;
    best_rates(claim, shoes, by, n, x.narrow);
    by.m = wide;
    best_rates(claim, shoes, by, n, x.standard);
    by.as = MAXIMAL_RATES;
    best_rates(claim, shoes, by, n, x.maximal);
    return x;
}

/* The mean of a - b is at least so many octaves. */
static struct finding octaves(int n, const double *a, const double *b, double least)
{
    double sample[MOST];
    for (int r = 0; r < n; r++)
        sample[r] = a[r] - b[r];
    return effect_at_least(n, sample, least);
}

/* From narrow to wide the best rate falls in the standard parametrization, by so many
 * octaves, and by less than one, either way, with maximal update. */
static void show_ends(struct claim *claim, const struct ends *x, int n, double fall)
{
    evidence(claim, "standard: fall, in octaves",
             octaves(n, x->narrow, x->standard, fall));
    evidence(claim, "maximal update: rise", octaves(n, x->maximal, x->narrow, -1));
    evidence(claim, "and its fall", octaves(n, x->narrow, x->maximal, -1));
}

LONG_CLAIM(scal_transfer, PHENOMENON, "Sixty steps, 16 times the width")
{
    enum { N = 40 };
    struct setting by = {STANDARD_RATES, 1, 0, BASE, 60, false};
    struct ends x = ends_of(claim, by, 1024, N);
    show_ends(claim, &x, N, 3);
    by.as = TANGENT_RATES, by.m = 1024;
    double other[MOST];
    struct images shoes = images_pair(claim, 4000, POOL, SNEAKER, BOOT);
    best_rates(claim, shoes, by, FEW, other);
    control(claim, "rates by inputs: fall", octaves(FEW, x.narrow, other, 3));
    by.as = SWAPPED_RATES;
    best_rates(claim, shoes, by, FEW, other);
    control(claim, "rates exchanged: rise", octaves(FEW, other, x.narrow, -1));
}

LONG_CLAIM(scal_adam_transfer, PHENOMENON, "Adam, two hidden layers, 4 times the width")
{
    enum { N = 96, OTHERS = 64 };
    struct setting by = {STANDARD_RATES, 2, 0, 32, 20, true};
    struct ends x = ends_of(claim, by, 128, N);
    show_ends(claim, &x, N, 1);
    /* By descent's rates, exchanged, the last layer gets 4 instead of 1/4. */
    by.as = SWAPPED_RATES, by.m = 128;
    double other[MOST];
    struct images shoes = images_pair(claim, 4000, POOL, SNEAKER, BOOT);
    best_rates(claim, shoes, by, OTHERS, other);
    control(claim, "descent's rates, exchanged: rise",
            octaves(OTHERS, other, x.narrow, -1));
}

SECTION(scal_best_rates, &scal_drift, &scal_valley, &scal_transfer,
        &scal_adam_transfer);
