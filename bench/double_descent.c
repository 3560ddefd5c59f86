/* double_descent.c -- 600 minimum-norm fits: D = 50, N = 5, 10, ..., 150, and 20
 * training sets of each.  The answer is the weights.
 * Usage: double_descent [repeats [FILE]] */
#include "double_descent.h"
#include "bench.h"

enum { D = 50, SIZES = 30, STRIDE = 5, SETS = 20, MOST = SIZES * STRIDE };

struct problem {
    mat Phi[SIZES * SETS];
    vec t[SIZES * SETS];
    mat W; /* a row for each fit */
    struct arena arena;
};

static void work(void *context)
{
    struct problem *p = context;
    for (int i = 0; i < p->W.rows; i++)
        if (dd_fit(p->Phi[i], p->t[i], &p->arena, row(p->W, i)) != FACTOR_OK)
            row(p->W, i).at[0] = NAN;
}

static void draw(struct problem *p, struct bench *bench)
{
    struct rng rng = rng_make(0, "double_descent", 0);
    vec w_true = arena_vec(&p->arena, D);
    w_true.at[0] = 1;
    p->W = arena_mat(&p->arena, SIZES * SETS, D);
    for (int i = 0; i < p->W.rows; i++) {
        int N = STRIDE * (1 + i / SETS);
        p->Phi[i] = arena_mat(&p->arena, N, D);
        p->t[i] = arena_vec(&p->arena, N);
        dd_draw(&rng, w_true, 0.5, p->Phi[i], p->t[i]);
        bench_share(bench, entries(p->Phi[i]));
        bench_share(bench, p->t[i]);
    }
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "double_descent");
    struct problem p = {.arena = arena_make(dd_fit_scratch(MOST, D) + (32 << 20))};
    draw(&p, &bench);
    int status = bench_race(&bench, work, &p, entries(p.W), BENCH_NONE);
    arena_free(&p.arena);
    return status;
}
