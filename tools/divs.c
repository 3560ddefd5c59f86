#include "divs.h"

#include "common.h"
#include "record.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line "::: {.claim #NAME lecture="..." uses="..."}" of a chapter. */
struct div {
    int number; /* of the line, from 1 */
    char line[4096], name[128];
};

/* Goes on to the next claim div of a chapter; false if there is none. */
static bool next_div(FILE *chapter, struct div *div)
{
    while (chapter != NULL && fgets(div->line, sizeof div->line, chapter) != NULL) {
        const char *hash = strchr(div->line, '#');
        div->number++;
        if (strncmp(div->line, ":::", 3) == 0 && strstr(div->line, ".claim") != NULL &&
            hash != NULL) {
            snprintf(div->name, sizeof div->name, "%.*s",
                     (int)strcspn(hash + 1, " }\n"), hash + 1);
            return true;
        }
    }
    return false;
}

/* The words of an attribute, KEY="word word". */
static json_t *words_of(const char *line, const char *key)
{
    json_t *words = json_array();
    struct path opening = path_of("%s=\"", key);
    const char *at = strstr(line, opening.at);
    if (at == NULL)
        return words;
    at += strlen(opening.at);
    while (*at != '"' && *at != '\n' && *at != '\0') {
        size_t length = strcspn(at, " \"\n");
        if (length > 0)
            json_array_append_new(words, json_stringn(at, length));
        at += length + strspn(at + length, " ");
    }
    return words;
}

static void read_div(json_t *claim)
{
    struct path path = path_of("chapters/%s.md", text_of(claim, "chapter"));
    struct div div = {0};
    bool found = false;
    FILE *chapter = fopen(path.at, "r");
    while (!found && next_div(chapter, &div))
        found = strcmp(div.name, text_of(claim, "id")) == 0;
    if (found) {
        json_object_set_new(claim, "lectures", words_of(div.line, "lecture"));
        json_object_set_new(claim, "uses", words_of(div.line, "uses"));
    } else if (is_verified(claim)) {
        fail_claim(claim, path_of("%s has no div of this name", path.at).at);
    }
    if (chapter != NULL)
        fclose(chapter);
}

void read_divs(json_t *claims)
{
    size_t i;
    json_t *claim;
    json_array_foreach (claims, i, claim) {
        read_div(claim);
    }
}

/* What is wrong with a div in chapters/STEM.md; NULL if nothing is.  seen[i] is set
 * where claim i has its div. */
static const char *fault(const struct catalogue *all, const char *name,
                         const char *stem, bool *seen)
{
    const struct entry *claim = find_claim(all, name);
    if (claim == NULL || strcmp(claim->stem, stem) != 0)
        return "no such claim in proofs_numeric";
    bool again = seen[claim - all->claim];
    seen[claim - all->claim] = true;
    return again ? "a second div of this name" : NULL;
}

static int report_strays(const struct catalogue *all, const char *path, bool *seen)
{
    struct div div = {0};
    int strays = 0;
    FILE *chapter = fopen(path, "r");
    struct path stem = path_of("%s", base_name(path));
    *strrchr(stem.at, '.') = '\0';
    while (next_div(chapter, &div)) {
        const char *wrong = fault(all, div.name, stem.at, seen);
        if (wrong != NULL)
            printf("%s:%d: #%s: %s\n", path, div.number, div.name, wrong);
        strays += wrong != NULL;
    }
    if (chapter != NULL)
        fclose(chapter);
    return strays;
}

int report_stray_divs(const struct catalogue *all)
{
    bool seen[MOST_CLAIMS] = {false};
    int strays = 0;
    glob_t found = {0};
    if (glob("chapters/*.md", 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            strays += report_strays(all, found.gl_pathv[i], seen);
    globfree(&found);
    return strays;
}
