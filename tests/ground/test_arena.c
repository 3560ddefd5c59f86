/* The contract of arena.h: pieces of one block, zeroed, aligned, no more than fit. */
#include "ground/unit.h"

#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LINE = 64, PER_LINE = LINE / sizeof(real) }; /* bytes and numbers of a line */

START_TEST(size_is_rounded_up_to_lines)
{
    static const size_t asked[] = {0, 1, 63, 64, 65, 1000};
    static const size_t given[] = {0, 64, 64, 64, 128, 1024};
    for (int i = 0; i < 6; i++) {
        struct arena arena = arena_make(asked[i]);
        ck_assert_uint_eq(arena.size, given[i]);
        ck_assert_uint_eq(arena.used, 0);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(pieces_are_aligned_and_apart)
{
    struct arena arena = arena_make(10 * LINE);
    ck_assert_uint_eq((uintptr_t)arena.base % LINE, 0);
    static const size_t counts[] = {1, 0, PER_LINE, PER_LINE + 1, 3};
    static const size_t offsets[] = {0, 1, 1, 2, 4}; /* in lines */
    for (int i = 0; i < 5; i++) {
        char *piece = (char *)arena_take(&arena, counts[i]);
        ck_assert_ptr_eq(piece, arena.base + offsets[i] * LINE);
    }
    ck_assert_uint_eq(arena.used, 5 * LINE);
    arena_free(&arena);
}
END_TEST

START_TEST(pieces_are_zero_also_when_used_again)
{
    struct arena arena = arena_make(3 * LINE);
    arena_take(&arena, PER_LINE);
    size_t mark = arena.used;
    real *piece = arena_take(&arena, PER_LINE + 1);
    for (int i = 0; i < 2 * PER_LINE; i++)
        piece[i] = i + 1;
    arena.used = mark;
    ck_assert_ptr_eq(arena_take(&arena, PER_LINE + 1), piece);
    for (int i = 0; i < PER_LINE + 1; i++)
        ck_assert_double_eq(piece[i], 0);
    for (int i = PER_LINE + 1; i < 2 * PER_LINE; i++)
        ck_assert_double_eq(piece[i], i + 1);
    arena_free(&arena);
}
END_TEST

START_TEST(room_is_left_as_it_was)
{
    struct arena arena = arena_make(2 * LINE);
    arena_take(&arena, 1);
    real *piece = arena_take(&arena, 8);
    for (int i = 0; i < 8; i++)
        piece[i] = i + 1;
    arena.used = LINE;
    ck_assert_ptr_eq(arena_room(&arena, 7), piece);
    for (int i = 0; i < 8; i++)
        ck_assert_double_eq(piece[i], i + 1);
    ck_assert_uint_eq(arena.used, 2 * LINE);
    arena_free(&arena);
}
END_TEST

START_TEST(ints_lie_as_numbers_do)
{
    struct arena arena = arena_make(2 * LINE);
    real *piece = arena_take(&arena, 9);
    for (int i = 0; i < 9; i++)
        piece[i] = NAN;
    arena.used = 0;
    int *ints = arena_ints(&arena, 9);
    ck_assert_ptr_eq((char *)ints, arena.base);
    for (int i = 0; i < 9; i++)
        ck_assert_int_eq(ints[i], 0);
    ck_assert_uint_eq(arena.used, LINE);
    arena_ints(&arena, 1);
    ck_assert_stops("4 bytes do not fit", arena_ints(&arena, 1));
    arena_free(&arena);
}
END_TEST

START_TEST(a_full_arena_stops)
{
    struct arena arena = arena_make(2 * LINE);
    ck_assert_stops("arena_bytes: 129 bytes do not fit, the arena has room for 128",
                    arena_bytes(&arena, 129));
    ck_assert_stops("do not fit, the arena has room for 128",
                    arena_take(&arena, 2 * LINE / sizeof(real) + 1));
    arena_take(&arena, 1);
    ck_assert_stops("do not fit, the arena has room for 64",
                    arena_take(&arena, LINE / sizeof(real) + 1));
    arena_take(&arena, LINE / sizeof(real));
    arena_take(&arena, 0);
    ck_assert_stops("do not fit, the arena has room for 0", arena_take(&arena, 1));
    ck_assert_stops("numbers fit into no memory",
                    arena_take(&arena, SIZE_MAX / sizeof(real) + 1));
    ck_assert_stops("ints fit into no memory",
                    arena_ints(&arena, SIZE_MAX / sizeof(int) + 1));
    arena_free(&arena);
}
END_TEST

START_TEST(a_block_that_no_machine_has_stops)
{
    ck_assert_stops("arena_make: cannot hold 18446744073709551552 bytes",
                    arena_make(SIZE_MAX - 63));
    /* AddressSanitizer adds lines of its own to an allocation that fails. */
#ifndef __SANITIZE_ADDRESS__
    ck_assert_stops("arena_make: no memory for 18446744073709551552 bytes",
                    arena_make(SIZE_MAX - 64));
#endif
}
END_TEST

START_TEST(a_freed_arena_has_no_room)
{
    struct arena arena = arena_make(LINE);
    arena_take(&arena, 8);
    arena_free(&arena);
    ck_assert_ptr_null(arena.base);
    ck_assert_uint_eq(arena.size, 0);
    ck_assert_uint_eq(arena.used, 0);
    ck_assert_stops("room for 0", arena_take(&arena, 1));
}
END_TEST

static rlim_t address_space(void)
{
    unsigned long pages = 0;
    FILE *statistics = fopen("/proc/self/statm", "r");
    ck_assert_int_eq(fscanf(statistics, "%lu", &pages), 1);
    fclose(statistics);
    return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Twenty blocks where there is room for one.  AddressSanitizer needs the room itself;
 * it reports a block that is not freed as a leak. */
START_TEST(a_freed_block_is_given_back)
{
    const size_t size = 32 << 20;
#ifndef __SANITIZE_ADDRESS__
    rlim_t limit = address_space() + 2 * size - 1;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &(struct rlimit){limit, limit}), 0);
    ck_assert_stops("no memory for 67108864 bytes", arena_make(2 * size));
#else
    ck_assert_uint_gt(address_space(), size);
#endif
    for (int i = 0; i < 20; i++) {
        struct arena arena = arena_make(size);
        arena_free(&arena);
    }
}
END_TEST

static int requirement(int holds)
{
    REQUIRE(holds, "holds is %d, %s", holds, "and more");
    return 1;
}

START_TEST(require_stops_only_what_does_not_hold)
{
    ck_assert_int_eq(requirement(1), 1);
    ck_assert_stops("requirement: holds is 0, and more\n", requirement(0));
}
END_TEST

static int area(int rows, int cols) { return SIZE_PRODUCT(rows, cols); }
static int both(int rows, int cols) { return SIZE_SUM(rows, cols); }

START_TEST(sizes_are_what_an_int_counts)
{
    ck_assert_int_eq(area(46340, 46340), 2147395600);
    ck_assert_int_eq(area(INT_MAX, 0), 0);
    ck_assert_int_eq(both(INT_MAX, 0), INT_MAX);
    ck_assert_stops("area: rows * cols must be 0 to 2147483647, got 2147488281\n",
                    area(46341, 46341));
    ck_assert_stops("area: rows * cols must be 0 to 2147483647, got 4294967296\n",
                    area(65536, 65536)); /* which is 0 modulo 2^32 */
    ck_assert_stops("area: rows * cols must be 0 to 2147483647, got -2\n", area(-1, 2));
    ck_assert_stops("both: rows + cols must be 0 to 2147483647, got 2147483648\n",
                    both(INT_MAX, 1));
}
END_TEST

int main(void)
{
    return unit_run("arena", (const TTest *[]){
                                 size_is_rounded_up_to_lines,
                                 pieces_are_aligned_and_apart,
                                 pieces_are_zero_also_when_used_again,
                                 room_is_left_as_it_was,
                                 ints_lie_as_numbers_do,
                                 a_full_arena_stops,
                                 a_block_that_no_machine_has_stops,
                                 a_freed_arena_has_no_room,
                                 a_freed_block_is_given_back,
                                 require_stops_only_what_does_not_hold,
                                 sizes_are_what_an_int_counts,
                                 NULL,
                             });
}
