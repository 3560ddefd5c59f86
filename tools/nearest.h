/* nearest.h -- "did you mean": the names closest to one that does not exist. */
#ifndef TOOLS_NEAREST_H
#define TOOLS_NEAREST_H

/* How many letters must be inserted, deleted or replaced to make b of a. */
int edit_distance(const char *a, const char *b);

/* Prints "check: no KIND NAME; the nearest: x, y, z" on standard error: at most three
 * of the names, the nearest first. */
void say_nearest(const char *kind, const char *name, const char *const *names,
                 int count);

#endif
