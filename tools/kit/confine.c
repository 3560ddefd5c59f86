/* confine.c -- runs a program that nobody trusts, by what the kernel offers to
 * everyone.
 *
 *     confine [-u UID] [-r PATH]... [-x PATH]... [-w PATH]... [-c SECONDS] [-o FILE]
 *             [-e NAME=VALUE]... PROGRAM ARG...
 *
 * Of all files, the program can read those below the paths after -r, read and run those
 * after -x, and read and write those after -w (Landlock).  It reaches no network, no
 * other process and no rare corner of the kernel (seccomp), has SECONDS of the
 * processor's time for each process and bounded memory and files, and inherits neither
 * descriptors nor an environment but what -e says.  -o: where its output goes.  As root
 * it becomes the user UID first.
 *
 * That needs neither root nor namespaces, nor a package, so that it works in a
 * container too.  Where the kernel refuses, nothing is run: one line, and status 125.
 */
#define _GNU_SOURCE
#include "kit/filter.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MEGABYTE = 1 << 20,
    MOST_MEMORY = 1024 * MEGABYTE, /* address space */
    MOST_FILE = 16 * MEGABYTE,
    MOST_FILES = 64,
    MOST_PROCESSES = 16, /* of a user of its own: who is not root has others, too */
    MOST_VARIABLES = 8
};

/* Rights over files by the versions of Landlock.  Headers may be older than the kernel.
 */
#define RIGHTS_1   ((UINT64_C(1) << 13) - 1)
#define REFER_2    (UINT64_C(1) << 13)
#define TRUNCATE_3 (UINT64_C(1) << 14)
#define SCOPED_6   UINT64_C(3) /* sockets without a name, and signals */
#define MAY_READ   (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define MAY_RUN    (MAY_READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define MAY_WRITE                                                                      \
    (MAY_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |          \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE_3)
#define OF_FILES                                                                       \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |                       \
     LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE_3)

static _Noreturn void stop(const char *what)
{
    fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
    exit(125);
}

/* ---- Files ---------------------------------------------------------------------- */

struct files {
    int rules;
    uint64_t handled; /* the rights that this kernel can take away */
};

static struct files forbid_files(void)
{
    enum { VERSION_FLAG = 1 };
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
    if (version < 1)
        stop("this kernel has no Landlock, or does not let us have it");
    struct files files = {-1, RIGHTS_1};
    files.handled |= (version >= 2 ? REFER_2 : 0) | (version >= 3 ? TRUNCATE_3 : 0);
    struct {
        uint64_t files, network, scoped;
    } attributes = {files.handled, 0, version >= 6 ? SCOPED_6 : 0};
    size_t size = version >= 6 ? sizeof attributes : sizeof attributes.files;
    files.rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (files.rules < 0)
        stop("Landlock");
    return files;
}

static void allow_below(struct files files, const char *path, uint64_t rights)
{
    struct stat status;
    int at = open(path, O_PATH | O_CLOEXEC);
    if (at < 0 || fstat(at, &status) != 0)
        stop(path);
    if (!S_ISDIR(status.st_mode))
        rights &= OF_FILES;
    struct landlock_path_beneath_attr rule = {rights & files.handled, at};
    if (syscall(SYS_landlock_add_rule, files.rules, LANDLOCK_RULE_PATH_BENEATH, &rule,
                0) != 0)
        stop(path);
    close(at);
}

/* ---- Calls, time and room ------------------------------------------------------- */

/* What neither a compiler nor a claim needs: the network, other processes, what the
 * kernel keeps for all, and what changes it. */
#define NETWORK DENY(socket), DENY(socketpair)
#define OTHERS                                                                         \
    DENY(ptrace), DENY(process_vm_readv), DENY(process_vm_writev), DENY(pidfd_getfd),  \
        DENY(pidfd_open), DENY(pidfd_send_signal), DENY(setpriority),                  \
        DENY(sched_setaffinity)
#define SHARED                                                                         \
    DENY(shmget), DENY(msgget), DENY(semget), DENY(mq_open), DENY(keyctl),             \
        DENY(add_key), DENY(request_key), DENY(open_by_handle_at),                     \
        DENY(name_to_handle_at), DENY(fanotify_init), DENY(inotify_init1)
#define KERNEL                                                                         \
    DENY(unshare), DENY(setns), DENY(mount), DENY(umount2), DENY(pivot_root),          \
        DENY(chroot), DENY(bpf), DENY(perf_event_open), DENY(userfaultfd),             \
        DENY(io_uring_setup), DENY(kexec_load), DENY(init_module), DENY(finit_module), \
        DENY(personality)

static void forbid_calls(void)
{
    struct sock_filter filter[] = {BEGIN_FILTER, NETWORK, OTHERS,
                                   SHARED,       KERNEL,  END_FILTER};
    if (INSTALL(filter))
        stop("seccomp");
}

static void limit(int what, rlim_t most)
{
    if (setrlimit(what, &(struct rlimit){most, most}) != 0)
        stop("setrlimit");
}

static void bound(rlim_t seconds)
{
    limit(RLIMIT_CORE, 0);
    if (setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, seconds + 1}) != 0)
        stop("setrlimit");
    limit(RLIMIT_AS, MOST_MEMORY);
    limit(RLIMIT_FSIZE, MOST_FILE);
    limit(RLIMIT_NOFILE, MOST_FILES);
}

/* Root becomes that user, who is nobody else. */
static void become(uid_t user)
{
    if (user == 0) {
        errno = EINVAL;
        stop("root must say which user to become");
    }
    limit(RLIMIT_NPROC, MOST_PROCESSES);
    if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0 ||
        setresuid(user, user, user) != 0)
        stop("cannot become another user");
}

/* ---- The program ---------------------------------------------------------------- */

static void redirect(const char *output)
{
    int in = open("/dev/null", O_RDONLY);
    int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0)
        stop(output);
}

struct options {
    uid_t user;
    rlim_t seconds;
    const char *output;
    char *environment[MOST_VARIABLES + 1];
    int variables;
};

static void take(struct options *options, struct files files, int option, char *value)
{
    switch (option) {
    case 'u':
        options->user = (uid_t)strtoul(value, NULL, 10);
        break;
    case 'r':
        allow_below(files, value, MAY_READ);
        break;
    case 'x':
        allow_below(files, value, MAY_RUN);
        break;
    case 'w':
        allow_below(files, value, MAY_WRITE);
        break;
    case 'c':
        options->seconds = strtoul(value, NULL, 10);
        break;
    case 'o':
        options->output = value;
        break;
    case 'e':
        if (options->variables < MOST_VARIABLES)
            options->environment[options->variables++] = value;
        break;
    default:
        errno = EINVAL;
        stop("usage");
    }
}

int main(int argc, char **argv)
{
    struct files files = forbid_files();
    struct options options = {.seconds = 10, .output = "/dev/null"};
    for (int option; (option = getopt(argc, argv, "+u:r:x:w:c:o:e:")) != -1;)
        take(&options, files, option, optarg);
    if (optind == argc)
        take(&options, files, '?', NULL);
    redirect(options.output);
    bound(options.seconds);
    if (geteuid() == 0)
        become(options.user);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_landlock_restrict_self, files.rules, 0) != 0)
        stop("Landlock");
    forbid_calls();
    int own = dup(2); /* where it is told that nothing is run */
    dup2(1, 2);
    syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
    execve(argv[optind], argv + optind, options.environment);
    dup2(own, 2);
    stop(argv[optind]);
}
