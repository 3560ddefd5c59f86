/* report.h -- what a reader sees of a run. */
#ifndef TOOLS_REPORT_H
#define TOOLS_REPORT_H

#include <jansson.h>
#include <stdbool.h>

/* Marks and colour: green and red on a terminal, none in a pipe or under NO_COLOR. */
const char *mark(bool good);

/* The claims of one chapter, each with its evidence and its controls: all of them, or
 * of each the one that came nearest to going the other way.  Nothing if it has none. */
void report_chapter(const char *chapter, const json_t *claims, bool all);

/* The closing table, chapter by chapter. */
void report_table(const json_t *claims);

/* The findings of all claims that came nearest to going the other way. */
void report_thinnest(const json_t *claims);

#endif
