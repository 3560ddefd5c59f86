/* chapters.h -- what the chapters say of the claims, and whether the two belong
 * together.
 *
 * The chapters are read in Lua: tools/claims.lua writes their claim divs as
 * BUILD/divs.tsv, a line for each, and tools/check_chapters.lua judges a run. */
#ifndef TOOLS_CHAPTERS_H
#define TOOLS_CHAPTERS_H

#include "catalogue.h"

#include <jansson.h>

/* Adds to each claim the "statement", "lectures" and "uses" of its div.  A claim that
 * has none in its chapter fails. */
void read_divs(json_t *claims, const char *build);

/* Does every div have its claim, and is every assertion of the lectures answered by
 * what it names?  Prints what is wrong, with file and line; returns how much is.
 * folder: of the run; the verdicts are handed over in it. */
int check_chapters(const json_t *claims, const struct catalogue *all,
                   const char *folder);

#endif
