/* The contract of adaptive.h: Beale's function against its expansion in integers and in
 * long double, its derivatives against differences, and the box at its edges. */
#include "adaptive.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

static struct arena arena;

/* The same sum in long double, by powl. */
static long double beale_long(long double x, long double y)
{
    long double a = 1.5L - x + x * y, b = 2.25L - x + x * y * y;
    long double c = 2.625L - x + x * y * y * y;
    return a * a + b * b + c * c;
}

START_TEST(beale_at_points_that_are_known)
{
    arena = arena_make(1 << 12);
    ck_assert_double_eq(ada_beale(VEC(3, 0.5)), 0);
    ck_assert_double_eq(ada_beale(VEC(3, 0)), 2.953125);
    ck_assert_double_eq(ada_beale(VEC(0, 7)), 14.203125);
    ck_assert_double_eq(ada_beale(VEC(1, 1)), 14.203125);
    ck_assert_double_eq(ada_beale(VEC(2, -1)), 6.25 + 5.0625 + 1.375 * 1.375);
}
END_TEST

START_TEST(beale_and_its_derivatives_at_random_points)
{
    arena = arena_make(1 << 14);
    struct rng rng = unit_rng("adaptive/beale");
    vec w = VEC(0, 0), grad = VEC(NAN, NAN), ahead = VEC(0, 0), behind = VEC(0, 0);
    mat H = arena_mat(&arena, 2, 2);
    for (int trial = 0; trial < 100; trial++) {
        rng_uniforms(&rng, -4.5, 4.5, w);
        double h = 0x1p-10; /* of which w is made a multiple, so that steps are exact */
        for (int i = 0; i < 2; i++)
            w.at[i] = h * round(w.at[i] / h);
        double x = w.at[0], y = w.at[1];
        double value = ada_beale(w), size = 1 + value;
        assert_near(value, beale_long(x, y), 100 * DBL_EPSILON * size);
        ada_beale_gradient(NULL, w, grad);
        fill(NAN, entries(H));
        ada_beale_hessian(w, H);
        ck_assert_double_eq(H.at[1], H.at[2]);
        for (int i = 0; i < 2; i++) {
            /* Central differences in long double: h^2 / 6 of a third derivative, which
             * is below 1e6 in the square. */
            long double dx = i == 0 ? h : 0, dy = i == 1 ? h : 0;
            long double df = beale_long(x + dx, y + dy) - beale_long(x - dx, y - dy);
            assert_near(grad.at[i], df / (2 * h), 1e6 * h * h);
            /* Two gradients are sums of three terms, no larger than 552 |r_p|. */
            double noise = 1500 * REAL_EPSILON * sqrt(size) / h;
            w.at[i] += h, ada_beale_gradient(NULL, w, ahead);
            w.at[i] -= 2 * h, ada_beale_gradient(NULL, w, behind);
            w.at[i] += h;
            for (int j = 0; j < 2; j++)
                assert_near(row(H, i).at[j], (ahead.at[j] - behind.at[j]) / (2 * h),
                            1e6 * h * h + noise);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Exact, as all numbers are small integers over powers of two. */
START_TEST(beale_derivatives_that_are_known)
{
    arena = arena_make(1 << 12);
    vec grad = VEC(NAN, NAN);
    mat H = arena_mat(&arena, 2, 2);
    ada_beale_gradient(NULL, VEC(3, 0), grad);
    assert_entries(grad, (double[]){5.25, -9}, 0);
    ada_beale_gradient(NULL, VEC(0, 0), grad);
    assert_entries(grad, (double[]){-12.75, 0}, 0);
    ada_beale_gradient(NULL, VEC(3, 0.5), grad);
    assert_entries(grad, (double[]){0, 0}, 0);
    fill(NAN, entries(H));
    ada_beale_hessian(VEC(0, 0), H);
    assert_entries(entries(H), (double[]){6, 3, 3, 0}, 0);
    fill(NAN, entries(H));
    ada_beale_hessian(VEC(2, 1), H); /* dr = (0, 2 p), r = c_p */
    double cross = 2 * (1.5 + 2 * 2.25 + 3 * 2.625);
    double last = 2 * (4 + 16 + 36 + 2.25 * 4 + 2.625 * 12);
    assert_entries(entries(H), (double[]){0, cross, cross, last}, 0);
}
END_TEST

START_TEST(beale_far_away_and_where_nothing_is_a_number)
{
    arena = arena_make(1 << 12);
    vec grad = VEC(0, 0);
    mat H = arena_mat(&arena, 2, 2);
    ck_assert_double_nan(ada_beale(VEC(NAN, 0)));
    ck_assert_double_nan(ada_beale(VEC(0, NAN)));
    ada_beale_gradient(NULL, VEC(NAN, 1), grad);
    ck_assert(isnan(grad.at[0]) && isnan(grad.at[1]));
    ada_beale_gradient(NULL, VEC(1, NAN), grad);
    ck_assert(isnan(grad.at[0]) && isnan(grad.at[1]));
    ada_beale_hessian(VEC(NAN, 1), H);
    ck_assert(isnan(H.at[1]) && isnan(H.at[2]) && isnan(H.at[3]));
    vec far =
        VEC(VAST, 0); /* infinite for a double, and not for the square of a float */
    ck_assert_double_eq(ada_beale(far), 3. * far.at[0] * far.at[0]);
    ck_assert_double_eq(ada_beale(VEC(REAL_MIN / 4, 0)), 14.203125);
}
END_TEST

START_TEST(beale_has_two_variables)
{
    arena = arena_make(1 << 12);
    vec two = VEC(1, 2), three = VEC(1, 2, 3);
    mat H = arena_mat(&arena, 2, 2), wide = arena_mat(&arena, 2, 3);
    mat tall = arena_mat(&arena, 3, 2);
    ck_assert_stops("ada_beale: w must have 2 entries, got 3", ada_beale(three));
    ck_assert_stops("ada_beale: w must have 2 entries, got 0",
                    ada_beale((vec){0, NULL}));
    ck_assert_stops("ada_beale_gradient: w must have 2 entries, got 3",
                    ada_beale_gradient(NULL, three, three));
    ck_assert_stops("ada_beale_gradient: w has 2 entries, grad has 3",
                    ada_beale_gradient(NULL, two, three));
    ck_assert_stops("ada_beale_hessian: w must have 2 entries, got 3",
                    ada_beale_hessian(three, H));
    ck_assert_stops("ada_beale_hessian: H must be 2 x 2, got 2 x 3",
                    ada_beale_hessian(two, wide));
    ck_assert_stops("ada_beale_hessian: H must be 2 x 2, got 3 x 2",
                    ada_beale_hessian(two, tall));
}
END_TEST

START_TEST(what_is_in_the_box_stays)
{
    arena = arena_make(1 << 12);
    vec w = VEC(0, -0.0, 1, -1, 0.5, 1 - REAL_EPSILON / 2, REAL_MIN / 4);
    double before[7];
    for (int i = 0; i < 7; i++)
        before[i] = w.at[i];
    ada_project_box(1, w);
    assert_entries(w, before, 0);
}
END_TEST

START_TEST(what_is_outside_goes_to_the_wall)
{
    real at[] = {
        1 + REAL_EPSILON, -1 - REAL_EPSILON, VAST, -INFINITY, INFINITY, NAN, 9};
    ada_project_box(1, (vec){6, at});
    ck_assert(at[0] == 1 && at[1] == -1 && at[2] == 1 && at[3] == -1 && at[4] == 1);
    ck_assert(isnan(at[5]) && at[6] == 9);
    real point[] = {3, -3};
    ada_project_box(0, (vec){2, point});
    ck_assert(point[0] == 0 && point[1] == 0);
    ada_project_box(1, (vec){0, NULL});
    real many[300];
    for (int i = 0; i < 300; i++)
        many[i] = i - 150;
    ada_project_box(100.5, (vec){300, many});
    for (int i = 0; i < 300; i++)
        ck_assert_double_eq(many[i], fmax(-100.5, fmin(100.5, i - 150)));
}
END_TEST

/* A radius may be as small as a number can be, and as large. */
START_TEST(boxes_of_all_sizes)
{
    const double radii[] = {REAL_TRUE_MIN, REAL_MIN / 4, TINY, VAST, REAL_MAX};
    for (int k = 0; k < 5; k++) {
        real r = radii[k], at[] = {r, -r, r / 2, INFINITY, -INFINITY, 0};
        ada_project_box(r, (vec){6, at});
        ck_assert(at[0] == r && at[1] == -r && at[2] == r / 2);
        ck_assert(at[3] == r && at[4] == -r && at[5] == 0);
    }
}
END_TEST

START_TEST(a_box_has_a_radius)
{
    static const double radii[] = {-1, -DBL_TRUE_MIN, INFINITY, NAN};
    real at[] = {1};
    for (int i = 0; i < 4; i++)
        ck_assert_stops("ada_project_box: radius must be finite and not negative, got ",
                        ada_project_box(radii[i], (vec){1, at}));
}
END_TEST

/* Where one power of x or y is all that a real still sees, with exact factors. */
START_TEST(beale_and_its_derivatives_far_out)
{
    arena = arena_make(1 << 12);
    vec grad = VEC(NAN, NAN);
    mat H = arena_mat(&arena, 2, 2);
    static const double signs[] = {1, -1};
    for (int i = 0; i < 2; i++) {
        bool is_double = IS_DOUBLE;
        double x = ldexp(signs[i], is_double ? 500 : 60);
        double y = ldexp(signs[i], is_double ? 160 : 20);
        ck_assert_double_eq((real)ada_beale(VEC(x, 0)), 3 * x * x);
        ada_beale_gradient(NULL, VEC(x, 0), grad);
        assert_entries(grad, (double[]){6 * x, -2 * x * x}, 0);
        ada_beale_hessian(VEC(x, 0), H); /* 2 x^2 of p = 1, less 4 x^2 of p = 2 */
        assert_entries(entries(H), (double[]){6, -4 * x, -4 * x, -2 * x * x}, 0);
        ck_assert_double_eq((real)ada_beale(VEC(1, y)), pow(y, 6));
        ada_beale_gradient(NULL, VEC(1, y), grad);
        assert_entries(grad, (double[]){2 * pow(y, 6), 6 * pow(y, 5)}, 0);
        ada_beale_hessian(VEC(1, y), H); /* 2 (9 y^4 + 6 y^4) */
        double cross = 12 * pow(y, 5);
        assert_entries(entries(H),
                       (double[]){2 * pow(y, 6), cross, cross, 30 * pow(y, 4)}, 0);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(the_point_is_only_read)
{
    arena = arena_make(1 << 12);
    vec w = VEC(1.1, -0.7), grad = VEC(0, 0);
    struct unit_watch watched = WATCH(&arena, w);
    ada_beale(w);
    ada_beale_gradient(NULL, w, grad);
    ada_beale_hessian(w, arena_mat(&arena, 2, 2));
    assert_unchanged(&watched);
    arena_free(&arena);
}
END_TEST

/* However many coordinates there are, each of them goes to the wall. */
START_TEST(every_place_has_its_wall)
{
    real at[71];
    for (int n = 1; n <= 70; n++) {
        for (int i = 0; i <= n; i++)
            at[i] = i % 2 ? -9 : 9;
        ada_project_box(2, (vec){n, at});
        for (int i = 0; i < n; i++)
            ck_assert_double_eq(at[i], i % 2 ? -2 : 2);
        ck_assert_double_eq(fabs(at[n]), 9);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {beale_at_points_that_are_known,
                                  beale_and_its_derivatives_at_random_points,
                                  beale_derivatives_that_are_known,
                                  beale_far_away_and_where_nothing_is_a_number,
                                  beale_has_two_variables,
                                  what_is_in_the_box_stays,
                                  what_is_outside_goes_to_the_wall,
                                  a_box_has_a_radius,
                                  beale_and_its_derivatives_far_out,
                                  the_point_is_only_read,
                                  every_place_has_its_wall,
                                  boxes_of_all_sizes,
                                  NULL};
    return unit_run("adaptive", tests);
}
