#include "chapters.h"

#include "common.h"
#include "jobs.h"
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Divs ------------------------------------------------------------------------ */

static json_t *words_of(char *text)
{
    json_t *words = json_array();
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest))
        json_array_append_new(words, json_string(word));
    return words;
}

static json_t *find(const json_t *claims, const char *name, const char *chapter)
{
    size_t i;
    json_t *claim;
    json_array_foreach (claims, i, claim) {
        if (strcmp(text_of(claim, "id"), name) == 0 &&
            strcmp(text_of(claim, "chapter"), chapter) == 0)
            return claim;
    }
    return NULL;
}

/* The claims without a div have no statement. */
static void fail_those_without(const json_t *claims)
{
    size_t i;
    json_t *claim;
    json_array_foreach (claims, i, claim) {
        const char *chapter = text_of(claim, "chapter");
        if (text_of(claim, "statement")[0] == '\0' && is_verified(claim))
            fail_claim(claim,
                       path_of("chapters/%s.md has no div of this name", chapter).at);
    }
}

/* "claim chapter lectures uses statement" */
void read_divs(json_t *claims, const char *build)
{
    struct path path = path_of("%s/divs.tsv", build);
    char *line = NULL, *field[FIELDS];
    size_t size = 0;
    FILE *file = fopen(path.at, "r");
    if (file == NULL)
        give_up("cannot read %s: %s; make writes it", path.at, strerror(errno));
    while (getline(&line, &size, file) > 0) {
        json_t *claim =
            split(line, field) == 5 ? find(claims, field[0], field[1]) : NULL;
        if (claim != NULL) {
            json_object_set_new(claim, "lectures", words_of(field[2]));
            json_object_set_new(claim, "uses", words_of(field[3]));
            json_object_set_new(claim, "statement", readable(field[4]));
        }
    }
    free(line);
    fclose(file);
    fail_those_without(claims);
}

/* ---- The whole ------------------------------------------------------------------- */

/* "verified", "lost", "failed", or "open" where the claim has never run. */
static const char *verdict_of(const json_t *claims, const struct entry *entry)
{
    const json_t *claim = find(claims, entry->name, entry->stem);
    if (claim == NULL)
        return "open";
    return is_verified(claim) ? "verified" : is_lost(claim) ? "lost" : "failed";
}

static void write_verdicts(const json_t *claims, const struct catalogue *all,
                           const char *path)
{
    FILE *file = fopen(path, "w");
    for (int i = 0; file != NULL && i < all->claims; i++)
        fprintf(file, "%s\t%s\t%s\n", all->claim[i].name, all->claim[i].stem,
                verdict_of(claims, &all->claim[i]));
    if (file == NULL || fclose(file) != 0)
        give_up("cannot write %s: %s", path, strerror(errno));
}

/* Prints what a TAP file says of its failures, "not ok 2 - FILE:LINE: ...", and its
 * remarks, "# ...", in lines of their own; returns how many failures there are.  A file
 * that is not whole is one more. */
static int tell(const char *path)
{
    char line[4096];
    int planned = 0, ok = 0, not_ok = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        int said = 0;
        sscanf(line, "1..%d", &planned);
        ok += strncmp(line, "ok ", 3) == 0;
        not_ok += strncmp(line, "not ok ", 7) == 0;
        if (sscanf(line, "not ok %*d - %n", &said) == 0 && said > 0)
            fputs(line + said, stdout);
        else if (strncmp(line, "# ", 2) == 0)
            fputs(line + 2, stdout);
    }
    if (file != NULL)
        fclose(file);
    bool whole = planned > 0 && planned == ok + not_ok;
    if (!whole)
        printf("tools/check_chapters.lua broke off; see %s\n", path);
    return not_ok + !whole;
}

int check_chapters(const json_t *claims, const struct catalogue *all,
                   const char *folder)
{
    struct path verdicts = path_of("%s/verdicts.tsv", folder);
    const char *argv[] = {"env", "lua5.4", "tools/check_chapters.lua", verdicts.at,
                          NULL};
    struct job job = {.program = path_of("/usr/bin/env"),
                      .argv = argv,
                      .output = path_of("%s/chapters.tap", folder),
                      .cpu_seconds = 300,
                      .wall_seconds = 3000};
    write_verdicts(claims, all, verdicts.at);
    run_jobs(&job, 1);
    return tell(job.output.at);
}
