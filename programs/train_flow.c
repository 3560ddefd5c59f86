/* train_flow.c -- trains a continuous flow on a law in the plane, for as long as you
 * like.
 *
 *     train_flow LAW FILE [ITERATIONS]       LAW: gaussians, moons or checkerboard
 *
 * The state is kept in FILE: end the program with Ctrl-C, or pull the plug, start it
 * again with the same words, and it goes on as if nothing had been.  At the end it says
 * what likelihood it has reached on points that it has not seen. */
#include "continuous_flows.h"
#include "ground/training.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 32, STEPS = 6, BATCH = 256, HELD_OUT = 10000, MOST = 1000000 };

static volatile sig_atomic_t stop;

static void on_interrupt(int signal) { stop = signal; }

static cnf_law *law_named(const char *name)
{
    return strcmp(name, "gaussians") == 0      ? cnf_gaussians
           : strcmp(name, "moons") == 0        ? cnf_moons
           : strcmp(name, "checkerboard") == 0 ? cnf_checkerboard
                                               : NULL;
}

/* The mean of the log-density over fresh points, in nats. */
static double likelihood(const struct cnf_problem *problem, vec w, struct arena *arena)
{
    struct rng rng = rng_make(1, "train_flow, held out", 0);
    mat X = arena_mat(arena, HELD_OUT, 2);
    vec log_p = arena_vec(arena, HELD_OUT);
    problem->law(&rng, X);
    cnf_log_density(&problem->cnf, w, X, NULL, arena, log_p);
    double sum = 0;
    for (int i = 0; i < HELD_OUT; i++)
        sum += log_p.at[i] / HELD_OUT;
    return sum;
}

static int run(cnf_law *law, const char *file, int iterations, struct arena *arena)
{
    struct cnf_problem problem = {cnf_make(2, 2, WIDTH, STEPS, 0), law, BATCH};
    struct recipe recipe = {cnf_loss, &problem, iterations, 0.02, 0};
    struct training training =
        training_make(arena, mlp_parameters(&problem.cnf.net), rng_make(1, "flow", 0));
    struct session session = {file, 50, stderr, &stop};
    char message[CHECKPOINT_MESSAGE] = "";
    cnf_draw(&problem.cnf, &training.rng, training.theta);
    switch (train_session(&recipe, session, arena, &training, message)) {
    case TRAINING_DONE:
        printf("log-likelihood of %d fresh points: %.4f nats\n", HELD_OUT,
               likelihood(&problem, training.theta, arena));
        return EXIT_SUCCESS;
    case TRAINING_STOPPED:
        printf("stopped after %d iterations; the same command goes on\n",
               training.iteration);
        return EXIT_SUCCESS;
    case TRAINING_DIVERGED:
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
    cnf_law *law = argc == 3 || argc == 4 ? law_named(argv[1]) : NULL;
    char *end = "";
    long iterations = argc == 4 ? strtol(argv[3], &end, 10) : 1000;
    if (law == NULL || *end != '\0' || iterations < 1 || iterations > MOST) {
        fprintf(stderr, "usage: train_flow gaussians|moons|checkerboard FILE "
                        "[ITERATIONS, 1 to 1000000]\n");
        return 2;
    }
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
    struct arena arena = arena_make(256 << 20);
    int status = run(law, argv[2], (int)iterations, &arena);
    arena_free(&arena);
    return status;
}
