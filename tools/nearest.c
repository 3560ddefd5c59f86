#include "nearest.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 100, SHOWN = 3 };

static int least(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* [Wagner, Fischer 1974, "The string-to-string correction problem"], one row at a time;
 * letters beyond LONGEST are ignored. */
int edit_distance(const char *a, const char *b)
{
    int row[LONGEST + 1];
    int length = (int)strnlen(b, LONGEST);
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 1; i <= LONGEST && a[i - 1] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= length; j++) {
            int replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[length];
}

void say_nearest(const char *kind, const char *name, const char *const *names,
                 int count)
{
    fprintf(stderr, "check: no %s %s; the nearest:", kind, name);
    int after = -1; /* distances up to this one were shown */
    for (int shown = 0; shown < SHOWN && shown < count;) {
        int nearest = LONGEST + 1;
        for (int i = 0; i < count; i++) {
            int distance = edit_distance(name, names[i]);
            if (distance > after && distance < nearest)
                nearest = distance;
        }
        if (nearest > LONGEST)
            break;
        for (int i = 0; i < count && shown < SHOWN; i++)
            if (edit_distance(name, names[i]) == nearest)
                fprintf(stderr, "%s %s", shown++ == 0 ? "" : ",", names[i]);
        after = nearest;
    }
    fputc('\n', stderr);
}
