/* bench.h -- what the programs of bench/ share: a beginning, a clock, and a median. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "ground/dense.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_REPEATS = 100 }; /* at most */

/* Seconds on a clock that no one sets. */
static inline double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The number of repeats that the command line asks for, or the default; first of all,
 * the program begins with the right kernel. */
static inline int bench_repeats(int argc, char **argv, int by_default)
{
    dense_begin(argv);
    char *end = "";
    long n = argc > 1 ? strtol(argv[1], &end, 10) : by_default;
    if (argc > 2 || *end != '\0' || n < 1 || n > BENCH_REPEATS) {
        fprintf(stderr, "usage: %s [repeats, 1 to %d]\n", argv[0], BENCH_REPEATS);
        exit(2);
    }
    return (int)n;
}

/* The first fields of the JSON object that a program prints. */
static inline void bench_print_head(const char *name)
{
    char blas[64];
    dense_name(sizeof blas, blas);
    printf("{\"benchmark\": \"%s\", \"blas\": \"%s\", ", name, blas);
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

#endif
