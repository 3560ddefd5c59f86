#include "jobs.h"

#include "ground/arena.h"
#include "keeper.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 5 }; /* seconds that a keeper has to end its job and itself */

double wall_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Seconds that all computed whose end was waited for, here and by them. */
static double children_cpu_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* One job more than there are cores: a script waits for what it starts. */
static int at_once(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 1 ? (int)cores + 1 : 2;
}

static void start(struct job *job)
{
    pid_t runner = getpid();
    job->seconds = wall_clock();
    job->keeper = fork();
    REQUIRE(job->keeper >= 0, "cannot start %s: %s", job->argv[0], strerror(errno));
    if (job->keeper == 0)
        keep(job, runner);
}

/* Notes how the job of that keeper ended, and how long it computed. */
static void note_end(struct job *jobs, int count, pid_t pid, int status,
                     double cpu_time)
{
    for (int i = 0; i < count; i++)
        if (jobs[i].keeper == pid) {
            jobs[i].keeper = 0;
            jobs[i].status = status;
            jobs[i].seconds = wall_clock() - jobs[i].seconds;
            jobs[i].cpu_time = cpu_time;
            jobs[i].done = true;
            if (jobs[i].ended != NULL)
                jobs[i].ended(&jobs[i]);
        }
}

/* Waits for a keeper that was told to end.  One that has not by then, on that clock, is
 * ended, and its program with it. */
static void bury(pid_t keeper, double patience_ends)
{
    while (waitpid(keeper, NULL, WNOHANG) == 0) {
        if (wall_clock() > patience_ends)
            kill(keeper, SIGKILL);
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
}

/* Ends the jobs, and then this program, by the same signal. */
static _Noreturn void end_by(int number, const struct job *jobs, int count)
{
    for (int i = 0; i < count; i++)
        if (jobs[i].keeper > 0) {
            kill(jobs[i].keeper, SIGTERM);
            kill(jobs[i].keeper, SIGCONT);
        }
    double patience_ends = wall_clock() + PATIENCE;
    for (int i = 0; i < count; i++)
        if (jobs[i].keeper > 0)
            bury(jobs[i].keeper, patience_ends);
    sigset_t set = awaited_signals();
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    _exit(EXIT_FAILURE);
}

/* Waits for at least one job to end; returns how many did. */
static int wait_for_some(struct job *jobs, int count)
{
    sigset_t set = awaited_signals();
    int number, status, ended = 0;
    sigwait(&set, &number);
    if (number != SIGCHLD)
        end_by(number, jobs, count);
    double before = children_cpu_time();
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0; ended++) {
        double after = children_cpu_time();
        note_end(jobs, count, pid, status, after - before);
        before = after;
    }
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
        if (jobs[i].keeper > 0)
            length += snprintf(line + length, sizeof line - (size_t)length, "%s ",
                               jobs[i].argv[0]);
    fprintf(stderr, "\r\033[K%s", done == count ? "" : line);
}

void run_jobs(struct job *jobs, int count)
{
    bool terminal = isatty(STDERR_FILENO);
    int workers = at_once(), started = 0, ended = 0;
    sigset_t set = awaited_signals(), before;
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
