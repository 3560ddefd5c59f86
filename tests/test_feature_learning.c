/* The contract of feature_learning.h. */
#include "feature_learning.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

START_TEST(soft_plus_is_softplus)
{
    double slope;
    assert_near(feat_soft_plus(20, 0, &slope), log(2) / 20, DBL_EPSILON);
    assert_near(slope, 0.5, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {soft_plus_is_softplus, NULL};
    return unit_run("feature_learning", tests);
}
