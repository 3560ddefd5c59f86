/* A run that is stopped, saved, loaded and continued. */
#include "flows.h"

#include <string.h>

enum { RESUME_K = 4, RESUME_ITERATIONS = 60 };

enum forgotten { NOTHING, MOMENTS, STEPS, STREAM };

static struct training resume_start(struct claim *claim)
{
    struct training t = training_make(claim_arena(claim), nf_parameters(2, RESUME_K),
                                      claim_rng(claim, 0));
    nf_draw(2, &t.rng, t.theta);
    return t;
}

/* Stops the run after so many iterations. */
static bool until(void *context, const struct recipe *recipe,
                  const struct training *training, double loss)
{
    (void)recipe, (void)loss;
    return training->iteration < *(int *)context;
}

/* A run that is stopped, saved, loaded into a new one, and gone on with. */
static struct training resumed(struct claim *claim, const char *path, int stop,
                               enum forgotten forgotten)
{
    static const struct flow_problem problem = {.n = 2,
                                                .layers = RESUME_K,
                                                .batch = 32,
                                                .target = nf_ring};
    char message[CHECKPOINT_MESSAGE];
    struct arena *arena = claim_arena(claim);
    struct training first = resume_start(claim), second = resume_start(claim);
    struct rng stream = second.rng;
    nf_train(&problem, RESUME_ITERATIONS, 0.03, until, &stop, arena, &first);
    enum checkpoint_status status = training_save(path, &first, arena, message);
    REQUIRE(status == CHECKPOINT_OK, "%s", message);
    status = training_load(path, arena, &second, message);
    REQUIRE(status == CHECKPOINT_OK, "%s", message);
    if (forgotten == MOMENTS) {
        fill(0, second.adam.m);
        fill(0, second.adam.v);
    } else if (forgotten == STEPS)
        second.adam.steps = 0;
    else if (forgotten == STREAM)
        second.rng = stream;
    nf_train(&problem, RESUME_ITERATIONS, 0.03, NULL, NULL, arena, &second);
    return second;
}

/* How many of the numbers of two runs differ, in any bit. */
static int differing(const struct training *a, const struct training *b)
{
    int count = 0;
    for (int i = 0; i < a->theta.n; i++)
        count += memcmp(a->theta.at + i, b->theta.at + i, sizeof(real)) != 0;
    return count + (memcmp(&a->rng, &b->rng, sizeof a->rng) != 0) +
           (a->iteration != b->iteration);
}

CLAIM(nf_resume, IDENTITY,
      "A run that was stopped and resumed ends with the bits of one that was not")
{
    static const char *const what[] = {"numbers that differ", "without Adam's averages",
                                       "without the count of Adam's steps",
                                       "with the random stream begun anew"};
    static const struct flow_problem problem = {.n = 2,
                                                .layers = RESUME_K,
                                                .batch = 32,
                                                .target = nf_ring};
    char path[1024];
    snprintf(path, sizeof path, "%s/nf_resume.state", claim_directory(claim));
    struct training whole = resume_start(claim);
    nf_train(&problem, RESUME_ITERATIONS, 0.03, NULL, NULL, claim_arena(claim), &whole);
    for (enum forgotten forgotten = NOTHING; forgotten <= STREAM; forgotten++) {
        int count = 0;
        int stride = forgotten == NOTHING ? 1 : 16;
        for (int stop = 1; stop < RESUME_ITERATIONS; stop += stride) {
            struct training t = resumed(claim, path, stop, forgotten);
            count += differing(&whole, &t);
        }
        struct finding finding = at_most(count, 0);
        if (forgotten == NOTHING)
            evidence(claim, what[forgotten], finding);
        else
            control(claim, what[forgotten], finding);
    }
    remove(path);
}

SECTION(a_run_that_can_be_stopped, &nf_resume);
