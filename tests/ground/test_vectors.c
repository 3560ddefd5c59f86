/* The contract of vectors.h: distances and angles as geometry has them, at any scale,
 * and a NaN is not forgotten. */
#include "ground/unit.h"
#include "ground/vectors.h"

#include <float.h>
#include <math.h>

static struct arena arena;

START_TEST(a_distance_is_the_root_of_squares)
{
    arena = arena_make(1 << 12);
    ck_assert_double_eq(distance(VEC(1, 2), VEC(4, -2)), 5);
    assert_near(distance(VEC(3 * VAST), VEC(-VAST)) / VAST, 4, 4 * DBL_EPSILON);
    assert_near(distance(VEC(3 * TINY, 0), VEC(0, 4 * TINY)) / TINY, 5, 5e-15);
    ck_assert_double_eq(distance((vec){0, NULL}, (vec){0, NULL}), 0);
    ck_assert(isnan(distance(VEC(1, NAN, 1), VEC(1, 1, 1))));
    ck_assert(isnan(distance(VEC(1, 1, 1), VEC(NAN, 1, 1))));
    arena_free(&arena);
}
END_TEST

/* At 1e-9 the cosine is 1 in doubles; of lengths nothing depends. */
START_TEST(an_angle_may_be_small_or_nearly_two_right_ones)
{
    arena = arena_make(1 << 12);
    double pi = acos(-1);
    ck_assert_double_eq(angle(VEC(2, 1), VEC(4, 2)), 0);
    ck_assert_double_eq_tol(angle(VEC(1, 0), VEC(0, TINY)), pi / 2, 1e-15);
    ck_assert_double_eq_tol(angle(VEC(1, 0), VEC(VAST, 1e-9 * VAST)) / 1e-9, 1, 1e-6);
    ck_assert_double_eq_tol(angle(VEC(1, 0), VEC(-1, 1e-9)), pi - 1e-9, 1e-15);
    ck_assert_double_eq_tol(angle(VEC(1, 2, 3), VEC(3, 1, 2)), acos(11.0 / 14), 1e-15);
    ck_assert(isnan(angle(VEC(1, NAN), VEC(1, 1))));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("vectors",
                    (const TTest *[]){a_distance_is_the_root_of_squares,
                                      an_angle_may_be_small_or_nearly_two_right_ones,
                                      NULL});
}
