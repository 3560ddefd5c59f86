/* claim.h -- what it takes for a sentence of a lecture to count as verified.
 *
 * A claim is a function that argues.  It makes findings, a measured number beside what
 * theory says of it, and puts each forward in one of two ways:
 *
 *     evidence(claim, "what", finding)   must hold;
 *     control(claim, "what", finding)    must not: the same measurement in a world in
 *                                        which a hypothesis of the sentence is broken.
 *
 * So evidence and control pass through the same checker, and a checker that accepts
 * everything fails.  A claim without evidence, or without a control, fails too.  What
 * rounding hides in single precision is neither: such a claim is *lost* there, and the
 * report says so.  Every claim runs in a process of its own, under Check: if it
 * crashes, hangs or leaves early, that one claim has failed. */
#ifndef PROOFS_CLAIM_H
#define PROOFS_CLAIM_H

#include "ground/dataset.h"
#include "ground/dense.h"
#include "ground/finding.h"
#include "ground/rng.h"

#include <stdbool.h>
#include <stdio.h>

enum grade { IDENTITY, BOUND, RATE, STATISTIC, PROVED, PHENOMENON };

struct claim; /* one run of one claim */

struct claim_definition {
    const char *name;
    enum grade grade;
    const char *sentence;
    void (*argument)(struct claim *claim);
    bool is_long; /* left out unless LONG=1 asks for it */
};

/* CLAIM(gd_rate, IDENTITY, "the sentence") { ... evidence(claim, ...) ... }
 * defines a claim of that name.  A LONG_CLAIM takes more than five seconds. */
#define CLAIM(name, grade, sentence)      CLAIM_OF_LENGTH(name, grade, sentence, false)
#define LONG_CLAIM(name, grade, sentence) CLAIM_OF_LENGTH(name, grade, sentence, true)
#define CLAIM_OF_LENGTH(name, grade, sentence, is_long)                                \
    static void name##_argument(struct claim *claim);                                  \
    static const struct claim_definition name = {#name, grade, sentence,               \
                                                 name##_argument, is_long};            \
    static void name##_argument(struct claim *claim)

/* The claims of one file, in the order of the book: SECTION(cn_whitening, &cn_white,
 * &cn_ladder).  The compiler warns of a claim that was left out: it is unused. */
typedef const struct claim_definition *const section[];
#define SECTION(name, ...) section name = {__VA_ARGS__, NULL}

/* The program of one chapter, CHAPTER(mlp, &mlp_transpose, &mlp_euler), or of one whose
 * claims stand in several files, CHAPTER_OF(conditioning, cn_scales, cn_whitening): the
 * file that says so declares `extern section cn_scales, cn_whitening;`. */
#define CHAPTER(stem, ...)                                                             \
    static SECTION(stem##_claims, __VA_ARGS__);                                        \
    CHAPTER_OF(stem, stem##_claims)
#define CHAPTER_OF(stem, ...)                                                          \
    int main(int argc, char **argv)                                                    \
    {                                                                                  \
        const struct claim_definition *const *const sections[] = {__VA_ARGS__, NULL};  \
        return chapter_main(#stem, sections, argc, argv);                              \
    }
int chapter_main(const char *stem,
                 const struct claim_definition *const *const *sections, int argc,
                 char **argv);

/* Puts a finding forward.  what: a phrase of at most 36 letters, shown beside the
 * numbers. */
void evidence(struct claim *claim, const char *what, struct finding finding);
void control(struct claim *claim, const char *what, struct finding finding);

/* For the first line of a claim that says nothing in single precision, why it does not:
 *     if (needs_double(claim, "its errors go down to 1e-12"))
 *         return;
 * In double precision this is false.  A claim is lost, too, if all that is wrong is
 * that a control holds which compares a number with a limit: rounding may do as much.
 */
bool needs_double(struct claim *claim, const char *why);

/* What a claim may draw on: streams that no other claim has, and scratch memory. */
struct rng claim_rng(const struct claim *claim, uint64_t replicate);
struct arena *claim_arena(struct claim *claim);

/* Where a claim may write: the directory of the records, which is there. */
const char *claim_directory(const struct claim *claim);

/* The first images of Fashion-MNIST, so many at most, in the claim's arena.  Files that
 * are not what they should be stop the claim with dataset_read's line. */
struct dataset claim_images(struct claim *claim, int most);

/* A table for figures, evidence/CHAPTER/CLAIM.NAME.tsv: a line of column names, then
 * rows.  What a figure draws as predicted is a column too.
 *     struct series s = series_begin(claim, "modes", "k", "error", "law", NULL);
 *     series_row(&s, (double[]){k, error, law});
 *     series_end(&s); */
struct series {
    FILE *file;
    int columns;
};
struct series series_begin(struct claim *claim, const char *name, ...)
    __attribute__((sentinel));
void series_row(struct series *series, const double *values);
void series_end(struct series *series);

#endif
