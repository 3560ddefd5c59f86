#include "ground/training.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* A run that has not begun, of n parameters, all 0, in memory of the arena; Adam has
 * its authors' values.  rng: what its batches will be drawn from. */
struct training training_make(struct arena *arena, int n, struct rng rng)
{
    return (struct training){arena_vec(arena, n), adam_make(arena, n, 0.9, 0.999, 1e-8),
                             rng, 0};
}

/* One iteration.  Returns its loss, or NaN if this or its gradient is not finite; then
 * theta and the optimizer stay as they were. */
double training_step(const struct recipe *recipe, struct arena *scratch,
                     struct training *training)
{
    REQUIRE(training->iteration < recipe->iterations, "iteration %d of %d",
            training->iteration, recipe->iterations);
    size_t mark = scratch->used;
    vec grad = arena_vec(scratch, training->theta.n);
    double done = (double)training->iteration / recipe->iterations;
    double alpha = recipe->alpha + done * (recipe->alpha_last - recipe->alpha);
    double loss = recipe->loss(recipe->problem, done, training->theta, &training->rng,
                               scratch, grad);
    bool finite = isfinite(loss) && isfinite(max_norm(grad));
    if (finite) {
        adam_step(&training->adam, alpha, grad, training->theta);
        training->iteration++;
    }
    scratch->used = mark;
    return finite ? loss : NAN;
}

/* The rest of a run, from wherever the state is.  watch: called after each iteration,
 * or NULL.  scratch: for the loss.  training: moved. */
enum training_status train(const struct recipe *recipe, training_watcher *watch,
                           void *context, struct arena *scratch,
                           struct training *training)
{
    while (training->iteration < recipe->iterations) {
        double loss = training_step(recipe, scratch, training);
        if (isnan(loss))
            return TRAINING_DIVERGED;
        if (watch != NULL && !watch(context, recipe, training, loss))
            break;
    }
    return training->iteration < recipe->iterations ? TRAINING_STOPPED : TRAINING_DONE;
}

/* What of a state is not a vector, as words of 64 bits. */
enum { COUNTERS = 13 };

static void counters_of(const struct training *training, uint64_t counter[COUNTERS])
{
    const struct rng *rng = &training->rng;
    counter[0] = (uint64_t)training->iteration;
    counter[1] = (uint64_t)training->adam.steps;
    memcpy(counter + 2, rng->key, sizeof rng->key);
    memcpy(counter + 4, rng->counter, sizeof rng->counter);
    memcpy(counter + 8, rng->block, sizeof rng->block);
    counter[12] = (uint64_t)rng->left;
}

/* The inverse; false, and nothing is changed, if no training has such counters. */
static bool set_counters(const uint64_t counter[COUNTERS], struct training *training)
{
    struct rng *rng = &training->rng;
    if (counter[0] > INT_MAX || counter[1] > INT_MAX || counter[12] > 4)
        return false;
    training->iteration = (int)counter[0];
    training->adam.steps = (int)counter[1];
    memcpy(rng->key, counter + 2, sizeof rng->key);
    memcpy(rng->counter, counter + 4, sizeof rng->counter);
    memcpy(rng->block, counter + 8, sizeof rng->block);
    rng->left = (int)counter[12];
    return true;
}

enum { PARTS = 4 };

static void parts_of(vec theta, vec m, vec v, uint64_t counter[COUNTERS],
                     struct checkpoint_part part[PARTS])
{
    part[0] = (struct checkpoint_part){"theta", theta.n, theta.at};
    part[1] = (struct checkpoint_part){"adam m", m.n, m.at};
    part[2] = (struct checkpoint_part){"adam v", v.n, v.at};
    part[3] = (struct checkpoint_part){"counters", COUNTERS, counter};
}

