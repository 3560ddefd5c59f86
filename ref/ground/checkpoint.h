/* checkpoint.h -- the state of a long computation in a file: all of it, or none.
 *
 * A state is a list of parts, each of them numbers of 64 bits under a name.  The file
 * says how many parts there are, how each is called and how long it is, then come the
 * numbers, and last a checksum of everything before it (CRC-32):
 *
 *     "state of" | parts | name, name, n  for each part | the numbers | checksum
 *
 * all in words of 64 bits, in the machine's own order of bytes.  Two promises are kept.
 * A file is replaced by a whole new one or not at all, even if the power fails.  And
 * nothing of a file is believed that is not exactly what saving such a state writes. */
#ifndef REF_CHECKPOINT_H
#define REF_CHECKPOINT_H

#include "ground/arena.h"

enum { CHECKPOINT_NAME = 16, CHECKPOINT_MESSAGE = 512 };

enum checkpoint_status {
    CHECKPOINT_OK,
    CHECKPOINT_MISSING,    /* there is no such file                        */
    CHECKPOINT_UNREADABLE, /* it is there, but cannot be read              */
    CHECKPOINT_UNWRITABLE, /* the new file cannot be written; the old stays */
    CHECKPOINT_FOREIGN,    /* it does not begin as a state does            */
    CHECKPOINT_OTHER,      /* it holds the state of something else         */
    CHECKPOINT_TRUNCATED,  /* it ends too early                            */
    CHECKPOINT_TRAILING,   /* it goes on after its end                     */
    CHECKPOINT_DAMAGED     /* its checksum or its numbers cannot be right  */
};

struct checkpoint_part {
    const char *name; /* at most CHECKPOINT_NAME bytes            */
    int n;            /* numbers of 64 bits, doubles or integers  */
    void *at;         /* where they are                           */
};

enum checkpoint_status checkpoint_save(const char *path, int parts,
                                       const struct checkpoint_part *part,
                                       struct arena *scratch,
                                       char message[CHECKPOINT_MESSAGE]);
enum checkpoint_status checkpoint_load(const char *path, int parts,
                                       const struct checkpoint_part *part,
                                       struct arena *scratch,
                                       char message[CHECKPOINT_MESSAGE]);
enum checkpoint_status checkpoint_fail(enum checkpoint_status status,
                                       char message[CHECKPOINT_MESSAGE],
                                       const char *path, const char *what, ...)
    __attribute__((format(printf, 4, 5)));

#endif
