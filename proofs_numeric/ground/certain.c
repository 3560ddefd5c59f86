#include "ground/certain.h"

#include "ground/arena.h"
#include "ground/route_lapack.h"

#include <math.h>
#include <stdlib.h>

enum verdict is_positive(ball x)
{
    return arb_is_positive(x.at) ? CERTAIN : arb_is_nonpositive(x.at) ? REFUTED : OPEN;
}

enum verdict is_less(ball x, ball y)
{
    int mark = x.in->used;
    enum verdict verdict = is_positive(ball_sub(y, x));
    x.in->used = mark;
    return verdict;
}

enum verdict both(enum verdict a, enum verdict b) { return a < b ? a : b; }

struct finding certainly(enum verdict verdict)
{
    struct finding finding = at_least(verdict, CERTAIN);
    finding.fails = verdict == REFUTED;
    finding.margin = verdict == CERTAIN ? 0 : verdict == REFUTED ? INFINITY : NAN;
    return finding;
}

/* ---- All over a box ---------------------------------------------------------------
 */

static enum verdict on_piece(struct balls *in, box_statement *statement, void *context,
                             const struct box *box)
{
    int mark = in->used;
    ball x[BOX_SIDES];
    for (int i = 0; i < box->n; i++)
        x[i] = ball_between(in, box->low[i], box->high[i]);
    enum verdict verdict = statement(context, x);
    in->used = mark;
    return verdict;
}

/* The point in the middle, as a box. */
static struct box middle_of(const struct box *box)
{
    struct box middle = {.n = box->n};
    for (int i = 0; i < box->n; i++)
        middle.low[i] = middle.high[i] = box->low[i] / 2 + box->high[i] / 2;
    return middle;
}

static int longest_side(const struct box *box)
{
    int longest = 0;
    for (int i = 1; i < box->n; i++)
        if (box->high[i] - box->low[i] > box->high[longest] - box->low[longest])
            longest = i;
    return longest;
}

enum verdict everywhere(struct balls *in, box_statement *statement, void *context,
                        struct box box, int depth, struct search *search)
{
    REQUIRE(box.n >= 1 && box.n <= BOX_SIDES, "a box has 1 to %d sides, not %d",
            BOX_SIDES, box.n);
    search->pieces++;
    enum verdict verdict = on_piece(in, statement, context, &box);
    if (verdict != OPEN)
        return verdict;
    struct box middle = middle_of(&box);
    if (on_piece(in, statement, context, &middle) == REFUTED)
        return REFUTED;
    if (depth == 0 || search->pieces >= SEARCH_PIECES) {
        search->open++;
        return OPEN;
    }
    int side = longest_side(&box);
    struct box lower = box, upper = box;
    lower.high[side] = upper.low[side] = box.low[side] / 2 + box.high[side] / 2;
    verdict = everywhere(in, statement, context, lower, depth - 1, search);
    if (verdict == REFUTED)
        return REFUTED;
    return both(verdict, everywhere(in, statement, context, upper, depth - 1, search));
}

/* ---- One solution -----------------------------------------------------------------
 */

/* Where f vanishes in x, f(c) = f'(somewhere) (c - x): so x is in next = c - f(c) / f'.
 * If next lies in x, f is not below 0 at one end and not above it at the other, and as
 * f' is never 0, it vanishes exactly once. */
enum verdict newton(ball_map *f, void *context, int steps, ball x)
{
    struct balls *in = x.in;
    enum verdict verdict = OPEN;
    int mark = in->used;
    for (int k = 0; k < steps; k++, in->used = mark) {
        ball over, value, slope, c = ball_middle(x);
        f(context, &x, &over, &slope);
        f(context, &c, &value, NULL);
        if (!arb_is_nonzero(slope.at) || !arb_is_finite(slope.at))
            break;
        ball next = ball_sub(c, ball_div(value, slope));
        if (!arb_overlaps(x.at, next.at)) {
            REQUIRE(verdict != CERTAIN,
                    "f has a zero and has none: it is not enclosed");
            verdict = REFUTED;
            break;
        }
        if (arb_contains(x.at, next.at))
            verdict = CERTAIN;
        arb_intersection(x.at, x.at, next.at, in->bits);
    }
    in->used = mark;
    return verdict;
}

static void set_matrix(const ball *A, int n, arb_mat_t M)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            arb_set(arb_mat_entry(M, i, j), A[i * n + j].at);
}

