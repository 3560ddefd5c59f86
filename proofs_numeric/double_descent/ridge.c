#include "double_descent/worlds.h"

#include <math.h>

/* The mean risk is less than with another penalty, so many times as large, on the same
 * data. */
static struct finding beats(struct claim *claim, int N, double factor)
{
    struct outcome best, other;
    measure(claim, N, best_ridge(N), &best);
    measure(claim, N, factor * best_ridge(N), &other);
    for (int i = 0; i < PAIRS; i++) {
        best.risk[i] = exp(best.risk[i]) / (SIGMA * SIGMA);
        other.risk[i] = exp(other.risk[i]) / (SIGMA * SIGMA);
    }
    return exceeds(other.risk, best.risk, 0);
}

CLAIM(dd_ridge, STATISTIC, "With the best ridge the error falls as the data double")
{
    static const int examples[] = {12, 25, 50, 100, 200};
    struct outcome before, now;
    measure(claim, examples[0], best_ridge(examples[0]), &before);
    for (int e = 1; e < 5; e++) {
        char line[40];
        measure(claim, examples[e], best_ridge(examples[e]), &now);
        snprintf(line, sizeof line, "ln risk at N = %d, less at %d", examples[e - 1],
                 examples[e]);
        evidence(claim, line, exceeds(before.risk, now.risk, 0));
        before = now;
    }
    /* It is the best for weights of unknown direction, in the mean. */
    evidence(claim, "risk with a quarter of it, less", beats(claim, D, 0.25));
    evidence(claim, "risk with four times of it, less", beats(claim, D, 4));

    measure(claim, 25, 1e-6, &before);
    measure(claim, 50, 1e-6, &now);
    control(claim, "\"any trace\", lambda = 1e-6", exceeds(before.risk, now.risk, 0));
}

SECTION(ridge, &dd_ridge);
