/* bench.h -- what the programs of bench/ share: a beginning, the problem that the peers
 * are to work on as well, the clocks, and what is printed. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "ground/dense.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_REPEATS = 100 };           /* at most */
static const double BENCH_ENOUGH = 0.1; /* seconds of one measurement */

/* Of an answer so many numbers are compared at most; a prime, so that in a matrix both
 * rows and columns vary. */
enum { BENCH_ANSWERS = 997 };

struct bench {
    const char *name;
    int repeats;
    FILE *problem; /* where the numbers go that the peers work on, or NULL */
};

/* What the command line asks for: NAME [repeats [FILE]].  First of all, the program
 * begins with the right kernel. */
static inline struct bench bench_begin(int argc, char **argv, const char *name)
{
    dense_begin(argv);
    char *end = "";
    long n = argc > 1 ? strtol(argv[1], &end, 10) : 3;
    if (argc > 3 || *end != '\0' || n < 1 || n > BENCH_REPEATS) {
        fprintf(stderr, "usage: %s [repeats, 1 to %d [FILE]]\n", argv[0],
                BENCH_REPEATS);
        exit(2);
    }
    FILE *problem = argc > 2 ? fopen(argv[2], "wb") : NULL;
    if (argc > 2 && problem == NULL) {
        perror(argv[2]);
        exit(1);
    }
    return (struct bench){name, (int)n, problem};
}

/* The peers work on x, too. */
static inline void bench_share(struct bench *bench, vec x)
{
    size_t n = (size_t)x.n;
    if (bench->problem != NULL && fwrite(x.at, sizeof *x.at, n, bench->problem) != n) {
        perror(bench->name);
        exit(1);
    }
}

/* ---- Clocks ---------------------------------------------------------------------- */

/* On the wall, and of the processor: of all threads, so that other programs matter less
 * and none is used for nothing. */
struct bench_seconds {
    double wall, cpu;
};

static inline double bench_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int bench_ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median, or the upper one of two; seconds is sorted. */
static inline double bench_median(int n, double *seconds)
{
    qsort(seconds, n, sizeof *seconds, bench_ascending);
    return seconds[n / 2];
}

/* The seconds of one work(context), in the mean over so many calls. */
static inline struct bench_seconds bench_mean(int calls, void (*work)(void *context),
                                              void *context)
{
    double wall = bench_clock(CLOCK_MONOTONIC);
    double cpu = bench_clock(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < calls; i++)
        work(context);
    cpu = bench_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = bench_clock(CLOCK_MONOTONIC) - wall;
    return (struct bench_seconds){wall / calls, cpu / calls};
}

/* Medians over the repeats, each of as many calls as take long enough. */
static inline struct bench_seconds bench_time(int repeats, void (*work)(void *context),
                                              void *context)
{
    double walls[BENCH_REPEATS], cpus[BENCH_REPEATS];
    double once = bench_mean(1, work, context).cpu;
    int calls = (int)ceil(BENCH_ENOUGH / fmax(once, 1e-7));
    for (int r = 0; r < repeats; r++) {
        struct bench_seconds mean = bench_mean(calls, work, context);
        walls[r] = mean.wall;
        cpus[r] = mean.cpu;
    }
    return (struct bench_seconds){bench_median(repeats, walls),
                                  bench_median(repeats, cpus)};
}

/* ---- What is printed ------------------------------------------------------------- */

/* The first fields of the JSON object that a program prints. */
static inline void bench_print_head(const char *name)
{
    char blas[64];
    dense_name(sizeof blas, blas);
    printf("{\"benchmark\": \"%s\", \"blas\": \"%s\"", name, blas);
}

/* A field of the first of every so many numbers of x; none where x is empty. */
static inline void bench_print_numbers(const char *field, vec x)
{
    int stride = (x.n + BENCH_ANSWERS - 1) / BENCH_ANSWERS;
    if (x.n > 0)
        printf(", \"%s\": [", field);
    for (int i = 0; i < x.n; i += stride)
        printf("%s%.17g", i > 0 ? ", " : "", x.at[i]);
    if (x.n > 0)
        printf("]");
}

/* Times work(context) and prints what it took, and its answer: what the first call
 * leaves there.  reference: what the answer would be without error, or empty, and then
 * the peers are compared with ours.  Returns the status to exit with. */
static inline int bench_race(struct bench *bench, void (*work)(void *context),
                             void *context, vec answer, vec reference)
{
    if (bench->problem != NULL && fclose(bench->problem) != 0) {
        perror(bench->name);
        return 1;
    }
    work(context);
    double size = max_norm(answer);
    bench_print_head(bench->name);
    bench_print_numbers("answer", answer);
    bench_print_numbers("reference", reference);
    struct bench_seconds seconds = bench_time(bench->repeats, work, context);
    printf(", \"seconds\": %.9f, \"cpu\": %.9f}\n", seconds.wall, seconds.cpu);
    return isfinite(size) ? 0 : 1;
}

/* Of a work without an answer, or whose answer needs no reference. */
static const vec BENCH_NONE = {0, NULL};

#endif
