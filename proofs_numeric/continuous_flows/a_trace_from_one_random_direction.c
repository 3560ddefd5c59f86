/* Random probes in place of the axes. */
#include "fields.h"
#include "normalizing_flows.h"

#include <complex.h>
#include <math.h>

enum { H_D = 6, SIGNS = 64, NODES = 729 };

/* The mean and the variance of <v, A v> over weighted directions v, by cnf_forward: one
 * point, as often as there are directions. */
static void moments(struct world *world, vec z, mat V, vec weight, double *mean,
                    double *variance)
{
    size_t mark = world->arena->used;
    int n = V.rows;
    mat Z = arena_mat(world->arena, n, z.n), F = arena_mat(world->arena, n, z.n);
    vec trace = arena_vec(world->arena, n);
    struct cnf_pass pass = cnf_pass_make(world->arena, &world->cnf, n, 1);
    for (int i = 0; i < n; i++)
        copy(z, row(Z, i));
    cnf_forward(&world->cnf, world->w, 0.3, Z, V, &pass, F, trace);
    *mean = dot(weight, trace);
    *variance = 0;
    for (int i = 0; i < n; i++)
        *variance += weight.at[i] * pow(trace.at[i] - *mean, 2);
    world->arena->used = mark;
}

/* All vectors of signs, each as likely as the others. */
static void all_signs(mat V, vec weight)
{
    for (int i = 0; i < V.rows; i++)
        for (int k = 0; k < V.cols; k++)
            row(V, i).at[k] = i >> k & 1 ? 1 : -1;
    fill(1.0 / V.rows, weight);
}

/* The product of Gauss and Hermite's rule with nodes 0, +-sqrt(3), weights 2/3, 1/6: it
 * has the moments of the normal law up to the fifth in each coordinate, and the
 * variance of <v, A v> asks for the fourth. */
static void normal_nodes(mat V, vec weight)
{
    for (int i = 0; i < V.rows; i++) {
        weight.at[i] = 1;
        for (int k = 0, digits = i; k < V.cols; k++, digits /= 3) {
            row(V, i).at[k] = (digits % 3 - 1) * sqrt(3);
            weight.at[i] *= digits % 3 == 1 ? 2.0 / 3 : 1.0 / 6;
        }
    }
}

/* Of the Jacobian A at z: its trace, the sum of squares of its symmetric part's entries
 * and of its own, and of its diagonal. */
struct squares {
    double trace, symmetric, all, diagonal;
};

static struct squares plain_squares(const struct world *world, vec z)
{
    number at[DIMENSIONS] = {0};
    struct jet f[DIMENSIONS];
    struct squares s = {0};
    for (int i = 0; i < z.n; i++)
        at[i] = z.at[i];
    plain_field(&world->cnf, world->plain, 0.3, at, f);
    for (int i = 0; i < z.n; i++) {
        s.trace += creal(f[i].by[i]);
        s.diagonal += pow(creal(f[i].by[i]), 2);
        for (int k = 0; k < z.n; k++) {
            s.all += pow(creal(f[i].by[k]), 2);
            s.symmetric += pow(creal(f[i].by[k] + f[k].by[i]) / 2, 2);
        }
    }
    return s;
}

CLAIM(cnf_hutchinson, IDENTITY,
      "<v, Av> has the mean tr A, and for signs and for normal v a known variance")
{
    struct world world = field_drawn(claim, 0, cnf_make(H_D, 1, 16, 1, 1), 1.5);
    vec z = entries(field_normals(&world, 1, H_D));
    mat signs = arena_mat(world.arena, SIGNS, H_D),
        nodes = arena_mat(world.arena, NODES, H_D);
    vec even = arena_vec(world.arena, SIGNS), weight = arena_vec(world.arena, NODES);
    struct squares s = plain_squares(&world, z);
    double mean_signs, mean_nodes, mean_tied, of_signs, of_nodes, of_tied;
    all_signs(signs, even);
    normal_nodes(nodes, weight);
    moments(&world, z, signs, even, &mean_signs, &of_signs);
    moments(&world, z, nodes, weight, &mean_nodes, &of_nodes);
    for (int i = 0; i < SIGNS; i++)
        row(signs, i).at[H_D - 1] = row(signs, i).at[0];
    moments(&world, z, signs, even, &mean_tied, &of_tied);
    /* a sum of 729 squares of numbers that are sums of 6 * 16 products */
    double limit = rounding(NODES + 6 * 16, 1 + s.all * H_D);
    evidence(claim, "mean, all signs", at_most(fabs(mean_signs - s.trace), limit));
    evidence(claim, "mean, normal", at_most(fabs(mean_nodes - s.trace), limit));
    evidence(claim, "variance, all signs",
             at_most(fabs(of_signs - 2 * (s.symmetric - s.diagonal)), limit));
    evidence(claim, "variance, normal",
             at_most(fabs(of_nodes - 2 * s.symmetric), limit));
    control(claim, "mean, two signs the same",
            at_most(fabs(mean_tied - s.trace), limit));
    control(claim, "variance, two signs the same",
            at_most(fabs(of_tied - 2 * (s.symmetric - s.diagonal)), limit));
    control(claim, "2 |A|^2, not symmetrized",
            at_most(fabs(of_nodes - 2 * s.all), limit));
}

