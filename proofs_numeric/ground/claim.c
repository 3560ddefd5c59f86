/* claim.c -- runs the claims of one chapter, each under Check in a process of its own.
 *
 * What a claim finds goes line by line into DIR/records/CHAPTER/CLAIM.tsv, as it is
 * found, so that a crash loses nothing that came before it; the verdict is added by the
 * parent, which has seen how the claim ended.  The runner, tools/check.c, reads these
 * records, and believes a claim only if its record is whole. */
#include "ground/claim.h"

#include "ground/parent.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct claim {
    const struct claim_definition *definition;
    const char *chapter;
    const char *directory; /* where records and series go */
    uint64_t seed;
    pid_t program; /* of the chapter */
    FILE *record;
    struct arena arena;
    int evidences, controls, of_kind[4]; /* put forward so far, and evidence by kind */
    int bites;                           /* evidence that a bound is nearly attained */
    char failure[256];                   /* the first finding that went wrong, or "" */
    char lost[256];                      /* why single precision cannot tell, or ""  */
};

/* The last line of a claim that returned, and did not leave by exit(0) on the way. */
#define FINISHED "finished\n"
#define LOST     "lost\t" /* before that, and why */

/* Does rounding in single precision hide small differences? */
static bool is_single(void) { return !IS_DOUBLE; }

enum {
    ARENA_BYTES = 256 << 20, /* address space; memory only where it is touched */
    WHAT_LENGTH = 36         /* so that the columns of a report stay in line   */
};

static const char *grade_name(enum grade grade)
{
    static const char *const names[] = {"identity",  "bound",  "rate",
                                        "statistic", "proved", "phenomenon"};
    return names[grade];
}

/* Opens DIRECTORY/KIND/CHAPTER/NAME.ENDING, making the folders. */
static FILE *open_in(const struct claim *claim, const char *kind, const char *name,
                     const char *ending, const char *mode)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", claim->directory, kind);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s", claim->directory, kind, claim->chapter);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s/%s.%s", claim->directory, kind,
             claim->chapter, name, ending);
    FILE *file = fopen(path, mode);
    REQUIRE(file != NULL, "cannot open %s: %s", path, strerror(errno));
    return file;
}

static FILE *open_table(const struct claim *claim, const char *kind, const char *name,
                        const char *mode)
{
    return open_in(claim, kind, name, "tsv", mode);
}

static void close_table(FILE *file)
{
    bool written = !ferror(file);
    REQUIRE(fclose(file) == 0 && written, "cannot write: %s", strerror(errno));
}

/* What is wrong with a finding that did not go as it should. */
static const char *wrong(const char *role, const struct finding *finding)
{
    bool cannot_tell = !finding->holds && !finding->fails;
    if (role[0] == 'c')
        return cannot_tell ? "not rejected, as it cannot tell," : "not rejected,";
    return cannot_tell ? "cannot tell," : "not so,";
}

/* May rounding be all that keeps this control from being rejected?  Not if a slope or a
 * sample decides, which are larger than that, nor if it is no number. */
static bool is_hidden(const char *role, struct finding finding)
{
    return is_single() && role[0] == 'c' && finding.kind == COMPARISON && finding.holds;
}

static void put_forward(struct claim *claim, const char *role, const char *what,
                        struct finding finding, bool as_it_should)
{
    REQUIRE(strlen(what) <= WHAT_LENGTH, "\"%s\" is longer than %d letters", what,
            WHAT_LENGTH);
    fprintf(claim->record, "%s\t%s\t%.17g\t%s\t%.17g\t%d\t%d\t", role, what,
            finding.measured, finding.relation, finding.limit, as_it_should,
            finding.kind == SAMPLE || finding.kind == SAMPLED_SLOPE);
    fprintf(claim->record, "%.17g\t%.17g\t%.17g\t%.17g\t%.17g\n", finding.low,
            finding.high, finding.margin, finding.rank[0], finding.rank[1]);
    fflush(claim->record);
    char *fault = is_hidden(role, finding) ? claim->lost : claim->failure;
    if (!as_it_should && fault[0] == '\0')
        snprintf(fault, sizeof claim->failure, "%s %s: %.4g %s %.4g",
                 wrong(role, &finding), what, finding.measured, finding.relation,
                 finding.limit);
}

/* Evidence: the finding must hold. */
void evidence(struct claim *claim, const char *what, struct finding finding)
{
    claim->evidences++;
    claim->of_kind[finding.kind]++;
    claim->bites += strstr(finding.relation, ">=") != NULL;
    put_forward(claim, "evidence", what, finding, finding.holds);
}

