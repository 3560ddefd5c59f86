/* check.c -- the runner behind `make check`: unit tests, then every claim, on all
 * cores.
 *
 *     check BUILD [--chapter STEM] [--claim ID] [--seed N] [--long] [--soak SEEDS]
 *                 [--for-book [--asked]]
 *
 * It runs the programs in BUILD/tests and BUILD/claims, reads back what they recorded,
 * tells the reader, and leaves BUILD/ledger.json.  A run of a part of the claims leaves
 * the ledger and the evidence of the figures alone: only a complete one replaces them.
 * One that finds another at work in BUILD waits for its end.
 *
 * The status is 0 if all is well, 1 if something failed, and 2 if it cannot be told:
 * what is asked for does not exist, or a file cannot be written.  With --for-book it is
 * 0 also after failures, as the book is to show them, and a part is refused; --asked
 * only looks whether the options are good.
 *
 * No process of a claim or a test may compute for more than CPU_LIMIT seconds, an
 * environment variable; 300, or half an hour with --long.  That is the processor's
 * time, so that a busy machine fails no claim; for one that sleeps, there are wall
 * clocks of ten times that and ten minutes, CK_DEFAULT_TIMEOUT in Check, and of twice
 * as much for a program. */
#include "catalogue.h"
#include "chapters.h"
#include "common.h"
#include "ground/arena.h"
#include "ground/finding.h"
#include "ground/parent.h"
#include "jobs.h"
#include "ledger.h"
#include "record.h"
#include "report.h"
#include "soak.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

struct options {
    const char *build, *chapter, *claim;
    uint64_t seed, soak;
    bool with_long, for_book, asked;
    int cpu_limit; /* seconds for each process */
};

/* ---- What the caller asks for ---------------------------------------------------- */

/* A number that JSON holds: its integers have a sign. */
static uint64_t read_number(const char *name, const char *text, uint64_t least)
{
    errno = 0;
    uint64_t value = strtoull(text, NULL, 10);
    bool digits = text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
    if (!digits || errno != 0 || value < least || value > INT64_MAX)
        give_up("%s must be a whole number from %" PRIu64 " to 2^63 - 1, got \"%s\"",
                name, least, text);
    return value;
}

/* From the environment; no more than fits a day. */
static int read_cpu_limit(bool with_long)
{
    const char *text = getenv("CPU_LIMIT");
    uint64_t seconds = read_number("CPU_LIMIT",
                                   text != NULL ? text
                                   : with_long  ? "1800"
                                                : "300",
                                   1);
    return seconds < 86400 ? (int)seconds : 86400;
}

/* A name that could be one: what else stands here is not even looked for. */
static const char *read_name(const char *variable, const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (text[0] == '\0' || text[strspn(text, letters)] != '\0')
        give_up("%s must be a name of a-z, 0-9 and _, got \"%s\"", variable, text);
    return text;
}

/* An option that stands alone; returns whether it is one. */
static bool read_flag(struct options *o, const char *option)
{
    bool *flag = strcmp(option, "--long") == 0       ? &o->with_long
                 : strcmp(option, "--for-book") == 0 ? &o->for_book
                 : strcmp(option, "--asked") == 0    ? &o->asked
                                                     : NULL;
    if (flag != NULL)
        *flag = true;
    return flag != NULL;
}

static void read_value(struct options *o, const char *option, const char *value)
{
    if (strcmp(option, "--chapter") == 0)
        o->chapter = read_name("CHAPTER", value);
    else if (strcmp(option, "--claim") == 0)
        o->claim = read_name("CLAIM", value);
    else if (strcmp(option, "--seed") == 0)
        o->seed = read_number("SEED", value, 0);
    else if (strcmp(option, "--soak") == 0)
        o->soak = read_number("SEEDS", value, 1);
    else
        give_up("%s is no option", option);
}

static struct options read_options(int argc, char **argv)
{
    struct options o = {.build = argc > 1 ? argv[1] : NULL, .seed = 1};
    if (o.build == NULL)
        give_up("which build directory?");
    for (int i = 2; i < argc; i++)
        if (!read_flag(&o, argv[i])) {
            if (i + 1 == argc)
                give_up("%s is no option, or lacks its value", argv[i]);
            read_value(&o, argv[i], argv[i + 1]);
            i++;
        }
    if (o.for_book && (o.chapter != NULL || o.claim != NULL))
        give_up("the book is made from a complete run: CHAPTER= and CLAIM= are for "
                "make check");
    o.cpu_limit = read_cpu_limit(o.with_long);
    return o;
}

