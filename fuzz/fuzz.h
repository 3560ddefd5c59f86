/* fuzz.h -- what the harnesses of `make fuzz` share.
 *
 * Each harness hands the bytes that libFuzzer thinks of to one reader of files, as a
 * file, and says what must be so whatever they are.  That nothing is read or written
 * out of place, and that no number overflows, the sanitizers say.  A harness runs in a
 * folder of its own, which is empty when it begins.
 * [https://llvm.org/docs/LibFuzzer.html] */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What libFuzzer calls, again and again; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Ends the process as a crash, in a line that libFuzzer shows. */
#define MUST(condition)                                                                \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
            __builtin_trap();                                                          \
        }                                                                              \
    } while (0)

/* Replaces a file by these bytes. */
static inline void put_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    MUST(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

#endif
