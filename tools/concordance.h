/* concordance.h -- is every assertion of the lectures answered by what it names?
 *
 * chapters/concordance.tsv has a row for each assertion, and its last column names what
 * answers it: claims, functions of ref/, figures, or `open`; `-` where nothing in the
 * book could.  A name that does not exist, or a claim that is not verified, is an
 * error. */
#ifndef TOOLS_CONCORDANCE_H
#define TOOLS_CONCORDANCE_H

#include "catalogue.h"

#include <jansson.h>

struct concordance {
    int answered, open, errors; /* rows, but for the errors, which are names */
};

/* Prints each error as chapters/concordance.tsv:LINE: what is wrong. */
struct concordance check_concordance(const json_t *claims, const struct catalogue *all);

#endif
