/* The contract of ball.h: the true answer lies in every ball, findings are proved of
 * all its numbers, and what cannot be told is neither so nor not. */
#include "ground/ball.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static struct balls balls;

static void assert_ends(ball x, double low, double high, double slack)
{
    ck_assert_msg(ball_low(x) <= low && ball_high(x) >= high, "%.17g, %.17g: %g, %g",
                  ball_low(x), ball_high(x), low, high);
    ck_assert_double_ge(ball_low(x), low - slack);
    ck_assert_double_le(ball_high(x), high + slack);
}

START_TEST(operations_hold_what_they_should)
{
    balls = balls_make(100, 64);
    ball x = ball_between(&balls, 1, 2), y = ball_between(&balls, -1, 3);
    assert_ends(x, 1, 2, 1e-8);
    assert_ends(ball_number(&balls, 0.1), 0.1, 0.1, 0);
    assert_ends(ball_add(x, y), 0, 5, 1e-8);
    assert_ends(ball_sub(x, y), -2, 3, 1e-8);
    assert_ends(ball_mul(x, y), -2, 6, 1.1); /* by midpoint and radius */
    assert_ends(ball_div(y, x), -1, 3, 2.1);
    assert_ends(ball_plus(x, 0.5), 1.5, 2.5, 1e-8);
    assert_ends(ball_times(-2, x), -4, -2, 1e-8);
    assert_ends(ball_neg(x), -2, -1, 1e-8);
    assert_ends(ball_abs(ball_neg(x)), 1, 2, 1e-8);
    assert_ends(ball_abs(y), 0, 3, 1e-8);
    assert_ends(ball_expm1(x), expm1(1), expm1(2), 1e-6);
    assert_ends(ball_polynomial(2, (int[]){3, -1, 2}, ball_number(&balls, 2)), 12, 12,
                0);
    balls_free(&balls);
}
END_TEST

START_TEST(functions_hold_what_they_should)
{
    balls = balls_make(100, 64);
    ball x = ball_between(&balls, 0.5, 0.75);
    assert_ends(ball_sqrt(x), sqrt(0.5), sqrt(0.75), 0.01);
    assert_ends(ball_exp(x), exp(0.5), exp(0.75), 0.05);
    assert_ends(ball_log(x), log(0.5), log(0.75), 0.05);
    assert_ends(ball_tanh(x), tanh(0.5), tanh(0.75), 0.05);
    assert_ends(ball_sin(x), sin(0.5), sin(0.75), 0.05);
    assert_ends(ball_cos(x), cos(0.75), cos(0.5), 0.05);
    assert_ends(ball_acos(x), acos(0.75), acos(0.5), 0.05);
    assert_ends(ball_atan(x), atan(0.5), atan(0.75), 0.05);
    ball y = ball_between(&balls, -0.5, 1);
    assert_ends(ball_square(y), 0, 1, 1e-8); /* y y reaches down to -1/2 */
    assert_ends(ball_power(y, 2), 0, 1, 1e-8);
    assert_ends(ball_power(ball_number(&balls, -2), 3), -8, -8, 0);
    assert_ends(ball_power(y, 0), 1, 1, 0);
    balls_free(&balls);
}
END_TEST

START_TEST(constants_that_are_no_doubles_are_enclosed)
{
    balls = balls_make(20, 100);
    ball third = ball_ratio(&balls, -1, 3), tenth = ball_decimal(&balls, "0.1");
    ball minus_one = ball_times(3, third), one = ball_times(10, tenth);
    ck_assert(ball_distance(minus_one, -1) == 0 && ball_distance(one, 1) == 0);
    ck_assert(!arb_contains(third.at, ball_number(&balls, -1.0 / 3).at));
    ck_assert(!arb_contains(tenth.at, ball_number(&balls, 0.1).at));
    assert_near(ball_near(ball_pi(&balls)), 3.14159265358979323846L, 0x1p-51);
    ck_assert_double_gt(ball_distance(ball_sin(ball_pi(&balls)), 1e-20), 0);
    balls_free(&balls);
}
END_TEST

START_TEST(a_middle_is_exact)
{
    balls = balls_make(10, 64);
    ball x = ball_ratio(&balls, 1, 3), c = ball_middle(x);
    ck_assert(!arb_is_exact(x.at) && arb_is_exact(c.at) && arb_contains(x.at, c.at));
    ck_assert_double_eq(ball_near(ball_between(&balls, 1, 2)), 1.5);
    balls_free(&balls);
}
END_TEST