/* K := c - C f(c) + (I - C slope) (x - c), n x 1. */
static void operate(const ball *x, const ball *c, const ball *value, const arb_mat_t C,
                    const arb_mat_t slope, arb_mat_t K)
{
    slong n = arb_mat_nrows(C), bits = x->in->bits;
    arb_mat_t I, away, at;
    arb_mat_init(I, n, n), arb_mat_init(away, n, 1), arb_mat_init(at, n, 1);
    for (slong i = 0; i < n; i++) {
        arb_sub(arb_mat_entry(away, i, 0), x[i].at, c[i].at, bits);
        arb_set(arb_mat_entry(at, i, 0), value[i].at);
    }
    arb_mat_mul(I, C, slope, bits);
    arb_mat_neg(I, I);
    for (slong i = 0; i < n; i++)
        arb_add_ui(arb_mat_entry(I, i, i), arb_mat_entry(I, i, i), 1, bits);
    arb_mat_mul(K, I, away, bits);
    arb_mat_mul(away, C, at, bits);
    arb_mat_sub(K, K, away, bits);
    for (slong i = 0; i < n; i++)
        arb_add(arb_mat_entry(K, i, 0), arb_mat_entry(K, i, 0), c[i].at, bits);
    arb_mat_clear(I), arb_mat_clear(away), arb_mat_clear(at);
}

/* Is K, n x 1, inside of x; or beside it, or beside 0 what f is over x? */
static enum verdict inside(const ball *x, const ball *over, const arb_mat_t K)
{
    enum verdict verdict = CERTAIN;
    for (slong i = 0; i < arb_mat_nrows(K); i++) {
        arb_srcptr k = arb_mat_entry(K, i, 0);
        if (!arb_overlaps(x[i].at, k) || arb_is_nonzero(over[i].at))
            return REFUTED;
        if (!arb_contains_interior(x[i].at, k))
            verdict = OPEN;
    }
    return verdict;
}

enum verdict krawczyk(ball_map *f, void *context, int n, ball *x)
{
    struct balls *in = x->in;
    int mark = in->used;
    ball *at = calloc(SIZE_PRODUCT(3, n) + SIZE_PRODUCT(n, n), sizeof *at);
    REQUIRE(at != NULL, "no room for %d unknowns", n);
    ball *c = at, *value = at + n, *over = at + 2 * n, *slope = at + 3 * n;
    arb_mat_t C, J, K;
    arb_mat_init(C, n, n), arb_mat_init(J, n, n), arb_mat_init(K, n, 1);
    for (int i = 0; i < n; i++)
        c[i] = ball_middle(x[i]);
    f(context, c, value, slope);
    set_matrix(slope, n, J);
    enum verdict verdict = OPEN;
    if (arb_mat_inv(C, J, in->bits)) {
        arb_mat_get_mid(C, C);
        f(context, x, over, slope);
        set_matrix(slope, n, J);
        operate(x, c, value, C, J, K);
        verdict = inside(x, over, K);
    }
    for (int i = 0; i < n && verdict == CERTAIN; i++)
        arb_set(x[i].at, arb_mat_entry(K, i, 0));
    arb_mat_clear(C), arb_mat_clear(J), arb_mat_clear(K);
    free(at);
    in->used = mark;
    return verdict;
}

/* ---- Definite matrices ------------------------------------------------------------
 */

ball ball_form(const ball *A, int n, const double *v)
{
    ball sum = ball_number(A->in, 0);
    int mark = A->in->used;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++, A->in->used = mark) {
            ball vv = ball_times(v[i], ball_number(A->in, v[j]));
            arb_addmul(sum.at, A[i * n + j].at, vv.at, A->in->bits);
        }
    return sum;
}

void lowest_direction(const ball *A, int n, double *v)
{
    struct arena arena = arena_make((2 * (size_t)n * n + n + 24) * sizeof(double));
    mat M = arena_mat(&arena, n, n), Q = arena_mat(&arena, n, n);
    vec values = arena_vec(&arena, n);
    for (int i = 0; i < n * n; i++)
        M.at[i] = ball_near(A[i]);
    route_eigen(M, values, Q);
    for (int i = 0; i < n; i++)
        v[i] = row(Q, i).at[0];
    arena_free(&arena);
}

/* Is v'(A - shift I)v never positive, for v = lowest_direction of A? */
static bool is_refuted(const ball *A, int n, double shift)
{
    struct balls *in = A->in;
    int mark = in->used;
    double *v = calloc(n, sizeof *v);
    REQUIRE(v != NULL, "no room for %d numbers", n);
    lowest_direction(A, n, v);
    ball vv = ball_number(in, 0);
    for (int i = 0; i < n; i++)
        vv = ball_add(vv, ball_square(ball_number(in, v[i])));
    ball form = ball_sub(ball_form(A, n, v), ball_times(shift, vv));
    free(v);
    in->used = mark;
    return arb_is_positive(vv.at) && arb_is_nonpositive(form.at);
}

enum verdict positive_definite(const ball *A, int n, double shift)
{
    arb_mat_t M, L;
    arb_t s;
    arb_mat_init(M, n, n), arb_mat_init(L, n, n), arb_init(s);
    arb_set_d(s, shift);
    set_matrix(A, n, M);
    for (int i = 0; i < n; i++)
        arb_sub(arb_mat_entry(M, i, i), arb_mat_entry(M, i, i), s, A->in->bits);
    bool is_certain = arb_mat_cho(L, M, A->in->bits);
    arb_mat_clear(M), arb_mat_clear(L), arb_clear(s);
    return is_certain ? CERTAIN : is_refuted(A, n, shift) ? REFUTED : OPEN;
}
