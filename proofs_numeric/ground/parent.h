/* parent.h -- a process that ends with the one that started it. */
#ifndef PROOFS_PARENT_H
#define PROOFS_PARENT_H

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

/* To be called first after a fork, whose parent had that number: when the parent ends,
 * for whatever reason, the kernel sends this process the signal.  A parent that was
 * gone before the kernel was asked is seen by its number, since an orphan gets another.
 */
static inline void end_with(pid_t parent, int signal)
{
    prctl(PR_SET_PDEATHSIG, signal);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
}

#endif
