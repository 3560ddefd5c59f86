/* tap.c -- what a unit test printed: only a plan that is kept, line by line, passes. */
#define _GNU_SOURCE /* memmem */
#include "record.h"
#include "runner.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (setjmp(refused))
        return 0;
    int passed = 0, failed = 0;
    put_file("tap", bytes, size);
    read_tap("tap", &passed, &failed);
    MUST(passed >= 0 && failed >= 0);
    MUST(passed <= (int)size && failed <= (int)size + 1);
    MUST(failed > 0 || memmem(bytes, size, "1..", 3) != NULL);
    return 0;
}
