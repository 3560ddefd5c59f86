/* spread.h -- a finding over many seeds: how thin it came, and whether its values
 * follow the law that it predicts. */
#ifndef TOOLS_SPREAD_H
#define TOOLS_SPREAD_H

#include <jansson.h>
#include <stdbool.h>

enum { MOST_SPREADS = 8192 };

/* The index-th evidence, or control, of a claim; its margin and ranks are explained in
 * finding.h. */
struct spread {
    const char *claim;
    bool is_control;
    size_t index;
    char what[64];
    int runs;
    double margin;       /* the thinnest: of evidence the largest, else the least */
    json_int_t seed;     /* the one that gave it */
    int ranks, room;     /* how many there are, and room for */
    double (*rank)[2];   /* owned */
    double mean_rank[2]; /* of both ends: set by judge_spreads, as is */
    const char *fault;   /* what is wrong, NULL if nothing is: */
};

/* "low", "high": the mean rank is more than 5 standard errors from a half.
 * "narrow": the p-values crowd at 0, so it alarms more often than it says.
 * "wide": they crowd at 1.  It alarms less often; the law is not the predicted one, but
 * no sentence is wronged. */
struct spreads {
    int count, last; /* last: where something was added */
    struct spread at[MOST_SPREADS];
};

/* Adds the findings of one run.  claim: its name, which stays where it is.  record: as
 * from read_claim. */
void add_findings(struct spreads *all, const char *claim, const json_t *record,
                  json_int_t seed);
void judge_spreads(struct spreads *all);
void free_spreads(struct spreads *all);

/* "low", "high" or "narrow". */
bool is_biased(const struct spread *spread);

/* How near the finding came to going the other way: |ln margin|. */
double thinness(const struct spread *spread);

#endif
