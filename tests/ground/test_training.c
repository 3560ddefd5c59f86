/* The contract of training.h, on a loss whose steps are known by hand: with a constant
 * gradient every step of Adam is the rate itself, but for its epsilon. */
#include "ground/training.h"

#include "ground/counting.h"
#include "ground/unit.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bench {
    struct arena arena;
    struct counting task;
    struct recipe recipe;
    struct training training;
    char directory[40], path[64], message[CHECKPOINT_MESSAGE];
};

static struct bench *bench_make(void)
{
    struct bench *b = calloc(1, sizeof *b);
    b->arena = arena_make(1 << 14);
    b->recipe = (struct recipe){.loss = counting_loss,
                                .problem = &b->task,
                                .iterations = 40,
                                .alpha = 0.5,
                                .alpha_last = 0.1};
    b->training = training_make(&b->arena, COUNTED, unit_rng("training"));
    strcpy(b->directory, "build/training-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(b->directory));
    snprintf(b->path, sizeof b->path, "%s/run", b->directory);
    return b;
}

static void bench_free(struct bench *b)
{
    remove(b->path);
    ck_assert_int_eq(rmdir(b->directory), 0);
    arena_free(&b->arena);
    free(b);
}

START_TEST(a_new_run_has_done_nothing)
{
    struct bench *b = bench_make();
    ck_assert_int_eq(b->training.theta.n, COUNTED);
    ck_assert_int_eq(b->training.adam.m.n, COUNTED);
    ck_assert(max_norm(b->training.theta) == 0 && max_norm(b->training.adam.v) == 0);
    ck_assert_int_eq(b->training.iteration, 0);
    ck_assert_int_eq(b->training.adam.steps, 0);
    ck_assert_double_eq(b->training.adam.beta1, 0.9);
    ck_assert_double_eq(b->training.adam.beta2, 0.999);
    ck_assert_double_eq(b->training.adam.epsilon, 1e-8);
    struct rng rng = unit_rng("training");
    ck_assert_uint_eq(rng_bits(&b->training.rng), rng_bits(&rng));
    ck_assert_str_eq(b->training.recipe, "");
    bench_free(b);
}
END_TEST

/* sum_{k<40} (0.5 - 0.4 k / 40) = 20 - 0.01 * 780 = 12.2, over 1 + 1e-8, and what 40
 * sums up to that round. */
START_TEST(the_rate_falls_linearly)
{
    struct bench *b = bench_make();
    size_t used = b->arena.used;
    double loss = training_step(&b->recipe, &b->arena, &b->training);
    struct rng rng = unit_rng("training");
    ck_assert_double_eq(loss, rng_uniform(&rng));
    ck_assert_double_eq_tol(b->training.theta.at[1], -0.5, 1e-7);
    ck_assert_double_eq(b->task.last_progress, 0);
    ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_uint_eq(b->arena.used, used);
    ck_assert_int_eq(b->training.iteration, 40);
    ck_assert_int_eq(b->task.calls, 40);
    ck_assert_double_eq(b->task.last_progress, 39 / 40.0);
    for (int i = 0; i < COUNTED; i++)
        assert_near(b->training.theta.at[i], -12.2, 1e-6 + 40 * 12.2 * REAL_EPSILON);
    ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_int_eq(b->task.calls, 40);
    ck_assert_stops("iteration 40 of 40",
                    training_step(&b->recipe, &b->arena, &b->training));
    bench_free(b);
}
END_TEST

/* A constant gradient has its own moments, however long it lasts: every step is the
 * rate, over 1 + 1e-8, but for three thousand roundings of sums up to 30. */
START_TEST(a_long_run_is_as_regular_as_a_short_one)
{
    struct bench *b = bench_make();
    b->recipe.iterations = 3000;
    b->recipe.alpha = b->recipe.alpha_last = 0.01;
    ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_int_eq(b->training.adam.steps, 3000);
    for (int i = 0; i < COUNTED; i++)
        assert_near(b->training.theta.at[i], -30, 1e-6 + 3000 * 30 * REAL_EPSILON);
    bench_free(b);
}
END_TEST

START_TEST(a_run_that_diverges_keeps_its_last_good_state)
{
    static const double bad[][2] = {{NAN, 0}, {INFINITY, 0}, {0, NAN}, {0, -INFINITY}};
    for (int i = 0; i < 4; i++) {
        struct bench *b = bench_make();
        size_t used = b->arena.used;
        b->task.bad_at = 6;
        b->task.bad_loss = bad[i][0];
        b->task.bad_slope = bad[i][1];
        ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                         TRAINING_DIVERGED);
        ck_assert_uint_eq(b->arena.used, used);
        ck_assert_int_eq(b->training.iteration, 5);
        ck_assert_int_eq(b->training.adam.steps, 5);
        ck_assert_double_eq_tol(b->training.theta.at[COUNTED - 1], -2.4, 1e-6);
        bench_free(b);
    }
}
END_TEST

