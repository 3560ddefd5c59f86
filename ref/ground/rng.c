/* rng.c -- random streams: bits from Philox, and what the book makes of them. */
#include "ground/rng.h"

#include "ground/vector_math.h"

#include <Random123/philox.h>

/* A number for a name: h := (h xor byte) * prime over its bytes, modulo 2^64.
 * [Fowler, Noll, Vo: FNV-1a, 64 bits; from another h than theirs in its second use] */
static uint64_t hash(uint64_t h, const char *name)
{
    for (; *name != '\0'; name++)
        h = (h ^ (unsigned char)*name) * 0x100000001b3;
    return h;
}

/* The stream (seed, name, replicate), at its beginning.  Of names that have one hash in
 * common some are known; hashed again, from there, they part. */
struct rng rng_make(uint64_t seed, const char *name, uint64_t replicate)
{
    REQUIRE(name != NULL, "the stream has no name");
    uint64_t once = hash(0xcbf29ce484222325, name), twice = hash(once, name);
    return (struct rng){.key = {seed, once}, .counter = {0, twice, 0, replicate}};
}

/* The next block of bits.  Its words are copied one by one, as they were computed: a
 * copy of two at once waits until both have arrived in the cache, and a number drawn
 * would take half as long again. */
static void next_block(struct rng *rng)
{
    const uint64_t *at = rng->counter;
    philox4x64_ctr_t block = {{at[0], at[1], at[2], at[3]}};
    philox4x64_key_t key = {{rng->key[0], rng->key[1]}};
    block = philox4x64(block, key);
    for (int i = 0; i < 4; i++)
        rng->block[i] = block.v[i];
    rng->counter[0]++;
    rng->left = 4;
}

/* The next 64 bits, each a fair coin. */
uint64_t rng_bits(struct rng *rng)
{
    if (rng->left == 0)
        next_block(rng);
    return rng->block[--rng->left];
}

/* Uniform on (0, 1): the middle of one of 2^52 equal cells.  With one bit more the last
 * middle, 1 - 2^-54, would round to 1. */
double rng_uniform(struct rng *rng)
{
    return ((double)(rng_bits(rng) >> 12) + 0.5) * 0x1p-52;
}

/* Uniform on 0, 1, ..., n - 1, for n > 0.  The lowest 2^32 mod n values of 32 bits are
 * drawn again: the rest is a whole number of rounds of n, which favour no remainder. */
int rng_below(struct rng *rng, int n)
{
    REQUIRE(n > 0, "n must be positive, got %d", n);
    uint32_t range = (uint32_t)n, surplus = -range % range, bits;
    do
        bits = (uint32_t)(rng_bits(rng) >> 32);
    while (bits < surplus);
    return (int)(bits % range);
}

/* x_i := independent uniforms on (low, high), low <= high; rounding may reach one. */
void rng_uniforms(struct rng *rng, double low, double high, vec x)
{
    REQUIRE(isfinite(high - low) && low <= high,
            "low and high must bound an interval, got %g and %g", low, high);
    for (int i = 0; i < x.n; i++)
        x.at[i] = low + (high - low) * rng_uniform(rng);
}

/* u_i := standard normals, of u_i and v_i uniform on (0, 1): a point of the plane whose
 * squared radius is exponential with mean 2 and whose angle is uniform has independent
 * normal coordinates; this is the first.  No value exceeds sqrt(-2 log 2^-53) = 8.58.
 * [Box, Muller 1958, "A note on the generation of random normal deviates"] */
FOR_THE_VECTOR_UNIT static void box_muller(int n, double *restrict u,
                                           const double *restrict v)
{
    const double two_pi = 2 * acos(-1.0);
#pragma omp simd
    for (int i = 0; i < n; i++)
        u[i] = sqrt(-2 * log(u[i])) * cos(two_pi * v[i]);
}

enum { BLOCK = 64 }; /* numbers at a time: a multiple of VECTOR_LANES */

/* u := n independent standard normals, n <= BLOCK.  Vectors are filled up, so that what
 * a number is does not depend on where it stands. */
