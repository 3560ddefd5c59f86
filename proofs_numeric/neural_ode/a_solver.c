/* What is asked of a solver that chooses its steps. */
#include "roads.h"

#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <math.h>

/* On the spiral, to time 10: the error and the evaluations as powers of the tolerance,
 * from 1e-9 to 1e-12.  The truth is by 40,000 steps of order 5, to rounding. */
static void tolerances(struct claim *claim, struct fit *error, struct fit *evaluations)
{
    enum { ASKED = 10 };
    struct arena *arena = claim_arena(claim);
    struct ode ode = {2, spiral, NULL};
    double asked[ASKED], errs[ASKED], calls[ASKED], t = 0;
    vec truth = {2, (real[]){2, 0}}, start = {2, (real[]){2, 0}};
    ode_fixed(&ode, &ode_dopri5, &t, 10, 40000, truth, arena);
    struct series s =
        series_begin(claim, "tolerance", "asked", "error", "evaluations", NULL);
    for (int i = 0; i < ASKED; i++) {
        asked[i] = pow(10, -9 - i / 3.0);
        struct ode_solver x =
            ode_solver_make(arena, &ode, 0, start, asked[i], asked[i]);
        bool done = ode_to(&x, 10) == ODE_DONE;
        axpy(-1, truth, x.z);
        errs[i] = done ? norm(x.z) : NAN;
        calls[i] = x.evaluations;
        series_row(&s, (double[]){asked[i], errs[i], calls[i]});
    }
    series_end(&s);
    *error = fit_power(ASKED, asked, errs);
    *evaluations = fit_power(ASKED, asked, calls);
}

/* The midpoint rule on the same way, in equal steps: its evaluations as a power of the
 * error that they buy. */
static struct fit price_of_order_2(struct claim *claim)
{
    enum { COUNTED = 6 };
    struct ode ode = {2, spiral, NULL};
    double errs[COUNTED], calls[COUNTED], t = 0;
    vec truth = {2, (real[]){2, 0}};
    ode_fixed(&ode, &ode_dopri5, &t, 10, 40000, truth, claim_arena(claim));
    for (int i = 0; i < COUNTED; i++) {
        vec z = {2, (real[]){2, 0}};
        int steps = 1000 << i;
        t = 0;
        ode_fixed(&ode, &ode_midpoint, &t, 10, steps, z, claim_arena(claim));
        axpy(-1, truth, z);
        errs[i] = norm(z);
        calls[i] = 2.0 * steps;
    }
    return fit_power(COUNTED, errs, calls);
}

CLAIM(node_tolerance, RATE,
      "A solver errs as the tolerance that it is given, and costs as its power -1/5")
{
    if (needs_double(claim, "its tolerances go from 1e-9 to 1e-12"))
        return;
    /* The estimate is as h^5 and held at the tolerance, so h ~ tol^1/5, and the error
     * of order 5 goes with it.  Five hundred steps and more turn by less than 0.1
     * radian each: next terms of relative size 0.1, that is 0.04 decades at one end of
     * three. */
    struct fit error, evaluations;
    tolerances(claim, &error, &evaluations);
    evidence(claim, "error ~ tolerance^p", slope_is(error, 1, 0.1, 0.25));
    evidence(claim, "evaluations ~ tolerance^p",
             slope_is(evaluations, -0.2, 0.02, 0.03));
    control(claim, "a solver of order 2",
            slope_is(price_of_order_2(claim), -0.2, 0.02, 0.03));
}

/* ---- The order of a tableau, in rational numbers -----------------------------------
 * A method has the order p exactly if sum_i b_i phi_i(t) = 1 / gamma(t) for each rooted
 * tree t of at most p vertices.  [Butcher 1963; Hairer, Norsett, Wanner 1993, II.2] */

enum { VERTICES = 6, TREES = 37 };

/* The vertices of a tree, and which trees hang on its root. */
struct tree {
    int vertices, count, child[VERTICES];
};

struct forest {
    int count;
    struct tree tree[TREES];
};

/* Adds each tree that `begun` becomes when as many vertices as are left hang on its
 * root, in trees of the forest up to number `last`. */
