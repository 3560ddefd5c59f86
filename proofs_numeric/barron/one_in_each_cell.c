/* "One in each cell": units that are drawn from cells of equal probability. */
#include "barron/networks.h"
#include "ground/certain.h"

#include <flint/fmpq_poly.h>
#include <math.h>

enum { DRAWS = 12000 };
static const double PI = 3.141592653589793;

enum drawing { ONE_PER_CELL, INDEPENDENT, ALL_ALIKE };

/* A unit in each of the m cells of the line, at the same place in all. */
static struct bar_units alike_units(struct arena *arena, int m, struct rng *rng)
{
    mat U = arena_mat(arena, m, 1);
    struct bar_units f = bar_units_make(arena, m, 1);
    double place = rng_uniform(rng);
    for (int k = 0; k < m; k++)
        U.at[k] = (k + place) / m;
    bar_units_at(bar_axes(1), U, &f);
    return f;
}

/* ---- On the line ----------------------------------------------------------------- */

/* The mean square of f_m(x) - x^2 / 4 over so many draws, on the line. */
static double mean_square(struct claim *claim, int m, double x, enum drawing drawing,
                          int draws)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)(10 * m + (int)drawing));
    struct bar_law law = bar_axes(1);
    double sum = 0;
    for (int i = 0; i < draws; i++) {
        size_t mark = arena->used;
        struct bar_units f = drawing == ONE_PER_CELL ? cell_units(arena, law, m, &rng)
                             : drawing == INDEPENDENT
                                 ? independent_units(arena, law, m, &rng)
                                 : alike_units(arena, m, &rng);
        double e = value_at(arena, f, (vec){1, (real[]){x}}) - x * x / 4;
        sum += e * e;
        arena->used = mark;
    }
    return sum / draws;
}

/* At an end x = j / n of a cell, 0 < x, n = m / 2 cells a side: e is the sum of j
 * uniform numbers of variance 1 / 12 m^2 n^2, whose excess of kurtosis is -1.2 / j. */
static struct finding as_predicted(struct claim *claim, int m, double x,
                                   enum drawing drawing)
{
    double law = x / (6 * pow(m, 3)), j = x * m / 2;
    return estimate_is(mean_square(claim, m, x, drawing, DRAWS) / law,
                       sqrt((2 - 1.2 / j) / DRAWS), 1);
}

/* For the figures: at x = 3/4, roots of mean squares and their laws; and the errors of
 * three networks of 16 units. */
static void record(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct series s = series_begin(claim, "line", "m", "cells_law", "independent_law",
                                   "cells", "independent", "middles", NULL);
    double x = 0.75;
    for (int m = 8; m <= 128; m *= 2)
        series_row(&s, (double[]){m, sqrt(x / (6 * pow(m, 3))),
                                  sqrt((x * x * x / 6 - pow(x, 4) / 16) / m),
                                  sqrt(mean_square(claim, m, x, ONE_PER_CELL, 500)),
                                  sqrt(mean_square(claim, m, x, INDEPENDENT, 500)),
                                  0.25 / (m * (double)m)});
    series_end(&s);
    struct rng rng = claim_rng(claim, 1);
    struct bar_units f = independent_units(arena, bar_axes(1), 16, &rng);
    struct bar_units g = cell_units(arena, bar_axes(1), 16, &rng);
    struct bar_units h = middle_units(arena, bar_axes(1), 16);
    s = series_begin(claim, "errors", "x", "independent", "cells", "middles", NULL);
    for (int i = -200; i <= 200; i++) {
        real at = i / 200.0;
        double y = at * at / 4;
        vec point = {1, &at};
        series_row(&s, (double[]){at, value_at(arena, f, point) - y,
                                  value_at(arena, g, point) - y,
                                  value_at(arena, h, point) - y});
    }
    series_end(&s);
}

