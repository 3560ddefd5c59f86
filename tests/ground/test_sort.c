/* The contract of sort.h: the order that comparisons give, for any numbers and also for
 * what is none, and no entry lost. */
#include "ground/sort.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { MOST = 1000 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Numbers of every size: a normal one times a power of two. */
START_TEST(a_sort_is_that_by_comparisons)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("sort");
    vec x = arena_vec(&arena, MOST), y = arena_vec(&arena, MOST);
    for (int n = 0; n <= MOST; n = 3 * n / 2 + 1) {
        vec some = part(x, 0, n), same = part(y, 0, n);
        rng_normals(&rng, 0, 1, some);
        for (int i = 0; i < n; i++)
            some.at[i] = ldexp(some.at[i], (int)rng_below(&rng, 2000) - 1000);
        copy(some, same);
        size_t mark = arena.used;
        ascend(some, &arena);
        ck_assert(arena.used == mark);
        qsort(same.at, (size_t)n, sizeof(double), ascending);
        ck_assert(n == 0 || memcmp(some.at, same.at, (size_t)n * sizeof(double)) == 0);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_no_number_goes_to_the_end)
{
    struct arena arena = arena_make(1 << 12);
    double in[] = {NAN,      1,        -INFINITY, copysign(NAN, -1), DBL_MAX, 0, -1,
                   INFINITY, -DBL_MAX, 5e-324,    -5e-324,           1};
    double out[] = {-INFINITY, -DBL_MAX, -1, -5e-324, 0,
                    5e-324,    1,        1,  DBL_MAX, INFINITY};
    int n = sizeof in / sizeof *in, numbers = sizeof out / sizeof *out;
    ascend((vec){n, in}, &arena);
    ck_assert_mem_eq(in, out, sizeof out);
    for (int i = numbers; i < n; i++)
        ck_assert(isnan(in[i]));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("sort", (const TTest *[]){a_sort_is_that_by_comparisons,
                                              what_is_no_number_goes_to_the_end, NULL});
}