/* A report needs somewhere to go, and no file that is opened may come to stand there.
 */
static void require_streams(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0) {
            if (stream == STDOUT_FILENO)
                give_up("there is no standard output for the report");
            open("/dev/null", O_RDWR);
        }
}

/* Waits for another run in this build folder to end.  The lock is given back by the end
 * of the last process that holds the file open: this one, or a keeper that cleans up.
 */
static void lock(const char *build)
{
    struct path path = path_of("%s/lock", build);
    int file = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        give_up("cannot open %s: %s", path.at, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        return;
    fprintf(stderr, "check: another run is at work in %s; waiting for its end\n",
            build);
    if (flock(file, LOCK_EX) != 0)
        give_up("cannot lock %s: %s", path.at, strerror(errno));
}

/* ---- Claims ---------------------------------------------------------------------- */

enum { MOST_TESTS = 128, MOST_JOBS = MOST_TESTS + MOST_CHAPTERS, TIMES_SHOWN = 12 };

/* What is to run side by side. */
struct work {
    int count;
    struct job job[MOST_JOBS]; /* each owns its argv */
    struct path seed;          /* as text, for the chapters */
    glob_t tests;              /* the paths of the tests */
};

/* Seconds in which a process that computes, though beside many others, has long come to
 * its limit. */
static int wall_limit(int cpu_limit) { return 10 * cpu_limit + 600; }

static void run_work(struct work *work, int cpu_limit)
{
    for (int j = 0; j < work->count; j++) {
        work->job[j].cpu_seconds = cpu_limit;
        work->job[j].wall_seconds = 2.0 * wall_limit(cpu_limit);
    }
    run_jobs(work->job, work->count);
}

static void free_work(struct work *work)
{
    for (int j = 0; j < work->count; j++)
        free(work->job[j].argv);
    globfree(&work->tests);
}

/* PROGRAM FOLDER SEED CLAIM..., for the chosen claims of one chapter; NULL if none is
 * chosen.  The caller frees it. */
static const char **chapter_command(const struct catalogue *all, const char *stem,
                                    const char *folder, const char *seed)
{
    const char **argv = calloc((size_t)all->claims + 4, sizeof *argv);
    int count = 0;
    REQUIRE(argv != NULL, "no memory");
    argv[count++] = stem;
    argv[count++] = folder;
    argv[count++] = seed;
    for (int i = 0; i < all->claims; i++)
        if (all->claim[i].chosen && all->claim[i].stem == stem)
            argv[count++] = all->claim[i].name;
    if (count > 3)
        return argv;
    free(argv);
    return NULL;
}

/* Adds a job for each chapter that has a chosen claim; its records go into the folder.
 */
static void add_chapters(struct work *work, const struct catalogue *all,
                         const char *build, const char *folder, uint64_t seed)
{
    work->seed = path_of("%" PRIu64, seed);
    for (int c = 0; c < all->chapters; c++) {
        const char *stem = all->chapter[c].stem;
        const char **argv = chapter_command(all, stem, folder, work->seed.at);
        if (argv != NULL)
            work->job[work->count++] =
                (struct job){.program = path_of("%s/claims/%s", build, stem),
                             .argv = argv,
                             .output = path_of("%s/%s.log", folder, stem)};
    }
}

/* The records that the claims left in the folder, in the order of the book. */
static json_t *read_claims(const struct catalogue *all, const char *folder)
{
    json_t *claims = json_array();
    for (int i = 0; i < all->claims; i++)
        if (all->claim[i].chosen)
            json_array_append_new(claims, read_claim(folder, all->claim[i].stem,
                                                     all->claim[i].name));
    return claims;
}

/* ---- Unit tests ------------------------------------------------------------------ */

/* A program on Check, whose TAP goes where Check is told to put it, or a shell script,
 * whose output is TAP.  path: stays where it is while the job runs. */
static struct job test_job(const char *path, const char *folder)
{
    bool is_script = !is_program(path);
    const char **argv = calloc(3, sizeof *argv);
    REQUIRE(argv != NULL, "no memory");
    struct path tap = path_of("%s/%s.tap", folder, base_name(path));
    struct path log = path_of("%s/%s.log", folder, base_name(path));
    argv[0] = base_name(path);
    argv[1] = is_script ? path : NULL;
    return (struct job){.program = path_of("%s", is_script ? "/bin/sh" : path),
                        .argv = argv,
                        .output = is_script ? tap : log,
                        .tap = is_script ? path_of("%s", "") : tap};
}

static struct tally report_test(const struct job *job, const char *folder)
{
    struct tally tally = {0};
    const char *name = job->argv[0];
    read_tap(path_of("%s/%s.tap", folder, name).at, &tally.passed, &tally.failed);
    tally.failed += tally.failed == 0 && job->status != 0;
    printf("%s %-53s %3d tests %6.1f s\n", mark(tally.failed == 0), name,
           tally.passed + tally.failed, job->seconds);
    return tally;
}

/* Adds a job for each unit test of a run: of a whole one all, the scripts first, which
 * take longest; of a chapter its own; with a claim none.  The scripts look at the
 * tools, which compute nothing in single precision. */
static void add_tests(struct work *work, const struct options *o, const char *folder)
{
    glob_t *found = &work->tests;
    if (o->claim != NULL)
        return;
    bool scripts = o->chapter == NULL && IS_DOUBLE;
    if (scripts)
        glob("tests/test_*.sh", 0, NULL, found);
    else if (o->chapter == NULL)
        printf("The tests of the tools are left out: they run in double precision.\n");
    const char *which = o->chapter != NULL ? o->chapter : "*";
    glob(path_of("%s/tests/test_%s", o->build, which).at, scripts ? GLOB_APPEND : 0,
         NULL, found);
    for (size_t i = 0; i < found->gl_pathc; i++) {
        const char *path = found->gl_pathv[i];
        REQUIRE(work->count < MOST_TESTS, "more than %d test programs", MOST_TESTS);
        if (is_program(path) || strstr(path, ".sh") != NULL)
            work->job[work->count++] = test_job(path, folder);
    }
}

/* Reports the first jobs, which are the tests, and adds up how they went. */
static struct tally report_tests(const struct work *work, int tests, const char *folder)
{
    struct tally tally = {0};
    for (int i = 0; i < tests; i++) {
        struct tally one = report_test(&work->job[i], folder);
        tally.passed += one.passed;
        tally.failed += one.failed;
    }
    if (tests > 0)
        printf("\n");
    return tally;
}

static int longer(const void *a, const void *b)
{
    const struct job *left = *(const struct job *const *)a,
                     *right = *(const struct job *const *)b;
    return (left->cpu_time < right->cpu_time) - (left->cpu_time > right->cpu_time);
}

/* Where the time went: all of it, and the jobs that took most. */
static void report_times(const struct work *work)
{
    const struct job *order[MOST_JOBS];
    double all = 0;
    for (int j = 0; j < work->count; j++) {
        order[j] = &work->job[j];
        all += order[j]->cpu_time;
    }
    qsort(order, (size_t)work->count, sizeof *order, longer);
    printf("\nprocessor time, %.1f s in all; what took most\n", all);
    for (int j = 0; j < work->count && j < TIMES_SHOWN; j++)
        printf("%6.1f s  %s\n", order[j]->cpu_time, order[j]->argv[0]);
}

/* ---- The runs: a part, and the whole ----------------------------------------------
 */

/* What was spent of the budget for false alarms. */
static double spent(const json_t *claims)
{
    size_t i, j, sampled = 0;
    const json_t *claim, *finding;
    json_array_foreach (claims, i, claim) {
        json_array_foreach (json_object_get(claim, "evidence"), j, finding) {
            sampled += json_is_true(json_object_get(finding, "sampled"));
        }
    }
    return (double)sampled * SHARE;
}

/* What only a complete run can tell; returns how many things are wrong. */
static int judge_the_whole(const json_t *claims, const struct catalogue *all,
                           const char *folder)
{
    int wrong = check_chapters(claims, all, folder);
    double share = spent(claims);
    if (share > FALSE_ALARMS)
        printf("the budget for false alarms is overdrawn: %.2g of %.2g\n", share,
               FALSE_ALARMS);
    return wrong + (share > FALSE_ALARMS);
}

/* Reports the claims chapter by chapter, and adds up how they went. */
static struct tally report(const struct catalogue *all, const json_t *claims,
                           bool in_full)
{
    for (int c = 0; c < all->chapters; c++)
        report_chapter(all->chapter[c].stem, claims, in_full);
    report_table(claims);
    if (all->left_out > 0)
        printf("%d long claim%s left out; LONG=1 runs them\n", all->left_out,
               all->left_out == 1 ? "" : "s");
    return count_claims(claims);
}

/* The exit status, once the report has been written. */
static int finish(bool well)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        give_up("cannot write the report to standard output");
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* wrong: what else is wrong with the whole. */
static int conclude(struct tally tests, struct tally claims, int wrong)
{
    int failed = tests.failed + claims.failed + wrong;
    if (claims.lost > 0)
        printf("%d claim%s lost: single precision cannot tell\n", claims.lost,
               claims.lost == 1 ? " is" : "s are");
    printf("%d passed, %d failed\n", tests.passed + claims.passed, failed);
    return finish(failed == 0);
}

/* Runs the unit tests and the chosen claims side by side, reports the tests, and gives
 * what the claims recorded.  work: empty; the caller frees it. */
static json_t *run_and_report(const struct catalogue *all, const struct options *o,
                              const char *folder, struct work *work,
                              struct tally *tests)
{
    add_tests(work, o, folder);
    int first_chapter = work->count;
    add_chapters(work, all, o->build, folder, o->seed);
    run_work(work, o->cpu_limit);
    *tests = report_tests(work, first_chapter, folder);
    json_t *claims = read_claims(all, folder);
    read_divs(claims, o->build);
    return claims;
}

static int check_part(const struct catalogue *all, const struct options *o)
{
    struct path folder = fresh_folder(o->build, "part");
    struct work work = {0};
    struct tally tests;
    json_t *claims = run_and_report(all, o, folder.at, &work, &tests);
    struct tally tally = report(all, claims, true);
    json_decref(claims);
    free_work(&work);
    return conclude(tests, tally, 0);
}

static int check_whole(const struct catalogue *all, const struct options *o)
{
    double began = wall_clock();
    json_t *last = read_ledger(o->build);
    struct path folder = fresh_folder(o->build, "run");
    struct work work = {0};
    struct tally tests;
    json_t *claims = run_and_report(all, o, folder.at, &work, &tests);
    struct tally tally = report(all, claims, false);
    report_thinnest(claims);
    report_times(&work);
    free_work(&work);
    complete_claims(claims, all, last, o->seed);
    json_decref(last);
    int wrong = judge_the_whole(claims, all, folder.at);
    write_ledger(claims, o->build, folder.at, o->seed, wall_clock() - began);
    json_decref(claims);
    int status = conclude(tests, tally, wrong);
    return o->for_book ? EXIT_SUCCESS : status;
}

/* What every program that is started finds in its environment. */
static void set_environment(const struct options *o)
{
    setenv("CK_DEFAULT_TIMEOUT", path_of("%d", wall_limit(o->cpu_limit)).at, 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 1); /* chapters run side by side already */
    setenv("BUILD", o->build, 1);
    setenv("SEED", path_of("%" PRIu64, o->seed).at, 1);
}

int main(int argc, char **argv)
{
    static struct catalogue all;
    if (getenv("MAKELEVEL") != NULL) /* make started it, and may be killed */
        end_with(getppid(), SIGTERM);
    require_streams();
    struct options o = read_options(argc, argv);
    if (o.asked)
        return EXIT_SUCCESS;
    set_environment(&o);
    read_catalogue(&all, o.build, o.chapter);
    choose_claims(&all, o.chapter, o.claim, o.with_long);
    lock(o.build);
    if (o.soak > 0)
        return finish(soak(&all, o.build, o.cpu_limit, o.seed, o.soak));
    bool is_part = o.chapter != NULL || o.claim != NULL;
    return is_part ? check_part(&all, &o) : check_whole(&all, &o);
}
