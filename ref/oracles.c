#include "oracles.h"

#include "ground/dense_shape.h"
#include "ground/factor.h"

#include <math.h>

/* ---- Asking the cost ------------------------------------------------------------ */

static double quadratic_value(void *cost, vec w)
{
    struct asked_quadratic *asked = cost;
    return quadratic_cost(asked->q, w, asked->scratch);
}

static void quadratic_slope(void *cost, vec w, vec grad)
{
    struct asked_quadratic *asked = cost;
    quadratic_gradient(asked->q, w, grad);
}

/* The curvature of a quadratic is the same everywhere. */
static void quadratic_curvature(void *cost, vec w, vec v, vec image)
{
    struct asked_quadratic *asked = cost;
    REQUIRE(w.n == v.n, "w has %d entries, v has %d", w.n, v.n);
    gemv(1.0, asked->q.A, v, 0.0, image);
}

/* A quadratic that answers all three questions.  asked: must outlive what is returned;
 * its scratch is overwritten by each value.  [CS229br-5/9] */
struct oracle or_quadratic(struct asked_quadratic *asked)
{
    return (struct oracle){asked, quadratic_value, quadratic_slope,
                           quadratic_curvature};
}

/* H := the Hessian at w, one column of it for each of n products with a unit vector;
 * being symmetric, it is written by rows.  w: n, read; H: n x n.
 * [CS229br-5/9, "Hessian"] */
void or_hessian(struct oracle f, vec w, struct arena *scratch, mat H)
{
    REQUIRE(f.curvature != NULL, "the oracle does not tell its curvature");
    REQUIRE_SHAPE(H, w.n, w.n);
    size_t mark = scratch->used;
    vec unit = arena_vec(scratch, w.n);
    for (int i = 0; i < w.n; i++) {
        unit.at[i] = 1;
        f.curvature(f.cost, w, unit, row(H, i));
        unit.at[i] = 0;
    }
    scratch->used = mark;
}

static void require_values(struct oracle f, double h, vec w, vec grad)
{
    REQUIRE(f.value != NULL, "the oracle does not tell its value");
    REQUIRE(isfinite(h) && h > 0, "h must be finite and positive, got %g", h);
    REQUIRE(w.n == grad.n, "w has %d entries, grad has %d", w.n, grad.n);
}

/* grad_i := (J(w + h e_i) - J(w)) / h, in n + 1 values.  The error is about
 * h |J_ii| / 2 + 2 eps |J| / h, least near h = sqrt(eps) if J and J_ii are near 1.  The
 * step that is divided by is the one that was taken, after rounding.
 * w: n, read (moved meanwhile, and put back); grad: n.  [CS229br-5/9, "Value oracle"]
 */
void or_gradient_forward(struct oracle f, double h, vec w, vec grad)
{
    require_values(f, h, w, grad);
    double here = f.value(f.cost, w);
    for (int i = 0; i < w.n; i++) {
        double w_i = w.at[i];
        w.at[i] = w_i + h;
        grad.at[i] = (f.value(f.cost, w) - here) / (w.at[i] - w_i);
        w.at[i] = w_i;
    }
}

/* grad_i := (J(w + h e_i) - J(w - h e_i)) / 2h, in 2n values.  The error is about
 * h^2 |J_iii| / 6 + eps |J| / h, least near h = cbrt(eps).  Arguments as above. */
void or_gradient_central(struct oracle f, double h, vec w, vec grad)
{
    require_values(f, h, w, grad);
    for (int i = 0; i < w.n; i++) {
        real w_i = w.at[i], above = w_i + h, below = w_i - h;
        w.at[i] = above;
        double rise = f.value(f.cost, w);
        w.at[i] = below;
        rise -= f.value(f.cost, w);
        w.at[i] = w_i;
        grad.at[i] = rise / ((double)above - below);
    }
}

/* grad_i := Im J(w + i h e_i) / h, in n complex values.  Nothing is subtracted, so
 * nothing cancels, and h may be 1e-100.  For a J that is real analytic and stays so in
 * the code: no fabs, no comparison.  w: n, read; grad: n.
 * [Squire, Trapp 1998, "Using complex variables to estimate derivatives"] */