CLAIM(bar_stratified, STATISTIC, "One unit in each cell: x nu^2 / 6 m^3 on the line")
{
    evidence(claim, "E error^2 over that, m = 8",
             as_predicted(claim, 8, 0.75, ONE_PER_CELL));
    evidence(claim, "m = 32", as_predicted(claim, 32, 0.75, ONE_PER_CELL));
    evidence(claim, "m = 128", as_predicted(claim, 128, 0.75, ONE_PER_CELL));
    control(claim, "independent units, m = 32",
            as_predicted(claim, 32, 0.75, INDEPENDENT));
    control(claim, "at the same place in each cell",
            as_predicted(claim, 32, 0.75, ALL_ALIKE));
    record(claim);
}

/* ---- For every x, exactly ---------------------------------------------------------
 * In units of the side of a cell, t uniform on [0, 1] is the place of the kink in its
 * cell.  Of a cell that lies s below x the unit is s - t, of the one that holds x at
 * the place theta it is (theta - t)_+. */

/* p(s) := the integral of r^k from s - 1 to s, or from 0 to s. */
static void moment(fmpq_poly_t p, int k, bool from_zero)
{
    fmpq_poly_t minus_one, lower;
    fmpq_poly_init(minus_one), fmpq_poly_init(lower);
    fmpq_poly_zero(p);
    fmpq_poly_set_coeff_si(p, k, 1);
    fmpq_poly_integral(p, p);
    fmpq_poly_set_coeff_si(minus_one, 1, 1);
    fmpq_poly_set_coeff_si(minus_one, 0, -1);
    fmpq_poly_compose(lower, p, minus_one);
    if (!from_zero)
        fmpq_poly_sub(p, p, lower);
    fmpq_poly_clear(minus_one), fmpq_poly_clear(lower);
}

/* Is the variance in a cell this polynomial, given by its coefficients times 12? */
static enum verdict variance_is(bool holds_x, const int twelfths[5])
{
    fmpq_poly_t first, second, law;
    fmpq_poly_init(first), fmpq_poly_init(second), fmpq_poly_init(law);
    moment(first, 1, holds_x), moment(second, 2, holds_x);
    fmpq_poly_mul(first, first, first);
    fmpq_poly_sub(second, second, first);
    for (int i = 0; i < 5; i++)
        fmpq_poly_set_coeff_si(law, i, twelfths[i]);
    fmpq_poly_scalar_div_si(law, law, 12);
    enum verdict same = fmpq_poly_equal(second, law) ? CERTAIN : REFUTED;
    fmpq_poly_clear(first), fmpq_poly_clear(second), fmpq_poly_clear(law);
    return same;
}

/* theta^2 / 3 - theta^3 / 4 < most: what a cell adds, over its share of x. */
static enum verdict share_below(void *most, const ball *theta)
{
    ball x = theta[0];
    ball cubed = ball_mul(ball_square(x), ball_plus(ball_times(-3, x), 4));
    return is_less(cubed, ball_times(12, ball_number(x.in, *(double *)most)));
}

CLAIM(bar_stratified_exact, PROVED, "For every x and m: below 0.176 x nu^2 / m^3")
{
    struct balls balls = balls_make(100, 64);
    struct box all = {1, {0}, {1}};
    struct search search = {0}, other = {0};
    /* e^2 is 4 nu^2 / m^4 times a sum over the cells below x and the one that holds it;
     * x is m / 2 times the number of the former and theta. */
    double most = 0.088, twelfth = 1.0 / 12;
    evidence(claim, "below x: 1 / 12",
             certainly(variance_is(false, (int[]){1, 0, 0, 0, 0})));
    evidence(claim, "holding x: theta^3 / 3 - theta^4 / 4",
             certainly(variance_is(true, (int[]){0, 0, 0, 4, -3})));
    evidence(claim, "over theta, below 0.088",
             certainly(everywhere(&balls, share_below, &most, all, 40, &search)));
    evidence(claim, "1 / 12, below 0.088",
             ball_at_most(ball_ratio(&balls, 1, 12), most));
    control(claim, "holding x: theta / 12",
            certainly(variance_is(true, (int[]){0, 1, 0, 0, 0})));
    control(claim, "over theta, below 1 / 12",
            certainly(everywhere(&balls, share_below, &twelfth, all, 40, &other)));
    balls_free(&balls);
}

/* ---- In the plane ------------------------------------------------------------------
 * The variance within each cell, from FINE^2 points of it: of a function that is linear
 * there it has the share 1 - 1 / FINE^2. */

