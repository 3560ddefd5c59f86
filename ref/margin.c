#include "margin.h"

#include "ground/dense_shape.h"
#include "ground/factor.h"

#include <math.h>
#include <stdbool.h>

/* ---- Points and margins --------------------------------------------------------- */

/* z_i := y_i (1, x_i), so that w_0 is the bias.  X: n x d, y: n, labels 1 and -1, read;
 * Z: n x (d + 1), overwritten.  [Columbia-13/3, "for convenience"] */
void mar_lift(mat X, vec y, mat Z)
{
    REQUIRE_SHAPE(Z, X.rows, X.cols + 1);
    REQUIRE(y.n == X.rows, "%d labels for %d points", y.n, X.rows);
    for (int i = 0; i < X.rows; i++) {
        double label = y.at[i];
        REQUIRE(fabs(label) == 1, "label %d must be 1 or -1, got %g", i, label);
        row(Z, i).at[0] = label;
        for (int j = 0; j < X.cols; j++)
            row(Z, i).at[j + 1] = label * row(X, i).at[j];
    }
}

/* The least confidence, min z_i'w; NaN if one is.  Z: n x d with n > 0; w: d. */
double mar_least(mat Z, vec w)
{
    REQUIRE(Z.rows > 0, "a least of no points");
    double least = INFINITY;
    for (int i = 0; i < Z.rows && !isnan(least); i++) {
        double m = dot(row(Z, i), w);
        least = m >= least ? least : m;
    }
    return least;
}

/* The margin of w, min z_i'w / ||w||: no scaling of w changes it. [Columbia-13/3-4] */
double mar_margin(mat Z, vec w) { return mar_least(Z, w) / norm(w); }

/* The same for lifted points, in the space of the x: the distance, with a sign, from
 * the plane w_0 + w_1 x_1 + ... = 0 to the next of them. */
double mar_planar(mat Z, vec w) { return mar_least(Z, w) / norm(part(w, 1, w.n - 1)); }

/* ---- The largest margin, with a proof ------------------------------------------- */

struct separation mar_separation_make(struct arena *arena, int n, int d)
{
    return (struct separation){arena_vec(arena, d), arena_vec(arena, n), NAN, NAN};
}

/* The least singular value of diag(p) Z, less what rounding may have added; 0 if it is
 * not known.  Rows of zeros make the matrix tall, and change no singular value. */
static double least_spread(mat Z, vec p, struct arena *scratch)
{
    int d = Z.cols, tall = SIZE_SUM(Z.rows, d);
    mat A = arena_mat(scratch, tall, d), U = arena_mat(scratch, tall, d);
    mat V = arena_mat(scratch, d, d);
    vec s = arena_vec(scratch, d);
    for (int i = 0; i < Z.rows; i++)
        axpy(p.at[i], row(Z, i), row(A, i));
    if (svd(A, scratch, U, s, V) != FACTOR_OK)
        return 0;
    return fmax(0, s.at[d - 1] - 10 * tall * REAL_EPSILON * s.at[0]);
}

/* What e and p prove, whoever found them.  For every w of length 1 and every p,
 *     min z_i'w <= sum p_i z_i'w <= ||Z'p||:
 * low and high become the ends of this for e and p, moved outward by more than the
 * rounding of the sums: k eps sum |a_i b_i| for k terms, and a few for the lengths.  If
 * high < the least singular value of diag(p) Z, nothing separates: all p_i z_i'w >= 0
 * and their sum <= high give ||diag(p) Z w|| <= high.  Z: n x d, read, no number within
 * a factor n d of overflow; s: e and p are read. */
