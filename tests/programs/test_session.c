/* The contract of session.h, on the loss of test_training.c: whatever ends a session,
 * the file is good, and what comes out in the end has the bits of a run without one. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include "ground/counting.h"
#include "ground/unit.h"
#include "session.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct bench {
    struct arena arena;
    struct counting task;
    struct recipe recipe;
    struct training training;
    char directory[40], path[64], lock[72], other[72], message[CHECKPOINT_MESSAGE];
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
    b->training = training_make(&b->arena, COUNTED, unit_rng("session"));
    strcpy(b->directory, "build/session-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(b->directory));
    snprintf(b->path, sizeof b->path, "%s/run", b->directory);
    snprintf(b->lock, sizeof b->lock, "%s.lock", b->path);
    snprintf(b->other, sizeof b->other, "%s.other", b->path);
    return b;
}

static void bench_free(struct bench *b)
{
    remove(b->path);
    remove(b->lock);
    remove(b->other);
    ck_assert_int_eq(rmdir(b->directory), 0);
    arena_free(&b->arena);
    free(b);
}

static struct training loaded(struct bench *b)
{
    struct training t = training_make(&b->arena, COUNTED, b->training.rng);
    ck_assert_int_eq(training_load(b->path, &b->arena, &t, b->message), CHECKPOINT_OK);
    return t;
}

START_TEST(a_session_resumes_where_it_was_stopped)
{
    struct bench *b = bench_make();
    volatile sig_atomic_t stop = 0;
    struct training whole = training_make(&b->arena, COUNTED, b->training.rng);
    train(&b->recipe, NULL, NULL, &b->arena, &whole);

    struct session session = {b->path, 1000, NULL, &stop};
    b->task = (struct counting){.stop = &stop, .stop_at = 17};
    ck_assert_int_eq(session_train(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     SESSION_STOPPED);
    ck_assert_str_eq(b->message, "");
    ck_assert_int_eq(b->training.iteration, 17);
    struct training kept = loaded(b);
    assert_same_training(&kept, &b->training);

    stop = 0;
    struct training next = training_make(&b->arena, COUNTED, rng_make(1, "another", 1));
    ck_assert_int_eq(session_train(&b->recipe, session, &b->arena, &next, b->message),
                     SESSION_DONE);
    ck_assert_int_eq(b->task.calls, 40);
    assert_same_training(&next, &whole);
    kept = loaded(b);
    assert_same_training(&kept, &whole);
    bench_free(b);
}
END_TEST

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
    struct training whole = training_make(&b->arena, COUNTED, b->training.rng);
    b->recipe.iterations = 500;
    train(&b->recipe, NULL, NULL, &b->arena, &whole);
    struct session session = {b->path, 1, NULL, NULL};
    int status = -1, kills = 0;
    while (status != 0) {
        pid_t child = fork();
        if (child == 0)
            _exit((int)session_train(&b->recipe, session, &b->arena, &b->training,
                                     b->message));
        struct timespec moment = {0, rng_below(&rng, 5000000)};
        if (kills < 20) {
            nanosleep(&moment, NULL);
            kill(child, SIGKILL);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
        kills++;
        struct training kept = training_make(&b->arena, COUNTED, rng);
        enum checkpoint_status found =
            training_load(b->path, &b->arena, &kept, b->message);
        ck_assert(found == CHECKPOINT_OK || found == CHECKPOINT_MISSING);
    }
    struct training kept = loaded(b);
    assert_same_training(&kept, &whole);
    bench_free(b);
}
END_TEST

START_TEST(a_session_saves_every_so_often)
{
    struct bench *b = bench_make();
    b->task = (struct counting){.bad_at = 18, .bad_loss = NAN};
    struct session session = {b->path, 5, NULL, NULL};
    ck_assert_int_eq(session_train(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     SESSION_DIVERGED);
    ck_assert_int_eq(b->training.iteration, 17);
    ck_assert_int_eq(loaded(b).iteration, 15);
    session.every = 0;
    ck_assert_stops("every must be positive, got 0",
                    session_train(&b->recipe, session, &b->arena, &b->training,
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
    ck_assert_int_eq(session_train(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     SESSION_NOT_BEGUN);
    ck_assert_ptr_nonnull(strstr(b->message, "run: is not a saved state"));
    char notes[40] = "";
    file = fopen(b->path, "r");
    ck_assert_ptr_nonnull(fgets(notes, sizeof notes, file));
    fclose(file);
    ck_assert_str_eq(notes, "my notes, 1 to 40");

    session.path = "build/no such place/run";
    ck_assert_int_eq(session_train(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     SESSION_NOT_BEGUN);
    ck_assert_ptr_nonnull(strstr(b->message, "run.lock: cannot be opened"));
    ck_assert_int_eq(b->task.calls, 0);
    bench_free(b);
}
END_TEST

/* The directory goes while the run goes on. */
static double vanishing(const void *problem, double progress, vec theta,
                        struct rng *rng, struct arena *scratch, vec grad)
{
    struct bench *b = (struct bench *)(size_t)problem;
    if (progress == 0) {
        remove(b->path);
        remove(b->lock);
        rmdir(b->directory);
    }
    return counting_loss(&b->task, progress, theta, rng, scratch, grad);
}

