#include "jobs.h"

#include "ground/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double wall_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int cores(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 1 ? (int)online : 1;
}

/* What run_jobs waits for: the end of a job, or of this program. */
static sigset_t awaited(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

/* In the child: the job's program in place of this one. */
static _Noreturn void become(const struct job *job)
{
    sigset_t set = awaited();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
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

static void start(struct job *job)
{
    job->seconds = wall_clock();
    job->pid = fork();
    REQUIRE(job->pid >= 0, "cannot start %s: %s", job->argv[0], strerror(errno));
    /* Parent and child both do this, as either may come first. */
    setpgid(job->pid, job->pid);
    if (job->pid == 0)
        become(job);
}

/* Notes how the job of that process ended. */
static void note_end(struct job *jobs, int count, pid_t pid, int status)
{
    for (int i = 0; i < count; i++)
        if (jobs[i].pid == pid) {
            jobs[i].pid = 0;
            jobs[i].status = status;
            jobs[i].seconds = wall_clock() - jobs[i].seconds;
            jobs[i].done = true;
            if (jobs[i].ended != NULL)
                jobs[i].ended(&jobs[i]);
        }
}

/* Ends the jobs, and then this program, by the same signal. */
static _Noreturn void end_by(int number, const struct job *jobs, int count)
{
    for (int i = 0; i < count; i++)
        if (jobs[i].pid > 0 && kill(-jobs[i].pid, SIGTERM) == 0)
            waitpid(jobs[i].pid, NULL, 0);
    sigset_t set = awaited();
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    _exit(EXIT_FAILURE);
}

/* Waits for at least one job to end; returns how many did. */
static int wait_for_some(struct job *jobs, int count)
{
    sigset_t set = awaited();
    int number, status, ended = 0;
    sigwait(&set, &number);
    if (number != SIGCHLD)
        end_by(number, jobs, count);
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0; ended++)
        note_end(jobs, count, pid, status);
    return ended;
}

/* "\r12/18  gradient_descent test_rng", cut at the edge of a narrow terminal. */
static void show_progress(const struct job *jobs, int count)
{
    char line[77] = "";
    int done = 0, length = 0;
    for (int i = 0; i < count; i++)
        done += jobs[i].done;
    length = snprintf(line, sizeof line, "%d/%d  ", done, count);
    for (int i = 0; i < count && length < (int)sizeof line; i++)
        if (jobs[i].pid > 0)
            length += snprintf(line + length, sizeof line - (size_t)length, "%s ",
                               jobs[i].argv[0]);
    fprintf(stderr, "\r\033[K%s", done == count ? "" : line);
}

void run_jobs(struct job *jobs, int count)
{
    bool terminal = isatty(STDERR_FILENO);
    int workers = cores(), started = 0, ended = 0;
    sigset_t set = awaited(), before;
    sigprocmask(SIG_BLOCK, &set, &before);
    fflush(stdout);
    while (ended < count) {
        while (started < count && started - ended < workers)
            start(&jobs[started++]);
        if (terminal)
            show_progress(jobs, count);
        ended += wait_for_some(jobs, count);
    }
    if (terminal)
        show_progress(jobs, count);
    sigprocmask(SIG_SETMASK, &before, NULL);
}
