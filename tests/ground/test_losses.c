/* The contract of the losses: values, gradients, both tails, and what is no number. */
#include "ground/losses.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

struct bench {
    struct arena arena;
    struct rng rng;
    mat T, F, G; /* n x k */
};

static struct bench bench_make(const char *test, int n, int k)
{
    struct bench x = {.arena = arena_make(1 << 20), .rng = unit_rng(test)};
    x.T = arena_mat(&x.arena, n, k);
    x.F = arena_mat(&x.arena, n, k);
    x.G = arena_mat(&x.arena, n, k);
    rng_normals(&x.rng, 0, 2, entries(x.F));
    fill(NAN, entries(x.G));
    return x;
}

/* T: signs, or for a softmax the class of each example. */
static void draw_targets(struct bench *x, loss_function *loss)
{
    for (int i = 0; i < x->T.rows; i++) {
        int class = rng_below(&x->rng, x->T.cols);
        for (int k = 0; k < x->T.cols; k++)
            row(x->T, i).at[k] =
                loss == softmax_loss ? k == class : 1 - 2 * rng_below(&x->rng, 2);
    }
}

/* G is the derivative of E by central differences of step h = eps^(1/3): cut off h^2,
 * times a third derivative of at most 1, and rounded by eps E / h. */
static void check_gradient(const char *test, loss_function *loss, int n, int k)
{
    struct bench x = bench_make(test, n, k);
    mat other = arena_mat(&x.arena, n, k);
    draw_targets(&x, loss);
    double E = loss(x.T, x.F, x.G), h = cbrt(REAL_EPSILON);
    for (int i = 0; i < n * k; i++) {
        real here = x.F.at[i], up = here + h, down = here - h;
        x.F.at[i] = up;
        double above = loss(x.T, x.F, other);
        x.F.at[i] = down;
        double below = loss(x.T, x.F, other);
        x.F.at[i] = here;
        double limit = h * h + 8 * REAL_EPSILON * fmax(1, E) / h;
        ck_assert_double_eq_tol(x.G.at[i], (above - below) / ((double)up - down),
                                limit);
    }
    arena_free(&x.arena);
}

START_TEST(gradients_are_derivatives_at_any_shape)
{
    static const int sizes[] = {1, 2, 3, 65};
    for (int a = 0; a < 4; a++) {
        check_gradient("losses/exponential", exponential_loss, sizes[a], 1);
        for (int b = 0; b < 3; b++) {
            check_gradient("losses/square", square_loss, sizes[a], sizes[b]);
            check_gradient("losses/logistic", logistic_loss, sizes[a], sizes[b]);
            check_gradient("losses/softmax", softmax_loss, sizes[a], sizes[b]);
        }
    }
}
END_TEST

START_TEST(values_are_means_over_the_examples)
{
    real t[] = {1, -1}, f[] = {3, 2}, g[2];
    mat T = {2, 1, t}, F = {2, 1, f}, G = {2, 1, g};
    ck_assert_double_eq(square_loss(T, F, G), 3.25);
    ck_assert(g[0] == 1 && g[1] == 1.5);
    double E = logistic_loss(T, F, G), mean = (log1p(exp(-3)) + log1p(exp(2))) / 2;
    ck_assert_double_eq_tol(E, mean, 4 * DBL_EPSILON);
    E = exponential_loss(T, F, G);
    ck_assert_double_eq_tol(E, log((exp(-3) + exp(2)) / 2), 4 * DBL_EPSILON);
    real class[] = {0, 1};
    E = softmax_loss((mat){1, 2, class}, (mat){1, 2, f}, (mat){1, 2, g});
    ck_assert_double_eq_tol(E, log1p(exp(1)), 8 * DBL_EPSILON);
}
END_TEST

