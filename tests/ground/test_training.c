/* The contract of training.h, on a loss whose steps are known by hand: with a constant
 * gradient every step of Adam is the rate itself, but for its epsilon. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include "ground/training.h"
#include "ground/unit.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { N = 3 };

/* A loss with gradient 1 that counts, and does at one iteration what it is told to. */
struct task {
    int calls, bad_at; /* from this call on, loss or gradient is bad     */
    double bad_loss, bad_slope;
    volatile sig_atomic_t *stop;
    int stop_at;
    double last_done;
};

static double count_loss(const void *problem, double done, vec theta, struct rng *rng,
                         struct arena *scratch, vec grad)
{
    struct task *task = (struct task *)(size_t)problem;
    (void)scratch;
    task->last_done = done;
    task->calls++;
    fill(1, grad);
    double loss = rng_uniform(rng) + theta.at[0];
    if (task->stop != NULL && task->calls == task->stop_at)
        *task->stop = 1;
    if (task->bad_at > 0 && task->calls >= task->bad_at) {
        loss += task->bad_loss;
        grad.at[N - 1] += task->bad_slope;
    }
    return loss;
}

struct bench {
    struct arena arena;
    struct task task;
    struct recipe recipe;
    struct training training;
    char directory[40], path[64], message[CHECKPOINT_MESSAGE];
};

static struct bench *bench_make(void)
{
    struct bench *b = calloc(1, sizeof *b);
    b->arena = arena_make(1 << 14);
    b->recipe = (struct recipe){count_loss, &b->task, 40, 0.5, 0.1};
    b->training = training_make(&b->arena, N, unit_rng("training"));
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

/* Field by field: what lies behind the last one is not the stream's. */
static void assert_same_stream(const struct rng *a, const struct rng *b)
{
    ck_assert_mem_eq(a, b, offsetof(struct rng, left));
    ck_assert_int_eq(a->left, b->left);
}

static void assert_same(const struct training *a, const struct training *b)
{
    ck_assert_mem_eq(a->theta.at, b->theta.at, N * sizeof(double));
    ck_assert_mem_eq(a->adam.m.at, b->adam.m.at, N * sizeof(double));
    ck_assert_mem_eq(a->adam.v.at, b->adam.v.at, N * sizeof(double));
    assert_same_stream(&a->rng, &b->rng);
    ck_assert_int_eq(a->iteration, b->iteration);
    ck_assert_int_eq(a->adam.steps, b->adam.steps);
}

START_TEST(a_new_run_has_done_nothing)
{
    struct bench *b = bench_make();
    ck_assert_int_eq(b->training.theta.n, N);
    ck_assert_int_eq(b->training.adam.m.n, N);
    ck_assert(max_norm(b->training.theta) == 0 && max_norm(b->training.adam.v) == 0);
    ck_assert_int_eq(b->training.iteration, 0);
    ck_assert_int_eq(b->training.adam.steps, 0);
    ck_assert_double_eq(b->training.adam.beta1, 0.9);
    ck_assert_double_eq(b->training.adam.beta2, 0.999);
    ck_assert_double_eq(b->training.adam.epsilon, 1e-8);
    struct rng rng = unit_rng("training");
    assert_same_stream(&b->training.rng, &rng);
    bench_free(b);
}
END_TEST

/* sum_{k<40} (0.5 - 0.4 k / 40) = 20 - 0.01 * 780 = 12.2, over 1 + 1e-8. */
START_TEST(the_rate_falls_linearly)
{
    struct bench *b = bench_make();
    size_t used = b->arena.used;
    double loss = training_step(&b->recipe, &b->arena, &b->training);
    struct rng rng = unit_rng("training");
    ck_assert_double_eq(loss, rng_uniform(&rng));
    ck_assert_double_eq_tol(b->training.theta.at[1], -0.5, 1e-7);
    ck_assert_double_eq(b->task.last_done, 0);
    ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_uint_eq(b->arena.used, used);
    ck_assert_int_eq(b->training.iteration, 40);
    ck_assert_int_eq(b->task.calls, 40);
    ck_assert_double_eq(b->task.last_done, 39 / 40.0);
    for (int i = 0; i < N; i++)
        ck_assert_double_eq_tol(b->training.theta.at[i], -12.2, 1e-6);
    ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_int_eq(b->task.calls, 40);
    ck_assert_stops("iteration 40 of 40",
                    training_step(&b->recipe, &b->arena, &b->training));
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
        ck_assert_double_eq_tol(b->training.theta.at[N - 1], -2.4, 1e-6);
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
    struct seen seen = {0, 7, 0};
    ck_assert_int_eq(train(&b->recipe, look, &seen, &b->arena, &b->training),
                     TRAINING_STOPPED);
    ck_assert_int_eq(b->training.iteration, 7);
    ck_assert(seen.last < 0 && seen.last > -4);
    ck_assert_int_eq(train(&b->recipe, look, &seen, &b->arena, &b->training),
                     TRAINING_DONE);
    ck_assert_int_eq(seen.calls, 40);
    struct seen at_end = {0, 40, 0};
    b->training.iteration = 0;
    ck_assert_int_eq(train(&b->recipe, look, &at_end, &b->arena, &b->training),
                     TRAINING_DONE);
    bench_free(b);
}
END_TEST

START_TEST(a_saved_run_is_loaded_whole)
{
    struct bench *b = bench_make();
    struct seen seen = {0, 7, 0};
    train(&b->recipe, look, &seen, &b->arena, &b->training);
    b->training.adam.steps = 9; /* no run gives it, but the file must not care */
    size_t used = b->arena.used;
    ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                     CHECKPOINT_OK);
    ck_assert_uint_eq(b->arena.used, used);
    struct training other = training_make(&b->arena, N, rng_make(9, "other", 9));
    ck_assert_int_eq(training_load(b->path, &b->arena, &other, b->message),
                     CHECKPOINT_OK);
    ck_assert_str_eq(b->message, "");
    assert_same(&other, &b->training);
    struct training larger = training_make(&b->arena, N + 1, other.rng);
    ck_assert_int_eq(training_load(b->path, &b->arena, &larger, b->message),
                     CHECKPOINT_OTHER);
    ck_assert(max_norm(larger.theta) == 0 && larger.iteration == 0);
    bench_free(b);
}
END_TEST

