/* "One example less": what a fit becomes without it, exactly for ridge regression and
 * nearly for logistic regression. */
#include "ground/certain.h"
#include "ground/images.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "influence/weighted_nets.h"

#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <math.h>

/* ---- Ridge ------------------------------------------------------------------------
 */

enum { ROWS = 30, FEATURES = 8 };
static const double LAMBDA = 0.05;

/* The minimum of 1/2 mean over `of` of the squares + lambda/2 ||w||^2, where the sum is
 * over all rows but `without`: LAPACK's solution, from plain sums. */
static vec refit(struct claim *claim, mat Phi, vec t, int without, int of)
{
    struct arena *arena = claim_arena(claim);
    mat A = arena_mat(arena, FEATURES, FEATURES);
    vec b = arena_vec(arena, FEATURES), w = arena_vec(arena, FEATURES);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < FEATURES && i != without; j++) {
            b.at[j] += row(Phi, i).at[j] * t.at[i] / of;
            for (int k = 0; k < FEATURES; k++)
                row(A, j).at[k] += row(Phi, i).at[j] * row(Phi, i).at[k] / of;
        }
    for (int j = 0; j < FEATURES; j++)
        row(A, j).at[j] += LAMBDA;
    route_solve(A, b, w);
    return w;
}

/* Over all examples: how far inf_ridge_without is from a refit whose mean is over so
 * many; with `plain`, where the leverages are taken for 0. */
static double worst_without(struct claim *claim, struct inf_ridge *ridge, int of,
                            bool plain)
{
    struct arena *arena = claim_arena(claim);
    vec w = arena_vec(arena, FEATURES);
    double gap = 0;
    for (int i = 0; i < ROWS; i++) {
        double h = ridge->h.at[i];
        ridge->h.at[i] = plain ? 0 : h;
        inf_ridge_without(ridge, i, w);
        ridge->h.at[i] = h;
        axpy(-1, refit(claim, ridge->Phi, ridge->t, i, of), w);
        gap = worst(gap, norm(w));
    }
    return gap;
}

/* The largest gap between inf_ridge_residual_without and a refit's error. */
static double worst_residual(struct claim *claim, const struct inf_ridge *ridge)
{
    double gap = 0;
    for (int i = 0; i < ROWS; i++) {
        vec w = refit(claim, ridge->Phi, ridge->t, i, ROWS);
        double r = dot(row(ridge->Phi, i), w) - ridge->t.at[i];
        gap = worst(gap, fabs(inf_ridge_residual_without(ridge, i) - r));
    }
    return gap;
}

CLAIM(inf_leave_one_out, IDENTITY,
      "Ridge without an example: its influence, divided by one minus its leverage")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Phi = normal_mat(arena, &rng, ROWS, FEATURES);
    vec t = normal_vec(arena, &rng, ROWS);
    struct inf_ridge ridge;
    inf_ridge_fit(Phi, t, LAMBDA, arena, &ridge);
    /* A condition of trace / lambda at most; a leverage of h magnifies by 1/(1 - h). */
    double most = max_norm(ridge.h), trace = dot(entries(Phi), entries(Phi)) / ROWS;
    double size = (1 + norm(t)) * (1 + trace / LAMBDA) / (1 - most);
    double limit = rounding(ROWS + FEATURES, size), freedom = 0;
    vec a = arena_vec(arena, FEATURES);
    mat A = arena_mat(arena, FEATURES, FEATURES),
        Q = arena_mat(arena, FEATURES, FEATURES);
    gram(1.0 / ROWS, Phi, A);
    route_eigen(A, a, Q);
    for (int j = 0; j < FEATURES; j++)
        freedom += a.at[j] / (a.at[j] + LAMBDA);
    for (int i = 0; i < ROWS; i++)
        freedom -= ridge.h.at[i];
    evidence(claim, "weights, to a refit by LAPACK",
             at_most(worst_without(claim, &ridge, ROWS, false), limit));
    evidence(claim, "error on the example left out",
             at_most(worst_residual(claim, &ridge), limit));
    evidence(claim, "sum of leverages, to a/(a + lambda)",
             at_most(fabs(freedom), limit));
    control(claim, "leverages taken for 0",
            at_most(worst_without(claim, &ridge, ROWS, true), limit));
    control(claim, "a mean over the others",
            at_most(worst_without(claim, &ridge, ROWS - 1, false), limit));
}

/* ---- The same in fractions --------------------------------------------------------
 */

enum { FEW = 12, DIMENSIONS = 3 };

