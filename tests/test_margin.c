/* The contract of margin.h.  The solver is held against what is true of sets that were
 * built, or whose truth integers decide exactly; its numbers against long double. */
#include "ground/planted.h"
#include "ground/unit.h"
#include "ground/worlds.h"
#include "margin.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* Powers of 2 whose squares overflow, or are 0. */
enum { IN_DOUBLES = IS_DOUBLE, FAR = IN_DOUBLES ? 600 : 80 };

/* ---- The certificate ------------------------------------------------------------- */

static long double exact_dot(vec x, vec y)
{
    long double sum = 0;
    for (int j = 0; j < x.n; j++)
        sum += (long double)x.at[j] * y.at[j];
    return sum;
}

static double longest(mat Z)
{
    double size = 0;
    for (int i = 0; i < Z.rows; i++)
        size = fmax(size, norm(row(Z, i)));
    return size;
}

/* In long double, and so that no square is trouble: what e and p bound is what they
 * say.  Rounding is on the safe side: low and high need no slack. */
static void assert_encloses(struct arena *arena, mat Z, struct separation s)
{
    long double least = INFINITY, sum = 0, length = sqrtl(exact_dot(s.e, s.e));
    vec shares = arena_vec(arena, Z.rows);
    double size = longest(Z), hull = 0;
    for (int i = 0; i < Z.rows; i++) {
        least = fminl(least, exact_dot(row(Z, i), s.e) / length);
        ck_assert_double_ge(s.p.at[i], 0);
        sum += shares.at[i] = s.p.at[i];
    }
    for (int j = 0; j < Z.cols && size > 0; j++) {
        long double entry = 0;
        for (int i = 0; i < Z.rows; i++)
            entry += (long double)shares.at[i] * (row(Z, i).at[j] / size) / sum;
        hull = hypot(hull, (double)entry);
    }
    assert_near((double)length, 1, 30 * Z.cols * DBL_EPSILON);
    assert_near((double)sum, 1, 30 * Z.rows * DBL_EPSILON);
    ck_assert(s.low <= fmaxl(0, least));
    ck_assert(s.high >= hull * size * (1 - 4 * DBL_EPSILON) - DBL_TRUE_MIN);
    ck_assert_double_le(s.low, s.high);
}

/* ---- Sets whose truth is known --------------------------------------------------- */

enum truth { SEPARATED, INSEPARABLE, UNKNOWN };

struct drawn {
    mat Z;
    enum truth truth;
    double gamma;  /* the largest margin, or NaN */
    bool has_zero; /* one of the points is 0 */
};

static double product(const double *r, vec z)
{
    return r[0] * z.at[0] + r[1] * z.at[1] + r[2] * z.at[2];
}

static void cross(vec a, vec b, double r[3])
{
    for (int j = 0; j < 3; j++)
        r[j] = a.at[(j + 1) % 3] * b.at[(j + 2) % 3] -
               a.at[(j + 2) % 3] * b.at[(j + 1) % 3];
}

/* The sum of all w on an edge of the cone {w: all z_i'w >= 0}: +- z_i x z_j, if Z has
 * rank 3.  Returns whether there is any. */
static bool edges_of_cone(mat Z, double sum[3])
{
    bool any = false;
    for (int i = 0; i < Z.rows; i++)
        for (int k = 0; k < Z.rows; k++) {
            double r[3];
            bool inside = true;
            cross(row(Z, i), row(Z, k), r);
            for (int l = 0; l < Z.rows && inside; l++)
                inside = product(r, row(Z, l)) >= 0;
            if (!inside || (r[0] == 0 && r[1] == 0 && r[2] == 0))
                continue;
            any = true;
            for (int j = 0; j < 3; j++)
                sum[j] += r[j];
        }
    return any;
}

static bool is_of_rank_three(mat Z)
{
    for (int i = 0; i < Z.rows; i++)
        for (int k = 0; k < i; k++)
            for (int l = 0; l < k; l++) {
                double r[3];
                cross(row(Z, i), row(Z, k), r);
                if (product(r, row(Z, l)) != 0)
                    return true;
            }
    return false;
}

/* Small whole numbers in three dimensions, which are decided by whole numbers: the cone
 * of the w with all z_i'w >= 0 is {0}, or has a w inside, then the sum of its edges is
 * one, or is flat. */
