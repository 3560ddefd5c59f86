#include "lazy_training/lazy_worlds.h"

#include <math.h>

enum { WIDTHS = 5, REPEATS = 40, STARTS = 3, UNSCALED = 2 };

/* ||df/dW_0|| at a start of one hidden layer of ReLU: one of those that lazy_draw
 * knows, or UNSCALED, the standard one with output weights of variance 1. */
static double first_gradient(struct claim *claim, struct rng *rng, mat x, int width,
                             int start)
{
    size_t mark = claim_arena(claim)->used;
    struct mlp net = mlp_make(2, (int[]){x.cols, width, 1}, RELU, STANDARD, false);
    vec w = arena_vec(claim_arena(claim), mlp_parameters(&net)),
        grad = arena_vec(claim_arena(claim), w.n);
    struct mlp_pass pass = mlp_pass_make(claim_arena(claim), &net, 1);
    lazy_draw(&net, start == UNSCALED ? STANDARD_START : (enum lazy_start)start, rng,
              w);
    if (start == UNSCALED)
        scale(sqrt(width), entries(mlp_weights(&net, w, 1)));
    mlp_forward(&net, w, x, &pass);
    mlp_backward(&net, w, (mat){1, 1, (real[]){1}}, &pass);
    mlp_gradient(&net, &pass, grad);
    double size = norm(entries(mlp_weights(&net, grad, 0)));
    claim_arena(claim)->used = mark;
    return size;
}

/* The powers of the width in ||df/dW_0|| and in the root mean square of its entries,
 * over the widths 256 to 4096. */
struct width_powers {
    double whole[REPEATS], entry[REPEATS];
    double squares[WIDTHS]; /* the mean of ||df/dW_0||^2, for the figure */
};

static struct width_powers width_powers(struct claim *claim, int start)
{
    struct width_powers p = {.squares = {0}};
    for (int k = 0; k < REPEATS; k++) {
        struct rng rng = claim_rng(claim, (uint64_t)(STARTS * k + start));
        mat x = normal_mat(claim_arena(claim), &rng, 1, 5);
        double width[WIDTHS], whole[WIDTHS], entry[WIDTHS];
        for (int i = 0; i < WIDTHS; i++) {
            width[i] = 256 << i;
            whole[i] = first_gradient(claim, &rng, x, 256 << i, start);
            entry[i] = whole[i] / sqrt(5 * width[i]);
            p.squares[i] += whole[i] * whole[i] / (REPEATS);
        }
        p.whole[k] = fit_power(WIDTHS, width, whole).slope;
        p.entry[k] = fit_power(WIDTHS, width, entry).slope;
    }
    return p;
}

/* For the figure: root mean squares, and their law.  Of the units half are active, the
 * mean of ||x||^2 is 5, and that of a_r^2 is 1/m or 1/m^2. */
static void record_widths(struct claim *claim, struct width_powers standard,
                          struct width_powers maximal)
{
    struct series s =
        series_begin(claim, "width", "m", "standard", "standard_entry", "maximal",
                     "maximal_entry", "law_0", "law_1", "law_2", NULL);
    for (int i = 0; i < WIDTHS; i++) {
        double m = 256 << i, norm_1 = sqrt(standard.squares[i]),
               norm_2 = sqrt(maximal.squares[i]);
        series_row(&s, (double[]){m, norm_1, norm_1 / sqrt(5 * m), norm_2,
                                  norm_2 / sqrt(5 * m), sqrt(5.0 / 2),
                                  sqrt(5.0 / 2 / m), sqrt(1.0 / 2) / m});
    }
    series_end(&s);
}

/* Of the logarithm of the sum S over the active units of a_r^2 the mean is that of its
 * mean less var S / 2 (E S)^2 = 5 / 2m: half of it is 5/4m, and from m = 256 on bends a
 * slope over 1.2 decades by 5/1024 log10(e) / 1.2 at most. */
static const double BIAS = 0.002;

static struct finding power_is(const double *powers, double predicted)
{
    return slopes_near(REPEATS, powers, predicted, BIAS, 0.5);
}

CLAIM(lazy_first_layer, RATE,
      "The first layer's gradient shrinks by entries, not as a whole")
{
    struct width_powers standard = width_powers(claim, STANDARD_START);
    struct width_powers maximal = width_powers(claim, MAXIMAL_UPDATE);
    struct width_powers unscaled = width_powers(claim, UNSCALED);
    evidence(claim, "standard: entries", power_is(standard.entry, -0.5));
    evidence(claim, "standard: norm", power_is(standard.whole, 0));
    evidence(claim, "maximal update: entries", power_is(maximal.entry, -1));
    evidence(claim, "maximal update: norm", power_is(maximal.whole, -0.5));
    control(claim, "variance 1: entries, as if standard",
            power_is(unscaled.entry, -0.5));
    control(claim, "variance 1: norm, as if standard", power_is(unscaled.whole, 0));
    record_widths(claim, standard, maximal);
}

SECTION(lazy_wide_network, &lazy_first_layer);
