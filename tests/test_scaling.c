/* The contract of scaling.h.  REPLACE: shapes, limits, bad input, each in a test
 * of its own that is named after the situation. */
#include "ground/unit.h"
#include "scaling.h"

#include <math.h>

START_TEST(step_scales_each_entry)
{
    double at[] = {1, -2, 0};
    scal_step(0.5, (vec){3, at});
    ck_assert_double_eq(at[0], 0.5);
    ck_assert_double_eq(at[1], -1);
    ck_assert_double_eq(at[2], 0);
}
END_TEST

START_TEST(rates_out_of_range_stop)
{
    static const double rates[] = {0, -1, 2, NAN, INFINITY};
    double at[] = {1};
    for (int i = 0; i < 5; i++)
        ck_assert_stops("alpha must be in (0, 2)", scal_step(rates[i], (vec){1, at}));
}
END_TEST

int main(void)
{
    return unit_run("scaling", (const TTest *[]){step_scales_each_entry,
                                                 rates_out_of_range_stop, NULL});
}
