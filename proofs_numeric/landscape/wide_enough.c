/* "Wide enough": a rate that the kernel promises, and what it takes. */
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "landscape.h"

#include <math.h>

enum { EXAMPLES = 12, STEPS = 400, WIDE = 512, REPLICATES = 4 };
static const double ETA = 0.5;

/* Examples on the unit sphere, targets, and a network at its start. */
struct run {
    struct mlp net;
    struct mlp_pass pass;
    mat X, Q;
    vec y, w, values; /* of the limiting kernel: eigenvalues, with Q */
    struct arena *arena;
};

static struct run run_make(struct claim *claim, struct rng *rng, int inputs, int m)
{
    struct arena *arena = claim_arena(claim);
    struct run x = {.net = land_wide_network(inputs, m), .arena = arena};
    x.X = normal_mat(arena, rng, EXAMPLES, inputs);
    for (int i = 0; i < EXAMPLES; i++)
        scale(1 / norm(row(x.X, i)), row(x.X, i));
    x.pass = mlp_pass_make(arena, &x.net, EXAMPLES);
    x.w = arena_vec(arena, mlp_parameters(&x.net));
    x.y = normal_vec(arena, rng, EXAMPLES);
    land_wide_start(&x.net, rng, x.w);
    mat H = arena_mat(arena, EXAMPLES, EXAMPLES);
    x.Q = arena_mat(arena, EXAMPLES, EXAMPLES);
    x.values = arena_vec(arena, EXAMPLES);
    land_wide_gram(x.X, H);
    route_eigen(H, x.values, x.Q);
    return x;
}

/* y := what the network says at the start, plus the direction in which the kernel is
 * least: the slowest target that there is. */
static void ask_the_slowest(struct run *x)
{
    mlp_forward(&x->net, x->w, x->X, &x->pass);
    for (int i = 0; i < EXAMPLES; i++)
        x->y.at[i] = x->pass.H[2].at[i] + row(x->Q, i).at[0];
}

/* Descends; returns the least rate at which the loss has fallen on the way to any step,
 * ln (L_k / L_0) / k, over that of the bound, ln (1 - eta lambda / 2): it keeps the
 * bound at every step if that is 1 or more.  In *last, the same at the last step. */
static double over_bound(struct run *x, struct series *s, double *last)
{
    double first = 0, least = INFINITY, factor = 1 - ETA * x->values.at[0] / 2;
    for (int k = 0; k <= STEPS; k++) {
        double loss =
            land_wide_step(&x->net, x->X, x->y, ETA, &x->pass, x->arena, x->w);
        first = k == 0 ? loss : first;
        if (k > 0) {
            *last = log(loss / first) / (k * log(factor));
            least = smallest(least, *last);
        }
        if (s != NULL && k % 10 == 0)
            series_row(s, (double[]){k, loss / first, pow(factor, k)});
    }
    return least;
}

CLAIM(land_wide_enough, BOUND,
      "The loss of a wide net falls at least as its kernel promises")
{
    double random = INFINITY, slowest = INFINITY, narrow = INFINITY, fastest = 0, last;
    struct series wide = series_begin(claim, "wide", "k", "loss", "bound", NULL);
    struct series stuck = series_begin(claim, "narrow", "k", "loss", "bound", NULL);
    for (int r = 0; r < REPLICATES; r++) {
        struct rng rng = claim_rng(claim, r);
        struct run x = run_make(claim, &rng, EXAMPLES, WIDE);
        random = smallest(random, over_bound(&x, NULL, &last));
        struct run y = run_make(claim, &rng, EXAMPLES, WIDE);
        ask_the_slowest(&y);
        slowest = smallest(slowest, over_bound(&y, r == 0 ? &wide : NULL, &last));
        fastest = worst(fastest, last);
    }
    for (int r = 0; r < 3 * REPLICATES; r++) { /* 120 weights for 12 examples */
        struct rng rng = claim_rng(claim, 100 + r);
        struct run x = run_make(claim, &rng, 60, 2);
        narrow = smallest(narrow, over_bound(&x, r == 0 ? &stuck : NULL, &last));
    }
    series_end(&wide), series_end(&stuck);
    evidence(claim, "rate over the bound's, any target", at_least(random, 1));
    evidence(claim, "the slowest target", at_least(slowest, 1));
    /* With an infinite width the loss of the slowest target falls by (1 - eta lambda)^2
     * per step, four times as fast as the bound: within eight it is not vacuous. */
    evidence(claim, "bound's rate over the slowest's", at_least(1 / fastest, 0.125));
    control(claim, "2 units, 120 weights: the same", at_least(narrow, 1));
}

SECTION(land_wide, &land_wide_enough);
