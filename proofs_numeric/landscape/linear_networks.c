/* "Linear networks": two layers, of which every critical point is known. */
#include "ground/worlds.h"
#include "landscape/curvatures.h"
#include "landscape/targets.h"

#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <math.h>

/* A random hidden basis with singular values 1 and 2; idle units that look at the last
 * v, which M does not see. */
static mat random_basis(struct target *x, struct rng *rng)
{
    vec s = arena_vec(x->arena, MID);
    for (int i = 0; i < MID; i++)
        s.at[i] = 1 + i;
    return factored_matrix_make(x->arena, rng, MID, MID, s).A;
}

static mat unseen(struct target *x, struct rng *rng)
{
    mat Z = arena_mat(x->arena, MID, IN);
    for (int i = 0; i < MID; i++)
        axpy(rng_normal(rng), row(x->V, IN - 1), row(Z, i));
    return Z;
}

/* What all families of one target show together. */
struct census {
    int families, minima, right, right_without;
    double gradient, value, gap;
};

/* The eigenvalues of a family's Hessian in the basis C are, by Ostrowski, at least 1/4
 * of those in the basis I where |C|, |C^-1| <= 2; and those are known to be 0, or 1/2
 * and more: an edge of 1e-3 lies well between that and rounding. */
static struct census take_census(struct target *x, struct rng *rng,
                                 struct series *table)
{
    struct census c = {.gap = INFINITY};
    mat H = arena_mat(x->arena, x->w.n, x->w.n);
    for (unsigned kept = 0; kept < SUBSETS; kept++) {
        if (size_of(kept) > MID)
            continue;
        target_stand(x, kept, random_basis(x, rng), unseen(x, rng));
        double loss = target_loss(x), value = half_squares_left(x, kept);
        c.value = worst(c.value, fabs(loss - value));
        c.gradient = worst(c.gradient, norm(x->grad));
        curvatures(x->arena, target_gradient, x, x->w, 0.5, H);
        struct spectrum s = spectrum_of(x->arena, H, 1e-3);
        int idle = (MID - size_of(kept)) * (OUT - size_of(kept));
        int index = land_linear_index(OUT, MID, kept);
        c.families++, c.minima += s.negative == 0, c.right += s.negative == index;
        c.right_without += s.negative == index - idle;
        c.gap = smallest(c.gap, s.gap);
        if (table != NULL)
            series_row(table, (double[]){s.negative, loss, index, value});
    }
    return c;
}

CLAIM(land_families, IDENTITY,
      "Critical points of a linear net: one family for each choice of directions")
{
    struct rng rng = claim_rng(claim, 0);
    struct target x = target_make(claim, &rng, 2, (double[]){4, 3, 2, 1});
    struct target twins = target_make(claim, &rng, 2, (double[]){4, 3, 3, 1});
    struct series table =
        series_begin(claim, "families", "index", "loss", "index_law", "loss_law", NULL);
    struct census c = take_census(&x, &rng, &table);
    struct census other = take_census(&twins, &rng, NULL);
    series_end(&table);
    /* Products of 4 x 2 and 2 x 5, in three passes, of entries of 2 * 4 at most. */
    double limit = rounding(3 * (IN + MID), 32);
    evidence(claim, "gradient at 11 points", at_most(c.gradient, limit));
    evidence(claim, "loss less half the squares left", at_most(c.value, limit));
    evidence(claim, "families whose index is wrong", at_most(11 - c.right, 0));
    evidence(claim, "least eigenvalue that is not 0", at_least(c.gap, 0.01));
    evidence(claim, "minima besides the global one", at_most(c.minima - 1, 0));
    control(claim, "minima, two singular values equal", at_most(other.minima - 1, 0));
    target_stand(&x, 5, random_basis(&x, &rng), unseen(&x, &rng));
    axpy(0.01, row(x.V, 1), row(mlp_weights(&x.net, x.w, 0), 0));
    target_gradient(&x, x.w, x.grad);
    control(claim, "gradient, one direction kept in part",
            at_most(norm(x.grad), limit));
}

/* ---- How steep the way down is --------------------------------------------------- */

/* At balanced factors, W_2 = U sqrt(s), W_1 = sqrt(s) V': how far the least eigenvalue
 * is from the gap between the largest direction missing and the least one kept. */