START_TEST(a_join_holds_both)
{
    balls = balls_make(10, 64);
    ball x = ball_between(&balls, 1, 2);
    ball_join(x, ball_number(&balls, 5));
    assert_ends(x, 1, 5, 1e-7);
    double before = ball_high(x);
    ball_join(x, ball_number(&balls, 3));
    ck_assert_double_eq(ball_high(x), before);
    balls_free(&balls);
}
END_TEST

/* x^2 + 1 */
static int parabola(acb_ptr value, const acb_t z, void *what, slong order, slong bits)
{
    (void)what, (void)order;
    acb_mul(value, z, z, bits);
    acb_add_ui(value, value, 1, bits);
    return 0;
}

START_TEST(an_integral_is_enclosed)
{
    balls = balls_make(10, 64);
    ball twelve = ball_integral(&balls, parabola, NULL, 0, 3, 50);
    assert_ends(twelve, 12, 12, 1e-12);
    ck_assert_int_eq(balls.used, 1);
    balls_free(&balls);
}
END_TEST

START_TEST(findings_have_three_outcomes)
{
    balls = balls_make(10, 64);
    ball x = ball_between(&balls, 1, 2);
    struct finding all = ball_at_most(x, 2.5), some = ball_at_most(x, 1.5);
    struct finding none = ball_at_most(x, 0.5);
    ck_assert(all.holds && !all.fails && !some.holds && !some.fails);
    ck_assert(!none.holds && none.fails);
    ck_assert(all.measured >= 2 && none.measured <= 1 && isnan(some.margin));
    ck_assert(all.low <= 1 && all.high >= 2 && all.margin < 1 && none.margin > 1);
    all = ball_at_least(x, 0.5), some = ball_at_least(x, 1.5);
    none = ball_at_least(x, 2.5);
    ck_assert(all.holds && !all.fails && !some.holds && !some.fails);
    ck_assert(!none.holds && none.fails);
    ck_assert(all.measured <= 1 && none.measured >= 2 && isnan(some.margin));
    balls_free(&balls);
}
END_TEST

START_TEST(of_nothing_known_nothing_is_told)
{
    balls = balls_make(20, 64);
    ball zero = ball_between(&balls, -1, 1), one = ball_number(&balls, 1);
    ball unknown[] = {ball_div(one, zero), ball_number(&balls, NAN)};
    for (int i = 0; i < 2; i++) {
        struct finding most = ball_at_most(unknown[i], 1e300);
        struct finding least = ball_at_least(unknown[i], -1e300);
        ck_assert(!most.holds && !most.fails && !least.holds && !least.fails);
    }
    balls_free(&balls);
}
END_TEST

START_TEST(distances_are_from_outside)
{
    balls = balls_make(10, 64);
    ball x = ball_between(&balls, 1, 2);
    ck_assert_double_eq(ball_distance(x, 1.5), 0);
    ck_assert_double_eq_tol(ball_distance(x, 4), 2, 1e-8);
    ck_assert_double_eq_tol(ball_distance(x, -1), 2, 1e-8);
    ck_assert(isnan(ball_distance(x, NAN)));
    balls_free(&balls);
}
END_TEST

START_TEST(mistakes_stop)
{
    balls = balls_make(1, 64);
    ball x = ball_number(&balls, 1);
    ck_assert_stops("all 1 balls are in use", ball_neg(x));
    ck_assert_stops("no interval goes from 2 to 1", ball_between(&balls, 2, 1));
    ck_assert_stops("no interval goes from nan to 1", ball_between(&balls, NAN, 1));
    ck_assert_stops("there are no 0 balls", balls_make(0, 64));
    ck_assert_stops("1 / 0 is no ratio", ball_ratio(&balls, 1, 0));
    balls.used = 0;
    ck_assert_stops("\"3,4\" is no decimal", ball_decimal(&balls, "3,4"));
    ck_assert_stops("a power of -1", ball_power(x, -1));
    balls_free(&balls);
}
END_TEST

int main(void)
{
    return unit_run("ball",
                    (const TTest *[]){operations_hold_what_they_should,
                                      functions_hold_what_they_should,
                                      constants_that_are_no_doubles_are_enclosed,
                                      a_middle_is_exact, a_join_holds_both,
                                      an_integral_is_enclosed,
                                      findings_have_three_outcomes,
                                      of_nothing_known_nothing_is_told,
                                      distances_are_from_outside, mistakes_stop, NULL});
}
