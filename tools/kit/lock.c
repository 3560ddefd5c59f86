/* lock.c -- what a child of a graded program may not do.
 *
 * A program of claims or of tests runs each of them in a child that Check forks, and
 * the student's function runs there.  Linked with -Wl,--wrap=fork, the child is locked
 * before it does anything: it starts no process and no program, sends no signal but to
 * itself, writes no machine code, and does not outlive its parent. */
#define _GNU_SOURCE
#include "kit/filter.h"

#include <signal.h>
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

static int lock(void)
{
    unsigned self = (unsigned)getpid();
    struct sock_filter filter[] = {BEGIN_FILTER,
#ifdef SYS_fork
                                   DENY(fork),
                                   DENY(vfork),
#endif
                                   DENY(clone),
                                   DENY(clone3),
                                   DENY(execve),
                                   DENY(execveat),
                                   DENY(tkill),
                                   DENY(rt_sigqueueinfo),
                                   DENY(rt_tgsigqueueinfo),
                                   DENY(pidfd_send_signal),
                                   DENY(prlimit64),
                                   DENY(memfd_create),
                                   ONLY_TO(self, kill),
                                   ONLY_TO(self, tgkill),
                                   NOT_TO_RUN(mmap),
                                   NOT_TO_RUN(mprotect),
                                   DENY(pkey_mprotect),
                                   END_FILTER};
    return prctl(PR_SET_PDEATHSIG, SIGKILL) || INSTALL(filter);
}

pid_t __wrap_fork(void)
{
    pid_t child = __real_fork();
    if (child == 0 && lock() != 0)
        _exit(125);
    return child;
}
