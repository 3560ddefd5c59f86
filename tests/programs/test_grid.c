/* The contract of cells/grid.h and cells/rows.h: what is no grid and no row is refused
 * in one line, and numbers come back with their bits. */
#include "cells/feature.h"
#include "programs/toy.h"

#include <float.h>

START_TEST(cells_are_numbered_with_the_last_axis_fastest)
{
    struct toy *toy =
        toy_make("# mine\nsweep toy\n\nk 0..2 9\n  seed\t12\r\nx 1 2.5\n");
    ck_assert_int_eq(toy->grid.cells, 8);
    ck_assert_uint_eq(toy->grid.seed, 12);
    double at[2];
    grid_cell(&toy->grid, 0, at);
    ck_assert(at[0] == 1 && at[1] == 0);
    grid_cell(&toy->grid, 7, at);
    ck_assert(at[0] == 2.5 && at[1] == 9);
    for (int i = 0; i < 8; i++) {
        grid_cell(&toy->grid, i, at);
        ck_assert_int_eq(grid_find(&toy->grid, at), i);
    }
    ck_assert_int_eq(grid_find(&toy->grid, (double[]){2, 0}), -1);
    toy_free(toy);
}
END_TEST

START_TEST(what_is_no_grid_is_refused_in_a_line)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "a.grid: a grid begins with the line \"sweep KIND\""},
        {"seed 1\n", "a.grid:1: a grid begins with the line \"sweep KIND\""},
        {"sweep toys\n", "a.grid:1: there is no kind of cell \"toys\", but toy"},
        {"sweep\n", "a.grid:1: there is no kind of cell \"\", but toy"},
        {"sweep toy now\n", "a.grid:1: sweep takes one value"},
        {"sweep toy\nseed 1\nx 1\n", "a.grid: there is no line for k"},
        {"sweep toy\nk 1\nx 1\n", "a.grid: there is no line for seed"},
        {"sweep toy\nseed 1\nk 1\nx 1", "a.grid:4: ends in the middle of a line"},
        {"sweep toy\nseed -1\n", "a.grid:2: seed must be a whole number"},
        {"sweep toy\nseed 99999999999999999999\n", "a.grid:2: seed must be a whole"},
        {"sweep toy\nseed 1\nseed 1\n", "a.grid:3: a second line for seed"},
        {"sweep toy\nx 1\nx 1\n", "a.grid:3: a second line for x"},
        {"sweep toy\nx 1\ny 1\n", "a.grid:3: unknown key \"y\"; there are seed, x, k"},
        {"sweep toy\nx\n", "a.grid:2: x has no value"},
        {"sweep toy\nx nan\n", "a.grid:2: x: \"nan\" is no finite number"},
        {"sweep toy\nx inf\n", "a.grid:2: x: \"inf\" is no finite number"},
        {"sweep toy\nx 1e999\n", "a.grid:2: x: \"1e999\" is no finite number"},
        {"sweep toy\nx 1,5\n", "a.grid:2: x: \"1,5\" is no finite number"},
        {"sweep toy\nx -1\n", "a.grid:2: x must lie from 0.001 to 1000, got -1"},
        {"sweep toy\nx 0\n", "a.grid:2: x must lie from 0.001 to 1000, got 0"},
        {"sweep toy\nk 1.5\n", "a.grid:2: k takes whole numbers, not 1.5"},
        {"sweep toy\nk 3 2\n", "a.grid:2: k must ascend, but 2 follows 3"},
        {"sweep toy\nk 2 2\n", "a.grid:2: k must ascend, but 2 follows 2"},
        {"sweep toy\nk 3..2\n", "a.grid:2: k: from 3 to 2 there are no whole numbers"},
        {"sweep toy\nk 3..\n", "a.grid:2: k: \"\" is no finite number"},
        {"sweep toy\nk 0..1e9\n", "a.grid:2: k must lie from 0 to 99, got 100"},
        {"sweep toy\nx\0331\n", "a.grid:2: holds a byte that is no text"},
    };
    struct toy *toy = toy_make(NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct grid grid;
        toy_put(toy->path, bad[i].text);
        ck_assert(!grid_read(toy->path, toy_kinds, &grid, toy->message));
        const char *said = strstr(toy->message, "a.grid");
        ck_assert_ptr_nonnull(said);
        ck_assert_msg(strncmp(said, bad[i].message, strlen(bad[i].message)) == 0,
                      "%s instead of %s", said, bad[i].message);
    }
    struct grid grid;
    ck_assert(!grid_read("build/none.grid", toy_kinds, &grid, toy->message));
    ck_assert_str_eq(toy->message,
                     "build/none.grid: cannot be opened: No such file or directory");
    ck_assert(!grid_read("build", toy_kinds, &grid, toy->message));
    ck_assert_str_eq(toy->message, "build: cannot be read: Is a directory");
    toy_free(toy);
}
END_TEST

START_TEST(a_hash_changes_with_all_that_a_grid_says)
{
    static const char *const texts[] = {"sweep toy\nseed 1\nx 1 2\nk 1\n",
                                        "sweep toy\nseed 2\nx 1 2\nk 1\n",
                                        "sweep toy\nseed 1\nx 1\nk 1 2\n",
                                        "sweep toy\nseed 1\nx 1 2.5\nk 1\n"};
    uint64_t hash[4];
    for (int i = 0; i < 4; i++) {
        struct toy *toy = toy_make(texts[i]);
        hash[i] = grid_hash(&toy->grid);
        for (int j = 0; j < i; j++)
            ck_assert_uint_ne(hash[i], hash[j]);
        toy_free(toy);
    }
    struct toy *same = toy_make("# so\nsweep toy\nk 1\nx 1.0 2e0\nseed 1\n");
    ck_assert_uint_eq(grid_hash(&same->grid), hash[0]);
    toy_free(same);
}
END_TEST

