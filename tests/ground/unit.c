#include "ground/unit.h"

#include "ground/parent.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The process that forks the tests, or runs them itself if CK_FORK=no. */
static pid_t runner;

/* A test that runs in a process of its own ends with the one that started it. */
static void end_with_runner(void)
{
    if (getpid() != runner)
        end_with(runner, SIGKILL);
}

const TTest unit_left_out = {.name = "left out"};

/* Says how many tests are left out, to the runner or else to the terminal. */
static void tell_left_out(int count)
{
    const char *path = getenv("CK_TAP_LOG_FILE_NAME");
    FILE *file = path != NULL ? fopen(path, "a") : stderr;
    if (count > 0 && file != NULL)
        fprintf(file, "# left out: %d test%s of doubles\n", count,
                count == 1 ? "" : "s");
    if (file != NULL && file != stderr)
        fclose(file);
}

int unit_run(const char *suite, const TTest *const *tests)
{
    Suite *all = suite_create(suite);
    TCase *cases = tcase_create(suite);
    runner = getpid();
    tcase_add_checked_fixture(cases, end_with_runner, NULL);
    int left_out = 0;
    for (; *tests != NULL; tests++)
        if (*tests != &unit_left_out)
            tcase_add_test(cases, *tests);
        else
            left_out++;
    suite_add_tcase(all, cases);
    SRunner *srunner = srunner_create(all);
    srunner_run_all(srunner, CK_ENV);
    int failed = srunner_ntests_failed(srunner);
    srunner_free(srunner);
    tell_left_out(left_out);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

struct rng unit_rng(const char *test)
{
    const char *text = getenv("SEED");
    char *end = NULL;
    uint64_t seed = text == NULL ? 1 : strtoull(text, &end, 10);
    ck_assert_msg(text == NULL || (end != text && *end == '\0'),
                  "SEED must be a number, got \"%s\"", text);
    return rng_make(seed, test, 0);
}

double rounded(double limit) { return limit * (REAL_EPSILON / DBL_EPSILON); }

/* The limit of assert_near at this precision. */
static double at_precision(double limit)
{
    return limit > 1e-8 ? limit : rounded(limit);
}

void unit_assert_near(double got, long double value, double limit,
                      const char *expression, const char *file, int line)
{
    limit = at_precision(limit);
    if (!(fabsl(got - value) <= limit))
        ck_abort_msg("%s:%d: %s is %.17g, not %.20Lg, limit %g", file, line, expression,
                     got, value, limit);
}

static void assert_entry(vec got, int i, double value, double limit)
{
    ck_assert_msg(fabs(got.at[i] - value) <= at_precision(limit),
                  "entry %d is %.17g, not %.17g, limit %g", i, got.at[i], value,
                  at_precision(limit));
}

void assert_entries(vec got, const double *values, double limit)
{
    for (int i = 0; i < got.n; i++)
        assert_entry(got, i, values[i], limit);
}

void assert_vec(vec got, vec value, double limit)
{
    ck_assert_int_le(got.n, value.n);
    for (int i = 0; i < got.n; i++)
        assert_entry(got, i, value.at[i], limit);
}

vec vec_of(struct arena *arena, int n, const double *at)
{
    vec x = arena_vec(arena, n);
    for (int i = 0; i < n; i++)
        x.at[i] = at[i];
    return x;
}

struct unit_watch unit_watch(struct arena *arena, int count, const vec *at)
{
    struct unit_watch watched = {.count = count};
    ck_assert_int_le(count, 16);
    for (int k = 0; k < count; k++) {
        watched.at[k] = at[k];
        watched.was[k] = arena_vec(arena, at[k].n);
        for (int i = 0; i < at[k].n; i++)
            memcpy(watched.was[k].at + i, at[k].at + i, sizeof *at[k].at);
    }
    return watched;
}

void assert_unchanged(const struct unit_watch *watched)
{
    for (int k = 0; k < watched->count; k++) {
        vec at = watched->at[k];
        for (int i = 0; i < at.n; i++)
            ck_assert_msg(memcmp(at.at + i, watched->was[k].at + i, sizeof *at.at) == 0,
                          "entry %d of vector %d, which is only to be read, is %g", i,
                          k, at.at[i]);
    }
}

/* A child whose stderr comes down a pipe, and which leaves no core when it dies. */
struct unit_child unit_fork(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t test = getpid(), id = fork();
    ck_assert_int_ne(id, -1);
    if (id == 0) {
        end_with(test, SIGKILL);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
    }
    close(ends[1]);
    return (struct unit_child){id, ends[0]};
}

/* The end of a child that should have stopped before.  Not exit: the buffers that it
 * inherited are the parent's to write. */
_Noreturn void unit_survived(void) { _exit(EXIT_SUCCESS); }

void unit_assert_stopped(struct unit_child child, const char *text,
                         const char *expression, const char *file, int line)
{
    char message[1024] = "";
    FILE *messages = fdopen(child.messages, "r");
    size_t length = fread(message, 1, sizeof message - 1, messages);
    fclose(messages);

    int status;
    ck_assert_int_eq(waitpid(child.id, &status, 0), child.id);
    int aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    int one_line = length > 0 && strchr(message, '\n') == message + length - 1;
    if (!aborted)
        ck_abort_msg("%s:%d: %s did not stop, and said \"%s\"", file, line, expression,
                     message);
    if (!one_line || strstr(message, text) == NULL)
        ck_abort_msg("%s:%d: %s must say \"%s\" in one line, and said \"%s\"", file,
                     line, expression, text, message);
}
