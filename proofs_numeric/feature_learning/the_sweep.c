/* The large sweep: figures/feature_learning.grid says which networks were trained, and
 * figures/feature_learning.means is what `make sweep` and `make sweep-means` left. */
#include "feature_learning/worlds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MEANS "figures/feature_learning.means"

enum { COLUMNS = 160, ROWS = 200, LINE = 8192 };
static const int WIDTH[] = {16, 32, 64, 128};
enum { WIDTHS = sizeof WIDTH / sizeof *WIDTH };

/* A table of numbers with the names of its columns. */
struct means {
    char text[LINE]; /* of the names, cut at the tabs */
    const char *name[COLUMNS];
    int columns, rows;
    double at[ROWS][COLUMNS];
};

/* Cuts a line at its tabs; returns into how many pieces. */
static int cut(char *line, const char **piece)
{
    int pieces = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *rest = line; rest != NULL;) {
        char *tab = strchr(rest, '\t');
        REQUIRE(pieces < COLUMNS, MEANS ": more than %d columns", (int)COLUMNS);
        piece[pieces++] = rest;
        if (tab != NULL)
            *tab++ = '\0';
        rest = tab;
    }
    return pieces;
}

static void read_means(struct means *t)
{
    FILE *file = fopen(MEANS, "r");
    char line[LINE];
    const char *piece[COLUMNS];
    REQUIRE(file != NULL, MEANS " cannot be opened");
    t->columns = t->rows = 0;
    while (fgets(line, LINE, file) != NULL) {
        REQUIRE(strchr(line, '\n') != NULL, MEANS ": a line is too long");
        if (line[0] == '#')
            continue;
        if (t->columns == 0) {
            memcpy(t->text, line, LINE);
            t->columns = cut(t->text, t->name);
            continue;
        }
        REQUIRE(t->rows < ROWS && cut(line, piece) == t->columns,
                MEANS ": row %d does not fit", t->rows + 1);
        for (int i = 0; i < t->columns; i++)
            t->at[t->rows][i] = strtod(piece[i], NULL);
        t->rows++;
    }
    fclose(file);
}

static int column_of(const struct means *t, const char *name)
{
    for (int i = 0; i < t->columns; i++)
        if (strcmp(t->name[i], name) == 0)
            return i;
    REQUIRE(false, MEANS " has no column %s", name);
    return -1;
}

/* The number in a column of the row of rho and m. */
static double mean_at(const struct means *t, double rho, int m, const char *name)
{
    int i = column_of(t, "rho"), j = column_of(t, "m");
    for (int k = 0; k < t->rows; k++)
        if (fabs(t->at[k][i] / rho - 1) < 1e-9 && t->at[k][j] == m)
            return t->at[k][column_of(t, name)];
    REQUIRE(false, MEANS " has no row of rho = %g, m = %d", rho, m);
    return NAN;
}

/* ---- Laws -------------------------------------------------------------------------
 */

/* The power of rho from rho to 10 rho, less what is predicted: at worst over m. */
static double off_power(const struct means *t, const char *name, double rho,
                        double predicted)
{
    double most = 0;
    for (int k = 0; k < WIDTHS; k++) {
        double near = mean_at(t, rho, WIDTH[k], name);
        double far = mean_at(t, 10 * rho, WIDTH[k], name);
        most = worst(most, fabs(log10(far / near) - predicted));
    }
    return most;
}

/* The error at the end of lazy training, and in feature training, a mean over three
 * rho; and where an error lies between them, 0 to 1. */
static double lazy_level(const struct means *t, int m)
{
    return mean_at(t, 1000, m, "test_error");
}

static double feature_level(const struct means *t, int m)
{
    double sum = 0;
    for (double rho = 1e-3; rho < 0.2; rho *= 10)
        sum += mean_at(t, rho, m, "test_error");
    return sum / 3;
}

static double between_levels(const struct means *t, double rho, int m)
{
    double low = feature_level(t, m);
    return (mean_at(t, rho, m, "test_error") - low) / (lazy_level(t, m) - low);
}

/* For the figures: what was measured at each rho, width by width, and the laws through
 * the widest network's second point and its last. */
