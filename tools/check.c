/* check.c -- the runner behind `make check`: unit tests, then every claim, on all cores.
 *
 *     check BUILD [--chapter STEM] [--claim ID] [--seed N] [--long] [--soak SEEDS]
 *
 * It runs the programs in BUILD/tests and BUILD/claims, reads back what they recorded,
 * tells the reader, and leaves BUILD/ledger.json.  A run of a part of the claims leaves
 * the ledger and the evidence of the figures alone: only a complete one replaces them. */
#define _GNU_SOURCE
#include "arena.h"
#include "concordance.h"
#include "finding.h"
#include "jobs.h"
#include "nearest.h"
#include "record.h"
#include "report.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CHAPTERS = 64, MOST_CLAIMS = 512, MOST_TESTS = 128 };

struct options {
    const char *build, *chapter, *claim, *seed;
    bool with_long;
    int soak;
};

struct entry {
    char name[64];
    int chapter;
    bool is_long, chosen;
};

/* Everything there is to run. */
struct catalogue {
    int chapters, claims, left_out;
    char *programs[MOST_CHAPTERS], *stems[MOST_CHAPTERS];
    struct entry entry[MOST_CLAIMS];
};

struct tally {
    int passed, failed;
};

static _Noreturn void usage(const char *what)
{
    fprintf(stderr, "check: %s\n", what);
    exit(2);
}

/* ---- What the caller asks for ---------------------------------------------------- */

