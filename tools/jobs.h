/* jobs.h -- programs run side by side, at most so many at once. */
#ifndef TOOLS_JOBS_H
#define TOOLS_JOBS_H

#include <stdbool.h>
#include <sys/types.h>

struct job {
    const char *name;
    char *const *argv;  /* the program and its arguments, NULL at the end      */
    const char *output; /* a file for its standard output and error            */
    const char *tap;    /* where Check is to log its tests as TAP, NULL if not  */
    pid_t pid;          /* while it runs                                        */
    int status;         /* when it has ended, as waitpid gives it               */
    double seconds;
    bool done;
};

/* Runs them all.  On a terminal, standard error shows a line of what is running. */
void run_jobs(struct job *jobs, int count, int workers);
double wall_clock(void);

#endif
