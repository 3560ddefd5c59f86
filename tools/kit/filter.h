/* filter.h -- the words of which a filter of system calls is made (seccomp). */
#ifndef KIT_FILTER_H
#define KIT_FILTER_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined __x86_64__
#define THIS_KIND AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define THIS_KIND AUDIT_ARCH_AARCH64
#else
#error "the numbers of system calls are known for x86-64 and for arm64"
#endif

#define LOAD(field)                                                                    \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(what)  BPF_STMT(BPF_RET | BPF_K, what)
#define REFUSE        ANSWER(SECCOMP_RET_ERRNO | EPERM)
#define UNLESS(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1)
#define IF_NOT(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0)
#define IF_BITS(bits) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1)
#define FROM(value)   BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, 0, 1)

/* Calls of this machine's own kind, and not of x32, which numbers them anew. */
#define BEGIN_FILTER                                                                   \
    LOAD(arch), IF_NOT(THIS_KIND), ANSWER(SECCOMP_RET_KILL_PROCESS), LOAD(nr),         \
        FROM(0x40000000), REFUSE
#define DENY(call) UNLESS(SYS_##call), REFUSE
#define END_FILTER ANSWER(SECCOMP_RET_ALLOW)

/* From here on the process, and what it starts, goes by the filter; 0 if it does. */
#define INSTALL(filter)                                                                \
    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||                                         \
     prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,                                        \
           &(struct sock_fprog){sizeof(filter) / sizeof *(filter), filter}))

#endif
