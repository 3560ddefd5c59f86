#include "ground/training.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* A run that has not begun, of n parameters, all 0, in memory of the arena; Adam has
 * its authors' values.  rng: what its batches will be drawn from. */
struct training training_make(struct arena *arena, int n, struct rng rng)
{
    return (struct training){.theta = arena_vec(arena, n),
                             .adam = adam_make(arena, n, 0.9, 0.999, 1e-8),
                             .rng = rng,
                             .recipe = ""};
}

static bool all_finite(vec x) { return isfinite(max_norm(x)); }

/* Is this what a run can come to? */
static bool possible(vec theta, vec m, vec v)
{
    for (int i = 0; i < v.n; i++)
        if (!(v.at[i] >= 0))
            return false;
    return all_finite(theta) && all_finite(m) && all_finite(v);
}

/* A step of Adam, if it ends in numbers; if not, false, and nothing has changed. */
static bool step_or_stay(double alpha, vec grad, struct arena *scratch,
                         struct training *training)
{
    int n = grad.n, steps = training->adam.steps;
    vec theta = training->theta, m = training->adam.m, v = training->adam.v;
    vec theta_old = arena_vec(scratch, n), m_old = arena_vec(scratch, n),
        v_old = arena_vec(scratch, n);
    copy(theta, theta_old);
    copy(m, m_old);
    copy(v, v_old);
    adam_step(&training->adam, alpha, grad, theta);
    if (possible(theta, m, v))
        return true;
    copy(theta_old, theta);
    copy(m_old, m);
    copy(v_old, v);
    training->adam.steps = steps;
    return false;
}

/* One iteration.  Returns its loss, or NaN if this, its gradient or the state that it
 * would lead to is not finite; then theta and the optimizer stay as they were.
 * scratch: 4 n numbers, and what the loss takes. */
double training_step(const struct recipe *recipe, struct arena *scratch,
                     struct training *training)
{
    REQUIRE(training->iteration < recipe->iterations, "iteration %d of %d",
            training->iteration, recipe->iterations);
    size_t mark = scratch->used;
    vec grad = arena_vec(scratch, training->theta.n);
    double progress = (double)training->iteration / recipe->iterations;
    double alpha = recipe->alpha + progress * (recipe->alpha_last - recipe->alpha);
    double loss = recipe->loss(recipe->problem, progress, training->theta,
                               &training->rng, scratch, grad);
    bool good = isfinite(loss) && all_finite(grad) &&
                step_or_stay(alpha, grad, scratch, training);
    training->iteration += good;
    scratch->used = mark;
    return good ? loss : NAN;
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
struct counters {
    uint64_t iteration, steps, key[2], counter[4], block[4], left;
};

static struct counters counters_of(const struct training *training)
{
    const struct rng *rng = &training->rng;
    struct counters c = {.iteration = (uint64_t)training->iteration,
                         .steps = (uint64_t)training->adam.steps,
                         .left = (uint64_t)rng->left};
    memcpy(c.key, rng->key, sizeof c.key);
    memcpy(c.counter, rng->counter, sizeof c.counter);
    memcpy(c.block, rng->block, sizeof c.block);
    return c;
}

/* An iteration is a step of Adam, and a block of the stream has four words. */
static bool countable(struct counters c)
{
    return c.iteration <= INT_MAX && c.steps == c.iteration && c.left <= 4;
}

static void set_counters(struct counters c, struct training *training)
{
    struct rng *rng = &training->rng;
    training->iteration = training->adam.steps = (int)c.iteration;
    memcpy(rng->key, c.key, sizeof c.key);
    memcpy(rng->counter, c.counter, sizeof c.counter);
    memcpy(rng->block, c.block, sizeof c.block);
    rng->left = (int)c.left;
}

/* A state as it lies in a file: the recipe in words of 64 bits, with zeros behind. */
struct saved {
    union {
        char text[TRAINING_RECIPE];
        uint64_t words[TRAINING_RECIPE / sizeof(uint64_t)];
    } recipe;
    vec theta, m, v; /* n each                                          */
    double *numbers; /* the same, 3 n, as the file has them: of 64 bits */
    struct counters counters;
};

enum { PARTS = 5 };

/* The numbers := the vectors, or the other way round.  A float that was a double in
 * between is the same float. */
static void put_numbers(struct saved *saved)
{
    vec x[] = {saved->theta, saved->m, saved->v};
    double *to = saved->numbers;
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < x[k].n; i++)
            *to++ = x[k].at[i];
}

