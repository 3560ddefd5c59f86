/* native.c -- a live figure without its page.
 *
 *     NAME            the table of its curves where the sliders begin
 *     NAME S1 S2 ...  at these values
 *     NAME --bits ... each number as its 64 bits, to be compared
 *
 * The sliders stand before the table, a comment for each: name, from, to, begin, steps,
 * scale. */
#include "live.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_sliders(void)
{
    static const char *const scales[] = {"even", "logarithmic", "count"};
    for (const struct slider *s = live_sliders; s->name; s++)
        printf("# %s\t%g\t%g\t%g\t%d\t%s\n", s->name, s->from, s->to, s->begin,
               s->steps, scales[s->scale]);
}

/* What is NaN is a gap for gnuplot; by figure.gp's "nan" a line would go on. */
static void print_number(double x, bool as_bits)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (as_bits)
        printf("%016" PRIx64, bits);
    else if (x != x)
        printf("NaN");
    else
        printf("%.17g", x);
}

static void print_curves(mat curves, bool as_bits)
{
    for (int i = 0; i < curves.rows; i++)
        for (int j = 0; j < curves.cols; j++) {
            print_number(row(curves, i).at[j], as_bits);
            putchar(j + 1 < curves.cols ? '\t' : '\n');
        }
}

int main(int count, char **words)
{
    bool as_bits = count > 1 && strcmp(words[1], "--bits") == 0;
    int first = as_bits ? 2 : 1;
    struct arena arena = arena_make(LIVE_ARENA);
    real values[LIVE_SLIDERS];
    int n = 0;
    for (; live_sliders[n].name; n++)
        values[n] =
            first + n < count ? strtod(words[first + n], NULL) : live_sliders[n].begin;
    mat curves = live(&arena, (vec){n, values});
    print_sliders();
    puts(live_columns);
    print_curves(curves, as_bits);
    arena_free(&arena);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