/* ---- Every matrix -----------------------------------------------------------------
 * The mean of <v, Av> is linear in A, so it is tr A for every A if it is so for the
 * unit matrices E_ij.  Its variance is a quadratic form, and two such forms are the
 * same if their values at pairs are, which are the covariances of <v, E_ij v> = v_i v_j
 * and v_k v_l.  A pair has four indices at most: four dimensions stand for all. */
enum { INDICES = 4, ALL_SIGNS = 1 << INDICES };

/* v_i v_j for a vector of signs; if tied, its last sign is that of the first. */
static int product_of_signs(int signs, int i, int j, bool tied)
{
    int last = INDICES - 1;
    int a = tied && i == last ? 0 : i, b = tied && j == last ? 0 : j;
    return (signs >> a & 1) == (signs >> b & 1) ? 1 : -1;
}

/* 16 E v_i v_j, and 256 times a covariance. */
static int mean_of_signs(int i, int j, bool tied)
{
    int sum = 0;
    for (int signs = 0; signs < ALL_SIGNS; signs++)
        sum += product_of_signs(signs, i, j, tied);
    return sum;
}

static int covariance_of_signs(const int *e)
{
    int sum = 0;
    for (int signs = 0; signs < ALL_SIGNS; signs++)
        sum += product_of_signs(signs, e[0], e[1], false) *
               product_of_signs(signs, e[2], e[3], false);
    return ALL_SIGNS * sum -
           mean_of_signs(e[0], e[1], false) * mean_of_signs(e[2], e[3], false);
}

/* The same for normal v: E v_i v_j v_k v_l is a sum over the ways to pair, of which the
 * product of the means takes off one.  [Isserlis 1918] */
static int covariance_of_normals(const int *e)
{
    return ALL_SIGNS * ALL_SIGNS *
           ((e[0] == e[2]) * (e[1] == e[3]) + (e[0] == e[3]) * (e[1] == e[2]));
}

/* 256 times 2 ||S||^2, or 2 ||A||^2, less twice the squares of the diagonal or not, at
 * a pair of unit matrices. */
static int form_at(const int *e, bool symmetric, bool less_diagonal)
{
    int same = (e[0] == e[2]) * (e[1] == e[3]),
        crossed = (e[0] == e[3]) * (e[1] == e[2]);
    int form = symmetric ? same + crossed : 2 * same;
    if (less_diagonal)
        form -= 2 * same * (e[0] == e[1]);
    return ALL_SIGNS * ALL_SIGNS * form;
}

/* Of the 256 pairs, at how many the two differ. */
static int pairs_off(int covariance(const int *e), bool symmetric, bool less_diagonal)
{
    int count = 0;
    for (int pair = 0; pair < 256; pair++) {
        int e[4] = {pair & 3, pair >> 2 & 3, pair >> 4 & 3, pair >> 6};
        count += covariance(e) != form_at(e, symmetric, less_diagonal);
    }
    return count;
}

static int means_off(bool tied)
{
    int count = 0;
    for (int i = 0; i < INDICES; i++)
        for (int j = 0; j < INDICES; j++)
            count += mean_of_signs(i, j, tied) != ALL_SIGNS * (i == j);
    return count;
}

CLAIM(cnf_every_matrix, PROVED,
      "Mean and variance of <v, Av> for every real matrix A, in integers")
{
    evidence(claim, "unit matrices: mean not the trace", at_most(means_off(false), 0));
    evidence(claim, "signs: pairs that differ",
             at_most(pairs_off(covariance_of_signs, true, true), 0));
    evidence(claim, "normal: pairs that differ",
             at_most(pairs_off(covariance_of_normals, true, false), 0));
    control(claim, "last sign that of the first: means", at_most(means_off(true), 0));
    control(claim, "signs, with ||A|| for ||S||",
            at_most(pairs_off(covariance_of_signs, false, true), 0));
    control(claim, "signs, with the variance of normals",
            at_most(pairs_off(covariance_of_signs, true, false), 0));
    control(claim, "normal, with ||A|| for ||S||",
            at_most(pairs_off(covariance_of_normals, false, false), 0));
}

/* ---- Probes along a path -----------------------------------------------------------
 */

/* In three dimensions a probe of signs is one of four, up to a sign of all, and the
 * estimate of log p one of four numbers: the whole law of it is known. */
enum { P_D = 3, PROBES = 3000, KINDS = 4, PAIRS = KINDS * (KINDS + 1) / 2 };

static const double kinds[KINDS][P_D] = {{1, 1, 1},
                                         {1, 1, -1},
                                         {1, -1, 1},
                                         {1, -1, -1}};

/* log p at x by each of the probes, by the plain route. */
static void log_p_of_kinds(const struct world *world, vec x, double *log_p)
{
    for (int c = 0; c < KINDS; c++) {
        struct followed along = plain_trace(world);
        along.probe = kinds[c];
        log_p[c] = -creal(plain_loss(along, x, 1));
    }
}

