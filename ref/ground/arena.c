#include "ground/arena.h"

#include <limits.h>
#include <stdlib.h>

enum { ALIGNMENT = 64 }; /* a cache line, and the widest vector register */

/* An arena of size bytes, rounded up to whole cache lines.  The system commits a page
 * only when it is touched, so a generous size costs nothing.  Stops when the system
 * has no address space left: no computation of this book can go on without it. */
struct arena arena_make(size_t size)
{
    REQUIRE(size <= SIZE_MAX - ALIGNMENT, "cannot hold %zu bytes", size);
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *base = aligned_alloc(ALIGNMENT, size);
    REQUIRE(base != NULL || size == 0, "no memory for %zu bytes", size);
    return (struct arena){base, size, 0};
}

/* Gives the block back.  Every piece of it is gone. */
void arena_free(struct arena *arena)
{
    free(arena->base);
    *arena = (struct arena){0};
}

/* count doubles, aligned to a cache line, which hold whatever was there before: for
 * what is overwritten before it is read.  Stops when the arena is full: how much
 * scratch a computation needs is known beforehand, so that is a mistake. */
double *arena_room(struct arena *arena, size_t count)
{
    size_t room = (arena->size - arena->used) / sizeof(double);
    REQUIRE(count <= room, "%zu doubles do not fit, the arena has room for %zu", count,
            room);
    double *piece = (double *)(void *)(arena->base + arena->used);
    size_t bytes = count * sizeof(double);
    /* size is a whole number of lines, so rounding up cannot pass it. */
    arena->used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return piece;
}

/* The same, all zero. */
double *arena_take(struct arena *arena, size_t count)
{
    double *piece = arena_room(arena, count);
    for (size_t i = 0; i < count; i++)
        piece[i] = 0;
    return piece;
}

/* As many ints, each at first 0, in the room of as many doubles, of which they fill a
 * half. */
int *arena_ints(struct arena *arena, size_t count)
{
    return (int *)arena_take(arena, count);
}

/* size, if an int counts so many; else stops in the name of the function that asked for
 * so many: an int that has overflowed is a size that nobody meant. */
int size_counted(const char *function, const char *what, int64_t size)
{
    if (size < 0 || size > INT_MAX)
        require_failed(function, "%s must be 0 to %d, got %lld", what, INT_MAX,
                       (long long)size);
    return (int)size;
}
