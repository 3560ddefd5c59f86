/* rng.h -- random streams that repeat.
 *
 * A stream is named by (seed, name, replicate).  Its k-th block, 256 bits, is
 * Philox4x64-10 of the counter (k, name'', 0, replicate) under the key (seed, name'),
 * where name' and name'' are two hashes of the name.  No state is shared, so the
 * numbers depend neither on the thread count nor on what else runs, and two streams
 * never meet; unless their names have both hashes in common, as one pair of 2^128 has.
 * What is drawn at once is what would be drawn one by one, to the last bit.  Only
 * normals differ where log and cos do, from one vector unit to another: these by 4
 * units in the last place each way, and so a normal by at most 14 eps of its size.
 * [Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"] */
#ifndef REF_RNG_H
#define REF_RNG_H

#include "ground/dense.h"

#include <stdint.h>

struct rng {
    uint64_t key[2];     /* the seed, and a hash of the name              */
    uint64_t counter[4]; /* the next block, another hash, 0, the replicate */
    uint64_t block[4];   /* the bits of the last block, used from the end */
    int left;            /* how many of them are unused, 0..4             */
};

struct rng rng_make(uint64_t seed, const char *name, uint64_t replicate);
uint64_t rng_bits(struct rng *rng);
double rng_uniform(struct rng *rng);
double rng_normal(struct rng *rng);
int rng_below(struct rng *rng, int n);

void rng_uniforms(struct rng *rng, double low, double high, vec x);
void rng_normals(struct rng *rng, double mean, double deviation, vec x);
void rng_permutation(struct rng *rng, int n, int *order);
void rng_choose(struct rng *rng, int n, int count, int *chosen);
void rng_rotation(struct rng *rng, struct arena *scratch, mat Q);

#endif