enum { FINE = 48 };

/* Sums over cells of the second and the fourth cumulant of the unit at x. */
struct cumulants {
    double second, fourth;
};

/* The cube of u is cut into so many parts along its first and its second side. */
static struct cumulants within_cells(struct claim *claim, int first, int second, vec x)
{
    struct arena *arena = claim_arena(claim);
    struct cumulants sum = {0};
    size_t mark = arena->used;
    enum { POINTS = FINE * FINE };
    mat U = arena_mat(arena, POINTS, 2);
    struct bar_units f = bar_units_make(arena, POINTS, 2);
    for (int cell = 0; cell < first * second; cell++) {
        double mean = 0, square = 0, power = 0;
        bar_middles(FINE, U);
        for (int p = 0; p < POINTS; p++) {
            row(U, p).at[0] = (cell / second + row(U, p).at[0]) / first;
            row(U, p).at[1] = (cell % second + row(U, p).at[1]) / second;
        }
        bar_units_at(bar_octahedron(2), U, &f);
        for (int p = 0; p < POINTS; p++) /* the values take the place of the kinks */
            f.b.at[p] = fmax(0, dot(row(f.W, p), x) - f.b.at[p]);
        for (int p = 0; p < POINTS; p++)
            mean += f.b.at[p] / POINTS;
        for (int p = 0; p < POINTS; p++) {
            double away = (f.b.at[p] - mean) * (f.b.at[p] - mean);
            square += away / POINTS, power += away * away / POINTS;
        }
        sum.second += square, sum.fourth += power - 3 * square * square;
    }
    arena->used = mark;
    return sum;
}

/* E |grad_u (w'x - b)_+|^2.  Along each side of the square |w|_1 = 1, a quarter of u_1,
 * w'x goes from p to q in a straight line, with the slope 4 (q - p); the slope by b is
 * -1; both where b < w'x, so with the mean of (w'x)_+. */
static double mean_slope(vec x)
{
    double corner[] = {x.at[0], x.at[1], -x.at[0], -x.at[1]}, sum = 0;
    for (int i = 0; i < 4; i++) {
        double p = corner[i], q = corner[(i + 1) % 4], high = fmax(p, q);
        double low = fmin(p, q), part = (low + high) / 2;
        if (low < 0)
            part = high > 0 ? high * high / (2 * (high - low)) : 0;
        sum += part * (1 + 16 * (q - p) * (q - p)) / 4;
    }
    return sum;
}

/* E error^2 of m = n^2 units over its bound, mean_slope / pi^2 m^2, at its largest and
 * least over some points; and in cells that are long. */
static void over_bound(struct claim *claim, int n, bool are_long, double *most,
                       double *least)
{
    static real points[][2] = {{1, 1}, {1, 0.5}, {-0.3, 0.8}, {0.9, -0.1}};
    double m = n * (double)n;
    for (int i = 0; i < 4; i++) {
        vec x = {2, points[i]};
        struct cumulants sum =
            within_cells(claim, are_long ? 1 : n, are_long ? n * n : n, x);
        double ratio = sum.second / (m * m) / (mean_slope(x) / (PI * PI * m * m));
        *most = worst(*most, ratio), *least = smallest(*least, ratio);
    }
}

/* The mean square of n^2 drawn units at x, over the draws. */
static double sampled(struct claim *claim, int n, vec x)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)n);
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        size_t mark = arena->used;
        double e = value_at(arena, cell_units(arena, bar_octahedron(2), n, &rng), x);
        e -= dot(x, x) / 12;
        sum += e * e;
        arena->used = mark;
    }
    return sum / DRAWS;
}

