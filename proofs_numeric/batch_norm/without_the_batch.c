/* "Without the batch": evaluation, and what the batch's own numbers add to it. */
#include "batch_norm/nets.h"
#include "ground/worlds.h"

#include <math.h>

/* The furthest that the rows of the output are from those of F. */
static double gap(mat output, mat F)
{
    double most = 0;
    for (int i = 0; i < output.rows * output.cols; i++)
        most = worst(most, fabs(output.at[i] - F.at[i]));
    return most;
}

CLAIM(bn_folds, IDENTITY, "With fixed statistics, batch norm is a part of the weights")
{
    enum { ALL = 24, HALF = ALL / 2 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    const int width[] = {5, 8, 7, 3};
    mat X = normal_mat(arena, &rng, ALL, 5);
    struct run run = run_make(arena, &rng, width, 3, TANH, true, 0.01, ALL);
    rng_normals(&rng, 0, 1, run.w);
    bn_net_forward(&run.net, run.w, X, &run.pass);

    vec v = arena_vec(arena, mlp_parameters(&run.net.mlp));
    bn_net_fold(&run.net, run.w, &run.pass, v);
    struct mlp_pass plain = mlp_pass_make(arena, &run.net.mlp, ALL);
    struct mlp_pass one = mlp_pass_make(arena, &run.net.mlp, 1);
    mlp_forward(&run.net.mlp, v, X, &plain);
    /* Layer by layer the slopes of tanh and the normalized rows shrink what was
     * rounded; weights and gammas below 6 in three layers of 8 units enlarge it. */
    double limit = rounding(3 * 8, 6 * 6 * 6);
    evidence(claim, "all examples in training mode",
             at_most(gap(plain.H[3], run.pass.mlp.H[3]), limit));
    double alone = 0;
    for (int i = 0; i < ALL; i++) {
        mlp_forward(&run.net.mlp, v, row_block(X, i, 1), &one);
        alone = worst(alone, gap(one.H[3], row_block(run.pass.mlp.H[3], i, 1)));
    }
    evidence(claim, "each example alone, folded", at_most(alone, limit));
    struct bn_net_pass half = bn_net_pass_make(arena, &run.net, HALF);
    bn_net_forward(&run.net, run.w, row_block(X, 0, HALF), &half);
    control(claim, "training mode on half of them",
            at_most(gap(row_block(plain.H[3], 0, HALF), half.mlp.H[3]), limit));
    struct bn_net_pass single = bn_net_pass_make(arena, &run.net, 1);
    bn_net_forward(&run.net, run.w, row_block(X, 0, 1), &single);
    control(claim, "training mode on one alone",
            at_most(gap(row_block(plain.H[3], 0, 1), single.mlp.H[3]), limit));
}

/* ---- How far training mode is from evaluation -------------------------------------
 * Normal units of mean 0 and variance 1, which evaluation leaves as they are. */

static struct batch_norm bare(struct arena *arena, int units)
{
    struct batch_norm bn = {arena_vec(arena, units), arena_vec(arena, units), 0};
    fill(1, bn.gamma);
    return bn;
}

enum { BATCHES = 100, ROUNDS = 24 };

/* Mean of (z^ - z)^2 over so many batches of B, each of them a unit; the examples are
 * drawn, or each is there twice. */
static double mean_deviation(struct claim *claim, int B, bool twice, int round)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)(1000 * B + round));
    struct batch_norm bn = bare(arena, BATCHES);
    struct bn_pass pass = bn_pass_make(arena, B, BATCHES), all = pass;
    mat Z = arena_mat(arena, B, BATCHES), Y = arena_mat(arena, B, BATCHES),
        E = arena_mat(arena, B, BATCHES);
    rng_normals(&rng, 0, 1, entries(Z));
    if (twice)
        copy(entries(row_block(Z, 0, B / 2)), entries(row_block(Z, B / 2, B / 2)));
    all.mean = arena_vec(arena, BATCHES), all.sigma = bn.gamma;
    bn_forward(&bn, Z, &pass, Y);
    bn_evaluate(&bn, &all, Z, E);
    axpy(-1, entries(E), entries(Y));
    double square = dot(entries(Y), entries(Y)) / (B * BATCHES);
    arena->used = mark;
    return square;
}

/* 2 - 2 E s, where B s^2 is chi-square with B - 1 degrees of freedom. */
static double law_of_deviation(int B)
{
    return -2 * expm1(lgamma(B / 2.0) - lgamma((B - 1) / 2.0) + 0.5 * log(2.0 / B));
}

CLAIM(bn_batch_error, STATISTIC,
      "A batch of B is off evaluation by 2 - 2 E s in mean square, nearly 3 / 2B")
{
    struct series s =
        series_begin(claim, "size", "B", "measured", "law", "limit", NULL);
    double sample[ROUNDS];
    for (int B = 2; B <= 128; B *= 2) {
        double mean = 0;
        for (int r = 0; r < ROUNDS; r++)
            mean += (sample[r] = mean_deviation(claim, B, false, r)) / ROUNDS;
        series_row(&s, (double[]){B, mean, law_of_deviation(B), 1.5 / B});
        char what[37];
        snprintf(what, sizeof what, "batches of %d: mean square", B);
        if (B == 2 || B == 8 || B == 32 || B == 128)
            evidence(claim, what, mean_is(ROUNDS, sample, law_of_deviation(B)));
    }
    series_end(&s);
    for (int r = 0; r < ROUNDS; r++)
        sample[r] = mean_deviation(claim, 8, true, r);
    control(claim, "batches of 8, of four that are twice",
            mean_is(ROUNDS, sample, law_of_deviation(8)));
}

/* ---- What one example's output is, exactly ----------------------------------------
 */

