/* ledger.h -- what a complete run leaves for the book: BUILD/ledger.json and the tables
 * of BUILD/evidence.  DESIGN.md, "The ledger", says what is in it. */
#ifndef TOOLS_LEDGER_H
#define TOOLS_LEDGER_H

#include "catalogue.h"

#include <jansson.h>
#include <stdint.h>

struct tally {
    int passed, failed, lost; /* lost: in single precision, see claim.h */
};

struct tally count_claims(const json_t *claims);

/* The ledger of the last complete run, NULL if there is none.  A file that is no ledger
 * ends the program: what was found of long claims may have been in it. */
json_t *read_ledger(const char *build);

/* Dates the claims of this run; then adds, from the last ledger, the long claims that
 * it left out, as they stand there. */
void complete_claims(json_t *claims, const struct catalogue *all, const json_t *last,
                     uint64_t seed);

/* Replaces ledger and evidence by those of a run, whose records are in the folder
 * `run`: as a whole, or on failure, which ends the program, not at all. */
void write_ledger(json_t *claims, const char *build, const char *run, uint64_t seed,
                  double seconds);

/* The same for a JSON file alone. */
void write_json(const json_t *value, const char *path);

#endif
