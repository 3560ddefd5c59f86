/* game.h -- costs that come one by one: in round t a rule is at x_t in [-1, 1], pays
 * g_t x_t, learns g_t, steps, and is put back into the interval.  Its regret is what it
 * has paid more than the best fixed x would have.  [Zinkevich 2003; Reddi, Kale, Kumar
 * 2018, section 2] */
#ifndef PROOFS_GAME_H
#define PROOFS_GAME_H

#include "rules.h"

/* g_t, t = 1, 2, ..., of a game of size C, for a player at x. */
typedef double slope_of(double C, int t, double x);

/* C, -1, -1, and again: on average (C - 2) / 3, so that for C > 2 the best is x = -1.
 */
double period_three(double C, int t, double x);

/* The rate in round t is alpha, or alpha / sqrt t. */
struct player {
    enum rule_name name;
    double beta1, beta2, alpha;
    bool falls;
    double start; /* x_1 */
};

/* How a game ended. */
struct score {
    double x;       /* where the player was after the last step */
    double mean;    /* of where it has been                     */
    double regret;  /* of all rounds                            */
    double squares; /* the sum of g_t^2                         */
};

/* n games at once, a coordinate for each. */
void play(struct claim *claim, struct player player, slope_of *slope, int n,
          const double *C, int rounds, struct score *scores);

#endif