/* Bits of all kinds, there and back. */
START_TEST(numbers_in_rows_keep_their_bits)
{
    struct toy *toy = toy_make(NULL);
    struct rng rng = unit_rng("rows");
    for (int i = 0; i < 2000; i++) {
        double result[2] = {i == 0   ? DBL_MIN / 8
                            : i == 1 ? -INFINITY
                            : i == 2 ? -0.0
                                     : ldexp(rng_uniform(&rng), rng_below(&rng, 600)),
                            i % 7 == 0 ? -NAN : -rng_normal(&rng)},
               back[4];
        char line[ROW_BYTES], *at = line;
        size_t length = rows_print(&toy->grid, 23, result, line);
        ck_assert_uint_eq(length, strlen(line));
        ck_assert_int_eq(strncmp(line, "2\t7\t", 4), 0);
        for (int j = 0; j < 4; j++, at++)
            back[j] = strtod(at, &at);
        ck_assert_mem_eq(&back[2], &result[0], sizeof(double));
        if (isnan(result[1]))
            ck_assert_ptr_nonnull(strstr(line, "\tnan\n"));
        else
            ck_assert_mem_eq(&back[3], &result[1], sizeof(double));
    }
    toy_free(toy);
}
END_TEST

START_TEST(what_is_no_row_is_refused_in_a_line)
{
    static const struct {
        const char *row, *message;
    } bad[] = {
        {"1\t2\t3\n", "is no row"},
        {"1\t2\t3\t4\t5\n", "is no row"},
        {"1\t2\t\t4\n", "is no row"},
        {"1 2 3 4\n", "is no row"},
        {"3\t2\t3\t4\n", "is no row"},
        {"nan\t2\t3\t4\n", "is no row"},
        {"\n", "is no row"},
        {"1\t2\t3\t4\n1\t2\t3\t4.5\n", "a second row of a cell, and another one"},
    };
    struct toy *toy = toy_make(NULL);
    struct rows rows = rows_make(&toy->grid);
    char text[ROWS_HEADER + 200], path[80];
    snprintf(path, sizeof path, "%s/rows", toy->folder);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rows_forget(&rows);
        snprintf(text, sizeof text, "%s%s", rows.header, bad[i].row);
        toy_put(path, text);
        ck_assert(!rows_read(&rows, path, toy->message));
        ck_assert_ptr_nonnull(strstr(toy->message, bad[i].message));
        ck_assert_ptr_null(strchr(toy->message, '\n'));
    }
    rows_forget(&rows);
    snprintf(text, sizeof text, "%s1\t2\t3\t4\n1\t2\t3\t4\n1\t3\t3\t4", rows.header);
    toy_put(path, text); /* the same twice, and one without its end */
    ck_assert(rows_read(&rows, path, toy->message));
    ck_assert_int_eq(rows.count, 1);
    toy_put(path, "my notes\n");
    ck_assert(!rows_read(&rows, path, toy->message));
    ck_assert_ptr_nonnull(strstr(toy->message, "rows: holds no rows of a sweep"));
    rows_free(&rows);
    toy_free(toy);
}
END_TEST

/* All that cells/grid.h asks of a kind, of the one there is. */
START_TEST(the_cells_of_the_chapter_are_a_kind)
{
    const struct cell_kind *kind = &feature_cells;
    ck_assert(kind->axes <= GRID_AXES && kind->results <= GRID_RESULTS);
    size_t names = 0;
    for (int i = 0; i < kind->axes; i++) {
        names += strlen(kind->axis[i].name) + 1;
        ck_assert(kind->sample[i] >= kind->axis[i].least &&
                  kind->sample[i] <= kind->axis[i].most);
    }
    for (int i = 0; i < kind->results; i++)
        names += strlen(kind->result[i]) + 1;
    ck_assert_uint_lt(names, ROW_BYTES);
    ck_assert_uint_lt((size_t)(kind->axes + kind->results) * 26, ROW_BYTES);
    double at[GRID_AXES], last = 0, result[GRID_RESULTS];
    memcpy(at, kind->sample, (size_t)kind->axes * sizeof *at);
    for (at[0] = 1e-6; at[0] < 1e6; at[0] *= 10)
        ck_assert(kind->cost(at) > 0);
    for (at[1] = 1; at[1] < 4096; at[1] *= 2) { /* wider networks take longer */
        ck_assert(kind->cost(at) > last);
        last = kind->cost(at);
    }
    kind->compute(kind->sample, 1, result);
    for (int i = 0; i < kind->results; i++)
        ck_assert(isfinite(result[i]));
}
END_TEST

int main(void)
{
    return unit_run(
        "grid", (const TTest *const[]){cells_are_numbered_with_the_last_axis_fastest,
                                       what_is_no_grid_is_refused_in_a_line,
                                       a_hash_changes_with_all_that_a_grid_says,
                                       numbers_in_rows_keep_their_bits,
                                       what_is_no_row_is_refused_in_a_line,
                                       the_cells_of_the_chapter_are_a_kind, NULL});
}
