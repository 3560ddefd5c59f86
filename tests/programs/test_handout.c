/* The contract of cells/handout.h: however many processes there are, and whichever of
 * them are killed, the table has the bytes of an undisturbed run. */
#include "cells/handout.h"
#include "programs/toy.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* Take the places of the system's, for which a disk needs milliseconds: a process that
 * is killed loses nothing that it wrote. */
int fsync(int descriptor)
{
    (void)descriptor;
    return 0;
}

int fdatasync(int descriptor)
{
    (void)descriptor;
    return 0;
}

/* A byte in here for each cell that was begun, by whichever process. */
static int begun = -1;

static void count(const double *at)
{
    (void)at;
    ck_assert_int_eq(write(begun, "", 1), 1);
}

static void count_slowly(const double *at)
{
    struct timespec moment = {0, 300000};
    count(at);
    nanosleep(&moment, NULL);
}

static int cells_begun(void) { return (int)lseek(begun, 0, SEEK_END); }

/* Counting begins, for rows_make computes a cell too; and the text of a whole table. */
static void watch(struct toy *toy, void (*hook)(const double *))
{
    char path[80];
    snprintf(path, sizeof path, "%s/begun", toy->folder);
    begun = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0666);
    ck_assert_int_ge(begun, 0);
    toy_hook = hook;
}

static bool run(struct toy *toy, int rank, int ranks)
{
    struct sweep sweep = {&toy->grid, toy->path, rank, ranks, NULL};
    return sweep_run(sweep, toy->message);
}

static pid_t start(struct toy *toy, int rank, int ranks)
{
    pid_t child = fork();
    if (child == 0)
        _exit(run(toy, rank, ranks) ? 0 : 1);
    ck_assert_int_gt(child, 0);
    return child;
}

static int status_of(pid_t child)
{
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

/* The table of one process, without its file. */
static char *expected(struct toy *toy)
{
    if (!run(toy, 0, 1))
        ck_abort_msg("%s", toy->message);
    char *text = strdup(toy_text(toy->table));
    remove(toy->table);
    return text;
}

static void assert_finished(struct toy *toy, const char *table)
{
    char folder[64];
    snprintf(folder, sizeof folder, "%s/a.cells", toy->folder);
    ck_assert_str_eq(toy_text(toy->table), table);
    ck_assert_int_ne(access(folder, F_OK), 0);
}

START_TEST(the_table_does_not_tell_how_many_there_were)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy);
    int lines = 0;
    for (const char *c = table; *c != '\0'; c++)
        lines += *c == '\n';
    ck_assert_int_eq(lines, 4 + 1 + 24);
    ck_assert_ptr_nonnull(strstr(table, "# seed 7\n# x 0.1 1 2\n# k 0 1 2 3 4 5 6 7\n"
                                        "x\tk\tsum\todd\n0.1\t0\t7.1\t0.3683"));
    ck_assert_ptr_nonnull(strstr(table, "\n1\t5\t13\tnan\n"));
    for (int ranks = 2; ranks <= 40; ranks += 1 + ranks / 2) {
        pid_t child[40];
        watch(toy, count_slowly);
        for (int i = 0; i < ranks; i++)
            child[i] = start(toy, i, ranks);
        for (int i = 0; i < ranks; i++)
            ck_assert_int_eq(status_of(child[i]), 0);
        /* 1 for each that asks what the code makes of the sample */
        ck_assert_int_eq(cells_begun(), 24 + ranks);
        assert_finished(toy, table);
        remove(toy->table);
    }
    free(table);
    toy_free(toy);
}
END_TEST

/* Of which neither knows of the other. */
START_TEST(two_runs_share_the_cells)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy);
    watch(toy, count_slowly);
    pid_t one = start(toy, 0, 1), other = start(toy, 0, 1);
    ck_assert_int_eq(status_of(one), 0);
    ck_assert_int_eq(status_of(other), 0);
    ck_assert_int_eq(cells_begun(), 24 + 2);
    assert_finished(toy, table);
    free(table);
    toy_free(toy);
}
END_TEST

