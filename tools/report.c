#include "report.h"

#include "record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *mark(bool good)
{
    bool colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    if (good)
        return colour ? "\033[32m✓\033[0m" : "✓";
    return colour ? "\033[31m✗\033[0m" : "✗";
}

/* A number of the ledger in 7 columns; null stands for one that is not finite. */
static void print_number(const json_t *number)
{
    if (json_is_number(number)) {
        double value = json_number_value(number);
        bool plain = value == 0 || (fabs(value) >= 1e-2 && fabs(value) < 1e4);
        printf(plain ? "%7.4g" : "%7.1e", value);
    } else {
        printf("inf/nan");
    }
}

static const char *symbol(const char *relation)
{
    if (strcmp(relation, "<=") == 0)
        return "≤";
    return strcmp(relation, ">=") == 0 ? "≥" : relation;
}

/* The columns after the name: the grade or "control", what, measured, limit
 * or verdict. */
static void print_finding(const json_t *finding, const char *kind, bool is_control)
{
    printf("%-10s %-36s ", kind, text_of(finding, "what"));
    print_number(json_object_get(finding, "measured"));
    if (is_control && json_is_true(json_object_get(finding, "rejected"))) {
        printf(" rejected\n");
        return;
    }
    printf(" %s ", symbol(text_of(finding, "relation")));
    print_number(json_object_get(finding, "limit"));
    printf("%s\n", is_control ? "  NOT REJECTED" : "");
}

/* |log(margin)|: how near a finding came to going the other way. */
static double thinness(const json_t *finding)
{
    double margin = json_number_value(json_object_get(finding, "margin"));
    return margin > 0 ? fabs(log(margin)) : INFINITY;
}

/* The index of the finding that went wrong, or else of the one with the
 * least margin. */
static size_t nearest_miss(const json_t *findings, const char *good)
{
    size_t i, nearest = 0;
    const json_t *finding;
    json_array_foreach (findings, i, finding) {
        if (!json_is_true(json_object_get(finding, good)))
            return i;
        if (thinness(finding) < thinness(json_array_get(findings, nearest)))
            nearest = i;
    }
    return nearest;
}

static void print_findings(const json_t *findings, const char *kind, bool is_control,
                           bool all, bool begun)
{
    size_t i, shown = nearest_miss(findings, is_control ? "rejected" : "holds");
    const json_t *finding;
    json_array_foreach (findings, i, finding) {
        if (!all && i != shown)
            continue;
        if (begun)
            printf("  %-22s ", "");
        print_finding(finding, kind, is_control);
        begun = true;
    }
}

static void print_claim(const json_t *claim, bool all)
{
    const json_t *evidence = json_object_get(claim, "evidence");
    printf("  %s %-20s ", is_lost(claim) ? "–" : mark(is_verified(claim)),
           text_of(claim, "id"));
    if (json_array_size(evidence) == 0)
        printf("%s\n", text_of(claim, "grade"));
    print_findings(evidence, text_of(claim, "grade"), false, all, false);
    print_findings(json_object_get(claim, "controls"), "control", true, all, true);
    if (!is_verified(claim))
        printf("  %-22s %-10s %s\n", "", text_of(claim, "verdict"),
               text_of(claim, "message"));
}

void report_chapter(const char *chapter, const json_t *claims, bool all)
{
    size_t i, count = 0;
    double seconds = 0;
    const json_t *claim;
    json_array_foreach (claims, i, claim) {
        if (strcmp(text_of(claim, "chapter"), chapter) == 0) {
            count++;
            seconds += json_number_value(json_object_get(claim, "seconds"));
        }
    }
    if (count == 0)
        return;
    printf("%-56s %3zu claim%s %6.1f s\n", chapter, count, count == 1 ? " " : "s",
           seconds);
    json_array_foreach (claims, i, claim) {
        if (strcmp(text_of(claim, "chapter"), chapter) == 0)
            print_claim(claim, all);
    }
    fflush(stdout);
}

/* One line: how many claims of the chapter that begins at first were verified, and how
 * many controls they ran.  Returns where the next chapter begins. */
static size_t report_row(const json_t *claims, size_t first)
{
    const char *chapter = text_of(json_array_get(claims, first), "chapter");
    size_t i = first, verified = 0, lost = 0, controls = 0;
    for (; i < json_array_size(claims); i++) {
        const json_t *claim = json_array_get(claims, i);
        if (strcmp(text_of(claim, "chapter"), chapter) != 0)
            break;
        verified += is_verified(claim);
        lost += is_lost(claim);
        controls += json_array_size(json_object_get(claim, "controls"));
    }
    printf("%s %-24s %3zu of %3zu claims verified   %3zu controls\n",
           mark(verified + lost == i - first), chapter, verified, i - first, controls);
    return i;
}

void report_table(const json_t *claims)
{
    printf("\n");
    for (size_t i = 0; i < json_array_size(claims);)
        i = report_row(claims, i);
}

/* ---- Thin margins ---------------------------------------------------------------- */

struct thin {
    const json_t *claim, *finding;
};

struct thinnest {
    struct thin at[20];
    int count;
};

/* A bound is meant to be nearly attained, a count to be met, and no machine moves what
 * is proved; and a power of ten away from its limit nothing is thin. */
static bool may_be_thin(const json_t *claim, const json_t *finding)
{
    const char *grade = text_of(claim, "grade");
    bool is_firm = strcmp(grade, "bound") == 0 || strcmp(grade, "proved") == 0;
    return !is_firm && thinness(finding) > 1e-9 && thinness(finding) < log(10);
}

/* Enters a finding in its place; of too many the least thin one is dropped. */
static void enter(struct thinnest *list, struct thin new)
{
    int most = sizeof list->at / sizeof list->at[0];
    int place = list->count < most ? list->count++ : most;
    for (; place > 0 && thinness(list->at[place - 1].finding) > thinness(new.finding);
         place--) {
        if (place < most)
            list->at[place] = list->at[place - 1];
    }
    if (place < most)
        list->at[place] = new;
}

static void enter_findings(struct thinnest *list, const json_t *claim, const char *role)
{
    size_t i;
    const json_t *finding;
    json_array_foreach (json_object_get(claim, role), i, finding) {
        if (may_be_thin(claim, finding))
            enter(list, (struct thin){claim, finding});
    }
}

void report_thinnest(const json_t *claims)
{
    struct thinnest list = {.count = 0};
    size_t i;
    const json_t *claim;
    json_array_foreach (claims, i, claim) {
        enter_findings(&list, claim, "evidence");
        enter_findings(&list, claim, "controls");
    }
    if (list.count > 0)
        printf(
            "\nmeasured/limit, where it came nearest to 1, bounds and proofs aside\n");
    for (int k = 0; k < list.count; k++)
        printf("%7.4f  %-24s %s\n",
               json_number_value(json_object_get(list.at[k].finding, "margin")),
               text_of(list.at[k].claim, "id"), text_of(list.at[k].finding, "what"));
}
