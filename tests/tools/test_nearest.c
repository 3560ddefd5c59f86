/* The contract of nearest.h. */
#include "ground/unit.h"
#include "nearest.h"

#include <stdlib.h>
#include <string.h>

START_TEST(distances_known_by_hand)
{
    static const struct {
        const char *a, *b;
        int distance;
    } pairs[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"abc", "abc", 0},
        {"abc", "abd", 1},
        {"abc", "ab", 1},
        {"ab", "ba", 2},
        {"kitten", "sitting", 3},
        {"gd_rate", "gd_best_rate", 5},
        {"abc", "xyz", 3},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ck_assert_int_eq(edit_distance(pairs[i].a, pairs[i].b), pairs[i].distance);
        ck_assert_int_eq(edit_distance(pairs[i].b, pairs[i].a), pairs[i].distance);
    }
}
END_TEST

START_TEST(letters_beyond_the_hundredth_are_ignored)
{
    char a[301], b[301];
    memset(a, 'x', 300);
    memset(b, 'x', 300);
    a[300] = b[200] = '\0';
    ck_assert_int_eq(edit_distance(a, b), 0);
    ck_assert_int_eq(edit_distance(a, ""), 100);
    ck_assert_int_eq(edit_distance("", a), 100);
}
END_TEST

/* say_nearest among three names and one that is far off, as one line and then SIGABRT,
 * so that ck_assert_stops can read it. */
static void say_and_stop(const char *name, int count)
{
    static const char *const names[] = {"gd_rate", "gd_frozen", "gd_drift", "momentum"};
    say_nearest("claim", name, names, count);
    abort();
}

START_TEST(the_three_nearest_are_named_nearest_first)
{
    ck_assert_stops(
        "check: no claim gd_drif; the nearest: gd_drift, gd_rate, gd_frozen\n",
        say_and_stop("gd_drif", 4));
    ck_assert_stops("check: no claim x; the nearest: gd_rate\n", say_and_stop("x", 1));
    ck_assert_stops("check: no claim x; the nearest:\n", say_and_stop("x", 0));
}
END_TEST

int main(void)
{
    return unit_run("nearest", (const TTest *[]){
                                   distances_known_by_hand,
                                   letters_beyond_the_hundredth_are_ignored,
                                   the_three_nearest_are_named_nearest_first,
                                   NULL,
                               });
}
