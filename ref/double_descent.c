#include "double_descent.h"

#include "ground/vector_math.h"

/* G := Phi'Phi or Phi Phi', whichever is smaller. */
static mat small_gram(mat Phi, struct arena *scratch)
{
    int n = Phi.rows < Phi.cols ? Phi.rows : Phi.cols;
    mat G = arena_room_mat(scratch, n, n);
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

/* w := Phi^+ t by the Gram matrix, refined.  That matrix squares the condition number,
 * and so loses twice the digits where N is near D; but the residual is taken from Phi
 * itself, and each round multiplies the error by the same rho, about kappa^2 eps, which
 * the second round shows.  Three rounds leave rho^3, and two are enough if rho^2 is
 * below eps. Returns whether three are, and the answer is as good as Phi allows.
 * [Bjorck 1987, "Stability analysis of the method of seminormal equations"] */
static bool refine(mat Phi, mat L, vec t, struct arena *scratch, vec w)
{
    vec r = arena_vec(scratch, t.n), dw = arena_vec(scratch, w.n);
    copy(t, r);
    correction(Phi, L, r, w);
    double first = norm(w), second = improve(Phi, L, t, w, r, dw);
    if (second > sqrt(REAL_EPSILON) * first)
        improve(Phi, L, t, w, r, dw);
    return second <= cbrt(REAL_EPSILON) * first;
}

/* How nearly the columns of A depend on each other, each in units of its own length,
 * for A = QR or A'A = LL', L = R'.  If column j is the sum of x_i times columns i < j,
 * but for what is left in R_jj, then R^-1_ij = -x_i / R_jj, so that s_j = sum over i <=
 * j of d_i |R^-1_ij| = (d_j + sum of |x_i| d_i) / |R_jj|, where d_i is the length of
 * column i.  An A whose columns are off by share d_i each may be singular if share s_j
 * reaches 1.  Returns the largest s_j; NaN or infinite if R has a 0 on its diagonal. L:
 * n x n, lower triangular; B: n x n, overwritten by L^-1 D. */
FOR_THE_VECTOR_UNIT static double dependence(mat L, mat B)
{
    double most = 0;
    for (int j = 0; j < L.rows; j++) {
        vec l = {j + 1, row(L, j).at};
        real *restrict b = row(B, j).at;
        double sum = 0;
        fill(0, (vec){j, b});
        b[j] = norm(l);
        for (int i = 0; i < j; i++) { /* most are short: axpy would mostly be calls */
            const real *restrict above = row(B, i).at;
#pragma omp simd
            for (int k = 0; k <= i; k++)
                b[k] -= l.at[i] * above[k];
        }
        for (int i = 0; i <= j; i++)
            sum += fabs(b[i] /= l.at[j]);
        most = sum > most || isnan(sum) ? sum : most;
    }
    return most;
}

/* No less than the largest s_j, and O(n^2).  R_jj times column j of R^-1 is 1 at place
 * j, less R_ij times column i, for all i < j, so that s_j <= (d_j + sum of |R_ij| s_i)
 * / |R_jj|; and d_j is at most the sum of |R_ij|, i <= j.  L: n x n, lower triangular;
 * s: n, overwritten. */
FOR_THE_VECTOR_UNIT static double dependence_at_most(mat L, vec s)
{
    double most = 0;
    for (int j = 0; j < L.rows; j++) {
        const real *restrict l = row(L, j).at, *restrict known = s.at;
        double sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < j; i++)
            sum += fabs(l[i]) * (1 + known[i]);
        s.at[j] = 1 + sum / fabs(l[j]);
        most = s.at[j] > most || isnan(s.at[j]) ? s.at[j] : most;
    }
    return most;
}

/* Whether all s_j stay below a limit: mostly the bound does.  B: n x n, overwritten. */
static bool independent(mat L, double limit, mat B)
{
    return dependence_at_most(L, (vec){L.rows, B.at}) < limit ||
           dependence(L, B) < limit;
}

/* w := Phi^+ t by Householder's QR, of Phi where it is tall, w = R^-1 Q't, and of Phi'
 * where it is wide, w = Q R'^-1 t.  Phi: N x D, of full rank, t: N, read; w: D;
 * scratch: dd_fit_scratch(N, D).  Returns FACTOR_NOT_POSITIVE, and a w that means
 * nothing, if Phi may not have full rank, its columns being off by some N D eps of
 * their lengths, or w would not be finite.  [CSC2541-1/44, "Gradient Descent for Linear
 * Regression"; Higham 2002, theorem 19.4] */
enum factor_status dd_fit_by_qr(mat Phi, vec t, struct arena *scratch, vec w)
{
    REQUIRE(Phi.rows == t.n && Phi.cols == w.n, "Phi is %d x %d, t has %d, w has %d",
            Phi.rows, Phi.cols, t.n, w.n);
    size_t mark = scratch->used;
    bool wide = Phi.rows < Phi.cols;
    int longer = wide ? w.n : t.n, shorter = wide ? t.n : w.n;
    mat QR = arena_mat(scratch, longer, shorter);
    vec tau = arena_vec(scratch, shorter), x = arena_vec(scratch, longer);
    if (wide)
        transpose(Phi, QR);
    else
        copy(entries(Phi), entries(QR));
    householder_qr(QR, tau);
    copy(t, (vec){t.n, x.at});
    if (wide) {
        solve_upper(QR, TRANSPOSED, x);
        apply_q(QR, tau, AS_IS, x);
    } else {
        apply_q(QR, tau, TRANSPOSED, x);
        solve_upper(QR, AS_IS, x);
    }
    copy((vec){w.n, x.at}, w);
    mat L = arena_mat(scratch, shorter, shorter), R = row_block(QR, 0, shorter);
    transpose(R, L);
    double share = (double)longer * shorter * REAL_EPSILON;
    bool fits = independent(L, 1 / share, R) && isfinite(max_norm(w));
    scratch->used = mark;
    return fits ? FACTOR_OK : FACTOR_NOT_POSITIVE;
}

