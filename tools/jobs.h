/* jobs.h -- programs run side by side, at most so many at once. */
#ifndef TOOLS_JOBS_H
#define TOOLS_JOBS_H

#include "common.h"

#include <stdbool.h>
#include <sys/types.h>

struct job {
    struct path program;
    const char **argv;  /* its name and its arguments, NULL at the end          */
    struct path output; /* a file for its standard output and error            */
    struct path tap;    /* where Check is to log its tests as TAP, "" if not    */
    pid_t pid;          /* while it runs, also the number of its process group  */
    int status;         /* when it has ended, as waitpid gives it               */
    double seconds;
    bool done;
    void (*ended)(const struct job *job); /* called when it has, if not NULL    */
    void *errand;                         /* for that                           */
};

/* Runs them all, each in a process group of its own.  On a terminal, standard error
 * shows a line of what is running.  A signal that ends this program ends them first. */
void run_jobs(struct job *jobs, int count);
double wall_clock(void);

#endif
