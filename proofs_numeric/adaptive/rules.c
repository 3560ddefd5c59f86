#include "rules.h"

#include <math.h>

/* Divides by the root of the sum up to the step before, "else 0". */
static void printed_adagrad(void *rule, double alpha, vec grad, vec w)
{
    vec sum = *(vec *)rule;
    for (int i = 0; i < w.n; i++) {
        w.at[i] -= sum.at[i] > 0 ? alpha * grad.at[i] / sqrt(sum.at[i]) : 0;
        sum.at[i] += grad.at[i] * grad.at[i];
    }
}

struct optimizer rule_begin(struct rule *rule, enum rule_name name, struct arena *arena,
                            int n, double beta1, double beta2)
{
    switch (name) {
    case DESCENT:
        rule->momentum = momentum_make(arena, n, 0);
        return by_momentum(&rule->momentum);
    case ADAGRAD:
        rule->adagrad = adagrad_make(arena, n, 0);
        return by_adagrad(&rule->adagrad);
    case RMSPROP:
        rule->rmsprop = rmsprop_make(arena, n, beta2, 0);
        return by_rmsprop(&rule->rmsprop);
    case ADAM:
        rule->adam = adam_make(arena, n, beta1, beta2, 0);
        return by_adam(&rule->adam);
    case AMSGRAD:
        rule->amsgrad = amsgrad_make(arena, n, beta1, beta2, 0);
        return by_amsgrad(&rule->amsgrad);
    default:
        rule->sum = arena_vec(arena, n);
        return (struct optimizer){printed_adagrad, &rule->sum};
    }
}