/* Which of n values is the nearest to this one; the distance raises *gap. */
static int nearest(double value, int n, const double *values, double *gap)
{
    int found = 0;
    for (int i = 1; i < n; i++)
        found = fabs(values[i] - value) < fabs(values[found] - value) ? i : found;
    *gap = worst(*gap, fabs(values[found] - value));
    return found;
}

/* ref/'s estimates of log p at x, PROBES of them, against the law of the mean of two
 * independent ones of the four: counts in ten cells. */
static struct finding pairs_fit(struct world *world, int probes, vec x,
                                const double *log_p, double *gap)
{
    double value[PAIRS], expected[PAIRS], seen[PAIRS] = {0};
    int pairs = 0;
    for (int c = 0; c < KINDS; c++)
        for (int d = 0; d <= c; d++, pairs++) {
            value[pairs] = (log_p[c] + log_p[d]) / 2;
            expected[pairs] = PROBES * (c == d ? 1.0 : 2.0) / (KINDS * KINDS);
        }
    size_t mark = world->arena->used;
    struct cnf cnf = world->cnf;
    cnf.probes = probes;
    mat X = arena_mat(world->arena, PROBES, P_D);
    vec estimate = arena_vec(world->arena, PROBES);
    for (int i = 0; i < PROBES; i++)
        copy(x, row(X, i));
    cnf_log_density(&cnf, world->w, X, &world->rng, world->arena, estimate);
    for (int i = 0; i < PROBES; i++)
        seen[nearest(estimate.at[i], PAIRS, value, gap)]++;
    world->arena->used = mark;
    return chi_square_fits(chi_square(PAIRS, seen, expected), PAIRS - 1);
}

/* ref/'s gradient by one probe, 400 times, against the derivative along dw by the probe
 * that its loss betrays: the largest gap; seen: how often it was which. */
static double gap_of_gradients(struct world *world, mat x, vec dw, const double *log_p,
                               const double *slope, double *seen)
{
    vec grad = arena_vec(world->arena, dw.n);
    double gap = 0;
    for (int i = 0; i < 400; i++) {
        double loss =
            cnf_likelihood(&world->cnf, world->w, x, &world->rng, world->arena, grad);
        int kind = nearest(-loss, KINDS, log_p, &gap);
        gap = worst(gap, fabs(dot(grad, dw) - slope[kind]));
        seen[kind]++;
    }
    return gap;
}

static double mean_of_kinds(const double *x)
{
    double sum = 0;
    for (int c = 0; c < KINDS; c++)
        sum += x[c] / KINDS;
    return sum;
}

CLAIM(cnf_probes, STATISTIC,
      "With probes held along the path log p and its gradient are unbiased; p is not")
{
    struct world world = field_drawn(claim, 0, cnf_make(P_D, 1, 12, 4, 1), 1.4);
    mat x = field_normals(&world, 1, P_D);
    vec dw = entries(field_normals(&world, 1, world.w.n));
    double log_p[KINDS], p[KINDS], slope[KINDS], seen[KINDS] = {0}, gap = 0;
    double exact = -creal(plain_loss(plain_trace(&world), row(x, 0), 1));
    double exact_slope = plain_derivative(&world, NULL, x, dw, 1), size = norm(dw);
    log_p_of_kinds(&world, row(x, 0), log_p);
    for (int c = 0; c < KINDS; c++) {
        p[c] = exp(log_p[c] - exact);
        slope[c] = plain_derivative(&world, kinds[c], x, dw, 1);
        size += fabs(log_p[c]) + fabs(slope[c]);
    }
    /* 16 evaluations, sums of P_D + 1 and of 12 terms, and the product with dw */
    double limit = rounding(16 * (P_D + 1 + 12) + dw.n, size);
    evidence(claim, "log p, mean of all probes",
             at_most(fabs(mean_of_kinds(log_p) - exact), limit));
    evidence(claim, "gradient, mean of all probes",
             at_most(fabs(mean_of_kinds(slope) - exact_slope), limit));
    double unequal = gap_of_gradients(&world, x, dw, log_p, slope, seen);
    evidence(claim, "ref/, one probe: gap to its kind", at_most(unequal, limit));
    evidence(claim, "one probe: kinds drawn",
             chi_square_fits(chi_square(KINDS, seen, (double[]){100, 100, 100, 100}),
                             KINDS - 1));
    evidence(claim, "two probes: pairs drawn",
             pairs_fit(&world, 2, row(x, 0), log_p, &gap));
    evidence(claim, "two probes: gap to a pair", at_most(gap, limit));
    control(claim, "one probe, taken for two",
            pairs_fit(&world, 1, row(x, 0), log_p, &gap));
    /* exp is convex: the mean of p is larger by half the variance of log p or more */
    control(claim, "p, mean of all probes", at_most(fabs(mean_of_kinds(p) - 1), limit));
}

SECTION(a_trace_from_one_random_direction, &cnf_hutchinson, &cnf_every_matrix,
        &cnf_probes);
