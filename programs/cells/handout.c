#define _XOPEN_SOURCE 700
#include "cells/handout.h"

#include "ground/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const double SYNC_SECONDS = 2, SHOW_SECONDS = 0.2;

/* A rank at work. */
struct worker {
    struct sweep sweep;
    char table[ROWS_PATH], folder[ROWS_PATH], own[ROWS_PATH + 24];
    char *message;
    struct rows rows; /* what is there: read at the start and at the end */
    int *order;       /* the cells, longest first                        */
    int next;         /* place in the order: the next of the rank's own  */
    char *done;       /* the bytes of `state` when it was last read      */
    int state, file;  /* descriptors, of `state` and of the own rows     */
    double synced, shown, began,
        at_first; /* seconds, and what was to do when it began */
};

static bool wrong(char *message, const char *path, const char *what, int reason)
{
    snprintf(message, SWEEP_MESSAGE, "%.300s: %s%s%s", path, what,
             reason == 0 ? "" : ": ", reason == 0 ? "" : strerror(reason));
    return false;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cost(const struct grid *grid, int cell)
{
    double at[GRID_AXES];
    grid_cell(grid, cell, at);
    return grid->kind->cost(at);
}

bool sweep_name(const char *path, const char *ending, char name[ROWS_PATH],
                char message[SWEEP_MESSAGE])
{
    static const char GRID[] = ".grid";
    size_t length = strlen(path), stem = length - (sizeof GRID - 1);
    if (length < sizeof GRID || strcmp(path + stem, GRID) != 0)
        return wrong(message, path, "the name of a grid ends in .grid", 0);
    if (length + strlen(ending) >= ROWS_PATH)
        return wrong(message, path, "the path is too long", 0);
    memcpy(name, path, stem);
    strcpy(name + stem, ending);
    return true;
}

/* ---- Locks ----------------------------------------------------------------------- */

/* Bytes of `state` behind those of the cells: one is locked by who writes the table,
 * and then one for each file of rows, by whose it is. */
static off_t table_byte(const struct worker *w) { return w->sweep.grid->cells; }

static bool lock(struct worker *w, off_t byte, bool wait)
{
    struct flock one = {.l_type = F_WRLCK,
                        .l_whence = SEEK_SET,
                        .l_start = byte,
                        .l_len = 1};
    int outcome;
    do
        outcome = fcntl(w->state, wait ? F_SETLKW : F_SETLK, &one);
    while (outcome != 0 && errno == EINTR);
    return outcome == 0;
}

static bool is_taken(void) { return errno == EACCES || errno == EAGAIN; }

static void unlock(struct worker *w, off_t byte)
{
    struct flock one = {.l_type = F_UNLCK,
                        .l_whence = SEEK_SET,
                        .l_start = byte,
                        .l_len = 1};
    fcntl(w->state, F_SETLK, &one);
}

/* ---- The folder ------------------------------------------------------------------ */

static void path_in(const struct worker *w, const char *name, char path[ROWS_PATH + 24])
{
    snprintf(path, ROWS_PATH + 24, "%s/%.20s", w->folder, name);
}

/* Calls visit for each file of rows; there may be no folder. */
static bool each_file(struct worker *w, bool (*visit)(struct worker *, const char *))
{
    DIR *folder = opendir(w->folder);
    if (folder == NULL)
        return errno == ENOENT || wrong(w->message, w->folder, "cannot be read", errno);
    char path[ROWS_PATH + 24];
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(folder)) != NULL;)
        if (strncmp(entry->d_name, "rows.", 5) == 0) {
            path_in(w, entry->d_name, path);
            good = visit(w, path);
        }
    closedir(folder);
    return good;
}

static bool read_file(struct worker *w, const char *path)
{
    return rows_read(&w->rows, path, w->message);
}

static bool remove_file(struct worker *w, const char *path)
{
    (void)w;
    remove(path);
    return true;
}

/* All rows that there are: those of the table, and of the folder. */
static bool read_all(struct worker *w)
{
    rows_forget(&w->rows);
    return rows_read(&w->rows, w->table, w->message) && each_file(w, read_file);
}

static bool set_done(struct worker *w, int cell, char done)
{
    return pwrite(w->state, &done, 1, cell) == 1 ||
           wrong(w->message, w->folder, "cannot be written", errno);
}

/* Behind the end of the file nothing is done. */
static bool read_state(struct worker *w)
{
    size_t cells = (size_t)w->sweep.grid->cells;
    memset(w->done, 0, cells);
    return pread(w->state, w->done, cells, 0) >= 0 ||
           wrong(w->message, w->folder, "cannot be read", errno);
}

/* Opens `state`, and the folder with it, which another may be removing. */
static bool open_state(struct worker *w)
{
    char path[ROWS_PATH + 24];
    path_in(w, "state", path);
    for (int tries = 0; w->state < 0 && tries < 100; tries++) {
        if (mkdir(w->folder, 0777) != 0 && errno != EEXIST)
            return wrong(w->message, w->folder, "cannot be made", errno);
        w->state = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (w->state < 0 && errno != ENOENT)
            break;
    }
    return w->state >= 0 || wrong(w->message, path, "cannot be opened", errno);
}

