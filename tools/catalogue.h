/* catalogue.h -- the chapters and claims there are, and which of them a run is to take.
 *
 * Chapters stand in the order of the links in book.md, those without a link last; the
 * claims of a chapter in the order of its program. */
#ifndef TOOLS_CATALOGUE_H
#define TOOLS_CATALOGUE_H

#include <stdbool.h>

enum { MOST_CHAPTERS = 64, MOST_CLAIMS = 1024 };

struct catalogue {
    int chapters, claims;
    int left_out; /* long claims that were meant, but not chosen */
    struct chapter {
        char stem[64];
        int place; /* the line of its link in book.md */
    } chapter[MOST_CHAPTERS];
    struct entry {
        char name[64];
        const char *stem; /* of its chapter */
        bool is_long, chosen;
    } claim[MOST_CLAIMS];
};

/* Asks the programs of BUILD/claims for their claims, or that of the chapter alone, if
 * one is given; stops if one does not tell, or if two claims have one name. */
void read_catalogue(struct catalogue *all, const char *build, const char *chapter);

/* Chooses the claims of one chapter, or one claim, or, where both are NULL, all.  Long
 * claims are chosen only if they are asked for, by with_long or by name.  A name that
 * does not exist ends the program with status 2. */
void choose_claims(struct catalogue *all, const char *chapter, const char *claim,
                   bool with_long);

/* The claim of this name, NULL if there is none. */
const struct entry *find_claim(const struct catalogue *all, const char *name);

#endif
