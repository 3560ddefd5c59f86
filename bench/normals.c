/* normals.c -- 100,000 normal numbers from Philox.  The peers draw others by other
 * methods, so there is no answer to compare.  Usage: normals [repeats [FILE]] */
#include "bench.h"
#include "ground/rng.h"

enum { NUMBERS = 100000 };

struct problem {
    struct rng rng;
    vec x;
};

static void work(void *context)
{
    struct problem *p = context;
    rng_normals(&p->rng, 0, 1, p->x);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "normals");
    struct arena arena = arena_make((size_t)1 << 20);
    struct problem p = {rng_make(0, "normals", 0), arena_vec(&arena, NUMBERS)};
    int status = bench_race(&bench, work, &p, BENCH_NONE, BENCH_NONE);
    arena_free(&arena);
    return status;
}