START_TEST(what_is_there_is_not_computed_again)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy), cut[1 << 12];
    toy_put(toy->table, table);
    watch(toy, count);
    ck_assert(run(toy, 0, 1));
    ck_assert_int_eq(cells_begun(), 1);
    assert_finished(toy, table);

    /* Who made it was killed before it could remove the folder. */
    char folder[64];
    snprintf(folder, sizeof folder, "%s/a.cells", toy->folder);
    ck_assert_int_eq(mkdir(folder, 0777), 0);
    ck_assert(run(toy, 0, 1));
    ck_assert_int_eq(cells_begun(), 2);
    assert_finished(toy, table);

    /* A table of which the last lines are gone, and half a line before these. */
    snprintf(cut, sizeof cut, "%.*s", (int)(strstr(table, "\n2\t5") - table + 4),
             table);
    toy_put(toy->table, cut);
    watch(toy, count);
    ck_assert(run(toy, 0, 1));
    ck_assert_int_eq(cells_begun(), 1 + 3);
    assert_finished(toy, table);
    free(table);
    toy_free(toy);
}
END_TEST

/* In the cell x = 2, k = 3 one process says so, and is stopped; another one is not. */
static int told[2];

static void halt(const double *at)
{
    count(at);
    if (at[0] == 2 && at[1] == 3 && told[1] >= 0) {
        ck_assert_int_eq(write(told[1], "", 1), 1);
        raise(SIGSTOP);
    }
}

START_TEST(a_rank_that_is_killed_costs_its_cell)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy), byte;
    watch(toy, halt);
    ck_assert_int_eq(pipe(told), 0);
    pid_t first = start(toy, 0, 2);
    ck_assert_int_eq(read(told[0], &byte, 1), 1);
    close(told[1]);
    told[1] = -1;
    pid_t second = start(toy, 1, 2);
    struct timespec moment = {0, 1000000};
    while (cells_begun() < 24 + 2) /* then the second waits, for that cell alone */
        nanosleep(&moment, NULL);
    ck_assert_int_eq(waitpid(second, NULL, WNOHANG), 0);
    kill(first, SIGKILL);
    ck_assert_int_eq(status_of(second), 0);
    ck_assert_int_eq(cells_begun(), 24 + 2 + 1);
    ck_assert(WIFSIGNALED(status_of(first)));
    assert_finished(toy, table);
    free(table);
    toy_free(toy);
}
END_TEST

/* Three processes, of which one or all are killed at a random moment, again and again
 * until there is a table. */
START_TEST(a_sweep_survives_being_killed)
{
    struct toy *toy = toy_make(NULL);
    struct rng rng = unit_rng("handout/kill");
    char *table = expected(toy);
    watch(toy, count_slowly);
    int kills = 0;
    for (int round = 0; round < 25; round++) {
        remove(toy->table);
        for (bool done = false; !done; kills++) {
            pid_t child[3];
            for (int i = 0; i < 3; i++)
                child[i] = start(toy, i, 3);
            struct timespec moment = {0, rng_below(&rng, 6000000)};
            nanosleep(&moment, NULL);
            int victim = rng_below(&rng, 6);
            for (int i = 0; i < 3; i++)
                if (victim == i || victim >= 3)
                    kill(child[i], SIGKILL);
            for (int i = 0; i < 3; i++) {
                int status = status_of(child[i]);
                ck_assert(status == 0 ||
                          (WIFSIGNALED(status) && (victim == i || victim >= 3)));
                done = done || status == 0;
            }
        }
        /* Who was killed last may have left the folder, which the next run removes. */
        ck_assert(run(toy, 0, 1));
        assert_finished(toy, table);
    }
    ck_assert_int_gt(kills, 25);
    free(table);
    toy_free(toy);
}
END_TEST

/* A failure of power may take rows and leave `state`; or leave half a row, or no more
 * than half a header. */
START_TEST(rows_that_are_lost_are_computed)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy), path[80];
    struct rows rows = rows_make(&toy->grid);
    snprintf(path, sizeof path, "%s/a.cells", toy->folder);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/a.cells/state", toy->folder);
    char done[25] = "";
    memset(done, 1, 24);
    toy_put(path, done);
    snprintf(path, sizeof path, "%s/a.cells/rows.0", toy->folder);
    FILE *file = fopen(path, "w");
    fprintf(file, "%s%s", rows.header, "1\t2\t1");
    fclose(file);
    snprintf(path, sizeof path, "%s/a.cells/rows.1", toy->folder);
    toy_put(path, "# swe");
    pid_t second = start(toy, 1, 2);
    ck_assert(run(toy, 0, 2));
    ck_assert_int_eq(status_of(second), 0);
    assert_finished(toy, table);
    rows_free(&rows);
    free(table);
    toy_free(toy);
}
END_TEST

static void assert_refused(struct toy *toy, const char *message)
{
    struct sweep sweep = {&toy->grid, toy->path, 0, 1, NULL};
    ck_assert(!run(toy, 0, 1));
    ck_assert_msg(strstr(toy->message, message) != NULL, "%s", toy->message);
    ck_assert_ptr_null(strchr(toy->message, '\n'));
    memset(toy->message, 0, sizeof toy->message);
    ck_assert_int_lt(sweep_missing(sweep, toy->message), 0);
    ck_assert_msg(strstr(toy->message, message) != NULL, "%s", toy->message);
}

