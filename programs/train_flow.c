/* train_flow.c -- trains a continuous flow on a law in the plane, for as long as you
 * like.
 *
 *     train_flow LAW FILE [ITERATIONS]       LAW: gaussians, moons or checkerboard
 *
 * The state is kept in FILE: end the program with Ctrl-C, or pull the plug, start it
 * again with the same words, and it goes on as if nothing had been.  At the end it says
 * what likelihood it has reached on points that it has not seen.  The state of another
 * law or length is not gone on with: it is set aside, and the program says so. */
#include "continuous_flows.h"
#include "session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HIDDEN = 2,
    WIDTH = 32,
    STEPS = 6,
    BATCH = 256,
    HELD_OUT = 10000,
    MOST = 1000000
};

static volatile sig_atomic_t stop;

static void on_interrupt(int signal) { stop = signal; }

static cnf_law *law_named(const char *name)
{
    return strcmp(name, "gaussians") == 0      ? cnf_gaussians
           : strcmp(name, "moons") == 0        ? cnf_moons
           : strcmp(name, "checkerboard") == 0 ? cnf_checkerboard
                                               : NULL;
}

/* The mean of the log-density over fresh points, in nats; NaN if it has none. */
static double likelihood(const struct cnf_problem *problem, vec w, struct arena *arena)
{
    struct rng rng = rng_make(1, "train_flow, held out", 0);
    mat X = arena_mat(arena, HELD_OUT, 2);
    vec log_p = arena_vec(arena, HELD_OUT);
    problem->law(&rng, X);
    enum ode_status status = cnf_log_density(&problem->cnf, w, X, NULL, arena, log_p);
    double sum = 0;
    for (int i = 0; i < HELD_OUT; i++)
        sum += log_p.at[i] / HELD_OUT;
    return status == ODE_DONE && isfinite(sum) ? sum : NAN;
}

/* The last line: on paper too, if that is where it goes. */
static int report(const struct cnf_problem *problem, vec w, struct arena *arena)
{
    double nats = likelihood(problem, w, arena);
    if (isnan(nats))
        fprintf(stderr, "train_flow: the densities of fresh points are not finite\n");
    else if (printf("log-likelihood of %d fresh points: %.4f nats\n", HELD_OUT, nats) <
                 0 ||
             fflush(stdout) != 0)
        perror("train_flow: the result cannot be written");
    else
        return EXIT_SUCCESS;
    return EXIT_FAILURE;
}

/* All that is to be the same when a run goes on. */
static void write_recipe(const char *law, const struct recipe *recipe,
                         char text[TRAINING_RECIPE])
{
    snprintf(text, TRAINING_RECIPE,
             "%s: %d x %d units, %d steps, batches of %d, %d iterations, rate %g to %g",
             law, HIDDEN, WIDTH, STEPS, BATCH, recipe->iterations, recipe->alpha,
             recipe->alpha_last);
}

static int run(const char *law, const char *file, int iterations, struct arena *arena)
{
    struct cnf_problem problem = {.cnf = cnf_make(2, HIDDEN, WIDTH, STEPS, 0),
                                  .law = law_named(law),
                                  .batch = BATCH};
    struct recipe recipe = {.loss = cnf_loss,
                            .problem = &problem,
                            .iterations = iterations,
                            .alpha = 0.02,
                            .alpha_last = 0};
    struct training training =
        training_make(arena, mlp_parameters(&problem.cnf.net), rng_make(1, "flow", 0));
    struct session session = {.path = file,
                              .every = 50,
                              .display = stderr,
                              .stop = &stop};
    char message[CHECKPOINT_MESSAGE] = "", text[TRAINING_RECIPE];
    write_recipe(law, &recipe, text);
    training.recipe = text;
    cnf_draw(&problem.cnf, &training.rng, training.theta);
    switch (session_train(&recipe, session, arena, &training, message)) {
    case SESSION_DONE:
        return report(&problem, training.theta, arena);
    case SESSION_STOPPED:
        printf("stopped after %d iterations; the same command goes on\n",
               training.iteration);
        return EXIT_SUCCESS;
    case SESSION_DIVERGED:
        fprintf(stderr, "train_flow: diverged after %d iterations\n",
                training.iteration);
        return EXIT_FAILURE;
    default:
        fprintf(stderr, "train_flow: %s\n", message);
        return EXIT_FAILURE;
    }
}

int main(int argc, char **argv)
{
    dense_begin(argv);
    bool named = (argc == 3 || argc == 4) && law_named(argv[1]) != NULL;
    char *end = "";
    long iterations = argc == 4 ? strtol(argv[3], &end, 10) : 1000;
    bool number = *end == '\0' && (argc < 4 || *argv[3] != '\0');
    if (!named || !number || iterations < 1 || iterations > MOST) {
        fprintf(stderr,
                "usage: train_flow gaussians|moons|checkerboard FILE "
                "[ITERATIONS, 1 to %d]\n",
                MOST);
        return 2;
    }
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    struct arena arena = arena_make(256 << 20);
    int status = run(argv[1], argv[2], (int)iterations, &arena);
    arena_free(&arena);
    return status;
}
