/* Counted operations of a probe, a trace and a determinant. */
#include "fields.h"
#include "ground/route_lapack.h"
#include "normalizing_flows.h"

#include <math.h>

enum { SIZES = 5, COST_WIDTH = 8 };

/* <v, (df/dz) v> of a field with one hidden layer, in plain loops, given tanh' of its
 * units; counts the pairs of a multiplication and an addition. */
static double counted_product(const struct cnf *cnf, vec w, vec slope, vec v,
                              long *count)
{
    mat in = mlp_weights(&cnf->net, w, 0), out = mlp_weights(&cnf->net, w, 1);
    double sum = 0;
    for (int u = 0; u < slope.n; u++) {
        double forward = 0, back = 0;
        for (int i = 0; i < v.n; i++, ++*count)
            forward += row(in, u).at[i] * v.at[i];
        for (int i = 0; i < v.n; i++, ++*count)
            back += row(out, i).at[u] * v.at[i];
        sum += slope.at[u] * forward * back, ++*count;
    }
    return sum;
}

/* A = I + df/dz, a layer of a residual network, and its log |det| by LAPACK. */
static double lapack_log_determinant(struct arena *arena, mat A)
{
    vec s = arena_vec(arena, A.rows);
    double sum = 0;
    route_singular(A, s);
    for (int i = 0; i < s.n; i++)
        sum += log(s.at[i]);
    return sum;
}

struct cost {
    long probe, axes, determinant; /* pairs of operations               */
    double wrong;                  /* how far values are from ref/, LAPACK */
};

static struct cost count_cost(struct claim *claim, int D, bool check)
{
    struct world world = field_drawn(claim, 0, cnf_make(D, 1, COST_WIDTH, 1, 1), 1);
    struct cnf_pass pass = cnf_pass_make(world.arena, &world.cnf, 1, 1);
    struct arena *arena = world.arena;
    mat z = field_normals(&world, 1, D), V = arena_mat(arena, 1, D),
        f = arena_mat(arena, 1, D);
    mat A = arena_mat(arena, D, D);
    vec trace = arena_vec(arena, 1), axis = arena_vec(arena, D);
    struct cost cost = {0};
    cnf_aim(&world.cnf, &world.rng, V);
    cnf_forward(&world.cnf, world.w, 0.5, z, V, &pass, f, trace);
    vec slope = row(pass.slope[0], 0);
    double probe = counted_product(&world.cnf, world.w, slope, row(V, 0), &cost.probe);
    cost.wrong = fabs(probe - trace.at[0]);
    for (int k = 0; k < D; k++) {
        axis.at[k] = 1;
        counted_product(&world.cnf, world.w, slope, axis, &cost.axes);
        axis.at[k] = 0;
    }
    mat in = mlp_weights(&world.cnf.net, world.w, 0),
        out = mlp_weights(&world.cnf.net, world.w, 1);
    for (int i = 0; i < D; i++) {
        row(A, i).at[i] = 1;
        for (int u = 0; u < slope.n; u++)
            axpy(row(out, i).at[u] * slope.at[u], (vec){D, row(in, u).at}, row(A, i));
    }
    double sign, by_lapack = check ? lapack_log_determinant(arena, A) : 0;
    double log_det = log_determinant(A, &sign, &cost.determinant);
    cost.wrong = worst(cost.wrong, check ? fabs(log_det - by_lapack) : 0);
    return cost;
}

/* The pairs of operations of one probe, where the field has as many units as there are
 * dimensions. */
static double cost_of_wide_probe(struct claim *claim, int D)
{
    struct world world = field_drawn(claim, 0, cnf_make(D, 1, D, 1, 1), 1);
    vec slope = arena_vec(world.arena, D), v = arena_vec(world.arena, D);
    long count = 0;
    counted_product(&world.cnf, world.w, slope, v, &count);
    return (double)count;
}

CLAIM(cnf_cost, RATE,
      "A field of O(D): a probe costs O(D), the trace O(D^2), a determinant O(D^3)")
{
    static const int size[SIZES] = {16, 32, 64, 128, 256};
    double D[SIZES], probe[SIZES], axes[SIZES], determinant[SIZES], wide[SIZES];
    double wrong = 0;
    struct series s =
        series_begin(claim, "cost", "D", "probe", "axes", "determinant", "cubic", NULL);
    for (int i = 0; i < SIZES; i++) {
        struct cost cost = count_cost(claim, size[i], size[i] <= 64);
        D[i] = size[i];
        probe[i] = (double)cost.probe;
        axes[i] = (double)cost.axes;
        determinant[i] = (double)cost.determinant;
        wide[i] = cost_of_wide_probe(claim, size[i]);
        wrong = worst(wrong, cost.wrong);
        series_row(&s, (double[]){D[i], probe[i], axes[i], determinant[i],
                                  pow(D[i], 3) / 3});
    }
    series_end(&s);
    /* D^3/3 - D^2/2 + ... = D^3/3 (1 - 3/2D + ...): at 16 the slope is 3 + 3/32.  The
     * others are (2 D + 1) COST_WIDTH and D times that: 1 - 1/32 and 2 - 1/32. */
    evidence(claim, "exponent, one probe",
             slope_is(fit_power(SIZES, D, probe), 1, 1.0 / 32, 0.5));
    evidence(claim, "exponent, all axes",
             slope_is(fit_power(SIZES, D, axes), 2, 1.0 / 32, 0.5));
    evidence(claim, "exponent, determinant",
             slope_is(fit_power(SIZES, D, determinant), 3, 3.0 / 32, 0.5));
    /* 64 eliminations of 64 terms each, on numbers of which the least s is not small */
    evidence(claim, "what was counted, against ref/",
             at_most(wrong, rounding(64 * 64, 10)));
    control(claim, "one probe, a field of O(D^2)",
            slope_is(fit_power(SIZES, D, wide), 1, 1.0 / 32, 0.5));
}

SECTION(what_is_cheap, &cnf_cost);
