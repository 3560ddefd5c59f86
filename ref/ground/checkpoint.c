#include "ground/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* The first word of a file, "state of" where the highest byte comes first. */
static const uint64_t MAGIC = 0x7374617465206f66;

enum { START = 2, PER_PART = 3 }; /* words before the parts, and of each one's header */
enum { LONGEST_PATH = 4096 };

/* Writes "PATH: WHAT IS WRONG" for the caller, and returns the status. */
enum checkpoint_status checkpoint_fail(enum checkpoint_status status,
                                       char message[CHECKPOINT_MESSAGE],
                                       const char *path, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    int length = snprintf(message, CHECKPOINT_MESSAGE, "%.400s: ", path);
    vsnprintf(message + length, (size_t)(CHECKPOINT_MESSAGE - length), what, args);
    va_end(args);
    return status;
}

/* The words of a file: what precedes the numbers, the numbers, and the checksum. */
static size_t word_count(int parts, const struct checkpoint_part *part)
{
    size_t count = START + PER_PART * (size_t)parts + 1;
    for (int i = 0; i < parts; i++)
        count += (size_t)part[i].n;
    return count;
}

/* words := what precedes the numbers, where short names end in zeros.  Returns how many
 * words that are. */
static size_t write_header(int parts, const struct checkpoint_part *part,
                           uint64_t *words)
{
    size_t count = START + PER_PART * (size_t)parts;
    memset(words, 0, count * sizeof *words);
    words[0] = MAGIC;
    words[1] = (uint64_t)parts;
    for (int i = 0; i < parts; i++) {
        uint64_t *header = words + START + PER_PART * i;
        size_t length = strlen(part[i].name);
        REQUIRE(length > 0 && length <= CHECKPOINT_NAME && part[i].n >= 0,
                "part %d is \"%s\", of %d numbers", i, part[i].name, part[i].n);
        memcpy(header, part[i].name, length);
        header[2] = (uint64_t)part[i].n;
    }
    return count;
}

static uint64_t checksum(const uint64_t *words, size_t count)
{
    return crc32_z(0, (const Bytef *)words, count * sizeof *words);
}

/* Makes sure that what is in the file would survive a failure of power. */
static bool write_out(FILE *file, const uint64_t *words, size_t count)
{
    bool whole = fwrite(words, sizeof *words, count, file) == count &&
                 fflush(file) == 0 && fsync(fileno(file)) == 0;
    int reason = errno;
    bool closed = fclose(file) == 0;
    if (!whole)
        errno = reason;
    return whole && closed;
}

/* The same for the name of the file, which its directory holds.  Some file systems
 * cannot promise it, and then nothing is to be done. */
static void sync_directory(const char *path)
{
    char directory[LONGEST_PATH + 1] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL)
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path + 1), path);
    int descriptor = open(directory, O_RDONLY);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
}

/* Replaces the file at path by one of these words.  They go to PATH.new, to the disk,
 * and only then does the name change hands, which the system does in one piece. */
static enum checkpoint_status replace(const char *path, const uint64_t *words,
                                      size_t count, char *message)
{
    char fresh[LONGEST_PATH + 8];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "wb");
    if (file == NULL)
        return checkpoint_fail(CHECKPOINT_UNWRITABLE, message, fresh,
                               "cannot be opened: %s", strerror(errno));
    if (!write_out(file, words, count) || rename(fresh, path) != 0) {
        checkpoint_fail(CHECKPOINT_UNWRITABLE, message, path, "cannot be written: %s",
                        strerror(errno));
        remove(fresh);
        return CHECKPOINT_UNWRITABLE;
    }
    sync_directory(path);
    return CHECKPOINT_OK;
}

/* Saves a state: its parts, to the file at path, which is replaced as a whole or stays
 * as it was.  message: what is wrong in one line without the newline, or empty. */
enum checkpoint_status checkpoint_save(const char *path, int parts,
                                       const struct checkpoint_part *part,
                                       struct arena *scratch,
                                       char message[CHECKPOINT_MESSAGE])
{
    REQUIRE(strlen(path) <= LONGEST_PATH, "a path of %zu bytes", strlen(path));
    size_t mark = scratch->used, count = word_count(parts, part);
    uint64_t *words = arena_bytes(scratch, count * sizeof *words);
    size_t end = write_header(parts, part, words);
    for (int i = 0; i < parts; i++) {
        if (part[i].n > 0)
            memcpy(words + end, part[i].at, (size_t)part[i].n * sizeof *words);
        end += (size_t)part[i].n;
    }
    words[end] = checksum(words, end);
    message[0] = '\0';
    enum checkpoint_status status = replace(path, words, count, message);
    scratch->used = mark;
    return status;
}