/* Control: the finding must fail, which is more than that it does not hold. */
void control(struct claim *claim, const char *what, struct finding finding)
{
    claim->controls++;
    put_forward(claim, "control", what, finding, finding.fails);
}

bool needs_double(struct claim *claim, const char *why)
{
    if (is_single())
        snprintf(claim->lost, sizeof claim->lost, "needs double precision: %s", why);
    return is_single();
}

/* A random stream that belongs to this claim and replicate alone. */
struct rng claim_rng(const struct claim *claim, uint64_t replicate)
{
    return rng_make(claim->seed, claim->definition->name, replicate);
}

struct arena *claim_arena(struct claim *claim) { return &claim->arena; }

const char *claim_directory(const struct claim *claim) { return claim->directory; }

struct dataset claim_images(struct claim *claim, int most)
{
    char message[DATASET_MESSAGE];
    struct dataset data;
    enum dataset_status status = dataset_read(dataset_directory(), DATASET_TRAIN, most,
                                              &claim->arena, &data, message);
    REQUIRE(status == DATASET_OK, "%s", message);
    return data;
}

struct series series_begin(struct claim *claim, const char *name, ...)
{
    char table[128];
    snprintf(table, sizeof table, "%s.%s", claim->definition->name, name);
    struct series series = {open_table(claim, "evidence", table, "w"), 0};
    va_list columns;
    va_start(columns, name);
    for (const char *column; (column = va_arg(columns, const char *)) != NULL;)
        fprintf(series.file, "%s%s", series.columns++ == 0 ? "" : "\t", column);
    va_end(columns);
    fputc('\n', series.file);
    return series;
}

void series_row(struct series *series, const double *values)
{
    for (int i = 0; i < series->columns; i++)
        fprintf(series->file, "%s%.10g", i == 0 ? "" : "\t", values[i]);
    fputc('\n', series->file);
}

void series_end(struct series *series) { close_table(series->file); }

