#include "concordance.h"

#include "ground/arena.h"
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
        "ctags --language-force=C --kinds-C=fstued -x --_xformat=%N $(find ref -name '*.[ch]' | sort)";
    char *names = NULL;
    size_t size = 0;
    FILE *ctags = popen(command, "r");
    if (ctags == NULL || getdelim(&names, &size, '\0', ctags) < 0) {
        free(names);
        names = calloc(1, 1);
        REQUIRE(names != NULL, "no memory");
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

/* What a row may name. */
struct answers {
    const json_t *claims;        /* with their verdicts                             */
    const struct catalogue *all; /* with the long ones that have not been run so far */
    const char *defined;         /* by ref/, a name in each line                    */
};

/* What is wrong with a name; NULL if nothing is. */
static const char *fault(const char *name, const struct answers *answers)
{
    size_t i;
    const json_t *claim;
    json_array_foreach (answers->claims, i, claim) {
        if (strcmp(text_of(claim, "id"), name) == 0)
            return is_verified(claim) ? NULL : "is a claim that is not verified";
    }
    if (find_claim(answers->all, name) != NULL || has_line(answers->defined, name) ||
        has_figure(name))
        return NULL;
    return "is no claim, no definition of ref/ and no figure";
}

static void check_row(char *names, int line, const struct answers *answers,
                      struct concordance *count)
{
    char *next = NULL, *name = strtok_r(names, " ", &next);
    if (name == NULL) {
        printf(TABLE ":%d: names nothing, not even `open`\n", line);
        count->errors++;
    } else if (strcmp(name, "open") == 0) {
        count->open++;
    } else if (strcmp(name, "-") != 0) {
        count->answered++;
        for (; name != NULL; name = strtok_r(NULL, " ", &next)) {
            const char *wrong = fault(name, answers);
            if (wrong != NULL)
                printf(TABLE ":%d: %s %s\n", line, name, wrong);
            count->errors += wrong != NULL;
        }
    }
}

struct concordance check_concordance(const json_t *claims, const struct catalogue *all)
{
    struct concordance count = {0, 0, 0};
    char *text = NULL, *defined = defined_names();
    struct answers answers = {claims, all, defined};
    size_t size = 0;
    FILE *table = fopen(TABLE, "r");
    for (int line = 1; table != NULL && getline(&text, &size, table) > 0; line++) {
        text[strcspn(text, "\r\n")] = '\0';
        char *last = strrchr(text, '\t');
        if (line > 1 && last != NULL)
            check_row(last + 1, line, &answers, &count);
    }
    if (table != NULL)
        fclose(table);
    free(text);
    free(defined);
    return count;
}