/* P(T <= t) for T = (u + delta) / sqrt(chi^2 / nu), u normal: Student's noncentral law,
 * as the mean of Phi(t x / sqrt(nu) - delta) over x = chi, in x = e^v by the trapezoid
 * rule: the density and all its derivatives vanish at both ends. */
static double noncentral_t(double t, double nu, double delta)
{
    enum { NODES = 64 };
    double sum = 0, all = 0, middle = 0.5 * log(nu), reach = 8 / sqrt(nu);
    for (int i = 0; i < NODES; i++) {
        double v = middle + reach * (-2 + 3.0 * i / NODES), x = exp(v);
        double density = exp(nu * (v - middle) - 0.5 * x * x + 0.5 * nu);
        all += density;
        sum += density * 0.5 * erfc((delta - t * x / sqrt(nu)) / sqrt(2));
    }
    return sum / all;
}

/* P(z^ <= value) for the example with value z in a batch of B: with q = z^/sqrt(B - 1),
 * q / sqrt(1 - q^2) sqrt(B (B - 2)) has that law, delta = z sqrt(B - 1). */
static double law_of_example(double value, int B, double z)
{
    double q = value / sqrt(B - 1);
    if (fabs(q) >= 1)
        return q > 0;
    double t = q / sqrt(1 - q * q) * sqrt((double)B * (B - 2));
    return noncentral_t(t, B - 2, z * sqrt(B - 1));
}

enum { DRAWS = 1000, CELLS = 12 };

/* What batch norm makes of the value z, among B - 1 others that are normal, or +1 and
 * -1, in each of so many batches. */
static vec examples(struct claim *claim, int B, double z, bool coins)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)(10 * B + z));
    struct batch_norm bn = bare(arena, DRAWS);
    struct bn_pass pass = bn_pass_make(arena, B, DRAWS);
    mat Z = arena_mat(arena, B, DRAWS);
    rng_normals(&rng, 0, 1, entries(Z));
    for (int i = 0; i < B * DRAWS && coins; i++)
        Z.at[i] = copysign(1, Z.at[i]);
    fill(z, row(Z, 0));
    bn_forward(&bn, Z, &pass, Z);
    return row(Z, 0);
}

/* In batches of two, how far |z^| is from 1, times sigma: normals are below 6. */
static double off_one(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 2);
    struct batch_norm bn = bare(arena, DRAWS);
    struct bn_pass pass = bn_pass_make(arena, 2, DRAWS);
    mat Z = normal_mat(arena, &rng, 2, DRAWS);
    double off = 0;
    bn_forward(&bn, Z, &pass, Z);
    for (int j = 0; j < DRAWS; j++)
        off = worst(off, fabs(fabs(row(Z, 0).at[j]) - 1) * pass.sigma.at[j]);
    return off;
}

/* Chi-square of the cells that the law says are equally likely. */
static double misfit(vec hats, int B, double z)
{
    double observed[CELLS] = {0}, expected[CELLS];
    for (int k = 0; k < CELLS; k++)
        expected[k] = (double)hats.n / CELLS;
    for (int i = 0; i < hats.n; i++) {
        int cell = (int)(CELLS * law_of_example(hats.at[i], B, z));
        observed[cell < CELLS ? cell : CELLS - 1]++;
    }
    return chi_square(CELLS, observed, expected);
}

/* For the figure: the density of z^ at z = 2 by the law, and measured in cells of 1/8,
 * at every fourth point. */
static void record_density(struct claim *claim, int B, vec hats)
{
    char name[16];
    snprintf(name, sizeof name, "size%d", B);
    struct series s = series_begin(claim, name, "z", "measured", "law", NULL);
    for (int k = 16; k <= 96; k++) {
        double at = k / 32.0, half = 1 / 64.0, count = 0;
        for (int i = 0; i < hats.n; i++)
            count += fabs(hats.at[i] - at) < 1 / 16.0;
        double law = law_of_example(at + half, B, 2) - law_of_example(at - half, B, 2);
        series_row(&s, (double[]){at, k % 4 == 0 ? 8 * count / hats.n : NAN, 32 * law});
    }
    series_end(&s);
}

CLAIM(bn_batch_noise, STATISTIC,
      "One example among normal ones has Student's noncentral law, below sqrt B")
{
    double most = 0;
    for (int B = 4; B <= 256; B *= 4) {
        double misfits = 0;
        for (int z = 0; z <= 2; z++) {
            vec hats = examples(claim, B, z, false);
            misfits += misfit(hats, B, z);
            most = worst(most, max_norm(hats) / sqrt(B - 1));
            if (z == 2)
                record_density(claim, B, hats);
        }
        char what[37];
        snprintf(what, sizeof what, "batches of %d: three values", B);
        evidence(claim, what, chi_square_fits(misfits, 3 * (CELLS - 1)));
    }
    evidence(claim, "largest, of sqrt(B - 1)", at_most(most, 1 + rounding(256, 1)));
    evidence(claim, "batches of 2: always +1 or -1",
             at_most(off_one(claim), rounding(4, 6)));
    control(claim, "batches of 16, the others coins",
            chi_square_fits(misfit(examples(claim, 16, 2, true), 16, 2), CELLS - 1));
    struct batch_norm bn = bare(claim_arena(claim), DRAWS);
    struct bn_pass all = bn_pass_make(claim_arena(claim), 1, DRAWS);
    copy(bn.gamma, all.sigma);
    fill(2, row(all.hat, 0));
    bn_evaluate(&bn, &all, all.hat, all.hat);
    control(claim, "evaluation: no noise",
            chi_square_fits(misfit(row(all.hat, 0), 16, 2), CELLS - 1));
}

SECTION(bn_without_the_batch, &bn_folds, &bn_batch_error, &bn_batch_noise);
