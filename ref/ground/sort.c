#include "ground/sort.h"

#include "ground/vector_math.h"

#include <stdbool.h>
#include <string.h>

enum { BITS = 64, DIGIT = 12, DIGITS = 1 << DIGIT };

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

FOR_THE_VECTOR_UNIT static void keys_of(vec x, uint64_t *restrict keys)
{
#pragma omp simd
    for (int i = 0; i < x.n; i++)
        keys[i] = key_of(x.at[i]);
}

FOR_THE_VECTOR_UNIT static void numbers_of(const uint64_t *restrict keys, vec x)
{
#pragma omp simd
    for (int i = 0; i < x.n; i++)
        x.at[i] = number_of(keys[i]);
}

/* to := from in the order of the digit at this place; keys between which it does not
 * decide stay in the order that they have.  How many have a smaller digit says where
 * the first of each digit goes.  from, to: n; next: how many have each digit, behind a
 * 0, overwritten. */
static void deal(int n, const uint64_t *from, int place, int *next, uint64_t *to)
{
    for (int digit = 0; digit < DIGITS; digit++)
        next[digit + 1] += next[digit];
    for (int i = 0; i < n; i++)
        to[next[(from[i] >> place) % DIGITS]++] = from[i];
}

/* keys := keys in the order of the two digits from this place on, of which the lower
 * one is dealt by first.  Both are counted in one pass.  keys, room: n. */
static void deal_two(int n, uint64_t *keys, int place, uint64_t *room)
{
    int low[DIGITS + 1] = {0}, high[DIGITS + 1] = {0};
    for (int i = 0; i < n; i++) {
        low[(keys[i] >> place) % DIGITS + 1]++;
        high[(keys[i] >> (place + DIGIT)) % DIGITS + 1]++;
    }
    deal(n, keys, place, low, room);
    deal(n, room, place + DIGIT, high, keys);
}

/* Puts key i in its place among those before it, which are in order; returns past how
 * many. */
static int insert(uint64_t *keys, int i)
{
    uint64_t key = keys[i];
    int j = i;
    for (; j > 0 && keys[j - 1] > key; j--)
        keys[j] = keys[j - 1];
    keys[j] = key;
    return i - j;
}

/* Brings in order what nearly is.  Returns whether that took no more than n moves;
 * after so many it stops, since those of a disorder may be n^2. */
static bool mend(int n, uint64_t *keys)
{
    int left = n;
    for (int i = 1; i < n && left >= 0; i++)
        if (keys[i - 1] > keys[i])
            left -= insert(keys, i);
    return left >= 0;
}

/* x := its entries in ascending order, what is no number behind all that are.  As cards
 * are sorted by machine: into heaps by the last digit, then by the one before it, and
 * so on; after the first digit all are in order.  That takes O(n), and not n log n.
 * The leading bits, sign, exponent and twelve more, decide nearly always, and what they
 * leave is mended; only where it is too much are all dealt by.  scratch: 2 n keys. */
void ascend(vec x, struct arena *scratch)
{
    size_t mark = scratch->used, n = (size_t)x.n;
    uint64_t *keys = arena_bytes(scratch, n * sizeof *keys),
             *room = arena_bytes(scratch, n * sizeof *room);
    keys_of(x, keys);
    deal_two(x.n, keys, BITS - 2 * DIGIT, room);
    if (!mend(x.n, keys))
        for (int place = 0; place < BITS; place += 2 * DIGIT)
            deal_two(x.n, keys, place, room);
    numbers_of(keys, x);
    scratch->used = mark;
}