/* How large a scratch arena dd_fit and dd_fit_by_qr need, in bytes: two matrices no
 * larger than Phi, vectors of both sides twice, and the ends of five cache lines. */
size_t dd_fit_scratch(int N, int D)
{
    size_t entries = (size_t)SIZE_PRODUCT(N, D), sides = (size_t)SIZE_SUM(N, D);
    return sizeof(real) * (2 * entries + 2 * sides) + 5 * 64;
}

/* w := Phi^+ t by the Gram matrix of the smaller side.  Phi: N x D, t: N, read; w: D;
 * scratch: dd_fit_scratch(N, D) bytes.  Returns false, and a w that means nothing,
 * where that matrix is too ill-conditioned.  [CSC2541-1/58] */
bool dd_fit_by_gram(mat Phi, vec t, struct arena *scratch, vec w)
{
    REQUIRE(Phi.rows == t.n && Phi.cols == w.n, "Phi is %d x %d, t has %d, w has %d",
            Phi.rows, Phi.cols, t.n, w.n);
    size_t mark = scratch->used;
    mat G = small_gram(Phi, scratch), L = arena_room_mat(scratch, G.rows, G.rows);
    /* An entry of G is off by so many eps d_i d_j as it has products, and Cholesky adds
     * n + 1; a change of G by share d_i d_j moves a pivot by share s_j^2 of itself. */
    double share = (SIZE_SUM(Phi.rows, Phi.cols) + 1) * REAL_EPSILON;
    bool done = cholesky(G, L) == FACTOR_OK && independent(L, 1 / sqrt(share), G) &&
                refine(Phi, L, t, scratch, w);
    scratch->used = mark;
    return done;
}

/* w := the w of least norm among those that minimize ||Phi w - t||.  Phi: N x D, of
 * full rank, t: N, read; w: D; scratch: dd_fit_scratch(N, D) bytes.  Mostly by the
 * Gram matrix; where that is too ill-conditioned, by QR, which takes longer, and whose
 * status is returned.  [CSC2541-1/44, "Gradient Descent for Linear Regression"; 58] */
enum factor_status dd_fit(mat Phi, vec t, struct arena *scratch, vec w)
{
    return dd_fit_by_gram(Phi, t, scratch, w) ? FACTOR_OK
                                              : dd_fit_by_qr(Phi, t, scratch, w);
}

/* Phi := independent N(0, 1), t := Phi w_true + N(0, noise^2).  w_true: D; Phi: N x D;
 * t: N; both overwritten.  [CSC2541-1/56, D = 50 and N varied] */
void dd_draw(struct rng *rng, vec w_true, double noise, mat Phi, vec t)
{
    rng_normals(rng, 0, 1, entries(Phi));
    rng_normals(rng, 0, noise, t);
    gemv(1, Phi, w_true, 1, t);
}

/* Phi := sqrt(2/p) max(0, X W): a layer of p units that is not trained, scaled so that
 * a row of Phi is as long as one of X on average.  X: N x d; W: d x p, entries N(0, 1);
 * Phi: N x p.  [CSC2541-1/62, "linear regression with random features"] */
void dd_features(mat X, mat W, mat Phi)
{
    gemm(1, AS_IS, X, AS_IS, W, 0, Phi);
    vec phi = entries(Phi);
    for (int i = 0; i < phi.n; i++)
        phi.at[i] = phi.at[i] < 0 ? 0 : sqrt(2.0 / W.cols) * phi.at[i];
}

/* A number in [x, y), where x < y: their middle, or x where that rounds to y. */
static double between(double x, double y)
{
    double middle = x / 2 + y / 2; /* x + y may overflow */
    return x <= middle && middle < y ? middle : x;
}

/* A threshold with the fewest training errors, for the classifiers that say 1 above it
 * and -1 below.  x: N, ascending and finite; labels: N, each 1 or -1.  A threshold goes
 * between different points only.  [CSC2541-1/8] */
double dd_erm_threshold(vec x, vec labels)
{
    REQUIRE(x.n > 0 && labels.n == x.n, "%d points, %d labels", x.n, labels.n);
    int errors = 0, least = 0; /* more or fewer than below all points */
    double best = -INFINITY;
    for (int i = 0; i < x.n; i++) {
        double next = i + 1 < x.n ? x.at[i + 1] : INFINITY;
        REQUIRE(isfinite(x.at[i]) && x.at[i] <= next,
                "x must be finite and ascend, got %g before %g", x.at[i], next);
        REQUIRE(labels.at[i] == 1 || labels.at[i] == -1,
                "a label must be 1 or -1, got %g", labels.at[i]);
        errors += labels.at[i] > 0 ? 1 : -1; /* point i goes below the threshold */
        if (errors < least && x.at[i] < next) {
            least = errors;
            best = isfinite(next) ? between(x.at[i], next) : INFINITY;
        }
    }
    return best;
}
