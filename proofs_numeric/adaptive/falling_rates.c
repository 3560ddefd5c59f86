/* "Falling rates": AdaGrad's regret. */
#include "game.h"

#include <math.h>

/* Always against the player. */
static double adversary(double C, int t, double x)
{
    (void)t;
    return x < 0 ? -C : C;
}

/* C and -C, for 1, 2, 4, 8, ... rounds. */
static double phases(double C, int t, double x)
{
    (void)x;
    return ilogb(t) % 2 == 0 ? C : -C;
}

/* The subgradient of C |x - 0.3|. */
static double kink(double C, int t, double x)
{
    (void)t;
    return x < 0.3 ? -C : C;
}

static const struct player adagrad = {ADAGRAD, 0, 0, 1.4142135623730951, false, 0};

/* sqrt 2 D times the root of the sum of squares, where D = 2 is the interval's length.
 */
static double regret_bound(struct score score) { return 2 * sqrt(2 * score.squares); }

static double share_of_bound(struct claim *claim, struct player player, slope_of *slope,
                             double C, int rounds)
{
    struct score score;
    play(claim, player, slope, 1, &C, rounds, &score);
    return score.regret / regret_bound(score);
}

/* For the figure: the regret per round in the game of period three. */
static void record_regret(struct claim *claim)
{
    static const double C[] = {3};
    struct player adam = {ADAM, 0, 0.1, 0.9 * sqrt(0.9), true, 0}, amsgrad = adam;
    amsgrad.name = AMSGRAD;
    struct series s = series_begin(claim, "regret", "rounds", "adagrad", "adam",
                                   "amsgrad", "bound", "adam_law", NULL);
    for (int rounds = 6; rounds < 40000; rounds *= 2) {
        struct score a, b, c;
        play(claim, adagrad, period_three, 1, C, rounds, &a);
        play(claim, adam, period_three, 1, C, rounds, &b);
        play(claim, amsgrad, period_three, 1, C, rounds, &c);
        series_row(&s, (double[]){rounds, a.regret / rounds, b.regret / rounds,
                                  c.regret / rounds, regret_bound(a) / rounds,
                                  2.0 / 3 * (C[0] - 2)});
    }
    series_end(&s);
}

CLAIM(ada_regret, BOUND, "AdaGrad's regret is at most sqrt 2 D root(sum of squares)")
{
    static slope_of *const slopes[] = {period_three, adversary, phases, kink};
    static const double sizes[] = {0.01, 3, 10, 50};
    static const int rounds[] = {1, 3, 30, 3000};
    double most = 0, least = INFINITY;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int k = 0; k < 4; k++)
                most = worst(most, share_of_bound(claim, adagrad, slopes[i], sizes[j],
                                                  rounds[k]));
    evidence(claim, "share of the bound, 64 games", at_most(most, 1));
    /* Against the adversary x_t becomes +- alpha / (2 sqrt t), whose sum is alpha sqrt
     * T, which is one half of the bound. */
    for (int j = 0; j < 4; j++)
        for (int k = 0; k < 4; k++)
            least = smallest(least, share_of_bound(claim, adagrad, adversary, sizes[j],
                                                   rounds[k]));
    evidence(claim, "against the adversary, the least", at_least(least, 0.25));
    struct score x;
    play(claim, adagrad, kink, 1, (double[]){5}, 3000, &x);
    evidence(claim, "5 |mean - 0.3|, to its bound",
             at_most(5 * fabs(x.mean - 0.3), regret_bound(x) / 3000));
    struct player adam = {ADAM, 0, 0.1, 0.9 * sqrt(0.9), true, 0};
    control(claim, "Adam, C = 3",
            at_most(share_of_bound(claim, adam, period_three, 3, 3000), 1));
    struct player descent = {DESCENT, 0, 0, 1, false, 0};
    control(claim, "descent at a constant rate of 1",
            at_most(share_of_bound(claim, descent, adversary, 3, 3000), 1));
    record_regret(claim);
}

SECTION(ada_regrets, &ada_regret);