enum mar_status mar_certify(mat Z, struct arena *scratch, struct separation *s)
{
    int n = Z.rows, d = Z.cols;
    size_t mark = scratch->used;
    vec hull = arena_vec(scratch, d);
    double length = norm(s->e), sum = 0, spread = 0, spoil = (2 * d + 8) * REAL_EPSILON;
    s->low = INFINITY;
    for (int i = 0; i < n; i++) {
        double size = norm(row(Z, i)), reach = dot(row(Z, i), s->e) / length;
        reach -= spoil * (size + REAL_MIN);
        s->low = s->low <= reach || isnan(s->low) ? s->low : reach;
        REQUIRE(!(s->p.at[i] < 0), "share %d is negative, %g", i, s->p.at[i]);
        sum += s->p.at[i];
        spread += s->p.at[i] > 0 && size > 0 ? s->p.at[i] * size + REAL_MIN : 0;
    }
    gemtv(1 / sum, Z, s->p, 0, hull);
    s->high = norm(hull) + (2 * n + d + 8) * REAL_EPSILON * spread / sum;
    bool none = s->high == 0 || s->high < least_spread(Z, s->p, scratch) / sum;
    scratch->used = mark;
    s->low = s->low < 0 ? 0 : s->low;
    return s->low > 0 ? MAR_SEPARABLE : none ? MAR_NOT_SEPARABLE : MAR_CANNOT_TELL;
}

/* Some of the points, none of them in the plane of the others, and the point of their
 * hull that is next to 0: distance e, which is also next to 0 in all of their plane. */
struct corral {
    mat Z;           /* n x d: all points                             */
    int k, *at;      /* which, k of them, at most d + 1               */
    vec p;           /* n: their shares in that point; 0 for others   */
    vec e;           /* d: of length 1                                */
    double distance; /* z'e for each of the corral                    */
};

/* In the plane of the corral's points, the one next to 0, and its shares mu, of which
 * the sum is 1 and any may be negative.  With the columns z_i - z_0 = QR it is what
 * Q'z_0 has beyond them; so e is orthogonal to them, however near 0 the plane is. */
static void nearest_of_plane(struct corral *c, struct arena *scratch, vec mu)
{
    int d = c->Z.cols, k = c->k - 1;
    mat A = arena_mat(scratch, d, k);
    vec tau = arena_vec(scratch, k), b = arena_vec(scratch, d);
    vec first = row(c->Z, c->at[0]);
    copy(first, b);
    for (int i = 0; i < k; i++)
        for (int j = 0; j < d; j++)
            row(A, j).at[i] = row(c->Z, c->at[i + 1]).at[j] - first.at[j];
    householder_qr(A, tau);
    apply_q(A, tau, TRANSPOSED, b);
    copy(b, c->e);
    fill(0, part(c->e, 0, k));
    apply_q(A, tau, AS_IS, c->e);
    c->distance = norm(c->e);
    scale(1 / c->distance, c->e);
    solve_upper(A, AS_IS, b);
    mu.at[0] = 1;
    for (int i = 0; i < k; i++) {
        mu.at[i + 1] = -b.at[i];
        mu.at[0] += b.at[i];
    }
}

/* From the shares of the corral towards mu, as far as all are >= 0; whoever is at 0
 * leaves.  True if that is all the way, and nobody leaves. */
static bool go_to(struct corral *c, vec mu)
{
    double share = 1;
    int last = -1;
    for (int i = 0; i < c->k; i++) {
        double from = c->p.at[c->at[i]];
        double reached = from > 0 ? from / (from - mu.at[i]) : 0;
        if (mu.at[i] <= 0 && (last < 0 || reached < share)) {
            share = reached;
            last = i;
        }
    }
    for (int i = 0; i < c->k; i++) {
        real *p = &c->p.at[c->at[i]];
        *p = fmax(0, (1 - share) * *p + share * mu.at[i]);
    }
    if (last < 0)
        return true;
    c->p.at[c->at[last]] = 0;
    c->at[last] = c->at[--c->k];
    return false;
}

/* The number of the point of least z_i'e, if it is below the corral's by more than
 * rounding; or -1. */