void or_gradient_complex(struct complex_oracle f, double h, vec w,
                         struct arena *scratch, vec grad)
{
    REQUIRE(isfinite(h) && h > 0, "h must be finite and positive, got %g", h);
    REQUIRE(w.n == grad.n, "w has %d entries, grad has %d", w.n, grad.n);
    int n = w.n;
    size_t mark = scratch->used;
    double complex *z = arena_bytes(scratch, (size_t)n * sizeof *z);
    for (int i = 0; i < n; i++)
        z[i] = w.at[i];
    for (int i = 0; i < n; i++) {
        z[i] = w.at[i] + h * I;
        grad.at[i] = cimag(f.value(f.cost, n, z)) / h;
        z[i] = w.at[i];
    }
    scratch->used = mark;
}

/* image := (g(w + h v) - g(w)) / h, nearly H v, in one gradient more than is known.
 * w, v: n, read; grad: n, the gradient at w, read; image: n.  [CS229br-5/9, "Hessian"]
 */
void or_curvature_forward(struct oracle f, double h, vec w, vec grad, vec v,
                          struct arena *scratch, vec image)
{
    REQUIRE(f.gradient != NULL, "the oracle does not tell its gradient");
    REQUIRE(isfinite(h) && h > 0, "h must be finite and positive, got %g", h);
    size_t mark = scratch->used;
    vec ahead = arena_vec(scratch, w.n);
    copy(w, ahead);
    axpy(h, v, ahead);
    f.gradient(f.cost, ahead, image);
    axpy(-1, grad, image);
    scale(1 / h, image);
    scratch->used = mark;
}

/* u := uniform on the unit sphere: a normal vector, scaled to length 1. */
static void random_direction(struct rng *rng, vec u)
{
    do
        rng_normals(rng, 0, 1, u);
    while (norm(u) == 0);
    scale(1 / norm(u), u);
}

/* u := a random direction; returns w + delta u. */
static vec random_step(double delta, vec w, struct rng *rng, struct arena *scratch,
                       vec u)
{
    vec there = arena_vec(scratch, w.n);
    random_direction(rng, u);
    copy(w, there);
    axpy(delta, u, there);
    return there;
}

/* grad := (n / delta) J(w + delta u) u for a random direction u: from a single value,
 * an unbiased estimate of the gradient, not of J but of its mean over the ball of
 * radius delta round w.  w: n, read; grad: n, n >= 1. [CS229br-5/9, "Bandits"; Flaxman,
 * Kalai, McMahan 2005, lemma 1] */
void or_gradient_one_point(struct oracle f, double delta, vec w, struct rng *rng,
                           struct arena *scratch, vec grad)
{
    require_values(f, delta, w, grad);
    int n = w.n;
    size_t mark = scratch->used;
    vec there = random_step(delta, w, rng, scratch, grad);
    scale(n / delta * f.value(f.cost, there), grad);
    scratch->used = mark;
}

/* grad := (n / 2 delta) (J(w + delta u) - J(w - delta u)) u: two values, the same mean,
 * and a variance that stays bounded as delta vanishes.  Arguments as above.
 * [Agarwal, Dekel, Xiao 2010] */
void or_gradient_two_point(struct oracle f, double delta, vec w, struct rng *rng,
                           struct arena *scratch, vec grad)
{
    require_values(f, delta, w, grad);
    int n = w.n;
    size_t mark = scratch->used;
    vec there = random_step(delta, w, rng, scratch, grad);
    double rise = f.value(f.cost, there);
    axpy(-2 * delta, grad, there);
    rise -= f.value(f.cost, there);
    scale(n / (2 * delta) * rise, grad);
    scratch->used = mark;
}

/* ---- Asking the set ------------------------------------------------------------- */

static double length(enum measure measure, vec w)
{
    return measure == EUCLIDEAN ? norm(w) : max_norm(w);
}

/* max <g, d> over ||d|| <= 1: the Euclidean norm is its own dual, that of max |d_i| is
 * sum |g_i|. */
double or_dual_norm(enum measure measure, vec g)
{
    if (measure == EUCLIDEAN)
        return norm(g);
    double sum = 0;
    for (int i = 0; i < g.n; i++)
        sum += fabs(g.at[i]);
    return sum;
}

static void require_region(struct region C)
{
    REQUIRE(C.radius >= 0, "the radius must not be negative, got %g", C.radius);
}

/* ||w|| in units of its largest entry, 1 to sqrt n: w / most / this is a direction also
 * where ||w|| overflows.  NaN if an entry is not finite; w: not 0. */
static double relative_length(vec w, double most)
{
    double length = 0;
    for (int i = 0; i < w.n; i++)
        length = hypot(length, w.at[i] / most);
    return isfinite(most) ? length : NAN;
}