/* Two classes are one sign: ln(1 + exp(-t f)) is the cross-entropy of (f, 0). */
START_TEST(two_classes_are_one_sign)
{
    struct bench x = bench_make("losses/two", 7, 1);
    mat T2 = arena_mat(&x.arena, 7, 2), F2 = arena_mat(&x.arena, 7, 2),
        G2 = arena_mat(&x.arena, 7, 2);
    draw_targets(&x, logistic_loss);
    for (int i = 0; i < 7; i++) {
        row(T2, i).at[x.T.at[i] < 0] = 1;
        row(F2, i).at[0] = x.F.at[i];
    }
    double one = logistic_loss(x.T, x.F, x.G), two = softmax_loss(T2, F2, G2);
    ck_assert_double_eq_tol(one, two, 100 * DBL_EPSILON);
    for (int i = 0; i < 7; i++)
        ck_assert_double_eq_tol(x.G.at[i], row(G2, i).at[0], 20 * REAL_EPSILON);
    arena_free(&x.arena);
}
END_TEST

START_TEST(neither_tail_overflows)
{
    real t[] = {1, -1}, f[] = {-2000, -1000}, g[2];
    mat T = {2, 1, t}, F = {2, 1, f}, G = {2, 1, g};
    ck_assert_double_eq(exponential_loss(T, F, G), 2000 - log(2));
    ck_assert(g[0] == -1 && g[1] == 0);
    ck_assert_double_eq(logistic_loss(T, F, G), 1000);
    ck_assert(g[0] == -0.5 && g[1] == 0);
    for (double m = 1; m < -log(REAL_MIN);
         m *= 1.5) { /* what is nearly right loses e^-m */
        double E =
            logistic_loss((mat){1, 1, t}, (mat){1, 1, (real[]){m}}, (mat){1, 1, g});
        long double expected = log1pl(expl(-m));
        ck_assert_double_eq_tol((double)(E / expected), 1, 8 * DBL_EPSILON);
        ck_assert_double_eq_tol((double)(g[0] * (1 + expl(m))), -1, 8 * REAL_EPSILON);
    }
    real class[] = {0, 1};
    ck_assert_double_eq(softmax_loss((mat){1, 2, class}, (mat){1, 2, f},
                                     (mat){1, 2, g}),
                        0);
    ck_assert(g[0] == 0 && g[1] == 0);
}
END_TEST

START_TEST(what_is_no_number_reaches_the_loss)
{
    static loss_function *const all[] = {square_loss, logistic_loss, softmax_loss,
                                         exponential_loss};
    real t[] = {1, -1, 1}, g[3];
    for (int l = 0; l < 4; l++)
        for (int bad = 0; bad < 3; bad++) {
            real f[] = {0, 1, 2};
            f[bad] = NAN;
            ck_assert(isnan(all[l]((mat){3, 1, t}, (mat){3, 1, f}, (mat){3, 1, g})));
        }
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    struct bench x = bench_make("losses/shapes", 3, 2);
    mat none = arena_mat(&x.arena, 0, 2), small = arena_mat(&x.arena, 2, 2);
    ck_assert_stops("F has no rows", square_loss(none, none, none));
    ck_assert_stops("T must be 3 x 2, got 2 x 2", logistic_loss(small, x.F, x.G));
    ck_assert_stops("G must be 3 x 2, got 2 x 2", softmax_loss(x.T, x.F, small));
    ck_assert_stops("F has 2 columns", exponential_loss(x.T, x.F, x.G));
    arena_free(&x.arena);
}
END_TEST

