#include "soak.h"

#include "common.h"
#include "ground/arena.h"
#include "jobs.h"
#include "ledger.h"
#include "record.h"
#include "spread.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct soak {
    const struct catalogue *all;
    const char *build;
    int cpu_limit; /* seconds for each process */
    uint64_t first, seeds;
    struct path program[MOST_CHAPTERS]; /* a fingerprint of each */
    bool *done;                         /* seeds x claims: whether there is a line */
    FILE *lines;
    json_t *failures;
    struct spreads spreads;
};

/* ---- Lines ----------------------------------------------------------------------- */

/* FNV-1a, 64 bits of it. */
static struct path fingerprint(const char *path)
{
    uint64_t hash = 0xcbf29ce484222325;
    FILE *file = fopen(path, "rb");
    REQUIRE(file != NULL, "cannot read %s: %s", path, strerror(errno));
    for (int byte; (byte = getc(file)) != EOF;)
        hash = (hash ^ (uint64_t)byte) * 0x100000001b3;
    fclose(file);
    return path_of("%016" PRIx64, hash);
}

static int chapter_of(const struct catalogue *all, const struct entry *entry)
{
    int c = 0;
    while (all->chapter[c].stem != entry->stem)
        c++;
    return c;
}

/* Whether this soak has already, or still needs, the claim under this seed. */
static bool *done_at(struct soak *soak, const struct entry *entry, uint64_t seed)
{
    size_t claims = (size_t)soak->all->claims;
    return &soak->done[(seed - soak->first) * claims +
                       (size_t)(entry - soak->all->claim)];
}

/* Tells a failure, and keeps it. */
static void note_failure(struct soak *soak, const json_t *record, json_int_t seed)
{
    const char *id = text_of(record, "id"), *message = text_of(record, "message");
    printf("seed %" JSON_INTEGER_FORMAT ": %s: %s\n", seed, id, message);
    fflush(stdout);
    json_array_append_new(soak->failures, json_pack("{s:I, s:s, s:s}", "seed", seed,
                                                    "claim", id, "message", message));
}

/* Takes a line into account, unless it is of another soak, of another program, or there
 * already. */
static void take_line(struct soak *soak, const json_t *line)
{
    const struct entry *entry = find_claim(soak->all, text_of(line, "id"));
    json_int_t seed = json_integer_value(json_object_get(line, "seed"));
    if (entry == NULL || !entry->chosen || (uint64_t)seed < soak->first ||
        (uint64_t)seed - soak->first >= soak->seeds)
        return;
    const char *program = soak->program[chapter_of(soak->all, entry)].at;
    bool *done = done_at(soak, entry, (uint64_t)seed);
    if (*done || strcmp(text_of(line, "program"), program) != 0)
        return;
    *done = true;
    if (!is_verified(line) && !is_lost(line))
        note_failure(soak, line, seed);
    add_findings(&soak->spreads, entry->name, line, seed);
}

/* Reads the lines of earlier soaks.  The last one is cut off if it is not whole. */
static void open_lines(struct soak *soak)
{
    struct path path = path_of("%s/soak.jsonl", soak->build);
    char *text = NULL;
    size_t size = 0;
    off_t whole = 0;
    soak->lines = fopen(path.at, "a+");
    if (soak->lines == NULL)
        give_up("cannot open %s: %s", path.at, strerror(errno));
    rewind(soak->lines);
    for (ssize_t n; (n = getline(&text, &size, soak->lines)) > 0;) {
        json_t *line = json_loadb(text, (size_t)n, 0, NULL);
        if (text[n - 1] == '\n')
            whole += n;
        if (line != NULL && text[n - 1] == '\n')
            take_line(soak, line);
        json_decref(line);
    }
    free(text);
    if (ftruncate(fileno(soak->lines), whole) != 0)
        give_up("cannot write %s: %s", path.at, strerror(errno));
}

/* Adds a line.  What a power cut leaves of it is cut off by the next soak. */
static void append_line(struct soak *soak, const json_t *record)
{
    char *text = json_dumps(record, JSON_COMPACT);
    REQUIRE(text != NULL, "no memory");
    if (fprintf(soak->lines, "%s\n", text) < 0 || fflush(soak->lines) != 0)
        give_up("cannot write %s/soak.jsonl: %s", soak->build, strerror(errno));
    free(text);
}

/* ---- Runs ------------------------------------------------------------------------ */

/* The claims of a chapter that lack a line under this seed: one process runs them. */
struct errand {
    struct soak *soak;
    int chapter;
    uint64_t seed;
    struct path folder, seed_text;
};

