/* kappa.c -- how lazily a tanh network 5 -> 50 -> 1 trains on 20 examples: kappa_h, by
 * 5 rounds of power iteration.  Usage: kappa [repeats [FILE]] */
#include "bench.h"
#include "lazy_training.h"

enum { EXAMPLES = 20, INPUTS = 5, WIDTH = 50, ROUNDS = 5 };

struct problem {
    struct lazy_problem lazy;
    vec w, start, u, kappa; /* u begins at start; kappa: one number */
    struct arena arena;
};

static void work(void *context)
{
    struct problem *p = context;
    copy(p->start, p->u);
    p->kappa.at[0] = lazy_kappa(&p->lazy, p->w, ROUNDS, &p->arena, p->u);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "kappa");
    struct problem p = {.arena = arena_make((size_t)16 << 20)};
    struct rng rng = rng_make(0, "kappa", 0);
    struct mlp net = mlp_make(2, (int[]){INPUTS, WIDTH, 1}, TANH, TANGENT, false);
    mat X = arena_mat(&p.arena, EXAMPLES, INPUTS);
    vec y = arena_vec(&p.arena, EXAMPLES);
    vec *mine[] = {&p.w, &p.start, &p.u, &p.kappa};
    for (int i = 0; i < 4; i++)
        *mine[i] = arena_vec(&p.arena, i < 3 ? mlp_parameters(&net) : 1);
    p.lazy = lazy_make(&p.arena, &net, X, y);
    vec drawn[] = {entries(X), y, p.w, p.start};
    for (int i = 0; i < 4; i++) {
        rng_normals(&rng, 0, 1, drawn[i]);
        bench_share(&bench, drawn[i]);
    }
    int status = bench_race(&bench, work, &p, p.kappa, BENCH_NONE);
    arena_free(&p.arena);
    return status;
}