/* A file that is whole, but counts what cannot be. */
START_TEST(impossible_counters_are_refused)
{
    static const struct {
        int which;
        uint64_t value;
    } bad[] = {{0, (uint64_t)INT_MAX + 1}, {1, UINT64_MAX}, {12, 5}};
    struct bench *b = bench_make();
    double zeros[N] = {0};
    for (int i = 0; i < 3; i++) {
        uint64_t counter[13] = {3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 4};
        struct checkpoint_part part[] = {{"theta", N, zeros},
                                         {"adam m", N, zeros},
                                         {"adam v", N, zeros},
                                         {"counters", 13, counter}};
        checkpoint_save(b->path, 4, part, &b->arena, b->message);
        struct training t = training_make(&b->arena, N, b->training.rng);
        ck_assert_int_eq(training_load(b->path, &b->arena, &t, b->message),
                         CHECKPOINT_OK);
        ck_assert(t.iteration == 3 && t.adam.steps == 3 && t.rng.left == 4);
        ck_assert(t.rng.key[1] == 2 && t.rng.counter[3] == 6 && t.rng.block[3] == 10);
        counter[bad[i].which] = bad[i].value;
        checkpoint_save(b->path, 4, part, &b->arena, b->message);
        fill(1, t.theta);
        struct training before = t;
        size_t used = b->arena.used;
        ck_assert_int_eq(training_load(b->path, &b->arena, &t, b->message),
                         CHECKPOINT_DAMAGED);
        ck_assert_uint_eq(b->arena.used, used);
        ck_assert_ptr_nonnull(strstr(b->message, "run: counts what cannot be"));
        ck_assert_mem_eq(&t, &before, sizeof t);
        ck_assert(t.theta.at[0] == 1 && t.theta.at[N - 1] == 1);
    }
    bench_free(b);
}
END_TEST

/* ---- Sessions ----------------------------------------------------------------------
 */

