/* record.h -- what programs leave behind, read back: the records of claims and the TAP
 * of unit tests.  Nothing is believed that is not whole. */
#ifndef TOOLS_RECORD_H
#define TOOLS_RECORD_H

#include <jansson.h>
#include <stdbool.h>

/* DIR/records/CHAPTER/NAME.tsv as an entry of the ledger; see DESIGN.md, "The
 * ledger".  A record that is missing or has no verdict becomes a claim that failed, and
 * says so; so does a claim of which a control repeats the number of some evidence. */
json_t *read_claim(const char *dir, const char *chapter, const char *name);

/* Counts the tests of a TAP file, and those that failed; a file without a plan, or with
 * fewer tests than planned, counts one more failure.  The first few failures are
 * printed as they stand, and what says # SKIP or # left out, since nothing is in
 * silence. */
void read_tap(const char *path, int *passed, int *failed);

/* Splits a line at its tabs, in place, into at most FIELDS fields; returns how many
 * there are. */
enum { FIELDS = 12 };
int split(char *line, char **fields);

/* A string of JSON; of what is not UTF-8, that it is not. */
json_t *readable(const char *text);

/* Fails a claim that had passed, with a message. */
void fail_claim(json_t *claim, const char *message);
bool is_verified(const json_t *claim);
bool is_lost(const json_t *claim); /* in single precision: see claim.h */
const char *text_of(const json_t *object, const char *key);

#endif