static enum truth decide(mat Z)
{
    double sum[3] = {0};
    if (!is_of_rank_three(Z))
        return UNKNOWN;
    if (!edges_of_cone(Z, sum))
        return INSEPARABLE;
    for (int i = 0; i < Z.rows; i++)
        if (product(sum, row(Z, i)) <= 0)
            return INSEPARABLE;
    return SEPARATED;
}

static struct drawn whole_numbers(struct arena *arena, struct rng *rng)
{
    mat Z = arena_mat(arena, 1 + rng_below(rng, 12), 3);
    int size = 1 + rng_below(rng, 4), shift = rng_below(rng, size + 1);
    for (int i = 0; i < Z.rows * 3; i++)
        Z.at[i] = rng_below(rng, 2 * size + 1) - size + (i % 3 == 0) * shift;
    return (struct drawn){Z, decide(Z), NAN, false};
}

/* A margin between a twentieth of eps and .3 of the longest point. */
static struct drawn narrow(struct arena *arena, struct rng *rng)
{
    int d = 2 + rng_below(rng, 6), n = d + rng_below(rng, 12 * d);
    double gamma = 0.3 * pow(0.05 * REAL_EPSILON, rng_uniform(rng));
    struct planted k = planted_make(arena, rng, n, d, gamma, 0.7);
    return (struct drawn){k.Z, gamma > 4500 * REAL_EPSILON ? SEPARATED : UNKNOWN, gamma,
                          false};
}

/* Normal points, more than ten for each dimension or few; turned to the right side of a
 * normal w, or one of them minus the sum of the others in whole numbers of 2^-20, or of
 * 2^-12, for which there is room in a real. */
static struct drawn normal(struct arena *arena, struct rng *rng, bool separated)
{
    int d = 1 + rng_below(rng, 8), n = 2 + rng_below(rng, 15 * d);
    mat Z = normal_mat(arena, rng, n, d);
    const int places = IN_DOUBLES ? 20 : 12;
    vec w = normal_vec(arena, rng, d), last = row(Z, n - 1);
    for (int i = 0; i < n * d; i++)
        Z.at[i] = ldexp(rint(ldexp(Z.at[i], places)), -places);
    for (int i = 0; i < n; i++)
        if (dot(row(Z, i), w) < 0)
            scale(-1, row(Z, i));
    if (!separated) {
        fill(0, last);
        for (int i = 0; i < n - 1; i++)
            axpy(-1, row(Z, i), last);
    }
    double margin = mar_margin(Z, w), clear = fmax(1e-9, 1e4 * REAL_EPSILON);
    return (struct drawn){Z,
                          !separated       ? INSEPARABLE
                          : margin > clear ? SEPARATED
                                           : UNKNOWN,
                          NAN, false};
}

/* Points on a line through 0, on one side of it or on both. */
static struct drawn collinear(struct arena *arena, struct rng *rng)
{
    int d = 1 + rng_below(rng, 5), n = 1 + rng_below(rng, 9);
    bool both = n > 1 && rng_below(rng, 2);
    mat Z = arena_mat(arena, n, d);
    vec along = normal_vec(arena, rng, d);
    for (int i = 0; i < n; i++)
        axpy((both && i == 1 ? -1 : 1) * (1 + rng_below(rng, 3)), along, row(Z, i));
    return (struct drawn){Z, both ? INSEPARABLE : SEPARATED, NAN, false};
}

/* Some points several times, or the same to rounding; or one that is 0. */
static void spoil(struct rng *rng, struct drawn *x)
{
    int what = rng_below(rng, 4), n = x->Z.rows;
    for (int i = 0; i < n && what < 2; i++)
        if (rng_below(rng, 3) == 0) {
            int other = rng_below(rng, n);
            if (other != i)
                copy(row(x->Z, other), row(x->Z, i));
            if (what)
                row(x->Z, i).at[0] *= 1 + REAL_EPSILON;
        }
    if (what == 2)
        fill(0, row(x->Z, rng_below(rng, n)));
    if (x->truth != SEPARATED)
        x->truth = UNKNOWN;
    x->has_zero = what == 2;
    if (what == 2)
        x->truth = INSEPARABLE;
    x->gamma = NAN;
}

static struct drawn draw(struct arena *arena, struct rng *rng)
{
    int kind = rng_below(rng, 5);
    struct drawn x = kind == 0   ? whole_numbers(arena, rng)
                     : kind == 1 ? narrow(arena, rng)
                     : kind == 2 ? collinear(arena, rng)
                                 : normal(arena, rng, kind == 3);
    if (rng_below(rng, 4) == 0)
        spoil(rng, &x);
    int exponent = (rng_below(rng, 3) - 1) * FAR;
    for (int i = 0; i < x.Z.rows * x.Z.cols; i++)
        x.Z.at[i] = ldexp(x.Z.at[i], exponent);
    x.gamma = ldexp(x.gamma, exponent);
    return x;
}

