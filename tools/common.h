/* common.h -- what the parts of the runner share: names of files, without a malloc for
 * each, folders to work in, and one way to give up. */
#ifndef TOOLS_COMMON_H
#define TOOLS_COMMON_H

#include <stdbool.h>

struct path {
    char at[512];
};

/* A name put together as by printf. */
struct path path_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The part of a path behind its last slash. */
const char *base_name(const char *path);

/* Programs have no ending; beside them lie objects and lists of dependencies. */
bool is_program(const char *path);

/* Removes a folder and what it holds; makes an empty folder BUILD/NAME, removing what
 * it held before. */
void remove_folder(const char *path);
struct path fresh_folder(const char *build, const char *name);

/* Prints "check: MESSAGE" on standard error and ends with status 2: what was asked for
 * cannot be done.  It is one line, whatever was passed in. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
