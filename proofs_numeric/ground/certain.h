/* certain.h -- what follows from enclosures: that a statement holds all over a box,
 * that an equation has one solution in it, that a matrix is definite.
 *
 * A verdict is about every number in the balls that it was told of.  CERTAIN: it is so;
 * REFUTED: it is certainly not so; OPEN: the balls are too wide to tell.  A box that is
 * open may be cut, or enclosed again with more bits; nothing here is ever guessed.
 * [Moore, Kearfott, Cloud 2009, "Introduction to Interval Analysis"; Tucker 2011] */
#ifndef PROOFS_CERTAIN_H
#define PROOFS_CERTAIN_H

#include "ground/ball.h"

enum verdict { REFUTED = -1, OPEN, CERTAIN };

/* x > 0; x < y, for all of their numbers; a and b. */
enum verdict is_positive(ball x);
enum verdict is_less(ball x, ball y);
enum verdict both(enum verdict a, enum verdict b);

/* The finding that a statement is certain, shown as 1 >= 1: it fails at -1, if the
 * statement is refuted, and at 0 it cannot tell. */
struct finding certainly(enum verdict verdict);

/* ---- All over a box ---------------------------------------------------------------
 */

enum { BOX_SIDES = 8, SEARCH_PIECES = 1000000 };

struct box {
    int n; /* sides, at most BOX_SIDES */
    double low[BOX_SIDES], high[BOX_SIDES];
};

struct search {
    long pieces, open; /* looked at, and given up */
};

/* What is so of all points in these n intervals? */
typedef enum verdict box_statement(void *context, const ball *x);

/* Is the statement so at every point of the box?  It is refuted by one piece on which
 * it is, or by the point in the middle of one.  Where it stays open the longest side is
 * halved, `depth` times at most and not into more than SEARCH_PIECES.  search: zeros
 * before, what was done after. */
enum verdict everywhere(struct balls *in, box_statement *statement, void *context,
                        struct box box, int depth, struct search *search);

/* ---- One solution -----------------------------------------------------------------
 */

/* value := f over the box x, n balls; slope := its derivative there, n x n row by row,
 * unless slope is NULL.  Both hold what they should at every point of the box. */
typedef void ball_map(void *context, const ball *x, ball *value, ball *slope);

/* Does f(x) = 0 have exactly one solution in x, by the interval Newton method? REFUTED:
 * it has none.  x: narrowed by each step to what may still be a solution. */
enum verdict newton(ball_map *f, void *context, int steps, ball x);

/* The same in n unknowns, by Krawczyk's operator
 *     K = c - C f(c) + (I - C f'(x)) (x - c)
 * where c is the middle of x and C nearly the inverse of f'(c).  If K lies inside of x,
 * the map c - C f contracts x into itself.  x: n balls, which become K if so. */
enum verdict krawczyk(ball_map *f, void *context, int n, ball *x);

/* ---- Definite matrices ------------------------------------------------------------
 */

/* v'Av for a matrix of balls, n x n row by row. */
ball ball_form(const ball *A, int n, const double *v);

/* v := an eigenvector of the least eigenvalue of A's middle, by LAPACK: nearly. */
void lowest_direction(const ball *A, int n, double *v);

/* Is A - shift I positive definite, for every symmetric A of these n x n balls? CERTAIN
 * if Cholesky goes through in balls; REFUTED if lowest_direction shows that none is. */
enum verdict positive_definite(const ball *A, int n, double shift);

#endif
