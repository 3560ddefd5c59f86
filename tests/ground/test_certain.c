/* The contract of certain.h: what is certain is so, what is refuted is not, and what
 * the balls are too wide for stays open. */
#include "ground/certain.h"
#include "ground/unit.h"

#include <math.h>

static struct balls balls;

/* A stack for each test, of which nothing is left in use. */
static void begin(void) { balls = balls_make(20000, 100); }
static void end(int in_use)
{
    ck_assert_int_eq(balls.used, in_use);
    balls_free(&balls);
}

START_TEST(verdicts_are_about_all_numbers)
{
    begin();
    ball low = ball_between(&balls, -1, 0), some = ball_between(&balls, -1, 1);
    ball high = ball_between(&balls, 1, 2), nan = ball_number(&balls, NAN);
    ck_assert_int_eq(is_positive(high), CERTAIN);
    ck_assert_int_eq(is_positive(ball_number(&balls, 0)), REFUTED);
    ck_assert_int_eq(is_positive(low), OPEN); /* the ball's radius is rounded up */
    ck_assert_int_eq(is_positive(ball_neg(high)), REFUTED);
    ck_assert_int_eq(is_positive(some), OPEN);
    ck_assert_int_eq(is_positive(nan), OPEN);
    int used = balls.used;
    ck_assert_int_eq(is_less(low, high), CERTAIN);
    ck_assert_int_eq(is_less(high, low), REFUTED);
    ck_assert_int_eq(is_less(some, high), OPEN);
    ck_assert_int_eq(both(CERTAIN, OPEN), OPEN);
    ck_assert_int_eq(both(REFUTED, OPEN), REFUTED);
    end(used);
}
END_TEST

START_TEST(findings_have_three_outcomes)
{
    struct finding yes = certainly(CERTAIN), no = certainly(REFUTED);
    struct finding open = certainly(OPEN);
    ck_assert(yes.holds && !yes.fails && yes.margin == 0);
    ck_assert(!no.holds && no.fails && no.margin > 1);
    ck_assert(!open.holds && !open.fails && isnan(open.margin));
}
END_TEST

/* ---- All over a box ---------------------------------------------------------------
 */

/* 2x - x - y + offset > 0, which a wide x makes worse. */
static enum verdict above(void *offset, const ball *x)
{
    ball once = ball_sub(ball_times(2, x[0]), x[0]);
    return is_positive(ball_plus(ball_sub(once, x[1]), *(double *)offset));
}

START_TEST(a_statement_holds_on_all_pieces_or_fails_on_one)
{
    begin();
    struct box box = {2, {0, 0}, {1, 2}};
    struct search all = {0}, none = {0};
    ck_assert_int_eq(everywhere(&balls, above, &(double){2.01}, box, 40, &all),
                     CERTAIN);
    ck_assert(all.pieces > 1 && all.pieces < 1000 && all.open == 0);
    ck_assert_int_eq(everywhere(&balls, above, &(double){1.5}, box, 40, &none),
                     REFUTED);
    ck_assert_int_lt(none.pieces, 1000);
    end(0);
}
END_TEST

START_TEST(what_is_false_in_one_point_stays_open)
{
    begin();
    struct box box = {2, {0, 0}, {1, 2}};
    struct search search = {0};
    ck_assert_int_eq(everywhere(&balls, above, &(double){2}, box, 20, &search), OPEN);
    ck_assert_int_ge(search.open, 1);
    end(0);
}
END_TEST

static enum verdict never(void *calls, const ball *x)
{
    (void)x;
    ++*(long *)calls;
    return OPEN;
}

START_TEST(a_search_gives_up)
{
    begin();
    long calls = 0;
    struct search search = {0};
    ck_assert_int_eq(everywhere(&balls, never, &calls, (struct box){1, {0}, {1}}, 3,
                                &search),
                     OPEN);
    ck_assert(calls == 30 && search.pieces == 15 && search.open == 8);
    ck_assert_int_eq(everywhere(&balls, never, &calls, (struct box){1, {0}, {1}}, 60,
                                &search),
                     OPEN);
    ck_assert_int_le(search.pieces, SEARCH_PIECES + 100);
    end(0);
}
END_TEST

/* ---- One solution -----------------------------------------------------------------
 */

/* x^2 - square, whose slope is 2x; or so it says, if it is wrong. */
struct root {
    double square;
    bool wrong;
};
static void squares(void *context, const ball *x, ball *value, ball *slope)
{
    struct root *root = context;
    *value = ball_plus(ball_square(*x), -root->square);
    if (slope != NULL)
        *slope = root->wrong ? ball_between(x->in, 100, 101) : ball_times(2, *x);
}

START_TEST(newton_encloses_a_root)
{
    begin();
    ball x = ball_between(&balls, 1, 2);
    ck_assert_int_eq(newton(squares, &(struct root){2, false}, 8, x), CERTAIN);
    ck_assert_double_lt(ball_distance(x, sqrt(2)), 1e-16);
    ck_assert_double_lt(ball_high(x) - ball_low(x), 1e-15);
    end(1);
}
END_TEST

START_TEST(newton_refutes_and_leaves_open)
{
    begin();
    ball x = ball_between(&balls, 2, 3);
    ck_assert_int_eq(newton(squares, &(struct root){2, false}, 8, x), REFUTED);
    x = ball_between(&balls, -1, 1); /* no root, but a slope of 0 */
    ck_assert_int_eq(newton(squares, &(struct root){-1, false}, 8, x), OPEN);
    x = ball_between(&balls, -1, 2); /* two roots */
    ck_assert_int_eq(newton(squares, &(struct root){0.5, false}, 8, x), OPEN);
    x = ball_between(&balls, 1, 2);
    ck_assert_int_eq(newton(squares, &(struct root){2, false}, 0, x), OPEN);
    balls_free(&balls);
}
END_TEST