static void take_numbers(struct saved *saved)
{
    vec x[] = {saved->theta, saved->m, saved->v};
    const double *from = saved->numbers;
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < x[k].n; i++)
            x[k].at[i] = *from++;
}

static void parts_of(struct saved *saved, struct checkpoint_part part[PARTS])
{
    int words = sizeof saved->recipe / sizeof(uint64_t),
        counters = sizeof saved->counters / sizeof(uint64_t), n = saved->theta.n;
    part[0] = (struct checkpoint_part){"recipe", words, &saved->recipe};
    part[1] = (struct checkpoint_part){"counters", counters, &saved->counters};
    part[2] = (struct checkpoint_part){"theta", n, saved->numbers};
    part[3] = (struct checkpoint_part){"adam m", n, saved->numbers + n};
    part[4] = (struct checkpoint_part){"adam v", n, saved->numbers + 2 * (size_t)n};
}

static void set_recipe(struct saved *saved, const char *recipe)
{
    REQUIRE(strlen(recipe) < TRAINING_RECIPE, "a recipe of %zu bytes", strlen(recipe));
    memset(&saved->recipe, 0, sizeof saved->recipe);
    strcpy(saved->recipe.text, recipe);
}

/* Saves the state of a run.  See checkpoint_save for the promises and the message. */
enum checkpoint_status training_save(const char *path, const struct training *training,
                                     struct arena *scratch,
                                     char message[CHECKPOINT_MESSAGE])
{
    size_t mark = scratch->used, n = (size_t)training->theta.n;
    struct saved saved = {.theta = training->theta,
                          .m = training->adam.m,
                          .v = training->adam.v,
                          .numbers = arena_bytes(scratch, 3 * n * sizeof(double)),
                          .counters = counters_of(training)};
    struct checkpoint_part part[PARTS];
    set_recipe(&saved, training->recipe);
    put_numbers(&saved);
    parts_of(&saved, part);
    enum checkpoint_status status =
        checkpoint_save(path, PARTS, part, scratch, message);
    scratch->used = mark;
    return status;
}

/* What a file says its recipe is, so that one line can be printed of it. */
static void make_printable(char text[TRAINING_RECIPE])
{
    text[TRAINING_RECIPE - 1] = '\0';
    for (char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

/* Is this whole file the state of that recipe, and one that a run can come to? */
static enum checkpoint_status check_saved(const char *path, const char *recipe,
                                          struct saved *saved, char *message)
{
    struct saved expected;
    set_recipe(&expected, recipe);
    if (memcmp(&saved->recipe, &expected.recipe, sizeof saved->recipe) != 0) {
        make_printable(saved->recipe.text);
        return checkpoint_fail(CHECKPOINT_OTHER, message, path,
                               "is a run of \"%s\", not of \"%s\"", saved->recipe.text,
                               recipe);
    }
    if (!countable(saved->counters))
        return checkpoint_fail(CHECKPOINT_DAMAGED, message, path,
                               "counts what cannot be");
    if (!possible(saved->theta, saved->m, saved->v))
        return checkpoint_fail(CHECKPOINT_DAMAGED, message, path,
                               "holds numbers that no run comes to");
    return CHECKPOINT_OK;
}

/* Loads the state of a run of the same recipe, with as many parameters.  training:
 * made, and overwritten if the status is CHECKPOINT_OK; else it stays as it was.
 * scratch: 3 n numbers, as many doubles, and what checkpoint_load takes. */
enum checkpoint_status training_load(const char *path, struct arena *scratch,
                                     struct training *training,
                                     char message[CHECKPOINT_MESSAGE])
{
    int n = training->theta.n;
    size_t mark = scratch->used;
    struct saved saved = {.theta = arena_vec(scratch, n),
                          .m = arena_vec(scratch, n),
                          .v = arena_vec(scratch, n),
                          .numbers =
                              arena_bytes(scratch, 3 * (size_t)n * sizeof(double))};
    struct checkpoint_part part[PARTS];
    parts_of(&saved, part);
    enum checkpoint_status status =
        checkpoint_load(path, PARTS, part, scratch, message);
    if (status == CHECKPOINT_OK) {
        take_numbers(&saved);
        status = check_saved(path, training->recipe, &saved, message);
    }
    if (status == CHECKPOINT_OK) {
        set_counters(saved.counters, training);
        copy(saved.theta, training->theta);
        copy(saved.m, training->adam.m);
        copy(saved.v, training->adam.v);
    }
    scratch->used = mark;
    return status;
}