START_TEST(the_largest_output_is_the_answer)
{
    real t[] = {0, 0, 1, 1, 0, 0, 0, 1, 0}, f[] = {1, 2, 3, 1, 1, 0, -1, -2, -3};
    mat T = {3, 3, t}, F = {3, 3, f};
    ck_assert_double_eq(error_rate(T, F), 1.0 / 3); /* of two alike, the first */
    f[3] = 0.5;
    ck_assert_double_eq(error_rate(T, F), 2.0 / 3);
    real sign[] = {1, -1, 1, -1}, one[] = {TINY, -5, 0, 2};
    ck_assert_double_eq(error_rate((mat){4, 1, sign}, (mat){4, 1, one}), 0.5);
    for (int bad = 0; bad < 9; bad++) {
        double kept = f[bad];
        f[bad] = NAN;
        ck_assert(isnan(error_rate(T, F)));
        f[bad] = kept;
    }
    ck_assert_stops("T must be 3 x 3, got 1 x 3", error_rate((mat){1, 3, t}, F));
}
END_TEST

/* Row i of T := probabilities, not only of one class. */
static void draw_shares(struct bench *x)
{
    rng_uniforms(&x->rng, 0.1, 1, entries(x->T));
    for (int i = 0; i < x->T.rows; i++) {
        double sum = 0;
        for (int k = 0; k < x->T.cols; k++)
            sum += row(x->T, i).at[k];
        scale(1 / sum, row(x->T, i));
    }
}

/* What row i of F loses, in long double; size: the sum of the sizes of its terms. */
static long double lost(loss_function *loss, vec t, vec f, long double *size)
{
    long double all = 0, sum = 0;
    for (int k = 0; k < f.n; k++)
        all += expl(f.at[k]);
    for (int k = 0; k < f.n; k++) {
        long double off = f.at[k] - (long double)t.at[k];
        sum += loss == square_loss     ? off * off / 2
               : loss == logistic_loss ? log1pl(expl(-t.at[k] * (long double)f.at[k]))
                                       : t.at[k] * (logl(all) - f.at[k]);
        *size += 1 + fabsl(logl(all)) + f.at[k] * (long double)f.at[k];
    }
    return sum;
}

static void check_value(loss_function *loss, int n, int k)
{
    struct bench x = bench_make("losses/values", n, k);
    long double E = 0, size = 0;
    if (loss == softmax_loss)
        draw_shares(&x);
    else
        draw_targets(&x, loss);
    mat T = arena_mat(&x.arena, n, k), F = arena_mat(&x.arena, n, k);
    copy(entries(x.T), entries(T));
    copy(entries(x.F), entries(F));
    for (int i = 0; i < n; i++)
        E += lost(loss, row(T, i), row(F, i), &size) / n;
    double limit = (double)(4 * (n + k + 8) * REAL_EPSILON * size / n);
    ck_assert_double_eq_tol(loss(x.T, x.F, x.G), (double)E, limit);
    assert_vec(entries(x.T), entries(T), 0); /* both are read */
    assert_vec(entries(x.F), entries(F), 0);
    for (int i = 0; i < n && loss == softmax_loss; i++) {
        double sum = 0; /* of the row: that of a softmax less that of t, 1 - 1 */
        for (int j = 0; j < k; j++)
            sum += row(x.G, i).at[j];
        ck_assert_double_eq_tol(sum, 0, 4 * (k + 4) * REAL_EPSILON);
    }
    arena_free(&x.arena);
}

START_TEST(values_are_their_formulas_at_any_shape)
{
    static const int rows[] = {1, 2, 65, 130}, cols[] = {1, 2, 5, 70};
    for (int i = 0; i < 16; i++) {
        check_value(square_loss, rows[i / 4], cols[i % 4]);
        check_value(logistic_loss, rows[i / 4], cols[i % 4]);
        check_value(softmax_loss, rows[i / 4], cols[i % 4]);
    }
}
END_TEST

int main(void)
{
    return unit_run("losses", (const TTest *[]){
                                  gradients_are_derivatives_at_any_shape,
                                  values_are_means_over_the_examples,
                                  two_classes_are_one_sign,
                                  neither_tail_overflows,
                                  what_is_no_number_reaches_the_loss,
                                  the_largest_output_is_the_answer,
                                  shapes_that_do_not_fit_stop,
                                  values_are_their_formulas_at_any_shape,
                                  NULL,
                              });
}
