/* keeper.h -- a process between the runner and one of its jobs, which sees to it that
 * nothing of the job is left.
 *
 * A job is a tree of processes: a chapter starts claims, a shell script starts make,
 * which starts pandoc.  Many of them are in process groups of their own, and the runner
 * may be ended by what no program can catch.  So each job has a keeper.  It is told by
 * the kernel when the runner ends, and by the kernel's rule for orphans every process
 * of the job that loses its parent becomes a child of the keeper's. */
#ifndef TOOLS_KEEPER_H
#define TOOLS_KEEPER_H

#include "jobs.h"

#include <signal.h>
#include <sys/types.h>

/* What a keeper waits for, and the runner too: the end of a child, or its own. */
sigset_t awaited_signals(void);

/* To be called in a fork of the runner, with those signals blocked: runs the job until
 * it has ended, its time is over, or this process or the runner is told to end.  Then
 * ends what is left of it: by SIGTERM, and after a second by SIGKILL.  The exit status
 * is 0 if the job's was. */
_Noreturn void keep(const struct job *job, pid_t runner);

#endif
