/* grid.c -- any text in place of the grid of a sweep, and any rows behind the header
 * that its rows have: refused in one line, or cells and rows that agree. */
#include "cells/rows.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static const struct axis axes[] = {{"rho", false, 1e-6, 1e6}, {"m", true, 1, 4096}};
static const char *const results[] = {"sum"};

static void compute(const double *at, uint64_t seed, double *result)
{
    result[0] = at[0] + at[1] + (double)seed;
}

static double cost(const double *at) { return at[0]; }

static const struct cell_kind kind = {.name = "toy",
                                      .axes = 2,
                                      .results = 1,
                                      .axis = axes,
                                      .result = results,
                                      .sample = (const double[]){1, 2},
                                      .cost = cost,
                                      .compute = compute};
static const struct cell_kind *const kinds[] = {&kind, NULL};

static void use_grid(const struct grid *grid)
{
    double at[GRID_AXES];
    MUST(grid->cells == grid->count[0] * grid->count[1]);
    for (int i = 0; i < grid->cells; i += 1 + grid->cells / 50) {
        grid_cell(grid, i, at);
        MUST(at[0] >= 1e-6 && at[0] <= 1e6 && at[1] >= 1 && at[1] <= 4096);
        MUST(grid_find(grid, at) == i);
    }
}

/* Rows that are all there are written, and read again. */
static void use_rows(struct rows *rows)
{
    char message[SWEEP_MESSAGE];
    int count = 0;
    for (int i = 0; i < rows->grid->cells; i++)
        count += rows->line[i] != NULL;
    MUST(count == rows->count);
    if (count == rows->grid->cells) {
        MUST(rows_write(rows, "table", message));
        MUST(rows_read(rows, "table", message) && rows->count == count);
    }
}

/* The first byte says how many of the others are the grid. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct grid grid;
    char message[SWEEP_MESSAGE] = "";
    if (size < 1)
        return 0;
    size_t of_grid = bytes[0] < size - 1 ? bytes[0] : size - 1;
    put_file("grid", bytes + 1, of_grid);
    if (!grid_read("grid", kinds, &grid, message)) {
        MUST(message[0] != '\0' && strchr(message, '\n') == NULL);
        return 0;
    }
    use_grid(&grid);
    struct rows rows = rows_make(&grid);
    FILE *file = fopen("rows", "wb");
    MUST(file != NULL && fputs(rows.header, file) >= 0);
    fwrite(bytes + 1 + of_grid, 1, size - 1 - of_grid, file);
    MUST(fclose(file) == 0);
    if (rows_read(&rows, "rows", message))
        use_rows(&rows);
    else
        MUST(message[0] != '\0' && strchr(message, '\n') == NULL);
    rows_free(&rows);
    return 0;
}