/* It never says what is false; it says what is true where there is room; and where it
 * separates, both numbers are the same to rounding. */
static void tell(struct arena *scratch, struct drawn x, int told[3])
{
    int n = x.Z.rows, d = x.Z.cols;
    double size = longest(x.Z), turned = 8 * d * REAL_EPSILON * size; /* by planting */
    struct separation s = mar_separation_make(scratch, n, d);
    fill(NAN, s.e);
    fill(NAN, s.p);
    enum mar_status status = mar_solve(x.Z, scratch, &s);
    told[status]++;
    assert_encloses(scratch, x.Z, s);
    ck_assert((status == MAR_SEPARABLE) == (s.low > 0));
    if (status == MAR_SEPARABLE) {
        ck_assert_int_ne(x.truth, INSEPARABLE);
        ck_assert_double_le((s.high - s.low) / size, 30 * (n + d) * REAL_EPSILON);
    }
    if (status == MAR_NOT_SEPARABLE)
        ck_assert_int_ne(x.truth, SEPARATED);
    if (x.truth == SEPARATED)
        ck_assert_int_eq(status, MAR_SEPARABLE);
    if (x.has_zero)
        ck_assert(status == MAR_NOT_SEPARABLE && s.high == 0);
    if (!isnan(x.gamma))
        ck_assert(s.low <= x.gamma + turned && s.high >= x.gamma - turned);
}

/* 2500 of the ten thousand sets; about a half, a third and a seventh are told of. */
static void tell_a_quarter(int quarter)
{
    struct arena scratch = arena_make(1 << 20);
    int told[3] = {0};
    for (int k = 2500 * quarter; k < 2500 * (quarter + 1); k++) {
        scratch.used = 0;
        struct rng rng = unit_rng("margin/sets");
        rng.counter[3] = k;
        tell(&scratch, draw(&scratch, &rng), told);
    }
    ck_assert(told[0] > 800 && told[1] > 400 && told[2] > 100);
    arena_free(&scratch);
}

START_TEST(sets_are_told_or_left_open) { tell_a_quarter(0); }
END_TEST

START_TEST(more_sets_are_told_or_left_open) { tell_a_quarter(1); }
END_TEST

START_TEST(still_more_sets_are_told_or_left_open) { tell_a_quarter(2); }
END_TEST

START_TEST(ten_thousand_sets_are_told_or_left_open) { tell_a_quarter(3); }
END_TEST

/* ---- Edges of the solver --------------------------------------------------------- */

static struct arena arena;

static void fresh(void) { arena = arena_make(1 << 20); }

static mat rows_of(int n, int d, const double *at)
{
    return (mat){n, d, vec_of(&arena, n * d, at).at};
}

/* Two points whose segment comes next to 0 inside, at .3 and .7 of it; at an end; and
 * on 0, which no rounding decides. */
START_TEST(the_nearest_point_of_a_segment)
{
    fresh();
    mat inside = rows_of(2, 2, (double[]){2, -0.7, 2, 0.3});
    struct separation s = mar_separation_make(&arena, 2, 2);
    ck_assert_int_eq(mar_solve(inside, &arena, &s), MAR_SEPARABLE);
    assert_entries(s.p, (double[]){0.3, 0.7}, 1e-15);
    assert_entries(s.e, (double[]){1, 0}, 1e-15);
    assert_near(s.low, 2, 1e-13);
    assert_near(s.high, 2, 1e-13);
    mat end = rows_of(2, 2, (double[]){3, 4, 6, 9});
    ck_assert_int_eq(mar_solve(end, &arena, &s), MAR_SEPARABLE);
    assert_entries(s.p, (double[]){1, 0}, 0);
    assert_entries(s.e, (double[]){0.6, 0.8}, 1e-15);
    mat touching = rows_of(2, 2, (double[]){1, 1, -1, -1});
    ck_assert_int_eq(mar_solve(touching, &arena, &s), MAR_CANNOT_TELL);
    assert_entries(s.p, (double[]){0.5, 0.5}, 1e-15);
    arena_free(&arena);
}
END_TEST

