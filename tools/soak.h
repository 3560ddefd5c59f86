/* soak.h -- every chosen claim under many seeds.
 *
 * Each run of a claim becomes one line of BUILD/soak.jsonl as soon as it has ended, so
 * a soak that was stopped goes on where it was.  A line counts as long as the program
 * of its chapter is the one that wrote it.  See spread.h for what is done with them. */
#ifndef TOOLS_SOAK_H
#define TOOLS_SOAK_H

#include "catalogue.h"

#include <stdbool.h>
#include <stdint.h>

/* Runs what is missing of the seeds from first on, on all cores, and leaves
 * BUILD/soak.json.  Says whether no claim failed and no finding is biased. */
bool soak(const struct catalogue *all, const char *build, int cpu_limit, uint64_t first,
          uint64_t seeds);

#endif
