#include "double_descent.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* G := Phi'Phi or Phi Phi', whichever is smaller. */
static mat small_gram(mat Phi, struct arena *scratch)
{
    int n = Phi.rows < Phi.cols ? Phi.rows : Phi.cols;
    mat G = arena_mat(scratch, n, n);
    if (Phi.rows < Phi.cols)
        gemm(1, AS_IS, Phi, TRANSPOSED, Phi, 0, G);
    else
        gram(1, Phi, G);
    return G;
}

/* x := (LL')^-1 x for one vector, along the rows of L: forward by inner products, and
 * backward taking each entry, once known, out of those above it. */
static void solve_gram(mat L, vec x)
{
    for (int i = 0; i < x.n; i++) {
        vec above = {i, x.at}, l = {i, row(L, i).at};
        x.at[i] = (x.at[i] - dot(l, above)) / l.at[i];
    }
    for (int i = x.n - 1; i >= 0; i--) {
        vec above = {i, x.at}, l = {i, row(L, i).at};
        x.at[i] /= l.at[i];
        axpy(-x.at[i], l, above);
    }
}

/* dw := Phi^+ r, by the Gram matrix LL' of the smaller side: Phi'(Phi Phi')^-1 r or
 * (Phi'Phi)^-1 Phi'r.  r: N, overwritten if Phi is wide; dw: D. */
static void correction(mat Phi, mat L, vec r, vec dw)
{
    if (Phi.rows < Phi.cols) {
        solve_gram(L, r);
        gemtv(1, Phi, r, 0, dw);
    } else {
        gemtv(1, Phi, r, 0, dw);
        solve_gram(L, dw);
    }
}

/* w := w + Phi^+ (t - Phi w); returns the norm of what was added. */
static double improve(mat Phi, mat L, vec t, vec w, vec r, vec dw)
{
    copy(t, r);
    gemv(-1, Phi, w, 1, r);
    correction(Phi, L, r, dw);
    axpy(1, dw, w);
    return norm(dw);
}

/* w := Phi^+ t by the Gram matrix, refined.  That matrix squares the condition number, and
 * so loses twice the digits where N is near D; but the residual is taken from Phi itself,
 * and each round multiplies the error by the same rho, about kappa^2 eps, which the second
 * round shows.  Three rounds leave rho^3, and two are enough if rho^2 is below eps.
 * Returns whether three are, and the answer is as good as Phi allows.
 * [Bjorck 1987, "Stability analysis of the method of seminormal equations"] */
static bool refine(mat Phi, mat L, vec t, vec w, struct arena *scratch)
{
    vec r = arena_vec(scratch, t.n), dw = arena_vec(scratch, w.n);
    fill(0, w);
    double first = improve(Phi, L, t, w, r, dw);
    double second = improve(Phi, L, t, w, r, dw);
    if (second > sqrt(DBL_EPSILON) * first)
        improve(Phi, L, t, w, r, dw);
    return second <= cbrt(DBL_EPSILON) * first;
}

/* w := the w of least norm among those that minimize ||Phi w - t||, for Phi of full rank.
 * Phi: N x D, t: N, read; w: D; scratch: min_norm_scratch(N, D) doubles.
 * Mostly by the Gram matrix; where that is too ill-conditioned, by Householder's QR.
 * [CSC2541-1/44, "Stationary solution"; 58] */
enum factor_status min_norm(mat Phi, vec t, vec w, struct arena *scratch)
{
    size_t mark = scratch->used;
    mat G = small_gram(Phi, scratch), L = arena_mat(scratch, G.rows, G.rows);
    bool done = cholesky(G, L) == FACTOR_OK && refine(Phi, L, t, w, scratch);
    scratch->used = mark;
    return done ? FACTOR_OK : min_norm_by_qr(Phi, t, w, scratch);
}