static bool is_missing(struct errand *errand, const struct entry *entry)
{
    const char *stem = errand->soak->all->chapter[errand->chapter].stem;
    return entry->chosen && entry->stem == stem &&
           !*done_at(errand->soak, entry, errand->seed);
}

/* PROGRAM FOLDER SEED CLAIM..., NULL if no claim is missing.  The caller frees it. */
static const char **errand_command(struct errand *errand)
{
    const struct catalogue *all = errand->soak->all;
    const char **argv = calloc((size_t)all->claims + 4, sizeof *argv);
    int count = 0;
    REQUIRE(argv != NULL, "no memory");
    argv[count++] = all->chapter[errand->chapter].stem;
    argv[count++] = errand->folder.at;
    argv[count++] = errand->seed_text.at;
    for (int i = 0; i < all->claims; i++)
        if (is_missing(errand, &all->claim[i]))
            argv[count++] = all->claim[i].name;
    if (count > 3)
        return argv;
    free(argv);
    return NULL;
}

/* What a run found of a claim, as a line; what the program knows anyway is left out. */
static json_t *read_run(const struct errand *errand, const struct entry *entry)
{
    static const char *const known[] = {"statement", "grade", "lectures", "uses"};
    json_t *record = read_claim(errand->folder.at, entry->stem, entry->name);
    for (int k = 0; k < 4; k++)
        json_object_del(record, known[k]);
    const char *program = errand->soak->program[errand->chapter].at;
    json_object_set_new(record, "seed", json_integer((json_int_t)errand->seed));
    json_object_set_new(record, "program", json_string(program));
    return record;
}

/* What a run leaves becomes lines, and is removed. */
static void finish_errand(const struct job *job)
{
    struct errand *errand = job->errand;
    const struct catalogue *all = errand->soak->all;
    for (int i = 0; i < all->claims; i++) {
        if (!is_missing(errand, &all->claim[i]))
            continue;
        json_t *record = read_run(errand, &all->claim[i]);
        append_line(errand->soak, record);
        take_line(errand->soak, record);
        json_decref(record);
    }
    remove_folder(errand->folder.at);
}

/* Adds a job for what is missing of a chapter under a seed, if anything is. */
static int add_job(struct job *job, struct errand *errand, struct soak *soak,
                   uint64_t seed, int chapter)
{
    const char *stem = soak->all->chapter[chapter].stem;
    *errand = (struct errand){.soak = soak, .chapter = chapter, .seed = seed};
    errand->folder = path_of("%s/soak/%" PRIu64 ".%s", soak->build, seed, stem);
    errand->seed_text = path_of("%" PRIu64, seed);
    const char **argv = errand_command(errand);
    if (argv == NULL)
        return 0;
    if (mkdir(errand->folder.at, 0777) != 0)
        give_up("cannot make %s: %s", errand->folder.at, strerror(errno));
    *job = (struct job){.program = path_of("%s/claims/%s", soak->build, stem),
                        .argv = argv,
                        .output = path_of("%s/log", errand->folder.at),
                        .cpu_seconds = soak->cpu_limit,
                        .wall_seconds = 20.0 * soak->cpu_limit,
                        .ended = finish_errand,
                        .errand = errand};
    return 1;
}

/* So many seeds are under way at once: enough that no core waits long for the last. */
enum { ROUND = 16, MOST_JOBS = ROUND * MOST_CHAPTERS };

static void run_round(struct soak *soak, uint64_t from, uint64_t seeds)
{
    struct job *jobs = calloc(MOST_JOBS, sizeof *jobs);
    struct errand *errands = calloc(MOST_JOBS, sizeof *errands);
    int count = 0;
    REQUIRE(jobs != NULL && errands != NULL, "no memory");
    for (uint64_t seed = from; seed < from + seeds; seed++)
        for (int c = 0; c < soak->all->chapters; c++)
            count += add_job(&jobs[count], &errands[count], soak, seed, c);
    run_jobs(jobs, count);
    for (int j = 0; j < count; j++)
        free(jobs[j].argv);
    free(errands);
    free(jobs);
}

/* ---- Reports --------------------------------------------------------------------- */

