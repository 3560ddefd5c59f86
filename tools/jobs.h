/* jobs.h -- programs run side by side, at most so many at once. */
#ifndef TOOLS_JOBS_H
#define TOOLS_JOBS_H

#include "common.h"

#include <stdbool.h>
#include <sys/types.h>

struct job {
    struct path program;
    const char **argv;   /* its name and its arguments, NULL at the end          */
    struct path output;  /* a file for its standard output and error            */
    struct path tap;     /* where Check is to log its tests as TAP, "" if not    */
    int cpu_seconds;     /* for each of its processes                            */
    double wall_seconds; /* for all of it: far more, as others may be computing  */
    pid_t keeper;        /* while it runs                                        */
    int status;          /* when it has ended: 0 if all was well                 */
    double seconds;      /* from its start to its end                            */
    double cpu_time;     /* seconds that it and its children computed           */
    bool done;
    void (*ended)(const struct job *job); /* called when it has, if not NULL    */
    void *errand;                         /* for that                           */
};

/* Runs them all, each by a keeper.  On a terminal, standard error shows a line of what
 * is running.  A signal that ends this program ends them first. */
void run_jobs(struct job *jobs, int count);
double wall_clock(void);

#endif
