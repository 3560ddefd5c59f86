/* counting.h -- a training whose steps are known by hand, and what two of them share.
 */
#ifndef TESTS_COUNTING_H
#define TESTS_COUNTING_H

#include "ground/training.h"

#include <signal.h>

/* A problem of so many parameters, whose gradient is 1. */
enum { COUNTED = 3 };

/* What its loss counts, and does at one iteration, if it is told to. */
struct counting {
    int calls, bad_at; /* from this call on, loss or gradient is bad */
    double bad_loss, bad_slope;
    volatile sig_atomic_t *stop; /* set at the call stop_at, if there is one */
    int stop_at;
    double last_progress;
};

/* An objective, of a struct counting. */
double counting_loss(const void *problem, double progress, vec theta, struct rng *rng,
                     struct arena *scratch, vec grad);

/* Every field of two trainings is the same, and not the bytes between the fields. */
void assert_same_training(const struct training *a, const struct training *b);

#endif
