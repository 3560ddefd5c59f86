/* training.h -- a training run that can be watched, stopped, and resumed without loss.
 *
 * What will become of a run depends on its recipe and on its state: the parameters,
 * what the optimizer remembers, where the random stream stands, and how many iterations
 * are done.  Nothing else does, no clock and no address; so a run that is saved,
 * stopped and loaded ends with the bits that it would have ended with. */
#ifndef REF_TRAINING_H
#define REF_TRAINING_H

#include "ground/checkpoint.h"
#include "ground/optimizers.h"
#include "ground/rng.h"

#include <stdbool.h>

enum { TRAINING_RECIPE = 160 };

struct training {
    vec theta;          /* what is trained                                           */
    struct adam adam;   /* what the optimizer remembers of it                        */
    struct rng rng;     /* where the batches come from                               */
    int iteration;      /* how many are done, >= 0                                   */
    const char *recipe; /* whose state this is, in less than TRAINING_RECIPE bytes:  */
                        /* all that is to be the same when the run goes on, in words */
};

/* A loss at theta on a batch from rng, and its gradient.  progress: how much of the run
 * is over, in [0, 1).  theta: read; grad: as long, overwritten. */
typedef double training_objective(const void *problem, double progress, vec theta,
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
    TRAINING_STOPPED, /* by the watcher                                           */
    TRAINING_DIVERGED /* the loss, its gradient, or the next state are not finite */
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

#endif