static int lowest(const struct corral *c)
{
    int at = -1;
    double least = c->distance - (2 * c->Z.cols + 8) * REAL_EPSILON;
    for (int i = 0; i < c->Z.rows; i++) {
        double m = dot(row(c->Z, i), c->e);
        if (m < least) {
            least = m;
            at = i;
        }
    }
    return at;
}

/* Wolfe's method.  From the shortest point on: while a point lies lower along e than
 * the corral, it joins, and the point next to 0 moves to the new plane's; where that
 * lies outside of the hull, the move ends at its edge, and a point leaves.  Each round
 * shortens the distance, so no corral comes twice; but by less than rounding, now and
 * then, so the rounds are counted.  [Wolfe 1976, "Finding the nearest point in a
 * polytope"] */
static void wolfe(struct corral *c, struct arena *scratch)
{
    size_t mark = scratch->used;
    vec mu = arena_vec(scratch, c->Z.cols + 1);
    size_t inner = scratch->used;
    nearest_of_plane(c, scratch, mu);
    for (int round = 0; round < 10 * (c->Z.rows + c->Z.cols); round++) {
        int next = c->k <= c->Z.cols ? lowest(c) : -1;
        if (next < 0)
            break;
        c->at[c->k++] = next;
        do {
            scratch->used = inner;
            nearest_of_plane(c, scratch, mu);
        } while (isfinite(mu.at[0]) && !go_to(c, mu));
    }
    scratch->used = mark;
}

/* A := Z in units of a power of 2 in which its largest number is about 1, and the
 * exponent of that.  Z: finite. */
static int in_its_units(mat Z, mat A)
{
    int exponent;
    frexp(max_norm(entries(Z)), &exponent);
    for (int i = 0; i < Z.rows * Z.cols; i++)
        A.at[i] = ldexp(Z.at[i], -exponent);
    return exponent;
}

/* The largest margin of the points, and what proves it.  s := e, along the shortest
 * vector of their hull, its shares p, and low and high by mar_certify, as near to each
 * other as rounding lets them; all NaN, and MAR_CANNOT_TELL, if Z is not finite.  Then
 * w = e / gamma and alpha = p / gamma^2 solve: least ||w||^2 with all z_i'w >= 1.  Z: n
 * x d, n, d > 0, read.  [Columbia-13/3; IEMS402-14/20, "KKT condition"] */
enum mar_status mar_solve(mat Z, struct arena *scratch, struct separation *s)
{
    int n = Z.rows, d = Z.cols, shortest = 0;
    REQUIRE(n > 0 && d > 0, "%d points in %d dimensions", n, d);
    REQUIRE(s->e.n == d && s->p.n == n, "e and p have %d and %d entries, Z is %d x %d",
            s->e.n, s->p.n, n, d);
    if (!isfinite(max_norm(entries(Z)))) {
        fill(s->low = s->high = NAN, s->e);
        fill(NAN, s->p);
        return MAR_CANNOT_TELL;
    }
    size_t mark = scratch->used;
    mat A = arena_mat(scratch, n, d);
    int exponent = in_its_units(Z, A);
    for (int i = 1; i < n; i++)
        if (norm(row(A, i)) < norm(row(A, shortest)))
            shortest = i;
    fill(0, s->p);
    s->p.at[shortest] = 1;
    struct corral c = {A, 1, arena_ints(scratch, d + 1), s->p, s->e, 0};
    c.at[0] = shortest;
    wolfe(&c, scratch);
    if (!(c.distance > 0)) { /* any direction will do */
        fill(0, s->e);
        s->e.at[0] = 1;
    }
    enum mar_status status = mar_certify(A, scratch, s);
    s->low = ldexp(s->low, exponent);
    s->high = ldexp(s->high, exponent);
    scratch->used = mark;
    return status;
}

/* ---- Smooth margins ------------------------------------------------------------- */

