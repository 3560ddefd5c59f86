/* The mean is not the network: how one network strays from the mean of all. */
#include "networks.h"

#include "ground/bisect.h"

#include <math.h>

/* Of a layer of n normal units at He's variance, R = 2/n times the sum of the squares
 * of those that are positive: with probability 2^-n binomial(n, k) a chi-square of k
 * degrees of freedom. */
static double share_of(int k, int n)
{
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) * ldexp(1, -n);
}

/* P(chi-square of k degrees of freedom <= x), by its series
 * e^(-x/2) (x/2)^(k/2) sum of (x/2)^j / Gamma(k/2 + j + 1). */
static double chi_square_below(int k, double x)
{
    double term = exp(k / 2.0 * log(x / 2) - x / 2 - lgamma(k / 2.0 + 1)), sum = 0;
    for (int j = 1; term > 0 && term > 1e-17 * sum; j++) {
        sum += term;
        term *= x / 2 / (k / 2.0 + j);
    }
    return sum;
}

enum { UNITS = 10, CELLS = 20 };

/* P(R <= r). */
static double ratio_below(double r)
{
    double sum = share_of(0, UNITS);
    for (int k = 1; k <= UNITS && r > 0; k++)
        sum += share_of(k, UNITS) * chi_square_below(k, UNITS * r / 2);
    return sum;
}

static double below_less(const void *p, double r)
{
    return ratio_below(r) - *(const double *)p;
}

/* edges := between the cells of equal probability. */
static void cell_edges(double *edges)
{
    for (int i = 1; i < CELLS; i++) {
        double p = i / (double)CELLS;
        edges[i - 1] = bisect(below_less, &p, 0, 10);
    }
}

/* E R^2 by the same law: E (chi-square of k)^2 = k^2 + 2k. */
static double second_moment(int n)
{
    double sum = 0;
    for (int k = 1; k <= n; k++)
        sum += share_of(k, n) * (k * k + 2 * k) * 4 / ((double)n * n);
    return sum;
}

/* In how many networks the ratio of layers 1 and 0, and that of 3 and 2, fell into each
 * cell, and in how many both fell into the same half. */
struct ratios {
    double lower[CELLS], upper[CELLS];
    int together;
};

static int cell_of(const double *edges, double ratio)
{
    int cell = 0;
    while (cell < CELLS - 1 && ratio > edges[cell])
        cell++;
    return cell;
}

/* Every second network has its critical variance multiplied by `spread`, the others
 * divided.  One whose second layer is dead has no ratio above it, and is drawn again.
 */
static struct ratios sample_ratios(struct claim *claim, enum activation activation,
                                   double spread, int replicate, int nets)
{
    struct rng rng = claim_rng(claim, (uint64_t)replicate);
    struct init_scheme scheme = init_he(NORMAL);
    struct network x = network_make(claim, tower(4, UNITS, activation, false), 1);
    struct ratios count = {.together = 0};
    double edges[CELLS - 1], square[4], critical = activation == RELU ? 2 : 1;
    cell_edges(edges);
    for (int i = 0; i < nets;) {
        scheme.gain = i % 2 == 0 ? critical * spread : critical / spread;
        draw_pass(&x, scheme, &rng);
        for (int l = 0; l < 4; l++)
            square[l] = mean_square(x.pass.H[l]);
        if (square[2] == 0)
            continue;
        int lower = cell_of(edges, square[1] / square[0]);
        int upper = cell_of(edges, square[3] / square[2]);
        count.lower[lower]++, count.upper[upper]++;
        count.together += (lower < CELLS / 2) == (upper < CELLS / 2);
        i++;
    }
    return count;
}

/* Chi-square against equal cells. */
static struct finding equal_cells(const double *observed)
{
    double expected[CELLS], nets = 0;
    for (int i = 0; i < CELLS; i++)
        nets += observed[i];
    for (int i = 0; i < CELLS; i++)
        expected[i] = nets / CELLS;
    return chi_square_fits(chi_square(CELLS, observed, expected), CELLS - 1);
}

CLAIM(init_fluctuations, STATISTIC,
      "Each layer of n normal units multiplies E |F|^4 / (E |F|^2)^2 by 1 + 5/n")
{
    enum { NETS = 8000, FEW = 2000 };
    struct ratios he = sample_ratios(claim, RELU, 1, 0, NETS);
    evidence(claim, "E R^2 of the law, less 1 + 5/n",
             at_most(fabs(second_moment(UNITS) - 1 - 5.0 / UNITS),
                     rounding(UNITS, 1.5)));
    evidence(claim, "layer 1 over 0, 20 cells of the law", equal_cells(he.lower));
    evidence(claim, "layer 3 over 2, 20 cells of the law", equal_cells(he.upper));
    evidence(claim, "both in one half, half the time: p",
             count_fits(he.together, NETS, 0.5));
    struct ratios linear = sample_ratios(claim, LINEAR, 1, 1, FEW);
    control(claim, "linear layers, in the same cells", equal_cells(linear.lower));
    struct ratios common = sample_ratios(claim, RELU, 2, 2, FEW);
    control(claim, "one variance for all layers: cells", equal_cells(common.upper));
    control(claim, "the same, both in one half: p",
            count_fits(common.together, FEW, 0.5));
}

SECTION(init_mean_not_network, &init_fluctuations);
