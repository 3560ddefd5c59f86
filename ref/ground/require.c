#include "ground/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Prints the one line that REQUIRE promises, and stops the program. */
_Noreturn void require_failed(const char *function, const char *message, ...)
{
    va_list args;
    va_start(args, message);
    fprintf(stderr, "%s: ", function);
    vfprintf(stderr, message, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}