static struct training loaded(struct bench *b)
{
    struct training t = training_make(&b->arena, N, b->training.rng);
    ck_assert_int_eq(training_load(b->path, &b->arena, &t, b->message), CHECKPOINT_OK);
    return t;
}

START_TEST(a_session_resumes_where_it_was_stopped)
{
    struct bench *b = bench_make();
    volatile sig_atomic_t stop = 0;
    struct training whole = training_make(&b->arena, N, b->training.rng);
    train(&b->recipe, NULL, NULL, &b->arena, &whole);

    struct session session = {b->path, 1000, NULL, &stop};
    b->task = (struct task){.stop = &stop, .stop_at = 17};
    ck_assert_int_eq(train_session(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     TRAINING_STOPPED);
    ck_assert_str_eq(b->message, "");
    ck_assert_int_eq(b->training.iteration, 17);
    struct training kept = loaded(b);
    assert_same(&kept, &b->training);

    stop = 0;
    struct training next = training_make(&b->arena, N, rng_make(1, "another", 1));
    ck_assert_int_eq(train_session(&b->recipe, session, &b->arena, &next, b->message),
                     TRAINING_DONE);
    ck_assert_int_eq(b->task.calls, 40);
    assert_same(&next, &whole);
    kept = loaded(b);
    assert_same(&kept, &whole);
    bench_free(b);
}
END_TEST

/* Whatever kills it, a session loses no more than the iterations since it last saved;
 * here a loss that becomes NaN ends it, which is not saved. */
/* Takes the place of the system's, for which a disk needs milliseconds: a process that
 * is killed loses nothing that it wrote. */
int fsync(int descriptor)
{
    (void)descriptor;
    return 0;
}

/* A process that trains and saves after each iteration, and is killed at a random
 * moment, again and again until it comes to its end. */
START_TEST(a_session_survives_being_killed)
{
    struct bench *b = bench_make();
    struct rng rng = unit_rng("training/kill");
    struct training whole = training_make(&b->arena, N, b->training.rng);
    b->recipe.iterations = 2000;
    train(&b->recipe, NULL, NULL, &b->arena, &whole);
    struct session session = {b->path, 1, NULL, NULL};
    int status = -1, kills = 0;
    while (status != 0) {
        pid_t child = fork();
        if (child == 0)
            _exit((int)train_session(&b->recipe, session, &b->arena, &b->training,
                                     b->message));
        struct timespec moment = {0, rng_below(&rng, 20000000)};
        if (kills < 20) {
            nanosleep(&moment, NULL);
            kill(child, SIGKILL);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
        kills++;
        struct training kept = training_make(&b->arena, N, rng);
        enum checkpoint_status found =
            training_load(b->path, &b->arena, &kept, b->message);
        ck_assert(found == CHECKPOINT_OK || found == CHECKPOINT_MISSING);
    }
    struct training kept = loaded(b);
    assert_same(&kept, &whole);
    bench_free(b);
}
END_TEST

START_TEST(a_session_saves_every_so_often)
{
    struct bench *b = bench_make();
    b->task = (struct task){.bad_at = 18, .bad_loss = NAN};
    struct session session = {b->path, 5, NULL, NULL};
    ck_assert_int_eq(train_session(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     TRAINING_DIVERGED);
    ck_assert_int_eq(b->training.iteration, 17);
    ck_assert_int_eq(loaded(b).iteration, 15);
    session.every = 0;
    ck_assert_stops("every must be positive, got 0",
                    train_session(&b->recipe, session, &b->arena, &b->training,
                                  b->message));
    bench_free(b);
}
END_TEST

START_TEST(a_session_does_not_begin_without_its_file)
{
    struct bench *b = bench_make();
    struct session session = {b->path, 5, NULL, NULL};
    FILE *file = fopen(b->path, "w");
    fputs("my notes, 1 to 40", file);
    fclose(file);
    ck_assert_int_eq(train_session(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     TRAINING_NOT_SAVED);
    ck_assert_ptr_nonnull(strstr(b->message, "run: is not a saved state"));
    char notes[40] = "";
    file = fopen(b->path, "r");
    ck_assert_ptr_nonnull(fgets(notes, sizeof notes, file));
    fclose(file);
    ck_assert_str_eq(notes, "my notes, 1 to 40");

    session.path = "build/no such place/run";
    ck_assert_int_eq(train_session(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     TRAINING_NOT_SAVED);
    ck_assert_ptr_nonnull(strstr(b->message, "run.new: cannot be opened"));
    ck_assert_int_eq(b->task.calls, 0);
    bench_free(b);
}
END_TEST

/* The directory goes while the run goes on. */
static double vanishing(const void *problem, double done, vec theta, struct rng *rng,
                        struct arena *scratch, vec grad)
{
    struct bench *b = (struct bench *)(size_t)problem;
    if (done == 0) {
        remove(b->path);
        rmdir(b->directory);
    }
    return count_loss(&b->task, done, theta, rng, scratch, grad);
}

START_TEST(a_session_that_cannot_save_stops)
{
    struct bench *b = bench_make();
    struct session session = {b->path, 5, NULL, NULL};
    b->recipe.loss = vanishing;
    b->recipe.problem = b;
    ck_assert_int_eq(train_session(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     TRAINING_NOT_SAVED);
    ck_assert_int_eq(b->training.iteration, 5);
    ck_assert_ptr_nonnull(strstr(b->message, "run.new: cannot be opened"));
    ck_assert_int_eq(mkdir(b->directory, 0777), 0);
    bench_free(b);
}
END_TEST

START_TEST(in_a_file_progress_is_ten_lines)
{
    struct bench *b = bench_make();
    FILE *display = tmpfile();
    struct session session = {b->path, 1000, display, NULL};
    char line[80];
    train_session(&b->recipe, session, &b->arena, &b->training, b->message);
    rewind(display);
    for (int i = 1; i <= 10; i++) {
        char expected[40];
        snprintf(expected, sizeof expected, "iteration %d of 40, loss ", 4 * i);
        ck_assert_ptr_nonnull(fgets(line, sizeof line, display));
        ck_assert_mem_eq(line, expected, strlen(expected));
        ck_assert_ptr_nonnull(strchr(line, '\n'));
    }
    ck_assert_ptr_null(fgets(line, sizeof line, display));
    fclose(display);
    bench_free(b);
}
END_TEST

START_TEST(on_a_terminal_progress_is_one_line)
{
    struct bench *b = bench_make();
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(master, 0);
    ck_assert(grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *display = fopen(ptsname(master), "w");
    ck_assert_ptr_nonnull(display);
    struct session session = {b->path, 1000, display, NULL};
    char text[4096] = "";
    train_session(&b->recipe, session, &b->arena, &b->training, b->message);
    ssize_t size = 0, returns = 0, lines = 0, got = 1;
    while (got > 0 && strchr(text, '\n') == NULL) { /* it comes in pieces */
        got = read(master, text + size, sizeof text - 1 - (size_t)size);
        size += got;
    }
    ck_assert_int_gt(size, 0);
    for (ssize_t i = 0; i < size; i++) {
        returns += text[i] == '\r' && text[i + 1] == 'i';
        lines += text[i] == '\n';
    }
    ck_assert_int_eq(returns, 40);
    ck_assert_int_eq(lines, 1);
    ck_assert_int_eq(text[size - 1], '\n');
    ck_assert_mem_eq(text, "\riteration 1 of 40, loss 0.", 27);
    ck_assert_mem_eq(strchr(text, '\033'), "\033[K\riteration 2 of 40", 21);
    fclose(display);
    close(master);
    bench_free(b);
}
END_TEST

int main(void)
{
    return unit_run(
        "training",
        (const TTest *const[]){
            a_new_run_has_done_nothing, the_rate_falls_linearly,
            a_run_that_diverges_keeps_its_last_good_state,
            a_watcher_sees_every_iteration_and_can_stop, a_saved_run_is_loaded_whole,
            impossible_counters_are_refused, a_session_resumes_where_it_was_stopped,
            a_session_survives_being_killed, a_session_saves_every_so_often,
            a_session_does_not_begin_without_its_file, a_session_that_cannot_save_stops,
            in_a_file_progress_is_ten_lines, on_a_terminal_progress_is_one_line, NULL});
}