/* w := the nearest point no longer than radius. */
static void pull_in(double radius, vec w)
{
    if (norm(w) <= radius)
        return;
    double most = max_norm(w), length = relative_length(w, most);
    for (int i = 0; i < w.n; i++)
        w.at[i] = w.at[i] / most / length * radius;
}

/* w := the nearest point of which no entry is larger than radius; NaN stays NaN. */
static void cut_off(double radius, vec w)
{
    for (int i = 0; i < w.n; i++)
        if (fabs(w.at[i]) > radius)
            w.at[i] = copysign(radius, w.at[i]);
}

/* w := the point of C that is nearest to w.  A ball pulls it in along the radius, a box
 * cuts off each entry by itself.  w: n.
 * [CS229br-5/14, "Projected GD", there with the ball round the current point] */
void or_region_project(struct region C, vec w)
{
    require_region(C);
    axpy(-1, C.center, w);
    switch (C.measure) {
    case EUCLIDEAN:
        pull_in(C.radius, w);
        break;
    case LARGEST:
        cut_off(C.radius, w);
        break;
    }
    axpy(1, C.center, w);
}

/* max <grad, w - v> over v in C.  For a point w of C it is never negative; it is 0
 * exactly if <grad, v - w> >= 0 for every v of C; and if J is convex, no v of C has an
 * J(v) below J(w) - gap.  w, grad: n, read.
 * [CS229br-5/9, in place of "the gradient vanishes"; Frank, Wolfe 1956] */
double or_region_gap(struct region C, vec w, vec grad)
{
    require_region(C);
    return dot(grad, w) - dot(grad, C.center) +
           C.radius * or_dual_norm(C.measure, grad);
}

/* The way from the nearest point of the set to w separates w from the set. */
static bool separate_region(void *set, vec w, vec normal)
{
    struct region *C = set;
    copy(w, normal);
    axpy(-1, C->center, normal);
    if (length(C->measure, normal) <= C->radius)
        return true;
    copy(w, normal);
    or_region_project(*C, normal);
    axpy(-1, w, normal);
    scale(-1, normal);
    return false;
}

/* An explicit set that answers as an implicit one.  C: must outlive what is returned.
 * [CS229br-5/9, "membership or separation oracle"] */
struct separator or_region_separator(struct region *C)
{
    require_region(*C);
    return (struct separator){C, separate_region};
}

/* E := the smallest ellipsoid that holds the half of E where <normal, w - center> <= 0.
 * With p = P normal / sqrt(normal' P normal),
 *     center := center - p / (n + 1),
 *     P := n^2 / (n^2 - 1) (P - 2 / (n + 1) p p').
 * One triangle is computed and mirrored: an asymmetry would never be cut, and would
 * grow by n^2 / (n^2 - 1) a step.  E: overwritten; normal: n, not 0, read; p: n, left
 * so. [Groetschel, Lovasz, Schrijver 1988, section 3.1] */
void or_ellipsoid_cut(struct ellipsoid E, vec normal, vec p)
{
    double n = E.center.n;
    REQUIRE(n >= 2, "an ellipsoid needs at least 2 dimensions, got %g", n);
    gemv(1, E.P, normal, 0, p);
    double most = max_norm(normal), square = 0; /* of half the width, over most */
    for (int i = 0; i < n; i++) {
        p.at[i] /= most;
        square += normal.at[i] / most * p.at[i];
    }
    REQUIRE(square > 0, "the normal must not vanish, its largest entry is %g", most);
    scale(1 / sqrt(square), p);
    axpy(-1 / (n + 1), p, E.center);
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double P_ij = row(E.P, i).at[j], cut = 2 / (n + 1) * p.at[i] * p.at[j];
            P_ij = n * n / (n * n - 1) * (P_ij - cut);
            row(E.P, i).at[j] = row(E.P, j).at[i] = P_ij;
        }
}

/* One step of the ellipsoid method: a centre outside of C is cut off from C, a centre
 * in C from all that is higher.  Returns whether the old centre was in C.
 * E: overwritten, still holds every minimum over C of a convex J.  normal, p: n,
 * scratch; where the gradient in C is 0, the centre is a minimum, and E stays as it is.
 * [CS229br-5/9, "separation oracle"; Yudin, Nemirovski 1976; Shor 1977] */
