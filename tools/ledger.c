#include "ledger.h"

#include "common.h"
#include "record.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#ifdef __clang__
#define COMPILER __VERSION__ /* which says so: "Debian Clang 14.0.6" */
#else
#define COMPILER "gcc " __VERSION__
#endif

struct tally count_claims(const json_t *claims)
{
    struct tally tally = {0};
    size_t i;
    const json_t *claim;
    json_array_foreach (claims, i, claim) {
        tally.passed += is_verified(claim);
        tally.lost += is_lost(claim);
    }
    tally.failed = (int)json_array_size(claims) - tally.passed - tally.lost;
    return tally;
}

/* ---- The last ledger ------------------------------------------------------------- */

/* Why this is no ledger; NULL if it is one. */
static const char *fault_of(const json_t *ledger)
{
    const json_t *claims = json_object_get(ledger, "claims"), *claim;
    size_t i;
    if (!json_is_array(claims))
        return "it has no claims";
    json_array_foreach (claims, i, claim) {
        if (text_of(claim, "id")[0] == '\0')
            return "a claim has no id";
    }
    return NULL;
}

json_t *read_ledger(const char *build)
{
    struct path path = path_of("%s/ledger.json", build);
    json_error_t error = {.text = ""};
    struct stat status;
    if (stat(path.at, &status) != 0)
        return NULL;
    json_t *ledger = json_load_file(path.at, 0, &error);
    const char *fault = ledger != NULL ? fault_of(ledger) : error.text;
    if (fault != NULL)
        give_up("%s is no ledger: %s; remove it, then make check", path.at, fault);
    return ledger;
}

/* ---- What a run does not know of itself ------------------------------------------ */

/* The first line that a command prints, or "unknown". */
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

void complete_claims(json_t *claims, const struct catalogue *all, const json_t *last,
                     uint64_t seed)
{
    size_t i;
    json_t *claim, *date = today();
    json_array_foreach (claims, i, claim) {
        json_object_set(claim, "date", date);
        json_object_set_new(claim, "seed", json_integer((json_int_t)seed));
    }
    json_decref(date);
    json_array_foreach (json_object_get(last, "claims"), i, claim) {
        const struct entry *entry = find_claim(all, text_of(claim, "id"));
        if (entry != NULL && !entry->chosen)
            json_array_append(claims, claim);
    }
}

static json_t *totals(const json_t *claims, double seconds)
{
    struct tally tally = count_claims(claims);
    size_t i, controls = 0;
    const json_t *claim;
    json_array_foreach (claims, i, claim) {
        controls += json_array_size(json_object_get(claim, "controls"));
    }
    return json_pack("{s:i, s:i, s:i, s:i, s:f}", "claims",
                     (int)json_array_size(claims), "verified", tally.passed, "failed",
                     tally.failed, "controls", (int)controls, "seconds", seconds);
}

/* ---- Files ----------------------------------------------------------------------- */

/* The name under which a file is written, beside its place, until it is whole. */
static struct path beside(const char *path) { return path_of("%s~", path); }

static _Noreturn void cannot_write(const char *path)
{
    int why = errno;
    remove(beside(path).at);
    give_up("cannot write %s: %s", path, strerror(why));
}

static void write_beside(const json_t *value, const char *path)
{
    if (json_dump_file(value, beside(path).at, JSON_INDENT(1)) != 0)
        cannot_write(path);
}

static void put_in_place(const char *path)
{
    if (rename(beside(path).at, path) != 0)
        cannot_write(path);
}

void write_json(const json_t *value, const char *path)
{
    write_beside(value, path);
    put_in_place(path);
}

/* Moves RUN/evidence/CHAPTER/NAME.tsv to BUILD/evidence/CHAPTER/NAME.tsv. */
static void publish_table(const char *table, const char *run, const char *build)
{
    struct path to = path_of("%s%s", build, table + strlen(run));
    struct path folder = to;
    folder.at[base_name(to.at) - to.at - 1] = '\0';
    mkdir(folder.at, 0777);
    if (rename(table, to.at) != 0)
        give_up("cannot write %s: %s", to.at, strerror(errno));
}

static void publish_evidence(const char *run, const char *build)
{
    glob_t found = {0};
    mkdir(path_of("%s/evidence", build).at, 0777);
    if (glob(path_of("%s/evidence/*/*.tsv", run).at, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            publish_table(found.gl_pathv[i], run, build);
    globfree(&found);
}

void write_ledger(json_t *claims, const char *build, const char *run, uint64_t seed,
                  double seconds)
{
    json_t *ledger =
        json_pack("{s:i, s:I, s:o, s:s, s:s, s:o, s:o, s:O, s:o}", "schema", 1, "seed",
                  (json_int_t)seed, "commit",
                  line_of("git describe --always --dirty 2>/dev/null"), "compiler",
                  COMPILER, "blas", text_of(json_array_get(claims, 0), "blas"), "cpu",
                  line_of("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo"), "date",
                  today(), "claims", claims, "totals", totals(claims, seconds));
    struct path path = path_of("%s/ledger.json", build);
    write_beside(ledger, path.at);
    publish_evidence(run, build);
    put_in_place(path.at);
    json_decref(ledger);
}