static void record_by_rho(struct claim *claim, const struct means *t)
{
    struct series s =
        series_begin(claim, "rho", "rho", "kernel16", "kernel32", "kernel64",
                     "kernel128", "half16", "half32", "half64", "half128", "error16",
                     "error32", "error64", "error128", "mapped16", "mapped32",
                     "mapped64", "mapped128", "kernel_law", "kernel_lazy", "half_law",
                     "half_lazy", NULL);
    int rho = column_of(t, "rho"), m = column_of(t, "m"), widest = WIDTH[WIDTHS - 1];
    double k_2 = mean_at(t, 0.01, widest, "kernel_geo");
    double k_last = mean_at(t, 1000, widest, "kernel_geo");
    double h_2 = mean_at(t, 0.01, widest, "t_half_geo");
    double h_last = mean_at(t, 1000, widest, "t_half_geo");
    for (int i = 0; i < t->rows; i++) {
        if (t->at[i][m] != WIDTH[0])
            continue;
        double at = t->at[i][rho], line[1 + 4 * WIDTHS + 4] = {at};
        for (int k = 0; k < WIDTHS; k++) {
            line[1 + k] = mean_at(t, at, WIDTH[k], "kernel_geo");
            line[1 + WIDTHS + k] = mean_at(t, at, WIDTH[k], "t_half_geo");
            line[1 + 2 * WIDTHS + k] = mean_at(t, at, WIDTH[k], "test_error");
            line[1 + 3 * WIDTHS + k] = between_levels(t, at, WIDTH[k]);
        }
        line[17] = k_2 * pow(at / 0.01, -1.5);
        line[18] = k_last * 1000 / at;
        line[19] = h_2 * at / 0.01;
        line[20] = h_last;
        series_row(&s, line);
    }
    series_end(&s);
}

/* And at each width: the deviation of F over the starts, and the test error, for some
 * rho; lines of slope -1/2 through the last points. */
static void record_by_width(struct claim *claim, const struct means *t)
{
    static const double rho[] = {0.01, 1, 10, 1000};
    struct series s =
        series_begin(claim, "width", "m", "spread_a", "spread_b", "spread_c",
                     "spread_d", "error_a", "error_b", "error_c", "error_d", "law_a",
                     "law_b", "law_c", "law_d", NULL);
    for (int k = 0; k < WIDTHS; k++) {
        double line[17] = {WIDTH[k]};
        for (int i = 0; i < 4; i++) {
            double last = mean_at(t, rho[i], WIDTH[WIDTHS - 1], "ln_var") / 2;
            line[1 + i] = exp(mean_at(t, rho[i], WIDTH[k], "ln_var") / 2);
            line[5 + i] = mean_at(t, rho[i], WIDTH[k], "test_error");
            line[9 + i] = exp(last) * sqrt((double)WIDTH[WIDTHS - 1] / WIDTH[k]);
        }
        series_row(&s, line);
    }
    series_end(&s);
}

/* The bounds are those of the small sweep, feat_kernel_change and feat_clock, at rho =
 * 0.001 and L = 3: 2 (10^p - 1) rho^p / ln 10, with p = 1/4 and p = 1/2; and 25 (1 -
 * 1/10) / (100 ln 10) where training is lazy. */
static double feature_bound(double p)
{
    return 2 * (pow(10, p) - 1) * pow(1e-3, p) / log(10);
}

CLAIM(feat_sweep, BOUND, "2880 networks, L = 3: the same powers at each of four widths")
{
    static struct means t;
    double lazy = 25 * 0.9 / (100 * log(10));
    read_means(&t);
    double kernel = off_power(&t, "kernel_geo", 1e-3, -1.5);
    evidence(claim, "Theta, small rho: power + 3/2",
             at_most(kernel, feature_bound(0.25)));
    evidence(claim, "the same, of its bound",
             at_least(kernel / feature_bound(0.25), 0.1));
    evidence(claim, "time, small rho: power - 1",
             at_most(off_power(&t, "t_half_geo", 1e-3, 1), feature_bound(0.5)));
    evidence(claim, "Theta, large rho: power + 1",
             at_most(off_power(&t, "kernel_geo", 100, -1), lazy));
    evidence(claim, "time, large rho: power",
             at_most(off_power(&t, "t_half_geo", 100, 0), lazy));
    control(claim, "Theta, large rho: power + 3/2",
            at_most(off_power(&t, "kernel_geo", 100, -1.5), feature_bound(0.25)));
    control(claim, "time, large rho: power - 1",
            at_most(off_power(&t, "t_half_geo", 100, 1), feature_bound(0.5)));
    record_by_rho(claim, &t);
    record_by_width(claim, &t);
}

