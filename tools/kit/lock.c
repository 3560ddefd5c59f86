/* lock.c -- what a child of a graded program may not do.
 *
 * A program of claims or of tests runs each of them in a child that Check forks, and
 * the student's function runs there.  Linked with -Wl,--wrap=fork, the child is locked
 * before it does anything: it starts no process and no program, sends no signal but to
 * itself, writes no machine code, and does not outlive its parent.
 *
 * A test that has to see how a function stops lets a child of its own call it: under
 * LOCK_MAY_FORK such children may be started, and abort. */
#define _GNU_SOURCE
#include "kit/filter.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

pid_t __real_fork(void);
pid_t __wrap_fork(void);

/* Whom a call speaks of must be the process itself. */
#define ONLY_TO(self, call)                                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 4), LOAD(args[0]),              \
        IF_NOT(self), REFUSE, ANSWER(SECCOMP_RET_ALLOW)
#define NOT_TO_RUN(call)                                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 4), LOAD(args[2]),              \
        IF_BITS(PROT_EXEC), REFUSE, ANSWER(SECCOMP_RET_ALLOW)

/* No process is started, and no signal reaches one. */
static int stay_alone(void)
{
    unsigned self = (unsigned)getpid();
    struct sock_filter filter[] = {BEGIN_FILTER,
#ifdef SYS_fork
                                   DENY(fork),   DENY(vfork),
#endif
                                   DENY(clone),  DENY(clone3), ONLY_TO(self, tgkill),
                                   END_FILTER};
    return INSTALL(filter);
}

static int lock(void)
{
    unsigned self = (unsigned)getpid();
    struct sock_filter filter[] = {BEGIN_FILTER,
                                   DENY(execve),
                                   DENY(execveat),
                                   DENY(tkill),
                                   DENY(rt_sigqueueinfo),
                                   DENY(rt_tgsigqueueinfo),
                                   DENY(pidfd_send_signal),
                                   DENY(prlimit64),
                                   DENY(memfd_create),
                                   ONLY_TO(self, kill),
                                   NOT_TO_RUN(mmap),
                                   NOT_TO_RUN(mprotect),
                                   DENY(pkey_mprotect),
                                   END_FILTER};
    return prctl(PR_SET_PDEATHSIG, SIGKILL) || INSTALL(filter);
}

/* Children of a child, which go by its filter too, may start none. */
pid_t __wrap_fork(void)
{
    static int depth;
    pid_t child = __real_fork();
    if (child == 0) {
        int may_fork = depth++ == 0 && getenv("LOCK_MAY_FORK") != NULL;
        if ((depth == 1 && lock() != 0) || (!may_fork && stay_alone() != 0))
            _exit(125);
    }
    return child;
}