struct seen {
    int calls, stop_at;
    double last;
};

static bool look(void *context, const struct recipe *recipe,
                 const struct training *training, double loss)
{
    struct seen *seen = context;
    ck_assert_int_eq(recipe->iterations, 40);
    ck_assert_int_eq(training->iteration, ++seen->calls);
    seen->last = loss;
    return seen->calls != seen->stop_at;
}

START_TEST(a_watcher_sees_every_iteration_and_can_stop)
{
    struct bench *b = bench_make();
    struct seen seen = {.stop_at = 7};
    ck_assert_int_eq(train(&b->recipe, look, &seen, &b->arena, &b->training),
                     TRAINING_STOPPED);
    ck_assert_int_eq(b->training.iteration, 7);
    ck_assert(seen.last < 0 && seen.last > -4);
    ck_assert_int_eq(train(&b->recipe, look, &seen, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_int_eq(seen.calls, 40);
    struct seen at_end = {.stop_at = 40};
    b->training.iteration = 0;
    ck_assert_int_eq(train(&b->recipe, look, &at_end, &b->arena, &b->training),
                     TRAINING_DONE);
    bench_free(b);
}
END_TEST

START_TEST(a_saved_run_is_loaded_whole)
{
    struct bench *b = bench_make();
    struct seen seen = {.stop_at = 7};
    train(&b->recipe, look, &seen, &b->arena, &b->training);
    b->training.recipe = "forty steps";
    size_t used = b->arena.used;
    ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                     CHECKPOINT_OK);
    ck_assert_uint_eq(b->arena.used, used);
    struct training other = training_make(&b->arena, COUNTED, rng_make(9, "other", 9));
    other.recipe = "forty steps";
    ck_assert_int_eq(training_load(b->path, &b->arena, &other, b->message),
                     CHECKPOINT_OK);
    ck_assert_str_eq(b->message, "");
    assert_same_training(&other, &b->training);
    struct training larger = training_make(&b->arena, COUNTED + 1, other.rng);
    larger.recipe = "forty steps";
    ck_assert_int_eq(training_load(b->path, &b->arena, &larger, b->message),
                     CHECKPOINT_OTHER);
    ck_assert(max_norm(larger.theta) == 0 && larger.iteration == 0);
    bench_free(b);
}
END_TEST

/* Another recipe is refused by its name, whatever is in the file in its place. */
START_TEST(another_recipe_is_refused_by_name)
{
    static const struct {
        const char *saved, *asked, *text;
    } all[] = {{"forty steps", "fifty steps",
                "is a run of \"forty steps\", not of \"fifty steps\""},
               {"", "x", "is a run of \"\", not of \"x\""},
               {"x", "", "is a run of \"x\", not of \"\""},
               {"forty steps", "forty step", "not of \"forty step\""},
               {"~two\nlines\033[2J~", "x", "is a run of \"~two?lines?[2J~\", not"}};
    for (int i = 0; i < 5; i++) {
        struct bench *b = bench_make();
        b->training.recipe = all[i].saved;
        ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                         CHECKPOINT_OK);
        b->training.recipe = all[i].asked;
        fill(7, b->training.theta);
        size_t used = b->arena.used;
        ck_assert_int_eq(training_load(b->path, &b->arena, &b->training, b->message),
                         CHECKPOINT_OTHER);
        ck_assert_uint_eq(b->arena.used, used);
        ck_assert_msg(strstr(b->message, all[i].text) != NULL, "%s", b->message);
        ck_assert(b->training.theta.at[0] == 7);
        bench_free(b);
    }
    struct bench *b = bench_make();
    char longest[TRAINING_RECIPE + 1] = "";
    memset(longest, 'r', TRAINING_RECIPE);
    b->training.recipe = longest + 1;
    ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                     CHECKPOINT_OK);
    ck_assert_int_eq(training_load(b->path, &b->arena, &b->training, b->message),
                     CHECKPOINT_OK);
    b->training.recipe = longest;
    ck_assert_stops("a recipe of 160 bytes",
                    training_save(b->path, &b->training, &b->arena, b->message));
    ck_assert_stops("a recipe of 160 bytes",
                    training_load(b->path, &b->arena, &b->training, b->message));
    bench_free(b);
}
END_TEST

