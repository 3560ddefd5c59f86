/* ball.h -- numbers that know how wrong they may be, for what is to be proved.
 *
 * A ball is a real interval, and what a function returns holds every value that the
 * operation has on the intervals it was given: the true answer does not escape,
 * whatever is rounded.  Balls lie in a stack, one behind the other, as numbers do in an
 * arena; a result lies in the stack of its arguments, and is rounded to the stack's
 * precision.
 *
 *     struct balls balls = balls_make(100, 64);
 *     int mark = balls.used;
 *     ball x = ball_between(&balls, 1, 2);
 *     evidence(claim, "1 / x on [1, 2]", ball_at_most(ball_div(one, x), 1));
 *     balls.used = mark;
 *     balls_free(&balls);
 *
 * A function of a wide ball is enclosed coarsely where x appears twice: cut the
 * interval into pieces and join what was found.  [Tucker 2011, "Validated Numerics";
 * Johansson 2017, "Arb", IEEE Trans. Comput. 66] */
#ifndef PROOFS_BALL_H
#define PROOFS_BALL_H

#include "ground/arblib.h"
#include "ground/finding.h"

struct balls {
    arb_ptr at;      /* count of them                   */
    int count, used; /* in all, and handed out          */
    int bits;        /* of precision, for every result  */
};

typedef struct {
    struct balls *in;
    arb_ptr at;
} ball;

struct balls balls_make(int count, int bits);
void balls_free(struct balls *balls);

/* Exactly this double; all numbers from low to high, which are finite and in order.  A
 * constant that is no double: p / q with q > 0, a decimal such as "3.4445", and pi. */
ball ball_number(struct balls *in, double value);
ball ball_between(struct balls *in, double low, double high);
ball ball_ratio(struct balls *in, int p, int q);
ball ball_decimal(struct balls *in, const char *decimal);
ball ball_pi(struct balls *in);

ball ball_add(ball x, ball y);
ball ball_sub(ball x, ball y);
ball ball_mul(ball x, ball y);
ball ball_div(ball x, ball y); /* of no use if y holds 0 */
ball ball_plus(ball x, double c);
ball ball_times(double c, ball x);
ball ball_neg(ball x);
ball ball_abs(ball x);
ball ball_square(ball x); /* never below 0, as x times x may be */
ball ball_power(ball x, int n);
ball ball_sqrt(ball x); /* of no use if x reaches below 0; nor are log and acos */
ball ball_exp(ball x);
ball ball_expm1(ball x); /* e^x - 1 */
ball ball_log(ball x);
ball ball_tanh(ball x);
ball ball_sin(ball x);
ball ball_cos(ball x);
ball ball_acos(ball x);
ball ball_atan(ball x);

/* c_0 x^degree + ... + c_degree by Horner's rule. */
ball ball_polynomial(int degree, const int *c, ball x);

/* x := an interval that holds x and y. */
void ball_join(ball x, ball y);

/* The number in the middle of a ball, exactly; and nearly, as a double that may lie
 * beside it, for a guess of which nothing is to depend. */
ball ball_middle(ball x);
double ball_near(ball x);

/* The integral of f, analytic but where it says so, from a to b, to about 2^-accuracy;
 * f computes on complex balls. [Arb, acb_calc_integrate] */
ball ball_integral(struct balls *in, acb_calc_func_t f, void *context, double a,
                   double b, int accuracy);

/* The ends, rounded outward: the ball lies in [low, high].  An end of a ball about
 * which nothing is known is infinite or NaN. */
double ball_low(ball x);
double ball_high(ball x);

/* How far outside of a ball a number lies; 0 if it may be in it. */
double ball_distance(ball x, double value);

/* What is proved of the numbers in a ball.  The finding holds if all of them are within
 * the limit, fails if none is, and otherwise cannot tell.  It measures the end that is
 * the hardest for what it found: of those within the limit the worst, or of those
 * without the best. */
struct finding ball_at_least(ball x, double limit);
struct finding ball_at_most(ball x, double limit);

#endif