/* What has been computed before is marked as done. */
static bool mark_what_is_there(struct worker *w)
{
    if (!read_all(w) || !read_state(w))
        return false;
    for (int i = 0; i < w->sweep.grid->cells; i++)
        if (w->rows.line[i] != NULL && !w->done[i] && !set_done(w, i, 1))
            return false;
    return true;
}

/* ---- The own rows ---------------------------------------------------------------- */

/* Cuts off what is behind the last whole line, and returns how much is before it. */
static off_t repair(int file)
{
    off_t end = lseek(file, 0, SEEK_END), whole = end;
    for (char byte = 0; whole > 0; whole--)
        if (pread(file, &byte, 1, whole - 1) != 1 || byte == '\n')
            break;
    return whole < end && ftruncate(file, whole) != 0 ? -1 : whole;
}

/* Appends one line, or nothing. */
static bool append(struct worker *w, const char *line, size_t length)
{
    off_t end = lseek(w->file, 0, SEEK_END);
    ssize_t written = write(w->file, line, length);
    if (written == (ssize_t)length)
        return true;
    int reason = written < 0 ? errno : ENOSPC;
    if (ftruncate(w->file, end) != 0)
        reason = errno;
    return wrong(w->message, w->own, "cannot be written", reason);
}

/* A file of rows that is no living process's, the rank's own if it can be. */
static bool open_own(struct worker *w)
{
    int k = w->sweep.rank;
    while (!lock(w, table_byte(w) + 1 + k, false)) {
        if (!is_taken())
            return wrong(w->message, w->folder, "cannot be locked", errno);
        k += w->sweep.ranks;
    }
    char name[24];
    snprintf(name, sizeof name, "rows.%d", k);
    path_in(w, name, w->own);
    w->file = open(w->own, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    off_t whole = w->file < 0 ? -1 : repair(w->file);
    if (whole < 0)
        return wrong(w->message, w->own, "cannot be opened", errno);
    w->synced = now();
    return whole > 0 || append(w, w->rows.header, strlen(w->rows.header));
}

/* To the disk, if the last time is long ago: what a failure of power may cost. */
static void sync_rows(struct worker *w, double seconds)
{
    if (w->file >= 0 && now() - w->synced >= seconds) {
        fdatasync(w->file);
        w->synced = now();
    }
}

/* ---- Cells ----------------------------------------------------------------------- */

/* Is the cell this process's now?  It is if nobody is at it, and it is not done; the
 * byte counts that is read under the lock. */
static bool take(struct worker *w, int cell, bool wait)
{
    if (!lock(w, cell, wait))
        return false;
    char done = 0;
    if (pread(w->state, &done, 1, cell) >= 0 && !done)
        return true;
    unlock(w, cell);
    w->done[cell] = 1;
    return false;
}

/* The next cell to compute: of the rank's own; or any that nobody is at; or one whose
 * process was killed while this one waited.  Below 0: there is none. */
static int next_cell(struct worker *w)
{
    int cells = w->sweep.grid->cells;
    while (w->next < cells) {
        int cell = w->order[w->next];
        w->next += w->sweep.ranks;
        if (take(w, cell, false))
            return cell;
    }
    sync_rows(w, 0);
    for (int wait = 0; wait <= 1; wait++) {
        if (!read_state(w))
            return -1;
        for (int i = 0; i < cells; i++)
            if (!w->done[w->order[i]] && take(w, w->order[i], wait))
                return w->order[i];
    }
    return -1;
}

static bool compute(struct worker *w, int cell)
{
    const struct grid *grid = w->sweep.grid;
    double at[GRID_AXES], result[GRID_RESULTS];
    char line[ROW_BYTES];
    grid_cell(grid, cell, at);
    grid->kind->compute(at, grid->seed, result);
    size_t length = rows_print(grid, cell, result, line);
    if (w->file < 0 && !open_own(w))
        return false;
    bool good = append(w, line, length);
    if (good) {
        sync_rows(w, w->next < grid->cells ? SYNC_SECONDS : 0);
        good = set_done(w, cell, 1);
    }
    unlock(w, cell);
    return good;
}

/* On the terminal one line, which is written over: how many cells are done, and how
 * long the others will take at the pace since this process began. */
static void show(struct worker *w)
{
    FILE *display = w->sweep.display;
    if (display == NULL || now() - w->shown < SHOW_SECONDS || !read_state(w))
        return;
    int count = 0;
    double left = 0;
    for (int i = 0; i < w->sweep.grid->cells; i++) {
        count += w->done[i];
        left += w->done[i] ? 0 : cost(w->sweep.grid, i);
    }
    if (w->shown == 0)
        w->at_first = left;
    w->shown = now();
    double pace = (w->at_first - left) / (w->shown - w->began);
    fprintf(display, "\rsweep: %d of %d cells", count, w->sweep.grid->cells);
    if (pace > 0)
        fprintf(display, left / pace < 90 ? ", %.0f s left" : ", %.0f min left",
                left / pace < 90 ? left / pace : left / pace / 60);
    fprintf(display, "\033[K");
    fflush(display);
}

/* ---- From the first cell to the table -------------------------------------------- */

/* Writes the table and removes the folder.  A cell that is said to be done and has no
 * row, since the power failed, is not done after all: whole is then false. */
static bool merge(struct worker *w, bool *whole)
{
    bool good = read_all(w);
    *whole = w->rows.count == w->sweep.grid->cells;
    for (int i = 0; good && i < w->sweep.grid->cells; i++)
        if (w->rows.line[i] == NULL)
            good = set_done(w, i, 0);
    if (!good || !*whole)
        return good;
    if (!rows_write(&w->rows, w->table, w->message))
        return false;
    char state[ROWS_PATH + 24];
    path_in(w, "state", state);
    each_file(w, remove_file);
    remove(state);
    rmdir(w->folder); /* unless somebody has come */
    return true;
}

/* Has the file that this process locks bytes of been removed, when the table was there?
 * At its path there may be that of somebody who came later. */
static bool state_is_gone(const struct worker *w)
{
    char path[ROWS_PATH + 24];
    struct stat own, there;
    path_in(w, "state", path);
    return stat(path, &there) != 0 || fstat(w->state, &own) != 0 ||
           there.st_ino != own.st_ino || there.st_dev != own.st_dev;
}

/* The table is taken as the cells are, and who comes to it second has nothing to do.
 * So no two processes write it at a time, though their files may differ. */
static bool finish(struct worker *w, bool *whole)
{
    if (!lock(w, table_byte(w), true))
        return wrong(w->message, w->folder, "cannot be locked", errno);
    *whole = state_is_gone(w);
    bool good = *whole || merge(w, whole);
    unlock(w, table_byte(w));
    return good;
}

static bool work(struct worker *w)
{
    if (!open_state(w) || !mark_what_is_there(w))
        return false;
    for (bool whole = false; !whole;) {
        show(w);
        for (int cell; (cell = next_cell(w)) >= 0; show(w))
            if (!compute(w, cell))
                return false;
        if (w->message[0] != '\0' || !finish(w, &whole))
            return false;
    }
    return true;
}

/* Longest first; what is equal, in the order of the cells. */
struct place {
    double cost;
    int cell;
};

static int compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return x->cell - y->cell;
}

