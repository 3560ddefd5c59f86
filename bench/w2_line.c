/* w2_line.c -- W_2 between two clouds of 10,000 points on a line, which is to sort
 * them. Usage: w2_line [repeats [FILE]] */
#include "bench.h"
#include "ground/rng.h"
#include "mean_field.h"

enum { POINTS = 10000 };

struct problem {
    vec x, y, distance; /* distance: one number */
    struct arena arena;
};

static void work(void *context)
{
    struct problem *p = context;
    p->distance.at[0] = mf_w2_line(p->x, p->y, &p->arena);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "w2_line");
    struct problem p = {.arena = arena_make((size_t)1 << 20)};
    struct rng rng = rng_make(0, "w2_line", 0);
    p.x = arena_vec(&p.arena, POINTS);
    p.y = arena_vec(&p.arena, POINTS);
    p.distance = arena_vec(&p.arena, 1);
    rng_normals(&rng, 0, 1, p.x);
    rng_normals(&rng, 1, 2, p.y);
    bench_share(&bench, p.x);
    bench_share(&bench, p.y);
    int status = bench_race(&bench, work, &p, p.distance, BENCH_NONE);
    arena_free(&p.arena);
    return status;
}
