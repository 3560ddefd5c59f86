#include "ground/arena.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

/* So many bytes, aligned to a cache line, which hold whatever was there before.  Stops
 * when the arena is full: how much scratch a computation needs is known beforehand, so
 * that is a mistake. */
void *arena_bytes(struct arena *arena, size_t count)
{
    REQUIRE(count <= arena->size - arena->used,
            "%zu bytes do not fit, the arena has room for %zu", count,
            arena->size - arena->used);
    void *piece = arena->base + arena->used;
    /* size is a whole number of lines, so rounding up cannot pass it. */
    arena->used += (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return piece;
}

/* count numbers: for what is overwritten before it is read. */
real *arena_room(struct arena *arena, size_t count)
{
    REQUIRE(count <= SIZE_MAX / sizeof(real), "%zu numbers fit into no memory", count);
    return arena_bytes(arena, count * sizeof(real));
}

/* The same, all zero. */
real *arena_take(struct arena *arena, size_t count)
{
    real *piece = arena_room(arena, count);
    for (size_t i = 0; i < count; i++)
        piece[i] = 0;
    return piece;
}

/* count ints, all zero. */
int *arena_ints(struct arena *arena, size_t count)
{
    REQUIRE(count <= SIZE_MAX / sizeof(int), "%zu ints fit into no memory", count);
    return memset(arena_bytes(arena, count * sizeof(int)), 0, count * sizeof(int));
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