/* Examples with whole numbers, and a N lambda that is a fraction. */
struct fractions {
    int phi[FEW][DIMENSIONS];
    int decay; /* seven times N lambda */
    fmpq_mat_t A, b, w, q, x;
    fmpq_t r, rest, term; /* rest: 1 - h */
};

/* A := Phi'Phi + N lambda I - the square of row `without`, if there is one. */
static void fill_A(struct fractions *of, int without)
{
    for (int j = 0; j < DIMENSIONS; j++)
        for (int k = 0; k < DIMENSIONS; k++) {
            long sum = 0;
            for (int i = 0; i < FEW; i++)
                sum += i == without ? 0 : of->phi[i][j] * of->phi[i][k];
            fmpq_set_si(fmpq_mat_entry(of->A, j, k), 7 * sum + (j == k ? of->decay : 0),
                        7);
        }
}

/* x := A^-1 c phi_i. */
static void solve_row(struct fractions *of, int i, int c, fmpq_mat_t x)
{
    for (int j = 0; j < DIMENSIONS; j++)
        fmpq_set_si(fmpq_mat_entry(of->b, j, 0), c * of->phi[i][j], 1);
    fmpq_mat_solve(x, of->A, of->b);
}

/* sum := phi_i'x - c. */
static void dot_row(struct fractions *of, int i, fmpq_mat_t x, int c, fmpq_t sum)
{
    fmpq_set_si(sum, -c, 1);
    for (int j = 0; j < DIMENSIONS; j++) {
        fmpq_set_si(of->term, of->phi[i][j], 1);
        fmpq_addmul(sum, of->term, fmpq_mat_entry(x, j, 0));
    }
}

/* Is the fit without example i, where only example k has a target, 1, that with all of
 * them and A^-1 phi_i r / (1 - h), or with `plain` A^-1 phi_i r? */
static bool holds_for(struct fractions *of, int i, int k, bool plain)
{
    bool same = true;
    fill_A(of, FEW);
    solve_row(of, k, 1, of->w);
    solve_row(of, i, -1, of->q);
    dot_row(of, i, of->w, i == k, of->r);
    dot_row(of, i, of->q, -1, of->rest);
    if (!plain)
        fmpq_div(of->r, of->r, of->rest);
    fill_A(of, i);
    solve_row(of, k, i != k, of->x);
    for (int j = 0; j < DIMENSIONS; j++) {
        fmpq_submul(fmpq_mat_entry(of->w, j, 0), fmpq_mat_entry(of->q, j, 0), of->r);
        same = same &&
               fmpq_equal(fmpq_mat_entry(of->w, j, 0), fmpq_mat_entry(of->x, j, 0));
    }
    return same;
}

/* Does it hold for every example, all targets and every decay?  Both sides are linear
 * in the targets.  Multiplied by det A and by the determinant without the example,
 * which is det A (1 - h), they are polynomials in the decay of degree 2 d - 1 at most,
 * which are the same if they agree in 2 d points; and neither determinant is 0. */
static enum verdict holds(struct fractions *of, bool plain)
{
    for (of->decay = 1; of->decay <= 2 * DIMENSIONS; of->decay++)
        for (int i = 0; i < FEW; i++)
            for (int k = 0; k < FEW; k++)
                if (!holds_for(of, i, k, plain))
                    return REFUTED;
    return CERTAIN;
}

CLAIM(inf_exactly, PROVED,
      "Ridge without an example, in fractions: for all targets and every decay")
{
    struct fractions of;
    struct rng rng = claim_rng(claim, 0);
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < DIMENSIONS; j++)
            of.phi[i][j] = rng_below(&rng, 11) - 5;
    fmpq_mat_init(of.A, DIMENSIONS, DIMENSIONS);
    fmpq_mat_struct *vectors[] = {of.b, of.w, of.q, of.x};
    fmpq *numbers[] = {of.r, of.rest, of.term};
    for (int k = 0; k < 4; k++)
        fmpq_mat_init(vectors[k], DIMENSIONS, 1);
    for (int k = 0; k < 3; k++)
        fmpq_init(numbers[k]);
    evidence(claim, "the identity", certainly(holds(&of, false)));
    control(claim, "leverages taken for 0", certainly(holds(&of, true)));
    fmpq_mat_clear(of.A);
    for (int k = 0; k < 4; k++)
        fmpq_mat_clear(vectors[k]);
    for (int k = 0; k < 3; k++)
        fmpq_clear(numbers[k]);
}

/* ---- Logistic regression on images ------------------------------------------------
 */

enum { DRAWN = 4000, POOL = 7, TRAIN = 40, TEST = 100, REMOVED = 10, SETS = 32 };
static const double DECAY = 0.1;

/* The gradient at what is called a minimum; rounding leaves a hundredth of it. */
static const double FLAT = 100 * REAL_EPSILON;

