#include "record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 8, LINE = 4096 };

const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

bool is_verified(const json_t *claim)
{
    return strcmp(text_of(claim, "verdict"), "verified") == 0;
}

void fail_claim(json_t *claim, const char *message)
{
    json_object_set_new(claim, "verdict", json_string("failed"));
    json_object_set_new(claim, "message", json_string(message));
}

/* Splits a line at its tabs, in place; returns how many fields there are. */
static int split(char *line, char **fields)
{
    int count = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *rest = line; rest != NULL && count < FIELDS; rest++) {
        fields[count++] = rest;
        if ((rest = strchr(rest, '\t')) == NULL)
            break;
        *rest = '\0';
    }
    return count;
}

/* JSON has no infinity and no NaN: they become null. */
static json_t *number(const char *text)
{
    double value = strtod(text, NULL);
    return isfinite(value) ? json_real(value) : json_null();
}

/* "what measured relation limit as-it-should sampled" */
static void add_finding(json_t *claim, bool is_control, char **fields)
{
    json_t *finding = json_object();
    json_object_set_new(finding, "what", json_string(fields[1]));
    json_object_set_new(finding, "measured", number(fields[2]));
    json_object_set_new(finding, "relation", json_string(fields[3]));
    json_object_set_new(finding, "limit", number(fields[4]));
    json_object_set_new(finding, is_control ? "rejected" : "holds",
                        json_boolean(atoi(fields[5])));
    json_object_set_new(finding, "sampled", json_boolean(atoi(fields[6])));
    json_array_append_new(
        json_object_get(claim, is_control ? "controls" : "evidence"), finding);
}

static void add_line(json_t *claim, char **fields, int count)
{
    if (count == 5 && strcmp(fields[0], "claim") == 0) {
        json_object_set_new(claim, "grade", json_string(fields[2]));
        json_object_set_new(claim, "long", json_boolean(atoi(fields[3])));
        json_object_set_new(claim, "statement", json_string(fields[4]));
    } else if (count == 7 && strcmp(fields[0], "evidence") == 0) {
        add_finding(claim, false, fields);
    } else if (count == 7 && strcmp(fields[0], "control") == 0) {
        add_finding(claim, true, fields);
    } else if (count == 2 && strcmp(fields[0], "seconds") == 0) {
        json_object_set_new(claim, "seconds", number(fields[1]));
    } else if (count == 3 && strcmp(fields[0], "verdict") == 0) {
        json_object_set_new(claim, "verdict", json_string(fields[1]));
        if (fields[2][0] != '\0')
            json_object_set_new(claim, "message", json_string(fields[2]));
    }
}

json_t *read_claim(const char *dir, const char *chapter, const char *name)
{
    char path[1024], line[LINE], *fields[FIELDS];
    json_t *claim = json_pack("{s:s, s:s, s:s, s:s, s:[], s:[], s:f, s:[], s:[]}", "id",
                              name, "chapter", chapter, "grade", "", "statement", "",
                              "lectures", "uses", "seconds", 0.0, "evidence", "controls");
    fail_claim(claim, "the program of the chapter ended before this claim did");
    snprintf(path, sizeof path, "%s/records/%s/%s.tsv", dir, chapter, name);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        add_line(claim, fields, split(line, fields));
    if (file != NULL)
        fclose(file);
    if (is_verified(claim))
        json_object_del(claim, "message");
    return claim;
}

/* Opens chapters/CHAPTER.md. */
static FILE *open_chapter(const char *chapter)
{
    char path[1024];
    snprintf(path, sizeof path, "chapters/%s.md", chapter);
    return fopen(path, "r");
}

/* If the line opens a claim div, ":::: {.claim #NAME ...}", copies its name. */
static bool opens_div(const char *line, char *name, size_t size)
{
    const char *hash = strchr(line, '#');
    if (strncmp(line, ":::", 3) != 0 || strstr(line, ".claim") == NULL || hash == NULL)
        return false;
    snprintf(name, size, "%.*s", (int)strcspn(hash + 1, " }\n"), hash + 1);
    return true;
}

void each_div(const char *chapter, void (*found)(const char *name, void *context),
              void *context)
{
    char line[LINE], name[128];
    FILE *file = open_chapter(chapter);
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (opens_div(line, name, sizeof name))
            found(name, context);
    if (file != NULL)
        fclose(file);
}

/* Adds the words of an attribute, KEY="word word", to a list. */
static void add_words(json_t *list, char *line, const char *key)
{
    char opening[32], *words, *next = NULL;
    snprintf(opening, sizeof opening, "%s=\"", key);
    if ((words = strstr(line, opening)) == NULL)
        return;
    words += strlen(opening);
    words[strcspn(words, "\"\n")] = '\0';
    for (char *word = strtok_r(words, " ", &next); word != NULL;
         word = strtok_r(NULL, " ", &next))
        json_array_append_new(list, json_string(word));
}

bool read_div(json_t *claim, const char *chapter)
{
    char line[LINE], copy[LINE], name[128];
    bool found = false;
    FILE *file = open_chapter(chapter);
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = opens_div(line, name, sizeof name) &&
                strcmp(name, text_of(claim, "id")) == 0;
    if (found) {
        memcpy(copy, line, sizeof copy);
        add_words(json_object_get(claim, "lectures"), line, "lecture");
        add_words(json_object_get(claim, "uses"), copy, "uses");
    }
    if (file != NULL)
        fclose(file);
    return found;
}

void read_tap(const char *path, int *passed, int *failed)
{
    char line[LINE];
    int planned = -1, ok = 0, not_ok = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "1..%d", &planned);
        ok += strncmp(line, "ok ", 3) == 0;
        if (strncmp(line, "not ok ", 7) == 0 && not_ok++ < 10)
            printf("  %s", line);
    }
    if (file != NULL)
        fclose(file);
    *passed += ok;
    *failed += not_ok + (planned <= 0 || planned != ok + not_ok);
}
