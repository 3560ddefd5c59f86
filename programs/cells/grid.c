#include "cells/grid.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 16 };

static const char BLANKS[] = " \t\r", DIGITS[] = "0123456789";

/* A grid that is being read. */
struct reader {
    const char *path;
    int line;
    char *message;
    struct grid *grid;
    bool has_seed;
};

/* message := "PATH:LINE: what is wrong"; without the line where that is 0. */
static bool wrong(const struct reader *r, const char *what, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(const struct reader *r, const char *what, ...)
{
    int length = snprintf(r->message, SWEEP_MESSAGE, "%.300s:", r->path);
    if (r->line > 0)
        length += snprintf(r->message + length, SWEEP_MESSAGE - (size_t)length,
                           "%d:", r->line);
    length += snprintf(r->message + length, SWEEP_MESSAGE - (size_t)length, " ");
    va_list args;
    va_start(args, what);
    vsnprintf(r->message + length, SWEEP_MESSAGE - (size_t)length, what, args);
    va_end(args);
    return false;
}

/* ---- Values ---------------------------------------------------------------------- */

static bool read_number(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return text[strspn(text, "0123456789.eE+-")] == '\0' && *end == '\0' &&
           end != text && isfinite(*value);
}

/* Adds a value to an axis, if it may stand there and behind those that do. */
static bool add(struct reader *r, int axis, double value)
{
    struct grid *grid = r->grid;
    const struct axis *rule = &grid->kind->axis[axis];
    int count = grid->count[axis];
    if (rule->whole && value != floor(value))
        return wrong(r, "%s takes whole numbers, not %g", rule->name, value);
    if (!(value >= rule->least && value <= rule->most))
        return wrong(r, "%s must lie from %g to %g, got %g", rule->name, rule->least,
                     rule->most, value);
    if (count > 0 && !(value > grid->value[axis][count - 1]))
        return wrong(r, "%s must ascend, but %g follows %g", rule->name, value,
                     grid->value[axis][count - 1]);
    if (count == GRID_VALUES)
        return wrong(r, "%s has more than %d values", rule->name, GRID_VALUES);
    grid->value[axis][count] = value;
    grid->count[axis]++;
    return true;
}

/* One word of an axis: a number, or the whole numbers FIRST..LAST. */
static bool add_word(struct reader *r, int axis, char *word)
{
    const char *name = r->grid->kind->axis[axis].name;
    char *dots = strstr(word, "..");
    double first, last;
    if (dots != NULL)
        *dots = '\0';
    if (!read_number(word, &first))
        return wrong(r, "%s: \"%.40s\" is no finite number", name, word);
    if (dots == NULL)
        return add(r, axis, first);
    if (!read_number(dots + 2, &last))
        return wrong(r, "%s: \"%.40s\" is no finite number", name, dots + 2);
    if (first != floor(first) || last != floor(last) || last < first)
        return wrong(r, "%s: from %g to %g there are no whole numbers", name, first,
                     last);
    for (double value = first; value <= last; value++)
        if (!add(r, axis, value))
            return false;
    return true;
}

/* ---- Lines ----------------------------------------------------------------------- */

static bool read_kind(struct reader *r, const char *key, const char *name,
                      const struct cell_kind *const *kinds)
{
    if (strcmp(key, "sweep") != 0)
        return wrong(r, "a grid begins with the line \"sweep KIND\"");
    for (int i = 0; name != NULL && kinds[i] != NULL; i++)
        if (strcmp(kinds[i]->name, name) == 0) {
            r->grid->kind = kinds[i];
            return true;
        }
    return wrong(r, "there is no kind of cell \"%.40s\", but %s",
                 name == NULL ? "" : name, kinds[0]->name);
}

static bool read_seed(struct reader *r, const char *text)
{
    errno = 0;
    bool digits = text != NULL && text[strspn(text, DIGITS)] == '\0';
    r->grid->seed = digits ? strtoull(text, NULL, 10) : 0;
    if (!digits || errno != 0)
        return wrong(r, "seed must be a whole number from 0 to 2^64 - 1");
    if (r->has_seed)
        return wrong(r, "a second line for seed");
    r->has_seed = true;
    return true;
}

static bool read_axis(struct reader *r, const char *key, char *rest)
{
    const struct cell_kind *kind = r->grid->kind;
    char names[200] = "seed", *word;
    int axis = kind->axes;
    for (int i = 0; i < kind->axes; i++) {
        if (strcmp(kind->axis[i].name, key) == 0)
            axis = i;
        strcat(strcat(names, ", "), kind->axis[i].name);
    }
    if (axis == kind->axes)
        return wrong(r, "unknown key \"%.40s\"; there are %s", key, names);
    if (r->grid->count[axis] > 0)
        return wrong(r, "a second line for %s", key);
    while ((word = strtok_r(NULL, BLANKS, &rest)) != NULL)
        if (!add_word(r, axis, word))
            return false;
    return r->grid->count[axis] > 0 || wrong(r, "%s has no value", key);
}

static bool read_line(struct reader *r, char *line,
                      const struct cell_kind *const *kinds)
{
    char *rest, *key = strtok_r(line, BLANKS, &rest);
    if (key == NULL || *key == '#')
        return true;
    if (r->grid->kind != NULL && strcmp(key, "seed") != 0)
        return read_axis(r, key, rest);
    char *value = strtok_r(NULL, BLANKS, &rest);
    bool good =
        r->grid->kind == NULL ? read_kind(r, key, value, kinds) : read_seed(r, value);
    if (good && strtok_r(NULL, BLANKS, &rest) != NULL)
        return wrong(r, "%s takes one value", key);
    return good;
}

/* All lines have been read: is it a whole grid? */
static bool finish(struct reader *r)
{
    struct grid *grid = r->grid;
    r->line = 0;
    if (grid->kind == NULL)
        return wrong(r, "a grid begins with the line \"sweep KIND\"");
    if (!r->has_seed)
        return wrong(r, "there is no line for seed");
    int64_t cells = 1;
    for (int i = 0; i < grid->kind->axes; i++) {
        if (grid->count[i] == 0)
            return wrong(r, "there is no line for %s", grid->kind->axis[i].name);
        cells *= grid->count[i];
        if (cells > GRID_CELLS)
            return wrong(r, "there are more than %d cells", GRID_CELLS);
    }
    grid->cells = (int)cells;
    return true;
}

static bool read_lines(struct reader *r, char *text,
                       const struct cell_kind *const *kinds)
{
    while (*text != '\0') {
        r->line++;
        char *end = strchr(text, '\n');
        if (end == NULL)
            return wrong(r, "ends in the middle of a line: the file is not whole");
        *end = '\0';
        for (const char *c = text; *c != '\0'; c++)
            if ((unsigned char)*c < ' ' && strchr(BLANKS, *c) == NULL)
                return wrong(r, "holds a byte that is no text");
        if (!read_line(r, text, kinds))
            return false;
        text = end + 1;
    }
    return finish(r);
}

bool grid_read(const char *path, const struct cell_kind *const *kinds,
               struct grid *grid, char message[SWEEP_MESSAGE])
{
    struct reader r = {.path = path, .message = message, .grid = grid};
    memset(grid, 0, sizeof *grid);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return wrong(&r, "cannot be opened: %s", strerror(errno));
    char *text = calloc(MOST_BYTES + 1, 1);
    size_t size = text == NULL ? 0 : fread(text, 1, MOST_BYTES, file);
    bool failed = text == NULL || ferror(file), good;
    int reason = errno;
    fclose(file);
    if (failed)
        good = wrong(&r, "cannot be read: %s", strerror(reason));
    else if (size == MOST_BYTES)
        good = wrong(&r, "is longer than a grid, of %d bytes", MOST_BYTES);
    else if (strlen(text) != size)
        good = wrong(&r, "holds a byte that is no text");
    else
        good = read_lines(&r, text, kinds);
    free(text);
    return good;
}

/* ---- Cells ----------------------------------------------------------------------- */

/* at := the values of a cell, one on each axis. */
void grid_cell(const struct grid *grid, int cell, double *at)
{
    for (int i = grid->kind->axes - 1; i >= 0; i--) {
        at[i] = grid->value[i][cell % grid->count[i]];
        cell /= grid->count[i];
    }
}

/* The cell with these values, -1 if there is none. */
int grid_find(const struct grid *grid, const double *at)
{
    int cell = 0;
    for (int i = 0; i < grid->kind->axes; i++) {
        int k = 0;
        while (k < grid->count[i] && grid->value[i][k] != at[i])
            k++;
        if (k == grid->count[i])
            return -1;
        cell = cell * grid->count[i] + k;
    }
    return cell;
}

/* ---- Hashes ---------------------------------------------------------------------- */

/* h, changed by these bytes. [Fowler, Noll, Vo: FNV-1a, 64 bits] */
static uint64_t hash(uint64_t h, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        h = (h ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
    return h;
}

static uint64_t hash_name(uint64_t h, const char *name)
{
    return hash(h, name, strlen(name) + 1);
}

static const uint64_t NOTHING = 0xcbf29ce484222325;

uint64_t grid_hash(const struct grid *grid)
{
    uint64_t h = hash_name(NOTHING, grid->kind->name);
    h = hash(h, &grid->seed, sizeof grid->seed);
    for (int i = 0; i < grid->kind->axes; i++) {
        h = hash_name(h, grid->kind->axis[i].name);
        h = hash(h, grid->value[i], (size_t)grid->count[i] * sizeof(double));
    }
    return h;
}

/* NaNs are alike here: their bits are the compiler's affair. */
uint64_t grid_code_hash(const struct grid *grid)
{
    const struct cell_kind *kind = grid->kind;
    double result[GRID_RESULTS];
    uint64_t h = NOTHING;
    kind->compute(kind->sample, 1, result);
    for (int i = 0; i < kind->results; i++) {
        h = hash_name(h, kind->result[i]);
        h = isnan(result[i]) ? hash_name(h, "nan")
                             : hash(h, &result[i], sizeof *result);
    }
    return h;
}
