/* The contract of bisect.h: neighbours are left, in either direction and at any scale.
 */
#include "ground/bisect.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static double from_root(const void *root, double x)
{
    return x - *(const double *)root;
}

static double falling(const void *root, double x) { return *(const double *)root - x; }

START_TEST(the_root_itself_is_found)
{
    static const double roots[] = {0.3, 1, -2.5, 1e160, -1e-160, DBL_MAX / 3, 5e-324};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        ck_assert_double_eq(bisect(from_root, &roots[i], -DBL_MAX, DBL_MAX), roots[i]);
        ck_assert_double_eq(bisect(falling, &roots[i], DBL_MAX, -DBL_MAX), roots[i]);
    }
}
END_TEST

static double square_less_2(const void *unused, double x)
{
    (void)unused;
    return x * x - 2;
}

START_TEST(a_root_between_doubles_has_it_below)
{
    double x = bisect(square_less_2, NULL, 0, 2);
    ck_assert(x * x >= 2 && nextafter(x, 0) * nextafter(x, 0) < 2);
    x = bisect(square_less_2, NULL, 0, -2);
    ck_assert(x * x >= 2 && nextafter(x, 0) * nextafter(x, 0) < 2);
}
END_TEST

START_TEST(without_a_root_an_end_is_left)
{
    double below = -1, above = 7;
    ck_assert_double_eq(bisect(from_root, &above, 0, 2), 2);
    ck_assert_double_eq(bisect(from_root, &below, 0, 2), 5e-324);
    ck_assert_double_eq(bisect(from_root, &below, 3, 3), 3);
}
END_TEST

START_TEST(mistakes_stop)
{
    double root = 1, nan = NAN;
    ck_assert_stops("got nan and 1", bisect(from_root, &root, NAN, 1));
    ck_assert_stops("got 0 and inf", bisect(from_root, &root, 0, INFINITY));
    ck_assert_stops("the function is NaN at 1", bisect(from_root, &nan, 0, 2));
}
END_TEST

int main(void)
{
    return unit_run("bisect", (const TTest *[]){the_root_itself_is_found,
                                                a_root_between_doubles_has_it_below,
                                                without_a_root_an_end_is_left,
                                                mistakes_stop, NULL});
}
