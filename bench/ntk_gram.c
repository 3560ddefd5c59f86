/* ntk_gram.c -- the tangent kernel of 2,000 inputs of 784 numbers, at three hidden
 * layers: the limit, all pairs.  Usage: ntk_gram [repeats [FILE]] */
#include "bench.h"
#include "ground/rng.h"
#include "tangent_kernel.h"

enum { N = 2000, INPUTS = 784, HIDDEN = 3 };

struct problem {
    mat X, Theta;
    struct arena arena;
};

static void work(void *context)
{
    struct problem *p = context;
    ntk_gram(p->X, HIDDEN, &p->arena, p->Theta);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "ntk_gram");
    struct problem p = {.arena = arena_make((size_t)256 << 20)};
    struct rng rng = rng_make(0, "ntk_gram", 0);
    p.X = arena_mat(&p.arena, N, INPUTS);
    p.Theta = arena_mat(&p.arena, N, N);
    rng_normals(&rng, 0, 1, entries(p.X));
    bench_share(&bench, entries(p.X));
    int status = bench_race(&bench, work, &p, entries(p.Theta), BENCH_NONE);
    arena_free(&p.arena);
    return status;
}