START_TEST(newton_notices_a_broken_enclosure)
{
    begin();
    ball x = ball_between(&balls, 1, 2);
    ck_assert_stops("it is not enclosed",
                    newton(squares, &(struct root){2, true}, 200, x));
    balls_free(&balls);
}
END_TEST

/* x^2 + y^2 - 2 and x - y + lift; (1, 1) and (-1, -1) solve it where lift is 0. */
static void circle(void *lift, const ball *x, ball *value, ball *slope)
{
    struct balls *in = x->in;
    value[0] = ball_plus(ball_add(ball_square(x[0]), ball_square(x[1])), -2);
    value[1] = ball_plus(ball_sub(x[0], x[1]), *(double *)lift);
    if (slope == NULL)
        return;
    slope[0] = ball_times(2, x[0]), slope[1] = ball_times(2, x[1]);
    slope[2] = ball_number(in, 1), slope[3] = ball_number(in, -1);
}

static enum verdict solves(double lift, double x, double y, double radius, ball *at)
{
    at[0] = ball_between(&balls, x - radius, x + radius);
    at[1] = ball_between(&balls, y - radius, y + radius);
    return krawczyk(circle, &lift, 2, at);
}

START_TEST(krawczyk_encloses_a_solution)
{
    begin();
    ball at[2];
    ck_assert_int_eq(solves(0, 1.01, 0.99, 0.1, at), CERTAIN);
    ck_assert(ball_low(at[0]) <= 1 && ball_high(at[0]) >= 1);
    ck_assert(ball_low(at[1]) <= 1 && ball_high(at[1]) >= 1);
    ck_assert_double_lt(ball_high(at[0]), 1.05);
    end(2);
}
END_TEST

START_TEST(krawczyk_refutes_and_leaves_open)
{
    begin();
    ball at[2];
    ck_assert_int_eq(solves(0, 1.5, 0.99, 0.1, at), REFUTED);
    ck_assert_int_eq(solves(0, 0, 0.1, 2, at), OPEN);    /* two solutions      */
    ck_assert_int_eq(solves(2, 1e-3, 0, 1.5, at), OPEN); /* a double one       */
    ck_assert_int_ne(solves(9, 1, 1, 0.5, at), CERTAIN); /* none               */
    balls_free(&balls);
}
END_TEST

START_TEST(krawczyk_of_one_unknown_is_newton)
{
    begin();
    ball x = ball_between(&balls, 1.3, 1.5);
    struct root root = {2, false};
    ck_assert_int_eq(krawczyk(squares, &root, 1, &x), CERTAIN);
    ck_assert_double_eq(ball_distance(x, sqrt(2)), 0);
    balls_free(&balls);
}
END_TEST

/* ---- Definite matrices ------------------------------------------------------------
 */

/* [[2, c], [c, 2]] + a radius: its eigenvalues are 2 - c and 2 + c. */
static void pair(double c, double radius, ball *A)
{
    for (int i = 0; i < 4; i++) {
        double at = i == 0 || i == 3 ? 2 : c;
        A[i] = ball_between(&balls, at - radius, at + radius);
    }
}

START_TEST(definite_or_not_or_open)
{
    begin();
    ball A[4];
    pair(1, 1e-3, A);
    int used = balls.used;
    ck_assert_int_eq(positive_definite(A, 2, 0), CERTAIN);
    ck_assert_int_eq(positive_definite(A, 2, 0.99), CERTAIN);
    ck_assert_int_eq(positive_definite(A, 2, 1.01), REFUTED);
    ck_assert_int_eq(positive_definite(A, 2, 1), OPEN);
    pair(-3, 0.01, A);
    ck_assert_int_eq(positive_definite(A, 2, 0), REFUTED);
    pair(2, 0, A); /* singular, so not definite */
    ck_assert_int_ne(positive_definite(A, 2, 0), CERTAIN);
    pair(1, 1.5, A);
    ck_assert_int_eq(positive_definite(A, 2, 0), OPEN);
    end(used + 12);
}
END_TEST

START_TEST(forms_and_directions)
{
    begin();
    ball A[4];
    double v[2];
    pair(1, 0, A);
    ball form = ball_form(A, 2, (double[]){3, -1});
    ck_assert(ball_low(form) == 14 && ball_high(form) == 14);
    lowest_direction(A, 2, v);
    assert_near(v[0], -v[1], 1e-15);
    assert_near(v[0] * v[0], 0.5, 1e-15);
    balls_free(&balls);
}
END_TEST

START_TEST(mistakes_stop)
{
    begin();
    struct search search = {0};
    ck_assert_stops("a box has 1 to 8 sides, not 9",
                    everywhere(&balls, never, NULL, (struct box){.n = 9}, 1, &search));
    ck_assert_stops("a box has 1 to 8 sides, not 0",
                    everywhere(&balls, never, NULL, (struct box){.n = 0}, 1, &search));
    balls_free(&balls);
}
END_TEST

int main(void)
{
    return unit_run("certain",
                    (const TTest *[]){
                        verdicts_are_about_all_numbers, findings_have_three_outcomes,
                        a_statement_holds_on_all_pieces_or_fails_on_one,
                        what_is_false_in_one_point_stays_open, a_search_gives_up,
                        newton_encloses_a_root, newton_refutes_and_leaves_open,
                        newton_notices_a_broken_enclosure, krawczyk_encloses_a_solution,
                        krawczyk_refutes_and_leaves_open,
                        krawczyk_of_one_unknown_is_newton, definite_or_not_or_open,
                        forms_and_directions, mistakes_stop, NULL});
}
