/* cnf2d.c -- the likelihood of a flow of the plane and its gradient, with the exact
 * trace, through 4 steps of Runge and Kutta.  Usage: cnf2d [repeats [FILE]] */
#include "moons.h"

static void work(void *context)
{
    struct moons *p = context;
    cnf_likelihood(&p->cnf, p->w, p->X, NULL, &p->arena, p->grad);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "cnf2d");
    struct moons p = moons_make(&bench, 4);
    int status = bench_race(&bench, work, &p, p.grad, BENCH_NONE);
    arena_free(&p.arena);
    return status;
}
