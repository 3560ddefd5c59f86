#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_PATH = 4096 };

/* Takes PATH.lock, which the system gives back when the process ends, however it does.
 * The file stays: who removed it might remove another's.  Returns its descriptor, or
 * -1. */
static int lock(const char *path, char *message)
{
    char name[LONGEST_PATH + 8];
    snprintf(name, sizeof name, "%s.lock", path);
    int descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (descriptor < 0) {
        checkpoint_fail(CHECKPOINT_UNWRITABLE, message, name, "cannot be opened: %s",
                        strerror(errno));
    } else if (fcntl(descriptor, F_SETLK, &whole) != 0) {
        bool taken = errno == EACCES || errno == EAGAIN;
        checkpoint_fail(CHECKPOINT_UNWRITABLE, message, path,
                        taken ? "another run is at work on it" : "cannot be locked: %s",
                        strerror(errno));
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

/* The file's state is of another recipe, as the message says: gives it the name
 * PATH.other, unless something has it, and says so. */
static bool set_aside(struct session session, char *message)
{
    char other[LONGEST_PATH + 8];
    snprintf(other, sizeof other, "%s.other", session.path);
    if (link(session.path, other) != 0 || remove(session.path) != 0) {
        size_t length = strlen(message);
        snprintf(message + length, CHECKPOINT_MESSAGE - length,
                 "; and it cannot be set aside as %.80s: %s", other, strerror(errno));
        return false;
    }
    if (session.display != NULL)
        fprintf(session.display, "%s; that is now %s, and a new run begins\n", message,
                other);
    message[0] = '\0';
    return true;
}

/* Loads what is there, if it is the state of this recipe.  True: a run may begin or go
 * on. */
static bool load(const struct recipe *recipe, struct session session,
                 struct arena *scratch, struct training *training, char *message)
{
    switch (training_load(session.path, scratch, training, message)) {
    case CHECKPOINT_OK:
        if (training->iteration <= recipe->iterations)
            return true;
        checkpoint_fail(CHECKPOINT_DAMAGED, message, session.path,
                        "has done %d of %d iterations", training->iteration,
                        recipe->iterations);
        return false;
    case CHECKPOINT_MISSING:
        message[0] = '\0';
        return true;
    case CHECKPOINT_OTHER:
        return set_aside(session, message);
    default:
        return false;
    }
}

/* A session that goes on: what the watcher below needs to know. */
struct watched {
    struct session session;
    struct arena *scratch;
    char *message;
};

static bool save(struct watched *watched, const struct training *training)
{
    return training_save(watched->session.path, training, watched->scratch,
                         watched->message) == CHECKPOINT_OK;
}

/* On a terminal, one line that is written over at every percent of the run; elsewhere,
 * a line at every tenth. */
static void show(FILE *display, const struct recipe *recipe,
                 const struct training *training, double loss)
{
    bool terminal = isatty(fileno(display));
    int64_t parts = terminal ? 100 : 10, k = training->iteration;
    bool last = k == recipe->iterations;
    if (k * parts / recipe->iterations == (k - 1) * parts / recipe->iterations)
        return;
    fprintf(display, "%siteration %d of %d, loss %.4f%s", terminal ? "\r" : "", (int)k,
            recipe->iterations, loss, terminal && !last ? "\033[K" : "\n");
    fflush(display);
}

static bool watch(void *context, const struct recipe *recipe,
                  const struct training *training, double loss)
{
    struct watched *watched = context;
    struct session session = watched->session;
    if (session.display != NULL)
        show(session.display, recipe, training, loss);
    if (training->iteration % session.every == 0 && !save(watched, training))
        return false;
    return session.stop == NULL || *session.stop == 0;
}

/* The run itself, between two savings: the first is now, and not after an hour. */
static enum session_status run(const struct recipe *recipe, struct watched *watched,
                               struct training *training)
{
    if (!save(watched, training))
        return SESSION_NOT_SAVED;
    enum training_status end =
        train(recipe, watch, watched, watched->scratch, training);
    if (end == TRAINING_DIVERGED)
        return SESSION_DIVERGED;
    if (!save(watched, training))
        return SESSION_NOT_SAVED;
    return end == TRAINING_DONE ? SESSION_DONE : SESSION_STOPPED;
}

/* Resumes the run that is in the file, or begins one.  training: made with the start
 * and the recipe, moved.  message: what is wrong with the file in one line, or empty.
 */
enum session_status session_train(const struct recipe *recipe, struct session session,
                                  struct arena *scratch, struct training *training,
                                  char message[CHECKPOINT_MESSAGE])
{
    REQUIRE(session.every > 0, "every must be positive, got %d", session.every);
    REQUIRE(strlen(session.path) <= LONGEST_PATH, "a path of %zu bytes",
            strlen(session.path));
    int locked = lock(session.path, message);
    if (locked < 0)
        return SESSION_NOT_BEGUN;
    enum session_status status = SESSION_NOT_BEGUN;
    struct watched watched = {.session = session,
                              .scratch = scratch,
                              .message = message};
    if (load(recipe, session, scratch, training, message))
        status = run(recipe, &watched, training);
    close(locked);
    return status;
}