/* Files that are whole, with a right checksum, but hold what no run comes to. */
START_TEST(impossible_states_are_refused)
{
    static const struct {
        int counter;
        uint64_t count;
        int part, entry;
        double number;
    } bad[] = {{.counter = 0, (uint64_t)INT_MAX + 1},
               {.counter = 0, 4},
               {.counter = 1, UINT64_MAX},
               {.counter = 1, 2},
               {.counter = 12, 5},
               {.counter = -1, .part = 2, .entry = 0, .number = NAN},
               {.counter = -1, .part = 2, .entry = COUNTED - 1, .number = -INFINITY},
               {.counter = -1, .part = 3, .entry = COUNTED - 1, .number = NAN},
               {.counter = -1, .part = 3, .entry = 0, .number = INFINITY},
               {.counter = -1, .part = 4, .entry = COUNTED - 1, .number = NAN},
               {.counter = -1, .part = 4, .entry = 0, .number = INFINITY},
               {.counter = -1, .part = 4, .entry = 1, .number = -REAL_TRUE_MIN}};
    struct bench *b = bench_make();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t counter[13] = {3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 4},
                 recipe[20] = {0};
        double theta[COUNTED] = {-1, 0, 1}, m[COUNTED] = {-2, 0, 2},
               v[COUNTED] = {3, 0, VAST};
        struct checkpoint_part part[] = {{"recipe", 20, recipe},
                                         {"counters", 13, counter},
                                         {"theta", COUNTED, theta},
                                         {"adam m", COUNTED, m},
                                         {"adam v", COUNTED, v}};
        checkpoint_save(b->path, 5, part, &b->arena, b->message);
        struct training t = training_make(&b->arena, COUNTED, b->training.rng);
        ck_assert_int_eq(training_load(b->path, &b->arena, &t, b->message),
                         CHECKPOINT_OK);
        ck_assert(t.iteration == 3 && t.adam.steps == 3 && t.rng.left == 4);
        ck_assert(t.rng.key[1] == 2 && t.rng.counter[3] == 6 && t.rng.block[3] == 10);
        ck_assert(t.theta.at[0] == -1 && t.adam.m.at[2] == 2 && t.adam.v.at[0] == 3);
        if (bad[i].counter >= 0)
            counter[bad[i].counter] = bad[i].count;
        else
            ((double *)part[bad[i].part].at)[bad[i].entry] = bad[i].number;
        checkpoint_save(b->path, 5, part, &b->arena, b->message);
        fill(1, t.theta);
        struct training before = t;
        size_t used = b->arena.used;
        ck_assert_int_eq(training_load(b->path, &b->arena, &t, b->message),
                         CHECKPOINT_DAMAGED);
        ck_assert_uint_eq(b->arena.used, used);
        ck_assert_ptr_nonnull(
            strstr(b->message, bad[i].counter >= 0 ? "run: counts what cannot be"
                                                   : "run: holds numbers that no run"));
        ck_assert_mem_eq(&t, &before, sizeof t);
        ck_assert(t.theta.at[0] == 1 && t.theta.at[COUNTED - 1] == 1);
    }
    bench_free(b);
}
END_TEST

/* Steps of which the sum of 17 is still a number, and that of 18 would not be. */
START_TEST(a_step_that_leaves_the_numbers_is_not_taken)
{
    enum { MOST = 17 };
    struct bench *b = bench_make();
    b->recipe.alpha = b->recipe.alpha_last = REAL_MAX / 17.5;
    struct training good = training_make(&b->arena, COUNTED, b->training.rng);
    struct recipe short_of_it = b->recipe;
    short_of_it.iterations = MOST;
    ck_assert_int_eq(train(&short_of_it, NULL, NULL, &b->arena, &good), TRAINING_DONE);
    enum training_status status =
        train(&b->recipe, NULL, NULL, &b->arena, &b->training);
    ck_assert_int_eq(status, TRAINING_DIVERGED);
    ck_assert_int_eq(b->training.iteration, MOST);
    ck_assert_int_eq(b->training.adam.steps, MOST);
    ck_assert_mem_eq(b->training.theta.at, good.theta.at, COUNTED * sizeof(real));
    ck_assert_mem_eq(b->training.adam.m.at, good.adam.m.at, COUNTED * sizeof(real));
    ck_assert_mem_eq(b->training.adam.v.at, good.adam.v.at, COUNTED * sizeof(real));
    bench_free(b);
}
END_TEST

