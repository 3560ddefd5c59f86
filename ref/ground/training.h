/* training.h -- a training run that can be watched, stopped, and resumed without loss.
 *
 * What will become of a run depends on its recipe and on its state: the parameters,
 * what the optimizer remembers, where the random stream stands, and how many iterations
 * are done.  Nothing else does, no clock and no address; so a run that is saved,
 * stopped and loaded ends with the bits that it would have ended with. */
#ifndef REF_TRAINING_H
#define REF_TRAINING_H

#include "ground/checkpoint.h"
#include "invariance.h"
#include "ground/rng.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct training {
    vec theta;        /* what is trained                    */
    struct adam adam; /* what the optimizer remembers of it */
    struct rng rng;   /* where the batches come from        */
    int iteration;    /* how many are done, >= 0            */
};

/* A loss at theta on a batch from rng, and its gradient.  done: how much of the run is
 * over, in [0, 1).  theta: read; grad: as long, overwritten. */
typedef double training_objective(const void *problem, double done, vec theta,
                                  struct rng *rng, struct arena *scratch, vec grad);

struct recipe {
    training_objective *loss;
    const void *problem; /* what the loss is about                        */
    int iterations;      /* of the whole run                              */
    double alpha;        /* the first learning rate; it falls linearly    */
    double alpha_last;   /* to this one                                   */
};

/* Called after each iteration with its loss; the run goes on while it returns true. */
typedef bool training_watcher(void *context, const struct recipe *recipe,
                              const struct training *training, double loss);

enum training_status {
    TRAINING_DONE,
    TRAINING_STOPPED,  /* by the watcher, or by the flag of the session   */
    TRAINING_DIVERGED, /* the loss or its gradient is not finite at theta */
    TRAINING_NOT_SAVED /* the file cannot be read or written              */
};

struct training training_make(struct arena *arena, int n, struct rng rng);
double training_step(const struct recipe *recipe, struct arena *scratch,
                     struct training *training);
enum training_status train(const struct recipe *recipe, training_watcher *watch,
                           void *context, struct arena *scratch,
                           struct training *training);

enum checkpoint_status training_save(const char *path, const struct training *training,
                                     struct arena *scratch,
                                     char message[CHECKPOINT_MESSAGE]);
enum checkpoint_status training_load(const char *path, struct arena *scratch,
                                     struct training *training,
                                     char message[CHECKPOINT_MESSAGE]);

/* How a person trains: with a file, a display, and a key to stop. */
struct session {
    const char *path;                  /* where the state is kept                   */
    int every;                         /* iterations from one saving to the next    */
    FILE *display;                     /* a terminal, or any file; NULL for none    */
    const volatile sig_atomic_t *stop; /* not 0 once the run shall stop; or NULL    */
};

enum training_status train_session(const struct recipe *recipe, struct session session,
                                   struct arena *scratch, struct training *training,
                                   char message[CHECKPOINT_MESSAGE]);

#endif