/* bytes := the first most bytes of the file, or all; size: how many that were. */
static enum checkpoint_status read_bytes(const char *path, size_t most, void *bytes,
                                         size_t *size, char *message)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return checkpoint_fail(errno == ENOENT ? CHECKPOINT_MISSING
                                               : CHECKPOINT_UNREADABLE,
                               message, path, "cannot be opened: %s", strerror(errno));
    *size = fread(bytes, 1, most, file);
    bool failed = ferror(file);
    int reason = errno;
    fclose(file);
    if (failed)
        return checkpoint_fail(CHECKPOINT_UNREADABLE, message, path,
                               "cannot be read: %s", strerror(reason));
    return CHECKPOINT_OK;
}

/* Does the file begin as one with these parts?  size: of it, in bytes; expected: what
 * precedes the numbers of such a file. */
static enum checkpoint_status check_header(const char *path, const uint64_t *words,
                                           size_t size, const uint64_t *expected,
                                           const struct checkpoint_part *part,
                                           char *message)
{
    if (size >= sizeof *words && words[0] != MAGIC)
        return checkpoint_fail(CHECKPOINT_FOREIGN, message, path,
                               "is not a saved state");
    if (size >= START * sizeof *words && words[1] != expected[1])
        return checkpoint_fail(CHECKPOINT_OTHER, message, path,
                               "has %llu parts, not %llu", (unsigned long long)words[1],
                               (unsigned long long)expected[1]);
    for (size_t i = 0; i < expected[1]; i++) {
        size_t at = START + PER_PART * i;
        if (size < (at + PER_PART) * sizeof *words)
            break;
        if (memcmp(words + at, expected + at, PER_PART * sizeof *words) != 0)
            return checkpoint_fail(CHECKPOINT_OTHER, message, path,
                                   "part %zu is not \"%s\", of %d numbers", i,
                                   part[i].name, part[i].n);
    }
    return CHECKPOINT_OK;
}

/* And does it go on and end so?  count: the words that it must have. */
static enum checkpoint_status check_rest(const char *path, const uint64_t *words,
                                         size_t size, size_t count, char *message)
{
    if (size < count * sizeof *words)
        return checkpoint_fail(CHECKPOINT_TRUNCATED, message, path,
                               "ends after %zu of %zu bytes", size,
                               count * sizeof *words);
    if (size > count * sizeof *words)
        return checkpoint_fail(CHECKPOINT_TRAILING, message, path,
                               "goes on after %zu bytes", count * sizeof *words);
    if (words[count - 1] != checksum(words, count - 1))
        return checkpoint_fail(CHECKPOINT_DAMAGED, message, path,
                               "is damaged: its checksum does not agree");
    return CHECKPOINT_OK;
}

/* Loads a state with these names and lengths.  part[i].at: overwritten if the status is
 * CHECKPOINT_OK; else all of them stay as they were.  message: as above. */
enum checkpoint_status checkpoint_load(const char *path, int parts,
                                       const struct checkpoint_part *part,
                                       struct arena *scratch,
                                       char message[CHECKPOINT_MESSAGE])
{
    size_t mark = scratch->used, count = word_count(parts, part), size = 0;
    uint64_t *words = arena_bytes(scratch, (count + 1) * sizeof *words);
    uint64_t *expected = arena_bytes(scratch, count * sizeof *expected);
    size_t at = write_header(parts, part, expected);
    message[0] = '\0';
    enum checkpoint_status status =
        read_bytes(path, count * sizeof *words + 1, words, &size, message);
    if (status == CHECKPOINT_OK)
        status = check_header(path, words, size, expected, part, message);
    if (status == CHECKPOINT_OK)
        status = check_rest(path, words, size, count, message);
    for (int i = 0; i < parts && status == CHECKPOINT_OK; i++) {
        if (part[i].n > 0)
            memcpy(part[i].at, words + at, (size_t)part[i].n * sizeof *words);
        at += (size_t)part[i].n;
    }
    scratch->used = mark;
    return status;
}