/* ---- Errors -----------------------------------------------------------------------
 */

static double log_kernel(const struct means *t, double rho, int m)
{
    return log(mean_at(t, rho, m, "kernel_geo"));
}

/* The rho at which a quantity crosses a value, on a line in ln rho between the last two
 * of the grid's rho on either side of it. */
static double crossing(const struct means *t, int m, double value,
                       double (*of)(const struct means *t, double rho, int m))
{
    static const double rho[] = {0.1, 0.3, 1, 3, 10, 30};
    double at = NAN;
    for (int i = 0; i < 5; i++) {
        double a = of(t, rho[i], m) - value, b = of(t, rho[i + 1], m) - value;
        if (a * b <= 0)
            at = rho[i] * pow(rho[i + 1] / rho[i], a / (a - b));
    }
    return at;
}

/* By what factor the crossing moves from 16 to 128 units. */
static double moved(const struct means *t, double value,
                    double (*of)(const struct means *t, double rho, int m))
{
    return crossing(t, 128, value, of) / crossing(t, 16, value, of);
}

static double fall(const struct means *t, double rho)
{
    return mean_at(t, rho, 16, "test_error") - mean_at(t, rho, 128, "test_error");
}

CLAIM(feat_sweep_error, BOUND,
      "2880 networks: lazily the error falls with m, and half-way is no fixed rho")
{
    static struct means t;
    read_means(&t);
    evidence(claim, "lazy: error at m = 16 less at 128",
             at_least(fall(&t, 1000), 0.04));
    evidence(claim, "features: the same, at most", at_most(fall(&t, 0.01), 0.02));
    evidence(claim, "half-way rho, m = 128 over 16",
             at_least(moved(&t, 0.5, between_levels), 1.5));
    evidence(claim, "rho of Theta doubled, off 1",
             at_most(fabs(log(moved(&t, 0, log_kernel))), log(1.5)));
    control(claim, "features: falls by as much", at_least(fall(&t, 0.001), 0.04));
    control(claim, "rho where Theta tripled, moves",
            at_least(moved(&t, log(2), log_kernel), 1.5));
}

/* ---- The table and the code -------------------------------------------------------
 */

/* The geometric mean of the kernel's change over the 72 networks of a row, trained
 * again, over that in the table: its logarithm.  Another width for a control. */
static double off_table(struct claim *claim, const struct means *t, double rho, int m,
                        int trained)
{
    double sum = 0;
    for (int data = 0; data < 24; data++)
        for (int start = 0; start < 3; start++) {
            struct cell cell = {1, data, start, 64, 3, trained, rho};
            struct cell_result x =
                cell_run(&cell, true, claim_arena(claim), (vec){0}, (vec){0});
            sum += log(x.end.kernel) / 72;
        }
    return fabs(sum - log(mean_at(t, rho, m, "kernel_geo")));
}

/* Another machine rounds otherwise, and may accept a step that was rejected here; that
 * is a change of the steps within their tolerance, which moves a run's end by some
 * tenths of a percent, and a mean by less. */
LONG_CLAIM(feat_sweep_again, BOUND, "Rows of the sweep, computed again on this machine")
{
    static struct means t;
    static const double rho[] = {0.1, 10, 1000};
    double most = 0;
    read_means(&t);
    for (int k = 0; k < 3; k++)
        most = worst(most, off_table(claim, &t, rho[k], 16, 16));
    evidence(claim, "ln of the kernel's change, off", at_most(most, 1e-3));
    evidence(claim, "rows in the table", at_least(t.rows, 40));
    control(claim, "32 units in place of 16",
            at_most(off_table(claim, &t, 1000, 16, 32), 1e-3));
}

SECTION(feat_sweeps, &feat_sweep, &feat_sweep_error, &feat_sweep_again);