static void grow(struct forest *forest, struct tree begun, int left, int last)
{
    if (left == 0) {
        REQUIRE(forest->count < TREES, "there are more than %d trees", TREES);
        forest->tree[forest->count++] = begun;
        return;
    }
    for (int k = last; k >= 0; k--)
        if (forest->tree[k].vertices <= left) {
            struct tree larger = begun;
            larger.child[larger.count++] = k;
            grow(forest, larger, left - forest->tree[k].vertices, k);
        }
}

static struct forest forest_make(void)
{
    struct forest forest = {.count = 1, .tree = {{.vertices = 1}}};
    for (int n = 2; n <= VERTICES; n++)
        grow(&forest, (struct tree){.vertices = n}, n - 1, forest.count - 1);
    return forest;
}

/* phi_i := the product, over the trees c on the root, of sum_j a_ij phi_j(c). */
static void stage_weights(const struct forest *forest, const struct tree *tree,
                          const fmpq_mat_t A, fmpq_mat_t phi)
{
    slong stages = fmpq_mat_nrows(A);
    fmpq_mat_t below, sums;
    fmpq_mat_init(below, stages, 1), fmpq_mat_init(sums, stages, 1);
    for (slong i = 0; i < stages; i++)
        fmpq_one(fmpq_mat_entry(phi, i, 0));
    for (int c = 0; c < tree->count; c++) {
        stage_weights(forest, &forest->tree[tree->child[c]], A, below);
        fmpq_mat_mul(sums, A, below);
        for (slong i = 0; i < stages; i++)
            fmpq_mul(fmpq_mat_entry(phi, i, 0), fmpq_mat_entry(phi, i, 0),
                     fmpq_mat_entry(sums, i, 0));
    }
    fmpq_mat_clear(below), fmpq_mat_clear(sums);
}

/* gamma: the vertices times the gammas of the trees on the root. */
static int density(const struct forest *forest, const struct tree *tree)
{
    int product = tree->vertices;
    for (int c = 0; c < tree->count; c++)
        product *= density(forest, &forest->tree[tree->child[c]]);
    return product;
}

struct rational_method {
    fmpq_mat_t A, b; /* stages x stages, 1 x stages */
};

/* x := p / q, the first convergent of its continued fraction that rounds to it.  No
 * other fraction with q < 10^7 does where |x| < 16, as two of them are 10^-14 apart. */
static void set_fraction(double x, fmpq_t fraction)
{
    long p[2] = {1, (long)floor(x)}, q[2] = {0, 1};
    for (double rest = x - floor(x); (double)p[1] / (double)q[1] != x;) {
        REQUIRE(rest > 0 && q[1] < 10000000, "%.17g is no fraction", x);
        long whole = (long)floor(1 / rest), next_p = whole * p[1] + p[0],
             next_q = whole * q[1] + q[0];
        rest = 1 / rest - (double)whole;
        p[0] = p[1], p[1] = next_p, q[0] = q[1], q[1] = next_q;
    }
    fmpq_set_si(fraction, p[1], (ulong)q[1]);
}

static struct rational_method rational_method_make(const struct ode_tableau *tableau)
{
    struct rational_method m;
    fmpq_mat_init(m.A, tableau->stages, tableau->stages);
    fmpq_mat_init(m.b, 1, tableau->stages);
    for (int i = 0; i < tableau->stages; i++) {
        set_fraction(tableau->b[i], fmpq_mat_entry(m.b, 0, i));
        for (int j = 0; j < i; j++)
            set_fraction(tableau->a[i][j], fmpq_mat_entry(m.A, i, j));
    }
    return m;
}

static void rational_method_clear(struct rational_method *m)
{
    fmpq_mat_clear(m->A), fmpq_mat_clear(m->b);
}