/* ln L, the logarithm of L = sum of e^-m_i with m = Z w, and a := softmax(-m), the
 * shares of the points in it; nothing overflows.  Its gradient is -Z'a.  Z: n x d, w:
 * d, read; a: n, overwritten.  [Columbia-13/4; IEMS402-14/21] */
double mar_log_loss(mat Z, vec w, struct arena *scratch, vec a)
{
    size_t mark = scratch->used;
    vec ones = arena_vec(scratch, Z.rows), m = arena_vec(scratch, Z.rows);
    fill(1, ones);
    gemv(1, Z, w, 0, m);
    double mean = exponential_loss(column(ones), column(m), column(a));
    scale(-1, a);
    scratch->used = mark;
    return mean + log(Z.rows);
}

/* The smooth margin -ln L / ||w||, which is at most the margin, and by at most
 * ln n / ||w||.  [Columbia-13/4] */
double mar_smooth(mat Z, vec w, struct arena *scratch)
{
    size_t mark = scratch->used;
    double log_loss = mar_log_loss(Z, w, scratch, arena_vec(scratch, Z.rows));
    scratch->used = mark;
    return -log_loss / norm(w);
}

/* What the smooth margin of gradient flow on L from 0 is at least, after the time t, if
 * all ||z_i|| <= 1: gamma - ln n / ln(1 + n gamma^2 t).  [Columbia-13/5, corrected] */
double mar_bound(int n, double gamma, double t)
{
    return gamma - log(n) / log1p(n * gamma * gamma * t);
}

/* ---- Descent -------------------------------------------------------------------- */

/* dw := dw/dtau = sum of l_i z_i with l_i = t e^-m_i, t = e^tau: the flow dw/dt = -grad
 * L in the time tau = ln t, where it is not stiff, since the l_i stay moderate. flow: a
 * struct mar_flow.  w: d, read; dw: d, overwritten. */
void mar_field(void *flow, double tau, vec w, vec dw)
{
    struct mar_flow *f = flow;
    gemv(-1, f->Z, w, 0, f->l);
    for (int i = 0; i < f->l.n; i++)
        f->l.at[i] = exp(tau + f->l.at[i]);
    gemtv(1, f->Z, f->l, 0, dw);
}

/* w := w - alpha grad of a loss of the confidences Z w, at targets of 1, and returns
 * the loss there.  With logistic_loss this is logistic regression; with
 * exponential_loss, which is a logarithm, it is normalized descent, w + alpha Z'a.  Z:
 * n x d, read; w: d, moved.  [Columbia-13/5; IEMS402-14/19] */
double mar_step(loss_function *loss, mat Z, double alpha, struct arena *scratch, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    size_t mark = scratch->used;
    vec ones = arena_vec(scratch, Z.rows), m = arena_vec(scratch, Z.rows);
    vec slope = arena_vec(scratch, Z.rows);
    fill(1, ones);
    gemv(1, Z, w, 0, m);
    double value = loss(column(ones), column(m), column(slope));
    gemtv(-alpha, Z, slope, 1, w);
    scratch->used = mark;
    return value;
}

/* One pass of the perceptron: w := w + z_i at each point that is not on its side.
 * Returns how many these were.  [Rosenblatt 1958; Novikoff 1962] */
int mar_perceptron(mat Z, vec w)
{
    int mistakes = 0;
    for (int i = 0; i < Z.rows; i++)
        if (!(dot(row(Z, i), w) > 0)) {
            axpy(1, row(Z, i), w);
            mistakes++;
        }
    return mistakes;
}

/* d ln(smooth margin)/dt of the flow dtheta/dt = g, g = -grad ln L, of a predictor that
 * is homogeneous in theta of that degree; u = -ln L > 0, so the smooth margin is u /
 * ||theta||^degree: ||g||^2 / u - degree <theta, g> / ||theta||^2.
 * [Columbia-13/5; Lyu, Li 2020] */
double mar_growth(double u, double degree, vec theta, vec g)
{
    return dot(g, g) / u - degree * dot(theta, g) / dot(theta, theta);
}