static json_t *spread_json(const struct spread *spread)
{
    json_t *json = json_pack("{s:s, s:s, s:b, s:i, s:I}", "claim", spread->claim,
                             "what", spread->what, "control", spread->is_control,
                             "seeds", spread->runs, "seed", spread->seed);
    json_object_set_new(json, "margin",
                        isfinite(spread->margin) ? json_real(spread->margin)
                                                 : json_null());
    if (spread->fault == NULL)
        return json;
    json_object_set_new(json, "fault", json_string(spread->fault));
    json_object_set_new(json, "rank_low", json_real(spread->mean_rank[0]));
    json_object_set_new(json, "rank_high", json_real(spread->mean_rank[1]));
    return json;
}

/* Lists the findings that are biased, or those that are wide. */
static json_t *report_faults(const struct spreads *spreads, bool biased)
{
    json_t *list = json_array();
    for (int i = 0; i < spreads->count; i++) {
        const struct spread *spread = &spreads->at[i];
        if (spread->fault == NULL || is_biased(spread) != biased)
            continue;
        printf("%s: %s: %s: %s, of %d ranks the mean is %.3f\n",
               biased ? "biased" : "not biased", spread->claim, spread->what,
               spread->fault, spread->ranks,
               (spread->mean_rank[0] + spread->mean_rank[1]) / 2);
        json_array_append_new(list, spread_json(spread));
    }
    return list;
}

static int by_thinness(const void *a, const void *b)
{
    double p = thinness(*(const struct spread *const *)a);
    double q = thinness(*(const struct spread *const *)b);
    return (p > q) - (p < q);
}

/* The findings that came nearest to going the other way. */
static json_t *report_thinnest(const struct spreads *spreads)
{
    enum { SHOWN = 10 };
    static const struct spread *order[MOST_SPREADS];
    json_t *list = json_array();
    int count = spreads->count;
    for (int i = 0; i < count; i++)
        order[i] = &spreads->at[i];
    qsort(order, (size_t)count, sizeof *order, by_thinness);
    for (int i = 0; i < count && i < SHOWN; i++) {
        printf("%s %-20s %-8s %-36s %9.3g, seed %" JSON_INTEGER_FORMAT "\n",
               i == 0 ? "thinnest" : "        ", order[i]->claim,
               order[i]->is_control ? "control" : "", order[i]->what, order[i]->margin,
               order[i]->seed);
        json_array_append_new(list, spread_json(order[i]));
    }
    return list;
}

static json_t *margins(const struct spreads *spreads)
{
    json_t *list = json_array();
    for (int i = 0; i < spreads->count; i++)
        json_array_append_new(list, spread_json(&spreads->at[i]));
    return list;
}

/* Leaves soak.json, and returns how many things are wrong. */
static size_t report(struct soak *soak)
{
    judge_spreads(&soak->spreads);
    json_t *thinnest = report_thinnest(&soak->spreads);
    json_t *wide = report_faults(&soak->spreads, false);
    json_t *biased = report_faults(&soak->spreads, true);
    size_t failed = json_array_size(soak->failures), wrong = json_array_size(biased);
    printf("%" PRIu64 " seeds, %zu failures, %zu biased\n", soak->seeds, failed, wrong);
    json_t *result =
        json_pack("{s:i, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "schema", 1, "first_seed",
                  (json_int_t)soak->first, "seeds", (json_int_t)soak->seeds, "failures",
                  soak->failures, "biased", biased, "wide", wide, "thinnest", thinnest,
                  "findings", margins(&soak->spreads));
    write_json(result, path_of("%s/soak.json", soak->build).at);
    json_decref(result);
    return failed + wrong;
}

bool soak(const struct catalogue *all, const char *build, int cpu_limit, uint64_t first,
          uint64_t seeds)
{
    static struct soak one;
    if (seeds - 1 > INT64_MAX - first)
        give_up("SEED + SEEDS must be below 2^63");
    one = (struct soak){.all = all,
                        .build = build,
                        .cpu_limit = cpu_limit,
                        .first = first,
                        .seeds = seeds};
    one.done = calloc((size_t)seeds, (size_t)all->claims * sizeof *one.done);
    one.failures = json_array();
    REQUIRE(one.done != NULL, "no memory for %" PRIu64 " seeds", seeds);
    for (int c = 0; c < all->chapters; c++)
        one.program[c] =
            fingerprint(path_of("%s/claims/%s", build, all->chapter[c].stem).at);
    fresh_folder(build, "soak");
    open_lines(&one);
    for (uint64_t s = 0; s < seeds; s += ROUND)
        run_round(&one, first + s, seeds - s < ROUND ? seeds - s : ROUND);
    size_t wrong = report(&one);
    fclose(one.lines);
    free_spreads(&one.spreads);
    free(one.done);
    return wrong == 0;
}
