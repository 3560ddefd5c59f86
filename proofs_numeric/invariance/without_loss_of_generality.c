/* "Without loss of generality": diagonal matrices, sweeps, images. */
#include "twins.h"

#include "ground/images.h"
#include "ground/route_lapack.h"

#include <math.h>

/* The same cost along LAPACK's eigenvectors: a diagonal A~ and nothing else. */
static struct twin build_diagonal(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    vec values = arena_vec(arena, N);
    mat Q = identity(claim);
    struct twin x = build_twin(claim, identity(claim), nowhere(claim));
    route_eigen(x.k.q.A, values, Q);
    x.M = Q;
    fill(0, entries(x.moved.A));
    for (int j = 0; j < N; j++) {
        row(x.moved.A, j).at[j] = values.at[j];
        x.moved.b.at[j] = x.w_0_moved.at[j] = 0;
        for (int i = 0; i < N; i++) {
            x.moved.b.at[j] += row(Q, i).at[j] * x.k.q.b.at[i];
            x.w_0_moved.at[j] += row(Q, i).at[j] * x.w_0.at[i];
        }
    }
    return x;
}

CLAIM(inv_diagonal, IDENTITY,
      "For descent and momentum A may be taken diagonal; for Adam it may not")
{
    struct twin x = build_diagonal(claim);
    /* LAPACK's A~ is that of a matrix within N eps of A, as if every step rounded more.
     */
    evidence(claim, "descent, diagonal A, turned back",
             at_most(apart_as_usual(claim, &x, DESCENT),
                     2 * drift_of_rounding(&x, DESCENT)));
    evidence(claim, "momentum, diagonal A, turned back",
             at_most(apart_as_usual(claim, &x, MOMENTUM),
                     2 * drift_of_rounding(&x, MOMENTUM)));
    control(claim, "Adam, diagonal A",
            at_most(apart_as_usual(claim, &x, ADAM), 2 * drift_of_rounding(&x, ADAM)));
    control(claim, "coordinate descent, diagonal A",
            at_most(apart_as_usual(claim, &x, COORDINATE),
                    2 * drift_of_rounding(&x, COORDINATE)));
}

/* Curvatures 1 and 1/10 in every plane of two axes, which are turned by the angle. */
static struct twin build_planes(struct claim *claim, double angle)
{
    struct twin x = build_twin(claim, turn(claim, angle), nowhere(claim));
    struct quadratic flat = quadratic_make(claim_arena(claim), N);
    for (int i = 0; i < N; i++)
        row(flat.A, i).at[i] = i % 2 == 0 ? 1 : 0.1;
    axpy(-1, x.k.w_star, flat.b);
    for (int i = 1; i < N; i += 2)
        flat.b.at[i] *= 0.1;
    x.k.q = flat;
    inv_quadratic_rotated((struct rigid){x.M, x.t}, flat, claim_arena(claim), &x.moved);
    return x;
}

/* The largest distance, after each of so many sweeps in the turned coordinates, between
 * the error in a plane and (-A_12 / A_11, 1) times the second error before the sweeps
 * times rho^(k - 1) or rho^k, where rho = A_12^2 / (A_11 A_22). */
static double gap_to_sweeps(struct claim *claim, const struct twin *x, double angle,
                            int sweeps)
{
    vec w = nowhere(claim), first = nowhere(claim), least = nowhere(claim);
    double c = cos(angle), s = sin(angle), gap = 0;
    double A_11 = c * c + 0.1 * s * s, A_22 = s * s + 0.1 * c * c, A_12 = -0.9 * c * s;
    double rho = A_12 * A_12 / (A_11 * A_22);
    route_solve(x->M, x->k.w_star, least);
    copy(x->w_0_moved, w);
    copy(w, first);
    axpy(-1, least, first);
    for (int k = 1; k <= sweeps; k++) {
        inv_coordinate_sweep(x->moved, w);
        for (int i = 0; i < N; i += 2) {
            double e_2 = pow(rho, k - 1) * first.at[i + 1];
            gap = worst(gap, fabs(w.at[i] - least.at[i] + A_12 / A_11 * e_2));
            gap = worst(gap, fabs(w.at[i + 1] - least.at[i + 1] - rho * e_2));
        }
    }
    return gap;
}

CLAIM(inv_sweep, IDENTITY,
      "Each sweep of coordinate descent leaves A_12^2 / (A_11 A_22) of the error")
{
    struct twin straight = build_planes(claim, 0), turned = build_planes(claim, PI / 6);
    double limit = drift_of_rounding(&turned, COORDINATE);
    evidence(claim, "diagonal, error after one sweep",
             at_most(gap_to_sweeps(claim, &straight, 0, 1), limit));
    evidence(claim, "turned by 30 degrees, gap to law",
             at_most(gap_to_sweeps(claim, &turned, PI / 6, STEPS), limit));
    control(claim, "one sweep, A not diagonal",
            at_most(gap_to_sweeps(claim, &turned, 0, 1), limit));
    struct twin coupled = build_twin(claim, random_rotation(claim, false), turned.t);
    control(claim, "not in planes: all axes coupled",
            at_most(gap_to_sweeps(claim, &coupled, PI / 6, STEPS), limit));
}

/* ---- Pictures and real data ------------------------------------------------------ */

/* For the figure: paths in a bowl with axes along the coordinates, and in the same bowl
 * with new axes at 45 degrees, mapped back. */
