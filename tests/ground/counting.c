#include "ground/counting.h"

#include "ground/unit.h"

double counting_loss(const void *problem, double progress, vec theta, struct rng *rng,
                     struct arena *scratch, vec grad)
{
    struct counting *task = (struct counting *)(size_t)problem;
    (void)scratch;
    task->last_progress = progress;
    task->calls++;
    fill(1, grad);
    double loss = rng_uniform(rng) + theta.at[0];
    if (task->stop != NULL && task->calls == task->stop_at)
        *task->stop = 1;
    if (task->bad_at > 0 && task->calls >= task->bad_at) {
        loss += task->bad_loss;
        grad.at[COUNTED - 1] += task->bad_slope;
    }
    return loss;
}

void assert_same_training(const struct training *a, const struct training *b)
{
    ck_assert_mem_eq(a->theta.at, b->theta.at, COUNTED * sizeof(real));
    ck_assert_mem_eq(a->adam.m.at, b->adam.m.at, COUNTED * sizeof(real));
    ck_assert_mem_eq(a->adam.v.at, b->adam.v.at, COUNTED * sizeof(real));
    ck_assert_mem_eq(a->rng.key, b->rng.key, sizeof a->rng.key);
    ck_assert_mem_eq(a->rng.counter, b->rng.counter, sizeof a->rng.counter);
    ck_assert_mem_eq(a->rng.block, b->rng.block, sizeof a->rng.block);
    ck_assert_int_eq(a->rng.left, b->rng.left);
    ck_assert_int_eq(a->iteration, b->iteration);
    ck_assert_int_eq(a->adam.steps, b->adam.steps);
}