static double off_the_gap(struct target *x, double share)
{
    double most = 0;
    mat H = arena_mat(x->arena, x->w.n, x->w.n);
    for (unsigned kept = 0; kept < SUBSETS; kept++) {
        if (size_of(kept) > MID || kept == 3)
            continue;
        double missing = 0, least = 0;
        for (int j = OUT - 1; j >= 0; j--)
            if (!(kept >> j & 1))
                missing = x->s.at[j]; /* in the end, the largest of them */
        for (int j = 0; j < OUT && size_of(kept) == MID; j++)
            if (kept >> j & 1)
                least = x->s.at[j]; /* in the end, the least of them */
        mat C = balanced_basis(x, kept, share);
        target_stand(x, kept, C, arena_mat(x->arena, MID, IN));
        curvatures(x->arena, target_gradient, x, x->w, 0.5, H);
        double lowest = spectrum_of(x->arena, H, 1e-3).least;
        most = worst(most, fabs(lowest + missing - least));
    }
    return most;
}

CLAIM(land_way_down, IDENTITY,
      "At balanced saddles the least curvature is a gap between singular values")
{
    struct rng rng = claim_rng(claim, 0);
    struct target x = target_make(claim, &rng, 2, (double[]){4, 2.5, 2, 0.5});
    /* The differences weigh gradients at distances of 3/2 by some 3 in all; the
     * eigenvalues of 18 rows inherit that. */
    double limit = rounding(3 * x.w.n, 32);
    evidence(claim, "least eigenvalue plus the gap",
             at_most(off_the_gap(&x, 1), limit));
    control(claim, "factors out of balance, by 2", at_most(off_the_gap(&x, 2), limit));
}

/* ---- The same in rational numbers ------------------------------------------------ */

/* Everything about one critical point of M = diag(m), exactly. */
struct exact {
    fmpq_mat_t W_2, W_1, R, H; /* R = W_2 W_1 - M */
};

static void exact_init(struct exact *x)
{
    fmpq_mat_init(x->W_2, OUT, MID), fmpq_mat_init(x->W_1, MID, IN);
    fmpq_mat_init(x->R, OUT, IN);
    fmpq_mat_init(x->H, MID * (OUT + IN), MID * (OUT + IN));
}

static void exact_clear(struct exact *x)
{
    fmpq_mat_clear(x->W_2), fmpq_mat_clear(x->W_1);
    fmpq_mat_clear(x->R), fmpq_mat_clear(x->H);
}

/* The critical point that keeps these directions, in a basis of determinant 1. */
static void exact_stand(struct exact *x, unsigned kept, const int *m)
{
    static const int C[2][2] = {{3, 2}, {4, 3}}, inverse[2][2] = {{3, -2}, {-4, 3}};
    for (int j = 0, unit = 0; j < OUT; j++)
        if (kept >> j & 1) {
            for (int k = 0; k < MID; k++) {
                fmpq_set_si(fmpq_mat_entry(x->W_2, j, k), C[unit][k], 1);
                fmpq_set_si(fmpq_mat_entry(x->W_1, k, j), inverse[k][unit] * m[j], 1);
            }
            unit++;
        }
    fmpq_mat_mul(x->R, x->W_2, x->W_1);
    for (int j = 0; j < OUT; j++)
        fmpq_sub_si(fmpq_mat_entry(x->R, j, j), fmpq_mat_entry(x->R, j, j), m[j]);
}

/* Are W_2'R and R W_1' exactly 0? */
static bool exact_critical(const struct exact *x)
{
    fmpq_mat_t left, right, product;
    fmpq_mat_init(left, MID, OUT), fmpq_mat_init(product, MID, IN);
    fmpq_mat_transpose(left, x->W_2);
    fmpq_mat_mul(product, left, x->R);
    bool zero = fmpq_mat_is_zero(product);
    fmpq_mat_clear(left), fmpq_mat_clear(product);
    fmpq_mat_init(right, IN, MID), fmpq_mat_init(product, OUT, MID);
    fmpq_mat_transpose(right, x->W_1);
    fmpq_mat_mul(product, x->R, right);
    zero = zero && fmpq_mat_is_zero(product);
    fmpq_mat_clear(right), fmpq_mat_clear(product);
    return zero;
}

