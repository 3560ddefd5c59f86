#include "catalogue.h"

#include "common.h"
#include "ground/arena.h"
#include "nearest.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number of the line of book.md that links to the chapter, INT_MAX if none does. */
static int place_in_book(const char *stem)
{
    struct path link = path_of("chapters/%s.md", stem);
    char line[1024];
    int number = 0, place = INT_MAX;
    FILE *book = fopen("book.md", "r");
    while (book != NULL && place == INT_MAX && fgets(line, sizeof line, book) != NULL) {
        number++;
        if (strstr(line, link.at) != NULL)
            place = number;
    }
    if (book != NULL)
        fclose(book);
    return place;
}

static int by_place(const void *a, const void *b)
{
    const struct chapter *p = a, *q = b;
    if (p->place != q->place)
        return p->place < q->place ? -1 : 1;
    return strcmp(p->stem, q->stem);
}

static void add_chapter(struct catalogue *all, const char *stem)
{
    REQUIRE(all->chapters < MOST_CHAPTERS, "more than %d chapters", MOST_CHAPTERS);
    struct chapter *chapter = &all->chapter[all->chapters++];
    int length = snprintf(chapter->stem, sizeof chapter->stem, "%s", stem);
    REQUIRE(length < (int)sizeof chapter->stem, "%s is too long a name", stem);
    chapter->place = place_in_book(stem);
}

static void find_chapters(struct catalogue *all, const char *build)
{
    glob_t found = {0};
    if (glob(path_of("%s/claims/*", build).at, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (is_program(found.gl_pathv[i]))
                add_chapter(all, base_name(found.gl_pathv[i]));
    globfree(&found);
    qsort(all->chapter, (size_t)all->chapters, sizeof *all->chapter, by_place);
}

static void add_claim(struct catalogue *all, const char *stem, const char *name,
                      bool is_long)
{
    const struct entry *other = find_claim(all, name);
    if (other != NULL)
        give_up("%s is a claim of %s and of %s", name, other->stem, stem);
    REQUIRE(all->claims < MOST_CLAIMS, "more than %d claims", MOST_CLAIMS);
    struct entry *claim = &all->claim[all->claims++];
    *claim = (struct entry){.stem = stem, .is_long = is_long};
    snprintf(claim->name, sizeof claim->name, "%s", name);
}

/* A program called without arguments prints a line "NAME IS_LONG" for each claim.  The
 * shell finds BUILD in its environment: a path may hold what means something to it. */
static void list_claims(struct catalogue *all, const char *build, const char *stem)
{
    char name[64];
    int is_long, before = all->claims;
    FILE *list = popen(path_of("exec \"$BUILD\"/claims/%s", stem).at, "r");
    while (list != NULL && fscanf(list, "%63s %d", name, &is_long) == 2)
        add_claim(all, stem, name, is_long);
    if (list == NULL || pclose(list) != 0 || all->claims == before)
        give_up("%s/claims/%s does not list its claims", build, stem);
}

void read_catalogue(struct catalogue *all, const char *build, const char *chapter)
{
    find_chapters(all, build);
    if (all->chapters == 0)
        give_up("no claims are built in %s; run make", build);
    for (int c = 0; c < all->chapters; c++)
        if (chapter == NULL || strcmp(all->chapter[c].stem, chapter) == 0)
            list_claims(all, build, all->chapter[c].stem);
}

const struct entry *find_claim(const struct catalogue *all, const char *name)
{
    for (int i = 0; i < all->claims; i++)
        if (strcmp(all->claim[i].name, name) == 0)
            return &all->claim[i];
    return NULL;
}

static void require_chapter(const struct catalogue *all, const char *stem)
{
    const char *stems[MOST_CHAPTERS];
    for (int c = 0; c < all->chapters; c++) {
        stems[c] = all->chapter[c].stem;
        if (strcmp(stems[c], stem) == 0)
            return;
    }
    say_nearest("chapter", stem, stems, all->chapters);
    exit(2);
}

/* The claim must be there, in that chapter if one is given. */
static void require_claim(const struct catalogue *all, const char *name,
                          const char *chapter)
{
    const char *names[MOST_CLAIMS];
    int count = 0;
    for (int i = 0; i < all->claims; i++)
        if (chapter == NULL || strcmp(all->claim[i].stem, chapter) == 0) {
            names[count++] = all->claim[i].name;
            if (strcmp(all->claim[i].name, name) == 0)
                return;
        }
    say_nearest("claim", name, names, count);
    exit(2);
}

void choose_claims(struct catalogue *all, const char *chapter, const char *claim,
                   bool with_long)
{
    if (chapter != NULL)
        require_chapter(all, chapter);
    if (claim != NULL)
        require_claim(all, claim, chapter);
    for (int i = 0; i < all->claims; i++) {
        struct entry *entry = &all->claim[i];
        bool named = claim != NULL && strcmp(entry->name, claim) == 0;
        bool meant = claim != NULL
                         ? named
                         : chapter == NULL || strcmp(entry->stem, chapter) == 0;
        entry->chosen = meant && (named || with_long || !entry->is_long);
        all->left_out += meant && !entry->chosen;
    }
}
