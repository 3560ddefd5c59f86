/* divs.h -- the claim divs of the chapters: claims and divs belong together, one to
 * one. */
#ifndef TOOLS_DIVS_H
#define TOOLS_DIVS_H

#include "catalogue.h"

#include <jansson.h>

/* Adds "lectures" and "uses" to each claim, from its div in chapters/CHAPTER.md.  A
 * claim that has none there fails. */
void read_divs(json_t *claims);

/* Prints, with file and line, every div that no claim stands behind, and every second
 * one of a name; returns how many there are. */
int report_stray_divs(const struct catalogue *all);

#endif