/* Of N steps the k-th, from 0 on, is 0.5 - 0.4 k / N: all of them N / 2 - (N - 1) / 5.
 * Each is off by a 1e-8 for its epsilon, and each sum rounded. */
START_TEST(the_rate_falls_in_runs_of_any_length)
{
    static const int lengths[] = {1, 2, 40, 101, 1000};
    for (int k = 0; k < 5; k++) {
        struct bench *b = bench_make();
        int N = b->recipe.iterations = lengths[k];
        ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                         TRAINING_DONE);
        double way = N / 2.0 - (N - 1) / 5.0;
        for (int i = 0; i < COUNTED; i++)
            assert_near(b->training.theta.at[i], -way, (1e-7 + N * REAL_EPSILON) * way);
        bench_free(b);
    }
}
END_TEST

START_TEST(every_letter_of_a_recipe_counts)
{
    struct bench *b = bench_make();
    char saved[TRAINING_RECIPE] = "", asked[TRAINING_RECIPE] = "";
    memset(saved, 'r', TRAINING_RECIPE - 1);
    memset(asked, 'r', TRAINING_RECIPE - 1);
    for (int at = 0; at < TRAINING_RECIPE - 1; at++) {
        b->training.recipe = saved;
        ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                         CHECKPOINT_OK);
        asked[at] = 's';
        b->training.recipe = asked;
        ck_assert_int_eq(training_load(b->path, &b->arena, &b->training, b->message),
                         CHECKPOINT_OTHER);
        asked[at] = 'r';
    }
    bench_free(b);
}
END_TEST

/* The last iteration that can be counted is one. */
START_TEST(a_run_may_be_as_long_as_can_be_counted)
{
    static const int counts[] = {0, 1, 1 << 16, INT_MAX};
    struct bench *b = bench_make();
    for (int k = 0; k < 4; k++) {
        struct training other = training_make(&b->arena, COUNTED, b->training.rng);
        b->training.iteration = b->training.adam.steps = counts[k];
        ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                         CHECKPOINT_OK);
        ck_assert_int_eq(training_load(b->path, &b->arena, &other, b->message),
                         CHECKPOINT_OK);
        assert_same_training(&other, &b->training);
    }
    bench_free(b);
}
END_TEST

/* What a loss is to be: a number of the stream, and theta before the step. */
struct told {
    struct rng rng;
    double theta;
    int calls;
};

static bool compare(void *context, const struct recipe *recipe,
                    const struct training *training, double loss)
{
    struct told *told = context;
    (void)recipe;
    ck_assert_double_eq(loss, rng_uniform(&told->rng) + told->theta);
    told->theta = training->theta.at[0];
    told->calls++;
    return true;
}

START_TEST(a_watcher_is_told_the_loss_of_each_iteration)
{
    struct bench *b = bench_make();
    struct told told = {.rng = b->training.rng};
    b->recipe.iterations = 1000;
    ck_assert_int_eq(train(&b->recipe, compare, &told, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_int_eq(told.calls, 1000);
    bench_free(b);
}
END_TEST

int main(void)
{
    return unit_run("training",
                    (const TTest *const[]){
                        a_new_run_has_done_nothing, the_rate_falls_linearly,
                        a_long_run_is_as_regular_as_a_short_one,
                        a_run_that_diverges_keeps_its_last_good_state,
                        a_step_that_leaves_the_numbers_is_not_taken,
                        a_watcher_sees_every_iteration_and_can_stop,
                        a_saved_run_is_loaded_whole, another_recipe_is_refused_by_name,
                        impossible_states_are_refused,
                        the_rate_falls_in_runs_of_any_length,
                        every_letter_of_a_recipe_counts,
                        a_run_may_be_as_long_as_can_be_counted,
                        a_watcher_is_told_the_loss_of_each_iteration, NULL});
}