static void standard_normals(struct rng *rng, int n, double u[BLOCK])
{
    double v[BLOCK];
    int filled = 0;
    for (; filled < n; filled++) {
        u[filled] = rng_uniform(rng);
        v[filled] = rng_uniform(rng);
    }
    for (; filled % VECTOR_LANES != 0; filled++)
        u[filled] = v[filled] = 0.5;
    box_muller(filled, u, v);
}

/* One number of rng_normals, of the standard ones. */
double rng_normal(struct rng *rng)
{
    double u[BLOCK];
    standard_normals(rng, 1, u);
    return u[0];
}

/* x_i := independent normals with this mean and standard deviation, deviation >= 0. */
void rng_normals(struct rng *rng, double mean, double deviation, vec x)
{
    REQUIRE(isfinite(mean), "mean must be finite, got %g", mean);
    REQUIRE(isfinite(deviation) && deviation >= 0,
            "deviation must be finite and not negative, got %g", deviation);
    double u[BLOCK];
    for (int from = 0, n; from < x.n; from += n) {
        n = x.n - from < BLOCK ? x.n - from : BLOCK;
        standard_normals(rng, n, u);
        for (int i = 0; i < n; i++)
            x.at[from + i] = mean + deviation * u[i];
    }
}

/* order := 0, 1, ..., n - 1 in one of the n! orders, all equally likely.  order: n.
 * Each i goes to a random place of the first i + 1, and what stood there to the end.
 * [Fisher, Yates 1938; Durstenfeld 1964, "Algorithm 235: Random permutation"] */
void rng_permutation(struct rng *rng, int n, int *order)
{
    REQUIRE(n >= 0, "n must not be negative, got %d", n);
    for (int i = 0; i < n; i++) {
        order[i] = i;
        int place = rng_below(rng, i + 1), moved = order[place];
        order[place] = i;
        order[i] = moved;
    }
}

/* chosen := so many of 0, ..., n - 1, no two the same, each set of them equally likely;
 * the order means nothing.  0 <= count <= n.  Takes count^2 / 2 comparisons.
 * [Floyd's, in Bentley, Floyd 1987, "A sample of brilliance"] */
void rng_choose(struct rng *rng, int n, int count, int *chosen)
{
    REQUIRE(0 <= count && count <= n, "cannot choose %d of %d", count, n);
    for (int k = 0; k < count; k++) {
        int last = n - count + k, drawn = rng_below(rng, last + 1);
        for (int i = 0; i < k; i++)
            if (chosen[i] == drawn)
                drawn = last;
        chosen[k] = drawn;
    }
}

/* A := G A.  A: m x n with m >= 2, moved.  v: m, t: n, scratch.  G is a rotation that
 * takes e_1 to x / ||x||, where x is normal, so to a uniform direction.  The reflection
 * H = I - 2vv'/v'v with v = x + s ||x|| e_1 takes e_1 to -s x / ||x||; s is the sign of
 * x_1, so that nothing cancels.  Hence G = H diag(-s, s, 1, ..., 1), and det G = 1. */
static void rotate_rows(struct rng *rng, mat A, vec v, vec t)
{
    rng_normals(rng, 0, 1, v);
    double s = copysign(1, v.at[0]);
    v.at[0] += s * norm(v);
    scale(-s, row(A, 0));
    scale(s, row(A, 1));
    gemtv(1, A, v, 0, t);
    ger(-2 / dot(v, v), v, t, A);
}

/* Q := a rotation, each as likely as any other (Haar's measure on SO(n)).  Q: n x n.
 * If R is one of m - 1 dimensions, diag(1, R) turned so that e_1 goes to a uniform
 * direction is one of m, so Q grows from its last corner.  O(n^3).
 * [Stewart 1980, "The efficient generation of random orthogonal matrices"] */
void rng_rotation(struct rng *rng, struct arena *scratch, mat Q)
{
    int n = Q.rows;
    REQUIRE(Q.cols == n, "Q must be square, got %d x %d", Q.rows, Q.cols);
    size_t mark = scratch->used;
    vec v = arena_vec(scratch, n), t = arena_vec(scratch, n);
    fill(0, entries(Q));
    for (int i = 0; i < n; i++)
        row(Q, i).at[i] = 1;
    for (int m = 2; m <= n; m++)
        rotate_rows(rng, row_block(Q, n - m, m), (vec){m, v.at}, t);
    scratch->used = mark;
}