START_TEST(a_session_that_cannot_save_stops)
{
    struct bench *b = bench_make();
    struct session session = {b->path, 5, NULL, NULL};
    b->recipe.loss = vanishing;
    b->recipe.problem = b;
    ck_assert_int_eq(session_train(&b->recipe, session, &b->arena, &b->training,
                                   b->message),
                     SESSION_NOT_SAVED);
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
    session_train(&b->recipe, session, &b->arena, &b->training, b->message);
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
    session_train(&b->recipe, session, &b->arena, &b->training, b->message);
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

/* ---- What is in the file already ---------------------------------------------------
 */

static enum session_status begin(struct bench *b, FILE *display)
{
    struct session session = {b->path, 1000, display, NULL};
    return session_train(&b->recipe, session, &b->arena, &b->training, b->message);
}

/* The state of another recipe is neither gone on with nor lost; a third is not taken.
 */
START_TEST(another_recipe_is_set_aside)
{
    struct bench *b = bench_make();
    FILE *display = tmpfile();
    char line[400] = "";
    struct training start = training_make(&b->arena, COUNTED, b->training.rng),
                    whole = start;
    b->training.recipe = "one";
    ck_assert_int_eq(begin(b, NULL), SESSION_DONE);
    struct training one = b->training;
    b->training = training_make(&b->arena, COUNTED, start.rng);
    b->training.recipe = "two";
    b->recipe.alpha = 0.25;
    ck_assert_int_eq(begin(b, display), SESSION_DONE);
    ck_assert_str_eq(b->message, "");
    ck_assert_int_eq(train(&b->recipe, NULL, NULL, &b->arena, &whole), TRAINING_DONE);
    assert_same_training(&b->training, &whole);
    rewind(display);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, display));
    ck_assert_ptr_nonnull(strstr(line,
                                 "run: is a run of \"one\", not of \"two\"; that is "
                                 "now build/session-"));
    fclose(display);

    struct training kept = training_make(&b->arena, COUNTED, start.rng);
    kept.recipe = "one";
    ck_assert_int_eq(training_load(b->other, &b->arena, &kept, b->message),
                     CHECKPOINT_OK);
    assert_same_training(&kept, &one);
    b->training.recipe = "three";
    int calls = b->task.calls;
    ck_assert_int_eq(begin(b, NULL), SESSION_NOT_BEGUN);
    ck_assert_int_eq(b->task.calls, calls);
    ck_assert_ptr_nonnull(strstr(b->message,
                                 "is a run of \"two\", not of \"three\"; and "
                                 "it cannot be set aside as build/session-"));
    ck_assert_ptr_nonnull(strstr(b->message, "File exists"));
    kept.recipe = "two";
    ck_assert_int_eq(training_load(b->path, &b->arena, &kept, b->message),
                     CHECKPOINT_OK);
    assert_same_training(&kept, &whole);
    bench_free(b);
}
END_TEST

START_TEST(more_than_the_whole_run_is_refused)
{
    struct bench *b = bench_make();
    b->training.iteration = b->training.adam.steps = 41;
    ck_assert_int_eq(training_save(b->path, &b->training, &b->arena, b->message),
                     CHECKPOINT_OK);
    ck_assert_int_eq(begin(b, NULL), SESSION_NOT_BEGUN);
    ck_assert_ptr_nonnull(strstr(b->message, "run: has done 41 of 40 iterations"));
    ck_assert_int_eq(b->task.calls, 0);
    bench_free(b);
}
END_TEST

/* At its third iteration it says so down one pipe, and waits for the end of another. */
struct meeting {
    struct bench *b;
    int say[2], wait[2];
};

static double meet(const void *problem, double progress, vec theta, struct rng *rng,
                   struct arena *scratch, vec grad)
{
    const struct meeting *m = problem;
    char byte = 0;
    if (m->b->task.calls == 3) {
        ck_assert_int_eq(write(m->say[1], &byte, 1), 1);
        ck_assert_int_eq(read(m->wait[0], &byte, 1), 0);
    }
    return counting_loss(&m->b->task, progress, theta, rng, scratch, grad);
}

START_TEST(two_sessions_do_not_share_a_file)
{
    struct bench *b = bench_make();
    struct training whole = training_make(&b->arena, COUNTED, b->training.rng);
    train(&b->recipe, NULL, NULL, &b->arena, &whole);
    b->task.calls = 0;
    struct meeting m = {b, {0}, {0}};
    ck_assert(pipe(m.say) == 0 && pipe(m.wait) == 0);
    b->recipe.loss = meet;
    b->recipe.problem = &m;
    pid_t child = fork();
    if (child == 0) {
        close(m.wait[1]);
        _exit((int)begin(b, NULL));
    }
    char byte;
    ck_assert_int_eq(read(m.say[0], &byte, 1), 1);
    ck_assert_int_eq(begin(b, NULL), SESSION_NOT_BEGUN);
    ck_assert_ptr_nonnull(strstr(b->message, "run: another run is at work on it"));
    ck_assert_int_eq(b->task.calls, 0);
    close(m.wait[1]);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, SESSION_DONE);
    ck_assert_int_eq(begin(b, NULL), SESSION_DONE);
    assert_same_training(&b->training, &whole);
    close(m.say[0]), close(m.say[1]), close(m.wait[0]);
    bench_free(b);
}
END_TEST

int main(void)
{
    return unit_run("session",
                    (const TTest *const[]){a_session_resumes_where_it_was_stopped,
                                           a_session_survives_being_killed,
                                           a_session_saves_every_so_often,
                                           a_session_does_not_begin_without_its_file,
                                           a_session_that_cannot_save_stops,
                                           in_a_file_progress_is_ten_lines,
                                           on_a_terminal_progress_is_one_line,
                                           another_recipe_is_set_aside,
                                           more_than_the_whole_run_is_refused,
                                           two_sessions_do_not_share_a_file, NULL});
}
