/* session.h -- how a person trains: with a file, a display, and a key to stop.
 *
 * The state of the run is in the file at path.  It is loaded if it is there, saved at
 * once, every so often, when the run stops, and at its end.  The state of another
 * recipe is not gone on with and not lost: it is set aside, to PATH.other.  While a
 * session lasts, it holds PATH.lock, so that there is no second one on the same file.
 */
#ifndef PROGRAMS_SESSION_H
#define PROGRAMS_SESSION_H

#include "ground/training.h"

#include <signal.h>
#include <stdio.h>

struct session {
    const char *path;                  /* where the state is kept                   */
    int every;                         /* iterations from one saving to the next    */
    FILE *display;                     /* a terminal, or any file; NULL for none    */
    const volatile sig_atomic_t *stop; /* not 0 once the run shall stop; or NULL    */
};

enum session_status {
    SESSION_DONE,
    SESSION_STOPPED,   /* by the flag                                         */
    SESSION_DIVERGED,  /* the file keeps what was saved last, while all went well */
    SESSION_NOT_BEGUN, /* the file cannot be used; it is as it was            */
    SESSION_NOT_SAVED  /* the file cannot be written any more                 */
};

enum session_status session_train(const struct recipe *recipe, struct session session,
                                  struct arena *scratch, struct training *training,
                                  char message[CHECKPOINT_MESSAGE]);

#endif