/* Sneakers and boots, half of the pixels' rows and columns in each mean: margins z_i =
 * t_i x_i to learn from, and one to be tested on. */
struct shoes {
    mat Z;                 /* TRAIN x pixels                           */
    vec test;              /* of TEST images, the one of least margin  */
    struct inf_problem of; /* logistic, c_i = 1/n, with decay          */
    vec w;                 /* its minimum                              */
};

static void shoes_make(struct claim *claim, struct images all, uint64_t replicate,
                       double lambda, struct shoes *shoes)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct images x = images_draw(&rng, arena, all, TRAIN + TEST);
    images_normalize(x, TRAIN, 1);
    for (int i = 0; i < TRAIN + TEST; i++)
        scale(x.t.at[i], row(x.X, i));
    shoes->Z = row_block(x.X, 0, TRAIN);
    shoes->of = inf_problem_make(arena, inf_logistic, &shoes->Z, TRAIN, lambda);
    shoes->w = arena_vec(arena, x.X.cols);
    inf_minimize(&shoes->of, FLAT, 100, arena, shoes->w);
    double least = INFINITY;
    for (int i = TRAIN; i < TRAIN + TEST; i++)
        if (dot(row(x.X, i), shoes->w) < least) {
            least = dot(row(x.X, i), shoes->w);
            shoes->test = row(x.X, i);
        }
}

/* What the test image loses at w. */
static double test_loss(const struct shoes *shoes, vec w)
{
    return log1p(exp(-dot(shoes->test, w)));
}

/* How the test image's loss changes as the first REMOVED examples are left out, one by
 * one, each time with a fit to the others. */
static void leave_out(struct claim *claim, struct shoes *shoes, double *change)
{
    struct arena *arena = claim_arena(claim);
    vec w = arena_vec(arena, shoes->w.n);
    for (int i = 0; i < REMOVED; i++) {
        shoes->of.c.at[i] = 0;
        copy(shoes->w, w);
        if (inf_minimize(&shoes->of, FLAT, 100, arena, w) != INF_OK)
            fill(NAN, w);
        change[i] = test_loss(shoes, w) - test_loss(shoes, shoes->w);
        shoes->of.c.at[i] = 1.0 / TRAIN;
    }
}

/* artanh of the correlation of these changes with those that influence predicts, from a
 * Hessian with this decay. */
static double agreement(struct claim *claim, const struct shoes *shoes, double decay,
                        const double *change)
{
    struct arena *arena = claim_arena(claim);
    struct inf_problem of = shoes->of;
    vec dw = arena_vec(arena, shoes->w.n);
    mat H = arena_mat(arena, dw.n, dw.n);
    double guess[REMOVED], x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    of.lambda = decay;
    inf_hessian(&of, shoes->w, arena, H);
    for (int i = 0; i < REMOVED; i++) {
        inf_influence(&of, shoes->w, H, i, arena, dw);
        guess[i] = expm1(-test_loss(shoes, shoes->w)) * dot(shoes->test, dw);
        x += guess[i] / REMOVED, y += change[i] / REMOVED;
    }
    for (int i = 0; i < REMOVED; i++) {
        xx += (guess[i] - x) * (guess[i] - x), yy += (change[i] - y) * (change[i] - y);
        xy += (guess[i] - x) * (change[i] - y);
    }
    return atanh(xy / sqrt(xx * yy));
}

/* The numbers deviate by 0.54 from 4.9, and by 0.52 from 0.6: the limit of 2.65 is 22
 * standard errors of so many sets away, and Student's interval reaches 8.6. */
CLAIM(inf_logistic_regression, PHENOMENON,
      "For logistic regression, influence predicts what fits to the others find")
{
    struct images all = images_pair(claim, DRAWN, POOL, SNEAKER, BOOT);
    double change[REMOVED], r[SETS], bare[SETS];
    for (int k = 0; k < SETS; k++) {
        size_t mark = claim_arena(claim)->used;
        struct shoes shoes;
        shoes_make(claim, all, k, DECAY, &shoes);
        leave_out(claim, &shoes, change);
        r[k] = agreement(claim, &shoes, DECAY, change);
        bare[k] = agreement(claim, &shoes, DECAY / 1000, change);
        claim_arena(claim)->used = mark;
    }
    evidence(claim, "artanh of the correlation", effect_at_least(SETS, r, atanh(0.99)));
    control(claim, "a Hessian with 1/1000 of the decay",
            effect_at_least(SETS, bare, atanh(0.99)));
}

SECTION(inf_without_one, &inf_leave_one_out, &inf_exactly, &inf_logistic_regression);
