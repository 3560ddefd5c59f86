/* Section "A hundred layers" of the chapter "Depth as time". */
#include "curves.h"

#include <math.h>

/* H := the outputs of the net of depth T on the curve after 10 steps at the rate
 * T / 10, on targets that are the inputs in reverse order.  The tangent kernel over the
 * number of examples has eigenvalues of |h|^2 + 1, about 10, or less: descent contracts
 * if the rate is well below 2 T / 10.  At T / 2 some worlds are past that edge, and
 * what training does there to a difference of order 1 / T has no bound of its order. */
static void train_curve(struct arena *arena, struct curve c, struct rng *rng, int T,
                        vec h)
{
    struct resnet net = residual(T, D, TANH, 1.0 / T);
    size_t mark = arena->used;
    vec w = arena_vec(arena, resnet_parameters(net)), grad = arena_vec(arena, w.n);
    mat Y = arena_mat(arena, EXAMPLES, D);
    struct resnet_pass pass = resnet_pass_make(arena, net, EXAMPLES);
    for (int i = 0; i < EXAMPLES; i++)
        copy(row(c.X, EXAMPLES - 1 - i), row(Y, i));
    resnet_smooth(net, c.theta_0, c.theta_1, w);
    for (int t = 0; t < T && rng != NULL; t++)
        draw_layer(rng, 1, resnet_layer(net, w, t));
    for (int k = 0; k <= 10; k++)
        resnet_step(net, c.X, Y, 0.1 * T, w, &pass, grad);
    copy(entries(state(&pass, T)), h);
    arena->used = mark;
}

/* The power of the depth, from 16 on, with which the outputs after training of the nets
 * of T and of 2 T layers come together; with rng, if every layer is drawn by itself. */
static struct fit approach_trained(struct arena *arena, struct curve c, struct rng *rng)
{
    double T[DEPTHS], off[DEPTHS];
    vec h = arena_vec(arena, EXAMPLES * D), deeper = arena_vec(arena, EXAMPLES * D);
    for (int i = 0; i < DEPTHS; i++) {
        T[i] = depth_of(16, i);
        train_curve(arena, c, rng, depth_of(16, i), h);
        train_curve(arena, c, rng, 2 * depth_of(16, i), deeper);
        off[i] = distance(h, deeper);
    }
    return fit_power(DEPTHS, T, off);
}

CLAIM(resnet_training_limit, RATE,
      "At a rate that grows as T, training has a limit: T and 2 T differ as 1 / T")
{
    struct arena *arena = claim_arena(claim);
    double smooth[WORLDS], rough[WORLDS];
    for (uint64_t r = 0; r < WORLDS; r++) {
        size_t mark = arena->used;
        struct curve c = build_curve(claim, r, TANH);
        struct rng rng = claim_rng(claim, WORLDS + r);
        smooth[r] = approach_trained(arena, c, NULL).slope;
        rough[r] = approach_trained(arena, c, &rng).slope;
        arena->used = mark;
    }
    /* c / T (1 - r / T) less the same at 2 T is c / 2T (1 - 3/2 r / T). */
    double bias = next_term(16 / 1.5);
    evidence(claim, "power of the depth, 16 to 160",
             slopes_near(WORLDS, smooth, -1, bias, 0.5));
    control(claim, "each layer drawn by itself",
            slopes_near(WORLDS, rough, -1, bias, 0.5));
}

enum { IMAGES = 16, PIXELS = 16, READ = 1000, TRAINING = 40, SANDAL = 5, BAG = 8 };

/* As many sandals as bags, of 4 x 4 pixels, and for a target the axis of the class.
 * The best output that ignores the image is half on either axis: it costs 1/4. */
struct clothes {
    mat X, Y; /* IMAGES x PIXELS */
};

static const double BLIND = 0.25;

static struct clothes draw_clothes(struct claim *claim, struct dataset data,
                                   struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct clothes c = {arena_mat(arena, IMAGES, PIXELS),
                        arena_mat(arena, IMAGES, PIXELS)};
    int pair[READ], order[READ], chosen[IMAGES], taken[2] = {0, 0};
    int n = dataset_pair(data, SANDAL, BAG, pair);
    rng_permutation(rng, n, order);
    for (int i = 0; i < n; i++) {
        int bag = data.labels[pair[order[i]]] == BAG, k = taken[bag];
        if (k == IMAGES / 2)
            continue;
        taken[bag]++;
        chosen[2 * k + bag] = pair[order[i]];
        row(c.Y, 2 * k + bag).at[bag] = 1;
    }
    dataset_images(data, chosen, 7, c.X);
    return c;
}

/* The least cost in TRAINING steps with weights from w on, in units of BLIND, and 1 if
 * it is never less than a blind guess; costs, if any, receives that of every step. */
static double train(struct arena *arena, struct resnet net, struct clothes c,
                    double alpha, vec w, double *costs)
{
    size_t mark = arena->used;
    struct resnet_pass pass = resnet_pass_make(arena, net, IMAGES);
    vec v = arena_vec(arena, w.n), grad = arena_vec(arena, w.n);
    copy(w, v);
    double least = 1;
    for (int k = 0; k <= TRAINING; k++) {
        double cost = resnet_step(net, c.X, c.Y, alpha, v, &pass, grad) / BLIND;
        least = fmin(least, cost);
        if (costs != NULL)
            costs[k] = cost;
    }
    arena->used = mark;
    return least;
}

/* The plain tanh net at the best of three rates. */
static double train_plain(struct arena *arena, struct clothes c, int T, vec w)
{
    static const double alpha[] = {0.03, 0.1, 0.3};
    struct resnet net = {T, PIXELS, TANH, false, 1};
    double best = INFINITY;
    for (int i = 0; i < 3; i++)
        best = fmin(best, train(arena, net, c, alpha[i], w, NULL));
    return best;
}