/* H := J'J + the part of R, J the derivative of W_2 W_1 by W_1, row by row, and W_2. */
static void exact_hessian(struct exact *x)
{
    fmpq_mat_t J, transposed;
    int n = MID * (OUT + IN);
    fmpq_mat_init(J, OUT * IN, n), fmpq_mat_init(transposed, n, OUT * IN);
    for (int i = 0; i < OUT; i++)
        for (int j = 0; j < IN; j++)
            for (int k = 0; k < MID; k++) {
                int of_1 = k * IN + j, of_2 = MID * IN + i * MID + k;
                fmpq_set(fmpq_mat_entry(J, i * IN + j, of_1),
                         fmpq_mat_entry(x->W_2, i, k));
                fmpq_set(fmpq_mat_entry(J, i * IN + j, of_2),
                         fmpq_mat_entry(x->W_1, k, j));
            }
    fmpq_mat_transpose(transposed, J);
    fmpq_mat_mul(x->H, transposed, J);
    for (int i = 0; i < OUT; i++)
        for (int j = 0; j < IN; j++)
            for (int k = 0; k < MID; k++) {
                int of_1 = k * IN + j, of_2 = MID * IN + i * MID + k;
                fmpq *h = fmpq_mat_entry(x->H, of_1, of_2);
                fmpq_add(h, h, fmpq_mat_entry(x->R, i, j));
                fmpq_set(fmpq_mat_entry(x->H, of_2, of_1), h);
            }
    fmpq_mat_clear(J), fmpq_mat_clear(transposed);
}

/* A pivot for the congruence: a used-up row never; a row whose diagonal is not 0, or,
 * if all are, one to which another row and column are added first; -1 if nothing is
 * left. */
static int exact_pivot(fmpq_mat_t H, const bool *used)
{
    int n = (int)fmpq_mat_nrows(H), p = -1, q = -1;
    for (int i = 0; i < n; i++)
        if (!used[i] && !fmpq_is_zero(fmpq_mat_entry(H, i, i)))
            return i;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            if (!used[i] && !used[j] && !fmpq_is_zero(fmpq_mat_entry(H, i, j)))
                p = i, q = j;
    for (int j = 0; j < n && p >= 0; j++)
        fmpq_add(fmpq_mat_entry(H, p, j), fmpq_mat_entry(H, p, j),
                 fmpq_mat_entry(H, q, j));
    for (int j = 0; j < n && p >= 0; j++)
        fmpq_add(fmpq_mat_entry(H, j, p), fmpq_mat_entry(H, j, p),
                 fmpq_mat_entry(H, j, q));
    return p;
}

/* How many eigenvalues of H are negative: by Sylvester, as many as pivots of a
 * congruence that makes it diagonal.  H: overwritten. */
static int exact_index(fmpq_mat_t H)
{
    int n = (int)fmpq_mat_nrows(H), index = 0;
    bool used[MID * (OUT + IN)] = {false};
    fmpq_t t;
    fmpq_init(t);
    for (int p; (p = exact_pivot(H, used)) >= 0;) {
        fmpq *pivot = fmpq_mat_entry(H, p, p);
        used[p] = true;
        index += fmpq_sgn(pivot) < 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (!used[i] && !used[j]) {
                    fmpq_mul(t, fmpq_mat_entry(H, i, p), fmpq_mat_entry(H, p, j));
                    fmpq_div(t, t, pivot);
                    fmpq_sub(fmpq_mat_entry(H, i, j), fmpq_mat_entry(H, i, j), t);
                }
    }
    fmpq_clear(t);
    return index;
}

/* The families of M = diag(m): how many are critical points with the index of the
 * formula, and how many have no negative eigenvalue. */
static void exact_census(const int *m, int *right, int *minima)
{
    *right = *minima = 0;
    for (unsigned kept = 0; kept < SUBSETS; kept++) {
        if (size_of(kept) > MID)
            continue;
        struct exact x;
        exact_init(&x);
        exact_stand(&x, kept, m);
        exact_hessian(&x);
        bool is_critical = exact_critical(&x);
        int index = exact_index(x.H);
        *right += is_critical && index == land_linear_index(OUT, MID, kept);
        *minima += is_critical && index == 0;
        exact_clear(&x);
    }
}

CLAIM(land_families_exact, PROVED,
      "Gradient 0 and the index of eleven critical points, in rational numbers")
{
    int right, minima, twin_right, twin_minima;
    exact_census((int[]){4, 3, 2, 1}, &right, &minima);
    exact_census((int[]){4, 3, 3, 1}, &twin_right, &twin_minima);
    evidence(claim, "families as the formula says", at_least(right, 11));
    evidence(claim, "of these, minima", at_most(minima, 1));
    control(claim, "families, singular values 4, 3, 3, 1", at_least(twin_right, 11));
    control(claim, "minima, singular values 4, 3, 3, 1", at_most(twin_minima, 1));
}

SECTION(land_linear, &land_families, &land_way_down, &land_families_exact);
