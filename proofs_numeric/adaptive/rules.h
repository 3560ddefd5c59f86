/* rules.h -- the rules of the chapter under one name, so that a claim can say which. */
#ifndef PROOFS_RULES_H
#define PROOFS_RULES_H

#include "ground/claim.h"
#include "ground/optimizers.h"

/* Gradients whose squares overflow, or are 0, at this precision. */
#define VAST (IS_DOUBLE ? 1e200 : 1e25)
#define TINY (IS_DOUBLE ? 1e-200 : 1e-25)

enum rule_name { DESCENT, ADAGRAD, RMSPROP, ADAM, AMSGRAD, PRINTED_ADAGRAD };

/* What one of them remembers, and nothing of the others. */
struct rule {
    struct momentum momentum;
    struct adagrad adagrad;
    struct rmsprop rmsprop;
    struct adam adam;
    struct amsgrad amsgrad;
    vec sum;
};

/* The rule at rest, in n variables, without epsilon; RMSProp's beta is beta2.
 * PRINTED_ADAGRAD is the slide's: its sum ends one step before the gradient. */
struct optimizer rule_begin(struct rule *rule, enum rule_name name, struct arena *arena,
                            int n, double beta1, double beta2);

#endif