bool or_ellipsoid_step(struct oracle f, struct separator C, struct ellipsoid E,
                       vec normal, vec p)
{
    REQUIRE(f.gradient != NULL, "the oracle does not tell its gradient");
    bool inside = C.separate(C.set, E.center, normal);
    if (inside)
        f.gradient(f.cost, E.center, normal);
    if (!inside || norm(normal) != 0) /* a NaN stops there */
        or_ellipsoid_cut(E, normal, p);
    return inside;
}

/* ---- Steps ---------------------------------------------------------------------- */

/* 1, 0 or -1; NaN of NaN. */
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

/* w := the minimizer of the linear model <grad, v - w> over ||v - w|| <= radius: by a
 * radius against the gradient, or by a radius in every coordinate against its sign.
 * Where the gradient is 0, it stays.  grad: n, read; w: n, moved.
 * [CS229br-5/14, "Trust Region", of a model of J] */
void or_trust_region_step(enum measure measure, double radius, vec grad, vec w)
{
    REQUIRE(radius >= 0, "the radius must not be negative, got %g", radius);
    REQUIRE_SAME_LENGTH(grad, w);
    double most = max_norm(grad), length = relative_length(grad, most);
    if (most == 0)
        return;
    switch (measure) {
    case EUCLIDEAN:
        for (int i = 0; i < w.n; i++)
            w.at[i] -= radius * (grad.at[i] / most / length);
        break;
    case LARGEST:
        for (int i = 0; i < w.n; i++)
            w.at[i] -= radius * sign(grad.at[i]);
        break;
    }
}

/* w := the minimizer over v of <grad, v - w> + ||v - w||^2 / (2 alpha), which is the
 * trust-region step of radius alpha ||grad||, the norm being the dual one: gradient
 * descent, or sign descent with one length for all.  grad: n, read; w: n, moved.
 * [IEMS402-14/15, with the factor that the slide drops] */
void or_steepest_step(enum measure measure, double alpha, vec grad, vec w)
{
    REQUIRE(isfinite(alpha) && alpha > 0, "alpha must be finite and positive, got %g",
            alpha);
    or_trust_region_step(measure, alpha * or_dual_norm(measure, grad), grad, w);
}

/* w := the point of C nearest to w - alpha grad.  grad: n, read; w: n, moved.
 * [CS229br-5/14, "Projected GD", onto C and with the step size] */
void or_projected_step(struct region C, double alpha, vec grad, vec w)
{
    gd_update(alpha, grad, w);
    or_region_project(C, w);
}

/* w := the minimizer over v of J(v) + ||v - w||^2 / (2 alpha), for a quadratic J:
 * w + d where (A + I / alpha) d = -(A w + b).  w: n, moved, or left where it is if
 * A + I / alpha is not positive definite, so that there is no minimizer.
 * [CS229br-5/14, "Proximal", with the distance squared] */
enum proximal_status or_proximal_step(struct quadratic q, double alpha,
                                      struct arena *scratch, vec w)
{
    REQUIRE(alpha > 0, "alpha must be positive, got %g", alpha);
    size_t mark = scratch->used;
    int n = w.n;
    mat shifted = arena_mat(scratch, n, n);
    vec d = arena_vec(scratch, n);
    copy(entries(q.A), entries(shifted));
    for (int i = 0; i < n; i++)
        shifted.at[i * n + i] += 1 / alpha;
    quadratic_gradient(q, w, d);
    enum factor_status factored = solve_positive(shifted, scratch, column(d));
    if (factored == FACTOR_OK)
        axpy(-1, d, w);
    scratch->used = mark;
    return factored == FACTOR_OK ? PROXIMAL_OK : PROXIMAL_UNBOUNDED;
}

/* So many steps of gradient descent on whatever the oracle hides, steps >= 0.
 * w: n, moved.  grad: n, scratch.  [CS229br-5/11-14, "Iterative optimization"] */
void or_descend(struct oracle f, double alpha, int steps, vec w, vec grad)
{
    REQUIRE(f.gradient != NULL, "the oracle does not tell its gradient");
    optimize(f.gradient, f.cost, gd_optimizer(), alpha, steps, w, grad);
}

/* The same, projected onto C after every step.  w need not begin in C. */
void or_descend_within(struct oracle f, struct region C, double alpha, int steps, vec w,
                       vec grad)
{
    REQUIRE(f.gradient != NULL, "the oracle does not tell its gradient");
    REQUIRE(steps >= 0, "steps must not be negative, got %d", steps);
    for (int k = 0; k < steps; k++) {
        f.gradient(f.cost, w, grad);
        or_projected_step(C, alpha, grad, w);
    }
}