/* Saves the state of a run.  See checkpoint_save for the promises and the message. */
enum checkpoint_status training_save(const char *path, const struct training *training,
                                     struct arena *scratch,
                                     char message[CHECKPOINT_MESSAGE])
{
    uint64_t counter[COUNTERS];
    struct checkpoint_part part[PARTS];
    counters_of(training, counter);
    parts_of(training->theta, training->adam.m, training->adam.v, counter, part);
    return checkpoint_save(path, PARTS, part, scratch, message);
}

/* Loads the state of a run with as many parameters.  training: made, and overwritten if
 * the status is CHECKPOINT_OK; else it stays as it was.  [checkpoint_load] */
enum checkpoint_status training_load(const char *path, struct arena *scratch,
                                     struct training *training,
                                     char message[CHECKPOINT_MESSAGE])
{
    int n = training->theta.n;
    size_t mark = scratch->used;
    vec theta = arena_vec(scratch, n), m = arena_vec(scratch, n),
        v = arena_vec(scratch, n);
    uint64_t counter[COUNTERS];
    struct checkpoint_part part[PARTS];
    parts_of(theta, m, v, counter, part);
    enum checkpoint_status status =
        checkpoint_load(path, PARTS, part, scratch, message);
    if (status == CHECKPOINT_OK && !set_counters(counter, training))
        status =
            checkpoint_fail(CHECKPOINT_DAMAGED, message, path, "counts what cannot be");
    if (status == CHECKPOINT_OK) {
        copy(theta, training->theta);
        copy(m, training->adam.m);
        copy(v, training->adam.v);
    }
    scratch->used = mark;
    return status;
}

/* A session that goes on: what the watcher below needs to know. */
struct watched {
    struct session session;
    struct arena *scratch;
    char *message;
};

static bool save(struct watched *watched, const struct training *training)
{
    return training_save(watched->session.path, training, watched->scratch,
                         watched->message) == CHECKPOINT_OK;
}

/* On a terminal, one line that is written over at every percent of the run; elsewhere,
 * a line at every tenth. */
static void show(FILE *display, const struct recipe *recipe,
                 const struct training *training, double loss)
{
    bool terminal = isatty(fileno(display));
    int64_t parts = terminal ? 100 : 10, k = training->iteration;
    bool last = k == recipe->iterations;
    if (k * parts / recipe->iterations == (k - 1) * parts / recipe->iterations)
        return;
    fprintf(display, "%siteration %d of %d, loss %.4f%s", terminal ? "\r" : "", (int)k,
            recipe->iterations, loss, terminal && !last ? "\033[K" : "\n");
    fflush(display);
}

static bool watch_session(void *context, const struct recipe *recipe,
                          const struct training *training, double loss)
{
    struct watched *watched = context;
    struct session session = watched->session;
    if (session.display != NULL)
        show(session.display, recipe, training, loss);
    if (training->iteration % session.every == 0 && !save(watched, training))
        return false;
    return session.stop == NULL || *session.stop == 0;
}

/* Resumes the run that is in the file, or begins one if there is no file; saves it at
 * once, every so often, when it stops, and at its end.  training: made with the start,
 * moved. message: what is wrong with the file in one line, or empty. */
enum training_status train_session(const struct recipe *recipe, struct session session,
                                   struct arena *scratch, struct training *training,
                                   char message[CHECKPOINT_MESSAGE])
{
    REQUIRE(session.every > 0, "every must be positive, got %d", session.every);
    struct watched watched = {session, scratch, message};
    enum checkpoint_status status =
        training_load(session.path, scratch, training, message);
    if (status != CHECKPOINT_OK && status != CHECKPOINT_MISSING)
        return TRAINING_NOT_SAVED;
    if (!save(&watched, training)) /* now, and not after an hour */
        return TRAINING_NOT_SAVED;
    enum training_status end =
        train(recipe, watch_session, &watched, scratch, training);
    if (end != TRAINING_DIVERGED && !save(&watched, training))
        return TRAINING_NOT_SAVED;
    return end;
}