static void sort_cells(struct worker *w)
{
    int cells = w->sweep.grid->cells;
    struct place *place = calloc((size_t)cells, sizeof *place);
    REQUIRE(place != NULL, "no memory for %d cells", cells);
    for (int i = 0; i < cells; i++)
        place[i] = (struct place){cost(w->sweep.grid, i), i};
    qsort(place, (size_t)cells, sizeof *place, compare);
    for (int i = 0; i < cells; i++)
        w->order[i] = place[i].cell;
    free(place);
}

static bool begin(struct sweep sweep, char *message, struct worker *w)
{
    REQUIRE(sweep.rank >= 0 && sweep.rank < sweep.ranks, "rank %d of %d", sweep.rank,
            sweep.ranks);
    message[0] = '\0';
    *w = (struct worker){.sweep = sweep,
                         .message = message,
                         .next = sweep.rank,
                         .state = -1,
                         .file = -1,
                         .began = now()};
    if (!sweep_name(sweep.path, ".table", w->table, message) ||
        !sweep_name(sweep.path, ".cells", w->folder, message))
        return false;
    size_t cells = (size_t)sweep.grid->cells;
    w->rows = rows_make(sweep.grid);
    w->order = calloc(cells, sizeof *w->order);
    w->done = calloc(cells, 1);
    REQUIRE(w->order != NULL && w->done != NULL, "no memory for %zu cells", cells);
    sort_cells(w);
    return true;
}

static void end(struct worker *w)
{
    if (w->sweep.display != NULL && w->shown > 0)
        fputc('\n', w->sweep.display);
    if (w->state >= 0)
        close(w->state);
    if (w->file >= 0)
        close(w->file);
    rows_free(&w->rows);
    free(w->order);
    free(w->done);
}

bool sweep_run(struct sweep sweep, char message[SWEEP_MESSAGE])
{
    struct worker w;
    if (!begin(sweep, message, &w))
        return false;
    /* Who was killed when the table was made may have left the folder. */
    bool good = rows_read(&w.rows, w.table, message) &&
                ((w.rows.count == sweep.grid->cells && access(w.folder, F_OK) != 0) ||
                 work(&w));
    end(&w);
    return good;
}

int sweep_missing(struct sweep sweep, char message[SWEEP_MESSAGE])
{
    struct worker w;
    if (!begin(sweep, message, &w))
        return -1;
    int missing = -1;
    if (rows_read(&w.rows, w.table, message)) {
        missing = sweep.grid->cells - w.rows.count;
        if (!each_file(&w, read_file))
            missing = -1;
    }
    end(&w);
    return missing;
}
