#include "ground/images.h"
#include "tangent_kernel/ntk_widths.h"

#include <math.h>

CLAIM(ntk_limit, RATE, "A wide network learns what the limit kernel predicts")
{
    static struct sample s;
    enum { R = REPLICATES };
    /* The distance is c_1 / sqrt(m), from the random features and from flipped units,
     * times 1 + c / sqrt(m): that bends a slope over 1.2 decades from m = 64 on by less
     * than 1/8 for c <= 5. */
    double bias = 1.0 / 8;
    struct experiment whole = relu_wide;
    whole.whole = true;
    collect(claim, relu_wide, R, &s);
    evidence(claim, "exponent of the distance",
             slopes_near(R, slopes(&s, LIMIT), -0.5, bias, 0.5));
    record(claim, "limit", &s, LIMIT, -0.5);
    collect(claim, whole, R, &s);
    control(claim, "f itself, which keeps its start",
            slopes_near(R, slopes(&s, LIMIT), -0.5, bias, 0.5));
    record(claim, "limit_whole", &s, LIMIT, 0);
}

/* ---- On images ------------------------------------------------------------------- */

enum { TRAIN = 60, TEST = 200, PIXELS = 49, DEEP_WIDTHS = 5, RESAMPLES = 32 };
enum { NARROWEST = 8, STEPS = 30 };

/* Boots and sneakers of 7 x 7 pixels, centred, of mean square 1, and what the limit
 * kernel of two hidden layers has learned of them. */
struct shoes {
    struct images train, test;
    double alpha; /* the rate, for STEPS steps        */
    vec law;      /* TEST: what the kernel predicts   */
};

static struct shoes shoes_draw(struct rng *rng, struct arena *arena, struct images pool)
{
    struct images some = images_draw(rng, arena, pool, TRAIN + TEST);
    struct shoes x = {.train = images_part(some, 0, TRAIN),
                      .test = images_part(some, TRAIN, TEST),
                      .law = arena_vec(arena, TEST)};
    mat Theta = arena_mat(arena, TRAIN, TRAIN), cross = arena_mat(arena, TEST, TRAIN);
    vec a = arena_vec(arena, TRAIN);
    images_normalize(some, TRAIN, sqrt(PIXELS));
    ntk_gram(x.train.X, 2, arena, Theta);
    ntk_cross(x.test.X, x.train.X, 2, arena, cross);
    double least;
    x.alpha = 0.5 / spectrum(arena, Theta, &least);
    ntk_descent(Theta, x.train.t, x.alpha, STEPS, arena, a);
    gemv(1, cross, a, 0, x.law);
    return x;
}

/* The share of the test images that have the other sign than f. */
static double errors(vec f, vec t)
{
    double wrong = 0;
    for (int i = 0; i < t.n; i++)
        wrong += f.at[i] * t.at[i] <= 0;
    return wrong / t.n;
}

/* f := what a network of two hidden layers of width m has learned of them, f - f_0; or
 * f itself, trained on the targets as they are. */
static void learn(struct rng *rng, struct arena *arena, struct shoes shoes, int m,
                  bool whole, vec f)
{
    size_t mark = arena->used;
    struct mlp net = ntk_network(PIXELS, 2, m);
    struct learner x = learner_make(arena, net, TRAIN, TEST);
    rng_normals(rng, 0, 1, x.w0);
    copy(entries(shoes.train.X), entries(x.X));
    copy(entries(shoes.test.X), entries(x.Z));
    learner_start(arena, &x);
    copy(shoes.train.t, x.y);
    axpy(whole ? 0 : 1, outputs(&x, &x.at), x.y);
    copy(outputs(&x, &x.at_z), f);
    for (int k = 0; k < STEPS; k++)
        ntk_network_step(&net, x.X, x.y, shoes.alpha, &x.now, arena, x.w);
    mlp_forward(&net, x.w, x.Z, &x.at_z);
    scale(whole ? 0 : -1, f);
    axpy(1, outputs(&x, &x.at_z), f);
    arena->used = mark;
}

/* The distances from the kernel's predictions, of the latter's size, and the errors;
 * the kernel's own error last. */
struct shoe_run {
    double distance[DEEP_WIDTHS], error[DEEP_WIDTHS + 1];
};

static struct shoe_run shoes_run(struct claim *claim, struct images pool, int replicate,
                                 bool whole)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct shoes shoes = shoes_draw(&rng, arena, pool);
    struct shoe_run run;
    vec f = arena_vec(arena, TEST);
    for (int i = 0; i < DEEP_WIDTHS; i++) {
        learn(&rng, arena, shoes, NARROWEST << i, whole, f);
        run.error[i] = errors(f, shoes.test.t);
        axpy(-1, shoes.law, f);
        run.distance[i] = norm(f) / norm(shoes.law);
    }
    run.error[DEEP_WIDTHS] = errors(shoes.law, shoes.test.t);
    arena->used = mark;
    return run;
}

/* For the figure: the means over the runs. */
static void record_shoes(struct claim *claim, const struct shoe_run *run)
{
    struct series s =
        series_begin(claim, "fashion", "m", "distance", "error", "kernel_error", NULL);
    for (int i = 0; i < DEEP_WIDTHS; i++) {
        double mean[3] = {0};
        for (int r = 0; r < RESAMPLES; r++) {
            mean[0] += run[r].distance[i] / RESAMPLES;
            mean[1] += run[r].error[i] / RESAMPLES;
            mean[2] += run[r].error[DEEP_WIDTHS] / RESAMPLES;
        }
        series_row(&s, (double[]){NARROWEST << i, mean[0], mean[1], mean[2]});
    }
    series_end(&s);
}

/* How often the distance is halved from the narrowest to the widest. */
static const double *halvings(const struct shoe_run *run, double *sample)
{
    for (int r = 0; r < RESAMPLES; r++)
        sample[r] = log2(run[r].distance[0] / run[r].distance[DEEP_WIDTHS - 1]);
    return sample;
}

/* The natural logarithm of the prediction's size over the distance, at the widest. */
static const double *closeness(const struct shoe_run *run, double *sample)
{
    for (int r = 0; r < RESAMPLES; r++)
        sample[r] = -log(run[r].distance[DEEP_WIDTHS - 1]);
    return sample;
}

CLAIM(ntk_fashion, PHENOMENON,
      "On images a network comes to predict as the kernel does")
{
    struct images pool = images_pair(claim, 20000, 4, BOOT, SNEAKER);
    struct shoe_run wide[RESAMPLES], whole[RESAMPLES];
    double sample[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
        wide[r] = shoes_run(claim, pool, r, false);
        whole[r] = shoes_run(claim, pool, r, true);
    }
    record_shoes(claim, wide);
    evidence(claim, "halvings from m = 8 to 128",
             effect_at_least(RESAMPLES, halvings(wide, sample), 0));
    evidence(claim, "-ln of the distance at m = 128",
             effect_at_least(RESAMPLES, closeness(wide, sample), log(5)));
    control(claim, "the same of f itself",
            effect_at_least(RESAMPLES, closeness(whole, sample), log(5)));
}

SECTION(ntk_without_weights, &ntk_limit, &ntk_fashion);
