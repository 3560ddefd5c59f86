/* mean_field.c -- a step of 10,000 particles, which are tanh units, on 100 inputs of 10
 * numbers.  The answer is the drift.  Usage: mean_field [repeats [FILE]] */
#include "mean_field.h"
#include "bench.h"
#include "ground/rng.h"

enum { PARTICLES = 10000, INPUTS = 100, D = 10 };

struct problem {
    struct mf_problem mf;
    struct particles q, drift;
    struct mf_pass pass;
};

/* The rate is so small that the particles stay about where they are. */
static void work(void *context)
{
    struct problem *p = context;
    mf_step(&p->mf, 1e-6, &p->pass, p->drift, p->q);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "mean_field");
    struct arena arena = arena_make((size_t)64 << 20);
    struct rng rng = rng_make(0, "mean_field", 0);
    mat X = arena_mat(&arena, INPUTS, D);
    vec t = arena_vec(&arena, INPUTS);
    struct problem p = {.mf = {X, t, square_loss, TANH, 1, BOTH_LAYERS},
                        .q = mf_particles_make(&arena, PARTICLES, D),
                        .drift = mf_particles_make(&arena, PARTICLES, D),
                        .pass = mf_pass_make(&arena, PARTICLES, INPUTS)};
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1, t);
    rng_normals(&rng, 0, 1, p.q.all);
    bench_share(&bench, entries(X));
    bench_share(&bench, t);
    bench_share(&bench, p.q.all);
    int status = bench_race(&bench, work, &p, p.drift.all, BENCH_NONE);
    arena_free(&arena);
    return status;
}
