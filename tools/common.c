#define _GNU_SOURCE
#include "common.h"

#include "ground/arena.h"

#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct path path_of(const char *format, ...)
{
    struct path path;
    va_list parts;
    va_start(parts, format);
    int length = vsnprintf(path.at, sizeof path.at, format, parts);
    va_end(parts);
    REQUIRE(length < (int)sizeof path.at, "the name %s... is too long", path.at);
    return path;
}

const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool is_program(const char *path) { return strchr(base_name(path), '.') == NULL; }

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void remove_folder(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct path fresh_folder(const char *build, const char *name)
{
    struct path path = path_of("%s/%s", build, name);
    remove_folder(path.at);
    if (mkdir(path.at, 0777) != 0)
        give_up("cannot make %s: %s", path.at, strerror(errno));
    return path;
}

void give_up(const char *format, ...)
{
    char line[512];
    va_list parts;
    va_start(parts, format);
    vsnprintf(line, sizeof line, format, parts);
    va_end(parts);
    for (char *c = line; *c != '\0'; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    fprintf(stderr, "check: %s\n", line);
    exit(2);
}
