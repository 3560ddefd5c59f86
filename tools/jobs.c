#include "jobs.h"

#include "arena.h"

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

/* In the child: the job's program in place of this one. */
static _Noreturn void become(const struct job *job)
{
    int output = open(job->output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    int nothing = open("/dev/null", O_RDONLY);
    if (output < 0 || nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 ||
        dup2(output, 2) < 0)
        _exit(126);
    if (job->tap != NULL)
        setenv("CK_TAP_LOG_FILE_NAME", job->tap, 1);
    execv(job->argv[0], job->argv);
    _exit(127);
}

static void start(struct job *job)
{
    job->seconds = wall_clock();
    job->pid = fork();
    REQUIRE(job->pid >= 0, "cannot start %s: %s", job->name, strerror(errno));
    if (job->pid == 0)
        become(job);
}

/* Waits for any job to end, and notes how. */
static void wait_for_one(struct job *jobs, int count)
{
    int status;
    pid_t pid = waitpid(-1, &status, 0);
    for (int i = 0; i < count; i++)
        if (jobs[i].pid == pid && pid > 0) {
            jobs[i].pid = 0;
            jobs[i].status = status;
            jobs[i].seconds = wall_clock() - jobs[i].seconds;
            jobs[i].done = true;
        }
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
                               jobs[i].name);
    fprintf(stderr, "\r\033[K%s", done == count ? "" : line);
}

void run_jobs(struct job *jobs, int count, int workers)
{
    bool terminal = isatty(STDERR_FILENO);
    int started = 0, ended = 0;
    fflush(stdout);
    while (ended < count) {
        while (started < count && started - ended < workers)
            start(&jobs[started++]);
        if (terminal)
            show_progress(jobs, count);
        wait_for_one(jobs, count);
        ended++;
    }
    if (terminal)
        show_progress(jobs, count);
}
