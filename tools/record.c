#include "record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096 };

const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

bool is_verified(const json_t *claim)
{
    return strcmp(text_of(claim, "verdict"), "verified") == 0;
}

bool is_lost(const json_t *claim)
{
    return strcmp(text_of(claim, "verdict"), "lost") == 0;
}

void fail_claim(json_t *claim, const char *message)
{
    json_object_set_new(claim, "verdict", json_string("failed"));
    json_object_set_new(claim, "message", json_string(message));
}

int split(char *line, char **fields)
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

/* A claim may have written anything on its last line, and json_string takes
 * only UTF-8. */
json_t *readable(const char *text)
{
    json_t *string = json_string(text);
    return string != NULL ? string : json_string("(not UTF-8)");
}

/* Adds a number that most findings do not have. */
static void add_number(json_t *finding, const char *key, const char *text)
{
    if (isfinite(strtod(text, NULL)))
        json_object_set_new(finding, key, number(text));
}

/* "what measured relation limit as-it-should sampled low high margin rank rank" */
static void add_finding(json_t *claim, bool is_control, char **fields)
{
    json_t *finding = json_object();
    json_object_set_new(finding, "what", readable(fields[1]));
    json_object_set_new(finding, "measured", number(fields[2]));
    json_object_set_new(finding, "relation", json_string(fields[3]));
    json_object_set_new(finding, "limit", number(fields[4]));
    json_object_set_new(finding, is_control ? "rejected" : "holds",
                        json_boolean(atoi(fields[5])));
    json_object_set_new(finding, "sampled", json_boolean(atoi(fields[6])));
    add_number(finding, "low", fields[7]);
    add_number(finding, "high", fields[8]);
    json_object_set_new(finding, "margin", number(fields[9]));
    add_number(finding, "rank_low", fields[10]);
    add_number(finding, "rank_high", fields[11]);
    json_array_append_new(json_object_get(claim, is_control ? "controls" : "evidence"),
                          finding);
}

static void add_line(json_t *claim, char **fields, int count)
{
    if (count == 5 && strcmp(fields[0], "claim") == 0) {
        json_object_set_new(claim, "grade", json_string(fields[2]));
        json_object_set_new(claim, "long", json_boolean(atoi(fields[3])));
        json_object_set_new(claim, "title", readable(fields[4]));
    } else if (count == 12 && strcmp(fields[0], "evidence") == 0) {
        add_finding(claim, false, fields);
    } else if (count == 12 && strcmp(fields[0], "control") == 0) {
        add_finding(claim, true, fields);
    } else if (count == 2 && strcmp(fields[0], "blas") == 0) {
        json_object_set_new(claim, "blas", readable(fields[1]));
    } else if (count == 2 && strcmp(fields[0], "seconds") == 0) {
        json_object_set_new(claim, "seconds", number(fields[1]));
    } else if (count == 3 && strcmp(fields[0], "verdict") == 0) {
        json_object_set_new(claim, "verdict", json_string(fields[1]));
        if (fields[2][0] != '\0')
            json_object_set_new(claim, "message", readable(fields[2]));
    }
}

/* Whether two findings measured one number, bit for bit.  A number that is not finite
 * is null, and not compared; nor is a whole number up to 100, since counts, ranks and
 * zeros agree between worlds that have nothing else in common. */
static bool same_number(const json_t *a, const json_t *b)
{
    const json_t *p = json_object_get(a, "measured"),
                 *q = json_object_get(b, "measured");
    double number = json_number_value(p);
    bool is_count = fabs(number) <= 100 && number == nearbyint(number);
    return json_is_number(p) && json_is_number(q) && !is_count &&
           number == json_number_value(q);
}

/* Fails a claim of which a control is the number of some evidence again, held against
 * another limit: that is no other world. */
static void require_other_worlds(json_t *claim)
{
    size_t i, j;
    const json_t *control, *evidence;
    json_array_foreach (json_object_get(claim, "controls"), i, control) {
        json_array_foreach (json_object_get(claim, "evidence"), j, evidence) {
            if (!is_verified(claim) || !same_number(control, evidence))
                continue;
            json_t *message = json_sprintf(
                "the control \"%s\" repeats the number of the evidence \"%s\"",
                text_of(control, "what"), text_of(evidence, "what"));
            fail_claim(claim, json_string_value(message));
            json_decref(message);
        }
    }
}

json_t *read_claim(const char *dir, const char *chapter, const char *name)
{
    char path[1024], line[LINE], *fields[FIELDS];
    json_t *claim =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:[], s:[], s:f, s:[], s:[]}", "id", name,
                  "chapter", chapter, "grade", "", "title", "", "statement", "",
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
    require_other_worlds(claim);
    return claim;
}

void read_tap(const char *path, int *passed, int *failed)
{
    char line[LINE];
    int planned = -1, ok = 0, not_ok = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "1..%d", &planned);
        bool is_ok = strncmp(line, "ok ", 3) == 0;
        ok += is_ok;
        if ((is_ok && strstr(line, "# SKIP") != NULL) ||
            strncmp(line, "# left out", 10) == 0)
            printf("  %s", line);
        if (strncmp(line, "not ok ", 7) == 0 && not_ok++ < 10)
            printf("  %s", line);
    }
    if (file != NULL)
        fclose(file);
    *passed += ok;
    *failed += not_ok + (planned <= 0 || planned != ok + not_ok);
}