/* What is missing of what the grade demands; NULL if nothing is. */
static const char *missing(const struct claim *claim)
{
    int rates = claim->of_kind[SLOPE] + claim->of_kind[SAMPLED_SLOPE];
    int samples = claim->of_kind[SAMPLE] + claim->of_kind[SAMPLED_SLOPE];
    if (claim->evidences == 0)
        return "the claim recorded no evidence";
    if (claim->controls == 0)
        return "the claim ran no control";
    switch (claim->definition->grade) {
    case BOUND:
        return claim->bites ? NULL
                            : "no evidence (at_least) shows that the bound bites";
    case RATE:
        return rates ? NULL : "no evidence (slope_is) fits a rate";
    case STATISTIC:
    case PHENOMENON:
        return samples ? NULL : "no evidence comes from a sample";
    case IDENTITY:
    case PROVED:
        break;
    }
    return NULL;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* The claim that the next Check test runs.  Check's tests take no argument, so this is
 * the one variable of the file; it is set before each fork and read after it. */
static struct claim running;

START_TEST(claim_test)
{
    struct claim *claim = &running;
    end_with(claim->program, SIGKILL);
    /* The one line of a REQUIRE that fails goes where the parent looks for it. */
    dup2(fileno(open_in(claim, "records", claim->definition->name, "err", "w")), 2);
    claim->record = open_table(claim, "records", claim->definition->name, "a");
    claim->arena = arena_make(ARENA_BYTES);
    claim->definition->argument(claim);
    arena_free(&claim->arena);
    if (claim->lost[0] != '\0')
        fprintf(claim->record, LOST "%s\n", claim->lost);
    fprintf(claim->record, FINISHED);
    close_table(claim->record);
    ck_assert_msg(claim->failure[0] == '\0', "%s", claim->failure);
    ck_assert_msg(claim->lost[0] != '\0' || missing(claim) == NULL, "%s",
                  missing(claim));
}
END_TEST

/* Begins the record with what is known before the claim runs. */
static void begin_record(struct claim *claim)
{
    const struct claim_definition *definition = claim->definition;
    FILE *record = open_table(claim, "records", definition->name, "w");
    char blas[64];
    dense_name(sizeof blas, blas);
    fprintf(record, "claim\t%s\t%s\t%d\t%s\n", definition->name,
            grade_name(definition->grade), definition->is_long, definition->sentence);
    fprintf(record, "blas\t%s\n", blas);
    close_table(record);
}

/* Did the claim return?  Check takes an early exit(0) for a success.  Was it lost? What
 * it knew of that in its own process stands in its record. */
static bool is_finished(struct claim *claim)
{
    char line[1024] = "";
    bool finished = false;
    FILE *record = open_table(claim, "records", claim->definition->name, "r");
    while (!finished && fgets(line, sizeof line, record) != NULL) {
        finished = strcmp(line, FINISHED) == 0;
        if (strncmp(line, LOST, strlen(LOST)) == 0)
            snprintf(claim->lost, sizeof claim->lost, "%.255s", line + strlen(LOST));
    }
    fclose(record);
    return finished;
}

/* The first line of text that the claim wrote on its standard error, if it wrote one; a
 * sanitizer rules a line first. */
static void last_words(const struct claim *claim, char *words, int size)
{
    FILE *file = open_in(claim, "records", claim->definition->name, "err", "a+");
    do
        words[0] = '\0';
    while (fgets(words, size, file) != NULL && strncmp(words, "===", 3) == 0);
    fclose(file);
}

/* Ends the record with the verdict; fault is NULL if there is none.  The message
 * becomes one line. */
static void end_record(struct claim *claim, double seconds, const char *fault)
{
    char line[1024] = "", words[512] = "";
    if (fault == NULL) {
        snprintf(line, sizeof line, "%s", claim->lost);
    } else {
        last_words(claim, words, sizeof words);
        snprintf(line, sizeof line, "%s%s%s", fault, words[0] ? ": " : "", words);
    }
    for (char *c = line; *c != '\0'; c++)
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    FILE *record = open_table(claim, "records", claim->definition->name, "a");
    fprintf(record, "seconds\t%.4f\n", seconds);
    fprintf(record, "verdict\t%s\t%s\n",
            fault != NULL    ? "failed"
            : claim->lost[0] ? "lost"
                             : "verified",
            line);
    close_table(record);
}

/* Why the claim is not verified; NULL if it is.  result: of its one test, NULL if that
 * did not run. */
static const char *fault_of(struct claim *claim, TestResult *result)
{
    if (result == NULL)
        return "it did not run";
    if (tr_rtype(result) != CK_PASS)
        return tr_msg(result);
    return is_finished(claim) ? NULL : "it left before its end, by exit(0)";
}

/* Runs one claim in a process of its own, and records how it ended. */
static bool run_claim(struct claim *claim)
{
    double began = now();
    begin_record(claim);
    Suite *suite = suite_create(claim->chapter);
    TCase *test_case = tcase_create(claim->definition->name);
    tcase_add_test(test_case, claim_test);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);
    srunner_run_all(runner, CK_SILENT);

    TestResult **results = srunner_results(runner);
    const char *fault =
        fault_of(claim, srunner_ntests_run(runner) == 1 ? *results : NULL);
    bool verified = fault == NULL;
    end_record(claim, now() - began, fault);
    free(results);
    srunner_free(runner);
    return verified;
}

static void list_claims(const struct claim_definition *const *claims)
{
    for (; *claims != NULL; claims++)
        printf("%s\t%d\n", (*claims)->name, (*claims)->is_long);
}

/* Runs those claims of a section that are asked for; returns how many failed.
 * argv: as below. */
static int run_section(const char *stem, const struct claim_definition *const *claims,
                       int argc, char **argv)
{
    int failed = 0;
    for (; *claims != NULL; claims++)
        for (int i = 3; i < argc; i++)
            if (strcmp(argv[i], (*claims)->name) == 0) {
                running = (struct claim){.definition = *claims,
                                         .chapter = stem,
                                         .directory = argv[1],
                                         .program = getpid(),
                                         .seed = strtoull(argv[2], NULL, 10)};
                failed += !run_claim(&running);
            }
    return failed;
}

/* The program of a chapter, called by the runner:
 *     PROGRAM                        lists the claims, and whether each is long;
 *     PROGRAM DIR SEED CLAIM...      runs these, and leaves their records in DIR.
 * The exit status is 0 if all of them are verified. */
int chapter_main(const char *stem,
                 const struct claim_definition *const *const *sections, int argc,
                 char **argv)
{
    int failed = 0;
    if (argc >= 3)
        dense_begin(argv);
    for (; *sections != NULL; sections++)
        if (argc < 3)
            list_claims(*sections);
        else
            failed += run_section(stem, *sections, argc, argv);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
