/* The contract of sort.h: the order that comparisons give, for any numbers and also for
 * what is none, and no entry lost. */
#include "ground/sort.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { MOST = 1000, MANY = 512000 };

static int ascending(const void *a, const void *b)
{
    real x = *(const real *)a, y = *(const real *)b;
    return (x > y) - (x < y);
}

/* Numbers of every size: a normal one times a power of two. */
START_TEST(a_sort_is_that_by_comparisons)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("sort");
    int most = ilogb(REAL_MAX);
    vec x = arena_vec(&arena, MOST), y = arena_vec(&arena, MOST);
    for (int n = 0; n <= MOST; n = 3 * n / 2 + 1) {
        vec some = part(x, 0, n), same = part(y, 0, n);
        rng_normals(&rng, 0, 1, some);
        for (int i = 0; i < n; i++)
            some.at[i] = ldexp(some.at[i], rng_below(&rng, 2 * most) - most);
        copy(some, same);
        size_t mark = arena.used;
        ascend(some, &arena);
        ck_assert(arena.used == mark);
        qsort(same.at, (size_t)n, sizeof(real), ascending);
        ck_assert(n == 0 || memcmp(some.at, same.at, (size_t)n * sizeof(real)) == 0);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_no_number_goes_to_the_end)
{
    struct arena arena = arena_make(1 << 12);
    real in[] = {NAN, 1,        -INFINITY, copysign(NAN, -1), REAL_MAX,       0,
                 -1,  INFINITY, -REAL_MAX, REAL_TRUE_MIN,     -REAL_TRUE_MIN, 1};
    real out[] = {-INFINITY,     -REAL_MAX, -1, -REAL_TRUE_MIN, 0,
                  REAL_TRUE_MIN, 1,         1,  REAL_MAX,       INFINITY};
    int n = sizeof in / sizeof *in, numbers = sizeof out / sizeof *out;
    ascend((vec){n, in}, &arena);
    ck_assert_mem_eq(in, out, sizeof out);
    for (int i = numbers; i < n; i++)
        ck_assert(isnan(in[i]));
    arena_free(&arena);
}
END_TEST

/* The next larger number that can be stored. */
static real next_of(real x)
{
    return sizeof x == sizeof(double) ? nextafter(x, INFINITY)
                                      : nextafterf((float)x, INFINITY);
}

/* Neighbours among the reals, whose keys differ in the last bits alone, here and
 * there on the axis; and a word of any bits may be the one that decides. */
START_TEST(neighbours_are_told_apart)
{
    static const double from[] = {1, -1, 0, VAST, -TINY, REAL_MIN};
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("sort/neighbours");
    vec x = arena_vec(&arena, MOST), y = arena_vec(&arena, MOST);
    for (int k = 0; k < 6; k++) {
        real next = from[k];
        for (int i = 0; i < MOST; i++, next = next_of(next))
            y.at[i] = next;
        copy(y, x);
        for (int i = MOST - 1; i > 0; i--) {
            int j = rng_below(&rng, i + 1);
            double kept = x.at[i];
            x.at[i] = x.at[j];
            x.at[j] = kept;
        }
        ascend(x, &arena);
        assert_vec(x, y, 0);
    }
    for (double bit = 0.5; bit >= REAL_EPSILON; bit /= 2) {
        real more = 1 + bit, pair[100] = {[98] = more, 1}, back[100] = {-1, -more};
        real two[] = {more, 1};
        ascend((vec){2, two}, &arena);
        ck_assert(two[0] == 1 && two[1] > 1);
        ascend((vec){100, pair}, &arena);
        ascend((vec){100, back}, &arena);
        ck_assert(pair[98] == 1 && pair[99] > 1 && back[1] == -1 && back[0] < -1);
    }
    arena_free(&arena);
}
END_TEST

/* No entry is lost: not the sign of a 0 either, and each as often as it was. */
START_TEST(equal_entries_stay)
{
    struct arena arena = arena_make(1 << 12);
    real in[] = {0, 2, -0.0, 2, 0, -0.0, 0, 2}, negative = 0;
    ascend((vec){8, in}, &arena);
    for (int i = 0; i < 5; i++)
        negative += signbit(in[i]) != 0;
    ck_assert(negative == 2 && in[4] == 0 && in[5] == 2 && in[7] == 2);
    arena_free(&arena);
}
END_TEST

/* Of 2,000 normal numbers two digits leave some 20 to be inserted, and of 512,000 more
 * than their number. */
START_TEST(many_are_sorted_too)
{
    struct arena arena = arena_make(1 << 24);
    struct rng rng = unit_rng("sort/many");
    vec x = arena_vec(&arena, MANY), y = arena_vec(&arena, MANY);
    for (int n = 2000; n <= MANY; n *= 16) {
        vec some = part(x, 0, n), same = part(y, 0, n);
        rng_normals(&rng, 0, 1, some);
        copy(some, same);
        ascend(some, &arena);
        qsort(same.at, (size_t)n, sizeof(real), ascending);
        ck_assert(memcmp(some.at, same.at, (size_t)n * sizeof(real)) == 0);
    }
    arena_free(&arena);
}
END_TEST

/* Neighbours in descending order, which the leading digits do not tell apart: to insert
 * them would take 10^11 moves, of doubles, and of floats 5 10^8. */
START_TEST(many_neighbours_take_no_longer)
{
    struct arena arena = arena_make(1 << 24);
    vec x = arena_vec(&arena, MANY), y = arena_vec(&arena, MANY);
    real next = 1;
    for (int i = 0; i < MANY; i++, next = next_of(next))
        y.at[i] = x.at[MANY - 1 - i] = next;
    ascend(x, &arena);
    assert_vec(x, y, 0);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("sort", (const TTest *[]){a_sort_is_that_by_comparisons,
                                              what_is_no_number_goes_to_the_end,
                                              neighbours_are_told_apart,
                                              equal_entries_stay, many_are_sorted_too,
                                              many_neighbours_take_no_longer, NULL});
}
