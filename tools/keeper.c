#define _GNU_SOURCE
#include "keeper.h"

#include "ground/parent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { GRACE = 1 }; /* seconds between SIGTERM and SIGKILL */

sigset_t awaited_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

/* Lowers what this process and all that it starts may use of a resource, each. */
static void limit(int resource, rlim_t most)
{
    struct rlimit limits;
    getrlimit(resource, &limits);
    if (most < limits.rlim_cur)
        limits.rlim_cur = most;
    setrlimit(resource, &limits);
}

/* Signals as a program finds them that was started from a terminal: this one may have
 * been told to ignore some, by nohup or by a shell's &, and a job is not to inherit it.
 */
static void heed_signals(void)
{
    sigset_t set = awaited_signals();
    for (int number = 1; number < NSIG; number++)
        if (sigismember(&set, number) == 1)
            signal(number, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* In the child: the job's program in place of this one, in a process group of its own.
 */
static _Noreturn void become(const struct job *job, pid_t keeper)
{
    end_with(keeper, SIGKILL);
    setpgid(0, 0);
    limit(RLIMIT_CPU, (rlim_t)job->cpu_seconds);
    limit(RLIMIT_CORE, 0);
    heed_signals();
    int output = open(job->output.at, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    int nothing = open("/dev/null", O_RDONLY);
    if (output < 0 || nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 ||
        dup2(output, 2) < 0)
        _exit(126);
    if (job->tap.at[0] != '\0')
        setenv("CK_TAP_LOG_FILE_NAME", job->tap.at, 1);
    execv(job->program.at, (char *const *)job->argv);
    _exit(127);
}

/* Waits so many seconds for the program to end, and buries every other child on the
 * way. Returns whether it did, and its status; not so if this process is told to end.
 */
static bool await_end(pid_t program, double seconds, int *status)
{
    sigset_t set = awaited_signals();
    double end = wall_clock() + seconds;
    int number = SIGCHLD;
    while (number < 0 || number == SIGCHLD) {
        for (pid_t pid; (pid = waitpid(-1, status, WNOHANG)) > 0;)
            if (pid == program)
                return true;
        double left = end - wall_clock();
        if (left <= 0)
            break;
        number = sigtimedwait(&set, NULL, &(struct timespec){(time_t)left + 1, 0});
    }
    return false;
}

/* The parent of a process, from /proc/PID/stat, "PID (NAME) STATE PARENT ..."; 0 if
 * there is no such process. */
static pid_t parent_of(const char *pid)
{
    char line[512] = "";
    pid_t parent = 0;
    FILE *file = fopen(path_of("/proc/%s/stat", pid).at, "r");
    if (file == NULL)
        return 0;
    const char *name_end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    if (name_end == NULL || sscanf(name_end, ") %*c %d", &parent) != 1)
        parent = 0;
    fclose(file);
    return parent;
}

static void kill_children(void)
{
    pid_t self = getpid();
    DIR *processes = opendir("/proc");
    for (struct dirent *one; processes != NULL && (one = readdir(processes)) != NULL;)
        if (one->d_name[0] >= '1' && one->d_name[0] <= '9' &&
            parent_of(one->d_name) == self)
            kill((pid_t)strtol(one->d_name, NULL, 10), SIGKILL);
    if (processes != NULL)
        closedir(processes);
}

/* Ends all that is left, generation by generation: orphans become children. */
static void end_descendants(void)
{
    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        kill_children();
        waitpid(-1, NULL, 0);
    }
}

/* A script that is asked to end removes its files; one that was stopped must go on for
 * that. */
static void ask_to_end(pid_t program)
{
    int status;
    kill(-program, SIGTERM);
    kill(-program, SIGCONT);
    await_end(program, GRACE, &status);
}

_Noreturn void keep(const struct job *job, pid_t runner)
{
    int status = -1;
    setpgid(0, 0); /* what is sent to the group of the runner is the runner's to tell */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    end_with(runner, SIGTERM);
    pid_t self = getpid(), program = fork();
    if (program == 0)
        become(job, self);
    /* Parent and child both do this, as either may come first. */
    setpgid(program, program);
    double end = wall_clock() + job->wall_seconds;
    bool ended = program > 0 && await_end(program, job->wall_seconds, &status);
    if (!ended && wall_clock() > end)
        fprintf(stderr, "check: %s has not ended after %.0f s\n", job->argv[0],
                job->wall_seconds);
    if (program > 0 && !ended)
        ask_to_end(program);
    end_descendants();
    _exit(ended && status == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}
