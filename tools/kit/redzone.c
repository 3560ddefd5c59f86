/* redzone.c -- sees an index one too far.
 *
 * Linked with --wrap for arena_make, _take, _room, _ints and _free, each piece
 * of an arena has a zone behind it that nobody may write.  It holds signalling NaNs:
 * one that is read spoils what is computed, and one that was computed with is a quiet
 * one when it comes back, so that w[n] -= ... is seen too.  A zone is looked at when
 * its place is handed out again, and when the arena is given back. */
#include "ground/arena.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct arena __real_arena_make(size_t size);
void *__real_arena_bytes(struct arena *arena, size_t count);
real *__real_arena_take(struct arena *arena, size_t count);
real *__real_arena_room(struct arena *arena, size_t count);
int *__real_arena_ints(struct arena *arena, size_t count);
void __real_arena_free(struct arena *arena);
struct arena __wrap_arena_make(size_t size);
void *__wrap_arena_bytes(struct arena *arena, size_t count);
real *__wrap_arena_take(struct arena *arena, size_t count);
real *__wrap_arena_room(struct arena *arena, size_t count);
int *__wrap_arena_ints(struct arena *arena, size_t count);
void __wrap_arena_free(struct arena *arena);
size_t redzone_reach(const void *at);

enum { ZONE = 64, SMALL = 16 << 20 };

struct zone {
    uint32_t *from, *to;
    const char *piece; /* before it, of so many entries */
    size_t count;
};

/* As they were laid: of one arena, the higher the later. */
static struct zone *zones;
static size_t laid, room;

/* The halves of a signalling NaN, by where they stand. */
static uint32_t mark_at(const uint32_t *word)
{
    return (uintptr_t)word / sizeof *word % 2 ? 0x7ff45eedU : 0x5eed5eedU;
}

static void must_be_whole(const struct zone *zone)
{
    for (const uint32_t *word = zone->from; word < zone->to; word++)
        if (*word != mark_at(word))
            require_failed("bounds", "entry %zu was written, of an array of %zu",
                           zone->count + (size_t)(word - zone->from) / 2, zone->count);
}

/* Looks at the zones of an arena from an address on, and takes them up. */
static void take_up(const struct arena *arena, const char *begin)
{
    size_t kept = laid;
    for (size_t i = laid; i-- > 0;) {
        const char *at = (const char *)zones[i].from;
        bool is_here = at >= arena->base && at <= arena->base + arena->size;
        if (is_here && at < begin)
            break;
        if (!is_here)
            continue;
        must_be_whole(&zones[i]);
        kept--;
        for (size_t next = i; next < kept; next++)
            zones[next] = zones[next + 1];
    }
    laid = kept;
}

static void lay(struct zone zone)
{
    if (laid == room) {
        room = room == 0 ? 1024 : 2 * room;
        zones = realloc(zones, room * sizeof *zones);
        REQUIRE(zones != NULL, "no memory for %zu zones", room);
    }
    for (uint32_t *word = zone.from; word < zone.to; word++)
        *word = mark_at(word);
    zones[laid++] = zone;
}

/* Twice as large where it may be just as large as it has to be. */
struct arena __wrap_arena_make(size_t size)
{
    return __real_arena_make(size < SMALL ? 2 * size + ZONE : size);
}

/* Nobody gives back an arena that a caller has on the stack, above all other memory. */
static bool is_given_back(const struct arena *arena)
{
    return arena->base < (const char *)__builtin_frame_address(0);
}

/* The zones of what was there before are gone: what lies behind `used` is free. */
static void reclaim(struct arena *arena) { take_up(arena, arena->base + arena->used); }

/* Lays a zone behind a piece of count entries, which fill so many bytes. */
static void *hemmed(struct arena *arena, void *piece, size_t count, size_t bytes)
{
    if (is_given_back(arena) && arena->size - arena->used >= ZONE) {
        char *end = (char *)piece + bytes;
        arena->used += ZONE;
        lay((struct zone){(void *)end, (void *)(arena->base + arena->used), piece,
                          count});
    }
    return piece;
}

/* What was there before is nobody's to read: not a byte of it is 0. */
void *__wrap_arena_bytes(struct arena *arena, size_t count)
{
    reclaim(arena);
    void *piece = memset(__real_arena_bytes(arena, count), 0xff, count);
    return hemmed(arena, piece, count, (count + 3) / 4 * 4); /* whole marks */
}

real *__wrap_arena_take(struct arena *arena, size_t count)
{
    reclaim(arena);
    real *piece = __real_arena_take(arena, count);
    return hemmed(arena, piece, count, count * sizeof *piece);
}

real *__wrap_arena_room(struct arena *arena, size_t count)
{
    reclaim(arena);
    real *piece = __real_arena_room(arena, count);
    for (size_t i = 0; i < count; i++)
        piece[i] = NAN;
    return hemmed(arena, piece, count, count * sizeof *piece);
}

int *__wrap_arena_ints(struct arena *arena, size_t count)
{
    reclaim(arena);
    int *piece = __real_arena_ints(arena, count);
    return hemmed(arena, piece, count, count * sizeof *piece);
}

/* How many bytes there are to the end of the piece in which an address lies, 0 if it
 * lies in none: for the fence of a bare pointer. */
size_t redzone_reach(const void *at)
{
    const char *from = at;
    for (size_t i = laid; i-- > 0;)
        if (from >= zones[i].piece && from < (const char *)zones[i].from)
            return (size_t)((const char *)zones[i].from - from);
    return 0;
}

void __wrap_arena_free(struct arena *arena)
{
    take_up(arena, arena->base);
    __real_arena_free(arena);
}