/* The plain ReLU net from layers that copy what they receive, but for a little: pixels
 * are not negative.  w: replaced by such weights. */
static void make_copier(int T, vec w)
{
    struct resnet net = {T, PIXELS, RELU, false, 1};
    scale(0.1 / sqrt(T), w);
    for (int t = 0; t < T; t++)
        for (int j = 0; j < PIXELS; j++)
            row(resnet_weights(net, w, t), j).at[j] += 1;
}

/* It, at the better of two rates: some draws need the larger, some cannot bear it. */
static double train_copier(struct arena *arena, struct clothes c, int T, vec w,
                           double *costs)
{
    struct resnet net = {T, PIXELS, RELU, false, 1};
    size_t mark = arena->used;
    vec v = arena_vec(arena, w.n);
    copy(w, v);
    make_copier(T, v);
    double cost = fmin(train(arena, net, c, 0.006, v, NULL),
                       train(arena, net, c, 0.003, v, costs));
    arena->used = mark;
    return cost;
}

/* The residual net, at the rate for `like` layers. */
static double train_residual(struct arena *arena, struct clothes c, int T, int like,
                             vec w, double *costs)
{
    return train(arena, residual(T, PIXELS, TANH, 1.0 / T), c, 0.5 * like, w, costs);
}

static void record_training(struct claim *claim, struct clothes c, int T, vec w)
{
    struct arena *arena = claim_arena(claim);
    struct series s =
        series_begin(claim, "training", "step", "residual", "plain", "copier", NULL);
    double costs[3][TRAINING + 1];
    train_residual(arena, c, T, T, w, costs[0]);
    train(arena, (struct resnet){T, PIXELS, TANH, false, 1}, c, 0.1, w, costs[1]);
    train_copier(arena, c, T, w, costs[2]);
    for (int k = 0; k <= TRAINING; k++)
        series_row(&s, (double[]){k, costs[0][k], costs[1][k], costs[2][k]});
    series_end(&s);
}

static void record_depths(struct claim *claim, struct clothes c, int T, vec w)
{
    struct series s = series_begin(claim, "depth", "T", "residual", "plain", NULL);
    for (int depth = 2; depth <= T; depth += (depth + 1) / 2) {
        vec first = {depth * PIXELS * (PIXELS + 1), w.at};
        double r = train_residual(claim_arena(claim), c, depth, depth, first, NULL);
        double p = train_plain(claim_arena(claim), c, depth, first);
        series_row(&s, (double[]){depth, r, p});
    }
    series_end(&s);
}

/* What one draw of images and weights says of 100 layers and of 5, in units of what a
 * blind guess costs; of costs that differ by factors, the logarithm of the ratio. */
struct hundred {
    double residual, copier; /* plain, or copier, less residual, at 100        */
    double plain;            /* at 100 less at 5                               */
    double scaled, slow;     /* ln of residual: 5 over 100, at its rate or 5's */
};

static struct hundred train_hundred(struct claim *claim, struct dataset data,
                                    uint64_t draw)
{
    enum { DEEP = 100, SHALLOW = 5 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, draw);
    struct clothes c = draw_clothes(claim, data, &rng);
    vec w = arena_vec(arena, DEEP * PIXELS * (PIXELS + 1));
    vec first = {SHALLOW * PIXELS * (PIXELS + 1), w.at};
    draw_layers(&rng, residual(DEEP, PIXELS, TANH, 1), false, w);
    double deep = train_residual(arena, c, DEEP, DEEP, w, NULL),
           slow = train_residual(arena, c, DEEP, SHALLOW, w, NULL),
           shallow = train_residual(arena, c, SHALLOW, SHALLOW, first, NULL),
           plain = train_plain(arena, c, DEEP, w),
           copier = train_copier(arena, c, DEEP, w, NULL);
    if (draw == 0) {
        record_training(claim, c, DEEP, w);
        record_depths(claim, c, DEEP, w);
    }
    return (struct hundred){.residual = plain - deep,
                            .copier = copier - deep,
                            .plain = plain - train_plain(arena, c, SHALLOW, first),
                            .scaled = log(shallow / deep),
                            .slow = log(shallow / slow)};
}

CLAIM(resnet_hundred_layers, PHENOMENON,
      "100 residual layers train as 5 do; 100 plain ones are left far behind")
{
    /* From copies one plain net in a hundred fails all the same, by a half: of 40, six
     * may before the control's interval reaches its limit. */
    enum { DRAWN = 40 };
    struct dataset data = claim_images(claim, READ);
    double gain[DRAWN], decay[DRAWN], scaled[DRAWN], slow[DRAWN], copied[DRAWN];
    for (int r = 0; r < DRAWN; r++) {
        size_t mark = claim_arena(claim)->used;
        struct hundred h = train_hundred(claim, data, (uint64_t)r);
        gain[r] = h.residual;
        decay[r] = h.plain;
        scaled[r] = h.scaled;
        slow[r] = h.slow;
        copied[r] = h.copier;
        claim_arena(claim)->used = mark;
    }
    evidence(claim, "plain less residual, at 100", effect_at_least(DRAWN, gain, 0.25));
    evidence(claim, "plain: at 100 less at 5", effect_at_least(DRAWN, decay, 0.25));
    evidence(claim, "residual: ln of 5 over 100",
             effect_at_least(DRAWN, scaled, -log(1.25)));
    control(claim, "100 at the rate of 5: the same ln",
            effect_at_least(DRAWN, slow, -log(1.25)));
    control(claim, "plain from copies less residual",
            effect_at_least(DRAWN, copied, 0.25));
}

SECTION(resnet_depths, &resnet_training_limit, &resnet_hundred_layers);
