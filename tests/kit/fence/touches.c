/* touches.c -- each way in which C touches memory, to be seen by the fence.
 *
 * Compiled as a submission is.  Each function touches what it is passed, in one way; the
 * program lends it that, or the memory beside it, and prints what became of it (by fprintf:
 * of printf, as a submission calls it, nothing is seen). */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct pair { double x, y; };
struct great { double b[70]; };
struct bits { unsigned a : 5, c : 9; };
union either { double number; long bits; };

static volatile int one = 1;
static double kept;

static struct great made(double x)
{
    struct great g;
    for (int i = 0; i < 70; i++)
        g.b[i] = x;
    return g;
}

static struct pair both(struct pair p) { return (struct pair){p.y, p.x}; }
static double first(struct great g) { return g.b[one]; }
static void put(double *x) { *x = 2; }

/* As fences.lua has a submission call what returns a struct. */
#define BY_VARIABLE(call) __extension__({__typeof__(call) returned = call; returned;})

#define WRITES(name, ...) static void name(char *p) { __VA_ARGS__; }
#define READS(name, type) static void name(char *p) { kept = (double)*(volatile type *)p; }

READS(read_char, char) READS(read_short, short) READS(read_int, int) READS(read_long, long)
READS(read_float, float) READS(read_double, double) READS(read_long_double, long double)
WRITES(write_char, *p = 1)
WRITES(write_short, *(short *)(void *)p = 1)
WRITES(write_int, *(int *)(void *)p = 1)
WRITES(write_double, *(double *)(void *)p = one)
WRITES(write_long_double, *(long double *)(void *)p = one)
WRITES(write_volatile, *(volatile double *)(void *)p = one)
WRITES(write_atomic, *(_Atomic long *)(void *)p = one)
WRITES(add_atomic, *(_Atomic long *)(void *)p += one)
WRITES(read_atomic, kept = *(_Atomic int *)(void *)p)
WRITES(atomic_flag, *(_Atomic _Bool *)(void *)p = one)
WRITES(write_bits, ((struct bits *)(void *)p)->c = (unsigned)one)
WRITES(read_bits, kept = ((struct bits *)(void *)p)->c)
WRITES(write_pair, *(struct pair *)(void *)p = (struct pair){one, 2})
WRITES(write_made, *(struct great *)(void *)p = BY_VARIABLE(made(one)))
WRITES(write_returned, *(struct pair *)(void *)p =
       BY_VARIABLE(both((struct pair){one, 2})))
WRITES(read_passed, kept = first(*(struct great *)(void *)p))
WRITES(copy_from, static struct great g; g = *(struct great *)(void *)p; kept = g.b[one])
WRITES(copy_to, static struct great g; *(struct great *)(void *)p = g)
WRITES(write_union, ((union either *)(void *)p)->bits = one)
WRITES(conditional, *(one ? (double *)(void *)p : &kept) = 1)
WRITES(by_function, put((double *)(void *)p))
WRITES(increment, ++*(int *)(void *)p)
WRITES(swap, double t = *(double *)(void *)p; *(double *)(void *)p = t + 1)
WRITES(loop_set, for (int i = 0; i < 100 * one; i++) p[i] = 0)
WRITES(loop_copy, static char b[100]; for (int i = 0; i < 100 * one; i++) b[i] = p[i];
       kept = b[one])
WRITES(loop_double, double *x = (void *)p; for (int i = 0; i < 64; i++) x[i] *= 2)
WRITES(loop_sum, double *x = (void *)p; for (int i = 0; i < 64; i++) kept += x[i])
WRITES(loop_strided, double *x = (void *)p; for (int i = 0; i < 64; i += 3) x[i] = i)
WRITES(first_of_two, double *x = (void *)p; x[0] = 1; x[1] = 2)
WRITES(memset_short, memset(p, one, 8))
WRITES(memset_long, memset(p, 0, 100u * (unsigned)one))
WRITES(memcpy_to, memcpy(p, &kept, 8))
WRITES(memcpy_from, memcpy(&kept, p, 8))
WRITES(memcpy_long, static char b[100]; memcpy(p, b, 100u * (unsigned)one))
WRITES(memmove_within, memmove(p, p + 8, 8))
WRITES(memcmp_short, kept = memcmp(p, "abcdefg", 4) == 0)
WRITES(memcmp_long, static char b[100]; kept = memcmp(p, b, 100u * (unsigned)one))
WRITES(strlen_of, p[0] = 0; kept = (double)strlen(p))
WRITES(frexp_to, kept = frexp(one, (int *)(void *)p))
WRITES(frexp_of_constant, kept = frexp(1024.0, (int *)(void *)p))
WRITES(modf_to, kept = modf(one, (double *)(void *)p))
WRITES(remquo_of_constant, kept = remquo(10, 3, (int *)(void *)p))

#define NAMES(op)                                                                      \
    op(read_char) op(read_short) op(read_int) op(read_long) op(read_float)             \
    op(read_double) op(read_long_double) op(write_char) op(write_short) op(write_int)  \
    op(write_double) op(write_long_double) op(write_volatile) op(write_atomic)         \
    op(add_atomic) op(read_atomic) op(atomic_flag) op(write_bits) op(read_bits)        \
    op(write_pair) op(write_made) op(write_returned) op(read_passed) op(copy_from)     \
    op(copy_to) op(write_union) op(conditional) op(by_function) op(increment) op(swap) \
    op(loop_set) op(loop_copy) op(loop_double) op(loop_sum) op(loop_strided)           \
    op(first_of_two) op(memset_short) op(memset_long) op(memcpy_to) op(memcpy_from)    \
    op(memcpy_long) op(memmove_within) op(memcmp_short) op(memcmp_long) op(strlen_of)  \
    op(frexp_to) op(frexp_of_constant) op(modf_to) op(remquo_of_constant)

#define WITHOUT_FENCE __attribute__((noinline, no_sanitize("kernel-address")))

/* In a child: 0 if it came back, 1 if the fence stopped it. */
static WITHOUT_FENCE int becomes(void (*touch)(char *), char *at, char *lent)
{
    fflush(stdout);
    if (fork() == 0) {
        fclose(stderr);
        __fence_enter("touch", __builtin_frame_address(0));
        __fence_memory("lent", lent, 1024, 1, false);
        touch(at);
        __fence_leave();
        _exit(0);
    }
    int status;
    wait(&status);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? 1 : status == 0 ? 0 : 2;
}

#define EACH(name) {#name, name},

WITHOUT_FENCE int main(void)
{
    static const struct { const char *name; void (*touch)(char *); } all[] = {NAMES(EACH)};
    static const char *const said[] = {"passes", "is stopped", "crashes"};
    char *room = calloc(1, 4096);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        fprintf(stdout, "%s, lent, %s\n", all[i].name, said[becomes(all[i].touch, room, room)]);
        fprintf(stdout, "%s, beside it, %s\n", all[i].name,
               said[becomes(all[i].touch, room + 1024, room)]);
    }
}
