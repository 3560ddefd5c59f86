/* state.h -- a state file of any content, with a checksum that agrees in every other
 * case: libFuzzer could not guess one. */
#ifndef FUZZ_STATE_H
#define FUZZ_STATE_H

#include "fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The file at path := all bytes but the first, which says whether the last eight become
 * the CRC-32 of what stands before them. */
static inline void put_state(const char *path, const uint8_t *bytes, size_t size)
{
    uint8_t *state = malloc(size);
    MUST(size > 0 && state != NULL);
    memcpy(state, bytes + 1, --size);
    if (bytes[0] & 1 && size >= 8) {
        uint64_t sum = crc32_z(0, state, size - 8);
        memcpy(state + size - 8, &sum, 8);
    }
    put_file(path, state, size);
    free(state);
}

static inline bool same_files(const char *one, const char *other)
{
    FILE *file[] = {fopen(one, "rb"), fopen(other, "rb")};
    MUST(file[0] != NULL && file[1] != NULL);
    int a, b;
    do {
        a = getc(file[0]), b = getc(file[1]);
    } while (a == b && a != EOF);
    fclose(file[0]);
    fclose(file[1]);
    return a == b;
}

#endif
