/* training.c -- any file in place of a training run that was stopped: refused, with
 * nothing overwritten, or a run that can go on, and that is saved as it was read. */
#include "ground/training.h"
#include "state.h"

#include <math.h>

enum { N = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    char message[CHECKPOINT_MESSAGE];
    struct arena arena = arena_make(1 << 14);
    struct training run = training_make(&arena, N, rng_make(1, "fuzz", 0));
    run.recipe = "fuzz";
    size_t used = arena.used;
    put_state("run", bytes, size);
    if (training_load("run", &arena, &run, message) == CHECKPOINT_OK) {
        MUST(run.iteration >= 0 && run.adam.steps >= 0);
        MUST(isfinite(max_norm(run.theta)) && isfinite(max_norm(run.adam.m)));
        MUST(isfinite(max_norm(run.adam.v)) && run.adam.v.at[0] >= 0);
        MUST(training_save("again", &run, &arena, message) == CHECKPOINT_OK);
        MUST(same_files("run", "again"));
        double u = rng_uniform(&run.rng);
        MUST(0 < u && u < 1);
    } else {
        MUST(run.iteration == 0 && run.theta.at[0] == 0);
        MUST(message[0] != '\0' && strchr(message, '\n') == NULL);
    }
    MUST(arena.used == used);
    arena_free(&arena);
    return 0;
}
