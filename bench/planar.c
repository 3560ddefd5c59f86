/* planar.c -- the loss of a planar flow of 16 layers on 1,000 points, against a ring,
 * and its gradient.  Usage: planar [repeats [FILE]] */
#include "bench.h"
#include "ground/rng.h"
#include "normalizing_flows.h"

enum { POINTS = 1000, LAYERS = 16, D = 2 };

struct problem {
    vec theta, grad, log_p;
    mat Z, dZ;
    struct arena arena;
};

/* As nf_loss, but from points that stay, so that the peers can have the same. */
static void work(void *context)
{
    struct problem *p = context;
    size_t mark = p->arena.used;
    struct flow flow = nf_make(D, LAYERS, p->theta, &p->arena);
    struct flow_pass pass = nf_pass_make(&flow, POINTS, &p->arena);
    copy(entries(p->Z), entries(pass.Z[0]));
    nf_forward(&flow, &pass);
    nf_ring(pass.Z[LAYERS], p->log_p, p->dZ);
    scale(-1.0 / POINTS, entries(p->dZ));
    nf_backward(&flow, p->theta, &pass, p->dZ, 1.0 / POINTS, &p->arena, p->grad);
    p->arena.used = mark;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin(argc, argv, "planar");
    struct problem p = {.arena = arena_make((size_t)16 << 20)};
    struct rng rng = rng_make(0, "planar", 0);
    p.theta = arena_vec(&p.arena, nf_parameters(D, LAYERS));
    p.grad = arena_vec(&p.arena, p.theta.n);
    p.log_p = arena_vec(&p.arena, POINTS);
    p.Z = arena_mat(&p.arena, POINTS, D);
    p.dZ = arena_mat(&p.arena, POINTS, D);
    nf_draw(D, &rng, p.theta);
    rng_normals(&rng, 0, 1, entries(p.Z));
    bench_share(&bench, p.theta);
    bench_share(&bench, entries(p.Z));
    int status = bench_race(&bench, work, &p, p.grad, BENCH_NONE);
    arena_free(&p.arena);
    return status;
}
