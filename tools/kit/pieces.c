/* pieces.c -- how far a bare pointer reaches, where redzone.c may not lay its zones.
 *
 * Linked with --wrap for arena_bytes, arena_take, arena_room and arena_ints. */
#include "ground/arena.h"

#include <math.h>
#include <string.h>

void *__real_arena_bytes(struct arena *arena, size_t count);
real *__real_arena_take(struct arena *arena, size_t count);
real *__real_arena_room(struct arena *arena, size_t count);
int *__real_arena_ints(struct arena *arena, size_t count);
void *__wrap_arena_bytes(struct arena *arena, size_t count);
real *__wrap_arena_take(struct arena *arena, size_t count);
real *__wrap_arena_room(struct arena *arena, size_t count);
int *__wrap_arena_ints(struct arena *arena, size_t count);
size_t redzone_reach(const void *at);

enum { PIECES = 1 << 16 };

static struct piece {
    const char *from, *upto;
} pieces[PIECES];
static int taken;

/* What the arena had handed out from there on is gone. */
static void remember(const void *at, size_t bytes)
{
    const char *from = at;
    while (taken > 0 && pieces[taken - 1].upto > from &&
           pieces[taken - 1].from < from + bytes)
        taken--;
    if (taken < PIECES)
        pieces[taken++] = (struct piece){from, from + bytes};
}

/* What was there before is nobody's to read: not a byte of it is 0. */
void *__wrap_arena_bytes(struct arena *arena, size_t count)
{
    void *piece = memset(__real_arena_bytes(arena, count), 0xff, count);
    remember(piece, count);
    return piece;
}

real *__wrap_arena_take(struct arena *arena, size_t count)
{
    real *piece = __real_arena_take(arena, count);
    remember(piece, count * sizeof *piece);
    return piece;
}

real *__wrap_arena_room(struct arena *arena, size_t count)
{
    real *piece = __real_arena_room(arena, count);
    remember(piece, count * sizeof *piece);
    for (size_t i = 0; i < count; i++)
        piece[i] = NAN;
    return piece;
}

int *__wrap_arena_ints(struct arena *arena, size_t count)
{
    int *piece = __real_arena_ints(arena, count);
    remember(piece, count * sizeof *piece);
    return piece;
}

size_t redzone_reach(const void *at)
{
    const char *from = at;
    for (int i = taken - 1; i >= 0; i--)
        if (from >= pieces[i].from && from < pieces[i].upto)
            return (size_t)(pieces[i].upto - from);
    return 0;
}
