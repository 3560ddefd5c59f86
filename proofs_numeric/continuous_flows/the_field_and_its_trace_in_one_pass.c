/* The mass of the density, and samples in its cells. */
#include "fields.h"
#include "normalizing_flows.h"

#include <math.h>

/* The paths through the rows of X, back to 0: base is the normal log-density there, and
 * gained what the trace adds, so that log p is base - gained. */
static void pull_back(struct world *world, mat X, vec base, vec gained)
{
    size_t mark = world->arena->used;
    mat Z = arena_mat(world->arena, X.rows, 2);
    copy(entries(X), entries(Z));
    fill(0, gained);
    cnf_transport(&world->cnf, world->w, 1, 0, NULL, world->arena, Z, gained);
    nf_base(Z, base);
    world->arena->used = mark;
}

/* X := the middles of side * side squares that cover [-reach, reach]^2. */
static void middles(int side, double reach, mat X)
{
    for (int i = 0; i < X.rows; i++) {
        row(X, i).at[0] = reach * ((2 * (i / side) + 1.0) / side - 1);
        row(X, i).at[1] = reach * ((2 * (i % side) + 1.0) / side - 1);
    }
}

/* No entry of f is larger than this, since no unit of its last layer is larger than 1.
 */
static double largest_speed(const struct world *world)
{
    const struct mlp *net = &world->cnf.net;
    mat W = mlp_weights(net, world->w, net->depth - 1);
    vec b = mlp_biases(net, world->w, net->depth - 1);
    double most = 0;
    for (int i = 0; i < W.rows; i++) {
        double sum = fabs(b.at[i]);
        for (int j = 0; j < W.cols; j++)
            sum += fabs(row(W, i).at[j]);
        most = worst(most, sum);
    }
    return most;
}

/* How far apart sums over every other middle, in the four ways to choose them, are from
 * the sum over all.  The error of a grid is about exp(-c / spacing) or less, so that
 * over all middles it is at most the square of that. */
static double coarse_gap(vec p, int side, double area)
{
    double sum[4] = {0}, most = 0, all = 0;
    for (int i = 0; i < p.n; i++)
        sum[i / side % 2 * 2 + i % side % 2] += 4 * area * p.at[i];
    for (int c = 0; c < 4; c++)
        all += sum[c] / 4;
    for (int c = 0; c < 4; c++)
        most = worst(most, fabs(sum[c] - all));
    return most;
}

/* The sum of exp(base - trace * gained) over a grid of this area a point, less 1. */
static double mass_gap(vec base, vec gained, double trace, double area)
{
    double mass = 0;
    for (int i = 0; i < base.n; i++)
        mass += area * exp(base.at[i] - trace * gained.at[i]);
    return fabs(mass - 1);
}

CLAIM(cnf_mass, IDENTITY,
      "The density of the flow integrates to 1: the trace is what keeps the mass")
{
    struct world world = field_drawn(claim, 0, cnf_make(2, 1, 16, 8, 0), 0.8);
    double reach = largest_speed(&world) + 7, spacing = 0.2, moved = 0;
    int side = 2 * (int)ceil(reach / spacing);
    double area = pow(2 * reach / side, 2);
    mat X = arena_mat(world.arena, side * side, 2);
    vec base = arena_vec(world.arena, X.rows), gained = arena_vec(world.arena, X.rows);
    vec p = arena_vec(world.arena, X.rows), base_2 = arena_vec(world.arena, X.rows),
        gained_2 = arena_vec(world.arena, X.rows);
    middles(side, reach, X);
    pull_back(&world, X, base, gained);
    world.cnf.steps *= 2;
    pull_back(&world, X, base_2, gained_2);
    for (int i = 0; i < X.rows; i++) {
        p.at[i] = exp(base.at[i] - gained.at[i]);
        moved += area * fabs(p.at[i] - exp(base_2.at[i] - gained_2.at[i]));
    }
    /* The error of the steps is 16/15 of what doubling them moves, to leading order.
     * Beyond the reach a path began at 7 deviations or more, on one of 4 sides. */
    double limit = 2 * moved + 2 * pow(coarse_gap(p, side, area), 2) +
                   2 * erfc(7 / sqrt(2)) + rounding(X.rows, 1);
    evidence(claim, "mass, less 1", at_most(mass_gap(base, gained, 1, area), limit));
    control(claim, "trace dropped", at_most(mass_gap(base, gained, 0, area), limit));
    control(claim, "trace with the other sign",
            at_most(mass_gap(base, gained, -1, area), limit));
}

enum { SAMPLES = 12000, CELLS = 12, WITHIN = 6 };

/* A sum of Pearson's statistics, and of the cells that they are over. */
struct pearson {
    double statistic, cells;
};

/* Adds that of samples in CELLS x CELLS cells against the density, summed over WITHIN x
 * WITHIN middles a cell; cells that expect less than 40 are left out, which makes it
 * smaller in law. */
static void compare_cells(struct world *world, mat samples, double trace,
                          struct pearson *sum)
{
    size_t mark = world->arena->used;
    int side = CELLS * WITHIN;
    double reach = 4, area = pow(2 * reach / side, 2);
    mat X = arena_mat(world->arena, side * side, 2);
    vec base = arena_vec(world->arena, X.rows),
        gained = arena_vec(world->arena, X.rows);
    double seen[CELLS * CELLS] = {0}, expected[CELLS * CELLS] = {0};
    middles(side, reach, X);
    pull_back(world, X, base, gained);
    for (int i = 0; i < X.rows; i++)
        expected[i / side / WITHIN * CELLS + i % side / WITHIN] +=
            samples.rows * area * exp(base.at[i] - trace * gained.at[i]);
    for (int i = 0; i < samples.rows; i++) {
        double x = (row(samples, i).at[0] / reach + 1) / 2 * CELLS;
        double y = (row(samples, i).at[1] / reach + 1) / 2 * CELLS;
        if (x >= 0 && x < CELLS && y >= 0 && y < CELLS)
            seen[(int)x * CELLS + (int)y]++;
    }
    int cells = 0;
    for (int c = 0; c < CELLS * CELLS; c++)
        if (expected[c] >= 40) {
            seen[cells] = seen[c];
            expected[cells++] = expected[c];
        }
    sum->statistic += chi_square(cells, seen, expected);
    sum->cells += cells;
    world->arena->used = mark;
}

static struct finding samples_fit(struct pearson sum)
{
    return chi_square_fits(sum.statistic, sum.cells);
}

CLAIM(cnf_samples, STATISTIC,
      "Samples pushed forward are distributed as the density that is pulled back says")
{
    /* One flow may happen to have hardly any trace where its samples are; five do not.
     */
    enum { FLOWS = 5 };
    struct pearson kept = {0}, dropped = {0}, turned = {0};
    for (int flow = 0; flow < FLOWS; flow++) {
        struct world world =
            field_drawn(claim, (uint64_t)flow, cnf_make(2, 1, 16, 8, 0), 1);
        mat samples = arena_mat(world.arena, SAMPLES, 2);
        cnf_sample(&world.cnf, world.w, &world.rng, world.arena, samples,
                   (vec){0, NULL});
        compare_cells(&world, samples, 1, &kept);
        compare_cells(&world, samples, 0, &dropped);
        compare_cells(&world, samples, -1, &turned);
    }
    evidence(claim, "samples in cells", samples_fit(kept));
    control(claim, "trace dropped", samples_fit(dropped));
    control(claim, "trace with the other sign", samples_fit(turned));
}

SECTION(the_field_and_its_trace_in_one_pass, &cnf_mass, &cnf_samples);
