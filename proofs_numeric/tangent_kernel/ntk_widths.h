/* ntk_widths.h -- what training does to networks of several widths. */
#ifndef PROOFS_NTK_WIDTHS_H
#define PROOFS_NTK_WIDTHS_H

#include "tangent_kernel/ntk_worlds.h"

/* Networks with one hidden layer of the widths first, 2 first, ..., from starts of
 * their own, on the same twelve points. */
struct experiment {
    int first;
    double size; /* the deviation of the targets, y */
    enum activation activation;
    bool positive;   /* the last layer's weights are |N(0, 1)|                     */
    bool mean_field; /* the last multiplier is over m, not sqrt(m), and alpha m-fold */
    bool whole; /* the targets are y, not y + f_0, and f is compared, not f - f_0 */
};

extern const struct experiment relu_wide, relu_mean_field, tanh_wide, tanh_mean_field;

enum quantity {
    MOVED,   /* ||w - w_0||                                                       */
    WEIGHTS, /* the same, of ||w_0||                                              */
    KERNEL,  /* ||K - K_0|| / ||K_0|| at the end                                  */
    PATH,    /* the largest ||f - linear model|| on the way, of ||y||             */
    LIMIT,   /* ||f - f_0 - the prediction of Theta|| elsewhere, of the latter's  */
    QUANTITIES
};

/* The outcomes of so many replicates, at most MOST, and what was fitted to them last.
 */
enum { WIDTHS = 5, REPLICATES = 40, MOST = 60 };
struct sample {
    struct experiment e;
    int replicates;
    double of[MOST][WIDTHS][QUANTITIES];
    double slope[MOST];
};

/* Trains networks of WIDTHS widths, in each replicate on points of its own. */
void collect(struct claim *claim, struct experiment e, int replicates,
             struct sample *s);

/* The power of m in one quantity, in each replicate; and with a minus. */
const double *slopes(struct sample *s, enum quantity q);
const double *falls(struct sample *s, enum quantity q);

/* For figures: the root of the mean square of a quantity, width by width, and the line
 * of that slope through the middle. */
void record(struct claim *claim, const char *table, const struct sample *s,
            enum quantity q, double slope);

#endif