START_TEST(one_point_one_column_and_a_point_at_zero)
{
    fresh();
    struct separation s = mar_separation_make(&arena, 1, 1);
    const double tiny = 1e8 * REAL_MIN;
    ck_assert_int_eq(mar_solve(rows_of(1, 1, (double[]){-5 * tiny}), &arena, &s),
                     MAR_SEPARABLE);
    ck_assert(s.e.at[0] == -1 && s.p.at[0] == 1 && s.low > 4.9 * tiny &&
              s.high >= (real)(5 * tiny));
    ck_assert_int_eq(mar_solve(rows_of(1, 1, (double[]){0}), &arena, &s),
                     MAR_NOT_SEPARABLE);
    ck_assert(s.low == 0 && s.high == 0 && s.e.at[0] == 1);
    s = mar_separation_make(&arena, 3, 1);
    ck_assert_int_eq(mar_solve(rows_of(3, 1, (double[]){2, -1, 4}), &arena, &s),
                     MAR_NOT_SEPARABLE);
    assert_near(2 * s.p.at[0] - s.p.at[1] + 4 * s.p.at[2], 0, 1e-15);
    ck_assert(s.low == 0 && s.high < rounded(1e-13));
    ck_assert_int_eq(mar_solve(rows_of(3, 1, (double[]){2, 0, 4}), &arena, &s),
                     MAR_NOT_SEPARABLE);
    assert_entries(s.p, (double[]){0, 1, 0}, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(the_scratch_is_given_back_and_what_is_not_finite_told_of)
{
    fresh();
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int k = 0; k < 3; k++) {
        mat Z = rows_of(2, 2, (double[]){1, 2, 3, bad[k]});
        struct separation s = mar_separation_make(&arena, 2, 2);
        size_t used = arena.used;
        ck_assert_int_eq(mar_solve(Z, &arena, &s), MAR_CANNOT_TELL);
        ck_assert(isnan(s.low) && isnan(s.high));
        for (int i = 0; i < 2; i++)
            ck_assert(isnan(s.e.at[i]) && isnan(s.p.at[i]));
        s.e = VEC(1, 0), s.p = VEC(0.5, 0.5);
        used = arena.used;
        ck_assert_int_eq(mar_certify(Z, &arena, &s), MAR_CANNOT_TELL);
        ck_assert_uint_eq(arena.used, used);
        ck_assert_int_eq(mar_solve(Z, &arena, &s), MAR_CANNOT_TELL);
        ck_assert_uint_eq(arena.used, used);
    }
    struct separation s = mar_separation_make(&arena, 3, 2);
    size_t used = arena.used;
    mat Z = rows_of(3, 2, (double[]){1, 2, 3, 4, 1, -1});
    ck_assert_int_eq(mar_solve(Z, &arena, &s), MAR_SEPARABLE);
    ck_assert_uint_eq(arena.used, used + 64); /* of Z */
    arena_free(&arena);
}
END_TEST

/* A certificate that is not the best is a certificate; one that is none is refused. */
START_TEST(the_certificate_judges_any_e_and_p)
{
    fresh();
    mat Z = rows_of(3, 2, (double[]){4, 0, 0, 4, 3, 3});
    struct separation s = {VEC(3, 0.75), VEC(1, 1, 2), NAN, NAN}; /* of any length */
    ck_assert_int_eq(mar_certify(Z, &arena, &s), MAR_SEPARABLE);
    assert_near(s.low, 3 / sqrt(9.5625), 1e-13);
    assert_near(s.high, hypot(10, 10) / 4, 1e-13);
    s.e = VEC(1, 0);
    ck_assert_int_eq(mar_certify(Z, &arena, &s), MAR_CANNOT_TELL);
    ck_assert(s.low == 0 && s.high > 3);
    mat around = rows_of(3, 2, (double[]){1, 0, -1, 1, -1, -1});
    s.p = VEC(0.5, 0.25, 0.25);
    ck_assert_int_eq(mar_certify(around, &arena, &s), MAR_NOT_SEPARABLE);
    s.p = VEC(2, 1, 1);
    ck_assert_int_eq(mar_certify(around, &arena, &s), MAR_NOT_SEPARABLE);
    assert_near(s.high, 0, 1e-13);
    /* Sum p_i z_i = (.06, 0) and (.2, 0), and the least singular value of diag(p) Z: */
    s.p = VEC(0.53, 0.235, 0.235); /* .33 */
    ck_assert_int_eq(mar_certify(around, &arena, &s), MAR_NOT_SEPARABLE);
    s.p = VEC(0.75, 0.125, 0.125); /* .177, less than .5 */
    ck_assert_int_eq(mar_certify(around, &arena, &s), MAR_CANNOT_TELL);
    arena_free(&arena);
}
END_TEST

/* Sum p_i z_i = (.12, 0).  The least singular value of diag(p) Z is .208, and without
 * one of the three points it is less than .12. */
START_TEST(every_point_counts_against_a_separator)
{
    fresh();
    static const real at[] = {1, 0, -0.1, 1, -0.1, -1}, shares[] = {0.2, 0.4, 0.4};
    for (int first = 0; first < 3; first++) {
        mat Z = arena_mat(&arena, 3, 2);
        struct separation s = mar_separation_make(&arena, 3, 2);
        s.e.at[0] = 1;
        for (int i = 0; i < 3; i++) {
            int from = (first + i) % 3;
            copy((vec){2, (real *)at + 2 * from}, row(Z, i));
            s.p.at[i] = shares[from];
        }
        ck_assert_int_eq(mar_certify(Z, &arena, &s), MAR_NOT_SEPARABLE);
    }
    arena_free(&arena);
}
END_TEST

/* The bounds are moved by what d and n products of these sizes round, and not by more:
 * 2 d + 8 = 12 and 2 n + d + 8 = 16 times eps 4, whatever the length of e. */
START_TEST(the_certificate_adds_rounding_in_the_units_of_the_points)
{
    fresh();
    mat Z = rows_of(3, 2, (double[]){4, 0, 0, 4, 4, 0});
    struct separation s = {VEC(100, 100), VEC(0.5, 0.5, 0), NAN, NAN};
    mar_certify(Z, &arena, &s);
    double below = (sqrt(8) - s.low) / (4 * REAL_EPSILON);
    double above = (s.high - sqrt(8)) / (4 * REAL_EPSILON);
    ck_assert(below > 11 && below < 13);
    ck_assert(above > 15 && above < 17);
    arena_free(&arena);
}
END_TEST

/* Whoever weights only two of three points that surround 0 proves nothing. */
START_TEST(too_few_points_prove_nothing)
{
    fresh();
    mat Z = rows_of(3, 2, (double[]){1, 0, -1, 0, 0, 1});
    struct separation s = {VEC(0, 1), VEC(0.5, 0.5, 0), NAN, NAN};
    ck_assert_int_eq(mar_certify(Z, &arena, &s), MAR_CANNOT_TELL);
    s.p = VEC(0.4, 0.4, 0.2);
    ck_assert_int_eq(mar_certify(Z, &arena, &s), MAR_CANNOT_TELL);
    arena_free(&arena);
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    fresh();
    struct separation s = mar_separation_make(&arena, 2, 2);
    mat Z = arena_mat(&arena, 2, 2);
    ck_assert_stops("0 points in 2 dimensions",
                    mar_solve(arena_mat(&arena, 0, 2), &arena, &s));
    ck_assert_stops("2 points in 0 dimensions",
                    mar_solve(arena_mat(&arena, 2, 0), &arena, &s));
    ck_assert_stops("Z is 3 x 2", mar_solve(arena_mat(&arena, 3, 2), &arena, &s));
    ck_assert_stops("Z is 2 x 3", mar_solve(arena_mat(&arena, 2, 3), &arena, &s));
    s.p.at[1] = -0.5;
    ck_assert_stops("share 1 is negative, -0.5", mar_certify(Z, &arena, &s));
    ck_assert_stops("Z must be 2 x 3", mar_lift(Z, VEC(1, 1), Z));
    ck_assert_stops("1 labels for 2 points",
                    mar_lift(Z, VEC(1), arena_mat(&arena, 2, 3)));
    ck_assert_stops("label 1 must be 1 or -1, got 0",
                    mar_lift(Z, VEC(-1, 0), arena_mat(&arena, 2, 3)));
    ck_assert_stops("label 0 must be 1 or -1, got nan",
                    mar_lift(Z, VEC(NAN, 1), arena_mat(&arena, 2, 3)));
    ck_assert_stops("no points", mar_least(arena_mat(&arena, 0, 2), VEC(1, 1)));
    static const double rates[] = {0, -1, NAN, INFINITY};
    for (int k = 0; k < 4; k++)
        ck_assert_stops("alpha must be finite and positive",
                        mar_step(logistic_loss, Z, rates[k], &arena, VEC(1, 1)));
    arena_free(&arena);
}
END_TEST

/* ---- Margins, losses, steps ------------------------------------------------------ */

START_TEST(margins_are_their_definitions)
{
    fresh();
    mat X = rows_of(3, 2, (double[]){1, 2, -3, 4, 0.5, -6}),
        Z = arena_mat(&arena, 3, 3);
    fill(NAN, entries(Z));
    mar_lift(X, VEC(1, -1, 1), Z);
    assert_entries(entries(Z), (double[]){1, 1, 2, -1, 3, -4, 1, 0.5, -6}, 0);
    vec w = VEC(2, 3, -4);
    ck_assert_double_eq(mar_least(Z, w), -3); /* of -3, 23, 27.5 */
    assert_near(mar_margin(Z, w), -3 / sqrt(29), 1e-15);
    assert_near(mar_planar(Z, w), -3 / 5.0, 1e-15);
    ck_assert_double_eq(mar_least(row_block(Z, 1, 2), w), 23);
    w.at[0] = NAN;
    ck_assert(isnan(mar_least(Z, w)) && isnan(mar_margin(Z, w)));
    mat last = rows_of(2, 1, (double[]){1, NAN});
    ck_assert(isnan(mar_least(last, VEC(1))));
    mat first = rows_of(2, 1, (double[]){NAN, 1});
    ck_assert(isnan(mar_least(first, VEC(1))));
    arena_free(&arena);
}
END_TEST

START_TEST(the_log_loss_is_that_of_the_sum)
{
    fresh();
    mat Z = rows_of(3, 2, (double[]){1, 0, 0, 1, 1, 1});
    vec w = VEC(0.5, -1), a = VEC(NAN, NAN, NAN);
    long double L = expl(-0.5L) + expl(1) + expl(0.5L);
    size_t used = arena.used;
    assert_near(mar_log_loss(Z, w, &arena, a), logl(L), 1e-15);
    assert_near(a.at[0], expl(-0.5L) / L, 1e-15);
    assert_near(a.at[1], expl(1) / L, 1e-15);
    assert_near(a.at[2], expl(0.5L) / L, 1e-15);
    assert_near(mar_smooth(Z, w, &arena), -logl(L) / sqrtl(1.25L), 1e-15);
    ck_assert_uint_eq(arena.used, used);
    scale(1e6, w); /* e^1e6 overflows, and its logarithm is 1e6 */
    assert_near(mar_log_loss(Z, w, &arena, a), 1e6, 1e-9);
    assert_entries(a, (double[]){0, 1, 0}, 1e-15);
    arena_free(&arena);
}
END_TEST

START_TEST(the_bound_is_its_formula_at_both_ends)
{
    assert_near(mar_bound(20, 1, 1000), 1 - logl(20) / logl(20001), 1e-15);
    assert_near(mar_bound(3, 0.5, 1e-17) * 7.5e-18, -logl(3), 1e-15);
    ck_assert_double_eq(mar_bound(1, 0.25, 7), 0.25);
}
END_TEST

START_TEST(the_field_is_the_flow_in_logarithmic_time)
{
    fresh();
    mat Z = rows_of(2, 2, (double[]){1, 2, -1, 3});
    struct mar_flow flow = {Z, VEC(NAN, NAN)};
    vec dw = VEC(NAN, NAN);
    mar_field(&flow, 0.7, VEC(0.3, -0.2), dw);
    long double a = expl(0.7L + 0.1L), b = expl(0.7L + 0.9L);
    assert_entries(flow.l, (double[]){(double)a, (double)b}, 1e-14);
    assert_near(dw.at[0], a - b, 1e-14);
    assert_near(dw.at[1], 2 * a + 3 * b, 1e-14);
    arena_free(&arena);
}
END_TEST

START_TEST(steps_are_those_of_their_loss)
{
    fresh();
    mat Z = rows_of(2, 2, (double[]){1, 2, -1, 3});
    vec w = VEC(0.3, -0.2);
    size_t used = arena.used;
    long double a = expl(0.1L), b = expl(0.9L);
    assert_near(mar_step(logistic_loss, Z, 0.5, &arena, w), (log1pl(a) + log1pl(b)) / 2,
                1e-15);
    long double p = a / (1 + a) / 4, q = b / (1 + b) / 4;
    assert_near(w.at[0], 0.3L + p - q, 1e-15);
    assert_near(w.at[1], -0.2L + 2 * p + 3 * q, 1e-15);
    w.at[0] = 0.3, w.at[1] = -0.2;
    mar_step(exponential_loss, Z, 2, &arena, w);
    assert_near(w.at[0], 0.3L + 2 * (a - b) / (a + b), 1e-15);
    assert_near(w.at[1], -0.2L + 2 * (2 * a + 3 * b) / (a + b), 1e-15);
    ck_assert_uint_eq(arena.used, used);
    arena_free(&arena);
}
END_TEST

/* A point on the plane counts as wrong; mistakes in the order of the rows. */
START_TEST(the_perceptron_moves_at_mistakes_alone)
{
    fresh();
    mat Z = rows_of(4, 2, (double[]){1, 0, 2, 1, -2, 1, 0, 1});
    vec w = VEC(0, 0);
    ck_assert_int_eq(mar_perceptron(Z, w), 2); /* the first and the third */
    assert_entries(w, (double[]){-1, 1}, 0);
    ck_assert_int_eq(mar_perceptron(Z, w), 1); /* the first */
    assert_entries(w, (double[]){0, 1}, 0);
    ck_assert_int_eq(mar_perceptron(Z, w), 2); /* the first, on the plane; the third */
    assert_entries(w, (double[]){-1, 2}, 0);
    ck_assert_int_eq(mar_perceptron(arena_mat(&arena, 1, 2), w), 1);
    arena_free(&arena);
}
END_TEST

/* theta = (1, 2), g = (3, 5), u = 2, degree 3: 34/2 - 3 13/5. */
START_TEST(the_growth_is_its_formula)
{
    fresh();
    assert_near(mar_growth(2, 3, VEC(1, 2), VEC(3, 5)), 17 - 7.8L, 1e-14);
    arena_free(&arena);
}
END_TEST

/* ---- Any unit, any number of points ---------------------------------------------- */

/* Far out one of the exponentials is all of their sum, and near 0 all of them are 1. */
START_TEST(no_length_of_w_is_too_large_or_too_small)
{
    fresh();
    mat Z = rows_of(3, 3, (double[]){1, 1, 2, -1, 3, -4, 1, 0.5, -6});
    const double units[] = {ldexp(1, -FAR), 1, ldexp(1, FAR)};
    for (int k = 0; k < 3; k++) {
        vec w = VEC(2, 3, -4);
        scale(units[k], w);
        assert_near(mar_margin(Z, w), -3 / sqrt(29), 1e-15);
        assert_near(mar_planar(Z, w), -3 / 5.0, 1e-15);
        double smooth = mar_smooth(Z, w, &arena);
        if (units[k] > 1)
            assert_near(smooth, -3 / sqrt(29), 1e-15);
        if (units[k] < 1)
            assert_near(smooth * norm(w), -logl(3), 1e-15);
    }
    arena_free(&arena);
}
END_TEST

/* From one number on, and more than in a block: of the point (1, ..., d) on the other
 * side. */
START_TEST(points_of_any_number_of_numbers)
{
    static const int dimensions[] = {1, 2, 64, 65, 130};
    fresh();
    for (int k = 0; k < 5; k++) {
        int d = dimensions[k];
        mat X = arena_mat(&arena, 1, d), Z = arena_mat(&arena, 1, d + 1);
        vec w = arena_vec(&arena, d + 1);
        for (int j = 0; j < d; j++)
            X.at[j] = j + 1;
        mar_lift(X, VEC(-1), Z);
        for (int j = 0; j <= d; j++)
            ck_assert_double_eq(Z.at[j], j == 0 ? -1 : -j);
        w.at[0] = 7;
        w.at[d] = -5;
        ck_assert_double_eq(mar_least(Z, w), 5 * d - 7);
        assert_near(mar_planar(Z, w), (5 * d - 7) / 5.0, 4e-16 * d);
        assert_near(mar_margin(Z, w), (5 * d - 7) / sqrt(74), 1e-15 * d);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(the_field_is_moderate_where_t_is_not)
{
    fresh();
    static const double tau[] = {-800, 800};
    for (int k = 0; k < 2; k++) {
        struct mar_flow flow = {rows_of(1, 1, (double[]){2}), VEC(NAN)};
        vec dw = VEC(NAN);
        mar_field(&flow, tau[k], VEC(tau[k] / 2), dw); /* e^tau e^-m = 1 */
        ck_assert(flow.l.at[0] == 1 && dw.at[0] == 2);
    }
    arena_free(&arena);
}
END_TEST

/* n points at 1 but for one at -1, and w = 1/2.  A sum of n terms. */
static void check_one_of(int n, int at)
{
    arena.used = 0;
    mat X = arena_mat(&arena, n, 1), lifted = arena_mat(&arena, n, 2);
    vec y = arena_vec(&arena, n), a = arena_vec(&arena, n), w = VEC(0.5), dw = VEC(NAN);
    fill(1, y);
    y.at[at] = -1;
    copy(y, entries(X));
    long double good = (n - 1) * expl(-0.5L), bad = expl(0.5L), L = good + bad;
    double limit = 4 * n * DBL_EPSILON;
    ck_assert_double_eq(mar_least(X, w), -0.5);
    assert_near(mar_log_loss(X, w, &arena, a), logl(L), limit);
    assert_near(a.at[at], bad / L, limit);
    assert_near(mar_smooth(X, w, &arena), -2 * logl(L), 2 * limit);
    struct mar_flow flow = {X, arena_vec(&arena, n)};
    mar_field(&flow, 0, w, dw);
    assert_near(dw.at[0], good - bad, n * limit);
    mar_step(exponential_loss, X, 2, &arena, w);
    assert_near(w.at[0], 0.5L + 2 * (good - bad) / L, limit);
    w.at[0] = 0.5; /* goes to -1/2, and back at the next point, if there is one */
    ck_assert_int_eq(mar_perceptron(X, w), at < n - 1 ? 2 : 1);
    ck_assert_double_eq(w.at[0], at < n - 1 ? 0.5 : -0.5);
    fill(3, entries(X));
    mar_lift(X, y, lifted);
    for (int i = 0; i < n; i++)
        ck_assert(row(lifted, i).at[0] == y.at[i] &&
                  row(lifted, i).at[1] == 3 * y.at[i]);
}

START_TEST(each_of_any_number_of_points_counts)
{
    static const int numbers[] = {1, 2, 64, 65, 130};
    arena = arena_make(1 << 16);
    for (int i = 0; i < 5; i++)
        for (int at = 0; at < numbers[i]; at++)
            check_one_of(numbers[i], at);
    arena_free(&arena);
}
END_TEST

/* The unit vectors: all of them are needed, at 1/d each, and the margin is 1/sqrt d. */
START_TEST(a_hull_may_need_all_of_its_points)
{
    static const int dimensions[] = {1, 2, 17, 70};
    arena = arena_make(1 << 20);
    for (int i = 0; i < 4; i++, arena.used = 0) {
        int d = dimensions[i];
        mat Z = arena_mat(&arena, d, d);
        for (int j = 0; j < d; j++)
            row(Z, j).at[j] = 1;
        struct separation s = mar_separation_make(&arena, d, d);
        ck_assert(mar_solve(Z, &arena, &s) == MAR_SEPARABLE);
        ck_assert(s.low <= 1 / sqrt(d) && 1 / sqrt(d) <= s.high);
        /* What mar_certify adds outside, twice, and as much for the QR. */
        ck_assert_double_le(s.high - s.low, 4 * (3 * d + 8) * REAL_EPSILON);
        for (int j = 0; j < d; j++)
            assert_near(s.p.at[j], 1.0 / d, 4 * (3 * d + 8) * DBL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run(
        "margin",
        (const TTest *[]){sets_are_told_or_left_open,
                          more_sets_are_told_or_left_open,
                          still_more_sets_are_told_or_left_open,
                          ten_thousand_sets_are_told_or_left_open,
                          the_nearest_point_of_a_segment,
                          one_point_one_column_and_a_point_at_zero,
                          the_scratch_is_given_back_and_what_is_not_finite_told_of,
                          the_certificate_judges_any_e_and_p,
                          every_point_counts_against_a_separator,
                          the_certificate_adds_rounding_in_the_units_of_the_points,
                          too_few_points_prove_nothing,
                          shapes_that_do_not_fit_stop,
                          margins_are_their_definitions,
                          the_log_loss_is_that_of_the_sum,
                          the_bound_is_its_formula_at_both_ends,
                          the_field_is_the_flow_in_logarithmic_time,
                          steps_are_those_of_their_loss,
                          the_perceptron_moves_at_mistakes_alone,
                          the_growth_is_its_formula,
                          no_length_of_w_is_too_large_or_too_small,
                          the_field_is_moderate_where_t_is_not,
                          each_of_any_number_of_points_counts,
                          a_hull_may_need_all_of_its_points,
                          points_of_any_number_of_numbers,
                          NULL});
}
