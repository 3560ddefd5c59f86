/* record.h -- what programs leave behind, read back: the records of claims, the TAP of
 * unit tests, the claim divs of chapters.  Nothing is believed that is not whole. */
#ifndef TOOLS_RECORD_H
#define TOOLS_RECORD_H

#include <jansson.h>
#include <stdbool.h>

/* DIR/records/CHAPTER/NAME.tsv as an entry of the ledger; see design "ledger.json".  A
 * record that is missing or has no verdict becomes a claim that failed, and says so. */
json_t *read_claim(const char *dir, const char *chapter, const char *name);

/* Adds "lectures" and "uses", from the div of that name in chapters/CHAPTER.md.  Returns
 * false if there is none. */
bool read_div(json_t *claim, const char *chapter);

/* Calls found(name, context) for every claim div of the chapter. */
void each_div(const char *chapter, void (*found)(const char *name, void *context),
              void *context);

/* Counts the tests of a TAP file, and those that failed; a file without a plan, or with
 * fewer tests than planned, counts one more failure.  The first few failures are
 * printed as they stand. */
void read_tap(const char *path, int *passed, int *failed);

/* Fails a claim that had passed, with a message. */
void fail_claim(json_t *claim, const char *message);
bool is_verified(const json_t *claim);
const char *text_of(const json_t *object, const char *key);

#endif