static void record_paths(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct quadratic q = quadratic_make(arena, 2), turned = quadratic_make(arena, 2);
    struct rigid T = {arena_mat(arena, 2, 2), arena_vec(arena, 2)};
    q.A.at[0] = 0.1, q.A.at[3] = 1;
    T.Q.at[0] = T.Q.at[2] = T.Q.at[3] = sqrt(0.5), T.Q.at[1] = -sqrt(0.5);
    inv_quadratic_rotated(T, q, arena, &turned);
    static const enum method methods[] = {DESCENT, ADAM};
    static const double rates[] = {1.6, 0.25};
    static const char *const names[] = {"path_descent", "path_adam"};
    for (int i = 0; i < 2; i++) {
        struct runner r = runner_make(arena, methods[i], 2, 1e-8);
        struct runner r_turned = runner_make(arena, methods[i], 2, 1e-8);
        vec w = plane_spectrum(claim, -4, 1.2), w_turned = arena_vec(arena, 2);
        vec back = arena_vec(arena, 2);
        inv_to_rotated(T, w, w_turned);
        struct series s =
            series_begin(claim, names[i], "k", "x", "y", "turned_x", "turned_y", NULL);
        for (int k = 0; k <= 40; k++) {
            inv_from_rotated(T, w_turned, back);
            series_row(&s, (double[]){k, w.at[0], w.at[1], back.at[0], back.at[1]});
            run_step(&r, q, rates[i], w);
            run_step(&r_turned, turned, rates[i], w_turned);
        }
        series_end(&s);
    }
}

enum { IMAGES = 500, FEATURES = 49, CURVE = 151 };

/* A training curve: the cost before each step, from w = 0. */
static void train(struct claim *claim, struct quadratic q, enum method method,
                  double alpha, double *costs)
{
    struct arena *arena = claim_arena(claim);
    struct runner r = runner_make(arena, method, FEATURES, 1e-8);
    vec w = arena_vec(arena, FEATURES), scratch = arena_vec(arena, FEATURES);
    for (int k = 0; k < CURVE; k++) {
        costs[k] = quadratic_cost(q, w, scratch);
        run_step(&r, q, alpha, w);
    }
}

struct curves {
    double descent[CURVE], descent_turned[CURVE];
    double adam[CURVE], adam_turned[CURVE];
};

/* The least-squares cost of telling one class of images, each pixel the mean of 4 x 4
 * of theirs, from the others: in pixels, and turned to the eigenvectors of A. */
static struct curves train_on(struct claim *claim, struct images x, int class)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct quadratic q = quadratic_make(arena, FEATURES);
    struct quadratic turned = quadratic_make(arena, FEATURES);
    struct rigid T = {arena_mat(arena, FEATURES, FEATURES), arena_vec(arena, FEATURES)};
    vec a = arena_vec(arena, FEATURES);
    struct curves c;
    images_signs(x, class);
    least_squares(x.X, x.t, &q);
    route_eigen(q.A, a, T.Q);
    inv_quadratic_rotated(T, q, arena, &turned);
    double alpha = 1 / a.at[FEATURES - 1];
    train(claim, q, DESCENT, alpha, c.descent);
    train(claim, turned, DESCENT, alpha, c.descent_turned);
    train(claim, q, ADAM, 0.01, c.adam);
    train(claim, turned, ADAM, 0.01, c.adam_turned);
    arena->used = mark;
    return c;
}

static double gap_of_curves(const double *x, const double *y)
{
    double gap = 0;
    for (int k = 0; k < CURVE; k++)
        gap = worst(gap, fabs(x[k] - y[k]));
    return gap;
}

/* For the figure. */
static void record_curves(struct claim *claim, const struct curves *c)
{
    struct series s = series_begin(claim, "fashion", "k", "descent", "descent_turned",
                                   "adam", "adam_turned", NULL);
    for (int k = 0; k < CURVE; k++)
        series_row(&s, (double[]){k, c->descent[k], c->descent_turned[k], c->adam[k],
                                  c->adam_turned[k]});
    series_end(&s);
}

CLAIM(inv_fashion, IDENTITY,
      "On images, descent has one training curve in both coordinates; Adam has two")
{
    struct images x = images_first(claim, IMAGES, 4);
    double gap = 0, gap_of_adam = 0, least = INFINITY;
    for (int class = 0; class < DATASET_CLASSES; class ++) {
        struct curves c = train_on(claim, x, class);
        gap = worst(gap, gap_of_curves(c.descent, c.descent_turned));
        gap_of_adam = worst(gap_of_adam, gap_of_curves(c.adam, c.adam_turned));
        least = smallest(least, c.adam[CURVE - 1] - c.adam_turned[CURVE - 1]);
        if (class == BAG)
            record_curves(claim, &c);
    }
    record_paths(claim);
    /* A step takes alpha |grad|^2 / 2 or more off a cost that is 1/2 at first, so that
     * after k of them a_max |w|^2 <= k: no term of the cost is larger than k. */
    double limit = rounding(FEATURES * CURVE, CURVE);
    evidence(claim, "descent, gap of the two curves", at_most(gap, limit));
    evidence(claim, "Adam: pixels less eigenvectors, end", at_least(least, 0.01));
    control(claim, "Adam, gap of the two curves", at_most(gap_of_adam, limit));
}

SECTION(inv_wlog, &inv_diagonal, &inv_sweep, &inv_fashion);
