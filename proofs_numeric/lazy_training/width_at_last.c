#include "lazy_training/lazy_worlds.h"

#include <math.h>

enum { WIDTHS = 5, REPEATS = 20 };

/* kappa_h at a start with this many hidden units whose outputs cancel in pairs: normal
 * weights, signs for the output. */
static double kappa_of_width(struct claim *claim, struct rng *rng, mat X, vec y,
                             int width, enum scaling scaling)
{
    struct mlp net = mlp_make(2, (int[]){X.cols, width, 1}, TANH, scaling, false);
    struct lazy_problem p = lazy_make(claim_arena(claim), &net, X, y);
    vec w_0 = normal_vec(claim_arena(claim), rng, mlp_parameters(&net)),
        a = entries(mlp_weights(&net, w_0, 1));
    for (int r = 0; r < a.n; r++)
        a.at[r] = copysign(1, a.at[r]);
    lazy_pair(&net, w_0);
    return kappa_at(claim, rng, &p, w_0, 20);
}

/* The power of the width, from 64 to 1024, with which it falls on the same data. */
static double power_of_width(struct claim *claim, int replicate, enum scaling scaling)
{
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    mat X = normal_mat(claim_arena(claim), &rng, 3, 2);
    vec y = normal_vec(claim_arena(claim), &rng, 3);
    double width[WIDTHS], kappa[WIDTHS];
    for (int i = 0; i < WIDTHS; i++) {
        width[i] = 64 << i;
        kappa[i] = kappa_of_width(claim, &rng, X, y, 64 << i, scaling);
    }
    claim_arena(claim)->used = mark;
    return fit_power(WIDTHS, width, kappa).slope;
}

CLAIM(lazy_kappa_width, RATE, "Over the root of the width, kappa_h falls as m^-1/2")
{
    double tangent[REPEATS], mean_field[REPEATS], standard[REPEATS];
    for (int k = 0; k < REPEATS; k++) {
        tangent[k] = power_of_width(claim, k, TANGENT);
        mean_field[k] = power_of_width(claim, k, MEAN_FIELD);
        standard[k] = power_of_width(claim, k, STANDARD);
    }
    /* The most curved of m units is more curved if m is larger, but bounded, as tanh'
     * and tanh'' are.  The bias allows it to be 12 % less among 64 units than among
     * 1024: log10(1.12) over 1.2 decades. */
    double bias = 0.04;
    evidence(claim, "over sqrt m: power of m",
             slopes_near(REPEATS, tangent, -0.5, bias, 0.5));
    evidence(claim, "over m: power of m",
             slopes_near(REPEATS, mean_field, 0, bias, 0.5));
    control(claim, "not divided, as if over sqrt m",
            slopes_near(REPEATS, standard, -0.5, bias, 0.5));
}

SECTION(lazy_width_at_last, &lazy_kappa_width);
