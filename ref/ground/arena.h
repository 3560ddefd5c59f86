/* arena.h -- scratch memory that is passed in, and the stop for a caller's mistake.
 *
 * An arena hands out pieces of one block, one behind the other.  Nothing is freed
 * piece by piece: a function that takes scratch notes where it began and puts the
 * mark back when it leaves.
 *
 *     size_t mark = arena->used;
 *     real *at = arena_take(arena, n);
 *     ...
 *     arena->used = mark;
 *
 * The invariant: used <= size, and every piece lies wholly below used. */
#ifndef REF_ARENA_H
#define REF_ARENA_H

#include "ground/real.h"

#include <stddef.h>
#include <stdint.h>

struct arena {
    char *base;  /* size bytes, aligned for any vector unit */
    size_t size; /* bytes in all                            */
    size_t used; /* bytes handed out                        */
};

struct arena arena_make(size_t size);
void arena_free(struct arena *arena);
void *arena_bytes(struct arena *arena, size_t count);
real *arena_room(struct arena *arena, size_t count);
real *arena_take(struct arena *arena, size_t count);
int *arena_ints(struct arena *arena, size_t count);

/* Stops with "FUNCTION: MESSAGE" unless the condition holds. */
#define REQUIRE(condition, ...)                                                        \
    ((condition) ? (void)0 : require_failed(__func__, __VA_ARGS__))

_Noreturn void require_failed(const char *function, const char *message, ...)
    __attribute__((format(printf, 2, 3)));

/* a b and a + b for sizes, ints >= 0: how many, as an int, or the stop of REQUIRE. */
#define SIZE_PRODUCT(a, b) size_counted(__func__, #a " * " #b, (int64_t)(a) * (b))
#define SIZE_SUM(a, b)     size_counted(__func__, #a " + " #b, (int64_t)(a) + (b))

int size_counted(const char *function, const char *what, int64_t size);

#endif
