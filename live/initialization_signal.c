/* The mean square of the signal, layer by layer, in one ReLU network. */
#include "initialization.h"
#include "live.h"

#include <math.h>

enum { DEPTH = 40, INPUTS = 64 };

const struct slider live_sliders[] = {{"gain, variance · fan-in", 1, 3, 2, 40, EVEN},
                                      {"units in a layer n", 4, 64, 16, 40, COUNT},
                                      {"network", 1, 50, 1, 49, EVEN},
                                      {0}};

const char live_columns[] = "layer\tsignal\tmean\ttypical";

/* One input of mean square 1.  The law of the mean is rho^l; that of one network falls
 * behind by some 5/2n in the logarithm of each layer. */
mat live(struct arena *arena, vec slider)
{
    struct init_scheme scheme = {.gain = slider.at[0], .fan = FAN_IN, .law = NORMAL};
    int n = (int)slider.at[1], width[DEPTH + 2] = {INPUTS};
    for (int l = 1; l <= DEPTH + 1; l++)
        width[l] = n;
    struct mlp net = mlp_make(DEPTH + 1, width, RELU, STANDARD, false);
    struct rng rng = rng_make((uint64_t)slider.at[2], "live signal", 0);
    struct mlp_pass pass = mlp_pass_make(arena, &net, 1);
    vec w = arena_vec(arena, mlp_parameters(&net)), q = arena_vec(arena, DEPTH + 2);
    mat X = arena_mat(arena, 1, INPUTS), curves = arena_mat(arena, DEPTH + 1, 4);
    fill(1, entries(X));
    init_weights(&net, scheme, &rng, w);
    mlp_forward(&net, w, X, &pass);
    init_moments_forward(&net, scheme, 1, q);
    for (int l = 0; l <= DEPTH; l++) {
        real *at = row(curves, l).at;
        vec H = entries(pass.H[l]);
        at[0] = l;
        at[1] = dot(H, H) / H.n;
        at[2] = q.at[l];
        at[3] = q.at[l] * exp(-2.5 * l / n);
    }
    return curves;
}