CLAIM(bar_cell_bound, BOUND, "The plane: below E |slope|^2 / pi^2 m^(1 + 2 / 2)")
{
    enum { SIDE = 6 };
    double most = 0, least = INFINITY, far = 0, unused = INFINITY;
    double m = SIDE * SIDE;
    real at[] = {1, 0.5};
    for (int n = 1; n <= 16; n *= 2) {
        least = INFINITY;
        over_bound(claim, n, false, &most, &least);
    }
    over_bound(claim, 16, true, &far, &unused);
    evidence(claim, "E error^2 / bound, m = 1 to 256", at_most(most, 1));
    evidence(claim, "its least at m = 256", at_least(least, 0.7));
    struct cumulants law = within_cells(claim, SIDE, SIDE, (vec){2, at});
    evidence(claim, "sampled over exact, m = 36",
             estimate_is(sampled(claim, SIDE, (vec){2, at}) * m * m / law.second,
                         sqrt((2 + law.fourth / (law.second * law.second)) / DRAWS),
                         1));
    control(claim, "cells as long as the cube", at_most(far, 1));
}

/* ---- The largest error ----------------------------------------------------------- */

enum { SEEDS = 40, AVERAGED = 3, SIZES = 4 };

/* The largest |f_m - f| on the grid in the rows of X, in the mean over three networks.
 */
static double largest(struct claim *claim, int m, mat X, bool cells, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    int d = X.cols, n = d == 1 ? m : (int)lround(sqrt(m));
    struct bar_law law = bar_octahedron(d);
    double sum = 0;
    for (int i = 0; i < AVERAGED; i++) {
        size_t mark = arena->used;
        struct bar_units f = cells ? cell_units(arena, law, n, rng)
                                   : independent_units(arena, law, m, rng);
        vec y = arena_vec(arena, X.rows);
        bar_value(f, X, arena, y);
        for (int p = 0; p < X.rows; p++)
            y.at[p] -= dot(row(X, p), row(X, p)) / (d == 1 ? 4 : 12);
        sum += max_norm(y) / AVERAGED;
        arena->used = mark;
    }
    return sum;
}

/* steep := minus the slopes of the logarithm, of fits to four sizes, each four times
 * the last; mean: the errors' means over the seeds. */
static void slopes(struct claim *claim, int d, bool cells, double *steep, double *mean)
{
    struct arena *arena = claim_arena(claim);
    int side = d == 1 ? 65 : 11;
    mat X = arena_mat(arena, d == 1 ? side : side * side, d);
    bar_grid(side, X);
    scale(side / (side - 1.0), entries(X)); /* to be shifted: from -1 to 1 */
    for (int i = 0; i < X.rows * d; i++)
        X.at[i] += 1.0 / (side - 1);
    for (int s = 0; s < SEEDS; s++) {
        struct rng rng = claim_rng(claim, (uint64_t)(1000 * d + 100 * cells + s));
        double m[SIZES], error[SIZES];
        for (int i = 0; i < SIZES; i++) {
            m[i] = (d == 1 ? 4 : 16) << 2 * i;
            error[i] = largest(claim, (int)m[i], X, cells, &rng);
            mean[i] += error[i] / SEEDS;
        }
        steep[s] = -fit_power(SIZES, m, error).slope;
    }
}

CLAIM(bar_supremum, STATISTIC,
      "The largest error falls as m^(-1/2 - 1/d), and not slower")
{
    double line[SEEDS], plane[SEEDS], mean[4][SIZES] = {{0}};
    slopes(claim, 1, true, line, mean[0]);
    slopes(claim, 2, true, plane, mean[1]);
    evidence(claim, "line: steeper than m^-1.25", effect_at_least(SEEDS, line, 1.25));
    evidence(claim, "plane: steeper than m^-0.75", effect_at_least(SEEDS, plane, 0.75));
    slopes(claim, 1, false, line, mean[2]);
    slopes(claim, 2, false, plane, mean[3]);
    control(claim, "line, independent units", effect_at_least(SEEDS, line, 1.25));
    control(claim, "plane, independent units", effect_at_least(SEEDS, plane, 0.75));
    struct series s = series_begin(claim, "plane", "m", "cells", "independent", "law",
                                   "independent_law", NULL);
    for (int i = 0; i < SIZES; i++)
        series_row(&s, (double[]){16 << 2 * i, mean[1][i], mean[3][i],
                                  mean[1][0] / (1 << 2 * i), mean[3][0] / (1 << i)});
    series_end(&s);
}

SECTION(bar_cells, &bar_stratified, &bar_stratified_exact, &bar_cell_bound,
        &bar_supremum);
