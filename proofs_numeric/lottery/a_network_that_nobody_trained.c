/* Section "A network that nobody trained". */
#include "ground/claim.h"
#include "ground/worlds.h"
#include "lottery.h"

#include <math.h>

enum { INPUTS = 3, HIDDEN = 4, POINTS = 100 };

/* A target n_0-n_1-1, and a random host with K units for each of its inputs and of its
 * hidden units, with what is carved from it. */
struct carving {
    struct mlp target, host;
    vec v, w, mask, errors; /* parameters of both, mask o w, errors of the weights */
};

/* The target's weights are uniform on [-1/2, 1/2], the host's on [-1, 1]. */
static struct carving carve(struct claim *claim, struct rng *rng, int n_0, int n_1,
                            int K)
{
    struct arena *arena = claim_arena(claim);
    struct carving x = {.target =
                            mlp_make(2, (int[]){n_0, n_1, 1}, RELU, STANDARD, false),
                        .host = mlp_make(4, (int[]){n_0, K * n_0, n_1, K * n_1, 1},
                                         RELU, STANDARD, false)};
    x.v = arena_vec(arena, mlp_parameters(&x.target));
    x.w = arena_vec(arena, mlp_parameters(&x.host));
    x.mask = arena_vec(arena, x.w.n), x.errors = arena_vec(arena, 2);
    rng_uniforms(rng, -0.5, 0.5, x.v);
    rng_uniforms(rng, -1, 1, x.w);
    lot_carve(&x.target, x.v, &x.host, x.w, arena, x.mask, x.errors);
    return x;
}

/* How far the part of the host is from the target at the rows of X, at most; and over
 * the bound there, e_1 |x| |v| + e_2 sum (h_i + e_1 |x|), which follows from an error
 * e_1 of each weight of the first layer and e_2 of the second. */
static void compare(struct claim *claim, const struct carving *x, mat X, double *most,
                    double *of_bound)
{
    struct arena *arena = claim_arena(claim);
    struct mlp_pass exact = mlp_pass_make(arena, &x->target, X.rows);
    struct mlp_pass carved = mlp_pass_make(arena, &x->host, X.rows);
    vec w = arena_vec(arena, x->w.n);
    double e_1 = x->errors.at[0], e_2 = x->errors.at[1];
    mat V = mlp_weights(&x->target, x->v, 1);
    copy(x->w, w);
    multiply(x->mask, w);
    mlp_forward(&x->target, x->v, X, &exact);
    mlp_forward(&x->host, w, X, &carved);
    *most = *of_bound = 0;
    for (int i = 0; i < X.rows; i++) {
        double off = fabs(carved.H[4].at[i] - exact.H[2].at[i]), size = 0, bound = 0;
        for (int j = 0; j < X.cols; j++)
            size += fabs(row(X, i).at[j]);
        for (int k = 0; k < V.cols; k++)
            bound += e_1 * size * fabs(V.at[k]) +
                     e_2 * (row(exact.H[1], i).at[k] + e_1 * size);
        *most = worst(*most, off);
        *of_bound = worst(*of_bound, off / bound);
    }
}

/* Corners of the cube [-1, 1]^n, as far as there are, and points in it. */
static mat points_in_cube(struct arena *arena, struct rng *rng, int n)
{
    mat X = arena_mat(arena, POINTS, n);
    rng_uniforms(rng, -1, 1, entries(X));
    for (int i = 0; i < 1 << n; i++)
        for (int j = 0; j < n; j++)
            row(X, i).at[j] = i >> j & 1 ? 1 : -1;
    return X;
}

/* Runs over so many draws: -log10 of the largest error in each, and the largest share
 * of the bound in any; with other weights than those that were carved if `redrawn`. */
static double sample_carvings(struct claim *claim, int n_0, int n_1, int K, int runs,
                              bool redrawn, double *digits)
{
    double share = 0;
    for (int r = 0; r < runs; r++) {
        size_t mark = claim_arena(claim)->used;
        struct rng rng = claim_rng(claim, (uint64_t)(1000 * K + r));
        struct carving x = carve(claim, &rng, n_0, n_1, K);
        mat X = points_in_cube(claim_arena(claim), &rng, n_0);
        double most, of_bound;
        if (redrawn)
            rng_uniforms(&rng, -1, 1, x.w);
        compare(claim, &x, X, &most, &of_bound);
        digits[r] = -log10(most);
        share = worst(share, of_bound);
        claim_arena(claim)->used = mark;
    }
    return share;
}

/* For the figure: a function of one number and a constant, and what is carved of it
 * from hosts with 8, 16 and 32 units for each weight. */
static void record_function(struct claim *claim)
{
    enum { GRID = 81 };
    struct arena *arena = claim_arena(claim);
    mat X = arena_mat(arena, GRID, 2);
    double out[GRID][4];
    struct series s =
        series_begin(claim, "function", "t", "target", "K8", "K16", "K32", NULL);
    for (int i = 0; i < GRID; i++)
        row(X, i).at[0] = 2.0 * i / (GRID - 1) - 1, row(X, i).at[1] = 0.5;
    for (int k = 0; k < 3; k++) {
        struct rng rng = claim_rng(claim, 1 << 20); /* the same target each time */
        struct carving x = carve(claim, &rng, 2, 8, 8 << k);
        struct mlp_pass pass = mlp_pass_make(arena, &x.target, GRID);
        mlp_forward(&x.target, x.v, X, &pass);
        for (int i = 0; i < GRID; i++)
            out[i][0] = pass.H[2].at[i];
        pass = mlp_pass_make(arena, &x.host, GRID);
        multiply(x.mask, x.w);
        mlp_forward(&x.host, x.w, X, &pass);
        for (int i = 0; i < GRID; i++)
            out[i][k + 1] = pass.H[4].at[i];
    }
    for (int i = 0; i < GRID; i++)
        series_row(&s, (double[]){row(X, i).at[0], out[i][0], out[i][1], out[i][2],
                                  out[i][3]});
    series_end(&s);
}

CLAIM(lot_carved, BOUND,
      "A random network holds a part that does what a given one does, untrained")
{
    enum { RUNS = 80, SMALLEST = 600 };
    double digits[SMALLEST], few[RUNS];
    double share = sample_carvings(claim, INPUTS, HIDDEN, 32, RUNS, false, digits);
    evidence(claim, "32 a weight: digits", effect_at_least(RUNS, digits, 1));
    evidence(claim, "error, of its bound", at_most(share, 1 + rounding(200, 1)));
    sample_carvings(claim, INPUTS, HIDDEN, 4, RUNS, false, few);
    control(claim, "4 a weight: digits", effect_at_least(RUNS, few, 1));
    share = sample_carvings(claim, INPUTS, HIDDEN, 32, RUNS, true, few);
    control(claim, "its weights re-drawn: error", at_most(share, 1 + rounding(200, 1)));
    /* With one weight in each layer the bound is attained if of both signs the one that
     * counts has the larger error, and outward: in one of sixteen draws. */
    share = sample_carvings(claim, 1, 1, 16, SMALLEST, false, digits);
    evidence(claim, "1-1-1: error, of its bound", at_least(share, 0.9));
    record_function(claim);
}

SECTION(lot_hosts, &lot_carved);
