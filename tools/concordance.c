#define _GNU_SOURCE
#include "concordance.h"

#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TABLE "chapters/concordance.tsv"

/* The names that ref/ defines, one in a line, as Universal Ctags finds them. */
static char *defined_names(void)
{
    static const char command[] =
        "ctags --languages=C --kinds-C=fstued -x --_xformat=%N ref/*.[ch]";
    char *names = NULL;
    size_t size = 0;
    FILE *ctags = popen(command, "r");
    if (ctags == NULL || getdelim(&names, &size, EOF, ctags) < 0) {
        free(names);
        names = calloc(1, 1);
    }
    if (ctags != NULL)
        pclose(ctags);
    return names;
}

static int has_line(const char *lines, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = lines; (at = strstr(at, name)) != NULL; at += length)
        if ((at == lines || at[-1] == '\n') && at[length] == '\n')
            return 1;
    return 0;
}

static int has_figure(const char *name)
{
    static const char *const endings[] = {"gp", "dot"};
    char path[512];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "figures/%s.%s", name, endings[i]);
        if (access(path, R_OK) == 0)
            return 1;
    }
    return 0;
}

/* What is wrong with a name; NULL if nothing is. */
static const char *fault(const char *name, const json_t *claims, const char *defined)
{
    size_t i;
    const json_t *claim;
    json_array_foreach(claims, i, claim) {
        if (strcmp(text_of(claim, "id"), name) == 0)
            return is_verified(claim) ? NULL : "is a claim that is not verified";
    }
    if (has_line(defined, name) || has_figure(name))
        return NULL;
    return "is no claim, no definition of ref/ and no figure";
}

static void check_row(char *names, int line, const json_t *claims, const char *defined,
                      struct concordance *count)
{
    char *next = NULL;
    if (strcmp(names, "-") == 0)
        return;
    if (strcmp(names, "open") == 0) {
        count->open++;
        return;
    }
    count->answered++;
    for (char *name = strtok_r(names, " ", &next); name != NULL;
         name = strtok_r(NULL, " ", &next)) {
        const char *wrong = fault(name, claims, defined);
        if (wrong != NULL) {
            printf(TABLE ":%d: %s %s\n", line, name, wrong);
            count->errors++;
        }
    }
}

struct concordance check_concordance(const json_t *claims)
{
    struct concordance count = {0, 0, 0};
    char *text = NULL, *defined = defined_names();
    size_t size = 0;
    FILE *table = fopen(TABLE, "r");
    for (int line = 1; table != NULL && getline(&text, &size, table) > 0; line++) {
        char *last = strrchr(text, '\t');
        text[strcspn(text, "\n")] = '\0';
        if (line > 1 && last != NULL)
            check_row(last + 1, line, claims, defined, &count);
    }
    if (table != NULL)
        fclose(table);
    free(text);
    free(defined);
    return count;
}