START_TEST(another_sweep_is_not_gone_on_with)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy), path[80], *code = strstr(table, "code ") + 5;
    char kept = *code;
    *code = kept == '0' ? '1' : '0';
    toy_put(toy->table, table);
    assert_refused(toy, "a.table: was made by another version of the code");
    ck_assert_str_eq(toy_text(toy->table), table);
    *code = kept;
    toy_put(toy->table, table);
    toy->grid.seed = 8;
    assert_refused(toy, "a.table: is of another grid or seed; move it away");
    ck_assert_str_eq(toy_text(toy->table), table);
    remove(toy->table);

    snprintf(path, sizeof path, "%s/a.cells", toy->folder);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    strcat(path, "/rows.3");
    toy_put(path, table);
    assert_refused(toy, "rows.3: is of another grid or seed; move it away");
    ck_assert_str_eq(toy_text(path), table);
    free(table);
    toy_free(toy);
}
END_TEST

START_TEST(where_nothing_can_be_written_it_says_so)
{
    struct toy *toy = toy_make(NULL);
    char path[80];
    snprintf(path, sizeof path, "%s/a.cells", toy->folder);
    toy_put(path, "a file");
    ck_assert(!run(toy, 0, 1));
    ck_assert_ptr_nonnull(strstr(toy->message, "a.cells"));
    ck_assert_ptr_nonnull(strstr(toy->message, "Not a directory"));
    remove(path);

    struct sweep sweep = {&toy->grid, "build/no such place/a.grid", 0, 1, NULL};
    ck_assert(!sweep_run(sweep, toy->message));
    ck_assert_str_eq(toy->message, "build/no such place/a.cells: cannot be made: "
                                   "No such file or directory");
    sweep.path = "a.table";
    ck_assert(!sweep_run(sweep, toy->message));
    ck_assert_str_eq(toy->message, "a.table: the name of a grid ends in .grid");
    toy_free(toy);
}
END_TEST

/* As on a disk that is full: no file may be longer than so many bytes.  Then there is
 * room again. */
START_TEST(a_full_disk_loses_nothing)
{
    struct toy *toy = toy_make(NULL);
    char *table = expected(toy), path[80];
    struct rlimit all;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &all), 0);
    int last = -1;
    for (rlim_t bytes = 20; !access(toy->path, F_OK); bytes += 100) {
        struct rlimit some = {bytes, all.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &some), 0);
        bool good = run(toy, 0, 1);
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &all), 0);
        if (good)
            break;
        ck_assert_msg(strstr(toy->message, "File too large") != NULL ||
                          strstr(toy->message, "No space left on device") != NULL,
                      "%s", toy->message);
        ck_assert_str_eq(toy_text(toy->table), ""); /* no half of one */
        snprintf(path, sizeof path, "%s/a.cells/rows.0", toy->folder);
        const char *rows = toy_text(path);
        size_t size = strlen(rows);
        ck_assert(size == 0 || rows[size - 1] == '\n');
        ck_assert_int_ge((int)size, last); /* what was there stays */
        last = (int)size;
    }
    assert_finished(toy, table);
    free(table);
    toy_free(toy);
}
END_TEST

START_TEST(a_terminal_sees_how_far_it_is)
{
    struct toy *toy = toy_make(NULL);
    FILE *display = tmpfile();
    struct sweep sweep = {&toy->grid, toy->path, 0, 1, display};
    char text[200] = "";
    ck_assert(sweep_run(sweep, toy->message));
    rewind(display);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, display), 0);
    ck_assert_int_eq(strncmp(text, "\rsweep: 0 of 24 cells\033[K", 24), 0);
    ck_assert_int_eq(text[strlen(text) - 1], '\n');
    fclose(display);
    toy_free(toy);
}
END_TEST

int main(void)
{
    return unit_run("handout",
                    (const TTest *const[]){the_table_does_not_tell_how_many_there_were,
                                           two_runs_share_the_cells,
                                           what_is_there_is_not_computed_again,
                                           a_rank_that_is_killed_costs_its_cell,
                                           a_sweep_survives_being_killed,
                                           rows_that_are_lost_are_computed,
                                           another_sweep_is_not_gone_on_with,
                                           where_nothing_can_be_written_it_says_so,
                                           a_full_disk_loses_nothing,
                                           a_terminal_sees_how_far_it_is, NULL});
}
