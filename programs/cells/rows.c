#include "cells/rows.h"

#include "ground/arena.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rows rows_make(const struct grid *grid)
{
    struct rows rows = {.grid = grid,
                        .line = calloc((size_t)grid->cells, sizeof *rows.line)};
    REQUIRE(rows.line != NULL, "no memory for %d rows", grid->cells);
    snprintf(rows.header, ROWS_HEADER,
             "# sweep %.40s, grid %016" PRIx64 ", code %016" PRIx64 "\n",
             grid->kind->name, grid_hash(grid), grid_code_hash(grid));
    return rows;
}

void rows_forget(struct rows *rows)
{
    for (int i = 0; i < rows->grid->cells; i++) {
        free(rows->line[i]);
        rows->line[i] = NULL;
    }
    rows->count = 0;
}

void rows_free(struct rows *rows)
{
    rows_forget(rows);
    free(rows->line);
}

/* ---- Printing -------------------------------------------------------------------- */

/* Puts a number behind the text: in decimals, as few as it takes to read the same bits
 * again.  A NaN has no sign here. */
static void print_number(double x, char *text, size_t *length)
{
    char *at = text + *length;
    size_t room = ROW_BYTES - *length;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(at, room, "%.*g", digits, x);
        if (strtod(at, NULL) == x)
            break;
    }
    if (isnan(x))
        strcpy(at, "nan");
    *length += strlen(at);
}

size_t rows_print(const struct grid *grid, int cell, const double *result,
                  char line[ROW_BYTES])
{
    const struct cell_kind *kind = grid->kind;
    size_t length = 0;
    double at[GRID_AXES];
    grid_cell(grid, cell, at);
    for (int i = 0; i < kind->axes + kind->results; i++) {
        print_number(i < kind->axes ? at[i] : result[i - kind->axes], line, &length);
        line[length++] = '\t';
    }
    line[length - 1] = '\n';
    line[length] = '\0';
    return length;
}

/* The names of the columns, as the last line before the rows. */
static void print_names(const struct cell_kind *kind, char line[ROW_BYTES])
{
    size_t length = 0;
    for (int i = 0; i < kind->axes + kind->results; i++)
        length += (size_t)sprintf(line + length, "%s%s", i == 0 ? "" : "\t",
                                  i < kind->axes ? kind->axis[i].name
                                                 : kind->result[i - kind->axes]);
    strcpy(line + length, "\n");
}

/* ---- Reading --------------------------------------------------------------------- */

static bool wrong(char *message, const char *path, int line, const char *what)
{
    if (line > 0)
        snprintf(message, SWEEP_MESSAGE, "%.300s:%d: %s", path, line, what);
    else
        snprintf(message, SWEEP_MESSAGE, "%.300s: %s", path, what);
    return false;
}

/* The first line of a file, where it is not the one it should be. */
static bool foreign(const struct rows *rows, const char *path, const char *line,
                    char *message)
{
    size_t of_grid = (size_t)(strstr(rows->header, ", code") - rows->header);
    if (strncmp(line, "# sweep ", 8) != 0)
        return wrong(message, path, 0, "holds no rows of a sweep");
    if (strncmp(line, rows->header, of_grid) != 0)
        return wrong(message, path, 0,
                     "is of another grid or seed; move it away to begin anew");
    return wrong(message, path, 0,
                 "was made by another version of the code, or on a machine that "
                 "rounds otherwise; move it away to begin anew");
}

/* The cell of a row, -1 if it is none of this grid. */
static int cell_of(const struct grid *grid, const char *line)
{
    double at[GRID_AXES], value;
    int fields = grid->kind->axes + grid->kind->results;
    for (int i = 0; i < fields; i++) {
        char *end;
        value = strtod(line, &end);
        if (end == line || isspace((unsigned char)*line) ||
            *end != (i + 1 < fields ? '\t' : '\n'))
            return -1;
        if (i < grid->kind->axes)
            at[i] = value;
        line = end + 1;
    }
    return *line == '\0' ? grid_find(grid, at) : -1;
}

/* Takes one whole line, the number-th of its file. */
static bool take_line(struct rows *rows, const char *path, int number, const char *line,
                      char *message)
{
    char names[ROW_BYTES];
    print_names(rows->grid->kind, names);
    if (number == 1)
        return strcmp(line, rows->header) == 0 || foreign(rows, path, line, message);
    if (*line == '#' || strcmp(line, names) == 0)
        return true;
    int cell = cell_of(rows->grid, line);
    if (cell < 0)
        return wrong(message, path, number, "is no row of this grid");
    if (rows->line[cell] == NULL) {
        rows->line[cell] = strdup(line);
        REQUIRE(rows->line[cell] != NULL, "no memory for %d rows", rows->grid->cells);
        rows->count++;
    } else if (strcmp(rows->line[cell], line) != 0) {
        return wrong(message, path, number, "a second row of a cell, and another one");
    }
    return true;
}

bool rows_read(struct rows *rows, const char *path, char message[SWEEP_MESSAGE])
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return errno == ENOENT || wrong(message, path, 0, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool good = true;
    for (int number = 1; good && (length = getline(&line, &room, file)) > 0; number++)
        if (line[length - 1] == '\n')
            good = take_line(rows, path, number, line, message);
    if (good && ferror(file))
        good = wrong(message, path, 0, strerror(errno));
    free(line);
    fclose(file);
    return good;
}

/* ---- Writing --------------------------------------------------------------------- */

static void write_all(const struct rows *rows, FILE *file)
{
    const struct grid *grid = rows->grid;
    char names[ROW_BYTES];
    fputs(rows->header, file);
    fprintf(file, "# seed %" PRIu64 "\n", grid->seed);
    for (int i = 0; i < grid->kind->axes; i++) {
        fprintf(file, "# %s", grid->kind->axis[i].name);
        for (int k = 0; k < grid->count[i]; k++)
            fprintf(file, " %.15g", grid->value[i][k]);
        fputc('\n', file);
    }
    print_names(grid->kind, names);
    fputs(names, file);
    for (int i = 0; i < grid->cells; i++)
        fputs(rows->line[i], file);
}

bool rows_write(const struct rows *rows, const char *path, char message[SWEEP_MESSAGE])
{
    char fresh[ROWS_PATH + 8];
    REQUIRE(rows->count == rows->grid->cells, "%d of %d rows are there", rows->count,
            rows->grid->cells);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "wb");
    if (file == NULL)
        return wrong(message, fresh, 0, strerror(errno));
    write_all(rows, file);
    bool good = !ferror(file) && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int reason = errno;
    good = fclose(file) == 0 && good;
    if (!good || rename(fresh, path) != 0) {
        wrong(message, path, 0, strerror(good ? errno : reason));
        remove(fresh);
        return false;
    }
    return true;
}