static bool is_number(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static struct options read_options(int argc, char **argv)
{
    struct options o = {.build = argc > 1 ? argv[1] : NULL, .seed = "1"};
    if (o.build == NULL)
        usage("which build directory?");
    for (int i = 2; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--long") == 0)
            o.with_long = true;
        else if (strcmp(argv[i], "--chapter") == 0)
            o.chapter = value, i++;
        else if (strcmp(argv[i], "--claim") == 0)
            o.claim = value, i++;
        else if (strcmp(argv[i], "--seed") == 0)
            o.seed = value, i++;
        else if (strcmp(argv[i], "--soak") == 0)
            o.soak = atoi(value), i++;
        else
            usage("unknown option");
    }
    errno = 0;
    strtoull(o.seed, NULL, 10);
    if (!is_number(o.seed) || errno != 0)
        usage("SEED must be a whole number below 2^64");
    return o;
}

/* ---- What there is ---------------------------------------------------------------- */

static char *book; /* the text of book.md, whose links give the order of the chapters */

static const char *place_in_book(const char *program)
{
    char link[256];
    snprintf(link, sizeof link, "chapters/%s.md", strrchr(program, '/') + 1);
    const char *at = book != NULL ? strstr(book, link) : NULL;
    return at != NULL ? at : (const char *)UINTPTR_MAX;
}

static int by_place_in_book(const void *a, const void *b)
{
    const char *p = place_in_book(*(char *const *)a), *q = place_in_book(*(char *const *)b);
    return (p > q) - (p < q);
}

static void read_book(void)
{
    size_t size = 0;
    FILE *file = fopen("book.md", "r");
    if (file != NULL && getdelim(&book, &size, EOF, file) < 0)
        book = NULL;
    if (file != NULL)
        fclose(file);
}

/* Asks the program of one chapter for its claims. */
static void list_claims(struct catalogue *all, int chapter)
{
    int is_long;
    FILE *list = popen(all->programs[chapter], "r");
    struct entry *entry = all->entry + all->claims;
    while (list != NULL && fscanf(list, "%63s %d\n", entry->name, &is_long) == 2) {
        entry->chapter = chapter;
        entry->is_long = is_long;
        REQUIRE(++all->claims < MOST_CLAIMS, "more than %d claims", MOST_CLAIMS);
        entry++;
    }
    if (list == NULL || pclose(list) != 0)
        fprintf(stderr, "check: %s does not list its claims\n", all->programs[chapter]);
}

static void find_claims(struct catalogue *all, const char *build)
{
    char pattern[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/claims/*", build);
    if (glob(pattern, 0, NULL, &found) != 0)
        usage("no claims are built; run make");
    read_book();
    qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, by_place_in_book);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (strstr(found.gl_pathv[i], ".d") != NULL)
            continue;
        REQUIRE(all->chapters < MOST_CHAPTERS, "more than %d chapters", MOST_CHAPTERS);
        all->programs[all->chapters] = strdup(found.gl_pathv[i]);
        all->stems[all->chapters] = strrchr(all->programs[all->chapters], '/') + 1;
        list_claims(all, all->chapters++);
    }
    globfree(&found);
}

/* ---- What of it is chosen --------------------------------------------------------- */

static int chapter_named(const struct catalogue *all, const char *name)
{
    for (int c = 0; c < all->chapters; c++)
        if (strcmp(all->stems[c], name) == 0)
            return c;
    say_nearest("chapter", name, (const char *const *)all->stems, all->chapters);
    exit(2);
}

static int claim_named(const struct catalogue *all, const char *name)
{
    const char *names[MOST_CLAIMS];
    for (int i = 0; i < all->claims; i++) {
        if (strcmp(all->entry[i].name, name) == 0)
            return i;
        names[i] = all->entry[i].name;
    }
    say_nearest("claim", name, names, all->claims);
    exit(2);
}

/* Long claims run if they are asked for, by LONG=1 or by name. */
static void choose(struct catalogue *all, const struct options *o)
{
    int chapter = o->chapter != NULL ? chapter_named(all, o->chapter) : -1;
    int claim = o->claim != NULL ? claim_named(all, o->claim) : -1;
    for (int i = 0; i < all->claims; i++) {
        struct entry *entry = &all->entry[i];
        bool named = (chapter < 0 || entry->chapter == chapter) &&
                     (claim < 0 || i == claim);
        entry->chosen = named && (!entry->is_long || o->with_long || claim == i);
        all->left_out += named && !entry->chosen;
    }
    if (chapter >= 0 && claim >= 0 && all->entry[claim].chapter != chapter)
        usage("that claim belongs to another chapter");
}

static bool is_complete(const struct options *o)
{
    return o->chapter == NULL && o->claim == NULL;
}

/* ---- Running it ------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *unused, int type,
                      struct FTW *walk)
{
    (void)unused, (void)type, (void)walk;
    return remove(path);
}

/* An empty directory BUILD/NAME. */
static char *fresh_directory(const char *build, const char *name)
{
    char *path = NULL;
    REQUIRE(asprintf(&path, "%s/%s", build, name) > 0, "no memory");
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    REQUIRE(mkdir(path, 0777) == 0, "cannot make %s: %s", path, strerror(errno));
    return path;
}

static char *path_in(const char *directory, const char *name, const char *ending)
{
    char *path = NULL;
    REQUIRE(asprintf(&path, "%s/%s%s", directory, name, ending) > 0, "no memory");
    return path;
}

static int cores(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 1 ? (int)online : 1;
}

/* The job that runs the chosen claims of one chapter; none if there are none. */
static int add_chapter_job(struct job *job, struct catalogue *all, int chapter,
                           const char *directory, const char *seed)
{
    char **argv = calloc((size_t)all->claims + 4, sizeof *argv);
    int argc = 3;
    argv[0] = all->programs[chapter];
    argv[1] = strdup(directory);
    argv[2] = strdup(seed);
    for (int i = 0; i < all->claims; i++)
        if (all->entry[i].chosen && all->entry[i].chapter == chapter)
            argv[argc++] = all->entry[i].name;
    *job = (struct job){.name = all->stems[chapter],
                        .argv = argv,
                        .output = path_in(directory, all->stems[chapter], ".log")};
    return argc > 3;
}

/* Runs the chosen claims and reads their records, in the order of the book. */
static json_t *run_claims(struct catalogue *all, const char *directory, const char *seed,
                          struct job *jobs)
{
    int count = 0;
    for (int c = 0; c < all->chapters; c++)
        count += add_chapter_job(&jobs[count], all, c, directory, seed);
    run_jobs(jobs, count, cores());
    json_t *claims = json_array();
    for (int i = 0; i < all->claims; i++)
        if (all->entry[i].chosen)
            json_array_append_new(claims,
                                  read_claim(directory, all->stems[all->entry[i].chapter],
                                             all->entry[i].name));
    return claims;
}

/* The unit tests: programs on Check, and shell scripts that print TAP themselves. */
static struct tally run_tests(const char *build, const char *directory)
{
    static char *shell_argv[MOST_TESTS][3];
    struct job jobs[MOST_TESTS];
    struct tally tally = {0, 0};
    glob_t found;
    char *programs = path_in(build, "tests/test_*[a-z]", "");
    glob(programs, 0, NULL, &found);
    glob("tests/test_*.sh", GLOB_APPEND, NULL, &found);
    int count = (int)found.gl_pathc;
    REQUIRE(count <= MOST_TESTS, "more than %d test programs", MOST_TESTS);
    for (int i = 0; i < count; i++) {
        char *path = found.gl_pathv[i];
        bool is_script = strstr(path, ".sh") != NULL;
        char **argv = shell_argv[i];
        argv[0] = is_script ? "/bin/sh" : path;
        argv[1] = is_script ? path : NULL;
        const char *name = strrchr(path, '/') + 1;
        char *tap = path_in(directory, name, ".tap");
        jobs[i] = (struct job){.name = name,
                               .argv = argv,
                               .output = is_script ? tap : path_in(directory, name, ".log"),
                               .tap = is_script ? NULL : tap};
    }
    run_jobs(jobs, count, cores());
    for (int i = 0; i < count; i++) {
        struct tally one = {0, 0};
        read_tap(path_in(directory, jobs[i].name, ".tap"), &one.passed, &one.failed);
        one.failed += one.failed == 0 && jobs[i].status != 0;
        printf("%s %-53s %3d tests %6.1f s\n", mark(one.failed == 0), jobs[i].name,
               one.passed + one.failed, jobs[i].seconds);
        tally.passed += one.passed;
        tally.failed += one.failed;
    }
    printf("\n");
    globfree(&found);
    return tally;
}

/* ---- Judging it ------------------------------------------------------------------- */

struct search {
    const struct catalogue *all;
    int chapter, strays;
};

/* A div that names no claim is an error of its own. */
static void check_div(const char *name, void *context)
{
    struct search *search = context;
    for (int i = 0; i < search->all->claims; i++)
        if (strcmp(search->all->entry[i].name, name) == 0 &&
            search->all->entry[i].chapter == search->chapter)
            return;
    const char *stem = search->all->stems[search->chapter];
    printf("chapters/%s.md: no claim #%s in proofs_numeric/%s.c\n", stem, name, stem);
    search->strays++;
}

/* Claims and the divs of the chapters belong together, one to one. */
static int check_divs(const struct catalogue *all, json_t *claims)
{
    size_t i;
    json_t *claim;
    json_array_foreach(claims, i, claim) {
        if (!read_div(claim, text_of(claim, "chapter")))
            fail_claim(claim, "its chapter has no div of this name");
    }
    struct search search = {all, 0, 0};
    for (; search.chapter < all->chapters; search.chapter++)
        each_div(all->stems[search.chapter], check_div, &search);
    return search.strays;
}

/* What was spent of the budget for false alarms. */
static double spent(const json_t *claims)
{
    size_t i, j, sampled = 0;
    const json_t *claim, *finding;
    json_array_foreach(claims, i, claim) {
        json_array_foreach(json_object_get(claim, "evidence"), j, finding) sampled +=
            json_is_true(json_object_get(finding, "sampled"));
    }
    return (double)sampled * SHARE;
}

static struct tally count_claims(const json_t *claims)
{
    struct tally tally = {0, 0};
    size_t i;
    const json_t *claim;
    json_array_foreach(claims, i, claim)(*(is_verified(claim) ? &tally.passed
                                                              : &tally.failed))++;
    return tally;
}

/* ---- The ledger ------------------------------------------------------------------- */

/* The first line that a command prints after the prefix, or "unknown". */
static json_t *line_of(const char *command)
{
    char line[256] = "";
    FILE *output = popen(command, "r");
    if (output != NULL && fgets(line, sizeof line, output) != NULL)
        line[strcspn(line, "\n")] = '\0';
    if (output != NULL)
        pclose(output);
    return json_string(line[0] != '\0' ? line : "unknown");
}

static json_t *today(void)
{
    char date[32];
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
    return json_string(date);
}

/* Long claims that were left out keep what the last ledger said of them. */
static void carry_long_claims(json_t *claims, const struct catalogue *all,
                              const char *path)
{
    json_t *old = json_load_file(path, 0, NULL), *claim;
    size_t i;
    json_array_foreach(json_object_get(old, "claims"), i, claim) {
        for (int e = 0; e < all->claims; e++)
            if (!all->entry[e].chosen &&
                strcmp(all->entry[e].name, text_of(claim, "id")) == 0)
                json_array_append(claims, claim);
    }
    json_decref(old);
}

static json_t *totals(const json_t *claims, double seconds)
{
    struct tally tally = count_claims(claims);
    size_t i, controls = 0;
    const json_t *claim;
    json_array_foreach(claims, i, claim) controls +=
        json_array_size(json_object_get(claim, "controls"));
    return json_pack("{s:i, s:i, s:i, s:i, s:f}", "claims", tally.passed + tally.failed,
                     "verified", tally.passed, "failed", tally.failed, "controls",
                     (int)controls, "seconds", seconds);
}

/* Writes a JSON file beside its place, and moves it there only when it is whole. */
static void write_json(const json_t *value, const char *path)
{
    char *beside = path_in(path, "", "");
    snprintf(beside, strlen(path) + 2, "%s~", path);
    if (json_dump_file(value, beside, JSON_INDENT(1)) != 0 || rename(beside, path) != 0) {
        fprintf(stderr, "check: cannot write %s: %s\n", path, strerror(errno));
        remove(beside);
        exit(EXIT_FAILURE);
    }
    free(beside);
}

static void write_ledger(json_t *claims, const struct catalogue *all,
                         const struct options *o, double seconds)
{
    char *path = path_in(o->build, "ledger", ".json");
    size_t i;
    json_t *claim, *date = today();
    json_array_foreach(claims, i, claim) {
        json_object_set(claim, "date", date);
        json_object_set_new(claim, "seed", json_integer((json_int_t)atoll(o->seed)));
    }
    carry_long_claims(claims, all, path);
    json_t *ledger = json_pack(
        "{s:i, s:I, s:o, s:s, s:s, s:o, s:o, s:O, s:o}", "schema", 1, "seed",
        (json_int_t)strtoull(o->seed, NULL, 10), "commit",
        line_of("git describe --always --dirty 2>/dev/null"), "compiler",
        "gcc " __VERSION__, "blas", BLAS, "cpu",
        line_of("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo"), "date", date, "claims",
        claims, "totals", totals(claims, seconds));
    write_json(ledger, path);
    json_decref(ledger);
    free(path);
}

/* Moves the tables of a complete run to where the figures read them. */
static void publish_evidence(const char *run, const char *build)
{
    glob_t found;
    char *pattern = path_in(run, "evidence/*/*.tsv", "");
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *to = path_in(build, found.gl_pathv[i] + strlen(run) + 1, "");
        char *slash = strrchr(to, '/');
        *slash = '\0';
        mkdir(to, 0777);
        *slash = '/';
        REQUIRE(rename(found.gl_pathv[i], to) == 0, "cannot write %s", to);
        free(to);
    }
    globfree(&found);
}

/* ---- The three runs: a part, the whole, and many seeds ---------------------------- */

static void report(const struct catalogue *all, const json_t *claims,
                   const struct job *jobs, bool in_full)
{
    for (int c = 0, j = 0; c < all->chapters; c++)
        if (jobs[j].name == all->stems[c])
            report_chapter(all->stems[c], claims, jobs[j++].seconds, in_full);
    report_table(claims);
    if (all->left_out > 0)
        printf("%d long claim%s left out; LONG=1 runs them\n", all->left_out,
               all->left_out == 1 ? "" : "s");
}

/* What only a complete run can tell; returns how many things are wrong. */
static int judge_the_whole(const json_t *claims)
{
    struct concordance lectures = check_concordance(claims);
    printf("lectures: %d assertions answered, %d open\n", lectures.answered, lectures.open);
    double share = spent(claims);
    if (share > FALSE_ALARMS)
        printf("the budget for false alarms is overdrawn: %.2g of %.2g\n", share,
               FALSE_ALARMS);
    return lectures.errors + (share > FALSE_ALARMS);
}

static int check(struct catalogue *all, const struct options *o)
{
    double began = wall_clock();
    struct job jobs[MOST_CHAPTERS] = {0};
    char *run = fresh_directory(o->build, is_complete(o) ? "run" : "part");
    char *evidence = path_in(o->build, "evidence", "");
    mkdir(evidence, 0777);

    struct tally tests = is_complete(o) ? run_tests(o->build, run) : (struct tally){0, 0};
    json_t *claims = run_claims(all, run, o->seed, jobs);
    int wrong = check_divs(all, claims);
    report(all, claims, jobs, !is_complete(o));
    if (is_complete(o)) {
        wrong += judge_the_whole(claims);
        publish_evidence(run, o->build);
        write_ledger(claims, all, o, wall_clock() - began);
    }
    struct tally tally = count_claims(claims);
    int failed = tests.failed + tally.failed + wrong;
    printf("%d passed, %d failed\n", tests.passed + tally.passed, failed);
    json_decref(claims);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The seeds of a soak: SEED and the ones that follow it. */
static int soak(struct catalogue *all, const struct options *o)
{
    int alarms = 0;
    json_t *failures = json_array();
    uint64_t first = strtoull(o->seed, NULL, 10);
    for (int s = 0; s < o->soak; s++) {
        char seed[32];
        struct job jobs[MOST_CHAPTERS] = {0};
        snprintf(seed, sizeof seed, "%llu", (unsigned long long)(first + (uint64_t)s));
        char *run = fresh_directory(o->build, "soak");
        json_t *claims = run_claims(all, run, seed, jobs), *claim;
        size_t i;
        json_array_foreach(claims, i, claim) {
            if (is_verified(claim))
                continue;
            printf("seed %s: %s: %s\n", seed, text_of(claim, "id"),
                   text_of(claim, "message"));
            json_array_append_new(failures,
                                  json_pack("{s:s, s:s, s:s}", "seed", seed, "claim",
                                            text_of(claim, "id"), "message",
                                            text_of(claim, "message")));
            alarms++;
        }
        json_decref(claims);
        free(run);
    }
    json_t *result = json_pack("{s:i, s:I, s:i, s:o}", "schema", 1, "first_seed",
                               (json_int_t)first, "seeds", o->soak, "failures", failures);
    write_json(result, path_in(o->build, "soak", ".json"));
    printf("%d seeds, %d failures\n", o->soak, alarms);
    return alarms == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct catalogue all;
    struct options options = read_options(argc, argv);
    setenv("CK_DEFAULT_TIMEOUT", options.with_long ? "1800" : "300", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 1); /* chapters run side by side already */
    setenv("SEED", options.seed, 1);
    find_claims(&all, options.build);
    choose(&all, &options);
    return options.soak > 0 ? soak(&all, &options) : check(&all, &options);
}
