/* Thirty layers: what the variance of the weights does to training. */
#include "networks.h"

#include <math.h>

enum { IMAGES = 24, STEPS = 200 };

/* `depth` layers of ReLU, 32 units wide, with one output for images of 49 pixels. */
static struct network deep_network(struct claim *claim, int depth)
{
    struct mlp net = tower(depth, 32, RELU, false);
    net.width[0] = PIXELS, net.width[depth] = 1;
    return network_make(claim, net, IMAGES);
}

/* shares := of the variance of the targets, what each run explains at its best; curve:
 * the share that is left after each step, a mean over the runs. */
static void sample_training(struct claim *claim, struct images source, int depth,
                            double gain, int runs, double *shares, double *curve)
{
    size_t mark = claim_arena(claim)->used;
    struct init_scheme scheme = init_he(NORMAL);
    scheme.gain = gain;
    for (int k = 0; k < STEPS; k++)
        curve[k] = 0;
    for (int r = 0; r < runs; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        struct network x = deep_network(claim, depth);
        struct images some = draw_images(claim, &rng, source, IMAGES);
        mat T = column(some.t);
        double constant = cost_of_constant(T), left = 1;
        copy(entries(some.X), entries(x.X));
        init_weights(&x.net, scheme, &rng, x.w);
        for (int k = 0; k < STEPS; k++) {
            left = fmin(left, descend(&x, T, 0.007, 1) / constant);
            curve[k] += left / runs;
        }
        shares[r] = 1 - left;
        claim_arena(claim)->used = mark;
    }
}

static double most(int n, const double *shares)
{
    double most = -INFINITY;
    for (int r = 0; r < n; r++)
        most = worst(most, fabs(shares[r]));
    return most;
}

CLAIM(init_thirty_layers, PHENOMENON,
      "Thirty layers of ReLU learn from He's weights, and not from LeCun's")
{
    /* One network in forty learns nothing from He's weights.  Of 44, 14 may before
     * Student's interval of the mean reaches the limit; 15 do with probability 1e-13.
     */
    enum { MANY = 44, SOME = 10, FEW = 4 };
    struct images source = images_first(claim, SOURCE, POOL);
    double he[MANY], lecun[FEW], shallow[FEW], between[SOME], curve[3][STEPS];
    sample_training(claim, source, 30, 2, MANY, he, curve[0]);
    sample_training(claim, source, 30, 1, FEW, lecun, curve[1]);
    evidence(claim, "He: share explained", effect_at_least(MANY, he, 0.1));
    evidence(claim, "LeCun: share explained, at most", at_most(most(FEW, lecun), 0.01));
    /* rho = 0.6 leaves 2e-7 of the signal. */
    sample_training(claim, source, 30, 1.2, SOME, between, curve[2]);
    control(claim, "gain 1.2: share explained", effect_at_least(SOME, between, 0.1));
    sample_training(claim, source, 3, 1, FEW, shallow, curve[2]);
    control(claim, "LeCun, three layers: at most", at_most(most(FEW, shallow), 0.01));
    struct series s = series_begin(claim, "thirty", "k", "he", "lecun", NULL);
    for (int k = 0; k < STEPS; k += 5)
        series_row(&s, (double[]){k, curve[0][k], curve[1][k]});
    series_end(&s);
}

/* ---- A deep autoencoder -------------------------------------------------------------
 */

/* A network of tanh that is to put out what it is shown, and how large its weights are:
 * of this deviation, or of so many times Xavier's variance. */
struct autoencoder {
    int depth;
    const int *widths;
    double deviation, gain;
};

/* The share of the variance of images that it explains after so many steps. */
static double autoencode(struct claim *claim, struct images source,
                         struct autoencoder a, uint64_t replicate)
{
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(a.depth, a.widths, TANH, STANDARD, true);
    struct network x = network_make(claim, net, IMAGES);
    struct init_scheme scheme = init_xavier(NORMAL);
    struct images some = draw_images(claim, &rng, source, IMAGES);
    copy(entries(some.X), entries(x.X));
    scheme.gain = a.gain;
    if (a.gain > 0)
        init_weights(&x.net, scheme, &rng, x.w);
    else
        init_draw(&rng, NORMAL, a.deviation * a.deviation, x.w);
    double least = descend(&x, x.X, 0.02, 300), constant = cost_of_constant(x.X);
    claim_arena(claim)->used = mark;
    return 1 - least / constant;
}

CLAIM(init_autoencoder, PHENOMENON,
      "A deep autoencoder is stuck with small weights, and not with Xavier's")
{
    enum { EACH = 8 };
    static const int deep[] = {PIXELS, 32, 16, 8, 16, 32, PIXELS},
                     shallow[] = {PIXELS, 8, PIXELS};
    static const struct autoencoder kinds[] = {
        {.depth = 6, .widths = deep, .deviation = 0.01},
        {.depth = 6, .widths = deep, .gain = 1},
        {.depth = 2, .widths = shallow, .deviation = 0.01},
        {.depth = 6, .widths = deep, .deviation = 0.02},
        {.depth = 6, .widths = deep, .gain = 0.5}};
    struct images source = images_first(claim, SOURCE, POOL);
    double shares[5][EACH];
    for (int kind = 0; kind < 5; kind++)
        for (int r = 0; r < EACH; r++)
            shares[kind][r] = autoencode(claim, source, kinds[kind], (uint64_t)r);
    evidence(claim, "small: share explained, at most",
             at_most(most(EACH, shares[0]), 1e-3));
    evidence(claim, "Xavier: share explained", effect_at_least(EACH, shares[1], 0.1));
    evidence(claim, "small, one hidden layer", effect_at_least(EACH, shares[2], 0.1));
    control(claim, "twice as large: share explained",
            effect_at_least(EACH, shares[3], 0.1));
    control(claim, "half of Xavier's variance: at most",
            at_most(most(EACH, shares[4]), 1e-3));
}

SECTION(init_training, &init_thirty_layers, &init_autoencoder);
