#include "ground/sort.h"

#include <math.h>
#include <string.h>

enum { BITS = 64, DIGIT = 11, DIGITS = 1 << DIGIT }; /* six digits, an even number */

static const uint64_t SIGN = (uint64_t)1 << (BITS - 1);

/* The bits of x, changed so that the order of numbers is that of their keys.  Read as
 * an integer, the bits of a positive number, exponent first, ascend as it does; those
 * of a negative one descend, and have the sign before them.  A NaN lies behind
 * infinity. */
static uint64_t key_of(double x)
{
    uint64_t bits;
    double number = isnan(x) ? fabs(x) : x;
    memcpy(&bits, &number, sizeof bits);
    return bits & SIGN ? ~bits : bits | SIGN;
}

static double number_of(uint64_t key)
{
    uint64_t bits = key & SIGN ? key & ~SIGN : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* to := from in the order of the digit at this place; keys between which it does not
 * decide stay in the order that they have.  How many have a smaller digit says where
 * the first of each digit goes.  from, to: n. */
static void deal(int n, const uint64_t *from, int place, uint64_t *to)
{
    int next[DIGITS + 1] = {0};
    for (int i = 0; i < n; i++)
        next[(from[i] >> place) % DIGITS + 1]++;
    for (int digit = 0; digit < DIGITS; digit++)
        next[digit + 1] += next[digit];
    for (int i = 0; i < n; i++)
        to[next[(from[i] >> place) % DIGITS]++] = from[i];
}

/* x := its entries in ascending order, what is no number behind all that are.  As cards
 * are sorted by machine: into heaps by the last digit, then by the one before it, and
 * so on; after the first digit all are in order.  That takes O(n), and not n log n,
 * since no two numbers are compared.  scratch: 2 n keys. */
void ascend(vec x, struct arena *scratch)
{
    size_t mark = scratch->used, n = (size_t)x.n;
    uint64_t *keys = arena_bytes(scratch, n * sizeof *keys),
             *room = arena_bytes(scratch, n * sizeof *room);
    for (int i = 0; i < x.n; i++)
        keys[i] = key_of(x.at[i]);
    for (int place = 0; place < BITS; place += 2 * DIGIT) {
        deal(x.n, keys, place, room);
        deal(x.n, room, place + DIGIT, keys);
    }
    for (int i = 0; i < x.n; i++)
        x.at[i] = number_of(keys[i]);
    scratch->used = mark;
}