/* How many conditions of these orders the method breaks. */
static int broken(struct rational_method *m, int from, int to)
{
    struct forest forest = forest_make();
    fmpq_mat_t phi, sum;
    fmpq_t right;
    int count = 0;
    fmpq_mat_init(phi, fmpq_mat_nrows(m->A), 1), fmpq_mat_init(sum, 1, 1);
    fmpq_init(right);
    for (const struct tree *t = forest.tree; t < forest.tree + forest.count; t++)
        if (from <= t->vertices && t->vertices <= to) {
            stage_weights(&forest, t, m->A, phi);
            fmpq_mat_mul(sum, m->b, phi);
            fmpq_set_si(right, 1, (ulong)density(&forest, t));
            count += !fmpq_equal(fmpq_mat_entry(sum, 0, 0), right);
        }
    fmpq_mat_clear(phi), fmpq_mat_clear(sum), fmpq_clear(right);
    return count;
}

/* Those of orders 1 to `order`, and of the next one alone. */
static void break_tableau(const struct ode_tableau *tableau, int order, int *to,
                          int *next)
{
    struct rational_method m = rational_method_make(tableau);
    *to = broken(&m, 1, order);
    *next = broken(&m, order + 1, order + 1);
    rational_method_clear(&m);
}

/* How many c_i are not the sum of row i, as is needed where f depends on the time. */
static int off_sums(const struct ode_tableau *tableau)
{
    struct rational_method m = rational_method_make(tableau);
    fmpq_t c;
    int count = 0;
    fmpq_init(c);
    for (int i = 0; i < tableau->stages; i++) {
        set_fraction(tableau->c[i], c);
        for (int j = 0; j < i; j++)
            fmpq_sub(c, c, fmpq_mat_entry(m.A, i, j));
        count += !fmpq_is_zero(c);
    }
    fmpq_clear(c);
    rational_method_clear(&m);
    return count;
}

/* Dormand and Prince's second answer. */
static struct rational_method embedded(void)
{
    static const long b[ODE_STAGES][2] = {{5179, 57600},    {0, 1},
                                          {7571, 16695},    {393, 640},
                                          {-92097, 339200}, {187, 2100},
                                          {1, 40}};
    struct rational_method m = rational_method_make(&ode_dopri5);
    for (int i = 0; i < ODE_STAGES; i++)
        fmpq_set_si(fmpq_mat_entry(m.b, 0, i), b[i][0], (ulong)b[i][1]);
    return m;
}

CLAIM(node_orders, PROVED,
      "The orders 1, 2, 4 and 5 of the tableaus, by trees and rational numbers")
{
    static const struct ode_tableau *const tableaus[] = {&ode_euler, &ode_midpoint,
                                                         &ode_rk4};
    static const int orders[] = {1, 2, 4};
    int to, next, less_than = 0, best = 1000;
    for (int i = 0; i < 3; i++) {
        break_tableau(tableaus[i], orders[i], &to, &next);
        less_than += to, best = next < best ? next : best;
    }
    evidence(claim, "trees of up to 6 vertices", at_least(forest_make().count, TREES));
    evidence(claim, "Euler, midpoint, Kutta: broken", at_most(less_than, 0));
    evidence(claim, "each breaks of the next order", at_least(best, 1));
    evidence(claim, "times that are no sums of a row",
             at_most(off_sums(&ode_midpoint) + off_sums(&ode_rk4) +
                         off_sums(&ode_dopri5),
                     0));
    break_tableau(&ode_dopri5, 5, &to, &next);
    evidence(claim, "Dormand-Prince: broken of 17", at_most(to, 0));
    evidence(claim, "Dormand-Prince: of 20 of order 6", at_least(next, 11));
    struct rational_method second = embedded();
    evidence(claim, "its second answer: broken of 8",
             at_most(broken(&second, 1, 4), 0));
    control(claim, "its second answer: broken of 17",
            at_most(broken(&second, 1, 5), 0));
    rational_method_clear(&second);
    control(claim, "Dormand-Prince: broken of order 6", at_most(next, 0));
    struct ode_tableau slip = ode_dopri5;
    slip.a[5][2] = 46733.0 / 5247;
    break_tableau(&slip, 5, &to, &next);
    control(claim, "46733/5247 for 46732/5247", at_most(to, 0));
    control(claim, "the same: sums of a row", at_most(off_sums(&slip), 0));
}

SECTION(a_solver, &node_tolerance, &node_orders);
